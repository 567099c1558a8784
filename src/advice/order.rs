//! Puts the questions in order, and estimates what is left.
//!
//! A question is worth what its yes saves: one decision fewer about the two, and one fewer about
//! each that lies near both; less what it costs where the more likely answer is wrong.

use rayon::prelude::*;

use super::centres::{SlotIdentity, group_distance};
use super::likelihood::{LEAST, likelihood};
use super::queue::{MergeQuestion, QuestionQueue, RemainingWork};
use crate::base::{Distance, UnionFind};
use crate::cluster::likelihood::TrackGroup;
use crate::review::IdentityId;
use crate::review::IdentityState;

/// Pairs that are put in order: more than a curator answers at a sitting.
const OFFERED: usize = 2_000;
/// From this probability on a question counts as one that will be asked.
const ASKED: f32 = 0.2;

/// A candidate, by slots.
#[derive(Debug, Clone, Copy)]
struct SlotPair {
    a: u32,
    b: u32,
    distance: f32,
    p: f32,
    stranger: bool,
}

impl QuestionQueue {
    /// Takes the candidates out of the lists, O(candidates). Where there is none, the lists may
    /// have missed one: so all pairs are looked at, or those of `changed`, where only these are in
    /// question. O(changed · identities · dim) then.
    pub(super) fn order(&mut self, changed: Option<&[u32]>) {
        let mut found = self.candidates();
        if found.is_empty() && self.search_all(changed) {
            found = self.candidates();
        }
        self.is_done = found.is_empty();
        self.remaining = self.estimate(&found);
        let found_first = |c: &SlotPair| {
            let id = |slot| self.centres.place(slot).map(|place| place.id);
            (c.stranger, std::cmp::Reverse(order_of(c.p)), id(c.a), id(c.b))
        };
        if found.len() > OFFERED {
            found.select_nth_unstable_by_key(OFFERED, found_first);
            found.truncate(OFFERED);
        }
        let mut pairs: Vec<MergeQuestion> =
            found.iter().filter_map(|candidate| self.pair(candidate)).collect();
        pairs.sort_unstable_by_key(|pair| {
            (pair.stranger, std::cmp::Reverse(order_of(pair.saved)), pair.a, pair.b)
        });
        self.pairs = pairs;
    }

    /// Puts every pair that may be asked about into a list; whether there is any.
    fn search_all(&mut self, changed: Option<&[u32]>) -> bool {
        let all: Vec<u32> = self.centres.slots().collect();
        let of = |&slot: &u32| {
            let seen = self.seen(slot);
            // Where all are looked at, each pair once.
            let others = all.iter().filter(move |other| changed.is_some() || **other > slot);
            let found = others.filter_map(|&other| self.candidate(slot, other, &seen));
            found.filter(|(pair, _)| !self.skipped.contains(pair)).map(|(_, near)| near).collect()
        };
        let from = changed.unwrap_or(&all);
        let found: Vec<Vec<(u32, f32)>> = from.par_iter().map(of).collect();
        for (&slot, found) in from.iter().zip(&found) {
            let list = &mut self.lists[slot as usize];
            list.extend(found);
            self.centres.keep_nearest(list, usize::MAX);
            list.dedup();
        }
        found.iter().any(|found| !found.is_empty())
    }

    /// A pair that the curator may be asked about, skipped or not, and the second of it with the
    /// distance; `seen` is who is in one frame with the first.
    pub(super) fn candidate(
        &self,
        slot: u32,
        other: u32,
        seen: &[IdentityId],
    ) -> Option<((IdentityId, IdentityId), (u32, f32))> {
        let (own, their) = (self.centres.place(slot)?, self.centres.place(other)?);
        let pair = (own.id.min(their.id), own.id.max(their.id));
        let is_barred =
            self.known_different.contains(own.id, their.id) || seen.binary_search(&their.id).is_ok();
        if slot == other || is_barred || !may_ask(own, their) {
            return None;
        }
        let Distance(distance) = group_distance(self.centres.row(slot), self.centres.row(other));
        let p = self.likelihood(distance, own.group, their.group);
        (p >= LEAST).then_some((pair, (other, distance)))
    }

