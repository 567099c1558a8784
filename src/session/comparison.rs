//! What methods are compared on: the rows, links and radius of a folder or a matrix, found once.
//!
//! Takes a job that would group them; gives a [`ComparisonInput`] on which the job's method, and
//! any that takes no head, runs with any parameters, as often as wanted. It adopts and keeps
//! nothing but the project's embeddings.

use std::sync::Arc;

use super::analyse::AnalyseJob;
use super::matrix::MatrixJob;
use super::rows::PreparedRows;
use super::{SessionError, Settings};
use crate::base::{Constraints, Cx, Embeddings, Radius};
use crate::cluster::lgcn::{LgcnParams, LinkNetwork};
use crate::cluster::{Clustering, MethodInputs, RadiusSource};

/// Tracks ready to be grouped by any method.
#[derive(Debug, Clone)]
pub struct ComparisonInput {
    /// Each row's track.
    pub ids: Vec<String>,
    /// Tracks without a usable face; they have no row.
    pub unusable: Vec<String>,
    /// Faces of all tracks.
    pub n_faces: usize,
    /// The model's id; empty where none is known.
    pub model: String,
    /// The sha256 of the head that made the space, or `none`.
    pub head: String,
    /// The radius of methods that take one, and where it comes from; none where it was not asked
    /// for.
    pub radius: Option<(Radius, RadiusSource)>,
    /// The learned network of a method that takes a head, and how it is to be used.
    pub link_scorer: Option<Arc<(LinkNetwork, LgcnParams)>>,
    /// Unit rows in the clustering space.
    pub rows: Arc<Embeddings>,
    /// What holds between rows.
    pub constraints: Constraints,
}

impl ComparisonInput {
    /// Groups the rows by the method and the parameters that the settings name.
    ///
    /// # Errors
    /// [`SessionError::Cluster`], or [`SessionError::NoRadius`] where the method takes a radius
    /// and there is none.
    pub fn run(&self, settings: &Settings, cx: &Cx) -> Result<Clustering, SessionError> {
        let mut params = settings.method_params();
        if params.radius().is_some() && params.level().is_none() {
            let no_radius = || SessionError::NoRadius { model: self.model.clone() };
            params = params.with_level(self.radius.ok_or_else(no_radius)?.0.into());
        }
        let inputs = MethodInputs { link_network: self.link_scorer.as_deref(), ..MethodInputs::default() };
        Ok(params.run(&self.rows, &self.constraints, inputs, cx)?)
    }
}

impl MatrixJob {
    /// Reads the matrix; `needs_radius` where a method takes one.
    ///
    /// # Errors
    /// [`SessionError`].
    pub(crate) fn comparison_input(
        &self,
        needs_radius: bool,
        cx: &Cx,
    ) -> Result<ComparisonInput, SessionError> {
        let read = self.read(cx)?;
        let (n_faces, head) = (read.matrix.rows.len(), read.space.head_name());
        let space = read.space(needs_radius, cx)?;
        Ok(ComparisonInput {
            ids: read.set.tracks.into_iter().map(|track| track.id).collect(),
            unusable: Vec::new(),
            n_faces,
            model: read.model.map(|model| model.entry.id).unwrap_or_default(),
            head,
            radius: space.radius().ok(),
            link_scorer: read.space.link_scorer(),
            rows: Arc::new(read.rows),
            constraints: Constraints::default(),
        })
    }
}

impl AnalyseJob {
    /// Reads and embeds the folder; `needs_radius` where a method takes one. the callback is called
    /// once with a forecast.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn comparison_input(
        &self,
        needs_radius: bool,
        cx: &Cx,
        announce: impl FnOnce(&str),
    ) -> Result<ComparisonInput, SessionError> {
        let embedded_set = self.embed(cx, announce)?;
        let PreparedRows { rows, constraints: links, space } =
            self.prepare_rows(&embedded_set, embedded_set.space.clone(), needs_radius, cx)?;
        let tracks = &embedded_set.set.tracks;
        let id = |track: u32| tracks[track as usize].id.clone();
        let has_row = |track: &u32| rows.tracks.binary_search(track).is_ok();
        Ok(ComparisonInput {
            ids: rows.tracks.iter().map(|&track| id(track)).collect(),
            unusable: (0..tracks.len() as u32).filter(|track| !has_row(track)).map(id).collect(),
            n_faces: embedded_set.set.n_faces(),
            model: embedded_set.model.as_ref().map(|model| model.entry.id.clone()).unwrap_or_default(),
            head: embedded_set.space.head_name(),
            radius: space.radius().ok(),
            link_scorer: embedded_set.space.link_scorer(),
            rows: rows.unit,
            constraints: links,
        })
    }
}
