//! Plain agglomerative clustering: single, average or complete linkage up to a similarity.
//!
//! Single linkage is what is connected by near pairs (DBSCAN with every row a core); complete
//! linkage is [`crate::cluster::agglomerative`]'s; average linkage is `average`'s.

use super::average::average_linkage;
use super::dbscan::density;
use super::{found, timed};
use crate::base::{
    Checked, Constraints, Cx, Embeddings, Parameter, ParameterField, ParameterRange, Parameters, field,
    word_values,
};
use crate::cluster::agglomerative::complete_linkage;
use crate::cluster::parameters::SIMILARITY;
use crate::cluster::{
    Algorithm, ClusterError, Clustering, ConstraintHandling, MethodDescription, ParameterSweep, run_by,
};

/// What the distance of two clusters is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkageKind {
    /// That of their nearest rows.
    Single,
    /// The mean over all pairs of rows.
    Average,
    /// That of their farthest rows.
    Complete,
}

impl LinkageKind {
    /// The similarity up to which it merges where none is given: means of a person's pairs are
    /// less alike than its nearest pairs, and its farthest pairs are less alike still.
    #[must_use]
    pub fn default_similarity(self) -> f64 {
        match self {
            Self::Single => 0.5,
            Self::Average => 0.35,
            Self::Complete => 0.2,
        }
    }
}

word_values!(LinkageKind: Single = "single", Average = "average", Complete = "complete");

pub(super) const LINKAGE: Parameter = Parameter {
    name: "linkage",
    label: "Linkage",
    doc: "Whether two groups are as similar as their nearest tracks, as all pairs on average, or as their farthest tracks.",
    range: ParameterRange::Word(LinkageKind::WORDS),
    auto: None,
};

const LEAST_SIMILARITY: Parameter = Parameter { auto: Some("the linkage's own"), ..SIMILARITY };

/// Parameters of the method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkageParams {
    /// Which linkage.
    pub linkage: LinkageKind,
    /// The cosine down to which clusters merge, −1..=1; the linkage's own where none is given.
    pub similarity: Option<f64>,
}

impl Default for LinkageParams {
    fn default() -> Self {
        Self { linkage: LinkageKind::Average, similarity: None }
    }
}

impl Parameters for LinkageParams {
    const FIELDS: &'static [ParameterField<Self>] =
        &[field!(LINKAGE, linkage), field!(LEAST_SIMILARITY, similarity)];
}

impl Algorithm for LinkageParams {
    const DESCRIPTION: MethodDescription = MethodDescription {
        id: "agglomerative",
        name: "Agglomerative",
        doc: "Merges the two most similar groups again and again, down to a similarity.",
        sweep: ParameterSweep {
            parameter: &LEAST_SIMILARITY,
            values: &[0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60],
        },
        // Complete linkage groups under them; then there is nothing left to part.
        constraints: ConstraintHandling::Afterwards,
    };

    run_by!(agglomerative);
}

/// Merges unit rows and clusters of them, the nearest first, down to the similarity. Complete
/// linkage honours links exactly, the others know none. O(n² · dim) time, O(n) memory.
///
/// # Errors
/// [`ClusterError::Cancelled`].
pub fn agglomerative(
    rows: &Embeddings,
    links: &Constraints,
    params: &Checked<LinkageParams>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let similarity = params.similarity.unwrap_or_else(|| params.linkage.default_similarity());
    let tau = 2.0 - 2.0 * similarity;
    let told = |merges: usize| [("tau", tau), ("merges", merges as f64)];
    match params.linkage {
        LinkageKind::Single => {
            let (sets, graph_secs) = timed(|| density(rows, similarity, 1, cx));
            let (partition, _) = sets?;
            let merges = rows.len() - partition.n_clusters();
            Ok(found(partition, &told(merges), graph_secs))
        }
        LinkageKind::Average => {
            let (partition, graph_secs) = average_linkage(rows, tau, cx)?;
            let merges = rows.len() - partition.n_clusters();
            Ok(found(partition, &told(merges), graph_secs))
        }
        LinkageKind::Complete => {
            let linkage = complete_linkage(rows, links, tau, cx)?;
            let merges = linkage.dendrogram.n_merges_at(tau);
            Ok(found(linkage.dendrogram.cut(tau), &told(merges), linkage.graph_secs))
        }
    }
}
