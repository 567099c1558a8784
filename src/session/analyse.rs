//! The long job: scan, embed, cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::constraints::{ConstraintById, constraints};
use super::cuts::{Cuts, run_key};
use super::rows::{ClusteredRows, PreparedRows};
use super::space::{ClusteringSpace, FEATURES, adopted_head, load_catalogue};
use super::stopwatch::{StageSeconds, Stopwatch};
use super::{Run, RunParameters, SessionError, Settings};
use crate::advice::TwoPeople;
use crate::base::{Cx, Fingerprint, Partition, Stage, TrackIx, Warning, WarningKind};
use crate::cluster::{ChosenMethod, Diagnostics, RADIUS};
use crate::embed::{self, EmbeddedTracks, Embedder, Parts, embed_tracks};
use crate::infer::{self, Engine};
use crate::models::{self, Catalogue, Model, ModelKind};
use crate::project::{Project, ProjectError, StoredDendrogram};
use crate::tracks::{
    Changes, Cut, NamedTracks, PictureGrouping, TrackSet, TrackSource, describe, describe_changes,
    exported_people, reads_people, scan,
};

/// What `castlist cluster --json` prints.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct AnalysisReport {
    /// Tracks found.
    pub n_tracks: usize,
    /// Face files found.
    pub n_faces: usize,
    /// Faces that the network saw in this run; the rest was known already.
    pub n_embedded: usize,
    /// Face files that cannot be read.
    pub n_unreadable: usize,
    /// Clusters found.
    pub n_clusters: usize,
    /// Model id.
    pub model: String,
    /// Engine and version.
    pub engine: String,
    /// Method id.
    pub method: String,
    /// Parameters by name.
    pub parameters: BTreeMap<String, String>,
    /// Elapsed seconds a stage.
    pub seconds: StageSeconds,
    /// CPU seconds a stage, all threads.
    pub cpu_seconds: StageSeconds,
    /// Figures of the method.
    pub diagnostics: Diagnostics,
    /// How the tracks changed since they were last read; zeros at the first time.
    pub changes: Changes,
    /// Tracks of the folder that were passed over, because they are of people who were erased.
    pub n_erased: usize,
    /// The first thousand warnings.
    pub warnings: Vec<Warning>,
    /// How many warnings there were.
    pub n_warnings: usize,
}

/// Reads, embeds and clusters one folder; owns all it needs.
#[derive(Debug, Clone)]
pub struct AnalyseJob {
    pub(crate) root: PathBuf,
    pub(crate) project: Arc<Project>,
    pub(crate) settings: Settings,
    /// The curator's links that hold.
    pub(crate) constraints: Arc<Vec<ConstraintById>>,
    /// The sha256 of the head learned on this project, where one is in force.
    pub(crate) head: Option<String>,
    /// The tracks that the project knows.
    pub(crate) known: Option<Arc<TrackSet>>,
    /// The tracks that the curator cut.
    pub(crate) track_cuts: Vec<Cut>,
    /// By what tracks of people are known who were erased: they are passed over.
    pub(crate) erased: Arc<BTreeSet<Fingerprint>>,
    /// Whether pictures may change their tracks.
    pub(crate) rereads: bool,
}

/// A folder with its tracks embedded, ready to be grouped in any space.
pub(crate) struct EmbeddedSet {
    pub set: Arc<TrackSet>,
    /// How the tracks changed since they were last read.
    pub changes: Changes,
    /// Tracks of people who were erased, which are not among them.
    pub n_erased: usize,
    pub embedded: EmbeddedTracks,
    /// What the embeddings come from; features may come from any network, so only a model that
    /// was named is theirs.
    pub model: Option<Model>,
    pub embedder: Option<Embedder>,
    /// The space that the settings choose.
    pub space: ClusteringSpace,
    engine: String,
    needs_model: bool,
    seconds: StageSeconds,
    cpu: StageSeconds,
}

