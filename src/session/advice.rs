//! The last run's vectors, for advice.
//!
//! They come with an analysis; after reopening a [`VectorsJob`] finds them again in the project.
//! They hold for the rows of the run in force only.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cuts::CutJob;
use super::rows::ClusteredRows;
use super::{Session, SessionError};
use crate::advice::{TwoPeople, Vectors};
use crate::base::{Cx, TrackIx};
use crate::embed::{EmbeddingCache as _, FaceUse};
use crate::tracks::TrackSet;

/// Finds the last run's vectors in the project; owns all it needs.
#[derive(Debug, Clone)]
pub(crate) struct VectorsJob(CutJob);

/// What a [`VectorsJob`] found.
#[derive(Debug)]
pub(crate) struct FoundVectors(ClusteredRows);

impl VectorsJob {
    /// Runs it; nothing is embedded and nothing changes. O(tracks · dim).
    ///
    /// # Errors
    /// [`SessionError::NotKept`] where they cannot be had again, such as after a change of the
    /// settings; cancelled.
    pub(crate) fn run(&self, cx: &Cx) -> Result<FoundVectors, SessionError> {
        self.0.rows(cx).map(FoundVectors)
    }
}

impl Session {
    /// The vectors of the run in force, where they are at hand; a `VectorsJob` finds them.
    pub fn vectors(&self) -> Option<&Arc<Vectors>> {
        self.vectors.as_ref()
    }

    /// The job that finds [`Self::vectors`]. None before the first run.
    pub(crate) fn vectors_job(&self) -> Option<VectorsJob> {
        self.cut_job(None).map(VectorsJob)
    }

    /// Stores the result of a [`VectorsJob`]; one that the session has moved on from gives no
    /// vectors.
    pub(crate) fn take_vectors(&mut self, found: FoundVectors) {
        self.rows = Some(found.0);
        self.reset_vectors();
    }

    /// The faces that a track's vector was made of, with their weights and quality. None where the
    /// vectors are not at hand or the track has none. One read of the project.
    pub fn frames(&self, track: TrackIx) -> Option<Vec<FaceUse>> {
        let row = self.vectors()?.row_of(track)?;
        let key = self.rows.as_ref()?.keys.get(row as usize)?;
        Some(self.project.get(*key)?.faces)
    }

    /// The tracks that seem to show two people, as the run in force found them.
    fn two_people(&self, set: &TrackSet) -> BTreeMap<TrackIx, TwoPeople> {
        let Some(run) = self.run.as_ref().filter(|run| !run.two_people.is_empty()) else {
            return BTreeMap::new();
        };
        let tracks = (0..set.len() as TrackIx).zip(&set.tracks);
        tracks.filter_map(|(ix, track)| Some((ix, *run.two_people.get(&track.id)?))).collect()
    }

    /// To be called when the run, its rows or the tracks changed.
    pub(super) fn reset_vectors(&mut self) {
        let two_people = self.set.as_deref().map(|set| self.two_people(set)).unwrap_or_default();
        let fitting = self.rows.as_ref().zip(self.run.as_ref()).zip(self.set.as_ref());
        let fitting = fitting.filter(|((rows, run), _)| run.vectors == Some(rows.vectors));
        self.vectors = fitting.map(|((rows, _), set)| {
            let videos = videos(set);
            let (tracks, unit) = (Arc::clone(&rows.tracks), Arc::clone(&rows.unit));
            let same = self.vectors.take().filter(|vectors| {
                let is_seen = Arc::ptr_eq(vectors.co_occurrence(), &self.co_occurrence);
                vectors.is_of(&unit)
                    && is_seen
                    && vectors.is_in(&videos)
                    && vectors.has_two_people(&two_people)
            });
            let co_occurrence = Arc::clone(&self.co_occurrence);
            same.unwrap_or_else(|| {
                let made = Vectors::new(set.len(), tracks, unit, rows.same_person, co_occurrence);
                Arc::new(made.with_videos(videos.into()).with_two_people(Arc::new(two_people)))
            })
        });
    }
}

/// The video of each track, by number; none where it is not known.
fn videos(set: &TrackSet) -> Vec<Option<u32>> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let tracks = (0..set.len() as TrackIx).map(|track| set.track(track).video.as_str());
    let number = |video| {
        let next = numbers.len() as u32;
        (!str::is_empty(video)).then(|| *numbers.entry(video).or_insert(next))
    };
    tracks.map(number).collect()
}
