//! Which pictures of a folder are one track, by the names of folders and files.
//!
//! Takes the pictures of each folder; gives the tracks to be. A folder below the opened one is a
//! track. The opened folder itself is never one: its pictures are tracks by their names
//! `<track>_<frame>`, or else each is a track of its own. Names that count the faces of a frame,
//! `<clip>_<frame>_<face>`, show several people, so such pictures are tracks of their own in any
//! folder. Where the folders right below the opened one are people, sorted by hand, each picture right in
//! one is a track. The setting `pictures` overrules what the names seem to say.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use super::people_folders::look_like_people;

/// How the pictures of flat folders are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PictureGrouping {
    /// As their names say.
    #[default]
    Auto,
    /// `<track>_<frame>`, and a folder below is one track, whatever the names seem to say.
    Tracks,
    /// Each picture is a track.
    Single,
    /// A folder right below the opened one is a person: each picture right in it is a track, and so is
    /// each folder below it.
    People,
}

impl PictureGrouping {
    /// The word in settings.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Tracks => "tracks",
            Self::Single => "single",
            Self::People => "people",
        }
    }
}

impl FromStr for PictureGrouping {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "auto" => Ok(Self::Auto),
            "tracks" => Ok(Self::Tracks),
            "single" => Ok(Self::Single),
            "people" => Ok(Self::People),
            _ => Err(()),
        }
    }
}

/// One track to be: id, folder and files in natural order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TrackFiles {
    pub id: String,
    pub folder: String,
    pub files: Vec<String>,
}

/// How one folder is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FolderReading {
    /// All of it is one track.
    Whole,
    /// Pictures of one prefix are a track.
    ByName,
    /// Each picture is a track.
    Single,
}

/// The tracks of all folders; `folders` maps a folder, empty for the opened one, to its files.
pub(super) fn group(folders: &BTreeMap<String, Vec<String>>, pictures: PictureGrouping) -> Vec<TrackFiles> {
    let is_people = pictures == PictureGrouping::Auto && look_like_people(folders.keys().map(String::as_str));
    let pictures = if is_people { PictureGrouping::People } else { pictures };
    let mut groups = Vec::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let readings: Vec<FolderReading> =
        folders.iter().map(|(folder, files)| reading(folder, files, pictures)).collect();
    taken.extend(
        folders.keys().zip(&readings).filter(|it| *it.1 == FolderReading::Whole).map(|it| it.0.as_str()),
    );
    for ((folder, files), reading) in folders.iter().zip(&readings) {
        let inside =
            |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        match reading {
            FolderReading::Whole => {
                let id = if folder.is_empty() { ".".to_owned() } else { folder.clone() };
                groups.push(TrackFiles { id, folder: folder.clone(), files: natural(files.clone()) });
            }
            FolderReading::ByName => {
                let mut flat: BTreeMap<&str, Vec<String>> = BTreeMap::new();
                for file in files {
                    flat.entry(prefix(file).unwrap_or(stem(file))).or_default().push(file.clone());
                }
                groups.extend(flat.into_iter().map(|(name, files)| {
                    let id = inside(name);
                    // A folder may bear the name as well.
                    let id = if taken.contains(id.as_str()) { format!("{id}_*") } else { id };
                    TrackFiles { id, folder: folder.clone(), files: natural(files) }
                }));
            }
            FolderReading::Single => {
                let mut stems: BTreeMap<&str, usize> = BTreeMap::new();
                for file in files {
                    *stems.entry(stem(file)).or_default() += 1;
                }
                groups.extend(files.iter().map(|file| {
                    let id = inside(stem(file));
                    let is_shared = stems.get(stem(file)).is_some_and(|&n| n > 1);
                    let id = if is_shared || taken.contains(id.as_str()) { inside(file) } else { id };
                    TrackFiles { id, folder: folder.clone(), files: vec![file.clone()] }
                }));
            }
        }
    }
    groups
}

