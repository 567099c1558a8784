//! What an edit does, and what an entry of the log did, in plain English words.
//!
//! An entry records what the identities concerned were called when it was made, so that the history
//! reads as it was, however often they were renamed since. [`Told`] says it in no language yet: the
//! table of sentences has the English, and the keys by which other languages have theirs.

use std::collections::BTreeSet;

use super::{Edit, IdentityId, LogEntry, LostDetail, Review};
use crate::base::sentences;

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
            | Edit::Describe { identity, .. }
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
            Edit::CannotLink(_)
            | Edit::MustLink(_)
            | Edit::Adopt(_)
            | Edit::Erase { .. }
            | Edit::Erased { .. } => {}
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

sentences! {
    /// What an entry did; places in braces are for the parts.
    Did, "did-":
    Unname: "unname" = "Removed {who}'s name",
    Rename: "rename" = "Renamed {who} to {name}",
    Name: "name" = "Named {who} {name}",
    Describe: "describe" = "Noted {what} of {who}",
    Know: "know" = "Marked {name} as {name} in the library",
    Recognise: "recognise" = "Recognised {who} as {name}",
    Unlike: "unlike" = "Marked {n} as not {name} in the library",
    UnlikeWho: "unlike-who" = "Marked {who} as not {name} in the library",
    Merge: "merge" = "Merged {who} into {into}",
    MergeLost: "merge-lost" = "Merged {who} into {into}; of two values the first stays: {lost}",
    MergeAll: "merge-all" = "Merged {who} into one",
    Move: "move" = "Moved {n} to {to}",
    MoveFrom: "move-from" = "Moved {n} from {from} to {to}",
    Split: "split" = "Split {n}",
    SplitAs: "split-as" = "Split {n}, as {name}",
    SplitOff: "split-off" = "Split {n} off {from}",
    SplitOffAs: "split-off-as" = "Split {n} off {from}, as {name}",
    Reject: "reject" = "Rejected {n}",
    RejectFrom: "reject-from" = "Rejected {n} from {from}",
    Ignore: "ignore" = "Ignored {who}",
    Restore: "restore" = "Brought back {who}",
    Confirm: "confirm" = "Confirmed {who}",
    Cover: "cover" = "Chose a cover for {who}",
    SplitTrack: "split-track" = "Cut {track} at frame {at}",
    CannotLink: "cannot-link" = "Marked {a} and {b} as different people",
    MustLink: "must-link" = "Marked {a} and {b} as the same person",
    MustLinks: "must-links" = "Marked {n} as the same person",
    Adopt: "adopt" = "Regrouped: {source}",
    Erase: "erase" = "Erased a person with {n}",
    Erased: "erased" = "An edit of an erased person",
    Nothing: "nothing" = "Nothing",
    More: "more" = "{first}, and {n} more",
}

/// A part of a sentence, which each language says in its own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it is: a name, a track, a source.
    Text(String),
    /// An identity without a name.
    Person(IdentityId),
    /// So many identities.
    Identities(usize),
    /// So many tracks.
    Tracks(usize),
    /// So many edits.
    Edits(usize),
    /// What another edit did.
    Told(Box<Told>),
}

/// What an entry did, in no language yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The sentence.
    pub did: Did,
    /// Its parts, by the names of their places.
    pub parts: Vec<(&'static str, Part)>,
}

impl Told {
    /// In English, with numbers written as told.
    pub fn english(&self, number: &dyn Fn(usize) -> String) -> String {
        let of = |n, one, many| format!("{} {}", number(n), if n == 1 { one } else { many });
        let say = |name: &str| match self.parts.iter().find(|part| part.0 == name).map(|part| &part.1) {
            Some(Part::Text(text)) => text.clone(),
            Some(Part::Person(id)) => format!("Person {id}"),
            Some(&Part::Identities(n)) => of(n, "person", "people"),
            Some(&Part::Tracks(n)) => of(n, "track", "tracks"),
            Some(&Part::Edits(n)) => of(n, "edit", "edits"),
            Some(Part::Told(told)) => told.english(number),
            None => String::new(),
        };
        let mut text = String::new();
        for piece in self.did.english().split('{') {
            let (name, after) = piece.split_once('}').unwrap_or(("", piece));
            text += &say(name);
            text += after;
        }
        text
    }
}

impl LogEntry {
    /// What was done, in plain words, with the names as they were: `Merged 3 people into Anna`.
    pub fn describe(&self) -> String {
        self.describe_edit().english(&|n| n.to_string())
    }

    /// What was done, for a front end to say in its language.
    pub fn describe_edit(&self) -> Told {
        self.tell(&self.edit)
    }

