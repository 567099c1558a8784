//! FaceMap beside the published way: the same outlier detection, and the Infomap package.
//!
//! The peer starts from neighbours that it keeps in a file, so ours is timed from its
//! neighbours on; both with the published parameters and with fewer neighbours. Codelengths
//! are those of one trial, and less is better. Memory is each process's whole peak, rows and
//! neighbours included.

use std::path::Path;

use super::{AnyError, Bench, Goal, child, row, spent};

/// k and window: as published, and fewer.
const SETTINGS: [(&str, &str); 2] = [("256", "20"), ("80", "10")];

/// Runs both on one set and prints three lines for each setting.
pub(super) fn compare(bench: &Bench, set: &Path, name: &str) -> Result<(), AnyError> {
    if !set.with_extension("knn.npz").is_file() {
        bench.peer("knn_flat", set, &["k=256", "save=1"])?;
    }
    for (k, window) in SETTINGS {
        let ours = child(&["facemap", &set.to_string_lossy(), &format!("{k}/{window}")])?;
        let theirs = bench.json_of("facemap", set, &[&format!("k={k}"), &format!("omega={window}")])?;
        let theirs = theirs.as_ref();
        let length = ours["codelength"].as_f64().ok_or("ours told no codelength")?;
        let peer = theirs.and_then(|told| told["extra"]["codelength"].as_f64());
        let within = Some(Goal::Ratio(0.999, 1.0));
        row(
            &format!("{name}, FaceMap {k}/{window}, mbit, Infomap"),
            length * 1e3,
            peer.map(|l| l * 1e3),
            within,
        );
        let (ours, theirs) = (spent(&ours)?, theirs.map(Bench::spent_by_peer).transpose()?);
        let half = Some(Goal::Ratio(2.0, 4.0));
        row(&format!("{name}, FaceMap {k}/{window}, CPU s"), ours.cpu, theirs.map(|spent| spent.cpu), half);
        row(
            &format!("{name}, FaceMap {k}/{window}, MiB"),
            ours.peak_mib,
            theirs.map(|spent| spent.peak_mib),
            half,
        );
    }
    Ok(())
}
