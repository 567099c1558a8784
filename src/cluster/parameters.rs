//! Parameters that several methods take; each method's own are in its file.

use crate::base::{Parameter, ParameterRange};

/// Neighbours of a row.
pub(super) const NEIGHBOURS: Parameter = Parameter {
    name: "k",
    label: "Neighbours",
    doc: "How many of the most similar tracks each track is compared with.",
    range: ParameterRange::Count(1, 4096),
    auto: None,
};

/// The least similarity of neighbours.
pub(super) const SIMILARITY: Parameter = Parameter {
    name: "similarity",
    label: "Similarity",
    doc: "How similar two tracks must be to count as neighbours, or two groups to be merged, as a cosine.",
    range: ParameterRange::Number("a cosine", -1.0, 1.0),
    auto: None,
};

/// Rows that make a row's neighbourhood dense.
pub(super) const MIN_SAMPLES: Parameter = Parameter {
    name: "min_samples",
    label: "Density",
    doc: "How many tracks must be near each other, a track itself counted, to be the core of a group.",
    range: ParameterRange::Count(1, 1000),
    auto: None,
};

/// The seed of a random order.
pub(super) const SEED: Parameter = Parameter {
    name: "seed",
    label: "Seed",
    doc: "Another seed visits the tracks in another order.",
    range: ParameterRange::Count(0, 1_000_000),
    auto: None,
};
