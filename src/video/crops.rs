//! The pictures of a track: which of its moments are kept, and crops with their landmarks.
//!
//! Takes frames while a face is followed; keeps the square of twice its box of some moments, bounded
//! whatever the track's length. At the end gives crops of 35 % margin as JPEG files, with the five points of the
//! landmark network, which looked at the larger square.

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::VideoError;
use super::detections::{Detection, FaceBox};
use crate::embed::{CropLandmarks, LandmarkFinder, PixelRect, resize};
use crate::tracks::{Picture, Points};

/// Sides of the squares around a face, in longer sides of its box: for landmarks, and of a crop.
const LANDMARK_SQUARE: f32 = 2.0;
const CROP_SQUARE: f32 = 1.7;
/// The longest side of a crop, in pixels.
pub(crate) const CROP_PX: u32 = 256;
/// Seconds between two crops, at the least.
const STEP_S: f64 = 0.2;
/// The most crops of a track.
pub(crate) const MOST_CROPS: usize = 40;
/// Moments whose boxes overlap more and whose points lie as close are the same picture again.
const SAME_OVERLAP: f32 = 0.98;
const SAME_POINTS: f32 = 0.02;
/// Points that lie further apart, in eye distances, have nothing to do with each other.
const MOST_DISAGREEMENT: f32 = 9.0;
/// JPEG quality of the crops.
const QUALITY: u8 = 92;

/// A moment of a track whose picture is kept.
#[derive(Debug)]
struct KeptMoment {
    frame: u64,
    seconds: f64,
    face: Detection,
    /// The square of twice the box.
    square: Picture,
    /// Pixels of `square` a pixel of the frame.
    scale: f32,
    /// The square's corner in the frame.
    corner: [f32; 2],
}

/// The moments of one track so far.
#[derive(Debug)]
pub(crate) struct TrackMoments {
    moments: Vec<KeptMoment>,
    step_s: f64,
}

/// A picture of a track as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FaceCrop {
    /// The frame that it was cut from.
    pub(crate) frame: u64,
    /// The JPEG file.
    pub(crate) jpeg: Vec<u8>,
    /// Landmarks in pixels of the crop; none where the network believes that it sees no face.
    pub(crate) points: Option<Points>,
    /// How far the network disagreed with itself, in eye distances.
    pub(crate) disagreement: f32,
    /// How far the detector's points lie from the network's, in eye distances.
    pub(crate) detector_disagreement: f32,
}

impl TrackMoments {
    /// No picture yet.
    pub(crate) fn new() -> Self {
        Self { moments: Vec::new(), step_s: STEP_S }
    }

    /// Keeps a face of a frame, unless one was kept a moment ago or nothing has moved since.
    pub(crate) fn offer(&mut self, frame: u64, seconds: f64, picture: &Picture, face: &Detection) {
        if let Some(last) = self.moments.last()
            && (seconds - last.seconds < self.step_s - 1e-3 || is_same(&last.face, face))
        {
            return;
        }
        let (square, scale, corner) = square_of(picture, &face.rect);
        self.moments.push(KeptMoment { frame, seconds, face: *face, square, scale, corner });
        // However long a track is, its moments lie evenly over it and take bounded memory.
        if self.moments.len() >= 2 * MOST_CROPS {
            let mut at = 0;
            self.moments.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.step_s *= 2.0;
        }
    }

    /// The crops of the track, at most [`MOST_CROPS`].
    ///
    /// # Errors
    /// [`VideoError`] where the network fails.
    pub(crate) fn into_crops(mut self, finder: &LandmarkFinder) -> Result<Vec<FaceCrop>, VideoError> {
        if self.moments.len() > MOST_CROPS {
            let n = self.moments.len();
            let chosen: Vec<usize> = (0..MOST_CROPS).map(|at| at * (n - 1) / (MOST_CROPS - 1)).collect();
            let mut at = 0;
            self.moments.retain(|_| {
                at += 1;
                chosen.binary_search(&(at - 1)).is_ok()
            });
        }
        let squares: Vec<&Picture> = self.moments.iter().map(|moment| &moment.square).collect();
        let found = finder.find(&squares)?;
        self.moments.iter().zip(found).map(|(moment, found)| moment.crop(&found)).collect()
    }
}

fn is_same(before: &Detection, now: &Detection) -> bool {
    let size = now.rect.width.max(now.rect.height);
    let moved = before.points.iter().zip(&now.points).map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]));
    before.rect.overlap(&now.rect) > SAME_OVERLAP && moved.fold(0.0, f32::max) < SAME_POINTS * size
}

