//! Attention pooling: a supplied query tells which faces of a track count.
//!
//! Takes a head's weights; gives each face's factor in the track's mean. The form is that of the
//! neural aggregation network (Yang et al., "Neural Aggregation Network for Video Face
//! Recognition", CVPR 2017): `e_k = q · f_k`, `a = softmax(e)`, `r = Σ a_k f_k`; with a gate, `r`
//! makes the query of a second round, `q' = tanh(W r + b)`. Quality enters as `e_k + ln w_k`, so
//! that a query of zeros is the quality-weighted mean. Nothing is trained here.

use std::path::Path;

use serde_json::Value;

use super::{Face, mixed};
use crate::models::{HeadError, ModelRef, Tensor, TensorFile};

/// The only version of the format so far.
const VERSION: u64 = 1;
const QUERY: &str = "query";
const WEIGHT: &str = "gate.weight";
const BIAS: &str = "gate.bias";

/// The weights of an attention head.
///
/// Its file is a safetensors file: `query` (width), and for a second round `gate.weight` (width ×
/// width, outputs first) and `gate.bias` (width); beside them the metadata `version`, `kind`
/// (`"attention"`) and `model` (id and sha256 of the embedding model, or null).
#[derive(Debug, Clone, PartialEq)]
pub struct Attention {
    query: Vec<f32>,
    gate: Option<(Vec<f32>, Vec<f32>)>,
    sha256: String,
    model: Option<ModelRef>,
}

impl Attention {
    /// A head from its weights: a query and, for a second round, the gate's matrix (row-major,
    /// outputs first) and biases. None where their lengths do not belong together.
    pub fn new(
        query: Vec<f32>,
        gate: Option<(Vec<f32>, Vec<f32>)>,
        sha256: &str,
        model: Option<ModelRef>,
    ) -> Option<Self> {
        let dim = query.len();
        let fits = gate.as_ref().is_none_or(|(weight, bias)| weight.len() == dim * dim && bias.len() == dim);
        (dim > 0 && fits).then(|| Self { query, gate, sha256: sha256.to_owned(), model })
    }

    /// Reads and checks a head's file.
    ///
    /// # Errors
    /// [`HeadError`]: no such file, another kind of head, weights that are missing, of another
    /// shape or not finite.
    pub fn read(path: &Path) -> Result<Self, HeadError> {
        let (file, sha256) = TensorFile::read_named(path)?;
        let version = file.meta.get("version");
        if version.and_then(Value::as_u64) != Some(VERSION) {
            let found = version.map_or("unknown".to_owned(), Value::to_string);
            return Err(HeadError::Version { found, path: path.to_owned() });
        }
        let told = |key: &str| file.meta.get(key).cloned().unwrap_or(Value::Null);
        let wrong = |key: &str, want| {
            let value = told(key).to_string();
            Err(HeadError::Metadata { key: key.to_owned(), value, want, path: path.to_owned() })
        };
        if told("kind") != "attention" {
            return wrong("kind", "\"attention\"");
        }
        let Ok(model) = serde_json::from_value(told("model")) else {
            return wrong("model", "an id and a sha256, or null");
        };
        let tensor = |name: &str, shape: &[usize]| named(&file, name, shape, path);
        let dim = file.tensors.get(QUERY).map_or(0, |query| query.data.len());
        let query = tensor(QUERY, &[dim])?;
        let has_gate = file.tensors.contains_key(WEIGHT) || file.tensors.contains_key(BIAS);
        let gate = if has_gate { Some((tensor(WEIGHT, &[dim, dim])?, tensor(BIAS, &[dim])?)) } else { None };
        let empty = || HeadError::Metadata {
            key: QUERY.to_owned(),
            value: "empty".to_owned(),
            want: "at least one number",
            path: path.to_owned(),
        };
        Self::new(query, gate, &sha256, model).ok_or_else(empty)
    }

    /// Writes the head's file: all or nothing, over what was there.
    ///
    /// # Errors
    /// [`HeadError`] where it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), HeadError> {
        let dim = self.query.len();
        let vector = |data: &[f32]| Tensor { shape: vec![dim], data: data.to_vec() };
        let mut tensors = vec![(QUERY.to_owned(), vector(&self.query))];
        if let Some((weight, bias)) = &self.gate {
            let weight = Tensor { shape: vec![dim, dim], data: weight.clone() };
            tensors.extend([(WEIGHT.to_owned(), weight), (BIAS.to_owned(), vector(bias))]);
        }
        let model = serde_json::to_value(&self.model).unwrap_or_default();
        let meta = [("version", VERSION.into()), ("kind", "attention".into()), ("model", model)];
        let meta = meta.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        TensorFile { meta, tensors: tensors.into_iter().collect() }.write(path)
    }

    /// Refuses any model but the one that this head was made for, where it names one.
    ///
    /// # Errors
    /// [`HeadError::OtherModel`] and [`HeadError::OtherWidth`], which name both.
    pub fn require_model(&self, id: &str, sha256: &str, dim: Option<usize>) -> Result<(), HeadError> {
        match &self.model {
            Some(model) if !model.sha256.eq_ignore_ascii_case(sha256) => Err(HeadError::OtherModel {
                head: format!("the model {} (sha256 {})", model.id, model.sha256),
                model: format!("{id} (sha256 {sha256})"),
            }),
            _ => match dim.filter(|dim| *dim != self.dim()) {
                Some(dim) => {
                    let head =
                        self.model.as_ref().map_or_else(|| "any model".to_owned(), |model| model.id.clone());
                    Err(HeadError::OtherWidth { head, head_dim: self.dim(), model: id.to_owned(), dim })
                }
                None => Ok(()),
            },
        }
    }

    /// The width of the vectors that it weighs.
    pub fn dim(&self) -> usize {
        self.query.len()
    }

    /// The sha256 of its file.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The factor of each face's raw vector; they depend on nothing but these faces.
    pub(super) fn factors(&self, faces: &[Face<'_>]) -> Vec<f64> {
        let first: Vec<f64> = self.query.iter().map(|&q| f64::from(q)).collect();
        let factors = look(faces, &first);
        let Some((weight, bias)) = &self.gate else { return factors };
        let seen = mixed(faces, &factors);
        let rows = weight.chunks_exact(self.dim());
        let second: Vec<f64> = rows
            .zip(bias)
            .map(|(row, &bias)| {
                let sum: f64 = row.iter().zip(&seen).map(|(&w, r)| f64::from(w) * r).sum();
                (sum + f64::from(bias)).tanh()
            })
            .collect();
        look(faces, &second)
    }
}

