//! Training data: faces, their tracks, the tracks' identities, and the parts of a split.
//!
//! Takes matrices and indices; gives checked, unit-length [`LabelledFaces`] faces and a [`Split`]
//! in which every identity is in one part at most. It reads no files.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::seq::SliceRandom;

use super::LearnError;
use crate::base::{Embeddings, Rng, TrackIx, seeded};

/// Faces of unit length with their tracks and identities.
#[derive(Debug, Clone)]
pub struct LabelledFaces {
    faces: Embeddings,
    faces_of_track: Vec<Vec<u32>>,
    identity_of_track: Vec<Option<u32>>,
    names: Vec<String>,
}

impl LabelledFaces {
    /// Faces (brought to unit length here), the track of each face and the identity of each
    /// track as an index into `names`. A face without a track and a track without an identity
    /// are left out of everything.
    ///
    /// # Errors
    /// [`LearnError::Lengths`] where lists disagree, [`LearnError::Embeddings`] for a row
    /// without a direction.
    pub fn new(
        faces: Embeddings,
        track_of_face: &[Option<TrackIx>],
        identity_of_track: &[Option<u32>],
        names: Vec<String>,
    ) -> Result<Self, LearnError> {
        let lengths = |what, got, want| Err(LearnError::Lengths { what, got, want });
        if track_of_face.len() != faces.len() {
            return lengths("tracks of faces", track_of_face.len(), faces.len());
        }
        let mut faces_of_track = vec![Vec::new(); identity_of_track.len()];
        for (face, &track) in track_of_face.iter().enumerate() {
            let Some(track) = track else { continue };
            match faces_of_track.get_mut(track as usize) {
                Some(faces) => faces.push(face as u32),
                None => return lengths("identities of tracks", identity_of_track.len(), track as usize + 1),
            }
        }
        if let Some(&identity) = identity_of_track.iter().flatten().max()
            && identity as usize >= names.len()
        {
            return lengths("names of identities", names.len(), identity as usize + 1);
        }
        let identity_of_track = identity_of_track.to_vec();
        Ok(Self { faces: faces.into_unit()?, faces_of_track, identity_of_track, names })
    }

    /// Photographs: every face is a track of its own.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn single_faces(
        faces: Embeddings,
        identity_of_face: &[Option<u32>],
        names: Vec<String>,
    ) -> Result<Self, LearnError> {
        let own: Vec<_> = (0..faces.len() as TrackIx).map(Some).collect();
        Self::new(faces, &own, identity_of_face, names)
    }

    /// The faces, unit rows.
    #[must_use]
    pub fn faces(&self) -> &Embeddings {
        &self.faces
    }

    /// The faces of a track, ascending.
    #[must_use]
    pub(crate) fn faces_of(&self, track: TrackIx) -> &[u32] {
        &self.faces_of_track[track as usize]
    }

    /// The identity of a track.
    #[must_use]
    pub fn identity_of(&self, track: TrackIx) -> Option<u32> {
        self.identity_of_track[track as usize]
    }

    /// The identities' names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The tracks of one part that have a face, ascending; all parts' where `part` is `None`.
    #[must_use]
    pub fn tracks(&self, split: &Split, part: Option<Subset>) -> Vec<TrackIx> {
        let wanted = |track: &TrackIx| {
            let identity = self.identity_of(*track);
            let stands = identity.and_then(|identity| split.part(identity));
            !self.faces_of(*track).is_empty() && stands.is_some() && (part.is_none() || stands == part)
        };
        (0..self.faces_of_track.len() as TrackIx).filter(wanted).collect()
    }

    /// The mean of each track's unit faces, of unit length, as clustering takes it.
    ///
    /// # Errors
    /// [`LearnError::Embeddings`] where a track's faces cancel out or it has none.
    pub(crate) fn track_means(&self, tracks: &[TrackIx]) -> Result<Embeddings, LearnError> {
        let dim = self.faces.dim();
        let mut means = vec![0.0; tracks.len() * dim];
        for (&track, mean) in tracks.iter().zip(means.chunks_exact_mut(dim.max(1))) {
            for &face in self.faces_of(track) {
                mean.iter_mut().zip(self.faces.row(face)).for_each(|(sum, &value)| *sum += value);
            }
        }
        Ok(Embeddings::new(dim, means)?.into_unit()?)
    }
}

/// Most faces of a simulated track.
const MOST_FACES: usize = 5;

