//! The network of L-GCN: graph convolutions over a pivot's surroundings, then a classifier of
//! its neighbours.
//!
//! Takes unit rows and a [`Subgraph`]; gives for each neighbour of the pivot the probability
//! that both are one person. Nodes are described as published, by their row minus the pivot's
//! ([`NodeFeatures::Difference`]), or by their cosine with the pivot beside what is usual for both
//! ([`NodeFeatures::Profile`]); the columns are standardised. A convolution is `ReLU([H | G·H]·W +
//! c)`, where G averages a node's links; the classifier is a layer, a `PReLU` by channel, and a
//! layer with two outputs.
//!
//! Only what is asked for is computed: the last convolution runs on the pivot's neighbours alone,
//! and the first one multiplies each row once for all subgraphs that it is in, since
//! (x − p)·W = x·W − p·W. Training (`learn`) runs this very code and keeps what it came to.

use super::subgraph::Subgraph;
use crate::base::product::{Real, dot, multiply, multiply_by_transposed, rectify};
use crate::base::{TrackIx, with_widest_vectors, word_values};
use crate::graph::Neighbours;

/// What a node is described by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeFeatures {
    /// Its row minus the pivot's, as published.
    #[default]
    Difference,
    /// Its cosine c with the pivot, and c minus the cosines of the node, then of the pivot, with
    /// their own nearest neighbours of the ranks [`RANKS`]: few columns, so that few people
    /// suffice to learn from.
    Profile,
}

word_values!(NodeFeatures: Difference = "difference", Profile = "profile");

/// The ranks of the neighbours that a profile looks at, from 1; the last one there is stands for
/// those that there are not.
pub const RANKS: [usize; 5] = [1, 2, 4, 8, 16];

impl NodeFeatures {
    /// Neighbours that must be known of every row, beside those that a subgraph needs.
    #[must_use]
    pub fn neighbours(self) -> usize {
        match self {
            Self::Difference => 0,
            Self::Profile => RANKS[RANKS.len() - 1],
        }
    }
}

/// Added to a column's variance before it divides.
const EPSILON: f64 = 1e-5;

/// A network's shape: how long rows are and how wide its convolutions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkShape {
    /// Columns of a row.
    pub dim: usize,
    /// What a node is described by.
    pub input: NodeFeatures,
    /// Outputs of each convolution; the classifier is as wide as the last.
    pub widths: Vec<usize>,
}

impl NetworkShape {
    /// Columns that describe a node.
    #[must_use]
    pub fn inputs(&self) -> usize {
        match self.input {
            NodeFeatures::Difference => self.dim,
            NodeFeatures::Profile => 1 + 2 * RANKS.len(),
        }
    }

    /// Inputs and outputs of each convolution.
    pub fn layers(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let before = std::iter::once(self.inputs()).chain(self.widths.iter().copied());
        before.zip(self.widths.iter().copied())
    }

    /// Number of weights: of each convolution its matrix and biases, then the classifier's.
    #[must_use]
    pub fn n_weights(&self) -> usize {
        let width = self.widths.last().copied().unwrap_or(0);
        let convolutions: usize = self.layers().map(|(inputs, outputs)| (2 * inputs + 1) * outputs).sum();
        convolutions + width * width + 4 * width + 2
    }
}

/// A network with its weights; `f32` in use, `f64` in tests.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkNetwork<T = f32> {
    shape: NetworkShape,
    mean: Vec<T>,
    variance: Vec<T>,
    weights: Vec<T>,
}

/// The classifier's tensors.
#[derive(Debug, Clone, Copy)]
pub struct Classifier<'a, T> {
    /// Outputs × inputs.
    pub hidden: &'a [T],
    /// One an output.
    pub bias: &'a [T],
    /// What a negative value is multiplied by, one an output.
    pub slope: &'a [T],
    /// 2 × inputs.
    pub out: &'a [T],
    /// For "another person", then for "one person".
    pub out_bias: &'a [T],
}

impl<T: Real> LinkNetwork<T> {
    /// A network of given weights; mean and variance have one number an input.
    ///
    /// The weights are, one tensor after another: of each convolution the matrix (2 · inputs ×
    /// outputs; first the rows for a node itself, then those for the mean of its links) and the
    /// biases; of the classifier the hidden layer's matrix (outputs × inputs), biases and slopes,
    /// and the last layer's matrix (2 × inputs) and biases.
    ///
    /// None where a number of numbers is another, or a width is 0.
    #[must_use]
    pub fn new(shape: NetworkShape, mean: Vec<T>, variance: Vec<T>, weights: Vec<T>) -> Option<Self> {
        let inputs = shape.inputs();
        let is_sound = !shape.widths.is_empty()
            && inputs > 0
            && !shape.widths.contains(&0)
            && (mean.len(), variance.len()) == (inputs, inputs)
            && weights.len() == shape.n_weights();
        is_sound.then_some(Self { shape, mean, variance, weights })
    }

