//! `castlist review …`: the same commands as the window's, for scripts.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::args::ReviewAction;
use super::progress::with_bar;
use super::{Completion, advice, output, simulate, views};
use crate::base::{Cx, Radius};
use crate::cluster::Level;
use crate::cluster::likelihood::Certainty;
use crate::review::{Edit, EntryStatus, LogEntry, Review};
use crate::session::{Command, Session, SessionError};
use crate::tracks::TracksError;

pub(super) fn run(action: ReviewAction, cx: &Cx) -> Result<Completion, SessionError> {
    match action {
        ReviewAction::List { project, json } => list(&project, json),
        ReviewAction::Apply { project, file } => apply(&project, &file),
        ReviewAction::Cut { project, certainty, radius, adopt, json } => {
            let level = certainty.map(|p| Level::Certainty(Certainty(p)));
            cut(&project, level.or(radius.map(|r| Level::Radius(Radius(r)))), adopt, json, cx)
        }
        ReviewAction::SplitTrack { project, track, at } => {
            let mut session = Session::open_existing(&project)?;
            let edit = Edit::SplitTrack { track, at, new: None };
            output::line(session.perform(Command::Edit(edit))?.to_string());
            Ok(Completion::Success)
        }
        ReviewAction::Second { project, method, set, json } => opinion(&project, &method, &set, json, cx),
        ReviewAction::Undo { project, steps } => cursor(&project, Command::Undo(steps)),
        ReviewAction::Redo { project, steps } => cursor(&project, Command::Redo(steps)),
        ReviewAction::History { project, json } => history(&project, json),
        ReviewAction::Jump { project, number } => cursor(&project, Command::Jump(number)),
        ReviewAction::Advice(action) => advice::run(action, cx),
        ReviewAction::Simulate(args) => simulate::run(&args, cx),
        ReviewAction::View(action) => views::run(action, cx),
    }
}

fn list(project: &Path, as_json: bool) -> Result<Completion, SessionError> {
    let session = Session::open_read_only(project)?;
    let review = session.review();
    let ids = |tracks: &[u32]| tracks.iter().map(|&t| review.track_id(t).to_owned()).collect::<Vec<_>>();
    if as_json {
        let identities: Vec<_> = review
            .identities()
            .map(|identity| {
                json!({
                    "id": identity.id,
                    "name": identity.name,
                    "details": identity.details,
                    "state": identity.state,
                    "cover": identity.cover.map(|track| review.track_id(track)),
                    "tracks": ids(&identity.tracks),
                })
            })
            .collect();
        let unassigned: Vec<u32> = review.unassigned().collect();
        output::json(&json!({
            "identities": identities,
            "unassigned": ids(&unassigned),
            "cursor": session.history().cursor(),
            "n_edits": session.history().n_edits(),
        }))?;
        return Ok(Completion::Success);
    }
    for identity in review.identities() {
        let n = identity.tracks.len();
        output::line(format!(
            "{:>5}  {:<9}  {n:>5} tracks  {}",
            identity.id,
            identity.state.word(),
            identity.title()
        ));
    }
    Ok(Completion::Success)
}

fn apply(project: &Path, file: &Path) -> Result<Completion, SessionError> {
    let mut session = Session::open_existing(project)?;
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(crate::files::open(file).map_err(|e| TracksError::io(e, file))?)
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
            Ok(number) => {
                output::line(number.to_string());
                if let Some(entry) = session.history().entries().last() {
                    note_namesake(session.review(), &entry.edit);
                }
            }
            Err(SessionError::Refused(why)) => return Err(unreadable(file, number, why.to_string())),
            Err(error) => return Err(error),
        }
    }
    Ok(Completion::Success)
}

/// Two people may have one name, and a typing error may make two of one person: it is said.
fn note_namesake(review: &Review, edit: &Edit) {
    for edit in edit.parts() {
        let Edit::Rename { identity, name } = edit else { continue };
        let other = review.identities().find(|it| it.id != *identity && it.name.as_ref() == Some(name));
        if let Some(other) = other {
            output::note(format!("there is another {name} already: identity {}", other.id));
        }
    }
}

