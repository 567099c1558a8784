//! What was found in a video, shot by shot: `castlist-shots.jsonl` in the video's folder.
//!
//! A line says of which video and with which settings, then comes a line a shot. A line is written once all
//! files of its shot are on the disk, so work that was stopped goes on after the last line. Lines hold the
//! boxes as well, so that a later run can tell which track was which.

use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::VideoError;
use crate::files;
use crate::tracks::Points;

/// The file's name.
pub(crate) const JOURNAL: &str = "castlist-shots.jsonl";
/// Raised whenever the same frames would give other lines or other pictures.
const VERSION: u32 = 1;
/// A journal is read up to this length, in bytes.
const MOST_BYTES: u64 = 1 << 31;
/// And its first line up to this one.
const LONGEST_BEGINNING: u64 = 1 << 16;

/// Which video was tracked, and how. Another beginning is another piece of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Beginning {
    pub(crate) version: u32,
    /// What the video is known by (`content_of`).
    pub(crate) content: String,
    /// Where it lay.
    pub(crate) source: PathBuf,
    /// Detector: id and sha256.
    pub(crate) detector: (String, String),
    /// Every how manieth frame was looked at; none where by time.
    pub(crate) every: Option<u64>,
    /// Frames a second that were given; for folders of frames.
    pub(crate) fps: Option<f64>,
    /// Least height of a face in pixels of the frame.
    pub(crate) min_face_px: f32,
    /// Whether small faces were looked for.
    pub(crate) small_faces: bool,
}

impl Beginning {
    pub(crate) fn new(content: String, source: PathBuf, detector: (String, String)) -> Self {
        let (every, fps, min_face_px, small_faces) = (None, None, 0.0, false);
        Self { version: VERSION, content, source, detector, every, fps, min_face_px, small_faces }
    }

    /// Whether the work of `other` can be gone on with: the same but for where the video lies.
    fn continues(&self, other: &Self) -> bool {
        Self { source: PathBuf::new(), ..self.clone() } == Self { source: PathBuf::new(), ..other.clone() }
    }
}

/// A crop of a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CropRecord {
    pub(crate) frame: u64,
    pub(crate) points: Option<Points>,
    pub(crate) disagreement: f32,
    pub(crate) detector_disagreement: f32,
}

/// One box: frame, seconds, left, top, width, height, score.
pub(crate) type BoxRecord = (u64, f64, f32, f32, f32, f32, f32);

/// A track of a shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrackRecord {
    /// The folder of its crops, within the video's.
    pub(crate) name: String,
    /// Whether it is probably no face.
    pub(crate) doubtful: bool,
    pub(crate) boxes: Vec<BoxRecord>,
    pub(crate) crops: Vec<CropRecord>,
}

impl TrackRecord {
    /// First and last frame.
    pub(crate) fn frames(&self) -> (u64, u64) {
        (self.boxes.first().map_or(0, |it| it.0), self.boxes.last().map_or(0, |it| it.0))
    }

    /// First and last second.
    pub(crate) fn seconds(&self) -> (f64, f64) {
        (self.boxes.first().map_or(0.0, |it| it.1), self.boxes.last().map_or(0.0, |it| it.1))
    }
}

/// Followed faces that became no track, by the first reason that held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RemovedCounts {
    /// Seen fewer than three times.
    pub(crate) flicker: u64,
    /// Seen for less than a fifth of a second.
    pub(crate) short: u64,
    /// Seen fewer than three times with the detector's start score.
    pub(crate) weak: u64,
}

impl RemovedCounts {
    pub(crate) fn add(&mut self, other: Self) {
        self.flicker += other.flicker;
        self.short += other.short;
        self.weak += other.weak;
    }
}

/// A shot and what was found in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ShotRecord {
    /// First frame and the one after the last.
    pub(crate) frames: (u64, u64),
    /// When it begins and ends.
    pub(crate) seconds: (f64, f64),
    pub(crate) tracks: Vec<TrackRecord>,
    pub(crate) removed: RemovedCounts,
    /// The id that the next followed face gets.
    pub(crate) next_id: u64,
}

/// The journal of a video that is worked on.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    /// The shots that are done.
    pub(crate) shots: Vec<ShotRecord>,
}

