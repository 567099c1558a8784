//! What the user may set, described once: the table feeds `--set`, the window and the docs.
//!
//! Takes texts by name; gives typed values. The parameters of the methods are settings, too; their
//! rows are in `cluster`. Texts are read and written here alone.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use super::RunParameters;
use crate::base::{InvalidValue, Parameter, ParameterValue as _, Radius, Value};
use crate::cluster::{
    self, CERTAINTY, ChosenMethod, Level, Method, MethodParams, RADIUS, RadiusChoice, RadiusSource,
};
use crate::embed::{CropAlignment, EmbedOptions};
use crate::infer::EngineChoice;
use crate::models::{self, HeadError, Model};
use crate::pooling::{AttentionPooling, Pooling};
use crate::tracks::{OverlapRule, PictureGrouping, ScanOptions};

/// One row of the table of settings.
#[derive(Debug)]
pub struct Setting {
    /// The name given to `--set`.
    pub name: &'static str,
    /// Its name in the window.
    pub label: &'static str,
    /// What it does, in a curator's words.
    pub doc: &'static str,
    /// What is allowed.
    pub range: &'static str,
    /// The words among what is allowed.
    pub words: &'static [&'static str],
    /// Whether the project remembers it.
    stored: bool,
    get: fn(&Settings) -> String,
    /// None for a value that is not allowed; nothing changes then.
    set: fn(&mut Settings, &str) -> Option<()>,
}

