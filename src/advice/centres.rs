//! The mean of every identity, and which identities are near each other.
//!
//! Takes vectors and a state of the review; gives the mean of each identity's unit rows and, for
//! some of them, all others within a distance. Between two identities that distance is the mean
//! squared distance over all pairs of their tracks, `2 − 2·⟨mean, mean⟩`, so that it does not
//! shrink as identities grow. Follows an edit in the time that the
//! changed identities take. It judges nothing.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Vectors;
use crate::base::product::{dot, multiply_transposed_by_transposed, transposed};
use crate::base::{Cancelled, Cx, Distance, TrackIx};
use crate::cluster::likelihood::TrackGroup;
use crate::review::{Identity, IdentityId, IdentityState, Review};

/// Identities whose neighbours are looked for at a time.
const BATCH: usize = 128;
/// Means that are compared with them at a time, and by one task.
const PANEL: usize = 512;
const SHARE: usize = 8 * 1024;
/// What rounding of a product may be off by, on a cosine.
const SLACK: f32 = 1e-5;

/// The identity at a slot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SlotIdentity {
    pub(super) id: IdentityId,
    /// Its tracks that have a row.
    pub(super) group: TrackGroup,
    pub(super) state: IdentityState,
    pub(super) is_named: bool,
    /// Whether the curator kept it as it is.
    pub(super) kept: bool,
}

/// The means, by slot; a slot whose identity went is taken by the next new one.
#[derive(Debug, Clone, Default)]
pub(super) struct Centres {
    dim: usize,
    rows: Vec<f32>,
    places: Vec<Option<SlotIdentity>>,
    slots: BTreeMap<IdentityId, u32>,
    free: Vec<u32>,
}

impl Centres {
    /// The means of all identities that have a row. O(tracks · dim).
    pub(super) fn of(vectors: &Vectors, review: &Review) -> Self {
        let dim = vectors.unit().dim();
        let all: Vec<&Identity> = review.identities().collect();
        let found: Vec<_> = all.par_iter().map(|identity| mean(vectors, identity)).collect();
        let mut centres = Self { dim, ..Self::default() };
        for (identity, mean) in all.into_iter().zip(found) {
            centres.set(identity, mean);
        }
        centres
    }

    /// Follows the identities that changed; gives their slots, where they are still there.
    pub(super) fn update(&mut self, vectors: &Vectors, review: &Review, changed: &[IdentityId]) -> Vec<u32> {
        // Who went first, so that their slots are there for the others.
        for &id in changed.iter().filter(|&&id| review.identity(id).is_none()) {
            self.remove(id);
        }
        let there = changed.iter().filter_map(|&id| review.identity(id));
        there.filter_map(|identity| self.set(identity, mean(vectors, identity))).collect()
    }

    fn remove(&mut self, id: IdentityId) {
        if let Some(slot) = self.slots.remove(&id) {
            self.places[slot as usize] = None;
            self.free.push(slot);
        }
    }

    fn set(&mut self, identity: &Identity, mean: Option<(Vec<f32>, u32)>) -> Option<u32> {
        let id = identity.id;
        let Some((row, n)) = mean else {
            self.remove(id);
            return None;
        };
        let slot = self.slots.get(&id).copied().or_else(|| self.free.pop()).unwrap_or_else(|| {
            self.places.push(None);
            self.rows.extend(std::iter::repeat_n(0.0, self.dim));
            self.places.len() as u32 - 1
        });
        self.rows[slot as usize * self.dim..(slot as usize + 1) * self.dim].copy_from_slice(&row);
        let (state, is_named) = (identity.state, identity.name.is_some());
        self.places[slot as usize] =
            Some(SlotIdentity { id, group: TrackGroup::of(n, &row), state, is_named, kept: identity.kept });
        self.slots.insert(id, slot);
        Some(slot)
    }

    /// The slot of an identity that has a mean.
    pub(super) fn slot(&self, id: IdentityId) -> Option<u32> {
        self.slots.get(&id).copied()
    }

    /// The identity at a slot, if any.
    pub(super) fn place(&self, slot: u32) -> Option<SlotIdentity> {
        self.places[slot as usize]
    }

