//! Matrix products over row-major slices, and the number type they are generic over.
//!
//! Takes slices and the width of their rows; never copies or transposes them. The program runs
//! in `f32`; training code is generic so that the very code that trains is held in `f64` against
//! published numbers (to 1e-9) and finite differences. Nothing but tests uses `f64`.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, Axis, Slice};

use super::with_widest_vectors;

/// `f32` in use, `f64` in tests.
pub trait Real: ndarray::NdFloat + Default {
    /// The nearest value.
    fn of(value: f64) -> Self;
    /// The value, widened.
    fn wide(self) -> f64;
}

impl Real for f32 {
    fn of(value: f64) -> Self {
        value as Self
    }
    fn wide(self) -> f64 {
        f64::from(self)
    }
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn wide(self) -> f64 {
        self
    }
}

/// `out = x · wᵀ`: rows of `x` and of `w` have `inner` columns, rows of `out` as many as `w` has
/// rows; `out` may be longer than needed, and what lies behind stays.
pub fn multiply_by_transposed<T: Real>(x: &[T], w: &[T], inner: usize, out: &mut [T]) {
    let (m, n) = (x.len() / inner, w.len() / inner);
    let views = (
        ArrayView2::from_shape((m, inner), x),
        ArrayView2::from_shape((n, inner), w),
        ArrayViewMut2::from_shape((m, n), &mut out[..m * n]),
    );
    debug_assert!(views.0.is_ok() && views.1.is_ok(), "whole rows on both sides");
    if let (Ok(x), Ok(w), Ok(mut out)) = views {
        general_mat_mul(T::one(), &x, &w.t(), T::zero(), &mut out);
    }
}

/// `x` with rows and columns exchanged: `inner` rows, as [`multiply_transposed_by_transposed`] takes them.
pub fn transposed<T: Real>(x: &[T], inner: usize) -> Vec<T> {
    (0..inner).flat_map(|column| x.iter().copied().skip(column).step_by(inner)).collect()
}

/// [`multiply_by_transposed`] for an `x` that is [`transposed`]: quicker where it meets many `w`.
pub fn multiply_transposed_by_transposed<T: Real>(x: &[T], w: &[T], inner: usize, out: &mut [T]) {
    let (m, n) = (x.len() / inner, w.len() / inner);
    let views = (
        ArrayView2::from_shape((inner, m), x),
        ArrayView2::from_shape((n, inner), w),
        ArrayViewMut2::from_shape((m, n), &mut out[..m * n]),
    );
    debug_assert!(views.0.is_ok() && views.1.is_ok(), "whole rows on both sides");
    if let (Ok(x), Ok(w), Ok(mut out)) = views {
        general_mat_mul(T::one(), &x.t(), &w.t(), T::zero(), &mut out);
    }
}

/// [`multiply_by_transposed`] where both sides are [`transposed`]: quickest, where rows meet many times.
pub fn both_transposed<T: Real>(x: &[T], w: &[T], inner: usize, out: &mut [T]) {
    let (m, n) = (x.len() / inner, w.len() / inner);
    let views = (
        ArrayView2::from_shape((inner, m), x),
        ArrayView2::from_shape((inner, n), w),
        ArrayViewMut2::from_shape((m, n), &mut out[..m * n]),
    );
    debug_assert!(views.0.is_ok() && views.1.is_ok(), "whole rows on both sides");
    if let (Ok(x), Ok(w), Ok(mut out)) = views {
        general_mat_mul(T::one(), &x.t(), &w, T::zero(), &mut out);
    }
}

/// `out = x · w`: rows of `x` have `inner` columns, and `w` has `inner` rows.
pub fn multiply<T: Real>(x: &[T], w: &[T], inner: usize, out: &mut [T]) {
    let (m, n) = (x.len() / inner, w.len() / inner);
    let views = (
        ArrayView2::from_shape((m, inner), x),
        ArrayView2::from_shape((inner, n), w),
        ArrayViewMut2::from_shape((m, n), out),
    );
    debug_assert!(views.2.is_ok(), "the output has a place for each row and column");
    if let (Ok(x), Ok(w), Ok(mut out)) = views {
        general_mat_mul(T::one(), &x, &w, T::zero(), &mut out);
    }
}

/// `out += x[:, columns]ᵀ · y`: `x` has `width` columns, and as many rows as `y`; rows of `out`
/// are as wide as those of `y`.
pub fn add_transposed_by<T: Real>(
    x: &[T],
    width: usize,
    columns: std::ops::Range<usize>,
    y: &[T],
    out: &mut [T],
) {
    let rows = x.len() / width;
    let views = (
        ArrayView2::from_shape((rows, width), x),
        ArrayView2::from_shape((rows, y.len() / rows.max(1)), y),
        ArrayViewMut2::from_shape((columns.len(), y.len() / rows.max(1)), out),
    );
    debug_assert!(views.1.is_ok() && views.2.is_ok(), "as many rows on both sides");
    if let (Ok(x), Ok(y), Ok(mut out)) = views {
        let x = x.slice_axis(Axis(1), Slice::from(columns));
        general_mat_mul(T::one(), &x.t(), &y, T::one(), &mut out);
    }
}

/// Adds a layer's biases to each row, and makes what is negative then 0 (`ReLU`).
pub fn rectify<T: Real>(rows: &mut [T], biases: &[T]) {
    with_widest_vectors(
        #[inline(always)]
        || {
            for row in rows.chunks_exact_mut(biases.len()) {
                for (value, &bias) in row.iter_mut().zip(biases) {
                    let sum = *value + bias;
                    *value = if sum > T::zero() { sum } else { T::zero() };
                }
            }
        },
    );
}

/// From gradients by the outputs of [`rectify`] to those by its rows.
pub fn rectified<T: Real>(grads: &mut [T], outputs: &[T]) {
    for (grad, &output) in grads.iter_mut().zip(outputs) {
        *grad = if output > T::zero() { *grad } else { T::zero() };
    }
}

/// The inner product, in sixteen lanes: quick, and the same for any number of threads.
pub fn dot<T: Real>(x: &[T], y: &[T]) -> T {
    const LANES: usize = 16;
    with_widest_vectors(
        #[inline(always)]
        || {
            let mut lanes = [T::zero(); LANES];
            let (xs, ys) = (x.chunks_exact(LANES), y.chunks_exact(LANES));
            let tail = xs.remainder().iter().zip(ys.remainder()).fold(T::zero(), |sum, (&a, &b)| sum + a * b);
            for (a, b) in xs.zip(ys) {
                for lane in 0..LANES {
                    lanes[lane] += a[lane] * b[lane];
                }
            }
            lanes.iter().fold(tail, |sum, &lane| sum + lane)
        },
    )
}
