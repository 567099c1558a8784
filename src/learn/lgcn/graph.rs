//! Rows with their people and their nearest neighbours, among themselves only.
//!
//! Takes labelled faces and a split; gives the sets that a network learns from or is judged on,
//! and the mean and variance of what describes their nodes.

use rayon::prelude::*;

use super::{LgcnTrainingParams, LinkMetrics};
use crate::base::{Cancelled, Cx, Embeddings, TrackIx, seeded};
use crate::cluster::lgcn::{
    Aggregation, LinkNetwork, NodeFeatures, RANKS, ScoredLinks, Subgraph, SubgraphBuilder, SubgraphSize,
    profile, ranked, score_links,
};
use crate::graph::{Neighbours, nearest};
use crate::learn::{LabelledFaces, LearnError, Split, Subset};

/// Pivots whose nodes one task counts.
const PIVOTS: usize = 64;

/// Unit rows, who they show, and each one's nearest neighbours.
#[derive(Debug, Clone)]
pub(crate) struct LabelledGraph {
    pub(super) rows: Embeddings,
    people: Vec<u32>,
    pub(super) neighbours: Neighbours,
}

impl LabelledGraph {
    /// Unit rows and who they show, one each; `most` neighbours are looked for.
    ///
    /// # Errors
    /// [`LearnError::Lengths`], [`LearnError::Cancelled`].
    pub(crate) fn new(rows: Embeddings, people: Vec<u32>, most: usize, cx: &Cx) -> Result<Self, LearnError> {
        if rows.len() != people.len() {
            let (got, want) = (people.len(), rows.len());
            return Err(LearnError::Lengths { what: "people of rows", got, want });
        }
        let neighbours = nearest(&rows, most, cx)?;
        Ok(Self { rows, people, neighbours })
    }

    /// The tracks of some parts together, and tracks simulated from their faces; none where there
    /// are none.
    ///
    /// # Errors
    /// [`LearnError`], as [`LabelledFaces::track_means`].
    pub(crate) fn of_parts(
        data: &LabelledFaces,
        split: &Split,
        parts: &[Subset],
        params: &LgcnTrainingParams,
        cx: &Cx,
    ) -> Result<Vec<Self>, LearnError> {
        let mut tracks: Vec<TrackIx> =
            parts.iter().flat_map(|&part| data.tracks(split, Some(part))).collect();
        tracks.sort_unstable();
        if tracks.is_empty() {
            return Ok(Vec::new());
        }
        let most = params.reach.most().max(params.input.neighbours());
        let (rows, people) = data.simulated(&tracks, &mut seeded(params.seed))?;
        let means = Self::new(data.track_means(&tracks)?, data.identities(&tracks), most, cx)?;
        Ok(vec![means, Self::new(rows, people, most, cx)?])
    }

    /// The rows.
    #[must_use]
    pub(crate) fn rows(&self) -> &Embeddings {
        &self.rows
    }

    /// Who they show.
    #[must_use]
    pub(crate) fn people(&self) -> &[u32] {
        &self.people
    }

    /// Scored neighbours of each row.
    pub(super) fn k(&self, reach: SubgraphSize) -> usize {
        reach.k1.min(self.neighbours.k())
    }

