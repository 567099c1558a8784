//! Messages, in a bar of their own below the page: none lies over a control.

use std::time::{Duration, Instant};

use eframe::egui::{Align, Label, Layout, RichText, Sense, Ui, vec2};

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

/// A message.
#[derive(Debug, Clone)]
pub(crate) struct Toast {
    text: String,
    tone: Severity,
    until: Option<Instant>,
}

/// The messages, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Toasts(Vec<Toast>);

impl Toasts {
    pub(crate) fn push(&mut self, tone: Severity, text: impl Into<String>) {
        const KEPT: usize = 50;
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

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The texts, oldest first.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|toast| toast.text.as_str())
    }

    /// Forgets all of them: they are of a project that was closed.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Draws the last one in a row, `about` at its right end, and the others in a menu.
    pub(crate) fn show(&mut self, ui: &mut Ui, about: &str) {
        let now = Instant::now();
        self.0.retain(|toast| toast.until.is_none_or(|until| until > now));
        if let Some(next) = self.0.iter().filter_map(|toast| toast.until).min() {
            ui.ctx().request_repaint_after(next - now + Duration::from_millis(20));
        }
        let mut dismissed = None;
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(about).small().color(theme::muted(ui)));
                let Some((last, others)) = self.0.split_last() else { return };
                let is_at = self.0.len() - 1;
                if last.until.is_none() && paint::close(ui, &t!("dismiss")) {
                    dismissed = Some(is_at);
                }
                if !others.is_empty() {
                    ui.menu_button(t!("messages-more", n = others.len()), |ui| {
                        for (at, toast) in others.iter().enumerate().rev() {
                            ui.horizontal(|ui| {
                                dot(ui, toast.tone);
                                ui.add(Label::new(&toast.text).wrap());
                                if paint::close(ui, &t!("dismiss")) {
                                    dismissed = Some(at);
                                }
                            });
                        }
                    });
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    dot(ui, last.tone);
                    let line = last.text.split('\n').collect::<Vec<_>>().join(" · ");
                    ui.add(Label::new(line).truncate().sense(Sense::hover())).on_hover_text(&last.text);
                });
            });
        });
        if let Some(at) = dismissed {
            self.0.remove(at);
        }
    }
}

/// A dot in the colour of how grave it is.
fn dot(ui: &mut Ui, tone: Severity) {
    let colour = match tone {
        Severity::Done | Severity::Result => theme::accent(ui),
        Severity::Refused => ui.visuals().warn_fg_color,
        Severity::Error => ui.visuals().error_fg_color,
    };
    let (rect, _) = ui.allocate_exact_size(vec2(10.0, 16.0), Sense::hover());
    ui.painter().circle_filled(rect.center(), 4.0, colour);
}

/// First letter large, as a message of its own wants it.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
