//! From the faces of a track to one unit vector.
//!
//! Takes tracks and a model; gives each track's embedding with what was seen of each face.
//! Landmarks, alignment, preprocessing, batching and pooling are here. What is already
//! known comes from a [`EmbeddingCache`], so that a second run embeds nothing. It never clusters.

mod align;
mod face;
mod landmarks;
mod parts;
mod regions;
mod tensor;
mod vectors;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::base::{Cancelled, Cx, Embeddings, Fingerprint, Hasher, Stage, TrackIx, WarningKind};
use crate::infer::InferError;
use crate::models::{HeadError, ModelError};
use crate::pooling::{Pooling, pool};
use crate::tracks::{
    FaceQuality, Landmarks, Track, TrackSet, TrackSource, TracksError, read_landmarks, read_track_features,
};

pub use align::{SimilarityTransform, TEMPLATE, resize, warp};
pub use face::Embedder;
pub(crate) use landmarks::{CropLandmarks, LandmarkFinder};
pub use parts::Parts;
pub(crate) use regions::PixelRect;
pub(crate) use tensor::InputTensor;

/// Version of everything between a file's bytes and a vector; a change embeds again.
pub const PREPROCESSING_VERSION: u32 = 3;

/// What is said of a picture in which no face could be found.
const NO_FACE: &str = "no face found; picture given little weight";

/// What is said of a track that is on such pictures alone.
const NO_FACE_AT_ALL: &str = "no face found in any picture of the track; it may stand with the wrong person";

/// How faces are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CropAlignment {
    /// A face with some margin; landmarks are looked for.
    #[default]
    Loose,
    /// Already aligned to the five-point template.
    Aligned,
}

impl FromStr for CropAlignment {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "loose" => Ok(Self::Loose),
            "aligned" => Ok(Self::Aligned),
            _ => Err(()),
        }
    }
}

/// What the user may choose about embedding.
#[derive(Debug, Clone, PartialEq)]
pub struct EmbedOptions {
    /// Maximum number of frames per track, spread evenly; 0 takes all.
    pub frames_per_track: usize,
    /// How frames become one vector.
    pub pooling: Pooling,
    /// How the faces are cut.
    pub crops: CropAlignment,
}

/// What was found about one face of a track.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FaceUse {
    /// Index among the track's faces.
    pub face: u32,
    /// Weight in the track's mean, 0..=1; 0 where there is nothing to see at all.
    pub weight: f32,
    /// Whether no face could be found, so that it has little weight.
    pub no_face: bool,
    /// What was measured.
    pub quality: FaceQuality,
}

/// A track's embedding and where it comes from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TrackEmbedding {
    /// Unit vector; none where no face could be used.
    pub vector: Option<Vec<f32>>,
    /// The faces that were looked at.
    pub faces: Vec<FaceUse>,
    /// Faces whose pictures turned out damaged on decoding: index and reason.
    pub unreadable: Vec<(u32, String)>,
    /// Where its faces fall apart. None where fewer than four of them count, and in what an older
    /// version kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
    /// Whether the system could not read a picture that it could read before, such as on a
    /// drive that was pulled out: then this is no lasting result and is not kept.
    #[serde(skip)]
    pub interrupted: bool,
    /// The vectors of the faces that count, packed; there between embedding and keeping only,
    /// see [`EmbeddingCache::faces`].
    #[serde(skip)]
    pub packed_faces: Vec<u8>,
}

impl TrackEmbedding {
    /// Whether no face was found in any of its pictures, so that its vector is a mere guess.
    #[must_use]
    pub fn is_guess(&self) -> bool {
        !self.faces.is_empty() && self.faces.iter().all(|face| face.no_face)
    }
}

