//! The job that makes tracks of videos.

use std::path::{Path, PathBuf};

use super::SessionError;
use crate::base::{Cx, Hasher};
use crate::infer::{self, EngineChoice};
use crate::models::Catalogue;
use crate::project::data_folder;
use crate::video::{self, FrameReading, TrackOptions, TrackedVideo};

/// Where the tracks of a video or of a folder of videos lie: beside it, in `<name>.castlist`, or in the data
/// folder where nothing can be written there.
///
/// # Errors
/// [`SessionError::NoHome`] where there is no data folder either.
pub(crate) fn tracks_place(videos: &Path) -> Result<PathBuf, SessionError> {
    let full = std::path::absolute(videos).unwrap_or_else(|_| videos.to_path_buf());
    let name = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = full.with_file_name(format!("{name}.castlist"));
    let parent = full.parent().unwrap_or(&full);
    if beside.is_dir() || tempfile::tempfile_in(parent).is_ok() {
        return Ok(beside);
    }
    let key = Hasher::default().part(full.to_string_lossy().as_bytes()).finish().to_string();
    let folder = data_folder().ok_or(SessionError::NoHome)?.join("tracks");
    Ok(folder.join(format!("{name}-{}", &key[..12])))
}

/// Tracks the faces of videos into a folder of tracks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TrackJob {
    /// Videos, animated pictures, folders of videos or of frames.
    pub(crate) inputs: Vec<PathBuf>,
    /// Whether pictures that lie in a named folder are frames.
    pub(crate) reading: FrameReading,
    /// The folder of tracks; made where it is not there.
    pub(crate) out: PathBuf,
    /// How they are tracked.
    pub(crate) options: TrackOptions,
    /// The inference engine.
    pub(crate) engine: EngineChoice,
}

impl TrackJob {
    /// Tracks all of them, or goes on where it was stopped. What failed is among the results.
    ///
    /// # Errors
    /// [`SessionError::Video`] of what concerns all of them; engine or model.
    pub(crate) fn run(&self, cx: &Cx) -> Result<Vec<TrackedVideo>, SessionError> {
        let videos = video::inputs(&self.inputs, self.reading)?;
        let engine = infer::engine(self.engine)?;
        let catalogue = Catalogue::load()?;
        Ok(video::track_videos(&videos, &self.out, &self.options, engine, &catalogue, cx)?)
    }
}
