//! What it says of two tracks that they are of one video.
//!
//! Most people of a film are in no other one, and those of a series are in many. How much that
//! tells is counted in the folder itself: how often tracks that stand together are of one video,
//! against how often any two are. Takes vectors and a state; gives log-odds, 0 where no videos are
//! known.

use std::collections::{BTreeMap, BTreeSet};

use super::Vectors;
use crate::base::TrackIx;
use crate::review::Review;

/// No evidence counts for more than this, in log-odds.
const MOST: f64 = 4.0;

/// The evidence of a state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct VideoEvidence {
    /// For a person in the same video, and for a person who is not.
    same: f64,
    other: f64,
}

impl VideoEvidence {
    /// Counts it. O(tracks).
    pub(super) fn of(vectors: &Vectors, review: &Review) -> Self {
        let mut all = VideoPairs::default();
        let mut co_occurrence = VideoPairs::default();
        let mut of_all: BTreeMap<u32, f64> = BTreeMap::new();
        for identity in review.identities() {
            let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
            for video in identity.tracks.iter().filter_map(|&track| vectors.video(track)) {
                *counts.entry(video).or_default() += 1.0;
            }
            co_occurrence.add(&counts);
            for (video, n) in counts {
                *of_all.entry(video).or_default() += n;
            }
        }
        all.add(&of_all);
        if all.same <= 0.0 || all.same >= all.n {
            return Self { same: 0.0, other: 0.0 };
        }
        let base = all.same / all.n;
        // Drawn towards what is usual by one pair.
        let share = (co_occurrence.same + base) / (co_occurrence.n + 1.0);
        let evidence = |share: f64, base: f64| (share / base).ln().clamp(-MOST, MOST);
        Self { same: evidence(share, base), other: evidence(1.0 - share, 1.0 - base) }
    }

    /// The evidence for tracks in some videos and a person who is in others.
    pub(super) fn evidence(self, some: &BTreeSet<u32>, others: &BTreeSet<u32>) -> f64 {
        match (some.is_empty() || others.is_empty(), some.is_disjoint(others)) {
            (true, _) => 0.0,
            (_, true) => self.other,
            (_, false) => self.same,
        }
    }
}

/// The videos that tracks are of.
pub(super) fn videos_of(vectors: &Vectors, tracks: &[TrackIx]) -> BTreeSet<u32> {
    tracks.iter().filter_map(|&track| vectors.video(track)).collect()
}

/// Pairs of tracks, and those of one video.
#[derive(Debug, Default)]
struct VideoPairs {
    n: f64,
    same: f64,
}

impl VideoPairs {
    fn add(&mut self, counts: &BTreeMap<u32, f64>) {
        let pairs = |n: f64| n * (n - 1.0) / 2.0;
        self.n += pairs(counts.values().sum());
        self.same += counts.values().map(|&n| pairs(n)).sum::<f64>();
    }
}
