//! `castlist library …` and `castlist review recognise`: people who are known from earlier
//! projects.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::args::{LibraryAction, LibraryArgs, RecogniseArgs};
use super::progress::with_bar;
use super::project_vectors::{ProjectVectors, perform};
use super::{Completion, output};
use crate::advice::{Resemblance, accept_recognised, unlike};
use crate::base::Cx;
use crate::library::{LibraryEdit, People, Person, PersonId};
use crate::project::{Library, default_library};
use crate::review::{Edit, IdentityId, Refusal};
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
fn library_file(named: Option<PathBuf>) -> Result<PathBuf, SessionError> {
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

pub(super) fn recognise_people(args: RecogniseArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let path = library_file(args.library)?;
    let changes = args.accept.is_some() || args.not.is_some();
    let project = &args.of.project;
    let mut asked = if changes {
        ProjectVectors::open(project, cx)?
    } else {
        ProjectVectors::open_read_only(project, cx)?
    };
    let job = asked.session.known_job(&path).ok_or(SessionError::NothingYet)?;
    let known = with_bar(cx, || job.run(cx))?;
    let found = asked.session.recognised(&known);
    if let Some(numbers) = args.not {
        let chosen = choose(&found, &numbers)?;
        let edits: Vec<Edit> = chosen.iter().filter_map(|it| unlike(asked.review(), it)).collect();
        let edit = if edits.len() > 1 { Some(Edit::All { edits }) } else { edits.into_iter().next() };
        return perform(&mut asked, edit, args.of.json);
    }
    if let Some(numbers) = args.accept {
        let chosen = match numbers.as_slice() {
            [] => found.iter().filter(|it| it.is_sure).collect(),
            numbers => choose(&found, numbers)?,
        };
        let edit = accept_recognised(asked.review(), &chosen);
        return perform(&mut asked, edit, args.of.json);
    }
    if args.of.json {
        let told: Vec<Value> = found
            .iter()
            .map(|it| {
                let mut told = json!(it);
                told["yes"] = json!(accept_recognised(asked.review(), &[it]));
                told["no"] = json!(unlike(asked.review(), it));
                told
            })
            .collect();
        output::json(&json!({
            "library": path,
            "people": known.people().len(),
            "unseen": known.n_without_vector(),
            "embedded": known.n_embedded(),
            "proposals": told,
        }))?;
        return Ok(Completion::Success);
    }
    for it in &found {
        let rival = it.rival.as_ref().map(|(name, p)| format!("  (next {name}, {:.0} %)", p * 100.0));
        let sure = if it.is_sure { "" } else { "  unsure" };
        let title = asked.title(it.identity);
        output::line(format!(
            "{:>4.0} %  {title} ({}) is {}{}{sure}",
            it.p * 100.0,
            it.identity,
            it.name,
            rival.unwrap_or_default()
        ));
    }
    let sure = found.iter().filter(|it| it.is_sure).count();
    output::note(format!(
        "{} of {} known people proposed, {sure} sure (add --accept to name the sure ones)",
        found.len(),
        known.people().len()
    ));
    if known.n_without_vector() > 0 {
        output::note(format!("{} kept tracks have no vector of this model", known.n_without_vector()));
    }
    Ok(Completion::Success)
}

/// The proposals about these identities.
fn choose<'a>(found: &'a [Resemblance], numbers: &[u64]) -> Result<Vec<&'a Resemblance>, SessionError> {
    let of = |number: &u64| {
        let none = Refusal::Nothing("no person of the library is proposed for one of these identities");
        Ok(found.iter().find(|it| it.identity.0 == *number).ok_or(none)?)
    };
    numbers.iter().map(of).collect()
}
