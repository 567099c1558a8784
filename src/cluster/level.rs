//! Where a dendrogram is cut.

use serde::Serialize;

use super::agglomerative::RADIUS;
use super::likelihood::{CERTAINTY, Certainty};
use crate::base::{Parameter, Radius};

/// Where a dendrogram is cut, in the words of the method that made it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Level {
    /// Of ball clusters: merges up to τ = 4r².
    Radius(Radius),
    /// Of likelihood linkage: merges that are at least so sure.
    Certainty(Certainty),
}

impl Level {
    /// The height up to which merges are done.
    #[must_use]
    pub fn height(self) -> f64 {
        match self {
            Self::Radius(radius) => radius.tau(),
            Self::Certainty(certainty) => certainty.height(),
        }
    }

    /// The level of the same kind at a height.
    #[must_use]
    pub fn at_height(self, height: f64) -> Self {
        match self {
            Self::Radius(_) => Self::Radius(Radius::from_tau(height)),
            Self::Certainty(_) => Self::Certainty(Certainty(1.0 - height)),
        }
    }

    /// An even certainty.
    pub const EVEN: Self = Self::Certainty(Certainty::EVEN);

    /// The parameter that it is a value of.
    #[must_use]
    pub fn parameter(self) -> &'static Parameter {
        match self {
            Self::Radius(_) => &RADIUS,
            Self::Certainty(_) => &CERTAINTY,
        }
    }

    /// The value of that parameter.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Self::Radius(radius) => radius.0,
            Self::Certainty(certainty) => certainty.0,
        }
    }

    /// A level of the same kind with another value.
    #[must_use]
    pub fn with_value(self, value: f64) -> Self {
        match self {
            Self::Radius(_) => Self::Radius(Radius(value)),
            Self::Certainty(_) => Self::Certainty(Certainty(value)),
        }
    }
}

impl From<Radius> for Level {
    fn from(radius: Radius) -> Self {
        Self::Radius(radius)
    }
}

impl From<Certainty> for Level {
    fn from(certainty: Certainty) -> Self {
        Self::Certainty(certainty)
    }
}
