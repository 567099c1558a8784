//! `castlist learn …`: heads from labels, and proposals of heads from a project.
//!
//! Parses arguments and shows what the session's jobs report: the training data, one line an
//! epoch, how good a head is on people never seen, what a proposal would change.

mod lgcn;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::args::{BclArgs, LearnAction, LearnArgs, ProposeArgs};
use super::progress::with_bar;
use super::{Completion, output};
use crate::base::Cx;
use crate::base::{InvalidValue, Parameters as _};
use crate::heads::{
    HeadProposal, HeldOutScores, LearnEvent, LearnInput, LearnJob, LearnReport, ProposalOutcome, ProposeJob,
    SubsetCount, TrainingSource,
};
use crate::learn::{BclParams, EpochReport, LearnError};
use crate::models::HeadFile;
use crate::session::{Session, SessionError};

pub(super) fn run(action: &LearnAction, cx: &Cx) -> Result<Completion, SessionError> {
    match action {
        LearnAction::Bcl(args) => bcl(args, cx),
        LearnAction::Lgcn(args) => lgcn::run(args, cx),
        LearnAction::Finetune(args) => propose(args, TrainingSource::Finetune, cx),
        LearnAction::Corrections(args) => propose(args, TrainingSource::Corrections, cx),
    }
}

fn bcl(args: &BclArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let job = job(args)?;
    if args.from.json {
        output::json(&with_bar(cx, || job.run(cx, &mut |_| ()))?)?;
        return Ok(Completion::Success);
    }
    let report = job.run(cx, &mut |told| match told {
        LearnEvent::Parts(parts) => output::note(subset_words(parts)),
        LearnEvent::Epoch(report) => output::note(epoch(report)),
    })?;
    summary(&report);
    output::warnings(&report.warnings, report.n_warnings);
    Ok(Completion::Success)
}

fn job(args: &BclArgs) -> Result<LearnJob, SessionError> {
    let mut params = BclParams { dims: widths(&args.dims)?, seed: args.from.seed, ..BclParams::default() };
    let from = from(&args.from, |name, value| Ok(params.set(name, value)?))?;
    Ok(LearnJob { from, params })
}

/// What is learned from; parameters of the training go to `set`.
fn from(
    args: &LearnArgs,
    mut set: impl FnMut(&str, &str) -> Result<(), LearnError>,
) -> Result<LearnInput, LearnError> {
    let mut model_overrides = Vec::new();
    for (name, value) in &args.set {
        if name.starts_with("model.") {
            model_overrides.push((name.clone(), value.clone()));
        } else {
            set(name, value)?;
        }
    }
    if let Some(epochs) = args.epochs {
        set("epochs", &epochs.to_string())?;
    }
    Ok(LearnInput {
        embeddings: args.embeddings.as_deref().map(matrix_and_array),
        tracks: args.tracks.clone(),
        labels: args.labels.clone(),
        model: args.model.clone(),
        model_overrides,
        out: args.out.clone(),
        split: args.split.clone(),
    })
}

/// `FILE` or `FILE.npz:ARRAY`.
pub(super) fn matrix_and_array(spec: &str) -> (PathBuf, Option<String>) {
    match spec.rsplit_once(':').filter(|(file, _)| file.to_lowercase().ends_with(".npz")) {
        Some((file, array)) => (file.into(), Some(array.to_owned())),
        None => (spec.into(), None),
    }
}

/// `256,128,64` or `none`.
fn widths(text: &str) -> Result<Vec<usize>, LearnError> {
    if text == "none" {
        return Ok(Vec::new());
    }
    let parsed: Result<Vec<usize>, _> = text.split(',').map(|width| width.trim().parse()).collect();
    let range = "whole numbers such as 256,128,64, or none";
    parsed.map_err(|_| InvalidValue::new("dims", format!("`{text}`"), range).into())
}

fn subset_words(parts: &[SubsetCount]) -> String {
    let part = |count: &SubsetCount| {
        let SubsetCount { part, identities, tracks, faces } = count;
        format!("{part}: {identities} people, {tracks} tracks, {faces} faces")
    };
    parts.iter().map(part).collect::<Vec<_>>().join("; ")
}

fn epoch(report: &EpochReport) -> String {
    let mut text = format!("epoch {:>4}  loss {:.4}  b {:.4}", report.epoch, report.loss, report.b);
    if let Some(v) = report.validation {
        text.push_str(&format!(
            "  validation NMI {:.4}  BCubed F {:.4}  {} clusters of {} people",
            v.nmi, v.bcubed_f, v.n_clusters, v.n_identities
        ));
    }
    text
}