    fn name(&self, id: IdentityId) -> Option<&String> {
        self.names.iter().find(|(other, _)| *other == id).and_then(|(_, name)| name.as_ref())
    }

    /// What an identity was called: its name, or `Person 12`.
    fn title(&self, id: IdentityId) -> Part {
        self.name(id).map_or(Part::Person(id), |name| Part::Text(name.clone()))
    }

    /// `Anna`, or `4 people`.
    fn identity_words(&self, ids: &[IdentityId]) -> Part {
        match ids {
            [one] => self.title(*one),
            _ => Part::Identities(ids.len()),
        }
    }

    /// Whose tracks they were, where the entry speaks of one gesture only.
    fn source(&self, to: Option<IdentityId>) -> Option<Part> {
        let ids: Vec<_> = self.names.iter().map(|it| it.0).filter(|id| Some(*id) != to).collect();
        let alone = !matches!(self.edit, Edit::All { .. }) && !ids.is_empty();
        alone.then(|| self.identity_words(&ids))
    }

    fn tell(&self, edit: &Edit) -> Told {
        let text = |text: &str| Part::Text(text.to_owned());
        let n = |tracks: &[String]| Part::Tracks(tracks.len());
        let (did, parts) = match edit {
            Edit::Rename { identity, name } => {
                let who = ("who", self.title(*identity));
                match (name.is_empty(), self.name(*identity)) {
                    (true, _) => (Did::Unname, vec![who]),
                    (false, Some(_)) => (Did::Rename, vec![who, ("name", text(name))]),
                    (false, None) => (Did::Name, vec![who, ("name", text(name))]),
                }
            }
            Edit::Describe { identity, details } => {
                let what = details.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                (Did::Describe, vec![("what", Part::Text(what)), ("who", self.title(*identity))])
            }
            Edit::Recognise { identity, name, .. } if self.name(*identity) == Some(name) => {
                (Did::Know, vec![("name", text(name))])
            }
            Edit::Recognise { identity, name, .. } => {
                (Did::Recognise, vec![("who", self.title(*identity)), ("name", text(name))])
            }
            Edit::Unlike { tracks, name, .. } => match self.source(None) {
                Some(who) => (Did::UnlikeWho, vec![("who", who), ("name", text(name))]),
                None => (Did::Unlike, vec![("n", n(tracks)), ("name", text(name))]),
            },
            Edit::Merge { identities, into, lost, .. } => {
                let others: Vec<_> = identities.iter().copied().filter(|id| Some(*id) != *into).collect();
                let who = ("who", self.identity_words(&others));
                match into {
                    Some(id) if lost.is_empty() => (Did::Merge, vec![who, ("into", self.title(*id))]),
                    Some(id) => {
                        let lost = ("lost", Part::Text(lost_words(lost)));
                        (Did::MergeLost, vec![who, ("into", self.title(*id)), lost])
                    }
                    None => (Did::MergeAll, vec![who]),
                }
            }
            Edit::Move { tracks, to, .. } => {
                let parts = vec![("n", n(tracks)), ("to", self.title(*to))];
                with_source(parts, self.source(Some(*to)), [Did::Move, Did::MoveFrom])
            }
            Edit::Split { tracks, new, name, .. } => {
                let made = name.as_ref().map(|name| text(name)).or_else(|| new.map(|id| self.title(id)));
                let mut parts = vec![("n", n(tracks))];
                let is_made = made.map(|made| parts.push(("name", made))).is_some();
                let did = if is_made { [Did::SplitAs, Did::SplitOffAs] } else { [Did::Split, Did::SplitOff] };
                with_source(parts, self.source(*new), did)
            }
            Edit::Reject { tracks } => {
                with_source(vec![("n", n(tracks))], self.source(None), [Did::Reject, Did::RejectFrom])
            }
            Edit::Ignore { identities } => (Did::Ignore, vec![("who", self.identity_words(identities))]),
            Edit::Restore { identities } => (Did::Restore, vec![("who", self.identity_words(identities))]),
            Edit::Confirm { identities } => (Did::Confirm, vec![("who", self.identity_words(identities))]),
            Edit::Cover { identity, .. } => (Did::Cover, vec![("who", self.title(*identity))]),
            Edit::SplitTrack { track, at, .. } => {
                (Did::SplitTrack, vec![("track", text(track)), ("at", Part::Text(at.to_string()))])
            }
            Edit::CannotLink(link) => (Did::CannotLink, vec![("a", text(&link.a)), ("b", text(&link.b))]),
            Edit::MustLink(link) => (Did::MustLink, vec![("a", text(&link.a)), ("b", text(&link.b))]),
            Edit::Adopt(adopted) => (Did::Adopt, vec![("source", text(&adopted.source))]),
            Edit::Erase { tracks } => (Did::Erase, vec![("n", Part::Tracks(*tracks))]),
            Edit::Erased { .. } => (Did::Erased, Vec::new()),
            Edit::All { edits } => match edits.as_slice() {
                [] => (Did::Nothing, Vec::new()),
                [one] => return self.tell(one),
                all if edit.is_must_links() => (Did::MustLinks, vec![("n", Part::Tracks(all.len() + 1))]),
                [first, rest @ ..] => {
                    let first = Part::Told(Box::new(self.tell(first)));
                    (Did::More, vec![("first", first), ("n", Part::Edits(rest.len()))])
                }
            },
        };
        Told { did, parts }
    }
}

