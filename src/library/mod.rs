//! People who are known from earlier projects: who they are called, and whose faces stand for them.
//!
//! Takes what was done to a library, a log of [`LibraryEdit`]s; gives the [`People`] that follow
//! from it by replay. Undo and redo are edits as well, so that nothing is ever rewritten. It knows
//! no files, no pictures, no vectors and no projects: faces are keys of `Exemplar`s that are kept
//! elsewhere.

mod erase;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::{ControlCharacter, Fingerprint, checked_name};

pub(crate) use erase::LibraryTraces;

/// Stable number of a person; it is never given to another one, even after an undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub u64);

impl std::fmt::Display for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The key of a track that stands for a person: the fingerprint of its content, so that the same
/// track is kept once.
pub(crate) type Exemplar = Fingerprint;

/// What was done to a library; a fact of its log.
///
/// In JSON the field `deed` names the variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "kebab-case", deny_unknown_fields)]
pub enum LibraryEdit {
    /// Faces of a project's identities stand for people from now on.
    Keep {
        /// The project that they come from, in words.
        from: String,
        /// Whose faces.
        people: Vec<KeptIdentity>,
    },
    /// Another name.
    Rename {
        /// Whose.
        person: PersonId,
        /// The name.
        name: String,
    },
    /// Several people are one.
    Merge {
        /// All of them.
        people: Vec<PersonId>,
        /// The one who stays.
        into: PersonId,
    },
    /// A person is forgotten.
    Remove {
        /// Who.
        person: PersonId,
    },
    /// In the place of an edit that spoke of a person who was erased since; it does nothing.
    Erased {
        /// The highest number that it gave, so that it is not given again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
    },
    /// Undoes the last edit that is in force.
    Undo,
    /// Redoes the edit that was undone last.
    Redo,
}

/// Faces of one identity, and who they stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptIdentity {
    /// Who; for a new person it is filled in when the edit enters the log.
    pub person: PersonId,
    /// The name of a new person; none where the person is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The tracks.
    pub exemplars: Vec<Exemplar>,
}

/// Why an edit was not made; the library is as before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LibraryRefusal {
    /// No such person now.
    #[error("there is no person {0} in the library (any more); list them again")]
    Person(PersonId),
    /// A name that cannot be one.
    #[error(transparent)]
    Name(#[from] ControlCharacter),
    /// An empty name.
    #[error("a person of a library needs a name")]
    Nameless,
    /// A new person without a face.
    #[error("keeping a person needs a track that has a usable face")]
    Faceless,
    /// One person alone.
    #[error("merging needs two people or more")]
    Alone,
    /// An edit that stands for an erased person.
    #[error("a person is erased by `castlist project erase`, not by an edit of the library")]
    Erase,
    /// Nothing in force, or nothing taken back.
    #[error("there is nothing to {0} in the library")]
    Nothing(&'static str),
}

/// Faces that were kept together: one identity of one project. A person may look different from one
/// project to the next, so each look stands for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExemplarSet {
    /// The project that they come from, in words.
    pub from: String,
    /// The tracks.
    pub exemplars: Vec<Exemplar>,
}

/// A person of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Stable number.
    pub id: PersonId,
    /// What they are called; never empty.
    pub name: String,
    /// How they look, oldest first; never empty.
    #[serde(rename = "looks")]
    pub exemplar_sets: Vec<ExemplarSet>,
}

impl Person {
    /// Number of tracks that stand for them.
    pub(crate) fn n_exemplars(&self) -> usize {
        self.exemplar_sets.iter().map(|look| look.exemplars.len()).sum()
    }
}

/// All people at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    by_id: BTreeMap<PersonId, Person>,
    merged_into: BTreeMap<PersonId, PersonId>,
    /// The edits in force, and those undone since, by place in the log.
    done: Vec<usize>,
    undone: Vec<usize>,
    next: u64,
}

