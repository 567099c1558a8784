//! From a folder to its tracks.
//!
//! Each folder that directly holds pictures is a track, at any depth. A folder that holds
//! pictures only directly, named `<track>_<frame>` with two tracks or more, is a flat one.
//! Every file is opened and its header read; what is unreadable is marked and counted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::picture::{Inspection, inspect};
use super::{Face, Source, Span, Track, TrackSet, TracksError, matrix, tables};
use crate::base::{Cx, Hasher, WarningKind};

const PICTURES: [&str; 6] = ["jpg", "jpeg", "jpe", "png", "webp", "bmp"];
const VIDEOS: [&str; 12] =
    ["mp4", "mov", "mkv", "avi", "mxf", "webm", "m4v", "mpg", "mpeg", "wmv", "ts", "mts"];
/// Above this typical size, in a camera's shape, a picture is taken for a whole photograph.
const PHOTOGRAPH_PX: u32 = 600;
const PHOTOGRAPH_ASPECT: f64 = 1.3;

/// Reads a folder of face tracks.
///
/// `allow_photographs` takes large oblong pictures for face crops all the same. Natural
/// order of ids; the same result for any number of threads. Costs one read of every file.
///
/// # Errors
/// [`TracksError`] where the folder as a whole cannot be taken; single files and folders
/// that cannot be read are warnings of `cx`.
///
/// # Examples
/// ```
/// use castlist::base::Cx;
/// use castlist::tracks;
/// # let dir = tempfile::tempdir()?;
/// # for track in ["film/t1", "film/t2"] {
/// #     std::fs::create_dir_all(dir.path().join(track))?;
/// #     for frame in ["000001.png", "000005.png"] {
/// #         image::RgbImage::new(16, 16).save(dir.path().join(track).join(frame))?;
/// #     }
/// # }
/// # let folder = dir.path();
///
/// // One folder per track: film/t1/000001.png, film/t1/000005.png, film/t2/…
/// let cx = Cx::new();
/// let set = tracks::scan(folder, false, &cx)?;
/// assert_eq!(set.len(), 2);
/// assert_eq!(set.track(0).id, "film/t1");
/// assert_eq!(set.track(0).n_faces(), 2);
/// assert_eq!(cx.warnings().count, 0, "all pictures can be read");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scan(root: &Path, allow_photographs: bool, cx: &Cx) -> Result<TrackSet, TracksError> {
    let found = walk(root, cx)?;
    let mut tracks: Vec<Track> = Vec::new();
    let total: usize = found.folders.values().map(Vec::len).sum();
    cx.stage("Reading tracks", (total + found.features.len()) as u64);
    let groups = group(&found.folders);
    let read: Vec<(Track, Vec<(u32, u32)>)> =
        groups.into_par_iter().map(|group| read_track(root, group, cx)).collect::<Result<_, _>>()?;
    let mut sizes = Vec::new();
    for (track, track_sizes) in read {
        sizes.extend(track_sizes);
        tracks.push(track);
    }
    let mut ids: BTreeSet<String> = tracks.iter().map(|track| track.id.clone()).collect();
    for file in &found.features {
        cx.check()?;
        if ids.insert(stem(file).to_owned()) {
            tracks.extend(read_features(root, file, cx));
        } else {
            let shown = root.join(file);
            let why = "the features were left out: another track has the same name";
            cx.warn(WarningKind::Input, format!("{why}: {}", shown.display()));
        }
        cx.advance(1);
    }
    if tracks.is_empty() {
        return Err(nothing(root, &found));
    }
    if !allow_photographs {
        check_crops(root, &mut sizes)?;
    }
    tracks.sort_by(|a, b| alphanumeric_sort::compare_str(&a.id, &b.id));
    let mut set = TrackSet { root: root.to_path_buf(), tracks };
    tables::read_times(&mut set, cx)?;
    Ok(set)
}

/// What a walk through the folder finds; all names relative to it, with `/`.
#[derive(Default)]
struct Found {
    /// Folder → picture files, both sorted.
    folders: BTreeMap<String, Vec<String>>,
    features: Vec<String>,
    videos: usize,
    others: usize,
}

