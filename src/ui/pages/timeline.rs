//! The timeline: per video one lane for each identity, with its appearances.
//!
//! Takes a view and its own [`TimelinePage`]; gives the track that the curator wants to look at.
//! It asks for nothing else and changes nothing. Only lanes in sight are drawn, and what a pixel
//! cannot tell apart is drawn as one.

use eframe::egui::{
    Align2, Color32, ComboBox, CornerRadius, EventFilter, FontId, Id, Key, Modifiers, Rect, Response, Role,
    ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::base::TrackIx;
use crate::review::IdentityState;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::time_range::{TimeRange, describe};
use crate::ui::widgets::{paint, theme};
use crate::views::{IdentityLane, LaneTrack, Timeline, VideoLanes};

/// Height of a lane, in points.
const LANE: f32 = 34.0;
/// Width of the names beside the lanes.
const NAMES: f32 = 190.0;
/// Height of the ruler.
const RULER: f32 = 24.0;
/// Appearances that are so near to each other are drawn as one, in points.
const MERGED: f32 = 1.5;
/// How far beside an appearance the pointer may be.
const NEAR: f32 = 4.0;
/// How much one press of a key zooms.
const ZOOM: f64 = 1.5;

/// What the timeline shows and where the keyboard stands.
#[derive(Debug, Default)]
pub(crate) struct TimelinePage {
    timeline: Timeline,
    /// The revision that it is of.
    revision: Option<u64>,
    /// Which of the videos.
    video: usize,
    range: Option<TimeRange>,
    /// Lane and appearance that the keyboard is at.
    cursor: (usize, usize),
    /// The cursor was moved by a key and must come into view.
    reveal: bool,
}

impl TimelinePage {
    /// Made again after an edit; where the curator was stays.
    fn refresh(&mut self, view: &PanelContext) {
        let revision = Some(view.session.revision());
        if self.revision == revision {
            return;
        }
        self.revision = revision;
        self.timeline = view.set().map(|set| Timeline::new(set, view.session.review())).unwrap_or_default();
        self.video = self.video.min(self.timeline.videos.len().saturating_sub(1));
        self.range = self.range.zip(self.shown()).map(|(stretch, video)| stretch.of(video.range));
        self.hold_cursor();
    }

    fn shown(&self) -> Option<&VideoLanes> {
        self.timeline.videos.get(self.video)
    }

    fn turn_to(&mut self, video: usize) {
        self.video = video.min(self.timeline.videos.len().saturating_sub(1));
        (self.range, self.cursor) = (None, (0, 0));
    }

    /// Keeps the cursor on something that is there.
    fn hold_cursor(&mut self) {
        let lanes = self.shown().map_or(0, |video| video.lanes.len());
        let lane = self.cursor.0.min(lanes.saturating_sub(1));
        let n = self.shown().and_then(|video| video.lanes.get(lane)).map_or(0, |it| it.appearances.len());
        self.cursor = (lane, self.cursor.1.min(n.saturating_sub(1)));
    }

    fn under_cursor(&self) -> Option<(&IdentityLane, &LaneTrack)> {
        let lane = self.shown()?.lanes.get(self.cursor.0)?;
        Some((lane, lane.appearances.get(self.cursor.1)?))
    }

    /// Moves the keyboard: to another lane at about the same time, or along the lane.
    fn step(&mut self, lanes: isize, along: isize) {
        let moment = self.under_cursor().map(|(_, it)| it.start);
        self.cursor.0 = self.cursor.0.saturating_add_signed(lanes);
        self.cursor.1 = self.cursor.1.saturating_add_signed(along);
        self.hold_cursor();
        if lanes != 0
            && let Some((lane, moment)) =
                self.shown().and_then(|video| video.lanes.get(self.cursor.0)).zip(moment)
        {
            let at = lane.appearances.partition_point(|it| it.start < moment);
            self.cursor.1 = at.min(lane.appearances.len() - 1);
        }
        let seen = self.under_cursor().map(|(_, it)| (it.start, it.end));
        if let Some((stretch, (start, end))) = self.range.as_mut().zip(seen) {
            stretch.reveal(start, end);
        }
        self.reveal = true;
    }
}

/// Draws the page; gives the track that was chosen to look at.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    page: &mut TimelinePage,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    page.refresh(view);
    head(ui, page);
    let Some(range) = page.shown().map(|video| video.range) else {
        ui.label(t!("timeline-empty"));
        return;
    };
    let untimed = page.shown().map_or(0, |video| video.untimed.len());
    if untimed > 0 {
        paint::note(ui, t!("timeline-untimed", n = untimed));
    }
    if page.shown().is_some_and(|video| video.lanes.is_empty()) {
        ui.label(t!("timeline-no-times"));
        return;
    }
    let stretch = page.range.unwrap_or_else(|| TimeRange::whole(range));
    page.range = Some(stretch);
    ruler(ui, page, stretch);
    out.extend(lanes(ui, view, page, thumbs).map(Request::ShowTrack));
}

