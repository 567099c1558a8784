//! Identities as the curator sees them: what is the state, and what may be done to it.
//!
//! Takes clusters and edits; gives identities, each with a stable id, a name and a state.
//! An [`Edit`] is a fact that names tracks by their id; the log of edits is the truth, and
//! [`Review`] is what follows from it by replay. This module uses no files and no window.

mod adopt;
mod apply;
mod checkpoints;
mod conflict;
mod constraints;
mod description;
mod edit;
mod erase;
mod history;
mod prepare;
mod recognition;
mod refusal;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use crate::base::{Details, TrackIx, parse_part_id, part_id};
use constraints::UserConstraints;

pub use adopt::adoption;
pub use checkpoints::Checkpoints;
pub use description::{Did, Part, Told};
pub use edit::{AdoptedClustering, ConstraintEdit, Edit, LostDetail};
pub(crate) use erase::PersonTraces;
pub use history::{CursorMove, EntryStatus, History, LogEntry};
pub use recognition::KnownPerson;
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
    /// The person of a library that the name means, where it came from there.
    pub known: Option<KnownPerson>,
    /// What the curator noted of the person beyond the name; no value is empty.
    pub details: Details,
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

    /// Number 1, of these tracks and nothing else.
    #[cfg(test)]
    pub(crate) fn of_tracks(tracks: &[TrackIx]) -> Self {
        Self {
            id: IdentityId(1),
            name: None,
            known: None,
            details: Details::new(),
            state: IdentityState::Proposed,
            cover: None,
            kept: false,
            tracks: tracks.to_vec(),
        }
    }
}

/// All identities at one moment.
///
/// A copy shares what did not change with what it was copied from (O(1)), so that states along
/// the history cost what the edits between them touched.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    tracks: Arc<TrackIds>,
    identities: OrdMap<IdentityId, Arc<Identity>>,
    of_track: Vector<Option<IdentityId>>,
    n_unassigned: usize,
    /// Tracks that lie in the tray because the curator put them there.
    rejected: OrdSet<TrackIx>,
    /// From which identities tracks were rejected.
    refused: OrdSet<(TrackIx, IdentityId)>,
    /// Who tracks were said not to be, of the people of libraries.
    unlike: OrdSet<(TrackIx, KnownPerson)>,
    /// Identities that went into others.
    merged_into: OrdMap<IdentityId, IdentityId>,
    constraints: UserConstraints,
}

/// The tracks' ids, and the track of each.
#[derive(Debug, PartialEq, Eq)]
struct TrackIds {
    ids: Vec<String>,
    by_id: BTreeMap<String, TrackIx>,
    /// The parts of each track that was cut, with their frames, ascending.
    parts: BTreeMap<String, Vec<(Frames, TrackIx)>>,
    /// Ids that tracks had before they moved, each with the one that it has now.
    former: BTreeMap<String, String>,
}

/// First and last frame of a part of a track, both inclusive.
type Frames = (u64, u64);

impl TrackIds {
    fn new(ids: Vec<String>, former: BTreeMap<String, String>) -> Self {
        let numbered = || ids.iter().zip(0_u32..);
        let by_id: BTreeMap<String, TrackIx> = numbered().map(|(id, ix)| (id.clone(), ix)).collect();
        let mut parts: BTreeMap<String, Vec<(Frames, TrackIx)>> = BTreeMap::new();
        for (id, ix) in numbered() {
            if let Some((whole, frames)) = parse_part_id(id).filter(|(whole, _)| !by_id.contains_key(*whole))
            {
                parts.entry(whole.to_owned()).or_default().push((frames, ix));
            }
        }
        for parts in parts.values_mut() {
            parts.sort_unstable();
        }
        Self { ids, by_id, parts, former }
    }

    /// The id that a track has now, of one that it had before it moved; any other id as it is.
    fn present_id<'a>(&'a self, id: &'a str) -> Cow<'a, str> {
        if self.by_id.contains_key(id) || self.parts.contains_key(id) {
            return Cow::Borrowed(id);
        }
        if let Some(now) = self.former.get(id) {
            return Cow::Borrowed(now);
        }
        let part = parse_part_id(id).and_then(|(whole, frames)| Some((self.former.get(whole)?, frames)));
        part.map_or(Cow::Borrowed(id), |(now, frames)| Cow::Owned(part_id(now, frames)))
    }

    /// The parts of a track that was cut, ascending by their frames; of a part that was cut again,
    /// the parts of that.
    fn parts(&self, id: &str) -> impl Iterator<Item = (Frames, TrackIx)> {
        let (whole, within) = match self.parts.get(id) {
            Some(parts) => (Some(parts), (0, u64::MAX)),
            None => {
                parse_part_id(id).map_or((None, (0, 0)), |(whole, frames)| (self.parts.get(whole), frames))
            }
        };
        let lies = move |frames: Frames| within.0 <= frames.0 && frames.1 <= within.1;
        whole.into_iter().flatten().copied().filter(move |(frames, _)| lies(*frames))
    }
}

impl Review {
    /// No identities yet; every track is unassigned.
    pub fn new(track_ids: Vec<String>) -> Self {
        Self::of_moved(track_ids, BTreeMap::new())
    }

    /// [`Self::new`] with the ids that tracks had before they moved, each with the one that it has
    /// now: what was decided under the former ones holds for them.
    pub fn of_moved(track_ids: Vec<String>, former: BTreeMap<String, String>) -> Self {
        Self {
            of_track: std::iter::repeat_n(None, track_ids.len()).collect(),
            n_unassigned: track_ids.len(),
            tracks: Arc::new(TrackIds::new(track_ids, former)),
            identities: OrdMap::new(),
            rejected: OrdSet::new(),
            refused: OrdSet::new(),
            unlike: OrdSet::new(),
            merged_into: OrdMap::new(),
            constraints: UserConstraints::default(),
        }
    }

