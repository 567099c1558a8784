//! Mixed identities: their tracks form several clusters at an even certainty. Proposals to split, a
//! page at a time.
//!
//! A run at a wide radius, or a wrong merge, leaves identities of several people. Takes vectors and
//! a state; gives those that are not confirmed and mixed, each with its parts. A page of
//! them is a grid in which the likely ones are ticked already; accepting it is one edit.

use rayon::prelude::*;
use serde::Serialize;

use super::Vectors;
use super::centres::{group_distance, mean_of};
use super::edits::{combined, split_off};
use super::likelihood::likelihood;
use super::split::SplitSuggestion;
use crate::base::{Cancelled, Cx, TrackIx};
use crate::cluster::likelihood::{Certainty, TrackGroup};
use crate::review::{Edit, Identity, IdentityId, IdentityState, Review};

/// An identity that probably mixes several people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MixedIdentity {
    /// Whose parts they are.
    pub identity: IdentityId,
    /// Its tracks in parts, the largest first.
    pub parts: Vec<Vec<TrackIx>>,
    /// How likely no two parts are one person, in 0..1.
    pub p: f32,
}

impl MixedIdentity {
    /// Whether splitting is the more likely answer.
    #[must_use]
    pub(crate) fn is_likely(&self) -> bool {
        self.p >= 0.5
    }
}

/// The mixed identities at an even certainty, the most likely first, then by
/// their number; what the curator confirmed, named or ignored is left out. O(Σ n² · dim) over
/// identities of n tracks.
///
/// # Errors
/// [`Cancelled`].
pub fn mixed_identities(
    vectors: &Vectors,
    review: &Review,
    cx: &Cx,
) -> Result<Vec<MixedIdentity>, Cancelled> {
    let all: Vec<&Identity> =
        review.identities().filter(|identity| identity.state == IdentityState::Proposed).collect();
    let of = |identity: &&Identity| {
        let Some(parting) = SplitSuggestion::new(vectors, review, identity.id, &cx.without_warnings())?
        else {
            return Ok(None);
        };
        cx.check()?;
        let n = parting.n_parts_at(Certainty::EVEN.height());
        if n < 2 {
            return Ok(None);
        }
        let parts = parting.parts(n);
        let means: Vec<(Vec<f32>, TrackGroup)> =
            parts.iter().filter_map(|part| mean_of(vectors, part)).collect();
        let mut p = 1.0_f32;
        for (at, a) in means.iter().enumerate() {
            for b in &means[at + 1..] {
                let same = likelihood(&vectors.same_person(), group_distance(&a.0, &b.0), a.1, b.1);
                p = p.min(1.0 - same);
            }
        }
        Ok(Some(MixedIdentity { identity: identity.id, parts, p }))
    };
    let found: Vec<Option<MixedIdentity>> = all.par_iter().map(of).collect::<Result<_, Cancelled>>()?;
    let mut found: Vec<MixedIdentity> = found.into_iter().flatten().collect();
    found.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.identity.cmp(&b.identity)));
    Ok(found)
}

/// The edit that splits the ticked identities of a page into their parts; the others stay as they
/// are. None where nothing is ticked.
#[must_use]
pub(crate) fn split_mixed(review: &Review, page: &[MixedIdentity], ticks: &[bool]) -> Option<Edit> {
    let ticked = page.iter().zip(ticks).filter(|(_, tick)| **tick).map(|(mixed, _)| mixed);
    let edits = ticked.filter_map(|mixed| {
        let identity = review.identity(mixed.identity)?;
        let (first, others) = mixed.parts.split_first()?;
        Some(split_off(review, identity, first.first().copied(), others))
    });
    combined(edits.flatten().collect())
}
