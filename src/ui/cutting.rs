//! Finds the cuts at other radii in the background, so that the slider has them at hand.
//!
//! Runs on a lane of its own: nobody waits for it, nothing is blocked by it, and it gives way
//! to every long job. It starts after a run and while the settings are open.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::Context;

use super::desk::Desk;
use crate::session::{Cuts, Session, SessionError};
use crate::worker::{Lane, Outcome};

type Found = (PathBuf, Result<Cuts, SessionError>);

/// The lane, and what was in vain.
pub(super) struct Cutter {
    lane: Option<Lane<Found>>,
    /// The state in which there were no cuts to be had; it is not tried again.
    vain: Option<(PathBuf, u64, BTreeMap<String, String>)>,
}

impl Cutter {
    /// Starts the lane; without a thread the slider only sets the next run's radius.
    pub(super) fn start(ctx: &Context) -> Self {
        let wake = ctx.clone();
        Self { lane: Lane::start("cuts", move || wake.request_repaint()).ok(), vain: None }
    }

    /// Takes in what was found, and starts to look for what is missing; never waits.
    pub(super) fn step(&mut self, desk: Option<&mut Desk>, is_free: bool) {
        let Some(lane) = &mut self.lane else { return };
        let mut desk = desk;
        while let Some(outcome) = lane.poll() {
            let Some(session) = desk.as_mut().map(|desk| &mut desk.session) else { continue };
            match outcome {
                Outcome::Done((root, Ok(cuts))) if root == session.root() => {
                    session.take_cuts(Arc::new(cuts));
                }
                Outcome::Done((_, Err(error))) if error.exit_code() == 130 => {}
                // It can only be had by a run: the slider then says so.
                Outcome::Done((_, Err(_))) | Outcome::Panicked(_) => self.vain = Some(state(session)),
                Outcome::Done(_) => {}
            }
        }
        let Some(desk) = desk.filter(|desk| desk.look.settings_open || desk.is_fresh) else { return };
        let session = &desk.session;
        if !is_free || lane.running().is_some() || session.is_busy() || session.project().is_read_only() {
            return;
        }
        if session.cuts().is_some_and(|cuts| cuts.is_whole()) {
            desk.is_fresh = false;
        } else if self.vain.as_ref().is_none_or(|vain| *vain != state(session))
            && let Some(job) = session.cut_job(None)
        {
            let root = session.root().to_path_buf();
            lane.submit(move |cx| (root, job.run(cx)));
        }
    }

    /// Stops what runs: something more urgent does, or the project closes.
    pub(super) fn give_way(&self) {
        if let Some(cx) = self.lane.as_ref().and_then(Lane::running) {
            cx.cancel();
        }
    }
}

fn state(session: &Session) -> (PathBuf, u64, BTreeMap<String, String>) {
    (session.root().to_path_buf(), session.revision(), session.settings().stored())
}
