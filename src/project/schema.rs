//! The tables of a project file, their version, and how safely SQLite may write here; the same care
//! for the other kind of file, the library.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::place;

/// A kind of file.
pub(super) struct Format {
    /// What stands in the file's header, so that other databases are told apart.
    pub(super) application_id: i64,
    /// One step a format version; a file of version n has had the first n applied.
    pub(super) migrations: &'static [&'static str],
}

/// Why a file is not one of the wanted kind, or cannot be used.
pub(super) enum Unfit {
    /// Another program's database, or another kind of file.
    Foreign,
    /// Written by a later version.
    Newer { found: i64, known: i64 },
    /// It is of an older version and cannot be written.
    ReadOnly,
    /// What SQLite says.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Unfit {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// A project; `CAST`.
pub(super) const PROJECT: Format = Format { application_id: 0x4341_5354, migrations: MIGRATIONS };

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

/// Checks that the file is of that kind, brings it to the newest format where it may be
/// written, and chooses the journal.
pub(super) fn prepare(
    connection: &mut Connection,
    path: &Path,
    writable: bool,
    format: &Format,
) -> Result<(), Unfit> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let application = pragma("application_id")?;
    let version = pragma("user_version")?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let known = format.migrations.len() as i64;
    if tables > 0 && application != format.application_id {
        return Err(Unfit::Foreign);
    }
    if version > known {
        return Err(Unfit::Newer { found: version, known });
    }
    if !writable {
        return if version == known { Ok(()) } else { Err(Unfit::ReadOnly) };
    }
    journal(connection, path)?;
    // Nothing is written where nothing changes: a damaged file stays as it is.
    if version == known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for migration in format.migrations.get(version as usize..).unwrap_or_default() {
        transaction.execute_batch(migration)?;
    }
    let id = format.application_id;
    transaction.execute_batch(&format!("PRAGMA application_id = {id}; PRAGMA user_version = {known};"))?;
    transaction.commit()?;
    Ok(())
}

/// Write-ahead logging needs shared memory, which network shares do not give reliably: there
/// a rollback journal serves. Each commit is on the disk before it is acknowledged.
fn journal(connection: &Connection, path: &Path) -> rusqlite::Result<()> {
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
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
}
