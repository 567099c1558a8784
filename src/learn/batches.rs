//! Which faces a training step sees.
//!
//! Takes the labelled faces of the training part; gives for each epoch its batches of tracks,
//! and for each step a batch's rows and classes: one random face per track, and two of a track
//! that is its identity's only one in the batch. Everything is drawn from (seed, epoch, step)
//! alone, so a training goes on after a break as if there had been none. It learns nothing.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::{LabelledFaces, Split, Subset};
use crate::base::{Hasher, Rng, TrackIx, seeded};

/// How batches are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BatchSampling {
    pub seed: u64,
    /// Tracks of a step; all where there are fewer.
    pub batch: usize,
    /// Passes over all tracks that make an epoch.
    pub passes: usize,
    /// Most tracks of one identity that stay together in a batch.
    pub together: usize,
    /// Length of the noise beside that of the face, 1.
    pub noise: f64,
    /// Most faces of an identity whose mean stands for one.
    pub mix: usize,
}

/// The training part, ready to be drawn from.
pub(super) struct BatchSampler<'a> {
    data: &'a LabelledFaces,
    sampling: BatchSampling,
    /// Tracks by identity, ascending; only identities of the training part that have any.
    tracks: BTreeMap<u32, Vec<TrackIx>>,
    /// Their faces.
    faces: BTreeMap<u32, Vec<u32>>,
    /// For fine-tuning: who is known to be another person, both ways round.
    foreign: Option<BTreeMap<u32, Vec<u32>>>,
}

/// What one step sees.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub rows: Vec<f32>,
    /// Class of each row; classes are numbered by ascending identity.
    pub classes: Vec<u32>,
    pub n_classes: usize,
    /// For each class those that may push it away, where not all may.
    pub foreign: Option<Vec<Vec<u32>>>,
}

impl<'a> BatchSampler<'a> {
    pub(super) fn new(
        data: &'a LabelledFaces,
        split: &Split,
        foreign: Option<&[(u32, u32)]>,
        drawing: BatchSampling,
    ) -> Self {
        let mut tracks: BTreeMap<u32, Vec<TrackIx>> = BTreeMap::new();
        let mut faces: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for track in data.tracks(split, Some(Subset::Train)) {
            if let Some(identity) = data.identity_of(track) {
                tracks.entry(identity).or_default().push(track);
                faces.entry(identity).or_default().extend(data.faces_of(track));
            }
        }
        let foreign = foreign.map(|pairs| {
            let mut lists: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for &(a, b) in pairs.iter().filter(|(a, b)| a != b) {
                lists.entry(a).or_default().push(b);
                lists.entry(b).or_default().push(a);
            }
            for list in lists.values_mut() {
                list.sort_unstable();
                list.dedup();
            }
            lists
        });
        Self { data, sampling: drawing, tracks, faces, foreign }
    }

