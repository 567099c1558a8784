//! Tracks of people who were erased: known by fingerprints alone, and passed over when the folder is
//! read again.
//!
//! A mark is the fingerprint of a track's content, so that it is known wherever it lies, or of the id
//! that it had, so that it is known with a picture more or less. A mark names nobody.

use std::collections::BTreeSet;

use super::{Track, TrackSet};
use crate::base::{Fingerprint, Hasher};

/// The mark of a track's id.
pub(crate) fn id_mark(id: &str) -> Fingerprint {
    Hasher::default().part("erased track").part(id).finish()
}

impl Track {
    /// What the track is known by after it was erased.
    pub(crate) fn marks(&self) -> impl Iterator<Item = Fingerprint> {
        [id_mark(&self.id), self.fingerprint].into_iter()
    }
}

impl TrackSet {
    /// Takes the tracks with these marks out, as they were scanned; gives how many. O(tracks).
    pub(crate) fn remove_erased(&mut self, marks: &BTreeSet<Fingerprint>) -> usize {
        let before = self.len();
        if !marks.is_empty() {
            self.tracks.retain(|track| !track.marks().any(|mark| marks.contains(&mark)));
        }
        before - self.len()
    }
}
