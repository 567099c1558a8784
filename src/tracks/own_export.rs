//! An export of Castlist's own that is opened as an archive: whose tracks lie in which folder.
//!
//! Takes the folder's `manifest.json`, which anybody may have damaged or written; gives the tracks
//! with the ids that they had in the exported project, and the people whose they are. Its paths
//! are compared with those of the scan, and never opened. What cannot be read is a warning.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use super::{TrackSet, TrackSource};
use crate::base::{Cx, Details, MOST_DETAILS, WarningKind, checked_detail, checked_name};
use crate::files;

/// The largest manifest that is read: some millions of tracks.
const MOST_BYTES: u64 = 512 << 20;
/// What the first lines of a manifest of Castlist's hold, whole or cut off.
const SIGN: &str = r#""generator": "castlist""#;
/// The last version of the manifest that is understood.
const SCHEMA_VERSION: u64 = 1;

/// Tracks that somebody says are one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NamedTracks {
    /// The person's name; empty for tracks of whom nobody said more than that they are others.
    pub name: String,
    /// Ids of the tracks.
    pub tracks: Vec<String>,
    /// What is said of the person beyond the name.
    pub details: Details,
}

/// What a manifest says of its export.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct OwnExport {
    /// By folder, relative to the opened one.
    tracks: BTreeMap<String, ExportedTrack>,
    /// The names of the people, as they were typed, and their details.
    people: Vec<(String, Details)>,
    /// Names and details that cannot be such.
    n_unfit: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct ExportedTrack {
    /// The track's id in the exported project.
    id: String,
    /// Its person, where that one has a name.
    person: Option<usize>,
}

/// What tells an export apart from other folders.
#[derive(Deserialize)]
struct ManifestSign {
    generator: String,
}

#[derive(Deserialize)]
struct ExportManifest {
    schema_version: u64,
    identities: Vec<ManifestIdentity>,
}

#[derive(Deserialize)]
struct ManifestIdentity {
    name: Option<String>,
    folder: Option<String>,
    #[serde(default)]
    details: Details,
    #[serde(default)]
    track_folders: BTreeMap<String, String>,
}

/// Whether the folder holds a manifest that Castlist wrote.
pub(super) fn is_export(folder: &Path) -> bool {
    manifest_text(folder).is_ok_and(|text| text.is_some_and(|text| is_own(&text)))
}

/// The export at a folder; none where it is none. One that cannot be read is a warning.
pub(super) fn read(root: &Path, cx: &Cx) -> Option<OwnExport> {
    match open(root) {
        Ok(own) => {
            if let Some(own) = own.as_ref().filter(|own| own.n_unfit > 0) {
                let n = own.n_unfit;
                let text =
                    format!("{n} names or details of this export are too long, or have control characters");
                warn(root, &format!("{text}; they were left out"), cx);
            }
            own
        }
        Err(why) => {
            let text = format!("the manifest cannot be read ({why})");
            warn(root, &format!("{text}; if this is an export, its names and times are left out"), cx);
            None
        }
    }
}

fn warn(root: &Path, text: &str, cx: &Cx) {
    cx.warn(WarningKind::Input, format!("{text}: {}", root.join("manifest.json").display()));
}

/// The people of an own export, with their tracks as they are called here, those without a name last;
/// none in any other folder, or where its manifest cannot be read. Costs one read of the manifest.
pub(crate) fn exported_people(set: &TrackSet) -> Vec<NamedTracks> {
    let Ok(Some(own)) = open(&set.root) else { return Vec::new() };
    let person = |(name, details)| NamedTracks { name, tracks: Vec::new(), details };
    let mut people: Vec<NamedTracks> = own.people.into_iter().map(person).collect();
    let mut others = NamedTracks::default();
    for track in &set.tracks {
        let TrackSource::Faces { folder, .. } = &track.source else { continue };
        let Some(exported) = own.tracks.get(folder) else { continue };
        let person = exported.person.and_then(|person| people.get_mut(person));
        person.unwrap_or(&mut others).tracks.push(track.id.clone());
    }
    people.push(others);
    people.retain(|person| !person.tracks.is_empty());
    people
}

impl OwnExport {
    /// The tracks that lie alone in the folder of an exported one: its id then, and the place now.
    pub(super) fn former_ids<'a>(&'a self, set: &TrackSet) -> BTreeMap<&'a str, usize> {
        let mut found: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        for (ix, track) in set.tracks.iter().enumerate() {
            let TrackSource::Faces { folder, .. } = &track.source else { continue };
            if let Some(exported) = self.tracks.get(folder) {
                let is_alone = !found.contains_key(exported.id.as_str());
                found.insert(&exported.id, is_alone.then_some(ix));
            }
        }
        found.into_iter().filter_map(|(id, ix)| Some((id, ix?))).collect()
    }

    /// The ids of all tracks that were exported with pictures.
    pub(super) fn ids(&self) -> BTreeSet<&str> {
        self.tracks.values().map(|track| track.id.as_str()).collect()
    }
}

