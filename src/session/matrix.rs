//! Clustering a matrix of embeddings, without pictures and without a project.

use std::path::{Path, PathBuf};

use super::analyse::parameters;
use super::space::{ClusteringSpace, load_catalogue};
use super::stopwatch::Stopwatch;
use super::{AnalysisReport, SessionError, Settings, StageSeconds};
use crate::base::{Constraints, Cx, Embeddings, Stage};
use crate::cluster::{MethodInputs, RADIUS};
use crate::models::Model;
use crate::pooling::{Pooling, pool};
use crate::tracks::{Changes, Matrix, TrackSet, TrackSource, TracksError, read_matrix, tracks_of_matrix};

/// Reads and clusters one `.npy` or `.npz`.
#[derive(Debug, Clone)]
pub(crate) struct MatrixJob {
    /// The file.
    pub file: PathBuf,
    /// The array's name, where the file has several.
    pub array: Option<String>,
    /// The array that gives each row's track.
    pub tracks: Option<String>,
    /// The model that the rows come from, where it is known: id or file.
    pub model: Option<String>,
    /// Settings.
    pub settings: Settings,
}

/// A finished clustering of a matrix.
#[derive(Debug, Clone)]
pub(crate) struct MatrixOutcome {
    /// Cluster of each track by its id.
    pub assignments: Vec<(String, Option<u32>)>,
    /// The report.
    pub report: AnalysisReport,
}

/// A matrix as it was read, ready to be grouped.
pub(super) struct ReadMatrix {
    pub(super) matrix: Matrix,
    pub(super) set: TrackSet,
    /// Unit rows of the tracks in the clustering space.
    pub(super) rows: Embeddings,
    pub(super) model: Option<Model>,
    /// The space that the settings choose.
    pub(super) space: ClusteringSpace,
    seconds: StageSeconds,
    cpu_seconds: StageSeconds,
}

impl ReadMatrix {
    /// The space; where a radius is needed and none is known, with an estimated one.
    pub(super) fn space(&self, needs_radius: bool, cx: &Cx) -> Result<ClusteringSpace, SessionError> {
        let space = self.space.clone();
        if space.knows_radius() || !needs_radius {
            return Ok(space);
        }
        space.with_estimate(&self.rows, &Constraints::default(), cx)
    }
}

impl MatrixJob {
    /// Runs it.
    ///
    /// # Errors
    /// [`SessionError`].
    pub(crate) fn run(&self, cx: &Cx) -> Result<MatrixOutcome, SessionError> {
        let read = self.read(cx)?;
        let watch = Stopwatch::start();
        let space = read.space(self.settings.method.takes(&RADIUS), cx)?;
        let chosen = space.complete(self.settings.chosen())?;
        let inputs = MethodInputs { link_network: chosen.link_network.as_deref(), ..MethodInputs::default() };
        let clustering = chosen.params.run(&read.rows, &Constraints::default(), inputs, cx)?;
        let (all, all_cpu) = watch.read();
        let graph = clustering.graph_secs;
        let warnings = cx.warnings();
        let report = AnalysisReport {
            n_tracks: read.set.len(),
            n_faces: read.matrix.rows.len(),
            n_embedded: 0,
            n_unreadable: 0,
            n_clusters: clustering.partition.n_clusters(),
            model: read.model.map(|model| model.entry.id).unwrap_or_default(),
            engine: String::new(),
            method: chosen.params.id().to_owned(),
            parameters: parameters(&self.settings, &chosen, &space).texts(),
            seconds: StageSeconds { graph: graph.0, cluster: (all - graph.0).max(0.0), ..read.seconds },
            cpu_seconds: StageSeconds {
                graph: graph.1,
                cluster: (all_cpu - graph.1).max(0.0),
                ..read.cpu_seconds
            },
            diagnostics: space.add_to(clustering.diagnostics),
            changes: Changes::default(),
            n_erased: 0,
            n_warnings: warnings.count,
            warnings: warnings.kept,
        };
        let labels = clustering.partition.labels();
        let assignments =
            read.set.tracks.into_iter().zip(labels).map(|(track, &label)| (track.id, Some(label))).collect();
        Ok(MatrixOutcome { assignments, report })
    }

    /// Reads the matrix and maps its tracks into the clustering space.
    pub(super) fn read(&self, cx: &Cx) -> Result<ReadMatrix, SessionError> {
        let (mut seconds, mut cpu_seconds) = (StageSeconds::default(), StageSeconds::default());
        let watch = Stopwatch::start();
        cx.stage(Stage::ReadingTheMatrix, 0);
        let matrix = read_matrix(&self.file, self.array.as_deref(), self.tracks.as_deref())?;
        let model = match &self.model {
            Some(spec) => Some(load_catalogue(cx)?.resolve(spec, self.settings.model_overrides())?),
            None => None,
        };
        check_width(model.as_ref(), &matrix.rows, &self.file)?;
        let what = format!("this matrix's rows of {} numbers", matrix.rows.dim());
        let space = ClusteringSpace::choose(&self.settings, None, model.as_ref(), &what, cx)?;
        let set = tracks_of_matrix(&self.file, &matrix.rows, matrix.groups.as_deref());
        (seconds.scan, cpu_seconds.scan) = watch.read();

        let watch = Stopwatch::start();
        let rows = self.pool(&set, &matrix.rows, model.as_ref())?;
        (seconds.embed, cpu_seconds.embed) = watch.read();
        let rows = space.map(rows)?;
        Ok(ReadMatrix { matrix, set, rows, model, space, seconds, cpu_seconds })
    }

    /// One unit row a track.
    fn pool(
        &self,
        set: &TrackSet,
        rows: &Embeddings,
        model: Option<&Model>,
    ) -> Result<Embeddings, SessionError> {
        let bad = |source| TracksError::Embedding { source, path: self.file.clone() };
        // Rows are checked one by one first, so that the error names the row of the file.
        let unit = rows.clone().into_unit().map_err(bad)?;
        let pooling = self.settings.embed_options(model)?.pooling;
        pooling.require_width(rows.dim())?;
        let source = if pooling == Pooling::RawMean { rows } else { &unit };
        let mut data = Vec::with_capacity(set.len() * rows.dim());
        for track in &set.tracks {
            let TrackSource::Rows { rows: of_track } = &track.source else { continue };
            let weighted: Vec<(&[f32], f32)> = of_track.iter().map(|&row| (source.row(row), 1.0)).collect();
            let vector = pool(&weighted, &pooling).ok_or_else(|| {
                let what =
                    format!("the rows of track `{}` cancel each other out, so it has no direction", track.id);
                TracksError::Matrix { what, path: self.file.clone() }
            })?;
            data.extend(vector);
        }
        Ok(Embeddings::new(rows.dim(), data).map_err(bad)?)
    }
}

/// Refuses rows that are not as wide as the model's output, where both are known.
pub(crate) fn check_width(model: Option<&Model>, rows: &Embeddings, path: &Path) -> Result<(), SessionError> {
    let expected = model.and_then(|model| Some((model.entry.id.clone(), model.entry.dim?)));
    match expected {
        Some((model, expected)) if expected != rows.dim() => {
            let (found, path) = (rows.dim(), path.to_path_buf());
            Err(SessionError::Dimension { found, model, expected, path })
        }
        _ => Ok(()),
    }
}
