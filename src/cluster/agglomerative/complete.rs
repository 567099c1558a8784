//! Exact complete linkage on a radius graph.
//!
//! Two clusters may merge at ≤ τ only where *all* their cross pairs are within τ. So a
//! cluster's list of possible partners is the intersection of its parts' lists, with the
//! larger height, and nothing beyond the radius graph is ever needed. A heap holds one lower
//! bound a cluster; heights only grow, so an entry that turns out stale is looked up anew.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::base::{Cancelled, Constraints, Cx, LinkKind, Partition, UnionFind};
use crate::graph::RadiusGraph;

/// One merge; clusters are named by their smallest track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// The cluster with the smaller index; it keeps its name.
    pub a: u32,
    /// The cluster with the larger index, which ends.
    pub b: u32,
    /// Largest squared distance between a track of one and a track of the other; −∞ for a
    /// must-link.
    pub height: f32,
}

/// The merges in order, and the clusters they lead to.
#[derive(Debug, Clone, PartialEq)]
pub struct Linkage {
    /// Merges, by (height, smaller index, larger index).
    pub merges: Vec<Merge>,
    /// The clusters after all of them.
    pub partition: Partition,
}

/// A partner that is none any more; compaction removes it.
const GONE: f32 = f32::INFINITY;

/// Complete linkage of everything within the graph's radius, heights ascending, ties by
/// (smaller index, larger index).
///
/// Cannot-links are at distance +∞. Must-links are contracted first. Deterministic; memory
/// in the graph's edges, time O(Σ over merges of the partners' list lengths · log).
///
/// # Errors
/// [`Cancelled`], checked between merges.
pub fn complete_linkage(
    graph: &RadiusGraph,
    constraints: &Constraints,
    cx: &Cx,
) -> Result<Linkage, Cancelled> {
    let mut state = State::new(graph, constraints);
    cx.stage("Grouping tracks", graph.len() as u64);
    for link in constraints.all().iter().filter(|link| link.kind == LinkKind::Must) {
        state.contract(link.a, link.b);
    }
    for cluster in 0..graph.len() as u32 {
        state.offer(cluster);
    }
    while let Some((a, b, height)) = state.next() {
        cx.check()?;
        cx.advance(1);
        state.merge(a, b, height);
        state.offer(a);
    }
    let roots: Vec<u32> = (0..graph.len() as u32).map(|track| state.sets.find(track)).collect();
    Ok(Linkage { merges: state.merges, partition: Partition::from_labels(&roots) })
}

/// Heights are never NaN, so their order is total.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Height(f32);
impl Eq for Height {}
impl PartialOrd for Height {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Height {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

struct State {
    /// Partners of each living cluster, ascending; empty for dead ones.
    partners: Vec<Vec<(u32, f32)>>,
    /// How many partners of each list are gone.
    gone: Vec<u32>,
    heap: BinaryHeap<Reverse<(Height, u32, u32)>>,
    merges: Vec<Merge>,
    sets: UnionFind,
    alive: Vec<bool>,
}

impl State {
    fn new(graph: &RadiusGraph, constraints: &Constraints) -> Self {
        let n = graph.len();
        let mut partners: Vec<Vec<(u32, f32)>> =
            (0..n as u32).map(|i| graph.neighbours(i).to_vec()).collect();
        for (a, b) in constraints.cannot() {
            for (x, y) in [(a, b), (b, a)] {
                partners[x as usize].retain(|&(other, _)| other != y);
            }
        }
        Self {
            partners,
            gone: vec![0; n],
            heap: BinaryHeap::with_capacity(n),
            merges: Vec::new(),
            sets: UnionFind::new(n),
            alive: vec![true; n],
        }
    }

    /// Puts the cluster's best partner of a larger index on the heap.
    fn offer(&mut self, a: u32) {
        let best = self.partners[a as usize]
            .iter()
            .filter(|&&(b, height)| b > a && height < GONE)
            .min_by(|x, y| x.1.total_cmp(&y.1).then(x.0.cmp(&y.0)));
        if let Some(&(b, height)) = best {
            self.heap.push(Reverse((Height(height), a, b)));
        }
    }

    /// The next merge: smallest height, then smaller index, then larger index.
    fn next(&mut self) -> Option<(u32, u32, f32)> {
        while let Some(Reverse((Height(height), a, b))) = self.heap.pop() {
            if !self.alive[a as usize] {
                continue;
            }
            if self.height(a, b) == Some(height) {
                return Some((a, b, height));
            }
            self.offer(a);
        }
        None
    }

    fn height(&self, a: u32, b: u32) -> Option<f32> {
        let list = &self.partners[a as usize];
        let at = list.binary_search_by_key(&b, |&(other, _)| other).ok()?;
        Some(list[at].1).filter(|&height| height < GONE)
    }

    /// Joins two tracks' clusters before all heights.
    fn contract(&mut self, a: u32, b: u32) {
        let name = |state: &mut Self, track: u32| {
            let root = state.sets.find(track);
            (0..=track).find(|&t| state.alive[t as usize] && state.sets.find(t) == root).unwrap_or(track)
        };
        let (a, b) = (name(self, a), name(self, b));
        if a != b {
            self.merge(a.min(b), a.max(b), f32::NEG_INFINITY);
        }
    }

    /// Merges `b` into `a < b`: common partners stay at the larger height.
    fn merge(&mut self, a: u32, b: u32, height: f32) {
        let of_a = std::mem::take(&mut self.partners[a as usize]);
        let of_b = std::mem::take(&mut self.partners[b as usize]);
        let mut merged = Vec::with_capacity(of_a.len().min(of_b.len()));
        let (mut i, mut j) = (0, 0);
        while i < of_a.len() || j < of_b.len() {
            let next_a = of_a.get(i).map_or(u32::MAX, |p| p.0);
            let next_b = of_b.get(j).map_or(u32::MAX, |p| p.0);
            let other = next_a.min(next_b);
            let height_a = if next_a == other { of_a[i].1 } else { GONE };
            let height_b = if next_b == other { of_b[j].1 } else { GONE };
            i += usize::from(next_a == other);
            j += usize::from(next_b == other);
            if other == a || other == b {
                continue;
            }
            let common = height_a.max(height_b);
            if height_a < GONE {
                self.update(other, a, common);
            }
            if height_b < GONE {
                self.update(other, b, GONE);
            }
            if common < GONE {
                merged.push((other, common));
            }
        }
        self.partners[a as usize] = merged;
        self.gone[a as usize] = 0;
        self.alive[b as usize] = false;
        self.sets.union(a, b);
        self.merges.push(Merge { a, b, height });
    }

    fn update(&mut self, cluster: u32, partner: u32, height: f32) {
        let list = &mut self.partners[cluster as usize];
        let Ok(at) = list.binary_search_by_key(&partner, |&(other, _)| other) else { return };
        list[at].1 = height;
        if height == GONE {
            let gone = &mut self.gone[cluster as usize];
            *gone += 1;
            if *gone as usize * 2 > list.len() {
                list.retain(|&(_, height)| height < GONE);
                *gone = 0;
            }
        }
    }
}
