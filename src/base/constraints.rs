//! Pairs of tracks that must, or must not, share an identity.

use serde::{Deserialize, Serialize};

use super::TrackIx;

/// Whether a pair belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// The same person.
    Must,
    /// Never the same person.
    Cannot,
}

/// Who said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkSource {
    /// The curator.
    User,
    /// Two tracks of one video that overlap in time.
    CoOccurrence,
}

/// One constrained pair, `a < b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Constraint {
    /// The smaller track.
    pub a: TrackIx,
    /// The larger track.
    pub b: TrackIx,
    /// Must or cannot.
    pub kind: LinkKind,
    /// Who said so.
    pub source: LinkSource,
}

/// A sorted set of constrained pairs without duplicates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constraints(Vec<Constraint>);

impl Constraints {
    /// Orders the pairs and drops duplicates and pairs of a track with itself.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = Constraint>) -> Self {
        let mut pairs: Vec<_> = pairs
            .into_iter()
            .filter(|p| p.a != p.b)
            .map(|p| Constraint { a: p.a.min(p.b), b: p.a.max(p.b), ..p })
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        Self(pairs)
    }

    /// All pairs, in order.
    #[must_use]
    pub fn all(&self) -> &[Constraint] {
        &self.0
    }

    /// The pairs that must stay apart, as `(smaller, larger)`.
    pub fn cannot(&self) -> impl Iterator<Item = (TrackIx, TrackIx)> + '_ {
        self.0.iter().filter(|p| p.kind == LinkKind::Cannot).map(|p| (p.a, p.b))
    }
}
