//! The application: one frame after another.
//!
//! Each frame takes in what jobs, the session and dialogs have to say, turns keys into
//! actions, draws the panels over a read-only view, and then carries out what they asked
//! for. It waits for nothing.

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::{CentralPanel, Context, Frame, Key, Margin, Modifiers, Panel, ThemePreference, Ui};

use super::actions::{self, Place, Typing};
use super::adviser::Adviser;
use super::answers::{self, ViewWish};
use super::browse::Browser;
use super::cutting::Cutter;
use super::desk::Desk;
use super::jobs::{Finished, Forecast};
use super::lang::{self, Language, t};
use super::look::{Look, Page, Request, Side};
use super::mover::{self, MoveEnd};
use super::notices::{self, Toasts, Tone};
use super::palette::{self, Palette, PaletteEnd};
use super::recent::{Memory, Theme};
use super::thumbnails::Thumbnails;
use super::{
    bar, exporting, fonts, gallery, handlers, icons, identity, settings, sheet, shelving, theme, welcome,
};
use crate::models::Catalogue;
use crate::project::{data_folder, default_library};
use crate::session::Session;
use crate::worker::Lane;

/// The window's content; draws into any [`Ui`], with or without a window around it.
pub struct App {
    pub(super) ctx: Context,
    pub(super) desk: Option<Desk>,
    pub(super) lane: Option<Lane<Finished>>,
    pub(super) cutter: Cutter,
    pub(super) adviser: Adviser,
    pub(super) is_cancelled: bool,
    pub(super) forecast: Forecast,
    pub(super) toasts: Toasts,
    pub(super) memory: Memory,
    /// The library's file; none where there is no place for one.
    pub(super) library: Option<PathBuf>,
    pub(super) browser: Browser,
    pub(super) catalogue: Option<Catalogue>,
    pub(super) thumbs: Thumbnails,
    pub(super) requests: Vec<Request>,
    /// A project to open as soon as the lane is free.
    pub(super) next: Option<PathBuf>,
    pub(super) sheet_open: bool,
    pub(super) palette: Option<Palette>,
    path_box: String,
    title: String,
    language: Language,
}

impl App {
    /// The application as it starts, with the platform's data folder as memory.
    ///
    /// `start` is opened at once. Installs fonts and theme into `ctx`.
    pub fn new(ctx: &Context, start: Option<PathBuf>) -> Self {
        Self::with_memory(ctx, start, data_folder().map(|folder| folder.join("window.json")))
    }

