//! The demo: drawn people and their face tracks, for a first look without any footage.
//!
//! Takes a folder and a seed; gives `<video>/<track>/<frame>.jpg`, `tracks.csv` and
//! `labels.csv` there. It draws only: no photograph, no model, no special case elsewhere.
//! It never writes into a folder that holds anything but a demo, and never deletes what
//! it did not draw.

mod cast;
mod dress;
mod face;
mod film;
mod hair;
mod hats;
mod paint;
mod pen;
mod people;
mod scene;
mod script;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::base::{Cancelled, Cx, Stage};
use crate::files;
pub use film::{FILM_FOLDER, FILM_FPS, FILM_SIZE, FILM_TRUTH, FilmSummary, draw_film};
use scene::Shot;
use script::{ScriptedTrack, VIDEOS};

/// The seed of the demo that the README shows.
pub const DEFAULT_SEED: u64 = 7;

/// Raised whenever a seed's pictures change, so that older demos are drawn again.
const VERSION: u32 = 1;

/// Says that a folder is a demo, of which seed and version, and whether it is complete.
const MARKER: &str = "castlist-demo.txt";

/// What was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoSummary {
    /// Tracks, all videos together.
    pub n_tracks: usize,
    /// Pictures, all tracks together.
    pub n_faces: usize,
    /// People, one-track strangers included.
    pub n_identities: usize,
    /// Videos.
    pub n_videos: usize,
}

/// Why no demo was drawn.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder holds something else.
    #[error("the folder is not empty and holds no demo, so nothing was drawn; name an empty or a new folder: {}", .0.display())]
    NotDemo(PathBuf),
    /// A file or folder could not be written, read or removed.
    #[error("the demo could not be written ({source}); check the folder's permissions and free space: {}", path.display())]
    Io {
        /// What the system said.
        source: io::Error,
        /// Where.
        path: PathBuf,
    },
    /// A picture could not be encoded.
    #[error("a demo picture could not be encoded ({source}); please report this: {}", path.display())]
    Encode {
        /// What the encoder said.
        source: image::ImageError,
        /// The picture.
        path: PathBuf,
    },
    /// The work was stopped; the next call goes on.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Draws the demo of `seed` into `dir`, which is made where it does not exist.
///
/// A complete demo of the same seed and version is left as it is; an interrupted one is
/// completed, an older one or one of another seed is replaced. Other files in a demo folder
/// (a project, an export) stay. Bytes depend on the seed alone, not on threads. Costs a few
/// seconds of CPU and about 8 MB; pictures are drawn in parallel, and each file appears whole.
///
/// # Errors
/// [`DemoError::NotDemo`] where `dir` holds files but no demo; [`DemoError::Io`] and
/// [`DemoError::Encode`] with the path; [`DemoError::Cancelled`] between tracks.
pub fn draw(dir: &Path, seed: u64, cx: &Cx) -> Result<DemoSummary, DemoError> {
    draw_script(dir, seed, &script::write(seed), cx)
}

fn draw_script(dir: &Path, seed: u64, script: &[ScriptedTrack], cx: &Cx) -> Result<DemoSummary, DemoError> {
    let drawn = DemoSummary {
        n_tracks: script.len(),
        n_faces: script.iter().map(|part| part.drawn.len()).sum(),
        n_identities: cast::CAST.len(),
        n_videos: VIDEOS.len(),
    };
    let marker = dir.join(MARKER);
    let begun = format!("Castlist demo\nversion {VERSION}\nseed {seed}\n");
    let complete = format!("{begun}complete\n");
    match read(&marker)? {
        Some(text) if text == complete => return Ok(drawn),
        // The same demo, interrupted: what stands is overwritten by the same bytes.
        Some(text) if text == begun => {}
        Some(_) => clear(dir)?,
        None if is_occupied(dir)? => return Err(DemoError::NotDemo(dir.to_owned())),
        None => {}
    }
    cx.check()?;
    at(dir, fs::create_dir_all(dir))?;
    write(&marker, begun.as_bytes())?;
    cx.stage(Stage::DrawingTracks, script.len() as u64);
    script.par_iter().try_for_each(|part| {
        cx.check()?;
        draw_track(dir, part)?;
        cx.advance(1);
        Ok::<_, DemoError>(())
    })?;
    let (tracks, labels) = tables(script);
    write(&dir.join("tracks.csv"), tracks.as_bytes())?;
    write(&dir.join("labels.csv"), labels.as_bytes())?;
    write(&marker, complete.as_bytes())?;
    Ok(drawn)
}

