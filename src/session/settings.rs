//! What the user may set, described once: the table feeds `--set`, the window and the docs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::base::Radius;
use crate::cluster::{self, Chosen, ClusterError, Level};
use crate::embed::{Crops, EmbedOptions};
use crate::infer::EngineChoice;
use crate::models::{self, HeadError, Model};
use crate::pooling::{Attention, Pooling};
use crate::tracks::{Overlaps, Pictures, ScanOptions};

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
    /// The value where nothing was set.
    pub default: &'static str,
    /// Whether the project remembers it.
    stored: bool,
}

/// All settings but the parameters of the methods ([`cluster::PARAMETERS`]), which are settings, too:
/// `auto` is a method's own default.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "model",
        label: "Model",
        doc: "The network that tells faces apart.",
        range: "a model's id or an ONNX file",
        default: models::DEFAULT_EMBED,
        stored: true,
    },
    Setting {
        name: "method",
        label: "Method",
        doc: "How tracks are grouped.",
        range: "the id of a method",
        default: cluster::METHODS[0].id,
        stored: true,
    },
    Setting {
        name: "radius",
        label: "Radius",
        doc: "How different one person's faces may look: smaller keeps people apart, larger joins more.",
        range: "auto (what was learned with the head or stands in the model's description, else estimate), estimate (from the tracks), or above 0, at most 1",
        default: "auto",
        stored: true,
    },
    Setting {
        name: "head",
        label: "Head",
        doc: "What was learned on top of the model to tell people apart: the model's own head, none, or a file.",
        range: "auto (the model's own, where it has one), none, or a head's file",
        default: "auto",
        stored: true,
    },
    Setting {
        name: "frames_per_track",
        label: "Frames a track",
        doc: "How many frames of a track are looked at, spread evenly; 0 takes all.",
        range: "0 to 10000",
        default: "16",
        stored: true,
    },
    Setting {
        name: "pooling",
        label: "Pooling",
        doc: "How the frames of a track become one: weighted by their quality, all alike, the most typical one, or by a supplied attention head.",
        range: "quality, mean, raw-mean, medoid, or an attention head's file (.safetensors)",
        default: "quality",
        stored: true,
    },
    Setting {
        name: "crops",
        label: "Crops",
        doc: "Whether pictures show a face with some margin, or are aligned to the five-point template already.",
        range: "loose or aligned",
        default: "loose",
        stored: true,
    },
    Setting {
        name: "photographs",
        label: "Large pictures",
        doc: "Whether large oblong pictures are refused as whole photographs.",
        range: "refuse or allow",
        default: "refuse",
        stored: true,
    },
    Setting {
        name: "pictures",
        label: "Flat folders",
        doc: "What is a track among pictures that lie in no folder of their own: those of one name (<track>_<frame>), or each picture (single). auto reads it from their names.",
        range: "auto, tracks or single",
        default: "auto",
        stored: true,
    },
    Setting {
        name: "overlaps",
        label: "Overlaps in time",
        doc: "How far two tracks of one video may overlap in time and still be one person: by so many frames, or by any number (ignore), where times are rough. Tracks that merely touch never overlap.",
        range: "forbid, ignore, or a number of frames, 0 to 1000000",
        default: "forbid",
        stored: true,
    },
    Setting {
        name: "engine",
        label: "Engine",
        doc: "Which inference engine runs; it cannot change while the program runs.",
        range: "auto, onnxruntime or tract",
        default: "auto",
        stored: false,
    },
];

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

/// Checked settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    values: BTreeMap<&'static str, String>,
    overrides: Vec<(String, String)>,
    names_model: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let own = SETTINGS.iter().map(|setting| (setting.name, setting.default));
        let values = own.chain(cluster::PARAMETERS.iter().map(|parameter| (parameter.name, "auto")));
        let values = values.map(|(name, value)| (name, value.to_owned())).collect();
        Self { values, overrides: Vec::new(), names_model: false }
    }
}

