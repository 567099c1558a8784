//! Everything that a curator can do, described once.
//!
//! A row of the [`table`] says what an action is called, what it does, its keys, where it stands,
//! why it cannot be done now, and what it asks for. Buttons, menus, keys, the palette and the sheet
//! of keys are made from it. An action more is a row, and its Korean.

mod conditions;
mod file_rows;
pub(crate) mod menu;
mod requests;
pub(crate) mod table;

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers};

use crate::ui::lang::{self, t};
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;
use crate::ui::widgets::icons::Icon;

/// All actions.
pub(crate) static ACTIONS: &[&Action] = &[
    &table::OPEN,
    &table::EXPORT,
    &table::IMPORT_NAMES,
    &table::MERGE_PROJECT,
    &table::MOVED_TRACKS,
    &table::SURE_MATCHES,
    &table::SEARCH,
    &table::REDO,
    &table::UNDO,
    &table::RERUN,
    &table::SETTINGS,
    &table::SHORTCUTS,
    &table::PALETTE,
    &table::SELECT_ALL,
    &table::BACK,
    &table::ENTER,
    &table::NAME,
    &table::MERGE,
    &table::CONFIRM,
    &table::IGNORE,
    &table::NEVER_SAME,
    &table::LINK,
    &table::MOVE,
    &table::SPLIT,
    &table::REJECT,
    &table::COVER,
    &table::LOUPE,
    &table::CUT_TRACK,
    &table::PREVIOUS,
    &table::NEXT,
    &table::CHECK_TRACKS,
    &table::SUGGEST_SPLIT,
    &table::TAKE_APART,
    &table::PAIRS,
    &table::TIMELINE,
    &table::MAP,
    &table::STRANGERS,
    &table::KNOWN_PEOPLE,
    &table::KEEP_IN_LIBRARY,
    &table::WHY,
    &table::HISTORY,
    &table::PROPOSAL,
    &table::ANSWER_SAME,
    &table::ANSWER_DIFFERENT,
    &table::SKIP,
    &table::ACCEPT,
    &table::ASK_AGAIN,
    &table::ADOPT_PROPOSAL,
    &table::DROP_PROPOSAL,
];

/// One thing that can be done.
#[derive(Debug)]
pub(crate) struct Action {
    /// What its texts in other languages are found by: `action-ID` and `action-ID.doc`.
    pub id: &'static str,
    /// The word on buttons and in menus, in English.
    name: &'static str,
    /// What it does, in English.
    doc: &'static str,
    pub icon: Icon,
    /// The first one is shown; the others work too.
    pub keys: &'static [KeyboardShortcut],
    pub scope: ActionScope,
    /// Whether it changes the project.
    writes: bool,
    /// Whether it waits until no long job runs.
    waits: bool,
    why_not: WhyNot,
    run: ActionEffect,
}

/// The key of the text that says why an action cannot be done now; none where it can.
type WhyNot = fn(&PanelContext, &PageState) -> Option<&'static str>;

/// What an action asks for.
#[derive(Debug, Clone, Copy)]
enum ActionEffect {
    /// The same with and without an open project.
    Always(fn() -> Request),
    /// Of what is looked at in a project.
    InProject(fn(&PanelContext, &PageState) -> Option<Request>),
}

/// Where an action means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ActionScope {
    Everywhere,
    /// Where people are selected.
    People,
    /// Where tracks are selected: the faces, and the map.
    Tracks,
    /// The page of pairs, a split's preview, and a grid that is checked.
    Questions,
    /// The page of what a re-run would change.
    Proposal,
}

impl ActionScope {
    /// All of them, in the order of the sheet.
    pub(crate) const ALL: [Self; 5] =
        [Self::Everywhere, Self::People, Self::Tracks, Self::Questions, Self::Proposal];

    /// Whether its actions mean something on a page; with a grid in the place of the faces only
    /// those of the grid do.
    pub(crate) fn is_on(self, page: Page, has_grid: bool) -> bool {
        match self {
            Self::Everywhere => true,
            Self::People => !has_grid && page == Page::People,
            Self::Tracks => !has_grid && matches!(page, Page::People | Page::Map),
            Self::Questions => has_grid || matches!(page, Page::Pairs | Page::KnownPeople),
            Self::Proposal => page == Page::Rerun,
        }
    }

    /// Its heading in the shortcut sheet.
    pub(crate) fn title(self) -> String {
        match self {
            Self::Everywhere => t!("place-everywhere"),
            Self::People => t!("place-people"),
            Self::Tracks => t!("place-tracks"),
            Self::Questions => t!("place-questions"),
            Self::Proposal => t!("place-proposal"),
        }
    }
}

