//! A short drawn film: what `castlist demo --video` follows faces in.
//!
//! Takes a folder and a seed; gives `film/<frame>.jpg`, 25 frames a second, and `film-truth.csv`: where whose
//! face is. Eight shots with hard cuts; one to three people in a picture, who come and go; a passer-by; a shot
//! without people.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageError};
use rand::RngExt;
use rayon::prelude::*;
use tiny_skia::{Color, Pixmap};

use super::cast::CAST;
use super::face::{self, Expression};
use super::pen::{Pen, Pose, Rgb};
use super::people::DrawnPerson;
use super::{DemoError, MARKER, at, entries, is_occupied, read, write};
use crate::base::{Cx, Stage, seeded};

/// Size of a frame, in pixels.
pub const FILM_SIZE: (u32, u32) = (640, 360);
/// Frames a second.
pub const FILM_FPS: f64 = 25.0;
/// The folder of frames.
pub const FILM_FOLDER: &str = "film";
/// Where whose face is: `frame,shot,person,x,y,width,height`, in pixels.
pub const FILM_TRUTH: &str = "film-truth.csv";

/// Raised whenever the pictures of a seed change.
const VERSION: u32 = 1;
/// JPEG quality of the frames.
const QUALITY: u8 = 88;
/// A face from forehead to chin and from cheek to cheek, in face units.
const FACE: [f32; 4] = [-41.0, 6.0, 82.0, 112.0];

/// What was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilmSummary {
    /// Frames.
    pub n_frames: usize,
    /// Shots.
    pub n_shots: usize,
    /// People, the passer-by among them.
    pub n_people: usize,
}

/// A person in a shot: height of the face in pixels, and where its centre is at which frame of the shot.
struct ScriptedAppearance {
    person: usize,
    height: f32,
    places: &'static [(u32, f32, f32)],
}

/// A shot: how many frames, the colours behind, how bright it is, and who is there.
struct FilmShot {
    n_frames: u32,
    backdrop: (u32, u32),
    light: f32,
    people: &'static [ScriptedAppearance],
}

const fn still(person: usize, height: f32, places: &'static [(u32, f32, f32)]) -> ScriptedAppearance {
    ScriptedAppearance { person, height, places }
}

/// People by their place in the cast: five who return, and a passer-by.
const ADA: usize = 0;
const BRUNO: usize = 1;
const CHIDI: usize = 2;
const DORA: usize = 3;
const FIFTH: usize = 5;
const PASSER_BY: usize = 8;

