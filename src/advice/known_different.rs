//! Which identities cannot be one person, whatever their faces look like.
//!
//! Takes the curator's links and rejections, and who is seen at the same time; says it of two
//! identities, so that no question comes twice.

use std::collections::BTreeSet;

use super::Vectors;
use crate::base::{ConstraintKind, TrackIx};
use crate::review::{IdentityId, Review};

/// What was said of pairs of identities; O(links + rejections) to make.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownDifferent(BTreeSet<(IdentityId, IdentityId)>);

impl KnownDifferent {
    /// All that the review's links and rejections keep apart.
    pub(super) fn of(review: &Review) -> Self {
        let cannot = review.constraints().into_iter().filter(|link| link.kind == ConstraintKind::Cannot);
        let cannot = cannot.filter_map(|link| review.identity_of(link.a).zip(review.identity_of(link.b)));
        let refused = review.refusals().filter_map(|(track, from)| Some((review.identity_of(track)?, from)));
        Self(cannot.chain(refused).map(|(a, b)| (a.min(b), a.max(b))).collect())
    }

    /// Whether two identities that did not change are no longer known to be different.
    pub(super) fn loses_any(&self, now: &Self, changed: &[IdentityId]) -> bool {
        let is_same = |id: &IdentityId| !changed.contains(id);
        self.0.iter().any(|pair| is_same(&pair.0) && is_same(&pair.1) && !now.0.contains(pair))
    }

    /// Whether two identities were said not to be one.
    pub(super) fn contains(&self, a: IdentityId, b: IdentityId) -> bool {
        self.0.contains(&(a.min(b), a.max(b)))
    }
}

/// The identities that are in one frame with any of the tracks, ascending. O(tracks, and with
/// whom they are seen).
pub(super) fn co_occurring_identities(
    vectors: &Vectors,
    review: &Review,
    tracks: &[TrackIx],
) -> Vec<IdentityId> {
    let others = tracks.iter().flat_map(|&track| vectors.co_occurring(track));
    let mut ids: Vec<_> = others.filter_map(|&track| review.identity_of(track)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
