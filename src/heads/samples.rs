//! What a project itself teaches: fine-tuning without labels, and the curator's corrections.
//!
//! Takes an embedded project; gives candidates for a head, each with how it does on people or
//! tracks that it did not learn from, beside the present space on the same. Each person is held out
//! once, in one of three folds, so that also a small project can tell better from worse. It
//! writes nothing.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use serde::Serialize;

use super::MOST_TRACKS;
use super::data::{curated, faces_of};
use crate::base::Parameters as _;
use crate::base::{
    ConstraintKind, Constraints, Cx, Embeddings, Radius, Stage, TrackIx, UnionFind, seeded, squared_distance,
};
use crate::cluster::agglomerative::complete_linkage;
use crate::learn::LearnError;
use crate::learn::{
    BclParams, Initialisation, LabelledFaces, Mlp, Projection, SgdOptions, Split, Subset, TrainingCallbacks,
    TrainingInput,
};
use crate::metrics;
use crate::project::Project;
use crate::review::Review;
use crate::session::{
    ConstraintById, EmbeddedSet, SessionError, Settings, ThresholdSweep, constraints, unit_rows,
};

/// Parts that are held out in turn.
const FOLDS: usize = 3;
/// Fewer confirmed people than this cannot tell better from worse.
pub(super) const FEWEST_PEOPLE: usize = 6;
/// Fewer pairs of overlapping tracks than this teach nothing.
pub(super) const FEWEST_PAIRS: usize = 10;
/// F that is more by less than this is not worth a change.
const MARGIN: f64 = 0.002;
/// b at the start of a training: that of strong embeddings; it learns at the full rate.
const B0: f64 = 0.15;

/// What is learned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrainingSource {
    /// Faces of one track are one person, tracks seen at the same time are different people.
    Finetune,
    /// What the curator named, confirmed, corrected and linked.
    Corrections,
}

/// How a space does on what it did not learn from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Default)]
pub struct HeldOutScores {
    /// Tracks of confirmed people that were looked at.
    pub tracks: usize,
    /// `BCubed` F over them, among all tracks of the project; 1 where there are none.
    pub bcubed_f: f64,
    /// Pairs whose truth is known without labels: halves of one track, and overlapping tracks.
    pub pairs: usize,
    /// How many of them lie on the wrong side of the threshold.
    pub wrong_pairs: usize,
    /// Pairs (fine-tuning) or people (corrections) that come out better than in the present
    /// space.
    pub better: usize,
    /// Those that come out worse.
    pub worse: usize,
}

/// A space that could be used.
#[derive(Debug, Clone)]
pub(super) struct CandidateSpace {
    pub projection: Projection,
    pub b: f64,
    pub tau: f64,
}

/// Everything that candidates are made from and compared on.
pub(super) struct DistanceSample {
    source: TrainingSource,
    /// The faces; a "track" is a row of `rows`, an "identity" what is taken for one person.
    data: LabelledFaces,
    /// Pairs of identities that are known to be different people, where not all are.
    different: Option<Vec<(u32, u32)>>,
    /// Unit rows of the tracks that are looked at, in the model's own space.
    rows: Embeddings,
    /// Rows that are seen at the same time.
    co_occurring: Constraints,
    /// Rows of confirmed people.
    known: Vec<(TrackIx, u32)>,
    /// The fold of each identity of `data`.
    folds: Vec<usize>,
    present: CandidateSpace,
}

