//! L-GCN: links between neighbours, judged by a learned network that sees their surroundings
//! (Wang, Zheng, Li, Wang: "Linkage Based Face Clustering via Graph Convolution Network", CVPR
//! 2019).
//!
//! Takes unit rows and a [`LinkNetwork`], which `learn` trains; gives clusters. Each row and its
//! k1 neighbours become a small graph, the network says of each neighbour how probably it is the
//! row's person, and [`propagate`] turns these scores into clusters. It ignores constraints. The
//! result has the same bytes for any number of threads.

mod network;
mod propagate;
mod subgraph;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Instant;

use cpu_time::ProcessTime;
use rayon::prelude::*;

use super::{
    Algorithm, ClusterError, Clustering, ConstraintHandling, Diagnostics, MethodDescription, MethodInputs,
    ParameterSweep,
};
use crate::base::{
    Cancelled, Checked, Constraints, Cx, Embeddings, InvalidValue, Parameter, ParameterField, ParameterRange,
    Parameters, Stage, TrackIx, field,
};
use crate::graph::{Neighbours, nearest};
pub use network::{
    Classifier, FeatureTable, Layer, LgcnWorkspace, LinkNetwork, NetworkShape, NodeFeatures, RANKS, profile,
    ranked, share,
};
pub use propagate::{PropagationParams, PropagationRound, propagate};
pub use subgraph::{Aggregation, Subgraph, SubgraphBuilder, SubgraphSize};

/// Nodes that go through the network together, about: enough for the products to be quick.
const ROWS: usize = 1024;

/// Parameters; a head's own are in its file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LgcnParams {
    /// How far a pivot looks.
    pub reach: SubgraphSize,
    /// How neighbours are averaged.
    pub aggregation: Aggregation,
    /// How scores become clusters.
    pub propagation: PropagationParams,
}

impl Default for LgcnParams {
    /// As published for IJB-B.
    fn default() -> Self {
        Self {
            reach: SubgraphSize { k1: 80, k2: 5, u: 5 },
            aggregation: Aggregation::Mean,
            propagation: PropagationParams::default(),
        }
    }
}

/// Neighbours of the pivot.
pub(crate) const K1: Parameter = Parameter {
    name: "k1",
    label: "Neighbours",
    doc: "How many neighbours of a track are scored.",
    range: ParameterRange::Count(1, 1_000),
    auto: None,
};

/// Neighbours of its neighbours.
pub(crate) const K2: Parameter = Parameter {
    name: "k2",
    label: "Neighbours' neighbours",
    doc: "How many neighbours of each neighbour are nodes, too.",
    range: ParameterRange::Count(0, 1_000),
    auto: None,
};

/// Neighbours that a node is linked to.
pub(crate) const LINKED: Parameter = Parameter {
    name: "u",
    label: "Linked neighbours",
    doc: "To how many of its neighbours a node is linked.",
    range: ParameterRange::Count(1, 1_000),
    auto: None,
};

const MAX_SIZE: Parameter = Parameter {
    name: "max_size",
    label: "Largest cluster",
    doc: "The largest cluster before the last round.",
    range: ParameterRange::Count(1, usize::MAX),
    auto: None,
};

const FLOOR: Parameter = Parameter {
    name: "floor",
    label: "Floor",
    doc: "How sure the network must be of a link for it to count at all: higher keeps people apart.",
    range: ParameterRange::Number("a number", 0.0, 1.0),
    auto: Some(OF_HEAD),
};

const STEP: Parameter = Parameter {
    name: "step",
    label: "Step",
    doc: "How fast groups that are too large are taken apart: the threshold rises by this share of what is left.",
    range: ParameterRange::Number("a number", 0.01, 0.95),
    auto: Some(OF_HEAD),
};

/// What `auto` means for what a head has of its own.
const OF_HEAD: &str = "the head's own";

impl Parameters for LgcnParams {
    const FIELDS: &'static [ParameterField<Self>] = &[
        field!(K1, reach.k1),
        field!(K2, reach.k2),
        field!(LINKED, reach.u),
        field!(STEP, propagation.step),
        field!(MAX_SIZE, propagation.max_size),
        field!(FLOOR, propagation.floor),
    ];
}

/// What a user sets in place of the head's own.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LgcnOverrides {
    /// [`PropagationParams::floor`].
    pub floor: Option<f64>,
    /// [`PropagationParams::step`].
    pub step: Option<f64>,
}

impl Parameters for LgcnOverrides {
    const FIELDS: &'static [ParameterField<Self>] = &[field!(FLOOR, floor), field!(STEP, step)];
}

