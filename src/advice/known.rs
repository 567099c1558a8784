//! Whom of a library the identities may be.
//!
//! Takes vectors, a state, and how the known people look in the same space; gives, for identities
//! that nobody named, the person whom each is likeliest, and the edits that a yes and a no are. It
//! never forces anything: a proposal is an ordinary edit that somebody asks for.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::belief::{farthest, likelihood};
use super::centres::{apart, mean_of};
use super::{Vectors, bars};
use crate::base::{Distance, TrackIx};
use crate::cluster::likelihood::Group;
use crate::review::{Edit, Identity, IdentityId, IdentityState, Known, Review};

/// Below this probability nobody is proposed.
const OFFERED: f32 = 0.2;
/// From this probability on, and where nobody else comes near, a proposal is taken for right.
const SURE: f32 = 0.8;
/// How much likelier than the next best person the proposed one must be for that.
const AHEAD: f32 = 0.25;

/// How a known person looks: the mean of unit rows that were kept together, in the space of the
/// run. A person may have several looks, of which the likeliest counts.
#[derive(Debug, Clone, PartialEq)]
pub struct LookRow {
    /// Who.
    pub person: Known,
    /// What they are called.
    pub name: String,
    /// Mean of the rows; not of unit length.
    pub mean: Vec<f32>,
    /// How many rows, and how alike they are.
    pub group: Group,
}

/// An identity, and whom of a library it is likeliest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resemblance {
    /// Who is looked at.
    pub identity: IdentityId,
    /// Who of the library.
    pub person: Known,
    /// What the library calls them.
    pub name: String,
    /// How likely they are the same, in 0..1.
    pub p: f32,
    /// Mean squared distance between their tracks.
    pub distance: Distance,
    /// The next best person, and how likely; none where nobody else comes into question.
    pub rival: Option<(String, f32)>,
    /// Likely, and far likelier than anybody else: may be preselected.
    pub is_sure: bool,
}

/// For each identity without a name, and each that has the same name as a known person but was not
/// recognised yet, the likeliest person; likeliest first. Left out are ignored ones, people whom the
/// curator said the identity is not, and whoever is seen at the same time as the same person.
///
/// O(identities · looks · dim).
#[must_use]
pub fn resembling(vectors: &Vectors, review: &Review, looks: &[LookRow]) -> Vec<Resemblance> {
    let asked: Vec<&Identity> = review.identities().filter(|it| may_be_asked(it)).collect();
    let found: Vec<Vec<Near>> =
        asked.par_iter().map(|identity| near(vectors, review, identity, looks)).collect();
    // The likeliest pair of all is settled first; who is seen with somebody cannot be them as well.
    let mut pairs: Vec<(usize, usize)> =
        found.iter().enumerate().flat_map(|(at, near)| (0..near.len()).map(move |rank| (at, rank))).collect();
    let p_of = |&(at, rank): &(usize, usize)| found[at][rank].p;
    pairs.sort_by(|a, b| p_of(b).total_cmp(&p_of(a)).then(a.cmp(b)));
    let bars = bars::Bars::of(review);
    let mut holders: BTreeMap<Known, Vec<IdentityId>> = BTreeMap::new();
    for identity in review.identities() {
        if let Some(person) = identity.known {
            holders.entry(person).or_default().push(identity.id);
        }
    }
    let mut proposed: Vec<Option<Resemblance>> = vec![None; asked.len()];
    for (at, rank) in pairs {
        let identity = asked[at];
        let Near { look, distance, p } = found[at][rank];
        if proposed[at].is_some() || p < OFFERED {
            continue;
        }
        let person = looks[look].person;
        let held = holders.entry(person).or_default();
        let seen = bars::seen_with(vectors, review, &identity.tracks);
        if held.iter().any(|id| seen.binary_search(id).is_ok() || bars.hold(*id, identity.id)) {
            continue;
        }
        held.push(identity.id);
        let rival = found[at].iter().enumerate().find(|(other, _)| *other != rank);
        let rival = rival.map(|(_, near)| (looks[near.look].name.clone(), near.p));
        let ahead = p - rival.as_ref().map_or(0.0, |(_, p)| *p);
        proposed[at] = Some(Resemblance {
            identity: identity.id,
            person,
            name: looks[look].name.clone(),
            p,
            distance,
            rival,
            is_sure: rank == 0 && p >= SURE && ahead >= AHEAD,
        });
    }
    let mut all: Vec<Resemblance> = proposed.into_iter().flatten().collect();
    all.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.identity.cmp(&b.identity)));
    all
}

fn may_be_asked(identity: &Identity) -> bool {
    identity.state != IdentityState::Ignored && identity.known.is_none()
}

/// A look that is near an identity.
#[derive(Debug, Clone, Copy)]
struct Near {
    look: usize,
    distance: Distance,
    p: f32,
}

/// The people near an identity, each by the likeliest of their looks, likeliest first. Whoever has a
/// name can only be somebody of that name.
fn near(vectors: &Vectors, review: &Review, identity: &Identity, looks: &[LookRow]) -> Vec<Near> {
    let Some((own, group)) = mean_of(vectors, &identity.tracks) else { return Vec::new() };
    let farthest = farthest(vectors);
    let mut best: BTreeMap<Known, Near> = BTreeMap::new();
    for (at, look) in looks.iter().enumerate() {
        if identity.name.as_ref().is_some_and(|name| *name != look.name) {
            continue;
        }
        let distance = apart(&own, &look.mean);
        if distance.0 > farthest {
            continue;
        }
        let p = likelihood(&vectors.same_person(), distance, group, look.group);
        let found = Near { look: at, distance, p };
        let entry = best.entry(look.person).or_insert(found);
        if p > entry.p {
            *entry = found;
        }
    }
    let is_said = |person: Known| identity.tracks.iter().any(|&track| review.is_unlike(track, person));
    let mut near: Vec<Near> =
        best.into_iter().filter(|(person, _)| !is_said(*person)).map(|(_, found)| found).collect();
    near.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.look.cmp(&b.look)));
    near
}

/// The edit that says yes to some proposals: each identity gets the person's name, and those of one
/// person are one identity, together with whoever was recognised as that person before. None for
/// none.
#[must_use]
pub fn recognise(review: &Review, proposals: &[&Resemblance]) -> Option<Edit> {
    let mut people: BTreeMap<Known, (&str, Vec<IdentityId>)> = BTreeMap::new();
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
