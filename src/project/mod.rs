//! The project file: one SQLite file that holds tracks, embeddings, clusterings, the log of
//! edits and the settings.
//!
//! Takes what the session decides; gives it back after a restart or a crash. One writer
//! thread owns all changes and groups them into transactions; an edit is acknowledged after
//! it is on the disk. It depends on no algorithm and never rewrites a log entry.

mod checksum;
mod copies;
mod derived;
mod erase;
mod error;
mod location;
mod log;
mod merge;
mod people;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::base::Fingerprint;
use crate::review::LogEntry;
use crate::tracks::{OverlapRule, TRACKS_VERSION, Track, TrackSet};
use schema::FormatError;
use writer::{Urgency, Writer};

pub(crate) use copies::beside as copies_beside;
pub use copies::{ProjectCopy, copies, restore};
pub use derived::StoredDendrogram;
pub(crate) use erase::{ProjectErasure, erase, finish as finish_erasure};
pub use error::ProjectError;
pub(crate) use location::{FILE_NAME, default_place, is_in_use};
pub use location::{ProjectLocation, ReadOnlyReason, data_folder};
pub(crate) use people::default_library;
pub use people::{Library, LibraryError, LibraryLogEntry, LibraryPicture, LibraryTrack, PictureInfo};
pub use writer::Ack;

/// Everything that a session starts from.
#[derive(Debug, Default)]
pub struct StoredProject {
    /// The tracks as last scanned.
    pub tracks: Option<TrackSet>,
    /// Settings by name.
    pub settings: BTreeMap<String, String>,
    /// The log of edits, by number.
    pub entries: Vec<LogEntry>,
    /// Log number that the state is at.
    pub cursor: Option<u64>,
    /// The key of the clustering in force.
    pub last_run: Option<Fingerprint>,
    /// By what tracks of people are known who were erased.
    pub erased: BTreeSet<Fingerprint>,
}

