//! Small drawings that several panels share: pictures cut to a square, the placeholder where
//! there is none, marks, one line of text that is cut off with `…`.

use std::path::Path;
use std::sync::Arc;

use eframe::egui::epaint::RectShape;
use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align, Align2, Button, Color32, Context, CornerRadius, FontId, Frame, Galley, Id, Layout, Modal, Painter,
    Pos2, Rect, Response, RichText, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::ui::widgets::theme;
use crate::ui::widgets::thumbnails::{Thumb, Thumbnails};

/// Pixels asked for: steps of this many, so that the size slider does not decode at every pixel.
const STEP_PX: f32 = 48.0;

/// Draws the picture of `path` over all of `rect`; a quiet placeholder while it comes, a
/// drawn head where there is none. `tint` dims it.
pub(crate) fn picture(ui: &Ui, rect: Rect, path: Option<&Path>, thumbs: &mut Thumbnails, tint: Color32) {
    let rounding = CornerRadius::same(theme::CARD_ROUNDING as u8);
    let side_px = (rect.width().max(rect.height()) * ui.pixels_per_point() / STEP_PX).ceil() * STEP_PX;
    match path.map(|path| thumbs.get(path, side_px as u32)) {
        Some(Thumb::Ready(texture, size)) => {
            let shape =
                RectShape::filled(rect, rounding, tint).with_texture(texture, cover(rect.size(), size));
            ui.painter().add(shape);
        }
        Some(Thumb::Waiting) => {
            ui.painter().rect_filled(rect, rounding, ui.visuals().faint_bg_color);
        }
        Some(Thumb::Failed) | None => head(ui, rect, rounding),
    }
}

/// The middle part of a picture that fills `target` without distortion, as texture coordinates.
fn cover(target: Vec2, picture: Vec2) -> Rect {
    let scale = (target.x / picture.x).max(target.y / picture.y);
    let part = target / (picture * scale);
    Rect::from_center_size(pos2(0.5, 0.5), part)
}

/// A drawn head and shoulders.
fn head(ui: &Ui, rect: Rect, rounding: CornerRadius) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, rounding, ui.visuals().faint_bg_color);
    let ink = theme::muted(ui).gamma_multiply(0.35);
    let side = rect.width().min(rect.height());
    painter.circle_filled(rect.center() - vec2(0.0, side * 0.08), side * 0.16, ink);
    let shoulders =
        Rect::from_center_size(rect.center() + vec2(0.0, side * 0.31), vec2(side * 0.54, side * 0.34));
    let shape = CornerRadius { nw: (side * 0.17) as u8, ne: (side * 0.17) as u8, sw: 0, se: 0 };
    painter.rect_filled(shoulders.intersect(rect.shrink(side * 0.04)), shape, ink);
}

/// A round mark with a tick.
pub(crate) fn tick(painter: &Painter, center: Pos2, radius: f32, (fill, ink): (Color32, Color32)) {
    disc(painter, center, radius, (fill, ink));
    let at = |x: f32, y: f32| center + vec2(x, y) * radius;
    painter.add(Shape::line(
        vec![at(-0.42, 0.02), at(-0.1, 0.34), at(0.46, -0.32)],
        Stroke::new(radius * 0.22, ink),
    ));
}

/// A round mark with nothing on it yet.
pub(crate) fn disc(painter: &Painter, center: Pos2, radius: f32, (fill, ink): (Color32, Color32)) {
    painter.circle(center, radius, fill, Stroke::new(1.5, ink));
}

/// The background of a row that can be ticked, with rings for a tick and for the keyboard.
pub(crate) fn row(ui: &Ui, rect: Rect, response: &Response, is_ticked: bool, has_keyboard: bool) {
    let visuals = ui.visuals();
    let fill = if response.hovered() { visuals.widgets.hovered.weak_bg_fill } else { visuals.faint_bg_color };
    ui.painter().rect_filled(rect, theme::CARD_ROUNDING, fill);
    if is_ticked {
        ring(ui, rect, 2.0, theme::accent(ui));
    }
    if has_keyboard {
        ring(ui, rect.expand(2.0), 1.0, visuals.strong_text_color());
    }
}

/// A ring around what is selected or has the keyboard.
pub(crate) fn ring(ui: &Ui, rect: Rect, width: f32, colour: Color32) {
    let rounding = theme::CARD_ROUNDING + width;
    ui.painter().rect_stroke(
        rect,
        CornerRadius::same(rounding as u8),
        Stroke::new(width, colour),
        StrokeKind::Outside,
    );
}

/// One line, cut off with `…` where it is too wide.
pub(crate) fn line(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap.max_width = width;
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    ui.painter().layout_job(job)
}

