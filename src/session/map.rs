//! The map of all tracks: a point for each, near each other where their vectors are.
//!
//! Takes the last run's rows; gives a [`TrackMap`]. It holds for these vectors, whatever the
//! radius and the edits. It adopts nothing and keeps nothing.

use std::sync::Arc;

use crate::base::{Cx, Fingerprint, TrackIx};
use crate::map::{self, MapLayout};
use crate::tracks::TrackSet;

use super::cuts::CutJob;
use super::rows::ClusteredRows;
use super::{Session, SessionError};

pub(crate) use crate::map::MapOptions;

/// Lays the tracks of the last run out on a plane; owns all it needs.
#[derive(Debug, Clone)]
pub(crate) struct MapJob {
    /// Finds the rows where they are not at hand.
    cut: CutJob,
    rows: Option<ClusteredRows>,
}

/// A point for each track with a usable face.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TrackMap {
    /// The tracks, ascending.
    pub tracks: Vec<TrackIx>,
    /// The point of each, within -1..=1.
    pub points: Vec<[f32; 2]>,
    /// Tracks that are placed beside their nearest ones, because there are too many.
    pub n_placed: usize,
    /// The tracks and the vectors that it is of.
    set: Arc<TrackSet>,
    vectors: Fingerprint,
}

impl MapJob {
    /// Runs it. Deterministic: the same vectors and options give the same bytes.
    ///
    /// # Errors
    /// [`SessionError::NotKept`] where the vectors cannot be had again, such as after a change of
    /// the settings; no thread; cancelled.
    pub(crate) fn run(&self, options: MapOptions, cx: &Cx) -> Result<TrackMap, SessionError> {
        let rows = match &self.rows {
            Some(rows) => rows.clone(),
            None => self.cut.rows(cx)?,
        };
        let MapLayout { points, n_placed } = map::lay_out(&rows.unit, options, cx)?;
        let set = Arc::clone(&self.cut.set);
        Ok(TrackMap { tracks: rows.tracks.to_vec(), points, n_placed, set, vectors: rows.vectors })
    }
}

impl TrackMap {
    /// Whether it is of the session's tracks and the vectors of its last run; where it is not, its
    /// tracks mean nothing. O(1).
    #[must_use]
    pub(crate) fn fits(&self, session: &Session) -> bool {
        let is_of_run = session.run.as_ref().is_some_and(|run| run.vectors == Some(self.vectors));
        is_of_run && session.set.as_ref().is_some_and(|set| Arc::ptr_eq(set, &self.set))
    }
}

impl Session {
    /// The job that draws the map. None before the first run.
    pub(crate) fn map_job(&self) -> Option<MapJob> {
        let vectors = self.run.as_ref()?.vectors;
        let rows = self.rows.clone().filter(|rows| Some(rows.vectors) == vectors);
        Some(MapJob { cut: self.cut_job(None)?, rows })
    }
}
