//! Recognition: which people of a library the identities may be.
//!
//! Takes vectors, a state, and how the known people look in the same space; gives, for identities
//! without a name, the most likely person of each, and the edits of a yes and a no. It
//! never forces anything: a proposal is an ordinary edit that somebody asks for.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::centres::{group_distance, mean_of};
use super::likelihood::{farthest, likelihood};
use super::{Vectors, known_different};
use crate::base::{Distance, TrackIx};
use crate::cluster::likelihood::TrackGroup;
use crate::review::{Edit, Identity, IdentityId, IdentityState, KnownPerson, Review};

/// Below this probability no person is proposed.
pub(super) const OFFERED: f32 = 0.2;
/// From this probability on, and where no other person comes near, a proposal is taken for right.
const SURE: f32 = 0.8;
/// How much more likely than the next best person the proposed one must be for that.
const AHEAD: f32 = 0.25;

/// How a known person looks: the mean of unit rows that were kept together, in the space of the
/// run. A person may have several looks, of which the most likely counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Prototype {
    /// Who.
    pub person: KnownPerson,
    /// What they are called.
    pub name: String,
    /// Mean of the rows; not of unit length.
    pub mean: Vec<f32>,
    /// How many rows, and how alike they are.
    pub group: TrackGroup,
}

/// An identity, and the person of a library that it most likely is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resemblance {
    /// The identity in question.
    pub identity: IdentityId,
    /// Who of the library.
    pub person: KnownPerson,
    /// What the library calls them.
    pub name: String,
    /// How likely they are the same, in 0..1.
    pub p: f32,
    /// Mean squared distance between their tracks.
    pub distance: Distance,
    /// The next best person, and how likely; none where no other person comes into question.
    pub rival: Option<(String, f32)>,
    /// Likely, and far more likely than any other person: may be preselected.
    pub is_sure: bool,
}

/// For each identity without a name, and each that has the same name as a known person but was not
/// recognised yet, the most likely person; most likely first. Left out are ignored ones, people
/// whom the curator said the identity is not, and whoever is seen at the same time as the same
/// person.
///
/// O(identities · looks · dim).
#[must_use]
pub fn recognise_all(vectors: &Vectors, review: &Review, looks: &[Prototype]) -> Vec<Resemblance> {
    let asked: Vec<&Identity> = review.identities().filter(|it| may_be_asked(it)).collect();
    let found: Vec<Vec<NearbyPrototype>> =
        asked.par_iter().map(|identity| likely_people(vectors, review, identity, looks)).collect();
    // The most likely pair of all is settled first; an identity that is seen with a person cannot
    // be that person.
    let mut pairs: Vec<(usize, usize)> =
        found.iter().enumerate().flat_map(|(at, near)| (0..near.len()).map(move |rank| (at, rank))).collect();
    let p_of = |&(at, rank): &(usize, usize)| found[at][rank].p;
    pairs.sort_by(|a, b| p_of(b).total_cmp(&p_of(a)).then(a.cmp(b)));
    let known_different = known_different::KnownDifferent::of(review);
    let mut holders: BTreeMap<KnownPerson, Vec<IdentityId>> = BTreeMap::new();
    for identity in review.identities() {
        if let Some(person) = identity.known {
            holders.entry(person).or_default().push(identity.id);
        }
    }
    let mut proposed: Vec<Option<Resemblance>> = vec![None; asked.len()];
    for (at, rank) in pairs {
        let identity = asked[at];
        let NearbyPrototype { prototype: look, distance, p } = found[at][rank];
        if proposed[at].is_some() || p < OFFERED {
            continue;
        }
        let person = looks[look].person;
        let held = holders.entry(person).or_default();
        let seen = known_different::co_occurring_identities(vectors, review, &identity.tracks);
        if held.iter().any(|id| seen.binary_search(id).is_ok() || known_different.contains(*id, identity.id))
        {
            continue;
        }
        held.push(identity.id);
        let rival = found[at].iter().enumerate().find(|(other, _)| *other != rank);
        let rival = rival.map(|(_, near)| (looks[near.prototype].name.clone(), near.p));
        let next = rival.as_ref().map_or(0.0, |(_, p)| *p);
        proposed[at] = Some(Resemblance {
            identity: identity.id,
            person,
            name: looks[look].name.clone(),
            p,
            distance,
            rival,
            is_sure: rank == 0 && is_sure(p, next),
        });
    }
    let mut all: Vec<Resemblance> = proposed.into_iter().flatten().collect();
    all.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.identity.cmp(&b.identity)));
    all
}

