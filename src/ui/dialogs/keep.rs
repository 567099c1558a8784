//! The dialog that asks about people to keep whose names the library has already.

use eframe::egui::{Context, ScrollArea};

use crate::review::IdentityId;
use crate::session::NamesakePolicy;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::{paint, theme};

/// People to keep whose names the library has already.
#[derive(Debug, Clone)]
pub(crate) struct KeepDialog {
    pub identities: Vec<IdentityId>,
    pub names: Vec<String>,
}

/// Asks about names that the library has already, where there are some.
pub(crate) fn show(
    ctx: &Context,
    view: &PanelContext,
    dialog: &mut Option<KeepDialog>,
    out: &mut Vec<Request>,
) {
    let Some(asked) = dialog.clone() else { return };
    let modal = paint::modal(ctx, "keeping").show(ctx, |ui| {
        ui.set_width(460.0);
        ui.heading(t!("keeping-heading", n = asked.names.len()));
        ui.add_space(theme::GAP);
        ScrollArea::vertical().max_height(160.0).show(ui, |ui| {
            ui.label(asked.names.join(", "));
        });
        paint::note(ui, t!("keeping-note"));
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            let mut is_done = false;
            let mut answer = |namesakes| {
                out.push(Request::KeepAs(asked.identities.clone(), namesakes));
                is_done = true;
            };
            if ui.add_enabled(!view.is_busy, paint::primary(ui, t!("keeping-same"))).clicked() {
                answer(NamesakePolicy::Same);
            }
            if ui.add_enabled(!view.is_busy, eframe::egui::Button::new(t!("keeping-others"))).clicked() {
                answer(NamesakePolicy::Others);
            }
            ui.button(t!("cancel")).clicked() || is_done
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        *dialog = None;
    }
}
