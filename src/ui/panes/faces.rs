//! The faces: tracks of who is selected, of everybody or of nobody, as a grid of filmstrips.
//!
//! A click selects, with Ctrl and Shift as in a list; dragging over the space between the strips
//! selects what the rubber band touches; dragging a strip carries the selection to a person.

use eframe::egui::{
    Align2, DragAndDrop, Id, Key, LayerId, Order, PointerButton, Pos2, Rect, RichText, ScrollArea, Sense, Ui,
    UiBuilder, pos2, vec2,
};

use super::filmstrip::{self, CellPosition, DraggedTracks, StripSize};
use crate::base::TrackIx;
use crate::review::{IdentityId, IdentityState};
use crate::ui::actions::{menu, table};
use crate::ui::lang::t;
use crate::ui::view::ask::{InspectorTab, Request};
use crate::ui::view::card::Card;
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::{PageState, Pane};
use crate::ui::widgets::name_field::{self, NameField};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{icons, paint, theme};

/// Room between strips, in points: enough to begin a rubber band in.
const BETWEEN: f32 = 10.0;

/// Draws what stands above the faces: who it is, and what can be done with them.
pub(crate) fn header(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    naming: &mut Option<NameField>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    if state.unassigned {
        unassigned(ui, view);
    } else if let Some(card) = state.single().and_then(|id| view.listing.card(id)) {
        one(ui, card, view, state, naming, thumbs, out);
    } else {
        several(ui, view, state, out);
    }
    ui.add_space(theme::GAP * 0.5);
}

/// Says that nothing was found to split, where that is so.
pub(crate) fn unsplittable(ui: &mut Ui, state: &PageState, found: Option<IdentityId>) {
    if found.is_some() && state.single() == found {
        paint::note(ui, t!("parting-none"));
    }
}

fn one(
    ui: &mut Ui,
    card: &Card,
    view: &PanelContext,
    state: &mut PageState,
    naming: &mut Option<NameField>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    ui.horizontal(|ui| {
        if naming.as_ref().is_some_and(|name| name.identity() == card.id) {
            name_field::show_open(ui, naming, 260.0, view, state, thumbs, out);
        } else {
            title(ui, card, view, state, out);
        }
        let standing = match card.state {
            IdentityState::Proposed => String::new(),
            IdentityState::Confirmed => format!(" · {}", t!("confirmed")),
            IdentityState::Ignored => format!(" · {}", t!("ignored")),
        };
        let facts = RichText::new(format!("{}{standing}", card.facts())).color(theme::muted(ui));
        ui.add(eframe::egui::Label::new(facts).truncate());
    });
    ui.horizontal_wrapped(|ui| {
        details_button(ui, state, out);
        turn(ui, card.id, view, out);
        for action in
            [&table::CONFIRM, &table::IGNORE, &table::CHECK_TRACKS, &table::SUGGEST_SPLIT, &table::TAKE_APART]
        {
            menu::button(ui, action, view, state, out);
        }
    });
    let order = t!("most-doubtful-first", tracks = t!("tracks", n = card.n_tracks), n = card.n_doubtful);
    paint::note(ui, order);
}

fn title(ui: &mut Ui, card: &Card, view: &PanelContext, state: &PageState, out: &mut Vec<Request>) {
    let ink = if card.is_named { ui.visuals().strong_text_color() } else { ui.visuals().text_color() };
    let title = RichText::new(&card.title).size(21.0).color(ink);
    let title = eframe::egui::Button::new(title).frame(false).truncate();
    let response = ui
        .scope(|ui| {
            ui.set_max_width((ui.available_width() * 0.6).max(120.0));
            ui.add_enabled(!view.is_read_only(), title)
        })
        .inner
        .on_hover_text(t!("click-to-name"))
        .on_disabled_hover_text(&card.title);
    if response.clicked() {
        out.extend(table::NAME.request(view, state));
    }
}

/// Buttons to the people before and after.
fn turn(ui: &mut Ui, id: IdentityId, view: &PanelContext, out: &mut Vec<Request>) {
    let shown = view.listing.shown();
    let at = shown.iter().position(|&other| other == id);
    for (action, by, can) in [
        (&table::PREVIOUS, -1, at.is_some_and(|at| at > 0)),
        (&table::NEXT, 1, at.is_some_and(|at| at + 1 < shown.len())),
    ] {
        let response =
            icons::button(ui, action.icon, &action.name(), can).on_hover_text(action.tip(ui.ctx()));
        if response.clicked() {
            out.push(Request::Neighbour(by));
        }
    }
}

