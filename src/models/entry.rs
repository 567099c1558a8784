//! One model's description: the table of its keys, as it is written, and checked.
//!
//! Takes what TOML and overrides say; gives types that cannot hold nonsense. A key more is a row of
//! `description!`. It knows no files.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::{Fingerprint, Hasher, Radius};

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelKind {
    /// A face in, an embedding out.
    Embed,
    /// A loose crop in, five landmarks out.
    Align,
    /// A picture in, faces out.
    Detect,
}

impl fmt::Display for ModelKind {
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
pub enum TensorLayout {
    /// Batch, channel, row, column.
    #[default]
    Nchw,
    /// Batch, row, column, channel.
    Nhwc,
}

/// Order of the input tensor's channels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelOrder {
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
        enum SizeText {
            Number(i64),
            Text(String),
        }
        let text = match SizeText::deserialize(deserializer)? {
            SizeText::Number(number) => number.to_string(),
            SizeText::Text(text) => text,
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// How a key's value is written after `=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueForm {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// `N` or `HxW`.
    Size,
    /// Two numbers, `DX,DY`.
    Pair,
    /// Measured from the file; cannot be set.
    Measured,
}

/// One key of a description.
#[derive(Debug, Clone, Copy)]
pub struct DescriptionKey {
    /// Its name, as in TOML and after `model.`.
    pub name: &'static str,
    /// How its value is written.
    pub form: ValueForm,
    /// What it means, in one line.
    pub about: &'static str,
}

/// A key that a description must have: its name, and a value as an example.
pub(super) type Required = (&'static str, &'static str);

/// A value that is out of range: its key, the value and what is allowed.
pub(super) type OutOfRange = (&'static str, String, &'static str);

/// Makes the keys, a description as it is written and one that was checked, from one row per key:
/// whether a description must have it (with an example), has it by default or may have it; its
/// type, how it is written, what it means, and what is allowed.
/// How the outputs of a detector are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DetectorOutputs {
    /// Three strides of two scores, a box and five points (libfacedetection.train).
    Yunet,
    /// Three strides of two anchors with a score, a box and five points (insightface).
    Scrfd,
}

macro_rules! description {
    ($($(#[$more:meta])* $mode:ident $key:ident: $Type:ty $(= $given:expr)?, $form:ident, $about:literal
        $(, |$value:ident| $allowed:expr => $why:literal)?;)+) => {
        /// Every key, in the order in which a description is written.
        pub const KEYS: &[DescriptionKey] =
            &[$(DescriptionKey { name: stringify!($key), form: ValueForm::$form, about: $about }),+];

        /// A description as written: everything optional, nothing checked but types.
        #[derive(Debug, Clone, Default, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct ModelFields {
            $(pub(super) $key: Option<$Type>),+
        }

        /// A checked description: sizes, scale and radius are in range, the id and the file are
        /// plain names. The network sees `(value − mean) / scale` of values 0..=255.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        pub struct ModelEntry {
            $(#[doc = concat!("`", stringify!($key), "`: ", $about, ".")]
            $(#[$more])*
            pub $key: description!(@type $mode $Type)),+
        }

        impl ModelFields {
            /// The required keys that it lacks.
            pub(super) fn lacking(&self) -> Vec<Required> {
                let mut lacking = Vec::new();
                $(description!(@lacking $mode lacking, self, $key $(, $given)?);)+
                lacking
            }

            /// The first value that is out of range.
            pub(super) fn out_of_range(&self) -> Option<OutOfRange> {
                $($(if let Some($value) = &self.$key && !($allowed) {
                    return Some((stringify!($key), shown($value), $why));
                })?)+
                None
            }

            /// With every default filled in; none where a required key is missing.
            pub(super) fn filled(&self) -> Option<ModelEntry> {
                Some(ModelEntry { $($key: description!(@fill $mode self.$key.clone() $(, $given)?)),+ })
            }
        }

        impl From<ModelEntry> for ModelFields {
            fn from(entry: ModelEntry) -> Self {
                Self { $($key: description!(@written $mode entry.$key)),+ }
            }
        }
    };
    (@type optional $Type:ty) => { Option<$Type> };
    (@type $mode:ident $Type:ty) => { $Type };
    (@lacking required $lacking:ident, $self:ident, $key:ident, $example:expr) => {
        if $self.$key.is_none() {
            $lacking.push((stringify!($key), $example));
        }
    };
    (@lacking $mode:ident $($rest:tt)*) => {};
    (@fill required $value:expr, $example:expr) => { $value? };
    (@fill default $value:expr, $default:expr) => { $value.unwrap_or($default) };
    (@fill optional $value:expr) => { $value };
    (@written optional $value:expr) => { $value };
    (@written $mode:ident $value:expr) => { Some($value) };
}

