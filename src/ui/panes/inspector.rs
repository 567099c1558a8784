//! The inspector: whom one looks at, large; who else could be this person; why; and what was done.
//!
//! Takes the selection; asks for ordinary edits. Whoever is proposed is accepted or refused in its
//! place, alone or as a selection.

use std::collections::BTreeSet;

use eframe::egui::{Button, Id, Rect, RichText, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, vec2};

use super::evidence::{self, EvidencePanel};
use super::history;
use crate::base::TrackIx;
use crate::review::{Edit, IdentityId};
use crate::ui::actions::{menu, table};
use crate::ui::lang::t;
use crate::ui::view::ask::{InspectorTab, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;
use crate::ui::widgets::name_field::{self, NameField};
use crate::ui::widgets::person_rows::{self, PersonRow, RowPicture};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{icons, paint, playback, theme};

/// The most people with a name that tracks may go to.
const NAMED: usize = 3;
/// Entries of a person's own history that are shown.
const PAST: usize = 5;

/// Whom the proposals are for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    /// Who else could be this person.
    Person(IdentityId),
    /// Whose these tracks could be.
    Tracks(Vec<TrackIx>),
}

/// What the inspector keeps.
#[derive(Debug, Default)]
pub(crate) struct Inspector {
    /// What the proposals are of, and at which revision.
    of: Option<(Subject, u64)>,
    proposals: Vec<(IdentityId, f32)>,
    /// The last entries of the history that concern a person: who, at which revision, and which.
    past: Option<(IdentityId, u64, Vec<u64>)>,
    ticked: BTreeSet<IdentityId>,
    /// The proposal that was clicked last: where a range begins.
    clicked_last: Option<IdentityId>,
    evidence: EvidencePanel,
}

impl Inspector {
    fn refresh(&mut self, view: &PanelContext, subject: Option<Subject>) {
        let Some((subject, queue)) = subject.zip(view.queue) else {
            (self.of, self.proposals) = (None, Vec::new());
            return;
        };
        let of = (subject, view.session.revision());
        if self.of.as_ref() == Some(&of) {
            return;
        }
        let tracks = match &of.0 {
            Subject::Person(id) => {
                view.session.review().identity(*id).map(|it| it.tracks.clone()).unwrap_or_default()
            }
            Subject::Tracks(tracks) => tracks.clone(),
        };
        self.proposals = queue.could_be(&tracks);
        self.proposals.retain(|(id, _)| view.listing.card(*id).is_some());
        if let Subject::Tracks(tracks) = &of.0 {
            // Tracks go to somebody with a name by one click, however unlikely.
            let named = queue.likely_named(tracks, NAMED);
            let is_new = |id: IdentityId| self.proposals.iter().all(|(other, _)| *other != id);
            let more: Vec<_> = named.into_iter().filter(|(id, _)| is_new(*id)).collect();
            self.proposals.extend(more);
        }
        let is_same = self.of.as_ref().is_some_and(|(before, _)| *before == of.0);
        if !is_same {
            self.ticked.clear();
            self.clicked_last = None;
        }
        self.ticked.retain(|id| self.proposals.iter().any(|(other, _)| other == id));
        self.of = Some(of);
    }

    /// A click on a proposal: alone it ticks or unticks it, with Shift it ticks all from the one clicked last.
    fn click(&mut self, id: IdentityId, is_range: bool) {
        let place = |wanted: IdentityId| self.proposals.iter().position(|(id, _)| *id == wanted);
        let range = self.clicked_last.filter(|_| is_range).and_then(place).zip(place(id));
        if let Some((from, to)) = range {
            self.ticked.extend(self.proposals[from.min(to)..=from.max(to)].iter().map(|(id, _)| *id));
        } else if !self.ticked.remove(&id) {
            self.ticked.insert(id);
        }
        self.clicked_last = Some(id);
    }
}

/// Draws the inspector.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    inspector: &mut Inspector,
    naming: &mut Option<NameField>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    ui.horizontal(|ui| {
        for (tab, name, action) in [
            (InspectorTab::Details, t!("inspector-details"), None),
            (InspectorTab::Evidence, table::WHY.name(), Some(&table::WHY)),
            (InspectorTab::History, table::HISTORY.name(), Some(&table::HISTORY)),
        ] {
            let response = ui.selectable_label(state.inspector == tab, name);
            let response = match action {
                Some(action) => response.on_hover_text(action.tip(ui.ctx())),
                None => response,
            };
            if response.clicked() {
                state.inspector = tab;
            }
        }
    });
    ui.add_space(theme::GAP * 0.5);
    match state.inspector {
        InspectorTab::Details => details(ui, view, state, inspector, naming, thumbs, out),
        InspectorTab::Evidence => evidence::show(ui, view, state, &mut inspector.evidence, thumbs, out),
        InspectorTab::History => history::show(ui, view, out),
    }
}

