//! A radius for a space in which nobody has learned one, told from the tracks themselves.
//!
//! Takes unit rows and what is known without labels: tracks that are never one person, how far
//! the two halves of a track lie apart, how far drawn strangers do. Gives a radius with its
//! spread, or nothing where there is too little to tell from. It reads no names and no pictures.
//!
//! Among many people most pairs of tracks are strangers, and among few the *far* pairs still are.
//! So the farthest peak of all distances, and what lies beyond it, show how strangers lie; mirrored
//! and widened (strangers who look alike lie nearer than the mirror says), that tells for each
//! distance how many pairs are strangers' and, by what is left, how likely a pair is one person.
//! The threshold is the one at which the clusters of the dendrogram promise the best `BCubed` F
//! under these likelihoods. The constants were chosen on drawn casts and on photographs of people
//! outside the sets that `docs/quality.md` reports.

use rand::seq::index;

use super::complete_linkage;
use crate::base::product::by_transposed;
use crate::base::{Cancelled, Constraints, Cx, Dendrogram, Embeddings, Radius, TrackIx, seeded};

/// Tracks that are looked at, drawn at random where there are more.
const SAMPLE: usize = 3_000;
/// Fewer tracks tell nothing.
const FEWEST: usize = 20;
/// Width of a bin of squared distance.
const BIN: f64 = 0.01;
/// Bins of 0..=4.
const BINS: usize = 401;
/// How much wider than its mirror the near side of the strangers' distances is, at least:
/// 1.2 to 1.3 at one pair in ten thousand, in three models.
const WIDER: f64 = 1.3;
/// What is expected of strangers before any are seen, as a share of their mean distance, …
const SPREAD: f64 = 0.1;
/// … and how many pairs of people that counts for.
const PAIRS: f64 = 50.0;
/// Pairs of overlapping tracks that [`WIDER`] counts for.
const OVERLAPS: f64 = 20.0;
/// Strangers lie at least so far apart, where no drawn ones tell.
const NEAREST: f64 = 1.0;
/// How far below the best promise of F a threshold may be to count as as good.
const AS_GOOD: f64 = 0.002;

/// What is known without labels.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// Pairs of rows that are never one person (and those that are one).
    pub constraints: &'a Constraints,
    /// Squared distances between the halves of a track, for tracks of several faces.
    pub halves: &'a [f32],
    /// Squared distances between drawn people under the same model; empty where there is no model.
    pub strangers: &'a [f32],
}

/// What an estimate rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The tracks themselves.
    Tracks,
    /// Drawn people: the tracks are too few, or all of one person.
    DrawnPeople,
}

/// An estimated radius.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EstimatedRadius {
    /// The radius.
    pub radius: Radius,
    /// The smallest that looks as good.
    pub low: Radius,
    /// The largest that looks as good.
    pub high: Radius,
    /// What it rests on.
    pub basis: Basis,
}

/// Estimates a radius for unit rows; `None` where there is too little to tell from.
///
/// Deterministic for any number of threads. O(m²·dim) time and 4·m² bytes for m rows, of which at
/// most 3,000 are looked at.
///
/// # Errors
/// [`Cancelled`].
pub fn estimate_radius(
    rows: &Embeddings,
    evidence: Evidence,
    cx: &Cx,
) -> Result<Option<EstimatedRadius>, Cancelled> {
    let fallback = quantile(evidence.strangers, 0.05).map(|tau| {
        let spread = |share| Radius::from_tau(quantile(evidence.strangers, share).unwrap_or(tau));
        let (low, high) = (spread(0.01), spread(0.1));
        EstimatedRadius { radius: Radius::from_tau(tau), low, high, basis: Basis::DrawnPeople }
    });
    if rows.len() < FEWEST {
        return Ok(fallback);
    }
    let sampled = Sample::new(rows, evidence.constraints);
    let nearest = quantile(evidence.strangers, 0.5).map_or(NEAREST, |middle| 0.7 * middle);
    match sampled.strangers().filter(|strangers| strangers.mean >= nearest) {
        None => Ok(fallback),
        Some(strangers) => sampled.estimate(strangers, evidence, cx).map(Some),
    }
}

/// The rows that are looked at, and all their distances.
struct Sample {
    rows: Embeddings,
    constraints: Constraints,
    distances: Vec<f32>,
    /// Pairs by distance.
    histogram: Vec<f64>,
}

/// How strangers' squared distances lie: a bell around their mean.
#[derive(Debug, Clone, Copy)]
struct Strangers {
    mean: f64,
    /// Standard deviation on the far side.
    far: f64,
    /// Pairs beyond the mean.
    beyond: f64,
}

