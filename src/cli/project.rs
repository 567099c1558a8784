//! `project`: the copies that are kept beside a project, and the way back to one.

use super::args::ProjectAction;
use super::{End, show};
use crate::session::{SessionError, copies, restore};

pub(super) fn run(action: ProjectAction) -> Result<End, SessionError> {
    match action {
        ProjectAction::Restore { project, copy: None, json } => {
            let found = copies(&project)?;
            if json {
                show::json(&found)?;
                return Ok(End::Fine);
            }
            for (at, copy) in found.copies.iter().enumerate() {
                show::line(format!("{}  {}  {} edits", at + 1, copy.when, copy.n_edits));
            }
            if found.copies.is_empty() {
                show::note("no copy is kept yet; one is made when a project is opened after changes");
            } else {
                show::note("`--copy N` puts one in the project's place; the file that is there now is kept");
            }
        }
        ProjectAction::Restore { project, copy: Some(number), json } => {
            let done = restore(&project, number)?;
            if json {
                show::json(&done)?;
                return Ok(End::Fine);
            }
            let (copy, project) = (&done.copy, done.project.display());
            show::line(format!("restored the copy of {} with {} edits: {project}", copy.when, copy.n_edits));
            if let Some(replaced) = &done.replaced {
                show::line(format!("the file that was there is kept: {}", replaced.display()));
            }
        }
    }
    Ok(End::Fine)
}
