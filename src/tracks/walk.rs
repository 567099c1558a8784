//! The walk through a folder: which files are pictures, features or something else.
//!
//! Takes a folder; gives its files sorted by what they are. What hidden and system folders hold is
//! passed over. Pictures of kinds that cannot be read are counted by their kind. Nothing is
//! decoded: only a file without an extension is opened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::TracksError;
use super::own_export::is_export;
use super::picture::is_picture;
use crate::base::{Cx, Stage, WarningKind};

const PICTURES: [&str; 12] =
    ["jpg", "jpeg", "jpe", "jfif", "jfi", "png", "webp", "bmp", "dib", "tif", "tiff", "gif"];
/// Kinds of pictures that cannot be read, with their extensions.
const UNREAD: [(&str, &[&str]); 7] = [
    ("HEIC", &["heic", "heif", "hif", "heics"]),
    ("AVIF", &["avif", "avifs"]),
    ("JPEG XL", &["jxl"]),
    ("JPEG 2000", &["jp2", "j2k", "jpf", "jpx", "jpm", "j2c", "jpc"]),
    (
        "camera raw",
        &[
            "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "dng", "orf", "rw2", "raf", "pef", "srw",
            "x3f", "raw", "3fr", "iiq", "erf", "kdc", "dcr", "mrw", "rwl",
        ],
    ),
    ("Photoshop", &["psd", "psb"]),
    (
        "other pictures",
        &[
            "tga", "exr", "hdr", "dpx", "cin", "pcx", "ppm", "pgm", "pbm", "pnm", "pam", "xcf", "svg", "ico",
            "dds", "jxr", "wdp", "hdp", "eps", "qoi", "sgi", "apng", "mng",
        ],
    ),
];
const VIDEOS: [&str; 23] = [
    "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "m2v", "ts", "mts", "m2ts", "vob", "wmv",
    "asf", "flv", "f4v", "ogv", "3gp", "3g2", "mxf", "dv", "rm",
];
/// Folders and files that systems and network disks make for themselves, in lower case.
const SYSTEM: [&str; 14] = [
    "@eadir",
    "#recycle",
    "#snapshot",
    "@recycle",
    "@recently-snapshot",
    "@tmp",
    "$recycle.bin",
    "recycler",
    "system volume information",
    "lost+found",
    "__macosx",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
];

/// Pictures of one kind that cannot be read.
#[derive(Debug, Default)]
pub(super) struct UnreadPictures {
    /// How many there are.
    n: usize,
    /// The first one.
    first: String,
    /// Folders that hold them.
    folders: BTreeSet<String>,
}

/// What a walk through the folder finds; all names relative to it, with `/`.
#[derive(Default)]
pub(super) struct FolderContents {
    /// Folder → picture files, both sorted.
    pub folders: BTreeMap<String, Vec<String>>,
    pub features: Vec<String>,
    pub videos: usize,
    pub others: usize,
    /// By kind.
    pub unread: BTreeMap<&'static str, UnreadPictures>,
}

/// Looks through a folder.
pub(super) fn walk(root: &Path, cx: &Cx) -> Result<FolderContents, TracksError> {
    cx.stage(Stage::LookingThroughTheFolder, 0);
    let meta = std::fs::metadata(root).map_err(|error| TracksError::io(error, root))?;
    if !meta.is_dir() {
        return Err(TracksError::NotAFolder(root.to_path_buf()));
    }
    std::fs::read_dir(root).map_err(|error| TracksError::io(error, root))?;
    let mut found = FolderContents::default();
    let walker = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    for entry in walker.filter_entry(|entry| entry.depth() == 0 || is_entered(entry)) {
        cx.check()?;
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                cx.warn(WarningKind::Input, skipped_words(&error, root));
                continue;
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        if !entry.file_type().is_file() {
            // Opening a pipe would wait for a writer, without end.
            let shown = entry.path().display();
            cx.warn(WarningKind::Input, format!("skipped: neither a file nor a folder: {shown}"));
            continue;
        }
        let Some(name) = relative(root, entry.path()) else {
            let shown = entry.path().display();
            cx.warn(
                WarningKind::Input,
                format!("skipped: the name is not valid Unicode; rename it: {shown}"),
            );
            continue;
        };
        found.add(name, entry.path());
        cx.advance(1);
    }
    Ok(found)
}

