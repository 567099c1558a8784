//! "Same person?": two identities side by side, or a page of pairs, the most useful first.
//!
//! Takes the pairs that the machine would ask about; asks for the edits that answer them. Y and
//! N answer one pair, Enter answers a page. It keeps what is ticked and what was passed over,
//! and nothing else; what is likely is `advice`'s to say.

use eframe::egui::{
    Align, Button, FontId, Id, Key, Layout, Modifiers, Rect, RichText, Role, ScrollArea, Sense, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::advice::{MergeQuestion, QuestionQueue, accept, answer};
use crate::review::{Edit, IdentityId, Review};
use crate::ui::actions::{menu, table};
use crate::ui::lang::t;
use crate::ui::pages::mixed::{self, MixedPage};
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::card::Card;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::theme::{self, Badge};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, person_rows, playback};

/// Pairs on a page: what one look can hold.
const ON_PAGE: usize = 12;
/// Exemplars on each side of one pair.
const EXEMPLARS: usize = 4;
const CARD: Vec2 = vec2(292.0, 176.0);

/// How the questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum PairsMode {
    /// One pair, large.
    #[default]
    One,
    /// A page of pairs, the likely ones ticked.
    Many,
    /// A page of mixed identities.
    Mixed,
    /// A page of the unnamed, each with its most likely named person; all ticked once the
    /// curator said that everybody has a name.
    Unnamed,
}

/// The page's state.
#[derive(Debug, Default)]
pub(crate) struct PairsPage {
    pub(crate) mode: PairsMode,
    /// The pairs as they were when the page was opened, and their ticks: nothing moves under
    /// the hand until it is answered.
    page: Vec<MergeQuestion>,
    ticks: Vec<bool>,
    /// Whether the curator said that everybody has a name, so that the rest are among them.
    all_named: bool,
    cursor: usize,
    /// Columns of the page as last drawn, for the arrow keys.
    columns: usize,
    revision: Option<u64>,
    /// How many decisions were left when last told, and how long the history was.
    left: Option<(usize, usize)>,
    /// The identities on the page of mixed ones.
    pub mixed: MixedPage,
}

impl PairsPage {
    /// The pair that is asked about, large.
    pub(crate) fn pair(&self) -> Option<MergeQuestion> {
        self.page.first().copied().filter(|_| self.mode == PairsMode::One)
    }

    /// Takes the next questions up where the ones shown were answered, or the review changed.
    fn refresh(&mut self, view: &PanelContext, queue: &QuestionQueue) {
        let revision = Some(view.session.revision());
        let n = if self.mode == PairsMode::One { 1 } else { ON_PAGE };
        let is_short = self.mode != PairsMode::Unnamed && self.page.len() < n.min(queue.pairs().len());
        let is_over = self.mode == PairsMode::One && self.page.len() > 1;
        if self.revision == revision && !is_short && !is_over {
            return;
        }
        self.page = match self.mode {
            PairsMode::One => queue.pairs().iter().take(1).copied().collect(),
            PairsMode::Unnamed => queue.name_guesses(n),
            PairsMode::Many | PairsMode::Mixed => queue.page(n),
        };
        let is_ticked =
            |pair: &MergeQuestion| (self.mode == PairsMode::Unnamed && self.all_named) || pair.is_likely();
        self.ticks = self.page.iter().map(is_ticked).collect();
        self.cursor = self.cursor.min(self.page.len().saturating_sub(1));
        self.revision = revision;
    }

    /// How many decisions are left: after an answer never more than before it, whatever the estimate
    /// has become; after an undo or a run it is told anew.
    fn decisions_left(&mut self, view: &PanelContext) -> Option<usize> {
        let now = view.queue?.remaining().total();
        let n_entries = view.session.history().entries().len();
        let is_answered = self.left.is_some_and(|(_, before)| n_entries > before);
        let left = match self.left {
            Some((left, before)) if is_answered || before == n_entries => left.min(now),
            _ => now,
        };
        self.left = Some((left, n_entries));
        Some(left)
    }

    /// Looks for other questions at the next frame.
    pub(crate) fn clear(&mut self) {
        self.page.clear();
        self.revision = None;
    }

    /// The edit that a yes, or a no, to the one pair is.
    pub(crate) fn show_one(&self, review: &Review, is_same: bool) -> Option<Edit> {
        answer(review, &self.pair()?, is_same)
    }

    /// The edit that the page as it is ticked is; none where nothing is ticked.
    pub(crate) fn show_many(&self, review: &Review) -> Option<Edit> {
        accept(review, &self.page, &self.ticks)
    }

