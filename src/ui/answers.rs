//! What happens when the curator answers the machine's questions, or asks it something.
//!
//! Beside `handlers`: the questions, grids and panels of advice, refused edits, namesakes, and the
//! pages of all tracks at once with the jobs that they want.

use eframe::egui::Ui;

use super::actions::Action;
use super::app::App;
use super::checking::CheckBox;
use super::clash::ClashBox;
use super::handlers::{go, submit};
use super::known::KnownPage;
use super::look::{Look, Page, Request, Side, View};
use super::map::{self, MapPage, Wish};
use super::namesake::NamesakeBox;
use super::notices::Tone;
use super::pairs::Way;
use super::strangers::{self, StrangersPage};
use super::thumbnails::Thumbnails;
use super::timeline::{self, TimelinePage};
use super::words;
use crate::base::TrackIx;
use crate::review::{Edit, IdentityId};
use crate::session::{Command, SessionError};

/// The pages of all tracks at once.
#[derive(Debug, Default)]
pub(super) struct Views {
    pub(super) timeline: TimelinePage,
    pub(super) map: MapPage,
    pub(super) strangers: StrangersPage,
    pub(super) known: KnownPage,
}

/// What such a page wants beside its requests.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ViewWish {
    see: Option<TrackIx>,
    draws: bool,
    measures: bool,
}

impl Views {
    /// Draws the page that is looked at.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        view: &View,
        look: &mut Look,
        thumbs: &mut Thumbnails,
        out: &mut Vec<Request>,
    ) -> ViewWish {
        ui.horizontal(|ui| super::identity::back_button(ui, out));
        let mut wish = ViewWish::default();
        match look.page {
            Page::Timeline => wish.see = timeline::show(ui, view, &mut self.timeline, thumbs),
            Page::Map => match map::show(ui, view, look, &mut self.map, thumbs, out) {
                Wish::None => {}
                Wish::Draw => wish.draws = true,
                Wish::See(track) => wish.see = Some(track),
            },
            Page::Known => super::known::show(ui, view, look, &mut self.known, thumbs, out),
            _ => wish.measures = strangers::show(ui, view, &mut self.strangers, thumbs, out),
        }
        wish
    }
}

/// Does what a page of all tracks wanted.
pub(super) fn fulfil(app: &mut App, wish: ViewWish) {
    let Some(desk) = &mut app.desk else { return };
    if wish.draws {
        app.adviser.draw_map();
    }
    if wish.measures {
        app.adviser.measure();
    }
    if let Some(track) = wish.see {
        let page = desk.session.review().identity_of(track).map_or(Page::Unassigned, Page::Identity);
        go(app, page);
        if let Some(desk) = &mut app.desk {
            desk.refresh();
            desk.look.tracks.only(track);
            desk.look.tracks.reveal = true;
        }
    }
}

/// A refused edit: what clashes is shown, everything else is told.
pub(super) fn refused(app: &mut App, error: &SessionError, edit: Option<Box<Edit>>) {
    if let (SessionError::Refused(why), Some(edit), Some(desk)) = (error, edit, &mut app.desk)
        && let Some(clash) = ClashBox::new(*edit, why)
    {
        desk.look.clash = Some(clash);
        return;
    }
    app.toasts.push(Tone::Refused, words::error(error));
}

/// A name was typed: where somebody else has it, that is asked about first.
pub(super) fn name(app: &mut App, identity: IdentityId, name: String) {
    let Some(desk) = &mut app.desk else { return };
    match NamesakeBox::new(desk.session.review(), desk.advice.queue(), identity, &name) {
        Some(asked) => desk.look.namesake = Some(asked),
        None => submit(app, Command::Edit(Edit::Rename { identity, name })),
    }
}

