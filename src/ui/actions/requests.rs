//! What actions ask for, of what is selected.
//!
//! Takes the page and the selection; gives a request, mostly an edit. Whether it is taken is the
//! session's to say.

#![expect(clippy::unnecessary_wraps, reason = "all actions have one signature")]

use super::conditions::{named, track_to_enlarge};
use crate::advice::split_into_tracks;
use crate::review::{Edit, IdentityState};
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;

/// The ids of the selected tracks.
fn tracks(view: &PanelContext, state: &PageState) -> Vec<String> {
    let review = view.session.review();
    state.tracks.items().iter().map(|&ix| review.track_id(ix).to_owned()).collect()
}

fn ask(edit: Edit) -> Option<Request> {
    Some(Request::Edit(edit))
}

pub(super) fn merge(_: &PanelContext, state: &PageState) -> Option<Request> {
    ask(Edit::merge(state.identities.items(), None))
}

pub(super) fn never_the_same(view: &PanelContext, state: &PageState) -> Option<Request> {
    let review = view.session.review();
    if state.tracks.is_empty() {
        let [a, b] = state.identities.items()[..] else { return None };
        return ask(review.cannot_link(a, b)?);
    }
    let [a, b] = state.tracks.items()[..] else { return None };
    let doubts = view.session.run().map(|run| &run.doubts);
    let doubt = |track| doubts.and_then(|doubts| doubts.get(review.track_id(track))).copied();
    // Who sits worse in the identity that both are in is the one who goes.
    let (stays, goes) = if doubt(a) > doubt(b) { (b, a) } else { (a, b) };
    ask(review.cannot_link_tracks(stays, goes))
}

pub(super) fn same_person(view: &PanelContext, state: &PageState) -> Option<Request> {
    ask(view.session.review().same(&state.tracks.items())?)
}

pub(super) fn confirm(_: &PanelContext, state: &PageState) -> Option<Request> {
    ask(Edit::Confirm { identities: state.identities.items() })
}

/// Whether all concerned identities are ignored already.
pub(super) fn all_ignored(view: &PanelContext, state: &PageState) -> bool {
    let ids = state.identities.items();
    let is_ignored = |id| view.listing.card(id).is_some_and(|card| card.state == IdentityState::Ignored);
    !ids.is_empty() && ids.into_iter().all(is_ignored)
}

pub(super) fn ignore_or_restore(view: &PanelContext, state: &PageState) -> Option<Request> {
    let identities = state.identities.items();
    ask(if all_ignored(view, state) { Edit::Restore { identities } } else { Edit::Ignore { identities } })
}

pub(super) fn split_off(view: &PanelContext, state: &PageState) -> Option<Request> {
    ask(Edit::split(tracks(view, state), None))
}

pub(super) fn reject(view: &PanelContext, state: &PageState) -> Option<Request> {
    ask(Edit::Reject { tracks: tracks(view, state) })
}

pub(super) fn take_apart(view: &PanelContext, state: &PageState) -> Option<Request> {
    ask(split_into_tracks(view.session.review(), *state.identities.items().first()?)?)
}

pub(super) fn cover(view: &PanelContext, state: &PageState) -> Option<Request> {
    let identity = *state.identities.items().first()?;
    ask(Edit::Cover { identity, track: tracks(view, state).into_iter().next()? })
}

pub(super) fn start_naming(_: &PanelContext, state: &PageState) -> Option<Request> {
    state.single().map(Request::StartNaming)
}

pub(super) fn check_tracks(_: &PanelContext, state: &PageState) -> Option<Request> {
    state.single().map(Request::CheckTracks)
}

pub(super) fn suggest_split(_: &PanelContext, state: &PageState) -> Option<Request> {
    state.single().map(Request::SuggestSplit)
}

pub(super) fn keep_in_library(view: &PanelContext, state: &PageState) -> Option<Request> {
    Some(Request::Keep(named(view, state)))
}

pub(super) fn open_loupe(_: &PanelContext, state: &PageState) -> Option<Request> {
    track_to_enlarge(state).map(Request::OpenLoupe)
}
