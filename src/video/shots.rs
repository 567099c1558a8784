//! Where shots begin.
//!
//! Takes the frames of a video one after another; tells, some frames later, which of them begin a shot. The
//! measure is the content value of `PySceneDetect`: the mean change of hue (0..180), saturation and
//! value (0..256) between two frames. A missed cut mixes two people in a track, a false one parts a track
//! in two that are grouped again, so in doubt there is a cut.

use std::collections::VecDeque;

use crate::tracks::Picture;

/// A change that is a cut whatever happens around it (`ContentDetector`'s default).
const CUT: f32 = 27.0;
/// A change that is a cut where it is much greater than those around it.
const OUTSTANDING: f32 = 12.0;
const TIMES_ITS_NEIGHBOURS: f32 = 3.0;
/// Frames apart in which a slow transition shows itself.
const SLOW: usize = 8;
/// Frames after which it is known whether one begins a shot.
const LAG: usize = 24;
/// Cells across a frame that is looked at.
const CELLS_ACROSS: u32 = 160;

/// A small frame: hue, saturation and value of each cell, one after another.
type SmallFrame = Vec<u8>;

/// Finds the first frames of shots.
#[derive(Debug, Default)]
pub(crate) struct ShotDetector {
    recent: VecDeque<SmallFrame>,
    /// Change of each frame from the one before, the one before that, and the one [`SLOW`] before.
    single: Vec<f32>,
    double: Vec<f32>,
    slow: Vec<f32>,
    decided: usize,
    starts: Vec<usize>,
}

impl ShotDetector {
    /// The next frame. O(cells).
    pub(crate) fn push(&mut self, picture: &Picture) {
        let frame = small(picture);
        let before = |back: usize| {
            let earlier = self.recent.len().checked_sub(back).and_then(|at| self.recent.get(at));
            earlier.map_or(0.0, |earlier| change(earlier, &frame))
        };
        let (single, double, slow) = (before(1), before(2), before(SLOW));
        self.single.push(single);
        self.double.push(double);
        self.slow.push(slow);
        self.recent.push_back(frame);
        if self.recent.len() > SLOW {
            self.recent.pop_front();
        }
        self.decide(self.single.len().saturating_sub(LAG));
    }

    /// No frame follows.
    pub(crate) fn finish(&mut self) {
        self.decide(self.single.len());
    }

    /// For all frames before this one it is known whether they begin a shot.
    pub(crate) fn decided(&self) -> usize {
        self.decided
    }

    /// The first frames of the shots, rising; frame 0 is one.
    pub(crate) fn starts(&self) -> &[usize] {
        &self.starts
    }

    fn decide(&mut self, until: usize) {
        while self.decided < until {
            let at = self.decided;
            if at == 0 || self.is_cut(at) || self.is_slow_transition(at) {
                self.starts.push(at);
            }
            self.decided += 1;
        }
    }

    fn stands_out(values: &[f32], at: usize, neighbours: [isize; 4], least: f32) -> bool {
        let value = values[at];
        let around: Vec<f32> =
            neighbours.into_iter().filter_map(|by| values.get(at.checked_add_signed(by)?).copied()).collect();
        let mean = around.iter().sum::<f32>() / around.len().max(1) as f32;
        value >= least && value >= TIMES_ITS_NEIGHBOURS * mean
    }

    fn changes_much(&self, at: usize) -> bool {
        self.single.get(at).is_some_and(|&value| value >= CUT)
            || at < self.single.len() && Self::stands_out(&self.single, at, [-2, -1, 1, 2], OUTSTANDING)
    }

    /// A cut; not a flash, after which all is as before. Of two frames in a row the one that changes more.
    fn is_cut(&self, at: usize) -> bool {
        if !self.changes_much(at) {
            return false;
        }
        let is_flash = |middle: usize| {
            self.changes_much(middle)
                && self.changes_much(middle + 1)
                && self.double.get(middle + 1).is_some_and(|&value| value < OUTSTANDING)
        };
        if is_flash(at) || at > 0 && is_flash(at - 1) {
            return false;
        }
        let more = |other: usize| self.changes_much(other) && self.single[other] > self.single[at];
        let earlier = at > 0 && self.changes_much(at - 1) && self.single[at - 1] >= self.single[at];
        !(more(at + 1) || earlier)
    }

    /// The middle of a fade or dissolve: much has changed over some frames, most here, and little before
    /// and after.
    fn is_slow_transition(&self, at: usize) -> bool {
        let end = at + SLOW / 2;
        let Some(&value) = self.slow.get(end) else { return false };
        let around = &self.slow[end.saturating_sub(SLOW)..(end + SLOW + 1).min(self.slow.len())];
        let first_greatest = end.saturating_sub(SLOW)
            + around.iter().position(|&other| around.iter().all(|&all| all <= other)).unwrap_or(0);
        value >= CUT
            && first_greatest == end
            && Self::stands_out(&self.slow, end, [-16, -12, 12, 16], CUT)
            && (at.saturating_sub(SLOW + 4)..=at + SLOW + 4).all(|other| !self.changes_much(other))
    }
}

