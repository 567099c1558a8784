//! Widely known methods, for comparison: DBSCAN, HDBSCAN, Chinese Whispers,
//! approximate rank-order and plain agglomerative clustering.
//!
//! Takes unit rows and each method's checked parameters; gives a partition, exactly and with
//! the same bytes for any number of threads, in memory of some hundred numbers per row. They all
//! work on raw cosines and learn nothing. Rows that a method calls noise become clusters of
//! one. None honours links by itself except complete linkage; `cluster` enforces them after.

mod average;
mod chinese_whispers;
mod dbscan;
mod hdbscan;
mod linkage;
mod pairs;
mod rank_order;
mod spanning_tree;
#[cfg(test)]
mod tests;

pub use chinese_whispers::{WhispersParams, chinese_whispers};
pub use dbscan::{DbscanParams, dbscan};
pub use hdbscan::{HdbscanParams, hdbscan};
pub use linkage::{LinkageKind, LinkageParams, agglomerative};
pub use rank_order::{RankOrderParams, rank_order};

use super::{Clustering, Diagnostics, timed};
use crate::base::Partition;

/// What a method found, with the seconds of its neighbour graph.
fn found(partition: Partition, diagnostics: &[(&str, f64)], graph_secs: (f64, f64)) -> Clustering {
    let figures = diagnostics.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
    let diagnostics = Diagnostics { figures, ..Diagnostics::default() };
    Clustering { partition, dendrogram: None, diagnostics, graph_secs }
}
