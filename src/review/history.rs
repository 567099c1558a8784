//! The log of edits as a tree, and the cursor that undo, redo and jumps move over it.
//!
//! Entries are never changed or removed. An undo moves the cursor to the entry's parent; an
//! edit after it starts a new branch beside the old one, so nothing is ever lost. Entry 0 is
//! the first adopted clustering: undo ends there. What the states are, [`Checkpoints`] knows.
//!
//! [`Checkpoints`]: super::Checkpoints

use serde::{Deserialize, Serialize};

use super::{AdoptedClustering, Edit, IdentityId, Review};
use crate::base::Fingerprint;

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Log number, from 0, in order of writing.
    pub number: u64,
    /// The entry that it was made upon; none for entry 0.
    pub parent: Option<u64>,
    /// When, in seconds since 1970.
    pub at: i64,
    /// What.
    pub edit: Edit,
    /// What the identities concerned were called when it was made ([`Review::called`]), so that it
    /// can be told in any language; none for an unnamed one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<(IdentityId, Option<String>)>,
}

/// Where undo or redo led.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorMove {
    /// The cursor now.
    pub cursor: u64,
    /// How many steps were made, which may be fewer than asked for.
    pub steps: u64,
}

/// How an entry stands to the present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryStatus {
    /// The present state follows from it.
    InForce,
    /// It was undone, and redo brings it back.
    Undone,
    /// It lies on another branch; a jump leads there.
    Aside,
}

/// The log with its cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    entries: Vec<LogEntry>,
    nodes: Vec<HistoryNode>,
    cursor: Option<u64>,
    next_identity: u64,
    /// From entry 0 over the cursor to the last entry that redo leads to.
    line: Vec<u64>,
    /// From entry 0 to the newest entry.
    newest: Vec<u64>,
}

/// What is known of an entry's place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct HistoryNode {
    /// How many entries it was made upon, one after the other.
    depth: usize,
    /// Of the entries made upon it, the one that leads to the newest entry: where redo goes.
    next: Option<u64>,
    /// The newest adopted clustering on the way to it, itself included.
    adopted: Option<u64>,
}

impl History {
    /// The history of entries as read from a project, in order of their numbers: from 0 without a
    /// gap, each with a parent before it.
    ///
    /// A cursor that names no entry falls back to the newest one. O(entries).
    pub fn new(entries: Vec<LogEntry>, cursor: Option<u64>) -> Self {
        let mut history = Self { entries: Vec::with_capacity(entries.len()), ..Self::default() };
        for entry in entries {
            history.add(entry);
        }
        if let Some(newest) = history.entries.len().checked_sub(1) {
            let cursor = cursor.filter(|&cursor| (cursor as usize) < history.entries.len());
            history.jump(cursor.unwrap_or(newest as u64));
        }
        history
    }

    /// Number of edits that the curator made, undone ones included.
    pub fn n_edits(&self) -> u64 {
        (self.entries.len() as u64).saturating_sub(1)
    }

    /// Log number of the entry that the state is at; 0 before the first edit.
    pub fn cursor(&self) -> u64 {
        self.cursor.unwrap_or(0)
    }

    /// Whether nothing was adopted yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All entries, by number.
    pub fn entries(&self) -> &[LogEntry] {
        &self.entries
    }

    /// One entry.
    pub fn entry(&self, number: u64) -> Option<&LogEntry> {
        self.entries.get(number as usize)
    }

    /// How an entry stands to the present state; none where there is no such entry. O(1).
    pub fn status(&self, number: u64) -> Option<EntryStatus> {
        let depth = self.nodes.get(number as usize)?.depth;
        Some(match self.line.get(depth) {
            Some(&there) if there == number && depth <= self.depth() => EntryStatus::InForce,
            Some(&there) if there == number => EntryStatus::Undone,
            _ => EntryStatus::Aside,
        })
    }

    /// The entry that the next undo takes back. What was erased is no step.
    pub(crate) fn to_undo(&self) -> Option<&LogEntry> {
        self.cursor?;
        let depth = (1..=self.depth()).rev().find(|&depth| !self.is_erasure(depth))?;
        self.entry(*self.line.get(depth)?)
    }

    /// The entry that the next redo brings back: of those made upon the cursor's, the one that the
    /// curator was on last.
    pub(crate) fn to_redo(&self) -> Option<&LogEntry> {
        let depth = (self.depth() + 1..self.line.len()).find(|&depth| !self.is_erasure(depth))?;
        self.entry(*self.line.get(depth)?)
    }

    /// Whether the entry at a depth of the line is about a person who was erased.
    fn is_erasure(&self, depth: usize) -> bool {
        self.line.get(depth).and_then(|&number| self.entry(number)).is_some_and(|it| it.edit.is_erasure())
    }

    /// The entry that `edit` becomes when it is written now, upon the state `before`.
    pub fn next_entry(&self, edit: Edit, at: i64, before: &Review) -> LogEntry {
        let names = before.called(&edit);
        LogEntry { number: self.entries.len() as u64, parent: self.cursor, at, edit, names }
    }

    /// Takes an entry that is durable, made upon the cursor's; the cursor is on it. O(1), and
    /// after a jump to another branch as much as lies between the two.
    pub fn push(&mut self, entry: LogEntry) {
        let number = entry.number;
        self.line.truncate(if self.cursor.is_some() { self.depth() + 1 } else { 0 });
        self.line.push(number);
        self.cursor = Some(number);
        self.add(entry);
    }

