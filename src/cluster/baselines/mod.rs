//! What users know from elsewhere, to be held against: DBSCAN, HDBSCAN, Chinese Whispers,
//! approximate rank-order and plain agglomerative clustering.
//!
//! Takes unit rows and each method's checked parameters; gives a partition, exactly and with
//! the same bytes for any number of threads, in memory of some hundred numbers a row. They all
//! work on raw cosines and learn nothing. Rows that a method calls noise become clusters of
//! one. None honours links by itself except complete linkage; `cluster` enforces them after.

mod average;
mod chinese_whispers;
mod dbscan;
mod hdbscan;
mod linkage;
mod rank_order;
mod spanning;
#[cfg(test)]
mod tests;
mod within;

pub use chinese_whispers::{WhispersParams, WhispersValid, chinese_whispers};
pub use dbscan::{DbscanParams, DbscanValid, dbscan};
pub use hdbscan::{HdbscanParams, HdbscanValid, hdbscan};
pub use linkage::{Linkage, LinkageParams, LinkageValid, agglomerative};
pub use rank_order::{RankOrderParams, RankOrderValid, rank_order};

use super::{ClusterError, Clustering, Params, timed};
use crate::base::{Constraints, Cx, Embeddings, Partition};

pub(super) fn run_dbscan(
    rows: &Embeddings,
    links: &Constraints,
    params: Params<'_>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let values = params.values;
    let (similarity, min_samples) = (values.number("similarity"), values.count("min_samples"));
    dbscan(rows, links, &DbscanParams { similarity, min_samples }.check()?, cx)
}

pub(super) fn run_hdbscan(
    rows: &Embeddings,
    links: &Constraints,
    params: Params<'_>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let values = params.values;
    let (min_cluster_size, min_samples) = (values.count("min_cluster_size"), values.count("min_samples"));
    hdbscan(rows, links, &HdbscanParams { min_cluster_size, min_samples }.check()?, cx)
}

pub(super) fn run_chinese_whispers(
    rows: &Embeddings,
    links: &Constraints,
    params: Params<'_>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let values = params.values;
    let (k, seed) = (values.count("k"), values.count("seed") as u64);
    let params = WhispersParams { k, similarity: values.number("similarity"), seed };
    chinese_whispers(rows, links, &params.check()?, cx)
}

pub(super) fn run_rank_order(
    rows: &Embeddings,
    links: &Constraints,
    params: Params<'_>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let values = params.values;
    let (k, rank_distance) = (values.count("k"), values.number("rank_distance"));
    let params = RankOrderParams { k, rank_distance, similarity: values.number("similarity") };
    rank_order(rows, links, &params.check()?, cx)
}

pub(super) fn run_agglomerative(
    rows: &Embeddings,
    links: &Constraints,
    params: Params<'_>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let values = params.values;
    let linkage = values.word("linkage").parse().unwrap_or(Linkage::Average);
    // `auto` is the linkage's own.
    let params = LinkageParams { linkage, similarity: values.word("similarity").parse().ok() };
    agglomerative(rows, links, &params.check()?, cx)
}

/// What a method found, with the seconds of its neighbour graph.
fn found(partition: Partition, diagnostics: &[(&str, f64)], graph_secs: (f64, f64)) -> Clustering {
    let diagnostics = diagnostics.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
    Clustering { partition, dendrogram: None, diagnostics, graph_secs }
}

/// A cosine that a user gave.
fn check_similarity(value: f64) -> Result<f64, ClusterError> {
    if (-1.0..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(ClusterError::Parameter {
        name: "similarity", value: value.to_string(), range: "a cosine, −1 to 1"
    })
}

/// A count that a user gave.
fn check_count(
    name: &'static str,
    value: usize,
    allowed: std::ops::RangeInclusive<usize>,
    range: &'static str,
) -> Result<usize, ClusterError> {
    if allowed.contains(&value) {
        return Ok(value);
    }
    Err(ClusterError::Parameter { name, value: value.to_string(), range })
}
