//! The projection's network: linear layers with `ReLU` between, rows brought to unit length.
//!
//! Takes rows; gives unit rows, and in training the gradients by all weights. Widths
//! `[d]` mean no layer: rows are only brought to unit length. It knows no loss, no files and no
//! optimiser. Everything is parallel over chunks of fixed size and added up in their order, so
//! the bytes are the same for any number of threads.

use rand::RngExt;
use rayon::prelude::*;

use super::LearnError;
use crate::base::product::{
    Real, add_transposed_by, dot, multiply, multiply_by_transposed, rectified, rectify,
};
use crate::base::{Rng, word_values};

/// Rows that go through all layers together: their activations stay in the nearer caches.
const CHUNK: usize = 256;
/// Outputs of a layer whose weights' gradients one task adds up.
const OUTPUTS: usize = 128;

/// A network of the widths `dims`: the input's, then each layer's outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Mlp<T> {
    dims: Vec<usize>,
    /// For each layer its weights (outputs × inputs, y = x·Wᵀ + c), then its biases.
    weights: Vec<T>,
}

/// How a network begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Initialisation {
    /// Weights and biases uniform in ±1/√inputs, as PyTorch's `Linear` begins.
    Uniform,
    /// One square layer that changes nothing: training starts from the model's own space.
    Identity,
}

word_values!(Initialisation: Uniform = "uniform", Identity = "identity");

impl<T: Real> Mlp<T> {
    /// A network with random or identity weights.
    ///
    /// # Errors
    /// [`LearnError::Parameter`] where a width is 0, or an identity is not one square layer.
    pub fn new(dims: &[usize], init: Initialisation, rng: &mut Rng) -> Result<Self, LearnError> {
        if init == Initialisation::Identity && !(dims.len() == 1 || dims.len() == 2 && dims[0] == dims[1]) {
            return Err(LearnError::parameter("init", "identity", "one layer as wide as the input"));
        }
        let mut weights = Vec::with_capacity(count(dims));
        for pair in dims.windows(2) {
            let (inputs, outputs) = (pair[0], pair[1]);
            if init == Initialisation::Identity {
                weights.extend((0..inputs * outputs).map(|at| T::of(f64::from(at % (inputs + 1) == 0))));
                weights.resize(weights.len() + outputs, T::zero());
            } else {
                let bound = 1.0 / (inputs as f64).sqrt();
                let draw = |_| T::of(rng.random_range(-bound..bound));
                weights.extend((0..(inputs + 1) * outputs).map(draw));
            }
        }
        Self::from_weights(dims, weights)
    }

    /// A network of given weights: for each layer its matrix (outputs × inputs), then its biases.
    ///
    /// # Errors
    /// [`LearnError::Parameter`] where a width is 0 or the number of weights is another.
    pub(crate) fn from_weights(dims: &[usize], weights: Vec<T>) -> Result<Self, LearnError> {
        if dims.is_empty() || dims.contains(&0) {
            return Err(LearnError::parameter("dims", format!("{dims:?}"), "widths of at least 1"));
        }
        if weights.len() != count(dims) {
            let wanted = format!("{} numbers for the widths {dims:?}", count(dims));
            return Err(LearnError::parameter("weights", weights.len(), wanted));
        }
        Ok(Self { dims: dims.to_vec(), weights })
    }

    /// The widths, the input's first.
    #[must_use]
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// Columns of an input row.
    #[must_use]
    pub(crate) fn inputs(&self) -> usize {
        self.dims[0]
    }

    /// Columns of an output row.
    #[must_use]
    pub(crate) fn outputs(&self) -> usize {
        self.dims[self.dims.len() - 1]
    }

    /// Number of layers.
    #[must_use]
    pub(crate) fn n_layers(&self) -> usize {
        self.dims.len() - 1
    }

    /// All weights and biases, layer by layer.
    #[must_use]
    pub fn weights(&self) -> &[T] {
        &self.weights
    }

    /// [`Self::weights`], to be changed in place.
    pub fn weights_mut(&mut self) -> &mut [T] {
        &mut self.weights
    }

    /// A layer's matrix (outputs × inputs) and its biases.
    #[must_use]
    pub fn layer(&self, layer: usize) -> (&[T], &[T]) {
        let start = count(&self.dims[..=layer]);
        let (inputs, outputs) = (self.dims[layer], self.dims[layer + 1]);
        self.weights[start..start + (inputs + 1) * outputs].split_at(inputs * outputs)
    }

