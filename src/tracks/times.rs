//! `tracks.csv`: when tracks are seen.
//!
//! Takes the table and the tracks; puts the times on them. Several rows of a track are united:
//! one per frame to the spans that they fill. A wrong value is
//! an error with its line; a row about a track that is not there is a counted warning.

use std::collections::BTreeMap;

use super::own_export::OwnExport;
use super::table::{Table, near_miss};
use super::{TimeSpan, TrackSet, TracksError};
use crate::base::{Cx, WarningKind};

/// What the rows of one track say.
#[derive(Default)]
struct TrackTimes {
    spans: Vec<TimeSpan>,
    fps: Option<f64>,
    video: Option<String>,
    /// Line of the first row.
    line: u64,
}

/// Rows that say nothing, and why.
#[derive(Default)]
struct SkippedRows {
    unknown: usize,
    /// An unknown track, and the one that is meant, maybe.
    near: Option<(String, String)>,
    backslashes: usize,
    half: usize,
    half_line: u64,
}

/// Puts the times of `tracks.csv`, where the folder has one, on its tracks. The table of an own
/// export calls them as the exported project did.
pub(super) fn read_times(set: &mut TrackSet, own: Option<&OwnExport>, cx: &Cx) -> Result<(), TracksError> {
    let path = set.root.join("tracks.csv");
    if !path.is_file() {
        return Ok(());
    }
    let table = Table::open(&path, "track")?;
    let track = table.column("track")?;
    let mut by_id: BTreeMap<&str, usize> =
        set.tracks.iter().enumerate().map(|(ix, track)| (track.id.as_str(), ix)).collect();
    by_id.extend(own.map(|own| own.former_ids(set)).unwrap_or_default());
    let exported = own.map(OwnExport::ids);
    let mut said: BTreeMap<usize, TrackTimes> = BTreeMap::new();
    let mut left = SkippedRows::default();
    let short = table.each(|table, line, record| {
        let id = record.get(track).unwrap_or_default();
        let Some(&ix) = by_id.get(id) else {
            // An export's table has the tracks that were not exported, too.
            if exported.as_ref().is_some_and(|exported| !exported.contains(id)) {
                return Ok(());
            }
            left.unknown += 1;
            left.backslashes += usize::from(id.contains('\\'));
            // Each search goes through all ids.
            if left.near.is_none() && left.unknown <= 100 {
                left.near = near_miss(id, by_id.keys().copied()).map(|near| (id.to_owned(), near.to_owned()));
            }
            return Ok(());
        };
        let of_track = said.entry(ix).or_insert_with(|| TrackTimes { line, ..TrackTimes::default() });
        let (span, is_half) = span(table, line, record)?;
        if is_half {
            left.half += 1;
            left.half_line = if left.half_line == 0 { line } else { left.half_line };
        }
        let clash = |name: &str, is: &str, was: &str, first: u64| {
            table.error(line, format!("the {name} of `{id}` is {is} here, and {was} in line {first}"))
        };
        match (span.fps, of_track.fps) {
            (Some(is), Some(was)) if (is - was).abs() > 1e-9 => {
                return Err(clash("fps", &is.to_string(), &was.to_string(), of_track.line));
            }
            (is, was) => of_track.fps = was.or(is),
        }
        match (table.cell(record, "video"), &of_track.video) {
            (Some(is), Some(was)) if is != was => return Err(clash("video", is, was, of_track.line)),
            (Some(is), None) => of_track.video = Some(is.to_owned()),
            _ => {}
        }
        of_track.spans.push(span);
        Ok(())
    })?;
    for (ix, TrackTimes { spans, fps, video, .. }) in said {
        let track = &mut set.tracks[ix];
        let pieces = joined(spans.into_iter().map(|span| TimeSpan { fps, ..span }).collect());
        track.span = hull(&pieces, fps);
        track.pieces = if pieces.len() > 1 { pieces } else { Vec::new() };
        if let Some(video) = video {
            track.video = video;
        }
    }
    let path = path.display();
    let warn = |text: String| cx.warn(WarningKind::Input, format!("{text}: {path}"));
    let rows = |n: usize, one: &str, many: &str| {
        if n == 1 { format!("1 row {one}") } else { format!("{n} rows {many}") }
    };
    if left.unknown > 0 {
        let text = format!("{} rows name tracks that are not in the folder", left.unknown);
        let near = left.near.map(|(id, near)| format!(" (`{id}` is not `{near}`: ids are compared exactly)"));
        let slashes = if left.backslashes > 0 {
            format!("; {} with \\, where an id has /", rows(left.backslashes, "has one", "have some"))
        } else {
            String::new()
        };
        warn(format!("{text}{}{slashes}", near.unwrap_or_default()));
    }
    if short.n > 0 {
        let text = rows(short.n, "is shorter", "are shorter");
        warn(format!("{text} than the header, first in line {}", short.line));
    }
    if left.half > 0 {
        let text = rows(left.half, "has a start without an end, or", "have a start without an end, or");
        warn(format!("{text} the other way round, so no time, first in line {}", left.half_line));
    }
    Ok(())
}

