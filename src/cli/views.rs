//! `castlist review strangers|timeline|map`: all tracks at once, by who they are, by when, by what
//! they look like.

use serde_json::{Value, json};

use super::args::{MapArgs, StrangersArgs, TimelineArgs, ViewAction};
use super::progress::with_bar;
use super::{Completion, output};
use crate::base::{Cx, TrackIx};
use crate::review::{Identity, IdentityId, IdentityState, Review};
use crate::session::{Command, MapOptions, Session, SessionError};
use crate::views::{Appearance, IdentityLane, StrangerLimits, Strangers, TimeUnit, Timeline, VideoLanes};

pub(super) fn run(action: ViewAction, cx: &Cx) -> Result<Completion, SessionError> {
    match action {
        ViewAction::Strangers(args) => strangers(&args, cx),
        ViewAction::Timeline(args) => timeline(&args),
        ViewAction::Map(args) => map(&args, cx),
    }
}

fn strangers(args: &StrangersArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let changes = args.ignore || args.restore;
    let mut session = if changes {
        Session::open_existing(&args.project)?
    } else {
        Session::open_read_only(&args.project)?
    };
    let set = session.tracks().cloned().ok_or(SessionError::NothingYet)?;
    let measures = match args.blurred {
        Some(_) => {
            let job = session.face_measures_job().ok_or(SessionError::NothingYet)?;
            Some(with_bar(cx, || job.run(cx))?)
        }
        None => None,
    };
    let bars = StrangerLimits { tracks: args.tracks, seconds: args.seconds, sharpness: args.blurred };
    let state = if args.restore { IdentityState::Ignored } else { IdentityState::Proposed };
    let found = Strangers::below((&set, session.review()), &bars, measures.as_ref(), state);
    let edit = if args.restore { found.restore() } else { found.ignore() };
    let titles: Vec<String> = found.found.iter().map(|it| title(session.review(), it.identity)).collect();
    let cursor = match edit.clone().filter(|_| changes) {
        Some(edit) => Some(session.perform(Command::Edit(edit))?),
        None => None,
    };
    if args.json {
        let mut told = json!(found);
        told["bars"] = json!(bars);
        told["edit"] = json!(edit);
        told["cursor"] = json!(cursor);
        output::json(&told)?;
        return Ok(Completion::Success);
    }
    for (it, title) in found.found.iter().zip(titles) {
        let seconds = it.seconds.map(|seconds| format!("  {seconds:.1} s")).unwrap_or_default();
        let sharp = it.sharpness.map(|sharp| format!("  sharpness {sharp:.3}")).unwrap_or_default();
        output::line(format!("{:>5}  {:>3} tracks{seconds}{sharp}  {title}", it.identity, it.n_tracks));
    }
    for (n, why) in [
        (found.n_untimed, "left out: their times are not known"),
        (found.n_unmeasured, "left out: no sharpness was measured"),
    ] {
        if n > 0 {
            output::note(format!("{n} {why}"));
        }
    }
    let done = match (cursor, args.restore) {
        (Some(number), true) => format!("restored (edit {number})"),
        (Some(number), false) => format!("ignored (edit {number}; --restore restores them)"),
        (None, true) => "to restore".to_owned(),
        (None, false) => "to ignore (add --ignore)".to_owned(),
    };
    output::line(format!("{} {done}", found.found.len()));
    Ok(Completion::Success)
}

