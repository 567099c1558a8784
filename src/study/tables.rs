//! A comparison as a table: one line per run, one column per metric.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Comparison, MethodRun};
use crate::session::rounded;

/// All numbers of the metrics with their paths, such as `bcubed/f`, in order of the paths.
pub(super) fn figures(run: &MethodRun) -> Vec<(String, f64)> {
    fn gather(path: &str, value: &Value, into: &mut Vec<(String, f64)>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                    gather(&path, value, into);
                }
            }
            value => into.extend(value.as_f64().map(|figure| (path.to_owned(), figure))),
        }
    }
    let mut figures = Vec::new();
    gather("", &run.scores, &mut figures);
    figures.sort_by(|x, y| x.0.cmp(&y.0));
    figures
}

/// What a run is in the comparison.
pub(super) fn parameters(run: &MethodRun) -> String {
    let parameters = run.parameters.iter().map(|(name, value)| format!("{name}={}", rounded(value)));
    parameters.collect::<Vec<_>>().join(" ")
}

/// The table: `method,run,parameters,seconds,cpu_seconds,memory_bytes` and all metrics; `run` is
/// `default`, `oracle` or `sweep`.
///
/// # Errors
/// What the writer says; writing to memory does not fail.
pub fn csv(comparison: &Comparison) -> Result<Vec<u8>, csv::Error> {
    let runs = comparison.methods.iter().flat_map(|compared| {
        let oracle = compared.oracle.as_ref().map(|run| ("oracle", run));
        let sweep = compared.sweep.iter().map(|point| ("sweep", &point.run));
        std::iter::once(("default", &compared.default))
            .chain(oracle)
            .chain(sweep)
            .map(|(kind, run)| (compared.name.as_str(), kind, run))
    });
    let runs: Vec<(&str, &str, &MethodRun)> = runs.collect();
    let metrics: BTreeSet<String> =
        runs.iter().flat_map(|(_, _, run)| figures(run)).map(|(path, _)| path).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["method", "run", "parameters", "seconds", "cpu_seconds", "memory_bytes"];
    writer.write_record(head.into_iter().chain(metrics.iter().map(String::as_str)))?;
    for (name, kind, run) in runs {
        let memory = run.memory_bytes.map(|bytes| bytes.to_string()).unwrap_or_default();
        let mut record = vec![name.to_owned(), kind.to_owned(), parameters(run)];
        record.extend([format!("{:.3}", run.seconds), format!("{:.3}", run.cpu_seconds), memory]);
        record.extend(metrics.iter().map(|path| run.score(path).to_string()));
        writer.write_record(record)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
