//! Heads of attention pooling: a query, and for a second round a gate.
//!
//! An [`AttentionHeadFile`] is a safetensors file like that of a projection: `query` (width), and
//! where there is a gate `gate.weight` (width × width, outputs first) and `gate.bias` (width).
//! Takes and gives plain numbers; everything is checked on loading. It never pools anything.

use std::path::Path;

use super::core::{MODEL, Metadata, VERSION, are_valid, check_tensors, require_model};
use super::{HeadError, HeadKind, ModelRef, Tensor, TensorFile};

const QUERY: &str = "query";
const WEIGHT: &str = "gate.weight";
const BIAS: &str = "gate.bias";

/// A head as it is in its file.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionHeadFile {
    /// What it was made for; none where it may serve any model of its width.
    pub model: Option<ModelRef>,
    /// What faces are compared with, one number a column of an embedding; never empty.
    pub query: Vec<f32>,
    /// The gate's matrix (row-major, outputs first) and its biases.
    pub gate: Option<(Vec<f32>, Vec<f32>)>,
}

impl AttentionHeadFile {
    /// Reads and checks a head; also gives the sha256 of its file.
    ///
    /// # Errors
    /// [`HeadError`]: no such file, another kind of head, weights that are missing, of another
    /// shape or not finite.
    pub fn read(path: &Path) -> Result<(Self, String), HeadError> {
        let (mut file, sha256) = TensorFile::read_named(path)?;
        let meta = Metadata::of(&file, path)?;
        meta.get("kind", "\"attention\"", |kind: &HeadKind| *kind == HeadKind::Attention)?;
        let model = meta.get("model", MODEL, |model: &Option<ModelRef>| are_valid(model.as_ref()))?;
        // An empty query is refused as one of another shape.
        let dim = file.tensors.get(QUERY).map_or(1, |query| query.data.len().max(1));
        let has_gate = file.tensors.contains_key(WEIGHT) || file.tensors.contains_key(BIAS);
        check_tensors(&file.tensors, wanted(dim, has_gate), &[dim], path)?;
        let mut take = |name: &str| file.tensors.remove(name).unwrap_or_default().data;
        let query = take(QUERY);
        let gate = has_gate.then(|| (take(WEIGHT), take(BIAS)));
        Ok((Self { model, query, gate }, sha256))
    }

    /// Checks and writes a head: all or nothing, over what was there.
    ///
    /// # Errors
    /// [`HeadError`] where the head would not be read again, or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), HeadError> {
        let dim = self.query.len().max(1);
        let data = std::iter::once(&self.query);
        let data = data.chain(self.gate.iter().flat_map(|(weight, bias)| [weight, bias]));
        let named = wanted(dim, self.gate.is_some()).zip(data);
        let tensors = named.map(|((name, shape), data)| (name, Tensor { shape, data: data.clone() }));
        let tensors = tensors.collect();
        check_tensors(&tensors, wanted(dim, self.gate.is_some()), &[dim], path)?;
        let model = serde_json::to_value(&self.model).unwrap_or_default();
        let meta = [("version", VERSION.into()), ("kind", "attention".into()), ("model", model)];
        let meta = meta.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        TensorFile { meta, tensors }.write(path)
    }

    /// Refuses any model but the one that this head was made for, where it names one, and any of
    /// another width.
    ///
    /// # Errors
    /// [`HeadError::OtherModel`] and [`HeadError::OtherWidth`], which name both.
    pub(crate) fn require_model(&self, id: &str, sha256: &str, dim: Option<usize>) -> Result<(), HeadError> {
        let head_dim = self.query.len();
        match (&self.model, dim) {
            (Some(model), dim) => require_model(Some(model), Some(head_dim), id, sha256, dim),
            (None, Some(dim)) if dim != head_dim => {
                let (head, model) = ("any model".to_owned(), id.to_owned());
                Err(HeadError::OtherWidth { head, head_dim, model, dim })
            }
            (None, _) => Ok(()),
        }
    }
}

/// The tensors of a head, in order: name and extents.
fn wanted(dim: usize, has_gate: bool) -> impl Iterator<Item = (String, Vec<usize>)> {
    let gate = [(WEIGHT, vec![dim, dim]), (BIAS, vec![dim])].into_iter().filter(move |_| has_gate);
    std::iter::once((QUERY, vec![dim])).chain(gate).map(|(name, shape)| (name.to_owned(), shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_and_bad_ones_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.safetensors");
        let model = ModelRef { id: "m".to_owned(), sha256: "a".repeat(64) };
        let gate = Some((vec![0.5; 4], vec![0.1; 2]));
        let head = AttentionHeadFile { model: Some(model), query: vec![1.0, 2.0], gate };
        head.write(&path).unwrap();
        let (read, sha256) = AttentionHeadFile::read(&path).unwrap();
        assert_eq!((sha256.len(), &read), (64, &head));
        assert!(read.require_model("n", &"a".repeat(64), Some(2)).is_ok());
        let other = read.require_model("n", &"b".repeat(64), Some(2)).unwrap_err().to_string();
        assert!(other.contains("model m") && other.contains("but the model in use is n"), "{other}");
        let wide = read.require_model("n", &"a".repeat(64), Some(3)).unwrap_err();
        assert!(matches!(wide, HeadError::OtherWidth { head_dim: 2, dim: 3, .. }));
        let free = AttentionHeadFile { model: None, ..read };
        assert!(free.require_model("n", &"b".repeat(64), Some(2)).is_ok());
        assert!(matches!(free.require_model("n", "", Some(3)), Err(HeadError::OtherWidth { .. })));

        let query = vec![f32::NAN, 1.0];
        let nan = AttentionHeadFile { query, ..head.clone() }.write(&path).unwrap_err();
        assert!(matches!(nan, HeadError::NotFinite { .. }));
        let gate = Some((vec![0.5; 3], vec![0.1; 2]));
        AttentionHeadFile { gate, ..head.clone() }.write(&path).unwrap_err();
        AttentionHeadFile { query: Vec::new(), gate: None, model: None }.write(&path).unwrap_err();
        assert_eq!(AttentionHeadFile::read(&path).unwrap().0, head, "what is refused leaves the file");
        std::fs::write(&path, "no tensors").unwrap();
        assert!(matches!(AttentionHeadFile::read(&path), Err(HeadError::NoSafetensors { .. })));
    }
}
