//! System fonts for names in scripts that the built-in fonts do not draw.
//!
//! Takes egui's context once; gives a fallback that looks through the installed fonts when the
//! first character is met that no loaded font has. The built-in fonts stay first. Nothing is
//! read before it is needed: the list of fonts is made beside the window, and a font's file
//! is read once, when its first character is shown. It never downloads a font.
//!
//! Which face is taken depends on the installed fonts alone, never on the order in which the
//! system lists them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use eframe::egui::{
    Context, FallbackRequest, FontData, FontFamily, FontInsert, FontPriority, FontProvider, FontTweak,
    epaint::text::{Blob, InsertFontFamily, VariationCoords},
};
use fontdb::{Database, FaceInfo, Source, Stretch, Style};

use crate::worker::Lane;

/// A script, one of its characters, where they are, and fonts made for it, best first.
struct Script {
    name: &'static str,
    sample: char,
    ranges: &'static [(char, char)],
    families: &'static [&'static str],
}

/// Han comes first: it is Chinese unless a font for another of its languages is all there is.
const SCRIPTS: [Script; 7] = [
    Script {
        name: "Chinese",
        sample: '中',
        ranges: &[
            ('\u{2e80}', '\u{2fdf}'),
            ('\u{3000}', '\u{303f}'),
            ('\u{3100}', '\u{312f}'),
            ('\u{3400}', '\u{9fff}'),
            ('\u{f900}', '\u{faff}'),
            ('\u{ff00}', '\u{ffef}'),
            ('\u{20000}', '\u{323af}'),
        ],
        families: &[
            "Noto Sans CJK SC",
            "Noto Sans SC",
            "Source Han Sans SC",
            "Source Han Sans CN",
            "PingFang SC",
            "Hiragino Sans GB",
            "Microsoft YaHei",
            "WenQuanYi Micro Hei",
            "Droid Sans Fallback",
            "Noto Sans CJK JP",
        ],
    },
    Script {
        name: "Japanese",
        sample: 'あ',
        ranges: &[('\u{3040}', '\u{30ff}'), ('\u{31f0}', '\u{31ff}')],
        families: &[
            "Noto Sans CJK JP",
            "Noto Sans JP",
            "Source Han Sans",
            "Source Han Sans JP",
            "Hiragino Sans",
            "Yu Gothic",
            "Meiryo",
            "IPAexGothic",
            "Noto Sans CJK SC",
        ],
    },
    Script {
        name: "Korean",
        sample: '한',
        ranges: &[
            ('\u{1100}', '\u{11ff}'),
            ('\u{3130}', '\u{318f}'),
            ('\u{a960}', '\u{a97f}'),
            ('\u{ac00}', '\u{d7ff}'),
        ],
        families: &[
            "Noto Sans CJK KR",
            "Noto Sans KR",
            "Source Han Sans K",
            "Source Han Sans KR",
            "Apple SD Gothic Neo",
            "Malgun Gothic",
            "NanumGothic",
            "Noto Sans CJK SC",
        ],
    },
    Script {
        name: "Arabic",
        sample: 'ع',
        ranges: &[
            ('\u{0600}', '\u{06ff}'),
            ('\u{0750}', '\u{077f}'),
            ('\u{08a0}', '\u{08ff}'),
            ('\u{fb50}', '\u{fdff}'),
            ('\u{fe70}', '\u{feff}'),
        ],
        families: &[
            "Noto Sans Arabic",
            "Noto Naskh Arabic",
            "SF Arabic",
            "Geeza Pro",
            "Segoe UI",
            "DejaVu Sans",
        ],
    },
    Script {
        name: "Hebrew",
        sample: 'א',
        ranges: &[('\u{0590}', '\u{05ff}'), ('\u{fb1d}', '\u{fb4f}')],
        families: &["Noto Sans Hebrew", "SF Hebrew", "Arial Hebrew", "Segoe UI", "DejaVu Sans"],
    },
    Script {
        name: "Thai",
        sample: 'ไ',
        ranges: &[('\u{0e00}', '\u{0e7f}')],
        families: &["Noto Sans Thai", "Noto Sans Thai Looped", "Thonburi", "Leelawadee UI", "Loma"],
    },
    Script {
        name: "Devanagari",
        sample: 'अ',
        ranges: &[('\u{0900}', '\u{097f}'), ('\u{a8e0}', '\u{a8ff}')],
        families: &["Noto Sans Devanagari", "Kohinoor Devanagari", "Nirmala UI", "Lohit Devanagari"],
    },
];

/// Adds the fallback. Returns at once.
pub(super) fn install(ctx: &Context) {
    ctx.add_font_provider(Arc::new(SystemFonts::start()));
}

