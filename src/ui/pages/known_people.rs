//! Known people: which people of a library the unnamed identities are, and the people of the
//! library.
//!
//! Takes a view and its own [`KnownPeoplePage`]; asks for ordinary edits of the project and for
//! edits of the library, which another thread does. Likely proposals are ticked already; click the
//! wrong ones out, press Enter. Nothing moves under the hand between two answers.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{
    Align, Color32, Id, Key, Layout, Modifiers, Rect, Role, ScrollArea, Sense, Spinner, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use crate::advice::{Resemblance, accept_recognised, unlike};
use crate::review::{Edit, Identity, IdentityId, IdentityState, KnownPerson, Review};
use crate::session::KnownPeople;
use crate::ui::actions::table;
use crate::ui::lang::t;
use crate::ui::pages::library_members::{self, LibraryMembers};
use crate::ui::view::ask::{FileDialogKind, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, person_rows, playback, theme};

const FACE: f32 = 68.0;
const ROW: f32 = 96.0;
/// Faces of either side at most.
const OF_LIBRARY: usize = 3;
const OF_IDENTITY: usize = 4;
/// Room for the words between the two sides.
const WORDS: f32 = 190.0;

/// What is known of the library's file.
#[derive(Debug, Clone, Default)]
pub(crate) enum LibraryState {
    /// It is to be read.
    #[default]
    Unread,
    /// It is being read.
    Reading,
    /// It is there.
    Read(Arc<KnownPeople>),
    /// There is none yet.
    Missing,
    /// It cannot be read, and why.
    Failed(String),
}

/// The page's state.
#[derive(Debug, Default)]
pub(crate) struct KnownPeoplePage {
    /// The library's file; none where there is no place for one.
    pub(crate) path: Option<PathBuf>,
    pub(crate) library: LibraryState,
    /// The proposals, and their revision.
    found: Option<(u64, Vec<Resemblance>)>,
    shown: Vec<Resemblance>,
    ticks: BTreeMap<(IdentityId, KnownPerson), bool>,
    cursor: usize,
    shows_members: bool,
    members: LibraryMembers,
}

impl KnownPeoplePage {
    /// Reads the library again.
    pub(crate) fn forget(&mut self) {
        self.library = LibraryState::Unread;
        self.found = None;
    }

    /// The people, where they were read.
    pub(crate) fn people(&self) -> Option<&Arc<KnownPeople>> {
        if let LibraryState::Read(people) = &self.library { Some(people) } else { None }
    }

    /// Whether the proposals are not of the present state.
    pub(crate) fn is_outdated(&self, revision: u64) -> bool {
        self.people().is_some() && self.found.as_ref().is_none_or(|found| found.0 != revision)
    }

    /// Sets the proposals; ticks stay as they are.
    pub(crate) fn set_found(&mut self, revision: u64, found: Vec<Resemblance>) {
        for it in &found {
            self.ticks.entry((it.identity, it.person)).or_insert(it.is_sure);
        }
        self.shown.clone_from(&found);
        self.cursor = self.cursor.min(found.len().saturating_sub(1));
        self.found = Some((revision, found));
    }

    fn is_ticked(&self, it: &Resemblance) -> bool {
        self.ticks.get(&(it.identity, it.person)).copied().unwrap_or(false)
    }

    fn toggle_at(&mut self, at: usize) {
        if let Some(it) = self.shown.get(at) {
            let tick = self.ticks.entry((it.identity, it.person)).or_insert(false);
            *tick = !*tick;
        }
    }

    /// The edit that names the ticked ones; none where nothing is ticked, or the proposals are of
    /// an older state.
    pub(crate) fn edit(&self, revision: u64, review: &Review) -> Option<Edit> {
        self.found.as_ref().filter(|found| found.0 == revision && !self.shows_members)?;
        let chosen: Vec<&Resemblance> = self.shown.iter().filter(|it| self.is_ticked(it)).collect();
        accept_recognised(review, &chosen)
    }

    /// The edit that says that the one under the cursor is not that person.
    pub(crate) fn refuse(&self, revision: u64, review: &Review) -> Option<Edit> {
        self.found.as_ref().filter(|found| found.0 == revision && !self.shows_members)?;
        unlike(review, self.shown.get(self.cursor)?)
    }
}