    /// The unit rows of `rows` (row-major, `inputs` columns). Parallel; the same bytes
    /// for any number of threads and whatever other rows stand beside one.
    ///
    /// # Errors
    /// [`LearnError::ZeroRow`] with the first row that comes out without a direction.
    pub fn apply(&self, rows: &[T]) -> Result<Vec<T>, LearnError> {
        let mut out = vec![T::zero(); rows.len() / self.inputs() * self.outputs()];
        let chunks = rows.par_chunks(CHUNK * self.inputs()).zip(out.par_chunks_mut(CHUNK * self.outputs()));
        let zero_rows = chunks.enumerate().map_init(
            || RowChunk::new(&self.dims),
            |chunk, (at, (rows, out))| chunk.forward(self, rows, out).map(|row| at * CHUNK + row),
        );
        match zero_rows.flatten().min() {
            Some(row) => Err(LearnError::ZeroRow { row }),
            None => Ok(out),
        }
    }

    /// [`Self::apply`] that keeps in `space` what [`Self::backward`] needs; the unit rows are
    /// [`MlpWorkspace::rows`].
    ///
    /// # Errors
    /// [`LearnError::ZeroRow`] with the first row that comes out without a direction.
    pub fn forward(&self, rows: &[T], space: &mut MlpWorkspace<T>) -> Result<(), LearnError> {
        let n = rows.len() / self.inputs();
        space.prepare(&self.dims, n);
        let out = space.rows.par_chunks_mut(CHUNK * self.outputs());
        let chunks = space.chunks.par_iter_mut().zip(rows.par_chunks(CHUNK * self.inputs()).zip(out));
        let zero_rows = chunks
            .enumerate()
            .map(|(at, (chunk, (rows, out)))| chunk.forward(self, rows, out).map(|row| at * CHUNK + row));
        match zero_rows.flatten().min() {
            Some(row) => Err(LearnError::ZeroRow { row }),
            None => Ok(()),
        }
    }

    /// The gradients by all weights (in the order of [`Self::weights`]) into `grads`, after
    /// [`Self::forward`] of the same `rows` and with the loss's gradient by the unit rows in
    /// [`MlpWorkspace::split`].
    pub fn backward(&self, rows: &[T], space: &mut MlpWorkspace<T>, grads: &mut [T]) {
        let width = self.outputs();
        let given = space.rows.par_chunks(CHUNK * width).zip(space.grads.par_chunks(CHUNK * width));
        space.chunks.par_iter_mut().zip(given).for_each(|(chunk, (rows, grads))| {
            chunk.backward(self, rows, grads);
        });
        grads.fill(T::zero());
        let chunks = &space.chunks;
        self.tasks(grads).into_par_iter().for_each(|task| task.run(&self.dims, rows, chunks));
    }

    /// Parts the gradients into tasks of some outputs of one layer each.
    fn tasks<'a>(&self, mut grads: &'a mut [T]) -> Vec<GradientTask<'a, T>> {
        let mut tasks = Vec::new();
        for layer in 0..self.n_layers() {
            let (inputs, outputs) = (self.dims[layer], self.dims[layer + 1]);
            let (of_layer, rest) = grads.split_at_mut((inputs + 1) * outputs);
            let (weights, biases) = of_layer.split_at_mut(inputs * outputs);
            let parts = weights.chunks_mut(OUTPUTS * inputs).zip(biases.chunks_mut(OUTPUTS));
            for (part, (weights, biases)) in parts.enumerate() {
                tasks.push(GradientTask { layer, first: part * OUTPUTS, weights, biases });
            }
            grads = rest;
        }
        tasks
    }
}

/// Number of weights and biases of a network of these widths.
fn count(dims: &[usize]) -> usize {
    dims.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
}

/// Memory that is kept from step to step.
#[derive(Debug, Default)]
pub struct MlpWorkspace<T> {
    chunks: Vec<RowChunk<T>>,
    rows: Vec<T>,
    grads: Vec<T>,
}

impl<T: Real> MlpWorkspace<T> {
    /// The unit rows of the last [`Mlp::forward`].
    #[must_use]
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The unit rows, and the place for the loss's gradient by them.
    pub fn split(&mut self) -> (&[T], &mut [T]) {
        (&self.rows, &mut self.grads)
    }

    fn prepare(&mut self, dims: &[usize], n: usize) {
        let width = dims[dims.len() - 1];
        self.rows.resize(n * width, T::zero());
        self.grads.resize(n * width, T::zero());
        self.chunks.resize_with(n.div_ceil(CHUNK), || RowChunk::new(dims));
    }
}

