//! What an edit does, and what an entry of the log did, in plain English words.
//!
//! An entry records what the identities concerned were called when it was made, so that the history
//! reads as it was, however often they were renamed since. Who speaks another language words an
//! entry anew from its edit and its names.

use std::collections::BTreeSet;

use super::{Edit, Entry, IdentityId, Link, Review};

/// Identities of a list are named one by one up to this many.
const NAMED: usize = 3;

impl Review {
    /// What the identities that an edit concerns are called now, by number: whom it names, and
    /// from whom its tracks go. Of longer lists nobody is named; of a merge, always the one that stays,
    /// with the name that it has afterwards.
    pub fn called(&self, edit: &Edit) -> Vec<(IdentityId, Option<String>)> {
        let mut ids: BTreeSet<IdentityId> = BTreeSet::new();
        let few = |list: &[IdentityId]| if list.len() <= NAMED { list.to_vec() } else { Vec::new() };
        let of = |tracks: &[String]| -> Vec<IdentityId> {
            tracks.iter().filter_map(|id| self.identity_of(self.track(id)?)).collect()
        };
        let mut merged = None;
        match edit {
            Edit::Rename { identity, .. }
            | Edit::Recognise { identity, .. }
            | Edit::Cover { identity, .. } => ids.extend([*identity]),
            Edit::Merge { identities, into, .. } => {
                ids.extend(few(identities));
                ids.extend(*into);
                let name = |id: &IdentityId| self.identity(*id)?.name.clone();
                merged = into.map(|id| (id, name(&id).or_else(|| identities.iter().find_map(name))));
            }
            Edit::Move { tracks, to, .. } => {
                ids.extend(of(tracks));
                ids.extend([*to]);
            }
            Edit::Split { tracks, .. } | Edit::Reject { tracks } | Edit::Unlike { tracks, .. } => {
                ids.extend(of(tracks));
            }
            Edit::Ignore { identities } | Edit::Restore { identities } | Edit::Confirm { identities } => {
                ids.extend(few(identities));
            }
            Edit::SplitTrack { track, .. } => ids.extend(of(std::slice::from_ref(track))),
            Edit::CannotLink(_) | Edit::MustLink(_) | Edit::Adopt(_) => {}
            Edit::All { edits } => {
                let mut all: Vec<_> = edits.iter().flat_map(|edit| self.called(edit)).collect();
                all.sort();
                all.dedup_by_key(|(id, _)| *id);
                return all;
            }
        }
        let name = |id: IdentityId| self.identity(id).and_then(|identity| identity.name.clone());
        let called = |id| merged.clone().filter(|it| it.0 == id).unwrap_or_else(|| (id, name(id)));
        ids.into_iter().map(called).collect()
    }
}

impl Entry {
    /// What was done, in plain words, with the names as they were: `Merged 3 identities into Anna`.
    pub fn words(&self) -> String {
        self.told(&self.edit)
    }

    /// What an identity was called: its name, or `Person 12`.
    fn title(&self, id: IdentityId) -> String {
        let named = self.names.iter().find(|(other, _)| *other == id).and_then(|(_, name)| name.clone());
        named.unwrap_or_else(|| format!("Person {id}"))
    }

    /// `Anna`, or `4 identities`.
    fn whom(&self, ids: &[IdentityId]) -> String {
        match ids {
            [one] => self.title(*one),
            _ => people(ids.len()),
        }
    }

