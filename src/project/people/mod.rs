//! The library file: one SQLite file of people that several projects share.
//!
//! Takes edits with the example tracks of people; gives back the log, the pictures and the
//! vectors. Each edit is checked against the file as it is at that moment, in one transaction, so
//! several processes may write: none needs a lock of its own, and none overwrites another's work.
//! Pictures are kept as they came, so that another model can look at them again; vectors follow
//! from them and are kept by model. It judges nothing.

mod erase;
mod error;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use super::schema::{self, FileFormat, FormatError};
use super::{data_folder, flags, location, now, one_row};
use crate::base::Fingerprint;
use crate::embed::CropAlignment;
use crate::library::{Exemplar, LibraryEdit, People};
use crate::tracks::Points;
use error::{damaged, of};

pub use error::LibraryError;

/// A library; `CASL`.
const LIBRARY: FileFormat = FileFormat {
    application_id: 0x4341_534C,
    migrations: &[
        "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO meta VALUES ('id', lower(hex(randomblob(32))));
    CREATE TABLE deeds (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, deed TEXT NOT NULL);
    CREATE TRIGGER deeds_stay BEFORE UPDATE ON deeds BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TRIGGER deeds_last BEFORE DELETE ON deeds BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TABLE pictures (exemplar BLOB NOT NULL, position INTEGER NOT NULL, about TEXT NOT NULL,
                           bytes BLOB NOT NULL, PRIMARY KEY (exemplar, position));
    CREATE TABLE vectors (model TEXT NOT NULL, exemplar BLOB NOT NULL, vector BLOB,
                          PRIMARY KEY (model, exemplar)) WITHOUT ROWID;
",
        // Since then an entry may stand for a person who was erased.
        "",
    ],
};

/// A picture of a track, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct LibraryPicture {
    /// The file's content.
    pub bytes: Vec<u8>,
    /// How it is cut, and where the face is.
    pub about: PictureInfo,
}

/// What must be known of a picture to look at it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PictureInfo {
    /// The ending of its file's name, without a dot.
    pub extension: String,
    /// How the face is cut.
    pub crops: CropAlignment,
    /// Five landmarks, where they were given.
    pub points: Option<Points>,
}

/// A track that stands for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct LibraryTrack {
    /// Its key.
    pub exemplar: Exemplar,
    /// Some of its pictures; none of a track of features.
    pub pictures: Vec<LibraryPicture>,
    /// The key of the model that looked at it, and its unit vector, before any head.
    pub vector: (String, Vec<f32>),
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LibraryLogEntry {
    /// Seconds since 1970.
    pub at: i64,
    /// What was done.
    pub edit: LibraryEdit,
}

/// An open library.
#[derive(Debug)]
pub struct Library {
    path: PathBuf,
    id: Fingerprint,
    connection: Mutex<Connection>,
}

/// Where the library lies that all projects share, unless another one is named; none where there
/// is no home.
pub(crate) fn default_library() -> Option<PathBuf> {
    let named = std::env::var_os("CASTLIST_LIBRARY").filter(|path| !path.is_empty());
    named.map(PathBuf::from).or_else(|| data_folder().map(|folder| folder.join("people.castlist")))
}

