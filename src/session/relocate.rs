//! A project whose folder of tracks moved: where it lies now, with all decisions.
//!
//! Takes what was opened and the folder where the tracks are now; gives what to open. A project that
//! lies in its folder moves with it, and needs nothing of this.

use std::path::{Path, PathBuf};

use super::{Session, SessionError};
use crate::project::{ProjectError, default_place};
use crate::tracks::{TrackSet, TrackSource};

/// Tracks that are looked for in the new folder.
const LOOKED_FOR: usize = 200;

impl Session {
    /// Whether the folder with the pictures or features is not where it was. One look at the disk.
    pub(crate) fn is_folder_missing(&self) -> bool {
        let has_files =
            |set: &TrackSet| set.tracks.iter().any(|track| !matches!(track.source, TrackSource::Rows { .. }));
        self.set.as_deref().is_some_and(has_files) && !self.root.is_dir()
    }
}

/// Finds a project's tracks in the folder `to`; `opened` is the project file, or the folder where they
/// were. Gives the path to open. A project in the platform's data folder follows to the place that it
/// has for the new folder; its copies stay. A few looks at the disk, and one write.
///
/// # Errors
/// [`SessionError`]: `to` is no folder, holds none of the project's tracks, or has a project of its own;
/// the project cannot be read or written.
pub(crate) fn relocate(opened: &Path, to: &Path) -> Result<PathBuf, SessionError> {
    if !to.is_dir() {
        return Err(SessionError::Missing(to.to_path_buf()));
    }
    let (file, follows) = if opened.is_file() {
        (opened.to_path_buf(), false)
    } else {
        let place = default_place(opened);
        (place.path, place.is_in_data_folder)
    };
    if !file.is_file() {
        // The project lay in the folder, and moved with it.
        return Ok(to.to_path_buf());
    }
    let session = Session::open(&file, None)?;
    if let Some(reason) = session.project.why_read_only() {
        return Err(ProjectError::ReadOnly { reason, path: file }.into());
    }
    if !session.set.as_deref().is_some_and(|set| has_some(set, to)) {
        return Err(SessionError::OtherTracks { path: to.to_path_buf(), project: file });
    }
    session.project.save_root(to).wait()?;
    drop(session);
    if !follows {
        return Ok(file);
    }
    let place = default_place(to);
    if place.path.exists() {
        return Err(ProjectError::Exists(place.path).into());
    }
    let write = |source: std::io::Error| SessionError::MoveProject { source, path: place.path.clone() };
    // The data folder may lie on another disk.
    std::fs::copy(&file, &place.path).map_err(write)?;
    std::fs::remove_file(&file).map_err(write)?;
    Ok(to.to_path_buf())
}

/// Whether at least one of some tracks, spread over all, lies in a folder.
fn has_some(set: &TrackSet, folder: &Path) -> bool {
    let step = set.len().div_ceil(LOOKED_FOR).max(1);
    set.tracks.iter().step_by(step).any(|track| match &track.source {
        TrackSource::Faces { folder: own, faces } => {
            faces.first().is_some_and(|face| folder.join(own).join(&face.file).is_file())
        }
        TrackSource::Features { file, .. } => folder.join(file).is_file(),
        TrackSource::Rows { .. } => false,
    })
}
