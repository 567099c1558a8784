//! The strips that name models worth trying, and say how a file is brought by hand.

use std::sync::Arc;

use eframe::egui::Ui;

use crate::models::{Catalogue, ModelEntry, ModelNeed, ModelOffer};
use crate::session;
use crate::ui::lang::{self, t, texts};
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::{Banner, PageState};
use crate::ui::widgets::banner::banner;
use crate::ui::widgets::paint;

/// A model whose file could not be fetched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ManualDownload {
    pub entry: ModelEntry,
    /// What went wrong, in a few words.
    pub why: String,
}

/// What is offered, and what is waited for.
#[derive(Debug, Default)]
pub(crate) struct ModelOffers {
    /// The models worth trying, and the address of the run that they are of, once they were asked
    /// for.
    found: Option<(usize, Vec<(ModelNeed, ModelOffer)>)>,
    /// A model whose file is to be brought by hand.
    pub manual_download: Option<ManualDownload>,
}

impl ModelOffers {
    /// Looks for them again: other models are here now.
    pub(crate) fn forget(&mut self) {
        self.found = None;
    }

    /// Whether a model is offered, or waited for.
    pub(crate) fn concerns(&self, id: &str) -> bool {
        self.manual_download.as_ref().is_some_and(|it| it.entry.id == id)
            || self.found.as_ref().is_some_and(|(_, all)| all.iter().any(|(_, it)| it.entry.id == id))
    }
}

/// Draws the banner that names the models worth trying, where there are any.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    offers: &mut ModelOffers,
    catalogue: Option<&Catalogue>,
    out: &mut Vec<Request>,
) {
    let (Some(run), Some(catalogue)) = (view.session.run(), catalogue) else { return };
    if offers.manual_download.is_some() || view.n_ticked.is_some() || view.is_busy || view.is_read_only() {
        return;
    }
    // The folder of models is looked through once, and not in every frame.
    let key = Arc::as_ptr(run) as usize;
    if offers.found.as_ref().is_none_or(|(of, _)| *of != key) {
        let found = session::models_worth_trying(&run.model, &run.engine, run.diagnostics.unsure, catalogue);
        offers.found = Some((key, found));
    }
    let offers = offers.found.as_ref().map(|(_, offers)| offers.clone()).unwrap_or_default();
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
pub(crate) fn by_hand(ui: &mut Ui, view: &PanelContext, offers: &mut ModelOffers, out: &mut Vec<Request>) {
    let Some(ManualDownload { entry, why }) = offers.manual_download.clone() else { return };
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
        if paint::close(ui, &t!("dismiss")) {
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
        offers.manual_download = None;
    }
}
