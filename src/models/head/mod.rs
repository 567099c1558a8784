//! Head files: what was learned on top of an embedding model.
//!
//! A [`HeadFile`] is a safetensors file: the weights as tensors, and beside them what they were
//! learned for, on what, and how good they are. Takes and gives plain numbers; everything is
//! checked on loading. It never runs a head, and knows nothing of training.
//!
//! The metadata is one JSON object under the key `castlist` of the file's `__metadata__`, since
//! safetensors keeps its own keys in no order and equal heads should be equal files.

mod attention;
mod core;
mod lgcn;
mod tensors;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalogue::sha256_hex;
use crate::files;
pub use attention::AttentionHeadFile;
use core::{MODEL, Metadata, VERSION, are_valid, check_tensors, is_positive, require_model};
pub(crate) use lgcn::{LgcnHead, LgcnHeadFile};
pub use tensors::Tensor;
pub(crate) use tensors::TensorFile;

/// Layers that are believed.
const MOST_LAYERS: usize = 16;
/// The widest layer that is believed.
const WIDEST: usize = 65_536;

/// Why a head could not be read, written or used.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// A file that could not be read.
    #[error("could not read the head: {source}: {}", path.display())]
    Read {
        /// The system's reason.
        source: std::io::Error,
        /// The file.
        path: PathBuf,
    },
    /// A file that could not be written.
    #[error("could not write the head: {source}; choose another place: {}", path.display())]
    Write {
        /// The system's reason.
        source: std::io::Error,
        /// The file.
        path: PathBuf,
    },
    /// Not what Castlist writes, or cut off.
    #[error("this is not a complete safetensors file ({why}): get it again: {}", path.display())]
    NoSafetensors {
        /// The reader's reason.
        why: String,
        /// The file.
        path: PathBuf,
    },
    /// Far more than any head has.
    #[error("this file has {bytes} bytes, but a head has at most {most}: give the head, not a model: {}", path.display())]
    TooLarge {
        /// The file's length.
        bytes: u64,
        /// The most that is read.
        most: u64,
        /// The file.
        path: PathBuf,
    },
    /// A head that another version wrote.
    #[error(
        "this head is of format {found}, but this Castlist reads {VERSION}: learn it again, or take the \
         Castlist that wrote it: {}", path.display()
    )]
    Version {
        /// What the file says.
        found: String,
        /// The file.
        path: PathBuf,
    },
    /// Metadata that is missing or makes no sense.
    #[error("the metadata's {key:?} is {value}, but must be {want}: learn the head again: {}", path.display())]
    Metadata {
        /// The key.
        key: String,
        /// What is there, or `missing`.
        value: String,
        /// What should be there.
        want: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// Weights that do not belong to the widths.
    #[error("{tensor:?} has {got}, but the widths {dims:?} ask for {want}: learn the head again: {}", path.display())]
    Shape {
        /// The tensor.
        tensor: String,
        /// Its shape, or `no place in this head`.
        got: String,
        /// What the widths ask for.
        want: String,
        /// The widths.
        dims: Vec<usize>,
        /// The file.
        path: PathBuf,
    },
    /// A tensor of a type that no head has.
    #[error("{tensor:?} holds numbers of type {found}, but heads hold F32: convert or learn it again: {}", path.display())]
    Type {
        /// The tensor.
        tensor: String,
        /// Its type.
        found: String,
        /// The file.
        path: PathBuf,
    },
    /// A weight that is no number.
    #[error("{tensor:?} holds {value}, which is not a finite number: learn the head again: {}", path.display())]
    NotFinite {
        /// The tensor.
        tensor: String,
        /// What is there.
        value: f32,
        /// The file.
        path: PathBuf,
    },
    /// A head that was learned on another model's embeddings.
    #[error(
        "this head was learned for {head}, but the model in use is {model}: choose that model, or a head \
         that was learned for this one"
    )]
    OtherModel {
        /// The head's model.
        head: String,
        /// The model in use.
        model: String,
    },
    /// A method that needs a head, and there is none for the model.
    #[error(
        "the method lgcn needs a learned head, and there is none for {model}{}: learn one with `castlist learn \
         lgcn`, or name one with --head FILE", numbers(*.dim)
    )]
    NoHead {
        /// The model in use, or what the rows come from.
        model: String,
        /// Its output, where that is known.
        dim: Option<usize>,
    },
    /// The right model by its sha256, but not by its output.
    #[error(
        "this head for {head} takes rows of {head_dim} numbers, not of {dim}, as {model} has them: choose the head's own \
         model, or learn the head again"
    )]
    OtherWidth {
        /// The head's model.
        head: String,
        /// The head's input.
        head_dim: usize,
        /// The model in use.
        model: String,
        /// Its output.
        dim: usize,
    },
}