const SHOTS: [FilmShot; 8] = [
    FilmShot {
        n_frames: 80,
        backdrop: (0x00d8_cfc0, 0x00a5_977f),
        light: 1.0,
        people: &[still(ADA, 170.0, &[(0, 300.0, 180.0), (79, 340.0, 172.0)])],
    },
    FilmShot {
        n_frames: 80,
        backdrop: (0x008f_a4ad, 0x004d_6774),
        light: 0.94,
        people: &[
            still(ADA, 112.0, &[(0, 200.0, 170.0), (79, 210.0, 174.0)]),
            still(
                BRUNO,
                118.0,
                &[(0, 760.0, 176.0), (15, 760.0, 176.0), (40, 440.0, 172.0), (79, 432.0, 172.0)],
            ),
        ],
    },
    FilmShot {
        n_frames: 60,
        backdrop: (0x00c9_b8a8, 0x0081_6b5c),
        light: 1.06,
        people: &[still(BRUNO, 160.0, &[(0, 350.0, 178.0), (59, 322.0, 184.0)])],
    },
    FilmShot {
        n_frames: 90,
        backdrop: (0x00a7_b59a, 0x0064_7459),
        light: 1.0,
        people: &[
            still(ADA, 80.0, &[(0, 120.0, 160.0), (89, 132.0, 160.0)]),
            still(CHIDI, 84.0, &[(0, 320.0, 150.0), (89, 316.0, 156.0)]),
            still(DORA, 78.0, &[(0, 520.0, 166.0), (89, 508.0, 160.0)]),
        ],
    },
    FilmShot { n_frames: 40, backdrop: (0x00e9_e0c8, 0x0079_96ad), light: 1.05, people: &[] },
    FilmShot {
        n_frames: 80,
        backdrop: (0x00bf_a9b4, 0x006a_5462),
        light: 0.97,
        people: &[
            still(PASSER_BY, 66.0, &[(0, -80.0, 96.0), (20, -80.0, 96.0), (58, 720.0, 104.0)]),
            still(CHIDI, 120.0, &[(0, 180.0, 208.0), (79, 186.0, 204.0)]),
            still(FIFTH, 116.0, &[(0, 460.0, 210.0), (79, 452.0, 214.0)]),
        ],
    },
    FilmShot {
        n_frames: 80,
        backdrop: (0x00d9_c08f, 0x0099_7d4d),
        light: 1.0,
        people: &[still(DORA, 176.0, &[(0, 310.0, 176.0), (79, 330.0, 182.0)])],
    },
    FilmShot {
        n_frames: 90,
        backdrop: (0x006b_7f80, 0x0037_4b4c),
        light: 1.04,
        people: &[
            still(BRUNO, 96.0, &[(0, 500.0, 168.0), (89, 506.0, 164.0)]),
            still(FIFTH, 92.0, &[(0, 320.0, 158.0), (89, 318.0, 162.0)]),
            still(
                ADA,
                90.0,
                &[(0, 140.0, 170.0), (45, 140.0, 170.0), (75, -90.0, 172.0), (89, -90.0, 172.0)],
            ),
        ],
    },
];

/// Draws the film of `seed` into `dir`, which is made where it does not exist.
///
/// A complete film of the same seed and version is left as it is, an interrupted one is completed. Bytes depend
/// on the seed alone. Costs some seconds of CPU and about 15 MB.
///
/// # Errors
/// [`DemoError::NotDemo`] where `dir` holds anything but a film; [`DemoError::Io`], [`DemoError::Encode`],
/// [`DemoError::Cancelled`].
pub fn draw_film(dir: &Path, seed: u64, cx: &Cx) -> Result<FilmSummary, DemoError> {
    let n_frames: u32 = SHOTS.iter().map(|shot| shot.n_frames).sum();
    let mut people: Vec<usize> = SHOTS.iter().flat_map(|shot| shot.people).map(|it| it.person).collect();
    people.sort_unstable();
    people.dedup();
    let drawn = FilmSummary { n_frames: n_frames as usize, n_shots: SHOTS.len(), n_people: people.len() };
    let marker = dir.join(MARKER);
    let begun = format!("Castlist demo film\nversion {VERSION}\nseed {seed}\n");
    let complete = format!("{begun}complete\n");
    let folder = dir.join(FILM_FOLDER);
    match read(&marker)? {
        Some(text) if text == complete => return Ok(drawn),
        Some(text) if text == begun => {}
        Some(text) if text.starts_with("Castlist demo film\n") => clear(&folder)?,
        Some(_) => return Err(DemoError::NotDemo(dir.to_owned())),
        None if is_occupied(dir)? => return Err(DemoError::NotDemo(dir.to_owned())),
        None => {}
    }
    cx.check()?;
    at(&folder, fs::create_dir_all(&folder))?;
    write(&marker, begun.as_bytes())?;
    cx.stage(Stage::DrawingTracks, u64::from(n_frames));
    let mut frames = Vec::new();
    let mut truth = String::from("frame,shot,person,x,y,width,height\n");
    let mut number = 0;
    for (at, shot) in SHOTS.iter().enumerate() {
        for frame in 0..shot.n_frames {
            for appearance in shot.people {
                let view = appearance.view(at, frame);
                if let Some([x, y, width, height]) = face_box(&view) {
                    let name = CAST[appearance.person].name;
                    // Writing to a string does not fail.
                    let _ = writeln!(truth, "{number},{at},{name},{x:.1},{y:.1},{width:.1},{height:.1}");
                }
            }
            frames.push((number, at, frame));
            number += 1;
        }
    }
    frames.into_par_iter().try_for_each(|(number, shot, frame): (u32, usize, u32)| {
        cx.check()?;
        let path = folder.join(format!("{number:06}.jpg"));
        match picture(&SHOTS[shot], shot, frame, seed ^ u64::from(number)) {
            Ok(bytes) => write(&path, &bytes)?,
            Err(source) => return Err(DemoError::Encode { source, path }),
        }
        cx.advance(1);
        Ok(())
    })?;
    write(&dir.join(FILM_TRUTH), truth.as_bytes())?;
    write(&marker, complete.as_bytes())?;
    Ok(drawn)
}

