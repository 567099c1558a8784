//! A clustering as the project keeps it: with what it was made, and what came out.
//!
//! In memory everything is typed; the file holds the method's id and one table of texts by name,
//! as versions before did.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::advice::TwoPeople;
use crate::base::{Fingerprint, Value};
use crate::cluster::{Diagnostics, Level, MethodParams, RADIUS, RadiusSource, method};

/// With what a run was made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunParameters {
    /// The method and its parameters; a radius is the one that was used, wherever it comes from.
    pub method: MethodParams,
    /// Where the radius comes from; none for a method that takes none.
    pub radius_source: Option<RadiusSource>,
    /// The sha256 of the head in use.
    pub head: Option<String>,
    /// How many frames of a track were used; 0 for all. None where it is not known.
    pub frames_per_track: Option<u32>,
    /// How frames became one vector, as the setting's text. None where it is not known.
    pub pooling: Option<String>,
}

impl RunParameters {
    /// All of it as texts by name, in which every number is the same number when it is read again.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<String, String> {
        let head = self.head.as_deref().unwrap_or(NO_HEAD).to_owned();
        let frames = self.frames_per_track.map(|frames| (FRAMES, frames.to_string()));
        let pooling = self.pooling.clone().map(|pooling| (POOLING, pooling));
        let source = self.radius_source.map(|source| (SOURCE, source.word().to_owned()));
        let own = [Some((HEAD, head)), frames, pooling, source].into_iter().flatten();
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let of_method = self.method.values().into_iter();
        own.chain(of_method.map(|(parameter, value)| (parameter.name.to_owned(), value.to_string())))
            .collect()
    }

    /// Where the dendrogram was cut; none for a method without one.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.method.level()
    }

    /// From texts by name. What an older version did not write, or wrote otherwise, has its default.
    fn from_texts(id: &str, texts: &BTreeMap<String, String>) -> Option<Self> {
        let mut method = (method(id).ok()?.defaults)();
        for (parameter, _) in method.values() {
            let text = texts.get(parameter.name);
            let value =
                text.and_then(|text| parameter.parse(text).ok()).filter(|value| *value != Value::Auto);
            if let Some(value) = value {
                method.set_value(parameter.name, value);
            }
        }
        let has_radius = texts.contains_key(RADIUS.name);
        Some(Self {
            method,
            radius_source: texts.get(SOURCE).filter(|_| has_radius).and_then(|word| RadiusSource::of(word)),
            head: texts.get(HEAD).filter(|head| *head != NO_HEAD).cloned(),
            frames_per_track: texts.get(FRAMES).and_then(|text| text.parse().ok()),
            pooling: texts.get(POOLING).cloned(),
        })
    }
}

const HEAD: &str = "head";
const NO_HEAD: &str = "none";
const FRAMES: &str = "frames_per_track";
const POOLING: &str = "pooling";
const SOURCE: &str = "radius_source";

/// One clustering: with what it was made, and what came out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(try_from = "StoredRun")]
pub struct Run {
    /// Model id.
    pub model: String,
    /// sha256 of the model's file.
    pub model_sha256: String,
    /// Engine and version.
    pub engine: String,
    /// With what it was made.
    pub parameters: RunParameters,
    /// Figures of the method.
    pub diagnostics: Diagnostics,
    /// Cluster of each track by track id; tracks without a usable face are missing.
    pub clusters: BTreeMap<String, u32>,
    /// How far each track lies from the middle of its cluster (squared distance), by track id.
    pub doubts: BTreeMap<String, f32>,
    /// Fingerprint of the rows that were clustered; the dendrogram is kept under it.
    pub vectors: Option<Fingerprint>,
    /// Tracks that seem to show two people, by track id.
    pub two_people: BTreeMap<String, TwoPeople>,
}

/// A run in the file; `C` and `D` are the tables, or references to them.
#[derive(Serialize, Deserialize)]
struct StoredRun<C = BTreeMap<String, u32>, D = BTreeMap<String, f32>> {
    model: String,
    model_sha256: String,
    engine: String,
    method: String,
    parameters: BTreeMap<String, String>,
    diagnostics: Diagnostics,
    clusters: C,
    doubts: D,
    vectors: Option<Fingerprint>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    two_people: BTreeMap<String, TwoPeople>,
}

impl Serialize for Run {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = StoredRun {
            model: self.model.clone(),
            model_sha256: self.model_sha256.clone(),
            engine: self.engine.clone(),
            method: self.parameters.method.id().to_owned(),
            parameters: self.parameters.texts(),
            diagnostics: self.diagnostics.clone(),
            // A copy of a million tracks' names would cost more than writing them.
            clusters: &self.clusters,
            doubts: &self.doubts,
            vectors: self.vectors,
            two_people: self.two_people.clone(),
        };
        stored.serialize(serializer)
    }
}

impl TryFrom<StoredRun> for Run {
    type Error = String;

    fn try_from(stored: StoredRun) -> Result<Self, String> {
        let parameters = RunParameters::from_texts(&stored.method, &stored.parameters);
        Ok(Self {
            parameters: parameters.ok_or_else(|| format!("no method `{}`", stored.method))?,
            model: stored.model,
            model_sha256: stored.model_sha256,
            engine: stored.engine,
            diagnostics: stored.diagnostics,
            clusters: stored.clusters,
            doubts: stored.doubts,
            vectors: stored.vectors,
            two_people: stored.two_people,
        })
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::{Radius, seeded};
    use crate::cluster::METHODS;

    #[test]
    fn a_run_comes_back_from_the_file_whatever_its_method() {
        for method in METHODS {
            let parameters = RunParameters {
                method: (method.defaults)(),
                head: Some("abc".to_owned()),
                frames_per_track: Some(0),
                pooling: Some("mean".to_owned()),
                radius_source: None,
            };
            let run = Run { parameters, clusters: BTreeMap::from([("t".into(), 3)]), ..Run::default() };
            let json = serde_json::to_string(&run).unwrap();
            assert_eq!(serde_json::from_str::<Run>(&json).unwrap(), run, "{json}");
        }
    }

    #[test]
    fn runs_of_older_versions_are_read() {
        let json = r#"{"model":"m","model_sha256":"","engine":"","method":"bcl","parameters":{"radius":"0.57"},
            "diagnostics":{"merges":12.0,"a_figure_of_old":1.5},"clusters":{},"doubts":{},"vectors":null}"#;
        let run: Run = serde_json::from_str(json).unwrap();
        assert_eq!(run.parameters.level(), Some(Radius(0.57).into()));
        assert_eq!((run.diagnostics.merges, run.parameters.frames_per_track), (Some(12.0), None));
        assert!(run.diagnostics.figures["a_figure_of_old"] > 1.4);
        assert!(serde_json::from_str::<Run>(&json.replace("bcl", "gone")).is_err());
    }

    #[test]
    fn a_radius_survives_to_the_last_bit() {
        let mut rng = seeded(11);
        for _ in 0..1000 {
            let radius = Radius(rng.random_range(f64::MIN_POSITIVE..=1.0));
            let method = (METHODS[1].defaults)().with_level(radius.into());
            let parameters =
                RunParameters { method, radius_source: Some(RadiusSource::Set), ..Default::default() };
            let run = Run { parameters, ..Run::default() };
            let back: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
            assert_eq!(back, run);
        }
    }
}
