//! Erasing a person from a project's file: the one case in which entries of the log are rewritten.
//!
//! Takes what the session worked out; leaves no byte of it in the file, in SQLite's files beside it
//! or in the copies. The copies go first. All that changes in the file is one transaction: before it
//! everything is as it was, and after it only the room that the rows took is still to be cleared,
//! which the next opening does where this one was ended.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::log::Row;
use super::{ProjectError, checksum, copies, error, flags, location, parse, put, schema};
use crate::base::Fingerprint;
use crate::review::LogEntry;
use crate::tracks::GoneTrack;

/// The row of `meta` that says that room is still to be cleared.
const PENDING: &str = "erasing";

/// What goes from a project, and what stays.
pub(crate) struct ProjectErasure<'a> {
    /// How many entries the log had when this was worked out, and its cursor.
    pub state: (usize, u64),
    /// The entries that change.
    pub entries: Vec<LogEntry>,
    /// The entry that says that a person was erased.
    pub record: LogEntry,
    /// The ids of the tracks that go.
    pub tracks: &'a BTreeSet<String>,
    /// By what the tracks are known in later runs.
    pub marks: &'a BTreeSet<Fingerprint>,
    /// The keys of the embeddings that are known to be other people's; all others go.
    pub keys: &'a BTreeSet<Fingerprint>,
    /// A clustering without the tracks; none where it cannot be read, and goes.
    pub without: &'a dyn Fn(&str) -> Option<String>,
}

