//! What was measured on the faces of the last run: the best picture of each track and of each
//! person, and how sharp the sharpest face is.
//!
//! Takes what the project keeps of the run; gives plain data, by which the window chooses pictures and
//! a view finds people who are seen too badly. It decides nothing about people.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::base::{Fingerprint, TrackIx};
use crate::review::Identity;
use crate::tracks::TrackSet;

/// What was measured on a track's usable faces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TrackMeasure {
    /// Of the sharpest face, [`crate::tracks::FaceQuality::sharpness`].
    pub sharpness: f32,
    /// Index of the face that makes the best picture, among the track's faces.
    pub best_face: u32,
    /// How good a picture that is, [`crate::tracks::FaceQuality::portrait`], 0..=1.
    pub portrait: f32,
}

/// What was measured on each track's faces.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct FaceMeasures {
    /// Of each track; none where it has no usable face.
    pub of_track: Vec<Option<TrackMeasure>>,
    /// The tracks and the vectors that it is of.
    pub of: Option<(Arc<TrackSet>, Fingerprint)>,
}

impl FaceMeasures {
    /// Of one track; none where it has no usable face or was never measured.
    #[must_use]
    pub(crate) fn of(&self, track: TrackIx) -> Option<TrackMeasure> {
        self.of_track.get(track as usize).copied().flatten()
    }

    /// Whether it is of these tracks and of the run with these vectors. O(1).
    #[must_use]
    pub(crate) fn is_of(&self, set: &Arc<TrackSet>, vectors: Fingerprint) -> bool {
        self.of.as_ref().is_some_and(|(own, of)| Arc::ptr_eq(own, set) && *of == vectors)
    }

    /// The track whose best picture stands for a person: the best of those that fit the person well,
    /// the half that `doubt` doubts least. None where none of the tracks was measured.
    /// O(tracks · log tracks).
    ///
    /// A picture of somebody else, however good, would name the person wrongly.
    pub(crate) fn cover(&self, identity: &Identity, doubt: impl Fn(TrackIx) -> f32) -> Option<TrackIx> {
        let mut measured: Vec<(f32, TrackIx, f32)> = identity
            .tracks
            .iter()
            .filter_map(|&track| Some((doubt(track), track, self.of(track)?.portrait)))
            .collect();
        measured.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        measured.truncate(measured.len().div_ceil(2).max(1));
        let better = |a: &(f32, TrackIx, f32), b: &(f32, TrackIx, f32)| -> Ordering {
            a.2.total_cmp(&b.2).then(b.1.cmp(&a.1))
        };
        measured.into_iter().max_by(better).map(|(_, track, _)| track)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measures(portraits: &[Option<f32>]) -> FaceMeasures {
        let measure = |portrait: Option<f32>| {
            portrait.map(|portrait| TrackMeasure { sharpness: 0.1, best_face: 0, portrait })
        };
        FaceMeasures { of_track: portraits.iter().copied().map(measure).collect(), of: None }
    }

    #[test]
    fn the_best_picture_of_those_that_fit_stands_for_a_person() {
        let known = measures(&[Some(0.2), Some(0.9), Some(0.5), None, Some(0.4)]);
        let doubt = |track: TrackIx| if track == 1 { 2.0 } else { 0.1 * track as f32 };
        // The best picture of all is of a track that hardly fits.
        assert_eq!(known.cover(&Identity::of_tracks(&[0, 1, 2, 3]), doubt), Some(2));
        assert_eq!(known.cover(&Identity::of_tracks(&[0, 1, 2, 3, 4]), |_| 0.0), Some(1));
        assert_eq!(known.cover(&Identity::of_tracks(&[1]), doubt), Some(1), "nobody else is there");
        assert_eq!(known.cover(&Identity::of_tracks(&[3]), doubt), None);
        assert_eq!(known.cover(&Identity::of_tracks(&[]), doubt), None);
        assert_eq!(known.cover(&Identity::of_tracks(&[9]), doubt), None, "a track that is not measured");
    }
}
