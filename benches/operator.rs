//! How many gestures a perfect curator needs, our way and the ways of other tools.
//!
//! `CASTLIST_SHARED=… cargo bench --bench operator`: plays all strategies from the default's
//! clustering, on every show of `data/tracks-video` by itself, on all of it, on `tracks-unseen`,
//! `tracks-small` and `tracks-stills`, with the built-in model and EdgeFace-XS. Prints each start,
//! what it would take if every single thing that is wrong took one gesture, and the summed excess
//! as a ratio to the best other way.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use castlist::base::Cx;
use castlist::cluster::likelihood::Certainty;
use castlist::session::{Session, read_truth};
use castlist::study::simulate::{STRATEGIES, SimulationStart};

/// The models, each with its file beside the sets; none for the built-in one.
const MODELS: [(&str, Option<&str>); 2] =
    [("castlist-face", None), ("edgeface-xs", Some("models/edgeface_xs_112_rgb.onnx"))];

fn main() -> Result<(), Box<dyn Error>> {
    let Some(shared) = std::env::var_os("CASTLIST_SHARED").map(PathBuf::from) else {
        println!("skipped: CASTLIST_SHARED names no folder with the sets");
        return Ok(());
    };
    let data = shared.join("data");
    let scratch = tempfile::tempdir()?;
    let mut sets: Vec<(String, PathBuf, BTreeMap<String, String>)> = Vec::new();
    let films = data.join("tracks-video");
    for (show, videos) in shows(&films)? {
        let folder = scratch.path().join(&show);
        let is_of = |track: &str| videos.contains(&track[..3]);
        let truth = copied(&films, &folder, is_of)?;
        sets.push((format!("show {show}"), folder, truth));
    }
    for name in ["tracks-video", "tracks-unseen", "tracks-small", "tracks-stills"] {
        let folder = scratch.path().join(name);
        let truth = copied(&data.join(name), &folder, |_| true)?;
        sets.push((name.to_owned(), folder, truth));
    }
    println!(
        "{:<16} {:<16} {:>7} {:>7} {:>7} {:>7} {:>7}",
        "set", "model", "ours", "panes", "page", "each", "wrong"
    );
    for (model, file) in MODELS {
        let (mut sums, mut n_worse) = ([0_i64; 5], 0);
        for (name, folder, truth) in &sets {
            let excess = play(folder, file.map(|file| shared.join(file)).as_deref(), truth)?;
            let [ours, panes, page, each, wrong] = excess;
            println!("{name:<16} {model:<16} {ours:>7} {panes:>7} {page:>7} {each:>7} {wrong:>7}");
            n_worse += usize::from(ours > page.min(each));
            sums.iter_mut().zip(excess).for_each(|(sum, one)| *sum += one);
        }
        let best = sums[2].min(sums[3]);
        println!(
            "{model}: summed excess {} and {} in the panes, against {} and {}, {} things wrong: {:.3} of the best \
             other, in the panes {:.3} of ours; worse on {n_worse} sets",
            sums[0],
            sums[1],
            sums[2],
            sums[3],
            sums[4],
            sums[0] as f64 / best.max(1) as f64,
            sums[1] as f64 / sums[0].max(1) as f64
        );
    }
    Ok(())
}

/// The videos of each show.
fn shows(films: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, Box<dyn Error>> {
    let mut shows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in csv::Reader::from_path(films.join("shows.csv"))?.records() {
        let row = row?;
        shows.entry(row[1].to_owned()).or_default().insert(row[0].to_owned());
    }
    Ok(shows)
}

/// Copies the wanted tracks with their times into `to`; gives the people of each.
fn copied(
    from: &Path,
    to: &Path,
    wanted: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut truth = read_truth(&from.join("labels.csv").display().to_string())?;
    truth.retain(|track, _| wanted(track) && from.join(track).is_dir());
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

/// The excess of each strategy from the default's clustering, and how many things are wrong there.
fn play(
    folder: &Path,
    model: Option<&Path>,
    truth: &BTreeMap<String, String>,
) -> Result<[i64; 5], Box<dyn Error>> {
    let cx = Cx::new();
    let project = folder.with_extension("sqlite");
    let mut session = Session::open(folder, Some(&project))?;
    if let Some(model) = model {
        session.set("model", &model.display().to_string())?;
    }
    let analysis = session.job().run(&cx, |_| ())?;
    session.finish(&analysis)?;
    let vectors = session.vectors().ok_or("the run has no vectors")?;
    let review = session.review();
    let ids = (0..review.n_tracks() as u32).map(|track| review.track_id(track).to_owned()).collect();
    let start = SimulationStart::clustered(ids, vectors, Certainty::EVEN, truth, &cx)?;
    let mut excess = [0; 5];
    excess[4] = start.wrong() as i64;
    for (excess, (_, strategy)) in excess.iter_mut().zip(STRATEGIES) {
        *excess = start.play(*strategy, &cx)?.excess;
    }
    drop(session);
    fs::remove_file(project)?;
    Ok(excess)
}
