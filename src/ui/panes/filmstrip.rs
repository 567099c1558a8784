//! One track as a filmstrip: a large picture, and some of its frames; moving the pointer over
//! the strip scrubs through all frames.

use eframe::egui::{
    Align2, Color32, EventFilter, FontId, Id, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2,
    vec2,
};

use crate::base::TrackIx;
use crate::tracks::{Track, TrackSource};
use crate::ui::actions::{menu, table};
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::card::time;
use crate::ui::view::context::PanelContext;
use crate::ui::view::listing::picture;
use crate::ui::view::state::{PageState, Pane};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::time_range::clock;
use crate::ui::widgets::{paint, theme};

/// Room for the id and the facts below a strip, in points.
const TEXT: f32 = 36.0;
/// From this side on, frames stand beside the large picture.
const STRIP_FROM: f32 = 110.0;

/// How large a strip is at one size of picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StripSize {
    /// Side of the large picture.
    lead: f32,
    /// Side of the frames beside it, and how many there are.
    frame: f32,
    n_frames: usize,
    pub outer: Vec2,
}

impl StripSize {
    /// The narrowest strip with a large picture of this side: with one frame beside it, where
    /// there are frames.
    pub(crate) fn least_width(tile: f32) -> f32 {
        let frame = if tile >= STRIP_FROM { (tile * 0.6).floor() + 4.0 } else { 0.0 };
        tile + 8.0 + frame
    }

    /// A strip that has this width, all of it used by as many frames as are nearest to their size.
    pub(crate) fn within(width: f32, tile: f32) -> Self {
        let (room, wanted) = (width - 8.0 - tile, (tile * 0.6).floor());
        let n_frames = if tile >= STRIP_FROM { (room / (wanted + 4.0)).round().max(0.0) } else { 0.0 };
        let frame = (room / n_frames.max(1.0) - 4.0).floor().min(tile);
        let used = tile + 8.0 + n_frames * (frame + 4.0);
        Self { lead: tile, frame, n_frames: n_frames as usize, outer: vec2(used, tile + TEXT + 8.0) }
    }
}

/// Where a strip is drawn, and of which track.
pub(crate) struct CellPosition {
    pub rect: Rect,
    pub size: StripSize,
    pub track: TrackIx,
    /// The strip that Tab reaches; the arrows lead to the others.
    pub is_tab_stop: bool,
}

/// The tracks that are carried by the pointer.
#[derive(Debug, Clone)]
pub(crate) struct DraggedTracks(pub Vec<TrackIx>);

/// The widget of a track's strip.
pub(crate) fn strip_id(ix: TrackIx) -> Id {
    Id::unique(("track", ix))
}

/// Draws one strip.
pub(crate) fn show(
    ui: &mut Ui,
    place: &CellPosition,
    view: &PanelContext,
    state: &mut PageState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(set) = view.set() else { return };
    let ix = place.track;
    let track = set.track(ix);
    let sense = if place.is_tab_stop { Sense::click_and_drag() } else { Sense::CLICK | Sense::DRAG };
    let response = ui.interact(place.rect, strip_id(ix), sense);
    let is_chosen = state.tracks.contains(ix);
    let facts = facts(track, state.unassigned && !view.session.review().is_rejected(ix));
    response.widget_info(|| {
        let spoken = t!("track-spoken", id = track.id.as_str(), facts = facts.as_str());
        WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, spoken)
    });
    if place.is_tab_stop && response.has_focus() {
        state.page_has_focus = true;
        state.focus = Pane::Faces;
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    }
    if response.clicked() {
        state.tracks.click(view.tracks, ix, ui.input(|input| input.modifiers));
        state.focus = Pane::Faces;
        response.request_focus();
    }
    if response.double_clicked() {
        out.extend(table::LOUPE.request(view, state));
    }
    if response.secondary_clicked() && !state.tracks.contains(ix) {
        state.tracks.only(ix);
    }
    if response.drag_started() && !view.is_read_only() {
        if !state.tracks.contains(ix) {
            state.tracks.only(ix);
        }
        response.dnd_set_drag_payload(DraggedTracks(state.tracks.items()));
    }
    response.context_menu(|ui| menu::tracks(ui, view, state, out));
    let inner = place.rect;
    let fill = if is_chosen {
        theme::accent(ui).gamma_multiply(0.18)
    } else if response.hovered() {
        ui.visuals().widgets.hovered.weak_bg_fill.gamma_multiply(0.5)
    } else {
        ui.visuals().faint_bg_color
    };
    ui.painter().rect_filled(inner, theme::CARD_ROUNDING, fill);
    draw(ui, place, view, &facts, thumbs, response.hover_pos());
    if is_chosen || response.has_focus() {
        paint::ring(ui, inner, if is_chosen { 2.0 } else { 1.0 }, theme::accent(ui));
    }
    let lead = lead(place);
    if is_cover(view, state, ix) {
        paint::label(ui, lead.left_bottom() + vec2(5.0, -5.0), Align2::LEFT_BOTTOM, &t!("cover"));
    }
    if view.session.run().is_some_and(|run| run.two_people.contains_key(&track.id)) {
        paint::label(
            ui,
            lead.right_bottom() + vec2(-5.0, -5.0),
            Align2::RIGHT_BOTTOM,
            &t!("two-people-badge"),
        );
        response.on_hover_text(t!("two-people-track"));
    } else if view.is_doubtful(ix) {
        paint::doubt(ui, lead.right_top() + vec2(-12.0, 12.0));
        response.on_hover_text(t!("doubtful-track"));
    }
}