    /// The pairs on the page that are not ticked: seen, and not answered.
    pub(crate) fn unticked(&self) -> Vec<MergeQuestion> {
        let seen = self.page.iter().zip(&self.ticks).filter(|(_, tick)| !**tick);
        seen.map(|(pair, _)| *pair).collect()
    }

    /// The pairs that are on the screen.
    pub(crate) fn pairs(&self) -> &[MergeQuestion] {
        &self.page
    }
}

/// Draws the page.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    pairs: &mut PairsPage,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(queue) = view.queue else {
        header(ui, view, pairs, out);
        waiting(ui, view);
        return;
    };
    if pairs.mode == PairsMode::Mixed {
        header(ui, view, pairs, out);
        if !mixed::show(ui, view, &mut pairs.mixed, thumbs, out) {
            show_done(ui, view, pairs, out);
        }
        return;
    }
    pairs.refresh(view, queue);
    header(ui, view, pairs, out);
    if pairs.page.is_empty() {
        show_done(ui, view, pairs, out);
        return;
    }
    match pairs.mode {
        PairsMode::One => one(ui, view, pairs, thumbs, out),
        _ => many(ui, view, pairs, thumbs, out),
    }
}

fn header(ui: &mut Ui, view: &PanelContext, pairs: &mut PairsPage, out: &mut Vec<Request>) {
    ui.horizontal(|ui| {
        menu::back_button(ui, out);
        ui.add_space(theme::GAP);
        ui.label(RichText::new(t!("pairs-heading")).size(21.0).color(ui.visuals().strong_text_color()));
        let is_over = pairs.page.is_empty() && pairs.mode != PairsMode::Mixed;
        if let Some((left, n)) = view.queue.map(QuestionQueue::remaining).zip(pairs.decisions_left(view))
            && !is_over
        {
            let tip =
                t!("pairs-left-tip", names = left.names, answers = left.answers, doubtful = left.doubtful);
            let text = t!("pairs-left", n = n);
            ui.label(RichText::new(text).color(theme::muted(ui))).on_hover_text(tip);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let ways = [
                (PairsMode::Unnamed, t!("pairs-rest")),
                (PairsMode::Mixed, t!("pairs-falls")),
                (PairsMode::Many, t!("pairs-many")),
                (PairsMode::One, t!("pairs-one")),
            ];
            for (way, name) in ways {
                if ui.selectable_label(pairs.mode == way, name).clicked() {
                    pairs.mode = way;
                    pairs.clear();
                    pairs.mixed.clear();
                }
            }
        });
    });
    ui.add_space(theme::GAP * 0.5);
}

fn waiting(ui: &mut Ui, view: &PanelContext) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.35);
        if view.is_advice_unavailable {
            ui.heading(t!("pairs-vain"));
            ui.label(t!("pairs-vain-why"));
        } else {
            ui.spinner();
            ui.label(t!("pairs-waiting"));
        }
    });
}

fn show_done(ui: &mut Ui, view: &PanelContext, pairs: &PairsPage, out: &mut Vec<Request>) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.3);
        let (n_open, n_passed) = view.queue.map_or((0, 0), |queue| (queue.pairs().len(), queue.n_skipped()));
        ui.heading(match pairs.mode {
            PairsMode::Mixed => t!("falls-done"),
            PairsMode::Unnamed => t!("rest-done"),
            PairsMode::One | PairsMode::Many if n_passed > 0 => t!("pairs-done-passed", n = n_passed),
            PairsMode::One | PairsMode::Many => t!("pairs-done"),
        });
        let names = view.queue.map_or(0, |queue| queue.remaining().names);
        // That no two are alike is said only where nothing is open, and nothing was passed over.
        ui.label(match (n_open + n_passed, names) {
            (0, 0) => t!("pairs-done-all"),
            (0, _) => t!("pairs-done-names", n = names),
            (open, _) => t!("pairs-open", n = open),
        });
        ui.add_space(theme::GAP);
        if ui.add(paint::primary(ui, t!("pairs-to-gallery"))).clicked() {
            out.push(Request::Go(Page::People));
        }
        if ui.button(t!("pairs-skipped-again")).clicked() {
            out.push(Request::AskAgain);
        }
    });
}

