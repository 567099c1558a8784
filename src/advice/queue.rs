//! "Same person?": the questions worth asking, best first.
//!
//! Takes vectors and a state of the review; keeps for every identity those that lie near it, and
//! gives pairs by the decisions that their answer saves. Follows every edit. An answer is an
//! ordinary edit, a merge or a cannot-link, so that answers spread by themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::centres::Centres;
use super::known_different::{KnownDifferent, co_occurring_identities};
use super::likelihood::farthest;
use super::{Vectors, doubtful};
use crate::base::{Cancelled, Cx, Distance, Stage};
use crate::review::{IdentityId, Review};

/// Neighbours that are kept of an identity.
pub(super) const NEIGHBOURS: usize = 32;

/// Two identities that may be one person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MergeQuestion {
    /// The one with the smaller number.
    pub a: IdentityId,
    /// The other.
    pub b: IdentityId,
    /// How likely they are one person, in 0..1.
    pub p: f32,
    /// Decisions that the answer is expected to save, less what a likely wrong guess costs.
    pub saved: f32,
    /// Mean squared distance over all pairs of their tracks.
    pub distance: Distance,
    /// Whether one of them, not yet kept by the curator, is nearer to an ignored identity than to
    /// the other: such pairs come last.
    pub stranger: bool,
}

impl MergeQuestion {
    /// Whether yes is the more likely answer.
    #[must_use]
    pub(crate) fn is_likely(&self) -> bool {
        self.p >= 0.5
    }
}

/// An estimate of the decisions that are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct RemainingWork {
    /// People without a name: unnamed identities, where several that are likely one person count
    /// once.
    pub names: usize,
    /// Questions: the merges that are likely, and those with P ≥ 0.2 that these do not settle.
    pub answers: usize,
    /// Tracks of unconfirmed identities that are more likely another person.
    pub doubtful: usize,
}

impl RemainingWork {
    /// All together.
    #[must_use]
    pub fn total(&self) -> usize {
        self.names + self.answers + self.doubtful
    }
}

/// The questions; owns all that it needs to follow the review.
#[derive(Debug)]
pub struct QuestionQueue {
    pub(super) vectors: Arc<Vectors>,
    pub(super) review: Review,
    pub(super) centres: Centres,
    /// By slot: who lies near it and is never in one frame with it, nearest first.
    pub(super) lists: Vec<Vec<(u32, f32)>>,
    /// By slot: how many of its tracks are more likely another person.
    pub(super) doubtful: Vec<u32>,
    pub(super) known_different: KnownDifferent,
    /// Questions that were skipped in this session.
    pub(super) skipped: BTreeSet<(IdentityId, IdentityId)>,
    pub(super) pairs: Vec<MergeQuestion>,
    pub(super) remaining: RemainingWork,
    /// Whether all pairs were looked at, and none was left to ask.
    pub(super) is_done: bool,
}

impl QuestionQueue {
    /// All questions of a state. O(tracks · dim + identities² · dim).
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn new(vectors: &Arc<Vectors>, review: &Review, cx: &Cx) -> Result<Self, Cancelled> {
        let centres = Centres::of(vectors, review);
        let n = centres.n_slots();
        let mut queue = Self {
            vectors: Arc::clone(vectors),
            review: review.clone(),
            centres,
            lists: vec![Vec::new(); n],
            doubtful: vec![0; n],
            known_different: KnownDifferent::of(review),
            skipped: BTreeSet::new(),
            pairs: Vec::new(),
            remaining: RemainingWork::default(),
            is_done: false,
        };
        let slots: Vec<u32> = queue.centres.slots().collect();
        cx.stage(Stage::ComparingIdentities, slots.len() as u64);
        let found = queue.search(&slots, NEIGHBOURS, cx)?;
        for (&slot, list) in slots.iter().zip(found) {
            queue.lists[slot as usize] = list;
        }
        queue.doubt(&slots);
        cx.check()?;
        queue.order(None);
        Ok(queue)
    }

    /// The vectors that it was made of.
    #[must_use]
    pub fn vectors(&self) -> &Arc<Vectors> {
        &self.vectors
    }

    /// How many identities [`Self::refresh`] would look at again; where they are many, a new queue
    /// made in the background is better. O(what changed).
    #[must_use]
    pub(crate) fn n_changed(&self, review: &Review) -> usize {
        review.changed_since(&self.review).len()
    }

