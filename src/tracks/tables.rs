//! The tables beside the tracks: `labels.csv` (truth, for evaluation only), assignments and
//! `landmarks.csv` (five points per face), and the research layout's `.ids` labels.
//!
//! Columns are found by their name; unknown columns are ignored. A wrong value is an error
//! with its line. An empty cell is no label and no cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::TracksError;
use super::table::{self, Table};
use crate::files;

/// Five landmarks in pixels of the crop, as seen in the picture: left eye, right eye, nose,
/// left and right mouth corner.
pub type Points = [[f32; 2]; 5];

/// The landmarks of a crop, as `landmarks.csv` gives them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GivenLandmarks {
    /// In pixels of the crop.
    pub points: Points,
    /// How far the network that found them disagreed with itself, in eye distances; none where nobody says.
    pub disagreement: Option<f32>,
}

/// Landmarks by track id and frame number.
pub type Landmarks = BTreeMap<(String, u64), GivenLandmarks>;

/// Reads `labels.csv` (`track,identity`) or the research layout's `<video>.ids`.
///
/// Labels of an `.ids` file are keyed `<video>/<track>`. A track with an empty identity has no
/// label; one labelled twice is an error.
///
/// # Errors
/// [`TracksError`] with the line.
///
/// # Examples
/// ```
/// use castlist::tracks::read_labels;
/// # let dir = tempfile::tempdir()?;
/// # let file = dir.path().join("labels.csv");
///
/// std::fs::write(&file, "track,identity\nfilm/t1,Ada\nfilm/t2,Bea\n")?;
/// let labels = read_labels(&file)?;
/// assert_eq!(labels["film/t2"], "Bea");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_labels(path: &Path) -> Result<BTreeMap<String, String>, TracksError> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("ids")) {
        return read_ids(path);
    }
    let table = Table::open(path, "track")?;
    let (track, identity) = (table.column("track")?, table.column("identity")?);
    let mut labels = BTreeMap::new();
    table.each(|table, line, record| {
        let (Some(id), Some(name)) = (record.get(track).filter(|id| !id.is_empty()), record.get(identity))
        else {
            return Err(
                table.error(line, "a row needs a track and an identity; an empty one needs its separator")
            );
        };
        if name.is_empty() {
            return Ok(());
        }
        match labels.insert(id.to_owned(), name.to_owned()) {
            Some(_) => Err(table.error(line, format!("the track `{id}` is labelled twice"))),
            None => Ok(()),
        }
    })?;
    Ok(labels)
}

/// Reads `track,cluster`; none where the cluster is empty.
///
/// # Errors
/// [`TracksError`] with the line.
pub fn read_assignments(path: &Path) -> Result<BTreeMap<String, Option<String>>, TracksError> {
    let table = Table::open(path, "track")?;
    let (track, cluster) = (table.column("track")?, table.column("cluster")?);
    let mut assignments = BTreeMap::new();
    table.each(|table, line, record| {
        let id = record.get(track).unwrap_or_default();
        let value = record.get(cluster).filter(|cluster| !cluster.is_empty()).map(str::to_owned);
        match assignments.insert(id.to_owned(), value) {
            Some(_) => Err(table.error(line, format!("the track `{id}` is there twice"))),
            None => Ok(()),
        }
    })?;
    Ok(assignments)
}

/// First line `CVHCI_TRACKLABELS_V1`, then `<track> <name>` a line.
fn read_ids(path: &Path) -> Result<BTreeMap<String, String>, TracksError> {
    let text = files::read_text(path, table::MOST_BYTES).map_err(|error| TracksError::io(error, path))?;
    let video = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    let wrong = |line: usize, what: &str| TracksError::Table {
        line: line as u64 + 1,
        what: what.to_owned(),
        path: path.to_path_buf(),
    };
    let mut lines = text.lines().enumerate();
    if lines.next().is_none_or(|(_, first)| first.trim() != "CVHCI_TRACKLABELS_V1") {
        return Err(wrong(0, "the first line must be CVHCI_TRACKLABELS_V1"));
    }
    let mut labels = BTreeMap::new();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let (track, name) = line
            .trim()
            .split_once(char::is_whitespace)
            .ok_or_else(|| wrong(at, "a line needs a track and a name"))?;
        if labels.insert(format!("{video}/{track}"), name.trim().to_owned()).is_some() {
            return Err(wrong(at, "this track is labelled twice"));
        }
    }
    Ok(labels)
}

