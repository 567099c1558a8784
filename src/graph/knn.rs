//! Exact k nearest neighbours by cosine similarity.

use rayon::prelude::*;

use super::{scan, slack};
use crate::base::product::{both_transposed, dot, transposed};
use crate::base::{Cancelled, Cx, Embeddings, Similarity, TrackIx};

/// Rows whose neighbours are searched together, and with which they are compared at a time.
const PANEL: usize = 512;

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
/// Rows are unit vectors. Candidates come from a tiled product; a dot product with a fixed
/// order of accumulation ranks them, so the result has the same bytes for any number of
/// threads. O(n² · dim) time; memory is that of the rows once more and O(n · k).
///
/// # Errors
/// [`Cancelled`], checked between tiles.
pub fn nearest(rows: &Embeddings, k: usize, cx: &Cx) -> Result<Neighbours, Cancelled> {
    let n = rows.len();
    let k = k.min(n.saturating_sub(1));
    cx.stage("Finding neighbours", n as u64);
    if k == 0 {
        return Ok(Neighbours { k, lists: Vec::new() });
    }
    let mut lists = vec![(0, Similarity(0.0)); n * k];
    let panels: Vec<Vec<f32>> =
        rows.as_slice().par_chunks(PANEL * rows.dim()).map(|panel| transposed(panel, rows.dim())).collect();
    lists.par_chunks_mut(PANEL * k).enumerate().try_for_each(|(strip, lists)| {
        let mut search = Search::new(rows, strip * PANEL, lists.len() / k, k);
        for (tile, panel) in panels.iter().enumerate() {
            cx.check()?;
            search.tile(&panels[strip], tile * PANEL, panel);
        }
        search.write(lists);
        cx.advance((lists.len() / k) as u64);
        Ok(())
    })?;
    Ok(Neighbours { k, lists })
}

/// A strip of queries and what they have found so far.
struct Search<'a> {
    rows: &'a Embeddings,
    first: usize,
    best: Vec<Best>,
    products: Vec<f32>,
}

impl<'a> Search<'a> {
    fn new(rows: &'a Embeddings, first: usize, n_queries: usize, k: usize) -> Self {
        let best = Best { k, found: Vec::with_capacity(room(k)), least: f32::NEG_INFINITY };
        Self { rows, first, best: vec![best; n_queries], products: vec![0.0; n_queries * PANEL] }
    }

    /// Compares the queries with the rows from `from` on, both transposed.
    fn tile(&mut self, queries: &[f32], from: usize, others: &[f32]) {
        let width = others.len() / self.rows.dim();
        both_transposed(queries, others, self.rows.dim(), &mut self.products);
        for (query, best) in self.best.iter_mut().enumerate() {
            let own = self.first + query;
            let products = &self.products[query * width..(query + 1) * width];
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
        }
    }
}

/// What may be among one query's best.
#[derive(Clone)]
struct Best {
    k: usize,
    /// By the product, or exactly.
    found: Vec<(f32, TrackIx)>,
    /// The product that a newcomer needs at least.
    least: f32,
}

impl Best {
    fn add(&mut self, product: f32, other: TrackIx, own: TrackIx, rows: &Embeddings) {
        self.found.push((product, other));
        if self.found.len() < room(self.k) {
            return;
        }
        self.narrow(rows.dim());
        if self.found.len() > self.k + room(self.k) / 4 {
            // So many nearly alike: the exact order decides now.
            self.rank(own, rows);
        }
    }

    /// Drops what cannot be among the best k, and raises what a newcomer needs.
    fn narrow(&mut self, dim: usize) {
        let (_, kth, _) = self.found.select_nth_unstable_by(self.k - 1, |x, y| y.0.total_cmp(&x.0));
        let least = kth.0 - 2.0 * slack(dim);
        self.found.retain(|&(product, _)| product >= least);
        self.least = least;
    }

    /// Keeps the best k by the exact dot product, in order.
    fn rank(&mut self, own: TrackIx, rows: &Embeddings) {
        self.narrow(rows.dim());
        for candidate in &mut self.found {
            candidate.0 = dot(rows.row(own), rows.row(candidate.1));
        }
        self.found.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
        self.found.truncate(self.k);
    }
}

/// How many candidates a query gathers before the worst of them go.
fn room(k: usize) -> usize {
    2 * k + 64
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
        let (n, dim) = (PANEL + 70, 13);
        let mut data: Vec<f32> = (0..n * dim).map(|_| rng.random_range(-1.0..1.0)).collect();
        // A third of the rows are one and the same.
        let copy = data[..dim].to_vec();
        for row in data.chunks_mut(dim).step_by(3) {
            row.copy_from_slice(&copy);
        }
        let rows = Embeddings::new(dim, data).unwrap().into_unit().unwrap();
        for k in [1, 7, 80, n] {
            let found = nearest(&rows, k, &Cx::new()).unwrap();
            for i in (0..n as u32).step_by(11) {
                assert_eq!(found.of(i), brute(&rows, k.min(n - 1), i), "row {i}, k {k}");
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
