//! What long runs are started for, and what becomes of what they found.
//!
//! Beside `handlers`: grouping again, asking another method, learning. A run comes into force by a
//! command of the session, so that no frame waits for the disk; where it would change identities
//! that are there already, the curator looks at it first (`rerun`).

use std::sync::Arc;

use crate::base::summarise;
use crate::heads::{ProposalOutcome, ProposeJob, TrainingSource};
use crate::session::{AnalyseJob, Analysis, AnalysisReport, Command, Session, StoredProposal};
use crate::tracks::{Changes, n_single_pictures};
use crate::ui::app::effects::{failed, go, run, submit};
use crate::ui::app::{App, jobs};
use crate::ui::lang::{t, texts};
use crate::ui::pages::rerun::RerunPage;
use crate::ui::view::ask::Page;
use crate::ui::widgets::toasts::Severity;

/// Groups again.
pub(crate) fn analyse(app: &mut App) {
    start(app, Session::job);
}

/// Groups again, and reads the folder otherwise than before where that is how it is set.
pub(crate) fn analyse_anew(app: &mut App) {
    start(app, |session| session.job().accepting_rereading());
}

fn start(app: &mut App, job: impl FnOnce(&Session) -> AnalyseJob) {
    let Some(session) = app.session() else { return };
    let (root, job) = (session.root().to_path_buf(), job(session));
    let forecast = app.forecast.clone();
    run(app, move |cx| jobs::analyse(root, &job, &forecast, cx));
}

/// A run has ended. The first one is adopted, and so is one that changes nothing; any other is
/// shown.
pub(crate) fn analysed(app: &mut App, analysis: Analysis) {
    let Some(project) = &mut app.project else { return };
    let analysis = Arc::new(analysis);
    let is_first = project.session.review().identities().len() == 0;
    if !is_first && shown(app, &analysis) {
        return;
    }
    let same = if is_first { String::new() } else { t!("rerun-same") };
    let message = grouped(&analysis.report, &same);
    adopt_run(app, Command::Regroup(analysis, None), message);
}

/// Shows what a run would change; gives false where nothing would change.
fn shown(app: &mut App, analysis: &Arc<Analysis>) -> bool {
    let Some(project) = &mut app.project else { return true };
    project.session.take_tracks(analysis);
    project.state.rerun = None;
    match RerunPage::new(Arc::clone(analysis), &project.session) {
        Ok(rerun) if rerun.is_empty() => false,
        Ok(rerun) => {
            project.state.rerun = Some(rerun);
            let (tone, message) = grouped(&analysis.report, "");
            app.toasts.push(tone, message);
            if is_at_rest(app) {
                go(app, Page::Rerun);
            }
            true
        }
        Err(error) => {
            failed(app, &error);
            true
        }
    }
}

/// Another model was tried. Where it would change nothing, that is said, and all stays as it is.
pub(crate) fn tried(app: &mut App, model: &str, analysis: Analysis) {
    if !shown(app, &Arc::new(analysis)) {
        app.toasts.push(Severity::Result, t!("trial-same", model = model));
    }
}

/// What a run found, in words; `more` is said before the warnings.
fn grouped(report: &AnalysisReport, more: &str) -> (Severity, String) {
    let tracks = t!("tracks", n = report.n_tracks);
    let mut text = t!("grouped", tracks = tracks, clusters = t!("clusters", n = report.n_clusters));
    if !more.is_empty() {
        text.push('\n');
        text.push_str(more);
    }
    let changes = report.changes;
    let has_known = changes.n_new < report.n_tracks;
    if has_known && changes != Changes::default() {
        text.push('\n');
        text.push_str(&t!("changes", new = changes.n_new, gone = changes.n_gone, moved = changes.n_moved));
    }
    if report.n_warnings == 0 {
        return (Severity::Done, text);
    }
    let first: Vec<String> =
        summarise(&report.warnings).into_iter().take(3).map(|(_, message, _)| message).collect();
    text.push('\n');
    let warnings = t!("warnings", n = report.n_warnings);
    text.push_str(&t!("grouped-warnings", warnings = warnings, first = first.join("\n")));
    (Severity::Result, text)
}