    /// Whether these are the tracks of this review, in this order. O(tracks).
    pub fn is_of<'a>(&self, track_ids: impl ExactSizeIterator<Item = &'a str>) -> bool {
        track_ids.len() == self.n_tracks() && self.tracks.ids.iter().map(String::as_str).eq(track_ids)
    }

    /// All identities by id.
    pub fn identities(&self) -> impl ExactSizeIterator<Item = &Identity> {
        self.identities.values().map(Arc::as_ref)
    }

    /// All tracks by their ids, in the ids' order.
    pub(crate) fn by_id(&self) -> impl Iterator<Item = (&str, TrackIx)> {
        self.tracks.by_id.iter().map(|(id, &track)| (id.as_str(), track))
    }

    /// One identity.
    pub fn identity(&self, id: IdentityId) -> Option<&Identity> {
        self.identities.get(&id).map(Arc::as_ref)
    }

    /// The identity of a track; none where it is unassigned.
    pub fn identity_of(&self, track: TrackIx) -> Option<IdentityId> {
        self.of_track.get(track as usize).copied().flatten()
    }

    /// Tracks of no identity: rejected ones and those without a usable face. O(tracks).
    pub fn unassigned(&self) -> impl Iterator<Item = TrackIx> + '_ {
        self.of_track.iter().enumerate().filter(|(_, of)| of.is_none()).map(|(ix, _)| ix as TrackIx)
    }

    /// Number of tracks of no identity. O(1).
    pub fn n_unassigned(&self) -> usize {
        self.n_unassigned
    }

    /// Whether the curator rejected the track, and nobody has taken it in since.
    pub(crate) fn is_rejected(&self, track: TrackIx) -> bool {
        self.rejected.contains(&track)
    }

    /// The identities that the curator rejected the track from and has not moved it back into,
    /// ascending; one that went into another counts as that one. Such a track is not to be
    /// proposed for such an identity again.
    pub fn refused(&self, track: TrackIx) -> Vec<IdentityId> {
        let from = (track, IdentityId(0))..=(track, IdentityId(u64::MAX));
        let mut ids: Vec<IdentityId> = self.refused.range(from).map(|&(_, id)| self.successor(id)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// All rejections that hold: a track, and the identity it was rejected from, as
    /// [`Self::refused`] gives it. O(rejections).
    pub fn refusals(&self) -> impl Iterator<Item = (TrackIx, IdentityId)> + '_ {
        self.refused.iter().map(|&(track, id)| (track, self.successor(id)))
    }

    /// Who an identity is now that some went into others.
    fn successor(&self, id: IdentityId) -> IdentityId {
        let mut id = id;
        while let Some(&into) = self.merged_into.get(&id)
            && !self.identities.contains_key(&id)
        {
            id = into;
        }
        id
    }

    /// The identities that differ from another state of the same tracks: made, changed or gone,
    /// by number. O(what differs), where one follows from the other.
    pub fn changed_since(&self, before: &Self) -> Vec<IdentityId> {
        use imbl::ordmap::DiffItem;
        let mut ids: Vec<IdentityId> = before
            .identities
            .diff(&self.identities)
            .map(|item| match item {
                DiffItem::Add(id, _) | DiffItem::Remove(id, _) => *id,
                DiffItem::Update { new, .. } => *new.0,
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Whether the curator's links are those of another state. O(1); `false` may also be said
    /// where they only came about in other ways.
    pub(crate) fn has_links_of(&self, other: &Self) -> bool {
        self.constraints.is(&other.constraints)
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
        &self.tracks.ids[track as usize]
    }

    /// The ids of all tracks, in their order.
    pub(crate) fn track_ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.tracks.ids.iter().map(String::as_str)
    }

    /// The track of that id.
    pub fn track(&self, id: &str) -> Option<TrackIx> {
        let by_id = &self.tracks.by_id;
        by_id.get(id).or_else(|| by_id.get(&*self.tracks.present_id(id))).copied()
    }

    /// The track of an id as the log has it: of one that was cut since, all its parts.
    fn tracks_of(&self, id: &str) -> impl Iterator<Item = TrackIx> + use<> {
        let one = self.track(id);
        // Empty, and so without an allocation, but for the few tracks that were cut.
        let parts: Vec<TrackIx> = match one {
            Some(_) => Vec::new(),
            None => self.tracks.parts(&self.tracks.present_id(id)).map(|(_, track)| track).collect(),
        };
        one.into_iter().chain(parts)
    }

    /// The track of an id as the log has it where one must do: of one that was cut since, the first
    /// part.
    fn track_or_first_part(&self, id: &str) -> Option<TrackIx> {
        self.tracks_of(id).next()
    }

    /// Of a track that is cut, the parts that lie from a frame on.
    fn parts_from(&self, id: &str, at: u64) -> Vec<TrackIx> {
        let id = self.tracks.present_id(id);
        let parts = self.tracks.parts(&id).filter(|((first, _), _)| *first >= at);
        let mut tracks: Vec<TrackIx> = parts.map(|(_, track)| track).collect();
        tracks.sort_unstable();
        tracks
    }

    /// Names in use with their identities, in order of the names.
    pub fn names(&self) -> BTreeMap<&str, Vec<IdentityId>> {
        let mut names: BTreeMap<&str, Vec<IdentityId>> = BTreeMap::new();
        for identity in self.identities() {
            if let Some(name) = &identity.name {
                names.entry(name).or_default().push(identity.id);
            }
        }
        names
    }
}
