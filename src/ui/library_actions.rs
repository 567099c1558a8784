//! What happens with the library of people: which file it is, keeping people in it, and changing
//! it.
//!
//! Beside `handlers`. Reading and writing are jobs; a name that the library has already is asked
//! about first.

use std::path::PathBuf;

use eframe::egui::{Context, ScrollArea};

use super::app::App;
use super::edits::concerned_identities;
use super::handlers::{failed, if_still_open, run, submit};
use super::jobs::{self, JobResult};
use super::lang::t;
use super::state::{Page, PanelContext, Request, UiState};
use super::toasts::Severity;
use super::{paint, texts, theme};
use crate::library::LibraryEdit;
use crate::review::IdentityId;
use crate::session::{Command, IdentityToKeep, KeptPeople, LibraryEditJob, NamesakePolicy, SessionError};

/// The file's name in a folder that was chosen.
const FILE_NAME: &str = "people.castlist";

/// People to keep whose names the library has already.
#[derive(Debug, Clone)]
pub(super) struct KeepDialog {
    identities: Vec<IdentityId>,
    names: Vec<String>,
}

/// Looks for the library in another folder from now on.
pub(super) fn choose(app: &mut App, folder: &std::path::Path) {
    use_library(app, Some(folder.join(FILE_NAME)));
    app.saved_state.library.clone_from(&app.library);
    app.saved_state.save();
}

/// Another library, or none.
pub(super) fn use_library(app: &mut App, file: Option<PathBuf>) {
    app.library = file;
    if let Some(project) = &mut app.project {
        project.track_pages.known.path.clone_from(&app.library);
        project.track_pages.known.forget();
    }
}

/// Keeps the selected identities that have a name.
pub(super) fn start(app: &mut App) {
    let Some(project) = &app.project else { return };
    let review = project.session.review();
    let mut ids = concerned_identities(project);
    ids.retain(|id| review.identity(*id).is_some_and(|it| it.name.is_some()));
    if !ids.is_empty() {
        keep(app, ids, NamesakePolicy::Ask);
    }
}

/// Keeps identities, or all that have a name.
pub(super) fn keep(app: &mut App, identities: Vec<IdentityId>, namesakes: NamesakePolicy) {
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
pub(super) fn kept(
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
pub(super) fn perform(app: &mut App, deed: LibraryEdit) {
    if let Some(library) = app.library.clone() {
        let job = LibraryEditJob { library, edit: deed };
        run(app, move |cx| jobs::edit_library(&job, cx));
    }
}

/// Finishes an edit of the library.
pub(super) fn performed(app: &mut App, result: Result<LibraryEdit, SessionError>) {
    match result {
        Ok(deed) => app.toasts.push(Severity::Done, texts::deed(&deed)),
        Err(error) => failed(app, &error),
    }
    if let Some(project) = &mut app.project {
        project.track_pages.known.forget();
    }
}

/// N on the page of known people: the one under the cursor is not that person.
pub(super) fn refuse(app: &mut App) {
    let Some(project) = app.project.as_ref().filter(|project| project.state.page == Page::KnownPeople) else {
        return;
    };
    let revision = project.session.revision();
    if let Some(edit) = project.track_pages.known.refuse(revision, project.session.review()) {
        submit(app, Command::Edit(edit));
    }
}

/// Finished work of this file.
pub(super) fn finish(app: &mut App, finished: JobResult) {
    match finished {
        JobResult::KeptPeople { root, identities, result } => kept(app, &root, identities, result),
        JobResult::LibraryChanged(result) => performed(app, result),
        _ => {}
    }
}

/// Requests of this file.
pub(super) fn handle_request(app: &mut App, request: Request) {
    match request {
        Request::Keep(identities) => keep(app, identities, NamesakePolicy::Ask),
        Request::KeepAs(identities, namesakes) => keep(app, identities, namesakes),
        Request::Library(deed) => perform(app, deed),
        _ => {}
    }
}

/// Asks about names that the library has already, where there are some.
pub(super) fn show(ctx: &Context, view: &PanelContext, state: &mut UiState, out: &mut Vec<Request>) {
    let Some(asked) = state.keep_dialog.clone() else { return };
    let modal = paint::modal(ctx, "keeping").show(ctx, |ui| {
        ui.set_width(460.0);
        ui.heading(t!("keeping-heading", n = asked.names.len()));
        ui.add_space(theme::GAP);
        ScrollArea::vertical().max_height(160.0).show(ui, |ui| {
            ui.label(asked.names.join(", "));
        });
        paint::note(ui, t!("keeping-note"));
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            let mut is_done = false;
            let mut answer = |namesakes| {
                out.push(Request::KeepAs(asked.identities.clone(), namesakes));
                is_done = true;
            };
            if ui.add_enabled(!view.is_busy, paint::primary(ui, t!("keeping-same"))).clicked() {
                answer(NamesakePolicy::Same);
            }
            if ui.add_enabled(!view.is_busy, eframe::egui::Button::new(t!("keeping-others"))).clicked() {
                answer(NamesakePolicy::Others);
            }
            ui.button(t!("cancel")).clicked() || is_done
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        state.keep_dialog = None;
    }
}
