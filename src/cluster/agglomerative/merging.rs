//! One stage's merges, from the list of all pairs of clusters within its threshold.
//!
//! Two clusters may merge at ≤ τ only where *all* their cross pairs are within τ. So the
//! possible partners of a merged cluster are those that both parts share, at the larger
//! height, and nothing beyond the pairs within τ is ever needed. A heap holds one lower bound
//! a cluster; heights only grow, so an entry that turns out stale is looked up again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::base::{Cancelled, Cx, Merge, equal_by_order};

/// A pair of clusters, `a < b`, with its height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ClusterPair {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) height: f32,
}

/// A partner that is none any more; compaction removes it.
const GONE: f32 = f32::INFINITY;

/// All merges that the pairs allow, by (height, smaller, larger); clusters are `0..n`.
///
/// `pairs` is ascending by (a, b) and holds every pair up to some height and none above.
pub(super) fn merge_all(n: usize, pairs: Vec<ClusterPair>, cx: &Cx) -> Result<Vec<Merge>, Cancelled> {
    let mut state = MergeState::new(n, pairs);
    for cluster in 0..n as u32 {
        state.push_best(cluster);
    }
    while let Some((a, b, height)) = state.next_merge() {
        cx.check()?;
        cx.advance(1);
        state.merge(a, b, height);
        state.push_best(a);
    }
    Ok(state.merges)
}

/// Heights are never NaN, so their order is total.
#[derive(Debug, Clone, Copy)]
struct Height(f32);
equal_by_order!(Height);
impl Ord for Height {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

struct MergeState {
    /// Partners of each active cluster, ascending; empty for ended ones.
    partners: Vec<Vec<(u32, f32)>>,
    /// How many partners of each list are gone.
    gone: Vec<u32>,
    heap: BinaryHeap<Reverse<(Height, u32, u32)>>,
    merges: Vec<Merge>,
    alive: Vec<bool>,
}

impl MergeState {
    fn new(n: usize, pairs: Vec<ClusterPair>) -> Self {
        let mut degrees = vec![0; n];
        for pair in &pairs {
            degrees[pair.a as usize] += 1;
            degrees[pair.b as usize] += 1;
        }
        let mut partners: Vec<Vec<_>> = degrees.into_iter().map(Vec::with_capacity).collect();
        // Ascending by (a, b): a cluster first meets its smaller partners, then its larger ones.
        for pair in pairs {
            partners[pair.a as usize].push((pair.b, pair.height));
            partners[pair.b as usize].push((pair.a, pair.height));
        }
        Self {
            partners,
            gone: vec![0; n],
            heap: BinaryHeap::with_capacity(n),
            merges: Vec::new(),
            alive: vec![true; n],
        }
    }

    /// Puts the cluster's best partner of a larger index on the heap.
    fn push_best(&mut self, a: u32) {
        let list = &self.partners[a as usize];
        let larger = list.partition_point(|&(b, _)| b <= a);
        let best = list[larger..]
            .iter()
            .filter(|&&(_, height)| height < GONE)
            .min_by(|x, y| x.1.total_cmp(&y.1).then(x.0.cmp(&y.0)));
        if let Some(&(b, height)) = best {
            self.heap.push(Reverse((Height(height), a, b)));
        }
    }

    /// The next merge: smallest height, then smaller index, then larger index.
    fn next_merge(&mut self) -> Option<(u32, u32, f32)> {
        while let Some(Reverse((Height(height), a, b))) = self.heap.pop() {
            if !self.alive[a as usize] {
                continue;
            }
            if self.height(a, b) == Some(height) {
                return Some((a, b, height));
            }
            self.push_best(a);
        }
        None
    }

    fn height(&self, a: u32, b: u32) -> Option<f32> {
        let list = &self.partners[a as usize];
        let at = list.binary_search_by_key(&b, |&(other, _)| other).ok()?;
        Some(list[at].1).filter(|&height| height < GONE)
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
