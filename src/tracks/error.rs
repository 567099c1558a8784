//! What can be wrong with an input as a whole.

use std::path::PathBuf;

use super::picture::FORMATS;
use crate::base::{Cancelled, EmbeddingError};

/// Why a folder, table or matrix could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum TracksError {
    /// Nothing is at the path.
    #[error("there is no such folder or file; check the path: {0}")]
    Missing(PathBuf),
    /// The path is a file where a folder was needed.
    #[error("this is a file, not a folder of tracks; open the folder that holds it: {0}")]
    NotAFolder(PathBuf),
    /// The operating system refused.
    #[error("cannot read ({source}); check the permissions and the connection: {path}")]
    Io {
        /// What it said.
        source: std::io::Error,
        /// Where.
        path: PathBuf,
    },
    /// There is nothing in the folder.
    #[error(
        "the folder is empty; Castlist needs one folder per track, with the crops of one face in it: {0}"
    )]
    Empty(PathBuf),
    /// There is no picture and no feature file in the folder.
    #[error(
        "no pictures found among {files} files; Castlist needs one folder per track, with the crops of one \
         face as {FORMATS}: {path}"
    )]
    NoPictures {
        /// Files of other kinds.
        files: usize,
        /// Where.
        path: PathBuf,
    },
    /// All pictures are of kinds that cannot be read.
    #[error(
        "none of the pictures can be read ({kinds}); convert them to one of {FORMATS} first, one folder a \
         track: {path}"
    )]
    Unread {
        /// How many of which kind.
        kinds: String,
        /// Where.
        path: PathBuf,
    },
    /// The folder holds videos, no tracks.
    #[error(
        "this folder holds {videos} video files but no face tracks; `castlist track` finds and follows the faces, and \
         `castlist cluster` does it on the way: {path}"
    )]
    Videos {
        /// How many.
        videos: usize,
        /// Where.
        path: PathBuf,
    },
    /// The pictures are whole photographs.
    #[error(
        "these look like whole photographs (typically {width}×{height} px), not crops of one face; cut the \
         faces out with a face detector first, one folder per track. If they are face crops after all, add \
         --set photographs=allow: {path}"
    )]
    Photographs {
        /// Median width.
        width: u32,
        /// Median height.
        height: u32,
        /// Where.
        path: PathBuf,
    },
    /// A table beside the tracks is wrong.
    #[error("line {line}: {what}: {path}")]
    Table {
        /// Line in the file, from 1.
        line: u64,
        /// What is wrong, with the value.
        what: String,
        /// The table.
        path: PathBuf,
    },
    /// A matrix is wrong.
    #[error("{what}: {path}")]
    Matrix {
        /// What is wrong and what to do.
        what: String,
        /// The matrix.
        path: PathBuf,
    },
    /// A row of a matrix has no direction.
    #[error("{source}: {path}")]
    Embedding {
        /// Which row, and why.
        source: EmbeddingError,
        /// The matrix.
        path: PathBuf,
    },
    /// The user stopped the work.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl TracksError {
    /// An operating-system error at a path.
    pub(crate) fn io(source: std::io::Error, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        if source.kind() == std::io::ErrorKind::NotFound {
            Self::Missing(path)
        } else {
            Self::Io { source, path }
        }
    }

    /// A matrix that cannot be used.
    pub(super) fn matrix(what: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self::Matrix { what: what.into(), path: path.into() }
    }
}