fn walk(root: &Path, cx: &Cx) -> Result<Found, TracksError> {
    cx.stage("Looking through the folder", 0);
    let meta = std::fs::metadata(root).map_err(|error| TracksError::io(error, root))?;
    if !meta.is_dir() {
        return Err(TracksError::NotAFolder(root.to_path_buf()));
    }
    std::fs::read_dir(root).map_err(|error| TracksError::io(error, root))?;
    let mut found = Found::default();
    let walker = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    for entry in walker.filter_entry(|entry| entry.depth() == 0 || enters(entry)) {
        cx.check()?;
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                cx.warn(WarningKind::Input, passed_over(&error, root));
                continue;
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        if !entry.file_type().is_file() {
            // Opening a pipe would wait for somebody to write into it, without end.
            let shown = entry.path().display();
            cx.warn(WarningKind::Input, format!("skipped: neither a file nor a folder: {shown}"));
            continue;
        }
        let Some(name) = relative(root, entry.path()) else {
            let shown = entry.path().display();
            cx.warn(
                WarningKind::Input,
                format!("skipped: the name is not valid Unicode; rename it: {shown}"),
            );
            continue;
        };
        found.add(name);
        cx.advance(1);
    }
    Ok(found)
}

impl Found {
    fn add(&mut self, name: String) {
        let extension = Path::new(&name).extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
        if PICTURES.contains(&extension.as_str()) {
            let (folder, file) = name.rsplit_once('/').unwrap_or(("", &name));
            self.folders.entry(folder.to_owned()).or_default().push(file.to_owned());
        } else if extension == "npy" {
            self.features.push(name);
        } else if VIDEOS.contains(&extension.as_str()) {
            self.videos += 1;
        } else {
            self.others += 1;
        }
    }
}

/// Hidden entries, other systems' litter, our own exports and the project are not entered.
fn enters(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    if name.starts_with('.') || name == "__MACOSX" || name.starts_with("castlist.sqlite") {
        return false;
    }
    !(entry.file_type().is_dir() && is_export(entry.path()))
}

/// Whether the folder holds a manifest that Castlist wrote.
fn is_export(folder: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(folder.join("manifest.json")) else { return false };
    serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|json| json["generator"] == "castlist")
}

fn passed_over(error: &walkdir::Error, root: &Path) -> String {
    let shown = error.path().unwrap_or(root).display();
    if error.loop_ancestor().is_some() {
        return format!("skipped: this link leads back into its own folder: {shown}");
    }
    match error.io_error() {
        Some(io) => format!("skipped: cannot be read ({io}): {shown}"),
        None => format!("skipped: cannot be read: {shown}"),
    }
}

/// The path relative to the root with `/`; none where it is not valid Unicode.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> =
        path.strip_prefix(root).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

/// One track to be: id, folder and files in natural order.
struct Group {
    id: String,
    folder: String,
    files: Vec<String>,
}

fn group(folders: &BTreeMap<String, Vec<String>>) -> Vec<Group> {
    let by_folder = |(folder, files): (&String, &Vec<String>)| {
        let id = if folder.is_empty() { ".".to_owned() } else { folder.clone() };
        Group { id, folder: folder.clone(), files: natural(files.clone()) }
    };
    if let (Some(files), 1) = (folders.get(""), folders.len()) {
        let prefixes: BTreeSet<&str> = files.iter().filter_map(|file| prefix(file)).collect();
        if prefixes.len() >= 2 {
            let mut flat: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for file in files {
                flat.entry(prefix(file).unwrap_or(stem(file))).or_default().push(file.clone());
            }
            return flat
                .into_iter()
                .map(|(id, files)| Group { id: id.to_owned(), folder: String::new(), files: natural(files) })
                .collect();
        }
    }
    folders.iter().map(by_folder).collect()
}

fn natural(mut files: Vec<String>) -> Vec<String> {
    files.sort_by(|a, b| alphanumeric_sort::compare_str(a, b));
    files
}

fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// What stands before the last `_`, where a number follows it.
fn prefix(file: &str) -> Option<&str> {
    let (prefix, frame) = stem(file).rsplit_once('_')?;
    (!prefix.is_empty() && frame.chars().any(|c| c.is_ascii_digit())).then_some(prefix)
}

/// The last integer in the stem.
fn frame_number(file: &str) -> Option<u64> {
    let stem = stem(file);
    let end = stem.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = stem[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + stem[at..].chars().next().map_or(1, char::len_utf8));
    stem[start..end].parse().ok()
}

fn video_of(id: &str) -> String {
    id.rsplit_once('/').map_or_else(String::new, |(video, _)| video.to_owned())
}

fn read_track(root: &Path, group: Group, cx: &Cx) -> Result<(Track, Vec<(u32, u32)>), TracksError> {
    let folder: PathBuf = root.join(&group.folder);
    let mut sizes = Vec::new();
    let mut hasher = Hasher::default();
    let mut faces = Vec::with_capacity(group.files.len());
    for (position, file) in group.files.into_iter().enumerate() {
        cx.check()?;
        let path = folder.join(&file);
        let unreadable = match inspect(&path) {
            Ok(Inspection { width, height, content }) => {
                sizes.push((width, height));
                hasher.part(&file).part(content.0);
                None
            }
            Err(error) => {
                cx.warn(
                    WarningKind::Unreadable,
                    format!("the picture {error}; it was left out: {}", path.display()),
                );
                hasher.part(&file).part(error.to_string());
                Some(error.to_string())
            }
        };
        let frame = frame_number(&file).unwrap_or(position as u64);
        faces.push(Face { file, frame, unreadable });
        cx.advance(1);
    }
    let source = Source::Faces { folder: group.folder, faces };
    let video = video_of(&group.id);
    Ok((Track { id: group.id, video, span: Span::default(), source, fingerprint: hasher.finish() }, sizes))
}

/// A track of features; a file that cannot be read is a warning.
fn read_features(root: &Path, file: &str, cx: &Cx) -> Option<Track> {
    let path = root.join(file);
    let id = stem(file).to_owned();
    match matrix::inspect_features(&path) {
        Ok((frames, fingerprint)) => Some(Track {
            video: video_of(&id),
            id,
            span: Span::default(),
            source: Source::Features { file: file.to_owned(), frames },
            fingerprint,
        }),
        Err(error) => {
            cx.warn(WarningKind::Unreadable, format!("the features were left out: {error}"));
            None
        }
    }
}

fn nothing(root: &Path, found: &Found) -> TracksError {
    let path = root.to_path_buf();
    match (found.videos, found.others) {
        (0, 0) if found.features.is_empty() => TracksError::Empty(path),
        (0, files) => TracksError::NoPictures { files: files + found.features.len(), path },
        (videos, _) => TracksError::Videos { videos, path },
    }
}

