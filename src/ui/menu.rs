//! Menus and buttons made from the table of actions.

use eframe::egui::{Button, Response, Ui};

use super::actions::{Action, ActionScope};
use super::icons;
use super::lang::t;
use super::state::{Page, PanelContext, Request, UiState};
use crate::review::{IdentityId, IdentityState};

/// Whether an action can be done now; the keys, menus and buttons agree on it.
pub(super) fn is_enabled(action: Action, view: &PanelContext, state: &UiState) -> bool {
    why_not(action, view, state).is_none()
}

/// Why an action cannot be done now, in the curator's language.
pub(super) fn why_not(action: Action, view: &PanelContext, state: &UiState) -> Option<String> {
    key_of_why_not(action, view, state).map(|key| t!(key))
}

fn key_of_why_not(action: Action, view: &PanelContext, state: &UiState) -> Option<&'static str> {
    let row = action.row();
    if !row.scope.is_on(state.page, state.has_grid()) {
        return Some(match row.scope {
            ActionScope::Gallery => "not-in-gallery",
            ActionScope::Tracks | ActionScope::Identity => "not-on-page",
            ActionScope::People
            | ActionScope::Everywhere
            | ActionScope::Selection
            | ActionScope::Questions
            | ActionScope::Proposal => "not-here",
        });
    }
    let on_page = matches!(state.page, Page::Identity(_));
    let people = if on_page { 1 } else { state.identities.len() };
    let tracks = state.tracks.len();
    let unless = |can: bool, key: &'static str| (!can).then_some(key);
    let needed = match action {
        Action::Export => unless(view.session.review().identities().len() > 0, "not-anybody"),
        Action::Undo => unless(view.session.history().to_undo().is_some(), "undo-nothing"),
        Action::Redo => unless(view.session.history().to_redo().is_some(), "redo-nothing"),
        Action::Enter | Action::Name => unless(people == 1, "not-one-identity"),
        Action::Merge => unless(people >= 2, "not-two-or-more"),
        Action::DifferentPeople if state.page == Page::Gallery => unless(people == 2, "not-two"),
        Action::DifferentPeople => unless(tracks == 2, "not-two-tracks"),
        Action::Link => unless(tracks >= 2, "not-two-tracks-or-more"),
        Action::Confirm | Action::Ignore => unless(people >= 1, "not-chosen"),
        Action::Move | Action::Split | Action::Reject => unless(tracks >= 1, "not-tracks"),
        Action::SplitIntoTracks => unless(has_several(view, state), "not-several-tracks"),
        Action::Cover => unless(tracks == 1, "not-one-track"),
        Action::CheckTracks | Action::SuggestSplit => unless(view.session.vectors().is_some(), "pairs-vain"),
        Action::KeepInLibrary => unless(has_named(view, state), "not-named"),
        Action::AnswerDifferent if state.page == Page::KnownPeople => None,
        Action::AnswerSame | Action::AnswerDifferent => unless(state.pairs.pair().is_some(), "not-one-pair"),
        Action::Proposal => unless(state.rerun.is_some(), "not-proposed"),
        Action::Adopt => unless(state.rerun.as_ref().is_some_and(|rerun| rerun.n_ticked() > 0), "not-ticked")
            .or(unless(!view.session.is_busy(), "not-busy")),
        Action::Accept => unless(!view.session.is_busy(), "not-busy"),
        _ => None,
    };
    let is_busy = matches!(action, Action::Export | Action::Rerun | Action::KeepInLibrary) && view.is_busy;
    let looks = matches!(
        action,
        Action::Open
            | Action::Export
            | Action::Search
            | Action::Settings
            | Action::Shortcuts
            | Action::Palette
            | Action::SelectAll
            | Action::Back
            | Action::Enter
            | Action::Previous
            | Action::Next
            | Action::Pairs
            | Action::Timeline
            | Action::Map
            | Action::Strangers
            | Action::KnownPeople
            | Action::KeepInLibrary
            | Action::Evidence
            | Action::History
            | Action::Skip
            | Action::AskAgain
            | Action::Proposal
            | Action::DiscardProposal
    );
    unless(looks || !view.is_read_only(), "not-read-only")
        .or(unless(!is_busy, "not-busy"))
        .or(needed)
        .or(unless(action != Action::Reject || state.page != Page::Unassigned, "not-in-tray"))
}

