//! Which tracks are seen at the same time: one person cannot be in one frame twice.
//!
//! Times come from `tracks.csv` alone; names are never read for them.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{TimeSpan, Track};
use crate::base::{Constraint, ConstraintKind, ConstraintSource, Constraints, TrackIx};

/// How far two tracks of one video may overlap in time and still show one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverlapRule {
    /// Up to this many frames; for seconds without a rate, 25 frames per second.
    UpTo(u32),
    /// By any number: times are not to be trusted.
    Ignore,
}

impl OverlapRule {
    /// The most frames that may be allowed.
    pub const MOST: u32 = 1_000_000;
}

impl Default for OverlapRule {
    fn default() -> Self {
        Self::UpTo(0)
    }
}

impl FromStr for OverlapRule {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "ignore" => Ok(Self::Ignore),
            "forbid" => Ok(Self::UpTo(0)),
            _ => text.parse().ok().filter(|frames| *frames <= Self::MOST).map(Self::UpTo).ok_or(()),
        }
    }
}

impl std::fmt::Display for OverlapRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UpTo(frames) => write!(f, "{frames}"),
            Self::Ignore => f.write_str("ignore"),
        }
    }
}

/// Frames per second where the rate is unknown.
const USUAL_FPS: f64 = 25.0;
/// Frames that differ by less are the same.
const SAME: f64 = 1e-6;

/// The cannot-links between tracks of one video that overlap in time. O(n log n + pairs).
///
/// Frames (ends inclusive) decide where both tracks have them, seconds (half-open) otherwise;
/// tracks without times, or without a video, overlap nothing. Tracks that merely touch, in one
/// frame at which one of them ends, do not overlap: many tables count ends differently.
///
/// # Examples
/// ```
/// use castlist::base::Embeddings;
/// use castlist::tracks::{TimeSpan, overlaps, tracks_of_matrix};
///
/// // Three tracks of one film; the first two are seen at the same time.
/// let rows = Embeddings::new(1, vec![0.1, 0.2, 0.3])?;
/// let mut set = tracks_of_matrix("tracks.npy".as_ref(), &rows, None);
/// for (track, frames) in set.tracks.iter_mut().zip([(0, 50), (40, 90), (90, 120)]) {
///     track.video = "film".to_owned();
///     track.span = TimeSpan { frames: Some(frames), ..TimeSpan::default() };
/// }
/// assert_eq!(overlaps(&set.tracks).cannot().collect::<Vec<_>>(), [(0, 1)]);
/// # Ok::<(), castlist::base::EmbeddingError>(())
/// ```
pub fn overlaps(tracks: &[Track]) -> Constraints {
    overlaps_beyond(tracks, OverlapRule::default())
}

/// [`overlaps`] of more than is allowed.
pub(super) fn overlaps_beyond(tracks: &[Track], allowed: OverlapRule) -> Constraints {
    let OverlapRule::UpTo(allowed) = allowed else { return Constraints::default() };
    let mut by_video: BTreeMap<&str, Vec<TrackIx>> = BTreeMap::new();
    for (ix, track) in tracks.iter().enumerate() {
        by_video.entry(&track.video).or_default().push(ix as TrackIx);
    }
    let track = |ix: TrackIx| &tracks[ix as usize];
    let is_framed = |ix: TrackIx| track(ix).appearances().iter().all(|piece| piece.frames.is_some());
    let frames = |piece: &TimeSpan| piece.frames.map(|(first, last)| (first as f64, last as f64 + 1.0));
    let seconds = |piece: &TimeSpan| piece.to_seconds();
    let mut pairs = Vec::new();
    for members in by_video.into_values() {
        let framed: Vec<TrackIx> = members.iter().copied().filter(|&ix| is_framed(ix)).collect();
        let length =
            |ix: TrackIx| track(ix).appearances().iter().filter_map(frames).map(|(a, b)| b - a).sum();
        pairs.extend(beyond_allowed(sweep(tracks, &framed, frames), length, |_| 1.0, allowed));
        // Seconds serve the pairs in which one side has no frame numbers.
        let mut timed = sweep(tracks, &members, seconds);
        timed.retain(|&((a, b), _)| !(is_framed(a) && is_framed(b)));
        let length =
            |ix: TrackIx| track(ix).appearances().iter().filter_map(seconds).map(|(a, b)| b - a).sum();
        let rate = |(a, b): (TrackIx, TrackIx)| track(a).span.fps.or(track(b).span.fps).unwrap_or(USUAL_FPS);
        pairs.extend(beyond_allowed(timed, length, rate, allowed));
    }
    Constraints::new(pairs.into_iter().map(|(a, b)| Constraint {
        a,
        b,
        kind: ConstraintKind::Cannot,
        source: ConstraintSource::CoOccurrence,
    }))
}

/// A pair of tracks, the smaller first.
type TrackPair = (TrackIx, TrackIx);

