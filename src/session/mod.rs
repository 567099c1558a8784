//! The interface of the two front ends, the window and the command line.
//!
//! A front end opens a [`Session`], submits [`Command`]s, runs the [`AnalyseJob`] that the session
//! hands out (on the worker or inline), and reads snapshots. Commands never block: an edit
//! is on the screen once it is on the disk. No thread is started here.

mod advice;
mod analyse;
mod commands;
mod comparison;
mod constraints;
mod copies;
mod cuts;
mod erase;
mod error;
mod evaluate;
mod face_measures;
mod map;
mod matrix;
mod merge;
mod names_in;
mod opinion;
mod output;
mod people;
mod regroup;
mod relocate;
mod rows;
mod run;
mod settings;
mod space;
mod stopwatch;
mod threshold;
mod trial;
mod videos;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::advice::Vectors;
use crate::base::{CoOccurrence, Fingerprint, TrackIx};
use crate::cluster::Level;
use crate::export::{self, ExportPlan, Provenance, Selection, TransferMode};
use crate::models::Catalogue;
use crate::project::{self, Ack, Project, ProjectLocation, default_place};
use crate::review::{AdoptedClustering, Checkpoints, Edit, History, LogEntry, Review, adoption};
use crate::tracks::{Cut, PictureGrouping, TrackSet};
use crate::views::NamesImport;

use commands::PendingChange;
use rows::ClusteredRows;

pub(crate) use advice::FoundVectors;
pub use analyse::{AnalyseJob, Analysis, AnalysisReport, rounded};
pub use commands::{Command, Notice};
pub use comparison::ComparisonInput;
pub(crate) use copies::{copies, restore};
pub use cuts::{CutJob, Cuts, GroupCounts};
pub(crate) use erase::{Erasure, finish_erasure};
pub use error::SessionError;
pub use evaluate::{Evaluation, evaluate, read_truth};
pub(crate) use evaluate::{check_place, read_assignments, write_assignments, write_whole};
pub(crate) use face_measures::FaceMeasuresJob;
pub(crate) use map::{MapOptions, TrackMap};
pub(crate) use matrix::MatrixJob;
pub(crate) use merge::{MergedProject, merge_projects};
pub(crate) use names_in::{folder_names, import_names};
pub use opinion::OpinionJob;
pub(crate) use output::{DemoJob, ExportJob, FilmJob};
pub(crate) use people::LibraryEditJob;
pub use people::{IdentityToKeep, KeepJob, KeptPeople, KnownPeople, NamesakePolicy};
pub use regroup::StoredProposal;
pub(crate) use relocate::relocate;
pub use run::{Run, RunParameters};
pub use settings::{HeadChoice, PoolingChoice, SETTINGS, Setting, SettingChange, SettingError, Settings};
pub use threshold::{EstimatedRadius, ThresholdSweep, estimate_radius};
pub use trial::TrialJob;
pub(crate) use trial::{AddModelJob, DownloadJob, models_worth_trying};
pub(crate) use videos::{TrackJob, are_videos, track_on_the_way, tracks_place};

// What `heads` needs of the jobs.
pub(crate) use analyse::{EmbeddedSet, load, source};
pub(crate) use constraints::{ConstraintById, constraints};
pub(crate) use matrix::check_width;
pub(crate) use rows::unit_rows;
pub(crate) use space::{ClusteringSpace, FEATURES, load_catalogue};
pub use stopwatch::StageSeconds;
pub(crate) use stopwatch::Stopwatch;
pub(crate) use threshold::{all_rows, best_cut, cut_at};

/// One opened project.
pub struct Session {
    project: Arc<Project>,
    /// Whether the project could not lie beside the tracks.
    is_in_data_folder: bool,
    root: PathBuf,
    set: Option<Arc<TrackSet>>,
    /// The cuts that `set` is made with.
    track_cuts: Vec<Cut>,
    /// Tracks that are seen at the same time.
    co_occurrence: Arc<CoOccurrence>,
    /// By what tracks of people are known who were erased.
    erased: Arc<BTreeSet<Fingerprint>>,
    settings: Settings,
    history: History,
    checkpoints: Checkpoints,
    review: Arc<Review>,
    run: Option<Arc<Run>>,
    cuts: Option<Arc<Cuts>>,
    /// The rows of some run, the last one as a rule, and its vectors where it is in force.
    rows: Option<ClusteredRows>,
    vectors: Option<Arc<Vectors>>,
    /// What [`Cuts::group_counts`] says of the present review, and how many identities are kept,
    /// once it was asked for.
    levels: OnceLock<(Vec<u32>, usize)>,
    /// The present review's links, once they were asked for.
    constraints: OnceLock<Arc<Vec<ConstraintById>>>,
    /// Names that the last run found in the folder and nobody has brought in yet.
    names_in: Option<NamesImport>,
    queue: VecDeque<Command>,
    in_flight: Option<(PendingChange, Ack)>,
    revision: u64,
}