/// The times of a row, and whether one of them lacks its other half.
fn span(table: &Table<'_>, line: u64, record: &csv::StringRecord) -> Result<(TimeSpan, bool), TracksError> {
    let frame = |name| table.count(line, record, name);
    let seconds = |name| table.number(line, record, name);
    let (start, end) = (frame("start_frame")?, frame("end_frame")?);
    let one = if start.or(end).is_none() { frame("frame")? } else { None };
    let frames = start.zip(end).or(one.zip(one));
    if let Some((first, last)) = frames.filter(|(first, last)| last < first) {
        return Err(table.error(line, format!("the track ends at frame {last}, before it starts at {first}")));
    }
    let fps = seconds("fps")?;
    if let Some(fps) = fps.filter(|fps| *fps <= 0.0) {
        return Err(table.error(line, format!("fps is {fps}; it must be above 0")));
    }
    let (start_s, end_s) = (seconds("start_s")?, seconds("end_s")?);
    let times = start_s.zip(end_s);
    if let Some((start, end)) = times.filter(|(start, end)| end < start) {
        return Err(table.error(line, format!("the track runs from {start} s to {end} s")));
    }
    let is_half = start.is_some() != end.is_some() || start_s.is_some() != end_s.is_some();
    Ok((TimeSpan { frames, fps, seconds: times }, is_half))
}

/// Spans in order of time, those that follow upon each other put together; none without a time.
///
/// Rows of one frame each follow upon each other at their usual step: a tracker may look at every
/// fifth frame.
fn joined(mut spans: Vec<TimeSpan>) -> Vec<TimeSpan> {
    /// Seconds that differ by less are one moment.
    const SAME_S: f64 = 1e-6;
    spans.retain(|span| span.frames.is_some() || span.seconds.is_some());
    let start = |span: &TimeSpan| (span.frames.unwrap_or_default().0, span.seconds.unwrap_or_default().0);
    spans.sort_by(|a, b| {
        let ((frame_a, second_a), (frame_b, second_b)) = (start(a), start(b));
        let told = a.frames.is_none().cmp(&b.frames.is_none());
        told.then(frame_a.cmp(&frame_b)).then(second_a.total_cmp(&second_b))
    });
    let step = median_step(spans.windows(2).map(|pair| match (pair[0].frames, pair[1].frames) {
        (Some((a, a_end)), Some((b, b_end))) if a == a_end && b == b_end => Some((b - a) as f64),
        _ => None,
    }));
    let step_s = median_step(spans.windows(2).map(|pair| match (pair[0].seconds, pair[1].seconds) {
        (Some((a, a_end)), Some((b, b_end))) if a_end - a < SAME_S && b_end - b < SAME_S => Some(b - a),
        _ => None,
    }));
    let mut pieces: Vec<TimeSpan> = Vec::new();
    for next in spans {
        let follows = |last: &TimeSpan| match (last.frames.zip(next.frames), last.seconds.zip(next.seconds)) {
            (Some((last, next)), _) => next.0.saturating_sub(last.1) as f64 <= step.unwrap_or(1.0).max(1.0),
            (None, Some((last, next))) => last.1.max(next.0) - last.1 <= step_s.unwrap_or(0.0) + SAME_S,
            (None, None) => false,
        };
        match pieces.last_mut().filter(|last| last.frames.is_some() == next.frames.is_some() && follows(last))
        {
            Some(last) => *last = hull(&[*last, next], last.fps),
            None => pieces.push(next),
        }
    }
    pieces
}

