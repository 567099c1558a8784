//! Erasing a person from a library's log: which entries speak of them, and what stays of those.
//!
//! Takes the log, and by what a project knows the person: their number where they were recognised,
//! their tracks and their names. Gives each entry without them; numbers of people and places of
//! entries stay. Nothing is written here.

use std::collections::{BTreeMap, BTreeSet};

use super::{Exemplar, KeptIdentity, LibraryEdit, People, PersonId};

/// By what a library knows a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LibraryTraces {
    /// Their numbers, merged ones too.
    people: BTreeSet<PersonId>,
    /// The tracks that go.
    exemplars: BTreeSet<Exemplar>,
}

impl LibraryTraces {
    /// Whoever was recognised as one of `known`, or has a name of the person and one of their tracks;
    /// a namesake without either is another person. The tracks go whoever they stand for. O(log).
    pub(crate) fn of(
        log: &[LibraryEdit],
        known: &BTreeSet<PersonId>,
        names: &BTreeSet<String>,
        exemplars: &BTreeSet<Exemplar>,
    ) -> Self {
        let mut called: BTreeMap<PersonId, BTreeSet<&String>> = BTreeMap::new();
        let mut kept: BTreeMap<PersonId, BTreeSet<Exemplar>> = BTreeMap::new();
        for deed in log {
            match deed {
                LibraryEdit::Keep { people, .. } => {
                    for KeptIdentity { person, name, exemplars } in people {
                        called.entry(*person).or_default().extend(name);
                        kept.entry(*person).or_default().extend(exemplars);
                    }
                }
                LibraryEdit::Rename { person, name } => {
                    called.entry(*person).or_default().insert(name);
                }
                _ => {}
            }
        }
        let has_name =
            |id: &PersonId| called.get(id).is_some_and(|all| all.iter().any(|name| names.contains(*name)));
        let is_theirs = |(id, own): &(&PersonId, &BTreeSet<Exemplar>)| {
            known.contains(id) || (!own.is_disjoint(exemplars) && has_name(id))
        };
        let now = People::replay(log);
        let present = |id: PersonId| now.person(id).map_or(id, |person| person.id);
        let theirs: BTreeSet<PersonId> = kept.iter().filter(is_theirs).map(|(id, _)| present(*id)).collect();
        let (own, others): (Vec<_>, Vec<_>) =
            kept.iter().partition(|(id, _)| theirs.contains(&present(**id)));
        let others: BTreeSet<Exemplar> = others.into_iter().flat_map(|(_, kept)| kept).copied().collect();
        let alone = own.iter().flat_map(|(_, kept)| *kept).filter(|it| !others.contains(it));
        let exemplars = alone.chain(exemplars).copied().collect();
        Self { people: own.iter().map(|(id, _)| **id).collect(), exemplars }
    }

    /// Number of people that go, those who were merged counted once.
    pub(crate) fn n_people(&self, log: &[LibraryEdit]) -> usize {
        let now = People::replay(log);
        self.people.iter().filter(|id| now.person(**id).is_none_or(|person| person.id == **id)).count()
    }

    /// The tracks that go.
    pub(crate) fn exemplars(&self) -> &BTreeSet<Exemplar> {
        &self.exemplars
    }

    /// Whether somebody is the person.
    pub(crate) fn is(&self, person: PersonId) -> bool {
        self.people.contains(&person)
    }

    /// The entry without the person; none where it says nothing of them.
    pub(crate) fn erased(&self, deed: &LibraryEdit) -> Option<LibraryEdit> {
        let erased = match deed {
            LibraryEdit::Keep { people, .. } if people.iter().all(|kept| self.is(kept.person)) => {
                LibraryEdit::Erased { person: people.iter().map(|kept| kept.person).max() }
            }
            LibraryEdit::Keep { from, people } => LibraryEdit::Keep {
                from: from.clone(),
                people: people.iter().map(|kept| self.without(kept)).collect(),
            },
            LibraryEdit::Rename { person, .. } if self.is(*person) => LibraryEdit::Erased { person: None },
            other => other.clone(),
        };
        (erased != *deed).then_some(erased)
    }

    fn without(&self, kept: &KeptIdentity) -> KeptIdentity {
        let theirs = self.is(kept.person);
        let others = kept.exemplars.iter().filter(|it| !theirs && !self.exemplars.contains(it));
        let name = kept.name.clone().filter(|_| !theirs);
        KeptIdentity { person: kept.person, name, exemplars: others.copied().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;

    fn track(number: u8) -> Exemplar {
        Fingerprint([number; 32])
    }

    fn kept(person: u64, name: Option<&str>, tracks: &[u8]) -> KeptIdentity {
        let exemplars = tracks.iter().copied().map(track).collect();
        KeptIdentity { person: PersonId(person), name: name.map(str::to_owned), exemplars }
    }

    #[test]
    fn a_person_goes_from_every_entry_and_namesakes_stay() {
        let keep = |people| LibraryEdit::Keep { from: "film".into(), people };
        let log = vec![
            keep(vec![kept(1, Some("Ada"), &[1, 2]), kept(2, Some("Bea"), &[3])]),
            keep(vec![kept(3, Some("Ada"), &[4])]),
            keep(vec![kept(4, Some("A. L."), &[5])]),
            LibraryEdit::Merge { people: vec![PersonId(1), PersonId(4)], into: PersonId(1) },
            LibraryEdit::Rename { person: PersonId(1), name: "Ada L.".into() },
            LibraryEdit::Rename { person: PersonId(2), name: "Beatrix".into() },
            LibraryEdit::Undo,
        ];
        let (names, tracks) = (BTreeSet::from(["Ada".to_owned()]), BTreeSet::from([track(1)]));
        let traces = LibraryTraces::of(&log, &BTreeSet::new(), &names, &tracks);
        assert_eq!(traces.n_people(&log), 1);
        assert_eq!(*traces.exemplars(), [1, 2, 5].map(track).into());
        let after: Vec<LibraryEdit> =
            log.iter().map(|deed| traces.erased(deed).unwrap_or_else(|| deed.clone())).collect();
        let text = serde_json::to_string(&after).unwrap();
        assert!(!text.contains("Ada L.") && !text.contains("A. L."), "{text}");
        let people = People::replay(&after);
        let now: Vec<(u64, &str)> = people.iter().map(|person| (person.id.0, person.name.as_str())).collect();
        assert_eq!(now, [(2, "Bea"), (3, "Ada")]);
        assert_eq!(people.next, 5, "no number is given again");
        // Recognised, a person is known without a track or a name.
        let known = LibraryTraces::of(&log, &[PersonId(3)].into(), &BTreeSet::new(), &BTreeSet::new());
        assert!(known.is(PersonId(3)) && !known.is(PersonId(1)));
    }
}