    /// Whether each link joins one person: `k` links a row, by rank.
    pub(crate) fn same(&self, k: usize) -> impl Iterator<Item = bool> + '_ {
        self.links(k).map(|(row, other, _)| self.people[row as usize] == self.people[other as usize])
    }

    /// Row, neighbour and cosine of each link.
    fn links(&self, k: usize) -> impl Iterator<Item = (TrackIx, TrackIx, f32)> + '_ {
        let rows = if self.neighbours.k() == 0 { 0 } else { self.rows.len() as TrackIx };
        (0..rows).flat_map(move |row| {
            self.neighbours.of(row)[..k.min(self.neighbours.k())]
                .iter()
                .map(move |&(other, similarity)| (row, other, similarity.0))
        })
    }

    /// Whether each scored node of a graph is its pivot's person.
    pub(super) fn same_in(&self, graph: &Subgraph) -> Vec<bool> {
        let person = |place: u32| self.people[graph.nodes()[place as usize] as usize];
        let own = |place: u32| person(graph.pivots()[place as usize]);
        graph.scored().iter().map(|&place| person(place) == own(place)).collect()
    }

    /// Scores all links.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(crate) fn score(
        &self,
        network: &LinkNetwork,
        how: (SubgraphSize, Aggregation),
        cx: &Cx,
    ) -> Result<ScoredLinks, Cancelled> {
        score_links(&self.rows, &self.neighbours, how, network, cx)
    }

    /// The cosines of the links, in the order of [`Self::same`].
    #[must_use]
    pub(crate) fn cosines(&self, k: usize) -> Vec<f32> {
        self.links(k).map(|link| link.2).collect()
    }

    /// How raw cosines judge the same links, at a threshold.
    #[must_use]
    pub(crate) fn by_cosine(&self, k: usize, threshold: f32) -> LinkMetrics {
        LinkMetrics::of(&self.cosines(k), &self.same(k).collect::<Vec<_>>(), threshold)
    }
}

/// Mean and variance of each column over all nodes of all pivots' graphs.
pub(super) fn statistics(
    sets: &[LabelledGraph],
    params: &LgcnTrainingParams,
    cx: &Cx,
) -> Result<(Vec<f32>, Vec<f32>), Cancelled> {
    let mut total = (0_u64, Vec::new(), Vec::new());
    for set in sets {
        let usual = ranked(&set.neighbours, set.rows.len());
        let pivots: Vec<TrackIx> = (0..set.rows.len() as TrackIx).collect();
        let parts: Result<Vec<_>, Cancelled> = pivots
            .par_chunks(PIVOTS)
            .map(|pivots| {
                cx.check()?;
                Ok(sums((set, &usual), pivots, params))
            })
            .collect();
        for (n, sum, squares) in parts? {
            total.0 += n;
            for (total, part) in [(&mut total.1, sum), (&mut total.2, squares)] {
                total.resize(part.len(), 0.0);
                total.iter_mut().zip(&part).for_each(|(total, part)| *total += part);
            }
        }
    }
    let n = (total.0 as f64).max(1.0);
    let mean: Vec<f64> = total.1.iter().map(|sum: &f64| sum / n).collect();
    let variance =
        total.2.iter().zip(&mean).map(|(squares, mean)| (squares / n - mean * mean).max(0.0) as f32);
    Ok((mean.iter().map(|&mean| mean as f32).collect(), variance.collect()))
}

/// How many nodes some pivots' graphs have, and the sums of their columns and of the squares.
fn sums(
    (set, usual): (&LabelledGraph, &[f32]),
    pivots: &[TrackIx],
    params: &LgcnTrainingParams,
) -> (u64, Vec<f64>, Vec<f64>) {
    let mut builder = SubgraphBuilder::new(&set.neighbours, set.rows.len(), params.reach, params.aggregation);
    let (mut graph, mut n) = (Subgraph::default(), 0);
    let columns = match params.input {
        NodeFeatures::Difference => set.rows.dim(),
        NodeFeatures::Profile => 1 + 2 * RANKS.len(),
    };
    let (mut sum, mut squares) = (vec![0.0; columns], vec![0.0; columns]);
    let mut count = |column: usize, value: f32| {
        let value = f64::from(value);
        sum[column] += value;
        squares[column] += value * value;
    };
    for &pivot in pivots {
        builder.build([pivot], &mut graph);
        n += graph.nodes().len() as u64;
        for &node in graph.nodes() {
            match params.input {
                NodeFeatures::Difference => {
                    let each = set.rows.row(node).iter().zip(set.rows.row(pivot)).enumerate();
                    each.for_each(|(column, (value, own))| count(column, value - own));
                }
                NodeFeatures::Profile => {
                    let rows = (set.rows.as_slice(), set.rows.dim());
                    let profile = profile((pivot, node), rows, usual);
                    profile.iter().enumerate().for_each(|(column, &value)| count(column, value));
                }
            }
        }
    }
    (n, sum, squares)
}
