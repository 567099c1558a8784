//! Exact k nearest neighbours by cosine similarity.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::{rounding_error, scan};
use crate::base::product::{both_transposed, dot, transposed};
use crate::base::{Cancelled, Cx, Embeddings, Similarity, Stage, TrackIx};

/// Rows whose neighbours are searched together, and with which they are compared at a time.
const PANEL: usize = 512;
/// Strips that search at a time: what they have found lies in memory.
const BLOCK: usize = 256;

/// The same number of neighbours for every row, nearest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    k: usize,
    lists: Vec<(TrackIx, Similarity)>,
}

impl Neighbours {
    /// Neighbours that a test names; all lists are of one length.
    #[cfg(test)]
    pub(crate) fn from_lists(lists: Vec<Vec<(TrackIx, Similarity)>>) -> Self {
        Self { k: lists.first().map_or(0, Vec::len), lists: lists.into_iter().flatten().collect() }
    }

    /// Neighbours of each row: k, or one less than there are rows.
    #[must_use]
    pub fn k(&self) -> usize {
        self.k
    }

    /// The neighbours of a row by (−similarity, index); never the row itself.
    ///
    /// # Panics
    /// Where there is no such row.
    #[must_use]
    pub fn of(&self, row: TrackIx) -> &[(TrackIx, Similarity)] {
        &self.lists[row as usize * self.k..(row as usize + 1) * self.k]
    }
}

/// The `k` rows of largest cosine beside each row itself, by (−similarity, index); fewer
/// where there are no more.
///
/// Rows are unit vectors. Candidates come from a tiled product, each tile of which serves the
/// rows on both of its sides; a dot product with a fixed order of accumulation ranks them, so
/// the result has the same bytes for any number of threads. O(n² · dim) time; memory is that of
/// the rows once more, O(n · k), and a few times k for each of at most 131,072 rows.
///
/// # Errors
/// [`Cancelled`], checked between tiles.
///
/// # Examples
/// ```
/// use castlist::base::{Cx, Embeddings};
/// use castlist::graph::nearest;
///
/// // The most similar track of each of three.
/// let rows = Embeddings::new(2, vec![1.0, 0.0, 0.96, 0.28, 0.0, 1.0])?;
/// let neighbours = nearest(&rows, 1, &Cx::new())?;
/// let (track, similarity) = neighbours.of(0)[0];
/// assert!(track == 1 && (similarity.0 - 0.96).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn nearest(rows: &Embeddings, k: usize, cx: &Cx) -> Result<Neighbours, Cancelled> {
    in_blocks(rows, k, BLOCK, cx)
}

/// [`nearest`], where `block` strips search at a time: within a block every product is used
/// twice, once for each of its rows; between blocks once.
fn in_blocks(rows: &Embeddings, k: usize, block: usize, cx: &Cx) -> Result<Neighbours, Cancelled> {
    let n = rows.len();
    let k = k.min(n.saturating_sub(1));
    cx.stage(Stage::FindingNeighbours, n as u64);
    if k == 0 {
        return Ok(Neighbours { k, lists: Vec::new() });
    }
    let mut lists = vec![(0, Similarity(0.0)); n * k];
    let panels: Vec<Vec<f32>> =
        rows.as_slice().par_chunks(PANEL * rows.dim()).map(|panel| transposed(panel, rows.dim())).collect();
    for (at, lists) in lists.chunks_mut(block * PANEL * k).enumerate() {
        let first = at * block;
        let own = first..panels.len().min(first + block);
        let strips: Vec<Mutex<QueryBlock<'_>>> = own
            .clone()
            .map(|strip| {
                Mutex::new(QueryBlock::new(rows, strip * PANEL, panels[strip].len() / rows.dim(), k))
            })
            .collect();
        for round in rounds(own.len()) {
            round.into_par_iter().try_for_each_init(ProductBuffer::default, |products, (one, other)| {
                cx.check()?;
                products.of(&panels[first + one], &panels[first + other], rows.dim());
                held(&strips[one]).add_products(&products.tile, (first + other) * PANEL);
                if one != other {
                    products.transpose();
                    held(&strips[other]).add_products(&products.transposed, (first + one) * PANEL);
                }
                Ok(())
            })?;
        }
        let lists: Vec<_> = lists.chunks_mut(PANEL * k).zip(&strips).collect();
        lists.into_par_iter().try_for_each_init(ProductBuffer::default, |products, (lists, strip)| {
            let mut strip = held(strip);
            let panel = &panels[strip.first / PANEL];
            for (foreign, other) in panels.iter().enumerate().filter(|(strip, _)| !own.contains(strip)) {
                cx.check()?;
                products.of(panel, other, rows.dim());
                strip.add_products(&products.tile, foreign * PANEL);
            }
            strip.write(lists);
            cx.advance((lists.len() / k) as u64);
            Ok(())
        })?;
    }
    Ok(Neighbours { k, lists })
}

