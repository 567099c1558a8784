//! Erasing a person from the library's file: their entries, tracks, pictures and vectors.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior, params};

use super::super::erase::unlocked;
use super::{Library, LibraryError, damaged, log, of};
use crate::library::{Exemplar, LibraryEdit, LibraryTraces};

impl Library {
    /// Rewrites the entries that speak of the person, removes what stands for them, and leaves no byte
    /// of it in the file. `traces` works the person out of the log as it is at that moment. On an
    /// interruption the library is as before, or the same call finishes it.
    ///
    /// # Errors
    /// [`LibraryError`]: not to be written, or read by another program while its room is cleared.
    pub(crate) fn erase(
        &self,
        traces: impl FnOnce(&[LibraryEdit]) -> LibraryTraces,
    ) -> Result<(), LibraryError> {
        let mut connection = self.connection();
        let failed = |e| of(&e, &self.path);
        connection.execute_batch("PRAGMA secure_delete = ON").map_err(failed)?;
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let deeds: Vec<LibraryEdit> =
            log(&transaction, &self.path)?.into_iter().map(|logged| logged.edit).collect();
        let traces = traces(&deeds);
        let mut rows = Vec::new();
        for (number, deed) in deeds.iter().enumerate() {
            if let Some(erased) = traces.erased(deed) {
                let json = serde_json::to_string(&erased).map_err(|e| damaged(e.to_string(), &self.path))?;
                rows.push((number as i64, json));
            }
        }
        rewrite(&transaction, &rows, traces.exemplars()).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        clear(&connection, &self.path)
    }
}

fn rewrite(
    connection: &Connection,
    rows: &[(i64, String)],
    exemplars: &BTreeSet<Exemplar>,
) -> rusqlite::Result<()> {
    unlocked(connection, "deeds_stay", || {
        for (number, deed) in rows {
            connection.execute("UPDATE deeds SET deed = ?2 WHERE number = ?1", params![number, deed])?;
        }
        Ok(())
    })?;
    for exemplar in exemplars {
        for table in ["pictures", "vectors"] {
            connection.execute(&format!("DELETE FROM {table} WHERE exemplar = ?1"), [exemplar.0])?;
        }
    }
    Ok(())
}

/// Clears the room of the rows that went, in the file and in the log of SQLite.
fn clear(connection: &Connection, path: &Path) -> Result<(), LibraryError> {
    let failed = |e| of(&e, path);
    for statement in ["PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
        if statement == "VACUUM" {
            connection.execute_batch(statement).map_err(failed)?;
            continue;
        }
        let busy: i64 = connection.query_row(statement, [], |row| row.get(0)).map_err(failed)?;
        if busy != 0 {
            return Err(LibraryError::BeingRead(path.to_path_buf()));
        }
    }
    Ok(())
}
