//! The application: one frame after another.
//!
//! Each frame takes in what jobs, the session and dialogs have to say, turns keys into
//! actions, draws the panels over a read-only view, and then carries out what they asked
//! for. It waits for nothing.

mod advice;
mod adviser;
mod answers;
mod cuts;
mod effects;
mod file_dialogs;
mod jobs;
mod layout;
mod library_actions;
mod model_trial;
pub(super) mod open_project;
mod poll;
mod project_files;
mod requests;
mod results;
mod state;
mod track_pages;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use adviser::Adviser;
use eframe::egui::{CentralPanel, Context, Key, Modifiers, Panel, ThemePreference, Ui};

use crate::models::Catalogue;
use crate::project::{self, data_folder, default_library};
use crate::session::Session;
use crate::ui::actions::{self, Action, ActionScope, KeyboardFocus};
use crate::ui::dialogs::palette::{self, CommandPalette, PaletteResult};
use crate::ui::dialogs::path::PathDialog;
use crate::ui::dialogs::{
    conflict, export, keep, learning, loupe, merged, names, namesake, path, reread, shortcuts, sure,
};
use crate::ui::lang::{self, Language, t};
use crate::ui::pages::welcome;
use crate::ui::panes::{banners, filmstrip, top_bar};
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::saved_state::{SavedState, Theme};
use crate::ui::view::state::Pane;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::toasts::{Severity, Toasts};
use crate::ui::widgets::{card, fonts, icons, theme};
use crate::worker::JobThread;
use cuts::CutRunner;
use file_dialogs::FileDialogs;
use jobs::{Forecast, JobResult};
use open_project::OpenProject;

/// How long a closed project may be held by what still runs for it.
const LET_GO: Duration = Duration::from_secs(5);

/// What is opened next.
#[derive(Debug)]
pub(crate) enum NextProject {
    /// A folder or a project.
    Open(PathBuf),
    /// What was opened before, with the folder where its tracks are now.
    Relocate { opened: PathBuf, to: PathBuf },
}

/// The window's content; draws into any [`Ui`], with or without a window around it.
pub struct App {
    pub(crate) ctx: Context,
    pub(crate) project: Option<OpenProject>,
    pub(crate) jobs: Option<JobThread<JobResult>>,
    pub(crate) cutter: CutRunner,
    pub(crate) adviser: Adviser,
    pub(crate) is_cancelled: bool,
    pub(crate) forecast: Forecast,
    pub(crate) toasts: Toasts,
    pub(crate) saved_state: SavedState,
    /// The library's file; none where there is no place for one.
    pub(crate) library: Option<PathBuf>,
    pub(crate) file_dialogs: FileDialogs,
    pub(crate) catalogue: Option<Catalogue>,
    pub(crate) thumbs: Thumbnails,
    pub(crate) requests: Vec<Request>,
    /// What to open as soon as the thread is free and the project before is let go.
    pub(crate) next: Option<NextProject>,
    /// The project that was closed last, and when: background work may still hold it, and with it its lock.
    closing: Option<(PathBuf, Instant)>,
    pub(crate) sheet_open: bool,
    pub(crate) palette: Option<CommandPalette>,
    /// A box that asks for a path, with or without a project.
    pub(crate) path_dialog: Option<PathDialog>,
    pub(crate) last_panic: Option<Instant>,
    #[cfg(test)]
    pub(crate) fails_in_next_frame: bool,
    path_box: String,
    title: String,
    language: Language,
}

impl App {
    /// The application as it starts, with the platform's data folder as memory.
    ///
    /// `start` is opened at once. Installs fonts and theme into `ctx`.
    pub fn new(ctx: &Context, start: Option<PathBuf>) -> Self {
        Self::with_saved_state(ctx, start, data_folder().map(|folder| folder.join("window.json")))
    }

