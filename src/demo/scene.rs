//! One frame of a track: background, person, light, blur, grain, JPEG.
//!
//! A [`Shot`] is everything that holds for a whole track and how it drifts; a frame is a
//! moment of it. Same shot, same moment: same bytes.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageError};
use rand::RngExt;

use super::face::{self, Expression};
use super::pen::{Pen, Pose, Rgb, SIDE_PX};
use super::people::DrawnPerson;
use crate::base::{Rng, seeded};

/// Pixels a face unit: the face's box with about 35 % around it fills the crop.
const ZOOM: f32 = 1.06;
/// JPEG quality of the crops.
const QUALITY: u8 = 90;

/// A value that runs from one number to another while a track lasts.
#[derive(Debug, Clone, Copy)]
struct Transition(f32, f32);

impl Transition {
    /// Around a middle within `±reach`, moving by at most `±step`.
    fn around(rng: &mut Rng, reach: f32, step: f32) -> Self {
        let from = rng.random_range(-reach..=reach);
        Self(from, (from + rng.random_range(-step..=step)).clamp(-reach, reach))
    }

    fn at(self, t: f32) -> f32 {
        self.0 + (self.1 - self.0) * t
    }
}

/// One track's camera, light and acting.
#[derive(Debug, Clone)]
pub(super) struct Shot {
    yaw: Transition,
    pitch: Transition,
    roll: Transition,
    zoom: Transition,
    shift: (Transition, Transition),
    gain: Transition,
    warmth: f32,
    slope: f32,
    blur: Transition,
    talk: (f32, f32),
    gaze: (f32, f32),
    shade: f32,
    backdrop: (Rgb, Rgb),
    lamps: Vec<(f32, f32, f32)>,
    grain: u64,
}

/// Backdrops: muted pairs, so that the person stands before them.
const BACKDROPS: [(u32, u32); 8] = [
    (0x00d8_cfc0, 0x00b5_a78f),
    (0x009f_b4bd, 0x006d_8794),
    (0x00c9_b8a8, 0x0091_7b6c),
    (0x00a7_b59a, 0x0074_8469),
    (0x00bf_a9b4, 0x008a_7482),
    (0x006b_6f80, 0x0047_4b5c),
    (0x00d9_c08f, 0x00a9_8d5c),
    (0x0085_7a6d, 0x0058_5047),
];

