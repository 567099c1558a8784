//! The gallery's cards: what each shows, which are shown, in which order.
//!
//! Takes a session's snapshot; gives plain data. Computed once a change, never once per frame, and
//! only for those who changed.
//! After an edit the order stays as it is, so that nothing jumps under the pointer; it is
//! sorted again when the curator sorts, filters or searches, and after a run.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::card::Card;
use crate::base::TrackIx;
use crate::review::{IdentityId, IdentityState, Review};
use crate::session::Session;
use crate::tracks::{TrackSet, TrackSource};

/// Which identities are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum IdentityFilter {
    #[default]
    All,
    Unnamed,
    Named,
    /// With tracks that are more likely another person.
    Doubtful,
    Ignored,
}

impl IdentityFilter {
    /// All of them, each with the key of its texts.
    pub(crate) const ALL: [(Self, &'static str); 5] = [
        (Self::All, "chip-all"),
        (Self::Unnamed, "chip-unnamed"),
        (Self::Named, "chip-named"),
        (Self::Doubtful, "chip-doubtful"),
        (Self::Ignored, "chip-ignored"),
    ];

    fn takes(self, card: &Card) -> bool {
        let ignored = card.state == IdentityState::Ignored;
        match self {
            Self::All => !ignored,
            Self::Unnamed => !ignored && !card.is_named,
            Self::Named => !ignored && card.is_named,
            Self::Doubtful => !ignored && card.n_doubtful > 0,
            Self::Ignored => ignored,
        }
    }
}

/// How cards are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SortOrder {
    #[default]
    Biggest,
    Name,
    Faces,
    Longest,
    /// Those with most doubtful tracks.
    Doubtful,
}

impl SortOrder {
    /// All of them, each with the key of its text.
    pub(crate) const ALL: [(Self, &'static str); 5] = [
        (Self::Biggest, "sort-biggest"),
        (Self::Name, "sort-name"),
        (Self::Faces, "sort-faces"),
        (Self::Longest, "sort-longest"),
        (Self::Doubtful, "sort-doubtful"),
    ];

    fn compare(self, a: &Card, b: &Card) -> Ordering {
        let by = match self {
            Self::Biggest => Ordering::Equal,
            Self::Name => (!a.is_named, a.folded.as_str()).cmp(&(!b.is_named, b.folded.as_str())),
            Self::Faces => b.n_faces.cmp(&a.n_faces),
            Self::Doubtful => b.n_doubtful.cmp(&a.n_doubtful),
            Self::Longest => b.seconds.unwrap_or(0.0).total_cmp(&a.seconds.unwrap_or(0.0)),
        };
        by.then_with(|| (Reverse(a.n_tracks), a.id).cmp(&(Reverse(b.n_tracks), b.id)))
    }
}

/// The readable picture of a track that is nearest to its middle.
pub(crate) fn middle_picture(set: &TrackSet, ix: TrackIx) -> Option<PathBuf> {
    let TrackSource::Faces { folder, faces } = &set.track(ix).source else { return None };
    let middle = faces.len() / 2;
    let nearest = (0..faces.len())
        .filter(|&at| faces[at].unreadable.is_none())
        .min_by_key(|&at| (at.abs_diff(middle), at))?;
    Some(set.root.join(folder).join(&faces[nearest].file))
}

/// The last part of a path, or the path.
pub(crate) fn folder_name(path: &Path) -> String {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    full.file_name().map_or_else(|| full.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Frame number and file of the `at`-th face; none for features.
pub(crate) fn picture(set: &TrackSet, ix: TrackIx, at: usize) -> Option<(u64, PathBuf)> {
    let TrackSource::Faces { folder, faces } = &set.track(ix).source else { return None };
    let face = faces.get(at)?;
    Some((face.frame, set.root.join(folder).join(&face.file)))
}

/// How many identities each chip would show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FilterCounts {
    by_filter: [usize; 5],
    pub(crate) unassigned: usize,
}

impl FilterCounts {
    pub(crate) fn of(self, chip: IdentityFilter) -> usize {
        self.by_filter[chip as usize]
    }
}

/// All cards, and those that are shown.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    cards: BTreeMap<IdentityId, Card>,
    shown: Vec<IdentityId>,
    /// Those that are shown, to look one up.
    is_shown: BTreeSet<IdentityId>,
    /// Names in use, and whose they are.
    names: BTreeMap<String, BTreeSet<IdentityId>>,
    pub(crate) counts: FilterCounts,
    revision: Option<u64>,
    /// What the cards are of.
    of: Option<(Arc<TrackSet>, Arc<Review>)>,
    wanted: ListingWish,
    /// Whether the list is in the order that it is said to be in.
    is_sorted: bool,
    /// How many times the list was made anew, by another wish or order.
    n_made: u64,
    /// The videos of the tracks, in order.
    videos: Vec<String>,
}

/// What is to be listed, and how.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ListingWish {
    pub sort: SortOrder,
    pub filter: IdentityFilter,
    /// Only people of this video.
    pub video: Option<String>,
    pub search: String,
}

