//! A track cut in two: each part is a track of its own, with its faces, frames and times.
//!
//! Takes a set as it was scanned and the cuts that are in force; gives the set with the parts in the
//! places of what was cut. The set keeps the whole tracks, so that a cut can be taken back. A part is
//! called after the whole track and its frames: `film/t1#11-13`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{TimeSpan, Track, TrackSet, TrackSource};
use crate::base::{Fingerprint, Hasher, parse_part_id, part_id};

/// A cut of a track: a track's id, and the first frame of its second part.
pub type Cut = (String, u64);

/// That a track is a part of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackPart {
    /// The id of the whole track.
    pub of: String,
    /// The whole track's fingerprint.
    pub whole: Fingerprint,
    /// Index of the part's first face among those of the whole track.
    pub first_face: u32,
    /// The ids that the whole track had before it moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
}

impl Track {
    /// Whether that is its id, or was before it moved; of a part, whether it was one of that track.
    fn is_called(&self, id: &str) -> bool {
        if self.id == id || self.formerly.iter().any(|was| was == id) {
            return true;
        }
        let Some(part) = &self.part else { return false };
        let whole = parse_part_id(id).filter(|(_, frames)| self.id == part_id(&part.of, *frames));
        whole.is_some_and(|(whole, _)| part.formerly.iter().any(|was| was == whole))
    }

    /// The first face of the part from a frame on. `None` where the track cannot be cut there, see
    /// [`Self::cut`]. O(faces), and nothing is copied.
    pub(crate) fn first_face_after(&self, at: u64) -> Option<usize> {
        let TrackSource::Faces { faces, .. } = &self.source else { return None };
        let place = faces.iter().position(|face| face.frame >= at).filter(|place| *place > 0)?;
        // Frames rise within a track, or nobody could say what comes before.
        faces[place..].iter().all(|face| face.frame >= at).then_some(place)
    }

    /// The parts before and from a frame. `None` where one of them would have no face, and for a track
    /// without pictures.
    pub(crate) fn cut(&self, at: u64) -> Option<[Self; 2]> {
        let place = self.first_face_after(at)?;
        let part = |from: usize, to: usize, before: bool| {
            let TrackSource::Faces { folder, faces } = &self.source else { return None };
            let faces = faces.get(from..to)?.to_vec();
            let frames = (faces.first()?.frame, faces.last()?.frame);
            let of = match &self.part {
                Some(part) => TrackPart { first_face: part.first_face + from as u32, ..part.clone() },
                None => TrackPart {
                    of: self.id.clone(),
                    whole: self.fingerprint,
                    first_face: from as u32,
                    formerly: self.formerly.clone(),
                },
            };
            let mut hasher = Hasher::default();
            hasher.part(of.whole.0).part(frames.0.to_le_bytes()).part(frames.1.to_le_bytes());
            let share = place as f64 / self.n_faces() as f64;
            let span = |span: TimeSpan| side(span, at, share, before);
            Some(Self {
                id: part_id(&of.of, frames),
                video: self.video.clone(),
                span: span(self.span).unwrap_or_default(),
                pieces: self.pieces.iter().filter_map(|piece| span(*piece)).collect(),
                source: TrackSource::Faces { folder: folder.clone(), faces },
                fingerprint: hasher.finish(),
                part: Some(of),
                formerly: Vec::new(),
            })
        };
        Some([part(0, place, true)?, part(place, self.n_faces(), false)?])
    }
}

/// What of a span lies before a frame, or from it on; by its frames where they are known, else by the
/// share of the faces that lie before it. `None` where nothing does.
fn side(span: TimeSpan, at: u64, share: f64, before: bool) -> Option<TimeSpan> {
    let frames = match span.frames {
        Some((first, last)) if before => {
            Some((first, last.min(at.saturating_sub(1)))).filter(|(first, last)| first <= last)
        }
        Some((first, last)) => Some((first.max(at), last)).filter(|(first, last)| first <= last),
        None => None,
    };
    if span.frames.is_some() && frames.is_none() {
        return None;
    }
    let share = match span.frames {
        Some((first, last)) => (at.clamp(first, last + 1) - first) as f64 / (last + 1 - first) as f64,
        None => share,
    };
    let seconds = span.seconds.map(|(start, end)| {
        let middle = start + (end - start) * share;
        if before { (start, middle) } else { (middle, end) }
    });
    Some(TimeSpan { frames, fps: span.fps, seconds })
}