impl Shot {
    /// The shot of the track that has this seed.
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = seeded(seed);
        let (inner, outer) = BACKDROPS[rng.random_range(0..BACKDROPS.len())];
        let lamps = (0..rng.random_range(2..6))
            .map(|_| {
                (rng.random_range(-75.0..75.0), rng.random_range(-20.0..130.0), rng.random_range(10.0..32.0))
            })
            .collect();
        Self {
            yaw: Transition::around(&mut rng, 0.23, 0.13),
            pitch: Transition::around(&mut rng, 0.09, 0.05),
            roll: Transition::around(&mut rng, 0.11, 0.06),
            zoom: Transition::around(&mut rng, 0.05, 0.02),
            shift: (Transition::around(&mut rng, 4.0, 2.5), Transition::around(&mut rng, 3.0, 2.0)),
            gain: Transition::around(&mut rng, 0.13, 0.05),
            warmth: rng.random_range(-0.05..=0.07),
            slope: rng.random_range(-0.14..=0.14),
            blur: Transition::around(&mut rng, 0.3, 0.2),
            talk: (rng.random_range(0.0..6.0), rng.random_range(0.0..0.8)),
            gaze: (rng.random_range(-1.5..1.5), rng.random_range(-0.5..0.6)),
            shade: if rng.random_bool(0.5) { 1.0 } else { -1.0 },
            backdrop: (Rgb(inner), Rgb(outer)),
            lamps,
            grain: rng.random(),
        }
    }

    /// The crop at moment `t` (`0..=1`) of the track, as a JPEG file.
    ///
    /// # Errors
    /// Where the encoder refuses, which it does for no picture of this size.
    pub(super) fn frame(&self, person: &DrawnPerson, t: f32) -> Result<Vec<u8>, ImageError> {
        let zoom = ZOOM * (1.0 + self.zoom.at(t));
        let middle = SIDE_PX as f32 / 2.0;
        let view = Pose {
            yaw: self.yaw.at(t),
            pitch: self.pitch.at(t),
            roll: self.roll.at(t),
            zoom,
            centre: (middle + self.shift.0.at(t), middle + 2.0 + self.shift.1.at(t)),
        };
        let expression = Expression {
            open: (self.talk.1 * (self.talk.0 + 5.0 * t).sin()).max(0.0),
            lids: 0.15 + 0.15 * (self.talk.0 * 2.0 + 3.0 * t).cos(),
            gaze: self.gaze,
            shade: self.shade,
        };
        let mut pixels = vec![[128.0; 3]; (SIDE_PX * SIDE_PX) as usize];
        if let Some(mut pen) = Pen::new(view) {
            self.background(&mut pen);
            face::draw(&mut pen, person, &expression);
            for (pixel, drawn) in pixels.iter_mut().zip(pen.pixmap.pixels()) {
                *pixel = [drawn.red(), drawn.green(), drawn.blue()].map(f32::from);
            }
        }
        blur(&mut pixels, 0.5 + self.blur.at(t));
        let bytes = self.develop(&pixels, t);
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, QUALITY).encode(
            &bytes,
            SIDE_PX,
            SIDE_PX,
            ExtendedColorType::Rgb8,
        )?;
        Ok(file)
    }

    fn background(&self, pen: &mut Pen) {
        let (inner, outer) = self.backdrop;
        pen.pixmap.fill(tiny_skia::Color::WHITE);
        pen.oval((0.0, 58.0), (400.0, 400.0), outer);
        pen.glow((20.0 * self.slope.signum(), 30.0), (120.0, 110.0), inner);
        for &(x, y, radius) in &self.lamps {
            pen.oval((x, y), (radius, radius), inner.lighter(0.25).alpha(0.22));
        }
    }

    /// Light and grain; values become bytes.
    fn develop(&self, pixels: &[[f32; 3]], t: f32) -> Vec<u8> {
        let mut rng = seeded(self.grain ^ u64::from(t.to_bits()));
        let mut bytes = Vec::with_capacity(pixels.len() * 3);
        for (i, pixel) in pixels.iter().enumerate() {
            let across = (i as u32 % SIDE_PX) as f32 / SIDE_PX as f32 - 0.5;
            let gain = 1.0 + self.gain.at(t) + self.slope * across;
            let grain = rng.random_range(-2.5..=2.5_f32);
            for (channel, tint) in pixel.iter().zip([self.warmth, 0.0, -self.warmth]) {
                bytes.push((channel * gain * (1.0 + tint) + grain).round().clamp(0.0, 255.0) as u8);
            }
        }
        bytes
    }
}

/// How far the blur reaches, in pixels: the widest drawn here (0.8 px) is all but gone there.
const REACH: usize = 3;

/// Gaussian blur of `sigma` pixels, both ways.
fn blur(pixels: &mut [[f32; 3]], sigma: f32) {
    if sigma < 0.25 {
        return;
    }
    let mut weights: [f32; 2 * REACH + 1] = std::array::from_fn(|tap| {
        let distance = tap as f32 - REACH as f32;
        (-distance * distance / (2.0 * sigma * sigma)).exp()
    });
    let total: f32 = weights.iter().sum();
    weights = weights.map(|weight| weight / total);
    let side = SIDE_PX as usize;
    let mut padded = vec![[0.0; 3]; side + 2 * REACH];
    for (along, across) in [(1, side), (side, 1)] {
        for line in 0..side {
            let at = |i: usize| line * across + i * along;
            for (i, value) in padded.iter_mut().enumerate() {
                *value = pixels[at(i.saturating_sub(REACH).min(side - 1))];
            }
            for (i, window) in padded.windows(weights.len()).enumerate() {
                let mut sum = [0.0; 3];
                for (value, weight) in window.iter().zip(weights) {
                    for (sum, value) in sum.iter_mut().zip(value) {
                        *sum += value * weight;
                    }
                }
                pixels[at(i)] = sum;
            }
        }
    }
}
