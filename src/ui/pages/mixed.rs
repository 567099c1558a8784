//! A page of mixed identities: each with its parts, those that likely are several people
//! ticked already. Click the wrong ones out, press Enter: the ticked ones are split.
//!
//! Takes what `advice` finds beside the window; asks for the one edit that answers the page.

use eframe::egui::{
    Align, Id, Key, Layout, Modifiers, Rect, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::advice::{MixedIdentity, split_mixed};
use crate::review::{Edit, Review};
use crate::ui::actions::table;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, playback, theme};

/// Identities on a page.
const ON_PAGE: usize = 12;
const FACE: f32 = 64.0;
const ROW: f32 = 92.0;
/// Faces of one part that are shown at most.
const OF_PART: usize = 4;

/// The page as it was when it was opened: nothing moves under the hand.
#[derive(Debug, Default)]
pub(crate) struct MixedPage {
    page: Vec<MixedIdentity>,
    ticks: Vec<bool>,
    cursor: usize,
    revision: Option<u64>,
    /// What was passed over at this sitting.
    skipped: Vec<crate::review::IdentityId>,
}

impl MixedPage {
    fn refresh(&mut self, view: &PanelContext, found: &[MixedIdentity]) {
        let revision = Some(view.session.revision());
        if self.revision == revision {
            return;
        }
        let left = found.iter().filter(|it| !self.skipped.contains(&it.identity));
        self.page = left.take(ON_PAGE).cloned().collect();
        self.ticks = self.page.iter().map(MixedIdentity::is_likely).collect();
        self.cursor = self.cursor.min(self.page.len().saturating_sub(1));
        self.revision = revision;
    }

    /// Looks for other identities at the next frame.
    pub(crate) fn clear(&mut self) {
        self.page.clear();
        self.revision = None;
    }

    /// Passes over those on the page that are not ticked.
    pub(crate) fn skip(&mut self, all: bool) {
        let out = self.page.iter().zip(&self.ticks).filter(|(_, tick)| all || !**tick);
        self.skipped.extend(out.map(|(falling, _)| falling.identity));
        self.clear();
    }

    /// Asks about all identities again.
    pub(crate) fn unskip(&mut self) {
        self.skipped.clear();
        self.clear();
    }

    /// The edit that splits what is ticked.
    pub(crate) fn edit(&self, review: &Review) -> Option<Edit> {
        split_mixed(review, &self.page, &self.ticks)
    }
}

/// Draws the page; `false` where there are no questions.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    falls: &mut MixedPage,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) -> bool {
    let Some(found) = view.mixed else {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() * 0.35);
            ui.spinner();
            ui.label(t!("pairs-waiting"));
        });
        return true;
    };
    let is_free = !view.has_dialog && !ui.ctx().text_edit_focused();
    falls.refresh(view, found);
    if falls.page.is_empty() {
        return false;
    }
    if is_free {
        keys(ui, falls);
    }
    let n = falls.ticks.iter().filter(|tick| **tick).count();
    ui.horizontal(|ui| {
        paint::note(ui, t!("falls-how"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let can = !view.is_read_only() && !view.session.is_busy();
            let button = ui.add_enabled(can, paint::primary(ui, t!("falls-accept", n = n)));
            if button.on_hover_text(table::ACCEPT.tip(ui.ctx())).clicked() {
                out.push(Request::Accept);
            }
            if ui.button(table::SKIP.name()).on_hover_text(table::SKIP.tip(ui.ctx())).clicked() {
                out.push(Request::Skip);
            }
        });
    });
    ui.add_space(theme::GAP * 0.5);
    let rows = falls.page.len();
    ScrollArea::vertical().id_salt("falls").auto_shrink(false).show_rows(ui, ROW, rows, |ui, range| {
        for at in range {
            row(ui, falls, at, view, thumbs);
        }
    });
    true
}

fn keys(ui: &Ui, falls: &mut MixedPage) {
    let hit = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let last = falls.page.len().saturating_sub(1);
    if hit(Key::ArrowDown) {
        falls.cursor = (falls.cursor + 1).min(last);
    }
    if hit(Key::ArrowUp) {
        falls.cursor = falls.cursor.saturating_sub(1);
    }
    if hit(Key::Space) {
        falls.ticks[falls.cursor] = !falls.ticks[falls.cursor];
    }
}

fn row(ui: &mut Ui, falls: &mut MixedPage, at: usize, view: &PanelContext, thumbs: &mut Thumbnails) {
    let (falling, is_ticked) = (&falls.page[at], falls.ticks[at]);
    let Some(card) = view.listing.card(falling.identity) else { return };
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width() - 8.0, ROW - theme::GAP), Sense::hover());
    let response = ui.interact(rect, Id::unique(("fall", falling.identity)), Sense::click());
    let parts = t!("parting-parts", n = falling.parts.len());
    let spoken = format!("{}, {parts}", card.title);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_ticked, &spoken));
    paint::row(ui, rect, &response, is_ticked, falls.cursor == at);
    let words = rect.min + vec2(theme::GAP * 1.5, theme::GAP);
    paint::two_lines(ui, words, 150.0, &card.title, &parts);
    let mut left = words.x + 160.0;
    'parts: for part in &falling.parts {
        for &track in part.iter().take(OF_PART) {
            if left + FACE > rect.right() - theme::GAP {
                break 'parts;
            }
            let corner = pos2(left, rect.center().y - FACE / 2.0);
            playback::play(ui, Rect::from_min_size(corner, Vec2::splat(FACE)), view, track, thumbs);
            left += FACE + 4.0;
        }
        // A gap wide enough to be seen as one.
        left += theme::GAP * 2.5;
    }
    if response.clicked() {
        falls.cursor = at;
        falls.ticks[at] = !is_ticked;
    }
}
