//! The loss of Ball Cluster Learning, with its gradients.
//!
//! Takes rows in the clustering space, the class of each, and h, of which the ball's squared
//! radius is b = softplus(h); gives the loss and its gradients by rows and by h. It never learns
//! anything itself and knows no network (Tapaswi, Law, Fidler: *Video Face Clustering with
//! Unknown Number of Clusters*, ICCV 2019).
//!
//! With μₖ the centroid of class k brought to unit length, D the squared distance, γ = 9b + ε:
//!
//! ```text
//! L = α⁺ · mean max(0, D(i, own) − b)  +  α⁻ · mean max(0, γ − min over foreign k of D(i, k))
//! ```

use rayon::prelude::*;

use crate::base::product::{Real, dot, multiply_by_transposed};

/// Rows that one task looks at; fixed, so that results do not depend on the number of threads.
const CHUNK: usize = 256;

/// ln(1 + eʰ), without overflow.
#[must_use]
pub(crate) fn softplus(h: f64) -> f64 {
    h.max(0.0) + (-h.abs()).exp().ln_1p()
}

/// The h whose softplus is `b` > 0.
#[must_use]
pub(crate) fn inverse_softplus(b: f64) -> f64 {
    b + (-(-b).exp()).ln_1p()
}

fn sigmoid(h: f64) -> f64 {
    if h >= 0.0 { 1.0 / (1.0 + (-h).exp()) } else { h.exp() / (1.0 + h.exp()) }
}

/// The loss's three constants; the published ones by default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BallLoss {
    /// α⁺, the weight of rows outside their own ball.
    pub alpha_pos: f64,
    /// α⁻, the weight of rows too near a foreign ball.
    pub alpha_neg: f64,
    /// ε in γ = 9b + ε.
    pub eps: f64,
}

impl Default for BallLoss {
    fn default() -> Self {
        Self { alpha_pos: 4.0, alpha_neg: 1.0, eps: 0.05 }
    }
}

/// Which classes may push a row away.
#[derive(Debug, Clone, Copy)]
pub enum Negatives<'a> {
    /// Every class but its own.
    All,
    /// For each class those that are known to be other people, ascending; where a list is empty,
    /// nothing pushes.
    Listed(&'a [Vec<u32>]),
}

/// What the loss came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossValue {
    /// `pos + neg`.
    pub loss: f64,
    /// The attracting part, weighted by α⁺.
    pub pos: f64,
    /// The repelling part, weighted by α⁻.
    pub neg: f64,
    /// b = softplus(h).
    pub b: f64,
    /// dL/dh.
    pub grad_h: f64,
}

/// Squared distances of one row that decide its loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowDistances {
    /// To its own centroid.
    pub own: f64,
    /// To the nearest permitted foreign centroid (the first of several) and its class.
    pub foreign: Option<(f64, u32)>,
}

/// Memory that is kept from step to step.
#[derive(Debug, Default)]
pub struct LossWorkspace<T> {
    /// Class means of unit length, or 0 where members cancel out.
    centroids: Vec<T>,
    /// Gradients by centroid, then by the mean's members.
    pulls: Vec<T>,
    /// The means' lengths before.
    lengths: Vec<T>,
    squares: Vec<T>,
    counts: Vec<u32>,
    products: Vec<T>,
    distances: Vec<RowDistances>,
}

impl<T> LossWorkspace<T> {
    /// The distances of each row of the last call of [`BallLoss::evaluate`].
    #[must_use]
    pub fn distances(&self) -> &[RowDistances] {
        &self.distances
    }
}