fn reading(folder: &str, files: &[String], pictures: PictureGrouping) -> FolderReading {
    let is_root = folder.is_empty();
    let by_name = |of: fn(&str) -> Option<&str>| {
        files.iter().filter_map(|file| of(file)).collect::<BTreeSet<_>>().len() >= 2
    };
    match pictures {
        PictureGrouping::Single => FolderReading::Single,
        PictureGrouping::Tracks if is_root && by_name(prefix) => FolderReading::ByName,
        PictureGrouping::People if !is_root && !folder.contains('/') => FolderReading::Single,
        PictureGrouping::Tracks => FolderReading::Whole,
        PictureGrouping::Auto | PictureGrouping::People => match is_root {
            _ if counts_faces(files) => FolderReading::Single,
            true if by_name(track_prefix) => FolderReading::ByName,
            true => FolderReading::Single,
            false => FolderReading::Whole,
        },
    }
}

/// Files in natural order.
pub(super) fn natural(mut files: Vec<String>) -> Vec<String> {
    files.sort_by(|a, b| alphanumeric_sort::compare_str(a, b));
    files
}

/// A file's name without its extension.
pub(super) fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// What stands before the last `_`, where a number follows it.
fn prefix(file: &str) -> Option<&str> {
    let (prefix, frame) = stem(file).rsplit_once('_')?;
    (!prefix.is_empty() && frame.chars().any(|c| c.is_ascii_digit())).then_some(prefix)
}

/// Words that name pictures of anything: cameras, telephones and programs count on after them.
const NO_TRACKS: [&str; 26] = [
    "img",
    "image",
    "dsc",
    "dscn",
    "dscf",
    "pxl",
    "mvimg",
    "pano",
    "photo",
    "foto",
    "pic",
    "picture",
    "face",
    "faces",
    "crop",
    "crops",
    "scan",
    "screenshot",
    "frame",
    "thumb",
    "wa",
    "sam",
    "cimg",
    "imag",
    "bild",
    "unknown",
];

/// [`prefix`], where it may name a track rather than any picture of a camera.
fn track_prefix(file: &str) -> Option<&str> {
    let prefix = prefix(file)?;
    let is_date = |field: &str| {
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
        field.len() == 8
            && matches!(number(field.get(..4)), 1900..=2099)
            && matches!(number(field.get(4..6)), 1..=12)
            && matches!(number(field.get(6..)), 1..=31)
    };
    let is_general = |field: &str| is_date(field) || NO_TRACKS.contains(&field.to_ascii_lowercase().as_str());
    (!prefix.split(['_', '-', ' ']).all(is_general)).then_some(prefix)
}

/// The parts of a name `<clip>_<frame>_<face>`: all before the face, and how it is written.
struct FaceName<'a> {
    frame: &'a str,
    frame_width: usize,
    face: u32,
    face_width: usize,
    /// Words say which number is which.
    is_worded: bool,
}

fn face_name(file: &str) -> Option<FaceName<'_>> {
    const SEPARATORS: [char; 2] = ['_', '-'];
    let numbered = |field: &str, words: &[&str]| {
        let word = field.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let digits = &field[word.len()..];
        let is_known = word.is_empty() || words.contains(&word.to_ascii_lowercase().as_str());
        (is_known && !digits.is_empty()).then(|| (digits.to_owned(), !word.is_empty()))
    };
    let stem = stem(file);
    let at = stem.rfind(SEPARATORS)?;
    let (frame, face) = (&stem[..at], &stem[at + 1..]);
    let (digits, face_word) = numbered(face, &["face", "f", "person", "p", "det", "obj", "bbox", "id"])?;
    let last = frame.rsplit(SEPARATORS).next()?;
    let (frame_digits, frame_word) = numbered(last, &["frame", "frm", "fr", "f", "t", "time"])?;
    // `t12_3` is frame 3 of track 12 as a rule.
    let is_time = !last.to_ascii_lowercase().starts_with('t') || frame_digits.contains('.');
    let face = digits.parse().ok().filter(|face| *face < 100 && is_time)?;
    let is_worded = face_word && frame_word && !last.starts_with('t');
    let widths = (frame_digits.len(), digits.len());
    Some(FaceName { frame, frame_width: widths.0, face, face_width: widths.1, is_worded })
}