/// The pairs that share more than is allowed, and more than one frame, or all of a shorter track.
fn beyond_allowed(
    shared: Vec<(TrackPair, f64)>,
    length: impl Fn(TrackIx) -> f64,
    rate: impl Fn(TrackPair) -> f64,
    allowed: u32,
) -> Vec<TrackPair> {
    let is_forbidden = |&((a, b), shared): &(TrackPair, f64)| {
        let (frames, shorter) = (shared * rate((a, b)), length(a).min(length(b)));
        let touches = frames <= 1.0 + SAME && shared < shorter - SAME;
        frames > f64::from(allowed) + SAME && !touches
    };
    shared.into_iter().filter(is_forbidden).map(|(pair, _)| pair).collect()
}

/// How much pairs of tracks share, in sum over their spans, by a sweep over the starts of
/// half-open intervals.
fn sweep(
    tracks: &[Track],
    members: &[TrackIx],
    interval: impl Fn(&TimeSpan) -> Option<(f64, f64)>,
) -> Vec<(TrackPair, f64)> {
    let mut spans: Vec<(f64, f64, TrackIx)> = Vec::new();
    for &ix in members {
        let pieces = tracks[ix as usize].appearances().iter().filter_map(&interval);
        spans.extend(pieces.filter(|(start, end)| end > start).map(|(start, end)| (start, end, ix)));
    }
    spans.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
    let mut open: Vec<(f64, TrackIx)> = Vec::new();
    let mut shared: BTreeMap<TrackPair, f64> = BTreeMap::new();
    for (start, end, ix) in spans {
        open.retain(|&(other_end, _)| other_end > start);
        for &(other_end, other) in open.iter().filter(|(_, other)| *other != ix) {
            *shared.entry((ix.min(other), ix.max(other))).or_default() += end.min(other_end) - start;
        }
        open.push((end, ix));
    }
    shared.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;
    use crate::tracks::TrackSource;

    fn track(video: &str, frames: Option<(u64, u64)>, seconds: Option<(f64, f64)>) -> Track {
        Track {
            id: String::new(),
            video: video.into(),
            span: TimeSpan { frames, fps: frames.map(|_| 25.0), seconds },
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Rows { rows: Vec::new() },
            fingerprint: Fingerprint([0; 32]),
        }
    }

    fn pairs(tracks: &[Track]) -> Vec<(u32, u32)> {
        overlaps(tracks).cannot().collect()
    }

    #[test]
    fn tracks_that_merely_touch_do_not_overlap() {
        let framed = |a, b| [track("v", Some(a), None), track("v", Some(b), None)];
        assert!(pairs(&framed((0, 10), (10, 20))).is_empty());
        assert!(pairs(&framed((0, 9), (10, 20))).is_empty());
        assert_eq!(pairs(&framed((0, 11), (10, 20))), [(0, 1)]);
        assert_eq!(pairs(&framed((10, 10), (10, 10))), [(0, 1)], "two faces of one frame");
        assert_eq!(pairs(&framed((0, 10), (10, 10))), [(0, 1)], "the same");
        let timed = |a, b| [track("v", None, Some(a)), track("v", None, Some(b))];
        assert!(pairs(&timed((0.0, 1.0), (1.0, 2.0))).is_empty());
        assert!(pairs(&timed((0.0, 1.04), (1.0, 2.0))).is_empty(), "a frame at the usual rate");
        assert_eq!(pairs(&timed((0.0, 1.1), (1.0, 2.0))), [(0, 1)]);
        let mixed = [track("v", Some((0, 24)), None), track("v", None, Some((0.5, 2.0)))];
        assert_eq!(pairs(&mixed), [(0, 1)]);
    }

    #[test]
    fn a_tolerance_allows_so_many_frames_and_gaps_are_no_time() {
        let two = [track("v", Some((0, 19)), None), track("v", Some((15, 40)), None)];
        let allowed = |text: &str| overlaps_beyond(&two, text.parse().unwrap()).cannot().count();
        assert_eq!((allowed("0"), allowed("4"), allowed("5"), allowed("ignore")), (1, 1, 0, 0));
        assert!("-1".parse::<OverlapRule>().is_err() && "".parse::<OverlapRule>().is_err());
        let piece = |frames| TimeSpan { frames: Some(frames), ..TimeSpan::default() };
        let mut gappy = [track("v", Some((0, 4016)), None), track("v", Some((1433, 4490)), None)];
        assert_eq!(pairs(&gappy), [(0, 1)]);
        gappy[0].pieces = vec![piece((0, 900)), piece((4000, 4016))];
        gappy[1].pieces = vec![piece((1433, 3990)), piece((4020, 4490))];
        assert!(pairs(&gappy).is_empty());
        gappy[1].pieces[1] = piece((4010, 4490));
        assert_eq!(pairs(&gappy), [(0, 1)]);
    }

    #[test]
    fn other_videos_and_untimed_tracks_overlap_nothing() {
        let tracks =
            [track("v", Some((0, 10)), None), track("w", Some((0, 10)), None), track("v", None, None)];
        assert!(pairs(&tracks).is_empty());
    }
}
