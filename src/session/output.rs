//! Jobs that write files outside a project: an export, and the demo's pictures.

use std::path::PathBuf;

use super::SessionError;
use crate::base::Cx;
use crate::demo::{self, DemoSummary};
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
