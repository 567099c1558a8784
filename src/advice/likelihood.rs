//! How likely two groups of tracks are one person.
//!
//! Takes the means of their rows; gives the probability by which likelihood linkage merges as well
//! ([`SamePersonModel`]), so that what is asked and what is grouped
//! agree.

use super::Vectors;
use crate::base::{Distance, Similarity};
use crate::cluster::likelihood::{SamePersonModel, TrackGroup, probability};

/// Below it nothing is asked.
pub(super) const LEAST: f32 = 0.05;

/// How likely two groups are one person, by the mean squared distance over all pairs of their
/// tracks.
#[must_use]
pub fn likelihood(same_person: &SamePersonModel, distance: Distance, a: TrackGroup, b: TrackGroup) -> f32 {
    let Similarity(between) = distance.similarity();
    probability(same_person.log_odds(f64::from(between), a, b)) as f32
}

/// The distance of different people: the search ends there.
pub(super) fn farthest(vectors: &Vectors) -> f32 {
    (2.0 - 2.0 * vectors.same_person().different_people()) as f32
}
