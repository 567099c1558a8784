//! Average linkage, exactly and without a matrix of distances.
//!
//! Between unit rows the mean of the squared distances is 2 − 2·(mean of one)·(mean of the
//! other), so a cluster is one row: its mean. And a merged cluster is never nearer to a third
//! than the nearer of its parts was (the linkage is reducible). So a list of near clusters with
//! a bound for all that are in no list stays true as clusters merge, and most merges need
//! a few products; clusters whose lists have run out are held against all, many at a time.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::base::product::{dot, multiply_by_transposed};
use crate::base::{Cancelled, Cx, Embeddings, Partition, Stage, TrackIx, equal_by_order};
use crate::cluster::timed;
use crate::graph::nearest;

/// Near clusters a row at first, …
const NEAR: usize = 64;
/// … and of a cluster that was held against all; twice as many before a list is shortened.
const KEPT: usize = 128;
/// Clusters that are held against all others at a time, and how many of the others.
const TILE: usize = 128;

/// All merges of mean squared distance up to `tau`, nearest first, ties by the smaller and the
/// larger index; and the seconds of the first comparison. O(n² · dim) time in general; memory
/// is that of the rows once more and of some hundred numbers per row.
///
/// # Errors
/// [`Cancelled`], checked between merges.
pub(super) fn average_linkage(
    rows: &Embeddings,
    tau: f64,
    cx: &Cx,
) -> Result<(Partition, (f64, f64)), Cancelled> {
    let (lists, graph_secs) = timed(|| nearest(rows, NEAR, cx));
    let lists = lists?;
    let clusters = (0..rows.len() as TrackIx).map(|row| {
        let near = lists.of(row);
        let bound = match near.last() {
            Some(last) if near.len() + 1 < rows.len() => 2.0 - 2.0 * last.1.0,
            _ => f32::INFINITY,
        };
        Cluster { size: 1, stamp: 0, near: near.iter().map(|near| near.0).collect(), bound }
    });
    let mut merging = AverageLinkage {
        dim: rows.dim(),
        tau: tau as f32,
        means: rows.as_slice().to_vec(),
        clusters: clusters.collect(),
        parents: (0..rows.len() as TrackIx).collect(),
        living: (0..rows.len() as TrackIx).collect(),
        n_ended: 0,
        next: BinaryHeap::new(),
        open: BinaryHeap::new(),
    };
    drop(lists);
    cx.stage(Stage::GroupingTracks, rows.len() as u64);
    for row in 0..rows.len() as TrackIx {
        merging.find_next(row);
    }
    merging.run(cx)?;
    Ok((Partition::from_parents(&merging.parents), graph_secs))
}

struct Cluster {
    /// Its rows; 0 once it has ended or nothing is near enough to it any more.
    size: u32,
    /// How often it has merged.
    stamp: u32,
    /// Clusters, by names that they have or had.
    near: Vec<TrackIx>,
    /// All others are at least so far.
    bound: f32,
}

/// What to do next: the nearest comes first.
struct NextMerge {
    /// No merge of this cluster is lower.
    height: f32,
    own: (TrackIx, u32),
    /// The partner; the cluster itself where the list ran out.
    other: (TrackIx, u32),
}

impl NextMerge {
    fn pair(&self) -> (TrackIx, TrackIx) {
        (self.own.0.min(self.other.0), self.own.0.max(self.other.0))
    }
}

impl Ord for NextMerge {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_pair = || self.pair().cmp(&other.pair()).then(self.own.cmp(&other.own));
        self.height.total_cmp(&other.height).then_with(by_pair)
    }
}

equal_by_order!(NextMerge);

struct AverageLinkage {
    dim: usize,
    tau: f32,
    /// The mean of each cluster, at the place of its first row.
    means: Vec<f32>,
    clusters: Vec<Cluster>,
    /// Where a cluster went: a cluster is called by its first row.
    parents: Vec<TrackIx>,
    /// Clusters that may still merge, and some that have ended since.
    living: Vec<TrackIx>,
    n_ended: usize,
    /// Merges to come.
    next: BinaryHeap<Reverse<NextMerge>>,
    /// Clusters whose lists have run out.
    open: BinaryHeap<Reverse<NextMerge>>,
}

impl AverageLinkage {
    fn run(&mut self, cx: &Cx) -> Result<(), Cancelled> {
        loop {
            cx.check()?;
            let next = self.next.peek().map_or(f32::INFINITY, |step| step.0.height);
            if self.open.peek().is_some_and(|step| step.0.height <= next) {
                self.search();
                continue;
            }
            let Some(Reverse(NextMerge { own, other, .. })) = self.next.pop() else { return Ok(()) };
            if !self.is_current(own) {
                continue;
            }
            if self.is_current(other) {
                self.merge(own.0.min(other.0), own.0.max(other.0));
                cx.advance(1);
            } else {
                self.find_next(own.0);
            }
        }
    }

    /// Whether a cluster is what it was.
    fn is_current(&self, (cluster, stamp): (TrackIx, u32)) -> bool {
        let cluster = &self.clusters[cluster as usize];
        cluster.size > 0 && cluster.stamp == stamp
    }

    fn mean(&self, cluster: TrackIx) -> &[f32] {
        &self.means[cluster as usize * self.dim..(cluster as usize + 1) * self.dim]
    }

    fn height(&self, a: TrackIx, b: TrackIx) -> f32 {
        2.0 - 2.0 * dot(self.mean(a.min(b)), self.mean(a.max(b)))
    }

