//! `castlist models …`.

use serde_json::json;

use super::args::ModelsAction;
use super::progress::with_bar;
use super::{End, show};
use crate::base::Cx;
use crate::models::{Availability, Catalogue, Status};
use crate::session::SessionError;

pub(super) fn run(action: ModelsAction, cx: &Cx) -> Result<End, SessionError> {
    let catalogue = Catalogue::load()?;
    for problem in catalogue.problems() {
        show::note(format!("warning: {problem}"));
    }
    match action {
        ModelsAction::List { json } => list(&catalogue, json),
        ModelsAction::Get { id } => {
            if let Some(entry) = catalogue.find(&id) {
                let licence = entry.licence.as_deref().unwrap_or("not stated");
                show::note(format!("{id}: licence {licence}"));
            }
            let path = with_bar(cx, || catalogue.get(&id, cx))?;
            show::line(format!("{id} is ready: {}", path.display()));
            Ok(End::Fine)
        }
        ModelsAction::Add { file, set } => {
            let added = catalogue.add(&file, &set)?;
            show::line(format!("{} is ready; use it with --model {}", added.entry.id, added.entry.id));
            Ok(End::Fine)
        }
        ModelsAction::Verify => verify(&catalogue, cx),
    }
}

fn list(catalogue: &Catalogue, as_json: bool) -> Result<End, SessionError> {
    let listed = catalogue.list();
    if as_json {
        show::json(&json!({ "models": listed }))?;
        return Ok(End::Fine);
    }
    for model in listed {
        let place = match model.availability {
            Availability::BuiltIn => "built in",
            Availability::Installed => "installed",
            Availability::Downloadable => "can be downloaded: castlist models get",
            Availability::KnownOnly => "known; give the file with --model FILE.onnx",
        };
        let licence = model.entry.licence.as_deref().unwrap_or("not stated");
        show::line(format!(
            "{:<20} {:<15} {:<18} {place}",
            model.entry.id,
            model.entry.kind.to_string(),
            licence
        ));
    }
    Ok(End::Fine)
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
