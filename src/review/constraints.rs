//! Links between tracks: which hold, which contradict each other, and which gives way.
//!
//! Takes the curator's links in the order in which they were made, and the pairs of tracks
//! that are seen at the same time; gives a refusal that names what contradicts, or the older
//! links that a new one replaces. Must-links are transitive, so that contradictions run over
//! chains. Precedence: a newer link over an older one, and both over co-occurrence. It never
//! reads a clock and never looks at a picture: the order of the log is the age of a link.

use std::collections::{BTreeMap, VecDeque};

use imbl::OrdMap;

use super::{ConstraintEdit, Edit, IdentityId, Refusal, Review};
use crate::base::{CoOccurrence, Constraint, ConstraintKind, ConstraintSource, TrackIx, UnionFind};

/// The curator's links as they were said, at most one a pair; they may contradict each other where
/// tracks left and came back.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct UserConstraints {
    /// Each link from both of its tracks, with its age: a higher one is newer.
    by_track: OrdMap<(TrackIx, TrackIx), (u64, ConstraintKind)>,
    next: u64,
}

impl UserConstraints {
    /// Whether these are the very same links, not only equal ones.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.by_track.ptr_eq(&other.by_track) || (self.by_track.is_empty() && other.by_track.is_empty())
    }

    /// The links of a track: the other track, ascending, with age and kind.
    pub(super) fn of(&self, track: TrackIx) -> impl Iterator<Item = (TrackIx, u64, ConstraintKind)> + '_ {
        let all = (track, 0)..=(track, TrackIx::MAX);
        self.by_track.range(all).map(|(&(_, other), &(age, kind))| (other, age, kind))
    }

    /// The tracks that a track was said not to be the same person as.
    pub(super) fn cannot(&self, track: TrackIx) -> impl Iterator<Item = TrackIx> + '_ {
        self.of(track).filter(|link| link.2 == ConstraintKind::Cannot).map(|link| link.0)
    }

    fn remove(&mut self, a: TrackIx, b: TrackIx) {
        self.by_track.remove(&(a, b));
        self.by_track.remove(&(b, a));
    }

    fn set(&mut self, a: TrackIx, b: TrackIx, kind: ConstraintKind) {
        self.by_track.insert((a, b), (self.next, kind));
        self.by_track.insert((b, a), (self.next, kind));
        self.next += 1;
    }

    /// All links, newest first. O(links log links).
    fn newest_first(&self) -> Vec<Constraint> {
        let mut links: Vec<(u64, Constraint)> = self
            .by_track
            .iter()
            .filter(|((a, b), _)| a < b)
            .map(|(&(a, b), &(age, kind))| (age, user_constraint(a, b, kind)))
            .collect();
        links.sort_unstable_by_key(|link| std::cmp::Reverse(link.0));
        links.into_iter().map(|link| link.1).collect()
    }

    /// Every track that must-links join with `from`, each with the track before it on a shortest
    /// chain; `from` stands before itself. What was said of the pair `but` does not count.
    /// O(what is reached).
    fn connected(&self, from: TrackIx, but: (TrackIx, TrackIx)) -> BTreeMap<TrackIx, TrackIx> {
        let mut reached = BTreeMap::from([(from, from)]);
        let mut waiting = VecDeque::from([from]);
        while let Some(track) = waiting.pop_front() {
            for (other, _, kind) in self.of(track) {
                if kind == ConstraintKind::Must
                    && (track.min(other), track.max(other)) != but
                    && let std::collections::btree_map::Entry::Vacant(place) = reached.entry(other)
                {
                    place.insert(track);
                    waiting.push_back(other);
                }
            }
        }
        reached
    }
}

fn user_constraint(a: TrackIx, b: TrackIx, kind: ConstraintKind) -> Constraint {
    Constraint { a: a.min(b), b: a.max(b), kind, source: ConstraintSource::User }
}

/// Two groups of tracks that must-links hold together.
struct PairSides {
    a: BTreeMap<TrackIx, TrackIx>,
    b: BTreeMap<TrackIx, TrackIx>,
}

