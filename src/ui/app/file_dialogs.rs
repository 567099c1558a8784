//! The system's own dialog for folders and files, on a thread of its own so that the frame never waits.
//!
//! Where the system has none it answers at once as if cancelled: every place that offers it
//! has a box for the path beside it.

use std::path::PathBuf;

use eframe::egui::Context;

use crate::ui::lang::t;
use crate::ui::view::ask::{FileDialogKind, PathPurpose};
use crate::worker::{JobOutcome, JobThread};

/// At most one open dialog.
#[derive(Default)]
pub(crate) struct FileDialogs {
    thread: Option<JobThread<(FileDialogKind, Option<PathBuf>)>>,
}

impl FileDialogs {
    /// Opens the dialog, where none is open.
    pub(crate) fn open(&mut self, what: FileDialogKind, ctx: &Context) {
        if self.thread.is_none() {
            let ctx = ctx.clone();
            self.thread = JobThread::start("folder-dialog", move || ctx.request_repaint()).ok();
        }
        if let Some(lane) = self.thread.as_mut().filter(|lane| lane.running().is_none()) {
            let title = match what {
                FileDialogKind::Tracks => t!("choose-tracks"),
                FileDialogKind::Export => t!("choose-export"),
                FileDialogKind::Library => t!("choose-library"),
                FileDialogKind::Model => t!("choose-model"),
                FileDialogKind::Path(PathPurpose::MovedTracks) => t!("moved-heading"),
                FileDialogKind::Path(PathPurpose::Names) => t!("names-heading"),
                FileDialogKind::Path(PathPurpose::ColleaguesProject) => t!("merge-heading"),
            };
            lane.submit(move |_| (what, pick(what, &title)));
        }
    }

    /// The folder or file chosen since the last frame.
    pub(crate) fn poll(&mut self) -> Option<(FileDialogKind, PathBuf)> {
        match self.thread.as_mut()?.poll()? {
            JobOutcome::Done((what, Some(path))) => Some((what, path)),
            JobOutcome::Done((_, None)) | JobOutcome::Panicked(_) => None,
        }
    }
}

/// Waits for the answer.
fn pick(what: FileDialogKind, title: &str) -> Option<PathBuf> {
    let dialog = rfd::FileDialog::new().set_title(title);
    match what {
        FileDialogKind::Tracks
        | FileDialogKind::Export
        | FileDialogKind::Library
        | FileDialogKind::Path(PathPurpose::MovedTracks) => dialog.pick_folder(),
        FileDialogKind::Model => dialog.add_filter("ONNX", &["onnx"]).pick_file(),
        FileDialogKind::Path(PathPurpose::Names) => {
            dialog.add_filter("CSV", &["csv", "tsv", "ids"]).pick_file()
        }
        FileDialogKind::Path(PathPurpose::ColleaguesProject) => {
            dialog.add_filter("Castlist", &["sqlite"]).pick_file()
        }
    }
}

impl Drop for FileDialogs {
    fn drop(&mut self) {
        // A dialog that is still open would hold the closing window until it is answered.
        if let Some(lane) = self.thread.take().filter(|lane| lane.running().is_some()) {
            std::mem::forget(lane);
        }
    }
}