/// What a refresh brought.
#[derive(Debug, Default)]
pub(crate) struct RefreshResult {
    /// The order before, where identities appeared or ended.
    pub(crate) before: Option<Vec<IdentityId>>,
    /// Names came, went or changed.
    pub(crate) names: bool,
}

impl Listing {
    /// The identities shown, in order.
    pub(crate) fn shown(&self) -> &[IdentityId] {
        &self.shown
    }

    /// Whether an identity is among those shown.
    pub(crate) fn shows(&self, id: IdentityId) -> bool {
        self.is_shown.contains(&id)
    }

    pub(crate) fn card(&self, id: IdentityId) -> Option<&Card> {
        self.cards.get(&id)
    }

    /// All identities by id.
    pub(crate) fn cards(&self) -> impl Iterator<Item = &Card> {
        self.cards.values()
    }

    /// Names in use, in order, and whose they are.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &BTreeSet<IdentityId>)> {
        self.names.iter().map(|(name, ids)| (name.as_str(), ids))
    }

    /// Tells all cards again at the next refresh, in another language.
    pub(crate) fn retranslate(&mut self) {
        self.of = None;
        self.reset_order();
    }

    /// Sorts again at the next refresh, as after a run.
    pub(crate) fn reset_order(&mut self) {
        self.shown.clear();
        self.is_shown.clear();
        self.revision = None;
    }

    /// Chooses all covers again, but those that the curator chose. O(people).
    pub(crate) fn choose_covers_again(&mut self) {
        let Some((_, review)) = &self.of else { return };
        for card in self.cards.values_mut() {
            if review.identity(card.id).is_none_or(|identity| identity.cover.is_none()) {
                card.choose_cover_again();
            }
        }
    }

    /// Whether the list is in the order that it is said to be in: after an edit everybody stays
    /// where they are, until somebody sorts again.
    pub(crate) fn is_sorted(&self) -> bool {
        self.is_sorted
    }

    /// How many times the list was made anew, by another wish or order; edits do not count.
    pub(crate) fn n_made(&self) -> u64 {
        self.n_made
    }

    /// The videos of the tracks, in order.
    pub(crate) fn videos(&self) -> &[String] {
        &self.videos
    }

    /// Takes over how many tracks of each identity are doubtful. O(identities · log identities).
    pub(crate) fn take_doubts(&mut self, n_doubtful: impl Fn(IdentityId) -> usize, wish: &ListingWish) {
        let count = &mut self.counts.by_filter[IdentityFilter::Doubtful as usize];
        *count = 0;
        for card in self.cards.values_mut() {
            card.n_doubtful = n_doubtful(card.id);
            *count += usize::from(IdentityFilter::Doubtful.takes(card));
        }
        if wish.filter == IdentityFilter::Doubtful && self.shown.is_empty() {
            self.reset_order();
        }
        self.is_sorted = self.check_order(wish.sort);
    }

    fn check_order(&self, sort: SortOrder) -> bool {
        self.shown.is_sorted_by(|a, b| sort.compare(&self.cards[a], &self.cards[b]) != Ordering::Greater)
    }

    /// Brings the cards up to date. After an edit only what it changed is looked at, and the order
    /// is gone through where identities appeared or ended; after another wish all is sorted.
    /// Nothing where nothing changed.
    pub(crate) fn refresh(&mut self, session: &Session, wish: &ListingWish) -> RefreshResult {
        let mut wish = wish.clone();
        wish.search = wish.search.trim().to_lowercase();
        let same_wish = self.wanted == wish;
        let revision = Some(session.revision());
        let mut refreshed = RefreshResult::default();
        if same_wish && self.revision == revision {
            return refreshed;
        }
        let changed =
            if self.revision == revision { Vec::new() } else { self.update_cards(session, &mut refreshed) };
        let (review, set) = (session.review(), session.tracks());
        let is_in_video = |card: &Card| {
            let Some(video) = &wish.video else { return true };
            let tracks = review.identity(card.id).map(|identity| identity.tracks.as_slice());
            let is_of = |ix: &TrackIx| set.is_some_and(|set| set.track(*ix).video == *video);
            tracks.is_some_and(|tracks| tracks.iter().any(is_of))
        };
        let takes = |card: &Card| wish.filter.takes(card) && card.matches(&wish.search) && is_in_video(card);
        if same_wish && !self.shown.is_empty() {
            refreshed.before = self.keep_order(&changed, wish.sort, takes);
        } else {
            refreshed.before = Some(std::mem::take(&mut self.shown));
            self.shown = self.cards.values().filter(|card| takes(card)).map(|card| card.id).collect();
            self.shown.sort_by(|a, b| wish.sort.compare(&self.cards[a], &self.cards[b]));
            self.is_shown = self.shown.iter().copied().collect();
            self.n_made += 1;
        }
        self.is_sorted = self.check_order(wish.sort);
        self.revision = revision;
        self.wanted = wish;
        refreshed
    }

    /// Makes the cards of those who changed again; gives their numbers, ascending.
    fn update_cards(&mut self, session: &Session, refreshed: &mut RefreshResult) -> Vec<IdentityId> {
        let review = session.review();
        let of = session.tracks().map(|set| (Arc::clone(set), Arc::clone(review)));
        let same_tracks = |a: &TrackSet, b: &TrackSet| std::ptr::eq(a, b);
        let changed = match (self.of.take(), &of) {
            (Some((old, before)), Some((set, _))) if same_tracks(&old, set) => review.changed_since(&before),
            _ => {
                (self.cards, self.names) = (BTreeMap::new(), BTreeMap::new());
                let videos = |(set, _): &(Arc<TrackSet>, _)| {
                    let videos: BTreeSet<&str> = set.tracks.iter().map(|it| it.video.as_str()).collect();
                    videos.into_iter().map(str::to_owned).collect()
                };
                self.videos = of.as_ref().map(videos).unwrap_or_default();
                self.counts = FilterCounts::default();
                refreshed.names = true;
                review.identities().map(|identity| identity.id).collect()
            }
        };
        for &id in &changed {
            let before = self.cards.remove(&id);
            let mut card = of.as_ref().and_then(|(set, _)| Some(Card::of(review.identity(id)?, set)));
            if let (Some(card), Some(before)) = (&mut card, &before) {
                card.n_doubtful = before.n_doubtful;
                if let Some(identity) = review.identity(id) {
                    card.keep_cover(before, identity);
                }
            }
            let name =
                |card: &Option<Card>| card.as_ref().filter(|it| it.is_named).map(|it| it.title.clone());
            let (old, new) = (name(&before), name(&card));
            if old != new {
                refreshed.names = true;
                self.rename(id, old, new);
            }
            for (at, (chip, _)) in IdentityFilter::ALL.iter().enumerate() {
                self.counts.by_filter[at] -=
                    usize::from(before.as_ref().is_some_and(|card| chip.takes(card)));
                self.counts.by_filter[at] += usize::from(card.as_ref().is_some_and(|card| chip.takes(card)));
            }
            if let Some(card) = card {
                self.cards.insert(id, card);
            }
        }
        self.counts.unassigned = review.n_unassigned();
        self.of = of;
        changed
    }

    fn rename(&mut self, id: IdentityId, old: Option<String>, new: Option<String>) {
        if let Some(old) = old
            && let Some(ids) = self.names.get_mut(&old)
        {
            ids.remove(&id);
            if ids.is_empty() {
                self.names.remove(&old);
            }
        }
        if let Some(new) = new {
            self.names.entry(new).or_default().insert(id);
        }
    }

    /// Those who stay keep their places; newcomers go before the first that sorts after them.
    /// Gives the order before, where identities appeared or ended.
    fn keep_order(
        &mut self,
        changed: &[IdentityId],
        sort: SortOrder,
        takes: impl Fn(&Card) -> bool,
    ) -> Option<Vec<IdentityId>> {
        let (mut come, mut gone) = (Vec::new(), Vec::new());
        for &id in changed {
            let stands = self.cards.get(&id).is_some_and(&takes);
            match (self.is_shown.contains(&id), stands) {
                (true, false) => gone.push(id),
                (false, true) => come.push(id),
                _ => {}
            }
        }
        if come.is_empty() && gone.is_empty() {
            return None;
        }
        come.sort_by(|a, b| sort.compare(&self.cards[a], &self.cards[b]));
        let mut now = Vec::with_capacity(self.shown.len() + come.len());
        let mut waiting = come.iter().copied().peekable();
        for &id in self.shown.iter().filter(|id| gone.binary_search(id).is_err()) {
            if waiting.peek().is_some() {
                let card = &self.cards[&id];
                while let Some(new) =
                    waiting.next_if(|new| sort.compare(&self.cards[new], card) == Ordering::Less)
                {
                    now.push(new);
                }
            }
            now.push(id);
        }
        now.extend(waiting);
        for id in &gone {
            self.is_shown.remove(id);
        }
        self.is_shown.extend(come);
        Some(std::mem::replace(&mut self.shown, now))
    }
}
