//! The only reader of inputs: folders of face tracks, tables beside them, matrices.
//!
//! Takes a path; gives a [`TrackSet`]: tracks in natural order with their faces, times and
//! fingerprints, and warnings for what was skipped. It decodes pictures, measures their quality
//! and finds tracks that overlap in time. It never uses a model, never guesses times from names,
//! and one unreadable picture never ends a scan.

mod cut;
mod erased;
mod error;
mod inside;
mod interpretation;
mod layout;
mod matrix;
mod moved;
mod names_table;
mod overlap;
mod own_export;
mod people_folders;
mod picture;
mod quality;
mod scan;
mod table;
mod tables;
mod times;
mod walk;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::{Constraints, Embeddings, Fingerprint, TrackIx};

pub use cut::{Cut, TrackPart};
pub(crate) use erased::id_mark;
pub use error::TracksError;
pub(crate) use inside::is_as_scanned;
pub(crate) use interpretation::n_single_pictures;
pub use interpretation::{describe, describe_changes};
pub use layout::PictureGrouping;
pub use matrix::{Matrix, read_labels_array, read_matrix, read_track_features};
pub use moved::{Changes, GoneTrack};
pub(crate) use names_table::{DetailClash, read_names};
pub use overlap::{OverlapRule, overlaps};
pub(crate) use own_export::{NamedTracks, exported_people};
pub(crate) use people_folders::{PeopleFolders, reads_people};
pub use picture::{MAX_SIDE_PX, Picture, PictureError, decode};
pub use quality::{FaceQuality, is_blank, measure as measure_quality};
pub use scan::{ScanOptions, scan};
pub use table::near_miss;
pub use tables::{
    GivenLandmarks, Landmarks, Points, read_assignments, read_labels, read_landmarks, read_split,
};
pub(crate) use walk::{exports_in, is_named_as_picture, is_named_as_video};

/// Format version of a stored track list; a stored list of another version is scanned again.
pub const TRACKS_VERSION: u32 = 1;

/// One face file of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// File name inside the track's folder.
    pub file: String,
    /// Frame number: the last integer in the file's stem, or its position.
    pub frame: u64,
    /// Why it cannot be read, where that is known already.
    pub unreadable: Option<String>,
}

/// When a track is seen, as `tracks.csv` says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Default)]
pub struct TimeSpan {
    /// First and last frame, both inclusive.
    pub frames: Option<(u64, u64)>,
    /// Frames a second, above 0.
    pub fps: Option<f64>,
    /// First second and the second after the last, half-open.
    pub seconds: Option<(f64, f64)>,
}

impl TimeSpan {
    /// Seconds as given, or from frames and rate.
    ///
    /// # Examples
    /// ```
    /// use castlist::tracks::TimeSpan;
    ///
    /// // Frames 50 to 99 at 25 frames per second.
    /// let span = TimeSpan { frames: Some((50, 99)), fps: Some(25.0), ..TimeSpan::default() };
    /// assert_eq!(span.to_seconds(), Some((2.0, 4.0)));
    /// ```
    pub fn to_seconds(self) -> Option<(f64, f64)> {
        self.seconds.or_else(|| {
            let ((first, last), fps) = (self.frames?, self.fps?);
            Some((first as f64 / fps, (last + 1) as f64 / fps))
        })
    }
}

/// Where a track's embedding comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrackSource {
    /// Pictures: the folder, relative to the opened one, and its files in natural order.
    Faces {
        /// Folder with `/`; empty for the opened folder itself.
        folder: String,
        /// The faces in natural order.
        faces: Vec<Face>,
    },
    /// A `.npy` file of frames × D features, relative to the opened folder.
    Features {
        /// File with `/`.
        file: String,
        /// Rows of the file.
        frames: u64,
    },
    /// Rows of an opened matrix.
    Rows {
        /// Row numbers, ascending.
        rows: Vec<u32>,
    },
}

/// The faces of one person through successive frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Stable id: the path relative to the opened folder with `/`, a flat folder's prefix,
    /// or a matrix's row.
    pub id: String,
    /// The video it belongs to; empty where none is known.
    pub video: String,
    /// From its first to its last moment, where `tracks.csv` gives times.
    pub span: TimeSpan,
    /// The spans in which it is seen, where there are gaps between them; empty where there are
    /// none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<TimeSpan>,
    /// Where its embedding comes from.
    pub source: TrackSource,
    /// Fingerprint of the track's files, names and contents.
    pub fingerprint: Fingerprint,
    /// Which part of another track it is, where the curator cut that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<TrackPart>,
    /// The ids that it had before its folder was moved or renamed, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
}

impl Track {
    /// Number of faces found, readable or not.
    pub fn n_faces(&self) -> usize {
        match &self.source {
            TrackSource::Faces { faces, .. } => faces.len(),
            TrackSource::Features { frames, .. } => *frames as usize,
            TrackSource::Rows { rows } => rows.len(),
        }
    }

    /// The id of the track as it was scanned: of a part, the whole track's.
    pub fn scanned_id(&self) -> &str {
        self.part.as_ref().map_or(&self.id, |part| &part.of)
    }

    /// The frame of a face by its index; of features, the row.
    pub fn frame(&self, face: u32) -> Option<u64> {
        match &self.source {
            TrackSource::Faces { faces, .. } => Some(faces.get(face as usize)?.frame),
            TrackSource::Features { frames, .. } => Some(u64::from(face)).filter(|row| row < frames),
            TrackSource::Rows { rows } => rows.get(face as usize).map(|row| u64::from(*row)),
        }
    }

    /// Faces known to be unreadable after the scan.
    pub fn n_unreadable(&self) -> usize {
        match &self.source {
            TrackSource::Faces { faces, .. } => faces.iter().filter(|f| f.unreadable.is_some()).count(),
            TrackSource::Features { .. } | TrackSource::Rows { .. } => 0,
        }
    }

