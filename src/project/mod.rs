//! The project file: one SQLite file that holds tracks, embeddings, clusterings, the log of
//! edits and the settings.
//!
//! Takes what the session decides; gives it back after a restart or a crash. One writer
//! thread owns all changes and groups them into transactions; an edit is acknowledged after
//! it is on the disk. It depends on no algorithm and never rewrites a log entry.

mod derived;
mod error;
mod people;
mod place;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::base::Fingerprint;
use crate::review::Entry;
use crate::tracks::{Overlaps, TRACKS_VERSION, Track, TrackSet};
use writer::{Urgency, Writer};

pub use derived::Kept;
pub use error::ProjectError;
pub(crate) use people::default_library;
pub use people::{AboutPicture, KeptPicture, KeptTrack, Library, LibraryError, Logged};
pub(crate) use place::default_place;
pub use place::{Place, data_folder};
pub use writer::Ack;

/// Everything that a session starts from.
#[derive(Debug, Default)]
pub struct Stored {
    /// The tracks as last scanned.
    pub tracks: Option<TrackSet>,
    /// Settings by name.
    pub settings: BTreeMap<String, String>,
    /// The log of edits, by number.
    pub entries: Vec<Entry>,
    /// Log number that the state stands at.
    pub cursor: Option<u64>,
    /// The key of the clustering in force.
    pub last_run: Option<Fingerprint>,
}

/// An open project file.
#[derive(Debug)]
pub struct Project {
    path: PathBuf,
    /// Before the writer, so that it is closed first: the last one out tidies the log away.
    reader: Mutex<Connection>,
    writer: Option<Writer>,
    /// Whether the file is this one's own work.
    created: bool,
    _lock: Option<File>,
}

impl Project {
    /// Opens or creates a project file.
    ///
    /// Where another Castlist has it open, or it cannot be written, it opens read-only
    /// ([`Self::is_read_only`]).
    ///
    /// # Errors
    /// [`ProjectError`]: damaged (the file is left as it is), from a newer version, no
    /// project at all, or not to be created.
    pub fn open(path: &Path) -> Result<Self, ProjectError> {
        let Some(lock) = place::lock(path) else {
            if !path.is_file() {
                return Err(ProjectError::Create(path.to_path_buf()));
            }
            return Self::look(path);
        };
        let created = !path.exists();
        let mut connection =
            Connection::open_with_flags(path, flags(true)).map_err(|e| error::of(e, path))?;
        schema::prepare(&mut connection, path, true, &schema::PROJECT).map_err(|e| error::unfit(e, path))?;
        let reader = Connection::open_with_flags(path, flags(false)).map_err(|e| error::of(e, path))?;
        let writer = Some(Writer::start(connection, path)?);
        let (path, reader) = (path.to_path_buf(), Mutex::new(reader));
        Ok(Self { path, reader, writer, created, _lock: Some(lock) })
    }

    /// Opens a project to read it, and keeps nobody else from writing.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn look(path: &Path) -> Result<Self, ProjectError> {
        let (path, reader) = (path.to_path_buf(), Mutex::new(open_protected(path)?));
        Ok(Self { path, reader, writer: None, created: false, _lock: None })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether nothing can be changed: another Castlist has it open, or the file is protected.
    pub fn is_read_only(&self) -> bool {
        self.writer.is_none()
    }

    /// Reads everything but the embeddings.
    ///
    /// # Errors
    /// [`ProjectError`], such as damage that only shows on reading.
    pub fn load(&self) -> Result<Stored, ProjectError> {
        let connection = self.reader();
        // One moment of the file, whoever writes meanwhile.
        let moment = connection.unchecked_transaction().map_err(|e| error::of(e, &self.path))?;
        load(&moment, &self.path)
    }

    /// Appends an entry to the log and moves the cursor onto it, in one transaction.
    pub fn append(&self, entry: &Entry) -> Ack {
        let row = EditRow::of(entry);
        self.write(Urgency::Now, move |connection| row.insert(connection))
    }

    /// Moves the cursor over the log; where that leads to another clustering, its key and the
    /// settings that go with it are taken over in the same transaction.
    pub(crate) fn move_cursor(
        &self,
        cursor: u64,
        run: Option<(Fingerprint, BTreeMap<String, String>)>,
    ) -> Ack {
        self.write(Urgency::Now, move |connection| {
            if let Some((key, settings)) = run {
                put(connection, "last_run", &key.to_string())?;
                set_settings(connection, &settings)?;
            }
            set_cursor(connection, cursor as i64)
        })
    }

