//! From a folder to its tracks.
//!
//! Takes the files that `walk` found, as `layout` puts them together; gives the tracks. Every
//! picture is opened and its header read; what is unreadable is marked and counted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::layout::{PictureGrouping, TrackFiles, group, stem};
use super::picture::{Inspection, inspect};
use super::walk::walk;
use super::{
    Face, OverlapRule, TimeSpan, Track, TrackSet, TrackSource, TracksError, matrix, own_export, times,
};
use crate::base::{Cx, Hasher, Stage, WarningKind};

/// Above this typical size, in a camera's shape, a picture is taken for a whole photograph.
const PHOTOGRAPH_PX: u32 = 600;
const PHOTOGRAPH_ASPECT: f64 = 1.3;

/// How a folder is read.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScanOptions {
    /// Takes large oblong pictures for face crops all the same.
    pub allow_photographs: bool,
    /// How pictures are put together to tracks.
    pub pictures: PictureGrouping,
    /// How far tracks may overlap in time and still show one person.
    pub overlaps: OverlapRule,
}

impl ScanOptions {
    /// The default, and large oblong pictures are face crops.
    #[must_use]
    pub fn with_photographs() -> Self {
        Self { allow_photographs: true, ..Self::default() }
    }
}

/// Reads a folder of face tracks.
///
/// Natural order of ids; the same result for any number of threads. Costs one read of every
/// file.
///
/// # Errors
/// [`TracksError`] where the folder as a whole cannot be taken; single files and folders
/// that cannot be read are warnings of `cx`.
///
/// # Examples
/// ```
/// use castlist::base::Cx;
/// use castlist::tracks::{self, ScanOptions};
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
/// let set = tracks::scan(folder, &ScanOptions::default(), &cx)?;
/// assert_eq!(set.len(), 2);
/// assert_eq!(set.track(0).id, "film/t1");
/// assert_eq!(set.track(0).n_faces(), 2);
/// assert_eq!(cx.warnings().count, 0, "all pictures can be read");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scan(root: &Path, options: &ScanOptions, cx: &Cx) -> Result<TrackSet, TracksError> {
    let found = walk(root, cx)?;
    let mut tracks: Vec<Track> = Vec::new();
    let total: usize = found.folders.values().map(Vec::len).sum();
    cx.stage(Stage::ReadingTracks, (total + found.features.len()) as u64);
    let groups = group(&found.folders, options.pictures);
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
        return Err(found.no_tracks_error(root));
    }
    found.warn_unreadable(root, cx);
    if !options.allow_photographs {
        check_crops(root, &mut sizes)?;
    }
    tracks.sort_by(|a, b| alphanumeric_sort::compare_str(&a.id, &b.id));
    let mut set = TrackSet {
        root: root.to_path_buf(),
        tracks,
        overlaps: options.overlaps,
        whole: Vec::new(),
        gone: Vec::new(),
    };
    let own = own_export::read(root, cx);
    times::read_times(&mut set, own.as_ref(), cx)?;
    Ok(set)
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

fn read_track(root: &Path, group: TrackFiles, cx: &Cx) -> Result<(Track, Vec<(u32, u32)>), TracksError> {
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
    let source = TrackSource::Faces { folder: group.folder, faces };
    let video = video_of(&group.id);
    Ok((
        Track {
            id: group.id,
            video,
            span: TimeSpan::default(),
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source,
            fingerprint: hasher.finish(),
        },
        sizes,
    ))
}

