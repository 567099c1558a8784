//! Makes the tables of `docs/quality.md`: how good the default is and how good ball clusters are, how
//! the faces of a track are best made one, and which learned projections were tried.
//!
//! `CASTLIST_SHARED=… cargo bench --bench quality --no-default-features [-- heads]`; with
//! `heads` the study of projections is made too, which takes an hour on one core. The folder
//! holds `data/faces-train` (aligned crops, a folder a person), `data/tracks-video`,
//! `data/tracks-unseen`, `data/tracks-stills`, `data/tracks-small`, `data/splits.csv`, and in `models`
//! what the catalogue knows by its hash. Without it, nothing is measured and the page stays as it
//! is. The same figures every time.
//!
//! Half A of the people learns and chooses, half B reports, unless both ways round are shown.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it does")]

mod heads;
mod page;
mod people;
mod pooled;
mod ways;

use std::error::Error;
use std::path::{Path, PathBuf};

use castlist::base::Cx;
use castlist::demo;
use castlist::embed::Embedder;
use castlist::infer::{EngineChoice, engine};
use castlist::models::{Catalogue, DEFAULT_ALIGN, ModelKind};
use castlist::session::ThresholdSweep;

use heads::{HeadSweeps, RECIPES, best, study, window, window_words};
use people::{EvaluationSets, SplitHalves};

/// What is measured: the built-in model, and those that the folder may hold.
const MODELS: [(&str, Option<&str>); 3] = [
    ("castlist-face", None),
    ("edgeface-xs", Some("edgeface_xs_112_rgb.onnx")),
    ("mobilefacenet-casia", Some("mobilefacenet_casia_112x96_rgb.onnx")),
];

type AnyError = Box<dyn Error>;

/// Rows of the page's tables.
#[derive(Default)]
struct Tables {
    /// Set, and the row.
    results: Vec<(String, Vec<String>)>,
    pooled: Vec<Vec<String>>,
    heads: Vec<(String, Vec<Vec<String>>)>,
}

fn main() -> Result<(), AnyError> {
    let Some(shared) = std::env::var_os("CASTLIST_SHARED").map(PathBuf::from) else {
        println!("skipped: CASTLIST_SHARED names no folder with the photographs");
        return Ok(());
    };
    let arguments: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let with_heads = arguments.iter().any(|arg| arg == "heads");
    let mut tables = Tables::default();
    for (id, file) in MODELS {
        let wanted = arguments.iter().all(|arg| arg == "heads" || arg == id);
        let path = file.map(|file| shared.join("models").join(file));
        if wanted && path.as_ref().is_none_or(|path| path.exists()) {
            measure(id, path.as_deref(), &shared.join("data"), with_heads, &mut tables)?;
        }
    }
    if arguments.iter().any(|arg| arg != "heads") {
        println!("the page stays as it is: it is filled with all models only");
        return Ok(());
    }
    tables.fill(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/quality.md"), with_heads)
}

fn measure(
    id: &str,
    file: Option<&Path>,
    data: &Path,
    with_heads: bool,
    tables: &mut Tables,
) -> Result<(), AnyError> {
    let catalogue = Catalogue::load()?;
    let name = file.map_or_else(|| id.to_owned(), |file| file.display().to_string());
    let model = catalogue.resolve(&name, &[])?.require(ModelKind::Embed)?;
    let embedder =
        Embedder::load(engine(EngineChoice::Auto)?, &model, &catalogue.resolve(DEFAULT_ALIGN, &[])?)?;
    let folder = tempfile::tempdir()?;
    demo::draw(folder.path(), demo::DEFAULT_SEED, &Cx::new())?;
    println!("{id}: embedding");
    let sets =
        EvaluationSets::embed(&embedder, data, &SplitHalves::read(&data.join("splits.csv"))?, folder.path())?;
    println!("{id}: clustering");
    let results = ways::rows(id, &sets)?;
    print!("{}", page::table(&RESULTS, &results.iter().map(|(_, row)| row.clone()).collect::<Vec<_>>()));
    tables.results.extend(results);
    let pooled = pooled::rows(id, &sets)?;
    print!("{}", page::table(&POOLED, &pooled));
    tables.pooled.extend(pooled);
    if with_heads {
        tables.heads.push((id.to_owned(), heads(&sets)?));
    }
    Ok(())
}

/// The study of projections on the sets of a model.
fn heads(sets: &EvaluationSets) -> Result<Vec<Vec<String>>, AnyError> {
    let none = [HeadSweeps::of(sets, 0, None)?, HeadSweeps::of(sets, 1, None)?];
    let mean = |of: fn(&HeadSweeps) -> &ThresholdSweep| {
        format!("{:.4}", f64::midpoint(best(of(&none[0])), best(of(&none[1]))))
    };
    let mut rows = vec![vec![
        "none: the best F itself, mean of both halves".to_owned(),
        mean(|sweeps| &sweeps.simulated),
        mean(|sweeps| &sweeps.stills),
        mean(|sweeps| &sweeps.single),
        window_words(&[window(&none[0].real)]),
    ]];
    println!("| {} |", rows[0].join(" | "));
    for recipe in RECIPES {
        rows.push(study(sets, recipe, &none)?);
        println!("| {} |", rows[rows.len() - 1].join(" | "));
    }
    Ok(rows)
}

const RESULTS: [&str; 11] = [
    "model",
    "way",
    "τ",
    "NMI",
    "BCubed P",
    "BCubed R",
    "BCubed F",
    "pairwise F",
    "WCP",
    "found/true",
    "tracks",
];

const POOLED: [&str; 5] = ["model", "pooling", "tracks-video", "tracks-unseen", "tracks-stills, half B"];

const HEADS: [&str; 5] =
    ["projection", "simulated", "stills", "single", "clips: largest / smallest perfect τ"];

impl Tables {
    /// Fills the page's sections.
    fn fill(&self, page: &Path, with_heads: bool) -> Result<(), AnyError> {
        let mut names: Vec<&str> = Vec::new();
        for (set, _) in &self.results {
            if !names.contains(&set.as_str()) {
                names.push(set);
            }
        }
        let of_set = |name: &str| {
            let rows = self.results.iter().filter(|(set, _)| set == name).map(|(_, row)| row.clone());
            format!("### {name}\n\n{}\n", page::table(&RESULTS, &rows.collect::<Vec<_>>()))
        };
        page::fill(page, "results", &names.into_iter().map(of_set).collect::<String>())?;
        page::fill(page, "pooling", &page::table(&POOLED, &self.pooled))?;
        if with_heads {
            let of_model = |(id, rows): &(String, Vec<Vec<String>>)| {
                format!("### {id}\n\n{}\n", page::table(&HEADS, rows))
            };
            page::fill(page, "heads", &self.heads.iter().map(of_model).collect::<String>())?;
        }
        println!("filled {}", page.display());
        Ok(())
    }
}
