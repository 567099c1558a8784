//! What heads of every kind share: version, the model they were learned for, checked metadata and
//! checked tensors.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::{HeadError, ModelRef, Tensor, TensorFile};

/// The only version of the formats so far.
pub(super) const VERSION: u64 = 1;

/// What is under `model`.
pub(super) const MODEL: &str = "an id and a sha256 of 64 hexadecimal digits, or null";

pub(super) fn are_valid(model: Option<&ModelRef>) -> bool {
    model.is_none_or(ModelRef::is_valid)
}

impl ModelRef {
    fn is_valid(&self) -> bool {
        let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        !self.id.is_empty() && self.sha256.len() == 64 && self.sha256.chars().all(hex)
    }
}

pub(super) fn is_positive(number: f64) -> bool {
    number.is_finite() && number > 0.0
}

/// The metadata's keys, read one by one so that a refusal names the key and its value.
pub(super) struct Metadata<'a> {
    map: &'a Map<String, Value>,
    path: &'a Path,
}

impl<'a> Metadata<'a> {
    /// The metadata of a file of this version.
    pub(super) fn of(file: &'a TensorFile, path: &'a Path) -> Result<Self, HeadError> {
        let version = file.meta.get("version");
        if version.and_then(Value::as_u64) == Some(VERSION) {
            return Ok(Self { map: &file.meta, path });
        }
        let found = version.map_or("unknown".to_owned(), Value::to_string);
        Err(HeadError::Version { found, path: path.to_owned() })
    }

    pub(super) fn get<T: serde::de::DeserializeOwned>(
        &self,
        key: &str,
        want: &'static str,
        sound: impl Fn(&T) -> bool,
    ) -> Result<T, HeadError> {
        let value = self.map.get(key);
        let parsed = value.and_then(|value| serde_json::from_value(value.clone()).ok());
        parsed.filter(|parsed| sound(parsed)).ok_or_else(|| HeadError::Metadata {
            key: key.to_owned(),
            value: value.map_or("missing".to_owned(), Value::to_string),
            want,
            path: self.path.to_owned(),
        })
    }
}

/// Refuses tensors that are missing, too many, of another shape or not finite.
pub(super) fn check_tensors(
    tensors: &BTreeMap<String, Tensor>,
    wanted: impl Iterator<Item = (String, Vec<usize>)>,
    dims: &[usize],
    path: &Path,
) -> Result<(), HeadError> {
    let shape = |tensor: &str, got: String, want: String| {
        let (tensor, dims, path) = (tensor.to_owned(), dims.to_vec(), path.to_owned());
        Err(HeadError::Shape { tensor, got, want, dims, path })
    };
    let wanted: BTreeMap<_, _> = wanted.collect();
    for (name, want) in &wanted {
        match tensors.get(name) {
            None => return shape(name, "no place in the file".to_owned(), format!("{want:?}")),
            Some(tensor) if tensor.shape != *want || tensor.data.len() != want.iter().product::<usize>() => {
                return shape(name, format!("the shape {:?}", tensor.shape), format!("{want:?}"));
            }
            Some(tensor) => {
                if let Some(&value) = tensor.data.iter().find(|value| !value.is_finite()) {
                    let (tensor, path) = (name.clone(), path.to_owned());
                    return Err(HeadError::NotFinite { tensor, value, path });
                }
            }
        }
    }
    match tensors.iter().find(|(name, _)| !wanted.contains_key(*name)) {
        Some((name, tensor)) => {
            shape(name, format!("the shape {:?}", tensor.shape), "no such tensor".to_owned())
        }
        None => Ok(()),
    }
}

/// Refuses any model but the one that a head was learned for: by its sha256, since the same file
/// may have several ids, and by the width of its embeddings, where that is known.
pub(super) fn require_model(
    learned_for: Option<&ModelRef>,
    head_dim: Option<usize>,
    id: &str,
    sha256: &str,
    dim: Option<usize>,
) -> Result<(), HeadError> {
    let is_same = |model: &ModelRef| model.sha256.eq_ignore_ascii_case(sha256);
    if !learned_for.is_some_and(is_same) {
        let head = learned_for.map_or_else(
            || "a matrix whose model was not named (see learn --model)".to_owned(),
            |model| format!("the model {} (sha256 {})", model.id, model.sha256),
        );
        return Err(HeadError::OtherModel { head, model: format!("{id} (sha256 {sha256})") });
    }
    match (dim, head_dim) {
        (Some(dim), Some(head_dim)) if dim != head_dim => {
            let head = learned_for.map(|model| model.id.clone()).unwrap_or_default();
            Err(HeadError::OtherWidth { head, head_dim, model: id.to_owned(), dim })
        }
        _ => Ok(()),
    }
}
