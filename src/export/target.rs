//! The target: what may be one, and the folders above it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::ExportError;
use crate::files;
use crate::tracks::{TrackSet, TrackSource};

/// The target's absolute path, where an export may stand; writes nothing.
pub(super) fn resolve(target: &Path) -> Result<PathBuf, ExportError> {
    match fs::canonicalize(target) {
        Ok(path) if !path.is_dir() => Err(ExportError::NotAFolder(path)),
        Ok(path) if is_drive(&path) => Err(ExportError::Drive(path)),
        Ok(path) => {
            let mut entries = fs::read_dir(&path).map_err(|error| ExportError::writing(error, &path))?;
            if entries.next().is_some() { Err(ExportError::Occupied(path)) } else { Ok(path) }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let path = std::path::absolute(target).map_err(|error| ExportError::writing(error, target))?;
            // A link that leads nowhere may be in use, and `new/..` names no folder.
            if fs::symlink_metadata(target).is_ok() || path.file_name().is_none() {
                return Err(ExportError::NotAFolder(path));
            }
            Ok(path)
        }
        Err(error) => Err(ExportError::writing(error, target)),
    }
}

/// Whether the folder is the top of a drive.
fn is_drive(folder: &Path) -> bool {
    let Some(parent) = folder.parent() else { return true };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let drive = |path: &Path| fs::metadata(path).map(|meta| meta.dev()).ok();
        drive(folder) != drive(parent)
    }
    #[cfg(not(unix))]
    {
        let _known_by_its_path = parent;
        false
    }
}

/// Refuses the folder of the tracks and the folder of any track.
pub(super) fn check_not_tracks(set: &TrackSet, target: &Path) -> Result<(), ExportError> {
    let (Ok(root), Ok(target)) = (fs::canonicalize(&set.root), fs::canonicalize(target)) else {
        return Ok(());
    };
    let is_track = |source: &TrackSource| match source {
        TrackSource::Faces { folder, .. } => root.join(folder) == target,
        TrackSource::Features { .. } | TrackSource::Rows { .. } => false,
    };
    if (root == target && root.is_dir()) || set.tracks.iter().any(|track| is_track(&track.source)) {
        return Err(ExportError::OwnTracks(target));
    }
    Ok(())
}

/// Folders above the target that had to be made; they go again unless they are kept.
#[derive(Debug, Default)]
pub(super) struct CreatedParents(Vec<PathBuf>);

impl CreatedParents {
    /// Makes `folder` and what is missing above it.
    pub(super) fn make(folder: &Path) -> Result<Self, ExportError> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|above| !above.exists()).collect();
        let mut made = Self::default();
        for above in missing.into_iter().rev() {
            fs::create_dir(above).map_err(|error| ExportError::writing(error, above))?;
            made.0.push(above.to_path_buf());
        }
        Ok(made)
    }

    /// The export is in place: they stay, over a power cut too.
    pub(super) fn retain(mut self) -> io::Result<()> {
        let made = std::mem::take(&mut self.0);
        made.iter().rev().filter_map(|folder| folder.parent()).try_for_each(files::sync_folder)
    }
}

impl Drop for CreatedParents {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // Only an empty folder can be removed like this; any other is not ours alone.
            let _still_used = fs::remove_dir(folder);
        }
    }
}
