//! What the window says by itself: toasts, banners, the strip of a running job.

use std::time::{Duration, Instant};

use eframe::egui::{Align, Align2, Area, Context, Frame, Id, Layout, Order, ProgressBar, RichText, Ui, vec2};

use super::actions::Action;
use super::lang::{self, t};
use super::paint;
use super::state::{Banner, Page, PanelContext, Request, UiState};
use super::{model_trial, texts, theme};
use crate::base::{Progress, Stage};
use crate::cluster;
use crate::cluster::{Level, RadiusChoice};
use crate::models::Catalogue;
use crate::project::ReadOnlyReason;
use crate::session::SettingChange;

/// How grave a toast is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// Something was done; goes by itself.
    Done,
    /// Something was refused; goes by itself, a little later.
    Refused,
    /// Something to read; stays until it is dismissed.
    Result,
    /// Something failed; stays until it is dismissed.
    Error,
}

/// A message over the page.
#[derive(Debug, Clone)]
pub(super) struct Toast {
    text: String,
    tone: Severity,
    until: Option<Instant>,
}

/// The messages over the page, oldest first.
#[derive(Debug, Default)]
pub(super) struct Toasts(Vec<Toast>);

impl Toasts {
    pub(super) fn push(&mut self, tone: Severity, text: impl Into<String>) {
        const KEPT: usize = 4;
        let secs = match tone {
            Severity::Done => Some(2),
            Severity::Refused => Some(6),
            Severity::Result | Severity::Error => None,
        };
        // The last word on what was done replaces the one before.
        self.0.retain(|toast| toast.tone != Severity::Done);
        let until = secs.map(|secs| Instant::now() + Duration::from_secs(secs));
        self.0.push(Toast { text: sentence(&text.into()), tone, until });
        if self.0.len() > KEPT {
            self.0.remove(0);
        }
    }

    /// The texts, oldest first.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|toast| toast.text.as_str())
    }

    /// Draws them above the lower right corner.
    pub(super) fn show(&mut self, ctx: &Context) {
        let now = Instant::now();
        self.0.retain(|toast| toast.until.is_none_or(|until| until > now));
        if self.0.is_empty() {
            return;
        }
        let next = self.0.iter().filter_map(|toast| toast.until).min();
        if let Some(next) = next {
            ctx.request_repaint_after(next - now + Duration::from_millis(20));
        }
        let mut dismissed = None;
        let area = Area::new(Id::unique("toasts")).order(Order::Foreground);
        area.anchor(Align2::RIGHT_BOTTOM, vec2(-16.0, -16.0)).show(ctx, |ui| {
            for (at, toast) in self.0.iter().enumerate() {
                if one(ui, toast) {
                    dismissed = Some(at);
                }
                ui.add_space(theme::GAP * 0.5);
            }
        });
        if let Some(at) = dismissed {
            self.0.remove(at);
        }
    }
}

fn one(ui: &mut Ui, toast: &Toast) -> bool {
    Frame::popup(ui.style())
        .inner_margin(10)
        .show(ui, |ui| {
            ui.set_max_width(420.0);
            ui.horizontal(|ui| {
                let colour = match toast.tone {
                    Severity::Done | Severity::Result => theme::accent(ui),
                    Severity::Refused => ui.visuals().warn_fg_color,
                    Severity::Error => ui.visuals().error_fg_color,
                };
                let (rect, _) = ui.allocate_exact_size(vec2(8.0, 16.0), eframe::egui::Sense::hover());
                ui.painter().circle_filled(rect.center(), 4.0, colour);
                ui.vertical(|ui| {
                    ui.set_max_width(350.0);
                    ui.label(&toast.text);
                });
                toast.until.is_none() && paint::close(ui, &t!("dismiss"))
            })
            .inner
        })
        .inner
}

