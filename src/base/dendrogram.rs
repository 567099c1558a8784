//! The merges of a hierarchical clustering, kept so that any radius is one cut away.

use serde::{Deserialize, Serialize};

use super::{Partition, TrackIx};

/// One merge; clusters are named by their smallest track.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Merge {
    /// The cluster with the smaller index; it keeps its name.
    pub a: TrackIx,
    /// The cluster with the larger index, which ends.
    pub b: TrackIx,
    /// Largest squared distance between a track of one and a track of the other; −∞ for a
    /// must-link.
    pub height: f32,
}

/// Merges of `n` tracks in ascending order of height, complete up to `tau_max`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dendrogram {
    n: usize,
    tau_max: f64,
    merges: Vec<Merge>,
}

impl Dendrogram {
    /// A dendrogram over `n` tracks whose merges are all there up to `tau_max`.
    ///
    /// `None` where the merges contradict each other: heights that fall, a cluster that ended
    /// before, an index out of range.
    #[must_use]
    pub fn new(n: usize, tau_max: f64, merges: Vec<Merge>) -> Option<Self> {
        let mut ended = vec![false; n];
        let mut last = f32::NEG_INFINITY;
        for merge in &merges {
            let (a, b) = (merge.a as usize, merge.b as usize);
            if a >= b || b >= n || ended[a] || ended[b] || merge.height.is_nan() || merge.height < last {
                return None;
            }
            ended[b] = true;
            last = merge.height;
        }
        Some(Self { n, tau_max, merges })
    }

    /// [`Self::new`] for merges that an algorithm made in order.
    ///
    /// # Panics
    /// In debug builds, where the merges contradict each other.
    #[must_use]
    pub fn from_ordered(n: usize, tau_max: f64, merges: Vec<Merge>) -> Self {
        debug_assert!(Self::new(n, tau_max, merges.clone()).is_some(), "merges in order");
        Self { n, tau_max, merges }
    }

    /// Number of tracks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there is no track.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// The largest threshold that can be cut at.
    #[must_use]
    pub fn tau_max(&self) -> f64 {
        self.tau_max
    }

    /// The merges, by (height, smaller index, larger index).
    #[must_use]
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// How many clusters a cut at `tau` has: all merges up to and at it are done. O(log n).
    #[must_use]
    pub fn n_clusters(&self, tau: f64) -> usize {
        self.n - self.done(tau)
    }

    /// The clusters at `tau`, the same as a run at that threshold gives; beyond
    /// [`Self::tau_max`] nothing more merges. O(n).
    #[must_use]
    pub fn cut(&self, tau: f64) -> Partition {
        let mut parents: Vec<TrackIx> = (0..self.n as TrackIx).collect();
        for merge in &self.merges[..self.done(tau)] {
            parents[merge.b as usize] = merge.a;
        }
        Partition::from_parents(&parents)
    }

    fn done(&self, tau: f64) -> usize {
        self.merges.partition_point(|merge| f64::from(merge.height) <= tau)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(a: u32, b: u32, height: f32) -> Merge {
        Merge { a, b, height }
    }

    #[test]
    fn a_cut_does_every_merge_up_to_and_at_it() {
        let merges = vec![merge(2, 4, f32::NEG_INFINITY), merge(0, 3, 0.5), merge(0, 2, 1.0)];
        let tree = Dendrogram::new(5, 2.0, merges).unwrap();
        let labels = |tau| tree.cut(tau).labels().to_vec();
        assert_eq!(labels(0.0), [0, 1, 2, 3, 2]);
        assert_eq!(labels(0.5), [0, 1, 2, 0, 2]);
        assert_eq!(labels(1.0), [0, 1, 0, 0, 0]);
        for tau in [0.0, 0.49, 0.5, 1.0, 9.0] {
            assert_eq!(tree.n_clusters(tau), tree.cut(tau).n_clusters(), "at {tau}");
        }
    }

    #[test]
    fn contradictions_are_no_dendrogram() {
        for merges in [
            vec![merge(1, 1, 0.0)],
            vec![merge(0, 7, 0.0)],
            vec![merge(0, 1, 1.0), merge(0, 2, 0.5)],
            vec![merge(0, 1, 1.0), merge(1, 2, 1.5)],
            vec![merge(0, 1, f32::NAN)],
        ] {
            assert_eq!(Dendrogram::new(3, 2.0, merges), None);
        }
    }
}
