//! What the curator looks at: page, filter, selection, open boxes. Plain state of the window;
//! nothing of it is in the project.
//!
//! Panels read a [`PanelContext`], change this state, and ask for everything else by [`Request`]s,
//! which the application drains once per frame.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ThemePreference;

use super::actions::Action;
use super::candidates::CandidateIdentities;
use super::check_grid::CheckGrid;
use super::conflict::ConflictDialog;
use super::evidence::EvidencePanel;
use super::export::ExportDialog;
use super::level::SliderMove;
use super::library_actions::KeepDialog;
use super::listing::{IdentityFilter, Listing, SortOrder};
use super::mixed::MixedPage;
use super::model_trial::ManualDownload;
use super::move_dialog::MoveDialog;
use super::name_field::{NameField, UsedName};
use super::namesake::NamesakeDialog;
use super::opinion::OpinionPage;
use super::pairs::PairsPage;
use super::rerun::RerunPage;
use super::saved_state::LanguageChoice;
use super::selection::ItemSelection;
use super::split::SplitDialog;
use crate::advice::{MixedIdentity, QuestionQueue};
use crate::base::TrackIx;
use crate::cluster::Level;
use crate::heads::{HeadProposal, TrainingSource};
use crate::library::LibraryEdit;
use crate::models::{ModelNeed, ModelOffer};
use crate::review::{Edit, IdentityId};
use crate::session::{NamesakePolicy, Session, SettingChange};
use crate::tracks::TrackSet;

/// What fills the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Page {
    /// One card per identity.
    #[default]
    Gallery,
    /// The tracks of one identity.
    Identity(IdentityId),
    /// Tracks of no identity.
    Unassigned,
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

/// What a native dialog is to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileDialogKind {
    Tracks,
    Export,
    Library,
}

/// What panels ask for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Request {
    Open(PathBuf),
    ChooseFolder(FileDialogKind),
    Demo,
    Close,
    Act(Action),
    Edit(Edit),
    /// Gives a name, or asks where another person has it.
    Name(IdentityId, String),
    /// Keeps identities in the library, or everybody who has a name.
    Keep(Vec<IdentityId>),
    /// The same, where the library has some of the names already.
    KeepAs(Vec<IdentityId>, NamesakePolicy),
    /// Changes the library.
    Library(LibraryEdit),
    /// Goes to an entry of the history.
    JumpTo(u64),
    Go(Page),
    Set(SettingChange),
    /// Regroups at another level; none is the own one.
    Cut(Option<Level>),
    Fetch(String),
    /// Puts a model's file into the model folder.
    Install(PathBuf),
    /// Gets a model where it is not here, and shows what it would change.
    Try(String),
    CancelJob,
    StartExport,
    /// Groups by another method, to be looked at beside what is adopted.
    Opinion(&'static str),
    Learn(TrainingSource),
    AdoptProposal,
    Theme(ThemePreference),
    Language(LanguageChoice),
    ForgetRecent(PathBuf),
}

/// A strip above the page that can be dismissed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Banner {
    ProjectInDataFolder,
    BasicModel,
    Changed,
    Renewed,
}

/// A panel with information.
#[derive(Debug)]
pub(super) enum InfoPanel {
    /// What speaks for and against.
    Evidence(Box<EvidencePanel>),
    /// Everything that was done.
    History,
}