/// First letter large, as a message of its own wants it.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The strips above the page.
pub(super) fn banners(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut UiState,
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
    if state.rerun.is_some() && state.page != Page::Rerun {
        banner(ui, &t!("rerun-waits"), None, |ui| {
            if ui.button(t!("rerun-look")).on_hover_text(Action::Proposal.tip(ui.ctx())).clicked() {
                out.push(Request::Act(Action::Proposal));
            }
        });
    }
    // Where a re-run waits to be looked at, they were asked for already.
    let changed = settings_changed(view) && state.rerun.is_none();
    if changed && !view.is_busy {
        banner(ui, &t!("settings-changed"), Some((Banner::Changed, state)), |ui| {
            if ui.button(Action::Rerun.name()).clicked() {
                out.push(Request::Act(Action::Rerun));
            }
        });
    }
    let is_renewed = catalogue.is_some_and(|catalogue| view.session.has_renewed_model(catalogue));
    let is_older = view.session.run().is_some_and(|run| run.parameters.method.id() == cluster::BALL)
        && view.session.settings().radius() == RadiusChoice::Auto
        && state.rerun.is_none();
    if (is_renewed || is_older) && !changed && !view.is_busy && !view.is_read_only() {
        let text = if is_renewed { t!("renewed-model") } else { t!("renewed-method") };
        banner(ui, &text, Some((Banner::Renewed, state)), |ui| {
            if ui.button(t!("see-what-changes")).clicked() {
                out.push(Request::Set(SettingChange::Method(&cluster::METHODS[0])));
                out.push(Request::Act(Action::Rerun));
            }
        });
    }
    model_trial::by_hand(ui, view, state, out);
    if !changed {
        model_trial::offers(ui, view, state, catalogue, out);
    }
}

/// Whether the settings ask for another run than the last one.
fn settings_changed(view: &PanelContext) -> bool {
    let (Some(run), settings) = (view.session.run(), view.session.settings()) else { return false };
    let is_other_model = !run.model.is_empty()
        && run.model != settings.model()
        && !settings.model().contains(['/', '\\', '.']);
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

/// A strip above the page; one that can be dismissed stays away once it was.
pub(super) fn banner(
    ui: &mut Ui,
    text: &str,
    dismiss: Option<(Banner, &mut UiState)>,
    buttons: impl FnOnce(&mut Ui),
) {
    if dismiss.as_ref().is_some_and(|(banner, state)| state.dismissed.contains(banner)) {
        return;
    }
    let fill = theme::accent(ui).gamma_multiply(0.12);
    Frame::new().fill(fill).inner_margin(eframe::egui::Margin::symmetric(12, 7)).corner_radius(6).show(
        ui,
        |ui| {
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if let Some((banner, state)) = dismiss
                        && paint::close(ui, &t!("dismiss"))
                    {
                        state.dismissed.insert(banner);
                    }
                    buttons(ui);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.add(eframe::egui::Label::new(text).wrap());
                    });
                });
            });
        },
    );
    ui.add_space(theme::GAP * 0.5);
}

/// The strip of a running job: stage, done of total, rate, time left, Cancel.
pub(super) fn strip(
    ui: &mut Ui,
    progress: &Progress,
    forecast: &str,
    is_cancelled: bool,
    out: &mut Vec<Request>,
) {
    ui.horizontal(|ui| {
        let stage = match progress.stage {
            _ if is_cancelled => t!("stopping"),
            None => t!("starting"),
            Some(stage) => texts::stage(stage),
        };
        ui.spinner();
        ui.label(RichText::new(t!("running", stage = stage)).strong());
        ui.label(figures(progress));
        if !forecast.is_empty() {
            paint::note(ui, forecast);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.add_enabled(!is_cancelled, eframe::egui::Button::new(t!("cancel"))).clicked() {
                out.push(Request::CancelJob);
            }
            if progress.total > 0 {
                let part = progress.done as f32 / progress.total as f32;
                let width = ui.available_width().clamp(60.0, 260.0);
                ui.add(
                    ProgressBar::new(part).desired_width(width).desired_height(8.0).fill(theme::accent(ui)),
                );
            }
        });
    });
}

/// `1,200 of 4,500 · 90 a second · 40 s left`.
fn figures(progress: &Progress) -> String {
    let mut parts = Vec::new();
    let is_bytes = progress.stage.is_some_and(Stage::counts_bytes);
    let show = |n: u64| {
        if is_bytes {
            t!("megabytes", n = lang::decimal(n as f64 / 1e6, 1))
        } else {
            lang::number(n as usize)
        }
    };
    if progress.total > 0 {
        parts.push(t!("progress-of", done = show(progress.done), total = show(progress.total)));
    } else if progress.done > 0 {
        parts.push(show(progress.done));
    }
    if progress.rate() >= 1.0 {
        parts.push(t!("progress-rate", n = show(progress.rate() as u64)));
    }
    if let Some(left) = progress.time_left() {
        parts.push(match left.as_secs() {
            secs @ 0..=89 => t!("seconds-left", n = secs + 1),
            secs => t!("minutes-left", n = secs.div_ceil(60)),
        });
    }
    parts.join(" · ")
}
