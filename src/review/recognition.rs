//! People of a library: who an identity was recognised as, and who it was said not to be.
//!
//! A person of a library is named by the library's own id and a number in it, so that a project
//! means the same person whatever they are called by now, and whichever library is open.

use serde::{Deserialize, Serialize};

use super::{Identity, IdentityId, Review};
use crate::base::{Details, Fingerprint, TrackIx};

/// A person of a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownPerson {
    /// The library's id.
    pub library: Fingerprint,
    /// The person's number in it.
    pub person: u64,
}

impl Review {
    /// Whether a track was said not to be a person of a library.
    pub(crate) fn is_unlike(&self, track: TrackIx, person: KnownPerson) -> bool {
        self.unlike.contains(&(track, person))
    }

    /// Names an identity after a person of a library, which confirms it.
    pub(super) fn recognise(&mut self, id: IdentityId, person: KnownPerson, name: &str) -> usize {
        let tracks = self.identity(id).map(|it| it.tracks.clone()).unwrap_or_default();
        for track in tracks {
            self.unlike.remove(&(track, person));
        }
        self.change(&[id], |identity| {
            identity.rename(name);
            identity.known = Some(person);
        })
    }

    /// Remembers that tracks are not a person of a library. Identities that were recognised as
    /// that person stay as they are: that is another edit's to say.
    pub(super) fn reject_person(&mut self, tracks: &[String], person: KnownPerson) -> usize {
        let tracks = self.present(tracks);
        self.unlike.extend(tracks.iter().map(|&track| (track, person)));
        tracks.len() + 1
    }
}

impl Identity {
    /// Takes a name, and what it meant before goes; a name confirms, an empty one is none.
    pub(super) fn rename(&mut self, name: &str) {
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        if self.name != name {
            self.known = None;
        }
        self.name = name;
        if self.name.is_some() && self.state == super::IdentityState::Proposed {
            self.state = super::IdentityState::Confirmed;
        }
    }

    /// Takes details; one with an empty value goes.
    pub(super) fn describe(&mut self, details: &Details) {
        for (name, value) in details {
            if value.is_empty() {
                self.details.remove(name);
            } else {
                self.details.insert(name.clone(), value.clone());
            }
        }
    }

    /// Gets the name of an identity that is merged into it, where it has none of its own, its match
    /// in the library, and the details that it has none of.
    pub(super) fn inherit(&mut self, part: &Identity) {
        for (name, value) in &part.details {
            self.details.entry(name.clone()).or_insert_with(|| value.clone());
        }
        if self.name.is_none() {
            self.name.clone_from(&part.name);
            self.known = part.known;
        } else if self.name == part.name {
            self.known = self.known.or(part.known);
        }
    }
}
