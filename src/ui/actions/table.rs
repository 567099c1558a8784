//! The table of actions.
//!
//! In the order of the sheet of keys. Redo stands before Undo, because its keys are those of Undo and
//! one more.

use eframe::egui::{Key, KeyboardShortcut};

pub(crate) use super::file_rows::{IMPORT_NAMES, MERGE_PROJECT, MOVED_TRACKS, SURE_MATCHES};
use super::{Action, ActionEffect, ActionScope, SHIFT_COMMAND, action, command, conditions, key, requests};
use crate::ui::view::ask::{FileDialogKind, InspectorTab, Page, Request};
use crate::ui::widgets::icons::{self};

pub(crate) static OPEN: Action = action(
    "open",
    ("Open folder…", "Open another folder of tracks"),
    icons::OPEN,
    &[command(Key::O)],
    ActionScope::Everywhere,
    ActionEffect::Always(|| Request::ChooseFolder(FileDialogKind::Tracks)),
);

pub(crate) static EXPORT: Action = action(
    "export",
    ("Export…", "Write identities to folders and tables"),
    icons::EXPORT,
    &[command(Key::E)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::StartExportDialog)),
)
.waiting()
.unless(conditions::nobody_to_export);

pub(crate) static SEARCH: Action = action(
    "search",
    ("Search", "Find identities by name or number"),
    icons::SEARCH,
    &[command(Key::F)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::FocusSearch)),
);

pub(crate) static REDO: Action = action(
    "redo",
    ("Redo", "Bring the last undone edit back"),
    icons::REDO,
    &[KeyboardShortcut::new(SHIFT_COMMAND, Key::Z), command(Key::Y)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::Redo)),
)
.writing()
.unless(conditions::nothing_to_redo);

pub(crate) static UNDO: Action = action(
    "undo",
    ("Undo", "Take the last edit back; nothing is ever lost"),
    icons::UNDO,
    &[command(Key::Z)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::Undo)),
)
.writing()
.unless(conditions::nothing_to_undo);

pub(crate) static RERUN: Action = action(
    "rerun",
    ("Re-run", "Group anew around what you decided; you see what would change before it does"),
    icons::RERUN,
    &[key(Key::F5)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::Rerun)),
)
.writing()
.waiting();

pub(crate) static SETTINGS: Action = action(
    "settings",
    ("Settings", "Show or hide the settings"),
    icons::SETTINGS,
    &[command(Key::Comma)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::ToggleSettings)),
);

pub(crate) static SHORTCUTS: Action = action(
    "shortcuts",
    ("Shortcuts", "Show or hide this sheet"),
    icons::KEYS,
    &[key(Key::Questionmark), key(Key::F1)],
    ActionScope::Everywhere,
    ActionEffect::Always(|| Request::ToggleShortcuts),
);

pub(crate) static PALETTE: Action = action(
    "palette",
    ("Commands…", "Find anything that can be done by typing some of its letters"),
    icons::PALETTE,
    &[command(Key::K)],
    ActionScope::Everywhere,
    ActionEffect::Always(|| Request::OpenPalette),
);

pub(crate) static SELECT_ALL: Action = action(
    "select-all",
    ("Select all", "Select everything on the page"),
    icons::SELECT_ALL,
    &[command(Key::A)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::SelectAll)),
);

pub(crate) static BACK: Action = action(
    "back",
    ("Back", "Clear the selection, then go back"),
    icons::BACK,
    &[key(Key::Escape)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::Back)),
);

pub(crate) static ENTER: Action = action(
    "enter",
    ("To the faces", "Give the keyboard to the faces of who is selected"),
    icons::PEOPLE,
    &[key(Key::Enter)],
    ActionScope::People,
    ActionEffect::InProject(|_, _| Some(Request::FocusFaces)),
);

pub(crate) static NAME: Action = action(
    "name",
    ("Name…", "Say who this is; the name is kept"),
    icons::NAME,
    &[key(Key::N), key(Key::F2)],
    ActionScope::People,
    ActionEffect::InProject(requests::start_naming),
)
.writing()
.unless(conditions::not_one_identity);

pub(crate) static MERGE: Action = action(
    "merge",
    ("Merge", "Make the selected identities one"),
    icons::MERGE,
    &[key(Key::M)],
    ActionScope::People,
    ActionEffect::InProject(requests::merge),
)
.writing()
.unless(conditions::not_two_identities_or_more);