/// All settings but the parameters of the methods ([`cluster::parameters`]), which are settings,
/// too: `auto` is a method's own default.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "model",
        label: "Model",
        doc: "The network that tells faces apart.",
        range: "a model's id or an ONNX file",
        words: &[],
        stored: true,
        get: |settings| settings.model.clone(),
        set: |settings, text| {
            (!text.is_empty()).then(|| {
                settings.names_model = true;
                if settings.model != text {
                    settings.overrides.clear();
                }
                text.clone_into(&mut settings.model);
            })
        },
    },
    Setting {
        name: "method",
        label: "Method",
        doc: "How tracks are grouped.",
        range: "the id of a method",
        words: &[],
        stored: true,
        get: |settings| settings.method.id.to_owned(),
        set: |settings, text| cluster::method(text).ok().map(|method| settings.method = method),
    },
    Setting {
        name: "head",
        label: "Head",
        doc: "What was learned on top of the model to tell people apart: the model's own head, none, or a file.",
        range: "auto (the model's own, where it has one), none, or a head's file",
        words: &["auto", "none"],
        stored: true,
        get: |settings| match &settings.head {
            HeadChoice::Auto => "auto".to_owned(),
            HeadChoice::None => "none".to_owned(),
            HeadChoice::File(file) => file.to_string_lossy().into_owned(),
        },
        set: |settings, text| {
            settings.head = match text {
                "" => return None,
                "auto" => HeadChoice::Auto,
                "none" => HeadChoice::None,
                file => HeadChoice::File(PathBuf::from(file)),
            };
            Some(())
        },
    },
    Setting {
        name: "frames_per_track",
        label: "Frames per track",
        doc: "How many frames of a track are used, spread evenly; 0 takes all.",
        range: "0 to 10000",
        words: &[],
        stored: true,
        get: |settings| settings.frames_per_track.to_string(),
        set: |settings, text| {
            let frames = text.parse().ok().filter(|frames| *frames <= Settings::MOST_FRAMES)?;
            settings.frames_per_track = frames;
            Some(())
        },
    },
    Setting {
        name: "pooling",
        label: "Pooling",
        doc: "How the frames of a track become one: weighted by their quality, all equal, the most typical one, or by a supplied attention head.",
        range: "quality, mean, raw-mean, medoid, or an attention head's file (.safetensors)",
        words: &["quality", "mean", "raw-mean", "medoid"],
        stored: true,
        get: |settings| match &settings.pooling {
            PoolingChoice::Fixed(pooling) => word(&["quality", "mean", "raw-mean", "medoid"], pooling),
            PoolingChoice::Head(file) => file.to_string_lossy().into_owned(),
        },
        set: |settings, text| {
            settings.pooling = match text.parse() {
                Ok(pooling) => PoolingChoice::Fixed(pooling),
                Err(()) if text.ends_with(".safetensors") => PoolingChoice::Head(PathBuf::from(text)),
                Err(()) => return None,
            };
            Some(())
        },
    },
    Setting {
        name: "crops",
        label: "Crops",
        doc: "Whether pictures show a face with some margin, or are aligned to the five-point template already.",
        range: "loose or aligned",
        words: &["loose", "aligned"],
        stored: true,
        get: |settings| word(&["loose", "aligned"], &settings.crops),
        set: |settings, text| text.parse().ok().map(|crops| settings.crops = crops),
    },
    Setting {
        name: "photographs",
        label: "Large pictures",
        doc: "Whether large oblong pictures are refused as whole photographs.",
        range: "refuse or allow",
        words: &["refuse", "allow"],
        stored: true,
        get: |settings| if settings.allow_photographs { "allow" } else { "refuse" }.to_owned(),
        set: |settings, text| {
            settings.allow_photographs = match text {
                "allow" => true,
                "refuse" => false,
                _ => return None,
            };
            Some(())
        },
    },
    Setting {
        name: "pictures",
        label: "Flat folders",
        doc: "What is a track among pictures that lie in no folder of their own: those of one name (<track>_<frame>), or each picture (single). people: a folder is a person, and each picture right in it is a track. auto reads it from the names.",
        range: "auto, tracks, single or people",
        words: &["auto", "tracks", "single", "people"],
        stored: true,
        get: |settings| word(&["auto", "tracks", "single", "people"], &settings.pictures),
        set: |settings, text| text.parse().ok().map(|pictures| settings.pictures = pictures),
    },
    Setting {
        name: "overlaps",
        label: "Overlaps in time",
        doc: "How far two tracks of one video may overlap in time and still be one person: by this many frames, or by any number (ignore), where times are rough. Tracks that merely touch never overlap.",
        range: "forbid, ignore, or a number of frames, 0 to 1000000",
        words: &["forbid", "ignore"],
        stored: true,
        get: |settings| match settings.overlaps {
            OverlapRule::UpTo(0) => "forbid".to_owned(),
            other => other.to_string(),
        },
        set: |settings, text| text.parse().ok().map(|overlaps| settings.overlaps = overlaps),
    },
    Setting {
        name: "engine",
        label: "Engine",
        doc: "Which inference engine runs; it cannot change while the program runs.",
        range: "auto, onnxruntime or tract",
        words: &["auto", "onnxruntime", "tract"],
        stored: false,
        get: |settings| word(&["auto", "onnxruntime", "tract"], &settings.engine),
        set: |settings, text| text.parse().ok().map(|engine| settings.engine = engine),
    },
];

/// The one of some words that stands for a value.
fn word<T: FromStr + PartialEq>(words: &[&str], value: &T) -> String {
    let found = words.iter().find(|word| word.parse().is_ok_and(|it: T| it == *value));
    found.map_or_else(String::new, |&word| word.to_owned())
}

/// Why a setting was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No such setting.
    #[error("there is no setting `{name}`; there are: {known}, and model.KEY for a model's description")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A value that is not allowed.
    #[error("{name} is `{value}`; it must be {range}")]
    Value {
        /// Name.
        name: String,
        /// Value given.
        value: String,
        /// What is allowed.
        range: String,
    },
}

/// Which head maps embeddings into the clustering space.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum HeadChoice {
    /// The project's or the model's own, where there is one.
    #[default]
    Auto,
    /// None.
    None,
    /// The one in a file.
    File(PathBuf),
}

/// How the frames of a track become one vector.
#[derive(Debug, Clone, PartialEq)]
pub enum PoolingChoice {
    /// By a rule.
    Fixed(Pooling),
    /// By the attention head in a file.
    Head(PathBuf),
}

