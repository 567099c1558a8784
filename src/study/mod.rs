//! Comparing methods where the truth is known: each with its defaults and, marked as oracle,
//! with the best value of its main parameter, chosen by the truth.
//!
//! Takes tracks ready to be grouped ([`Ground`]) and labels; gives a [`Comparison`] that can be
//! told as JSON, as a table and as a page ([`csv()`], [`page`]). It is for the command line only,
//! starts no process and no thread, and changes nothing but its own process's high-water mark
//! of memory.

mod memory;
mod page;
mod plot;
pub mod simulate;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Instant;

use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::base::Value;
use crate::base::{Cx, LinkKind};
use crate::cluster::{self, ClusterError, METHODS, Method};
use crate::session::{self, Ground, SessionError, Settings};

pub use page::page;
pub use tables::csv;

/// A method with parameters that stand instead of its defaults.
#[derive(Debug, Clone)]
pub struct Contender {
    /// The method.
    pub method: &'static Method,
    /// Parameters by name, and `head` for a method that needs one.
    pub set: Vec<(String, String)>,
}

/// What was compared, on what, and how it came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The program's version.
    pub castlist: String,
    /// The command that makes this again.
    pub command: String,
    /// What the methods were given.
    pub data: Facts,
    /// In the order asked for.
    pub methods: Vec<Compared>,
    /// What the user should know about the figures.
    pub warnings: Vec<String>,
}

/// What the methods were given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Folder or matrix.
    pub source: String,
    /// Where the truth stands.
    pub labels: String,
    /// Tracks that were grouped.
    pub n_tracks: usize,
    /// Tracks without a usable face, which were not.
    pub n_unusable: usize,
    /// Faces of all tracks.
    pub n_faces: usize,
    /// Numbers a track.
    pub dim: usize,
    /// The model's id; empty where none is known.
    pub model: String,
    /// The sha256 of the head that made the space, or `none`.
    pub head: String,
    /// The radius of methods that take one, and where it comes from.
    pub radius: Option<(f64, String)>,
    /// Pairs that must share an identity.
    pub n_must: usize,
    /// Pairs that must not.
    pub n_cannot: usize,
    /// Threads.
    pub n_threads: usize,
}

/// One method's runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// As it was asked for: the id, and the parameters that were set.
    pub name: String,
    /// The method's id.
    pub method: String,
    /// How it honours cannot-links, in words.
    pub cannot_links: String,
    /// With its defaults.
    pub default: Run,
    /// The best by `BCubed` F of the sweep and the default: a user without labels cannot know it.
    pub oracle: Option<Run>,
    /// The main parameter.
    pub parameter: String,
    /// A run for each of its values.
    pub sweep: Vec<Point>,
}

/// One value of the main parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The value.
    pub value: String,
    /// The run.
    pub run: Run,
}

/// One run, from the tracks' rows to clusters under links.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// All parameters.
    pub parameters: BTreeMap<String, String>,
    /// All metrics, as `evaluate --json` tells them.
    pub scores: Json,
    /// Elapsed seconds.
    pub seconds: f64,
    /// CPU seconds of all threads.
    pub cpu_seconds: f64,
    /// The most memory that the process held while the method ran, its rows and the program
    /// included; none where the system does not tell.
    pub memory_bytes: Option<u64>,
}

impl Run {
    /// A metric by its path, such as `bcubed/f`; NaN where there is no such metric.
    #[must_use]
    pub fn score(&self, path: &str) -> f64 {
        let (mut at, parts) = (&self.scores, path.split('/'));
        for part in parts {
            at = &at[part];
        }
        at.as_f64().unwrap_or(f64::NAN)
    }
}

/// The contenders in a list such as `bcl,dbscan,agglomerative:linkage=single`; all methods where
/// the list is none.
///
/// # Errors
/// [`ClusterError::Method`] for an unknown method; a parameter is checked when it runs.
pub(crate) fn contenders(list: Option<&str>) -> Result<Vec<Contender>, SessionError> {
    let Some(list) = list else {
        return Ok(METHODS.iter().map(|method| Contender { method, set: Vec::new() }).collect());
    };
    let words = list.split(',').map(str::trim);
    words
        .map(|word| {
            let mut parts = word.split(':');
            let method = cluster::method(parts.next().unwrap_or_default())?;
            let pair = |part: &str| {
                let known =
                    part.split_once('=').filter(|(name, _)| names(method).any(|known| known == *name));
                let known = known.map(|(name, value)| (name.to_owned(), value.to_owned()));
                known.ok_or_else(|| ClusterError::Method { name: word.to_owned(), known: spellings(method) })
            };
            Ok(Contender { method, set: parts.map(pair).collect::<Result<_, ClusterError>>()? })
        })
        .collect()
}

/// What may be set of a contender.
fn names(method: &Method) -> impl Iterator<Item = &'static str> {
    method.parameters().map(|parameter| parameter.name).chain(method.needs_head.then_some("head"))
}

/// How a method may be spelt in a list of contenders.
fn spellings(method: &Method) -> String {
    let set = names(method).map(|name| format!("{}:{name}=VALUE", method.id));
    std::iter::once(method.id.to_owned()).chain(set).collect::<Vec<_>>().join(", ")
}

