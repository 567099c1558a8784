//! Named tensors in a safetensors file, with one JSON object beside them.
//!
//! The one place that knows the file format. It reads whole files up to a limit, writes them
//! through a temporary file beside the target, and never interprets what it holds.

use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors};
use serde_json::{Map, Value};

use super::{HeadError, sha256_hex};
use crate::files;

/// The key of all metadata.
const KEY: &str = "castlist";
/// More than any head or unfinished training has.
const MOST_BYTES: u64 = 1 << 30;

/// A tensor of 32-bit numbers, row-major.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tensor {
    /// Its extents, outermost first.
    pub shape: Vec<usize>,
    /// As many numbers as the extents' product.
    pub data: Vec<f32>,
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct TensorFile {
    /// The JSON object beside the tensors.
    pub meta: Map<String, Value>,
    /// The tensors by name.
    pub tensors: BTreeMap<String, Tensor>,
}

impl TensorFile {
    /// The bytes of a file that may be a head.
    ///
    /// # Errors
    /// [`HeadError`]: unreadable, or larger than a GiB.
    pub(in crate::models) fn bytes(path: &Path) -> Result<Vec<u8>, HeadError> {
        let io = |source| HeadError::Read { source, path: path.to_owned() };
        let file = files::open(path).map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        if bytes > MOST_BYTES {
            return Err(HeadError::TooLarge { bytes, most: MOST_BYTES, path: path.to_owned() });
        }
        let mut buffer = Vec::new();
        file.take(MOST_BYTES).read_to_end(&mut buffer).map_err(io)?;
        Ok(buffer)
    }

    /// Reads a file whose tensors are all of type F32. Values may be anything, NaN too.
    ///
    /// # Errors
    /// As `bytes` and [`Self::parse`].
    pub(crate) fn read(path: &Path) -> Result<Self, HeadError> {
        Self::parse(&Self::bytes(path)?, path)
    }

    /// [`Self::read`], and the sha256 of the file in lower-case hexadecimal.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) fn read_named(path: &Path) -> Result<(Self, String), HeadError> {
        let bytes = Self::bytes(path)?;
        Ok((Self::parse(&bytes, path)?, sha256_hex(&bytes)))
    }

    /// [`Self::read`] for the bytes of a file; `path` is for the message.
    ///
    /// # Errors
    /// [`HeadError`]: no whole safetensors file, no metadata of Castlist, another type.
    pub(crate) fn parse(buffer: &[u8], path: &Path) -> Result<Self, HeadError> {
        let why = |error: SafeTensorError| HeadError::NoSafetensors {
            why: error.to_string(),
            path: path.to_owned(),
        };
        let (_, header) = SafeTensors::read_metadata(buffer).map_err(why)?;
        let text = header.metadata().as_ref().and_then(|metadata| metadata.get(KEY));
        let meta = text.and_then(|text| serde_json::from_str(text).ok());
        let Some(Value::Object(meta)) = meta else {
            return Err(HeadError::Metadata {
                key: KEY.to_owned(),
                value: text.cloned().unwrap_or_else(|| "missing".to_owned()),
                want: "a JSON object, as Castlist writes it",
                path: path.to_owned(),
            });
        };
        let found = SafeTensors::deserialize(buffer).map_err(why)?.tensors();
        let mut tensors = BTreeMap::new();
        for (name, view) in found {
            if view.dtype() != Dtype::F32 {
                let found = view.dtype().to_string();
                return Err(HeadError::Type { tensor: name, found, path: path.to_owned() });
            }
            let numbers = view.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
            tensors.insert(name, Tensor { shape: view.shape().to_vec(), data: numbers.collect() });
        }
        Ok(Self { meta, tensors })
    }

    /// The contents as a file's bytes; the same contents give the same bytes.
    ///
    /// # Errors
    /// [`HeadError::NoSafetensors`] where a shape contradicts its data.
    pub(crate) fn to_bytes(&self, path: &Path) -> Result<Vec<u8>, HeadError> {
        let why = |error: SafeTensorError| HeadError::NoSafetensors {
            why: error.to_string(),
            path: path.to_owned(),
        };
        let flat = |tensor: &Tensor| tensor.data.iter().flat_map(|number| number.to_le_bytes()).collect();
        let bytes: Vec<Vec<u8>> = self.tensors.values().map(flat).collect();
        let mut views = Vec::with_capacity(bytes.len());
        for ((name, tensor), bytes) in self.tensors.iter().zip(&bytes) {
            let view = TensorView::new(Dtype::F32, tensor.shape.clone(), bytes).map_err(why)?;
            views.push((name.as_str(), view));
        }
        let text = Value::Object(self.meta.clone()).to_string();
        let metadata = HashMap::from([(KEY.to_owned(), text)]);
        safetensors::serialize(views, Some(metadata)).map_err(why)
    }

    /// Writes a file: all or nothing, over what was there.
    ///
    /// # Errors
    /// [`HeadError::Write`], and as [`Self::to_bytes`].
    pub(crate) fn write(&self, path: &Path) -> Result<(), HeadError> {
        Self::put(&self.to_bytes(path)?, path)
    }

    /// Writes bytes: all or nothing, over what was there.
    ///
    /// # Errors
    /// [`HeadError::Write`].
    pub(super) fn put(bytes: &[u8], path: &Path) -> Result<(), HeadError> {
        files::replace(path, bytes).map_err(|source| HeadError::Write { source, path: path.to_owned() })
    }
}
