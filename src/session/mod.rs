//! The interface of the two front ends, the window and the command line.
//!
//! A front end opens a [`Session`], submits [`Command`]s, runs the [`AnalyseJob`] that the session
//! hands out (on the worker or inline), and reads snapshots. Commands never block: an edit
//! is on the screen once it is on the disk. No thread is started here.

mod advice;
mod analyse;
mod commands;
mod constraints;
mod copies;
mod cuts;
mod error;
mod evaluate;
mod ground;
mod map;
mod matrix;
mod opinion;
mod output;
mod people;
mod regroup;
mod rows;
mod run;
mod settings;
mod sharpness;
mod space;
mod threshold;
mod trial;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::advice::Vectors;
use crate::base::{CoOccurrence, Fingerprint, TrackIx};
use crate::cluster::Level;
use crate::export::{self, LinkMode, Plan, Provenance, Selection};
use crate::models::Catalogue;
use crate::project::{self, Ack, Place, Project, default_place};
use crate::review::{Adopted, Checkpoints, Edit, Entry, History, Review, adoption};
use crate::tracks::{Cut, Pictures, TrackSet};

use commands::Pending;
use rows::Rows;

pub(crate) use advice::FoundVectors;
pub use analyse::{AnalyseJob, Analysis, Report, Spent, four_digits};
pub use commands::{Command, Notice};
pub(crate) use copies::{copies, restore};
pub use cuts::{Counts, CutJob, Cuts};
pub use error::SessionError;
pub use evaluate::{Evaluation, evaluate, read_truth};
pub(crate) use evaluate::{check_place, read_assignments, write_assignments, write_whole};
pub use ground::Ground;
pub(crate) use map::{MapOptions, TrackMap};
pub(crate) use matrix::MatrixJob;
pub use opinion::OpinionJob;
pub(crate) use output::{DemoJob, ExportJob};
pub(crate) use people::LibraryJob;
pub use people::{KeepJob, KeptPeople, KnownPeople, Namesakes, Wanted};
pub use regroup::KeptProposal;
pub use run::{Run, RunParameters};
pub use settings::{HeadChoice, PoolingChoice, SETTINGS, Setting, SettingError, Settings};
pub use threshold::{EstimatedRadius, Sweep, estimate_radius};
pub use trial::TrialJob;
pub(crate) use trial::{AddJob, GetJob, worth_trying};

// What `heads` needs of the jobs.
pub(crate) use analyse::{Looked, Watch, load, source};
pub(crate) use constraints::{LinkById, constraints};
pub(crate) use matrix::check_width;
pub(crate) use rows::unit_rows;
pub(crate) use space::{FEATURES, Space, load_catalogue};
pub(crate) use threshold::{best_cut, cut_at, everybody};

