//! How a new clustering meets what the curator decided before.
//!
//! Kept identities and rejected tracks stay as they are; the rest regroups around them. A
//! new group gets the number of the proposed identity that it shares most tracks with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{AdoptedClustering, Identity, IdentityId, IdentityState, Review};
use crate::base::{Details, TrackIx};

/// What adopting `clusters` (tracks of each, usable tracks only) would record.
///
/// `fresh` is the first number that was never used. Deterministic.
pub fn adoption(
    review: &Review,
    clusters: &[Vec<TrackIx>],
    source: String,
    new_id: IdentityId,
) -> AdoptedClustering {
    let mut groups: Vec<Vec<TrackIx>> = clusters
        .iter()
        .map(|cluster| cluster.iter().copied().filter(|&track| review.is_free(track)).collect())
        .filter(|group: &Vec<TrackIx>| !group.is_empty())
        .collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));

    let mut taken = BTreeSet::new();
    let mut next = new_id.0;
    let identities = groups
        .iter()
        .map(|group| {
            let mut shared: BTreeMap<IdentityId, usize> = BTreeMap::new();
            for id in group.iter().filter_map(|&track| review.identity_of(track)) {
                *shared.entry(id).or_default() += 1;
            }
            let heir = shared
                .into_iter()
                .filter(|(id, _)| !taken.contains(id))
                .max_by_key(|&(id, count)| (count, std::cmp::Reverse(id)))
                .map(|(id, _)| id);
            let id = heir.unwrap_or_else(|| {
                next += 1;
                IdentityId(next - 1)
            });
            taken.insert(id);
            (id, group.iter().map(|&track| review.track_id(track).to_owned()).collect())
        })
        .collect();
    AdoptedClustering { source, identities, ..AdoptedClustering::default() }
}

impl Review {
    /// Whether a new clustering may place the track: it belongs to no kept identity and was
    /// not rejected.
    pub(crate) fn is_free(&self, track: TrackIx) -> bool {
        let kept = self.identity_of(track).and_then(|id| self.identity(id)).is_some_and(|i| i.kept);
        !kept && !self.is_rejected(track)
    }

    /// [`Self::is_free`] of every track. O(tracks).
    pub(crate) fn free(&self) -> Vec<bool> {
        let mut free = vec![true; self.n_tracks()];
        let kept = self.identities().filter(|identity| identity.kept);
        for &track in kept.flat_map(|identity| &identity.tracks).chain(&self.rejected) {
            free[track as usize] = false;
        }
        free
    }

    /// Replaces all proposed identities by the recorded ones. O(tracks).
    pub(super) fn adopt(&mut self, adopted: &AdoptedClustering) -> usize {
        let covers: BTreeMap<IdentityId, TrackIx> =
            self.identities().filter_map(|i| Some((i.id, i.cover?))).collect();
        self.identities = std::mem::take(&mut self.identities).into_iter().filter(|(_, i)| i.kept).collect();
        let mut of_track: Vec<Option<IdentityId>> =
            self.of_track.iter().map(|of| of.filter(|id| self.identities.contains_key(id))).collect();
        for (id, tracks) in &adopted.identities {
            let tracks: BTreeSet<TrackIx> = tracks
                .iter()
                .flat_map(|id| self.tracks_of(id))
                .filter(|&track| of_track[track as usize].is_none() && !self.is_rejected(track))
                .collect();
            if tracks.is_empty() || self.identities.contains_key(id) {
                continue;
            }
            for &track in &tracks {
                of_track[track as usize] = Some(*id);
            }
            let identity = Identity {
                id: *id,
                name: None,
                known: None,
                details: Details::new(),
                state: IdentityState::Proposed,
                cover: covers.get(id).copied().filter(|cover| tracks.contains(cover)),
                kept: false,
                tracks: tracks.into_iter().collect(),
            };
            self.identities.insert(*id, Arc::new(identity));
        }
        self.n_unassigned = of_track.iter().filter(|of| of.is_none()).count();
        self.of_track = of_track.into();
        self.n_tracks()
    }
}
