//! How likely two groups of tracks are one person, judged by the footage that they are from.
//!
//! Takes a few measures of the folder, how alike the two groups are and how alike each is in
//! itself; gives log-odds. The same similarity means different things in different footage: on
//! photographs one person's tracks lie at a mean cosine of 0.8 and on film at 0.45, and strangers
//! of one film are a little alike. And it means more between two groups than between two tracks,
//! for a mean over many pairs strays less. So the probability is a quadratic logistic
//! [`Regression`] on nine measures, fitted on the merges of films and photographs under several
//! embedding models; `cargo bench --bench linkage` fits it and reports it on shows left out.

use rand::seq::index;
use rayon::prelude::*;

use super::regression::{N_FEATURES, N_WEIGHTS, Regression};
use super::weights::FITTED;
use crate::base::product::{dot, multiply_by_transposed};
use crate::base::{Embeddings, TrackIx, seeded};

/// Rows whose pairs tell how strangers lie, drawn at random where there are more.
const SAMPLE: usize = 1_500;
/// Rows that are held against all others, to tell how near the nearest are.
const HELD: usize = 1_000;
/// Where no pair tells: mean and standard deviation of strangers' cosines, …
const STRANGERS: (f64, f64) = (0.04, 0.09);
/// … and how many pairs that counts for.
const STRANGER_PAIRS: f64 = 30.0;
/// A track's nearest lies here where there is none, …
const NEAREST: f64 = 0.4;
/// … and how many tracks that counts for.
const NEAREST_TRACKS: f64 = 2.0;
/// A larger folder is treated like one of this many tracks: no larger one was in the training data.
const MOST_TRACKS: usize = 665;
/// Standardised measures are cut off here, so that unusual footage is judged like the most unusual
/// that was learned from.
const CUT_OFF: f64 = 4.0;

impl Regression {
    /// The one that ships.
    #[must_use]
    pub fn fitted() -> &'static Self {
        &FITTED
    }

    /// What the weights apply to: 1, the standardised measures, and their products.
    #[must_use]
    pub fn terms(&self, features: &[f64; N_FEATURES]) -> [f64; N_WEIGHTS] {
        let mut terms = [1.0; N_WEIGHTS];
        for (at, value) in features.iter().enumerate() {
            terms[1 + at] = ((value - self.centres[at]) / self.scales[at]).clamp(-CUT_OFF, CUT_OFF);
        }
        let mut next = 1 + N_FEATURES;
        for first in 1..=N_FEATURES {
            for second in first..=N_FEATURES {
                terms[next] = terms[first] * terms[second];
                next += 1;
            }
        }
        terms
    }

    fn log_odds(&self, features: &[f64; N_FEATURES]) -> f64 {
        self.terms(features).iter().zip(&self.weights).map(|(term, weight)| term * weight).sum()
    }
}

/// What is measured of a folder, without labels, and how it is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SamePersonModel {
    regression: &'static Regression,
    /// About the mean cosine of two strangers' tracks: the 35th percentile of all pairs.
    different_people: f64,
    /// About its standard deviation, from the 5th and the 35th percentile.
    spread: f64,
    /// The mean cosine of a track and its nearest.
    nearest: f64,
    /// Logarithm of the number of tracks.
    ln_tracks: f64,
}

/// A group of tracks: how many, and how alike they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackGroup {
    /// Tracks, at least 1.
    pub n_tracks: u32,
    /// Squared length of the mean of their unit rows, 0..=1; 1 for one track.
    pub mean_squared: f32,
}

impl TrackGroup {
    /// One track.
    pub const ONE: Self = Self { n_tracks: 1, mean_squared: 1.0 };

    /// `n_tracks` tracks whose unit rows have that mean.
    #[must_use]
    pub fn of(n_tracks: u32, mean: &[f32]) -> Self {
        Self { n_tracks, mean_squared: dot(mean, mean) }
    }

    /// Mean cosine over its pairs, drawn towards what is usual by one pair.
    fn shrunk_similarity(self, usual: f64) -> f64 {
        let n = f64::from(self.n_tracks);
        let pairs = n * (n - 1.0) / 2.0;
        let sum = (n * n * f64::from(self.mean_squared) - n) / 2.0;
        (sum + usual) / (pairs + 1.0)
    }
}

