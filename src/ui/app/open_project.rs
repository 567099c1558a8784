//! One open project in the window: the session, its cards, and what is looked at.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::advice::doubtful_tracks;
use crate::base::TrackIx;
use crate::review::IdentityId;
use crate::session::{Run, Session};
use crate::ui::app::advice::Advice;
use crate::ui::app::state::UiState;
use crate::ui::app::track_pages::TrackPages;
use crate::ui::lang::{t, texts};
use crate::ui::view::ask::Page;
use crate::ui::view::context::{PanelContext, UsedName};
use crate::ui::view::listing::{self, IdentityFilter, Listing, ListingWish};
use crate::ui::widgets::toasts::Severity;

/// An open project.
pub(crate) struct OpenProject {
    pub(crate) session: Session,
    pub(crate) listing: Listing,
    pub(crate) state: UiState,
    /// A run has just ended: its cuts are looked for before anybody asks.
    pub(crate) is_fresh: bool,
    /// A run is on its way into force; what is said once it is there.
    pub(crate) pending_run: Option<(Severity, String)>,
    /// The advice.
    pub(crate) advice: Advice,
    /// The pages of all tracks at once.
    pub(crate) track_pages: TrackPages,
    /// The run that the listing is sorted for.
    run: Option<Arc<Run>>,
    tracks: Vec<TrackIx>,
    tracks_of: Option<(ShownFaces, u64)>,
    /// Those of them that are more likely another person, and of which state that is known.
    doubtful: Vec<TrackIx>,
    doubtful_of: Option<(ShownFaces, u64)>,
    /// The address of the vectors, and the revision, that the listing knows the doubtful tracks of.
    doubts_of: Option<(usize, u64)>,
    names: Vec<UsedName>,
    /// The cursor of the history as last announced, and how long the history was.
    cursor: Option<u64>,
    n_announced: usize,
}

/// Whose faces are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ShownFaces {
    /// Of all who are listed, and which list that is.
    Everybody(u64),
    People(Vec<IdentityId>),
    Unassigned,
    /// On the map any track may be selected.
    AllInOrder,
    /// The page shows none.
    Nobody,
}

/// What panels may read of a project; no method, so that the rest of it stays free to be changed.
macro_rules! view {
    ($project:ident, $tile:ident, $is_busy:ident) => {
        PanelContext {
            session: &$project.session,
            listing: &$project.listing,
            tracks: &$project.tracks,
            doubtful: &$project.doubtful,
            names: &$project.names,
            tile: $tile,
            is_busy: $is_busy,
            has_dialog: $project.state.has_dialog(),
            has_grid: $project.state.has_grid(),
            pair: $project.state.pairs.pair().map(|pair| (pair.a, pair.b)),
            n_ticked: $project.state.rerun.as_ref().map(|rerun| rerun.n_ticked()),
            queue: $project.advice.queue(),
            is_advice_unavailable: $project.advice.is_unavailable(),
            measures: $project.advice.measures.as_deref(),
            mixed: $project.advice.mixed($project.session.revision()),
        }
    };
}

impl OpenProject {
    pub(crate) fn new(session: Session) -> Self {
        let history = session.history();
        let (cursor, n_announced) = (Some(history.cursor()), history.entries().len());
        Self {
            cursor,
            n_announced,
            session,
            listing: Listing::default(),
            state: UiState::default(),
            is_fresh: false,
            pending_run: None,
            advice: Advice::default(),
            track_pages: TrackPages::default(),
            run: None,
            tracks: Vec::new(),
            tracks_of: None,
            doubtful: Vec::new(),
            doubtful_of: None,
            doubts_of: None,
            names: Vec::new(),
        }
    }

    /// The opened folder's name.
    pub(crate) fn name(&self) -> String {
        listing::folder_name(self.session.root())
    }

    /// How much there is, for the bar below: `12 people · 340 tracks`.
    pub(crate) fn about(&self) -> String {
        let n_tracks = self.session.tracks().map_or(0, |set| set.len());
        let people = t!("identities", n = self.listing.counts.of(IdentityFilter::All));
        format!("{people} · {}", t!("tracks", n = n_tracks))
    }

    /// Whether identities are there to look at.
    pub(crate) fn has_result(&self) -> bool {
        self.session.tracks().is_some() && !self.session.history().is_empty()
    }

    /// What panels may read.
    pub(crate) fn view(&self, tile: f32, is_busy: bool) -> (PanelContext<'_>, &UiState) {
        let view = view!(self, tile, is_busy);
        (view, &self.state)
    }

