//! The catalogue: every known model and where its file is.
//!
//! Takes the embedded TOML and the user's model folder; gives entries sorted by id, their state
//! and a check of every installed file. It downloads nothing and changes nothing.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::description::explain;
use super::entry::ModelFields;
use super::{ModelEntry, ModelError};
use crate::base::{Cx, Stage};
use crate::files;

const CATALOGUE: &str = include_str!("../../models/catalogue.toml");
const CATALOGUE_NAME: &str = "models/catalogue.toml";

/// The models inside the binary, by id.
const EMBEDDED: [(&str, &[u8]); 5] = [
    ("castlist-face", include_bytes!("../../models/castlist-face.onnx")),
    ("castlist-align", include_bytes!("../../models/castlist-align.onnx")),
    ("castlist-detect", include_bytes!("../../models/castlist-detect.onnx")),
    ("castlist-detect-384x640", include_bytes!("../../models/castlist-detect-384x640.onnx")),
    ("castlist-detect-640x384", include_bytes!("../../models/castlist-detect-640x384.onnx")),
];

/// The heads inside the binary, by the file name that entries give as `head` or `link_head`.
pub(super) const EMBEDDED_HEADS: [(&str, &[u8]); 2] = [
    ("castlist-face-links.safetensors", include_bytes!("../../models/castlist-face-links.safetensors")),
    ("edgeface-xs-links.safetensors", include_bytes!("../../models/edgeface-xs-links.safetensors")),
];

/// The user's model folder: `CASTLIST_MODELS`, else `models` in the platform's data folder.
/// `None` on a system that names no such folder. It need not exist.
#[must_use]
pub(crate) fn user_folder() -> Option<PathBuf> {
    let platform = || Some(directories::ProjectDirs::from("", "", "castlist")?.data_dir().join("models"));
    folder_from(std::env::var_os("CASTLIST_MODELS"), platform)
}

/// An empty variable counts as unset.
pub(super) fn folder_from(
    variable: Option<OsString>,
    platform: impl FnOnce() -> Option<PathBuf>,
) -> Option<PathBuf> {
    variable.filter(|value| !value.is_empty()).map(PathBuf::from).or_else(platform)
}

/// Whether a known model can be used here and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Availability {
    /// Inside the binary.
    BuiltIn,
    /// In the user's model folder.
    Installed,
    /// Not here; `models get` fetches it.
    Downloadable,
    /// Not here; recognised by its sha256 once the user has the file.
    KnownOnly,
}

/// One line of `models list`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListedModel<'a> {
    /// The entry.
    #[serde(flatten)]
    pub entry: &'a ModelEntry,
    /// Whether it can be used.
    pub availability: Availability,
    /// The file, where it is installed.
    pub path: Option<PathBuf>,
}

/// What `models verify` found of one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum VerifyStatus {
    /// The file is the one the entry describes.
    Good,
    /// It is not, or cannot be read; the message says why and what to do.
    Bad {
        /// In plain words, path last.
        message: String,
    },
}

/// One line of `models verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifiedModel {
    /// The entry's id.
    pub id: String,
    /// What was found.
    #[serde(flatten)]
    pub status: VerifyStatus,
}

/// Where an entry's file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileLocation {
    Embedded(&'static [u8]),
    File(PathBuf),
    Nowhere,
}

/// All known models.
#[derive(Debug)]
pub struct Catalogue {
    entries: Vec<ModelEntry>,
    folder: Option<PathBuf>,
    problems: Vec<ModelError>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueFile {
    model: Vec<ModelFields>,
}

impl Catalogue {
    /// What the binary knows by itself, without any folder: only embedded models are installed.
    ///
    /// # Errors
    /// Only where the embedded catalogue is wrong, which a test rules out.
    pub fn builtin() -> Result<Self, ModelError> {
        let path = || CATALOGUE_NAME.to_owned();
        let written: CatalogueFile = toml::from_str(CATALOGUE)
            .map_err(|error| ModelError::Description { why: explain(&error, CATALOGUE), path: path() })?;
        let entries: Result<Vec<_>, _> =
            written.model.into_iter().map(|fields| fields.check(CATALOGUE_NAME, CATALOGUE_NAME)).collect();
        let mut entries = entries?;
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { entries, folder: None, problems: Vec::new() })
    }