impl Session {
    /// Opens a folder of tracks or a project file; `project` chooses the project's place.
    ///
    /// Only what is stored is read: a known project is there at once, a new folder has no
    /// tracks until an [`AnalyseJob`] has run.
    ///
    /// # Errors
    /// [`SessionError`]: nothing at the path, or the project cannot be opened.
    pub fn open(path: &Path, project: Option<&Path>) -> Result<Self, SessionError> {
        let is_file = path.is_file();
        if !is_file && !path.is_dir() {
            return Err(SessionError::Missing(path.to_path_buf()));
        }
        let place = match project {
            Some(project) => ProjectLocation { path: project.to_path_buf(), is_in_data_folder: false },
            None if is_file => ProjectLocation { path: path.to_path_buf(), is_in_data_folder: false },
            None => default_place(path),
        };
        Self::from_project(Project::open(&place.path)?, place.is_in_data_folder, path)
    }

    /// What the project holds, for a folder or a project file at `path`.
    fn from_project(project: Project, elsewhere: bool, path: &Path) -> Result<Self, SessionError> {
        let is_file = path.is_file();
        let stored = project.load()?;
        let root = match &stored.tracks {
            Some(set) if is_file => set.root.clone(),
            _ if is_file => return Err(SessionError::NoTracks(path.to_path_buf())),
            _ => path.to_path_buf(),
        };
        let history = History::new(stored.entries, stored.cursor);
        let track_cuts = history.track_cuts();
        let placed = |set| TrackSet { root: root.clone(), ..set };
        let set = stored.tracks.map(|set| Arc::new(placed(set).with_cuts(&track_cuts)));
        let (checkpoints, review) = Checkpoints::new(&history, blank(set.as_deref()));
        let mut settings = Settings::default();
        for (name, value) in &stored.settings {
            // A setting that this version no longer knows falls back to its default.
            let _known = settings.set(name, value);
        }
        // What a project was grouped by stays its method: a default that changed since is no reason
        // to regroup what the curator knows.
        let run: Option<Run> = stored.last_run.and_then(|key| project.run(key));
        if let Some(run) = run.as_ref().filter(|_| !stored.settings.contains_key("method")) {
            settings.method = run.parameters.method.method();
        }
        Ok(Self {
            project: Arc::new(project),
            is_in_data_folder: elsewhere,
            root,
            co_occurrence: set.as_deref().map(co_occurrence).unwrap_or_default(),
            set,
            track_cuts,
            erased: Arc::new(stored.erased),
            settings,
            history,
            checkpoints,
            review: Arc::new(review),
            run: run.map(Arc::new),
            cuts: None,
            rows: None,
            vectors: None,
            levels: OnceLock::new(),
            constraints: OnceLock::new(),
            names_in: None,
            queue: VecDeque::new(),
            in_flight: None,
            revision: 0,
        })
    }

    /// Opens a project that is there already, or the one of a folder; makes none.
    ///
    /// # Errors
    /// As [`Self::open`], and [`SessionError::NothingYet`] for a folder without a project.
    pub fn open_existing(path: &Path) -> Result<Self, SessionError> {
        Self::existing_location(path).and_then(|_| Self::open(path, None))
    }

    /// [`Self::open_existing`] without a claim on it: nothing can be changed, and nobody else is
    /// kept from changing it.
    ///
    /// # Errors
    /// As [`Self::open_existing`].
    pub fn open_read_only(path: &Path) -> Result<Self, SessionError> {
        let place = Self::existing_location(path)?;
        Self::from_project(Project::open_read_only(&place.path)?, place.is_in_data_folder, path)
    }

    fn existing_location(path: &Path) -> Result<ProjectLocation, SessionError> {
        if path.is_dir() {
            return Some(default_place(path))
                .filter(|place| place.path.is_file())
                .ok_or(SessionError::NothingYet);
        }
        let missing = || SessionError::Missing(path.to_path_buf());
        path.is_file()
            .then(|| ProjectLocation { path: path.to_path_buf(), is_in_data_folder: false })
            .ok_or_else(missing)
    }

    /// The opened folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The project file.
    pub fn project(&self) -> &Arc<Project> {
        &self.project
    }

    /// Whether the folder could not be written, so that the project lies in the platform's
    /// data folder.
    pub(crate) fn is_in_data_folder(&self) -> bool {
        self.is_in_data_folder
    }

    /// The tracks, once they were read.
    pub fn tracks(&self) -> Option<&Arc<TrackSet>> {
        self.set.as_ref()
    }

