//! The sheet of keys, made from the table of actions.

use eframe::egui::{Context, Grid, Id, Modal, RichText, ScrollArea};

use super::actions::{ACTIONS, Action, Place};
use super::lang::t;
use super::paint;
use super::theme;

/// Draws the sheet; `false` once it is to close.
pub(super) fn show(ctx: &Context) -> bool {
    let modal = Modal::new(Id::unique("shortcuts")).show(ctx, |ui| {
        ui.set_width(540.0);
        ui.heading(Action::Shortcuts.name());
        ScrollArea::vertical().max_height(ctx.content_rect().height() - 180.0).show(ui, |ui| {
            for place in [
                Place::Everywhere,
                Place::Gallery,
                Place::People,
                Place::Tracks,
                Place::Identity,
                Place::Questions,
            ] {
                ui.add_space(theme::GAP);
                ui.strong(place.title());
                Grid::new(("keys", place)).num_columns(3).spacing([18.0, 4.0]).show(ui, |ui| {
                    for row in ACTIONS.iter().filter(|row| row.place == place) {
                        let keys: Vec<_> = row.keys.iter().map(|key| ctx.format_shortcut(key)).collect();
                        ui.label(RichText::new(keys.join("  or  ")).monospace().color(theme::accent(ui)));
                        ui.label(row.action.name());
                        paint::note(ui, row.action.doc());
                        ui.end_row();
                    }
                });
            }
            ui.add_space(theme::GAP);
            paint::note(ui, t!("sheet-note"));
        });
        ui.add_space(theme::GAP);
        ui.button(t!("close")).clicked()
    });
    !(modal.inner || modal.should_close())
}
