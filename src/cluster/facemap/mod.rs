//! FaceMap: communities of a random walk on the graph of neighbours.
//!
//! Takes unit embeddings; gives a partition whose number of clusters is an outcome. After
//! "FaceMap: Towards Unsupervised Face Clustering via Map Equation" (2022): each row's nearest
//! neighbours become transition probabilities, outlier detection cuts each list where
//! strangers begin, and the partition is sought that describes the walk in the fewest bits.
//! New here is a gate that links must pass ([`FaceMapParams::gate`]). It learns nothing, and it
//! ignores constraints: what they say is put right afterwards.

mod gate;
mod map_equation;
mod network;
mod outliers;
mod search;
mod similarity_graph;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Instant;

use cpu_time::ProcessTime;

use super::parameters::{NEIGHBOURS, SEED};
use super::{
    Algorithm, ClusterError, Clustering, ConstraintHandling, Diagnostics, MethodDescription, ParameterSweep,
    run_by,
};
use crate::base::{
    Cancelled, Checked, Constraints, Cx, Embeddings, Parameter, ParameterField, ParameterRange, Parameters,
    Partition, Similarity, Stage, TrackIx, field, seeded, word_values,
};
use crate::graph::nearest;
use network::FlowNetwork;

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

word_values!(Flow: Undirected = "undirected", Directed = "directed");

const WINDOW: Parameter = Parameter {
    name: "window",
    label: "Window",
    doc: "Over how many neighbours the boundary to other people is sought; each track keeps more than half as many.",
    range: ParameterRange::Count(1, 1000),
    auto: None,
};

const FLOW: Parameter = Parameter {
    name: "flow",
    label: "Flow",
    doc: "Whether similarity counts both ways, as in the published program, or from each track to its neighbours, as in the paper.",
    range: ParameterRange::Word(Flow::WORDS),
    auto: None,
};

const GATE: Parameter = Parameter {
    name: "gate",
    label: "Gate",
    doc: "How far above the similarity of different people a link must be, in standard deviations; 0 is the published method, 4.5 keeps people who appear once apart.",
    range: ParameterRange::Number("a number", 0.0, 20.0),
    auto: None,
};

/// Parameters of FaceMap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceMapParams {
    /// Neighbours looked at.
    pub k: usize,
    /// Drops that outlier detection averages over. Each row keeps more than half
    /// as many neighbours, strangers or not.
    pub window: usize,
    /// Which walk is described.
    pub flow: Flow,
    /// How many standard deviations above strangers' mean similarity a link must be;
    /// 0 asks for nothing, as published. Without it, who is there once is always absorbed, for
    /// outlier detection leaves every row some strangers.
    pub gate: f64,
    /// Seed of the order in which nodes are looked at.
    pub seed: u64,
}

/// k and window are the paper's: where people have more faces than k, their links thin out and
/// they fall apart.
impl Default for FaceMapParams {
    fn default() -> Self {
        Self { k: 256, window: 20, flow: Flow::Undirected, gate: 0.0, seed: 0 }
    }
}

impl Parameters for FaceMapParams {
    const FIELDS: &'static [ParameterField<Self>] = &[
        field!(NEIGHBOURS, k),
        field!(WINDOW, window),
        field!(FLOW, flow),
        field!(GATE, gate),
        field!(SEED, seed),
    ];
}

impl Algorithm for FaceMapParams {
    const DESCRIPTION: MethodDescription = MethodDescription {
        id: "facemap",
        name: "FaceMap",
        doc: "Follows a walk from face to similar face and groups where it stays. As published it draws in people who appear once; a gate of 4.5 leaves them alone.",
        sweep: ParameterSweep { parameter: &GATE, values: &[0.0, 3.5, 4.0, 4.5, 5.0, 5.5] },
        constraints: ConstraintHandling::Afterwards,
    };

    run_by!(facemap);
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
/// use castlist::base::{Constraints, Cx, Embeddings, Parameters as _};
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
    params: &Checked<FaceMapParams>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let (clock, cpu) = (Instant::now(), ProcessTime::now());
    let neighbours = nearest(rows, params.k, cx)?;
    let graph_secs = (clock.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
    let least = least_similarity(rows, params);
    cx.stage(Stage::Clustering, 0);
    let linked = similarity_graph::build_graph(rows.len(), |row| neighbours.of(row), least, params, cx)?;
    drop(neighbours);
    let (partition, mut figures) = communities(linked, params, cx)?;
    let least = least.map_or(-1.0, |least| f64::from(least.0));
    figures.insert("least_similarity".to_owned(), least);
    let diagnostics = Diagnostics { figures, ..Diagnostics::default() };
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
    params: &Checked<FaceMapParams>,
    cx: &Cx,
) -> Result<(Partition, BTreeMap<String, f64>), Cancelled> {
    communities(similarity_graph::build_graph(n, of, least, params, cx)?, params, cx)
}

/// The least similarity of a link that the gate asks for; none without a gate, and where the
/// rows do not tell how strangers lie.
#[must_use]
pub fn least_similarity(rows: &Embeddings, params: &Checked<FaceMapParams>) -> Option<Similarity> {
    if params.gate > 0.0 { gate::least_similarity(rows, params.gate, params.seed) } else { None }
}

fn communities(
    linked: similarity_graph::SimilarityGraph,
    params: &Checked<FaceMapParams>,
    cx: &Cx,
) -> Result<(Partition, BTreeMap<String, f64>), Cancelled> {
    let n = linked.edges.n_nodes();
    let n_links = linked.edges.n_edges();
    let network = match params.flow {
        Flow::Undirected => FlowNetwork::undirected(linked.edges),
        Flow::Directed => FlowNetwork::directed(linked.edges, cx)?,
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
