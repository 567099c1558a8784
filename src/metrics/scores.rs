//! The scores of a clustering, and how each follows from the contingency table.
//!
//! Takes exact counts; gives the numbers that `evaluate --json` prints. Each field of [`Scores`]
//! states its definition; N is the number of tracks.

use std::collections::BTreeMap;

use serde::Serialize;

use super::contingency::{Contingency, Margin};

/// How well clusters agree with identities. Every score is finite; no tracks at all score like
/// two equal groupings (agreement 1, counts 0).
///
/// # Examples
/// ```
/// // Two people with three tracks each. One track of the second person is in a cluster of its own.
/// let (truth, clusters) = ([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 2]);
/// let scores = castlist::metrics::evaluate(&truth, &clusters)?;
///
/// // Nothing wrong was put together, but not everything that belongs together was.
/// assert_eq!((scores.pairwise.precision, scores.wcp), (1.0, 1.0));
/// assert!((scores.pairwise.recall - 4.0 / 6.0).abs() < 1e-12);
/// assert_eq!((scores.n_clusters, scores.n_identities, scores.c_dif), (3, 2, 1));
/// assert_eq!(scores.clicks, 3, "one to name each cluster");
/// # Ok::<(), castlist::metrics::MetricsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Tracks compared, N.
    pub n_tracks: u64,
    /// Clusters found.
    pub n_clusters: u64,
    /// Identities in truth.
    pub n_identities: u64,
    /// Mutual information over the *arithmetic* mean of both entropies, 0..=1. Two groupings of
    /// a single block each give 1; where only one of them is a single block it is 0.
    pub nmi: f64,
    /// The same over the *geometric* mean of both entropies, as older publications have it.
    pub nmi_geometric: f64,
    /// `BCubed`: for each track, the share of its cluster that is of its identity (precision) and
    /// the share of its identity that is in its cluster (recall), averaged over tracks.
    pub bcubed: PrecisionRecall,
    /// The same over pairs of tracks. No pair clustered together: precision 1; no pair that
    /// belongs together: recall 1.
    pub pairwise: PrecisionRecall,
    /// Weighted cluster purity: the share of tracks that are of their cluster's most frequent
    /// identity, 0..=1. It rises with the number of clusters: read the two together.
    pub wcp: f64,
    /// |clusters − identities|; over several videos, add up each video's.
    pub c_dif: u64,
    /// Clusters per identity (R#I); 1 is ideal.
    pub ri: f64,
    /// Clusters of one track, per identity (R#S as published code counts).
    pub rs: f64,
    /// Clusters of one track whose identity has further tracks, per identity (R#S as the paper's
    /// text defines it).
    pub rs_incorrect: f64,
    /// Identity-level F, keyed by the threshold θ, `"0.5"` to `"0.9"`: a cluster and an identity
    /// match where they share *more* than θ of both.
    pub fi: BTreeMap<&'static str, f64>,
    /// Rand index adjusted for chance, at most 1, about 0 for random groupings.
    pub ari: f64,
    /// Clicks that put it right: one to name each cluster, one for each track outside its
    /// cluster's most frequent identity (operator clicks index).
    pub clicks: u64,
}

/// Precision, recall and their harmonic mean, each 0..=1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PrecisionRecall {
    /// How pure what was put together is.
    pub precision: f64,
    /// How complete it is.
    pub recall: f64,
    /// 2PR/(P + R); 0 where both are 0.
    pub f: f64,
}

impl PrecisionRecall {
    fn new(precision: f64, recall: f64) -> Self {
        Self { precision, recall, f: harmonic(precision, recall) }
    }
}

/// FI's thresholds in tenths, so that the comparison is one of integers.
const FI_THRESHOLDS: [(&str, u64); 5] = [("0.5", 5), ("0.6", 6), ("0.7", 7), ("0.8", 8), ("0.9", 9)];

impl Scores {
    /// All scores of one table.
    pub(super) fn of(table: &Contingency) -> Self {
        let n_tracks = table.n_tracks;
        let (n_clusters, n_identities) = (table.clusters.len() as u64, table.identities.len() as u64);
        let (nmi, nmi_geometric) = nmi(table);
        let pairs = PairCounts::of(table);
        let pure: u64 = table.clusters.iter().map(|cluster| cluster.largest).sum();
        let alone = table.cells.iter().filter(|cell| cell.cluster == 1);
        let (singletons, torn_off) =
            alone.fold((0, 0), |(all, torn), cell| (all + 1, torn + u64::from(cell.identity > 1)));
        Self {
            n_tracks,
            n_clusters,
            n_identities,
            nmi,
            nmi_geometric,
            bcubed: PrecisionRecall::new(
                bcubed(&table.clusters, n_tracks),
                bcubed(&table.identities, n_tracks),
            ),
            pairwise: pairs.triple(),
            wcp: ratio(pure, n_tracks, 1.0),
            c_dif: n_clusters.abs_diff(n_identities),
            ri: ratio(n_clusters, n_identities, 1.0),
            rs: ratio(singletons, n_identities, 0.0),
            rs_incorrect: ratio(torn_off, n_identities, 0.0),
            fi: FI_THRESHOLDS.iter().map(|&(name, tenths)| (name, identity_f(table, tenths))).collect(),
            ari: pairs.adjusted_rand(),
            clicks: n_clusters + (n_tracks - pure),
        }
    }
}

