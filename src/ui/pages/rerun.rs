//! What a re-run would change, before anything does: numbered parts that exchange no tracks with
//! each other, each with the faces that would move, and their old and new identities. All are
//! ticked; click out what is to stay as it is, press Enter: the ticked ones are adopted as one
//! edit.
//!
//! Takes a finished run and the present state, and finds the parts again whenever that changes;
//! gives the command that adopts what is ticked. What is unticked stays so, by its tracks.

use std::collections::BTreeSet;
use std::sync::Arc;

use eframe::egui::{
    Align, Button, FontId, Id, Key, Layout, Modifiers, Rect, RichText, Role, ScrollArea, Sense, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::base::TrackIx;
use crate::review::{IdentityId, Review};
use crate::session::{Analysis, Command, Session, SessionError};
use crate::ui::actions::table;
use crate::ui::lang::{t, texts};
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{icons, paint, playback, theme};
use crate::views::{ChangeGroup, IdentityChange, Move, Regrouping};

const FACE: f32 = 56.0;
/// Height of a part's heading, and of one line of faces.
const HEAD: f32 = 36.0;
const LINE: f32 = FACE + theme::GAP;
/// Width of an identity at either side of a line.
const SIDE: f32 = 220.0;
/// Room for the arrow between the faces that move and their new identity.
const ARROW: f32 = 34.0;
/// Lines of one part that are shown at most.
const LINES: usize = 8;

/// A re-run that waits to be adopted or dropped.
#[derive(Debug)]
pub(crate) struct RerunPage {
    analysis: Arc<Analysis>,
    regrouping: Regrouping,
    /// What moves, a part.
    moves: Vec<Vec<Move>>,
    ticks: Vec<bool>,
    cursor: usize,
    reveal: bool,
    /// The revision that the parts are of.
    revision: u64,
}

impl RerunPage {
    pub(crate) fn new(analysis: Arc<Analysis>, session: &Session) -> Result<Self, SessionError> {
        let regrouping = session.propose_run(&analysis)?;
        let moves = moves(&regrouping.parts, session.review());
        let (ticks, revision) = (vec![true; moves.len()], session.revision());
        Ok(Self { analysis, regrouping, moves, ticks, cursor: 0, reveal: false, revision })
    }

    /// Finds the parts again after an edit; what was unticked stays so.
    fn refresh(&mut self, session: &Session) {
        if self.is_of(session) {
            return;
        }
        let Ok(now) = Self::new(Arc::clone(&self.analysis), session) else { return };
        let tracks = |moves: &[Move]| moves.iter().flat_map(|it| it.tracks.iter().copied()).collect();
        let left = self.moves.iter().zip(&self.ticks).filter(|(_, tick)| !**tick);
        let left: BTreeSet<TrackIx> = left.flat_map(|(moves, _)| -> Vec<TrackIx> { tracks(moves) }).collect();
        let is_left = |moves: &Vec<Move>| tracks(moves).iter().any(|track| left.contains(track));
        let ticks = now.moves.iter().map(|moves| !is_left(moves)).collect();
        let cursor = self.cursor.min(now.moves.len().saturating_sub(1));
        *self = Self { ticks, cursor, ..now };
    }

    /// Whether the parts are those of the present state.
    pub(crate) fn is_of(&self, session: &Session) -> bool {
        self.revision == session.revision()
    }

    /// Whether nothing would change.
    pub(crate) fn is_empty(&self) -> bool {
        self.regrouping.is_empty()
    }

    pub(crate) fn n_parts(&self) -> usize {
        self.ticks.len()
    }

    pub(crate) fn n_ticked(&self) -> usize {
        self.ticks.iter().filter(|tick| **tick).count()
    }

    /// Ticks all parts, or none where all are ticked.
    pub(crate) fn tick_all(&mut self) {
        let all = self.n_ticked() < self.n_parts();
        self.ticks.fill(all);
    }

    /// The command that adopts what is ticked.
    pub(crate) fn command(&self) -> Command {
        let ticked = self.regrouping.parts.iter().zip(&self.ticks).filter(|(_, tick)| **tick);
        Command::Regroup(Arc::clone(&self.analysis), Some(ticked.map(|(part, _)| part.number).collect()))
    }

    fn turn(&mut self, at: usize) {
        if let Some(tick) = self.ticks.get_mut(at) {
            *tick = !*tick;
        }
    }
}

fn moves(parts: &[ChangeGroup], review: &Review) -> Vec<Vec<Move>> {
    parts.iter().map(|part| part.moves(review)).collect()
}

/// Draws the page.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    proposal: &mut Option<RerunPage>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(mut rerun) = proposal.take() else { return };
    rerun.refresh(view.session);
    if !view.has_dialog && !ui.ctx().text_edit_focused() {
        keys(ui, &mut rerun);
    }
    header(ui, &rerun, view, out);
    parts(ui, &mut rerun, view, thumbs);
    *proposal = Some(rerun);
}

