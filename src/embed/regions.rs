//! Parts of a picture in which the landmarks of a face are looked for once more.
//!
//! A crop that leaves its frame is padded with black, and a face may lie off the middle or fill
//! less of the crop than usual. So there are the picture without its black borders, squares of it
//! that are smaller, moved or larger, and each of them mirrored.

use super::align::resize;
use crate::tracks::{Picture, Points};

/// Levels up to which a channel counts as black; compression leaves some grain.
const BLACK: u8 = 24;
/// Share of a row's or column's pixels that may be brighter in a border.
const STRAY: f32 = 0.02;
/// Share of the longer side that all borders of an axis must take to be worth trimming.
const WORTH: f32 = 0.04;

/// Squares by the place of their centre and their side, as shares of the area's sides and of its
/// longer side.
const SQUARES: [[f32; 3]; 7] = [
    [0.5, 0.5, 0.8],
    [0.5, 0.5, 0.65],
    [0.42, 0.5, 0.8],
    [0.58, 0.5, 0.8],
    [0.5, 0.42, 0.8],
    [0.5, 0.58, 0.8],
    [0.5, 0.5, 1.25],
];

/// A rectangle of a picture's pixels; it may leave the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PixelRect {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

impl PixelRect {
    /// A rectangle by its corner and its sides, which are at least 1.
    pub(crate) fn new(x: i32, y: i32, width: i32, height: i32) -> Self {
        Self { x, y, width: width.max(1), height: height.max(1) }
    }

    /// All of a picture.
    pub(crate) fn whole(picture: &Picture) -> Self {
        Self { x: 0, y: 0, width: picture.width as i32, height: picture.height as i32 }
    }

    /// A picture without uniform black borders; none where it has none, or is black as a whole.
    pub(super) fn trimmed(picture: &Picture) -> Option<Self> {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let (mut columns, mut rows) = (vec![0_usize; width], vec![0_usize; height]);
        let (pixels, _) = picture.rgb.as_chunks::<3>();
        for (row, line) in pixels.chunks_exact(width.max(1)).enumerate() {
            for (column, pixel) in line.iter().enumerate() {
                let is_bright = usize::from(pixel.iter().any(|&level| level > BLACK));
                rows[row] += is_bright;
                columns[column] += is_bright;
            }
        }
        let inside = |counts: &[usize], across: usize| {
            let is_inside = |&count: &usize| count as f32 > STRAY * across as f32;
            let (first, last) = (counts.iter().position(is_inside)?, counts.iter().rposition(is_inside)?);
            Some((first as i32, (last + 1 - first) as i32))
        };
        let ((x, w), (y, h)) = (inside(&columns, height)?, inside(&rows, width)?);
        let gone = (picture.width as i32 - w).max(picture.height as i32 - h);
        (gone as f32 >= WORTH * width.max(height) as f32).then_some(Self { x, y, width: w, height: h })
    }

    /// The square about the area's centre that holds all of it.
    pub(super) fn square(self) -> Self {
        self.part([0.5, 0.5, 1.0])
    }

    /// The squares to look at beside [`Self::square`].
    pub(super) fn squares(self) -> [Self; SQUARES.len()] {
        SQUARES.map(|square| self.part(square))
    }

    fn part(self, [x, y, share]: [f32; 3]) -> Self {
        let side = ((self.width.max(self.height) as f32 * share).round() as i32).max(1);
        let from = |start: i32, length: i32, at: f32| {
            (start as f32 + length as f32 * at - side as f32 / 2.0).round() as i32
        };
        Self { x: from(self.x, self.width, x), y: from(self.y, self.height, y), width: side, height: side }
    }

    /// Its pixels; beyond `within` the nearest ones repeat.
    pub(crate) fn crop(self, picture: &Picture, within: Self) -> Picture {
        let (pixels, _) = picture.rgb.as_chunks::<3>();
        let mut rgb = Vec::with_capacity((self.width * self.height) as usize * 3);
        for y in self.y..self.y + self.height {
            let row = y.clamp(within.y, within.y + within.height - 1) as usize * picture.width as usize;
            for x in self.x..self.x + self.width {
                rgb.extend(pixels[row + x.clamp(within.x, within.x + within.width - 1) as usize]);
            }
        }
        Picture { width: self.width as u32, height: self.height as u32, rgb }
    }

