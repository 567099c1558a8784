//! Why an action cannot be done now: the key of a text, or nothing where it can.

use crate::base::TrackIx;
use crate::review::{IdentityId, IdentityState};
use crate::ui::view::ask::Page;
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;

/// The reason, where a condition does not hold.
pub(super) fn needs(condition: bool, reason: &'static str) -> Option<&'static str> {
    (!condition).then_some(reason)
}

pub(super) fn nobody_to_export(view: &PanelContext, _: &PageState) -> Option<&'static str> {
    needs(view.session.review().identities().len() > 0, "not-anybody")
}

pub(super) fn nothing_to_undo(view: &PanelContext, _: &PageState) -> Option<&'static str> {
    needs(view.session.history().to_undo().is_some(), "undo-nothing")
}

pub(super) fn nothing_to_redo(view: &PanelContext, _: &PageState) -> Option<&'static str> {
    needs(view.session.history().to_redo().is_some(), "redo-nothing")
}

pub(super) fn not_one_identity(_: &PanelContext, state: &PageState) -> Option<&'static str> {
    needs(state.single().is_some(), "not-one-identity")
}

pub(super) fn not_two_identities_or_more(_: &PanelContext, state: &PageState) -> Option<&'static str> {
    needs(state.identities.len() >= 2, "not-two-or-more")
}

pub(super) fn no_identity(_: &PanelContext, state: &PageState) -> Option<&'static str> {
    needs(!state.identities.is_empty(), "not-chosen")
}

/// Nobody is selected, or all who are were confirmed before.
pub(super) fn nobody_to_confirm(view: &PanelContext, state: &PageState) -> Option<&'static str> {
    let is_confirmed = |id| view.listing.card(id).is_some_and(|card| card.state == IdentityState::Confirmed);
    let all_are = state.identities.items().into_iter().all(is_confirmed);
    no_identity(view, state).or_else(|| needs(!all_are, "is-confirmed"))
}

pub(super) fn not_two(_: &PanelContext, state: &PageState) -> Option<&'static str> {
    let people = state.page == Page::People && state.tracks.is_empty() && state.identities.len() == 2;
    needs(people || state.tracks.len() == 2, "not-two")
}

pub(super) fn not_two_tracks_or_more(_: &PanelContext, state: &PageState) -> Option<&'static str> {
    needs(state.tracks.len() >= 2, "not-two-tracks-or-more")
}

pub(super) fn no_tracks(_: &PanelContext, state: &PageState) -> Option<&'static str> {
    needs(!state.tracks.is_empty(), "not-tracks")
}

pub(super) fn nothing_to_reject(view: &PanelContext, state: &PageState) -> Option<&'static str> {
    no_tracks(view, state).or_else(|| needs(!state.unassigned, "not-in-tray"))
}

pub(super) fn not_one_track(_: &PanelContext, state: &PageState) -> Option<&'static str> {
    needs(state.tracks.len() == 1, "not-one-track")
}

pub(super) fn not_several_tracks(view: &PanelContext, state: &PageState) -> Option<&'static str> {
    let identity = state.single().and_then(|id| view.session.review().identity(id));
    needs(identity.is_some_and(|identity| identity.tracks.len() > 1), "not-several-tracks")
}

pub(super) fn no_vectors(view: &PanelContext, _: &PageState) -> Option<&'static str> {
    needs(view.session.vectors().is_some(), "pairs-vain")
}

pub(super) fn nobody_named(view: &PanelContext, state: &PageState) -> Option<&'static str> {
    needs(!named(view, state).is_empty(), "not-named")
}

pub(super) fn no_pair(view: &PanelContext, _: &PageState) -> Option<&'static str> {
    needs(view.pair.is_some(), "not-one-pair")
}

pub(super) fn no_pair_or_person(view: &PanelContext, state: &PageState) -> Option<&'static str> {
    if state.page == Page::KnownPeople { None } else { no_pair(view, state) }
}

pub(super) fn no_proposal(view: &PanelContext, _: &PageState) -> Option<&'static str> {
    needs(view.n_ticked.is_some(), "not-proposed")
}

pub(super) fn nothing_ticked(view: &PanelContext, state: &PageState) -> Option<&'static str> {
    needs(view.n_ticked.is_some_and(|n| n > 0), "not-ticked").or_else(|| is_writing(view, state))
}

pub(super) fn is_writing(view: &PanelContext, _: &PageState) -> Option<&'static str> {
    needs(!view.session.is_busy(), "not-busy")
}

/// The selected people who have a name.
pub(super) fn named(view: &PanelContext, state: &PageState) -> Vec<IdentityId> {
    let mut ids = state.identities.items();
    ids.retain(|id| view.session.review().identity(*id).is_some_and(|it| it.name.is_some()));
    ids
}

/// The track to look at closely: the one selected, or where the keyboard stands.
pub(super) fn track_to_enlarge(state: &PageState) -> Option<TrackIx> {
    state.tracks.only_one().or_else(|| state.tracks.cursor())
}

pub(super) fn no_track_to_enlarge(_: &PanelContext, state: &PageState) -> Option<&'static str> {
    needs(track_to_enlarge(state).is_some(), "not-one-track")
}
