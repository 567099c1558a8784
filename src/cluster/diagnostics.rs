//! Figures about a run, by name: what the program reads itself, and what a method only reports.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Figures about a run; none where a method has no such figure.
///
/// As JSON it is one flat table of names and numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Diagnostics {
    /// The height up to which ball clusters or linkages merged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tau: Option<f64>,
    /// 1 where an index proposed the pairs that were compared, else 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximate: Option<f64>,
    /// The share of near pairs that the index proposed, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<f64>,
    /// 1 where a kept dendrogram was cut and nothing was clustered again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recut: Option<f64>,
    /// Passes over the pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stages: Option<f64>,
    /// Merges done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merges: Option<f64>,
    /// Searches for a group's nearest other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbour_searches: Option<f64>,
    /// Possible merges that are neither likely right nor likely wrong, for each track: how badly
    /// the model tells the people of this footage apart, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsure: Option<f64>,
    /// Clusters that broke a constraint and were split.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters_parted: Option<f64>,
    /// Pairs of tracks that could not be one person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cannot_links: Option<f64>,
    /// The radius that was estimated from the tracks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius_estimate: Option<f64>,
    /// The smallest radius that looks as good as the estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius_low: Option<f64>,
    /// The largest radius that looks as good as the estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius_high: Option<f64>,
    /// What a method or a job reports beyond that.
    #[serde(flatten)]
    pub figures: BTreeMap<String, f64>,
}