fn keys(ui: &Ui, rerun: &mut RerunPage) {
    let hit = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let last = rerun.n_parts().saturating_sub(1);
    for (key, by) in
        [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::Home, isize::MIN), (Key::End, isize::MAX)]
    {
        if hit(key) {
            rerun.cursor = rerun.cursor.saturating_add_signed(by).min(last);
            rerun.reveal = true;
        }
    }
    if hit(Key::Space) {
        rerun.turn(rerun.cursor);
    }
}

fn header(ui: &mut Ui, rerun: &RerunPage, view: &PanelContext, out: &mut Vec<Request>) {
    let regrouping = &rerun.regrouping;
    ui.horizontal(|ui| {
        let later = Button::new((icons::text(icons::BACK), t!("back")));
        if ui.add(later).accessible_name(t!("back")).on_hover_text(t!("rerun-later")).clicked() {
            out.push(Request::Go(Page::People));
        }
        ui.add_space(theme::GAP);
        ui.label(RichText::new(t!("rerun-heading")).size(21.0).color(ui.visuals().strong_text_color()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let n = rerun.n_ticked();
            let can = n > 0 && !view.is_read_only() && !view.session.is_busy();
            let button = paint::primary(ui, t!("rerun-adopt", n = n, all = rerun.n_parts()));
            if ui.add_enabled(can, button).on_hover_text(table::ADOPT_PROPOSAL.tip(ui.ctx())).clicked() {
                out.push(Request::AdoptRerun);
            }
            let drop = ui.button(table::DROP_PROPOSAL.name());
            if drop.on_hover_text(table::DROP_PROPOSAL.tip(ui.ctx())).clicked() {
                out.push(Request::DropRerun);
            }
            if rerun.n_parts() > 1 {
                let all = n == rerun.n_parts();
                let name = if all { t!("rerun-untick-all") } else { t!("rerun-tick-all") };
                if ui.button(name).on_hover_text(table::SELECT_ALL.key_text(ui.ctx())).clicked() {
                    out.push(Request::SelectAll);
                }
            }
        });
    });
    ui.add_space(theme::GAP * 0.5);
    if rerun.is_empty() {
        ui.label(t!("rerun-nothing-left"));
        return;
    }
    let changed = regrouping.parts.iter().map(|part| part.changes.len()).sum::<usize>();
    let (before, after, same) = (regrouping.n_before, regrouping.n_after, regrouping.n_unchanged);
    ui.strong(t!("would-change", before = before, after = after, changed = changed, same = same))
        .on_hover_text(&regrouping.source);
    if let Some(model) = rerun.analysis.new_model() {
        ui.label(t!("rerun-model", model = model));
    }
    paint::note(ui, t!("rerun-how"));
    ui.add_space(theme::GAP * 0.5);
}

/// Height of a part, with the gap below it.
fn height(moves: &[Move]) -> f32 {
    let more = if moves.len() > LINES { 22.0 } else { 0.0 };
    HEAD + moves.len().min(LINES) as f32 * LINE + more + theme::GAP * 1.5
}

