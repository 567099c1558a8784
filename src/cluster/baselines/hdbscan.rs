//! HDBSCAN: density clusters of any density, by how long they last as the density rises.
//!
//! Campello, Moulavi, Sander: "Density-based clustering based on hierarchical density
//! estimates", 2013. Excess of mass selects; the whole is never a cluster. Own code: the crates
//! there are take every distance one by one (Prim) or search with trees, which help nothing at
//! hundreds of columns; here the spanning tree comes from our own graph (`spanning_tree`).
//! Merges at one height are one merge, so that the order of rows does not decide; with
//! `min_samples` above 2 scikit-learn takes them one by one, and its result depends on it.

use super::spanning_tree::{CoreDistances, SpanningEdge};
use super::{found, timed};
use crate::base::{
    Checked, Constraints, Cx, Embeddings, Parameter, ParameterField, ParameterRange, Parameters, Partition,
    TrackIx, UnionFind, field,
};
use crate::cluster::parameters::MIN_SAMPLES;
use crate::cluster::{
    Algorithm, ClusterError, Clustering, ConstraintHandling, MethodDescription, ParameterSweep, run_by,
};

const MIN_CLUSTER_SIZE: Parameter = Parameter {
    name: "min_cluster_size",
    label: "Smallest group",
    doc: "Fewer tracks than this are no group; each stays alone.",
    range: ParameterRange::Count(2, 1000),
    auto: None,
};

/// Parameters of the method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HdbscanParams {
    /// Fewer rows than this are no cluster.
    pub min_cluster_size: usize,
    /// So many rows within a distance, the row itself counted, make it dense.
    pub min_samples: usize,
}

impl Default for HdbscanParams {
    fn default() -> Self {
        Self { min_cluster_size: 2, min_samples: 2 }
    }
}

impl Parameters for HdbscanParams {
    const FIELDS: &'static [ParameterField<Self>] =
        &[field!(MIN_CLUSTER_SIZE, min_cluster_size), field!(MIN_SAMPLES, min_samples)];
}

impl Algorithm for HdbscanParams {
    const DESCRIPTION: MethodDescription = MethodDescription {
        id: "hdbscan",
        name: "HDBSCAN",
        doc: "Finds groups that last as the density rises, each at a density of its own.",
        sweep: ParameterSweep { parameter: &MIN_SAMPLES, values: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0] },
        constraints: ConstraintHandling::Afterwards,
    };

    run_by!(hdbscan);
}

/// Groups unit rows by how long clusters last; noise becomes clusters of one. Distances are
/// Euclidean, as scikit-learn takes them for unit rows. Knows no links. O(n² · dim) time,
/// O(n) memory.
///
/// # Errors
/// [`ClusterError::Cancelled`].
pub fn hdbscan(
    rows: &Embeddings,
    _links: &Constraints,
    params: &Checked<HdbscanParams>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let (density, graph_secs) = timed(|| CoreDistances::new(rows, params.min_samples, cx));
    let tree = MergeTree::new(rows.len(), &density?.spanning_tree(cx)?);
    let (partition, n_noise) = CondensedTree::new(&tree, params.min_cluster_size).partition(rows.len());
    Ok(found(partition, &[("noise", n_noise as f64)], graph_secs))
}

/// The merges as a tree: rows first, then what they merge into, each after its parts.
struct MergeTree {
    nodes: Vec<MergeNode>,
    n_rows: usize,
}

#[derive(Default)]
struct MergeNode {
    /// 1 / distance at which the parts are one.
    lambda: f64,
    parts: Vec<u32>,
    n_rows: usize,
}

