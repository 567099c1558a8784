//! Jobs that write files outside a project: an export, and the demo's pictures.

use std::path::PathBuf;

use super::SessionError;
use crate::base::Cx;
use crate::demo::{self, DemoSummary, FilmSummary};
use crate::export::{ExportPlan, ExportSummary};

/// Writes an export that was planned ([`super::Session::export`]).
#[derive(Debug, Clone)]
pub(crate) struct ExportJob {
    /// What is written.
    pub plan: ExportPlan,
}

impl ExportJob {
    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// [`SessionError::Export`].
    pub(crate) fn run(&self, cx: &Cx) -> Result<ExportSummary, SessionError> {
        Ok(self.plan.write(cx)?)
    }
}

/// Draws a short film of the demo's people as a folder of frames, where it is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilmJob {
    /// Where to draw.
    pub folder: PathBuf,
}

impl FilmJob {
    /// Frames a second.
    pub(crate) const FPS: f64 = demo::FILM_FPS;

    /// The folder of its frames.
    pub(crate) fn frames(&self) -> PathBuf {
        self.folder.join(demo::FILM_FOLDER)
    }

    /// The table that says where whose face is.
    pub(crate) fn truth(&self) -> PathBuf {
        self.folder.join(demo::FILM_TRUTH)
    }

    /// Draws it.
    ///
    /// # Errors
    /// [`SessionError::Demo`].
    pub(crate) fn run(&self, cx: &Cx) -> Result<FilmSummary, SessionError> {
        Ok(demo::draw_film(&self.folder, demo::DEFAULT_SEED, cx)?)
    }
}

/// Draws people and their tracks, where they are not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DemoJob {
    /// Where to draw.
    pub folder: PathBuf,
}

impl DemoJob {
    /// Draws them.
    ///
    /// # Errors
    /// [`SessionError::Demo`].
    pub(crate) fn run(&self, cx: &Cx) -> Result<DemoSummary, SessionError> {
        Ok(demo::draw(&self.folder, demo::DEFAULT_SEED, cx)?)
    }
}
