//! Pairs that may be near: everything that a bound from a tiled matrix product lets pass.

use super::{rounding_error, scan};
use crate::base::product::{multiply_by_transposed, multiply_transposed_by_transposed, transposed};

/// Columns of one tile of the product, and its rows at most.
const TILE: usize = 512;

/// Rows with one number each, of which pairs with a small `squares[i] + squares[j] − 2·xᵢ·xⱼ`
/// are wanted.
///
/// With the rows' own squared lengths this is their squared distance. With the means of
/// clusters and their members' mean squared lengths it is the mean of the squared distances
/// between the members, and so a lower bound of the largest.
#[derive(Debug, Clone, Copy)]
pub struct Candidates<'a> {
    rows: &'a [f32],
    dim: usize,
    squares: &'a [f32],
    /// Rows of one strip.
    height: usize,
}

impl<'a> Candidates<'a> {
    /// `rows` holds `squares.len()` rows of `dim` columns.
    ///
    /// # Panics
    /// Where the lengths disagree.
    #[must_use]
    pub fn new(rows: &'a [f32], dim: usize, squares: &'a [f32]) -> Self {
        assert_eq!(rows.len(), dim * squares.len(), "rows of {dim} columns for each square");
        // Few rows may stand for many others, so there is work for every thread even then.
        let height = (squares.len() / 16).clamp(16, TILE);
        Self { rows, dim, squares, height }
    }

    /// The strips that the rows are cut into: numbers for [`Self::strip`].
    #[must_use]
    pub fn n_strips(&self) -> usize {
        self.squares.len().div_ceil(self.height)
    }

    /// The first row of a strip and the one after its last.
    #[must_use]
    pub fn rows_of(&self, strip: usize) -> std::ops::Range<usize> {
        strip * self.height..((strip + 1) * self.height).min(self.squares.len())
    }

    /// Calls `found(i, j)` for every `i` of the strip and `j > i` that may be within `tau`,
    /// and for some beyond it by rounding alone. `scratch` is reused between calls.
    pub fn strip(&self, strip: usize, tau: f64, scratch: &mut Vec<f32>, mut found: impl FnMut(u32, u32)) {
        let of_strip = self.rows_of(strip);
        if self.dim == 0 {
            return;
        }
        scratch.resize(self.height * TILE, 0.0);
        let side = |from: usize, to: usize| &self.rows[from * self.dim..to * self.dim];
        let strip = transposed(side(of_strip.start, of_strip.end), self.dim);
        for from in (of_strip.start..self.squares.len()).step_by(TILE) {
            let to = (from + TILE).min(self.squares.len());
            multiply_transposed_by_transposed(&strip, side(from, to), self.dim, scratch);
            for (at, i) in of_strip.clone().enumerate() {
                let products = &scratch[at * (to - from)..(at + 1) * (to - from)];
                let first = (i + 1).max(from) - from;
                if first < products.len() {
                    self.scan(i, from + first, &products[first..], tau as f32, &mut found);
                }
            }
        }
    }

    /// One row's products with the rows from `from` on.
    fn scan(&self, i: usize, from: usize, products: &[f32], tau: f32, found: &mut impl FnMut(u32, u32)) {
        let (own, slack) = (self.squares[i], rounding_error(self.dim));
        let squares = &self.squares[from..from + products.len()];
        // bound ≤ τ, with slack for the rounding of the product, the squares and τ itself
        let near = |product: f32, square: f32| {
            let sum = own + square;
            sum - 2.0 * product <= tau + slack * (sum + tau.abs() + 1.0)
        };
        scan(products, squares, near, |at| found(i as u32, (from + at) as u32));
    }
}

