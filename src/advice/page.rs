//! Pages of questions that are answered by one key, and the edits that the answers make.
//!
//! A page is a grid in which the likely answers are ticked already: the curator changes what is
//! wrong and accepts. Takes the queue and the ticks; gives one edit, which is one undo step.

use std::collections::BTreeMap;

use super::edits::{combined, split_off};
use super::known_different::co_occurring_identities;
use super::queue::{MergeQuestion, QuestionQueue};
use super::{Vectors, split};
use crate::base::{TrackIx, UnionFind};
use crate::review::{Edit, IdentityId, Review};

impl QuestionQueue {
    /// The `n` best questions that go together: what is likely joins nobody who cannot be one
    /// person over others of the page, and no question follows from the others.
    #[must_use]
    pub fn page(&self, n: usize) -> Vec<MergeQuestion> {
        self.compatible(self.pairs.iter().copied(), n, MergeQuestion::is_likely)
    }

    /// The first `n` of some pairs that go together where those that are ticked are accepted.
    pub(super) fn compatible(
        &self,
        pairs: impl Iterator<Item = MergeQuestion>,
        n: usize,
        is_ticked: impl Fn(&MergeQuestion) -> bool,
    ) -> Vec<MergeQuestion> {
        let mut groups: BTreeMap<IdentityId, usize> = BTreeMap::new();
        let mut members: Vec<Vec<IdentityId>> = Vec::new();
        let mut page = Vec::new();
        for pair in pairs {
            if page.len() == n {
                break;
            }
            let [a, b] = [pair.a, pair.b].map(|id| {
                *groups.entry(id).or_insert_with(|| {
                    members.push(vec![id]);
                    members.len() - 1
                })
            });
            if a == b {
                continue;
            }
            if is_ticked(&pair) {
                let n_pairs = members[a].len() * members[b].len();
                if n_pairs > 1 && self.are_known_different(&members[a], &members[b]) {
                    continue;
                }
                let moved = std::mem::take(&mut members[b]);
                for &id in &moved {
                    groups.insert(id, a);
                }
                members[a].extend(moved);
            }
            page.push(pair);
        }
        page
    }

    /// Whether any of some identities cannot be one person with any of others.
    fn are_known_different(&self, some: &[IdentityId], others: &[IdentityId]) -> bool {
        let named = |ids: &[IdentityId]| {
            ids.iter().any(|&id| self.review.identity(id).is_some_and(|it| it.name.is_some()))
        };
        if named(some) && named(others) {
            return true;
        }
        some.iter().any(|&a| {
            let Some(identity) = self.review.identity(a) else { return true };
            let seen = co_occurring_identities(&self.vectors, &self.review, &identity.tracks);
            others.iter().any(|&b| self.known_different.contains(a, b) || seen.binary_search(&b).is_ok())
        })
    }
}

/// The edit that a yes or a no to one question makes: the two become one person, or are remembered
/// as different people. None where one of them is gone.
#[must_use]
pub fn answer(review: &Review, pair: &MergeQuestion, is_same: bool) -> Option<Edit> {
    let is_there = |id| review.identity(id).is_some();
    if !is_there(pair.a) || !is_there(pair.b) {
        return None;
    }
    if is_same { Some(Edit::merge(vec![pair.a, pair.b], None)) } else { review.cannot_link(pair.a, pair.b) }
}

/// The edit that accepts a page: ticked pairs become one person, over several where they hang
/// together. An unticked pair is no answer, and nothing is remembered of it. None where nothing is
/// ticked.
#[must_use]
pub fn accept(review: &Review, page: &[MergeQuestion], ticks: &[bool]) -> Option<Edit> {
    let mut ids: Vec<IdentityId> = page.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|&id| review.identity(id).is_some());
    let place = |id: IdentityId| ids.binary_search(&id).ok().map(|place| place as u32);
    let mut people = UnionFind::new(ids.len());
    for (pair, _) in page.iter().zip(ticks).filter(|(_, tick)| **tick) {
        if let (Some(a), Some(b)) = (place(pair.a), place(pair.b)) {
            people.union(a, b);
        }
    }
    let mut groups: BTreeMap<u32, Vec<IdentityId>> = BTreeMap::new();
    for (place, &id) in (0..).zip(&ids) {
        groups.entry(people.find(place)).or_default().push(id);
    }
    let merges = groups.into_values().filter(|group| group.len() > 1).map(|group| Edit::merge(group, None));
    combined(merges.collect())
}

/// The edit that a grid of one identity's tracks makes, where all but `wrong` are right: the wrong
/// ones are split off, grouped among themselves; each group is remembered as another person, and
/// the identity is confirmed. None where there is no such identity. Where all are wrong, nothing
/// is right, and the largest group keeps the number.
#[must_use]
pub fn checked(vectors: &Vectors, review: &Review, identity: IdentityId, wrong: &[TrackIx]) -> Option<Edit> {
    let identity = review.identity(identity)?;
    let is_wrong = |track: &TrackIx| wrong.contains(track);
    let (out, right): (Vec<_>, Vec<_>) = identity.tracks.iter().copied().partition(is_wrong);
    let mut groups = split::groups(vectors, review, &out);
    if right.is_empty() && !groups.is_empty() {
        groups.remove(0);
    }
    let mut edits = split_off(review, identity, right.first().copied(), &groups);
    if !right.is_empty() {
        edits.push(Edit::Confirm { identities: vec![identity.id] });
    }
    combined(edits)
}

/// The edit that takes an identity apart, each track by itself; nothing is remembered of who they
/// are not. None where there is one track, or no such identity.
#[must_use]
pub(crate) fn split_into_tracks(review: &Review, identity: IdentityId) -> Option<Edit> {
    let others = review.identity(identity)?.tracks.iter().skip(1);
    combined(others.map(|&track| Edit::split(vec![review.track_id(track).to_owned()], None)).collect())
}
