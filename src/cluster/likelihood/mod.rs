//! Likelihood linkage: the two groups that are likeliest one person merge, again and again, while
//! that is likely enough.
//!
//! Takes unit rows, constraints and a certainty; gives clusters and the dendrogram, in which every
//! other certainty is one cut. How likely two groups are one person is [`SamePerson`]'s to say. Unlike
//! a fixed threshold on similarity it judges by the footage at hand and by the sizes of the groups;
//! the number of people comes out of it.

mod merging;
mod regression;
mod same_person;
#[cfg(test)]
mod tests;
mod weights;

use std::collections::BTreeMap;

use serde::Serialize;

use super::{ClusterError, Clustering, Params};
use crate::base::{Cancelled, Constraints, Cx, Dendrogram, Embeddings};
use merging::{LEAST, merge_rows};
pub use regression::{N_FEATURES, N_WEIGHTS, Regression};
pub use same_person::{Group, SamePerson, probability};

/// How sure a merge must be, above 0 and below 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Certainty(pub f64);

impl Certainty {
    /// A merge that is as likely right as wrong.
    pub const EVEN: Self = Self(0.5);

    /// The least that the method's dendrograms reach down to.
    pub const LEAST: Self = Self(LEAST);

    /// The height of the dendrogram at which merges are so sure.
    #[must_use]
    pub fn height(self) -> f64 {
        1.0 - self.0
    }
}

/// The name of the figure that says how unsure the model is on this footage: possible merges that
/// are neither likely right nor likely wrong (0.2 < P < 0.8), for each track.
pub const UNSURE: &str = "unsure";
/// Above this a stronger model is worth offering: on films the built-in one has 0.13, on photographs
/// of clear faces 0.01.
pub const UNSURE_SHARE: f64 = 0.05;

/// Possible merges that are neither likely right nor likely wrong (0.2 < P < 0.8), for each track: a
/// measure, without labels, of how badly a model tells the people of this footage apart. In 0..=1.
fn unsure(dendrogram: &Dendrogram) -> f64 {
    let merges = dendrogram.done(0.8) - dendrogram.done(0.2);
    merges as f64 / dendrogram.len().max(1) as f64
}

/// All merges of unit rows down to the probability `least`, 0 for all that the links allow: one
/// dendrogram, whose heights are one minus the probability at which groups merged.
///
/// Must-linked rows are one group from the start; a cannot-link keeps groups apart. The same bytes for
/// any number of threads. O(n² · dim) time; memory is that of the rows, once more for the means, and
/// some hundred numbers a row.
///
/// # Errors
/// [`Cancelled`].
///
/// # Examples
/// ```
/// use castlist::base::{Constraints, Cx, Embeddings};
/// use castlist::cluster::likelihood::{Certainty, Regression, SamePerson, likelihood_linkage};
/// # use rand::RngExt;
/// # let mut rng = castlist::base::seeded(1);
/// # let one = |track, column| if track / 6 == column { 1.0 } else { 0.0 };
/// # let data = (0..60 * 32).map(|at| one(at / 32, at % 32) + rng.random_range(-0.1..0.1)).collect();
/// # let rows: Embeddings = Embeddings::new(32, data)?.into_unit()?;
///
/// // Ten people with six tracks each. The regression adapts to the rows at hand.
/// let same_person = SamePerson::of(&rows, Regression::fitted());
/// let tree = likelihood_linkage(&rows, &Constraints::default(), same_person, 0.0, &Cx::new())?;
/// // A higher certainty never gives fewer clusters.
/// let n_clusters = |certainty| tree.n_clusters(Certainty(certainty).height());
/// assert_eq!(n_clusters(0.5), 10);
/// assert!(n_clusters(0.2) <= n_clusters(0.5) && n_clusters(0.5) <= n_clusters(0.9));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn likelihood_linkage(
    rows: &Embeddings,
    constraints: &Constraints,
    same_person: SamePerson,
    least: f64,
    cx: &Cx,
) -> Result<Dendrogram, Cancelled> {
    Ok(merge_rows(rows, constraints, same_person, least, cx)?.dendrogram)
}

/// Runs it; see [`crate::cluster::METHODS`].
pub(super) fn run_likelihood(
    rows: &Embeddings,
    constraints: &Constraints,
    params: Params<'_>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let certainty = Certainty(params.values.number("certainty"));
    let mut diagnostics = BTreeMap::new();
    let kept = params.kept.filter(|kept| kept.len() == rows.len() && kept.tau_max() >= certainty.height());
    let (dendrogram, graph_secs): (Dendrogram, _) = if let Some(kept) = kept {
        diagnostics.insert("recut".to_owned(), 1.0);
        (kept.clone(), (0.0, 0.0))
    } else {
        let same_person = SamePerson::of(rows, Regression::fitted());
        let merged = merge_rows(rows, constraints, same_person, LEAST, cx)?;
        diagnostics.insert("neighbour_searches".to_owned(), merged.n_searches as f64);
        (merged.dendrogram, merged.graph_secs)
    };
    diagnostics.insert("merges".to_owned(), dendrogram.done(certainty.height()) as f64);
    diagnostics.insert(UNSURE.to_owned(), unsure(&dendrogram));
    let partition = dendrogram.cut(certainty.height());
    Ok(Clustering { partition, dendrogram: Some(dendrogram), diagnostics, graph_secs })
}
