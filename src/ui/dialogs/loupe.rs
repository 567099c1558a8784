//! The loupe: one face as large as the window allows, frame by frame; where a tracker jumped from one
//! person to another, the track is cut here.

use eframe::egui::{
    Button, Color32, Context, Id, Key, Modal, Modifiers, Pos2, Rect, Role, ScrollArea, Sense, Spinner, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

use crate::base::TrackIx;
use crate::review::Edit;
use crate::tracks::TrackSet;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::view::listing::picture;
use crate::ui::widgets::thumbnails::{Thumb, Thumbnails};
use crate::ui::widgets::{icons, paint, theme};

/// A small picture is enlarged, but no more than so many times: until nothing is seen in it.
const MOST_ENLARGED: f32 = 6.0;
/// Side of a picture on the filmstrip, in points.
const STRIP: f32 = 56.0;
/// Room between two pictures of the filmstrip.
const BETWEEN: f32 = 4.0;

/// The open loupe.
#[derive(Debug)]
pub(crate) struct Loupe {
    track: TrackIx,
    /// The face that is shown; the middle one at first, or the first of the second person.
    at: Option<usize>,
    /// The filmstrip scrolls to the face that is shown.
    reveals: bool,
}

impl Loupe {
    pub(crate) fn new(track: TrackIx) -> Self {
        Self { track, at: None, reveals: true }
    }
}

/// Draws it; the arrows step, Space and Escape close.
pub(crate) fn show(
    ctx: &Context,
    view: &PanelContext,
    open: &mut Option<Loupe>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let (Some(loupe), Some(set)) = (open.as_mut(), view.set()) else { return };
    if loupe.track as usize >= set.len() {
        *open = None;
        return;
    }
    let track = set.track(loupe.track);
    let n = track.n_faces();
    let jump = view.session.run().and_then(|run| run.two_people.get(&track.id));
    let second = jump.and_then(|jump| track.first_face_after(jump.at));
    let mut at = loupe.at.or(second).unwrap_or(n / 2);
    let hit = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    for (key, to) in [
        (Key::ArrowRight, at.saturating_add(1)),
        (Key::ArrowLeft, at.saturating_sub(1)),
        (Key::Home, 0),
        (Key::End, usize::MAX),
    ] {
        if hit(key) {
            at = to;
            loupe.reveals = true;
        }
    }
    at = at.min(n.saturating_sub(1));
    let closes = hit(Key::Space);
    let found = picture(set, loupe.track, at);
    let cut = cut_before(view, loupe.track, at);
    let mut cuts = hit(Key::X);
    let modal = Modal::new(Id::unique("loupe")).show(ctx, |ui| {
        let room = ctx.content_rect().size() - vec2(80.0, 190.0 + STRIP);
        enlarged(ui, room, found.as_ref().map(|(_, path)| path.as_path()), thumbs);
        ui.horizontal(|ui| {
            ui.strong(&track.id);
            if let Some((frame, _)) = found {
                ui.label(t!("loupe-frame", n = frame, at = at + 1, all = n));
            }
        });
        if n > 1 {
            ui.set_max_width(room.x.max(240.0));
            filmstrip(ui, set, loupe, (&mut at, second), thumbs);
        }
        if let Some(jump) = jump {
            ui.label(t!("loupe-two-people", n = jump.at));
        }
        paint::note(ui, t!("loupe-how"));
        ui.horizontal(|ui| {
            let text = (icons::text(icons::CUT), t!("loupe-cut"));
            let button = ui.add_enabled(cut.is_ok(), Button::new(text)).accessible_name(t!("loupe-cut"));
            let why_not = cut.as_ref().err().cloned().unwrap_or_default();
            cuts |= button.on_hover_text(t!("loupe-cut.doc")).on_disabled_hover_text(why_not).clicked();
            ui.button(t!("close")).clicked()
        })
        .inner
    });
    loupe.at = Some(at);
    if let (true, Ok(edit)) = (cuts, cut) {
        out.push(Request::Edit(edit));
        *open = None;
    } else if closes || modal.inner || modal.should_close() {
        *open = None;
    }
}

/// The edit that cuts a track before a face, or why it cannot be cut there.
fn cut_before(view: &PanelContext, track: TrackIx, at: usize) -> Result<Edit, String> {
    if view.is_read_only() {
        return Err(t!("not-read-only"));
    }
    let set = view.set().ok_or_else(|| t!("loupe-nothing"))?;
    let (frame, _) = picture(set, track, at).ok_or_else(|| t!("loupe-nothing"))?;
    if set.track(track).first_face_after(frame).is_none() {
        return Err(t!("loupe-cut-first"));
    }
    let track = view.session.review().track_id(track).to_owned();
    Ok(Edit::SplitTrack { track, at: frame, new: None })
}

/// All faces in a row; a click shows one, and where the second person seems to begin is marked.
fn filmstrip(
    ui: &mut Ui,
    set: &TrackSet,
    loupe: &mut Loupe,
    (at, second): (&mut usize, Option<usize>),
    thumbs: &mut Thumbnails,
) {
    let n = set.track(loupe.track).n_faces();
    let step = STRIP + BETWEEN;
    ScrollArea::horizontal().id_salt("loupe-strip").show_viewport(ui, |ui, viewport| {
        let (content, _) = ui.allocate_exact_size(vec2(n as f32 * step, STRIP + BETWEEN), Sense::hover());
        let place =
            |at: usize| Rect::from_min_size(content.min + vec2(at as f32 * step, 0.0), Vec2::splat(STRIP));
        if std::mem::take(&mut loupe.reveals) {
            ui.scroll_to_rect(place(*at).expand2(vec2(step, 0.0)), None);
        }
        let first = ((viewport.left() / step).floor().max(0.0) as usize).min(n);
        let last = ((viewport.right() / step).ceil().max(0.0) as usize).min(n);
        for face in first..last {
            let Some((frame, path)) = picture(set, loupe.track, face) else { continue };
            let rect = place(face);
            let response = ui.interact(rect, Id::unique(("loupe-face", face)), Sense::CLICK);
            let is_shown = face == *at;
            response.widget_info(|| {
                WidgetInfo::selected(Role::ListBoxOption, true, is_shown, t!("frame", n = frame))
            });
            paint::picture(ui, rect, Some(&path), thumbs, Color32::WHITE);
            if is_shown {
                paint::ring(ui, rect, 2.0, theme::accent(ui));
            }
            if second == Some(face) {
                let x = rect.left() - BETWEEN * 0.5;
                ui.painter().vline(x, rect.y_range(), (3.0, ui.visuals().warn_fg_color));
            }
            if response.clicked() {
                *at = face;
            }
        }
    });
}

/// The picture, whole, as large as fits.
fn enlarged(ui: &mut Ui, room: Vec2, path: Option<&std::path::Path>, thumbs: &mut Thumbnails) {
    let pixels = (room.max_elem() * ui.ctx().pixels_per_point()).ceil() as u32;
    let side = Vec2::splat(240.0);
    match path.map(|path| thumbs.get(path, pixels)) {
        Some(Thumb::Ready(texture, size)) => {
            let scale = (room.x / size.x).min(room.y / size.y).min(MOST_ENLARGED);
            let (rect, _) = ui.allocate_exact_size(size * scale, Sense::hover());
            let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            ui.painter().image(texture, rect, whole, Color32::WHITE);
        }
        Some(Thumb::Waiting) => {
            ui.add_sized(side, Spinner::new());
        }
        Some(Thumb::Failed) | None => {
            ui.label(t!("loupe-nothing"));
        }
    }
}
