//! Does what a plan says: everything under a temporary name, one rename at the end.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::plan::TrackPictures;
use super::target::{self, CreatedParents};
use super::{Content, ExportError, ExportPlan, ExportSummary, FORMATS, TransferMode};
use crate::base::{Cx, Stage, WarningKind};
use crate::files::{self, NewFolder};
use crate::tracks::is_as_scanned;

const BUFFER_BYTES: usize = 256 << 10;

impl ExportPlan {
    /// Writes the export and gives what was written.
    ///
    /// Can be cancelled between files. A picture that is not there or cannot be read is a
    /// counted warning of `cx`. The same bytes each time, but for the manifest's time.
    ///
    /// # Errors
    /// [`ExportError`]; the target is as before then, and nothing temporary is left.
    pub fn write(&self, cx: &Cx) -> Result<ExportSummary, ExportError> {
        cx.stage(Stage::Exporting, self.n_files() as u64);
        cx.check()?;
        let target = target::resolve(&self.target)?;
        if let Some(root) = self.root.as_ref().filter(|root| !root.is_dir()) {
            return Err(ExportError::Gone(root.clone()));
        }
        let Some(parent) = target.parent() else { return Err(ExportError::Drive(target)) };
        self.check_room(parent)?;
        let above = CreatedParents::make(parent)?;
        let new = NewFolder::in_folder(parent).map_err(|error| ExportError::writing(error, parent))?;
        let written = self.write_folders(new.path(), cx)?;
        cx.check()?;
        put_in_place(new, &target)?;
        above.retain().map_err(|error| ExportError::writing(error, parent))?;
        Ok(written)
    }

    /// Refuses what the disk cannot hold, where the pictures are copied and the system tells its room.
    fn check_room(&self, parent: &Path) -> Result<(), ExportError> {
        let existing = parent.ancestors().find(|above| above.is_dir());
        let Some(free) = existing.filter(|_| self.mode == TransferMode::Copy).and_then(files::free_bytes)
        else {
            return Ok(());
        };
        let pictures = self.identities.iter().flat_map(|it| &it.tracks).filter_map(|it| it.pictures.as_ref());
        let paths = pictures.flat_map(|it| it.files.iter().map(|(from, _)| it.source.join(from)));
        let needed: u64 = paths.filter_map(|path| fs::metadata(path).ok()).map(|meta| meta.len()).sum();
        if needed <= free {
            return Ok(());
        }
        Err(ExportError::TooLittleRoom { needed, free, path: self.target.clone() })
    }

    fn write_folders(&self, folder: &Path, cx: &Cx) -> Result<ExportSummary, ExportError> {
        let mut written = ExportSummary {
            folder: self.target.clone(),
            n_identities: self.n_identities(),
            n_tracks: self.n_tracks(),
            n_files: 0,
            missing: 0,
        };
        let mut buffer = vec![0; BUFFER_BYTES];
        for identity in &self.identities {
            let Some(name) = &identity.folder else { continue };
            for pictures in identity.tracks.iter().filter_map(|track| track.pictures.as_ref()) {
                let to = folder.join(name).join(&pictures.folder);
                fs::create_dir_all(&to).map_err(|error| ExportError::writing(error, &self.target))?;
                self.copy_pictures(pictures, &to, &mut buffer, &mut written, cx)?;
            }
        }
        self.write_tables(folder, &written).map_err(|error| ExportError::writing(error, &self.target))?;
        Ok(written)
    }

