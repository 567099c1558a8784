//! How well a state of a training does on tracks of people never learned from.

use serde::Serialize;

/// How well the validation tracks cluster, as the caller measures it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Validation {
    /// NMI, 0..=1.
    pub nmi: f64,
    /// `BCubed` F, 0..=1; it decides which state is best.
    pub bcubed_f: f64,
    /// Clusters found.
    pub n_clusters: usize,
    /// Identities there are.
    pub n_identities: usize,
}
