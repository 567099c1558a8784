//! Where a project file lies: beside the tracks, or in the platform's data folder; who holds
//! it; and whether the place is a network share.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::base::Hasher;

/// Name of the project file beside the tracks.
pub(crate) const FILE_NAME: &str = "castlist.sqlite";

/// The place chosen for a folder's project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectLocation {
    /// The file.
    pub path: PathBuf,
    /// Whether the folder itself could not be written.
    pub is_in_data_folder: bool,
}

/// Castlist's folder for data on this platform; none where there is no home.
pub fn data_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "castlist").map(|dirs| dirs.data_dir().to_path_buf())
}

/// `<folder>/castlist.sqlite`, or a file of the folder's own in the platform's data folder
/// where the folder cannot be written.
pub(crate) fn default_place(folder: &Path) -> ProjectLocation {
    let in_folder = folder.join(FILE_NAME);
    if in_folder.is_file() || can_create(folder) {
        return ProjectLocation { path: in_folder, is_in_data_folder: false };
    }
    let full = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let key = Hasher::default().part(full.to_string_lossy().as_bytes()).finish().to_string();
    let name = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let projects = data_folder().unwrap_or_else(std::env::temp_dir).join("projects");
    let _made = std::fs::create_dir_all(&projects);
    ProjectLocation { path: projects.join(format!("{name}-{}.sqlite", &key[..12])), is_in_data_folder: true }
}

pub(super) fn can_create(folder: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    tempfile::tempfile_in(folder).is_ok()
}

/// Why a project can be read and not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadOnlyReason {
    /// Another process holds its lock.
    #[error("is open in another Castlist")]
    InUse,
    /// Its file or folder cannot be written.
    #[error("cannot be written: its file or its folder is protected, or its disk is full")]
    Protected,
    /// Where it lies, files cannot be locked.
    #[error(
        "lies where files cannot be locked, as on some network shares, so that two could write at once; copy \
         it to a local disk and open it there, or choose a local place with --project"
    )]
    NoLocks,
}

/// Takes the project for this process.
///
/// The lock lies on a file beside the project's own: SQLite locks that one itself.
pub(super) fn lock(path: &Path) -> Result<File, ReadOnlyReason> {
    if path.metadata().is_ok_and(|meta| meta.permissions().readonly()) {
        return Err(ReadOnlyReason::Protected);
    }
    let file = crate::files::open_or_make(&lock_file(path)).map_err(|_| ReadOnlyReason::Protected)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ReadOnlyReason::InUse),
        Err(TryLockError::Error(_)) => Err(ReadOnlyReason::NoLocks),
    }
}

/// Whether some process, this one too, holds the project at a path. One look at the disk.
pub(crate) fn is_in_use(path: &Path) -> bool {
    let Ok(file) = File::open(lock_file(path)) else { return false };
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// The file beside a project that its lock lies on.
fn lock_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Which file lies at a path: unlike its name, that changes when another one takes its place. `None`
/// where nothing lies there, or the system has no such number.
pub(super) fn file_number(path: &Path) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        // By name: a handle that is closed again would take SQLite's locks on the file away.
        std::fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
    }
    #[cfg(not(unix))]
    {
        // Windows keeps others from renaming or removing an open project.
        let _is_the_same = path;
        None
    }
}

/// The address under which SQLite opens a file that nobody changes; none where a write-ahead
/// log lies beside it, which would be passed over.
pub(super) fn immutable_uri(project: &Path) -> Option<PathBuf> {
    let full = std::path::absolute(project).ok()?;
    let mut log = full.clone().into_os_string();
    log.push("-wal");
    if std::fs::metadata(log).is_ok_and(|meta| meta.len() > 0) {
        return None;
    }
    let escaped = full.to_str()?.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let slashes = if cfg!(windows) { format!("/{}", escaped.replace('\\', "/")) } else { escaped };
    Some(PathBuf::from(format!("file://{slashes}?immutable=1")))
}

/// The root as stored: `.` where the project lies in it, so that both can move together.
pub(super) fn relative_root(project: &Path, root: &Path) -> String {
    let full = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let in_folder = project.parent().map(full).is_some_and(|folder| folder == full(root));
    if in_folder { ".".to_owned() } else { full(root).to_string_lossy().into_owned() }
}

/// The stored root as a path.
pub(super) fn absolute_root(project: &Path, root: &str) -> PathBuf {
    if root == "." {
        let folder = project.parent().unwrap_or(Path::new("."));
        return if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_path_buf() };
    }
    PathBuf::from(root)
}

/// Whether a path lies on a network share, as far as the system tells.
pub(super) fn is_network_share(path: &Path) -> bool {
    let full = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if full.to_string_lossy().starts_with(r"\\?\UNC\") {
        return true;
    }
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts") else { return false };
    on_network(&mounts, &full)
}

/// Finds the deepest mount that holds the path and looks at its kind.
fn on_network(mounts: &str, path: &Path) -> bool {
    const NETWORK: [&str; 12] = [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "davfs",
        "ncpfs",
    ];
    mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let point = words.nth(1)?.replace(r"\040", " ");
            path.starts_with(&point).then_some((point.len(), words.next()?))
        })
        .max_by_key(|&(length, _)| length)
        .is_some_and(|(_, kind)| NETWORK.contains(&kind) || kind.starts_with("fuse.") && kind != "fuse.ext4")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_mount_decides() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/films /mnt/film\\040archive nfs4 rw 0 0\n\
                      /dev/sdb1 /mnt/film\\040archive/local ext4 rw 0 0\nx /mnt/s fuse.sshfs rw 0 0\n";
        assert!(on_network(mounts, Path::new("/mnt/film archive/a/castlist.sqlite")));
        assert!(!on_network(mounts, Path::new("/mnt/film archive/local/castlist.sqlite")));
        assert!(!on_network(mounts, Path::new("/home/x/castlist.sqlite")));
        assert!(on_network(mounts, Path::new("/mnt/s/castlist.sqlite")));
    }

    #[test]
    fn a_project_moves_with_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        let project = dir.path().join(FILE_NAME);
        assert_eq!(relative_root(&project, dir.path()), ".");
        assert_eq!(absolute_root(Path::new("/moved/castlist.sqlite"), "."), Path::new("/moved"));
        assert_eq!(absolute_root(Path::new("castlist.sqlite"), "."), Path::new("."));
    }
}
