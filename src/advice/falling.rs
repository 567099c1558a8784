//! Identities that fall apart where merges are to be likelier than not: proposals to split, a page at a time.
//!
//! A run at a wide radius, or a wrong merge, leaves identities of several people. Takes vectors and
//! a state; gives those that are not confirmed and fall into parts, each with its parts. A page of
//! them is a grid in which the likely ones are ticked already; accepting it is one edit.

use rayon::prelude::*;
use serde::Serialize;

use super::Vectors;
use super::belief::likelihood;
use super::centres::{apart, mean_of};
use super::edits::{as_one, part_off};
use super::parting::Parting;
use crate::base::{Cancelled, Cx, TrackIx};
use crate::cluster::likelihood::{Certainty, Group};
use crate::review::{Edit, Identity, IdentityId, IdentityState, Review};

/// An identity that falls into parts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Falling {
    /// Whose parts they are.
    pub identity: IdentityId,
    /// Its tracks in parts, the largest first.
    pub parts: Vec<Vec<TrackIx>>,
    /// How likely no two parts are one person, in 0..1.
    pub p: f32,
}

impl Falling {
    /// Whether splitting is the likelier answer.
    #[must_use]
    pub(crate) fn is_likely(&self) -> bool {
        self.p >= 0.5
    }
}

/// The identities that fall into parts at an even certainty, the likeliest first, then by
/// their number; what the curator confirmed, named or ignored is left out. O(Σ n² · dim) over
/// identities of n tracks.
///
/// # Errors
/// [`Cancelled`].
pub fn falling(vectors: &Vectors, review: &Review, cx: &Cx) -> Result<Vec<Falling>, Cancelled> {
    let all: Vec<&Identity> =
        review.identities().filter(|identity| identity.state == IdentityState::Proposed).collect();
    let of = |identity: &&Identity| {
        let Some(parting) = Parting::new(vectors, review, identity.id, &cx.aside())? else { return Ok(None) };
        cx.check()?;
        let n = parting.n_at(Certainty::EVEN.height());
        if n < 2 {
            return Ok(None);
        }
        let parts = parting.parts(n);
        let means: Vec<(Vec<f32>, Group)> = parts.iter().filter_map(|part| mean_of(vectors, part)).collect();
        let mut p = 1.0_f32;
        for (at, a) in means.iter().enumerate() {
            for b in &means[at + 1..] {
                let same = likelihood(&vectors.same_person(), apart(&a.0, &b.0), a.1, b.1);
                p = p.min(1.0 - same);
            }
        }
        Ok(Some(Falling { identity: identity.id, parts, p }))
    };
    let found: Vec<Option<Falling>> = all.par_iter().map(of).collect::<Result<_, Cancelled>>()?;
    let mut found: Vec<Falling> = found.into_iter().flatten().collect();
    found.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.identity.cmp(&b.identity)));
    Ok(found)
}

/// The edit that splits the ticked identities of a page into their parts; the others stay as they
/// are. None where nothing is ticked.
#[must_use]
pub(crate) fn split_all(review: &Review, page: &[Falling], ticks: &[bool]) -> Option<Edit> {
    let ticked = page.iter().zip(ticks).filter(|(_, tick)| **tick).map(|(falling, _)| falling);
    let edits = ticked.filter_map(|falling| {
        let identity = review.identity(falling.identity)?;
        let (first, others) = falling.parts.split_first()?;
        Some(part_off(review, identity, first.first().copied(), others))
    });
    as_one(edits.flatten().collect())
}