impl People {
    /// The state after a log. O(edits).
    pub(crate) fn replay(log: &[LibraryEdit]) -> Self {
        let mut state = Self { next: 1, ..Self::default() };
        for (at, deed) in log.iter().enumerate() {
            match deed {
                LibraryEdit::Undo => state.undone.extend(state.done.pop()),
                LibraryEdit::Redo => state.done.extend(state.undone.pop()),
                LibraryEdit::Keep { people, .. } => {
                    let highest = people.iter().map(|kept| kept.person.0).max().unwrap_or(0);
                    state.next = state.next.max(highest + 1);
                    state.begin(at);
                }
                LibraryEdit::Erased { person } => {
                    state.next = state.next.max(person.map_or(0, |person| person.0) + 1);
                    state.begin(at);
                }
                _ => state.begin(at),
            }
        }
        for at in state.done.clone() {
            state.apply(&log[at]);
        }
        state
    }

    fn begin(&mut self, at: usize) {
        self.done.push(at);
        self.undone.clear();
    }

    /// All people by number.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Person> {
        self.by_id.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are no people.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// A person, also by the number of one who went into them.
    pub(crate) fn person(&self, id: PersonId) -> Option<&Person> {
        let mut id = id;
        while let Some(&into) = self.merged_into.get(&id) {
            id = into;
        }
        self.by_id.get(&id)
    }

    /// All people of that name, by number.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Person> {
        self.iter().filter(move |person| person.name == name)
    }

    /// The place in the log of the edit that an undo reverts.
    pub(crate) fn to_undo(&self) -> Option<usize> {
        self.done.last().copied()
    }

    /// The place in the log of the edit that a redo restores.
    pub(crate) fn to_redo(&self) -> Option<usize> {
        self.undone.last().copied()
    }

    /// Whether the edit at that place of the log is in force.
    pub(crate) fn is_in_force(&self, at: usize) -> bool {
        self.done.binary_search(&at).is_ok()
    }

    /// Checks an edit against the present state and completes it: a new person gets the next number
    /// and a person who went into another one is that one.
    ///
    /// # Errors
    /// [`LibraryRefusal`] in plain words.
    pub(crate) fn prepare(&self, deed: LibraryEdit) -> Result<LibraryEdit, LibraryRefusal> {
        let known = |id: PersonId| self.person(id).ok_or(LibraryRefusal::Person(id)).map(|person| person.id);
        let named = |name: String| {
            let name = checked_name(&name)?;
            if name.is_empty() { Err(LibraryRefusal::Nameless) } else { Ok(name) }
        };
        match deed {
            LibraryEdit::Keep { people, .. } if people.iter().all(|kept| kept.exemplars.is_empty()) => {
                Err(LibraryRefusal::Faceless)
            }
            LibraryEdit::Keep { from, mut people } => {
                people.retain(|kept| !kept.exemplars.is_empty());
                let mut fresh = self.next;
                for kept in &mut people {
                    kept.person = match kept.name.take() {
                        Some(name) => {
                            kept.name = Some(named(name)?);
                            fresh += 1;
                            PersonId(fresh - 1)
                        }
                        None => known(kept.person)?,
                    };
                }
                Ok(LibraryEdit::Keep { from, people })
            }
            LibraryEdit::Rename { person, name } => {
                Ok(LibraryEdit::Rename { person: known(person)?, name: named(name)? })
            }
            LibraryEdit::Merge { people, into } => {
                let into = known(into)?;
                let all: BTreeSet<PersonId> = people.into_iter().map(known).collect::<Result<_, _>>()?;
                let people: Vec<PersonId> =
                    all.into_iter().chain([into]).collect::<BTreeSet<_>>().into_iter().collect();
                if people.len() < 2 {
                    Err(LibraryRefusal::Alone)
                } else {
                    Ok(LibraryEdit::Merge { people, into })
                }
            }
            LibraryEdit::Remove { person } => Ok(LibraryEdit::Remove { person: known(person)? }),
            LibraryEdit::Erased { .. } => Err(LibraryRefusal::Erase),
            LibraryEdit::Undo => {
                self.to_undo().map(|_| LibraryEdit::Undo).ok_or(LibraryRefusal::Nothing("undo"))
            }
            LibraryEdit::Redo => {
                self.to_redo().map(|_| LibraryEdit::Redo).ok_or(LibraryRefusal::Nothing("redo"))
            }
        }
    }

    fn keep(&mut self, from: &str, KeptIdentity { person, name, exemplars }: &KeptIdentity) {
        if let Some(name) = name {
            let new = Person { id: *person, name: name.clone(), exemplar_sets: Vec::new() };
            self.by_id.entry(*person).or_insert(new);
        }
        let Some(person) = self.by_id.get_mut(person) else { return };
        let known: BTreeSet<Exemplar> =
            person.exemplar_sets.iter().flat_map(|look| &look.exemplars).copied().collect();
        let exemplars: Vec<Exemplar> =
            exemplars.iter().copied().filter(|exemplar| !known.contains(exemplar)).collect();
        if !exemplars.is_empty() {
            person.exemplar_sets.push(ExemplarSet { from: from.to_owned(), exemplars });
        }
    }

    /// People who are not there (any more) are skipped.
    fn apply(&mut self, deed: &LibraryEdit) {
        match deed {
            LibraryEdit::Keep { from, people } => people.iter().for_each(|kept| self.keep(from, kept)),
            LibraryEdit::Rename { person, name } => {
                if let Some(person) = self.by_id.get_mut(person) {
                    person.name.clone_from(name);
                }
            }
            LibraryEdit::Merge { people, into } => {
                if !self.by_id.contains_key(into) {
                    return;
                }
                for id in people.iter().filter(|id| *id != into) {
                    let Some(gone) = self.by_id.remove(id) else { continue };
                    self.merged_into.insert(*id, *into);
                    if let Some(stays) = self.by_id.get_mut(into) {
                        stays.exemplar_sets.extend(gone.exemplar_sets);
                    }
                }
            }
            LibraryEdit::Remove { person } => {
                self.by_id.remove(person);
            }
            LibraryEdit::Erased { .. } | LibraryEdit::Undo | LibraryEdit::Redo => {}
        }
    }
}

