//! The page of one identity, and the Unassigned tray: tracks as filmstrips.

use eframe::egui::{Button, Rect, RichText, ScrollArea, TextEdit, TextWrapMode, Ui, pos2, vec2};

use super::actions::Action;
use super::filmstrip;
use super::gallery::finish_naming;
use super::icons;
use super::lang::t;
use super::listing::Card;
use super::menu;
use super::name_field;
use super::paint;
use super::state::{Page, PanelContext, Request, UiState};
use super::theme;
use super::thumbnails::Thumbnails;
use crate::review::{IdentityId, IdentityState};

/// Draws the page.
pub(super) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut UiState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    match state.page {
        Page::Identity(id) => {
            if let Some(card) = view.listing.card(id) {
                header(ui, card, view, state, thumbs, out);
            }
        }
        _ => tray_header(ui, view, out),
    }
    ui.add_space(theme::GAP * 0.5);
    if state.split.is_some() {
        return super::split::show(ui, view, state, thumbs, out);
    }
    if state.checking.is_some() {
        return super::check_grid::show(ui, view, state, thumbs, out);
    }
    if matches!(state.page, Page::Identity(id) if state.unsplittable == Some(id)) {
        paint::note(ui, t!("parting-none"));
    }
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
            filmstrip::show(ui, (place(at), view.tracks[at], at == stop), view, state, thumbs, out);
        }
    });
}

/// The button that leads from a page to the gallery.
pub(super) fn back_button(ui: &mut Ui, out: &mut Vec<Request>) {
    let tip = Action::Back.tip(ui.ctx());
    if ui
        .button((icons::text(icons::BACK), t!("back")))
        .accessible_name(t!("back"))
        .on_hover_text(tip)
        .clicked()
    {
        out.push(Request::Go(Page::Gallery));
    }
}

fn header(
    ui: &mut Ui,
    card: &Card,
    view: &PanelContext,
    state: &mut UiState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    ui.horizontal(|ui| {
        back_button(ui, out);
        ui.add_space(theme::GAP);
        if state.naming.as_ref().is_some_and(|name| name.identity() == card.id) {
            name_box(ui, view, state, thumbs, out);
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
                out.push(Request::Act(Action::Name));
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
            menu::button(ui, Action::SplitIntoTracks, view, state, out);
            menu::button(ui, Action::SuggestSplit, view, state, out);
            menu::button(ui, Action::CheckTracks, view, state, out);
            menu::button(ui, Action::Ignore, view, state, out);
            menu::button(ui, Action::Confirm, view, state, out);
        });
    });
    let order = t!("most-doubtful-first", tracks = t!("tracks", n = card.n_tracks));
    ui.label(RichText::new(order).small().color(theme::muted(ui)));
}

/// Buttons to the identities before and after.
fn turn(ui: &mut Ui, id: IdentityId, view: &PanelContext, out: &mut Vec<Request>) {
    let shown = view.listing.shown();
    let at = shown.iter().position(|&other| other == id);
    for (action, sign, can) in [
        (Action::Next, icons::NEXT, at.is_some_and(|at| at + 1 < shown.len())),
        (Action::Previous, icons::PREVIOUS, at.is_some_and(|at| at > 0)),
    ] {
        let response = icons::button(ui, sign, &action.name(), can).on_hover_text(action.tip(ui.ctx()));
        if response.clicked() {
            out.push(Request::Act(action));
        }
    }
}

fn name_box(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut UiState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let (rect, _) = ui.allocate_exact_size(vec2(260.0, 26.0), eframe::egui::Sense::hover());
    let Some(name) = state.naming.as_mut() else { return };
    let end = name_field::show(ui, name, rect, view, thumbs);
    finish_naming(ui.ctx(), state, out, end);
}

fn tray_header(ui: &mut Ui, view: &PanelContext, out: &mut Vec<Request>) {
    ui.horizontal(|ui| {
        back_button(ui, out);
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

/// The search box of the bar; here because pages share it.
pub(super) fn search(ui: &mut Ui, state: &mut UiState) {
    let edit = TextEdit::singleline(&mut state.search).hint_text(Action::Search.name()).desired_width(170.0);
    let response =
        ui.add(edit).accessible_name(Action::Search.name()).on_hover_text(Action::Search.tip(ui.ctx()));
    if std::mem::take(&mut state.focus_search) {
        response.request_focus();
    }
    if response.changed() && state.page != Page::Gallery {
        state.page = Page::Gallery;
    }
}