fn details(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    inspector: &mut Inspector,
    naming: &mut Option<NameField>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let subject = if state.tracks.is_empty() {
        state.single().map(Subject::Person)
    } else {
        Some(Subject::Tracks(state.tracks.items()))
    };
    inspector.refresh(view, subject.clone());
    ScrollArea::vertical().id_salt("details").auto_shrink(false).show(ui, |ui| {
        preview(ui, view, state, thumbs);
        name(ui, view, state, naming, thumbs, out);
        let Some(subject) = subject else {
            ui.add_space(theme::GAP);
            paint::note(ui, t!("inspector-nobody"));
            return;
        };
        about(ui, view, state, &subject, out);
        proposals(ui, view, inspector, &subject, thumbs, out);
        if let Some(id) = state.single() {
            past(ui, view, state, inspector, id, out);
        }
    });
}

/// Whom one looks at, in motion.
fn preview(ui: &mut Ui, view: &PanelContext, state: &PageState, thumbs: &mut Thumbnails) {
    let review = view.session.review();
    let person = state.single().and_then(|id| review.identity(id));
    let chosen = state.tracks.cursor().filter(|_| !state.tracks.is_empty());
    let side = ui.available_width().min(300.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), side), Sense::hover());
    let place = Rect::from_center_size(rect.center(), Vec2::splat(side));
    match (chosen, person) {
        (Some(track), _) => playback::play(ui, place, view, track, thumbs),
        (None, Some(person)) => {
            playback::play_several(
                ui,
                place,
                view,
                &playback::representative_tracks(view, person, 4),
                thumbs,
            );
        }
        (None, None) => paint::picture(ui, place, None, thumbs, eframe::egui::Color32::WHITE),
    }
}

/// The person's name, in a box to be clicked and typed in.
fn name(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    naming: &mut Option<NameField>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(card) = state.single().and_then(|id| view.listing.card(id)) else { return };
    ui.add_space(theme::GAP * 0.5);
    // Beside the scroll bar.
    let width = ui.available_width() - ui.spacing().scroll.bar_width;
    if naming.as_ref().is_some_and(|name| name.identity() == card.id) {
        name_field::show_open(ui, naming, width, view, state, thumbs, out);
        return;
    }
    let text = if card.is_named {
        RichText::new(&card.title).color(ui.visuals().strong_text_color())
    } else {
        RichText::new(t!("name-of", who = card.title.as_str())).color(theme::muted(ui))
    };
    let fill = ui.visuals().extreme_bg_color;
    let box_like = Button::new(text).fill(fill).min_size(vec2(width, 28.0)).truncate();
    let response = ui
        .add_enabled(table::NAME.why_not(view, state).is_none(), box_like)
        .accessible_name(t!("name-box", who = card.title.as_str()))
        .on_hover_text(table::NAME.tip(ui.ctx()));
    if response.clicked() {
        out.extend(table::NAME.request(view, state));
    }
}

/// The last things that were done about this person.
fn past(
    ui: &mut Ui,
    view: &PanelContext,
    state: &mut PageState,
    inspector: &mut Inspector,
    id: IdentityId,
    out: &mut Vec<Request>,
) {
    let revision = view.session.revision();
    if inspector.past.as_ref().is_none_or(|(of, at, _)| (*of, *at) != (id, revision)) {
        inspector.past = Some((id, revision, history::of_person(view, id, PAST)));
    }
    let Some((.., numbers)) = &inspector.past else { return };
    ui.add_space(theme::GAP);
    ui.strong(t!("past-of-person"));
    if numbers.is_empty() {
        paint::note(ui, t!("past-of-person-none"));
        return;
    }
    history::rows(ui, view, numbers, out);
    if ui.button(t!("past-all")).clicked() {
        state.inspector = InspectorTab::History;
    }
}

