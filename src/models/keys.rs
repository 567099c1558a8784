//! The keys of a model's description: one table for the catalogue, a FILE.toml beside a model and
//! `--set model.KEY=VALUE`.
//!
//! Takes TOML text and overrides; gives an [`Entry`], or an error that names the key, the value
//! and where it stands. It reads no files.

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::entry::is_safe_id;
use super::{Colour, Crop, Entry, Kind, Layout, ModelError, Size};
use crate::base::Radius;

/// How a key's value is written after `=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
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
pub struct Key {
    /// Its name, as in TOML and after `model.`.
    pub name: &'static str,
    /// How its value is written.
    pub form: Form,
    /// What it means, in one line.
    pub about: &'static str,
}

const fn key(name: &'static str, form: Form, about: &'static str) -> Key {
    Key { name, form, about }
}

/// Every key, in the order in which a description is written.
pub const KEYS: [Key; 24] = [
    key("id", Form::Text, "short name; default: that of the file"),
    key("kind", Form::Text, "embed (default), align or detect"),
    key("file", Form::Measured, "file name beside the description"),
    key("sha256", Form::Measured, "sha256 of the file"),
    key("bytes", Form::Measured, "length of the file"),
    key("estimated_bytes", Form::Integer, "about how long the file is, where no page states it"),
    key("licence", Form::Text, "licence of the model"),
    key("commercial_use", Form::Flag, "whether the licence allows commercial use"),
    key("source", Form::Text, "where the model comes from; an https address can be downloaded"),
    key("size", Form::Size, "input in pixels, N or HEIGHTxWIDTH; required"),
    key("layout", Form::Text, "nchw (default) or nhwc"),
    key("colour", Form::Text, "rgb (default) or bgr"),
    key("mean", Form::Number, "the network sees (value - mean) / scale of values 0 to 255; required"),
    key("scale", Form::Number, "see mean; required"),
    key("crop", Form::Text, "aligned-112 (default) or loose"),
    key("crop_shift_px", Form::Pair, "moves the aligned template by DX,DY pixels (default 0,0)"),
    key("dim", Form::Integer, "length of the embedding; default: what the graph says"),
    key("output", Form::Text, "the graph's output that is the embedding, where it has several"),
    key("radius", Form::Number, "radius r of a ball in this model's space"),
    key("film_f", Form::Number, "BCubed F of the default method on film, as somebody measured it"),
    key("film_source", Form::Text, "where film_f comes from"),
    key("head", Form::Text, "file name of a learned head beside the model"),
    key("link_head", Form::Text, "file name of a learned head for the method lgcn beside the model"),
    key("note", Form::Text, "what a user should know"),
];

/// A description as written: everything optional, nothing checked but types.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    pub id: Option<String>,
    kind: Option<Kind>,
    pub file: Option<String>,
    pub sha256: Option<String>,
    pub bytes: Option<u64>,
    estimated_bytes: Option<u64>,
    licence: Option<String>,
    commercial_use: Option<bool>,
    source: Option<String>,
    size: Option<Size>,
    layout: Option<Layout>,
    colour: Option<Colour>,
    mean: Option<f64>,
    scale: Option<f64>,
    crop: Option<Crop>,
    crop_shift_px: Option<[f64; 2]>,
    dim: Option<usize>,
    output: Option<String>,
    radius: Option<Radius>,
    film_f: Option<f64>,
    film_source: Option<String>,
    head: Option<String>,
    link_head: Option<String>,
    note: Option<String>,
}

impl Fields {
    /// Reads one description; `path` is for the message.
    pub(super) fn parse(text: &str, path: &str) -> Result<Self, ModelError> {
        toml::from_str(text)
            .map_err(|error| ModelError::Description { why: explain(&error, text), path: path.to_owned() })
    }

    /// Lays overrides over the description; the last of two for one key wins.
    ///
    /// Keys may carry the prefix `model.`.
    pub(super) fn set(mut self, overrides: &[(String, String)]) -> Result<Self, ModelError> {
        for (name, raw) in overrides {
            let name = name.strip_prefix("model.").unwrap_or(name);
            let settable = |key: &&Key| key.name == name && key.form != Form::Measured;
            let key = KEYS.iter().find(settable).ok_or_else(|| unknown_key(name))?;
            let wrong = |why: String| ModelError::Value {
                key: key.name,
                value: format!("{raw:?}"),
                why,
                origin: format!("--set model.{}", key.name),
            };
            let value = read(key.form, raw.trim()).map_err(wrong)?;
            // Through the same reader as TOML, so that both refuse the same values.
            let mut table = Table::try_from(&self).map_err(|error| wrong(error.to_string()))?;
            table.insert(key.name.to_owned(), value);
            self = table.try_into().map_err(|error: toml::de::Error| wrong(error.message().to_owned()))?;
        }
        Ok(self)
    }

