//! What happens when a panel, a key, a job or a dialog has something to say; one small
//! handler a group.

use std::path::{Path, PathBuf};

use eframe::egui::ThemePreference;

use super::actions::Action;
use super::answers;
use super::app::{App, preference};
use super::desk::Desk;
use super::edits::{made, people};
use super::exporting::ExportBox;
use super::gallery;
use super::jobs::{self, Finished, Forecast};
use super::lang::t;
use super::look::{Browse, Page, Request};
use super::menu;
use super::mover::MoveBox;
use super::naming::NameBox;
use super::notices::Tone;
use super::palette::Palette;
use super::recent::Theme;
use super::running;
use super::second::SecondBox;
use super::shelving;
use super::trying;
use super::words;
use crate::models::{Entry, Kind};
use crate::project::data_folder;
use crate::session::{Command, ExportJob, Notice, Session, SessionError};
use crate::worker::{Lane, Outcome};

/// Takes in what happened since the last frame.
pub(super) fn take_in(app: &mut App) {
    for notice in app.desk.as_mut().map(|desk| desk.session.poll()).unwrap_or_default() {
        match notice {
            Notice::Done { number, words } => {
                let told = app.desk.as_mut().and_then(|desk| desk.went_to(number)).unwrap_or(words);
                let (tone, told) = running::in_force(app).unwrap_or((Tone::Done, told));
                app.toasts.push(tone, told);
            }
            Notice::Refused { error, edit } => {
                running::refused(app);
                answers::refused(app, &error, edit);
            }
        }
    }
    while let Some(outcome) = app.lane.as_mut().and_then(Lane::poll) {
        app.is_cancelled = false;
        app.forecast = Forecast::default();
        match outcome {
            Outcome::Done(finished) => take_over(app, finished),
            Outcome::Panicked(why) => app.toasts.push(Tone::Error, t!("panicked", why = why)),
        }
    }
    if let Some((what, path)) = app.browser.poll() {
        browsed(app, what, path);
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
    app.cutter.step(app.desk.as_mut(), is_free);
    app.adviser.step(app.desk.as_mut(), is_free);
}

fn browsed(app: &mut App, what: Browse, path: PathBuf) {
    match (what, app.desk.as_mut().and_then(|desk| desk.look.export.as_mut())) {
        (Browse::Export, Some(dialog)) => dialog.folder = path.display().to_string(),
        (Browse::Export, None) => {}
        (Browse::Library, _) => shelving::choose(app, &path),
        (Browse::Tracks, _) => app.requests.push(Request::Open(path)),
    }
}

/// Starts a job; one at a time.
pub(super) fn run(app: &mut App, job: impl FnOnce(&crate::base::Cx) -> Finished + Send + 'static) {
    if app.job_runs() {
        app.toasts.push(Tone::Refused, t!("is-running"));
    } else if !app.lane.as_mut().is_some_and(|lane| lane.submit(job)) {
        app.toasts.push(Tone::Error, t!("not-started"));
    } else {
        app.cutter.give_way();
        app.adviser.give_way();
    }
}

/// Takes a finished job over.
fn take_over(app: &mut App, finished: Finished) {
    match finished {
        Finished::Opened { path, result } => match result {
            Ok(session) => opened(app, &path, *session),
            Err(error) => failed(app, &error),
        },
        Finished::Analysed { root, result } => {
            if let Some(analysis) = here(app, &root, result) {
                running::analysed(app, *analysis);
            }
        }
        Finished::Proposed { root, result } => {
            if let Some(outcome) = here(app, &root, result) {
                running::proposed(app, *outcome);
            }
        }
        Finished::Second { root, method, result } => {
            let opinion = here(app, &root, result);
            if let Some((opinion, desk)) = opinion.zip(app.desk.as_mut()) {
                desk.look.second = Some(SecondBox::new(method, *opinion));
                // Room for the people whom it is about.
                desk.look.settings_open = false;
            }
        }
        Finished::Kept { root, result } => {
            if let Some(kept) = here(app, &root, result) {
                running::adopt(app, kept);
            }
        }
        Finished::Exported(Ok(written)) => {
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
            app.toasts.push(Tone::Result, format!("{text}\n{}", written.folder.display()));
        }
        Finished::Exported(Err(error)) => failed(app, &error),
        finished @ (Finished::KeptPeople { .. } | Finished::Shelved(_)) => shelving::take_over(app, finished),
        Finished::Fetched { id, result } => match result {
            Ok(()) => {
                app.read_models();
                if let Some(entry) = app.catalogue.as_ref().and_then(|it| it.find(&id)).cloned() {
                    ready(app, &entry);
                }
            }
            Err(error) => failed(app, &error),
        },
        Finished::Tried { root, id, result } => trying::ended(app, &root, &id, result),
        Finished::Installed(result) => trying::installed(app, result),
    }
}

/// A model is there from now on; one that embeds faces is chosen where a project is open.
pub(super) fn ready(app: &mut App, entry: &Entry) {
    let id = entry.id.as_str();
    if entry.kind == Kind::Embed && app.desk.is_some() {
        set(app, "model", id);
        app.toasts.push(Tone::Done, t!("ready-model", model = id));
    } else {
        app.toasts.push(Tone::Done, t!("installed-model", model = id));
    }
}

/// What a job found out about the project that is open, told where it failed; nothing where
/// its project was closed meanwhile.
pub(super) fn here<T>(app: &mut App, root: &Path, result: Result<T, SessionError>) -> Option<T> {
    if app.session().is_none_or(|session| session.root() != root) {
        return None;
    }
    result.map_err(|error| failed(app, &error)).ok()
}

/// A cancel is no error.
pub(super) fn failed(app: &mut App, error: &SessionError) {
    if error.exit_code() == 130 {
        app.toasts.push(Tone::Done, t!("stopped"));
    } else {
        app.toasts.push(Tone::Error, words::error(error));
    }
}

fn opened(app: &mut App, path: &Path, session: Session) {
    app.memory.opened(path);
    app.thumbs.clear();
    let mut desk = Desk::new(session);
    desk.views.known.path.clone_from(&app.library);
    let starts = !desk.has_result() && !desk.session.project().is_read_only();
    app.desk = Some(desk);
    if starts {
        running::analyse(app);
    }
}

/// Does what a panel asked for.
pub(super) fn carry_out(app: &mut App, request: Request) {
    match request {
        Request::Act(action) => act(app, action),
        Request::Edit(edit) => submit(app, Command::Edit(edit)),
        Request::Name(identity, name) => answers::name(app, identity, name),
        Request::Jump(number) => submit(app, Command::Jump(number)),
        Request::Go(page) => go(app, page),
        Request::Set(name, value) => set(app, name, &value),
        Request::Cut(level) => submit(app, Command::Cut(level)),
        Request::Try(model) => trying::start(app, model),
        Request::Fetch(id) => run(app, move |cx| jobs::fetch(id, cx)),
        Request::Install(file) => run(app, move |cx| jobs::install(file, cx)),
        Request::StartExport => start_export(app),
        Request::Second(method) => running::second(app, method),
        Request::Learn(lesson) => running::learn(app, lesson),
        Request::AdoptProposal => running::keep(app),
        Request::CancelJob => cancel(app),
        Request::Keep(_) | Request::KeepAs(..) | Request::Library(_) => shelving::carry_out(app, request),
        request => of_window(app, request),
    }
}

fn of_window(app: &mut App, request: Request) {
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
        Request::Browse(what) => app.browser.open(what, &app.ctx),
        Request::Theme(theme) => {
            app.memory.theme = match theme {
                ThemePreference::Light => Theme::Light,
                ThemePreference::Dark => Theme::Dark,
                ThemePreference::System => Theme::System,
            };
            app.ctx.set_theme(preference(app.memory.theme));
            app.memory.save();
        }
        Request::Speak(speech) => {
            app.memory.speech = speech;
            app.speak(speech.language());
            app.memory.save();
        }
        Request::ForgetRecent(path) => app.memory.forget(&path),
        _ => {}
    }
    app.ctx.request_repaint();
}

