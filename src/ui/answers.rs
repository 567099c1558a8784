//! What happens when the curator answers or asks a question.
//!
//! Beside `handlers`: the questions, grids and panels of advice, refused edits, namesakes, and the
//! pages of all tracks at once with the jobs that they want.

use eframe::egui::Ui;

use super::actions::Action;
use super::app::App;
use super::check_grid::CheckGrid;
use super::conflict::ConflictDialog;
use super::handlers::{go, submit};
use super::known_people::KnownPeoplePage;
use super::map::{self, MapPage, MapRequest};
use super::namesake::NamesakeDialog;
use super::pairs::PairsMode;
use super::state::{InfoPanel, Page, PanelContext, Request, UiState};
use super::strangers::{self, StrangersPage};
use super::texts;
use super::thumbnails::Thumbnails;
use super::timeline::{self, TimelinePage};
use super::toasts::Severity;
use crate::base::TrackIx;
use crate::review::{Edit, IdentityId};
use crate::session::{Command, SessionError};

/// The pages of all tracks at once.
#[derive(Debug, Default)]
pub(super) struct TrackPages {
    pub(super) timeline: TimelinePage,
    pub(super) map: MapPage,
    pub(super) strangers: StrangersPage,
    pub(super) known: KnownPeoplePage,
}

/// What such a page wants beside its requests.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageRequest {
    see: Option<TrackIx>,
    draws: bool,
    measures: bool,
}

impl TrackPages {
    /// Draws the page that is looked at.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        view: &PanelContext,
        state: &mut UiState,
        thumbs: &mut Thumbnails,
        out: &mut Vec<Request>,
    ) -> PageRequest {
        ui.horizontal(|ui| super::identity::back_button(ui, out));
        let mut wish = PageRequest::default();
        match state.page {
            Page::Timeline => wish.see = timeline::show(ui, view, &mut self.timeline, thumbs),
            Page::Map => match map::show(ui, view, state, &mut self.map, thumbs, out) {
                MapRequest::None => {}
                MapRequest::Draw => wish.draws = true,
                MapRequest::See(track) => wish.see = Some(track),
            },
            Page::KnownPeople => super::known_people::show(ui, view, state, &mut self.known, thumbs, out),
            _ => wish.measures = strangers::show(ui, view, &mut self.strangers, thumbs, out),
        }
        wish
    }
}

/// Does what a page of all tracks wanted.
pub(super) fn handle_page_request(app: &mut App, wish: PageRequest) {
    let Some(project) = &mut app.project else { return };
    if wish.draws {
        app.adviser.start_map();
    }
    if wish.measures {
        app.adviser.start_sharpness();
    }
    if let Some(track) = wish.see {
        let page = project.session.review().identity_of(track).map_or(Page::Unassigned, Page::Identity);
        go(app, page);
        if let Some(project) = &mut app.project {
            project.refresh();
            project.state.tracks.only(track);
            project.state.tracks.reveal = true;
        }
    }
}

/// A refused edit: conflicts are shown, everything else is a toast.
pub(super) fn show_refusal(app: &mut App, error: &SessionError, edit: Option<Box<Edit>>) {
    if let (SessionError::Refused(why), Some(edit), Some(project)) = (error, edit, &mut app.project)
        && let Some(clash) = ConflictDialog::new(*edit, why)
    {
        project.state.conflict = Some(clash);
        return;
    }
    app.toasts.push(Severity::Refused, texts::error(error));
}

/// A name was typed: where another identity has it, that is asked about first.
pub(super) fn name(app: &mut App, identity: IdentityId, name: String) {
    let Some(project) = &mut app.project else { return };
    match NamesakeDialog::new(project.session.review(), project.advice.queue(), identity, &name) {
        Some(asked) => project.state.namesake = Some(asked),
        None => submit(app, Command::Edit(Edit::Rename { identity, name })),
    }
}

