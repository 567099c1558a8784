//! All pairs of rows within a similarity, in portions, never all in memory.

use rayon::prelude::*;

use crate::base::product::dot;
use crate::base::{Cancelled, Cx, Embeddings, Stage, TrackIx, squared_distance};
use crate::graph::Candidates;

/// Pairs in a portion.
const PORTION: usize = 1 << 14;

/// Calls `take` with all pairs `i < j` of unit rows whose cosine is at least `similarity`, in
/// portions, from several threads and in any order. O(n² · dim) time, memory of some portions.
///
/// # Errors
/// [`Cancelled`], checked between strips of rows.
pub(super) fn pairs_within(
    rows: &Embeddings,
    similarity: f64,
    cx: &Cx,
    take: impl Fn(&[(TrackIx, TrackIx)]) + Sync,
) -> Result<(), Cancelled> {
    // Unit vectors: ‖x − y‖² = 2 − 2·cos.
    let limit = (2.0 - 2.0 * similarity) as f32;
    let squares: Vec<f32> = (0..rows.len() as TrackIx).map(|i| dot(rows.row(i), rows.row(i))).collect();
    let candidates = Candidates::new(rows.as_slice(), rows.dim(), &squares);
    cx.stage(Stage::ComparingTracks, rows.len() as u64);
    (0..candidates.n_strips()).into_par_iter().try_for_each(|strip| {
        cx.check()?;
        let mut scratch = Vec::new();
        let mut portion = Vec::new();
        candidates.strip(strip, f64::from(limit), &mut scratch, |i, j| {
            if squared_distance(rows.row(i), rows.row(j)).0 <= limit {
                portion.push((i, j));
                if portion.len() == PORTION {
                    take(&portion);
                    portion.clear();
                }
            }
        });
        take(&portion);
        cx.advance(candidates.rows_of(strip).len() as u64);
        Ok(())
    })
}