/// The middle one of the steps, where there are two and each is known.
fn median_step(steps: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let mut steps: Vec<f64> = steps.collect::<Option<_>>()?;
    steps.retain(|step| *step > 0.0);
    steps.sort_by(f64::total_cmp);
    (steps.len() >= 2).then(|| steps[(steps.len() - 1) / 2])
}

/// From the first start to the last end.
fn hull(spans: &[TimeSpan], fps: Option<f64>) -> TimeSpan {
    let frames = spans.iter().filter_map(|span| span.frames).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let seconds = spans.iter().filter_map(|span| span.seconds).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    TimeSpan { frames, fps, seconds }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;
    use crate::tracks::{Track, TrackSource};

    fn set(dir: &std::path::Path, ids: &[&str]) -> TrackSet {
        let track = |id: &&str| Track {
            id: (*id).to_owned(),
            video: String::new(),
            span: TimeSpan::default(),
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Rows { rows: Vec::new() },
            fingerprint: Fingerprint([0; 32]),
        };
        TrackSet::new(dir.to_path_buf(), ids.iter().map(track).collect())
    }

    /// The tracks `a` and `b/1` with the times of a table, and the warnings.
    fn read(text: &str) -> Result<(TrackSet, Vec<String>), String> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("tracks.csv"), text).unwrap();
        let (mut set, cx) = (set(dir.path(), &["a", "b/1"]), Cx::new());
        read_times(&mut set, None, &cx).map_err(|error| error.to_string())?;
        Ok((set, cx.warnings().kept.into_iter().map(|warning| warning.message).collect()))
    }

    /// The spans of frames of the first track.
    fn frames(text: &str) -> Vec<(u64, u64)> {
        let (set, warnings) = read(text).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        set.tracks[0].appearances().iter().filter_map(|span| span.frames).collect()
    }

    #[test]
    fn several_rows_of_a_track_are_united_and_none_is_dropped() {
        let head = "track,video,start_frame,end_frame";
        assert_eq!(frames(&format!("{head}\na,v,50,60\na,v,0,10\na,v,11,20\n")), [(0, 20), (50, 60)]);
        assert_eq!(frames(&format!("{head}\na,v,0,100\na,v,20,30\n")), [(0, 100)]);
        assert_eq!(frames("track,frame\na,7\na,8\na,9\na,20\n"), [(7, 9), (20, 20)]);
        assert_eq!(frames("track,frame\na,0\na,5\na,10\na,15\na,40\na,45\n"), [(0, 15), (40, 45)]);
        assert_eq!(frames("track;start_frame;end_frame;fps\na;3.0;9,0;23,976\n"), [(3, 9)]);
        let (set, _) = read("track,start_s,end_s\na,1.5,2\na,2,3.5\na,9,9.5\n").unwrap();
        assert_eq!(set.tracks[0].span.seconds, Some((1.5, 9.5)));
        assert_eq!(set.tracks[0].seconds(), Some(2.5), "the gap is no time on the screen");
        let (set, _) = read("track,start_s,end_s,fps\na,NaN,nan,\n").unwrap();
        assert_eq!((set.tracks[0].span, set.tracks[0].pieces.len()), (TimeSpan::default(), 0));
    }

    #[test]
    fn what_says_nothing_is_counted() {
        let text = "track,video,start_frame,end_frame\na,v,1\nb\\1,v,1,2\nB/1,v,1,2\nnone,v,1,2\n";
        let (_, warnings) = read(text).unwrap();
        let told = warnings.join("\n");
        for words in [
            "3 rows name tracks that are not in the folder (`b\\1` is not `b/1`: ids are compared exactly); 1 row",
            "1 row is shorter than the header, first in line 2",
            "1 row has a start without an end",
        ] {
            assert!(told.contains(words), "{words} in {told}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let head = "track,video,start_frame,end_frame,fps";
        for (rows, words) in [
            ("a,v,0,9,25\na,w,20,30,25", "line 3: the video of `a` is w here, and v in line 2"),
            ("a,v,0,9,25\na,v,20,30,50", "line 3: the fps of `a` is 50 here, and 25 in line 2"),
            ("a,v,0,9.5,25", "line 2: `9.5` in the column `end_frame` is not a whole number"),
            ("a,v,-1,9,25", "`-1` in the column `start_frame`"),
            ("a,v,9,1,25", "ends at frame 1, before it starts at 9"),
        ] {
            let error = read(&format!("{head}\n{rows}\n")).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
