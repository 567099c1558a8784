//! Weights that lie in files beside a model.
//!
//! Takes a model's bytes and its path; gives the files that its weights are in, by the names that
//! the model knows them by. Of the ONNX format it reads those names alone, and loads nothing.

use std::path::{Component, Path, PathBuf};

use prost::Message;

use super::ModelError;
use super::catalogue::MOST_BYTES;
use crate::base::{Fingerprint, Hasher};
use crate::files;

/// `ModelProto` of `onnx.proto`, as far as it leads to the names of files.
#[derive(Clone, PartialEq, Message)]
struct ModelProto {
    #[prost(message, optional, tag = "7")]
    graph: Option<GraphProto>,
}

/// `GraphProto`.
#[derive(Clone, PartialEq, Message)]
struct GraphProto {
    #[prost(message, repeated, tag = "5")]
    initializer: Vec<TensorProto>,
}

/// `TensorProto`.
#[derive(Clone, PartialEq, Message)]
struct TensorProto {
    #[prost(message, repeated, tag = "13")]
    external_data: Vec<StringStringEntryProto>,
    #[prost(int32, tag = "14")]
    data_location: i32,
}

/// `StringStringEntryProto`.
#[derive(Clone, PartialEq, Message)]
struct StringStringEntryProto {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(string, tag = "2")]
    value: String,
}

/// What `data_location` says of weights in another file.
const EXTERNAL: i32 = 1;

/// A model whose weights lie beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExternalWeights {
    /// The model's file.
    pub model: PathBuf,
    /// The names of the files beside it, relative to it, sorted.
    pub names: Vec<String>,
    /// Fingerprint of what is in them.
    pub content: Fingerprint,
}

impl ExternalWeights {
    /// The files that the model at `path` needs beside it; none where it holds all weights itself,
    /// or is nothing that is understood: the engine will say so.
    ///
    /// # Errors
    /// [`ModelError`]: a file that is not there, or that would lie outside the model's folder.
    pub(super) fn of(bytes: &[u8], path: &Path) -> Result<Option<Self>, ModelError> {
        let Some(graph) = ModelProto::decode(bytes).ok().and_then(|model| model.graph) else {
            return Ok(None);
        };
        let external = graph.initializer.into_iter().filter(|tensor| tensor.data_location == EXTERNAL);
        let entries = external.flat_map(|tensor| tensor.external_data);
        let mut names: Vec<String> =
            entries.filter(|entry| entry.key == "location").map(|entry| entry.value).collect();
        names.sort();
        names.dedup();
        if names.is_empty() {
            return Ok(None);
        }
        let mut hasher = Hasher::default();
        for name in &names {
            let beside = Path::new(name);
            if !beside.components().all(|part| matches!(part, Component::Normal(_))) {
                return Err(ModelError::OutsideWeights { name: name.clone(), path: path.to_owned() });
            }
            let file = path.with_file_name(name);
            let bytes =
                files::read(&file, MOST_BYTES).map_err(ModelError::io("read the model's weights", file))?;
            hasher.part(name).part(bytes);
        }
        Ok(Some(Self { model: path.to_owned(), names, content: hasher.finish() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model with weights in a file of that name.
    fn model(name: &str) -> Vec<u8> {
        let entry = |key: &str, value: &str| StringStringEntryProto { key: key.into(), value: value.into() };
        let external_data = vec![entry("location", name), entry("offset", "0")];
        let initializer = vec![TensorProto { external_data, data_location: EXTERNAL }];
        ModelProto { graph: Some(GraphProto { initializer }) }.encode_to_vec()
    }

    #[test]
    fn weights_are_found_beside_the_model_and_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("m.onnx");
        let message = |name: &str| ExternalWeights::of(&model(name), &path).unwrap_err().to_string();
        assert!(message("w.bin").starts_with("could not read the model's weights"), "{}", message("w.bin"));
        std::fs::write(dir.path().join("w.bin"), "1").unwrap();
        let one = ExternalWeights::of(&model("w.bin"), &path).unwrap().unwrap();
        assert_eq!(one.names, ["w.bin"]);
        std::fs::write(dir.path().join("w.bin"), "2").unwrap();
        assert_ne!(ExternalWeights::of(&model("w.bin"), &path).unwrap().unwrap().content, one.content);
        for outside in ["../w.bin", "/etc/passwd", "a/../../w.bin"] {
            assert!(message(outside).contains("outside"), "{outside}");
        }
        assert_eq!(ExternalWeights::of(b"not a network", &path).unwrap(), None);
        let built_in = include_bytes!("../../models/castlist-face.onnx");
        assert_eq!(ExternalWeights::of(built_in, &path).unwrap(), None);
    }
}
