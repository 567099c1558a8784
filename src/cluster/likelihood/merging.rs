//! Agglomeration by likelihood: the most likely pair of groups merges first.
//!
//! Takes unit rows, constraints and what was measured of the folder; gives a dendrogram whose
//! heights are one minus the probability at which groups merged, so that a cut at height h does all
//! merges that were at least 1 − h sure. A group is the mean of its rows, and the mean cosine
//! between two groups is the product of their means. Each group is held against a list of near
//! ones; where the lists do not name all clusters, they are made again between stages of falling
//! certainty.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::same_person::{SamePersonModel, TrackGroup, probability};
use crate::base::product::dot;
use crate::base::{
    Cancelled, ConstraintKind, Constraints, Cx, Dendrogram, Embeddings, Merge, Stage, TrackIx, equal_by_order,
};
use crate::cluster::timed;
use crate::graph::{Neighbours, nearest};

/// Up to this many groups, each is compared with all others, …
const ALL: usize = 1_024;
/// … and beyond, with this many nearest ones.
const NEAR: usize = 48;
/// A list that grew beyond twice this is cut down to it.
const KEPT: usize = 256;
/// The probabilities down to which groups merge before near ones are looked for again.
const STAGES: [f64; 3] = [0.9, 0.5, 0.2];
/// Below this probability no clustering merges.
pub(super) const LEAST: f64 = 0.02;

/// All merges, and the seconds (elapsed, CPU) spent on finding neighbours.
pub(super) struct LinkageResult {
    pub(super) dendrogram: Dendrogram,
    pub(super) graph_secs: (f64, f64),
    /// How often near groups were looked for.
    pub(super) n_searches: usize,
}

/// Merges unit rows down to the probability `least`, 0 for all merges that the links allow;
/// must-linked rows are one group from the start, and groups that a cannot-link parts never merge.
///
/// The same bytes for any number of threads. O(n² · dim) for the neighbours; memory is that of the
/// rows, once more for the means, and of some hundred numbers per row.
pub(super) fn merge_rows(
    rows: &Embeddings,
    links: &Constraints,
    same_person: SamePersonModel,
    least: f64,
    cx: &Cx,
) -> Result<LinkageResult, Cancelled> {
    let n = rows.len();
    let mut graph_secs = (0.0, 0.0);
    let mut search = |rows: &Embeddings| {
        let (lists, secs) = timed(|| nearest(rows, n_near(rows.len()), cx));
        graph_secs = (graph_secs.0 + secs.0, graph_secs.1 + secs.1);
        lists
    };
    let lists = search(rows)?;
    let mut merging = LikelihoodLinkage::new(rows, links, &lists, same_person);
    drop(lists);
    cx.stage(Stage::GroupingTracks, n as u64);
    let mut n_searches = 1;
    // Where the lists name all clusters, nothing is gained by stages.
    let first = if merging.is_whole { STAGES.len() } else { 0 };
    for stage in STAGES[first..].iter().copied().filter(|stage| *stage > least).chain([least]) {
        loop {
            let before = merging.merges.len();
            merging.run(stage, cx)?;
            let is_done = merging.merges.len() == before;
            if merging.is_whole || (is_done && stage <= least) {
                break;
            }
            let (names, means) = merging.active_clusters();
            merging.merge_lists(&names, &search(&means)?);
            n_searches += 1;
            if is_done {
                break;
            }
        }
    }
    let dendrogram = Dendrogram::from_ordered(n, 1.0 - least, merging.merges);
    Ok(LinkageResult { dendrogram, graph_secs, n_searches })
}

/// Whether each of `n` groups is compared with all others.
fn is_whole(n: usize) -> bool {
    n <= ALL + 1
}

/// Number of nearest groups that are searched for among `n`.
fn n_near(n: usize) -> usize {
    if is_whole(n) { n.saturating_sub(1) } else { NEAR }
}

struct Cluster {
    /// None once it has ended.
    group: Option<TrackGroup>,
    /// How often it has merged.
    stamp: u32,
    /// Near clusters, by names that they have or had.
    near: Vec<TrackIx>,
    /// Clusters that it may not merge with, likewise.
    apart: Vec<TrackIx>,
}

