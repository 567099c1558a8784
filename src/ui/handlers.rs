//! What happens when a panel, a key, a job or a dialog has something to say; one small
//! handler a group.

use std::path::{Path, PathBuf};

use eframe::egui::ThemePreference;

use super::actions::Action;
use super::answers;
use super::app::{App, preference};
use super::edits::{concerned_identities, edit_of};
use super::export::ExportDialog;
use super::gallery;
use super::jobs::{self, Forecast, JobResult};
use super::lang::t;
use super::library_actions;
use super::menu;
use super::model_trial;
use super::move_dialog::MoveDialog;
use super::name_field::NameField;
use super::open_project::OpenProject;
use super::opinion::OpinionPage;
use super::palette::CommandPalette;
use super::results;
use super::saved_state::Theme;
use super::state::{FileDialogKind, Page, Request};
use super::texts;
use super::toasts::Severity;
use crate::models::{ModelEntry, ModelKind};
use crate::project::data_folder;
use crate::session::{Command, ExportJob, Notice, Session, SessionError, SettingChange};
use crate::worker::{JobOutcome, JobThread};

/// Takes in what happened since the last frame.
pub(super) fn poll(app: &mut App) {
    for notice in app.project.as_mut().map(|project| project.session.poll()).unwrap_or_default() {
        match notice {
            Notice::Done { number, words } => {
                let message = app
                    .project
                    .as_mut()
                    .and_then(|project| project.poll_cursor_move(number))
                    .unwrap_or(words);
                let (tone, message) = results::run_in_force(app).unwrap_or((Severity::Done, message));
                app.toasts.push(tone, message);
            }
            Notice::Refused { error, edit } => {
                results::refused(app);
                answers::show_refusal(app, &error, edit);
            }
        }
    }
    while let Some(outcome) = app.jobs.as_mut().and_then(JobThread::poll) {
        app.is_cancelled = false;
        app.forecast = Forecast::default();
        match outcome {
            JobOutcome::Done(finished) => finish_job(app, finished),
            JobOutcome::Panicked(why) => app.toasts.push(Severity::Error, t!("panicked", why = why)),
        }
    }
    if let Some((what, path)) = app.file_dialogs.poll() {
        folder_chosen(app, what, path);
    }
    let dropped = app.ctx.input(|input| {
        input
            .raw
            .dropped_files
            .iter()
            .find_map(|file| Some(file.path().to_path_buf()).filter(|path| !path.as_os_str().is_empty()))
    });
    if let Some(path) = dropped {
        let is_model = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("onnx"));
        app.requests.push(if is_model { Request::Install(path) } else { Request::Open(path) });
    }
    if !app.job_runs()
        && let Some(path) = app.next.take()
    {
        run(app, move |cx| jobs::open(path, cx));
    }
    let is_free = !app.job_runs();
    app.cutter.step(app.project.as_mut(), is_free);
    app.adviser.step(app.project.as_mut(), is_free);
}

fn folder_chosen(app: &mut App, what: FileDialogKind, path: PathBuf) {
    match (what, app.project.as_mut().and_then(|project| project.state.export.as_mut())) {
        (FileDialogKind::Export, Some(dialog)) => dialog.folder = path.display().to_string(),
        (FileDialogKind::Export, None) => {}
        (FileDialogKind::Library, _) => library_actions::choose(app, &path),
        (FileDialogKind::Tracks, _) => app.requests.push(Request::Open(path)),
    }
}

/// Starts a job; one at a time.
pub(super) fn run(app: &mut App, job: impl FnOnce(&crate::base::Cx) -> JobResult + Send + 'static) {
    if app.job_runs() {
        app.toasts.push(Severity::Refused, t!("is-running"));
    } else if !app.jobs.as_mut().is_some_and(|lane| lane.submit(job)) {
        app.toasts.push(Severity::Error, t!("not-started"));
    } else {
        app.cutter.cancel();
        app.adviser.cancel();
    }
}

/// Handles a finished job.
fn finish_job(app: &mut App, finished: JobResult) {
    match finished {
        JobResult::Opened { path, result } => match result {
            Ok(session) => opened(app, &path, *session),
            Err(error) => failed(app, &error),
        },
        JobResult::Analysed { root, result } => {
            if let Some(analysis) = if_still_open(app, &root, result) {
                results::analysed(app, *analysis);
            }
        }
        JobResult::Proposed { root, result } => {
            if let Some(outcome) = if_still_open(app, &root, result) {
                results::proposed(app, *outcome);
            }
        }
        JobResult::Opinion { root, method, result } => {
            let opinion = if_still_open(app, &root, result);
            if let Some((opinion, project)) = opinion.zip(app.project.as_mut()) {
                project.state.opinion = Some(OpinionPage::new(method, *opinion));
                // Room for the people concerned.
                project.state.settings_open = false;
            }
        }
        JobResult::ProposalStored { root, result } => {
            if let Some(kept) = if_still_open(app, &root, result) {
                results::adopt(app, kept);
            }
        }
        JobResult::Exported(Ok(written)) => {
            let mut text = t!(
                "exported",
                identities = t!("identities", n = written.n_identities),
                tracks = t!("tracks", n = written.n_tracks),
                pictures = t!("pictures", n = written.n_files)
            );
            if written.missing > 0 {
                text.push(' ');
                text.push_str(&t!("exported-missing", n = written.missing));
            }
            app.toasts.push(Severity::Result, format!("{text}\n{}", written.folder.display()));
        }
        JobResult::Exported(Err(error)) => failed(app, &error),
        finished @ (JobResult::KeptPeople { .. } | JobResult::LibraryChanged(_)) => {
            library_actions::finish(app, finished);
        }
        JobResult::Fetched { id, result } => match result {
            Ok(()) => {
                app.read_models();
                if let Some(entry) = app.catalogue.as_ref().and_then(|it| it.find(&id)).cloned() {
                    model_installed(app, &entry);
                }
            }
            Err(error) => failed(app, &error),
        },
        JobResult::Tried { root, id, result } => model_trial::ended(app, &root, &id, result),
        JobResult::Installed(result) => model_trial::installed(app, result),
    }
}

