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
    ("Export…", "Write people to folders and tables"),
    icons::EXPORT,
    &[command(Key::E)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::StartExportDialog)),
)
.waiting()
.unless(conditions::nobody_to_export);

pub(crate) static SEARCH: Action = action(
    "search",
    ("Search", "Find people by name or number"),
    icons::SEARCH,
    &[command(Key::F)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::FocusSearch)),
);

pub(crate) static REDO: Action = action(
    "redo",
    ("Redo", "Redo the last undone edit"),
    icons::REDO,
    &[KeyboardShortcut::new(SHIFT_COMMAND, Key::Z), command(Key::Y)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::Redo)),
)
.writing()
.unless(conditions::nothing_to_redo);

pub(crate) static UNDO: Action = action(
    "undo",
    ("Undo", "Undo the last edit; nothing is ever lost"),
    icons::UNDO,
    &[command(Key::Z)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::Undo)),
)
.writing()
.unless(conditions::nothing_to_undo);

pub(crate) static RERUN: Action = action(
    "rerun",
    ("Re-run", "Group again and keep your decisions; you see what would change first"),
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
    ("Commands…", "Find any command by typing some of its letters"),
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
    ("To the faces", "Move the keyboard to the faces of the selected people"),
    icons::PEOPLE,
    &[key(Key::Enter)],
    ActionScope::People,
    ActionEffect::InProject(|_, _| Some(Request::FocusFaces)),
);

pub(crate) static NAME: Action = action(
    "name",
    ("Name…", "Name this person; the name is kept"),
    icons::NAME,
    &[key(Key::N), key(Key::F2)],
    ActionScope::People,
    ActionEffect::InProject(requests::start_naming),
)
.writing()
.unless(conditions::not_one_identity);

pub(crate) static MERGE: Action = action(
    "merge",
    ("Merge", "Merge the selected people into one"),
    icons::MERGE,
    &[key(Key::M)],
    ActionScope::People,
    ActionEffect::InProject(requests::merge),
)
.writing()
.unless(conditions::not_two_identities_or_more);

pub(crate) static CONFIRM: Action = action(
    "confirm",
    ("Confirm", "Confirm that this person is right as it is"),
    icons::CONFIRM,
    &[key(Key::C)],
    ActionScope::People,
    ActionEffect::InProject(requests::confirm),
)
.writing()
.unless(conditions::nobody_to_confirm);

pub(crate) static IGNORE: Action = action(
    "ignore",
    ("Ignore", "Set a person aside, or bring an ignored one back"),
    icons::IGNORE,
    &[key(Key::I)],
    ActionScope::People,
    ActionEffect::InProject(requests::ignore_or_restore),
)
.writing()
.unless(conditions::no_identity);

pub(crate) static NEVER_SAME: Action = action(
    "not-same",
    ("Different people", "Mark the two selected as different people; two tracks of one person are split, and every new run keeps it"),
    icons::NOT_SAME,
    &[key(Key::X)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::never_the_same),
).writing().unless(conditions::not_two);

