//! Copies of what the curator decided, kept beside the project, and the way back to one.
//!
//! A copy is made when a project is opened and something was decided since the last one; the last
//! five stay. It holds the log, the cursor, the settings, the clusterings and the learned
//! heads: what no run can make again; and the tracks, unless they are very many. Embeddings are not
//! in it; a restored project takes them from the damaged file as far as they are sound, and a run
//! makes the others again.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use serde::Serialize;

use super::{ProjectError, error, flags, location, log, now, schema};

/// How many copies are kept.
const KEPT: usize = 5;

/// Tracks beyond so many bytes are left out of a copy, which is made whenever a project is opened:
/// a run reads them again.
const MOST_TRACK_BYTES: i64 = 256 << 20;

/// The tables of every copy.
const DECIDED: [&str; 6] = ["meta", "settings", "edits", "clusterings", "heads", "erased"];
/// The tables whose rows a run can make again, each for itself.
const DERIVED: [&str; 3] = ["embeddings", "faces", "dendrograms"];

/// A copy beside a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProjectCopy {
    /// The file.
    pub path: PathBuf,
    /// When it was made, in seconds since 1970.
    pub at: i64,
    /// The same as date and time of this machine's zone.
    pub when: String,
    /// Edits in its log, undone ones included.
    pub n_edits: u64,
    /// Last edit's time in seconds since 1970, where there is one.
    pub last_edit: Option<i64>,
}

/// What says whether something was decided since a copy: everything but the derived tables.
type State = (i64, Vec<(String, String)>, Vec<(String, String)>);

/// The sound copies beside a project, newest first.
pub fn copies(project: &Path) -> Vec<ProjectCopy> {
    let mut found: Vec<ProjectCopy> =
        files(project).into_iter().filter_map(|(at, path)| read(&path, at).ok()).collect();
    found.sort_by_key(|copy| std::cmp::Reverse(copy.at));
    found
}

/// Makes a copy where something was decided since the last one, and removes all but the last few. A
/// failure leaves no copy, and the next opening tries again.
pub(super) fn keep(connection: &Connection, project: &Path) -> rusqlite::Result<()> {
    let state = state(connection)?;
    if state.0 == 0 {
        return Ok(());
    }
    let mut known = files(project);
    let last = known.last().and_then(|(_, path)| open(path).ok());
    if last.is_some_and(|last| self::state(&last).is_ok_and(|last| last == state)) {
        return Ok(());
    }
    let newest = known.last().map_or(0, |(at, _)| *at);
    let at = now().max(newest + 1);
    let path = named(project, &format!("copy-{at}"));
    let half = named(project, "copying");
    remove(&half);
    let made = write(connection, &half)
        .and_then(|()| sync(&half).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into())));
    // Only what can be read again is a copy.
    if let Err(error) = made.and_then(|()| read(&half, at).map(drop).map_err(unreadable)) {
        remove(&half);
        return Err(error);
    }
    crate::files::rename(&half, &path)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    known.push((at, path));
    for (_, old) in &known[..known.len().saturating_sub(KEPT)] {
        remove(old);
    }
    Ok(())
}

/// Removes all copies of a project, and all that copying and restoring left beside it.
///
/// # Errors
/// [`ProjectError`] where one cannot be removed.
pub(super) fn remove_all(project: &Path) -> Result<(), ProjectError> {
    for path in beside(project) {
        std::fs::remove_file(&path)
            .map_err(|error| ProjectError::Sqlite { why: error.to_string(), path: path.clone() })?;
    }
    let folder = crate::files::folder_of(project);
    crate::files::sync_folder(folder)
        .map_err(|error| ProjectError::Sqlite { why: error.to_string(), path: folder.to_path_buf() })
}