fn cancel(app: &mut App) {
    if let Some(cx) = app.lane.as_ref().and_then(|lane| lane.running()) {
        cx.cancel();
        app.is_cancelled = true;
    }
}

fn close(app: &mut App) {
    if app.desk.take().is_some() {
        cancel(app);
        app.cutter.give_way();
        app.adviser.give_way();
        app.thumbs.clear();
        app.memory.save();
    }
}

pub(super) fn submit(app: &mut App, command: Command) {
    if let Some(desk) = &mut app.desk {
        desk.session.submit(command);
        app.ctx.request_repaint();
    }
}

fn set(app: &mut App, name: &str, value: &str) {
    let Some(desk) = &mut app.desk else { return };
    desk.look.dismissed.remove(&super::look::Banner::Changed);
    if let Err(error) = desk.session.set(name, value) {
        app.toasts.push(Tone::Refused, words::error(&error.into()));
    }
    app.ctx.request_repaint();
}

pub(super) fn go(app: &mut App, page: Page) {
    let Some(desk) = &mut app.desk else { return };
    let before = std::mem::replace(&mut desk.look.page, page);
    desk.look.naming = None;
    (desk.look.parting, desk.look.checking, desk.look.unsplittable) = (None, None, None);
    if let (Page::Gallery, Page::Identity(id)) = (page, before) {
        // Back in the gallery, the keyboard stands on whom one looked at.
        desk.look.choice.only(id);
        desk.look.choice.clear();
        app.ctx.memory_mut(|memory| memory.request_focus(gallery::card_id(id)));
        desk.look.page_has_focus = true;
    }
    app.ctx.request_repaint();
}

