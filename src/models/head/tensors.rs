//! Named tensors in a safetensors file, with one JSON object beside them.
//!
//! The one place that knows the file format. It reads whole files up to a limit, writes them
//! through a temporary file beside the target, and never interprets what it holds.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors};
use serde_json::{Map, Value};

use super::HeadError;

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

/// What stands in a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TensorFile {
    /// The JSON object beside the tensors.
    pub meta: Map<String, Value>,
    /// The tensors by name.
    pub tensors: BTreeMap<String, Tensor>,
}

impl TensorFile {
    /// Reads a file whose tensors are all of type F32. Values may be anything, NaN too.
    ///
    /// # Errors
    /// [`HeadError`]: unreadable, larger than a GiB, no whole safetensors file, no metadata of
    /// Castlist, another type.
    pub fn read(path: &Path) -> Result<Self, HeadError> {
        let io = |source| HeadError::Io { doing: "read the head", source, path: path.to_owned() };
        let file = fs::File::open(path).map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        if bytes > MOST_BYTES {
            return Err(HeadError::TooLarge { bytes, most: MOST_BYTES, path: path.to_owned() });
        }
        let mut buffer = Vec::new();
        file.take(MOST_BYTES).read_to_end(&mut buffer).map_err(io)?;
        let why = |error: SafeTensorError| HeadError::NoSafetensors {
            why: error.to_string(),
            path: path.to_owned(),
        };
        let (_, header) = SafeTensors::read_metadata(&buffer).map_err(why)?;
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
        let found = SafeTensors::deserialize(&buffer).map_err(why)?.tensors();
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

    /// Writes a file: all or nothing, over what was there. The same contents give the same bytes.
    ///
    /// # Errors
    /// [`HeadError::Io`], and [`HeadError::NoSafetensors`] where a shape contradicts its data.
    pub fn write(
        meta: &Map<String, Value>,
        tensors: &BTreeMap<String, Tensor>,
        path: &Path,
    ) -> Result<(), HeadError> {
        let io = |source| HeadError::Io { doing: "write the head", source, path: path.to_owned() };
        let why = |error: SafeTensorError| HeadError::NoSafetensors {
            why: error.to_string(),
            path: path.to_owned(),
        };
        let flat = |tensor: &Tensor| tensor.data.iter().flat_map(|number| number.to_le_bytes()).collect();
        let bytes: Vec<Vec<u8>> = tensors.values().map(flat).collect();
        let mut views = Vec::with_capacity(tensors.len());
        for ((name, tensor), bytes) in tensors.iter().zip(&bytes) {
            let view = TensorView::new(Dtype::F32, tensor.shape.clone(), bytes).map_err(why)?;
            views.push((name.as_str(), view));
        }
        let text = Value::Object(meta.clone()).to_string();
        let metadata = HashMap::from([(KEY.to_owned(), text)]);
        let whole = safetensors::serialize(views, Some(metadata)).map_err(why)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(io)?;
        file.write_all(&whole).map_err(io)?;
        file.as_file().sync_all().map_err(io)?;
        file.persist(path).map_err(|error| io(error.error))?;
        Ok(())
    }
}
