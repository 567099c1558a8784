//! What can be wrong with a project file.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::ReadOnlyReason;
use super::schema::FormatError;

/// Why a project cannot be opened, read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProjectError {
    /// The content is not what a project holds; the file is left untouched.
    #[error(
        "the project file is damaged ({why}); it was left untouched. `castlist project restore` lists the \
         copies that are kept beside it; or rename it to start a new project: {path}"
    )]
    Damaged {
        /// What shows it.
        why: String,
        /// The file.
        path: PathBuf,
    },
    /// No database at all.
    #[error("this is not a Castlist project; open a folder of tracks, or the file of a project: {0}")]
    NotAProject(PathBuf),
    /// Another program's database.
    #[error("this is another program's database, not a Castlist project; choose another file: {0}")]
    Foreign(PathBuf),
    /// Written by a later version.
    #[error(
        "the project was written by a newer Castlist (format {found}, this one knows {known}); update it: {path}"
    )]
    Newer {
        /// Its format.
        found: i64,
        /// The newest known here.
        known: i64,
        /// The file.
        path: PathBuf,
    },
    /// It can be read, and not changed.
    #[error("the project {reason}; nothing can be changed: {path}")]
    ReadOnly {
        /// Why.
        reason: ReadOnlyReason,
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be made.
    #[error("the project file cannot be created; choose a place that can be written with --project: {0}")]
    Create(PathBuf),
    /// No room left.
    #[error(
        "the disk is full, so the project cannot be saved; make room and try again. What was saved is safe: {0}"
    )]
    Full(PathBuf),
    /// Another file lies at the project's path than the one that was opened, or none.
    #[error(
        "the project file was moved, removed or replaced while it was open, so nothing more is saved in it; \
         put it back, or open the project again: {0}"
    )]
    Replaced(PathBuf),
    /// Where a new project is to be written, something lies already.
    #[error("there is something at the place of the new project already; choose another: {0}")]
    Exists(PathBuf),
    /// It was changed between a plan and its execution.
    #[error("the project was changed meanwhile; nothing was done, so try again: {0}")]
    Changed(PathBuf),
    /// Another program reads it, so that what was erased cannot be cleared from it.
    #[error(
        "another program is reading the project, so what was erased is not cleared from its file yet; close it          and run the same command again: {0}"
    )]
    BeingRead(PathBuf),
    /// Anything else that SQLite says.
    #[error("the project file cannot be used ({why}): {path}")]
    Sqlite {
        /// What it said.
        why: String,
        /// The file.
        path: PathBuf,
    },
}

/// What an SQLite error means for a file.
pub(super) enum SqliteProblem {
    /// The content is not what it should be.
    Damaged(String),
    /// No room left.
    Full,
    /// It is protected.
    ReadOnly,
    /// It cannot be made.
    Create,
    /// Anything else.
    Other(String),
}

/// Sorts an SQLite error.
pub(super) fn classify(error: &rusqlite::Error, path: &Path) -> SqliteProblem {
    use rusqlite::Error;
    match error {
        // A value of another type than was written there, or a row that vanished on its way.
        Error::InvalidColumnType(..)
        | Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::Utf8Error(..)
        | Error::StatementChangedRows(_)
        | Error::QueryReturnedNoRows => return SqliteProblem::Damaged(error.to_string()),
        _ => {}
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::ConstraintViolation) => {
            SqliteProblem::Damaged(error.to_string())
        }
        Some(ErrorCode::DiskFull) => SqliteProblem::Full,
        Some(ErrorCode::ReadOnly) => SqliteProblem::ReadOnly,
        // SQLite does not say why reading or writing failed.
        Some(ErrorCode::SystemIoFailure) if is_full(path) => SqliteProblem::Full,
        Some(ErrorCode::CannotOpen) => SqliteProblem::Create,
        _ => SqliteProblem::Other(error.to_string()),
    }
}

/// An SQLite error in the project's words.
#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
pub(super) fn of(error: rusqlite::Error, path: &Path) -> ProjectError {
    let trouble = classify(&error, path);
    let path = path.to_path_buf();
    match trouble {
        SqliteProblem::Damaged(why) => ProjectError::Damaged { why, path },
        SqliteProblem::Full => ProjectError::Full(path),
        SqliteProblem::ReadOnly => ProjectError::ReadOnly { reason: ReadOnlyReason::Protected, path },
        SqliteProblem::Create => ProjectError::Create(path),
        SqliteProblem::Other(why) => ProjectError::Sqlite { why, path },
    }
}

/// Why a file is no project, in the project's words.
pub(super) fn format_error(unfit: FormatError, path: &Path) -> ProjectError {
    match unfit {
        FormatError::Foreign => ProjectError::Foreign(path.to_path_buf()),
        FormatError::Newer { found, known } => ProjectError::Newer { found, known, path: path.to_path_buf() },
        FormatError::Altered(why) => ProjectError::Damaged { why, path: path.to_path_buf() },
        FormatError::Older => {
            ProjectError::ReadOnly { reason: ReadOnlyReason::Protected, path: path.to_path_buf() }
        }
        FormatError::Sqlite(error) => of(error, path),
    }
}

/// Whether there is no room left beside a file: tried, because systems tell it differently.
fn is_full(path: &Path) -> bool {
    let folder = crate::files::folder_of(path);
    let tried = tempfile::tempfile_in(folder).and_then(|mut file| file.write_all(&vec![0; 64 << 10]));
    tried.is_err_and(|error| matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
}
