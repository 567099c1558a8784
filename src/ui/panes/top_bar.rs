//! The bar above the pages: project, search, undo, export, settings; and the row of filters.

use eframe::egui::{Align, Button, ComboBox, Label, Layout, RichText, Slider, TextEdit, ThemePreference, Ui};

use crate::review::LogEntry;
use crate::ui::actions::{Action, menu, table};
use crate::ui::lang::{self, t, texts};
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::listing::{IdentityFilter, SortOrder};
use crate::ui::view::saved_state::{LanguageChoice, TILES, Theme};
use crate::ui::view::state::PageState;
use crate::ui::widgets::{icons, paint, theme};

/// Draws the bar.
pub(crate) fn show(
    ui: &mut Ui,
    name: &str,
    looks: (Theme, LanguageChoice),
    view: &PanelContext,
    state: &mut PageState,
    out: &mut Vec<Request>,
) {
    ui.horizontal(|ui| {
        let root = view.session.root().display().to_string();
        let title = Label::new(RichText::new(name).size(17.0).strong()).truncate();
        let width = (ui.available_width() * 0.22).max(90.0);
        ui.scope(|ui| {
            ui.set_max_width(width);
            ui.add(title).on_hover_text(root);
        });
        ui.add_space(theme::GAP);
        search(ui, state);
        views(ui, view, state, out);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let leave = icons::button(ui, icons::LEAVE, &t!("close-project"), true);
            let tip = format!("{}. {}", t!("close-project"), t!("close-project-tip"));
            if leave.on_hover_text(tip).clicked() {
                out.push(Request::Close);
            }
            appearance(ui, looks, out);
            for action in [&table::SHORTCUTS, &table::PALETTE] {
                menu::icon_button(ui, action, view, state, out);
            }
            let name = table::SETTINGS.name();
            let settings = Button::selectable(state.settings_open, (icons::text(icons::SETTINGS), &name));
            let settings = ui.add(settings).accessible_name(name);
            if settings.on_hover_text(table::SETTINGS.tip(ui.ctx())).clicked() {
                out.push(Request::ToggleSettings);
            }
            menu::button(ui, &table::EXPORT, view, state, out);
            ui.add_space(theme::GAP);
            undo_button(ui, &table::REDO, view, state, out);
            undo_button(ui, &table::UNDO, view, state, out);
        });
    });
}

/// The questions, and the other ways to look at the project.
fn views(ui: &mut Ui, view: &PanelContext, state: &PageState, out: &mut Vec<Request>) {
    let pairs = Button::selectable(state.page == Page::Pairs, table::PAIRS.name());
    if ui.add(pairs).on_hover_text(table::PAIRS.tip(ui.ctx())).clicked() {
        out.push(Request::TogglePage(Page::Pairs));
    }
    ui.menu_button(t!("look-at"), |ui| {
        for action in [
            &table::KNOWN_PEOPLE,
            &table::TIMELINE,
            &table::MAP,
            &table::STRANGERS,
            &table::HISTORY,
            &table::WHY,
        ] {
            menu::item(ui, action, view, state, out);
        }
    });
}

/// Undo or redo, with what it would do.
fn undo_button(ui: &mut Ui, action: &Action, view: &PanelContext, state: &PageState, out: &mut Vec<Request>) {
    let history = view.session.history();
    let key = action.key_text(ui.ctx());
    let described = |entry: &LogEntry| (texts::entry(entry), lang::date_time(entry.at));
    let tip = if *action == table::UNDO {
        history.to_undo().map(described).map_or_else(
            || t!("undo-nothing"),
            |(what, when)| t!("undo-tip", what = what, when = when, key = key),
        )
    } else {
        history.to_redo().map(described).map_or_else(
            || t!("redo-nothing"),
            |(what, when)| t!("redo-tip", what = what, when = when, key = key),
        )
    };
    let can = action.why_not(view, state).is_none();
    let response = icons::button(ui, action.icon, &action.name(), can);
    if response.on_hover_text(&tip).on_disabled_hover_text(&tip).clicked() {
        out.extend(action.request(view, state));
    }
}

/// Light or dark, and the language.
pub(crate) fn appearance(ui: &mut Ui, (theme, speech): (Theme, LanguageChoice), out: &mut Vec<Request>) {
    let menu = ui.menu_button(icons::text(icons::APPEARANCE), |ui| {
        ui.label(RichText::new(t!("theme")).small().color(theme::muted(ui)));
        for (this, name, wanted) in [
            (Theme::Light, t!("theme-light"), ThemePreference::Light),
            (Theme::Dark, t!("theme-dark"), ThemePreference::Dark),
            (Theme::System, t!("as-system"), ThemePreference::System),
        ] {
            if ui.radio(theme == this, name).clicked() {
                out.push(Request::Theme(wanted));
            }
        }
        ui.separator();
        ui.label(RichText::new(t!("language")).small().color(theme::muted(ui)));
        // A user who looks for their language may not read the present one.
        for (this, name) in [
            (LanguageChoice::English, "English".to_owned()),
            (LanguageChoice::Korean, "한국어".to_owned()),
            (LanguageChoice::System, t!("as-system")),
        ] {
            if ui.radio(speech == this, name).clicked() {
                out.push(Request::Language(this));
            }
        }
    });
    menu.response.accessible_name(t!("appearance")).on_hover_text(t!("appearance"));
}

