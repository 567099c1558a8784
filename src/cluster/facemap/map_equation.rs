//! The two-level map equation: how many bits a step of a random walk takes to describe when
//! the walk's movements between modules and within them have code books of their own.
//!
//! Takes a [`FlowNetwork`] of flows and a module for every node; gives the codelength, what it
//! would change by if a node moved, and moves it. It searches nothing.
//!
//! With p for a module's flow, and in and out for the flow that enters and leaves it,
//! L = plogp(Σ in) − Σ plogp(in) − Σ plogp(out) − Σₐ plogp(pₐ) + Σ plogp(out + p), where
//! plogp(x) = x log₂ x (Rosvall, Axelsson, Bergstrom: "The map equation", 2009). In an
//! undirected network in and out are equal, which halves the logarithms: the const parameter
//! `DIRECTED` says which.

use super::network::{FlowNetwork, FlowNode, plogp};

/// A set of nodes, as the map equation sees it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Module {
    /// Visits to its nodes.
    flow: f64,
    /// Flow to nodes outside.
    leaving: f64,
    /// Flow from nodes outside; unused in undirected networks.
    entering: f64,
    /// What it adds to the codelength.
    cost: f64,
    /// Nodes in it.
    size: u32,
}

/// Flow between a node and one module: to it, and from it where the network is directed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ModuleFlow {
    pub to: f64,
    pub from: f64,
}

impl Module {
    fn with_costs<const DIRECTED: bool>(mut self) -> Self {
        let books =
            if DIRECTED { plogp(self.leaving) + plogp(self.entering) } else { 2.0 * plogp(self.leaving) };
        self.cost = plogp(self.leaving + self.flow) - books;
        self
    }

    /// The flow for which the index code book is used.
    fn index<const DIRECTED: bool>(&self) -> f64 {
        if DIRECTED { self.entering } else { self.leaving }
    }

    fn with<const DIRECTED: bool>(&self, node: FlowNode, between: ModuleFlow) -> Self {
        let from = if DIRECTED { between.from } else { between.to };
        let mut module = Self { flow: self.flow + node.flow, size: self.size + 1, ..*self };
        module.leaving += node.leaving - between.to - from;
        if DIRECTED {
            module.entering += node.entering - between.to - from;
        }
        module.with_costs::<DIRECTED>()
    }

    fn without<const DIRECTED: bool>(&self, node: FlowNode, between: ModuleFlow) -> Self {
        if self.size == 1 {
            return Self::default();
        }
        let from = if DIRECTED { between.from } else { between.to };
        let mut module = Self { flow: self.flow - node.flow, size: self.size - 1, ..*self };
        module.leaving += between.to + from - node.leaving;
        if DIRECTED {
            module.entering += between.to + from - node.entering;
        }
        module.with_costs::<DIRECTED>()
    }
}

/// A node taken out of its module, to be tried in others.
#[derive(Debug, Clone, Copy)]
pub(super) struct RemovedNode {
    node: FlowNode,
    rest: Module,
    /// Σ in of all modules without the node.
    index: f64,
    /// The change so far.
    change: f64,
}

/// All modules of one partition and their codelength, kept while nodes move.
#[derive(Debug, Clone)]
pub(super) struct Codelength<const DIRECTED: bool> {
    modules: Vec<Module>,
    index: f64,
    index_cost: f64,
    costs: f64,
    nodes_cost: f64,
    /// Numbers of modules without nodes.
    free: Vec<u32>,
}

impl<const DIRECTED: bool> Codelength<DIRECTED> {
    /// The code of `module_of`, one number below `n_modules` for each node. O(links).
    pub(super) fn new(network: &FlowNetwork, module_of: &[u32], n_modules: usize) -> Self {
        let mut modules = vec![Module::default(); n_modules];
        for (node, &own) in module_of.iter().enumerate() {
            let module = &mut modules[own as usize];
            module.flow += network.node(node).flow;
            module.size += 1;
            for link in network.edges(node) {
                if module_of[link.to as usize] != own {
                    module.leaving += link.out;
                    module.entering += link.into;
                }
            }
        }
        let free = (0..n_modules as u32).rev().filter(|&at| modules[at as usize].size == 0).collect();
        let mut code =
            Self { modules, index: 0.0, index_cost: 0.0, costs: 0.0, nodes_cost: network.nodes_cost(), free };
        code.recompute();
        code
    }

    /// Adds all modules up again, so that rounding does not gather over the moves.
    pub(super) fn recompute(&mut self) {
        for module in &mut self.modules {
            *module = module.with_costs::<DIRECTED>();
        }
        self.index = self.modules.iter().map(Module::index::<DIRECTED>).sum();
        self.index_cost = plogp(self.index);
        self.costs = self.modules.iter().map(|module| module.cost).sum();
    }

    /// The codelength in bits a step.
    pub(super) fn codelength(&self) -> f64 {
        self.index_cost + self.costs - self.nodes_cost
    }

    /// Whether a node is alone in its module.
    pub(super) fn is_alone(&self, module: u32) -> bool {
        self.modules[module as usize].size == 1
    }

    /// A number that no module with nodes has; below the number of nodes.
    pub(super) fn unused(&mut self) -> u32 {
        if let Some(&free) = self.free.last() {
            return free;
        }
        self.free.push(self.modules.len() as u32);
        self.modules.push(Module::default());
        self.modules.len() as u32 - 1
    }

    /// Takes a node out of its module, to which it has flow `between`.
    pub(super) fn remove(&self, node: FlowNode, module: u32, between: ModuleFlow) -> RemovedNode {
        let old = &self.modules[module as usize];
        let rest = old.without::<DIRECTED>(node, between);
        let index = self.index - old.index::<DIRECTED>() + rest.index::<DIRECTED>();
        RemovedNode { node, rest, index, change: rest.cost - old.cost - self.index_cost }
    }

    /// What the codelength changes by if the node goes to a module that is not its own.
    pub(super) fn change(&self, lifted: &RemovedNode, module: u32, between: ModuleFlow) -> f64 {
        let old = &self.modules[module as usize];
        let new = old.with::<DIRECTED>(lifted.node, between);
        let index = lifted.index - old.index::<DIRECTED>() + new.index::<DIRECTED>();
        lifted.change + new.cost - old.cost + plogp(index)
    }

    /// Puts a lifted node of module `from` into module `to`.
    pub(super) fn insert(&mut self, lifted: &RemovedNode, from: u32, to: u32, between: ModuleFlow) {
        let old = self.modules[to as usize];
        let new = old.with::<DIRECTED>(lifted.node, between);
        self.index = lifted.index - old.index::<DIRECTED>() + new.index::<DIRECTED>();
        self.index_cost = plogp(self.index);
        self.costs += lifted.rest.cost - self.modules[from as usize].cost + new.cost - old.cost;
        if old.size == 0 {
            // `unused` gave it, and it stands last.
            self.free.pop();
        }
        self.modules[from as usize] = lifted.rest;
        self.modules[to as usize] = new;
        if lifted.rest.size == 0 {
            self.free.push(from);
        }
    }
}