impl LabelledFaces {
    /// The identity of each of some tracks; those without one count as identity 0.
    #[must_use]
    pub fn identities(&self, tracks: &[TrackIx]) -> Vec<u32> {
        tracks.iter().map(|&track| self.identity_of(track).unwrap_or(0)).collect()
    }

    /// Tracks made from the faces of `tracks`: each identity's faces in random order, cut into
    /// means of 1 to 5, every face once. Gives unit rows and their identities; a mean whose faces
    /// cancel out is left out.
    ///
    /// # Errors
    /// [`LearnError::Embeddings`] never for finite faces.
    pub fn simulated(&self, tracks: &[TrackIx], rng: &mut Rng) -> Result<(Embeddings, Vec<u32>), LearnError> {
        let mut faces: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &track in tracks {
            if let Some(identity) = self.identity_of(track) {
                faces.entry(identity).or_default().extend(self.faces_of(track));
            }
        }
        let dim = self.faces.dim();
        let (mut rows, mut identities) = (Vec::new(), Vec::new());
        for (identity, mut faces) in faces {
            faces.shuffle(rng);
            let mut rest = faces.as_slice();
            while !rest.is_empty() {
                let (track, later) = rest.split_at(rng.random_range(1..=MOST_FACES).min(rest.len()));
                rest = later;
                let mut mean = vec![0.0_f32; dim];
                for &face in track {
                    mean.iter_mut().zip(self.faces.row(face)).for_each(|(sum, &value)| *sum += value);
                }
                if mean.iter().any(|&value| value != 0.0) {
                    rows.extend(mean);
                    identities.push(identity);
                }
            }
        }
        Ok((Embeddings::new(dim, rows)?.into_unit()?, identities))
    }
}

/// What an identity is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subset {
    /// Learned from.
    Train,
    /// Tells when to stop and which state is best.
    Validation,
    /// Not used before the end.
    Test,
}

impl Subset {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

/// The part of each identity; no identity can be in two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split(Vec<Option<Subset>>);

impl Split {
    /// Eight tenths to learn from, one to validate, one to test, drawn by `seed`.
    #[must_use]
    pub fn random(n_identities: usize, seed: u64) -> Self {
        let mut order: Vec<usize> = (0..n_identities).collect();
        order.shuffle(&mut seeded(seed));
        let tenth = (n_identities + 5) / 10;
        let mut parts = vec![Some(Subset::Train); n_identities];
        for (place, &identity) in order.iter().take(2 * tenth).enumerate() {
            parts[identity] = Some(if place < tenth { Subset::Validation } else { Subset::Test });
        }
        Self(parts)
    }

    /// All identities are for training, as in fine-tuning on a project.
    #[must_use]
    pub fn all_train(n_identities: usize) -> Self {
        Self(vec![Some(Subset::Train); n_identities])
    }

    /// A split as a table names it: an identity and its part a row. An identity may be named
    /// more than once with the same part (a row per track); an identity that is not named is left
    /// out.
    ///
    /// # Errors
    /// [`LearnError::SplitTwice`] for an identity in two parts, [`LearnError::Unlabelled`] for
    /// one that is not among `names`.
    pub fn listed<'a>(
        names: &[String],
        rows: impl IntoIterator<Item = (&'a str, Subset)>,
    ) -> Result<Self, LearnError> {
        let places: BTreeMap<_, _> = names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut parts: Vec<Option<Subset>> = vec![None; names.len()];
        for (name, part) in rows {
            let Some(&place) = places.get(name) else {
                return Err(LearnError::Unlabelled { identity: name.to_owned() });
            };
            match parts[place] {
                Some(first) if first != part => {
                    let identity = name.to_owned();
                    return Err(LearnError::SplitTwice {
                        identity,
                        first: first.name(),
                        second: part.name(),
                    });
                }
                _ => parts[place] = Some(part),
            }
        }
        Ok(Self(parts))
    }

    /// Lets a fifth of those who would be learned from validate instead, drawn by `seed`, where
    /// nobody validates yet.
    #[must_use]
    pub(crate) fn with_validation(mut self, seed: u64) -> Self {
        if self.0.contains(&Some(Subset::Validation)) {
            return self;
        }
        let is_train = |at: &usize| self.0[*at] == Some(Subset::Train);
        let mut train: Vec<usize> = (0..self.0.len()).filter(is_train).collect();
        train.shuffle(&mut seeded(seed));
        for &identity in train.iter().take(train.len() / 5) {
            self.0[identity] = Some(Subset::Validation);
        }
        self
    }

