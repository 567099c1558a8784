//! The models that Castlist knows, and where their files are.
//!
//! Takes the catalogue (built in, plus the user's model folder), an id or a path, and overrides;
//! gives a [`Model`]: its checked [`ModelEntry`] and its bytes, whose sha256 was verified. Downloads a
//! model, adds the user's own, verifies and lists them, and says which are worth trying. It never
//! runs a network and never prints; of a graph it reads the names of files with weights alone.
//!
//! Files of the user's folder: `<id>.toml` describes `<file>` beside it; models of the built-in
//! catalogue lie there without a TOML file; `*.part` is a download that can be resumed.

mod add;
mod catalogue;
mod description;
mod download;
mod entry;
mod error;
mod external;
mod head;
mod offers;
mod resolve;

#[cfg(test)]
mod tests;

pub use add::AddedModel;
pub(crate) use catalogue::user_folder;
pub use catalogue::{Availability, Catalogue, ListedModel, VerifiedModel, VerifyStatus};
pub use download::download;
pub use entry::{
    ChannelOrder, Crop, DescriptionKey, DetectorOutputs, KEYS, ModelEntry, ModelKind, Size, TensorLayout,
    ValueForm,
};
pub use error::ModelError;
pub use external::ExternalWeights;
pub use head::{AttentionHeadFile, Head, HeadError, HeadFile, HeadKind, ModelRef, Tensor};
pub(crate) use head::{LgcnHead, LgcnHeadFile, TensorFile};
pub(crate) use offers::{Machine, ModelNeed, ModelOffer, offers};
pub use resolve::Model;

/// The model that turns faces into embeddings unless the user names another.
pub const DEFAULT_EMBED: &str = "castlist-face";

/// The model that finds the five landmarks in a loose crop.
pub const DEFAULT_ALIGN: &str = "castlist-align";

/// The detector that is used where nobody names one; it is inside the program.
pub const DEFAULT_DETECT: &str = "castlist-detect";