    /// Follows the review to another state of the same tracks. O(changed identities · identities ·
    /// dim + candidate pairs + links); gives what [`Self::new`] gives, unless an identity has had
    /// more than 32 near ones.
    pub fn refresh(&mut self, review: &Review) {
        let changed = review.changed_since(&self.review);
        let before: Vec<u32> = changed.iter().filter_map(|&id| self.centres.slot(id)).collect();
        self.review = review.clone();
        let known_different = std::mem::replace(&mut self.known_different, KnownDifferent::of(review));
        let is_lifted = known_different.loses_any(&self.known_different, &changed);
        let slots = self.centres.update(&self.vectors, review, &changed);
        self.lists.resize(self.centres.n_slots(), Vec::new());
        self.doubtful.resize(self.centres.n_slots(), 0);
        let mut is_touched = vec![false; self.centres.n_slots()];
        for &slot in before.iter().chain(&slots) {
            is_touched[slot as usize] = true;
            self.lists[slot as usize].clear();
            self.doubtful[slot as usize] = 0;
        }
        // Who changed leaves all lists; a full one that loses much of itself is made again.
        let thinned = |(slot, list): (usize, &mut Vec<(u32, f32)>)| {
            let was_full = list.len() >= NEIGHBOURS;
            list.retain(|&(other, _)| !is_touched[other as usize]);
            (was_full && list.len() < NEIGHBOURS / 2).then_some(slot as u32)
        };
        let thin: Vec<u32> = self.lists.par_iter_mut().enumerate().filter_map(thinned).collect();
        self.add_lists(&slots, usize::MAX, &is_touched);
        self.add_lists(&thin, NEIGHBOURS, &vec![true; is_touched.len()]);
        self.doubt(&slots);
        // Where nothing was left, only who changed can be asked about.
        let is_enough = self.is_done && !is_lifted;
        self.order(is_enough.then_some(slots.as_slice()));
    }

    /// Finds the lists of some slots, and puts these slots into the lists of the others that they
    /// find, but for those in `but`.
    fn add_lists(&mut self, slots: &[u32], most: usize, but: &[bool]) {
        // Nobody can cancel it.
        let found = self.search(slots, most, &Cx::new()).unwrap_or_default();
        for (&slot, mut list) in slots.iter().zip(found) {
            for &(other, distance) in list.iter().filter(|(other, _)| !but[*other as usize]) {
                let theirs = &mut self.lists[other as usize];
                theirs.push((slot, distance));
                self.centres.keep_nearest(theirs, NEIGHBOURS);
            }
            list.truncate(NEIGHBOURS);
            self.lists[slot as usize] = list;
        }
    }

    /// Who lies near each of the slots, at most `most`.
    fn search(&self, slots: &[u32], most: usize, cx: &Cx) -> Result<Vec<Vec<(u32, f32)>>, Cancelled> {
        let limit = farthest(&self.vectors);
        let rows: Vec<f32> = slots.iter().flat_map(|&slot| self.centres.row(slot)).copied().collect();
        let seen: Vec<Vec<IdentityId>> = slots.par_iter().map(|&slot| self.seen(slot)).collect();
        let may = |query: usize, other: u32| {
            let id = self.centres.place(other).map(|place| place.id);
            other != slots[query] && id.is_some_and(|id| seen[query].binary_search(&id).is_err())
        };
        self.centres.within(&rows, limit, most, may, cx)
    }

    /// The identities in one frame with the identity at a slot.
    pub(super) fn seen(&self, slot: u32) -> Vec<IdentityId> {
        let identity = self.centres.place(slot).and_then(|place| self.review.identity(place.id));
        identity
            .map(|it| co_occurring_identities(&self.vectors, &self.review, &it.tracks))
            .unwrap_or_default()
    }

    fn doubt(&mut self, slots: &[u32]) {
        let count = |&slot: &u32| {
            let identity = self.centres.place(slot).and_then(|place| self.review.identity(place.id));
            identity.map_or(0, |identity| doubtful::count(&self.vectors, identity))
        };
        let counts: Vec<u32> = slots.par_iter().map(count).collect();
        for (&slot, count) in slots.iter().zip(counts) {
            self.doubtful[slot as usize] = count;
        }
    }

    /// The questions, best first; skipped ones are left out. At most 2,000; where there are none,
    /// no pair that may be asked about is more likely than one in twenty, but for `n_passed`
    /// skipped ones.
    #[must_use]
    pub fn pairs(&self) -> &[MergeQuestion] {
        &self.pairs
    }

    /// How many tracks of an identity are more likely another person.
    #[must_use]
    pub(crate) fn n_doubtful(&self, identity: IdentityId) -> usize {
        self.centres.slot(identity).map_or(0, |slot| self.doubtful[slot as usize] as usize)
    }

    /// What is left to be decided.
    #[must_use]
    pub fn remaining(&self) -> RemainingWork {
        self.remaining
    }

    /// Asks about two identities no more until `unskip_all`; nothing is remembered.
    pub fn skip(&mut self, a: IdentityId, b: IdentityId) {
        self.skipped.insert((a.min(b), a.max(b)));
        self.order(self.is_done.then_some(&[][..]));
    }

    /// The skipped questions that could still be asked.
    #[must_use]
    pub(crate) fn n_skipped(&self) -> usize {
        let is_open = |&&(a, b): &&(IdentityId, IdentityId)| {
            let slots = self.centres.slot(a).zip(self.centres.slot(b));
            slots.is_some_and(|(a, b)| self.candidate(a, b, &self.seen(a)).is_some())
        };
        self.skipped.iter().filter(is_open).count()
    }

    /// Asks about everything again.
    pub(crate) fn unskip_all(&mut self) {
        self.skipped.clear();
        self.order(None);
    }
}
