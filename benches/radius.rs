//! How the radii in `models/catalogue.toml` were chosen, with the library's own code.
//!
//! Embeds photographs and tracks of people whose names are known, simulates tracks as means
//! of 1 to 5 photographs, groups each set by complete linkage and scores the cut at every τ
//! by `BCubed` F. Half A of the people chooses, half B reports; real tracks keep the choice
//! honest, because photographs alone ask for too large a radius. It also tells the τ that the
//! BCL loss alone would choose on this fixed space, which is too small.
//!
//! `CASTLIST_SHARED=… cargo bench --bench radius [-- MODEL|FILE.onnx]`; the folder holds
//! `data/faces-train` (aligned crops, a folder a person), `data/tracks-stills`,
//! `data/tracks-small` and `data/splits.csv`. Without it, nothing is measured.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use castlist::base::{Cx, Embeddings, Radius, seeded};
use castlist::embed::{Crops, EmbedOptions, Embedder, NoCache, Pooling, embed_tracks};
use castlist::infer::{EngineChoice, engine};
use castlist::learn::{BallLoss, Labelled, Split, own_b};
use castlist::models::{Catalogue, DEFAULT_ALIGN, DEFAULT_EMBED, Kind};
use castlist::session::Sweep;
use castlist::tracks::{Source, Track, TrackSet, read_labels, scan};

/// How often tracks are simulated; the scores are averaged.
const SEEDS: u64 = 5;

type Failed = Box<dyn Error>;

/// Which half of the people somebody belongs to, by the names of the three sets.
#[derive(Default)]
struct Halves {
    photographs: BTreeMap<usize, char>,
    stills: BTreeMap<String, char>,
}

/// Vectors with the person of each.
#[derive(Default, Clone)]
struct Known {
    vectors: Vec<Vec<f32>>,
    people: Vec<u32>,
}

fn main() -> Result<(), Failed> {
    let Some(data) = std::env::var_os("CASTLIST_SHARED").map(|shared| PathBuf::from(shared).join("data"))
    else {
        println!("skipped: CASTLIST_SHARED names no folder with the photographs");
        return Ok(());
    };
    let model = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let catalogue = Catalogue::load()?;
    let model = catalogue.resolve(model.as_deref().unwrap_or(DEFAULT_EMBED), &[])?.require(Kind::Embed)?;
    let align = catalogue.resolve(DEFAULT_ALIGN, &[])?;
    let engine = engine(EngineChoice::Auto)?;
    let embedder = Embedder::load(engine, &model, &align)?;
    let halves = read_halves(&data.join("splits.csv"))?;

    let photographs = photographs(&embedder, &data.join("faces-train"))?;
    let half = |set: &Known, half: char| {
        set.only(|person| halves.photographs.get(&(person as usize)) == Some(&half))
    };
    let (stills, names) = tracks(&embedder, &data.join("tracks-stills"), |_| true)?;
    let of_half =
        |half: char| stills.only(|person| halves.stills.get(&names[person as usize]) == Some(&half));
    let (real, _) = tracks(&embedder, &data.join("tracks-small"), |id| !is_pseudo(id))?;
    let (small, _) = tracks(&embedder, &data.join("tracks-small"), |_| true)?;

    let mut columns: Vec<(&str, Sweep)> = Vec::new();
    for (name, people) in [("simulated A", half(&photographs, 'A')), ("simulated B", half(&photographs, 'B'))]
    {
        columns.push((name, people.sweep_simulated()?));
    }
    for (name, set) in
        [("stills A", of_half('A')), ("stills B", of_half('B')), ("real", real), ("small", small)]
    {
        columns.push((name, set.sweep()?));
    }
    println!("{} on {engine}: BCubed F by τ", model.entry.id);
    print_table(&columns);
    print_choice(&columns, model.entry.radius);
    let people = half(&photographs, 'A').labelled()?;
    let everybody = Split::all_train(people.names().len());
    let b = own_b(&BallLoss::default(), &people, &everybody)?;
    println!("the BCL loss alone, on the photographs of half A: τ = {:.2}", 4.0 * b);
    Ok(())
}

