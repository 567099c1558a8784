//! Who is near whom: the exact radius graph over a matrix of embeddings.
//!
//! Takes rows and a largest squared distance; gives each row's neighbours within it, in
//! ascending order. It knows nothing of tracks, clusters or constraints.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use rayon::prelude::*;

use crate::base::{Cancelled, Cx, Embeddings, squared_distance};

/// Rows of one tile of the all-pairs product: two tiles of 512 columns stay in the L2 cache.
const TILE: usize = 256;

/// Symmetric sparse graph in compressed rows.
#[derive(Debug, Clone, PartialEq)]
pub struct RadiusGraph {
    offsets: Vec<usize>,
    neighbours: Vec<(u32, f32)>,
}

impl RadiusGraph {
    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The neighbours of a node with their squared distances, ascending by node.
    ///
    /// # Panics
    /// Where `node` is not below [`Self::len`].
    pub fn neighbours(&self, node: u32) -> &[(u32, f32)] {
        &self.neighbours[self.offsets[node as usize]..self.offsets[node as usize + 1]]
    }

    /// Number of undirected edges.
    pub fn n_edges(&self) -> usize {
        self.neighbours.len() / 2
    }
}

/// All pairs at squared Euclidean distance ≤ `tau`, exactly.
///
/// A tiled matrix product prefilters with slack; [`squared_distance`] decides, so that the
/// result has the same bytes for any number of threads. O(n² · dim) time, memory in the
/// number of pairs found.
///
/// # Errors
/// [`Cancelled`], checked between tiles.
pub fn radius_graph(rows: &Embeddings, tau: f64, cx: &Cx) -> Result<RadiusGraph, Cancelled> {
    let n = rows.len();
    let squares: Vec<f32> = (0..n as u32).map(|i| rows.row(i).iter().map(|v| v * v).sum()).collect();
    let tiles: Vec<usize> = (0..n).step_by(TILE).collect();
    cx.stage("Comparing tracks", n as u64);
    let found: Vec<Vec<(u32, u32, f32)>> = tiles
        .par_iter()
        .map(|&from| {
            let mut pairs = Vec::new();
            let mut products = vec![0.0; TILE * TILE];
            for to in (from..n).step_by(TILE) {
                cx.check()?;
                tile_pairs(rows, &squares, (from, to), tau, &mut products, &mut pairs);
            }
            cx.advance(TILE.min(n - from) as u64);
            Ok(pairs)
        })
        .collect::<Result<_, Cancelled>>()?;
    Ok(compress(n, &found))
}

fn tile_pairs(
    rows: &Embeddings,
    squares: &[f32],
    (from, to): (usize, usize),
    tau: f64,
    products: &mut [f32],
    pairs: &mut Vec<(u32, u32, f32)>,
) {
    let (n, dim) = (rows.len(), rows.dim());
    let (height, width) = (TILE.min(n - from), TILE.min(n - to));
    let data = rows.as_slice();
    multiply(&data[from * dim..(from + height) * dim], &data[to * dim..(to + width) * dim], dim, products);
    for i in from..from + height {
        for j in to.max(i + 1)..to + width {
            let sum = squares[i] + squares[j];
            // The slack covers the product's rounding; the exact distance decides.
            let near = sum - 2.0 * products[(i - from) * width + (j - to)] - 1e-4 * (sum + 1.0);
            if f64::from(near) <= tau {
                let distance = squared_distance(rows.row(i as u32), rows.row(j as u32));
                if f64::from(distance.0) <= tau {
                    pairs.push((i as u32, j as u32, distance.0));
                }
            }
        }
    }
}

/// `out = a · bᵀ`, all row-major; `out` may be longer than needed.
fn multiply(a: &[f32], b: &[f32], dim: usize, out: &mut [f32]) {
    let (m, n) = (a.len() / dim, b.len() / dim);
    let views = (
        ArrayView2::from_shape((m, dim), a),
        ArrayView2::from_shape((n, dim), b),
        ArrayViewMut2::from_shape((m, n), &mut out[..m * n]),
    );
    if let (Ok(a), Ok(b), Ok(mut out)) = views {
        general_mat_mul(1.0, &a, &b.t(), 0.0, &mut out);
    }
}

fn compress(n: usize, found: &[Vec<(u32, u32, f32)>]) -> RadiusGraph {
    let mut offsets = vec![0_usize; n + 1];
    for &(i, j, _) in found.iter().flatten() {
        offsets[i as usize + 1] += 1;
        offsets[j as usize + 1] += 1;
    }
    for node in 0..n {
        offsets[node + 1] += offsets[node];
    }
    let mut next = offsets.clone();
    let mut neighbours = vec![(0, 0.0); offsets[n]];
    for &(i, j, distance) in found.iter().flatten() {
        for (node, other) in [(i, j), (j, i)] {
            neighbours[next[node as usize]] = (other, distance);
            next[node as usize] += 1;
        }
    }
    for node in 0..n {
        neighbours[offsets[node]..offsets[node + 1]].sort_unstable_by_key(|&(other, _)| other);
    }
    RadiusGraph { offsets, neighbours }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::seeded;

    #[test]
    fn equals_brute_force_over_tile_borders_with_duplicates() {
        let mut rng = seeded(3);
        let (n, dim) = (2 * TILE + 37, 19);
        let mut data: Vec<f32> = (0..n * dim).map(|_| rng.random_range(-1.0..1.0)).collect();
        let copy = data[..dim].to_vec();
        data[300 * dim..301 * dim].copy_from_slice(&copy);
        let rows = Embeddings::new(dim, data).unwrap().into_unit().unwrap();
        let tau = 1.2;
        let graph = radius_graph(&rows, tau, &Cx::new()).unwrap();
        for i in 0..n as u32 {
            let expected: Vec<(u32, f32)> = (0..n as u32)
                .filter(|&j| j != i)
                .map(|j| (j, squared_distance(rows.row(i.min(j)), rows.row(i.max(j))).0))
                .filter(|&(_, d)| f64::from(d) <= tau)
                .collect();
            assert_eq!(graph.neighbours(i), expected);
        }
        assert!(graph.neighbours(0).contains(&(300, 0.0)));
    }

    #[test]
    fn nothing_and_one() {
        let empty = Embeddings::new(3, Vec::new()).unwrap();
        assert!(radius_graph(&empty, 1.0, &Cx::new()).unwrap().is_empty());
        let one = Embeddings::new(3, vec![1.0, 0.0, 0.0]).unwrap();
        assert_eq!(radius_graph(&one, 1.0, &Cx::new()).unwrap().n_edges(), 0);
    }

    #[test]
    fn stops_when_asked() {
        let cx = Cx::new();
        cx.cancel();
        let one = Embeddings::new(1, vec![1.0, 1.0]).unwrap();
        assert_eq!(radius_graph(&one, 1.0, &cx), Err(Cancelled));
    }
}