/// The manifest of a folder, where there is one.
fn manifest_text(folder: &Path) -> Result<Option<String>, String> {
    match files::read_text(&folder.join("manifest.json"), MOST_BYTES) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn is_own(text: &str) -> bool {
    serde_json::from_str::<ManifestSign>(text).is_ok_and(|sign| sign.generator == "castlist")
}

/// The export at a folder; none where it is none, and why it cannot be read where it seems to be one.
fn open(root: &Path) -> Result<Option<OwnExport>, String> {
    let Some(text) = manifest_text(root)? else { return Ok(None) };
    if !is_own(&text) {
        let start = &text[..text.floor_char_boundary(SIGN.len() + 200)];
        let is_damaged = start.contains(SIGN);
        return if is_damaged { Err("it is damaged".to_owned()) } else { Ok(None) };
    }
    let manifest: ExportManifest = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if manifest.schema_version > SCHEMA_VERSION {
        return Err(format!("it is of version {}, from a later Castlist", manifest.schema_version));
    }
    Ok(Some(OwnExport::of(manifest)))
}

impl OwnExport {
    fn of(manifest: ExportManifest) -> Self {
        let mut own = Self::default();
        for identity in manifest.identities {
            let name = identity.name.as_deref().map(checked_name);
            own.n_unfit += usize::from(matches!(name, Some(Err(_))));
            let n_details = identity.details.len();
            let details = identity.details.iter().take(MOST_DETAILS);
            let details: Details =
                details.filter_map(|(name, value)| checked_detail(name, value).ok()).collect();
            own.n_unfit += n_details - details.len();
            let person = name.and_then(Result::ok).filter(|name| !name.is_empty()).map(|name| {
                own.people.push((name, details));
                own.people.len() - 1
            });
            let Some(folder) = identity.folder else { continue };
            for (id, inside) in identity.track_folders {
                let track = ExportedTrack { id, person };
                own.tracks.entry(format!("{folder}/{inside}")).or_insert(track);
            }
        }
        own
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ScanOptions, scan};
    use super::*;

    const MANIFEST: &str = r#"{"generator": "castlist", "schema_version": 1, "identities": [
        {"name": "Ada", "folder": "Ada", "details": {"role": "Queen", "bad": "\u0007"}, "track_folders": {"v/t1": "v__t1", "v/t2": "v__t2"}},
        {"name": "Ada", "folder": "Ada (2)", "track_folders": {"v/t3": "v__t3", "v/gone": "v__gone"}},
        {"name": null, "folder": "unnamed-0004", "track_folders": {"v/t4": "v__t4"}},
        {"name": "B\u001b[2J", "folder": "B_[2J", "track_folders": {"v/t5": "v__t5"}},
        {"name": "Eve", "folder": "../..", "track_folders": {"v/t6": "etc"}},
        {"name": "No pictures", "folder": null}]}"#;
    const TIMES: &str = "track,video,start_frame,end_frame,fps,identity\nv/t1,v,0,9,25,Ada\nv/t3,w,20,29,25,Ada\n\
                         v/never,v,0,9,25,\n";

    /// An export of five tracks with this manifest: what the scan warns of, and the set.
    fn opened(manifest: &str) -> (TrackSet, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let folders = ["Ada/v__t1", "Ada/v__t2", "Ada (2)/v__t3", "unnamed-0004/v__t4", "B_[2J/v__t5"];
        for folder in folders.map(|folder| dir.path().join(folder)) {
            std::fs::create_dir_all(&folder).unwrap();
            image::RgbImage::new(16, 16).save(folder.join("1.png")).unwrap();
        }
        std::fs::write(dir.path().join("manifest.json"), manifest).unwrap();
        std::fs::write(dir.path().join("tracks.csv"), TIMES).unwrap();
        let cx = Cx::new();
        let set = scan(dir.path(), &ScanOptions::default(), &cx).unwrap();
        let people = exported_people(&set);
        let told = cx.warnings().kept.into_iter().map(|warning| warning.message).collect();
        assert_eq!(people.len(), if manifest == MANIFEST { 3 } else { 0 });
        if manifest == MANIFEST {
            let ids = |person: &NamedTracks| person.tracks.join(" ");
            assert_eq!((people[0].name.as_str(), ids(&people[0])), ("Ada", "Ada/v__t1 Ada/v__t2".to_owned()));
            assert_eq!((people[1].name.as_str(), ids(&people[1])), ("Ada", "Ada (2)/v__t3".to_owned()));
            assert_eq!(people[0].details, Details::from([("role".to_owned(), "Queen".to_owned())]));
            assert_eq!((people[2].name.as_str(), people[2].tracks.len()), ("", 2));
        }
        (set, told)
    }

    #[test]
    fn people_and_times_are_those_of_the_export() {
        let (set, told) = opened(MANIFEST);
        let track = |id: &str| set.tracks.iter().find(|track| track.id == id).unwrap();
        assert_eq!(track("Ada/v__t1").span.frames, Some((0, 9)));
        assert_eq!((track("Ada (2)/v__t3").video.as_str(), track("Ada/v__t2").span.frames), ("w", None));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("2 names or details of this export"), "{told:?}");
    }

    #[test]
    fn a_manifest_that_is_damaged_newer_or_of_others_names_nobody() {
        let newer = MANIFEST.replace(": 1,", ": 2,");
        let odd = MANIFEST.replace("\"v__t1\"", "7");
        for (text, why) in [(&MANIFEST[..200], "it is damaged"), (&newer, "later Castlist"), (&odd, "line 2")]
        {
            let (_, told) = opened(text);
            assert!(told.iter().any(|told| told.contains(why)), "{why}: {told:?}");
        }
        for text in ["{}", "[1]", "{\"generator\": 7}", "", "{\"generator\": \"other\", \"identities\": []}"]
        {
            let (_, told) = opened(text);
            assert!(!told.iter().any(|told| told.contains("manifest")), "{text}: {told:?}");
        }
    }

    #[test]
    fn nothing_but_a_plain_file_is_read() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("manifest.json")).unwrap();
        assert!(open(dir.path()).is_err() && !is_export(dir.path()));
        assert_eq!(open(&dir.path().join("nowhere")), Ok(None));
    }
}
