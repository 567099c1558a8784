//! What happens when the curator answers: questions, grids, refused edits and namesakes.

use super::effects::{go, submit};
use super::{App, library_actions};
use crate::base::TrackIx;
use crate::review::{Edit, IdentityId};
use crate::session::{Command, SessionError};
use crate::ui::dialogs::conflict::ConflictDialog;
use crate::ui::dialogs::namesake::NamesakeDialog;
use crate::ui::lang::texts;
use crate::ui::pages::check_grid::CheckGrid;
use crate::ui::pages::pairs::PairsMode;
use crate::ui::view::ask::Page;
use crate::ui::view::state::Pane;
use crate::ui::widgets::toasts::Severity;

/// A refused edit: conflicts are shown, everything else is a toast.
pub(crate) fn show_refusal(app: &mut App, error: &SessionError, edit: Option<Box<Edit>>) {
    if let (SessionError::Refused(why), Some(edit), Some(project)) = (error, edit, &mut app.project)
        && let Some(clash) = ConflictDialog::new(*edit, why)
    {
        project.state.conflict = Some(clash);
        return;
    }
    app.toasts.push(Severity::Refused, texts::error(error));
}

/// A name was typed: where another identity has it, that is asked about first.
pub(crate) fn name(app: &mut App, identity: IdentityId, name: String) {
    let Some(project) = &mut app.project else { return };
    match NamesakeDialog::new(project.session.review(), project.advice.queue(), identity, &name) {
        Some(asked) => project.state.namesake = Some(asked),
        None => submit(app, Command::Edit(Edit::Rename { identity, name })),
    }
}

/// Answers the pair that is asked about, or refuses the person of the library that is proposed.
pub(crate) fn answer(app: &mut App, is_same: bool) {
    let Some(project) = &mut app.project else { return };
    if project.state.look.page == Page::KnownPeople {
        return library_actions::refuse(app);
    }
    if project.session.is_busy() {
        return;
    }
    let edit = project.state.pairs.show_one(project.session.review(), is_same);
    if let Some(edit) = edit {
        project.state.pairs.clear();
        submit(app, Command::Edit(edit));
    }
}

/// Enter: the grid that is open, or the page of pairs.
pub(crate) fn accept(app: &mut App) {
    let is_busy = app.job_runs();
    let Some(project) = &mut app.project else { return };
    let (view, state, views) = project.all_parts(app.saved_state.tile, is_busy);
    let has_grid = state.split.is_some() || state.checking.is_some();
    let is_page = !has_grid && state.look.page == Page::Pairs && state.pairs.mode != PairsMode::Mixed;
    let unanswered = if is_page { state.pairs.unticked() } else { Vec::new() };
    let edit = match (&state.split, &state.checking) {
        (Some(parting), _) => parting.edit(view.session.review()),
        (_, Some(checking)) => checking.edit(&view),
        _ if state.look.page == Page::Pairs && state.pairs.mode == PairsMode::Mixed => {
            state.pairs.mixed.edit(view.session.review())
        }
        _ if state.look.page == Page::Pairs => state.pairs.show_many(view.session.review()),
        _ if state.look.page == Page::KnownPeople => {
            views.known.edit(view.session.revision(), view.session.review())
        }
        _ => None,
    };
    if edit.is_none() && unanswered.is_empty() {
        return;
    }
    (state.split, state.checking) = (None, None);
    state.pairs.clear();
    state.pairs.mixed.skip(false);
    // What was seen and not ticked is no answer: it is only not asked again at this sitting.
    if let Some(queue) = project.advice.queue_mut() {
        for pair in &unanswered {
            queue.skip(pair.a, pair.b);
        }
    }
    if let Some(edit) = edit {
        submit(app, Command::Edit(edit));
    }
}

/// Passes over what is asked.
pub(crate) fn skip(app: &mut App) {
    let Some(project) = &mut app.project else { return };
    if project.state.pairs.mode == PairsMode::Mixed {
        return project.state.pairs.mixed.skip(true);
    }
    let pairs = project.state.pairs.pairs().to_vec();
    if let Some(queue) = project.advice.queue_mut() {
        for pair in pairs {
            queue.skip(pair.a, pair.b);
        }
    }
    project.state.pairs.clear();
}

/// Asks again what was skipped.
pub(crate) fn ask_again(app: &mut App) {
    let Some(project) = &mut app.project else { return };
    if let Some(queue) = project.advice.queue_mut() {
        queue.unskip_all();
    }
    project.state.pairs.clear();
    project.state.pairs.mixed.unskip();
}

/// Opens the grid in which an identity is checked.
pub(crate) fn check(app: &mut App, identity: IdentityId) {
    let is_busy = app.job_runs();
    let Some(project) = &mut app.project else { return };
    let (view, state) = project.parts(app.saved_state.tile, is_busy);
    state.checking = CheckGrid::new(&view, identity);
}

/// Goes to a track, among those of its person.
pub(crate) fn show_track(app: &mut App, track: TrackIx) {
    go(app, Page::People);
    let Some(project) = &mut app.project else { return };
    let person = project.session.review().identity_of(track);
    let look = &mut project.state.look;
    look.unassigned = person.is_none();
    if let Some(person) = person {
        look.identities.only(person);
        look.identities.reveal = true;
    } else {
        look.identities.clear();
    }
    project.refresh();
    let look = &mut project.state.look;
    look.tracks.only(track);
    look.tracks.reveal = true;
    look.focus = Pane::Faces;
}
