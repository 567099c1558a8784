//! Who is near whom: pairs of rows within a distance, and nearest neighbours, exactly.
//!
//! Takes a matrix of rows; a tiled matrix product finds candidates with slack, and one
//! function with a fixed order of accumulation decides ([`crate::base::squared_distance`]).
//! So the same rows give the same bytes for any number of threads. It knows nothing of
//! tracks, clusters or constraints.

mod knn;
mod pairs;

pub use knn::{Neighbours, nearest};
pub use pairs::{Candidates, farthest};

/// What rounding may amount to in a product of rows of `dim` columns, relative to the lengths
/// that are multiplied: the bound for any order of accumulation, twice over.
fn slack(dim: usize) -> f32 {
    dim.max(16) as f32 * f32::EPSILON
}

/// Whether one holds; looks at all of them at once, where `Iterator::any` would look at one
/// after another.
#[inline(always)]
#[expect(clippy::inline_always, reason = "in the innermost loop")]
fn any(hits: impl Iterator<Item = bool>) -> bool {
    hits.fold(false, |any, hit| any | hit)
}
