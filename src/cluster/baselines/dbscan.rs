//! DBSCAN: rows with many neighbours make a cluster with whatever is near them.
//!
//! Ester, Kriegel, Sander, Xu: "A density-based algorithm for discovering clusters in large
//! spatial databases with noise", 1996. Own code, for it is a page on our own pairs, in
//! bounded memory; crates search with trees, which help nothing at hundreds of columns.

use std::sync::{Mutex, PoisonError};

use super::pairs::pairs_within;
use super::{found, timed};
use crate::base::{
    Cancelled, Checked, Constraints, Cx, Embeddings, ParameterField, Parameters, Partition, TrackIx,
    UnionFind, field,
};
use crate::cluster::parameters::{MIN_SAMPLES, SIMILARITY};
use crate::cluster::{
    Algorithm, ClusterError, Clustering, ConstraintHandling, MethodDescription, ParameterSweep, run_by,
};

/// Parameters of the method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DbscanParams {
    /// The cosine from which two rows are neighbours.
    pub similarity: f64,
    /// A row with at least this many neighbours, itself counted, is a core.
    pub min_samples: usize,
}

impl Default for DbscanParams {
    fn default() -> Self {
        Self { similarity: 0.5, min_samples: 2 }
    }
}

impl Parameters for DbscanParams {
    const FIELDS: &'static [ParameterField<Self>] =
        &[field!(SIMILARITY, similarity), field!(MIN_SAMPLES, min_samples)];
}

impl Algorithm for DbscanParams {
    const DESCRIPTION: MethodDescription = MethodDescription {
        id: "dbscan",
        name: "DBSCAN",
        doc: "Joins tracks in dense neighbourhoods into chains; the rest stays alone.",
        sweep: ParameterSweep {
            parameter: &SIMILARITY,
            values: &[0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70],
        },
        constraints: ConstraintHandling::Afterwards,
    };

    run_by!(dbscan);
}

/// Groups unit rows by density. Cores within the similarity share a cluster; another row
/// belongs to the nearby core whose cluster begins with the smallest row, as scikit-learn has
/// it; the rest are clusters of one. Knows no links. O(n² · dim) time, O(n · `min_samples`)
/// memory.
///
/// # Errors
/// [`ClusterError::Cancelled`].
///
/// # Examples
/// ```
/// use castlist::base::{Constraints, Cx, Parameters as _};
/// use castlist::cluster::baselines::{DbscanParams, dbscan};
/// # let rows = vec![1.0, 0.0, 0.96, 0.28, 0.0, 1.0, 0.28, 0.96];
/// # let rows = castlist::base::Embeddings::new(2, rows)?.into_unit()?;
///
/// // Four unit rows, two by two.
/// let params = DbscanParams { similarity: 0.9, min_samples: 2 }.check()?;
/// let found = dbscan(&rows, &Constraints::default(), &params, &Cx::new())?;
/// assert_eq!(found.partition.labels(), [0, 0, 1, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn dbscan(
    rows: &Embeddings,
    _links: &Constraints,
    params: &Checked<DbscanParams>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let (density, graph_secs) = timed(|| density(rows, params.similarity, params.min_samples, cx));
    let (density, n_noise) = density?;
    Ok(found(density, &[("noise", n_noise as f64)], graph_secs))
}

/// The partition, and how many rows are noise.
pub(super) fn density(
    rows: &Embeddings,
    similarity: f64,
    min_samples: usize,
    cx: &Cx,
) -> Result<(Partition, usize), Cancelled> {
    let density = Mutex::new(DbscanState::new(rows.len(), min_samples));
    pairs_within(rows, similarity, cx, |pairs| {
        density.lock().unwrap_or_else(PoisonError::into_inner).add_pairs(pairs);
    })?;
    Ok(density.into_inner().unwrap_or_else(PoisonError::into_inner).partition())
}

/// What is known after some of the pairs; whichever come first, the end is the same.
struct DbscanState {
    min_samples: u32,
    /// Neighbours so far, the row itself counted.
    counts: Vec<u32>,
    /// Cores that belong together.
    sets: UnionFind,
    /// Pairs of which one row was no core when they came: fewer than `min_samples` a row.
    waiting: Vec<(TrackIx, TrackIx)>,
}

impl DbscanState {
    fn new(n: usize, min_samples: usize) -> Self {
        let sets = UnionFind::new(n);
        Self { min_samples: min_samples as u32, counts: vec![1; n], sets, waiting: Vec::new() }
    }

    fn is_core(&self, row: TrackIx) -> bool {
        self.counts[row as usize] >= self.min_samples
    }

    fn add_pairs(&mut self, pairs: &[(TrackIx, TrackIx)]) {
        for &(i, j) in pairs {
            self.counts[i as usize] += 1;
            self.counts[j as usize] += 1;
            if self.is_core(i) && self.is_core(j) {
                self.sets.union(i, j);
            } else {
                self.waiting.push((i, j));
            }
        }
    }

    fn partition(mut self) -> (Partition, usize) {
        let n = self.counts.len() as TrackIx;
        for (i, j) in std::mem::take(&mut self.waiting).iter().copied() {
            if self.is_core(i) && self.is_core(j) {
                self.sets.union(i, j);
            } else {
                self.waiting.push((i, j));
            }
        }
        // A cluster is called by its first core, a row alone by itself.
        let mut first = vec![TrackIx::MAX; n as usize];
        let mut labels: Vec<TrackIx> = (0..n).collect();
        for row in (0..n).filter(|&row| self.counts[row as usize] >= self.min_samples) {
            let name = &mut first[self.sets.find(row) as usize];
            *name = (*name).min(row);
            labels[row as usize] = *name;
        }
        let mut is_border = vec![false; n as usize];
        for &(i, j) in &self.waiting {
            for (row, core) in [(i, j), (j, i)] {
                if self.is_core(core) && !self.is_core(row) {
                    let name = labels[core as usize];
                    let own = &mut labels[row as usize];
                    *own = if is_border[row as usize] { name.min(*own) } else { name };
                    is_border[row as usize] = true;
                }
            }
        }
        let noise = (0..n).filter(|&row| !self.is_core(row) && !is_border[row as usize]).count();
        (Partition::from_labels(&labels), noise)
    }
}
