//! Which identities cannot be one person, whatever their faces look like.
//!
//! Takes the curator's links and rejections, and who is seen at the same time; says it of two
//! identities, so that nobody is asked twice.

use std::collections::BTreeSet;

use super::Vectors;
use crate::base::{LinkKind, TrackIx};
use crate::review::{IdentityId, Review};

/// What was said of pairs of identities; O(links + rejections) to make.
#[derive(Debug, Clone, Default)]
pub(super) struct Bars(BTreeSet<(IdentityId, IdentityId)>);

impl Bars {
    /// All that the review's links and rejections keep apart.
    pub(super) fn of(review: &Review) -> Self {
        let cannot = review.links().into_iter().filter(|link| link.kind == LinkKind::Cannot);
        let cannot = cannot.filter_map(|link| review.identity_of(link.a).zip(review.identity_of(link.b)));
        let refused = review.refusals().filter_map(|(track, from)| Some((review.identity_of(track)?, from)));
        Self(cannot.chain(refused).map(|(a, b)| (a.min(b), a.max(b))).collect())
    }

    /// Whether any bar is gone between two identities that did not change.
    pub(super) fn are_lifted(&self, now: &Self, changed: &[IdentityId]) -> bool {
        let is_same = |id: &IdentityId| !changed.contains(id);
        self.0.iter().any(|pair| is_same(&pair.0) && is_same(&pair.1) && !now.0.contains(pair))
    }

    /// Whether two identities were said not to be one.
    pub(super) fn hold(&self, a: IdentityId, b: IdentityId) -> bool {
        self.0.contains(&(a.min(b), a.max(b)))
    }
}

/// The identities that are in one frame with any of the tracks, ascending. O(tracks, and with
/// whom they are seen).
pub(super) fn seen_with(vectors: &Vectors, review: &Review, tracks: &[TrackIx]) -> Vec<IdentityId> {
    let others = tracks.iter().flat_map(|&track| vectors.together(track));
    let mut ids: Vec<_> = others.filter_map(|&track| review.identity_of(track)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