/// Scripts that no installed font draws, by their English names. Lists the system's fonts
/// anew, which takes milliseconds.
pub(crate) fn scripts_without_font() -> Vec<&'static str> {
    let faces = listed();
    SCRIPTS
        .iter()
        .filter(|script| best_face(&faces, script.sample).is_none())
        .map(|script| script.name)
        .collect()
}

struct SystemFonts {
    faces: Arc<OnceLock<Database>>,
    files: Mutex<BTreeMap<PathBuf, Blob>>,
    /// Lists the fonts, so that the first frame does not.
    _lister: Option<Lane<()>>,
}

impl SystemFonts {
    fn start() -> Self {
        let faces = Arc::new(OnceLock::new());
        let listing = Arc::clone(&faces);
        let mut lister = Lane::start("fonts", || ()).ok();
        if let Some(lane) = &mut lister {
            lane.submit(move |_| {
                listing.get_or_init(listed);
            });
        }
        Self { faces, files: Mutex::default(), _lister: lister }
    }

    fn file(&self, path: &Path) -> Option<Blob> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(blob) = files.get(path) {
            return Some(Arc::clone(blob));
        }
        let blob: Blob = Arc::new(std::fs::read(path).ok()?);
        files.insert(path.to_owned(), Arc::clone(&blob));
        Some(blob)
    }
}

impl FontProvider for SystemFonts {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        // Waits where the list is still being made; makes it where no thread could be had.
        let faces = self.faces.get_or_init(listed);
        let face = best_face(faces, request.cluster.chars().next()?)?;
        let path = path_of(face)?;
        let mut data = FontData::from_blob(self.file(path)?, face.index);
        if face.weight.0 < 300 {
            // A font with a weight axis may stand at its thinnest; others ignore this.
            data = data.tweak(FontTweak {
                coords: VariationCoords::new([(b"wght", 400.0)]),
                ..FontTweak::default()
            });
        }
        let families = [FontFamily::Proportional, FontFamily::Monospace]
            .map(|family| InsertFontFamily { family, priority: FontPriority::Lowest });
        Some(FontInsert::new(&format!("{}#{}", path.display(), face.index), data, families.into()))
    }
}

fn listed() -> Database {
    let mut faces = Database::new();
    faces.load_system_fonts();
    faces
}

fn path_of(face: &FaceInfo) -> Option<&Path> {
    match &face.source {
        Source::File(path) | Source::SharedFile(path, _) => Some(path),
        Source::Binary(_) => None,
    }
}

/// The face to draw `c` with: one made for its script where there is one, else the plainest.
fn best_face(faces: &Database, c: char) -> Option<&FaceInfo> {
    let script =
        SCRIPTS.iter().find(|script| script.ranges.iter().any(|&(first, last)| (first..=last).contains(&c)));
    let made_for_it = script.map_or(&[][..], |script| script.families);
    // Some systems have fonts that show a placeholder for every character.
    let is_real = |face: &&FaceInfo| {
        face.families.iter().all(|(name, _)| !name.starts_with('.') && name != "Adobe Blank")
    };
    let rank = |face: &FaceInfo| {
        made_for_it
            .iter()
            .position(|wanted| face.families.iter().any(|(name, _)| name == wanted))
            .unwrap_or(usize::MAX)
    };
    let mut candidates: Vec<&FaceInfo> = faces.faces().filter(is_real).collect();
    candidates.sort_by_cached_key(|face| {
        let is_plain = face.style == Style::Normal && face.stretch == Stretch::Normal;
        let is_sans = face.families.first().is_some_and(|(name, _)| name.contains("Sans"));
        let off_regular = face.weight.0.abs_diff(400);
        (
            rank(face),
            Reverse(is_plain),
            off_regular,
            Reverse(is_sans),
            face.monospaced,
            path_of(face).map(Path::to_owned),
            face.index,
        )
    });
    candidates.into_iter().find(|face| {
        faces.with_face_data(face.id, |bytes, index| draws(bytes, index, c).unwrap_or(false)).unwrap_or(false)
    })
}

/// Whether a face has an outline for a character; none where the file is damaged.
///
/// Reads the font's table of characters (OpenType 1.9, `cmap` formats 4 and 12), since a look
/// at a mapped file costs microseconds where loading the whole font costs megabytes.
fn draws(bytes: &[u8], index: u32, c: char) -> Option<bool> {
    let start = if bytes.starts_with(b"ttcf") { long(bytes, 12 + 4 * index as usize)? as usize } else { 0 };
    let count = usize::from(short(bytes, start + 4)?);
    let table = |tag: &[u8]| {
        let mut records = (0..count).map(|n| start + 12 + 16 * n);
        let record = records.find(|&at| bytes.get(at..at + 4) == Some(tag))?;
        bytes.get(long(bytes, record + 8)? as usize..)
    };
    // Without outlines it holds coloured bitmaps, which are not drawn here.
    if [b"glyf", b"CFF ", b"CFF2"].iter().all(|tag| table(*tag).is_none()) {
        return Some(false);
    }
    let cmap = table(b"cmap")?;
    for n in 0..usize::from(short(cmap, 2)?) {
        let record = 4 + 8 * n;
        let (platform, encoding) = (short(cmap, record)?, short(cmap, record + 2)?);
        if platform != 0 && !(platform == 3 && matches!(encoding, 1 | 10)) {
            continue;
        }
        let subtable = cmap.get(long(cmap, record + 4)? as usize..)?;
        let found = match short(subtable, 0)? {
            4 => in_segments(subtable, u32::from(c)),
            12 => in_groups(subtable, u32::from(c)),
            _ => None,
        };
        if found == Some(true) {
            return Some(true);
        }
    }
    Some(false)
}

