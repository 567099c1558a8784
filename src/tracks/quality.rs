//! How much a picture of a face is worth.
//!
//! Measured on the aligned face, 112×112 pixels in grey. The measures are kept as they are;
//! the weight that pooling uses is made of them in one place, [`FaceQuality::weight`].

use serde::{Deserialize, Serialize};

use super::Picture;

/// Side of the aligned picture on which quality is measured, in pixels.
const SIDE: usize = 112;
/// Rows and columns that show the face itself.
const ROWS: std::ops::Range<usize> = 12..108;
const COLUMNS: std::ops::Range<usize> = 14..98;

/// What was measured on one face.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FaceQuality {
    /// Fine detail: standard deviation of the Laplacian over that of the grey levels; about
    /// 0.05 where blurred, 0.15 and more where sharp, above 1 in noise.
    pub sharpness: f32,
    /// Standard deviation of the grey levels, 0..=127.5; below 20 is dim or washed out.
    pub contrast: f32,
    /// Share of pixels that are black or burnt out, 0..=1.
    pub clipped: f32,
    /// Shorter side of the crop, in pixels of the file.
    pub size_px: u32,
    /// 1 where the face looks at the camera, 0 in profile; none without landmarks. It is
    /// shown, not weighed: measured, it makes embeddings worse.
    pub frontality: Option<f32>,
    /// How badly the landmarks follow the picture when it is turned and mirrored; 0 where
    /// perfectly, above 0.38 there is probably no face. None where the landmarks were given.
    pub disagreement: Option<f32>,
    /// Whether the crop shows nothing at all, see [`is_blank`].
    #[serde(default)]
    pub blank: bool,
}

/// Whether a picture is flat, or nothing but noise: whatever the landmarks say, there is no face.
///
/// The pixels of noise know nothing of each other, so that means of 4×4 of them keep a quarter of
/// its contrast, and half where it was enlarged; sharpened and coarsely compressed faces keep 0.85
/// and more.
pub fn is_blank(picture: &Picture) -> bool {
    const BLOCK: usize = 4;
    let grey = grey(picture);
    let (width, height) = (picture.width as usize, picture.height as usize);
    let mut levels = Moments::default();
    for &value in &grey {
        levels.add(value);
    }
    if levels.deviation() < 1.5 {
        return true;
    }
    // Too few blocks say nothing.
    if width < 4 * BLOCK || height < 4 * BLOCK {
        return false;
    }
    let mut means = Moments::default();
    for y in 0..height / BLOCK {
        for x in 0..width / BLOCK {
            let rows = (y * BLOCK..(y + 1) * BLOCK).map(|row| row * width + x * BLOCK);
            let sum: f32 = rows.map(|start| grey[start..start + BLOCK].iter().sum::<f32>()).sum();
            means.add(sum / (BLOCK * BLOCK) as f32);
        }
    }
    means.deviation() < 0.6 * levels.deviation()
}

fn grey(picture: &Picture) -> Vec<f32> {
    let level = |p: &[u8]| 0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2]);
    picture.rgb.chunks_exact(3).map(level).collect()
}

/// Measures an aligned picture of 112×112 pixels; `size_px` is the crop's shorter side.
pub fn measure(aligned: &Picture, size_px: u32) -> FaceQuality {
    debug_assert_eq!((aligned.width as usize, aligned.height as usize), (SIDE, SIDE));
    let grey = grey(aligned);
    let at = |row: usize, column: usize| grey[row * SIDE + column];
    let mut levels = Moments::default();
    let mut details = Moments::default();
    let mut clipped = 0_usize;
    for row in ROWS {
        for column in COLUMNS {
            let value = at(row, column);
            levels.add(value);
            clipped += usize::from(!(8.0..=247.0).contains(&value));
            let inner =
                row > ROWS.start && row + 1 < ROWS.end && column > COLUMNS.start && column + 1 < COLUMNS.end;
            if inner {
                let around =
                    at(row - 1, column) + at(row + 1, column) + at(row, column - 1) + at(row, column + 1);
                details.add(around - 4.0 * value);
            }
        }
    }
    let contrast = levels.deviation();
    FaceQuality {
        sharpness: details.deviation() / contrast.max(1.0),
        contrast,
        clipped: clipped as f32 / (ROWS.len() * COLUMNS.len()) as f32,
        size_px,
        frontality: None,
        disagreement: None,
        blank: false,
    }
}

