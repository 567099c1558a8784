//! How similar two rows must be so that the link between them is more than chance.
//!
//! Takes unit rows; gives the least similarity of a link, from how strangers' similarities lie.
//! It reads no labels and no lists of neighbours.
//!
//! Outlier detection leaves every row more than half a window of neighbours, so somebody who is
//! there once is always linked to strangers, and absorbed. Among many people most pairs are
//! strangers, and the *least* similar pairs always are: their quantiles, extended as those of
//! a normal distribution, tell how strangers lie. A link must stand out from that.

use rand::RngExt;

use crate::base::product::dot;
use crate::base::{Embeddings, Similarity, TrackIx, seeded};

/// Pairs looked at, drawn at random where there are more.
const PAIRS: usize = 100_000;
/// Fewer rows tell nothing.
const FEWEST: usize = 20;
/// The shares of all pairs that are looked at from below, and how far below a normal
/// distribution's mean, in standard deviations, those shares end.
const SHARES: [(f64, f64); 2] = [(0.02, 2.053_75), (0.1, 1.281_55)];
/// Strangers whose mean similarity seems greater are no strangers: there is one person only.
const NEAREST: f64 = 0.4;

/// The mean similarity of strangers and `deviations` standard deviations more; none where there
/// are fewer than 20 rows, or no strangers among them. O(100,000 · dim).
pub(super) fn least_similarity(rows: &Embeddings, deviations: f64, seed: u64) -> Option<Similarity> {
    if rows.len() < FEWEST {
        return None;
    }
    let mut similarities = sample(rows, seed);
    let mut quantile = |share: f64| {
        let at = (share * (similarities.len() - 1) as f64).round() as usize;
        f64::from(*similarities.select_nth_unstable_by(at, f32::total_cmp).1)
    };
    let [(low, far), (high, near)] = SHARES.map(|(share, off)| (quantile(share), off));
    let deviation = (high - low) / (far - near);
    let mean = high + near * deviation;
    (mean <= NEAREST).then_some(Similarity((mean + deviations * deviation) as f32))
}

/// Similarities of pairs of different rows: of all, or of as many as are looked at.
fn sample(rows: &Embeddings, seed: u64) -> Vec<f32> {
    let n = rows.len();
    let similarity = |i: usize, j: usize| dot(rows.row(i as TrackIx), rows.row(j as TrackIx));
    if n * (n - 1) / 2 <= PAIRS {
        return (0..n).flat_map(|i| (0..i).map(move |j| similarity(i, j))).collect();
    }
    let mut rng = seeded(seed);
    let mut pair = || {
        let i = rng.random_range(0..n);
        // Any other row.
        (i, (i + rng.random_range(1..n)) % n)
    };
    (0..PAIRS).map(|_| pair()).map(|(i, j)| similarity(i, j)).collect()
}
