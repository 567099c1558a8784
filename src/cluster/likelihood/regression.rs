//! The numbers of the regression of [`super::SamePersonModel`]: how many there are, and what each is.

/// Measures that decide.
pub const N_FEATURES: usize = 9;
/// Weights: of the constant, of each measure, and of each product of two.
pub const N_WEIGHTS: usize = 1 + N_FEATURES + N_FEATURES * (N_FEATURES + 1) / 2;

/// A quadratic logistic regression on the measures of two groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// What is taken off each measure, …
    pub centres: [f64; N_FEATURES],
    /// … and what it is divided by then.
    pub scales: [f64; N_FEATURES],
    /// Of the constant, each measure, and each product of two by the first and then the second.
    pub weights: [f64; N_WEIGHTS],
}