    /// Identities that can be learned from, and their tracks.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.tracks.len(), self.tracks.values().map(Vec::len).sum())
    }

    /// Whether any identity has two faces, so that there is something to pull together.
    pub(super) fn has_pair(&self) -> bool {
        self.faces.values().any(|faces| faces.len() > 1)
    }

    /// Everything that batches are drawn from, but for the faces themselves.
    pub(super) fn add_to(&self, hasher: &mut Hasher) {
        for (identity, tracks) in &self.tracks {
            hasher.part(identity.to_le_bytes());
            for &track in tracks {
                hasher.part(format!("{track} {:?}", self.data.faces_of(track)));
            }
        }
    }

    /// The batches of an epoch, each a list of tracks.
    pub(super) fn of_epoch(&self, epoch: usize) -> Vec<Vec<TrackIx>> {
        let mut rng = self.rng("epoch", epoch, 0);
        let total = self.counts().1;
        let n_batches = total.div_ceil(self.sampling.batch).max(1);
        let aim = total.div_ceil(n_batches);
        let mut batches = Vec::with_capacity(n_batches * self.sampling.passes);
        for _ in 0..self.sampling.passes {
            let mut batch = Vec::with_capacity(aim);
            for group in self.groups(&mut rng) {
                batch.extend(group);
                if batch.len() >= aim {
                    batches.push(std::mem::take(&mut batch));
                }
            }
            if !batch.is_empty() {
                batches.push(batch);
            }
        }
        batches
    }

    /// All tracks in groups of one identity each, so that most identities of a batch have
    /// several tracks there: identities cut up at random, in random order.
    fn groups(&self, rng: &mut Rng) -> Vec<Vec<TrackIx>> {
        let mut groups: Vec<Vec<TrackIx>> = Vec::new();
        for tracks in self.tracks.values() {
            let mut tracks = tracks.clone();
            tracks.shuffle(rng);
            let parts = tracks.len().div_ceil(self.sampling.together);
            groups.extend(tracks.chunks(tracks.len().div_ceil(parts)).map(<[_]>::to_vec));
        }
        groups.shuffle(rng);
        groups
    }

    /// The rows of step `step` of `epoch`, whose tracks are given, into `batch`.
    pub(super) fn draw(&self, tracks: &[TrackIx], (epoch, step): (usize, usize), batch: &mut Batch) {
        let mut rng = self.rng("step", epoch, step);
        let mut by_identity: BTreeMap<u32, Vec<TrackIx>> = BTreeMap::new();
        for &track in tracks {
            if let Some(identity) = self.data.identity_of(track) {
                by_identity.entry(identity).or_default().push(track);
            }
        }
        // (face, identity, seed of what is random about the row)
        let mut picks = Vec::with_capacity(tracks.len());
        batch.classes.clear();
        for (class, (&identity, tracks)) in by_identity.iter().enumerate() {
            for &track in tracks {
                let faces = self.data.faces_of(track);
                let first = rng.random_range(0..faces.len());
                picks.push((faces[first], identity, rng.random::<u64>()));
                if tracks.len() == 1 && faces.len() > 1 {
                    let other = (first + rng.random_range(1..faces.len())) % faces.len();
                    picks.push((faces[other], identity, rng.random::<u64>()));
                }
            }
            batch.classes.resize(picks.len(), class as u32);
        }
        batch.n_classes = by_identity.len();
        batch.foreign = self.foreign.as_ref().map(|lists| {
            let places: BTreeMap<u32, u32> = by_identity.keys().copied().zip(0..).collect();
            let present = |identity| {
                let list = lists.get(identity).map_or(&[][..], Vec::as_slice);
                list.iter().filter_map(|other| places.get(other).copied()).collect()
            };
            by_identity.keys().map(present).collect()
        });
        let dim = self.data.faces().dim();
        batch.rows.resize(picks.len() * dim, 0.0);
        batch.rows.par_chunks_exact_mut(dim).zip(&picks).for_each(|(row, &(face, identity, seed))| {
            row.copy_from_slice(self.data.faces().row(face));
            self.augment(row, face, identity, seed);
        });
    }

    /// Mixes other faces of the identity into a row, adds noise, and restores its length.
    fn augment(&self, row: &mut [f32], face: u32, identity: u32, seed: u64) {
        let BatchSampling { noise, mix, .. } = self.sampling;
        let faces = self.faces.get(&identity).map_or(&[][..], Vec::as_slice);
        if noise == 0.0 && (mix < 2 || faces.len() < 2) {
            return;
        }
        let mut rng = seeded(seed);
        if mix > 1 && faces.len() > 1 {
            for _ in 1..rng.random_range(1..=mix) {
                let other = self.data.faces().row(faces[rng.random_range(0..faces.len())]);
                row.iter_mut().zip(other).for_each(|(sum, &value)| *sum += value);
            }
            to_unit(row);
        }
        if noise > 0.0 {
            let scale = noise / (row.len() as f64).sqrt();
            for pair in row.chunks_mut(2) {
                let (a, b) = normal_pair(&mut rng);
                pair.iter_mut().zip([a, b]).for_each(|(value, drawn)| *value += (scale * drawn) as f32);
            }
        }
        if !to_unit(row) {
            // Faces and noise that cancel out: the face as it is.
            row.copy_from_slice(self.data.faces().row(face));
        }
    }

    /// A generator of its own for each purpose, epoch and step.
    fn rng(&self, purpose: &str, epoch: usize, step: usize) -> Rng {
        let mut hasher = Hasher::default();
        hasher.part(purpose);
        for number in [self.sampling.seed, epoch as u64, step as u64] {
            hasher.part(number.to_le_bytes());
        }
        let bytes = hasher.finish().0;
        seeded(bytes[..8].iter().fold(0, |seed, &byte| seed << 8 | u64::from(byte)))
    }
}

/// Brings a row to unit length; `false` where it has no direction.
fn to_unit(row: &mut [f32]) -> bool {
    let length = row.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt();
    if length < 1e-6 {
        return false;
    }
    for value in row {
        *value = (f64::from(*value) / length) as f32;
    }
    true
}

/// Two independent normal numbers (Box and Muller 1958).
fn normal_pair(rng: &mut Rng) -> (f64, f64) {
    let length = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    let (sin, cos) = (std::f64::consts::TAU * rng.random::<f64>()).sin_cos();
    (length * cos, length * sin)
}
