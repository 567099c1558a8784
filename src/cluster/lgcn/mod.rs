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

use super::{ClusterError, Clustering};
use crate::base::{Cancelled, Constraints, Cx, Embeddings, TrackIx};
use crate::graph::{Neighbours, nearest};
pub use network::{
    Classifier, Input, Layer, LinkNetwork, RANKS, Shape, Space, Table, profile, ranked, share,
};
pub use propagate::{Propagation, Round, propagate};
pub use subgraph::{Aggregation, Builder, Reach, Subgraph};

/// Nodes that go through the network together, about: enough for the products to be quick.
const ROWS: usize = 1024;

/// Parameters, not yet checked; a head's own are in its file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LgcnParams {
    /// How far a pivot looks.
    pub reach: Reach,
    /// How neighbours are averaged.
    pub aggregation: Aggregation,
    /// How scores become clusters.
    pub propagation: Propagation,
}

impl Default for LgcnParams {
    /// As published for IJB-B.
    fn default() -> Self {
        Self {
            reach: Reach { k1: 80, k2: 5, u: 5 },
            aggregation: Aggregation::Mean,
            propagation: Propagation::default(),
        }
    }
}

/// Checked parameters; only these can run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheckedLgcn(LgcnParams);

impl LgcnParams {
    /// The largest k1, k2 and u.
    pub const MOST_NEIGHBOURS: usize = 1_000;

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`ClusterError::Parameter`] with name, value and range.
    pub fn check(self) -> Result<CheckedLgcn, ClusterError> {
        let Reach { k1, k2, u } = self.reach;
        for (name, value, least) in [("k1", k1, 1), ("k2", k2, 0), ("u", u, 1)] {
            if !(least..=Self::MOST_NEIGHBOURS).contains(&value) {
                let range = if least == 0 { "from 0 to 1000" } else { "from 1 to 1000" };
                return Err(ClusterError::Parameter { name, value: value.to_string(), range });
            }
        }
        self.propagation.check()?;
        Ok(CheckedLgcn(self))
    }
}

impl CheckedLgcn {
    /// The parameters.
    #[must_use]
    pub fn params(&self) -> &LgcnParams {
        &self.0
    }
}

/// What a clustering needs to be told again: which neighbours each row has, and their scores.
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
    (reach, aggregation): (Reach, Aggregation),
    network: &LinkNetwork,
    cx: &Cx,
) -> Result<ScoredLinks, Cancelled> {
    let (n, k) = (rows.len(), reach.k1.min(neighbours.k()));
    if k == 0 || rows.dim() != network.shape().dim {
        return Ok(ScoredLinks { k: 1, links: Vec::new() });
    }
    cx.stage("Scoring neighbours", n as u64);
    let table = network.table(rows.as_slice(), neighbours);
    let mut links = vec![(0, 0.0); n * k];
    let group = (ROWS / (k * (reach.k2 + 1) + 1)).max(1);
    links.par_chunks_mut(k * group).enumerate().try_for_each_init(
        || (Builder::new(neighbours, n, reach, aggregation), Subgraph::default(), Space::default()),
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
    params: &CheckedLgcn,
    head: &LinkNetwork,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let LgcnParams { reach, aggregation, propagation } = params.0;
    if !rows.is_empty() && rows.dim() != head.shape().dim {
        let value = format!("{}, but the head takes {}", rows.dim(), head.shape().dim);
        let range = "as many columns as the head was learned for";
        return Err(ClusterError::Parameter { name: "the embeddings' dim", value, range });
    }
    let (clock, cpu) = (Instant::now(), ProcessTime::now());
    let neighbours = nearest(rows, reach.most().max(head.shape().input.neighbours()), cx)?;
    let graph_secs = (clock.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
    let links = score_links(rows, &neighbours, (reach, aggregation), head, cx)?;
    cx.check()?;
    let pairs = links.iter().map(|(row, other, score)| (row, other, f64::from(score)));
    let (partition, rounds) = propagate(rows.len(), pairs, &propagation);
    let diagnostics = BTreeMap::from([
        ("links".to_owned(), links.links.len() as f64),
        ("rounds".to_owned(), rounds.len() as f64),
    ]);
    Ok(Clustering { partition, dendrogram: None, diagnostics, graph_secs })
}
