//! Ball Cluster Learning's inference: complete linkage on squared Euclidean distances.
//!
//! Clusters merge while the largest distance between their tracks is ≤ τ = 4b, b = r²
//! (Tapaswi, Law, Fidler: "Video Face Clustering with Unknown Number of Clusters", ICCV
//! 2019). The number of clusters is an outcome, never an input.

mod approximate;
mod complete;
mod level;
mod merging;
mod sieve;
#[cfg(test)]
mod tests;

pub use complete::{Linkage, approximate_linkage, complete_linkage, grow_linkage};

use super::ClusterError;
use crate::base::Radius;

/// Parameters of the clustering, not yet checked.
#[derive(Debug, Clone, Copy)]
pub struct BclParams {
    /// The ball's radius r in the clustering space.
    pub radius: Radius,
}

/// Checked parameters; only these can run.
#[derive(Debug, Clone, Copy)]
pub struct BclValid {
    pub(super) radius: Radius,
}

impl BclParams {
    /// Largest radius: two unit vectors are never farther apart than twice this.
    pub const MAX_RADIUS: f64 = 1.0;
    /// What is allowed, in words.
    pub const RANGE: &'static str = "above 0, at most 1 (it is r, not the threshold τ = 4r²)";

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`ClusterError::Parameter`] with name, value and range.
    pub fn check(self) -> Result<BclValid, ClusterError> {
        let radius = self.radius.0;
        if radius > 0.0 && radius <= Self::MAX_RADIUS {
            return Ok(BclValid { radius: self.radius });
        }
        Err(ClusterError::Parameter { name: "radius", value: radius.to_string(), range: Self::RANGE })
    }
}
