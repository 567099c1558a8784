//! Exact complete linkage in stages, with bounded memory.
//!
//! All merges up to τ₁ need only the pairs within τ₁, and heights only grow. So a stage
//! streams all pairs of active clusters, keeps those within the largest threshold whose pairs
//! fit the budget, does all merges up to it, and hands fewer, larger clusters to the next
//! stage. Between clusters, the mean of the cross distances (one matrix product of their
//! means) is a lower bound of the height and lets few pairs through; exact distances decide.

use std::time::Instant;

use cpu_time::ProcessTime;
use rayon::prelude::*;

use super::active::ActiveClusters;
use super::merging::{ClusterPair, merge_all};
use super::pair_buffer::PairBuffer;
use crate::base::{
    Cancelled, ConstraintKind, Constraints, Cx, Dendrogram, Embeddings, Merge, Stage, TrackIx, UnionFind,
};

/// Pairs kept at a time, for each track …
const PAIRS_PER_TRACK: usize = 100;
/// … and at least.
const PAIRS: usize = 1 << 20;
/// So few clusters need no index.
const FEW_CLUSTERS: usize = 4096;
/// Strips of pairs that are compared before the results are put together.
const BATCH: usize = 8;

/// The merges, and what they took.
#[derive(Debug, Clone, PartialEq)]
pub struct CompleteLinkage {
    /// All merges up to τ.
    pub dendrogram: Dendrogram,
    /// Seconds spent on comparing: elapsed and of CPU.
    pub graph_secs: (f64, f64),
    /// How often the active clusters were compared.
    pub n_stages: usize,
    /// Where pairs were proposed by an index: the share of true neighbours that it found.
    pub recall: Option<f64>,
}

/// Complete linkage of everything within `tau`: heights ascending, ties by (smaller index,
/// larger index).
///
/// Cannot-links are at distance +∞. Must-links are contracted first, at height −∞; what lies
/// inside such a component never counts. The result is the same for any number of threads.
/// O(n² · dim) time for the first stage and less for each later one; memory is that of the
/// rows, once more for the means, and of some hundred pairs per track.
///
/// # Errors
/// [`Cancelled`], checked between tiles and between merges.
///
/// # Examples
/// ```
/// use castlist::base::{Constraints, Cx, Radius};
/// use castlist::cluster::agglomerative::complete_linkage;
/// # let rows = vec![1.0, 0.0, 0.96, 0.28, 0.0, 1.0, 0.28, 0.96];
/// # let rows = castlist::base::Embeddings::new(2, rows)?.into_unit()?;
///
/// // Four unit rows, two by two. One dendrogram up to the largest radius gives every smaller one.
/// let largest = Radius::MAX.tau();
/// let tree = complete_linkage(&rows, &Constraints::default(), largest, &Cx::new())?.dendrogram;
/// assert_eq!(tree.cut(Radius::new(0.3)?.tau()).labels(), [0, 0, 1, 1]);
/// assert_eq!(tree.n_clusters(Radius::new(0.01)?.tau()), 4);
/// assert_eq!(tree.n_clusters(largest), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn complete_linkage(
    rows: &Embeddings,
    constraints: &Constraints,
    tau: f64,
    cx: &Cx,
) -> Result<CompleteLinkage, Cancelled> {
    let room = (rows.len() * PAIRS_PER_TRACK).max(PAIRS);
    MergeStages::new(rows, constraints, tau, room, cx).run()
}

/// The merges of `kept`, grown up to `tau`: the same as [`complete_linkage`] gives there, without
/// doing again what is done. `kept` must be of the same rows and constraints.
///
/// # Errors
/// As [`complete_linkage`].
pub fn grow_linkage(
    rows: &Embeddings,
    constraints: &Constraints,
    kept: &Dendrogram,
    tau: f64,
    cx: &Cx,
) -> Result<CompleteLinkage, Cancelled> {
    let room = (rows.len() * PAIRS_PER_TRACK).max(PAIRS);
    MergeStages::new(rows, constraints, tau, room, cx).from(kept).run()
}

/// [`complete_linkage`] over the pairs that an index proposes; see
/// [`PairSearch::Approximate`](crate::cluster::PairSearch).
///
/// # Errors
/// [`Cancelled`], checked between tracks.
pub fn approximate_linkage(
    rows: &Embeddings,
    constraints: &Constraints,
    tau: f64,
    cx: &Cx,
) -> Result<CompleteLinkage, Cancelled> {
    MergeStages::new(rows, constraints, tau, 0, cx).run_approximate(FEW_CLUSTERS)
}

