//! What the default method reaches by a regression, and how far its probabilities can be believed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use castlist::base::{Constraints, Cx, Dendrogram, Embeddings, TrackIx};
use castlist::cluster::likelihood::{
    Certainty, Group, Regression, SamePerson, likelihood_linkage, probability,
};
use castlist::metrics::evaluate;

use super::{Failed, Set, some};

/// What the method does, by another regression than the one that ships.
fn linkage(rows: &Embeddings, links: &Constraints, by: &'static Regression) -> Result<Dendrogram, Failed> {
    let least = Certainty::LEAST.0;
    Ok(likelihood_linkage(rows, links, SamePerson::of(rows, by), least, &Cx::new())?)
}

/// `BCubed` F at the default certainty, and at the best.
fn scores(people: &[u32], tree: &Dendrogram) -> Result<(f64, f64), Failed> {
    let f = |height: f64| -> Result<f64, Failed> {
        Ok(evaluate(people, tree.cut(height).labels()).map(|scores| scores.bcubed.f)?)
    };
    let mut best = f(0.0)?;
    for merge in tree.merges() {
        best = best.max(f(f64::from(merge.height))?);
    }
    Ok((f(Certainty::EVEN.height())?, best))
}

pub fn report(set: &Set, fitted: &BTreeMap<String, &'static Regression>) -> Result<(), Failed> {
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
        let (rows, links) = some(set, &chosen);
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

/// The probability of a pair of groups, and whether most of their pairs of tracks are one person.
type Judged = (f64, bool);

/// All pairs of groups that a part falls into at the default certainty and that may be one person, but
/// for those that nobody would ask about.
fn judged(set: &Set, part: &str, by: &'static Regression) -> Result<Vec<Judged>, Failed> {
    let chosen: Vec<TrackIx> =
        (0..set.rows.len() as TrackIx).filter(|&row| set.parts[row as usize] == part).collect();
    let (rows, links) = some(set, &chosen);
    let clusters = linkage(&rows, &links, by)?.cut(Certainty::EVEN.height()).clusters();
    let same_person = SamePerson::of(&rows, by);
    let groups: Vec<(Vec<f32>, Group)> = clusters
        .iter()
        .map(|cluster| {
            let mut mean = vec![0.0; rows.dim()];
            for &row in cluster {
                mean.iter_mut().zip(rows.row(row)).for_each(|(sum, x)| *sum += x / cluster.len() as f32);
            }
            let group = Group::of(cluster.len() as u32, &mean);
            (mean, group)
        })
        .collect();
    let person = |row: TrackIx| set.people[chosen[row as usize] as usize];
    let mut found = Vec::new();
    for a in 0..clusters.len() {
        for b in a + 1..clusters.len() {
            let parted = links.cannot().any(|(x, y)| {
                (clusters[a].contains(&x) && clusters[b].contains(&y))
                    || (clusters[b].contains(&x) && clusters[a].contains(&y))
            });
            let between: f32 = groups[a].0.iter().zip(&groups[b].0).map(|(x, y)| x * y).sum();
            let p = probability(same_person.log_odds(f64::from(between), groups[a].1, groups[b].1));
            if !parted && (0.05..0.95).contains(&p) {
                let pairs = clusters[a].iter().flat_map(|&x| clusters[b].iter().map(move |&y| (x, y)));
                let same = pairs.filter(|&(x, y)| person(x) == person(y)).count();
                found.push((p, 2 * same > clusters[a].len() * clusters[b].len()));
            }
        }
    }
    Ok(found)
}

/// Ten bins of equal count: the mean probability and the share that is one person; then the expected
/// calibration error over them, and the area under the curve.
pub fn calibration(sets: &[&Set], fitted: &BTreeMap<String, &'static Regression>) -> Result<(), Failed> {
    for set in sets {
        let parts: BTreeSet<&String> = set.parts.iter().collect();
        let mut all = Vec::new();
        for part in parts {
            all.extend(judged(set, part, fitted[part])?);
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let n = all.len();
        let share = |some: &[Judged]| some.iter().filter(|it| it.1).count() as f64 / some.len().max(1) as f64;
        let mean = |some: &[Judged]| some.iter().map(|it| it.0).sum::<f64>() / some.len().max(1) as f64;
        println!("\n{}, {}: {n} pairs of groups with 0.05 < P < 0.95", set.model, set.name);
        let mut error = 0.0;
        for bin in 0..10 {
            let some = &all[n * bin / 10..n * (bin + 1) / 10];
            if !some.is_empty() {
                error += some.len() as f64 / n as f64 * (share(some) - mean(some)).abs();
                println!("  told {:.3}, found {:.3} ({})", mean(some), share(some), some.len());
            }
        }
        let ones: Vec<usize> = (0..n).filter(|&at| all[at].1).collect();
        let zeros = (n - ones.len()) as f64;
        let below: f64 = ones.iter().enumerate().map(|(rank, at)| (at - rank) as f64).sum();
        println!("  expected calibration error {error:.3}, AUC {:.3}", below / (ones.len() as f64 * zeros));
    }
    Ok(())
}

/// Writes the regression as source.
pub fn write(regression: &Regression) -> Result<(), Failed> {
    let list = |values: &[f64]| {
        let lines: Vec<String> = values
            .chunks(6)
            .map(|some| some.iter().map(|value| format!("{value:.6}")).collect::<Vec<_>>().join(", "))
            .collect();
        format!("[\n        {},\n    ]", lines.join(",\n        "))
    };
    let text = format!(
        "//! The regression of [`super::SamePerson`], as `cargo bench --bench linkage -- FIT` writes it.\n\n\
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
