//! FaceMap: communities of a random walk on the graph of neighbours.
//!
//! Takes unit embeddings; gives a partition whose number of clusters is an outcome. After
//! "FaceMap: Towards Unsupervised Face Clustering via Map Equation" (2022): each row's nearest
//! neighbours become transition probabilities, outlier detection cuts each list where
//! strangers begin, and the partition is sought that describes the walk in the fewest bits.
//! New here is a gate that links must pass ([`FaceMapParams::gate`]). It learns nothing, and it
//! ignores constraints: what they say is put right afterwards.

mod gate;
mod links;
mod map_equation;
mod network;
mod outliers;
mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Instant;

use cpu_time::ProcessTime;

use super::{ClusterError, Clustering};
use crate::base::{Cancelled, Constraints, Cx, Embeddings, Partition, Similarity, TrackIx, seeded};
use crate::graph::nearest;
use network::Network;

/// Which walk is described.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Flow {
    /// Both directions of a link are one, and weigh together: what the published code does.
    #[default]
    Undirected,
    /// The walker follows links from a row to its neighbours only, and teleports now and then:
    /// what the paper's text says.
    Directed,
}

impl FromStr for Flow {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "undirected" => Ok(Self::Undirected),
            "directed" => Ok(Self::Directed),
            _ => Err(()),
        }
    }
}

/// Parameters, not yet checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceMapParams {
    /// Neighbours looked at, 1 at least.
    pub k: usize,
    /// Drops that outlier detection averages over, 1 at least. Each row keeps more than half
    /// as many neighbours, strangers or not.
    pub window: usize,
    /// Which walk is described.
    pub flow: Flow,
    /// How many standard deviations above strangers' mean similarity a link must be, 0 to 20;
    /// 0 asks for nothing, as published. Without it, who is there once is always absorbed, for
    /// outlier detection leaves every row some strangers.
    pub gate: f64,
    /// Seed of the order in which nodes are looked at.
    pub seed: u64,
}

/// k and window are the paper's: where people have more faces than k, their links thin out and
/// they fall apart. The gate was chosen on photographs outside the sets that are reported.
impl Default for FaceMapParams {
    fn default() -> Self {
        Self { k: 256, window: 20, flow: Flow::Undirected, gate: 4.5, seed: 0 }
    }
}

/// Checked parameters; only these can run.
#[derive(Debug, Clone, Copy)]
pub struct FaceMapValid {
    k: usize,
    window: usize,
    flow: Flow,
    gate: f64,
    seed: u64,
}

impl FaceMapParams {
    /// The largest gate, in standard deviations.
    pub const MAX_GATE: f64 = 20.0;

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`ClusterError::Parameter`] with name, value and range.
    pub fn check(self) -> Result<FaceMapValid, ClusterError> {
        let Self { k, window, flow, gate, seed } = self;
        let refused = |name, value: String, range| Err(ClusterError::Parameter { name, value, range });
        if k == 0 {
            return refused("k", k.to_string(), "1 or more");
        }
        if window == 0 {
            return refused("window", window.to_string(), "1 or more");
        }
        if !(0.0..=Self::MAX_GATE).contains(&gate) {
            return refused("gate", gate.to_string(), "between 0 (no gate) and 20 standard deviations");
        }
        Ok(FaceMapValid { k, window, flow, gate, seed })
    }
}

