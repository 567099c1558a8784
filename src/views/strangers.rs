//! Strangers in bulk: people who appear so little, or so blurred, that they will not be named.
//!
//! Takes limits (number of tracks, seconds on screen, sharpness) and a state of the review; gives
//! the identities below all of them and the one ordinary edit that ignores or restores them. It
//! changes no named or confirmed identity, and decides nothing by itself.

use serde::Serialize;

use super::FaceMeasures;
use crate::base::TrackIx;
use crate::review::{Edit, Identity, IdentityId, IdentityState, Review};
use crate::tracks::TrackSet;

/// Whose sharpest face is not above this is blurred: midway between what blurred and what sharp
/// faces measure (0.05 and 0.15).
pub(crate) const BLURRED: f32 = 0.10;

/// A stranger is an identity below all limits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct StrangerLimits {
    /// Maximum number of tracks.
    pub tracks: usize,
    /// Maximum total time on screen, in seconds; none needs no times.
    pub seconds: Option<f64>,
    /// The sharpest face is at most so sharp ([`crate::tracks::FaceQuality::sharpness`]); none
    /// asks for no sharpness.
    pub sharpness: Option<f32>,
}

/// One of them, with what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Stranger {
    /// Who.
    pub identity: IdentityId,
    /// Their tracks.
    pub n_tracks: usize,
    /// How long these last together; none where the times of one are not known.
    pub seconds: Option<f64>,
    /// How sharp the sharpest face is; none where that was not measured.
    pub sharpness: Option<f32>,
}

/// All identities below the limits.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Strangers {
    /// By number.
    pub found: Vec<Stranger>,
    /// Left out because times were asked for and are not known.
    pub n_untimed: usize,
    /// Left out because sharpness was asked for and was never measured, such as of features.
    pub n_unmeasured: usize,
}

impl Strangers {
    /// Those of `state` without a name that are below the limits. O(tracks).
    ///
    /// With [`IdentityState::Proposed`] they are the ones to ignore, with
    /// [`IdentityState::Ignored`] the ones to bring back; identities of another state, or with a
    /// name, are never found. Without `measures` blur is unknown.
    #[must_use]
    pub(crate) fn below(
        (set, review): (&TrackSet, &Review),
        bars: &StrangerLimits,
        measures: Option<&FaceMeasures>,
        state: IdentityState,
    ) -> Self {
        let mut all = Self::default();
        let wanted =
            |it: &&Identity| it.state == state && it.name.is_none() && it.tracks.len() <= bars.tracks;
        if state == IdentityState::Confirmed {
            return all;
        }
        for it in review.identities().filter(wanted) {
            let seconds = it.tracks.iter().map(|&track| set.track(track).seconds()).sum::<Option<f64>>();
            let of = |track: &TrackIx| measures.and_then(|known| known.of(*track)).map(|it| it.sharpness);
            let sharpest = it.tracks.iter().filter_map(of).max_by(f32::total_cmp);
            let untimed = bars.seconds.is_some() && seconds.is_none();
            let unmeasured = bars.sharpness.is_some() && sharpest.is_none();
            let is_long = bars.seconds.zip(seconds).is_some_and(|(bar, seconds)| seconds > bar);
            let is_sharp = bars.sharpness.zip(sharpest).is_some_and(|(bar, sharp)| sharp > bar);
            match (is_long || is_sharp, untimed, unmeasured) {
                (true, ..) => {}
                (_, true, _) => all.n_untimed += 1,
                (_, _, true) => all.n_unmeasured += 1,
                _ => all.found.push(Stranger {
                    identity: it.id,
                    n_tracks: it.tracks.len(),
                    seconds,
                    sharpness: sharpest,
                }),
            }
        }
        all
    }

    /// The edit that ignores all of them; none where there are none.
    #[must_use]
    pub(crate) fn ignore(&self) -> Option<Edit> {
        let identities = self.ids();
        (!identities.is_empty()).then_some(Edit::Ignore { identities })
    }

    /// The edit that brings all of them back; none where there are none.
    #[must_use]
    pub(crate) fn restore(&self) -> Option<Edit> {
        let identities = self.ids();
        (!identities.is_empty()).then_some(Edit::Restore { identities })
    }

