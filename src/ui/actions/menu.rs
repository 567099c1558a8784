//! Menus and buttons made from the table of actions.

use eframe::egui::{Button, Response, Ui};

use super::requests::all_ignored;
use super::{Action, table};
use crate::ui::lang::t;
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;
use crate::ui::widgets::icons;

/// The action's name here and now: `Ignore` brings back where all chosen are ignored.
pub(crate) fn name(action: &Action, view: &PanelContext, state: &PageState) -> String {
    if *action == table::IGNORE && all_ignored(view, state) { t!("bring-back") } else { action.name() }
}

/// A button for an action, with doc and key in its tooltip.
pub(crate) fn button(
    ui: &mut Ui,
    action: &Action,
    view: &PanelContext,
    state: &PageState,
    out: &mut Vec<Request>,
) -> Response {
    let name = name(action, view, state);
    let button = Button::new((icons::text(action.icon), &name));
    let response = add(ui, action, button, view, state).accessible_name(name);
    if response.clicked() {
        out.extend(action.request(view, state));
    }
    response
}

/// A button that is the action's icon alone.
pub(crate) fn icon_button(
    ui: &mut Ui,
    action: &Action,
    view: &PanelContext,
    state: &PageState,
    out: &mut Vec<Request>,
) {
    let why_not = action.why_not(view, state);
    let response = icons::button(ui, action.icon, &action.name(), why_not.is_none());
    if tip(response, action, why_not).clicked() {
        out.extend(action.request(view, state));
    }
}

/// An entry of a menu.
pub(crate) fn item(
    ui: &mut Ui,
    action: &Action,
    view: &PanelContext,
    state: &PageState,
    out: &mut Vec<Request>,
) {
    let button = Button::new(name(action, view, state)).shortcut_text(action.key_text(ui.ctx()));
    if add(ui, action, button, view, state).clicked() {
        out.extend(action.request(view, state));
        ui.close();
    }
}

/// The context menu of chosen identities.
pub(crate) fn identities(ui: &mut Ui, view: &PanelContext, state: &PageState, out: &mut Vec<Request>) {
    for action in [
        &table::ENTER,
        &table::NAME,
        &table::MERGE,
        &table::NEVER_SAME,
        &table::CONFIRM,
        &table::IGNORE,
        &table::KEEP_IN_LIBRARY,
    ] {
        item(ui, action, view, state, out);
    }
}

/// The context menu of chosen tracks.
pub(crate) fn tracks(ui: &mut Ui, view: &PanelContext, state: &PageState, out: &mut Vec<Request>) {
    for action in
        [&table::LOUPE, &table::CUT_TRACK, &table::MOVE, &table::SPLIT, &table::LINK, &table::NEVER_SAME]
    {
        item(ui, action, view, state, out);
    }
    if !state.unassigned {
        item(ui, &table::REJECT, view, state, out);
        item(ui, &table::COVER, view, state, out);
    }
}

/// The button that leads from a page to the people.
pub(crate) fn back_button(ui: &mut Ui, out: &mut Vec<Request>) {
    let tip = table::BACK.tip(ui.ctx());
    let button = ui.button((icons::text(icons::BACK), t!("back"))).accessible_name(t!("back"));
    if button.on_hover_text(tip).clicked() {
        out.push(Request::Go(Page::People));
    }
}

/// Adds a button for an action, greyed out with the reason where it cannot be done.
fn add(ui: &mut Ui, action: &Action, button: Button, view: &PanelContext, state: &PageState) -> Response {
    let why_not = action.why_not(view, state);
    let response = ui.add_enabled(why_not.is_none(), button);
    tip(response, action, why_not)
}

fn tip(response: Response, action: &Action, why_not: Option<String>) -> Response {
    let tip = action.tip(&response.ctx);
    let why_not = why_not.map_or_else(String::new, |why| format!("{tip}\n{why}"));
    response.on_hover_text(tip).on_disabled_hover_text(why_not)
}
