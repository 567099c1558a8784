//! Adds a model of the user's own to the model folder.
//!
//! Takes an `.onnx` file and overrides; gives a copy in the folder, with the files beside it that
//! hold weights, and, where the catalogue does not know the file, its description. It never
//! overwrites anything different, and never moves or changes the user's file.

use std::fs;
use std::path::{Path, PathBuf};

use super::catalogue::{FileLocation, MOST_BYTES, read_model, sha256_hex};
use super::entry::ModelFields;
use super::resolve::{describe, with_overrides};
use super::{Catalogue, ExternalWeights, ModelEntry, ModelError};
use crate::files;

/// What `models add` did.
#[derive(Debug, Clone, PartialEq)]
pub struct AddedModel {
    /// The entry under which the model is found from now on.
    pub entry: ModelEntry,
    /// The copy in the model folder; `None` where the model is inside the program anyway.
    pub path: Option<PathBuf>,
}

impl Catalogue {
    /// Copies `file` into the user's model folder and writes `<id>.toml` beside it.
    ///
    /// A file that the catalogue knows by its sha256 needs no description and gets none, unless
    /// overrides make a variant of it (which needs an id of its own). Doing it twice is harmless.
    /// Load the catalogue again to see the addition.
    ///
    /// # Errors
    /// [`ModelError`]: an unreadable file, missing or wrong keys, an id that is taken, a different
    /// file in the way, a folder that cannot be written.
    pub fn add(&self, file: &Path, overrides: &[(String, String)]) -> Result<AddedModel, ModelError> {
        let folder = self.folder()?;
        let bytes = read_model(file)?;
        let sha256 = sha256_hex(&bytes);
        let known = self.find_sha256(&sha256);
        if let Some(entry) = known.filter(|_| overrides.is_empty()) {
            let entry = entry.clone();
            let path = if let FileLocation::Embedded(_) = self.location(&entry) {
                None
            } else {
                put_weights(folder, &bytes, file)?;
                Some(put(folder, &entry.file, &bytes)?)
            };
            return Ok(AddedModel { entry, path });
        }
        let mut entry = match known {
            Some(entry) => with_overrides(entry, overrides)?,
            None => describe(file, overrides)?,
        };
        if entry.sha256.as_ref().is_some_and(|want| *want != sha256) {
            let want = entry.sha256.unwrap_or_default();
            return Err(ModelError::WrongHash {
                id: entry.id,
                want,
                got: sha256,
                path: file.display().to_string(),
            });
        }
        entry.file = format!("{}.onnx", entry.id);
        (entry.bytes, entry.estimated_bytes) = (Some(bytes.len() as u64), None);
        entry.sha256 = Some(sha256);
        if self.find(&entry.id).is_some_and(|taken| *taken != entry) {
            return Err(ModelError::IdTaken { id: entry.id });
        }
        let description = ModelFields::from(entry.clone()).to_toml()?;
        put_weights(folder, &bytes, file)?;
        // The model first: without its description it is not listed, so a torn addition shows
        // nothing and can be repeated.
        let path = put(folder, &entry.file, &bytes)?;
        for head in [&entry.head, &entry.link_head].into_iter().flatten() {
            let beside = file.with_file_name(head);
            put(
                folder,
                head,
                &files::read(&beside, MOST_BYTES).map_err(ModelError::io("read the model's head", beside))?,
            )?;
        }
        put(folder, &format!("{}.toml", entry.id), description.as_bytes())?;
        Ok(AddedModel { entry, path: Some(path) })
    }
}

/// Copies the files beside the model that hold its weights, under the names that it knows.
fn put_weights(folder: &Path, bytes: &[u8], file: &Path) -> Result<(), ModelError> {
    let names = ExternalWeights::of(bytes, file)?.map(|weights| weights.names).unwrap_or_default();
    for name in names {
        let beside = file.with_file_name(&name);
        let bytes =
            files::read(&beside, MOST_BYTES).map_err(ModelError::io("read the model's weights", beside))?;
        put(folder, &name, &bytes)?;
    }
    Ok(())
}

/// Writes a file that is whole whenever it is visible; leaves an equal one alone and refuses to
/// replace a different one.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, ModelError> {
    let path = folder.join(name);
    let failed = |source| ModelError::Io { doing: "write into the model folder", source, path: path.clone() };
    fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(failed)?;
    match files::write_new(&path, bytes) {
        Ok(()) => Ok(path),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            if files::read(&path, MOST_BYTES).map_err(failed)? == bytes {
                Ok(path)
            } else {
                Err(ModelError::Exists { path })
            }
        }
        Err(error) => Err(failed(error)),
    }
}