    /// Its shape.
    #[must_use]
    pub fn shape(&self) -> &NetworkShape {
        &self.shape
    }

    /// Mean and variance of each column that describes a node.
    #[must_use]
    pub fn statistics(&self) -> (&[T], &[T]) {
        (&self.mean, &self.variance)
    }

    /// All weights, in the order of [`Self::new`].
    #[must_use]
    pub fn weights(&self) -> &[T] {
        &self.weights
    }

    /// [`Self::weights`], to be changed in place.
    pub fn weights_mut(&mut self) -> &mut [T] {
        &mut self.weights
    }

    /// A convolution's matrix and biases.
    #[must_use]
    pub fn layer(&self, layer: usize) -> (&[T], &[T]) {
        let start = self.start(layer);
        let (inputs, outputs) = self.shape.layers().nth(layer).unwrap_or_default();
        self.weights[start..start + (2 * inputs + 1) * outputs].split_at(2 * inputs * outputs)
    }

    /// Where a convolution's weights begin; those of the classifier for the number of layers.
    #[must_use]
    pub fn start(&self, layer: usize) -> usize {
        self.shape.layers().take(layer).map(|(inputs, outputs)| (2 * inputs + 1) * outputs).sum()
    }

    /// The classifier's tensors.
    #[must_use]
    pub fn classifier(&self) -> Classifier<'_, T> {
        let width = self.shape.widths.last().copied().unwrap_or(0);
        let rest = &self.weights[self.start(self.shape.widths.len())..];
        let (hidden, rest) = rest.split_at(width * width);
        let (bias, rest) = rest.split_at(width);
        let (slope, rest) = rest.split_at(width);
        let (out, out_bias) = rest.split_at(2 * width);
        Classifier { hidden, bias, slope, out, out_bias }
    }

    /// What the columns are divided by.
    fn deviation(&self, column: usize) -> T {
        (self.variance[column] + T::of(EPSILON)).sqrt()
    }

    /// What [`Self::forward`] needs of rows (row-major, `dim` columns): their products with the
    /// first convolution, or their neighbours' cosines.
    #[must_use]
    pub fn table<'a>(&self, rows: &'a [T], neighbours: &Neighbours) -> FeatureTable<'a, T> {
        match self.shape.input {
            NodeFeatures::Difference => self.products(rows),
            NodeFeatures::Profile => {
                FeatureTable::Profiles { rows, ranked: ranked(neighbours, rows.len() / self.shape.dim) }
            }
        }
    }

    /// [`Self::table`] for [`NodeFeatures::Difference`], which needs no neighbours.
    #[must_use]
    pub fn products(&self, rows: &[T]) -> FeatureTable<'static, T> {
        let mut inputs = rows.to_vec();
        inputs.extend_from_slice(&self.mean);
        let recip: Vec<T> = (0..self.mean.len()).map(|at| self.deviation(at).recip()).collect();
        for row in inputs.chunks_exact_mut(recip.len()) {
            row.iter_mut().zip(&recip).for_each(|(value, &recip)| *value *= recip);
        }
        let products = self.multiplied(&inputs);
        FeatureTable::Products { inputs, products }
    }

    /// Each row's products with both halves of the first matrix, one behind the other.
    fn multiplied(&self, rows: &[T]) -> Vec<T> {
        let (inputs, outputs) = (self.shape.inputs(), self.shape.widths[0]);
        let (matrix, _) = self.layer(0);
        // The halves side by side, so that one product does both.
        let (own, linked) = matrix.split_at(inputs * outputs);
        let mut both = Vec::with_capacity(matrix.len());
        for (own, linked) in own.chunks_exact(outputs).zip(linked.chunks_exact(outputs)) {
            both.extend_from_slice(own);
            both.extend_from_slice(linked);
        }
        let mut products = vec![T::zero(); rows.len() / inputs * 2 * outputs];
        multiply(rows, &both, inputs, &mut products);
        products
    }

    /// Scores the neighbours of some pivots: for each of [`Subgraph::scored`] the probability that
    /// it is its pivot's person, in [`LgcnWorkspace::scores`]. What stands beside a pivot changes
    /// nothing.
    ///
    /// `places` gives the row of the table for each node.
    pub fn forward(
        &self,
        graph: &Subgraph,
        places: &[TrackIx],
        table: &FeatureTable<'_, T>,
        space: &mut LgcnWorkspace<T>,
    ) {
        let n_layers = self.shape.widths.len();
        space.layers.resize_with(n_layers, Layer::default);
        for (at, (inputs, outputs)) in self.shape.layers().enumerate() {
            let (before, rest) = space.layers.split_at_mut(at);
            let layer = &mut rest[0];
            // The last one speaks of the pivot's neighbours only.
            let rows = if at + 1 == n_layers { graph.scored() } else { graph.all_nodes() };
            let (matrix, biases) = self.layer(at);
            layer.inputs.clear();
            layer.outputs.clear();
            layer.outputs.resize(rows.len() * outputs, T::zero());
            let below = match (before.last(), table) {
                (Some(below), _) => Some(&below.outputs),
                (None, FeatureTable::Profiles { rows: table_rows, ranked }) => {
                    self.profiles((graph, places), (table_rows, ranked), &mut space.profiles);
                    Some(&space.profiles)
                }
                (None, FeatureTable::Products { products, .. }) => {
                    first_convolution(graph, places, products, (rows, outputs), &mut layer.outputs);
                    None
                }
            };
            if let Some(below) = below {
                gather(graph, below, (rows, inputs), &mut layer.inputs);
                multiply(&layer.inputs, matrix, 2 * inputs, &mut layer.outputs);
            }
            rectify(&mut layer.outputs, biases);
        }
        self.classify(space);
    }

    /// Each node's profile, standardised.
    fn profiles(
        &self,
        (graph, places): (&Subgraph, &[TrackIx]),
        (rows, ranked): (&[T], &[T]),
        out: &mut Vec<T>,
    ) {
        let mean_and_deviation = (0..self.mean.len()).map(|at| (self.mean[at], self.deviation(at)));
        let standard: Vec<(T, T)> = mean_and_deviation.collect();
        out.clear();
        for (&place, &pivot) in places.iter().zip(graph.pivots()) {
            let profile = profile((places[pivot as usize], place), (rows, self.shape.dim), ranked);
            out.extend(
                profile.iter().zip(&standard).map(|(&value, &(mean, deviation))| (value - mean) / deviation),
            );
        }
    }

    fn classify(&self, space: &mut LgcnWorkspace<T>) {
        let Classifier { hidden, bias, slope, out, out_bias } = self.classifier();
        let width = bias.len();
        let Some(last) = space.layers.last() else { return };
        let n = last.outputs.len() / width;
        space.hidden.resize(n * width, T::zero());
        multiply_by_transposed(&last.outputs, hidden, width, &mut space.hidden);
        space.scores.clear();
        space.activated.clear();
        for row in space.hidden.chunks_exact_mut(width) {
            row.iter_mut().zip(bias).for_each(|(value, &bias)| *value += bias);
            let start = space.activated.len();
            let activate = |(&value, &slope): (&T, &T)| if value > T::zero() { value } else { slope * value };
            space.activated.extend(row.iter().zip(slope).map(activate));
            let row = &space.activated[start..];
            let odds = dot(row, &out[width..]) + out_bias[1] - dot(row, &out[..width]) - out_bias[0];
            space.scores.push((T::one() + (-odds).exp()).recip());
        }
    }
}

