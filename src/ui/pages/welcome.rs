//! The first page: open a folder, go on with a project, try the demo.

use std::path::PathBuf;

use eframe::egui::{Align, Button, Frame, Key, Layout, RichText, TextEdit, TextWrapMode, Ui, vec2};

use crate::ui::lang::t;
use crate::ui::view::ask::{FileDialogKind, PathPurpose, Request};
use crate::ui::view::listing::folder_name;
use crate::ui::view::saved_state::SavedState;
use crate::ui::widgets::{paint, theme};

/// Draws the page; `path` is the text of the path box.
pub(crate) fn show(
    ui: &mut Ui,
    path: &mut String,
    memory: &SavedState,
    is_busy: bool,
    out: &mut Vec<Request>,
) {
    let width = 460.0_f32.min(ui.available_width() - 32.0);
    let (recent, gone) = (memory.recent_there(), memory.recent_gone());
    let height = 330.0 + 34.0 * memory.recent.len() as f32;
    ui.vertical_centered(|ui| {
        ui.add_space(((ui.available_height() - height) * 0.42).max(16.0));
        ui.set_max_width(width);
        ui.label(RichText::new("Castlist").size(38.0).strong());
        ui.label(RichText::new(t!("tagline")).size(16.0).color(theme::muted(ui)));
        ui.add_space(theme::GAP * 3.0);
        ui.add_enabled_ui(!is_busy, |ui| {
            let button = paint::primary(ui, t!("open-folder")).min_size(vec2(width, 38.0));
            if ui.add(button).on_hover_text(t!("open-folder-tip")).clicked() {
                out.push(Request::ChooseFolder(FileDialogKind::Tracks));
            }
            ui.add_space(theme::GAP * 0.5);
            path_box(ui, path, width, out);
            ui.add_space(theme::GAP * 0.5);
            let demo = Button::new(t!("try-demo")).min_size(vec2(width, 30.0));
            if ui.add(demo).on_hover_text(t!("try-demo-tip")).clicked() {
                out.push(Request::Demo);
            }
            ui.add_space(theme::GAP);
            paint::note(ui, t!("drop-here"));
            if !recent.is_empty() {
                ui.add_space(theme::GAP * 2.0);
                recent_list(ui, recent, width, out);
            }
            if !gone.is_empty() {
                ui.add_space(theme::GAP * 2.0);
                gone_list(ui, gone, width, out);
            }
        });
    });
}

fn path_box(ui: &mut Ui, path: &mut String, width: f32, out: &mut Vec<Request>) {
    ui.allocate_ui_with_layout(vec2(width, 30.0), Layout::left_to_right(Align::Center), |ui| {
        let edit = TextEdit::singleline(path)
            .hint_text(t!("path-hint"))
            .margin(vec2(8.0, 6.0))
            .desired_width(width - 70.0);
        let response = ui.add(edit).accessible_name(t!("path"));
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let text = path.trim();
        let open = Button::new(t!("open")).min_size(vec2(ui.available_width(), 28.0));
        if (ui.add_enabled(!text.is_empty(), open).clicked() || enter) && !text.is_empty() {
            out.push(Request::Open(PathBuf::from(text)));
        }
    });
}

fn recent_list(ui: &mut Ui, recent: &[PathBuf], width: f32, out: &mut Vec<Request>) {
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.strong(t!("recent"));
        for path in recent {
            ui.allocate_ui_with_layout(vec2(width, 28.0), Layout::right_to_left(Align::Center), |ui| {
                let name = folder_name(path);
                if paint::close(ui, &t!("forget-recent", name = name.as_str())) {
                    out.push(Request::ForgetRecent(path.clone()));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let open = Button::new(RichText::new(&name).color(theme::accent(ui))).frame(false);
                    let response = ui.add(open.wrap_mode(TextWrapMode::Truncate));
                    if response.accessible_name(t!("open-recent", name = name.as_str())).clicked() {
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

/// Projects that are not where they were: each can be found again, or forgotten.
fn gone_list(ui: &mut Ui, gone: &[PathBuf], width: f32, out: &mut Vec<Request>) {
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.strong(t!("recent-gone"));
        for path in gone {
            ui.allocate_ui_with_layout(vec2(width, 28.0), Layout::right_to_left(Align::Center), |ui| {
                let name = folder_name(path);
                if paint::close(ui, &t!("forget-recent", name = name.as_str())) {
                    out.push(Request::ForgetRecent(path.clone()));
                }
                let find =
                    ui.button(t!("moved-find")).accessible_name(t!("moved-find-of", name = name.as_str()));
                if find.clicked() {
                    out.push(Request::AskPath(PathPurpose::MovedTracks, Some(path.clone())));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let label = RichText::new(path.display().to_string()).small().color(theme::muted(ui));
                    ui.add(eframe::egui::Label::new(label).truncate());
                });
            });
        }
    });
}

/// What is in place of the gallery while the first run is on its way, or after it failed.
pub(crate) fn waiting(ui: &mut Ui, is_busy: bool, is_read_only: bool, out: &mut Vec<Request>) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.32);
        if is_busy {
            ui.spinner();
            ui.add_space(theme::GAP);
            ui.heading(t!("looking"));
            ui.label(t!("looking-note"));
        } else if is_read_only {
            ui.heading(t!("nothing-yet"));
            ui.label(t!("nothing-yet-note"));
        } else {
            ui.heading(t!("not-grouped"));
            ui.label(t!("not-grouped-note"));
            ui.add_space(theme::GAP);
            if ui.add(paint::primary(ui, t!("group-tracks"))).clicked() {
                out.push(Request::Rerun);
            }
        }
    });
}

/// The frame that appears while files are dragged over the window.
pub(crate) fn drop_target(ui: &Ui) {
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
    painter.text(rect.center(), eframe::egui::Align2::CENTER_CENTER, t!("drop-to-open"), font, ink);
}
