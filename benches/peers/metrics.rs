//! All metrics of a million tracks, beside scikit-learn's NMI alone.
//!
//! The same labels in both: 20,000 identities, and clusters of which every tenth track is wrong.
//! One thread, medians of runs in turn.

use std::process::Command;

use castlist::metrics::evaluate;
use cpu_time::ProcessTime;

use super::{AnyError, Goal, row};

const RUNS: usize = 5;
const TRACKS: u64 = 1_000_000;
const IDENTITIES: u64 = 20_000;
/// The peer's CPU seconds as a multiple of ours.
const GOAL: Goal = Goal::Ratio(1.0, 2.0);

/// The labels again, and scikit-learn's CPU seconds for NMI alone.
const PEER: &str = "
import time
import numpy as np
from sklearn.metrics import normalized_mutual_info_score as nmi
i = np.arange(1_000_000, dtype=np.uint64)
h = (i * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33)
truth = (h % np.uint64(20_000)).astype(np.int64)
found = np.where(i % np.uint64(10) == 0, (h >> np.uint64(7)) % np.uint64(20_000), truth).astype(np.int64)
begun = time.process_time()
score = nmi(truth, found)
print(time.process_time() - begun, score)
";

/// Runs both in turn and prints the line of the table.
pub(super) fn compare(python: &str) -> Result<(), AnyError> {
    let hash = |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
    let truth: Vec<u32> = (0..TRACKS).map(|i| (hash(i) % IDENTITIES) as u32).collect();
    let found: Vec<u32> = (0..TRACKS)
        .map(|i| if i % 10 == 0 { ((hash(i) >> 7) % IDENTITIES) as u32 } else { truth[i as usize] })
        .collect();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let begun = ProcessTime::now();
        let scores = evaluate(&truth, &found)?;
        ours.push(begun.elapsed().as_secs_f64());
        let told = Command::new(python).args(["-c", PEER]).output()?;
        let told = String::from_utf8(told.stdout)?;
        let mut numbers = told.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
        let Some((seconds, nmi)) = numbers.next().zip(numbers.next()) else { continue };
        if (nmi - scores.nmi).abs() > 1e-9 {
            return Err(format!("NMI is {} here and {nmi} there", scores.nmi).into());
        }
        theirs.push(seconds);
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let peer = median(&mut theirs);
    if peer.is_none() {
        println!("skipped: {python} has no scikit-learn, so metrics are compared with nothing");
    }
    row(
        "all metrics, 1,000,000 tracks, CPU s, sklearn NMI",
        median(&mut ours).unwrap_or(f64::NAN),
        peer,
        Some(GOAL),
    );
    Ok(())
}
