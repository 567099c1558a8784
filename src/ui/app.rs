//! The application: one frame after another.
//!
//! Each frame takes in what jobs, the session and dialogs have to say, turns keys into
//! actions, draws the panels over a read-only view, and then carries out what they asked
//! for. It waits for nothing.

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::{CentralPanel, Context, Frame, Key, Margin, Modifiers, Panel, ThemePreference, Ui};

use super::actions::{self, ActionScope, KeyboardFocus};
use super::advice::Adviser;
use super::answers::{self, PageRequest};
use super::cuts::CutRunner;
use super::file_dialogs::FileDialogs;
use super::jobs::{Forecast, JobResult};
use super::lang::{self, Language, t};
use super::move_dialog::{self, MoveResult};
use super::open_project::OpenProject;
use super::palette::{self, CommandPalette, PaletteResult};
use super::saved_state::{SavedState, Theme};
use super::state::{InfoPanel, Page, Request, UiState};
use super::thumbnails::Thumbnails;
use super::toasts::{self, Severity, Toasts};
use super::{
    export, fonts, gallery, handlers, icons, identity, library_actions, settings, shortcuts, theme, top_bar,
    welcome,
};
use crate::models::Catalogue;
use crate::project::{data_folder, default_library};
use crate::session::Session;
use crate::worker::JobThread;

