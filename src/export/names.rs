//! Names that every file system takes, and that stay apart on every one.
//!
//! Takes a name as typed; gives one that differs from it only where it must: separators,
//! wildcards and control characters become `_`, ends lose spaces and dots, a device name of
//! Windows or a leading dot (which would hide the folder) gets a `_`. Letters of any script
//! stay as typed, also in their normalisation. No name leads out of its folder.

use std::collections::BTreeSet;

use sanitize_filename::{Options, sanitize_with_options};
use unicode_normalization::UnicodeNormalization;

/// Longest name in bytes: leaves room below the 143 of encrypted home folders.
pub(super) const MAX_BYTES: usize = 120;
/// Longest end after the last dot that still counts as an extension.
const MAX_EXTENSION_BYTES: usize = 16;
/// Longest track part of a folder's name; the video gets the rest.
const MAX_TRACK_BYTES: usize = 70;

/// The folder of an identity; `unnamed-0012` where nothing of the name can stay.
pub(super) fn identity_folder(name: Option<&str>, number: u64) -> String {
    let unnamed = unnamed(number);
    name.map_or_else(
        || unnamed.clone(),
        |name| portable(&truncate(&replace_forbidden(name), MAX_BYTES - 1), &unnamed),
    )
}

/// What an unnamed identity is called in files.
pub(super) fn unnamed(number: u64) -> String {
    format!("unnamed-{number:04}")
}

/// The folder of a track, `<video>__<track>`; of its id the last part counts.
pub(super) fn track_folder(video: &str, id: &str) -> String {
    let last = id.rsplit('/').next().unwrap_or(id);
    let track = portable(&truncate(&replace_forbidden(last), MAX_TRACK_BYTES), "track");
    let video = truncate(&replace_forbidden(video), MAX_BYTES - 3 - track.len());
    if video.is_empty() { track } else { portable(&format!("{video}__{track}"), &track) }
}

/// The name of a picture; its extension stays.
pub(super) fn file(name: &str) -> String {
    let name = replace_forbidden(name);
    let (stem, extension) = split(&name);
    portable(&format!("{}{extension}", truncate(stem, MAX_BYTES - 1 - extension.len())), "frame")
}

/// The names taken in one folder.
#[derive(Debug, Default)]
pub(super) struct UsedNames(BTreeSet<String>);

impl UsedNames {
    /// A folder in which these files will stand.
    pub(super) fn with<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self(names.map(key).collect())
    }

    /// A folder's name as given, or with ` (2)`, ` (3)` … where that is taken.
    pub(super) fn folder(&mut self, name: &str) -> String {
        self.reserve(name, "")
    }

    /// The same for a file; the number stands before the extension.
    pub(super) fn file(&mut self, name: &str) -> String {
        let (stem, extension) = split(name);
        self.reserve(stem, extension)
    }

    fn reserve(&mut self, stem: &str, extension: &str) -> String {
        let mut number = 1_u32;
        loop {
            let suffix = if number == 1 { String::new() } else { format!(" ({number})") };
            let room = MAX_BYTES.saturating_sub(suffix.len() + extension.len());
            let name = format!("{}{suffix}{extension}", truncate(stem, room));
            if self.0.insert(key(&name)) {
                return name;
            }
            number += 1;
        }
    }
}

/// What file systems compare: without regard to case, normalisation and invisible marks.
fn key(name: &str) -> String {
    // Upper case first: it brings both small sigmas together, as NTFS does.
    let folded = name.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    folded.filter(|&c| !is_invisible(c)).nfc().collect()
}

/// Joiners and direction marks, which HFS+ passes over when it compares.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
}

/// Replaces what no name may hold.
fn replace_forbidden(name: &str) -> String {
    let name: String = name.trim().chars().map(|c| if c.is_control() { '_' } else { c }).collect();
    // `.` and `..` are left to `finish`, which takes the dots away.
    if name.chars().all(|c| c == '.') {
        return String::new();
    }
    sanitize_with_options(name, Options { windows: false, truncate: false, replacement: "_" })
}

/// The rules about a name's ends and about Windows' devices; adds one byte at most.
fn portable(name: &str, fallback: &str) -> String {
    let name = name.trim_start().trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return fallback.to_owned();
    }
    match name.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None if is_device(name) => format!("_{name}"),
        None => name.to_owned(),
    }
}

/// `CON`, `aux.txt`, `COM1 .jpg` …: Windows opens a device instead of a file.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_uppercase();
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str()) {
        return true;
    }
    let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT")).unwrap_or_default();
    let mut digits = number.chars();
    matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

/// The longest start of at most `bytes` that does not part a character.
fn truncate(name: &str, bytes: usize) -> String {
    name[..name.floor_char_boundary(bytes)].to_owned()
}