/// Who that is, and what can be done at once.
fn about(ui: &mut Ui, view: &PanelContext, state: &PageState, subject: &Subject, out: &mut Vec<Request>) {
    ui.add_space(theme::GAP * 0.5);
    let review = view.session.review();
    match subject {
        Subject::Person(id) => {
            if let Some(card) = view.listing.card(*id) {
                paint::note(ui, card.facts());
            }
            ui.horizontal_wrapped(|ui| {
                for action in [&table::CONFIRM, &table::KEEP_IN_LIBRARY] {
                    menu::button(ui, action, view, state, out);
                }
            });
        }
        Subject::Tracks(tracks) => {
            let text = match tracks[..] {
                [track] => review.track_id(track).to_owned(),
                _ => t!("selected", n = tracks.len()),
            };
            ui.label(RichText::new(text).strong());
            ui.horizontal_wrapped(|ui| {
                for action in [&table::MOVE, &table::SPLIT, &table::REJECT, &table::COVER, &table::LOUPE] {
                    menu::button(ui, action, view, state, out);
                }
            });
        }
    }
    ui.add_space(theme::GAP);
}

/// Who else it could be: each taken or refused in its place, or several at once.
fn proposals(
    ui: &mut Ui,
    view: &PanelContext,
    inspector: &mut Inspector,
    subject: &Subject,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    ui.strong(match subject {
        Subject::Person(_) => t!("could-be-person"),
        Subject::Tracks(_) => t!("could-be-tracks"),
    });
    if view.queue.is_none() {
        paint::note(ui, if view.is_advice_unavailable { t!("pairs-vain-why") } else { t!("pairs-waiting") });
        return;
    }
    if inspector.proposals.is_empty() {
        paint::note(ui, t!("could-be-nobody"));
        return;
    }
    let can = !view.is_read_only() && !view.session.is_busy();
    for (id, p) in inspector.proposals.clone() {
        let Some(card) = view.listing.card(id) else { continue };
        let (title, cover) = (card.title.clone(), view.cover(card));
        let row = PersonRow {
            title: &title,
            facts: &card.short_facts(),
            face: RowPicture::Of(cover.as_deref()),
            p: Some(p),
        };
        let is_ticked = inspector.ticked.contains(&id);
        let response = person_rows::row(ui, Id::unique(("could-be", id)), &row, is_ticked, thumbs);
        let spoken = t!("could-be-spoken", who = title.as_str(), likely = person_rows::likely(p));
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_ticked, &spoken));
        if response.clicked() {
            inspector.click(id, ui.input(|input| input.modifiers.shift));
        }
        if response.double_clicked() {
            out.push(Request::ShowPerson(id));
        }
        ui.horizontal(|ui| {
            ui.add_space(person_rows::ROW);
            let yes = icons::button(ui, icons::CONFIRM, &t!("could-be-yes", who = title.as_str()), can);
            if yes.on_hover_text(t!("could-be-yes", who = title.as_str())).clicked() {
                out.extend(accept(view, subject, &[id]).map(Request::Edit));
            }
            let no = icons::button(ui, icons::NOT_SAME, &t!("could-be-no", who = title.as_str()), can);
            if no.on_hover_text(t!("could-be-no", who = title.as_str())).clicked() {
                out.extend(refuse(view, subject, id).map(Request::Edit));
            }
        });
    }
    let ticked: Vec<IdentityId> = inspector.ticked.iter().copied().collect();
    let may = can && !ticked.is_empty() && (matches!(subject, Subject::Person(_)) || ticked.len() == 1);
    let text = t!("could-be-accept", n = ticked.len());
    ui.add_space(theme::GAP * 0.5);
    if ui.add_enabled(may, paint::primary(ui, &text)).clicked() {
        out.extend(accept(view, subject, &ticked).map(Request::Edit));
    }
    paint::note(ui, t!("could-be-how"));
}

/// The edit that says that they are the same person.
fn accept(view: &PanelContext, subject: &Subject, people: &[IdentityId]) -> Option<Edit> {
    let review = view.session.review();
    match subject {
        // Who is looked at keeps its number and, where it has one, its name.
        Subject::Person(id) => {
            let all = std::iter::once(*id).chain(people.iter().copied());
            Some(Edit::merge(all.collect(), None))
        }
        Subject::Tracks(tracks) => {
            let ids = tracks.iter().map(|&ix| review.track_id(ix).to_owned()).collect();
            Some(Edit::move_to(ids, *people.first()?))
        }
    }
}

/// The edit that says that they are not.
fn refuse(view: &PanelContext, subject: &Subject, person: IdentityId) -> Option<Edit> {
    let review = view.session.review();
    match subject {
        Subject::Person(id) => review.cannot_link(*id, person),
        Subject::Tracks(tracks) => {
            let other = *review.identity(person)?.tracks.first()?;
            let edits: Vec<Edit> =
                tracks.iter().map(|&track| review.cannot_link_tracks(other, track)).collect();
            match edits.len() {
                1 => edits.into_iter().next(),
                _ => Some(Edit::All { edits }),
            }
        }
    }
}
