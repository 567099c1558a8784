//! Identities as the curator sees them: what is the state, and what may be done to it.
//!
//! Takes clusters and edits; gives identities, each with a stable id, a name and a state.
//! An [`Edit`] is a fact that names tracks by their id; the log of edits is the truth, and
//! [`Review`] is what follows from it by replay. This room knows no files and no window.

mod adopt;
mod apply;
mod edit;
mod history;
mod links;
mod prepare;
mod refusal;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::{Constraint, TrackIx};

pub use adopt::adoption;
pub use edit::{Adopted, Edit};
pub use history::{Entry, History, Moved};
pub use links::Link;
pub use refusal::Refusal;

/// Stable number of an identity; it is never given to another one, even after an undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdentityId(pub u64);

impl std::fmt::Display for IdentityId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What the curator said of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentityState {
    /// The machine's proposal.
    Proposed,
    /// The curator named or confirmed it.
    Confirmed,
    /// Of no interest; left out of exports.
    Ignored,
}

impl IdentityState {
    /// The word in tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Ignored => "ignored",
        }
    }
}

/// A person as the curator sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Stable number.
    pub id: IdentityId,
    /// Name, where one was given; never empty.
    pub name: Option<String>,
    /// Proposed, confirmed or ignored.
    pub state: IdentityState,
    /// The track whose picture stands for it, where the curator chose one.
    pub cover: Option<TrackIx>,
    /// Whether the curator named, merged, confirmed, ignored, split or moved: a re-run then
    /// leaves the identity as it is.
    pub kept: bool,
    /// Its tracks, ascending; never empty.
    pub tracks: Vec<TrackIx>,
}

impl Identity {
    /// The name, or `Person 12`.
    pub fn title(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("Person {}", self.id))
    }
}

/// All identities at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    track_ids: Arc<Vec<String>>,
    by_track_id: Arc<BTreeMap<String, TrackIx>>,
    identities: BTreeMap<IdentityId, Identity>,
    of_track: Vec<Option<IdentityId>>,
    rejected: BTreeSet<TrackIx>,
    /// The curator's links, oldest first; at most one a pair.
    links: Vec<Constraint>,
}

impl Review {
    /// No identities yet; every track is unassigned.
    pub fn new(track_ids: Vec<String>) -> Self {
        let by_track_id = track_ids.iter().enumerate().map(|(ix, id)| (id.clone(), ix as TrackIx)).collect();
        Self {
            of_track: vec![None; track_ids.len()],
            track_ids: Arc::new(track_ids),
            by_track_id: Arc::new(by_track_id),
            identities: BTreeMap::new(),
            rejected: BTreeSet::new(),
            links: Vec::new(),
        }
    }

    /// All identities by id.
    pub fn identities(&self) -> impl ExactSizeIterator<Item = &Identity> {
        self.identities.values()
    }

    /// All tracks by their ids, in the ids' order.
    pub fn by_id(&self) -> impl Iterator<Item = (&str, TrackIx)> {
        self.by_track_id.iter().map(|(id, &track)| (id.as_str(), track))
    }

    /// One identity.
    pub fn identity(&self, id: IdentityId) -> Option<&Identity> {
        self.identities.get(&id)
    }

    /// The identity of a track; none where it is unassigned.
    pub fn identity_of(&self, track: TrackIx) -> Option<IdentityId> {
        self.of_track.get(track as usize).copied().flatten()
    }

    /// Tracks of no identity: rejected ones and those without a usable face.
    pub fn unassigned(&self) -> impl Iterator<Item = TrackIx> + '_ {
        self.of_track.iter().enumerate().filter(|(_, of)| of.is_none()).map(|(ix, _)| ix as TrackIx)
    }

    /// Whether the curator rejected the track.
    pub fn is_rejected(&self, track: TrackIx) -> bool {
        self.rejected.contains(&track)
    }

    /// Number of tracks.
    pub fn n_tracks(&self) -> usize {
        self.of_track.len()
    }

    /// The id of a track.
    ///
    /// # Panics
    /// Where `track` is not one of this review's.
    pub fn track_id(&self, track: TrackIx) -> &str {
        &self.track_ids[track as usize]
    }

    /// The track of that id.
    pub fn track(&self, id: &str) -> Option<TrackIx> {
        self.by_track_id.get(id).copied()
    }

    /// Names in use with their identities, in order of the names.
    pub fn names(&self) -> BTreeMap<&str, Vec<IdentityId>> {
        let mut names: BTreeMap<&str, Vec<IdentityId>> = BTreeMap::new();
        for identity in self.identities.values() {
            if let Some(name) = &identity.name {
                names.entry(name).or_default().push(identity.id);
            }
        }
        names
    }

    /// Puts a track into an identity, or out of all; empty identities end.
    fn place(&mut self, track: TrackIx, to: Option<IdentityId>) {
        if let Some(from) = self.of_track[track as usize].take()
            && let Some(identity) = self.identities.get_mut(&from)
        {
            identity.tracks.retain(|&t| t != track);
            if identity.cover == Some(track) {
                identity.cover = None;
            }
        }
        if let Some(identity) = to.and_then(|to| self.identities.get_mut(&to)) {
            let at = identity.tracks.partition_point(|&t| t < track);
            identity.tracks.insert(at, track);
            self.of_track[track as usize] = to;
        }
    }

    fn drop_empty(&mut self) {
        self.identities.retain(|_, identity| !identity.tracks.is_empty());
    }
}