/// All files that hold a former state of a project, sound or not: copies, files that a restore
/// replaced, halves of both, and what SQLite keeps beside them.
pub(crate) fn beside(project: &Path) -> Vec<PathBuf> {
    const ENDS: [&str; 4] = ["copy-", "copying", "restoring", "replaced-"];
    let Some(name) = project.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let Ok(entries) = std::fs::read_dir(crate::files::folder_of(project)) else { return Vec::new() };
    let is_former = |file: &str| {
        let end = file.strip_prefix(name).and_then(|end| end.strip_prefix('.'));
        end.is_some_and(|end| ENDS.iter().any(|begin| end.starts_with(begin)))
    };
    let is_ours = |entry: &std::fs::DirEntry| {
        entry.file_type().is_ok_and(|kind| kind.is_file())
            && entry.file_name().to_str().is_some_and(is_former)
    };
    let mut found: Vec<PathBuf> = entries.flatten().filter(is_ours).map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// Puts a copy in a project's place. The project's file, damaged or not, stays beside it under
/// another name, which is returned where there was one; tracks and embeddings in it are taken over
/// where they are sound.
///
/// # Errors
/// [`ProjectError`]: the project is open elsewhere, the copy is damaged, or nothing can be written.
/// Both files are as they were then.
pub fn restore(project: &Path, copy: &Path) -> Result<Option<PathBuf>, ProjectError> {
    let read_only = |reason| ProjectError::ReadOnly { reason, path: project.to_path_buf() };
    let _lock = location::lock(project).map_err(read_only)?;
    read(copy, 0)?;
    let new = named(project, "restoring");
    remove(&new);
    let built = build(&new, copy, project).map_err(|e| error::of(e, &new));
    let io = |error: std::io::Error| ProjectError::Sqlite { why: error.to_string(), path: new.clone() };
    built.and_then(|()| sync(&new).map_err(io)).inspect_err(|_| remove(&new))?;
    let aside = project.exists().then(|| named(project, &format!("replaced-{}", now())));
    if let Some(aside) = &aside {
        // Its log goes with it, so that it can still be looked at as it was.
        for end in ["-wal", "-shm", ""] {
            let from = with_end(project, end);
            if from.exists() {
                std::fs::rename(&from, with_end(aside, end)).map_err(io)?;
            }
        }
    }
    crate::files::rename(&new, project).map_err(io)?;
    Ok(aside)
}

/// Everything of a copy, and what is sound in the project.
fn build(new: &Path, copy: &Path, project: &Path) -> rusqlite::Result<()> {
    let mut connection = Connection::open_with_flags(new, flags(true))?;
    if schema::prepare(&mut connection, new, true, &schema::PROJECT).is_err() {
        return Err(rusqlite::Error::InvalidPath(new.to_path_buf()));
    }
    attach(&connection, copy, "source")?;
    connection.execute_batch("BEGIN")?;
    DECIDED.iter().chain(["tracks"].iter()).try_for_each(|table| take(&connection, table))?;
    connection.execute_batch("COMMIT; DETACH source;")?;
    let has_tracks: bool =
        connection.query_row("SELECT EXISTS (SELECT 1 FROM tracks)", [], |row| row.get(0))?;
    // What is damaged there is left out: the rows before the damage are of use, and all is made
    // again. It is read by a connection of its own, so that its damage ends nothing here.
    if let Ok(damaged) = open(project) {
        connection.execute_batch("BEGIN")?;
        if !has_tracks && take_by_row(&connection, &damaged, "tracks").is_err() {
            connection.execute_batch("DELETE FROM tracks")?;
        }
        for table in DERIVED {
            let _as_far_as_it_can_be_read = take_by_row(&connection, &damaged, table);
        }
        connection.execute_batch("COMMIT")?;
    }
    // Without its tracks a project is one whose folder was not scanned yet.
    let unscanned = "DELETE FROM meta WHERE name = 'tracks_version' AND NOT EXISTS (SELECT 1 FROM tracks)";
    connection.execute(unscanned, [])?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")
}

/// The columns of a table in a file that may be of an older version.
fn columns(source: &Connection, schema: &str, table: &str) -> rusqlite::Result<String> {
    let sql = format!("SELECT group_concat(name) FROM pragma_table_info('{table}', '{schema}')");
    source.query_row(&sql, [], |row| row.get(0))
}

/// Copies the rows of a table one by one, up to the first that cannot be read.
fn take_by_row(connection: &Connection, source: &Connection, table: &str) -> rusqlite::Result<()> {
    let columns = columns(source, "main", table)?;
    let places: Vec<&str> = columns.split(',').map(|_| "?").collect();
    let places = places.join(", ");
    let sql = format!("INSERT OR REPLACE INTO {table} ({columns}) VALUES ({places})");
    let mut insert = connection.prepare(&sql)?;
    let mut query = source.prepare(&format!("SELECT {columns} FROM {table}"))?;
    let n = query.column_count();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<Value> = (0..n).map(|at| row.get(at)).collect::<Result<_, _>>()?;
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

/// Copies all rows of a table from the attached file, or none.
fn take(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    // A copy of an older version lacks the tables that came since.
    let sql = "SELECT EXISTS (SELECT 1 FROM source.sqlite_schema WHERE name = ?1)";
    if !connection.query_row(sql, [table], |row| row.get::<_, bool>(0))? {
        return Ok(());
    }
    let columns = columns(connection, "source", table)?;
    let sql = format!("INSERT OR REPLACE INTO main.{table} ({columns}) SELECT {columns} FROM source.{table}");
    connection.execute(&sql, []).map(drop)
}

/// Writes a copy of one moment of a project.
fn write(connection: &Connection, half: &Path) -> rusqlite::Result<()> {
    let mut copy = Connection::open_with_flags(half, flags(true))?;
    let unfit = |_| rusqlite::Error::InvalidPath(half.to_path_buf());
    schema::prepare(&mut copy, half, true, &schema::PROJECT).map_err(unfit)?;
    copy.execute_batch("PRAGMA journal_mode = DELETE")?;
    drop(copy);
    attach(connection, half, "copy")?;
    let sum = "SELECT coalesce(sum(length(track)), 0) FROM main.tracks";
    let bytes: i64 = connection.query_row(sum, [], |row| row.get(0)).unwrap_or(i64::MAX);
    let tracks = Some(&"tracks").filter(|_| bytes <= MOST_TRACK_BYTES);
    let copied = DECIDED.iter().chain(tracks).try_for_each(|table| {
        connection.execute(&format!("INSERT INTO copy.{table} SELECT * FROM main.{table}"), []).map(drop)
    });
    connection.execute_batch("DETACH copy")?;
    copied
}

fn attach(connection: &Connection, path: &Path, name: &str) -> rusqlite::Result<()> {
    let path = path.to_str().ok_or_else(|| rusqlite::Error::InvalidPath(path.to_path_buf()))?;
    connection.execute(&format!("ATTACH ?1 AS {name}"), params![path]).map(drop)
}

/// Opens a copy, or a project, in the tables of its version, to read it.
fn open(path: &Path) -> Result<Connection, ProjectError> {
    let connection = Connection::open_with_flags(path, flags(false)).map_err(|e| error::of(e, path))?;
    schema::distrust(&connection).map_err(|e| error::of(e, path))?;
    let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0));
    let difference = version.and_then(|version| schema::difference(&connection, version, &schema::PROJECT));
    match difference.map_err(|e| error::of(e, path))? {
        Some(why) => Err(ProjectError::Damaged { why, path: path.to_path_buf() }),
        None => Ok(connection),
    }
}

