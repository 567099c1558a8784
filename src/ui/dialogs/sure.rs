//! Unnamed people who are surely somebody with a name: all of them by one yes, those that are unticked
//! left out.

use std::collections::BTreeSet;

use eframe::egui::{Button, Context, Id, Role, ScrollArea, WidgetInfo};

use crate::advice::{LikelyPerson, accept_likely};
use crate::review::IdentityId;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::person_rows::{self, PersonRow, RowPicture};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, theme};

/// The open dialog.
#[derive(Debug)]
pub(crate) struct SureMatches {
    sure: Vec<LikelyPerson>,
    left_out: BTreeSet<IdentityId>,
}

impl SureMatches {
    /// Of what is proposed now.
    pub(crate) fn new(view: &PanelContext) -> Option<Self> {
        let mut sure = view.queue?.likely_people();
        sure.retain(|it| it.is_sure);
        Some(Self { sure, left_out: BTreeSet::new() })
    }
}

/// Draws it, where it is open.
pub(crate) fn show(
    ctx: &Context,
    view: &PanelContext,
    open: &mut Option<SureMatches>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(dialog) = open else { return };
    let modal = paint::modal(ctx, "sure").show(ctx, |ui| {
        paint::dialog_width(ui, 480.0);
        ui.heading(t!("sure-heading"));
        paint::note(ui, if dialog.sure.is_empty() { t!("sure-none") } else { t!("sure-note") });
        ui.add_space(theme::GAP * 0.5);
        let rows = ScrollArea::vertical().max_height(ctx.content_rect().height() * 0.5);
        rows.show_rows(ui, person_rows::ROW, dialog.sure.len(), |ui, range| {
            for at in range {
                row(ui, view, dialog, at, thumbs);
            }
        });
        ui.add_space(theme::GAP * 1.5);
        ui.horizontal(|ui| {
            let chosen: Vec<&LikelyPerson> =
                dialog.sure.iter().filter(|it| !dialog.left_out.contains(&it.identity)).collect();
            let can = !chosen.is_empty() && !view.is_read_only() && !view.session.is_busy();
            if ui.add_enabled(can, paint::primary(ui, t!("sure-accept", n = chosen.len()))).clicked() {
                out.extend(accept_likely(&chosen).map(Request::Edit));
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

fn row(
    ui: &mut eframe::egui::Ui,
    view: &PanelContext,
    dialog: &mut SureMatches,
    at: usize,
    thumbs: &mut Thumbnails,
) {
    let it = &dialog.sure[at];
    let (Some(card), Some(person)) = (view.listing.card(it.identity), view.listing.card(it.person)) else {
        return;
    };
    let cover = view.cover(card);
    let title = t!("sure-row", who = card.title.as_str(), name = person.title.as_str());
    let face = RowPicture::Of(cover.as_deref());
    let row = PersonRow { title: &title, facts: &card.short_facts(), face, p: Some(it.p) };
    let is_ticked = !dialog.left_out.contains(&it.identity);
    let response = person_rows::row(ui, Id::unique(("sure", it.identity)), &row, is_ticked, thumbs);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_ticked, &title));
    let identity = it.identity;
    if response.clicked() && !dialog.left_out.remove(&identity) {
        dialog.left_out.insert(identity);
    }
}
