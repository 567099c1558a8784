//! `import`: work that was done elsewhere, as ordinary edits.

use std::path::Path;

use serde_json::json;

use super::args::{FoldersArgs, ImportAction};
use super::cluster::{adopt_analysis, analyse, full_path};
use super::progress::with_bar;
use super::{Completion, output};
use crate::base::Cx;
use crate::session::{Command, Session, SessionError, Settings, folder_names, import_names};
use crate::tracks::{DetailClash, PeopleFolders, TrackSet, TracksError, scan};
use crate::views::NamesImport;

pub(super) fn run(action: &ImportAction, cx: &Cx) -> Result<Completion, SessionError> {
    match action {
        ImportAction::Names { project, file, preview, json } => names(project, file, *preview, *json),
        ImportAction::Folders(args) if args.preview => preview_folders(args, cx),
        ImportAction::Folders(args) => folders(args, cx),
    }
}

fn names(project: &Path, file: &Path, preview: bool, as_json: bool) -> Result<Completion, SessionError> {
    let mut session =
        if preview { Session::open_read_only(project)? } else { Session::open_existing(project)? };
    let import = import_names(session.review(), file)?;
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

/// How the folder is read, with what else was set.
fn choose(
    args: &FoldersArgs,
    mut set: impl FnMut(&str, &str) -> Result<(), SessionError>,
) -> Result<(), SessionError> {
    args.set.iter().try_for_each(|(name, value)| match name.as_str() {
        "model" | "head" | "pooling" => set(name, &full_path(value)),
        _ => set(name, value),
    })?;
    set("pictures", "people")
}

/// The people of the folder; there must be one.
fn people_of(set: &TrackSet) -> Result<PeopleFolders, SessionError> {
    let found = PeopleFolders::of(set);
    if found.people.is_empty() { Err(SessionError::NoPeopleFolders(set.root.clone())) } else { Ok(found) }
}

fn preview_folders(args: &FoldersArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let mut settings = Settings::default();
    choose(args, |name, value| settings.set(name, value).map_err(Into::into))?;
    let set = with_bar(cx, || scan(&args.folder, &settings.scan_options(), cx))?;
    let PeopleFolders { people, unsorted } = people_of(&set)?;
    if args.json {
        let people: Vec<_> =
            people.iter().map(|it| json!({ "name": it.name, "tracks": it.tracks.len() })).collect();
        output::json(
            &json!({ "people": people, "unsorted": unsorted.len(), "warnings": cx.warnings().kept }),
        )?;
        return Ok(Completion::Success);
    }
    for person in &people {
        output::line(format!("{}: {}", person.name, counted(person.tracks.len())));
    }
    output::line(format!("unsorted: {}", counted(unsorted.len())));
    output::warnings(&cx.warnings().kept, cx.warnings().count);
    Ok(Completion::Success)
}

/// Refuses a folder without folders before there is a project.
fn check_folders(root: &Path) -> Result<(), SessionError> {
    let entries = std::fs::read_dir(root).map_err(|error| TracksError::io(error, root))?;
    let has_folder = entries.filter_map(Result::ok).any(|entry| entry.path().is_dir());
    if has_folder { Ok(()) } else { Err(SessionError::NoPeopleFolders(root.to_path_buf())) }
}

fn folders(args: &FoldersArgs, cx: &Cx) -> Result<Completion, SessionError> {
    check_folders(&args.folder)?;
    let mut session = Session::open(&args.folder, args.project.as_deref())?;
    choose(args, |name, value| session.set(name, value).map_err(Into::into))?;
    let job = if args.adopt { session.job().accepting_rereading() } else { session.job() };
    let analysis = analyse(&session, &job, cx)?;
    let found = people_of(&analysis.set)?;
    adopt_analysis(&mut session, &analysis, None)?;
    let n_unsorted = found.unsorted.len();
    let import = folder_names(session.review(), found)?;
    if !args.json {
        tell(&import);
        if n_unsorted > 0 {
            output::note(format!(
                "unsorted: {}; `castlist review suggest` says who they may be",
                counted(n_unsorted)
            ));
        }
    }
    let number = import.edit.clone().map(|edit| session.perform(Command::Edit(edit))).transpose()?;
    let report = analysis.report;
    if args.json {
        let told = json!({ "import": import, "unsorted": n_unsorted, "cursor": number, "report": report });
        output::json(&told)?;
    } else {
        if let Some(number) = number {
            output::line(number.to_string());
        }
        output::warnings(&report.warnings, report.n_warnings);
    }
    Ok(Completion::Success)
}

/// `1 track`, `3 tracks`.
fn counted(n: usize) -> String {
    if n == 1 { "1 track".to_owned() } else { format!("{n} tracks") }
}

fn tell(import: &NamesImport) {
    for (name, n) in &import.names {
        output::note(format!("{name}: {}", counted(*n)));
    }
    if import.n_unchanged > 0 {
        let have = if import.n_unchanged == 1 { "has its" } else { "have their" };
        output::note(format!("{} {have} name already", counted(import.n_unchanged)));
    }
    for clash in &import.clashes {
        output::note(format!("{} stays {}, not {}", clash.track, clash.name, clash.wanted));
    }
    for (name, details) in &import.details {
        for (detail, value) in details {
            output::note(format!("{name}: {detail} is {value}"));
        }
    }
    for DetailClash { name, detail, kept, other } in &import.detail_clashes {
        output::note(format!("{name}: {detail} stays {kept}, not {other}"));
    }
    for (id, near) in &import.unknown {
        let near = near.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`"));
        output::note(format!("there is no track `{id}`{near}"));
    }
    if import.edit.is_none() {
        output::note("nothing to change");
    }
}