impl FaceQuality {
    /// The weight in a track's mean, 0.01..=1.
    ///
    /// A product of clamped factors, chosen on tracks of stills with blurred, darkened,
    /// shrunk and covered crops mixed in: neutral on clean tracks, better on spoilt ones.
    pub fn weight(&self) -> f32 {
        let factor = |value: f32, least: f32| value.clamp(least, 1.0);
        let landmarks = self.disagreement.map_or(1.0, |e| factor((0.40 - e) / 0.20, 0.25));
        let weight = factor(self.contrast / 20.0, 0.2)
            * factor(1.0 - self.clipped, 0.2)
            * factor(self.sharpness / 0.15, 0.5)
            * factor(self.size_px as f32 / 40.0, 0.5)
            * landmarks;
        weight.max(0.01)
    }

    /// How well a picture shows a person, 0..=1, for covers: sharp, well lit, large and looking at the
    /// camera. Finer than [`Self::weight`], which doesn't part good pictures.
    ///
    /// A product of factors; what looks sharper than any lens makes it is noise.
    pub fn portrait(&self) -> f32 {
        let share = |value: f32, least: f32| least + (1.0 - least) * value.clamp(0.0, 1.0);
        let noise = if self.sharpness > 0.8 { 0.3 } else { 1.0 };
        share(self.sharpness / 0.25, 0.1)
            * share(self.contrast / 45.0, 0.3)
            * share(1.0 - 2.0 * self.clipped, 0.2)
            * share(self.size_px as f32 / 112.0, 0.2)
            * share(self.frontality.unwrap_or(0.5), 0.15)
            * share(self.disagreement.map_or(1.0, |e| (0.40 - e) / 0.30), 0.1)
            * noise
    }
}

/// Running mean and variance.
#[derive(Default)]
struct Moments {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f32) {
        let value = f64::from(value);
        self.n += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    fn deviation(&self) -> f32 {
        let mean = self.sum / self.n;
        (self.squares / self.n - mean * mean).max(0.0).sqrt() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(pixel: impl Fn(usize, usize) -> u8) -> Picture {
        let rgb = (0..SIDE * SIDE).flat_map(|at| [pixel(at / SIDE, at % SIDE); 3]).collect();
        Picture { width: SIDE as u32, height: SIDE as u32, rgb }
    }

    #[test]
    fn flat_and_noise_show_nothing() {
        assert!(is_blank(&picture(|_, _| 90)));
        let mut state = 7_u32;
        let noise: Vec<u8> = (0..SIDE * SIDE)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        assert!(is_blank(&picture(|y, x| noise[y * SIDE + x])));
        let enlarged = picture(|y, x| noise[y / 2 * SIDE + x / 2]);
        assert!(is_blank(&enlarged), "each of its pixels stands four times");
    }

    #[test]
    fn a_sharpened_picture_is_no_noise() {
        // Broad shapes with hard grain on them: finer than any lens, but there is a shape.
        let grainy = picture(|y, x| {
            let shape = 60.0 * (y as f32 / 20.0).sin() + 40.0 * (x as f32 / 15.0).cos();
            (128.0 + shape + if (x + y) % 2 == 0 { 25.0 } else { -25.0 }) as u8
        });
        assert!(measure(&grainy, 160).sharpness > 1.0);
        assert!(!is_blank(&grainy));
    }

    #[test]
    fn a_soft_pattern_weighs_more_when_sharp_bright_and_large() {
        let wave = |period: f32, depth: f32| {
            let depth = move |y: usize, x: usize| {
                let phase = (y as f32 / period).sin() + (x as f32 / period).sin();
                (128.0 + depth * phase) as u8
            };
            measure(&picture(depth), 160)
        };
        let sharp = wave(2.5, 50.0);
        assert!(sharp.weight() > wave(25.0, 50.0).weight());
        assert!(sharp.weight() > wave(2.5, 5.0).weight());
        assert!(sharp.weight() > FaceQuality { size_px: 20, ..sharp }.weight());
        assert!(sharp.weight() > FaceQuality { disagreement: Some(0.35), ..sharp }.weight());
        let good = FaceQuality { frontality: Some(0.9), disagreement: Some(0.05), ..sharp };
        for worse in [
            FaceQuality { sharpness: 0.05, ..good },
            FaceQuality { sharpness: 1.5, ..good },
            FaceQuality { contrast: 10.0, ..good },
            FaceQuality { clipped: 0.3, ..good },
            FaceQuality { size_px: 48, ..good },
            FaceQuality { frontality: Some(0.2), ..good },
            FaceQuality { disagreement: Some(0.3), ..good },
        ] {
            assert!(worse.portrait() < good.portrait(), "{worse:?}");
            assert!((0.0..=1.0).contains(&worse.portrait()), "{worse:?}");
        }
    }
}
