//! Which panes, pages and dialogs are drawn where.

use eframe::egui::{Context, Frame, Margin, Panel, Ui};

use super::jobs::Forecast;
use super::state::UiState;
use super::track_pages::TrackPages;
use crate::base::Progress;
use crate::models::Catalogue;
use crate::ui::dialogs::move_dialog::{self, MoveResult};
use crate::ui::pages::{check_grid, pairs, rerun, split};
use crate::ui::panes::{faces, inspector, job_strip, opinion, people, settings};
use crate::ui::view::ask::{InspectorTab, Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;

pub(super) fn show_job(
    ui: &mut Ui,
    progress: Option<&Progress>,
    forecast: &Forecast,
    is_cancelled: bool,
    out: &mut Vec<Request>,
) {
    if let Some(progress) = progress {
        Panel::bottom("job").frame(bar_frame(ui)).show(ui, |ui| {
            job_strip::show(ui, progress, &forecast.text(), is_cancelled, out);
        });
    }
}

/// The least width that the faces keep, in points; where there is less, the inspector lies over them.
const FACES: f32 = 380.0;

/// The panes around the faces: people at the left; settings or the inspector at the right.
pub(super) fn side_panes(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut UiState,
    catalogue: Option<&Catalogue>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let is_people = state.look.page == Page::People;
    let width = ui.available_width();
    if is_people {
        let most = (width - FACES).max(180.0);
        Panel::left("people")
            .resizable(true)
            .default_size(270.0_f32.min(width * 0.3))
            .size_range(150.0..=most)
            .frame(side_frame(ui))
            .show(ui, |ui| people::show(ui, view, &mut state.look, thumbs, out));
    }
    let right = Panel::right("right")
        .resizable(true)
        .default_size(290.0)
        .size_range(240.0..=460.0)
        .frame(side_frame(ui));
    if state.look.settings_open {
        right.show(ui, |ui| settings::show(ui, view, &mut state.look, &mut state.settings, catalogue, out));
        return;
    }
    state.settings.level = None;
    if state.opinion.is_some() {
        right.show(ui, |ui| opinion::show(ui, view, &mut state.opinion, thumbs, out));
    } else if has_inspector(state, ui.available_width()) {
        right.show(ui, |ui| inspector::show(ui, view, &mut state.look, &mut state.inspector, thumbs, out));
    }
}

/// Whether the inspector has room; Why and History are shown wherever they were asked for.
fn has_inspector(state: &UiState, width: f32) -> bool {
    let is_asked = state.look.inspector != InspectorTab::Details;
    match state.look.page {
        Page::People => is_asked || width >= FACES + 290.0,
        Page::Pairs | Page::Map => is_asked,
        Page::Timeline | Page::Strangers | Page::KnownPeople | Page::Rerun => {
            state.look.inspector == InspectorTab::History
        }
    }
}

/// The page that is looked at.
pub(super) fn page(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut UiState,
    track_pages: &mut TrackPages,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    match state.look.page {
        Page::People => {
            faces::header(ui, view, &mut state.look, &mut state.naming, thumbs, out);
            if state.split.is_some() {
                split::show(ui, view, &mut state.split, thumbs, out);
            } else if state.checking.is_some() {
                check_grid::show(ui, view, &mut state.checking, thumbs, out);
            } else {
                faces::unsplittable(ui, &state.look, state.unsplittable);
                faces::show(ui, view, &mut state.look, thumbs, out);
            }
        }
        Page::Pairs => pairs::show(ui, view, &mut state.pairs, thumbs, out),
        Page::Rerun => rerun::show(ui, view, &mut state.rerun, thumbs, out),
        Page::Timeline | Page::Map | Page::Strangers | Page::KnownPeople => {
            state.look.page_has_focus = false;
            track_pages.show(ui, view, &mut state.look, thumbs, out);
        }
    }
}

pub(super) fn show_move_dialog(
    ctx: &Context,
    view: &PanelContext,
    state: &mut UiState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(mut dialog) = state.move_dialog.take() else { return };
    match move_dialog::show(ctx, &mut dialog, view, &state.look, thumbs) {
        MoveResult::Open => state.move_dialog = Some(dialog),
        MoveResult::Cancelled => {}
        MoveResult::Chosen(edit) => out.push(Request::Edit(edit)),
    }
}

pub(super) fn bar_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::symmetric(14, 8))
}

pub(super) fn status_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::symmetric(14, 3))
}

fn side_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::same(14))
}

pub(super) fn page_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin { left: 14, right: 6, top: 10, bottom: 0 })
}
