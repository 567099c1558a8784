//! Reading a model's description: the catalogue, a FILE.toml beside a model and `--set model.KEY=VALUE`
//! through one reader.
//!
//! Takes TOML text and overrides; gives an [`ModelEntry`], or an error that names the key, the value
//! and where it stands. It reads no files.

use toml::{Table, Value};

use super::entry::{DescriptionKey, KEYS, ModelEntry, ModelFields, ValueForm, is_safe_id};
use super::error::ModelError;

impl ModelFields {
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
            let settable = |key: &&DescriptionKey| key.name == name && key.form != ValueForm::Measured;
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
    pub(super) fn check(mut self, origin: &str, model: &str) -> Result<ModelEntry, ModelError> {
        if let Some(sha256) = &mut self.sha256 {
            sha256.make_ascii_lowercase();
        }
        let id = self.id.as_deref().unwrap_or_default();
        self.file = self.file.or_else(|| Some(format!("{id}.onnx")));
        let Some(entry) = self.filled() else {
            return Err(self.missing(origin, model));
        };
        if !is_safe_id(&entry.id) {
            return Err(ModelError::BadId { id: entry.id });
        }
        match self.out_of_range() {
            Some((key, value, why)) => {
                Err(ModelError::Value { key, value, why: why.to_owned(), origin: origin.to_owned() })
            }
            None => Ok(entry),
        }
    }

    fn missing(&self, origin: &str, model: &str) -> ModelError {
        let lacking = self.lacking();
        let examples = lacking.iter().map(|(key, example)| format!("--set model.{key}={example}"));
        ModelError::Missing {
            missing: lacking.iter().map(|&(key, _)| key).collect::<Vec<_>>().join(", "),
            example: examples.collect::<Vec<_>>().join(" "),
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
    let settable = KEYS.iter().filter(|key| key.form != ValueForm::Measured);
    let known = settable.map(|key| key.name).collect::<Vec<_>>().join(", ");
    ModelError::UnknownKey { key: name.to_owned(), known }
}

/// Reads what stands after `=`.
fn read(form: ValueForm, raw: &str) -> Result<Value, String> {
    let number = |text: &str| {
        text.trim().parse().map(Value::Float).map_err(|_| "it is a number, such as 127.5".to_owned())
    };
    match form {
        ValueForm::Text | ValueForm::Size | ValueForm::Measured => Ok(Value::String(raw.to_owned())),
        ValueForm::Integer => {
            raw.parse().map(Value::Integer).map_err(|_| "it is a whole number, such as 512".to_owned())
        }
        ValueForm::Number => number(raw),
        ValueForm::Flag => raw.parse().map(Value::Boolean).map_err(|_| "it is true or false".to_owned()),
        ValueForm::Pair => {
            let (dx, dy) = raw.trim_matches(['[', ']']).split_once(',').ok_or("it is DX,DY, such as -8,0")?;
            Ok(Value::Array(vec![number(dx)?, number(dy)?]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{ChannelOrder, Crop, ModelKind, Size, TensorLayout};

    fn set(pairs: &[(&str, &str)]) -> Result<ModelEntry, ModelError> {
        let pairs: Vec<_> = pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect();
        ModelFields { id: Some("x".into()), ..ModelFields::default() }.set(&pairs)?.check("x.toml", "x.onnx")
    }

    const ENOUGH: [(&str, &str); 3] =
        [("model.size", "112"), ("model.mean", "127.5"), ("model.scale", "128")];

    #[test]
    fn the_table_has_the_keys_of_a_description() {
        let full = "id='a'\nkind='detect'\nfile='a.onnx'\nsha256='0'\nbytes=1\nestimated_bytes=1\nlicence='MIT'\n\
            commercial_use=true\nsource='s'\nsize='4x5'\nlayout='nhwc'\ncolour='bgr'\nmean=1\nscale=2.5\n\
            crop='loose'\ncrop_shift_px=[-8,0.5]\ndim=3\noutput='o'\nradius=0.5\n\
            film_f=0.9\nfilm_source='f'\nhead='h'\nlink_head='l'\n\
            decode='scrfd'\nany_size=true\nstart_score=0.5\nkeep_score=0.3\nnote='n'\n";
        let fields = ModelFields::parse(full, "a.toml").unwrap();
        let table: Table = toml::from_str(&fields.to_toml().unwrap()).unwrap();
        let written: Vec<_> = full.lines().map(|line| line.split('=').next().unwrap().trim()).collect();
        assert_eq!(KEYS.iter().map(|key| key.name).collect::<Vec<_>>(), written);
        assert_eq!(table.len(), KEYS.len());
        assert!(KEYS.iter().all(|key| table.contains_key(key.name)));
    }

    #[test]
    fn a_description_and_its_entry_are_inverse() {
        let entry =
            set(&[&ENOUGH[..], &[("radius", "0.5"), ("crop_shift_px", "-8,0"), ("size", "4x5")]].concat());
        let entry = entry.unwrap();
        let text = ModelFields::from(entry.clone()).to_toml().unwrap();
        assert_eq!(ModelFields::parse(&text, "").unwrap().check("", "").unwrap(), entry);
        assert_eq!((entry.size, entry.crop_shift_px), (Size { height: 4, width: 5 }, [-8.0, 0.0]));
    }

    #[test]
    fn defaults_are_those_of_arcface() {
        let entry = set(&ENOUGH).unwrap();
        assert_eq!(
            (entry.kind, entry.layout, entry.colour),
            (ModelKind::Embed, TensorLayout::Nchw, ChannelOrder::Rgb)
        );
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
        let message = ModelFields::parse("size = 112\ncolor = \"rgb\"\n", "my.toml").unwrap_err().to_string();
        assert!(
            message.contains("`color`") && message.contains("line 2") && message.ends_with("my.toml"),
            "{message}"
        );
        let message = ModelFields::parse("size = \"12x\"\n", "my.toml").unwrap_err().to_string();
        assert!(message.contains("\"12x\" is no size") && message.contains("line 1: size"), "{message}");
        let message = ModelFields::parse("size = [1]\n", "my.toml").unwrap_err().to_string();
        assert!(message.contains("a size is a number or text"), "{message}");
        assert!(ModelFields::parse("size", "my.toml").is_err());
    }

    #[test]
    fn files_and_hashes_are_checked() {
        for (key, value) in
            [("file", "../a.onnx"), ("file", "c:a"), ("file", ""), ("sha256", "12"), ("sha256", "g")]
        {
            let text = format!("id='x'\nsize=1\nmean=0\nscale=1\n{key}='{value}'");
            let error = ModelFields::parse(&text, "").unwrap().check("x.toml", "").unwrap_err();
            assert!(error.to_string().starts_with(key), "{error}");
        }
    }
}