/// A merge that may come next: the most likely first, then by the smaller and the larger name.
#[derive(Clone, Copy)]
struct NextMerge {
    log_odds: f64,
    own: (TrackIx, u32),
    other: (TrackIx, u32),
}

impl NextMerge {
    fn names(&self) -> (TrackIx, TrackIx) {
        (self.own.0.min(self.other.0), self.own.0.max(self.other.0))
    }
}

impl Ord for NextMerge {
    fn cmp(&self, other: &Self) -> Ordering {
        let likelier = self.log_odds.total_cmp(&other.log_odds);
        likelier.then_with(|| Reverse((self.names(), self.own)).cmp(&Reverse((other.names(), other.own))))
    }
}

equal_by_order!(NextMerge);

struct LikelihoodLinkage {
    dim: usize,
    /// Whether the lists name all clusters.
    is_whole: bool,
    means: Vec<f32>,
    clusters: Vec<Cluster>,
    parents: Vec<TrackIx>,
    next: BinaryHeap<NextMerge>,
    merges: Vec<Merge>,
    /// The lowest log-odds of a merge so far: what merges later is no surer.
    lowest: f64,
    same_person: SamePersonModel,
}

impl LikelihoodLinkage {
    fn new(rows: &Embeddings, links: &Constraints, lists: &Neighbours, same_person: SamePersonModel) -> Self {
        let n = rows.len() as TrackIx;
        let mut apart: Vec<Vec<TrackIx>> = vec![Vec::new(); n as usize];
        for (a, b) in links.cannot() {
            apart[a as usize].push(b);
            apart[b as usize].push(a);
        }
        let of = |row: TrackIx| if lists.k() == 0 { &[][..] } else { lists.of(row) };
        let clusters = (0..n).zip(apart).map(|(row, apart)| Cluster {
            group: Some(TrackGroup::ONE),
            stamp: 0,
            near: of(row).iter().map(|near| near.0).collect(),
            apart,
        });
        let mut merging = Self {
            dim: rows.dim(),
            is_whole: is_whole(rows.len()),
            means: rows.as_slice().to_vec(),
            clusters: clusters.collect(),
            parents: (0..n).collect(),
            next: BinaryHeap::new(),
            merges: Vec::new(),
            lowest: f64::INFINITY,
            same_person,
        };
        for link in links.all().iter().filter(|link| link.kind == ConstraintKind::Must) {
            let (a, b) = (merging.name(link.a), merging.name(link.b));
            if a != b {
                merging.join(a.min(b), a.max(b), f32::NEG_INFINITY);
            }
        }
        merging.plan_all();
        merging
    }

    /// Plans the next merge of every active cluster.
    fn plan_all(&mut self) {
        self.next.clear();
        for own in 0..self.clusters.len() as TrackIx {
            self.update_names(own);
        }
        let this = &*self;
        let steps: Vec<Option<NextMerge>> =
            (0..self.clusters.len() as TrackIx).into_par_iter().map(|own| this.best(own)).collect();
        self.next.extend(steps.into_iter().flatten());
    }

    /// Does all merges of at least that probability.
    fn run(&mut self, least: f64, cx: &Cx) -> Result<(), Cancelled> {
        let least = (least / (1.0 - least)).ln();
        while let Some(&step) = self.next.peek() {
            if step.log_odds < least {
                break;
            }
            self.next.pop();
            cx.check()?;
            if !self.is_current(step.own) {
                continue;
            }
            if self.is_current(step.other) {
                self.lowest = self.lowest.min(step.log_odds);
                let (a, b) = step.names();
                self.join(a, b, (1.0 - probability(self.lowest)) as f32);
                self.plan(a);
                cx.advance(1);
            } else {
                self.plan(step.own.0);
            }
        }
        Ok(())
    }

    /// Whether a cluster is what it was.
    fn is_current(&self, (cluster, stamp): (TrackIx, u32)) -> bool {
        let cluster = &self.clusters[cluster as usize];
        cluster.group.is_some() && cluster.stamp == stamp
    }

    fn mean(&self, cluster: TrackIx) -> &[f32] {
        &self.means[cluster as usize * self.dim..(cluster as usize + 1) * self.dim]
    }

    fn name(&mut self, mut row: TrackIx) -> TrackIx {
        while self.parents[row as usize] != row {
            let up = self.parents[self.parents[row as usize] as usize];
            self.parents[row as usize] = up;
            row = up;
        }
        row
    }

