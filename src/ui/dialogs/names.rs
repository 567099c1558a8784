//! What names from a table, or from a folder sorted by hand, would do, before they come in.

use eframe::egui::{Button, Context, ScrollArea};

use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::{paint, theme};
use crate::views::NamesImport;

/// Lines of a list that are shown.
const SHOWN: usize = 200;

/// The names that wait for a yes.
#[derive(Debug)]
pub(crate) struct NamesDialog {
    pub import: NamesImport,
}

/// Draws it, where it is open.
pub(crate) fn show(
    ctx: &Context,
    view: &PanelContext,
    open: &mut Option<NamesDialog>,
    out: &mut Vec<Request>,
) {
    let Some(dialog) = open else { return };
    let import = &dialog.import;
    let modal = paint::modal(ctx, "names").show(ctx, |ui| {
        paint::dialog_width(ui, 480.0);
        ui.heading(t!("names-heading"));
        ui.add_space(theme::GAP);
        let n_tracks: usize = import.names.values().sum();
        ui.label(t!("names-would", people = import.names.len(), tracks = t!("tracks", n = n_tracks)));
        ScrollArea::vertical().id_salt("names").max_height(ctx.content_rect().height() * 0.4).show(
            ui,
            |ui| {
                ui.set_min_width(ui.available_width());
                for (name, n) in import.names.iter().take(SHOWN) {
                    ui.label(t!("names-line", name = name.as_str(), tracks = t!("tracks", n = *n)));
                }
                for clash in import.clashes.iter().take(SHOWN) {
                    let (track, name) = (clash.track.as_str(), clash.name.as_str());
                    ui.colored_label(
                        ui.visuals().warn_fg_color,
                        t!("names-clash", track = track, name = name, wanted = clash.wanted.as_str()),
                    );
                }
            },
        );
        for (n, text) in [
            (import.n_unchanged, t!("names-unchanged", n = import.n_unchanged)),
            (import.clashes.len(), t!("names-clashes", n = import.clashes.len())),
            (import.unknown.len(), t!("names-unknown", n = import.unknown.len())),
        ] {
            if n > 0 {
                paint::note(ui, text);
            }
        }
        ui.add_space(theme::GAP * 1.5);
        ui.horizontal(|ui| {
            let can = import.edit.is_some() && !view.is_read_only() && !view.session.is_busy();
            if ui.add_enabled(can, paint::primary(ui, t!("names-import"))).clicked() {
                out.extend(import.edit.clone().map(Request::Edit));
                return true;
            }
            ui.add(Button::new(t!("cancel"))).clicked()
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        *open = None;
    }
}
