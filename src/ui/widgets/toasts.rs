//! Messages over the page.

use std::time::{Duration, Instant};

use eframe::egui::{Align2, Area, Context, Frame, Id, Order, Ui, vec2};

use super::{paint, theme};
use crate::ui::lang::t;

/// How grave a toast is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
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
pub(crate) struct Toast {
    text: String,
    tone: Severity,
    until: Option<Instant>,
}

/// The messages over the page, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Toasts(Vec<Toast>);

impl Toasts {
    pub(crate) fn push(&mut self, tone: Severity, text: impl Into<String>) {
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
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|toast| toast.text.as_str())
    }

    /// Draws them above the lower right corner.
    pub(crate) fn show(&mut self, ctx: &Context) {
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
