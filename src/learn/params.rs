//! The parameters of a training, unchecked, and their check.
//!
//! Defaults are the published ones where they are known: batch 2,000, α 4 and 1, ε 0.05, SGD
//! with momentum 0.9, rate 0.003 · 0.9 every 10 epochs, h at a hundredth of it, b₀ 0.1.

use super::batches::Drawing;
use super::{BallLoss, BclTraining, Init, LearnError, SgdOptions};

/// Parameters as the user gives them; [`Self::check`] makes them runnable.
#[derive(Debug, Clone, PartialEq)]
pub struct BclParams {
    /// Each layer's outputs; empty for no projection, where only the radius is learned.
    pub dims: Vec<usize>,
    /// How the network begins.
    pub init: Init,
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
    /// The optimiser's; where h alone is learned, its share of the rate is 1 whatever stands here.
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
            init: Init::Uniform,
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

impl BclParams {
    /// Checks every parameter.
    ///
    /// # Errors
    /// [`LearnError::Parameter`] with the first that is out of range: its name, the value given
    /// and the range.
    pub fn check(self) -> Result<BclTraining, LearnError> {
        let whole = [
            ("epochs", self.epochs, 1, 1_000_000),
            ("passes", self.passes, 1, 100_000),
            ("batch", self.batch, 2, 1_000_000),
            ("together", self.together, 2, 1_000_000),
            ("mix", self.mix, 1, 100),
            ("patience", self.patience, 1, usize::MAX),
            ("validate-every", self.validate_every, 1, 1_000_000),
            ("decay-epochs", self.sgd.decay_epochs, 1, usize::MAX),
        ];
        for (name, value, least, most) in whole {
            if !(least..=most).contains(&value) {
                let range = format!("a whole number from {least} to {most}");
                return Err(LearnError::parameter(name, value, range));
            }
        }
        if self.dims.len() > 16 || self.dims.iter().any(|dim| !(1..=65_536).contains(dim)) {
            return Err(LearnError::parameter(
                "dims",
                format!("{:?}", self.dims),
                "at most 16 widths of 1 to 65536",
            ));
        }
        let numbers = [
            ("noise", self.noise, 0.0, 10.0),
            ("alpha-pos", self.loss.alpha_pos, 0.0, 1e3),
            ("alpha-neg", self.loss.alpha_neg, 0.0, 1e3),
            ("eps", self.loss.eps, 0.0, 4.0),
            ("rate", self.sgd.rate, 0.0, 10.0),
            ("decay", self.sgd.decay, 1e-3, 1.0),
            ("h-rate", self.sgd.h_rate, 0.0, 1e4),
            ("momentum", self.sgd.momentum, 0.0, 0.999),
            ("weight-decay", self.sgd.weight_decay, 0.0, 10.0),
            ("b0", self.b0, 1e-6, 4.0),
        ];
        for (name, value, least, most) in numbers {
            if !(least..=most).contains(&value) {
                return Err(LearnError::parameter(name, value, format!("a number from {least} to {most}")));
            }
        }
        Ok(BclTraining(self))
    }

    /// The optimiser's constants for a network of so many layers: without a layer h learns at the full rate,
    /// since nothing else moves and a hundredth of it would take thousands of epochs.
    pub(super) fn rates(&self, n_layers: usize) -> SgdOptions {
        if n_layers == 0 { SgdOptions { h_rate: 1.0, ..self.sgd } } else { self.sgd }
    }

    /// Whether weight decay draws to the initial weights rather than to 0.
    pub(super) fn anchored(&self) -> bool {
        self.init == Init::Identity
    }

    pub(super) fn drawing(&self) -> Drawing {
        Drawing {
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
        assert!(message.starts_with("batch cannot be 1: give a whole number from 2"), "{message}");
        let message = refused(BclParams { b0: f64::NAN, ..Default::default() });
        assert!(message.starts_with("b0 cannot be NaN"), "{message}");
        let message = refused(BclParams { dims: vec![64, 0], ..Default::default() });
        assert!(message.starts_with("dims cannot be [64, 0]"), "{message}");
    }
}