    /// The part of an identity.
    #[must_use]
    pub fn part(&self, identity: u32) -> Option<Subset> {
        self.0.get(identity as usize).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("p{i}")).collect()
    }

    #[test]
    fn an_identity_in_two_parts_is_refused_by_name() {
        let twice =
            [("p0", Subset::Train), ("p1", Subset::Test), ("p0", Subset::Train), ("p1", Subset::Validation)];
        let message = Split::listed(&names(2), twice).unwrap_err().to_string();
        assert!(message.contains("\"p1\"") && message.contains("test and validation"), "{message}");
        let split = Split::listed(&names(3), [("p0", Subset::Train), ("p2", Subset::Test)]).unwrap();
        assert_eq!(
            [split.part(0), split.part(1), split.part(2)],
            [Some(Subset::Train), None, Some(Subset::Test)]
        );
        assert!(Split::listed(&names(2), [("nobody", Subset::Train)]).is_err());
    }

    #[test]
    fn a_random_split_has_tenths_and_a_seed() {
        let split = Split::random(100, 4);
        let count = |part| (0..100).filter(|&i| split.part(i) == Some(part)).count();
        assert_eq!([count(Subset::Train), count(Subset::Validation), count(Subset::Test)], [80, 10, 10]);
        assert_eq!(split, Split::random(100, 4));
        assert_ne!(split, Split::random(100, 5));
        assert!((0..3).all(|i| Split::random(3, 1).part(i) == Some(Subset::Train)));
    }

    #[test]
    fn a_fifth_of_those_to_learn_from_validates_where_nobody_does() {
        let split = Split::all_train(10).with_validation(3);
        let count = |split: &Split, part| (0..10).filter(|&i| split.part(i) == Some(part)).count();
        assert_eq!([count(&split, Subset::Train), count(&split, Subset::Validation)], [8, 2]);
        assert_eq!(split.clone().with_validation(4), split);
        assert_eq!(split, Split::all_train(10).with_validation(3));
    }

    #[test]
    fn simulated_tracks_hold_every_face_once_and_one_identity_each() {
        let (mut rows, mut people) = (Vec::new(), Vec::new());
        for face in 0..40_u32 {
            let mut row = vec![0.0; 40];
            row[face as usize] = 1.0;
            rows.extend(row);
            people.push((face % 7 != 6).then_some(face % 7 % 4));
        }
        let faces = Embeddings::new(40, rows).unwrap();
        let data = LabelledFaces::single_faces(faces, &people, names(4)).unwrap();
        let tracks = data.tracks(&Split::all_train(4), None);
        let (means, identities) = data.simulated(&tracks, &mut seeded(2)).unwrap();
        let mut seen = vec![0; 40];
        for (track, &identity) in identities.iter().enumerate() {
            let faces: Vec<_> = (0..40).filter(|&face| means.row(track as u32)[face] > 0.0).collect();
            assert!((1..=5).contains(&faces.len()));
            for face in faces {
                assert_eq!(people[face], Some(identity));
                seen[face] += 1;
            }
        }
        assert!(seen.iter().zip(&people).all(|(&n, person)| n == usize::from(person.is_some())));
        assert_eq!(data.simulated(&tracks, &mut seeded(2)).unwrap().1, identities);
    }

    #[test]
    fn lists_must_agree_and_tracks_are_means_of_unit_faces() {
        let faces = Embeddings::new(2, vec![10.0, 0.0, 0.0, 0.1, 1.0, 0.0]).unwrap();
        let tracks = [Some(1), Some(1), None];
        let data = LabelledFaces::new(faces.clone(), &tracks, &[None, Some(0)], names(1)).unwrap();
        let split = Split::all_train(1);
        assert_eq!(data.tracks(&split, None), [1]);
        let mean = data.track_means(&[1]).unwrap();
        assert!(mean.row(0).iter().all(|value| (value - 0.5_f32.sqrt()).abs() < 1e-6));
        assert!(LabelledFaces::new(faces.clone(), &tracks[1..], &[None, Some(0)], names(1)).is_err());
        assert!(LabelledFaces::new(faces.clone(), &tracks, &[None], names(1)).is_err());
        assert!(LabelledFaces::new(faces, &tracks, &[None, Some(1)], names(1)).is_err());
    }
}
