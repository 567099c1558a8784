//! Scores of assignments against labels, and the tables of both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::SessionError;
use crate::base::Partition;
use crate::files;
use crate::metrics::{self, Scores};
use crate::tracks::{self, near_miss, read_labels, read_labels_array};

/// Scores with what was left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// All metrics.
    #[serde(flatten)]
    pub scores: Scores,
    /// Tracks without a cluster: each counts as a cluster of its own, unless only those that have
    /// a cluster were to be scored.
    pub n_unassigned: usize,
}

/// Writes `track,cluster`, every track once; an empty cluster where no face was usable.
///
/// # Errors
/// [`SessionError::Write`].
pub(crate) fn write_assignments<'a>(
    path: &Path,
    assignments: impl Iterator<Item = (&'a str, Option<u32>)>,
) -> Result<(), SessionError> {
    let failed = |why: String| SessionError::Write { why, path: path.to_path_buf() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["track", "cluster"]).map_err(|e| failed(e.to_string()))?;
    for (track, cluster) in assignments {
        let cluster = cluster.map(|c| c.to_string()).unwrap_or_default();
        writer.write_record([track, &cluster]).map_err(|e| failed(e.to_string()))?;
    }
    write_whole(path, &writer.into_inner().map_err(|e| failed(e.to_string()))?)
}

/// Writes a file whole or not at all.
///
/// # Errors
/// [`SessionError::Write`].
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), SessionError> {
    let failed = |why: String| SessionError::Write { why, path: path.to_path_buf() };
    files::replace(path, bytes).map_err(|e| failed(e.to_string()))
}

/// Whether a file can be written there, before long work on what it is to hold.
///
/// # Errors
/// [`SessionError::Write`].
pub(crate) fn check_place(path: &Path) -> Result<(), SessionError> {
    let failed = |why: String| SessionError::Write { why, path: path.to_path_buf() };
    files::check(path).map_err(|e| failed(e.to_string()))
}

/// Reads `track,cluster`; none where the cluster is empty.
///
/// # Errors
/// [`SessionError::Tracks`] with the line.
pub(crate) fn read_assignments(path: &Path) -> Result<BTreeMap<String, Option<String>>, SessionError> {
    Ok(tracks::read_assignments(path)?)
}

/// Reads labels: `labels.csv`, `<video>.ids`, or `FILE.npz:ARRAY` (one entry per row). An empty
/// entry is no label.
///
/// # Errors
/// [`SessionError::Tracks`].
pub fn read_truth(spec: &str) -> Result<BTreeMap<String, String>, SessionError> {
    if let Some((file, array)) =
        spec.rsplit_once(':').filter(|(file, _)| file.to_lowercase().ends_with(".npz"))
    {
        let labels = read_labels_array(Path::new(file), array)?;
        let rows = labels.into_iter().enumerate().filter(|(_, label)| !label.is_empty());
        return Ok(rows.map(|(row, label)| (row.to_string(), label)).collect());
    }
    Ok(read_labels(&PathBuf::from(spec))?)
}