/// One pair, large: both sides in motion, and the three answers.
fn one(ui: &mut Ui, view: &PanelContext, pairs: &PairsPage, thumbs: &mut Thumbnails, out: &mut Vec<Request>) {
    let Some(pair) = pairs.pair() else { return };
    let all = ui.available_rect_before_wrap();
    let foot = 92.0;
    let width = ((all.width() - theme::GAP * 3.0) / 2.0).min(520.0);
    let height = all.height() - foot;
    let left = all.center().x - width - theme::GAP;
    for (at, id) in [pair.a, pair.b].into_iter().enumerate() {
        let corner = pos2(left + at as f32 * (width + theme::GAP * 2.0), all.top());
        side(ui, Rect::from_min_size(corner, vec2(width, height)), id, view, thumbs, out);
    }
    let bottom = Rect::from_min_max(pos2(all.left(), all.bottom() - foot), all.max);
    let mut ui = ui.new_child(eframe::egui::UiBuilder::new().max_rect(bottom));
    ui.vertical_centered(|ui| {
        ui.add_space(theme::GAP);
        paint::note(ui, evidence(&pair));
        ui.add_space(theme::GAP * 0.5);
        let can = !view.is_read_only() && !view.session.is_busy();
        let buttons = [
            (&table::ANSWER_SAME, Request::Answer(true)),
            (&table::ANSWER_DIFFERENT, Request::Answer(false)),
            (&table::SKIP, Request::Skip),
        ];
        let wide = 150.0;
        let row = buttons.len() as f32 * (wide + theme::GAP) - theme::GAP;
        ui.allocate_ui_with_layout(vec2(row, 36.0), Layout::left_to_right(Align::Center), |ui| {
            for (action, request) in buttons {
                let name = format!("{}  {}", action.name(), action.key_text(ui.ctx()));
                let button =
                    if *action == table::ANSWER_SAME { paint::primary(ui, &name) } else { Button::new(name) };
                let response =
                    ui.add_enabled(can || *action == table::SKIP, button.min_size(vec2(wide, 34.0)));
                response.widget_info(|| WidgetInfo::labeled(Role::Button, can, action.name()));
                if response.on_hover_text(action.tip(ui.ctx())).clicked() {
                    out.push(request);
                }
            }
        });
    });
}

/// How near the two are, in one line.
fn evidence(pair: &MergeQuestion) -> String {
    let similarity = 1.0 - f64::from(pair.distance.0) / 2.0;
    let text =
        t!("pairs-evidence", likely = person_rows::likely(pair.p), similarity = format!("{similarity:.2}"));
    if pair.stranger { format!("{text} · {}", t!("pairs-stranger")) } else { text }
}

fn side(
    ui: &Ui,
    rect: Rect,
    id: IdentityId,
    view: &PanelContext,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let (Some(card), Some(identity)) = (view.listing.card(id), view.session.review().identity(id)) else {
        return;
    };
    let response = ui.interact(rect, Id::unique(("side", id)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, card.spoken()));
    let fill = if response.hovered() {
        ui.visuals().widgets.hovered.weak_bg_fill
    } else {
        ui.visuals().faint_bg_color
    };
    ui.painter().rect_filled(rect, theme::CARD_ROUNDING, fill);
    if response.has_focus() {
        paint::ring(ui, rect, 1.5, theme::accent(ui));
    }
    let inner = rect.shrink(theme::GAP * 1.5);
    let text = 46.0;
    let pictures = Rect::from_min_max(inner.min, inner.max - vec2(0.0, text));
    playback::play_several(
        ui,
        pictures,
        view,
        &playback::representative_tracks(view, identity, EXEMPLARS),
        thumbs,
    );
    names(ui, pos2(inner.left(), inner.bottom() - text + 8.0), inner.width(), card);
    if response.on_hover_text(t!("look-at-identity")).clicked() {
        out.push(Request::ShowPerson(id));
    }
}

fn names(ui: &Ui, at: eframe::egui::Pos2, width: f32, card: &Card) {
    let ink = if card.is_named { ui.visuals().strong_text_color() } else { ui.visuals().text_color() };
    let title = paint::line(ui, &card.title, FontId::proportional(15.0), ink, width);
    ui.painter().galley(at, title, ink);
    let muted = theme::muted(ui);
    let facts = paint::line(ui, &card.facts(), FontId::proportional(11.5), muted, width);
    ui.painter().galley(at + vec2(0.0, 21.0), facts, muted);
}

