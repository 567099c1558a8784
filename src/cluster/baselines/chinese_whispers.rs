//! Chinese Whispers: every row takes the label that is strongest among its neighbours.
//!
//! Biemann: "Chinese Whispers: an efficient graph clustering algorithm and its application to
//! natural language processing problems", 2006. Own code: it is a page, and what counts is the
//! graph beneath it.

use std::cmp::Ordering;

use rand::seq::SliceRandom;

use super::{found, timed};
use crate::base::{
    Checked, Constraints, Cx, Embeddings, ParameterField, Parameters, Partition, Stage, TrackIx, field,
    seeded,
};
use crate::cluster::parameters::{NEIGHBOURS, SEED, SIMILARITY};
use crate::cluster::{
    Algorithm, ClusterError, Clustering, ConstraintHandling, MethodDescription, ParameterSweep, run_by,
};
use crate::graph::{Neighbours, nearest};

/// Rounds after which it ends although labels still change.
const MOST_ROUNDS: usize = 100;

/// Parameters of the method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WhispersParams {
    /// Neighbours a row.
    pub k: usize,
    /// Neighbours less alike than this count for nothing.
    pub similarity: f64,
    /// Seed of the order in which rows are visited.
    pub seed: u64,
}

impl Default for WhispersParams {
    fn default() -> Self {
        Self { k: 80, similarity: 0.45, seed: 0 }
    }
}

impl Parameters for WhispersParams {
    const FIELDS: &'static [ParameterField<Self>] =
        &[field!(NEIGHBOURS, k), field!(SIMILARITY, similarity), field!(SEED, seed)];
}

impl Algorithm for WhispersParams {
    const DESCRIPTION: MethodDescription = MethodDescription {
        id: "chinese-whispers",
        name: "Chinese Whispers",
        doc: "Each track adopts its neighbours' majority label, again and again, until nothing changes.",
        sweep: ParameterSweep {
            parameter: &SIMILARITY,
            values: &[0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70],
        },
        constraints: ConstraintHandling::Afterwards,
    };

    run_by!(chinese_whispers);
}

/// Spreads labels over the graph of nearest neighbours that are alike enough, weighted by
/// cosine: in every round each row, in an order drawn again from the seed, takes the label of
/// the largest weight around it, and keeps its own in a tie; until nothing changes, and 100
/// rounds at most. Rows without neighbours are clusters of one. Knows no links. O(n² · dim)
/// time for the graph and O(n · k) a round, O(n · k) memory.
///
/// # Errors
/// [`ClusterError::Cancelled`].
pub fn chinese_whispers(
    rows: &Embeddings,
    _links: &Constraints,
    params: &Checked<WhispersParams>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let (lists, graph_secs) = timed(|| nearest(rows, params.k, cx));
    let edges = edges(&lists?, rows.len(), params.similarity as f32);
    let mut order: Vec<TrackIx> = (0..rows.len() as TrackIx).collect();
    let mut rng = seeded(params.seed);
    let mut whispers = Whispers { labels: order.clone(), weights: vec![0.0; rows.len()], heard: Vec::new() };
    cx.stage(Stage::GroupingTracks, MOST_ROUNDS as u64);
    let mut n_rounds = 0;
    let mut changed = true;
    while changed && n_rounds < MOST_ROUNDS {
        cx.check()?;
        order.shuffle(&mut rng);
        changed = false;
        for &row in &order {
            changed |= whispers.update_label(row, &edges[row as usize]);
        }
        n_rounds += 1;
        cx.advance(1);
    }
    let partition = Partition::from_labels(&whispers.labels);
    Ok(found(partition, &[("rounds", n_rounds as f64)], graph_secs))
}

/// The neighbours of each row and those whose neighbour it is, ascending, with their weights.
fn edges(lists: &Neighbours, n: usize, similarity: f32) -> Vec<Vec<(TrackIx, f32)>> {
    let mut edges: Vec<Vec<(TrackIx, f32)>> = vec![Vec::new(); n];
    for row in 0..n as TrackIx {
        for &(other, weight) in lists.of(row).iter().take_while(|near| near.1.0 >= similarity) {
            edges[row as usize].push((other, weight.0));
            edges[other as usize].push((row, weight.0));
        }
    }
    for edges in &mut edges {
        edges.sort_unstable_by_key(|edge| edge.0);
        edges.dedup_by_key(|edge| edge.0);
    }
    edges
}

struct Whispers {
    labels: Vec<u32>,
    /// Weight of each label around the row that listens; 0 otherwise.
    weights: Vec<f32>,
    heard: Vec<u32>,
}

impl Whispers {
    /// Gives a row the strongest label around it; whether that is another one.
    fn update_label(&mut self, row: TrackIx, edges: &[(TrackIx, f32)]) -> bool {
        for &(other, weight) in edges {
            let label = self.labels[other as usize];
            if !self.heard.contains(&label) {
                self.heard.push(label);
            }
            self.weights[label as usize] += weight;
        }
        let own = self.labels[row as usize];
        let mut best = (own, self.weights[own as usize]);
        for &label in &self.heard {
            let weight = self.weights[label as usize];
            let is_stronger = match weight.total_cmp(&best.1) {
                Ordering::Greater => true,
                Ordering::Equal => best.0 != own && label < best.0,
                Ordering::Less => false,
            };
            if is_stronger {
                best = (label, weight);
            }
        }
        for label in self.heard.drain(..) {
            self.weights[label as usize] = 0.0;
        }
        self.labels[row as usize] = best.0;
        best.0 != own
    }
}
