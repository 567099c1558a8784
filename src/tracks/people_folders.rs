//! Folders that people sorted by hand: a folder a person, and one for whatever is not sorted yet.
//!
//! Takes the names of folders, or the tracks of a set that was read so; gives whether the folders
//! look like people, and the people with their tracks. Names decide, pictures never do.

use std::collections::{BTreeMap, BTreeSet};

use super::{NamedTracks, TrackSet, TrackSource};

/// What the folder of unsorted pictures is called, in lower case; signs and digits around it do
/// not count, as in `_unsorted` or `00 Unknown`.
const UNSORTED: [&str; 5] = ["unsorted", "unknown", "unnamed", "unassigned", "unidentified"];

/// The people of a folder, with the tracks of nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PeopleFolders {
    /// The people by the names of their folders.
    pub people: Vec<NamedTracks>,
    /// Tracks in folders of unsorted pictures, or in no folder.
    pub unsorted: Vec<String>,
}

impl PeopleFolders {
    /// Of a set whose folders are people. O(tracks).
    pub(crate) fn of(set: &TrackSet) -> Self {
        let mut people: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut unsorted = Vec::new();
        for track in &set.tracks {
            match person_folder(&track.source) {
                Some(name) if !is_unsorted(name) => people.entry(name).or_default().push(track.id.clone()),
                _ => unsorted.push(track.id.clone()),
            }
        }
        let mut people: Vec<NamedTracks> = people
            .into_iter()
            .map(|(name, tracks)| NamedTracks { name: name.to_owned(), tracks, ..NamedTracks::default() })
            .collect();
        people.sort_by(|a, b| alphanumeric_sort::compare_str(&a.name, &b.name));
        Self { people, unsorted }
    }
}

/// The folder right below the opened one; none for what lies in none.
fn person_folder(source: &TrackSource) -> Option<&str> {
    let path = match source {
        TrackSource::Faces { folder, .. } => folder.as_str(),
        TrackSource::Features { file, .. } => file.rsplit_once('/')?.0,
        TrackSource::Rows { .. } => return None,
    };
    path.split('/').next().filter(|name| !name.is_empty())
}

/// Whether a folder's name says that nobody sorted what lies in it.
fn is_unsorted(name: &str) -> bool {
    let word = name.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    UNSORTED.contains(&word.as_str())
}

/// Whether these folders, relative to the opened one and each with pictures right in it, look like
/// people.
///
/// One must be of unsorted pictures, which are of several people and so no track. All others right
/// below the opened one must have a name of letters: a tracker numbers its folders.
pub(super) fn look_like_people<'a>(folders: impl Iterator<Item = &'a str>) -> bool {
    let (mut n_people, mut n_unsorted) = (0, 0);
    for name in folders.filter(|folder| !folder.is_empty() && !folder.contains('/')) {
        if is_unsorted(name) {
            n_unsorted += 1;
        } else if name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_numeric) {
            n_people += 1;
        } else {
            return false;
        }
    }
    n_people > 0 && n_unsorted > 0
}

/// Whether the setting `auto` reads the folders of a set as people.
pub(crate) fn reads_people(set: &TrackSet) -> bool {
    let folders = set.tracks.iter().filter_map(|track| match &track.source {
        TrackSource::Faces { folder, .. } => Some(folder.as_str()),
        _ => None,
    });
    // Many pictures lie in one folder.
    look_like_people(folders.collect::<BTreeSet<&str>>().into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_beside_unsorted_pictures_and_nothing_else() {
        for (folders, is_people) in [
            (&["Ada", "Bea", "unsorted"][..], true),
            (&["Ada", "李", "_Unsorted_", "Ada/film"], true),
            (&["", "Ada", "00 unknown"], true),
            (&["Ada", "Bea"], false),
            (&["unsorted"], false),
            (&["unsorted/t1", "Ada"], false),
            (&["t0001", "t0002", "unknown"], false),
            (&["film/0001", "unknown"], false),
            (&["Ada", "person_7", "unsorted"], false),
            (&["Ada", "not unsorted"], false),
        ] {
            assert_eq!(look_like_people(folders.iter().copied()), is_people, "{folders:?}");
        }
    }
}