    fn candidates(&self) -> Vec<SlotPair> {
        let is_ignored =
            |slot: u32| self.centres.place(slot).is_some_and(|place| place.state == IdentityState::Ignored);
        // How near the nearest ignored one is, to those that the curator has not kept.
        let anchors: Vec<f32> = self
            .lists
            .par_iter()
            .enumerate()
            .map(|(slot, list)| {
                let is_kept = self.centres.place(slot as u32).is_none_or(|place| place.kept);
                let nearest = list.iter().find(|(other, _)| is_ignored(*other)).filter(|_| !is_kept);
                nearest.map_or(f32::INFINITY, |anchor| anchor.1)
            })
            .collect();
        let slots = (0..self.lists.len() as u32).into_par_iter();
        slots.flat_map_iter(|slot| self.of_slot(slot, &anchors)).collect()
    }

    /// The candidates that are in the list of a slot, and in no list of a smaller identity.
    fn of_slot<'a>(&'a self, slot: u32, anchors: &'a [f32]) -> impl Iterator<Item = SlotPair> + 'a {
        let own = self.centres.place(slot);
        self.lists[slot as usize].iter().filter_map(move |&(other, distance)| {
            let (own, their) = (own?, self.centres.place(other)?);
            // A pair that is in both lists is taken from the first one.
            let is_twice = || self.lists[other as usize].iter().any(|(back, _)| *back == slot);
            if !may_ask(own, their) || (own.id > their.id && is_twice()) {
                return None;
            }
            let (a, b) = if own.id < their.id { (slot, other) } else { (other, slot) };
            let pair = (own.id.min(their.id), own.id.max(their.id));
            if self.known_different.contains(own.id, their.id) || self.skipped.contains(&pair) {
                return None;
            }
            let stranger = anchors[slot as usize].min(anchors[other as usize]) < distance;
            let p = self.likelihood(distance, own.group, their.group);
            (p >= LEAST).then_some(SlotPair { a, b, distance, p, stranger })
        })
    }

    fn likelihood(&self, distance: f32, a: TrackGroup, b: TrackGroup) -> f32 {
        likelihood(&self.vectors.same_person(), Distance(distance), a, b)
    }

    fn pair(&self, candidate: &SlotPair) -> Option<MergeQuestion> {
        let SlotPair { a, b, distance, p, stranger } = *candidate;
        let (place_a, place_b) = (self.centres.place(a)?, self.centres.place(b)?);
        let theirs = &self.lists[b as usize];
        let shared = self.lists[a as usize].iter().filter_map(|&(x, to_a)| {
            let to_b = theirs.iter().find(|(other, _)| *other == x)?.1;
            let group = self.centres.place(x)?.group;
            let p_of = |distance, place: SlotIdentity| self.likelihood(distance, place.group, group);
            Some(p_of(to_a, place_a).min(p_of(to_b, place_b)))
        });
        let saved = p * (1.0 + shared.sum::<f32>()) - p.min(1.0 - p);
        let (a, b) = (place_a.id, place_b.id);
        Some(MergeQuestion { a, b, p, saved, distance: Distance(distance), stranger })
    }

    /// What is left: people by joining what is likely one, and the questions.
    fn estimate(&self, found: &[SlotPair]) -> RemainingWork {
        let mut people = UnionFind::new(self.centres.n_slots());
        let likely = found.iter().filter(|c| c.p >= 0.5);
        let merges = likely.filter(|c| people.union(c.a, c.b)).count();
        let open = found.iter().filter(|c| c.p >= ASKED && c.p < 0.5);
        let open = open.filter(|c| people.find(c.a) != people.find(c.b)).count();
        let mut is_named = vec![false; self.centres.n_slots()];
        let places = || self.centres.slots().filter_map(|slot| Some((slot, self.centres.place(slot)?)));
        let kept = || places().filter(|(_, place)| place.state != IdentityState::Ignored);
        for (slot, _) in kept().filter(|(_, place)| place.is_named) {
            is_named[people.find(slot) as usize] = true;
        }
        let names = kept().filter(|&(slot, _)| people.find(slot) == slot && !is_named[slot as usize]);
        let names = names.count();
        let doubtful = self.doubtful.iter().map(|&n| n as usize).sum();
        RemainingWork { names, answers: merges + open, doubtful }
    }
}

/// Whether the curator may be asked about them as far as names and states go: two names are two
/// people, and nobody is asked about ignored ones.
fn may_ask(a: SlotIdentity, b: SlotIdentity) -> bool {
    a.state != IdentityState::Ignored && b.state != IdentityState::Ignored && !(a.is_named && b.is_named)
}

/// A float as a number in the same order.
fn order_of(value: f32) -> i32 {
    let bits = value.to_bits() as i32;
    bits ^ (((bits >> 31) as u32) >> 1) as i32
}
