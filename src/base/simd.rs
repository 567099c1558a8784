//! Plain loops, compiled for the widest vectors of the machine that runs them.
//!
//! Takes a closure and gives what it gives. The compiler makes one version for every machine
//! and one for AVX2; which runs is decided while the program runs. Rounding is the same in
//! both, for no multiplication is fused with an addition.

/// Runs a loop with the machine's widest vectors. Costs a few nanoseconds; mark the closure
/// `#[inline(always)]`, otherwise it stays as it was compiled outside.
#[inline]
pub fn with_widest_vectors<R>(op: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(op)
}
