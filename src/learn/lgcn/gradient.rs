//! The backward pass of L-GCN's network, written out by hand.
//!
//! Takes what [`LinkNetwork::forward`] left in its [`LgcnWorkspace`], and which neighbours are the pivot's
//! person; adds up the loss's gradient by all weights. It is generic so that tests hold it in
//! `f64` against finite differences.

use crate::base::product::{Real, add_transposed_by, multiply, multiply_by_transposed, rectified};
use crate::base::{TrackIx, with_widest_vectors};
use crate::cluster::lgcn::{FeatureTable, LgcnWorkspace, LinkNetwork, Subgraph, share};

/// Loss and gradient, added up over links.
#[derive(Debug, Clone, Default)]
pub(super) struct GradientSum<T> {
    /// Cross-entropy, times each link's weight.
    pub loss: f64,
    /// The weights of links.
    pub weight: f64,
    /// By the network's weights, in their order; not yet divided by the weight of links.
    pub grads: Vec<T>,
    /// By the products of a table, where there are any.
    pub products: Vec<T>,
    /// By the rows of a layer, and of the one below.
    above: Vec<T>,
    below: Vec<T>,
    inputs: Vec<T>,
}

impl<T: Real> GradientSum<T> {
    /// Nothing yet, for a network and as many products as a table has.
    pub(super) fn new(network: &LinkNetwork<T>, table: &FeatureTable<'_, T>) -> Self {
        let n_products = match table {
            FeatureTable::Products { products, .. } => products.len(),
            FeatureTable::Profiles { .. } => 0,
        };
        let grads = vec![T::zero(); network.weights().len()];
        Self { grads, products: vec![T::zero(); n_products], ..Self::default() }
    }

    /// Adds what another sum has, [`Self::products`] left out.
    pub(super) fn add(&mut self, other: &Self) {
        self.loss += other.loss;
        self.weight += other.weight;
        self.grads.iter_mut().zip(&other.grads).for_each(|(sum, &grad)| *sum += grad);
    }

    /// Adds some pivots after their [`LinkNetwork::forward`]: `same` tells of each scored
    /// neighbour whether it is its pivot's person; such links count `balance` times.
    pub(super) fn pivots(
        &mut self,
        network: &LinkNetwork<T>,
        (graph, places): (&Subgraph, &[TrackIx]),
        (same, balance): (&[bool], f64),
        space: &LgcnWorkspace<T>,
    ) {
        self.classifier(network, (same, balance), space);
        let layers: Vec<(usize, usize)> = network.shape().layers().collect();
        for (at, &(inputs, outputs)) in layers.iter().enumerate().rev() {
            let layer = &space.layers[at];
            let rows = if at + 1 == layers.len() { graph.scored() } else { graph.all_nodes() };
            rectified(&mut self.above, &layer.outputs);
            let start = network.start(at);
            let grads = &mut self.grads[start..start + (2 * inputs + 1) * outputs];
            let (by_matrix, by_biases) = grads.split_at_mut(2 * inputs * outputs);
            add_rows(&self.above, by_biases);
            if layer.inputs.is_empty() {
                self.first_convolution((graph, places), (rows, outputs));
                return;
            }
            add_transposed_by(&layer.inputs, 2 * inputs, 0..2 * inputs, &self.above, by_matrix);
            if at > 0 {
                self.inputs.resize(layer.inputs.len(), T::zero());
                multiply_by_transposed(&self.above, network.layer(at).0, outputs, &mut self.inputs);
                scatter(graph, (rows, &self.inputs), inputs, &mut self.below);
                std::mem::swap(&mut self.above, &mut self.below);
            }
        }
    }

