//! Names that come from elsewhere: from a table, or with a folder that is an export of Castlist's own.
//!
//! Takes a table, or the people that the job found in the folder; gives the edit that names them. Those of
//! a folder come in once, after the first clustering is adopted. It is an ordinary edit: where it is
//! undone, it stays undone.

use std::path::Path;

use super::{Analysis, Command, Session, SessionError};
use crate::review::{Edit, Refusal, Review};
use crate::tracks::{NamedTracks, PeopleFolders, read_names};
use crate::views::NamesImport;

/// What a table of names, `track,identity`, would do to a state; nothing changes.
///
/// # Errors
/// [`SessionError`]: the table cannot be read, names none of the tracks, or holds a name that nobody can
/// have.
pub(crate) fn import_names(review: &Review, file: &Path) -> Result<NamesImport, SessionError> {
    let table = read_names(file)?;
    let mut import = NamesImport::of_people(review, &table.people)?;
    import.detail_clashes.splice(0..0, table.clashes.iter().cloned());
    if import.unknown.len() == table.n_tracks() {
        let near = import.unknown.iter().find_map(|(_, near)| near.as_deref());
        return Err(SessionError::NoSuchTracks {
            n: table.n_tracks(),
            near: near.map_or_else(String::new, |near| format!("; did you mean `{near}`")),
            path: file.to_path_buf(),
        });
    }
    Ok(import)
}

/// What the names of folders that are people would do to a state; nothing changes. Whoever sorted them knows
/// of tracks that are seen at the same time, and tracks of folders such as `unsorted` are kept apart from
/// all people.
///
/// # Errors
/// [`Refusal`] of a name.
pub(crate) fn folder_names(review: &Review, folders: PeopleFolders) -> Result<NamesImport, Refusal> {
    let nobody = NamedTracks { tracks: folders.unsorted, ..NamedTracks::default() };
    let all: Vec<NamedTracks> = folders.people.into_iter().chain([nobody]).collect();
    let import = NamesImport::of_people(review, &all)?;
    let edit = import.edit.clone().map(Edit::overriding);
    Ok(NamesImport { edit, ..import })
}

impl Session {
    /// Whether the curator has decided nothing here. O(entries).
    pub(crate) fn is_untouched(&self) -> bool {
        self.history.entries().iter().all(|entry| matches!(entry.edit, Edit::Adopt(_)))
    }

    /// What the names of the folder's own export do to the present state; none where the curator
    /// has decided anything here before. That two tracks of a person are seen at the same time was
    /// decided in the exported project.
    pub(super) fn names_of_export(&self, analysis: &Analysis) -> Option<NamesImport> {
        if !self.is_untouched() || analysis.named.is_empty() {
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
