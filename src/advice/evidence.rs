//! Why: the figures behind a grouping, for a track or a pair.
//!
//! Takes vectors, a state and what the question is about; gives similarity, margin, the
//! tracks that decided, the nearest rivals, and what is known of both sides. It only reports.

use serde::Serialize;

use super::centres::{Centres, group_distance, mean_of};
use super::likelihood::likelihood;
use super::{TwoPeople, Vectors};
use crate::base::{ConstraintKind, ConstraintSource, Cx, Distance, Similarity, TrackIx, squared_distance};
use crate::review::{IdentityId, IdentityState, Review};

/// Tracks of each side that are shown as deciding.
const DECIDING: usize = 3;
/// Maximum number of other identities that are listed.
const RIVALS: usize = 2;

/// What speaks for and against two sides being one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Evidence {
    /// Mean cosine over all pairs of tracks of the two sides.
    pub similarity: Similarity,
    /// Mean squared distance over the same pairs.
    pub distance: Distance,
    /// How likely the two are one person, in 0..1.
    pub p: f32,
    /// How much farther the nearest rival of the first side is; below zero it is nearer. None
    /// without a rival.
    pub margin: Option<f32>,
    /// Of each side the tracks nearest to the other side, with the squared distance to its nearest
    /// track.
    pub deciding: [Vec<(TrackIx, Distance)>; 2],
    /// The identities nearest to the first side, but for both sides' own, nearest first.
    pub rivals: Vec<NearbyIdentity>,
    /// Links of the curator and overlaps in time between the sides.
    pub ties: Vec<PairConstraint>,
    /// Tracks of either side that seem to show two people, with what speaks for it.
    pub two_people: Vec<(TrackIx, TwoPeople)>,
}

/// An identity that is near as well.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct NearbyIdentity {
    /// Which.
    pub identity: IdentityId,
    /// Mean squared distance over all pairs of tracks.
    pub distance: Distance,
}

/// What is known of a pair of tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct PairConstraint {
    /// A track of the first side.
    pub a: TrackIx,
    /// A track of the second.
    pub b: TrackIx,
    /// Must or cannot.
    pub kind: ConstraintKind,
    /// Who said so: the curator, or the clock.
    pub source: ConstraintSource,
}

/// Why a track is where it is: the track against its identity's others. None where it is of no
/// identity, alone there, or without a row. O(tracks · dim).
#[must_use]
pub(crate) fn track_evidence(vectors: &Vectors, review: &Review, track: TrackIx) -> Option<Evidence> {
    let identity = review.identity(review.identity_of(track)?)?;
    let others: Vec<TrackIx> = identity.tracks.iter().copied().filter(|&other| other != track).collect();
    evidence(vectors, review, &[track], &others)
}

/// What two tracks have to do with each other. None where one has no row. O(tracks · dim).
#[must_use]
pub(crate) fn tracks_evidence(
    vectors: &Vectors,
    review: &Review,
    a: TrackIx,
    b: TrackIx,
) -> Option<Evidence> {
    evidence(vectors, review, &[a], &[b])
}

/// What two identities have to do with each other. None where one is unknown or has no row.
/// O(tracks · dim + pairs of their tracks · dim).
#[must_use]
pub(crate) fn pair_evidence(
    vectors: &Vectors,
    review: &Review,
    a: IdentityId,
    b: IdentityId,
) -> Option<Evidence> {
    evidence(vectors, review, &review.identity(a)?.tracks, &review.identity(b)?.tracks)
}

fn evidence(vectors: &Vectors, review: &Review, a: &[TrackIx], b: &[TrackIx]) -> Option<Evidence> {
    let ((mean_a, group_a), (mean_b, group_b)) = (mean_of(vectors, a)?, mean_of(vectors, b)?);
    let distance = group_distance(&mean_a, &mean_b);
    let own = |tracks: &[TrackIx]| tracks.first().and_then(|&track| review.identity_of(track));
    let own = [own(a), own(b)];
    let centres = Centres::of(vectors, review);
    let may = |_: usize, slot: u32| {
        centres
            .place(slot)
            .is_some_and(|place| place.state != IdentityState::Ignored && !own.contains(&Some(place.id)))
    };
    // Nobody cancels it.
    let rivals = centres.within(&mean_a, 4.0, RIVALS, may, &Cx::new()).unwrap_or_default();
    let rivals: Vec<NearbyIdentity> = rivals
        .into_iter()
        .flatten()
        .filter_map(|(slot, d)| {
            Some(NearbyIdentity { identity: centres.place(slot)?.id, distance: Distance(d) })
        })
        .collect();
    Some(Evidence {
        similarity: distance.similarity(),
        distance,
        p: likelihood(&vectors.same_person(), distance, group_a, group_b),
        margin: rivals.first().map(|rival| rival.distance.0 - distance.0),
        deciding: [deciding(vectors, a, b), deciding(vectors, b, a)],
        rivals,
        ties: constraints_between(vectors, review, a, b),
        two_people: a.iter().chain(b).filter_map(|&it| Some((it, vectors.two_people(it)?))).collect(),
    })
}

/// The tracks of one side that are nearest to any of the other side.
fn deciding(vectors: &Vectors, from: &[TrackIx], to: &[TrackIx]) -> Vec<(TrackIx, Distance)> {
    let nearest = |&track: &TrackIx| {
        let row = vectors.row(track)?;
        let distances = to.iter().filter(|&&other| other != track).filter_map(|&other| vectors.row(other));
        let distances = distances.map(|other| squared_distance(row, other).0);
        distances.min_by(f32::total_cmp).map(|distance| (track, Distance(distance)))
    };
    let mut found: Vec<(TrackIx, Distance)> = from.iter().filter_map(nearest).collect();
    found.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.cmp(&b.0)));
    found.truncate(DECIDING);
    found
}

fn constraints_between(
    vectors: &Vectors,
    review: &Review,
    a: &[TrackIx],
    b: &[TrackIx],
) -> Vec<PairConstraint> {
    let is_of = |side: &[TrackIx], track: TrackIx| side.binary_search(&track).is_ok();
    let said = review.constraints().into_iter().filter_map(|link| {
        let turned = !is_of(a, link.a) || !is_of(b, link.b);
        let (x, y) = if turned { (link.b, link.a) } else { (link.a, link.b) };
        (is_of(a, x) && is_of(b, y)).then_some(PairConstraint {
            a: x,
            b: y,
            kind: link.kind,
            source: link.source,
        })
    });
    let seen = a.iter().flat_map(|&x| {
        let others = vectors.co_occurring(x).iter().copied().filter(|&y| is_of(b, y));
        others.map(move |y| PairConstraint {
            a: x,
            b: y,
            kind: ConstraintKind::Cannot,
            source: ConstraintSource::CoOccurrence,
        })
    });
    said.chain(seen).collect()
}