fn start_export(app: &mut App) {
    let is_busy = app.job_runs();
    let Some(desk) = &mut app.desk else { return };
    let (view, look) = desk.parts(app.memory.tile, is_busy);
    let Some(dialog) = &mut look.export else { return };
    let (selection, mode, folder) = dialog.wish(&view);
    match view.session.export(selection, mode, &folder) {
        Ok(plan) => {
            look.export = None;
            let job = ExportJob { plan };
            run(app, move |cx| jobs::export(&job, cx));
        }
        Err(error) => dialog.refused = Some(words::error(&error)),
    }
}

fn act(app: &mut App, action: Action) {
    match action {
        Action::Open => app.browser.open(Browse::Tracks, &app.ctx),
        Action::Palette => app.palette = Some(Palette::default()),
        Action::Shortcuts => app.sheet_open = !app.sheet_open,
        Action::Rerun => {
            if app.session().is_some_and(|session| !session.project().is_read_only()) {
                running::analyse(app);
            }
        }
        Action::Undo => submit(app, Command::Undo(1)),
        Action::Redo => submit(app, Command::Redo(1)),
        _ => on_desk(app, action),
    }
}

/// Actions that need an open project.
fn on_desk(app: &mut App, action: Action) {
    let is_busy = app.job_runs();
    let Some(desk) = &mut app.desk else { return };
    let (view, look) = desk.view(app.memory.tile, is_busy);
    if !menu::is_enabled(action, &view, look) {
        return;
    }
    match action {
        Action::Settings => desk.look.settings_open = !desk.look.settings_open,
        Action::Search => desk.look.focus_search = true,
        Action::Export => {
            let dialog = ExportBox::new(&view, look.choice.items());
            desk.look.export = Some(dialog);
        }
        Action::SelectAll => select_all(desk),
        Action::Back => back(app),
        Action::Enter => {
            if let Some(&id) = desk.look.choice.items().first() {
                go(app, Page::Identity(id));
            }
        }
        Action::Previous | Action::Next => {
            let by = if action == Action::Next { 1 } else { -1 };
            if let Some(page) = desk.neighbour(by) {
                go(app, page);
            }
        }
        Action::Name => name(desk),
        Action::Keep => shelving::start(app),
        Action::Move => desk.look.mover = Some(MoveBox::default()),
        Action::Adopt => running::adopt_rerun(app),
        Action::Drop => running::drop_rerun(app),
        _ if answers::act(app, action) => {}
        _ => edit(app, action),
    }
    app.ctx.request_repaint();
}

fn select_all(desk: &mut Desk) {
    if desk.look.page == Page::Gallery {
        desk.look.choice.all(desk.listing.shown());
    } else if let (Page::Rerun, Some(rerun)) = (desk.look.page, &mut desk.look.rerun) {
        rerun.tick_all();
    } else {
        let tracks = desk.tracks().to_vec();
        desk.look.tracks.all(&tracks);
    }
}

/// Escape: the selection first, then the search, then the page; a proposal is dropped.
fn back(app: &mut App) {
    let Some(desk) = &mut app.desk else { return };
    let look = &mut desk.look;
    if look.has_grid() {
        (look.parting, look.checking) = (None, None);
    } else if look.page == Page::Rerun {
        running::drop_rerun(app);
    } else if look.page != Page::Gallery {
        if look.tracks.is_empty() { go(app, Page::Gallery) } else { look.tracks.clear() }
    } else if look.choice.is_empty() {
        look.search.clear();
    } else {
        look.choice.clear();
    }
}

fn name(desk: &mut Desk) {
    let Some(&id) = people(desk).first() else { return };
    let known = desk.session.review().identity(id).and_then(|identity| identity.name.clone());
    desk.look.naming = Some(NameBox::new(id, known.as_deref()));
}

/// Actions that are one edit.
fn edit(app: &mut App, action: Action) {
    let is_busy = app.job_runs();
    let Some(desk) = &app.desk else { return };
    let (view, look) = desk.view(app.memory.tile, is_busy);
    let restores = menu::all_ignored(&view, look);
    if let Some(edit) = made(desk, action, restores) {
        submit(app, Command::Edit(edit));
    }
}
