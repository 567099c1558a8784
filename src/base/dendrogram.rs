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

/// Bytes before the merges, and of one merge.
const HEAD: usize = 12;
const MERGE: usize = 12;

/// Merges of `n` tracks in ascending order of height, complete up to `tau_max`.
///
/// # Examples
/// ```
/// use castlist::base::{Dendrogram, Merge};
///
/// // Tracks 0 and 1 merge at 0.2, and track 2 joins them at 0.9.
/// let merges = vec![Merge { a: 0, b: 1, height: 0.2 }, Merge { a: 0, b: 2, height: 0.9 }];
/// let tree = Dendrogram::new(3, 1.0, merges).expect("heights rise");
/// assert_eq!(tree.cut(0.5).clusters(), [vec![0, 1], vec![2]]);
/// assert_eq!(tree.n_clusters(0.9), 1);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dendrogram {
    n: usize,
    tau_max: f64,
    merges: Vec<Merge>,
}

impl Dendrogram {
    /// A dendrogram over `n` tracks whose merges are all there up to `tau_max`.
    ///
    /// `None` where the merges contradict each other: heights that fall or lie above `tau_max`,
    /// a cluster that ended before, an index out of range.
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
        if tau_max.is_nan() || f64::from(last) > tau_max {
            return None;
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

    /// The dendrogram as bytes, little-endian: number of tracks (u32), largest τ (f64), and twelve
    /// bytes a merge (u32, u32, f32).
    ///
    /// # Examples
    /// ```
    /// use castlist::base::{Dendrogram, Merge};
    ///
    /// // Store a dendrogram, and read it back for the same three tracks.
    /// let tree = Dendrogram::new(3, 1.0, vec![Merge { a: 0, b: 1, height: 0.5 }]).expect("one merge");
    /// let bytes = tree.to_bytes();
    /// assert_eq!(Dendrogram::from_bytes(&bytes, 3), Some(tree));
    /// assert_eq!(Dendrogram::from_bytes(&bytes, 4), None);
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + MERGE * self.merges.len());
        bytes.extend((self.n as u32).to_le_bytes());
        bytes.extend(self.tau_max.to_le_bytes());
        for merge in &self.merges {
            bytes.extend(merge.a.to_le_bytes());
            bytes.extend(merge.b.to_le_bytes());
            bytes.extend(merge.height.to_le_bytes());
        }
        bytes
    }

    /// What [`Self::to_bytes`] gave; `None` for anything that is no dendrogram over `n` tracks.
    #[must_use]
    pub fn from_bytes(bytes: &[u8], n: usize) -> Option<Self> {
        let (found, rest) = bytes.split_first_chunk::<4>()?;
        let (tau_max, rest) = rest.split_first_chunk::<8>()?;
        let (merges, []) = rest.as_chunks::<MERGE>() else { return None };
        let word = |bytes: &[u8; MERGE], at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        let merge = |bytes: &[u8; MERGE]| Merge {
            a: u32::from_le_bytes(word(bytes, 0)),
            b: u32::from_le_bytes(word(bytes, 4)),
            height: f32::from_le_bytes(word(bytes, 8)),
        };
        if u32::from_le_bytes(*found) as usize != n {
            return None;
        }
        Self::new(n, f64::from_le_bytes(*tau_max), merges.iter().map(merge).collect())
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
        self.n - self.n_merges_at(tau)
    }

    /// The clusters at `tau`, the same as a run at that threshold gives; beyond
    /// [`Self::tau_max`] nothing more merges. O(n).
    #[must_use]
    pub fn cut(&self, tau: f64) -> Partition {
        let mut parents: Vec<TrackIx> = (0..self.n as TrackIx).collect();
        for merge in &self.merges[..self.n_merges_at(tau)] {
            parents[merge.b as usize] = merge.a;
        }
        Partition::from_parents(&parents)
    }

    /// How many merges are done at `tau`. O(log n).
    #[must_use]
    pub fn n_merges_at(&self, tau: f64) -> usize {
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
    fn bytes_come_back_and_anything_else_is_refused() {
        let merges = vec![merge(2, 4, f32::NEG_INFINITY), merge(0, 3, 0.5), merge(0, 2, 1.0)];
        let tree = Dendrogram::new(5, 2.0, merges).unwrap();
        let bytes = tree.to_bytes();
        assert_eq!(Dendrogram::from_bytes(&bytes, 5), Some(tree));
        for cut in [0, 3, 11, bytes.len() - 1] {
            assert_eq!(Dendrogram::from_bytes(&bytes[..cut], 5), None, "{cut} bytes");
        }
        for at in [0, 11, 12, 16, 26] {
            let mut torn = bytes.clone();
            torn[at] ^= 0xff;
            assert_eq!(Dendrogram::from_bytes(&torn, 5), None, "byte {at}");
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
            vec![merge(0, 1, 2.5)],
        ] {
            assert_eq!(Dendrogram::new(3, 2.0, merges), None);
        }
    }
}
