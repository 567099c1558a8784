//! The map: all tracks as points, near each other where their vectors are.
//!
//! Takes a view, the finished [`TrackMap`] and the selection of tracks; gives what the curator
//! wants: the map drawn at all, or a track to look at. A lasso selects tracks for the ordinary
//! actions; the list beside the map does the same by keys. A way to see, never the truth: nothing
//! here changes an identity by itself.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use eframe::egui::{
    Align, Align2, Color32, EventFilter, FontId, Id, Key, Layout, Modifiers, PointerButton, Pos2, Rect,
    Response, Role, ScrollArea, Sense, Shape as Drawn, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::base::TrackIx;
use crate::review::{IdentityId, IdentityState};
use crate::session::TrackMap;
use crate::ui::actions::{menu, table};
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;
use crate::ui::widgets::markers::{MARKED, mark};
use crate::ui::widgets::plane_view::{PlaneView, PointGrid};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, points, theme};

/// Width of the list beside the map, in points.
const LIST: f32 = 260.0;
/// Height of its rows.
const ROW: f32 = 26.0;
/// How far from a point the pointer may be.
const NEAR: f32 = 8.0;
/// How much one press of a key zooms, and moves in points.
const ZOOM: f32 = 1.4;
const MOVE: f32 = 60.0;

/// The map and from where it is looked at.
#[derive(Debug, Default)]
pub(crate) struct MapPage {
    map: Option<Arc<TrackMap>>,
    grid: PointGrid,
    /// Where each track's point is.
    place: BTreeMap<TrackIx, usize>,
    /// The rank of each point's identity among those that have a mark.
    pub(crate) ranks: Vec<Option<usize>>,
    /// Points in the order of the list: by identity, the largest first.
    list: Vec<TrackIx>,
    /// The revision that the two are of.
    revision: Option<u64>,
    view: PlaneView,
    /// The lasso under way, on the plane.
    lasso: Vec<Pos2>,
}

impl MapPage {
    /// Shows a finished map.
    pub(crate) fn take(&mut self, map: Arc<TrackMap>) {
        self.grid = PointGrid::new(&map.points);
        self.place = map.tracks.iter().copied().zip(0..).collect();
        (self.view, self.revision) = (PlaneView::default(), None);
        self.map = Some(map);
    }

    /// Ranks and list made again after an edit.
    fn refresh(&mut self, view: &PanelContext) {
        let revision = Some(view.session.revision());
        let is_due = |map: &&Arc<TrackMap>| self.revision != revision && map.fits(view.session);
        let Some(map) = self.map.as_ref().filter(is_due) else { return };
        self.revision = revision;
        let review = view.session.review();
        let mut people: Vec<_> = review
            .identities()
            .filter(|it| it.state != IdentityState::Ignored && it.tracks.len() > 1)
            .collect();
        people.sort_by_key(|it| (Reverse(it.tracks.len()), it.id));
        let ranks: BTreeMap<IdentityId, usize> = people.iter().map(|it| it.id).zip(0..MARKED).collect();
        let rank = |track: TrackIx| review.identity_of(track).and_then(|id| ranks.get(&id).copied());
        self.ranks = map.tracks.iter().map(|&track| rank(track)).collect();
        self.list.clone_from(&map.tracks);
        self.list.sort_by_cached_key(|&track| {
            let identity = review.identity_of(track);
            (rank(track).unwrap_or(MARKED), identity.is_none(), identity, track)
        });
    }
}

/// Draws the page.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    page: &mut MapPage,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    page.refresh(view);
    head(ui, view, page, out);
    let Some(map) = page.map.clone().filter(|map| map.fits(view.session)) else { return };
    bar(ui, view, state, out);
    let whole = ui.available_rect_before_wrap();
    let list_width = LIST.min(whole.width() * 0.4);
    let split = whole.right() - list_width;
    let room = Rect::from_min_max(whole.min, pos2(split - theme::GAP, whole.bottom() - theme::GAP));
    let side = Rect::from_min_max(pos2(split, whole.top()), pos2(whole.right(), whole.bottom() - theme::GAP));
    ui.allocate_rect(whole, Sense::hover());
    let opened = plane(ui, view, state, page, (&map, room), thumbs, out);
    out.extend(opened.map(Request::ShowTrack));
    let mut inner =
        ui.new_child(eframe::egui::UiBuilder::new().max_rect(side).layout(Layout::top_down(Align::Min)));
    out.extend(list(&mut inner, view, state, page, (&map, room)).map(Request::ShowTrack));
}

