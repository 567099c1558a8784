//! Another model, where the built-in one is unsure: what is worth trying, the one click that gets it
//! and shows what would change, and how the file is brought by hand where there is no network.
//!
//! Takes the offers of the session; starts its job. The result is a proposal like any re-run's:
//! nothing is adopted by itself, and the model becomes the project's only with it.

use std::path::Path;
use std::sync::Arc;

use eframe::egui::Ui;

use super::app::App;
use super::handlers::{failed, here, run};
use super::lang::{self, t};
use super::look::{Banner, Look, Request, View};
use super::notices::{Tone, banner};
use super::{jobs, running, words};
use crate::models::{Catalogue, Entry, ModelError, Need, Offer};
use crate::session::{self, Analysis, SessionError};

/// A model whose file could not be fetched.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ByHand {
    entry: Entry,
    /// What went wrong, in a few words.
    why: String,
}

/// Draws the banner that names the models worth trying, where there are any.
pub(super) fn offers(
    ui: &mut Ui,
    view: &View,
    look: &mut Look,
    catalogue: Option<&Catalogue>,
    out: &mut Vec<Request>,
) {
    let (Some(run), Some(catalogue)) = (view.session.run(), catalogue) else { return };
    if look.by_hand.is_some() || look.rerun.is_some() || view.is_busy || view.is_read_only() {
        return;
    }
    // The folder of models is looked through once, and not in every frame.
    let key = Arc::as_ptr(run) as usize;
    if look.offers.as_ref().is_none_or(|(of, _)| *of != key) {
        let found = session::worth_trying(&run.model, &run.engine, run.diagnostics.unsure, catalogue);
        look.offers = Some((key, found));
    }
    let offers = look.offers.as_ref().map(|(_, offers)| offers.clone()).unwrap_or_default();
    if offers.is_empty() {
        return;
    }
    let told: Vec<String> = offers.iter().map(|(need, offer)| brings(*need, offer)).collect();
    let text = format!("{}\n{}", t!("basic-model"), told.join("\n"));
    banner(ui, &text, Some((Banner::BasicModel, look)), |ui| {
        for (_, offer) in offers.iter().rev() {
            let model = offer.entry.id.as_str();
            let button = ui.button(t!("try-model", model = model));
            let tip = format!("{} {}", t!("try-model-note"), words::licence(&offer.entry));
            if button.on_hover_text(tip).clicked() {
                out.push(Request::Try(model.to_owned()));
            }
        }
    });
}

/// `Not for commercial use: edgeface-s, 15 MB. On film it scored 0.93 instead of 0.86.`
fn brings(need: Need, offer: &Offer) -> String {
    let size =
        if offer.is_here { t!("here-already") } else { t!("megabytes", n = words::megabytes(&offer.entry)) };
    let film = offer.film.map_or_else(
        || t!("film-unmeasured"),
        |film| {
            let f = |value| lang::decimal(value, 2);
            t!("film-measured", with = f(film.with), instead = f(film.instead_of))
        },
    );
    let model = offer.entry.id.as_str();
    match need {
        Need::AnyUse => t!("offer-any-use", model = model, size = size, film = film),
        Need::NonCommercial => t!("offer-not-commercial", model = model, size = size, film = film),
    }
}

/// Draws what is to be brought by hand, until it is there or dismissed.
pub(super) fn by_hand(ui: &mut Ui, view: &View, look: &mut Look, out: &mut Vec<Request>) {
    let Some(ByHand { entry, why }) = look.by_hand.clone() else { return };
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
        look.by_hand = None;
    }
}

/// Gets a model where it is not here, looks at all faces with it, and shows what would change.
pub(super) fn start(app: &mut App, id: String) {
    let Some(desk) = &mut app.desk else { return };
    match desk.session.trial(&id) {
        Ok(job) => {
            let (root, forecast) = (desk.session.root().to_path_buf(), app.forecast.clone());
            run(app, move |cx| jobs::trial(root, id, &job, &forecast, cx));
        }
        Err(error) => app.toasts.push(Tone::Error, words::error(&error.into())),
    }
}

/// A trial has ended; where the file could not be fetched, it is told how to bring it.
pub(super) fn ended(app: &mut App, root: &Path, id: &str, result: Result<Box<Analysis>, SessionError>) {
    app.read_models();
    if let Err(SessionError::Model(error)) = &result
        && let Some(why) = unreachable(error)
        && let Some(entry) = app.catalogue.as_ref().and_then(|catalogue| catalogue.find(id)).cloned()
        && let Some(desk) = app.desk.as_mut().filter(|desk| desk.session.root() == root)
    {
        desk.look.by_hand = Some(ByHand { entry, why });
        return;
    }
    if let Some(analysis) = here(app, root, result) {
        if let Some(desk) = &mut app.desk {
            desk.look.by_hand = None;
        }
        running::tried(app, id, *analysis);
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
fn goes_on(app: &mut App, id: &str) -> bool {
    let Some(desk) = &mut app.desk else { return false };
    let look = &mut desk.look;
    let is_awaited = look.by_hand.as_ref().is_some_and(|it| it.entry.id == id);
    let is_offered = look.offers.as_ref().is_some_and(|(_, all)| all.iter().any(|(_, it)| it.entry.id == id));
    if is_awaited || is_offered {
        look.by_hand = None;
        start(app, id.to_owned());
    }
    is_awaited || is_offered
}

/// A model's file was brought, or was not fit.
pub(super) fn installed(app: &mut App, result: Result<Box<Entry>, SessionError>) {
    match result {
        Err(error) => failed(app, &error),
        Ok(entry) => {
            app.read_models();
            if !goes_on(app, &entry.id) {
                super::handlers::ready(app, &entry);
            }
        }
    }
}
