//! From a loose crop to the picture a network was trained on.
//!
//! Five landmarks are brought to the five-point template by the least-squares similarity
//! transform (turn, scale, shift; no mirroring), and the crop is sampled bilinearly through
//! its inverse, edges repeated.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::tracks::{Picture, Points};

/// The five-point template in a 112×112 picture (ArcFace's, also OpenCV's `alignCrop`).
pub const TEMPLATE: Points =
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];

/// The template for an input of `height` pixels, shifted by whole pixels of a 112 picture.
pub(super) fn template(height: usize, shift_px: [f32; 2]) -> Points {
    let scale = height as f32 / 112.0;
    TEMPLATE.map(|[x, y]| [(x + shift_px[0]) * scale, (y + shift_px[1]) * scale])
}

/// `p ↦ (a·x − b·y + tx, b·x + a·y + ty)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimilarityTransform {
    a: f32,
    b: f32,
    tx: f32,
    ty: f32,
}

impl SimilarityTransform {
    /// The least-squares transform from `from` to `to`; none where `from` is one point.
    pub fn fit(from: &Points, to: &Points) -> Option<Self> {
        let centre = |points: &Points| {
            let sum = points.iter().fold([0.0; 2], |sum, p| [sum[0] + p[0], sum[1] + p[1]]);
            [sum[0] / 5.0, sum[1] / 5.0]
        };
        let (cf, ct) = (centre(from), centre(to));
        let (mut dot, mut cross, mut spread) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let (px, py, qx, qy) = (p[0] - cf[0], p[1] - cf[1], q[0] - ct[0], q[1] - ct[1]);
            dot += px * qx + py * qy;
            cross += px * qy - py * qx;
            spread += px * px + py * py;
        }
        if spread <= f32::EPSILON {
            return None;
        }
        let (a, b) = (dot / spread, cross / spread);
        if a * a + b * b <= f32::EPSILON {
            return None;
        }
        Some(Self { a, b, tx: ct[0] - a * cf[0] + b * cf[1], ty: ct[1] - b * cf[0] - a * cf[1] })
    }

    /// Pixels of the target for one pixel of the source.
    pub fn scale(self) -> f32 {
        self.a.hypot(self.b)
    }

    /// Turn from the source to the target, in degrees.
    pub fn roll_degrees(self) -> f32 {
        self.b.atan2(self.a).to_degrees()
    }

    /// Maps a point.
    pub fn apply(self, [x, y]: [f32; 2]) -> [f32; 2] {
        [self.a * x - self.b * y + self.tx, self.b * x + self.a * y + self.ty]
    }

    fn inverse(self) -> Self {
        let det = self.a * self.a + self.b * self.b;
        let (a, b) = (self.a / det, -self.b / det);
        Self { a, b, tx: -(a * self.tx - b * self.ty), ty: -(b * self.tx + a * self.ty) }
    }
}

/// Samples `width × height` pixels of `picture` through the inverse of `map`.
///
/// A strong reduction is prefiltered, so that it does not alias.
pub fn warp(picture: &Picture, map: SimilarityTransform, width: usize, height: usize) -> Picture {
    if map.scale() < 0.5 {
        let factor = map.scale();
        let shrunk = |side: u32| ((side as f32 * factor).round() as u32).max(1);
        let (w, h) = (shrunk(picture.width), shrunk(picture.height));
        let small = resize(picture, w, h);
        let (fx, fy) = (w as f32 / picture.width as f32, h as f32 / picture.height as f32);
        let factor = (fx * fy).sqrt();
        let map = SimilarityTransform { a: map.a / factor, b: map.b / factor, ..map };
        return sample(&small, map, width, height);
    }
    sample(picture, map, width, height)
}

fn sample(picture: &Picture, map: SimilarityTransform, width: usize, height: usize) -> Picture {
    let (w, h) = (picture.width as usize, picture.height as usize);
    if w < 2 || h < 2 {
        // Below, each pixel has one to its right and one under it.
        return sample(&resize(picture, w.max(2) as u32, h.max(2) as u32), map, width, height);
    }
    let back = map.inverse();
    let (last_x, last_y) = ((w - 1) as f32, (h - 1) as f32);
    let mut rgb = vec![0; width * height * 3];
    let (pixels, _) = rgb.as_chunks_mut::<3>();
    for (row, line) in pixels.chunks_exact_mut(width).enumerate() {
        for (column, pixel) in line.iter_mut().enumerate() {
            let [x, y] = back.apply([column as f32, row as f32]);
            let (x, y) = (x.max(0.0).min(last_x), y.max(0.0).min(last_y));
            // The last column is the one before it at full weight; the last row likewise.
            let (x0, y0) = ((x as i32).min(w as i32 - 2), (y as i32).min(h as i32 - 2));
            // 8-bit fixed-point weights, like the decoders' own arithmetic.
            let weights = (((x - x0 as f32) * 256.0) as i32 as u64, ((y - y0 as f32) * 256.0) as i32 as u64);
            let at = (y0 as usize * w + x0 as usize) * 3;
            *pixel = blend(&picture.rgb[at..at + 6], &picture.rgb[at + w * 3..at + w * 3 + 6], weights);
        }
    }
    Picture { width: width as u32, height: height as u32, rgb }
}

