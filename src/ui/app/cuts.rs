//! Finds the cuts at other radii in the background, so that the slider has them at hand.
//!
//! Runs on a thread of its own: nothing waits for it, nothing is blocked by it, and it is cancelled
//! to every long job. It starts after a run and while the settings are open.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::Context;

use crate::session::{Cuts, Session, SessionError};
use crate::ui::app::open_project::OpenProject;
use crate::worker::{JobOutcome, JobThread};

type CutResult = (PathBuf, Result<Cuts, SessionError>);

/// The thread, and the runs without a result.
pub(crate) struct CutRunner {
    thread: Option<JobThread<CutResult>>,
    /// The state in which there were no cuts to be had; it is not tried again.
    failed_for: Option<(PathBuf, u64, BTreeMap<String, String>)>,
}

impl CutRunner {
    /// Starts the thread; without a thread the slider only sets the next run's radius.
    pub(crate) fn start(ctx: &Context) -> Self {
        let wake = ctx.clone();
        Self { thread: JobThread::start("cuts", move || wake.request_repaint()).ok(), failed_for: None }
    }

    /// Takes in what was found, and starts to look for what is missing; never waits.
    pub(crate) fn step(&mut self, project: Option<&mut OpenProject>, is_free: bool) {
        let Some(lane) = &mut self.thread else { return };
        let mut project = project;
        while let Some(outcome) = lane.poll() {
            let Some(session) = project.as_mut().map(|project| &mut project.session) else { continue };
            match outcome {
                JobOutcome::Done((root, Ok(cuts))) if root == session.root() => {
                    session.take_cuts(Arc::new(cuts));
                }
                JobOutcome::Done((_, Err(error))) if error.exit_code() == 130 => {}
                // It can only be had by a run: the slider then says so.
                JobOutcome::Done((_, Err(_))) | JobOutcome::Panicked(_) => {
                    self.failed_for = Some(state(session));
                }
                JobOutcome::Done(_) => {}
            }
        }
        let Some(project) = project.filter(|project| project.state.look.settings_open || project.is_fresh)
        else {
            return;
        };
        let session = &project.session;
        if !is_free || lane.running().is_some() || session.is_busy() || session.project().is_read_only() {
            return;
        }
        if session.cuts().is_some_and(|cuts| cuts.are_complete()) {
            project.is_fresh = false;
        } else if self.failed_for.as_ref().is_none_or(|vain| *vain != state(session))
            && let Some(job) = session.cut_job(None)
        {
            let root = session.root().to_path_buf();
            lane.submit(move |cx| (root, job.run(cx)));
        }
    }

    /// Stops what runs: something more urgent does, or the project closes.
    pub(crate) fn cancel(&self) {
        if let Some(cx) = self.thread.as_ref().and_then(JobThread::running) {
            cx.cancel();
        }
    }
}

fn state(session: &Session) -> (PathBuf, u64, BTreeMap<String, String>) {
    (session.root().to_path_buf(), session.revision(), session.settings().stored())
}