/// Actions of questions, grids and panels; whether it was one.
pub(super) fn act(app: &mut App, action: Action) -> bool {
    match action {
        Action::Pairs => turn(app, Page::Pairs),
        Action::Timeline => turn(app, Page::Timeline),
        Action::Map => turn(app, Page::Map),
        Action::Strangers => turn(app, Page::Strangers),
        Action::Known => turn(app, Page::Known),
        Action::Different if on_known(app) => super::shelving::refuse(app),
        Action::Proposal => turn(app, Page::Rerun),
        Action::Why => toggle(app, |look| {
            let is_open = matches!(look.side, Some(Side::Why(_)));
            look.side = (!is_open).then(|| Side::Why(Box::default()));
        }),
        Action::History => toggle(app, |look| {
            let is_open = matches!(look.side, Some(Side::Past));
            look.side = (!is_open).then_some(Side::Past);
        }),
        Action::Same | Action::Different => answer(app, action == Action::Same),
        Action::Accept => accept(app),
        Action::Skip => skip(app),
        Action::AskAgain => {
            if let Some(queue) = app.desk.as_mut().and_then(|desk| desk.advice.queue_mut()) {
                queue.unskip_all();
            }
            toggle(app, |look| {
                look.pairs.forget();
                look.falls.unskip();
            });
        }
        Action::Check => check(app),
        Action::Part => {
            if let Some(Page::Identity(id)) = app.desk.as_ref().map(|desk| desk.look.page) {
                app.adviser.part(id);
            }
        }
        _ => return false,
    }
    true
}

fn turn(app: &mut App, page: Page) {
    let here = app.desk.as_ref().map(|desk| desk.look.page);
    go(app, if here == Some(page) { Page::Gallery } else { page });
}

fn on_known(app: &App) -> bool {
    app.desk.as_ref().is_some_and(|desk| desk.look.page == Page::Known)
}

fn toggle(app: &mut App, change: impl FnOnce(&mut Look)) {
    if let Some(desk) = &mut app.desk {
        change(&mut desk.look);
    }
}

fn answer(app: &mut App, is_same: bool) {
    let Some(desk) = &mut app.desk else { return };
    if desk.session.is_busy() {
        return;
    }
    let edit = desk.look.pairs.one(desk.session.review(), is_same);
    if let Some(edit) = edit {
        desk.look.pairs.forget();
        submit(app, Command::Edit(edit));
    }
}

/// Enter: the grid that is open, or the page of pairs.
fn accept(app: &mut App) {
    let is_busy = app.job_runs();
    let Some(desk) = &mut app.desk else { return };
    let (view, look, views) = desk.all_parts(app.memory.tile, is_busy);
    let has_grid = look.parting.is_some() || look.checking.is_some();
    let is_page = !has_grid && look.page == Page::Pairs && look.pairs.way != Way::Falls;
    let unanswered = if is_page { look.pairs.unticked() } else { Vec::new() };
    let edit = match (&look.parting, &look.checking) {
        (Some(parting), _) => parting.edit(view.session.review()),
        (_, Some(checking)) => checking.edit(&view),
        _ if look.page == Page::Pairs && look.pairs.way == Way::Falls => {
            look.falls.edit(view.session.review())
        }
        _ if look.page == Page::Pairs => look.pairs.many(view.session.review()),
        _ if look.page == Page::Known => views.known.edit(view.session.revision(), view.session.review()),
        _ => None,
    };
    if edit.is_none() && unanswered.is_empty() {
        return;
    }
    (look.parting, look.checking) = (None, None);
    look.pairs.forget();
    look.falls.skip(false);
    // What was seen and not ticked is no answer: it is only not asked again at this sitting.
    if let Some(queue) = desk.advice.queue_mut() {
        for pair in &unanswered {
            queue.skip(pair.a, pair.b);
        }
    }
    if let Some(edit) = edit {
        submit(app, Command::Edit(edit));
    }
}

fn skip(app: &mut App) {
    let Some(desk) = &mut app.desk else { return };
    if desk.look.pairs.way == Way::Falls {
        return desk.look.falls.skip(true);
    }
    let pairs = desk.look.pairs.pairs().to_vec();
    if let Some(queue) = desk.advice.queue_mut() {
        for pair in pairs {
            queue.skip(pair.a, pair.b);
        }
    }
    desk.look.pairs.forget();
}

fn check(app: &mut App) {
    let is_busy = app.job_runs();
    let Some(desk) = &mut app.desk else { return };
    let (view, look) = desk.parts(app.memory.tile, is_busy);
    if let Page::Identity(id) = look.page {
        look.checking = CheckBox::new(&view, id);
    }
}