impl LibraryEdit {
    /// What was done, in plain words, after the edits of the log before it. O(edits before).
    pub(crate) fn describe(&self, before: &[Self]) -> String {
        let log = before;
        let before = People::replay(log);
        let what = |at: Option<usize>| at.map(|at| log[at].describe(&log[..at])).unwrap_or_default();
        let title = |id: &PersonId| {
            before.person(*id).map_or_else(|| format!("person {id}"), |person| person.name.clone())
        };
        let tracks = |n: usize| if n == 1 { "1 track".to_owned() } else { format!("{n} tracks") };
        match self {
            Self::Keep { from, people } => {
                let n = tracks(people.iter().map(|kept| kept.exemplars.len()).sum());
                match people.as_slice() {
                    [one] => {
                        let name = one.name.clone().unwrap_or_else(|| title(&one.person));
                        format!("Kept {n} of {name}, from {from}")
                    }
                    _ => format!("Kept {n} of {} people, from {from}", people.len()),
                }
            }
            Self::Rename { person, name } => format!("Renamed {} to {name}", title(person)),
            Self::Merge { people, into } => {
                let others: Vec<String> = people.iter().filter(|id| *id != into).map(title).collect();
                format!("Merged {} into {}", others.join(", "), title(into))
            }
            Self::Remove { person } => format!("Removed {}", title(person)),
            Self::Erased { .. } => "About a person who was erased".to_owned(),
            Self::Undo => format!("Undone: {}", what(before.to_undo())),
            Self::Redo => format!("Redone: {}", what(before.to_redo())),
        }
    }
}
