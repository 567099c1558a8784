//! Where frames come from: a folder of pictures, an animated picture, or a video through `ffmpeg`.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use image::AnimationDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::webp::WebPDecoder;

use super::VideoError;
use super::ffmpeg::{Ffmpeg, VideoDecoder};
use super::frame_source::{FrameSource, SourceFacts, VideoFrame, WIDEST_PX};
use crate::base::{Cx, WarningKind};
use crate::embed::resize;
use crate::tracks::{Picture, TracksError, decode, is_named_as_picture};

/// Frames a second of a folder of pictures where nobody says.
pub(crate) const USUAL_FPS: f64 = 25.0;

/// Opens what lies at a path. `ffmpeg` is asked for where it is a video.
///
/// # Errors
/// [`VideoError`].
pub(crate) fn open(
    path: &Path,
    fps: Option<f64>,
    ffmpeg: impl FnOnce() -> Result<Ffmpeg, VideoError>,
) -> Result<Box<dyn FrameSource>, VideoError> {
    if path.is_dir() {
        return Ok(Box::new(FrameFolder::open(path, fps.unwrap_or(USUAL_FPS))?));
    }
    if !path.is_file() {
        return Err(TracksError::Missing(path.to_path_buf()).into());
    }
    let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "gif" | "webp" => Ok(Box::new(Animation::open(path, extension == "gif")?)),
        _ => Ok(Box::new(VideoDecoder::start(&ffmpeg()?, path)?)),
    }
}

/// The pictures of a folder, in natural order of their names.
#[derive(Debug)]
struct FrameFolder {
    frames: std::vec::IntoIter<(u64, PathBuf)>,
    n: u64,
    first: u64,
    fps: f64,
    /// The first unreadable picture is an error, later ones are warnings.
    has_read: bool,
    size: Option<(u32, u32)>,
}

impl FrameFolder {
    fn open(folder: &Path, fps: f64) -> Result<Self, VideoError> {
        let paths = pictures(folder)?;
        if paths.is_empty() {
            return Err(VideoError::NoFrames(folder.to_path_buf()));
        }
        let numbers: Option<Vec<u64>> = paths.iter().map(|path| trailing_number(path)).collect();
        let numbers = numbers.filter(|all| all.windows(2).all(|pair| pair[0] < pair[1]));
        let numbers = numbers.unwrap_or_else(|| (0..paths.len() as u64).collect());
        let (n, first) = (paths.len() as u64, numbers[0]);
        let frames: Vec<(u64, PathBuf)> = numbers.into_iter().zip(paths).collect();
        Ok(Self { frames: frames.into_iter(), n, first, fps, has_read: false, size: None })
    }
}

/// The pictures right in a folder, in natural order.
///
/// # Errors
/// [`VideoError::Read`].
pub(crate) fn pictures(folder: &Path) -> Result<Vec<PathBuf>, VideoError> {
    let read = |source| VideoError::Read { source, path: folder.to_path_buf() };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(read)? {
        let path = entry.map_err(read)?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !is_hidden && path.is_file() && is_named_as_picture(&path) {
            paths.push(path);
        }
    }
    paths.sort_by(|a, b| alphanumeric_sort::compare_path(a, b));
    Ok(paths)
}

/// The number at the end of a file's name.
fn trailing_number(path: &Path) -> Option<u64> {
    let stem = path.file_stem()?.to_str()?;
    let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    stem[stem.len() - digits..].parse().ok()
}

impl FrameSource for FrameFolder {
    fn next_frame(&mut self, cx: &Cx) -> Result<Option<VideoFrame>, VideoError> {
        loop {
            cx.check()?;
            let Some((number, path)) = self.frames.next() else { return Ok(None) };
            let picture = match decode(&path) {
                Ok(picture) => picture,
                Err(error) if self.has_read => {
                    let text = format!("the frame {error}; it was left out: {}", path.display());
                    cx.warn(WarningKind::Unreadable, text);
                    continue;
                }
                Err(source) => return Err(VideoError::Frame { source, path }),
            };
            self.has_read = true;
            let picture = reduced(picture);
            let size = *self.size.get_or_insert((picture.width, picture.height));
            if size != (picture.width, picture.height) {
                let text = format!(
                    "the frame is {}×{} pixels, those before {}×{}; it was left out: {}",
                    picture.width,
                    picture.height,
                    size.0,
                    size.1,
                    path.display()
                );
                cx.warn(WarningKind::Unreadable, text);
                continue;
            }
            let seconds = (number - self.first) as f64 / self.fps;
            return Ok(Some(VideoFrame { number, seconds, picture }));
        }
    }

    fn facts(&self) -> SourceFacts {
        SourceFacts { expected_frames: Some(self.n), start_timecode: None }
    }
}

/// A picture of at most [`WIDEST_PX`].
fn reduced(picture: Picture) -> Picture {
    if picture.width <= WIDEST_PX {
        return picture;
    }
    let height = (u64::from(picture.height) * u64::from(WIDEST_PX) / u64::from(picture.width)).max(1);
    resize(&picture, WIDEST_PX, height as u32)
}

/// An animated GIF or WebP, decoded on a thread of its own: its decoder cannot move between threads.
#[derive(Debug)]
struct Animation {
    frames: Receiver<Result<(Picture, f64), image::ImageError>>,
    number: u64,
    seconds: f64,
    path: PathBuf,
}

