//! The system's own folder dialog, on a thread of its own so that the frame never waits.
//!
//! Where the system has none it answers at once as if cancelled: every place that offers it
//! has a box for the path beside it.

use std::path::PathBuf;

use eframe::egui::Context;

use super::lang::t;
use super::look::Browse;
use crate::worker::{Lane, Outcome};

/// At most one open dialog.
#[derive(Default)]
pub(super) struct Browser {
    lane: Option<Lane<(Browse, Option<PathBuf>)>>,
}

impl Browser {
    /// Opens the dialog, where none is open.
    pub(super) fn open(&mut self, what: Browse, ctx: &Context) {
        if self.lane.is_none() {
            let ctx = ctx.clone();
            self.lane = Lane::start("folder-dialog", move || ctx.request_repaint()).ok();
        }
        if let Some(lane) = self.lane.as_mut().filter(|lane| lane.running().is_none()) {
            let title = match what {
                Browse::Tracks => t!("choose-tracks"),
                Browse::Export => t!("choose-export"),
                Browse::Library => t!("choose-library"),
            };
            lane.submit(move |_| (what, rfd::FileDialog::new().set_title(title).pick_folder()));
        }
    }

    /// The folder chosen since the last frame.
    pub(super) fn poll(&mut self) -> Option<(Browse, PathBuf)> {
        match self.lane.as_mut()?.poll()? {
            Outcome::Done((what, Some(path))) => Some((what, path)),
            Outcome::Done((_, None)) | Outcome::Panicked(_) => None,
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A dialog that is still open would hold the closing window until it is answered.
        if let Some(lane) = self.lane.take().filter(|lane| lane.running().is_some()) {
            std::mem::forget(lane);
        }
    }
}
