//! Approximate rank-order: two rows belong together where each is among the other's nearest
//! and they share the neighbours that are nearer still.
//!
//! Otto, Wang, Jain: "Clustering millions of faces by identity", 2018. With `O_a(b)` the rank of
//! b among a's neighbours and d(a, b) the number of a's neighbours up to b that b's list lacks,
//! the distance of a and b is `(d(a, b) + d(b, a)) / min(O_a(b), O_b(a))`, and what is linked
//! below a threshold is one cluster. Own code: no crate has it.
//!
//! Two additions, for lists that hold strangers: a row counts as its own neighbour of rank 0,
//! and neighbours below a similarity are none (without it, two strangers who are each other's
//! nearest would always be one; −1 turns it off).

use rayon::prelude::*;

use super::{check_count, check_similarity, found, timed};
use crate::base::{Cancelled, Constraints, Cx, Embeddings, Partition, TrackIx, UnionFind};
use crate::cluster::{ClusterError, Clustering};
use crate::graph::{Neighbours, nearest};

/// Rows that one thread takes at a time.
const CHUNK: usize = 256;

/// Parameters, not yet checked.
#[derive(Debug, Clone, Copy)]
pub struct RankOrderParams {
    /// Neighbours a row, 1..=4096.
    pub k: usize,
    /// Rank distances up to this link, 0..=1000.
    pub rank_distance: f64,
    /// Neighbours less alike than this are none, −1..=1.
    pub similarity: f64,
}

impl Default for RankOrderParams {
    fn default() -> Self {
        Self { k: 200, rank_distance: 0.6, similarity: 0.35 }
    }
}

/// Checked parameters; only these can run.
#[derive(Debug, Clone, Copy)]
pub struct RankOrderValid(RankOrderParams);

impl RankOrderParams {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`ClusterError::Parameter`] with name, value and range.
    pub fn check(self) -> Result<RankOrderValid, ClusterError> {
        check_count("k", self.k, 1..=4096, "1 to 4096")?;
        check_similarity(self.similarity)?;
        if !(0.0..=1000.0).contains(&self.rank_distance) {
            let value = self.rank_distance.to_string();
            return Err(ClusterError::Parameter { name: "rank_distance", value, range: "0 to 1000" });
        }
        Ok(RankOrderValid(self))
    }
}

/// Links rows whose rank distance is within the threshold. Knows no links of the user.
/// O(n² · dim) time for the graph and O(n · k²) after, O(n · k) memory.
///
/// # Errors
/// [`ClusterError::Cancelled`].
pub fn rank_order(
    rows: &Embeddings,
    _links: &Constraints,
    params: &RankOrderValid,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let params = params.0;
    let (lists, graph_secs) = timed(|| nearest(rows, params.k, cx));
    let ranks = Ranks { lists: lists?, similarity: params.similarity as f32 };
    cx.stage("Grouping tracks", rows.len() as u64);
    let all: Vec<TrackIx> = (0..rows.len() as TrackIx).collect();
    let linked: Vec<Vec<(TrackIx, TrackIx)>> = all
        .par_chunks(CHUNK)
        .map_init(
            || vec![0; rows.len()],
            |rank_of, chunk| {
                let mut linked = Vec::new();
                for &row in chunk {
                    cx.check()?;
                    ranks.links(row, params.rank_distance, rank_of, &mut linked);
                }
                cx.advance(chunk.len() as u64);
                Ok(linked)
            },
        )
        .collect::<Result<_, Cancelled>>()?;
    let mut sets = UnionFind::new(rows.len());
    let mut n_links = 0;
    for (a, b) in linked.into_iter().flatten() {
        sets.union(a, b);
        n_links += 1;
    }
    let labels: Vec<u32> = all.iter().map(|&row| sets.find(row)).collect();
    Ok(found(Partition::from_labels(&labels), &[("links", f64::from(n_links))], graph_secs))
}

struct Ranks {
    lists: Neighbours,
    similarity: f32,
}

impl Ranks {
    /// The neighbours of a row that are alike enough, nearest first.
    fn of(&self, row: TrackIx) -> impl Iterator<Item = TrackIx> + '_ {
        let alike = self.lists.of(row).iter().take_while(|near| near.1.0 >= self.similarity);
        alike.map(|near| near.0)
    }

    /// The links of row `a` to larger rows. `rank_of` has a place for every row's rank among the
    /// neighbours of `a`; it is all 0 before and after.
    fn links(&self, a: TrackIx, most: f64, rank_of: &mut [u32], linked: &mut Vec<(TrackIx, TrackIx)>) {
        for (b, rank) in self.of(a).zip(1..) {
            rank_of[b as usize] = rank;
        }
        for (b, of_b) in self.of(a).zip(1..).filter(|&(b, _)| b > a) {
            let Some(of_a) = self.of(b).position(|other| other == a) else { continue };
            let of_a = of_a as u32 + 1;
            // Of the neighbours of each up to the other, those that both lists hold; each row
            // stands at rank 0 of its own list.
            let (mut near_a, mut near_b) = (2, 2);
            for (other, rank) in self.of(b).zip(1..) {
                let rank_a = rank_of[other as usize];
                near_a += u32::from(rank_a > 0 && rank_a < of_b);
                near_b += u32::from(rank_a > 0 && rank < of_a);
            }
            // Ranks 0 to the other's: one more than the rank.
            let missing = (of_b + 1 - near_a) + (of_a + 1 - near_b);
            if f64::from(missing) <= most * f64::from(of_a.min(of_b)) {
                linked.push((a, b));
            }
        }
        for b in self.of(a) {
            rank_of[b as usize] = 0;
        }
    }
}
