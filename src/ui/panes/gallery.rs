//! The gallery: one card per identity, only the visible rows laid out.

use std::ops::Range;

use eframe::egui::{Context, EventFilter, Rect, Response, ScrollArea, Sense, Ui, pos2, vec2};

use crate::review::IdentityId;
use crate::ui::actions::menu;
use crate::ui::lang::t;
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;
use crate::ui::widgets::name_field::{self, NameField};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{card, theme};

/// Room between rows, in points.
const ROW_GAP: f32 = 14.0;
/// Room that selection rings need around the outer cards.
const EDGE: f32 = 4.0;

/// Where a gallery puts its cards.
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

/// Draws the gallery.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    naming: &mut Option<NameField>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let shown = view.listing.shown();
    if shown.is_empty() {
        empty(ui, view, state);
        return;
    }
    let grid = CardGrid::new(ui.available_width() - ui.spacing().scroll.bar_width, view.tile, shown.len());
    state.columns = grid.columns;
    ScrollArea::vertical().id_salt("gallery").auto_shrink(false).show_viewport(ui, |ui, viewport| {
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
                naming,
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
    naming: &mut Option<NameField>,
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
        response.request_focus();
    }
    if response.double_clicked() {
        out.push(Request::Go(Page::Identity(id)));
    }
    if response.secondary_clicked() && !state.identities.contains(id) {
        state.identities.only(id);
    }
    response.context_menu(|ui| menu::identities(ui, view, state, out));
    card::draw(ui, place.rect, card, state.identities.contains(id), &response, thumbs);
    if let Some(name) = naming.as_mut().filter(|name| name.identity() == id) {
        let rect = card::name_rect(place.rect).expand2(vec2(4.0, 3.0));
        let end = name_field::show(ui, name, rect, view, thumbs);
        name_field::finish(ui.ctx(), naming, state, out, end);
    }
}

/// The arrows are the page's while a card has the keyboard.
fn keyboard(ctx: &Context, state: &mut PageState, response: &Response, id: IdentityId) {
    if response.has_focus() {
        state.page_has_focus = true;
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ctx.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        if state.identities.cursor().is_none() {
            state.identities.only(id);
        }
    } else if state.page_has_focus
        && state.identities.cursor() == Some(id)
        && ctx.memory(|m| m.focused().is_none())
    {
        // The keyboard follows the cursor when the arrows move it.
        response.request_focus();
    }
}

fn empty(ui: &mut Ui, view: &PanelContext, state: &mut PageState) {
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
