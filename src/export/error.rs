//! What can stop an export. Nothing is left at the target then.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::TransferMode;
use crate::base::Cancelled;
use crate::review::IdentityId;

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The target holds something already, be it an older export.
    #[error("the folder is not empty, and an export overwrites nothing; choose a new or empty folder: {0}")]
    Occupied(PathBuf),
    /// The target is a file or a link to nothing.
    #[error("there is something here that is not a folder; choose a new or empty folder: {0}")]
    NotAFolder(PathBuf),
    /// The target is where the tracks are.
    #[error("this is a folder of the tracks themselves; choose a new or empty folder: {0}")]
    OwnTracks(PathBuf),
    /// The target is the top of a drive, which nothing can be renamed onto.
    #[error("an export cannot take the place of a whole drive; choose a new folder inside it: {0}")]
    Drive(PathBuf),
    /// No identity is chosen.
    #[error("there is no identity to export: all are ignored, or none is chosen")]
    Nothing,
    /// An identity was chosen that is not there.
    #[error("there is no identity {0} (any more); list them again")]
    Identity(IdentityId),
    /// The folder of the tracks has vanished.
    #[error(
        "the folder of the tracks is not there; connect its drive or put it back or, where it was moved, run \
         `castlist cluster NEWPLACE --project FILE` once: {0}"
    )]
    Gone(PathBuf),
    /// No room left.
    #[error("the disk is full, so nothing was exported; make room or choose another drive: {0}")]
    Full(PathBuf),
    /// Less room than the pictures need, found before anything is written.
    #[error(
        "the export needs {} MB of room and the disk has {} MB, so nothing was exported; make room, choose \
         another drive, or link the pictures: {}", megabytes(*needed), megabytes(*free), path.display()
    )]
    TooLittleRoom {
        /// Bytes of the pictures.
        needed: u64,
        /// Bytes that are free.
        free: u64,
        /// Where.
        path: PathBuf,
    },
    /// Not allowed to write there.
    #[error("this folder cannot be written to; choose a folder of your own, or ask for permission: {0}")]
    Denied(PathBuf),
    /// Anything else that the operating system says about the target.
    #[error("cannot write the export ({source}); choose another folder: {path}")]
    Io {
        /// What it said.
        source: std::io::Error,
        /// Where.
        path: PathBuf,
    },
    /// A hard link cannot lead from one drive to another.
    #[error(
        "hard links cannot lead to another drive; choose copy, or a folder on the drive of the tracks: {0}"
    )]
    OtherDrive(PathBuf),
    /// The place knows no such links.
    #[error("{} links cannot be made here ({source}); choose copy: {path}", mode.word())]
    Link {
        /// Which.
        mode: TransferMode,
        /// What the operating system said.
        source: std::io::Error,
        /// Where.
        path: PathBuf,
    },
    /// A word that is not a [`TransferMode`].
    #[error("`{0}` is not a way to export pictures; choose copy, hard or symbolic")]
    LinkMode(String),
    /// The user stopped the work.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Bytes in words, rounded up to a tenth.
fn megabytes(bytes: u64) -> String {
    format!("{:.1}", (bytes as f64 / 1e5).ceil() / 10.0)
}

impl ExportError {
    /// An error of the operating system while writing below `path`.
    pub(super) fn writing(source: std::io::Error, path: &Path) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full(path),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Denied(path),
            _ => Self::Io { source, path },
        }
    }

    /// An error of the operating system while making a link below `path`.
    pub(super) fn linking(source: std::io::Error, mode: TransferMode, path: &Path) -> Self {
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full(path.to_path_buf()),
            ErrorKind::CrossesDevices => Self::OtherDrive(path.to_path_buf()),
            _ => Self::Link { mode, source, path: path.to_path_buf() },
        }
    }
}
