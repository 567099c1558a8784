//! Everything that a curator can do, described once: the table feeds menus, tooltips, keys
//! and the shortcut sheet.

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers};

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
    SelectAll,
    Back,
    Enter,
    Name,
    Merge,
    NotSame,
    Confirm,
    Ignore,
    Move,
    Split,
    Reject,
    Cover,
    Previous,
    Next,
}

/// On which page an action means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Everywhere,
    Gallery,
    /// The gallery and an identity's page.
    People,
    /// An identity's page and the Unassigned tray.
    Tracks,
    Identity,
}

impl Place {
    /// Its heading in the shortcut sheet.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Gallery => "Gallery",
            Self::People => "Identities",
            Self::Tracks => "Tracks",
            Self::Identity => "One identity",
        }
    }
}

/// One row of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) action: Action,
    /// The word on buttons and in menus.
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    /// The first one is shown; the others work too.
    pub(super) keys: &'static [KeyboardShortcut],
    pub(super) place: Place,
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
    name: &'static str,
    keys: &'static [KeyboardShortcut],
    place: Place,
    doc: &'static str,
) -> Row {
    Row { action, name, doc, keys, place }
}

/// All actions, in the order of the shortcut sheet. Redo stands before Undo, because its keys
/// are those of Undo and one more.
pub(super) const ACTIONS: &[Row] = &[
    row(Action::Open, "Open folder…", &[command(Key::O)], Place::Everywhere, "Open another folder of tracks"),
    row(
        Action::Export,
        "Export…",
        &[command(Key::E)],
        Place::Everywhere,
        "Write identities to folders and tables",
    ),
    row(Action::Search, "Search", &[command(Key::F)], Place::Everywhere, "Find identities by name or number"),
    row(
        Action::Redo,
        "Redo",
        &[KeyboardShortcut::new(SHIFT_COMMAND, Key::Z), command(Key::Y)],
        Place::Everywhere,
        "Bring the last undone edit back",
    ),
    row(
        Action::Undo,
        "Undo",
        &[command(Key::Z)],
        Place::Everywhere,
        "Take the last edit back; nothing is ever lost",
    ),
    row(Action::Rerun, "Re-run", &[key(Key::F5)], Place::Everywhere, "Group anew around what you decided"),
    row(Action::Settings, "Settings", &[command(Key::Comma)], Place::Everywhere, "Show or hide the settings"),
    row(
        Action::Shortcuts,
        "Shortcuts",
        &[key(Key::Questionmark), key(Key::F1)],
        Place::Everywhere,
        "Show or hide this sheet",
    ),
    row(
        Action::SelectAll,
        "Select all",
        &[command(Key::A)],
        Place::Everywhere,
        "Select everything on the page",
    ),
    row(Action::Back, "Back", &[key(Key::Escape)], Place::Everywhere, "Clear the selection, then go back"),
    row(Action::Enter, "Open", &[key(Key::Enter)], Place::Gallery, "Look at one identity's tracks"),
    row(
        Action::Name,
        "Name…",
        &[key(Key::N), key(Key::F2)],
        Place::People,
        "Say who this is; the name is kept",
    ),
    row(Action::Merge, "Merge", &[key(Key::M)], Place::Gallery, "Make the selected identities one"),
    row(
        Action::NotSame,
        "Not the same",
        &[key(Key::X)],
        Place::Gallery,
        "Say that the two selected identities are never the same person; every new run keeps to it",
    ),
    row(
        Action::Confirm,
        "Confirm",
        &[key(Key::C)],
        Place::People,
        "Say that this identity is right as it is",
    ),
    row(Action::Ignore, "Ignore", &[key(Key::I)], Place::People, "Put aside, or bring an ignored one back"),
    row(
        Action::Move,
        "Move to…",
        &[key(Key::V)],
        Place::Tracks,
        "Move the selected tracks to another identity",
    ),
    row(
        Action::Split,
        "Split off",
        &[key(Key::S)],
        Place::Tracks,
        "Make the selected tracks an identity of their own",
    ),
    row(
        Action::Reject,
        "Reject",
        &[key(Key::Delete), key(Key::Backspace)],
        Place::Tracks,
        "Take the selected tracks out, into Unassigned",
    ),
    row(
        Action::Cover,
        "Choose as cover",
        &[key(Key::K)],
        Place::Identity,
        "Let this track's picture stand for them",
    ),
    row(
        Action::Previous,
        "Previous identity",
        &[key(Key::PageUp), key(Key::OpenBracket)],
        Place::Identity,
        "Look at the identity before",
    ),
    row(
        Action::Next,
        "Next identity",
        &[key(Key::PageDown), key(Key::CloseBracket)],
        Place::Identity,
        "Look at the identity after",
    ),
];

impl Action {
    /// Its row in the table.
    pub(super) fn row(self) -> &'static Row {
        ACTIONS.iter().find(|row| row.action == self).unwrap_or(&ACTIONS[0])
    }

    /// Its doc and key, for a tooltip.
    pub(super) fn tip(self, ctx: &Context) -> String {
        let row = self.row();
        format!("{}  ({})", row.doc, self.key_text(ctx))
    }

    /// Its first key, as text.
    pub(super) fn key_text(self, ctx: &Context) -> String {
        self.row().keys.first().map(|key| ctx.format_shortcut(key)).unwrap_or_default()
    }
}

/// What has the keyboard now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typing {
    /// A box of text: only keys that a text box does not know reach the page.
    Text,
    /// A button or slider: Enter and Escape are its own.
    Control,
    /// The page.
    Page,
}

/// The actions whose keys were pressed in this frame; takes the keys out of the input.
pub(super) fn pressed(ctx: &Context, typing: Typing, applies: impl Fn(Place) -> bool) -> Vec<Action> {
    let allowed = |shortcut: &KeyboardShortcut| match typing {
        Typing::Page => true,
        Typing::Control => shortcut.logical_key != Key::Enter,
        Typing::Text => {
            shortcut.modifiers != Modifiers::NONE && !matches!(shortcut.logical_key, Key::A | Key::Z | Key::Y)
        }
    };
    ctx.input_mut(|input| {
        ACTIONS
            .iter()
            .filter(|row| applies(row.place))
            .filter(|row| row.keys.iter().filter(|key| allowed(key)).any(|key| input.consume_shortcut(key)))
            .map(|row| row.action)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_on_one_page() {
        let meet = |a: Place, b: Place| {
            a == b || a == Place::Everywhere || b == Place::Everywhere || {
                let identity = |p| matches!(p, Place::People | Place::Tracks | Place::Identity);
                let gallery = |p| matches!(p, Place::People | Place::Gallery);
                (identity(a) && identity(b)) || (gallery(a) && gallery(b))
            }
        };
        for (at, a) in ACTIONS.iter().enumerate() {
            assert!(!a.keys.is_empty() && !a.doc.is_empty());
            for b in ACTIONS[at + 1..].iter().filter(|b| meet(a.place, b.place)) {
                assert!(a.keys.iter().all(|key| !b.keys.contains(key)), "{} and {}", a.name, b.name);
            }
        }
    }
}
