//! The threshold τ at which a clustering comes nearest to known identities.
//!
//! Takes unit rows and who they show; gives `BCubed` F of the cut at every hundredth of τ, all
//! from one dendrogram: a merge never depends on how far the linkage goes on. Where nobody knows
//! who they show, likelihood linkage says it, and the threshold is estimated. It embeds nothing.

use rand::seq::index;

use super::SessionError;
use crate::base::{Constraint, Constraints, Cx, Embeddings, Partition, Radius, TrackIx, seeded};
use crate::cluster::agglomerative::complete_linkage;
use crate::cluster::likelihood::{Certainty, Regression, SamePersonModel, likelihood_linkage};
use crate::metrics::{self, Scores};

/// Steps of one hundredth that are looked at: up to 2, where unit rows are at right angles.
const STEPS: u32 = 200;
/// A threshold this little worse than the best one is as good as it.
const FLAT: f64 = 0.001;
/// Tracks by which a radius is estimated, drawn at random where there are more.
const SAMPLE: usize = 3_000;

/// A radius estimated from the tracks themselves, without labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EstimatedRadius {
    /// The radius.
    pub radius: Radius,
    /// The smallest that looks as good.
    pub low: Radius,
    /// The largest that looks as good.
    pub high: Radius,
}

/// The radius at which ball clusters come nearest, by `BCubed` F, to what likelihood linkage makes
/// of the same rows: so the radius follows the footage and its model, as the paper learns b on the
/// episode (Tapaswi, Law, Fidler, ICCV 2019).
///
/// Deterministic for any number of threads. O(m² · dim) time for m rows, of which at most 3,000 are
/// looked at.
///
/// # Errors
/// [`SessionError::Cluster`] where it was cancelled.
pub fn estimate_radius(
    rows: &Embeddings,
    constraints: &Constraints,
    cx: &Cx,
) -> Result<EstimatedRadius, SessionError> {
    let (rows, constraints) = sample(rows, constraints);
    let same_person = SamePersonModel::of(&rows, Regression::fitted());
    let tree = likelihood_linkage(&rows, &constraints, same_person, Certainty::EVEN.0, cx)?;
    let people = tree.cut(Certainty::EVEN.height());
    let sweep = ThresholdSweep::among(&rows, &constraints, &all_rows(people.labels()), cx)?;
    let radius = |step: usize| Radius::from_tau((step + 1) as f64 / 100.0);
    let (low, high) = sweep.best_steps();
    Ok(EstimatedRadius { radius: Radius::from_tau(sweep.best()), low: radius(low), high: radius(high) })
}

/// The rows that are looked at, and what holds between them.
fn sample(rows: &Embeddings, constraints: &Constraints) -> (Embeddings, Constraints) {
    if rows.len() <= SAMPLE {
        return (rows.clone(), constraints.clone());
    }
    let mut chosen = index::sample(&mut seeded(0), rows.len(), SAMPLE).into_vec();
    chosen.sort_unstable();
    let place = |track: TrackIx| chosen.binary_search(&(track as usize)).ok().map(|at| at as TrackIx);
    let links = constraints.all().iter().filter_map(|link| {
        let (a, b) = (place(link.a)?, place(link.b)?);
        Some(Constraint { a, b, ..*link })
    });
    let links = Constraints::new(links);
    (rows.select(chosen.iter().map(|&row| row as TrackIx)), links)
}

/// `BCubed` F, 0..=1, at each τ of [`ThresholdSweep::taus`].
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdSweep(Vec<f64>);

impl ThresholdSweep {
    /// The thresholds: 0.01, 0.02, … 2.
    pub fn taus() -> impl ExactSizeIterator<Item = f64> {
        (0..STEPS).map(|step| f64::from(step + 1) / 100.0)
    }

    /// Groups the rows by complete linkage and scores every cut against `people`.
    ///
    /// # Errors
    /// [`SessionError::Cluster`] where it was cancelled.
    pub fn of(rows: &Embeddings, people: &[u32], cx: &Cx) -> Result<Self, SessionError> {
        Self::among(rows, &Constraints::default(), &all_rows(people), cx)
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
        let (first, last) = self.best_steps();
        usize::midpoint(first, last)
    }

    /// The first and the last step around the best one that are as good as it.
    fn best_steps(&self) -> (usize, usize) {
        let best = self.0.iter().copied().fold(0.0, f64::max);
        let top = self.0.iter().position(|&f| f >= best).unwrap_or(0);
        let good = |f: &&f64| **f >= best - FLAT;
        let below = self.0[..top].iter().rev().take_while(good).count();
        let above = self.0[top..].iter().take_while(good).count();
        (top - below, top + above.max(1) - 1)
    }
}

/// The scores at the best cut.
///
/// # Errors
/// As [`ThresholdSweep::of`].
pub(crate) fn best_cut(rows: &Embeddings, people: &[u32], cx: &Cx) -> Result<Scores, SessionError> {
    let mut cuts = cuts(rows, &Constraints::default(), &all_rows(people), cx)?;
    let best = ThresholdSweep(cuts.iter().map(|scores| scores.bcubed.f).collect()).best_step();
    Ok(cuts.swap_remove(best))
}

/// The scores of the cut at `tau`, over the known rows.
///
/// # Errors
/// As [`ThresholdSweep::of`].
pub(crate) fn cut_at(
    tau: f64,
    rows: &Embeddings,
    constraints: &Constraints,
    known: &[(TrackIx, u32)],
    cx: &Cx,
) -> Result<Scores, SessionError> {
    score(known, &complete_linkage(rows, constraints, tau, cx)?.dendrogram.cut(tau))
}

