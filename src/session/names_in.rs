//! Names that a folder brings with it: those of an export of Castlist's own, opened as an archive.
//!
//! Takes the people that the job found in the folder; gives the edit that names them, once, after the
//! first clustering is adopted. It is an ordinary edit: where it is undone, it stays undone.

use super::{Analysis, Command, Session, SessionError};
use crate::review::Edit;
use crate::views::NamesImport;

impl Session {
    /// What the names of the folder's own export do to the present state; none where the curator
    /// has decided anything here before. That two tracks of a person are seen at the same time was
    /// decided in the exported project.
    pub(super) fn names_of_export(&self, analysis: &Analysis) -> Option<NamesImport> {
        let is_untouched = self.history.entries().iter().all(|entry| matches!(entry.edit, Edit::Adopt(_)));
        if !is_untouched || analysis.named.is_empty() {
            return None;
        }
        let import = NamesImport::of_people(&self.review, &analysis.named).ok()?;
        let edit = import.edit.clone().map(Edit::overriding)?;
        Some(NamesImport { edit: Some(edit), ..import })
    }

    /// Brings in the names that the last run found in the folder, and waits until that is on the
    /// disk; none where there was none. [`Self::poll`] does the same by itself.
    ///
    /// # Errors
    /// [`SessionError`]: refused, or not to be written; the clustering stays.
    pub(crate) fn bring_in_names(&mut self) -> Result<Option<NamesImport>, SessionError> {
        let import = self.names_in.take();
        if let Some(edit) = import.as_ref().and_then(|import| import.edit.clone()) {
            self.perform(Command::Edit(edit))?;
        }
        Ok(import)
    }
}