/// From this width on, filters and sort are in one row, in points.
const ONE_ROW: f32 = 780.0;

/// Filters, sort and size above the gallery; in two rows where there is little room.
pub(crate) fn filters(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    tile: &mut f32,
    out: &mut Vec<Request>,
) {
    if ui.available_width() >= ONE_ROW {
        ui.horizontal(|ui| {
            chips(ui, view, state, out);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                size(ui, tile);
                sort(ui, state);
            });
        });
    } else {
        ui.horizontal_wrapped(|ui| chips(ui, view, state, out));
        ui.horizontal(|ui| {
            sort(ui, state);
            size(ui, tile);
        });
    }
}

/// The filters of the gallery, and the way to unassigned tracks.
fn chips(ui: &mut Ui, view: &PanelContext, state: &mut PageState, out: &mut Vec<Request>) {
    for (chip, key) in IdentityFilter::ALL {
        let text = t!("chip-count", name = t!(key), n = view.listing.counts.of(chip));
        let is_on = state.page == Page::Gallery && state.filter == chip;
        if ui.selectable_label(is_on, text).on_hover_text(t!(&format!("{key}.doc"))).clicked() {
            state.filter = chip;
        }
    }
    ui.separator();
    let text = t!("chip-count", name = t!("unassigned"), n = view.listing.counts.unassigned);
    if ui.selectable_label(false, text).on_hover_text(t!("unassigned.doc")).clicked() {
        out.push(Request::Go(Page::Unassigned));
    }
}

fn size(ui: &mut Ui, tile: &mut f32) {
    ui.spacing_mut().slider_width = 110.0;
    let slider = ui.add(Slider::new(tile, TILES).show_value(false));
    slider.accessible_name(t!("picture-size")).on_hover_text(t!("picture-size"));
}

fn sort(ui: &mut Ui, state: &mut PageState) {
    let present = SortOrder::ALL.iter().find(|(sort, _)| *sort == state.sort);
    let present = present.map_or_else(String::new, |(_, key)| t!(key));
    let combo = ComboBox::from_id_salt("sort").selected_text(present).width(140.0);
    let response = combo.show_ui(ui, |ui| {
        for (sort, key) in SortOrder::ALL {
            ui.selectable_value(&mut state.sort, sort, t!(key));
        }
    });
    response.response.accessible_name(t!("sort")).on_hover_text(t!("sort"));
}

/// What can be done with what is selected, floating above the lower edge.
pub(crate) fn selection(ui: &Ui, view: &PanelContext, state: &mut PageState, out: &mut Vec<Request>) {
    let (n, actions): (usize, &[&Action]) = match state.page {
        Page::Gallery => (
            state.identities.len(),
            &[&table::NAME, &table::MERGE, &table::NEVER_SAME, &table::CONFIRM, &table::IGNORE],
        ),
        Page::Identity(_) => (
            state.tracks.len(),
            &[&table::MOVE, &table::SPLIT, &table::REJECT, &table::COVER, &table::LINK, &table::NEVER_SAME],
        ),
        Page::Unassigned => {
            (state.tracks.len(), &[&table::MOVE, &table::SPLIT, &table::LINK, &table::NEVER_SAME])
        }
        _ => return,
    };
    if n == 0 {
        return;
    }
    let id = eframe::egui::Id::unique("selection");
    let area = eframe::egui::Area::new(id).order(eframe::egui::Order::Middle);
    let center = ui.max_rect().center_bottom() - eframe::egui::vec2(0.0, 14.0);
    area.pivot(eframe::egui::Align2::CENTER_BOTTOM).fixed_pos(center).show(ui.ctx(), |ui| {
        eframe::egui::Frame::popup(ui.style()).inner_margin(8).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(t!("selected", n = n)).strong());
                for &action in actions {
                    menu::button(ui, action, view, state, out);
                }
                if paint::close(ui, &t!("clear-selection")) {
                    state.identities.clear();
                    state.tracks.clear();
                }
            });
        });
    });
}

/// The search box.
fn search(ui: &mut Ui, state: &mut PageState) {
    let edit = TextEdit::singleline(&mut state.search).hint_text(table::SEARCH.name()).desired_width(170.0);
    let response =
        ui.add(edit).accessible_name(table::SEARCH.name()).on_hover_text(table::SEARCH.tip(ui.ctx()));
    if std::mem::take(&mut state.focus_search) {
        response.request_focus();
    }
    if response.changed() && state.page != Page::Gallery {
        state.page = Page::Gallery;
    }
}