/// What the map is, and the button that draws it.
fn head(ui: &mut Ui, view: &PanelContext, page: &mut MapPage, out: &mut Vec<Request>) {
    let fits = page.map.as_ref().map(|map| map.fits(view.session));
    ui.horizontal(|ui| {
        ui.heading(t!("map-title"));
        if fits != Some(true) {
            let text = if fits.is_none() { t!("map-draw") } else { t!("map-draw-again") };
            let can = !view.is_busy && view.session.run().is_some();
            if ui.add_enabled(can, paint::primary(ui, &text)).clicked() {
                out.push(Request::DrawMap);
            }
        } else if ui.button("↔").accessible_name(t!("zoom-whole")).on_hover_text(t!("zoom-whole")).clicked()
        {
            page.view = PlaneView::default();
        }
    });
    paint::note(ui, t!("map-never-the-truth"));
    if fits == Some(false) {
        ui.label(t!("map-old"));
    }
    let placed = page.map.as_ref().map_or(0, |map| map.n_placed);
    if placed > 0 {
        paint::note(ui, t!("map-placed", n = placed));
    }
}

/// What can be done with the selection.
fn bar(ui: &mut Ui, view: &PanelContext, state: &mut PageState, out: &mut Vec<Request>) {
    ui.horizontal(|ui| {
        ui.label(t!("map-chosen", n = state.tracks.len()));
        for action in [&table::MOVE, &table::SPLIT, &table::REJECT, &table::LINK, &table::NEVER_SAME] {
            menu::button(ui, action, view, state, out);
        }
        if ui.add_enabled(!state.tracks.is_empty(), eframe::egui::Button::new(t!("map-clear"))).clicked() {
            state.tracks.clear();
        }
    });
}

/// The widget that takes the map's keys.
pub(crate) fn map_id() -> Id {
    Id::unique("map")
}

/// The widget that takes the list's keys.
pub(crate) fn list_id() -> Id {
    Id::unique("map list")
}

/// The map itself; gives the track that was double-clicked.
fn plane(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    page: &mut MapPage,
    (map, room): (&TrackMap, Rect),
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) -> Option<TrackIx> {
    let area = ui.interact(room, map_id(), Sense::click_and_drag());
    area.widget_info(|| WidgetInfo::labeled(Role::Image, true, t!("map-spoken", n = map.points.len())));
    move_eye(ui, page, &area, room);
    let painter = ui.painter().with_clip_rect(room.intersect(ui.clip_rect()));
    painter.rect_filled(room, theme::CARD_ROUNDING, ui.visuals().extreme_bg_color);
    points::draw(&painter, ui.visuals(), (&map.points, &map.tracks, &page.ranks), page.view, room, |track| {
        state.tracks.contains(track)
    });
    if area.has_focus() {
        paint::ring(ui, room.shrink(2.0), 1.5, theme::accent(ui));
    }
    lasso(ui, state, page, (map, room), &area);
    let under = area.hover_pos().filter(|_| page.lasso.is_empty()).and_then(|at| {
        let far = page.view.far(NEAR, room);
        page.grid.nearest(&map.points, page.view.to_plane(at, room), far)
    });
    let Some(at) = under else {
        if area.clicked() {
            state.tracks.clear();
            area.request_focus();
        }
        area.context_menu(|ui| menu::tracks(ui, view, state, out));
        return None;
    };
    let track = map.tracks[at];
    let ink = ui.visuals().strong_text_color();
    painter.circle_stroke(page.view.to_screen(map.points[at], room), 7.0, Stroke::new(1.5, ink));
    let chosen = area.double_clicked().then_some(track);
    if area.clicked() {
        state.tracks.click(&page.list, track, ui.input(|input| input.modifiers));
        area.request_focus();
    }
    if area.secondary_clicked() && !state.tracks.contains(track) {
        state.tracks.only(track);
    }
    area.context_menu(|ui| menu::tracks(ui, view, state, out));
    area.on_hover_ui_at_pointer(|ui| tip(ui, view, track, thumbs));
    chosen
}

