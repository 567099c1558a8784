//! The models that Castlist knows, and where their files are.
//!
//! Takes the catalogue (built in, plus the user's model folder), an id or a path, and overrides;
//! gives a [`Model`]: its checked [`Entry`] and its bytes, whose sha256 was verified. Downloads a
//! model, adds the user's own, verifies and lists them. It never runs a network, never looks into
//! a graph and never prints.
//!
//! Files of the user's folder: `<id>.toml` describes `<file>` beside it; models of the built-in
//! catalogue lie there without a TOML file; `*.part` is a download that can be resumed.

mod add;
mod catalogue;
mod download;
mod entry;
mod error;
mod head;
mod keys;
mod resolve;

#[cfg(test)]
mod tests;

pub use add::Added;
pub use catalogue::{Availability, Catalogue, Listed, Status, Verified, user_folder};
pub use download::download;
pub use entry::{Colour, Crop, Entry, Kind, Layout, Size};
pub use error::ModelError;
pub use head::{
    AttentionHeadFile, Head, HeadError, HeadFile, HeadKind, LinkHead, LinkHeadFile, ModelRef, Tensor,
    TensorFile,
};
pub use keys::{Form, KEYS, Key};
pub use resolve::Model;

/// The model that turns faces into embeddings unless the user names another.
pub const DEFAULT_EMBED: &str = "castlist-face";
/// Downloadable models that are offered where the built-in one is unsure: the first may be used for
/// anything.
pub const STRONGER: [&str; 2] = ["sface", "edgeface-s"];

/// The model that finds the five landmarks in a loose crop.
pub const DEFAULT_ALIGN: &str = "castlist-align";
