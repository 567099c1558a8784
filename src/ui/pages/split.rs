//! Splitting an identity: what it comes apart into, seen before it happens.
//!
//! Takes the parts that `advice` finds inside one identity; shows each with its faces, lets the
//! curator choose how many and which stay, and asks for the one edit that does it.

use eframe::egui::{
    Align, Button, Id, Key, Layout, Modifiers, Rect, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2,
    vec2,
};

use crate::advice::SplitSuggestion;
use crate::base::TrackIx;
use crate::review::{Edit, Review};
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, playback, theme};

const FACE: f32 = 76.0;
const ROW: f32 = 124.0;

/// The preview.
#[derive(Debug)]
pub(crate) struct SplitDialog {
    parting: SplitSuggestion,
    n: usize,
    parts: Vec<Vec<TrackIx>>,
    /// Which parts go; the first one always stays.
    goes: Vec<bool>,
    cursor: usize,
}

impl SplitDialog {
    pub(crate) fn new(parting: SplitSuggestion) -> Self {
        // Two parts, and nothing goes until it is ticked: more parts are asked for.
        let n = 2;
        let mut made = Self { parting, n, parts: Vec::new(), goes: Vec::new(), cursor: 1 };
        made.cut(n);
        made
    }

    /// Whether the identity still has the very tracks that are shown.
    pub(crate) fn fits(&self, review: &Review) -> bool {
        let mut tracks: Vec<TrackIx> = self.parts.iter().flatten().copied().collect();
        tracks.sort_unstable();
        review.identity(self.parting.identity()).is_some_and(|identity| identity.tracks == tracks)
    }

    fn cut(&mut self, n: usize) {
        self.n = n.clamp(*self.parting.range().start(), *self.parting.range().end());
        self.parts = self.parting.parts(self.n);
        self.goes = vec![false; self.parts.len()];
        self.cursor = self.cursor.clamp(1, self.parts.len().saturating_sub(1).max(1));
    }

    /// The edit that does what is shown; none where nothing goes.
    pub(crate) fn edit(&self, review: &Review) -> Option<Edit> {
        let mut parts: Vec<Vec<TrackIx>> = vec![Vec::new()];
        for (part, goes) in self.parts.iter().zip(&self.goes) {
            if *goes {
                parts.push(part.clone());
            } else {
                parts[0].extend(part);
            }
        }
        self.parting.edit(review, &parts)
    }

    fn n_going(&self) -> usize {
        self.goes.iter().filter(|goes| **goes).count()
    }
}

/// Draws the preview in the place of the identity's tracks.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    split: &mut Option<SplitDialog>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let is_free = !view.has_dialog && !ui.ctx().text_edit_focused();
    let Some(parting) = split else { return };
    if is_free {
        keys(ui, parting);
    }
    let mut is_open = true;
    ui.horizontal(|ui| {
        ui.strong(t!("parting-heading"));
        let (least, most) = (*parting.parting.range().start(), *parting.parting.range().end());
        let mut n = parting.n;
        if ui.add_enabled(n > least, Button::new("−")).accessible_name(t!("parting-fewer")).clicked() {
            n -= 1;
        }
        ui.label(t!("parting-parts", n = n));
        if ui.add_enabled(n < most, Button::new("+")).accessible_name(t!("parting-more")).clicked() {
            n += 1;
        }
        if n != parting.n {
            parting.cut(n);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            is_open = !ui.button(t!("cancel")).clicked();
            let n = parting.n_going();
            let can = n > 0 && !view.is_read_only() && !view.session.is_busy();
            let text = t!("parting-accept", n = n);
            if ui.add_enabled(can, paint::primary(ui, &text)).clicked()
                && let Some(edit) = parting.edit(view.session.review())
            {
                out.push(Request::Edit(edit));
                is_open = false;
            }
        });
    });
    paint::note(ui, t!("parting-how"));
    ui.add_space(theme::GAP * 0.5);
    let n = parting.parts.len();
    ScrollArea::vertical().id_salt("parts").auto_shrink(false).show_rows(ui, ROW, n, |ui, rows| {
        for at in rows {
            part(ui, parting, at, view, thumbs);
        }
    });
    if !is_open {
        *split = None;
    }
}

/// Up and down move over the parts, Space keeps or lets go, plus and minus change their number, End lets each track go by itself.
fn keys(ui: &Ui, parting: &mut SplitDialog) {
    let hit = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if hit(Key::Plus) || hit(Key::Equals) || hit(Key::ArrowRight) {
        parting.cut(parting.n + 1);
    }
    if hit(Key::Minus) || hit(Key::ArrowLeft) {
        parting.cut(parting.n - 1);
    }
    if hit(Key::End) {
        parting.cut(usize::MAX);
    }
    let last = parting.parts.len().saturating_sub(1);
    if hit(Key::ArrowDown) {
        parting.cursor = (parting.cursor + 1).min(last);
    }
    if hit(Key::ArrowUp) {
        parting.cursor = parting.cursor.saturating_sub(1);
    }
    if hit(Key::Space) {
        turn(parting, parting.cursor);
    }
}

fn turn(parting: &mut SplitDialog, at: usize) {
    if at > 0
        && let Some(goes) = parting.goes.get_mut(at)
    {
        *goes = !*goes;
    }
}

fn part(ui: &mut Ui, parting: &mut SplitDialog, at: usize, view: &PanelContext, thumbs: &mut Thumbnails) {
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width() - 8.0, ROW - theme::GAP), Sense::hover());
    let response = ui.interact(rect, Id::unique(("part", at)), Sense::click());
    let tracks = &parting.parts[at];
    let goes = parting.goes[at];
    let facts = t!("tracks", n = tracks.len());
    let title = if goes { t!("parting-goes") } else { t!("parting-stays") };
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::CheckBox,
            true,
            goes,
            t!("parting-spoken", n = at + 1, title = title.clone(), facts = facts.clone()),
        )
    });
    paint::row(ui, rect, &response, goes, parting.cursor == at);
    let words = rect.min + vec2(theme::GAP * 1.5, theme::GAP);
    paint::two_lines(ui, words, 130.0, &title, &facts);
    let left = words.x + 140.0;
    let fits = (((rect.right() - left) / (FACE + theme::GAP)).floor() as usize).max(1);
    let spread = tracks.len().min(fits);
    for slot in 0..spread {
        let track = tracks[slot * tracks.len() / spread];
        let corner = pos2(left + slot as f32 * (FACE + theme::GAP), rect.center().y - FACE / 2.0);
        playback::play(ui, Rect::from_min_size(corner, Vec2::splat(FACE)), view, track, thumbs);
    }
    if response.clicked() {
        parting.cursor = at;
        turn(parting, at);
    }
}
