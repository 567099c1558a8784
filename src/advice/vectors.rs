//! The tracks' vectors of a run, by track and by row.
//!
//! Takes unit rows in the clustering space, the track of each, what was measured of them and who is
//! seen with whom; answers look-ups. It never changes: another run makes another one.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::{CoOccurrence, Embeddings, TrackIx};
use crate::cluster::likelihood::SamePersonModel;

/// No row.
const NONE: u32 = u32::MAX;

/// What speaks for a track's showing two people: a tracker that jumped from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TwoPeople {
    /// The first frame of the second one.
    pub at: u64,
    /// Mean cosine of two faces before and after it.
    pub across: f32,
    /// Mean cosine of two faces of the same part, in the part where it is lower.
    pub within: f32,
}

/// Unit vectors of the tracks that a run clustered, in the space it clustered them in.
#[derive(Debug, Clone)]
pub struct Vectors {
    tracks: Arc<[TrackIx]>,
    /// The row of each track.
    rows: Vec<u32>,
    unit: Arc<Embeddings>,
    same_person: SamePersonModel,
    co_occurrence: Arc<CoOccurrence>,
    /// The video of each track; empty where none is known.
    videos: Arc<[Option<u32>]>,
    /// The tracks that seem to show two people.
    two_people: Arc<BTreeMap<TrackIx, TwoPeople>>,
}

impl Vectors {
    /// `unit` holds one unit row for each of `tracks` (ascending, all below `n_tracks`).
    ///
    /// `same_person` was measured of the same rows, and says how likely groups of them are one
    /// person. O(tracks).
    #[must_use]
    pub fn new(
        n_tracks: usize,
        tracks: Arc<[TrackIx]>,
        unit: Arc<Embeddings>,
        same_person: SamePersonModel,
        co_occurrence: Arc<CoOccurrence>,
    ) -> Self {
        let mut rows = vec![NONE; n_tracks];
        for (&track, row) in tracks.iter().zip(0..) {
            rows[track as usize] = row;
        }
        Self {
            tracks,
            rows,
            unit,
            same_person,
            co_occurrence,
            videos: Arc::default(),
            two_people: Arc::default(),
        }
    }

    /// Tells the video of each track, by any number; none where it is not known.
    #[must_use]
    pub(crate) fn with_videos(self, videos: Arc<[Option<u32>]>) -> Self {
        Self { videos, ..self }
    }

    /// Tells which tracks seem to show two people.
    #[must_use]
    pub(crate) fn with_two_people(self, two_people: Arc<BTreeMap<TrackIx, TwoPeople>>) -> Self {
        Self { two_people, ..self }
    }

    /// Whether a track seems to show two people.
    #[must_use]
    pub fn two_people(&self, track: TrackIx) -> Option<TwoPeople> {
        self.two_people.get(&track).copied()
    }

    /// Whether these are the tracks that seem to show two people.
    #[must_use]
    pub(crate) fn has_two_people(&self, two_people: &BTreeMap<TrackIx, TwoPeople>) -> bool {
        *self.two_people == *two_people
    }

    /// The video of a track.
    #[must_use]
    pub fn video(&self, track: TrackIx) -> Option<u32> {
        self.videos.get(track as usize).copied().flatten()
    }

    /// Whether these are its tracks' videos.
    #[must_use]
    pub(crate) fn is_in(&self, videos: &[Option<u32>]) -> bool {
        *self.videos == *videos
    }

    /// The row of a track; none where it has no usable face.
    #[must_use]
    pub(crate) fn row_of(&self, track: TrackIx) -> Option<u32> {
        self.rows.get(track as usize).copied().filter(|&row| row != NONE)
    }

    /// The unit vector of a track.
    #[must_use]
    pub fn row(&self, track: TrackIx) -> Option<&[f32]> {
        self.row_of(track).map(|row| self.unit.row(row))
    }

    /// The track of each row, ascending.
    #[must_use]
    pub fn tracks(&self) -> &[TrackIx] {
        &self.tracks
    }

    /// All rows.
    #[must_use]
    pub fn unit(&self) -> &Embeddings {
        &self.unit
    }

    /// How likely groups of these tracks are one person.
    #[must_use]
    pub fn same_person(&self) -> SamePersonModel {
        self.same_person
    }

    /// Whether they are of these very rows.
    #[must_use]
    pub fn is_of(&self, unit: &Arc<Embeddings>) -> bool {
        Arc::ptr_eq(&self.unit, unit)
    }

    /// Which tracks are seen at the same time.
    #[must_use]
    pub(crate) fn co_occurrence(&self) -> &Arc<CoOccurrence> {
        &self.co_occurrence
    }

    /// The tracks that are seen at the same time as one, ascending.
    #[must_use]
    pub fn co_occurring(&self, track: TrackIx) -> &[TrackIx] {
        self.co_occurrence.of(track)
    }
}
