//! `cluster`, `evaluate` and `export`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use serde_json::json;

use super::args::ClusterArgs;
use super::progress::with_bar;
use super::{Completion, output};
use crate::base::Cx;
use crate::cluster::{self, METHODS};
use crate::export::{Selection, TransferMode};
use crate::models::{Catalogue, ModelNeed, ModelOffer};
use crate::review::IdentityId;
use crate::session::{
    self, AnalyseJob, Analysis, AnalysisReport, ExportJob, MatrixJob, Session, SessionError, Settings,
};
use crate::study;
use crate::tracks::{Changes, PictureGrouping};
use crate::views::NamesImport;

/// Names that a message lists.
const NAMED: usize = 5;

/// A report, and the names that the folder brought with it.
#[derive(Serialize)]
struct NamedReport<'a> {
    #[serde(flatten)]
    report: &'a AnalysisReport,
    names: NamesImport,
}

/// `castlist cluster`. Of videos the tracks are made first.
pub(super) fn cluster(args: &ClusterArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let Some(videos) = args.folder.as_deref().filter(|path| session::are_videos(path)) else {
        return cluster_tracks(args, cx);
    };
    let tracks = super::track::on_the_way(videos, args.json, cx)?;
    cluster_tracks(&ClusterArgs { folder: Some(tracks), ..args.clone() }, cx)
}

fn cluster_tracks(args: &ClusterArgs, cx: &Cx) -> Result<Completion, SessionError> {
    if let Some(id) = args.model.as_ref().filter(|_| args.get) {
        let catalogue = Catalogue::load()?;
        // What is here already needs no word about its licence.
        if !catalogue.find(id).is_some_and(|entry| catalogue.has(entry)) {
            super::models::get(&catalogue, id, cx)?;
        }
    }
    let (report, names) = if let Some(file) = &args.embeddings {
        (cluster_matrix(args, file, cx)?, None)
    } else {
        let mut session = open_session(args, args.folder.as_deref().unwrap_or(Path::new(".")))?;
        choose(args, |name, value| session.set(name, value).map_err(Into::into))?;
        warn_unused(args, session.settings());
        let takes_over = args.adopt || args.adopt_parts.is_some();
        let is_renewed = !takes_over && session.has_renewed_model(&Catalogue::builtin()?);
        if is_renewed {
            output::note(
                "this project was made with an earlier built-in model, whose faces cannot be compared with \
                 those of the present one; all faces are looked at anew, and nothing changes (or is written by \
                 --export or --assignments) until you adopt it with --adopt or --adopt-parts",
            );
        }
        if args.propose || is_renewed {
            return propose(&session, args, cx);
        }
        cluster_folder(session, args, cx)?
    };
    match names {
        _ if !args.json => output::warnings(&report.warnings, report.n_warnings),
        None => output::json(&report)?,
        Some(names) => output::json(&NamedReport { report: &report, names })?,
    }
    Ok(if args.strict && report.n_warnings > 0 { Completion::Warnings } else { Completion::Success })
}

fn cluster_matrix(args: &ClusterArgs, file: &Path, cx: &Cx) -> Result<AnalysisReport, SessionError> {
    let mut settings = Settings::default();
    choose(args, |name, value| settings.set(name, value).map_err(Into::into))?;
    warn_unused(args, &settings);
    let (array, tracks, model) = (args.array.clone(), args.tracks.clone(), args.model.clone());
    let job = MatrixJob { file: file.to_path_buf(), array, tracks, model, settings };
    let outcome = with_bar(cx, || job.run(cx))?;
    if let Some(path) = &args.assignments {
        session::write_assignments(path, outcome.assignments.iter().map(|(t, c)| (t.as_str(), *c)))?;
    }
    if !args.json {
        let report = &outcome.report;
        output::line(format!("{} tracks in {} clusters", report.n_tracks, report.n_clusters));
    }
    Ok(outcome.report)
}

/// The session of a folder.
fn open_session(args: &ClusterArgs, folder: &Path) -> Result<Session, SessionError> {
    let session = Session::open(folder, args.project.as_deref())?;
    if folder.is_dir() { Ok(session) } else { Err(SessionError::Missing(folder.to_path_buf())) }
}

