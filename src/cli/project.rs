//! `project`: the copies that are kept beside a project, and the way back to one.

use super::args::ProjectAction;
use super::{Completion, output};
use crate::session::{SessionError, copies, restore};

pub(super) fn run(action: ProjectAction) -> Result<Completion, SessionError> {
    match action {
        ProjectAction::Restore { project, copy: None, json } => {
            let found = copies(&project)?;
            if json {
                output::json(&found)?;
                return Ok(Completion::Success);
            }
            for (at, copy) in found.copies.iter().enumerate() {
                output::line(format!("{}  {}  {} edits", at + 1, copy.when, copy.n_edits));
            }
            if found.copies.is_empty() {
                output::note("no copy is kept yet; one is made when a project is opened after changes");
            } else {
                output::note(
                    "`--copy N` puts one in the project's place; the file that is there now is kept",
                );
            }
        }
        ProjectAction::Restore { project, copy: Some(number), json } => {
            let done = restore(&project, number)?;
            if json {
                output::json(&done)?;
                return Ok(Completion::Success);
            }
            let (copy, project) = (&done.copy, done.project.display());
            output::line(format!(
                "restored the copy of {} with {} edits: {project}",
                copy.when, copy.n_edits
            ));
            if let Some(replaced) = &done.replaced {
                output::line(format!("the file that was there is kept: {}", replaced.display()));
            }
        }
    }
    Ok(Completion::Success)
}
