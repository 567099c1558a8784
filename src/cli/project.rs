//! `project`: the copies that are kept beside a project and the way back to one, erasing a person,
//! and merging two projects.

use std::path::Path;

use serde_json::json;

use super::args::ProjectAction;
use super::{Completion, output};
use crate::session::{Erasure, SessionError, copies, finish_erasure, merge_projects, restore};

pub(super) fn run(action: ProjectAction) -> Result<Completion, SessionError> {
    match action {
        ProjectAction::Erase { project, person, yes, library, json } => {
            return erase(&project, &person, library.as_deref(), yes, json);
        }
        ProjectAction::Merge { ours, theirs, out, json } => {
            return merge(&ours, &theirs, &out, json);
        }
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

fn erase(
    project: &Path,
    person: &str,
    library: Option<&Path>,
    yes: bool,
    as_json: bool,
) -> Result<Completion, SessionError> {
    let finished = yes && finish_erasure(project)?;
    let erasure = match Erasure::plan(project, person, library) {
        // What was interrupted knew the person; nobody does any more.
        Err(SessionError::NoPerson(_)) if finished => {
            output::note("finished an erasure that was interrupted");
            return Ok(Completion::Success);
        }
        planned => planned?,
    };
    if yes {
        erasure.run()?;
    }
    if as_json {
        let mut shown = json!(erasure);
        shown["erased"] = yes.into();
        output::json(&shown)?;
    } else {
        show(&erasure, yes);
    }
    warn(&erasure);
    if !yes {
        output::note("nothing was changed; this cannot be undone: add --yes to erase them");
    }
    Ok(Completion::Success)
}

/// What goes, or went.
fn show(erasure: &Erasure, yes: bool) {
    let verb = if yes { "erased" } else { "would erase" };
    let name = erasure.name.as_deref().map_or_else(String::new, |name| format!(" ({name})"));
    output::line(format!(
        "{verb} identity {}{name}: {}, {} of the log",
        erasure.identity,
        count(erasure.n_tracks, "track", "tracks"),
        count(erasure.n_entries, "entry", "entries")
    ));
    for copy in &erasure.copies {
        output::line(format!("{verb} the copy {}", copy.display()));
    }
    if let Some(library) = erasure.library.as_ref().filter(|_| erasure.n_library_people > 0) {
        output::line(format!(
            "{verb} {} of the library: {}",
            count(erasure.n_library_people, "person", "people"),
            library.display()
        ));
    }
    for part in &erasure.parts {
        output::line(format!("{verb} the track of `{part}` too, a part of which shows them"));
    }
    for place in &erasure.pictures {
        output::line(format!("left alone: the pictures in {}", place.display()));
    }
    for place in &erasure.exports {
        output::line(format!("left alone: the export {}", place.display()));
    }
}

/// What a curator must know who wants nothing of a person to be left.
fn warn(erasure: &Erasure) {
    for name in &erasure.shared_names {
        output::note(format!("another identity is called {name} too, so that name stays, as that one's"));
    }
    for person in &erasure.library_namesakes {
        output::note(format!(
            "person {person} of the library has the same name and no track of theirs, and stays; `castlist library \
             remove {person}` removes them"
        ));
    }
    if erasure.is_in_another_library {
        output::note("they were recognised from another library as well: name it with --library");
    }
    output::note("exports elsewhere and backups of your own are not known; remove the person there yourself");
}

fn merge(ours: &Path, theirs: &Path, out: &Path, as_json: bool) -> Result<Completion, SessionError> {
    let merged = merge_projects(ours, theirs, out)?;
    let merge = &merged.merge;
    for clash in &merge.clashes {
        let tracks = match clash.tracks.as_slice() {
            [] => String::new(),
            [one] => format!("{one}: "),
            [first, rest @ ..] => format!("{first} and {} more: ", rest.len()),
        };
        output::note(format!("{tracks}stays {}, not {}", clash.ours, clash.theirs));
    }
    if as_json {
        output::json(&merged)?;
        return Ok(Completion::Success);
    }
    let (brought, n) = (merge.brought, merge.clashes.len());
    output::line(format!(
        "merged {}: {}, {}, {} and {} came in; {}",
        count(merge.n_common, "common track", "common tracks"),
        count(brought.identities, "identity", "identities"),
        count(brought.links, "link", "links"),
        count(brought.rejected, "rejected track", "rejected tracks"),
        count(brought.cuts, "cut", "cuts"),
        count(n, "clash", "clashes")
    ));
    if merge.n_unknown > 0 {
        let tracks = count(merge.n_unknown, "track", "tracks");
        output::line(format!("{tracks} of the second project are not in the first"));
    }
    if n > 0 {
        output::note("`castlist review redo` takes the second project's side of one clash after the other");
    }
    output::line(merged.project.display().to_string());
    Ok(Completion::Success)
}

/// `1 track`, `3 tracks`.
fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