/// Whether the most likely person is taken for right, with how likely the next best is.
pub(super) fn is_sure(p: f32, next: f32) -> bool {
    p >= SURE && p - next >= AHEAD
}

fn may_be_asked(identity: &Identity) -> bool {
    identity.state != IdentityState::Ignored && identity.known.is_none()
}

/// A look that is near an identity.
#[derive(Debug, Clone, Copy)]
struct NearbyPrototype {
    prototype: usize,
    distance: Distance,
    p: f32,
}

/// The people near an identity, each by the most likely of their looks, most likely first. Whoever
/// has a name can only be somebody of that name.
fn likely_people(
    vectors: &Vectors,
    review: &Review,
    identity: &Identity,
    looks: &[Prototype],
) -> Vec<NearbyPrototype> {
    let Some((own, group)) = mean_of(vectors, &identity.tracks) else { return Vec::new() };
    let farthest = farthest(vectors);
    let mut best: BTreeMap<KnownPerson, NearbyPrototype> = BTreeMap::new();
    for (at, look) in looks.iter().enumerate() {
        if identity.name.as_ref().is_some_and(|name| *name != look.name) {
            continue;
        }
        let distance = group_distance(&own, &look.mean);
        if distance.0 > farthest {
            continue;
        }
        let p = likelihood(&vectors.same_person(), distance, group, look.group);
        let found = NearbyPrototype { prototype: at, distance, p };
        let entry = best.entry(look.person).or_insert(found);
        if p > entry.p {
            *entry = found;
        }
    }
    let is_said = |person: KnownPerson| identity.tracks.iter().any(|&track| review.is_unlike(track, person));
    let mut near: Vec<NearbyPrototype> =
        best.into_iter().filter(|(person, _)| !is_said(*person)).map(|(_, found)| found).collect();
    near.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.prototype.cmp(&b.prototype)));
    near
}

/// The edit that says yes to some proposals: each identity gets the person's name, and those of one
/// person are one identity, together with whoever was recognised as that person before. None for
/// none.
#[must_use]
pub fn accept_recognised(review: &Review, proposals: &[&Resemblance]) -> Option<Edit> {
    let mut people: BTreeMap<KnownPerson, (&str, Vec<IdentityId>)> = BTreeMap::new();
    for it in proposals {
        people.entry(it.person).or_insert((&it.name, Vec::new())).1.push(it.identity);
    }
    let mut edits = Vec::new();
    for (person, (name, mut ids)) in people {
        let size = |id: &IdentityId| {
            let identity = review.identity(*id);
            let named = identity.is_some_and(|it| it.name.is_some());
            (named, identity.map_or(0, |it| it.tracks.len()), std::cmp::Reverse(*id))
        };
        let known = review.identities().find(|it| it.known == Some(person)).map(|it| it.id);
        let Some(into) = known.or_else(|| ids.iter().copied().max_by_key(size)) else { continue };
        if known.is_none() {
            edits.push(Edit::Recognise { identity: into, person, name: name.to_owned() });
        }
        ids.retain(|id| *id != into);
        if !ids.is_empty() {
            ids.push(into);
            edits.push(Edit::merge(ids, Some(into)));
        }
    }
    match edits.len() {
        0 => None,
        1 => edits.pop(),
        _ => Some(Edit::All { edits }),
    }
}

/// The edit that says no to a proposal: none of the identity's tracks is proposed for that person
/// again.
#[must_use]
pub(crate) fn unlike(review: &Review, proposal: &Resemblance) -> Option<Edit> {
    let ids = |tracks: &[TrackIx]| tracks.iter().map(|&track| review.track_id(track).to_owned()).collect();
    let tracks = ids(&review.identity(proposal.identity)?.tracks);
    Some(Edit::Unlike { tracks, person: proposal.person, name: proposal.name.clone() })
}
