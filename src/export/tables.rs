//! The rows of `tracks.csv`, `appearances.csv` and `identities.csv`.
//!
//! Cells hold what is known exactly as it is: names as typed (also where a spreadsheet would
//! take them for a formula), seconds with all digits that tell them apart, and nothing where
//! nothing is known.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::{Content, Facts, Format};
use crate::review::{Identity, IdentityId};
use crate::tracks::Track;

/// The table of tracks; Castlist reads it beside tracks, too.
pub(super) const TRACKS: Format = Format {
    name: "tracks.csv",
    content: Content::Planned(|facts| {
        let columns = [
            "track",
            "video",
            "start_frame",
            "end_frame",
            "fps",
            "start_s",
            "end_s",
            "identity",
            "cluster",
            "state",
        ];
        table(columns, &track_rows(facts))
    }),
};

/// The table of appearances; `tracks` are ids joined by `;`.
pub(super) const APPEARANCES: Format = Format {
    name: "appearances.csv",
    content: Content::Planned(|facts| {
        let columns = ["video", "identity", "start_s", "end_s", "start_frame", "end_frame", "tracks"];
        table(columns, &appearance_rows(facts.members, facts.labels))
    }),
};

/// The table of exported identities, with a column for each detail that one of them has.
pub(super) const IDENTITIES: Format = Format {
    name: "identities.csv",
    content: Content::Planned(|facts| {
        let (columns, rows) = identity_rows(facts);
        table(columns, &rows)
    }),
};

/// Seconds that differ by less are one moment.
const SAME_MOMENT_S: f64 = 1e-6;

/// One row per track of the set, in its order.
fn track_rows(&Facts { set, review, labels, clusters, .. }: &Facts<'_>) -> Vec<[String; 10]> {
    let row = |track: &Track| {
        let ix = review.track(&track.id);
        let identity = ix.and_then(|ix| review.identity_of(ix)).and_then(|id| review.identity(id));
        let state = match identity {
            Some(identity) => identity.state.word(),
            None if ix.is_some_and(|ix| review.is_rejected(ix)) => "rejected",
            None => "unassigned",
        };
        let label = identity.and_then(|identity| labels.get(&identity.id)).cloned();
        let (start_frame, end_frame) = pair(track.span.frames);
        let (start_s, end_s) = pair(track.span.to_seconds());
        [
            track.id.clone(),
            track.video.clone(),
            start_frame,
            end_frame,
            cell(track.span.fps),
            start_s,
            end_s,
            label.unwrap_or_default(),
            cell(clusters.get(&track.id)),
            state.to_owned(),
        ]
    };
    set.tracks.iter().map(row).collect()
}

/// The header, and one row per exported identity, in order of their numbers.
fn identity_rows(facts: &Facts<'_>) -> (Vec<String>, Vec<Vec<String>>) {
    let identities =
        || facts.members.iter().filter_map(|(id, tracks)| Some((facts.review.identity(*id)?, tracks)));
    let details: BTreeSet<&String> = identities().flat_map(|(identity, _)| identity.details.keys()).collect();
    let own = ["identity", "id", "state", "tracks"].map(str::to_owned);
    let columns = own.into_iter().chain(details.iter().map(|&name| name.clone())).collect();
    let row = |(identity, tracks): (&Identity, &Vec<&Track>)| -> Vec<String> {
        let label = facts.labels.get(&identity.id).cloned().unwrap_or_default();
        let state = identity.state.word().to_owned();
        let own = [label, identity.id.to_string(), state, tracks.len().to_string()];
        let details = details.iter().map(|name| identity.details.get(*name).cloned().unwrap_or_default());
        own.into_iter().chain(details).collect()
    };
    (columns, identities().map(row).collect())
}

/// A time interval in which an identity is seen in a video.
struct Interval<'a> {
    frames: Option<(u64, u64)>,
    seconds: Option<(f64, f64)>,
    tracks: Vec<&'a str>,
}

