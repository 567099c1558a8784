//! The dialog that asks where selected tracks go: an identity that is there, the most likely first,
//! or a new name.
//!
//! The list keeps its order until another text is typed: what becomes known meanwhile is filled in.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use eframe::egui::{Context, Id, Key, Modifiers, ScrollArea, TextEdit, Ui};

use crate::review::{Edit, IdentityId, IdentityState};
use crate::ui::lang::t;
use crate::ui::view::card::Card;
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;
use crate::ui::widgets::person_rows::{self, ROW, RowPicture};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, theme};

/// The open dialog.
#[derive(Debug, Clone, Default)]
pub(crate) struct MoveDialog {
    text: String,
    picked: usize,
    was_shown: bool,
    /// Who the tracks may be, once that is known.
    likely: Option<BTreeMap<IdentityId, f32>>,
    /// Whether the list is in the order of that.
    is_ordered: bool,
}

/// What became of the dialog in this frame.
pub(crate) enum MoveResult {
    Open,
    Cancelled,
    Chosen(Edit),
}

/// One line of the list.
enum MoveTarget<'a> {
    New(&'a str),
    Known(&'a Card),
}

/// Draws the dialog for the selected tracks.
pub(crate) fn show(
    ctx: &Context,
    dialog: &mut MoveDialog,
    view: &PanelContext,
    state: &PageState,
    thumbs: &mut Thumbnails,
) -> MoveResult {
    let review = view.session.review();
    let tracks: Vec<String> = state.tracks.items().iter().map(|&ix| review.track_id(ix).to_owned()).collect();
    if dialog.likely.is_none() {
        let found = view.queue.map(|queue| queue.likely_identities(&state.tracks.items()));
        dialog.likely = found.map(|found| found.into_iter().collect());
        dialog.is_ordered = dialog.likely.is_some() && !dialog.was_shown;
    }
    let text = dialog.text.clone();
    let likely = dialog.likely.clone().unwrap_or_default();
    let targets = targets(&text, view, state.single(), dialog.is_ordered.then_some(&likely));
    let last = targets.len().saturating_sub(1);
    let mut chosen = None;
    let modal = paint::modal(ctx, "move").show(ctx, |ui| {
        ui.set_width(380.0);
        ui.heading(t!("move-heading", n = tracks.len()));
        let (up, down, enter) = ui.input_mut(|input| {
            let mut key = |key| input.consume_key(Modifiers::NONE, key);
            (key(Key::ArrowUp), key(Key::ArrowDown), key(Key::Enter))
        });
        let hint = t!("move-hint");
        let edit = TextEdit::singleline(&mut dialog.text).hint_text(hint).desired_width(f32::INFINITY);
        let response = ui.add(edit).accessible_name(t!("move-to"));
        if !std::mem::replace(&mut dialog.was_shown, true) {
            response.request_focus();
        }
        if response.changed() {
            dialog.picked = 0;
            dialog.is_ordered = true;
        }
        dialog.picked =
            if down { dialog.picked + 1 } else { dialog.picked.saturating_sub(usize::from(up)) }.min(last);
        ui.add_space(theme::GAP);
        let rows = ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]);
        rows.show_rows(ui, ROW, targets.len(), |ui, range| {
            for at in range {
                if row(ui, view, &targets[at], at == dialog.picked, &likely, thumbs) {
                    chosen = Some(at);
                }
            }
        });
        if targets.is_empty() {
            ui.label(t!("move-nobody"));
        }
        if enter && !targets.is_empty() {
            chosen = Some(dialog.picked);
        }
        ui.add_space(theme::GAP);
        ui.button(t!("cancel")).clicked()
    });
    if let Some(at) = chosen {
        return MoveResult::Chosen(match targets[at] {
            MoveTarget::New(name) => Edit::split(tracks, Some(name.to_owned())),
            MoveTarget::Known(card) => Edit::move_to(tracks, card.id),
        });
    }
    if modal.inner || modal.should_close() { MoveResult::Cancelled } else { MoveResult::Open }
}

/// The people that the text finds: those whose names it begins first, each group by likelihood.
fn targets<'a>(
    text: &'a str,
    view: &PanelContext<'a>,
    from: Option<IdentityId>,
    likely: Option<&BTreeMap<IdentityId, f32>>,
) -> Vec<MoveTarget<'a>> {
    let typed = text.trim();
    let folded = typed.to_lowercase();
    let here = |id: IdentityId| from == Some(id);
    let mut known: Vec<&Card> = view
        .listing
        .cards()
        .filter(|card| !here(card.id) && card.title.to_lowercase().contains(&folded))
        .collect();
    known.sort_by_key(|card| {
        let p = likely.and_then(|likely| likely.get(&card.id)).map_or(0, |&p| person_rows::percent(p));
        (
            card.state == IdentityState::Ignored,
            !card.title.to_lowercase().starts_with(&folded),
            Reverse(p),
            !card.is_named,
            Reverse(card.n_tracks),
            card.id,
        )
    });
    let mut targets: Vec<MoveTarget> = known.into_iter().map(MoveTarget::Known).collect();
    if !typed.is_empty() {
        targets.push(MoveTarget::New(typed));
    }
    targets
}

fn row(
    ui: &mut Ui,
    view: &PanelContext,
    target: &MoveTarget,
    is_picked: bool,
    likely: &BTreeMap<IdentityId, f32>,
    thumbs: &mut Thumbnails,
) -> bool {
    let (title, facts, id) = match target {
        MoveTarget::New(name) => (t!("move-new", name = *name), String::new(), None),
        MoveTarget::Known(card) => (card.title.clone(), card.facts(), Some(card.id)),
    };
    let cover;
    let face = match target {
        MoveTarget::New(_) => RowPicture::Nobody,
        MoveTarget::Known(card) => {
            cover = view.cover(card);
            RowPicture::Of(cover.as_deref())
        }
    };
    let p = id.and_then(|id| likely.get(&id)).copied();
    let row = person_rows::PersonRow { title: &title, facts: &facts, face, p };
    let response = person_rows::row(ui, Id::unique(("target", id)), &row, is_picked, thumbs);
    if is_picked {
        response.scroll_to_me(None);
    }
    response.clicked()
}