impl BallLoss {
    /// The loss of `rows` (row-major, `dim` columns, of any length though unit rows are meant),
    /// where row i is of class `classes[i] < n_classes`; `grad` receives dL/drows.
    ///
    /// Classes without a row are passed over. With one class, or none permitted, the repelling
    /// part is 0. Where a class's members cancel out, its centroid is 0 and no gradient flows
    /// through its length. O(n·K·dim) by one matrix product; the same bytes for any number of
    /// threads. No rows: 0.
    ///
    /// # Panics
    /// Where a class is not below `n_classes` or lists are fewer than classes.
    pub fn evaluate<T: Real>(
        &self,
        (rows, dim): (&[T], usize),
        (classes, n_classes): (&[u32], usize),
        h: f64,
        negatives: Negatives,
        space: &mut LossWorkspace<T>,
        grad: Option<&mut [T]>,
    ) -> LossValue {
        let n = classes.len().max(1) as f64;
        let b = softplus(h);
        let gamma = 9.0 * b + self.eps;
        centre(rows, dim, classes, n_classes, space);
        measure(rows, dim, classes, negatives, space);
        let (mut pos, mut neg, mut outside, mut near) = (0.0, 0.0, 0_u32, 0_u32);
        for row in &space.distances {
            if row.own > b {
                pos += row.own - b;
                outside += 1;
            }
            if let Some((foreign, _)) = row.foreign.filter(|foreign| foreign.0 < gamma) {
                neg += gamma - foreign;
                near += 1;
            }
        }
        if let Some(grad) = grad {
            let weights = (2.0 * self.alpha_pos / n, 2.0 * self.alpha_neg / n);
            differentiate((rows, dim), classes, (b, gamma), weights, space, grad);
        }
        let (pos, neg) = (self.alpha_pos * pos / n, self.alpha_neg * neg / n);
        let by_b = 9.0 * self.alpha_neg * f64::from(near) - self.alpha_pos * f64::from(outside);
        LossValue { loss: pos + neg, pos, neg, b, grad_h: sigmoid(h) * by_b / n }
    }

    /// The b ≥ 0 at which the loss of rows at these distances is least: it is convex in b and
    /// bends only where a row enters or leaves a ball, so the minimum is found exactly. The
    /// smallest such b; 0 for no rows. O(n log n).
    #[must_use]
    pub(crate) fn best_b(&self, distances: &[RowDistances]) -> f64 {
        // Going up, each row leaves the outside (the slope rises by α⁺) and may come nearer than
        // γ to a foreign ball (it rises by 9α⁻).
        let own = distances.iter().map(|row| (row.own, self.alpha_pos));
        let foreign = distances.iter().filter_map(|row| row.foreign);
        let foreign = foreign.map(|(foreign, _)| ((foreign - self.eps) / 9.0, 9.0 * self.alpha_neg));
        let mut bends: Vec<(f64, f64)> = own.chain(foreign).map(|(at, gain)| (at.max(0.0), gain)).collect();
        let mut slope = -self.alpha_pos * distances.len() as f64;
        bends.sort_by(|x, y| x.0.total_cmp(&y.0));
        let mut at = 0.0;
        for (bend, gain) in bends {
            if slope >= 0.0 {
                break;
            }
            at = bend;
            slope += gain;
        }
        at
    }
}

/// Sums, means and unit centroids of each class, in the order of the rows.
fn centre<T: Real>(rows: &[T], dim: usize, classes: &[u32], n_classes: usize, space: &mut LossWorkspace<T>) {
    reset(&mut space.centroids, n_classes * dim, T::zero());
    reset(&mut space.lengths, n_classes, T::zero());
    reset(&mut space.squares, n_classes, T::zero());
    reset(&mut space.counts, n_classes, 0);
    for (row, &class) in rows.chunks_exact(dim).zip(classes) {
        let class = class as usize;
        space.counts[class] += 1;
        for (sum, &value) in space.centroids[class * dim..(class + 1) * dim].iter_mut().zip(row) {
            *sum += value;
        }
    }
    for (class, centroid) in space.centroids.chunks_exact_mut(dim).enumerate() {
        let count = T::of(f64::from(space.counts[class].max(1)));
        let length = dot(centroid, centroid).sqrt();
        space.lengths[class] = length / count;
        if length > T::zero() {
            for value in centroid.iter_mut() {
                *value /= length;
            }
            space.squares[class] = dot(centroid, centroid);
        }
    }
}