/// Rows are known by their ids.
impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Action {
    /// The word on buttons and in menus.
    pub(crate) fn name(&self) -> String {
        lang::or(&format!("action-{}", self.id), self.name)
    }

    /// What it does.
    pub(crate) fn doc(&self) -> String {
        lang::or(&format!("action-{}.doc", self.id), self.doc)
    }

    /// Its doc and key, for a tooltip.
    pub(crate) fn tip(&self, ctx: &Context) -> String {
        t!("tip", doc = self.doc(), key = self.key_text(ctx))
    }

    /// Its first key, as text.
    pub(crate) fn key_text(&self, ctx: &Context) -> String {
        self.keys.first().map(|key| key_text(ctx, *key)).unwrap_or_default()
    }

    /// Why it cannot be done now, in the curator's language.
    pub(crate) fn why_not(&self, view: &PanelContext, state: &PageState) -> Option<String> {
        let key = if !self.scope.is_on(state.page, view.has_grid) {
            Some("not-here")
        } else if self.writes && view.is_read_only() {
            Some("not-read-only")
        } else if self.waits && view.is_busy {
            Some("not-busy")
        } else {
            (self.why_not)(view, state)
        };
        key.map(|key| t!(key))
    }

    /// What it asks for here and now; none where it cannot be done.
    pub(crate) fn request(&self, view: &PanelContext, state: &PageState) -> Option<Request> {
        if self.why_not(view, state).is_some() {
            return None;
        }
        match self.run {
            ActionEffect::Always(run) => Some(run()),
            ActionEffect::InProject(run) => run(view, state),
        }
    }

    /// What it asks for where no project is open.
    pub(crate) fn request_without_project(&self) -> Option<Request> {
        match self.run {
            ActionEffect::Always(run) => Some(run()),
            ActionEffect::InProject(_) => None,
        }
    }
}

const SHIFT_COMMAND: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

const fn key(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn command(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

/// An action that can always be done and changes nothing in the project.
const fn action(
    id: &'static str,
    (name, doc): (&'static str, &'static str),
    icon: Icon,
    keys: &'static [KeyboardShortcut],
    scope: ActionScope,
    run: ActionEffect,
) -> Action {
    Action { id, name, doc, icon, keys, scope, writes: false, waits: false, why_not: |_, _| None, run }
}

impl Action {
    /// The same, where it changes the project.
    const fn writing(self) -> Self {
        Self { writes: true, ..self }
    }

    /// The same, where it waits until no long job runs.
    const fn waiting(self) -> Self {
        Self { waits: true, ..self }
    }

    /// The same, where something more may stand against it.
    const fn unless(self, why_not: WhyNot) -> Self {
        Self { why_not, ..self }
    }
}

/// A key as it is on the keyboard: `Ctrl+,`, not `Ctrl+Comma`.
pub(crate) fn key_text(ctx: &Context, shortcut: KeyboardShortcut) -> String {
    let text = ctx.format_shortcut(&shortcut);
    let (name, sign) = (shortcut.logical_key.name(), shortcut.logical_key.symbol_or_name());
    match text.strip_suffix(name) {
        Some(modifiers) if sign.is_ascii() => format!("{modifiers}{sign}"),
        _ => text,
    }
}

/// What has the keyboard now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyboardFocus {
    /// A box of text: only keys that a text box does not know reach the page.
    Text,
    /// A button or slider: Enter and Escape are its own.
    Control,
    /// The page.
    Page,
}

/// The actions whose keys were pressed in this frame; takes the keys out of the input.
pub(crate) fn pressed(
    ctx: &Context,
    typing: KeyboardFocus,
    applies: impl Fn(ActionScope) -> bool,
) -> Vec<&'static Action> {
    let allowed = |shortcut: &KeyboardShortcut| match typing {
        KeyboardFocus::Page => true,
        KeyboardFocus::Control => shortcut.logical_key != Key::Enter,
        KeyboardFocus::Text => {
            shortcut.modifiers != Modifiers::NONE && !matches!(shortcut.logical_key, Key::A | Key::Z | Key::Y)
        }
    };
    ctx.input_mut(|input| {
        let is_pressed = |action: &&&Action| {
            action.keys.iter().filter(|key| allowed(key)).any(|key| input.consume_shortcut(key))
        };
        ACTIONS.iter().filter(|action| applies(action.scope)).filter(is_pressed).copied().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_as_they_stand_on_the_keyboard() {
        let ctx = Context::default();
        ctx.set_os(eframe::egui::os::OperatingSystem::Nix);
        assert_eq!(table::SETTINGS.key_text(&ctx), "Ctrl+,");
        assert_eq!(table::SHORTCUTS.key_text(&ctx), "?");
        assert_eq!(table::UNDO.key_text(&ctx), "Ctrl+Z");
    }

    #[test]
    fn no_key_means_two_things_on_one_page() {
        let meet = |a: ActionScope, b: ActionScope| {
            // A grid takes the place of the faces only.
            let places = [
                (Page::People, false),
                (Page::People, true),
                (Page::Pairs, false),
                (Page::Map, false),
                (Page::KnownPeople, false),
                (Page::Rerun, false),
            ];
            places.iter().any(|&(page, grid)| a.is_on(page, grid) && b.is_on(page, grid))
        };
        for (at, a) in ACTIONS.iter().enumerate() {
            assert!(!a.keys.is_empty() && !a.name.is_empty() && !a.doc.is_empty(), "{}", a.id);
            for b in &ACTIONS[at + 1..] {
                assert_ne!(a.id, b.id);
                if meet(a.scope, b.scope) {
                    assert!(a.keys.iter().all(|key| !b.keys.contains(key)), "{} and {}", a.id, b.id);
                }
            }
        }
    }
}