/// Whether the names count the faces of frames, so that two of one frame show two people.
///
/// `<track>_<frame>` may look the same. Faces are few in a frame and counted from 0 or 1 in each,
/// with fewer digits than frames; frames of a track are many, or go on from one track to the next.
fn counts_faces(files: &[String]) -> bool {
    let names: Vec<FaceName<'_>> = files.iter().filter_map(|file| face_name(file)).collect();
    // Other pictures may lie among them.
    if names.is_empty() || names.len() * 2 < files.len() {
        return false;
    }
    let mut frames: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for name in &names {
        frames.entry(name.frame).or_default().insert(name.face);
    }
    let mut sizes: Vec<usize> = frames.values().map(BTreeSet::len).collect();
    sizes.sort_unstable();
    if sizes.last().is_none_or(|&most| most < 2) {
        return false;
    }
    if names.iter().all(|name| name.is_worded) {
        return true;
    }
    let lowest = names.iter().map(|name| name.face).min().unwrap_or_default();
    let starting = frames.values().filter(|faces| faces.contains(&lowest)).count();
    let width = |of: fn(&FaceName<'_>) -> usize| names.iter().map(of).max().unwrap_or_default();
    let most = if width(|name| name.face_width) < width(|name| name.frame_width) { 8 } else { 3 };
    lowest <= 1 && starting * 10 >= frames.len() * 6 && sizes[sizes.len() / 2] <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tracks of one folder, each as `id: files`.
    fn tracks(folder: &str, files: &[&str], pictures: PictureGrouping) -> Vec<String> {
        let files = files.iter().map(|file| (*file).to_owned()).collect();
        let groups = group(&BTreeMap::from([(folder.to_owned(), files)]), pictures);
        groups.iter().map(|group| format!("{}: {}", group.id, group.files.join(" "))).collect()
    }

    const FACES: [&str; 5] =
        ["c_00101_0.jpg", "c_00101_1.jpg", "c_00102_0.jpg", "c_00102_1.jpg", "c_00103_0.jpg"];

    #[test]
    fn faces_of_a_frame_are_people_of_their_own_in_any_folder() {
        let single = FACES.map(|file| format!("{}: {file}", stem(file)));
        assert_eq!(tracks("", &FACES, PictureGrouping::Auto), single);
        assert_eq!(tracks("film", &FACES, PictureGrouping::Auto), single.map(|it| format!("film/{it}")));
        assert_eq!(tracks("", &FACES, PictureGrouping::Tracks).len(), 3);
        assert_eq!(tracks("film", &FACES, PictureGrouping::Tracks).len(), 1);
        for files in [
            ["1_0.png", "1_1.png", "2_0.png", "2_1.png"],
            ["00001-1.png", "00001-2.png", "00002-1.png", "00002-2.png"],
            ["v_frame7_face3.png", "v_frame7_face9.png", "v_frame8_face3.png", "v_frame9_face2.png"],
            ["cover.png", "0001_0.png", "0001_1.png", "portrait.png"],
            ["s01-12.48_0.png", "s01-12.48_1.png", "s01-13.00_0.png", "s01-13.04_0.png"],
        ] {
            assert_eq!(tracks("", &files, PictureGrouping::Auto).len(), 4, "{files:?}");
        }
    }

    #[test]
    fn frames_of_tracks_stay_together() {
        for files in [
            // Frames go on.
            ["h_0012_7.jpg", "h_0012_8.jpg", "h_0013_31.jpg", "h_0013_32.jpg"],
            ["anna_1.jpg", "anna_2.jpg", "ben_1.jpg", "ben_2.jpg"],
            ["t1_0.jpg", "t1_1.jpg", "t2_0.jpg", "t2_1.jpg"],
            ["v_track1_0.jpg", "v_track1_1.jpg", "v_track2_0.jpg", "v_track2_1.jpg"],
            ["1_000120.jpg", "1_000121.jpg", "2_000120.jpg", "2_000121.jpg"],
        ] {
            assert_eq!(tracks("", &files, PictureGrouping::Auto).len(), 2, "{files:?}");
        }
        let many: Vec<String> = (0..60).map(|at| format!("{:04}_{}.jpg", at / 30, at % 30)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(tracks("", &many, PictureGrouping::Auto).len(), 2);
        assert_eq!(tracks("film/t1", &["000120_0.jpg", "000121_0.jpg"], PictureGrouping::Auto).len(), 1);
    }

    #[test]
    fn unrelated_crops_are_a_track_each() {
        for files in [
            ["001.png", "002.png", "003.png"],
            ["IMG_0001.jpg", "IMG_0002.jpg", "DSC_0002.jpg"],
            ["IMG_20240131_101500.jpg", "20240131_101501.jpg", "20240131_101502.jpg"],
            ["crop_1.png", "crop_2.png", "crop_3.png"],
            ["shot.png", "shot_3.png", "shot_4.png"],
        ] {
            assert_eq!(tracks("", &files, PictureGrouping::Auto).len(), 3, "{files:?}");
        }
        assert_eq!(tracks("", &["001.png", "002.png"], PictureGrouping::Tracks), [".: 001.png 002.png"]);
        assert_eq!(
            tracks("a", &["001.png", "002.png"], PictureGrouping::Single),
            ["a/001: 001.png", "a/002: 002.png"]
        );
    }

    #[test]
    fn a_picture_below_changes_nothing_about_a_flat_folder_and_ids_are_unique() {
        let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let flat = files(&["anna_1.png", "anna_2.png", "ben_1.png", "ben_2.png"]);
        let folders = BTreeMap::from([(String::new(), flat), ("ben".to_owned(), files(&["1.png"]))]);
        let ids: Vec<String> = group(&folders, PictureGrouping::Auto).into_iter().map(|it| it.id).collect();
        assert_eq!(ids, ["anna", "ben_*", "ben"]);
        let loose = files(&["1.jpg", "1.png", "2.png", "a.png"]);
        let folders = BTreeMap::from([(String::new(), loose), ("a".to_owned(), files(&["1.png"]))]);
        let ids: Vec<String> = group(&folders, PictureGrouping::Auto).into_iter().map(|it| it.id).collect();
        assert_eq!(ids, ["1.jpg", "1.png", "2", "a.png", "a"]);
    }

    #[test]
    fn folders_of_people_hold_a_track_a_picture() {
        let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let mut folders = BTreeMap::from([
            ("Ada".to_owned(), files(&["p1.jpg", "p2.jpg"])),
            ("Ada/film".to_owned(), files(&["1.jpg", "2.jpg"])),
            ("Bea".to_owned(), files(&["p1.jpg"])),
        ]);
        let ids = |folders: &BTreeMap<String, Vec<String>>, pictures| -> Vec<String> {
            group(folders, pictures).into_iter().map(|it| it.id).collect()
        };
        assert_eq!(
            ids(&folders, PictureGrouping::Auto),
            ["Ada", "Ada/film", "Bea"],
            "nothing says that they are"
        );
        let expected = ["Ada/p1", "Ada/p2", "Ada/film", "Bea/p1"];
        assert_eq!(ids(&folders, PictureGrouping::People), expected);
        folders.insert("unsorted".to_owned(), files(&["p3.jpg", "p4.jpg"]));
        let expected = [&expected[..], &["unsorted/p3", "unsorted/p4"]].concat();
        assert_eq!(ids(&folders, PictureGrouping::Auto), expected);
        assert_eq!(ids(&folders, PictureGrouping::Tracks), ["Ada", "Ada/film", "Bea", "unsorted"]);
    }
}
