//! From a detector's numbers to faces.
//!
//! Takes the outputs of a network in one of the known forms; gives boxes, scores and five points in
//! pixels of the network's input, of overlapping ones the best. It depends on no picture.

use crate::infer::OutputTensor;
use crate::models::DetectorOutputs;
use crate::tracks::Points;

/// Steps between a network's cells, in pixels of its input.
const STRIDES: [usize; 3] = [8, 16, 32];
/// Boxes that overlap more are one face (intersection over union).
const SAME_FACE: f32 = 0.4;

/// An upright rectangle in pixels; it may leave the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FaceBox {
    /// Left edge.
    pub(crate) x: f32,
    /// Upper edge.
    pub(crate) y: f32,
    /// Above 0.
    pub(crate) width: f32,
    /// Above 0.
    pub(crate) height: f32,
}

impl FaceBox {
    /// The point in the middle.
    pub(crate) fn centre(&self) -> [f32; 2] {
        [self.x + self.width / 2.0, self.y + self.height / 2.0]
    }

    /// Intersection over union with another box, in 0..=1.
    pub(crate) fn overlap(&self, other: &Self) -> f32 {
        let across = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let down = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        let shared = across.max(0.0) * down.max(0.0);
        let all = self.width * self.height + other.width * other.height - shared;
        if all > 0.0 { shared / all } else { 0.0 }
    }

    fn is_sane(&self) -> bool {
        [self.x, self.y, self.width, self.height].iter().all(|value| value.is_finite())
            && self.width > 1.0
            && self.height > 1.0
    }
}

/// A face that was detected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Detection {
    /// From forehead to chin.
    pub(crate) rect: FaceBox,
    /// How sure the detector is, in 0..=1; scores of different detectors do not compare.
    pub(crate) score: f32,
    /// The detector's own landmarks: good enough to see which way a face moves.
    pub(crate) points: Points,
}

impl Detection {
    /// The same in a picture that is larger by a factor.
    pub(crate) fn scaled(self, factor: f32) -> Self {
        let FaceBox { x, y, width, height } = self.rect;
        let rect = FaceBox { x: x * factor, y: y * factor, width: width * factor, height: height * factor };
        Self { rect, points: self.points.map(|point| point.map(|value| value * factor)), ..self }
    }
}

/// The faces of at least `least` in outputs for an input of `width` × `height` pixels, best first.
///
/// # Errors
/// In words, which output is not there or has another length.
pub(crate) fn read(
    form: DetectorOutputs,
    outputs: &[OutputTensor],
    (width, height): (usize, usize),
    least: f32,
) -> Result<Vec<Detection>, String> {
    let mut found = Vec::new();
    for (level, stride) in STRIDES.into_iter().enumerate() {
        let (columns, rows) = (width / stride, height / stride);
        match form {
            DetectorOutputs::Yunet => {
                let get = |name: &str, row: usize| {
                    let full = format!("{name}_{stride}");
                    let tensor = outputs.iter().find(|tensor| tensor.name == full);
                    let values = tensor.map(|tensor| tensor.values.as_slice());
                    checked(values, columns * rows * row, &full)
                };
                let (cls, obj) = (get("cls", 1)?, get("obj", 1)?);
                yunet(&mut found, (cls, obj, get("bbox", 4)?, get("kps", 10)?), stride, columns, least);
            }
            DetectorOutputs::Scrfd => {
                let get = |row: usize, what: &str| {
                    let all: Vec<&OutputTensor> = outputs.iter().filter(|tensor| tensor.row == row).collect();
                    let values = all.get(level).map(|tensor| tensor.values.as_slice());
                    checked(values, columns * rows * 2 * row, &format!("{what} of stride {stride}"))
                };
                let tensors = (get(1, "scores")?, get(4, "boxes")?, get(10, "points")?);
                scrfd(&mut found, tensors, stride, columns, least);
            }
        }
    }
    Ok(without_repeats(found))
}