/// What some rows came to on their way.
#[derive(Debug)]
struct RowChunk<T> {
    /// Each layer's outputs; the last layer's are kept in unit length elsewhere.
    outputs: Vec<Vec<T>>,
    /// Gradients by each layer's outputs before the `ReLU`.
    grads: Vec<Vec<T>>,
    /// Lengths before the rows were brought to unit length.
    lengths: Vec<T>,
}

impl<T: Real> RowChunk<T> {
    fn new(dims: &[usize]) -> Self {
        let layers = dims.len() - 1;
        Self {
            outputs: vec![Vec::new(); layers.saturating_sub(1)],
            grads: vec![Vec::new(); layers],
            lengths: Vec::new(),
        }
    }

    /// Fills `out` with the unit rows; gives the first row that has no direction.
    fn forward(&mut self, mlp: &Mlp<T>, rows: &[T], out: &mut [T]) -> Option<usize> {
        let n = rows.len() / mlp.inputs();
        for layer in 0..mlp.n_layers() {
            let (before, after) = self.outputs.split_at_mut(layer);
            let inputs = before.last().map_or(rows, Vec::as_slice);
            let (weights, biases) = mlp.layer(layer);
            if let Some(outputs) = after.first_mut() {
                outputs.resize(n * biases.len(), T::zero());
                multiply_by_transposed(inputs, weights, mlp.dims[layer], outputs);
                rectify(outputs, biases);
            } else {
                multiply_by_transposed(inputs, weights, mlp.dims[layer], out);
                for row in out.chunks_exact_mut(biases.len()) {
                    row.iter_mut().zip(biases).for_each(|(value, &bias)| *value += bias);
                }
            }
        }
        if mlp.n_layers() == 0 {
            out.copy_from_slice(rows);
        }
        self.lengths.clear();
        let mut zero_row = None;
        for (at, row) in out.chunks_exact_mut(mlp.outputs()).enumerate() {
            let length = dot(row, row).sqrt();
            if !(length > T::zero() && length.is_finite()) {
                zero_row = zero_row.or(Some(at));
            }
            let scale = length.recip();
            for value in row {
                *value *= scale;
            }
            self.lengths.push(length);
        }
        zero_row
    }

    /// From the gradients by the unit rows to those by each layer's outputs.
    fn backward(&mut self, mlp: &Mlp<T>, rows: &[T], grads: &[T]) {
        let Some(last) = self.grads.last_mut() else { return };
        last.resize(grads.len(), T::zero());
        let width = mlp.outputs();
        let each = rows.chunks_exact(width).zip(grads.chunks_exact(width)).zip(last.chunks_exact_mut(width));
        for (((row, grad), out), &length) in each.zip(&self.lengths) {
            let (along, scale) = (dot(row, grad), length.recip());
            for ((out, &value), &grad) in out.iter_mut().zip(row).zip(grad) {
                *out = (grad - value * along) * scale;
            }
        }
        for layer in (1..mlp.n_layers()).rev() {
            let (before, after) = self.grads.split_at_mut(layer);
            let (Some(below), Some(above)) = (before.last_mut(), after.first()) else { continue };
            let outputs = &self.outputs[layer - 1];
            below.resize(outputs.len(), T::zero());
            multiply(above, mlp.layer(layer).0, mlp.dims[layer + 1], below);
            rectified(below, outputs);
        }
    }
}

/// The gradients by the weights and biases of some outputs of one layer.
struct GradientTask<'a, T> {
    layer: usize,
    first: usize,
    weights: &'a mut [T],
    biases: &'a mut [T],
}

impl<T: Real> GradientTask<'_, T> {
    /// Adds up all chunks in their order.
    fn run(self, dims: &[usize], rows: &[T], chunks: &[RowChunk<T>]) {
        let width = dims[self.layer + 1];
        let columns = self.first..self.first + self.biases.len();
        for (chunk, rows) in chunks.iter().zip(rows.chunks(CHUNK * dims[0])) {
            let inputs = if self.layer == 0 { rows } else { &chunk.outputs[self.layer - 1] };
            let grads = &chunk.grads[self.layer];
            add_transposed_by(grads, width, columns.clone(), inputs, self.weights);
            for row in grads.chunks_exact(width) {
                for (bias, &grad) in self.biases.iter_mut().zip(&row[columns.clone()]) {
                    *bias += grad;
                }
            }
        }
    }
}
