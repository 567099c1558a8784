//! Names that come from elsewhere: what each would do to the identities, as one gesture.
//!
//! Takes a state and the people as somebody wrote them down, in a table or by folders; gives the edit
//! that brings the names in, and what stays out of it and why. It changes nothing, and never takes a name away.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::base::{Details, TrackIx, checked_details, checked_name};
use crate::review::{Edit, IdentityId, Refusal, Review};
use crate::tracks::{DetailClash, NamedTracks, near_miss};

/// Ids of the project are searched for this many unknown ones.
const SEARCHED: usize = 100;

/// A track whose identity has another name already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct NameClash {
    /// The track.
    pub track: String,
    /// What its identity is called.
    pub name: String,
    /// What it is called elsewhere.
    pub wanted: String,
}

/// What names from elsewhere would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct NamesImport {
    /// Tracks that get each name.
    pub names: BTreeMap<String, usize>,
    /// Tracks that have their name already.
    pub n_unchanged: usize,
    /// Tracks that stay as they are, because their identity is called otherwise.
    pub clashes: Vec<NameClash>,
    /// Ids that no track has, each with one that differs in case or slashes only.
    pub unknown: Vec<(String, Option<String>)>,
    /// Details that come in, by the person's name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, Details>,
    /// Details that a person has otherwise already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detail_clashes: Vec<DetailClash>,
    /// The one gesture. None where there is nothing to do.
    #[serde(skip)]
    pub edit: Option<Edit>,
}

impl NamesImport {
    /// Of people with their tracks, who may have one name and be two. An unnamed identity that holds
    /// tracks of one person only, and such as nobody names here, gets that name; of others the tracks
    /// of a person become an identity, or go to the one that is called so. Tracks of an empty name are
    /// kept apart from all people. Of a track that several have, the first counts. Details go to the
    /// identity that has the name; a value that it has already stays. O(tracks · log tracks).
    ///
    /// # Errors
    /// [`Refusal`] of a name or of details.
    pub(crate) fn of_people(review: &Review, people: &[NamedTracks]) -> Result<Self, Refusal> {
        let mut import = Self::default();
        let names: Vec<String> =
            people.iter().map(|person| checked_name(&person.name)).collect::<Result<_, _>>()?;
        let mut wanted: BTreeMap<TrackIx, usize> = BTreeMap::new();
        let all = people.iter().enumerate();
        for (person, id) in all.flat_map(|(at, person)| person.tracks.iter().map(move |id| (at, id))) {
            if let Some(track) = review.track(id) {
                wanted.entry(track).or_insert(person);
            } else {
                // Each search goes through all ids.
                let is_searched = import.unknown.len() < SEARCHED;
                let near = is_searched.then(|| near_miss(id, review.track_ids())).flatten();
                import.unknown.push((id.clone(), near.map(str::to_owned)));
            }
        }
        let mut unnamed: BTreeMap<usize, Vec<TrackIx>> = BTreeMap::new();
        // The identity that each person is.
        let mut homes: BTreeMap<usize, IdentityId> = BTreeMap::new();
        for (&track, &person) in wanted.iter().filter(|(_, person)| !names[**person].is_empty()) {
            let identity = review.identity_of(track).and_then(|id| review.identity(id));
            match identity.and_then(|identity| identity.name.as_ref()) {
                Some(has) if *has == names[person] => {
                    import.n_unchanged += 1;
                    homes.entry(person).or_insert(identity.map_or(IdentityId(0), |it| it.id));
                }
                Some(has) => import.clashes.push(NameClash {
                    track: review.track_id(track).to_owned(),
                    name: has.clone(),
                    wanted: names[person].clone(),
                }),
                None => unnamed.entry(person).or_default().push(track),
            }
        }
        let known = review.names();
        let mut edits = Vec::with_capacity(unnamed.len());
        for (person, tracks) in unnamed {
            let name = &names[person];
            *import.names.entry(name.clone()).or_default() += tracks.len();
            let ids = || tracks.iter().map(|&track| review.track_id(track).to_owned()).collect();
            let home = known.get(name.as_str()).and_then(|ids| ids.first()).copied();
            let whole = whole(review, &tracks, &wanted);
            edits.push(match (home, whole) {
                (Some(identity), _) => Edit::move_to(ids(), identity),
                (None, Some(identity)) => Edit::Rename { identity, name: name.clone() },
                (None, None) => {
                    let details = checked_details(&people[person].details)?;
                    import.note(name, &details);
                    Edit::split_described(ids(), Some(name.clone()), details)
                }
            });
            if let Some(identity) = home.or(whole) {
                homes.entry(person).or_insert(identity);
            }
        }
        for (person, identity) in homes {
            let details = checked_details(&people[person].details)?;
            edits.extend(import.describe(review, identity, &names[person], details));
        }
        import.edit = match edits.len() {
            0 => None,
            1 => edits.pop(),
            _ => Some(Edit::All { edits }),
        };
        Ok(import)
    }