impl Sample {
    fn new(rows: &Embeddings, constraints: &Constraints) -> Self {
        let mut chosen: Vec<usize> = if rows.len() <= SAMPLE {
            (0..rows.len()).collect()
        } else {
            index::sample(&mut seeded(0), rows.len(), SAMPLE).into_vec()
        };
        chosen.sort_unstable();
        let rows = rows.select(chosen.iter().map(|&row| row as TrackIx));
        let place = |track: TrackIx| chosen.binary_search(&(track as usize)).ok().map(|at| at as TrackIx);
        let links = constraints.all().iter().filter_map(|link| {
            let (a, b) = (place(link.a)?, place(link.b)?);
            Some(crate::base::Constraint { a, b, ..*link })
        });
        let constraints = Constraints::new(links);
        let n = chosen.len();
        let mut distances = vec![0.0; n * n];
        by_transposed(rows.as_slice(), rows.as_slice(), rows.dim(), &mut distances);
        let mut histogram = vec![0.0; BINS];
        for (i, row) in distances.chunks_mut(n).enumerate() {
            for (j, value) in row.iter_mut().enumerate() {
                *value = (2.0 - 2.0 * *value).max(0.0);
                if j > i {
                    histogram[bin(*value)] += 1.0;
                }
            }
        }
        Self { rows, constraints, distances, histogram }
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn distance(&self, i: TrackIx, j: TrackIx) -> f64 {
        f64::from(self.distances[i as usize * self.len() + j as usize])
    }

    /// The farthest peak of the distances that is no ripple, and the spread beyond it.
    fn strangers(&self) -> Option<Strangers> {
        let smooth = smoothed(&self.histogram, 0.08);
        let most = smooth.iter().copied().fold(0.0, f64::max);
        let is_peak = |&at: &usize| {
            smooth[at] >= smooth[at - 1] && smooth[at] > smooth[at + 1] && smooth[at] > 0.3 * most
        };
        let peak = (1..BINS - 1).rev().find(is_peak)?;
        let (mut beyond, mut squares) = (0.0, 0.0);
        for (at, count) in self.histogram.iter().enumerate().skip(peak + 1) {
            beyond += count;
            squares += count * ((at - peak) as f64 * BIN).powi(2);
        }
        let far = (squares / beyond).sqrt();
        (far > 0.0).then_some(Strangers { mean: peak as f64 * BIN, far, beyond })
    }

    fn estimate(
        &self,
        strangers: Strangers,
        evidence: Evidence,
        cx: &Cx,
    ) -> Result<EstimatedRadius, Cancelled> {
        let wider = self.wider(strangers);
        let expected = SPREAD * strangers.mean;
        let tree = complete_linkage(&self.rows, &self.constraints, strangers.mean, cx)?.dendrogram;
        // A small cast shows few pairs of people, however many tracks it has.
        let people = tree.n_clusters(strangers.mean - 4.0 * strangers.far.max(expected) * WIDER) as f64;
        let pairs = people * (people - 1.0) / 2.0;
        let spread = (pairs * strangers.far.powi(2) + PAIRS * expected.powi(2)) / (pairs + PAIRS);
        let near = spread.sqrt() * wider;
        let (tau, low, high) = self.best(&tree, &self.likelihoods(strangers, near));
        let mut most = strangers.mean - 3.0 * near;
        if people < 10.0 {
            most = most.min(quantile(evidence.strangers, 0.1).unwrap_or(most));
        }
        let doubt = PAIRS / (pairs + PAIRS);
        let tau = doubt * tau.min(most.max(0.3)) + (1.0 - doubt) * tau;
        // The halves of a track are one person, and strangers lie beyond.
        let top = strangers.mean - 1.5 * near;
        let tau = tau.max(quantile(evidence.halves, 0.8).unwrap_or(0.0).min(most)).min(top).max(BIN);
        let radius = Radius::from_tau;
        let (low, high) = (radius(low.min(tau)), radius(high.min(top).max(tau)));
        Ok(EstimatedRadius { radius: radius(tau), low, high, basis: Basis::Tracks })
    }

    /// How much wider than its mirror the near side is, by the tracks that are known to be
    /// strangers.
    fn wider(&self, strangers: Strangers) -> f64 {
        let distances = self.constraints.cannot().map(|(a, b)| self.distance(a, b));
        let near: Vec<f64> = distances.filter(|&distance| distance < strangers.mean).collect();
        let off = |distance: &f64| ((strangers.mean - distance) / strangers.far).powi(2);
        let seen: f64 = near.iter().map(off).sum();
        ((seen + OVERLAPS * WIDER * WIDER) / (near.len() as f64 + OVERLAPS)).sqrt().max(WIDER)
    }

    /// For each bin, how likely a pair at that distance is one person; falling.
    fn likelihoods(&self, strangers: Strangers, near: f64) -> Vec<f64> {
        let peak = strangers.beyond / (strangers.far * (std::f64::consts::PI / 2.0).sqrt()) * BIN;
        let bell = |at: usize| peak * (-0.5 * ((at as f64 * BIN - strangers.mean) / near).powi(2)).exp();
        let expected: Vec<f64> = (0..BINS).map(bell).collect();
        let (found, expected) = (smoothed(&self.histogram, 0.03), smoothed(&expected, 0.03));
        // A hundredth of a pair is no evidence.
        let share =
            |(found, expected): (&f64, &f64)| (1.0 - (expected + 0.02) / (found + 0.02)).clamp(0.0, 1.0);
        let shares: Vec<f64> = found.iter().zip(&expected).map(share).collect();
        let mut likely = falling(&shares, &found);
        likely
            .iter_mut()
            .enumerate()
            .filter(|(at, _)| *at as f64 * BIN >= strangers.mean)
            .for_each(|(_, p)| *p = 0.0);
        likely
    }

    /// The middle of the thresholds that promise the best `BCubed` F, and their ends.
    fn best(&self, tree: &Dendrogram, likely: &[f64]) -> (f64, f64, f64) {
        let n = self.len();
        let mut same: Vec<f64> = self.distances.iter().map(|&distance| likely[bin(distance)]).collect();
        for row in 0..n {
            same[row * n + row] = 1.0;
        }
        for (a, b) in self.constraints.cannot() {
            same[a as usize * n + b as usize] = 0.0;
            same[b as usize * n + a as usize] = 0.0;
        }
        let shares: Vec<f64> = same.chunks(n).map(|row| row.iter().sum::<f64>().recip()).collect();
        let mut members: Vec<Vec<usize>> = (0..n).map(|row| vec![row]).collect();
        let mut inside = vec![1.0; n];
        let (mut precision, mut recall) = (n as f64, shares.iter().sum::<f64>());
        let score = |precision: f64, recall: f64| 2.0 * precision * recall / (precision + recall) / n as f64;
        // The promise of F from each threshold up to the next.
        let mut steps = vec![(0.0, score(precision, recall))];
        for merge in tree.merges() {
            let (a, b) = (merge.a as usize, merge.b as usize);
            let of_b = std::mem::take(&mut members[b]);
            let (mut cross, mut cross_found) = (0.0, 0.0);
            for &i in &members[a] {
                for &j in &of_b {
                    let one = same[i * n + j];
                    cross += one;
                    cross_found += one * (shares[i] + shares[j]);
                }
            }
            let (size_a, size_b) = (members[a].len() as f64, of_b.len() as f64);
            precision -= inside[a] / size_a + inside[b] / size_b;
            inside[a] += inside[b] + 2.0 * cross;
            precision += inside[a] / (size_a + size_b);
            recall += cross_found;
            members[a].extend(of_b);
            steps.push((f64::from(merge.height).max(0.0), score(precision, recall)));
        }
        let most = steps.iter().map(|step| step.1).fold(0.0, f64::max);
        let ends = steps[1..].iter().map(|step| step.0).chain([tree.tau_max()]);
        let good = steps.iter().zip(ends).filter(|(step, end)| step.1 >= most - AS_GOOD && *end > step.0);
        let (mut low, mut high, mut length, mut moment) = (f64::INFINITY, 0.0_f64, 0.0, 0.0);
        for (step, end) in good {
            low = low.min(step.0);
            high = high.max(end);
            length += end - step.0;
            moment += (end * end - step.0 * step.0) / 2.0;
        }
        if length > 0.0 { (moment / length, low, high) } else { (BIN, BIN, BIN) }
    }
}

fn bin(distance: f32) -> usize {
    ((f64::from(distance) / BIN).round() as usize).min(BINS - 1)
}

/// The value below which a share of the values lies; none for no values.
fn quantile(values: &[f32], share: f64) -> Option<f64> {
    let mut values: Vec<f32> = values.to_vec();
    let at = (share * values.len().saturating_sub(1) as f64).round() as usize;
    (!values.is_empty()).then(|| f64::from(*values.select_nth_unstable_by(at, f32::total_cmp).1))
}

/// Counts spread by a normal kernel of that width.
fn smoothed(counts: &[f64], width: f64) -> Vec<f64> {
    const REACH: usize = 40;
    let weight = |off: usize| (-0.5 * (off as f64 * BIN / width).powi(2)).exp();
    let total = weight(0) + 2.0 * (1..=REACH).map(weight).sum::<f64>();
    let at = |at: usize| -> f64 {
        let window = at.saturating_sub(REACH)..(at + REACH + 1).min(counts.len());
        window.map(|other| counts[other] * weight(at.abs_diff(other))).sum::<f64>() / total
    };
    (0..counts.len()).map(at).collect()
}

/// The falling sequence nearest to `values` by weighted squares (pool adjacent violators).
fn falling(values: &[f64], weights: &[f64]) -> Vec<f64> {
    // (mean, weight, how many) of each block
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (&value, &weight) in values.iter().zip(weights) {
        let mut block = (value, weight + 1e-3, 1);
        while let Some(&(mean, weight, many)) = blocks.last()
            && mean < block.0
        {
            let sum = weight + block.1;
            block = ((mean * weight + block.0 * block.1) / sum, sum, many + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks.into_iter().flat_map(|(mean, _, many)| std::iter::repeat_n(mean, many)).collect()
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::{Constraint, LinkKind, LinkSource, Rng};

    const DIM: usize = 64;

    fn normal(rng: &mut Rng) -> f32 {
        (0..12).map(|_| rng.random_range(-0.5_f32..0.5)).sum()
    }

    /// People in random directions, each with so many tracks that stray by `stray`.
    fn cast(people: usize, tracks: usize, stray: f32) -> Embeddings {
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

    fn estimate(rows: &Embeddings, constraints: &Constraints, strangers: &[f32]) -> Option<EstimatedRadius> {
        let evidence = Evidence { constraints, halves: &[], strangers };
        estimate_radius(rows, evidence, &Cx::new()).unwrap()
    }

    fn clusters(rows: &Embeddings, tau: f64) -> usize {
        complete_linkage(rows, &Constraints::default(), tau, &Cx::new()).unwrap().dendrogram.n_clusters(tau)
    }

    #[test]
    fn few_people_and_many_come_apart() {
        for (people, tracks) in [(2, 30), (5, 20), (40, 4), (300, 2)] {
            let rows = cast(people, tracks, 0.6);
            let found = estimate(&rows, &Constraints::default(), &[]).unwrap();
            assert_eq!(found.basis, Basis::Tracks);
            assert!(found.low.0 <= found.radius.0 && found.radius.0 <= found.high.0, "{found:?}");
            let off = clusters(&rows, found.radius.tau()).abs_diff(people);
            assert!(off * 20 <= people, "{off} off {people} people: {found:?}");
        }
    }

    #[test]
    fn one_person_or_few_tracks_take_the_drawn_people() {
        let strangers: Vec<f32> = (0..100).map(|i| 1.2 + i as f32 / 100.0).collect();
        for rows in [cast(1, 50, 0.6), cast(3, 2, 0.6)] {
            let found = estimate(&rows, &Constraints::default(), &strangers).unwrap();
            assert_eq!(found.basis, Basis::DrawnPeople);
            assert!((found.radius.tau() - 1.25).abs() < 1e-6, "{found:?}");
            assert_eq!(estimate(&rows, &Constraints::default(), &[]), None);
        }
    }

    #[test]
    fn overlapping_tracks_that_look_alike_make_it_careful() {
        let rows = cast(40, 5, 0.8);
        let free = estimate(&rows, &Constraints::default(), &[]).unwrap();
        // Tracks of one and the same person that are said to be strangers.
        let pairs = (0..40_u32).map(|p| Constraint {
            a: 5 * p,
            b: 5 * p + 1,
            kind: LinkKind::Cannot,
            source: LinkSource::CoOccurrence,
        });
        let warned = estimate(&rows, &Constraints::new(pairs), &[]).unwrap();
        assert!(warned.radius.0 < free.radius.0, "{warned:?} {free:?}");
    }

    #[test]
    fn the_falling_sequence_keeps_means() {
        let fitted = falling(&[1.0, 0.2, 0.4, 0.3, 0.0], &[1.0; 5]);
        assert!(fitted.windows(2).all(|pair| pair[0] >= pair[1]));
        assert!((fitted.iter().sum::<f64>() - 1.9).abs() < 1e-9);
        assert!((fitted[1] - 0.3).abs() < 1e-9);
    }

    #[test]
    fn more_tracks_than_are_looked_at_and_any_number_of_threads() {
        let rows = cast(1_600, 2, 0.5);
        assert!(rows.len() > SAMPLE);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| estimate(&rows, &Constraints::default(), &[])).unwrap()
        };
        let one = on(1);
        assert_eq!(one, on(3));
        assert!((clusters(&rows, one.radius.tau()) as f64 / 1_600.0 - 1.0).abs() < 0.02, "{one:?}");
    }
}
