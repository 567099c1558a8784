//! What the user may set, described once: the table feeds `--set`, the window and the docs.
//!
//! Takes texts by name; gives typed values. The parameters of the methods are settings, too; their
//! rows are in `cluster`. Texts are read and written here alone.

mod rows;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use rows::{SETTINGS, Setting};

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

/// One change of the settings whose value has its type already; only what is a text stays one.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingChange {
    /// The model, by id or file.
    Model(String),
    /// The method.
    Method(&'static Method),
    /// How many frames of a track are used; 0 for all.
    FramesPerTrack(u32),
    /// A method's parameter; [`Value::Auto`] is the method's own default.
    Parameter(&'static Parameter, Value),
    /// One of a setting's words, or a file where it takes one.
    Choice(&'static Setting, String),
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

    /// Makes one change.
    ///
    /// # Errors
    /// [`SettingError`] with name, value and what is allowed; nothing changes.
    pub fn change(&mut self, change: SettingChange) -> Result<(), SettingError> {
        match change {
            SettingChange::Model(model) => self.set("model", &model),
            SettingChange::Method(method) => {
                self.method = method;
                Ok(())
            }
            SettingChange::FramesPerTrack(frames) => {
                self.frames_per_track = frames.min(Self::MOST_FRAMES);
                Ok(())
            }
            SettingChange::Parameter(parameter, value) => {
                let value = if value == Value::Auto { value } else { parameter.check(value)? };
                self.set_parameter(parameter, value);
                Ok(())
            }
            SettingChange::Choice(setting, value) => self.set(setting.name, &value),
        }
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

    #[test]
    fn a_typed_change_keeps_the_number_bit_for_bit_and_is_checked() {
        let mut settings = Settings::default();
        let exact = 0.555_555_555_555_555_6;
        settings.change(SettingChange::Parameter(&RADIUS, Value::Number(exact))).unwrap();
        assert_eq!(settings.parameter(&RADIUS), Value::Number(exact));
        assert!(settings.change(SettingChange::Parameter(&RADIUS, Value::Number(1.5))).is_err());
        assert_eq!(settings.parameter(&RADIUS), Value::Number(exact));
        settings.change(SettingChange::Parameter(&RADIUS, Value::Auto)).unwrap();
        settings.change(SettingChange::FramesPerTrack(u32::MAX)).unwrap();
        assert_eq!(settings.frames_per_track, Settings::MOST_FRAMES);
        assert!(settings.change(SettingChange::Choice(&SETTINGS[0], String::new())).is_err());
    }
}
