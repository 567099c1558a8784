//! How long a stage of a job took, by the clock and on all processors.

use std::time::Instant;

use cpu_time::ProcessTime;
use serde::Serialize;

/// A stopwatch of elapsed and CPU time.
pub(crate) struct Stopwatch(Instant, ProcessTime);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now(), ProcessTime::now())
    }

    pub(crate) fn read(&self) -> (f64, f64) {
        (self.0.elapsed().as_secs_f64(), self.1.elapsed().as_secs_f64())
    }
}

/// Seconds a stage took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct StageSeconds {
    /// Reading the folder.
    pub scan: f64,
    /// Decoding, aligning, embedding.
    pub embed: f64,
    /// Finding neighbours.
    pub graph: f64,
    /// Grouping.
    pub cluster: f64,
}
