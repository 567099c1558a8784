//! The tables beside the crops: `tracks.csv` and `landmarks.csv` of the whole folder, `shots.csv` and
//! `castlist-video.json` of each video.
//!
//! All are made anew of the journals, so several videos of one folder, or one that was stopped, give the
//! same bytes as in one go.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::VideoError;
use super::journal::{self, ShotRecord};
use crate::files;

/// The file that says where a video's tracks come from.
pub(crate) const FACTS: &str = "castlist-video.json";

/// What is known of a video, in its `castlist-video.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct VideoFacts {
    /// Where it lay.
    pub(crate) source: PathBuf,
    /// What it is known by.
    pub(crate) content: String,
    /// Frames a second as a fraction; none of a variable rate.
    pub(crate) rate: Option<(u64, u64)>,
    /// Frames that were looked at for shots.
    pub(crate) frames: u64,
    /// When the last frame ends.
    pub(crate) seconds: f64,
    /// The timecode of the first frame, where the file has one.
    pub(crate) start_timecode: Option<String>,
    /// Size in pixels in which boxes are told.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Rates that cameras and editors have, as fractions.
const RATES: [(u64, u64); 12] = [
    (24000, 1001),
    (24, 1),
    (25, 1),
    (30000, 1001),
    (30, 1),
    (48, 1),
    (50, 1),
    (60000, 1001),
    (60, 1),
    (120_000, 1001),
    (120, 1),
    (48000, 1001),
];
/// Rates that differ by less, as a share, are the same: stored times are rounded.
const SAME_RATE: f64 = 2e-4;
/// How far a frame's time may lie from where a constant rate puts it, in frames.
const STEADY: f64 = 0.6;

/// Finds the rate of frames from their times.
#[derive(Debug, Clone, Default)]
pub(crate) struct RateFinder {
    n: u64,
    first: f64,
    last: f64,
    /// The least and the greatest step.
    steps: Option<(f64, f64)>,
}

impl RateFinder {
    /// The next frame's time.
    pub(crate) fn push(&mut self, seconds: f64) {
        if self.n == 0 {
            self.first = seconds;
        } else {
            let step = seconds - self.last;
            let (least, most) = self.steps.unwrap_or((step, step));
            self.steps = Some((least.min(step), most.max(step)));
        }
        self.last = seconds;
        self.n += 1;
    }

    /// Frames a second, of few frames roughly; none of one frame.
    pub(crate) fn mean(&self) -> Option<f64> {
        let passed = self.last - self.first;
        (self.n > 1 && passed > 0.0).then(|| (self.n - 1) as f64 / passed)
    }

    /// When the last frame ends.
    pub(crate) fn end(&self) -> f64 {
        self.last + self.mean().map_or(0.04, |rate| 1.0 / rate)
    }

    /// The rate as a fraction; none of a variable one.
    pub(crate) fn rate(&self) -> Option<(u64, u64)> {
        let mean = self.mean()?;
        let (least, most) = self.steps?;
        if (most - least) * mean > STEADY {
            return None;
        }
        // Of few frames with rounded times the rate is not known to many digits.
        let sure = SAME_RATE.max(0.002 / (self.last - self.first));
        let apart = |&(n, d): &(u64, u64)| ((n as f64 / d as f64) / mean - 1.0).abs();
        let nearest = RATES.iter().min_by(|a, b| apart(a).total_cmp(&apart(b)));
        match nearest.filter(|rate| apart(rate) < sure) {
            Some(&rate) => Some(rate),
            None => Some(((mean * 1000.0).round() as u64, 1000)),
        }
    }
}

/// The names of a folder's videos: those of its folders that have a journal, in natural order.
///
/// # Errors
/// [`VideoError::Read`].
pub(crate) fn video_folders(out: &Path) -> Result<Vec<String>, VideoError> {
    let read = |source| VideoError::Read { source, path: out.to_path_buf() };
    let mut names = Vec::new();
    for entry in fs::read_dir(out).map_err(read)? {
        let entry = entry.map_err(read)?;
        if let Ok(name) = entry.file_name().into_string()
            && entry.path().join(journal::JOURNAL).is_file()
        {
            names.push(name);
        }
    }
    names.sort_by(|a, b| alphanumeric_sort::compare_str(a, b));
    Ok(names)
}

/// The facts of a video's folder; none where it is not done or they cannot be read.
pub(crate) fn facts(folder: &Path) -> Option<VideoFacts> {
    serde_json::from_slice(&files::read(&folder.join(FACTS), 1 << 20).ok()?).ok()
}

