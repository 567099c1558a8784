//! The log of edits as a tree, and the cursor that undo and redo move over it.
//!
//! Entries are never changed or removed. An undo moves the cursor to the entry's parent; an
//! edit after it starts a new branch beside the old one, so nothing is ever lost. Entry 0 is
//! the first adopted clustering: undo ends there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Adopted, Edit, IdentityId, Review};
use crate::base::Fingerprint;

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Log number, from 0, in order of writing.
    pub number: u64,
    /// The entry that it was made upon; none for entry 0.
    pub parent: Option<u64>,
    /// When, in seconds since 1970.
    pub at: i64,
    /// What.
    pub edit: Edit,
}

/// Where undo or redo led.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The cursor now.
    pub cursor: u64,
    /// How many steps were made, which may be fewer than asked for.
    pub steps: u64,
}

/// The log with its cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    entries: Vec<Entry>,
    cursor: Option<u64>,
    next_identity: u64,
}

impl History {
    /// The history of entries as read from a project, in order of their numbers.
    ///
    /// A cursor that names no entry falls back to the newest one.
    pub fn new(entries: Vec<Entry>, cursor: Option<u64>) -> Self {
        let mut history = Self::default();
        for entry in entries {
            history.push(entry);
        }
        if let Some(cursor) = cursor.filter(|&cursor| (cursor as usize) < history.entries.len()) {
            history.cursor = Some(cursor);
        }
        history
    }

    /// Number of edits that the curator made, undone ones included.
    pub fn n_edits(&self) -> u64 {
        (self.entries.len() as u64).saturating_sub(1)
    }

    /// Log number of the entry that the state stands at; 0 before the first edit.
    pub fn cursor(&self) -> u64 {
        self.cursor.unwrap_or(0)
    }

    /// Whether nothing was adopted yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry that the next undo takes back.
    pub fn to_undo(&self) -> Option<&Entry> {
        self.entries.get(self.cursor? as usize).filter(|entry| entry.parent.is_some())
    }

    /// The entry that the next redo brings back: the newest one made upon the cursor's.
    pub fn to_redo(&self) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.parent == self.cursor && entry.parent.is_some())
    }

    /// The entry that `edit` becomes when it is written now.
    pub fn next_entry(&self, edit: Edit, at: i64) -> Entry {
        Entry { number: self.entries.len() as u64, parent: self.cursor, at, edit }
    }

    /// Takes an entry that is durable; the cursor stands on it.
    pub fn push(&mut self, entry: Entry) {
        self.next_identity = self.next_identity.max(entry.edit.highest_identity() + 1);
        self.cursor = Some(entry.number);
        self.entries.push(entry);
    }

    /// The first number that no identity ever had.
    pub fn fresh_identity(&self) -> IdentityId {
        IdentityId(self.next_identity.max(1))
    }

    /// Where `steps` undos would lead.
    pub fn undone(&self, steps: u64) -> Moved {
        let mut at = self.cursor;
        let mut made = 0;
        while made < steps
            && let Some(parent) = at.and_then(|at| self.entries[at as usize].parent)
        {
            at = Some(parent);
            made += 1;
        }
        Moved { cursor: at.unwrap_or(0), steps: made }
    }

    /// Where `steps` redos would lead.
    pub fn redone(&self, steps: u64) -> Moved {
        let newest_child: BTreeMap<u64, u64> =
            self.entries.iter().filter_map(|entry| Some((entry.parent?, entry.number))).collect();
        let mut at = self.cursor();
        let mut made = 0;
        while made < steps
            && let Some(&child) = newest_child.get(&at)
        {
            at = child;
            made += 1;
        }
        Moved { cursor: at, steps: made }
    }

    /// Moves the cursor to an entry, after that is durable.
    pub fn jump(&mut self, cursor: u64) {
        if (cursor as usize) < self.entries.len() {
            self.cursor = Some(cursor);
        }
    }

    /// The state at the cursor: all edits from entry 0 to it, applied in order.
    pub fn replay(&self, track_ids: Vec<String>) -> Review {
        let mut review = Review::new(track_ids);
        for entry in self.path() {
            review.apply(&entry.edit);
        }
        review
    }

    /// The clustering that the state at an entry follows from: the key of the newest adopted
    /// one on the way to it.
    pub fn run_at(&self, cursor: u64) -> Option<Fingerprint> {
        self.adopted(Some(cursor)).next()?.run
    }

    /// The head learned on this project that is in force at the cursor: the one adopted last on
    /// the way to it.
    pub fn head(&self) -> Option<&str> {
        self.adopted(self.cursor).find_map(|adopted| adopted.head.as_deref())
    }

    /// The clusterings adopted on the way to an entry, newest first.
    fn adopted(&self, cursor: Option<u64>) -> impl Iterator<Item = &Adopted> {
        self.back_from(cursor).filter_map(|entry| match &entry.edit {
            Edit::Adopt(adopted) => Some(adopted),
            _ => None,
        })
    }

    /// An entry and all that it was made upon, newest first.
    fn back_from(&self, cursor: Option<u64>) -> impl Iterator<Item = &Entry> {
        let entry = |number: Option<u64>| self.entries.get(number? as usize);
        std::iter::successors(entry(cursor), move |last| entry(last.parent))
    }

    /// The entries in force, oldest first.
    pub fn path(&self) -> Vec<&Entry> {
        let mut path: Vec<&Entry> = self.back_from(self.cursor).collect();
        path.reverse();
        path
    }
}

impl Edit {
    /// What the edit did, in plain words, for menus and the history.
    pub fn words(&self) -> String {
        let tracks = |n: usize| if n == 1 { "1 track".to_owned() } else { format!("{n} tracks") };
        let people = |n: usize| if n == 1 { "1 identity".to_owned() } else { format!("{n} identities") };
        match self {
            Self::Rename { identity, name } if name.is_empty() => {
                format!("Take the name of identity {identity} away")
            }
            Self::Rename { name, .. } => format!("Name “{name}”"),
            Self::Merge { identities, .. } => format!("Merge {}", people(identities.len())),
            Self::Move { tracks: moved, .. } => format!("Move {}", tracks(moved.len())),
            Self::Split { tracks: parted, .. } => format!("Split off {}", tracks(parted.len())),
            Self::Reject { tracks: rejected } => format!("Reject {}", tracks(rejected.len())),
            Self::Ignore { identities } => format!("Ignore {}", people(identities.len())),
            Self::Restore { identities } => format!("Bring back {}", people(identities.len())),
            Self::Confirm { identities } => format!("Confirm {}", people(identities.len())),
            Self::Cover { .. } => "Choose cover".to_owned(),
            Self::CannotLink(_) => "Not the same person".to_owned(),
            Self::MustLink(_) => "The same person".to_owned(),
            Self::Adopt(adopted) => format!("Regroup: {}", adopted.source),
            Self::All { edits } => match edits.as_slice() {
                [one] => one.words(),
                [first, rest @ ..] => format!("{}, and {} more", first.words(), rest.len()),
                [] => "Nothing".to_owned(),
            },
        }
    }
}