    /// All identities, as they are on the disk.
    pub fn review(&self) -> &Arc<Review> {
        &self.review
    }

    /// The log of edits.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The last clustering.
    pub fn run(&self) -> Option<&Arc<Run>> {
        self.run.as_ref()
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A number that rises with every change of tracks or identities.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether the run in force was made with an earlier file of the model that the settings name
    /// by its id: embeddings of the two do not compare.
    pub(crate) fn has_renewed_model(&self, catalogue: &Catalogue) -> bool {
        let run = self.run.as_ref().filter(|run| run.model == self.settings.model());
        run.is_some_and(|run| {
            let known = catalogue.find(&run.model).and_then(|entry| entry.sha256.as_ref());
            !run.model_sha256.is_empty() && known.is_some_and(|known| *known != run.model_sha256)
        })
    }

    /// Changes one setting; it counts from the next run on.
    ///
    /// # Errors
    /// [`SettingError`] with name, value and what is allowed.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        self.settings.set(name, value)
    }

    /// Makes one change of the settings.
    ///
    /// # Errors
    /// [`SettingError`] with name, value and what is allowed.
    pub fn change_setting(&mut self, change: SettingChange) -> Result<(), SettingError> {
        self.settings.change(change)
    }

    /// The job that reads, embeds and clusters the folder with the present settings.
    pub fn job(&self) -> AnalyseJob {
        AnalyseJob {
            root: self.root.clone(),
            project: Arc::clone(&self.project),
            settings: self.settings.clone(),
            constraints: Arc::clone(self.user_constraints()),
            head: self.history.head().map(str::to_owned),
            known: self.set.clone(),
            track_cuts: self.track_cuts.clone(),
            erased: Arc::clone(&self.erased),
            // No identity loses its name, and it was asked for.
            rereads: self.settings.pictures != PictureGrouping::Auto
                && self.review.identities().all(|identity| !identity.kept),
        }
    }

    /// [`Self::job`] with other settings, and without the head learned on this project: what
    /// a first run on the folder gets, under the curator's links.
    pub(crate) fn job_with(&self, settings: Settings) -> AnalyseJob {
        AnalyseJob { settings, head: None, ..self.job() }
    }

    /// [`Self::job`] with another method, and without a head that is of another kind than it takes.
    pub(crate) fn job_by(&self, method: &str) -> Result<AnalyseJob, SettingError> {
        let mut job = self.job();
        let before = job.settings.method.needs_head;
        job.settings.set("method", method)?;
        if job.settings.method.needs_head != before {
            job.settings.head = HeadChoice::Auto;
        }
        Ok(job)
    }

    /// The job that groups the tracks by another method, beside what is adopted.
    ///
    /// # Errors
    /// [`SettingError`]: no such method.
    pub fn opinion_job(&self, method: &str) -> Result<OpinionJob, SettingError> {
        Ok(OpinionJob { analyse: self.job_by(method)? })
    }

    /// The curator's links that hold, by track id.
    fn user_constraints(&self) -> &Arc<Vec<ConstraintById>> {
        let id = |track| self.review.track_id(track).to_owned();
        let links = || self.review.constraints().into_iter().map(|link| (id(link.a), id(link.b), link.kind));
        self.constraints.get_or_init(|| Arc::new(links().collect()))
    }

    /// The states along the history for a set of tracks: those at hand, where it is the same.
    fn states_of(&self, set: &TrackSet) -> HistoryStates {
        if self.review.is_of(set.tracks.iter().map(|track| track.id.as_str())) {
            (self.checkpoints.clone(), self.review.as_ref().clone())
        } else {
            Checkpoints::new(&self.history, blank(Some(set)))
        }
    }

    /// Appends an entry that is durable.
    fn push(&mut self, entry: LogEntry) {
        self.history.push(entry);
        self.checkpoints.push(&self.history, Arc::make_mut(&mut self.review));
    }

    /// The entry that regroups `review` into `clusters`, the result of a run, and lets a head be in
    /// force; none where nothing would change.
    fn adoption(
        &self,
        review: &Review,
        clusters: &[Vec<TrackIx>],
        source: String,
        (run, head): (Fingerprint, Option<&str>),
    ) -> Option<LogEntry> {
        let adopted = adoption(review, clusters, source, self.history.new_identity_id());
        let edit =
            Edit::Adopt(AdoptedClustering { run: Some(run), head: head.map(str::to_owned), ..adopted });
        let mut after = review.clone();
        after.apply(&edit);
        let changes = self.history.is_empty() || *review != after || head.is_some();
        changes.then(|| self.history.next_entry(edit, project::now(), review))
    }

