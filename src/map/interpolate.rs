//! Rows that were not laid out, beside the nearest ones that were.
//!
//! Takes all rows, the sample and its points; gives points for all. It moves no point of the
//! sample.

use rayon::prelude::*;

use crate::base::product::{both_transposed, transposed};
use crate::base::{Cancelled, Cx, Embeddings, Stage, TrackIx, squared_distance};

/// Rows of the sample that are compared at a time.
const PANEL: usize = 512;
/// Rows that are placed together.
const BLOCK: usize = 256;
/// Maximum number of nearest rows that decide where a row goes.
const NEAREST: usize = 3;

/// Each of `rows` not in `chosen` (ascending) goes to the middle of the few nearest ones of the
/// sample, those nearly as near as the nearest one. Parallel, the same for any number of threads.
/// O(n · m · dim).
pub(super) fn place(
    rows: &Embeddings,
    (chosen, sample, of_sample): (&[TrackIx], &Embeddings, &[[f32; 2]]),
    cx: &Cx,
) -> Result<Vec<[f32; 2]>, Cancelled> {
    let mut points = vec![[0.0; 2]; rows.len()];
    let mut is_chosen = vec![false; rows.len()];
    for (&row, &point) in chosen.iter().zip(of_sample) {
        points[row as usize] = point;
        is_chosen[row as usize] = true;
    }
    let others: Vec<TrackIx> = (0..rows.len() as TrackIx).filter(|&row| !is_chosen[row as usize]).collect();
    cx.stage(Stage::PlacingTheOtherTracks, others.len() as u64);
    let panels: Vec<Vec<f32>> = sample
        .as_slice()
        .par_chunks(PANEL * sample.dim())
        .map(|panel| transposed(panel, sample.dim()))
        .collect();
    let placed = others
        .par_chunks(BLOCK)
        .map(|block| {
            cx.check()?;
            let own = rows.select(block.iter().copied());
            let turned = transposed(own.as_slice(), own.dim());
            let mut nearest: Vec<Vec<(f32, usize)>> = vec![Vec::with_capacity(NEAREST + 1); block.len()];
            let mut products = Vec::new();
            for (at, panel) in panels.iter().enumerate() {
                let width = panel.len() / rows.dim();
                products.resize(block.len() * width, 0.0);
                both_transposed(&turned, panel, rows.dim(), &mut products);
                for (found, products) in nearest.iter_mut().zip(products.chunks_exact(width)) {
                    for (column, &product) in products.iter().enumerate() {
                        keep(found, product, at * PANEL + column);
                    }
                }
            }
            cx.advance(block.len() as u64);
            let point = |(row, found): (TrackIx, &Vec<(f32, usize)>)| {
                let away = |at: usize| squared_distance(own.row(row), sample.row(at as TrackIx)).0;
                middle(found.iter().map(|&(_, at)| (away(at), of_sample[at])))
            };
            Ok((0..).zip(&nearest).map(point).collect::<Vec<_>>())
        })
        .collect::<Result<Vec<_>, Cancelled>>()?;
    for (&row, point) in others.iter().zip(placed.into_iter().flatten()) {
        points[row as usize] = point;
    }
    Ok(points)
}

/// Keeps the largest products with where they are, largest first.
fn keep(found: &mut Vec<(f32, usize)>, product: f32, at: usize) {
    if found.len() == NEAREST && found.last().is_some_and(|last| product <= last.0) {
        return;
    }
    let place = found.partition_point(|other| other.0 >= product);
    found.insert(place, (product, at));
    found.truncate(NEAREST);
}

/// The middle of those points whose squared distance is at most a quarter above the least.
fn middle(near: impl Iterator<Item = (f32, [f32; 2])> + Clone) -> [f32; 2] {
    let least = near.clone().fold(f32::INFINITY, |least, (away, _)| least.min(away));
    let close = near.filter(|(away, _)| *away <= least * 1.25);
    let (sum, n) = close
        .fold(([0.0; 2], 0.0), |(sum, n), (_, point)| ([sum[0] + point[0], sum[1] + point[1]], n + 1.0_f32));
    sum.map(|value| value / n.max(1.0))
}