/// A model is there from now on; one that embeds faces is chosen where a project is open.
pub(super) fn model_installed(app: &mut App, entry: &ModelEntry) {
    let id = entry.id.as_str();
    if entry.kind == ModelKind::Embed && app.project.is_some() {
        set(app, SettingChange::Model(id.to_owned()));
        app.toasts.push(Severity::Done, t!("ready-model", model = id));
    } else {
        app.toasts.push(Severity::Done, t!("installed-model", model = id));
    }
}

/// A job's result for the open project, an error as a toast; nothing where
/// its project was closed meanwhile.
pub(super) fn if_still_open<T>(app: &mut App, root: &Path, result: Result<T, SessionError>) -> Option<T> {
    if app.session().is_none_or(|session| session.root() != root) {
        return None;
    }
    result.map_err(|error| failed(app, &error)).ok()
}

/// A cancel is no error.
pub(super) fn failed(app: &mut App, error: &SessionError) {
    if error.exit_code() == 130 {
        app.toasts.push(Severity::Done, t!("stopped"));
    } else {
        app.toasts.push(Severity::Error, texts::error(error));
    }
}

fn opened(app: &mut App, path: &Path, session: Session) {
    app.saved_state.opened(path);
    app.thumbs.clear();
    let mut project = OpenProject::new(session);
    project.track_pages.known.path.clone_from(&app.library);
    let starts = !project.has_result() && !project.session.project().is_read_only();
    app.project = Some(project);
    if starts {
        results::analyse(app);
    }
}

/// Does what a panel asked for.
pub(super) fn handle_request(app: &mut App, request: Request) {
    match request {
        Request::Act(action) => handle_action(app, action),
        Request::Edit(edit) => submit(app, Command::Edit(edit)),
        Request::Name(identity, name) => answers::name(app, identity, name),
        Request::JumpTo(number) => submit(app, Command::Jump(number)),
        Request::Go(page) => go(app, page),
        Request::Set(change) => set(app, change),
        Request::Cut(level) => submit(app, Command::Cut(level)),
        Request::Try(model) => model_trial::start(app, model),
        Request::Fetch(id) => run(app, move |cx| jobs::fetch(id, cx)),
        Request::Install(file) => run(app, move |cx| jobs::install(file, cx)),
        Request::StartExport => start_export(app),
        Request::Opinion(method) => results::show_opinion(app, method),
        Request::Learn(source) => results::learn(app, source),
        Request::AdoptProposal => results::proposal_stored(app),
        Request::CancelJob => cancel(app),
        Request::Keep(_) | Request::KeepAs(..) | Request::Library(_) => {
            library_actions::handle_request(app, request);
        }
        request => handle_window_request(app, request),
    }
}

fn handle_window_request(app: &mut App, request: Request) {
    match request {
        Request::Open(path) => {
            close(app);
            app.next = Some(path);
        }
        Request::Demo => {
            close(app);
            let folder = data_folder().map(|folder| folder.join("demo"));
            run(app, move |cx| jobs::draw_demo(folder, cx));
        }
        Request::Close => close(app),
        Request::ChooseFolder(what) => app.file_dialogs.open(what, &app.ctx),
        Request::Theme(theme) => {
            app.saved_state.theme = match theme {
                ThemePreference::Light => Theme::Light,
                ThemePreference::Dark => Theme::Dark,
                ThemePreference::System => Theme::System,
            };
            app.ctx.set_theme(preference(app.saved_state.theme));
            app.saved_state.save();
        }
        Request::Language(speech) => {
            app.saved_state.language = speech;
            app.set_language(speech.language());
            app.saved_state.save();
        }
        Request::ForgetRecent(path) => app.saved_state.forget(&path),
        _ => {}
    }
    app.ctx.request_repaint();
}

fn cancel(app: &mut App) {
    if let Some(cx) = app.jobs.as_ref().and_then(|lane| lane.running()) {
        cx.cancel();
        app.is_cancelled = true;
    }
}