/// All parts; only those in sight are drawn.
fn parts(ui: &mut Ui, rerun: &mut RerunPage, view: &PanelContext, thumbs: &mut Thumbnails) {
    ScrollArea::vertical().id_salt("rerun").auto_shrink(false).show_viewport(ui, |ui, seen| {
        let heights: Vec<f32> = rerun.moves.iter().map(|moves| height(moves)).collect();
        ui.set_height(heights.iter().sum::<f32>() + theme::GAP);
        let corner = ui.max_rect().min + vec2(4.0, 4.0);
        let width = ui.max_rect().width() - 14.0;
        let mut top = 0.0;
        for (at, height) in heights.into_iter().enumerate() {
            let place = Rect::from_min_size(corner + vec2(0.0, top), vec2(width, height - theme::GAP));
            if rerun.cursor == at && std::mem::take(&mut rerun.reveal) {
                ui.scroll_to_rect(place.expand(theme::GAP), None);
            }
            if top + height >= seen.top() && top <= seen.bottom() {
                part(ui, place, rerun, at, view, thumbs);
            }
            top += height;
        }
    });
}

fn part(ui: &Ui, rect: Rect, rerun: &mut RerunPage, at: usize, view: &PanelContext, thumbs: &mut Thumbnails) {
    let (part, moves, is_ticked) = (&rerun.regrouping.parts[at], &rerun.moves[at], rerun.ticks[at]);
    let response = ui.interact(rect, Id::unique(("rerun", at)), Sense::click());
    let review = view.session.review();
    let title = t!("rerun-part", n = part.number);
    let facts = format!("{} · {}", kind(part, moves), t!("tracks", n = part.n_tracks));
    let ways = moves
        .iter()
        .take(LINES)
        .map(|it| format!("{} → {}", title_of(it.from, review), title_of(it.to, review)));
    let spoken = format!("{title}, {facts}, {}", ways.collect::<Vec<_>>().join(", "));
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_ticked, &spoken));
    let visuals = ui.visuals();
    paint::row(ui, rect, &response, is_ticked, rerun.cursor == at);
    let mark = rect.min + vec2(20.0, HEAD / 2.0);
    if is_ticked {
        paint::tick(ui.painter(), mark, 8.0, (theme::accent(ui), theme::on_accent(ui)));
    } else {
        ui.painter().circle_stroke(mark, 8.0, (1.5, theme::muted(ui)));
    }
    let (ink, muted) = (visuals.strong_text_color(), theme::muted(ui));
    let title = paint::line(ui, &title, FontId::proportional(14.5), ink, rect.width() * 0.4);
    let start = pos2(rect.left() + 38.0, mark.y - title.size().y / 2.0);
    let after = start.x + title.size().x + theme::GAP * 1.5;
    ui.painter().galley(start, title, ink);
    let facts = paint::line(ui, &facts, FontId::proportional(12.5), muted, rect.right() - theme::GAP - after);
    ui.painter().galley(pos2(after, mark.y - facts.size().y / 2.0), facts, muted);
    let inner = rect.shrink2(vec2(theme::GAP * 1.25, 0.0));
    for (slot, it) in moves.iter().take(LINES).enumerate() {
        let top = rect.top() + HEAD + slot as f32 * LINE;
        let line = Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), FACE));
        one_way(ui, line, it, part, view, thumbs);
    }
    if moves.len() > LINES {
        let text = t!("and-more", n = moves.len() - LINES);
        let more = paint::line(ui, &text, FontId::proportional(12.0), muted, inner.width());
        ui.painter().galley(pos2(inner.left(), rect.bottom() - 24.0), more, muted);
    }
    if response.gained_focus() {
        rerun.cursor = at;
    }
    if response.clicked() {
        rerun.cursor = at;
        rerun.turn(at);
    }
}

