//! Who appears when: per video one lane for each identity, from the tracks' times and the review.
//!
//! Takes tracks and a state of the review; gives plain data that a window draws and a command
//! prints. Tracks without times are counted, never placed. It reads no files and decides
//! nothing; the same input gives the same lanes in the same order.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use crate::base::TrackIx;
use crate::review::{IdentityId, IdentityState, Review};
use crate::tracks::{Track, TrackSet};

/// What the times of a video count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Frames, where nothing in the video has a rate.
    Frames,
}

/// One track in its lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LaneTrack {
    /// Which.
    pub track: TrackIx,
    /// Where it begins, in the video's unit.
    pub start: f64,
    /// Where it has ended; never before `start`.
    pub end: f64,
}

/// Appearances that follow each other closely enough to be drawn or listed as one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Appearance {
    /// Where the first begins.
    pub start: f64,
    /// Where the last has ended.
    pub end: f64,
    /// Which of the lane's appearances they are.
    pub appearances: Range<usize>,
}

/// All appearances of one identity in one video.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IdentityLane {
    /// Whose; none for tracks of no identity.
    pub identity: Option<IdentityId>,
    /// What the curator said of it; none for tracks of no identity.
    pub state: Option<IdentityState>,
    /// By where they begin, then by track; never empty.
    pub appearances: Vec<LaneTrack>,
    /// How long somebody is seen; overlapping appearances count once.
    pub length: f64,
    /// The farthest end up to each appearance.
    reach: Vec<f64>,
}

impl IdentityLane {
    fn new(of: Option<(IdentityId, IdentityState)>, mut appearances: Vec<LaneTrack>) -> Self {
        appearances.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.track.cmp(&b.track)));
        let mut farthest = f64::NEG_INFINITY;
        let mut reached = |it: &LaneTrack| {
            farthest = farthest.max(it.end);
            farthest
        };
        let reach = appearances.iter().map(&mut reached).collect();
        let (identity, state) = of.unzip();
        let mut lane = Self { identity, state, appearances, length: 0.0, reach };
        lane.length = lane.appearances(None, 0.0).iter().map(|spell| spell.end - spell.start).sum();
        lane
    }

    /// What is seen between two moments (all of it without them), appearances merged whose gap is
    /// at most `gap`. In order. O(log n + what is within).
    #[must_use]
    pub(crate) fn appearances(&self, within: Option<(f64, f64)>, gap: f64) -> Vec<Appearance> {
        let (from, to) = within.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let first = self.reach.partition_point(|&end| end < from);
        let mut spells: Vec<Appearance> = Vec::new();
        for (at, it) in self.appearances.iter().enumerate().skip(first).take_while(|(_, it)| it.start <= to) {
            match spells.last_mut() {
                Some(last) if it.start <= last.end + gap => {
                    last.end = last.end.max(it.end);
                    last.appearances.end = at + 1;
                }
                _ => spells.push(Appearance { start: it.start, end: it.end, appearances: at..at + 1 }),
            }
        }
        spells
    }

    /// The appearance at a moment, or the nearest one that is at most `slack` away; the earliest
    /// of several. O(log n + appearances within `slack`).
    #[must_use]
    pub(crate) fn at(&self, moment: f64, slack: f64) -> Option<&LaneTrack> {
        let first = self.reach.partition_point(|&end| end < moment - slack);
        let near = self.appearances[first..].iter().take_while(|it| it.start <= moment + slack);
        let away = |it: &LaneTrack| (it.start - moment).max(moment - it.end).max(0.0);
        near.filter(|it| away(it) <= slack).min_by(|a, b| away(a).total_cmp(&away(b)))
    }
}

/// One video.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VideoLanes {
    /// Its name, as the tracks say; empty where they say none.
    pub video: String,
    /// What its times count.
    pub unit: TimeUnit,
    /// Where its first track begins and its last one has ended.
    pub range: (f64, f64),
    /// Named people first, then the others, then the ignored, then tracks of no identity; within
    /// these, the identity seen longest.
    pub lanes: Vec<IdentityLane>,
    /// Tracks whose times are not known in this unit, ascending.
    pub untimed: Vec<TrackIx>,
}

/// Who appears when.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Timeline {
    /// In natural order of their names.
    pub videos: Vec<VideoLanes>,
}

