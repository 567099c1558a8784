//! What the curator looks at: page, filter, selection, open boxes. Plain state of the window;
//! nothing of it is in the project.
//!
//! Panels read a [`View`], change this state, and ask for everything else by [`Request`]s,
//! which the application drains once a frame.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ThemePreference;

use super::actions::Action;
use super::checking::CheckBox;
use super::choice::Choice;
use super::clash::ClashBox;
use super::exporting::ExportBox;
use super::falls::FallsBox;
use super::homes::Homes;
use super::level::Moved;
use super::listing::{Chip, Listing, Sort};
use super::mover::MoveBox;
use super::namesake::NamesakeBox;
use super::naming::{Known, NameBox};
use super::pairs::PairsBox;
use super::parting::PartingBox;
use super::recent::Speech;
use super::rerun::RerunBox;
use super::second::SecondBox;
use super::shelving::KeepBox;
use super::trying::ByHand;
use super::why::WhyBox;
use crate::advice::{Falling, Queue};
use crate::base::TrackIx;
use crate::cluster::Level;
use crate::heads::{Lesson, Proposal};
use crate::library::Deed;
use crate::models::{Need, Offer};
use crate::review::{Edit, IdentityId};
use crate::session::{Namesakes, Session};
use crate::tracks::TrackSet;

/// What fills the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Page {
    /// One card an identity.
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
    /// Who is hardly there, to be put aside in bulk.
    Strangers,
    /// Whom of a library the identities are.
    Known,
    /// What a re-run would change, part by part.
    Rerun,
}

/// What a native dialog is to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Browse {
    Tracks,
    Export,
    Library,
}

/// What panels ask for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Request {
    Open(PathBuf),
    Browse(Browse),
    Demo,
    Close,
    Act(Action),
    Edit(Edit),
    /// Gives a name, or asks where somebody else has it.
    Name(IdentityId, String),
    /// Keeps identities in the library, or everybody who has a name.
    Keep(Vec<IdentityId>),
    /// The same, where the library has some of the names already.
    KeepAs(Vec<IdentityId>, Namesakes),
    /// Changes the library.
    Library(Deed),
    /// Goes to an entry of the history.
    Jump(u64),
    Go(Page),
    Set(&'static str, String),
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
    Second(&'static str),
    Learn(Lesson),
    AdoptProposal,
    Theme(ThemePreference),
    Speak(Speech),
    ForgetRecent(PathBuf),
}

/// A strip above the page that can be dismissed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Banner {
    Elsewhere,
    BasicModel,
    Changed,
    Renewed,
}

/// A panel that tells.
#[derive(Debug)]
pub(super) enum Side {
    /// What speaks for and against.
    Why(Box<WhyBox>),
    /// Everything that was done.
    Past,
}

/// The state of one open project's pages.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) page: Page,
    pub(super) chip: Chip,
    pub(super) sort: Sort,
    pub(super) search: String,
    pub(super) choice: Choice<IdentityId>,
    pub(super) tracks: Choice<TrackIx>,
    pub(super) naming: Option<NameBox>,
    pub(super) mover: Option<MoveBox>,
    pub(super) export: Option<ExportBox>,
    /// Where the tracks of an identity's page may belong.
    pub(super) homes: Homes,
    /// The questions on the page of pairs.
    pub(super) pairs: PairsBox,
    /// The identities on the page of those that fall apart.
    pub(super) falls: FallsBox,
    /// What the identity of the page comes apart into.
    pub(super) parting: Option<PartingBox>,
    /// An identity in which nothing was found to split.
    pub(super) unsplittable: Option<IdentityId>,
    /// The grid in which the identity of the page is checked.
    pub(super) checking: Option<CheckBox>,
    /// An edit that was refused because of what is known of its tracks.
    pub(super) clash: Option<ClashBox>,
    /// A name that somebody else has.
    pub(super) namesake: Option<NamesakeBox>,
    pub(super) keeping: Option<KeepBox>,
    /// What the panel at the left tells.
    pub(super) side: Option<Side>,
    /// What another method makes of the tracks, and the differences from the present state.
    pub(super) second: Option<SecondBox>,
    /// What a re-run would change, until it is adopted or dropped.
    pub(super) rerun: Option<RerunBox>,
    /// What was learned on the project, until it is adopted or dropped.
    pub(super) proposal: Option<Arc<Proposal>>,
    pub(super) settings_open: bool,
    /// The level that the slider was moved to and that is not in force yet.
    pub(super) level: Option<Moved>,
    /// The search box wants the keyboard.
    pub(super) focus_search: bool,
    /// A card or a strip has the keyboard.
    pub(super) page_has_focus: bool,
    /// Columns of the gallery as last drawn, for the arrow keys.
    pub(super) columns: usize,
    pub(super) dismissed: BTreeSet<Banner>,
    /// The models worth trying, and the address of the run that they are of, once they were asked for.
    pub(super) offers: Option<(usize, Vec<(Need, Offer)>)>,
    /// A model whose file is to be brought by hand.
    pub(super) by_hand: Option<ByHand>,
    /// The text of a model file's path in the settings.
    pub(super) model_file: String,
    /// What stands in the field for a head's file.
    pub(super) head_file: String,
    pub(super) pooling_file: String,
}

impl Look {
    pub(super) fn new() -> Self {
        Self {
            page: Page::default(),
            chip: Chip::default(),
            sort: Sort::default(),
            search: String::new(),
            choice: Choice::default(),
            tracks: Choice::default(),
            naming: None,
            mover: None,
            export: None,
            homes: Homes::default(),
            pairs: PairsBox::default(),
            falls: FallsBox::default(),
            parting: None,
            unsplittable: None,
            checking: None,
            clash: None,
            namesake: None,
            keeping: None,
            side: None,
            second: None,
            rerun: None,
            proposal: None,
            settings_open: false,
            level: None,
            focus_search: false,
            page_has_focus: false,
            columns: 1,
            dismissed: BTreeSet::new(),
            offers: None,
            by_hand: None,
            model_file: String::new(),
            head_file: String::new(),
            pooling_file: String::new(),
        }
    }

    /// Whether a dialog lies over the page.
    pub(super) fn has_dialog(&self) -> bool {
        self.mover.is_some()
            || self.export.is_some()
            || self.proposal.is_some()
            || self.clash.is_some()
            || self.namesake.is_some()
            || self.keeping.is_some()
    }

    /// Whether a preview or a grid stands in the place of an identity's tracks.
    pub(super) fn has_grid(&self) -> bool {
        self.parting.is_some() || self.checking.is_some()
    }
}

/// What panels may read.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) session: &'a Session,
    pub(super) listing: &'a Listing,
    /// The tracks of the page, in order; none in the gallery.
    pub(super) tracks: &'a [TrackIx],
    /// Names in use, and whose they are.
    pub(super) names: &'a [Known],
    /// Side of a gallery picture, in points.
    pub(super) tile: f32,
    /// A long job runs.
    pub(super) is_busy: bool,
    /// The machine's questions, once they are known.
    pub(super) queue: Option<&'a Queue>,
    /// Whether there are none to be had before another run.
    pub(super) is_advice_vain: bool,
    /// The identities that fall apart, once they are known for the present state.
    pub(super) falling: Option<&'a [Falling]>,
}

impl<'a> View<'a> {
    pub(super) fn set(&self) -> Option<&'a TrackSet> {
        self.session.tracks().map(AsRef::as_ref)
    }

    pub(super) fn is_read_only(&self) -> bool {
        self.session.project().is_read_only()
    }
}
