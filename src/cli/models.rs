//! `castlist models …`.

use std::path::PathBuf;

use serde_json::json;

use super::args::ModelsAction;
use super::progress::with_bar;
use super::{End, show};
use crate::base::Cx;
use crate::infer;
use crate::models::{Availability, Catalogue, Entry, Listed, Status};
use crate::session::{AddJob, GetJob, SessionError};

pub(super) fn run(action: ModelsAction, cx: &Cx) -> Result<End, SessionError> {
    if matches!(action, ModelsAction::Probe) {
        return Ok(infer::try_model(std::io::stdin().lock()).map(|()| End::Fine)?);
    }
    let catalogue = Catalogue::load()?;
    for problem in catalogue.problems() {
        show::note(format!("warning: {problem}"));
    }
    match action {
        ModelsAction::List { json } => list(&catalogue, json),
        ModelsAction::Get { id } => {
            let place =
                get(&catalogue, &id, cx)?.map_or_else(String::new, |path| format!(": {}", path.display()));
            show::line(format!("{id} is ready{place}"));
            Ok(End::Fine)
        }
        ModelsAction::Add { file, set } => {
            let added = AddJob { file, set }.run(cx)?;
            show::line(format!("{} is ready; use it with --model {}", added.entry.id, added.entry.id));
            Ok(End::Fine)
        }
        ModelsAction::Verify => verify(&catalogue, cx),
        // It was run above, without the catalogue.
        ModelsAction::Probe => Ok(End::Fine),
    }
}

/// Fetches a model where it is not here, once its licence was told.
pub(super) fn get(catalogue: &Catalogue, id: &str, cx: &Cx) -> Result<Option<PathBuf>, SessionError> {
    if let Some(entry) = catalogue.find(id) {
        show::note(terms(entry));
    }
    let job = GetJob { id: id.to_owned() };
    with_bar(cx, || job.run(cx))
}

fn list(catalogue: &Catalogue, as_json: bool) -> Result<End, SessionError> {
    let listed = catalogue.list();
    if as_json {
        show::json(&json!({ "models": listed }))?;
        return Ok(End::Fine);
    }
    let mut rows = vec![["id", "for", "MB", "use", "here", "licence"].map(str::to_owned)];
    rows.extend(listed.iter().map(row));
    let widths: [usize; 6] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    for [id, what, megabytes, usage, here, licence] in rows {
        let [w_id, w_what, w_mb, w_use, w_here, _] = widths;
        show::line(format!(
            "{id:<w_id$}  {what:<w_what$}  {megabytes:>w_mb$}  {usage:<w_use$}  {here:<w_here$}  {licence}"
        ));
    }
    show::line("here: `get` is downloaded by `castlist models get ID`; `bring` is installed by");
    show::line("`castlist models add FILE` once you have the file, which is known by its hash.");
    Ok(End::Fine)
}

/// One model's line of the table.
fn row(model: &Listed) -> [String; 6] {
    let entry = model.entry;
    let here = match model.availability {
        Availability::BuiltIn => "built in",
        Availability::Installed => "installed",
        Availability::Downloadable => "get",
        Availability::KnownOnly => "bring",
    };
    [
        entry.id.clone(),
        entry.kind.to_string(),
        entry.megabytes().unwrap_or_else(|| "?".to_owned()),
        entry.use_in_words().to_owned(),
        here.to_owned(),
        entry.licence.clone().unwrap_or_else(|| "not stated".to_owned()),
    ]
}

/// What a user should know before a model is fetched.
fn terms(entry: &Entry) -> String {
    let licence = entry.licence.as_deref().unwrap_or("not stated");
    let size = entry.megabytes().map_or_else(|| "size not stated".to_owned(), |mb| format!("{mb} MB"));
    format!("{}: licence {licence} ({}); {size}", entry.id, entry.use_in_words())
}

fn verify(catalogue: &Catalogue, cx: &Cx) -> Result<End, SessionError> {
    let mut bad = None;
    for verified in catalogue.verify(cx)? {
        match verified.status {
            Status::Good => show::line(format!("{:<20} good", verified.id)),
            Status::Bad { message } => {
                show::line(format!("{:<20} BAD: {message}", verified.id));
                bad.get_or_insert(message);
            }
        }
    }
    bad.map_or(Ok(End::Fine), |message| Err(SessionError::BadModel(message)))
}
