//! Pairs of rows within a distance, and nearest neighbours, exactly.
//!
//! Takes a matrix of rows; a tiled matrix product finds candidates with slack, and one
//! function with a fixed order of accumulation decides ([`crate::base::squared_distance`]).
//! So the same rows give the same bytes for any number of threads. For archives where that
//! is too slow an index proposes neighbours ([`proposed`]), and may miss some. It knows
//! nothing of tracks, clusters or constraints.

use crate::base::with_widest_vectors;

mod index;
mod knn;
mod pairs;

pub use index::proposed;
pub use knn::{Neighbours, nearest};
pub use pairs::{Candidates, farthest};

/// What rounding may amount to in a product of rows of `dim` columns, relative to the lengths
/// that are multiplied: the bound for any order of accumulation, twice over.
fn rounding_error(dim: usize) -> f32 {
    dim.max(16) as f32 * f32::EPSILON
}

/// Products looked at together before one is looked at alone.
const GROUP: usize = 8;

/// Calls `found(at)` for every place where `near(product, other)` holds, in order; slices have
/// equal lengths, of 512 at most. Whole groups are looked at first, with the machine's
/// widest vectors.
fn scan(
    products: &[f32],
    others: &[f32],
    near: impl Fn(f32, f32) -> bool + Copy,
    mut found: impl FnMut(usize),
) {
    debug_assert!(products.len() <= 64 * GROUP && products.len() == others.len());
    let (groups, rest) = products.as_chunks::<GROUP>();
    let of_groups = others.as_chunks::<GROUP>().0;
    let mut marks = with_widest_vectors(
        #[inline(always)]
        || {
            let mut marks = 0_u64;
            for (group, (products, others)) in groups.iter().zip(of_groups).enumerate() {
                let mut any = false;
                for at in 0..GROUP {
                    any |= near(products[at], others[at]);
                }
                marks |= u64::from(any) << group;
            }
            marks
        },
    );
    let mut look = |places: std::ops::Range<usize>| {
        for at in places {
            if near(products[at], others[at]) {
                found(at);
            }
        }
    };
    while marks != 0 {
        let group = marks.trailing_zeros() as usize;
        look(group * GROUP..(group + 1) * GROUP);
        marks &= marks - 1;
    }
    look(products.len() - rest.len()..products.len());
}