impl Timeline {
    /// The timeline of a state of the review. O(n log n) in tracks.
    #[must_use]
    pub(crate) fn new(set: &TrackSet, review: &Review) -> Self {
        let mut by_video: BTreeMap<&str, Vec<TrackIx>> = BTreeMap::new();
        for (track, ix) in set.tracks.iter().zip(0..) {
            by_video.entry(&track.video).or_default().push(ix);
        }
        let mut videos: Vec<VideoLanes> =
            by_video.into_iter().map(|(video, tracks)| lanes_of(video, &tracks, set, review)).collect();
        videos.sort_by(|a, b| alphanumeric_sort::compare_str(&a.video, &b.video));
        Self { videos }
    }

    /// Tracks that no lane holds, because their times are not known.
    #[must_use]
    pub(crate) fn n_untimed(&self) -> usize {
        self.videos.iter().map(|video| video.untimed.len()).sum()
    }
}

fn lanes_of(video: &str, tracks: &[TrackIx], set: &TrackSet, review: &Review) -> VideoLanes {
    let has_seconds = tracks.iter().any(|&ix| set.track(ix).span.to_seconds().is_some());
    let has_frames = tracks.iter().any(|&ix| set.track(ix).span.frames.is_some());
    let unit = if has_seconds || !has_frames { TimeUnit::Seconds } else { TimeUnit::Frames };
    let mut by_identity: BTreeMap<Option<IdentityId>, Vec<LaneTrack>> = BTreeMap::new();
    let (mut untimed, mut range) = (Vec::new(), (f64::INFINITY, f64::NEG_INFINITY));
    for &track in tracks {
        let Some((start, end)) = times(set.track(track), unit) else {
            untimed.push(track);
            continue;
        };
        range = (range.0.min(start), range.1.max(end));
        by_identity.entry(review.identity_of(track)).or_default().push(LaneTrack { track, start, end });
    }
    let mut lanes: Vec<(u8, IdentityLane)> = by_identity
        .into_iter()
        .map(|(id, appearances)| {
            let identity = id.and_then(|id| review.identity(id));
            let rank = match identity {
                None => 3,
                Some(it) if it.state == IdentityState::Ignored => 2,
                Some(it) => u8::from(it.name.is_none()),
            };
            (rank, IdentityLane::new(identity.map(|it| (it.id, it.state)), appearances))
        })
        .collect();
    // Seconds as whole milliseconds, so that they can be ordered.
    lanes.sort_by_key(|(rank, lane)| (*rank, Reverse((lane.length * 1e3) as u64), lane.identity));
    VideoLanes {
        video: video.to_owned(),
        unit,
        range: if range.0 <= range.1 { range } else { (0.0, 0.0) },
        lanes: lanes.into_iter().map(|(_, lane)| lane).collect(),
        untimed,
    }
}

