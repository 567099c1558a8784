//! A second opinion beside the gallery: where another method differs, biggest difference first,
//! each with the one button that applies it as an ordinary edit.
//!
//! Takes an opinion of the session; asks for edits. It works nothing out but which picture
//! stands for a side.

use std::path::PathBuf;

use eframe::egui::{Color32, Rect, RichText, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::base::TrackIx;
use crate::cluster;
use crate::review::IdentityId;
use crate::ui::lang::{t, texts};
use crate::ui::panes::parameters;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{icons, paint, theme};
use crate::views::{Difference, Opinion, OpinionAction, OpinionDiff};

/// Height of a row, in points.
const ROW: f32 = 108.0;
/// Side of a picture.
const PICTURE: f32 = 76.0;
/// Room for the words and buttons beside the pictures, with the space around.
const WORDS: f32 = 160.0;

/// What another method makes of the tracks, beside the present state.
#[derive(Debug)]
pub(crate) struct OpinionPage {
    method: &'static str,
    opinion: Opinion,
    diff: OpinionDiff,
    /// The revision that `beside` is of.
    revision: Option<u64>,
}

impl OpinionPage {
    pub(crate) fn new(method: &'static str, opinion: Opinion) -> Self {
        Self { method, opinion, diff: OpinionDiff::default(), revision: None }
    }

    /// Compares again after an edit.
    fn refresh(&mut self, view: &PanelContext) {
        if self.revision != Some(view.session.revision()) {
            self.diff = self.opinion.diff(view.session.review());
            self.revision = Some(view.session.revision());
        }
    }
}

/// Draws the menu that starts it.
pub(crate) fn menu(ui: &mut Ui, view: &PanelContext, out: &mut Vec<Request>) {
    let present = view.session.settings().method.id;
    let can = !view.is_busy && view.session.run().is_some();
    ui.add_enabled_ui(can, |ui| {
        let button = ui.menu_button(t!("second-opinion-ask"), |ui| {
            for method in cluster::METHODS.iter().filter(|method| method.id != present) {
                if ui.button(texts::method(method)).on_hover_text(texts::method_doc(method)).clicked() {
                    out.push(Request::Opinion(method.id));
                    ui.close();
                }
            }
        });
        button.response.on_hover_text(t!("second-opinion-tip"));
    });
}

/// Draws the panel's content, where there is an opinion.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    opinion: &mut Option<OpinionPage>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(second) = opinion else { return };
    second.refresh(view);
    let is_open = !paint::panel_header(ui, &t!("second-opinion"), &t!("close-second"));
    let diff = &second.diff;
    let name = cluster::method(second.method).map_or_else(|_| second.method.to_owned(), texts::method);
    ui.label(t!("second-alike", method = name, alike = diff.n_alike, n = diff.n_identities));
    let differing = diff.n_tracks - diff.n_tracks_alike;
    if diff.differences.is_empty() {
        ui.add_space(theme::GAP);
        ui.label(RichText::new(t!("second-agree")).strong());
    } else {
        paint::note(
            ui,
            t!(
                "second-note",
                tracks = t!("tracks", n = differing),
                differences = t!("differences", n = diff.differences.len())
            ),
        );
    }
    if let Ok(method) = cluster::method(second.method) {
        ui.collapsing(t!("parameters"), |ui| {
            parameters::show(ui, method, view, out);
            let again = ui.add_enabled(!view.is_busy, eframe::egui::Button::new(t!("ask-again")));
            if again.on_hover_text(t!("ask-again-tip")).clicked() {
                out.push(Request::Opinion(method.id));
            }
        });
    }
    ui.add_space(theme::GAP * 0.5);
    let can = !view.is_read_only() && !view.session.is_busy();
    ScrollArea::vertical().id_salt("second").auto_shrink(false).show_rows(
        ui,
        ROW,
        diff.differences.len(),
        |ui, rows| {
            for it in diff.differences.get(rows).unwrap_or_default() {
                row(ui, it, view, can, thumbs, out);
            }
        },
    );
    if !is_open {
        *opinion = None;
    }
}