/// Every row with its person.
pub(crate) fn all_rows(people: &[u32]) -> Vec<(TrackIx, u32)> {
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
    ThresholdSweep::taus().map(|tau| score(known, &dendrogram.cut(tau))).collect()
}

fn score(known: &[(TrackIx, u32)], partition: &Partition) -> Result<Scores, SessionError> {
    let (people, clusters): (Vec<u32>, Vec<u32>) =
        known.iter().map(|&(row, person)| (person, partition.labels()[row as usize])).unzip();
    Ok(metrics::evaluate(&people, &clusters)?)
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::{ConstraintKind, ConstraintSource, Rng};

    fn normal(rng: &mut Rng) -> f32 {
        (0..12).map(|_| rng.random_range(-0.5_f32..0.5)).sum()
    }

    /// People in random directions, each with some tracks that deviate by `stray`.
    fn cast(people: usize, tracks: usize, stray: f32) -> Embeddings {
        const DIM: usize = 64;
        let mut rng = seeded(3);
        let mut data = Vec::new();
        for _ in 0..people {
            let person: Vec<f32> = (0..DIM).map(|_| normal(&mut rng)).collect();
            for _ in 0..tracks {
                data.extend(person.iter().map(|value| value + stray * normal(&mut rng)));
            }
        }
        Embeddings::new(DIM, data).unwrap().into_unit().unwrap()
    }

    fn estimate(rows: &Embeddings, constraints: &Constraints) -> EstimatedRadius {
        estimate_radius(rows, constraints, &Cx::new()).unwrap()
    }

    fn clusters(rows: &Embeddings, tau: f64) -> usize {
        complete_linkage(rows, &Constraints::default(), tau, &Cx::new()).unwrap().dendrogram.n_clusters(tau)
    }

    #[test]
    fn few_people_and_many_come_apart_at_the_estimated_radius() {
        for (people, tracks) in [(1, 50), (2, 30), (5, 20), (40, 4), (300, 2), (15, 1)] {
            let rows = cast(people, tracks, 0.6);
            let found = estimate(&rows, &Constraints::default());
            assert!(found.low.0 <= found.radius.0 && found.radius.0 <= found.high.0, "{found:?}");
            let off = clusters(&rows, found.radius.tau()).abs_diff(people);
            assert!(off * 10 <= people, "{off} off {people} people: {found:?}");
        }
        assert!((0.0..=1.0).contains(&estimate(&Embeddings::default(), &Constraints::default()).radius.0));
    }

    #[test]
    fn tracks_known_as_strangers_that_look_alike_make_the_estimate_careful() {
        let rows = cast(40, 2, 0.8);
        let free = estimate(&rows, &Constraints::default());
        let pairs = (0..40_u32).map(|person| Constraint {
            a: 2 * person,
            b: 2 * person + 1,
            kind: ConstraintKind::Cannot,
            source: ConstraintSource::CoOccurrence,
        });
        let warned = estimate(&rows, &Constraints::new(pairs));
        assert!(warned.low.0 < free.low.0, "{warned:?} {free:?}");
    }

    #[test]
    fn a_sample_estimates_for_more_tracks_and_any_number_of_threads() {
        let rows = cast(1_600, 2, 0.5);
        assert!(rows.len() > SAMPLE);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| estimate(&rows, &Constraints::default()))
        };
        let one = on(1);
        assert_eq!(one, on(3));
        assert!((clusters(&rows, one.radius.tau()) as f64 / 1_600.0 - 1.0).abs() < 0.02, "{one:?}");
    }

    fn sweep(value: impl Fn(f64) -> f64) -> ThresholdSweep {
        ThresholdSweep(ThresholdSweep::taus().map(value).collect())
    }

    #[test]
    fn the_best_threshold_is_the_middle_of_what_is_as_good() {
        let hill = sweep(|tau| if (0.5..=0.9).contains(&tau) { 0.98 } else { 0.5 });
        assert!((hill.best() - 0.7).abs() < 1e-9, "{}", hill.best());
        let peak = sweep(|tau| 1.0 - (tau - 1.2).abs());
        assert!((peak.best() - 1.2).abs() < 1e-9);
        assert!((peak.at(1.2) - 1.0).abs() < 1e-9 && (peak.at(9.0) - peak.at(2.0)).abs() < 1e-9);
        let mean = ThresholdSweep::mean(&[hill, peak]);
        assert!((mean.at(0.7) - f64::midpoint(0.98, 0.5)).abs() < 1e-9);
    }

    #[test]
    fn one_dendrogram_gives_every_cut() {
        let rows = Embeddings::new(2, vec![1.0, 0.0, 0.8, 0.6, -1.0, 0.0, 0.0, -1.0]).unwrap();
        let people = [0, 0, 1, 2];
        let sweep = ThresholdSweep::of(&rows, &people, &Cx::new()).unwrap();
        for tau in [0.2, 0.4, 1.9, 2.0] {
            let scores = cut_at(tau, &rows, &Constraints::default(), &all_rows(&people), &Cx::new()).unwrap();
            assert!((sweep.at(tau) - scores.bcubed.f).abs() < 1e-12, "{tau}");
        }
        assert!((sweep.at(sweep.best()) - 1.0).abs() < 1e-12);
        assert_eq!(best_cut(&rows, &people, &Cx::new()).unwrap().n_clusters, 3);
    }
}
