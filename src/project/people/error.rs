//! What can be wrong with a library file.

use std::path::{Path, PathBuf};

use super::super::error::{self, SqliteProblem};
use crate::library::LibraryRefusal;

/// Why a library cannot be opened, read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LibraryError {
    /// There is none.
    #[error("there is no library of people yet; `castlist library add PROJECT` starts one: {0}")]
    Missing(PathBuf),
    /// The content is not what a library holds; the file is left untouched.
    #[error(
        "the library of people is damaged ({why}); it was left untouched. Restore it from a backup, or choose \
         another with --library: {path}"
    )]
    Damaged {
        /// What shows it.
        why: String,
        /// The file.
        path: PathBuf,
    },
    /// Another program's database, or a project.
    #[error("this is not a library of people; choose another file with --library: {0}")]
    Foreign(PathBuf),
    /// Written by a later version.
    #[error(
        "the library was written by a newer Castlist (format {found}, this one knows {known}); update it: {path}"
    )]
    Newer {
        /// Its format.
        found: i64,
        /// The newest known here.
        known: i64,
        /// The file.
        path: PathBuf,
    },
    /// It is protected.
    #[error("the library of people is protected; nothing in it can be changed: {0}")]
    ReadOnly(PathBuf),
    /// The file cannot be made.
    #[error(
        "the library of people cannot be created; choose a place that can be written with --library: {0}"
    )]
    Create(PathBuf),
    /// No room left.
    #[error(
        "the disk is full, so the library cannot be saved; make room and try again. What was saved is safe: {0}"
    )]
    Full(PathBuf),
    /// Another program reads it, so that what was erased cannot be cleared from it.
    #[error(
        "another program is reading the library, so what was erased is not cleared from its file yet; close it          and run the same command again: {0}"
    )]
    BeingRead(PathBuf),
    /// Anything else that SQLite says, such as that others write without end.
    #[error("the library of people cannot be used ({why}): {path}")]
    Sqlite {
        /// What it said.
        why: String,
        /// The file.
        path: PathBuf,
    },
    /// An edit.
    #[error(transparent)]
    Refused(#[from] LibraryRefusal),
}

pub(super) fn damaged(why: String, path: &Path) -> LibraryError {
    LibraryError::Damaged { why, path: path.to_path_buf() }
}

/// An SQLite error in the library's words.
pub(super) fn of(error: &rusqlite::Error, path: &Path) -> LibraryError {
    let trouble = error::classify(error, path);
    let path = path.to_path_buf();
    match trouble {
        SqliteProblem::Damaged(why) => LibraryError::Damaged { why, path },
        SqliteProblem::Full => LibraryError::Full(path),
        SqliteProblem::ReadOnly => LibraryError::ReadOnly(path),
        SqliteProblem::Create => LibraryError::Create(path),
        SqliteProblem::Other(why) => LibraryError::Sqlite { why, path },
    }
}
