//! The gallery's cards: what each shows, which are shown, in which order.
//!
//! Takes a session's snapshot; gives plain data. Computed once a change, never once a frame.
//! After an edit the order stays as it is, so that nothing jumps under the pointer; it is
//! sorted anew when the curator sorts, filters or searches, and after a run.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::base::TrackIx;
use crate::review::{Identity, IdentityId, IdentityState};
use crate::session::Session;
use crate::tracks::{Source, TrackSet};

/// Which identities are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Chip {
    #[default]
    All,
    Unnamed,
    Named,
    Ignored,
}

impl Chip {
    pub(super) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::All, "All", "Everybody but the ignored"),
        (Self::Unnamed, "Unnamed", "Those who have no name yet"),
        (Self::Named, "Named", "Those who have a name"),
        (Self::Ignored, "Ignored", "Those whom you put aside"),
    ];

    fn takes(self, card: &Card) -> bool {
        let ignored = card.state == IdentityState::Ignored;
        match self {
            Self::All => !ignored,
            Self::Unnamed => !ignored && !card.is_named,
            Self::Named => !ignored && card.is_named,
            Self::Ignored => ignored,
        }
    }
}

/// How cards are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sort {
    #[default]
    Biggest,
    Name,
    Frames,
    Longest,
}

impl Sort {
    pub(super) const ALL: [(Self, &'static str); 4] = [
        (Self::Biggest, "Biggest first"),
        (Self::Name, "By name"),
        (Self::Frames, "Most frames"),
        (Self::Longest, "Longest on screen"),
    ];

    fn compare(self, a: &Card, b: &Card) -> Ordering {
        let by = match self {
            Self::Biggest => Ordering::Equal,
            Self::Name => (!a.is_named, a.folded.as_str()).cmp(&(!b.is_named, b.folded.as_str())),
            Self::Frames => b.n_frames.cmp(&a.n_frames),
            Self::Longest => b.seconds.unwrap_or(0.0).total_cmp(&a.seconds.unwrap_or(0.0)),
        };
        by.then_with(|| (Reverse(a.n_tracks), a.id).cmp(&(Reverse(b.n_tracks), b.id)))
    }
}

/// One identity as the gallery shows it.
#[derive(Debug, Clone)]
pub(super) struct Card {
    pub(super) id: IdentityId,
    pub(super) title: String,
    /// The title in lower case, for search.
    folded: String,
    pub(super) is_named: bool,
    pub(super) state: IdentityState,
    pub(super) n_tracks: usize,
    pub(super) n_frames: usize,
    /// Seconds on screen, where all tracks have times.
    pub(super) seconds: Option<f64>,
    pub(super) cover: Option<PathBuf>,
}

impl Card {
    fn of(identity: &Identity, set: &TrackSet) -> Self {
        let tracks = || identity.tracks.iter().map(|&ix| set.track(ix));
        let cover = identity.cover.or_else(|| {
            identity.tracks.iter().copied().max_by_key(|&ix| (set.track(ix).n_faces(), Reverse(ix)))
        });
        let title = identity.title();
        Self {
            id: identity.id,
            folded: title.to_lowercase(),
            title,
            is_named: identity.name.is_some(),
            state: identity.state,
            n_tracks: identity.tracks.len(),
            n_frames: tracks().map(crate::tracks::Track::n_faces).sum(),
            seconds: tracks().map(crate::tracks::Track::seconds).sum(),
            cover: cover.and_then(|ix| best_picture(set, ix)),
        }
    }

    /// `12 tracks · 340 frames · 1:05 min`.
    pub(super) fn facts(&self) -> String {
        let mut text = format!("{} · {}", count(self.n_tracks, "track"), count(self.n_frames, "frame"));
        if let Some(seconds) = self.seconds.filter(|seconds| *seconds > 0.0) {
            text.push_str(" · ");
            text.push_str(&time(seconds));
        }
        text
    }

    /// What a screen reader says.
    pub(super) fn spoken(&self) -> String {
        let state = match self.state {
            IdentityState::Proposed => "",
            IdentityState::Confirmed => ", confirmed",
            IdentityState::Ignored => ", ignored",
        };
        format!("{}, {}{state}", self.title, count(self.n_tracks, "track"))
    }
}

/// `1 track`, `1,234 tracks`.
pub(super) fn count(n: usize, what: &str) -> String {
    format!("{} {what}{}", thousands(n), if n == 1 { "" } else { "s" })
}

/// `1,234`.
pub(super) fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `45 s`, `1:05 min`, `2:03:04 h`.
pub(super) fn time(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..=9 => format!("{seconds:.1} s"),
        10..=59 => format!("{whole} s"),
        60..=3599 => format!("{}:{:02} min", whole / 60, whole % 60),
        _ => format!("{}:{:02}:{:02} h", whole / 3600, whole / 60 % 60, whole % 60),
    }
}