    /// [`Self::crop`] at the size of a network's input.
    pub(super) fn resized(self, picture: &Picture, within: Self, side: usize) -> Picture {
        resize(&self.crop(picture, within), side as u32, side as u32)
    }

    /// Points given as fractions of the area, in pixels of the picture.
    pub(super) fn to_picture(self, points: Points) -> Points {
        points.map(|[x, y]| [self.x as f32 + x * self.width as f32, self.y as f32 + y * self.height as f32])
    }
}

/// A picture as a mirror shows it.
pub(super) fn mirrored(picture: &Picture) -> Picture {
    let mut rgb = Vec::with_capacity(picture.rgb.len());
    for line in picture.rgb.chunks_exact(picture.width as usize * 3) {
        let (pixels, _) = line.as_chunks::<3>();
        rgb.extend(pixels.iter().rev().flatten());
    }
    Picture { rgb, ..*picture }
}

/// The points of a mirrored picture, as fractions, in the picture itself: left is right.
pub(super) fn mirrored_points([left, right, nose, left_mouth, right_mouth]: Points) -> Points {
    [right, left, nose, right_mouth, left_mouth].map(|[x, y]| [1.0 - x, y])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> u8) -> Picture {
        let rgb = (0..width * height).flat_map(|at| [pixel(at % width, at / width); 3]).collect();
        Picture { width, height, rgb }
    }

    #[test]
    fn black_borders_are_trimmed_and_dark_pictures_are_not() {
        let bordered =
            picture(
                80,
                60,
                |x, y| {
                    if (10..70).contains(&x) && y < 40 { 90 } else { (x * 7 + y * 3) as u8 % 20 }
                },
            );
        assert_eq!(PixelRect::trimmed(&bordered), Some(PixelRect { x: 10, y: 0, width: 60, height: 40 }));
        assert_eq!(PixelRect::trimmed(&picture(80, 60, |_, _| 90)), None);
        assert_eq!(PixelRect::trimmed(&picture(80, 60, |_, _| 5)), None, "there would be nothing left");
        assert_eq!(
            PixelRect::trimmed(&picture(80, 60, |x, _| if x == 0 { 0 } else { 90 })),
            None,
            "one column"
        );
    }

    #[test]
    fn a_cut_repeats_the_edge_of_what_it_is_within() {
        let source = picture(6, 4, |x, y| (10 * x + y) as u8);
        let within = PixelRect { x: 1, y: 1, width: 3, height: 2 };
        let cut = within.square().crop(&source, within);
        assert_eq!((cut.width, cut.height), (3, 3));
        let row = |y: usize| [0, 1, 2].map(|x| cut.rgb[(y * 3 + x) * 3]);
        // Half a pixel is rounded away from zero.
        assert_eq!((row(0), row(1), row(2)), ([11, 21, 31], [12, 22, 32], [12, 22, 32]));
        assert_eq!(PixelRect::whole(&source).crop(&source, PixelRect::whole(&source)), source);
    }

    #[test]
    fn points_come_back_from_a_mirrored_part() {
        let part = PixelRect { x: 10, y: 20, width: 50, height: 50 };
        let points = [[0.2, 0.3], [0.6, 0.3], [0.4, 0.5], [0.3, 0.7], [0.5, 0.7]];
        let tenths = |value: f32| (value * 10.0).round() as i32;
        assert_eq!(mirrored_points(mirrored_points(points)).map(|p| tenths(p[0])), [2, 6, 4, 3, 5]);
        assert_eq!(mirrored_points(points)[0].map(tenths), [4, 3]);
        assert_eq!(part.to_picture(points)[1].map(|at| at.round() as i32), [40, 35]);
        let source = picture(3, 1, |x, _| x as u8);
        assert_eq!(mirrored(&source), picture(3, 1, |x, _| 2 - x as u8));
    }
}
