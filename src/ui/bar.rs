//! The bar above the pages: project, search, undo, export, settings; and the row of filters.

use eframe::egui::{Align, Button, ComboBox, Label, Layout, RichText, Slider, ThemePreference, Ui};

use super::actions::Action;
use super::icons;
use super::identity;
use super::lang::{self, t};
use super::listing::{Chip, Sort};
use super::look::{Look, Page, Request, View};
use super::recent::{Speech, TILES, Theme};
use super::{menu, paint, theme, words};
use crate::review::Entry;

/// Draws the bar.
pub(super) fn show(
    ui: &mut Ui,
    name: &str,
    looks: (Theme, Speech),
    view: &View,
    look: &mut Look,
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
        identity::search(ui, look);
        views(ui, view, look, out);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let leave = icons::button(ui, icons::LEAVE, &t!("close-project"), true);
            let tip = format!("{}. {}", t!("close-project"), t!("close-project-tip"));
            if leave.on_hover_text(tip).clicked() {
                out.push(Request::Close);
            }
            appearance(ui, looks, out);
            for action in [Action::Shortcuts, Action::Palette] {
                sign(ui, action, out);
            }
            let name = Action::Settings.name();
            let settings = Button::selectable(look.settings_open, (icons::text(icons::SETTINGS), &name));
            let settings = ui.add(settings).accessible_name(name);
            if settings.on_hover_text(Action::Settings.tip(ui.ctx())).clicked() {
                out.push(Request::Act(Action::Settings));
            }
            menu::button(ui, Action::Export, view, look, out);
            ui.add_space(theme::GAP);
            step(ui, Action::Redo, view, look, out);
            step(ui, Action::Undo, view, look, out);
        });
    });
}

/// The questions, and the other ways to look at the project.
fn views(ui: &mut Ui, view: &View, look: &Look, out: &mut Vec<Request>) {
    let pairs = Button::selectable(look.page == Page::Pairs, Action::Pairs.name());
    if ui.add(pairs).on_hover_text(Action::Pairs.tip(ui.ctx())).clicked() {
        out.push(Request::Act(Action::Pairs));
    }
    ui.menu_button(t!("look-at"), |ui| {
        for action in
            [Action::Known, Action::Timeline, Action::Map, Action::Strangers, Action::History, Action::Why]
        {
            menu::item(ui, action, view, look, out);
        }
    });
}

/// An action that can always be done, as its icon.
fn sign(ui: &mut Ui, action: Action, out: &mut Vec<Request>) {
    let response = icons::button(ui, action.icon(), &action.name(), true);
    if response.on_hover_text(action.tip(ui.ctx())).clicked() {
        out.push(Request::Act(action));
    }
}

/// Undo or redo, with what it would do.
fn step(ui: &mut Ui, action: Action, view: &View, look: &Look, out: &mut Vec<Request>) {
    let history = view.session.history();
    let key = action.key_text(ui.ctx());
    let told = |entry: &Entry| (words::entry(entry), lang::moment(entry.at));
    let tip = match (action, history.to_undo().map(told), history.to_redo().map(told)) {
        (Action::Undo, Some((what, when)), _) => t!("undo-tip", what = what, when = when, key = key),
        (Action::Undo, None, _) => t!("undo-nothing"),
        (_, _, Some((what, when))) => t!("redo-tip", what = what, when = when, key = key),
        (_, _, None) => t!("redo-nothing"),
    };
    let enabled = menu::is_enabled(action, view, look);
    let response = icons::button(ui, action.icon(), &action.name(), enabled);
    let response = response.on_hover_text(&tip).on_disabled_hover_text(&tip);
    if response.clicked() {
        out.push(Request::Act(action));
    }
}

/// Light or dark, and the language.
pub(super) fn appearance(ui: &mut Ui, (theme, speech): (Theme, Speech), out: &mut Vec<Request>) {
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
        // Whoever looks for their language does not read the present one.
        for (this, name) in [
            (Speech::English, "English".to_owned()),
            (Speech::Korean, "한국어".to_owned()),
            (Speech::System, t!("as-system")),
        ] {
            if ui.radio(speech == this, name).clicked() {
                out.push(Request::Speak(this));
            }
        }
    });
    menu.response.accessible_name(t!("appearance")).on_hover_text(t!("appearance"));
}

/// From this width on, filters and sort stand in one row, in points.
const ONE_ROW: f32 = 780.0;

/// Filters, sort and size above the gallery; in two rows where there is little room.
pub(super) fn filters(ui: &mut Ui, view: &View, look: &mut Look, tile: &mut f32, out: &mut Vec<Request>) {
    if ui.available_width() >= ONE_ROW {
        ui.horizontal(|ui| {
            chips(ui, view, look, out);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                size(ui, tile);
                sort(ui, look);
            });
        });
    } else {
        ui.horizontal_wrapped(|ui| chips(ui, view, look, out));
        ui.horizontal(|ui| {
            sort(ui, look);
            size(ui, tile);
        });
    }
}

/// Whom the gallery shows, and the way to those who are nobody's.
fn chips(ui: &mut Ui, view: &View, look: &mut Look, out: &mut Vec<Request>) {
    for (chip, key) in Chip::ALL {
        let text = t!("chip-count", name = t!(key), n = view.listing.counts.of(chip));
        let is_on = look.page == Page::Gallery && look.chip == chip;
        if ui.selectable_label(is_on, text).on_hover_text(t!(&format!("{key}.doc"))).clicked() {
            look.chip = chip;
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

fn sort(ui: &mut Ui, look: &mut Look) {
    let present = Sort::ALL.iter().find(|(sort, _)| *sort == look.sort);
    let present = present.map_or_else(String::new, |(_, key)| t!(key));
    let combo = ComboBox::from_id_salt("sort").selected_text(present).width(140.0);
    let response = combo.show_ui(ui, |ui| {
        for (sort, key) in Sort::ALL {
            ui.selectable_value(&mut look.sort, sort, t!(key));
        }
    });
    response.response.accessible_name(t!("sort")).on_hover_text(t!("sort"));
}

/// What can be done with what is selected, floating above the lower edge.
pub(super) fn selection(ui: &Ui, view: &View, look: &mut Look, out: &mut Vec<Request>) {
    let (n, actions): (usize, &[Action]) = match look.page {
        Page::Gallery => (
            look.choice.len(),
            &[Action::Name, Action::Merge, Action::NotSame, Action::Confirm, Action::Ignore],
        ),
        Page::Identity(_) => (
            look.tracks.len(),
            &[Action::Move, Action::Split, Action::Reject, Action::Cover, Action::Link, Action::NotSame],
        ),
        Page::Unassigned => {
            (look.tracks.len(), &[Action::Move, Action::Split, Action::Link, Action::NotSame])
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
                    menu::button(ui, action, view, look, out);
                }
                if paint::close(ui, &t!("clear-selection")) {
                    look.choice.clear();
                    look.tracks.clear();
                }
            });
        });
    });
}
