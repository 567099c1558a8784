//! How tracks compare with boxes that are known: of the drawn film, or of a film that somebody annotated.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::VideoError;
use super::detections::FaceBox;
use super::{journal, tables};
use crate::tracks::TracksError;

/// A box of a track is of a person where they overlap at least this much (intersection over union).
const SAME: f32 = 0.4;

/// A row of the truth: where whose face is.
#[derive(Debug, Deserialize)]
struct TruthRow {
    frame: u64,
    person: String,
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

/// A person of the truth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PersonCoverage {
    /// Their name.
    pub(crate) person: String,
    /// Frames in which they are seen.
    pub(crate) frames: usize,
    /// Tracks that show them.
    pub(crate) tracks: usize,
    /// Share of their frames that lie within one of those tracks.
    pub(crate) covered: f64,
}

/// Tracks of one video, compared with the truth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct TruthComparison {
    /// By name.
    pub(crate) people: Vec<PersonCoverage>,
    /// Tracks by id, and whom most of their boxes show; none of nobody.
    pub(crate) labels: BTreeMap<String, Option<String>>,
    /// Tracks with boxes of two people.
    pub(crate) mixed: Vec<String>,
    /// The middle overlap of boxes with those of the truth.
    pub(crate) median_overlap: f32,
}

impl TruthComparison {
    /// Tracks that show nobody.
    pub(crate) fn n_false(&self) -> usize {
        self.labels.values().filter(|label| label.is_none()).count()
    }
}

/// Compares the tracks of a folder with a table `frame,person,x,y,width,height` of its only video.
///
/// # Errors
/// [`VideoError::Read`] of the folder, [`TracksError::Table`] of the table.
pub(crate) fn compare(out: &Path, truth: &Path) -> Result<TruthComparison, VideoError> {
    let table = |line: u64, what: String| TracksError::Table { line, what, path: truth.to_path_buf() };
    let mut reader = csv::Reader::from_path(truth).map_err(|error| table(1, error.to_string()))?;
    let mut boxes: BTreeMap<u64, Vec<(String, FaceBox)>> = BTreeMap::new();
    let mut frames: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (at, row) in reader.deserialize::<TruthRow>().enumerate() {
        let row = row.map_err(|error| table(at as u64 + 2, error.to_string()))?;
        let rect = FaceBox { x: row.x, y: row.y, width: row.width, height: row.height };
        frames.entry(row.person.clone()).or_default().push(row.frame);
        boxes.entry(row.frame).or_default().push((row.person, rect));
    }
    let mut spans: BTreeMap<String, Vec<(u64, u64)>> = BTreeMap::new();
    let (mut labels, mut mixed, mut overlaps) = (BTreeMap::new(), Vec::new(), Vec::new());
    for name in tables::video_folders(out)? {
        let Some((_, shots)) = journal::read(&out.join(&name))? else { continue };
        for track in shots.iter().flat_map(|shot| &shot.tracks).filter(|track| !track.doubtful) {
            let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
            for &(frame, _, x, y, width, height, _) in &track.boxes {
                let rect = FaceBox { x, y, width, height };
                let of_frame = boxes.get(&frame).map_or(&[][..], Vec::as_slice);
                let nearest = of_frame
                    .iter()
                    .map(|(person, truth)| (person.as_str(), truth.overlap(&rect)))
                    .max_by(|a, b| a.1.total_cmp(&b.1));
                if let Some((person, overlap)) = nearest.filter(|(_, overlap)| *overlap >= SAME) {
                    *shown.entry(person).or_default() += 1;
                    overlaps.push(overlap);
                }
            }
            let id = format!("{name}/{}", track.name);
            if shown.len() > 1 {
                mixed.push(id.clone());
            }
            let most = shown.iter().max_by_key(|(_, n)| **n).filter(|(_, n)| 2 * **n >= track.boxes.len());
            let label = most.map(|(person, _)| (*person).to_owned());
            if let Some(person) = &label {
                spans.entry(person.clone()).or_default().push(track.frames());
            }
            labels.insert(id, label);
        }
    }
    let person = |(person, frames): (String, Vec<u64>)| {
        let spans = spans.get(&person).map_or(&[][..], Vec::as_slice);
        let is_covered = |frame: &&u64| spans.iter().any(|(first, last)| (first..=last).contains(frame));
        let covered = frames.iter().filter(is_covered).count() as f64 / frames.len().max(1) as f64;
        PersonCoverage { person, frames: frames.len(), tracks: spans.len(), covered }
    };
    overlaps.sort_by(f32::total_cmp);
    let median_overlap = overlaps.get(overlaps.len() / 2).copied().unwrap_or(0.0);
    Ok(TruthComparison { people: frames.into_iter().map(person).collect(), labels, mixed, median_overlap })
}
