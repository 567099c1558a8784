//! `castlist learn …`: heads from labels, for scripts.
//!
//! Parses arguments and shows what the session's job tells: who is learned from, one line an
//! epoch, and how good the head is on people never seen.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::args::{BclArgs, LearnAction};
use super::progress::with_bar;
use super::{End, show};
use crate::base::Cx;
use crate::learn::{BclParams, EpochReport, LearnError};
use crate::session::{LearnJob, LearnReport, PartCount, SessionError, Told};

pub(super) fn run(action: &LearnAction, cx: &Cx) -> Result<End, SessionError> {
    match action {
        LearnAction::Bcl(args) => bcl(args, cx),
    }
}

fn bcl(args: &BclArgs, cx: &Cx) -> Result<End, SessionError> {
    let job = job(args)?;
    if args.json {
        show::json(&with_bar(cx, || job.run(cx, &mut |_| ()))?)?;
        return Ok(End::Fine);
    }
    let report = job.run(cx, &mut |told| match told {
        Told::Parts(parts) => show::note(who(parts)),
        Told::Epoch(report) => show::note(epoch(report)),
    })?;
    summary(&report);
    show::warnings(&report.warnings, report.n_warnings);
    Ok(End::Fine)
}

fn job(args: &BclArgs) -> Result<LearnJob, SessionError> {
    let mut params = BclParams { dims: widths(&args.dims)?, seed: args.seed, ..BclParams::default() };
    let mut model_overrides = Vec::new();
    for (name, value) in &args.set {
        if name.starts_with("model.") {
            model_overrides.push((name.clone(), value.clone()));
        } else {
            params.set(name, value)?;
        }
    }
    if let Some(epochs) = args.epochs {
        params.set("epochs", &epochs.to_string())?;
    }
    Ok(LearnJob {
        embeddings: args.embeddings.as_deref().map(file_and_array),
        tracks: args.tracks.clone(),
        labels: args.labels.clone(),
        model: args.model.clone(),
        model_overrides,
        out: args.out.clone(),
        split: args.split.clone(),
        params,
    })
}

/// `FILE` or `FILE.npz:ARRAY`.
fn file_and_array(spec: &str) -> (PathBuf, Option<String>) {
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
    parsed.map_err(|_| LearnError::Parameter {
        name: "dims",
        value: format!("`{text}`"),
        range: "whole numbers such as 256,128,64, or none".to_owned(),
    })
}

fn who(parts: &[PartCount]) -> String {
    let part = |count: &PartCount| {
        let PartCount { part, identities, tracks, faces } = count;
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
    show::line(format!("head: {}", report.head.display()));
    show::line(format!(
        "b {:.4} (τ {:.2} by the loss); τ {:.2} by BCubed F of the clustering, which is the one in use",
        report.b, report.tau_by_loss, report.tau
    ));
    let people = figure(&report.figures, "test-identities");
    if let (Some(people), Some(found), Some(by_loss)) = (people, test(""), test("by-loss-")) {
        show::line(format!("on {people} people never seen: {found} (by the loss's τ: {by_loss})"));
    }
    if let Some(without) = test("without-") {
        show::line(format!("without the projection, at its best τ: {without}"));
    }
}