fn extension_of(path: &Path) -> String {
    path.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase()
}

/// Whether a file is called as a video is.
pub(crate) fn is_named_as_video(path: &Path) -> bool {
    VIDEOS.contains(&extension_of(path).as_str())
}

/// Whether a file is called as a picture is that can be read.
pub(crate) fn is_named_as_picture(path: &Path) -> bool {
    PICTURES.contains(&extension_of(path).as_str())
}

impl FolderContents {
    fn add(&mut self, name: String, path: &Path) {
        let extension = extension_of(path);
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", &name));
        let unread = UNREAD.iter().find(|(_, extensions)| extensions.contains(&extension.as_str()));
        if PICTURES.contains(&extension.as_str()) || (extension.is_empty() && is_picture(path)) {
            self.folders.entry(folder.to_owned()).or_default().push(file.to_owned());
        } else if let Some((kind, _)) = unread {
            let unread = self.unread.entry(kind).or_default();
            unread.folders.insert(folder.to_owned());
            if unread.n == 0 {
                unread.first.clone_from(&name);
            }
            unread.n += 1;
        } else if extension == "npy" {
            self.features.push(name);
        } else if VIDEOS.contains(&extension.as_str()) {
            self.videos += 1;
        } else {
            self.others += 1;
        }
    }

    /// Counts what cannot be read, by kind.
    pub(super) fn warn_unreadable(&self, root: &Path, cx: &Cx) {
        for (kind, UnreadPictures { n, first, folders }) in &self.unread {
            let empty = folders.iter().filter(|folder| !self.folders.contains_key(*folder)).count();
            let pictures = if *n == 1 { "1 picture was".to_owned() } else { format!("{n} pictures were") };
            let nothing_else = match empty {
                0 => String::new(),
                1 => ", and a folder has no others".to_owned(),
                _ => format!(", and {empty} folders have no others"),
            };
            let shown = root.join(first);
            let text = format!(
                "{pictures} left out: {kind} cannot be read{nothing_else}; convert to JPEG or PNG: {}",
                shown.display()
            );
            cx.warn(WarningKind::Unreadable, text);
        }
    }

    /// Why there is no track in the folder.
    pub(super) fn no_tracks_error(&self, root: &Path) -> TracksError {
        let path = root.to_path_buf();
        let others = self.others + self.features.len();
        let unread: Vec<String> =
            self.unread.iter().map(|(kind, unread)| format!("{} {kind}", unread.n)).collect();
        match (self.videos, others) {
            _ if !unread.is_empty() => TracksError::Unread { kinds: unread.join(", "), path },
            (0, 0) => TracksError::Empty(path),
            (0, files) => TracksError::NoPictures { files, path },
            (videos, _) => TracksError::Videos { videos, path },
        }
    }
}

/// Hidden entries, systems' own folders, our own exports and the project are not entered.
fn is_entered(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_system = SYSTEM.contains(&name.to_lowercase().as_str());
    if name.starts_with('.') || is_system || name.starts_with("castlist.sqlite") {
        return false;
    }
    !(entry.file_type().is_dir() && is_export(entry.path()))
}

/// The exports of Castlist in a folder and below, in order of their paths.
pub(crate) fn exports_in(folder: &Path) -> Vec<PathBuf> {
    let folders = WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let exports = folders.filter(|entry| entry.file_type().is_dir() && is_export(entry.path()));
    exports.map(walkdir::DirEntry::into_path).collect()
}

fn skipped_words(error: &walkdir::Error, root: &Path) -> String {
    let shown = error.path().unwrap_or(root).display();
    if error.loop_ancestor().is_some() {
        return format!("skipped: this link leads back into its own folder: {shown}");
    }
    match error.io_error() {
        Some(io) => format!("skipped: cannot be read ({io}): {shown}"),
        None => format!("skipped: cannot be read: {shown}"),
    }
}

/// The path relative to the root with `/`; none where it is not valid Unicode.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> =
        path.strip_prefix(root).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