    /// Takes another clustering over in one transaction: itself, the settings that ask for it,
    /// and its entry in the log, where it changes anything.
    pub fn adopt<R: Serialize + Send + Sync + 'static>(
        &self,
        key: Fingerprint,
        run: Arc<R>,
        settings: BTreeMap<String, String>,
        entry: Option<&Entry>,
    ) -> Ack {
        let row = entry.map(EditRow::of);
        let at = now();
        self.write(Urgency::Now, move |connection| {
            insert_run(connection, key, at, &*run)?;
            set_settings(connection, &settings)?;
            row.map_or(Ok(()), |row| row.insert(connection))
        })
    }

    /// Replaces the stored tracks.
    pub fn save_tracks(&self, set: &TrackSet) -> Ack {
        let root = place::relative_root(&self.path, &set.root);
        let (tracks, overlaps) = (set.tracks.clone(), set.overlaps.to_string());
        self.write(Urgency::Now, move |connection| {
            put(connection, "root", &root)?;
            put(connection, "overlaps", &overlaps)?;
            put(connection, "tracks_version", &TRACKS_VERSION.to_string())?;
            connection.execute("DELETE FROM tracks", [])?;
            let mut insert =
                connection.prepare("INSERT INTO tracks (position, id, track) VALUES (?1, ?2, ?3)")?;
            for (position, track) in tracks.iter().enumerate() {
                let json = serde_json::to_string(track)
                    .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
                insert.execute(params![position as i64, track.id, json])?;
            }
            Ok(())
        })
    }

    /// Replaces the settings.
    pub fn save_settings(&self, settings: &BTreeMap<String, String>) -> Ack {
        let settings = settings.clone();
        self.write(Urgency::Now, move |connection| set_settings(connection, &settings))
    }

    /// Keeps a clustering under its key.
    #[cfg(test)]
    pub(crate) fn save_run<R: Serialize + Clone + Send + 'static>(&self, key: Fingerprint, run: &R) -> Ack {
        let (run, at) = (run.clone(), now());
        self.write(Urgency::Now, move |connection| insert_run(connection, key, at, &run))
    }

    /// The clustering kept under a key. It is derived: one that this version cannot read counts as
    /// absent and is made anew by the next run.
    pub fn run<R: DeserializeOwned>(&self, key: Fingerprint) -> Option<R> {
        let json: Option<String> = self
            .reader()
            .query_row("SELECT run FROM clusterings WHERE key = ?1", [key.0], |row| row.get(0))
            .optional()
            .ok()?;
        serde_json::from_str(&json?).ok()
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(
        &self,
        urgency: Urgency,
        change: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Ack {
        match &self.writer {
            Some(writer) => writer.write(urgency, Box::new(change)),
            None => Ack::refused(ProjectError::ReadOnly(self.path.clone())),
        }
    }
}

/// A new file in which nothing was kept goes again, so that a wrong folder is left as it was.
impl Drop for Project {
    fn drop(&mut self) {
        if self.created && self.write(Urgency::Now, |_| Ok(())).wait().is_ok() && is_unused(&self.reader()) {
            if let Ok(memory) = Connection::open_in_memory() {
                *self.reader() = memory;
            }
            self.writer.take();
            for end in ["", "-wal", "-shm", ".lock"] {
                let mut name = self.path.as_os_str().to_owned();
                name.push(end);
                let _gone_already = std::fs::remove_file(name);
            }
        }
    }
}

/// Seconds since 1970.
pub fn now() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs() as i64)
}

fn flags(writable: bool) -> OpenFlags {
    let access = if writable {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Opens a project that another Castlist holds, or that lies where nothing can be written.
fn open_protected(path: &Path) -> Result<Connection, ProjectError> {
    let open = |uri: &Path, more: OpenFlags| {
        let mut connection =
            Connection::open_with_flags(uri, flags(false) | more).map_err(|e| error::of(e, path))?;
        schema::prepare(&mut connection, path, false, &schema::PROJECT).map_err(|e| error::unfit(e, path))?;
        Ok(connection)
    };
    match open(path, OpenFlags::empty()) {
        // Write-ahead logging wants a file beside the project's. Where none can be made, or the
        // disk is full, nobody writes either, and the file is whole if it has no log.
        Err(why @ (ProjectError::Create(_) | ProjectError::Full(_))) => match place::immutable_uri(path) {
            Some(uri) => open(&uri, OpenFlags::SQLITE_OPEN_URI),
            None if matches!(why, ProjectError::Full(_)) => Err(why),
            None => Err(ProjectError::ReadOnly(path.to_path_buf())),
        },
        opened => opened,
    }
}

fn is_unused(connection: &Connection) -> bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM tracks) OR EXISTS (SELECT 1 FROM embeddings)
               OR EXISTS (SELECT 1 FROM edits) OR EXISTS (SELECT 1 FROM settings)";
    connection.query_row(sql, [], |row| row.get::<_, bool>(0)).is_ok_and(|used| !used)
}

fn put(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    connection
        .execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", params![name, value])
        .map(drop)
}

/// An entry of the log as a row.
struct EditRow {
    number: i64,
    parent: Option<i64>,
    at: i64,
    json: serde_json::Result<(String, Option<String>)>,
}

