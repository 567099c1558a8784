//! Similarity, distance and radius: three types that never mix.

use serde::{Deserialize, Serialize};

use super::{InvalidValue, with_widest_vectors};

/// Cosine similarity, in −1..=1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Similarity(pub f32);

/// Squared Euclidean distance, in 0..=4 between unit vectors.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Distance(pub f32);

/// A ball's radius r > 0 in the clustering space; b = r², and tracks merge up to τ = 4b.
///
/// # Examples
/// ```
/// use castlist::base::Radius;
///
/// // A ball of radius 0.5 merges tracks up to a squared distance of 1, which is a cosine of 0.5.
/// let radius = Radius::new(0.5)?;
/// assert_eq!(radius.tau(), 1.0);
/// assert_eq!(Radius::from_tau(1.0), radius);
/// assert!(Radius::new(1.5).is_err());
/// # Ok::<(), castlist::base::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Radius(pub(crate) f64);

impl Radius {
    /// The largest: two unit vectors are never farther apart than twice this.
    pub const MAX: Self = Self(1.0);

    /// A radius that a user may set.
    ///
    /// # Errors
    /// [`InvalidValue`] unless it is above 0 and at most [`Radius::MAX`].
    pub fn new(radius: f64) -> Result<Self, InvalidValue> {
        if radius > 0.0 && radius <= Self::MAX.0 {
            return Ok(Self(radius));
        }
        Err(InvalidValue::new("radius", radius, "above 0, at most 1 (it is r, not the threshold τ = 4r²)"))
    }

    /// The radius itself.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }

    /// The merge threshold τ = 4r² on squared distances (BCL, ICCV 2019, inference).
    #[must_use]
    pub fn tau(self) -> f64 {
        4.0 * self.0 * self.0
    }

    /// The radius whose threshold is `tau`.
    #[must_use]
    pub fn from_tau(tau: f64) -> Self {
        Self((tau / 4.0).max(0.0).sqrt())
    }
}

impl Distance {
    /// The cosine of two *unit* vectors at this distance.
    #[must_use]
    pub fn similarity(self) -> Similarity {
        Similarity(1.0 - self.0 / 2.0)
    }
}

/// ‖x − y‖² with a fixed order of accumulation: sixteen lanes, then their sum in order.
///
/// The same bytes on every machine and for every number of threads; `x` and `y` have equal
/// lengths (the shorter one decides).
///
/// # Examples
/// ```
/// use castlist::base::{Similarity, squared_distance};
///
/// // Between unit vectors, the squared distance gives the cosine.
/// let distance = squared_distance(&[1.0, 0.0], &[0.0, 1.0]);
/// assert_eq!(distance.0, 2.0);
/// assert_eq!(distance.similarity(), Similarity(0.0));
/// ```
#[must_use]
pub fn squared_distance(x: &[f32], y: &[f32]) -> Distance {
    const LANES: usize = 16;
    with_widest_vectors(
        #[inline(always)]
        || {
            let mut lanes = [0.0_f32; LANES];
            let (xs, ys) = (x.chunks_exact(LANES), y.chunks_exact(LANES));
            let tail: f32 = xs.remainder().iter().zip(ys.remainder()).map(|(a, b)| (a - b) * (a - b)).sum();
            for (a, b) in xs.zip(ys) {
                for lane in 0..LANES {
                    let d = a[lane] - b[lane];
                    lanes[lane] += d * d;
                }
            }
            Distance(lanes.iter().sum::<f32>() + tail)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radius_and_tau_are_inverse() {
        let radius = Radius::from_tau(1.3);
        assert!((radius.tau() - 1.3).abs() < 1e-12);
    }

    #[test]
    fn distance_is_the_plain_sum() {
        let x: Vec<f32> = (0..19).map(|i| i as f32).collect();
        let y = vec![1.0; 19];
        let plain: f32 = x.iter().zip(&y).map(|(a, b)| (a - b) * (a - b)).sum();
        assert!((squared_distance(&x, &y).0 - plain).abs() < 1e-3);
        assert_eq!(squared_distance(&x, &x), Distance(0.0));
    }
}
