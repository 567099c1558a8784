//! `castlist demo`: drawn tracks, or a drawn film, through the whole job.

use std::path::PathBuf;

use super::cluster::group_and_score;
use super::progress::with_bar;
use super::{Completion, output, track};
use crate::base::Cx;
use crate::infer::EngineChoice;
use crate::project::data_folder;
use crate::session::{self, DemoJob, FilmJob, SessionError, TrackJob};
use crate::video::{FrameReading, TrackOptions, compare_with_truth};

/// `castlist demo`.
pub(super) fn tracks(
    dir: Option<PathBuf>,
    window: bool,
    cx: &Cx,
    open: fn(Option<PathBuf>) -> Result<Completion, SessionError>,
) -> Result<Completion, SessionError> {
    let dir = folder(dir, "demo")?;
    let drawn = with_bar(cx, || DemoJob { folder: dir.clone() }.run(cx))?;
    output::line(format!(
        "Drew {} people in {} videos: {} tracks, {} faces.",
        drawn.n_identities, drawn.n_videos, drawn.n_tracks, drawn.n_faces
    ));
    let truth = session::read_truth(&dir.join("labels.csv").to_string_lossy())?;
    group_and_score(&dir, truth.into_iter().map(|(track, person)| (track, Some(person))).collect(), cx)?;
    if window {
        return open(Some(dir));
    }
    output::line(format!("Open them:  castlist open {}", dir.display()));
    Ok(Completion::Success)
}

/// `castlist demo --video`.
pub(super) fn video(
    dir: Option<PathBuf>,
    window: bool,
    cx: &Cx,
    open: fn(Option<PathBuf>) -> Result<Completion, SessionError>,
) -> Result<Completion, SessionError> {
    let dir = folder(dir, "demo-video")?;
    let film = FilmJob { folder: dir.clone() };
    let drawn = with_bar(cx, || film.run(cx))?;
    output::line(format!(
        "Drew a film of {} people: {} frames in {} shots.",
        drawn.n_people, drawn.n_frames, drawn.n_shots
    ));
    let out = dir.join("tracks");
    let job = TrackJob {
        inputs: vec![film.frames()],
        reading: FrameReading::Frames,
        out: out.clone(),
        options: TrackOptions { fps: Some(FilmJob::FPS), ..TrackOptions::default() },
        engine: EngineChoice::Auto,
    };
    let tracked = with_bar(cx, || job.run(cx))?;
    tracked.iter().for_each(track::say);
    let compared = compare_with_truth(&out, &film.truth())?;
    for person in &compared.people {
        output::line(format!(
            "  {}: {:.1} s on screen, {:.0} % of it in {} tracks",
            person.person,
            person.frames as f64 / FilmJob::FPS,
            100.0 * person.covered,
            person.tracks
        ));
    }
    output::line(format!(
        "  {} tracks of two people, {} of nobody; boxes overlap what was drawn by {:.2} (the middle one).",
        compared.mixed.len(),
        compared.n_false(),
        compared.median_overlap
    ));
    group_and_score(&out, compared.labels, cx)?;
    if window {
        return open(Some(out));
    }
    output::line(format!("Open them:  castlist open {}", out.display()));
    Ok(Completion::Success)
}

/// The folder that was named, or one in the data folder.
fn folder(named: Option<PathBuf>, name: &str) -> Result<PathBuf, SessionError> {
    named.or_else(|| Some(data_folder()?.join(name))).ok_or(SessionError::NoHome)
}