/// Cluster of each track, the rows, all other cuts, what is to be kept of them, and the seconds
/// (elapsed, CPU) that the neighbour graph took.
type ClusteringParts =
    (Vec<Option<u32>>, ClusteredRows, (Option<Arc<Cuts>>, Option<StoredDendrogram>), (f64, f64));

/// A finished analysis.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The tracks.
    pub set: Arc<TrackSet>,
    /// The cuts that they are made with.
    pub(super) track_cuts: Vec<Cut>,
    /// Cluster of each track; none where no face could be used.
    pub labels: Vec<Option<u32>>,
    /// What is kept of it.
    pub run: Run,
    /// The key it is kept under.
    pub key: Fingerprint,
    /// The report.
    pub report: AnalysisReport,
    /// The rows that were clustered.
    pub(super) rows: ClusteredRows,
    /// What another radius is one cut away from.
    pub(super) cuts: Option<Arc<Cuts>>,
    /// What is to be kept of that, once it is in force.
    pub(super) kept: Option<StoredDendrogram>,
    /// The curator's links that it holds to.
    pub(super) constraints: Arc<Vec<ConstraintById>>,
    /// The model that becomes the project's where this is adopted; none where that stays as it is.
    pub(super) model: Option<String>,
    /// The people of the folder, where it is an export of Castlist's own.
    pub(super) named: Vec<NamedTracks>,
}

impl Analysis {
    /// The model that becomes the project's where this is adopted; none where that stays as it is.
    pub(crate) fn new_model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// The tracks of each cluster.
    pub fn clusters(&self) -> Vec<Vec<TrackIx>> {
        let mut clusters = vec![Vec::new(); self.report.n_clusters];
        for (track, label) in self.labels.iter().enumerate() {
            if let Some(label) = label {
                clusters[*label as usize].push(track as TrackIx);
            }
        }
        clusters
    }
}

impl AnalyseJob {
    /// The same job, and where the folder is understood otherwise than before, that counts from now
    /// on.
    #[must_use]
    pub fn accepting_rereading(self) -> Self {
        Self { rereads: true, ..self }
    }

    /// Runs all stages. the callback is called once with a forecast before the long part begins.
    ///
    /// The project keeps the tracks and their embeddings; the clustering is in force, and kept,
    /// once it is adopted.
    ///
    /// # Errors
    /// [`SessionError`]; embeddings finished by then are kept in the project.
    pub fn run(&self, cx: &Cx, announce: impl FnOnce(&str)) -> Result<Analysis, SessionError> {
        if let Some(reason) = self.project.why_read_only() {
            return Err(ProjectError::ReadOnly { reason, path: self.project.path().to_path_buf() }.into());
        }
        let embedded_set = self.embed(cx, announce)?;
        let analysis = self.group(&embedded_set, embedded_set.space.clone(), cx)?;
        let analysis = Analysis { named: exported_people(&analysis.set), ..analysis };
        self.project.save_tracks(&analysis.set.uncut()).wait()?;
        Ok(analysis)
    }

