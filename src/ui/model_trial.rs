//! Another model, where the built-in one is unsure: what is worth trying, the one click that gets
//! it and shows what would change, and how the file is brought by hand where there is no network.
//!
//! Takes the offers of the session; starts its job. The result is a proposal like any re-run's:
//! nothing is adopted by itself, and the model becomes the project's only with it.

use std::path::Path;
use std::sync::Arc;

use eframe::egui::Ui;

use super::app::App;
use super::handlers::{failed, if_still_open, run};
use super::lang::{self, t};
use super::state::{Banner, PanelContext, Request, UiState};
use super::toasts::{Severity, banner};
use super::{jobs, results, texts};
use crate::models::{Catalogue, ModelEntry, ModelError, ModelNeed, ModelOffer};
use crate::session::{self, Analysis, SessionError};

/// A model whose file could not be fetched.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ManualDownload {
    entry: ModelEntry,
    /// What went wrong, in a few words.
    why: String,
}

/// Draws the banner that names the models worth trying, where there are any.
pub(super) fn offers(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut UiState,
    catalogue: Option<&Catalogue>,
    out: &mut Vec<Request>,
) {
    let (Some(run), Some(catalogue)) = (view.session.run(), catalogue) else { return };
    if state.manual_download.is_some() || state.rerun.is_some() || view.is_busy || view.is_read_only() {
        return;
    }
    // The folder of models is looked through once, and not in every frame.
    let key = Arc::as_ptr(run) as usize;
    if state.offers.as_ref().is_none_or(|(of, _)| *of != key) {
        let found = session::models_worth_trying(&run.model, &run.engine, run.diagnostics.unsure, catalogue);
        state.offers = Some((key, found));
    }
    let offers = state.offers.as_ref().map(|(_, offers)| offers.clone()).unwrap_or_default();
    if offers.is_empty() {
        return;
    }
    let benefits: Vec<String> = offers.iter().map(|(need, offer)| benefit(*need, offer)).collect();
    let text = format!("{}\n{}", t!("basic-model"), benefits.join("\n"));
    banner(ui, &text, Some((Banner::BasicModel, state)), |ui| {
        for (_, offer) in offers.iter().rev() {
            let model = offer.entry.id.as_str();
            let button = ui.button(t!("try-model", model = model));
            let tip = format!("{} {}", t!("try-model-note"), texts::licence(&offer.entry));
            if button.on_hover_text(tip).clicked() {
                out.push(Request::Try(model.to_owned()));
            }
        }
    });
}

/// `Not for commercial use: edgeface-s, 15 MB. On film it scored 0.93 instead of 0.86.`
fn benefit(need: ModelNeed, offer: &ModelOffer) -> String {
    let size =
        if offer.is_here { t!("here-already") } else { t!("megabytes", n = texts::megabytes(&offer.entry)) };
    let film = offer.film.map_or_else(
        || t!("film-unmeasured"),
        |film| {
            let f = |value| lang::decimal(value, 2);
            t!("film-measured", with = f(film.with), instead = f(film.instead_of))
        },
    );
    let model = offer.entry.id.as_str();
    match need {
        ModelNeed::AnyUse => t!("offer-any-use", model = model, size = size, film = film),
        ModelNeed::NonCommercial => t!("offer-not-commercial", model = model, size = size, film = film),
    }
}

/// Draws what is to be brought by hand, until it is there or dismissed.
pub(super) fn by_hand(ui: &mut Ui, view: &PanelContext, state: &mut UiState, out: &mut Vec<Request>) {
    let Some(ManualDownload { entry, why }) = state.manual_download.clone() else { return };
    let url = entry.download_url().unwrap_or_default();
    let text = t!(
        "by-hand",
        model = entry.id.as_str(),
        why = why,
        file = url.rsplit('/').next().unwrap_or(url),
        address = url,
        sha256 = entry.sha256.as_deref().unwrap_or_default()
    );
    let mut is_shown = true;
    banner(ui, &text, None, |ui| {
        if super::paint::close(ui, &t!("dismiss")) {
            is_shown = false;
        }
        if !view.is_busy && ui.button(t!("try-again")).clicked() {
            out.push(Request::Try(entry.id.clone()));
        }
        if ui.button(t!("copy-address")).clicked() {
            ui.ctx().copy_text(url.to_owned());
        }
    });
    if !is_shown {
        state.manual_download = None;
    }
}

/// Gets a model where it is not here, looks at all faces with it, and shows what would change.
pub(super) fn start(app: &mut App, id: String) {
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
pub(super) fn ended(app: &mut App, root: &Path, id: &str, result: Result<Box<Analysis>, SessionError>) {
    app.read_models();
    if let Err(SessionError::Model(error)) = &result
        && let Some(why) = unreachable(error)
        && let Some(entry) = app.catalogue.as_ref().and_then(|catalogue| catalogue.find(id)).cloned()
        && let Some(project) = app.project.as_mut().filter(|project| project.session.root() == root)
    {
        project.state.manual_download = Some(ManualDownload { entry, why });
        return;
    }
    if let Some(analysis) = if_still_open(app, root, result) {
        if let Some(project) = &mut app.project {
            project.state.manual_download = None;
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
    let state = &mut project.state;
    let is_awaited = state.manual_download.as_ref().is_some_and(|it| it.entry.id == id);
    let is_offered =
        state.offers.as_ref().is_some_and(|(_, all)| all.iter().any(|(_, it)| it.entry.id == id));
    if is_awaited || is_offered {
        state.manual_download = None;
        start(app, id.to_owned());
    }
    is_awaited || is_offered
}

/// A model's file was brought, or was not fit.
pub(super) fn installed(app: &mut App, result: Result<Box<ModelEntry>, SessionError>) {
    match result {
        Err(error) => failed(app, &error),
        Ok(entry) => {
            app.read_models();
            if !continues(app, &entry.id) {
                super::handlers::model_installed(app, &entry);
            }
        }
    }
}
