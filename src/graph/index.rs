//! Neighbours that a graph index proposes (HNSW; Malkov, Yashunin, 2018): far fewer
//! comparisons than all pairs, and now and then one is missed.

use hnsw_rs::anndists::dist::distances::Distance;
use hnsw_rs::hnsw::Hnsw;
use rayon::prelude::*;

use crate::base::{Cancelled, Cx, Stage, squared_distance};

/// Links of a row in a layer of the index.
const LINKS: usize = 24;
const LAYERS: usize = 16;
/// Rows looked at while one is inserted.
const WIDTH: usize = 128;

/// Squared distance, with our own order of accumulation.
struct SquaredDistance;

impl Distance<f32> for SquaredDistance {
    fn eval(&self, x: &[f32], y: &[f32]) -> f32 {
        squared_distance(x, y).0
    }
}

/// For each row the numbers of up to `k` other rows that are probably its nearest, ascending.
///
/// `rows` holds rows of `dim` columns; one that is not finite is near none. Rows enter the
/// index one after another, for it would depend on chance otherwise, and are searched for in
/// parallel: the same bytes for any number of threads. About O(n · log n · dim) time; memory
/// is that of the rows once more, and some 300 bytes per row.
///
/// # Errors
/// [`Cancelled`], checked between rows.
pub fn proposed(rows: &[f32], dim: usize, k: usize, cx: &Cx) -> Result<Vec<Vec<u32>>, Cancelled> {
    let n = rows.len().checked_div(dim).unwrap_or(0);
    let row = |at: usize| &rows[at * dim..(at + 1) * dim];
    // The index panics on NaN.
    let finite = |at: usize| row(at).iter().all(|value| value.is_finite());
    let index = Hnsw::<f32, SquaredDistance>::new(LINKS, n.max(1), LAYERS, WIDTH, SquaredDistance);
    cx.stage(Stage::IndexingTracks, n as u64);
    for at in (0..n).filter(|&at| finite(at)) {
        cx.check()?;
        index.insert((row(at), at));
        cx.advance(1);
    }
    cx.stage(Stage::ComparingTracks, n as u64);
    let width = WIDTH.max(2 * k);
    (0..n)
        .into_par_iter()
        .map(|at| {
            cx.check()?;
            cx.advance(1);
            if !finite(at) {
                return Ok(Vec::new());
            }
            let found = index.search(row(at), k + 1, width);
            let others = found.iter().map(|found| found.d_id as u32).filter(|&other| other as usize != at);
            let mut others: Vec<u32> = others.take(k).collect();
            others.sort_unstable();
            Ok(others)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::seeded;

    fn points(n: usize, dim: usize) -> Vec<f32> {
        let mut rng = seeded(4);
        (0..n * dim).map(|_| rng.random_range(-1.0..1.0)).collect()
    }

    #[test]
    fn proposes_the_nearest_and_the_same_each_time() {
        let (n, dim, k) = (900, 8, 10);
        let rows = points(n, dim);
        let row = |at: usize| &rows[at * dim..(at + 1) * dim];
        let found = proposed(&rows, dim, k, &Cx::new()).unwrap();
        let mut hits = 0;
        for (at, found) in found.iter().enumerate() {
            let mut others: Vec<usize> = (0..n).filter(|&other| other != at).collect();
            others.sort_by_key(|&other| squared_distance(row(at), row(other)).0.to_bits());
            hits += others[..k].iter().filter(|&&other| found.contains(&(other as u32))).count();
        }
        assert!(hits as f64 >= 0.98 * (n * k) as f64, "{hits} of {}", n * k);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        assert_eq!(pool.install(|| proposed(&rows, dim, k, &Cx::new())).unwrap(), found);
    }

    #[test]
    fn bears_what_the_index_would_not() {
        let mut rows = points(40, 3);
        rows[6] = f32::NAN;
        let found = proposed(&rows, 3, 5, &Cx::new()).unwrap();
        assert!(found[2].is_empty() && !found.iter().flatten().any(|&other| other == 2));
        assert!(proposed(&[], 0, 5, &Cx::new()).unwrap().is_empty());
        assert_eq!(proposed(&[1.0, 2.0], 2, 5, &Cx::new()).unwrap(), [Vec::<u32>::new()]);
        let cx = Cx::new();
        cx.cancel();
        assert_eq!(proposed(&rows, 3, 5, &cx), Err(Cancelled));
    }
}
