//! The parameters of a training, unchecked, and their check.
//!
//! Defaults are the published ones where they are known: batch 2,000, α 4 and 1, ε 0.05, SGD
//! with momentum 0.9, rate 0.003 · 0.9 every 10 epochs, h at a hundredth of it, b₀ 0.1.

use super::batches::Drawing;
use super::rows::{self, Place, Row, row};
use super::{BallLoss, Init, LearnError, SgdOptions};

/// The words for how a network begins.
const INITS: &[(&str, Init)] = &[("uniform", Init::Uniform), ("identity", Init::Identity)];

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
    pub fn check(mut self) -> Result<BclTraining, LearnError> {
        if self.dims.len() > 16 || self.dims.iter().any(|dim| !(1..=65_536).contains(dim)) {
            let range = "at most 16 widths of 1 to 65536";
            return Err(LearnError::parameter("dims", format!("{:?}", self.dims), range));
        }
        self.rows().into_iter().try_for_each(|row| row.check())?;
        Ok(BclTraining(self))
    }

    /// Sets one parameter from text: all but the widths and the seed have a name.
    ///
    /// # Errors
    /// [`LearnError::Unknown`] with the names there are, or [`LearnError::Parameter`].
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), LearnError> {
        rows::set(self.rows(), name, text)
    }

    /// Every parameter that is one number or word, with its range.
    fn rows(&mut self) -> Vec<Row<'_>> {
        let (loss, sgd) = (&mut self.loss, &mut self.sgd);
        vec![
            row("epochs", Place::Whole(&mut self.epochs), 1.0, 1e6),
            row("passes", Place::Whole(&mut self.passes), 1.0, 1e5),
            row("batch", Place::Whole(&mut self.batch), 2.0, 1e6),
            row("together", Place::Whole(&mut self.together), 2.0, 1e6),
            row("mix", Place::Whole(&mut self.mix), 1.0, 100.0),
            row("patience", Place::Whole(&mut self.patience), 1.0, 1e6),
            row("validate-every", Place::Whole(&mut self.validate_every), 1.0, 1e6),
            row("decay-epochs", Place::Whole(&mut sgd.decay_epochs), 1.0, 1e6),
            row("init", Place::word(&mut self.init, "uniform or identity", INITS), 0.0, 0.0),
            row("noise", Place::Number(&mut self.noise), 0.0, 10.0),
            row("alpha-pos", Place::Number(&mut loss.alpha_pos), 0.0, 1e3),
            row("alpha-neg", Place::Number(&mut loss.alpha_neg), 0.0, 1e3),
            row("eps", Place::Number(&mut loss.eps), 0.0, 4.0),
            row("rate", Place::Number(&mut sgd.rate), 0.0, 10.0),
            row("decay", Place::Number(&mut sgd.decay), 1e-3, 1.0),
            row("h-rate", Place::Number(&mut sgd.h_rate), 0.0, 1e4),
            row("momentum", Place::Number(&mut sgd.momentum), 0.0, 0.999),
            row("weight-decay", Place::Number(&mut sgd.weight_decay), 0.0, 10.0),
            row("b0", Place::Number(&mut self.b0), 1e-6, 4.0),
        ]
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

/// Parameters that were checked; see [`BclParams::check`].
#[derive(Debug, Clone, PartialEq)]
pub struct BclTraining(pub(super) BclParams);

impl BclTraining {
    /// The parameters.
    #[must_use]
    pub fn params(&self) -> &BclParams {
        &self.0
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

    #[test]
    fn parameters_are_set_by_name() {
        let mut params = BclParams::default();
        for (name, text) in
            [("batch", "50"), ("rate", " 0.1"), ("init", "identity"), ("weight-decay", "1e-3")]
        {
            params.set(name, text).unwrap();
        }
        assert_eq!((params.batch, params.sgd.rate, params.init), (50, 0.1, Init::Identity));
        let message = params.set("speed", "1").unwrap_err().to_string();
        assert!(message.contains("`speed`") && message.contains("weight-decay"), "{message}");
        for (name, text) in [("batch", "1"), ("batch", "x"), ("noise", "-1"), ("init", "best")] {
            let message = params.set(name, text).unwrap_err().to_string();
            assert!(message.contains(name) && message.contains(text), "{message}");
        }
    }
}