/// Scores the tracks that are on both sides. One without a cluster counts as a cluster of its
/// own, so that leaving out what is hard gains nothing; with `common`, only tracks that have both a
/// cluster and a label are scored.
///
/// # Errors
/// [`SessionError::Mismatch`] where one side names tracks that the other does not, unless
/// `common` allows it; [`SessionError::NothingCommon`] where no track is on both sides.
pub fn evaluate(
    assignments: &BTreeMap<String, Option<String>>,
    truth: &BTreeMap<String, String>,
    common: bool,
) -> Result<Evaluation, SessionError> {
    let both: Vec<(&String, &Option<String>)> =
        assignments.iter().filter(|(track, _)| truth.contains_key(*track)).collect();
    let unlabelled = assignments.len() - both.len();
    let unassigned = truth.len() - both.len();
    // A cluster is known by its name, and one of a single track by the track.
    let mut scored = both.iter().filter(|(_, cluster)| !common || cluster.is_some()).peekable();
    if scored.peek().is_none() {
        let (assigned, near) = (assignments.len(), near(assignments, truth));
        return Err(SessionError::NothingCommon { assigned, labelled: truth.len(), near });
    }
    if !common && (unlabelled > 0 || unassigned > 0) {
        let (assigned, common, near) = (assignments.len(), both.len(), near(assignments, truth));
        return Err(SessionError::Mismatch { unlabelled, assigned, unassigned, common, near });
    }
    let n_unassigned = both.iter().filter(|(_, cluster)| cluster.is_none()).count();
    let (identities, clusters): (Vec<&str>, Vec<(Option<&str>, &str)>) = scored
        .map(|(track, cluster)| {
            let alone = if cluster.is_none() { track.as_str() } else { "" };
            (truth[*track].as_str(), (cluster.as_deref(), alone))
        })
        .unzip();
    let identities = Partition::from_labels(&identities).labels().to_vec();
    let clusters = Partition::from_labels(&clusters).labels().to_vec();
    Ok(Evaluation { scores: metrics::evaluate(&identities, &clusters)?, n_unassigned })
}

/// A labelled track that is assigned under nearly the same id, in words; else nothing.
fn near(assignments: &BTreeMap<String, Option<String>>, truth: &BTreeMap<String, String>) -> String {
    // Each search goes through all ids.
    let strangers = truth.keys().filter(|track| !assignments.contains_key(*track)).take(100);
    let mut pairs = strangers.filter_map(|track| {
        let assigned = assignments.keys().filter(|track| !truth.contains_key(*track));
        Some((track, near_miss(track, assigned.map(String::as_str))?))
    });
    pairs.next().map_or_else(String::new, |(labelled, assigned)| {
        format!(" (the label of `{labelled}` is not one of `{assigned}`: ids are compared exactly)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(t, i)| ((*t).to_owned(), (*i).to_owned())).collect()
    }

    #[test]
    fn tables_come_back_and_empty_clusters_count_as_one_each() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        let rows = [("a,1", Some(0)), ("b", Some(0)), ("c", None), ("d", None)];
        write_assignments(&path, rows.into_iter()).unwrap();
        let read = read_assignments(&path).unwrap();
        assert_eq!(read["a,1"].as_deref(), Some("0"));
        let labels = truth(&[("a,1", "x"), ("b", "x"), ("c", "y"), ("d", "y")]);
        let evaluation = evaluate(&read, &labels, false).unwrap();
        assert_eq!((evaluation.scores.n_tracks, evaluation.n_unassigned), (4, 2));
        assert_eq!(evaluation.scores.n_clusters, 3);
        assert!((evaluation.scores.bcubed.precision - 1.0).abs() < 1e-12);
        assert!((evaluation.scores.bcubed.recall - 0.75).abs() < 1e-12, "two of one person stand alone");
        let common = evaluate(&read, &labels, true).unwrap();
        assert_eq!((common.scores.n_tracks, common.n_unassigned), (2, 2));
        assert!((common.scores.bcubed.f - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_mismatch_is_told_with_its_numbers() {
        let assignments: BTreeMap<String, Option<String>> =
            [("a", "0"), ("b", "1")].map(|(t, c)| (t.to_owned(), Some(c.to_owned()))).into();
        let labels = truth(&[("b", "x"), ("c", "x")]);
        let error = evaluate(&assignments, &labels, false).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(
            error.to_string().starts_with("1 of 2 assigned tracks have no label, and 1 labelled"),
            "{error}"
        );
        assert_eq!(evaluate(&assignments, &labels, true).unwrap().scores.n_tracks, 1);
        let unassigned = BTreeMap::from([("b".to_owned(), None)]);
        assert_eq!(evaluate(&unassigned, &labels, true).unwrap_err().exit_code(), 2, "nothing is left");
        for common in [false, true] {
            let other = truth(&[("A", "x"), ("c", "x")]);
            let error = evaluate(&assignments, &other, common).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains("`A` is not one of `a`"), "{error}");
        }
    }
}