/// The picture that stands for a track: the readable one nearest to its middle.
pub(super) fn best_picture(set: &TrackSet, ix: TrackIx) -> Option<PathBuf> {
    let Source::Faces { folder, faces } = &set.track(ix).source else { return None };
    let middle = faces.len() / 2;
    let nearest = (0..faces.len())
        .filter(|&at| faces[at].unreadable.is_none())
        .min_by_key(|&at| (at.abs_diff(middle), at))?;
    Some(set.root.join(folder).join(&faces[nearest].file))
}

/// How many identities each chip would show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    chips: [usize; 4],
    pub(super) unassigned: usize,
}

impl Counts {
    pub(super) fn of(self, chip: Chip) -> usize {
        self.chips[chip as usize]
    }
}

/// All cards, and those that are shown.
#[derive(Debug, Default)]
pub(super) struct Listing {
    cards: BTreeMap<IdentityId, Card>,
    shown: Vec<IdentityId>,
    pub(super) counts: Counts,
    revision: Option<u64>,
    wanted: (Sort, Chip, String),
}

impl Listing {
    /// The identities shown, in order.
    pub(super) fn shown(&self) -> &[IdentityId] {
        &self.shown
    }

    pub(super) fn card(&self, id: IdentityId) -> Option<&Card> {
        self.cards.get(&id)
    }

    /// All identities by id.
    pub(super) fn cards(&self) -> impl Iterator<Item = &Card> {
        self.cards.values()
    }

    /// Sorts anew at the next refresh, as after a run.
    pub(super) fn forget_order(&mut self) {
        self.shown.clear();
        self.revision = None;
    }

    /// Brings the cards up to date; `true` where anything changed. O(tracks) after a change,
    /// nothing otherwise.
    pub(super) fn refresh(&mut self, session: &Session, sort: Sort, chip: Chip, search: &str) -> bool {
        let search = search.trim().to_lowercase();
        let same_wish =
            (self.wanted.0, self.wanted.1, self.wanted.2.as_str()) == (sort, chip, search.as_str());
        let revision = Some(session.revision());
        if same_wish && self.revision == revision {
            return false;
        }
        if self.revision != revision {
            let set = session.tracks();
            self.cards = session
                .review()
                .identities()
                .filter_map(|identity| Some((identity.id, Card::of(identity, set?))))
                .collect();
            self.counts = Counts {
                chips: Chip::ALL
                    .map(|(chip, ..)| self.cards.values().filter(|card| chip.takes(card)).count()),
                unassigned: session.review().unassigned().count(),
            };
        }
        let fresh: Vec<IdentityId> = self
            .cards
            .values()
            .filter(|card| chip.takes(card) && card.matches(&search))
            .map(|card| card.id)
            .collect();
        if same_wish && !self.shown.is_empty() {
            self.keep_order(&fresh, sort);
        } else {
            self.shown = fresh;
            self.shown.sort_by(|a, b| sort.compare(&self.cards[a], &self.cards[b]));
        }
        self.revision = revision;
        self.wanted = (sort, chip, search);
        true
    }

    /// Those who stay keep their places; newcomers go before the first that sorts after them.
    fn keep_order(&mut self, fresh: &[IdentityId], sort: Sort) {
        let alive: BTreeSet<IdentityId> = fresh.iter().copied().collect();
        self.shown.retain(|id| alive.contains(id));
        let there: BTreeSet<IdentityId> = self.shown.iter().copied().collect();
        for &id in fresh.iter().filter(|id| !there.contains(id)) {
            let after =
                |other: &IdentityId| sort.compare(&self.cards[&id], &self.cards[other]) == Ordering::Less;
            let at = self.shown.iter().position(after).unwrap_or(self.shown.len());
            self.shown.insert(at, id);
        }
    }
}

impl Card {
    fn matches(&self, search: &str) -> bool {
        search.is_empty() || self.folded.contains(search)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!(count(1, "track"), "1 track");
        assert_eq!(count(12_345, "frame"), "12,345 frames");
        assert_eq!(time(4.25), "4.2 s");
        assert_eq!(time(65.0), "1:05 min");
        assert_eq!(time(7384.0), "2:03:04 h");
    }
}