    /// The same with another file of memory; none remembers nothing, speaks English and knows no
    /// library, so that a test reads the same on every machine.
    pub fn with_saved_state(ctx: &Context, start: Option<PathBuf>, memory: Option<PathBuf>) -> Self {
        fonts::install(ctx);
        icons::install(ctx);
        theme::install(ctx);
        let language = if memory.is_some() { None } else { Some(Language::English) };
        let remembers = memory.is_some();
        let memory = SavedState::load(memory);
        let library = memory.library.clone().or_else(|| if remembers { default_library() } else { None });
        let language = language.unwrap_or_else(|| memory.language.language());
        lang::set_language(language);
        let wake = ctx.clone();
        let lane = JobThread::start("jobs", move || wake.request_repaint());
        let mut toasts = Toasts::default();
        if let Err(error) = &lane {
            toasts.push(Severity::Error, t!("no-thread", why = error.to_string()));
        }
        ctx.set_theme(preference(memory.theme));
        Self {
            ctx: ctx.clone(),
            project: None,
            jobs: lane.ok(),
            cutter: CutRunner::start(ctx),
            adviser: Adviser::start(ctx),
            is_cancelled: false,
            forecast: Forecast::default(),
            toasts,
            saved_state: memory,
            library,
            file_dialogs: FileDialogs::default(),
            catalogue: Catalogue::load().ok(),
            thumbs: Thumbnails::new(ctx),
            requests: Vec::new(),
            next: start.map(NextProject::Open),
            closing: None,
            sheet_open: false,
            palette: None,
            path_dialog: None,
            last_panic: None,
            #[cfg(test)]
            fails_in_next_frame: false,
            path_box: String::new(),
            title: String::new(),
            language,
        }
    }

    /// Speaks another language from now on.
    pub fn set_language(&mut self, language: Language) {
        self.language = language;
        lang::set_language(language);
        if let Some(project) = &mut self.project {
            project.retranslate();
        }
    }

    /// Keeps people in that library, and recognises them from it, from now on.
    pub fn use_library(&mut self, file: PathBuf) {
        library_actions::use_library(self, Some(file));
    }

    /// Looks through the user's models again.
    pub(crate) fn read_models(&mut self) {
        self.catalogue = Catalogue::load().ok();
        if let Some(project) = &mut self.project {
            project.state.model_offers.forget();
        }
    }

    /// The open session.
    pub fn session(&self) -> Option<&Session> {
        self.project.as_ref().map(|project| &project.session)
    }

    /// Whether a long job runs or an edit is on its way to the disk.
    pub fn is_busy(&self) -> bool {
        self.next.is_some() || self.job_runs() || self.session().is_some_and(Session::is_busy)
    }

    /// Whether questions, parts or a map are being computed in the background.
    pub fn is_computing(&self) -> bool {
        self.adviser.is_running()
    }

    /// The messages on the screen, oldest first.
    pub fn messages(&self) -> Vec<String> {
        self.toasts.texts().map(str::to_owned).collect()
    }

