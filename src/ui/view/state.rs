//! What is looked at: page, filter, selection. State of the window that all panels share; nothing
//! of it is in the project.

use std::collections::BTreeSet;

use super::ask::Page;
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
}

/// What is looked at in one open project.
#[derive(Debug, Default)]
pub(crate) struct PageState {
    pub page: Page,
    pub filter: IdentityFilter,
    pub sort: SortOrder,
    pub search: String,
    pub identities: ItemSelection<IdentityId>,
    pub tracks: ItemSelection<TrackIx>,
    pub settings_open: bool,
    /// The search box wants the keyboard.
    pub focus_search: bool,
    /// A card or a strip has the keyboard.
    pub page_has_focus: bool,
    /// Columns of the gallery as last drawn, for the arrow keys.
    pub columns: usize,
    pub dismissed: BTreeSet<Banner>,
}

impl PageState {
    /// The identities that an action is about: the page's one, or those selected.
    pub(crate) fn concerned_identities(&self) -> Vec<IdentityId> {
        match self.page {
            Page::Identity(id) => vec![id],
            _ => self.identities.items(),
        }
    }
}
