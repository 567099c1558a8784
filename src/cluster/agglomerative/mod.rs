//! Ball Cluster Learning's inference: complete linkage on squared Euclidean distances.
//!
//! Clusters merge while the largest distance between their tracks is ≤ τ = 4b, b = r²
//! (Tapaswi, Law, Fidler: "Video Face Clustering with Unknown Number of Clusters", ICCV
//! 2019). The number of clusters is an outcome, never an input.

mod active;
mod approximate;
mod complete;
mod merging;
mod pair_buffer;
#[cfg(test)]
mod tests;

pub use complete::{CompleteLinkage, approximate_linkage, complete_linkage, grow_linkage};

use serde::Serialize;

use super::{
    Algorithm, ClusterError, Clustering, ConstraintHandling, Diagnostics, MethodDescription, MethodInputs,
    ParameterSweep,
};
use crate::base::{
    Checked, Constraints, Cx, Embeddings, InvalidValue, Parameter, ParameterField, ParameterRange,
    ParameterValue, Parameters, Radius, Value, WarningKind, field, word_values,
};

/// Which radius is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum RadiusChoice {
    /// The head's or the model's own, where there is one; else an estimate.
    #[default]
    Auto,
    /// The one that is estimated from the tracks.
    Estimate,
    /// This one.
    Set(Radius),
}

impl ParameterValue for RadiusChoice {
    fn to_value(&self) -> Value {
        match self {
            Self::Auto => Value::Auto,
            Self::Estimate => Value::Word(ESTIMATE),
            Self::Set(radius) => Value::Number(radius.0),
        }
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Auto => Some(Self::Auto),
            Value::Word(ESTIMATE) => Some(Self::Estimate),
            Value::Number(radius) => Radius::new(radius).ok().map(Self::Set),
            _ => None,
        }
    }
}

/// Where a radius comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RadiusSource {
    /// The user set it.
    Set,
    /// Learned together with the head in use.
    Head,
    /// The model's own, from its description.
    Model,
    /// Estimated from the tracks, without labels.
    Estimated,
}

impl RadiusSource {
    /// The word in tables and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Head => "head",
            Self::Model => "model",
            Self::Estimated => "estimated",
        }
    }
    /// The source that a word stands for.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Set, Self::Head, Self::Model, Self::Estimated].into_iter().find(|source| source.word() == word)
    }
}

/// The word for [`RadiusChoice::Estimate`].
const ESTIMATE: &str = "estimate";

/// Which pairs of tracks a method looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PairSearch {
    /// All up to [`PairSearch::MOST`] tracks; beyond, those that an index proposes.
    #[default]
    Auto,
    /// All of them: time grows with the square of the number of tracks.
    Exact,
    /// Those that an index proposes. It misses some, and the result says how many.
    Approximate,
}

word_values!(PairSearch: Auto = "auto", Exact = "exact", Approximate = "approximate");

impl PairSearch {
    /// The largest number of tracks that `Auto` compares all. An extrapolation, not a measured
    /// crossover: comparing took a CPU minute for 100,000 tracks of 256 columns and takes four
    /// times that for twice as many; up to 20,000 tracks the index was far slower.
    pub const MOST: usize = 2_000_000;

    /// Whether an index proposes the pairs of that many tracks.
    #[must_use]
    pub fn is_approximate(self, n_tracks: usize) -> bool {
        match self {
            Self::Auto => n_tracks > Self::MOST,
            Self::Exact => false,
            Self::Approximate => true,
        }
    }
}

/// The ball's radius r.
pub const RADIUS: Parameter = Parameter {
    name: "radius",
    label: "Radius",
    doc: "How different one person's faces may look: smaller keeps people apart, larger joins more.",
    range: ParameterRange::AboveZeroOr(Radius::MAX.0, ESTIMATE),
    auto: Some("the head's or the model's own, where there is one, else estimate (from the tracks)"),
};

const SEARCH: Parameter = Parameter {
    name: "search",
    label: "Comparison",
    doc: "Whether all pairs of tracks are compared, or in very large archives those that an index proposes.",
    range: ParameterRange::Word(PairSearch::WORDS),
    auto: None,
};

/// Parameters of ball clusters.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BallClusterParams {
    /// The ball's radius r in the clustering space; it must be set before the method runs.
    pub radius: RadiusChoice,
    /// Which pairs of tracks are compared.
    pub search: PairSearch,
}

impl Parameters for BallClusterParams {
    const FIELDS: &'static [ParameterField<Self>] = &[field!(RADIUS, radius), field!(SEARCH, search)];
}

impl Algorithm for BallClusterParams {
    const DESCRIPTION: MethodDescription = MethodDescription {
        id: super::BALL,
        name: "Ball clusters",
        doc: "Groups tracks that all lie within one ball; finds the number of people by itself.",
        sweep: ParameterSweep {
            parameter: &RADIUS,
            values: &[0.30, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70, 0.80],
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
        let RadiusChoice::Set(radius) = params.radius else {
            return Err(InvalidValue::new(
                RADIUS.name,
                params.radius.to_value(),
                "set before the method runs",
            )
            .into());
        };
        let tau = radius.tau();
        let wanted = tau.max(inputs.tau_max);
        let approximate = params.search.is_approximate(rows.len());
        let kept = inputs.n_kept_neighbours.filter(|kept| kept.len() == rows.len());
        let mut diagnostics = Diagnostics {
            tau: Some(tau),
            approximate: Some(f64::from(u8::from(approximate))),
            ..Diagnostics::default()
        };
        let (dendrogram, graph_secs) = match kept {
            Some(kept) if kept.tau_max() >= wanted => {
                diagnostics.recut = Some(1.0);
                (kept.clone(), (0.0, 0.0))
            }
            kept => {
                let linkage = match kept {
                    _ if approximate => approximate_linkage(rows, constraints, wanted, cx)?,
                    Some(kept) => grow_linkage(rows, constraints, kept, wanted, cx)?,
                    None => complete_linkage(rows, constraints, wanted, cx)?,
                };
                diagnostics.stages = Some(linkage.n_stages as f64);
                diagnostics.recall = linkage.recall;
                (linkage.dendrogram, linkage.graph_secs)
            }
        };
        if approximate {
            let recall = diagnostics.recall;
            let recall = recall.map_or("as of the run before".to_owned(), |recall| format!("{recall:.3}"));
            let text = "approximate: not all pairs were compared, so tracks of one person may be apart";
            cx.warn(WarningKind::Result, format!("{text}; recall {recall}"));
        }
        diagnostics.merges = Some(dendrogram.n_merges_at(tau) as f64);
        let partition = dendrogram.cut(tau);
        Ok(Clustering { partition, dendrogram: Some(dendrogram), diagnostics, graph_secs })
    }
}