    fn told(&self, edit: &Edit) -> String {
        // Whose tracks they were, where the entry speaks of one gesture only.
        let source = |to: Option<IdentityId>| {
            let ids: Vec<_> = self.names.iter().map(|it| it.0).filter(|id| Some(*id) != to).collect();
            let alone = !matches!(self.edit, Edit::All { .. }) && !ids.is_empty();
            alone.then(|| self.whom(&ids))
        };
        match edit {
            Edit::Rename { identity, name } => {
                let known = self.names.iter().any(|(id, name)| id == identity && name.is_some());
                match (name.is_empty(), known) {
                    (true, _) => format!("Took the name of {} away", self.title(*identity)),
                    (false, true) => format!("Renamed {} to {name}", self.title(*identity)),
                    (false, false) => format!("Named {} {name}", self.title(*identity)),
                }
            }
            Edit::Recognise { identity, name, .. } => match self.title(*identity) {
                who if who == *name => format!("Said that {name} is {name} of the library"),
                who => format!("Recognised {who} as {name}"),
            },
            Edit::Unlike { tracks: told, name, .. } => {
                let who = source(None).unwrap_or_else(|| tracks(told.len()));
                format!("Said that {name} of the library is not {who}")
            }
            Edit::Merge { identities, into, .. } => {
                let others: Vec<_> = identities.iter().copied().filter(|id| Some(*id) != *into).collect();
                let to = into.map_or_else(|| "one".to_owned(), |id| self.title(id));
                format!("Merged {} into {to}", self.whom(&others))
            }
            Edit::Move { tracks: moved, to, .. } => {
                let from = source(Some(*to)).map_or_else(String::new, |from| format!(" from {from}"));
                format!("Moved {}{from} to {}", tracks(moved.len()), self.title(*to))
            }
            Edit::Split { tracks: parted, new, name, .. } => {
                let off = source(None).map_or_else(String::new, |from| format!(" off {from}"));
                let person = new.map_or_else(String::new, |id| format!(", as Person {id}"));
                let as_ = name.as_ref().map_or(person, |name| format!(", as {name}"));
                format!("Split {}{off}{as_}", tracks(parted.len()))
            }
            Edit::Reject { tracks: rejected } => {
                let from = source(None).map_or_else(String::new, |from| format!(" of {from}"));
                format!("Rejected {}{from}", tracks(rejected.len()))
            }
            Edit::Ignore { identities } => format!("Ignored {}", self.whom(identities)),
            Edit::Restore { identities } => format!("Brought back {}", self.whom(identities)),
            Edit::Confirm { identities } => format!("Confirmed {}", self.whom(identities)),
            Edit::Cover { identity, .. } => format!("Chose a cover for {}", self.title(*identity)),
            Edit::SplitTrack { track, at, .. } => format!("Cut {track} at frame {at}"),
            Edit::CannotLink(Link { a, b, .. }) => format!("Said that {a} and {b} are not the same person"),
            Edit::MustLink(Link { a, b, .. }) => format!("Said that {a} and {b} are the same person"),
            Edit::Adopt(adopted) => format!("Regrouped: {}", adopted.source),
            Edit::All { edits } => match edits.as_slice() {
                [] => "Nothing".to_owned(),
                [one] => self.told(one),
                [_, rest @ ..] if edit.only_joins() => {
                    format!("Said that {} are the same person", tracks(rest.len() + 2))
                }
                [first, rest @ ..] => {
                    let more =
                        if rest.len() == 1 { "1 edit".to_owned() } else { format!("{} edits", rest.len()) };
                    format!("{}, and {more} more", self.told(first))
                }
            },
        }
    }
}

/// `1 track`, `3 tracks`.
fn tracks(n: usize) -> String {
    if n == 1 { "1 track".to_owned() } else { format!("{n} tracks") }
}

/// `1 identity`, `3 identities`.
fn people(n: usize) -> String {
    if n == 1 { "1 identity".to_owned() } else { format!("{n} identities") }
}

impl Edit {
    /// What the edit does, in plain words, for menus and notices.
    pub fn words(&self) -> String {
        match self {
            Self::Rename { identity, name } if name.is_empty() => {
                format!("Take the name of identity {identity} away")
            }
            Self::Rename { name, .. } => format!("Name “{name}”"),
            Self::Recognise { name, .. } => format!("Recognise {name}"),
            Self::Unlike { name, .. } => format!("Not {name}"),
            Self::Merge { identities, .. } => format!("Merge {}", people(identities.len())),
            Self::Move { tracks: moved, .. } => format!("Move {}", tracks(moved.len())),
            Self::Split { tracks: parted, .. } => format!("Split off {}", tracks(parted.len())),
            Self::Reject { tracks: rejected } => format!("Reject {}", tracks(rejected.len())),
            Self::Ignore { identities } => format!("Ignore {}", people(identities.len())),
            Self::Restore { identities } => format!("Bring back {}", people(identities.len())),
            Self::Confirm { identities } => format!("Confirm {}", people(identities.len())),
            Self::Cover { .. } => "Choose cover".to_owned(),
            Self::SplitTrack { track, at, .. } => format!("Cut {track} at frame {at}"),
            Self::CannotLink(_) => "Not the same person".to_owned(),
            Self::MustLink(_) => "The same person".to_owned(),
            Self::Adopt(adopted) => format!("Regroup: {}", adopted.source),
            Self::All { edits } => match edits.as_slice() {
                [one] => one.words(),
                [first, ..] if self.only_joins() => first.words(),
                [first, rest @ ..] => format!("{}, and {} more", first.words(), rest.len()),
                [] => "Nothing".to_owned(),
            },
        }
    }
}