/// An open project file.
#[derive(Debug)]
pub struct Project {
    path: PathBuf,
    /// Before the writer, so that it is closed first: the last one out tidies the log away.
    reader: Mutex<Connection>,
    writer: Option<Writer>,
    read_only: Option<ReadOnlyReason>,
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
        copies::check_is_database(path)?;
        let lock = match location::lock(path) {
            Ok(lock) => lock,
            Err(_) if !path.is_file() => return Err(ProjectError::Create(path.to_path_buf())),
            Err(reason) => return Self::read_only(path, reason),
        };
        let created = !path.exists();
        let mut connection =
            Connection::open_with_flags(path, flags(true)).map_err(|e| error::of(e, path))?;
        schema::prepare(&mut connection, path, true, &schema::PROJECT).map_err(|e| {
            match error::format_error(e, path) {
                // The lock could be made, so nobody forbids writing: the file itself says that it
                // cannot be.
                ProjectError::ReadOnly { .. } if location::can_create(path.parent().unwrap_or(path)) => {
                    let why = "its header names an unknown format".to_owned();
                    ProjectError::Damaged { why, path: path.to_path_buf() }
                }
                error => error,
            }
        })?;
        // What an erasure left behind that was ended halfway goes first. Where somebody reads it now,
        // the next opening tries again.
        let _cleared = erase::finish_pending(&connection, path);
        // Without a copy, as on a full disk, the project still opens; the next opening tries again.
        let _copied = copies::keep(&connection, path);
        let reader = Connection::open_with_flags(path, flags(false)).map_err(|e| error::of(e, path))?;
        let writer = Some(Writer::start(connection, path)?);
        let (path, reader) = (path.to_path_buf(), Mutex::new(reader));
        Ok(Self { path, reader, writer, read_only: None, created, _lock: Some(lock) })
    }

    /// Opens a project to read it, and does not keep other programs from writing.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_read_only(path: &Path) -> Result<Self, ProjectError> {
        copies::check_is_database(path)?;
        Self::read_only(path, ReadOnlyReason::Protected)
    }

    fn read_only(path: &Path, reason: ReadOnlyReason) -> Result<Self, ProjectError> {
        let (path, reader) = (path.to_path_buf(), Mutex::new(open_protected(path)?));
        Ok(Self { path, reader, writer: None, read_only: Some(reason), created: false, _lock: None })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether nothing can be changed.
    pub fn is_read_only(&self) -> bool {
        self.read_only.is_some()
    }

    /// Why nothing can be changed, where that is so.
    pub fn why_read_only(&self) -> Option<ReadOnlyReason> {
        self.read_only
    }

    /// Reads everything but the embeddings.
    ///
    /// # Errors
    /// [`ProjectError`], such as damage that only shows on reading.
    pub fn load(&self) -> Result<StoredProject, ProjectError> {
        let connection = self.reader();
        // One snapshot of the file, whatever is written meanwhile.
        let moment = connection.unchecked_transaction().map_err(|e| error::of(e, &self.path))?;
        load(&moment, &self.path)
    }

    /// Appends an entry to the log and moves the cursor onto it, in one transaction.
    pub fn append(&self, entry: &LogEntry) -> Ack {
        let row = log::Row::of(entry);
        self.write(Urgency::Now, move |connection| row.insert(connection))
    }

    /// Moves the cursor over the log; where that leads to another clustering, its key and the
    /// settings that go with it are changed in the same transaction.
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

    /// Adopts another clustering in one transaction: itself, the settings that ask for it,
    /// and its entry in the log, where it changes anything.
    pub fn adopt<R: Serialize + Send + Sync + 'static>(
        &self,
        key: Fingerprint,
        run: Arc<R>,
        settings: BTreeMap<String, String>,
        entry: Option<&LogEntry>,
    ) -> Ack {
        let row = entry.map(log::Row::of);
        let at = now();
        self.write(Urgency::Now, move |connection| {
            insert_run(connection, key, at, &*run)?;
            set_settings(connection, &settings)?;
            row.map_or(Ok(()), |row| row.insert(connection))
        })
    }

    /// Replaces the stored tracks.
    pub fn save_tracks(&self, set: &TrackSet) -> Ack {
        let root = location::relative_root(&self.path, &set.root);
        let (tracks, overlaps) = (set.tracks.clone(), set.overlaps.to_string());
        let gone = serde_json::to_string(&set.gone);
        self.write(Urgency::Now, move |connection| {
            put(connection, "root", &root)?;
            put(connection, "overlaps", &overlaps)?;
            let gone = gone.map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
            put(connection, "gone_tracks", &gone)?;
            put(connection, "tracks_version", &TRACKS_VERSION.to_string())?;
            connection.execute("DELETE FROM tracks", [])?;
            let mut insert =
                connection.prepare("INSERT INTO tracks (position, id, track) VALUES (?1, ?2, ?3)")?;
            for (position, track) in tracks.iter().enumerate() {
                let json = serde_json::to_string(track)
                    .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
                one_row(insert.execute(params![position as i64, track.id, json])?)?;
            }
            Ok(())
        })
    }

    /// Stores where the folder of the tracks lies now.
    pub(crate) fn save_root(&self, root: &Path) -> Ack {
        let root = location::relative_root(&self.path, root);
        self.write(Urgency::Now, move |connection| put(connection, "root", &root))
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
    /// absent and is made again by the next run.
    pub fn run<R: DeserializeOwned>(&self, key: Fingerprint) -> Option<R> {
        let sql = "SELECT run, checksum FROM clusterings WHERE key = ?1";
        let row = self.reader().query_row(sql, [key.0], |row| Ok((row.get(0)?, row.get(1)?))).optional();
        let (json, stored): (String, Option<i64>) = row.ok()??;
        let is_sound = checksum::holds(stored, &[&key.0, json.as_bytes()]);
        if is_sound { serde_json::from_str(&json).ok() } else { None }
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(
        &self,
        urgency: Urgency,
        change: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Ack {
        if let Some(writer) = &self.writer {
            return writer.write(urgency, Box::new(change));
        }
        let reason = self.read_only.unwrap_or(ReadOnlyReason::Protected);
        Ack::refused(ProjectError::ReadOnly { reason, path: self.path.clone() })
    }
}

/// A new file in which nothing was kept is removed again, so that a wrong folder is left as it was.
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
    let open = |uri: &Path, flags: OpenFlags| {
        let mut connection = Connection::open_with_flags(uri, flags).map_err(|e| error::of(e, path))?;
        match schema::prepare(&mut connection, path, false, &schema::PROJECT) {
            Ok(()) => Ok(connection),
            Err(FormatError::Older) => schema::newest_copy(&connection, path, &schema::PROJECT),
            Err(unfit) => Err(unfit),
        }
        .map_err(|e| error::format_error(e, path))
    };
    match open(path, flags(false)) {
        // Write-ahead logging wants a file beside the project's. Where none can be made, or the
        // disk is full, nobody writes either, and the file is whole if it has no log.
        Err(why @ (ProjectError::Create(_) | ProjectError::Full(_))) => match location::immutable_uri(path) {
            Some(uri) => open(&uri, flags(false) | OpenFlags::SQLITE_OPEN_URI),
            None if matches!(why, ProjectError::Full(_)) => Err(why),
            None => {
                Err(ProjectError::ReadOnly { reason: ReadOnlyReason::Protected, path: path.to_path_buf() })
            }
        },
        // A process that was killed may have left a log to be written back, which only who may write can do.
        Err(ProjectError::ReadOnly { .. }) => open(path, flags(true)),
        opened => opened,
    }
}

fn is_unused(connection: &Connection) -> bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM tracks) OR EXISTS (SELECT 1 FROM embeddings)
               OR EXISTS (SELECT 1 FROM edits) OR EXISTS (SELECT 1 FROM settings)";
    connection.query_row(sql, [], |row| row.get::<_, bool>(0)).is_ok_and(|used| !used)
}