    /// Draws one frame into all of `ui`. Where that panics, the project is opened again from the disk,
    /// where every acknowledged edit is; where it panics again within a minute, it is closed.
    pub fn show(&mut self, ui: &mut Ui) {
        let frame = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.show_frame(ui)));
        if let Err(panic) = frame {
            self.recover(&panic_text(panic.as_ref()));
        }
    }

    fn recover(&mut self, why: &str) {
        let root = self.session().map(|session| session.root().to_path_buf());
        self.let_go();
        self.requests.clear();
        self.palette = None;
        self.path_dialog = None;
        self.sheet_open = false;
        let is_again = self.last_panic.is_some_and(|at| at.elapsed() < Duration::from_mins(1));
        self.last_panic = Some(Instant::now());
        if is_again {
            self.toasts.push(Severity::Error, t!("window-panicked-twice", why = why));
        } else {
            self.toasts.push(Severity::Error, t!("window-panicked", why = why));
            self.next = root.map(NextProject::Open);
        }
        self.ctx.request_repaint();
    }

    /// Closes the project; gives whether one was open. Another one opens once nothing holds it any more.
    pub(crate) fn let_go(&mut self) -> bool {
        let Some(project) = self.project.take() else { return false };
        self.closing = Some((project.session.project().path().to_path_buf(), Instant::now()));
        self.cutter.cancel();
        self.adviser.cancel();
        true
    }

    /// Whether this process holds the project that was closed last no more; after some seconds it is
    /// somebody else who does.
    pub(crate) fn is_let_go(&mut self) -> bool {
        self.closing =
            self.closing.take().filter(|(path, since)| since.elapsed() < LET_GO && project::is_in_use(path));
        self.closing.is_none()
    }

    fn show_frame(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        lang::set_language(self.language);
        self.thumbs.begin_frame(&ctx);
        poll::poll(self);
        self.keys(&ctx);
        if let Some(project) = &mut self.project {
            project.refresh();
        }
        self.panels(ui);
        #[cfg(test)]
        assert!(!std::mem::take(&mut self.fails_in_next_frame), "on purpose");
        self.dialogs(&ctx);
        welcome::drop_target(ui);
        for request in std::mem::take(&mut self.requests) {
            requests::handle(self, request);
        }
        self.update_title(&ctx);
        if self.job_runs() {
            ctx.request_repaint_after(Duration::from_millis(100));
        }
        if self.session().is_some_and(Session::is_busy) {
            ctx.request_repaint_after(Duration::from_millis(4));
        }
    }

    pub(crate) fn job_runs(&self) -> bool {
        self.jobs.as_ref().and_then(JobThread::running).is_some()
    }

    /// Turns pressed keys into requests.
    fn keys(&mut self, ctx: &Context) {
        let focused = ctx.memory(eframe::egui::Memory::focused);
        if self.sheet_open || self.palette.is_some() || self.path_dialog.is_some() {
            return;
        }
        let is_busy = self.job_runs();
        let Some(project) = &mut self.project else {
            let typing = if ctx.text_edit_focused() { KeyboardFocus::Text } else { KeyboardFocus::Control };
            let pressed = actions::pressed(ctx, typing, |scope| scope == ActionScope::Everywhere);
            self.requests.extend(pressed.into_iter().filter_map(Action::request_without_project));
            return;
        };
        let state = &mut project.state;
        if state.has_dialog() || eframe::egui::Popup::is_any_open(ctx) {
            return;
        }
        let typing = if ctx.text_edit_focused() || state.naming.is_some() {
            KeyboardFocus::Text
        } else if focused.is_some() && !state.look.page_has_focus {
            KeyboardFocus::Control
        } else {
            KeyboardFocus::Page
        };
        if focused.is_some() {
            // The page's own widgets claim it again while they are drawn.
            state.look.page_has_focus = false;
        }
        let (page, has_grid) = (state.look.page, state.has_grid());
        let pressed = actions::pressed(ctx, typing, |scope| scope.is_on(page, has_grid));
        let (view, state) = project.view(self.saved_state.tile, is_busy);
        self.requests.extend(pressed.into_iter().filter_map(|action| action.request(&view, &state.look)));
        if typing == KeyboardFocus::Page && page == Page::People && !has_grid {
            arrows(ctx, project);
        }
    }

    fn panels(&mut self, ui: &mut Ui) {
        let is_busy = self.job_runs();
        let out = &mut self.requests;
        let looks = (self.saved_state.theme, self.saved_state.language);
        let progress = self.jobs.as_ref().and_then(JobThread::running).map(crate::base::Cx::progress);
        let about = self.project.as_ref().map(OpenProject::about).unwrap_or_default();
        if self.project.is_some() || !self.toasts.is_empty() {
            Panel::bottom("status")
                .frame(layout::status_frame(ui))
                .show(ui, |ui| self.toasts.show(ui, &about));
        }
        let Some(project) = &mut self.project else {
            layout::show_job(ui, progress.as_ref(), &self.forecast, self.is_cancelled, out);
            Panel::top("start").frame(layout::bar_frame(ui)).show_separator_line(false).show(ui, |ui| {
                let right = eframe::egui::Layout::right_to_left(eframe::egui::Align::Center);
                ui.with_layout(right, |ui| top_bar::appearance(ui, looks, out));
            });
            CentralPanel::default().show(ui, |ui| {
                let opening = is_busy || self.next.is_some();
                welcome::show(ui, &mut self.path_box, &self.saved_state, opening, out);
            });
            return;
        };
        let (name, has_result) = (project.name(), project.has_result());
        let mut tile = layout::zoomed(ui, self.saved_state.tile, project);
        let widths = &mut self.saved_state.panes;
        let (view, state, track_pages) = project.all_parts(tile, is_busy);
        Panel::top("bar").frame(layout::bar_frame(ui)).show(ui, |ui| {
            top_bar::show(ui, &name, looks, &view, &mut state.look, &mut tile, out);
        });
        layout::show_job(ui, progress.as_ref(), &self.forecast, self.is_cancelled, out);
        let catalogue = self.catalogue.as_ref();
        let has_details = layout::side_panes(ui, &view, state, widths, catalogue, &mut self.thumbs, out);
        CentralPanel::default().frame(layout::page_frame(ui)).show(ui, |ui| {
            banners::show(ui, &view, &mut state.look, &mut state.model_offers, self.catalogue.as_ref(), out);
            if has_result {
                layout::page(ui, &view, state, track_pages, has_details, &mut self.thumbs, out);
            } else {
                welcome::waiting(ui, is_busy, view.is_read_only(), out);
            }
        });
        if (tile - self.saved_state.tile).abs() > f32::EPSILON {
            self.saved_state.tile = tile;
            self.ctx.request_repaint();
        }
    }

    fn dialogs(&mut self, ctx: &Context) {
        let is_busy = self.job_runs();
        if let Some(project) = &mut self.project {
            let (view, state) = project.parts(self.saved_state.tile, is_busy);
            let (thumbs, out) = (&mut self.thumbs, &mut self.requests);
            export::show(ctx, &view, &mut state.export, out);
            learning::show(ctx, &view, &mut state.proposal, out);
            layout::show_move_dialog(ctx, &view, state, thumbs, out);
            loupe::show(ctx, &view, &mut state.loupe, thumbs, out);
            conflict::show(ctx, &view, &mut state.conflict, thumbs, out);
            namesake::show(ctx, &view, &mut state.namesake, thumbs, out);
            keep::show(ctx, &view, &mut state.keep_dialog, out);
            names::show(ctx, &view, &mut state.names, out);
            merged::show(ctx, &mut state.merged, out);
            reread::show(ctx, &mut state.reread, is_busy, out);
            sure::show(ctx, &view, &mut state.sure, thumbs, out);
        }
        path::show(ctx, &mut self.path_dialog, is_busy, &mut self.requests);
        if self.sheet_open {
            self.sheet_open = shortcuts::show(ctx);
        }
        if let Some(palette) = &mut self.palette {
            let project = self.project.as_ref().map(|project| project.view(self.saved_state.tile, is_busy));
            match palette::show(ctx, palette, project.as_ref().map(|(view, state)| (view, &state.look))) {
                PaletteResult::Open => return,
                PaletteResult::Closed => {}
                PaletteResult::Chosen(request) => self.requests.push(request),
            }
            self.palette = None;
        }
    }

    fn update_title(&mut self, ctx: &Context) {
        let title = self
            .project
            .as_ref()
            .map_or_else(|| "Castlist".to_owned(), |project| format!("Castlist — {}", project.name()));
        if title != self.title {
            ctx.send_viewport_cmd(eframe::egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.saved_state.save();
    }
}

/// What a panic said.
fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// The preference that egui takes.
pub(crate) fn preference(theme: Theme) -> ThemePreference {
    match theme {
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
        Theme::System => ThemePreference::System,
    }
}

/// The arrow keys move over the people or the faces; with Shift they select.
fn arrows(ctx: &Context, project: &mut OpenProject) {
    let pane = project.state.look.focus;
    let columns = match pane {
        Pane::People => project.state.look.people_columns,
        Pane::Faces => project.state.look.face_columns,
    };
    let columns = columns.max(1) as isize;
    let moves = [
        (Key::ArrowUp, -columns),
        (Key::ArrowDown, columns),
        (Key::ArrowLeft, -1),
        (Key::ArrowRight, 1),
        (Key::Home, isize::MIN / 2),
        (Key::End, isize::MAX / 2),
    ];
    for (key, by) in moves {
        let extend = ctx.input_mut(|input| input.consume_key(Modifiers::SHIFT, key));
        if !extend && !ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            continue;
        }
        let look = &mut project.state.look;
        let cursor = match pane {
            Pane::People => {
                look.identities.step(project.listing.shown(), by, extend);
                look.unassigned = false;
                look.identities.cursor().map(card::card_id)
            }
            Pane::Faces => {
                let order = project.tracks().to_vec();
                let look = &mut project.state.look;
                look.tracks.step(&order, by, extend);
                look.tracks.cursor().map(filmstrip::strip_id)
            }
        };
        if let Some(id) = cursor {
            project.state.look.page_has_focus = true;
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }
}
