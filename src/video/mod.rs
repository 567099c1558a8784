//! From videos to face tracks.
//!
//! Takes videos, animated pictures or folders of frames; gives a folder of tracks such as `tracks` reads:
//! `<video>/<track>/<frame>.jpg`, `tracks.csv`, `landmarks.csv`, and for each video `shots.csv` and
//! `castlist-video.json`. It goes on where it was stopped, and ends with the same bytes whenever that was.
//! It decides nothing about people.

mod crops;
mod detect;
mod detections;
mod ffmpeg;
mod follow;
mod frame_source;
mod frames;
mod inputs;
mod journal;
mod pipeline;
mod shots;
mod tables;
mod truth;

use std::path::{Path, PathBuf};

use crate::base::{Cancelled, Cx};
use crate::embed::{EmbedError, LandmarkFinder};
use crate::infer::{Engine, InferError};
use crate::models::{Catalogue, DEFAULT_ALIGN, DEFAULT_DETECT, ModelError, ModelKind};
use crate::tracks::{PictureError, TracksError};

pub(crate) use crate::tracks::is_named_as_video;
use detect::{Detector, DetectorWish};
use inputs::content_of;
use journal::Beginning;
use pipeline::VideoWork;

pub(crate) use ffmpeg::Ffmpeg;
pub(crate) use inputs::{FrameReading, holds_videos_only, inputs};
pub(crate) use pipeline::VideoCounts;
pub(crate) use truth::compare as compare_with_truth;

