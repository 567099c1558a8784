//! Beside an unconfirmed track: its most likely named people, and "somebody
//! else". One click sends it there.
//!
//! Takes what `advice` says of the tracks on the screen; asks for an ordinary move or split.

use std::collections::BTreeMap;

use eframe::egui::{Align, Button, Layout, Rect, Ui, UiBuilder, pos2};

use crate::base::TrackIx;
use crate::review::{Edit, IdentityId, IdentityState};
use crate::ui::lang::t;
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;
use crate::ui::widgets::theme;

/// People beside a track.
const SHOWN: usize = 3;
/// Room that they take of a row.
pub(crate) const WIDTH: f32 = 460.0;
/// A narrower row has none.
const LEAST_ROW: f32 = 1.6 * WIDTH;
const HEIGHT: f32 = 24.0;
/// Characters of a name.
const NAME: usize = 14;

/// What is known of the page's tracks, at one revision.
#[derive(Debug, Default)]
pub(crate) struct CandidateIdentities {
    revision: Option<u64>,
    of: BTreeMap<TrackIx, Vec<IdentityId>>,
    /// The frame in which a track was last looked up: one a frame, so that no frame waits for it.
    frame: u64,
}

impl CandidateIdentities {
    fn of(&mut self, ui: &Ui, view: &PanelContext, track: TrackIx) -> Option<&[IdentityId]> {
        let revision = Some(view.session.revision());
        if self.revision != revision {
            self.of.clear();
            self.revision = revision;
        }
        let frame = ui.ctx().cumulative_frame_nr();
        if !self.of.contains_key(&track) {
            if self.frame == frame {
                ui.ctx().request_repaint();
                return None;
            }
            self.frame = frame;
            let found = view.queue?.likely_named(&[track], SHOWN);
            self.of.insert(track, found.into_iter().map(|(id, _)| id).collect());
        }
        self.of.get(&track).map(Vec::as_slice)
    }
}

/// Whether a row of the page has room for them, and the page is of an unconfirmed identity.
pub(crate) fn are_shown(view: &PanelContext, state: &PageState, row: Rect) -> bool {
    let Page::Identity(id) = state.page else { return false };
    let may_change = !view.is_read_only() && view.queue.is_some() && row.width() >= LEAST_ROW;
    let is_open = |id| view.session.review().identity(id).filter(|it| it.state == IdentityState::Proposed);
    may_change && is_open(id).is_some_and(|identity| identity.tracks.len() > 1)
}

/// Draws them at the right end of a track's row.
pub(crate) fn show(
    ui: &mut Ui,
    row: Rect,
    track: TrackIx,
    view: &PanelContext,
    candidates: &mut CandidateIdentities,
    out: &mut Vec<Request>,
) {
    let Some(set) = view.set() else { return };
    let id = set.track(track).id.clone();
    let Some(homes) = candidates.of(ui, view, track) else { return };
    let corner = pos2(row.right() - theme::GAP, row.top() + 5.0);
    let place = Rect::from_min_max(pos2(corner.x - WIDTH, corner.y), pos2(corner.x, corner.y + HEIGHT));
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(place).layout(layout), |ui| {
        let can = !view.session.is_busy();
        let fresh = ui.add_enabled(can, Button::new(t!("homes-somebody-else")).small());
        if fresh.on_hover_text(t!("homes-somebody-else-tip")).clicked() {
            out.push(Request::Edit(Edit::split(vec![id.clone()], None)));
        }
        for &home in homes.iter().rev() {
            let Some(card) = view.listing.card(home) else { continue };
            let short: String = card.title.chars().take(NAME).collect();
            let response = ui.add_enabled(can, Button::new(short).small());
            if response.on_hover_text(t!("homes-tip", who = card.title.clone())).clicked() {
                out.push(Request::Edit(Edit::move_to(vec![id.clone()], home)));
            }
        }
    });
}
