//! The adapter to ONNX: which engine runs, and a network as numbers in, numbers out.
//!
//! Takes a model's bytes and the shape it is fed; gives a [`Network`] that can be run from
//! many threads at once. It depends on no faces, pictures or catalogues.

mod batch;
mod child;
mod engine;
mod graph;
mod network;
mod outputs;
mod probe;

pub(crate) use child::try_model;
pub(crate) use engine::python_package;
pub use engine::{Engine, EngineChoice, EngineKind, engine};
pub use graph::{InputShape, NetworkFile};
pub use network::Network;
pub(crate) use outputs::{MultiOutputNetwork, OutputTensor};
pub(crate) use probe::try_with;

/// Why a network cannot be loaded or run.
#[derive(Debug, thiserror::Error)]
pub enum InferError {
    /// No engine could be started.
    #[error(
        "no inference engine works here ({tried}); install the `onnxruntime` Python package or set \
         ORT_DYLIB_PATH to its library"
    )]
    NoEngine {
        /// What was tried, and why it failed.
        tried: String,
    },
    /// The engine refused the model.
    #[error(
        "the model {name} cannot be loaded by {engine} ({why}); is it an ONNX file of a supported opset?"
    )]
    Load {
        /// Model.
        name: String,
        /// Engine and version.
        engine: String,
        /// What the engine said.
        why: String,
    },
    /// The model ended the process in which it was tried.
    #[error(
        "the model {name} was tried in a process of its own, and it did not survive ({why}); it is damaged, \
         hostile or beyond what the engine can take, so it is not used"
    )]
    Crash {
        /// Model.
        name: String,
        /// How the process ended.
        why: String,
    },
    /// The graph does not fit its description.
    #[error("the model {name} does not fit its description: {what}")]
    Shape {
        /// Model.
        name: String,
        /// What differs, with both values.
        what: String,
    },
    /// The engine failed while it ran.
    #[error("the model {name} failed while running ({why})")]
    Run {
        /// Model.
        name: String,
        /// What the engine said.
        why: String,
    },
}
