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

use super::{found, timed};
use crate::base::{
    Cancelled, Checked, Constraints, Cx, Embeddings, Parameter, ParameterField, ParameterRange, Parameters,
    Partition, Stage, TrackIx, UnionFind, field,
};
use crate::cluster::parameters::{NEIGHBOURS, SIMILARITY};
use crate::cluster::{
    Algorithm, ClusterError, Clustering, ConstraintHandling, MethodDescription, ParameterSweep, run_by,
};
use crate::graph::{Neighbours, nearest};

/// Rows that one thread takes at a time.
const CHUNK: usize = 256;

const RANK_DISTANCE: Parameter = Parameter {
    name: "rank_distance",
    label: "Rank distance",
    doc: "How much the nearest tracks of two tracks may differ for the two to be linked.",
    range: ParameterRange::Number("a number", 0.0, 1000.0),
    auto: None,
};

/// Parameters of the method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankOrderParams {
    /// Neighbours a row.
    pub k: usize,
    /// Rank distances up to this link.
    pub rank_distance: f64,
    /// Neighbours less alike than this are none.
    pub similarity: f64,
}

impl Default for RankOrderParams {
    fn default() -> Self {
        Self { k: 200, rank_distance: 0.6, similarity: 0.35 }
    }
}

impl Parameters for RankOrderParams {
    const FIELDS: &'static [ParameterField<Self>] =
        &[field!(NEIGHBOURS, k), field!(RANK_DISTANCE, rank_distance), field!(SIMILARITY, similarity)];
}

impl Algorithm for RankOrderParams {
    const DESCRIPTION: MethodDescription = MethodDescription {
        id: "rank-order",
        name: "Rank order",
        doc: "Links tracks that are among each other's nearest and share the nearer ones.",
        sweep: ParameterSweep {
            parameter: &RANK_DISTANCE,
            values: &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0],
        },
        constraints: ConstraintHandling::Afterwards,
    };

    run_by!(rank_order);
}

/// Links rows whose rank distance is within the threshold. Knows no links of the user.
/// O(n² · dim) time for the graph and O(n · k²) after, O(n · k) memory.
///
/// # Errors
/// [`ClusterError::Cancelled`].
pub fn rank_order(
    rows: &Embeddings,
    _links: &Constraints,
    params: &Checked<RankOrderParams>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let (lists, graph_secs) = timed(|| nearest(rows, params.k, cx));
    let ranks = Ranks { lists: lists?, similarity: params.similarity as f32 };
    cx.stage(Stage::GroupingTracks, rows.len() as u64);
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
            // is at rank 0 of its own list.
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