fn row(
    ui: &mut Ui,
    it: &Difference,
    view: &PanelContext,
    can: bool,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW - 6.0), Sense::hover());
    ui.painter().rect_filled(rect, theme::CARD_ROUNDING, ui.visuals().faint_bg_color);
    // In a narrow pane the words and buttons keep their room.
    let picture_side = PICTURE.min((rect.width() - WORDS) / 2.0).max(24.0);
    let at = rect.min + vec2(8.0, (rect.height() - picture_side) / 2.0);
    let first = Rect::from_min_size(at, Vec2::splat(picture_side));
    let second = first.translate(vec2(picture_side + 6.0, 0.0));
    let (of_first, of_second) = match it.other {
        Some(other) => (cover(view, it.identity), side(view, it, other)),
        None => (cover(view, it.identity), picture(view, it.tracks.first().copied())),
    };
    for (rect, path, identity) in
        [(first, of_first, it.identity), (second, of_second, it.other.unwrap_or(it.identity))]
    {
        paint::picture(ui, rect, path.as_deref(), thumbs, Color32::WHITE);
        let response =
            ui.interact(rect, ui.scope_id().with((rect.min.x as i32, it.identity, &it.tracks)), Sense::CLICK);
        if response.on_hover_text(t!("look-at-identity")).clicked() {
            out.push(Request::ShowPerson(identity));
        }
    }
    let text = Rect::from_min_max(pos2(second.right() + 10.0, rect.top() + 8.0), rect.max - vec2(8.0, 8.0));
    let mut inner = ui.new_child(eframe::egui::UiBuilder::new().max_rect(text));
    let (button, lines) = lines(it, view);
    let done = sentence(it, view);
    inner.spacing_mut().item_spacing.y = 2.0;
    for line in lines {
        inner.add(eframe::egui::Label::new(RichText::new(line).strong()).truncate());
    }
    let n = it.tracks.len();
    paint::note(
        &mut inner,
        t!("second-facts", tracks = t!("tracks", n = n), pairs = t!("pairs", n = it.n_pairs)),
    );
    let outline = eframe::egui::Stroke::new(1.0, theme::accent(&inner));
    inner.horizontal(|ui| {
        let response = ui.add_enabled(can, eframe::egui::Button::new(button).stroke(outline));
        response.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Button, can, &done));
        if response.on_hover_text(&done).clicked() {
            out.push(Request::Edit(it.edit.clone()));
        }
        if let Some((no, other)) = it.no.as_ref().zip(it.other) {
            let said = t!("not-same-said", a = title(view, it.identity), b = title(view, other));
            let tip = format!("{said}. {}", t!("not-same-tip"));
            let response = ui.add_enabled(can, eframe::egui::Button::new(icons::text(icons::NOT_SAME)));
            response.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Button, can, &said));
            if response.on_hover_text(tip).clicked() {
                out.push(Request::Edit(no.clone()));
            }
        }
    });
}

/// The button, and the lines beside the pictures.
fn lines(it: &Difference, view: &PanelContext) -> (String, [String; 2]) {
    let to = title(view, it.identity);
    match (it.wish, it.other.map(|other| title(view, other))) {
        (OpinionAction::Merge, Some(other)) => (t!("wish-merge"), [to, format!("= {other}")]),
        (OpinionAction::Move, Some(other)) => (t!("wish-move"), [other, format!("→ {to}")]),
        _ => (t!("wish-split"), [to, t!("is-two-people")]),
    }
}

/// What the button does, in full.
fn sentence(it: &Difference, view: &PanelContext) -> String {
    let (to, tracks) = (title(view, it.identity), t!("tracks", n = it.tracks.len()));
    match (it.wish, it.other.map(|other| title(view, other))) {
        (OpinionAction::Merge, Some(other)) => {
            t!("wish-merge-said", other = other, tracks = tracks, title = to)
        }
        (OpinionAction::Move, Some(other)) => {
            t!("wish-move-said", other = other, tracks = tracks, title = to)
        }
        _ => t!("wish-split-said", tracks = tracks, title = to),
    }
}

fn title(view: &PanelContext, id: IdentityId) -> String {
    let name = view.session.review().identity(id).and_then(|identity| identity.name.as_deref());
    texts::title(id, name)
}

/// What stands for the other side: the identity to be merged, the tracks to be moved.
fn side(view: &PanelContext, it: &Difference, other: IdentityId) -> Option<PathBuf> {
    if it.wish == OpinionAction::Merge {
        cover(view, other)
    } else {
        picture(view, it.tracks.first().copied())
    }
}

fn cover(view: &PanelContext, identity: IdentityId) -> Option<PathBuf> {
    view.cover(view.listing.card(identity)?)
}

fn picture(view: &PanelContext, track: Option<TrackIx>) -> Option<PathBuf> {
    view.best_picture(track?)
}
