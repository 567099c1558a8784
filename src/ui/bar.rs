//! The bar above the pages: project, search, undo, export, settings; and the row of filters.

use eframe::egui::{Align, Button, ComboBox, Layout, RichText, Slider, ThemePreference, Ui};

use super::actions::Action;
use super::identity;
use super::listing::{Chip, Sort, thousands};
use super::look::{Look, Page, Request, View};
use super::menu;
use super::recent::{TILES, Theme};
use super::theme;

/// Draws the bar.
pub(super) fn show(
    ui: &mut Ui,
    name: &str,
    theme: Theme,
    view: &View,
    look: &mut Look,
    out: &mut Vec<Request>,
) {
    ui.horizontal(|ui| {
        let root = view.session.root().display().to_string();
        ui.label(RichText::new(name).size(17.0).strong()).on_hover_text(root);
        ui.add_space(theme::GAP);
        identity::search(ui, look);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("Close project").on_hover_text("Back to the start; everything is saved").clicked() {
                out.push(Request::Close);
            }
            theme_menu(ui, theme, out);
            let sheet =
                ui.button("?").accessible_name("Shortcuts").on_hover_text(Action::Shortcuts.tip(ui.ctx()));
            if sheet.clicked() {
                out.push(Request::Act(Action::Shortcuts));
            }
            let settings = Button::selectable(look.settings_open, "Settings");
            if ui.add(settings).on_hover_text(Action::Settings.tip(ui.ctx())).clicked() {
                out.push(Request::Act(Action::Settings));
            }
            menu::button(ui, Action::Export, view, look, out);
            ui.add_space(theme::GAP);
            step(ui, Action::Redo, "↪", view, look, out);
            step(ui, Action::Undo, "↩", view, look, out);
        });
    });
}

/// Undo or redo, with what it would do.
fn step(ui: &mut Ui, action: Action, sign: &str, view: &View, look: &Look, out: &mut Vec<Request>) {
    let history = view.session.history();
    let entry = if action == Action::Undo { history.to_undo() } else { history.to_redo() };
    let name = action.row().name;
    let key = action.key_text(ui.ctx());
    let tip = entry.map_or_else(
        || format!("Nothing to {}", name.to_lowercase()),
        |entry| format!("{name}: {}  ({key})", entry.edit.words()),
    );
    let enabled = menu::is_enabled(action, view, look);
    let response = ui.add_enabled(enabled, Button::new(RichText::new(sign).size(16.0)));
    let response = response.accessible_name(name).on_hover_text(&tip).on_disabled_hover_text(&tip);
    if response.clicked() {
        out.push(Request::Act(action));
    }
}

/// Light, dark, or as the system has it.
pub(super) fn theme_menu(ui: &mut Ui, present: Theme, out: &mut Vec<Request>) {
    let (sign, next, tip) = match present {
        Theme::Light => ("Light", ThemePreference::Dark, "Light; click for dark"),
        Theme::Dark => ("Dark", ThemePreference::System, "Dark; click to follow the system"),
        Theme::System => ("Auto", ThemePreference::Light, "As the system has it; click for light"),
    };
    if ui.button(sign).accessible_name("Theme").on_hover_text(tip).clicked() {
        out.push(Request::Theme(next));
    }
}

/// Filters, sort and size above the gallery.
pub(super) fn filters(ui: &mut Ui, view: &View, look: &mut Look, tile: &mut f32, out: &mut Vec<Request>) {
    ui.horizontal(|ui| {
        for (chip, name, doc) in Chip::ALL {
            let text = format!("{name}  {}", thousands(view.listing.counts.of(chip)));
            let is_on = look.page == Page::Gallery && look.chip == chip;
            if ui.selectable_label(is_on, text).on_hover_text(doc).clicked() {
                look.chip = chip;
            }
        }
        ui.separator();
        let text = format!("Unassigned  {}", thousands(view.listing.counts.unassigned));
        let tip = "Rejected tracks, and those without a usable face";
        if ui.selectable_label(false, text).on_hover_text(tip).clicked() {
            out.push(Request::Go(Page::Unassigned));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().slider_width = 110.0;
            let slider = Slider::new(tile, TILES).show_value(false);
            ui.add(slider).accessible_name("Picture size").on_hover_text("Picture size");
            let present = Sort::ALL.iter().find(|(sort, _)| *sort == look.sort).map_or("", |(_, name)| name);
            let combo = ComboBox::from_id_salt("sort").selected_text(present).width(140.0);
            let response = combo.show_ui(ui, |ui| {
                for (sort, name) in Sort::ALL {
                    ui.selectable_value(&mut look.sort, sort, name);
                }
            });
            response.response.on_hover_text("Sort");
        });
    });
}

/// What can be done with what is selected, floating above the lower edge.
pub(super) fn selection(ui: &Ui, view: &View, look: &mut Look, out: &mut Vec<Request>) {
    let (n, what, actions): (usize, &str, &[Action]) = match look.page {
        Page::Gallery => (
            look.choice.len(),
            "selected",
            &[Action::Name, Action::Merge, Action::NotSame, Action::Confirm, Action::Ignore],
        ),
        Page::Identity(_) => {
            (look.tracks.len(), "selected", &[Action::Move, Action::Split, Action::Reject, Action::Cover])
        }
        Page::Unassigned => (look.tracks.len(), "selected", &[Action::Move, Action::Split]),
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
                ui.label(RichText::new(format!("{} {what}", thousands(n))).strong());
                for &action in actions {
                    menu::button(ui, action, view, look, out);
                }
                if ui
                    .button("✖")
                    .accessible_name("Clear the selection")
                    .on_hover_text("Clear (Esc)")
                    .clicked()
                {
                    look.choice.clear();
                    look.tracks.clear();
                }
            });
        });
    });
}
