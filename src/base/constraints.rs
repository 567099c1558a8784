//! Pairs of tracks that must, or must not, share an identity.

use serde::{Deserialize, Serialize};

use super::TrackIx;

/// Whether a pair belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConstraintKind {
    /// The same person.
    Must,
    /// Never the same person.
    Cannot,
}

/// Who said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConstraintSource {
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
    pub kind: ConstraintKind,
    /// Who said so.
    pub source: ConstraintSource,
}

/// A sorted set of constrained pairs without duplicates.
///
/// # Examples
/// ```
/// use castlist::base::{Constraint, Constraints, ConstraintKind, ConstraintSource};
///
/// // The curator says that tracks 5 and 2 show different people. The order does not matter.
/// let pair = |a, b| Constraint { a, b, kind: ConstraintKind::Cannot, source: ConstraintSource::User };
/// let links = Constraints::new([pair(5, 2), pair(2, 5)]);
/// assert_eq!(links.cannot().collect::<Vec<_>>(), [(2, 5)]);
/// ```
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
        self.0.iter().filter(|p| p.kind == ConstraintKind::Cannot).map(|p| (p.a, p.b))
    }
}

/// Tracks that are seen at the same time, by track; made once for a set of tracks.
///
/// # Examples
/// ```
/// use castlist::base::{CoOccurrence, Constraint, Constraints, ConstraintKind, ConstraintSource};
///
/// let seen = |a, b| Constraint { a, b, kind: ConstraintKind::Cannot, source: ConstraintSource::CoOccurrence };
/// let seen = CoOccurrence::new(&Constraints::new([seen(0, 3), seen(3, 1)]));
/// assert_eq!(seen.of(3), [0, 1]);
/// assert!(seen.of(2).is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoOccurrence {
    /// Where the others of each track begin, and one end more.
    starts: Vec<usize>,
    others: Vec<TrackIx>,
}

impl CoOccurrence {
    /// The cannot-pairs of `pairs`, whoever said them. O(pairs + highest track).
    #[must_use]
    pub fn new(pairs: &Constraints) -> Self {
        let n = pairs.cannot().map(|(_, b)| b as usize + 1).max().unwrap_or(0);
        let mut starts = vec![0; n + 1];
        for (a, b) in pairs.cannot() {
            starts[a as usize + 1] += 1;
            starts[b as usize + 1] += 1;
        }
        for at in 0..n {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut others = vec![0; starts[n]];
        // The pairs are sorted, so that the others of each track are: first the smaller ones,
        // by the first of the pair, then the larger ones.
        for (a, b) in pairs.cannot() {
            others[next[b as usize]] = a;
            next[b as usize] += 1;
        }
        for (a, b) in pairs.cannot() {
            others[next[a as usize]] = b;
            next[a as usize] += 1;
        }
        Self { starts, others }
    }

    /// The tracks that are seen together with one, ascending. O(1).
    #[must_use]
    pub fn of(&self, track: TrackIx) -> &[TrackIx] {
        let at = track as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&from), Some(&to)) => &self.others[from..to],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_knows_whom_they_are_seen_with() {
        let pair = |(a, b, kind)| Constraint { a, b, kind, source: ConstraintSource::CoOccurrence };
        let pairs = [
            (3, 1, ConstraintKind::Cannot),
            (0, 3, ConstraintKind::Cannot),
            (3, 5, ConstraintKind::Cannot),
            (0, 1, ConstraintKind::Must),
        ];
        let seen = CoOccurrence::new(&Constraints::new(pairs.map(pair)));
        assert_eq!(seen.of(3), [0, 1, 5]);
        assert_eq!((seen.of(0), seen.of(1), seen.of(5)), (&[3][..], &[3][..], &[3][..]));
        assert!(seen.of(2).is_empty() && seen.of(6).is_empty() && seen.of(99).is_empty());
        assert!(CoOccurrence::default().of(0).is_empty());
    }
}
