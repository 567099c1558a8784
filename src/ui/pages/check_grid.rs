//! Checking an identity: all its tracks as a grid, the odd ones first, all of them ticked. Click
//! the wrong ones out, press Enter: the rest is confirmed.
//!
//! Takes the doubts of `advice`; asks for the one edit that answers them. Nothing moves under
//! the hand: the order is the one in which the grid was opened.

use eframe::egui::{
    Align, FontId, Id, Key, Layout, Modifiers, Rect, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2,
    vec2,
};

use crate::advice::{DoubtfulTrack, checked, doubtful};
use crate::base::TrackIx;
use crate::review::{Edit, IdentityId};
use crate::ui::actions::table;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::theme::{self, Badge};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, playback};

const FACE: f32 = 108.0;
const CELL: Vec2 = vec2(FACE, FACE + 22.0);

/// The open grid.
#[derive(Debug)]
pub(crate) struct CheckGrid {
    identity: IdentityId,
    doubts: Vec<DoubtfulTrack>,
    wrong: Vec<bool>,
    cursor: usize,
    columns: usize,
    reveal: bool,
}

impl CheckGrid {
    /// None where the vectors are not at hand, or there are no tracks.
    pub(crate) fn new(view: &PanelContext, identity: IdentityId) -> Option<Self> {
        let doubts = doubtful(view.session.vectors()?, view.session.review(), identity);
        let wrong = vec![false; doubts.len()];
        (!doubts.is_empty()).then_some(Self { identity, doubts, wrong, cursor: 0, columns: 1, reveal: false })
    }

    fn out(&self) -> Vec<TrackIx> {
        self.doubts
            .iter()
            .zip(&self.wrong)
            .filter(|(_, wrong)| **wrong)
            .map(|(doubt, _)| doubt.track)
            .collect()
    }

    /// The edit that the grid as it is ticked is.
    pub(crate) fn edit(&self, view: &PanelContext) -> Option<Edit> {
        checked(view.session.vectors()?, view.session.review(), self.identity, &self.out())
    }
}

/// Draws the grid in the place of the identity's tracks.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    checking: &mut Option<CheckGrid>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let is_free = !view.has_dialog && !ui.ctx().text_edit_focused();
    let Some(check) = checking else { return };
    // What an edit or an undo took away meanwhile is not asked about.
    let review = view.session.review();
    if check.doubts.iter().any(|doubt| review.identity_of(doubt.track) != Some(check.identity)) {
        *checking = None;
        return;
    }
    if is_free {
        keys(ui, check);
    }
    let n_wrong = check.wrong.iter().filter(|wrong| **wrong).count();
    ui.horizontal(|ui| {
        ui.strong(t!("checking-heading"));
        paint::note(ui, t!("checking-how"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button(t!("cancel")).clicked() {
                out.push(Request::Back);
            }
            let can = !view.is_read_only() && !view.session.is_busy();
            let text =
                if n_wrong == 0 { t!("checking-all-right") } else { t!("checking-accept", n = n_wrong) };
            if ui
                .add_enabled(can, paint::primary(ui, &text))
                .on_hover_text(table::ACCEPT.tip(ui.ctx()))
                .clicked()
            {
                out.push(Request::Accept);
            }
        });
    });
    ui.add_space(theme::GAP * 0.5);
    grid(ui, view, check, thumbs);
}

fn grid(ui: &mut Ui, view: &PanelContext, check: &mut CheckGrid, thumbs: &mut Thumbnails) {
    let step = CELL + Vec2::splat(theme::GAP);
    let width = ui.available_width() - 14.0;
    check.columns = (((width + theme::GAP) / step.x).floor() as usize).max(1);
    let (columns, n) = (check.columns, check.doubts.len());
    ScrollArea::vertical().id_salt("checking").auto_shrink(false).show_viewport(ui, |ui, seen| {
        let rows = n.div_ceil(columns);
        ui.set_height(rows as f32 * step.y + 8.0);
        let corner = ui.max_rect().min + vec2(4.0, 4.0);
        let place = |at: usize| {
            let (row, column) = (at / columns, at % columns);
            Rect::from_min_size(corner + vec2(column as f32 * step.x, row as f32 * step.y), CELL)
        };
        if std::mem::take(&mut check.reveal) {
            ui.scroll_to_rect(place(check.cursor).expand(theme::GAP), None);
        }
        let first = (seen.top() / step.y).floor().max(0.0) as usize * columns;
        let last = (seen.bottom() / step.y).ceil().max(0.0) as usize * columns;
        for at in first.min(n)..last.min(n) {
            cell(ui, place(at), at, view, check, thumbs);
        }
    });
}

fn keys(ui: &Ui, check: &mut CheckGrid) {
    let hit = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let (columns, last) = (check.columns as isize, check.doubts.len().saturating_sub(1));
    for (key, by) in
        [(Key::ArrowLeft, -1), (Key::ArrowRight, 1), (Key::ArrowUp, -columns), (Key::ArrowDown, columns)]
    {
        if hit(key) {
            check.cursor = check.cursor.saturating_add_signed(by).min(last);
            check.reveal = true;
        }
    }
    if hit(Key::Space) {
        check.wrong[check.cursor] = !check.wrong[check.cursor];
    }
}

fn cell(ui: &Ui, rect: Rect, at: usize, view: &PanelContext, check: &mut CheckGrid, thumbs: &mut Thumbnails) {
    let (doubt, is_wrong) = (&check.doubts[at], check.wrong[at]);
    let Some(set) = view.set() else { return };
    let response = ui.interact(rect, Id::unique(("check", doubt.track)), Sense::click());
    let id = &set.track(doubt.track).id;
    response.widget_info(|| {
        WidgetInfo::selected(Role::CheckBox, true, !is_wrong, t!("checking-spoken", track = id.clone()))
    });
    let picture = Rect::from_min_size(rect.min, Vec2::splat(FACE));
    playback::play(ui, picture, view, doubt.track, thumbs);
    if is_wrong {
        ui.painter().rect_filled(picture, theme::CARD_ROUNDING, ui.visuals().panel_fill.gamma_multiply(0.6));
        let colours = theme::mark(ui, Badge::Wrong);
        paint::disc(ui.painter(), picture.center(), 22.0, colours);
        paint::cross(ui.painter(), picture.center(), 11.0, colours.1);
    } else {
        let at = picture.right_bottom() - vec2(13.0, 13.0);
        paint::tick(ui.painter(), at, 8.0, theme::mark(ui, Badge::Chosen));
    }
    if check.cursor == at {
        paint::ring(ui, picture, 2.0, ui.visuals().strong_text_color());
    } else if response.hovered() {
        paint::ring(ui, picture, 1.0, theme::muted(ui));
    }
    let rival =
        doubt.rival.and_then(|id| view.listing.card(id)).filter(|_| doubt.margin.is_some_and(|m| m < 0.0));
    let text = rival.map_or_else(String::new, |card| t!("checking-nearer", name = card.title.clone()));
    let galley = paint::line(ui, &text, FontId::proportional(11.5), theme::muted(ui), rect.width());
    ui.painter().galley(pos2(rect.left(), picture.bottom() + 4.0), galley, theme::muted(ui));
    if response.clicked() {
        check.cursor = at;
        check.wrong[at] = !is_wrong;
    }
    response.on_hover_text(id);
}