    /// Checks ranges, fills in defaults and names what is missing. `origin` is the description's
    /// path, for messages; `model` the model's, where there is one.
    pub(super) fn check(self, origin: &str, model: &str) -> Result<Entry, ModelError> {
        let value = |key, value: String, why: &str| {
            Err(ModelError::Value { key, value, why: why.to_owned(), origin: origin.to_owned() })
        };
        let (Some(size), Some(mean), Some(scale)) = (self.size, self.mean, self.scale) else {
            return Err(self.missing(origin, model));
        };
        let id = self.id.unwrap_or_default();
        if !is_safe_id(&id) {
            return Err(ModelError::BadId { id });
        }
        let file = self.file.unwrap_or_else(|| format!("{id}.onnx"));
        let heads = [("head", self.head.as_ref()), ("link_head", self.link_head.as_ref())];
        for (key, name) in std::iter::once(("file", Some(&file))).chain(heads) {
            if let Some(name) = name.filter(|name| !is_plain_name(name)) {
                return value(
                    key,
                    format!("{name:?}"),
                    "it is the plain name of a file beside the description",
                );
            }
        }
        let sha256 = self.sha256.map(|sha256| sha256.to_ascii_lowercase());
        if let Some(wrong) =
            sha256.as_ref().filter(|s| s.len() != 64 || !s.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return value("sha256", format!("{wrong:?}"), "it has 64 hexadecimal digits");
        }
        if !mean.is_finite() {
            return value("mean", mean.to_string(), "it is a finite number");
        }
        if !scale.is_finite() || scale == 0.0 {
            return value("scale", scale.to_string(), "it divides, so it is a finite number other than 0");
        }
        let crop_shift_px = self.crop_shift_px.unwrap_or_default();
        if !crop_shift_px.iter().all(|shift| shift.abs() <= 112.0) {
            return value("crop_shift_px", format!("{crop_shift_px:?}"), "it moves by at most 112 pixels");
        }
        if let Some(dim) = self.dim.filter(|dim| !(1..=65_536).contains(dim)) {
            return value("dim", dim.to_string(), "it is one of 1..=65536");
        }
        if let Some(radius) = self.radius.filter(|radius| !(radius.0 > 0.0 && radius.0 <= 1.0)) {
            return value(
                "radius",
                radius.0.to_string(),
                "it is above 0 and at most 1, where every pair merges",
            );
        }
        if let Some(film_f) = self.film_f.filter(|f| !(*f > 0.0 && *f <= 1.0)) {
            return value("film_f", film_f.to_string(), "it is above 0 and at most 1");
        }
        Ok(Entry {
            id,
            kind: self.kind.unwrap_or(Kind::Embed),
            file,
            sha256,
            bytes: self.bytes,
            estimated_bytes: self.estimated_bytes,
            licence: self.licence,
            commercial_use: self.commercial_use,
            source: self.source,
            size,
            layout: self.layout.unwrap_or_default(),
            colour: self.colour.unwrap_or_default(),
            mean,
            scale,
            crop: self.crop.unwrap_or_default(),
            crop_shift_px,
            dim: self.dim,
            output: self.output,
            radius: self.radius,
            film_f: self.film_f,
            film_source: self.film_source,
            head: self.head,
            link_head: self.link_head,
            note: self.note,
        })
    }

    fn missing(&self, origin: &str, model: &str) -> ModelError {
        let required = [
            ("size", "112", self.size.is_none()),
            ("mean", "127.5", self.mean.is_none()),
            ("scale", "127.5", self.scale.is_none()),
        ];
        let missing = || required.iter().filter(|&&(_, _, missing)| missing);
        ModelError::Missing {
            missing: missing().map(|&(key, ..)| key).collect::<Vec<_>>().join(", "),
            example: missing()
                .map(|(key, example, _)| format!("--set model.{key}={example}"))
                .collect::<Vec<_>>()
                .join(" "),
            description: origin.to_owned(),
            path: model.to_owned(),
        }
    }

