//! The bar above the pages: project, search, undo, export, settings; and the row of filters.

use eframe::egui::{Align, Button, Layout, RichText, Slider, TextWrapMode, ThemePreference, Ui};

use crate::review::LogEntry;
use crate::ui::actions::{Action, menu, table};
use crate::ui::lang::{self, t, texts};
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::saved_state::{LanguageChoice, TILES, Theme};
use crate::ui::view::state::PageState;
use crate::ui::widgets::{icons, theme};

/// Draws the bar.
pub(crate) fn show(
    ui: &mut Ui,
    name: &str,
    looks: (Theme, LanguageChoice),
    view: &PanelContext,
    state: &mut PageState,
    tile: &mut f32,
    out: &mut Vec<Request>,
) {
    ui.horizontal(|ui| {
        let root = view.session.root().display().to_string();
        let width = (ui.available_width() * 0.22).max(90.0);
        ui.scope(|ui| {
            ui.set_max_width(width);
            ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
            let title = RichText::new(name).size(17.0).strong();
            let menu = ui.menu_button(title, |ui| {
                ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
                for action in
                    [&table::OPEN, &table::IMPORT_NAMES, &table::MERGE_PROJECT, &table::MOVED_TRACKS]
                {
                    menu::item(ui, action, view, state, out);
                }
            });
            menu.response.accessible_name(t!("project-menu", name = name)).on_hover_text(root);
        });
        ui.add_space(theme::GAP);
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
            if ui.available_width() > 260.0 {
                size(ui, tile);
            }
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
            &table::SURE_MATCHES,
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

/// The size of the pictures.
fn size(ui: &mut Ui, tile: &mut f32) {
    ui.spacing_mut().slider_width = 110.0;
    let slider = ui.add(Slider::new(tile, TILES).show_value(false));
    slider.accessible_name(t!("picture-size")).on_hover_text(t!("picture-size"));
}
