//! The window: opens a project, shows identities, and lets the curator edit and export them.
//!
//! Takes a path or none; talks to the session only, sends it commands and reads snapshots.
//! Panels read a view, and ask for what they want; it is carried out once per frame. Long work
//! runs on a thread of the worker, pictures on another; no frame ever waits. Nothing is done
//! here that the command line could not do.

mod actions;
mod advice;
mod answers;
mod app;
mod candidates;
mod card;
mod check_grid;
mod conflict;
mod cuts;
mod edits;
mod evidence;
mod export;
mod file_dialogs;
mod filmstrip;
mod fonts;
mod gallery;
mod handlers;
mod history;
mod icons;
mod identity;
mod jobs;
mod known_people;
mod lang;
mod learning;
mod level;
mod library_actions;
mod library_members;
mod listing;
mod map;
mod markers;
mod menu;
mod mixed;
mod model_trial;
mod move_dialog;
mod name_field;
mod namesake;
mod open_project;
mod opinion;
mod paint;
mod pairs;
mod palette;
mod person_rows;
mod plane_view;
mod playback;
mod points;
mod rerun;
mod results;
mod saved_state;
mod selection;
mod settings;
mod shortcuts;
mod split;
mod state;
mod strangers;
#[cfg(test)]
mod tests;
mod texts;
mod theme;
mod thumbnails;
mod time_range;
mod timeline;
mod toasts;
mod top_bar;
mod welcome;

use std::path::PathBuf;

use eframe::egui::{IconData, ViewportBuilder};

pub use app::App;
pub(crate) use fonts::scripts_without_font;
pub use lang::Language;

const ICON: &[u8] = include_bytes!("../../assets/icon.png");

/// Opens the window, on a folder or project where one is given; returns when it is closed.
///
/// # Errors
/// What the system said where no window can open (no display, no OpenGL).
pub fn run(path: Option<PathBuf>) -> Result<(), String> {
    let mut viewport = ViewportBuilder::default()
        .with_app_id("castlist")
        .with_title("Castlist")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([640.0, 420.0]);
    if let Some(icon) = icon() {
        viewport = viewport.with_icon(icon);
    }
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native(
        "castlist",
        options,
        Box::new(move |creation| Ok(Box::new(App::new(&creation.egui_ctx, path)))),
    )
    .map_err(|error| error.to_string())
}

fn icon() -> Option<IconData> {
    let picture = image::load_from_memory_with_format(ICON, image::ImageFormat::Png).ok()?.to_rgba8();
    let (width, height) = picture.dimensions();
    Some(IconData { rgba: picture.into_raw(), width, height })
}