    /// The description as TOML text, for a file of its own.
    pub(super) fn to_toml(&self) -> Result<String, ModelError> {
        toml::to_string(self).map_err(|error| ModelError::Description {
            why: error.to_string(),
            path: self.file.clone().unwrap_or_default(),
        })
    }
}

impl From<Entry> for Fields {
    fn from(entry: Entry) -> Self {
        Self {
            id: Some(entry.id),
            kind: Some(entry.kind),
            file: Some(entry.file),
            sha256: entry.sha256,
            bytes: entry.bytes,
            estimated_bytes: entry.estimated_bytes,
            licence: entry.licence,
            commercial_use: entry.commercial_use,
            source: entry.source,
            size: Some(entry.size),
            layout: Some(entry.layout),
            colour: Some(entry.colour),
            mean: Some(entry.mean),
            scale: Some(entry.scale),
            crop: Some(entry.crop),
            crop_shift_px: Some(entry.crop_shift_px),
            dim: entry.dim,
            output: entry.output,
            radius: entry.radius,
            film_f: entry.film_f,
            film_source: entry.film_source,
            head: entry.head,
            link_head: entry.link_head,
            note: entry.note,
        }
    }
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
}

/// The parser's message with the line it speaks of, on one line.
pub(super) fn explain(error: &toml::de::Error, text: &str) -> String {
    let message = error.message().replace('\n', " ");
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
        return message;
    };
    let number = before.matches('\n').count();
    let line = text.lines().nth(number).unwrap_or_default().trim();
    format!("{message} (line {}: {line})", number + 1)
}

fn unknown_key(name: &str) -> ModelError {
    let settable = KEYS.iter().filter(|key| key.form != Form::Measured);
    let known = settable.map(|key| key.name).collect::<Vec<_>>().join(", ");
    ModelError::UnknownKey { key: name.to_owned(), known }
}

