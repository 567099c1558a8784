//! A box for a path, with the system's own dialog beside it: where moved tracks are, a table of names, a
//! colleague's project.

use std::path::PathBuf;

use eframe::egui::{Context, Key, TextEdit};

use crate::ui::lang::t;
use crate::ui::view::ask::{FileDialogKind, PathPurpose, Request};
use crate::ui::widgets::{paint, theme};

/// The open box.
#[derive(Debug)]
pub(crate) struct PathDialog {
    pub purpose: PathPurpose,
    /// What was opened, where no project is open.
    pub opened: Option<PathBuf>,
    pub path: String,
    wants_focus: bool,
}

impl PathDialog {
    pub(crate) fn new(purpose: PathPurpose, opened: Option<PathBuf>) -> Self {
        Self { purpose, opened, path: String::new(), wants_focus: true }
    }
}

/// Draws it, where it is open.
pub(crate) fn show(ctx: &Context, open: &mut Option<PathDialog>, is_busy: bool, out: &mut Vec<Request>) {
    let Some(dialog) = open else { return };
    let (heading, note, button) = match dialog.purpose {
        PathPurpose::MovedTracks => (t!("moved-heading"), t!("moved-note"), t!("moved-use")),
        PathPurpose::Names => (t!("names-heading"), t!("names-note"), t!("names-read")),
        PathPurpose::ColleaguesProject => (t!("merge-heading"), t!("merge-note"), t!("merge-do")),
    };
    let modal = paint::modal(ctx, "path").show(ctx, |ui| {
        paint::dialog_width(ui, 480.0);
        ui.heading(heading);
        paint::note(ui, note);
        if let Some(opened) = &dialog.opened {
            paint::note(ui, t!("moved-was", path = opened.display().to_string()));
        }
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            let edit = TextEdit::singleline(&mut dialog.path).hint_text(t!("path"));
            let response =
                ui.add(edit.desired_width(ui.available_width() - 100.0)).accessible_name(t!("path"));
            if std::mem::take(&mut dialog.wants_focus) {
                response.request_focus();
            }
            if ui.button(t!("browse")).clicked() {
                out.push(Request::ChooseFolder(FileDialogKind::Path(dialog.purpose)));
            }
        });
        ui.add_space(theme::GAP * 1.5);
        ui.horizontal(|ui| {
            let path = dialog.path.trim();
            let can = !path.is_empty() && !is_busy;
            let enter = ui.input(|input| input.key_pressed(Key::Enter));
            if (ui.add_enabled(can, paint::primary(ui, button)).clicked() || enter) && can {
                out.push(Request::UsePath(dialog.purpose, PathBuf::from(path), dialog.opened.clone()));
                return true;
            }
            ui.button(t!("cancel")).clicked()
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        *open = None;
    }
}