/// A page of pairs: click the wrong ones out, Enter.
fn many(
    ui: &mut Ui,
    view: &PanelContext,
    pairs: &mut PairsPage,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    keys(ui, view, pairs);
    let n_ticked = pairs.ticks.iter().filter(|tick| **tick).count();
    ui.horizontal(|ui| {
        let is_rest = pairs.mode == PairsMode::Unnamed;
        if is_rest && ui.checkbox(&mut pairs.all_named, t!("rest-everybody")).changed() {
            pairs.clear();
        }
        paint::note(ui, if is_rest { t!("rest-how") } else { t!("pairs-many-how") });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let can = !view.is_read_only() && !view.session.is_busy();
            let text = t!("pairs-accept", n = n_ticked);
            let button = ui.add_enabled(can, paint::primary(ui, &text));
            if button.on_hover_text(table::ACCEPT.tip(ui.ctx())).clicked() {
                out.push(Request::Accept);
            }
            if ui.button(table::SKIP.name()).on_hover_text(table::SKIP.tip(ui.ctx())).clicked() {
                out.push(Request::Skip);
            }
        });
    });
    ui.add_space(theme::GAP * 0.5);
    ScrollArea::vertical().id_salt("pairs").auto_shrink(false).show(ui, |ui| {
        let columns = columns(ui.available_width());
        pairs.columns = columns;
        let spare = ui.available_width() - 14.0 - columns as f32 * CARD.x;
        let gap = (spare / (columns.max(2) - 1) as f32).clamp(theme::GAP, theme::GAP * 3.0);
        let corner = ui.cursor().min + vec2(4.0, 4.0);
        let rows = pairs.page.len().div_ceil(columns);
        for at in 0..pairs.page.len() {
            let (row, column) = (at / columns, at % columns);
            let place =
                corner + vec2(column as f32 * (CARD.x + gap), row as f32 * (CARD.y + theme::GAP * 1.5));
            pair_card(ui, Rect::from_min_size(place, CARD), at, view, pairs, thumbs);
        }
        ui.allocate_space(vec2(ui.available_width(), rows as f32 * (CARD.y + theme::GAP * 1.5) + 8.0));
    });
}

fn columns(width: f32) -> usize {
    (((width + theme::GAP) / (CARD.x + theme::GAP)).floor() as usize).max(1)
}

/// The arrows move over the page, Space ticks.
fn keys(ui: &Ui, view: &PanelContext, pairs: &mut PairsPage) {
    if view.has_dialog || ui.ctx().text_edit_focused() {
        return;
    }
    let columns = pairs.columns.max(1);
    let last = pairs.page.len().saturating_sub(1);
    let hit = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    for (key, by) in [
        (Key::ArrowLeft, -1),
        (Key::ArrowRight, 1),
        (Key::ArrowUp, -(columns as isize)),
        (Key::ArrowDown, columns as isize),
    ] {
        if hit(key) {
            pairs.cursor = pairs.cursor.saturating_add_signed(by).min(last);
        }
    }
    if hit(Key::Space)
        && let Some(tick) = pairs.ticks.get_mut(pairs.cursor)
    {
        *tick = !*tick;
    }
}

fn pair_card(
    ui: &Ui,
    rect: Rect,
    at: usize,
    view: &PanelContext,
    pairs: &mut PairsPage,
    thumbs: &mut Thumbnails,
) {
    let pair = pairs.page[at];
    let is_ticked = pairs.ticks[at];
    let (Some(a), Some(b)) = (view.listing.card(pair.a), view.listing.card(pair.b)) else { return };
    let response = ui.interact(rect, Id::unique(("pair", pair.a, pair.b)), Sense::click());
    let spoken = t!("pairs-spoken", a = a.title.clone(), b = b.title.clone());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_ticked, &spoken));
    if response.clicked() {
        pairs.ticks[at] = !is_ticked;
        pairs.cursor = at;
    }
    let fill = if response.hovered() {
        ui.visuals().widgets.hovered.weak_bg_fill
    } else {
        ui.visuals().faint_bg_color
    };
    ui.painter().rect_filled(rect, theme::CARD_ROUNDING, fill);
    let accent = theme::accent(ui);
    if is_ticked {
        paint::ring(ui, rect, 2.0, accent);
    }
    if pairs.cursor == at {
        paint::ring(ui, rect.expand(2.0), 1.0, ui.visuals().strong_text_color());
    }
    let side = (rect.width() - theme::GAP * 3.0) / 2.0;
    let height = rect.height() - theme::GAP * 2.0 - 36.0;
    let picture = side.min(height);
    let review = view.session.review();
    for (at, (id, card)) in [(pair.a, a), (pair.b, b)].into_iter().enumerate() {
        let left = rect.left() + theme::GAP + at as f32 * (side + theme::GAP);
        let corner = pos2(left + (side - picture) / 2.0, rect.top() + theme::GAP);
        let place = Rect::from_min_size(corner, Vec2::splat(picture));
        if let Some(track) =
            review.identity(id).and_then(|it| playback::representative_tracks(view, it, 1).first().copied())
        {
            playback::play(ui, place, view, track, thumbs);
        }
        names(ui, pos2(left, rect.bottom() - 42.0), side, card);
    }
    let mark = pos2(rect.center().x, rect.top() + theme::GAP + height / 2.0);
    if is_ticked {
        paint::tick(ui.painter(), mark, 11.0, theme::mark(ui, Badge::Chosen));
    } else {
        paint::disc(ui.painter(), mark, 11.0, theme::mark(ui, Badge::Open));
    }
    response.on_hover_text(evidence(&pair));
}
