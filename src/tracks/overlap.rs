//! Which tracks are seen at the same time: one person cannot be in one frame twice.
//!
//! Times come from `tracks.csv` alone; names are never read for them.

use std::collections::BTreeMap;

use super::{Span, Track};
use crate::base::{Constraint, Constraints, LinkKind, LinkSource, TrackIx};

/// The cannot-links between tracks of one video that overlap in time. O(n log n + pairs).
///
/// Frames (ends inclusive) decide where both tracks have them, seconds (half-open) otherwise;
/// tracks without times, or without a video, overlap nothing.
///
/// # Examples
/// ```
/// use castlist::base::Embeddings;
/// use castlist::tracks::{Span, overlaps, tracks_of_matrix};
///
/// // Three tracks of one film; the first two are seen at the same time.
/// let rows = Embeddings::new(1, vec![0.1, 0.2, 0.3])?;
/// let mut set = tracks_of_matrix("tracks.npy".as_ref(), &rows, None);
/// for (track, frames) in set.tracks.iter_mut().zip([(0, 50), (40, 90), (91, 120)]) {
///     track.video = "film".to_owned();
///     track.span = Span { frames: Some(frames), ..Span::default() };
/// }
/// assert_eq!(overlaps(&set.tracks).cannot().collect::<Vec<_>>(), [(0, 1)]);
/// # Ok::<(), castlist::base::EmbeddingError>(())
/// ```
pub fn overlaps(tracks: &[Track]) -> Constraints {
    let mut by_video: BTreeMap<&str, Vec<TrackIx>> = BTreeMap::new();
    for (ix, track) in tracks.iter().enumerate() {
        by_video.entry(&track.video).or_default().push(ix as TrackIx);
    }
    let mut pairs = Vec::new();
    for members in by_video.into_values() {
        let frames = |ix: TrackIx| tracks[ix as usize].span.frames.map(|(a, b)| (a as f64, b as f64 + 1.0));
        let seconds = |ix: TrackIx| Span::to_seconds(tracks[ix as usize].span);
        sweep(&members, frames, &mut pairs);
        // Seconds serve the pairs in which one side has no frame numbers.
        let mut timed = Vec::new();
        sweep(&members, seconds, &mut timed);
        let framed = |ix: TrackIx| tracks[ix as usize].span.frames.is_some();
        pairs.extend(timed.into_iter().filter(|&(a, b)| !(framed(a) && framed(b))));
    }
    Constraints::new(pairs.into_iter().map(|(a, b)| Constraint {
        a,
        b,
        kind: LinkKind::Cannot,
        source: LinkSource::CoOccurrence,
    }))
}

/// Pairs of half-open intervals that intersect, by a sweep over their starts.
fn sweep(
    members: &[TrackIx],
    interval: impl Fn(TrackIx) -> Option<(f64, f64)>,
    pairs: &mut Vec<(TrackIx, TrackIx)>,
) {
    let mut spans: Vec<(f64, f64, TrackIx)> =
        members.iter().filter_map(|&ix| interval(ix).map(|(start, end)| (start, end, ix))).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
    let mut open: Vec<(f64, TrackIx)> = Vec::new();
    for (start, end, ix) in spans {
        open.retain(|&(other_end, _)| other_end > start);
        if end > start {
            pairs.extend(open.iter().map(|&(_, other)| (other, ix)));
            open.push((end, ix));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;
    use crate::tracks::Source;

    fn track(video: &str, frames: Option<(u64, u64)>, seconds: Option<(f64, f64)>) -> Track {
        Track {
            id: String::new(),
            video: video.into(),
            span: Span { frames, fps: frames.map(|_| 25.0), seconds },
            source: Source::Rows { rows: Vec::new() },
            fingerprint: Fingerprint([0; 32]),
        }
    }

    fn pairs(tracks: &[Track]) -> Vec<(u32, u32)> {
        overlaps(tracks).cannot().collect()
    }

    #[test]
    fn frame_ends_are_inclusive_and_seconds_half_open() {
        let touching = [track("v", Some((0, 10)), None), track("v", Some((10, 20)), None)];
        assert_eq!(pairs(&touching), [(0, 1)]);
        let apart = [track("v", Some((0, 9)), None), track("v", Some((10, 20)), None)];
        assert!(pairs(&apart).is_empty());
        let half_open = [track("v", None, Some((0.0, 1.0))), track("v", None, Some((1.0, 2.0)))];
        assert!(pairs(&half_open).is_empty());
        let mixed = [track("v", Some((0, 24)), None), track("v", None, Some((0.5, 2.0)))];
        assert_eq!(pairs(&mixed), [(0, 1)]);
    }

    #[test]
    fn other_videos_and_untimed_tracks_overlap_nothing() {
        let tracks =
            [track("v", Some((0, 10)), None), track("w", Some((0, 10)), None), track("v", None, None)];
        assert!(pairs(&tracks).is_empty());
    }
}