/// Whether another page may open by itself: nothing is being typed, asked or answered.
fn is_at_rest(app: &App) -> bool {
    let Some(project) = &app.project else { return false };
    let state = &project.state;
    let asks =
        state.has_dialog() || state.has_grid() || state.naming.is_some() || state.look.page == Page::Pairs;
    !(asks || app.sheet_open || app.palette.is_some() || app.ctx.text_edit_focused())
}

/// Adopts a run; `message` is shown once it is on the disk.
fn adopt_run(app: &mut App, command: Command, message: (Severity, String)) {
    if let Some(project) = &mut app.project {
        project.pending_run = Some(message);
        submit(app, command);
    }
}

/// A command is done. Where it brought a run into force, gives what is to be said.
pub(crate) fn run_in_force(app: &mut App) -> Option<(Severity, String)> {
    let project = app.project.as_mut()?;
    let message = project.pending_run.take()?;
    project.is_fresh = true;
    project.state.rerun = None;
    let set = project.session.tracks();
    project.state.look.n_single = set.map_or(0, |set| n_single_pictures(set));
    Some(message)
}

/// A command was refused: where it was a run, nothing came into force, and a proposal stays.
pub(crate) fn refused(app: &mut App) {
    if let Some(project) = &mut app.project {
        project.pending_run = None;
    }
}

/// Adopts the ticked parts of the re-run that is looked at.
pub(crate) fn adopt_rerun(app: &mut App) {
    let Some(project) = &app.project else { return };
    let Some(rerun) = project.state.rerun.as_ref().filter(|rerun| rerun.is_of(&project.session)) else {
        return;
    };
    let message = t!("rerun-adopted", n = rerun.n_ticked(), all = rerun.n_parts());
    let command = rerun.command();
    adopt_run(app, command, (Severity::Done, message));
}

/// Forgets the re-run that waits: all stays as it is.
pub(crate) fn drop_rerun(app: &mut App) {
    let Some(project) = &mut app.project else { return };
    // What is on its way to the disk cannot be dropped any more.
    if project.pending_run.is_none() && project.state.rerun.take().is_some() {
        app.toasts.push(Severity::Done, t!("rerun-dropped"));
    }
}

/// Learns on the project.
pub(crate) fn learn(app: &mut App, source: TrainingSource) {
    let Some(project) = &app.project else { return };
    let (root, job) = (project.session.root().to_path_buf(), ProposeJob::new(&project.session, source));
    let forecast = app.forecast.clone();
    run(app, move |cx| jobs::propose(root, &job, &forecast, cx));
}

/// What was learned is shown, where it is better.
pub(crate) fn proposed(app: &mut App, outcome: ProposalOutcome) {
    match outcome {
        ProposalOutcome::Better(proposal) => {
            if let Some(project) = &mut app.project {
                project.state.proposal = Some(proposal);
            }
        }
        ProposalOutcome::NothingBetter { why, .. } => {
            app.toasts.push(Severity::Result, t!("nothing-better", why = why));
        }
    }
}

/// Asks another method.
pub(crate) fn show_opinion(app: &mut App, method: &'static str) {
    let Some(project) = &app.project else { return };
    match project.session.opinion_job(method) {
        Ok(job) => {
            let (root, forecast) = (project.session.root().to_path_buf(), app.forecast.clone());
            run(app, move |cx| jobs::opinion(root, method, &job, &forecast, cx));
        }
        Err(error) => app.toasts.push(Severity::Error, texts::error(&error.into())),
    }
}

/// Keeps what was learned, the first half of adopting it.
pub(crate) fn proposal_stored(app: &mut App) {
    let Some(project) = &mut app.project else { return };
    let Some(proposal) = project.state.proposal.take() else { return };
    let (root, project) = (project.session.root().to_path_buf(), Arc::clone(project.session.project()));
    run(app, move |cx| jobs::store_proposal(root, &proposal, &project, cx));
}

/// The second half.
pub(crate) fn adopt(app: &mut App, proposal: StoredProposal) {
    adopt_run(app, Command::Adopt(proposal), (Severity::Done, t!("adopted-learned")));
}
