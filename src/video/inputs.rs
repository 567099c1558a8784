//! Which videos are meant, what each is known by, and what its folder is called.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::VideoError;
use super::frames;
use super::pipeline::DOUBTFUL;
use super::tables;
use crate::base::Hasher;
use crate::files;
use crate::tracks::{TracksError, is_named_as_picture, is_named_as_video};

/// How much of the beginning, the middle and the end tells one video from another, in bytes.
const SAMPLE: u64 = 1 << 20;

/// How a folder without videos is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrameReading {
    /// Its pictures are frames.
    Frames,
    /// It is no input.
    No,
}

/// The videos that paths mean: files as they are, of folders all videos at any depth. A folder that
/// holds pictures and no videos is a folder of frames where those are asked for.
///
/// # Errors
/// [`VideoError::NoVideos`] of a folder with neither, [`VideoError::Read`], [`TracksError::Missing`].
pub(crate) fn inputs(paths: &[PathBuf], reading: FrameReading) -> Result<Vec<PathBuf>, VideoError> {
    let mut found = Vec::new();
    for path in paths {
        if !path.exists() {
            return Err(TracksError::Missing(path.clone()).into());
        }
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let before = found.len();
        collect(path, &mut found)?;
        if found.len() > before {
            continue;
        }
        if reading == FrameReading::Frames && !frames::pictures(path)?.is_empty() {
            found.push(path.clone());
        } else {
            return Err(VideoError::NoVideos(path.clone()));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|path| seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
    Ok(found)
}

/// Whether a folder holds videos at any depth and no picture that could be of a track. Ends at the first such
/// picture; what cannot be read is no video.
pub(crate) fn holds_videos_only(folder: &Path) -> bool {
    fn look(folder: &Path, has_video: &mut bool) -> bool {
        let Ok(entries) = fs::read_dir(folder) else { return true };
        entries.flatten().all(|entry| {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let kind = entry.file_type().ok();
            if name.starts_with('.') || kind.is_none_or(|kind| kind.is_symlink()) {
                return true;
            }
            if kind.is_some_and(|kind| kind.is_dir()) {
                return look(&path, has_video);
            }
            *has_video |= is_named_as_video(&path);
            !is_named_as_picture(&path) && path.extension().is_none_or(|end| end != "npy")
        })
    }
    let mut has_video = false;
    look(folder, &mut has_video) && has_video
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), VideoError> {
    let read = |source| VideoError::Read { source, path: folder.to_path_buf() };
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(read)? {
        entries.push(entry.map_err(read)?.path());
    }
    entries.sort_by(|a, b| alphanumeric_sort::compare_path(a, b));
    for path in entries {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_link = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink());
        if is_hidden || is_link && path.is_dir() {
            continue;
        }
        if path.is_dir() {
            collect(&path, found)?;
        } else if is_named_as_video(&path) {
            found.push(path);
        }
    }
    Ok(())
}

/// What a video is known by wherever it lies and whatever it is called: a fingerprint of its length and of
/// three samples; of a folder of frames, of the names, lengths and first bytes of its pictures.
///
/// # Errors
/// [`VideoError::Read`], [`TracksError::Missing`].
pub(crate) fn content_of(path: &Path) -> Result<String, VideoError> {
    let read = |source| VideoError::Read { source, path: path.to_path_buf() };
    let mut hasher = Hasher::default();
    if path.is_dir() {
        for picture in frames::pictures(path)? {
            let mut start = Vec::new();
            let mut file = files::open(&picture).map_err(read)?;
            hasher.part(file.metadata().map_err(read)?.len().to_le_bytes());
            file.by_ref().take(1024).read_to_end(&mut start).map_err(read)?;
            hasher.part(picture.file_name().unwrap_or_default().to_string_lossy().as_bytes()).part(start);
        }
        return Ok(hasher.finish().to_string());
    }
    let mut file: File = files::open(path).map_err(read)?;
    let length = file.metadata().map_err(read)?.len();
    hasher.part(length.to_le_bytes());
    for from in [0, (length / 2).saturating_sub(SAMPLE / 2), length.saturating_sub(SAMPLE)] {
        let mut sample = Vec::new();
        file.seek(SeekFrom::Start(from)).map_err(read)?;
        file.by_ref().take(SAMPLE).read_to_end(&mut sample).map_err(read)?;
        hasher.part(sample);
    }
    Ok(hasher.finish().to_string())
}

/// The name of a video's folder: that of the file without its ending, with a number where it is taken.
pub(super) fn folder_name(source: &Path, taken: &[String]) -> String {
    let stem = if source.is_dir() { source.file_name() } else { source.file_stem() };
    let stem = stem.map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let plain: String =
        stem.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
    let plain = plain.trim_matches([' ', '.']).to_owned();
    let base = if plain.is_empty() { "video".to_owned() } else { plain };
    let is_free = |name: &str| taken.iter().all(|other| !other.eq_ignore_ascii_case(name));
    let numbered = std::iter::once(base.clone()).chain((2..).map(|n| format!("{base}-{n}")));
    numbered.into_iter().find(|name| is_free(name)).unwrap_or(base)
}

/// Makes the folder, or refuses one that holds something else.
///
/// # Errors
/// [`VideoError::NotOurs`], [`VideoError::Write`], [`VideoError::Read`].
pub(super) fn require_own(out: &Path) -> Result<(), VideoError> {
    fs::create_dir_all(out).map_err(|source| VideoError::Write { source, path: out.to_path_buf() })?;
    if !tables::video_folders(out)?.is_empty() {
        return Ok(());
    }
    let entries = fs::read_dir(out).map_err(|source| VideoError::Read { source, path: out.to_path_buf() })?;
    let is_foreign = |entry: std::io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            !name.starts_with("castlist.sqlite") && !name.starts_with(".castlist-") && name != DOUBTFUL
        })
    };
    let has_foreign = entries.into_iter().any(is_foreign);
    if has_foreign { Err(VideoError::NotOurs(out.to_path_buf())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_means_its_videos_at_any_depth() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("season 1/.trash")).unwrap();
        for name in
            ["b.MP4", "a.mkv", "season 1/e10.mov", "season 1/e9.mov", "notes.txt", "season 1/.trash/x.mp4"]
        {
            fs::write(root.join(name), name).unwrap();
        }
        let found = inputs(&[root.to_path_buf(), root.join("a.mkv")], FrameReading::No).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.strip_prefix(root).unwrap().to_owned()).collect();
        let want = ["a.mkv", "b.MP4", "season 1/e9.mov", "season 1/e10.mov"];
        assert_eq!(names, want.map(PathBuf::from));
        assert!(holds_videos_only(root));
        image::RgbImage::new(4, 4).save(root.join("season 1/still.png")).unwrap();
        assert!(!holds_videos_only(root) && !holds_videos_only(&root.join("none")));
        let error = inputs(&[root.join("season 1/.trash/..").join("none")], FrameReading::No).unwrap_err();
        assert!(matches!(error, VideoError::Tracks(TracksError::Missing(_))), "{error}");
    }

    #[test]
    fn a_folder_of_pictures_is_frames_only_where_it_may_be() {
        let dir = tempfile::tempdir().unwrap();
        image::RgbImage::new(4, 4).save(dir.path().join("0001.png")).unwrap();
        let paths = [dir.path().to_path_buf()];
        assert_eq!(inputs(&paths, FrameReading::Frames).unwrap(), paths);
        assert!(matches!(inputs(&paths, FrameReading::No), Err(VideoError::NoVideos(_))));
    }

    #[test]
    fn a_copy_is_known_by_its_content() {
        let dir = tempfile::tempdir().unwrap();
        let (one, copy, other) =
            (dir.path().join("a.mp4"), dir.path().join("b.mp4"), dir.path().join("c.mp4"));
        fs::write(&one, vec![7; 3 << 20]).unwrap();
        fs::copy(&one, &copy).unwrap();
        let mut bytes = vec![7; 3 << 20];
        bytes[(3 << 19) + 5] = 8;
        fs::write(&other, bytes).unwrap();
        assert_eq!(content_of(&one).unwrap(), content_of(&copy).unwrap());
        assert_ne!(content_of(&one).unwrap(), content_of(&other).unwrap());
    }

    #[test]
    fn names_of_folders_are_plain_and_free() {
        assert_eq!(folder_name(Path::new("/x/Film 1.mp4"), &[]), "Film 1");
        assert_eq!(folder_name(Path::new("/x/a?b.mp4"), &["A_B".to_owned()]), "a_b-2");
        assert_eq!(folder_name(Path::new("/x/...mp4"), &["video".to_owned()]), "video-2");
    }

    #[test]
    fn a_folder_with_something_else_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        require_own(&dir.path().join("new")).unwrap();
        fs::write(dir.path().join("letter.txt"), "dear").unwrap();
        assert!(matches!(require_own(dir.path()), Err(VideoError::NotOurs(_))));
    }
}