/// Weighs two pixels above and two below, `(fx, fy)` of 256 from the first.
///
/// Red and green share one number, 32 bits apart, so that a multiplication weighs both.
fn blend(top: &[u8], bottom: &[u8], (fx, fy): (u64, u64)) -> [u8; 3] {
    let mix = |p00: u64, p01: u64, p10: u64, p11: u64, half: u64| {
        let (top, bottom) = (p00 * (256 - fx) + p01 * fx, p10 * (256 - fx) + p11 * fx);
        (top * (256 - fy) + bottom * fy + half) >> 16
    };
    let two = |pixel: &[u8]| u64::from(pixel[0]) | u64::from(pixel[1]) << 32;
    let half = 1 << 15;
    let both = mix(two(top), two(&top[3..]), two(bottom), two(&bottom[3..]), half | half << 32);
    let blue = |pixels: &[u8], at: usize| u64::from(pixels[at]);
    let third = mix(blue(top, 2), blue(top, 5), blue(bottom, 2), blue(bottom, 5), half);
    [both as u8, (both >> 32) as u8, third as u8]
}

/// Resizes with an antialiasing triangle filter.
pub fn resize(picture: &Picture, width: u32, height: u32) -> Picture {
    if (picture.width, picture.height) == (width, height) {
        return picture.clone();
    }
    let mut target = Image::new(width, height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    let resized = ImageRef::new(picture.width, picture.height, &picture.rgb, PixelType::U8x3)
        .is_ok_and(|source| Resizer::new().resize(&source, &mut target, &options).is_ok());
    debug_assert!(resized, "buffer and size of a picture agree");
    Picture { width, height, rgb: target.into_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fit_finds_turn_scale_and_shift() {
        let (sin, cos) = 0.3_f32.sin_cos();
        let turned =
            TEMPLATE.map(|[x, y]| [2.0 * (cos * x - sin * y) + 5.0, 2.0 * (sin * x + cos * y) - 7.0]);
        let map = SimilarityTransform::fit(&turned, &TEMPLATE).unwrap();
        assert!((map.scale() - 0.5).abs() < 1e-5);
        for (p, q) in turned.iter().zip(&TEMPLATE) {
            let mapped = map.apply(*p);
            assert!((mapped[0] - q[0]).abs() < 1e-3 && (mapped[1] - q[1]).abs() < 1e-3);
        }
        assert!(SimilarityTransform::fit(&[[1.0, 1.0]; 5], &TEMPLATE).is_none());
    }

    #[test]
    fn warp_by_identity_changes_nothing_and_edges_repeat() {
        let rgb: Vec<u8> = (0..6 * 4 * 3).map(|v| (v * 3) as u8).collect();
        let picture = Picture { width: 6, height: 4, rgb };
        let identity = SimilarityTransform { a: 1.0, b: 0.0, tx: 0.0, ty: 0.0 };
        assert_eq!(warp(&picture, identity, 6, 4), picture);
        let wide = warp(&picture, identity, 8, 4);
        assert_eq!(wide.rgb[6 * 3..7 * 3], picture.rgb[5 * 3..6 * 3]);
    }

    #[test]
    fn a_line_of_pixels_is_sampled_like_a_picture() {
        let line = Picture { width: 1, height: 3, rgb: vec![10, 20, 30, 40, 50, 60, 70, 80, 90] };
        let identity = SimilarityTransform { a: 1.0, b: 0.0, tx: 0.0, ty: 0.0 };
        assert_eq!(warp(&line, identity, 1, 3), line);
    }

    #[test]
    fn blending_equals_the_plain_formula() {
        let mut level = 7_u8;
        let mut next = || {
            level = level.wrapping_mul(73).wrapping_add(29);
            level
        };
        for fx in [0, 1, 77, 128, 255, 256] {
            for fy in [0, 3, 128, 200, 256] {
                let (top, bottom): ([u8; 6], [u8; 6]) =
                    (std::array::from_fn(|_| next()), std::array::from_fn(|_| next()));
                let plain = std::array::from_fn(|c| {
                    let p = [top[c], top[c + 3], bottom[c], bottom[c + 3]].map(u64::from);
                    let sum =
                        (p[0] * (256 - fx) + p[1] * fx) * (256 - fy) + (p[2] * (256 - fx) + p[3] * fx) * fy;
                    ((sum + (1 << 15)) >> 16) as u8
                });
                assert_eq!(blend(&top, &bottom, (fx, fy)), plain);
            }
        }
    }

    #[test]
    fn template_shifts_and_scales() {
        let shifted = template(112, [-8.0, 0.0]);
        assert!((shifted[0][0] - 30.2946).abs() < 1e-4);
        assert!((template(80, [0.0; 2])[2][1] - 71.7366 * 80.0 / 112.0).abs() < 1e-4);
    }
}
