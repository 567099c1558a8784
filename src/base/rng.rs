//! The seeded generator: one algorithm whose stream is fixed by its paper (PCG, O'Neill
//! 2014), so that a seed means the same in every version.

use rand_pcg::rand_core::SeedableRng;

/// The generator behind every random choice of Castlist.
pub type Rng = rand_pcg::Pcg64Mcg;

/// The generator for `seed`.
///
/// # Examples
/// ```
/// use castlist::base::seeded;
/// use rand::RngExt;
///
/// // The same seed gives the same numbers, on every machine.
/// let (a, b): (u32, u32) = (seeded(7).random(), seeded(7).random());
/// assert_eq!(a, b);
/// ```
#[must_use]
pub fn seeded(seed: u64) -> Rng {
    Rng::seed_from_u64(seed)
}
