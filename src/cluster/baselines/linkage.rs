//! Plain agglomerative clustering: single, average or complete linkage up to a similarity.
//!
//! Single linkage is what is connected by near pairs (DBSCAN with every row a core); complete
//! linkage is [`crate::cluster::agglomerative`]'s; average linkage is `average`'s.

use super::average::average_linkage;
use super::dbscan::density;
use super::{check_similarity, found, timed};
use crate::base::{Constraints, Cx, Embeddings};
use crate::cluster::agglomerative::complete_linkage;
use crate::cluster::{ClusterError, Clustering};

/// What the distance of two clusters is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linkage {
    /// That of their nearest rows.
    Single,
    /// The mean over all pairs of rows.
    Average,
    /// That of their farthest rows.
    Complete,
}

impl Linkage {
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

impl std::str::FromStr for Linkage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "single" => Ok(Self::Single),
            "average" => Ok(Self::Average),
            "complete" => Ok(Self::Complete),
            _ => Err(()),
        }
    }
}

/// Parameters, not yet checked.
#[derive(Debug, Clone, Copy)]
pub struct LinkageParams {
    /// Which linkage.
    pub linkage: Linkage,
    /// The cosine down to which clusters merge, −1..=1; the linkage's own where none is given.
    pub similarity: Option<f64>,
}

impl Default for LinkageParams {
    fn default() -> Self {
        Self { linkage: Linkage::Average, similarity: None }
    }
}

/// Checked parameters; only these can run.
#[derive(Debug, Clone, Copy)]
pub struct LinkageValid {
    linkage: Linkage,
    similarity: f64,
}

impl LinkageParams {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`ClusterError::Parameter`] with name, value and range.
    pub fn check(self) -> Result<LinkageValid, ClusterError> {
        let similarity = self.similarity.unwrap_or_else(|| self.linkage.default_similarity());
        Ok(LinkageValid { linkage: self.linkage, similarity: check_similarity(similarity)? })
    }
}

/// Merges unit rows and clusters of them, the nearest first, down to the similarity. Complete
/// linkage honours links exactly, the others know none. O(n² · dim) time, O(n) memory.
///
/// # Errors
/// [`ClusterError::Cancelled`].
pub fn agglomerative(
    rows: &Embeddings,
    links: &Constraints,
    params: &LinkageValid,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let similarity = params.similarity;
    let tau = 2.0 - 2.0 * similarity;
    let told = |merges: usize| [("tau", tau), ("merges", merges as f64)];
    match params.linkage {
        Linkage::Single => {
            let (sets, graph_secs) = timed(|| density(rows, similarity, 1, cx));
            let (partition, _) = sets?;
            let merges = rows.len() - partition.n_clusters();
            Ok(found(partition, &told(merges), graph_secs))
        }
        Linkage::Average => {
            let (partition, graph_secs) = average_linkage(rows, tau, cx)?;
            let merges = rows.len() - partition.n_clusters();
            Ok(found(partition, &told(merges), graph_secs))
        }
        Linkage::Complete => {
            let linkage = complete_linkage(rows, links, tau, cx)?;
            let merges = linkage.dendrogram.done(tau);
            Ok(found(linkage.dendrogram.cut(tau), &told(merges), linkage.graph_secs))
        }
    }
}
