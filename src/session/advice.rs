//! The last run's vectors, for whom advice is asked about.
//!
//! They come with an analysis; after reopening a [`VectorsJob`] finds them again in the project.
//! They hold for the run in force only: another run, or another radius, has others.

use std::sync::Arc;

use super::cuts::{CutJob, Rows};
use super::{Session, SessionError};
use crate::advice::Vectors;
use crate::base::{Cx, Radius, TrackIx};
use crate::embed::{Cache as _, FaceUse};
use crate::project::Run;

/// Finds the last run's vectors in the project; owns all it needs.
#[derive(Debug, Clone)]
pub struct VectorsJob(CutJob);

/// What a [`VectorsJob`] found.
#[derive(Debug)]
pub struct FoundVectors(Rows);

impl VectorsJob {
    /// Runs it; nothing is embedded and nothing changes. O(tracks · dim).
    ///
    /// # Errors
    /// [`SessionError::NotKept`] where they cannot be had again, such as after a change of the
    /// settings; cancelled.
    pub fn run(&self, cx: &Cx) -> Result<FoundVectors, SessionError> {
        self.0.rows(cx).map(FoundVectors)
    }
}

impl Session {
    /// The vectors of the run in force, where they are at hand; a [`VectorsJob`] finds them.
    pub fn vectors(&self) -> Option<&Arc<Vectors>> {
        self.vectors.as_ref()
    }

    /// The job that finds [`Self::vectors`]. None before the first run.
    pub fn vectors_job(&self) -> Option<VectorsJob> {
        self.cut_job(None).map(VectorsJob)
    }

    /// Takes the result of a [`VectorsJob`] over; one that the session has moved on from gives no
    /// vectors.
    pub fn take_vectors(&mut self, found: FoundVectors) {
        self.rows = Some(found.0);
        self.renew_vectors();
    }

    /// The faces that a track's vector was made of, with their weights and quality. None where the
    /// vectors are not at hand or the track has none. One read of the project.
    pub fn frames(&self, track: TrackIx) -> Option<Vec<FaceUse>> {
        let row = self.vectors()?.row_of(track)?;
        let key = self.rows.as_ref()?.keys.get(row as usize)?;
        Some(self.project.get(*key)?.faces)
    }

    /// To be called when the run, its rows or the tracks changed.
    pub(super) fn renew_vectors(&mut self) {
        let fitting = self.rows.as_ref().zip(self.run.as_ref()).zip(self.set.as_ref());
        let fitting = fitting.filter(|((rows, run), _)| run.vectors == Some(rows.vectors));
        self.vectors = fitting.and_then(|((rows, run), set)| {
            let radius = run.parameters.get("radius").and_then(|radius| radius.parse().ok().map(Radius));
            let own = rows.own.map(|(own, _)| own);
            let known = own.or(radius).or_else(|| ball_of(run))?;
            let radii = (known, radius.unwrap_or(known));
            let (tracks, unit) = (Arc::clone(&rows.tracks), Arc::clone(&rows.unit));
            let same = self.vectors.take().filter(|vectors| {
                vectors.is_of(&unit, radii) && Arc::ptr_eq(vectors.co_occurrence(), &self.together)
            });
            let made = || Arc::new(Vectors::new(set.len(), tracks, unit, radii, Arc::clone(&self.together)));
            Some(same.unwrap_or_else(made))
        });
    }
}

/// Where nobody knows a radius: the ball that holds 19 of 20 tracks of the run's clusters. None
/// where all tracks are alone.
fn ball_of(run: &Run) -> Option<Radius> {
    let mut doubts: Vec<f32> = run.doubts.values().copied().filter(|&doubt| doubt > 0.0).collect();
    doubts.sort_unstable_by(f32::total_cmp);
    doubts.get(doubts.len() * 19 / 20).map(|&squared| Radius(f64::from(squared).sqrt()))
}
