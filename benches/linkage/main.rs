//! Fits the regression behind likelihood linkage, and reports it on films and photographs.
//!
//! `CASTLIST_SHARED=… cargo bench --bench linkage [-- FIT]`: embeds `data/tracks-video` and
//! `data/tracks-unseen` with the built-in model and with EdgeFace-XS, draws folders from them (some
//! shows, some people, some of their tracks), merges each and learns from the pairs of groups on the
//! way, whose truth the labels tell. Prints BCubed F by the default certainty and by the best one,
//! each show and each half of the photographed people by a regression that was fitted without it;
//! `mobilefacenet-casia`, of which nothing is learned, likewise. FIT also fits on all and writes
//! `src/cluster/likelihood/weights.rs`. Deterministic.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]

mod calibration;
mod fit;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};

use castlist::base::{Constraints, Cx, Embeddings, TrackIx};
use castlist::cluster::likelihood::Regression;
use castlist::session::Session;
use castlist::tracks::read_labels;
use rayon::prelude::*;

use calibration::calibration;
use fit::fit;
use report::{report, write};

type AnyError = Box<dyn Error>;

/// A set of tracks under one model.
struct LabelledFolder {
    name: &'static str,
    model: String,
    rows: Embeddings,
    links: Constraints,
    /// The person of each row, by number.
    people: Vec<u32>,
    /// The show, or the half of the people, of each row.
    parts: Vec<String>,
}

fn main() -> Result<(), AnyError> {
    let Some(shared) = std::env::var_os("CASTLIST_SHARED").map(PathBuf::from) else {
        println!("skipped: CASTLIST_SHARED names no folder with the sets");
        return Ok(());
    };
    let models: [(&str, Option<&str>); 3] = [
        ("castlist-face", None),
        ("edgeface-xs", Some("edgeface_xs_112_rgb.onnx")),
        ("mobilefacenet-casia", Some("mobilefacenet_casia_112x96_rgb.onnx")),
    ];
    let mut sets = Vec::new();
    for (model, file) in models {
        let file = file.map(|file| shared.join("models").join(file));
        for set in ["tracks-video", "tracks-unseen"] {
            sets.push(read(&shared.join("data").join(set), set, model, file.as_deref())?);
        }
    }
    let (learned, unseen_model): (Vec<LabelledFolder>, Vec<LabelledFolder>) =
        sets.into_iter().partition(|set| set.model != "mobilefacenet-casia");
    let mut material: Vec<&LabelledFolder> = learned.iter().collect();
    // Each half of the built-in model's numbers is a network of its own: two models more to learn from.
    let halves: Vec<LabelledFolder> =
        learned.iter().filter(|set| set.model == "castlist-face").flat_map(halves_of).collect();
    material.extend(&halves);
    let parts: BTreeSet<String> = material.iter().flat_map(|set| set.parts.iter().cloned()).collect();
    let fitted: BTreeMap<String, &'static Regression> = parts
        .par_iter()
        .map(|part| (part.clone(), &*Box::leak(Box::new(fit(&material, Some(part))))))
        .collect();
    println!("{:<20} {:<14} {:<5} {:>7} {:>7}", "model", "set", "part", "default", "best");
    for set in learned.iter().chain(&unseen_model) {
        report(set, &fitted)?;
    }
    calibration(&learned.iter().filter(|set| set.name == "tracks-video").collect::<Vec<_>>(), &fitted)?;
    if std::env::args().any(|arg| arg.eq_ignore_ascii_case("fit")) {
        write(&fit(&material, None))?;
    }
    Ok(())
}

/// Embeds a set, or finds it embedded.
fn read(
    folder: &Path,
    name: &'static str,
    model: &str,
    file: Option<&Path>,
) -> Result<LabelledFolder, AnyError> {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("linkage-{name}-{model}.sqlite"));
    let mut session = Session::open(folder, Some(&kept))?;
    session.set("method", "likelihood")?;
    if let Some(file) = file {
        session.set("model", &file.display().to_string())?;
    }
    let input =
        session.job().comparison_input(false, &Cx::new(), |told| println!("{name}, {model}: {told}"))?;
    let labels = read_labels(&folder.join("labels.csv"))?;
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let people: Vec<u32> = input
        .ids
        .iter()
        .map(|id| {
            let next = numbers.len() as u32;
            *numbers.entry(labels[id].as_str()).or_insert(next)
        })
        .collect();
    let shows = folder.join("shows.csv");
    let parts = if shows.exists() {
        let mut of_video = BTreeMap::new();
        for row in csv::Reader::from_path(shows)?.records() {
            let row = row?;
            of_video.insert(row[0].to_owned(), row[1].to_owned());
        }
        input.ids.iter().map(|id| of_video[&id[..3]].clone()).collect()
    } else {
        people.iter().map(|person| format!("half {}", person % 2)).collect()
    };
    let rows = input.rows.as_ref().clone();
    Ok(LabelledFolder { name, model: model.to_owned(), rows, links: input.constraints, people, parts })
}

/// The first and the second half of each row's numbers, as sets.
fn halves_of(set: &LabelledFolder) -> [LabelledFolder; 2] {
    let dim = set.rows.dim();
    [0..dim / 2, dim / 2..dim].map(|columns| {
        let data = set.rows.as_slice().chunks(dim).flat_map(|row| row[columns.clone()].to_vec()).collect();
        let rows = Embeddings::new(columns.len(), data).and_then(Embeddings::into_unit).unwrap_or_default();
        let (links, people, parts) = (set.links.clone(), set.people.clone(), set.parts.clone());
        LabelledFolder { name: set.name, model: format!("{} in part", set.model), rows, links, people, parts }
    })
}

/// Some rows of a set with their links.
fn subset(set: &LabelledFolder, chosen: &[TrackIx]) -> (Embeddings, Constraints) {
    let place: BTreeMap<TrackIx, TrackIx> = chosen.iter().zip(0..).map(|(&row, at)| (row, at)).collect();
    let links = set.links.all().iter().filter_map(|link| {
        Some(castlist::base::Constraint { a: *place.get(&link.a)?, b: *place.get(&link.b)?, ..*link })
    });
    (set.rows.select(chosen.iter().copied()), Constraints::new(links))
}