    fn copy_pictures(
        &self,
        pictures: &TrackPictures,
        folder: &Path,
        buffer: &mut [u8],
        written: &mut ExportSummary,
        cx: &Cx,
    ) -> Result<(), ExportError> {
        let files = pictures.files.iter().map(|(from, _)| from.as_str());
        let root = self.root.as_deref().unwrap_or(Path::new(""));
        if !is_as_scanned(root, &pictures.source, files, pictures.scanned) {
            written.missing += pictures.files.len();
            let message = format!(
                "the pictures were left out of the export, as a link that was put there since they were read \
                 leads to them; run again to read them: {}",
                pictures.source.display()
            );
            cx.warn(WarningKind::Input, message);
            return Ok(());
        }
        for (from, to) in &pictures.files {
            cx.check()?;
            let (from, to) = (pictures.source.join(from), folder.join(to));
            match copy_picture(self.mode, &from, &to, buffer) {
                Ok(()) => written.n_files += 1,
                Err(CopyFailure::Source(error)) => {
                    written.missing += 1;
                    let path = from.display();
                    let message = format!(
                        "the picture was left out of the export, as it cannot be read ({error}): {path}"
                    );
                    cx.warn(WarningKind::Input, message);
                }
                Err(CopyFailure::Target(error)) => return Err(ExportError::writing(error, &self.target)),
                Err(CopyFailure::Link(error)) => {
                    return Err(ExportError::linking(error, self.mode, &self.target));
                }
            }
            cx.advance(1);
        }
        Ok(())
    }

    /// The files beside the identities' folders.
    fn write_tables(&self, folder: &Path, written: &ExportSummary) -> io::Result<()> {
        let last = FORMATS.iter().filter_map(|format| match format.content {
            Content::Planned(_) => None,
            Content::Last(make) => Some((format.name, make)),
        });
        let put = |name: &str, content: &[u8]| File::create_new(folder.join(name))?.write_all(content);
        self.files.iter().try_for_each(|(name, content)| put(name, content))?;
        last.into_iter().try_for_each(|(name, make)| put(name, &make(self, written)?))
    }
}

/// Which side of a picture's way failed.
enum CopyFailure {
    Source(io::Error),
    Target(io::Error),
    Link(io::Error),
}

fn copy_picture(mode: TransferMode, from: &Path, to: &Path, buffer: &mut [u8]) -> Result<(), CopyFailure> {
    let (real, mut source) = open(from).map_err(CopyFailure::Source)?;
    match mode {
        TransferMode::Copy => copy(&mut source, to, buffer),
        TransferMode::Hard => fs::hard_link(real, to).map_err(CopyFailure::Link),
        TransferMode::Symbolic => symbolic_link(&real, to).map_err(CopyFailure::Link),
    }
}

/// The picture's own path, links followed, and the picture opened.
fn open(path: &Path) -> io::Result<(PathBuf, File)> {
    let real = fs::canonicalize(path)?;
    let file = files::open(&real)?;
    Ok((real, file))
}

/// By hand, because the two sides fail in different ways: a bad picture is passed over, a
/// full disk ends the export.
fn copy(source: &mut File, to: &Path, buffer: &mut [u8]) -> Result<(), CopyFailure> {
    let mut target = File::create_new(to).map_err(CopyFailure::Target)?;
    loop {
        match source.read(buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => target.write_all(&buffer[..n]).map_err(CopyFailure::Target)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                drop(target);
                fs::remove_file(to).map_err(CopyFailure::Target)?;
                return Err(CopyFailure::Source(error));
            }
        }
    }
}

#[cfg(unix)]
fn symbolic_link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(windows)]
fn symbolic_link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(from, to)
}

#[cfg(not(any(unix, windows)))]
fn symbolic_link(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Renames the whole export onto a target that is new or an empty folder.
fn put_in_place(new: NewFolder, target: &Path) -> Result<(), ExportError> {
    new.put(target).map_err(|error| match error.kind() {
        ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists => {
            ExportError::Occupied(target.to_path_buf())
        }
        ErrorKind::ResourceBusy | ErrorKind::CrossesDevices => ExportError::Drive(target.to_path_buf()),
        ErrorKind::NotADirectory => ExportError::NotAFolder(target.to_path_buf()),
        _ => ExportError::writing(error, target),
    })
}
