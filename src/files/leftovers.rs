//! Temporary names: locked while their process lives, removed by the next one where it died.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// How each temporary name begins; the dot hides it from a scan.
pub(super) const PREFIX: &str = ".castlist-new-";

/// Removes what killed processes left in `folder` under temporary names.
///
/// What a living process holds is locked, and stays. Where the file system has no locks nothing is
/// removed. A failure only leaves the name to the next call.
pub(super) fn remove(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if !entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX)) {
            continue;
        }
        let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
        // The lock is held until the name is gone, so that nobody takes it for theirs meanwhile.
        let Ok(Some(_lock)) = lock(&path) else { continue };
        let _left_to_the_next = match kind {
            kind if kind.is_dir() => fs::remove_dir_all(&path),
            kind if kind.is_file() => fs::remove_file(&path),
            _ => Ok(()),
        };
    }
}

/// Locks a temporary file or folder for this process: `None` where another one has done so, or where
/// it is gone by now.
///
/// # Errors
/// Where it cannot be opened or the file system has no locks.
pub(super) fn lock(path: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    let file = options.open(path)?;
    match file.try_lock() {
        Ok(()) if path.exists() => Ok(Some(file)),
        Ok(()) | Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}
