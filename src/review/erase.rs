//! Erasing a person from the log: which entries speak of the person, and what stays of them.
//!
//! Takes the log, the present state and the person; gives each entry without the person's names,
//! tracks and links. Numbers stay: an entry keeps its own and its parent's, and the number of an
//! identity is never given to another one. Nothing is written here.

use std::collections::BTreeSet;

use super::{AdoptedClustering, ConstraintEdit, Edit, IdentityId, KnownPerson, LogEntry, Review};
use crate::base::{Details, parse_part_id};

/// By what a log knows a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonTraces {
    /// The identity and all that were merged into it.
    identities: BTreeSet<IdentityId>,
    /// The ids of the tracks as they were scanned, former ones too.
    tracks: BTreeSet<String>,
    /// Every name that the identities ever had.
    called: BTreeSet<String>,
    /// Those of them that no other identity has now.
    names: BTreeSet<String>,
    /// Who of libraries the identities were recognised as.
    known: BTreeSet<KnownPerson>,
}

impl PersonTraces {
    /// The traces of an identity with these tracks, named by the ids that they were scanned under.
    /// O(entries).
    pub(crate) fn of(
        entries: &[LogEntry],
        review: &Review,
        identity: IdentityId,
        tracks: BTreeSet<String>,
    ) -> Self {
        let merged = review.merged_into.keys().copied().filter(|id| review.successor(*id) == identity);
        let identities: BTreeSet<IdentityId> = merged.chain([identity]).collect();
        let (called, names, known) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut traces = Self { identities, tracks, called, names, known };
        traces.called.extend(review.identity(identity).and_then(|it| it.name.clone()));
        traces.known.extend(review.identity(identity).and_then(|it| it.known));
        for entry in entries {
            let called = entry.names.iter().filter(|(id, _)| traces.identities.contains(id));
            let called: Vec<String> = called.filter_map(|(_, name)| name.clone()).collect();
            traces.called.extend(called);
            traces.learn(&entry.edit);
        }
        traces.called.remove("");
        let names = review.names();
        traces.names.clone_from(&traces.called);
        traces.names.retain(|name| {
            names.get(name.as_str()).is_none_or(|ids| ids.iter().all(|id| traces.identities.contains(id)))
        });
        traces
    }

    /// Takes the names that an edit gives the person.
    fn learn(&mut self, edit: &Edit) {
        match edit {
            Edit::Rename { identity, name } if self.identities.contains(identity) => {
                self.called.insert(name.clone());
            }
            Edit::Recognise { identity, name, person } if self.identities.contains(identity) => {
                self.called.insert(name.clone());
                self.known.insert(*person);
            }
            Edit::Split { new: Some(new), name: Some(name), .. } if self.identities.contains(new) => {
                self.called.insert(name.clone());
            }
            Edit::All { edits } => edits.iter().for_each(|edit| self.learn(edit)),
            _ => {}
        }
    }

    /// Every name that the person ever had.
    pub(crate) fn called(&self) -> &BTreeSet<String> {
        &self.called
    }

    /// Those of [`Self::called`] that another identity has now: they stay that one's.
    pub(crate) fn shared_names(&self) -> impl Iterator<Item = &String> {
        self.called.difference(&self.names)
    }

    /// The people of libraries that the person is.
    pub(crate) fn known(&self) -> &BTreeSet<KnownPerson> {
        &self.known
    }

    /// The ids of the person's tracks as they were scanned.
    pub(crate) fn tracks(&self) -> &BTreeSet<String> {
        &self.tracks
    }

    /// Whether an id is one of the person's tracks, or of a part of one.
    pub(crate) fn has_track(&self, id: &str) -> bool {
        self.tracks.contains(id) || parse_part_id(id).is_some_and(|(whole, _)| self.tracks.contains(whole))
    }

    /// The entry without the person; none where it says nothing of them.
    pub(crate) fn erased(&self, entry: &LogEntry) -> Option<LogEntry> {
        let is_theirs = |id: &IdentityId, name: &Option<String>| {
            self.identities.contains(id) || name.as_ref().is_some_and(|name| self.names.contains(name))
        };
        let name =
            |(id, name): &(IdentityId, Option<String>)| (*id, name.clone().filter(|_| !is_theirs(id, name)));
        let names = entry.names.iter().map(name).collect();
        let erased = LogEntry { edit: self.edit(&entry.edit), names, ..entry.clone() };
        (erased != *entry).then_some(erased)
    }