    /// Remembers details that come in.
    fn note(&mut self, name: &str, details: &Details) {
        if !details.is_empty() {
            self.details.entry(name.to_owned()).or_default().extend(details.clone());
        }
    }

    /// The edit that notes what an identity does not have yet; what it has otherwise stays.
    fn describe(
        &mut self,
        review: &Review,
        identity: IdentityId,
        name: &str,
        mut details: Details,
    ) -> Option<Edit> {
        let has = review.identity(identity).map(|it| &it.details)?;
        details.retain(|detail, value| {
            if let Some(kept) = has.get(detail).filter(|kept| *kept != value) {
                let (name, detail, kept) = (name.to_owned(), detail.clone(), kept.clone());
                self.detail_clashes.push(DetailClash { name, detail, kept, other: value.clone() });
            }
            !has.contains_key(detail)
        });
        self.note(name, &details);
        (!details.is_empty()).then_some(Edit::Describe { identity, details })
    }

    /// How many tracks get a name.
    pub(crate) fn n_tracks(&self) -> usize {
        self.names.values().sum()
    }
}

/// The identity that all of these tracks are in, where no other of its tracks is another person's.
fn whole(review: &Review, tracks: &[TrackIx], wanted: &BTreeMap<TrackIx, usize>) -> Option<IdentityId> {
    let of: BTreeSet<Option<IdentityId>> = tracks.iter().map(|&track| review.identity_of(track)).collect();
    let [Some(id)] = of.into_iter().collect::<Vec<_>>()[..] else { return None };
    let person = wanted.get(tracks.first()?);
    let agrees = |track: &TrackIx| wanted.get(track).is_none_or(|other| Some(other) == person);
    review.identity(id)?.tracks.iter().all(agrees).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CoOccurrence;
    use crate::review::AdoptedClustering;

    /// Two unnamed identities of two tracks, and one called Cato.
    fn review() -> Review {
        let mut review = Review::new(["a1", "a2", "b1", "b2", "c1", "d1"].map(str::to_owned).to_vec());
        let of = |id, tracks: &[&str]| (IdentityId(id), tracks.iter().map(|&it| it.to_owned()).collect());
        let identities = vec![of(1, &["a1", "a2"]), of(2, &["b1", "b2"]), of(3, &["c1"])];
        review.apply(&Edit::Adopt(AdoptedClustering { identities, ..AdoptedClustering::default() }));
        review.apply(&Edit::Rename { identity: IdentityId(3), name: "Cato".into() });
        review
    }

    /// People of a table; one name is one person.
    fn table(rows: &[(&str, &str)]) -> Vec<NamedTracks> {
        let mut people: Vec<NamedTracks> = Vec::new();
        for &(track, name) in rows {
            if !people.iter().any(|it| it.name == name) {
                people.push(NamedTracks { name: name.to_owned(), ..NamedTracks::default() });
            }
            people.iter_mut().filter(|it| it.name == name).for_each(|it| it.tracks.push(track.to_owned()));
        }
        people
    }

    fn details(pairs: &[(&str, &str)]) -> Details {
        pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn named(review: &Review) -> BTreeMap<String, Vec<String>> {
        let tracks = |it: &crate::review::Identity| {
            it.tracks.iter().map(|&track| review.track_id(track).to_owned()).collect()
        };
        review.identities().filter_map(|it| Some((it.name.clone()?, tracks(it)))).collect()
    }

    #[test]
    fn names_come_in_as_one_gesture_and_what_is_named_otherwise_stays() {
        let mut review = review();
        let rows = [("a1", "Ada"), ("b1", "Bea"), ("b2", "Ben"), ("c1", "Carl"), ("d1", "Cato"), ("A2", "x")];
        let import = NamesImport::of_people(&review, &table(&rows)).unwrap();
        assert_eq!(import.unknown, [("A2".to_owned(), Some("a2".to_owned()))]);
        let clash = NameClash { track: "c1".into(), name: "Cato".into(), wanted: "Carl".into() };
        assert_eq!((import.clashes, import.names.len()), (vec![clash], 4));
        let together = CoOccurrence::default();
        let edit = review.prepare(import.edit.unwrap(), IdentityId(9), &together).unwrap();
        review.apply(&edit);
        let expected =
            [("Ada", vec!["a1", "a2"]), ("Bea", vec!["b1"]), ("Ben", vec!["b2"]), ("Cato", vec!["c1", "d1"])];
        let expected =
            expected.map(|(name, tracks)| (name.to_owned(), tracks.into_iter().map(str::to_owned).collect()));
        assert_eq!(named(&review), BTreeMap::from(expected));
        let again = NamesImport::of_people(&review, &table(&[("a1", "Ada"), ("d1", "Cato")])).unwrap();
        assert_eq!((again.edit, again.n_unchanged), (None, 2));
        assert!(NamesImport::of_people(&review, &table(&[("a1", "A\u{7}")])).is_err());
    }

    #[test]
    fn two_people_of_one_name_stay_two() {
        let mut review = review();
        let person = |tracks: &[&str]| NamedTracks {
            name: "Ada".into(),
            tracks: tracks.iter().map(|&id| id.to_owned()).collect(),
            ..NamedTracks::default()
        };
        let people = [person(&["a1", "a2", "b1"]), person(&["b2", "a1"]), person(&["gone"])];
        let import = NamesImport::of_people(&review, &people).unwrap();
        assert_eq!((import.n_tracks(), import.unknown.len()), (4, 1));
        let edit = review.prepare(import.edit.unwrap(), IdentityId(9), &CoOccurrence::default()).unwrap();
        review.apply(&edit);
        let ids: Vec<usize> =
            review.names()["Ada"].iter().map(|id| review.identity(*id).unwrap().tracks.len()).collect();
        assert_eq!(ids, [3, 1], "one over two clusters, and what is left of one of them");
    }

    #[test]
    fn details_go_to_whoever_has_the_name_and_the_first_value_stays() {
        let mut review = review();
        let has = details(&[("role", "Page")]);
        review.apply(&Edit::Describe { identity: IdentityId(3), details: has });
        let mut people =
            table(&[("a1", "Ada"), ("b1", "Bea"), ("b2", "Ben"), ("c1", "Cato"), ("d1", "Cato")]);
        for (person, role) in people.iter_mut().zip(["Queen", "Fool", "", "King"]) {
            person.details = details(&[("role", role), ("born", "1815")]);
            person.details.retain(|_, value| !value.is_empty());
        }
        let import = NamesImport::of_people(&review, &people).unwrap();
        let clash = &import.detail_clashes[0];
        assert_eq!(
            (clash.name.as_str(), clash.kept.as_str(), clash.other.as_str()),
            ("Cato", "Page", "King")
        );
        assert_eq!(import.details["Cato"], details(&[("born", "1815")]));
        let edit = review.prepare(import.edit.unwrap(), IdentityId(9), &CoOccurrence::default()).unwrap();
        review.apply(&edit);
        let told = |name: &str| review.identity(review.names()[name][0]).unwrap().details.clone();
        assert_eq!(told("Ada"), details(&[("role", "Queen"), ("born", "1815")]), "named");
        assert_eq!(told("Bea"), details(&[("role", "Fool"), ("born", "1815")]), "split off");
        assert_eq!(told("Cato"), details(&[("role", "Page"), ("born", "1815")]), "there before");
        let again = NamesImport::of_people(&review, &people).unwrap();
        assert_eq!((again.edit, again.detail_clashes.len()), (None, 1));
    }
}
