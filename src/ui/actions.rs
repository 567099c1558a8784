//! Everything that a curator can do, described once: the table feeds menus, tooltips, keys
//! and the shortcut sheet.

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers};

use super::icons::{self, Icon};
use super::lang::t;
use super::state::Page;

/// One thing that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Open,
    Export,
    Search,
    Undo,
    Redo,
    Rerun,
    Settings,
    Shortcuts,
    Palette,
    SelectAll,
    Back,
    Enter,
    Name,
    Merge,
    DifferentPeople,
    Confirm,
    Ignore,
    Move,
    Split,
    Reject,
    Cover,
    Link,
    Previous,
    Next,
    CheckTracks,
    SuggestSplit,
    SplitIntoTracks,
    Pairs,
    Timeline,
    Map,
    Strangers,
    KnownPeople,
    KeepInLibrary,
    Evidence,
    History,
    AnswerSame,
    AnswerDifferent,
    Skip,
    Accept,
    AskAgain,
    Proposal,
    Adopt,
    DiscardProposal,
}

/// On which page an action means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ActionScope {
    Everywhere,
    Gallery,
    /// The gallery and an identity's page.
    People,
    /// An identity's page, the Unassigned tray and the map.
    Tracks,
    /// Where identities or tracks are selected: the gallery, and where tracks are.
    Selection,
    Identity,
    /// The page of pairs, a split's preview, and a grid that is checked.
    Questions,
    /// The page of what a re-run would change.
    Proposal,
}

impl ActionScope {
    /// All of them, in the order of the sheet.
    pub(super) const ALL: [Self; 8] = [
        Self::Everywhere,
        Self::Gallery,
        Self::People,
        Self::Selection,
        Self::Tracks,
        Self::Identity,
        Self::Questions,
        Self::Proposal,
    ];

    /// Whether its actions mean something on a page; with a grid in the place of an identity's
    /// tracks only those of the grid do.
    pub(super) fn is_on(self, page: Page, has_grid: bool) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Gallery => page == Page::Gallery,
            Self::People => !has_grid && matches!(page, Page::Gallery | Page::Identity(_)),
            Self::Tracks => !has_grid && matches!(page, Page::Identity(_) | Page::Unassigned | Page::Map),
            Self::Selection => Self::Gallery.is_on(page, has_grid) || Self::Tracks.is_on(page, has_grid),
            Self::Identity => !has_grid && matches!(page, Page::Identity(_)),
            Self::Questions => has_grid || matches!(page, Page::Pairs | Page::KnownPeople),
            Self::Proposal => page == Page::Rerun,
        }
    }

    /// Its heading in the shortcut sheet.
    pub(super) fn title(self) -> String {
        match self {
            Self::Everywhere => t!("place-everywhere"),
            Self::Gallery => t!("place-gallery"),
            Self::People => t!("place-people"),
            Self::Tracks => t!("place-tracks"),
            Self::Selection => t!("place-selection"),
            Self::Identity => t!("place-identity"),
            Self::Questions => t!("place-questions"),
            Self::Proposal => t!("place-proposal"),
        }
    }
}

/// One row of the table.
#[derive(Debug)]
pub(super) struct ActionRow {
    pub(super) action: Action,
    /// The key of its texts: the word on buttons and in menus, and what it does.
    pub(super) key: &'static str,
    /// The first one is shown; the others work too.
    pub(super) keys: &'static [KeyboardShortcut],
    pub(super) scope: ActionScope,
}