impl Library {
    /// Opens a library, or begins one.
    ///
    /// # Errors
    /// [`LibraryError`]: damaged (the file is left as it is), no library at all, from a newer
    /// version, protected, or not to be created.
    pub fn open(path: &Path) -> Result<Self, LibraryError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|_| LibraryError::Create(path.to_path_buf()))?;
        }
        let connection = Connection::open_with_flags(path, flags(true)).map_err(|e| of(&e, path))?;
        Self::with(connection, path, true)
    }

    /// Opens a library that is there, to read it.
    ///
    /// # Errors
    /// As [`Self::open`], and [`LibraryError::Missing`].
    pub fn open_read_only(path: &Path) -> Result<Self, LibraryError> {
        if !path.is_file() {
            return Err(LibraryError::Missing(path.to_path_buf()));
        }
        let open = Connection::open_with_flags(path, flags(false)).map_err(|e| of(&e, path));
        match open.and_then(|connection| Self::with(connection, path, false)) {
            // The log of the journal cannot be made beside it: nobody writes here.
            Err(why @ LibraryError::Create(_)) => {
                let Some(uri) = location::immutable_uri(path) else { return Err(why) };
                let flags = flags(false) | rusqlite::OpenFlags::SQLITE_OPEN_URI;
                let connection = Connection::open_with_flags(uri, flags).map_err(|e| of(&e, path))?;
                Self::with(connection, path, false)
            }
            // A process that was killed may have left a log to be written back, which only who may
            // write can do.
            Err(LibraryError::ReadOnly(_)) => {
                let connection = Connection::open_with_flags(path, flags(true)).map_err(|e| of(&e, path))?;
                Self::with(connection, path, false)
            }
            opened => opened,
        }
    }

    fn with(mut connection: Connection, path: &Path, writable: bool) -> Result<Self, LibraryError> {
        let prepared = match schema::prepare(&mut connection, path, writable, &LIBRARY) {
            Err(FormatError::Older) => {
                schema::newest_copy(&connection, path, &LIBRARY).map(|copy| connection = copy)
            }
            prepared => prepared,
        };
        prepared.map_err(|unfit| match unfit {
            FormatError::Foreign => LibraryError::Foreign(path.to_path_buf()),
            FormatError::Newer { found, known } => {
                LibraryError::Newer { found, known, path: path.to_path_buf() }
            }
            FormatError::Altered(why) => damaged(why, path),
            FormatError::Older => LibraryError::ReadOnly(path.to_path_buf()),
            FormatError::Sqlite(error) => of(&error, path),
        })?;
        let id: String = connection
            .query_row("SELECT value FROM meta WHERE name = 'id'", [], |row| row.get(0))
            .map_err(|e| of(&e, path))?;
        let id = blake3::Hash::from_hex(&id).map_err(|e| damaged(e.to_string(), path))?;
        let (path, connection) = (path.to_path_buf(), Mutex::new(connection));
        Ok(Self { path, id: Fingerprint(*id.as_bytes()), connection })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What names this library for ever, wherever its file goes.
    pub fn id(&self) -> Fingerprint {
        self.id
    }

    /// All that was ever done, oldest first.
    ///
    /// # Errors
    /// [`LibraryError`].
    pub fn log(&self) -> Result<Vec<LibraryLogEntry>, LibraryError> {
        log(&self.connection(), &self.path)
    }

    /// The people as they are now, whichever program changed them. O(edits).
    ///
    /// # Errors
    /// [`LibraryError`].
    pub fn people(&self) -> Result<People, LibraryError> {
        let deeds: Vec<LibraryEdit> = self.log()?.into_iter().map(|logged| logged.edit).collect();
        Ok(People::replay(&deeds))
    }

    /// Checks an edit against the people as they are now, and writes it with its tracks; it is on
    /// the disk when this returns. Gives the edit as it was made, and its description.
    ///
    /// # Errors
    /// [`LibraryError`]: refused, or not to be written; nothing changed.
    pub fn perform(
        &self,
        deed: LibraryEdit,
        tracks: &[LibraryTrack],
    ) -> Result<(LibraryEdit, String), LibraryError> {
        let mut connection = self.connection();
        let failed = |e| of(&e, &self.path);
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let deeds: Vec<LibraryEdit> =
            log(&transaction, &self.path)?.into_iter().map(|logged| logged.edit).collect();
        let deed = People::replay(&deeds).prepare(deed)?;
        let words = deed.describe(&deeds);
        let json = serde_json::to_string(&deed).map_err(|e| damaged(e.to_string(), &self.path))?;
        let number = deeds.len() as i64;
        let sql = "INSERT INTO deeds (number, at, deed) VALUES (?1, ?2, ?3)";
        transaction.execute(sql, params![number, now(), json]).and_then(one_row).map_err(failed)?;
        for track in tracks {
            insert_track(&transaction, track).map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        Ok((deed, words))
    }

    /// The vectors that a model gave of the exemplars; none of those in which it saw no face.
    /// An exemplar that it has not looked at is missing.
    ///
    /// # Errors
    /// [`LibraryError`].
    pub fn vectors(&self, model: &str) -> Result<BTreeMap<Exemplar, Option<Vec<f32>>>, LibraryError> {
        let connection = self.connection();
        let failed = |e| of(&e, &self.path);
        let mut query =
            connection.prepare("SELECT exemplar, vector FROM vectors WHERE model = ?1").map_err(failed)?;
        let row = |row: &rusqlite::Row<'_>| {
            let vector: Option<Vec<u8>> = row.get(1)?;
            Ok((Fingerprint(row.get(0)?), vector.map(|bytes| floats(&bytes))))
        };
        query.query_map([model], row).and_then(Iterator::collect).map_err(failed)
    }

    /// Keeps what a model gave of exemplars.
    ///
    /// # Errors
    /// [`LibraryError`].
    pub fn put_vectors(
        &self,
        model: &str,
        vectors: &[(Exemplar, Option<Vec<f32>>)],
    ) -> Result<(), LibraryError> {
        let mut connection = self.connection();
        let failed = |e| of(&e, &self.path);
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        for (exemplar, vector) in vectors {
            insert_vector(&transaction, model, *exemplar, vector.as_deref()).map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }

    /// The pictures of an exemplar, in order; at most `most` of them. Empty for a track of
    /// features.
    ///
    /// # Errors
    /// [`LibraryError`].
    pub fn pictures(&self, exemplar: Exemplar, most: usize) -> Result<Vec<LibraryPicture>, LibraryError> {
        let connection = self.connection();
        let failed = |e| of(&e, &self.path);
        let mut query = connection
            .prepare_cached(
                "SELECT about, bytes FROM pictures WHERE exemplar = ?1 ORDER BY position LIMIT ?2",
            )
            .map_err(failed)?;
        let rows: Vec<(String, Vec<u8>)> = query
            .query_map(params![exemplar.0, most as i64], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .map_err(failed)?;
        let parsed = |(about, bytes): (String, Vec<u8>)| {
            let about = serde_json::from_str(&about).map_err(|e| damaged(e.to_string(), &self.path))?;
            Ok(LibraryPicture { bytes, about })
        };
        rows.into_iter().map(parsed).collect()
    }

    /// Which of some exemplars have pictures.
    ///
    /// # Errors
    /// [`LibraryError`].
    pub(crate) fn with_pictures(&self) -> Result<BTreeSet<Exemplar>, LibraryError> {
        let connection = self.connection();
        let failed = |e| of(&e, &self.path);
        let mut query = connection
            .prepare("SELECT DISTINCT exemplar FROM pictures WHERE position = 0")
            .map_err(failed)?;
        query.query_map([], |row| row.get(0).map(Fingerprint)).and_then(Iterator::collect).map_err(failed)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn log(connection: &Connection, path: &Path) -> Result<Vec<LibraryLogEntry>, LibraryError> {
    let failed = |e| of(&e, path);
    let mut query =
        connection.prepare("SELECT number, at, deed FROM deeds ORDER BY number").map_err(failed)?;
    let rows: Vec<(i64, i64, String)> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect)
        .map_err(failed)?;
    let logged = |(place, (number, at, deed)): (usize, (i64, i64, String))| {
        if number != place as i64 {
            return Err(damaged(format!("the log has entry {number} in place {place}"), path));
        }
        let deed = serde_json::from_str(&deed).map_err(|e| damaged(e.to_string(), path))?;
        Ok(LibraryLogEntry { at, edit: deed })
    };
    rows.into_iter().enumerate().map(logged).collect()
}

fn insert_track(connection: &Connection, track: &LibraryTrack) -> rusqlite::Result<()> {
    let known = connection
        .prepare_cached("SELECT 1 FROM pictures WHERE exemplar = ?1 LIMIT 1")?
        .query_row([track.exemplar.0], |_| Ok(()))
        .optional()?
        .is_some();
    if !known {
        let mut insert = connection.prepare_cached(
            "INSERT INTO pictures (exemplar, position, about, bytes) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (position, picture) in track.pictures.iter().enumerate() {
            let about = serde_json::to_string(&picture.about)
                .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
            one_row(insert.execute(params![track.exemplar.0, position as i64, about, picture.bytes])?)?;
        }
    }
    let (model, vector) = &track.vector;
    insert_vector(connection, model, track.exemplar, Some(vector))
}

fn insert_vector(
    connection: &Connection,
    model: &str,
    exemplar: Exemplar,
    vector: Option<&[f32]>,
) -> rusqlite::Result<()> {
    let bytes: Option<Vec<u8>> = vector.map(|vector| vector.iter().flat_map(|x| x.to_le_bytes()).collect());
    let sql = "INSERT OR REPLACE INTO vectors (model, exemplar, vector) VALUES (?1, ?2, ?3)";
    one_row(connection.prepare_cached(sql)?.execute(params![model, exemplar.0, bytes])?)
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::{KeptIdentity, PersonId};

    fn track(number: u8) -> LibraryTrack {
        let about = PictureInfo { extension: "jpg".into(), crops: CropAlignment::Loose, points: None };
        let pictures = vec![LibraryPicture { bytes: vec![number; 9], about }];
        LibraryTrack {
            exemplar: Fingerprint([number; 32]),
            pictures,
            vector: ("m".into(), vec![f32::from(number), 0.5]),
        }
    }

    fn keep(name: &str, number: u8) -> LibraryEdit {
        let exemplars = vec![Fingerprint([number; 32])];
        let people = vec![KeptIdentity { person: PersonId(0), name: Some(name.into()), exemplars }];
        LibraryEdit::Keep { from: "film".into(), people }
    }

    #[test]
    fn people_are_there_again_with_pictures_and_vectors() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/people.castlist");
        assert!(matches!(Library::open_read_only(&path), Err(LibraryError::Missing(_))));
        let library = Library::open(&path).unwrap();
        let (_, words) = library.perform(keep("Ada", 1), &[track(1)]).unwrap();
        assert_eq!(words, "Kept 1 track of Ada, from film");
        let id = library.id();
        drop(library);
        let library = Library::open_read_only(&path).unwrap();
        assert_eq!(library.id(), id);
        assert_eq!(library.people().unwrap().iter().next().unwrap().name, "Ada");
        let face = Fingerprint([1; 32]);
        assert_eq!(library.pictures(face, 9).unwrap(), track(1).pictures);
        assert_eq!(library.vectors("m").unwrap(), BTreeMap::from([(face, Some(vec![1.0, 0.5]))]));
        assert!(library.vectors("other").unwrap().is_empty());
        assert!(matches!(library.perform(keep("Ben", 2), &[]), Err(LibraryError::ReadOnly(_))));
    }

    #[test]
    fn two_processes_see_each_others_work_and_lose_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("people.castlist");
        let open = || Library::open(&path).unwrap();
        let (one, other) = (open(), open());
        std::thread::scope(|scope| {
            for (library, from) in [(&one, 0), (&other, 100)] {
                scope.spawn(move || {
                    for number in from..from + 25 {
                        library.perform(keep("Ada", number), &[track(number)]).unwrap();
                    }
                });
            }
        });
        let people = one.people().unwrap();
        assert_eq!(people.len(), 50);
        assert_eq!(people, other.people().unwrap());
        let (_, words) = other.perform(LibraryEdit::Undo, &[]).unwrap();
        assert!(words.starts_with("Undone: Kept 1 track of Ada"), "{words}");
        assert_eq!(one.people().unwrap().len(), 49);
    }

    #[test]
    fn what_is_no_library_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let project = dir.path().join("castlist.sqlite");
        let made = crate::project::Project::open(&project).unwrap();
        made.save_settings(&BTreeMap::from([("a".into(), "b".into())])).wait().unwrap();
        drop(made);
        assert!(matches!(Library::open(&project), Err(LibraryError::Foreign(_))));
        let torn = dir.path().join("torn");
        std::fs::write(&torn, "no database at all, but long enough to be read as one by anybody").unwrap();
        let before = std::fs::read(&torn).unwrap();
        assert!(matches!(Library::open(&torn), Err(LibraryError::Damaged { .. })));
        assert_eq!(std::fs::read(&torn).unwrap(), before);
        let path = dir.path().join("people.castlist");
        drop(Library::open(&path).unwrap());
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("PRAGMA user_version = 99").unwrap();
        drop(connection);
        assert!(matches!(Library::open(&path), Err(LibraryError::Newer { found: 99, .. })));
        assert!(matches!(Library::open(Path::new("/proc/none/people")), Err(LibraryError::Create(_))));
    }

    #[test]
    fn the_log_cannot_be_rewritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("people.castlist");
        let library = Library::open(&path).unwrap();
        library.perform(keep("Ada", 1), &[track(1)]).unwrap();
        let connection = Connection::open(&path).unwrap();
        assert!(connection.execute("DELETE FROM deeds", []).is_err());
        assert!(connection.execute("UPDATE deeds SET at = 0", []).is_err());
    }
}
