//! The tables of a project file, their version, and how safely SQLite may write here; the same care
//! for the other kind of file, the library.

use std::path::Path;

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};

use super::location;

/// A kind of file.
pub(super) struct FileFormat {
    /// What is in the file's header, so that other databases are recognised.
    pub(super) application_id: i64,
    /// One step a format version; a file of version n has had the first n applied.
    pub(super) migrations: &'static [&'static str],
}

/// Why a file is not one of the wanted kind, or cannot be used.
pub(super) enum FormatError {
    /// Another program's database, or another kind of file.
    Foreign,
    /// Written by a later version.
    Newer { found: i64, known: i64 },
    /// Its tables are not those of its version: what differs.
    Altered(String),
    /// It is of an older version, and was opened to be read.
    Older,
    /// What SQLite says.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for FormatError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// A project; `CAST`.
pub(super) const PROJECT: FileFormat = FileFormat { application_id: 0x4341_5354, migrations: MIGRATIONS };

/// Pages that are copied between two looks at the source.
const PAGES_AT_ONCE: i32 = 1024;

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
    "
    ALTER TABLE edits ADD COLUMN checksum INTEGER;
    ALTER TABLE clusterings ADD COLUMN checksum INTEGER;
    ALTER TABLE embeddings ADD COLUMN checksum INTEGER;
    ALTER TABLE faces ADD COLUMN checksum INTEGER;
    ALTER TABLE dendrograms ADD COLUMN checksum INTEGER;
",
    "
    CREATE TABLE erased (mark BLOB PRIMARY KEY) WITHOUT ROWID;
",
];

/// Checks that the file is of that kind, brings it to the newest format where it may be
/// written, and chooses the journal.
pub(super) fn prepare(
    connection: &mut Connection,
    path: &Path,
    writable: bool,
    format: &FileFormat,
) -> Result<(), FormatError> {
    distrust(connection)?;
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let application = pragma("application_id")?;
    let version = pragma("user_version")?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let known = format.migrations.len() as i64;
    if tables > 0 && application != format.application_id {
        return Err(FormatError::Foreign);
    }
    if version > known {
        return Err(FormatError::Newer { found: version, known });
    }
    if let Some(difference) = difference(connection, version, format)? {
        return Err(FormatError::Altered(difference));
    }
    if !writable {
        return if version == known { Ok(()) } else { Err(FormatError::Older) };
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

/// Takes a file for what anybody may have written: nothing that it defines runs by itself, and no
/// statement of ours can be turned against its own structure.
pub(super) fn distrust(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.execute_batch("PRAGMA cell_size_check = ON;")
}

/// The first table, index, trigger or view that a file of that version should not have, or lacks.
///
/// A trigger could swallow what is written, and a view that never ends would be read for ever.
pub(super) fn difference(
    connection: &Connection,
    version: i64,
    format: &FileFormat,
) -> rusqlite::Result<Option<String>> {
    let model = Connection::open_in_memory()?;
    for migration in format.migrations.get(..version.max(0) as usize).unwrap_or_default() {
        model.execute_batch(migration)?;
    }
    let (found, expected) = (definitions(connection)?, definitions(&model)?);
    let foreign = found.iter().find(|definition| !expected.contains(definition));
    let foreign = foreign.map(|(kind, name, _)| format!("its {kind} `{name}` is not a part of it"));
    let missing = expected.iter().find(|definition| !found.contains(definition));
    Ok(foreign.or_else(|| missing.map(|(kind, name, _)| format!("its {kind} `{name}` is missing"))))
}

/// Kind, name and definition of everything in a file but what SQLite makes by itself.
fn definitions(connection: &Connection) -> rusqlite::Result<Vec<(String, String, String)>> {
    let sql = "SELECT type, name, sql FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_'";
    let mut query = connection.prepare(sql)?;
    let plain = |sql: String| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let rows = query.query_map([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?.map(plain).unwrap_or_default()))
    });
    rows.and_then(Iterator::collect)
}

/// A copy of a file of an older version that cannot or must not be written, in the newest format.
/// It lies in a temporary file of SQLite's own.
pub(super) fn newest_copy(
    older: &Connection,
    path: &Path,
    format: &FileFormat,
) -> Result<Connection, FormatError> {
    let mut copy = Connection::open("")?;
    Backup::new(older, &mut copy)?.run_to_completion(PAGES_AT_ONCE, std::time::Duration::ZERO, None)?;
    prepare(&mut copy, path, true, format)?;
    Ok(copy)
}

/// Write-ahead logging needs shared memory, which network shares do not give reliably: there
/// a rollback journal serves. Each commit is on the disk before it is acknowledged.
fn journal(connection: &Connection, path: &Path) -> rusqlite::Result<()> {
    let ask = |mode: &str| {
        connection.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |row| row.get::<_, String>(0))
    };
    let now: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    let is = |mode: &str, wanted: &str| mode.eq_ignore_ascii_case(wanted);
    let wal = !location::is_network_share(path)
        && (is(&now, "wal") || ask("WAL").is_ok_and(|mode| is(&mode, "wal")));
    if !wal && !is(&now, "delete") {
        ask("DELETE")?;
    }
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
}
