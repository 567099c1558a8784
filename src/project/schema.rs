//! The tables of a project file, their version, and how safely SQLite may write here.

use std::path::Path;

use rusqlite::Connection;

use super::{ProjectError, error, place};

/// `CAST` in the file's header, so that other databases are told apart.
const APPLICATION_ID: i64 = 0x4341_5354;

/// One step a format version; a file of version n has had the first n applied.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE tracks (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, track TEXT NOT NULL);
    CREATE TABLE embeddings (key BLOB PRIMARY KEY, vector BLOB, faces TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE clusterings (key BLOB PRIMARY KEY, at INTEGER NOT NULL, run TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE dendrograms (vectors BLOB PRIMARY KEY, key BLOB NOT NULL, rows BLOB NOT NULL,
                              dendrogram BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE edits (number INTEGER PRIMARY KEY, parent INTEGER REFERENCES edits (number),
                        at INTEGER NOT NULL, edit TEXT NOT NULL);
    CREATE TRIGGER edits_stay BEFORE UPDATE ON edits BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TRIGGER edits_last BEFORE DELETE ON edits BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
",
    "
    CREATE TABLE faces (key BLOB PRIMARY KEY, vectors BLOB NOT NULL);
    CREATE TABLE heads (sha256 TEXT PRIMARY KEY, head BLOB NOT NULL);
",
    "
    ALTER TABLE edits ADD COLUMN names TEXT;
",
];

/// Checks that the file is a project, brings it to the newest format where it may be
/// written, and chooses the journal. Gives the journal's mode.
pub(super) fn prepare(
    connection: &mut Connection,
    path: &Path,
    writable: bool,
) -> Result<&'static str, ProjectError> {
    let failed = |e| error::of(e, path);
    connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(failed)?;
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let application = pragma("application_id").map_err(failed)?;
    let version = pragma("user_version").map_err(failed)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    let known = MIGRATIONS.len() as i64;
    if tables > 0 && application != APPLICATION_ID {
        return Err(ProjectError::Foreign(path.to_path_buf()));
    }
    if version > known {
        return Err(ProjectError::Newer { found: version, known, path: path.to_path_buf() });
    }
    if !writable {
        return if version == known {
            Ok("read-only")
        } else {
            Err(ProjectError::ReadOnly(path.to_path_buf()))
        };
    }
    let journal = journal(connection, path).map_err(failed)?;
    // Nothing is written where nothing changes: a damaged file stays as it is.
    if version == known {
        return Ok(journal);
    }
    let transaction = connection.transaction().map_err(failed)?;
    for migration in &MIGRATIONS[version as usize..] {
        transaction.execute_batch(migration).map_err(failed)?;
    }
    transaction
        .execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {known};"))
        .map_err(failed)?;
    transaction.commit().map_err(failed)?;
    Ok(journal)
}

/// Write-ahead logging needs shared memory, which network shares do not give reliably: there
/// a rollback journal serves. Each commit is on the disk before it is acknowledged.
fn journal(connection: &Connection, path: &Path) -> rusqlite::Result<&'static str> {
    let ask = |mode: &str| {
        connection.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |row| row.get::<_, String>(0))
    };
    let now: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    let is = |mode: &str, wanted: &str| mode.eq_ignore_ascii_case(wanted);
    let wal =
        !place::is_network_share(path) && (is(&now, "wal") || ask("WAL").is_ok_and(|mode| is(&mode, "wal")));
    if !wal && !is(&now, "delete") {
        ask("DELETE")?;
    }
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    Ok(if wal { "wal" } else { "delete" })
}
