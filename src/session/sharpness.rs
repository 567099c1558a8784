//! How sharp the faces of the last run are, read from the project.
//!
//! Takes the rows of the last run by their keys; gives a [`Sharpness`], by which a view finds who
//! is seen too badly. It changes nothing.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Session, SessionError};
use crate::base::{Cancelled, Cx, Fingerprint, Stage, TrackIx};
use crate::embed::EmbeddingCache as _;
use crate::project::Project;
use crate::tracks::TrackSet;
use crate::views::Sharpness;

/// Reads how sharp the faces of the last run are; owns all it needs.
#[derive(Debug, Clone)]
pub(crate) struct SharpnessJob {
    project: Arc<Project>,
    set: Arc<TrackSet>,
    usable: Vec<TrackIx>,
    vectors: Option<Fingerprint>,
}

impl SharpnessJob {
    /// Runs it; one read of the project a track, in parallel, and nothing changes.
    ///
    /// # Errors
    /// [`SessionError::NotKept`] where the rows of the last run are not known any more;
    /// cancelled.
    pub(crate) fn run(&self, cx: &Cx) -> Result<Sharpness, SessionError> {
        let kept = self.vectors.and_then(|vectors| self.project.dendrogram(vectors));
        let kept = kept.filter(|kept| kept.rows.len() == self.usable.len()).ok_or(SessionError::NotKept)?;
        cx.stage(Stage::ReadingHowSharpTheFacesAre, self.usable.len() as u64);
        let sharpest = |key: &Fingerprint| {
            cx.check()?;
            cx.advance(1);
            let faces = self.project.get(*key).map(|embedding| embedding.faces).unwrap_or_default();
            let counting = faces.iter().filter(|face| !face.no_face && face.weight > 0.0);
            Ok(counting.map(|face| face.quality.sharpness).max_by(f32::total_cmp))
        };
        let found = kept.rows.par_iter().map(sharpest).collect::<Result<Vec<_>, Cancelled>>()?;
        let mut of_track = vec![None; self.set.len()];
        for (&track, sharpest) in self.usable.iter().zip(found) {
            of_track[track as usize] = sharpest;
        }
        Ok(Sharpness { of_track, of: Some((Arc::clone(&self.set), kept.vectors)) })
    }
}

impl Session {
    /// The job that reads how sharp the faces are. None before the first run.
    pub(crate) fn sharpness_job(&self) -> Option<SharpnessJob> {
        let (set, run) = (self.set.as_ref()?, self.run.as_ref()?);
        let is_usable = |ix: &TrackIx| run.clusters.contains_key(&set.track(*ix).id);
        Some(SharpnessJob {
            project: Arc::clone(&self.project),
            set: Arc::clone(set),
            usable: (0..set.len() as TrackIx).filter(is_usable).collect(),
            vectors: run.vectors,
        })
    }

    /// Whether sharpness that was read is of the present tracks and the last run. O(1).
    pub(crate) fn has_sharpness(&self, sharpness: &Sharpness) -> bool {
        let vectors = self.run.as_ref().and_then(|run| run.vectors);
        self.set.as_ref().zip(vectors).is_some_and(|(set, vectors)| sharpness.is_of(set, vectors))
    }
}
