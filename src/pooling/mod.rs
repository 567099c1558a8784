//! From the vectors of a track's faces to one unit vector.
//!
//! Takes the faces' raw vectors and weights; gives the track's vector: a mean, the most typical
//! face, or what a supplied attention head looks at. The one place for all ways of pooling; a
//! way that is trained comes in as another variant of [`Pooling`], with its head read here. It
//! never reads pictures and runs no network.

mod attention;

use std::str::FromStr;
use std::sync::Arc;

use crate::models::HeadError;
pub use attention::AttentionPooling;

/// How the faces of a track become one vector.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Pooling {
    /// Mean of unit vectors, weighted by the faces' quality.
    #[default]
    Quality,
    /// Plain mean of unit vectors.
    Mean,
    /// Mean of the vectors as the network gave them (the BCL research layout's way).
    RawMean,
    /// The one face that is most like all others, those weighted by their quality.
    Medoid,
    /// Mean of unit vectors, weighted by a supplied attention head and by quality.
    Attention(Arc<AttentionPooling>),
}

impl Pooling {
    /// Refuses a head of another width than the vectors to be pooled.
    ///
    /// # Errors
    /// [`HeadError::OtherWidth`].
    pub fn require_width(&self, dim: usize) -> Result<(), HeadError> {
        match self {
            Self::Attention(head) if head.dim() != dim => {
                let model = "what these vectors come from".to_owned();
                Err(HeadError::OtherWidth { head: "pooling".to_owned(), head_dim: head.dim(), model, dim })
            }
            _ => Ok(()),
        }
    }

    /// A short tag for keys: equal tags pool alike.
    pub fn tag(&self) -> Vec<u8> {
        match self {
            Self::Quality => vec![0],
            Self::Mean => vec![1],
            Self::RawMean => vec![2],
            Self::Medoid => vec![3],
            Self::Attention(head) => [&[4], head.sha256().as_bytes()].concat(),
        }
    }
}

/// The ways that need no file, by name.
impl FromStr for Pooling {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "quality" => Ok(Self::Quality),
            "mean" => Ok(Self::Mean),
            "raw-mean" => Ok(Self::RawMean),
            "medoid" => Ok(Self::Medoid),
            _ => Err(()),
        }
    }
}

/// The unit vector of a track from its faces' raw vectors and weights.
///
/// Sums run in `f64` in the order given. Vectors that are not finite or have no length are
/// passed over, as are those of weight 0; none is given where nothing is left, or where the mean
/// is zero. O(faces · dim) time, O(faces² · dim) for the medoid, O(dim²) more for an attention
/// head with a gate.
pub fn pool(faces: &[(&[f32], f32)], pooling: &Pooling) -> Option<Vec<f32>> {
    let usable = faces.iter().filter(|(_, weight)| *weight > 0.0);
    let usable = usable.filter_map(|&(vector, weight)| {
        let length = length(vector)?;
        Some(WeightedFace { vector, length, weight: f64::from(weight) })
    });
    let usable: Vec<WeightedFace<'_>> = usable.collect();
    let factors: Vec<f64> = match pooling {
        Pooling::Quality => usable.iter().map(|face| face.weight / face.length).collect(),
        Pooling::Mean => usable.iter().map(|face| 1.0 / face.length).collect(),
        Pooling::RawMean => vec![1.0; usable.len()],
        Pooling::Medoid => {
            let typical = medoid(&usable)?;
            (0..usable.len()).map(|at| f64::from(u8::from(at == typical))).collect()
        }
        Pooling::Attention(head) => head.factors(&usable),
    };
    unit(&mixed(&usable, &factors))
}

/// A face that counts.
struct WeightedFace<'a> {
    vector: &'a [f32],
    /// Its Euclidean length, above 0.
    length: f64,
    /// Its quality, above 0.
    weight: f64,
}

