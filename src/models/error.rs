//! What can go wrong with models, in plain words.

use std::path::PathBuf;

use super::ModelKind;
use crate::base::Cancelled;

/// Why a model could not be described, found, read, fetched or kept.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// An id that no entry has, and no file either.
    #[error("no model is called {spec:?}: give the path of an .onnx file or one of {known}")]
    Unknown {
        /// What was asked for.
        spec: String,
        /// The ids of the catalogue, comma-separated.
        known: String,
    },
    /// An id that could not be a file's name on every system.
    #[error(
        "{id:?} cannot be a model's id: use at most 64 of a–z, 0–9, '-', '_' and '.', beginning with a \
         letter or digit, not ending with '.', and no name that Windows reserves"
    )]
    BadId {
        /// The id given.
        id: String,
    },
    /// An id that belongs to another model.
    #[error("the id {id:?} belongs to another model: choose one of your own with --set model.id=NAME")]
    IdTaken {
        /// The id given.
        id: String,
    },
    /// A description that is no TOML, or holds an unknown key or a wrong value.
    #[error("the model's description is wrong: {why}; correct it in {path}")]
    Description {
        /// The parser's message, with the key and the line.
        why: String,
        /// The file, or the built-in catalogue's name.
        path: String,
    },
    /// Weights that would be read from elsewhere.
    #[error("the model's weights would lie outside its folder ({name:?}), so they are not read: {}", path.display())]
    OutsideWeights {
        /// The name that the model gives.
        name: String,
        /// The model.
        path: PathBuf,
    },
    /// An override of a key that does not exist or that is measured, not set.
    #[error("model.{key} cannot be set: the keys are {known}")]
    UnknownKey {
        /// The key given, without `model.`.
        key: String,
        /// The keys that can be set, comma-separated.
        known: String,
    },
    /// A value that its key cannot take.
    #[error("{key} cannot be {value}: {why}; it is in {origin}")]
    Value {
        /// The key.
        key: &'static str,
        /// The value given.
        value: String,
        /// What the key takes.
        why: String,
        /// A file, or `--set`.
        origin: String,
    },
    /// The model's input format is not stated.
    #[error(
        "this model's {missing} are not known: give them as {example}, or write them into {description}, \
         for the model {path}"
    )]
    Missing {
        /// The keys, comma-separated.
        missing: String,
        /// The overrides that would give them.
        example: String,
        /// The TOML file that would give them.
        description: String,
        /// The model, or where its entry stands.
        path: String,
    },
    /// A file or folder that could not be read or written.
    #[error("could not {doing}: {source}: {}", path.display())]
    Io {
        /// What was tried, such as `read the model`.
        doing: &'static str,
        /// The system's reason.
        source: std::io::Error,
        /// The file or folder.
        path: PathBuf,
    },
    /// A file of zero bytes.
    #[error("the model is an empty file: fetch or copy it again: {}", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A Git LFS pointer in place of the file it points to.
    #[error(
        "this is not the model but a Git LFS pointer to it (a note of three lines that stands in for the \
         large file): get the file itself, for GitHub from media.githubusercontent.com or with \
         `git lfs pull`: {origin}"
    )]
    Pointer {
        /// The file or the address.
        origin: String,
    },
    /// A file that is not the one the entry describes.
    #[error(
        "{id} has the sha256 {got}, but the catalogue says {want}: the file is damaged or another one; \
         remove it and get or add it again: {path}"
    )]
    WrongHash {
        /// The entry's id.
        id: String,
        /// The entry's sha256.
        want: String,
        /// The file's sha256.
        got: String,
        /// The file.
        path: String,
    },
    /// An entry whose file is not on this machine.
    #[error("{id} is not installed: {advice}")]
    NotInstalled {
        /// The entry's id.
        id: String,
        /// What to do.
        advice: String,
    },
    /// A model for another task.
    #[error("{id} is a model to {got}, but one to {want} is needed here: choose another model")]
    WrongKind {
        /// The entry's id.
        id: String,
        /// What is needed.
        want: ModelKind,
        /// What the entry is for.
        got: ModelKind,
    },
    /// An entry without an address to download from.
    #[error("{id} cannot be downloaded: get the file yourself and `castlist models add` it ({source_note})")]
    NoDownload {
        /// The entry's id.
        id: String,
        /// Where the entry says that it comes from.
        source_note: String,
    },
    /// A server that answered with something other than the file.
    #[error("the server answered {status} instead of the model: try later, or {}", by_hand(url, sha256))]
    Refused {
        /// HTTP status.
        status: u16,
        /// The entry's sha256.
        sha256: String,
        /// The address.
        url: String,
    },
    /// No connection, or one that broke.
    #[error(
        "the download stopped: {why}; what arrived is kept, run it again to go on, or {}",
        by_hand(url, sha256)
    )]
    Network {
        /// The reason.
        why: String,
        /// The entry's sha256.
        sha256: String,
        /// The address.
        url: String,
    },
    /// A download of the wrong length; it was removed.
    #[error(
        "the server's file has {got} bytes, but the catalogue says {want}: it was removed; the source has \
         changed or is wrong: {url}"
    )]
    DownloadSize {
        /// The entry's length.
        want: u64,
        /// The length that arrived; at least this where it was cut off.
        got: u64,
        /// The address.
        url: String,
    },
    /// A download without end; it was removed.
    #[error(
        "the server sends more than {most} bytes, which is no model: it was removed; state the model's \
         `bytes` in its description if it really is larger: {url}"
    )]
    DownloadTooLarge {
        /// The most that is taken where no length is stated.
        most: u64,
        /// The address.
        url: String,
    },
    /// A download with the wrong sha256; it was removed.
    #[error(
        "the download has the sha256 {got}, but the catalogue says {want}: it was removed; try again, and \
         if it happens twice the source has changed: {url}"
    )]
    DownloadHash {
        /// The entry's sha256.
        want: String,
        /// What arrived.
        got: String,
        /// The address.
        url: String,
    },
    /// Another Castlist downloads the same model.
    #[error("this model is being downloaded already: wait for the other Castlist, or end it: {}", path.display())]
    Busy {
        /// The unfinished file.
        path: PathBuf,
    },
    /// A different file stands where one would be written.
    #[error("a different file is there already and is not replaced: choose another id with --set model.id=NAME: {}", path.display())]
    Exists {
        /// The file in the way.
        path: PathBuf,
    },
    /// The platform names no data folder, and `CASTLIST_MODELS` is not set.
    #[error("there is no folder for models on this system: set CASTLIST_MODELS to one")]
    NoFolder,
    /// The user stopped it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// How a file that cannot be fetched from here is installed all the same.
fn by_hand(url: &str, sha256: &str) -> String {
    let file = url.rsplit('/').next().unwrap_or(url);
    format!(
        "fetch {file} (sha256 {sha256}) on another machine and install it here by \
         `castlist models add {file}`; its address: {url}"
    )
}

impl ModelError {
    /// For `map_err`: what was tried, on which path.
    pub(super) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { doing, source, path: path.into() }
    }
}
