//! Comparing methods where the truth is known: each with its defaults and, marked as oracle,
//! with the best value of its main parameter, chosen by the truth.
//!
//! Takes tracks ready to be grouped ([`ComparisonInput`]) and labels; gives a [`Comparison`] that
//! can be given as JSON, as a table and as a page ([`csv()`], [`page`]). It is for the command line
//! only, starts no process and no thread, and changes nothing but its own process's high-water mark
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
use crate::base::{ConstraintKind, Cx};
use crate::cluster::{self, ClusterError, METHODS, Method};
use crate::session::{self, ComparisonInput, SessionError, Settings};

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
    pub data: ComparisonFacts,
    /// In the order asked for.
    pub methods: Vec<MethodResults>,
    /// What the user should know about the figures.
    pub warnings: Vec<String>,
}

/// What the methods were given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparisonFacts {
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
pub struct MethodResults {
    /// As it was asked for: the id, and the parameters that were set.
    pub name: String,
    /// The method's id.
    pub method: String,
    /// How it honours cannot-links, in words.
    pub cannot_links: String,
    /// With its defaults.
    pub default: MethodRun,
    /// The best by `BCubed` F of the sweep and the default: a user without labels cannot know it.
    pub oracle: Option<MethodRun>,
    /// The main parameter.
    pub parameter: String,
    /// A run for each of its values.
    pub sweep: Vec<SweepPoint>,
}

/// One value of the main parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// The value.
    pub value: String,
    /// The run.
    pub run: MethodRun,
}

/// One run, from the tracks' rows to clusters under links.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MethodRun {
    /// All parameters.
    pub parameters: BTreeMap<String, String>,
    /// All metrics, as in `evaluate --json`.
    pub scores: Json,
    /// Elapsed seconds.
    pub seconds: f64,
    /// CPU seconds of all threads.
    pub cpu_seconds: f64,
    /// The most memory that the process held while the method ran, its rows and the program
    /// included; none where the system does not say.
    pub memory_bytes: Option<u64>,
}

impl MethodRun {
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
    /// Sets the method and its parameters in `set` by name; before the input is read as well, for
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
pub enum SweepChoice {
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

/// The facts of a comparison about its input.
#[must_use]
pub(crate) fn facts(input: &ComparisonInput, source: &str, labels: &str) -> ComparisonFacts {
    let n = |kind| input.constraints.all().iter().filter(|link| link.kind == kind).count();
    ComparisonFacts {
        source: source.to_owned(),
        labels: labels.to_owned(),
        n_tracks: input.ids.len(),
        n_unusable: input.unusable.len(),
        n_faces: input.n_faces,
        dim: input.rows.dim(),
        model: input.model.clone(),
        head: input.head.clone(),
        radius: input.radius.map(|(radius, source)| (radius.0, source.word().to_owned())),
        n_must: n(ConstraintKind::Must),
        n_cannot: n(ConstraintKind::Cannot),
        n_threads: rayon::current_num_threads(),
    }
}

/// Runs a contender with its defaults and, where asked for, with each value of its main parameter;
/// everything else is as the settings say. A track without a usable face counts as a cluster of its
/// own; with `common`, only tracks that have both a cluster and a label are scored.
///
/// # Errors
/// [`SessionError`]: a parameter out of range, labels that do not fit, cancelled.
pub fn compare(
    contender: &Contender,
    input: &ComparisonInput,
    (truth, common): (&BTreeMap<String, String>, bool),
    sweep: SweepChoice,
    settings: &Settings,
    cx: &Cx,
) -> Result<MethodResults, SessionError> {
    let mut settings = settings.clone();
    contender.choose(|name, value| Ok(settings.set(name, value)?))?;
    let parameter = contender.method.sweep.parameter;
    let values: Vec<Value> = contender.method.sweep.values().filter(|_| sweep == SweepChoice::With).collect();
    let measure = Measurement { input, truth, common, cx };
    let default = measure.run(&settings)?;
    let mut sweep = Vec::with_capacity(values.len());
    for value in values {
        settings.set_parameter(parameter, value);
        sweep.push(SweepPoint { value: value.to_string(), run: measure.run(&settings)? });
    }
    let mut oracle = &default;
    for run in sweep.iter().map(|point| &point.run) {
        if run.score("bcubed/f") > oracle.score("bcubed/f") {
            oracle = run;
        }
    }
    Ok(MethodResults {
        name: contender.name(),
        method: contender.method.id.to_owned(),
        cannot_links: contender.method.constraints.words().to_owned(),
        oracle: Some(oracle).filter(|_| !sweep.is_empty()).cloned(),
        default,
        parameter: parameter.name.to_owned(),
        sweep,
    })
}

struct Measurement<'a> {
    input: &'a ComparisonInput,
    truth: &'a BTreeMap<String, String>,
    common: bool,
    cx: &'a Cx,
}

impl Measurement<'_> {
    fn run(&self, settings: &Settings) -> Result<MethodRun, SessionError> {
        let input = self.input;
        let params = settings.method_params();
        let is_fresh = memory::reset();
        let (wall, cpu) = (Instant::now(), ProcessTime::now());
        // A method's warnings about one run of many do not matter.
        let clustering = input.run(settings, &self.cx.without_warnings())?;
        let (seconds, cpu_seconds) = (wall.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
        let memory_bytes = memory::peak().filter(|_| is_fresh);
        let params = match input.radius.filter(|_| params.radius().is_some() && params.level().is_none()) {
            Some((radius, _)) => params.with_level(radius.into()),
            None => params,
        };
        let values = params.values().into_iter();
        let mut parameters: BTreeMap<String, String> =
            values.map(|(parameter, value)| (parameter.name.to_owned(), value.to_string())).collect();
        if params.method().needs_head {
            parameters.insert("head".to_owned(), input.head.clone());
        }
        let labels = clustering.partition.labels();
        let rows = input.ids.iter().zip(labels).map(|(id, label)| (id.clone(), Some(label.to_string())));
        let unusable = input.unusable.iter().map(|id| (id.clone(), None));
        let evaluation = session::evaluate(&rows.chain(unusable).collect(), self.truth, self.common)?;
        let scores = serde_json::to_value(evaluation).unwrap_or_default();
        Ok(MethodRun { parameters, scores, seconds, cpu_seconds, memory_bytes })
    }
}