    /// The same, with the state that panels may change.
    pub(crate) fn parts(&mut self, tile: f32, is_busy: bool) -> (PanelContext<'_>, &mut UiState) {
        let (view, state, _) = self.all_parts(tile, is_busy);
        (view, state)
    }

    /// The same, with the pages of all tracks at once.
    pub(crate) fn all_parts(
        &mut self,
        tile: f32,
        is_busy: bool,
    ) -> (PanelContext<'_>, &mut UiState, &mut TrackPages) {
        let view = view!(self, tile, is_busy);
        (view, &mut self.state, &mut self.track_pages)
    }

    /// Brings lists up to date after edits, searches and page turns; cheap where nothing
    /// changed.
    pub(crate) fn refresh(&mut self) {
        let run = self.session.run();
        if self.run.as_ref().map(Arc::as_ptr) != run.map(Arc::as_ptr) {
            self.run = run.cloned();
            self.listing.reset_order();
        }
        let look = &self.state.look;
        let wish = ListingWish {
            sort: look.sort,
            filter: look.filter,
            video: look.video.clone(),
            search: look.search.clone(),
        };
        let refreshed = self.listing.refresh(&self.session, &wish);
        self.refresh_doubts(&wish);
        if let Some(before) = refreshed.before {
            self.state.look.identities.retain(&before, self.listing.shown());
        }
        if refreshed.names {
            let known = |(name, ids): (&str, &BTreeSet<_>)| (name.to_owned(), ids.iter().copied().collect());
            self.names = self.listing.names().map(known).collect();
        }
        self.leave_empty_page();
        let review = self.session.review();
        self.state.split = self.state.split.take().filter(|parting| parting.fits(review));
        self.refresh_tracks();
    }

    /// Where the cursor of the history went since the last call, in words; nothing where it stayed.
    pub(crate) fn poll_cursor_move(&mut self, number: u64) -> Option<String> {
        let before = self.cursor.replace(number);
        let history = self.session.history();
        let what = |number: u64| history.entry(number).map(texts::entry);
        let parent = |number: u64| history.entry(number).and_then(|entry| entry.parent);
        let now = history.entries().len();
        let new = std::mem::replace(&mut self.n_announced, now) < now;
        match before {
            _ if new => what(number),
            Some(before) if before == number => None,
            Some(before) if parent(before) == Some(number) => Some(t!("undone", what = what(before)?)),
            Some(before) if parent(number) == Some(before) => Some(t!("redone", what = what(number)?)),
            _ => Some(t!("jumped", what = what(number)?)),
        }
    }

    /// Tells everything again, in another language.
    pub(crate) fn retranslate(&mut self) {
        self.listing.retranslate();
    }

    /// A proposal that was adopted or dropped has no page; a person who ended has no grid.
    fn leave_empty_page(&mut self) {
        if self.state.look.page == Page::Rerun && self.state.rerun.is_none() {
            self.state.look.page = Page::People;
        }
        let review = self.session.review();
        if self.state.naming.as_ref().is_some_and(|name| review.identity(name.identity()).is_none()) {
            self.state.naming = None;
        }
        if self.state.look.single().is_none() {
            self.close_grids();
        }
    }

    /// Closes what is in the place of the faces.
    pub(crate) fn close_grids(&mut self) {
        (self.state.split, self.state.checking, self.state.unsplittable) = (None, None, None);
    }

    /// Tells the listing who has doubtful tracks, once the advice knows.
    fn refresh_doubts(&mut self, wish: &ListingWish) {
        let Some(queue) = self.advice.queue() else { return };
        let of = Some((Arc::as_ptr(queue.vectors()) as usize, self.session.revision()));
        if self.doubts_of != of {
            self.listing.take_doubts(|id| queue.n_doubtful(id), wish);
            self.doubts_of = of;
        }
    }

    /// Whose faces the page shows.
    fn shown_faces(&self) -> ShownFaces {
        let look = &self.state.look;
        match look.page {
            Page::People if look.unassigned => ShownFaces::Unassigned,
            Page::People if look.identities.is_empty() => ShownFaces::Everybody(self.listing.n_made()),
            Page::People => ShownFaces::People(look.identities.items()),
            Page::Map => ShownFaces::AllInOrder,
            Page::Pairs | Page::Timeline | Page::Strangers | Page::KnownPeople | Page::Rerun => {
                ShownFaces::Nobody
            }
        }
    }