/// Distances of each row to its own and the nearest permitted foreign centroid, from the
/// products of all rows with all centroids.
fn measure<T: Real>(
    rows: &[T],
    dim: usize,
    classes: &[u32],
    negatives: Negatives,
    space: &mut LossWorkspace<T>,
) {
    let n_classes = space.counts.len();
    let nothing = RowDistances { own: 0.0, foreign: None };
    reset(&mut space.distances, classes.len(), nothing);
    // Every product is written before it is read, so what is there does not matter.
    space.products.resize(classes.len() * n_classes, T::zero());
    let (centroids, squares, counts) = (&space.centroids, &space.squares, &space.counts);
    let chunks = rows.par_chunks(CHUNK * dim).zip(classes.par_chunks(CHUNK));
    let out =
        space.products.par_chunks_mut(CHUNK * n_classes.max(1)).zip(space.distances.par_chunks_mut(CHUNK));
    chunks.zip(out).for_each(|((rows, classes), (products, distances))| {
        multiply_by_transposed(rows, centroids, dim, products);
        let each = rows.chunks_exact(dim).zip(products.chunks_exact_mut(n_classes)).zip(classes);
        for (((row, bounds), &class), distance) in each.zip(distances) {
            let square = dot(row, row);
            let two = T::of(2.0);
            for (bound, (&square, &count)) in bounds.iter_mut().zip(squares.iter().zip(counts)) {
                *bound = if count > 0 { square - two * *bound } else { T::infinity() };
            }
            let own = bounds[class as usize];
            bounds[class as usize] = T::infinity();
            let foreign = match negatives {
                Negatives::All => first_least(bounds),
                Negatives::Listed(lists) => least_of(bounds, &lists[class as usize]),
            };
            let wide = |bound: T| (square + bound).max(T::zero()).wide();
            *distance =
                RowDistances { own: wide(own), foreign: foreign.map(|(bound, class)| (wide(bound), class)) };
        }
    });
}

/// The least finite value and its first place. In lanes, so that it costs less than the product.
fn first_least<T: Real>(values: &[T]) -> Option<(T, u32)> {
    const LANES: usize = 16;
    let mut lanes = [T::infinity(); LANES];
    let lesser = |a: T, b: T| if b < a { b } else { a };
    let chunks = values.chunks_exact(LANES);
    let tail = chunks.remainder().iter().copied().fold(T::infinity(), lesser);
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] = lesser(lanes[lane], chunk[lane]);
        }
    }
    let least = lanes.into_iter().fold(tail, lesser);
    let place = values.iter().position(|&value| value == least)?;
    least.is_finite().then_some((least, place as u32))
}

fn least_of<T: Real>(values: &[T], places: &[u32]) -> Option<(T, u32)> {
    let mut best: Option<(T, u32)> = None;
    for &place in places {
        let value = values[place as usize];
        if value.is_finite() && best.is_none_or(|(least, _)| value < least) {
            best = Some((value, place));
        }
    }
    best
}

/// dL/drows: what pulls and pushes each row, and what reaches it through its class's centroid.
fn differentiate<T: Real>(
    (rows, dim): (&[T], usize),
    classes: &[u32],
    (b, gamma): (f64, f64),
    (pull, push): (f64, f64),
    space: &mut LossWorkspace<T>,
    grad: &mut [T],
) {
    reset(&mut space.pulls, space.centroids.len(), T::zero());
    let (pull, push) = (T::of(pull), T::of(push));
    let place = |class: u32| class as usize * dim..(class as usize + 1) * dim;
    let each = rows.chunks_exact(dim).zip(grad.chunks_exact_mut(dim)).zip(classes);
    for (((row, grad), &class), distance) in each.zip(&space.distances) {
        let own = if distance.own > b { pull } else { T::zero() };
        let pairs = space.centroids[place(class)].iter().zip(&mut space.pulls[place(class)]);
        for ((grad, &value), (&centre, pulled)) in grad.iter_mut().zip(row).zip(pairs) {
            *grad = own * (value - centre);
            *pulled -= *grad;
        }
        if let Some((_, foreign)) = distance.foreign.filter(|foreign| foreign.0 < gamma) {
            let pairs = space.centroids[place(foreign)].iter().zip(&mut space.pulls[place(foreign)]);
            for ((grad, &value), (&centre, pushed)) in grad.iter_mut().zip(row).zip(pairs) {
                let away = push * (value - centre);
                *grad -= away;
                *pushed += away;
            }
        }
    }
    // Through the centroid's length and mean, an equal share to each member.
    for (class, pulled) in space.pulls.chunks_exact_mut(dim).enumerate() {
        let centroid = &space.centroids[class * dim..(class + 1) * dim];
        let length = space.lengths[class] * T::of(f64::from(space.counts[class]));
        let along = dot(centroid, pulled);
        let scale = if length > T::zero() { length.recip() } else { T::zero() };
        for (pulled, &centre) in pulled.iter_mut().zip(centroid) {
            *pulled = (*pulled - centre * along) * scale;
        }
    }
    for (grad, &class) in grad.chunks_exact_mut(dim).zip(classes) {
        for (grad, &shared) in grad.iter_mut().zip(&space.pulls[place(class)]) {
            *grad += shared;
        }
    }
}

fn reset<T: Clone>(values: &mut Vec<T>, len: usize, value: T) {
    values.clear();
    values.resize(len, value);
}
