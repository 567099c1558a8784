//! From lists of neighbours to the weighted graph that the random walk goes on.
//!
//! Takes each row's neighbours, nearest first; gives the links that outlier detection and the
//! gate leave, with transition probabilities as weights. It uses no modules.
//!
//! A kept link i → j weighs pᵢⱼ, j's similarity in shares of the sum over *all* k neighbours of
//! i; similarities below 0 count as 0, and a link that weighs 0 is none.

use rayon::prelude::*;

use super::network::Edges;
use super::outliers::OutlierDetector;
use super::{FaceMapParams, Flow};
use crate::base::{Cancelled, Checked, Cx, Similarity, TrackIx};

/// Rows looked at together.
const STRIP: usize = 1024;

/// The graph, and what was found on the way to it.
#[derive(Debug)]
pub(super) struct SimilarityGraph {
    pub edges: Edges,
    /// Neighbours that outlier detection kept, over all rows.
    pub n_kept: usize,
}

/// What a row keeps of its list: the `count` nearest, each similarity times `scale`.
#[derive(Debug, Clone, Copy, Default)]
struct KeptNeighbours {
    count: u32,
    scale: f64,
}

/// Links `n` rows; `of` gives a row's neighbours, and links below `least` are none. O(n · k); the
/// same for any number of threads.
///
/// # Errors
/// [`Cancelled`].
pub(super) fn build_graph<'a>(
    n: usize,
    of: impl Fn(TrackIx) -> &'a [(TrackIx, Similarity)] + Sync,
    least: Option<Similarity>,
    params: &Checked<FaceMapParams>,
    cx: &Cx,
) -> Result<SimilarityGraph, Cancelled> {
    let mut kept = vec![KeptNeighbours::default(); n];
    let strips: Vec<usize> = kept
        .par_chunks_mut(STRIP)
        .enumerate()
        .map(|(strip, kept)| {
            cx.check()?;
            let mut outliers = OutlierDetector::new(params.window);
            let mut n_kept = 0;
            for (at, kept) in kept.iter_mut().enumerate() {
                let list = of((strip * STRIP + at) as TrackIx);
                let cut = outliers.cut(list.iter().map(|neighbour| neighbour.1.0));
                if cut.sum > 0.0 {
                    n_kept += cut.kept;
                    // Sorted: what passes comes first.
                    let passes = |similarity: Similarity| similarity.0 > 0.0 && Some(similarity) >= least;
                    let count = list[..cut.kept].partition_point(|neighbour| passes(neighbour.1));
                    *kept = KeptNeighbours { count: count as u32, scale: 1.0 / cut.sum };
                }
            }
            Ok(n_kept)
        })
        .collect::<Result<_, Cancelled>>()?;
    let out = |row: usize| {
        let KeptNeighbours { count, scale } = kept[row];
        let list = &of(row as TrackIx)[..count as usize];
        list.iter().map(move |&(to, similarity)| (to, f64::from(similarity.0) * scale))
    };
    let links = join_directions(n, out, params, cx)?;
    Ok(SimilarityGraph { edges: links, n_kept: strips.iter().sum() })
}

/// Brings both directions of each link together at both its ends.
fn join_directions<I: Iterator<Item = (u32, f64)>>(
    n: usize,
    out: impl Fn(usize) -> I,
    params: &Checked<FaceMapParams>,
    cx: &Cx,
) -> Result<Edges, Cancelled> {
    let mut starts = vec![0; n + 1];
    for row in 0..n {
        for (to, _) in out(row) {
            starts[to as usize + 1] += 1;
        }
    }
    for row in 0..n {
        starts[row + 1] += starts[row];
    }
    let mut next = starts.clone();
    let mut arriving = vec![(0_u32, 0.0_f64); starts[n]];
    for row in 0..n {
        for (to, weight) in out(row) {
            let at = &mut next[to as usize];
            arriving[*at] = (row as u32, weight);
            *at += 1;
        }
    }
    drop(next);
    let directed = params.flow == Flow::Directed;
    let mut links = Edges::with_room(n);
    let mut place = vec![usize::MAX; n];
    let mut met: Vec<(u32, f64, f64)> = Vec::new();
    for row in 0..n {
        if row % STRIP == 0 {
            cx.check()?;
        }
        for (to, weight) in out(row) {
            place[to as usize] = met.len();
            met.push((to, weight, 0.0));
        }
        for &(from, weight) in &arriving[starts[row]..starts[row + 1]] {
            match met.get_mut(place[from as usize]) {
                Some(link) => link.2 = weight,
                None => met.push((from, 0.0, weight)),
            }
        }
        for (to, out, into) in met.drain(..) {
            place[to as usize] = usize::MAX;
            links.to.push(to);
            if directed {
                links.out.push(out);
                links.into.push(into);
            } else {
                links.out.push(out + into);
            }
        }
        links.starts.push(links.to.len());
    }
    Ok(links)
}