    fn ids(&self) -> Vec<IdentityId> {
        self.found.iter().map(|stranger| stranger.identity).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;
    use crate::review::AdoptedClustering;
    use crate::tracks::{TimeSpan, Track, TrackSource};
    use crate::views::TrackMeasure;

    /// Five tracks of four people: 1 has two, 2 is named, 4 has no times.
    fn place() -> (TrackSet, Review) {
        let track = |(at, seconds): (usize, Option<(f64, f64)>)| Track {
            id: at.to_string(),
            video: String::new(),
            span: TimeSpan { seconds, ..TimeSpan::default() },
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Rows { rows: Vec::new() },
            fingerprint: Fingerprint([0; 32]),
        };
        let times = [Some((0.0, 1.0)), Some((2.0, 5.0)), Some((0.0, 1.0)), Some((7.0, 9.0)), None];
        let tracks: Vec<Track> = times.into_iter().enumerate().map(track).collect();
        let mut review = Review::new(tracks.iter().map(|track| track.id.clone()).collect());
        let clusters: [&[&str]; 4] = [&["0", "1"], &["2"], &["3"], &["4"]];
        let ids = |tracks: &[&str]| tracks.iter().map(|&id| id.to_owned()).collect();
        let identities =
            (1..).map(IdentityId).zip(clusters.iter().map(|tracks| ids(tracks))).collect::<Vec<_>>();
        review.apply(&Edit::Adopt(AdoptedClustering { identities, ..AdoptedClustering::default() }));
        review.apply(&Edit::Rename { identity: IdentityId(2), name: "Ann".to_owned() });
        (TrackSet::new("x".into(), tracks), review)
    }

    fn ids(strangers: &Strangers) -> Vec<u64> {
        strangers.found.iter().map(|stranger| stranger.identity.0).collect()
    }

    #[test]
    fn whoever_is_below_all_bars_and_has_no_name_is_found() {
        let (set, review) = place();
        let find = |bars: StrangerLimits, measures: Option<&FaceMeasures>| {
            Strangers::below((&set, &review), &bars, measures, IdentityState::Proposed)
        };
        let bars = StrangerLimits { tracks: 1, seconds: None, sharpness: None };
        assert_eq!(ids(&find(bars, None)), [3, 4]);
        assert_eq!(ids(&find(StrangerLimits { tracks: 2, ..bars }, None)), [1, 3, 4]);
        let timed = find(StrangerLimits { tracks: 2, seconds: Some(2.0), ..bars }, None);
        assert_eq!((ids(&timed), timed.n_untimed), (vec![3], 1));
        let measure = |sharpness: Option<f32>| {
            sharpness.map(|sharpness| TrackMeasure { sharpness, best_face: 0, portrait: 0.5 })
        };
        let sharp = FaceMeasures {
            of_track: [Some(0.02), Some(0.2), None, Some(0.1), None].map(measure).to_vec(),
            of: None,
        };
        let blurred = find(StrangerLimits { tracks: 2, sharpness: Some(BLURRED), ..bars }, Some(&sharp));
        assert_eq!((ids(&blurred), blurred.n_unmeasured), (vec![3], 1), "one sharp face is enough");
        let unread = find(StrangerLimits { tracks: 2, sharpness: Some(BLURRED), ..bars }, None);
        assert_eq!((ids(&unread), unread.n_unmeasured), (vec![], 3));
    }

    #[test]
    fn they_go_by_one_edit_and_come_back_by_another() {
        let (set, mut review) = place();
        let bars = StrangerLimits { tracks: 1, seconds: None, sharpness: None };
        let find = |review: &Review, state| Strangers::below((&set, review), &bars, None, state);
        let before = find(&review, IdentityState::Proposed);
        review.apply(&before.ignore().unwrap());
        assert_eq!(find(&review, IdentityState::Proposed).ignore(), None);
        let aside = find(&review, IdentityState::Ignored);
        assert_eq!(aside, before);
        review.apply(&aside.restore().unwrap());
        assert_eq!(find(&review, IdentityState::Proposed), before);
        review.apply(&Edit::Confirm { identities: vec![IdentityId(3)] });
        assert_eq!(ids(&find(&review, IdentityState::Proposed)), [4]);
        assert_eq!(find(&review, IdentityState::Confirmed), Strangers::default());
    }
}