pub(super) struct MergeStages<'a> {
    pub(super) rows: &'a Embeddings,
    pub(super) constraints: &'a Constraints,
    pub(super) tau: f64,
    /// How many pairs may be kept.
    room: usize,
    pub(super) cx: &'a Cx,
    /// The name of each track's cluster, up to date at the beginning of a stage.
    pub(super) names: Vec<TrackIx>,
    pub(super) merges: Vec<Merge>,
    /// The height up to which all merges are there.
    done: f64,
    pub(super) graph_secs: (f64, f64),
}

impl<'a> MergeStages<'a> {
    pub(super) fn new(
        rows: &'a Embeddings,
        constraints: &'a Constraints,
        tau: f64,
        room: usize,
        cx: &'a Cx,
    ) -> Self {
        let names = (0..rows.len() as TrackIx).collect();
        let done = f64::NEG_INFINITY;
        Self { rows, constraints, tau, room, cx, names, merges: Vec::new(), done, graph_secs: (0.0, 0.0) }
    }

    /// Goes on from merges that are there.
    pub(super) fn from(mut self, kept: &Dendrogram) -> Self {
        self.record(kept.merges().to_vec());
        self.done = kept.tau_max();
        self
    }

    pub(super) fn run(mut self) -> Result<CompleteLinkage, Cancelled> {
        if self.done == f64::NEG_INFINITY {
            self.join_must_links();
        }
        let mut n_stages = 0;
        while self.done < self.tau {
            let level = ActiveClusters::new(self.rows, &self.names, self.constraints);
            let watch = (Instant::now(), ProcessTime::now());
            let limit = self.estimated_threshold(&level);
            let found = self.compare(&level, limit)?;
            self.add_time(&watch);
            n_stages += 1;
            let (limit, tie) = (found.limit(), found.tie());
            self.cx.stage(Stage::GroupingTracks, level.len() as u64);
            let (merges, up_to) = match tie.filter(|_| found.pairs.is_empty()) {
                Some(tie) => (merge_ties(&level, tie, self.cx)?, tie),
                None => (merge_all(level.len(), found.pairs, self.cx)?, limit),
            };
            self.record(level.named(merges));
            // A limit is rounded to 32 bits, and so is every height.
            self.done = if up_to >= self.tau_f32() { self.tau } else { f64::from(up_to) };
        }
        let merges = std::mem::take(&mut self.merges);
        let dendrogram = Dendrogram::from_ordered(self.rows.len(), self.tau, merges);
        Ok(CompleteLinkage { dendrogram, graph_secs: self.graph_secs, n_stages, recall: None })
    }

    /// Adds what comparing took.
    pub(super) fn add_time(&mut self, since: &(Instant, ProcessTime)) {
        self.graph_secs.0 += since.0.elapsed().as_secs_f64();
        self.graph_secs.1 += since.1.elapsed().as_secs_f64();
    }

    /// The largest height of 32 bits that is within τ.
    pub(super) fn tau_f32(&self) -> f32 {
        let near = self.tau as f32;
        if f64::from(near) <= self.tau { near } else { near.next_down() }
    }

    /// Joins must-linked tracks before everything else.
    pub(super) fn join_must_links(&mut self) {
        let mut sets = UnionFind::new(self.rows.len());
        let mut smallest: Vec<TrackIx> = (0..self.rows.len() as TrackIx).collect();
        let mut merges = Vec::new();
        for link in self.constraints.all().iter().filter(|link| link.kind == ConstraintKind::Must) {
            let name =
                |sets: &mut UnionFind, smallest: &[TrackIx], track| smallest[sets.find(track) as usize];
            let (a, b) = (name(&mut sets, &smallest, link.a), name(&mut sets, &smallest, link.b));
            if sets.union(link.a, link.b) {
                let (a, b) = (a.min(b), a.max(b));
                smallest[sets.find(a) as usize] = a;
                merges.push(Merge { a, b, height: f32::NEG_INFINITY });
            }
        }
        self.record(merges);
    }