/// The window's content; draws into any [`Ui`], with or without a window around it.
pub struct App {
    pub(super) ctx: Context,
    pub(super) project: Option<OpenProject>,
    pub(super) jobs: Option<JobThread<JobResult>>,
    pub(super) cutter: CutRunner,
    pub(super) adviser: Adviser,
    pub(super) is_cancelled: bool,
    pub(super) forecast: Forecast,
    pub(super) toasts: Toasts,
    pub(super) saved_state: SavedState,
    /// The library's file; none where there is no place for one.
    pub(super) library: Option<PathBuf>,
    pub(super) file_dialogs: FileDialogs,
    pub(super) catalogue: Option<Catalogue>,
    pub(super) thumbs: Thumbnails,
    pub(super) requests: Vec<Request>,
    /// A project to open as soon as the thread is free.
    pub(super) next: Option<PathBuf>,
    pub(super) sheet_open: bool,
    pub(super) palette: Option<CommandPalette>,
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
            next: start,
            sheet_open: false,
            palette: None,
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
    pub(super) fn read_models(&mut self) {
        self.catalogue = Catalogue::load().ok();
        if let Some(project) = &mut self.project {
            project.state.offers = None;
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

    /// Draws one frame into all of `ui`.
    pub fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        lang::set_language(self.language);
        self.thumbs.begin_frame(&ctx);
        handlers::poll(self);
        self.keys(&ctx);
        if let Some(project) = &mut self.project {
            project.refresh();
        }
        self.panels(ui);
        self.dialogs(&ctx);
        self.toasts.show(&ctx);
        welcome::drop_target(ui);
        for request in std::mem::take(&mut self.requests) {
            handlers::handle_request(self, request);
        }
        self.update_title(&ctx);
        if self.job_runs() {
            ctx.request_repaint_after(Duration::from_millis(100));
        }
        if self.session().is_some_and(Session::is_busy) {
            ctx.request_repaint_after(Duration::from_millis(4));
        }
    }

    pub(super) fn job_runs(&self) -> bool {
        self.jobs.as_ref().and_then(JobThread::running).is_some()
    }

    /// Turns pressed keys into actions.
    fn keys(&mut self, ctx: &Context) {
        let focused = ctx.memory(eframe::egui::Memory::focused);
        let Some(project) = &mut self.project else {
            if self.sheet_open || self.palette.is_some() {
                return;
            }
            let typing = if ctx.text_edit_focused() { KeyboardFocus::Text } else { KeyboardFocus::Control };
            for action in actions::pressed(ctx, typing, |place| place == ActionScope::Everywhere) {
                if action.needs_no_project() {
                    self.requests.push(Request::Act(action));
                }
            }
            return;
        };
        let state = &mut project.state;
        if state.has_dialog()
            || self.sheet_open
            || self.palette.is_some()
            || eframe::egui::Popup::is_any_open(ctx)
        {
            return;
        }
        let typing = if ctx.text_edit_focused() || state.naming.is_some() {
            KeyboardFocus::Text
        } else if focused.is_some() && !state.page_has_focus {
            KeyboardFocus::Control
        } else {
            KeyboardFocus::Page
        };
        if focused.is_some() {
            // The page's own widgets claim it again while they are drawn.
            state.page_has_focus = false;
        }
        let (page, has_grid) = (state.page, state.has_grid());
        let pressed = actions::pressed(ctx, typing, |place| place.is_on(page, has_grid));
        self.requests.extend(pressed.into_iter().map(Request::Act));
        let has_cards = matches!(page, Page::Gallery | Page::Identity(_) | Page::Unassigned);
        if typing == KeyboardFocus::Page && has_cards && !has_grid {
            arrows(ctx, project);
        }
    }

    fn panels(&mut self, ui: &mut Ui) {
        let is_busy = self.job_runs();
        let out = &mut self.requests;
        let progress = self.jobs.as_ref().and_then(JobThread::running).map(crate::base::Cx::progress);
        let Some(project) = &mut self.project else {
            job_strip(ui, progress.as_ref(), &self.forecast, self.is_cancelled, out);
            Panel::top("start").frame(bar_frame(ui)).show_separator_line(false).show(ui, |ui| {
                let right = eframe::egui::Layout::right_to_left(eframe::egui::Align::Center);
                ui.with_layout(right, |ui| {
                    top_bar::appearance(ui, (self.saved_state.theme, self.saved_state.language), out);
                });
            });
            CentralPanel::default().show(ui, |ui| {
                let opening = is_busy || self.next.is_some();
                welcome::show(ui, &mut self.path_box, &self.saved_state.recent, opening, out);
            });
            return;
        };
        let (name, has_result) = (project.name(), project.has_result());
        let mut tile = self.saved_state.tile;
        let (view, state, views) = project.all_parts(tile, is_busy);
        let mut wish = PageRequest::default();
        Panel::top("bar").frame(bar_frame(ui)).show(ui, |ui| {
            top_bar::show(ui, &name, (self.saved_state.theme, self.saved_state.language), &view, state, out);
        });
        job_strip(ui, progress.as_ref(), &self.forecast, self.is_cancelled, out);
        if state.settings_open {
            Panel::right("settings")
                .default_size(280.0)
                .size_range(240.0..=420.0)
                .frame(side_frame(ui))
                .show(ui, |ui| {
                    settings::show(ui, &view, state, self.catalogue.as_ref(), out);
                });
        } else {
            state.level = None;
        }
        if state.info_panel.is_some() {
            Panel::left("side").default_size(300.0).size_range(250.0..=420.0).frame(side_frame(ui)).show(
                ui,
                |ui| match state.info_panel {
                    Some(InfoPanel::History) => super::history::show(ui, &view, state, out),
                    _ => super::evidence::show(ui, &view, state, &mut self.thumbs, out),
                },
            );
        } else if state.opinion.is_some() {
            Panel::left("second")
                .default_size(330.0)
                .size_range(280.0..=460.0)
                .frame(side_frame(ui))
                .show(ui, |ui| super::opinion::show(ui, &view, state, &mut self.thumbs, out));
        }
        CentralPanel::default().frame(page_frame(ui)).show(ui, |ui| {
            toasts::banners(ui, &view, state, self.catalogue.as_ref(), out);
            if !has_result {
                welcome::waiting(ui, is_busy, view.is_read_only(), out);
                return;
            }
            match state.page {
                Page::Gallery => {
                    top_bar::filters(ui, &view, state, &mut tile, out);
                    ui.add_space(theme::GAP * 0.5);
                    gallery::show(ui, &view, state, &mut self.thumbs, out);
                }
                Page::Identity(_) | Page::Unassigned => {
                    identity::show(ui, &view, state, &mut self.thumbs, out);
                }
                Page::Pairs => super::pairs::show(ui, &view, state, &mut self.thumbs, out),
                Page::Rerun => super::rerun::show(ui, &view, state, &mut self.thumbs, out),
                Page::Timeline | Page::Map | Page::Strangers | Page::KnownPeople => {
                    state.page_has_focus = false;
                    wish = views.show(ui, &view, state, &mut self.thumbs, out);
                }
            }
            top_bar::selection(ui, &view, state, out);
        });
        answers::handle_page_request(self, wish);
        if (tile - self.saved_state.tile).abs() > f32::EPSILON {
            self.saved_state.tile = tile;
            self.ctx.request_repaint();
        }
    }

    fn dialogs(&mut self, ctx: &Context) {
        let is_busy = self.job_runs();
        if let Some(project) = &mut self.project {
            let (view, state) = project.parts(self.saved_state.tile, is_busy);
            export::show(ctx, &view, state, &mut self.requests);
            super::learning::show(ctx, &view, state, &mut self.requests);
            move_dialog(ctx, &view, state, &mut self.thumbs, &mut self.requests);
            super::conflict::show(ctx, &view, state, &mut self.thumbs, &mut self.requests);
            super::namesake::show(ctx, &view, state, &mut self.thumbs, &mut self.requests);
            library_actions::show(ctx, &view, state, &mut self.requests);
        }
        if self.sheet_open {
            self.sheet_open = shortcuts::show(ctx);
        }
        if let Some(palette) = &mut self.palette {
            let project = self.project.as_ref().map(|project| project.view(self.saved_state.tile, is_busy));
            match palette::show(ctx, palette, project.as_ref().map(|(view, state)| (view, *state))) {
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

/// The preference that egui takes.
pub(super) fn preference(theme: Theme) -> ThemePreference {
    match theme {
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
        Theme::System => ThemePreference::System,
    }
}

fn job_strip(
    ui: &mut Ui,
    progress: Option<&crate::base::Progress>,
    forecast: &Forecast,
    is_cancelled: bool,
    out: &mut Vec<Request>,
) {
    if let Some(progress) = progress {
        Panel::bottom("job").frame(bar_frame(ui)).show(ui, |ui| {
            toasts::strip(ui, progress, &forecast.text(), is_cancelled, out);
        });
    }
}

fn move_dialog(
    ctx: &Context,
    view: &super::state::PanelContext,
    state: &mut UiState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(mut dialog) = state.move_dialog.take() else { return };
    let review = view.session.review();
    let tracks: Vec<String> = state.tracks.items().iter().map(|&ix| review.track_id(ix).to_owned()).collect();
    match move_dialog::show(ctx, &mut dialog, view, state, &tracks, thumbs) {
        MoveResult::Open => state.move_dialog = Some(dialog),
        MoveResult::Cancelled => {}
        MoveResult::Chosen(edit) => out.push(Request::Edit(edit)),
    }
}

/// The arrow keys move over cards or tracks; with Shift they select.
fn arrows(ctx: &Context, project: &mut OpenProject) {
    let is_gallery = project.state.page == Page::Gallery;
    let columns = if is_gallery { project.state.columns as isize } else { 1 };
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
        if is_gallery {
            let order = project.listing.shown();
            project.state.identities.step(order, by, extend);
            let cursor = project.state.identities.cursor().map(gallery::card_id);
            focus(ctx, &mut project.state, cursor);
        } else {
            let order = project.tracks().to_vec();
            project.state.tracks.step(&order, by, extend);
            let cursor = project.state.tracks.cursor().map(super::filmstrip::row_id);
            focus(ctx, &mut project.state, cursor);
        }
    }
}

fn focus(ctx: &Context, state: &mut UiState, id: Option<eframe::egui::Id>) {
    if let Some(id) = id {
        state.page_has_focus = true;
        ctx.memory_mut(|memory| memory.request_focus(id));
    }
}

fn bar_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::symmetric(14, 8))
}

fn side_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::same(14))
}

fn page_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin { left: 14, right: 6, top: 10, bottom: 0 })
}
