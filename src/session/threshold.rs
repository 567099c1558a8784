//! The threshold τ at which a clustering comes nearest to known identities.
//!
//! Takes unit rows and who they show; gives `BCubed` F of the cut at every hundredth of τ, all
//! from one dendrogram: a merge never depends on how far the linkage goes on. It learns and
//! embeds nothing.

use super::SessionError;
use crate::base::{Constraints, Cx, Embeddings, Partition, TrackIx};
use crate::cluster::agglomerative::complete_linkage;
use crate::metrics::{self, Scores};

/// Steps of one hundredth that are looked at: up to 2, where unit rows are at right angles.
const STEPS: u32 = 200;
/// A threshold this little worse than the best one is as good as it.
const FLAT: f64 = 0.001;

/// `BCubed` F, 0..=1, at each τ of [`Sweep::taus`].
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep(Vec<f64>);

impl Sweep {
    /// The thresholds: 0.01, 0.02, … 2.
    pub fn taus() -> impl ExactSizeIterator<Item = f64> {
        (0..STEPS).map(|step| f64::from(step + 1) / 100.0)
    }

    /// Groups the rows by complete linkage and scores every cut against `people`.
    ///
    /// # Errors
    /// [`SessionError::Cluster`] where it was cancelled.
    pub fn of(rows: &Embeddings, people: &[u32], cx: &Cx) -> Result<Self, SessionError> {
        Self::among(rows, &Constraints::default(), &everybody(people), cx)
    }

    /// [`Self::of`] where only some of the rows are known (row and person), and constraints hold.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn among(
        rows: &Embeddings,
        constraints: &Constraints,
        known: &[(TrackIx, u32)],
        cx: &Cx,
    ) -> Result<Self, SessionError> {
        let cuts = cuts(rows, constraints, known, cx)?;
        Ok(Self(cuts.into_iter().map(|scores| scores.bcubed.f).collect()))
    }

    /// The mean of several, each counting the same; 0 everywhere for none.
    #[must_use]
    pub fn mean(sweeps: &[Self]) -> Self {
        let n = sweeps.len().max(1) as f64;
        Self((0..STEPS as usize).map(|at| sweeps.iter().map(|sweep| sweep.0[at]).sum::<f64>() / n).collect())
    }

    /// F at each τ, in order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// F at the τ of the grid nearest to `tau`.
    #[must_use]
    pub fn at(&self, tau: f64) -> f64 {
        let step = (tau * 100.0).round().clamp(1.0, f64::from(STEPS));
        self.0[step as usize - 1]
    }

    /// The middle of the thresholds around the best one that are as good as it.
    #[must_use]
    pub fn best(&self) -> f64 {
        (self.best_step() + 1) as f64 / 100.0
    }

    fn best_step(&self) -> usize {
        let best = self.0.iter().copied().fold(0.0, f64::max);
        let top = self.0.iter().position(|&f| f >= best).unwrap_or(0);
        let good = |f: &&f64| **f >= best - FLAT;
        let below = self.0[..top].iter().rev().take_while(good).count();
        let above = self.0[top..].iter().take_while(good).count();
        (top - below + top + above.max(1) - 1) / 2
    }
}

/// The scores at the best cut.
///
/// # Errors
/// As [`Sweep::of`].
pub(super) fn best_cut(rows: &Embeddings, people: &[u32], cx: &Cx) -> Result<Scores, SessionError> {
    let mut cuts = cuts(rows, &Constraints::default(), &everybody(people), cx)?;
    let best = Sweep(cuts.iter().map(|scores| scores.bcubed.f).collect()).best_step();
    Ok(cuts.swap_remove(best))
}

/// The scores of the cut at `tau`, over the known rows.
///
/// # Errors
/// As [`Sweep::of`].
pub(super) fn cut_at(
    tau: f64,
    rows: &Embeddings,
    constraints: &Constraints,
    known: &[(TrackIx, u32)],
    cx: &Cx,
) -> Result<Scores, SessionError> {
    score(known, &complete_linkage(rows, constraints, tau, cx)?.dendrogram.cut(tau))
}

/// Every row with its person.
pub(super) fn everybody(people: &[u32]) -> Vec<(TrackIx, u32)> {
    (0..).zip(people.iter().copied()).collect()
}

fn cuts(
    rows: &Embeddings,
    constraints: &Constraints,
    known: &[(TrackIx, u32)],
    cx: &Cx,
) -> Result<Vec<Scores>, SessionError> {
    let most = f64::from(STEPS) / 100.0;
    let dendrogram = complete_linkage(rows, constraints, most, cx)?.dendrogram;
    Sweep::taus().map(|tau| score(known, &dendrogram.cut(tau))).collect()
}

fn score(known: &[(TrackIx, u32)], partition: &Partition) -> Result<Scores, SessionError> {
    let (people, clusters): (Vec<u32>, Vec<u32>) =
        known.iter().map(|&(row, person)| (person, partition.labels()[row as usize])).unzip();
    Ok(metrics::evaluate(&people, &clusters)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sweep(value: impl Fn(f64) -> f64) -> Sweep {
        Sweep(Sweep::taus().map(value).collect())
    }

    #[test]
    fn the_best_threshold_is_the_middle_of_what_is_as_good() {
        let hill = sweep(|tau| if (0.5..=0.9).contains(&tau) { 0.98 } else { 0.5 });
        assert!((hill.best() - 0.7).abs() < 1e-9, "{}", hill.best());
        let peak = sweep(|tau| 1.0 - (tau - 1.2).abs());
        assert!((peak.best() - 1.2).abs() < 1e-9);
        assert!((peak.at(1.2) - 1.0).abs() < 1e-9 && (peak.at(9.0) - peak.at(2.0)).abs() < 1e-9);
        let mean = Sweep::mean(&[hill, peak]);
        assert!((mean.at(0.7) - f64::midpoint(0.98, 0.5)).abs() < 1e-9);
    }

    #[test]
    fn one_dendrogram_gives_every_cut() {
        let rows = Embeddings::new(2, vec![1.0, 0.0, 0.8, 0.6, -1.0, 0.0, 0.0, -1.0]).unwrap();
        let people = [0, 0, 1, 2];
        let sweep = Sweep::of(&rows, &people, &Cx::new()).unwrap();
        for tau in [0.2, 0.4, 1.9, 2.0] {
            let scores =
                cut_at(tau, &rows, &Constraints::default(), &everybody(&people), &Cx::new()).unwrap();
            assert!((sweep.at(tau) - scores.bcubed.f).abs() < 1e-12, "{tau}");
        }
        assert!((sweep.at(sweep.best()) - 1.0).abs() < 1e-12);
        assert_eq!(best_cut(&rows, &people, &Cx::new()).unwrap().n_clusters, 3);
    }
}
