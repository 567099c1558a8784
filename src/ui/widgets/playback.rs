//! Faces in motion: the tracks that stand for an identity, each played through its frames.
//!
//! Takes tracks and a place; draws the frame that the clock asks for, and asks for the next
//! frame of the window in time. A moving face is easier to recognise than many still ones. It
//! chooses pictures and decides nothing about people.

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::{Color32, Rect, Ui, Vec2, vec2};

use crate::base::TrackIx;
use crate::review::Identity;
use crate::tracks::{TrackSet, TrackSource};
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, theme};

/// Frames of a track that are shown a second.
const RATE: f64 = 5.0;
/// Maximum number of frames of a track that are played, so that its pictures stay on the graphics
/// card.
const PLAYED: usize = 10;

/// Draws a track over `rect`, moving through its frames; the best picture where it has one only.
pub(crate) fn play(ui: &Ui, rect: Rect, view: &PanelContext, track: TrackIx, thumbs: &mut Thumbnails) {
    let Some(set) = view.set() else { return };
    let frames = frames(set, track);
    let path = match frames.len() {
        0 | 1 => view.best_picture(track),
        n => {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(1.0 / RATE));
            let step = (ui.input(|input| input.time) * RATE) as usize;
            frames.into_iter().nth(back_and_forth(step, n))
        }
    };
    paint::picture(ui, rect, path.as_deref(), thumbs, Color32::WHITE);
}

/// Draws up to `n` of an identity's tracks: the first one large, the others beside each other
/// below it. Gives the height that was used.
pub(crate) fn play_several(
    ui: &Ui,
    rect: Rect,
    view: &PanelContext,
    tracks: &[TrackIx],
    thumbs: &mut Thumbnails,
) -> f32 {
    let Some((&first, rest)) = tracks.split_first() else { return 0.0 };
    let gap = theme::GAP * 0.75;
    let small =
        if rest.is_empty() { 0.0 } else { ((rect.width() - 2.0 * gap) / 3.0).min(rect.height() * 0.3) };
    let below = if rest.is_empty() { 0.0 } else { small + gap };
    let side = rect.width().min(rect.height() - below);
    let corner = rect.min + vec2((rect.width() - side) / 2.0, 0.0);
    play(ui, Rect::from_min_size(corner, Vec2::splat(side)), view, first, thumbs);
    let n = rest.len().min(3);
    let row = n as f32 * (small + gap) - gap;
    let mut at = rect.min + vec2((rect.width() - row) / 2.0, side + gap);
    for &track in &rest[..n] {
        play(ui, Rect::from_min_size(at, Vec2::splat(small)), view, track, thumbs);
        at.x += small + gap;
    }
    side + below
}

/// The tracks that stand for an identity: its cover, then others spread over it; at most `n`.
pub(crate) fn representative_tracks(view: &PanelContext, identity: &Identity, n: usize) -> Vec<TrackIx> {
    let cover = view.listing.card(identity.id).and_then(|card| view.cover_track(card));
    spread(cover.or(identity.cover), &identity.tracks, n)
}

fn spread(cover: Option<TrackIx>, all: &[TrackIx], n: usize) -> Vec<TrackIx> {
    let spread = (0..n).filter_map(|at| all.get(at * all.len() / n.max(1)).copied());
    let mut standing: Vec<TrackIx> = Vec::with_capacity(n);
    for track in cover.into_iter().chain(spread) {
        if standing.len() < n && !standing.contains(&track) {
            standing.push(track);
        }
    }
    standing
}

/// The pictures to be played, evenly spread over the track; none for features.
fn frames(set: &TrackSet, track: TrackIx) -> Vec<PathBuf> {
    let TrackSource::Faces { folder, faces } = &set.track(track).source else { return Vec::new() };
    let good: Vec<_> = faces.iter().filter(|face| face.unreadable.is_none()).collect();
    let n = good.len().min(PLAYED);
    let folder = set.root.join(folder);
    (0..n).map(|at| folder.join(&good[at * good.len() / n].file)).collect()
}

/// 0, 1, … n−1, n−2, … 1, 0, 1, …: a face never jumps.
fn back_and_forth(step: usize, n: usize) -> usize {
    let round = step % (2 * n - 2).max(1);
    if round < n { round } else { 2 * n - 2 - round }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_goes_forth_and_back() {
        let order: Vec<usize> = (0..9).map(|step| back_and_forth(step, 4)).collect();
        assert_eq!(order, [0, 1, 2, 3, 2, 1, 0, 1, 2]);
        assert_eq!(back_and_forth(7, 2), 1);
    }

    #[test]
    fn the_cover_stands_first_and_nobody_twice() {
        let all = [2, 5, 7, 9];
        assert_eq!(spread(Some(7), &all, 4), [7, 2, 5, 9]);
        assert_eq!(spread(None, &all, 2), [2, 7]);
        assert_eq!(spread(None, &all, 9).len(), 4);
        assert!(spread(None, &[], 3).is_empty());
    }
}
