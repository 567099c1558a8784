//! The search for the partition of least codelength: moves, grouping, and tuning.
//!
//! Takes a [`FlowNetwork`] and a seed; gives a module for every node. Written from the published
//! descriptions of the method (Rosvall, Axelsson, Bergstrom 2009; Blondel et al. 2008 for the
//! climb by levels). One thread, for each move depends on those before; the same seed gives
//! the same result.
//!
//! - **Moves:** nodes in random order go to the neighbouring module, or to one of their own,
//!   where the codelength falls most, until none moves. A node is looked at again only after
//!   a neighbour has moved.
//! - **Climb:** modules become nodes of a smaller network, and move in turn.
//! - **Fine tuning:** single nodes move again, beginning from the partition found.
//! - **Coarse tuning:** every module is split by moves confined to it; then the parts move,
//!   beginning from the partition found. Both in turn, until they gain nothing worth it.

use rand::seq::SliceRandom;

use super::map_equation::{Codelength, ModuleFlow};
use super::network::FlowNetwork;
use crate::base::{Cancelled, Cx, Rng};

/// A move that gains less is rounding.
const LEAST_MOVE: f64 = 1e-14;
/// Sweeps go on while one gains at least this many bits.
const LEAST_SWEEP: f64 = 1e-10;
/// Tuning goes on while both ways of it together gain such a share.
const LEAST_TUNING: f64 = 1e-5;
/// Nodes looked at between two questions whether to stop.
const BREATH: usize = 4096;

/// Which module each node is in, numbered without gaps.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ModuleAssignment {
    pub of: Vec<u32>,
    pub n: usize,
}

impl ModuleAssignment {
    /// Every node by itself.
    pub(super) fn singletons(n: usize) -> Self {
        Self { of: (0..n as u32).collect(), n }
    }

    /// Closes the gaps, in the order of the first nodes.
    fn numbered(mut of: Vec<u32>) -> Self {
        let mut names = vec![u32::MAX; of.iter().max().map_or(0, |&last| last as usize + 1)];
        let mut n = 0;
        for module in &mut of {
            let name = &mut names[*module as usize];
            if *name == u32::MAX {
                *name = n;
                n += 1;
            }
            *module = *name;
        }
        Self { of, n: n as usize }
    }

    /// The modules of these modules.
    fn compose(&self, modules: &Self) -> Self {
        Self { of: self.of.iter().map(|&own| modules.of[own as usize]).collect(), n: modules.n }
    }
}

/// The best partition found, and its codelength in bits; never more than that of one module.
pub(super) fn search(
    network: &FlowNetwork,
    rng: &mut Rng,
    cx: &Cx,
) -> Result<(ModuleAssignment, f64), Cancelled> {
    let (found, length) = if network.is_directed() {
        MoveSearch::<true> { rng, cx }.search(network)?
    } else {
        MoveSearch::<false> { rng, cx }.search(network)?
    };
    let one_level = -network.nodes_cost();
    if length <= one_level {
        return Ok((found, length));
    }
    // All in one, but for nodes without links.
    let alone = |node: usize| network.edges(node).next().is_none();
    let of = (0..network.len()).map(|node| if alone(node) { node as u32 + 1 } else { 0 }).collect();
    Ok((ModuleAssignment::numbered(of), one_level))
}

struct MoveSearch<'a, const DIRECTED: bool> {
    rng: &'a mut Rng,
    cx: &'a Cx,
}

