//! How good a clustering is, where the truth is known.
//!
//! Takes the identity and the cluster of every track; gives [`Scores`]: NMI, `BCubed`, pairwise,
//! WCP, counts, FI, ARI and the clicks that correcting it would cost. It never reads files, never
//! looks at embeddings, and gives a number, not NaN, for every input.
//!
//! Everything is counted in exact integers over a sparse contingency table; divisions and
//! logarithms come last, in the order of the labels. So the same labels give the same bytes, and
//! groupings that are equal up to their labels' names score exactly 1.

mod contingency;
mod scores;

#[cfg(test)]
mod tests;

pub use scores::{PrecisionRecall, Scores};

/// Why two groupings cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetricsError {
    /// The lists do not speak of the same tracks.
    #[error(
        "cannot compare {truth} true identities with {clusters} clusters: \
         give one identity and one cluster for each track"
    )]
    Lengths {
        /// Number of true labels given.
        truth: usize,
        /// Number of cluster labels given.
        clusters: usize,
    },
}

/// Scores `clusters` against `truth`: `truth[i]` and `clusters[i]` belong to track `i`.
///
/// Labels are arbitrary; only which tracks share one counts. Every track counts, so leave out
/// those that were not clustered. Up to 2³² tracks; O(n log n) time, O(n) memory, one thread.
///
/// # Errors
/// [`MetricsError::Lengths`] where the slices differ in length.
///
/// # Examples
/// ```
/// let scores = castlist::metrics::evaluate(&[0, 0, 1, 1], &[7, 7, 7, 3])?;
/// assert_eq!(scores.n_clusters, 2);
/// assert_eq!(scores.wcp, 0.75);
/// # Ok::<(), castlist::metrics::MetricsError>(())
/// ```
pub fn evaluate(truth: &[u32], clusters: &[u32]) -> Result<Scores, MetricsError> {
    if truth.len() == clusters.len() {
        Ok(Scores::of(&contingency::Contingency::new(truth, clusters)))
    } else {
        Err(MetricsError::Lengths { truth: truth.len(), clusters: clusters.len() })
    }
}