    fn plan(&mut self, own: TrackIx) {
        self.update_names(own);
        self.next.extend(self.best(own));
    }

    /// Brings the names in a cluster's lists up to date.
    fn update_names(&mut self, own: TrackIx) {
        if self.clusters[own as usize].group.is_none() {
            return;
        }
        let cluster = &mut self.clusters[own as usize];
        let mut lists = [std::mem::take(&mut cluster.near), std::mem::take(&mut cluster.apart)];
        for list in &mut lists {
            for name in list.iter_mut() {
                *name = self.name(*name);
            }
            list.sort_unstable();
            list.dedup();
        }
        let [mut near, apart] = lists;
        near.retain(|other| *other != own && apart.binary_search(other).is_err());
        if near.len() > 2 * KEPT && !self.is_whole {
            let similarity = |other: &TrackIx| dot(self.mean(own), self.mean(*other));
            let mut found: Vec<(f32, TrackIx)> =
                near.iter().map(|other| (similarity(other), *other)).collect();
            found.select_nth_unstable_by(KEPT, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            found.truncate(KEPT);
            near = found.into_iter().map(|(_, other)| other).collect();
        }
        let cluster = &mut self.clusters[own as usize];
        (cluster.near, cluster.apart) = (near, apart);
    }

    /// The most likely merge of a cluster with one of its list; none where that is empty.
    fn best(&self, own: TrackIx) -> Option<NextMerge> {
        let cluster = &self.clusters[own as usize];
        let group = cluster.group?;
        let steps = cluster.near.iter().filter_map(|&other| {
            let them = &self.clusters[other as usize];
            let between = f64::from(dot(self.mean(own.min(other)), self.mean(own.max(other))));
            let log_odds = self.same_person.log_odds(between, group, them.group?);
            Some(NextMerge { log_odds, own: (own, cluster.stamp), other: (other, them.stamp) })
        });
        steps.max()
    }

    /// Makes one cluster of two, under the smaller name.
    fn join(&mut self, a: TrackIx, b: TrackIx, height: f32) {
        let size = |cluster: &Cluster| cluster.group.map_or(0, |group| group.n_tracks);
        let (of_a, of_b) = (size(&self.clusters[a as usize]), size(&self.clusters[b as usize]));
        let share = f64::from(of_b) / f64::from(of_a + of_b);
        let (before, after) = self.means.split_at_mut(b as usize * self.dim);
        let start = a as usize * self.dim;
        for (x, y) in before[start..start + self.dim].iter_mut().zip(after) {
            *x = (f64::from(*x) + (f64::from(*y) - f64::from(*x)) * share) as f32;
        }
        self.parents[b as usize] = a;
        let ended = &mut self.clusters[b as usize];
        ended.group = None;
        let (near, apart) = (std::mem::take(&mut ended.near), std::mem::take(&mut ended.apart));
        let group = TrackGroup::of(of_a + of_b, self.mean(a));
        let cluster = &mut self.clusters[a as usize];
        cluster.group = Some(group);
        cluster.stamp += 1;
        cluster.near.extend(near);
        cluster.apart.extend(apart);
        self.merges.push(Merge { a, b, height });
    }

    /// The active clusters, by name, and their means.
    fn active_clusters(&self) -> (Vec<TrackIx>, Embeddings) {
        let lives = |name: &TrackIx| self.clusters[*name as usize].group.is_some();
        let names: Vec<TrackIx> = (0..self.clusters.len() as TrackIx).filter(lives).collect();
        let means: Vec<f32> = names.iter().flat_map(|&name| self.mean(name)).copied().collect();
        (names, Embeddings::new(self.dim, means).unwrap_or_default())
    }

    /// Adds new lists of near clusters to those that are there.
    fn merge_lists(&mut self, names: &[TrackIx], lists: &Neighbours) {
        self.is_whole = is_whole(names.len());
        for (&name, at) in names.iter().zip(0..) {
            let near = if lists.k() == 0 { &[][..] } else { lists.of(at) };
            let near = near.iter().map(|&(other, _)| names[other as usize]);
            self.clusters[name as usize].near.extend(near);
        }
        self.plan_all();
    }
}