/// Pseudo-tracks of stills are called `p0000` and so on; real ones after their video.
fn is_pseudo(id: &str) -> bool {
    id.strip_prefix('p').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

/// The thresholds that are told.
fn grid() -> Vec<f64> {
    (15..=40).map(|step| f64::from(step) / 25.0).collect()
}

fn read_halves(path: &Path) -> Result<Halves, Failed> {
    let mut halves = Halves::default();
    for row in csv::Reader::from_path(path)?.deserialize() {
        let row: BTreeMap<String, String> = row?;
        let half = row["half"].chars().next().unwrap_or_default();
        halves.photographs.insert(row["stills_label"].parse()?, half);
        halves.stills.insert(row["tracks_stills_identity"].clone(), half);
    }
    Ok(halves)
}

/// Each photograph as a track of one frame; the folder's name is the person.
fn photographs(embedder: &Embedder, folder: &Path) -> Result<Known, Failed> {
    let people = scan(folder, true, &Cx::new())?;
    let single = |track: &Track| match &track.source {
        Source::Faces { folder, faces } => faces
            .iter()
            .map(|face| {
                let source = Source::Faces { folder: folder.clone(), faces: vec![face.clone()] };
                Track { source, ..track.clone() }
            })
            .collect(),
        _ => Vec::new(),
    };
    let tracks: Vec<Track> = people.tracks.iter().flat_map(single).collect();
    let labels = tracks
        .iter()
        .map(|track| track.id.trim_start_matches('p').parse())
        .collect::<Result<Vec<u32>, _>>()?;
    known(embedder, &TrackSet { root: folder.to_path_buf(), tracks }, &labels, Crops::Aligned)
}

/// The wanted tracks of a folder with `labels.csv`, and the people's names by number.
fn tracks(
    embedder: &Embedder,
    folder: &Path,
    wanted: fn(&str) -> bool,
) -> Result<(Known, Vec<String>), Failed> {
    let mut set = scan(folder, true, &Cx::new())?;
    set.tracks.retain(|track| wanted(&track.id));
    let labels = read_labels(&folder.join("labels.csv"))?;
    let mut names: Vec<String> = labels.values().cloned().collect();
    names.sort();
    names.dedup();
    let person = |track: &Track| {
        let name = labels.get(&track.id).ok_or_else(|| format!("track without a label: {}", track.id))?;
        names.binary_search(name).map(|at| at as u32).map_err(|_| format!("unknown name: {name}"))
    };
    let people = set.tracks.iter().map(person).collect::<Result<Vec<u32>, String>>()?;
    Ok((known(embedder, &set, &people, Crops::Loose)?, names))
}

fn known(embedder: &Embedder, set: &TrackSet, people: &[u32], crops: Crops) -> Result<Known, Failed> {
    let options = EmbedOptions { frames_per_track: 0, pooling: Pooling::Quality, crops };
    let embedded = embed_tracks(set, Some(embedder), options, &NoCache, &Cx::new())?;
    let usable =
        embedded.tracks.into_iter().zip(people).filter_map(|(track, &person)| Some((track.vector?, person)));
    let (vectors, people) = usable.unzip();
    Ok(Known { vectors, people })
}

impl Known {
    fn only(&self, wanted: impl Fn(u32) -> bool) -> Self {
        let those = self.vectors.iter().zip(&self.people).filter(|(_, person)| wanted(**person));
        let (vectors, people) = those.map(|(vector, person)| (vector.clone(), *person)).unzip();
        Self { vectors, people }
    }

    fn labelled(&self) -> Result<Labelled, Failed> {
        let dim = self.vectors.first().map_or(0, Vec::len);
        let rows = Embeddings::new(dim, self.vectors.concat())?;
        let most = self.people.iter().max().map_or(0, |most| *most as usize + 1);
        let people: Vec<_> = self.people.iter().copied().map(Some).collect();
        let names = (0..most).map(|person| person.to_string()).collect();
        Ok(Labelled::single_faces(rows, &people, names)?)
    }

    /// `BCubed` F by τ.
    fn sweep(&self) -> Result<Sweep, Failed> {
        let data = self.labelled()?;
        Ok(Sweep::of(data.faces(), &self.people, &Cx::new())?)
    }

    /// The same for tracks simulated from photographs, over several seeds.
    fn sweep_simulated(&self) -> Result<Sweep, Failed> {
        let data = self.labelled()?;
        let all: Vec<u32> = (0..self.people.len() as u32).collect();
        let sweep = |seed| {
            let (rows, people) = data.simulated(&all, &mut seeded(seed))?;
            Ok(Sweep::of(&rows, &people, &Cx::new())?)
        };
        Ok(Sweep::mean(&(0..SEEDS).map(sweep).collect::<Result<Vec<_>, Failed>>()?))
    }
}

fn print_table(columns: &[(&str, Sweep)]) {
    let line = |first: &str, cells: Vec<String>| println!("{first:>5} {}", cells.concat());
    line("τ", columns.iter().map(|(name, _)| format!("{name:>12}")).collect());
    for tau in grid() {
        let cells = columns.iter().map(|(_, sweep)| format!("{:>12.4}", sweep.at(tau)));
        line(&format!("{tau:.2}"), cells.collect());
    }
}

/// Where half A and the real tracks are best together, and what the catalogue's radius gives.
fn print_choice(columns: &[(&str, Sweep)], radius: Option<Radius>) {
    let chosen_by = ["simulated A", "stills A", "real"];
    let those = columns.iter().filter(|(name, _)| chosen_by.contains(name)).map(|(_, sweep)| sweep.clone());
    let mean = Sweep::mean(&those.collect::<Vec<_>>());
    let best = mean.values().iter().copied().fold(0.0, f64::max);
    let good: Vec<f64> = Sweep::taus().filter(|tau| mean.at(*tau) >= best - 0.002).collect();
    if let (Some(first), Some(last)) = (good.first(), good.last()) {
        println!(
            "simulated A, stills A and real together: best mean F {best:.4}, within 0.002 of it from τ {first:.2} to {last:.2}"
        );
    }
    let Some(tau) = radius.map(Radius::tau) else { return };
    let told: Vec<String> =
        columns.iter().map(|(name, sweep)| format!("{name} {:.4}", sweep.at(tau))).collect();
    println!("the catalogue's τ = {tau:.2}: {}", told.join(", "));
}