/// `--propose`: what the new clusters would change.
fn propose(session: &Session, args: &ClusterArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let job = session.job();
    let analysis = with_bar(cx, || job.run(cx, |forecast| output::note(forecast)))?;
    let regrouping = session.propose_run(&analysis)?;
    if args.json {
        output::json(&regrouping)?;
        return Ok(Completion::Success);
    }
    let tracks = |n: usize| if n == 1 { "1 track".to_owned() } else { format!("{n} tracks") };
    output::line(format!(
        "{}: {} would change, {} identities would be {}, {} stay as they are",
        regrouping.source,
        tracks(regrouping.n_tracks),
        regrouping.n_before,
        regrouping.n_after,
        regrouping.n_unchanged
    ));
    for part in &regrouping.parts {
        output::line(format!("part {}: {}", part.number, tracks(part.n_tracks)));
        for change in &part.changes {
            let (title, gains, loses) = (&change.title, change.gains.len(), change.loses.len());
            output::line(format!(
                "  {title}: {} tracks before, {} after (+{gains} −{loses})",
                change.before, change.after
            ));
        }
    }
    if let Some(model) = args.model.as_ref().filter(|_| !regrouping.is_empty()) {
        let head = args.head.iter().map(|head| format!(" --head {head}"));
        let method = args.method.iter().map(|method| format!(" --method {method}"));
        let set = args.set.iter().map(|(name, value)| format!(" --set {name}={value}"));
        let chosen: String = head.chain(method).chain(set).collect();
        let command = command_for(args, &format!("--model {model}{chosen}"));
        output::note(format!(
            "nothing has changed yet; {command} --adopt adopts all of it, --adopt-parts N,N some"
        ));
    }
    output::warnings(&analysis.report.warnings, analysis.report.n_warnings);
    Ok(if args.strict && analysis.report.n_warnings > 0 { Completion::Warnings } else { Completion::Success })
}

/// The report, and the names that the folder brought with it.
fn cluster_folder(
    mut session: Session,
    args: &ClusterArgs,
    cx: &Cx,
) -> Result<(AnalysisReport, Option<NamesImport>), SessionError> {
    let parts = args.adopt_parts.as_ref().map(|parts| parts.iter().copied().collect());
    let job = if args.adopt { session.job().accepting_rereading() } else { session.job() };
    let analysis = analyse(&session, &job, cx)?;
    let names = adopt_analysis(&mut session, &analysis, parts)?;
    if let Some(path) = &args.assignments {
        let tracks = analysis.set.tracks.iter().map(|track| track.id.as_str());
        session::write_assignments(path, tracks.zip(analysis.labels.iter().copied()))?;
    }
    if let Some(target) = &args.export {
        let plan = session.export(Selection::default(), TransferMode::Copy, target)?;
        with_bar(cx, || ExportJob { plan }.run(cx))?;
    }
    if !args.json {
        summary(&session, args, &analysis);
    }
    Ok((analysis.report, names))
}

/// `--model`, `--head`, `--method` and every `--set`.
fn choose(
    args: &ClusterArgs,
    mut set: impl FnMut(&str, &str) -> Result<(), SessionError>,
) -> Result<(), SessionError> {
    for (name, value) in [("model", &args.model), ("head", &args.head)] {
        if let Some(value) = value {
            set(name, &full_path(value))?;
        }
    }
    if let Some(method) = &args.method {
        set("method", method)?;
    }
    args.set.iter().try_for_each(|(name, value)| match name.as_str() {
        "model" | "head" | "pooling" => set(name, &full_path(value)),
        _ => set(name, value),
    })
}

/// Says which of the parameters that were set the method does not take.
fn warn_unused(args: &ClusterArgs, settings: &Settings) {
    let method = settings.method;
    for (name, _) in &args.set {
        if let Some(parameter) = cluster::parameter(name).filter(|parameter| !method.takes(parameter)) {
            let takers = METHODS.iter().filter(|other| other.takes(parameter)).map(|other| other.id);
            let takers: Vec<&str> = takers.collect();
            let (id, takers) = (method.id, takers.join(" or --method "));
            output::note(format!("{name} has no effect on the method {id}; --method {takers} takes it"));
        }
    }
}

/// An id as it is; a file by its full path, since the project remembers it, and is opened from
/// other folders, too.
pub(super) fn full_path(value: &str) -> String {
    let path = Path::new(value);
    let is_path = path.extension().is_some() || path.components().count() > 1;
    let full = if is_path && path.is_file() { std::path::absolute(path).ok() } else { None };
    full.as_ref().and_then(|full| full.to_str()).unwrap_or(value).to_owned()
}