/// Where embeddings are kept between runs; the project is one.
pub trait EmbeddingCache: Sync {
    /// The embedding kept under a key, without its packed faces.
    fn get(&self, key: Fingerprint) -> Option<TrackEmbedding>;
    /// Keeps an embedding and its packed faces; they may become durable later.
    fn put(&self, key: Fingerprint, embedding: &TrackEmbedding);
    /// The packed faces kept under a key.
    fn faces(&self, key: Fingerprint) -> Option<Vec<u8>>;
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCache;

impl EmbeddingCache for NoCache {
    fn get(&self, _: Fingerprint) -> Option<TrackEmbedding> {
        None
    }
    fn put(&self, _: Fingerprint, _: &TrackEmbedding) {}
    fn faces(&self, _: Fingerprint) -> Option<Vec<u8>> {
        None
    }
}

/// All tracks embedded.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedTracks {
    /// One for each track, in order.
    pub tracks: Vec<TrackEmbedding>,
    /// The key that each is kept under.
    pub keys: Vec<Fingerprint>,
    /// Faces that the network saw in this run.
    pub n_embedded: usize,
    /// Tracks that came from the cache.
    pub n_cached: usize,
}

/// Why embedding stopped.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// The model cannot be had.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The engine or the network failed.
    #[error(transparent)]
    Infer(#[from] InferError),
    /// The tracks cannot be read.
    #[error(transparent)]
    Tracks(#[from] TracksError),
    /// The folder went away while it was read.
    #[error(
        "the folder vanished while it was read; what was embedded so far is kept. Connect it and run again: {0}"
    )]
    Vanished(PathBuf),
    /// Features of another length than the model's.
    #[error(
        "the features of track `{track}` have {found} numbers, those before {expected}; one folder needs one kind: {path}"
    )]
    FeatureLength {
        /// Track id.
        track: String,
        /// Its numbers a frame.
        found: usize,
        /// Numbers of the tracks before.
        expected: usize,
        /// Where.
        path: PathBuf,
    },
    /// A head of another width than the vectors.
    #[error(transparent)]
    Head(#[from] HeadError),
    /// The user stopped the work.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Embeds every track: from the cache where it is known, else from its pictures or features.
///
/// Tracks run in parallel, each as one batch, so that a result depends on its track alone:
/// the same bytes for any number of threads and whatever else is cached. At most one track's
/// pictures a core are held, reduced to 512 pixels. Damaged pictures are warnings.
///
/// # Errors
/// [`EmbedError`]; tracks finished by then are in the cache.
pub fn embed_tracks(
    set: &TrackSet,
    embedder: Option<&Embedder>,
    options: &EmbedOptions,
    cache: &dyn EmbeddingCache,
    cx: &Cx,
) -> Result<EmbeddedTracks, EmbedError> {
    let landmarks = read_landmarks(&set.root)?;
    embedder.map_or(Ok(()), |embedder| options.pooling.require_width(embedder.dim()))?;
    cx.stage(
        Stage::LookingAtFaces,
        set.tracks.iter().map(|t| planned(t, options.frames_per_track) as u64).sum(),
    );
    let (n_embedded, n_cached) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (keys, tracks): (Vec<_>, Vec<_>) = (0..set.len() as TrackIx)
        .into_par_iter()
        .map(|ix| {
            cx.check()?;
            let track = set.track(ix);
            let key = key(track, embedder, options, &landmarks);
            let known = cache.get(key);
            let embedding = if let Some(mut known) = known {
                n_cached.fetch_add(1, Ordering::Relaxed);
                if known.parts.is_none() && face::n_counted(&known) >= parts::LEAST {
                    let dim = embedder.map_or(0, Embedder::dim);
                    known.parts = cache.faces(key).and_then(|packed| face::parts(&known, &packed, dim));
                }
                known
            } else if let Some(part) = of_whole(set, track, embedder, options, &landmarks, cache) {
                n_cached.fetch_add(1, Ordering::Relaxed);
                cache.put(key, &part);
                TrackEmbedding { packed_faces: Vec::new(), ..part }
            } else {
                let mut embedding = embed_track(set, track, embedder, options, &landmarks, cx)?;
                n_embedded.fetch_add(embedding.faces.len(), Ordering::Relaxed);
                if !embedding.interrupted {
                    cache.put(key, &embedding);
                } else if !set.root.exists() {
                    return Err(EmbedError::Vanished(set.root.clone()));
                }
                embedding.packed_faces = Vec::new();
                embedding
            };
            warn(set, track, &embedding, cx);
            cx.advance(planned(track, options.frames_per_track) as u64);
            Ok((key, embedding))
        })
        .collect::<Result<Vec<_>, EmbedError>>()?
        .into_iter()
        .unzip();
    check_lengths(set, &tracks)?;
    if !set.root.exists() {
        return Err(EmbedError::Vanished(set.root.clone()));
    }
    Ok(EmbeddedTracks { tracks, keys, n_embedded: n_embedded.into_inner(), n_cached: n_cached.into_inner() })
}

/// The single faces of some tracks as unit rows, in the order of `wanted`: from the cache where
/// they are kept, else from the pictures or features. Faces with little weight are left out, and
/// a track of which none is left has no row. Parallel; the same for any number of threads.
///
/// # Errors
/// [`EmbedError`]; tracks finished by then are in the cache.
pub fn embed_faces(
    set: &TrackSet,
    wanted: &[TrackIx],
    embedder: Option<&Embedder>,
    options: &EmbedOptions,
    cache: &dyn EmbeddingCache,
    cx: &Cx,
) -> Result<Vec<Embeddings>, EmbedError> {
    let landmarks = read_landmarks(&set.root)?;
    cx.stage(Stage::LookingAtFaces, wanted.len() as u64);
    let faces = |&ix: &TrackIx| {
        cx.check()?;
        let track = set.track(ix);
        cx.advance(1);
        if let TrackSource::Features { file, .. } = &track.source {
            let rows = read_track_features(&set.root.join(file))?;
            let packed = vectors::pack((0..rows.len() as u32).map(|row| rows.row(row)));
            return Ok(vectors::unpack(&packed, rows.dim()).unwrap_or_default());
        }
        let dim = embedder.map_or(0, Embedder::dim);
        let key = key(track, embedder, options, &landmarks);
        if let Some(faces) = cache.faces(key).and_then(|packed| vectors::unpack(&packed, dim)) {
            return Ok(faces);
        }
        let embedding = embed_track(set, track, embedder, options, &landmarks, cx)?;
        if embedding.interrupted && !set.root.exists() {
            return Err(EmbedError::Vanished(set.root.clone()));
        }
        if !embedding.interrupted {
            cache.put(key, &embedding);
        }
        Ok(vectors::unpack(&embedding.packed_faces, dim).unwrap_or_default())
    };
    wanted.par_iter().map(faces).collect()
}

/// Frames of a track that will be embedded, at most this many (0: all).
pub fn planned(track: &Track, frames_per_track: usize) -> usize {
    let readable = track.n_faces() - track.n_unreadable();
    if frames_per_track == 0 { readable } else { readable.min(frames_per_track) }
}

/// Everything that a track's embedding depends on.
fn key(
    track: &Track,
    embedder: Option<&Embedder>,
    options: &EmbedOptions,
    landmarks: &Landmarks,
) -> Fingerprint {
    let mut hasher = Hasher::default();
    hasher.part(PREPROCESSING_VERSION.to_le_bytes()).part(track.fingerprint.0);
    match (&track.source, embedder) {
        (TrackSource::Faces { faces, .. }, Some(embedder)) => {
            hasher.part(embedder.fingerprint().0).part((options.frames_per_track as u64).to_le_bytes());
            hasher.part([options.crops as u8]);
            for face in faces {
                let Some(given) = landmarks.get(&(track.scanned_id().to_owned(), face.frame)) else {
                    continue;
                };
                for value in given.points.iter().flatten().chain(&given.disagreement) {
                    hasher.part(value.to_le_bytes());
                }
            }
        }
        _ => {
            hasher.part("features");
        }
    }
    hasher.part(options.pooling.tag()).finish()
}

/// The embedding of a part of a track, from the kept faces of the whole one. `None` where it is no
/// part, or none of its faces is kept.
fn of_whole(
    set: &TrackSet,
    track: &Track,
    embedder: Option<&Embedder>,
    options: &EmbedOptions,
    landmarks: &Landmarks,
    cache: &dyn EmbeddingCache,
) -> Option<TrackEmbedding> {
    let part = track.part.as_ref()?;
    let whole = set.whole.iter().find(|whole| whole.id == part.of)?;
    let key = key(whole, embedder, options, landmarks);
    let (known, packed) = (cache.get(key)?, cache.faces(key)?);
    face::part(&known, &packed, embedder?.dim(), part.first_face, track.n_faces() as u32, &options.pooling)
}

fn embed_track(
    set: &TrackSet,
    track: &Track,
    embedder: Option<&Embedder>,
    options: &EmbedOptions,
    landmarks: &Landmarks,
    cx: &Cx,
) -> Result<TrackEmbedding, EmbedError> {
    match (&track.source, embedder) {
        (TrackSource::Faces { .. }, Some(embedder)) => {
            face::embed(set, track, embedder, options, landmarks, cx)
        }
        (TrackSource::Features { file, .. }, _) => {
            let rows = read_track_features(&set.root.join(file))?;
            options.pooling.require_width(rows.dim())?;
            let weighted: Vec<(&[f32], f32)> = (0..rows.len() as u32).map(|ix| (rows.row(ix), 1.0)).collect();
            let vector = pool(&weighted, &options.pooling);
            let indices: Vec<u32> = (0..rows.len() as u32).collect();
            let parts = rows.into_unit().ok().and_then(|rows| Parts::of(&rows, &indices));
            Ok(TrackEmbedding { vector, parts, ..TrackEmbedding::default() })
        }
        (TrackSource::Faces { .. } | TrackSource::Rows { .. }, _) => Ok(TrackEmbedding::default()),
    }
}

fn warn(set: &TrackSet, track: &Track, embedding: &TrackEmbedding, cx: &Cx) {
    let files: Vec<PathBuf> = track.pictures(&set.root).map(|(_, path)| path).collect();
    let shown = |ix: u32| files.get(ix as usize).map(|path| path.display().to_string()).unwrap_or_default();
    for (face, reason) in &embedding.unreadable {
        cx.warn(WarningKind::Unreadable, format!("the picture {reason}; it was left out: {}", shown(*face)));
    }
    for used in embedding.faces.iter().filter(|used| used.no_face) {
        let message = format!("{NO_FACE}: {}", shown(used.face));
        cx.warn_track(WarningKind::NoFace, message, &track.id);
    }
    if embedding.vector.is_some() && embedding.is_guess() {
        let message = format!("{NO_FACE_AT_ALL}: {}", track.id);
        cx.warn_track(WarningKind::NoFace, message, &track.id);
    }
    if let Some(parts) = embedding.parts.filter(Parts::are_two_people) {
        let frame = track.frame(parts.face).unwrap_or_default();
        let message = format!(
            "the track {} seems to show two people, one up to frame {frame} and another from there on \
             (similarity {:.2} across, {:.2} within)",
            track.id, parts.across, parts.within
        );
        cx.warn(WarningKind::TwoPeople, message);
    }
    if embedding.vector.is_none() {
        cx.warn(
            WarningKind::UnusableTrack,
            format!("no usable face; the track stays unassigned: {}", track.id),
        );
    }
}

/// One folder has one length of vectors.
fn check_lengths(set: &TrackSet, embeddings: &[TrackEmbedding]) -> Result<(), EmbedError> {
    let mut expected = None;
    for (track, embedding) in set.tracks.iter().zip(embeddings) {
        let Some(found) = embedding.vector.as_ref().map(Vec::len) else { continue };
        let expected = *expected.get_or_insert(found);
        if found != expected {
            let path = set.root.clone();
            return Err(EmbedError::FeatureLength { track: track.id.clone(), found, expected, path });
        }
    }
    Ok(())
}
