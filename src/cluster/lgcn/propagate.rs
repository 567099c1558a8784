//! Pseudo-label propagation: from scored pairs to clusters.
//!
//! Takes directed pairs with scores, which are pooled for each undirected pair by their mean.
//! Components of the graph that are small enough are clusters; what is in larger ones goes on
//! with fewer, stronger pairs. It always ends, and gives the same for any order of the pairs.

use crate::base::{Partition, TrackIx, UnionFind};

/// Rounds after which the components that are left are clusters as they are. The published rule
/// never ends where scores are exactly 1 in a component that is too large.
const MOST_ROUNDS: usize = 100;

/// How pairs become clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PropagationParams {
    /// What the threshold t rises by from round to round: t ← t + (1 − t) · step.
    pub step: f64,
    /// The largest cluster before the last round.
    pub max_size: usize,
    /// Pairs that score less never count; as published, all do in the first round, so that a set
    /// of no more rows than `max_size` is one cluster.
    pub floor: f64,
}

impl Default for PropagationParams {
    /// As published for IJB-B.
    fn default() -> Self {
        Self { step: 0.6, max_size: 900, floor: 0.0 }
    }
}

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PropagationRound {
    /// Pairs counted from this score on.
    pub threshold: f64,
    /// Rows whose cluster it found.
    pub n_final: usize,
    /// Rows that it left.
    pub n_left: usize,
}

/// The clusters of `n` rows by pairs `(row, other, score)`; scores are in 0..=1.
///
/// A row without pairs is a cluster of its own. O(E log E) for the pairs, and for each of at
/// most 100 rounds what is left of them.
///
/// # Panics
/// Where a pair names a row that is not below `n`.
#[must_use]
pub fn propagate(
    n: usize,
    pairs: impl IntoIterator<Item = (TrackIx, TrackIx, f64)>,
    params: &PropagationParams,
) -> (Partition, Vec<PropagationRound>) {
    let (mut pairs, least) = pooled(pairs);
    let mut threshold = least.max(params.floor);
    pairs.retain(|pair| pair.2 >= params.floor);
    let mut labels: Vec<TrackIx> = (0..n as TrackIx).collect();
    let mut left = labels.clone();
    let mut rounds = Vec::new();
    for round in 0..=MOST_ROUNDS {
        if left.is_empty() {
            break;
        }
        if round > 0 {
            threshold += (1.0 - threshold) * params.step;
            pairs.retain(|pair| pair.2 >= threshold);
        }
        let mut sets = UnionFind::new(n);
        for &(a, b, _) in &pairs {
            sets.union(a, b);
        }
        let mut sizes = vec![0_usize; n];
        for &row in &left {
            labels[row as usize] = sets.find(row);
            sizes[labels[row as usize] as usize] += 1;
        }
        let is_last = round == MOST_ROUNDS;
        let is_large = |row: TrackIx| !is_last && sizes[labels[row as usize] as usize] > params.max_size;
        let n_before = left.len();
        left.retain(|&row| is_large(row));
        pairs.retain(|pair| is_large(pair.0));
        rounds.push(PropagationRound { threshold, n_final: n_before - left.len(), n_left: left.len() });
    }
    (Partition::from_labels(&labels), rounds)
}

/// Each undirected pair once with the mean of its scores, in order; and the least score of all.
fn pooled(pairs: impl IntoIterator<Item = (TrackIx, TrackIx, f64)>) -> (Vec<(TrackIx, TrackIx, f64)>, f64) {
    let ordered = |(a, b, score): (TrackIx, TrackIx, f64)| (a.min(b), a.max(b), score);
    let mut pairs: Vec<_> = pairs.into_iter().map(ordered).collect();
    pairs.sort_unstable_by(|x, y| (x.0, x.1).cmp(&(y.0, y.1)).then(x.2.total_cmp(&y.2)));
    let least = pairs.iter().fold(1.0, |least: f64, pair| least.min(pair.2));
    let pooled = pairs.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)).map(|same| {
        let sum: f64 = same.iter().map(|pair| pair.2).sum();
        (same[0].0, same[0].1, sum / same.len() as f64)
    });
    (pooled.collect(), least)
}