/// Runs the session's job, or one like it, inline.
pub(super) fn analyse(session: &Session, job: &AnalyseJob, cx: &Cx) -> Result<Analysis, SessionError> {
    if session.is_in_data_folder() {
        output::note(format!(
            "the folder cannot be written, so the project is stored here: {}",
            session.project().path().display()
        ));
    }
    let analysis = with_bar(cx, || job.run(cx, |forecast| output::note(forecast)))?;
    if analysis.report.n_erased > 0 {
        let n = analysis.report.n_erased;
        let tracks = if n == 1 { "1 track was".to_owned() } else { format!("{n} tracks were") };
        output::note(format!("{tracks} passed over: they are of people who were erased"));
    }
    Ok(analysis)
}

/// Adopts an analysis, or some parts of it, and the names that the folder brings with it.
pub(super) fn adopt_analysis(
    session: &mut Session,
    analysis: &Analysis,
    parts: Option<BTreeSet<usize>>,
) -> Result<Option<NamesImport>, SessionError> {
    match parts {
        Some(parts) => session.finish_parts(analysis, parts)?,
        None => session.finish(analysis)?,
    }
    let names = session.bring_in_names()?;
    if let Some(names) = &names {
        let n = names.names.len();
        let first: Vec<&str> = names.names.keys().take(NAMED).map(String::as_str).collect();
        let more = if n > first.len() { format!(" and {} more", n - first.len()) } else { String::new() };
        output::note(format!(
            "the folder is an export of Castlist's: {} tracks have the names that they had there ({}{more}); \
             `castlist review undo` takes them away",
            names.n_tracks(),
            first.join(", ")
        ));
    }
    Ok(names)
}

fn summary(session: &Session, args: &ClusterArgs, analysis: &Analysis) {
    let report = &analysis.report;
    let kept = session.review().identities().filter(|identity| identity.kept).count();
    let unassigned = analysis.labels.iter().filter(|label| label.is_none()).count();
    output::line(format!("{} tracks in {} clusters", report.n_tracks, report.n_clusters));
    if report.changes != Changes::default() {
        output::line(format!("since the last run: {}", report.changes));
    }
    let n_named = session.review().identities().filter(|identity| identity.name.is_some()).count();
    if report.changes.n_new > 0 && n_named > 0 && n_named < session.review().identities().len() {
        output::line(
            "the new tracks may show people who have a name: `castlist review suggest` proposes them",
        );
    }
    if kept > 0 {
        let all = session.review().identities().len();
        output::line(format!("{all} identities, {kept} of them kept as you left them"));
    }
    if unassigned > 0 {
        output::line(format!("{unassigned} tracks without a usable face"));
    }
    if session.settings().pictures == PictureGrouping::People && n_named == 0 {
        let folder = quoted(args.folder.as_deref().unwrap_or(Path::new(".")));
        output::line(format!(
            "the folders look like people; their names come in by: castlist import folders {folder}"
        ));
    }
    output::line(format!("project: {}", session.project().path().display()));
    if let Ok(catalogue) = Catalogue::load() {
        print_offers(report, &catalogue, args);
    }
}

/// Which models may do better, where the built-in one is unsure on this footage: of each what it
/// would bring, and the one command that gets it and shows what would change.
fn print_offers(report: &AnalysisReport, catalogue: &Catalogue, args: &ClusterArgs) {
    let offers =
        session::models_worth_trying(&report.model, &report.engine, report.diagnostics.unsure, catalogue);
    if offers.is_empty() {
        return;
    }
    output::note("the built-in model is unsure of some people here; another may separate them:");
    for (need, offer) in offers {
        let command = command_for(args, &format!("--model {} --get --propose", offer.entry.id));
        output::note(format!("  {command}\n    {}", benefit(need, &offer)));
    }
}

/// The benefit of a model, and its permitted use.
fn benefit(need: ModelNeed, offer: &ModelOffer) -> String {
    let usage = match need {
        ModelNeed::AnyUse => "for any use",
        ModelNeed::NonCommercial => "not for commercial use",
    };
    let size = match offer.entry.megabytes().filter(|_| !offer.is_here) {
        Some(megabytes) => format!("{megabytes} MB"),
        None if offer.is_here => "installed".to_owned(),
        None => "size not stated".to_owned(),
    };
    let film = offer.film.map_or_else(
        || "not measured on film".to_owned(),
        |film| format!("BCubed F on film {:.2} instead of {:.2}", film.with, film.instead_of),
    );
    format!("{usage}; {size}; {film}")
}

/// The command that clusters the same folder with other arguments.
fn command_for(args: &ClusterArgs, more: &str) -> String {
    let folder = quoted(args.folder.as_deref().unwrap_or(Path::new(".")));
    let project = args.project.as_deref().map(|path| format!(" --project {}", quoted(path)));
    format!("castlist cluster {folder}{} {more}", project.unwrap_or_default())
}

