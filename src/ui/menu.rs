//! Menus and buttons made from the table of actions.

use eframe::egui::{Button, Response, Ui};

use super::actions::{Action, Place};
use super::icons;
use super::lang::t;
use super::look::{Look, Page, Request, View};
use crate::review::{IdentityId, IdentityState};

/// Whether an action can be done now; the keys, menus and buttons agree on it.
pub(super) fn is_enabled(action: Action, view: &View, look: &Look) -> bool {
    why_not(action, view, look).is_none()
}

/// Why an action cannot be done now, in the curator's language.
pub(super) fn why_not(action: Action, view: &View, look: &Look) -> Option<String> {
    key_of_why_not(action, view, look).map(|key| t!(key))
}

fn key_of_why_not(action: Action, view: &View, look: &Look) -> Option<&'static str> {
    let row = action.row();
    if !row.place.is_on(look.page, look.has_grid()) {
        return Some(match row.place {
            Place::Gallery => "not-in-gallery",
            Place::Tracks | Place::Identity => "not-on-page",
            Place::People | Place::Everywhere | Place::Selection | Place::Questions | Place::Proposal => {
                "not-here"
            }
        });
    }
    let on_page = matches!(look.page, Page::Identity(_));
    let people = if on_page { 1 } else { look.choice.len() };
    let tracks = look.tracks.len();
    let unless = |can: bool, key: &'static str| (!can).then_some(key);
    let needed = match action {
        Action::Export => unless(view.session.review().identities().len() > 0, "not-anybody"),
        Action::Undo => unless(view.session.history().to_undo().is_some(), "undo-nothing"),
        Action::Redo => unless(view.session.history().to_redo().is_some(), "redo-nothing"),
        Action::Enter | Action::Name => unless(people == 1, "not-one-identity"),
        Action::Merge => unless(people >= 2, "not-two-or-more"),
        Action::NotSame if look.page == Page::Gallery => unless(people == 2, "not-two"),
        Action::NotSame => unless(tracks == 2, "not-two-tracks"),
        Action::Link => unless(tracks >= 2, "not-two-tracks-or-more"),
        Action::Confirm | Action::Ignore => unless(people >= 1, "not-chosen"),
        Action::Move | Action::Split | Action::Reject => unless(tracks >= 1, "not-tracks"),
        Action::Apart => unless(has_several(view, look), "not-several-tracks"),
        Action::Cover => unless(tracks == 1, "not-one-track"),
        Action::Check | Action::Part => unless(view.session.vectors().is_some(), "pairs-vain"),
        Action::Keep => unless(has_named(view, look), "not-named"),
        Action::Different if look.page == Page::Known => None,
        Action::Same | Action::Different => unless(look.pairs.pair().is_some(), "not-one-pair"),
        Action::Proposal => unless(look.rerun.is_some(), "not-proposed"),
        Action::Adopt => unless(look.rerun.as_ref().is_some_and(|rerun| rerun.n_ticked() > 0), "not-ticked")
            .or(unless(!view.session.is_busy(), "not-busy")),
        Action::Accept => unless(!view.session.is_busy(), "not-busy"),
        _ => None,
    };
    let is_busy = matches!(action, Action::Export | Action::Rerun | Action::Keep) && view.is_busy;
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
            | Action::Known
            | Action::Keep
            | Action::Why
            | Action::History
            | Action::Skip
            | Action::AskAgain
            | Action::Proposal
            | Action::Drop
    );
    unless(looks || !view.is_read_only(), "not-read-only")
        .or(unless(!is_busy, "not-busy"))
        .or(needed)
        .or(unless(action != Action::Reject || look.page != Page::Unassigned, "not-in-tray"))
}

/// The action's name here and now: `Ignore` brings back where all chosen are ignored.
pub(super) fn name(action: Action, view: &View, look: &Look) -> String {
    if action == Action::Ignore && all_ignored(view, look) { t!("bring-back") } else { action.name() }
}

/// Whether somebody chosen has a name.
fn has_named(view: &View, look: &Look) -> bool {
    let ids = chosen(look);
    ids.into_iter().any(|id| view.session.review().identity(id).is_some_and(|it| it.name.is_some()))
}

/// The page's identity, or those chosen in the gallery.
fn chosen(look: &Look) -> Vec<IdentityId> {
    match look.page {
        Page::Identity(id) => vec![id],
        _ => look.choice.items(),
    }
}

/// Whether everybody chosen is ignored already.
pub(super) fn all_ignored(view: &View, look: &Look) -> bool {
    let ids = chosen(look);
    let is_ignored = |id| view.listing.card(id).is_some_and(|card| card.state == IdentityState::Ignored);
    !ids.is_empty() && ids.into_iter().all(is_ignored)
}

/// A button for an action, with doc and key in its tooltip.
pub(super) fn button(
    ui: &mut Ui,
    action: Action,
    view: &View,
    look: &Look,
    out: &mut Vec<Request>,
) -> Response {
    let why_not = why_not(action, view, look);
    let name = name(action, view, look);
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
fn has_several(view: &View, look: &Look) -> bool {
    let Page::Identity(id) = look.page else { return false };
    view.session.review().identity(id).is_some_and(|identity| identity.tracks.len() > 1)
}

/// The context menu of chosen identities.
pub(super) fn identities(ui: &mut Ui, view: &View, look: &Look, out: &mut Vec<Request>) {
    for action in [
        Action::Enter,
        Action::Name,
        Action::Merge,
        Action::NotSame,
        Action::Confirm,
        Action::Ignore,
        Action::Keep,
    ] {
        item(ui, action, view, look, out);
    }
}

/// The context menu of chosen tracks.
pub(super) fn tracks(ui: &mut Ui, view: &View, look: &Look, out: &mut Vec<Request>) {
    for action in [Action::Move, Action::Split, Action::Reject, Action::Cover, Action::Link, Action::NotSame]
    {
        if action != Action::Cover && action != Action::Reject || look.page != Page::Unassigned {
            item(ui, action, view, look, out);
        }
    }
}

pub(super) fn item(ui: &mut Ui, action: Action, view: &View, look: &Look, out: &mut Vec<Request>) {
    let button = Button::new(name(action, view, look)).shortcut_text(action.key_text(ui.ctx()));
    let response = ui.add_enabled(is_enabled(action, view, look), button).on_hover_text(action.doc());
    if response.clicked() {
        out.push(Request::Act(action));
        ui.close();
    }
}