fn lead(place: &CellPosition) -> Rect {
    Rect::from_min_size(place.rect.min + Vec2::splat(4.0), Vec2::splat(place.size.lead))
}

fn draw(
    ui: &Ui,
    place: &CellPosition,
    view: &PanelContext,
    facts: &str,
    thumbs: &mut Thumbnails,
    pointer: Option<Pos2>,
) {
    let Some(set) = view.set() else { return };
    let ix = place.track;
    let track = set.track(ix);
    let lead = lead(place);
    let n = track.n_faces();
    let strip = Rect::from_min_max(lead.min, pos2(place.rect.right() - 4.0, lead.bottom()));
    let scrubbed = pointer
        .filter(|at| strip.contains(*at) && n > 1)
        .map(|at| (((at.x - strip.left()) / strip.width().max(1.0) * n as f32) as usize).min(n - 1));
    let path =
        scrubbed.map_or_else(|| view.best_picture(ix), |at| picture(set, ix, at).map(|(_, path)| path));
    paint::picture(ui, lead, path.as_deref(), thumbs, Color32::WHITE);
    let (side, shown) = (place.size.frame, n.min(place.size.n_frames));
    for slot in 0..shown {
        let at = if shown < 2 { n / 2 } else { slot * (n - 1) / (shown - 1) };
        let corner = pos2(lead.right() + 4.0 + slot as f32 * (side + 4.0), lead.bottom() - side);
        let path = picture(set, ix, at).map(|(_, path)| path);
        let rect = Rect::from_min_size(corner, Vec2::splat(side));
        paint::picture(ui, rect, path.as_deref(), thumbs, Color32::WHITE);
    }
    if let Some(at) = scrubbed {
        let x = strip.left() + (at as f32 + 0.5) / n as f32 * strip.width();
        let y = strip.y_range();
        ui.painter().vline(x, y, Stroke::new(2.0, theme::accent(ui)));
        if let Some((frame, _)) = picture(set, ix, at) {
            let text = t!("frame", n = frame);
            paint::label(ui, lead.left_top() + vec2(5.0, 5.0), Align2::LEFT_TOP, &text);
        }
    }
    let left = lead.left() + 2.0;
    let width = place.rect.right() - 6.0 - left;
    let ink = ui.visuals().text_color();
    let title = paint::line(ui, &track.id, FontId::proportional(12.5), ink, width);
    ui.painter().galley(pos2(left, lead.bottom() + 4.0), title, ink);
    let muted = theme::muted(ui);
    let facts = paint::line(ui, facts, FontId::proportional(11.0), muted, width);
    ui.painter().galley(pos2(left, lead.bottom() + 20.0), facts, muted);
}

fn is_cover(view: &PanelContext, state: &PageState, ix: TrackIx) -> bool {
    let identity = state.single().and_then(|id| view.session.review().identity(id));
    identity.is_some_and(|identity| identity.cover == Some(ix))
}

fn facts(track: &Track, is_unusable: bool) -> String {
    let mut text = t!("faces", n = track.n_faces());
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