/// Σ factor · vector.
fn mixed(faces: &[WeightedFace<'_>], factors: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; faces.first().map_or(0, |face| face.vector.len())];
    for (face, factor) in faces.iter().zip(factors) {
        for (total, &value) in sum.iter_mut().zip(face.vector) {
            *total += factor * f64::from(value);
        }
    }
    sum
}

/// The vector at length 1; none where it is zero.
fn unit(vector: &[f64]) -> Option<Vec<f32>> {
    let total = vector.iter().map(|v| v * v).sum::<f64>().sqrt();
    (total > 1e-12).then(|| vector.iter().map(|v| (v / total) as f32).collect())
}

/// The face of the largest weighted sum of similarities to the others; the first of equals.
fn medoid(faces: &[WeightedFace<'_>]) -> Option<usize> {
    let likeness = |a: &WeightedFace<'_>, b: &WeightedFace<'_>| {
        let dot: f64 = a.vector.iter().zip(b.vector).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
        dot / (a.length * b.length)
    };
    let typical =
        |face: &WeightedFace<'_>| faces.iter().map(|other| other.weight * likeness(face, other)).sum();
    let scores: Vec<f64> = faces.iter().map(typical).collect();
    (0..faces.len()).reduce(|best, at| if scores[at] > scores[best] { at } else { best })
}

/// The Euclidean length; none where it is no finite number above zero.
pub(crate) fn length(vector: &[f32]) -> Option<f64> {
    let squares: f64 = vector.iter().map(|&v| f64::from(v) * f64::from(v)).sum();
    (squares.is_finite() && squares > 0.0).then(|| squares.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::AttentionHeadFile;

    #[test]
    fn weights_and_lengths_count_as_the_mode_says() {
        let faces: [(&[f32], f32); 2] = [(&[2.0, 0.0], 1.0), (&[0.0, 1.0], 0.5)];
        let slope = |pooling: Pooling| {
            let v = pool(&faces, &pooling).unwrap();
            assert!((v[0].hypot(v[1]) - 1.0).abs() < 1e-6);
            v[0] / v[1]
        };
        assert!((slope(Pooling::Mean) - 1.0).abs() < 1e-6);
        assert!((slope(Pooling::Quality) - 2.0).abs() < 1e-6);
        assert!((slope(Pooling::RawMean) - 2.0).abs() < 1e-6);
    }

    #[test]
    fn the_medoid_is_the_face_that_the_others_resemble() {
        let faces: [(&[f32], f32); 4] =
            [(&[0.0, 1.0], 1.0), (&[3.0, 0.3], 1.0), (&[1.0, 0.0], 1.0), (&[1.0, 1.0], 0.0)];
        let typical = pool(&faces, &Pooling::Medoid).unwrap();
        assert!((typical[1] / typical[0] - 0.1).abs() < 1e-6, "{typical:?}");
        let alone: [(&[f32], f32); 2] = [(&[0.0, 2.0], 0.9), (&[2.0, 0.0], 0.1)];
        assert_eq!(pool(&alone, &Pooling::Medoid), Some(vec![0.0, 1.0]), "quality tells among two");
    }

    #[test]
    fn nothing_usable_gives_nothing() {
        let head = AttentionHeadFile { model: None, query: vec![1.0, 2.0], gate: None };
        let attention = Pooling::Attention(Arc::new(AttentionPooling::new(head, String::new())));
        for pooling in [Pooling::Quality, Pooling::Mean, Pooling::RawMean, Pooling::Medoid, attention] {
            assert_eq!(pool(&[], &pooling), None);
            let broken: [(&[f32], f32); 3] =
                [(&[f32::NAN, 1.0], 1.0), (&[0.0, 0.0], 1.0), (&[1.0, 0.0], 0.0)];
            assert_eq!(pool(&broken, &pooling), None);
        }
        for pooling in [Pooling::Quality, Pooling::Mean, Pooling::RawMean] {
            assert_eq!(pool(&[(&[1.0, 0.0], 1.0), (&[-1.0, 0.0], 1.0)], &pooling), None);
        }
    }
}
