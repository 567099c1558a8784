//! Candidates: the named people for an identity, all identities for some tracks, most
//! likely first.
//!
//! Takes the means of a state; gives identities, each with how likely it is the same person. Who is
//! seen at the same time, or was said to be another person, is left out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use super::centres::{Centres, SlotIdentity, mean_of};
use super::edits::combined;
use super::known_different::{KnownDifferent, co_occurring_identities};
use super::likelihood::{farthest, likelihood};
use super::recognition::{OFFERED, is_sure};
use super::videos::{VideoEvidence, videos_of};
use super::{QuestionQueue, Vectors};
use crate::base::{ConstraintKind, Cx, Distance, TrackIx};
use crate::cluster::likelihood::{SamePersonModel, TrackGroup};
use crate::review::{Edit, Identity, IdentityId, IdentityState, Review};

/// The largest squared distance of two unit rows.
const ALL: f32 = 4.0;
/// Identities below this probability are left out.
const LEAST: f32 = 0.005;
/// The most identities that are proposed unasked, and the least likely of them.
const PROPOSED: usize = 8;
const LEAST_PROPOSED: f32 = 0.05;

/// An identity without a name, and the named one of the project that it most likely is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LikelyPerson {
    /// The identity in question.
    pub identity: IdentityId,
    /// The named one.
    pub person: IdentityId,
    /// How likely they are the same, in 0..1.
    pub p: f32,
    /// The next best named one, and how likely; none where there is no other.
    pub rival: Option<(IdentityId, f32)>,
    /// Likely, and far more likely than any other person: may be taken unseen.
    pub is_sure: bool,
}

/// The edit that says yes to some of [`QuestionQueue::likely_people`]; none for none.
#[must_use]
pub fn accept_likely(found: &[&LikelyPerson]) -> Option<Edit> {
    let mut joins: BTreeMap<IdentityId, Vec<IdentityId>> = BTreeMap::new();
    for it in found {
        joins.entry(it.person).or_default().push(it.identity);
    }
    let merge = |(person, joined): (IdentityId, Vec<IdentityId>)| Edit::merge(joined, Some(person));
    combined(joins.into_iter().map(merge).collect())
}

/// The named identities that an identity may be, most likely first; those that cannot be it are
/// left out. O(tracks · dim).
#[must_use]
pub fn likely(vectors: &Vectors, review: &Review, identity: IdentityId) -> Vec<(IdentityId, f32)> {
    named(&Centres::of(vectors, review), &KnownDifferent::of(review), vectors, review, identity)
}

impl QuestionQueue {
    /// What [`likely`] says of the state that the queue follows. O(identities · dim, and with whom
    /// its tracks are seen).
    #[must_use]
    pub fn likely(&self, identity: IdentityId) -> Vec<(IdentityId, f32)> {
        named(&self.centres, &self.known_different, &self.vectors, &self.review, identity)
    }