fn close(app: &mut App) {
    if app.project.take().is_some() {
        cancel(app);
        app.cutter.cancel();
        app.adviser.cancel();
        app.thumbs.clear();
        app.saved_state.save();
    }
}

pub(super) fn submit(app: &mut App, command: Command) {
    if let Some(project) = &mut app.project {
        project.session.submit(command);
        app.ctx.request_repaint();
    }
}

fn set(app: &mut App, change: SettingChange) {
    let Some(project) = &mut app.project else { return };
    project.state.dismissed.remove(&super::state::Banner::Changed);
    if let Err(error) = project.session.change_setting(change) {
        app.toasts.push(Severity::Refused, texts::error(&error.into()));
    }
    app.ctx.request_repaint();
}

pub(super) fn go(app: &mut App, page: Page) {
    let Some(project) = &mut app.project else { return };
    let before = std::mem::replace(&mut project.state.page, page);
    project.state.naming = None;
    (project.state.split, project.state.checking, project.state.unsplittable) = (None, None, None);
    if let (Page::Gallery, Page::Identity(id)) = (page, before) {
        // Back in the gallery, the keyboard cursor is on the identity of the page.
        project.state.identities.only(id);
        project.state.identities.clear();
        app.ctx.memory_mut(|memory| memory.request_focus(gallery::card_id(id)));
        project.state.page_has_focus = true;
    }
    app.ctx.request_repaint();
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

fn handle_action(app: &mut App, action: Action) {
    match action {
        Action::Open => app.file_dialogs.open(FileDialogKind::Tracks, &app.ctx),
        Action::Palette => app.palette = Some(CommandPalette::default()),
        Action::Shortcuts => app.sheet_open = !app.sheet_open,
        Action::Rerun => {
            if app.session().is_some_and(|session| !session.project().is_read_only()) {
                results::analyse(app);
            }
        }
        Action::Undo => submit(app, Command::Undo(1)),
        Action::Redo => submit(app, Command::Redo(1)),
        _ => handle_project_action(app, action),
    }
}

/// Actions that need an open project.
fn handle_project_action(app: &mut App, action: Action) {
    let is_busy = app.job_runs();
    let Some(project) = &mut app.project else { return };
    let (view, state) = project.view(app.saved_state.tile, is_busy);
    if !menu::is_enabled(action, &view, state) {
        return;
    }
    match action {
        Action::Settings => project.state.settings_open = !project.state.settings_open,
        Action::Search => project.state.focus_search = true,
        Action::Export => {
            let dialog = ExportDialog::new(&view, state.identities.items());
            project.state.export = Some(dialog);
        }
        Action::SelectAll => select_all(project),
        Action::Back => back(app),
        Action::Enter => {
            if let Some(&id) = project.state.identities.items().first() {
                go(app, Page::Identity(id));
            }
        }
        Action::Previous | Action::Next => {
            let by = if action == Action::Next { 1 } else { -1 };
            if let Some(page) = project.neighbour(by) {
                go(app, page);
            }
        }
        Action::Name => name(project),
        Action::KeepInLibrary => library_actions::start(app),
        Action::Move => project.state.move_dialog = Some(MoveDialog::default()),
        Action::Adopt => results::adopt_rerun(app),
        Action::DiscardProposal => results::drop_rerun(app),
        _ if answers::handle_action(app, action) => {}
        _ => edit(app, action),
    }
    app.ctx.request_repaint();
}

fn select_all(project: &mut OpenProject) {
    if project.state.page == Page::Gallery {
        project.state.identities.all(project.listing.shown());
    } else if let (Page::Rerun, Some(rerun)) = (project.state.page, &mut project.state.rerun) {
        rerun.tick_all();
    } else {
        let tracks = project.tracks().to_vec();
        project.state.tracks.all(&tracks);
    }
}

/// Escape: the selection first, then the search, then the page; a proposal is dropped.
fn back(app: &mut App) {
    let Some(project) = &mut app.project else { return };
    let state = &mut project.state;
    if state.has_grid() {
        (state.split, state.checking) = (None, None);
    } else if state.page == Page::Rerun {
        results::drop_rerun(app);
    } else if state.page != Page::Gallery {
        if state.tracks.is_empty() { go(app, Page::Gallery) } else { state.tracks.clear() }
    } else if state.identities.is_empty() {
        state.search.clear();
    } else {
        state.identities.clear();
    }
}

fn name(project: &mut OpenProject) {
    let Some(&id) = concerned_identities(project).first() else { return };
    let known = project.session.review().identity(id).and_then(|identity| identity.name.clone());
    project.state.naming = Some(NameField::new(id, known.as_deref()));
}

/// Actions that are one edit.
fn edit(app: &mut App, action: Action) {
    let is_busy = app.job_runs();
    let Some(project) = &app.project else { return };
    let (view, state) = project.view(app.saved_state.tile, is_busy);
    let restores = menu::all_ignored(&view, state);
    if let Some(edit) = edit_of(project, action, restores) {
        submit(app, Command::Edit(edit));
    }
}
