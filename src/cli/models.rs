//! `castlist models …`.

use std::path::PathBuf;

use serde_json::json;

use super::args::ModelsAction;
use super::progress::with_bar;
use super::{Completion, output};
use crate::base::Cx;
use crate::infer;
use crate::models::{Availability, Catalogue, ListedModel, ModelEntry, VerifyStatus};
use crate::session::{AddModelJob, DownloadJob, SessionError};

pub(super) fn run(action: ModelsAction, cx: &Cx) -> Result<Completion, SessionError> {
    if matches!(action, ModelsAction::Probe) {
        return Ok(infer::try_model(std::io::stdin().lock()).map(|()| Completion::Success)?);
    }
    let catalogue = Catalogue::load()?;
    for problem in catalogue.problems() {
        output::note(format!("warning: {problem}"));
    }
    match action {
        ModelsAction::List { json } => list(&catalogue, json),
        ModelsAction::Get { id } => {
            let place =
                get(&catalogue, &id, cx)?.map_or_else(String::new, |path| format!(": {}", path.display()));
            output::line(format!("{id} is ready{place}"));
            Ok(Completion::Success)
        }
        ModelsAction::Add { file, set } => {
            let added = AddModelJob { file, set }.run(cx)?;
            output::line(format!("{} is ready; use it with --model {}", added.entry.id, added.entry.id));
            Ok(Completion::Success)
        }
        ModelsAction::Verify => verify(&catalogue, cx),
        // It was run above, without the catalogue.
        ModelsAction::Probe => Ok(Completion::Success),
    }
}

/// Fetches a model where it is not here, after showing its licence.
pub(super) fn get(catalogue: &Catalogue, id: &str, cx: &Cx) -> Result<Option<PathBuf>, SessionError> {
    if let Some(entry) = catalogue.find(id) {
        output::note(terms(entry));
    }
    let job = DownloadJob { id: id.to_owned() };
    with_bar(cx, || job.run(cx))
}

fn list(catalogue: &Catalogue, as_json: bool) -> Result<Completion, SessionError> {
    let listed = catalogue.list();
    if as_json {
        output::json(&json!({ "models": listed }))?;
        return Ok(Completion::Success);
    }
    let mut rows = vec![["id", "for", "MB", "use", "here", "licence"].map(str::to_owned)];
    rows.extend(listed.iter().map(row));
    let widths: [usize; 6] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    for [id, what, megabytes, usage, here, licence] in rows {
        let [w_id, w_what, w_mb, w_use, w_here, _] = widths;
        output::line(format!(
            "{id:<w_id$}  {what:<w_what$}  {megabytes:>w_mb$}  {usage:<w_use$}  {here:<w_here$}  {licence}"
        ));
    }
    output::line("here: `get` is downloaded by `castlist models get ID`; `bring` is installed by");
    output::line("`castlist models add FILE` once you have the file, which is known by its hash.");
    Ok(Completion::Success)
}

/// One model's line of the table.
fn row(model: &ListedModel) -> [String; 6] {
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
fn terms(entry: &ModelEntry) -> String {
    let licence = entry.licence.as_deref().unwrap_or("not stated");
    let size = entry.megabytes().map_or_else(|| "size not stated".to_owned(), |mb| format!("{mb} MB"));
    format!("{}: licence {licence} ({}); {size}", entry.id, entry.use_in_words())
}

fn verify(catalogue: &Catalogue, cx: &Cx) -> Result<Completion, SessionError> {
    let mut bad = None;
    for verified in catalogue.verify(cx)? {
        match verified.status {
            VerifyStatus::Good => output::line(format!("{:<20} good", verified.id)),
            VerifyStatus::Bad { message } => {
                output::line(format!("{:<20} BAD: {message}", verified.id));
                bad.get_or_insert(message);
            }
        }
    }
    bad.map_or(Ok(Completion::Success), |message| Err(SessionError::BadModel(message)))
}
