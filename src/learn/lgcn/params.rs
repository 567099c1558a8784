//! The parameters of L-GCN's training, unchecked, and their check.

use super::super::SgdOptions;
use super::super::shared_params::{DECAY, DECAY_EPOCHS, EPOCHS, MOMENTUM, RATE, WEIGHT_DECAY, number, row};
use crate::base::{Checked, InvalidValue, Parameter, ParameterField, ParameterRange, Parameters, field};
use crate::cluster::lgcn::{Aggregation, K1, K2, LINKED, NodeFeatures, SubgraphSize};

/// What a node is described by.
pub(super) const INPUT: Parameter =
    row("input", "What a node is described by.", ParameterRange::Word(NodeFeatures::WORDS));
/// How neighbours are averaged.
pub(super) const AGGREGATION: Parameter =
    row("aggregation", "How neighbours are averaged.", ParameterRange::Word(Aggregation::WORDS));
const BATCH: Parameter = row("batch", "Pivots of a step.", ParameterRange::Count(1, 10_000));
const BALANCE: Parameter = row("balance", "How many times a link within a person counts.", number(1e-3, 1e3));

/// Parameters as the user gives them; [`Parameters::check`] makes them runnable.
///
/// Published (CVPR 2019): `difference`, widths 512, 512, 256, 256, k1 200, k2 and u 10, rate 0.01,
/// a tenth of it after each epoch, 4 epochs of 5,000 people. The defaults are those that did best
/// with a few photographs of each of some hundred people.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LgcnTrainingParams {
    /// What a node is described by.
    pub input: NodeFeatures,
    /// Outputs of each convolution.
    pub widths: Vec<usize>,
    /// How far a pivot looks.
    pub reach: SubgraphSize,
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

impl Default for LgcnTrainingParams {
    fn default() -> Self {
        let sgd = SgdOptions {
            rate: 0.02,
            decay: 0.3,
            decay_epochs: 2,
            weight_decay: 1e-4,
            ..SgdOptions::default()
        };
        Self {
            input: NodeFeatures::Profile,
            widths: vec![32, 32, 16, 16],
            reach: SubgraphSize { k1: 20, k2: 5, u: 5 },
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
pub(crate) type LgcnTraining = Checked<LgcnTrainingParams>;

/// All but the widths and the seed have a name.
impl Parameters for LgcnTrainingParams {
    const FIELDS: &'static [ParameterField<Self>] = &[
        field!(INPUT, input),
        field!(AGGREGATION, aggregation),
        field!(K1, reach.k1),
        field!(K2, reach.k2),
        field!(LINKED, reach.u),
        field!(EPOCHS, epochs),
        field!(BATCH, batch),
        field!(BALANCE, balance),
        field!(RATE, sgd.rate),
        field!(DECAY, sgd.decay),
        field!(DECAY_EPOCHS, sgd.decay_epochs),
        field!(MOMENTUM, sgd.momentum),
        field!(WEIGHT_DECAY, sgd.weight_decay),
    ];

    fn check_more(&self) -> Result<(), InvalidValue> {
        let is_width = |width: &usize| (1..=4096).contains(width);
        if !(1..=8).contains(&self.widths.len()) || !self.widths.iter().all(is_width) {
            return Err(InvalidValue::new(
                "dims",
                format!("{:?}", self.widths),
                "1 to 8 widths of 1 to 4096",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_set_by_name_and_refused_with_their_range() {
        let mut params = LgcnTrainingParams::default();
        for (name, text) in
            [("input", "difference"), ("aggregation", "weighted"), ("k1", "40"), ("rate", "0.01")]
        {
            params.set(name, text).unwrap();
        }
        assert_eq!((params.input, params.aggregation), (NodeFeatures::Difference, Aggregation::Weighted));
        assert_eq!((params.reach.k1, params.sgd.rate), (40, 0.01));
        for (name, text) in [("input", "both"), ("k1", "0"), ("balance", "-1"), ("speed", "1")] {
            let message = params.set(name, text).unwrap_err().to_string();
            assert!(message.contains(name), "{message}");
        }
        assert!(LgcnTrainingParams::default().check().is_ok());
        let message = LgcnTrainingParams { widths: vec![], ..LgcnTrainingParams::default() }
            .check()
            .unwrap_err()
            .to_string();
        assert!(message.starts_with("dims is []"), "{message}");
    }
}
