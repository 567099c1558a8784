//! The parameters of a training, unchecked, and their check.
//!
//! Defaults are the published ones where they are known: batch 2,000, α 4 and 1, ε 0.05, SGD
//! with momentum 0.9, rate 0.003 · 0.9 every 10 epochs, h at a hundredth of it, b₀ 0.1.

use super::batches::BatchSampling;
use super::shared_params::{DECAY, DECAY_EPOCHS, EPOCHS, MOMENTUM, RATE, WEIGHT_DECAY, number, row};
use super::{BallLoss, Initialisation, SgdOptions};
use crate::base::{Checked, InvalidValue, Parameter, ParameterField, ParameterRange, Parameters, field};

const PASSES: Parameter =
    row("passes", "Passes over all training tracks that make one epoch.", ParameterRange::Count(1, 100_000));
const BATCH: Parameter = row("batch", "Tracks of a step, about.", ParameterRange::Count(2, 1_000_000));
const TOGETHER: Parameter = row(
    "together",
    "Most tracks of an identity that are kept together in a batch.",
    ParameterRange::Count(2, 1_000_000),
);
const MIX: Parameter =
    row("mix", "A row is the mean of 1 to this many faces.", ParameterRange::Count(1, 100));
const PATIENCE: Parameter = row(
    "patience",
    "Epochs without a better validation after which it ends.",
    ParameterRange::Count(1, 1_000_000),
);
const VALIDATE_EVERY: Parameter =
    row("validate-every", "Epochs from one validation to the next.", ParameterRange::Count(1, 1_000_000));
const INIT: Parameter = row("init", "How the network begins.", ParameterRange::Word(Initialisation::WORDS));
const NOISE: Parameter = row("noise", "Length of the noise that is added to each face.", number(0.0, 10.0));
const ALPHA_POS: Parameter = row("alpha-pos", "The loss's weight of a person's own rows.", number(0.0, 1e3));
const ALPHA_NEG: Parameter = row("alpha-neg", "The loss's weight of other people's rows.", number(0.0, 1e3));
const EPS: Parameter = row("eps", "The loss's margin around the ball.", number(0.0, 4.0));
const H_RATE: Parameter = row("h-rate", "The rate of the radius, as a share of the rate.", number(0.0, 1e4));
const B0: Parameter = row("b0", "The squared radius at the start.", number(1e-6, 4.0));

/// Parameters as the user gives them; [`Parameters::check`] makes them runnable.
#[derive(Debug, Clone, PartialEq)]
pub struct BclParams {
    /// Each layer's outputs; empty for no projection, where only the radius is learned.
    pub dims: Vec<usize>,
    /// How the network begins.
    pub init: Initialisation,
    /// Most epochs.
    pub epochs: usize,
    /// Passes over all training tracks that make one epoch: more than one where a few steps would
    /// show them all.
    pub passes: usize,
    /// Tracks of a step, about; all where there are fewer.
    pub batch: usize,
    /// Most tracks of an identity that are kept together in a batch; at least 2.
    pub together: usize,
    /// Length of the Gaussian noise that is added to each face (whose length is 1); 0 for none.
    pub noise: f64,
    /// A row is the mean of 1 to this many faces of its identity; 1 for single faces.
    pub mix: usize,
    /// The loss's constants.
    pub loss: BallLoss,
    /// The optimiser's; where h alone is learned, its share of the rate is 1 whatever is here.
    pub sgd: SgdOptions,
    /// b at the start.
    pub b0: f64,
    /// Epochs without a better validation after which the training ends.
    pub patience: usize,
    /// Epochs from one validation to the next.
    pub validate_every: usize,
    /// Seed of everything random.
    pub seed: u64,
}

