//! `castlist learn lgcn`: shows the training data, one line per epoch, and how good the head is
//! on people never seen, beside raw cosine and ball clusters.

use super::super::args::LgcnArgs;
use super::super::progress::with_bar;
use super::super::{Completion, output};
use super::{from, subset_words, widths};
use crate::base::Cx;
use crate::base::Parameters as _;
use crate::heads::{LgcnEvent, LgcnLearnJob, LgcnReport};
use crate::learn::lgcn::{LgcnEpoch, LgcnTrainingParams};
use crate::session::SessionError;

pub(super) fn run(args: &LgcnArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let mut params = LgcnTrainingParams {
        widths: widths(&args.dims)?,
        seed: args.from.seed,
        ..LgcnTrainingParams::default()
    };
    let from = from(&args.from, |name, value| Ok(params.set(name, value)?))?;
    let job = LgcnLearnJob { from, params };
    if args.from.json {
        output::json(&with_bar(cx, || job.run(cx, &mut |_| ()))?)?;
        return Ok(Completion::Success);
    }
    let report = job.run(cx, &mut |told| match told {
        LgcnEvent::Parts(parts) => output::note(subset_words(parts)),
        LgcnEvent::Epoch(report) => output::note(epoch(report)),
    })?;
    summary(&report);
    output::warnings(&report.warnings, report.n_warnings);
    Ok(Completion::Success)
}

fn epoch(report: &LgcnEpoch) -> String {
    let mut text = format!("epoch {:>4}  loss {:.4}", report.epoch, report.loss);
    if let (Some(loss), Some(figures)) = (report.validation_loss, report.validation) {
        text.push_str(&format!(
            "  validation loss {loss:.4}  accuracy {:.4}  AUC {:.4} over {} links",
            figures.accuracy, figures.auc, figures.links
        ));
    }
    text
}

fn summary(report: &LgcnReport) {
    output::line(format!("head: {}", report.head.display()));
    output::line(format!(
        "links count from a score of {:.2}; step {}, clusters of up to {} tracks",
        report.floor, report.step, report.max_size
    ));
    let figure = |name: &str| report.figures.get(&format!("test-{name}")).copied();
    let links =
        (figure("links-accuracy"), figure("links-auc"), figure("cosine-accuracy"), figure("cosine-auc"));
    if let (Some(accuracy), Some(auc), Some(by_cosine), Some(cosine_auc)) = links {
        output::line(format!(
            "links of people never seen: accuracy {accuracy:.4}, AUC {auc:.4} (raw cosine: {by_cosine:.4}, \
             {cosine_auc:.4})"
        ));
    }
    if let (Some(f), Some(balls)) = (figure("bcubed-f"), figure("bcl-bcubed-f")) {
        output::line(format!("their clusters: BCubed F {f:.4} (ball clusters at their best τ: {balls:.4})"));
    }
}
