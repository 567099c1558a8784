//! What happens with the library of people: which file it is, keeping people in it, and changing it.
//!
//! Beside `handlers`. Reading and writing are jobs; a name that the library has already is asked
//! about first.

use std::path::PathBuf;

use eframe::egui::{Context, ScrollArea};

use super::app::App;
use super::edits::people;
use super::handlers::{failed, here, run, submit};
use super::jobs::{self, Finished};
use super::lang::t;
use super::look::{Look, Page, Request, View};
use super::notices::Tone;
use super::{paint, theme, words};
use crate::library::Deed;
use crate::review::IdentityId;
use crate::session::{Command, KeptPeople, LibraryJob, Namesakes, SessionError, Wanted};

/// The file's name in a folder that was chosen.
const FILE_NAME: &str = "people.castlist";

/// People to keep whose names the library has already.
#[derive(Debug, Clone)]
pub(super) struct KeepBox {
    identities: Vec<IdentityId>,
    names: Vec<String>,
}

/// Looks for the library in another folder from now on.
pub(super) fn choose(app: &mut App, folder: &std::path::Path) {
    use_library(app, Some(folder.join(FILE_NAME)));
    app.memory.library.clone_from(&app.library);
    app.memory.save();
}

/// Another library, or none.
pub(super) fn use_library(app: &mut App, file: Option<PathBuf>) {
    app.library = file;
    if let Some(desk) = &mut app.desk {
        desk.views.known.path.clone_from(&app.library);
        desk.views.known.forget();
    }
}

/// Keeps whoever of those chosen has a name.
pub(super) fn start(app: &mut App) {
    let Some(desk) = &app.desk else { return };
    let review = desk.session.review();
    let mut ids = people(desk);
    ids.retain(|id| review.identity(*id).is_some_and(|it| it.name.is_some()));
    if !ids.is_empty() {
        keep(app, ids, Namesakes::Ask);
    }
}

/// Keeps identities, or everybody who has a name.
pub(super) fn keep(app: &mut App, identities: Vec<IdentityId>, namesakes: Namesakes) {
    let (Some(desk), Some(library)) = (&app.desk, &app.library) else { return };
    let wanted: Vec<Wanted> = identities.iter().map(|&identity| Wanted { identity, person: None }).collect();
    match desk.session.keep_job(&wanted, namesakes, library) {
        Ok(job) => {
            let root = desk.session.root().to_path_buf();
            run(app, move |cx| jobs::keep_people(root, &job, identities, cx));
        }
        Err(error) => failed(app, &error),
    }
}

/// Takes over what was kept.
pub(super) fn kept(
    app: &mut App,
    root: &std::path::Path,
    identities: Vec<IdentityId>,
    result: Result<KeptPeople, SessionError>,
) {
    if let Err(SessionError::Namesakes(names)) = &result {
        let names = names.clone();
        if let Some(desk) = app.desk.as_mut().filter(|desk| desk.session.root() == root) {
            desk.look.keeping = Some(KeepBox { identities, names });
        }
        return;
    }
    let Some(kept) = here(app, root, result) else { return };
    app.toasts.push(Tone::Result, t!("kept-people", n = kept.people.len()));
    if let Some(desk) = &mut app.desk {
        desk.views.known.forget();
    }
    if let Some(edit) = kept.edit() {
        submit(app, Command::Edit(edit));
    }
}

/// Changes the library.
pub(super) fn perform(app: &mut App, deed: Deed) {
    if let Some(library) = app.library.clone() {
        let job = LibraryJob { library, deed };
        run(app, move |cx| jobs::shelve(&job, cx));
    }
}

/// Takes over what became of a deed.
pub(super) fn performed(app: &mut App, result: Result<Deed, SessionError>) {
    match result {
        Ok(deed) => app.toasts.push(Tone::Done, words::deed(&deed)),
        Err(error) => failed(app, &error),
    }
    if let Some(desk) = &mut app.desk {
        desk.views.known.forget();
    }
}

/// N on the page of known people: the one under the cursor is not that person.
pub(super) fn refuse(app: &mut App) {
    let Some(desk) = app.desk.as_ref().filter(|desk| desk.look.page == Page::Known) else { return };
    let revision = desk.session.revision();
    if let Some(edit) = desk.views.known.refuse(revision, desk.session.review()) {
        submit(app, Command::Edit(edit));
    }
}

/// Finished work of this file.
pub(super) fn take_over(app: &mut App, finished: Finished) {
    match finished {
        Finished::KeptPeople { root, identities, result } => kept(app, &root, identities, result),
        Finished::Shelved(result) => performed(app, result),
        _ => {}
    }
}

/// Requests of this file.
pub(super) fn carry_out(app: &mut App, request: Request) {
    match request {
        Request::Keep(identities) => keep(app, identities, Namesakes::Ask),
        Request::KeepAs(identities, namesakes) => keep(app, identities, namesakes),
        Request::Library(deed) => perform(app, deed),
        _ => {}
    }
}

/// Asks about names that the library has already, where there are some.
pub(super) fn show(ctx: &Context, view: &View, look: &mut Look, out: &mut Vec<Request>) {
    let Some(asked) = look.keeping.clone() else { return };
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
                answer(Namesakes::Same);
            }
            if ui.add_enabled(!view.is_busy, eframe::egui::Button::new(t!("keeping-others"))).clicked() {
                answer(Namesakes::Others);
            }
            ui.button(t!("cancel")).clicked() || is_done
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        look.keeping = None;
    }
}