const fn key(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn command(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const SHIFT_COMMAND: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

const fn row(
    action: Action,
    key: &'static str,
    keys: &'static [KeyboardShortcut],
    place: ActionScope,
) -> ActionRow {
    ActionRow { action, key, keys, scope: place }
}

/// All actions, in the order of the shortcut sheet. Redo stands before Undo, because its keys
/// are those of Undo and one more.
pub(super) const ACTIONS: &[ActionRow] = &[
    row(Action::Open, "action-open", &[command(Key::O)], ActionScope::Everywhere),
    row(Action::Export, "action-export", &[command(Key::E)], ActionScope::Everywhere),
    row(Action::Search, "action-search", &[command(Key::F)], ActionScope::Everywhere),
    row(
        Action::Redo,
        "action-redo",
        &[KeyboardShortcut::new(SHIFT_COMMAND, Key::Z), command(Key::Y)],
        ActionScope::Everywhere,
    ),
    row(Action::Undo, "action-undo", &[command(Key::Z)], ActionScope::Everywhere),
    row(Action::Rerun, "action-rerun", &[key(Key::F5)], ActionScope::Everywhere),
    row(Action::Settings, "action-settings", &[command(Key::Comma)], ActionScope::Everywhere),
    row(
        Action::Shortcuts,
        "action-shortcuts",
        &[key(Key::Questionmark), key(Key::F1)],
        ActionScope::Everywhere,
    ),
    row(Action::Palette, "action-palette", &[command(Key::K)], ActionScope::Everywhere),
    row(Action::SelectAll, "action-select-all", &[command(Key::A)], ActionScope::Everywhere),
    row(Action::Back, "action-back", &[key(Key::Escape)], ActionScope::Everywhere),
    row(Action::Enter, "action-enter", &[key(Key::Enter)], ActionScope::Gallery),
    row(Action::Name, "action-name", &[key(Key::N), key(Key::F2)], ActionScope::People),
    row(Action::Merge, "action-merge", &[key(Key::M)], ActionScope::Gallery),
    row(Action::Confirm, "action-confirm", &[key(Key::C)], ActionScope::People),
    row(Action::Ignore, "action-ignore", &[key(Key::I)], ActionScope::People),
    row(Action::DifferentPeople, "action-not-same", &[key(Key::X)], ActionScope::Selection),
    row(Action::Link, "action-link", &[key(Key::Y)], ActionScope::Tracks),
    row(Action::Move, "action-move", &[key(Key::V)], ActionScope::Tracks),
    row(Action::Split, "action-split", &[key(Key::S)], ActionScope::Tracks),
    row(Action::Reject, "action-reject", &[key(Key::Delete), key(Key::Backspace)], ActionScope::Tracks),
    row(Action::Cover, "action-cover", &[key(Key::K)], ActionScope::Identity),
    row(
        Action::Previous,
        "action-previous",
        &[key(Key::PageUp), key(Key::OpenBracket)],
        ActionScope::Identity,
    ),
    row(Action::Next, "action-next", &[key(Key::PageDown), key(Key::CloseBracket)], ActionScope::Identity),
    row(Action::CheckTracks, "action-check", &[key(Key::D)], ActionScope::Identity),
    row(Action::SuggestSplit, "action-part", &[key(Key::P)], ActionScope::Identity),
    row(Action::SplitIntoTracks, "action-apart", &[key(Key::E)], ActionScope::Identity),
    row(Action::Pairs, "action-pairs", &[key(Key::Q)], ActionScope::Everywhere),
    row(Action::Timeline, "action-timeline", &[key(Key::T)], ActionScope::Everywhere),
    row(Action::Map, "action-map", &[key(Key::G)], ActionScope::Everywhere),
    row(Action::Strangers, "action-strangers", &[key(Key::O)], ActionScope::Everywhere),
    row(Action::KnownPeople, "action-known", &[key(Key::L)], ActionScope::Everywhere),
    row(Action::KeepInLibrary, "action-keep", &[key(Key::B)], ActionScope::People),
    row(Action::Evidence, "action-why", &[key(Key::W)], ActionScope::Everywhere),
    row(Action::History, "action-history", &[key(Key::H)], ActionScope::Everywhere),
    row(Action::Proposal, "action-proposal", &[key(Key::R)], ActionScope::Everywhere),
    row(Action::AnswerSame, "action-same", &[key(Key::Y)], ActionScope::Questions),
    row(Action::AnswerDifferent, "action-different", &[key(Key::N)], ActionScope::Questions),
    row(Action::Skip, "action-skip", &[key(Key::J)], ActionScope::Questions),
    row(Action::Accept, "action-accept", &[key(Key::Enter)], ActionScope::Questions),
    row(Action::AskAgain, "action-ask-again", &[key(Key::A)], ActionScope::Questions),
    row(Action::Adopt, "action-adopt", &[key(Key::Enter)], ActionScope::Proposal),
    row(
        Action::DiscardProposal,
        "action-drop",
        &[key(Key::Delete), key(Key::Backspace)],
        ActionScope::Proposal,
    ),
];

impl Action {
    /// Its row in the table.
    pub(super) fn row(self) -> &'static ActionRow {
        ACTIONS.iter().find(|row| row.action == self).unwrap_or(&ACTIONS[0])
    }

    /// Whether it can be done where no project is open.
    pub(super) fn needs_no_project(self) -> bool {
        matches!(self, Self::Open | Self::Shortcuts | Self::Palette)
    }

    /// Its icon.
    pub(super) fn icon(self) -> Icon {
        match self {
            Self::Open => icons::OPEN,
            Self::Export => icons::EXPORT,
            Self::Search => icons::SEARCH,
            Self::Undo => icons::UNDO,
            Self::Redo => icons::REDO,
            Self::Rerun | Self::AskAgain | Self::Proposal => icons::RERUN,
            Self::Settings => icons::SETTINGS,
            Self::Shortcuts => icons::KEYS,
            Self::Palette => icons::PALETTE,
            Self::SelectAll => icons::SELECT_ALL,
            Self::Back => icons::BACK,
            Self::Name => icons::NAME,
            Self::Merge | Self::AnswerSame => icons::MERGE,
            Self::DifferentPeople | Self::AnswerDifferent => icons::NOT_SAME,
            Self::Link => icons::LINK,
            Self::Confirm | Self::Accept | Self::Adopt => icons::CONFIRM,
            Self::Ignore => icons::IGNORE,
            Self::Move => icons::MOVE,
            Self::Split | Self::SuggestSplit | Self::SplitIntoTracks => icons::SPLIT,
            Self::Reject | Self::DiscardProposal => icons::REJECT,
            Self::Cover => icons::COVER,
            Self::Previous => icons::PREVIOUS,
            Self::Next | Self::Skip => icons::NEXT,
            Self::Enter => icons::PEOPLE,
            Self::CheckTracks => icons::CHECK,
            Self::Pairs => icons::QUESTION,
            Self::Timeline => icons::TIMELINE,
            Self::Map => icons::MAP,
            Self::Strangers => icons::CROWD,
            Self::KnownPeople => icons::KNOWN,
            Self::KeepInLibrary => icons::KEEP,
            Self::Evidence => icons::WHY,
            Self::History => icons::HISTORY,
        }
    }

    /// The word on buttons and in menus.
    pub(super) fn name(self) -> String {
        t!(self.row().key)
    }

    /// What it does.
    pub(super) fn doc(self) -> String {
        t!(&format!("{}.doc", self.row().key))
    }

    /// Its doc and key, for a tooltip.
    pub(super) fn tip(self, ctx: &Context) -> String {
        t!("tip", doc = self.doc(), key = self.key_text(ctx))
    }

    /// Its first key, as text.
    pub(super) fn key_text(self, ctx: &Context) -> String {
        self.row().keys.first().map(|key| key_text(ctx, *key)).unwrap_or_default()
    }
}

/// A key as it is on the keyboard: `Ctrl+,`, not `Ctrl+Comma`.
pub(super) fn key_text(ctx: &Context, shortcut: KeyboardShortcut) -> String {
    let text = ctx.format_shortcut(&shortcut);
    let (name, sign) = (shortcut.logical_key.name(), shortcut.logical_key.symbol_or_name());
    match text.strip_suffix(name) {
        Some(modifiers) if sign.is_ascii() => format!("{modifiers}{sign}"),
        _ => text,
    }
}

/// What has the keyboard now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyboardFocus {
    /// A box of text: only keys that a text box does not know reach the page.
    Text,
    /// A button or slider: Enter and Escape are its own.
    Control,
    /// The page.
    Page,
}