/// Which video, and the buttons that zoom.
fn head(ui: &mut Ui, page: &mut TimelinePage) {
    let name = |video: &VideoLanes| {
        if video.video.is_empty() { t!("timeline-no-video") } else { video.video.clone() }
    };
    let names: Vec<String> = page.timeline.videos.iter().map(name).collect();
    let mut wanted = page.video;
    ui.horizontal(|ui| {
        ui.heading(t!("timeline-title"));
        if names.len() > 1 {
            let text = names.get(page.video).cloned().unwrap_or_default();
            let count = names.len();
            let combo = ComboBox::from_id_salt("video").selected_text(text).width(220.0);
            let combo = combo.show_ui(ui, |ui| {
                let height = ui.spacing().interact_size.y;
                ScrollArea::vertical().max_height(320.0).show_rows(ui, height, count, |ui, rows| {
                    for at in rows {
                        ui.selectable_value(&mut wanted, at, &names[at]);
                    }
                });
            });
            combo.response.accessible_name(t!("timeline-video"));
        } else if let Some(name) = names.first() {
            ui.label(name);
        }
        let centre = page.range.map(TimeRange::range).map(|(from, to)| f64::midpoint(from, to));
        let whole = page.shown().map(|video| TimeRange::whole(video.range));
        for (sign, what, factor) in
            [("−", t!("zoom-out"), 1.0 / ZOOM), ("+", t!("zoom-in"), ZOOM), ("↔", t!("zoom-whole"), 0.0)]
        {
            if ui.button(sign).accessible_name(&what).on_hover_text(&what).clicked() {
                page.range = if factor > 0.0 { page.range.or(whole) } else { whole };
                if let Some(stretch) = page.range.as_mut().filter(|_| factor > 0.0) {
                    let (from, to) = stretch.range();
                    stretch.zoom(factor, centre.unwrap_or_else(|| f64::midpoint(from, to)));
                }
            }
        }
    });
    if wanted != page.video {
        page.turn_to(wanted);
    }
}

fn ruler(ui: &mut Ui, page: &TimelinePage, stretch: TimeRange) {
    let Some(unit) = page.shown().map(|video| video.unit) else { return };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), RULER), Sense::hover());
    let bars = bars_of_lane(rect);
    let marks = stretch.marks(bars.width(), unit);
    let fine = marks.get(..2).is_some_and(|two| two[1] - two[0] < 1.0);
    for mark in marks {
        let x = bars.left() + stretch.x(mark, bars.width());
        let muted = theme::muted(ui);
        ui.painter().vline(x, rect.bottom() - 5.0..=rect.bottom(), Stroke::new(1.0, muted));
        let text = describe(mark, unit, fine);
        ui.painter().text(
            pos2(x + 3.0, rect.top() + 2.0),
            Align2::LEFT_TOP,
            text,
            FontId::proportional(11.5),
            muted,
        );
    }
}

/// The part of a row that its bars take.
fn bars_of_lane(row: Rect) -> Rect {
    Rect::from_min_max(pos2((row.left() + NAMES).min(row.right() - 1.0), row.top()), row.max)
}

