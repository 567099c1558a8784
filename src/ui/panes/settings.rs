//! The settings in a curator's words, and Re-run.
//!
//! Names, docs and ranges come from the session's table; a setting that the table gains
//! appears here by itself.

use eframe::egui::{Button, ComboBox, DragValue, RichText, ScrollArea, TextEdit, Ui};

use crate::cluster::{self, CERTAINTY, Level, Method, RADIUS};
use crate::models::{Availability, Catalogue, ModelEntry, ModelKind};
use crate::session::{SETTINGS, Setting, SettingChange, Settings, rounded};
use crate::ui::actions::table;
use crate::ui::lang::{t, texts};
use crate::ui::panes::level::{self, SliderMove};
use crate::ui::panes::parameters;
use crate::ui::view::ask::{FileDialogKind, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;
use crate::ui::widgets::{paint, theme};

/// Settings with a widget of their own; the others are under More.
const SHOWN: [&str; 4] = ["model", LEVEL, "frames_per_track", "method"];
/// Among them, the parameter at which the method's dendrogram is cut.
const LEVEL: &str = "level";

/// What the panel keeps.
#[derive(Debug, Default)]
pub(crate) struct SettingsPanel {
    /// The level that the slider was moved to and that is not in force yet.
    pub level: Option<SliderMove>,
    /// What is in the field for a model's file.
    model_file: String,
    /// What is in the field for a head's file.
    head_file: String,
    pooling_file: String,
}

/// Draws the panel.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    panel: &mut SettingsPanel,
    catalogue: Option<&Catalogue>,
    out: &mut Vec<Request>,
) {
    if paint::panel_header(ui, &table::SETTINGS.name(), &t!("hide-settings")) {
        state.settings_open = false;
    }
    ScrollArea::vertical().id_salt("settings").auto_shrink(false).show(ui, |ui| {
        ui.add_enabled_ui(!view.is_read_only(), |ui| {
            let method = view.session.settings().method;
            for name in SHOWN {
                if name == LEVEL {
                    ui.scope(|ui| cut(ui, method, view, &mut panel.level, catalogue, out));
                    continue;
                }
                let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else { continue };
                // A scope of its own: what comes and goes inside changes no widget below.
                ui.scope(|ui| {
                    ui.add_space(theme::GAP);
                    ui.strong(texts::setting(setting));
                    match name {
                        "model" => model(ui, view, &mut panel.model_file, catalogue, out),
                        "frames_per_track" => frames(ui, view, out),
                        _ => choose_method(ui, view, out),
                    }
                    paint::note(ui, texts::setting_doc(setting));
                    if name == "method" {
                        crate::ui::panes::opinion::menu(ui, view, out);
                    }
                });
            }
            ui.add_space(theme::GAP);
            ui.collapsing(t!("more"), |ui| {
                for setting in SETTINGS.iter().filter(|setting| !SHOWN.contains(&setting.name)) {
                    match setting.name {
                        "head" => {
                            let hint = (t!("head-file-hint"), t!("head-file"));
                            word_or_file(ui, setting, hint, (view, &mut panel.head_file), out);
                        }
                        "pooling" => {
                            let hint = (t!("pooling-file-hint"), t!("pooling-file"));
                            word_or_file(ui, setting, hint, (view, &mut panel.pooling_file), out);
                        }
                        _ => choice(ui, setting, view, out),
                    }
                }
                parameters::show(ui, method, view, out);
            });
            ui.add_space(theme::GAP * 1.5);
            rerun(ui, view, state, out);
            ui.add_space(theme::GAP * 1.5);
            crate::ui::dialogs::learning::buttons(ui, view, out);
        });
        last_run(ui, view);
    });
}

