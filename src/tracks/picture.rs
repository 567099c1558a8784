//! One picture: sniffed by its content, checked for being whole, decoded within limits.
//!
//! The file's name never decides its format. Nothing here panics on hostile bytes: what
//! cannot be decoded is a [`PictureError`] in plain words, which callers count.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::base::Fingerprint;
use crate::files;

/// The longest side that is decoded, in pixels; a crop of one face never needs more.
pub const MAX_SIDE_PX: u32 = 16_384;
/// The most pixels that are decoded: a small file can unpack to gigabytes.
pub(super) const MAX_PIXELS: u64 = 64_000_000;
/// The most memory one picture may take while it is decoded.
const MAX_DECODE_BYTES: u64 = 512 << 20;
/// The largest file that is read: more than an uncompressed picture of [`MAX_PIXELS`] needs.
const MOST_FILE_BYTES: u64 = 512 << 20;
/// The most memory that all threads together take while they decode.
const MAX_DECODE_BYTES_AT_ONCE: u64 = MAX_DECODE_BYTES;
/// The formats that are read, in words.
pub(super) const FORMATS: &str = "JPEG, PNG, WebP, BMP, TIFF or GIF";
/// Files up to this size are read whole by [`inspect`].
const WHOLE_BYTES: u64 = 4 << 20;

/// An 8-bit RGB picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels, above 0.
    pub width: u32,
    /// Height in pixels, above 0.
    pub height: u32,
    /// `width × height × 3` bytes, row by row.
    pub rgb: Vec<u8>,
}

/// Why a picture cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file cannot be opened or read.
    #[error("cannot be read ({0})")]
    Io(#[from] std::io::Error),
    /// Zero bytes.
    #[error("is empty (0 bytes)")]
    Empty,
    /// The content is no picture of a known format, whatever the name says.
    #[error("is not a {FORMATS} picture, despite its name")]
    Format,
    /// It ends too early.
    #[error("is cut off: its end is missing")]
    Torn,
    /// It would take too much memory.
    #[error(
        "is too large: {width}×{height} px (a side may have {MAX_SIDE_PX}, the picture {} million)",
        MAX_PIXELS / 1_000_000
    )]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The decoder gave up.
    #[error("is damaged ({0})")]
    Damaged(String),
}

/// What is known of a file without decoding it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inspection {
    pub width: u32,
    pub height: u32,
    pub content: Fingerprint,
}

/// Opens a file, reads its header and checks that its end is there.
pub(super) fn inspect(path: &Path) -> Result<Inspection, PictureError> {
    let mut file = files::open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::with_capacity(length.min(WHOLE_BYTES) as usize);
    // A larger file is fingerprinted by its length, head and tail: enough to see a change.
    file.by_ref().take(WHOLE_BYTES).read_to_end(&mut bytes)?;
    let mut hasher = crate::base::Hasher::default();
    hasher.part(length.to_le_bytes()).part(&bytes);
    let mut tail = Vec::new();
    if length > WHOLE_BYTES {
        use std::io::{Seek, SeekFrom};
        file.seek(SeekFrom::End(-(64 << 10)))?;
        file.read_to_end(&mut tail)?;
        hasher.part(&tail);
    }
    let format = sniff(&bytes)?;
    if length > WHOLE_BYTES && matches!(format, ImageFormat::Jpeg | ImageFormat::Tiff) {
        // A JPEG may go on behind its end, and a TIFF may keep its sizes anywhere.
        bytes = files::read(path, MOST_FILE_BYTES)?;
        tail.clear();
    }
    let (width, height) = ImageReader::with_format(Cursor::new(&bytes), format)
        .into_dimensions()
        .map_err(|error| damaged(&error))?;
    check_size(width, height)?;
    let end = if tail.is_empty() { &bytes } else { &tail };
    if is_torn(format, end, length) {
        return Err(PictureError::Torn);
    }
    Ok(Inspection { width, height, content: hasher.finish() })
}

/// Whether a file begins like a picture that is read; none where it cannot be opened.
pub(super) fn is_picture(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = files::open(path).and_then(|file| file.take(64).read_to_end(&mut start));
    read.is_ok() && sniff(&start).is_ok()
}

