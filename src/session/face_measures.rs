//! What was measured on the faces of the last run, read from the project.
//!
//! Takes the rows of the last run by their keys; gives [`FaceMeasures`]. It changes nothing.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Run, Session, SessionError};
use crate::base::{Cancelled, Cx, Fingerprint, Stage, TrackIx};
use crate::embed::{EmbeddingCache as _, FaceUse};
use crate::project::Project;
use crate::tracks::TrackSet;
use crate::views::{FaceMeasures, TrackMeasure};

/// Reads what was measured on the faces of the last run; owns all it needs.
#[derive(Debug, Clone)]
pub(crate) struct FaceMeasuresJob {
    project: Arc<Project>,
    set: Arc<TrackSet>,
    last_run: Arc<Run>,
}

impl FaceMeasuresJob {
    /// Runs it; one read of the project a track, in parallel, and nothing changes.
    ///
    /// # Errors
    /// [`SessionError::NotKept`] where the rows of the last run are not known any more;
    /// cancelled.
    pub(crate) fn run(&self, cx: &Cx) -> Result<FaceMeasures, SessionError> {
        let is_usable = |ix: &TrackIx| self.last_run.clusters.contains_key(&self.set.track(*ix).id);
        let usable: Vec<TrackIx> = (0..self.set.len() as TrackIx).filter(is_usable).collect();
        let kept = self.last_run.vectors.and_then(|vectors| self.project.dendrogram(vectors));
        let kept = kept.filter(|kept| kept.rows.len() == usable.len()).ok_or(SessionError::NotKept)?;
        cx.stage(Stage::ReadingFaceMeasures, usable.len() as u64);
        let measure = |key: &Fingerprint| {
            cx.check()?;
            cx.advance(1);
            Ok(self.project.get(*key).and_then(|embedding| measure(&embedding.faces)))
        };
        let found = kept.rows.par_iter().map(measure).collect::<Result<Vec<_>, Cancelled>>()?;
        let mut of_track = vec![None; self.set.len()];
        for (&track, measured) in usable.iter().zip(found) {
            of_track[track as usize] = measured;
        }
        Ok(FaceMeasures { of_track, of: Some((Arc::clone(&self.set), kept.vectors)) })
    }
}

impl Session {
    /// The job that reads what was measured on the faces. None before the first run. O(1).
    pub(crate) fn face_measures_job(&self) -> Option<FaceMeasuresJob> {
        let (set, run) = (self.set.as_ref()?, self.run.as_ref()?);
        Some(FaceMeasuresJob {
            project: Arc::clone(&self.project),
            set: Arc::clone(set),
            last_run: Arc::clone(run),
        })
    }

    /// Whether measures that were read are of the present tracks and the last run. O(1).
    pub(crate) fn has_face_measures(&self, measures: &FaceMeasures) -> bool {
        let vectors = self.run.as_ref().and_then(|run| run.vectors);
        self.set.as_ref().zip(vectors).is_some_and(|(set, vectors)| measures.is_of(set, vectors))
    }
}

/// Of a track's faces; none where none of them counts.
fn measure(faces: &[FaceUse]) -> Option<TrackMeasure> {
    let counting = || faces.iter().filter(|face| !face.no_face && face.weight > 0.0);
    let sharpness = counting().map(|face| face.quality.sharpness).max_by(f32::total_cmp)?;
    let portrait = |face: &FaceUse| face.quality.portrait();
    // The first one of equals.
    let best = counting().rev().max_by(|a, b| portrait(a).total_cmp(&portrait(b)))?;
    Some(TrackMeasure { sharpness, best_face: best.face, portrait: portrait(best) })
}