/// Tracks that go the same way: whose they are, their faces, whose they would be.
fn one_way(ui: &Ui, line: Rect, it: &Move, part: &ChangeGroup, view: &PanelContext, thumbs: &mut Thumbnails) {
    let review = view.session.review();
    let width = SIDE.min(line.width() * 0.3);
    let left = Rect::from_min_size(line.min, vec2(width, FACE));
    let right = Rect::from_min_size(pos2(line.right() - width, line.top()), vec2(width, FACE));
    for (place, id) in [(left, it.from), (right, it.to)] {
        let picture = Rect::from_min_size(place.min, Vec2::splat(FACE));
        // A new identity is shown by the tracks it would be made of.
        let standing = id
            .and_then(|id| review.identity(id))
            .map(|identity| playback::representative_tracks(view, identity, 1));
        let standing = standing.unwrap_or_else(|| it.tracks.clone());
        match standing.first().filter(|_| id.is_some()) {
            Some(&track) => playback::play(ui, picture, view, track, thumbs),
            None => paint::picture(ui, picture, None, thumbs, eframe::egui::Color32::WHITE),
        }
        let words = picture.right_top() + vec2(theme::GAP, 9.0);
        let room = place.right() - words.x;
        paint::two_lines(ui, words, room, &title_of(id, review), &becomes(id, part));
    }
    let from = left.right() + theme::GAP;
    let step = FACE + 4.0;
    let room = right.left() - ARROW - from;
    let fits = ((room / step).floor().max(1.0)) as usize;
    let n = it.tracks.len();
    // The last place shows how many do not fit.
    let shown = if n > fits { fits.saturating_sub(1).max(1) } else { n };
    for slot in 0..shown {
        let track = it.tracks[slot * n / shown];
        let corner = pos2(from + slot as f32 * step, line.top());
        playback::play(ui, Rect::from_min_size(corner, Vec2::splat(FACE)), view, track, thumbs);
    }
    let muted = theme::muted(ui);
    if n > shown {
        let at = pos2(from + shown as f32 * step + theme::GAP * 0.5, line.center().y);
        let font = FontId::proportional(13.0);
        ui.painter().text(at, eframe::egui::Align2::LEFT_CENTER, format!("+{}", n - shown), font, muted);
    }
    let at = pos2(right.left() - ARROW / 2.0, line.center().y);
    let font = FontId::new(20.0, icons::family(icons::TOWARDS));
    ui.painter().text(at, eframe::egui::Align2::CENTER_CENTER, icons::TOWARDS.codepoint, font, muted);
}

fn title_of(id: Option<IdentityId>, review: &Review) -> String {
    let name = |id| review.identity(id).and_then(|identity| identity.name.as_deref());
    id.map_or_else(|| t!("unassigned"), |id| texts::title(id, name(id)))
}

/// What becomes of an identity of a part; unassigned tracks are left out.
fn becomes(id: Option<IdentityId>, part: &ChangeGroup) -> String {
    let change = id.and_then(|id| part.changes.iter().find(|change| change.identity == id));
    match change.map(|change| (change.before, change.after)) {
        None => String::new(),
        Some((0, after)) => t!("change-new", tracks = t!("tracks", n = after)),
        Some((before, 0)) => t!("rerun-ends", tracks = t!("tracks", n = before)),
        Some((before, after)) => t!("change-size", before = before, tracks = t!("tracks", n = after)),
    }
}

/// What happens in a part, in a word or two.
fn kind(part: &ChangeGroup, moves: &[Move]) -> String {
    let from: BTreeSet<_> = moves.iter().map(|it| it.from).collect();
    let to: BTreeSet<_> = moves.iter().map(|it| it.to).collect();
    let of = |ids: &BTreeSet<Option<IdentityId>>, holds: fn(&IdentityChange) -> bool| {
        part.changes.iter().filter(|change| ids.contains(&Some(change.identity))).all(holds)
    };
    if from.iter().all(Option::is_none) {
        t!("rerun-come")
    } else if to.iter().all(Option::is_none) {
        t!("rerun-leave")
    } else if to.len() == 1 && of(&from, |change| change.after == 0) {
        t!("rerun-merge")
    } else if from.len() == 1 && of(&to, |change| change.before == 0) {
        t!("rerun-split")
    } else {
        t!("rerun-move")
    }
}
