//! States along the history, so that any entry's state is a few edits away from one that is there.
//!
//! Takes a [`History`] and the tracks; gives the state at any entry. States share what did not
//! change between them ([`Review`]), so a checkpoint costs what was touched since the one before.
//! All of it follows from the log: nothing here is written, and replay alone decides.

use std::collections::BTreeMap;

use super::{History, Review};

/// So much is touched between two checkpoints, in tracks: some milliseconds of replay.
const REACH: usize = 16_384;
/// So many checkpoints are kept; beyond, every other one goes and the reach doubles.
const MOST: usize = 128;

/// States along a history.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    /// Before the first entry.
    blank: Review,
    states: BTreeMap<u64, Review>,
    /// What is touched between two of them.
    reach: usize,
    /// How many are kept.
    most: usize,
    /// What was touched since the last one on the way to the cursor.
    since: usize,
}

impl Checkpoints {
    /// Replays a whole history, all branches of it; gives the state at its cursor too.
    /// `blank` is the state before the first entry. O(all that its edits touch).
    pub fn new(history: &History, blank: Review) -> (Self, Review) {
        Self::with_limits(history, blank, REACH, MOST)
    }

    /// [`Self::new`] with another reach, and another number of checkpoints to keep.
    pub(super) fn with_limits(history: &History, blank: Review, reach: usize, most: usize) -> (Self, Review) {
        let mut all = Self { blank, states: BTreeMap::new(), reach, most, since: 0 };
        let tree = HistoryTree::of(history);
        let mut present = all.blank.clone();
        let mut since = 0;
        // Small branches first, so that few states wait for their turn.
        let mut waiting: Vec<(u64, Review, usize)> =
            tree.roots.iter().rev().map(|&root| (root, all.blank.clone(), 0)).collect();
        while let Some((mut number, mut state, mut work)) = waiting.pop() {
            while let Some(entry) = history.entry(number) {
                let own = state.replay(&entry.edit);
                work += own;
                let children = tree.children(number);
                if work >= all.reach && (!children.is_empty() || own >= all.reach) {
                    all.keep(number, &state);
                    work = 0;
                }
                if number == history.cursor() {
                    present = state.clone();
                    since = work;
                }
                match children {
                    [] => break,
                    &[child] => number = child,
                    &[largest, ref others @ .., smallest] => {
                        waiting.push((largest, state.clone(), work));
                        waiting.extend(others.iter().map(|&other| (other, state.clone(), work)));
                        number = smallest;
                    }
                }
            }
        }
        all.since = since;
        (all, present)
    }

    /// The state at an entry; `present` is the one at the history's cursor.
    /// O(what the edits since the nearest checkpoint touch).
    pub fn at(&mut self, history: &History, number: u64, present: &Review) -> Review {
        let mut edits = Vec::new();
        let mut at = Some(number);
        let mut state = loop {
            let Some(entry) = at.and_then(|at| history.entry(at)) else {
                self.since = 0;
                break self.blank.clone();
            };
            if entry.number == history.cursor() {
                break present.clone();
            }
            if let Some(state) = self.states.get(&entry.number) {
                self.since = 0;
                break state.clone();
            }
            edits.push(&entry.edit);
            at = entry.parent;
        };
        for edit in edits.into_iter().rev() {
            self.since += state.replay(edit);
        }
        if self.since >= self.reach {
            self.keep(number, &state);
            self.since = 0;
        }
        state
    }

    /// Applies the newest entry of a history to the state before it, and keeps the outcome where
    /// enough was touched. O(what it touches).
    pub fn push(&mut self, history: &History, state: &mut Review) {
        if let Some(entry) = history.entry(history.cursor()) {
            self.since += state.replay(&entry.edit);
            if self.since >= self.reach {
                self.keep(entry.number, state);
                self.since = 0;
            }
        }
    }

    fn keep(&mut self, number: u64, state: &Review) {
        self.states.insert(number, state.clone());
        if self.states.len() > self.most {
            let mut odd = false;
            self.states.retain(|_, _| {
                odd = !odd;
                odd
            });
            self.reach = self.reach.saturating_mul(2);
        }
    }
}

/// The entries made upon each entry, largest branch first.
struct HistoryTree {
    roots: Vec<u64>,
    /// Where the children of each entry begin, and one end more.
    starts: Vec<usize>,
    children: Vec<u64>,
}

impl HistoryTree {
    fn of(history: &History) -> Self {
        let entries = history.entries();
        let n = entries.len();
        let mut sizes = vec![1_usize; n];
        let mut starts = vec![0; n + 1];
        let mut roots = Vec::new();
        for entry in entries.iter().rev() {
            match entry.parent {
                Some(parent) => {
                    sizes[parent as usize] += sizes[entry.number as usize];
                    starts[parent as usize + 1] += 1;
                }
                None => roots.push(entry.number),
            }
        }
        for at in 0..n {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut children = vec![0; starts[n]];
        for entry in entries {
            if let Some(parent) = entry.parent {
                children[next[parent as usize]] = entry.number;
                next[parent as usize] += 1;
            }
        }
        for at in 0..n {
            children[starts[at]..starts[at + 1]]
                .sort_by_key(|&child| std::cmp::Reverse(sizes[child as usize]));
        }
        Self { roots, starts, children }
    }

    fn children(&self, number: u64) -> &[u64] {
        let at = number as usize;
        &self.children[self.starts[at]..self.starts[at + 1]]
    }
}