fn cut(
    project: &Path,
    level: Option<Level>,
    adopt: bool,
    as_json: bool,
    cx: &Cx,
) -> Result<Completion, SessionError> {
    let mut session =
        if adopt { Session::open_existing(project)? } else { Session::open_read_only(project)? };
    let job = session.cut_job(level).ok_or(SessionError::NothingYet)?;
    let cuts = Arc::new(with_bar(cx, || job.run(cx))?);
    let at = level.or(cuts.own()).ok_or(SessionError::NoRadius { model: "these tracks".into() })?;
    session.take_cuts(cuts);
    let counts = session.counts(at).ok_or(SessionError::NotKept)?;
    let cursor = if adopt { Some(session.perform(Command::Cut(level))?) } else { None };
    if as_json {
        output::json(&json!({
            at.parameter().name: at.value(),
            "n_clusters": counts.clusters,
            "n_identities": counts.identities,
            "cursor": cursor,
        }))?;
        return Ok(Completion::Success);
    }
    let done = if adopt { "adopted" } else { "add --adopt to regroup" };
    output::line(format!(
        "{} {}: {} clusters, {} identities ({done})",
        at.parameter().name,
        at.value(),
        counts.clusters,
        counts.identities
    ));
    Ok(Completion::Success)
}

fn opinion(
    project: &Path,
    method: &str,
    set: &[(String, String)],
    as_json: bool,
    cx: &Cx,
) -> Result<Completion, SessionError> {
    let mut session = Session::open_read_only(project)?;
    for (name, value) in set {
        session.set(name, value)?;
    }
    let job = session.opinion_job(method)?;
    if session.history().is_empty() {
        return Err(SessionError::NothingYet);
    }
    let opinion = with_bar(cx, || job.run(cx, |forecast| output::note(forecast)))?;
    let beside = opinion.diff(session.review());
    if as_json {
        let differences: Vec<_> = beside
            .differences
            .iter()
            .map(|it| {
                let mut value = json!(it);
                value["words"] = it.words(session.review()).into();
                value["n_tracks"] = it.tracks.len().into();
                value
            })
            .collect();
        let mut told = json!(beside);
        told["differences"] = differences.into();
        told["source"] = opinion.source.into();
        output::json(&told)?;
        return Ok(Completion::Success);
    }
    output::line(format!(
        "{} and the identities: {} of {} tracks alike, {} of {} identities",
        opinion.source, beside.n_tracks_alike, beside.n_tracks, beside.n_alike, beside.n_identities
    ));
    for it in &beside.differences {
        output::line(format!("{:>8} pairs  {}", it.n_pairs, it.words(session.review())));
    }
    Ok(Completion::Success)
}

fn history(project: &Path, as_json: bool) -> Result<Completion, SessionError> {
    let session = Session::open_read_only(project)?;
    let history = session.history();
    let standing = |entry: &LogEntry| history.status(entry.number).unwrap_or(EntryStatus::Aside);
    if as_json {
        let entries: Vec<_> = history
            .entries()
            .iter()
            .map(|entry| {
                json!({
                    "number": entry.number,
                    "parent": entry.parent,
                    "at": entry.at,
                    "words": entry.describe(),
                    "standing": standing(entry),
                    "names": entry.names,
                    // A clustering names every track.
                    "edit": (!matches!(entry.edit, Edit::Adopt(_))).then_some(&entry.edit),
                })
            })
            .collect();
        output::json(&json!({ "cursor": history.cursor(), "entries": entries }))?;
        return Ok(Completion::Success);
    }
    for entry in history.entries() {
        let (here, how) = match standing(entry) {
            _ if entry.number == history.cursor() => ('>', ""),
            EntryStatus::InForce => (' ', ""),
            EntryStatus::Undone => (' ', "  (undone)"),
            EntryStatus::Aside => (' ', "  (another branch)"),
        };
        let upon = entry.parent.filter(|parent| parent + 1 != entry.number);
        let upon = upon.map_or_else(String::new, |parent| format!("  (upon {parent})"));
        output::line(format!("{here}{:>6}  {}{upon}{how}", entry.number, entry.describe()));
    }
    Ok(Completion::Success)
}

fn unreadable(file: &Path, line: u64, what: String) -> SessionError {
    TracksError::Table { line, what, path: file.to_path_buf() }.into()
}

fn cursor(project: &Path, command: Command) -> Result<Completion, SessionError> {
    let mut session = Session::open_existing(project)?;
    let cursor = session.perform(command)?;
    output::line(cursor.to_string());
    Ok(Completion::Success)
}
