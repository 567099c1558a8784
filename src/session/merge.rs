//! Merging two projects over the same tracks into a third.
//!
//! Takes two projects, which are only read, and a place; gives a project that is the first with the
//! decisions of the second, and what the two see differently.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Session, SessionError};
use crate::project;
use crate::views::{MergeSide, ProjectMerge};

/// What a merge gave.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MergedProject {
    /// The new project.
    pub project: PathBuf,
    /// What came in, and what clashes.
    #[serde(flatten)]
    pub merge: ProjectMerge,
}

/// Writes a project to `to` that is `ours` with what `theirs` decided: one step of undo. Each clash is an
/// entry after that, which redo leads to.
///
/// # Errors
/// [`SessionError`]: the two are one file, have no track in common, were never clustered or cannot be
/// read; something lies at `to`, or it cannot be written.
pub(crate) fn merge_projects(ours: &Path, theirs: &Path, to: &Path) -> Result<MergedProject, SessionError> {
    let (a, b) = (Session::open_read_only(ours)?, Session::open_read_only(theirs)?);
    let file = |session: &Session| std::fs::canonicalize(session.project.path());
    if file(&a).is_ok_and(|one| file(&b).is_ok_and(|other| one == other)) {
        return Err(SessionError::SameProject(a.project.path().to_path_buf()));
    }
    let (Some(ours), Some(theirs)) = (side(&a), side(&b)) else { return Err(SessionError::NothingYet) };
    let none = || SessionError::NoCommonTracks { n_ours: ours.set.len(), n_theirs: theirs.set.len() };
    let merge = ProjectMerge::of(ours, theirs, project::now()).ok_or_else(none)?;
    a.project.write_with(to, &a.root, &merge.entries, merge.cursor)?;
    Ok(MergedProject { project: to.to_path_buf(), merge })
}

fn side(session: &Session) -> Option<MergeSide<'_>> {
    let set = session.set.as_deref().filter(|_| !session.history.is_empty())?;
    Some(MergeSide { set, history: &session.history, review: &session.review })
}