pub(crate) static LINK: Action = action(
    "link",
    (
        "Same person",
        "Mark the selected tracks as the same person: they are grouped together, and every new run keeps it",
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
    ("Move to…", "Move the selected tracks to another person"),
    icons::MOVE,
    &[key(Key::V)],
    ActionScope::Tracks,
    ActionEffect::InProject(|_, _| Some(Request::StartMoving)),
)
.writing()
.unless(conditions::no_tracks);

pub(crate) static SPLIT: Action = action(
    "split",
    ("Split off", "Make the selected tracks a new person"),
    icons::SPLIT,
    &[key(Key::S)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::split_off),
)
.writing()
.unless(conditions::no_tracks);

pub(crate) static REJECT: Action = action(
    "reject",
    ("Reject", "Remove the selected tracks; they go to Unassigned"),
    icons::REJECT,
    &[key(Key::Delete), key(Key::Backspace)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::reject),
)
.writing()
.unless(conditions::nothing_to_reject);

pub(crate) static COVER: Action = action(
    "cover",
    ("Choose as cover", "Use this track’s picture for the person"),
    icons::COVER,
    &[key(Key::K)],
    ActionScope::People,
    ActionEffect::InProject(requests::cover),
)
.writing()
.unless(conditions::not_one_track);

pub(crate) static LOUPE: Action = action(
    "loupe",
    ("Enlarge", "View a track’s pictures at full size"),
    icons::LOUPE,
    &[key(Key::Space)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::open_loupe),
)
.unless(conditions::no_track_to_enlarge);

pub(crate) static CUT_TRACK: Action = action(
    "cut",
    ("Cut track…", "View a track frame by frame, and cut it where another person begins"),
    icons::CUT,
    &[key(Key::U)],
    ActionScope::Tracks,
    ActionEffect::InProject(requests::open_loupe),
)
.writing()
.unless(conditions::no_track_to_enlarge);

pub(crate) static PREVIOUS: Action = action(
    "previous",
    ("Previous person", "View the previous person"),
    icons::PREVIOUS,
    &[key(Key::PageUp), key(Key::OpenBracket)],
    ActionScope::People,
    ActionEffect::InProject(|_, _| Some(Request::Neighbour(-1))),
);

pub(crate) static NEXT: Action = action(
    "next",
    ("Next person", "View the next person"),
    icons::NEXT,
    &[key(Key::PageDown), key(Key::CloseBracket)],
    ActionScope::People,
    ActionEffect::InProject(|_, _| Some(Request::Neighbour(1))),
);

pub(crate) static CHECK_TRACKS: Action = action(
    "check",
    ("Check", "Review the tracks, least typical first, and confirm the rest"),
    icons::CHECK,
    &[key(Key::D)],
    ActionScope::People,
    ActionEffect::InProject(requests::check_tracks),
)
.writing()
.unless(conditions::no_vectors);

pub(crate) static SUGGEST_SPLIT: Action = action(
    "part",
    ("Suggest split…", "See which parts this person could be split into, and split it"),
    icons::SPLIT,
    &[key(Key::P)],
    ActionScope::People,
    ActionEffect::InProject(requests::suggest_split),
)
.writing()
.unless(conditions::no_vectors);

pub(crate) static TAKE_APART: Action = action(
    "apart",
    ("Take apart", "Make each track a person of its own, where the tracks show many people"),
    icons::SPLIT,
    &[key(Key::E)],
    ActionScope::People,
    ActionEffect::InProject(requests::take_apart),
)
.writing()
.unless(conditions::not_several_tracks);

pub(crate) static PAIRS: Action = action(
    "pairs",
    ("Same person?", "Answer the questions that save the most work"),
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
    ("Strangers", "Ignore people who barely appear, many at once"),
    icons::CROWD,
    &[key(Key::O)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::TogglePage(Page::Strangers))),
);

pub(crate) static KNOWN_PEOPLE: Action = action(
    "known",
    ("People library", "See library names that are suggested for unnamed people"),
    icons::KNOWN,
    &[key(Key::L)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::TogglePage(Page::KnownPeople))),
);

pub(crate) static KEEP_IN_LIBRARY: Action = action(
    "keep",
    ("Keep in library", "Let other projects recognise this person"),
    icons::KEEP,
    &[key(Key::B)],
    ActionScope::People,
    ActionEffect::InProject(requests::keep_in_library),
)
.waiting()
.unless(conditions::nobody_named);

pub(crate) static WHY: Action = action(
    "why",
    ("Why", "Show or hide the evidence for and against"),
    icons::WHY,
    &[key(Key::W)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::ToggleInspector(InspectorTab::Evidence))),
);

pub(crate) static HISTORY: Action = action(
    "history",
    ("History", "Show or hide all edits"),
    icons::HISTORY,
    &[key(Key::H)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::ToggleInspector(InspectorTab::History))),
);

pub(crate) static PROPOSAL: Action = action(
    "proposal",
    ("What would change", "See what the waiting re-run would change"),
    icons::RERUN,
    &[key(Key::R)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::TogglePage(Page::Rerun))),
)
.unless(conditions::no_proposal);

pub(crate) static ANSWER_SAME: Action = action(
    "same",
    ("Same person", "Merge the two into one person"),
    icons::MERGE,
    &[key(Key::Y)],
    ActionScope::Questions,
    ActionEffect::InProject(|_, _| Some(Request::Answer(true))),
)
.writing()
.unless(conditions::no_pair);

pub(crate) static ANSWER_DIFFERENT: Action = action(
    "different",
    ("Different people", "Remembered; you won't be asked again"),
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
    ("Accept", "Apply the page or grid as it is ticked"),
    icons::CONFIRM,
    &[key(Key::Enter)],
    ActionScope::Questions,
    ActionEffect::InProject(|_, _| Some(Request::Accept)),
)
.writing()
.unless(conditions::is_writing);

pub(crate) static ASK_AGAIN: Action = action(
    "ask-again",
    ("Ask again", "Show skipped questions"),
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
    ("Discard", "Nothing changes; Escape discards, too"),
    icons::REJECT,
    &[key(Key::Delete), key(Key::Backspace)],
    ActionScope::Proposal,
    ActionEffect::InProject(|_, _| Some(Request::DropRerun)),
);
