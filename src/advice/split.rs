//! Split: an identity clustered again in itself.
//!
//! Takes vectors, a state and an identity; gives its tracks in 2, 3 … parts by likelihood
//! linkage under the links and overlaps, the number that the likelihoods suggest, and the edit that
//! accepts some parts. It is clustered once: any number of parts is one cut.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::Vectors;
use super::edits::{combined, split_off};
use crate::base::{
    Cancelled, Constraint, ConstraintKind, ConstraintSource, Constraints, Cx, Dendrogram, TrackIx, UnionFind,
};
use crate::cluster::likelihood::{Certainty, likelihood_linkage};
use crate::review::{Edit, IdentityId, Review};

/// More parts are never suggested, only to be had.
const SUGGESTED: usize = 24;

/// An identity in parts.
#[derive(Debug, Clone)]
pub(crate) struct SplitSuggestion {
    identity: IdentityId,
    /// Tracks with a row, ascending, and without.
    tracks: Vec<TrackIx>,
    without: Vec<TrackIx>,
    dendrogram: Dendrogram,
    suggested: usize,
}

impl SplitSuggestion {
    /// Clusters an identity in itself. None where it is unknown or has fewer than two tracks with
    /// a row. O(n² · dim) for its n tracks.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(crate) fn new(
        vectors: &Vectors,
        review: &Review,
        identity: IdentityId,
        cx: &Cx,
    ) -> Result<Option<Self>, Cancelled> {
        let Some(identity) = review.identity(identity) else { return Ok(None) };
        let has_row = |track: &TrackIx| vectors.row_of(*track).is_some();
        let (tracks, without): (Vec<_>, Vec<_>) = identity.tracks.iter().copied().partition(has_row);
        if tracks.len() < 2 {
            return Ok(None);
        }
        let Some(dendrogram) = linkage(vectors, review, &tracks, cx)? else { return Ok(None) };
        let suggested = suggested(&dendrogram);
        Ok(Some(Self { identity: identity.id, tracks, without, dendrogram, suggested }))
    }

    /// Whose parts they are.
    #[must_use]
    pub(crate) fn identity(&self) -> IdentityId {
        self.identity
    }

    /// The numbers of parts that can be had: from 2, or from how many the links keep apart.
    #[must_use]
    pub(crate) fn range(&self) -> RangeInclusive<usize> {
        let n = self.tracks.len();
        (n - self.dendrogram.merges().len()).max(2)..=n
    }

    /// The number of parts where merges are more likely than not, if that makes more than one; else
    /// the one before the largest step of the merges' heights. In [`Self::range`].
    #[must_use]
    pub(crate) fn suggested(&self) -> usize {
        self.suggested
    }

    /// The number of parts at a height of the dendrogram; 1 where none comes apart.
    pub(super) fn n_parts_at(&self, height: f64) -> usize {
        self.tracks.len() - self.dendrogram.n_merges_at(height)
    }

    /// The tracks in `n` parts, the largest first, then by their first track; `n` is brought into
    /// [`Self::range`]. Tracks without a row stay with the largest.
    #[must_use]
    pub(crate) fn parts(&self, n: usize) -> Vec<Vec<TrackIx>> {
        let n = n.clamp(*self.range().start(), *self.range().end());
        let mut parts = groups_after(&self.tracks, &self.dendrogram, self.tracks.len() - n);
        parts[0].extend(&self.without);
        parts[0].sort_unstable();
        parts
    }

    /// The edit that accepts parts, also adjusted ones: the first stays, each other becomes an
    /// identity and is remembered as another person. None where there is nothing to split.
    #[must_use]
    pub(crate) fn edit(&self, review: &Review, parts: &[Vec<TrackIx>]) -> Option<Edit> {
        let identity = review.identity(self.identity)?;
        let (first, others) = parts.split_first()?;
        combined(split_off(review, identity, first.first().copied(), others))
    }
}

