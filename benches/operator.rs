//! How many gestures a perfect curator needs, our way and the ways of other tools.
//!
//! `CASTLIST_SHARED=… cargo bench --bench operator`: plays all strategies on both halves of
//! `data/tracks-small` and `data/tracks-stills`, clustered at 0.75, 1 and 1.25 of the radius with
//! each embedding model in `models`. What was tuned was tuned on half A; half B is what counts.
//! Prints each start and the summed excess as a ratio to the best other way.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use castlist::base::{Cx, Radius};
use castlist::session::{Session, read_truth};
use castlist::study::simulate::{STRATEGIES, Start};

const SETS: [(&str, &str); 2] =
    [("tracks-small", "tracks_small_identity"), ("tracks-stills", "tracks_stills_identity")];
const MODELS: [&str; 3] = ["castlist-face", "edgeface_xs_112_rgb", "mobilefacenet_casia_112x96_rgb"];
const FACTORS: [f64; 3] = [0.75, 1.0, 1.25];

fn main() -> Result<(), Box<dyn Error>> {
    let Some(shared) = std::env::var_os("CASTLIST_SHARED").map(PathBuf::from) else {
        println!("skipped: CASTLIST_SHARED names no folder with the sets");
        return Ok(());
    };
    println!(
        "{:<2} {:<14} {:<32} {:>5} {:>7} {:>7} {:>7}",
        "", "set", "model", "r ×", "ours", "page", "each"
    );
    for half in ["A", "B"] {
        let mut sums = [0_i64; 3];
        let mut n_worse = 0;
        for (set, column) in SETS {
            let dir = tempfile::tempdir()?;
            let truth = half_of(&shared.join("data"), set, column, half, dir.path())?;
            for model in MODELS {
                for (factor, excess) in plays(&shared, model, dir.path(), &truth)? {
                    let [ours, page, each] = excess;
                    println!("{half:<2} {set:<14} {model:<32} {factor:>5} {ours:>7} {page:>7} {each:>7}");
                    n_worse += usize::from(ours > page.min(each));
                    for (sum, one) in sums.iter_mut().zip(excess) {
                        *sum += one;
                    }
                }
            }
        }
        let best = sums[1].min(sums[2]);
        println!(
            "half {half}: summed excess {} against {} and {}: {:.3} of the best other; worse on {n_worse} starts",
            sums[0],
            sums[1],
            sums[2],
            sums[0] as f64 / best as f64
        );
    }
    Ok(())
}

/// Copies the tracks of one half into `to`; gives who is in each. People that the split does not
/// name count as half A.
fn half_of(
    data: &Path,
    set: &str,
    column: &str,
    half: &str,
    to: &Path,
) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut rows = csv::Reader::from_path(data.join("splits.csv"))?;
    let header = rows.headers()?.clone();
    let at = |name: &str| header.iter().position(|it| it == name).ok_or(format!("splits.csv has no {name}"));
    let (person, of) = (at(column)?, at("half")?);
    let mut halves = BTreeMap::new();
    for row in rows.records() {
        let row = row?;
        halves.insert(row[person].to_owned(), row[of].to_owned());
    }
    let from = data.join(set);
    let labels = read_truth(&from.join("labels.csv").display().to_string())?;
    let is_here = |person: &String| halves.get(person).map_or("A", String::as_str) == half;
    let truth: BTreeMap<String, String> = labels.into_iter().filter(|(_, person)| is_here(person)).collect();
    for track in truth.keys() {
        fs::create_dir_all(to.join(track))?;
        for file in fs::read_dir(from.join(track))? {
            let file = file?;
            fs::copy(file.path(), to.join(track).join(file.file_name()))?;
        }
    }
    if let Ok(times) = fs::read_to_string(from.join("tracks.csv")) {
        let mut lines = times.lines();
        let mut kept = vec![lines.next().unwrap_or_default()];
        kept.extend(
            lines.filter(|line| line.split(',').next().is_some_and(|track| truth.contains_key(track))),
        );
        fs::write(to.join("tracks.csv"), kept.join("\n") + "\n")?;
    }
    Ok(truth)
}

/// A factor of the radius, and the excess of each strategy from there.
type Excess = (f64, [i64; 3]);

/// The excess of each strategy from each start.
fn plays(
    shared: &Path,
    model: &str,
    folder: &Path,
    truth: &BTreeMap<String, String>,
) -> Result<Vec<Excess>, Box<dyn Error>> {
    let cx = Cx::new();
    let project = folder.with_extension(format!("{model}.sqlite"));
    let mut session = Session::open(folder, Some(&project))?;
    session.set("model", &shared.join(format!("models/{model}.onnx")).display().to_string())?;
    let analysis = session.job().run(&cx, |_| ())?;
    session.finish(&analysis)?;
    let vectors = session.vectors().ok_or("the run has no vectors")?;
    let review = session.review();
    let mut played = Vec::new();
    for factor in FACTORS {
        let ids = (0..review.n_tracks() as u32).map(|track| review.track_id(track).to_owned()).collect();
        let start = Start::clustered(ids, vectors, Radius(vectors.scale().0 * factor), truth, &cx)?;
        let mut excess = [0; 3];
        for (excess, (_, strategy)) in excess.iter_mut().zip(STRATEGIES) {
            *excess = start.play(*strategy, &cx)?.excess;
        }
        played.push((factor, excess));
    }
    fs::remove_file(project)?;
    Ok(played)
}