/// Reads a whole copy.
fn read(path: &Path, at: i64) -> Result<ProjectCopy, ProjectError> {
    let mut connection = open(path)?;
    let version: i64 =
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(|e| error::of(e, path))?;
    if version < schema::PROJECT.migrations.len() as i64 {
        connection = schema::newest_copy(&connection, path, &schema::PROJECT)
            .map_err(|e| error::format_error(e, path))?;
    }
    let sound: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|e| error::of(e, path))?;
    if sound != "ok" {
        return Err(ProjectError::Damaged { why: sound, path: path.to_path_buf() });
    }
    let entries = log::load(&connection, path)?;
    let when = connection
        .query_row("SELECT datetime(?1, 'unixepoch', 'localtime')", [at], |row| row.get(0))
        .map_err(|e| error::of(e, path))?;
    let n_edits = (entries.len() as u64).saturating_sub(1);
    let last_edit = entries.last().map(|entry| entry.at);
    Ok(ProjectCopy { path: path.to_path_buf(), at, when, n_edits, last_edit })
}

fn state(connection: &Connection) -> rusqlite::Result<State> {
    let entries = connection.query_row("SELECT count(*) FROM edits", [], |row| row.get(0))?;
    let pairs = |sql: &str| -> rusqlite::Result<Vec<(String, String)>> {
        let mut query = connection.prepare(sql)?;
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let meta = pairs("SELECT name, value FROM meta WHERE name IN ('cursor', 'last_run') ORDER BY name")?;
    Ok((entries, meta, pairs("SELECT name, value FROM settings ORDER BY name")?))
}

/// Refuses a file that was never a project: it does not begin as a database, and neither its name nor
/// copies beside it say that it was one, which was damaged.
pub(super) fn check_is_database(path: &Path) -> Result<(), ProjectError> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    let mut begin = Vec::new();
    let read = std::fs::File::open(path).map(|file| file.take(MAGIC.len() as u64).read_to_end(&mut begin));
    let is_foreign = matches!(read, Ok(Ok(1..))) && begin != MAGIC;
    let is_called_one = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sqlite"));
    if is_foreign && !is_called_one && files(path).is_empty() {
        return Err(ProjectError::NotAProject(path.to_path_buf()));
    }
    Ok(())
}