/// Tracks grouped among themselves where merges are more likely than not; the largest group first.
/// Tracks without a row are groups of one.
#[must_use]
pub fn groups(vectors: &Vectors, review: &Review, tracks: &[TrackIx]) -> Vec<Vec<TrackIx>> {
    let has_row = |track: &TrackIx| vectors.row_of(*track).is_some();
    let (mut with, without): (Vec<_>, Vec<_>) = tracks.iter().copied().partition(has_row);
    with.sort_unstable();
    // Nobody cancels it.
    let dendrogram = linkage(vectors, review, &with, &Cx::new()).ok().flatten();
    let mut groups = match dendrogram {
        Some(dendrogram) => {
            groups_after(&with, &dendrogram, dendrogram.n_merges_at(Certainty::EVEN.height()))
        }
        None => with.into_iter().map(|track| vec![track]).collect(),
    };
    groups.extend(without.into_iter().map(|track| vec![track]));
    groups
}

/// All merges of some tracks that the links allow; none of fewer than two.
fn linkage(
    vectors: &Vectors,
    review: &Review,
    tracks: &[TrackIx],
    cx: &Cx,
) -> Result<Option<Dendrogram>, Cancelled> {
    if tracks.len() < 2 {
        return Ok(None);
    }
    let rows = vectors.unit().select(tracks.iter().filter_map(|&track| vectors.row_of(track)));
    let constraints = constraints_within(vectors, review, tracks);
    likelihood_linkage(&rows, &constraints, vectors.same_person(), 0.0, cx).map(Some)
}

/// What is known of pairs among some tracks (ascending), by their places.
fn constraints_within(vectors: &Vectors, review: &Review, tracks: &[TrackIx]) -> Constraints {
    let place = |track: TrackIx| tracks.binary_search(&track).ok().map(|place| place as u32);
    let said = review
        .constraints()
        .into_iter()
        .filter_map(|link| Some(Constraint { a: place(link.a)?, b: place(link.b)?, ..link }));
    let said: Vec<Constraint> = said.collect();
    let mut joined = UnionFind::new(tracks.len());
    for link in said.iter().filter(|link| link.kind == ConstraintKind::Must) {
        joined.union(link.a, link.b);
    }
    let mut pairs = said;
    for (a, &track) in (0_u32..).zip(tracks) {
        for b in vectors.co_occurring(track).iter().filter_map(|&other| place(other)) {
            if a < b && joined.find(a) != joined.find(b) {
                pairs.push(Constraint {
                    a,
                    b,
                    kind: ConstraintKind::Cannot,
                    source: ConstraintSource::CoOccurrence,
                });
            }
        }
    }
    Constraints::new(pairs)
}

/// The groups after `n_merges` merges, the largest first, then by their first track.
fn groups_after(tracks: &[TrackIx], dendrogram: &Dendrogram, n_merges: usize) -> Vec<Vec<TrackIx>> {
    let mut sets = UnionFind::new(tracks.len());
    for merge in dendrogram.merges().iter().take(n_merges) {
        sets.union(merge.a, merge.b);
    }
    let mut groups: BTreeMap<u32, Vec<TrackIx>> = BTreeMap::new();
    for (place, &track) in (0..).zip(tracks) {
        groups.entry(sets.find(place)).or_default().push(track);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
    groups
}

fn suggested(dendrogram: &Dendrogram) -> usize {
    let n = dendrogram.len();
    let merges = dendrogram.merges();
    let least = (n - merges.len()).max(2);
    let likely = n - dendrogram.n_merges_at(Certainty::EVEN.height());
    if (least..=SUGGESTED.max(least)).contains(&likely) {
        return likely;
    }
    // The step that undoing one merge more would not take: parts − 1 merges are undone.
    let step = |parts: &usize| {
        let height = |undone: usize| merges[merges.len() - undone].height.max(0.0);
        let undone = *parts - (n - merges.len());
        if undone == 0 || undone >= merges.len() {
            return 0.0;
        }
        height(undone) - height(undone + 1)
    };
    let most = SUGGESTED.min(n).max(least);
    (least..=most).max_by(|a, b| step(a).total_cmp(&step(b)).then(b.cmp(a))).unwrap_or(least)
}
