//! What handlers do to the application, each in one step: start a job, hand a command to the session,
//! turn to a page, say what failed.

use std::path::Path;

use super::App;
use super::jobs::JobResult;
use crate::session::{Command, SessionError, SettingChange};
use crate::ui::lang::{t, texts};
use crate::ui::view::ask::Page;
use crate::ui::widgets::card;
use crate::ui::widgets::toasts::Severity;

/// Starts a job; one at a time.
pub(crate) fn run(app: &mut App, job: impl FnOnce(&crate::base::Cx) -> JobResult + Send + 'static) {
    if app.job_runs() {
        app.toasts.push(Severity::Refused, t!("is-running"));
    } else if !app.jobs.as_mut().is_some_and(|lane| lane.submit(job)) {
        app.toasts.push(Severity::Error, t!("not-started"));
    } else {
        app.cutter.cancel();
        app.adviser.cancel();
    }
}

/// A job's result for the open project, an error as a toast; nothing where
/// its project was closed meanwhile.
pub(crate) fn if_still_open<T>(app: &mut App, root: &Path, result: Result<T, SessionError>) -> Option<T> {
    if app.session().is_none_or(|session| session.root() != root) {
        return None;
    }
    result.map_err(|error| failed(app, &error)).ok()
}

/// A cancel is no error.
pub(crate) fn failed(app: &mut App, error: &SessionError) {
    if error.exit_code() == 130 {
        app.toasts.push(Severity::Done, t!("stopped"));
    } else {
        app.toasts.push(Severity::Error, texts::error(error));
    }
}

/// Ends the job that runs.
pub(crate) fn cancel(app: &mut App) {
    if let Some(cx) = app.jobs.as_ref().and_then(|lane| lane.running()) {
        cx.cancel();
        app.is_cancelled = true;
    }
}

/// Closes the project, with what runs for it and what was said of it.
pub(crate) fn close(app: &mut App) {
    if app.let_go() {
        cancel(app);
        app.thumbs.clear();
        app.toasts.clear();
        app.saved_state.save();
    }
}

pub(crate) fn submit(app: &mut App, command: Command) {
    if let Some(project) = &mut app.project {
        project.session.submit(command);
        app.ctx.request_repaint();
    }
}

pub(crate) fn go(app: &mut App, page: Page) {
    let Some(project) = &mut app.project else { return };
    let before = std::mem::replace(&mut project.state.look.page, page);
    project.state.naming = None;
    project.close_grids();
    if page == Page::People && before != page {
        // Back among the people, the keyboard is where it was.
        if let Some(person) = project.state.look.identities.cursor() {
            app.ctx.memory_mut(|memory| memory.request_focus(card::card_id(person)));
            project.state.look.page_has_focus = true;
        }
    }
    app.ctx.request_repaint();
}

pub(crate) fn set(app: &mut App, change: SettingChange) {
    let Some(project) = &mut app.project else { return };
    project.state.look.dismissed.remove(&crate::ui::view::state::Banner::Changed);
    if let Err(error) = project.session.change_setting(change) {
        app.toasts.push(Severity::Refused, texts::error(&error.into()));
    }
    app.ctx.request_repaint();
}
