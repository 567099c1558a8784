//! What panels, pages and dialogs ask for; the application carries it out once per frame.
//!
//! Whoever draws something may ask, and nobody who draws does anything itself.

use std::path::PathBuf;

use eframe::egui::ThemePreference;

use crate::base::TrackIx;
use crate::cluster::Level;
use crate::heads::TrainingSource;
use crate::library::LibraryEdit;
use crate::review::{Edit, IdentityId};
use crate::session::{NamesakePolicy, SettingChange};
use crate::tracks::PictureGrouping;
use crate::ui::view::saved_state::LanguageChoice;

/// What fills the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Page {
    /// People, their faces, and the inspector.
    #[default]
    People,
    /// "Same person?": pairs, one by one or a page at a time.
    Pairs,
    /// Who appears when.
    Timeline,
    /// All tracks as points.
    Map,
    /// People who barely appear, to be ignored in bulk.
    Strangers,
    /// Which people of a library the identities are.
    KnownPeople,
    /// What a re-run would change, part by part.
    Rerun,
}

/// What the inspector shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum InspectorTab {
    /// Whom one looks at, and who else that could be.
    #[default]
    Details,
    /// What speaks for and against.
    Evidence,
    /// Everything that was done.
    History,
}

/// What a native dialog is to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileDialogKind {
    /// A folder of tracks.
    Tracks,
    /// The folder of an export.
    Export,
    /// The folder of the library.
    Library,
    /// A model's file.
    Model,
    /// What the open box for a path asks for.
    Path(PathPurpose),
}

/// What a path is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathPurpose {
    /// The folder where a project's tracks are now.
    MovedTracks,
    /// A table with names.
    Names,
    /// A project with a colleague's decisions over the same tracks.
    ColleaguesProject,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Request {
    // --- the project
    Open(PathBuf),
    ChooseFolder(FileDialogKind),
    Demo,
    Close,
    ForgetRecent(PathBuf),
    /// Asks for a path; for moved tracks with what was opened, and nothing else where it is open.
    AskPath(PathPurpose, Option<PathBuf>),
    /// A path was given; and what was opened.
    UsePath(PathPurpose, PathBuf, Option<PathBuf>),
    /// Reads the folder's pictures in another way, and groups again.
    ReadPictures(PictureGrouping),
    /// Shows who is surely somebody with a name.
    ShowSureMatches,
    // --- decisions
    Edit(Edit),
    /// Gives a name, or asks where another person has it.
    Name(IdentityId, String),
    Undo,
    Redo,
    /// Goes to an entry of the history.
    JumpTo(u64),
    // --- where one looks
    Go(Page),
    /// Goes to a page, or back to the people from it.
    TogglePage(Page),
    /// Shows a tab of the inspector, or the details again.
    ToggleInspector(InspectorTab),
    /// Shows one person's tracks.
    ShowPerson(IdentityId),
    /// Shows everybody's tracks.
    ShowEverybody,
    /// Shows the tracks of nobody.
    ShowUnassigned,
    /// Gives the keyboard to the faces.
    FocusFaces,
    /// Sorts the people again.
    SortAgain,
    ToggleSettings,
    ToggleShortcuts,
    OpenPalette,
    FocusSearch,
    SelectAll,
    /// The selection first, then the search, then the page.
    Back,
    /// The person some places after the selected one.
    Neighbour(isize),
    /// Looks at a track in its identity.
    ShowTrack(TrackIx),
    // --- dialogs and previews
    StartNaming(IdentityId),
    StartMoving,
    /// Shows a track's pictures as large as they are.
    OpenLoupe(TrackIx),
    StartExportDialog,
    CheckTracks(IdentityId),
    SuggestSplit(IdentityId),
    // --- questions
    /// Whether the pair that is asked about is one person.
    Answer(bool),
    /// Takes over what the grid or the page of questions shows.
    Accept,
    Skip,
    AskAgain,
    // --- runs
    Rerun,
    AdoptRerun,
    DropRerun,
    Set(SettingChange),
    /// Regroups at another level; none is the own one.
    Cut(Option<Level>),
    /// Groups by another method, to be looked at beside what is adopted.
    Opinion(&'static str),
    Learn(TrainingSource),
    AdoptProposal,
    CancelJob,
    /// Draws the map.
    DrawMap,
    // --- models
    Fetch(String),
    /// Puts a model's file into the model folder.
    Install(PathBuf),
    /// Gets a model where it is not here, and shows what it would change.
    Try(String),
    // --- export
    StartExport,
    // --- the library
    /// Keeps identities in the library, or everybody who has a name.
    Keep(Vec<IdentityId>),
    /// The same, where the library has some of the names already.
    KeepAs(Vec<IdentityId>, NamesakePolicy),
    /// Changes the library.
    Library(LibraryEdit),
    // --- looks
    Theme(ThemePreference),
    Language(LanguageChoice),
}