/// `(512 numbers a row)`.
fn numbers(dim: Option<usize>) -> String {
    dim.map(|dim| format!(" ({dim} numbers a row)")).unwrap_or_default()
}

/// What a head does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HeadKind {
    /// Ball Cluster Learning: a projection and a radius.
    Bcl,
    /// L-GCN: a network that judges links between neighbours.
    Lgcn,
    /// Attention pooling: a query, and for a second round a gate.
    Attention,
}

/// The embedding model that a head was learned for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRef {
    /// Its id; another id for the same file is the same model.
    pub id: String,
    /// Its sha256 in lowercase hexadecimal.
    pub sha256: String,
}

/// A head as it is in its file.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadFile {
    /// What it does.
    pub kind: HeadKind,
    /// The model it was learned for; none where that was not stated.
    pub model: Option<ModelRef>,
    /// The input's width, then each layer's outputs; the input's alone where there is no layer.
    pub dims: Vec<usize>,
    /// b > 0 as the loss learned it; the radius is √b, and tracks merge up to 4b.
    pub b: f64,
    /// The threshold τ > 0 at which `BCubed` F was best, where it was looked for.
    pub tau: Option<f64>,
    /// What it was learned on, in words.
    pub data: String,
    /// How good it was, by name.
    pub figures: BTreeMap<String, f64>,
    /// The Castlist that learned it.
    pub castlist: String,
    /// The seed it was learned with.
    pub seed: u64,
    /// `layer.N.weight` (outputs × inputs) and `layer.N.bias`, N from 0.
    pub tensors: BTreeMap<String, Tensor>,
}

/// A head that was read, and the name that runs and projects give it.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// What is in it.
    pub file: HeadFile,
    /// Lower-case hexadecimal sha256 of its bytes.
    pub sha256: String,
}

impl Head {
    /// Reads and checks a head.
    ///
    /// # Errors
    /// As [`HeadFile::read`].
    pub fn read(path: &Path) -> Result<Self, HeadError> {
        Self::parse(&TensorFile::bytes(path)?, path)
    }

    /// [`Self::read`] for the bytes of a file; `path` is for the message.
    ///
    /// # Errors
    /// As [`HeadFile::parse`].
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, HeadError> {
        Ok(Self { file: HeadFile::parse(bytes, path)?, sha256: sha256_hex(bytes) })
    }
}

/// The metadata's fields besides the version, as JSON.
#[derive(Serialize)]
struct HeadFields<'a> {
    version: u64,
    kind: HeadKind,
    model: Option<&'a ModelRef>,
    dims: &'a [usize],
    b: f64,
    tau: Option<f64>,
    data: &'a str,
    figures: &'a BTreeMap<String, f64>,
    castlist: &'a str,
    seed: u64,
}

impl HeadFile {
    /// Reads and checks a head.
    ///
    /// # Errors
    /// [`HeadError`] for whatever is not as [`Self::write`] leaves it.
    pub fn read(path: &Path) -> Result<Self, HeadError> {
        Self::parse(&TensorFile::bytes(path)?, path)
    }

    /// [`Self::read`] for the bytes of a file; `path` is for the message.
    ///
    /// # Errors
    /// [`HeadError`].
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, HeadError> {
        let file = TensorFile::parse(bytes, path)?;
        let meta = Metadata::of(&file, path)?;
        let head = Self {
            kind: meta.get("kind", "\"bcl\"", |kind| *kind == HeadKind::Bcl)?,
            model: meta.get("model", MODEL, |model: &Option<ModelRef>| are_valid(model.as_ref()))?,
            dims: meta.get("dims", "1 to 17 widths of 1 to 65536", |dims: &Vec<usize>| are_dims(dims))?,
            b: meta.get("b", "a number above 0", |b| is_positive(*b))?,
            tau: meta
                .get("tau", "a number above 0, or null", |tau: &Option<f64>| tau.is_none_or(is_positive))?,
            data: meta.get("data", "a text", |_| true)?,
            figures: meta.get("figures", "numbers by name", |_| true)?,
            castlist: meta.get("castlist", "a version", |_| true)?,
            seed: meta.get("seed", "a whole number", |_| true)?,
            tensors: file.tensors,
        };
        check_tensors(&head.tensors, head.wanted(), &head.dims, path)?;
        Ok(head)
    }