/// The mean of the mean changes of hue, saturation and value; none between frames of different sizes is
/// known, so that counts as a cut.
fn change(before: &[u8], after: &[u8]) -> f32 {
    if before.len() != after.len() {
        return 255.0;
    }
    let sum: u32 = before.iter().zip(after).map(|(&a, &b)| u32::from(a.abs_diff(b))).sum();
    sum as f32 / after.len().max(1) as f32
}

/// Each cell is the mean of four of its pixels.
fn small(picture: &Picture) -> SmallFrame {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let columns = picture.width.min(CELLS_ACROSS) as usize;
    let rows = (height * columns / width.max(1)).clamp(1, height.max(1));
    let (pixels, _) = picture.rgb.as_chunks::<3>();
    let mut cells = Vec::with_capacity(columns * rows * 3);
    for row in 0..rows {
        for column in 0..columns {
            let mut sum = [0_u16; 3];
            for (down, across) in [(1, 1), (1, 3), (3, 1), (3, 3)] {
                let (y, x) =
                    ((4 * row + down) * height / (4 * rows), (4 * column + across) * width / (4 * columns));
                for (total, value) in sum.iter_mut().zip(pixels[y * width + x]) {
                    *total += u16::from(value);
                }
            }
            cells.extend(hsv(sum.map(|total| (total / 4) as u8)));
        }
    }
    cells
}

/// Hue in 0..180, saturation and value in 0..256, as OpenCV has them.
fn hsv([red, green, blue]: [u8; 3]) -> [u8; 3] {
    let [r, g, b] = [red, green, blue].map(i32::from);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let spread = most - least;
    if spread == 0 {
        return [0, 0, most as u8];
    }
    let sixths = |from: i32, difference: i32| (60 * (from * spread + difference) / spread + 360) % 360 / 2;
    let hue = if most == r {
        sixths(0, g - b)
    } else if most == g {
        sixths(2, b - r)
    } else {
        sixths(4, r - g)
    };
    [hue as u8, (255 * spread / most) as u8, most as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of stripes; `seed` says which, `shift` moves them.
    fn frame(seed: u32, shift: u32, light: f32) -> Picture {
        let mut rgb = Vec::new();
        for y in 0..36_u32 {
            for x in 0..64_u32 {
                let stripe = ((x + shift) / 8 + y / 12).wrapping_mul(seed.wrapping_mul(2_654_435_761) | 1);
                let colour = [stripe >> 3, stripe >> 9, stripe >> 15].map(|c| (c % 200 + 30) as f32 * light);
                rgb.extend(colour.map(|c| c.min(255.0) as u8));
            }
        }
        Picture { width: 64, height: 36, rgb }
    }

    fn starts(frames: &[Picture]) -> Vec<usize> {
        let mut detector = ShotDetector::default();
        for frame in frames {
            detector.push(frame);
        }
        assert!(detector.decided() + LAG >= frames.len());
        detector.finish();
        assert_eq!(detector.decided(), frames.len());
        detector.starts().to_vec()
    }

    #[test]
    fn a_cut_is_found_where_it_is_and_motion_is_none() {
        let frames: Vec<Picture> = (0..90)
            .map(|t| frame(if t < 40 { 3 } else { 11 }, if t < 40 { t / 8 } else { 0 }, 1.0))
            .collect();
        assert_eq!(starts(&frames), [0, 40]);
        assert_eq!(starts(&frames[..1]), [0]);
        assert!(starts(&[]).is_empty());
    }

    #[test]
    fn a_flash_is_no_cut() {
        let frames: Vec<Picture> =
            (0..60).map(|t| if t == 30 { frame(3, 0, 3.0) } else { frame(3, 0, 0.6) }).collect();
        assert_eq!(starts(&frames), [0]);
    }

    #[test]
    fn a_fade_is_cut_in_its_middle() {
        let mixed = |share: f32| {
            let (a, b) = (frame(3, 0, 1.0), frame(11, 0, 1.0));
            let mix = |(a, b): (&u8, &u8)| (f32::from(*a) * (1.0 - share) + f32::from(*b) * share) as u8;
            Picture { rgb: a.rgb.iter().zip(&b.rgb).map(mix).collect(), ..a }
        };
        let frames: Vec<Picture> =
            (0..120).map(|t| mixed(((t as f32 - 55.0) / 10.0).clamp(0.0, 1.0))).collect();
        let found = starts(&frames);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((54..=66).contains(&found[1]), "{found:?}");
    }

    #[test]
    fn colours_are_opencvs() {
        assert_eq!(hsv([255, 0, 0]), [0, 255, 255]);
        assert_eq!(hsv([0, 255, 0]), [60, 255, 255]);
        assert_eq!(hsv([0, 0, 255]), [120, 255, 255]);
        assert_eq!(hsv([100, 100, 100]), [0, 0, 100]);
        assert_eq!(hsv([255, 0, 128]), [165, 255, 255]);
    }
}