impl Journal {
    /// Goes on with the journal in a video's folder, or begins one.
    ///
    /// # Errors
    /// [`VideoError::OtherWork`] where it is of another video or of other settings: names may have been given
    /// to its tracks. [`VideoError::Write`], [`VideoError::Read`].
    pub(crate) fn open(folder: &Path, beginning: &Beginning) -> Result<Self, VideoError> {
        let path = folder.join(JOURNAL);
        let write = |source| VideoError::Write { source, path: path.clone() };
        fs::create_dir_all(folder).map_err(write)?;
        if let Some((known, shots)) = read(folder)? {
            if !beginning.continues(&known) {
                return Err(VideoError::OtherWork { video: known.source, path: folder.to_path_buf() });
            }
            let mut text = line(beginning)?;
            for shot in &shots {
                text.push_str(&line(shot)?);
            }
            // A line that was torn by the stop goes.
            files::replace(&path, text.as_bytes()).map_err(write)?;
            return Ok(Self { path, shots });
        }
        files::replace(&path, line(beginning)?.as_bytes()).map_err(write)?;
        Ok(Self { path, shots: Vec::new() })
    }

    /// Adds a shot whose files are written.
    ///
    /// # Errors
    /// [`VideoError::Write`].
    pub(crate) fn add(&mut self, shot: ShotRecord) -> Result<(), VideoError> {
        let text = line(&shot)?;
        let written = OpenOptions::new().append(true).open(&self.path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_data()
        });
        written.map_err(|source| VideoError::Write { source, path: self.path.clone() })?;
        self.shots.push(shot);
        Ok(())
    }
}

fn line(value: &impl Serialize) -> Result<String, VideoError> {
    serde_json::to_string(value)
        .map(|text| text + "\n")
        .map_err(|error| VideoError::Write { source: error.into(), path: PathBuf::from(JOURNAL) })
}

/// Of which video and which settings a video's folder is; none where it has no journal. Reads one line.
///
/// # Errors
/// [`VideoError::Read`].
pub(crate) fn beginning(folder: &Path) -> Result<Option<Beginning>, VideoError> {
    let path = folder.join(JOURNAL);
    let mut line = String::new();
    match files::open(&path)
        .and_then(|file| BufReader::new(file.take(LONGEST_BEGINNING)).read_line(&mut line))
    {
        Ok(_) => Ok(serde_json::from_str(&line).ok()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidData) => Ok(None),
        Err(source) => Err(VideoError::Read { source, path }),
    }
}

/// The journal of a video's folder: its beginning and the shots that are whole; none where there is none.
///
/// # Errors
/// [`VideoError::Read`].
pub(crate) fn read(folder: &Path) -> Result<Option<(Beginning, Vec<ShotRecord>)>, VideoError> {
    let path = folder.join(JOURNAL);
    let text = match files::read(&path, MOST_BYTES) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(VideoError::Read { source, path }),
    };
    let mut lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let Some(beginning) = lines.next().and_then(|line| serde_json::from_str(line).ok()) else {
        return Ok(None);
    };
    let shots = lines.map_while(|line| serde_json::from_str(line).ok()).collect();
    Ok(Some((beginning, shots)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beginning() -> Beginning {
        Beginning::new("abc".into(), "/films/a.mp4".into(), ("d".into(), "0".into()))
    }

    fn shot(first: u64) -> ShotRecord {
        ShotRecord {
            frames: (first, first + 10),
            seconds: (first as f64 / 25.0, (first + 10) as f64 / 25.0),
            tracks: Vec::new(),
            removed: RemovedCounts { flicker: 1, ..RemovedCounts::default() },
            next_id: first,
        }
    }

    #[test]
    fn work_goes_on_after_the_last_whole_line() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(dir.path(), &beginning()).unwrap();
        journal.add(shot(0)).unwrap();
        journal.add(shot(10)).unwrap();
        let path = dir.path().join(JOURNAL);
        let whole = fs::read(&path).unwrap();
        let mut torn = whole.clone();
        torn.extend(b"{\"frames\":[20,3");
        fs::write(&path, torn).unwrap();
        let moved = Beginning { source: "/other/a.mp4".into(), ..beginning() };
        let journal = Journal::open(dir.path(), &moved).unwrap();
        assert_eq!(journal.shots, [shot(0), shot(10)]);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.lines().count() == 3 && text.contains("/other/a.mp4"), "{text}");
    }

    #[test]
    fn work_with_other_settings_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        Journal::open(dir.path(), &beginning()).unwrap().add(shot(0)).unwrap();
        let other = Beginning { every: Some(1), ..beginning() };
        let error = Journal::open(dir.path(), &other).unwrap_err();
        assert!(matches!(error, VideoError::OtherWork { .. }), "{error}");
        assert_eq!(read(dir.path()).unwrap().unwrap(), (beginning(), vec![shot(0)]));
        assert_eq!(super::beginning(dir.path()).unwrap(), Some(beginning()));
        let none = dir.path().join("none");
        assert!(read(&none).unwrap().is_none() && super::beginning(&none).unwrap().is_none());
    }
}
