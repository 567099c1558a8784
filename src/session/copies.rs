//! The way back from a damaged project: the copies beside it, and putting one in its place.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::SessionError;
use crate::project::{self, ProjectCopy, default_place};

/// A project's sound copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Copies {
    /// The project's file.
    pub project: PathBuf,
    /// Newest first.
    pub copies: Vec<ProjectCopy>,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Restored {
    /// The project's file.
    pub project: PathBuf,
    /// The copy that is in its place.
    pub copy: ProjectCopy,
    /// Where the file lies that was there before.
    pub replaced: Option<PathBuf>,
}

/// The sound copies beside the project at `path`, a project file or its folder.
///
/// # Errors
/// [`SessionError::Missing`] where neither a folder nor a project nor a copy of one is there.
pub(crate) fn copies(path: &Path) -> Result<Copies, SessionError> {
    let project = if path.is_dir() { default_place(path).path } else { path.to_path_buf() };
    let copies = project::copies(&project);
    if copies.is_empty() && !project.is_file() {
        return Err(SessionError::Missing(path.to_path_buf()));
    }
    Ok(Copies { project, copies })
}

/// Puts the copy with that number, from 1 for the newest, in the place of the project at `path`.
///
/// # Errors
/// [`SessionError`]: no such copy, the project is open, or nothing can be written.
pub(crate) fn restore(path: &Path, number: usize) -> Result<Restored, SessionError> {
    let Copies { project, mut copies } = copies(path)?;
    if number == 0 || number > copies.len() {
        return Err(SessionError::NoCopy { number, n_copies: copies.len(), path: project });
    }
    let copy = copies.swap_remove(number - 1);
    let replaced = project::restore(&project, &copy.path)?;
    Ok(Restored { project, copy, replaced })
}
