//! Doubtful tracks: who of an identity is least like the rest.
//!
//! Takes vectors, a state and an identity; gives its tracks, odd ones first, each with its
//! distance to the others and to the nearest other identity. It changes nothing.

use serde::Serialize;

use super::belief::likelihood;
use super::centres::{Centres, sum};
use super::{Vectors, bars};
use crate::base::product::dot;
use crate::base::{Cx, Distance, TrackIx};
use crate::review::{Identity, IdentityId, IdentityState, Review};

/// A track of an identity, and how well it sits there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Doubt {
    /// Which.
    pub track: TrackIx,
    /// Mean squared distance to the identity's other tracks.
    pub distance: Distance,
    /// How much farther the nearest other identity is; below zero it is nearer. None where there
    /// is no other.
    pub margin: Option<f32>,
    /// That other identity.
    pub rival: Option<IdentityId>,
    /// How likely it is somebody else, in 0..1.
    pub p: f32,
}

/// The tracks of an identity that have a row, the doubtful ones first: by P, then by margin. Empty
/// where there are fewer than two. O(tracks · dim of all, and its tracks · identities · dim).
#[must_use]
pub fn doubtful(vectors: &Vectors, review: &Review, identity: IdentityId) -> Vec<Doubt> {
    let Some(identity) = review.identity(identity) else { return Vec::new() };
    let found = odd(vectors, identity);
    let centres = Centres::of(vectors, review);
    let rows: Vec<f32> =
        found.iter().filter_map(|&(track, _)| vectors.row(track)).flatten().copied().collect();
    let seen: Vec<_> = found.iter().map(|&(track, _)| bars::seen_with(vectors, review, &[track])).collect();
    let may = |query: usize, slot: u32| {
        centres.place(slot).is_some_and(|place| {
            let is_other = place.id != identity.id && place.state != IdentityState::Ignored;
            is_other && seen[query].binary_search(&place.id).is_err()
        })
    };
    let rivals = centres.within(&rows, 4.0, 1, may, &Cx::new()).unwrap_or_default();
    let mut doubts: Vec<Doubt> = found
        .into_iter()
        .zip(rivals)
        .map(|((track, distance), rival)| {
            let rival = rival.first().and_then(|&(slot, d)| Some((centres.place(slot)?.id, d)));
            Doubt {
                track,
                distance,
                margin: rival.map(|(_, d)| d - distance.0),
                rival: rival.map(|(id, _)| id),
                p: 1.0 - likelihood(distance, vectors.scale()),
            }
        })
        .collect();
    doubts.sort_by(|a, b| {
        let margin = |doubt: &Doubt| doubt.margin.unwrap_or(f32::INFINITY);
        b.p.total_cmp(&a.p).then(margin(a).total_cmp(&margin(b))).then(a.track.cmp(&b.track))
    });
    doubts
}

/// The tracks of an identity that have a row, each with its mean squared distance to the others,
/// nearest first; one alone is at 0. O(its tracks · dim).
#[must_use]
pub fn sitting(vectors: &Vectors, identity: &Identity) -> Vec<(TrackIx, Distance)> {
    let mut found = odd(vectors, identity);
    if found.is_empty() {
        let alone = identity.tracks.iter().filter(|&&track| vectors.row(track).is_some());
        return alone.map(|&track| (track, Distance(0.0))).collect();
    }
    found.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.cmp(&b.0)));
    found
}

/// How many tracks of an identity are likelier somebody else; none of one that the curator said
/// is right. O(its tracks · dim).
pub(super) fn count(vectors: &Vectors, identity: &Identity) -> u32 {
    if identity.state != IdentityState::Proposed {
        return 0;
    }
    let doubts = odd(vectors, identity).into_iter();
    doubts.filter(|(_, distance)| likelihood(*distance, vectors.scale()) < 0.5).count() as u32
}

/// The mean squared distance of each track to the identity's others; none of one alone.
fn odd(vectors: &Vectors, identity: &Identity) -> Vec<(TrackIx, Distance)> {
    let (sum, n) = sum(vectors, &identity.tracks);
    if n < 2 {
        return Vec::new();
    }
    let rows = identity.tracks.iter().filter_map(|&track| Some((track, vectors.row(track)?)));
    // What is left of the sum without the row itself, whose product with itself is 1.
    let rest = |row: &[f32]| (dot(&sum, row) - dot(row, row)) / (n - 1) as f32;
    rows.map(|(track, row)| (track, Distance(2.0 - 2.0 * rest(row)))).collect()
}