impl Animation {
    fn open(path: &Path, is_gif: bool) -> Result<Self, VideoError> {
        let read = |source| VideoError::Read { source, path: path.to_path_buf() };
        let file = BufReader::new(File::open(path).map_err(read)?);
        let (sender, frames) = sync_channel(1);
        std::thread::spawn(move || {
            let opened = if is_gif {
                GifDecoder::new(file).map(GifDecoder::into_frames)
            } else {
                WebPDecoder::new(file).map(WebPDecoder::into_frames)
            };
            let opened = match opened {
                Ok(frames) => frames,
                Err(error) => {
                    let _or_nobody_waits = sender.send(Err(error));
                    return;
                }
            };
            for frame in opened {
                let (is_broken, frame) = (frame.is_err(), frame.map(shown));
                if sender.send(frame).is_err() || is_broken {
                    return;
                }
            }
        });
        Ok(Self { frames, number: 0, seconds: 0.0, path: path.to_path_buf() })
    }
}

/// A frame's picture, and for how many seconds it is shown.
fn shown(frame: image::Frame) -> (Picture, f64) {
    let (numerator, denominator) = frame.delay().numer_denom_ms();
    let ms = f64::from(numerator) / f64::from(denominator.max(1));
    let rgb = image::DynamicImage::ImageRgba8(frame.into_buffer()).into_rgb8();
    let picture = Picture { width: rgb.width(), height: rgb.height(), rgb: rgb.into_raw() };
    // A delay of nothing is shown as a tenth of a second, as browsers do.
    (reduced(picture), if ms < 1.0 { 0.1 } else { ms / 1000.0 })
}

impl FrameSource for Animation {
    fn next_frame(&mut self, cx: &Cx) -> Result<Option<VideoFrame>, VideoError> {
        cx.check()?;
        let (picture, lasts) = match self.frames.recv() {
            Err(_) => return Ok(None),
            Ok(Ok(frame)) => frame,
            Ok(Err(error)) if self.number > 0 => {
                let text = format!("the animation breaks off ({error}): {}", self.path.display());
                cx.warn(WarningKind::Unreadable, text);
                return Ok(None);
            }
            Ok(Err(error)) => {
                return Err(VideoError::Decoder { why: error.to_string(), path: self.path.clone() });
            }
        };
        let (number, seconds) = (self.number, self.seconds);
        self.number += 1;
        self.seconds += lasts;
        Ok(Some(VideoFrame { number, seconds, picture }))
    }

    fn facts(&self) -> SourceFacts {
        SourceFacts::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn save(path: &Path, shade: u8, width: u32) {
        image::RgbImage::from_pixel(width, 10, image::Rgb([shade; 3])).save(path).unwrap();
    }

    fn all(source: &mut dyn FrameSource, cx: &Cx) -> Vec<VideoFrame> {
        std::iter::from_fn(|| source.next_frame(cx).unwrap()).collect()
    }

    #[test]
    fn pictures_of_a_folder_are_frames_by_their_numbers() {
        let dir = tempfile::tempdir().unwrap();
        for (name, shade) in [("shot_10.png", 3), ("shot_9.png", 2), ("shot_7.png", 1), (".hidden_1.png", 9)]
        {
            save(&dir.path().join(name), shade, 12);
        }
        std::fs::write(dir.path().join("notes.txt"), "no frame").unwrap();
        let cx = Cx::new();
        let mut source = open(dir.path(), Some(10.0), || unreachable!()).unwrap();
        assert_eq!(source.facts().expected_frames, Some(3));
        let frames = all(&mut *source, &cx);
        let told: Vec<(u64, u8, i32)> = frames
            .iter()
            .map(|it| (it.number, it.picture.rgb[0], (it.seconds * 10.0).round() as i32))
            .collect();
        assert_eq!(told, [(7, 1, 0), (9, 2, 2), (10, 3, 3)]);
    }

    #[test]
    fn a_torn_frame_or_one_of_another_size_is_left_out_with_a_warning() {
        let dir = tempfile::tempdir().unwrap();
        for at in 0..4 {
            save(&dir.path().join(format!("{at}.png")), 1, if at == 3 { 20 } else { 12 });
        }
        std::fs::write(dir.path().join("1.png"), b"\x89PNG\r\n\x1a\ntorn").unwrap();
        let cx = Cx::new();
        let frames = all(&mut *open(dir.path(), None, || unreachable!()).unwrap(), &cx);
        assert_eq!(frames.iter().map(|it| it.number).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(cx.warnings().count, 2);
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(open(empty.path(), None, || unreachable!()), Err(VideoError::NoFrames(_))));
    }

    #[test]
    fn an_animated_picture_has_its_own_clock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.gif");
        let mut encoder = image::codecs::gif::GifEncoder::new(File::create(&path).unwrap());
        for shade in [0, 128, 255] {
            let picture = image::RgbaImage::from_pixel(8, 8, image::Rgba([shade, shade, shade, 255]));
            let delay = image::Delay::from_numer_denom_ms(40, 1);
            encoder.encode_frame(image::Frame::from_parts(picture, 0, 0, delay)).unwrap();
        }
        drop(encoder);
        let frames = all(&mut *open(&path, None, || unreachable!()).unwrap(), &Cx::new());
        let times: Vec<i32> = frames.iter().map(|it| (it.seconds * 1000.0).round() as i32).collect();
        assert_eq!(times, [0, 40, 80]);
        assert!(frames[2].picture.rgb[0] > 250);
    }
}