impl DistanceSample {
    /// Gathers a project's material.
    pub(crate) fn gather(
        source: TrainingSource,
        (embedded_set, present): (&EmbeddedSet, CandidateSpace),
        (review, links): (&Review, &[ConstraintById]),
        (project, settings): (&Project, &Settings),
        cx: &Cx,
    ) -> Result<Self, SessionError> {
        let people = curated(review).0;
        let tracks = chosen(embedded_set, &people);
        let vectors =
            tracks.iter().filter_map(|&track| embedded_set.embedded.tracks[track as usize].vector.as_deref());
        let rows = unit_rows(vectors)?;
        let together = constraints(&embedded_set.set, &tracks, &[]);
        let linked = constraints(&embedded_set.set, &tracks, links);
        let known: Vec<(TrackIx, u32)> =
            (0..).zip(&tracks).filter_map(|(row, &track)| Some((row, people[track as usize]?))).collect();
        let groups = groups(source, tracks.len(), &known, &linked);
        let n_groups = groups.iter().flatten().max().map_or(0, |most| *most as usize + 1);
        let foreign = different_pairs(source, &groups, &known, &linked);

        let mut of_track = vec![None; embedded_set.set.len()];
        for (&track, &group) in tracks.iter().zip(&groups) {
            of_track[track as usize] = group;
        }
        let names: Vec<String> = (0..n_groups).map(|group| group.to_string()).collect();
        let options = settings.embed_options(embedded_set.model.as_ref())?;
        let faces = faces_of(
            &embedded_set.set,
            (&of_track, names.clone()),
            embedded_set.embedder.as_ref(),
            &options,
            project,
            cx,
        )?;
        // The same faces, with rows for tracks.
        let row_of = |track: TrackIx| tracks.binary_search(&track).ok().map(|row| row as u32);
        let mut track_of_face = vec![None; faces.faces().len()];
        for track in 0..embedded_set.set.len() as TrackIx {
            faces.faces_of(track).iter().for_each(|&face| track_of_face[face as usize] = row_of(track));
        }
        let data = LabelledFaces::new(faces.faces().clone(), &track_of_face, &groups, names)?;
        let mut folds: Vec<usize> = (0..n_groups).map(|at| at % FOLDS).collect();
        folds.shuffle(&mut seeded(0));
        Ok(Self { source, data, different: foreign, rows, co_occurring: together, known, folds, present })
    }

    /// Confirmed people and pairs of tracks seen at the same time.
    pub(super) fn counts(&self) -> (usize, usize) {
        let people: std::collections::BTreeSet<u32> = self.known.iter().map(|known| known.1).collect();
        (people.len(), self.co_occurring.cannot().count())
    }

    /// The present space and every kind of candidate, each on what it did not learn from, and
    /// the candidates as learned from everything.
    pub(super) fn compare(
        &self,
        cx: &Cx,
    ) -> Result<(HeldOutScores, Vec<(HeldOutScores, CandidateSpace)>), SessionError> {
        let mut present = FoldScores::default();
        let mut kinds: Vec<FoldScores> = Vec::new();
        for fold in 0..FOLDS {
            cx.stage(Stage::ComparingWithWhatWasHeldOut, 0);
            self.score_fold(&self.present, fold, &mut present, cx)?;
            let candidates = self.learn(Some(fold), cx)?;
            kinds.resize_with(candidates.len(), FoldScores::default);
            for (seen, candidate) in kinds.iter_mut().zip(&candidates) {
                self.score_fold(candidate, fold, seen, cx)?;
            }
        }
        let held = kinds.iter().map(|seen| seen.held_out(Some(&present), self.source));
        let learned = self.learn(None, cx)?;
        Ok((present.held_out(None, self.source), held.zip(learned).collect()))
    }

    /// Whether a candidate does better than the present space, beyond chance.
    pub(crate) fn is_better(&self, held: &HeldOutScores, present: &HeldOutScores) -> bool {
        let gain = held.bcubed_f - present.bcubed_f;
        let enough = match self.source {
            TrainingSource::Finetune => gain >= 0.0,
            TrainingSource::Corrections => gain > MARGIN,
        };
        enough && is_beyond_chance(held.better, held.worse)
    }