fn checked<'a>(values: Option<&'a [f32]>, length: usize, name: &str) -> Result<&'a [f32], String> {
    match values {
        Some(values) if values.len() == length => Ok(values),
        Some(values) => Err(format!("its output {name} has {} numbers, not {length}", values.len())),
        None => Err(format!("it has no output {name}")),
    }
}

/// `YuNet`'s outputs (libfacedetection.train): two scores, offsets of the centre from the cell's corner, the
/// logarithm of the size in cells, points as offsets.
fn yunet(
    found: &mut Vec<Detection>,
    (cls, obj, boxes, points): (&[f32], &[f32], &[f32], &[f32]),
    stride: usize,
    columns: usize,
    least: f32,
) {
    let step = stride as f32;
    for cell in 0..cls.len() {
        let score = (cls[cell].clamp(0.0, 1.0) * obj[cell].clamp(0.0, 1.0)).sqrt();
        if score.is_nan() || score < least {
            continue;
        }
        let (column, row) = ((cell % columns) as f32, (cell / columns) as f32);
        let b = &boxes[cell * 4..cell * 4 + 4];
        let (width, height) = (b[2].exp() * step, b[3].exp() * step);
        let centre = [(column + b[0]) * step, (row + b[1]) * step];
        let rect = FaceBox { x: centre[0] - width / 2.0, y: centre[1] - height / 2.0, width, height };
        let p = &points[cell * 10..cell * 10 + 10];
        let point = |k: usize| [(column + p[2 * k]) * step, (row + p[2 * k + 1]) * step];
        found.push(Detection { rect, score, points: [0, 1, 2, 3, 4].map(point) });
    }
}

/// SCRFD's outputs (insightface): two anchors a cell, distances from the anchor to the four edges.
fn scrfd(
    found: &mut Vec<Detection>,
    (scores, boxes, points): (&[f32], &[f32], &[f32]),
    stride: usize,
    columns: usize,
    least: f32,
) {
    let step = stride as f32;
    for (anchor, &score) in scores.iter().enumerate() {
        if score.is_nan() || score < least {
            continue;
        }
        let cell = anchor / 2;
        let (x, y) = ((cell % columns) as f32 * step, (cell / columns) as f32 * step);
        let b = &boxes[anchor * 4..anchor * 4 + 4];
        let rect = FaceBox {
            x: x - b[0] * step,
            y: y - b[1] * step,
            width: (b[0] + b[2]) * step,
            height: (b[1] + b[3]) * step,
        };
        let p = &points[anchor * 10..anchor * 10 + 10];
        let point = |k: usize| [x + p[2 * k] * step, y + p[2 * k + 1] * step];
        found.push(Detection { rect, score: score.min(1.0), points: [0, 1, 2, 3, 4].map(point) });
    }
}

