//! `import`: work that was done elsewhere, as ordinary edits.

use std::path::Path;

use serde_json::json;

use super::args::ImportAction;
use super::{Completion, output};
use crate::review::Refusal;
use crate::session::{Command, Session, SessionError};
use crate::tracks::read_labels;
use crate::views::NamesImport;

pub(super) fn run(action: &ImportAction) -> Result<Completion, SessionError> {
    match action {
        ImportAction::Names { project, file, preview, json } => names(project, file, *preview, *json),
    }
}

fn names(project: &Path, file: &Path, preview: bool, as_json: bool) -> Result<Completion, SessionError> {
    let table = read_labels(file)?;
    let mut session =
        if preview { Session::open_read_only(project)? } else { Session::open_existing(project)? };
    let import = NamesImport::of(session.review(), &table).map_err(Refusal::from)?;
    if import.unknown.len() == table.len() {
        let near = import.unknown.iter().find_map(|(_, near)| near.as_deref());
        return Err(SessionError::NoSuchTracks {
            n: table.len(),
            near: near.map_or_else(String::new, |near| format!("; did you mean `{near}`")),
            path: file.to_path_buf(),
        });
    }
    if !as_json {
        tell(&import);
    }
    let edit = import.edit.clone().filter(|_| !preview);
    let number = edit.map(|edit| session.perform(Command::Edit(edit))).transpose()?;
    if as_json {
        output::json(&json!({ "import": import, "cursor": number }))?;
    } else if let Some(number) = number {
        output::line(number.to_string());
    }
    Ok(Completion::Success)
}

fn tell(import: &NamesImport) {
    for (name, n) in &import.names {
        output::note(format!("{name}: {n} tracks"));
    }
    if import.n_unchanged > 0 {
        output::note(format!("{} tracks have their name already", import.n_unchanged));
    }
    for clash in &import.clashes {
        output::note(format!("{} stays {}, not {}", clash.track, clash.name, clash.wanted));
    }
    for (id, near) in &import.unknown {
        let near = near.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`"));
        output::note(format!("there is no track `{id}`{near}"));
    }
    if import.edit.is_none() {
        output::note("nothing to change");
    }
}