/// softmax(q · f + ln w), over each face's length, since the faces are raw.
fn look(faces: &[Face<'_>], query: &[f64]) -> Vec<f64> {
    let score = |face: &Face<'_>| {
        let dot: f64 = face.vector.iter().zip(query).map(|(&x, q)| f64::from(x) * q).sum();
        dot / face.length + face.weight.ln()
    };
    let scores: Vec<f64> = faces.iter().map(score).collect();
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raised: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f64 = raised.iter().sum();
    raised.iter().zip(faces).map(|(raised, face)| raised / sum / face.length).collect()
}

/// A tensor of that name and shape.
fn named(file: &TensorFile, name: &str, shape: &[usize], path: &Path) -> Result<Vec<f32>, HeadError> {
    let got = |tensor: Option<&Tensor>| {
        tensor.map_or("no place in the file".to_owned(), |tensor| format!("the shape {:?}", tensor.shape))
    };
    let found = file.tensors.get(name);
    let Some(tensor) = found.filter(|tensor| tensor.shape == shape) else {
        let (tensor, want, dims) = (name.to_owned(), format!("{shape:?}"), shape.to_vec());
        return Err(HeadError::Shape { tensor, got: got(found), want, dims, path: path.to_owned() });
    };
    match tensor.data.iter().find(|value| !value.is_finite()) {
        Some(&value) => Err(HeadError::NotFinite { tensor: name.to_owned(), value, path: path.to_owned() }),
        None => Ok(tensor.data.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pooling::{Pooling, pool};

    fn pooled(head: Attention, faces: &[(&[f32], f32)]) -> Vec<f32> {
        pool(faces, &Pooling::Attention(Arc::new(head))).unwrap()
    }

    #[test]
    fn a_query_of_zeros_is_the_quality_weighted_mean() {
        let faces: [(&[f32], f32); 2] = [(&[2.0, 0.0], 1.0), (&[0.0, 1.0], 0.5)];
        let by_quality = pool(&faces, &Pooling::Quality).unwrap();
        let looked = pooled(Attention::new(vec![0.0, 0.0], None, "", None).unwrap(), &faces);
        assert!(by_quality.iter().zip(&looked).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    #[test]
    fn the_query_chooses_and_the_gate_looks_again() {
        let faces: [(&[f32], f32); 2] = [(&[3.0, 0.0], 1.0), (&[0.0, 1.0], 1.0)];
        let slope = |v: Vec<f32>| f64::from(v[1] / v[0]);
        // e = (0, ln 4): the second face counts four times.
        let query = vec![0.0, 4.0_f32.ln()];
        let once = slope(pooled(Attention::new(query.clone(), None, "", None).unwrap(), &faces));
        assert!((once - 4.0).abs() < 1e-5, "{once}");
        // r = (1/5, 4/5); q' = tanh((0, 4/5)).
        let gate = Some((vec![0.0, 0.0, 0.0, 1.0], vec![0.0, 0.0]));
        let twice = slope(pooled(Attention::new(query, gate, "", None).unwrap(), &faces));
        assert!((twice - 0.8_f64.tanh().exp()).abs() < 1e-5, "{twice}");
    }

    #[test]
    fn files_come_back_and_bad_ones_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.safetensors");
        let model = ModelRef { id: "m".to_owned(), sha256: "a".repeat(64) };
        let gate = Some((vec![0.5; 4], vec![0.1; 2]));
        let head = Attention::new(vec![1.0, 2.0], gate, "", Some(model)).unwrap();
        head.write(&path).unwrap();
        let read = Attention::read(&path).unwrap();
        assert_eq!(read.sha256().len(), 64);
        assert_eq!(Attention { sha256: String::new(), ..read.clone() }, head);
        assert!(read.require_model("n", &"a".repeat(64), Some(2)).is_ok());
        let other = read.require_model("n", &"b".repeat(64), Some(2)).unwrap_err().to_string();
        assert!(other.contains("model m") && other.contains("but the model in use is n"), "{other}");
        let wide = read.require_model("n", &"a".repeat(64), Some(3)).unwrap_err();
        assert!(matches!(wide, HeadError::OtherWidth { head_dim: 2, dim: 3, .. }));

        Attention { query: vec![f32::NAN, 1.0], ..head.clone() }.write(&path).unwrap();
        assert!(matches!(Attention::read(&path), Err(HeadError::NotFinite { .. })));
        Attention { gate: Some((vec![0.5; 3], vec![0.1; 2])), ..head }.write(&path).unwrap_err();
        std::fs::write(&path, "no tensors").unwrap();
        assert!(matches!(Attention::read(&path), Err(HeadError::NoSafetensors { .. })));
    }
}
