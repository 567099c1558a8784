//! The page of one identity, and the Unassigned tray: tracks as filmstrips.

use eframe::egui::{Button, Rect, RichText, ScrollArea, TextWrapMode, Ui, pos2, vec2};

use crate::review::{IdentityId, IdentityState};
use crate::ui::actions::{menu, table};
use crate::ui::lang::t;
use crate::ui::panes::candidates::CandidateIdentities;
use crate::ui::panes::filmstrip;
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::listing::Card;
use crate::ui::view::state::PageState;
use crate::ui::widgets::name_field::{self, NameField};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{icons, paint, theme};

/// Draws what stands above the tracks: who it is and what can be done with them, or the tray.
pub(crate) fn header(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    naming: &mut Option<NameField>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    match state.page {
        Page::Identity(id) => {
            if let Some(card) = view.listing.card(id) {
                identity(ui, card, view, state, naming, thumbs, out);
            }
        }
        _ => tray(ui, view, out),
    }
    ui.add_space(theme::GAP * 0.5);
}

/// Says that nothing was found to split, where that is so.
pub(crate) fn unsplittable(ui: &mut Ui, page: Page, found: Option<IdentityId>) {
    if matches!(page, Page::Identity(id) if found == Some(id)) {
        paint::note(ui, t!("parting-none"));
    }
}

/// Draws the tracks, one row each.
pub(crate) fn tracks(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    candidates: &mut CandidateIdentities,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let salt = match state.page {
        Page::Identity(id) => id.0,
        _ => 0,
    };
    ScrollArea::vertical().id_salt(("tracks", salt)).auto_shrink(false).show_viewport(ui, |ui, viewport| {
        let n = view.tracks.len();
        ui.set_height(n as f32 * filmstrip::ROW + 64.0);
        let corner = ui.max_rect().min;
        let width = ui.max_rect().width();
        let place = |at: usize| {
            Rect::from_min_size(
                pos2(corner.x, corner.y + at as f32 * filmstrip::ROW),
                vec2(width, filmstrip::ROW),
            )
        };
        let at_cursor =
            state.tracks.cursor().and_then(|ix| view.tracks.iter().position(|&other| other == ix));
        if std::mem::take(&mut state.tracks.reveal)
            && let Some(at) = at_cursor
        {
            ui.scroll_to_rect(place(at), None);
        }
        let first = ((viewport.top() / filmstrip::ROW).floor().max(0.0) as usize).min(n);
        let last = ((viewport.bottom() / filmstrip::ROW).ceil().max(0.0) as usize).min(n);
        let stop = at_cursor.filter(|at| (first..last).contains(at)).unwrap_or(first);
        for at in first..last {
            filmstrip::show(
                ui,
                (place(at), view.tracks[at], at == stop),
                view,
                state,
                candidates,
                thumbs,
                out,
            );
        }
    });
}

fn identity(
    ui: &mut Ui,
    card: &Card,
    view: &PanelContext,
    state: &mut PageState,
    naming: &mut Option<NameField>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    ui.horizontal(|ui| {
        menu::back_button(ui, out);
        ui.add_space(theme::GAP);
        if naming.as_ref().is_some_and(|name| name.identity() == card.id) {
            name_box(ui, view, state, naming, thumbs, out);
        } else {
            let ink =
                if card.is_named { ui.visuals().strong_text_color() } else { ui.visuals().text_color() };
            let title = RichText::new(&card.title).size(21.0).color(ink);
            let title = Button::new(title).frame(false).wrap_mode(TextWrapMode::Truncate);
            let width = (ui.available_width() - 750.0).max(120.0);
            let response = ui
                .scope(|ui| {
                    ui.set_max_width(width);
                    ui.add_enabled(!view.is_read_only(), title)
                })
                .inner
                .on_hover_text(t!("click-to-name"))
                .on_disabled_hover_text(&card.title);
            if response.clicked() {
                out.extend(table::NAME.request(view, state));
            }
        }
        let status = match card.state {
            IdentityState::Proposed => String::new(),
            IdentityState::Confirmed => format!("   {}", t!("confirmed")),
            IdentityState::Ignored => format!("   {}", t!("ignored")),
        };
        ui.label(RichText::new(format!("{}{status}", card.facts())).color(theme::muted(ui)));
        ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
            turn(ui, card.id, view, out);
            menu::button(ui, &table::TAKE_APART, view, state, out);
            menu::button(ui, &table::SUGGEST_SPLIT, view, state, out);
            menu::button(ui, &table::CHECK_TRACKS, view, state, out);
            menu::button(ui, &table::IGNORE, view, state, out);
            menu::button(ui, &table::CONFIRM, view, state, out);
        });
    });
    let order = t!("most-doubtful-first", tracks = t!("tracks", n = card.n_tracks));
    ui.label(RichText::new(order).small().color(theme::muted(ui)));
}

/// Buttons to the identities before and after.
fn turn(ui: &mut Ui, id: IdentityId, view: &PanelContext, out: &mut Vec<Request>) {
    let shown = view.listing.shown();
    let at = shown.iter().position(|&other| other == id);
    for (action, by, can) in [
        (&table::NEXT, 1, at.is_some_and(|at| at + 1 < shown.len())),
        (&table::PREVIOUS, -1, at.is_some_and(|at| at > 0)),
    ] {
        let response =
            icons::button(ui, action.icon, &action.name(), can).on_hover_text(action.tip(ui.ctx()));
        if response.clicked() {
            out.push(Request::Neighbour(by));
        }
    }
}

fn name_box(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    naming: &mut Option<NameField>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let (rect, _) = ui.allocate_exact_size(vec2(260.0, 26.0), eframe::egui::Sense::hover());
    let Some(name) = naming.as_mut() else { return };
    let end = name_field::show(ui, name, rect, view, thumbs);
    name_field::finish(ui.ctx(), naming, state, out, end);
}

fn tray(ui: &mut Ui, view: &PanelContext, out: &mut Vec<Request>) {
    ui.horizontal(|ui| {
        menu::back_button(ui, out);
        ui.add_space(theme::GAP);
        ui.label(RichText::new(t!("unassigned")).size(21.0).color(ui.visuals().strong_text_color()));
        let review = view.session.review();
        let rejected = view.tracks.iter().filter(|&&ix| review.is_rejected(ix)).count();
        let text = t!("tray-facts", rejected = rejected, unusable = view.tracks.len() - rejected);
        ui.label(RichText::new(text).color(theme::muted(ui)));
    });
    if view.tracks.is_empty() {
        ui.add_space(theme::GAP * 2.0);
        ui.label(t!("tray-empty"));
    }
}
