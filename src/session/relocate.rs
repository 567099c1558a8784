//! A project whose folder of tracks moved: where it lies now, with all decisions.
//!
//! Takes what was opened and the folder where the tracks are now; gives what to open. A project that
//! lies in its folder moves with it, and needs nothing of this.

use std::path::{Path, PathBuf};

use super::{Session, SessionError};
use crate::project::{ProjectError, default_place};
use crate::tracks::{TrackSet, TrackSource};

/// Tracks that are looked for in the new folder.
const LOOKED_FOR: usize = 200;

impl Session {
    /// Whether the folder with the pictures or features is not where it was. One look at the disk.
    pub(crate) fn is_folder_missing(&self) -> bool {
        let has_files =
            |set: &TrackSet| set.tracks.iter().any(|track| !matches!(track.source, TrackSource::Rows { .. }));
        self.set.as_deref().is_some_and(has_files) && !self.root.is_dir()
    }
}

/// Finds a project's tracks in the folder `to`; `opened` is the project file, or the folder where they
/// were. Gives the path to open. A project in the platform's data folder follows to the place that it
/// has for the new folder; its copies stay. A few looks at the disk, and one write.
///
/// # Errors
/// [`SessionError`]: `to` is no folder, holds none of the project's tracks, or has a project of its own;
/// the project cannot be read or written. All is as it was then.
pub(crate) fn relocate(opened: &Path, to: &Path) -> Result<PathBuf, SessionError> {
    if !to.is_dir() {
        return Err(SessionError::Missing(to.to_path_buf()));
    }
    let (file, follows) = if opened.is_file() {
        (opened.to_path_buf(), false)
    } else {
        let place = default_place(opened);
        (place.path, place.is_in_data_folder)
    };
    if !file.is_file() {
        // The project lay in the folder, and moved with it.
        return Ok(to.to_path_buf());
    }
    let session = Session::open(&file, None)?;
    if let Some(reason) = session.project.why_read_only() {
        return Err(ProjectError::ReadOnly { reason, path: file }.into());
    }
    if !session.set.as_deref().is_some_and(|set| has_some(set, to)) {
        return Err(SessionError::OtherTracks { path: to.to_path_buf(), project: file });
    }
    if follows {
        follow(session, &default_place(to).path, to)?;
        return Ok(to.to_path_buf());
    }
    session.project.save_root(to).wait()?;
    Ok(file)
}

/// Brings a project to `place`, where nothing lies yet, as that of the folder `to`: a whole project is
/// there before the old file goes.
fn follow(session: Session, place: &Path, to: &Path) -> Result<(), SessionError> {
    session.project.write_with(place, to, &[], session.history.cursor())?;
    let old = session.project.path().to_path_buf();
    drop(session);
    // One that cannot be removed is what the folder was before, and harmless.
    let _removed = std::fs::remove_file(old);
    Ok(())
}

/// Whether at least one of some tracks, spread over all, lies in a folder.
fn has_some(set: &TrackSet, folder: &Path) -> bool {
    let step = set.len().div_ceil(LOOKED_FOR).max(1);
    set.tracks.iter().step_by(step).any(|track| match &track.source {
        TrackSource::Faces { folder: own, faces } => {
            faces.first().is_some_and(|face| folder.join(own).join(&face.file).is_file())
        }
        TrackSource::Features { file, .. } => folder.join(file).is_file(),
        TrackSource::Rows { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::base::Cx;
    use crate::review::{Edit, IdentityId};
    use crate::session::Command;

    #[test]
    fn a_project_follows_its_folder_with_all_decisions_and_over_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let (before, after) = (dir.path().join("before"), dir.path().join("after"));
        for track in ["a", "b"] {
            let path = before.join(format!("{track}.npy"));
            fs::create_dir_all(&before).unwrap();
            let header = format!("{:<117}\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }");
            let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
            bytes.extend((header.len() as u16).to_le_bytes());
            bytes.extend(header.as_bytes());
            bytes.extend([1.0_f32, if track == "a" { 0.0 } else { 9.0 }].map(f32::to_le_bytes).concat());
            fs::write(path, bytes).unwrap();
        }
        let (old, new) = (dir.path().join("old.sqlite"), dir.path().join("new.sqlite"));
        let mut session = Session::open(&before, Some(&old)).unwrap();
        let analysis = session.job().run(&Cx::new(), |_| {}).unwrap();
        session.finish(&analysis).unwrap();
        let edit = Edit::Rename { identity: IdentityId(1), name: "Ann".to_owned() };
        session.perform(Command::Edit(edit)).unwrap();
        session.perform(Command::Undo(1)).unwrap();
        let entries = session.history().entries().len();
        fs::rename(&before, &after).unwrap();
        assert!(session.is_folder_missing() && has_some(session.tracks().unwrap(), &after));
        assert!(!has_some(session.tracks().unwrap(), dir.path()));

        fs::write(&new, "somebody's").unwrap();
        let error = follow(Session::open_read_only(&old).unwrap(), &new, &after).unwrap_err();
        assert!(matches!(error, SessionError::Project(ProjectError::Exists(_))), "{error}");
        assert!(old.is_file() && fs::read(&new).unwrap() == b"somebody's");
        fs::remove_file(&new).unwrap();

        follow(session, &new, &after).unwrap();
        assert!(!old.exists());
        let followed = Session::open(&new, None).unwrap();
        assert_eq!(followed.root(), fs::canonicalize(&after).unwrap());
        assert!(!followed.is_folder_missing());
        assert_eq!(followed.history().entries().len(), entries, "what was undone can be redone");
        assert!(followed.history().to_redo().is_some());
    }
}
