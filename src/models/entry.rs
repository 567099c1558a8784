//! One model's description, checked.
//!
//! Takes what TOML and overrides say; gives types that cannot hold nonsense. It knows no files.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::{Fingerprint, Hasher, Radius};

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A face in, an embedding out.
    Embed,
    /// A loose crop in, five landmarks out.
    Align,
    /// A picture in, faces out.
    Detect,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Embed => "embed faces",
            Self::Align => "find landmarks",
            Self::Detect => "detect faces",
        })
    }
}

/// Order of the input tensor's axes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Batch, channel, row, column.
    #[default]
    Nchw,
    /// Batch, row, column, channel.
    Nhwc,
}

/// Order of the input tensor's channels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Red, green, blue.
    #[default]
    Rgb,
    /// Blue, green, red.
    Bgr,
}

/// Which part of a picture a model wants to see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Crop {
    /// The five landmarks brought to the template that ArcFace-like models share.
    #[default]
    #[serde(rename = "aligned-112")]
    Aligned112,
    /// The crop as it is, with a margin around the face.
    #[serde(rename = "loose")]
    Loose,
}

/// Height and width of a model's input, in pixels; each 1..=4096. Written `N` where it is square,
/// else `HxW`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Rows.
    pub height: u32,
    /// Columns.
    pub width: u32,
}

impl Size {
    /// The largest side that a description may ask for.
    const MAX: u32 = 4096;
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let side = |text: &str| text.parse().ok().filter(|side| (1..=Self::MAX).contains(side));
        let sides = match text.split_once('x') {
            Some((height, width)) => side(height).zip(side(width)),
            None => side(text).map(|side| (side, side)),
        };
        let (height, width) = sides.ok_or_else(|| {
            format!(
                "{text:?} is no size: give pixels as N or as HEIGHTxWIDTH, such as 112 or 112x96, each 1..={}",
                Self::MAX
            )
        })?;
        Ok(Self { height, width })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.height == self.width {
            write!(f, "{}", self.height)
        } else {
            write!(f, "{}x{}", self.height, self.width)
        }
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.height == self.width {
            serializer.serialize_u32(self.height)
        } else {
            serializer.collect_str(self)
        }
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a size is a number or text such as \"112x96\"")]
        enum Written {
            Number(i64),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Number(number) => number.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A checked description: sizes, scale and radius are in range, the id and the file are plain
/// names. The network sees `(value − mean) / scale` of values 0..=255.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Short name, unique in the catalogue.
    pub id: String,
    /// What the model is for.
    pub kind: Kind,
    /// Name of the file in the user's folder, without any folder.
    pub file: String,
    /// Lower-case hexadecimal sha256 of the file; `None` only where a description beside a file
    /// does not state it.
    pub sha256: Option<String>,
    /// Length of the file.
    pub bytes: Option<u64>,
    /// About how long the file is, from the number of its parameters, where no page states it.
    pub estimated_bytes: Option<u64>,
    /// SPDX expression, or what is known in words.
    pub licence: Option<String>,
    /// Whether the licence allows commercial use; `None` where nobody looked.
    pub commercial_use: Option<bool>,
    /// An `https://` or `http://` address to download the file from, or words about its origin.
    pub source: Option<String>,
    /// Input size.
    pub size: Size,
    /// Order of axes.
    pub layout: Layout,
    /// Order of channels.
    pub colour: Colour,
    /// Subtracted from values 0..=255.
    pub mean: f64,
    /// Divides what is left; finite, not 0.
    pub scale: f64,
    /// What the model wants to see.
    pub crop: Crop,
    /// Moves the five-point template by (dx, dy) pixels of the 112×112 picture.
    pub crop_shift_px: [f64; 2],
    /// Length of the output row; the engine compares it with the graph.
    pub dim: Option<usize>,
    /// The graph's output that is the embedding, where it has several.
    pub output: Option<String>,
    /// Radius of a ball in this model's space.
    pub radius: Option<Radius>,
    /// BCubed F of the default method on film, where somebody measured it.
    pub film_f: Option<f64>,
    /// Where that comes from.
    pub film_source: Option<String>,
    /// Name of the learned head's file beside the model's, where one is used by default.
    pub head: Option<String>,
    /// Name of the file of the head for the method `lgcn`, likewise.
    pub link_head: Option<String>,
    /// What a user should know.
    pub note: Option<String>,
}

