//! Which tracks an edit would newly make one person against what is known of them.
//!
//! One person cannot be in one frame twice, and what the curator said not to be the same person is
//! not made one unasked. Takes an edit's tracks and the present state; gives the pairs that clash.
//! Pairs that are in one identity already do not count: they are not asked about again.

use super::{IdentityId, Refusal, Review};
use crate::base::{CoOccurrence, ConstraintKind, TrackIx};

/// The pairs that clash, each once, ascending.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ConstraintConflict {
    /// Seen at the same time.
    co_occurring: Vec<(TrackIx, TrackIx)>,
    /// Said not to be the same person.
    constraints: Vec<(TrackIx, TrackIx)>,
}

impl ConstraintConflict {
    /// The links that go where the edit overrides, or its refusal where there is anything to
    /// refuse.
    pub(super) fn resolve(self, review: &Review, overrides: bool) -> Result<Vec<(String, String)>, Refusal> {
        let id = |track: TrackIx| review.track_id(track).to_owned();
        let ids = |pairs: Vec<(TrackIx, TrackIx)>| -> Vec<_> {
            pairs.into_iter().map(|(a, b)| (id(a), id(b))).collect()
        };
        let (pairs, links) = (self.co_occurring, ids(self.constraints));
        if overrides || (pairs.is_empty() && links.is_empty()) {
            return Ok(links);
        }
        Err(Refusal::Conflict { pairs: ids(pairs), links })
    }
}

impl Review {
    /// The conflicts of merging identities (ascending). O(tracks of all but the largest, and with
    /// whom they are seen).
    pub(super) fn merged(&self, ids: &[IdentityId], co_occurrence: &CoOccurrence) -> ConstraintConflict {
        let size = |id: &&IdentityId| self.identity(**id).map_or(0, |identity| identity.tracks.len());
        let largest = ids.iter().max_by_key(size);
        let rest = ids.iter().filter(|id| Some(*id) != largest).filter_map(|&id| self.identity(id));
        let joins = |track| self.identity_of(track).is_some_and(|id| ids.binary_search(&id).is_ok());
        self.conflict(rest.flat_map(|identity| identity.tracks.iter().copied()), joins, co_occurrence)
    }

    /// The conflicts of tracks with each other and with those of `to`.
    /// O(tracks, and with whom they are seen).
    pub(super) fn moved(
        &self,
        ids: &[String],
        to: Option<IdentityId>,
        co_occurrence: &CoOccurrence,
    ) -> ConstraintConflict {
        let mut tracks: Vec<TrackIx> = ids.iter().filter_map(|id| self.track(id)).collect();
        tracks.sort_unstable();
        let joins =
            |track| tracks.binary_search(&track).is_ok() || (to.is_some() && self.identity_of(track) == to);
        self.conflict(tracks.iter().copied(), joins, co_occurrence)
    }

    fn conflict(
        &self,
        moving: impl Iterator<Item = TrackIx>,
        joins: impl Fn(TrackIx) -> bool,
        co_occurrence: &CoOccurrence,
    ) -> ConstraintConflict {
        let mut clash = ConstraintConflict::default();
        for x in moving {
            let from = self.identity_of(x);
            let is_new = |y: &TrackIx| joins(*y) && (from.is_none() || self.identity_of(*y) != from);
            let pair = |y: TrackIx| (x.min(y), x.max(y));
            clash.co_occurring.extend(co_occurrence.of(x).iter().copied().filter(is_new).map(pair));
            clash.constraints.extend(self.constraints.cannot(x).filter(is_new).map(pair));
        }
        for pairs in [&mut clash.co_occurring, &mut clash.constraints] {
            pairs.sort_unstable();
            pairs.dedup();
        }
        if !clash.constraints.is_empty() {
            // One that newer must-links have overruled separates nothing.
            let held = self.constraints();
            let holds = |&(a, b): &(TrackIx, TrackIx)| {
                held.iter().any(|link| (link.a, link.b, link.kind) == (a, b, ConstraintKind::Cannot))
            };
            clash.constraints.retain(holds);
        }
        clash
    }
}
