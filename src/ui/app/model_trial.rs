//! Another model, where the built-in one is unsure: what is worth trying, the one click that gets
//! it and shows what would change, and how the file is brought by hand where there is no network.
//!
//! Takes the offers of the session; starts its job. The result is a proposal like any re-run's:
//! nothing is adopted by itself, and the model becomes the project's only with it.

use std::path::Path;

use crate::models::{ModelEntry, ModelError, ModelKind};
use crate::session::{Analysis, SessionError, SettingChange};
use crate::ui::app::effects::{failed, if_still_open, run, set};
use crate::ui::app::{App, jobs, results};
use crate::ui::lang::{t, texts};
use crate::ui::panes::model_offers::ManualDownload;
use crate::ui::widgets::toasts::Severity;

/// Gets a model where it is not here, looks at all faces with it, and shows what would change.
pub(crate) fn start(app: &mut App, id: String) {
    let Some(project) = &mut app.project else { return };
    match project.session.trial(&id) {
        Ok(job) => {
            let (root, forecast) = (project.session.root().to_path_buf(), app.forecast.clone());
            run(app, move |cx| jobs::trial(root, id, &job, &forecast, cx));
        }
        Err(error) => app.toasts.push(Severity::Error, texts::error(&error.into())),
    }
}

/// A trial has ended; where the file could not be fetched, a dialog says how to add it.
pub(crate) fn ended(app: &mut App, root: &Path, id: &str, result: Result<Box<Analysis>, SessionError>) {
    app.read_models();
    if let Err(SessionError::Model(error)) = &result
        && let Some(why) = unreachable(error)
        && let Some(entry) = app.catalogue.as_ref().and_then(|catalogue| catalogue.find(id)).cloned()
        && let Some(project) = app.project.as_mut().filter(|project| project.session.root() == root)
    {
        project.state.model_offers.manual_download = Some(ManualDownload { entry, why });
        return;
    }
    if let Some(analysis) = if_still_open(app, root, result) {
        if let Some(project) = &mut app.project {
            project.state.model_offers.manual_download = None;
        }
        results::tried(app, id, *analysis);
    }
}

/// Why a file cannot be had from here; none where another error stands.
fn unreachable(error: &ModelError) -> Option<String> {
    match error {
        ModelError::Network { why, .. } => Some(why.clone()),
        ModelError::Refused { status, .. } => Some(t!("server-answered", status = status.to_string())),
        ModelError::Pointer { .. }
        | ModelError::DownloadSize { .. }
        | ModelError::DownloadTooLarge { .. }
        | ModelError::DownloadHash { .. } => Some(t!("another-file")),
        _ => None,
    }
}

/// Where the model is one that was offered or waited for, its trial goes on; gives whether it does.
fn continues(app: &mut App, id: &str) -> bool {
    let Some(project) = &mut app.project else { return false };
    let offers = &mut project.state.model_offers;
    let is_awaited = offers.concerns(id);
    if is_awaited {
        offers.manual_download = None;
        start(app, id.to_owned());
    }
    is_awaited
}

/// A model's file was brought, or was not fit.
pub(crate) fn installed(app: &mut App, result: Result<Box<ModelEntry>, SessionError>) {
    match result {
        Err(error) => failed(app, &error),
        Ok(entry) => {
            app.read_models();
            if !continues(app, &entry.id) {
                model_installed(app, &entry);
            }
        }
    }
}
/// A model is there from now on; one that embeds faces is chosen where a project is open.
pub(crate) fn model_installed(app: &mut App, entry: &ModelEntry) {
    let id = entry.id.as_str();
    if entry.kind == ModelKind::Embed && app.project.is_some() {
        set(app, SettingChange::Model(id.to_owned()));
        app.toasts.push(Severity::Done, t!("ready-model", model = id));
    } else {
        app.toasts.push(Severity::Done, t!("installed-model", model = id));
    }
}
