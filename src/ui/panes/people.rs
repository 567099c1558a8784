//! The people: search, filters, order, and one card a person; only the visible rows are laid out.
//!
//! A click shows somebody's tracks beside; tracks that are carried here go to whom they are dropped
//! on, or become a new person.

use std::ops::Range;

use eframe::egui::{
    ComboBox, Context, DragAndDrop, EventFilter, Id, Rect, Response, Role, ScrollArea, Sense, TextEdit, Ui,
    WidgetInfo, pos2, vec2,
};

use super::filmstrip::DraggedTracks;
use crate::review::{Edit, IdentityId};
use crate::ui::actions::{menu, table};
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::view::listing::{IdentityFilter, SortOrder};
use crate::ui::view::state::{PageState, Pane};
use crate::ui::widgets::card;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, theme};

/// Room between rows, in points.
const ROW_GAP: f32 = 12.0;
/// Room that selection rings need around the outer cards.
const EDGE: f32 = 4.0;

/// Where the cards lie.
#[derive(Debug, Clone, Copy)]
struct CardGrid {
    columns: usize,
    rows: usize,
    size: eframe::egui::Vec2,
    step: eframe::egui::Vec2,
}

impl CardGrid {
    fn new(width: f32, tile: f32, n: usize) -> Self {
        let size = card::size(tile);
        let usable = width - 2.0 * EDGE;
        let columns = (((usable + theme::GAP) / (tile + theme::GAP)).floor() as usize).max(1);
        // What is left over goes between the columns, so that the last one ends at the edge.
        let spare = (usable - columns as f32 * tile) / (columns.max(2) - 1) as f32;
        let between = spare.clamp(theme::GAP, theme::GAP * 2.5);
        Self { columns, rows: n.div_ceil(columns), size, step: vec2(tile + between, size.y + ROW_GAP) }
    }

    fn height(self) -> f32 {
        self.rows as f32 * self.step.y + 2.0 * EDGE + 64.0
    }

    /// Which of `n` cards a view from `top` to `bottom` shows, always a range within them: the view
    /// is that of the frame before, when there may have been more cards.
    fn visible(self, top: f32, bottom: f32, n: usize) -> Range<usize> {
        let first = ((top - EDGE) / self.step.y).floor().max(0.0) as usize;
        let last = (bottom / self.step.y).ceil().max(0.0) as usize;
        let end = last.saturating_mul(self.columns).min(n);
        first.saturating_mul(self.columns).min(end)..end
    }

    /// The card's place relative to the content's corner.
    fn rect(self, at: usize) -> Rect {
        let (row, column) = (at / self.columns, at % self.columns);
        let corner = pos2(EDGE + column as f32 * self.step.x, EDGE + row as f32 * self.step.y);
        Rect::from_min_size(corner, self.size)
    }
}

/// Draws the pane.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    search(ui, state);
    chips(ui, view, state);
    order(ui, view, state, out);
    whole(ui, view, state, out);
    ui.add_space(theme::GAP * 0.5);
    let pane = ui.available_rect_before_wrap();
    cards(ui, view, state, thumbs, out);
    new_person_target(ui, pane, view, out);
}

fn search(ui: &mut Ui, state: &mut PageState) {
    let edit = TextEdit::singleline(&mut state.search).hint_text(table::SEARCH.name());
    let response = ui
        .add(edit.desired_width(f32::INFINITY))
        .accessible_name(table::SEARCH.name())
        .on_hover_text(table::SEARCH.tip(ui.ctx()));
    if std::mem::take(&mut state.focus_search) {
        response.request_focus();
    }
}

/// The filters, each with how many it shows.
fn chips(ui: &mut Ui, view: &PanelContext, state: &mut PageState) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (filter, key) in IdentityFilter::ALL {
            let n = view.listing.counts.of(filter);
            if n == 0
                && matches!(filter, IdentityFilter::Ignored | IdentityFilter::Doubtful)
                && state.filter != filter
            {
                continue;
            }
            let text = t!("chip-count", name = t!(key), n = n);
            if ui
                .selectable_label(state.filter == filter, text)
                .on_hover_text(t!(&format!("{key}.doc")))
                .clicked()
            {
                state.filter = filter;
            }
        }
    });
}