    /// The candidates learned from everything but a fold.
    fn learn(&self, without: Option<usize>, cx: &Cx) -> Result<Vec<CandidateSpace>, SessionError> {
        let learned = |group: u32| without != Some(self.folds[group as usize]);
        let listed = self.data.names().iter().zip(0..).filter(|(_, group)| learned(*group));
        let split = Split::listed(self.data.names(), listed.map(|(name, _)| (name.as_str(), Subset::Train)))?;
        let (projection, b) = self.train(&split, cx)?;
        let mapped = projection.apply(&self.rows)?;
        if self.source == TrainingSource::Finetune {
            let tau = self.matching_threshold(&mapped)?;
            return Ok(vec![CandidateSpace { projection, b, tau }]);
        }
        let known: Vec<(TrackIx, u32)> = self
            .known
            .iter()
            .copied()
            .filter(|&(row, _)| self.data.identity_of(row).is_some_and(learned))
            .collect();
        let tau = |rows: &Embeddings| {
            Ok::<_, SessionError>(ThresholdSweep::among(rows, &self.co_occurring, &known, cx)?.best())
        };
        let radius =
            CandidateSpace { tau: tau(&self.present.projection.apply(&self.rows)?)?, ..self.present.clone() };
        Ok(vec![radius, CandidateSpace { tau: tau(&mapped)?, projection, b }])
    }

    fn train(&self, split: &Split, cx: &Cx) -> Result<(Projection, f64), SessionError> {
        let dim = self.rows.dim();
        let mlp = match self.present.projection.dims() {
            [_] => Mlp::new(&[dim, dim], Initialisation::Identity, &mut seeded(0))?,
            _ => self.present.projection.mlp().clone(),
        };
        let start = Projection::new(mlp, Radius(B0.sqrt()));
        let params = BclParams {
            epochs: 12,
            passes: 2,
            mix: 3,
            sgd: SgdOptions { rate: 0.02, h_rate: 1.0, weight_decay: 0.02, ..SgdOptions::default() },
            ..BclParams::default()
        };
        let foreign = self.different.as_deref();
        let input = TrainingInput { data: &self.data, split, foreign, start: Some(&start), checkpoint: None };
        let mut hooks = TrainingCallbacks { report: &mut |_| (), validate: None };
        let trained = params.check().map_err(LearnError::from)?.run(&input, &mut hooks, cx)?;
        Ok((trained.projection, trained.b))
    }

    /// The threshold within which as many pairs of tracks lie as do now: without labels, the
    /// learned space is cut as loosely as the present one.
    fn matching_threshold(&self, mapped: &Embeddings) -> Result<f64, SessionError> {
        let n = self.rows.len().min(2_000) as u32;
        let all = |rows: &Embeddings| {
            let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
            let mut all: Vec<f32> =
                pairs.map(|(i, j)| squared_distance(rows.row(i), rows.row(j)).0).collect();
            all.sort_unstable_by(f32::total_cmp);
            all
        };
        let before = all(&self.present.projection.apply(&self.rows)?);
        let within = before.partition_point(|&distance| f64::from(distance) <= self.present.tau);
        let after = all(mapped);
        let at = |place: usize| after.get(place).copied().map_or(self.present.tau, f64::from);
        let tau = if within == 0 { at(0) / 2.0 } else { f64::midpoint(at(within - 1), at(within)) };
        Ok(tau.clamp(1e-3, 4.0))
    }

    /// Looks how a candidate does on what is in a fold.
    fn score_fold(
        &self,
        candidate: &CandidateSpace,
        fold: usize,
        seen: &mut FoldScores,
        cx: &Cx,
    ) -> Result<(), SessionError> {
        let is_held =
            |row: TrackIx| self.data.identity_of(row).is_some_and(|group| self.folds[group as usize] == fold);
        let mapped = candidate.projection.apply(&self.rows)?;
        let linkage = complete_linkage(&mapped, &self.co_occurring, candidate.tau, cx)?;
        let clusters = linkage.dendrogram.cut(candidate.tau);
        let known = self.known.iter().filter(|known| is_held(known.0));
        let (people, clusters): (Vec<u32>, Vec<u32>) =
            known.map(|&(row, person)| (person, clusters.labels()[row as usize])).unzip();
        seen.f += metrics::evaluate(&people, &clusters)?.bcubed.f * people.len() as f64;
        seen.tracks += people.len();
        seen.people.extend(by_person(&people, &clusters));
        if self.source == TrainingSource::Finetune {
            let within = |rows: &Embeddings, a, b| {
                f64::from(squared_distance(rows.row(a), rows.row(b)).0) <= candidate.tau
            };
            let apart = self.co_occurring.cannot().filter(|&(a, b)| is_held(a) || is_held(b));
            seen.wrong.extend(apart.map(|(a, b)| within(&mapped, a, b)));
            let halves = self.halves((0..self.rows.len() as TrackIx).filter(|&row| is_held(row)))?;
            let halves = candidate.projection.apply(&halves)?;
            seen.wrong
                .extend((0..halves.len() as u32 / 2).map(|pair| !within(&halves, 2 * pair, 2 * pair + 1)));
        }
        Ok(())
    }