    /// The spans in which it is seen, in order: several where there are gaps.
    pub fn appearances(&self) -> &[TimeSpan] {
        if self.pieces.is_empty() { std::slice::from_ref(&self.span) } else { &self.pieces }
    }

    /// Seconds that it is seen, without gaps, where the times are known.
    pub fn seconds(&self) -> Option<f64> {
        let lengths =
            self.appearances().iter().map(|piece| piece.to_seconds().map(|(start, end)| end - start));
        lengths.sum()
    }

    /// The pictures of the track, in order; empty for tracks of features.
    pub fn pictures<'a>(&'a self, root: &'a Path) -> impl Iterator<Item = (&'a Face, PathBuf)> + 'a {
        let (folder, faces): (&str, &[Face]) = match &self.source {
            TrackSource::Faces { folder, faces } => (folder, faces),
            TrackSource::Features { .. } | TrackSource::Rows { .. } => ("", &[]),
        };
        let folder = root.join(folder);
        faces.iter().map(move |face| (face, folder.join(&face.file)))
    }
}

/// All tracks of one opened folder or matrix, in natural order of their ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackSet {
    /// The opened folder, or the matrix's file.
    pub root: PathBuf,
    /// The tracks.
    pub tracks: Vec<Track>,
    /// How far tracks may overlap in time and still show one person.
    #[serde(default)]
    pub overlaps: OverlapRule,
    /// The tracks that were cut, as they were scanned; their parts are among `tracks`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<Track>,
    /// Tracks that were here once, so that they are known should they return.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<GoneTrack>,
}

impl TrackSet {
    /// These tracks, none of them cut or gone; overlaps count as they do by default.
    #[must_use]
    pub fn new(root: PathBuf, tracks: Vec<Track>) -> Self {
        Self { root, tracks, overlaps: OverlapRule::default(), whole: Vec::new(), gone: Vec::new() }
    }

    /// Number of tracks.
    pub fn len(&self) -> usize {
        self.tracks.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tracks.is_empty()
    }

    /// One track.
    ///
    /// # Panics
    /// Where `ix` is not below [`Self::len`].
    pub fn track(&self, ix: TrackIx) -> &Track {
        &self.tracks[ix as usize]
    }

    /// The cannot-links between tracks that overlap in time by more than is allowed.
    pub fn co_occurrence_constraints(&self) -> Constraints {
        overlap::overlaps_beyond(&self.tracks, self.overlaps)
    }

    /// Faces found, readable or not.
    pub fn n_faces(&self) -> usize {
        self.tracks.iter().map(Track::n_faces).sum()
    }

    /// Faces known to be unreadable.
    pub fn n_unreadable(&self) -> usize {
        self.tracks.iter().map(Track::n_unreadable).sum()
    }

    /// Fingerprint of all tracks with their ids and times: the ground state of a clustering.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hasher = crate::base::Hasher::default();
        for track in &self.tracks {
            hasher.part(&track.id).part(&track.video).part(track.fingerprint.0);
            let (first, last) = track.span.frames.unwrap_or_default();
            let (start, end) = track.span.to_seconds().unwrap_or_default();
            for word in [first, last, start.to_bits(), end.to_bits()] {
                hasher.part(word.to_le_bytes());
            }
            for piece in &track.pieces {
                let (first, last) = piece.frames.unwrap_or_default();
                let (start, end) = piece.to_seconds().unwrap_or_default();
                for word in [first, last, start.to_bits(), end.to_bits()] {
                    hasher.part(word.to_le_bytes());
                }
            }
        }
        if self.overlaps != OverlapRule::default() {
            hasher.part(self.overlaps.to_string());
        }
        hasher.finish()
    }
}

/// The tracks of a matrix: one a row, or one a value of `groups` in order of appearance.
///
/// # Examples
/// ```
/// use castlist::base::Embeddings;
/// use castlist::tracks::tracks_of_matrix;
///
/// // Three rows of faces; the first and the last are of one track.
/// let rows = Embeddings::new(2, vec![1.0, 0.0, 0.0, 1.0, 0.8, 0.6])?;
/// let groups = ["t1", "t2", "t1"].map(str::to_owned);
/// let set = tracks_of_matrix("faces.npy".as_ref(), &rows, Some(&groups));
/// assert_eq!((set.len(), set.track(0).n_faces()), (2, 2));
/// # Ok::<(), castlist::base::EmbeddingError>(())
/// ```
pub fn tracks_of_matrix(file: &Path, rows: &Embeddings, groups: Option<&[String]>) -> TrackSet {
    let mut by_id: std::collections::BTreeMap<String, Vec<u32>> = std::collections::BTreeMap::new();
    for row in 0..rows.len() {
        let id = groups.map_or_else(|| row.to_string(), |groups| groups[row].clone());
        by_id.entry(id).or_default().push(row as u32);
    }
    let mut tracks: Vec<Track> = by_id
        .into_iter()
        .map(|(id, track_rows)| {
            let mut hasher = crate::base::Hasher::default();
            for &row in &track_rows {
                rows.row(row).iter().for_each(|v| {
                    hasher.part(v.to_le_bytes());
                });
            }
            let fingerprint = hasher.finish();
            let source = TrackSource::Rows { rows: track_rows };
            let (video, span, pieces) = (String::new(), TimeSpan::default(), Vec::new());
            Track { id, video, span, pieces, source, fingerprint, part: None, formerly: Vec::new() }
        })
        .collect();
    tracks.sort_by(|a, b| alphanumeric_sort::compare_str(&a.id, &b.id));
    TrackSet::new(file.to_path_buf(), tracks)
}
