//! The parameters of L-GCN's training, unchecked, and their check.

use super::super::rows::{self, Place, Row, row};
use super::super::{LearnError, SgdOptions};
use crate::cluster::lgcn::{Aggregation, Input, Reach};

pub(super) const INPUTS: &[(&str, Input)] = &[("difference", Input::Difference), ("profile", Input::Profile)];
pub(super) const AGGREGATIONS: &[(&str, Aggregation)] =
    &[("mean", Aggregation::Mean), ("weighted", Aggregation::Weighted)];

/// Parameters as the user gives them; [`Self::check`] makes them runnable.
///
/// Published (CVPR 2019): `difference`, widths 512, 512, 256, 256, k1 200, k2 and u 10, rate 0.01,
/// a tenth of it after each epoch, 4 epochs of 5,000 people. The defaults are those that did best
/// with a few photographs of each of some hundred people.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LinkParams {
    /// What a node is described by.
    pub input: Input,
    /// Outputs of each convolution.
    pub widths: Vec<usize>,
    /// How far a pivot looks.
    pub reach: Reach,
    /// How neighbours are averaged.
    pub aggregation: Aggregation,
    /// Passes over all pivots.
    pub epochs: usize,
    /// Pivots of a step.
    pub batch: usize,
    /// How many times a link within a person counts.
    pub balance: f64,
    /// The optimiser's constants; the rate of h means nothing here.
    pub sgd: SgdOptions,
    /// Seed of everything random.
    pub seed: u64,
}

impl Default for LinkParams {
    fn default() -> Self {
        let sgd = SgdOptions {
            rate: 0.02,
            decay: 0.3,
            decay_epochs: 2,
            weight_decay: 1e-4,
            ..SgdOptions::default()
        };
        Self {
            input: Input::Profile,
            widths: vec![32, 32, 16, 16],
            reach: Reach { k1: 20, k2: 5, u: 5 },
            aggregation: Aggregation::Mean,
            epochs: 8,
            batch: 16,
            balance: 1.0,
            sgd,
            seed: 0,
        }
    }
}

/// Parameters that were checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LinkTraining(pub(super) LinkParams);

impl LinkParams {
    /// Checks every parameter.
    ///
    /// # Errors
    /// [`LearnError::Parameter`] with the first that is out of range.
    pub(crate) fn check(mut self) -> Result<LinkTraining, LearnError> {
        let is_width = |width: &usize| (1..=4096).contains(width);
        if !(1..=8).contains(&self.widths.len()) || !self.widths.iter().all(is_width) {
            let range = "1 to 8 widths of 1 to 4096";
            return Err(LearnError::parameter("dims", format!("{:?}", self.widths), range));
        }
        self.rows().into_iter().try_for_each(|row| row.check())?;
        Ok(LinkTraining(self))
    }

    /// Sets one parameter from text: all but the widths and the seed have a name.
    ///
    /// # Errors
    /// [`LearnError::Unknown`] with the names there are, or [`LearnError::Parameter`].
    pub(crate) fn set(&mut self, name: &str, text: &str) -> Result<(), LearnError> {
        rows::set(self.rows(), name, text)
    }

    fn rows(&mut self) -> Vec<Row<'_>> {
        let (reach, sgd) = (&mut self.reach, &mut self.sgd);
        vec![
            row("input", Place::word(&mut self.input, "difference or profile", INPUTS), 0.0, 0.0),
            row(
                "aggregation",
                Place::word(&mut self.aggregation, "mean or weighted", AGGREGATIONS),
                0.0,
                0.0,
            ),
            row("k1", Place::Whole(&mut reach.k1), 1.0, 1000.0),
            row("k2", Place::Whole(&mut reach.k2), 0.0, 1000.0),
            row("u", Place::Whole(&mut reach.u), 1.0, 1000.0),
            row("epochs", Place::Whole(&mut self.epochs), 1.0, 1e6),
            row("batch", Place::Whole(&mut self.batch), 1.0, 1e4),
            row("balance", Place::Number(&mut self.balance), 1e-3, 1e3),
            row("rate", Place::Number(&mut sgd.rate), 0.0, 10.0),
            row("decay", Place::Number(&mut sgd.decay), 1e-3, 1.0),
            row("decay-epochs", Place::Whole(&mut sgd.decay_epochs), 1.0, 1e6),
            row("momentum", Place::Number(&mut sgd.momentum), 0.0, 0.999),
            row("weight-decay", Place::Number(&mut sgd.weight_decay), 0.0, 10.0),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_set_by_name_and_refused_with_their_range() {
        let mut params = LinkParams::default();
        for (name, text) in
            [("input", "difference"), ("aggregation", "weighted"), ("k1", "40"), ("rate", "0.01")]
        {
            params.set(name, text).unwrap();
        }
        assert_eq!((params.input, params.aggregation), (Input::Difference, Aggregation::Weighted));
        assert_eq!((params.reach.k1, params.sgd.rate), (40, 0.01));
        for (name, text) in [("input", "both"), ("k1", "0"), ("balance", "-1"), ("speed", "1")] {
            let message = params.set(name, text).unwrap_err().to_string();
            assert!(message.contains(name), "{message}");
        }
        assert!(LinkParams::default().check().is_ok());
        let message = LinkParams { widths: vec![], ..LinkParams::default() }.check().unwrap_err().to_string();
        assert!(message.starts_with("dims cannot be []"), "{message}");
    }
}