/// Checked settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    model: String,
    names_model: bool,
    overrides: Vec<(String, String)>,
    /// The method.
    pub method: &'static Method,
    /// The parameters that were set, by name; whatever method takes them.
    parameters: BTreeMap<&'static str, Value>,
    /// Which head is used.
    pub head: HeadChoice,
    /// How many frames of a track are used; 0 for all.
    pub frames_per_track: u32,
    /// How frames become one vector.
    pub pooling: PoolingChoice,
    /// How faces are cut.
    pub crops: CropAlignment,
    /// Whether whole photographs are taken.
    pub allow_photographs: bool,
    /// How flat folders are read.
    pub pictures: PictureGrouping,
    /// How far two tracks of one person may overlap in time.
    pub overlaps: OverlapRule,
    /// Which engine runs.
    pub engine: EngineChoice,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: models::DEFAULT_EMBED.to_owned(),
            names_model: false,
            overrides: Vec::new(),
            method: &cluster::METHODS[0],
            parameters: BTreeMap::new(),
            head: HeadChoice::Auto,
            frames_per_track: 16,
            pooling: PoolingChoice::Fixed(Pooling::Quality),
            crops: CropAlignment::default(),
            allow_photographs: false,
            pictures: PictureGrouping::default(),
            overlaps: OverlapRule::default(),
            engine: EngineChoice::default(),
        }
    }
}

impl Setting {
    /// The value where nothing was set.
    #[must_use]
    pub fn default(&self) -> String {
        (self.get)(&Settings::default())
    }
}

impl Settings {
    /// The most frames of a track that may be asked for.
    pub const MOST_FRAMES: u32 = 10_000;