/// The action's name here and now: `Ignore` brings back where all chosen are ignored.
pub(super) fn name(action: Action, view: &PanelContext, state: &UiState) -> String {
    if action == Action::Ignore && all_ignored(view, state) { t!("bring-back") } else { action.name() }
}

/// Whether any selected identity has a name.
fn has_named(view: &PanelContext, state: &UiState) -> bool {
    let ids = chosen(state);
    ids.into_iter().any(|id| view.session.review().identity(id).is_some_and(|it| it.name.is_some()))
}

/// The page's identity, or those chosen in the gallery.
fn chosen(state: &UiState) -> Vec<IdentityId> {
    match state.page {
        Page::Identity(id) => vec![id],
        _ => state.identities.items(),
    }
}

/// Whether all selected identities are ignored already.
pub(super) fn all_ignored(view: &PanelContext, state: &UiState) -> bool {
    let ids = chosen(state);
    let is_ignored = |id| view.listing.card(id).is_some_and(|card| card.state == IdentityState::Ignored);
    !ids.is_empty() && ids.into_iter().all(is_ignored)
}

/// A button for an action, with doc and key in its tooltip.
pub(super) fn button(
    ui: &mut Ui,
    action: Action,
    view: &PanelContext,
    state: &UiState,
    out: &mut Vec<Request>,
) -> Response {
    let why_not = why_not(action, view, state);
    let name = name(action, view, state);
    let button = Button::new((icons::text(action.icon()), &name));
    let tip = action.tip(ui.ctx());
    let response = ui.add_enabled(why_not.is_none(), button).accessible_name(name).on_hover_text(&tip);
    let response =
        response.on_disabled_hover_text(why_not.map_or_else(String::new, |why| format!("{tip}\n{why}")));
    if response.clicked() {
        out.push(Request::Act(action));
    }
    response
}

/// Whether the page's identity has more than one track.
fn has_several(view: &PanelContext, state: &UiState) -> bool {
    let Page::Identity(id) = state.page else { return false };
    view.session.review().identity(id).is_some_and(|identity| identity.tracks.len() > 1)
}

/// The context menu of chosen identities.
pub(super) fn identities(ui: &mut Ui, view: &PanelContext, state: &UiState, out: &mut Vec<Request>) {
    for action in [
        Action::Enter,
        Action::Name,
        Action::Merge,
        Action::DifferentPeople,
        Action::Confirm,
        Action::Ignore,
        Action::KeepInLibrary,
    ] {
        item(ui, action, view, state, out);
    }
}

/// The context menu of chosen tracks.
pub(super) fn tracks(ui: &mut Ui, view: &PanelContext, state: &UiState, out: &mut Vec<Request>) {
    for action in
        [Action::Move, Action::Split, Action::Reject, Action::Cover, Action::Link, Action::DifferentPeople]
    {
        if action != Action::Cover && action != Action::Reject || state.page != Page::Unassigned {
            item(ui, action, view, state, out);
        }
    }
}

pub(super) fn item(
    ui: &mut Ui,
    action: Action,
    view: &PanelContext,
    state: &UiState,
    out: &mut Vec<Request>,
) {
    let button = Button::new(name(action, view, state)).shortcut_text(action.key_text(ui.ctx()));
    let response = ui.add_enabled(is_enabled(action, view, state), button).on_hover_text(action.doc());
    if response.clicked() {
        out.push(Request::Act(action));
        ui.close();
    }
}