impl Default for BclParams {
    fn default() -> Self {
        Self {
            dims: vec![256, 128, 64],
            init: Initialisation::Uniform,
            epochs: 130,
            passes: 1,
            batch: 2_000,
            together: 16,
            noise: 0.0,
            mix: 1,
            loss: BallLoss::default(),
            sgd: SgdOptions::default(),
            b0: 0.1,
            patience: 30,
            validate_every: 1,
            seed: 0,
        }
    }
}

/// Parameters that were checked; only these can be trained with.
pub type BclTraining = Checked<BclParams>;

/// All but the widths and the seed have a name.
impl Parameters for BclParams {
    const FIELDS: &'static [ParameterField<Self>] = &[
        field!(EPOCHS, epochs),
        field!(PASSES, passes),
        field!(BATCH, batch),
        field!(TOGETHER, together),
        field!(MIX, mix),
        field!(PATIENCE, patience),
        field!(VALIDATE_EVERY, validate_every),
        field!(DECAY_EPOCHS, sgd.decay_epochs),
        field!(INIT, init),
        field!(NOISE, noise),
        field!(ALPHA_POS, loss.alpha_pos),
        field!(ALPHA_NEG, loss.alpha_neg),
        field!(EPS, loss.eps),
        field!(RATE, sgd.rate),
        field!(DECAY, sgd.decay),
        field!(H_RATE, sgd.h_rate),
        field!(MOMENTUM, sgd.momentum),
        field!(WEIGHT_DECAY, sgd.weight_decay),
        field!(B0, b0),
    ];

    fn check_more(&self) -> Result<(), InvalidValue> {
        if self.dims.len() > 16 || self.dims.iter().any(|dim| !(1..=65_536).contains(dim)) {
            return Err(InvalidValue::new(
                "dims",
                format!("{:?}", self.dims),
                "at most 16 widths of 1 to 65536",
            ));
        }
        Ok(())
    }
}

impl BclParams {
    /// The optimiser's constants for a network of `n` layers: without a layer h learns at the full
    /// rate, since nothing else moves and a hundredth of it would take thousands of epochs.
    pub(super) fn rates(&self, n_layers: usize) -> SgdOptions {
        if n_layers == 0 { SgdOptions { h_rate: 1.0, ..self.sgd } } else { self.sgd }
    }

    /// Whether weight decay draws to the initial weights rather than to 0.
    pub(super) fn decays_to_start(&self) -> bool {
        self.init == Initialisation::Identity
    }

    pub(super) fn sampling(&self) -> BatchSampling {
        BatchSampling {
            seed: self.seed,
            batch: self.batch,
            passes: self.passes,
            together: self.together,
            noise: self.noise,
            mix: self.mix,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_names_parameter_value_and_range() {
        assert!(BclParams::default().check().is_ok());
        let refused = |params: BclParams| params.check().unwrap_err().to_string();
        let message = refused(BclParams { batch: 1, ..Default::default() });
        assert!(message.starts_with("batch is 1; it must be a whole number from 2"), "{message}");
        let message = refused(BclParams { b0: f64::NAN, ..Default::default() });
        assert!(message.starts_with("b0 is NaN"), "{message}");
        let message = refused(BclParams { dims: vec![64, 0], ..Default::default() });
        assert!(message.starts_with("dims is [64, 0]"), "{message}");
    }

    #[test]
    fn parameters_are_set_by_name() {
        let mut params = BclParams::default();
        for (name, text) in
            [("batch", "50"), ("rate", " 0.1"), ("init", "identity"), ("weight-decay", "1e-3")]
        {
            params.set(name, text).unwrap();
        }
        assert_eq!((params.batch, params.sgd.rate, params.init), (50, 0.1, Initialisation::Identity));
        let message = params.set("speed", "1").unwrap_err().to_string();
        assert!(message.contains("`speed`") && message.contains("weight-decay"), "{message}");
        for (name, text) in [("batch", "1"), ("batch", "x"), ("noise", "-1"), ("init", "best")] {
            let message = params.set(name, text).unwrap_err().to_string();
            assert!(message.contains(name) && message.contains(text), "{message}");
        }
    }
}