/// Refuses whole photographs: large, and typically in a camera's shape.
fn check_crops(root: &Path, sizes: &mut [(u32, u32)]) -> Result<(), TracksError> {
    if sizes.is_empty() {
        return Ok(());
    }
    sizes.sort_unstable_by_key(|&(width, height)| (u64::from(width) * u64::from(height), width));
    let (width, height) = sizes[sizes.len() / 2];
    let oblong = sizes
        .iter()
        .filter(|&&(w, h)| f64::from(w.max(h)) >= PHOTOGRAPH_ASPECT * f64::from(w.min(h)))
        .count();
    if width.max(height) >= PHOTOGRAPH_PX && oblong * 2 > sizes.len() {
        return Err(TracksError::Photographs { width, height, path: root.to_path_buf() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_number_is_the_last_integer() {
        assert_eq!(frame_number("hamilton_0012_7.jpg"), Some(7));
        assert_eq!(frame_number("0.12.jpg"), Some(12));
        assert_eq!(frame_number("frame12é.png"), Some(12));
        assert_eq!(frame_number("é12.png"), Some(12));
        assert_eq!(frame_number("face.png"), None);
    }

    fn save(path: &Path, width: u32, height: u32) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        image::RgbImage::from_pixel(width, height, image::Rgb([90, 80, 70])).save(path).unwrap();
    }

    #[test]
    fn each_folder_with_pictures_is_a_track_in_natural_order() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["v/t10/2.png", "v/t10/10.png", "v/t2/1.png", "w/1.png"] {
            save(&dir.path().join(name), 16, 16);
        }
        let set = scan(dir.path(), false, &Cx::new()).unwrap();
        let ids: Vec<_> = set.tracks.iter().map(|t| (t.id.as_str(), t.video.as_str())).collect();
        assert_eq!(ids, [("v/t2", "v"), ("v/t10", "v"), ("w", "")]);
        let frames: Vec<_> = set.tracks[1].pictures(dir.path()).map(|(face, _)| face.frame).collect();
        assert_eq!(frames, [2, 10]);
    }

    #[test]
    fn a_flat_folder_needs_two_prefixes_and_no_pictures_below() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["anna_1.png", "anna_2.png", "ben_1.png"] {
            save(&dir.path().join(name), 16, 16);
        }
        let set = scan(dir.path(), false, &Cx::new()).unwrap();
        let ids: Vec<_> = set.tracks.iter().map(|t| t.id.as_str()).collect();
        assert_eq!(ids, ["anna", "ben"]);
        let one = tempfile::tempdir().unwrap();
        for name in ["001.png", "002.png", "shot_3.png"] {
            save(&one.path().join(name), 16, 16);
        }
        assert_eq!(scan(one.path(), false, &Cx::new()).unwrap().len(), 1);
        save(&dir.path().join("deeper/1.png"), 16, 16);
        let set = scan(dir.path(), false, &Cx::new()).unwrap();
        let ids: Vec<_> = set.tracks.iter().map(|t| t.id.as_str()).collect();
        assert_eq!(ids, [".", "deeper"]);
    }

    #[test]
    fn what_is_no_folder_of_tracks_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let scanned = || scan(dir.path(), false, &Cx::new());
        assert!(matches!(scanned(), Err(TracksError::Empty(_))));
        std::fs::write(dir.path().join("notes.txt"), "x").unwrap();
        assert!(matches!(scanned(), Err(TracksError::NoPictures { files: 1, .. })));
        std::fs::write(dir.path().join("film.mp4"), "x").unwrap();
        assert!(matches!(scanned(), Err(TracksError::Videos { videos: 1, .. })));
        save(&dir.path().join("a/1.png"), 900, 600);
        assert!(matches!(scanned(), Err(TracksError::Photographs { width: 900, .. })));
        assert!(scan(dir.path(), true, &Cx::new()).is_ok());
        assert!(matches!(scan(&dir.path().join("none"), false, &Cx::new()), Err(TracksError::Missing(_))));
    }

    #[test]
    fn exports_and_litter_are_not_entered() {
        let dir = tempfile::tempdir().unwrap();
        save(&dir.path().join("v/t/1.png"), 16, 16);
        save(&dir.path().join("out/Anna/v__t/1.png"), 16, 16);
        save(&dir.path().join(".cache/1.png"), 16, 16);
        std::fs::write(dir.path().join("out/manifest.json"), r#"{"generator":"castlist"}"#).unwrap();
        let set = scan(dir.path(), false, &Cx::new()).unwrap();
        assert_eq!(set.len(), 1);
    }

    #[test]
    fn unreadable_files_are_counted_and_change_the_fingerprint() {
        let dir = tempfile::tempdir().unwrap();
        save(&dir.path().join("t/1.png"), 16, 16);
        let before = scan(dir.path(), false, &Cx::new()).unwrap();
        std::fs::write(dir.path().join("t/2.png"), "").unwrap();
        let cx = Cx::new();
        let after = scan(dir.path(), false, &cx).unwrap();
        assert_eq!((after.n_faces(), after.n_unreadable(), cx.warnings().count), (2, 1, 1));
        assert_ne!(before.fingerprint(), after.fingerprint());
    }
}