/// Erases a person from the project, and removes its copies.
///
/// # Errors
/// [`ProjectError`]: open elsewhere, changed since this was worked out, damaged, or not to be written.
pub(crate) fn erase(path: &Path, erasure: &ProjectErasure<'_>) -> Result<(), ProjectError> {
    let (_lock, mut connection) = open(path)?;
    let failed = |e| error::of(e, path);
    if !is_as_planned(&connection, erasure).map_err(failed)? {
        return Err(ProjectError::Changed(path.to_path_buf()));
    }
    copies::remove_all(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    rewrite_log(&transaction, erasure).map_err(failed)?;
    remove_tracks(&transaction, erasure, path)?;
    remove_derived(&transaction, erasure).map_err(failed)?;
    put(&transaction, PENDING, "1").and_then(|()| transaction.commit()).map_err(failed)?;
    clear(&connection, path)
}

/// Finishes an erasure that was ended halfway; whether there was one.
///
/// # Errors
/// As [`erase`].
pub(crate) fn finish(path: &Path) -> Result<bool, ProjectError> {
    let (_lock, connection) = open(path)?;
    finish_pending(&connection, path)
}

/// [`finish`] with the open file.
pub(super) fn finish_pending(connection: &Connection, path: &Path) -> Result<bool, ProjectError> {
    let sql = "SELECT 1 FROM meta WHERE name = ?1";
    let pending = connection.query_row(sql, [PENDING], |_| Ok(())).optional();
    let is_pending = pending.map_err(|e| error::of(e, path))?.is_some();
    if is_pending {
        clear(connection, path)?;
    }
    Ok(is_pending)
}

fn open(path: &Path) -> Result<(std::fs::File, Connection), ProjectError> {
    let read_only = |reason| ProjectError::ReadOnly { reason, path: path.to_path_buf() };
    let lock = location::lock(path).map_err(read_only)?;
    let mut connection = Connection::open_with_flags(path, flags(true)).map_err(|e| error::of(e, path))?;
    schema::prepare(&mut connection, path, true, &schema::PROJECT)
        .map_err(|e| error::format_error(e, path))?;
    connection.execute_batch("PRAGMA secure_delete = ON").map_err(|e| error::of(e, path))?;
    Ok((lock, connection))
}

fn is_as_planned(connection: &Connection, erasure: &ProjectErasure<'_>) -> rusqlite::Result<bool> {
    let n: i64 = connection.query_row("SELECT count(*) FROM edits", [], |row| row.get(0))?;
    let cursor = "SELECT value FROM meta WHERE name = 'cursor'";
    let cursor: Option<String> = connection.query_row(cursor, [], |row| row.get(0)).optional()?;
    Ok((n as usize, cursor) == (erasure.state.0, Some(erasure.state.1.to_string())))
}

/// Writes the entries that change in their places, and the one that says so at the end.
fn rewrite_log(connection: &Connection, erasure: &ProjectErasure<'_>) -> rusqlite::Result<()> {
    unlocked(connection, "edits_stay", || {
        erasure.entries.iter().try_for_each(|entry| Row::of(entry).rewrite(connection))
    })?;
    Row::of(&erasure.record).insert(connection)
}

/// Does something while a trigger is away that forbids it.
pub(super) fn unlocked(
    connection: &Connection,
    trigger: &str,
    change: impl FnOnce() -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1";
    let definition: String = connection.query_row(sql, [trigger], |row| row.get(0))?;
    connection.execute_batch(&format!("DROP TRIGGER {trigger}"))?;
    change()?;
    connection.execute_batch(&definition)
}

fn remove_tracks(
    connection: &Connection,
    erasure: &ProjectErasure<'_>,
    path: &Path,
) -> Result<(), ProjectError> {
    let failed = |e| error::of(e, path);
    let gone = "SELECT value FROM meta WHERE name = 'gone_tracks'";
    let gone: Option<String> = connection.query_row(gone, [], |row| row.get(0)).optional().map_err(failed)?;
    if let Some(json) = gone {
        let mut gone: Vec<GoneTrack> = parse(&json, path)?;
        gone.retain(|track| {
            !erasure.tracks.contains(&track.id) && !erasure.marks.contains(&track.fingerprint)
        });
        let json = serde_json::to_string(&gone).map_err(|e| failed(unwritable(e)))?;
        put(connection, "gone_tracks", &json).map_err(failed)?;
    }
    for id in erasure.tracks {
        connection.execute("DELETE FROM tracks WHERE id = ?1", [id]).map_err(failed)?;
    }
    for mark in erasure.marks {
        let sql = "INSERT OR IGNORE INTO erased (mark) VALUES (?1)";
        connection.execute(sql, [mark.0]).map_err(failed)?;
    }
    Ok(())
}

/// Removes what was made of the tracks. An embedding's key says nothing of its track, so only those
/// that are known to be of others stay.
fn remove_derived(connection: &Connection, erasure: &ProjectErasure<'_>) -> rusqlite::Result<()> {
    for table in ["embeddings", "faces"] {
        let mut query = connection.prepare(&format!("SELECT key FROM {table}"))?;
        let keys: Vec<Vec<u8>> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let stays = |key: &[u8]| key.try_into().is_ok_and(|key| erasure.keys.contains(&Fingerprint(key)));
        for key in keys.iter().filter(|key| !stays(key)) {
            connection.execute(&format!("DELETE FROM {table} WHERE key = ?1"), [key])?;
        }
    }
    connection.execute("DELETE FROM dendrograms", [])?;
    let mut query = connection.prepare("SELECT key, run FROM clusterings")?;
    let runs: Vec<(Vec<u8>, String)> =
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    for (key, run) in runs {
        if let Some(run) = (erasure.without)(&run) {
            let checksum = checksum::of(&[&key, run.as_bytes()]);
            let sql = "UPDATE clusterings SET run = ?2, checksum = ?3 WHERE key = ?1";
            connection.execute(sql, params![key, run, checksum])?;
        } else {
            connection.execute("DELETE FROM clusterings WHERE key = ?1", [key])?;
        }
    }
    Ok(())
}

/// Clears the room of the rows that went, in the file and in the log of SQLite.
fn clear(connection: &Connection, path: &Path) -> Result<(), ProjectError> {
    let failed = |e| error::of(e, path);
    checkpoint(connection, path)?;
    connection.execute_batch("PRAGMA secure_delete = ON; VACUUM").map_err(failed)?;
    checkpoint(connection, path)?;
    connection.execute("DELETE FROM meta WHERE name = ?1", [PENDING]).map_err(failed)?;
    checkpoint(connection, path)
}

/// Writes SQLite's log into the file and empties it, which nobody must be reading then.
pub(super) fn checkpoint(connection: &Connection, path: &Path) -> Result<(), ProjectError> {
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(|e| error::of(e, path))?;
    if busy == 0 { Ok(()) } else { Err(ProjectError::BeingRead(path.to_path_buf())) }
}

fn unwritable(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
