//! Writing: under a temporary name first, synced, and renamed into place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

use super::leftovers::{self, PREFIX};

/// Whether a file can be written there, before long work on what it is to hold.
///
/// # Errors
/// As [`replace`].
pub(crate) fn check(path: &Path) -> io::Result<()> {
    match Target::of(path)? {
        Target::Plain(path) => tempfile::tempfile_in(folder_of(&path)).map(drop),
        Target::Stream => Ok(()),
    }
}

/// Writes a file whole or not at all, over a plain file that is there: after a power cut the old
/// one is there or the new one. A link stays, and what it leads to is written; a pipe or a
/// character device, such as `/dev/stdout`, gets the bytes.
///
/// # Errors
/// [`ErrorKind::IsADirectory`]; [`ErrorKind::InvalidInput`] at a link that leads nowhere, a socket
/// or a disk, and at a pipe that nobody reads; any other as the system says it. What stood there is
/// unharmed.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match Target::of(path)? {
        Target::Plain(path) => {
            new_file(bytes, &path)?.persist(&path).map_err(|error| error.error)?;
            sync_folder(folder_of(&path))
        }
        Target::Stream => stream(path)?.write_all(bytes),
    }
}

/// Writes a file whole or not at all where nothing stands.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`]; any other as the system says it.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    new_file(bytes, path)?.persist_noclobber(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

/// Bytes that this user may still write on a folder's disk. `None` where the system does not say.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _no_such_call = folder;
        None
    }
}

/// Makes the names in a folder survive a power cut. Systems without such a call are passed over.
///
/// # Errors
/// As the system says it.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        // Some network file systems know no sync of folders.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

/// Renames a synced file or folder, so that its new name survives a power cut.
///
/// # Errors
/// As the system says it.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_folder(folder_of(to))
}

/// Opens a plain file for reading and writing, which is made where there is none; never through a
/// link.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] where a link, a pipe or a device stands; any other as the system
/// says it.
pub(crate) fn open_or_make(path: &Path) -> io::Result<File> {
    let refused = || io::Error::new(ErrorKind::InvalidInput, "what stands there is no plain file");
    if fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return Err(refused());
    }
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(refused()) }
}

/// What stands where a file is to be written.
enum Target {
    /// Nothing or a plain file, links followed.
    Plain(PathBuf),
    /// A pipe or a character device, which takes bytes and is not replaced.
    Stream,
}

impl Target {
    fn of(path: &Path) -> io::Result<Self> {
        let refused = |why: &str| Err(io::Error::new(ErrorKind::InvalidInput, why));
        let kind = match fs::metadata(path) {
            Ok(meta) => meta.file_type(),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return match fs::symlink_metadata(path) {
                    Ok(_) => refused("a link that leads nowhere stands there"),
                    Err(_) => Ok(Self::Plain(path.to_path_buf())),
                };
            }
            Err(error) => return Err(error),
        };
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt as _;
            if kind.is_fifo() || kind.is_char_device() {
                return Ok(Self::Stream);
            }
        }
        if kind.is_dir() {
            return Err(io::Error::new(ErrorKind::IsADirectory, "a folder stands there"));
        }
        if !kind.is_file() {
            return refused("what stands there is no plain file");
        }
        fs::canonicalize(path).map(Self::Plain)
    }
}

/// Opens a pipe or a device for writing.
fn stream(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
        use std::os::unix::fs::OpenOptionsExt as _;
        // Without it, a pipe that nobody reads is waited for without end.
        options.custom_flags(OFlags::NONBLOCK.bits().cast_signed());
        let file = options.open(path).map_err(|error| match error.raw_os_error() {
            Some(code) if code == rustix::io::Errno::NXIO.raw_os_error() => {
                io::Error::new(ErrorKind::InvalidInput, "nothing reads from the pipe at this path")
            }
            _ => error,
        })?;
        fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

/// A file under a temporary name beside `target`, synced, with the rights of the file there or, where
/// there is none, of any new file; it is removed again unless it is renamed.
fn new_file(bytes: &[u8], target: &Path) -> io::Result<NamedTempFile> {
    let folder = folder_of(target);
    leftovers::remove(folder);
    let mut builder = builder(0o666);
    if let Ok(meta) = fs::metadata(target) {
        builder.permissions(meta.permissions());
    }
    loop {
        let mut temporary = builder.tempfile_in(folder)?;
        // Where there are no locks nobody removes it either.
        if let Ok(()) | Err(fs::TryLockError::Error(_)) = temporary.as_file().try_lock()
            && temporary.path().exists()
        {
            temporary.write_all(bytes)?;
            temporary.as_file().sync_all()?;
            return Ok(temporary);
        }
    }
}

/// A folder that grows under a temporary name beside its place; it goes again by itself unless it
/// is put there.
pub(crate) struct NewFolder {
    temporary: TempDir,
    /// Held until the folder has its place; `None` where folders cannot be locked.
    _lock: Option<File>,
}

impl NewFolder {
    /// A new folder in `parent`, with the rights of any other new folder.
    ///
    /// # Errors
    /// As the system says it.
    pub(crate) fn in_folder(parent: &Path) -> io::Result<Self> {
        leftovers::remove(parent);
        loop {
            let temporary = builder(0o777).tempdir_in(parent)?;
            match leftovers::lock(temporary.path()) {
                Ok(Some(lock)) => return Ok(Self { temporary, _lock: Some(lock) }),
                // Another process took it for a leftover; make another one.
                Err(_) if temporary.path().exists() => return Ok(Self { temporary, _lock: None }),
                Ok(None) | Err(_) => {}
            }
        }
    }

    /// Where it grows.
    pub(crate) fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// Syncs all that lies in it and renames it to `target`: nothing, or an empty folder.
    ///
    /// # Errors
    /// As the system says it, and nothing is left.
    pub(crate) fn put(self, target: &Path) -> io::Result<()> {
        sync_all_below(self.path())?;
        // Unix renames onto an empty folder, others do not; a filled one cannot be removed so.
        if cfg!(not(unix)) && target.is_dir() {
            fs::remove_dir(target)?;
        }
        fs::rename(self.path(), target)?;
        // It bears another name now: there is nothing left to clean up.
        let _moved = self.temporary.keep();
        sync_folder(folder_of(target))
    }
}

/// Syncs a folder with all that lies below it.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn sync_all_below(folder: &Path) -> io::Result<()> {
    // One call for the whole file system: far less than one for each of 100,000 pictures.
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// Syncs a folder with all that lies below it.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn sync_all_below(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            sync_all_below(&entry.path())?;
        } else if kind.is_file() {
            // Windows syncs only what is open for writing.
            OpenOptions::new().write(true).open(entry.path())?.sync_all()?;
        }
    }
    sync_folder(folder)
}

/// The folder in which a file lies.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Temporary names; what bears one is for colleagues, too, not private as temporary files are.
fn builder(mode: u32) -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _rights_are_inherited = mode;
    builder
}
