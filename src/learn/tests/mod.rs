//! The module as a whole: published numbers, finite differences, and whole trainings.

mod gradients;
pub(super) mod training;
