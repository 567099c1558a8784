//! Which panes, pages and dialogs are drawn where.

use eframe::egui::{Area, Context, Frame, Id, InputState, Margin, Order, Panel, Rect, Ui, pos2};

use super::jobs::Forecast;
use super::open_project::OpenProject;
use super::state::UiState;
use super::track_pages::TrackPages;
use crate::base::Progress;
use crate::models::Catalogue;
use crate::ui::dialogs::move_dialog::{self, MoveResult};
use crate::ui::pages::{check_grid, pairs, rerun, split};
use crate::ui::panes::{faces, inspector, job_strip, opinion, people, settings};
use crate::ui::view::ask::{InspectorTab, Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::saved_state::{PEOPLE, PaneWidths, RIGHT, TILES};
use crate::ui::view::state::PageState;
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

/// The least width that the faces keep, in points; where there is less, the right pane lies over them.
const FACES: f32 = 380.0;

/// The panes around the faces: people at the left; settings, a second opinion or the inspector at the
/// right. Whether the inspector shows details, and with them the box for a name.
pub(super) fn side_panes(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut UiState,
    widths: &mut PaneWidths,
    catalogue: Option<&Catalogue>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) -> bool {
    let width = ui.available_width();
    if state.look.page == Page::People {
        let most = (width - FACES).max(*PEOPLE.start());
        let shown = Panel::left("people")
            .resizable(true)
            .default_size(widths.people.min(most))
            .size_range(*PEOPLE.start()..=most)
            .frame(side_frame(ui))
            .show(ui, |ui| people::show(ui, view, &mut state.look, thumbs, out));
        let pane = shown.response.rect;
        keep_width(ui, &mut widths.people, pane.width(), pane.right());
    }
    state.look.is_narrow = ui.available_width() < FACES + widths.right;
    if !state.look.settings_open {
        state.settings.level = None;
    }
    let has_own_pane = state.look.settings_open || state.opinion.is_some();
    if !has_own_pane && !has_inspector(&state.look) {
        return false;
    }
    let has_details = !has_own_pane && state.look.inspector == InspectorTab::Details;
    if state.look.is_narrow {
        overlay(ui, widths.right, |ui| right_pane(ui, view, state, catalogue, thumbs, out));
    } else {
        let shown = Panel::right("right")
            .resizable(true)
            .default_size(widths.right)
            .size_range(RIGHT)
            .frame(side_frame(ui))
            .show(ui, |ui| right_pane(ui, view, state, catalogue, thumbs, out));
        let pane = shown.response.rect;
        keep_width(ui, &mut widths.right, pane.width(), pane.left());
    }
    has_details
}

fn right_pane(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut UiState,
    catalogue: Option<&Catalogue>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    if state.look.settings_open {
        settings::show(ui, view, &mut state.look, &mut state.settings, catalogue, out);
    } else if state.opinion.is_some() {
        opinion::show(ui, view, &mut state.opinion, thumbs, out);
    } else {
        inspector::show(ui, view, &mut state.look, &mut state.inspector, &mut state.naming, thumbs, out);
    }
}

/// The side of a picture after Ctrl and the wheel, or a pinch; the map and the timeline zoom themselves.
pub(super) fn zoomed(ui: &Ui, tile: f32, project: &OpenProject) -> f32 {
    let has_own_zoom = matches!(project.state.look.page, Page::Map | Page::Timeline);
    if has_own_zoom || project.state.has_dialog() {
        return tile;
    }
    (tile * ui.input(InputState::zoom_delta)).clamp(*TILES.start(), *TILES.end())
}

/// Keeps a width while its edge is dragged; what a narrow window does to it is not the curator's wish.
fn keep_width(ui: &Ui, kept: &mut f32, now: f32, edge: f32) {
    let is_at_edge = ui.ctx().pointer_latest_pos().is_some_and(|at| (at.x - edge).abs() < 16.0);
    if is_at_edge && ui.ctx().dragged_id().is_some() {
        *kept = now;
    }
}

/// Over the right of the page, where there is no room beside it.
fn overlay(ui: &Ui, width: f32, content: impl FnOnce(&mut Ui)) {
    let page = ui.available_rect_before_wrap();
    let width = width.min(page.width());
    let rect = Rect::from_min_max(pos2(page.right() - width, page.top()), page.max);
    Area::new(Id::unique("right-overlay")).order(Order::Middle).fixed_pos(rect.min).show(ui.ctx(), |ui| {
        let frame = side_frame(ui).stroke(ui.visuals().window_stroke).shadow(ui.visuals().popup_shadow);
        let inner_size = rect.size() - frame.total_margin().sum();
        frame.show(ui, |ui| {
            ui.set_min_size(inner_size);
            ui.set_max_size(inner_size);
            content(ui);
        });
    });
}

/// Whether the inspector is shown. Beside the faces it always is, where there is room; over them and on
/// other pages, where it was asked for.
fn has_inspector(look: &PageState) -> bool {
    let is_asked = if look.is_narrow { look.overlay_open } else { look.inspector != InspectorTab::Details };
    match look.page {
        Page::People => is_asked || !look.is_narrow,
        Page::Pairs | Page::Map => is_asked && look.inspector != InspectorTab::Details,
        Page::Timeline | Page::Strangers | Page::KnownPeople | Page::Rerun => {
            is_asked && look.inspector == InspectorTab::History
        }
    }
}

/// The page that is looked at.
pub(super) fn page(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut UiState,
    track_pages: &mut TrackPages,
    has_details: bool,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    match state.look.page {
        Page::People => {
            // The name is typed in the inspector, where it is shown.
            let mut nobody = None;
            let naming = if has_details { &mut nobody } else { &mut state.naming };
            faces::header(ui, view, &mut state.look, naming, thumbs, out);
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