/// Decodes a picture to 8-bit RGB, turned as its EXIF says; the first picture of several,
/// 16-bit channels scaled down, transparency over black.
///
/// # Errors
/// [`PictureError`]: unreadable, empty, unknown, cut off, too large or damaged.
pub fn decode(path: &Path) -> Result<Picture, PictureError> {
    decode_bytes(&files::read(path, MOST_FILE_BYTES)?)
}

/// [`decode`] for bytes in memory.
fn decode_bytes(bytes: &[u8]) -> Result<Picture, PictureError> {
    let format = sniff(bytes)?;
    if is_torn(format, bytes, bytes.len() as u64) {
        return Err(PictureError::Torn);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| too_large_or_damaged(bytes, format, &error))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    // The decoder's own picture, and what turning and converting it takes beside it.
    let _room = Room::wait_for(decoder.total_bytes().saturating_mul(2));
    let orientation = decoder.orientation().map_err(|error| damaged(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| damaged(&error))?;
    image.apply_orientation(orientation);
    let rgb = if image.color().has_alpha() { on_black(&image) } else { image.into_rgb8() };
    Ok(Picture { width: rgb.width(), height: rgb.height(), rgb: rgb.into_raw() })
}

/// Memory that a decoding thread has taken, given back when dropped.
struct Room(u64);

static DECODING_BYTES: Mutex<u64> = Mutex::new(0);
static ROOM: Condvar = Condvar::new();

impl Room {
    /// Waits until the threads that decode leave room for so many bytes; more than there ever is
    /// waits for all of it. Who waits holds none, so nobody waits for ever.
    fn wait_for(bytes: u64) -> Self {
        let bytes = bytes.min(MAX_DECODE_BYTES_AT_ONCE);
        let taken = DECODING_BYTES.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |taken: &mut u64| *taken + bytes > MAX_DECODE_BYTES_AT_ONCE;
        *ROOM.wait_while(taken, is_full).unwrap_or_else(PoisonError::into_inner) += bytes;
        Self(bytes)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        *DECODING_BYTES.lock().unwrap_or_else(PoisonError::into_inner) -= self.0;
        ROOM.notify_all();
    }
}

/// Transparent pixels carry arbitrary colours; they must not reach the network.
fn on_black(image: &DynamicImage) -> image::RgbImage {
    let rgba = image.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        image::Rgb([r, g, b].map(|c| (u16::from(c) * u16::from(a) / 255) as u8))
    })
}

fn sniff(bytes: &[u8]) -> Result<ImageFormat, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    match image::guess_format(bytes) {
        Ok(
            f @ (ImageFormat::Jpeg
            | ImageFormat::Png
            | ImageFormat::WebP
            | ImageFormat::Bmp
            | ImageFormat::Tiff
            | ImageFormat::Gif),
        ) => Ok(f),
        _ => Err(PictureError::Format),
    }
}

fn check_size(width: u32, height: u32) -> Result<(), PictureError> {
    if width == 0 || height == 0 {
        return Err(PictureError::Damaged(format!("{width}×{height} px")));
    }
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > MAX_SIDE_PX || pixels > MAX_PIXELS {
        return Err(PictureError::TooLarge { width, height });
    }
    Ok(())
}

/// A picture beyond the limits is recognised by its size, where its header gives one.
fn too_large_or_damaged(bytes: &[u8], format: ImageFormat, error: &image::ImageError) -> PictureError {
    let size = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions();
    match (error, size) {
        (image::ImageError::Limits(_), Ok((width, height))) => PictureError::TooLarge { width, height },
        _ => damaged(error),
    }
}

fn damaged(error: &image::ImageError) -> PictureError {
    PictureError::Damaged(error.to_string())
}

/// Whether a file's end is missing. Decoders fill a torn picture up with grey and say
/// nothing, so the end marker of the format is looked for instead.
fn is_torn(format: ImageFormat, end: &[u8], length: u64) -> bool {
    let last = |needle: &[u8]| end.windows(needle.len()).rposition(|window| window == needle);
    let word =
        |at: usize| end.get(at..at + 4).map(|b| u64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]])));
    match format {
        ImageFormat::Jpeg => !is_whole_jpeg(end),
        ImageFormat::Png => last(b"IEND").is_none(),
        // The container states its length right after its four letters.
        ImageFormat::WebP if end.starts_with(b"RIFF") => word(4).is_none_or(|riff| length < riff + 8),
        // A bitmap states its length after its two letters; some writers leave it 0.
        ImageFormat::Bmp if end.starts_with(b"BM") => word(2).is_none_or(|size| length < size),
        _ => false,
    }
}