impl Settings {
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
        let own = SETTINGS.iter().find(|setting| setting.name == name);
        let own = own.map(|setting| (setting.name, setting.range, allows(name, value)));
        let of_method = || {
            let parameter = cluster::parameter(name)?;
            Some((parameter.name, parameter.range, value == "auto" || parameter.allows(value)))
        };
        let Some((known, range, is_allowed)) = own.or_else(of_method) else {
            let known = SETTINGS.iter().map(|setting| setting.name);
            let known: Vec<_> = known.chain(cluster::PARAMETERS.iter().map(|it| it.name)).collect();
            return Err(SettingError::Unknown { name: name.to_owned(), known: known.join(", ") });
        };
        if !is_allowed {
            return Err(SettingError::Value {
                name: name.to_owned(),
                value: value.to_owned(),
                range: if name == "method" { method_ids() } else { range.to_owned() },
            });
        }
        let before = self.values.insert(known, value.to_owned());
        if name == "model" {
            self.names_model = true;
            if before.as_deref() != Some(value) {
                self.overrides.clear();
            }
        }
        Ok(())
    }

    /// A value as text.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The model's id or file.
    pub fn model(&self) -> &str {
        self.get("model")
    }

    /// Whether the model was chosen, be it the default one.
    pub fn names_model(&self) -> bool {
        self.names_model
    }

    /// The model's description, as far as it was set.
    pub fn model_overrides(&self) -> &[(String, String)] {
        &self.overrides
    }

    /// The radius, where one was set.
    pub fn radius(&self) -> Option<Radius> {
        self.get("radius").parse().ok().map(Radius)
    }

    /// The level at which the curator set the method's dendrogram to be cut.
    pub fn level(&self) -> Option<Level> {
        let Chosen { method, values, .. } = self.method().ok()?;
        let level = method.level(&values, self.radius())?;
        (self.get(level.parameter()) != "auto").then_some(level)
    }

    /// The method, and the values of its parameters.
    ///
    /// # Errors
    /// [`ClusterError`]: no such method, or a value that it does not take.
    pub fn method(&self) -> Result<Chosen, ClusterError> {
        let method = cluster::method(self.get("method"))?;
        let values = method.values(|name| self.values.get(name).map(String::as_str))?;
        Ok(Chosen { method, values, links: None })
    }

    /// The engine.
    pub fn engine(&self) -> EngineChoice {
        self.get("engine").parse().unwrap_or_default()
    }

    /// How a folder is read.
    pub fn scan_options(&self) -> ScanOptions {
        ScanOptions {
            allow_photographs: self.get("photographs") == "allow",
            pictures: self.get("pictures").parse().unwrap_or_default(),
            overlaps: self.get("overlaps").parse().unwrap_or_default(),
        }
    }

    /// How many frames of a track are looked at; 0 for all.
    pub fn frames_per_track(&self) -> usize {
        self.get("frames_per_track").parse().unwrap_or(16)
    }

    /// What embedding with `model` needs to know; the file of an attention head is read.
    ///
    /// # Errors
    /// [`HeadError`]: a head that cannot be read, or one of another model.
    pub fn embed_options(&self, model: Option<&Model>) -> Result<EmbedOptions, HeadError> {
        let pooling = if let Ok(pooling) = self.get("pooling").parse() {
            pooling
        } else {
            let head = Attention::read(Path::new(self.get("pooling")))?;
            if let Some(model) = model {
                head.head().require_model(&model.entry.id, &model.sha256, model.entry.dim)?;
            }
            Pooling::Attention(Arc::new(head))
        };
        let crops = self.get("crops").parse().unwrap_or_default();
        Ok(EmbedOptions { frames_per_track: self.frames_per_track(), pooling, crops })
    }

    /// What the project remembers: values that differ from their default, and the model's
    /// description.
    pub fn stored(&self) -> BTreeMap<String, String> {
        let own = SETTINGS.iter().filter(|setting| setting.stored);
        let own = own.map(|setting| (setting.name, setting.default));
        own.chain(cluster::PARAMETERS.iter().map(|parameter| (parameter.name, "auto")))
            .filter(|&(name, default)| self.get(name) != default)
            .map(|(name, _)| (name.to_owned(), self.get(name).to_owned()))
            .chain(self.overrides.iter().cloned())
            .collect()
    }
}

/// All methods' ids, in words.
fn method_ids() -> String {
    let ids: Vec<_> = cluster::METHODS.iter().map(|method| method.id).collect();
    format!("one of: {}", ids.join(", "))
}

fn allows(name: &str, value: &str) -> bool {
    match name {
        "model" | "head" => !value.is_empty(),
        "method" => cluster::method(value).is_ok(),
        "radius" => {
            matches!(value, "auto" | "estimate") || value.parse::<f64>().is_ok_and(|r| r > 0.0 && r <= 1.0)
        }
        "frames_per_track" => value.parse::<u32>().is_ok_and(|n| n <= 10_000),
        "pooling" => value.parse::<Pooling>().is_ok() || value.ends_with(".safetensors"),
        "crops" => value.parse::<Crops>().is_ok(),
        "overlaps" => value.parse::<Overlaps>().is_ok(),
        "pictures" => value.parse::<Pictures>().is_ok(),
        "photographs" => matches!(value, "refuse" | "allow"),
        "engine" => value.parse::<EngineChoice>().is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_allowed_and_every_row_is_checked() {
        let mut settings = Settings::default();
        for setting in SETTINGS {
            settings.set(setting.name, setting.default).unwrap();
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
