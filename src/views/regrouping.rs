//! What a new clustering would change, in parts that can be adopted one by one.
//!
//! Takes the record of a new clustering and the present state; gives a [`Regrouping`]. Parts
//! exchange no tracks with each other, so any choice of them is a state of its own. What the
//! curator named, confirmed or otherwise kept is in no part: no clustering moves it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Diff, IdentityChange};
use crate::base::{TrackIx, UnionFind};
use crate::review::{AdoptedClustering, Edit, IdentityId, Review};

/// Identities that would exchange tracks with each other, and with no others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChangeGroup {
    /// Its number in the proposal, from 1; the part that moves most tracks comes first.
    pub number: usize,
    /// How many tracks would change their identity.
    pub n_tracks: usize,
    /// What happens to each of its identities, by their numbers.
    pub changes: Vec<IdentityChange>,
}

/// What a new clustering would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Regrouping {
    /// Method, model and radius, in words.
    pub source: String,
    /// Identities before.
    pub n_before: usize,
    /// Identities after, where all of it is adopted.
    pub n_after: usize,
    /// Identities that stay as they are.
    pub n_unchanged: usize,
    /// Tracks that would change their identity.
    pub n_tracks: usize,
    /// The parts, by number.
    pub parts: Vec<ChangeGroup>,
    #[serde(skip)]
    adopted: AdoptedClustering,
}

/// A part that a proposal does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no part {number} among the {n_parts} of this proposal; add --propose to see them")]
pub struct UnknownGroup {
    /// As asked for.
    pub number: usize,
    /// How many there are.
    pub n_parts: usize,
}

/// Tracks that would go the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    /// Their identity; none for unassigned tracks.
    pub from: Option<IdentityId>,
    /// Whose they would be.
    pub to: Option<IdentityId>,
    /// The tracks, ascending.
    pub tracks: Vec<TrackIx>,
}

impl ChangeGroup {
    /// What would happen to which tracks of the state that this was made for, most tracks first.
    #[must_use]
    pub(crate) fn moves(&self, review: &Review) -> Vec<Move> {
        let mut to = BTreeMap::new();
        for change in &self.changes {
            let track = |id: &String| review.track(id);
            for lost in change.loses.iter().filter_map(track) {
                to.entry(lost).or_insert(None);
            }
            to.extend(change.gains.iter().filter_map(track).map(|gained| (gained, Some(change.identity))));
        }
        let mut ways: BTreeMap<(Option<IdentityId>, Option<IdentityId>), Vec<TrackIx>> = BTreeMap::new();
        for (track, to) in to {
            ways.entry((review.identity_of(track), to)).or_default().push(track);
        }
        let moves = ways.into_iter().map(|((from, to), tracks)| Move { from, to, tracks });
        let mut moves: Vec<Move> = moves.collect();
        moves.sort_by_key(|it| std::cmp::Reverse(it.tracks.len()));
        moves
    }
}

impl Regrouping {
    /// What `adopted`, the record of a new clustering, would change about a state. O(n log n).
    pub(crate) fn of(review: &Review, adopted: AdoptedClustering) -> Self {
        let mut after = review.clone();
        after.apply(&Edit::Adopt(adopted.clone()));
        let diff = Diff::between(review, &after);
        let places: BTreeMap<IdentityId, u32> = diff.changes.iter().map(|it| it.identity).zip(0..).collect();
        let mut sets = UnionFind::new(diff.changes.len());
        for (change, at) in diff.changes.iter().zip(0..) {
            for other in change.from.iter().chain(&change.to).filter_map(|id| places.get(id)) {
                sets.union(at, *other);
            }
        }
        let mut groups: BTreeMap<u32, Vec<IdentityChange>> = BTreeMap::new();
        for (change, at) in diff.changes.into_iter().zip(0..) {
            groups.entry(sets.find(at)).or_default().push(change);
        }
        let part = |changes: Vec<IdentityChange>| {
            // A track that changes its identity is lost by one, gained by one, or both.
            let names = changes.iter().flat_map(|it| it.gains.iter().chain(&it.loses));
            let n_tracks = names.collect::<BTreeSet<_>>().len();
            ChangeGroup { number: 0, n_tracks, changes }
        };
        let mut parts: Vec<ChangeGroup> = groups.into_values().map(part).collect();
        parts.sort_by_key(|part| (std::cmp::Reverse(part.n_tracks), part.changes[0].identity));
        for (part, number) in parts.iter_mut().zip(1..) {
            part.number = number;
        }
        let source = adopted.source.clone();
        let (n_before, n_after) = (diff.n_before, diff.n_after);
        Self {
            source,
            n_before,
            n_after,
            n_unchanged: diff.n_unchanged,
            n_tracks: diff.n_tracks,
            parts,
            adopted,
        }
    }