    fn name(&mut self, mut row: TrackIx) -> TrackIx {
        while self.parents[row as usize] != row {
            let up = self.parents[self.parents[row as usize] as usize];
            self.parents[row as usize] = up;
            row = up;
        }
        row
    }

    /// Finds the next merge of a cluster by its list.
    fn find_next(&mut self, own: TrackIx) {
        let mut near = std::mem::take(&mut self.clusters[own as usize].near);
        for name in &mut near {
            *name = self.name(*name);
        }
        near.sort_unstable();
        near.dedup();
        near.retain(|&other| other != own && self.clusters[other as usize].size > 0);
        let mut heights: Vec<(f32, TrackIx)> =
            near.iter().map(|&other| (self.height(own, other), other)).collect();
        if near.len() > 2 * KEPT {
            let bound = self.clusters[own as usize].bound;
            self.clusters[own as usize].bound = bound.min(truncate(&mut heights));
            near = heights.iter().map(|&(_, other)| other).collect();
        }
        self.clusters[own as usize].near = near;
        self.plan(own, &heights);
    }

    /// Compares the next clusters whose lists have run out with all active ones.
    fn search(&mut self) {
        let mut own = Vec::with_capacity(TILE);
        while own.len() < TILE
            && let Some(Reverse(step)) = self.open.pop()
        {
            if self.is_current(step.own) {
                own.push(step.own.0);
            }
        }
        let this = &*self;
        // What rounding may amount to in a product.
        let beyond = this.tau + 4.0 * this.dim.max(16) as f32 * f32::EPSILON;
        let gather =
            |names: &[TrackIx]| names.iter().map(|&name| this.mean(name)).collect::<Vec<_>>().concat();
        let queries = gather(&own);
        let tiles = this.living.par_chunks(TILE).map(|others| {
            let means = gather(others);
            let mut products = vec![0.0; own.len() * others.len()];
            multiply_by_transposed(&queries, &means, this.dim, &mut products);
            let mut near = Vec::new();
            for (at, (&name, products)) in own.iter().zip(products.chunks(others.len())).enumerate() {
                for (&other, product) in others.iter().zip(products) {
                    if 2.0 - 2.0 * product <= beyond
                        && other != name
                        && this.clusters[other as usize].size > 0
                    {
                        near.push((at, (this.height(name, other), other)));
                    }
                }
            }
            near
        });
        let tiles: Vec<Vec<(usize, (f32, TrackIx))>> = tiles.collect();
        let mut heights: Vec<Vec<(f32, TrackIx)>> = vec![Vec::new(); own.len()];
        for (at, near) in tiles.into_iter().flatten().filter(|(_, near)| near.0 <= self.tau) {
            heights[at].push(near);
        }
        for (name, mut heights) in own.into_iter().zip(heights) {
            let bound = if heights.len() > KEPT { truncate(&mut heights) } else { f32::INFINITY };
            let cluster = &mut self.clusters[name as usize];
            cluster.near = heights.iter().map(|&(_, other)| other).collect();
            cluster.bound = bound;
            self.plan(name, &heights);
        }
    }

    /// Puts the nearest of a list among the next steps, unless something else may be nearer.
    fn plan(&mut self, own: TrackIx, heights: &[(f32, TrackIx)]) {
        let order = |x: &&(f32, TrackIx), y: &&(f32, TrackIx)| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1));
        let best = heights.iter().min_by(order).copied();
        let cluster = &self.clusters[own as usize];
        let own = (own, cluster.stamp);
        match best {
            Some((height, other)) if height <= cluster.bound.min(self.tau) => {
                let other = (other, self.clusters[other as usize].stamp);
                self.next.push(Reverse(NextMerge { height, own, other }));
            }
            _ if cluster.bound <= self.tau => {
                self.open.push(Reverse(NextMerge { height: cluster.bound, own, other: own }));
            }
            // What is too far from everything stays so.
            _ => self.deactivate(own.0),
        }
    }

    fn deactivate(&mut self, cluster: TrackIx) {
        let cluster = &mut self.clusters[cluster as usize];
        (cluster.size, cluster.near) = (0, Vec::new());
        self.n_ended += 1;
        if 2 * self.n_ended > self.living.len() {
            self.living.retain(|&cluster| self.clusters[cluster as usize].size > 0);
            self.n_ended = 0;
        }
    }

    fn merge(&mut self, a: TrackIx, b: TrackIx) {
        let (of_a, of_b) = (self.clusters[a as usize].size, self.clusters[b as usize].size);
        let share = f64::from(of_b) / (f64::from(of_a) + f64::from(of_b));
        let (before, after) = self.means.split_at_mut(b as usize * self.dim);
        let start = a as usize * self.dim;
        for (x, y) in before[start..start + self.dim].iter_mut().zip(after) {
            *x = (f64::from(*x) + (f64::from(*y) - f64::from(*x)) * share) as f32;
        }
        let near = std::mem::take(&mut self.clusters[b as usize].near);
        let bound = self.clusters[b as usize].bound;
        self.parents[b as usize] = a;
        self.deactivate(b);
        let cluster = &mut self.clusters[a as usize];
        cluster.size = of_a + of_b;
        cluster.stamp += 1;
        cluster.near.extend(near);
        cluster.bound = cluster.bound.min(bound);
        self.find_next(a);
    }
}

/// Keeps the nearest, and gives the height of the nearest that goes.
fn truncate(heights: &mut Vec<(f32, TrackIx)>) -> f32 {
    let order = |x: &(f32, TrackIx), y: &(f32, TrackIx)| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1));
    let bound = heights.select_nth_unstable_by(KEPT, order).1.0;
    heights.truncate(KEPT);
    bound
}
