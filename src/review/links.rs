//! Links between tracks: which hold, which contradict each other, and which gives way.
//!
//! Takes the curator's links in the order in which they were made, and the pairs of tracks
//! that are seen at the same time; gives a refusal that names what contradicts, or the older
//! links that a new one replaces. Must-links are transitive, so that contradictions run over
//! chains. Precedence: a newer link over an older one, and both over co-occurrence. It never
//! reads a clock and never looks at a picture: the order of the log is the age of a link.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::{Edit, IdentityId, Refusal, Review};
use crate::base::{Constraint, Constraints, LinkKind, LinkSource, TrackIx, UnionFind};

/// What a link says of two tracks, as it stands in an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// One track.
    pub a: String,
    /// The other.
    pub b: String,
    /// Whether it stands over what contradicts it, instead of being refused.
    #[serde(rename = "override", default, skip_serializing_if = "std::ops::Not::not")]
    pub overrides: bool,
    /// The older links that go for it; filled in when the edit enters the log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<(String, String)>,
}

impl Review {
    /// The links of the curator that hold, by pair; no two contradict each other.
    ///
    /// Where some did (tracks that had left the folder came back, and their links with them),
    /// the newer ones hold. O(links² + highest linked track).
    pub fn links(&self) -> Vec<Constraint> {
        let mut links = agreeing(self.links.iter().rev().copied());
        links.sort_unstable();
        links
    }

    /// The edit that says that two identities are never the same person: a cannot-link between the
    /// tracks that stand for them. None where there is no such identity.
    #[must_use]
    pub fn apart(&self, a: IdentityId, b: IdentityId) -> Option<Edit> {
        let stands = |id| {
            let identity = self.identity(id)?;
            let track = identity.cover.or_else(|| identity.tracks.first().copied())?;
            Some(self.track_id(track).to_owned())
        };
        let (a, b) = (stands(a)?, stands(b)?);
        Some(Edit::CannotLink(Link { a, b, overrides: false, drops: Vec::new() }))
    }

    /// Checks a link against the older ones and against the pairs in `together`, which are
    /// seen at the same time, and says which older links go for it.
    pub(super) fn prepare_link(
        &self,
        link: Link,
        kind: LinkKind,
        together: &Constraints,
    ) -> Result<Link, Refusal> {
        let known = |id: &String| self.track(id).ok_or_else(|| Refusal::Track(id.clone()));
        let (a, b) = (known(&link.a)?, known(&link.b)?);
        if a == b {
            return Err(Refusal::Nothing("a link needs two different tracks"));
        }
        let new = Constraint { a: a.min(b), b: a.max(b), kind, source: LinkSource::User };
        // What was said of this very pair before is simply replaced.
        let older: Vec<Constraint> =
            self.links.iter().copied().filter(|old| (old.a, old.b) != (new.a, new.b)).collect();
        if !link.overrides {
            self.refuse(&older, a, b, kind, together)?;
        }
        let held = agreeing(std::iter::once(new).chain(older.iter().rev().copied()));
        let ids = |old: &Constraint| (self.track_id(old.a).to_owned(), self.track_id(old.b).to_owned());
        let drops = older.iter().filter(|old| !held.contains(old)).map(ids).collect();
        Ok(Link { drops, ..link })
    }

    /// The refusal of a link that contradicts the older ones, or co-occurrence.
    fn refuse(
        &self,
        older: &[Constraint],
        a: TrackIx,
        b: TrackIx,
        kind: LinkKind,
        together: &Constraints,
    ) -> Result<(), Refusal> {
        let id = |track: TrackIx| self.track_id(track).to_owned();
        let from_a = reach(older, a);
        let joined = from_a.contains_key(&b);
        match kind {
            LinkKind::Cannot if joined => {
                let mut chain = vec![b];
                while let Some(&before) = chain.last().and_then(|track| from_a.get(track))
                    && chain.last() != Some(&a)
                {
                    chain.push(before);
                }
                Err(Refusal::Joined { chain: chain.into_iter().rev().map(id).collect() })
            }
            // Where older links join them, this one says nothing new.
            LinkKind::Must if !joined => {
                let from_b = reach(older, b);
                let across = |x: TrackIx, y: TrackIx| {
                    (from_a.contains_key(&x) && from_b.contains_key(&y))
                        || (from_a.contains_key(&y) && from_b.contains_key(&x))
                };
                let parts = |old: &&Constraint| old.kind == LinkKind::Cannot && across(old.a, old.b);
                if let Some(old) = older.iter().find(parts) {
                    return Err(Refusal::Parted { a: id(a), b: id(b), x: id(old.a), y: id(old.b) });
                }
                let mut seen = together.cannot().filter(|&(x, y)| across(x, y));
                match seen.next() {
                    Some((x, y)) => {
                        let more = seen.count();
                        Err(Refusal::Together { a: id(a), b: id(b), x: id(x), y: id(y), more })
                    }
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Takes a link of the log over; the ones that it replaces go.
    pub(super) fn link(&mut self, link: &Link, kind: LinkKind) {
        let pair = |a: &str, b: &str| {
            let (a, b) = (self.track(a)?, self.track(b)?);
            Some((a.min(b), a.max(b)))
        };
        let Some((a, b)) = pair(&link.a, &link.b) else { return };
        let gone: Vec<_> = link.drops.iter().filter_map(|(x, y)| pair(x, y)).chain([(a, b)]).collect();
        self.links.retain(|old| !gone.contains(&(old.a, old.b)));
        self.links.push(Constraint { a, b, kind, source: LinkSource::User });
    }
}

/// Of links, newest first, those that agree with all newer ones that hold.
fn agreeing(newest_first: impl Iterator<Item = Constraint>) -> Vec<Constraint> {
    let links: Vec<Constraint> = newest_first.collect();
    let n = links.iter().map(|link| link.b as usize + 1).max().unwrap_or(0);
    let mut sets = UnionFind::new(n);
    let mut held: Vec<Constraint> = Vec::new();
    for link in links {
        let (a, b) = (sets.find(link.a), sets.find(link.b));
        let mut parts = |cannot: &Constraint| {
            let (x, y) = (sets.find(cannot.a), sets.find(cannot.b));
            (x, y) == (a, b) || (y, x) == (a, b)
        };
        let holds = match link.kind {
            LinkKind::Cannot => a != b,
            LinkKind::Must => !held.iter().filter(|old| old.kind == LinkKind::Cannot).any(&mut parts),
        };
        if holds {
            if link.kind == LinkKind::Must {
                sets.union(a, b);
            }
            held.push(link);
        }
    }
    held
}

/// Every track that must-links join with `from`, each with the track before it on a shortest
/// chain; `from` stands before itself.
fn reach(links: &[Constraint], from: TrackIx) -> BTreeMap<TrackIx, TrackIx> {
    let mut beside: BTreeMap<TrackIx, Vec<TrackIx>> = BTreeMap::new();
    for link in links.iter().filter(|link| link.kind == LinkKind::Must) {
        beside.entry(link.a).or_default().push(link.b);
        beside.entry(link.b).or_default().push(link.a);
    }
    let mut reached = BTreeMap::from([(from, from)]);
    let mut waiting = VecDeque::from([from]);
    while let Some(track) = waiting.pop_front() {
        let mut next = beside.remove(&track).unwrap_or_default();
        next.sort_unstable();
        for other in next {
            if let std::collections::btree_map::Entry::Vacant(place) = reached.entry(other) {
                place.insert(track);
                waiting.push_back(other);
            }
        }
    }
    reached
}