    /// The same with another file of memory; none remembers nothing, speaks English and knows no
    /// library, so that a test reads the same on every machine.
    pub fn with_memory(ctx: &Context, start: Option<PathBuf>, memory: Option<PathBuf>) -> Self {
        fonts::install(ctx);
        icons::install(ctx);
        theme::install(ctx);
        let language = if memory.is_some() { None } else { Some(Language::English) };
        let remembers = memory.is_some();
        let memory = Memory::load(memory);
        let library = memory.library.clone().or_else(|| if remembers { default_library() } else { None });
        let language = language.unwrap_or_else(|| memory.speech.language());
        lang::speak(language);
        let wake = ctx.clone();
        let lane = Lane::start("jobs", move || wake.request_repaint());
        let mut toasts = Toasts::default();
        if let Err(error) = &lane {
            toasts.push(Tone::Error, t!("no-thread", why = error.to_string()));
        }
        ctx.set_theme(preference(memory.theme));
        Self {
            ctx: ctx.clone(),
            desk: None,
            lane: lane.ok(),
            cutter: Cutter::start(ctx),
            adviser: Adviser::start(ctx),
            is_cancelled: false,
            forecast: Forecast::default(),
            toasts,
            memory,
            library,
            browser: Browser::default(),
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
    pub fn speak(&mut self, language: Language) {
        self.language = language;
        lang::speak(language);
        if let Some(desk) = &mut self.desk {
            desk.reword();
        }
    }

    /// Keeps people in that library, and recognises them from it, from now on.
    pub fn use_library(&mut self, file: PathBuf) {
        shelving::use_library(self, Some(file));
    }

    /// Looks through the user's models anew.
    pub(super) fn read_models(&mut self) {
        self.catalogue = Catalogue::load().ok();
        if let Some(desk) = &mut self.desk {
            desk.look.offers = None;
        }
    }

    /// The open session.
    pub fn session(&self) -> Option<&Session> {
        self.desk.as_ref().map(|desk| &desk.session)
    }

    /// Whether a long job runs or an edit is on its way to the disk.
    pub fn is_busy(&self) -> bool {
        self.next.is_some() || self.job_runs() || self.session().is_some_and(Session::is_busy)
    }

    /// Whether the machine is looking for questions, parts or a map beside the window.
    pub fn is_advising(&self) -> bool {
        self.adviser.runs()
    }

    /// The messages on the screen, oldest first.
    pub fn messages(&self) -> Vec<String> {
        self.toasts.texts().map(str::to_owned).collect()
    }

    /// Draws one frame into all of `ui`.
    pub fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        lang::speak(self.language);
        self.thumbs.begin_frame(&ctx);
        handlers::take_in(self);
        self.keys(&ctx);
        if let Some(desk) = &mut self.desk {
            desk.refresh();
        }
        self.panels(ui);
        self.dialogs(&ctx);
        self.toasts.show(&ctx);
        welcome::drop_target(ui);
        for request in std::mem::take(&mut self.requests) {
            handlers::carry_out(self, request);
        }
        self.tell_title(&ctx);
        if self.job_runs() {
            ctx.request_repaint_after(Duration::from_millis(100));
        }
        if self.session().is_some_and(Session::is_busy) {
            ctx.request_repaint_after(Duration::from_millis(4));
        }
    }

    pub(super) fn job_runs(&self) -> bool {
        self.lane.as_ref().and_then(Lane::running).is_some()
    }

    /// Turns pressed keys into actions.
    fn keys(&mut self, ctx: &Context) {
        let focused = ctx.memory(eframe::egui::Memory::focused);
        let Some(desk) = &mut self.desk else {
            if self.sheet_open || self.palette.is_some() {
                return;
            }
            let typing = if ctx.text_edit_focused() { Typing::Text } else { Typing::Control };
            for action in actions::pressed(ctx, typing, |place| place == Place::Everywhere) {
                if action.needs_no_project() {
                    self.requests.push(Request::Act(action));
                }
            }
            return;
        };
        let look = &mut desk.look;
        if look.has_dialog()
            || self.sheet_open
            || self.palette.is_some()
            || eframe::egui::Popup::is_any_open(ctx)
        {
            return;
        }
        let typing = if ctx.text_edit_focused() || look.naming.is_some() {
            Typing::Text
        } else if focused.is_some() && !look.page_has_focus {
            Typing::Control
        } else {
            Typing::Page
        };
        if focused.is_some() {
            // The page's own widgets claim it again while they are drawn.
            look.page_has_focus = false;
        }
        let (page, has_grid) = (look.page, look.has_grid());
        let pressed = actions::pressed(ctx, typing, |place| place.is_on(page, has_grid));
        self.requests.extend(pressed.into_iter().map(Request::Act));
        let has_cards = matches!(page, Page::Gallery | Page::Identity(_) | Page::Unassigned);
        if typing == Typing::Page && has_cards && !has_grid {
            arrows(ctx, desk);
        }
    }

    fn panels(&mut self, ui: &mut Ui) {
        let is_busy = self.job_runs();
        let out = &mut self.requests;
        let progress = self.lane.as_ref().and_then(Lane::running).map(crate::base::Cx::progress);
        let Some(desk) = &mut self.desk else {
            job_strip(ui, progress.as_ref(), &self.forecast, self.is_cancelled, out);
            Panel::top("start").frame(bar_frame(ui)).show_separator_line(false).show(ui, |ui| {
                let right = eframe::egui::Layout::right_to_left(eframe::egui::Align::Center);
                ui.with_layout(right, |ui| bar::appearance(ui, (self.memory.theme, self.memory.speech), out));
            });
            CentralPanel::default().show(ui, |ui| {
                let opening = is_busy || self.next.is_some();
                welcome::show(ui, &mut self.path_box, &self.memory.recent, opening, out);
            });
            return;
        };
        let (name, has_result) = (desk.name(), desk.has_result());
        let mut tile = self.memory.tile;
        let (view, look, views) = desk.all_parts(tile, is_busy);
        let mut wish = ViewWish::default();
        Panel::top("bar").frame(bar_frame(ui)).show(ui, |ui| {
            bar::show(ui, &name, (self.memory.theme, self.memory.speech), &view, look, out);
        });
        job_strip(ui, progress.as_ref(), &self.forecast, self.is_cancelled, out);
        if look.settings_open {
            Panel::right("settings")
                .default_size(280.0)
                .size_range(240.0..=420.0)
                .frame(side_frame(ui))
                .show(ui, |ui| {
                    settings::show(ui, &view, look, self.catalogue.as_ref(), out);
                });
        } else {
            look.level = None;
        }
        if look.side.is_some() {
            Panel::left("side").default_size(300.0).size_range(250.0..=420.0).frame(side_frame(ui)).show(
                ui,
                |ui| match look.side {
                    Some(Side::Past) => super::past::show(ui, &view, look, out),
                    _ => super::why::show(ui, &view, look, &mut self.thumbs, out),
                },
            );
        } else if look.second.is_some() {
            Panel::left("second")
                .default_size(330.0)
                .size_range(280.0..=460.0)
                .frame(side_frame(ui))
                .show(ui, |ui| super::second::show(ui, &view, look, &mut self.thumbs, out));
        }
        CentralPanel::default().frame(page_frame(ui)).show(ui, |ui| {
            notices::banners(ui, &view, look, self.catalogue.as_ref(), out);
            if !has_result {
                welcome::waiting(ui, is_busy, view.is_read_only(), out);
                return;
            }
            match look.page {
                Page::Gallery => {
                    bar::filters(ui, &view, look, &mut tile, out);
                    ui.add_space(theme::GAP * 0.5);
                    gallery::show(ui, &view, look, &mut self.thumbs, out);
                }
                Page::Identity(_) | Page::Unassigned => {
                    identity::show(ui, &view, look, &mut self.thumbs, out);
                }
                Page::Pairs => super::pairs::show(ui, &view, look, &mut self.thumbs, out),
                Page::Rerun => super::rerun::show(ui, &view, look, &mut self.thumbs, out),
                Page::Timeline | Page::Map | Page::Strangers | Page::Known => {
                    look.page_has_focus = false;
                    wish = views.show(ui, &view, look, &mut self.thumbs, out);
                }
            }
            bar::selection(ui, &view, look, out);
        });
        answers::fulfil(self, wish);
        if (tile - self.memory.tile).abs() > f32::EPSILON {
            self.memory.tile = tile;
            self.ctx.request_repaint();
        }
    }

    fn dialogs(&mut self, ctx: &Context) {
        let is_busy = self.job_runs();
        if let Some(desk) = &mut self.desk {
            let (view, look) = desk.parts(self.memory.tile, is_busy);
            exporting::show(ctx, &view, look, &mut self.requests);
            super::learning::show(ctx, &view, look, &mut self.requests);
            move_dialog(ctx, &view, look, &mut self.thumbs, &mut self.requests);
            super::clash::show(ctx, &view, look, &mut self.thumbs, &mut self.requests);
            super::namesake::show(ctx, &view, look, &mut self.thumbs, &mut self.requests);
            shelving::show(ctx, &view, look, &mut self.requests);
        }
        if self.sheet_open {
            self.sheet_open = sheet::show(ctx);
        }
        if let Some(palette) = &mut self.palette {
            let desk = self.desk.as_ref().map(|desk| desk.view(self.memory.tile, is_busy));
            match palette::show(ctx, palette, desk.as_ref().map(|(view, look)| (view, *look))) {
                PaletteEnd::Open => return,
                PaletteEnd::Closed => {}
                PaletteEnd::Chosen(request) => self.requests.push(request),
            }
            self.palette = None;
        }
    }

    fn tell_title(&mut self, ctx: &Context) {
        let title = self
            .desk
            .as_ref()
            .map_or_else(|| "Castlist".to_owned(), |desk| format!("Castlist — {}", desk.name()));
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
        self.memory.save();
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
            notices::strip(ui, progress, &forecast.text(), is_cancelled, out);
        });
    }
}

