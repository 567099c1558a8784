//! Instance pivot subgraphs: a row, its neighbours and theirs, and the edges between them.
//!
//! Takes neighbour lists; gives the nodes and their links, sparse. Several pivots' graphs are in
//! one [`Subgraph`] side by side, so that one matrix product does for all. A pivot is its graph's
//! first node and its neighbours follow by rank; the order of nodes has no effect on scores beyond
//! rounding. It sees no embeddings.

use crate::base::{TrackIx, word_values};
use crate::graph::Neighbours;

/// How far a pivot looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubgraphSize {
    /// Neighbours of the pivot; these are scored.
    pub k1: usize,
    /// Neighbours of each of them that come in as well.
    pub k2: usize,
    /// Neighbours of every node that it is linked with, where they are in.
    pub u: usize,
}

impl SubgraphSize {
    /// Neighbours that must be known of every row.
    #[must_use]
    pub fn most(&self) -> usize {
        self.k1.max(self.k2).max(self.u)
    }
}

/// How a node's neighbours are averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregation {
    /// All alike, as published.
    #[default]
    Mean,
    /// By their cosine with the node; one below 0 counts as 0.
    Weighted,
}

word_values!(Aggregation: Mean = "mean", Weighted = "weighted");

/// The surroundings of some pivots.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subgraph {
    nodes: Vec<TrackIx>,
    /// The place of each node's pivot.
    pivots: Vec<u32>,
    every: Vec<u32>,
    scored: Vec<u32>,
    /// Where each node's links begin in `links`; one more than there are nodes.
    starts: Vec<u32>,
    /// Places of linked nodes and their weights.
    links: Vec<(u32, f32)>,
}

impl Subgraph {
    /// The rows in it: of each pivot itself, those that are scored by rank, then theirs.
    #[must_use]
    pub fn nodes(&self) -> &[TrackIx] {
        &self.nodes
    }

    /// The place of each node's pivot among the nodes.
    #[must_use]
    pub fn pivots(&self) -> &[u32] {
        &self.pivots
    }

    /// The places of all nodes, 0, 1, …
    #[must_use]
    pub fn all_nodes(&self) -> &[u32] {
        &self.every
    }

    /// The places of the nodes that are scored: by pivot, k1 of each, or fewer where there are no
    /// more rows.
    #[must_use]
    pub fn scored(&self) -> &[u32] {
        &self.scored
    }

    /// The places of the nodes that the node at `place` is linked with, and their weights, of
    /// which none is below 0.
    #[must_use]
    pub fn links(&self, place: usize) -> &[(u32, f32)] {
        &self.links[self.starts[place] as usize..self.starts[place + 1] as usize]
    }
}

/// Builds subgraphs one after another, with memory that is kept between them.
#[derive(Debug)]
pub struct SubgraphBuilder<'a> {
    neighbours: &'a Neighbours,
    reach: SubgraphSize,
    aggregation: Aggregation,
    /// One more than each row's place among the present pivot's nodes; 0 for a row that is not in.
    places: Vec<u32>,
    pairs: Vec<(u32, u32, f32)>,
    next: Vec<u32>,
}

impl<'a> SubgraphBuilder<'a> {
    /// A builder over the neighbours of `n` rows: 4 bytes per row.
    #[must_use]
    pub fn new(neighbours: &'a Neighbours, n: usize, reach: SubgraphSize, aggregation: Aggregation) -> Self {
        let (pairs, next) = (Vec::new(), Vec::new());
        Self { neighbours, reach, aggregation, places: vec![0; n], pairs, next }
    }

    /// The subgraphs of some pivots: O(k1 · (k2 + u)) each.
    ///
    /// # Panics
    /// Where there is no such row.
    pub fn build(&mut self, pivots: impl IntoIterator<Item = TrackIx>, graph: &mut Subgraph) {
        graph.nodes.clear();
        graph.pivots.clear();
        graph.scored.clear();
        self.pairs.clear();
        for pivot in pivots {
            self.add(pivot, graph);
        }
        graph.every.clear();
        graph.every.extend(0..graph.nodes.len() as u32);
        self.link(graph);
    }

    fn add(&mut self, pivot: TrackIx, graph: &mut Subgraph) {
        let first = graph.nodes.len();
        self.add_node(pivot, graph);
        let near = self.nearest(pivot, self.reach.k1);
        for &(node, _) in near {
            graph.scored.push(graph.nodes.len() as u32);
            self.add_node(node, graph);
        }
        for &(node, _) in near {
            for &(far, _) in self.nearest(node, self.reach.k2) {
                self.add_node(far, graph);
            }
        }
        graph.pivots.resize(graph.nodes.len(), first as u32);
        self.pair(first, graph);
        for &node in &graph.nodes[first..] {
            self.places[node as usize] = 0;
        }
    }

    fn add_node(&mut self, node: TrackIx, graph: &mut Subgraph) {
        let place = &mut self.places[node as usize];
        if *place == 0 {
            graph.nodes.push(node);
            *place = graph.nodes.len() as u32;
        }
    }

    fn nearest(&self, row: TrackIx, k: usize) -> &'a [(TrackIx, crate::base::Similarity)] {
        let all = self.neighbours.of(row);
        &all[..k.min(all.len())]
    }

    /// Finds the linked pairs of the nodes from `first` on, each once.
    fn pair(&mut self, first: usize, graph: &Subgraph) {
        for (place, &node) in graph.nodes.iter().enumerate().skip(first) {
            for &(other, similarity) in self.nearest(node, self.reach.u) {
                let Some(other_place) = self.places[other as usize].checked_sub(1) else { continue };
                let is_told_twice =
                    other < node && self.nearest(other, self.reach.u).iter().any(|&(back, _)| back == node);
                if !is_told_twice {
                    let weight = match self.aggregation {
                        Aggregation::Mean => 1.0,
                        Aggregation::Weighted => similarity.0.max(0.0),
                    };
                    self.pairs.push((place as u32, other_place, weight));
                }
            }
        }
    }

    /// Turns pairs into each node's links.
    fn link(&mut self, graph: &mut Subgraph) {
        let n = graph.nodes.len();
        graph.starts.clear();
        graph.starts.resize(n + 1, 0);
        for &(a, b, _) in &self.pairs {
            graph.starts[a as usize + 1] += 1;
            graph.starts[b as usize + 1] += 1;
        }
        for at in 0..n {
            graph.starts[at + 1] += graph.starts[at];
        }
        self.next.clear();
        self.next.extend_from_slice(&graph.starts[..n]);
        graph.links.clear();
        graph.links.resize(2 * self.pairs.len(), (0, 0.0));
        for &(a, b, weight) in &self.pairs {
            for (from, to) in [(a, b), (b, a)] {
                let next = &mut self.next[from as usize];
                graph.links[*next as usize] = (to, weight);
                *next += 1;
            }
        }
    }
}
