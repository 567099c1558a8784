//! Rows of parameters that trainings share.

use crate::base::{Parameter, ParameterRange};

/// A row; the window does not show the parameters of a training.
pub(super) const fn row(name: &'static str, doc: &'static str, range: ParameterRange) -> Parameter {
    Parameter { name, label: "", doc, range, auto: None }
}

/// A number without a unit.
pub(super) const fn number(least: f64, most: f64) -> ParameterRange {
    ParameterRange::Number("a number", least, most)
}

pub(super) const EPOCHS: Parameter = row("epochs", "Most epochs.", ParameterRange::Count(1, 1_000_000));
pub(super) const RATE: Parameter = row("rate", "The optimiser's learning rate.", number(0.0, 10.0));
pub(super) const DECAY: Parameter =
    row("decay", "What the rate is multiplied by every `decay-epochs` epochs.", number(1e-3, 1.0));
pub(super) const DECAY_EPOCHS: Parameter = row(
    "decay-epochs",
    "Epochs from one decay of the rate to the next.",
    ParameterRange::Count(1, 1_000_000),
);
pub(super) const MOMENTUM: Parameter = row("momentum", "The optimiser's momentum.", number(0.0, 0.999));
pub(super) const WEIGHT_DECAY: Parameter =
    row("weight-decay", "How strongly weights are drawn to their anchor.", number(0.0, 10.0));
