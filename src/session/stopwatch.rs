//! How long a stage of a job took, by the clock and on all processors.

use std::time::Instant;

use cpu_time::ProcessTime;

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