    /// Reads and embeds the folder.
    pub(crate) fn embed(&self, cx: &Cx, announce: impl FnOnce(&str)) -> Result<EmbeddedSet, SessionError> {
        let (mut seconds, mut cpu) = (StageSeconds::default(), StageSeconds::default());
        let watch = Stopwatch::start();
        let mut scanned = scan(&self.root, &self.settings.scan_options(), cx)?;
        let n_erased = scanned.remove_erased(&self.erased);
        if scanned.is_empty() {
            return Err(SessionError::AllErased(self.root.clone()));
        }
        let known = self.known.as_ref().map(|known| known.uncut());
        let changes = known.as_deref().map(|known| scanned.recognise(known)).unwrap_or_default();
        if let Some(change) = known.as_deref().and_then(|known| describe_changes(known, &scanned)) {
            if !self.rereads {
                return Err(SessionError::Reread { change, path: self.root.clone() });
            }
            cx.warn(
                WarningKind::Input,
                format!("the folder is read anew: {change}: {}", self.root.display()),
            );
        }
        let set = Arc::new(scanned.with_cuts(&self.track_cuts));
        (seconds.scan, cpu.scan) = watch.read();

        let watch = Stopwatch::start();
        let needs_model = set.tracks.iter().any(|track| matches!(track.source, TrackSource::Faces { .. }));
        let catalogue = load_catalogue(cx)?;
        let model = catalogue
            .resolve(self.settings.model(), self.settings.model_overrides())?
            .require(ModelKind::Embed)?;
        let model = (needs_model || self.settings.names_model()).then_some(model);
        let adopted = adopted_head(&self.project, self.head.as_deref())?;
        let space = ClusteringSpace::choose(&self.settings, adopted, model.as_ref(), FEATURES, cx)?;
        let (engine, embedder) = match &model {
            Some(model) if needs_model => load(&catalogue, model, &self.settings, cx)?,
            _ => (None, None),
        };
        let name = model.as_ref().map_or("", |model| &model.entry.id);
        announce(&forecast(&set, name, engine, &self.settings));
        let options = self.settings.embed_options(model.as_ref())?;
        let embedded = embed_tracks(&set, embedder.as_ref(), &options, self.project.as_ref(), cx)?;
        (seconds.embed, cpu.embed) = watch.read();
        let engine = engine.map(ToString::to_string).unwrap_or_default();
        Ok(EmbeddedSet {
            set,
            changes,
            n_erased,
            embedded,
            model,
            embedder,
            space,
            engine,
            needs_model,
            seconds,
            cpu,
        })
    }

    /// Groups an embedded folder in a space, and keeps nothing.
    pub(crate) fn group(
        &self,
        embedded_set: &EmbeddedSet,
        space: ClusteringSpace,
        cx: &Cx,
    ) -> Result<Analysis, SessionError> {
        let (mut seconds, mut cpu) = (embedded_set.seconds, embedded_set.cpu);
        let model = embedded_set.model.as_ref().filter(|_| embedded_set.needs_model);
        let mut run = Run {
            model: model.map(|model| model.entry.id.clone()).unwrap_or_default(),
            model_sha256: model.map(|model| model.sha256.clone()).unwrap_or_default(),
            engine: embedded_set.engine.clone(),
            ..Run::default()
        };
        let watch = Stopwatch::start();
        let (labels, rows, (cuts, kept), graph) = self.cluster(embedded_set, space, &mut run, cx)?;
        let (all, all_cpu) = watch.read();
        (seconds.graph, cpu.graph) = graph;
        (seconds.cluster, cpu.cluster) = ((all - graph.0).max(0.0), (all_cpu - graph.1).max(0.0));
        let key = run_key(&run);
        let mut report = report(&embedded_set.set, &embedded_set.embedded, &run, seconds, cpu, cx);
        (report.changes, report.n_erased) = (embedded_set.changes, embedded_set.n_erased);
        if let Some(embedder) = &embedded_set.embedder {
            let inference = embedder.engine_time().as_secs_f64();
            report.diagnostics.figures.insert("inference_cpu_seconds".to_owned(), inference);
        }
        let (set, links) = (Arc::clone(&embedded_set.set), Arc::clone(&self.constraints));
        let track_cuts = self.track_cuts.clone();
        Ok(Analysis {
            set,
            track_cuts,
            labels,
            run,
            key,
            report,
            rows,
            cuts,
            kept,
            constraints: links,
            model: None,
            named: Vec::new(),
        })
    }

    /// The rows of an embedded folder in a space, under constraints, and the space; where a radius
    /// is needed and none was set or learned with a head, with an estimated one.
    pub(crate) fn prepare_rows(
        &self,
        embedded_set: &EmbeddedSet,
        space: ClusteringSpace,
        needs_radius: bool,
        cx: &Cx,
    ) -> Result<PreparedRows, SessionError> {
        let rows = ClusteredRows::of(&embedded_set.embedded, &space)?;
        let constraints = constraints(&embedded_set.set, &rows.tracks, &self.constraints);
        if space.knows_radius() || !needs_radius {
            return Ok(PreparedRows { rows, constraints, space });
        }
        let space = space.with_estimate(&rows.unit, &constraints, cx)?;
        Ok(PreparedRows { rows: rows.with_own(space.own()), constraints, space })
    }

