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
pub fn template(height: usize, shift_px: [f32; 2]) -> Points {
    let scale = height as f32 / 112.0;
    TEMPLATE.map(|[x, y]| [(x + shift_px[0]) * scale, (y + shift_px[1]) * scale])
}

/// `p ↦ (a·x − b·y + tx, b·x + a·y + ty)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity2 {
    a: f32,
    b: f32,
    tx: f32,
    ty: f32,
}

impl Similarity2 {
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
pub fn warp(picture: &Picture, map: Similarity2, width: usize, height: usize) -> Picture {
    if map.scale() < 0.5 {
        let factor = map.scale();
        let shrunk = |side: u32| ((side as f32 * factor).round() as u32).max(1);
        let (w, h) = (shrunk(picture.width), shrunk(picture.height));
        let small = resize(picture, w, h);
        let (fx, fy) = (w as f32 / picture.width as f32, h as f32 / picture.height as f32);
        let factor = (fx * fy).sqrt();
        let map = Similarity2 { a: map.a / factor, b: map.b / factor, ..map };
        return sample(&small, map, width, height);
    }
    sample(picture, map, width, height)
}

fn sample(picture: &Picture, map: Similarity2, width: usize, height: usize) -> Picture {
    let back = map.inverse();
    let (w, h) = (picture.width as usize, picture.height as usize);
    let (last_x, last_y) = ((w - 1) as f32, (h - 1) as f32);
    let mut rgb = Vec::with_capacity(width * height * 3);
    for row in 0..height {
        for column in 0..width {
            let [x, y] = back.apply([column as f32, row as f32]);
            let (x, y) = (x.clamp(0.0, last_x), y.clamp(0.0, last_y));
            let (x0, y0) = (x as usize, y as usize);
            let (x1, y1) = ((x0 + 1).min(w - 1), (y0 + 1).min(h - 1));
            // 8-bit fixed-point weights, like the decoders' own arithmetic.
            let (fx, fy) = (((x - x0 as f32) * 256.0) as u32, ((y - y0 as f32) * 256.0) as u32);
            let (top, bottom) = (y0 * w, y1 * w);
            let [p00, p01, p10, p11] =
                [top + x0, top + x1, bottom + x0, bottom + x1].map(|at| &picture.rgb[at * 3..at * 3 + 3]);
            let (w00, w01, w10, w11) = ((256 - fx) * (256 - fy), fx * (256 - fy), (256 - fx) * fy, fx * fy);
            for c in 0..3 {
                let sum = u32::from(p00[c]) * w00
                    + u32::from(p01[c]) * w01
                    + u32::from(p10[c]) * w10
                    + u32::from(p11[c]) * w11;
                rgb.push(((sum + (1 << 15)) >> 16) as u8);
            }
        }
    }
    Picture { width: width as u32, height: height as u32, rgb }
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
        let map = Similarity2::fit(&turned, &TEMPLATE).unwrap();
        assert!((map.scale() - 0.5).abs() < 1e-5);
        for (p, q) in turned.iter().zip(&TEMPLATE) {
            let mapped = map.apply(*p);
            assert!((mapped[0] - q[0]).abs() < 1e-3 && (mapped[1] - q[1]).abs() < 1e-3);
        }
        assert!(Similarity2::fit(&[[1.0, 1.0]; 5], &TEMPLATE).is_none());
    }

    #[test]
    fn warp_by_identity_changes_nothing_and_edges_repeat() {
        let rgb: Vec<u8> = (0..6 * 4 * 3).map(|v| (v * 3) as u8).collect();
        let picture = Picture { width: 6, height: 4, rgb };
        let identity = Similarity2 { a: 1.0, b: 0.0, tx: 0.0, ty: 0.0 };
        assert_eq!(warp(&picture, identity, 6, 4), picture);
        let wide = warp(&picture, identity, 8, 4);
        assert_eq!(wide.rgb[6 * 3..7 * 3], picture.rgb[5 * 3..6 * 3]);
    }

    #[test]
    fn template_shifts_and_scales() {
        let shifted = template(112, [-8.0, 0.0]);
        assert!((shifted[0][0] - 30.2946).abs() < 1e-4);
        assert!((template(80, [0.0; 2])[2][1] - 71.7366 * 80.0 / 112.0).abs() < 1e-4);
    }
}
