//! What can go wrong in learning, in plain words.

use std::path::PathBuf;

use crate::base::{Cancelled, EmbeddingError, InvalidValue, SetParameterError};
use crate::models::HeadError;

/// Why nothing was learned, or a projection could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum LearnError {
    /// A parameter out of its range.
    #[error(transparent)]
    Parameter(#[from] InvalidValue),
    /// A parameter that does not exist.
    #[error("there is no parameter `{name}` of a training; there are: {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// Lists that do not speak of the same faces or tracks.
    #[error("{what}: {got} were given, but {want} are needed")]
    Lengths {
        /// What was counted.
        what: &'static str,
        /// How many there were.
        got: usize,
        /// How many there should be.
        want: usize,
    },
    /// An identity that would be learned from and tested on.
    #[error(
        "{identity:?} is in two parts of the split, {first} and {second}: put each identity into one part"
    )]
    SplitTwice {
        /// The identity.
        identity: String,
        /// The part that named it first.
        first: &'static str,
        /// The other part.
        second: &'static str,
    },
    /// A split that names an identity that the labels do not.
    #[error("the split names {identity:?}, which no label names: correct the split or the labels")]
    Unlabelled {
        /// The identity.
        identity: String,
    },
    /// Too few people to learn from.
    #[error(
        "{identities} identities with {tracks} tracks are too little to learn from: at least 2 identities \
         are needed, and one of them with 2 faces"
    )]
    TooLittle {
        /// Identities of the training part that have a track.
        identities: usize,
        /// Their tracks.
        tracks: usize,
    },
    /// Embeddings that cannot be brought to unit length.
    #[error("cannot learn from the embeddings: {0}")]
    Embeddings(#[from] EmbeddingError),
    /// A row that the network maps to zero, or beyond all numbers.
    #[error(
        "row {row} comes out of the projection without a direction: lower the learning rate, or leave this \
         row out"
    )]
    ZeroRow {
        /// The first such row.
        row: usize,
    },
    /// Weights or radius that are no finite numbers any more.
    #[error("training diverged in epoch {epoch}: the loss is {loss}; lower the learning rate")]
    Diverged {
        /// The epoch, from 1.
        epoch: usize,
        /// The loss.
        loss: f64,
    },
    /// A projection and embeddings that do not fit.
    #[error(
        "the head projects rows of {head} numbers, but the embeddings have {rows}: take the model's own head"
    )]
    Width {
        /// The head's input.
        head: usize,
        /// The embeddings' columns.
        rows: usize,
    },
    /// A training that was begun with other settings or data.
    #[error(
        "an unfinished training with other settings, labels or embeddings is kept here: remove it to begin \
         anew, or repeat its settings to go on: {}", path.display()
    )]
    OtherTraining {
        /// The checkpoint.
        path: PathBuf,
    },
    /// A head or a checkpoint that cannot be read or written.
    #[error(transparent)]
    Head(#[from] HeadError),
    /// The user stopped it; the checkpoint is written.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl LearnError {
    pub(super) fn parameter(
        name: &'static str,
        value: impl std::fmt::Display,
        range: impl Into<String>,
    ) -> Self {
        Self::Parameter(InvalidValue::new(name, value, range))
    }
}

impl From<SetParameterError> for LearnError {
    fn from(error: SetParameterError) -> Self {
        match error {
            SetParameterError::Unknown { name, known } => Self::Unknown { name, known },
            SetParameterError::Refused(refused) => Self::Parameter(refused),
        }
    }
}
