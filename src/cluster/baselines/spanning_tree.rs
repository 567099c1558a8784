//! The minimum spanning tree of mutual reachability, without a matrix of distances.
//!
//! Borůvka's rounds: each component but the largest takes its lightest edge outwards. Lists of
//! nearest neighbours name most of these edges; a row is held against all others only where
//! its list leaves open whether something beyond it is nearer.

use rayon::prelude::*;

use crate::base::product::{dot, multiply_by_transposed};
use crate::base::{Cancelled, Cx, Embeddings, Stage, TrackIx, UnionFind};
use crate::graph::{Neighbours, nearest};

/// Neighbours kept a row at least.
const NEAR: usize = 32;
/// Rows held against all others at a time, and how many of the others.
const TILE: usize = 256;

/// An edge: squared mutual reachability, and two rows.
pub(super) type SpanningEdge = (f32, TrackIx, TrackIx);

/// Nearest neighbours and core distances.
pub(super) struct CoreDistances<'a> {
    rows: &'a Embeddings,
    lists: Neighbours,
    /// Squared distance within which `min_samples` rows lie, the row itself counted.
    cores: Vec<f32>,
}

impl<'a> CoreDistances<'a> {
    pub(super) fn new(rows: &'a Embeddings, min_samples: usize, cx: &Cx) -> Result<Self, Cancelled> {
        let lists = nearest(rows, NEAR.max(min_samples.saturating_sub(1)), cx)?;
        // Where there are fewer rows, the farthest counts.
        let core = |row| {
            let near = lists.of(row);
            let last = near.get(min_samples.wrapping_sub(2)).or(near.last());
            last.filter(|_| min_samples > 1).map_or(0.0, |&(_, similarity)| distance(similarity.0))
        };
        let cores = (0..rows.len() as TrackIx).map(core).collect();
        Ok(Self { rows, lists, cores })
    }

    /// max(core of one, core of the other, distance).
    fn mutual_reachability(&self, a: TrackIx, b: TrackIx, distance: f32) -> f32 {
        distance.max(self.cores[a as usize]).max(self.cores[b as usize])
    }

    /// The tree's edges, by weight; which of several trees of the same weights is the same for
    /// any number of threads.
    ///
    /// # Errors
    /// [`Cancelled`], checked between tiles.
    pub(super) fn spanning_tree(&self, cx: &Cx) -> Result<Vec<SpanningEdge>, Cancelled> {
        let n = self.rows.len();
        cx.stage(Stage::GroupingTracks, n as u64);
        let mut sets = UnionFind::new(n);
        let mut edges = Vec::with_capacity(n.saturating_sub(1));
        // No edge out of the row's component is lighter.
        let mut least = vec![0.0_f32; n];
        while edges.len() + 1 < n {
            cx.check()?;
            let before = edges.len();
            let names: Vec<TrackIx> = (0..n as TrackIx).map(|row| sets.find(row)).collect();
            for edge in self.lightest_edges(&names, &mut least, cx)? {
                if sets.union(edge.1, edge.2) {
                    edges.push(edge);
                }
            }
            cx.advance((edges.len() - before) as u64);
        }
        edges.sort_unstable_by(order);
        Ok(edges)
    }

    /// The lightest edge out of each component but the largest, in order of the components.
    fn lightest_edges(
        &self,
        names: &[TrackIx],
        least: &mut [f32],
        cx: &Cx,
    ) -> Result<Vec<SpanningEdge>, Cancelled> {
        let n = names.len();
        let mut sizes = vec![0_u32; n];
        for &name in names {
            sizes[name as usize] += 1;
        }
        let largest = (0..n).max_by_key(|&name| (sizes[name], std::cmp::Reverse(name)));
        let searches = |row: usize| Some(names[row] as usize) != largest;
        let none = (f32::INFINITY, TrackIx::MAX, TrackIx::MAX);
        let mut best: Vec<SpanningEdge> = vec![none; n];
        for row in (0..n).filter(|&row| searches(row)) {
            let (edge, bound) = self.lightest_listed(row as TrackIx, names);
            least[row] = least[row].max(bound.min(edge.map_or(f32::INFINITY, |edge| edge.0)));
            if let Some(edge) = edge {
                keep_lightest(&mut best[names[row] as usize], edge);
            }
        }
        let limits: Vec<f32> = names.iter().map(|&name| best[name as usize].0).collect();
        let open = |row: &usize| searches(*row) && least[*row] < limits[*row] && !self.is_whole();
        let open: Vec<TrackIx> = (0..n).filter(open).map(|row| row as TrackIx).collect();
        let found: Vec<Vec<(TrackIx, Option<SpanningEdge>)>> = open
            .par_chunks(TILE)
            .map(|rows| self.search(rows, names, &limits, cx))
            .collect::<Result<_, Cancelled>>()?;
        for (row, edge) in found.into_iter().flatten() {
            least[row as usize] = edge.map_or(limits[row as usize], |edge| edge.0);
            if let Some(edge) = edge {
                keep_lightest(&mut best[names[row as usize] as usize], edge);
            }
        }
        Ok(best.into_iter().filter(|edge| edge.1 != TrackIx::MAX).collect())
    }

