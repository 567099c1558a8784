//! The tracks' vectors of a run, by track and by row.
//!
//! Takes unit rows in the clustering space, the track of each, the radii and who is seen with
//! whom; answers look-ups. It never changes: another run makes another one.

use std::sync::Arc;

use crate::base::{CoOccurrence, Embeddings, Radius, TrackIx};

/// No row.
const NONE: u32 = u32::MAX;

/// Unit vectors of the tracks that a run clustered, in the space it clustered them in.
#[derive(Debug, Clone)]
pub struct Vectors {
    tracks: Arc<[TrackIx]>,
    /// The row of each track.
    rows: Vec<u32>,
    unit: Arc<Embeddings>,
    scale: Radius,
    radius: Radius,
    together: Arc<CoOccurrence>,
}

impl Vectors {
    /// `unit` holds one unit row for each of `tracks` (ascending, all below `n_tracks`).
    ///
    /// `scale` is the space's own radius, on which probabilities are calibrated; `radius` is
    /// that of the run. O(tracks).
    #[must_use]
    pub fn new(
        n_tracks: usize,
        tracks: Arc<[TrackIx]>,
        unit: Arc<Embeddings>,
        (scale, radius): (Radius, Radius),
        together: Arc<CoOccurrence>,
    ) -> Self {
        let mut rows = vec![NONE; n_tracks];
        for (&track, row) in tracks.iter().zip(0..) {
            rows[track as usize] = row;
        }
        Self { tracks, rows, unit, scale, radius, together }
    }

    /// The row of a track; none where it has no usable face.
    #[must_use]
    pub fn row_of(&self, track: TrackIx) -> Option<u32> {
        self.rows.get(track as usize).copied().filter(|&row| row != NONE)
    }

    /// The unit vector of a track.
    #[must_use]
    pub fn row(&self, track: TrackIx) -> Option<&[f32]> {
        self.row_of(track).map(|row| self.unit.row(row))
    }

    /// The track of each row, ascending.
    #[must_use]
    pub fn tracks(&self) -> &[TrackIx] {
        &self.tracks
    }

    /// All rows.
    #[must_use]
    pub fn unit(&self) -> &Embeddings {
        &self.unit
    }

    /// The space's own radius.
    #[must_use]
    pub fn scale(&self) -> Radius {
        self.scale
    }

    /// The radius of the run.
    #[must_use]
    pub fn radius(&self) -> Radius {
        self.radius
    }

    /// The threshold of the run on squared distances.
    #[must_use]
    pub fn tau(&self) -> f64 {
        self.radius.tau()
    }

    /// The same vectors for a run at another radius.
    #[must_use]
    pub fn at(&self, radius: Radius) -> Self {
        Self { radius, ..self.clone() }
    }

    /// Whether they are of these very rows, at these radii: the space's own and the run's.
    #[must_use]
    pub fn is_of(&self, unit: &Arc<Embeddings>, radii: (Radius, Radius)) -> bool {
        Arc::ptr_eq(&self.unit, unit) && (self.scale, self.radius) == radii
    }

    /// Who is seen with whom.
    #[must_use]
    pub fn co_occurrence(&self) -> &Arc<CoOccurrence> {
        &self.together
    }

    /// The tracks that are seen at the same time as one, ascending.
    #[must_use]
    pub fn together(&self, track: TrackIx) -> &[TrackIx] {
        self.together.of(track)
    }
}