/// What a split says of an identity, in lower case.
const SPLIT_WORDS: [&str; 5] = ["train", "validation", "test", "a", "b"];

/// Reads a split: `identity,part` (train, validation or test), or a
/// table whose column `half` says A or B. Gives each identity with its word in lower case, a row
/// of the table each.
///
/// Identities are in the column `identity`; without one, in the column that holds most of
/// `names`, and whom `names` does not have is left out.
///
/// # Errors
/// [`TracksError`] with the line.
pub fn read_split(path: &Path, names: &[String]) -> Result<Vec<(String, String)>, TracksError> {
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let table = Table::open(path, "identity")?;
    let part = table.column("part").or_else(|_| table.column("half"))?;
    let width = table.columns.len();
    let mut rows: Vec<csv::StringRecord> = Vec::new();
    let identity = table.columns.get("identity").copied();
    table.each(|table, line, record| {
        let word = record.get(part).unwrap_or_default().to_lowercase();
        if !SPLIT_WORDS.contains(&word.as_str()) {
            let what = format!("the part is `{word}`; it must be train, validation, test, A or B");
            return Err(table.error(line, what));
        }
        rows.push(record.clone());
        Ok(())
    })?;
    let named = |column: &usize| {
        let cells: BTreeSet<&str> = rows.iter().filter_map(|row| row.get(*column)).collect();
        cells.intersection(&names).count()
    };
    let fullest = || (0..width).filter(|&at| at != part).max_by_key(|at| (named(at), std::cmp::Reverse(*at)));
    let Some(column) = identity.or_else(|| fullest().filter(|at| named(at) > 0)) else {
        let what = "no column of the split holds the identities of the labels".to_owned();
        return Err(TracksError::Table { line: 1, what, path: path.to_path_buf() });
    };
    let known = |name: &&str| !name.is_empty() && (identity.is_some() || names.contains(name));
    let pair = |row: &csv::StringRecord| {
        let name = row.get(column).filter(known)?;
        Some((name.to_owned(), row.get(part)?.to_lowercase()))
    };
    Ok(rows.iter().filter_map(pair).collect())
}

