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
mod keys;
mod measure;
mod names;
mod ordered;
mod parameters;
mod part_id;
mod partition;
pub mod product;
mod rng;
mod sentences;
mod spread;
mod stage;
mod union_find;
mod wide;

pub use cancel::Cancelled;
pub use constraints::{CoOccurrence, Constraint, Constraints, LinkKind, LinkSource};
pub use cx::{Cx, Progress, Warning, WarningKind, Warnings, told};
pub use dendrogram::{Dendrogram, Merge};
pub use embeddings::{EmbeddingError, Embeddings};
pub use keys::{Fingerprint, Hasher};
pub use measure::{Distance, Radius, Similarity, squared_distance};
pub use names::ControlCharacter;
pub(crate) use names::{checked_name, is_control};
pub(crate) use ordered::equal_by_order;
pub use parameters::{Checked, Field, NotSet, Parameter, ParameterValue, Parameters, Range, Refused, Value};
pub(crate) use parameters::{field, word_values};
pub(crate) use part_id::{parse_part_id, part_id};
pub use partition::Partition;
pub use rng::{Rng, seeded};
pub(crate) use sentences::sentences;
pub use spread::spread;
pub use stage::Stage;
pub use union_find::UnionFind;
pub use wide::widest;

/// Index of a track within one opened folder or matrix: `0..n_tracks`, in natural order.
///
/// It means nothing in the next run; what survives is the track's id (a string).
pub type TrackIx = u32;