/// Format 4: 16-bit segments in four parallel arrays, ordered by their ends.
fn in_segments(table: &[u8], code: u32) -> Option<bool> {
    let code = u16::try_from(code).ok()?;
    let length = usize::from(short(table, 6)?);
    for at in (14..14 + length).step_by(2) {
        if short(table, at)? < code {
            continue;
        }
        let first = short(table, at + length + 2)?;
        if first > code {
            return Some(false);
        }
        let delta = short(table, at + 2 * length + 2)?;
        let offset_at = at + 3 * length + 2;
        let glyph = match short(table, offset_at)? {
            0 => code,
            offset => match short(table, offset_at + usize::from(offset) + 2 * usize::from(code - first))? {
                0 => return Some(false),
                glyph => glyph,
            },
        };
        return Some(glyph.wrapping_add(delta) != 0);
    }
    Some(false)
}

/// Format 12: groups of first and last character and first glyph, in order.
fn in_groups(table: &[u8], code: u32) -> Option<bool> {
    for at in (16..).step_by(12).take(long(table, 12)? as usize) {
        let (first, last) = (long(table, at)?, long(table, at + 4)?);
        if code <= last {
            return Some(code >= first && long(table, at + 8)?.wrapping_add(code - first) != 0);
        }
    }
    Some(false)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use eframe::egui::{FontDefinitions, FontId, RawInput, epaint::text::FontsView};

    use super::*;

    fn in_a_frame(ctx: &Context, mut check: impl FnMut(&mut FontsView<'_>)) {
        let mut output = ctx.run_ui(RawInput::default(), |ui| ui.fonts_mut(&mut check));
        output.textures_delta.clear();
    }

    #[test]
    fn the_table_of_characters_is_read_as_egui_reads_it() {
        let all = FontDefinitions::default();
        for name in ["Hack", "Ubuntu-Light"] {
            let mut one = FontDefinitions::empty();
            one.font_data.insert(name.to_owned(), Arc::clone(&all.font_data[name]));
            one.families.insert(FontFamily::Proportional, vec![name.to_owned()]);
            one.families.insert(FontFamily::Monospace, vec![name.to_owned()]);
            let ctx = Context::default();
            ctx.set_fonts(one);
            in_a_frame(&ctx, |fonts| {
                for c in ('!'..='~').chain('¡'..='\u{17f}').chain("αЖ√Ə中あ한ع€…→".chars()) {
                    let ours = draws(all.font_data[name].bytes(), 0, c);
                    assert_eq!(ours, Some(fonts.has_glyph(&FontId::proportional(14.0), c)), "{name} {c:?}");
                }
            });
        }
    }

    #[test]
    fn damaged_files_are_no_fonts() {
        let font = FontDefinitions::default().font_data["Hack"].bytes().to_vec();
        for keep in (0..2000).step_by(7).chain((2000..font.len()).step_by(9001)) {
            let _no_panic = draws(&font[..keep], 0, '中');
        }
        for (seed, at) in (0..font.len().min(4000)).enumerate() {
            let mut font = font.clone();
            font[at] = font[at].wrapping_mul(31).wrapping_add(seed as u8);
            let _no_panic = draws(&font, 3, 'a');
        }
        assert_eq!(draws(b"ttcf", 0, 'a'), None);
    }

    #[test]
    fn every_script_with_a_font_is_drawn_and_the_others_are_named() {
        let missing = scripts_without_font();
        let ctx = Context::default();
        install(&ctx);
        in_a_frame(&ctx, |fonts| {
            for script in &SCRIPTS {
                for id in [FontId::proportional(14.0), FontId::monospace(13.0)] {
                    let drawn = fonts.has_glyph(&id, script.sample);
                    assert_eq!(drawn, !missing.contains(&script.name), "{}", script.name);
                }
            }
        });
    }

    #[test]
    fn samples_are_in_their_ranges() {
        for script in &SCRIPTS {
            assert!(script.ranges.iter().any(|&(a, b)| (a..=b).contains(&script.sample)), "{}", script.name);
        }
    }
}