/// The largest squared distance between a row of one block and a row of the other, or `None`
/// where it is above `limit`. Decided by `exact(i, j)`, which is asked only where the product
/// leaves it open. `known` is one of the distances, or 0.
///
/// Blocks are row-major of `dim` columns, with each row's squared length.
#[must_use]
pub fn farthest(
    (rows, squares): (&[f32], &[f32]),
    (others, other_squares): (&[f32], &[f32]),
    dim: usize,
    (known, limit): (f32, f32),
    exact: impl Fn(usize, usize) -> f32,
) -> Option<f32> {
    const HEIGHT: usize = 64;
    let slack = rounding_error(dim);
    let mut products = vec![0.0; HEIGHT.min(squares.len()) * TILE.min(other_squares.len())];
    let mut farthest = known;
    for (strip, (rows, squares)) in rows.chunks(HEIGHT * dim).zip(squares.chunks(HEIGHT)).enumerate() {
        for (tile, (others, other_squares)) in
            others.chunks(TILE * dim).zip(other_squares.chunks(TILE)).enumerate()
        {
            multiply_by_transposed(rows, others, dim, &mut products);
            for (i, (&own, products)) in squares.iter().zip(products.chunks(other_squares.len())).enumerate()
            {
                let beyond = |product: f32, other: f32, farthest: f32| {
                    let sum = own + other;
                    sum - 2.0 * product + slack * (sum + 1.0) > farthest
                };
                let before = farthest;
                scan(
                    products,
                    other_squares,
                    |product, other| beyond(product, other, before),
                    |j| {
                        if farthest <= limit && beyond(products[j], other_squares[j], farthest) {
                            farthest = farthest.max(exact(strip * HEIGHT + i, tile * TILE + j));
                        }
                    },
                );
                if farthest > limit {
                    return None;
                }
            }
        }
    }
    Some(farthest)
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::{Embeddings, seeded, squared_distance};

    #[test]
    fn the_farthest_pair_of_two_blocks() {
        let mut rng = seeded(5);
        for (m, n, dim) in [(3, 700, 5), (150, 40, 33), (1, 1, 2)] {
            let mut block = |len: usize| -> Embeddings {
                let data = (0..len * dim).map(|_| rng.random_range(-1.0..1.0)).collect();
                Embeddings::new(dim, data).unwrap()
            };
            let (a, b) = (block(m), block(n));
            let squares = |rows: &Embeddings| -> Vec<f32> {
                (0..rows.len() as u32).map(|i| rows.row(i).iter().map(|v| v * v).sum()).collect()
            };
            let exact = |i: usize, j: usize| squared_distance(a.row(i as u32), b.row(j as u32)).0;
            let largest = (0..m).flat_map(|i| (0..n).map(move |j| exact(i, j))).fold(0.0, f32::max);
            let (of_a, of_b) = (squares(&a), squares(&b));
            let found =
                |limit| farthest((a.as_slice(), &of_a), (b.as_slice(), &of_b), dim, (0.0, limit), exact);
            assert_eq!(found(largest), Some(largest));
            assert_eq!(found(largest.next_down()), None);
        }
    }

    #[test]
    fn misses_nothing_and_finds_little_else_over_tile_borders_with_duplicates() {
        let mut rng = seeded(3);
        let (n, dim) = (2 * TILE + 37, 19);
        let mut data: Vec<f32> = (0..n * dim).map(|_| rng.random_range(-1.0..1.0)).collect();
        let copy = data[..dim].to_vec();
        data[300 * dim..301 * dim].copy_from_slice(&copy);
        let rows = Embeddings::new(dim, data).unwrap().into_unit().unwrap();
        let squares = vec![1.0; n];
        let candidates = Candidates::new(rows.as_slice(), dim, &squares);
        for tau in [0.0, 0.3, 1.2, 4.0] {
            let mut found = Vec::new();
            let mut scratch = Vec::new();
            for strip in 0..candidates.n_strips() {
                candidates.strip(strip, tau, &mut scratch, |i, j| found.push((i, j)));
            }
            let within = |slack: f64| {
                let pairs = (0..n as u32).flat_map(|i| (i + 1..n as u32).map(move |j| (i, j)));
                let distance = |i, j| f64::from(squared_distance(rows.row(i), rows.row(j)).0);
                pairs.filter(|&(i, j)| distance(i, j) <= tau + slack).collect::<Vec<_>>()
            };
            found.sort_unstable();
            assert!(within(0.0).iter().all(|pair| found.binary_search(pair).is_ok()), "at {tau}");
            assert!(found.len() <= within(1e-4).len(), "at {tau}");
            assert!(found.contains(&(0, 300)));
        }
    }
}