impl EditRow {
    fn of(entry: &Entry) -> Self {
        let (number, parent) = (entry.number as i64, entry.parent.map(|p| p as i64));
        let names = (!entry.names.is_empty()).then(|| serde_json::to_string(&entry.names)).transpose();
        let json = serde_json::to_string(&entry.edit).and_then(|edit| Ok((edit, names?)));
        Self { number, parent, at: entry.at, json }
    }

    /// Appends it, and moves the cursor onto it.
    fn insert(self, connection: &Connection) -> rusqlite::Result<()> {
        let (edit, names) = self.json.map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
        connection
            .prepare_cached(
                "INSERT INTO edits (number, parent, at, edit, names) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![self.number, self.parent, self.at, edit, names])?;
        set_cursor(connection, self.number)
    }
}

fn insert_run(
    connection: &Connection,
    key: Fingerprint,
    at: i64,
    run: &impl Serialize,
) -> rusqlite::Result<()> {
    let json =
        serde_json::to_string(run).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
    connection.execute(
        "INSERT OR REPLACE INTO clusterings (key, at, run) VALUES (?1, ?2, ?3)",
        params![key.0, at, json],
    )?;
    put(connection, "last_run", &key.to_string())
}

fn set_settings(connection: &Connection, settings: &BTreeMap<String, String>) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM settings", [])?;
    let mut insert = connection.prepare("INSERT INTO settings (name, value) VALUES (?1, ?2)")?;
    for (name, value) in settings {
        insert.execute(params![name, value])?;
    }
    Ok(())
}

fn set_cursor(connection: &Connection, cursor: i64) -> rusqlite::Result<()> {
    put(connection, "cursor", &cursor.to_string())
}

fn load(connection: &Connection, path: &Path) -> Result<Stored, ProjectError> {
    let pairs = |table: &str| -> Result<BTreeMap<String, String>, ProjectError> {
        let mut query = connection
            .prepare(&format!("SELECT name, value FROM {table}"))
            .map_err(|e| error::of(e, path))?;
        let rows =
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(|e| error::of(e, path))?;
        rows.collect::<Result<_, _>>().map_err(|e| error::of(e, path))
    };
    let meta = pairs("meta")?;
    let tracks: Vec<String> = column(connection, path, "SELECT track FROM tracks ORDER BY position")?;
    let current = meta.get("tracks_version").is_some_and(|v| *v == TRACKS_VERSION.to_string());
    let set = match meta.get("root") {
        Some(root) if current => {
            let tracks =
                tracks.par_iter().map(|json| parse::<Track>(json, path)).collect::<Result<_, _>>()?;
            let overlaps: Option<Overlaps> = meta.get("overlaps").and_then(|text| text.parse().ok());
            let overlaps = overlaps.unwrap_or_default();
            Some(TrackSet { root: place::absolute_root(path, root), tracks, overlaps })
        }
        _ => None,
    };
    let entries = load_log(connection, path)?;
    let last_run = meta.get("last_run").and_then(|key| blake3::Hash::from_hex(key).ok());
    let last_run = last_run.map(|key| Fingerprint(*key.as_bytes()));
    let cursor = meta.get("cursor").and_then(|cursor| cursor.parse().ok());
    Ok(Stored { tracks: set, settings: pairs("settings")?, entries, cursor, last_run })
}

/// A row of the log: number, parent, time, edit and names.
type LogRow = (i64, Option<i64>, i64, String, Option<String>);

/// The log of edits: numbers from 0 without a gap, each with a parent before it.
fn load_log(connection: &Connection, path: &Path) -> Result<Vec<Entry>, ProjectError> {
    let mut query = connection
        .prepare("SELECT number, parent, at, edit, names FROM edits ORDER BY number")
        .map_err(|e| error::of(e, path))?;
    let rows: Vec<LogRow> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .and_then(Iterator::collect)
        .map_err(|e| error::of(e, path))?;
    let entry = |(place, (number, parent, at, edit, names)): (usize, &LogRow)| {
        let follows = parent.is_none_or(|parent| (0..*number).contains(&parent));
        if *number != place as i64 || !follows {
            let why = format!("the log has entry {number} upon {parent:?} in place {place}");
            return Err(ProjectError::Damaged { why, path: path.to_path_buf() });
        }
        let edit = parse(edit, path)?;
        let names = names.as_deref().map_or(Ok(Vec::new()), |names| parse(names, path))?;
        Ok(Entry { number: place as u64, parent: parent.map(|p| p as u64), at: *at, edit, names })
    };
    rows.par_iter().enumerate().map(entry).collect()
}

fn column(connection: &Connection, path: &Path, sql: &str) -> Result<Vec<String>, ProjectError> {
    let mut query = connection.prepare(sql).map_err(|e| error::of(e, path))?;
    query.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(|e| error::of(e, path))
}

fn parse<T: for<'de> Deserialize<'de>>(json: &str, path: &Path) -> Result<T, ProjectError> {
    serde_json::from_str(json)
        .map_err(|error| ProjectError::Damaged { why: error.to_string(), path: path.to_path_buf() })
}