    /// What the binary knows, and the models in the user's folder (which need not exist).
    ///
    /// A description that is wrong, or an id that is taken, hides that model only: see
    /// [`Self::problems`].
    ///
    /// # Errors
    /// As [`Self::builtin`].
    pub(crate) fn with_user(folder: &Path) -> Result<Self, ModelError> {
        let mut catalogue = Self { folder: Some(folder.to_owned()), ..Self::builtin()? };
        let descriptions = match list_descriptions(folder) {
            Ok(descriptions) => descriptions,
            Err(error) => {
                catalogue.problems.push(ModelError::io("list the model folder", folder)(error));
                Vec::new()
            }
        };
        for path in descriptions {
            match read_installed(&path) {
                Ok(entry) if catalogue.find(&entry.id).is_none() => catalogue.entries.push(entry),
                Ok(entry) => catalogue.problems.push(ModelError::Description {
                    why: format!("the id {:?} belongs to another model", entry.id),
                    path: path.display().to_string(),
                }),
                Err(error) => catalogue.problems.push(error),
            }
        }
        catalogue.entries.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(catalogue)
    }

    /// `with_user` on `user_folder`; [`Self::builtin`] where there is none.
    ///
    /// # Errors
    /// As [`Self::builtin`].
    pub fn load() -> Result<Self, ModelError> {
        user_folder().map_or_else(Self::builtin, |folder| Self::with_user(&folder))
    }

    /// Every entry, by id.
    #[must_use]
    pub fn entries(&self) -> &[ModelEntry] {
        &self.entries
    }

    /// The entry called `id`.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&ModelEntry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The entry of the file with this sha256 (lower-case hexadecimal); the first by id, if
    /// several describe it.
    #[must_use]
    pub(crate) fn find_sha256(&self, sha256: &str) -> Option<&ModelEntry> {
        self.entries.iter().find(|entry| entry.sha256.as_deref() == Some(sha256))
    }

    /// The user's model folder.
    ///
    /// # Errors
    /// [`ModelError::NoFolder`] where there is none.
    pub fn folder(&self) -> Result<&Path, ModelError> {
        self.folder.as_deref().ok_or(ModelError::NoFolder)
    }

    /// What was wrong with the user's folder; none of it stops the rest from working.
    #[must_use]
    pub(crate) fn problems(&self) -> &[ModelError] {
        &self.problems
    }

    /// Every known model and whether it can be used, by id.
    #[must_use]
    pub fn list(&self) -> Vec<ListedModel<'_>> {
        let listed = |entry| {
            let (availability, path) = match self.location(entry) {
                FileLocation::Embedded(_) => (Availability::BuiltIn, None),
                FileLocation::File(path) => (Availability::Installed, Some(path)),
                FileLocation::Nowhere if entry.download_url().is_some() => (Availability::Downloadable, None),
                FileLocation::Nowhere => (Availability::KnownOnly, None),
            };
            ListedModel { entry, availability, path }
        };
        self.entries.iter().map(listed).collect()
    }

    /// Whether the entry's file is here, be it in the binary.
    #[must_use]
    pub fn has(&self, entry: &ModelEntry) -> bool {
        self.location(entry) != FileLocation::Nowhere
    }

    /// Hashes every installed model again, by id. Reads each file once.
    ///
    /// # Errors
    /// [`ModelError::Cancelled`]; a bad file is a [`VerifyStatus::Bad`].
    pub fn verify(&self, cx: &Cx) -> Result<Vec<VerifiedModel>, ModelError> {
        let installed: Vec<_> =
            self.entries.iter().filter(|entry| self.location(entry) != FileLocation::Nowhere).collect();
        cx.stage(Stage::VerifyingModels, installed.len() as u64);
        let mut verified = Vec::with_capacity(installed.len());
        for entry in installed {
            cx.check()?;
            let status = match self.open(entry) {
                Ok(_) => VerifyStatus::Good,
                Err(error) => VerifyStatus::Bad { message: error.to_string() },
            };
            verified.push(VerifiedModel { id: entry.id.clone(), status });
            cx.advance(1);
        }
        Ok(verified)
    }

    /// Where the entry's file is now.
    pub(super) fn location(&self, entry: &ModelEntry) -> FileLocation {
        if let Some((_, bytes)) = EMBEDDED.iter().find(|(id, _)| *id == entry.id) {
            return FileLocation::Embedded(bytes);
        }
        let path = self.folder.as_ref().map(|folder| folder.join(&entry.file));
        // A file whose folder may not be entered is there: reading it will say what is wrong.
        match path {
            Some(path) if path.try_exists().unwrap_or(true) => FileLocation::File(path),
            _ => FileLocation::Nowhere,
        }
    }

    /// The entry's bytes and their sha256, which is the entry's.
    pub(super) fn open(&self, entry: &ModelEntry) -> Result<(Cow<'static, [u8]>, String), ModelError> {
        let (bytes, path) = match self.location(entry) {
            FileLocation::Embedded(bytes) => (Cow::Borrowed(bytes), "in this program".to_owned()),
            FileLocation::File(path) => (Cow::Owned(read_model(&path)?), path.display().to_string()),
            FileLocation::Nowhere => return Err(not_installed(entry)),
        };
        let sha256 = check_sha256(entry, &bytes, path)?;
        Ok((bytes, sha256))
    }

    /// The error of the description that would have been `id`'s, where there is one.
    pub(super) fn problem_of(&self, id: &str) -> Option<ModelError> {
        let path = self.folder.as_ref()?.join(format!("{id}.toml"));
        if super::entry::is_safe_id(id) && path.is_file() { read_installed(&path).err() } else { None }
    }
}