/// Draws the page.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    page: &mut KnownPeoplePage,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    header(ui, view, page, out);
    match &page.library {
        LibraryState::Unread | LibraryState::Reading => waiting(ui, t!("known-reading")),
        LibraryState::Missing => missing(ui, view, out),
        LibraryState::Failed(why) => {
            ui.add_space(theme::GAP);
            ui.colored_label(ui.visuals().error_fg_color, why.clone());
        }
        LibraryState::Read(people) => {
            let people = Arc::clone(people);
            if page.shows_members {
                library_members::show(ui, &people, &mut page.members, thumbs, out);
            } else {
                proposals(ui, view, page, &people, thumbs, out);
            }
        }
    }
}

/// Heading, which side of the library is looked at, and what can be done to the whole.
fn header(ui: &mut Ui, view: &PanelContext, page: &mut KnownPeoplePage, out: &mut Vec<Request>) {
    ui.heading(t!("known-title"));
    let place = page.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    ui.horizontal(|ui| {
        paint::note(ui, t!("known-note"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button(t!("known-other")).on_hover_text(place).clicked() {
                out.push(Request::ChooseFolder(FileDialogKind::Library));
            }
        });
    });
    let n_people = page.people().map_or(0, |people| people.people().len());
    ui.horizontal(|ui| {
        ui.selectable_value(&mut page.shows_members, false, t!("known-here", n = page.shown.len()));
        ui.selectable_value(&mut page.shows_members, true, t!("known-members", n = n_people));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let named = n_named(view);
            if named == 0 {
                return;
            }
            let can = !view.is_busy && !view.session.is_busy() && page.path.is_some();
            let button = ui.add_enabled(can, eframe::egui::Button::new(t!("known-keep-all", n = named)));
            if button.on_hover_text(table::KEEP_IN_LIBRARY.doc()).clicked() {
                out.push(Request::Keep(Vec::new()));
            }
        });
    });
    ui.add_space(theme::GAP * 0.5);
}

/// The identities that the button keeps: all that have a name and are not ignored.
fn n_named(view: &PanelContext) -> usize {
    let is_kept = |it: &&Identity| it.name.is_some() && it.state != IdentityState::Ignored;
    view.session.review().identities().filter(is_kept).count()
}

fn waiting(ui: &mut Ui, text: String) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.35);
        ui.add(Spinner::new());
        ui.label(text);
    });
}

/// No library yet: what it is for, and how one begins.
fn missing(ui: &mut Ui, view: &PanelContext, out: &mut Vec<Request>) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.3);
        ui.strong(t!("known-none"));
        paint::note(ui, t!("known-none-how"));
        ui.add_space(theme::GAP);
        let named = n_named(view);
        let can = !view.is_busy;
        if named > 0 && ui.add_enabled(can, paint::primary(ui, t!("known-keep-all", n = named))).clicked() {
            out.push(Request::Keep(Vec::new()));
        }
    });
}

fn proposals(
    ui: &mut Ui,
    view: &PanelContext,
    page: &mut KnownPeoplePage,
    people: &KnownPeople,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let revision = view.session.revision();
    if page.found.is_none() {
        return waiting(ui, t!("known-comparing"));
    }
    if people.n_without_vector() > 0 {
        paint::note(ui, t!("known-unseen", n = people.n_without_vector()));
    }
    if page.shown.is_empty() {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() * 0.35);
            ui.strong(t!("known-nobody"));
            paint::note(ui, t!("known-nobody-how"));
        });
        return;
    }
    if !view.has_dialog && !ui.ctx().text_edit_focused() {
        keys(ui, page);
    }
    let n = page.shown.iter().filter(|it| page.is_ticked(it)).count();
    let can = !view.is_read_only() && !view.session.is_busy() && !page.is_outdated(revision);
    ui.horizontal(|ui| {
        paint::note(ui, t!("known-how"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let button = ui.add_enabled(can && n > 0, paint::primary(ui, t!("known-accept", n = n)));
            if button.on_hover_text(table::ACCEPT.tip(ui.ctx())).clicked() {
                out.push(Request::Accept);
            }
        });
    });
    ui.add_space(theme::GAP * 0.5);
    let rows = page.shown.len();
    ScrollArea::vertical().id_salt("known").auto_shrink(false).show_rows(ui, ROW, rows, |ui, range| {
        for at in range {
            row(ui, view, page, at, people, thumbs, can, out);
        }
    });
}

