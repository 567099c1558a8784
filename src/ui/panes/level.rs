//! Where the dendrogram is cut, by certainty or radius: a slider that shows the number of
//! identities as it moves, and regroups at once.
//!
//! Takes the cuts that the session knows; asks for the cut where the slider comes to rest, so
//! that a drag is one entry of the history, not hundreds. Where no cuts are known it only
//! changes the setting. It works out nothing itself.

use std::time::{Duration, Instant};

use eframe::egui::{
    Align, DragValue, Layout, Rect, Response, RichText, Sense, Shape, Slider, Stroke, TextStyle, Ui, pos2,
    vec2,
};

use crate::base::{Radius, Value};
use crate::cluster::likelihood::Certainty;
use crate::cluster::{CERTAINTY, Level};
use crate::session::SettingChange;
use crate::ui::lang::{self, t};
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::{paint, theme};

/// A radius to start from, where the model has none.
const START: f64 = 0.55;
/// Ends of the slider, strictest first: of the certainty, and of the radius where nothing is known.
const CERTAINTIES: (f64, f64) = (0.98, 0.02);
const RADII: (f64, f64) = (0.2, 0.9);
/// After so long without a move, keys have come to rest; a drag does on release.
const REST: Duration = Duration::from_millis(500);

/// Where the slider was moved to, before that is in force.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SliderMove {
    to: f64,
    at: Instant,
    /// Whether it came to rest and was asked for.
    asked: bool,
}

/// What the slider shows of one kind of level.
struct SliderScale {
    /// A level of that kind, at the own value or where to start from.
    own: Level,
    /// Whether the own value is known.
    is_known: bool,
    /// Whether it was estimated from the tracks.
    is_estimated: bool,
    /// The strictest and the loosest value on offer.
    ends: (f64, f64),
    /// The loosest value whose cut is known.
    known: Option<f64>,
}

impl SliderScale {
    fn of(view: &PanelContext, model: Option<f64>) -> Self {
        let cuts = view.session.cuts();
        let takes_certainty = view.session.settings().method.takes(&CERTAINTY);
        let fallback = if takes_certainty {
            Level::Certainty(Certainty::EVEN)
        } else {
            Level::Radius(Radius(model.unwrap_or(START)))
        };
        let cuts = cuts.filter(|cuts| cuts.loosest_offered().parameter().name == fallback.parameter().name);
        let own = cuts.and_then(|cuts| cuts.own());
        let ends = match (takes_certainty, cuts) {
            (true, _) => CERTAINTIES,
            (false, Some(cuts)) => (RADII.0, floor(cuts.loosest_offered().value())),
            (false, None) => RADII,
        };
        Self {
            own: own.unwrap_or(fallback),
            is_known: takes_certainty || own.is_some() || model.is_some(),
            is_estimated: cuts.is_some_and(|cuts| cuts.is_estimated()),
            ends,
            known: cuts.filter(|_| !takes_certainty).map(|cuts| floor(cuts.loosest_known().value())),
        }
    }

    fn is_certainty(&self) -> bool {
        matches!(self.own, Level::Certainty(_))
    }

    fn words(&self) -> String {
        let value = lang::decimal(self.own.value(), 2);
        match (self.is_certainty(), self.is_known, self.is_estimated) {
            (true, ..) => t!("certainty-own"),
            (_, false, _) => t!("radius-estimated"),
            (_, true, false) => t!("radius-own-at", value = value),
            (_, true, true) => t!("radius-estimated-at", value = value),
        }
    }

    fn mark(&self) -> String {
        match (self.is_certainty(), self.is_estimated) {
            (true, _) => t!("certainty-mark"),
            (false, true) => t!("radius-mark-estimated"),
            (false, false) => t!("radius-mark-own"),
        }
    }
}