/// Writes `tracks.csv` and `landmarks.csv` of all videos in a folder.
///
/// # Errors
/// [`VideoError`].
pub(crate) fn write_folder_tables(out: &Path, rate_of_unfinished: Option<f64>) -> Result<(), VideoError> {
    let mut tracks = csv::Writer::from_writer(Vec::new());
    let mut landmarks = csv::Writer::from_writer(Vec::new());
    let mut rows = || -> Result<(), csv::Error> {
        tracks.write_record([
            "track",
            "video",
            "start_frame",
            "end_frame",
            "start_s",
            "end_s",
            "fps",
            "faces",
            "mean_score",
        ])?;
        let mut header = vec!["track".to_owned(), "frame".to_owned()];
        header.extend((1..=5).flat_map(|at| [format!("x{at}"), format!("y{at}")]));
        header.extend(["disagreement", "detector_disagreement"].map(str::to_owned));
        landmarks.write_record(&header)?;
        Ok(())
    };
    let failed = |error: csv::Error| VideoError::Write { source: error.into(), path: out.to_path_buf() };
    rows().map_err(failed)?;
    for name in video_folders(out)? {
        let Some((_, shots)) = journal::read(&out.join(&name))? else { continue };
        let known = facts(&out.join(&name));
        let rate = match &known {
            Some(facts) => facts.rate.map(|(n, d)| n as f64 / d as f64),
            None => rate_of_unfinished,
        };
        let fps = rate.map(|rate| rate.to_string()).unwrap_or_default();
        for track in shots.iter().flat_map(|shot| &shot.tracks).filter(|track| !track.doubtful) {
            let id = format!("{name}/{}", track.name);
            let ((first, last), (start, end)) = (track.frames(), track.seconds());
            let scores: f32 = track.boxes.iter().map(|it| it.6).sum();
            let mean = scores / track.boxes.len().max(1) as f32;
            tracks
                .write_record([
                    &id,
                    &name,
                    &first.to_string(),
                    &last.to_string(),
                    &format!("{start:.6}"),
                    &format!("{end:.6}"),
                    &fps,
                    &track.boxes.len().to_string(),
                    &format!("{mean:.4}"),
                ])
                .map_err(failed)?;
            for crop in &track.crops {
                let Some(points) = crop.points else { continue };
                let mut row = vec![id.clone(), crop.frame.to_string()];
                row.extend(points.iter().flatten().map(|value| format!("{value:.2}")));
                row.extend(
                    [crop.disagreement, crop.detector_disagreement].map(|value| format!("{value:.4}")),
                );
                landmarks.write_record(&row).map_err(failed)?;
            }
        }
    }
    for (file, writer) in [("tracks.csv", tracks), ("landmarks.csv", landmarks)] {
        let path = out.join(file);
        let bytes = writer
            .into_inner()
            .map_err(|error| VideoError::Write { source: error.into_error(), path: path.clone() })?;
        files::replace(&path, &bytes).map_err(|source| VideoError::Write { source, path })?;
    }
    Ok(())
}

/// Writes `shots.csv` (the columns of `PySceneDetect`'s list of scenes) and `castlist-video.json` of a video that
/// is done.
///
/// # Errors
/// [`VideoError::Write`].
pub(crate) fn write_video_files(
    folder: &Path,
    shots: &[ShotRecord],
    facts: &VideoFacts,
) -> Result<(), VideoError> {
    let mut text = String::from(
        "Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,End Timecode,End Time \
         (seconds),Length (frames),Length (timecode),Length (seconds)\n",
    );
    for (at, shot) in shots.iter().enumerate() {
        let ((first, end), (start_s, end_s)) = (shot.frames, shot.seconds);
        let length = end_s - start_s;
        // Frames are counted from 1 there, and the end is the shot's last one. Writing to a string
        // does not fail.
        let _ = writeln!(
            text,
            "{},{},{},{start_s:.3},{},{},{end_s:.3},{},{},{length:.3}",
            at + 1,
            first + 1,
            clock(start_s),
            end,
            clock(end_s),
            end - first,
            clock(length)
        );
    }
    let json = serde_json::to_vec_pretty(facts)
        .map_err(|error| VideoError::Write { source: error.into(), path: folder.join(FACTS) })?;
    for (name, bytes) in [("shots.csv", text.into_bytes()), (FACTS, json)] {
        let path = folder.join(name);
        files::replace(&path, &bytes).map_err(|source| VideoError::Write { source, path })?;
    }
    Ok(())
}

/// `HH:MM:SS.mmm`.
fn clock(seconds: f64) -> String {
    let ms = (seconds * 1000.0).round().max(0.0) as u64;
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(times: impl Iterator<Item = f64>) -> Option<(u64, u64)> {
        let mut finder = RateFinder::default();
        times.for_each(|seconds| finder.push(seconds));
        finder.rate()
    }

    #[test]
    fn rates_are_fractions_also_where_times_are_rounded() {
        let at = |n: u64, d: u64| {
            (0..400_u32).map(move |t| (f64::from(t) * d as f64 / n as f64 * 1000.0).round() / 1000.0)
        };
        for (n, d) in [(24000, 1001), (25, 1), (30000, 1001), (60, 1)] {
            assert_eq!(rate(at(n, d)), Some((n, d)));
        }
        assert_eq!(rate((0..100).map(|t| f64::from(t) / 18.0)), Some((18000, 1000)));
        assert_eq!(rate([0.0, 0.04, 0.125, 0.1668, 0.25].into_iter()), None, "every third is missing");
        assert_eq!(rate(std::iter::once(0.0)), None);
    }

    #[test]
    fn times_are_read_by_a_clock() {
        assert_eq!(clock(3723.4567), "01:02:03.457");
        assert_eq!(clock(0.0), "00:00:00.000");
    }
}
