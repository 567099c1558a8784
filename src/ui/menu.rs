//! Menus and buttons made from the table of actions.

use eframe::egui::{Button, Response, Ui};

use super::actions::Action;
use super::lang::t;
use super::look::{Look, Page, Request, View};
use crate::review::IdentityState;

/// Whether an action can be done now; the keys, menus and buttons agree on it.
pub(super) fn is_enabled(action: Action, view: &View, look: &Look) -> bool {
    let writable = !view.is_read_only();
    let on_page = matches!(look.page, Page::Identity(_));
    let people = if on_page { 1 } else { look.choice.len() };
    let tracks = look.tracks.len();
    match action {
        Action::Export => view.session.review().identities().len() > 0 && !view.is_busy,
        Action::Undo => writable && view.session.history().to_undo().is_some(),
        Action::Redo => writable && view.session.history().to_redo().is_some(),
        Action::Rerun => writable && !view.is_busy,
        Action::Enter => people == 1,
        Action::Name => writable && people == 1,
        Action::Merge => writable && look.page == Page::Gallery && people >= 2,
        Action::NotSame => writable && look.page == Page::Gallery && people == 2,
        Action::Confirm | Action::Ignore => writable && people >= 1,
        Action::Move | Action::Split => writable && tracks >= 1,
        Action::Reject => writable && tracks >= 1 && look.page != Page::Unassigned,
        Action::Cover => writable && tracks == 1 && on_page,
        Action::Check | Action::Part => on_page && view.session.vectors().is_some(),
        Action::Same | Action::Different | Action::Skip => {
            look.pairs.pair().is_some() && look.page == Page::Pairs && (writable || action == Action::Skip)
        }
        Action::Accept => writable && !view.session.is_busy(),
        _ => true,
    }
}

/// The action's name here and now: `Ignore` brings back where all chosen are ignored.
pub(super) fn name(action: Action, view: &View, look: &Look) -> String {
    if action == Action::Ignore && all_ignored(view, look) { t!("bring-back") } else { action.name() }
}

/// Whether everybody chosen is ignored already.
pub(super) fn all_ignored(view: &View, look: &Look) -> bool {
    let ids = match look.page {
        Page::Identity(id) => vec![id],
        _ => look.choice.items(),
    };
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
    let enabled = is_enabled(action, view, look);
    let response = ui
        .add_enabled(enabled, Button::new(name(action, view, look)))
        .on_hover_text(action.tip(ui.ctx()))
        .on_disabled_hover_text(action.tip(ui.ctx()));
    if response.clicked() {
        out.push(Request::Act(action));
    }
    response
}

/// The context menu of chosen identities.
pub(super) fn identities(ui: &mut Ui, view: &View, look: &Look, out: &mut Vec<Request>) {
    for action in
        [Action::Enter, Action::Name, Action::Merge, Action::NotSame, Action::Confirm, Action::Ignore]
    {
        item(ui, action, view, look, out);
    }
}

/// The context menu of chosen tracks.
pub(super) fn tracks(ui: &mut Ui, view: &View, look: &Look, out: &mut Vec<Request>) {
    for action in [Action::Move, Action::Split, Action::Reject, Action::Cover] {
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