/// Stem and extension with its dot; empty where there is none worth keeping.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.').filter(|&at| at > 0 && name.len() - at <= MAX_EXTENSION_BYTES) {
        Some(at) => name.split_at(at),
        None => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names() {
        let table = [
            ("Anna", "Anna"),
            ("../../etc/passwd", "_._.._etc_passwd"),
            ("..", "unnamed-0007"),
            (" . . ", "unnamed-0007"),
            ("", "unnamed-0007"),
            ("/", "_"),
            ("C:\\Windows", "C__Windows"),
            ("a\0b\nc\u{7f}d\u{85}e", "a_b_c_d_e"),
            ("who? <me> |*\"", "who_ _me_ ___"),
            ("CON", "_CON"),
            ("con ", "_con"),
            ("aux.txt", "_aux.txt"),
            ("COM1 .x", "_COM1 .x"),
            ("lpt³", "_lpt³"),
            ("COM10", "COM10"),
            ("Connie", "Connie"),
            ("Dr. No. . ", "Dr. No"),
            (".hidden", "_hidden"),
            ("=1+1", "=1+1"),
            ("-rf", "-rf"),
            ("O'Neil, \"Al\"", "O'Neil, _Al_"),
            ("שרה כהן", "שרה כהן"),
            ("محمد\u{200c}رضا", "محمد\u{200c}رضا"),
            ("山田 太郎", "山田 太郎"),
            ("Zoe\u{308}", "Zoe\u{308}"),
        ];
        for (typed, wanted) in table {
            assert_eq!(identity_folder(Some(typed), 7), wanted, "{typed:?}");
        }
        assert_eq!(identity_folder(None, 12), "unnamed-0012");
    }

    #[test]
    fn any_string_becomes_a_safe_name_and_stays_one() {
        let pieces =
            ["..", "/", "\\", "\0", "\n", " ", ".", "CON", "a", "é", "e\u{301}", "漢", "😀", ":", "\u{202e}"];
        let mut rng = crate::base::seeded(3);
        for _ in 0..5000 {
            let n = rand::RngExt::random_range(&mut rng, 0..90);
            let typed: String =
                (0..n).map(|_| pieces[rand::RngExt::random_range(&mut rng, 0..pieces.len())]).collect();
            for name in [identity_folder(Some(&typed), 1), track_folder(&typed, &typed), file(&typed)] {
                assert!(!name.is_empty() && name.len() <= MAX_BYTES, "{typed:?}");
                assert!(!name.contains(['/', '\\', '\0', '\n', ':']), "{typed:?} {name:?}");
                assert!(!name.starts_with([' ', '.']) && !name.ends_with([' ', '.']), "{typed:?} {name:?}");
                assert!(!is_device(&name), "{typed:?} {name:?}");
                let options = sanitize_filename::OptionsForCheck { windows: true, truncate: true };
                assert!(sanitize_filename::is_sanitized_with_options(&name, options), "{name:?}");
            }
        }
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(identity_folder(Some(&"漢".repeat(100)), 1), "漢".repeat(39));
        let folder = track_folder(&"v".repeat(300), "v/t12");
        assert!(folder.ends_with("v__t12") && folder.len() == MAX_BYTES - 1);
        let picture = file(&format!("{}.jpeg", "é".repeat(200)));
        assert!(picture.ends_with("é.jpeg") && picture.len() <= MAX_BYTES);
    }

    #[test]
    fn track_folders() {
        assert_eq!(track_folder("film", "film/t3"), "film__t3");
        assert_eq!(track_folder("a/b", "a/b/t3"), "a_b__t3");
        assert_eq!(track_folder("", "anna"), "anna");
        assert_eq!(track_folder("", "."), "track");
        assert_eq!(track_folder("nul.avi", "x/.."), "_nul.avi__track");
    }

    #[test]
    fn names_that_some_file_system_takes_for_one_are_kept_apart() {
        let mut taken = UsedNames::with(["tracks.csv"].into_iter());
        let given =
            ["Zoë", "Zoe\u{308}", "ZOË", "Zoe", "Tracks.csv", "Σας", "σασ", "رضا", "ر\u{200c}ضا", "Zoë (2)"];
        let got: Vec<String> = given.iter().map(|name| taken.folder(name)).collect();
        let wanted = [
            "Zoë",
            "Zoe\u{308} (2)",
            "ZOË (3)",
            "Zoe",
            "Tracks.csv (2)",
            "Σας",
            "σασ (2)",
            "رضا",
            "ر\u{200c}ضا (2)",
            "Zoë (2) (2)",
        ];
        assert_eq!(got, wanted);
        assert_eq!([taken.file("a.jpg"), taken.file("A.JPG")], ["a.jpg", "A (2).JPG"]);
        let long = "x".repeat(MAX_BYTES);
        assert_eq!(taken.folder(&long), long);
        assert_eq!(taken.folder(&long), format!("{} (2)", "x".repeat(MAX_BYTES - 4)));
    }
}
