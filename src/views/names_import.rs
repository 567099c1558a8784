//! Names that come from elsewhere: what each would do to the identities, as one gesture.
//!
//! Takes a state and the people as somebody wrote them down, in a table or by folders; gives the edit
//! that brings the names in, and what stays out of it and why. It changes nothing, and never takes a name away.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::base::{ControlCharacter, TrackIx, checked_name};
use crate::review::{Edit, IdentityId, Review};
use crate::tracks::{NamedTracks, near_miss};

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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct NamesImport {
    /// Tracks that get each name.
    pub names: BTreeMap<String, usize>,
    /// Tracks that have their name already.
    pub n_unchanged: usize,
    /// Tracks that stay as they are, because their identity is called otherwise.
    pub clashes: Vec<NameClash>,
    /// Ids that no track has, each with one that differs in case or slashes only.
    pub unknown: Vec<(String, Option<String>)>,
    /// The one gesture. None where there is nothing to do.
    #[serde(skip)]
    pub edit: Option<Edit>,
}

impl NamesImport {
    /// Of a table from track id to name; one name is one person.
    ///
    /// # Errors
    /// As [`Self::of_people`].
    pub(crate) fn of(review: &Review, table: &BTreeMap<String, String>) -> Result<Self, ControlCharacter> {
        let mut people: BTreeMap<&str, NamedTracks> = BTreeMap::new();
        for (id, name) in table {
            let person = NamedTracks { name: name.clone(), ..NamedTracks::default() };
            people.entry(name.trim()).or_insert(person).tracks.push(id.clone());
        }
        Self::of_people(review, &people.into_values().collect::<Vec<_>>())
    }

    /// Of people with their tracks, who may have one name and be two. An unnamed identity that holds
    /// tracks of one person only, and such as nobody names here, gets that name; of others the tracks
    /// of a person become an identity, or go to the one that is called so. Tracks of an empty name are
    /// kept apart from all people. Of a track that several have, the first counts. O(tracks · log
    /// tracks).
    ///
    /// # Errors
    /// [`ControlCharacter`] in a name.
    pub(crate) fn of_people(review: &Review, people: &[NamedTracks]) -> Result<Self, ControlCharacter> {
        let mut import = Self {
            names: BTreeMap::new(),
            n_unchanged: 0,
            clashes: Vec::new(),
            unknown: Vec::new(),
            edit: None,
        };
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
        for (&track, &person) in wanted.iter().filter(|(_, person)| !names[**person].is_empty()) {
            let identity = review.identity_of(track).and_then(|id| review.identity(id));
            match identity.and_then(|identity| identity.name.as_ref()) {
                Some(has) if *has == names[person] => import.n_unchanged += 1,
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
            edits.push(match known.get(name.as_str()).and_then(|ids| ids.first()) {
                Some(&identity) => Edit::move_to(ids(), identity),
                None => match whole(review, &tracks, &wanted) {
                    Some(identity) => Edit::Rename { identity, name: name.clone() },
                    None => Edit::split(ids(), Some(name.clone())),
                },
            });
        }
        import.edit = match edits.len() {
            0 => None,
            1 => edits.pop(),
            _ => Some(Edit::All { edits }),
        };
        Ok(import)
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

    fn table(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
        rows.iter().map(|&(track, name)| (track.to_owned(), name.to_owned())).collect()
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
        let import = NamesImport::of(&review, &table(&rows)).unwrap();
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
        let again = NamesImport::of(&review, &table(&[("a1", "Ada"), ("d1", "Cato")])).unwrap();
        assert_eq!((again.edit, again.n_unchanged), (None, 2));
        assert!(NamesImport::of(&review, &table(&[("a1", "A\u{7}")])).is_err());
    }

    #[test]
    fn two_people_of_one_name_stay_two() {
        let mut review = review();
        let person = |tracks: &[&str]| NamedTracks {
            name: "Ada".into(),
            tracks: tracks.iter().map(|&id| id.to_owned()).collect(),
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
}
