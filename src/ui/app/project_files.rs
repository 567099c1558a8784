//! Files and folders of a project: where moved tracks are, names from a table, a colleague's project, and
//! how pictures are meant.
//!
//! Beside `requests`. Reading and writing are jobs; nothing is taken over before the curator saw it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::session::{MergedProject, SessionError, SettingChange, folder_names};
use crate::tracks::{PeopleFolders, PictureGrouping, TracksError};
use crate::ui::app::effects::{close, failed, if_still_open, run, set};
use crate::ui::app::jobs;
use crate::ui::app::{App, NextProject, results};
use crate::ui::dialogs::names::NamesDialog;
use crate::ui::lang::t;
use crate::ui::view::ask::{PathPurpose, Request};
use crate::ui::widgets::toasts::Severity;
use crate::views::NamesImport;

/// Uses a path that was asked for; `opened` is what was opened, where no project is open.
pub(crate) fn use_path(app: &mut App, purpose: PathPurpose, path: PathBuf, opened: Option<PathBuf>) {
    match purpose {
        PathPurpose::MovedTracks => {
            let own = app.session().map(|session| session.project().path().to_path_buf());
            let Some(opened) = opened.or(own) else { return };
            close(app);
            app.next = Some(NextProject::Relocate { opened, to: path });
        }
        PathPurpose::Names => {
            let Some(session) = app.session() else { return };
            let (root, review) = (session.root().to_path_buf(), Arc::clone(session.review()));
            run(app, move |cx| jobs::read_names(root, &path, &review, cx));
        }
        PathPurpose::ColleaguesProject => {
            let Some(session) = app.session() else { return };
            let (root, ours) = (session.root().to_path_buf(), session.project().path().to_path_buf());
            run(app, move |cx| jobs::merge(root, &ours, &path, cx));
        }
    }
}

/// Handles the result of looking for moved tracks.
pub(crate) fn relocated(app: &mut App, opened: &Path, result: Result<PathBuf, SessionError>) {
    match result {
        Ok(now) => {
            app.saved_state.forget(opened);
            app.requests.push(Request::Open(now));
        }
        Err(error) => {
            failed(app, &error);
            if opened.exists() {
                // What was open before is there again.
                app.next = Some(NextProject::Open(opened.to_path_buf()));
            }
        }
    }
}

/// Handles the names of a table.
pub(crate) fn names_read(app: &mut App, root: &Path, result: Result<Box<NamesImport>, SessionError>) {
    if let Some(import) = if_still_open(app, root, result) {
        show_names(app, *import);
    }
}

fn show_names(app: &mut App, import: NamesImport) {
    if let Some(project) = &mut app.project {
        project.state.names = Some(NamesDialog { import });
    }
}

/// Handles a merge that has ended.
pub(crate) fn merged(app: &mut App, root: &Path, result: Result<Box<MergedProject>, SessionError>) {
    let merged = if_still_open(app, root, result);
    if let Some((merged, project)) = merged.zip(app.project.as_mut()) {
        project.state.merged = Some(*merged);
    }
}

/// Reads the pictures in another way and groups again. The curator was told what that loses.
pub(crate) fn read_pictures(app: &mut App, reading: PictureGrouping) {
    let Some(setting) = crate::session::SETTINGS.iter().find(|setting| setting.name == "pictures") else {
        return;
    };
    set(app, SettingChange::Choice(setting, reading.word().to_owned()));
    results::analyse_anew(app);
}

/// Where the folders are people, and nobody has decided anything yet, their names are offered.
pub(crate) fn offer_folder_names(app: &mut App) {
    let Some(session) = app.session() else { return };
    let are_people = session.settings().text("pictures").as_deref() == Some(PictureGrouping::People.word());
    let Some(set) = session.tracks().filter(|_| are_people && session.is_untouched()) else { return };
    match folder_names(session.review(), PeopleFolders::of(set)) {
        Ok(import) if import.edit.is_some() => show_names(app, import),
        _ => {}
    }
}

/// The first run of a folder found nothing that could be tracks: the folder is left as it was, without a
/// project, and the curator chooses another. Whether that is so.
pub(crate) fn left_alone(app: &mut App, root: &Path, error: &SessionError) -> bool {
    let is_first =
        app.session().is_some_and(|session| session.root() == root && session.history().is_empty());
    // Whole photographs and what could not be read are for the settings, or another try.
    let has_no_tracks = matches!(
        error,
        SessionError::Tracks(
            TracksError::Empty(_) | TracksError::NoPictures { .. } | TracksError::Videos { .. }
        )
    );
    if !is_first || !has_no_tracks {
        return false;
    }
    close(app);
    app.saved_state.forget(root);
    failed(app, error);
    true
}

/// What a run found otherwise than before, where that is to be asked about.
pub(crate) fn asks_how_to_read(app: &mut App, root: &Path, error: &SessionError) -> bool {
    let SessionError::Reread { change, .. } = error else { return false };
    let Some(project) = app.project.as_mut().filter(|project| project.session.root() == root) else {
        return false;
    };
    project.state.reread = Some(change.clone());
    app.toasts.push(Severity::Refused, t!("reread-heading"));
    true
}