    /// Checks and writes a head: all or nothing, over what was there. Equal heads are equal bytes.
    ///
    /// # Errors
    /// [`HeadError`] where the head would not be read again, or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), HeadError> {
        TensorFile::put(&self.to_bytes(path)?, path)
    }

    /// Shows before a long training whether its head can be written; leaves nothing behind.
    ///
    /// # Errors
    /// [`HeadError::Write`]; also where `path` is a folder.
    pub(crate) fn check_writable(path: &Path) -> Result<(), HeadError> {
        files::check(path).map_err(|source| HeadError::Write { source, path: path.to_owned() })
    }

    /// The head as a file's bytes; `path` is for the message.
    ///
    /// # Errors
    /// [`HeadError`] where the head would not be read again.
    pub fn to_bytes(&self, path: &Path) -> Result<Vec<u8>, HeadError> {
        let fields = HeadFields {
            version: VERSION,
            kind: self.kind,
            model: self.model.as_ref(),
            dims: &self.dims,
            b: self.b,
            tau: self.tau,
            data: &self.data,
            figures: &self.figures,
            castlist: &self.castlist,
            seed: self.seed,
        };
        let wrong = |key: &str, value: String, want| {
            Err(HeadError::Metadata { key: key.to_owned(), value, want, path: path.to_owned() })
        };
        if !are_valid(self.model.as_ref()) {
            return wrong("model", format!("{:?}", self.model), MODEL);
        }
        if !are_dims(&self.dims) {
            return wrong("dims", format!("{:?}", self.dims), "1 to 17 widths of 1 to 65536");
        }
        if let Some(number) = [Some(self.b), self.tau].iter().flatten().find(|number| !is_positive(**number))
        {
            return wrong("b or tau", number.to_string(), "a number above 0");
        }
        if let Some((name, figure)) = self.figures.iter().find(|(_, figure)| !figure.is_finite()) {
            return wrong(name, figure.to_string(), "a finite number");
        }
        check_tensors(&self.tensors, self.wanted(), &self.dims, path)?;
        let Ok(Value::Object(meta)) = serde_json::to_value(&fields) else {
            return wrong("metadata", "not expressible".to_owned(), "JSON");
        };
        TensorFile { meta, tensors: self.tensors.clone() }.to_bytes(path)
    }

    /// Refuses any model but the one that this head was learned for: by its sha256, since the
    /// same file may have several ids, and by the width of its embeddings, where that is known.
    ///
    /// # Errors
    /// [`HeadError::OtherModel`] and [`HeadError::OtherWidth`], which name both.
    pub(crate) fn require_model(&self, id: &str, sha256: &str, dim: Option<usize>) -> Result<(), HeadError> {
        require_model(self.model.as_ref(), self.dims.first().copied(), id, sha256, dim)
    }

    /// The tensors that the widths ask for: name and shape.
    fn wanted(&self) -> impl Iterator<Item = (String, Vec<usize>)> + '_ {
        self.dims.windows(2).enumerate().flat_map(|(layer, pair)| {
            let (weight, bias) = (Self::weight(layer), Self::bias(layer));
            [(weight, vec![pair[1], pair[0]]), (bias, vec![pair[1]])]
        })
    }

    /// The name of a layer's matrix.
    #[must_use]
    pub fn weight(layer: usize) -> String {
        format!("layer.{layer}.weight")
    }

    /// The name of a layer's biases.
    #[must_use]
    pub(crate) fn bias(layer: usize) -> String {
        format!("layer.{layer}.bias")
    }
}

fn are_dims(dims: &[usize]) -> bool {
    (1..=MOST_LAYERS + 1).contains(&dims.len()) && dims.iter().all(|dim| (1..=WIDEST).contains(dim))
}