    /// Means of every other face of each track, and of the rest; tracks of one face have none.
    fn halves(&self, rows: impl Iterator<Item = TrackIx>) -> Result<Embeddings, SessionError> {
        let (dim, mut means) = (self.rows.dim(), Vec::new());
        for row in rows {
            let faces = self.data.faces_of(row);
            let mut both = vec![0.0_f32; 2 * dim];
            for (at, &face) in faces.iter().enumerate() {
                let half = &mut both[at % 2 * dim..][..dim];
                half.iter_mut().zip(self.data.faces().row(face)).for_each(|(sum, value)| *sum += value);
            }
            let has_direction = |half: &[f32]| half.iter().any(|&value| value != 0.0);
            if both.chunks(dim).all(has_direction) {
                means.extend(both);
            }
        }
        Ok(Embeddings::new(dim, means)?.into_unit()?)
    }
}

/// What was seen of one space over the folds.
#[derive(Default)]
struct FoldScores {
    tracks: usize,
    /// Sum of F, a track counting as one.
    f: f64,
    /// F of each person.
    people: BTreeMap<u32, f64>,
    /// Whether each known pair lies on the wrong side.
    wrong: Vec<bool>,
}

impl FoldScores {
    fn held_out(&self, present: Option<&Self>, source: TrainingSource) -> HeldOutScores {
        let (better, worse) = present.map_or((0, 0), |present| match source {
            TrainingSource::Finetune => {
                compare(self.wrong.iter().zip(&present.wrong).map(|(own, other)| (!own, !other)))
            }
            TrainingSource::Corrections => compare(self.people.values().zip(present.people.values())),
        });
        HeldOutScores {
            tracks: self.tracks,
            bcubed_f: if self.tracks == 0 { 1.0 } else { self.f / self.tracks as f64 },
            pairs: self.wrong.len(),
            wrong_pairs: self.wrong.iter().filter(|wrong| **wrong).count(),
            better,
            worse,
        }
    }
}

/// How often the first is more than the second, and how often less.
fn compare<T: PartialOrd>(pairs: impl Iterator<Item = (T, T)>) -> (usize, usize) {
    pairs.fold((0, 0), |(more, less), (a, b)| (more + usize::from(a > b), less + usize::from(a < b)))
}

/// Whether chance alone would give this many better ones, or more, in at most one case of twenty
/// (sign test).
fn is_beyond_chance(better: usize, worse: usize) -> bool {
    let n = better + worse;
    // The logarithm of C(n, k) / 2ⁿ, from k = n downwards.
    let mut log = -(n as f64) * std::f64::consts::LN_2;
    let mut tail = 0.0;
    for k in (better..=n).rev() {
        tail += log.exp();
        log += (k as f64).ln() - ((n - k + 1) as f64).ln();
    }
    n > 0 && tail <= 0.05
}

/// `BCubed` F of each person's tracks.
fn by_person(people: &[u32], clusters: &[u32]) -> BTreeMap<u32, f64> {
    let mut both: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    let (mut of_person, mut of_cluster) = (BTreeMap::<u32, f64>::new(), BTreeMap::<u32, f64>::new());
    for (&person, &cluster) in people.iter().zip(clusters) {
        *both.entry((person, cluster)).or_default() += 1.0;
        *of_person.entry(person).or_default() += 1.0;
        *of_cluster.entry(cluster).or_default() += 1.0;
    }
    let mut sums: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (&(person, cluster), &n) in &both {
        let (precision, recall) = sums.entry(person).or_default();
        *precision += n * n / of_cluster[&cluster] / of_person[&person];
        *recall += n * n / of_person[&person] / of_person[&person];
    }
    sums.into_iter().map(|(person, (p, r))| (person, 2.0 * p * r / (p + r))).collect()
}