/// Draws the level with its slider; `model` is the radius that the model's description names.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    moved_to: &mut Option<SliderMove>,
    model: Option<f64>,
    out: &mut Vec<Request>,
) {
    let scale = SliderScale::of(view, model);
    let set = view.session.settings().level().map(Level::value);
    if moved_to.is_some_and(|moved| moved.asked) && !view.session.is_busy() {
        *moved_to = None;
    }
    let mut is_auto = set.is_none() && moved_to.is_none();
    if ui.checkbox(&mut is_auto, scale.words()).changed() {
        *moved_to = None;
        out.push(ask(view, &scale, (!is_auto).then(|| rounded(scale.own.value()))));
    }
    let present = moved_to.map(|moved| moved.to).or(set).unwrap_or(scale.own.value());
    // The slider runs from strict to loose, whichever of the two values is the larger.
    let (strict, loose) = (towards(scale.ends.0, present, scale.ends), scale.ends.1);
    let loose = if scale.is_certainty() { loose.min(present) } else { loose.max(present) };
    let (name, figures) = if scale.is_certainty() {
        (t!("certainty"), t!("certainty-figures"))
    } else {
        (t!("radius"), t!("radius-figures"))
    };
    let mut value = present;
    let slider = ui.horizontal(|ui| {
        paint::note(ui, t!("stricter"));
        ui.spacing_mut().slider_width = (ui.available_width() - 62.0).max(60.0);
        let slider = ui.add(Slider::new(&mut value, strict..=loose).show_value(false));
        paint::note(ui, t!("looser"));
        slider.accessible_name(name)
    });
    let slider = slider.inner;
    let part = (scale.own.value() - strict) / (loose - strict);
    if scale.is_known && (0.0..=1.0).contains(&part) {
        mark(ui, &slider, part as f32, &scale.mark());
    }
    let field = ui.horizontal(|ui| {
        let range = strict.min(loose)..=strict.max(loose);
        let drag = DragValue::new(&mut value).range(range).speed(0.001).fixed_decimals(3);
        let field = ui.add(drag).accessible_name(figures);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(theme::GAP);
            let at = scale.own.with_value(value.min(scale.known.unwrap_or(value)));
            if let Some(counts) = view.session.counts(at) {
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
        let to = scale.known.map_or(value, |known| value.min(known.max(set.unwrap_or(0.0))));
        *moved_to = Some(SliderMove { to: rounded(to), at: Instant::now(), asked: false });
    }
    let held = slider.dragged() || field.dragged() || field.has_focus();
    let let_go = slider.drag_stopped() || field.drag_stopped() || field.lost_focus();
    if let Some(moved) = moved_to.as_mut().filter(|moved| !moved.asked) {
        if let_go || (!held && moved.at.elapsed() >= REST) {
            moved.asked = true;
            out.push(ask(view, &scale, Some(moved.to)));
        } else if !held {
            ui.ctx().request_repaint_after(REST.saturating_sub(moved.at.elapsed()));
        }
    }
    hint(ui, view);
}

/// The strict end, moved out where the present value lies beyond it.
fn towards(end: f64, present: f64, (strict, loose): (f64, f64)) -> f64 {
    if strict < loose { end.min(present) } else { end.max(present) }
}

/// Regroups where the cut is known, and changes the setting otherwise.
fn ask(view: &PanelContext, scale: &SliderScale, value: Option<f64>) -> Request {
    let wanted = value.map(|value| scale.own.with_value(value));
    let is_known = view.session.cuts().is_some_and(|cuts| {
        let is_same = |level: &Level| level.parameter() == cuts.loosest_offered().parameter();
        wanted.or(cuts.own()).filter(is_same).is_some_and(|level| cuts.covers(level))
    });
    if is_known {
        return Request::Cut(wanted);
    }
    let value = value.map_or(Value::Auto, Value::Number);
    Request::Set(SettingChange::Parameter(scale.own.parameter(), value))
}

/// A mark below the rail, at a part of its length: the own radius.
fn mark(ui: &mut Ui, slider: &Response, part: f32, hint: &str) {
    let rail = slider.rect.x_range().shrink(slider.rect.height() / 2.5);
    let x = rail.min + part * rail.span();
    let top = slider.rect.bottom() - 3.0;
    let corners = vec![pos2(x, top), pos2(x + 5.0, top + 7.0), pos2(x - 5.0, top + 7.0)];
    ui.painter().add(Shape::convex_polygon(corners, theme::muted(ui), Stroke::NONE));
    let area = Rect::from_center_size(pos2(x, top + 4.0), vec2(14.0, 10.0));
    let response = ui.interact(area, slider.id.with("own"), Sense::hover());
    let _told = response.on_hover_text(hint);
}

/// What moving the slider does at present, in a row that is always there: nothing below moves
/// when the words go.
fn hint(ui: &mut Ui, view: &PanelContext) {
    let row = vec2(ui.available_width(), ui.text_style_height(&TextStyle::Small));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(row.y);
        match view.session.cuts() {
            Some(cuts) if cuts.are_complete() => {}
            Some(cuts) => {
                ui.add(eframe::egui::Spinner::new().size(12.0));
                paint::note(ui, t!("radius-working", value = lang::decimal(cuts.loosest_known().value(), 2)));
            }
            None if view.session.run().is_some() => {
                paint::note(ui, t!("radius-next-run"));
            }
            None => {}
        }
    });
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn floor(value: f64) -> f64 {
    (value * 1000.0).floor() / 1000.0
}
