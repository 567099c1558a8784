//! Changes of a library: renaming, merging and removing its people, undo and redo.

use std::path::PathBuf;

use super::super::SessionError;
use crate::base::{Cx, Stage};
use crate::library::LibraryEdit;
use crate::project::Library;

/// Changes a library of people; owns all it needs.
#[derive(Debug, Clone)]
pub(crate) struct LibraryEditJob {
    /// The library's file.
    pub library: PathBuf,
    /// What is done.
    pub edit: LibraryEdit,
}

impl LibraryEditJob {
    /// Does it; gives the edit as it was made, and its description.
    ///
    /// # Errors
    /// [`SessionError::Library`]: refused, or not to be written; nothing changed.
    pub(crate) fn run(&self, cx: &Cx) -> Result<(LibraryEdit, String), SessionError> {
        cx.stage(Stage::ChangingTheLibrary, 0);
        Ok(Library::open(&self.library)?.perform(self.edit.clone(), &[])?)
    }
}
