//! What is kept under a key of its content: embeddings, faces, dendrograms and learned heads.
//!
//! Embeddings and dendrograms follow from tracks and settings: one that is damaged or missing
//! counts as absent and is made again. A head that was adopted is named by the log and cannot be
//! made again, so a miss is reported by the caller.

use rusqlite::{OptionalExtension, params};

use super::writer::Urgency;
use super::{Ack, Project, ProjectError, checksum, error, one_row};
use crate::base::{Dendrogram, Fingerprint};
use crate::embed::{EmbeddingCache, TrackEmbedding};

/// A dendrogram as it is kept: with all that identifies it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDendrogram {
    /// Fingerprint of the rows in the clustering space.
    pub vectors: Fingerprint,
    /// Fingerprint of everything that the merges depend on: rows, method, constraints.
    pub key: Fingerprint,
    /// The key of each row's embedding, in the order of the rows.
    pub rows: Vec<Fingerprint>,
    /// The merges.
    pub dendrogram: Dendrogram,
}

impl Project {
    /// Keeps a dendrogram in place of the one before: an old one is made again where it is
    /// wanted again.
    pub(crate) fn save_dendrogram(&self, kept: &StoredDendrogram) -> Ack {
        let (vectors, key) = (kept.vectors.0, kept.key.0);
        let rows: Vec<u8> = kept.rows.iter().flat_map(|row| row.0).collect();
        let dendrogram = kept.dendrogram.to_bytes();
        self.write(Urgency::Now, move |connection| {
            connection.execute("DELETE FROM dendrograms", [])?;
            let sql = "INSERT INTO dendrograms (vectors, key, rows, dendrogram, checksum)
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            let checksum = checksum::of(&[&vectors, &key, &rows, &dendrogram]);
            one_row(connection.execute(sql, params![vectors, key, rows, dendrogram, checksum])?)
        })
    }

    /// The dendrogram kept for these rows. One that is damaged counts as absent.
    pub fn dendrogram(&self, vectors: Fingerprint) -> Option<StoredDendrogram> {
        let sql = "SELECT key, rows, dendrogram, checksum FROM dendrograms WHERE vectors = ?1";
        let row = self
            .reader()
            .query_row(sql, [vectors.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        let (key, rows, bytes, stored): ([u8; 32], Vec<u8>, Vec<u8>, Option<i64>) = row.optional().ok()??;
        if !checksum::holds(stored, &[&vectors.0, &key, &rows, &bytes]) {
            return None;
        }
        let (rows, []) = rows.as_chunks::<32>() else { return None };
        let dendrogram = Dendrogram::from_bytes(&bytes, rows.len())?;
        let rows = rows.iter().copied().map(Fingerprint).collect();
        Some(StoredDendrogram { vectors, key: Fingerprint(key), rows, dendrogram })
    }

    /// Keeps a head that was learned on this project, as a file's bytes, under its sha256.
    pub(crate) fn save_head(&self, sha256: &str, head: Vec<u8>) -> Ack {
        let sha256 = sha256.to_owned();
        self.write(Urgency::Now, move |connection| {
            let sql = "INSERT OR REPLACE INTO heads (sha256, head) VALUES (?1, ?2)";
            one_row(connection.execute(sql, params![sha256, head])?)
        })
    }

    /// The head kept under a sha256.
    ///
    /// # Errors
    /// [`ProjectError`] where the file cannot be read.
    pub fn head(&self, sha256: &str) -> Result<Option<Vec<u8>>, ProjectError> {
        let head =
            self.reader().query_row("SELECT head FROM heads WHERE sha256 = ?1", [sha256], |row| row.get(0));
        head.optional().map_err(|e| error::of(e, &self.path))
    }
}

/// Embeddings are derived: they are written lazily, in groups.
impl EmbeddingCache for Project {
    fn get(&self, key: Fingerprint) -> Option<TrackEmbedding> {
        let connection = self.reader();
        let sql = "SELECT vector, faces, checksum FROM embeddings WHERE key = ?1";
        let mut query = connection.prepare_cached(sql).ok()?;
        let row = query.query_row([key.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let (vector, faces, stored): (Option<Vec<u8>>, String, Option<i64>) = row.optional().ok()??;
        let bytes = vector.as_deref().unwrap_or_default();
        if !checksum::holds(stored, &[&key.0, bytes, faces.as_bytes()]) {
            return None;
        }
        let mut embedding: TrackEmbedding = serde_json::from_str(&faces).ok()?;
        embedding.vector = vector.map(|bytes| {
            bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        });
        // A row of an older format has no checksum, but zeros are nobody's face.
        let is_sound = |vector: &Vec<f32>| {
            vector.iter().all(|value| value.is_finite()) && vector.iter().any(|value| *value != 0.0)
        };
        Some(embedding).filter(|embedding| embedding.vector.as_ref().is_none_or(is_sound))
    }

    fn put(&self, key: Fingerprint, embedding: &TrackEmbedding) {
        let vector: Option<Vec<u8>> =
            embedding.vector.as_ref().map(|v| v.iter().flat_map(|x| x.to_le_bytes()).collect());
        let rest = TrackEmbedding { vector: None, ..embedding.clone() };
        let Ok(faces) = serde_json::to_string(&rest) else { return };
        let packed = embedding.packed_faces.clone();
        let _lazy = self.write(Urgency::Later, move |connection| {
            let checksum = checksum::of(&[&key.0, vector.as_deref().unwrap_or_default(), faces.as_bytes()]);
            let sql = "INSERT OR REPLACE INTO embeddings (key, vector, faces, checksum)
                       VALUES (?1, ?2, ?3, ?4)";
            one_row(connection.prepare_cached(sql)?.execute(params![key.0, vector, faces, checksum])?)?;
            let checksum = checksum::of(&[&key.0, &packed]);
            let sql = "INSERT OR REPLACE INTO faces (key, vectors, checksum) VALUES (?1, ?2, ?3)";
            one_row(connection.prepare_cached(sql)?.execute(params![key.0, packed, checksum])?)
        });
    }

    fn faces(&self, key: Fingerprint) -> Option<Vec<u8>> {
        let connection = self.reader();
        let sql = "SELECT vectors, checksum FROM faces WHERE key = ?1";
        let mut query = connection.prepare_cached(sql).ok()?;
        let row = query.query_row([key.0], |row| Ok((row.get(0)?, row.get(1)?))).optional();
        let (vectors, stored): (Vec<u8>, Option<i64>) = row.ok()??;
        checksum::holds(stored, &[&key.0, &vectors]).then_some(vectors)
    }
}
