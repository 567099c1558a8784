//! What merging a colleague's project gave: what came in, and where the two differ.

use eframe::egui::{Button, Context, ScrollArea};

use crate::session::MergedProject;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::widgets::{paint, theme};

/// Clashes that are shown.
const SHOWN: usize = 200;

/// Draws it, where a merge has ended.
pub(crate) fn show(ctx: &Context, open: &mut Option<MergedProject>, out: &mut Vec<Request>) {
    let Some(merged) = open.as_ref() else { return };
    let (merge, brought) = (&merged.merge, merged.merge.brought);
    let modal = paint::modal(ctx, "merged").show(ctx, |ui| {
        paint::dialog_width(ui, 520.0);
        ui.heading(t!("merged-heading"));
        paint::note(ui, merged.project.display().to_string());
        ui.add_space(theme::GAP);
        for (n, text) in [
            (1, t!("merged-common", n = merge.n_common)),
            (brought.identities, t!("merged-people", n = brought.identities)),
            (brought.links, t!("merged-links", n = brought.links)),
            (brought.rejected, t!("merged-rejected", n = brought.rejected)),
            (brought.cuts, t!("merged-cuts", n = brought.cuts)),
            (merge.n_unknown, t!("merged-unknown", n = merge.n_unknown)),
        ] {
            if n > 0 {
                ui.label(text);
            }
        }
        ui.add_space(theme::GAP * 0.5);
        if merge.clashes.is_empty() {
            ui.label(t!("merged-no-clash"));
        } else {
            ui.strong(t!("merged-clashes", n = merge.clashes.len()));
            ScrollArea::vertical().max_height(ctx.content_rect().height() * 0.35).show(ui, |ui| {
                ui.set_min_width(ui.available_width());
                for clash in merge.clashes.iter().take(SHOWN) {
                    let (ours, theirs) = (clash.ours.as_str(), clash.theirs.as_str());
                    ui.label(t!("merged-clash", ours = ours, theirs = theirs));
                }
            });
            paint::note(ui, t!("merged-clashes-how"));
        }
        ui.add_space(theme::GAP * 1.5);
        ui.horizontal(|ui| {
            if ui.add(paint::primary(ui, t!("merged-open"))).clicked() {
                out.push(Request::Open(merged.project.clone()));
                return true;
            }
            ui.add(Button::new(t!("close"))).clicked()
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        *open = None;
    }
}