/// `part / whole`, or `empty` where there is no whole.
fn ratio(part: u64, whole: u64, empty: f64) -> f64 {
    if whole == 0 { empty } else { part as f64 / whole as f64 }
}

fn harmonic(p: f64, r: f64) -> f64 {
    if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
}

/// (1/N) Σ over groups of Σ n² / size: precision over clusters, recall over identities.
fn bcubed(groups: &[Margin], n_tracks: u64) -> f64 {
    if n_tracks == 0 {
        return 1.0;
    }
    let sum: f64 = groups.iter().map(|group| group.squares as f64 / group.size as f64).sum();
    sum / n_tracks as f64
}

/// NMI with the arithmetic and with the geometric mean.
fn nmi(table: &Contingency) -> (f64, f64) {
    let n_cells = table.cells.len();
    if n_cells == table.identities.len() && n_cells == table.clusters.len() {
        // One cell per row and column: equal groupings, whatever rounding would say. Two single
        // blocks and no tracks at all are among them.
        return (1.0, 1.0);
    }
    let total = table.n_tracks as f64;
    // The ratio inside the logarithm is formed from integers, so independence gives exactly 0.
    let information: f64 = table
        .cells
        .iter()
        .map(|cell| {
            let joint = u128::from(cell.n) * u128::from(table.n_tracks);
            let product = u128::from(cell.identity) * u128::from(cell.cluster);
            cell.n as f64 / total * (joint as f64 / product as f64).ln()
        })
        .sum();
    let (truth, found) = (entropy(&table.identities, total), entropy(&table.clusters, total));
    let normalise = |mean: f64| if mean > 0.0 { (information / mean).clamp(0.0, 1.0) } else { 0.0 };
    (normalise(f64::midpoint(truth, found)), normalise((truth * found).sqrt()))
}

/// Entropy in nats.
fn entropy(groups: &[Margin], total: f64) -> f64 {
    groups.iter().map(|group| group.size as f64 / total * (total / group.size as f64).ln()).sum()
}

/// FI at one threshold: F of the share of clusters and of identities that found their match.
fn identity_f(table: &Contingency, tenths: u64) -> f64 {
    let more = |n: u64, size: u64| 10 * n > tenths * size;
    let matched =
        table.cells.iter().filter(|cell| more(cell.n, cell.cluster) && more(cell.n, cell.identity)).count();
    let (clusters, identities) = (table.clusters.len() as u64, table.identities.len() as u64);
    harmonic(ratio(matched as u64, clusters, 1.0), ratio(matched as u64, identities, 1.0))
}

/// Unordered pairs of tracks. Below 2⁶³ each for up to 2³² tracks, so products fit in `i128`.
struct PairCounts {
    /// Together in both groupings.
    both: i128,
    /// In one cluster.
    clustered: i128,
    /// Of one identity.
    truth: i128,
    /// All pairs.
    all: i128,
}

impl PairCounts {
    fn of(table: &Contingency) -> Self {
        let pairs = |n: u64| i128::from(n) * (i128::from(n) - 1) / 2;
        Self {
            both: table.cells.iter().map(|cell| pairs(cell.n)).sum(),
            clustered: table.clusters.iter().map(|cluster| pairs(cluster.size)).sum(),
            truth: table.identities.iter().map(|identity| pairs(identity.size)).sum(),
            all: pairs(table.n_tracks),
        }
    }

    fn triple(&self) -> PrecisionRecall {
        let share = |whole: i128| if whole == 0 { 1.0 } else { self.both as f64 / whole as f64 };
        PrecisionRecall::new(share(self.clustered), share(self.truth))
    }

    /// (both − expected) / (mean of both margins − expected), with expected = clustered·truth/all
    /// (Hubert and Arabie 1985), in integers times `2·all` until the one division.
    fn adjusted_rand(&self) -> f64 {
        let expected = self.clustered * self.truth;
        let above = 2 * (self.both * self.all - expected);
        let most = (self.clustered + self.truth) * self.all - 2 * expected;
        // Only equal groupings (all apart, all together, none) leave no room above chance.
        if most == 0 { 1.0 } else { above as f64 / most as f64 }
    }
}