    /// For each identity without a name, the named one that it most likely is; most likely first. The
    /// bounds are those of recognised people. Left out are ignored identities; one that is seen at
    /// the same time as another one of that person is never sure. O(identities² · dim).
    #[must_use]
    pub fn likely_people(&self) -> Vec<LikelyPerson> {
        let is_asked = |it: &&Identity| it.name.is_none() && it.state != IdentityState::Ignored;
        let unnamed: Vec<&Identity> = self.review.identities().filter(is_asked).collect();
        let likeliest = |identity: &&Identity| {
            let found = self.likely(identity.id);
            let (&(person, p), rival) = (found.first()?, found.get(1).copied());
            let is_sure = is_sure(p, rival.map_or(0.0, |(_, p)| p));
            (p >= OFFERED).then_some(LikelyPerson { identity: identity.id, person, p, rival, is_sure })
        };
        let mut found: Vec<LikelyPerson> = unnamed.par_iter().filter_map(likeliest).collect();
        let mut joins: BTreeMap<IdentityId, Vec<IdentityId>> = BTreeMap::new();
        for it in found.iter_mut().filter(|it| it.is_sure) {
            let joined = joins.entry(it.person).or_default();
            let tracks = self.review.identity(it.identity).map_or(&[][..], |identity| &identity.tracks);
            let seen = co_occurring_identities(&self.vectors, &self.review, tracks);
            it.is_sure = joined.iter().all(|other| {
                seen.binary_search(other).is_err() && !self.known_different.contains(*other, it.identity)
            });
            if it.is_sure {
                joined.push(it.identity);
            }
        }
        found.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.identity.cmp(&b.identity)));
        found
    }

    /// Merges identities without a name into the named ones that they surely are, as one gesture, and says
    /// how many. None where there is none. O(identities² · dim).
    #[must_use]
    pub fn sure_merges(&self) -> Option<(Edit, usize)> {
        let found = self.likely_people();
        let sure: Vec<&LikelyPerson> = found.iter().filter(|it| it.is_sure).collect();
        Some((accept_likely(&sure)?, sure.len()))
    }

    /// The identities to which tracks may belong, most likely first, those of less than one in two
    /// hundred left out; not where all of them are now. O(identities · dim + links, and with whom
    /// the tracks are seen).
    #[must_use]
    pub(crate) fn likely_identities(&self, tracks: &[TrackIx]) -> Vec<(IdentityId, f32)> {
        let mut found = self.likely_within(tracks, farthest(&self.vectors), |_| true);
        found.retain(|(_, p)| *p >= LEAST);
        found
    }

    /// The first of [`Self::likely_identities`], to be proposed unasked: "could also be". At most eight, and
    /// none of less than one in twenty. Costs what that costs.
    #[must_use]
    pub(crate) fn could_be(&self, tracks: &[TrackIx]) -> Vec<(IdentityId, f32)> {
        let mut found = self.likely_identities(tracks);
        found.retain(|(_, p)| *p >= LEAST_PROPOSED);
        found.truncate(PROPOSED);
        found
    }

    /// The `n` named people that tracks most likely show, however unlikely, for a move by one
    /// click; people of the same video are more likely, and not where all of them are now.
    /// O(identities · dim + links, and with whom the tracks are seen).
    #[must_use]
    pub(crate) fn likely_named(&self, tracks: &[TrackIx], n: usize) -> Vec<(IdentityId, f32)> {
        let found = self.likely_within(tracks, ALL, |place| place.is_named);
        let (videos, own) =
            (VideoEvidence::of(&self.vectors, &self.review), videos_of(&self.vectors, tracks));
        let log_odds = |(id, p): (IdentityId, f32)| {
            let odds = f64::from(p) / (1.0 - f64::from(p));
            (id, p, odds.ln() + videos.evidence(&own, &self.videos(id)))
        };
        let mut found: Vec<(IdentityId, f32, f64)> = found.into_iter().map(log_odds).collect();
        found.sort_by(|a, b| b.2.total_cmp(&a.2));
        found.truncate(n);
        found.into_iter().map(|(id, p, _)| (id, p)).collect()
    }

    fn likely_within(
        &self,
        tracks: &[TrackIx],
        limit: f32,
        wanted: impl Fn(SlotIdentity) -> bool + Sync,
    ) -> Vec<(IdentityId, f32)> {
        let Some((mean, group)) = mean_of(&self.vectors, tracks) else { return Vec::new() };
        let mut barred: BTreeSet<IdentityId> =
            co_occurring_identities(&self.vectors, &self.review, tracks).into_iter().collect();
        barred.extend(tracks.iter().flat_map(|&track| self.review.refused(track)));
        for link in self.review.constraints().into_iter().filter(|link| link.kind == ConstraintKind::Cannot) {
            let other = |one: TrackIx, other: TrackIx| tracks.contains(&one).then_some(other);
            let parted = other(link.a, link.b).or_else(|| other(link.b, link.a));
            barred.extend(parted.and_then(|track| self.review.identity_of(track)));
        }
        let mut own = tracks.iter().map(|&track| self.review.identity_of(track));
        let home = own.next().flatten().filter(|&home| own.all(|other| other == Some(home)));
        let may =
            |place: SlotIdentity| wanted(place) && !barred.contains(&place.id) && Some(place.id) != home;
        near(&self.centres, (&mean, group), self.vectors.same_person(), limit, may)
    }
}

fn named(
    centres: &Centres,
    known_different: &KnownDifferent,
    vectors: &Vectors,
    review: &Review,
    identity: IdentityId,
) -> Vec<(IdentityId, f32)> {
    let (Some(own), Some(identity)) = (centres.slot(identity), review.identity(identity)) else {
        return Vec::new();
    };
    let seen = co_occurring_identities(vectors, review, &identity.tracks);
    let may = |place: SlotIdentity| {
        place.is_named
            && place.id != identity.id
            && !known_different.contains(identity.id, place.id)
            && seen.binary_search(&place.id).is_err()
    };
    let group = centres.place(own).map_or(TrackGroup::ONE, |place| place.group);
    near(centres, (centres.row(own), group), vectors.same_person(), ALL, may)
}

/// The identities that may be meant and are not ignored, most likely first.
fn near(
    centres: &Centres,
    (row, group): (&[f32], TrackGroup),
    same_person: SamePersonModel,
    limit: f32,
    may: impl Fn(SlotIdentity) -> bool + Sync,
) -> Vec<(IdentityId, f32)> {
    let may = |_: usize, slot: u32| {
        centres.place(slot).is_some_and(|place| place.state != IdentityState::Ignored && may(place))
    };
    // Nobody cancels it.
    let found = centres.within(row, limit, usize::MAX, may, &Cx::new()).unwrap_or_default();
    let told = |(slot, distance): (u32, f32)| {
        let place = centres.place(slot)?;
        Some((place.id, likelihood(&same_person, Distance(distance), group, place.group)))
    };
    let mut told: Vec<(IdentityId, f32)> = found.into_iter().flatten().filter_map(told).collect();
    // The nearest is not always the most likely: a mean over many pairs says more than one pair.
    told.sort_by(|a, b| b.1.total_cmp(&a.1));
    told
}