/// Where there is no room for the inspector, a button opens it over the faces.
fn details_button(ui: &mut Ui, state: &PageState, out: &mut Vec<Request>) {
    if !state.is_narrow {
        return;
    }
    let is_open = state.overlay_open && state.inspector == InspectorTab::Details && !state.settings_open;
    if ui.selectable_label(is_open, t!("inspector-details")).on_hover_text(t!("inspector-open")).clicked() {
        out.push(Request::ToggleInspector(InspectorTab::Details));
    }
}

/// Several people, or everybody.
fn several(ui: &mut Ui, view: &PanelContext, state: &PageState, out: &mut Vec<Request>) {
    let n = state.identities.len();
    let heading = if n == 0 { t!("faces-everybody") } else { t!("faces-of", n = n) };
    ui.horizontal(|ui| {
        ui.label(RichText::new(heading).size(21.0).color(ui.visuals().strong_text_color()));
        ui.label(RichText::new(t!("tracks", n = view.tracks.len())).color(theme::muted(ui)));
        details_button(ui, state, out);
    });
    ui.horizontal_wrapped(|ui| {
        if n == 0 {
            paint::note(ui, t!("faces-how"));
            return;
        }
        for action in [&table::MERGE, &table::NEVER_SAME, &table::CONFIRM, &table::IGNORE] {
            menu::button(ui, action, view, state, out);
        }
    });
}

fn unassigned(ui: &mut Ui, view: &PanelContext) {
    ui.label(RichText::new(t!("unassigned")).size(21.0).color(ui.visuals().strong_text_color()));
    let review = view.session.review();
    let rejected = view.tracks.iter().filter(|&&ix| review.is_rejected(ix)).count();
    paint::note(ui, t!("tray-facts", rejected = rejected, unusable = view.tracks.len() - rejected));
    if view.tracks.is_empty() {
        ui.add_space(theme::GAP * 2.0);
        ui.label(t!("tray-empty"));
    }
}

/// Where the strips lie.
#[derive(Debug, Clone, Copy)]
struct Grid {
    columns: usize,
    size: StripSize,
    between: f32,
    n: usize,
}

impl Grid {
    fn new(width: f32, tile: f32, n: usize) -> Self {
        let least = StripSize::least_width(tile) + BETWEEN;
        let columns = (((width - BETWEEN) / least).floor() as usize).max(1);
        let size = StripSize::within((width - BETWEEN) / columns as f32 - BETWEEN, tile);
        // What is left over goes between the columns, so that a wide window is used.
        let spare = width - BETWEEN - columns as f32 * (size.outer.x + BETWEEN);
        let between = BETWEEN + (spare / columns as f32).clamp(0.0, BETWEEN * 2.0);
        Self { columns, size, between, n }
    }

    fn rows(self) -> usize {
        self.n.div_ceil(self.columns)
    }

    fn height(self) -> f32 {
        self.rows() as f32 * (self.size.outer.y + BETWEEN) + BETWEEN + 64.0
    }

    /// A strip's place relative to the content's corner.
    fn rect(self, at: usize) -> Rect {
        let (row, column) = ((at / self.columns) as f32, (at % self.columns) as f32);
        let x = BETWEEN + column * (self.size.outer.x + self.between);
        let y = BETWEEN + row * (self.size.outer.y + BETWEEN);
        Rect::from_min_size(pos2(x, y), self.size.outer)
    }

    /// The strips of the rows between two heights, always within those that there are.
    fn within(self, top: f32, bottom: f32) -> std::ops::Range<usize> {
        let step = self.size.outer.y + BETWEEN;
        let first = ((top - BETWEEN) / step).floor().max(0.0) as usize;
        let last = (bottom / step).ceil().max(0.0) as usize;
        let end = last.saturating_mul(self.columns).min(self.n);
        first.saturating_mul(self.columns).min(end)..end
    }
}

/// Draws the tracks.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let width = ui.available_width() - ui.spacing().scroll.bar_width;
    let grid = Grid::new(width, view.tile, view.tracks.len());
    state.face_columns = grid.columns;
    let area = ScrollArea::vertical().id_salt(("faces", state.shown_key())).auto_shrink(false);
    area.show_viewport(ui, |ui, viewport| {
        ui.set_height(grid.height().max(viewport.height()));
        let corner = ui.max_rect().min.to_vec2();
        let at_cursor =
            state.tracks.cursor().and_then(|ix| view.tracks.iter().position(|&other| other == ix));
        if std::mem::take(&mut state.tracks.reveal)
            && let Some(at) = at_cursor
        {
            ui.scroll_to_rect(grid.rect(at).translate(corner).expand(BETWEEN), None);
        }
        rubber_band(ui, view, state, grid);
        let visible = grid.within(viewport.top(), viewport.bottom());
        let stop = at_cursor.filter(|at| visible.contains(at)).unwrap_or(visible.start);
        for at in visible {
            let place = CellPosition {
                rect: grid.rect(at).translate(corner),
                size: grid.size,
                track: view.tracks[at],
                is_tab_stop: at == stop,
            };
            filmstrip::show(ui, &place, view, state, thumbs, out);
        }
        paint_band(ui, state);
    });
    paint_carried(ui);
}