impl<const DIRECTED: bool> MoveSearch<'_, DIRECTED> {
    fn search(&mut self, network: &FlowNetwork) -> Result<(ModuleAssignment, f64), Cancelled> {
        let (mut modules, mut length) =
            self.move_levels(network, ModuleAssignment::singletons(network.len()))?;
        loop {
            let (fine, fine_length) = self.move_levels(network, modules)?;
            let (coarse, coarse_length) = self.refine(network, &fine)?;
            debug_assert!(fine_length <= length + 1e-9 && coarse_length <= fine_length + 1e-9);
            modules = coarse;
            let gain = length - coarse_length;
            length = coarse_length;
            if gain <= LEAST_TUNING * length {
                return Ok((modules, length));
            }
        }
    }

    /// Moves nodes, then groups of them, then groups of groups, beginning from `modules`.
    fn move_levels(
        &mut self,
        network: &FlowNetwork,
        modules: ModuleAssignment,
    ) -> Result<(ModuleAssignment, f64), Cancelled> {
        let (mut modules, _) = self.move_nodes(network, modules, None)?;
        let mut level = None::<FlowNetwork>;
        let mut own = modules.clone();
        loop {
            let grouped = level.as_ref().unwrap_or(network).aggregated(&own.of, own.n);
            let n = grouped.len();
            let (next, length) = self.move_nodes(&grouped, ModuleAssignment::singletons(n), None)?;
            if next.n == n {
                return Ok((modules, length));
            }
            modules = modules.compose(&next);
            own = next;
            level = Some(grouped);
        }
    }

    /// Parts every module, and lets the parts move.
    fn refine(
        &mut self,
        network: &FlowNetwork,
        modules: &ModuleAssignment,
    ) -> Result<(ModuleAssignment, f64), Cancelled> {
        let (parts, _) =
            self.move_nodes(network, ModuleAssignment::singletons(network.len()), Some(&modules.of))?;
        let grouped = network.aggregated(&parts.of, parts.n);
        let mut of = vec![0; parts.n];
        for (&part, &module) in parts.of.iter().zip(&modules.of) {
            of[part as usize] = module;
        }
        let (moved, length) = self.move_levels(&grouped, ModuleAssignment { of, n: modules.n })?;
        Ok((parts.compose(&moved), length))
    }

    /// Moves nodes until none moves; within `confines` only, where there are some.
    fn move_nodes(
        &mut self,
        network: &FlowNetwork,
        modules: ModuleAssignment,
        confines: Option<&[u32]>,
    ) -> Result<(ModuleAssignment, f64), Cancelled> {
        let mut sweeps = SweepState::<DIRECTED>::new(network, modules, confines);
        let mut order: Vec<u32> = (0..network.len() as u32).collect();
        loop {
            let before = sweeps.code.codelength();
            order.shuffle(self.rng);
            for some in order.chunks(BREATH) {
                self.cx.check()?;
                for &node in some {
                    sweeps.visit(node as usize);
                }
            }
            sweeps.code.recompute();
            order.retain(|&node| sweeps.waiting[node as usize]);
            let length = sweeps.code.codelength();
            if order.is_empty() || before - length < LEAST_SWEEP {
                return Ok((ModuleAssignment::numbered(sweeps.module_of), length));
            }
        }
    }
}

/// The state of the sweeps over one network.
pub(super) struct SweepState<'a, const DIRECTED: bool> {
    network: &'a FlowNetwork,
    confines: Option<&'a [u32]>,
    pub(super) module_of: Vec<u32>,
    pub(super) code: Codelength<DIRECTED>,
    /// Whether a node is to be looked at.
    waiting: Vec<bool>,
    /// Flow between the node in hand and each module; 0 but for those in `met`.
    between: Vec<ModuleFlow>,
    flows: Vec<u32>,
}

impl<'a, const DIRECTED: bool> SweepState<'a, DIRECTED> {
    pub(super) fn new(
        network: &'a FlowNetwork,
        modules: ModuleAssignment,
        confines: Option<&'a [u32]>,
    ) -> Self {
        let n = network.len();
        let code = Codelength::new(network, &modules.of, modules.n);
        Self {
            network,
            confines,
            module_of: modules.of,
            code,
            waiting: vec![true; n],
            between: vec![ModuleFlow::default(); n],
            flows: Vec::new(),
        }
    }

    /// Looks at one node, and moves it where that is better.
    pub(super) fn visit(&mut self, at: usize) {
        if !std::mem::take(&mut self.waiting[at]) {
            return;
        }
        let own = self.module_of[at];
        self.gather_flows(at);
        let node = self.network.node(at);
        let lifted = self.code.remove(node, own, self.between[own as usize]);
        let is_alone = self.code.is_alone(own);
        // A node that is never visited costs nothing by itself; it goes along where its links
        // lead if that costs nothing either.
        let costs_nothing = is_alone && node.flow == 0.0;
        let mut best = (if costs_nothing { LEAST_MOVE } else { -LEAST_MOVE }, own);
        for &module in &self.flows {
            if module != own {
                let change = self.code.change(&lifted, module, self.between[module as usize]);
                if change < best.0 {
                    best = (change, module);
                }
            }
        }
        if !is_alone {
            let empty = self.code.unused();
            let change = self.code.change(&lifted, empty, ModuleFlow::default());
            if change < best.0 {
                best = (change, empty);
            }
        }
        if best.1 != own {
            let to = best.1;
            self.code.insert(&lifted, own, to, self.between[to as usize]);
            self.module_of[at] = to;
            for link in self.network.edges(at) {
                if self.module_of[link.to as usize] != to {
                    self.waiting[link.to as usize] = true;
                }
            }
        }
        for &module in &self.flows {
            self.between[module as usize] = ModuleFlow::default();
        }
        self.flows.clear();
    }

    /// Gathers the flow between a node and the modules of its neighbours.
    fn gather_flows(&mut self, at: usize) {
        for link in self.network.edges(at) {
            if self.confines.is_some_and(|confines| confines[link.to as usize] != confines[at]) {
                continue;
            }
            let module = self.module_of[link.to as usize];
            let between = &mut self.between[module as usize];
            // No link has no flow.
            if between.to + between.from == 0.0 {
                self.flows.push(module);
            }
            between.to += link.out;
            if DIRECTED {
                between.from += link.into;
            }
        }
    }
}