    /// From the loss to the rows of the last convolution, which end in `above`.
    fn classifier(
        &mut self,
        network: &LinkNetwork<T>,
        (same, balance): (&[bool], f64),
        space: &LgcnWorkspace<T>,
    ) {
        let parts = network.classifier();
        let width = parts.bias.len();
        let start = network.start(network.shape().widths.len());
        let (by_hidden, rest) = self.grads[start..].split_at_mut(width * width);
        let (by_bias, rest) = rest.split_at_mut(width);
        let (by_slope, rest) = rest.split_at_mut(width);
        let (by_out, by_out_bias) = rest.split_at_mut(2 * width);
        self.below.clear();
        let rows = space.hidden.chunks_exact(width).zip(space.activated.chunks_exact(width));
        for (((hidden, activated), &score), &same) in rows.zip(&space.scores).zip(same) {
            let weight = if same { balance } else { 1.0 };
            let right = if same { score.wide() } else { 1.0 - score.wide() };
            self.loss -= weight * right.max(f64::MIN_POSITIVE).ln();
            self.weight += weight;
            let grad = T::of(weight * (score.wide() - f64::from(u8::from(same))));
            by_out_bias[0] -= grad;
            by_out_bias[1] += grad;
            for at in 0..width {
                by_out[at] -= grad * activated[at];
                by_out[width + at] += grad * activated[at];
                let by_activated = grad * (parts.out[width + at] - parts.out[at]);
                let is_up = hidden[at] > T::zero();
                if !is_up {
                    by_slope[at] += by_activated * hidden[at];
                }
                self.below.push(if is_up { by_activated } else { by_activated * parts.slope[at] });
            }
        }
        add_rows(&self.below, by_bias);
        let Some(last) = space.layers.last() else { return };
        add_transposed_by(&self.below, width, 0..width, &last.outputs, by_hidden);
        self.above.resize(last.outputs.len(), T::zero());
        multiply(&self.below, parts.hidden, width, &mut self.above);
    }

    /// The first convolution where a table was multiplied: gradients by the products.
    fn first_convolution(
        &mut self,
        (graph, places): (&Subgraph, &[TrackIx]),
        (rows, width): (&[u32], usize),
    ) {
        let Self { above, products, .. } = self;
        let n = products.len() / (2 * width);
        with_widest_vectors(
            #[inline(always)]
            || {
                for (&at, grad) in rows.iter().zip(above.chunks_exact(width)) {
                    let scale: T = share(graph, at as usize);
                    let mut add = |place: usize, half: usize, factor: T| {
                        let start = (2 * place + half) * width;
                        let sums = products[start..start + width].iter_mut();
                        sums.zip(grad).for_each(|(sum, &grad)| *sum += factor * grad);
                    };
                    add(places[at as usize] as usize, 0, T::one());
                    for &(other, weight) in graph.links(at as usize) {
                        add(places[other as usize] as usize, 1, scale * T::of(f64::from(weight)));
                    }
                    let pivot = places[graph.pivots()[at as usize] as usize] as usize;
                    for place in [pivot, n - 1] {
                        add(place, 0, -T::one());
                        if scale > T::zero() {
                            add(place, 1, -T::one());
                        }
                    }
                }
            },
        );
    }

    /// Turns the gradients by a table's products into those by the first matrix.
    pub(super) fn finish(&mut self, network: &LinkNetwork<T>, table: &FeatureTable<'_, T>) {
        let FeatureTable::Products { inputs: rows, .. } = table else { return };
        let (inputs, outputs) = (network.shape().inputs(), network.shape().widths[0]);
        let mut both = vec![T::zero(); inputs * 2 * outputs];
        add_transposed_by(rows, inputs, 0..inputs, &self.products, &mut both);
        let (own, linked) = self.grads[..2 * inputs * outputs].split_at_mut(inputs * outputs);
        let halves = own.chunks_exact_mut(outputs).zip(linked.chunks_exact_mut(outputs));
        for ((own, linked), both) in halves.zip(both.chunks_exact(2 * outputs)) {
            own.iter_mut().zip(&both[..outputs]).for_each(|(sum, &grad)| *sum += grad);
            linked.iter_mut().zip(&both[outputs..]).for_each(|(sum, &grad)| *sum += grad);
        }
    }
}

/// Adds each row to `sums`.
fn add_rows<T: Real>(rows: &[T], sums: &mut [T]) {
    for row in rows.chunks_exact(sums.len()) {
        sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += value);
    }
}

/// From gradients by [H | G·H] to those by H.
fn scatter<T: Real>(graph: &Subgraph, (rows, inputs): (&[u32], &[T]), width: usize, below: &mut Vec<T>) {
    below.clear();
    below.resize(graph.nodes().len() * width, T::zero());
    with_widest_vectors(
        #[inline(always)]
        || {
            for (&at, grad) in rows.iter().zip(inputs.chunks_exact(2 * width)) {
                let (own, linked) = grad.split_at(width);
                let at = at as usize;
                let sums = below[at * width..(at + 1) * width].iter_mut();
                sums.zip(own).for_each(|(sum, &grad)| *sum += grad);
                let scale: T = share(graph, at);
                for &(other, weight) in graph.links(at) {
                    let factor = scale * T::of(f64::from(weight));
                    let sums = below[other as usize * width..(other as usize + 1) * width].iter_mut();
                    sums.zip(linked).for_each(|(sum, &grad)| *sum += factor * grad);
                }
            }
        },
    );
}