/// Reads `landmarks.csv` (`track,frame,x1,y1,…,x5,y5`, pixels of the crop, and maybe `disagreement`); none
/// where the folder has no such table.
///
/// # Errors
/// [`TracksError`] with the line.
pub fn read_landmarks(root: &Path) -> Result<Landmarks, TracksError> {
    let path = root.join("landmarks.csv");
    let mut landmarks = Landmarks::new();
    if !path.is_file() {
        return Ok(landmarks);
    }
    let table = Table::open(&path, "track")?;
    let track = table.column("track")?;
    table.column("frame")?;
    table.each(|table, line, record| {
        let id = record.get(track).unwrap_or_default().to_owned();
        let missing = |name: &str| table.error(line, format!("the column `{name}` is empty or missing"));
        let frame = table.count(line, record, "frame")?.ok_or_else(|| missing("frame"))?;
        let mut points = Points::default();
        for (at, point) in points.iter_mut().enumerate() {
            for (axis, value) in ["x", "y"].into_iter().zip(point) {
                let name = format!("{axis}{}", at + 1);
                *value = table.number(line, record, &name)?.ok_or_else(|| missing(&name))? as f32;
            }
        }
        let disagreement = table.number(line, record, "disagreement")?.map(|value| value as f32);
        landmarks.insert((id, frame), GivenLandmarks { points, disagreement });
        Ok(())
    })?;
    Ok(landmarks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        (dir, path)
    }

    #[test]
    fn labels_by_column_name_with_mark_and_unknown_columns() {
        let (_dir, path) =
            file("labels.csv", "\u{feff}note,Track,identity\nx, a ,Anna\ny,b,\"Ben, the elder\"\n");
        let labels = read_labels(&path).unwrap();
        assert_eq!(labels["a"], "Anna");
        assert_eq!(labels["b"], "Ben, the elder");
    }

    #[test]
    fn errors_name_line_and_value() {
        let (_dir, path) = file("labels.csv", "track,identity\na,x\na,y\n");
        let error = read_labels(&path).unwrap_err().to_string();
        assert!(error.starts_with("line 3: the track `a` is labelled twice"), "{error}");
        let (_dir, path) = file("labels.csv", "track,name\na,x\n");
        assert!(read_labels(&path).unwrap_err().to_string().contains("`identity` is missing"));
    }

    #[test]
    fn ids_of_the_research_layout() {
        let (_dir, path) = file("bbt_s01e01.ids", "CVHCI_TRACKLABELS_V1\n12 sheldon\n13 leonard\n");
        let labels = read_labels(&path).unwrap();
        assert_eq!(labels["bbt_s01e01/12"], "sheldon");
        let (_dir, path) = file("x.ids", "12 sheldon\n");
        assert!(read_labels(&path).is_err());
    }

    #[test]
    fn a_split_names_identities_in_whichever_column_holds_them() {
        let names = ["0", "1", "7"].map(str::to_owned);
        let halves = "label,photographs,name,half\n0,1,id0,A\n1,1,,B\n7,9,id1,a\n8,1,id2,B\n";
        let (_dir, path) = file("splits.csv", halves);
        let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|&(name, part)| (name.to_owned(), part.to_owned())).collect()
        };
        assert_eq!(read_split(&path, &names).unwrap(), pairs(&[("0", "a"), ("1", "b"), ("7", "a")]));
        let tracks = ["id2", "id1"].map(str::to_owned);
        assert_eq!(read_split(&path, &tracks).unwrap(), pairs(&[("id1", "a"), ("id2", "b")]));
        let error = read_split(&path, &["nobody".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("no column") && error.ends_with("splits.csv"), "{error}");
        let (_dir, path) = file("s.csv", "part,identity\nTrain,x\ntest,y\n");
        assert_eq!(read_split(&path, &names).unwrap(), pairs(&[("x", "train"), ("y", "test")]));
        let (_dir, path) = file("s.csv", "part,identity\ntrain,x\nlater,y\n");
        let error = read_split(&path, &names).unwrap_err().to_string();
        assert!(error.starts_with("line 3: the part is `later`"), "{error}");
    }

    #[test]
    fn landmarks_need_all_five_points() {
        let header = "track,frame,x1,y1,x2,y2,x3,y3,x4,y4,x5,y5";
        let (dir, _) = file("landmarks.csv", &format!("{header}\nt,3,1,2,3,4,5,6,7,8,9,10\n"));
        let landmarks = read_landmarks(dir.path()).unwrap();
        let given = landmarks[&("t".to_owned(), 3)];
        let last = given.points[4];
        assert_eq!(given.disagreement, None);
        assert!((last[0] - 9.0).abs() + (last[1] - 10.0).abs() < 1e-6);
        let text =
            format!("{header},disagreement\nt,3,1,2,3,4,5,6,7,8,9,10,0.25\nt,4,1,2,3,4,5,6,7,8,9,10,\n");
        let (dir, _) = file("landmarks.csv", &text);
        let landmarks = read_landmarks(dir.path()).unwrap();
        let given = [3, 4].map(|frame| landmarks[&("t".to_owned(), frame)].disagreement);
        assert_eq!(given, [Some(0.25), None]);
        let (dir, _) = file("landmarks.csv", &format!("{header}\nt,3,1,2,3,4,5,6,7,8,9,\n"));
        assert!(read_landmarks(dir.path()).unwrap_err().to_string().contains("`y5`"));
    }
}