impl TrackSet {
    /// The set with these cuts, in their order, and no others; one of a track that is not there (any
    /// more), or that cannot be cut there, is passed over. O(1) where nothing is cut, else O(tracks).
    #[must_use]
    pub fn with_cuts(self, cuts: &[Cut]) -> Self {
        if cuts.is_empty() && self.whole.is_empty() {
            return self;
        }
        let mut set = self.uncut().into_owned();
        for (id, at) in cuts {
            let Some(place) = set.tracks.iter().position(|track| track.is_called(id)) else { continue };
            let Some(parts) = set.tracks[place].cut(*at) else { continue };
            let whole: Vec<Track> = set.tracks.splice(place..=place, parts).collect();
            set.whole.extend(whole.into_iter().filter(|track| track.part.is_none()));
        }
        set
    }

    /// The set as it was scanned: itself where nothing is cut.
    #[must_use]
    pub fn uncut(&self) -> Cow<'_, Self> {
        if self.whole.is_empty() {
            return Cow::Borrowed(self);
        }
        let uncut = self.tracks.iter().filter(|track| track.part.is_none());
        let mut tracks: Vec<Track> = uncut.chain(&self.whole).cloned().collect();
        tracks.sort_by(|a, b| alphanumeric_sort::compare_str(&a.id, &b.id));
        let (root, gone) = (self.root.clone(), self.gone.clone());
        Cow::Owned(Self { root, tracks, overlaps: self.overlaps, whole: Vec::new(), gone })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracks::Face;

    fn set() -> TrackSet {
        let track = |id: &str, frames: &[u64]| {
            let face = |&frame: &u64| Face { file: format!("{frame}.jpg"), frame, unreadable: None };
            Track {
                id: id.into(),
                video: "film".into(),
                span: TimeSpan { frames: Some((1, 20)), fps: Some(10.0), seconds: Some((0.0, 2.0)) },
                pieces: Vec::new(),
                source: TrackSource::Faces { folder: id.into(), faces: frames.iter().map(face).collect() },
                fingerprint: Fingerprint([id.len() as u8; 32]),
                part: None,
                formerly: Vec::new(),
            }
        };
        let tracks = vec![track("film/t1", &[1, 2, 3, 11, 12, 13]), track("film/t2", &[5])];
        TrackSet::new("x".into(), tracks)
    }

    fn ids(set: &TrackSet) -> Vec<&str> {
        set.tracks.iter().map(|track| track.id.as_str()).collect()
    }

    #[test]
    fn parts_stand_in_the_place_of_the_whole_and_it_comes_back() {
        let set = set();
        let cut = set.clone().with_cuts(&[("film/t1".into(), 11)]);
        assert_eq!(ids(&cut), ["film/t1#1-3", "film/t1#11-13", "film/t2"]);
        let [a, b] = [&cut.tracks[0], &cut.tracks[1]];
        assert_eq!((a.n_faces(), b.n_faces()), (3, 3));
        assert_eq!((a.span.frames, b.span.frames), (Some((1, 10)), Some((11, 20))));
        assert_eq!((a.span.seconds, b.span.seconds), (Some((0.0, 1.0)), Some((1.0, 2.0))));
        assert_ne!(a.fingerprint, b.fingerprint);
        let again = cut.clone().with_cuts(&[("film/t1".into(), 11), ("film/t1#11-13".into(), 13)]);
        assert_eq!(ids(&again), ["film/t1#1-3", "film/t1#11-12", "film/t1#13-13", "film/t2"]);
        assert_eq!(again.tracks[2].part.as_ref().unwrap().first_face, 5);
        assert_eq!(*again.uncut(), set);
        assert_eq!(cut.clone().with_cuts(&[]), set);
    }

    #[test]
    fn a_cut_that_parts_nothing_is_passed_over() {
        let set = set();
        for (id, at) in [("film/t1", 1), ("film/t1", 14), ("film/t1", 0), ("film/t2", 5), ("gone", 3)] {
            assert_eq!(set.clone().with_cuts(&[(id.into(), at)]), set, "{id} {at}");
        }
    }
}
