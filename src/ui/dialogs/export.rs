//! The dialog that asks what goes where in an export.

use std::collections::BTreeSet;
use std::path::PathBuf;

use eframe::egui::{Context, TextEdit, Ui};

use crate::export::{FORMATS, Selection, TransferMode};
use crate::review::{IdentityId, IdentityState};
use crate::ui::lang::t;
use crate::ui::view::ask::{FileDialogKind, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::listing::IdentityFilter;
use crate::ui::widgets::{paint, theme};

/// The identities of an export, as the dialog offers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum ExportScope {
    #[default]
    AllButIgnored,
    Named,
    Confirmed,
    Selected,
    Everybody,
}

/// The open dialog.
#[derive(Debug, Clone)]
pub(crate) struct ExportDialog {
    pub(crate) folder: String,
    mode: TransferMode,
    scope: ExportScope,
    /// Those who were selected when it opened.
    selected: BTreeSet<IdentityId>,
    /// Why the last try was refused.
    pub(crate) refused: Option<String>,
    /// It has just opened: Enter exports as it is proposed.
    wants_focus: bool,
}

impl ExportDialog {
    /// A dialog that proposes a new folder beside the tracks.
    pub(crate) fn new(view: &PanelContext, selected: Vec<IdentityId>) -> Self {
        let root = view.session.root();
        let name = crate::ui::view::listing::folder_name(root);
        let parent = root.parent().unwrap_or(root);
        let free = (1..1000)
            .map(|n| if n == 1 { format!("{name}-export") } else { format!("{name}-export-{n}") })
            .map(|name| parent.join(name))
            .find(|path| !path.exists());
        Self {
            folder: free.unwrap_or_default().display().to_string(),
            mode: TransferMode::default(),
            scope: ExportScope::default(),
            selected: selected.into_iter().collect(),
            refused: None,
            wants_focus: true,
        }
    }

    /// What was chosen, for the session.
    pub(crate) fn wish(&self, view: &PanelContext) -> (Selection, TransferMode, PathBuf) {
        let those = |take: &dyn Fn(&crate::review::Identity) -> bool| {
            Selection::Only(view.session.review().identities().filter(|i| take(i)).map(|i| i.id).collect())
        };
        let selection = match self.scope {
            ExportScope::AllButIgnored => Selection::default(),
            ExportScope::Named => those(&|i| i.name.is_some() && i.state != IdentityState::Ignored),
            ExportScope::Confirmed => those(&|i| i.state == IdentityState::Confirmed),
            ExportScope::Selected => Selection::Only(self.selected.clone()),
            ExportScope::Everybody => those(&|_| true),
        };
        (selection, self.mode, PathBuf::from(self.folder.trim()))
    }
}

/// Draws the dialog, where it is open.
pub(crate) fn show(
    ctx: &Context,
    view: &PanelContext,
    open: &mut Option<ExportDialog>,
    out: &mut Vec<Request>,
) {
    let Some(dialog) = open else { return };
    let modal = paint::modal(ctx, "export").show(ctx, |ui| {
        ui.set_width(460.0);
        ui.heading(t!("export-heading"));
        ui.add_space(theme::GAP);
        folder(ui, dialog, out);
        ui.add_space(theme::GAP * 1.5);
        ui.strong(t!("export-pictures"));
        for mode in TransferMode::ALL {
            ui.radio_value(&mut dialog.mode, mode, mode_words(mode));
        }
        ui.add_space(theme::GAP * 1.5);
        ui.strong(t!("export-identities"));
        identity_names(ui, view, dialog);
        if let Some(refused) = &dialog.refused {
            ui.add_space(theme::GAP);
            ui.colored_label(ui.visuals().error_fg_color, refused);
        }
        ui.add_space(theme::GAP * 1.5);
        ui.horizontal(|ui| {
            let can = !dialog.folder.trim().is_empty() && !view.is_busy;
            let button = ui.add_enabled(can, paint::primary(ui, t!("export-heading")));
            if std::mem::take(&mut dialog.wants_focus) {
                button.request_focus();
            }
            if button.clicked() {
                out.push(Request::StartExport);
            }
            ui.button(t!("cancel")).clicked()
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        *open = None;
    }
}

fn folder(ui: &mut Ui, dialog: &mut ExportDialog, out: &mut Vec<Request>) {
    let label = ui.strong(t!("export-folder"));
    ui.horizontal(|ui| {
        let width = ui.available_width() - 90.0;
        let edit =
            ui.add(TextEdit::singleline(&mut dialog.folder).desired_width(width)).labelled_by(label.id);
        if edit.changed() {
            dialog.refused = None;
        }
        if ui.button(t!("browse")).clicked() {
            out.push(Request::ChooseFolder(FileDialogKind::Export));
        }
    });
    let files: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    if let [files @ .., last] = files.as_slice() {
        paint::note(ui, t!("export-note", files = files.join(", "), last = *last));
    }
}

fn mode_words(mode: TransferMode) -> String {
    match mode {
        TransferMode::Copy => t!("link-copy"),
        TransferMode::Hard => t!("link-hard"),
        TransferMode::Symbolic => t!("link-symbolic"),
    }
}

fn identity_names(ui: &mut Ui, view: &PanelContext, dialog: &mut ExportDialog) {
    let counts = view.listing.counts;
    let all = counts.of(IdentityFilter::All) + counts.of(IdentityFilter::Ignored);
    let mut offer = |scope, text: String| ui.radio_value(&mut dialog.scope, scope, text);
    offer(ExportScope::AllButIgnored, t!("export-all", n = counts.of(IdentityFilter::All)));
    offer(ExportScope::Named, t!("export-named", n = counts.of(IdentityFilter::Named)));
    let n_confirmed = view.listing.cards().filter(|card| card.state == IdentityState::Confirmed).count();
    offer(ExportScope::Confirmed, t!("export-confirmed", n = n_confirmed));
    if !dialog.selected.is_empty() {
        offer(ExportScope::Selected, t!("export-selected", n = dialog.selected.len()));
    }
    if counts.of(IdentityFilter::Ignored) > 0 {
        offer(ExportScope::Everybody, t!("export-everybody", n = all));
    }
    if counts.unassigned > 0 {
        paint::note(ui, t!("export-unassigned", n = counts.unassigned));
    }
    let unconfirmed = view.listing.cards().filter(|card| card.state == IdentityState::Proposed).count();
    if unconfirmed > 0 && dialog.scope != ExportScope::Confirmed {
        paint::note(ui, t!("export-unconfirmed", n = unconfirmed));
    }
}
