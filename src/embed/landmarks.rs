//! Five landmarks in a loose crop, and whether they can be believed.
//!
//! The landmark network always answers, also where there is no face. So it looks twice more
//! at the turned and mirrored picture: on a face, the points move with the picture. Where they do
//! not, it looks at other views of the picture, and the points on which it agrees best with itself
//! are the best guess there is.

use std::time::Duration;

use super::align::{SimilarityTransform, TEMPLATE, resize};
use super::regions::{PixelRect, mirrored, mirrored_points};
use super::tensor::{InputTensor, network_file};
use crate::infer::{Engine, InferError, Network};
use crate::models::{Model, ModelEntry};
use crate::tracks::{Picture, Points};

/// Side of the landmark network's input, in pixels.
pub(super) const SIDE: usize = 64;
/// A first look that agrees this well needs no second one.
const SURE: f32 = 0.2;
/// Points that disagree more than this are probably not those of a face.
const DOUBT: f32 = 0.38;
/// A face that lies on its side disagrees as well, so from this turn on that says nothing.
const ROLLED_DEGREES: f32 = 22.0;
/// Where the points of a face lie in a loose crop, as fractions of its sides: the mean of those
/// found with certainty in 2,590 crops of films.
const USUAL: Points = [[0.411, 0.438], [0.587, 0.434], [0.502, 0.545], [0.432, 0.648], [0.575, 0.644]];

/// Landmarks of one crop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CropLandmarks {
    /// In pixels of the crop.
    pub points: Points,
    /// Mean distance between expected and found points over the eye distance, where the crop
    /// was looked at as it is, or without its black borders.
    pub disagreement: f32,
    /// Whether the points are the best guess in a crop that seems to show no face.
    pub is_guess: bool,
}

impl CropLandmarks {
    fn is_doubtful(&self) -> bool {
        let roll =
            SimilarityTransform::fit(&self.points, &TEMPLATE).map_or(0.0, SimilarityTransform::roll_degrees);
        self.disagreement > DOUBT && roll.abs() < ROLLED_DEGREES
    }
}

/// A turn, scale, shift and mirroring of the unit square about its centre.
struct Augmentation {
    degrees: f32,
    zoom: f32,
    shift: [f32; 2],
    mirrored: bool,
}

const LOOKS: [Augmentation; 2] = [
    Augmentation { degrees: 12.0, zoom: 1.15, shift: [0.06, -0.05], mirrored: true },
    Augmentation { degrees: 20.0, zoom: 1.0, shift: [0.08, 0.0], mirrored: false },
];

/// Where one pixel of a changed picture comes from: four pixels, and how far it lies from the
/// first towards the right and the lower ones.
#[derive(Debug, Clone, Copy)]
struct BilinearSample {
    pixels: [u16; 4],
    fx: f32,
    fy: f32,
}

/// The landmark network with its looks.
#[derive(Debug)]
pub(crate) struct LandmarkFinder {
    network: Network,
    tensor: InputTensor,
    samples: [Vec<BilinearSample>; 2],
}

impl LandmarkFinder {
    /// Loads a landmark network.
    ///
    /// # Errors
    /// [`InferError`] where the engine refuses it or it does not give five points.
    pub(crate) fn load(engine: &Engine, model: &Model) -> Result<Self, InferError> {
        Ok(Self::new(Network::load(engine, &network_file(model, Some(10)))?, &model.entry))
    }

    /// A loaded landmark network, described by `entry`.
    fn new(network: Network, entry: &ModelEntry) -> Self {
        let taps = [LOOKS[0].samples(), LOOKS[1].samples()];
        Self { network, tensor: InputTensor::new(entry), samples: taps }
    }

    /// CPU time spent inside the network so far.
    pub(crate) fn engine_time(&self) -> Duration {
        self.network.engine_time()
    }

    /// Finds the landmarks of several crops; those of each depend on that crop alone.
    ///
    /// A crop that seems to show no face is looked at in up to sixteen other ways.
    ///
    /// # Errors
    /// [`InferError`] where the network fails.
    pub(crate) fn find(&self, crops: &[&Picture]) -> Result<Vec<CropLandmarks>, InferError> {
        let small: Vec<Picture> = crops.iter().map(|crop| resize(crop, SIDE as u32, SIDE as u32)).collect();
        let found = self.predict(&small)?.into_iter().zip(crops).map(|((points, disagreement), crop)| {
            let found = CropLandmarks {
                points: PixelRect::whole(crop).to_picture(points),
                disagreement,
                is_guess: false,
            };
            if found.is_doubtful() { self.search_regions(crop, found) } else { Ok(found) }
        });
        found.collect()
    }