/// Removes the frames of another seed or version.
fn clear(folder: &Path) -> Result<(), DemoError> {
    for file in entries(folder)? {
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if stem.len() == 6 && stem.bytes().all(|byte| byte.is_ascii_digit()) {
            at(&file, fs::remove_file(&file))?;
        }
    }
    Ok(())
}

impl ScriptedAppearance {
    /// Where the centre of the face is, between the places that are given.
    fn centre(&self, frame: u32) -> (f32, f32) {
        let after = self.places.iter().position(|place| place.0 > frame).unwrap_or(self.places.len());
        let (from, to) =
            (self.places[after.saturating_sub(1)], self.places[after.min(self.places.len() - 1)]);
        let share = if to.0 > from.0 { (frame - from.0) as f32 / (to.0 - from.0) as f32 } else { 0.0 };
        (from.1 + (to.1 - from.1) * share, from.2 + (to.2 - from.2) * share)
    }

    /// How the head is held: it turns and nods a little, each person in their own rhythm.
    fn view(&self, shot: usize, frame: u32) -> Pose {
        let phase = self.person as f32 * 1.7 + shot as f32 * 2.3;
        let t = frame as f32 / FILM_FPS as f32;
        let (x, y) = self.centre(frame);
        Pose {
            yaw: 0.2 * (phase + 1.1 * t).sin(),
            pitch: 0.07 * (phase * 1.3 + 0.9 * t).sin(),
            roll: 0.08 * (phase * 0.7 + 0.7 * t).sin(),
            zoom: self.height / FACE[3],
            centre: (x + 2.0 * (phase + 2.0 * t).sin(), y + 1.5 * (phase + 2.7 * t).cos()),
        }
    }
}

/// The box of a face whose centre is in the picture.
fn face_box(view: &Pose) -> Option<[f32; 4]> {
    let (width, height) = (FACE[2] * view.zoom, FACE[3] * view.zoom);
    // Heads are placed by a point a little above the middle of the face.
    let middle = FACE[1] + FACE[3] / 2.0 - 58.0;
    let (x, y) = (view.centre.0, view.centre.1 + middle * view.zoom);
    let is_inside = (0.0..FILM_SIZE.0 as f32).contains(&x) && (0.0..FILM_SIZE.1 as f32).contains(&y);
    is_inside.then_some([x - width / 2.0, y - height / 2.0, width, height])
}

fn picture(shot: &FilmShot, at: usize, frame: u32, grain: u64) -> Result<Vec<u8>, ImageError> {
    let (width, height) = FILM_SIZE;
    let mut rgb = vec![128_u8; (width * height * 3) as usize];
    if let Some(mut pixmap) = Pixmap::new(width, height) {
        pixmap.fill(Color::WHITE);
        pixmap = backdrop(pixmap, shot, at);
        for appearance in shot.people {
            let mut pen = Pen::over(pixmap, appearance.view(at, frame));
            person(&mut pen, &CAST[appearance.person], appearance.person, frame);
            pixmap = pen.into_pixmap();
        }
        let mut rng = seeded(grain);
        for (bytes, pixel) in rgb.chunks_exact_mut(3).zip(pixmap.pixels()) {
            let noise = rng.random_range(-2.5..=2.5_f32);
            for (byte, value) in bytes.iter_mut().zip([pixel.red(), pixel.green(), pixel.blue()]) {
                *byte = (f32::from(value) * shot.light + noise).round().clamp(0.0, 255.0) as u8;
            }
        }
    }
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, QUALITY).encode(&rgb, width, height, ExtendedColorType::Rgb8)?;
    Ok(file)
}

