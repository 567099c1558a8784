//! One open project in the window: the session, its cards, and what is looked at.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::TrackIx;
use crate::session::{Run, Session};
use crate::ui::app::advice::Advice;
use crate::ui::app::state::UiState;
use crate::ui::app::track_pages::TrackPages;
use crate::ui::lang::{t, texts};
use crate::ui::view::ask::Page;
use crate::ui::view::context::{PanelContext, UsedName};
use crate::ui::view::listing::{self, Listing};
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
    tracks_of: Option<(Page, u64)>,
    names: Vec<UsedName>,
    /// The cursor of the history as last announced, and how long the history was.
    cursor: Option<u64>,
    n_announced: usize,
}

/// What panels may read of a desk; no method, so that the rest of the desk stays free to be
/// changed.
macro_rules! view {
    ($project:ident, $tile:ident, $is_busy:ident) => {
        PanelContext {
            session: &$project.session,
            listing: &$project.listing,
            tracks: &$project.tracks,
            names: &$project.names,
            tile: $tile,
            is_busy: $is_busy,
            has_dialog: $project.state.has_dialog(),
            has_grid: $project.state.has_grid(),
            pair: $project.state.pairs.pair().map(|pair| (pair.a, pair.b)),
            n_ticked: $project.state.rerun.as_ref().map(|rerun| rerun.n_ticked()),
            queue: $project.advice.queue(),
            is_advice_unavailable: $project.advice.is_unavailable(),
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
            names: Vec::new(),
        }
    }

    /// The opened folder's name.
    pub(crate) fn name(&self) -> String {
        listing::folder_name(self.session.root())
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
        let refreshed = self.listing.refresh(
            &self.session,
            self.state.look.sort,
            self.state.look.filter,
            &self.state.look.search,
        );
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

    /// An identity that ended by a merge, a move or an undo has no page, nor has a proposal that
    /// was adopted or dropped.
    fn leave_empty_page(&mut self) {
        let is_empty = match self.state.look.page {
            Page::Identity(id) => self.session.review().identity(id).is_none(),
            Page::Rerun => self.state.rerun.is_none(),
            _ => false,
        };
        if is_empty {
            self.state.look.page = Page::Gallery;
            self.state.naming = None;
        }
    }

    /// On a page just opened tracks are sorted; after an edit they keep their places.
    fn refresh_tracks(&mut self) {
        let key = (self.state.look.page, self.session.revision());
        if self.tracks_of == Some(key) {
            return;
        }
        let review = self.session.review();
        let same_page = self.tracks_of.is_some_and(|(page, _)| page == key.0);
        if same_page && self.is_unchanged(key.0) {
            self.tracks_of = Some(key);
            return;
        }
        let mut fresh: Vec<TrackIx> = match self.state.look.page {
            Page::Gallery
            | Page::Pairs
            | Page::Timeline
            | Page::Strangers
            | Page::KnownPeople
            | Page::Rerun => Vec::new(),
            // Any track may be selected there.
            Page::Map => (0..review.n_tracks() as TrackIx).collect(),
            Page::Identity(id) => {
                review.identity(id).map(|identity| identity.tracks.clone()).unwrap_or_default()
            }
            Page::Unassigned => review.unassigned().collect(),
        };
        if let Some(set) = self.session.tracks() {
            fresh.retain(|&ix| (ix as usize) < set.len());
            if self.state.look.page == Page::Map {
                // In the order of the folder.
            } else if self.state.look.page == Page::Unassigned {
                // What the curator rejected stands before what had no usable face.
                fresh.sort_by_key(|&ix| (Reverse(review.is_rejected(ix)), ix));
            } else {
                // The odd ones come first: they are the ones to look at.
                let run = self.session.run();
                let doubt = |ix: TrackIx| {
                    run.and_then(|run| run.doubts.get(&set.track(ix).id)).copied().unwrap_or(f32::INFINITY)
                };
                fresh.sort_by(|&a, &b| doubt(b).total_cmp(&doubt(a)).then(a.cmp(&b)));
            }
        }
        if same_page {
            let places: BTreeMap<TrackIx, usize> = self.tracks.iter().copied().zip(0..).collect();
            fresh.sort_by_key(|ix| places.get(ix).copied().unwrap_or(usize::MAX));
            self.state.look.tracks.retain(&self.tracks, &fresh);
        } else {
            self.state.look.tracks = crate::ui::view::selection::ItemSelection::default();
        }
        self.tracks = fresh;
        self.tracks_of = Some(key);
    }

    /// Whether the page still shows the very tracks that it is of.
    fn is_unchanged(&self, page: Page) -> bool {
        match page {
            Page::Gallery
            | Page::Pairs
            | Page::Timeline
            | Page::Strangers
            | Page::Map
            | Page::KnownPeople
            | Page::Rerun => true,
            Page::Identity(id) => {
                let mut shown = self.tracks.clone();
                shown.sort_unstable();
                self.session.review().identity(id).is_some_and(|identity| identity.tracks == shown)
            }
            Page::Unassigned => false,
        }
    }

    /// The tracks of the page, in order.
    pub(crate) fn tracks(&self) -> &[TrackIx] {
        &self.tracks
    }

    /// The identity some places after the page's one.
    pub(crate) fn neighbour(&self, by: isize) -> Option<Page> {
        let Page::Identity(id) = self.state.look.page else { return None };
        let shown = self.listing.shown();
        let at = shown.iter().position(|&other| other == id)?;
        shown.get(at.checked_add_signed(by)?).map(|&id| Page::Identity(id))
    }
}