/// The second sentence with whose tracks they were, where that is known, else the first.
fn with_source(
    mut parts: Vec<(&'static str, Part)>,
    from: Option<Part>,
    [without, with]: [Did; 2],
) -> (Did, Vec<(&'static str, Part)>) {
    let is_known = from.map(|from| parts.push(("from", from))).is_some();
    (if is_known { with } else { without }, parts)
}

/// `role Queen, not King; born 1815, not 1816`.
fn lost_words(lost: &[LostDetail]) -> String {
    let words = |it: &LostDetail| format!("{} {}, not {}", it.name, it.kept, it.lost);
    lost.iter().map(words).collect::<Vec<_>>().join("; ")
}

/// `1 track`, `3 tracks`.
fn tracks(n: usize) -> String {
    if n == 1 { "1 track".to_owned() } else { format!("{n} tracks") }
}

/// `1 identity`, `3 identities`.
fn identity_count(n: usize) -> String {
    if n == 1 { "1 identity".to_owned() } else { format!("{n} identities") }
}

impl Edit {
    /// What the edit does, in plain words, for menus and notices.
    pub fn describe(&self) -> String {
        match self {
            Self::Rename { identity, name } if name.is_empty() => {
                format!("Remove the name of identity {identity}")
            }
            Self::Rename { name, .. } => format!("Name “{name}”"),
            Self::Describe { .. } => "Note details".to_owned(),
            Self::Recognise { name, .. } => format!("Recognise {name}"),
            Self::Unlike { name, .. } => format!("Not {name}"),
            Self::Merge { identities, .. } => format!("Merge {}", identity_count(identities.len())),
            Self::Move { tracks: moved, .. } => format!("Move {}", tracks(moved.len())),
            Self::Split { tracks: parted, .. } => format!("Split off {}", tracks(parted.len())),
            Self::Reject { tracks: rejected } => format!("Reject {}", tracks(rejected.len())),
            Self::Ignore { identities } => format!("Ignore {}", identity_count(identities.len())),
            Self::Restore { identities } => format!("Bring back {}", identity_count(identities.len())),
            Self::Confirm { identities } => format!("Confirm {}", identity_count(identities.len())),
            Self::Cover { .. } => "Choose cover".to_owned(),
            Self::SplitTrack { track, at, .. } => format!("Cut {track} at frame {at}"),
            Self::CannotLink(_) => "Not the same person".to_owned(),
            Self::MustLink(_) => "The same person".to_owned(),
            Self::Adopt(adopted) => format!("Regroup: {}", adopted.source),
            Self::Erase { tracks: erased } => format!("Erase a person with {}", tracks(*erased)),
            Self::Erased { .. } => "An edit of an erased person".to_owned(),
            Self::All { edits } => match edits.as_slice() {
                [one] => one.describe(),
                [first, ..] if self.is_must_links() => first.describe(),
                [first, rest @ ..] => format!("{}, and {} more", first.describe(), rest.len()),
                [] => "Nothing".to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_braces_stands_as_it_is() {
        let edit = Edit::Rename { identity: IdentityId(1), name: "{who}".to_owned() };
        let names = vec![(IdentityId(1), Some("{name} }{".to_owned()))];
        let entry = LogEntry { number: 1, parent: Some(0), at: 0, edit, names };
        assert_eq!(entry.describe(), "Renamed {name} }{ to {who}");
    }

    #[test]
    fn counts_are_told_and_numbers_as_asked() {
        let split = Edit::Reject { tracks: vec!["a".to_owned()] };
        let merge = Edit::merge((1..=1234).map(IdentityId).collect(), None);
        let edit = Edit::All { edits: vec![merge, split.clone(), split] };
        let entry = LogEntry { number: 1, parent: Some(0), at: 0, edit, names: Vec::new() };
        assert_eq!(entry.describe(), "Merged 1234 people into one, and 2 edits more");
        let grouped = |n: usize| if n < 1000 { n.to_string() } else { "1,234".to_owned() };
        assert_eq!(entry.describe_edit().english(&grouped), "Merged 1,234 people into one, and 2 edits more");
    }
}
