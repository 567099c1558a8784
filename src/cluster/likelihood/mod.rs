//! Likelihood linkage: the two groups that are most likely one person merge, again and again, while
//! that is likely enough.
//!
//! Takes unit rows, constraints and a certainty; gives clusters and the dendrogram, in which every
//! other certainty is one cut. How likely two groups are one person is [`SamePersonModel`]'s to
//! say. Unlike a fixed threshold on similarity it judges by the footage at hand and by the sizes of
//! the groups; the number of people comes out of it.

mod merging;
mod regression;
mod same_person;
#[cfg(test)]
mod tests;
mod weights;

use serde::Serialize;

use super::{
    Algorithm, ClusterError, Clustering, ConstraintHandling, Diagnostics, MethodDescription, MethodInputs,
    ParameterSweep,
};
use crate::base::{
    Cancelled, Checked, Constraints, Cx, Dendrogram, Embeddings, Parameter, ParameterField, ParameterRange,
    ParameterValue, Parameters, Value, field,
};
use merging::{LEAST, merge_rows};
pub use regression::{N_FEATURES, N_WEIGHTS, Regression};
pub use same_person::{SamePersonModel, TrackGroup, probability};

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

/// Above this share of unsure merges ([`Diagnostics::unsure`]) a stronger model is worth offering:
/// on films the built-in one has 0.13, on photographs of clear faces 0.01.
pub const UNSURE_SHARE: f64 = 0.05;

/// Possible merges that are neither likely right nor likely wrong (0.2 < P < 0.8), for each track:
/// a measure, without labels, of how badly a model tells the people of this footage apart. In
/// 0..=1.
fn uncertainty(dendrogram: &Dendrogram) -> f64 {
    let merges = dendrogram.n_merges_at(0.8) - dendrogram.n_merges_at(0.2);
    merges as f64 / dendrogram.len().max(1) as f64
}

/// All merges of unit rows down to the probability `least`, 0 for all that the links allow: one
/// dendrogram, whose heights are one minus the probability at which groups merged.
///
/// Must-linked rows are one group from the start; a cannot-link keeps groups apart. The same bytes
/// for any number of threads. O(n² · dim) time; memory is that of the rows, once more for the
/// means, and some hundred numbers per row.
///
/// # Errors
/// [`Cancelled`].
///
/// # Examples
/// ```
/// use castlist::base::{Constraints, Cx, Embeddings};
/// use castlist::cluster::likelihood::{Certainty, Regression, SamePersonModel, likelihood_linkage};
/// # use rand::RngExt;
/// # let mut rng = castlist::base::seeded(1);
/// # let one = |track, column| if track / 6 == column { 1.0 } else { 0.0 };
/// # let data = (0..60 * 32).map(|at| one(at / 32, at % 32) + rng.random_range(-0.1..0.1)).collect();
/// # let rows: Embeddings = Embeddings::new(32, data)?.into_unit()?;
///
/// // Ten people with six tracks each. The regression adapts to the rows at hand.
/// let same_person = SamePersonModel::of(&rows, Regression::fitted());
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
    same_person: SamePersonModel,
    least: f64,
    cx: &Cx,
) -> Result<Dendrogram, Cancelled> {
    Ok(merge_rows(rows, constraints, same_person, least, cx)?.dendrogram)
}

/// How sure a merge must be.
pub const CERTAINTY: Parameter = Parameter {
    name: "certainty",
    label: "Certainty",
    doc: "How sure a merge must be: higher keeps people apart, lower joins more.",
    range: ParameterRange::Number("a probability", 0.02, 0.98),
    auto: None,
};

impl ParameterValue for Certainty {
    fn to_value(&self) -> Value {
        Value::Number(self.0)
    }

    fn from_value(value: Value) -> Option<Self> {
        f64::from_value(value).map(Self)
    }
}

/// Parameters of likelihood linkage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikelihoodParams {
    /// How sure a merge must be.
    pub certainty: Certainty,
}

impl Default for LikelihoodParams {
    fn default() -> Self {
        Self { certainty: Certainty::EVEN }
    }
}

impl Parameters for LikelihoodParams {
    const FIELDS: &'static [ParameterField<Self>] = &[field!(CERTAINTY, certainty)];
}

impl Algorithm for LikelihoodParams {
    const DESCRIPTION: MethodDescription = MethodDescription {
        id: "likelihood",
        name: "Likelihood linkage",
        doc: "Merges the two groups most likely to be one person, again and again, while that is more likely than not; judges by how similar the tracks of this folder are.",
        sweep: ParameterSweep {
            parameter: &CERTAINTY,
            values: &[0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
        },
        constraints: ConstraintHandling::Within,
    };

    fn run(
        params: &Checked<Self>,
        rows: &Embeddings,
        constraints: &Constraints,
        inputs: MethodInputs<'_>,
        cx: &Cx,
    ) -> Result<Clustering, ClusterError> {
        let height = params.certainty.height();
        let mut diagnostics = Diagnostics::default();
        let kept =
            inputs.n_kept_neighbours.filter(|kept| kept.len() == rows.len() && kept.tau_max() >= height);
        let (dendrogram, graph_secs): (Dendrogram, _) = if let Some(kept) = kept {
            diagnostics.recut = Some(1.0);
            (kept.clone(), (0.0, 0.0))
        } else {
            let same_person = SamePersonModel::of(rows, Regression::fitted());
            let merged = merge_rows(rows, constraints, same_person, LEAST, cx)?;
            diagnostics.neighbour_searches = Some(merged.n_searches as f64);
            (merged.dendrogram, merged.graph_secs)
        };
        diagnostics.merges = Some(dendrogram.n_merges_at(height) as f64);
        diagnostics.unsure = Some(uncertainty(&dendrogram));
        let partition = dendrogram.cut(height);
        Ok(Clustering { partition, dendrogram: Some(dendrogram), diagnostics, graph_secs })
    }
}