/// The square of twice a box, at most as large as a crop of [`CROP_PX`] needs; its scale and its corner.
fn square_of(picture: &Picture, rect: &FaceBox) -> (Picture, f32, [f32; 2]) {
    let side = (rect.width.max(rect.height) * LANDMARK_SQUARE).round().max(2.0);
    let [x, y] = rect.centre();
    let corner = [(x - side / 2.0).round(), (y - side / 2.0).round()];
    let area = PixelRect::new(corner[0] as i32, corner[1] as i32, side as i32, side as i32);
    let square = area.crop(picture, PixelRect::whole(picture));
    let most = (CROP_PX as f32 * LANDMARK_SQUARE / CROP_SQUARE).round();
    if side <= most {
        return (square, 1.0, corner);
    }
    (resize(&square, most as u32, most as u32), most / side, corner)
}

impl KeptMoment {
    fn crop(&self, found: &CropLandmarks) -> Result<FaceCrop, VideoError> {
        let side = self.square.width as i32;
        let inner = (side as f32 * CROP_SQUARE / LANDMARK_SQUARE).round() as i32;
        let edge = (side - inner) / 2;
        let area = PixelRect::new(edge, edge, inner.max(1), inner.max(1));
        let crop = area.crop(&self.square, PixelRect::whole(&self.square));
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
            .encode(&crop.rgb, crop.width, crop.height, ExtendedColorType::Rgb8)
            .map_err(VideoError::Encode)?;
        let in_square =
            |[x, y]: [f32; 2]| [(x - self.corner[0]) * self.scale, (y - self.corner[1]) * self.scale];
        let detected = self.face.points.map(in_square);
        let eyes = (found.points[0][0] - found.points[1][0]).hypot(found.points[0][1] - found.points[1][1]);
        let apart: f32 =
            detected.iter().zip(&found.points).map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).sum();
        let points = found.points.map(|[x, y]| [x - edge as f32, y - edge as f32]);
        Ok(FaceCrop {
            frame: self.frame,
            jpeg,
            points: (!found.is_guess).then_some(points),
            disagreement: bounded(found.disagreement),
            detector_disagreement: bounded(apart / 5.0 / eyes.max(1.0)),
        })
    }
}

/// A disagreement that a journal can hold.
fn bounded(disagreement: f32) -> f32 {
    if disagreement < MOST_DISAGREEMENT { disagreement } else { MOST_DISAGREEMENT }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(x: f32, side: f32) -> Detection {
        let rect = FaceBox { x, y: 20.0, width: side, height: side };
        Detection { rect, score: 0.9, points: [[x, 20.0]; 5] }
    }

    fn picture() -> Picture {
        let rgb = (0..320 * 200 * 3).map(|at| (at % 251) as u8).collect();
        Picture { width: 320, height: 200, rgb }
    }

    #[test]
    fn moments_are_spread_and_bounded() {
        let picture = picture();
        let mut pictures = TrackMoments::new();
        for at in 0..1000_u64 {
            pictures.offer(at, at as f64 * 0.1, &picture, &face((at % 7) as f32 * 10.0, 40.0));
        }
        assert!(pictures.moments.len() < 2 * MOST_CROPS && pictures.moments.len() >= MOST_CROPS);
        let gaps: Vec<u64> = pictures.moments.windows(2).map(|pair| pair[1].frame - pair[0].frame).collect();
        let (least, most) = (gaps.iter().min().unwrap(), gaps.iter().max().unwrap());
        assert!(*most <= 3 * *least, "{gaps:?}");
    }

    #[test]
    fn a_face_that_stands_still_is_kept_once() {
        let picture = picture();
        let mut pictures = TrackMoments::new();
        for at in 0..50_u64 {
            pictures.offer(at, at as f64, &picture, &face(30.0, 40.0));
        }
        assert_eq!(pictures.moments.len(), 1);
    }

    #[test]
    fn a_square_leaves_the_picture_and_large_ones_are_reduced() {
        let picture = picture();
        let (square, scale, corner) = square_of(&picture, &face(-10.0, 40.0).rect);
        assert_eq!((square.width, square.height), (80, 80));
        assert!((scale - 1.0).abs() < 1e-6 && (corner[0] + 30.0).abs() < 1e-6 && corner[1].abs() < 1e-6);
        let (square, scale, _) = square_of(&picture, &face(0.0, 300.0).rect);
        assert_eq!(square.width, 301);
        assert!((scale - 301.0 / 600.0).abs() < 1e-4);
    }
}
