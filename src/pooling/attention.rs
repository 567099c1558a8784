//! Attention pooling: a supplied query weighs the faces of a track.
//!
//! Takes a head's weights; gives each face's factor in the track's mean. The form is that of the
//! neural aggregation network (Yang et al., "Neural Aggregation Network for Video Face
//! Recognition", CVPR 2017): `e_k = q · f_k`, `a = softmax(e)`, `r = Σ a_k f_k`; with a gate, `r`
//! makes the query of a second round, `q' = tanh(W r + b)`. Quality enters as `e_k + ln w_k`, so
//! that a query of zeros is the quality-weighted mean. Nothing is trained here.

use std::path::Path;

use super::{WeightedFace, mixed};
use crate::models::{AttentionHeadFile, HeadError};

/// An attention head, ready to weigh faces.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionPooling {
    head: AttentionHeadFile,
    sha256: String,
}

impl AttentionPooling {
    /// A head that was read or made; `sha256` names it in keys.
    pub fn new(head: AttentionHeadFile, sha256: String) -> Self {
        Self { head, sha256 }
    }

    /// Reads and checks a head's file.
    ///
    /// # Errors
    /// As [`AttentionHeadFile::read`].
    pub fn read(path: &Path) -> Result<Self, HeadError> {
        AttentionHeadFile::read(path).map(|(head, sha256)| Self::new(head, sha256))
    }

    /// What is in its file.
    pub fn head(&self) -> &AttentionHeadFile {
        &self.head
    }

    /// The width of the vectors that it weighs.
    pub fn dim(&self) -> usize {
        self.head.query.len()
    }

    /// The sha256 of its file.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The factor of each face's raw vector; they depend on nothing but these faces.
    pub(super) fn factors(&self, faces: &[WeightedFace<'_>]) -> Vec<f64> {
        let first: Vec<f64> = self.head.query.iter().map(|&q| f64::from(q)).collect();
        let factors = attention_weights(faces, &first);
        let Some((weight, bias)) = &self.head.gate else { return factors };
        let seen = mixed(faces, &factors);
        let rows = weight.chunks_exact(self.dim());
        let second: Vec<f64> = rows
            .zip(bias)
            .map(|(row, &bias)| {
                let sum: f64 = row.iter().zip(&seen).map(|(&w, r)| f64::from(w) * r).sum();
                (sum + f64::from(bias)).tanh()
            })
            .collect();
        attention_weights(faces, &second)
    }
}

/// softmax(q · f + ln w), over each face's length, since the faces are raw.
fn attention_weights(faces: &[WeightedFace<'_>], query: &[f64]) -> Vec<f64> {
    let score = |face: &WeightedFace<'_>| {
        let dot: f64 = face.vector.iter().zip(query).map(|(&x, q)| f64::from(x) * q).sum();
        dot / face.length + face.weight.ln()
    };
    let scores: Vec<f64> = faces.iter().map(score).collect();
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raised: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f64 = raised.iter().sum();
    raised.iter().zip(faces).map(|(raised, face)| raised / sum / face.length).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pooling::{Pooling, pool};

    type Gate = Option<(Vec<f32>, Vec<f32>)>;

    fn pooled(query: Vec<f32>, gate: Gate, faces: &[(&[f32], f32)]) -> Vec<f32> {
        let head = AttentionHeadFile { model: None, query, gate };
        pool(faces, &Pooling::Attention(Arc::new(AttentionPooling::new(head, String::new())))).unwrap()
    }

    #[test]
    fn a_query_of_zeros_is_the_quality_weighted_mean() {
        let faces: [(&[f32], f32); 2] = [(&[2.0, 0.0], 1.0), (&[0.0, 1.0], 0.5)];
        let by_quality = pool(&faces, &Pooling::Quality).unwrap();
        let looked = pooled(vec![0.0, 0.0], None, &faces);
        assert!(by_quality.iter().zip(&looked).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    #[test]
    fn the_query_chooses_and_the_gate_looks_again() {
        let faces: [(&[f32], f32); 2] = [(&[3.0, 0.0], 1.0), (&[0.0, 1.0], 1.0)];
        let slope = |v: Vec<f32>| f64::from(v[1] / v[0]);
        // e = (0, ln 4): the second face counts four times.
        let query = vec![0.0, 4.0_f32.ln()];
        let once = slope(pooled(query.clone(), None, &faces));
        assert!((once - 4.0).abs() < 1e-5, "{once}");
        // r = (1/5, 4/5); q' = tanh((0, 4/5)).
        let gate = Some((vec![0.0, 0.0, 0.0, 1.0], vec![0.0, 0.0]));
        let twice = slope(pooled(query, gate, &faces));
        assert!((twice - 0.8_f64.tanh().exp()).abs() < 1e-5, "{twice}");
    }
}