impl MergeTree {
    /// From the edges of a spanning tree, by weight.
    fn new(n_rows: usize, edges: &[SpanningEdge]) -> Self {
        /// Rows that are all alike are at no distance; no two others are so near.
        const NEAREST: f64 = 1e-9;
        let mut nodes: Vec<MergeNode> =
            (0..n_rows).map(|_| MergeNode { n_rows: 1, ..MergeNode::default() }).collect();
        let mut sets = UnionFind::new(n_rows);
        // The node of each set, by the set's name.
        let mut node_of: Vec<u32> = (0..n_rows as u32).collect();
        for level in edges.chunk_by(|x, y| x.0.total_cmp(&y.0).is_eq()) {
            let ends = level.iter().flat_map(|&(_, a, b)| [a, b]);
            let mut parts: Vec<u32> = ends.map(|row| node_of[sets.find(row) as usize]).collect();
            parts.sort_unstable();
            parts.dedup();
            let of_part: Vec<(u32, TrackIx)> =
                parts.iter().map(|&part| (part, first_row(&nodes, part))).collect();
            for &(_, a, b) in level {
                sets.union(a, b);
            }
            let lambda = 1.0 / f64::from(level[0].0).sqrt().max(NEAREST);
            let mut grown: Vec<(TrackIx, u32)> =
                of_part.into_iter().map(|(part, row)| (sets.find(row), part)).collect();
            grown.sort_unstable();
            for group in grown.chunk_by(|x, y| x.0 == y.0) {
                let parts: Vec<u32> = group.iter().map(|&(_, part)| part).collect();
                let n_rows = parts.iter().map(|&part| nodes[part as usize].n_rows).sum();
                node_of[group[0].0 as usize] = nodes.len() as u32;
                nodes.push(MergeNode { lambda, parts, n_rows });
            }
        }
        Self { nodes, n_rows }
    }

    /// Calls `row` for every row below a node.
    fn rows(&self, node: u32, mut row: impl FnMut(usize)) {
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            if (node as usize) < self.n_rows {
                row(node as usize);
            }
            waiting.extend(&self.nodes[node as usize].parts);
        }
    }
}

/// One row below a node.
fn first_row(nodes: &[MergeNode], mut node: u32) -> TrackIx {
    while let Some(&part) = nodes[node as usize].parts.first() {
        node = part;
    }
    node
}

/// Clusters of at least the smallest size, each before those it splits into.
struct CondensedTree {
    clusters: Vec<CondensedCluster>,
    /// The last cluster that each row was in.
    last: Vec<u32>,
}

/// One cluster while the density rises.
struct CondensedCluster {
    parent: u32,
    born: f64,
    /// Σ over its rows of how long they stay, in 1 / distance.
    stability: f64,
}

impl CondensedTree {
    fn new(tree: &MergeTree, min_size: usize) -> Self {
        let mut condensed = Self {
            clusters: vec![CondensedCluster { parent: 0, born: 0.0, stability: 0.0 }],
            last: vec![0; tree.n_rows],
        };
        let root = tree.nodes.len().checked_sub(1).map(|root| (root as u32, 0));
        let mut waiting: Vec<(u32, u32)> = root.into_iter().collect();
        while let Some((node, cluster)) = waiting.pop() {
            let MergeNode { lambda, parts, .. } = &tree.nodes[node as usize];
            let n_rows = |part: u32| tree.nodes[part as usize].n_rows;
            let n_large = parts.iter().filter(|&&part| n_rows(part) >= min_size).count();
            for &part in parts {
                let is_large = n_rows(part) >= min_size;
                if is_large && n_large == 1 {
                    waiting.push((part, cluster));
                    continue;
                }
                let own = &mut condensed.clusters[cluster as usize];
                own.stability += (lambda - own.born) * n_rows(part) as f64;
                if is_large {
                    waiting.push((part, condensed.clusters.len() as u32));
                    condensed.clusters.push(CondensedCluster {
                        parent: cluster,
                        born: *lambda,
                        stability: 0.0,
                    });
                } else {
                    tree.rows(part, |row| condensed.last[row] = cluster);
                }
            }
        }
        condensed
    }

    /// The clusters of the largest excess of mass, and how many rows are in none.
    fn partition(&self, n_rows: usize) -> (Partition, usize) {
        let n = self.clusters.len();
        // What the best choice below a cluster is worth, and whether the cluster itself is it.
        let mut below = vec![0.0; n];
        let mut chosen = vec![false; n];
        for (at, cluster) in self.clusters.iter().enumerate().skip(1).rev() {
            chosen[at] = cluster.stability >= below[at];
            below[cluster.parent as usize] += cluster.stability.max(below[at]);
        }
        // The topmost chosen cluster counts; a parent stands before its parts.
        let mut own: Vec<Option<u32>> = vec![None; n];
        for at in 1..n {
            let above = own[self.clusters[at].parent as usize];
            own[at] = above.or(chosen[at].then_some(at as u32));
        }
        let clusters = self.last.iter().map(|&last| own[last as usize]);
        let labels: Vec<(Option<u32>, usize)> =
            clusters.zip(0..n_rows).map(|(own, row)| (own, own.map_or(row, |_| 0))).collect();
        let n_noise = labels.iter().filter(|(own, _)| own.is_none()).count();
        (Partition::from_labels(&labels), n_noise)
    }
}
