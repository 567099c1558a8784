//! Scoring links with L-GCN's network, beside the same network in PyTorch.
//!
//! CPU time a pivot on one thread, medians of runs in turn, over 2,000 rows of the set of 20,000.
//! Ours includes building each pivot's surroundings; `lgcn_torch.py` builds them beforehand and
//! does the network in two ways: over padded batches with dense matrices, as the published program
//! does, and stacked without padding with one sparse matrix, which nobody publishes. Weights are
//! drawn again in each program: their values do not matter here.

use std::path::Path;
use std::process::Command;

use castlist::base::{Cx, Embeddings, seeded};
use castlist::cluster::lgcn::{
    Aggregation, LinkNetwork, NetworkShape, NodeFeatures, SubgraphSize, score_links,
};
use castlist::graph::nearest;
use cpu_time::ProcessTime;
use rand::RngExt;

use super::ours::{DIM, read};
use super::{AnyError, Goal, row};

const RUNS: usize = 3;
const ROWS: usize = 2_000;
/// Times that PyTorch scores its pivots.
const REPEATS: usize = 2;
/// PyTorch's ways: argument, name, and its time as a multiple of ours.
const WAYS: [(&str, &str, Option<Goal>); 2] =
    [("dense", "as published", Some(Goal::Ratio(2.0, 4.0))), ("sparse", "stacked", None)];

/// A network and how far its pivots look.
struct Workload {
    name: &'static str,
    reach: SubgraphSize,
    widths: &'static [usize],
    pivots: usize,
}

const WORKS: [Workload; 2] = [
    Workload {
        name: "L-GCN 512, k1 80",
        reach: SubgraphSize { k1: 80, k2: 5, u: 5 },
        widths: &[512, 512, 256, 256],
        pivots: 96,
    },
    Workload {
        name: "L-GCN 128, k1 20",
        reach: SubgraphSize { k1: 20, k2: 5, u: 5 },
        widths: &[128, 128, 64, 64],
        pivots: 960,
    },
];

/// Runs both in turn and prints a line of the table for each network.
pub(super) fn compare(python: &str, set: &Path) -> Result<(), AnyError> {
    let torch = Command::new(python).args(["-c", "import torch"]).output();
    if !torch.is_ok_and(|tried| tried.status.success()) {
        println!("skipped: {python} has no torch, so the scoring of links is compared with nothing");
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let rows = read(&set.to_string_lossy())?;
    for work in WORKS {
        let mut ours = Vec::new();
        let mut theirs = WAYS.map(|_| Vec::new());
        for _ in 0..RUNS {
            ours.push(pool.install(|| ours_of(&rows, &work))?);
            for (way, theirs) in WAYS.iter().zip(&mut theirs) {
                theirs.extend(theirs_of(python, set, &work, way.0)?);
            }
        }
        let ours = median(&mut ours);
        for ((_, name, goal), theirs) in WAYS.into_iter().zip(&mut theirs) {
            let theirs = (!theirs.is_empty()).then(|| median(theirs));
            row(&format!("{}, ms, PyTorch {name}", work.name), ours, theirs, goal);
        }
    }
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU milliseconds a pivot.
fn ours_of(rows: &Embeddings, work: &Workload) -> Result<f64, String> {
    let rows = rows.select(0..ROWS as u32);
    let shape = NetworkShape { dim: DIM, input: NodeFeatures::Difference, widths: work.widths.to_vec() };
    let mut rng = seeded(1);
    let weights = (0..shape.n_weights()).map(|_| rng.random_range(-0.05..0.05)).collect();
    let network = LinkNetwork::new(shape, vec![0.0; DIM], vec![0.0025; DIM], weights);
    let network = network.ok_or("the network has its weights")?;
    let neighbours = nearest(&rows, work.reach.most(), &Cx::new()).map_err(|error| error.to_string())?;
    let cpu = ProcessTime::now();
    let how = (work.reach, Aggregation::Mean);
    score_links(&rows, &neighbours, how, &network, &Cx::new()).map_err(|error| error.to_string())?;
    Ok(cpu.elapsed().as_secs_f64() * 1e3 / rows.len() as f64)
}

/// CPU milliseconds a pivot; none where it did not run.
fn theirs_of(python: &str, set: &Path, work: &Workload, way: &str) -> Result<Option<f64>, AnyError> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/lgcn_torch.py");
    let SubgraphSize { k1, k2, u } = work.reach;
    let widths: Vec<String> = work.widths.iter().map(ToString::to_string).collect();
    let text = |numbers: &[usize]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut command = Command::new(python);
    command.arg(&script).arg(set.with_extension("f32")).args(text(&[DIM, k1, k2, u])).arg(widths.join(","));
    let told = command.args(text(&[ROWS, work.pivots, REPEATS])).arg(way).output()?;
    let rate = String::from_utf8_lossy(&told.stdout).trim().parse::<f64>();
    Ok(rate.ok().map(|rate| 1e3 / rate))
}
