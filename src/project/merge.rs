//! A new project from another one and further entries of the log: whole, or not at all.
//!
//! Takes an open project, which is only read; gives a file with all that it holds. It knows nothing of
//! what the entries mean.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::copies::{named, remove, sync};
use super::log::Row;
use super::{Project, ProjectError, error, flags, location, put, schema, set_cursor};
use crate::review::LogEntry;

/// Pages that are copied at once.
const PAGES: i32 = 1024;

impl Project {
    /// Writes a new project at `to` with all that this one holds, `root` as the folder of its tracks,
    /// and further entries of the log; the cursor is where it says.
    ///
    /// # Errors
    /// [`ProjectError`]: something is at `to` already, or it cannot be written; nothing is there then.
    pub(crate) fn write_with(
        &self,
        to: &Path,
        root: &Path,
        entries: &[LogEntry],
        cursor: u64,
    ) -> Result<(), ProjectError> {
        if to.symlink_metadata().is_ok() {
            return Err(ProjectError::Exists(to.to_path_buf()));
        }
        let new = named(to, "merging");
        remove(&new);
        let io = |e: std::io::Error| ProjectError::Sqlite { why: e.to_string(), path: to.to_path_buf() };
        let built = self.build_with(&new, to, root, entries, cursor).map_err(|e| error::of(e, to));
        built
            .and_then(|()| sync(&new).map_err(io))
            .and_then(|()| crate::files::rename(&new, to).map_err(io))
            .inspect_err(|_| remove(&new))
    }

    fn build_with(
        &self,
        new: &Path,
        to: &Path,
        root: &Path,
        entries: &[LogEntry],
        cursor: u64,
    ) -> rusqlite::Result<()> {
        let mut connection = Connection::open_with_flags(new, flags(true))?;
        Backup::new(&self.reader(), &mut connection)?.run_to_completion(PAGES, Duration::ZERO, None)?;
        schema::distrust(&connection)?;
        let transaction = connection.transaction()?;
        for entry in entries {
            Row::of(entry).insert(&transaction)?;
        }
        set_cursor(&transaction, cursor as i64)?;
        put(&transaction, "root", &location::relative_root(to, root))?;
        transaction.commit()?;
        connection.execute_batch("PRAGMA journal_mode = DELETE;")
    }
}