impl PairSides {
    /// The pairs across, of those that `beside` names for a track; each once, ascending.
    fn pairs<I: Iterator<Item = TrackIx>>(&self, beside: impl Fn(TrackIx) -> I) -> Vec<(TrackIx, TrackIx)> {
        let (few, many) = if self.a.len() <= self.b.len() { (&self.a, &self.b) } else { (&self.b, &self.a) };
        let mut pairs: Vec<(TrackIx, TrackIx)> = Vec::new();
        for &x in few.keys() {
            let others = beside(x).filter(|y| many.contains_key(y));
            pairs.extend(others.map(|y| (x.min(y), x.max(y))));
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

impl Review {
    /// The links of the curator that hold, by pair; no two contradict each other.
    ///
    /// Where some did (tracks that had left the folder came back, and their links with them),
    /// the newer ones hold. O(links log links).
    pub fn constraints(&self) -> Vec<Constraint> {
        let mut links = consistent(self.constraints.newest_first());
        links.sort_unstable();
        links
    }

    /// The edit that says that two identities are never the same person: a cannot-link between the
    /// tracks that stand for them. None where there is no such identity.
    #[must_use]
    pub fn cannot_link(&self, a: IdentityId, b: IdentityId) -> Option<Edit> {
        let stands = |id| {
            let identity = self.identity(id)?;
            let track = identity.cover.or_else(|| identity.tracks.first().copied())?;
            Some(self.track_id(track).to_owned())
        };
        Some(Edit::cannot_link(stands(a)?, stands(b)?))
    }

    /// The edit that says that tracks are the same person and brings them together where they are
    /// not: into the named one of their identities, else a kept one, else the largest; into a new
    /// one where none of them is in any. None for fewer than two tracks.
    #[must_use]
    pub fn same(&self, tracks: &[TrackIx]) -> Option<Edit> {
        let id = |track: TrackIx| self.track_id(track).to_owned();
        if tracks.len() < 2 {
            return None;
        }
        let links = Edit::must_link(tracks.iter().copied().map(id).collect());
        let weight = |id: &IdentityId| {
            let identity = self.identity(*id)?;
            let size = (identity.tracks.len(), std::cmp::Reverse(*id));
            Some((identity.name.is_some(), identity.kept, size))
        };
        let to = tracks.iter().filter_map(|&track| self.identity_of(track)).max_by_key(weight);
        let elsewhere = tracks.iter().filter(|&&track| to.is_none() || self.identity_of(track) != to);
        let elsewhere: Vec<String> = elsewhere.copied().map(id).collect();
        let brought = match to {
            _ if elsewhere.is_empty() => return Some(links),
            Some(to) => Edit::move_to(elsewhere, to),
            None => Edit::split(elsewhere, None),
        };
        Some(Edit::All { edits: links.parts().iter().cloned().chain([brought]).collect() })
    }

    /// The edit that says that two tracks are never the same person; where they are in one
    /// identity, `goes` leaves it.
    #[must_use]
    pub(crate) fn cannot_link_tracks(&self, stays: TrackIx, goes: TrackIx) -> Edit {
        let (a, b) = (self.track_id(stays).to_owned(), self.track_id(goes).to_owned());
        let said = Edit::cannot_link(a, b.clone());
        let own = self.identity_of(goes);
        if own.is_some() && own == self.identity_of(stays) {
            Edit::All { edits: vec![said, Edit::split(vec![b], None)] }
        } else {
            said
        }
    }

    /// Checks a link against the older ones and against the pairs in `together`, which are
    /// seen at the same time, and says which older links go for it. O(tracks joined with its own,
    /// and their links).
    pub(super) fn prepare_link(
        &self,
        link: ConstraintEdit,
        kind: ConstraintKind,
        co_occurrence: &CoOccurrence,
    ) -> Result<ConstraintEdit, Refusal> {
        let known = |id: &String| self.track(id).ok_or_else(|| Refusal::Track(id.clone()));
        let (a, b) = (known(&link.a)?, known(&link.b)?);
        if a == b {
            return Err(Refusal::Nothing("a link needs two different tracks"));
        }
        // What was said of this very pair before is simply replaced.
        let pair = (a.min(b), a.max(b));
        let sides =
            PairSides { a: self.constraints.connected(a, pair), b: self.constraints.connected(b, pair) };
        if !link.overrides {
            self.refuse(&sides, (a, b), kind, co_occurrence)?;
        }
        // Links that reach out of both groups contradict nothing that is said of these.
        let inside = |track: &TrackIx| sides.a.contains_key(track) || sides.b.contains_key(track);
        let mut older: BTreeMap<u64, Constraint> = BTreeMap::new();
        for &x in sides.a.keys().chain(sides.b.keys()) {
            for (y, age, kind) in self.constraints.of(x).filter(|(y, ..)| inside(y)) {
                older.insert(age, user_constraint(x, y, kind));
            }
        }
        older.retain(|_, old| (old.a, old.b) != pair);
        let newest_first = std::iter::once(user_constraint(a, b, kind)).chain(older.values().rev().copied());
        let held = consistent(newest_first.collect());
        let ids = |old: &Constraint| (self.track_id(old.a).to_owned(), self.track_id(old.b).to_owned());
        let held: std::collections::BTreeSet<Constraint> = held.into_iter().collect();
        let drops = older.values().filter(|old| !held.contains(old)).map(ids).collect();
        Ok(ConstraintEdit { drops, ..link })
    }

    /// The refusal of a link that contradicts the older ones, or co-occurrence.
    fn refuse(
        &self,
        sides: &PairSides,
        (a, b): (TrackIx, TrackIx),
        kind: ConstraintKind,
        co_occurrence: &CoOccurrence,
    ) -> Result<(), Refusal> {
        let id = |track: TrackIx| self.track_id(track).to_owned();
        let joined = sides.a.contains_key(&b);
        match kind {
            ConstraintKind::Cannot if joined => {
                let mut chain = vec![b];
                while let Some(&before) = chain.last().and_then(|track| sides.a.get(track))
                    && chain.last() != Some(&a)
                {
                    chain.push(before);
                }
                Err(Refusal::Joined { chain: chain.into_iter().rev().map(id).collect() })
            }
            // Where older links join them, this one says nothing new.
            ConstraintKind::Must if !joined => {
                let pair = (a.min(b), a.max(b));
                let age =
                    |(x, y): &(TrackIx, TrackIx)| self.constraints.by_track.get(&(*x, *y)).map(|link| link.0);
                let parts = sides.pairs(|x| self.constraints.cannot(x)).into_iter().filter(|it| *it != pair);
                if let Some((x, y)) = parts.min_by_key(age) {
                    return Err(Refusal::Parted { a: id(a), b: id(b), x: id(x), y: id(y) });
                }
                match sides.pairs(|x| co_occurrence.of(x).iter().copied()).as_slice() {
                    &[(x, y), ref more @ ..] => {
                        Err(Refusal::Together { a: id(a), b: id(b), x: id(x), y: id(y), more: more.len() })
                    }
                    [] => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Applies a link of the log; the ones that it replaces are removed.
    pub(super) fn link(&mut self, link: &ConstraintEdit, kind: ConstraintKind) -> usize {
        let of = |id: &str| self.track_or_first_part(id);
        let (Some(a), Some(b)) = (of(&link.a), of(&link.b)) else { return 1 };
        self.drop_links(&link.drops);
        self.constraints.remove(a, b);
        self.constraints.set(a, b, kind);
        2 + link.drops.len()
    }

    /// Takes links away.
    pub(super) fn drop_links(&mut self, pairs: &[(String, String)]) {
        for (x, y) in pairs {
            if let (Some(x), Some(y)) = (self.track_or_first_part(x), self.track_or_first_part(y)) {
                self.constraints.remove(x, y);
            }
        }
    }
}

/// Of links, newest first, those that agree with all newer ones that hold. O(n log n).
fn consistent(links: Vec<Constraint>) -> Vec<Constraint> {
    let mut tracks: Vec<TrackIx> = links.iter().flat_map(|link| [link.a, link.b]).collect();
    tracks.sort_unstable();
    tracks.dedup();
    let place = |track: TrackIx| tracks.partition_point(|&other| other < track) as u32;
    let mut sets = UnionFind::new(tracks.len());
    // By the root of a set: what is said not to belong to it.
    let mut apart: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut held: Vec<Constraint> = Vec::new();
    for link in links {
        let (x, y) = (place(link.a), place(link.b));
        let (a, b) = (sets.find(x), sets.find(y));
        let n = |root: u32| apart.get(&root).map_or(0, Vec::len);
        let (few, many) = if n(a) <= n(b) { (a, b) } else { (b, a) };
        match link.kind {
            ConstraintKind::Cannot if a == b => continue,
            ConstraintKind::Cannot => {
                apart.entry(a).or_default().push(y);
                apart.entry(b).or_default().push(x);
            }
            ConstraintKind::Must if a == b => {}
            ConstraintKind::Must => {
                let others = apart.get(&few).map_or(&[][..], Vec::as_slice);
                if others.iter().any(|&other| sets.find(other) == many) {
                    continue;
                }
                let mut both = apart.remove(&many).unwrap_or_default();
                both.extend(apart.remove(&few).unwrap_or_default());
                sets.union(a, b);
                apart.insert(sets.find(a), both);
            }
        }
        held.push(link);
    }
    held
}
