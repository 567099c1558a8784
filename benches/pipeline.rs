//! The pipeline from a folder of tracks to their vectors, beside the same work in Python.
//!
//! Runs scan, decode, align and embed, without clustering, and `pipeline.py` on the same
//! pictures with the same networks: ONNX Runtime, one thread a session, no spinning, as many
//! threads as there are cores. Models are loaded before the clocks start. Both run in turn,
//! and the medians are compared: all CPU seconds, and those outside the networks.
//!
//! `cargo bench --bench pipeline [-- RUNS]`; with `CASTLIST_SHARED` naming a folder that holds
//! `data/tracks-stills` it takes those photographs, else it draws the demo. It checks nothing
//! about accuracy, but says how alike both programs' vectors are, so that it is seen that
//! they did the same.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use castlist::base::Cx;
use castlist::embed::{CropAlignment, EmbedOptions, EmbeddedTracks, Embedder, NoCache, embed_tracks};
use castlist::infer::{Engine, EngineChoice, engine};
use castlist::models::{Catalogue, DEFAULT_ALIGN, DEFAULT_EMBED, ModelKind};
use castlist::pooling::Pooling;
use castlist::tracks::{ScanOptions, scan};
use castlist::{demo, models};
use cpu_time::ProcessTime;
use serde::Deserialize;

/// The goals: CPU seconds as a share of Python's, outside the networks and in all.
const GOALS: [(&str, f64); 2] = [("outside the networks", 0.5), ("in all", 0.85)];
const OPTIONS: EmbedOptions =
    EmbedOptions { frames_per_track: 16, pooling: Pooling::Quality, crops: CropAlignment::Loose };

/// Seconds that one run took.
#[derive(Debug, Clone, Copy, Deserialize)]
struct StageSeconds {
    wall: f64,
    cpu: f64,
    /// CPU seconds inside the networks.
    inference: f64,
}

impl StageSeconds {
    fn outside(self) -> f64 {
        self.cpu - self.inference
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let runs = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(3_usize).max(1);
    let scratch = tempfile::tempdir()?;
    let shared = std::env::var_os("CASTLIST_SHARED").map(PathBuf::from);
    let stills = shared.as_ref().map(|shared| shared.join("data/tracks-stills")).filter(|path| path.is_dir());
    let folder = if let Some(stills) = stills {
        stills
    } else {
        let drawn = scratch.path().join("demo");
        demo::draw(&drawn, demo::DEFAULT_SEED, &Cx::new())?;
        drawn
    };
    let engine = match engine(EngineChoice::OnnxRuntime) {
        Ok(engine) => engine,
        Err(error) => {
            println!("skipped: {error}");
            return Ok(());
        }
    };
    println!("{engine}, {} threads, {}", rayon::current_num_threads(), folder.display());
    let python = Command::new("python3").args(["-c", "import PIL, numpy, onnxruntime"]).output();
    if !python.is_ok_and(|tried| tried.status.success()) {
        println!("skipped: python3 with Pillow, numpy and onnxruntime is not installed");
        return Ok(());
    }
    compare(engine, &folder, DEFAULT_EMBED, scratch.path(), runs)?;
    let edgeface = shared.map(|shared| shared.join("models/edgeface_xs_112_rgb.onnx"));
    if let Some(edgeface) = edgeface.filter(|path| path.is_file()) {
        compare(engine, &folder, &edgeface.to_string_lossy(), scratch.path(), runs)?;
    }
    Ok(())
}

/// Runs both programs in turn on one model and prints what they took.
fn compare(
    engine: &Engine,
    folder: &Path,
    model: &str,
    scratch: &Path,
    runs: usize,
) -> Result<(), Box<dyn Error>> {
    let catalogue = Catalogue::load()?;
    let model = catalogue.resolve(model, &[])?.require(ModelKind::Embed)?;
    let align = catalogue.resolve(DEFAULT_ALIGN, &[])?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let vectors = scratch.join("vectors.f32");
    let mut embedded = EmbeddedTracks::default();
    for _ in 0..runs {
        let spent;
        (spent, embedded) = castlist(&Embedder::load(engine, &model, &align)?, folder)?;
        ours.push(spent);
        theirs.push(python(&model, &align, folder, &vectors, scratch)?);
    }
    println!(
        "\n{}, {} tracks, {} faces, {runs} runs in turn",
        model.entry.id,
        embedded.tracks.len(),
        embedded.n_embedded
    );
    println!(
        "{:<10} {:>8} {:>8} {:>10} {:>20}",
        "seconds", "wall", "CPU", "networks", "outside the networks"
    );
    for (name, spent) in [("castlist", &ours), ("python", &theirs)] {
        for s in spent {
            println!("{name:<10} {:>8.2} {:>8.2} {:>10.2} {:>20.2}", s.wall, s.cpu, s.inference, s.outside());
        }
    }
    let ratio = |of: fn(&StageSeconds) -> f64| median(&ours, of) / median(&theirs, of);
    println!("wall: {:.2} of Python's", ratio(|s| s.wall));
    for ((what, goal), ratio) in GOALS.into_iter().zip([ratio(|s| s.outside()), ratio(|s| s.cpu)]) {
        let met = if ratio <= goal { "met" } else { "MISSED" };
        println!("CPU {what}: {ratio:.2} of Python's (goal {goal}: {met})");
    }
    println!(
        "mean cosine between both programs' vectors: {:.4}",
        likeness(&embedded, &std::fs::read(&vectors)?)
    );
    Ok(())
}

fn castlist(embedder: &Embedder, folder: &Path) -> Result<(StageSeconds, EmbeddedTracks), Box<dyn Error>> {
    let (wall, cpu, before) = (Instant::now(), ProcessTime::now(), embedder.engine_time());
    let cx = Cx::new();
    let set = scan(folder, &ScanOptions::default(), &cx)?;
    let embedded = embed_tracks(&set, Some(embedder), &OPTIONS, &NoCache, &cx)?;
    let inference = embedder.engine_time().saturating_sub(before).as_secs_f64();
    let spent =
        StageSeconds { wall: wall.elapsed().as_secs_f64(), cpu: cpu.elapsed().as_secs_f64(), inference };
    Ok((spent, embedded))
}

fn python(
    model: &models::Model,
    align: &models::Model,
    folder: &Path,
    vectors: &Path,
    scratch: &Path,
) -> Result<StageSeconds, Box<dyn Error>> {
    let (face_file, align_file) = (scratch.join("face.onnx"), scratch.join("align.onnx"));
    std::fs::write(&face_file, &model.bytes)?;
    std::fs::write(&align_file, &align.bytes)?;
    let output = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/pipeline.py"))
        .args([folder, &align_file, &face_file])
        .args([model.entry.size.height.to_string(), rayon::current_num_threads().to_string()])
        .arg(vectors)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn median(spent: &[StageSeconds], of: impl Fn(&StageSeconds) -> f64) -> f64 {
    let mut values: Vec<f64> = spent.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Mean cosine of the tracks' vectors with those that Python wrote, in the same order.
fn likeness(embedded: &EmbeddedTracks, written: &[u8]) -> f64 {
    let theirs: Vec<f32> =
        written.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let dim = theirs.len() / embedded.tracks.len().max(1);
    let cosines: Vec<f64> = embedded
        .tracks
        .iter()
        .zip(theirs.chunks_exact(dim.max(1)))
        .filter_map(|(track, theirs)| {
            let ours = track.vector.as_ref()?;
            Some(ours.iter().zip(theirs).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum())
        })
        .collect();
    cosines.iter().sum::<f64>() / cosines.len().max(1) as f64
}
