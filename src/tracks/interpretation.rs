//! How a folder was understood, in words, and whether it was understood otherwise before.
//!
//! Takes the tracks of a folder; gives sentences for people. What is a track was decided by
//! `layout`; here it is only read off.

use std::collections::BTreeMap;

use super::layout::stem;
use super::{Track, TrackSet, TrackSource};

/// What a set's tracks were made of, in words: `9 pictures, each a track of its own`.
///
/// # Examples
/// ```
/// use castlist::base::Cx;
/// use castlist::tracks::{ScanOptions, scan, describe};
/// # let dir = tempfile::tempdir()?;
/// # for name in ["00101_0.png", "00101_1.png"] {
/// #     image::RgbImage::new(16, 16).save(dir.path().join(name))?;
/// # }
///
/// // Two faces of frame 101: 00101_0.png and 00101_1.png.
/// let set = scan(dir.path(), &ScanOptions::default(), &Cx::new())?;
/// assert_eq!(describe(&set), "2 pictures, each a track of its own");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn describe(set: &TrackSet) -> String {
    let (mut single, mut named, mut named_pictures, mut folders, mut features) = (0, 0, 0, 0, 0);
    for track in &set.tracks {
        match &track.source {
            TrackSource::Features { .. } => features += 1,
            TrackSource::Rows { .. } => {}
            TrackSource::Faces { folder, .. } if *folder == track.id || track.id == "." => folders += 1,
            TrackSource::Faces { .. } if is_single(track) => single += 1,
            TrackSource::Faces { faces, .. } => {
                named += 1;
                named_pictures += faces.len();
            }
        }
    }
    let counted =
        |n: usize, one: &str, many: &str| if n == 1 { one.to_owned() } else { format!("{n} {many}") };
    let mut parts = Vec::new();
    if single > 0 {
        parts.push(counted(single, "1 picture, a track of its own", "pictures, each a track of its own"));
    }
    if named > 0 {
        let pictures = counted(named_pictures, "1 picture", "pictures");
        let tracks = counted(named, "1 track", "tracks");
        parts.push(format!("{pictures} of {tracks} by their names, <track>_<frame>"));
    }
    if folders > 0 {
        parts.push(counted(folders, "1 folder, a track", "folders, each a track"));
    }
    if features > 0 {
        parts.push(counted(features, "1 file of features, a track", "files of features, each a track"));
    }
    parts.join("; ")
}

/// Tracks that are one picture among those of other tracks. O(tracks).
pub(crate) fn n_single_pictures(set: &TrackSet) -> usize {
    set.tracks.iter().filter(|track| is_single(track)).count()
}

/// Whether the track is one picture that lies among those of other tracks.
fn is_single(track: &Track) -> bool {
    let TrackSource::Faces { faces, .. } = &track.source else { return false };
    let name = track.id.rsplit('/').next().unwrap_or_default();
    matches!(faces.as_slice(), [face] if face.file == name || stem(&face.file) == name)
}

/// How pictures that are in both sets changed their tracks, in words; none where they did not.
///
/// Pictures that are in one of the sets only say nothing: they came, went or were moved.
pub fn describe_changes(before: &TrackSet, after: &TrackSet) -> Option<String> {
    let pictures = |track: &'_ Track| -> Vec<(String, String)> {
        let TrackSource::Faces { folder, faces } = &track.source else { return Vec::new() };
        faces.iter().map(|face| (folder.clone(), face.file.clone())).collect()
    };
    let known: BTreeMap<(String, String), &str> = before
        .tracks
        .iter()
        .flat_map(|track| pictures(track).into_iter().map(|picture| (picture, track.id.as_str())))
        .collect();
    let mut n = 0_usize;
    let mut first = None;
    for track in &after.tracks {
        for picture in pictures(track) {
            if let Some(&was) = known.get(&picture).filter(|was| **was != track.id) {
                n += 1;
                first.get_or_insert((picture.1, was, track.id.as_str()));
            }
        }
    }
    let (file, was, is) = first?;
    let pictures = if n == 1 { "1 picture is".to_owned() } else { format!("{n} pictures are") };
    Some(format!("{pictures} of another track than before ({file} was of `{was}`, now of `{is}`)"))
}

#[cfg(test)]
mod tests {
    use super::super::{PictureGrouping, ScanOptions, scan};
    use super::*;
    use crate::base::Cx;

    #[test]
    fn each_way_is_told_and_a_change_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let save = |name: &str| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            image::RgbImage::new(16, 16).save(path).unwrap();
        };
        let read = |pictures| {
            let options = ScanOptions { pictures, ..ScanOptions::default() };
            scan(dir.path(), &options, &Cx::new()).unwrap()
        };
        for name in ["anna_1.png", "anna_2.png", "ben_1.png"] {
            save(name);
        }
        let before = read(PictureGrouping::Auto);
        assert_eq!(describe(&before), "3 pictures of 2 tracks by their names, <track>_<frame>");
        save("v/t/1.png");
        let after = read(PictureGrouping::Auto);
        assert_eq!(describe(&after), format!("{}; 1 folder, a track", describe(&before)));
        assert_eq!(describe_changes(&before, &after), None);
        let single = read(PictureGrouping::Single);
        assert_eq!(describe(&single), "4 pictures, each a track of its own");
        let told = describe_changes(&before, &single).unwrap();
        assert_eq!(
            told,
            "3 pictures are of another track than before (anna_1.png was of `anna`, now of `anna_1`)"
        );
    }
}
