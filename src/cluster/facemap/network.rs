//! The flows of a random walk on a graph, and the same among groups of its nodes.
//!
//! Takes weighted links; gives a [`FlowNetwork`]: how often each node is visited and how much
//! goes over each link, all in shares of one step. It uses no embeddings, and codes
//! nothing.
//!
//! Undirected: visits are in proportion to the links' weights at a node. Directed: visits
//! follow from the walk's stationary distribution with teleportation ("smart teleportation",
//! Lambiotte, Rosvall 2012): the walker teleports to where links begin, in proportion to their
//! weights, and then takes one step along a link; only such steps are recorded.

use rayon::prelude::*;

use crate::base::{Cancelled, Cx};

/// How likely the walker is to teleport, where it walks directed links.
const TELEPORTATION: f64 = 0.15;
/// The stationary distribution is found once a step changes it by less, all nodes together.
const SETTLED: f64 = 1e-12;
/// Steps at most: 0.85^200 is below 1e-14.
const STEPS: usize = 200;

/// x log₂ x; 0 at 0 and for what rounding leaves below it.
pub(super) fn plogp(x: f64) -> f64 {
    if x > 0.0 { x * x.log2() } else { 0.0 }
}

/// Links of all nodes, one node after another: sorted by nothing, without doubles and loops.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Edges {
    /// Where the links of each node begin, and where the last one's end.
    pub starts: Vec<usize>,
    /// The node at the other end.
    pub to: Vec<u32>,
    /// Weight to it.
    pub out: Vec<f64>,
    /// Weight from it, which is stored with it as well; none where links have no direction.
    pub into: Vec<f64>,
}

/// One link, seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub to: u32,
    pub out: f64,
    pub into: f64,
}

impl Edges {
    /// No nodes yet, and capacity for `n` edges.
    pub(super) fn with_room(n_links: usize) -> Self {
        Self {
            starts: vec![0],
            to: Vec::with_capacity(n_links),
            out: Vec::with_capacity(n_links),
            into: Vec::new(),
        }
    }

    pub(super) fn n_nodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// Links, each counted once.
    pub(super) fn n_edges(&self) -> usize {
        if self.into.is_empty() {
            self.to.len() / 2
        } else {
            self.out.iter().filter(|&&weight| weight > 0.0).count()
        }
    }

    fn range(&self, node: usize) -> std::ops::Range<usize> {
        self.starts[node]..self.starts[node + 1]
    }

    /// The links of a node.
    pub(super) fn of(&self, node: usize) -> impl Iterator<Item = Edge> + '_ {
        let range = self.range(node);
        let into = if self.into.is_empty() { &self.out } else { &self.into };
        let ends = self.out[range.clone()].iter().zip(&into[range.clone()]);
        self.to[range].iter().zip(ends).map(|(&to, (&out, &into))| Edge { to, out, into })
    }
}

/// A node's own figures.
#[derive(Debug, Clone, Copy)]
pub(super) struct FlowNode {
    pub flow: f64,
    pub leaving: f64,
    pub entering: f64,
}

/// Flows on links and nodes; those of all nodes add up to 1, or to 0 where there are no links.
#[derive(Debug, Clone)]
pub(super) struct FlowNetwork {
    edges: Edges,
    flow: Vec<f64>,
    leaving: Vec<f64>,
    /// Empty where links have no direction: as much enters as leaves.
    entering: Vec<f64>,
    /// Σ plogp over the nodes of the network that was there before any were grouped.
    nodes_cost: f64,
}

impl FlowNetwork {
    /// The walk on links without direction: `links.into` is empty, and each link is at both
    /// its ends with the same weight.
    pub(super) fn undirected(mut links: Edges) -> Self {
        let total: f64 = links.out.iter().sum();
        let scale = if total > 0.0 { 1.0 / total } else { 0.0 };
        links.out.iter_mut().for_each(|weight| *weight *= scale);
        let flow: Vec<f64> =
            (0..links.n_nodes()).map(|node| links.out[links.range(node)].iter().sum()).collect();
        let nodes_cost = flow.iter().map(|&flow| plogp(flow)).sum();
        Self { leaving: flow.clone(), flow, entering: Vec::new(), edges: links, nodes_cost }
    }

    /// The walk on directed links: each is at both its ends, as `out` at its beginning and
    /// as `into` at its end.
    ///
    /// # Errors
    /// [`Cancelled`], checked between steps.
    pub(super) fn directed(mut links: Edges, cx: &Cx) -> Result<Self, Cancelled> {
        let n = links.n_nodes();
        let strength: Vec<f64> = (0..n).map(|node| links.out[links.range(node)].iter().sum()).collect();
        let total: f64 = strength.iter().sum();
        let visits = stationary(&links, &strength, total, cx)?;
        // The recorded step, from where the walker is after teleporting or not.
        let recorded: f64 = (0..n).filter(|&node| strength[node] > 0.0).map(|node| visits[node]).sum();
        let scale = if recorded > 0.0 { 1.0 / recorded } else { 0.0 };
        let step =
            |node: usize| if strength[node] > 0.0 { scale * visits[node] / strength[node] } else { 0.0 };
        for node in 0..n {
            for at in links.range(node) {
                links.out[at] *= step(node);
                links.into[at] *= step(links.to[at] as usize);
            }
        }
        let leaving: Vec<f64> = (0..n).map(|node| links.out[links.range(node)].iter().sum()).collect();
        let flow: Vec<f64> = (0..n).map(|node| links.into[links.range(node)].iter().sum()).collect();
        let nodes_cost = flow.iter().map(|&flow| plogp(flow)).sum();
        Ok(Self { leaving, entering: flow.clone(), flow, edges: links, nodes_cost })
    }

