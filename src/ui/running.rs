//! What long runs are started for, and what becomes of what they found.
//!
//! Beside `handlers`: grouping anew, asking another method, learning. A run comes into force by a
//! command of the session, so that no frame waits for the disk; where it would change identities that
//! are there already, the curator looks at it first (`rerun`).

use std::sync::Arc;

use super::app::App;
use super::handlers::{go, run, submit};
use super::jobs;
use super::lang::t;
use super::look::Page;
use super::notices::Tone;
use super::rerun::RerunBox;
use super::words;
use crate::base::told;
use crate::heads::{Lesson, Outcome, ProposeJob};
use crate::session::{Analysis, Command, KeptProposal, Report};

/// Groups anew.
pub(super) fn analyse(app: &mut App) {
    let Some(desk) = &app.desk else { return };
    let (root, job) = (desk.session.root().to_path_buf(), desk.session.job());
    let forecast = app.forecast.clone();
    run(app, move |cx| jobs::analyse(root, &job, &forecast, cx));
}

/// A run has ended. The first one is taken over, and one that changes nobody; any other is shown.
pub(super) fn analysed(app: &mut App, analysis: Analysis) {
    let Some(desk) = &mut app.desk else { return };
    let analysis = Arc::new(analysis);
    let is_first = desk.session.review().identities().len() == 0;
    if !is_first && shown(app, &analysis) {
        return;
    }
    let same = if is_first { String::new() } else { t!("rerun-same") };
    let told = grouped(&analysis.report, &same);
    take(app, Command::Regroup(analysis, None), told);
}

/// Shows what a run would change; gives false where that is nothing, which is to be told.
fn shown(app: &mut App, analysis: &Arc<Analysis>) -> bool {
    let Some(desk) = &mut app.desk else { return true };
    desk.session.take_tracks(analysis);
    desk.look.rerun = None;
    match RerunBox::new(Arc::clone(analysis), &desk.session) {
        Ok(rerun) if rerun.is_empty() => false,
        Ok(rerun) => {
            desk.look.rerun = Some(rerun);
            let (tone, told) = grouped(&analysis.report, "");
            app.toasts.push(tone, told);
            if is_at_rest(app) {
                go(app, Page::Rerun);
            }
            true
        }
        Err(error) => {
            super::handlers::failed(app, &error);
            true
        }
    }
}

/// Another model was tried. Where it would change nobody, that is said, and all stays as it is.
pub(super) fn tried(app: &mut App, model: &str, analysis: Analysis) {
    if !shown(app, &Arc::new(analysis)) {
        app.toasts.push(Tone::Result, t!("trial-same", model = model));
    }
}

/// What a run found, in words; `more` is said before the warnings.
fn grouped(report: &Report, more: &str) -> (Tone, String) {
    let tracks = t!("tracks", n = report.n_tracks);
    let mut text = t!("grouped", tracks = tracks, clusters = t!("clusters", n = report.n_clusters));
    if !more.is_empty() {
        text.push('\n');
        text.push_str(more);
    }
    if report.n_warnings == 0 {
        return (Tone::Done, text);
    }
    let first: Vec<String> =
        told(&report.warnings).into_iter().take(3).map(|(_, message, _)| message).collect();
    text.push('\n');
    let warnings = t!("warnings", n = report.n_warnings);
    text.push_str(&t!("grouped-warnings", warnings = warnings, first = first.join("\n")));
    (Tone::Result, text)
}

/// Whether another page may open by itself: nothing is being typed, asked or answered.
fn is_at_rest(app: &App) -> bool {
    let Some(desk) = &app.desk else { return false };
    let look = &desk.look;
    let asks = look.has_dialog() || look.has_grid() || look.naming.is_some() || look.page == Page::Pairs;
    !(asks || app.sheet_open || app.palette.is_some() || app.ctx.text_edit_focused())
}

/// Brings a run into force; `told` is said once it is on the disk.
fn take(app: &mut App, command: Command, told: (Tone, String)) {
    if let Some(desk) = &mut app.desk {
        desk.taking = Some(told);
        submit(app, command);
    }
}

/// A command is done. Where it brought a run into force, gives what is to be said.
pub(super) fn in_force(app: &mut App) -> Option<(Tone, String)> {
    let desk = app.desk.as_mut()?;
    let told = desk.taking.take()?;
    desk.is_fresh = true;
    desk.look.rerun = None;
    Some(told)
}

/// A command was refused: where it was a run, nothing came into force, and a proposal stays.
pub(super) fn refused(app: &mut App) {
    if let Some(desk) = &mut app.desk {
        desk.taking = None;
    }
}

/// Adopts the ticked parts of the re-run that is looked at.
pub(super) fn adopt_rerun(app: &mut App) {
    let Some(desk) = &app.desk else { return };
    let Some(rerun) = desk.look.rerun.as_ref().filter(|rerun| rerun.is_of(&desk.session)) else { return };
    let told = t!("rerun-adopted", n = rerun.n_ticked(), all = rerun.n_parts());
    let command = rerun.command();
    take(app, command, (Tone::Done, told));
}

/// Forgets the re-run that waits: all stays as it is.
pub(super) fn drop_rerun(app: &mut App) {
    let Some(desk) = &mut app.desk else { return };
    // What is on its way to the disk cannot be dropped any more.
    if desk.taking.is_none() && desk.look.rerun.take().is_some() {
        app.toasts.push(Tone::Done, t!("rerun-dropped"));
    }
}

/// Learns on the project.
pub(super) fn learn(app: &mut App, lesson: Lesson) {
    let Some(desk) = &app.desk else { return };
    let (root, job) = (desk.session.root().to_path_buf(), ProposeJob::new(&desk.session, lesson));
    let forecast = app.forecast.clone();
    run(app, move |cx| jobs::propose(root, &job, &forecast, cx));
}

/// What was learned is shown, where it is better.
pub(super) fn proposed(app: &mut App, outcome: Outcome) {
    match outcome {
        Outcome::Better(proposal) => {
            if let Some(desk) = &mut app.desk {
                desk.look.proposal = Some(proposal);
            }
        }
        Outcome::NothingBetter { why, .. } => {
            app.toasts.push(Tone::Result, t!("nothing-better", why = why));
        }
    }
}

/// Asks another method.
pub(super) fn second(app: &mut App, method: &'static str) {
    let Some(desk) = &app.desk else { return };
    match desk.session.second(method) {
        Ok(job) => {
            let (root, forecast) = (desk.session.root().to_path_buf(), app.forecast.clone());
            run(app, move |cx| jobs::second(root, method, &job, &forecast, cx));
        }
        Err(error) => app.toasts.push(Tone::Error, words::error(&error.into())),
    }
}

/// Keeps what was learned, the first half of adopting it.
pub(super) fn keep(app: &mut App) {
    let Some(desk) = &mut app.desk else { return };
    let Some(proposal) = desk.look.proposal.take() else { return };
    let (root, project) = (desk.session.root().to_path_buf(), Arc::clone(desk.session.project()));
    run(app, move |cx| jobs::keep(root, &proposal, &project, cx));
}

/// The second half.
pub(super) fn adopt(app: &mut App, proposal: KeptProposal) {
    take(app, Command::Adopt(proposal), (Tone::Done, t!("adopted-learned")));
}