fn move_dialog(
    ctx: &Context,
    view: &super::look::View,
    look: &mut Look,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(mut dialog) = look.mover.take() else { return };
    let review = view.session.review();
    let tracks: Vec<String> = look.tracks.items().iter().map(|&ix| review.track_id(ix).to_owned()).collect();
    match mover::show(ctx, &mut dialog, view, look, &tracks, thumbs) {
        MoveEnd::Open => look.mover = Some(dialog),
        MoveEnd::Cancelled => {}
        MoveEnd::Chosen(edit) => out.push(Request::Edit(edit)),
    }
}

/// The arrow keys move over cards or tracks; with Shift they select.
fn arrows(ctx: &Context, desk: &mut Desk) {
    let is_gallery = desk.look.page == Page::Gallery;
    let columns = if is_gallery { desk.look.columns as isize } else { 1 };
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
            let order = desk.listing.shown();
            desk.look.choice.step(order, by, extend);
            let cursor = desk.look.choice.cursor().map(gallery::card_id);
            focus(ctx, &mut desk.look, cursor);
        } else {
            let order = desk.tracks().to_vec();
            desk.look.tracks.step(&order, by, extend);
            let cursor = desk.look.tracks.cursor().map(super::film::row_id);
            focus(ctx, &mut desk.look, cursor);
        }
    }
}

fn focus(ctx: &Context, look: &mut Look, id: Option<eframe::egui::Id>) {
    if let Some(id) = id {
        look.page_has_focus = true;
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
