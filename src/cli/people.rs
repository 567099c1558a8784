//! `castlist library …`: people who are known from earlier projects.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::args::{LibraryAction, LibraryArgs};
use super::progress::with_bar;
use super::project_vectors::ProjectVectors;
use super::{Completion, output};
use crate::base::Cx;
use crate::library::{LibraryEdit, People, Person, PersonId};
use crate::project::{Library, default_library};
use crate::review::IdentityId;
use crate::session::{Command, IdentityToKeep, LibraryEditJob, NamesakePolicy, SessionError};

pub(super) fn run(args: LibraryArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let path = library_file(args.library)?;
    let change = |deed: LibraryEdit| {
        let (_, words) = LibraryEditJob { library: path.clone(), edit: deed }.run(cx)?;
        output::line(words);
        Ok(Completion::Success)
    };
    match args.action {
        LibraryAction::List { json } => list(&Library::open_read_only(&path)?, json),
        LibraryAction::History { json } => history(&Library::open_read_only(&path)?, json),
        LibraryAction::Rename { person, name } => {
            change(LibraryEdit::Rename { person: PersonId(person), name })
        }
        LibraryAction::Merge { people } => {
            let people: Vec<PersonId> = people.into_iter().map(PersonId).collect();
            let into = people.first().copied().unwrap_or(PersonId(0));
            change(LibraryEdit::Merge { people, into })
        }
        LibraryAction::Remove { person } => change(LibraryEdit::Remove { person: PersonId(person) }),
        LibraryAction::Undo => change(LibraryEdit::Undo),
        LibraryAction::Redo => change(LibraryEdit::Redo),
        LibraryAction::Add { of, identity, same, namesakes } => {
            let namesakes = match (same, namesakes) {
                (true, _) => NamesakePolicy::Same,
                (_, true) => NamesakePolicy::Others,
                _ => NamesakePolicy::Ask,
            };
            let wanted =
                identity.into_iter().map(|(id, person)| IdentityToKeep { identity: IdentityId(id), person });
            let mut asked = ProjectVectors::open(&of.project, cx)?;
            let job = asked.session.keep_job(&wanted.collect::<Vec<_>>(), namesakes, &path)?;
            let kept = with_bar(cx, || job.run(cx))?;
            if let Some(edit) = kept.edit().filter(|_| !asked.session.project().is_read_only()) {
                asked.session.perform(Command::Edit(edit))?;
            }
            if of.json {
                let person = |(identity, known, name): &(IdentityId, crate::review::KnownPerson, String)| json!({ "identity": identity, "person": known.person, "name": name });
                let people: Vec<Value> = kept.people.iter().map(person).collect();
                output::json(&json!({ "library": path, "people": people }))?;
            } else {
                output::line(kept.words);
            }
            Ok(Completion::Success)
        }
    }
}

/// The library that was named, or the one that all projects share.
pub(super) fn library_file(named: Option<PathBuf>) -> Result<PathBuf, SessionError> {
    named.or_else(default_library).ok_or(SessionError::NoHome)
}

fn list(library: &Library, as_json: bool) -> Result<Completion, SessionError> {
    let people = library.people()?;
    if as_json {
        let person = |person: &Person| {
            let looks: Vec<Value> = person
                .exemplar_sets
                .iter()
                .map(|look| json!({ "from": look.from, "tracks": look.exemplars.len() }))
                .collect();
            json!({ "id": person.id, "name": person.name, "tracks": person.n_exemplars(), "looks": looks })
        };
        let told: Vec<Value> = people.iter().map(person).collect();
        output::json(&json!({ "library": library.path(), "id": library.id(), "people": told }))?;
        return Ok(Completion::Success);
    }
    for person in people.iter() {
        let from: Vec<&str> = person.exemplar_sets.iter().map(|look| look.from.as_str()).collect();
        output::line(format!(
            "{:>5}  {:>3} tracks  {}  ({})",
            person.id,
            person.n_exemplars(),
            person.name,
            from.join(", ")
        ));
    }
    if people.is_empty() {
        output::note("the library is empty");
    }
    Ok(Completion::Success)
}

fn history(library: &Library, as_json: bool) -> Result<Completion, SessionError> {
    let log = library.log()?;
    let deeds: Vec<LibraryEdit> = log.iter().map(|logged| logged.edit.clone()).collect();
    let now = People::replay(&deeds);
    let told: Vec<(usize, i64, String, bool)> = log
        .iter()
        .enumerate()
        .map(|(at, logged)| {
            let words = logged.edit.describe(&deeds[..at]);
            let moves = matches!(logged.edit, LibraryEdit::Undo | LibraryEdit::Redo);
            (at, logged.at, words, moves || now.is_in_force(at))
        })
        .collect();
    if as_json {
        let entries: Vec<Value> = told
            .iter()
            .map(|(number, at, words, holds)| json!({ "number": number, "at": at, "words": words, "in_force": holds }))
            .collect();
        output::json(&json!({ "entries": entries }))?;
        return Ok(Completion::Success);
    }
    for (number, _, words, holds) in told {
        let how = if holds { "" } else { "  (undone)" };
        output::line(format!("{number:>6}  {words}{how}"));
    }
    Ok(Completion::Success)
}