impl Algorithm for LgcnOverrides {
    const DESCRIPTION: MethodDescription = MethodDescription {
        id: "lgcn",
        name: "L-GCN",
        doc: "A learned network scores each link between neighbours by what surrounds it; needs a head for the model.",
        sweep: ParameterSweep {
            parameter: &FLOOR,
            values: &[0.05, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
        },
        constraints: ConstraintHandling::Afterwards,
    };
    const NEEDS_HEAD: bool = true;

    fn run(
        params: &Checked<Self>,
        rows: &Embeddings,
        constraints: &Constraints,
        inputs: MethodInputs<'_>,
        cx: &Cx,
    ) -> Result<Clustering, ClusterError> {
        let missing = || InvalidValue::new("head", "missing", "a head that `castlist learn lgcn` made");
        let (network, own) = inputs.link_network.ok_or_else(missing)?;
        let mut own = *own;
        own.propagation.floor = params.floor.unwrap_or(own.propagation.floor);
        own.propagation.step = params.step.unwrap_or(own.propagation.step);
        lgcn(rows, constraints, &own.check()?, network, cx)
    }
}

/// What repeats a clustering: the neighbours of each row, and their scores.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredLinks {
    k: usize,
    links: Vec<(TrackIx, f32)>,
}

impl ScoredLinks {
    /// Scored neighbours of each row.
    #[must_use]
    pub fn k(&self) -> usize {
        self.k
    }

    /// Row, neighbour and score of every link, by row and rank.
    pub fn iter(&self) -> impl Iterator<Item = (TrackIx, TrackIx, f32)> + '_ {
        let row = move |at: usize| (at / self.k) as TrackIx;
        self.links.iter().enumerate().map(move |(at, &(other, score))| (row(at), other, score))
    }
}

/// Scores each row's k1 neighbours, with the neighbours of all rows at hand (`reach.most()` of
/// each, or all).
///
/// Rows are unit vectors of the network's `dim`. Parallel over rows; per row O(k1 · k2 · weights
/// behind the first convolution). Memory beside the result: the rows' products with the first
/// convolution.
///
/// # Errors
/// [`Cancelled`], checked every few rows.
pub fn score_links(
    rows: &Embeddings,
    neighbours: &Neighbours,
    (reach, aggregation): (SubgraphSize, Aggregation),
    network: &LinkNetwork,
    cx: &Cx,
) -> Result<ScoredLinks, Cancelled> {
    let (n, k) = (rows.len(), reach.k1.min(neighbours.k()));
    if k == 0 || rows.dim() != network.shape().dim {
        return Ok(ScoredLinks { k: 1, links: Vec::new() });
    }
    cx.stage(Stage::ScoringNeighbours, n as u64);
    let table = network.table(rows.as_slice(), neighbours);
    let mut links = vec![(0, 0.0); n * k];
    let group = (ROWS / (k * (reach.k2 + 1) + 1)).max(1);
    links.par_chunks_mut(k * group).enumerate().try_for_each_init(
        || {
            (
                SubgraphBuilder::new(neighbours, n, reach, aggregation),
                Subgraph::default(),
                LgcnWorkspace::default(),
            )
        },
        |(builder, graph, space), (at, links)| {
            cx.check()?;
            let first = at * group;
            builder.build((first..first + links.len() / k).map(|row| row as TrackIx), graph);
            network.forward(graph, graph.nodes(), &table, space);
            for (link, (&place, &score)) in links.iter_mut().zip(graph.scored().iter().zip(&space.scores)) {
                *link = (graph.nodes()[place as usize], score);
            }
            cx.advance((links.len() / k) as u64);
            Ok(())
        },
    )?;
    Ok(ScoredLinks { k, links })
}

/// Clusters unit rows by the links that a network finds among nearest neighbours.
///
/// Constraints are ignored. `graph_secs` is the time of the exact neighbours.
///
/// # Errors
/// [`ClusterError::Parameter`] where the network takes rows of another length,
/// [`ClusterError::Cancelled`].
pub fn lgcn(
    rows: &Embeddings,
    _constraints: &Constraints,
    params: &Checked<LgcnParams>,
    head: &LinkNetwork,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let LgcnParams { reach, aggregation, propagation } = **params;
    if !rows.is_empty() && rows.dim() != head.shape().dim {
        let value = format!("{}, but the head takes {}", rows.dim(), head.shape().dim);
        let range = "as many columns as the head was learned for";
        return Err(InvalidValue::new("the embeddings' dim", value, range).into());
    }
    let (clock, cpu) = (Instant::now(), ProcessTime::now());
    let neighbours = nearest(rows, reach.most().max(head.shape().input.neighbours()), cx)?;
    let graph_secs = (clock.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
    let links = score_links(rows, &neighbours, (reach, aggregation), head, cx)?;
    cx.check()?;
    let pairs = links.iter().map(|(row, other, score)| (row, other, f64::from(score)));
    let (partition, rounds) = propagate(rows.len(), pairs, &propagation);
    let figures = BTreeMap::from([
        ("links".to_owned(), links.links.len() as f64),
        ("rounds".to_owned(), rounds.len() as f64),
    ]);
    let diagnostics = Diagnostics { figures, ..Diagnostics::default() };
    Ok(Clustering { partition, dendrogram: None, diagnostics, graph_secs })
}
