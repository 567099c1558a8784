//! The faces of one track through the networks.

use std::time::Duration;

use super::align::{SimilarityTransform, TEMPLATE, resize, template, warp};
use super::landmarks::{CropLandmarks, LandmarkFinder};
use super::regions::PixelRect;
use super::tensor::{InputTensor, network_file};
use super::{CropAlignment, EmbedError, EmbedOptions, FaceUse, Parts, TrackEmbedding, vectors};
use crate::base::{Cx, Fingerprint, Hasher, evenly_spaced};
use crate::infer::{Engine, Network};
use crate::models::{Crop, Model, ModelEntry};
use crate::pooling::{Pooling, length, pool};
use crate::tracks::{
    FaceQuality, GivenLandmarks, Landmarks, Picture, PictureError, Track, TrackSet, decode, is_blank,
    measure_quality,
};

/// Longest side of a crop that is kept in memory, in pixels.
const KEPT_PX: u32 = 512;

/// A loaded embedding model, with the landmark network where it needs one.
#[derive(Debug)]
pub struct Embedder {
    entry: ModelEntry,
    fingerprint: Fingerprint,
    network: Network,
    tensor: InputTensor,
    landmark_finder: Option<LandmarkFinder>,
}

impl Embedder {
    /// Loads an embedding model; `align` finds the landmarks of loose crops for it.
    ///
    /// # Errors
    /// [`EmbedError::Infer`] where a graph does not load or does not fit its entry.
    pub fn load(engine: &Engine, model: &Model, align: &Model) -> Result<Self, EmbedError> {
        let entry = &model.entry;
        let network = Network::load(engine, &network_file(model, entry.dim))?;
        let finder = match entry.crop {
            Crop::Aligned112 => Some(LandmarkFinder::load(engine, align)?),
            Crop::Loose => None,
        };
        let mut hasher = Hasher::default();
        hasher.part(model.fingerprint().0);
        if finder.is_some() {
            hasher.part(align.fingerprint().0);
        }
        let tensor = InputTensor::new(entry);
        Ok(Self {
            entry: entry.clone(),
            fingerprint: hasher.finish(),
            network,
            tensor,
            landmark_finder: finder,
        })
    }

    /// What a vector depends on beside its faces.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Numbers in a vector.
    pub fn dim(&self) -> usize {
        self.network.row()
    }

    /// CPU time spent inside the networks so far.
    pub fn engine_time(&self) -> Duration {
        self.network.engine_time()
            + self.landmark_finder.as_ref().map_or(Duration::ZERO, LandmarkFinder::engine_time)
    }
}

/// Weight of a picture in which no face could be found.
const HARDLY: f32 = 0.02;
/// Contrast of an aligned picture below which the landmarks lie beside everything there is to see.
const FLAT: f32 = 1.5;

/// One face on its way: what it looks like, aligned and measured.
struct PreparedFace {
    face: u32,
    quality: FaceQuality,
    no_face: bool,
    input: Picture,
}

/// Embeds a track's chosen frames as one batch.
pub(super) fn embed(
    set: &TrackSet,
    track: &Track,
    embedder: &Embedder,
    options: &EmbedOptions,
    landmarks: &Landmarks,
    cx: &Cx,
) -> Result<TrackEmbedding, EmbedError> {
    let mut result = TrackEmbedding::default();
    let mut vectors: Vec<f32> = Vec::new();
    let chosen = choose(track, options.frames_per_track);
    // Sixteen frames are one batch, so memory stays bounded also where all frames are taken.
    for batch in chosen.chunks(16) {
        cx.check()?;
        let prepared = prepare(set, track, batch, embedder, options, landmarks, &mut result)?;
        let inputs = embedder.tensor.of(prepared.iter().map(|face| &face.input));
        if prepared.is_empty() {
            continue;
        }
        vectors.extend(embedder.network.run(&inputs)?);
        result.faces.extend(prepared.iter().map(|face| {
            let weight = match (face.quality.blank, face.no_face) {
                (true, _) => 0.0,
                (_, true) => HARDLY,
                _ => face.quality.weight(),
            };
            FaceUse { face: face.face, weight, no_face: face.no_face, quality: face.quality }
        }));
    }
    let rows = vectors.chunks_exact(embedder.dim().max(1));
    for (used, row) in result.faces.iter_mut().zip(rows.clone()) {
        if length(row).is_none() {
            used.weight = 0.0;
        }
    }
    let weighted: Vec<(&[f32], f32)> =
        rows.zip(&result.faces).map(|(row, used)| (row, used.weight)).collect();
    result.vector = pool(&weighted, &options.pooling);
    result.packed_faces =
        vectors::pack(weighted.iter().filter(|(_, weight)| *weight > HARDLY).map(|(row, _)| *row));
    result.parts = parts(&result, &result.packed_faces, embedder.dim());
    Ok(result)
}

