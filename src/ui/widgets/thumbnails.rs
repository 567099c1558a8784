//! Small pictures for the window: decoded beside it, kept on the graphics card within a bound.
//!
//! Takes paths and the side they are shown at; gives a texture, or says that it is on its way
//! or that the file has none. Sides are rounded up to few sizes, so that a slider does not
//! decode at every pixel. It never blocks a frame, never enlarges a picture, and never shows
//! one that was asked for before [`Thumbnails::clear`].

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use eframe::egui::{ColorImage, Context, TextureHandle, TextureId, TextureOptions, Vec2};
use lru::LruCache;

use crate::embed::resize;
use crate::tracks::decode;
use crate::worker::LifoPool;

/// The most bytes that textures take on the graphics card.
pub(crate) const BOUND_BYTES: usize = 128 << 20;
/// The longest sides that are decoded, in pixels.
const SIDES_PX: [u32; 8] = [64, 96, 128, 192, 256, 384, 768, 1536];
const THREADS: usize = 2;
/// What waits longer than for this many newer requests was scrolled away.
const MOST_WAITING: usize = 512;
/// One frame uploads no more than this, so that scrolling stays smooth.
const UPLOADS_A_FRAME: usize = 8;
const UPLOAD_TIME: Duration = Duration::from_millis(2);
const MOST_FAILED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4095);

/// What there is of a picture now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Thumb {
    /// Its texture, and its width and height in pixels; perhaps of another size than asked
    /// for, while that one is made.
    Ready(TextureId, Vec2),
    /// It is being decoded; a frame is asked for when it is there.
    Waiting,
    /// The file cannot be read as a picture.
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ThumbKey {
    /// Not a `PathBuf`: those compare part by part, and every request is compared to all that wait.
    path: OsString,
    side_px: u32,
}

/// A key, and how many times all was forgotten before it was asked for.
type ThumbRequest = (ThumbKey, u32);

#[derive(Debug)]
struct DecodedThumb {
    image: ColorImage,
    /// The picture was no larger than this, so that it serves every larger side too.
    is_whole: bool,
}

struct Texture {
    handle: TextureHandle,
    is_whole: bool,
}

/// The textures of pictures, least recently shown first to go.
pub(crate) struct Thumbnails {
    /// None where the system gives no thread: then no picture is shown.
    stack: Option<LifoPool<ThumbRequest, DecodedThumb>>,
    textures: LruCache<ThumbKey, Texture>,
    bytes: usize,
    bound_bytes: usize,
    /// What was asked for, and in which frame last.
    asked: BTreeMap<ThumbKey, u64>,
    failed: LruCache<OsString, ()>,
    frame: u64,
    epoch: u32,
}

impl Thumbnails {
    /// Starts the threads; they wake `ctx` for every picture they finish.
    pub(crate) fn new(ctx: &Context) -> Self {
        Self::start(ctx, THREADS, BOUND_BYTES, |key| shrunk(Path::new(&key.path), key.side_px))
    }

    fn start(
        ctx: &Context,
        threads: usize,
        bound_bytes: usize,
        work: impl Fn(&ThumbKey) -> Option<DecodedThumb> + Send + Sync + 'static,
    ) -> Self {
        let woken = ctx.clone();
        let wake = move || woken.request_repaint();
        Self {
            stack: LifoPool::start(threads, MOST_WAITING, move |(key, _): &ThumbRequest| work(key), wake)
                .ok(),
            textures: LruCache::unbounded(),
            bytes: 0,
            bound_bytes,
            asked: BTreeMap::new(),
            failed: LruCache::new(MOST_FAILED),
            frame: 0,
            epoch: 0,
        }
    }

    /// Collects what is finished; call it once per frame, before the first [`Self::get`].
    ///
    /// Uploads at most 8 pictures, or as many as fit in 2 ms, and asks for another frame
    /// where there may be more.
    pub(crate) fn begin_frame(&mut self, ctx: &Context) {
        self.frame += 1;
        let start = Instant::now();
        let mut uploads = 0;
        while let Some(((key, epoch), small)) = self.stack.as_ref().and_then(LifoPool::poll) {
            // Neither what was forgotten meanwhile, nor what was made twice.
            if epoch != self.epoch || self.asked.remove(&key).is_none() {
                continue;
            }
            let Some(small) = small else {
                self.failed.put(key.path, ());
                continue;
            };
            self.keep(ctx, key, small);
            uploads += 1;
            if uploads == UPLOADS_A_FRAME || start.elapsed() > UPLOAD_TIME {
                ctx.request_repaint();
                return;
            }
        }
    }