/// All pairs of `0..n`, each once and with itself, in rounds in which no block is in two pairs: the
/// circle method of tournaments.
fn rounds(n: usize) -> Vec<Vec<(usize, usize)>> {
    let alone = (0..n).map(|one| (one, one)).collect();
    let places = n.next_multiple_of(2);
    let round = |turn: usize| {
        // One stays, the others go round; who meets the place that nobody has, rests.
        let at = |place: usize| if place == 0 { 0 } else { 1 + (place - 1 + turn) % (places - 1) };
        let pairs = (0..places / 2).map(|place| (at(place), at(places - 1 - place)));
        pairs.map(|(a, b)| (a.min(b), a.max(b))).filter(|&(_, b)| b < n).collect()
    };
    std::iter::once(alone).chain((0..places.max(1) - 1).map(round)).collect()
}

/// A block that is not locked: in a round each is in one pair.
fn held<'a, 'b>(strip: &'a Mutex<QueryBlock<'b>>) -> MutexGuard<'a, QueryBlock<'b>> {
    strip.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The products of two panels, and room to turn them.
#[derive(Default)]
struct ProductBuffer {
    /// Queries × others.
    tile: Vec<f32>,
    /// Others × queries.
    transposed: Vec<f32>,
    queries: usize,
}

impl ProductBuffer {
    fn of(&mut self, queries: &[f32], others: &[f32], dim: usize) {
        self.queries = queries.len() / dim;
        self.tile.resize(self.queries * (others.len() / dim), 0.0);
        both_transposed(queries, others, dim, &mut self.tile);
    }

    /// Exchanges both sides, in squares that fit the nearest cache.
    fn transpose(&mut self) {
        const SIDE: usize = 16;
        let (queries, others) = (self.queries, self.tile.len() / self.queries.max(1));
        self.transposed.resize(self.tile.len(), 0.0);
        for top in (0..queries).step_by(SIDE) {
            for left in (0..others).step_by(SIDE) {
                for row in left..others.min(left + SIDE) {
                    for column in top..queries.min(top + SIDE) {
                        self.transposed[row * queries + column] = self.tile[column * others + row];
                    }
                }
            }
        }
    }
}

/// Queries next to one another, and what they have found so far.
struct QueryBlock<'a> {
    rows: &'a Embeddings,
    first: usize,
    best: Vec<NearestHeap>,
}

impl<'a> QueryBlock<'a> {
    fn new(rows: &'a Embeddings, first: usize, n_queries: usize, k: usize) -> Self {
        // Room at once and no more, for a clone would have none and grow beyond it.
        let best = |_| NearestHeap { k, found: Vec::with_capacity(capacity(k)), least: f32::NEG_INFINITY };
        Self { rows, first, best: (0..n_queries).map(best).collect() }
    }

    /// Looks at the products of each query with the rows from `from` on.
    fn add_products(&mut self, products: &[f32], from: usize) {
        let width = products.len() / self.best.len();
        for (query, best) in self.best.iter_mut().enumerate() {
            let own = self.first + query;
            let products = &products[query * width..(query + 1) * width];
            let least = best.least;
            scan(
                products,
                products,
                |product, _| product >= least,
                |at| {
                    let other = from + at;
                    if products[at] >= best.least && other != own {
                        best.add(products[at], other as TrackIx, own as TrackIx, self.rows);
                    }
                },
            );
        }
    }

    fn write(&mut self, lists: &mut [(TrackIx, Similarity)]) {
        for (query, best) in self.best.iter_mut().enumerate() {
            best.rank((self.first + query) as TrackIx, self.rows);
            let list = &mut lists[query * best.k..(query + 1) * best.k];
            for (place, &(similarity, other)) in list.iter_mut().zip(&best.found) {
                *place = (other, Similarity(similarity));
            }
            best.found = Vec::new();
        }
    }
}

/// What may be among one query's best.
struct NearestHeap {
    k: usize,
    /// By the product, or exactly.
    found: Vec<(f32, TrackIx)>,
    /// The product that a newcomer needs at least.
    least: f32,
}

impl NearestHeap {
    fn add(&mut self, product: f32, other: TrackIx, own: TrackIx, rows: &Embeddings) {
        self.found.push((product, other));
        if self.found.len() < capacity(self.k) {
            return;
        }
        self.prune(rows.dim());
        if self.found.len() > self.k + capacity(self.k) / 4 {
            // So many nearly alike: the exact order decides now.
            self.rank(own, rows);
        }
    }

    /// Drops what cannot be among the best k, and raises what a newcomer needs.
    fn prune(&mut self, dim: usize) {
        let (_, kth, _) = self.found.select_nth_unstable_by(self.k - 1, |x, y| y.0.total_cmp(&x.0));
        let least = kth.0 - 2.0 * rounding_error(dim);
        self.found.retain(|&(product, _)| product >= least);
        self.least = least;
    }