/// The certainty or the radius, where the method takes one.
fn cut(
    ui: &mut Ui,
    method: &Method,
    view: &PanelContext,
    moved_to: &mut Option<SliderMove>,
    catalogue: Option<&Catalogue>,
    out: &mut Vec<Request>,
) {
    let Some(level) = [&CERTAINTY, &RADIUS].into_iter().find(|level| method.takes(level)) else { return };
    let (name, doc) = (texts::parameter(level), texts::parameter_doc(level));
    ui.add_space(theme::GAP);
    ui.strong(name);
    let own = entry(view, catalogue).and_then(|entry| entry.radius);
    level::show(ui, view, moved_to, own.map(|radius| radius.0), out);
    paint::note(ui, doc);
}

fn entry<'a>(view: &PanelContext, catalogue: Option<&'a Catalogue>) -> Option<&'a ModelEntry> {
    catalogue?.find(view.session.settings().model())
}

fn model(
    ui: &mut Ui,
    view: &PanelContext,
    model_file: &mut String,
    catalogue: Option<&Catalogue>,
    out: &mut Vec<Request>,
) {
    let present = view.session.settings().model().to_owned();
    let listed = catalogue.map(Catalogue::list).unwrap_or_default();
    let faces = || listed.iter().filter(|model| model.entry.kind == ModelKind::Embed);
    let combo = ComboBox::from_id_salt("model").selected_text(&present).width(ui.available_width() - 8.0);
    combo.show_ui(ui, |ui| {
        for model in
            faces().filter(|m| matches!(m.availability, Availability::BuiltIn | Availability::Installed))
        {
            if ui.selectable_label(present == model.entry.id, &model.entry.id).clicked() {
                out.push(Request::Set(SettingChange::Model(model.entry.id.clone())));
            }
        }
    });
    if let Some(entry) = entry(view, catalogue) {
        paint::note(ui, texts::model(entry));
    }
    ui.collapsing(t!("more-models"), |ui| {
        for model in faces().filter(|model| model.availability == Availability::Downloadable) {
            let megabytes = texts::megabytes(model.entry);
            let text = t!("download-model", model = model.entry.id.as_str(), megabytes = megabytes);
            let tip = format!("{} {}", texts::model(model.entry), texts::licence(model.entry));
            if ui.add_enabled(!view.is_busy, Button::new(text)).on_hover_text(tip).clicked() {
                out.push(Request::Fetch(model.entry.id.clone()));
            }
        }
        paint::note(ui, t!("drop-a-model"));
    });
    if ui.button(t!("browse-model")).on_hover_text(t!("browse-model.doc")).clicked() {
        out.push(Request::ChooseFolder(FileDialogKind::Model));
    }
    if let Some(file) = file_field(ui, model_file, t!("file-of-model-hint"), t!("file-of-model")) {
        out.push(Request::Set(SettingChange::Model(file)));
    }
}

/// A field for a file's path, with a button; gives the path once it is to be used.
fn file_field(ui: &mut Ui, text: &mut String, hint: String, name: String) -> Option<String> {
    ui.horizontal(|ui| {
        let width = ui.available_width() - 64.0;
        let edit = TextEdit::singleline(text).hint_text(hint).desired_width(width);
        let response = ui.add(edit).accessible_name(name);
        let file = text.trim();
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(eframe::egui::Key::Enter));
        let used = ui.add_enabled(!file.is_empty(), Button::new(t!("use"))).clicked() || enter;
        (used && !file.is_empty()).then(|| file.to_owned())
    })
    .inner
}

/// One of some words, or a file.
fn word_or_file(
    ui: &mut Ui,
    setting: &'static Setting,
    (hint, field): (String, String),
    (view, path): (&PanelContext, &mut String),
    out: &mut Vec<Request>,
) {
    let present = view.session.settings().text(setting.name).unwrap_or_default();
    ui.horizontal_wrapped(|ui| {
        ui.label(texts::setting(setting)).on_hover_text(texts::setting_doc(setting));
        let file = std::path::Path::new(&present).file_name().unwrap_or_default().to_string_lossy();
        for &value in setting.words {
            if ui
                .selectable_label(present == value, texts::word(value))
                .on_hover_text(texts::setting_doc(setting))
                .clicked()
            {
                out.push(Request::Set(SettingChange::Choice(setting, value.to_owned())));
            }
        }
        if !setting.words.contains(&present.as_str()) {
            let _shown = ui.selectable_label(true, &*file).on_hover_text(&present);
        }
    });
    if let Some(file) = file_field(ui, path, hint, field) {
        out.push(Request::Set(SettingChange::Choice(setting, file)));
    }
}