/// The actions whose keys were pressed in this frame; takes the keys out of the input.
pub(super) fn pressed(
    ctx: &Context,
    typing: KeyboardFocus,
    applies: impl Fn(ActionScope) -> bool,
) -> Vec<Action> {
    let allowed = |shortcut: &KeyboardShortcut| match typing {
        KeyboardFocus::Page => true,
        KeyboardFocus::Control => shortcut.logical_key != Key::Enter,
        KeyboardFocus::Text => {
            shortcut.modifiers != Modifiers::NONE && !matches!(shortcut.logical_key, Key::A | Key::Z | Key::Y)
        }
    };
    ctx.input_mut(|input| {
        ACTIONS
            .iter()
            .filter(|row| applies(row.scope))
            .filter(|row| row.keys.iter().filter(|key| allowed(key)).any(|key| input.consume_shortcut(key)))
            .map(|row| row.action)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_as_they_stand_on_the_keyboard() {
        let ctx = Context::default();
        ctx.set_os(eframe::egui::os::OperatingSystem::Nix);
        assert_eq!(Action::Settings.key_text(&ctx), "Ctrl+,");
        assert_eq!(Action::Shortcuts.key_text(&ctx), "?");
        assert_eq!(Action::Undo.key_text(&ctx), "Ctrl+Z");
    }

    #[test]
    fn no_key_means_two_things_on_one_page() {
        let meet = |a: ActionScope, b: ActionScope| {
            a == b || a == ActionScope::Everywhere || b == ActionScope::Everywhere || {
                let both = |p| matches!(p, ActionScope::People | ActionScope::Selection);
                let identity = |p| both(p) || matches!(p, ActionScope::Tracks | ActionScope::Identity);
                let gallery = |p| both(p) || p == ActionScope::Gallery;
                (identity(a) && identity(b)) || (gallery(a) && gallery(b))
            }
        };
        for (at, a) in ACTIONS.iter().enumerate() {
            assert!(!a.keys.is_empty() && a.action.doc() != format!("{}.doc", a.key));
            for b in ACTIONS[at + 1..].iter().filter(|b| meet(a.scope, b.scope)) {
                assert!(a.keys.iter().all(|key| !b.keys.contains(key)), "{} and {}", a.key, b.key);
            }
        }
    }
}
