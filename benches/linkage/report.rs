//! What the default method reaches by a regression, and the regression as source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use castlist::base::{Constraints, Cx, Dendrogram, Embeddings, TrackIx};
use castlist::cluster::likelihood::{Certainty, Regression, SamePersonModel, likelihood_linkage};
use castlist::metrics::evaluate;

use super::{AnyError, LabelledFolder, subset};

/// What the method does, by another regression than the one that ships.
pub fn linkage(
    rows: &Embeddings,
    links: &Constraints,
    by: &'static Regression,
) -> Result<Dendrogram, AnyError> {
    let least = Certainty::LEAST.0;
    Ok(likelihood_linkage(rows, links, SamePersonModel::of(rows, by), least, &Cx::new())?)
}

/// `BCubed` F at the default certainty, and at the best.
fn scores(people: &[u32], tree: &Dendrogram) -> Result<(f64, f64), AnyError> {
    let f = |height: f64| -> Result<f64, AnyError> {
        Ok(evaluate(people, tree.cut(height).labels()).map(|scores| scores.bcubed.f)?)
    };
    let mut best = f(0.0)?;
    for merge in tree.merges() {
        best = best.max(f(f64::from(merge.height))?);
    }
    Ok((f(Certainty::EVEN.height())?, best))
}

pub fn report(set: &LabelledFolder, fitted: &BTreeMap<String, &'static Regression>) -> Result<(), AnyError> {
    let line = |part: &str, (default, best): (f64, f64)| {
        println!("{:<20} {:<14} {part:<6} {default:>7.3} {best:>7.3}", set.model, set.name);
    };
    // All in one: the mean of the fits that left one of its parts out.
    let parts: BTreeSet<&String> = set.parts.iter().collect();
    let mut whole = (0.0, 0.0);
    let mut sum = (0.0, 0.0);
    for &part in &parts {
        let all = scores(&set.people, &linkage(&set.rows, &set.links, fitted[part])?)?;
        let chosen: Vec<TrackIx> =
            (0..set.rows.len() as TrackIx).filter(|&row| set.parts[row as usize] == *part).collect();
        let (rows, links) = subset(set, &chosen);
        let people: Vec<u32> = chosen.iter().map(|&row| set.people[row as usize]).collect();
        let alone = scores(&people, &linkage(&rows, &links, fitted[part])?)?;
        line(part, alone);
        let n = parts.len() as f64;
        whole = (whole.0 + all.0 / n, whole.1 + all.1 / n);
        sum = (sum.0 + alone.0 / n, sum.1 + alone.1 / n);
    }
    line("mean", sum);
    line("all", whole);
    Ok(())
}

/// Writes the regression as source.
pub fn write(regression: &Regression) -> Result<(), AnyError> {
    let list = |values: &[f64]| {
        let lines: Vec<String> = values
            .chunks(6)
            .map(|some| some.iter().map(|value| format!("{value:.6}")).collect::<Vec<_>>().join(", "))
            .collect();
        format!("[\n        {},\n    ]", lines.join(",\n        "))
    };
    let text = format!(
        "//! The regression of [`super::SamePersonModel`], as `cargo bench --bench linkage -- FIT` writes it.\n\n\
         use super::Regression;\n\n\
         /// Fitted on all shows and photographs.\n\
         #[expect(clippy::unreadable_literal, reason = \"written by a program\")]\n\
         pub(super) static FITTED: Regression = Regression {{\n    centres: {},\n    scales: {},\n    \
         weights: {},\n}};\n",
        list(&regression.centres),
        list(&regression.scales),
        list(&regression.weights)
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cluster/likelihood/weights.rs");
    fs::write(&file, text)?;
    println!("wrote {}", file.display());
    Ok(())
}
