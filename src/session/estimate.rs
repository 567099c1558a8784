//! The radius for a model that nobody has measured, told from the folder itself.
//!
//! Takes embedded tracks and the model that embedded them; gathers what is known without labels,
//! and has [`estimate_radius`] weigh it: the halves of a track are one person, overlapping tracks
//! are not, and neither are the demo's drawn people. It looks at nothing that the curator named.

use std::collections::BTreeMap;

use rand::seq::index;

use super::SessionError;
use super::space::Space;
use crate::base::{Constraints, Cx, Embeddings, TrackIx, seeded, squared_distance};
use crate::cluster::agglomerative::{EstimatedRadius, Evidence, estimate_radius};
use crate::demo::{self, DemoError};
use crate::embed::{Cache, Crops, EmbedOptions, Embedder, embed_faces, embed_tracks};
use crate::pooling::{self, Pooling};
use crate::tracks::{TrackSet, read_labels, scan};

/// Tracks whose halves are compared, drawn at random where there are more.
const HALVED: usize = 300;
/// Tracks of a drawn person that are looked at, …
const DRAWN_TRACKS: usize = 3;
/// … and faces of each.
const DRAWN_FACES: usize = 2;

/// Where a folder's tracks and faces come from.
#[derive(Clone, Copy)]
pub(super) struct Faces<'a> {
    pub set: &'a TrackSet,
    /// None where the tracks are features already; then nobody can be drawn.
    pub embedder: Option<&'a Embedder>,
    pub options: &'a EmbedOptions,
    pub cache: &'a dyn Cache,
}

impl Faces<'_> {
    /// A radius for the usable tracks, whose rows in the clustering space are given.
    ///
    /// # Errors
    /// [`SessionError`]: cancelled, or a picture or network that fails.
    pub(super) fn estimate(
        &self,
        usable: &[TrackIx],
        rows: &Embeddings,
        constraints: &Constraints,
        space: &Space,
        cx: &Cx,
    ) -> Result<Option<EstimatedRadius>, SessionError> {
        let halves = halves(&self.faces(usable, cx)?, space)?;
        let strangers = match self.embedder {
            Some(embedder) => self.strangers(embedder, space, cx)?,
            None => Vec::new(),
        };
        cx.stage("Estimating the radius", 0);
        let evidence = Evidence { constraints, halves: &halves, strangers: &strangers };
        Ok(estimate_radius(rows, evidence, cx)?)
    }

    /// The faces of some tracks that have enough of them.
    fn faces(&self, usable: &[TrackIx], cx: &Cx) -> Result<Vec<Embeddings>, SessionError> {
        let long: Vec<TrackIx> =
            usable.iter().copied().filter(|&ix| self.set.track(ix).n_faces() >= 4).collect();
        let mut chosen = index::sample(&mut seeded(0), long.len(), long.len().min(HALVED)).into_vec();
        chosen.sort_unstable();
        let wanted: Vec<TrackIx> = chosen.into_iter().map(|at| long[at]).collect();
        Ok(embed_faces(self.set, &wanted, self.embedder, self.options, self.cache, cx)?)
    }

    /// Squared distances between tracks of different drawn people. Nobody is drawn where no
    /// temporary folder can be had: the tracks tell alone then.
    fn strangers(&self, embedder: &Embedder, space: &Space, cx: &Cx) -> Result<Vec<f32>, SessionError> {
        let Ok(folder) = tempfile::tempdir() else { return Ok(Vec::new()) };
        // What is odd about drawn faces is not the curator's business.
        let cx = &cx.aside();
        match demo::draw(folder.path(), demo::DEFAULT_SEED, cx) {
            Ok(_) => {}
            Err(DemoError::Cancelled(cancelled)) => return Err(cancelled.into()),
            Err(_) => return Ok(Vec::new()),
        }
        let mut set = scan(folder.path(), false, cx)?;
        let names = read_labels(&folder.path().join("labels.csv"))?;
        let mut seen: BTreeMap<&String, usize> = BTreeMap::new();
        set.tracks.retain(|track| {
            let seen = names.get(&track.id).map(|name| seen.entry(name).or_default());
            seen.is_some_and(|seen| {
                *seen += 1;
                *seen <= DRAWN_TRACKS
            })
        });
        let options =
            EmbedOptions { frames_per_track: DRAWN_FACES, pooling: Pooling::Quality, crops: Crops::Loose };
        let embedded = embed_tracks(&set, Some(embedder), &options, self.cache, cx)?;
        let drawn = set.tracks.iter().zip(embedded.tracks);
        let drawn = drawn.filter_map(|(track, found)| Some((names.get(&track.id)?, found.vector?)));
        let (people, vectors): (Vec<_>, Vec<_>) = drawn.unzip();
        let rows = space.map(Embeddings::new(embedder.dim(), vectors.concat())?.into_unit()?)?;
        let mut distances = Vec::new();
        for a in 0..people.len() {
            for b in (a + 1..people.len()).filter(|&b| people[a] != people[b]) {
                distances.push(squared_distance(rows.row(a as TrackIx), rows.row(b as TrackIx)).0);
            }
        }
        Ok(distances)
    }
}

/// A radius for a matrix of tracks, of which each one's faces are given, and nothing else is known.
///
/// # Errors
/// [`SessionError`]: cancelled, or faces that a head maps to zero.
pub(super) fn estimate_of_faces(
    rows: &Embeddings,
    faces: &[Embeddings],
    space: &Space,
    cx: &Cx,
) -> Result<Option<EstimatedRadius>, SessionError> {
    cx.stage("Estimating the radius", 0);
    let halves = halves(faces, space)?;
    let evidence = Evidence { constraints: &Constraints::default(), halves: &halves, strangers: &[] };
    Ok(estimate_radius(rows, evidence, cx)?)
}

/// Squared distance between the halves of each track that has enough faces.
fn halves(faces: &[Embeddings], space: &Space) -> Result<Vec<f32>, SessionError> {
    let ends: Vec<Vec<f32>> = faces.iter().filter_map(pooling::halves).flatten().collect();
    let rows = space.map(Embeddings::new(ends.first().map_or(0, Vec::len), ends.concat())?)?;
    let pairs = (0..rows.len() as TrackIx).step_by(2);
    Ok(pairs.map(|row| squared_distance(rows.row(row), rows.row(row + 1)).0).collect())
}
