//! Which track of one project is which of another: by the pictures, wherever they lie, else by the id.
//!
//! Takes two sets of tracks; gives the first set with those cuts of the second that contradict nothing,
//! and the tracks of the first for each of the second. It knows no names.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Fingerprint, TrackIx, part_id};
use crate::tracks::{Cut, Track, TrackSet};

/// For each id of `b`, the id of `a` that is the same track; both as they were scanned. O(n log n).
pub(super) fn same_tracks(a: &TrackSet, b: &TrackSet) -> BTreeMap<String, String> {
    let (a, b) = (a.uncut(), b.uncut());
    let ids: BTreeMap<&str, &Track> = a.tracks.iter().map(|track| (track.id.as_str(), track)).collect();
    let mut by_content: BTreeMap<Fingerprint, Vec<&str>> = BTreeMap::new();
    for track in a.tracks.iter().rev() {
        by_content.entry(track.fingerprint).or_default().push(&track.id);
    }
    let former = a.former_ids();
    let (mut same, mut taken) = (BTreeMap::new(), BTreeSet::new());
    // Pictures say more than a name; of several equal tracks, the one of the same name.
    let by_name_first = |track: &&Track| {
        ids.get(track.id.as_str()).is_none_or(|other| other.fingerprint != track.fingerprint)
    };
    let mut tracks: Vec<&Track> = b.tracks.iter().collect();
    tracks.sort_by_key(by_name_first);
    for track in &tracks {
        let Some(equal) = by_content.get_mut(&track.fingerprint) else { continue };
        let at = equal.iter().position(|id| *id == track.id).or_else(|| equal.len().checked_sub(1));
        if let Some(id) = at.map(|at| equal.remove(at)) {
            taken.insert(id);
            same.insert(track.id.clone(), id.to_owned());
        }
    }
    for track in tracks {
        let names = [&track.id].into_iter().chain(track.formerly.iter().rev());
        let now = |id: &String| former.get(id).map_or(id.as_str(), String::as_str).to_owned();
        let found = names.map(now).find(|id| ids.contains_key(id.as_str()) && !taken.contains(id.as_str()));
        if let Some(id) = found.filter(|_| !same.contains_key(&track.id)) {
            same.insert(track.id.clone(), id);
        }
    }
    same
}

/// Where a set's tracks are cut: for each track, the first frames of all its parts but the first.
pub(super) fn cut_frames(set: &TrackSet) -> BTreeMap<&str, BTreeSet<u64>> {
    let mut cuts: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    let later = |track: &&Track| track.part.as_ref().is_some_and(|part| part.first_face > 0);
    for track in set.tracks.iter().filter(later) {
        if let Some(frame) = track.frame(0) {
            cuts.entry(track.scanned_id()).or_default().insert(frame);
        }
    }
    cuts
}

/// The cut of a track, or of the part of it in which the frame lies. None where it has no face on one
/// side.
pub(super) fn cut_at(set: &TrackSet, whole: &str, frame: u64) -> Option<Cut> {
    let parts = set.tracks.iter().filter(|track| track.scanned_id() == whole);
    parts.map(|part| (part, part.cut(frame))).find_map(|(part, cut)| cut.map(|_| (part.id.clone(), frame)))
}

/// The tracks of a set for those of another one.
pub(super) struct CommonTracks<'a> {
    same: &'a BTreeMap<String, String>,
    by_scanned_id: BTreeMap<&'a str, Vec<TrackIx>>,
    by_id: BTreeMap<&'a str, TrackIx>,
}

impl<'a> CommonTracks<'a> {
    pub(super) fn new(set: &'a TrackSet, same: &'a BTreeMap<String, String>) -> Self {
        let numbered = || set.tracks.iter().zip(0_u32..);
        let mut by_scanned_id: BTreeMap<&str, Vec<TrackIx>> = BTreeMap::new();
        for (track, ix) in numbered() {
            by_scanned_id.entry(track.scanned_id()).or_default().push(ix);
        }
        Self { same, by_scanned_id, by_id: numbered().map(|(track, ix)| (track.id.as_str(), ix)).collect() }
    }

    /// The tracks that another set's track is: all parts of one that is cut here, none for a part of one
    /// that is not cut here in that way.
    pub(super) fn of(&self, other: &Track) -> Vec<TrackIx> {
        let Some(whole) = self.same.get(other.scanned_id()) else { return Vec::new() };
        if other.part.is_none() {
            return self.by_scanned_id.get(whole.as_str()).cloned().unwrap_or_default();
        }
        let last = (other.n_faces() as u32).saturating_sub(1);
        let frames = other.frame(0).zip(other.frame(last));
        let part = frames.and_then(|frames| self.by_id.get(part_id(whole, frames).as_str()).copied());
        part.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracks::{Face, TimeSpan, TrackSource};

    fn set(tracks: &[(&str, u8)]) -> TrackSet {
        let face = |frame| Face { file: format!("{frame}.jpg"), frame, unreadable: None };
        let track = |&(id, content): &(&str, u8)| Track {
            id: id.into(),
            video: String::new(),
            span: TimeSpan::default(),
            pieces: Vec::new(),
            source: TrackSource::Faces { folder: id.into(), faces: (1..=6).map(face).collect() },
            fingerprint: Fingerprint([content; 32]),
            part: None,
            formerly: Vec::new(),
        };
        TrackSet::new("folder".into(), tracks.iter().map(track).collect())
    }

    #[test]
    fn pictures_decide_before_names() {
        let (a, b) = (set(&[("v/1", 1), ("v/2", 2), ("v/3", 3), ("v/4", 3)]), &[("v/1", 2), ("v/2", 1)]);
        let of = |tracks: &[(&str, u8)]| {
            same_tracks(&a, &set(tracks)).into_iter().collect::<Vec<(String, String)>>()
        };
        let pair = |theirs: &str, ours: &str| (theirs.to_owned(), ours.to_owned());
        assert_eq!(of(b), [pair("v/1", "v/2"), pair("v/2", "v/1")]);
        assert_eq!(of(&[("w/9", 3), ("v/4", 3)]), [pair("v/4", "v/4"), pair("w/9", "v/3")]);
        // Other pictures at the same place are the same track, unless that one is known elsewhere.
        assert_eq!(of(&[("v/1", 9), ("w/2", 2)]), [pair("v/1", "v/1"), pair("w/2", "v/2")]);
        assert_eq!(of(&[("w/1", 9)]), []);
    }

    #[test]
    fn parts_belong_to_parts_and_a_whole_track_to_all_of_them() {
        let (a, b) = (set(&[("v/1", 1)]), set(&[("w/1", 1)]));
        let same = same_tracks(&a, &b);
        let cut = |set: &TrackSet, id: &str, at| set.clone().with_cuts(&[(id.to_owned(), at)]);
        let (cut_a, cut_b) = (cut(&a, "v/1", 3), cut(&b, "w/1", 3));
        assert_eq!(cut_frames(&cut_a), BTreeMap::from([("v/1", BTreeSet::from([3]))]));
        assert_eq!(cut_at(&cut_a, "v/1", 5), Some(("v/1#3-6".to_owned(), 5)));
        assert_eq!(cut_at(&a, "v/1", 1), None);
        let common = CommonTracks::new(&cut_a, &same);
        assert_eq!(common.of(&b.tracks[0]), [0, 1]);
        assert_eq!(cut_b.tracks.iter().map(|part| common.of(part)).collect::<Vec<_>>(), [[0], [1]]);
        assert!(CommonTracks::new(&a, &same).of(&cut_b.tracks[0]).is_empty());
    }
}