/// One row per interval: overlapping and adjacent tracks of one identity in one video are one.
///
/// By video in natural order, then identity, then time; tracks without times have no part,
/// and tracks whose video is not known are not put together.
pub(super) fn appearance_rows(
    members: &BTreeMap<IdentityId, Vec<&Track>>,
    labels: &BTreeMap<IdentityId, String>,
) -> Vec<[String; 7]> {
    let mut seen: BTreeMap<(&str, IdentityId), Vec<Interval<'_>>> = BTreeMap::new();
    for (&id, tracks) in members {
        for track in tracks {
            for piece in track.appearances() {
                let (frames, seconds) = (piece.frames, piece.to_seconds());
                if frames.is_some() || seconds.is_some() {
                    let interval = Interval { frames, seconds, tracks: vec![&track.id] };
                    seen.entry((&track.video, id)).or_default().push(interval);
                }
            }
        }
    }
    let mut groups: Vec<((&str, IdentityId), Vec<Interval<'_>>)> = seen.into_iter().collect();
    groups.sort_by(|((a, one), _), ((b, other), _)| {
        alphanumeric_sort::compare_str(a, b).then_with(|| a.cmp(b)).then(one.cmp(other))
    });
    let mut rows = Vec::new();
    for ((video, id), intervals) in groups {
        let label = labels.get(&id).cloned().unwrap_or_default();
        for interval in merged(intervals, !video.is_empty()) {
            let ((start_s, end_s), (start_frame, end_frame)) =
                (pair(interval.seconds), pair(interval.frames));
            let tracks = interval.tracks.join(";");
            rows.push([video.to_owned(), label.clone(), start_s, end_s, start_frame, end_frame, tracks]);
        }
    }
    rows
}

/// In order of time; those that touch put together where `merge` says so.
fn merged(mut intervals: Vec<Interval<'_>>, merge: bool) -> Vec<Interval<'_>> {
    // Intervals in different units cannot be compared: they stay apart, one unit first.
    let told = |i: &Interval<'_>| (i.seconds.is_none(), i.frames.is_none());
    let start = |i: &Interval<'_>| (i.frames.unwrap_or_default().0, i.seconds.unwrap_or_default().0);
    intervals.sort_by(|a, b| {
        let ((frame_a, second_a), (frame_b, second_b)) = (start(a), start(b));
        told(a).cmp(&told(b)).then(frame_a.cmp(&frame_b)).then(second_a.total_cmp(&second_b))
    });
    let mut merged: Vec<Interval<'_>> = Vec::new();
    for next in intervals {
        match merged.last_mut().filter(|last| merge && told(last) == told(&next) && touches(last, &next)) {
            Some(last) => {
                last.frames = last.frames.zip(next.frames).map(|(a, b)| (a.0, a.1.max(b.1)));
                last.seconds = last.seconds.zip(next.seconds).map(|(a, b)| (a.0.min(b.0), a.1.max(b.1)));
                let new: Vec<_> =
                    next.tracks.into_iter().filter(|track| !last.tracks.contains(track)).collect();
                last.tracks.extend(new);
            }
            None => merged.push(next),
        }
    }
    merged
}

/// Whether `next`, which starts no earlier, begins within `last` or right after it: by
/// frames (ends inclusive) where they are known, else by seconds (half-open).
fn touches(last: &Interval<'_>, next: &Interval<'_>) -> bool {
    match (last.frames.zip(next.frames), last.seconds.zip(next.seconds)) {
        (Some((a, b)), _) => b.0 <= a.1.saturating_add(1),
        (None, Some((a, b))) => b.0 <= a.1 + SAME_MOMENT_S,
        (None, None) => false,
    }
}

fn cell(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn pair<T: ToString>(values: Option<(T, T)>) -> (String, String) {
    values.map_or_else(Default::default, |(a, b)| (a.to_string(), b.to_string()))
}

/// A table in UTF-8, quoted where a cell needs it.
fn table<R>(columns: impl IntoIterator<Item: AsRef<[u8]>>, rows: &[R]) -> io::Result<Vec<u8>>
where
    for<'a> &'a R: IntoIterator<Item = &'a String>,
{
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}