    /// Whether nothing would change.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// What adopting some parts would record upon the state that this was made for.
    ///
    /// # Errors
    /// [`UnknownGroup`] for a number that is none.
    pub(crate) fn chosen(
        &self,
        review: &Review,
        parts: &BTreeSet<usize>,
    ) -> Result<AdoptedClustering, UnknownGroup> {
        if let Some(&number) = parts.iter().find(|number| !(1..=self.parts.len()).contains(*number)) {
            return Err(UnknownGroup { number, n_parts: self.parts.len() });
        }
        let of = |chosen: bool| -> BTreeSet<IdentityId> {
            let parts = self.parts.iter().filter(|part| parts.contains(&part.number) == chosen);
            parts.flat_map(|part| &part.changes).map(|change| change.identity).collect()
        };
        let left = of(false);
        let adopted = self.adopted.identities.iter().filter(|(id, _)| !left.contains(id)).cloned();
        // An identity in a group that is not adopted stays as before.
        let stay = review.identities().filter(|identity| !identity.kept && left.contains(&identity.id));
        let stay = stay.map(|identity| {
            let tracks = identity.tracks.iter().map(|&track| review.track_id(track).to_owned()).collect();
            (identity.id, tracks)
        });
        let mut identities: Vec<(IdentityId, Vec<String>)> = adopted.chain(stay).collect();
        identities.sort_by_key(|it| it.0);
        Ok(AdoptedClustering { identities, ..self.adopted.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{CoOccurrence, seeded};
    use crate::review::adoption;
    use rand::RngExt;

    fn ids(n: usize) -> Vec<String> {
        (0..n).map(|at| format!("t{at}")).collect()
    }

    fn adopt(review: &mut Review, clusters: &[Vec<TrackIx>], fresh: u64) {
        let adopted = adoption(review, clusters, "test".into(), IdentityId(fresh));
        review.apply(&Edit::Adopt(adopted));
    }

    fn regrouping(review: &Review, clusters: &[Vec<TrackIx>]) -> Regrouping {
        Regrouping::of(review, adoption(review, clusters, "test".into(), IdentityId(100)))
    }

    #[test]
    fn parts_exchange_nothing_and_any_of_them_can_be_adopted() {
        let mut review = Review::new(ids(9));
        adopt(&mut review, &[vec![0, 1, 2], vec![3, 4], vec![5, 6], vec![7]], 1);
        let proposed = regrouping(&review, &[vec![0, 1], vec![2, 3, 4], vec![5], vec![6], vec![7, 8]]);
        let told: Vec<(usize, usize, Vec<u64>)> = proposed
            .parts
            .iter()
            .map(|part| (part.number, part.n_tracks, part.changes.iter().map(|it| it.identity.0).collect()))
            .collect();
        assert_eq!(told, [(1, 1, vec![1, 2]), (2, 1, vec![3, 100]), (3, 1, vec![4])]);
        let way = |from, to, tracks: &[TrackIx]| Move { from, to, tracks: tracks.to_vec() };
        let id = |id| Some(IdentityId(id));
        assert_eq!(proposed.parts[0].moves(&review), [way(id(1), id(2), &[2])]);
        assert_eq!(proposed.parts[1].moves(&review), [way(id(3), id(100), &[6])]);
        assert_eq!(proposed.parts[2].moves(&review), [way(None, id(4), &[8])]);
        let mut after = review.clone();
        let adopted = proposed.chosen(&review, &BTreeSet::from([1, 3])).unwrap();
        after.apply(&Edit::Adopt(adopted));
        let shape: Vec<(u64, Vec<TrackIx>)> =
            after.identities().map(|it| (it.id.0, it.tracks.clone())).collect();
        assert_eq!(shape, [(1, vec![0, 1]), (2, vec![2, 3, 4]), (3, vec![5, 6]), (4, vec![7, 8])]);
        assert!(regrouping(&review, &[vec![0, 1, 2], vec![3, 4], vec![5, 6], vec![7]]).is_empty());
        let none = proposed.chosen(&review, &BTreeSet::from([4])).unwrap_err();
        assert!(none.to_string().contains("no part 4"), "{none}");
    }

    /// Adopts random parts of random clusterings over a review with random decisions: what the
    /// curator kept never moves, chosen parts come out as proposed, and others stay.
    #[test]
    fn names_and_confirmed_tracks_never_move_by_machine() {
        let mut rng = seeded(9);
        let n = 40_u32;
        for round in 0..200 {
            let mut random = |k: u32| {
                let mut clusters = vec![Vec::new(); k as usize];
                (0..n).for_each(|track| clusters[rng.random_range(0..k as usize)].push(track));
                clusters
            };
            let (first, second) = (random(12), random(9));
            let mut review = Review::new(ids(n as usize));
            adopt(&mut review, &first, 1);
            for at in 0..6 {
                let all: Vec<IdentityId> = review.identities().map(|it| it.id).collect();
                let id = all[rng.random_range(0..all.len())];
                let other = all[rng.random_range(0..all.len())];
                let track = format!("t{}", rng.random_range(0..n));
                let edit = match at {
                    0 => Edit::Rename { identity: id, name: "Anna".into() },
                    1 => Edit::Confirm { identities: vec![id] },
                    2 => Edit::merge(vec![id, other], None),
                    3 => Edit::Ignore { identities: vec![id] },
                    4 => Edit::move_to(vec![track], id),
                    _ => Edit::Reject { tracks: vec![track] },
                };
                if let Ok(edit) = review.prepare(edit, IdentityId(50), &CoOccurrence::default()) {
                    review.apply(&edit);
                }
            }
            let proposed = regrouping(&review, &second);
            let numbers = 1..=proposed.parts.len();
            let parts: BTreeSet<usize> = numbers.filter(|_| rng.random_bool(0.5)).collect();
            let mut after = review.clone();
            after.apply(&Edit::Adopt(proposed.chosen(&review, &parts).unwrap()));
            for kept in review.identities().filter(|identity| identity.kept) {
                assert_eq!(after.identity(kept.id), Some(kept), "round {round}");
            }
            for track in (0..n).filter(|&track| review.is_rejected(track)) {
                assert_eq!((after.identity_of(track), after.is_rejected(track)), (None, true));
            }
            let mut whole = review.clone();
            whole.apply(&Edit::Adopt(proposed.adopted.clone()));
            for part in &proposed.parts {
                let like = if parts.contains(&part.number) { &whole } else { &review };
                for change in &part.changes {
                    let tracks =
                        |review: &Review| review.identity(change.identity).map(|it| it.tracks.clone());
                    assert_eq!(tracks(&after), tracks(like), "round {round}");
                }
            }
        }
    }
}
