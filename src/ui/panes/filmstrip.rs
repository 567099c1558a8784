//! One track as a filmstrip: a large picture, and some of its frames; moving the pointer over
//! the strip scrubs through all frames.

use std::path::PathBuf;

use eframe::egui::{
    Align2, Color32, EventFilter, FontId, Id, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::base::TrackIx;
use crate::tracks::{Track, TrackSet, TrackSource};
use crate::ui::actions::menu;
use crate::ui::lang::t;
use crate::ui::panes::candidates::{self, CandidateIdentities};
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::listing::{best_picture, time};
use crate::ui::view::state::PageState;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::time_range::clock;
use crate::ui::widgets::{paint, theme};

/// Height of a row, in points.
pub(crate) const ROW: f32 = 132.0;
/// Maximum number of frames in a strip.
const FRAMES: usize = 8;
const PICTURE: f32 = 84.0;
const LEAD: f32 = 108.0;

/// The widget of a track's row.
pub(crate) fn row_id(ix: TrackIx) -> Id {
    Id::unique(("track", ix))
}

/// Draws one row; `is_stop` where Tab reaches it.
pub(crate) fn show(
    ui: &mut Ui,
    (rect, ix, is_stop): (Rect, TrackIx, bool),
    view: &PanelContext,
    state: &mut PageState,
    candidates: &mut CandidateIdentities,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(set) = view.set() else { return };
    let track = set.track(ix);
    let response = ui.interact(rect, row_id(ix), if is_stop { Sense::click() } else { Sense::CLICK });
    let is_chosen = state.tracks.contains(ix);
    let facts = facts(track, state.page == Page::Unassigned && !view.session.review().is_rejected(ix));
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::ListBoxOption,
            true,
            is_chosen,
            t!("track-spoken", id = track.id.as_str(), facts = facts.as_str()),
        )
    });
    if is_stop && response.has_focus() {
        state.page_has_focus = true;
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    }
    if response.clicked() {
        state.tracks.click(view.tracks, ix, ui.input(|input| input.modifiers));
        response.request_focus();
    }
    if response.secondary_clicked() && !state.tracks.contains(ix) {
        state.tracks.only(ix);
    }
    response.context_menu(|ui| menu::tracks(ui, view, state, out));

    let inner = rect.shrink2(vec2(2.0, 4.0));
    let fill = if is_chosen {
        theme::accent(ui).gamma_multiply(0.14)
    } else if response.hovered() {
        ui.visuals().widgets.hovered.weak_bg_fill.gamma_multiply(0.5)
    } else {
        ui.visuals().faint_bg_color
    };
    ui.painter().rect_filled(inner, theme::CARD_ROUNDING, fill);
    if is_chosen || response.has_focus() {
        paint::ring(ui, inner, if is_chosen { 2.0 } else { 1.0 }, theme::accent(ui));
    }
    let has_homes = candidates::are_shown(view, state, inner);
    let room = if has_homes { candidates::WIDTH } else { 0.0 };
    strip(ui, (inner, room), (set, ix), &facts, thumbs, response.hover_pos());
    if has_homes {
        candidates::show(ui, inner, ix, view, candidates, out);
    }
    if is_cover(view, state.page, ix) {
        paint::label(ui, lead_rect(inner).left_bottom() + vec2(5.0, -5.0), Align2::LEFT_BOTTOM, &t!("cover"));
    }
}

fn lead_rect(row: Rect) -> Rect {
    Rect::from_min_size(row.min + vec2(8.0, 8.0), Vec2::splat(LEAD))
}

fn strip(
    ui: &Ui,
    (row, room): (Rect, f32),
    (set, ix): (&TrackSet, TrackIx),
    facts: &str,
    thumbs: &mut Thumbnails,
    pointer: Option<eframe::egui::Pos2>,
) {
    let track = set.track(ix);
    let lead = lead_rect(row);
    let left = lead.right() + 14.0;
    let width = (row.right() - 10.0 - left).max(0.0);
    let fits = (((width + 4.0) / (PICTURE + 4.0)).floor() as usize).clamp(1, FRAMES);
    let n = track.n_faces();
    let shown = n.min(fits);
    let frames = Rect::from_min_size(
        pos2(left, row.top() + 30.0),
        vec2(shown as f32 * (PICTURE + 4.0) - 4.0, PICTURE),
    );
    let scrubbed = pointer
        .filter(|at| frames.expand2(vec2(2.0, 6.0)).contains(*at) && n > 0)
        .map(|at| (((at.x - frames.left()) / frames.width().max(1.0) * n as f32) as usize).min(n - 1));
    let path =
        scrubbed.map_or_else(|| best_picture(set, ix), |at| picture(set, ix, at).map(|(_, path)| path));
    paint::picture(ui, lead, path.as_deref(), thumbs, Color32::WHITE);

    let ink = ui.visuals().text_color();
    let title = paint::line(ui, &track.id, FontId::proportional(13.5), ink, (width - room) * 0.6);
    let after = left + title.size().x + 10.0;
    ui.painter().galley(pos2(left, row.top() + 8.0), title, ink);
    let muted = theme::muted(ui);
    let facts = paint::line(
        ui,
        facts,
        FontId::proportional(11.5),
        muted,
        (row.right() - room - after - 8.0).max(10.0),
    );
    ui.painter().galley(pos2(after, row.top() + 9.5), facts, muted);

    for slot in 0..shown {
        let at = if shown < 2 { n / 2 } else { slot * (n - 1) / (shown - 1) };
        let corner = frames.min + vec2(slot as f32 * (PICTURE + 4.0), 0.0);
        let path = picture(set, ix, at).map(|(_, path)| path);
        paint::picture(
            ui,
            Rect::from_min_size(corner, Vec2::splat(PICTURE)),
            path.as_deref(),
            thumbs,
            Color32::WHITE,
        );
    }
    if let Some(at) = scrubbed {
        let x = frames.left() + (at as f32 + 0.5) / n as f32 * frames.width();
        ui.painter().vline(x, frames.y_range(), Stroke::new(2.0, theme::accent(ui)));
        if let Some((frame, _)) = picture(set, ix, at) {
            let text = t!("frame", n = frame);
            paint::label(ui, lead.right_top() + vec2(-5.0, 5.0), Align2::RIGHT_TOP, &text);
        }
    }
}

/// Frame number and file of the `at`-th face; none for features.
pub(crate) fn picture(set: &TrackSet, ix: TrackIx, at: usize) -> Option<(u64, PathBuf)> {
    let TrackSource::Faces { folder, faces } = &set.track(ix).source else { return None };
    let face = faces.get(at)?;
    Some((face.frame, set.root.join(folder).join(&face.file)))
}

fn is_cover(view: &PanelContext, page: Page, ix: TrackIx) -> bool {
    let Page::Identity(id) = page else { return false };
    view.session.review().identity(id).is_some_and(|identity| identity.cover == Some(ix))
}

fn facts(track: &Track, is_unusable: bool) -> String {
    let mut text = t!("frames", n = track.n_faces());
    if let Some((start, end)) = track.span.to_seconds() {
        text.push_str(" · ");
        text.push_str(&t!("time-at", duration = time(end - start), start = clock(start)));
    }
    if matches!(track.source, TrackSource::Features { .. }) {
        text.push_str(" · ");
        text.push_str(&t!("features-only"));
    }
    if track.n_unreadable() > 0 {
        text.push_str(" · ");
        text.push_str(&t!("unreadable", n = track.n_unreadable()));
    }
    if is_unusable {
        text.push_str(" · ");
        text.push_str(&t!("no-usable-face"));
    }
    text
}