    /// Faces that come to be shown are sorted; after an edit they keep their places.
    fn refresh_tracks(&mut self) {
        let key = (self.shown_faces(), self.session.revision());
        if self.tracks_of.as_ref() == Some(&key) {
            self.refresh_doubtful(&key);
            return;
        }
        let is_same = self.tracks_of.as_ref().is_some_and(|(shown, _)| *shown == key.0);
        let mut fresh = self.tracks_to_show(&key.0);
        if is_same {
            let places: BTreeMap<TrackIx, usize> = self.tracks.iter().copied().zip(0..).collect();
            fresh.sort_by_key(|ix| places.get(ix).copied().unwrap_or(usize::MAX));
        }
        self.state.look.tracks.retain(&self.tracks, &fresh);
        if !is_same {
            self.state.look.band = None;
        }
        self.tracks = fresh;
        self.tracks_of = Some(key.clone());
        self.refresh_doubtful(&key);
    }

    fn tracks_to_show(&self, shown: &ShownFaces) -> Vec<TrackIx> {
        let review = self.session.review();
        let Some(set) = self.session.tracks() else { return Vec::new() };
        let is_there = |ix: &TrackIx| (*ix as usize) < set.len();
        match shown {
            ShownFaces::Nobody => Vec::new(),
            ShownFaces::AllInOrder => (0..review.n_tracks() as TrackIx).filter(is_there).collect(),
            ShownFaces::Unassigned => {
                let mut tracks: Vec<TrackIx> = review.unassigned().filter(is_there).collect();
                // What the curator rejected stands before what had no usable face.
                tracks.sort_by_key(|&ix| (Reverse(review.is_rejected(ix)), ix));
                tracks
            }
            ShownFaces::Everybody(_) => self.tracks_of_people(self.listing.shown().iter().copied()),
            ShownFaces::People(people) => {
                let wanted: BTreeSet<IdentityId> = people.iter().copied().collect();
                let shown = self.listing.shown().iter().copied().filter(|id| wanted.contains(id));
                let mut tracks = self.tracks_of_people(shown);
                // Somebody may be selected whom the filter hides.
                let hidden = people.iter().copied().filter(|id| !self.listing.shows(*id));
                tracks.extend(self.tracks_of_people(hidden));
                tracks
            }
        }
    }

    /// The tracks of people, one after the other, of each the odd ones first: they are the ones to
    /// look at.
    fn tracks_of_people(&self, people: impl Iterator<Item = IdentityId>) -> Vec<TrackIx> {
        let (review, run) = (self.session.review(), self.session.run());
        let Some(set) = self.session.tracks() else { return Vec::new() };
        let doubt = |ix: TrackIx| {
            run.and_then(|run| run.doubts.get(&set.track(ix).id)).copied().unwrap_or(f32::INFINITY)
        };
        let mut tracks = Vec::new();
        for identity in people.filter_map(|id| review.identity(id)) {
            let from = tracks.len();
            tracks.extend(identity.tracks.iter().copied().filter(|&ix| (ix as usize) < set.len()));
            tracks[from..].sort_by(|&a, &b| doubt(b).total_cmp(&doubt(a)).then(a.cmp(&b)));
        }
        tracks
    }

    /// Finds the doubtful tracks of the one who is shown, once vectors are there.
    fn refresh_doubtful(&mut self, key: &(ShownFaces, u64)) {
        let (ShownFaces::People(people), Some(vectors)) = (&key.0, self.session.vectors()) else {
            (self.doubtful, self.doubtful_of) = (Vec::new(), None);
            return;
        };
        if self.doubtful_of.as_ref() == Some(key) {
            return;
        }
        let person = match people[..] {
            [person] => self.session.review().identity(person),
            _ => None,
        };
        self.doubtful = person.map(|person| doubtful_tracks(vectors, person)).unwrap_or_default();
        self.doubtful_of = Some(key.clone());
    }

    /// The tracks that are shown, in order.
    pub(crate) fn tracks(&self) -> &[TrackIx] {
        &self.tracks
    }

    /// The person some places after the selected one.
    pub(crate) fn neighbour(&self, by: isize) -> Option<IdentityId> {
        let id = self.state.look.single()?;
        let shown = self.listing.shown();
        let at = shown.iter().position(|&other| other == id)?;
        shown.get(at.checked_add_signed(by)?).copied()
    }
}
