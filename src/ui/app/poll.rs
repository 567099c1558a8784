//! What came since the last frame: notices of the session, finished jobs, chosen folders, dropped
//! files.

use std::path::{Path, PathBuf};

use super::effects::{failed, if_still_open, run, set};
use super::jobs::{self, Forecast, JobResult};
use super::model_trial::{self, model_installed};
use super::open_project::OpenProject;
use super::{App, NextProject, answers, library_actions, project_files, results};
use crate::session::{Notice, Session, SettingChange};
use crate::ui::lang::t;
use crate::ui::panes::opinion::OpinionPage;
use crate::ui::view::ask::{FileDialogKind, Request};
use crate::ui::widgets::toasts::Severity;
use crate::worker::{JobOutcome, JobThread};

/// Takes in what happened since the last frame.
pub(crate) fn poll(app: &mut App) {
    for notice in app.project.as_mut().map(|project| project.session.poll()).unwrap_or_default() {
        match notice {
            Notice::Done { number, words } => {
                let message = app
                    .project
                    .as_mut()
                    .and_then(|project| project.poll_cursor_move(number))
                    .unwrap_or(words);
                let run = results::run_in_force(app);
                if run.is_some() {
                    project_files::offer_folder_names(app);
                }
                let (tone, message) = run.unwrap_or((Severity::Done, message));
                app.toasts.push(tone, message);
            }
            Notice::Refused { error, edit } => {
                results::refused(app);
                answers::show_refusal(app, &error, edit);
            }
        }
    }
    while let Some(outcome) = app.jobs.as_mut().and_then(JobThread::poll) {
        app.is_cancelled = false;
        app.forecast = Forecast::default();
        match outcome {
            JobOutcome::Done(finished) => finish_job(app, finished),
            JobOutcome::Panicked(why) => app.toasts.push(Severity::Error, t!("panicked", why = why)),
        }
    }
    if let Some((what, path)) = app.file_dialogs.poll() {
        folder_chosen(app, what, path);
    }
    let dropped = app.ctx.input(|input| {
        input
            .raw
            .dropped_files
            .iter()
            .find_map(|file| Some(file.path().to_path_buf()).filter(|path| !path.as_os_str().is_empty()))
    });
    if let Some(path) = dropped {
        let is_model = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("onnx"));
        app.requests.push(if is_model { Request::Install(path) } else { Request::Open(path) });
    }
    if app.next.is_some() && !app.is_let_go() {
        app.ctx.request_repaint_after(std::time::Duration::from_millis(20));
    } else if !app.job_runs()
        && let Some(next) = app.next.take()
    {
        match next {
            NextProject::Open(path) => run(app, move |cx| jobs::open(path, cx)),
            NextProject::Relocate { opened, to } => run(app, move |cx| jobs::relocate(opened, &to, cx)),
        }
    }
    let is_free = !app.job_runs();
    app.cutter.step(app.project.as_mut(), is_free);
    app.adviser.step(app.project.as_mut(), is_free);
}

fn folder_chosen(app: &mut App, what: FileDialogKind, path: PathBuf) {
    if let (FileDialogKind::Path(purpose), Some(dialog)) = (what, &mut app.path_dialog)
        && dialog.purpose == purpose
    {
        dialog.path = path.display().to_string();
        return;
    }
    match (what, app.project.as_mut().and_then(|project| project.state.export.as_mut())) {
        (FileDialogKind::Export, Some(dialog)) => dialog.folder = path.display().to_string(),
        (FileDialogKind::Export, None) | (FileDialogKind::Path(_), _) => {}
        (FileDialogKind::Model, _) => set(app, SettingChange::Model(path.display().to_string())),
        (FileDialogKind::Library, _) => library_actions::choose(app, &path),
        (FileDialogKind::Tracks, _) => app.requests.push(Request::Open(path)),
    }
}

/// Handles a finished job.
fn finish_job(app: &mut App, finished: JobResult) {
    match finished {
        JobResult::Opened { path, result } => match result {
            Ok(session) => opened(app, &path, *session),
            Err(error) => failed(app, &error),
        },
        JobResult::Analysed { root, result } => {
            if let Err(error) = &result
                && (project_files::left_alone(app, &root, error)
                    || project_files::asks_how_to_read(app, &root, error))
            {
                return;
            }
            if let Some(analysis) = if_still_open(app, &root, result) {
                results::analysed(app, *analysis);
            }
        }
        JobResult::Proposed { root, result } => {
            if let Some(outcome) = if_still_open(app, &root, result) {
                results::proposed(app, *outcome);
            }
        }
        JobResult::Opinion { root, method, result } => {
            let opinion = if_still_open(app, &root, result);
            if let Some((opinion, project)) = opinion.zip(app.project.as_mut()) {
                project.state.opinion = Some(OpinionPage::new(method, *opinion));
                // Room for the people concerned.
                project.state.look.settings_open = false;
            }
        }
        JobResult::ProposalStored { root, result } => {
            if let Some(kept) = if_still_open(app, &root, result) {
                results::adopt(app, kept);
            }
        }
        JobResult::Exported(Ok(written)) => {
            let mut text = t!(
                "exported",
                identities = t!("identities", n = written.n_identities),
                tracks = t!("tracks", n = written.n_tracks),
                pictures = t!("pictures", n = written.n_files)
            );
            if written.missing > 0 {
                text.push(' ');
                text.push_str(&t!("exported-missing", n = written.missing));
            }
            app.toasts.push(Severity::Result, format!("{text}\n{}", written.folder.display()));
        }
        JobResult::Exported(Err(error)) => failed(app, &error),
        finished @ (JobResult::KeptPeople { .. } | JobResult::LibraryChanged(_)) => {
            library_actions::finish(app, finished);
        }
        JobResult::Fetched { id, result } => match result {
            Ok(()) => {
                app.read_models();
                if let Some(entry) = app.catalogue.as_ref().and_then(|it| it.find(&id)).cloned() {
                    model_installed(app, &entry);
                }
            }
            Err(error) => failed(app, &error),
        },
        JobResult::Tried { root, id, result } => model_trial::ended(app, &root, &id, result),
        JobResult::Installed(result) => model_trial::installed(app, result),
        JobResult::Relocated { opened, result } => project_files::relocated(app, &opened, result),
        JobResult::NamesRead { root, result } => project_files::names_read(app, &root, result),
        JobResult::Merged { root, result } => project_files::merged(app, &root, result),
    }
}

fn opened(app: &mut App, path: &Path, session: Session) {
    app.saved_state.opened(path);
    app.thumbs.clear();
    let mut project = OpenProject::new(session);
    project.state.look.is_folder_missing = project.session.is_folder_missing();
    project.track_pages.known.path.clone_from(&app.library);
    let starts = !project.has_result() && !project.session.project().is_read_only();
    app.project = Some(project);
    if starts {
        results::analyse(app);
    }
}
