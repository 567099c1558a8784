//! From identities to files: one folder per person, a manifest and three tables.
//!
//! Takes the tracks, the review and a choice of identities; [`plan`] says which file would
//! go where without writing anything, [`ExportPlan::write`] does it under a temporary name beside
//! the target and renames that onto it at the end. So there is a whole export, or none.
//!
//! ```text
//! <target>/<identity>/<video>__<track>/<frame>.jpg   unnamed identities: unnamed-0012
//! <target>/tracks.csv         one row per track of the project, exported or not
//! <target>/appearances.csv    one row per time interval in which an identity is seen
//! <target>/identities.csv     one row per exported identity, with its details
//! <target>/manifest.json      what it was made with; written last
//! ```
//!
//! It never overwrites, changes or deletes what it did not write itself, and never moves a
//! picture. The same review gives the same bytes, but for the time in the manifest.
//!
//! # Examples
//!
//! ```
//! use castlist::base::Cx;
//! use castlist::export::{ExportOptions, plan};
//! use castlist::review::{Edit, IdentityId, Review, adoption};
//! use castlist::tracks::{ScanOptions, scan};
//! # let dir = tempfile::tempdir()?;
//! # let (folder, target) = (dir.path().join("film"), dir.path().join("cast"));
//! # for track in ["t1", "t2", "t3"] {
//! #     std::fs::create_dir_all(folder.join(track))?;
//! #     image::RgbImage::new(16, 16).save(folder.join(track).join("000001.png"))?;
//! # }
//!
//! // Two clusters of a folder's three tracks become identities; the first gets a name.
//! let set = scan(&folder, &ScanOptions::default(), &Cx::new())?;
//! let mut review = Review::new(set.tracks.iter().map(|track| track.id.clone()).collect());
//! let adopted = adoption(&review, &[vec![0, 2], vec![1]], "example".to_owned(), IdentityId(1));
//! review.apply(&Edit::Adopt(adopted));
//! review.apply(&Edit::Rename { identity: IdentityId(1), name: "Ada".to_owned() });
//!
//! // Plan first; nothing is written yet.
//! let plan = plan(&set, &review, &ExportOptions::default(), &target)?;
//! assert_eq!((plan.n_identities(), plan.n_files()), (2, 3));
//! assert!(!target.exists());
//!
//! plan.write(&Cx::new())?;
//! assert!(target.join("Ada").is_dir() && target.join("manifest.json").is_file());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod manifest;
mod names;
mod plan;
mod tables;
mod target;
#[cfg(test)]
mod tests;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::review::{IdentityId, Review};
use crate::tracks::{Track, TrackSet};

pub use error::ExportError;
pub use plan::{ExportPlan, plan};

/// A file that every export has beside the folders of its identities.
#[derive(Debug)]
pub(crate) struct Format {
    /// Its name in the export.
    pub(crate) name: &'static str,
    content: Content,
}

/// What a file holds, by when that is known.
#[derive(Debug)]
enum Content {
    /// When the export is planned.
    Planned(fn(&Facts<'_>) -> io::Result<Vec<u8>>),
    /// When all that is planned was written.
    Last(fn(&ExportPlan, &ExportSummary) -> io::Result<Vec<u8>>),
}

/// What a file is made of while the export is planned.
#[derive(Debug)]
struct Facts<'a> {
    set: &'a TrackSet,
    review: &'a Review,
    /// The tracks of each exported identity.
    members: &'a BTreeMap<IdentityId, Vec<&'a Track>>,
    /// What the tables call every identity, exported or not.
    labels: &'a BTreeMap<IdentityId, String>,
    /// The machine's cluster of each track by track id.
    clusters: &'a BTreeMap<String, u32>,
}

/// All files, in the order in which they are written.
pub(crate) const FORMATS: &[Format] =
    &[tables::TRACKS, tables::APPEARANCES, tables::IDENTITIES, manifest::MANIFEST];

/// How a picture comes into the export.
///
/// # Examples
/// ```
/// use castlist::export::TransferMode;
///
/// // The word of the command line, as in `castlist export --link hard`.
/// assert_eq!("hard".parse::<TransferMode>()?, TransferMode::Hard);
/// assert!("soft".parse::<TransferMode>().is_err());
/// # Ok::<(), castlist::export::ExportError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransferMode {
    /// A copy, which needs as much room again.
    #[default]
    Copy,
    /// A second name for the same file; needs the same drive.
    Hard,
    /// A pointer to the file's absolute path; breaks when the tracks move.
    Symbolic,
}

impl TransferMode {
    /// All of them, in the order of a menu.
    pub const ALL: [Self; 3] = [Self::Copy, Self::Hard, Self::Symbolic];

    /// The word on the command line and in the manifest.
    pub fn word(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Hard => "hard",
            Self::Symbolic => "symbolic",
        }
    }
}

impl FromStr for TransferMode {
    type Err = ExportError;

    fn from_str(word: &str) -> Result<Self, ExportError> {
        let mode = Self::ALL.into_iter().find(|mode| mode.word() == word);
        mode.ok_or_else(|| ExportError::LinkMode(word.to_owned()))
    }
}

/// Which identities are exported; tracks of no identity never are.
///
/// # Examples
/// ```
/// use castlist::export::{ExportOptions, Selection};
/// use castlist::review::IdentityId;
///
/// // Two identities and no others, ignored ones among them.
/// let selection = Selection::Only([IdentityId(3), IdentityId(8)].into());
/// let options = ExportOptions { selection, ..ExportOptions::default() };
/// assert_ne!(options.selection, Selection::AllButIgnored);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Selection {
    /// All but the ignored ones.
    #[default]
    AllButIgnored,
    /// These and no others, ignored ones among them.
    Only(BTreeSet<IdentityId>),
}

/// What the identities were made with, for the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Provenance {
    /// Id of the embedding model; empty where features were given.
    pub model: String,
    /// SHA-256 of the model's file in hexadecimal; empty where there is none.
    pub model_sha256: String,
    /// Engine with its version.
    pub engine: String,
    /// Clustering method.
    pub method: String,
    /// Parameters by name, as they would be typed.
    pub parameters: BTreeMap<String, String>,
}

/// What to export and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportOptions {
    /// Which identities.
    pub selection: Selection,
    /// Copies or links.
    pub mode: TransferMode,
    /// What goes into the manifest.
    pub provenance: Provenance,
    /// The machine's cluster of each track by track id, for `tracks.csv`.
    pub clusters: BTreeMap<String, u32>,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportSummary {
    /// The folder, absolute.
    pub folder: PathBuf,
    /// Identities exported.
    pub n_identities: usize,
    /// Their tracks, with pictures or without.
    pub n_tracks: usize,
    /// Pictures written.
    pub n_files: usize,
    /// Pictures left out because they are not there (any more) or cannot be read.
    pub missing: usize,
}
