//! From several vectors to one.

use super::Pooling;
use crate::base::Embeddings;

/// The unit vector of a track from its faces' raw vectors and weights.
///
/// Sums run in `f64` in the order given. Vectors that are not finite or have no length are
/// passed over; none is given where nothing is left, or where the mean is zero.
pub fn pool(faces: &[(&[f32], f32)], pooling: Pooling) -> Option<Vec<f32>> {
    let dim = faces.first()?.0.len();
    let mut sum = vec![0.0_f64; dim];
    for (vector, weight) in faces {
        let Some(length) = length(vector) else { continue };
        let factor = match pooling {
            Pooling::Quality => f64::from(*weight) / length,
            Pooling::Mean if *weight > 0.0 => 1.0 / length,
            Pooling::RawMean if *weight > 0.0 => 1.0,
            Pooling::Mean | Pooling::RawMean => 0.0,
        };
        for (total, &value) in sum.iter_mut().zip(*vector) {
            *total += factor * f64::from(value);
        }
    }
    let total = sum.iter().map(|v| v * v).sum::<f64>().sqrt();
    (total > 1e-12).then(|| sum.into_iter().map(|v| (v / total) as f32).collect())
}

/// The unit means of the first and of the second half of a track's faces; none where a half has
/// fewer than two, or cancels out.
pub fn halves(faces: &Embeddings) -> Option<[Vec<f32>; 2]> {
    let n = faces.len() as u32;
    let mean = |rows: std::ops::Range<u32>| {
        pool(&rows.map(|row| (faces.row(row), 1.0)).collect::<Vec<_>>(), Pooling::Mean)
    };
    if n < 4 { None } else { Some([mean(0..n / 2)?, mean(n / 2..n)?]) }
}

/// The Euclidean length; none where it is no finite number above zero.
pub(super) fn length(vector: &[f32]) -> Option<f64> {
    let squares: f64 = vector.iter().map(|&v| f64::from(v) * f64::from(v)).sum();
    (squares.is_finite() && squares > 0.0).then(|| squares.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_and_lengths_count_as_the_mode_says() {
        let faces: [(&[f32], f32); 2] = [(&[2.0, 0.0], 1.0), (&[0.0, 1.0], 0.5)];
        let slope = |pooling| {
            let v = pool(&faces, pooling).unwrap();
            assert!((v[0].hypot(v[1]) - 1.0).abs() < 1e-6);
            v[0] / v[1]
        };
        assert!((slope(Pooling::Mean) - 1.0).abs() < 1e-6);
        assert!((slope(Pooling::Quality) - 2.0).abs() < 1e-6);
        assert!((slope(Pooling::RawMean) - 2.0).abs() < 1e-6);
    }

    #[test]
    fn halves_need_two_faces_each() {
        let faces = |rows: usize| {
            let data = [2.0, 0.0, 1.0, 0.0, 0.0, 3.0, 0.0, 1.0, 0.0, 1.0];
            Embeddings::new(2, data[..2 * rows].to_vec()).unwrap()
        };
        assert_eq!(halves(&faces(3)), None);
        for rows in [4, 5] {
            assert_eq!(halves(&faces(rows)), Some([vec![1.0, 0.0], vec![0.0, 1.0]]));
        }
    }

    #[test]
    fn nothing_usable_gives_nothing() {
        for pooling in [Pooling::Quality, Pooling::Mean, Pooling::RawMean] {
            assert_eq!(pool(&[], pooling), None);
            assert_eq!(
                pool(&[(&[f32::NAN, 1.0], 1.0), (&[0.0, 0.0], 1.0), (&[1.0, 0.0], 0.0)], pooling),
                None
            );
            assert_eq!(pool(&[(&[1.0, 0.0], 1.0), (&[-1.0, 0.0], 1.0)], pooling), None);
        }
    }
}
