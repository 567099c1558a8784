//! `castlist review …`: the same commands as the window's, for scripts.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::json;

use super::args::ReviewAction;
use super::{End, show};
use crate::session::{Command, Session, SessionError};
use crate::tracks::TracksError;

pub(super) fn run(action: ReviewAction) -> Result<End, SessionError> {
    match action {
        ReviewAction::List { project, json } => list(&project, json),
        ReviewAction::Apply { project, file } => apply(&project, &file),
        ReviewAction::Undo { project, steps } => cursor(&project, Command::Undo(steps)),
        ReviewAction::Redo { project, steps } => cursor(&project, Command::Redo(steps)),
    }
}

fn list(project: &Path, as_json: bool) -> Result<End, SessionError> {
    let session = Session::look(project)?;
    let review = session.review();
    let ids = |tracks: &[u32]| tracks.iter().map(|&t| review.track_id(t).to_owned()).collect::<Vec<_>>();
    if as_json {
        let identities: Vec<_> = review
            .identities()
            .map(|identity| {
                json!({
                    "id": identity.id,
                    "name": identity.name,
                    "state": identity.state,
                    "cover": identity.cover.map(|track| review.track_id(track)),
                    "tracks": ids(&identity.tracks),
                })
            })
            .collect();
        let unassigned: Vec<u32> = review.unassigned().collect();
        show::json(&json!({
            "identities": identities,
            "unassigned": ids(&unassigned),
            "cursor": session.history().cursor(),
            "n_edits": session.history().n_edits(),
        }))?;
        return Ok(End::Fine);
    }
    for identity in review.identities() {
        let n = identity.tracks.len();
        show::line(format!(
            "{:>5}  {:<9}  {n:>5} tracks  {}",
            identity.id,
            identity.state.word(),
            identity.title()
        ));
    }
    Ok(End::Fine)
}

fn apply(project: &Path, file: &Path) -> Result<End, SessionError> {
    let mut session = Session::open_known(project)?;
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).map_err(|e| TracksError::io(e, file))?)
    };
    for (at, line) in BufReader::new(source).lines().enumerate() {
        let number = at as u64 + 1;
        let line = line.map_err(|e| unreadable(file, number, e.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let edit = serde_json::from_str(&line).map_err(|e| {
            unreadable(file, number, format!("not an edit ({e}); see `castlist review apply --help`"))
        })?;
        match session.perform(Command::Edit(edit)) {
            Ok(number) => show::line(number.to_string()),
            Err(SessionError::Refused(why)) => return Err(unreadable(file, number, why.to_string())),
            Err(error) => return Err(error),
        }
    }
    Ok(End::Fine)
}

fn unreadable(file: &Path, line: u64, what: String) -> SessionError {
    TracksError::Table { line, what, path: file.to_path_buf() }.into()
}

fn cursor(project: &Path, command: Command) -> Result<End, SessionError> {
    let mut session = Session::open_known(project)?;
    let cursor = session.perform(command)?;
    show::line(cursor.to_string());
    Ok(End::Fine)
}