fn timeline(args: &TimelineArgs) -> Result<Completion, SessionError> {
    let session = Session::open_read_only(&args.project)?;
    let set = session.tracks().ok_or(SessionError::NothingYet)?;
    let review = session.review();
    let mut timeline = Timeline::new(set, review);
    if let Some(wanted) = &args.video {
        timeline.videos.retain(|video| video.video == *wanted);
        if timeline.videos.is_empty() {
            return Err(SessionError::NoVideo(wanted.clone()));
        }
    }
    let ids = |lane: &IdentityLane, spell: &Appearance| -> Vec<String> {
        let of = lane.appearances.get(spell.appearances.clone()).unwrap_or_default();
        of.iter().map(|it| review.track_id(it.track).to_owned()).collect()
    };
    if args.json {
        let videos: Vec<Value> =
            timeline.videos.iter().map(|it| video_json(it, review, args.gap, ids)).collect();
        output::json(&json!({ "videos": videos, "n_untimed": timeline.n_untimed() }))?;
        return Ok(Completion::Success);
    }
    if args.csv {
        let header = ["video", "identity", "name", "state", "start", "end", "unit", "tracks"];
        let mut rows = vec![header.map(str::to_owned).to_vec()];
        for (video, lane) in timeline.videos.iter().flat_map(|it| it.lanes.iter().map(move |lane| (it, lane)))
        {
            for spell in lane.appearances(None, args.gap) {
                rows.push(vec![
                    video.video.clone(),
                    lane.identity.map(|id| id.to_string()).unwrap_or_default(),
                    named(review, lane.identity).unwrap_or_default(),
                    lane.state.map_or("unassigned", IdentityState::word).to_owned(),
                    spell.start.to_string(),
                    spell.end.to_string(),
                    word(video.unit).to_owned(),
                    ids(lane, &spell).join(" "),
                ]);
            }
        }
        return table(&rows);
    }
    for video in &timeline.videos {
        let (name, unit) = (&video.video, word(video.unit));
        output::line(format!("{name}  {:.1} to {:.1} {unit}", video.range.0, video.range.1));
        for lane in &video.lanes {
            let who = lane.identity.map_or_else(|| "Unassigned".to_owned(), |id| title(review, id));
            let spells = lane.appearances(None, args.gap);
            let times: Vec<String> =
                spells.iter().map(|spell| format!("{:.1}–{:.1}", spell.start, spell.end)).collect();
            output::line(format!(
                "  {who}: {:.1} {unit} in {}: {}",
                lane.length,
                times.len(),
                times.join(", ")
            ));
        }
        if !video.untimed.is_empty() {
            output::line(format!("  tracks without times: {}", video.untimed.len()));
        }
    }
    Ok(Completion::Success)
}

fn video_json(
    video: &VideoLanes,
    review: &Review,
    gap: f64,
    ids: impl Fn(&IdentityLane, &Appearance) -> Vec<String>,
) -> Value {
    let lanes = video.lanes.iter().map(|lane| {
        let spells = lane.appearances(None, gap);
        let spells = spells.iter();
        json!({
            "identity": lane.identity,
            "name": named(review, lane.identity),
            "state": lane.state,
            "length": lane.length,
            "appearances": spells
                .map(|it| json!({ "start": it.start, "end": it.end, "tracks": ids(lane, it) }))
                .collect::<Vec<_>>(),
        })
    });
    let untimed: Vec<&str> = video.untimed.iter().map(|&track| review.track_id(track)).collect();
    json!({
        "video": video.video,
        "unit": video.unit,
        "start": video.range.0,
        "end": video.range.1,
        "lanes": lanes.collect::<Vec<_>>(),
        "untimed": untimed,
    })
}

fn map(args: &MapArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let session = Session::open_read_only(&args.project)?;
    let job = session.map_job().ok_or(SessionError::NothingYet)?;
    let options = MapOptions { seed: args.seed, sample: args.sample };
    let map = with_bar(cx, || job.run(options, cx))?;
    let review = session.review();
    let points = map.tracks.iter().zip(&map.points);
    if args.json {
        let points: Vec<Value> = points
            .map(|(&track, [x, y])| {
                json!({ "track": review.track_id(track), "identity": review.identity_of(track), "x": x, "y": y })
            })
            .collect();
        let n_without = review.n_tracks() - points.len();
        output::json(&json!({ "points": points, "n_placed": map.n_placed, "n_without": n_without }))?;
        return Ok(Completion::Success);
    }
    if args.csv {
        let mut rows = vec![["track", "identity", "name", "x", "y"].map(str::to_owned).to_vec()];
        rows.extend(points.map(|(&track, [x, y])| {
            let identity = review.identity_of(track);
            let id = identity.map(|id| id.to_string()).unwrap_or_default();
            let name = named(review, identity).unwrap_or_default();
            vec![id_of(review, track), id, name, x.to_string(), y.to_string()]
        }));
        return table(&rows);
    }
    output::line(format!(
        "{} points, {} of them placed beside the others (--csv or --json lists them; distances are approximate)",
        map.points.len(),
        map.n_placed
    ));
    Ok(Completion::Success)
}

fn id_of(review: &Review, track: TrackIx) -> String {
    review.track_id(track).to_owned()
}

fn title(review: &Review, id: IdentityId) -> String {
    review.identity(id).map(Identity::title).unwrap_or_default()
}

fn named(review: &Review, id: Option<IdentityId>) -> Option<String> {
    review.identity(id?)?.name.clone()
}

fn word(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Seconds => "seconds",
        TimeUnit::Frames => "frames",
    }
}

/// A table on stdout; cells are quoted where they must be.
fn table(rows: &[Vec<String>]) -> Result<Completion, SessionError> {
    let failed = |why: String| SessionError::Write { why, path: "stdout".into() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|e| failed(e.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
    output::line(String::from_utf8_lossy(&bytes).trim_end());
    Ok(Completion::Success)
}
