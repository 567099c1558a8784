//! The history: everything that was done, newest first, in plain words; a click goes there.
//!
//! Takes the log; asks for jumps. What was undone and what lies on another branch stays in the
//! list, so that nothing is ever out of reach.

use eframe::egui::{FontId, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::review::{EntryStatus, IdentityId, LogEntry};
use crate::ui::lang::{self, t, texts};
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::{paint, theme};

const ROW: f32 = 40.0;

/// Draws the panel's content.
pub(crate) fn show(ui: &mut Ui, view: &PanelContext, out: &mut Vec<Request>) {
    let history = view.session.history();
    paint::note(ui, t!("past-how", n = history.n_edits() as usize));
    ui.add_space(theme::GAP * 0.5);
    let can = !view.is_read_only() && !view.session.is_busy();
    let n = history.entries().len();
    ScrollArea::vertical().id_salt("past").auto_shrink(false).show_rows(ui, ROW, n, |ui, rows| {
        for at in rows {
            row(ui, view, n - 1 - at, can, out);
        }
    });
}

/// The last `n` entries in force that concern a person, newest first. O(entries).
pub(crate) fn of_person(view: &PanelContext, id: IdentityId, n: usize) -> Vec<u64> {
    let history = view.session.history();
    let concerns = |entry: &&LogEntry| {
        entry.names.iter().any(|(named, _)| *named == id)
            && history.status(entry.number) == Some(EntryStatus::InForce)
    };
    history.entries().iter().rev().filter(concerns).take(n).map(|entry| entry.number).collect()
}

/// Draws some entries.
pub(crate) fn rows(ui: &mut Ui, view: &PanelContext, numbers: &[u64], out: &mut Vec<Request>) {
    let can = !view.is_read_only() && !view.session.is_busy();
    for &number in numbers {
        row(ui, view, number as usize, can, out);
    }
}

fn row(ui: &mut Ui, view: &PanelContext, at: usize, can: bool, out: &mut Vec<Request>) {
    let history = view.session.history();
    let (number, entry) = (at as u64, &history.entries()[at]);
    let is_here = history.cursor() == number;
    let standing = history.status(number);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let text = texts::entry(entry);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, can, is_here, &text));
    let inner = rect.shrink2(vec2(0.0, 1.0));
    if is_here {
        ui.painter().rect_filled(inner, theme::CARD_ROUNDING, ui.visuals().selection.bg_fill);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(inner, theme::CARD_ROUNDING, ui.visuals().widgets.hovered.weak_bg_fill);
    }
    let is_faded = standing != Some(EntryStatus::InForce);
    let ink = if is_faded { theme::muted(ui) } else { ui.visuals().text_color() };
    let ink = if is_here { ui.visuals().selection.stroke.color } else { ink };
    let left = inner.left() + 10.0;
    let width = inner.width() - 20.0;
    let words = paint::line(ui, &text, FontId::proportional(13.5), ink, width);
    ui.painter().galley(pos2(left, inner.top() + 3.0), words, ink);
    let state = match standing {
        _ if is_here => t!("past-here"),
        Some(EntryStatus::InForce) => String::new(),
        Some(EntryStatus::Undone) => t!("past-undone"),
        _ => t!("past-aside"),
    };
    let when = lang::date_time(entry.at);
    let details = if state.is_empty() { when } else { format!("{when} · {state}") };
    let small = if is_here { ink } else { theme::muted(ui) };
    let details = paint::line(ui, &details, FontId::proportional(11.0), small, width);
    ui.painter().galley(pos2(left, inner.top() + 21.0), details, small);
    if response.on_hover_text(&text).clicked() && can && !is_here {
        out.push(Request::JumpTo(number));
    }
}