fn draw_track(dir: &Path, part: &ScriptedTrack) -> Result<(), DemoError> {
    let folder = dir.join(&part.track);
    at(&folder, fs::create_dir_all(&folder))?;
    let shot = Shot::new(part.seed);
    let (start, end) = part.frames;
    for &frame in &part.drawn {
        let path = folder.join(format!("{frame:06}.jpg"));
        let t = (frame - start) as f32 / (end - start).max(1) as f32;
        match shot.frame(&cast::CAST[part.person], t) {
            Ok(bytes) => write(&path, &bytes)?,
            Err(source) => return Err(DemoError::Encode { source, path }),
        }
    }
    Ok(())
}

/// `tracks.csv` and `labels.csv`; no field needs quoting.
fn tables(script: &[ScriptedTrack]) -> (String, String) {
    let mut tracks = String::from("track,video,start_frame,end_frame,fps\n");
    let mut labels = String::from("track,identity\n");
    for part in script {
        let (video, fps) = VIDEOS[part.video];
        // Writing to a string does not fail.
        let _ = writeln!(tracks, "{},{video},{},{},{fps}", part.track, part.frames.0, part.frames.1);
        let _ = writeln!(labels, "{},{}", part.track, cast::CAST[part.person].name);
    }
    (tracks, labels)
}

/// Writes under a temporary name and renames; a rest of an interrupted run is overwritten.
fn write(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    let part = path.with_extension("part");
    at(path, fs::write(&part, bytes).and_then(|()| fs::rename(&part, path)))
}

/// The file's text; `None` where there is no such file.
fn read(path: &Path) -> Result<Option<String>, DemoError> {
    match files::read(path, 1 << 20) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DemoError::Io { source, path: path.to_owned() }),
    }
}

fn is_occupied(dir: &Path) -> Result<bool, DemoError> {
    match fs::read_dir(dir) {
        // A run that ended before its marker stood has left at most the marker's temporary file.
        Ok(mut entries) => Ok(entries.any(|entry| {
            entry.map_or(true, |entry| {
                Path::new(&entry.file_name()) != Path::new(MARKER).with_extension("part")
            })
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(DemoError::Io { source, path: dir.to_owned() }),
    }
}

/// Removes the pictures of another seed or version, and folders that this leaves empty.
fn clear(dir: &Path) -> Result<(), DemoError> {
    for (video, _) in VIDEOS {
        let video = dir.join(video);
        for track in entries(&video)? {
            for file in entries(&track)? {
                let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
                let is_ours = file.extension().is_some_and(|end| end == "jpg" || end == "part")
                    && stem.len() == 6
                    && stem.bytes().all(|byte| byte.is_ascii_digit());
                if is_ours {
                    at(&file, fs::remove_file(&file))?;
                }
            }
            // A folder that holds anything else stays.
            let _ = fs::remove_dir(&track);
        }
        let _ = fs::remove_dir(&video);
    }
    Ok(())
}

/// Paths in a folder, sorted; none where it is no folder.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, DemoError> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let paths = fs::read_dir(dir).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
    });
    let mut paths = at(dir, paths)?;
    paths.sort();
    Ok(paths)
}

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, DemoError> {
    result.map_err(|source| DemoError::Io { source, path: path.to_owned() })
}