description! {
    /// It is unique in the catalogue.
    default id: String = String::new(), Text, "short name; default: that of the file";
    default kind: ModelKind = ModelKind::Embed, Text, "embed (default), align or detect";
    /// Without any folder; `<id>.onnx` where a description does not say.
    default file: String = String::new(), Measured, "file name beside the description",
        |name| is_plain_name(name) => "it is the plain name of a file beside the description";
    /// Lower-case hexadecimal; none only where a description beside a file does not state it.
    optional sha256: String, Measured, "sha256 of the file",
        |hash| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit())
            => "it has 64 hexadecimal digits";
    optional bytes: u64, Measured, "length of the file";
    optional estimated_bytes: u64, Integer, "about how long the file is, where no page states it";
    /// An SPDX expression, or what is known in words.
    optional licence: String, Text, "licence of the model";
    /// None where nobody looked.
    optional commercial_use: bool, Flag, "whether the licence allows commercial use";
    optional source: String, Text, "where the model comes from; an https address can be downloaded";
    required size: Size = "112", Size, "input in pixels, N or HEIGHTxWIDTH; required";
    default layout: TensorLayout = TensorLayout::Nchw, Text, "nchw (default) or nhwc";
    default colour: ChannelOrder = ChannelOrder::Rgb, Text, "rgb (default) or bgr";
    required mean: f64 = "127.5", Number,
        "the network sees (value - mean) / scale of values 0 to 255; required",
        |mean| mean.is_finite() => "it is a finite number";
    required scale: f64 = "127.5", Number, "see mean; required",
        |scale| scale.is_finite() && *scale != 0.0 => "it divides, so it is a finite number other than 0";
    default crop: Crop = Crop::Aligned112, Text, "aligned-112 (default) or loose";
    default crop_shift_px: [f64; 2] = [0.0; 2], Pair,
        "moves the aligned template by DX,DY pixels (default 0,0)",
        |shift| shift.iter().all(|by| by.abs() <= 112.0) => "it moves by at most 112 pixels";
    /// The engine compares it with the graph.
    optional dim: usize, Integer, "length of the embedding; default: what the graph says",
        |dim| (1..=65_536).contains(dim) => "it is one of 1..=65536";
    optional output: String, Text, "the graph's output that is the embedding, where it has several";
    optional radius: Radius, Number, "radius r of a ball in this model's space",
        |radius| radius.0 > 0.0 && radius.0 <= 1.0 => "it is above 0 and at most 1, where every pair merges";
    optional film_f: f64, Number, "BCubed F of the default method on film, where it was measured",
        |film_f| *film_f > 0.0 && *film_f <= 1.0 => "it is above 0 and at most 1";
    optional film_source: String, Text, "where film_f comes from";
    optional head: String, Text, "file name of a learned head beside the model",
        |name| is_plain_name(name) => "it is the plain name of a file beside the description";
    optional link_head: String, Text, "file name of a learned head for the method lgcn beside the model",
        |name| is_plain_name(name) => "it is the plain name of a file beside the description";
    optional decode: DetectorOutputs, Text, "how a detector's outputs are read: yunet or scrfd";
    default any_size: bool = false, Flag, "whether a detector takes any size in multiples of 32, not only its own";
    optional start_score: f64, Number, "score from which on a detected face begins a track",
        |score| *score > 0.0 && *score <= 1.0 => "it is above 0 and at most 1";
    optional keep_score: f64, Number, "score from which on a detected face goes on with a track",
        |score| *score > 0.0 && *score <= 1.0 => "it is above 0 and at most 1";
    optional note: String, Text, "what a user should know";
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
}

/// A value as a message shows it.
fn shown(value: &impl Serialize) -> String {
    match toml::Value::try_from(value) {
        Ok(toml::Value::Float(number)) => number.to_string(),
        Ok(toml::Value::String(text)) => format!("{text:?}"),
        Ok(other) => other.to_string(),
        Err(error) => error.to_string(),
    }
}

impl ModelEntry {
    /// How long the file is, and whether that is only an estimate.
    #[must_use]
    pub(crate) fn size_bytes(&self) -> Option<(u64, bool)> {
        let known = self.bytes.map(|bytes| (bytes, false));
        known.or_else(|| self.estimated_bytes.map(|bytes| (bytes, true)))
    }

    /// Size in megabytes, `~` before an estimate; none where it is unknown.
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
