//! The strip of a running job.

use eframe::egui::{Align, Layout, ProgressBar, RichText, Ui};

use crate::base::{Progress, Stage};
use crate::ui::lang::{self, t, texts};
use crate::ui::view::ask::Request;
use crate::ui::widgets::{paint, theme};

/// The strip of a running job: stage, done of total, rate, time left, Cancel.
pub(crate) fn show(
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