/// Of boxes that are one face the best, best first; boxes that are none are left out.
fn without_repeats(mut found: Vec<Detection>) -> Vec<Detection> {
    found.retain(|face| face.rect.is_sane());
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Detection> = Vec::new();
    for face in found {
        if kept.iter().all(|better| better.rect.overlap(&face.rect) <= SAME_FACE) {
            kept.push(face);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(name: &str, row: usize, values: Vec<f32>) -> OutputTensor {
        OutputTensor { name: name.to_owned(), row, values }
    }

    fn near(is: &[f32], want: &[f32]) -> bool {
        is.len() == want.len() && is.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-3)
    }

    fn all_of(face: &Detection) -> Vec<f32> {
        let FaceBox { x, y, width, height } = face.rect;
        [vec![x, y, width, height, face.score], face.points.concat()].concat()
    }

    /// Outputs for 64 × 32 pixels in which nothing is detected.
    fn empty_yunet() -> Vec<OutputTensor> {
        let mut outputs = Vec::new();
        for stride in STRIDES {
            let cells = (64 / stride) * (32 / stride);
            for (name, row) in [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)] {
                outputs.push(tensor(&format!("{name}_{stride}"), row, vec![0.0; cells * row]));
            }
        }
        outputs
    }

    #[test]
    fn a_cell_of_yunet_becomes_a_box_around_its_centre() {
        let mut outputs = empty_yunet();
        // Stride 16, 4 columns: cell 6 is column 2, row 1.
        for (name, value) in [("cls_16", 0.81), ("obj_16", 1.2)] {
            outputs.iter_mut().find(|it| it.name == name).unwrap().values[6] = value;
        }
        let boxes = outputs.iter_mut().find(|it| it.name == "bbox_16").unwrap();
        boxes.values[24..28].copy_from_slice(&[0.5, 0.25, 2.0_f32.ln(), 3.0_f32.ln()]);
        let points = outputs.iter_mut().find(|it| it.name == "kps_16").unwrap();
        points.values[60..64].copy_from_slice(&[0.0, 0.5, 1.0, 0.5]);
        let found = read(DetectorOutputs::Yunet, &outputs, (64, 32), 0.5).unwrap();
        assert_eq!(found.len(), 1);
        let want = [24.0, -4.0, 32.0, 48.0, 0.9, 32.0, 24.0, 48.0, 24.0, 32.0, 16.0, 32.0, 16.0, 32.0, 16.0];
        assert!(near(&all_of(&found[0]), &want), "{:?}", found[0]);
        assert!(near(&all_of(&found[0].scaled(2.0))[..5], &[48.0, -8.0, 64.0, 96.0, 0.9]));
    }

    #[test]
    fn an_anchor_of_scrfd_tells_how_far_its_edges_are() {
        let mut outputs = Vec::new();
        for (row, what) in [(1, "s"), (4, "b"), (10, "p")] {
            for stride in STRIDES {
                let anchors = (64 / stride) * (32 / stride) * 2;
                outputs.push(tensor(&format!("{what}{stride}"), row, vec![0.0; anchors * row]));
            }
        }
        // Stride 8, 8 columns: anchor 21 is the second of cell 10, column 2, row 1.
        outputs[0].values[21] = 0.7;
        outputs[3].values[84..88].copy_from_slice(&[1.0, 0.5, 2.0, 1.5]);
        outputs[6].values[210..212].copy_from_slice(&[0.5, -0.5]);
        let found = read(DetectorOutputs::Scrfd, &outputs, (64, 32), 0.5).unwrap();
        let want = [8.0, 4.0, 24.0, 16.0, 0.7, 20.0, 4.0];
        assert!(found.len() == 1 && near(&all_of(&found[0])[..7], &want), "{found:?}");
    }

    #[test]
    fn the_best_of_overlapping_boxes_stays_and_nonsense_goes() {
        let face = |x: f32, score: f32, width: f32| Detection {
            rect: FaceBox { x, y: 0.0, width, height: 10.0 },
            score,
            points: Points::default(),
        };
        let found = [
            face(1.0, 0.6, 10.0),
            face(0.0, 0.9, 10.0),
            face(30.0, 0.5, 10.0),
            face(60.0, 0.8, f32::INFINITY),
            face(90.0, 0.8, 0.0),
        ];
        let kept: Vec<f32> = without_repeats(found.to_vec()).iter().map(|face| face.rect.x).collect();
        assert!(near(&kept, &[0.0, 30.0]), "{kept:?}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut outputs = empty_yunet();
        outputs.retain(|it| it.name != "kps_32");
        let error = read(DetectorOutputs::Yunet, &outputs, (64, 32), 0.5).unwrap_err();
        assert_eq!(error, "it has no output kps_32");
        outputs[0].values.pop();
        let error = read(DetectorOutputs::Yunet, &outputs, (64, 32), 0.5).unwrap_err();
        assert_eq!(error, "its output cls_8 has 31 numbers, not 32");
    }
}
