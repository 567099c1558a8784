//! What is looked at: page, filter, selection. State of the window that all panels share; nothing
//! of it is in the project.

use std::collections::BTreeSet;

use eframe::egui::Pos2;

use super::ask::{InspectorTab, Page};
use super::listing::{IdentityFilter, SortOrder};
use super::selection::ItemSelection;
use crate::base::TrackIx;
use crate::review::IdentityId;

/// A strip above the page that can be dismissed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Banner {
    ProjectInDataFolder,
    BasicModel,
    Changed,
    Renewed,
    Pictures,
}

/// The pane that has the arrow keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Pane {
    /// The people at the left.
    #[default]
    People,
    /// Their faces.
    Faces,
}

/// What is looked at in one open project.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each read by other panels")]
pub(crate) struct PageState {
    pub page: Page,
    pub filter: IdentityFilter,
    /// Only people of this video.
    pub video: Option<String>,
    pub sort: SortOrder,
    pub search: String,
    /// The selected people; their tracks are shown.
    pub identities: ItemSelection<IdentityId>,
    /// The tracks of nobody are shown.
    pub unassigned: bool,
    pub tracks: ItemSelection<TrackIx>,
    /// A rubber band under way, from where to where on the content, and what was selected before.
    pub band: Option<(Pos2, Pos2)>,
    pub band_before: Vec<TrackIx>,
    pub focus: Pane,
    pub settings_open: bool,
    pub inspector: InspectorTab,
    /// The window is too narrow for the right pane beside the faces: it lies over them while it is open.
    pub is_narrow: bool,
    pub overlay_open: bool,
    /// The search box wants the keyboard.
    pub focus_search: bool,
    /// A card or a strip has the keyboard.
    pub page_has_focus: bool,
    /// Columns of the panes as last drawn, for the arrow keys.
    pub people_columns: usize,
    pub face_columns: usize,
    pub dismissed: BTreeSet<Banner>,
    /// When it was opened, the folder with the tracks was not there.
    pub is_folder_missing: bool,
    /// Pictures that were each read as a track of their own.
    pub n_single: usize,
}

impl PageState {
    /// The one selected person, where it is one.
    pub(crate) fn single(&self) -> Option<IdentityId> {
        if self.unassigned { None } else { self.identities.only_one() }
    }

    /// Names what the faces are of, so that each keeps its place in its list.
    pub(crate) fn shown_key(&self) -> (bool, Option<IdentityId>, usize) {
        (self.unassigned, self.single(), self.identities.len())
    }
}
