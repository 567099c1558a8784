//! How far the probabilities of likelihood linkage can be believed: told against found.
//!
//! Takes sets of tracks and, for each part, a regression that was fitted without it; judges the pairs
//! of groups that the default leaves and that a curator would be asked about (0.05 < P < 0.95), on the
//! part itself and on draws of two thirds of its tracks, since one clustering leaves too few pairs to
//! fill ten bins. Prints the bins and writes them as a picture.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use castlist::base::{TrackIx, seeded};
use castlist::cluster::likelihood::{Certainty, Regression, SamePersonModel, TrackGroup, probability};
use rand::RngExt;

use super::report::linkage;
use super::{AnyError, LabelledFolder, subset};

/// Draws of each part, …
const DRAWS: u64 = 30;
/// … and the share of its tracks in each.
const SHARE: f64 = 2.0 / 3.0;
/// Bins of equal count.
const BINS: usize = 10;
/// Times that outcomes are drawn from the probabilities themselves.
const CHANCES: usize = 400;

/// The probability of a pair of groups, and whether most of their pairs of tracks are one person.
type Prediction = (f64, bool);

/// A bin: the mean probability, the share that is one person, and how many pairs.
type Bin = (f64, f64, usize);

pub fn calibration(
    sets: &[&LabelledFolder],
    fitted: &BTreeMap<String, &'static Regression>,
) -> Result<(), AnyError> {
    let mut panels = Vec::new();
    for set in sets {
        let parts: BTreeSet<&String> = set.parts.iter().collect();
        let (mut whole, mut drawn) = (Vec::new(), Vec::new());
        for part in parts {
            let rows: Vec<TrackIx> =
                (0..set.rows.len() as TrackIx).filter(|&row| set.parts[row as usize] == *part).collect();
            whole.extend(predictions(set, &rows, fitted[part])?);
            for draw in 0..DRAWS {
                let mut rng = seeded(draw);
                let some: Vec<TrackIx> = rows.iter().copied().filter(|_| rng.random_bool(SHARE)).collect();
                drawn.extend(predictions(set, &some, fitted[part])?);
            }
        }
        println!("\n{}, {}", set.model, set.name);
        print_bins("each show as it is", whole);
        panels.push((set.model.clone(), print_bins("draws of two thirds of each show's tracks", drawn)));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens/reliability.svg");
    fs::write(&file, picture(&panels))?;
    println!("wrote {}", file.display());
    Ok(())
}

/// All pairs of groups that rows fall into at the default certainty and that may be one person, but for
/// those that nobody would ask about.
fn predictions(
    set: &LabelledFolder,
    chosen: &[TrackIx],
    by: &'static Regression,
) -> Result<Vec<Prediction>, AnyError> {
    let (rows, links) = subset(set, chosen);
    let clusters = linkage(&rows, &links, by)?.cut(Certainty::EVEN.height()).clusters();
    let same_person = SamePersonModel::of(&rows, by);
    let groups: Vec<(Vec<f32>, TrackGroup)> = clusters
        .iter()
        .map(|cluster| {
            let mut mean = vec![0.0; rows.dim()];
            for &row in cluster {
                mean.iter_mut().zip(rows.row(row)).for_each(|(sum, x)| *sum += x / cluster.len() as f32);
            }
            let group = TrackGroup::of(cluster.len() as u32, &mean);
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

/// Prints the bins, the expected calibration error, what it would be by chance alone, and the area under
/// the curve; gives the bins.
fn print_bins(what: &str, mut pairs: Vec<Prediction>) -> Vec<Bin> {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = pairs.len();
    println!("  {what}: {n} pairs of groups with 0.05 < P < 0.95");
    let bins = bins(&pairs);
    for (told, found, pairs) in &bins {
        println!("    told {told:.3}, found {found:.3} ({pairs})");
    }
    let mut rng = seeded(0);
    let chance: f64 = (0..CHANCES)
        .map(|_| error(&self::bins(&pairs.iter().map(|&(p, _)| (p, rng.random_bool(p))).collect::<Vec<_>>())))
        .sum();
    let ones: Vec<usize> = (0..n).filter(|&at| pairs[at].1).collect();
    let zeros = (n - ones.len()) as f64;
    let below: f64 = ones.iter().enumerate().map(|(rank, at)| (at - rank) as f64).sum();
    println!(
        "    expected calibration error {:.3} (of true probabilities, as many pairs: {:.3}), AUC {:.3}",
        error(&bins),
        chance / CHANCES as f64,
        below / (ones.len() as f64 * zeros)
    );
    bins
}

/// Bins of equal count of sorted pairs; empty ones are left out.
fn bins(pairs: &[Prediction]) -> Vec<Bin> {
    let n = pairs.len();
    let bin = |bin: usize| {
        let some = &pairs[n * bin / BINS..n * (bin + 1) / BINS];
        let share = some.iter().filter(|it| it.1).count() as f64 / some.len().max(1) as f64;
        let mean = some.iter().map(|it| it.0).sum::<f64>() / some.len().max(1) as f64;
        (mean, share, some.len())
    };
    (0..BINS).map(bin).filter(|bin| bin.2 > 0).collect()
}

fn error(bins: &[Bin]) -> f64 {
    let n: usize = bins.iter().map(|bin| bin.2).sum();
    bins.iter().map(|(told, found, pairs)| *pairs as f64 / n as f64 * (found - told).abs()).sum()
}

/// A panel a model: what was told, to the right, against what was found, upwards; the area of a disc is
/// its number of pairs.
fn picture(panels: &[(String, Vec<Bin>)]) -> String {
    const SIDE: f64 = 260.0;
    const STEP: f64 = SIDE + 70.0;
    let width = 60.0 + STEP * panels.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} 350\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (at, (name, bins)) in panels.iter().enumerate() {
        let (left, top) = (60.0 + STEP * at as f64, 40.0);
        let place = |told: f64, found: f64| (left + SIDE * told, top + SIDE * (1.0 - found));
        let _ = writeln!(svg, "<text x=\"{left}\" y=\"26\" font-weight=\"bold\">{name}</text>");
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#999\"/>\n\
             <path d=\"M{left} {} L{} {top}\" stroke=\"#999\" stroke-dasharray=\"4 4\"/>",
            top + SIDE,
            left + SIDE
        );
        for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let ((x, y), base) = (place(tick, tick), top + SIDE);
            let _ = writeln!(
                svg,
                "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{tick}</text>\n\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{tick}</text>",
                base + 18.0,
                left - 6.0,
                y + 4.0
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">probability told (found: upwards)</text>",
            left + SIDE / 2.0,
            top + SIDE + 40.0
        );
        let most = bins.iter().map(|bin| bin.2).max().unwrap_or(1) as f64;
        for (told, found, pairs) in bins {
            let ((x, y), radius) = (place(*told, *found), 8.0 * (*pairs as f64 / most).sqrt());
            let _ = writeln!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"#1f7a4d\" fill-opacity=\"0.8\"/>"
            );
        }
    }
    svg + "</svg>\n"
}