    /// Clusters the usable tracks under co-occurrence and the curator's links.
    fn cluster(
        &self,
        embedded_set: &EmbeddedSet,
        space: ClusteringSpace,
        run: &mut Run,
        cx: &Cx,
    ) -> Result<ClusteringParts, SessionError> {
        let set = &embedded_set.set;
        let PreparedRows { rows, constraints, space } =
            self.prepare_rows(embedded_set, space, self.settings.method.takes(&RADIUS), cx)?;
        let chosen = space.complete(self.settings.chosen())?;
        // The curator sees the clusters first; looser radii are grown by a job of their own.
        let (clustering, kept) = rows.cluster(&chosen, &constraints, 0.0, &self.project, cx)?;
        run.parameters = parameters(&self.settings, &chosen, &space);
        run.diagnostics = space.add_to(clustering.diagnostics);
        run.diagnostics.cannot_links = Some(constraints.cannot().count() as f64);
        rows.fill(run, set, &clustering.partition);
        run.two_people = two_people(set, &embedded_set.embedded);
        let mut labels = vec![None; set.len()];
        for (&track, &label) in rows.tracks.iter().zip(clustering.partition.labels()) {
            labels[track as usize] = Some(label);
        }
        let cuts = chosen.params.level().and_then(|level| {
            Cuts::new(rows.clone(), Arc::clone(&self.constraints), level, clustering.dendrogram)
        });
        Ok((labels, rows, (cuts.map(Arc::new), kept), clustering.graph_secs))
    }
}

/// The tracks whose faces fall into two people.
fn two_people(set: &TrackSet, embedded: &EmbeddedTracks) -> BTreeMap<String, TwoPeople> {
    let mixed = set.tracks.iter().zip(&embedded.tracks).filter_map(|(track, found)| {
        let Parts { face, across, within } = found.parts.filter(Parts::are_two_people)?;
        Some((track.id.clone(), TwoPeople { at: track.frame(face)?, across, within }))
    });
    mixed.collect()
}

/// A number of a run's parameters to four digits, for display; any other text as it is.
#[must_use]
pub fn rounded(value: &str) -> String {
    value.parse().map_or_else(|_| value.to_owned(), |number: f64| ((number * 1e4).round() / 1e4).to_string())
}

/// Method, model and radius of a run in words.
pub(crate) fn source(run: &Run) -> String {
    let level = run.parameters.level().map_or_else(String::new, |level| {
        format!(", {} {}", level.parameter().name, rounded(&level.value().to_string()))
    });
    let approximate = run.diagnostics.approximate.is_some_and(|it| it > 0.0);
    let how = if approximate { ", approximate" } else { "" };
    // Features have no model.
    let model = if run.model.is_empty() { String::new() } else { format!(", {}", run.model) };
    format!("{}{model}{level}{how}", run.parameters.method.id())
}