    fn edit(&self, edit: &Edit) -> Edit {
        let others = |ids: &[String]| -> Vec<String> {
            ids.iter().filter(|id| !self.has_track(id)).cloned().collect()
        };
        let drops = |pairs: &[(String, String)]| self.links(pairs);
        let has_name = |name: &String| self.names.contains(name);
        match edit.clone() {
            Edit::Rename { identity, ref name } if self.identities.contains(&identity) || has_name(name) => {
                gone(edit, Vec::new())
            }
            Edit::Recognise { identity, person, ref name }
                if self.identities.contains(&identity) || self.known.contains(&person) || has_name(name) =>
            {
                gone(edit, Vec::new())
            }
            Edit::Unlike { person, ref name, .. } if self.known.contains(&person) || has_name(name) => {
                gone(edit, Vec::new())
            }
            Edit::Unlike { tracks, person, name } => match others(&tracks) {
                none if none.is_empty() && !tracks.is_empty() => gone(edit, Vec::new()),
                tracks => Edit::Unlike { tracks, person, name },
            },
            Edit::Describe { identity, .. } if self.identities.contains(&identity) => gone(edit, Vec::new()),
            Edit::Merge { identities, into, overrides, drops: old, lost } => {
                // What two people differed in says something of both.
                let all = identities.iter().chain(into.as_ref());
                let lost =
                    if all.into_iter().any(|id| self.identities.contains(id)) { Vec::new() } else { lost };
                Edit::Merge { identities, into, overrides, drops: drops(&old), lost }
            }
            Edit::Move { tracks, to, overrides, drops: old } => match others(&tracks) {
                none if none.is_empty() && !tracks.is_empty() => gone(edit, drops(&old)),
                tracks => Edit::Move { tracks, to, overrides, drops: drops(&old) },
            },
            Edit::Split { tracks, new, name, details, overrides, drops: old } => match others(&tracks) {
                none if none.is_empty() && !tracks.is_empty() => gone(edit, drops(&old)),
                tracks => {
                    let is_theirs = new.is_some_and(|new| self.identities.contains(&new));
                    let is_theirs = is_theirs || name.as_ref().is_some_and(has_name);
                    let name = name.filter(|_| !is_theirs);
                    let details = if is_theirs { Details::new() } else { details };
                    Edit::Split { tracks, new, name, details, overrides, drops: drops(&old) }
                }
            },
            Edit::Reject { tracks } => match others(&tracks) {
                none if none.is_empty() && !tracks.is_empty() => gone(edit, Vec::new()),
                tracks => Edit::Reject { tracks },
            },
            Edit::Cover { track, .. } | Edit::SplitTrack { track, .. } if self.has_track(&track) => {
                gone(edit, Vec::new())
            }
            Edit::CannotLink(link) | Edit::MustLink(link)
                if self.has_track(&link.a) || self.has_track(&link.b) =>
            {
                gone(edit, drops(&link.drops))
            }
            Edit::CannotLink(link) => Edit::CannotLink(ConstraintEdit { drops: drops(&link.drops), ..link }),
            Edit::MustLink(link) => Edit::MustLink(ConstraintEdit { drops: drops(&link.drops), ..link }),
            Edit::Adopt(adopted) => {
                let identities =
                    adopted.identities.iter().map(|(id, tracks)| (*id, others(tracks))).collect();
                Edit::Adopt(AdoptedClustering { identities, ..adopted })
            }
            Edit::All { edits } => Edit::All { edits: edits.iter().map(|edit| self.edit(edit)).collect() },
            Edit::Ignore { .. }
            | Edit::Restore { .. }
            | Edit::Confirm { .. }
            | Edit::Rename { .. }
            | Edit::Describe { .. }
            | Edit::Recognise { .. }
            | Edit::Cover { .. }
            | Edit::SplitTrack { .. }
            | Edit::Erase { .. }
            | Edit::Erased { .. } => edit.clone(),
        }
    }

    /// The pairs in which none of the person's tracks is.
    fn links(&self, pairs: &[(String, String)]) -> Vec<(String, String)> {
        pairs.iter().filter(|(a, b)| !self.has_track(a) && !self.has_track(b)).cloned().collect()
    }
}

/// What stays of an edit that spoke of an erased person alone: the number that it made, and the
/// links between other people's tracks that it replaced.
fn gone(edit: &Edit, drops: Vec<(String, String)>) -> Edit {
    let new = Some(IdentityId(edit.highest_identity())).filter(|id| id.0 > 0);
    Edit::Erased { new, drops }
}