    /// Keeps the best k by the exact dot product, in order.
    fn rank(&mut self, own: TrackIx, rows: &Embeddings) {
        self.prune(rows.dim());
        for candidate in &mut self.found {
            candidate.0 = dot(rows.row(own), rows.row(candidate.1));
        }
        self.found.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
        self.found.truncate(self.k);
    }
}

/// How many candidates a query gathers before the worst of them go.
fn capacity(k: usize) -> usize {
    k + k / 2 + 64
}

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use serde_json::Value;

    use super::*;
    use crate::base::seeded;

    fn brute(rows: &Embeddings, k: usize, i: u32) -> Vec<(u32, Similarity)> {
        let others = (0..rows.len() as u32).filter(|&j| j != i);
        let mut all: Vec<_> = others.map(|j| (j, Similarity(dot(rows.row(i), rows.row(j))))).collect();
        all.sort_by(|x, y| y.1.0.total_cmp(&x.1.0).then(x.0.cmp(&y.0)));
        all.truncate(k);
        all
    }

    #[test]
    fn equals_brute_force_with_duplicates_and_any_k() {
        let mut rng = seeded(8);
        let (n, dim) = (3 * PANEL + 70, 13);
        let mut data: Vec<f32> = (0..n * dim).map(|_| rng.random_range(-1.0..1.0)).collect();
        // A third of the rows are one and the same.
        let copy = data[..dim].to_vec();
        for row in data.chunks_mut(dim).step_by(3) {
            row.copy_from_slice(&copy);
        }
        let rows = Embeddings::new(dim, data).unwrap().into_unit().unwrap();
        for (k, block) in [(1, 1), (7, BLOCK), (80, 2), (n, 3)] {
            let found = in_blocks(&rows, k, block, &Cx::new()).unwrap();
            for i in (0..n as u32).step_by(11) {
                assert_eq!(found.of(i), brute(&rows, k.min(n - 1), i), "row {i}, k {k}");
            }
        }
    }

    #[test]
    fn every_pair_meets_once_and_nobody_twice_in_a_round() {
        for n in 0..9 {
            let mut met = vec![0; n * n];
            for round in rounds(n) {
                let mut seen = vec![false; n];
                for (a, b) in round {
                    met[a * n + b] += 1;
                    assert!(!std::mem::replace(&mut seen[a], true), "{n}");
                    assert!(a == b || !std::mem::replace(&mut seen[b], true), "{n}");
                }
            }
            for (at, times) in met.into_iter().enumerate() {
                assert_eq!(times, usize::from(at / n <= at % n), "{n}");
            }
        }
    }

    #[test]
    fn golden_lists() {
        let golden: Value = serde_json::from_str(include_str!("../../tests/golden/knn.json")).unwrap();
        let points: Vec<Vec<f32>> = serde_json::from_value(golden["x"].clone()).unwrap();
        let rows = Embeddings::new(points[0].len(), points.concat()).unwrap().into_unit().unwrap();
        let mut compared = 0;
        for case in golden["cases"].as_array().unwrap() {
            let k = case["k"].as_u64().unwrap() as usize;
            if case["nbrs"].is_null() {
                // More than there are: the same as all of them.
                assert_eq!(case["k_effective"], rows.len() - 1);
                let all = nearest(&rows, rows.len() - 1, &Cx::new()).unwrap();
                assert_eq!(nearest(&rows, k, &Cx::new()).unwrap(), all);
                continue;
            }
            let ids: Vec<Vec<u32>> = serde_json::from_value(case["nbrs"].clone()).unwrap();
            let similarities: Vec<Vec<f32>> = serde_json::from_value(case["sims"].clone()).unwrap();
            let found = nearest(&rows, k, &Cx::new()).unwrap();
            for (i, (ids, similarities)) in ids.iter().zip(&similarities).enumerate() {
                let list = found.of(i as u32);
                assert_eq!(list.len(), ids.len());
                for (at, (&id, &similarity)) in ids.iter().zip(similarities).enumerate() {
                    assert!((list[at].1.0 - similarity).abs() < 1e-5, "row {i}, k {k}");
                    // Duplicates tie up to the rounding of their lengths, the last place with what
                    // the list has no room for.
                    let tie = |to: usize| similarities.get(to).is_some_and(|s| (s - similarity).abs() < 1e-5);
                    if at + 1 < ids.len() && !tie(at + 1) && (at == 0 || !tie(at - 1)) {
                        assert_eq!(list[at].0, id, "row {i}, k {k}");
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 100, "only {compared} places were compared");
    }

    #[test]
    fn nothing_one_and_stopping() {
        let one = Embeddings::new(3, vec![1.0, 0.0, 0.0]).unwrap();
        assert!(nearest(&one, 5, &Cx::new()).unwrap().of(0).is_empty());
        let cx = Cx::new();
        cx.cancel();
        let two = Embeddings::new(1, vec![1.0, 1.0]).unwrap();
        assert_eq!(nearest(&two, 1, &cx), Err(Cancelled));
    }
}
