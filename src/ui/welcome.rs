//! The first page: open a folder, go on with a project, try the demo.

use std::path::PathBuf;

use eframe::egui::{Align, Button, Frame, Key, Layout, RichText, TextEdit, TextWrapMode, Ui, vec2};

use super::desk::folder_name;
use super::look::{Browse, Request};
use super::paint;
use super::theme;

/// Draws the page; `path` is the text of the path box.
pub(super) fn show(
    ui: &mut Ui,
    path: &mut String,
    recent: &[PathBuf],
    is_busy: bool,
    out: &mut Vec<Request>,
) {
    let width = 460.0_f32.min(ui.available_width() - 32.0);
    let height = 330.0 + 34.0 * recent.len() as f32;
    ui.vertical_centered(|ui| {
        ui.add_space(((ui.available_height() - height) * 0.42).max(16.0));
        ui.set_max_width(width);
        ui.label(RichText::new("Castlist").size(38.0).strong());
        ui.label(RichText::new("Who is in this footage?").size(16.0).color(theme::muted(ui)));
        ui.add_space(theme::GAP * 3.0);
        ui.add_enabled_ui(!is_busy, |ui| {
            let button = paint::primary(ui, "Open folder…").min_size(vec2(width, 38.0));
            let tip = "A folder of face tracks: one folder of pictures a track";
            if ui.add(button).on_hover_text(tip).clicked() {
                out.push(Request::Browse(Browse::Tracks));
            }
            ui.add_space(theme::GAP * 0.5);
            path_box(ui, path, width, out);
            ui.add_space(theme::GAP * 0.5);
            let demo = Button::new("Try the demo").min_size(vec2(width, 30.0));
            if ui.add(demo).on_hover_text("Draws about 30 people in 200 tracks and groups them").clicked() {
                out.push(Request::Demo);
            }
            ui.add_space(theme::GAP);
            paint::note(ui, "You can also drop a folder or a project here.");
            if !recent.is_empty() {
                ui.add_space(theme::GAP * 2.0);
                recent_list(ui, recent, width, out);
            }
        });
    });
}

fn path_box(ui: &mut Ui, path: &mut String, width: f32, out: &mut Vec<Request>) {
    ui.allocate_ui_with_layout(vec2(width, 30.0), Layout::left_to_right(Align::Center), |ui| {
        let edit = TextEdit::singleline(path)
            .hint_text("Or the path of a folder or project")
            .margin(vec2(8.0, 6.0))
            .desired_width(width - 70.0);
        let response = ui.add(edit).accessible_name("Path");
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let text = path.trim();
        let open = Button::new("Open").min_size(vec2(ui.available_width(), 28.0));
        if (ui.add_enabled(!text.is_empty(), open).clicked() || enter) && !text.is_empty() {
            out.push(Request::Open(PathBuf::from(text)));
        }
    });
}

fn recent_list(ui: &mut Ui, recent: &[PathBuf], width: f32, out: &mut Vec<Request>) {
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.strong("Recent");
        for path in recent {
            ui.allocate_ui_with_layout(vec2(width, 28.0), Layout::right_to_left(Align::Center), |ui| {
                let name = folder_name(path);
                let forget = ui.add(Button::new("✖").frame(false));
                let forget =
                    forget.accessible_name(format!("Forget {name}")).on_hover_text("Take off this list");
                if forget.clicked() {
                    out.push(Request::ForgetRecent(path.clone()));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let open = Button::new(RichText::new(&name).color(theme::accent(ui))).frame(false);
                    let response = ui.add(open.wrap_mode(TextWrapMode::Truncate));
                    if response.accessible_name(format!("Open {name}")).clicked() {
                        out.push(Request::Open(path.clone()));
                    }
                    let place = path.parent().map(|parent| parent.display().to_string()).unwrap_or_default();
                    let label = RichText::new(place).small().color(theme::muted(ui));
                    ui.add(eframe::egui::Label::new(label).truncate());
                });
            });
        }
    });
}

/// What stands in place of the gallery while the first run is on its way, or after it failed.
pub(super) fn waiting(ui: &mut Ui, is_busy: bool, is_read_only: bool, out: &mut Vec<Request>) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.32);
        if is_busy {
            ui.spinner();
            ui.add_space(theme::GAP);
            ui.heading("Looking at faces…");
            ui.label("Identities appear here as soon as the tracks are grouped.");
        } else if is_read_only {
            ui.heading("Nothing to show yet");
            ui.label("Nobody has grouped these tracks, and this project is read-only.");
        } else {
            ui.heading("Not grouped yet");
            ui.label("Group the tracks to see who is in them. What is done already is kept.");
            ui.add_space(theme::GAP);
            if ui.add(paint::primary(ui, "Group the tracks")).clicked() {
                out.push(Request::Act(super::actions::Action::Rerun));
            }
        }
    });
}

/// The frame that appears while files are dragged over the window.
pub(super) fn drop_target(ui: &Ui) {
    let files = ui.input(|input| input.raw.hovered_files.len());
    if files == 0 {
        return;
    }
    let rect = ui.ctx().content_rect();
    let painter = ui.ctx().layer_painter(eframe::egui::LayerId::new(
        eframe::egui::Order::Foreground,
        eframe::egui::Id::unique("drop"),
    ));
    let frame = Frame::new().fill(theme::accent(ui).gamma_multiply(0.25));
    painter.add(frame.paint(rect));
    let font = eframe::egui::FontId::proportional(24.0);
    let ink = ui.visuals().strong_text_color();
    painter.text(rect.center(), eframe::egui::Align2::CENTER_CENTER, "Drop to open", font, ink);
}
