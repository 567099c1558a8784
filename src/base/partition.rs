//! A grouping of tracks into clusters.

use super::TrackIx;

/// Which cluster each track belongs to; clusters are numbered `0..n_clusters` by their first
/// track, so that equal groupings are equal values.
///
/// # Examples
/// ```
/// use castlist::base::Partition;
///
/// // Labels of any kind become clusters 0, 1, … in the order of their first track.
/// let people = Partition::from_labels(&["bea", "ada", "bea"]);
/// assert_eq!(people.labels(), [0, 1, 0]);
/// assert_eq!(people.clusters(), [vec![0, 2], vec![1]]);
///
/// // So two groupings are equal where they group alike.
/// assert_eq!(people, Partition::from_labels(&[7, 3, 7]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Partition {
    labels: Vec<u32>,
    n_clusters: usize,
}

impl Partition {
    /// Renumbers arbitrary labels by first occurrence. O(n log n).
    #[must_use]
    pub fn from_labels<L: Ord + Copy>(labels: &[L]) -> Self {
        let mut seen = std::collections::BTreeMap::new();
        let labels = labels
            .iter()
            .map(|label| {
                let next = seen.len() as u32;
                *seen.entry(*label).or_insert(next)
            })
            .collect();
        Self { labels, n_clusters: seen.len() }
    }

    /// The trees of a forest in which no parent stands after its child, and a root is its own
    /// parent. O(n).
    ///
    /// # Panics
    /// Where a parent has a larger index than its child.
    #[must_use]
    pub fn from_parents(parents: &[TrackIx]) -> Self {
        let mut labels: Vec<u32> = Vec::with_capacity(parents.len());
        let mut n_clusters = 0;
        for (track, &parent) in parents.iter().enumerate() {
            if parent as usize == track {
                labels.push(n_clusters);
                n_clusters += 1;
            } else {
                labels.push(labels[parent as usize]);
            }
        }
        Self { labels, n_clusters: n_clusters as usize }
    }

    /// The cluster of each track.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Number of clusters.
    #[must_use]
    pub fn n_clusters(&self) -> usize {
        self.n_clusters
    }

    /// The tracks of each cluster, both in ascending order.
    #[must_use]
    pub fn clusters(&self) -> Vec<Vec<TrackIx>> {
        let mut clusters = vec![Vec::new(); self.n_clusters];
        for (track, &label) in self.labels.iter().enumerate() {
            clusters[label as usize].push(track as TrackIx);
        }
        clusters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_groupings_are_equal() {
        let a = Partition::from_labels(&[7, 7, 3, 9]);
        assert_eq!(a, Partition::from_labels(&['x', 'x', 'b', 'a']));
        assert_eq!(a.labels(), [0, 0, 1, 2]);
        assert_eq!(a.clusters(), [vec![0, 1], vec![2], vec![3]]);
    }
}