    /// All taken slots, by identity.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> + '_ {
        self.slots.values().copied()
    }

    /// One more than the highest slot.
    pub(super) fn n_slots(&self) -> usize {
        self.places.len()
    }

    /// The mean at a slot.
    pub(super) fn row(&self, slot: u32) -> &[f32] {
        &self.rows[slot as usize * self.dim..(slot as usize + 1) * self.dim]
    }

    /// For each of the means in `queries` the slots of which `may` says so within `limit`, nearest
    /// first; at most `most`. `may` takes the query's number and a slot.
    ///
    /// O(queries · identities · dim); the same bytes for any number of threads.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(super) fn within(
        &self,
        queries: &[f32],
        limit: f32,
        most: usize,
        may: impl Fn(usize, u32) -> bool + Sync,
        cx: &Cx,
    ) -> Result<Vec<Vec<(u32, f32)>>, Cancelled> {
        if queries.is_empty() || self.places.is_empty() {
            return Ok(vec![Vec::new(); queries.len() / self.dim.max(1)]);
        }
        let share = SHARE * self.dim;
        let batches: Vec<&[f32]> = queries.chunks(BATCH * self.dim).collect();
        let of_batch = |(number, batch): (usize, &[f32])| {
            let turned = transposed(batch, self.dim);
            let ways: Vec<Vec<Vec<(u32, f32)>>> = self
                .rows
                .par_chunks(share)
                .enumerate()
                .map(|(at, rows)| {
                    cx.check()?;
                    let scan = NearestSearch { first: number * BATCH, at: at * SHARE, limit, most };
                    Ok(scan.run(self, batch, &turned, rows, &may))
                })
                .collect::<Result<_, Cancelled>>()?;
            let n = batch.len() / self.dim;
            cx.advance(n as u64);
            let mut found = vec![Vec::new(); n];
            for way in ways {
                for (all, some) in found.iter_mut().zip(way) {
                    all.extend(some);
                }
            }
            for all in &mut found {
                self.keep_nearest(all, most);
            }
            Ok(found)
        };
        let found: Vec<Vec<Vec<(u32, f32)>>> =
            batches.into_par_iter().enumerate().map(of_batch).collect::<Result<_, Cancelled>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Orders by distance, then by identity, and drops what is too much.
    pub(super) fn keep_nearest(&self, found: &mut Vec<(u32, f32)>, most: usize) {
        let id = |slot: u32| self.places[slot as usize].map(|place| place.id);
        found.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then_with(|| id(a.0).cmp(&id(b.0))));
        found.truncate(most);
    }
}

/// What one task looks for.
struct NearestSearch {
    /// Number of its first query, and its first slot.
    first: usize,
    at: usize,
    limit: f32,
    most: usize,
}

impl NearestSearch {
    fn run(
        &self,
        centres: &Centres,
        batch: &[f32],
        turned: &[f32],
        rows: &[f32],
        may: &impl Fn(usize, u32) -> bool,
    ) -> Vec<Vec<(u32, f32)>> {
        let dim = centres.dim;
        let n = batch.len() / dim;
        let mut found = vec![Vec::new(); n];
        let mut products = vec![0.0; n * PANEL];
        let least = 1.0 - self.limit / 2.0 - SLACK;
        for (panel, at) in rows.chunks(PANEL * dim).zip((self.at..).step_by(PANEL)) {
            let width = panel.len() / dim;
            multiply_transposed_by_transposed(turned, panel, dim, &mut products);
            for (query, row) in products[..n * width].chunks(width).enumerate() {
                for (&cosine, slot) in row.iter().zip(at as u32..) {
                    if cosine >= least
                        && centres.places[slot as usize].is_some()
                        && may(self.first + query, slot)
                    {
                        let own = &batch[query * dim..(query + 1) * dim];
                        let distance = group_distance(own, centres.row(slot)).0;
                        if distance <= self.limit {
                            found[query].push((slot, distance));
                        }
                    }
                }
            }
        }
        for found in &mut found {
            centres.keep_nearest(found, self.most);
        }
        found
    }
}

/// The mean squared distance over all pairs of two groups of unit rows, from their means.
pub(super) fn group_distance(a: &[f32], b: &[f32]) -> Distance {
    Distance(2.0 - 2.0 * dot(a, b))
}

/// The mean of an identity's rows, and how many there are; none where there is none.
pub(super) fn mean(vectors: &Vectors, identity: &Identity) -> Option<(Vec<f32>, u32)> {
    let (sum, n) = sum(vectors, &identity.tracks);
    (n > 0).then(|| (sum.into_iter().map(|x| x / n as f32).collect(), n))
}

/// The mean of the tracks' rows, and the group that they are; none where there is none.
pub(super) fn mean_of(vectors: &Vectors, tracks: &[TrackIx]) -> Option<(Vec<f32>, TrackGroup)> {
    let (sum, n) = sum(vectors, tracks);
    (n > 0).then(|| {
        let mean: Vec<f32> = sum.into_iter().map(|x| x / n as f32).collect();
        let group = TrackGroup::of(n, &mean);
        (mean, group)
    })
}

/// The sum of the tracks' rows, and how many there are.
pub(super) fn sum(vectors: &Vectors, tracks: &[TrackIx]) -> (Vec<f32>, u32) {
    let mut sum = vec![0.0; vectors.unit().dim()];
    let mut n = 0;
    for row in tracks.iter().filter_map(|&track| vectors.row(track)) {
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += value;
        }
        n += 1;
    }
    (sum, n)
}