fn summary(report: &LearnReport) {
    let figure = |figures: &BTreeMap<String, f64>, name: &str| figures.get(name).copied();
    let test = |prefix: &str| {
        let f = figure(&report.figures, &format!("{prefix}test-bcubed-f"))?;
        let clusters = figure(&report.figures, &format!("{prefix}test-clusters"))?;
        Some(format!("BCubed F {f:.4}, {clusters} clusters"))
    };
    output::line(format!("head: {}", report.head.display()));
    output::line(format!(
        "b {:.4} (τ {:.2} by the loss); τ {:.2} by BCubed F of the clustering, which is the one in use",
        report.b, report.tau_by_loss, report.tau
    ));
    let people = figure(&report.figures, "test-identities");
    if let (Some(people), Some(found), Some(by_loss)) = (people, test(""), test("by-loss-")) {
        output::line(format!("on {people} people never seen: {found} (by the loss's τ: {by_loss})"));
    }
    if let Some(without) = test("without-") {
        output::line(format!("without the projection, at its best τ: {without}"));
    }
}

/// `learn finetune` and `learn corrections`.
fn propose(args: &ProposeArgs, source: TrainingSource, cx: &Cx) -> Result<Completion, SessionError> {
    if let Some(out) = &args.out {
        HeadFile::check_writable(out)?;
    }
    let mut session = if args.adopt {
        Session::open_existing(&args.project)?
    } else {
        Session::open_read_only(&args.project)?
    };
    let job = ProposeJob::new(&session, source);
    let outcome = with_bar(cx, || job.run(cx, |forecast| output::note(forecast)))?;
    if let ProposalOutcome::Better(proposal) = &outcome {
        if let Some(out) = &args.out {
            proposal.write_head(out)?;
        }
        if args.adopt {
            session.adopt(&proposal.keep(session.project())?)?;
        }
    }
    let warnings = cx.warnings();
    if args.json {
        let adopted = args.adopt && matches!(outcome, ProposalOutcome::Better(_));
        let mut object = as_json(&outcome);
        object["lesson"] = json!(source);
        object["adopted"] = json!(adopted);
        object["warnings"] = json!(warnings.kept);
        object["n_warnings"] = json!(warnings.count);
        output::json(&object)?;
        return Ok(Completion::Success);
    }
    match &outcome {
        ProposalOutcome::Better(proposal) => print_proposal(proposal, args.adopt),
        ProposalOutcome::NothingBetter { why, present, best } => {
            output::line(format!("nothing better was found: {why}"));
            for (name, held) in [("present", present), ("best of the others", best)] {
                if let Some(held) = held {
                    output::line(held_out_line(name, held));
                }
            }
        }
    }
    output::warnings(&warnings.kept, warnings.count);
    Ok(Completion::Success)
}

fn as_json(outcome: &ProposalOutcome) -> Value {
    match outcome {
        ProposalOutcome::Better(proposal) => json!({
            "better": true,
            "present": proposal.present,
            "proposed": proposal.proposed,
            "head": proposal.head.sha256,
            "radius": proposal.radius,
            "diff": proposal.diff,
        }),
        ProposalOutcome::NothingBetter { why, present, best } => json!({
            "better": false,
            "why": why,
            "present": present,
            "proposed": best,
        }),
    }
}

/// The proposal for people: how much better, and what it would change.
fn print_proposal(proposal: &HeadProposal, adopted: bool) {
    const SHOWN: usize = 20;
    output::line(held_out_line("present", &proposal.present));
    output::line(held_out_line("proposed", &proposal.proposed));
    let diff = &proposal.diff;
    output::line(format!(
        "{} identities become {}: {} gain tracks, {} lose tracks, {} stay as they are",
        diff.n_before, diff.n_after, diff.n_merging, diff.n_splitting, diff.n_unchanged
    ));
    for change in diff.changes.iter().take(SHOWN) {
        let (before, after) = (change.before, change.after);
        output::line(format!("{:>5}  {before:>4} → {after:>4} tracks  {}", change.identity, change.title));
    }
    if diff.changes.len() > SHOWN {
        output::line(format!("and {} more (all of them with --json)", diff.changes.len() - SHOWN));
    }
    output::line(format!("head {}, radius {:.4}", &proposal.head.sha256[..12], proposal.radius.0));
    output::line(if adopted {
        "adopted; `castlist review undo` reverts it"
    } else {
        "nothing was changed; --adopt adopts it"
    });
}

fn held_out_line(name: &str, held: &HeldOutScores) -> String {
    let mut text = format!("{name}: on held-out data");
    if held.tracks > 0 {
        text.push_str(&format!(" BCubed F {:.4} over {} confirmed tracks", held.bcubed_f, held.tracks));
    }
    if held.pairs > 0 {
        text.push_str(&format!(" {} of {} known pairs on the wrong side", held.wrong_pairs, held.pairs));
    }
    if held.better + held.worse > 0 {
        text.push_str(&format!(" ({} better, {} worse than at present)", held.better, held.worse));
    }
    text
}