    /// Keeps merges in order, and brings the tracks' names up to date.
    pub(super) fn record(&mut self, merges: Vec<Merge>) {
        let mut parents: Vec<TrackIx> = (0..self.rows.len() as TrackIx).collect();
        for merge in &merges {
            parents[merge.b as usize] = merge.a;
        }
        // A parent stands before its child, so its own name is final already.
        for name in 0..parents.len() {
            parents[name] = parents[parents[name] as usize];
        }
        for name in &mut self.names {
            *name = parents[*name as usize];
        }
        self.merges.extend(merges);
    }

    /// A threshold within which about as many pairs lie as there is room for, estimated from a
    /// sample of pairs.
    fn estimated_threshold(&self, level: &ActiveClusters) -> f32 {
        /// One candidate in this many is measured.
        const THIN: usize = 16;
        let tau = self.tau_f32();
        let n = level.len() as f64;
        if n * n / 2.0 <= self.room as f64 {
            return tau;
        }
        let candidates = level.candidates();
        let n_strips = candidates.n_strips();
        let mut scratch = Vec::new();
        let (mut heights, mut seen, mut covered) = (Vec::new(), 0_usize, 0.0);
        for strip in [n_strips / 6, n_strips / 2] {
            covered += candidates.rows_of(strip).map(|row| n - 1.0 - row as f64).sum::<f64>();
            candidates.strip(strip, f64::from(tau), &mut scratch, |i, j| {
                seen += 1;
                if seen.is_multiple_of(THIN) {
                    heights.extend(level.height(i, j, tau));
                }
            });
        }
        let wanted = self.room as f64 * 0.75 / (n * (n - 1.0) / 2.0) * covered / THIN as f64;
        if (heights.len() as f64) <= wanted {
            return tau;
        }
        *heights.select_nth_unstable_by(wanted as usize, f32::total_cmp).1
    }

    /// All pairs of clusters within `limit`, or within less where there is no room for them.
    fn compare(&self, level: &ActiveClusters, limit: f32) -> Result<PairBuffer, Cancelled> {
        let candidates = level.candidates();
        let n = level.len();
        self.cx.stage(Stage::ComparingTracks, n as u64);
        let pairs = (n * n.saturating_sub(1) / 2).max(1) as f64;
        let mut offered = 0.0;
        let mut all = PairBuffer::new(limit, self.room);
        let strips: Vec<usize> = (0..candidates.n_strips()).collect();
        for batch in strips.chunks(BATCH) {
            let limit = all.limit();
            let found: Vec<PairBuffer> = batch
                .par_iter()
                .map(|&strip| {
                    self.cx.check()?;
                    let mut found = PairBuffer::new(limit, self.room / BATCH);
                    let mut scratch = Vec::new();
                    candidates.strip(strip, f64::from(limit), &mut scratch, |a, b| {
                        if let Some(height) = level.height(a, b, found.limit()) {
                            found.push(ClusterPair { a, b, height }, 0.5);
                        }
                    });
                    found.pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
                    self.cx.advance(candidates.rows_of(strip).len() as u64);
                    Ok(found)
                })
                .collect::<Result<_, Cancelled>>()?;
            for (&strip, found) in batch.iter().zip(found) {
                offered += candidates.rows_of(strip).map(|row| (n - 1 - row) as f64).sum::<f64>();
                all.merge(found, offered / pairs);
            }
        }
        Ok(all)
    }
}

/// All merges at one height, which has more pairs than there is room for; below it there is
/// none. Row by row, so that nothing is kept but one cluster's partners.
fn merge_ties(level: &ActiveClusters, height: f32, cx: &Cx) -> Result<Vec<Merge>, Cancelled> {
    let n = level.len() as u32;
    let mut ended = vec![false; n as usize];
    let mut merges = Vec::new();
    for a in 0..n {
        cx.check()?;
        cx.advance(1);
        if ended[a as usize] {
            continue;
        }
        let meets = |x: u32, y: u32| level.height(x.min(y), x.max(y), height).is_some();
        let mut partners: Vec<u32> =
            (a + 1..n).into_par_iter().filter(|&b| !ended[b as usize] && meets(a, b)).collect();
        while let Some(&b) = partners.first() {
            cx.check()?;
            merges.push(Merge { a, b, height });
            ended[b as usize] = true;
            partners = partners[1..].par_iter().copied().filter(|&c| meets(b, c)).collect();
        }
    }
    Ok(merges)
}
