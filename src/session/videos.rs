//! The job that makes tracks of videos.

use std::path::{Path, PathBuf};

use super::SessionError;
use crate::base::{Cx, Hasher, WarningKind};
use crate::infer::{self, EngineChoice};
use crate::models::Catalogue;
use crate::project::{FILE_NAME, data_folder};
use crate::video::{self, FrameReading, TrackOptions, TrackedVideo, VideoOutcome};

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

/// Whether a path is a video, or a folder in which there are videos and nothing that could be tracks. Ends at
/// the first picture.
pub(crate) fn are_videos(path: &Path) -> bool {
    if path.is_file() {
        return video::is_named_as_video(path);
    }
    !path.join(FILE_NAME).is_file() && video::holds_videos_only(path)
}

/// Tracks a video or a folder of videos into [`tracks_place`], and gives that folder. Of several videos, one that
/// fails is a warning.
///
/// # Errors
/// [`SessionError::Video`] where none could be tracked, or of what concerns all.
pub(crate) fn track_on_the_way(videos: &Path, cx: &Cx) -> Result<PathBuf, SessionError> {
    let out = tracks_place(videos)?;
    let job = TrackJob::on_the_way(videos, &out);
    let (mut n_good, mut failed) = (0, None);
    for video in job.run(cx)? {
        match video.outcome {
            VideoOutcome::Failed(error) => {
                cx.warn(WarningKind::Unreadable, error.to_string());
                failed = Some(error);
            }
            VideoOutcome::Tracked(_) | VideoOutcome::Known { .. } => n_good += 1,
        }
    }
    match failed {
        Some(error) if n_good == 0 => Err(error.into()),
        _ => Ok(out),
    }
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
    /// Of a video or a folder of videos, as it is tracked where nobody chooses anything.
    pub(crate) fn on_the_way(videos: &Path, out: &Path) -> Self {
        Self {
            inputs: vec![videos.to_path_buf()],
            reading: FrameReading::No,
            out: out.to_path_buf(),
            options: TrackOptions::default(),
            engine: EngineChoice::Auto,
        }
    }

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
