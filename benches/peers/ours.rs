//! One piece of our work in a process of its own: prints its CPU seconds and peak memory.

use std::time::Instant;

use castlist::base::product::multiply_by_transposed;
use castlist::base::{Constraints, Cx, Embeddings, Parameters as _};
use castlist::cluster::agglomerative::complete_linkage;
use castlist::cluster::facemap::{FaceMapParams, facemap};
use castlist::graph::nearest;
use cpu_time::ProcessTime;
use serde_json::json;

use super::AnyError;

pub(super) const DIM: usize = 256;

/// `link SET τ`, `knn SET k` or `facemap SET k/window`; prints one JSON object.
pub(super) fn run(args: &[String]) -> Result<(), AnyError> {
    let [work, set, figure] = args else { return Err("WORK SET FIGURE".into()) };
    let told = match work.as_str() {
        "link" => link(read(set)?, figure.parse()?)?,
        "knn" => knn(&read(set)?, figure.parse()?)?,
        "facemap" => from_neighbours_on(&read(set)?, figure)?,
        _ => return Err(format!("there is no work `{work}`").into()),
    };
    println!("{told}");
    Ok(())
}

fn link(rows: Embeddings, tau: f64) -> Result<serde_json::Value, AnyError> {
    let cpu = ProcessTime::now();
    let found = complete_linkage(&rows, &Constraints::default(), tau, &Cx::new())?;
    let spent = cpu.elapsed().as_secs_f64();
    let peak = peak_mib();
    drop(rows);
    let clock = Instant::now();
    let clusters = found.dendrogram.cut(tau * 0.8).n_clusters();
    let cut = clock.elapsed().as_secs_f64() * 1e3;
    assert_eq!(clusters, found.dendrogram.n_clusters(tau * 0.8), "a cut has as many clusters as it is said");
    Ok(json!({ "cpu_s": spent, "peak_mib": peak, "stages": found.n_stages, "cut_ms": cut }))
}

fn knn(rows: &Embeddings, k: usize) -> Result<serde_json::Value, AnyError> {
    let best = product_peak();
    let cpu = ProcessTime::now();
    nearest(rows, k, &Cx::new())?;
    let spent = cpu.elapsed().as_secs_f64();
    let rate = work(rows.len(), rows.len()) / spent;
    Ok(json!({ "cpu_s": spent, "peak_mib": peak_mib(), "share": rate / best }))
}

/// FaceMap without the gate, as published; the neighbours' seconds are left out.
fn from_neighbours_on(rows: &Embeddings, figure: &str) -> Result<serde_json::Value, AnyError> {
    let (k, window) = figure.split_once('/').ok_or("k/window")?;
    let params =
        FaceMapParams { k: k.parse()?, window: window.parse()?, gate: 0.0, ..FaceMapParams::default() };
    let cpu = ProcessTime::now();
    let found = facemap(rows, &Constraints::default(), &params.check()?, &Cx::new())?;
    let spent = cpu.elapsed().as_secs_f64() - found.graph_secs.1;
    let length = found.diagnostics.figures["codelength_bits"];
    Ok(json!({ "cpu_s": spent, "peak_mib": peak_mib(), "codelength": length }))
}

/// Operations of a product of `n` rows with `m` others.
fn work(m: usize, n: usize) -> f64 {
    2.0 * m as f64 * n as f64 * DIM as f64
}

/// Operations a CPU second of the same product on tiles that fit the cache, on one core.
fn product_peak() -> f64 {
    const TILE: usize = 512;
    const TIMES: usize = 100;
    let rows: Vec<f32> = (0..TILE * DIM).map(|at| (at % 97) as f32 / 97.0).collect();
    let mut out = vec![0.0; TILE * TILE];
    multiply_by_transposed(&rows, &rows, DIM, &mut out);
    let cpu = ProcessTime::now();
    for _ in 0..TIMES {
        multiply_by_transposed(&rows, &rows, DIM, &mut out);
    }
    work(TILE, TILE) * TIMES as f64 / cpu.elapsed().as_secs_f64()
}

pub(super) fn read(set: &str) -> Result<Embeddings, AnyError> {
    let bytes = std::fs::read(format!("{set}.f32"))?;
    let values = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    Ok(Embeddings::new(DIM, values)?)
}

/// The most memory this process ever held; 0 where the system does not say.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