/// A track of features; a file that cannot be read is a warning.
fn read_features(root: &Path, file: &str, cx: &Cx) -> Option<Track> {
    let path = root.join(file);
    let id = stem(file).to_owned();
    match matrix::inspect_features(&path) {
        Ok((frames, fingerprint)) => Some(Track {
            video: video_of(&id),
            id,
            span: TimeSpan::default(),
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Features { file: file.to_owned(), frames },
            fingerprint,
        }),
        Err(error) => {
            cx.warn(WarningKind::Unreadable, format!("the features were left out: {error}"));
            None
        }
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
        let set = scan(dir.path(), &ScanOptions::default(), &Cx::new()).unwrap();
        let ids: Vec<_> = set.tracks.iter().map(|t| (t.id.as_str(), t.video.as_str())).collect();
        assert_eq!(ids, [("v/t2", "v"), ("v/t10", "v"), ("w", "")]);
        let frames: Vec<_> = set.tracks[1].pictures(dir.path()).map(|(face, _)| face.frame).collect();
        assert_eq!(frames, [2, 10]);
    }

    #[test]
    fn a_picture_below_leaves_a_flat_folder_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["anna_1.png", "anna_2.png", "ben_1.png"] {
            save(&dir.path().join(name), 16, 16);
        }
        let ids = |pictures| {
            let options = ScanOptions { pictures, ..ScanOptions::default() };
            let set = scan(dir.path(), &options, &Cx::new()).unwrap();
            set.tracks.into_iter().map(|track| track.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(PictureGrouping::Auto), ["anna", "ben"]);
        assert_eq!(ids(PictureGrouping::Single), ["anna_1", "anna_2", "ben_1"]);
        save(&dir.path().join("deeper/1.png"), 16, 16);
        assert_eq!(ids(PictureGrouping::Auto), ["anna", "ben", "deeper"]);
    }

    #[test]
    fn what_network_disks_add_is_passed_over_and_what_cannot_be_read_is_counted() {
        let dir = tempfile::tempdir().unwrap();
        save(&dir.path().join("v/t/1.png"), 16, 16);
        for system in ["v/t/@eaDir/1.png", "#recycle/t/1.png", ".Trash-1000/1.png", "v/.thumbnails/1.png"] {
            save(&dir.path().join(system), 16, 16);
        }
        std::fs::write(dir.path().join("v/t/._1.png"), "x").unwrap();
        std::fs::write(dir.path().join("v/t/Thumbs.db"), "x").unwrap();
        let cx = Cx::new();
        let set = scan(dir.path(), &ScanOptions::default(), &cx).unwrap();
        assert_eq!((set.len(), set.n_faces(), cx.warnings().count), (1, 1, 0));
        std::fs::create_dir(dir.path().join("v/u")).unwrap();
        for name in ["v/t/2.HEIC", "v/u/1.heic", "v/u/2.jxl"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        // The name does not decide: a picture without an extension is one.
        std::fs::copy(dir.path().join("v/t/1.png"), dir.path().join("v/t/3")).unwrap();
        let set = scan(dir.path(), &ScanOptions::default(), &cx).unwrap();
        assert_eq!((set.len(), set.n_faces(), cx.warnings().count), (1, 2, 2));
        let told = &cx.warnings().kept[1].message;
        assert!(
            told.starts_with("2 pictures were left out: HEIC cannot be read, and a folder has"),
            "{told}"
        );
        std::fs::remove_dir_all(dir.path().join("v/t")).unwrap();
        let error = scan(dir.path(), &ScanOptions::default(), &cx).unwrap_err().to_string();
        assert!(error.contains("1 HEIC, 1 JPEG XL") && error.contains("JPEG, PNG"), "{error}");
    }

    #[test]
    fn what_is_no_folder_of_tracks_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let scanned = || scan(dir.path(), &ScanOptions::default(), &Cx::new());
        assert!(matches!(scanned(), Err(TracksError::Empty(_))));
        std::fs::write(dir.path().join("notes.txt"), "x").unwrap();
        assert!(matches!(scanned(), Err(TracksError::NoPictures { files: 1, .. })));
        std::fs::write(dir.path().join("film.mp4"), "x").unwrap();
        assert!(matches!(scanned(), Err(TracksError::Videos { videos: 1, .. })));
        save(&dir.path().join("a/1.png"), 900, 600);
        assert!(matches!(scanned(), Err(TracksError::Photographs { width: 900, .. })));
        assert!(scan(dir.path(), &ScanOptions::with_photographs(), &Cx::new()).is_ok());
        assert!(matches!(
            scan(&dir.path().join("none"), &ScanOptions::default(), &Cx::new()),
            Err(TracksError::Missing(_))
        ));
    }

    #[test]
    fn exports_and_litter_are_not_entered() {
        let dir = tempfile::tempdir().unwrap();
        save(&dir.path().join("v/t/1.png"), 16, 16);
        save(&dir.path().join("out/Anna/v__t/1.png"), 16, 16);
        save(&dir.path().join(".cache/1.png"), 16, 16);
        std::fs::write(dir.path().join("out/manifest.json"), r#"{"generator":"castlist"}"#).unwrap();
        let set = scan(dir.path(), &ScanOptions::default(), &Cx::new()).unwrap();
        assert_eq!(set.len(), 1);
    }

    #[test]
    fn unreadable_files_are_counted_and_change_the_fingerprint() {
        let dir = tempfile::tempdir().unwrap();
        save(&dir.path().join("t/1.png"), 16, 16);
        let before = scan(dir.path(), &ScanOptions::default(), &Cx::new()).unwrap();
        std::fs::write(dir.path().join("t/2.png"), "").unwrap();
        let cx = Cx::new();
        let after = scan(dir.path(), &ScanOptions::default(), &cx).unwrap();
        assert_eq!((after.n_faces(), after.n_unreadable(), cx.warnings().count), (2, 1, 1));
        assert_ne!(before.fingerprint(), after.fingerprint());
    }
}