/// When a track is seen; none where that is not known in this unit or is no time.
fn times(track: &Track, unit: TimeUnit) -> Option<(f64, f64)> {
    let (start, end) = match unit {
        TimeUnit::Seconds => track.span.to_seconds()?,
        TimeUnit::Frames => {
            let (first, last) = track.span.frames?;
            (first as f64, last as f64 + 1.0)
        }
    };
    (start.is_finite() && end.is_finite()).then_some((start, end.max(start)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;
    use crate::review::{AdoptedClustering, Edit};
    use crate::tracks::{TimeSpan, TrackSource};

    fn track(id: usize, video: &str, span: TimeSpan) -> Track {
        let source = TrackSource::Rows { rows: Vec::new() };
        Track {
            id: id.to_string(),
            video: video.to_owned(),
            span,
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source,
            fingerprint: Fingerprint([0; 32]),
        }
    }

    fn seconds(start: f64, end: f64) -> TimeSpan {
        TimeSpan { seconds: Some((start, end)), ..TimeSpan::default() }
    }

    fn review(set: &TrackSet, clusters: &[&[usize]]) -> Review {
        let mut review = Review::new(set.tracks.iter().map(|track| track.id.clone()).collect());
        let ids = |tracks: &&[usize]| tracks.iter().map(ToString::to_string).collect();
        let identities = (1..).map(IdentityId).zip(clusters.iter().map(ids)).collect();
        review.apply(&Edit::Adopt(AdoptedClustering { identities, ..AdoptedClustering::default() }));
        review
    }

    #[test]
    fn each_video_has_its_lanes_and_tells_what_has_no_time() {
        let frames = TimeSpan { frames: Some((10, 19)), ..TimeSpan::default() };
        let tracks = vec![
            track(0, "v2", seconds(4.0, 6.0)),
            track(1, "v2", seconds(0.0, 1.0)),
            track(2, "v2", seconds(1.5, 3.0)),
            track(3, "v2", frames),
            track(4, "v10", frames),
            track(5, "v2", seconds(0.0, 9.0)),
            track(6, "v2", seconds(2.0, 2.5)),
        ];
        let set = TrackSet::new("x".into(), tracks);
        let mut review = review(&set, &[&[0, 4], &[1, 2, 3], &[5]]);
        review.apply(&Edit::Ignore { identities: vec![IdentityId(3)] });
        review.apply(&Edit::Rename { identity: IdentityId(1), name: "Ann".to_owned() });
        let timeline = Timeline::new(&set, &review);
        let [v2, v10] = timeline.videos.as_slice() else { panic!("{timeline:?}") };
        assert_eq!((v2.video.as_str(), v2.unit, v2.range), ("v2", TimeUnit::Seconds, (0.0, 9.0)));
        let order: Vec<_> = v2.lanes.iter().map(|lane| lane.identity.map(|id| id.0)).collect();
        assert_eq!(order, [Some(1), Some(2), Some(3), None], "named, others, ignored, nobody's");
        assert_eq!(v2.untimed, [3], "frames alone say nothing among seconds");
        assert_eq!(timeline.n_untimed(), 1);
        assert!((v2.lanes[1].length - 2.5).abs() < 1e-9);
        assert_eq!((v10.unit, v10.range), (TimeUnit::Frames, (10.0, 20.0)));
        assert_eq!(v10.lanes[0].identity, Some(IdentityId(1)));
    }

    #[test]
    fn appearances_merge_across_small_gaps_and_are_found_again() {
        let at = |start: f64, end: f64, track| LaneTrack { track, start, end };
        let all = vec![at(5.0, 6.0, 3), at(0.0, 4.0, 0), at(1.0, 2.0, 1), at(6.5, 7.0, 2)];
        let lane = IdentityLane::new(None, all);
        assert!((lane.length - 5.5).abs() < 1e-9, "what overlaps counts once");
        let spells = |within, gap| {
            let spells = lane.appearances(within, gap);
            spells.iter().map(|s| (s.start, s.end, s.appearances.len())).collect::<Vec<_>>()
        };
        assert_eq!(spells(None, 0.0), [(0.0, 4.0, 2), (5.0, 6.0, 1), (6.5, 7.0, 1)]);
        assert_eq!(spells(None, 0.6), [(0.0, 4.0, 2), (5.0, 7.0, 2)]);
        assert_eq!(spells(Some((3.0, 5.5)), 0.0), [(0.0, 4.0, 2), (5.0, 6.0, 1)], "long ones reach in");
        assert_eq!(lane.at(3.0, 0.0).map(|it| it.track), Some(0));
        assert_eq!(lane.at(6.3, 0.0), None);
        assert_eq!(lane.at(6.3, 0.3).map(|it| it.track), Some(2));
        assert_eq!(lane.at(1.5, 0.0).map(|it| it.track), Some(0), "the earliest of several");
    }

    #[test]
    fn a_hundred_thousand_tracks_are_drawn_quickly() {
        let tracks = (0..100_000).map(|at| track(at, "v", seconds(at as f64, at as f64 + 0.9))).collect();
        let set = TrackSet::new("x".into(), tracks);
        let clusters: Vec<Vec<usize>> =
            (0..100).map(|of| (0..1000).map(|at| at * 100 + of).collect()).collect();
        let clusters: Vec<&[usize]> = clusters.iter().map(Vec::as_slice).collect();
        let timeline = Timeline::new(&set, &review(&set, &clusters));
        let lanes = &timeline.videos[0].lanes;
        assert_eq!(lanes.len(), 100);
        // At a zoom of ten hours a screen, nothing that a pixel cannot tell apart is drawn apart.
        assert!(lanes.iter().all(|lane| lane.appearances(None, 100.0).len() == 1));
        let near = lanes[7].appearances(Some((50_000.0, 50_500.0)), 0.5);
        assert!((4..=6).contains(&near.len()), "{near:?}");
    }
}
