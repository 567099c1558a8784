//! What a proposed clustering would change about the identities.
//!
//! Takes two states of the review; gives which identities gain, lose, merge and split, as plain
//! data. It decides nothing and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::base::TrackIx;
use crate::review::{IdentityId, Review};

/// What happens to one identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentityChange {
    /// Its number.
    pub identity: IdentityId,
    /// Its name, or `Person 12`.
    pub title: String,
    /// Tracks before; 0 for a new identity.
    pub before: usize,
    /// Tracks after; 0 for one that ends.
    pub after: usize,
    /// Tracks that come to it.
    pub gains: Vec<String>,
    /// Tracks that leave it.
    pub loses: Vec<String>,
    /// Other identities whose tracks come to it.
    pub from: Vec<IdentityId>,
    /// Other identities to which its tracks go.
    pub to: Vec<IdentityId>,
}

/// All that would change, and how much stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Diff {
    /// Identities before.
    pub n_before: usize,
    /// Identities after.
    pub n_after: usize,
    /// Identities that stay as they are.
    pub n_unchanged: usize,
    /// Identities that take in tracks of others.
    pub n_merging: usize,
    /// Identities whose tracks go to others.
    pub n_splitting: usize,
    /// Tracks that change their identity.
    pub n_tracks: usize,
    /// Every identity that changes, by number.
    pub changes: Vec<IdentityChange>,
}

impl Diff {
    /// Compares two states of the same tracks. O(n log n).
    #[must_use]
    pub(crate) fn between(before: &Review, after: &Review) -> Self {
        let tracks: Vec<TrackIx> = (0..before.n_tracks() as TrackIx).collect();
        let mut gains: BTreeMap<IdentityId, Vec<TrackIx>> = BTreeMap::new();
        let mut loses: BTreeMap<IdentityId, Vec<TrackIx>> = BTreeMap::new();
        let mut n_tracks = 0;
        for &track in &tracks {
            let (from, to) = (before.identity_of(track), after.identity_of(track));
            if from != to {
                n_tracks += 1;
                if let Some(id) = from {
                    loses.entry(id).or_default().push(track);
                }
                if let Some(id) = to {
                    gains.entry(id).or_default().push(track);
                }
            }
        }
        let ids: BTreeSet<IdentityId> =
            before.identities().chain(after.identities()).map(|identity| identity.id).collect();
        let change = |&id: &IdentityId| {
            let (old, new) = (before.identity(id), after.identity(id));
            let (gained, lost) = (gains.get(&id), loses.get(&id));
            (gained.is_some() || lost.is_some()).then(|| {
                let (gained, lost) =
                    (gained.map_or(&[][..], Vec::as_slice), lost.map_or(&[][..], Vec::as_slice));
                let names =
                    |tracks: &[TrackIx]| tracks.iter().map(|&t| before.track_id(t).to_owned()).collect();
                IdentityChange {
                    identity: id,
                    title: new.or(old).map(crate::review::Identity::title).unwrap_or_default(),
                    before: old.map_or(0, |identity| identity.tracks.len()),
                    after: new.map_or(0, |identity| identity.tracks.len()),
                    gains: names(gained),
                    loses: names(lost),
                    from: others(gained, before),
                    to: others(lost, after),
                }
            })
        };
        let changes: Vec<IdentityChange> = ids.iter().filter_map(change).collect();
        Self {
            n_before: before.identities().len(),
            n_after: after.identities().len(),
            n_unchanged: ids.len() - changes.len(),
            n_merging: changes.iter().filter(|change| !change.from.is_empty()).count(),
            n_splitting: changes.iter().filter(|change| !change.to.is_empty()).count(),
            n_tracks,
            changes,
        }
    }
}

/// The identities of some tracks, ascending.
fn others(tracks: &[TrackIx], review: &Review) -> Vec<IdentityId> {
    tracks
        .iter()
        .filter_map(|&track| review.identity_of(track))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{AdoptedClustering, Edit};

    fn review(groups: &[(u64, &[&str])]) -> Review {
        let mut review = Review::new(["a", "b", "c", "d", "e"].map(str::to_owned).to_vec());
        let of = |&(id, tracks): &(u64, &[&str])| {
            (IdentityId(id), tracks.iter().map(|&track| track.to_owned()).collect())
        };
        let identities = groups.iter().map(of).collect();
        review.apply(&Edit::Adopt(AdoptedClustering { identities, ..AdoptedClustering::default() }));
        review
    }

    #[test]
    fn who_gains_loses_merges_and_splits() {
        let before = review(&[(1, &["a", "b"]), (2, &["c"]), (3, &["d"])]);
        let after = review(&[(1, &["a"]), (2, &["b", "c"]), (3, &["d"]), (4, &["e"])]);
        let diff = Diff::between(&before, &after);
        assert_eq!((diff.n_before, diff.n_after, diff.n_unchanged, diff.n_tracks), (3, 4, 1, 2));
        assert_eq!((diff.n_merging, diff.n_splitting), (1, 1));
        let told: Vec<_> = diff
            .changes
            .iter()
            .map(|c| (c.identity.0, c.before, c.after, c.gains.len(), c.loses.len()))
            .collect();
        assert_eq!(told, [(1, 2, 1, 0, 1), (2, 1, 2, 1, 0), (4, 0, 1, 1, 0)]);
        assert_eq!(
            (&diff.changes[0].to, &diff.changes[1].from),
            (&vec![IdentityId(2)], &vec![IdentityId(1)])
        );
        assert_eq!(diff.changes[2].title, "Person 4");
        assert_eq!(Diff::between(&after, &after).changes, []);
    }
}
