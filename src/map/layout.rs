//! t-SNE over exact nearest neighbours, in short runs that can be stopped between.
//!
//! Takes unit rows; gives a point for each, unscaled. It starts from a projection of the rows
//! themselves, so that a few more rows do not turn the whole map.

use bhtsne::{Neighbor, SparseAffinities, tSNE};
use rand::RngExt;

use super::MapError;
use crate::base::{Cx, Embeddings, Rng, Stage, TrackIx, seeded, squared_distance};
use crate::graph::{Neighbours, nearest};

/// Fewer rows than this have no neighbourhoods to speak of.
pub(super) const FEWEST: usize = 5;
/// Neighbours that pull on a point; the perplexity is a third of it.
const NEIGHBOURS: usize = 30;
/// Steps between two looks at the cancel token.
const STEPS: usize = 50;
/// Steps with neighbours pulling twelve times as hard, and steps without.
const RUNS: (u64, u64) = (5, 10);
/// How hard neighbours pull at first.
const EXAGGERATION: f32 = 12.0;
/// How coarsely far points are taken together.
const THETA: f32 = 0.7;
/// How wide the points lie at first.
const START: f32 = 1e-4;

/// The points of the rows. Deterministic; O(n² · dim) for the neighbours, O(n log n) a step.
pub(super) fn lay_out(rows: &Embeddings, seed: u64, cx: &Cx) -> Result<Vec<[f32; 2]>, MapError> {
    let n = rows.len();
    if n < FEWEST {
        let angle = |at: usize| at as f32 / n as f32 * std::f32::consts::TAU;
        return Ok((0..n).map(|at| [angle(at).cos(), angle(at).sin()]).collect());
    }
    let neighbours = lists(rows, &nearest(rows, NEIGHBOURS, cx)?);
    // On one thread, because sums over several differ in their last bits from run to run.
    let thread = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let thread = thread.map_err(|why| MapError::Thread(why.to_string()))?;
    cx.stage(Stage::DrawingTheMap, RUNS.0 + RUNS.1);
    let (mut points, mut affinities) = (start(rows, seed), None);
    for at in 0..RUNS.0 + RUNS.1 {
        cx.check()?;
        let exaggeration = if at < RUNS.0 { EXAGGERATION } else { 1.0 };
        (points, affinities) = thread.install(|| run(points, affinities, &neighbours, exaggeration));
        cx.advance(1);
    }
    Ok(points.chunks_exact(2).map(|point| [point[0], point[1]]).collect())
}

/// [`STEPS`] steps from where the points are.
fn run(
    points: Vec<f32>,
    affinities: Option<SparseAffinities<f32>>,
    neighbours: &[Vec<Neighbor<f32>>],
    exaggeration: f32,
) -> (Vec<f32>, Option<SparseAffinities<f32>>) {
    let n = neighbours.len();
    let perplexity = (neighbours[0].len() as f32 / 3.0).max(1.2);
    let units = vec![(); n];
    let mut tsne: tSNE<f32, ()> = tSNE::new(&units);
    tsne.perplexity(perplexity)
        .epochs(STEPS)
        .initial_embedding(points)
        .learning_rate((n as f32 / EXAGGERATION / 4.0).max(50.0))
        .early_exaggeration(exaggeration)
        .momentum(if exaggeration > 1.0 { 0.5 } else { 0.8 })
        // Both change between runs, never within one.
        .stop_lying_epoch(STEPS)
        .momentum_switch_epoch(STEPS);
    if let Some(affinities) = affinities {
        tsne.with_affinities(affinities);
    }
    tsne.barnes_hut_with_neighbors(THETA, neighbours);
    (tsne.embedding(), tsne.affinities())
}

/// The neighbours with their distances, as t-SNE wants them: it needs them to differ, and copies
/// of one row do not.
fn lists(rows: &Embeddings, neighbours: &Neighbours) -> Vec<Vec<Neighbor<f32>>> {
    let of = |row: TrackIx| {
        let away = |other: TrackIx| squared_distance(rows.row(row), rows.row(other)).0.sqrt().max(1e-3);
        let mut list: Vec<Neighbor<f32>> = neighbours
            .of(row)
            .iter()
            .map(|&(other, _)| Neighbor { index: other as usize, distance: away(other) })
            .collect();
        if let [first, .., last] = list.as_slice()
            && last.distance < first.distance * 1.1
        {
            let least = first.distance;
            for (rank, neighbour) in list.iter_mut().enumerate() {
                neighbour.distance = least * (1.0 + 0.02 * rank as f32);
            }
        }
        list
    };
    (0..rows.len() as TrackIx).map(of).collect()
}

/// Where the points begin: a seeded projection of the rows, and a breath of noise, so that copies
/// of one row can part.
fn start(rows: &Embeddings, seed: u64) -> Vec<f32> {
    let mut rng = seeded(seed);
    let draw = |rng: &mut Rng| rng.random_range(-1.0_f32..1.0);
    let axes: [Vec<f32>; 2] = std::array::from_fn(|_| (0..rows.dim()).map(|_| draw(&mut rng)).collect());
    let along = |row: TrackIx, axis: &[f32]| rows.row(row).iter().zip(axis).map(|(a, b)| a * b).sum::<f32>();
    let mut points = Vec::with_capacity(rows.len() * 2);
    for row in 0..rows.len() as TrackIx {
        for axis in &axes {
            points.push(START * (along(row, axis) + 0.01 * draw(&mut rng)));
        }
    }
    points
}