fn frames(ui: &mut Ui, view: &PanelContext, out: &mut Vec<Request>) {
    let mut value = view.session.settings().frames_per_track;
    let words = |n: f64, _: std::ops::RangeInclusive<usize>| {
        if n < 1.0 { t!("frames-all") } else { format!("{n:.0}") }
    };
    let name =
        SETTINGS.iter().find(|it| it.name == "frames_per_track").map(texts::setting).unwrap_or_default();
    let drag = DragValue::new(&mut value).range(0..=Settings::MOST_FRAMES).speed(0.2).custom_formatter(words);
    if ui.add(drag).accessible_name(name).changed() {
        out.push(Request::Set(SettingChange::FramesPerTrack(value)));
    }
}

fn choose_method(ui: &mut Ui, view: &PanelContext, out: &mut Vec<Request>) {
    let present = view.session.settings().method;
    let name = texts::method(present);
    ComboBox::from_id_salt("method").selected_text(name).width(ui.available_width() - 8.0).show_ui(
        ui,
        |ui| {
            for method in cluster::METHODS {
                let response = ui.selectable_label(present.id == method.id, texts::method(method));
                if response.on_hover_text(texts::method_doc(method)).clicked() {
                    out.push(Request::Set(SettingChange::Method(method)));
                }
            }
        },
    );
}

/// A setting that is one of some words.
fn choice(ui: &mut Ui, setting: &'static Setting, view: &PanelContext, out: &mut Vec<Request>) {
    let present = view.session.settings().text(setting.name).unwrap_or_default();
    ui.horizontal_wrapped(|ui| {
        ui.label(texts::setting(setting)).on_hover_text(texts::setting_doc(setting));
        for &value in setting.words {
            let response = ui.selectable_label(present == value, texts::word_of(setting, value));
            if response.on_hover_text(texts::setting_doc(setting)).clicked() {
                out.push(Request::Set(SettingChange::Choice(setting, value.to_owned())));
            }
        }
    });
}

fn rerun(ui: &mut Ui, view: &PanelContext, state: &PageState, out: &mut Vec<Request>) {
    let can = table::RERUN.why_not(view, state).is_none();
    let button = paint::primary(ui, table::RERUN.name())
        .min_size(eframe::egui::vec2(ui.available_width() - 8.0, 30.0));
    if ui.add_enabled(can, button).on_hover_text(table::RERUN.tip(ui.ctx())).clicked() {
        out.push(Request::Rerun);
    }
    paint::note(ui, t!("rerun-note"));
}

fn last_run(ui: &mut Ui, view: &PanelContext) {
    let Some(run) = view.session.run() else { return };
    ui.add_space(theme::GAP * 2.0);
    ui.label(RichText::new(t!("last-run")).strong());
    let clusters: std::collections::BTreeSet<u32> = run.clusters.values().copied().collect();
    let mut lines = vec![t!(
        "run-clusters",
        clusters = t!("clusters", n = clusters.len()),
        tracks = t!("tracks", n = run.clusters.len())
    )];
    if !run.model.is_empty() {
        lines.push(t!("run-model", name = run.model.as_str()));
        lines.push(t!("run-engine", name = run.engine.as_str()));
    }
    lines.extend(run.parameters.level().map(|level| {
        let value = rounded(&level.value().to_string());
        match level {
            Level::Radius(_) => t!("run-radius", value = value),
            Level::Certainty(_) => t!("run-certainty", value = value),
        }
    }));
    let head = run.parameters.head.as_deref();
    lines.extend(head.map(|head| t!("run-head", name = head.get(..12).unwrap_or(head))));
    lines.push(t!("run-project", path = view.session.project().path().display().to_string()));
    for line in lines {
        paint::note(ui, line);
    }
}