impl Edit {
    /// Whether it is about a person who was erased: undo and redo pass over it.
    pub(super) fn is_erasure(&self) -> bool {
        match self {
            Self::Erase { .. } | Self::Erased { .. } => true,
            Self::All { edits } => !edits.is_empty() && edits.iter().all(Self::is_erasure),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CoOccurrence;
    use crate::review::History;

    fn ids(tracks: &[&str]) -> Vec<String> {
        tracks.iter().map(|track| (*track).to_owned()).collect()
    }

    /// A log of edits upon three identities of two tracks each.
    fn logged(edits: Vec<Edit>) -> (History, Review) {
        let blank = Review::new(ids(&["a", "b", "c", "d", "e", "f"]));
        let groups = [(1, ids(&["a", "b"])), (2, ids(&["c", "d"])), (3, ids(&["e", "f"]))];
        let identities = groups.into_iter().map(|(id, tracks)| (IdentityId(id), tracks)).collect();
        let adopted = Edit::Adopt(AdoptedClustering { identities, ..AdoptedClustering::default() });
        let (mut history, mut review) = (History::default(), blank);
        history.push(history.next_entry(adopted.clone(), 0, &review));
        review.apply(&adopted);
        for edit in edits {
            let edit = review.prepare(edit, history.new_identity_id(), &CoOccurrence::default()).unwrap();
            history.push(history.next_entry(edit.clone(), 0, &review));
            review.apply(&edit);
        }
        (history, review)
    }

    fn rename(id: u64, name: &str) -> Edit {
        Edit::Rename { identity: IdentityId(id), name: name.into() }
    }

    /// The log without identity 1, and the state that it leads to.
    fn without_one(history: &History, review: &Review) -> (History, Review) {
        let tracks = review.identity(IdentityId(1)).unwrap().tracks.iter();
        let tracks: BTreeSet<String> = tracks.map(|&track| review.track_id(track).to_owned()).collect();
        let traces = PersonTraces::of(history.entries(), review, IdentityId(1), tracks.clone());
        let entries = history.entries().iter();
        let entries = entries.map(|entry| traces.erased(entry).unwrap_or_else(|| entry.clone())).collect();
        let after = History::new(entries, Some(history.cursor()));
        let left = review.track_ids().filter(|id| !tracks.contains(*id)).map(str::to_owned).collect();
        let state = after.replay(Review::new(left));
        (after, state)
    }

    #[test]
    fn details_of_the_person_are_gone_and_those_of_others_stay() {
        let details = |value: &str| Details::from([("role".to_owned(), value.to_owned())]);
        let describe = |id, value: &str| Edit::Describe { identity: IdentityId(id), details: details(value) };
        let (history, review) = logged(vec![
            describe(1, "the queen"),
            describe(2, "the queen's brother"),
            describe(3, "a gardener"),
            Edit::merge([1, 2].map(IdentityId).to_vec(), Some(IdentityId(1))),
        ]);
        let (after, state) = without_one(&history, &review);
        let log =
            serde_json::to_string(&after.entries().iter().map(|it| &it.edit).collect::<Vec<_>>()).unwrap();
        assert!(!log.contains("queen"), "{log}");
        assert_eq!(state.identity(IdentityId(3)).unwrap().details, details("a gardener"));
    }

    #[test]
    fn nothing_of_the_person_is_left_and_everybody_else_is_as_before() {
        let split = Edit::split(ids(&["b"]), Some("Ada the elder".into()));
        let (history, review) = logged(vec![
            rename(1, "Ada"),
            rename(2, "Ada"),
            rename(3, "Bea"),
            split,
            Edit::merge([1, 2, 4].map(IdentityId).to_vec(), Some(IdentityId(1))),
            Edit::must_link(ids(&["a", "c"])),
            Edit::cannot_link("a".into(), "e".into()),
            Edit::move_to(ids(&["d"]), IdentityId(3)),
            Edit::Confirm { identities: vec![IdentityId(3)] },
        ]);
        let (after, state) = without_one(&history, &review);
        let text = serde_json::to_string(after.entries()).unwrap();
        assert!(!text.contains("Ada") && !text.contains(r#""a""#) && text.contains("Bea"), "{text}");
        let bea = state.identity(IdentityId(3)).unwrap();
        let tracks: Vec<&str> = bea.tracks.iter().map(|&track| state.track_id(track)).collect();
        assert_eq!((bea.name.as_deref(), tracks), (Some("Bea"), vec!["d", "e", "f"]));
        assert_eq!(state.identities().count(), 1);
        assert!(state.constraints().is_empty());
        // No number of an erased identity is given again.
        assert_eq!(after.new_identity_id(), history.new_identity_id());
        assert_eq!(after.entries().len(), history.entries().len());
    }

    #[test]
    fn the_name_of_a_namesake_stays_theirs() {
        let (history, review) = logged(vec![rename(1, "Ada"), rename(2, "Ada"), rename(1, "Ada L.")]);
        let (after, state) = without_one(&history, &review);
        assert_eq!(state.identity(IdentityId(2)).unwrap().name.as_deref(), Some("Ada"));
        let text = serde_json::to_string(after.entries()).unwrap();
        assert!(!text.contains("Ada L."), "{text}");
        assert_eq!(text.matches("Ada").count(), 1, "{text}");
    }

    #[test]
    fn a_link_that_an_erased_one_replaced_does_not_come_back() {
        let over = Edit::must_link(ids(&["c", "a"])).overriding();
        let (history, review) = logged(vec![
            Edit::must_link(ids(&["a", "e"])),
            Edit::cannot_link("c".into(), "e".into()).overriding(),
            over,
        ]);
        let (after, state) = without_one(&history, &review);
        let links = |review: &Review| {
            let id = |track| review.track_id(track).to_owned();
            review.constraints().iter().map(|link| (id(link.a), id(link.b))).collect::<Vec<_>>()
        };
        let before: Vec<_> =
            links(&review).into_iter().filter(|(a, b)| ![a, b].contains(&&"a".to_owned())).collect();
        assert_eq!(links(&state), before, "{:?}", after.entries());
    }
}