    fn add(&mut self, entry: LogEntry) {
        self.next_identity = self.next_identity.max(entry.edit.highest_identity().saturating_add(1));
        let before = entry.parent.and_then(|parent| self.nodes.get(parent as usize)).copied();
        let number = Some(entry.number);
        let adopts = matches!(entry.edit, Edit::Adopt(_));
        self.nodes.push(HistoryNode {
            depth: before.map_or(0, |before| before.depth + 1),
            next: None,
            adopted: if adopts { number } else { before.and_then(|before| before.adopted) },
        });
        // Redo leads to the newest entry from wherever the ways part.
        let mut path = vec![entry.number];
        let mut parent = entry.parent;
        while let Some(at) = parent
            && let Some(node) = self.nodes.get_mut(at as usize)
        {
            node.next = path.last().copied();
            if self.newest.get(node.depth) == Some(&at) {
                break;
            }
            path.push(at);
            parent = self.entries[at as usize].parent;
        }
        let shared = parent.map_or(0, |at| self.nodes[at as usize].depth + 1);
        self.newest.truncate(shared);
        self.newest.extend(path.into_iter().rev());
        self.entries.push(entry);
    }

    /// How many entries the cursor's was made upon.
    fn depth(&self) -> usize {
        self.cursor.and_then(|cursor| self.nodes.get(cursor as usize)).map_or(0, |node| node.depth)
    }

    /// The first number that no identity ever had.
    pub fn new_identity_id(&self) -> IdentityId {
        IdentityId(self.next_identity.max(1))
    }

    /// Where `steps` undos would lead. O(steps).
    pub fn undone(&self, steps: u64) -> CursorMove {
        let (mut depth, mut made) = (self.depth(), 0);
        while made < steps && depth > 0 {
            made += u64::from(!self.is_erasure(depth));
            depth -= 1;
        }
        CursorMove { cursor: self.line.get(depth).copied().unwrap_or(0), steps: made }
    }

    /// Where `steps` redos would lead. O(steps).
    pub(crate) fn redone(&self, steps: u64) -> CursorMove {
        let (mut depth, mut made) = (self.depth(), 0);
        while depth + 1 < self.line.len() && (made < steps || self.is_erasure(depth + 1)) {
            depth += 1;
            made += u64::from(!self.is_erasure(depth));
        }
        CursorMove { cursor: self.line.get(depth).copied().unwrap_or(0), steps: made }
    }

    /// Moves the cursor to an entry, after that is durable. O(entries on the way to it, and from
    /// there on by redo).
    pub fn jump(&mut self, cursor: u64) {
        let Some(node) = self.nodes.get(cursor as usize) else { return };
        self.cursor = Some(cursor);
        self.line.clear();
        self.line.resize(node.depth + 1, 0);
        for entry in ancestors(&self.entries, self.cursor) {
            self.line[self.nodes[entry.number as usize].depth] = entry.number;
        }
        let mut last = cursor;
        while let Some(child) = self.nodes[last as usize].next {
            self.line.push(child);
            last = child;
        }
    }

    /// The state at the cursor: all edits from entry 0 to it, applied in order to a state before
    /// them.
    pub fn replay(&self, mut review: Review) -> Review {
        for entry in self.path() {
            review.apply(&entry.edit);
        }
        review
    }

    /// The clustering that the state at an entry follows from: the key of the newest adopted
    /// one on the way to it.
    pub(crate) fn run_at(&self, cursor: u64) -> Option<Fingerprint> {
        self.adopted(Some(cursor)).next()?.run
    }

    /// The tracks that are cut at the cursor, each with the first frame of its second part, in the
    /// order of the edits. O(entries on the way to it).
    pub fn track_cuts(&self) -> Vec<(String, u64)> {
        let cut = |edit: &Edit| match edit {
            Edit::SplitTrack { track, at, .. } => Some((track.clone(), *at)),
            _ => None,
        };
        // Newest first, within a gesture as well.
        let edits = ancestors(&self.entries, self.cursor).flat_map(|entry| entry.edit.parts().iter().rev());
        let mut cuts: Vec<_> = edits.filter_map(cut).collect();
        cuts.reverse();
        cuts
    }

    /// The head learned on this project that is in force at the cursor: the one adopted last on
    /// the way to it.
    pub fn head(&self) -> Option<&str> {
        self.adopted(self.cursor).find_map(|adopted| adopted.head.as_deref())
    }

    /// The clusterings adopted on the way to an entry, newest first.
    fn adopted(&self, cursor: Option<u64>) -> impl Iterator<Item = &AdoptedClustering> {
        let newest = |number: Option<u64>| self.nodes.get(number? as usize)?.adopted;
        let before = move |&number: &u64| newest(self.entries[number as usize].parent);
        std::iter::successors(newest(cursor), before).filter_map(|number| {
            match &self.entries[number as usize].edit {
                Edit::Adopt(adopted) => Some(adopted),
                _ => None,
            }
        })
    }

    /// The entries in force, oldest first.
    pub fn path(&self) -> Vec<&LogEntry> {
        let n = if self.cursor.is_some() { self.depth() + 1 } else { 0 };
        self.line[..n].iter().map(|&number| &self.entries[number as usize]).collect()
    }
}

/// An entry and all that it was made upon, newest first.
fn ancestors(entries: &[LogEntry], from: Option<u64>) -> impl Iterator<Item = &LogEntry> {
    let entry = |number: Option<u64>| entries.get(number? as usize);
    std::iter::successors(entry(from), move |last| entry(last.parent))
}