/// How many faces of an embedding count.
pub(super) fn n_counted(embedding: &TrackEmbedding) -> usize {
    embedding.faces.iter().filter(|used| used.weight > HARDLY).count()
}

/// Where the faces that count fall apart, of their packed vectors.
pub(super) fn parts(embedding: &TrackEmbedding, packed: &[u8], dim: usize) -> Option<Parts> {
    let counted = embedding.faces.iter().filter(|used| used.weight > HARDLY);
    let counted: Vec<u32> = counted.map(|used| used.face).collect();
    Parts::of(&vectors::unpack(packed, dim)?, &counted)
}

/// The embedding of some of a track's faces, `n` from the one with index `first` on, pooled of its kept
/// vectors. `None` where none of them counts.
pub(super) fn part(
    whole: &TrackEmbedding,
    packed: &[u8],
    dim: usize,
    first: u32,
    n: u32,
    pooling: &Pooling,
) -> Option<TrackEmbedding> {
    let rows = vectors::unpack(packed, dim)?;
    let lies = |face: u32| (first..first + n).contains(&face);
    let own = |face: u32| face - first;
    let counted: Vec<&FaceUse> = whole.faces.iter().filter(|used| used.weight > HARDLY).collect();
    if counted.len() != rows.len() {
        return None;
    }
    let weighted: Vec<(&[f32], f32)> = (0..rows.len() as u32)
        .zip(&counted)
        .filter(|(_, used)| lies(used.face))
        .map(|(row, used)| (rows.row(row), used.weight))
        .collect();
    let mut result = TrackEmbedding { vector: Some(pool(&weighted, pooling)?), ..TrackEmbedding::default() };
    let faces = whole.faces.iter().filter(|used| lies(used.face));
    result.faces = faces.map(|used| FaceUse { face: own(used.face), ..*used }).collect();
    let unreadable = whole.unreadable.iter().filter(|(face, _)| lies(*face));
    result.unreadable = unreadable.map(|(face, why)| (own(*face), why.clone())).collect();
    result.packed_faces = vectors::pack(weighted.iter().map(|(row, _)| *row));
    result.parts = parts(&result, &result.packed_faces, dim);
    Some(result)
}

/// The readable faces to look at, at most `limit` of them, spread evenly (0: all).
fn choose(track: &Track, limit: usize) -> Vec<u32> {
    let crate::tracks::TrackSource::Faces { faces, .. } = &track.source else { return Vec::new() };
    let readable: Vec<u32> =
        (0..faces.len() as u32).filter(|&ix| faces[ix as usize].unreadable.is_none()).collect();
    let most = if limit == 0 { readable.len() } else { limit };
    evenly_spaced(readable.len(), most).map(|at| readable[at]).collect()
}

fn prepare(
    set: &TrackSet,
    track: &Track,
    chosen: &[u32],
    embedder: &Embedder,
    options: &EmbedOptions,
    given: &Landmarks,
    result: &mut TrackEmbedding,
) -> Result<Vec<PreparedFace>, EmbedError> {
    let files: Vec<_> = track.pictures(&set.root).collect();
    let mut crops: Vec<(u32, DecodedCrop)> = Vec::with_capacity(chosen.len());
    for &ix in chosen {
        let (face, path) = &files[ix as usize];
        match decode(path) {
            Ok(picture) => {
                let points = given.get(&(track.scanned_id().to_owned(), face.frame)).copied();
                crops.push((ix, DecodedCrop::new(picture, points)));
            }
            Err(error) => {
                result.interrupted |= matches!(error, PictureError::Io(_));
                result.unreadable.push((ix, error.to_string()));
            }
        }
    }
    let found = find_landmarks(&crops, embedder, options)?;
    Ok(crops
        .into_iter()
        .zip(found)
        .map(|((face, crop), found)| crop.prepare(face, found, &embedder.entry))
        .collect())
}