    /// To be called after a change, with the state before it.
    fn changed(&mut self, before: &Review) {
        self.revision += 1;
        self.levels = OnceLock::new();
        if !self.review.has_links_of(before) {
            self.constraints = OnceLock::new();
        }
    }

    /// What another radius is one cut away from, where that is known for the present run and
    /// links; a [`CutJob`] finds it out.
    pub fn cuts(&self) -> Option<&Arc<Cuts>> {
        self.cuts.as_ref().filter(|cuts| cuts.are_of(self.run.as_deref(), self.user_constraints()))
    }

    /// The job that finds out the cuts, up to `reach` or to all that is offered. None before
    /// the first run.
    pub fn cut_job(&self, reach: Option<Level>) -> Option<CutJob> {
        Some(CutJob {
            project: Arc::clone(&self.project),
            settings: self.settings.clone(),
            set: Arc::clone(self.set.as_ref()?),
            run: Arc::clone(self.run.as_ref()?),
            constraints: Arc::clone(self.user_constraints()),
            head: self.history.head().map(str::to_owned),
            cuts: self.cuts.clone(),
            reach,
        })
    }

    /// Stores the result of a [`CutJob`]; one that the session has moved on from is passed
    /// over.
    pub fn take_cuts(&mut self, cuts: Arc<Cuts>) {
        if cuts.are_of(self.run.as_deref(), self.user_constraints()) {
            self.cuts = Some(cuts);
            self.levels = OnceLock::new();
        }
    }

    /// How many clusters and identities a cut at a level makes, without making them; none where
    /// that is not known. O(log n), and O(n) the first time after an edit.
    pub fn counts(&self, level: impl Into<Level>) -> Option<GroupCounts> {
        let cuts = self.cuts()?;
        let (levels, n_kept) = self.levels.get_or_init(|| {
            let n_kept = self.review.identities().filter(|identity| identity.kept).count();
            (cuts.group_counts(&self.review), n_kept)
        });
        cuts.counts(levels, *n_kept, level.into())
    }

    /// Plans an export of the present state.
    ///
    /// # Errors
    /// [`SessionError`]: nothing to export yet, or the target is not fit.
    pub fn export(
        &self,
        selection: Selection,
        mode: TransferMode,
        target: &Path,
    ) -> Result<ExportPlan, SessionError> {
        let set = self.set.as_ref().ok_or(SessionError::NothingYet)?;
        let run = self.run.as_deref().ok_or(SessionError::NothingYet)?;
        let provenance = Provenance {
            model: run.model.clone(),
            model_sha256: run.model_sha256.clone(),
            engine: run.engine.clone(),
            method: run.parameters.method.id().to_owned(),
            parameters: run.parameters.texts(),
        };
        let options = export::ExportOptions { selection, mode, provenance, clusters: run.clusters.clone() };
        Ok(export::plan(set, &self.review, &options, target)?)
    }

    /// Names in use, for type-ahead.
    pub fn names(&self) -> Vec<String> {
        let names: BTreeMap<_, _> = self.review.names();
        names.into_keys().map(str::to_owned).collect()
    }
}

/// The checkpoints of a history, and the state at its cursor.
type HistoryStates = (Checkpoints, Review);

fn co_occurrence(set: &TrackSet) -> Arc<CoOccurrence> {
    Arc::new(CoOccurrence::new(&set.co_occurrence_constraints()))
}

/// The state of these tracks before the first edit.
pub(crate) fn blank(set: Option<&TrackSet>) -> Review {
    let ids = set.map(|set| set.tracks.iter().map(|track| track.id.clone()).collect());
    Review::of_moved(ids.unwrap_or_default(), set.map(TrackSet::former_ids).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster;

    #[test]
    fn a_job_of_another_method_takes_no_head_of_this_one() {
        let dir = tempfile::tempdir().unwrap();
        let mut session = Session::open(dir.path(), None).unwrap();
        let told = |settings: &Settings| (settings.method.id.to_owned(), settings.text("head").unwrap());
        let pair = |method: &str, head: &str| (method.to_owned(), head.to_owned());
        session.set("method", "lgcn").unwrap();
        session.set("head", "links.safetensors").unwrap();
        let second = |session: &Session, method| told(&session.opinion_job(method).unwrap().analyse.settings);
        assert_eq!(second(&session, "facemap"), pair("facemap", "auto"));
        assert_eq!(second(&session, "lgcn"), pair("lgcn", "links.safetensors"));
        // What is learned on a project is held against the present space by BCL.
        let ball = |session: &Session| told(&session.job_by(cluster::BALL).unwrap().settings);
        assert_eq!(ball(&session), pair("bcl", "auto"));
        session.set("method", "dbscan").unwrap();
        session.set("head", "ball.safetensors").unwrap();
        assert_eq!(ball(&session), pair("bcl", "ball.safetensors"));
    }
}
