//! `castlist track`: videos to a folder of face tracks.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::TrackArgs;
use super::progress::with_bar;
use super::{Completion, output};
use crate::base::Cx;
use crate::models::DEFAULT_DETECT;
use crate::session::{self, SessionError, TrackJob};
use crate::video::{FrameReading, TrackOptions, TrackedVideo, VideoCounts, VideoOutcome};

pub(super) fn run(args: &TrackArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let job = TrackJob {
        inputs: args.videos.clone(),
        reading: FrameReading::Frames,
        out: args.out.clone(),
        options: TrackOptions {
            detector: args.detector.clone(),
            every: args.every,
            min_face_px: f32::from(args.min_face.max(1)),
            small_faces: args.small_faces,
            fps: args.fps,
            ffmpeg: args.ffmpeg.clone(),
        },
        engine: args.engine,
    };
    let tracked = only_error(with_bar(cx, || job.run(cx))?)?;
    let warnings = cx.warnings();
    if args.json {
        output::json(&json!({
            "out": args.out,
            "detector": args.detector,
            "videos": tracked.iter().map(as_json).collect::<Vec<_>>(),
            "warnings": warnings.kept,
        }))?;
    } else {
        tracked.iter().for_each(say);
        output::warnings(&warnings.kept, warnings.count);
        advise(args, &tracked);
    }
    let failed = tracked.iter().filter(|video| matches!(video.outcome, VideoOutcome::Failed(_))).count();
    Ok(if failed > 0 { Completion::Reported(2) } else { Completion::Success })
}

/// What became of videos; where there is only one and it failed, that is the answer.
fn only_error(mut tracked: Vec<TrackedVideo>) -> Result<Vec<TrackedVideo>, SessionError> {
    let is_failed = |video: &mut TrackedVideo| matches!(video.outcome, VideoOutcome::Failed(_));
    let only = if tracked.len() == 1 { tracked.pop_if(is_failed) } else { None };
    match only.map(|video| video.outcome) {
        Some(VideoOutcome::Failed(error)) => Err(error.into()),
        _ => Ok(tracked),
    }
}

/// Tracks a video or a folder of videos before they are grouped; gives the folder of tracks.
pub(super) fn on_the_way(videos: &Path, json: bool, cx: &Cx) -> Result<PathBuf, SessionError> {
    let out = session::tracks_place(videos)?;
    output::note(format!("the faces of the video are tracked first, into {}", shown(&out)));
    let job = TrackJob::on_the_way(videos, &out);
    let tracked = only_error(with_bar(cx, || job.run(cx))?)?;
    // What is said of results would be in the way of the one JSON object; what failed is said beside it.
    let is_said = |video: &&TrackedVideo| !json || matches!(video.outcome, VideoOutcome::Failed(_));
    tracked.iter().filter(is_said).for_each(say);
    Ok(out)
}

fn shown(path: &Path) -> std::path::Display<'_> {
    path.display()
}

/// What became of a video, for people.
pub(super) fn say(video: &TrackedVideo) {
    let source = shown(&video.source);
    match &video.outcome {
        VideoOutcome::Tracked(counts) => {
            output::line(format!(
                "{source}: {} with {} in {}, {} ({:.1} s)",
                n_of(counts.tracks, "track"),
                n_of(counts.crops, "face"),
                n_of(counts.shots, "shot"),
                n_of(counts.frames as usize, "frame"),
                counts.seconds
            ));
            let removed = counts.removed;
            output::line(format!(
                "  left out: {} seen fewer than three times, {} for less than 0.2 s, {} with weak scores only; {} \
                 are probably no faces and lie in .probably-no-face",
                removed.flicker, removed.short, removed.weak, counts.doubtful
            ));
        }
        VideoOutcome::Known { as_source } if *as_source == video.source => {
            output::line(format!("{source}: its tracks are there already"));
        }
        VideoOutcome::Known { as_source } => {
            output::line(format!("{source}: the same video as {}, whose tracks are there", shown(as_source)));
        }
        VideoOutcome::Failed(error) => output::note(format!("castlist: {error}")),
    }
}

fn n_of(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// What the built-in detector cannot do, said where it was used; and what comes next.
fn advise(args: &TrackArgs, tracked: &[TrackedVideo]) {
    let has_tracks =
        tracked.iter().any(|video| matches!(&video.outcome, VideoOutcome::Tracked(it) if it.tracks > 0));
    if has_tracks && args.detector == DEFAULT_DETECT {
        output::note(
            "The built-in detector misses about a quarter of the faces that a strong one finds in films, and takes \
             some patterns for faces.\nBetter: castlist models get yunet, then --detector yunet",
        );
    }
    if has_tracks {
        output::line(format!("Group them:  castlist cluster {}", shown(&args.out)));
    }
}

fn as_json(video: &TrackedVideo) -> Value {
    let mut told = json!({ "source": video.source, "folder": video.name });
    let more = match &video.outcome {
        VideoOutcome::Tracked(counts) => counted(counts),
        VideoOutcome::Known { as_source } => json!({ "status": "known", "as": as_source }),
        VideoOutcome::Failed(error) => json!({ "status": "failed", "error": error.to_string() }),
    };
    if let (Some(told), Value::Object(more)) = (told.as_object_mut(), more) {
        told.extend(more);
    }
    told
}

fn counted(counts: &VideoCounts) -> Value {
    json!({
        "status": "tracked",
        "frames": counts.frames,
        "seconds": counts.seconds,
        "shots": counts.shots,
        "tracks": counts.tracks,
        "faces": counts.crops,
        "probably_no_face": counts.doubtful,
        "removed": counts.removed,
        "network_cpu_s": counts.network_s,
    })
}
