//! A name that another person has already: the same person, or a namesake?
//!
//! Takes the name that was typed, the identity it was typed for and the advice on it; asks
//! for a merge, or for the name all the same. Where the two likely are one person, Enter says so. A
//! name is never silently given twice, and no identities are silently merged.

use eframe::egui::{Button, Context, Id, Key, Modal, Modifiers, Sense, Ui, vec2};

use crate::advice::QuestionQueue;
use crate::review::{Edit, IdentityId, Review};
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::card::Card;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, person_rows, playback, theme};

const SIDE: eframe::egui::Vec2 = vec2(200.0, 220.0);

/// The open question.
#[derive(Debug, Clone)]
pub(crate) struct NamesakeDialog {
    identity: IdentityId,
    name: String,
    /// Who has the name; of several the most likely, or the largest.
    other: IdentityId,
    /// How likely the two are one person, where that is known.
    p: Option<f32>,
    was_shown: bool,
}

impl NamesakeDialog {
    /// None where no other identity has the name, so that it can be given at once.
    pub(crate) fn new(
        review: &Review,
        queue: Option<&QuestionQueue>,
        identity: IdentityId,
        name: &str,
    ) -> Option<Self> {
        let others = review.names().remove(name.trim())?;
        let size = |id: &IdentityId| review.identity(*id).map_or(0, |it| it.tracks.len());
        let likely = queue.map(|queue| queue.likely(identity)).unwrap_or_default();
        let known = likely.into_iter().find(|(id, _)| others.contains(id));
        let largest = || others.iter().copied().filter(|id| *id != identity).max_by_key(size);
        let (other, p) = match known {
            Some((id, p)) => (id, Some(p)),
            None => (largest()?, None),
        };
        Some(Self { identity, name: name.trim().to_owned(), other, p, was_shown: false })
    }

    /// Whether the more likely answer is that the two are one person.
    fn is_likely(&self) -> bool {
        self.p.is_some_and(|p| p >= 0.5)
    }
}

/// Draws the question, where there is one.
pub(crate) fn show(
    ctx: &Context,
    view: &PanelContext,
    dialog: &mut Option<NamesakeDialog>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(asked) = dialog.as_mut() else { return };
    let is_new = !std::mem::replace(&mut asked.was_shown, true);
    let asked = asked.clone();
    let (Some(here), Some(there)) = (view.listing.card(asked.identity), view.listing.card(asked.other))
    else {
        *dialog = None;
        return;
    };
    let modal = Modal::new(Id::unique("namesake")).show(ctx, |ui| {
        ui.set_width(SIDE.x * 2.0 + theme::GAP * 2.0);
        ui.heading(t!("namesake-heading", name = asked.name.clone()));
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            side(ui, here, view, thumbs);
            side(ui, there, view, thumbs);
        });
        ui.add_space(theme::GAP * 0.5);
        paint::note(ui, asked.p.map(person_rows::likely).unwrap_or_default());
        ui.add_space(theme::GAP * 0.5);
        ui.horizontal(|ui| {
            let hit = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
            let (yes, no) = (hit(Key::Y), hit(Key::N));
            let same = ui.add(paint::primary(ui, t!("namesake-same"))).on_hover_text(t!("namesake-same-tip"));
            if is_new && asked.is_likely() {
                same.request_focus();
            }
            let other = ui.add(Button::new(t!("namesake-other"))).on_hover_text(t!("namesake-other-tip"));
            let cancel = ui.button(t!("cancel"));
            (yes || same.clicked(), no || other.clicked(), cancel.clicked())
        })
        .inner
    });
    let (is_same, is_other, is_over) = modal.inner;
    if is_same {
        out.push(Request::Edit(Edit::merge(vec![asked.identity, asked.other], Some(asked.other))));
    } else if is_other {
        out.push(Request::Edit(Edit::Rename { identity: asked.identity, name: asked.name }));
    }
    if is_same || is_other || is_over || modal.should_close() {
        *dialog = None;
    }
}

fn side(ui: &mut Ui, card: &Card, view: &PanelContext, thumbs: &mut Thumbnails) {
    ui.vertical(|ui| {
        let (rect, _) = ui.allocate_exact_size(SIDE, Sense::hover());
        if let Some(identity) = view.session.review().identity(card.id) {
            playback::play_several(
                ui,
                rect,
                view,
                &playback::representative_tracks(view, identity, 4),
                thumbs,
            );
        }
        ui.label(&card.title);
        paint::note(ui, card.facts());
    });
}