    pub(super) fn len(&self) -> usize {
        self.flow.len()
    }

    pub(super) fn is_directed(&self) -> bool {
        !self.edges.into.is_empty()
    }

    pub(super) fn edges(&self, node: usize) -> impl Iterator<Item = Edge> + '_ {
        self.edges.of(node)
    }

    pub(super) fn node(&self, node: usize) -> FlowNode {
        let leaving = self.leaving[node];
        let entering = self.entering.get(node).copied().unwrap_or(leaving);
        FlowNode { flow: self.flow[node], leaving, entering }
    }

    pub(super) fn nodes_cost(&self) -> f64 {
        self.nodes_cost
    }

    /// The network whose nodes are the groups, and the flows between them. O(links).
    pub(super) fn aggregated(&self, group_of: &[u32], n_groups: usize) -> Self {
        let directed = self.is_directed();
        let (starts, members) = members(group_of, n_groups);
        let mut links = Edges::with_room(n_groups);
        let mut flow = vec![0.0; n_groups];
        // Where a group's link stands, for the groups met from the present one.
        let mut place = vec![usize::MAX; n_groups];
        for group in 0..n_groups {
            let first = links.to.len();
            for &member in &members[starts[group]..starts[group + 1]] {
                flow[group] += self.flow[member as usize];
                for link in self.edges(member as usize) {
                    let to = group_of[link.to as usize];
                    if to as usize == group {
                        continue;
                    }
                    let at = &mut place[to as usize];
                    if *at == usize::MAX {
                        *at = links.to.len();
                        links.to.push(to);
                        links.out.push(0.0);
                        if directed {
                            links.into.push(0.0);
                        }
                    }
                    links.out[*at] += link.out;
                    if directed {
                        links.into[*at] += link.into;
                    }
                }
            }
            for &to in &links.to[first..] {
                place[to as usize] = usize::MAX;
            }
            links.starts.push(links.to.len());
        }
        let sums = |of: &[f64]| (0..n_groups).map(|group| of[links.range(group)].iter().sum()).collect();
        let leaving = sums(&links.out);
        let entering = if directed { sums(&links.into) } else { Vec::new() };
        Self { flow, leaving, entering, edges: links, nodes_cost: self.nodes_cost }
    }
}

/// The members of each group, group after group, and where each group begins.
fn members(group_of: &[u32], n_groups: usize) -> (Vec<usize>, Vec<u32>) {
    let mut starts = vec![0; n_groups + 1];
    for &group in group_of {
        starts[group as usize + 1] += 1;
    }
    for group in 0..n_groups {
        starts[group + 1] += starts[group];
    }
    let mut next = starts.clone();
    let mut members = vec![0; group_of.len()];
    for (node, &group) in group_of.iter().enumerate() {
        members[next[group as usize]] = node as u32;
        next[group as usize] += 1;
    }
    (starts, members)
}

/// How often the walker is at each node before its recorded step.
fn stationary(links: &Edges, strength: &[f64], total: f64, cx: &Cx) -> Result<Vec<f64>, Cancelled> {
    let n = links.n_nodes();
    if total <= 0.0 {
        return Ok(vec![0.0; n]);
    }
    let home: Vec<f64> = strength.iter().map(|strength| strength / total).collect();
    let mut visits = home.clone();
    let mut rates = vec![0.0; n];
    for _ in 0..STEPS {
        cx.check()?;
        // A node without a way out teleports always.
        let mut stuck = 0.0;
        for (node, rate) in rates.iter_mut().enumerate() {
            if strength[node] > 0.0 {
                *rate = visits[node] / strength[node];
            } else {
                stuck += visits[node];
                *rate = 0.0;
            }
        }
        let teleporting = TELEPORTATION + (1.0 - TELEPORTATION) * stuck;
        let step: Vec<f64> = (0..n)
            .into_par_iter()
            .map(|node| {
                let arriving: f64 = links.of(node).map(|link| link.into * rates[link.to as usize]).sum();
                (1.0 - TELEPORTATION) * arriving + teleporting * home[node]
            })
            .collect();
        let change: f64 = step.iter().zip(&visits).map(|(new, old)| (new - old).abs()).sum();
        visits = step;
        if change < SETTLED {
            break;
        }
    }
    Ok(visits)
}