    /// The points in a crop in which `whole` was found and is not to be believed.
    fn search_regions(&self, crop: &Picture, whole: CropLandmarks) -> Result<CropLandmarks, InferError> {
        let all = PixelRect::whole(crop);
        let trimmed = PixelRect::trimmed(crop);
        let area = trimmed.unwrap_or(all);
        let mut first = whole;
        if trimmed.is_some() {
            let (points, disagreement) = self.predict_one(area.square().resized(crop, area, SIDE))?;
            let found =
                CropLandmarks { points: area.square().to_picture(points), disagreement, is_guess: false };
            if !found.is_doubtful() {
                return Ok(found);
            }
            first = if found.disagreement < whole.disagreement { found } else { whole };
        }
        let views: Vec<PixelRect> = [area.square()].into_iter().chain(area.squares()).collect();
        let looks: Vec<Picture> = views.iter().map(|view| view.resized(crop, area, SIDE)).collect();
        let turned: Vec<Picture> = looks.iter().map(mirrored).collect();
        let plain =
            views.iter().zip(self.predict(&looks)?).map(|(view, (points, e))| (view.to_picture(points), e));
        let turned = views.iter().zip(self.predict(&turned)?);
        let turned = turned.map(|(view, (points, e))| (view.to_picture(mirrored_points(points)), e));
        let best = plain
            .chain(turned)
            .fold((first.points, first.disagreement), |best, next| if next.1 < best.1 { next } else { best });
        // Nothing agrees with itself: then a face is where a crop usually has it.
        let points = if best.1 > DOUBT { area.square().to_picture(USUAL) } else { best.0 };
        Ok(CropLandmarks { points, disagreement: first.disagreement, is_guess: true })
    }

    fn predict_one(&self, small: Picture) -> Result<(Points, f32), InferError> {
        let found = self.predict(&[small])?.into_iter().next();
        Ok(found.unwrap_or((USUAL, f32::INFINITY)))
    }

    /// The points in pictures of the network's size, as fractions, and how much each disagrees.
    fn predict(&self, small: &[Picture]) -> Result<Vec<(Points, f32)>, InferError> {
        let first = points(&self.network.run(&self.tensor.of(small.iter()))?);
        let all: Vec<&Picture> = small.iter().collect();
        let mut disagreement = self.augmented_disagreement(0, &all, &first)?;
        let unsure: Vec<usize> = (0..small.len()).filter(|&at| disagreement[at] > SURE).collect();
        if !unsure.is_empty() {
            let doubtful: Vec<&Picture> = unsure.iter().map(|&at| &small[at]).collect();
            let before: Vec<Points> = unsure.iter().map(|&at| first[at]).collect();
            let second = self.augmented_disagreement(1, &doubtful, &before)?;
            for (at, second) in unsure.into_iter().zip(second) {
                disagreement[at] = f32::midpoint(disagreement[at], second);
            }
        }
        Ok(first.into_iter().zip(disagreement).collect())
    }

    /// How far the points of a changed picture lie from where the first ones should have moved.
    fn augmented_disagreement(
        &self,
        look: usize,
        small: &[&Picture],
        first: &[Points],
    ) -> Result<Vec<f32>, InferError> {
        let changed: Vec<Picture> =
            small.iter().map(|picture| resample(&self.samples[look], picture)).collect();
        let second = points(&self.network.run(&self.tensor.of(changed.iter()))?);
        Ok(first.iter().zip(second).map(|(first, second)| LOOKS[look].disagreement(first, &second)).collect())
    }
}