/// Whether a JPEG's own end of image is there, whatever follows it: telephones append a film.
///
/// Goes from segment to segment, so that a thumbnail inside one brings no end of its own.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    // What stands between markers is entropy-coded data or padding.
    while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == 0xff)) {
        at += next + 1;
        match bytes.get(at) {
            Some(0xd9) => return true,
            // A byte of data, a restart, padding or a marker that stands alone.
            Some(0x00 | 0x01 | 0xd0..=0xd8) => at += 1,
            Some(0xff) => {}
            Some(_) => {
                let length = bytes.get(at + 1..at + 3).map(|b| usize::from(u16::from_be_bytes([b[0], b[1]])));
                at += 1 + length.unwrap_or(usize::from(u16::MAX)).max(2);
            }
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let mut picture = image::RgbImage::new(40, 30);
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            *pixel = image::Rgb([(x * 6) as u8, (y * 8) as u8, ((x * y) % 251) as u8]);
        }
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_format_is_read_whole_and_refused_torn() {
        for format in [
            ImageFormat::Jpeg,
            ImageFormat::Png,
            ImageFormat::WebP,
            ImageFormat::Bmp,
            ImageFormat::Tiff,
            ImageFormat::Gif,
        ] {
            let bytes = encoded(format);
            let picture = decode_bytes(&bytes).unwrap();
            assert_eq!((picture.width, picture.height), (40, 30), "{format:?}");
            for keep in [bytes.len() / 2, bytes.len() * 3 / 4, bytes.len() - 12] {
                assert!(decode_bytes(&bytes[..keep]).is_err(), "{format:?} cut to {keep} of {}", bytes.len());
            }
        }
    }

    #[test]
    fn a_jpeg_with_data_behind_its_end_is_whole_and_one_with_a_thumbnail_may_be_torn() {
        let jpeg = encoded(ImageFormat::Jpeg);
        let film = [jpeg.as_slice(), b"\0\0\0\x18ftypmp42\xff\xda\xff\xe0", &[7; 99]].concat();
        assert_eq!(decode_bytes(&film).unwrap(), decode_bytes(&jpeg).unwrap());
        // A segment that holds a picture of its own, with its end.
        let length = (jpeg.len() as u16 + 2).to_be_bytes();
        let with = [&jpeg[..2], &[0xff, 0xe1], &length, &jpeg, &jpeg[2..]].concat();
        assert!(decode_bytes(&with).is_ok());
        assert!(matches!(decode_bytes(&with[..with.len() - 40]), Err(PictureError::Torn)));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("1.jpg");
        let large = [jpeg.as_slice(), &vec![0xff; WHOLE_BYTES as usize]].concat();
        std::fs::write(&path, large).unwrap();
        assert_eq!(inspect(&path).unwrap().width, 40);
    }

    #[test]
    fn names_what_is_wrong() {
        assert!(matches!(decode_bytes(b""), Err(PictureError::Empty)));
        assert!(matches!(decode_bytes(b"hello, this is text"), Err(PictureError::Format)));
        let mut bomb = encoded(ImageFormat::Bmp);
        bomb[18..22].copy_from_slice(&20_000_u32.to_le_bytes());
        assert!(matches!(decode_bytes(&bomb), Err(PictureError::TooLarge { width: 20_000, .. })));
    }

    #[test]
    fn sixteen_bit_and_transparent_pictures_become_eight_bit_rgb() {
        let deep = image::ImageBuffer::from_pixel(4, 4, image::Rgb([65_535_u16, 0, 32_768]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb16(deep).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let picture = decode_bytes(bytes.get_ref()).unwrap();
        assert_eq!(picture.rgb[..3], [255, 0, 128]);

        let clear = image::RgbaImage::from_pixel(4, 4, image::Rgba([200, 200, 200, 0]));
        let mut bytes = Cursor::new(Vec::new());
        clear.write_to(&mut bytes, ImageFormat::Png).unwrap();
        assert_eq!(decode_bytes(bytes.get_ref()).unwrap().rgb[..3], [0, 0, 0]);
    }
}
