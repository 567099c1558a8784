//! The sparse contingency table of two groupings, as exact integers.
//!
//! Takes two lists of labels of equal length; gives the table's occupied cells and, for each
//! identity and each cluster, its size and sums. O(n log n) time, O(n) memory. It never computes
//! a score, never holds an empty cell and never meets a floating-point number.

/// One occupied cell: `n` tracks are of one identity (of `identity` tracks in all) and in one
/// cluster (of `cluster` tracks in all); `0 < n <= min(identity, cluster)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// Tracks in both.
    pub n: u64,
    /// Tracks of the identity.
    pub identity: u64,
    /// Tracks in the cluster.
    pub cluster: u64,
}

/// One identity or one cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Margin {
    /// Its tracks, at least 1.
    pub size: u64,
    /// Sum of the squares of its cells; `size²` where it is whole.
    pub squares: u128,
    /// Its largest cell.
    pub largest: u64,
}

/// The occupied cells and both margins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Contingency {
    /// Number of tracks.
    pub n_tracks: u64,
    /// The cells, by cluster label, then identity label.
    pub cells: Vec<Cell>,
    /// The identities, by label.
    pub identities: Vec<Margin>,
    /// The clusters, by label.
    pub clusters: Vec<Margin>,
}

impl Contingency {
    /// Counts the pairs `(truth[i], clusters[i])`; the slices have equal lengths.
    pub(super) fn new(truth: &[u32], clusters: &[u32]) -> Self {
        let mut keys: Vec<u64> =
            truth.iter().zip(clusters).map(|(&t, &c)| u64::from(t) << 32 | u64::from(c)).collect();
        keys.sort_unstable();
        let mut cells: Vec<(u64, Cell)> = keys
            .chunk_by(|a, b| a == b)
            .map(|run| (run[0], Cell { n: run.len() as u64, identity: 0, cluster: 0 }))
            .collect();
        let identities = margin(&mut cells, |cell, size| cell.identity = size);
        // The same cells with the cluster in the upper half of the key: its runs are clusters.
        for (key, _) in &mut cells {
            *key = key.rotate_left(32);
        }
        cells.sort_unstable_by_key(|&(key, _)| key);
        let clusters = margin(&mut cells, |cell, size| cell.cluster = size);
        let cells = cells.into_iter().map(|(_, cell)| cell).collect();
        Self { n_tracks: keys.len() as u64, cells, identities, clusters }
    }
}

/// Sums up the runs of cells whose keys share the upper half, and tells each cell its run's size.
fn margin(cells: &mut [(u64, Cell)], set_size: impl Fn(&mut Cell, u64)) -> Vec<Margin> {
    cells
        .chunk_by_mut(|a, b| a.0 >> 32 == b.0 >> 32)
        .map(|run| {
            let mut group = Margin { size: 0, squares: 0, largest: 0 };
            for (_, cell) in run.iter() {
                group.size += cell.n;
                group.squares += u128::from(cell.n) * u128::from(cell.n);
                group.largest = group.largest.max(cell.n);
            }
            for (_, cell) in run {
                set_size(cell, group.size);
            }
            group
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_cells_and_margins() {
        let table = Contingency::new(&[9, 9, 9, 4], &[1, 0, 1, 1]);
        let cell = |n, identity, cluster| Cell { n, identity, cluster };
        let group = |size, squares, largest| Margin { size, squares, largest };
        assert_eq!(table.cells, [cell(1, 3, 1), cell(1, 1, 3), cell(2, 3, 3)]);
        assert_eq!(table.identities, [group(1, 1, 1), group(3, 5, 2)]);
        assert_eq!(table.clusters, [group(1, 1, 1), group(3, 5, 2)]);
        assert_eq!(table.n_tracks, 4);
    }

    #[test]
    fn nothing_is_an_empty_table() {
        assert_eq!(Contingency::new(&[], &[]), Contingency::default());
    }
}