/// The picture that a look's taps make of another one of the network's size.
fn resample(taps: &[BilinearSample], source: &Picture) -> Picture {
    let (pixels, _) = source.rgb.as_chunks::<3>();
    let mut rgb = vec![0; taps.len() * 3];
    let (changed, _) = rgb.as_chunks_mut::<3>();
    for (tap, pixel) in taps.iter().zip(changed) {
        let [p00, p01, p10, p11] = tap.pixels.map(|at| pixels[usize::from(at)].map(f32::from));
        *pixel = [0, 1, 2].map(|c| {
            let top = p00[c] * (1.0 - tap.fx) + p01[c] * tap.fx;
            let bottom = p10[c] * (1.0 - tap.fx) + p11[c] * tap.fx;
            (top * (1.0 - tap.fy) + bottom * tap.fy + 0.5) as u8
        });
    }
    Picture { rgb, ..*source }
}

impl Augmentation {
    /// The linear part, row by row.
    fn matrix(&self) -> [f32; 4] {
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        let flip = if self.mirrored { -1.0 } else { 1.0 };
        [self.zoom * cos * flip, -self.zoom * sin, self.zoom * sin * flip, self.zoom * cos]
    }

    fn forward(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let m = self.matrix();
        let (x, y) = (x - 0.5, y - 0.5);
        [m[0] * x + m[1] * y + 0.5 + self.shift[0], m[2] * x + m[3] * y + 0.5 + self.shift[1]]
    }

    fn backward(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let m = self.matrix();
        let det = m[0] * m[3] - m[1] * m[2];
        let (x, y) = (x - 0.5 - self.shift[0], y - 0.5 - self.shift[1]);
        [(m[3] * x - m[1] * y) / det + 0.5, (m[0] * y - m[2] * x) / det + 0.5]
    }

    fn samples(&self) -> Vec<BilinearSample> {
        let last = (SIDE - 1) as f32;
        let centre = |at: usize| (at as f32 + 0.5) / SIDE as f32;
        let tap = |at: usize| {
            let [x, y] = self.backward([centre(at % SIDE), centre(at / SIDE)]);
            let (x, y) = ((x * SIDE as f32 - 0.5).clamp(0.0, last), (y * SIDE as f32 - 0.5).clamp(0.0, last));
            let (x0, y0) = (x as usize, y as usize);
            let (x1, y1) = ((x0 + 1).min(SIDE - 1), (y0 + 1).min(SIDE - 1));
            let pixels = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|(x, y)| (y * SIDE + x) as u16);
            BilinearSample { pixels, fx: x - x0 as f32, fy: y - y0 as f32 }
        };
        (0..SIDE * SIDE).map(tap).collect()
    }

    fn disagreement(&self, first: &Points, second: &Points) -> f32 {
        let mut expected = first.map(|point| self.forward(point));
        if self.mirrored {
            expected.swap(0, 1);
            expected.swap(3, 4);
        }
        let apart: f32 =
            expected.iter().zip(second).map(|(e, q)| (e[0] - q[0]).hypot(e[1] - q[1])).sum::<f32>() / 5.0;
        let in_side = first.map(|[x, y]| [x * SIDE as f32, y * SIDE as f32]);
        let scale =
            SimilarityTransform::fit(&in_side, &TEMPLATE).map_or(f32::INFINITY, SimilarityTransform::scale);
        // The template's eye distance, brought back into the unit square.
        let eyes = (35.24 / (SIDE as f32 * scale)).max(0.0315);
        apart / (self.zoom * eyes)
    }
}

fn points(rows: &[f32]) -> Vec<Points> {
    rows.chunks_exact(10).map(|row| [0, 1, 2, 3, 4].map(|at| [row[at * 2], row[at * 2 + 1]])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_inverted_exactly() {
        for look in &LOOKS {
            let [x, y] = look.backward(look.forward([0.3, 0.8]));
            assert!((x - 0.3).abs() < 1e-5 && (y - 0.8).abs() < 1e-5);
        }
    }

    #[test]
    fn points_that_move_with_the_picture_agree() {
        let face = TEMPLATE.map(|[x, y]| [x / 112.0, y / 112.0]);
        for look in &LOOKS {
            let mut moved = face.map(|point| look.forward(point));
            if look.mirrored {
                moved.swap(0, 1);
                moved.swap(3, 4);
            }
            assert!(look.disagreement(&face, &moved) < 1e-4);
            assert!(look.disagreement(&face, &face) > 0.1, "points that stay where they were disagree");
        }
    }
}
