//! The long jobs of the window: what each does on the thread, and what comes back.
//!
//! A job owns all it needs and touches no window. One runs at a time.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::{Cx, Stage};
use crate::export::ExportSummary;
use crate::heads::{HeadProposal, ProposalOutcome, ProposeJob};
use crate::library::LibraryEdit;
use crate::models::ModelEntry;
use crate::project::Project;
use crate::review::{IdentityId, Review};
use crate::session::{
    self, AddModelJob, AnalyseJob, Analysis, DemoJob, DownloadJob, ExportJob, KeepJob, KeptPeople,
    LibraryEditJob, MergedProject, OpinionJob, Session, SessionError, StoredProposal, TrialJob,
};
use crate::views::{NamesImport, Opinion};

/// What a job gives back.
pub(crate) enum JobResult {
    Opened { path: PathBuf, result: Result<Box<Session>, SessionError> },
    Analysed { root: PathBuf, result: Result<Box<Analysis>, SessionError> },
    Proposed { root: PathBuf, result: Result<Box<ProposalOutcome>, SessionError> },
    Opinion { root: PathBuf, method: &'static str, result: Result<Box<Opinion>, SessionError> },
    ProposalStored { root: PathBuf, result: Result<StoredProposal, SessionError> },
    Exported(Result<ExportSummary, SessionError>),
    KeptPeople { root: PathBuf, identities: Vec<IdentityId>, result: Result<KeptPeople, SessionError> },
    LibraryChanged(Result<LibraryEdit, SessionError>),
    Fetched { id: String, result: Result<(), SessionError> },
    Tried { root: PathBuf, id: String, result: Result<Box<Analysis>, SessionError> },
    Installed(Result<Box<ModelEntry>, SessionError>),
    Relocated { opened: PathBuf, result: Result<PathBuf, SessionError> },
    NamesRead { root: PathBuf, result: Result<Box<NamesImport>, SessionError> },
    Merged { root: PathBuf, result: Result<Box<MergedProject>, SessionError> },
}

/// The forecast of a running analysis, as it becomes known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Forecast(Arc<Mutex<String>>);

impl Forecast {
    pub(crate) fn set(&self, text: &str) {
        text.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Opens a folder or a project; of videos the tracks are made first.
pub(crate) fn open(path: PathBuf, cx: &Cx) -> JobResult {
    let path = match session::are_videos(&path).then(|| session::track_on_the_way(&path, cx)) {
        Some(Ok(tracks)) => tracks,
        Some(Err(error)) => return JobResult::Opened { path, result: Err(error) },
        None => path,
    };
    cx.stage(Stage::OpeningTheProject, 0);
    let result = Session::open(&path, None).map(Box::new);
    JobResult::Opened { path, result }
}

/// Draws the demo, where it is not there yet, and opens it.
pub(crate) fn draw_demo(folder: Option<PathBuf>, cx: &Cx) -> JobResult {
    let Some(folder) = folder else {
        return JobResult::Opened { path: PathBuf::new(), result: Err(SessionError::NoHome) };
    };
    match (DemoJob { folder: folder.clone() }).run(cx) {
        Ok(_) => open(folder, cx),
        Err(error) => JobResult::Opened { path: folder, result: Err(error) },
    }
}

/// Reads, embeds and clusters.
pub(crate) fn analyse(root: PathBuf, job: &AnalyseJob, forecast: &Forecast, cx: &Cx) -> JobResult {
    let result = job.run(cx, |text| forecast.set(text)).map(Box::new);
    JobResult::Analysed { root, result }
}

/// Learns on the project; changes nothing.
pub(crate) fn propose(root: PathBuf, job: &ProposeJob, forecast: &Forecast, cx: &Cx) -> JobResult {
    let result = job.run(cx, |text| forecast.set(text)).map(Box::new);
    JobResult::Proposed { root, result }
}

/// Groups by another method; changes nothing.
pub(crate) fn opinion(
    root: PathBuf,
    method: &'static str,
    job: &OpinionJob,
    forecast: &Forecast,
    cx: &Cx,
) -> JobResult {
    let result = job.run(cx, |text| forecast.set(text)).map(Box::new);
    JobResult::Opinion { root, method, result }
}

/// Keeps what a proposal needs before it can be adopted.
pub(crate) fn store_proposal(
    root: PathBuf,
    proposal: &Arc<HeadProposal>,
    project: &Project,
    cx: &Cx,
) -> JobResult {
    cx.stage(Stage::KeepingWhatWasLearned, 0);
    JobResult::ProposalStored { root, result: proposal.keep(project) }
}

/// Keeps people in the library.
pub(crate) fn keep_people(root: PathBuf, job: &KeepJob, identities: Vec<IdentityId>, cx: &Cx) -> JobResult {
    JobResult::KeptPeople { root, identities, result: job.run(cx) }
}

/// Changes the library.
pub(crate) fn edit_library(job: &LibraryEditJob, cx: &Cx) -> JobResult {
    JobResult::LibraryChanged(job.run(cx).map(|(deed, _)| deed))
}

/// Writes an export.
pub(crate) fn export(job: &ExportJob, cx: &Cx) -> JobResult {
    JobResult::Exported(job.run(cx))
}

/// Puts a model's file into the model folder, under the catalogue's entry where its hash is known.
pub(crate) fn install(file: PathBuf, cx: &Cx) -> JobResult {
    let job = AddModelJob { file, set: Vec::new() };
    JobResult::Installed(job.run(cx).map(|added| Box::new(added.entry)))
}

/// Looks for a project's tracks in another folder.
pub(crate) fn relocate(opened: PathBuf, to: &Path, cx: &Cx) -> JobResult {
    cx.stage(Stage::OpeningTheProject, 0);
    let result = session::relocate(&opened, to);
    JobResult::Relocated { opened, result }
}

/// Reads names from a table; changes nothing.
pub(crate) fn read_names(root: PathBuf, file: &Path, review: &Review, cx: &Cx) -> JobResult {
    cx.stage(Stage::OpeningTheProject, 0);
    let result = session::import_names(review, file).map(Box::new);
    JobResult::NamesRead { root, result }
}

/// Merges a colleague's project with ours into a new one beside ours.
pub(crate) fn merge(root: PathBuf, ours: &Path, theirs: &Path, cx: &Cx) -> JobResult {
    cx.stage(Stage::OpeningTheProject, 0);
    let result = session::merge_projects(ours, theirs, &free_place(ours)).map(Box::new);
    JobResult::Merged { root, result }
}

/// A file for the merged project beside ours that is not there yet.
fn free_place(ours: &Path) -> PathBuf {
    let stem = ours.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let place = |n: usize| {
        let number = if n == 1 { String::new() } else { format!("-{n}") };
        ours.with_file_name(format!("{stem}-merged{number}.sqlite"))
    };
    (1..1000).map(place).find(|path| !path.exists()).unwrap_or_else(|| place(1000))
}

/// Downloads a model.
pub(crate) fn fetch(id: String, cx: &Cx) -> JobResult {
    let result = DownloadJob { id: id.clone() }.run(cx).map(drop);
    JobResult::Fetched { id, result }
}

/// Gets a model and groups with it; changes nothing.
pub(crate) fn trial(root: PathBuf, id: String, job: &TrialJob, forecast: &Forecast, cx: &Cx) -> JobResult {
    let result = job.run(cx, |text| forecast.set(text)).map(Box::new);
    JobResult::Tried { root, id, result }
}
