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

use castlist::base::{Constraints, Cx, Embeddings, Radius, Rng, seeded, squared_distance};
use castlist::cluster::agglomerative::complete_linkage;
use castlist::embed::{Crops, EmbedOptions, Embedder, NoCache, Pooling, embed_tracks, pool};
use castlist::infer::{EngineChoice, engine};
use castlist::models::{Catalogue, DEFAULT_ALIGN, DEFAULT_EMBED, Kind};
use castlist::tracks::{Source, Track, TrackSet, read_labels, scan};
use castlist::{base, metrics};
use rand::RngExt;
use rand::seq::SliceRandom;
use rayon::prelude::*;

/// How often tracks are simulated; the scores are averaged.
const SEEDS: u64 = 5;
/// The largest τ that is looked at.
const MOST: f64 = 1.6;

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

    let mut columns: Vec<(&str, Vec<f64>)> = Vec::new();
    for (name, people) in [("simulated A", half(&photographs, 'A')), ("simulated B", half(&photographs, 'B'))]
    {
        let scores: Vec<Vec<f64>> = (0..SEEDS)
            .map(|seed| simulated(&people, &mut seeded(seed)).scores())
            .collect::<Result<_, _>>()?;
        let mean = (0..grid().len()).map(|at| scores.iter().map(|s| s[at]).sum::<f64>() / SEEDS as f64);
        columns.push((name, mean.collect()));
    }
    for (name, set) in
        [("stills A", of_half('A')), ("stills B", of_half('B')), ("real", real), ("small", small)]
    {
        columns.push((name, set.scores()?));
    }
    println!("{} on {engine}: BCubed F by τ", model.entry.id);
    print_table(&columns);
    print_choice(&columns, model.entry.radius);
    println!(
        "the BCL loss alone, on the photographs of half A: τ = {:.2}",
        bcl_tau(&half(&photographs, 'A'))
    );
    Ok(())
}

/// Pseudo-tracks of stills are called `p0000` and so on; real ones after their video.
fn is_pseudo(id: &str) -> bool {
    id.strip_prefix('p').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

fn grid() -> Vec<f64> {
    (30..=80).map(|step| f64::from(step) / 50.0).collect()
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

/// Every photograph once: a person's photographs in random order, cut into tracks of 1 to 5.
fn simulated(photographs: &Known, rng: &mut Rng) -> Known {
    let mut of_person: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, &person) in photographs.people.iter().enumerate() {
        of_person.entry(person).or_default().push(at);
    }
    let mut tracks = Known::default();
    for (person, mut those) in of_person {
        those.shuffle(rng);
        let mut rest = those.as_slice();
        while !rest.is_empty() {
            let (track, later) = rest.split_at(rng.random_range(1..=5).min(rest.len()));
            rest = later;
            let faces: Vec<(&[f32], f32)> =
                track.iter().map(|&at| (photographs.vectors[at].as_slice(), 1.0)).collect();
            if let Some(mean) = pool(&faces, Pooling::Mean) {
                tracks.vectors.push(mean);
                tracks.people.push(person);
            }
        }
    }
    tracks
}

impl Known {
    fn only(&self, wanted: impl Fn(u32) -> bool) -> Self {
        let those = self.vectors.iter().zip(&self.people).filter(|(_, person)| wanted(**person));
        let (vectors, people) = those.map(|(vector, person)| (vector.clone(), *person)).unzip();
        Self { vectors, people }
    }

    /// `BCubed` F at each τ of the grid. Cuts of one dendrogram: a merge never depends on
    /// how far the linkage goes on.
    fn scores(&self) -> Result<Vec<f64>, Failed> {
        let dim = self.vectors.first().map_or(0, Vec::len);
        let rows = Embeddings::new(dim, self.vectors.concat())?.into_unit()?;
        let linkage = complete_linkage(&rows, &Constraints::default(), MOST, &Cx::new())?;
        let score = |tau| Ok(metrics::evaluate(&self.people, linkage.dendrogram.cut(tau).labels())?.bcubed.f);
        grid().into_iter().map(score).collect()
    }
}

fn print_table(columns: &[(&str, Vec<f64>)]) {
    let line = |first: &str, cells: Vec<String>| println!("{first:>5} {}", cells.concat());
    line("τ", columns.iter().map(|(name, _)| format!("{name:>12}")).collect());
    for (at, tau) in grid().into_iter().enumerate().filter(|(at, _)| at % 2 == 0) {
        line(&format!("{tau:.2}"), columns.iter().map(|(_, f)| format!("{:>12.4}", f[at])).collect());
    }
}

/// Where half A and the real tracks are best together, and what the catalogue's radius gives.
fn print_choice(columns: &[(&str, Vec<f64>)], radius: Option<Radius>) {
    let column =
        |name: &str| columns.iter().find(|(other, _)| *other == name).map_or(&[][..], |(_, f)| f.as_slice());
    let chosen_by = [column("simulated A"), column("stills A"), column("real")];
    let mean: Vec<f64> =
        (0..grid().len()).map(|at| chosen_by.iter().map(|f| f[at]).sum::<f64>() / 3.0).collect();
    let best = mean.iter().copied().fold(0.0, f64::max);
    let good: Vec<f64> =
        grid().into_iter().zip(&mean).filter(|(_, f)| **f >= best - 0.002).map(|(tau, _)| tau).collect();
    if let (Some(first), Some(last)) = (good.first(), good.last()) {
        println!(
            "simulated A, stills A and real together: best mean F {best:.4}, within 0.002 of it from τ {first:.2} to {last:.2}"
        );
    }
    let Some(tau) = radius.map(Radius::tau) else { return };
    let at = grid().iter().position(|other| *other + 0.01 > tau).unwrap_or(grid().len() - 1);
    let told: Vec<String> = columns.iter().map(|(name, f)| format!("{name} {:.4}", f[at])).collect();
    println!("the catalogue's τ = {tau:.2}: {}", told.join(", "));
}

/// τ = 4b where the BCL loss over fixed vectors is least: α 4 and 1, γ = 9b + 0.05, distances
/// to the people's unit means (Tapaswi, Law, Fidler, ICCV 2019).
fn bcl_tau(photographs: &Known) -> f64 {
    let partition = base::Partition::from_labels(&photographs.people);
    let centres: Vec<Vec<f32>> = partition
        .clusters()
        .iter()
        .filter_map(|those| {
            let faces: Vec<(&[f32], f32)> =
                those.iter().map(|&at| (photographs.vectors[at as usize].as_slice(), 1.0)).collect();
            pool(&faces, Pooling::Mean)
        })
        .collect();
    // Distance to the own centre, and to the nearest foreign one.
    let distances: Vec<(f64, f64)> = photographs
        .vectors
        .par_iter()
        .zip(partition.labels())
        .map(|(vector, &own)| {
            let to = |centre: &Vec<f32>| f64::from(squared_distance(vector, centre).0);
            let foreign = centres.iter().enumerate().filter(|(at, _)| *at != own as usize);
            (to(&centres[own as usize]), foreign.map(|(_, centre)| to(centre)).fold(f64::INFINITY, f64::min))
        })
        .collect();
    let loss = |b: f64| -> f64 {
        distances
            .iter()
            .map(|(own, foreign)| 4.0 * (own - b).max(0.0) + (9.0 * b + 0.05 - foreign).max(0.0))
            .sum()
    };
    let bs = (2..400).map(|step| f64::from(step) * 0.0025);
    4.0 * bs.min_by(|x, y| loss(*x).total_cmp(&loss(*y))).unwrap_or_default()
}
