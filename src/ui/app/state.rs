//! All state of one open project's window: what is looked at, and what each panel, page and dialog
//! keeps. Nothing of it is in the project.

use std::sync::Arc;

use crate::heads::HeadProposal;
use crate::review::IdentityId;
use crate::session::MergedProject;
use crate::ui::dialogs::conflict::ConflictDialog;
use crate::ui::dialogs::export::ExportDialog;
use crate::ui::dialogs::keep::KeepDialog;
use crate::ui::dialogs::loupe::Loupe;
use crate::ui::dialogs::move_dialog::MoveDialog;
use crate::ui::dialogs::names::NamesDialog;
use crate::ui::dialogs::namesake::NamesakeDialog;
use crate::ui::dialogs::sure::SureMatches;
use crate::ui::pages::check_grid::CheckGrid;
use crate::ui::pages::pairs::PairsPage;
use crate::ui::pages::rerun::RerunPage;
use crate::ui::pages::split::SplitDialog;
use crate::ui::panes::inspector::Inspector;
use crate::ui::panes::model_offers::ModelOffers;
use crate::ui::panes::opinion::OpinionPage;
use crate::ui::panes::settings::SettingsPanel;
use crate::ui::view::state::PageState;
use crate::ui::widgets::name_field::NameField;

/// The state of one open project's window.
#[derive(Debug, Default)]
pub(crate) struct UiState {
    pub look: PageState,
    pub naming: Option<NameField>,
    pub move_dialog: Option<MoveDialog>,
    pub loupe: Option<Loupe>,
    pub export: Option<ExportDialog>,
    /// The questions on the page of pairs.
    pub pairs: PairsPage,
    /// What the identity of the page comes apart into.
    pub split: Option<SplitDialog>,
    /// An identity in which nothing was found to split.
    pub unsplittable: Option<IdentityId>,
    /// The grid in which the identity of the page is checked.
    pub checking: Option<CheckGrid>,
    /// An edit that was refused because of what is known of its tracks.
    pub conflict: Option<ConflictDialog>,
    /// A name that another person has.
    pub namesake: Option<NamesakeDialog>,
    pub keep_dialog: Option<KeepDialog>,
    /// Names that wait for a yes.
    pub names: Option<NamesDialog>,
    /// What merging a colleague's project gave.
    pub merged: Option<MergedProject>,
    /// How the folder would be read otherwise than before.
    pub reread: Option<String>,
    /// Who is surely somebody with a name.
    pub sure: Option<SureMatches>,
    pub inspector: Inspector,
    /// What another method makes of the tracks, and the differences from the present state.
    pub opinion: Option<OpinionPage>,
    /// What a re-run would change, until it is adopted or dropped.
    pub rerun: Option<RerunPage>,
    /// What was learned on the project, until it is adopted or dropped.
    pub proposal: Option<Arc<HeadProposal>>,
    pub settings: SettingsPanel,
    pub model_offers: ModelOffers,
}

impl UiState {
    /// Whether a dialog lies over the page.
    pub(crate) fn has_dialog(&self) -> bool {
        self.move_dialog.is_some()
            || self.loupe.is_some()
            || self.export.is_some()
            || self.proposal.is_some()
            || self.conflict.is_some()
            || self.namesake.is_some()
            || self.keep_dialog.is_some()
            || self.names.is_some()
            || self.merged.is_some()
            || self.reread.is_some()
            || self.sure.is_some()
    }

    /// Whether a preview or a grid is in the place of the faces.
    pub(crate) fn has_grid(&self) -> bool {
        self.split.is_some() || self.checking.is_some()
    }
}