/// The state of one open project's pages.
#[derive(Debug)]
pub(super) struct UiState {
    pub(super) page: Page,
    pub(super) filter: IdentityFilter,
    pub(super) sort: SortOrder,
    pub(super) search: String,
    pub(super) identities: ItemSelection<IdentityId>,
    pub(super) tracks: ItemSelection<TrackIx>,
    pub(super) naming: Option<NameField>,
    pub(super) move_dialog: Option<MoveDialog>,
    pub(super) export: Option<ExportDialog>,
    /// Where the tracks of an identity's page may belong.
    pub(super) candidates: CandidateIdentities,
    /// The questions on the page of pairs.
    pub(super) pairs: PairsPage,
    /// The identities on the page of mixed ones.
    pub(super) mixed: MixedPage,
    /// What the identity of the page comes apart into.
    pub(super) split: Option<SplitDialog>,
    /// An identity in which nothing was found to split.
    pub(super) unsplittable: Option<IdentityId>,
    /// The grid in which the identity of the page is checked.
    pub(super) checking: Option<CheckGrid>,
    /// An edit that was refused because of what is known of its tracks.
    pub(super) conflict: Option<ConflictDialog>,
    /// A name that another person has.
    pub(super) namesake: Option<NamesakeDialog>,
    pub(super) keep_dialog: Option<KeepDialog>,
    /// What the panel at the left shows.
    pub(super) info_panel: Option<InfoPanel>,
    /// What another method makes of the tracks, and the differences from the present state.
    pub(super) opinion: Option<OpinionPage>,
    /// What a re-run would change, until it is adopted or dropped.
    pub(super) rerun: Option<RerunPage>,
    /// What was learned on the project, until it is adopted or dropped.
    pub(super) proposal: Option<Arc<HeadProposal>>,
    pub(super) settings_open: bool,
    /// The level that the slider was moved to and that is not in force yet.
    pub(super) level: Option<SliderMove>,
    /// The search box wants the keyboard.
    pub(super) focus_search: bool,
    /// A card or a strip has the keyboard.
    pub(super) page_has_focus: bool,
    /// Columns of the gallery as last drawn, for the arrow keys.
    pub(super) columns: usize,
    pub(super) dismissed: BTreeSet<Banner>,
    /// The models worth trying, and the address of the run that they are of, once they were asked
    /// for.
    pub(super) offers: Option<(usize, Vec<(ModelNeed, ModelOffer)>)>,
    /// A model whose file is to be brought by hand.
    pub(super) manual_download: Option<ManualDownload>,
    /// The text of a model file's path in the settings.
    pub(super) model_file: String,
    /// What is in the field for a head's file.
    pub(super) head_file: String,
    pub(super) pooling_file: String,
}

impl UiState {
    pub(super) fn new() -> Self {
        Self {
            page: Page::default(),
            filter: IdentityFilter::default(),
            sort: SortOrder::default(),
            search: String::new(),
            identities: ItemSelection::default(),
            tracks: ItemSelection::default(),
            naming: None,
            move_dialog: None,
            export: None,
            candidates: CandidateIdentities::default(),
            pairs: PairsPage::default(),
            mixed: MixedPage::default(),
            split: None,
            unsplittable: None,
            checking: None,
            conflict: None,
            namesake: None,
            keep_dialog: None,
            info_panel: None,
            opinion: None,
            rerun: None,
            proposal: None,
            settings_open: false,
            level: None,
            focus_search: false,
            page_has_focus: false,
            columns: 1,
            dismissed: BTreeSet::new(),
            offers: None,
            manual_download: None,
            model_file: String::new(),
            head_file: String::new(),
            pooling_file: String::new(),
        }
    }

    /// Whether a dialog lies over the page.
    pub(super) fn has_dialog(&self) -> bool {
        self.move_dialog.is_some()
            || self.export.is_some()
            || self.proposal.is_some()
            || self.conflict.is_some()
            || self.namesake.is_some()
            || self.keep_dialog.is_some()
    }

    /// Whether a preview or a grid is in the place of an identity's tracks.
    pub(super) fn has_grid(&self) -> bool {
        self.split.is_some() || self.checking.is_some()
    }
}

/// What panels may read.
#[derive(Clone, Copy)]
pub(super) struct PanelContext<'a> {
    pub(super) session: &'a Session,
    pub(super) listing: &'a Listing,
    /// The tracks of the page, in order; none in the gallery.
    pub(super) tracks: &'a [TrackIx],
    /// Names in use, and whose they are.
    pub(super) names: &'a [UsedName],
    /// Side of a gallery picture, in points.
    pub(super) tile: f32,
    /// A long job runs.
    pub(super) is_busy: bool,
    /// The machine's questions, once they are known.
    pub(super) queue: Option<&'a QuestionQueue>,
    /// Whether there are none to be had before another run.
    pub(super) is_advice_unavailable: bool,
    /// The mixed identities, once they are known for the present state.
    pub(super) mixed: Option<&'a [MixedIdentity]>,
}

impl<'a> PanelContext<'a> {
    pub(super) fn set(&self) -> Option<&'a TrackSet> {
        self.session.tracks().map(AsRef::as_ref)
    }

    pub(super) fn is_read_only(&self) -> bool {
        self.session.project().is_read_only()
    }
}