/// Landmarks of each crop: given, found, or none where the model or the crops need none.
fn find_landmarks(
    crops: &[(u32, DecodedCrop)],
    embedder: &Embedder,
    options: &EmbedOptions,
) -> Result<Vec<Option<CropLandmarks>>, EmbedError> {
    let Some(finder) = embedder.landmark_finder.as_ref().filter(|_| options.crops == CropAlignment::Loose)
    else {
        return Ok(vec![None; crops.len()]);
    };
    let wanting: Vec<&Picture> =
        crops.iter().filter(|(_, c)| c.given.is_none()).map(|(_, c)| &c.picture).collect();
    let mut found = if wanting.is_empty() { Vec::new() } else { finder.find(&wanting)? }.into_iter();
    Ok(crops
        .iter()
        .map(|(_, crop)| match crop.given {
            Some(given) => {
                let disagreement = given.disagreement.unwrap_or(f32::NAN);
                Some(CropLandmarks { points: given.points, disagreement, is_guess: false })
            }
            None => found.next(),
        })
        .collect())
}

/// A decoded crop, reduced where it is very large.
struct DecodedCrop {
    picture: Picture,
    given: Option<GivenLandmarks>,
    size_px: u32,
}

impl DecodedCrop {
    fn new(picture: Picture, given: Option<GivenLandmarks>) -> Self {
        let size_px = picture.width.min(picture.height);
        let longest = picture.width.max(picture.height);
        if longest <= KEPT_PX {
            return Self { picture, given, size_px };
        }
        let factor = KEPT_PX as f32 / longest as f32;
        let side = |px: u32| ((px as f32 * factor).round() as u32).max(1);
        let picture = resize(&picture, side(picture.width), side(picture.height));
        let reduced =
            |it: GivenLandmarks| GivenLandmarks { points: it.points.map(|p| p.map(|v| v * factor)), ..it };
        Self { picture, given: given.map(reduced), size_px }
    }

    fn prepare(self, face: u32, found: Option<CropLandmarks>, entry: &ModelEntry) -> PreparedFace {
        let seen = PixelRect::trimmed(&self.picture).unwrap_or(PixelRect::whole(&self.picture));
        let blank = is_blank(&seen.crop(&self.picture, seen));
        let (height, width) = (entry.size.height as usize, entry.size.width as usize);
        let shift = [entry.crop_shift_px[0] as f32, entry.crop_shift_px[1] as f32];
        let fit = found.and_then(|found| {
            Some((
                found,
                SimilarityTransform::fit(&found.points, &TEMPLATE)?,
                SimilarityTransform::fit(&found.points, &template(height, shift))?,
            ))
        });
        if let Some((found, to_112, to_input)) = fit {
            let mut quality = measure_quality(&warp(&self.picture, to_112, 112, 112), self.size_px);
            quality.frontality = Some(frontality(&found.points.map(|point| to_112.apply(point))));
            quality.disagreement = Some(found.disagreement).filter(|e| !e.is_nan());
            quality.blank = blank;
            let no_face = blank || found.is_guess || quality.contrast < FLAT;
            return PreparedFace {
                face,
                quality,
                no_face,
                input: warp(&self.picture, to_input, width, height),
            };
        }
        let aligned = resize(&self.picture, 112, 112);
        let quality = FaceQuality { blank, ..measure_quality(&aligned, self.size_px) };
        // An aligned crop is the template's square: a narrower input sees its shifted middle.
        let input = if (width, shift) == (height, [0.0; 2]) {
            resize(&self.picture, width as u32, height as u32)
        } else {
            let corners = TEMPLATE;
            match SimilarityTransform::fit(&corners, &template(height, shift)) {
                Some(map) => warp(&aligned, map, width, height),
                None => resize(&self.picture, width as u32, height as u32),
            }
        };
        PreparedFace { face, quality, no_face: blank, input }
    }
}

/// 1 where the nose stands midway between the eyes, 0 where below one of them.
fn frontality(points: &crate::tracks::Points) -> f32 {
    let [left, right, nose, ..] = points;
    let middle = f32::midpoint(left[0], right[0]);
    let half = (right[0] - left[0]).abs() / 2.0;
    (1.0 - (nose[0] - middle).abs() / half.max(1.0)).clamp(0.0, 1.0)
}