/// The usable tracks that are looked at: confirmed people's first, others as there is room.
fn chosen(embedded_set: &EmbeddedSet, people: &[Option<u32>]) -> Vec<TrackIx> {
    let usable = embedded_set.embedded.tracks.iter().zip(0_u32..).filter(|(track, _)| track.vector.is_some());
    let mut tracks: Vec<TrackIx> = usable.map(|(_, ix)| ix).collect();
    if tracks.len() > MOST_TRACKS {
        tracks.shuffle(&mut seeded(0));
        tracks.sort_by_key(|&track| people[track as usize].is_none());
        tracks.truncate(MOST_TRACKS);
        tracks.sort_unstable();
    }
    tracks
}

/// What is taken for one person: for fine-tuning each track, for corrections each confirmed
/// identity and each track with a link; must-links join.
fn groups(
    source: TrainingSource,
    n: usize,
    known: &[(TrackIx, u32)],
    linked: &Constraints,
) -> Vec<Option<u32>> {
    let mut sets = UnionFind::new(n);
    let mut taught = vec![source == TrainingSource::Finetune; n];
    for pair in linked.all().iter().filter(|pair| pair.source == crate::base::ConstraintSource::User) {
        taught[pair.a as usize] = true;
        taught[pair.b as usize] = true;
        if pair.kind == ConstraintKind::Must {
            sets.union(pair.a, pair.b);
        }
    }
    if source == TrainingSource::Corrections {
        let mut first: BTreeMap<u32, TrackIx> = BTreeMap::new();
        for &(row, person) in known {
            taught[row as usize] = true;
            sets.union(*first.entry(person).or_insert(row), row);
        }
    }
    let mut numbers: BTreeMap<TrackIx, u32> = BTreeMap::new();
    (0..n as TrackIx)
        .map(|row| {
            let next = numbers.len() as u32;
            taught[row as usize].then(|| *numbers.entry(sets.find(row)).or_insert(next))
        })
        .collect()
}

/// Which groups are known to be different people; `None` for all.
fn different_pairs(
    source: TrainingSource,
    groups: &[Option<u32>],
    known: &[(TrackIx, u32)],
    linked: &Constraints,
) -> Option<Vec<(u32, u32)>> {
    let of = |row: TrackIx| groups[row as usize];
    let mut pairs: Vec<(u32, u32)> =
        linked.cannot().filter_map(|(a, b)| Some((of(a)?, of(b)?))).filter(|(a, b)| a != b).collect();
    if source == TrainingSource::Corrections {
        let mut people: Vec<u32> = known.iter().filter_map(|&(row, _)| of(row)).collect();
        people.sort_unstable();
        people.dedup();
        let n_groups = groups.iter().flatten().max().map_or(0, |most| *most as usize + 1);
        if people.len() == n_groups {
            return None;
        }
        pairs.extend(
            (0..people.len())
                .flat_map(|i| people[i + 1..].iter().map(|&b| (i, b)).collect::<Vec<_>>())
                .map(|(i, b)| (people[i], b)),
        );
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_told_from_gain() {
        for (better, worse, beyond) in
            [(0, 0, false), (4, 0, false), (5, 0, true), (6, 1, false), (7, 1, true)]
        {
            assert_eq!(is_beyond_chance(better, worse), beyond, "{better}:{worse}");
        }
        assert!(is_beyond_chance(4_000, 3_000) && !is_beyond_chance(3_000, 4_000));
        assert_eq!(compare([(1, 2), (2, 2), (3, 2), (4, 2)].into_iter()), (2, 1));
    }

    #[test]
    fn a_persons_f_sees_splits_and_mixtures() {
        let f = by_person(&[0, 0, 1, 1, 2], &[5, 5, 6, 7, 7]);
        assert!((f[&0] - 1.0).abs() < 1e-12);
        // Half of it apart, and the other half beside a stranger: P 3/4, R 1/2.
        assert!((f[&1] - 0.6).abs() < 1e-12, "{f:?}");
        assert!((f[&2] - 2.0 / 3.0).abs() < 1e-12, "{f:?}");
    }
}