/// The order and the video; a list that an edit has left out of order says so.
fn order(ui: &mut Ui, view: &PanelContext, state: &mut PageState, out: &mut Vec<Request>) {
    ui.horizontal_wrapped(|ui| {
        let present = SortOrder::ALL.iter().find(|(sort, _)| *sort == state.sort);
        let mut present = present.map_or_else(String::new, |(_, key)| t!(key));
        if !view.listing.is_sorted() {
            present = t!("sort-was", sort = present);
        }
        let combo = ComboBox::from_id_salt("sort").selected_text(present).width(150.0);
        let response = combo.show_ui(ui, |ui| {
            for (sort, key) in SortOrder::ALL {
                if ui.selectable_label(state.sort == sort, t!(key)).clicked() {
                    state.sort = sort;
                    out.push(Request::SortAgain);
                }
            }
        });
        response.response.accessible_name(t!("sort")).on_hover_text(t!("sort"));
        if !view.listing.is_sorted() && ui.button(t!("sort-again")).clicked() {
            out.push(Request::SortAgain);
        }
        let videos = view.listing.videos();
        if videos.len() > 1 {
            let present = state.video.clone().unwrap_or_else(|| t!("all-videos"));
            let combo = ComboBox::from_id_salt("video").selected_text(present).width(150.0);
            let response = combo.show_ui(ui, |ui| {
                ui.selectable_value(&mut state.video, None, t!("all-videos"));
                for video in videos {
                    ui.selectable_value(&mut state.video, Some(video.clone()), video);
                }
            });
            response.response.accessible_name(t!("video")).on_hover_text(t!("video"));
        }
    });
}

/// Everybody's tracks, and those of nobody.
fn whole(ui: &mut Ui, view: &PanelContext, state: &PageState, out: &mut Vec<Request>) {
    ui.horizontal_wrapped(|ui| {
        let is_all = !state.unassigned && state.identities.is_empty();
        if ui
            .selectable_label(is_all, t!("faces-everybody"))
            .on_hover_text(t!("faces-everybody.doc"))
            .clicked()
        {
            out.push(Request::ShowEverybody);
        }
        let text = t!("chip-count", name = t!("unassigned"), n = view.listing.counts.unassigned);
        if ui.selectable_label(state.unassigned, text).on_hover_text(t!("unassigned.doc")).clicked() {
            out.push(Request::ShowUnassigned);
        }
    });
}

/// While tracks are carried: the place that makes them a new person, over the lower end of the
/// pane, so that nobody moves under the pointer.
fn new_person_target(ui: &Ui, pane: Rect, view: &PanelContext, out: &mut Vec<Request>) {
    if !DragAndDrop::has_payload_of_type::<DraggedTracks>(ui.ctx()) {
        return;
    }
    let rect = Rect::from_min_max(pos2(pane.left(), pane.bottom() - 48.0), pane.max);
    let response = ui.interact(rect, Id::unique("new-person"), Sense::CLICK);
    ui.painter().rect_filled(rect, theme::CARD_ROUNDING, ui.visuals().panel_fill);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, t!("drop-new-person")));
    let is_over = response.dnd_hover_payload::<DraggedTracks>().is_some();
    let fill = theme::accent(ui).gamma_multiply(if is_over { 0.3 } else { 0.12 });
    ui.painter().rect_filled(rect, theme::CARD_ROUNDING, fill);
    paint::ring(ui, rect, if is_over { 2.0 } else { 1.0 }, theme::accent(ui));
    let middle = eframe::egui::Align2::CENTER_CENTER;
    let font = eframe::egui::TextStyle::Button.resolve(ui.style());
    ui.painter().text(rect.center(), middle, t!("drop-new-person"), font, ui.visuals().text_color());
    if let Some(dragged) = response.dnd_release_payload::<DraggedTracks>() {
        out.push(Request::Edit(Edit::split(ids(view, &dragged), None)));
    }
}

fn ids(view: &PanelContext, dragged: &DraggedTracks) -> Vec<String> {
    dragged.0.iter().map(|&ix| view.session.review().track_id(ix).to_owned()).collect()
}

/// One card a person.
fn cards(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let shown = view.listing.shown();
    if shown.is_empty() {
        empty(ui, view, state);
        return;
    }
    let grid = CardGrid::new(
        ui.available_width() - ui.spacing().scroll.bar_width,
        card_side(view.tile),
        shown.len(),
    );
    state.people_columns = grid.columns;
    ScrollArea::vertical().id_salt("people").auto_shrink(false).show_viewport(ui, |ui, viewport| {
        ui.set_height(grid.height());
        let corner = ui.max_rect().min.to_vec2();
        if std::mem::take(&mut state.identities.reveal)
            && let Some(at) =
                state.identities.cursor().and_then(|id| shown.iter().position(|&other| other == id))
        {
            ui.scroll_to_rect(grid.rect(at).translate(corner).expand(ROW_GAP), None);
        }
        let visible = grid.visible(viewport.top(), viewport.bottom(), shown.len());
        let cursor = state
            .identities
            .cursor()
            .and_then(|id| shown[visible.clone()].iter().position(|&other| other == id));
        let tab_stop = visible.start + cursor.unwrap_or(0);
        for at in visible {
            show_card(
                ui,
                view,
                state,
                thumbs,
                out,
                &CardPosition { at, rect: grid.rect(at).translate(corner), tab_stop },
            );
        }
    });
}