/// The lanes in sight; gives the track that was clicked, or chosen by Enter.
fn lanes(
    ui: &mut Ui,
    view: &PanelContext,
    page: &mut TimelinePage,
    thumbs: &mut Thumbnails,
) -> Option<TrackIx> {
    let n = page.shown().map_or(0, |video| video.lanes.len());
    let mut chosen = None;
    ScrollArea::vertical().id_salt(("timeline", page.video)).auto_shrink(false).show_viewport(
        ui,
        |ui, viewport| {
            ui.set_height(n as f32 * LANE + theme::PAD);
            let corner = ui.max_rect().min;
            let width = ui.max_rect().width();
            let row = |at: usize| {
                Rect::from_min_size(pos2(corner.x, corner.y + at as f32 * LANE), vec2(width, LANE))
            };
            let seen = Rect::from_min_max(
                pos2(corner.x, corner.y + viewport.top()),
                pos2(corner.x + width, corner.y + viewport.bottom()),
            );
            let area = ui.interact(seen, page_id(), Sense::click_and_drag());
            chosen = keys(ui, page, &area);
            if std::mem::take(&mut page.reveal) {
                ui.scroll_to_rect(row(page.cursor.0), None);
            }
            wheel(ui, page, &area, bars_of_lane(seen));
            let first = ((viewport.top() / LANE).floor().max(0.0) as usize).min(n);
            let last = ((viewport.bottom() / LANE).ceil().max(0.0) as usize).min(n);
            let pointer = area.hover_pos();
            let mut under = None;
            for at in first..last {
                let pointer = pointer.filter(|pointer| row(at).contains(*pointer));
                if let Some(track) =
                    lane(ui, view, page, (row(at), at), pointer.map(|it| it.x), area.has_focus(), thumbs)
                {
                    under = Some((at, track));
                }
            }
            announce_cursor(page, view, &area);
            if area.clicked() {
                area.request_focus();
            }
            if let Some((at, track)) = under {
                let area = area.on_hover_ui_at_pointer(|ui| tip(ui, view, page, (at, track), thumbs));
                if area.clicked() {
                    chosen = Some(track);
                }
            }
        },
    );
    chosen
}

/// The widget that takes the keys.
pub(crate) fn page_id() -> Id {
    Id::unique("timeline")
}

/// One lane: cover and name, and its bars; gives the track under the pointer.
fn lane(
    ui: &Ui,
    view: &PanelContext,
    page: &TimelinePage,
    (row, at): (Rect, usize),
    pointer: Option<f32>,
    has_focus: bool,
    thumbs: &mut Thumbnails,
) -> Option<TrackIx> {
    let it = page.shown()?.lanes.get(at)?;
    let stretch = page.range?;
    let card = it.identity.and_then(|id| view.listing.card(id));
    let stands_back = matches!(it.state, None | Some(IdentityState::Ignored));
    let name = card.map_or_else(|| t!("timeline-unassigned"), |card| card.title.clone());
    let fade = if stands_back { 0.4 } else { 1.0 };
    if at % 2 == 1 {
        ui.painter().rect_filled(row, 0.0, ui.visuals().faint_bg_color);
    }
    let picture = Rect::from_min_size(row.min + vec2(4.0, 3.0), Vec2::splat(LANE - 6.0));
    let tint = if stands_back { Color32::from_gray(110) } else { Color32::WHITE };
    paint::picture(ui, picture, card.and_then(|card| view.cover(card)).as_deref(), thumbs, tint);
    let ink = if stands_back { theme::muted(ui) } else { ui.visuals().text_color() };
    let line = paint::line(ui, &name, FontId::proportional(13.0), ink, NAMES - LANE - 14.0);
    ui.painter().galley(pos2(picture.right() + 8.0, row.center().y - line.size().y / 2.0), line, ink);

    let bars = bars_of_lane(row).shrink2(vec2(0.0, 7.0));
    let painter = ui.painter().with_clip_rect(bars.expand2(vec2(0.0, 4.0)).intersect(ui.clip_rect()));
    let is_named = card.is_some_and(|card| card.is_named);
    let colour = if is_named { theme::accent(ui) } else { theme::muted(ui) }.gamma_multiply(fade);
    let width = bars.width();
    let place = |start: f64, end: f64| {
        let (from, to) = (stretch.x(start, width), stretch.x(end, width));
        let x = (bars.left() + from.max(-4.0), bars.left() + to.min(width + 4.0).max(from + 2.0));
        Rect::from_min_max(pos2(x.0, bars.top()), pos2(x.1, bars.bottom()))
    };
    for spell in it.appearances(Some(stretch.range()), stretch.last(MERGED, width)) {
        painter.rect_filled(place(spell.start, spell.end), CornerRadius::same(2), colour);
    }
    let ring = Stroke::new(2.0, ui.visuals().strong_text_color());
    if has_focus
        && at == page.cursor.0
        && let Some(under) = it.appearances.get(page.cursor.1)
    {
        painter.rect_stroke(place(under.start, under.end).expand(2.0), 3.0, ring, StrokeKind::Outside);
    }
    let x = pointer.filter(|&x| x >= bars.left())?;
    let found = it.at(stretch.moment(x - bars.left(), width), stretch.last(NEAR, width))?;
    painter.rect_stroke(
        place(found.start, found.end).expand(1.0),
        3.0,
        Stroke::new(1.0, ring.color),
        StrokeKind::Outside,
    );
    Some(found.track)
}