/// One opened project.
pub struct Session {
    project: Arc<Project>,
    /// Whether the project could not lie beside the tracks.
    elsewhere: bool,
    root: PathBuf,
    set: Option<Arc<TrackSet>>,
    /// The cuts that `set` is made with.
    track_cuts: Vec<Cut>,
    /// Tracks that are seen at the same time.
    together: Arc<CoOccurrence>,
    settings: Settings,
    history: History,
    checkpoints: Checkpoints,
    review: Arc<Review>,
    run: Option<Arc<Run>>,
    cuts: Option<Arc<Cuts>>,
    /// The rows of some run, the last one as a rule, and its vectors where it is in force.
    rows: Option<Rows>,
    vectors: Option<Arc<Vectors>>,
    /// What [`Cuts::levels`] says of the present review, and how many identities are kept, once it
    /// was asked for.
    levels: OnceLock<(Vec<u32>, usize)>,
    /// The present review's links, once they were asked for.
    links: OnceLock<Arc<Vec<LinkById>>>,
    queue: VecDeque<Command>,
    in_flight: Option<(Pending, Ack)>,
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
            Some(project) => Place { path: project.to_path_buf(), elsewhere: false },
            None if is_file => Place { path: path.to_path_buf(), elsewhere: false },
            None => default_place(path),
        };
        Self::with(Project::open(&place.path)?, place.elsewhere, path)
    }

    /// What the project holds, for a folder or a project file at `path`.
    fn with(project: Project, elsewhere: bool, path: &Path) -> Result<Self, SessionError> {
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
        // What a project was grouped by stays its method: a default that changed since is no reason to
        // regroup what the curator knows.
        let run: Option<Run> = stored.last_run.and_then(|key| project.run(key));
        if let Some(run) = run.as_ref().filter(|_| !stored.settings.contains_key("method")) {
            settings.method = run.parameters.method.method();
        }
        Ok(Self {
            project: Arc::new(project),
            elsewhere,
            root,
            together: set.as_deref().map(seen_together).unwrap_or_default(),
            set,
            track_cuts,
            settings,
            history,
            checkpoints,
            review: Arc::new(review),
            run: run.map(Arc::new),
            cuts: None,
            rows: None,
            vectors: None,
            levels: OnceLock::new(),
            links: OnceLock::new(),
            queue: VecDeque::new(),
            in_flight: None,
            revision: 0,
        })
    }

    /// Opens a project that is there already, or the one of a folder; makes none.
    ///
    /// # Errors
    /// As [`Self::open`], and [`SessionError::NothingYet`] for a folder without a project.
    pub fn open_known(path: &Path) -> Result<Self, SessionError> {
        Self::known_place(path).and_then(|_| Self::open(path, None))
    }

    /// [`Self::open_known`] without a claim on it: nothing can be changed, and nobody else is
    /// kept from changing it.
    ///
    /// # Errors
    /// As [`Self::open_known`].
    pub fn look(path: &Path) -> Result<Self, SessionError> {
        let place = Self::known_place(path)?;
        Self::with(Project::look(&place.path)?, place.elsewhere, path)
    }

    fn known_place(path: &Path) -> Result<Place, SessionError> {
        if path.is_dir() {
            return Some(default_place(path))
                .filter(|place| place.path.is_file())
                .ok_or(SessionError::NothingYet);
        }
        let missing = || SessionError::Missing(path.to_path_buf());
        path.is_file().then(|| Place { path: path.to_path_buf(), elsewhere: false }).ok_or_else(missing)
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
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.elsewhere
    }

    /// The tracks, once they were read.
    pub fn tracks(&self) -> Option<&Arc<TrackSet>> {
        self.set.as_ref()
    }

    /// All identities, as they stand on the disk.
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

    /// Whether the run in force was made with an earlier file of the model that the settings name by its
    /// id: embeddings of the two do not compare.
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

    /// The job that reads, embeds and clusters the folder with the present settings.
    pub fn job(&self) -> AnalyseJob {
        AnalyseJob {
            root: self.root.clone(),
            project: Arc::clone(&self.project),
            settings: self.settings.clone(),
            links: Arc::clone(self.links()),
            head: self.history.head().map(str::to_owned),
            known: self.set.clone(),
            track_cuts: self.track_cuts.clone(),
            // Nobody loses a name, and it was asked for.
            rereads: self.settings.pictures != Pictures::Auto
                && self.review.identities().all(|identity| !identity.kept),
        }
    }

    /// [`Self::job`] with other settings, and without the head learned on this project: what
    /// whoever opens the folder for the first time gets, under the curator's links.
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
    pub fn second(&self, method: &str) -> Result<OpinionJob, SettingError> {
        Ok(OpinionJob { analyse: self.job_by(method)? })
    }

    /// The curator's links that hold, by track id.
    fn links(&self) -> &Arc<Vec<LinkById>> {
        let id = |track| self.review.track_id(track).to_owned();
        let links = || self.review.links().into_iter().map(|link| (id(link.a), id(link.b), link.kind));
        self.links.get_or_init(|| Arc::new(links().collect()))
    }

    /// The states along the history for a set of tracks: those at hand, where it is the same.
    fn states_of(&self, set: &TrackSet) -> States {
        if self.review.is_of(set.tracks.iter().map(|track| track.id.as_str())) {
            (self.checkpoints.clone(), self.review.as_ref().clone())
        } else {
            Checkpoints::new(&self.history, blank(Some(set)))
        }
    }

    /// Takes an entry over that is durable.
    fn push(&mut self, entry: Entry) {
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
    ) -> Option<Entry> {
        let adopted = adoption(review, clusters, source, self.history.fresh_identity());
        let edit = Edit::Adopt(Adopted { run: Some(run), head: head.map(str::to_owned), ..adopted });
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
            self.links = OnceLock::new();
        }
    }

    /// What another radius is one cut away from, where that is known for the present run and
    /// links; a [`CutJob`] finds it out.
    pub fn cuts(&self) -> Option<&Arc<Cuts>> {
        self.cuts.as_ref().filter(|cuts| cuts.fit(self.run.as_deref(), self.links()))
    }

    /// The job that finds out the cuts, up to `reach` or to all that is offered. None before
    /// the first run.
    pub fn cut_job(&self, reach: Option<Level>) -> Option<CutJob> {
        Some(CutJob {
            project: Arc::clone(&self.project),
            settings: self.settings.clone(),
            set: Arc::clone(self.set.as_ref()?),
            run: Arc::clone(self.run.as_ref()?),
            links: Arc::clone(self.links()),
            head: self.history.head().map(str::to_owned),
            cuts: self.cuts.clone(),
            reach,
        })
    }

    /// Takes the result of a [`CutJob`] over; one that the session has moved on from is passed
    /// over.
    pub fn take_cuts(&mut self, cuts: Arc<Cuts>) {
        if cuts.fit(self.run.as_deref(), self.links()) {
            self.cuts = Some(cuts);
            self.levels = OnceLock::new();
        }
    }

    /// How many clusters and identities a cut at a level makes, without making them; none where that
    /// is not known. O(log n), and O(n) the first time after an edit.
    pub fn counts(&self, level: impl Into<Level>) -> Option<Counts> {
        let cuts = self.cuts()?;
        let (levels, n_kept) = self.levels.get_or_init(|| {
            let n_kept = self.review.identities().filter(|identity| identity.kept).count();
            (cuts.levels(&self.review), n_kept)
        });
        cuts.counts(levels, *n_kept, level.into())
    }

    /// Plans an export of the present state.
    ///
    /// # Errors
    /// [`SessionError`]: nothing to export yet, or the target is not fit.
    pub fn export(&self, selection: Selection, mode: LinkMode, target: &Path) -> Result<Plan, SessionError> {
        let set = self.set.as_ref().ok_or(SessionError::NothingYet)?;
        let run = self.run.as_deref().ok_or(SessionError::NothingYet)?;
        let provenance = Provenance {
            model: run.model.clone(),
            model_sha256: run.model_sha256.clone(),
            engine: run.engine.clone(),
            method: run.parameters.method.id().to_owned(),
            parameters: run.parameters.texts(),
        };
        let options = export::Options { selection, mode, provenance, clusters: run.clusters.clone() };
        Ok(export::plan(set, &self.review, &options, target)?)
    }

    /// Names in use, for type-ahead.
    pub fn names(&self) -> Vec<String> {
        let names: BTreeMap<_, _> = self.review.names();
        names.into_keys().map(str::to_owned).collect()
    }
}

/// The checkpoints of a history, and the state at its cursor.
type States = (Checkpoints, Review);

fn seen_together(set: &TrackSet) -> Arc<CoOccurrence> {
    Arc::new(CoOccurrence::new(&set.together()))
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
        let second = |session: &Session, method| told(&session.second(method).unwrap().analyse.settings);
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
