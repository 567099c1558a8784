//! The question how the pictures of a folder are meant, where they would be read otherwise than before.

use eframe::egui::{Button, Context};

use crate::tracks::PictureGrouping;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::widgets::{paint, theme};

/// The ways to read pictures, each with the key of its text.
pub(crate) const READINGS: [(PictureGrouping, &str); 3] = [
    (PictureGrouping::Tracks, "read-tracks"),
    (PictureGrouping::Single, "read-single"),
    (PictureGrouping::People, "read-people"),
];

/// Draws it, where a run found another reading; `change` says what would change.
pub(crate) fn show(ctx: &Context, change: &mut Option<String>, is_busy: bool, out: &mut Vec<Request>) {
    let Some(what) = change.clone() else { return };
    let modal = paint::modal(ctx, "reread").show(ctx, |ui| {
        paint::dialog_width(ui, 480.0);
        ui.heading(t!("reread-heading"));
        ui.label(what);
        paint::note(ui, t!("reread-note"));
        ui.add_space(theme::GAP);
        let mut is_done = false;
        for (reading, key) in READINGS {
            if ui.add_enabled(!is_busy, Button::new(t!(key))).clicked() {
                out.push(Request::ReadPictures(reading));
                is_done = true;
            }
        }
        ui.add_space(theme::GAP);
        ui.button(t!("reread-leave")).clicked() || is_done
    });
    if modal.inner || modal.should_close() {
        *change = None;
    }
}
