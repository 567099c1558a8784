//! The loupe: one face as large as the window allows, frame by frame.

use eframe::egui::{
    Color32, Context, Id, Key, Modal, Modifiers, Pos2, Rect, Sense, Spinner, Ui, Vec2, pos2, vec2,
};

use crate::base::TrackIx;
use crate::ui::lang::t;
use crate::ui::view::context::PanelContext;
use crate::ui::view::listing::picture;
use crate::ui::widgets::paint;
use crate::ui::widgets::thumbnails::{Thumb, Thumbnails};

/// A small picture is enlarged, but no more than so many times: until nothing is seen in it.
const MOST_ENLARGED: f32 = 6.0;

/// The open loupe.
#[derive(Debug)]
pub(crate) struct Loupe {
    track: TrackIx,
    /// The face that is shown; the middle one at first.
    at: Option<usize>,
}

impl Loupe {
    pub(crate) fn new(track: TrackIx) -> Self {
        Self { track, at: None }
    }
}

/// Draws it; the arrows step, Space and Escape close.
pub(crate) fn show(ctx: &Context, view: &PanelContext, open: &mut Option<Loupe>, thumbs: &mut Thumbnails) {
    let (Some(loupe), Some(set)) = (open.as_mut(), view.set()) else { return };
    let track = set.track(loupe.track);
    let n = track.n_faces();
    let mut at = loupe.at.unwrap_or(n / 2);
    let hit = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if hit(Key::ArrowRight) {
        at = (at + 1).min(n.saturating_sub(1));
    }
    if hit(Key::ArrowLeft) {
        at = at.saturating_sub(1);
    }
    let closes = hit(Key::Space);
    loupe.at = Some(at);
    let found = picture(set, loupe.track, at);
    let modal = Modal::new(Id::unique("loupe")).show(ctx, |ui| {
        let room = ctx.content_rect().size() - vec2(80.0, 150.0);
        enlarged(ui, room, found.as_ref().map(|(_, path)| path.as_path()), thumbs);
        ui.horizontal(|ui| {
            ui.strong(&track.id);
            if let Some((frame, _)) = found {
                ui.label(t!("loupe-frame", n = frame, at = at + 1, all = n));
            }
        });
        paint::note(ui, t!("loupe-how"));
        ui.button(t!("close")).clicked()
    });
    if closes || modal.inner || modal.should_close() {
        *open = None;
    }
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