/// The copies beside a project by name, oldest first, sound or not.
fn files(project: &Path) -> Vec<(i64, PathBuf)> {
    let folder = crate::files::folder_of(project);
    let Some(name) = project.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let begin = format!("{name}.copy-");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<(i64, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let at = entry.file_name().to_str()?.strip_prefix(&begin)?.parse().ok()?;
            entry.file_type().ok()?.is_file().then(|| (at, entry.path()))
        })
        .collect();
    found.sort();
    found
}

pub(super) fn named(project: &Path, end: &str) -> PathBuf {
    with_end(project, &format!(".{end}"))
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Removes a database of ours with what SQLite keeps beside it.
pub(super) fn remove(path: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let _gone_already = std::fs::remove_file(with_end(path, end));
    }
}

pub(super) fn sync(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().write(true).open(path)?.sync_all()
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn unreadable(error: ProjectError) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(error.to_string().into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{Project, ReadOnlyReason};
    use super::*;
    use crate::base::Fingerprint;
    use crate::embed::{EmbeddingCache as _, TrackEmbedding};
    use crate::review::{Edit, IdentityId, LogEntry};

    fn name(project: &Project, number: u64, name: &str) {
        let edit = Edit::Rename { identity: IdentityId(1), name: name.into() };
        let entry = LogEntry { number, parent: number.checked_sub(1), at: 7, edit, names: Vec::new() };
        project.append(&entry).wait().unwrap();
    }

    #[test]
    fn a_copy_is_kept_of_what_was_decided_since_the_last_and_five_stay() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("p.sqlite");
        for number in 0..8 {
            let project = Project::open(&path).unwrap();
            name(&project, number, "Ada");
            drop(project);
            drop(Project::open(&path).unwrap());
            // Nothing new, no new copy.
            drop(Project::open(&path).unwrap());
        }
        let found = copies(&path);
        assert_eq!(found.iter().map(|copy| copy.n_edits).collect::<Vec<_>>(), [7, 6, 5, 4, 3]);
        assert!(found.iter().all(|copy| copy.last_edit == Some(7) && copy.when.len() == 19));
        let names = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name());
        let names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        assert!(names.iter().all(|name| name.contains(".copy-") || !name.contains("copy")), "{names:?}");
    }

    #[test]
    fn a_damaged_project_comes_back_with_the_embeddings_that_are_sound() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("p.sqlite");
        let project = Project::open(&path).unwrap();
        let vector = TrackEmbedding { vector: Some(vec![0.6, 0.8]), ..TrackEmbedding::default() };
        project.put(Fingerprint([9; 32]), &vector);
        project.save_settings(&BTreeMap::from([("radius".to_owned(), "0.5".to_owned())])).wait().unwrap();
        name(&project, 0, "Ada");
        drop(project);
        drop(Project::open(&path).unwrap());
        let broken = Connection::open(&path).unwrap();
        broken.execute_batch("DROP TRIGGER edits_stay; UPDATE edits SET edit = 'nonsense'").unwrap();
        drop(broken);
        assert!(matches!(Project::open(&path), Err(ProjectError::Damaged { .. })));

        let copy = &copies(&path)[0];
        let aside = restore(&path, &copy.path).unwrap().unwrap();
        assert!(aside.is_file());
        let project = Project::open(&path).unwrap();
        let stored = project.load().unwrap();
        assert_eq!((stored.entries.len(), stored.cursor), (1, Some(0)));
        assert_eq!(stored.settings["radius"], "0.5");
        // The file with another trigger is not believed, and the embedding is made again.
        assert_eq!(project.get(Fingerprint([9; 32])), None);

        // A file that is whole but for a row gives the others.
        project.put(Fingerprint([9; 32]), &vector);
        drop(project);
        let open = Project::open(&path).unwrap();
        assert!(matches!(
            restore(&path, &copy.path),
            Err(ProjectError::ReadOnly { reason: ReadOnlyReason::InUse, .. })
        ));
        drop(open);
        restore(&path, &copies(&path)[0].path).unwrap();
        assert_eq!(Project::open(&path).unwrap().get(Fingerprint([9; 32])), Some(vector));
    }

    #[test]
    fn a_copy_that_is_damaged_is_not_offered() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("p.sqlite");
        name(&Project::open(&path).unwrap(), 0, "Ada");
        drop(Project::open(&path).unwrap());
        let copy = copies(&path).remove(0).path;
        std::fs::write(&copy, "half").unwrap();
        assert_eq!(copies(&path), []);
        assert!(restore(&path, &copy).is_err() && Project::open(&path).unwrap().load().is_ok());
    }
}