/// Actions of questions, grids and panels; whether it was one.
pub(super) fn handle_action(app: &mut App, action: Action) -> bool {
    match action {
        Action::Pairs => show_next_page(app, Page::Pairs),
        Action::Timeline => show_next_page(app, Page::Timeline),
        Action::Map => show_next_page(app, Page::Map),
        Action::Strangers => show_next_page(app, Page::Strangers),
        Action::KnownPeople => show_next_page(app, Page::KnownPeople),
        Action::AnswerDifferent if is_on_known_people(app) => super::library_actions::refuse(app),
        Action::Proposal => show_next_page(app, Page::Rerun),
        Action::Evidence => toggle(app, |state| {
            let is_open = matches!(state.info_panel, Some(InfoPanel::Evidence(_)));
            state.info_panel = (!is_open).then(|| InfoPanel::Evidence(Box::default()));
        }),
        Action::History => toggle(app, |state| {
            let is_open = matches!(state.info_panel, Some(InfoPanel::History));
            state.info_panel = (!is_open).then_some(InfoPanel::History);
        }),
        Action::AnswerSame | Action::AnswerDifferent => answer(app, action == Action::AnswerSame),
        Action::Accept => accept(app),
        Action::Skip => skip(app),
        Action::AskAgain => {
            if let Some(queue) = app.project.as_mut().and_then(|project| project.advice.queue_mut()) {
                queue.unskip_all();
            }
            toggle(app, |state| {
                state.pairs.clear();
                state.mixed.unskip();
            });
        }
        Action::CheckTracks => check(app),
        Action::SuggestSplit => {
            if let Some(Page::Identity(id)) = app.project.as_ref().map(|project| project.state.page) {
                app.adviser.start_split(id);
            }
        }
        _ => return false,
    }
    true
}

fn show_next_page(app: &mut App, page: Page) {
    let here = app.project.as_ref().map(|project| project.state.page);
    go(app, if here == Some(page) { Page::Gallery } else { page });
}

fn is_on_known_people(app: &App) -> bool {
    app.project.as_ref().is_some_and(|project| project.state.page == Page::KnownPeople)
}

fn toggle(app: &mut App, change: impl FnOnce(&mut UiState)) {
    if let Some(project) = &mut app.project {
        change(&mut project.state);
    }
}

fn answer(app: &mut App, is_same: bool) {
    let Some(project) = &mut app.project else { return };
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
fn accept(app: &mut App) {
    let is_busy = app.job_runs();
    let Some(project) = &mut app.project else { return };
    let (view, state, views) = project.all_parts(app.saved_state.tile, is_busy);
    let has_grid = state.split.is_some() || state.checking.is_some();
    let is_page = !has_grid && state.page == Page::Pairs && state.pairs.mode != PairsMode::Mixed;
    let unanswered = if is_page { state.pairs.unticked() } else { Vec::new() };
    let edit = match (&state.split, &state.checking) {
        (Some(parting), _) => parting.edit(view.session.review()),
        (_, Some(checking)) => checking.edit(&view),
        _ if state.page == Page::Pairs && state.pairs.mode == PairsMode::Mixed => {
            state.mixed.edit(view.session.review())
        }
        _ if state.page == Page::Pairs => state.pairs.show_many(view.session.review()),
        _ if state.page == Page::KnownPeople => {
            views.known.edit(view.session.revision(), view.session.review())
        }
        _ => None,
    };
    if edit.is_none() && unanswered.is_empty() {
        return;
    }
    (state.split, state.checking) = (None, None);
    state.pairs.clear();
    state.mixed.skip(false);
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

fn skip(app: &mut App) {
    let Some(project) = &mut app.project else { return };
    if project.state.pairs.mode == PairsMode::Mixed {
        return project.state.mixed.skip(true);
    }
    let pairs = project.state.pairs.pairs().to_vec();
    if let Some(queue) = project.advice.queue_mut() {
        for pair in pairs {
            queue.skip(pair.a, pair.b);
        }
    }
    project.state.pairs.clear();
}

fn check(app: &mut App) {
    let is_busy = app.job_runs();
    let Some(project) = &mut app.project else { return };
    let (view, state) = project.parts(app.saved_state.tile, is_busy);
    if let Page::Identity(id) = state.page {
        state.checking = CheckGrid::new(&view, id);
    }
}
