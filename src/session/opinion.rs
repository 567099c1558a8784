//! A second opinion: groups the tracks by another method, beside what is adopted.
//!
//! Takes a folder whose embeddings are there and the name of a method; gives an [`Opinion`]. It
//! adopts nothing and keeps nothing.

use super::SessionError;
use super::analyse::{AnalyseJob, source};
use crate::base::Cx;
use crate::views::Opinion;

/// Groups the tracks of a project by another method; owns all it needs.
#[derive(Debug, Clone)]
pub struct OpinionJob {
    /// With the other method among its settings.
    pub(super) analyse: AnalyseJob,
}

impl OpinionJob {
    /// Runs it; the callback is called once with a forecast before the long part begins. Nothing
    /// changes but the project's cache of embeddings.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn run(&self, cx: &Cx, announce: impl FnOnce(&str)) -> Result<Opinion, SessionError> {
        let embedded_set = self.analyse.embed(cx, announce)?;
        let analysis = self.analyse.group(&embedded_set, embedded_set.space.clone(), cx)?;
        Ok(Opinion { source: source(&analysis.run), clusters: analysis.run.clusters })
    }
}