pub(crate) static CONFIRM: Action = action(
    "confirm",
    ("Confirm", "Say that this identity is right as it is"),
    icons::CONFIRM,
    &[key(Key::C)],
    ActionScope::People,
    ActionEffect::InProject(requests::confirm),
)
.writing()
.unless(conditions::no_identity);

pub(crate) static IGNORE: Action = action(
    "ignore",
    ("Ignore", "Put aside, or bring an ignored one back"),
    icons::IGNORE,
    &[key(Key::I)],
    ActionScope::People,
    ActionEffect::InProject(requests::ignore_or_restore),
)
.writing()
.unless(conditions::no_identity);

pub(crate) static NEVER_SAME: Action = action(
    "not-same",
    ("Never the same", "Say that the two selected are never the same person; two tracks of one identity part, and every new run keeps to it"),
    icons::NOT_SAME,
    &[key(Key::X)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::never_the_same),
).writing().unless(conditions::not_two);

pub(crate) static LINK: Action = action(
    "link",
    (
        "Same person",
        "Say that the selected tracks are the same person: they come together, and every new run keeps to it",
    ),
    icons::LINK,
    &[key(Key::Y)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::same_person),
)
.writing()
.unless(conditions::not_two_tracks_or_more);

pub(crate) static MOVE: Action = action(
    "move",
    ("Move to…", "Move the selected tracks to another identity"),
    icons::MOVE,
    &[key(Key::V)],
    ActionScope::Tracks,
    ActionEffect::InProject(|_, _| Some(Request::StartMoving)),
)
.writing()
.unless(conditions::no_tracks);

pub(crate) static SPLIT: Action = action(
    "split",
    ("Split off", "Make the selected tracks an identity of their own"),
    icons::SPLIT,
    &[key(Key::S)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::split_off),
)
.writing()
.unless(conditions::no_tracks);

pub(crate) static REJECT: Action = action(
    "reject",
    ("Reject", "Take the selected tracks out, into Unassigned"),
    icons::REJECT,
    &[key(Key::Delete), key(Key::Backspace)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::reject),
)
.writing()
.unless(conditions::nothing_to_reject);

pub(crate) static COVER: Action = action(
    "cover",
    ("Choose as cover", "Let this track’s picture stand for them"),
    icons::COVER,
    &[key(Key::K)],
    ActionScope::People,
    ActionEffect::InProject(requests::cover),
)
.writing()
.unless(conditions::not_one_track);

pub(crate) static LOUPE: Action = action(
    "loupe",
    ("Enlarge", "See a track’s pictures as large as they are"),
    icons::LOUPE,
    &[key(Key::Space)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::open_loupe),
)
.unless(conditions::no_track_to_enlarge);

pub(crate) static CUT_TRACK: Action = action(
    "cut",
    ("Cut track…", "See a track frame by frame, and cut it where one person follows another"),
    icons::CUT,
    &[key(Key::U)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::open_loupe),
)
.writing()
.unless(conditions::no_track_to_enlarge);

pub(crate) static PREVIOUS: Action = action(
    "previous",
    ("Previous identity", "Look at the identity before"),
    icons::PREVIOUS,
    &[key(Key::PageUp), key(Key::OpenBracket)],
    ActionScope::People,
    ActionEffect::InProject(|_, _| Some(Request::Neighbour(-1))),
);

pub(crate) static NEXT: Action = action(
    "next",
    ("Next identity", "Look at the identity after"),
    icons::NEXT,
    &[key(Key::PageDown), key(Key::CloseBracket)],
    ActionScope::People,
    ActionEffect::InProject(|_, _| Some(Request::Neighbour(1))),
);

pub(crate) static CHECK_TRACKS: Action = action(
    "check",
    ("Check", "Look through the tracks, the odd ones first, and confirm the rest"),
    icons::CHECK,
    &[key(Key::D)],
    ActionScope::People,
    ActionEffect::InProject(requests::check_tracks),
)
.writing()
.unless(conditions::no_vectors);

pub(crate) static SUGGEST_SPLIT: Action = action(
    "part",
    ("Split up…", "See what this identity falls into, and split it"),
    icons::SPLIT,
    &[key(Key::P)],
    ActionScope::People,
    ActionEffect::InProject(requests::suggest_split),
)
.writing()
.unless(conditions::no_vectors);

pub(crate) static TAKE_APART: Action = action(
    "apart",
    ("Take apart", "Let each track stand by itself, where nobody has most of them"),
    icons::SPLIT,
    &[key(Key::E)],
    ActionScope::People,
    ActionEffect::InProject(requests::take_apart),
)
.writing()
.unless(conditions::not_several_tracks);

