//! The radius: a slider that tells the number of identities as it moves, and regroups at once.
//!
//! Takes the cuts that the session knows; asks for the cut where the slider comes to rest, so
//! that a drag is one entry of the history, not hundreds. Where no cuts are known it only
//! changes the setting. It works out nothing itself.

use std::time::{Duration, Instant};

use eframe::egui::{
    Align, DragValue, Layout, Rect, Response, RichText, Sense, Shape, Slider, Stroke, TextStyle, Ui, pos2,
    vec2,
};

use super::lang::{self, t};
use super::look::{Look, Request, View};
use super::{paint, theme};
use crate::base::Radius;

/// A radius to start from, where the model has none.
const START: f64 = 0.55;
/// Ends of the slider where nothing else is known.
const RANGE: (f64, f64) = (0.2, 0.9);
/// After so long without a move, keys have come to rest; a drag does on release.
const REST: Duration = Duration::from_millis(500);

/// Where the slider was moved to, before that is the radius in force.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved {
    to: f64,
    at: Instant,
    /// Whether it came to rest and was asked for.
    asked: bool,
}

/// Draws the radius with its slider; `own` is the model's, as far as the catalogue knows it.
pub(super) fn show(ui: &mut Ui, view: &View, look: &mut Look, own: Option<f64>, out: &mut Vec<Request>) {
    let cuts = view.session.cuts();
    let own = cuts.and_then(|cuts| cuts.own()).map(|own| own.0).or(own);
    let set = view.session.settings().radius().map(|radius| radius.0);
    if look.radius.is_some_and(|moved| moved.asked) && !view.session.is_busy() {
        look.radius = None;
    }
    let mut is_auto = set.is_none() && look.radius.is_none();
    let is_estimated = cuts.is_some_and(|cuts| cuts.is_estimated());
    let words = match (own.map(|own| lang::decimal(own, 2)), is_estimated) {
        (None, false) => t!("radius-own"),
        (None, true) => t!("radius-estimated"),
        (Some(own), false) => t!("radius-own-at", value = own),
        (Some(own), true) => t!("radius-estimated-at", value = own),
    };
    if ui.checkbox(&mut is_auto, words).changed() {
        let value = (!is_auto).then(|| rounded(own.unwrap_or(START)));
        look.radius = None;
        out.push(ask(view, value));
    }
    let present = look.radius.map(|moved| moved.to).or(set).or(own).unwrap_or(START);
    let known = cuts.map(|cuts| floor(cuts.known().0));
    let end = cuts.map_or(RANGE.1, |cuts| floor(cuts.offered().0));
    let (from, to) = (RANGE.0.min(present), end.max(present));
    let mut value = present;
    let slider = ui.horizontal(|ui| {
        paint::note(ui, t!("stricter"));
        ui.spacing_mut().slider_width = (ui.available_width() - 62.0).max(60.0);
        let slider = ui.add(Slider::new(&mut value, from..=to).show_value(false));
        paint::note(ui, t!("looser"));
        slider.accessible_name(t!("radius"))
    });
    let slider = slider.inner;
    if let Some(own) = own.filter(|own| (from..=to).contains(own)) {
        let told = if is_estimated { t!("radius-mark-estimated") } else { t!("radius-mark-own") };
        mark(ui, &slider, ((own - from) / (to - from)) as f32, &told);
    }
    let field = ui.horizontal(|ui| {
        let drag = DragValue::new(&mut value).range(from..=to).speed(0.001).fixed_decimals(3);
        let field = ui.add(drag).accessible_name(t!("radius-figures"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(theme::GAP);
            if let Some(counts) = view.session.counts(Radius(value.min(known.unwrap_or(value)))) {
                let text = t!("identities", n = counts.identities);
                let tip = t!("clusters-of-faces", n = counts.clusters);
                ui.label(RichText::new(text).strong()).on_hover_text(tip);
            }
        });
        field
    });
    let field = field.inner;
    if slider.changed() || field.changed() {
        // Only what is known is offered; the rest is on its way.
        let to = known.map_or(value, |known| value.min(known.max(set.unwrap_or(0.0))));
        look.radius = Some(Moved { to: rounded(to), at: Instant::now(), asked: false });
    }
    let held = slider.dragged() || field.dragged() || field.has_focus();
    let let_go = slider.drag_stopped() || field.drag_stopped() || field.lost_focus();
    if let Some(moved) = look.radius.as_mut().filter(|moved| !moved.asked) {
        if let_go || (!held && moved.at.elapsed() >= REST) {
            moved.asked = true;
            out.push(ask(view, Some(moved.to)));
        } else if !held {
            ui.ctx().request_repaint_after(REST.saturating_sub(moved.at.elapsed()));
        }
    }
    hint(ui, view);
}

/// Regroups where the cut is known, and changes the setting otherwise.
fn ask(view: &View, radius: Option<f64>) -> Request {
    let wanted = radius.map(Radius);
    let is_known =
        view.session.cuts().is_some_and(|cuts| wanted.or(cuts.own()).is_some_and(|r| cuts.reach(r)));
    if is_known {
        return Request::Cut(wanted);
    }
    Request::Set("radius", radius.map_or_else(|| "auto".to_owned(), |radius| format!("{radius:.3}")))
}

/// A mark below the rail, at a part of its length: the own radius.
fn mark(ui: &mut Ui, slider: &Response, part: f32, told: &str) {
    let rail = slider.rect.x_range().shrink(slider.rect.height() / 2.5);
    let x = rail.min + part * rail.span();
    let top = slider.rect.bottom() - 3.0;
    let corners = vec![pos2(x, top), pos2(x + 5.0, top + 7.0), pos2(x - 5.0, top + 7.0)];
    ui.painter().add(Shape::convex_polygon(corners, theme::muted(ui), Stroke::NONE));
    let area = Rect::from_center_size(pos2(x, top + 4.0), vec2(14.0, 10.0));
    let response = ui.interact(area, slider.id.with("own"), Sense::hover());
    let _told = response.on_hover_text(told);
}

/// What moving the slider does at present, in a row that is always there: nothing below moves
/// when the words go.
fn hint(ui: &mut Ui, view: &View) {
    let row = vec2(ui.available_width(), ui.text_style_height(&TextStyle::Small));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(row.y);
        match view.session.cuts() {
            Some(cuts) if cuts.is_whole() => {}
            Some(cuts) => {
                ui.add(eframe::egui::Spinner::new().size(12.0));
                paint::note(ui, t!("radius-working", value = lang::decimal(cuts.known().0, 2)));
            }
            None if view.session.run().is_some() => {
                paint::note(ui, t!("radius-next-run"));
            }
            None => {}
        }
    });
}

fn rounded(radius: f64) -> f64 {
    (radius * 1000.0).round() / 1000.0
}

fn floor(radius: f64) -> f64 {
    (radius * 1000.0).floor() / 1000.0
}
