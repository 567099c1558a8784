//! What happens with the library of people: which file it is, keeping people in it, and changing
//! it.
//!
//! Beside `handlers`. Reading and writing are jobs; a name that the library has already is asked
//! about first.

use std::path::PathBuf;

use crate::library::LibraryEdit;
use crate::review::IdentityId;
use crate::session::{Command, IdentityToKeep, KeptPeople, LibraryEditJob, NamesakePolicy, SessionError};
use crate::ui::app::App;
use crate::ui::app::effects::{failed, if_still_open, run, submit};
use crate::ui::app::jobs::{self, JobResult};
use crate::ui::dialogs::keep::KeepDialog;
use crate::ui::lang::{t, texts};
use crate::ui::view::ask::Page;
use crate::ui::widgets::toasts::Severity;

/// The file's name in a folder that was chosen.
const FILE_NAME: &str = "people.castlist";

/// Looks for the library in another folder from now on.
pub(crate) fn choose(app: &mut App, folder: &std::path::Path) {
    use_library(app, Some(folder.join(FILE_NAME)));
    app.saved_state.library.clone_from(&app.library);
    app.saved_state.save();
}

/// Another library, or none.
pub(crate) fn use_library(app: &mut App, file: Option<PathBuf>) {
    app.library = file;
    if let Some(project) = &mut app.project {
        project.track_pages.known.path.clone_from(&app.library);
        project.track_pages.known.forget();
    }
}

/// Keeps identities, or all that have a name.
pub(crate) fn keep(app: &mut App, identities: Vec<IdentityId>, namesakes: NamesakePolicy) {
    let (Some(project), Some(library)) = (&app.project, &app.library) else { return };
    let wanted: Vec<IdentityToKeep> =
        identities.iter().map(|&identity| IdentityToKeep { identity, person: None }).collect();
    match project.session.keep_job(&wanted, namesakes, library) {
        Ok(job) => {
            let root = project.session.root().to_path_buf();
            run(app, move |cx| jobs::keep_people(root, &job, identities, cx));
        }
        Err(error) => failed(app, &error),
    }
}

/// Handles the result of keeping people.
pub(crate) fn kept(
    app: &mut App,
    root: &std::path::Path,
    identities: Vec<IdentityId>,
    result: Result<KeptPeople, SessionError>,
) {
    if let Err(SessionError::Namesakes(names)) = &result {
        let names = names.clone();
        if let Some(project) = app.project.as_mut().filter(|project| project.session.root() == root) {
            project.state.keep_dialog = Some(KeepDialog { identities, names });
        }
        return;
    }
    let Some(kept) = if_still_open(app, root, result) else { return };
    app.toasts.push(Severity::Result, t!("kept-people", n = kept.people.len()));
    if let Some(project) = &mut app.project {
        project.track_pages.known.forget();
    }
    if let Some(edit) = kept.edit() {
        submit(app, Command::Edit(edit));
    }
}

/// Changes the library.
pub(crate) fn perform(app: &mut App, deed: LibraryEdit) {
    if let Some(library) = app.library.clone() {
        let job = LibraryEditJob { library, edit: deed };
        run(app, move |cx| jobs::edit_library(&job, cx));
    }
}

/// Finishes an edit of the library.
pub(crate) fn performed(app: &mut App, result: Result<LibraryEdit, SessionError>) {
    match result {
        Ok(deed) => app.toasts.push(Severity::Done, texts::deed(&deed)),
        Err(error) => failed(app, &error),
    }
    if let Some(project) = &mut app.project {
        project.track_pages.known.forget();
    }
}

/// N on the page of known people: the one under the cursor is not that person.
pub(crate) fn refuse(app: &mut App) {
    let Some(project) = app.project.as_ref().filter(|project| project.state.look.page == Page::KnownPeople)
    else {
        return;
    };
    let revision = project.session.revision();
    if let Some(edit) = project.track_pages.known.refuse(revision, project.session.review()) {
        submit(app, Command::Edit(edit));
    }
}

/// Finished work of this file.
pub(crate) fn finish(app: &mut App, finished: JobResult) {
    match finished {
        JobResult::KeptPeople { root, identities, result } => kept(app, &root, identities, result),
        JobResult::LibraryChanged(result) => performed(app, result),
        _ => {}
    }
}