/// The wheel and the keys zoom, other buttons than the first one and the arrows pan.
fn move_eye(ui: &Ui, page: &mut MapPage, area: &Response, room: Rect) {
    if area.dragged_by(PointerButton::Middle) || area.dragged_by(PointerButton::Secondary) {
        page.view.pan(area.drag_delta(), room);
    }
    if let Some(pointer) = area.hover_pos() {
        let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
        let factor = zoom * (scroll.y * 0.004).exp();
        if (factor - 1.0).abs() > f32::EPSILON {
            page.view.zoom_at(factor, pointer, room);
        }
        if scroll.x.abs() > f32::EPSILON {
            page.view.pan(vec2(scroll.x, 0.0), room);
        }
    }
    if !area.has_focus() {
        return;
    }
    lock_arrows(ui, area.id);
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    for (key, by) in [
        (Key::ArrowLeft, vec2(MOVE, 0.0)),
        (Key::ArrowRight, vec2(-MOVE, 0.0)),
        (Key::ArrowUp, vec2(0.0, MOVE)),
        (Key::ArrowDown, vec2(0.0, -MOVE)),
    ] {
        if pressed(key) {
            page.view.pan(by, room);
        }
    }
    if pressed(Key::Plus) || pressed(Key::Equals) {
        page.view.zoom_at(ZOOM, room.center(), room);
    }
    if pressed(Key::Minus) {
        page.view.zoom_at(1.0 / ZOOM, room.center(), room);
    }
    if pressed(Key::Num0) {
        page.view = PlaneView::default();
    }
}

fn lock_arrows(ui: &Ui, id: Id) {
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
}

/// Dragging draws a lasso, and its end selects what it holds; with Shift beside what is selected.
fn lasso(
    ui: &Ui,
    state: &mut PageState,
    page: &mut MapPage,
    (map, room): (&TrackMap, Rect),
    area: &Response,
) {
    if area.drag_started_by(PointerButton::Primary) {
        page.lasso.clear();
    }
    if area.dragged_by(PointerButton::Primary)
        && let Some(pointer) = area.interact_pointer_pos()
    {
        page.lasso.push(page.view.to_plane(pointer, room));
    }
    if page.lasso.len() > 1 {
        let line = page.lasso.iter().map(|at| page.view.to_screen([at.x, at.y], room)).collect();
        ui.painter().add(Drawn::closed_line(line, Stroke::new(1.5, theme::accent(ui))));
    }
    if area.drag_stopped_by(PointerButton::Primary) {
        let lasso = std::mem::take(&mut page.lasso);
        let held = page.grid.held(&map.points, &lasso).into_iter().map(|at| map.tracks[at]);
        let before = if ui.input(|input| input.modifiers.shift) { state.tracks.items() } else { Vec::new() };
        let chosen: Vec<TrackIx> = before.into_iter().chain(held).collect();
        state.tracks.all(&chosen);
        area.request_focus();
    }
}

/// The face under the pointer, and whose it is.
fn tip(ui: &mut Ui, view: &PanelContext, track: TrackIx, thumbs: &mut Thumbnails) {
    let Some(set) = view.set() else { return };
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(84.0), Sense::hover());
        paint::picture(ui, rect, view.best_picture(track).as_deref(), thumbs, Color32::WHITE);
        ui.vertical(|ui| {
            ui.strong(whose(view, track));
            ui.label(&set.track(track).id);
        });
    });
}

fn whose(view: &PanelContext, track: TrackIx) -> String {
    let card = view.session.review().identity_of(track).and_then(|id| view.listing.card(id));
    card.map_or_else(|| t!("timeline-unassigned"), |card| card.title.clone())
}