/// Columns of a profile.
const PROFILE: usize = 1 + 2 * RANKS.len();

/// Of each of `n` rows the cosines with its neighbours of the ranks [`RANKS`].
#[must_use]
pub fn ranked<T: Real>(neighbours: &Neighbours, n: usize) -> Vec<T> {
    let cosine = |row: TrackIx, rank: usize| {
        let list = neighbours.of(row);
        let found = rank.min(list.len()).checked_sub(1).and_then(|at| list.get(at));
        T::of(found.map_or(0.0, |found| f64::from(found.1.0)))
    };
    (0..n as TrackIx).flat_map(|row| RANKS.map(|rank| cosine(row, rank))).collect()
}

/// The profile of a node, as [`NodeFeatures::Profile`] says, before it is standardised.
pub fn profile<T: Real>(
    (pivot, node): (TrackIx, TrackIx),
    (rows, dim): (&[T], usize),
    ranked: &[T],
) -> [T; PROFILE] {
    let row = |at: TrackIx| &rows[at as usize * dim..(at as usize + 1) * dim];
    let usual = |at: TrackIx| &ranked[at as usize * RANKS.len()..(at as usize + 1) * RANKS.len()];
    let cosine = dot(row(pivot), row(node));
    let mut profile = [cosine; PROFILE];
    let usual = usual(node).iter().chain(usual(pivot));
    profile[1..].iter_mut().zip(usual).for_each(|(value, &usual)| *value -= usual);
    profile
}

