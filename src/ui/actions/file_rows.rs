//! Rows of the table of actions about files of a project, and what comes in with them.

use eframe::egui::Key;

use super::{Action, ActionEffect, ActionScope, action, command, conditions, key};
use crate::ui::view::ask::{PathPurpose, Request};
use crate::ui::widgets::icons;

pub(crate) static IMPORT_NAMES: Action = action(
    "import-names",
    ("Import names…", "Import names from a table; you see what would change first"),
    icons::NAME,
    &[command(Key::I)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::AskPath(PathPurpose::Names, None))),
)
.writing()
.waiting()
.unless(conditions::nobody_to_export);

pub(crate) static MERGE_PROJECT: Action = action(
    "merge-project",
    ("Merge a project…", "Make a new project of this one and a colleague's over the same tracks"),
    icons::MERGE,
    &[command(Key::M)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::AskPath(PathPurpose::ColleaguesProject, None))),
)
.waiting()
.unless(conditions::nobody_to_export);

pub(crate) static MOVED_TRACKS: Action = action(
    "moved",
    ("Where are the tracks now?", "Say where the folder with the tracks is now; all decisions stay"),
    icons::OPEN,
    &[command(Key::L)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::AskPath(PathPurpose::MovedTracks, None))),
)
.writing()
.waiting();

pub(crate) static SURE_MATCHES: Action = action(
    "sure",
    ("Accept sure matches…", "See which unnamed people surely match a named one, and accept all at once"),
    icons::CONFIRM,
    &[key(Key::F)],
    ActionScope::Everywhere,
    ActionEffect::InProject(|_, _| Some(Request::ShowSureMatches)),
)
.writing()
.unless(conditions::no_vectors);
