//! The strips above the page: what is to be known of the project before one goes on.

use std::path::Path;

use eframe::egui::Ui;

use super::model_offers::{self, ModelOffers};
use crate::cluster::{self, Level, RadiusChoice};
use crate::models::Catalogue;
use crate::project::ReadOnlyReason;
use crate::session::SettingChange;
use crate::tracks::PictureGrouping;
use crate::ui::actions::table;
use crate::ui::dialogs::reread::READINGS;
use crate::ui::lang::t;
use crate::ui::view::ask::{Page, PathPurpose, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::{Banner, PageState};
use crate::ui::widgets::banner::banner;

/// The strips above the page.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    offers: &mut ModelOffers,
    catalogue: Option<&Catalogue>,
    out: &mut Vec<Request>,
) {
    if view.is_read_only() {
        let text = match view.session.project().why_read_only() {
            Some(ReadOnlyReason::NoLocks) => t!("read-only-no-locks"),
            _ => t!("read-only"),
        };
        banner(ui, &text, None, |_| ());
    }
    if view.session.is_in_data_folder() {
        let path = view.session.project().path().display().to_string();
        let text = t!("elsewhere", path = path);
        banner(ui, &text, Some((Banner::ProjectInDataFolder, state)), |_| ());
    }
    if state.is_folder_missing {
        let text = t!("folder-missing", path = view.session.root().display().to_string());
        banner(ui, &text, None, |ui| {
            if ui
                .button(table::MOVED_TRACKS.name())
                .on_hover_text(table::MOVED_TRACKS.tip(ui.ctx()))
                .clicked()
            {
                out.push(Request::AskPath(PathPurpose::MovedTracks, None));
            }
        });
    }
    how_pictures_are_meant(ui, view, state, out);
    if view.n_ticked.is_some() && state.page != Page::Rerun {
        banner(ui, &t!("rerun-waits"), None, |ui| {
            if ui.button(t!("rerun-look")).on_hover_text(table::PROPOSAL.tip(ui.ctx())).clicked() {
                out.push(Request::TogglePage(Page::Rerun));
            }
        });
    }
    // Where a re-run waits to be looked at, they were asked for already.
    let changed = settings_changed(view) && view.n_ticked.is_none();
    if changed && !view.is_busy {
        banner(ui, &t!("settings-changed"), Some((Banner::Changed, state)), |ui| {
            if ui.button(table::RERUN.name()).clicked() {
                out.push(Request::Rerun);
            }
        });
    }
    let is_renewed = catalogue.is_some_and(|catalogue| view.session.has_renewed_model(catalogue));
    let is_older = view.session.run().is_some_and(|run| run.parameters.method.id() == cluster::BALL)
        && view.session.settings().radius() == RadiusChoice::Auto
        && view.n_ticked.is_none();
    if (is_renewed || is_older) && !changed && !view.is_busy && !view.is_read_only() {
        let text = if is_renewed { t!("renewed-model") } else { t!("renewed-method") };
        banner(ui, &text, Some((Banner::Renewed, state)), |ui| {
            if ui.button(t!("see-what-changes")).clicked() {
                out.push(Request::Set(SettingChange::Method(&cluster::METHODS[0])));
                out.push(Request::Rerun);
            }
        });
    }
    model_offers::by_hand(ui, view, offers, out);
    if !changed {
        model_offers::show(ui, view, state, offers, catalogue, out);
    }
}

/// After a first run that took each picture for a track: whether that is right.
fn how_pictures_are_meant(ui: &mut Ui, view: &PanelContext, state: &mut PageState, out: &mut Vec<Request>) {
    let n = state.n_single;
    let is_new = view.session.history().n_edits() == 0 && !view.is_read_only() && !view.is_busy;
    if n < 2 || !is_new || view.session.settings().text("pictures").as_deref() != Some("auto") {
        return;
    }
    banner(ui, &t!("pictures-single", n = n), Some((Banner::Pictures, state)), |ui| {
        for (reading, key) in READINGS.iter().filter(|it| it.0 != PictureGrouping::Single) {
            if ui.button(t!(key)).clicked() {
                out.push(Request::ReadPictures(*reading));
            }
        }
    });
}

/// Whether the settings ask for another run than the last one.
fn settings_changed(view: &PanelContext) -> bool {
    let (Some(run), settings) = (view.session.run(), view.session.settings()) else { return false };
    // A file is called after its name.
    let model = settings.model();
    let stem = Path::new(model).file_stem().unwrap_or_default().to_string_lossy();
    let is_file = model.contains(['/', '\\']) || Path::new(model).extension().is_some();
    let is_other_model =
        !run.model.is_empty() && run.model != model && !(is_file && run.model.eq_ignore_ascii_case(&stem));
    let known = &run.parameters;
    let mut wanted = settings.method_params();
    let mut is_other_radius = false;
    if let Some(level @ Level::Radius(radius)) = known.level() {
        // Runs of older versions name their radius to four digits.
        let set = settings.set_radius();
        is_other_radius = set.is_some_and(|set| (set.0 - radius.0).abs() > 5e-5);
        wanted = wanted.with_level(level);
    }
    let pooling = settings.text("pooling");
    is_other_model
        || is_other_radius
        || wanted != known.method
        || known.frames_per_track.is_some_and(|frames| frames != settings.frames_per_track)
        || (known.pooling.is_some() && known.pooling != pooling)
}