/// The points as a list, for the keyboard and for screen readers; gives the track
/// that Enter or a double click chose.
fn list(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    page: &mut MapPage,
    (map, room): (&TrackMap, Rect),
) -> Option<TrackIx> {
    let area = ui.interact(ui.max_rect(), list_id(), Sense::click());
    let mut chosen = None;
    if area.has_focus() {
        state.page_has_focus = false;
        chosen = list_keys(ui, state, page, (map, room));
    }
    let cursor = state.tracks.cursor();
    area.widget_info(|| {
        let text =
            cursor.map(|track| format!("{}, {}", whose(view, track), view.session.review().track_id(track)));
        WidgetInfo::labeled(Role::ListBox, true, text.unwrap_or_else(|| t!("map-list")))
    });
    let at_cursor = cursor.and_then(|track| page.list.iter().position(|&other| other == track));
    let n = page.list.len();
    ScrollArea::vertical().id_salt("map list").auto_shrink(false).show_viewport(ui, |ui, viewport| {
        ui.set_height(n as f32 * ROW);
        let (corner, width) = (ui.max_rect().min, ui.max_rect().width());
        let place =
            |at: usize| Rect::from_min_size(pos2(corner.x, corner.y + at as f32 * ROW), vec2(width, ROW));
        if std::mem::take(&mut state.tracks.reveal)
            && let Some(at) = at_cursor
        {
            ui.scroll_to_rect(place(at), None);
        }
        let first = ((viewport.top() / ROW).floor().max(0.0) as usize).min(n);
        let last = ((viewport.bottom() / ROW).ceil().max(0.0) as usize).min(n);
        for at in first..last {
            let track = page.list[at];
            let response = ui.interact(place(at), list_id().with(at), Sense::CLICK);
            row(ui, view, page, (place(at), track), state.tracks.contains(track), &response);
            if area.has_focus() && cursor == Some(track) {
                paint::ring(ui, place(at).shrink(2.0), 1.5, theme::accent(ui));
            }
            if response.clicked() {
                state.tracks.click(&page.list, track, ui.input(|input| input.modifiers));
                area.request_focus();
            }
            if response.double_clicked() {
                chosen = Some(track);
            }
        }
    });
    chosen
}

fn row(
    ui: &Ui,
    view: &PanelContext,
    page: &MapPage,
    (rect, track): (Rect, TrackIx),
    is_chosen: bool,
    it: &Response,
) {
    if is_chosen || it.hovered() {
        let strength = if is_chosen { 0.16 } else { 0.06 };
        ui.painter().rect_filled(rect.shrink(1.0), 4.0, theme::accent(ui).gamma_multiply(strength));
    }
    let rank = page.place.get(&track).and_then(|&at| page.ranks.get(at).copied().flatten());
    let mark = mark(rank, ui.visuals().dark_mode);
    points::one(ui.painter(), rect.left_center() + vec2(12.0, 0.0), 5.0, mark);
    let ink = ui.visuals().text_color();
    let text = format!("{} · {}", whose(view, track), view.session.review().track_id(track));
    let line = paint::line(ui, &text, FontId::proportional(12.5), ink, rect.width() - 34.0);
    let corner = Align2::LEFT_CENTER.anchor_size(rect.left_center() + vec2(26.0, 0.0), line.size()).min;
    ui.painter().galley(corner, line, ink);
}

/// The arrows move through the list, with Shift they select; Enter looks at the track.
fn list_keys(
    ui: &Ui,
    state: &mut PageState,
    page: &mut MapPage,
    (map, room): (&TrackMap, Rect),
) -> Option<TrackIx> {
    lock_arrows(ui, list_id());
    let mut moved = false;
    for (key, by) in [
        (Key::ArrowUp, -1),
        (Key::ArrowDown, 1),
        (Key::PageUp, -20),
        (Key::PageDown, 20),
        (Key::Home, isize::MIN / 2),
        (Key::End, isize::MAX / 2),
    ] {
        let extend = ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, key));
        if extend || ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            state.tracks.step(&page.list, by, extend);
            moved = true;
        }
    }
    let cursor = state.tracks.cursor();
    if let Some(&at) = cursor.filter(|_| moved).and_then(|track| page.place.get(&track)) {
        page.view.reveal(map.points[at], room);
    }
    cursor.filter(|_| ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)))
}