impl Contender {
    /// Tells `set` the method and its parameters by name; before the ground is read as well, for
    /// a head may depend on them.
    ///
    /// # Errors
    /// What `set` says.
    pub fn choose(
        &self,
        mut set: impl FnMut(&str, &str) -> Result<(), SessionError>,
    ) -> Result<(), SessionError> {
        set("method", self.method.id)?;
        self.set.iter().try_for_each(|(name, value)| set(name, value))
    }

    /// As in a list of contenders.
    #[must_use]
    pub fn name(&self) -> String {
        let set = self.set.iter().map(|(name, value)| format!(":{name}={value}"));
        std::iter::once(self.method.id.to_owned()).chain(set).collect()
    }
}

/// Whether a method runs with every value of its main parameter, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweep {
    /// It does; the best of them is the oracle.
    With,
    /// With its defaults alone.
    Without,
}

/// What must be known of scores where tracks have no cluster; none where all have one.
#[must_use]
pub fn unassigned(n: usize, common: bool) -> Option<String> {
    let tracks = if n == 1 { "1 track has".to_owned() } else { format!("{n} tracks have") };
    let how = if common {
        "left out of the scores (--common)"
    } else {
        "scored as a cluster of its own each (--common leaves such tracks out)"
    };
    (n > 0).then(|| format!("{tracks} no cluster: {how}"))
}

/// What stands in a comparison about its ground.
#[must_use]
pub(crate) fn facts(ground: &Ground, source: &str, labels: &str) -> Facts {
    let n = |kind| ground.links.all().iter().filter(|link| link.kind == kind).count();
    Facts {
        source: source.to_owned(),
        labels: labels.to_owned(),
        n_tracks: ground.ids.len(),
        n_unusable: ground.unusable.len(),
        n_faces: ground.n_faces,
        dim: ground.rows.dim(),
        model: ground.model.clone(),
        head: ground.head.clone(),
        radius: ground.radius.map(|(radius, source)| (radius.0, source.word().to_owned())),
        n_must: n(LinkKind::Must),
        n_cannot: n(LinkKind::Cannot),
        n_threads: rayon::current_num_threads(),
    }
}

/// Runs a contender with its defaults and, where asked for, with each value of its main parameter;
/// everything else is as the settings say. A track without a usable face counts as a cluster of its own;
/// with `common`, only tracks that have both a cluster and a label are scored.
///
/// # Errors
/// [`SessionError`]: a parameter out of range, labels that do not fit, cancelled.
pub fn compare(
    contender: &Contender,
    ground: &Ground,
    (truth, common): (&BTreeMap<String, String>, bool),
    sweep: Sweep,
    settings: &Settings,
    cx: &Cx,
) -> Result<Compared, SessionError> {
    let mut settings = settings.clone();
    contender.choose(|name, value| Ok(settings.set(name, value)?))?;
    let parameter = contender.method.sweep.parameter;
    let values: Vec<Value> = contender.method.sweep.values().filter(|_| sweep == Sweep::With).collect();
    let measure = Measure { ground, truth, common, cx };
    let default = measure.run(&settings)?;
    let mut sweep = Vec::with_capacity(values.len());
    for value in values {
        settings.set_parameter(parameter, value);
        sweep.push(Point { value: value.to_string(), run: measure.run(&settings)? });
    }
    let mut oracle = &default;
    for run in sweep.iter().map(|point| &point.run) {
        if run.score("bcubed/f") > oracle.score("bcubed/f") {
            oracle = run;
        }
    }
    Ok(Compared {
        name: contender.name(),
        method: contender.method.id.to_owned(),
        cannot_links: contender.method.constraints.words().to_owned(),
        oracle: Some(oracle).filter(|_| !sweep.is_empty()).cloned(),
        default,
        parameter: parameter.name.to_owned(),
        sweep,
    })
}

struct Measure<'a> {
    ground: &'a Ground,
    truth: &'a BTreeMap<String, String>,
    common: bool,
    cx: &'a Cx,
}

impl Measure<'_> {
    fn run(&self, settings: &Settings) -> Result<Run, SessionError> {
        let ground = self.ground;
        let params = settings.method_params();
        let is_fresh = memory::reset();
        let (wall, cpu) = (Instant::now(), ProcessTime::now());
        // What a method warns about one run of many is nobody's business.
        let clustering = ground.run(settings, &self.cx.aside())?;
        let (seconds, cpu_seconds) = (wall.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
        let memory_bytes = memory::peak().filter(|_| is_fresh);
        let params = match ground.radius.filter(|_| params.radius().is_some() && params.level().is_none()) {
            Some((radius, _)) => params.with_level(radius.into()),
            None => params,
        };
        let values = params.values().into_iter();
        let mut parameters: BTreeMap<String, String> =
            values.map(|(parameter, value)| (parameter.name.to_owned(), value.to_string())).collect();
        if params.method().needs_head {
            parameters.insert("head".to_owned(), ground.head.clone());
        }
        let labels = clustering.partition.labels();
        let rows = ground.ids.iter().zip(labels).map(|(id, label)| (id.clone(), Some(label.to_string())));
        let unusable = ground.unusable.iter().map(|id| (id.clone(), None));
        let evaluation = session::evaluate(&rows.chain(unusable).collect(), self.truth, self.common)?;
        let scores = serde_json::to_value(evaluation).unwrap_or_default();
        Ok(Run { parameters, scores, seconds, cpu_seconds, memory_bytes })
    }
}