/// A path as a command takes it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(char::is_whitespace) { format!("\"{path}\"") } else { path }
}

/// Groups the tracks of a folder, and says how well that fits who they are; tracks of nobody do not count.
pub(super) fn group_and_score(
    folder: &Path,
    truth: BTreeMap<String, Option<String>>,
    cx: &Cx,
) -> Result<(), SessionError> {
    let mut session = Session::open(folder, None)?;
    let job = session.job();
    let analysis = analyse(&session, &job, cx)?;
    session.finish(&analysis)?;
    let truth: BTreeMap<String, String> =
        truth.into_iter().filter_map(|(track, person)| Some((track, person?))).collect();
    let assignments = analysis
        .set
        .tracks
        .iter()
        .zip(&analysis.labels)
        .filter(|(track, _)| truth.contains_key(&track.id))
        .map(|(track, label)| (track.id.clone(), label.map(|label| label.to_string())))
        .collect();
    let scores = session::evaluate(&assignments, &truth, false)?.scores;
    output::line(format!(
        "Found {} clusters with {} on {} (BCubed F {:.3}, NMI {:.3}).",
        scores.n_clusters, analysis.report.model, analysis.report.engine, scores.bcubed.f, scores.nmi
    ));
    Ok(())
}

/// `castlist evaluate`.
pub(super) fn evaluate(
    assignments: &Path,
    labels: &str,
    common: bool,
    json: bool,
) -> Result<Completion, SessionError> {
    let assignments = session::read_assignments(assignments)?;
    let truth = session::read_truth(labels)?;
    let evaluation = session::evaluate(&assignments, &truth, common)?;
    if let Some(warning) = study::unassigned(evaluation.n_unassigned, common) {
        output::note(format!("warning: {warning}"));
    }
    if json {
        output::json(&evaluation)?;
        return Ok(Completion::Success);
    }
    let s = &evaluation.scores;
    output::line(format!("{} tracks, {} clusters, {} identities", s.n_tracks, s.n_clusters, s.n_identities));
    let triple = |name: &str, t: &crate::metrics::PrecisionRecall| {
        output::line(format!("{name:<9} P {:.4}  R {:.4}  F {:.4}", t.precision, t.recall, t.f));
    };
    triple("BCubed", &s.bcubed);
    triple("pairwise", &s.pairwise);
    output::line(format!(
        "NMI {:.4}   WCP {:.4} at {} clusters   clicks {}",
        s.nmi, s.wcp, s.n_clusters, s.clicks
    ));
    Ok(Completion::Success)
}

/// `castlist export`.
pub(super) fn export(
    project: &Path,
    dir: &Path,
    (link, identities): (TransferMode, &[u64]),
    as_json: bool,
    cx: &Cx,
) -> Result<Completion, SessionError> {
    let session = Session::open_read_only(project)?;
    let selection = match identities {
        [] => Selection::default(),
        some => Selection::Only(some.iter().map(|&id| IdentityId(id)).collect()),
    };
    let job = ExportJob { plan: session.export(selection, link, dir)? };
    let written = with_bar(cx, || job.run(cx))?;
    let warnings = cx.warnings();
    if as_json {
        output::json(&json!({ "export": written, "warnings": warnings.kept }))?;
    } else {
        output::line(format!(
            "{} identities, {} tracks, {} pictures: {}",
            job.plan.n_identities(),
            job.plan.n_tracks(),
            written.n_files,
            dir.display()
        ));
        output::warnings(&warnings.kept, warnings.count);
    }
    Ok(Completion::Success)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::super::args::{Args, CliCommand};
    use super::*;

    #[test]
    fn an_offer_is_told_with_the_one_command_that_tries_it() {
        let catalogue = Catalogue::builtin().unwrap();
        let offers =
            session::models_worth_trying("castlist-face", "onnxruntime 1.32.0", Some(0.13), &catalogue);
        let told: Vec<String> = offers.iter().map(|(need, offer)| benefit(*need, offer)).collect();
        assert_eq!(
            told,
            [
                "not for commercial use; ~7.1 MB; BCubed F on film 0.93 instead of 0.86",
                "for any use; 38.7 MB; not measured on film"
            ]
        );
        let typed = ["castlist", "cluster", "my films", "--project", "p.sqlite"];
        let Some(CliCommand::Cluster(args)) = Args::try_parse_from(typed).unwrap().command else { return };
        let command = command_for(&args, "--model sface --get --propose");
        assert_eq!(command, "castlist cluster \"my films\" --project p.sqlite --model sface --get --propose");
    }
}