/// Reads what stands after `=`.
fn read(form: Form, raw: &str) -> Result<Value, String> {
    let number = |text: &str| {
        text.trim().parse().map(Value::Float).map_err(|_| "it is a number, such as 127.5".to_owned())
    };
    match form {
        Form::Text | Form::Size | Form::Measured => Ok(Value::String(raw.to_owned())),
        Form::Integer => {
            raw.parse().map(Value::Integer).map_err(|_| "it is a whole number, such as 512".to_owned())
        }
        Form::Number => number(raw),
        Form::Flag => raw.parse().map(Value::Boolean).map_err(|_| "it is true or false".to_owned()),
        Form::Pair => {
            let (dx, dy) = raw.trim_matches(['[', ']']).split_once(',').ok_or("it is DX,DY, such as -8,0")?;
            Ok(Value::Array(vec![number(dx)?, number(dy)?]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Result<Entry, ModelError> {
        let pairs: Vec<_> = pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect();
        Fields { id: Some("x".into()), ..Fields::default() }.set(&pairs)?.check("x.toml", "x.onnx")
    }

    const ENOUGH: [(&str, &str); 3] =
        [("model.size", "112"), ("model.mean", "127.5"), ("model.scale", "128")];

    #[test]
    fn the_table_has_the_keys_of_a_description() {
        let full = "id='a'\nkind='detect'\nfile='a.onnx'\nsha256='0'\nbytes=1\nestimated_bytes=1\nlicence='MIT'\n\
            commercial_use=true\nsource='s'\nsize='4x5'\nlayout='nhwc'\ncolour='bgr'\nmean=1\nscale=2.5\n\
            crop='loose'\ncrop_shift_px=[-8,0.5]\ndim=3\noutput='o'\nradius=0.5\n\
            film_f=0.9\nfilm_source='f'\nhead='h'\nlink_head='l'\nnote='n'\n";
        let fields = Fields::parse(full, "a.toml").unwrap();
        let table: Table = toml::from_str(&fields.to_toml().unwrap()).unwrap();
        let written: Vec<_> = full.lines().map(|line| line.split('=').next().unwrap().trim()).collect();
        assert_eq!(KEYS.map(|key| key.name).to_vec(), written);
        assert_eq!(table.len(), KEYS.len());
        assert!(KEYS.iter().all(|key| table.contains_key(key.name)));
    }

    #[test]
    fn a_description_and_its_entry_are_inverse() {
        let entry =
            set(&[&ENOUGH[..], &[("radius", "0.5"), ("crop_shift_px", "-8,0"), ("size", "4x5")]].concat());
        let entry = entry.unwrap();
        let text = Fields::from(entry.clone()).to_toml().unwrap();
        assert_eq!(Fields::parse(&text, "").unwrap().check("", "").unwrap(), entry);
        assert_eq!((entry.size, entry.crop_shift_px), (Size { height: 4, width: 5 }, [-8.0, 0.0]));
    }

    #[test]
    fn defaults_are_those_of_arcface() {
        let entry = set(&ENOUGH).unwrap();
        assert_eq!((entry.kind, entry.layout, entry.colour), (Kind::Embed, Layout::Nchw, Colour::Rgb));
        assert_eq!((entry.crop, entry.crop_shift_px, entry.dim), (Crop::Aligned112, [0.0, 0.0], None));
        assert_eq!((entry.file.as_str(), entry.mean, entry.scale), ("x.onnx", 127.5, 128.0));
    }

    #[test]
    fn what_is_missing_is_named() {
        let message = set(&[("model.mean", "0")]).unwrap_err().to_string();
        assert!(message.contains("size, scale are not known"), "{message}");
        assert!(message.contains("--set model.size=112 --set model.scale=127.5"), "{message}");
        assert!(message.contains("x.toml") && message.ends_with("x.onnx"), "{message}");
    }

    #[test]
    fn unknown_keys_are_told_the_known_ones() {
        for key in ["model.seize", "sha256", "model.bytes", "model.", ""] {
            let message = set(&[(key, "1")]).unwrap_err().to_string();
            assert!(message.contains("size, layout, colour, mean, scale"), "{message}");
            assert!(!message.contains("sha256,"), "{message}");
        }
    }

    #[test]
    fn wrong_values_name_key_value_and_reason() {
        let cases = [
            ("size", "112x", "HEIGHTxWIDTH"),
            ("mean", "half", "it is a number"),
            ("mean", "nan", "finite"),
            ("scale", "0", "other than 0"),
            ("colour", "rgba", "`rgb` or `bgr`"),
            ("layout", "chw", "`nchw` or `nhwc`"),
            ("crop", "tight", "`aligned-112` or `loose`"),
            ("kind", "track", "`embed`, `align`"),
            ("crop_shift_px", "8", "DX,DY"),
            ("crop_shift_px", "500,0", "at most 112"),
            ("dim", "-1", "-1"),
            ("dim", "0", "1..=65536"),
            ("radius", "0", "above 0"),
            ("film_f", "93", "at most 1"),
            ("commercial_use", "maybe", "true or false"),
        ];
        for (key, value, why) in cases {
            let message = set(&[&ENOUGH[..], &[(key, value)]].concat()).unwrap_err().to_string();
            assert!(message.starts_with(key) && message.contains(why), "{key}={value}: {message}");
        }
        let id = set(&[&ENOUGH[..], &[("id", "../x")]].concat());
        assert!(matches!(id, Err(ModelError::BadId { .. })));
    }

    #[test]
    fn a_wrong_description_names_key_line_and_file() {
        let message = Fields::parse("size = 112\ncolor = \"rgb\"\n", "my.toml").unwrap_err().to_string();
        assert!(
            message.contains("`color`") && message.contains("line 2") && message.ends_with("my.toml"),
            "{message}"
        );
        let message = Fields::parse("size = \"12x\"\n", "my.toml").unwrap_err().to_string();
        assert!(message.contains("\"12x\" is no size") && message.contains("line 1: size"), "{message}");
        let message = Fields::parse("size = [1]\n", "my.toml").unwrap_err().to_string();
        assert!(message.contains("a size is a number or text"), "{message}");
        assert!(Fields::parse("size", "my.toml").is_err());
    }

    #[test]
    fn files_and_hashes_are_checked() {
        for (key, value) in
            [("file", "../a.onnx"), ("file", "c:a"), ("file", ""), ("sha256", "12"), ("sha256", "g")]
        {
            let text = format!("id='x'\nsize=1\nmean=0\nscale=1\n{key}='{value}'");
            let error = Fields::parse(&text, "").unwrap().check("x.toml", "").unwrap_err();
            assert!(error.to_string().starts_with(key), "{error}");
        }
    }
}