    /// The picture at `path`, for a place of `side_px` physical pixels. Cheap; asks for what is
    /// missing.
    ///
    /// Sides above 1536 px get the picture of 1536 px.
    pub(crate) fn get(&mut self, path: &Path, side_px: u32) -> Thumb {
        if self.failed.contains(path.as_os_str()) || self.stack.is_none() {
            return Thumb::Failed;
        }
        let key = ThumbKey { path: path.as_os_str().to_owned(), side_px: rounded_up(side_px) };
        if let Some(texture) = self.textures.get(&key) {
            return texture.thumb();
        }
        let other = self.other_size(&key);
        if let Some((texture, true)) = other {
            return texture;
        }
        self.ask(key);
        other.map_or(Thumb::Waiting, |(texture, _)| texture)
    }

    /// Forgets everything, also what failed; frees all textures.
    pub(crate) fn clear(&mut self) {
        if let Some(stack) = &self.stack {
            stack.clear();
        }
        self.textures.clear();
        self.bytes = 0;
        self.asked.clear();
        self.failed.clear();
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// The same picture in another size, the nearest above first; and whether it is as good.
    fn other_size(&mut self, key: &ThumbKey) -> Option<(Thumb, bool)> {
        let at = SIDES_PX.partition_point(|&side| side < key.side_px);
        let (below, above) = SIDES_PX.split_at(at);
        let mut other = key.clone();
        for &side_px in above.iter().chain(below.iter().rev()) {
            other.side_px = side_px;
            if let Some(texture) = self.textures.get(&other) {
                return Some((texture.thumb(), texture.is_whole && side_px < key.side_px));
            }
        }
        None
    }

    fn ask(&mut self, key: ThumbKey) {
        let Some(stack) = &self.stack else { return };
        // On the screen since it was asked for: its place among the others is right. Back on
        // the screen: to the top.
        let last = self.asked.insert(key.clone(), self.frame);
        if last.is_some_and(|last| last + 1 >= self.frame) {
            return;
        }
        if let Some((dropped, _)) = stack.request((key, self.epoch)) {
            self.asked.remove(&dropped);
        }
    }

    fn keep(&mut self, ctx: &Context, key: ThumbKey, small: DecodedThumb) {
        let name = key.path.to_string_lossy().into_owned();
        let handle = ctx.load_texture(name, small.image, TextureOptions::LINEAR);
        self.bytes += handle.byte_size();
        if let Some(before) = self.textures.put(key, Texture { handle, is_whole: small.is_whole }) {
            self.bytes -= before.handle.byte_size();
        }
        while self.bytes > self.bound_bytes {
            let Some((_, oldest)) = self.textures.pop_lru() else { break };
            self.bytes -= oldest.handle.byte_size();
        }
    }
}

impl Texture {
    fn thumb(&self) -> Thumb {
        Thumb::Ready(self.handle.id(), self.handle.size_vec2())
    }
}

fn rounded_up(side_px: u32) -> u32 {
    let at = SIDES_PX.partition_point(|&side| side < side_px).min(SIDES_PX.len() - 1);
    SIDES_PX[at]
}

/// The picture with its longest side at most `side_px`.
fn shrunk(path: &Path, side_px: u32) -> Option<DecodedThumb> {
    let picture = decode(path).ok()?;
    let longest = picture.width.max(picture.height);
    let is_whole = longest <= side_px;
    let scaled = |side: u32| {
        let exact = u64::from(side) * u64::from(side_px) + u64::from(longest) / 2;
        ((exact / u64::from(longest)) as u32).max(1)
    };
    let picture =
        if is_whole { picture } else { resize(&picture, scaled(picture.width), scaled(picture.height)) };
    let size = [picture.width as usize, picture.height as usize];
    Some(DecodedThumb { image: ColorImage::from_rgb(size, &picture.rgb), is_whole })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    fn plain(side_px: u32) -> DecodedThumb {
        let side = side_px as usize;
        DecodedThumb { image: ColorImage::filled([side, side], eframe::egui::Color32::RED), is_whole: false }
    }

    /// Frames until the picture is no longer waited for.
    fn settled(thumbs: &mut Thumbnails, ctx: &Context, path: &str, side_px: u32) -> Thumb {
        loop {
            thumbs.begin_frame(ctx);
            let thumb = thumbs.get(Path::new(path), side_px);
            if thumb != Thumb::Waiting {
                return thumb;
            }
            std::thread::yield_now();
        }
    }

    fn side(thumb: Thumb) -> f32 {
        match thumb {
            Thumb::Ready(_, size) => size.x.max(size.y),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_oldest_go_and_the_bound_holds() {
        let ctx = Context::default();
        let bound = 3 * 64 * 64 * 4;
        let mut thumbs = Thumbnails::start(&ctx, 1, bound, |key| Some(plain(key.side_px)));
        let held = |ctx: &Context| ctx.tex_manager().read().num_allocated();
        let before = held(&ctx);
        for path in ["a", "b", "c", "d", "e"] {
            settled(&mut thumbs, &ctx, path, 50);
            assert!(thumbs.bytes <= bound);
        }
        assert_eq!((thumbs.bytes, thumbs.textures.len()), (bound, 3));
        assert_eq!(held(&ctx) - before, 3, "what went is freed");
        assert!(matches!(thumbs.get(Path::new("e"), 50), Thumb::Ready(..)));
        assert_eq!(thumbs.get(Path::new("a"), 50), Thumb::Waiting);
        thumbs.clear();
        assert_eq!((thumbs.bytes, held(&ctx) - before), (0, 0));
    }

    #[test]
    fn failed_stays_failed_until_all_is_forgotten() {
        let ctx = Context::default();
        let tries = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&tries);
        let mut thumbs = Thumbnails::start(&ctx, 1, BOUND_BYTES, move |_| {
            *counted.lock().unwrap() += 1;
            None
        });
        for side_px in [64, 64, 300] {
            assert_eq!(settled(&mut thumbs, &ctx, "torn.jpg", side_px), Thumb::Failed);
        }
        assert_eq!(*tries.lock().unwrap(), 1);
        thumbs.clear();
        assert_eq!(settled(&mut thumbs, &ctx, "torn.jpg", 64), Thumb::Failed);
        assert_eq!(*tries.lock().unwrap(), 2);
    }

    #[test]
    fn the_newest_and_what_comes_back_are_first() {
        let ctx = Context::default();
        let gate = Arc::new(Mutex::new(()));
        let order = Arc::new(Mutex::new(Vec::new()));
        let (inner, log) = (Arc::clone(&gate), Arc::clone(&order));
        let held = gate.lock().unwrap();
        let mut thumbs = Thumbnails::start(&ctx, 1, BOUND_BYTES, move |key| {
            log.lock().unwrap().push(key.path.clone());
            drop(inner.lock());
            Some(plain(key.side_px))
        });
        thumbs.begin_frame(&ctx);
        thumbs.get(Path::new("0"), 64);
        while order.lock().unwrap().is_empty() {
            std::thread::yield_now();
        }
        for path in ["1", "2", "3"] {
            thumbs.get(Path::new(path), 64);
        }
        for _ in 0..3 {
            thumbs.begin_frame(&ctx);
            thumbs.get(Path::new("2"), 64);
        }
        thumbs.get(Path::new("1"), 64);
        drop(held);
        settled(&mut thumbs, &ctx, "2", 64);
        assert_eq!(*order.lock().unwrap(), ["0", "1", "3", "2"].map(OsString::from));
    }

    #[test]
    fn another_size_stands_in_and_a_frame_uploads_few() {
        let ctx = Context::default();
        let mut thumbs = Thumbnails::start(&ctx, 1, BOUND_BYTES, |key| Some(plain(key.side_px)));
        assert!((side(settled(&mut thumbs, &ctx, "a", 65)) - 96.0).abs() < 0.1);
        assert!((side(thumbs.get(Path::new("a"), 400)) - 96.0).abs() < 0.1, "small for now");
        while side(thumbs.get(Path::new("a"), 400)) < 384.0 {
            thumbs.begin_frame(&ctx);
        }
        for number in 0..40 {
            thumbs.get(Path::new(&number.to_string()), 64);
        }
        while !thumbs.asked.is_empty() {
            let before = thumbs.textures.len();
            thumbs.begin_frame(&ctx);
            assert!(thumbs.textures.len() <= before + UPLOADS_A_FRAME);
        }
    }

    #[test]
    fn decodes_keeps_the_aspect_and_never_enlarges() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wide.png");
        image::RgbImage::from_pixel(300, 100, image::Rgb([9, 8, 7])).save(&path).unwrap();
        let small = shrunk(&path, 96).unwrap();
        assert_eq!((small.image.size, small.is_whole), ([96, 32], false));
        assert_eq!(small.image.pixels[0].to_array(), [9, 8, 7, 255]);
        let whole = shrunk(&path, 384).unwrap();
        assert_eq!((whole.image.size, whole.is_whole), ([300, 100], true));

        let ctx = Context::default();
        let mut thumbs = Thumbnails::new(&ctx);
        let path = path.to_str().unwrap();
        image::RgbImage::new(50, 40).save(path).unwrap();
        assert!((side(settled(&mut thumbs, &ctx, path, 64)) - 50.0).abs() < 0.1);
        assert!((side(thumbs.get(Path::new(path), 384)) - 50.0).abs() < 0.1);
        assert!(thumbs.asked.is_empty(), "a whole picture serves every larger side");
    }
}