/// What the pointer is on: the face, whose, and when.
fn tip(
    ui: &mut Ui,
    view: &PanelContext,
    page: &TimelinePage,
    (at, track): (usize, TrackIx),
    thumbs: &mut Thumbnails,
) {
    let Some((set, video)) = view.set().zip(page.shown()) else { return };
    let Some(it) = video.lanes.get(at) else { return };
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(72.0), Sense::hover());
        paint::picture(ui, rect, view.best_picture(track).as_deref(), thumbs, Color32::WHITE);
        ui.vertical(|ui| {
            ui.strong(whose(view, it));
            ui.label(&set.track(track).id);
            if let Some(found) = it.appearances.iter().find(|found| found.track == track) {
                paint::note(ui, times(found, video));
            }
        });
    });
}

fn whose(view: &PanelContext, lane: &IdentityLane) -> String {
    let card = lane.identity.and_then(|id| view.listing.card(id));
    card.map_or_else(|| t!("timeline-unassigned"), |card| card.title.clone())
}

fn times(found: &LaneTrack, video: &VideoLanes) -> String {
    format!("{} – {}", describe(found.start, video.unit, true), describe(found.end, video.unit, true))
}

/// Tells screen readers where the keyboard stands.
fn announce_cursor(page: &TimelinePage, view: &PanelContext, area: &Response) {
    area.widget_info(|| {
        let text = page.under_cursor().zip(page.shown()).map(|((lane, found), video)| {
            let track = view.session.review().track_id(found.track).to_owned();
            t!("timeline-cursor", who = whose(view, lane), track = track, times = times(found, video))
        });
        WidgetInfo::labeled(Role::ListBox, true, text.unwrap_or_default())
    });
}

/// Ctrl and the wheel zoom, Shift and the wheel or dragging pan; the wheel alone scrolls.
fn wheel(ui: &Ui, page: &mut TimelinePage, area: &Response, bars: Rect) {
    let Some(stretch) = page.range.as_mut() else { return };
    let mut by = 0.0;
    if area.dragged() {
        by -= area.drag_delta().x;
    }
    if let Some(pointer) = area.hover_pos() {
        let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta().x));
        if (zoom - 1.0).abs() > f32::EPSILON {
            let moment = stretch.moment((pointer.x - bars.left()).max(0.0), bars.width());
            stretch.zoom(f64::from(zoom), moment);
        }
        by -= scroll;
    }
    if by.abs() > f32::EPSILON {
        let last = stretch.last(by.abs(), bars.width());
        stretch.pan(if by < 0.0 { -last } else { last });
    }
}

/// The keys, while the page has the keyboard: arrows go along a lane and between lanes, + and −
/// zoom, 0 shows all, Enter looks at the track.
fn keys(ui: &Ui, page: &mut TimelinePage, area: &Response) -> Option<TrackIx> {
    if !area.has_focus() {
        return None;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(area.id, arrows));
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    for (key, lanes, along) in [
        (Key::ArrowUp, -1, 0),
        (Key::ArrowDown, 1, 0),
        (Key::ArrowLeft, 0, -1),
        (Key::ArrowRight, 0, 1),
        (Key::Home, 0, isize::MIN / 2),
        (Key::End, 0, isize::MAX / 2),
        (Key::PageUp, -10, 0),
        (Key::PageDown, 10, 0),
    ] {
        if pressed(key) {
            page.step(lanes, along);
        }
    }
    let at = page.under_cursor().map(|(_, found)| (found.track, f64::midpoint(found.start, found.end)));
    let range = page.shown().map(|video| video.range);
    if let Some(stretch) = &mut page.range {
        let moment = at.map_or(stretch.range().0, |(_, moment)| moment);
        if pressed(Key::Plus) || pressed(Key::Equals) {
            stretch.zoom(ZOOM, moment);
        }
        if pressed(Key::Minus) {
            stretch.zoom(1.0 / ZOOM, moment);
        }
        if let Some(range) = range.filter(|_| pressed(Key::Num0)) {
            *stretch = TimeRange::whole(range);
        }
    }
    at.filter(|_| pressed(Key::Enter)).map(|(track, _)| track)
}
