//! How likely two groups of tracks are one person.
//!
//! Takes their distance and the space's own threshold; gives a probability. The one place where
//! its constants stand.

use crate::base::{Distance, Radius};

/// P = σ(STEEPNESS · (EVEN − d/τ)): fitted by logistic regression on all pairs of clusters of
/// 241 + 29 people (half A of photographed people: tracks of stills and real tracks), clustered at
/// 0.75, 1 and 1.25 of the radius, with three embedding models of 128 and 512 dimensions. `d` is
/// the mean squared distance over their pairs of tracks, which told most of the measures that
/// were tried alone (log loss 51; distance of unit means 61).
const STEEPNESS: f64 = 17.0;
const EVEN: f64 = 0.872;

/// Below it nothing is asked.
pub(super) const LEAST: f32 = 0.02;

/// How likely two groups are one person, given the mean squared distance of their tracks and
/// the radius that belongs to the space.
#[must_use]
pub fn likelihood(distance: Distance, scale: Radius) -> f32 {
    let x = f64::from(distance.0) / scale.tau().max(f64::MIN_POSITIVE);
    (1.0 / (1.0 + (-STEEPNESS * (EVEN - x)).exp())) as f32
}

/// The distance at which [`likelihood`] falls to `p`, in 0..1.
pub(super) fn distance_at(p: f32, scale: Radius) -> f32 {
    let p = f64::from(p);
    ((EVEN - (p / (1.0 - p)).ln() / STEEPNESS) * scale.tau()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearer_is_likelier_and_the_limit_is_where_it_is_said() {
        let scale = Radius(0.5);
        let p = |d| likelihood(Distance(d), scale);
        assert!(p(0.2) > 0.99 && p(0.2) > p(0.8) && p(0.8) > p(1.2) && p(2.0) < 1e-6);
        assert!((p(EVEN as f32) - 0.5).abs() < 1e-5);
        for wanted in [0.02, 0.5, 0.9] {
            assert!((p(distance_at(wanted, scale)) - wanted).abs() < 1e-4);
        }
    }
}