/// Clusters unit rows.
///
/// - `k` beyond the other rows means all of them. Where no window fits a list, it is not cut.
/// - Rows whose similarities are all equal (duplicates) keep one neighbour, the first; through
///   it they still come together.
/// - Rows without links are clusters of their own: a single row, rows with no similarity above
///   0, and rows with none that passes the gate.
/// - Directed, a row that no other keeps is never visited; it stays alone unless joining where
///   its links lead costs nothing.
///
/// Diagnostics: `codelength_bits`, `one_level_bits` (of all rows in one module), `links`,
/// `kept_neighbours_mean` (by outlier detection), `least_similarity` (that the gate asks for; −1
/// where there is none). O(n²·dim) for the neighbours, O(n·k) and some sweeps over the links for
/// the rest, on one thread; memory O(n·k). The same rows, parameters and seed give the same
/// bytes for any number of threads.
///
/// # Errors
/// [`ClusterError::Cancelled`].
///
/// # Examples
/// ```
/// use castlist::base::{Constraints, Cx, Embeddings};
/// use castlist::cluster::facemap::{FaceMapParams, facemap};
/// # use rand::RngExt;
/// # let mut rng = castlist::base::seeded(1);
/// # let one = |track, column| if track / 30 == column { 1.0 } else { 0.0 };
/// # let data = (0..120 * 32).map(|at| one(at / 32, at % 32) + rng.random_range(-0.1..0.1)).collect();
/// # let rows: Embeddings = Embeddings::new(32, data)?.into_unit()?;
///
/// // Four people with thirty tracks each.
/// let params = FaceMapParams { k: 40, ..FaceMapParams::default() }.check()?;
/// let found = facemap(&rows, &Constraints::default(), &params, &Cx::new())?;
/// assert_eq!(found.partition.n_clusters(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn facemap(
    rows: &Embeddings,
    _constraints: &Constraints,
    params: &FaceMapValid,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let (clock, cpu) = (Instant::now(), ProcessTime::now());
    let neighbours = nearest(rows, params.k, cx)?;
    let graph_secs = (clock.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
    let least = least_similarity(rows, params);
    cx.stage("Clustering", 0);
    let linked = links::link(rows.len(), |row| neighbours.of(row), least, params, cx)?;
    drop(neighbours);
    let (partition, mut diagnostics) = communities(linked, params, cx)?;
    let least = least.map_or(-1.0, |least| f64::from(least.0));
    diagnostics.insert("least_similarity".to_owned(), least);
    Ok(Clustering { partition, dendrogram: None, diagnostics, graph_secs })
}

/// [`facemap`] from lists of neighbours that are there: nearest first, by (−similarity, index),
/// never the row itself; `least` is [`least_similarity`]. Gives the diagnostics as well.
///
/// # Errors
/// [`Cancelled`].
pub fn facemap_of<'a>(
    n: usize,
    of: impl Fn(TrackIx) -> &'a [(TrackIx, Similarity)] + Sync,
    least: Option<Similarity>,
    params: &FaceMapValid,
    cx: &Cx,
) -> Result<(Partition, BTreeMap<String, f64>), Cancelled> {
    communities(links::link(n, of, least, params, cx)?, params, cx)
}

/// The least similarity of a link that the gate asks for; none without a gate, and where the
/// rows do not tell how strangers lie.
#[must_use]
pub fn least_similarity(rows: &Embeddings, params: &FaceMapValid) -> Option<Similarity> {
    if params.gate > 0.0 { gate::least_similarity(rows, params.gate, params.seed) } else { None }
}

fn communities(
    linked: links::Linked,
    params: &FaceMapValid,
    cx: &Cx,
) -> Result<(Partition, BTreeMap<String, f64>), Cancelled> {
    let n = linked.links.n_nodes();
    let n_links = linked.links.n_links();
    let network = match params.flow {
        Flow::Undirected => Network::undirected(linked.links),
        Flow::Directed => Network::directed(linked.links, cx)?,
    };
    let (modules, length) = search::search(&network, &mut seeded(params.seed), cx)?;
    let diagnostics = BTreeMap::from([
        ("codelength_bits".to_owned(), length),
        ("one_level_bits".to_owned(), -network.nodes_cost()),
        ("links".to_owned(), n_links as f64),
        ("kept_neighbours_mean".to_owned(), linked.n_kept as f64 / n.max(1) as f64),
    ]);
    Ok((Partition::from_labels(&modules.of), diagnostics))
}
