//! The terms of the field as types, which every other module uses.
//!
//! Imports no other module; gives plain types: matrices of embeddings, similarity and
//! distance as two types, partitions, constraints, union-find, a seeded generator and
//! [`Cx`], the context that carries progress, cancellation and warnings into a job.
//! It never reads files, starts threads or uses models.

mod cancel;
mod constraints;
mod cx;
mod dendrogram;
mod embeddings;
mod fingerprint;
mod measure;
mod names;
mod ordered;
mod parameters;
mod part_id;
mod partition;
pub mod product;
mod rng;
mod sample;
mod sentences;
mod simd;
mod stage;
mod union_find;

pub use cancel::Cancelled;
pub use constraints::{CoOccurrence, Constraint, ConstraintKind, ConstraintSource, Constraints};
pub use cx::{Cx, Progress, Warning, WarningKind, Warnings, summarise};
pub use dendrogram::{Dendrogram, Merge};
pub use embeddings::{EmbeddingError, Embeddings};
pub use fingerprint::{Fingerprint, Hasher};
pub use measure::{Distance, Radius, Similarity, squared_distance};
pub use names::{ControlCharacter, DetailError, Details};
pub(crate) use names::{MOST_DETAILS, checked_detail, checked_details, checked_name, is_control};
pub(crate) use ordered::equal_by_order;
pub use parameters::{
    Checked, InvalidValue, Parameter, ParameterField, ParameterRange, ParameterValue, Parameters,
    SetParameterError, Value,
};
pub(crate) use parameters::{field, word_values};
pub(crate) use part_id::{parse_part_id, part_id};
pub use partition::Partition;
pub use rng::{Rng, seeded};
pub use sample::evenly_spaced;
pub(crate) use sentences::sentences;
pub use simd::with_widest_vectors;
pub use stage::Stage;
pub use union_find::UnionFind;

/// Index of a track within one opened folder or matrix: `0..n_tracks`, in natural order.
///
/// It means nothing in the next run; what survives is the track's id (a string).
pub type TrackIx = u32;
