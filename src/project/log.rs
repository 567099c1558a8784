//! The log of edits as rows: written once, never changed, and checked when read.

use std::path::Path;

use rayon::prelude::*;
use rusqlite::{Connection, params};

use super::{ProjectError, checksum, error, one_row, parse, set_cursor};
use crate::review::LogEntry;

/// An entry as a row.
pub(super) struct Row {
    number: i64,
    parent: Option<i64>,
    at: i64,
    json: serde_json::Result<(String, Option<String>)>,
}

impl Row {
    pub(super) fn of(entry: &LogEntry) -> Self {
        let (number, parent) = (entry.number as i64, entry.parent.map(|p| p as i64));
        let names = (!entry.names.is_empty()).then(|| serde_json::to_string(&entry.names)).transpose();
        let json = serde_json::to_string(&entry.edit).and_then(|edit| Ok((edit, names?)));
        Self { number, parent, at: entry.at, json }
    }

    /// Appends it, and moves the cursor onto it.
    pub(super) fn insert(self, connection: &Connection) -> rusqlite::Result<()> {
        let written = self.written()?;
        let sql = "INSERT INTO edits (number, parent, at, edit, names, checksum)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let row = params![
            written.number,
            written.parent,
            written.at,
            written.edit,
            written.names,
            written.checksum()
        ];
        one_row(connection.prepare_cached(sql)?.execute(row)?)?;
        set_cursor(connection, written.number)
    }

    /// Puts it in the place of the entry with its number, which [`super::erase`] alone does.
    pub(super) fn rewrite(self, connection: &Connection) -> rusqlite::Result<()> {
        let written = self.written()?;
        let sql = "UPDATE edits SET edit = ?2, names = ?3, checksum = ?4 WHERE number = ?1";
        let row = params![written.number, written.edit, written.names, written.checksum()];
        one_row(connection.prepare_cached(sql)?.execute(row)?)
    }

    fn written(self) -> rusqlite::Result<Written> {
        let (edit, names) = self.json.map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
        Ok(Written { number: self.number, parent: self.parent, at: self.at, edit, names })
    }
}

/// A row's values but for its checksum.
struct Written {
    number: i64,
    parent: Option<i64>,
    at: i64,
    edit: String,
    names: Option<String>,
}

impl Written {
    fn checksum(&self) -> i64 {
        checksum::of(&[
            &self.number.to_le_bytes(),
            &self.parent.unwrap_or(-1).to_le_bytes(),
            &self.at.to_le_bytes(),
            self.edit.as_bytes(),
            self.names.as_deref().unwrap_or_default().as_bytes(),
        ])
    }
}

/// The log: numbers from 0 without a gap, each with a parent before it, each row as it was written.
///
/// # Errors
/// [`ProjectError::Damaged`] with the entry.
pub(super) fn load(connection: &Connection, path: &Path) -> Result<Vec<LogEntry>, ProjectError> {
    let mut query = connection
        .prepare("SELECT number, parent, at, edit, names, checksum FROM edits ORDER BY number")
        .map_err(|e| error::of(e, path))?;
    let rows: Vec<(Written, Option<i64>)> = query
        .query_map([], |row| {
            let (number, parent, at) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((Written { number, parent, at, edit: row.get(3)?, names: row.get(4)? }, row.get(5)?))
        })
        .and_then(Iterator::collect)
        .map_err(|e| error::of(e, path))?;
    let entry = |(place, (row, checksum)): (usize, &(Written, Option<i64>))| {
        let damaged = |why: String| Err(ProjectError::Damaged { why, path: path.to_path_buf() });
        let Written { number, parent, at, edit, names } = row;
        let follows = parent.map_or(place == 0, |parent| (0..*number).contains(&parent));
        if *number != place as i64 || !follows {
            return damaged(format!("the log has entry {number} upon {parent:?} in place {place}"));
        }
        if checksum.is_some_and(|checksum| checksum != row.checksum()) {
            return damaged(format!("entry {number} of the log is not as it was written"));
        }
        let edit = parse(edit, path)?;
        let names = names.as_deref().map_or(Ok(Vec::new()), |names| parse(names, path))?;
        Ok(LogEntry { number: place as u64, parent: parent.map(|p| p as u64), at: *at, edit, names })
    };
    rows.par_iter().enumerate().map(entry).collect()
}