pub(crate) static PAIRS: Action = action(
    "pairs",
    ("Same person?", "Answer the questions that save most work"),
    icons::QUESTION,
    &[key(Key::Q)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::TogglePage(Page::Pairs))),
);

pub(crate) static TIMELINE: Action = action(
    "timeline",
    ("Timeline", "See who appears when"),
    icons::TIMELINE,
    &[key(Key::T)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::TogglePage(Page::Timeline))),
);

pub(crate) static MAP: Action = action(
    "map",
    ("Map", "See all tracks as points"),
    icons::MAP,
    &[key(Key::G)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::TogglePage(Page::Map))),
);

pub(crate) static STRANGERS: Action = action(
    "strangers",
    ("Strangers", "Put aside in bulk who is hardly there"),
    icons::CROWD,
    &[key(Key::O)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::TogglePage(Page::Strangers))),
);

pub(crate) static KNOWN_PEOPLE: Action = action(
    "known",
    ("Known people", "Whom of the library the unnamed people are"),
    icons::KNOWN,
    &[key(Key::L)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::TogglePage(Page::KnownPeople))),
);

pub(crate) static KEEP_IN_LIBRARY: Action = action(
    "keep",
    ("Keep in library", "Other projects recognise them from now on"),
    icons::KEEP,
    &[key(Key::B)],
    ActionScope::People,
    ActionEffect::InProject(requests::keep_in_library),
)
.waiting()
.unless(conditions::nobody_named);

pub(crate) static WHY: Action = action(
    "why",
    ("Why", "Show or hide what speaks for and against"),
    icons::WHY,
    &[key(Key::W)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::ToggleInspector(InspectorTab::Evidence))),
);

pub(crate) static HISTORY: Action = action(
    "history",
    ("History", "Show or hide everything that was done"),
    icons::HISTORY,
    &[key(Key::H)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::ToggleInspector(InspectorTab::History))),
);

pub(crate) static PROPOSAL: Action = action(
    "proposal",
    ("What would change", "Look at what the re-run that waits would change"),
    icons::RERUN,
    &[key(Key::R)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::TogglePage(Page::Rerun))),
)
.unless(conditions::no_proposal);

pub(crate) static ANSWER_SAME: Action = action(
    "same",
    ("Same person", "The two become one"),
    icons::MERGE,
    &[key(Key::Y)],
    ActionScope::Questions,
    ActionEffect::InProject(|_, _| Some(Request::Answer(true))),
)
.writing()
.unless(conditions::no_pair);

pub(crate) static ANSWER_DIFFERENT: Action = action(
    "different",
    ("Different people", "Remembered for ever; nobody asks again"),
    icons::NOT_SAME,
    &[key(Key::N)],
    ActionScope::Questions,
    ActionEffect::InProject(|_, _| Some(Request::Answer(false))),
)
.writing()
.unless(conditions::no_pair_or_person);

pub(crate) static SKIP: Action = action(
    "skip",
    ("Skip", "Ask later; nothing is remembered"),
    icons::NEXT,
    &[key(Key::J)],
    ActionScope::Questions,
    ActionEffect::InProject(|_, _| Some(Request::Skip)),
);

pub(crate) static ACCEPT: Action = action(
    "accept",
    ("Accept", "Take the page or the grid as it is ticked"),
    icons::CONFIRM,
    &[key(Key::Enter)],
    ActionScope::Questions,
    ActionEffect::InProject(|_, _| Some(Request::Accept)),
)
.writing()
.unless(conditions::is_writing);

pub(crate) static ASK_AGAIN: Action = action(
    "ask-again",
    ("Ask again", "Ask again what was skipped"),
    icons::RERUN,
    &[key(Key::A)],
    ActionScope::Questions,
    ActionEffect::InProject(|_, _| Some(Request::AskAgain)),
);

pub(crate) static ADOPT_PROPOSAL: Action = action(
    "adopt",
    ("Adopt", "Adopt the ticked parts; the others stay as they are"),
    icons::CONFIRM,
    &[key(Key::Enter)],
    ActionScope::Proposal,
    ActionEffect::InProject(|_, _| Some(Request::AdoptRerun)),
)
.writing()
.unless(conditions::nothing_ticked);

pub(crate) static DROP_PROPOSAL: Action = action(
    "drop",
    ("Drop", "Everybody stays as they are; Escape does it, too"),
    icons::REJECT,
    &[key(Key::Delete), key(Key::Backspace)],
    ActionScope::Proposal,
    ActionEffect::InProject(|_, _| Some(Request::DropRerun)),
);