/// Where one card is drawn.
struct CardPosition {
    at: usize,
    rect: Rect,
    /// The card that Tab reaches; the arrows lead to the others.
    tab_stop: usize,
}

fn show_card(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
    place: &CardPosition,
) {
    let id = view.listing.shown()[place.at];
    let Some(card) = view.listing.card(id) else { return };
    let is_stop = place.at == place.tab_stop;
    let sense = if is_stop { Sense::click() } else { Sense::CLICK };
    let response = ui.interact(place.rect, card::card_id(id), sense);
    if is_stop {
        keyboard(ui.ctx(), state, &response, id);
    }
    if response.clicked() {
        state.identities.click(view.listing.shown(), id, ui.input(|input| input.modifiers));
        (state.unassigned, state.focus) = (false, Pane::People);
        response.request_focus();
    }
    if response.double_clicked() {
        state.identities.only(id);
        out.extend(table::NAME.request(view, state));
    }
    if let Some(dragged) = response.dnd_release_payload::<DraggedTracks>() {
        out.push(Request::Edit(Edit::move_to(ids(view, &dragged), id)));
    }
    if response.secondary_clicked() && !state.identities.contains(id) {
        state.identities.only(id);
        state.unassigned = false;
    }
    response.context_menu(|ui| menu::identities(ui, view, state, out));
    let is_target = response.dnd_hover_payload::<DraggedTracks>().is_some();
    let is_marked = state.identities.contains(id) || is_target;
    card::draw(ui, place.rect, view, card, is_marked, &response, thumbs);
}

/// The arrows are the page's while a card has the keyboard.
fn keyboard(ctx: &Context, state: &mut PageState, response: &Response, id: IdentityId) {
    if response.has_focus() {
        (state.page_has_focus, state.focus) = (true, Pane::People);
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ctx.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        if state.identities.cursor().is_none() {
            state.identities.only(id);
        }
    } else if state.page_has_focus
        && state.focus == Pane::People
        && state.identities.cursor() == Some(id)
        && ctx.memory(|m| m.focused().is_none())
    {
        // The keyboard follows the cursor when the arrows move it.
        response.request_focus();
    }
}

/// Side of a card's picture beside pictures of this side among the faces: smaller, so that there
/// are several columns.
fn card_side(tile: f32) -> f32 {
    (tile * 0.72).clamp(64.0, 200.0)
}

fn empty(ui: &mut Ui, view: &PanelContext, state: &mut PageState) {
    // Before the first run ends nobody can be missing; the faces' pane says what goes on.
    if view.session.run().is_none() {
        return;
    }
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.3);
        if state.search.trim().is_empty() {
            let all = view.listing.cards().next().is_some();
            ui.heading(if all { t!("empty-chip") } else { t!("empty-all") });
            ui.label(if all { t!("empty-chip-note") } else { t!("empty-all-note") });
        } else {
            ui.heading(t!("empty-search"));
            ui.label(t!("empty-search-note", search = state.search.trim()));
            if ui.button(t!("clear-search")).clicked() {
                state.search.clear();
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::seeded;

    #[test]
    fn the_grid_fills_the_width_and_holds_everybody() {
        for (width, tile, n) in [(1000.0, 144.0, 57), (90.0, 144.0, 3), (2400.0, 80.0, 5000)] {
            let grid = CardGrid::new(width, tile, n);
            assert!(grid.columns * grid.rows >= n);
            let last = grid.rect(n - 1);
            assert!(last.right() <= width.max(tile + 2.0 * EDGE) + 0.1, "{last:?} in {width}");
            assert!(last.bottom() <= grid.height());
        }
    }

    #[test]
    fn what_is_visible_lies_within_the_cards_wherever_the_view_was() {
        let mut rng = seeded(7);
        for _ in 0..10_000 {
            let (n, tile) = (rng.random_range(1..1000), rng.random_range(80.0..320.0));
            let grid = CardGrid::new(rng.random_range(40.0..4000.0), tile, n);
            // The view may still be where a longer list had been scrolled to.
            let top = rng.random_range(-200.0..300_000.0);
            let visible = grid.visible(top, top + rng.random_range(0.0..3000.0), n);
            assert!(visible.start <= visible.end && visible.end <= n, "{visible:?} of {n}");
        }
        let grid = CardGrid::new(1000.0, 144.0, 57);
        assert_eq!(grid.visible(0.0, grid.height(), 57), 0..57);
    }
}