    /// Sets one value; names that begin with `model.` describe the model (its keys).
    ///
    /// Another model has another description: the old one's keys go with it.
    ///
    /// # Errors
    /// [`SettingError`] with name, value and what is allowed; nothing changes.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        if name.starts_with("model.") {
            self.overrides.retain(|(known, _)| known != name);
            self.overrides.push((name.to_owned(), value.to_owned()));
            return Ok(());
        }
        let value = value.trim();
        if let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) {
            return (setting.set)(self, value).ok_or_else(|| SettingError::Value {
                name: name.to_owned(),
                value: value.to_owned(),
                range: if name == "method" { method_ids() } else { setting.range.to_owned() },
            });
        }
        let Some(parameter) = cluster::parameter(name) else {
            let known = SETTINGS.iter().map(|setting| setting.name);
            let known: Vec<_> = known.chain(cluster::parameters().map(|it| it.name)).collect();
            return Err(SettingError::Unknown { name: name.to_owned(), known: known.join(", ") });
        };
        let value = if value == "auto" { Value::Auto } else { parameter.parse(value)? };
        self.set_parameter(parameter, value);
        Ok(())
    }

    /// Sets a method's parameter to a value in its range; [`Value::Auto`] is the method's own
    /// default.
    pub fn set_parameter(&mut self, parameter: &'static Parameter, value: Value) {
        match value {
            Value::Auto => self.parameters.remove(parameter.name),
            value => self.parameters.insert(parameter.name, value),
        };
    }

    /// What a method's parameter was set to; [`Value::Auto`] where it was not set.
    #[must_use]
    pub fn parameter(&self, parameter: &Parameter) -> Value {
        self.parameters.get(parameter.name).copied().unwrap_or(Value::Auto)
    }

    /// The text of a setting or parameter by name, as [`Self::set`] takes it; none for an unknown
    /// name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let setting = SETTINGS.iter().find(|setting| setting.name == name).map(|setting| (setting.get)(self));
        setting.or_else(|| cluster::parameter(name).map(|it| self.parameter(it).to_string()))
    }

    /// The model's id or file.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether the model was chosen, be it the default one.
    #[must_use]
    pub fn names_model(&self) -> bool {
        self.names_model
    }

    /// The model's description, as far as it was set.
    #[must_use]
    pub fn model_overrides(&self) -> &[(String, String)] {
        &self.overrides
    }

    /// Which radius is meant, for methods that take one.
    #[must_use]
    pub fn radius(&self) -> RadiusChoice {
        RadiusChoice::from_value(self.parameter(&RADIUS)).unwrap_or_default()
    }

    /// The radius, where one was set.
    #[must_use]
    pub fn set_radius(&self) -> Option<Radius> {
        if let RadiusChoice::Set(radius) = self.radius() { Some(radius) } else { None }
    }

    /// The level at which the curator set the method's dendrogram to be cut.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        let level = self.method_params().level()?;
        (self.parameter(level.parameter()) != Value::Auto).then_some(level)
    }

    /// The method's parameters: its defaults, and what was set.
    #[must_use]
    pub fn method_params(&self) -> MethodParams {
        let mut params = (self.method.defaults)();
        for (&name, value) in &self.parameters {
            params.set_value(name, *value);
        }
        params
    }

    /// The method and its parameters, without a network.
    #[must_use]
    pub fn chosen(&self) -> ChosenMethod {
        ChosenMethod { params: self.method_params(), link_network: None }
    }

    /// Goes back to the method and the level of a run. A level that was not set is left to the
    /// method.
    pub(crate) fn restore(&mut self, run: &RunParameters) {
        self.method = run.method.method();
        let level = match run.level() {
            Some(Level::Radius(_)) if run.radius_source != Some(RadiusSource::Set) => None,
            level => level.filter(|level| *level != Level::EVEN),
        };
        for row in [&CERTAINTY, &RADIUS] {
            let value = level.filter(|level| level.parameter().name == row.name);
            self.set_parameter(row, value.map_or(Value::Auto, |level| Value::Number(level.value())));
        }
    }

    /// How a folder is read.
    #[must_use]
    pub fn scan_options(&self) -> ScanOptions {
        ScanOptions {
            allow_photographs: self.allow_photographs,
            pictures: self.pictures,
            overlaps: self.overlaps,
        }
    }

    /// What embedding with `model` needs to know; the file of an attention head is read.
    ///
    /// # Errors
    /// [`HeadError`]: a head that cannot be read, or one of another model.
    pub fn embed_options(&self, model: Option<&Model>) -> Result<EmbedOptions, HeadError> {
        let pooling = match &self.pooling {
            PoolingChoice::Fixed(pooling) => pooling.clone(),
            PoolingChoice::Head(file) => {
                let head = AttentionPooling::read(file)?;
                if let Some(model) = model {
                    head.head().require_model(&model.entry.id, &model.sha256, model.entry.dim)?;
                }
                Pooling::Attention(Arc::new(head))
            }
        };
        Ok(EmbedOptions { frames_per_track: self.frames_per_track as usize, pooling, crops: self.crops })
    }

    /// What the project remembers: values that differ from their default, and the model's
    /// description.
    #[must_use]
    pub fn stored(&self) -> BTreeMap<String, String> {
        let default = Self::default();
        let own = SETTINGS
            .iter()
            .filter(|setting| setting.stored && (setting.get)(self) != (setting.get)(&default));
        own.map(|setting| (setting.name.to_owned(), (setting.get)(self)))
            .chain(self.parameters.iter().map(|(&name, value)| (name.to_owned(), value.to_string())))
            .chain(self.overrides.iter().cloned())
            .collect()
    }
}

impl From<InvalidValue> for SettingError {
    fn from(InvalidValue { name, value, range }: InvalidValue) -> Self {
        Self::Value { name: name.to_owned(), value, range }
    }
}

/// All methods' ids, in words.
fn method_ids() -> String {
    let ids: Vec<_> = cluster::METHODS.iter().map(|method| method.id).collect();
    format!("one of: {}", ids.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_allowed_and_every_row_is_checked() {
        let mut settings = Settings::default();
        for setting in SETTINGS {
            settings.set(setting.name, &setting.default()).unwrap();
            assert!(settings.set(setting.name, "").is_err(), "{} takes nothing", setting.name);
        }
        assert!(settings.stored().is_empty());
    }

    #[test]
    fn refusals_name_value_and_range() {
        let mut settings = Settings::default();
        let error = settings.set("radius", "1.5").unwrap_err().to_string();
        assert!(error.contains("1.5") && error.contains("at most 1"), "{error}");
        let error = settings.set("speed", "1").unwrap_err().to_string();
        assert!(error.contains("`speed`") && error.contains("frames_per_track"), "{error}");
        assert_eq!(settings, Settings::default());
    }
}
