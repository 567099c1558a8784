//! Stored tracks lead nowhere that a scan would not have gone.
//!
//! A project file may come from anybody: the paths in it are checked like typed ones. And a folder may
//! change between the scan and the moment its pictures are copied: a link that was put there since is
//! not followed.

use std::path::{Component, Path};

use super::picture::inspect;
use super::{Track, TrackSource};
use crate::base::{Fingerprint, Hasher};

impl Track {
    /// Whether all its files lie in the opened folder, by their names.
    pub(crate) fn is_inside(&self) -> bool {
        let is_below = |path: &str| Path::new(path).components().all(|it| matches!(it, Component::Normal(_)));
        let is_name = |file: &str| Path::new(file).components().count() == 1 && is_below(file);
        match &self.source {
            TrackSource::Faces { folder, faces } => {
                is_below(folder) && faces.iter().all(|it| is_name(&it.file))
            }
            TrackSource::Features { file, .. } => !file.is_empty() && is_below(file),
            TrackSource::Rows { .. } => true,
        }
    }
}

/// Whether a track's pictures can be read as what the scan saw: no link leads to them, or they are still
/// the same pictures. O(files) where there is no link, else all of them are read.
pub(crate) fn is_as_scanned<'a>(
    root: &Path,
    folder: &Path,
    files: impl Iterator<Item = &'a str> + Clone,
    scanned: Fingerprint,
) -> bool {
    let is_link = |path: &Path| path.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
    let above = folder.ancestors().take_while(|above| *above != root);
    let has_link = above.into_iter().any(is_link) || files.clone().any(|file| is_link(&folder.join(file)));
    !has_link || fingerprint(folder, files) == scanned
}

/// What a scan makes of pictures: their names and contents, or why they cannot be read.
fn fingerprint<'a>(folder: &Path, files: impl Iterator<Item = &'a str>) -> Fingerprint {
    let mut hasher = Hasher::default();
    for file in files {
        match inspect(&folder.join(file)) {
            Ok(inspection) => hasher.part(file).part(inspection.content.0),
            Err(error) => hasher.part(file).part(error.to_string()),
        };
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Cx;
    use crate::tracks::{Face, ScanOptions, TimeSpan, scan};

    fn track(folder: &str, file: &str) -> Track {
        let faces = vec![Face { file: file.into(), frame: 0, unreadable: None }];
        Track {
            id: "t".into(),
            video: String::new(),
            span: TimeSpan::default(),
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Faces { folder: folder.into(), faces },
            fingerprint: Fingerprint([0; 32]),
        }
    }

    #[test]
    fn a_stored_path_stays_in_the_folder() {
        for (folder, file) in [("", "1.jpg"), ("film/t1", "1.jpg"), ("..film", "..jpg")] {
            assert!(track(folder, file).is_inside(), "{folder} {file}");
        }
        for (folder, file) in
            [("../up", "1"), ("/etc", "passwd"), ("a/../..", "1"), ("a", "../1"), ("a", "/1")]
        {
            assert!(!track(folder, file).is_inside(), "{folder} {file}");
        }
        let features = TrackSource::Features { file: "../x.npy".into(), frames: 1 };
        assert!(!Track { source: features, ..track("", "1") }.is_inside());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_of_the_scan_is_followed_and_a_later_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("film");
        std::fs::create_dir_all(root.join("t")).unwrap();
        let picture = |name: &str, grey: u8| {
            let path = dir.path().join(name);
            image::RgbImage::from_pixel(16, 16, image::Rgb([grey; 3])).save(&path).unwrap();
            path
        };
        let (seen, other) = (picture("seen.png", 9), picture("other.png", 200));
        std::os::unix::fs::symlink(&seen, root.join("t/1.png")).unwrap();
        let set = scan(&root, &ScanOptions::default(), &Cx::new()).unwrap();
        let as_scanned =
            || is_as_scanned(&root, &root.join("t"), ["1.png"].into_iter(), set.tracks[0].fingerprint);
        assert!(as_scanned());
        std::fs::remove_file(root.join("t/1.png")).unwrap();
        std::os::unix::fs::symlink(&other, root.join("t/1.png")).unwrap();
        assert!(!as_scanned());
    }
}