/// How many tracks the pointer carries, beside it.
fn paint_carried(ui: &mut Ui) {
    let Some(dragged) = DragAndDrop::payload::<DraggedTracks>(ui.ctx()) else { return };
    let Some(at) = ui.ctx().pointer_latest_pos() else { return };
    let layer = LayerId::new(Order::Tooltip, Id::unique("carried"));
    let mut above = ui.new_child(UiBuilder::new().layer_id(layer).max_rect(ui.ctx().content_rect()));
    above.set_clip_rect(ui.ctx().content_rect());
    paint::label(&above, at + vec2(14.0, 14.0), Align2::LEFT_TOP, &t!("tracks", n = dragged.0.len()));
}

/// Selects what a drag over the free space touches; with Ctrl or Shift beside what was selected.
fn rubber_band(ui: &Ui, view: &PanelContext, state: &mut PageState, grid: Grid) {
    let area = ui.interact(ui.max_rect(), ui.scope_id().with("band"), Sense::click_and_drag());
    let corner = ui.max_rect().min.to_vec2();
    let place = |at: Pos2| at - corner;
    if area.clicked() {
        state.tracks.clear();
        state.focus = Pane::Faces;
    }
    if area.drag_started_by(PointerButton::Primary)
        && let Some(from) = ui.input(|input| input.pointer.press_origin())
    {
        let adds = ui.input(|input| input.modifiers.command || input.modifiers.shift);
        state.band = Some((place(from), place(from)));
        state.band_before = if adds { state.tracks.items() } else { Vec::new() };
        state.focus = Pane::Faces;
    }
    let Some((from, _)) = state.band else { return };
    if let Some(to) = area.interact_pointer_pos() {
        state.band = Some((from, place(to)));
        let band = Rect::from_two_pos(from, place(to));
        let touched: Vec<TrackIx> = grid
            .within(band.top(), band.bottom())
            .filter(|&at| grid.rect(at).intersects(band))
            .map(|at| view.tracks[at])
            .chain(state.band_before.iter().copied())
            .collect();
        state.tracks.all(&touched);
        scroll_at_the_edge(ui, to);
    }
    if area.drag_stopped() || ui.input(|input| input.key_pressed(Key::Escape)) {
        state.band = None;
    }
}

/// The list follows a band that is drawn beyond what is seen.
fn scroll_at_the_edge(ui: &Ui, pointer: Pos2) {
    let seen = ui.clip_rect();
    let beyond = (seen.top() + 16.0 - pointer.y).max(0.0) - (pointer.y - seen.bottom() + 16.0).max(0.0);
    if beyond != 0.0 {
        ui.scroll_with_delta(vec2(0.0, beyond.clamp(-24.0, 24.0)));
        ui.ctx().request_repaint();
    }
}

fn paint_band(ui: &Ui, state: &PageState) {
    let Some((from, to)) = state.band else { return };
    let corner = ui.max_rect().min.to_vec2();
    let rect = Rect::from_two_pos(from + corner, to + corner);
    let accent = theme::accent(ui);
    ui.painter().rect_filled(rect, 2.0, accent.gamma_multiply(0.15));
    paint::ring(ui, rect, 1.0, accent);
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::seeded;

    #[test]
    fn what_is_seen_lies_within_the_tracks_wherever_the_view_was() {
        let mut rng = seeded(3);
        for _ in 0..10_000 {
            let (n, tile) = (rng.random_range(0..1000), rng.random_range(60.0..320.0));
            let grid = Grid::new(rng.random_range(40.0..4000.0), tile, n);
            let top = rng.random_range(-200.0..300_000.0);
            let seen = grid.within(top, top + rng.random_range(0.0..3000.0));
            assert!(seen.start <= seen.end && seen.end <= n, "{seen:?} of {n}");
        }
    }

    #[test]
    fn a_wide_window_has_more_columns_and_every_strip_a_place_of_its_own() {
        let narrow = Grid::new(500.0, 144.0, 40);
        let wide = Grid::new(3000.0, 144.0, 40);
        assert!(wide.columns > 2 * narrow.columns);
        for at in 1..40 {
            assert!(!wide.rect(at).intersects(wide.rect(at - 1)));
            assert!(wide.rect(at).right() <= 3000.0);
        }
    }
}