/// Why a video gave no tracks, or not all of them.
#[derive(Debug, thiserror::Error)]
pub enum VideoError {
    /// There is no program that decodes videos.
    #[error(
        "videos need the program ffmpeg, 5.1 or newer, and none was found; install it: {how}.{tried} Folders of \
         frames and animated pictures work without it"
    )]
    NoFfmpeg {
        /// The command that installs it here.
        how: &'static str,
        /// What was tried, as a sentence; empty where nothing was there.
        tried: String,
    },
    /// The video cannot be decoded.
    #[error("this video cannot be decoded ({why}): {path}")]
    Decoder {
        /// What the decoder said.
        why: String,
        /// The video.
        path: PathBuf,
    },
    /// The decoder hangs.
    #[error(
        "ffmpeg has said nothing for {seconds} seconds, so it was ended; is the disk still there? {path}"
    )]
    Silent {
        /// How long.
        seconds: u64,
        /// The video.
        path: PathBuf,
    },
    /// A folder without pictures.
    #[error("there are no pictures in this folder, so no frames: {0}")]
    NoFrames(PathBuf),
    /// None of the paths is a video.
    #[error("there is no video in: {0}")]
    NoVideos(PathBuf),
    /// The first frame cannot be read.
    #[error("the frame {source}: {path}")]
    Frame {
        /// What is wrong with it.
        source: PictureError,
        /// The picture.
        path: PathBuf,
    },
    /// A file or folder cannot be read.
    #[error("cannot read ({source}): {path}")]
    Read {
        /// What the system said.
        source: std::io::Error,
        /// Where.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("cannot write ({source}); check the permissions and the free space: {path}")]
    Write {
        /// What the system said.
        source: std::io::Error,
        /// Where.
        path: PathBuf,
    },
    /// A picture cannot be encoded.
    #[error("a picture of a face could not be encoded ({0}); please report this")]
    Encode(image::ImageError),
    /// A detector of which nobody says how its outputs are read.
    #[error("the detector {0} cannot be read: its description needs `decode`, which is yunet or scrfd")]
    Undescribed(String),
    /// The folder holds tracks of another video or of other settings.
    #[error(
        "this folder holds tracks that were made with other settings, of {}; names may have been given to them, so \
         they stay. Name another folder: {}", video.display(), path.display()
    )]
    OtherWork {
        /// The video.
        video: PathBuf,
        /// The folder of its tracks.
        path: PathBuf,
    },
    /// The folder holds something else.
    #[error("the folder is not empty and holds no tracks of videos; name an empty or a new one: {0}")]
    NotOurs(PathBuf),
    /// The path as an input.
    #[error(transparent)]
    Tracks(#[from] TracksError),
    /// A model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// An engine.
    #[error(transparent)]
    Infer(#[from] InferError),
    /// The landmark network.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// It was stopped; the next run goes on.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// How videos are tracked.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackOptions {
    /// Detector: an id of the catalogue or an ONNX file.
    pub detector: String,
    /// Looks for faces in every Nth frame; none for 6 to 8 a second.
    pub every: Option<u64>,
    /// The least height of a face, in pixels of the frame as it is decoded (at most 1920 wide).
    pub min_face_px: f32,
    /// Looks closer at large frames.
    pub small_faces: bool,
    /// Frames a second of folders of frames; none for 25.
    pub fps: Option<f64>,
    /// The program; none to look for it.
    pub ffmpeg: Option<PathBuf>,
}

impl Default for TrackOptions {
    fn default() -> Self {
        Self {
            detector: DEFAULT_DETECT.to_owned(),
            every: None,
            min_face_px: 40.0,
            small_faces: false,
            fps: None,
            ffmpeg: None,
        }
    }
}

/// What became of one video.
#[derive(Debug)]
pub(crate) struct TrackedVideo {
    /// Where it lies.
    pub(crate) source: PathBuf,
    /// The name of its folder; none where it failed before there was one.
    pub(crate) name: Option<String>,
    /// What came of it.
    pub(crate) outcome: VideoOutcome,
}

/// See [`TrackedVideo`].
#[derive(Debug)]
pub(crate) enum VideoOutcome {
    /// It was tracked.
    Tracked(VideoCounts),
    /// Its tracks are there already, of this file or of a copy of it.
    Known {
        /// Where the video lay when it was tracked.
        as_source: PathBuf,
    },
    /// It failed; the others go on.
    Failed(VideoError),
}

/// Tracks videos into a folder, one after another; one that fails is told, and the others go on. Costs about
/// the time that decoding and the detector take.
///
/// # Errors
/// [`VideoError`] that concerns all: no room, no model, cancelled.
pub(crate) fn track_videos(
    videos: &[PathBuf],
    out: &Path,
    options: &TrackOptions,
    engine: &Engine,
    catalogue: &Catalogue,
    cx: &Cx,
) -> Result<Vec<TrackedVideo>, VideoError> {
    inputs::require_own(out)?;
    let tracked = track_each(videos, out, options, (engine, catalogue), cx);
    // Where nothing came of it, nothing is left; a folder with anything in it stays.
    let _or_it_stays = std::fs::remove_dir(out);
    tracked
}

fn track_each(
    videos: &[PathBuf],
    out: &Path,
    options: &TrackOptions,
    (engine, catalogue): (&Engine, &Catalogue),
    cx: &Cx,
) -> Result<Vec<TrackedVideo>, VideoError> {
    let align = catalogue.resolve(DEFAULT_ALIGN, &[])?.require(ModelKind::Align)?;
    let finder = LandmarkFinder::load(engine, &align)?;
    let mut ffmpeg: Option<Ffmpeg> = None;
    let mut tracked = Vec::new();
    for source in videos {
        cx.check()?;
        let mut name = None;
        let outcome =
            track_one(source, out, options, (engine, catalogue, &finder), &mut ffmpeg, &mut name, cx);
        let outcome = match outcome {
            Ok(outcome) => outcome,
            // What holds for the next one as well ends it all.
            Err(
                error @ (VideoError::Cancelled(_)
                | VideoError::Write { .. }
                | VideoError::Model(_)
                | VideoError::Infer(_)
                | VideoError::NoFfmpeg { .. }),
            ) => return Err(error),
            Err(error) => VideoOutcome::Failed(error),
        };
        tracked.push(TrackedVideo { source: source.clone(), name, outcome });
    }
    Ok(tracked)
}

fn track_one(
    source: &Path,
    out: &Path,
    options: &TrackOptions,
    (engine, catalogue, finder): (&Engine, &Catalogue, &LandmarkFinder),
    ffmpeg: &mut Option<Ffmpeg>,
    name: &mut Option<String>,
    cx: &Cx,
) -> Result<VideoOutcome, VideoError> {
    let content = content_of(source)?;
    let folders = tables::video_folders(out)?;
    let mut known = Vec::with_capacity(folders.len());
    for folder in &folders {
        known.extend(journal::beginning(&out.join(folder))?.map(|beginning| (folder, beginning)));
    }
    let same = known.iter().find(|(_, beginning)| beginning.content == content);
    if let Some((folder, beginning)) = same
        && tables::facts(&out.join(folder)).is_some()
    {
        *name = Some((*folder).clone());
        return Ok(VideoOutcome::Known { as_source: beginning.source.clone() });
    }
    let folder = same.map_or_else(|| inputs::folder_name(source, &folders), |(folder, _)| (*folder).clone());
    let mut frames = frames::open(source, options.fps, || match ffmpeg {
        Some(found) => Ok(found.clone()),
        None => Ok(ffmpeg.insert(Ffmpeg::find(options.ffmpeg.as_deref())?).clone()),
    })?;
    let Some(first) = frames.next_frame(cx)? else {
        return Err(VideoError::NoFrames(source.to_path_buf()));
    };
    let wish = DetectorWish {
        spec: &options.detector,
        min_face_px: options.min_face_px,
        small_faces: options.small_faces,
    };
    let detector = Detector::load(engine, catalogue, wish, (first.picture.width, first.picture.height))?;
    let (id, sha256) = detector.identity();
    let beginning = Beginning {
        every: options.every,
        fps: options.fps,
        min_face_px: detector.min_face_px(),
        small_faces: options.small_faces,
        ..Beginning::new(content, source.to_path_buf(), (id.to_owned(), sha256.to_owned()))
    };
    *name = Some(folder.clone());
    let work = VideoWork { detector: &detector, finder, out, name: &folder, beginning: &beginning };
    Ok(VideoOutcome::Tracked(work.run(&mut *frames, first, cx)?))
}