    /// Whether the lists hold all rows.
    fn is_whole(&self) -> bool {
        self.lists.k() + 1 >= self.rows.len()
    }

    /// The lightest edge out of a row's component that its list names, and a bound for all that
    /// it does not.
    fn lightest_listed(&self, row: TrackIx, names: &[TrackIx]) -> (Option<SpanningEdge>, f32) {
        let mut best: Option<SpanningEdge> = None;
        let list = self.lists.of(row);
        for &(other, similarity) in list {
            let distance = distance(similarity.0);
            if best.is_some_and(|best| distance > best.0) {
                break;
            }
            if names[other as usize] != names[row as usize] {
                let edge = edge(self.mutual_reachability(row, other, distance), row, other);
                if best.is_none_or(|best| order(&edge, &best).is_lt()) {
                    best = Some(edge);
                }
            }
        }
        (best, list.last().map_or(f32::INFINITY, |last| distance(last.1.0)))
    }

    /// For each of the rows the lightest edge out of its component below its limit.
    fn search(
        &self,
        own: &[TrackIx],
        names: &[TrackIx],
        limits: &[f32],
        cx: &Cx,
    ) -> Result<Vec<(TrackIx, Option<SpanningEdge>)>, Cancelled> {
        let dim = self.rows.dim();
        // What rounding may amount to in a product.
        let slack = 4.0 * dim.max(16) as f32 * f32::EPSILON;
        let queries = self.rows.select(own.iter().copied());
        let mut best: Vec<(f32, Option<SpanningEdge>)> =
            own.iter().map(|&row| (limits[row as usize], None)).collect();
        let mut products = vec![0.0; own.len() * TILE];
        for (tile, others) in self.rows.as_slice().chunks(TILE * dim).enumerate() {
            cx.check()?;
            let width = others.len() / dim;
            multiply_by_transposed(queries.as_slice(), others, dim, &mut products);
            for ((&row, best), products) in own.iter().zip(&mut best).zip(products.chunks(width)) {
                for (at, &product) in products.iter().enumerate() {
                    let other = (tile * TILE + at) as TrackIx;
                    if 2.0 - 2.0 * product > best.0 + slack || names[other as usize] == names[row as usize] {
                        continue;
                    }
                    let exact = distance(dot(self.rows.row(row), self.rows.row(other)));
                    let edge = edge(self.mutual_reachability(row, other, exact), row, other);
                    if edge.0 < best.0 || best.1.is_some_and(|best| order(&edge, &best).is_lt()) {
                        *best = (edge.0, Some(edge));
                    }
                }
            }
        }
        Ok(own.iter().zip(best).map(|(&row, best)| (row, best.1)).collect())
    }
}

fn edge(weight: f32, a: TrackIx, b: TrackIx) -> SpanningEdge {
    (weight, a.min(b), a.max(b))
}

fn keep_lightest(best: &mut SpanningEdge, edge: SpanningEdge) {
    if order(&edge, best).is_lt() {
        *best = edge;
    }
}

/// By weight, then by the smaller and the larger row.
fn order(x: &SpanningEdge, y: &SpanningEdge) -> std::cmp::Ordering {
    x.0.total_cmp(&y.0).then((x.1, x.2).cmp(&(y.1, y.2)))
}

/// Squared distance of two unit rows.
fn distance(similarity: f32) -> f32 {
    (2.0 - 2.0 * similarity).max(0.0)
}
