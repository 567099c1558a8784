//! Who somebody may be: the named people for an identity, all identities for some tracks, likeliest
//! first.
//!
//! Takes the means of a state; gives identities, each with how likely it is the same person. Who is
//! seen at the same time, or was said to be somebody else, is left out.

use std::collections::BTreeSet;

use super::bars::{Bars, seen_with};
use super::belief::{farthest, likelihood};
use super::centres::{Centres, Place, mean_of};
use super::videos::{Videos, videos_of};
use super::{Queue, Vectors};
use crate::base::{Cx, Distance, LinkKind, TrackIx};
use crate::cluster::likelihood::{Group, SamePerson};
use crate::review::{IdentityId, IdentityState, Review};

/// The largest squared distance of two unit rows.
const ALL: f32 = 4.0;
/// Whom tracks belong to with less than this probability is not told.
const LEAST: f32 = 0.005;

/// The named identities whom an identity may be, likeliest first; those that cannot be it are left
/// out. O(tracks · dim).
#[must_use]
pub fn likely(vectors: &Vectors, review: &Review, identity: IdentityId) -> Vec<(IdentityId, f32)> {
    named(&Centres::of(vectors, review), &Bars::of(review), vectors, review, identity)
}

impl Queue {
    /// What [`likely`] says of the state that the queue follows. O(identities · dim, and with whom
    /// its tracks are seen).
    #[must_use]
    pub fn likely(&self, identity: IdentityId) -> Vec<(IdentityId, f32)> {
        named(&self.centres, &self.bars, &self.vectors, &self.review, identity)
    }

    /// The identities to which tracks may belong, likeliest first, those of less than one in two
    /// hundred left out; not where all of them are now. O(identities · dim + links, and with whom the
    /// tracks are seen).
    #[must_use]
    pub(crate) fn homes(&self, tracks: &[TrackIx]) -> Vec<(IdentityId, f32)> {
        let mut found = self.homes_within(tracks, farthest(&self.vectors), |_| true);
        found.retain(|(_, p)| *p >= LEAST);
        found
    }

    /// The `n` named people whom tracks are likeliest, however unlikely, for a move by one click;
    /// somebody of the same video is likelier meant, and not where all of them are now. O(identities · dim + links, and with whom the tracks are seen).
    #[must_use]
    pub(crate) fn named_homes(&self, tracks: &[TrackIx], n: usize) -> Vec<(IdentityId, f32)> {
        let found = self.homes_within(tracks, ALL, |place| place.is_named);
        let (videos, own) = (Videos::of(&self.vectors, &self.review), videos_of(&self.vectors, tracks));
        let log_odds = |(id, p): (IdentityId, f32)| {
            let odds = f64::from(p) / (1.0 - f64::from(p));
            (id, p, odds.ln() + videos.evidence(&own, &self.videos(id)))
        };
        let mut found: Vec<(IdentityId, f32, f64)> = found.into_iter().map(log_odds).collect();
        found.sort_by(|a, b| b.2.total_cmp(&a.2));
        found.truncate(n);
        found.into_iter().map(|(id, p, _)| (id, p)).collect()
    }

    fn homes_within(
        &self,
        tracks: &[TrackIx],
        limit: f32,
        wanted: impl Fn(Place) -> bool + Sync,
    ) -> Vec<(IdentityId, f32)> {
        let Some((mean, group)) = mean_of(&self.vectors, tracks) else { return Vec::new() };
        let mut barred: BTreeSet<IdentityId> =
            seen_with(&self.vectors, &self.review, tracks).into_iter().collect();
        barred.extend(tracks.iter().flat_map(|&track| self.review.refused(track)));
        for link in self.review.links().into_iter().filter(|link| link.kind == LinkKind::Cannot) {
            let other = |one: TrackIx, other: TrackIx| tracks.contains(&one).then_some(other);
            let parted = other(link.a, link.b).or_else(|| other(link.b, link.a));
            barred.extend(parted.and_then(|track| self.review.identity_of(track)));
        }
        let mut own = tracks.iter().map(|&track| self.review.identity_of(track));
        let home = own.next().flatten().filter(|&home| own.all(|other| other == Some(home)));
        let may = |place: Place| wanted(place) && !barred.contains(&place.id) && Some(place.id) != home;
        near(&self.centres, (&mean, group), self.vectors.same_person(), limit, may)
    }
}

fn named(
    centres: &Centres,
    bars: &Bars,
    vectors: &Vectors,
    review: &Review,
    identity: IdentityId,
) -> Vec<(IdentityId, f32)> {
    let (Some(own), Some(identity)) = (centres.slot(identity), review.identity(identity)) else {
        return Vec::new();
    };
    let seen = seen_with(vectors, review, &identity.tracks);
    let may = |place: Place| {
        place.is_named
            && place.id != identity.id
            && !bars.hold(identity.id, place.id)
            && seen.binary_search(&place.id).is_err()
    };
    let group = centres.place(own).map_or(Group::ONE, |place| place.group);
    near(centres, (centres.row(own), group), vectors.same_person(), ALL, may)
}

/// Those who may be meant and are not put aside, likeliest first.
fn near(
    centres: &Centres,
    (row, group): (&[f32], Group),
    same_person: SamePerson,
    limit: f32,
    may: impl Fn(Place) -> bool + Sync,
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
    // The nearest is not always the likeliest: a mean over many pairs says more than one pair.
    told.sort_by(|a, b| b.1.total_cmp(&a.1));
    told
}