/// The sha256 of `bytes`, if it is what `entry` says (or `entry` says nothing).
pub(super) fn check_sha256(entry: &ModelEntry, bytes: &[u8], path: String) -> Result<String, ModelError> {
    let got = sha256_hex(bytes);
    match &entry.sha256 {
        Some(want) if *want != got => {
            Err(ModelError::WrongHash { id: entry.id.clone(), want: want.clone(), got, path })
        }
        _ => Ok(got),
    }
}

/// Lower-case hexadecimal sha256.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex(&sha2::Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|&byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// How Git LFS pointers begin.
pub(super) const POINTER: &[u8] = b"version https://git-lfs";

/// The largest file of a network or its weights that is read.
pub(super) const MOST_BYTES: u64 = 8 << 30;
/// The largest description that is read.
const MOST_DESCRIPTION_BYTES: u64 = 1 << 20;

/// Reads a model's file; refuses an empty one and a Git LFS pointer.
pub(super) fn read_model(path: &Path) -> Result<Vec<u8>, ModelError> {
    let bytes = files::read(path, MOST_BYTES).map_err(ModelError::io("read the model", path))?;
    if bytes.is_empty() {
        Err(ModelError::Empty { path: path.to_owned() })
    } else if bytes.starts_with(POINTER) {
        Err(ModelError::Pointer { origin: path.display().to_string() })
    } else {
        Ok(bytes)
    }
}

fn not_installed(entry: &ModelEntry) -> ModelError {
    let id = entry.id.clone();
    let advice = if entry.download_url().is_some() {
        format!("`castlist models get {id}` downloads it")
    } else {
        "get its .onnx file yourself, then `castlist models add FILE`, or name the file".to_owned()
    };
    ModelError::NotInstalled { id, advice }
}

/// The descriptions in the folder, by name; none where the folder does not exist.
fn list_descriptions(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Reads `<id>.toml` of the user's folder.
fn read_installed(path: &Path) -> Result<ModelEntry, ModelError> {
    let (mut fields, shown) = read_description(path)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let why = match &fields.id {
        _ if fields.sha256.is_none() => "sha256 is missing; `castlist models add FILE` writes it".to_owned(),
        Some(id) if *id != stem => format!("its id is {id:?}, so its name should be {id}.toml"),
        _ => {
            fields.id = Some(stem);
            return fields.check(&shown, &shown);
        }
    };
    Err(ModelError::Description { why, path: shown })
}

/// Reads any description; also gives its path for messages.
pub(super) fn read_description(path: &Path) -> Result<(ModelFields, String), ModelError> {
    let shown = path.display().to_string();
    let text = files::read_text(path, MOST_DESCRIPTION_BYTES)
        .map_err(ModelError::io("read the model's description", path))?;
    Ok((ModelFields::parse(&text, &shown)?, shown))
}
