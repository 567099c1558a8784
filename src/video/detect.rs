//! The face detector: a whole picture in, faces out.
//!
//! Takes pictures of one size; gives faces in their pixels. A picture is brought to the network's input by
//! one factor and padded with black to the right and below, never enlarged.

use std::borrow::Cow;
use std::time::Duration;

use super::VideoError;
use super::detections::{Detection, read};
use crate::embed::{InputTensor, resize};
use crate::infer::{Engine, EngineKind, InferError, InputShape, MultiOutputNetwork, NetworkFile};
use crate::models::{Catalogue, DEFAULT_DETECT, DetectorOutputs, Model, ModelKind, TensorLayout};
use crate::tracks::Picture;

/// The longer side of an input, in pixels, where the network takes any size.
const LONGER_SIDE: u32 = 640;
/// The longest where small faces are wanted.
const LONGEST_SIDE: u32 = 1280;
/// A face of fewer pixels in the network's input is rather a pattern.
const LEAST_INPUT_PX: f32 = 20.0;
/// Sides are multiples of the largest stride.
const STEP: u32 = 32;

/// What is asked of a detector.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DetectorWish<'a> {
    /// An id of the catalogue, or an ONNX file.
    pub(crate) spec: &'a str,
    /// The least height of a face, in pixels of the picture.
    pub(crate) min_face_px: f32,
    /// Whether the input may be larger so that such faces are found in large pictures.
    pub(crate) small_faces: bool,
}

/// A loaded detector for pictures of one size.
#[derive(Debug)]
pub(crate) struct Detector {
    id: String,
    sha256: String,
    network: MultiOutputNetwork,
    tensor: InputTensor,
    form: DetectorOutputs,
    start_score: f32,
    keep_score: f32,
    /// Pixels of the input a pixel of the picture; at most 1.
    scale: f32,
    min_face_px: f32,
}

impl Detector {
    /// Loads the detector that `wish` names, for pictures of `width` × `height` pixels.
    ///
    /// # Errors
    /// [`VideoError::Model`] where it is no detector that Castlist can read, [`VideoError::Infer`] where the
    /// engine refuses it.
    pub(crate) fn load(
        engine: &Engine,
        catalogue: &Catalogue,
        wish: DetectorWish<'_>,
        (width, height): (u32, u32),
    ) -> Result<Self, VideoError> {
        let mut model = catalogue.resolve(wish.spec, &[])?.require(ModelKind::Detect)?;
        // The built-in engine is four times faster on a graph of one size.
        if wish.spec == DEFAULT_DETECT && engine.kind == EngineKind::Tract && !wish.small_faces {
            let shape = if width >= height { "384x640" } else { "640x384" };
            model = catalogue.resolve(format!("{DEFAULT_DETECT}-{shape}"), &[])?;
        }
        let Model { entry, bytes, sha256, weights, .. } = model;
        let form = entry.decode.ok_or_else(|| VideoError::Undescribed(entry.id.clone()))?;
        let longer = width.max(height);
        let (input_width, input_height) = if entry.any_size {
            let wanted = if wish.small_faces {
                let wanted = longer as f32 * LEAST_INPUT_PX / wish.min_face_px;
                (wanted as u32).clamp(LONGER_SIDE, LONGEST_SIDE)
            } else {
                LONGER_SIDE
            };
            let scale = (wanted as f32 / longer as f32).min(1.0);
            let side = |px: u32| ((px as f32 * scale).round() as u32).max(1).next_multiple_of(STEP);
            (side(width), side(height))
        } else {
            (entry.size.width, entry.size.height)
        };
        let fits = |input: u32, px: u32| input as f32 / px as f32;
        let scale = fits(input_width, width).min(fits(input_height, height)).min(1.0);
        let shape = InputShape {
            height: input_height as usize,
            width: input_width as usize,
            channels_last: entry.layout == TensorLayout::Nhwc,
        };
        let graph = NetworkFile {
            name: &entry.id,
            bytes: &bytes,
            is_trusted: matches!(bytes, Cow::Borrowed(_)),
            file: weights.as_ref().map(|weights| weights.model.as_path()),
            shape,
            row: None,
            output: None,
        };
        let network = MultiOutputNetwork::load(engine, &graph)?;
        Ok(Self {
            network,
            tensor: InputTensor::new(&entry),
            form,
            start_score: entry.start_score.unwrap_or(0.6) as f32,
            keep_score: entry.keep_score.unwrap_or(0.4) as f32,
            scale,
            min_face_px: wish.min_face_px.max(LEAST_INPUT_PX / scale),
            id: entry.id,
            sha256,
        })
    }

    /// Its id in the catalogue and the sha256 of its file.
    pub(crate) fn identity(&self) -> (&str, &str) {
        (&self.id, &self.sha256)
    }

    /// From which score on a face begins a track.
    pub(crate) fn start_score(&self) -> f32 {
        self.start_score
    }

    /// The least height of a face that is reported, in pixels of the picture.
    pub(crate) fn min_face_px(&self) -> f32 {
        self.min_face_px
    }

    /// CPU time inside the network so far.
    pub(crate) fn engine_time(&self) -> Duration {
        self.network.engine_time()
    }

    /// The faces of a picture, best first. Callable from many threads.
    ///
    /// # Errors
    /// [`InferError`] where the network fails or its outputs are not of the form that its entry says.
    pub(crate) fn find(&self, picture: &Picture) -> Result<Vec<Detection>, InferError> {
        let InputShape { width, height, .. } = self.network.shape();
        let side = |px: u32, most: usize| ((px as f32 * self.scale).round() as u32).clamp(1, most as u32);
        let small = resize(picture, side(picture.width, width), side(picture.height, height));
        let padded = padded(&small, width, height);
        let outputs = self.network.run(&self.tensor.of([&padded].into_iter()))?;
        let found = read(self.form, &outputs, (width, height), self.keep_score)
            .map_err(|what| InferError::Shape { name: self.id.clone(), what })?;
        let factor = 1.0 / self.scale;
        let faces = found.into_iter().map(|face| face.scaled(factor));
        Ok(faces.filter(|face| face.rect.height >= self.min_face_px).collect())
    }
}

/// A picture in the upper left corner of a black one.
fn padded(picture: &Picture, width: usize, height: usize) -> Picture {
    if (picture.width as usize, picture.height as usize) == (width, height) {
        return picture.clone();
    }
    let mut rgb = vec![0; width * height * 3];
    let own = picture.width as usize * 3;
    for (line, source) in rgb.chunks_exact_mut(width * 3).zip(picture.rgb.chunks_exact(own)) {
        line[..own].copy_from_slice(source);
    }
    Picture { width: width as u32, height: height as u32, rgb }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_black_on_the_right_and_below() {
        let picture = Picture { width: 2, height: 1, rgb: vec![1, 2, 3, 4, 5, 6] };
        let wide = padded(&picture, 3, 2);
        assert_eq!(wide.rgb, [1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(padded(&picture, 2, 1), picture);
    }
}