fn put(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)";
    one_row(connection.execute(sql, params![name, value])?)
}

/// That a statement wrote its row. Where it did not, something in the file stops it, and what was
/// to be written is not on the disk.
fn one_row(changed: usize) -> rusqlite::Result<()> {
    if changed == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(changed)) }
}

fn insert_run(
    connection: &Connection,
    key: Fingerprint,
    at: i64,
    run: &impl Serialize,
) -> rusqlite::Result<()> {
    let json =
        serde_json::to_string(run).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
    let sql = "INSERT OR REPLACE INTO clusterings (key, at, run, checksum) VALUES (?1, ?2, ?3, ?4)";
    let checksum = checksum::of(&[&key.0, json.as_bytes()]);
    one_row(connection.execute(sql, params![key.0, at, json, checksum])?)?;
    put(connection, "last_run", &key.to_string())
}

fn set_settings(connection: &Connection, settings: &BTreeMap<String, String>) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM settings", [])?;
    let mut insert = connection.prepare("INSERT INTO settings (name, value) VALUES (?1, ?2)")?;
    for (name, value) in settings {
        one_row(insert.execute(params![name, value])?)?;
    }
    Ok(())
}

fn set_cursor(connection: &Connection, cursor: i64) -> rusqlite::Result<()> {
    put(connection, "cursor", &cursor.to_string())
}

fn load(connection: &Connection, path: &Path) -> Result<StoredProject, ProjectError> {
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
    let current = are_tracks_current(&meta, !tracks.is_empty(), path)?;
    let set = match meta.get("root") {
        Some(root) if current => {
            let track = |json: &String| {
                let track = parse::<Track>(json, path)?;
                if track.is_inside() {
                    return Ok(track);
                }
                let why = format!("the track `{}` leads out of its folder", track.id);
                Err(ProjectError::Damaged { why, path: path.to_path_buf() })
            };
            let tracks = tracks.par_iter().map(track).collect::<Result<_, _>>()?;
            let gone = meta.get("gone_tracks").map(|json| parse(json, path)).transpose()?.unwrap_or_default();
            let overlaps: Option<OverlapRule> = meta.get("overlaps").and_then(|text| text.parse().ok());
            let overlaps = overlaps.unwrap_or_default();
            Some(TrackSet {
                root: location::absolute_root(path, root),
                tracks,
                overlaps,
                whole: Vec::new(),
                gone,
            })
        }
        _ => None,
    };
    let entries = log::load(connection, path)?;
    let last_run = meta.get("last_run").and_then(|key| blake3::Hash::from_hex(key).ok());
    let last_run = last_run.map(|key| Fingerprint(*key.as_bytes()));
    let cursor = match meta.get("cursor") {
        None => None,
        Some(cursor) => match cursor.parse::<u64>() {
            Ok(cursor) if cursor < entries.len().max(1) as u64 => Some(cursor),
            _ => {
                let why = format!("the log stands at entry `{cursor}`, and it has {}", entries.len());
                return Err(ProjectError::Damaged { why, path: path.to_path_buf() });
            }
        },
    };
    let erased = erased(connection).map_err(|e| error::of(e, path))?;
    Ok(StoredProject { tracks: set, settings: pairs("settings")?, entries, cursor, last_run, erased })
}

/// Whether the stored tracks are of this version; those of an older one are scanned again. Tracks
/// without their version or their folder are damage: to take them for none would lose every name.
fn are_tracks_current(
    meta: &BTreeMap<String, String>,
    has_tracks: bool,
    path: &Path,
) -> Result<bool, ProjectError> {
    let version = meta.get("tracks_version");
    let number = version.map(|text| text.parse::<u32>());
    let is_known = number.as_ref().is_none_or(|it| it.as_ref().is_ok_and(|it| *it <= TRACKS_VERSION));
    if !is_known || has_tracks && (version.is_none() || !meta.contains_key("root")) {
        let why = format!("its tracks are of version {version:?}, in {:?}", meta.get("root"));
        return Err(ProjectError::Damaged { why, path: path.to_path_buf() });
    }
    Ok(number == Some(Ok(TRACKS_VERSION)))
}

fn erased(connection: &Connection) -> rusqlite::Result<BTreeSet<Fingerprint>> {
    let mut query = connection.prepare("SELECT mark FROM erased")?;
    query.query_map([], |row| row.get(0).map(Fingerprint))?.collect()
}

fn column(connection: &Connection, path: &Path, sql: &str) -> Result<Vec<String>, ProjectError> {
    let mut query = connection.prepare(sql).map_err(|e| error::of(e, path))?;
    query.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(|e| error::of(e, path))
}

fn parse<T: for<'de> Deserialize<'de>>(json: &str, path: &Path) -> Result<T, ProjectError> {
    serde_json::from_str(json)
        .map_err(|error| ProjectError::Damaged { why: error.to_string(), path: path.to_path_buf() })
}
