//! The long jobs of the window: what each does on the lane, and what comes back.
//!
//! A job owns all it needs and touches no window. One runs at a time.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::{Cx, Stage};
use crate::export::Written;
use crate::heads::{Outcome, Proposal, ProposeJob};
use crate::library::Deed;
use crate::models::Entry;
use crate::project::Project;
use crate::review::IdentityId;
use crate::session::{
    AddJob, AnalyseJob, Analysis, DemoJob, ExportJob, GetJob, KeepJob, KeptPeople, KeptProposal, LibraryJob,
    OpinionJob, Session, SessionError, TrialJob,
};
use crate::views::Opinion;

/// What a job gives back.
pub(super) enum Finished {
    Opened { path: PathBuf, result: Result<Box<Session>, SessionError> },
    Analysed { root: PathBuf, result: Result<Box<Analysis>, SessionError> },
    Proposed { root: PathBuf, result: Result<Box<Outcome>, SessionError> },
    Second { root: PathBuf, method: &'static str, result: Result<Box<Opinion>, SessionError> },
    Kept { root: PathBuf, result: Result<KeptProposal, SessionError> },
    Exported(Result<Written, SessionError>),
    KeptPeople { root: PathBuf, identities: Vec<IdentityId>, result: Result<KeptPeople, SessionError> },
    Shelved(Result<Deed, SessionError>),
    Fetched { id: String, result: Result<(), SessionError> },
    Tried { root: PathBuf, id: String, result: Result<Box<Analysis>, SessionError> },
    Installed(Result<Box<Entry>, SessionError>),
}

/// The forecast of a running analysis, as it becomes known.
#[derive(Debug, Clone, Default)]
pub(super) struct Forecast(Arc<Mutex<String>>);

impl Forecast {
    pub(super) fn tell(&self, text: &str) {
        text.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Opens a folder or a project.
pub(super) fn open(path: PathBuf, cx: &Cx) -> Finished {
    cx.stage(Stage::OpeningTheProject, 0);
    let result = Session::open(&path, None).map(Box::new);
    Finished::Opened { path, result }
}

/// Draws the demo, where it is not there yet, and opens it.
pub(super) fn draw_demo(folder: Option<PathBuf>, cx: &Cx) -> Finished {
    let Some(folder) = folder else {
        return Finished::Opened { path: PathBuf::new(), result: Err(SessionError::NoHome) };
    };
    match (DemoJob { folder: folder.clone() }).run(cx) {
        Ok(_) => open(folder, cx),
        Err(error) => Finished::Opened { path: folder, result: Err(error) },
    }
}

/// Reads, embeds and clusters.
pub(super) fn analyse(root: PathBuf, job: &AnalyseJob, forecast: &Forecast, cx: &Cx) -> Finished {
    let result = job.run(cx, |text| forecast.tell(text)).map(Box::new);
    Finished::Analysed { root, result }
}

/// Learns on the project; changes nothing.
pub(super) fn propose(root: PathBuf, job: &ProposeJob, forecast: &Forecast, cx: &Cx) -> Finished {
    let result = job.run(cx, |text| forecast.tell(text)).map(Box::new);
    Finished::Proposed { root, result }
}

/// Groups by another method; changes nothing.
pub(super) fn second(
    root: PathBuf,
    method: &'static str,
    job: &OpinionJob,
    forecast: &Forecast,
    cx: &Cx,
) -> Finished {
    let result = job.run(cx, |text| forecast.tell(text)).map(Box::new);
    Finished::Second { root, method, result }
}

/// Keeps what a proposal needs before it can be adopted.
pub(super) fn keep(root: PathBuf, proposal: &Arc<Proposal>, project: &Project, cx: &Cx) -> Finished {
    cx.stage(Stage::KeepingWhatWasLearned, 0);
    Finished::Kept { root, result: proposal.keep(project) }
}

/// Keeps people in the library.
pub(super) fn keep_people(root: PathBuf, job: &KeepJob, identities: Vec<IdentityId>, cx: &Cx) -> Finished {
    Finished::KeptPeople { root, identities, result: job.run(cx) }
}

/// Changes the library.
pub(super) fn shelve(job: &LibraryJob, cx: &Cx) -> Finished {
    Finished::Shelved(job.run(cx).map(|(deed, _)| deed))
}

/// Writes an export.
pub(super) fn export(job: &ExportJob, cx: &Cx) -> Finished {
    Finished::Exported(job.run(cx))
}

/// Puts a model's file into the model folder, under the catalogue's entry where its hash is known.
pub(super) fn install(file: PathBuf, cx: &Cx) -> Finished {
    let job = AddJob { file, set: Vec::new() };
    Finished::Installed(job.run(cx).map(|added| Box::new(added.entry)))
}

/// Downloads a model.
pub(super) fn fetch(id: String, cx: &Cx) -> Finished {
    let result = GetJob { id: id.clone() }.run(cx).map(drop);
    Finished::Fetched { id, result }
}

/// Gets a model and groups with it; changes nothing.
pub(super) fn trial(root: PathBuf, id: String, job: &TrialJob, forecast: &Forecast, cx: &Cx) -> Finished {
    let result = job.run(cx, |text| forecast.tell(text)).map(Box::new);
    Finished::Tried { root, id, result }
}
