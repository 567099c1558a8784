//! Carries out what panels, keys and dialogs asked for. Every request has its arm.

use eframe::egui::ThemePreference;

use super::effects::{cancel, close, go, run, set, submit};
use super::open_project::OpenProject;
use super::{
    App, NextProject, answers, jobs, library_actions, model_trial, preference, project_files, results,
};
use crate::project::data_folder;
use crate::review::IdentityId;
use crate::session::{Command, ExportJob, NamesakePolicy};
use crate::ui::dialogs::export::ExportDialog;
use crate::ui::dialogs::loupe::Loupe;
use crate::ui::dialogs::move_dialog::MoveDialog;
use crate::ui::dialogs::palette::CommandPalette;
use crate::ui::dialogs::path::PathDialog;
use crate::ui::dialogs::sure::SureMatches;
use crate::ui::lang::texts;
use crate::ui::panes::filmstrip;
use crate::ui::view::ask::{InspectorTab, Page, Request};
use crate::ui::view::saved_state::Theme;
use crate::ui::view::state::Pane;
use crate::ui::widgets::card;
use crate::ui::widgets::name_field::NameField;

/// Does what was asked for.
pub(crate) fn handle(app: &mut App, request: Request) {
    match request {
        Request::Open(path) => {
            close(app);
            app.next = Some(NextProject::Open(path));
        }
        Request::ChooseFolder(what) => app.file_dialogs.open(what, &app.ctx),
        Request::Demo => {
            close(app);
            let folder = data_folder().map(|folder| folder.join("demo"));
            run(app, move |cx| jobs::draw_demo(folder, cx));
        }
        Request::Close => close(app),
        Request::ForgetRecent(path) => app.saved_state.forget(&path),
        Request::AskPath(purpose, opened) => app.path_dialog = Some(PathDialog::new(purpose, opened)),
        Request::UsePath(purpose, path, opened) => project_files::use_path(app, purpose, path, opened),
        Request::ReadPictures(reading) => project_files::read_pictures(app, reading),
        Request::ShowSureMatches => show_sure_matches(app),
        Request::Edit(edit) => submit(app, Command::Edit(edit)),
        Request::Name(identity, name) => answers::name(app, identity, name),
        Request::Undo => submit(app, Command::Undo(1)),
        Request::Redo => submit(app, Command::Redo(1)),
        Request::JumpTo(number) => submit(app, Command::Jump(number)),
        Request::Go(page) => go(app, page),
        Request::TogglePage(page) => toggle_page(app, page),
        Request::ToggleInspector(tab) => in_project(app, |it| toggle_inspector(it, tab)),
        Request::ShowPerson(identity) => show_person(app, identity),
        Request::ShowEverybody => in_project(app, |it| show_tracks(it, false)),
        Request::ShowUnassigned => in_project(app, |it| show_tracks(it, true)),
        Request::FocusFaces => focus_faces(app),
        Request::SortAgain => in_project(app, |it| it.listing.reset_order()),
        Request::ToggleSettings => in_project(app, |it| it.state.look.settings_open ^= true),
        Request::ToggleShortcuts => app.sheet_open = !app.sheet_open,
        Request::OpenPalette => app.palette = Some(CommandPalette::default()),
        Request::FocusSearch => in_project(app, |it| it.state.look.focus_search = true),
        Request::SelectAll => in_project(app, select_all),
        Request::Back => back(app),
        Request::Neighbour(by) => {
            if let Some(person) = app.project.as_ref().and_then(|project| project.neighbour(by)) {
                show_person(app, person);
            }
        }
        Request::ShowTrack(track) => answers::show_track(app, track),
        Request::StartNaming(identity) => in_project(app, |it| start_naming(it, identity)),
        Request::StartMoving => in_project(app, |it| it.state.move_dialog = Some(MoveDialog::default())),
        Request::OpenLoupe(track) => in_project(app, |it| it.state.loupe = Some(Loupe::new(track))),
        Request::StartExportDialog => start_export_dialog(app),
        Request::CheckTracks(identity) => answers::check(app, identity),
        Request::SuggestSplit(identity) => app.adviser.start_split(identity),
        Request::Answer(is_same) => answers::answer(app, is_same),
        Request::Accept => answers::accept(app),
        Request::Skip => answers::skip(app),
        Request::AskAgain => answers::ask_again(app),
        Request::Rerun => results::analyse(app),
        Request::AdoptRerun => results::adopt_rerun(app),
        Request::DropRerun => results::drop_rerun(app),
        Request::Set(change) => set(app, change),
        Request::Cut(level) => submit(app, Command::Cut(level)),
        Request::Opinion(method) => results::show_opinion(app, method),
        Request::Learn(source) => results::learn(app, source),
        Request::AdoptProposal => results::proposal_stored(app),
        Request::CancelJob => cancel(app),
        Request::DrawMap => app.adviser.start_map(),
        Request::Fetch(id) => run(app, move |cx| jobs::fetch(id, cx)),
        Request::Install(file) => run(app, move |cx| jobs::install(file, cx)),
        Request::Try(model) => model_trial::start(app, model),
        Request::StartExport => start_export(app),
        Request::Keep(identities) => library_actions::keep(app, identities, NamesakePolicy::Ask),
        Request::KeepAs(identities, namesakes) => library_actions::keep(app, identities, namesakes),
        Request::Library(edit) => library_actions::perform(app, edit),
        Request::Theme(theme) => use_theme(app, theme),
        Request::Language(language) => {
            app.saved_state.language = language;
            app.set_language(language.language());
            app.saved_state.save();
        }
    }
    app.ctx.request_repaint();
}