type LoadedModel = (Option<&'static Engine>, Option<Embedder>);

/// Chooses the engine and loads the model into it.
pub(crate) fn load(
    catalogue: &Catalogue,
    model: &Model,
    settings: &Settings,
    cx: &Cx,
) -> Result<LoadedModel, SessionError> {
    cx.stage(Stage::LoadingTheModel, 0);
    let engine = infer::engine(settings.engine)?;
    for note in &engine.notes {
        cx.warn(WarningKind::Engine, note.clone());
    }
    let align = catalogue.resolve(models::DEFAULT_ALIGN, &[])?;
    let embedder = Embedder::load(engine, model, &align)?;
    Ok((Some(engine), Some(embedder)))
}

/// With what a run is made.
pub(super) fn parameters(
    settings: &Settings,
    chosen: &ChosenMethod,
    space: &ClusteringSpace,
) -> RunParameters {
    let has_radius = chosen.params.radius().is_some();
    RunParameters {
        method: chosen.params.clone(),
        radius_source: space.radius().ok().filter(|_| has_radius).map(|(_, source)| source),
        head: space.head_sha256().map(str::to_owned),
        frames_per_track: Some(settings.frames_per_track),
        pooling: settings.text("pooling"),
    }
}

fn report(
    set: &TrackSet,
    embedded: &EmbeddedTracks,
    run: &Run,
    seconds: StageSeconds,
    cpu_seconds: StageSeconds,
    cx: &Cx,
) -> AnalysisReport {
    let warnings = cx.warnings();
    let found_later: usize = embedded.tracks.iter().map(|track| track.unreadable.len()).sum();
    let labels: Vec<u32> = run.clusters.values().copied().collect();
    let mut diagnostics = run.diagnostics.clone();
    diagnostics.figures.insert("tracks_from_cache".to_owned(), embedded.n_cached as f64);
    let no_face = embedded.tracks.iter().flat_map(|t| &t.faces).filter(|face| face.no_face).count();
    diagnostics.figures.insert("faces_not_found".to_owned(), no_face as f64);
    AnalysisReport {
        n_tracks: set.len(),
        n_faces: set.n_faces(),
        n_embedded: embedded.n_embedded,
        n_unreadable: set.n_unreadable() + found_later,
        n_clusters: Partition::from_labels(&labels).n_clusters(),
        model: run.model.clone(),
        engine: run.engine.clone(),
        method: run.parameters.method.id().to_owned(),
        parameters: run.parameters.texts(),
        seconds,
        cpu_seconds,
        diagnostics,
        changes: Changes::default(),
        n_erased: 0,
        n_warnings: warnings.count,
        warnings: warnings.kept,
    }
}

/// `1,234 tracks, 45,678 faces (1,234 folders, each a track), castlist-face, about 3 min`.
pub(crate) fn forecast(set: &TrackSet, model: &str, engine: Option<&Engine>, settings: &Settings) -> String {
    let faces: usize =
        set.tracks.iter().map(|track| embed::planned(track, settings.frames_per_track as usize)).sum();
    let (tracks, faces_found) = (thousands(set.len()), thousands(set.n_faces()));
    let is_people = match settings.pictures {
        PictureGrouping::Auto => reads_people(set),
        reading => reading == PictureGrouping::People,
    };
    let people = if is_people { "; folders read as people" } else { "" };
    let mut text = format!("{tracks} tracks, {faces_found} faces ({}{people})", describe(set));
    match set.co_occurrence_constraints().cannot().count() {
        0 => {}
        1 => text.push_str(", 1 pair of tracks overlaps in time and stays apart"),
        n => text.push_str(&format!(", {} pairs of tracks overlap in time and stay apart", thousands(n))),
    }
    if let Some(engine) = engine {
        // Faces a core and second of the whole stage, measured with castlist-face 2 on a busy core
        // of 2026.
        let rate = if engine.kind == infer::EngineKind::OnnxRuntime { 100.0 } else { 50.0 };
        let secs = faces as f64 / (rate * rayon::current_num_threads() as f64);
        text.push_str(&format!(", {model}, {}", approximate_time(Duration::from_secs_f64(secs))));
    }
    text
}

fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn approximate_time(time: Duration) -> String {
    let secs = time.as_secs();
    match secs {
        0..=9 => "a few seconds".to_owned(),
        10..=89 => format!("about {} s", secs.div_ceil(10) * 10),
        90..=5399 => format!("about {} min", secs.div_ceil(60)),
        _ => format!("about {} h", secs.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(45_678), "45,678");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(approximate_time(Duration::from_secs(3)), "a few seconds");
        assert_eq!(approximate_time(Duration::from_secs(170)), "about 3 min");
        assert_eq!(approximate_time(Duration::from_mins(150)), "about 3 h");
    }
}
