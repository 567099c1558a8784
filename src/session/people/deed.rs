//! Changes of a library: renaming, merging and removing its people, undo and redo.

use std::path::PathBuf;

use super::super::SessionError;
use crate::base::{Cx, Stage};
use crate::library::Deed;
use crate::project::Library;

/// Changes a library of people; owns all it needs.
#[derive(Debug, Clone)]
pub(crate) struct LibraryJob {
    /// The library's file.
    pub library: PathBuf,
    /// What is done.
    pub deed: Deed,
}

impl LibraryJob {
    /// Does it; gives the deed as it was done, and its words.
    ///
    /// # Errors
    /// [`SessionError::Library`]: refused, or not to be written; nothing changed.
    pub(crate) fn run(&self, cx: &Cx) -> Result<(Deed, String), SessionError> {
        cx.stage(Stage::ChangingTheLibrary, 0);
        Ok(Library::open(&self.library)?.perform(self.deed.clone(), &[])?)
    }
}