/// A wall with a light on it and, in each shot, other furniture.
fn backdrop(pixmap: Pixmap, shot: &FilmShot, at: usize) -> Pixmap {
    let view = Pose { yaw: 0.0, pitch: 0.0, roll: 0.0, zoom: 1.0, centre: (320.0, 180.0) };
    let mut pen = Pen::over(pixmap, view);
    let (inner, outer) = (Rgb(shot.backdrop.0), Rgb(shot.backdrop.1));
    pen.poly(&[(-900.0, -900.0), (900.0, -900.0), (900.0, 900.0), (-900.0, 900.0)], outer);
    pen.glow((60.0 - 40.0 * at as f32, 20.0), (360.0, 260.0), inner.alpha(0.9));
    let mut rng = seeded(at as u64 + 1);
    for _ in 0..4 {
        let (x, width) = (rng.random_range(-330.0..330.0_f32), rng.random_range(30.0..110.0_f32));
        let (top, bottom) = (rng.random_range(-120.0..60.0_f32), rng.random_range(150.0..260.0_f32));
        let corners = [(x, top), (x + width, top), (x + width, bottom), (x, bottom)];
        pen.poly(&corners, outer.mix(inner, rng.random_range(0.1..0.5)).darker(0.12));
    }
    pen.into_pixmap()
}

fn person(pen: &mut Pen, person: &DrawnPerson, number: usize, frame: u32) {
    // Shoulders end where a crop ends; a body goes on below.
    pen.raise(-4.0);
    pen.poly(&[(-82.0, 150.0), (82.0, 150.0), (96.0, 520.0), (-96.0, 520.0)], person.clothes.darker(0.08));
    pen.raise(0.0);
    let t = frame as f32 / FILM_FPS as f32 + number as f32;
    let expression = Expression {
        open: (0.6 * (7.0 * t).sin()).max(0.0),
        lids: 0.15 + 0.12 * (2.0 * t).cos(),
        gaze: ((0.8 * t).sin(), 0.2),
        shade: if number.is_multiple_of(2) { 1.0 } else { -1.0 },
    };
    face::draw(pen, person, &expression);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_truth_lies_in_the_picture_and_says_who_comes_and_goes() {
        let mut seen = std::collections::BTreeMap::<usize, u32>::new();
        for (at, shot) in SHOTS.iter().enumerate() {
            for frame in 0..shot.n_frames {
                for appearance in shot.people {
                    if let Some([x, y, width, height]) = face_box(&appearance.view(at, frame)) {
                        *seen.entry(appearance.person).or_default() += 1;
                        assert!(height > 56.0 && width > 40.0 && y > 0.0 && y + height < 360.0, "{x} {y}");
                    }
                }
            }
        }
        assert_eq!(seen.len(), 6);
        assert!(seen[&PASSER_BY] <= 38, "the passer-by takes a second and a half: {seen:?}");
        assert!(seen.iter().all(|(person, &n)| *person == PASSER_BY || n > 100), "{seen:?}");
        let of_shot = |at: usize| SHOTS[at].people.len();
        assert_eq!((of_shot(0), of_shot(1), of_shot(3), of_shot(4)), (1, 2, 3, 0));
    }

    #[test]
    fn a_frame_is_the_same_bytes_each_time_and_cuts_change_it() {
        let one = picture(&SHOTS[1], 1, 60, 5).unwrap();
        assert_eq!(one, picture(&SHOTS[1], 1, 60, 5).unwrap());
        assert_ne!(one, picture(&SHOTS[2], 2, 0, 5).unwrap());
    }

    #[test]
    fn only_an_own_folder_is_drawn_into() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("letter.txt"), "dear").unwrap();
        assert!(matches!(draw_film(dir.path(), 7, &Cx::new()), Err(DemoError::NotDemo(_))));
        assert!(!dir.path().join(FILM_FOLDER).exists());
    }
}