fn in_project(app: &mut App, change: impl FnOnce(&mut OpenProject)) {
    if let Some(project) = &mut app.project {
        change(project);
    }
}

fn use_theme(app: &mut App, theme: ThemePreference) {
    app.saved_state.theme = match theme {
        ThemePreference::Light => Theme::Light,
        ThemePreference::Dark => Theme::Dark,
        ThemePreference::System => Theme::System,
    };
    app.ctx.set_theme(preference(app.saved_state.theme));
    app.saved_state.save();
}

fn toggle_page(app: &mut App, page: Page) {
    let here = app.project.as_ref().map(|project| project.state.look.page);
    go(app, if here == Some(page) { Page::People } else { page });
}

fn toggle_inspector(project: &mut OpenProject, tab: InspectorTab) {
    let look = &mut project.state.look;
    if look.is_narrow {
        look.overlay_open = !(look.overlay_open && look.inspector == tab);
        look.inspector = tab;
    } else {
        let is_shown = look.inspector == tab && !look.settings_open;
        look.inspector = if is_shown { InspectorTab::Details } else { tab };
    }
    look.settings_open = false;
}

fn show_person(app: &mut App, identity: IdentityId) {
    go(app, Page::People);
    in_project(app, |project| {
        let look = &mut project.state.look;
        look.identities.only(identity);
        look.identities.reveal = true;
        look.unassigned = false;
        project.close_grids();
    });
}

/// Shows everybody's tracks, or those of nobody.
fn show_tracks(project: &mut OpenProject, unassigned: bool) {
    let look = &mut project.state.look;
    look.page = Page::People;
    look.identities.clear();
    look.unassigned = unassigned;
    project.close_grids();
}

fn focus_faces(app: &mut App) {
    let Some(project) = &mut app.project else { return };
    let first = project.state.look.tracks.cursor().or_else(|| project.tracks().first().copied());
    let Some(track) = first else { return };
    let look = &mut project.state.look;
    if look.tracks.cursor().is_none() {
        look.tracks.only(track);
    }
    look.tracks.reveal = true;
    (look.focus, look.page_has_focus) = (Pane::Faces, true);
    app.ctx.memory_mut(|memory| memory.request_focus(filmstrip::strip_id(track)));
}

fn start_naming(project: &mut OpenProject, identity: IdentityId) {
    let known = project.session.review().identity(identity).and_then(|it| it.name.clone());
    project.state.naming = Some(NameField::new(identity, known.as_deref()));
}

fn start_export_dialog(app: &mut App) {
    let is_busy = app.job_runs();
    let Some(project) = &mut app.project else { return };
    let (view, state) = project.parts(app.saved_state.tile, is_busy);
    state.export = Some(ExportDialog::new(&view, state.look.identities.items()));
}

fn show_sure_matches(app: &mut App) {
    let is_busy = app.job_runs();
    let Some(project) = &mut app.project else { return };
    let (view, state) = project.parts(app.saved_state.tile, is_busy);
    state.sure = SureMatches::new(&view);
}

fn start_export(app: &mut App) {
    let is_busy = app.job_runs();
    let Some(project) = &mut app.project else { return };
    let (view, state) = project.parts(app.saved_state.tile, is_busy);
    let Some(dialog) = &mut state.export else { return };
    let (selection, mode, folder) = dialog.wish(&view);
    match view.session.export(selection, mode, &folder) {
        Ok(plan) => {
            state.export = None;
            let job = ExportJob { plan };
            run(app, move |cx| jobs::export(&job, cx));
        }
        Err(error) => dialog.refused = Some(texts::error(&error)),
    }
}

fn select_all(project: &mut OpenProject) {
    let look = &project.state.look;
    if let (Page::Rerun, Some(rerun)) = (look.page, &mut project.state.rerun) {
        rerun.tick_all();
    } else if look.page == Page::People && look.focus == Pane::People {
        project.state.look.identities.all(project.listing.shown());
        project.state.look.unassigned = false;
    } else {
        let tracks = project.tracks().to_vec();
        project.state.look.tracks.all(&tracks);
    }
}

/// Escape: a grid, then the tracks that are selected, then the people, then the search; from other
/// pages back to the people. A proposal is dropped.
fn back(app: &mut App) {
    let Some(project) = &mut app.project else { return };
    let has_grid = project.state.has_grid();
    let look = &mut project.state.look;
    if look.is_narrow && look.overlay_open {
        look.overlay_open = false;
    } else if has_grid {
        project.close_grids();
    } else if look.page == Page::Rerun {
        results::drop_rerun(app);
    } else if !look.tracks.is_empty() {
        look.tracks.clear();
    } else if look.page != Page::People {
        go(app, Page::People);
    } else if look.focus == Pane::Faces {
        look.focus = Pane::People;
        if let Some(person) = look.identities.cursor() {
            look.page_has_focus = true;
            app.ctx.memory_mut(|memory| memory.request_focus(card::card_id(person)));
        }
    } else if look.unassigned {
        look.unassigned = false;
    } else if look.identities.is_empty() {
        look.search.clear();
    } else {
        look.identities.clear();
    }
}