impl Entry {
    /// How long the file is, and whether that is only an estimate.
    #[must_use]
    pub(crate) fn size_bytes(&self) -> Option<(u64, bool)> {
        let known = self.bytes.map(|bytes| (bytes, false));
        known.or_else(|| self.estimated_bytes.map(|bytes| (bytes, true)))
    }

    /// Size in megabytes, `~` before an estimate; none where nobody knows it.
    #[must_use]
    pub(crate) fn megabytes(&self) -> Option<String> {
        let (bytes, is_estimated) = self.size_bytes()?;
        let sign = if is_estimated { "~" } else { "" };
        Some(format!("{sign}{:.1}", bytes as f64 / 1e6))
    }

    /// For which use the licence allows the model.
    #[must_use]
    pub(crate) fn use_in_words(&self) -> &'static str {
        match self.commercial_use {
            Some(true) => "commercial use allowed",
            Some(false) => "not for commercial use",
            None => "not stated",
        }
    }

    /// The address to download the file from, where `source` is one.
    #[must_use]
    pub(crate) fn download_url(&self) -> Option<&str> {
        self.source
            .as_deref()
            .filter(|source| source.starts_with("https://") || source.starts_with("http://"))
    }

    /// Fingerprint of all that decides which numbers the network sees for a given picture, so that
    /// embeddings made under another description are not taken for these.
    #[must_use]
    pub(crate) fn input_fingerprint(&self) -> Fingerprint {
        let mut hasher = Hasher::default();
        hasher.part(format!("{:?} {:?} {:?} {:?}", self.size, self.layout, self.colour, self.crop));
        for number in [self.mean, self.scale, self.crop_shift_px[0], self.crop_shift_px[1]] {
            hasher.part(number.to_bits().to_le_bytes());
        }
        if let Some(output) = &self.output {
            hasher.part(output);
        }
        hasher.finish()
    }
}

/// Whether `id` can be a file's name on every system and reads the same on all of them.
pub(super) fn is_safe_id(id: &str) -> bool {
    const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];
    let stem = id.split('.').next().unwrap_or_default();
    let numbered =
        |prefix| stem.len() == 4 && stem.starts_with(prefix) && stem.ends_with(|c: char| c.is_ascii_digit());
    (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !id.ends_with('.')
        && !RESERVED.contains(&stem)
        && !numbered("com")
        && !numbered("lpt")
}

/// The nearest safe id to a file's name.
pub(super) fn safe_id(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' })
        .take(64)
        .collect();
    let id = plain.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if is_safe_id(id) {
        id.to_owned()
    } else {
        format!("model-{id}").trim_end_matches('-').chars().take(64).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_height_by_width() {
        assert_eq!("112x96".parse(), Ok(Size { height: 112, width: 96 }));
        assert_eq!("80".parse(), Ok(Size { height: 80, width: 80 }));
        for wrong in ["", "x", "112x", "x96", "112X96", "112x96x3", "0", "112x0", "-1", "4097", "1e3", " 112"]
        {
            let error = wrong.parse::<Size>().unwrap_err();
            assert!(error.contains(&format!("{wrong:?}")) && error.contains("112x96"), "{error}");
        }
        for text in ["112x96", "80"] {
            assert_eq!(text.parse::<Size>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn ids_are_names_of_files_everywhere() {
        for id in ["sface", "sface-int8", "my_model.2", "0", "console", "com"] {
            assert!(is_safe_id(id), "{id}");
        }
        let long = "x".repeat(65);
        for id in [
            "", "..", "../up", "a/b", "a\\b", "A", "é", "a b", ".hidden", "-x", "end.", "con", "nul.x",
            "com1", &long,
        ] {
            assert!(!is_safe_id(id), "{id}");
        }
    }

    #[test]
    fn any_name_becomes_a_safe_id() {
        for name in [
            "",
            "CON",
            "Été 2024",
            "../../etc",
            "...",
            "w600k_R50",
            "名前",
            &"é".repeat(200),
            "a.",
            &"-".repeat(80),
        ] {
            assert!(is_safe_id(&safe_id(name)), "{name:?} became {:?}", safe_id(name));
        }
        assert_eq!(safe_id("w600k_R50"), "w600k_r50");
    }
}
