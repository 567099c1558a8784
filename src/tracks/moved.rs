//! Tracks that lie elsewhere than before: known by their pictures, wherever their folder went.
//!
//! Takes what a project knows and what a scan found; gives the found tracks with the ids that they had
//! before, and what changed. A track whose pictures changed at its place is the same track; two tracks of
//! equal pictures stay two.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::TrackSet;
use crate::base::Fingerprint;

/// A track that is not there any more, so that it is known should it return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoneTrack {
    /// The id that it had last.
    pub id: String,
    /// The ids that it had before that, oldest first.
    pub formerly: Vec<String>,
    /// The fingerprint of its pictures.
    pub fingerprint: Fingerprint,
}

/// How the tracks of a folder changed since they were last read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Tracks that were not there before.
    pub n_new: usize,
    /// Tracks that are not there any more; what was decided about them stays, should they return.
    pub n_gone: usize,
    /// Tracks that lie elsewhere than before, with all that was decided about them.
    pub n_moved: usize,
}

impl std::fmt::Display for Changes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tracks = |n: usize| if n == 1 { "1 track is".to_owned() } else { format!("{n} tracks are") };
        let Self { n_new, n_gone, n_moved } = *self;
        write!(f, "{} new, {n_gone} gone, {n_moved} moved", tracks(n_new))
    }
}

impl TrackSet {
    /// Gives the tracks of this set the ids that they had in `before`, where they lay elsewhere, and says
    /// what changed. Both as they were scanned, uncut. O(n log n).
    pub(crate) fn recognise(&mut self, before: &Self) -> Changes {
        let there = before.tracks.iter().map(|track| GoneTrack {
            id: track.id.clone(),
            formerly: track.formerly.clone(),
            fingerprint: track.fingerprint,
        });
        let mut known: BTreeMap<String, GoneTrack> =
            before.gone.iter().cloned().chain(there).map(|track| (track.id.clone(), track)).collect();
        let was_there: BTreeSet<&str> = before.tracks.iter().map(|track| track.id.as_str()).collect();
        let mut changes = Changes::default();
        let mut strangers = Vec::new();
        for (at, track) in self.tracks.iter_mut().enumerate() {
            match known.remove(&track.id) {
                Some(same) => track.formerly = same.formerly,
                None => strangers.push(at),
            }
            changes.n_new += usize::from(!was_there.contains(track.id.as_str()));
        }
        // What is not at its place, by its pictures, in natural order.
        let mut gone: BTreeMap<Fingerprint, Vec<&GoneTrack>> = BTreeMap::new();
        for track in known.values().rev() {
            gone.entry(track.fingerprint).or_default().push(track);
        }
        let mut found = BTreeSet::new();
        for at in strangers {
            let track = &mut self.tracks[at];
            let same = gone.get_mut(&track.fingerprint);
            // Of several with the same pictures, the one that lay here before; else the first.
            let was = same.and_then(|same| {
                let lay_here = same.iter().position(|gone| gone.formerly.contains(&track.id));
                lay_here.map(|at| same.remove(at)).or_else(|| same.pop())
            });
            if let Some(was) = was {
                track.formerly = was.formerly.iter().chain([&was.id]).cloned().collect();
                track.formerly.retain(|id| *id != track.id);
                found.insert(was.id.clone());
            }
        }
        changes.n_moved = found.len();
        changes.n_new -= found.len();
        self.gone = known.into_values().filter(|track| !found.contains(&track.id)).collect();
        changes.n_gone = self.gone.iter().filter(|track| was_there.contains(track.id.as_str())).count();
        changes
    }

    /// The ids that tracks had before, each with the one that it has now.
    pub(crate) fn former_ids(&self) -> BTreeMap<String, String> {
        let of = |track: &super::Track| {
            let now = track.scanned_id().to_owned();
            track.formerly.iter().map(move |was| (was.clone(), now.clone())).collect::<Vec<_>>()
        };
        self.tracks.iter().chain(&self.whole).flat_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracks::{TimeSpan, Track, TrackSource};

    fn set(tracks: &[(&str, u8)]) -> TrackSet {
        let track = |&(id, content): &(&str, u8)| Track {
            id: id.into(),
            video: String::new(),
            span: TimeSpan::default(),
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Rows { rows: Vec::new() },
            fingerprint: Fingerprint([content; 32]),
        };
        let tracks = tracks.iter().map(track).collect();
        TrackSet::new("x".into(), tracks)
    }

    #[test]
    fn tracks_are_known_by_their_place_or_their_pictures() {
        let before = set(&[("a/1", 1), ("a/2", 2), ("a/3", 3), ("a/4", 4), ("a/5", 4)]);
        // a/1 stays, a/2 has other pictures, a/3 is gone, both of equal pictures moved, one is new.
        let mut after = set(&[("a/1", 1), ("a/2", 9), ("b/4", 4), ("b/5", 4), ("c/6", 6)]);
        let changes = after.recognise(&before);
        assert_eq!(changes, Changes { n_new: 1, n_gone: 1, n_moved: 2 });
        let former = after.former_ids();
        assert_eq!(former.len(), 2);
        assert_eq!((former["a/4"].as_str(), former["a/5"].as_str()), ("b/4", "b/5"));
        assert_eq!(changes.to_string(), "1 track is new, 1 gone, 2 moved");

        // Moved on, it keeps all names that it had; moved back, it is at its place.
        let mut further = set(&[("d/4", 4)]);
        further.recognise(&after);
        assert_eq!(further.tracks[0].formerly, ["a/4", "b/4"]);
        // Gone for a while, at its place again or elsewhere, it still is the one that it was.
        let mut without = set(&[]);
        assert_eq!(without.recognise(&further), Changes { n_new: 0, n_gone: 1, n_moved: 0 });
        let mut still = set(&[]);
        assert_eq!(still.recognise(&without), Changes::default());
        for (id, formerly) in [("d/4", vec!["a/4", "b/4"]), ("a/4", vec!["b/4", "d/4"])] {
            let mut back = set(&[(id, 4)]);
            back.recognise(&still);
            assert_eq!(back.tracks[0].formerly, formerly, "{id}");
            assert!(back.gone.iter().all(|track| track.id != "d/4"));
        }
    }
}