/// A small dark label on a picture.
pub(crate) fn label(ui: &Ui, corner: Pos2, align: Align2, text: &str) {
    let galley = line(ui, text, FontId::proportional(11.0), Color32::WHITE, 400.0);
    let rect = align.anchor_size(corner, galley.size() + vec2(8.0, 4.0));
    ui.painter().rect_filled(rect, CornerRadius::same(4), Color32::from_black_alpha(150));
    ui.painter().galley(rect.min + vec2(4.0, 2.0), galley, Color32::WHITE);
}

/// Gives a dialog a width in points, or what the window has.
pub(crate) fn dialog_width(ui: &mut Ui, wanted: f32) {
    ui.set_width(wanted.min(ui.ctx().content_rect().width() - 60.0));
}

/// The one button of a panel that does what the panel is for.
pub(crate) fn primary(ui: &Ui, text: impl Into<String>) -> Button<'static> {
    Button::new(RichText::new(text).color(theme::on_accent(ui)).strong()).fill(theme::accent(ui))
}

/// A small text in the background.
pub(crate) fn note(ui: &mut Ui, text: impl Into<String>) {
    let muted = theme::muted(ui);
    ui.label(RichText::new(text).small().color(muted));
}

/// The heading of a side panel, with the sign that closes it at the right; true once it is closed.
/// `close_label` is what the sign says when it is pointed at, and to screen readers.
pub(crate) fn panel_header(ui: &mut Ui, heading: &str, close_label: &str) -> bool {
    ui.horizontal(|ui| {
        ui.heading(heading);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| close(ui, close_label)).inner
    })
    .inner
}

/// A cross to click on.
pub(crate) fn close(ui: &mut Ui, label: &str) -> bool {
    let side = ui.spacing().interact_size.y;
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    let state = ui.style().interact(&response);
    ui.painter().rect(
        rect.shrink(2.0),
        state.corner_radius,
        if response.hovered() { state.weak_bg_fill } else { Color32::TRANSPARENT },
        if response.has_focus() { state.bg_stroke } else { Stroke::NONE },
        StrokeKind::Inside,
    );
    cross(ui.painter(), rect.center(), 4.5, state.fg_stroke.color);
    response.on_hover_text(label).clicked()
}

/// Two strokes that cross; `radius` is half the side of the square around them, in points.
pub(crate) fn cross(painter: &Painter, center: Pos2, radius: f32, colour: Color32) {
    let stroke = Stroke::new((radius * 0.33).max(1.0), colour);
    for slope in [1.0, -1.0] {
        let arm = vec2(radius, radius * slope);
        painter.line_segment([center - arm, center + arm], stroke);
    }
}

/// A strong line over a muted one, each cut off with `…` at `width` points; `at` is the upper left
/// corner.
pub(crate) fn two_lines(ui: &Ui, at: Pos2, width: f32, strong: &str, muted: &str) {
    let ink = ui.visuals().strong_text_color();
    let upper = line(ui, strong, FontId::proportional(14.0), ink, width);
    let below = at + vec2(0.0, upper.size().y + 2.0);
    ui.painter().galley(at, upper, ink);
    let quiet = theme::muted(ui);
    let lower = line(ui, muted, FontId::proportional(12.0), quiet, width);
    ui.painter().galley(below, lower, quiet);
}

/// A key as a small cap, its right edge in the middle at `at`; gives its left edge. Nothing is
/// drawn for an empty text.
pub(crate) fn caps(ui: &Ui, at: Pos2, key: &str, ink: Color32) -> f32 {
    if key.is_empty() {
        return at.x;
    }
    let text = line(ui, key, FontId::proportional(12.0), ink, 160.0);
    let size = vec2((text.size().x + 12.0).max(22.0), 20.0);
    let rect = Rect::from_min_size(pos2(at.x - size.x, at.y - size.y / 2.0), size);
    let stroke = Stroke::new(1.0, ink.gamma_multiply(0.45));
    ui.painter().rect_stroke(rect, CornerRadius::same(4), stroke, StrokeKind::Inside);
    ui.painter().galley(rect.center() - text.size() / 2.0, text, ink);
    rect.left()
}

/// A dialog over the page, with the room around its content that a dialog has; `name` is its own.
pub(crate) fn modal(ctx: &Context, name: &str) -> Modal {
    let frame = Frame::popup(&ctx.global_style()).inner_margin(theme::PAD as i8);
    Modal::new(Id::unique(name)).frame(frame)
}

/// The mark of what is doubtful: a question mark on a disc, around `center`.
pub(crate) fn doubt(ui: &Ui, center: Pos2) {
    let visuals = ui.visuals();
    let fill = visuals.warn_fg_color;
    ui.painter().circle_filled(center, 8.0, fill);
    let font = FontId::proportional(12.0);
    ui.painter().text(center, Align2::CENTER_CENTER, "?", font, visuals.extreme_bg_color);
}
