//! The window: opens a project, shows identities, and lets the curator edit and export them.
//!
//! Takes a path or none; talks to the session only, sends it commands and reads snapshots.
//! Panels read a view, and ask for what they want; it is carried out once per frame. Long work
//! runs on a thread of the worker, pictures on another; no frame ever waits. Nothing is done
//! here that the command line could not do.

mod actions;
mod app;
mod dialogs;
mod lang;
mod pages;
mod panes;
#[cfg(test)]
mod random_steps;
#[cfg(test)]
mod tests;
mod view;
mod widgets;

use std::path::PathBuf;

use eframe::egui::{IconData, ViewportBuilder};

pub use app::App;
pub use lang::Language;
pub(crate) use widgets::fonts::scripts_without_font;

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
