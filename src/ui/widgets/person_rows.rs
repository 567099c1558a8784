//! One person as a row of a list to choose from: a small face, the name over what is known, and how
//! likely it is that one is meant.
//!
//! Every row has the same height, and keeps its place whatever becomes known of it meanwhile.

use std::path::Path;

use eframe::egui::{Color32, FontId, Id, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::ui::lang::t;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, theme};

/// Height of a row, in points.
pub(crate) const ROW: f32 = 44.0;
/// Room between a row's edge and its face.
const EDGE: f32 = 4.0;

/// What is at the left of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RowPicture<'a> {
    /// No person is there yet.
    Nobody,
    /// Somebody's picture; a drawn head where there is none.
    Of(Option<&'a Path>),
}

/// What a row shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PersonRow<'a> {
    pub(crate) title: &'a str,
    pub(crate) facts: &'a str,
    pub(crate) face: RowPicture<'a>,
    /// How likely it is that one is meant, where that is known.
    pub(crate) p: Option<f32>,
}

/// A probability in whole percent.
pub(crate) fn percent(p: f32) -> usize {
    (p * 100.0).round() as usize
}

/// How likely, in words. The bounds are those of the calibration on film (docs/quality.md): with a
/// strong model half of the pairs that are told at 0.28 are one person, so nothing from 0.25 on is
/// called unlikely.
pub(crate) fn likely(p: f32) -> String {
    match p {
        p if p >= 0.9 => t!("likely-very"),
        p if p >= 0.65 => t!("likely"),
        p if p >= 0.25 => t!("likely-unsure"),
        _ => t!("likely-not"),
    }
}

/// Draws a row over the width that there is.
pub(crate) fn row(
    ui: &mut Ui,
    id: Id,
    row: &PersonRow,
    is_picked: bool,
    thumbs: &mut Thumbnails,
) -> Response {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let response = ui.interact(rect, id, Sense::CLICK);
    let likelihood = row.p.map(likely).unwrap_or_default();
    response.widget_info(|| {
        let spoken =
            if likelihood.is_empty() { row.title.to_owned() } else { format!("{}, {likelihood}", row.title) };
        WidgetInfo::selected(Role::ListBoxOption, true, is_picked, spoken)
    });
    let visuals = ui.visuals();
    if is_picked {
        ui.painter().rect_filled(rect, theme::CARD_ROUNDING, visuals.selection.bg_fill);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, theme::CARD_ROUNDING, visuals.widgets.hovered.weak_bg_fill);
    }
    let chosen = visuals.selection.stroke.color;
    let (ink, quiet) =
        if is_picked { (chosen, chosen) } else { (visuals.strong_text_color(), theme::muted(ui)) };
    let picture = Rect::from_min_size(rect.min + Vec2::splat(EDGE), Vec2::splat(ROW - 2.0 * EDGE));
    if let RowPicture::Of(path) = row.face {
        paint::picture(ui, picture, path, thumbs, Color32::WHITE);
    }
    let small = FontId::proportional(12.0);
    let likelihood = paint::line(ui, &likelihood, small.clone(), quiet, 120.0);
    let right = rect.right() - EDGE * 2.0 - likelihood.size().x;
    let left = picture.right() + 10.0;
    let width = (right - 10.0 - left).max(0.0);
    ui.painter().galley(pos2(right, rect.center().y - likelihood.size().y / 2.0), likelihood, quiet);
    let title = paint::line(ui, row.title, FontId::proportional(14.0), ink, width);
    let facts = paint::line(ui, row.facts, small, quiet, width);
    let height = title.size().y + if row.facts.is_empty() { 0.0 } else { facts.size().y + 2.0 };
    let top = rect.center().y - height / 2.0;
    let below = top + title.size().y + 2.0;
    ui.painter().galley(pos2(left, top), title, ink);
    ui.painter().galley(pos2(left, below), facts, quiet);
    response
}