impl SamePersonModel {
    /// Measures unit rows. Different people are measured on the pairs of at most 1,500 rows,
    /// nearest ones from at most 1,000 rows held against all; both are drawn with a fixed seed.
    /// O(1,000 · n · dim); the same bytes for any number of threads.
    #[must_use]
    pub fn of(rows: &Embeddings, regression: &'static Regression) -> Self {
        let (strangers, spread) = strangers(rows);
        let chosen = sample(rows.len(), HELD);
        let nearest = |&row: &TrackIx| {
            let mut products = vec![0.0; rows.len()];
            multiply_by_transposed(rows.row(row), rows.as_slice(), rows.dim(), &mut products);
            let others = products.iter().zip(0..).filter(|&(_, other)| other != row);
            others.map(|(&product, _)| product).max_by(f32::total_cmp)
        };
        let found: Vec<Option<f32>> = chosen.par_iter().map(nearest).collect();
        let sum: f64 = found.iter().map(|found| found.map_or(strangers, f64::from)).sum();
        Self {
            regression,
            different_people: strangers,
            spread,
            nearest: (sum + NEAREST * NEAREST_TRACKS) / (chosen.len() as f64 + NEAREST_TRACKS),
            ln_tracks: (rows.len().clamp(1, MOST_TRACKS) as f64).ln(),
        }
    }

    /// About the mean cosine of strangers.
    #[must_use]
    pub fn different_people(&self) -> f64 {
        self.different_people
    }

    /// The nine measures that decide, before they are standardised: similarity, logarithm of the
    /// smaller and of the larger size, similarity beyond that within either group, and the
    /// folder's.
    #[must_use]
    pub fn features(&self, between: f64, a: TrackGroup, b: TrackGroup) -> [f64; N_FEATURES] {
        let (small, large) = (a.n_tracks.min(b.n_tracks), a.n_tracks.max(b.n_tracks));
        let (of_a, of_b) = (a.shrunk_similarity(self.nearest), b.shrunk_similarity(self.nearest));
        [
            between,
            f64::from(small).ln(),
            f64::from(large).ln(),
            between - of_a.min(of_b),
            between - of_a.max(of_b),
            self.nearest,
            self.different_people,
            self.spread,
            self.ln_tracks,
        ]
    }

    /// Log-odds that two groups are one person, by the mean cosine `between` all pairs of their
    /// tracks. O(1).
    #[must_use]
    pub fn log_odds(&self, between: f64, a: TrackGroup, b: TrackGroup) -> f64 {
        self.regression.log_odds(&self.features(between, a, b))
    }
}

/// The probability of log-odds.
#[must_use]
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Mean and standard deviation of strangers' cosines, by the lower percentiles of all pairs: among
/// many people most pairs are strangers', and among few the lower ones still are.
fn strangers(rows: &Embeddings) -> (f64, f64) {
    let some = rows.select(sample(rows.len(), SAMPLE));
    let n = some.len();
    let mut products = vec![0.0; n * n];
    if n > 0 {
        multiply_by_transposed(some.as_slice(), some.as_slice(), some.dim(), &mut products);
    }
    let mut pairs: Vec<f32> = Vec::with_capacity(n * n.saturating_sub(1) / 2);
    for row in 0..n {
        pairs.extend(&products[row * n + row + 1..(row + 1) * n]);
    }
    if pairs.is_empty() {
        return STRANGERS;
    }
    let mut percentile = |share: f64| {
        let at = ((pairs.len() as f64 * share) as usize).min(pairs.len() - 1);
        f64::from(*pairs.select_nth_unstable_by(at, f32::total_cmp).1)
    };
    let (low, middle) = (percentile(0.05), percentile(0.35));
    let n_pairs = (n * (n - 1)) as f64 / 2.0;
    let known = n_pairs / (n_pairs + STRANGER_PAIRS);
    // A normal distribution's 5th percentile lies 1.26 deviations below its 35th.
    let spread = ((middle - low) / 1.26).max(0.03);
    (known * middle + (1.0 - known) * STRANGERS.0, known * spread + (1.0 - known) * STRANGERS.1)
}

/// At most `most` of `n` rows, ascending; the same ones each time.
fn sample(n: usize, most: usize) -> Vec<TrackIx> {
    let mut chosen = index::sample(&mut seeded(0), n, n.min(most)).into_vec();
    chosen.sort_unstable();
    chosen.into_iter().map(|row| row as TrackIx).collect()
}
