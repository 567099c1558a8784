//! A table of names, `track,identity` and whatever else it says of the people.
//!
//! Takes a table as `labels.csv` is one; gives the people with their tracks and details. Columns that
//! say something of a track are passed over. Of two values for one person the first stays.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::table::Table;
use super::{NamedTracks, TracksError, read_labels};
use crate::base::{DetailError, MOST_DETAILS, checked_detail};

/// Columns of Castlist's own tables, which say something of a track or of an identity's place.
const NO_DETAILS: [&str; 18] = [
    "track",
    "identity",
    "video",
    "frame",
    "start_frame",
    "end_frame",
    "fps",
    "start_s",
    "end_s",
    "cluster",
    "state",
    "tracks",
    "id",
    "name",
    "label",
    "folder",
    "part",
    "half",
];

/// The people of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NamesTable {
    /// Each with its tracks, by name.
    pub people: Vec<NamedTracks>,
    /// Values that the table has beside the first ones.
    pub clashes: Vec<DetailClash>,
}

/// A detail that a person has already, and another value for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct DetailClash {
    /// The person.
    pub name: String,
    /// The detail.
    pub detail: String,
    /// The value that stays.
    pub kept: String,
    /// The other.
    pub other: String,
}

impl NamesTable {
    /// Tracks that have a name.
    pub(crate) fn n_tracks(&self) -> usize {
        self.people.iter().map(|person| person.tracks.len()).sum()
    }
}

/// Reads `track,identity` with further columns, or a `.ids` file.
///
/// # Errors
/// [`TracksError`] with the line: as [`read_labels`], and where a detail is too long or holds control
/// characters.
pub(crate) fn read_names(path: &Path) -> Result<NamesTable, TracksError> {
    let mut people: BTreeMap<String, NamedTracks> = BTreeMap::new();
    // What is no name or no track is said there.
    let named = read_labels(path)?.into_iter().filter(|(_, name)| !is_placeholder(name));
    for (id, name) in named {
        let person = || NamedTracks { name: name.clone(), ..NamedTracks::default() };
        people.entry(name.clone()).or_insert_with(person).tracks.push(id);
    }
    let clashes = if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("ids")) {
        BTreeSet::new()
    } else {
        read_details(path, &mut people)?
    };
    Ok(NamesTable { people: people.into_values().collect(), clashes: clashes.into_iter().collect() })
}

/// Whether it is what an export's tables call an identity without a name, `unnamed-0012`.
fn is_placeholder(name: &str) -> bool {
    let digits = name.strip_prefix("unnamed-").unwrap_or_default();
    digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Puts the details of a table on its people; gives what contradicts itself.
fn read_details(
    path: &Path,
    people: &mut BTreeMap<String, NamedTracks>,
) -> Result<BTreeSet<DetailClash>, TracksError> {
    let table = Table::open(path, "track")?;
    let identity = table.column("identity")?;
    let mut columns: Vec<(usize, String)> = Vec::new();
    for (at, header) in table.headers.iter().enumerate() {
        let key = header.to_lowercase();
        let is_first = table.columns.get(&key) == Some(&at);
        if header.is_empty() || !is_first || NO_DETAILS.contains(&key.as_str()) {
            continue;
        }
        let (name, _) = checked_detail(header, "").map_err(|error| table.error(1, error.to_string()))?;
        columns.push((at, name));
    }
    if columns.len() > MOST_DETAILS {
        return Err(table.error(1, DetailError::TooMany(columns.len()).to_string()));
    }
    let mut clashes = BTreeSet::new();
    if columns.is_empty() {
        return Ok(clashes);
    }
    table.each(|table, line, record| {
        let Some(person) = record.get(identity).and_then(|name| people.get_mut(name)) else { return Ok(()) };
        for (at, detail) in &columns {
            let Some(cell) = record.get(*at).filter(|cell| !cell.is_empty()) else { continue };
            let (_, other) =
                checked_detail(detail, cell).map_err(|error| table.error(line, error.to_string()))?;
            let kept = person.details.entry(detail.clone()).or_insert_with(|| other.clone());
            if *kept != other {
                let (name, detail, kept) = (person.name.clone(), detail.clone(), kept.clone());
                clashes.insert(DetailClash { name, detail, kept, other });
            }
        }
        Ok(())
    })?;
    Ok(clashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<NamesTable, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("names.csv");
        std::fs::write(&path, text).unwrap();
        read_names(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn further_columns_are_details_of_the_person() {
        let text = "Track,Identity,Role,GND,video,\n1,Ada,Queen,,v,x\n2,Bea,,118,v,\n3,Ada,King,1 2,w,\n4,Ada,King,1 2,,\n5,,Z,,,\n";
        let table = read(text).unwrap();
        let told: Vec<(&str, String, String)> = table
            .people
            .iter()
            .map(|it| (it.name.as_str(), it.tracks.join(" "), format!("{:?}", it.details)))
            .collect();
        assert_eq!(
            told,
            [
                ("Ada", "1 3 4".to_owned(), r#"{"GND": "1 2", "Role": "Queen"}"#.to_owned()),
                ("Bea", "2".to_owned(), r#"{"GND": "118"}"#.to_owned())
            ]
        );
        let clash = |name: &str, detail: &str, kept: &str, other: &str| DetailClash {
            name: name.to_owned(),
            detail: detail.to_owned(),
            kept: kept.to_owned(),
            other: other.to_owned(),
        };
        assert_eq!(
            (table.clashes.clone(), table.n_tracks()),
            (vec![clash("Ada", "Role", "Queen", "King")], 4)
        );
    }

    #[test]
    fn what_an_export_calls_the_unnamed_is_no_name() {
        let table =
            read("track,identity\n1,unnamed-0012\n2,unnamed-12345\n3,unnamed-x\n4,unnamed-12\n").unwrap();
        let names: Vec<&str> = table.people.iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, ["unnamed-12", "unnamed-x"]);
    }

    #[test]
    fn details_beyond_the_bounds_are_refused_with_their_line() {
        let error =
            read(&format!("track,identity,role\n1,Ada,x\n2,Ada,{}\n", "y".repeat(1_001))).unwrap_err();
        assert!(error.starts_with("line 3: the detail `role` has 1001 characters"), "{error}");
        let error = read("track,identity,role\n1,Ada,x\u{1b}y\n").unwrap_err();
        assert!(error.starts_with("line 2:") && error.contains("U+001B"), "{error}");
        let header: Vec<String> = (0..65).map(|n| format!("c{n}")).collect();
        let error = read(&format!("track,identity,{}\n", header.join(","))).unwrap_err();
        assert!(error.contains("65 details are too many"), "{error}");
    }
}