/// Rows as the first convolution takes them.
#[derive(Debug, Clone)]
pub enum FeatureTable<'a, T> {
    /// For [`NodeFeatures::Difference`].
    Products {
        /// Rows by the columns' deviations, and behind them the mean.
        inputs: Vec<T>,
        /// Each one's products with both halves of the first matrix.
        products: Vec<T>,
    },
    /// For [`NodeFeatures::Profile`].
    Profiles {
        /// The rows.
        rows: &'a [T],
        /// Each one's cosines with its neighbours of the ranks [`RANKS`].
        ranked: Vec<T>,
    },
}

/// What some pivots came to on the way; memory is kept from one to the next.
#[derive(Debug, Clone, Default)]
pub struct LgcnWorkspace<T> {
    /// The convolutions.
    pub layers: Vec<Layer<T>>,
    /// What nodes were described by, where it is their profile.
    pub profiles: Vec<T>,
    /// The classifier's first layer before the `PReLU`.
    pub hidden: Vec<T>,
    /// And behind it.
    pub activated: Vec<T>,
    /// The probabilities.
    pub scores: Vec<T>,
}

/// One convolution's rows.
#[derive(Debug, Clone, Default)]
pub struct Layer<T> {
    /// [H | G·H]; nothing where a table was multiplied beforehand.
    pub inputs: Vec<T>,
    /// Behind the `ReLU`.
    pub outputs: Vec<T>,
}

/// The first convolution by products that are there: P[q] − P[pivot] − P[mean], its own half and
/// the mean of its links' other halves.
fn first_convolution<T: Real>(
    graph: &Subgraph,
    places: &[TrackIx],
    products: &[T],
    (rows, width): (&[u32], usize),
    out: &mut [T],
) {
    let n = products.len() / (2 * width);
    let products = |place: usize| &products[place * 2 * width..(place + 1) * 2 * width];
    let mean = products(n - 1);
    let mut base = (u32::MAX, vec![T::zero(); 2 * width]);
    with_widest_vectors(
        #[inline(always)]
        || {
            for (&at, out) in rows.iter().zip(out.chunks_exact_mut(width)) {
                let pivot = graph.pivots()[at as usize];
                if base.0 != pivot {
                    let of_pivot = products(places[pivot as usize] as usize).iter().zip(mean);
                    base.1.iter_mut().zip(of_pivot).for_each(|(sum, (&pivot, &mean))| *sum = pivot + mean);
                    base.0 = pivot;
                }
                let (own_base, linked_base) = base.1.split_at(width);
                for &(other, weight) in graph.links(at as usize) {
                    let linked = &products(places[other as usize] as usize)[width..];
                    let weight = T::of(f64::from(weight));
                    out.iter_mut().zip(linked).for_each(|(sum, &value)| *sum += weight * value);
                }
                let scale = share(graph, at as usize);
                let own = &products(places[at as usize] as usize)[..width];
                let is_linked = if scale > T::zero() { T::one() } else { T::zero() };
                let each = out.iter_mut().zip(own).zip(own_base.iter().zip(linked_base));
                for ((sum, &own), (&own_base, &linked_base)) in each {
                    *sum = (own - own_base) + (*sum * scale - is_linked * linked_base);
                }
            }
        },
    );
}

/// [H | G·H] for some of the nodes.
fn gather<T: Real>(graph: &Subgraph, below: &[T], (rows, width): (&[u32], usize), out: &mut Vec<T>) {
    out.clear();
    out.resize(rows.len() * 2 * width, T::zero());
    with_widest_vectors(
        #[inline(always)]
        || {
            for (&at, out) in rows.iter().zip(out.chunks_exact_mut(2 * width)) {
                let at = at as usize;
                let (own, linked) = out.split_at_mut(width);
                own.copy_from_slice(&below[at * width..(at + 1) * width]);
                for &(other, weight) in graph.links(at) {
                    let row = &below[other as usize * width..(other as usize + 1) * width];
                    let weight = T::of(f64::from(weight));
                    linked.iter_mut().zip(row).for_each(|(sum, &value)| *sum += weight * value);
                }
                let scale = share(graph, at);
                for sum in linked {
                    *sum *= scale;
                }
            }
        },
    );
}

/// What the sum over a node's links is multiplied by; 0 for a node without.
#[inline]
#[must_use]
pub fn share<T: Real>(graph: &Subgraph, at: usize) -> T {
    let total = graph.links(at).iter().fold(0.0, |sum, link| sum + f64::from(link.1));
    if total > 0.0 { T::of(total.recip()) } else { T::zero() }
}
