//! Doubtful tracks: who of an identity is least like the rest.
//!
//! Takes vectors, a state and an identity; gives its tracks, odd ones first, each with its
//! distance to the others and to the nearest other identity. It changes nothing.

use serde::Serialize;

use super::centres::{Centres, sum};
use super::likelihood::likelihood;
use super::{TwoPeople, Vectors, known_different};
use crate::base::product::dot;
use crate::base::{Cx, Distance, TrackIx};
use crate::cluster::likelihood::TrackGroup;
use crate::review::{Identity, IdentityId, IdentityState, Review};

/// A track of an identity, and how well it sits there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DoubtfulTrack {
    /// Which.
    pub track: TrackIx,
    /// Mean squared distance to the identity's other tracks.
    pub distance: Distance,
    /// How much farther the nearest other identity is; below zero it is nearer. None where there
    /// is no other.
    pub margin: Option<f32>,
    /// That other identity.
    pub rival: Option<IdentityId>,
    /// How likely it is another person, in 0..1.
    pub p: f32,
    /// Whether it seems to show two people itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub two_people: Option<TwoPeople>,
}

/// The tracks of an identity that have a row, the doubtful ones first: those that seem to show two
/// people, then by P, then by margin. Of one alone only where it seems to show two people. O(tracks
/// · dim of all, and its tracks · identities · dim).
#[must_use]
pub fn doubtful(vectors: &Vectors, review: &Review, identity: IdentityId) -> Vec<DoubtfulTrack> {
    let Some(identity) = review.identity(identity) else { return Vec::new() };
    let mut found = odd(vectors, identity);
    if found.is_empty() {
        let alone = identity.tracks.iter().filter(|&&track| vectors.two_people(track).is_some());
        found.extend(alone.map(|&track| Outlier { track, distance: Distance(0.0), stays: 1.0 }));
    }
    let centres = Centres::of(vectors, review);
    let rows: Vec<f32> = found.iter().filter_map(|odd| vectors.row(odd.track)).flatten().copied().collect();
    let seen: Vec<_> = found
        .iter()
        .map(|odd| known_different::co_occurring_identities(vectors, review, &[odd.track]))
        .collect();
    let may = |query: usize, slot: u32| {
        centres.place(slot).is_some_and(|place| {
            let is_other = place.id != identity.id && place.state != IdentityState::Ignored;
            is_other && seen[query].binary_search(&place.id).is_err()
        })
    };
    let rivals = centres.within(&rows, 4.0, 1, may, &Cx::new()).unwrap_or_default();
    let mut doubts: Vec<DoubtfulTrack> = found
        .into_iter()
        .zip(rivals)
        .map(|(Outlier { track, distance, stays }, rival)| {
            let rival = rival.first().and_then(|&(slot, d)| Some((centres.place(slot)?.id, d)));
            DoubtfulTrack {
                track,
                distance,
                margin: rival.map(|(_, d)| d - distance.0),
                rival: rival.map(|(id, _)| id),
                p: 1.0 - stays,
                two_people: vectors.two_people(track),
            }
        })
        .collect();
    doubts.sort_by(|a, b| {
        let margin = |doubt: &DoubtfulTrack| doubt.margin.unwrap_or(f32::INFINITY);
        let mixed = b.two_people.is_some().cmp(&a.two_people.is_some());
        mixed.then(b.p.total_cmp(&a.p)).then(margin(a).total_cmp(&margin(b))).then(a.track.cmp(&b.track))
    });
    doubts
}

/// The tracks of an identity that have a row, each against the others, the most typical first; one
/// alone is at distance 0 and surely of it. O(its tracks · dim).
#[must_use]
pub(crate) fn typicality(vectors: &Vectors, identity: &Identity) -> Vec<Outlier> {
    let mut found = odd(vectors, identity);
    if found.is_empty() {
        let alone = identity.tracks.iter().filter(|&&track| vectors.row(track).is_some());
        return alone.map(|&track| Outlier { track, distance: Distance(0.0), stays: 1.0 }).collect();
    }
    found.sort_by(|a, b| a.distance.0.total_cmp(&b.distance.0).then(a.track.cmp(&b.track)));
    found
}

/// The tracks of an identity that are more likely another person, ascending; none of one that the
/// curator said is right. O(its tracks · dim).
pub(crate) fn doubtful_tracks(vectors: &Vectors, identity: &Identity) -> Vec<TrackIx> {
    if identity.state != IdentityState::Proposed {
        return Vec::new();
    }
    let is_doubtful = |odd: &Outlier| odd.stays < 0.5;
    let mut tracks: Vec<TrackIx> =
        odd(vectors, identity).iter().filter(|odd| is_doubtful(odd)).map(|odd| odd.track).collect();
    tracks.sort_unstable();
    tracks
}

/// How many such tracks there are.
pub(super) fn count(vectors: &Vectors, identity: &Identity) -> u32 {
    doubtful_tracks(vectors, identity).len() as u32
}

/// A track and the others of its identity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Outlier {
    /// Which.
    pub track: TrackIx,
    /// Mean squared distance to them.
    pub distance: Distance,
    /// How likely it is one person with them, in 0..1.
    pub stays: f32,
}

/// Each track of an identity against its others; none of one alone.
fn odd(vectors: &Vectors, identity: &Identity) -> Vec<Outlier> {
    let (sum, n) = sum(vectors, &identity.tracks);
    if n < 2 {
        return Vec::new();
    }
    let of_all = dot(&sum, &sum);
    let others = (n - 1) as f32;
    let rows = identity.tracks.iter().filter_map(|&track| Some((track, vectors.row(track)?)));
    rows.map(|(track, row)| {
        // What is left of the sum without the row itself.
        let (with_sum, own) = (dot(&sum, row), dot(row, row));
        let distance = Distance(2.0 - 2.0 * (with_sum - own) / others);
        let rest = (of_all - 2.0 * with_sum + own) / (others * others);
        let rest = TrackGroup { n_tracks: n - 1, mean_squared: rest };
        let stays = likelihood(&vectors.same_person(), distance, TrackGroup::ONE, rest);
        Outlier { track, distance, stays }
    })
    .collect()
}