/// Up and down move over the proposals, Space ticks.
fn keys(ui: &Ui, page: &mut KnownPeoplePage) {
    let hit = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if hit(Key::ArrowDown) {
        page.cursor = (page.cursor + 1).min(page.shown.len().saturating_sub(1));
    }
    if hit(Key::ArrowUp) {
        page.cursor = page.cursor.saturating_sub(1);
    }
    if hit(Key::Space) {
        page.toggle_at(page.cursor);
    }
}

#[expect(clippy::too_many_arguments, reason = "a row draws from the page, the library and the project")]
fn row(
    ui: &mut Ui,
    view: &PanelContext,
    page: &mut KnownPeoplePage,
    at: usize,
    people: &KnownPeople,
    thumbs: &mut Thumbnails,
    can: bool,
    out: &mut Vec<Request>,
) {
    let it = page.shown[at].clone();
    let (Some(card), Some(identity)) =
        (view.listing.card(it.identity), view.session.review().identity(it.identity))
    else {
        return;
    };
    let is_ticked = page.is_ticked(&it);
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width() - 8.0, ROW - theme::GAP), Sense::hover());
    // Room for the ring of the first one.
    let rect = rect.shrink(2.0);
    let response = ui.interact(rect, Id::unique(("known", it.identity)), Sense::click());
    let likely = person_rows::likely(it.p);
    let spoken =
        t!("known-spoken", who = card.title.as_str(), name = it.name.as_str(), likely = likely.clone());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_ticked, &spoken));
    paint::row(ui, rect, &response, is_ticked, page.cursor == at);
    let face = |left: f32| Rect::from_min_size(pos2(left, rect.center().y - FACE / 2.0), Vec2::splat(FACE));
    let mut left = rect.left() + theme::GAP;
    for path in people.faces(it.person.person).iter().take(OF_LIBRARY) {
        paint::picture(ui, face(left), Some(path), thumbs, Color32::WHITE);
        left += FACE + 4.0;
    }
    let words =
        pos2(rect.left() + theme::GAP * 2.0 + OF_LIBRARY as f32 * (FACE + 4.0), rect.center().y - 30.0);
    paint::two_lines(ui, words, WORDS, &it.name, &likely);
    let rival = it.rival.as_ref().filter(|(_, p)| *p >= 0.05);
    let next =
        rival.map(|(name, p)| t!("known-rival", name = name.as_str(), likely = person_rows::likely(*p)));
    if let Some(next) = next {
        let font = eframe::egui::FontId::proportional(11.0);
        let muted = theme::muted(ui);
        ui.painter().galley(words + vec2(0.0, 40.0), paint::line(ui, &next, font, muted, WORDS), muted);
    }
    let mut left = words.x + WORDS + theme::GAP;
    let button = 130.0;
    for track in playback::representative_tracks(view, identity, OF_IDENTITY) {
        if left + FACE > rect.right() - button {
            break;
        }
        playback::play(ui, face(left), view, track, thumbs);
        left += FACE + 4.0;
    }
    let place = Rect::from_min_max(pos2(rect.right() - button, rect.top()), rect.max).shrink(theme::GAP);
    let mut child = ui.new_child(
        eframe::egui::UiBuilder::new().max_rect(place).layout(Layout::right_to_left(Align::Center)),
    );
    let spoken = t!("known-not", name = it.name.as_str());
    let refused = child.add_enabled(can, eframe::egui::Button::new(t!("known-not-this")));
    refused.widget_info(|| WidgetInfo::labeled(Role::Button, can, &spoken));
    if refused.on_hover_text(t!("known-not-doc")).clicked() {
        out.extend(unlike(view.session.review(), &it).map(Request::Edit));
    } else if response.clicked() {
        page.cursor = at;
        page.toggle_at(at);
    }
}
