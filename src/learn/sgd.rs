//! Stochastic gradient descent with momentum, as Ball Cluster Learning was trained.
//!
//! Takes weights and their gradients; changes the weights. The rule is PyTorch's: v ← m·v + g,
//! w ← w − rate·v, without dampening or Nesterov's variant. h (the radius) has a rate of its
//! own. It knows no network and no loss.

use crate::base::product::Real;

/// Rates and momentum; the published ones by default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SgdOptions {
    /// Rate of the weights in the first epoch.
    pub rate: f64,
    /// What the rate is multiplied by…
    pub decay: f64,
    /// …after this number of epochs.
    pub decay_epochs: usize,
    /// Rate of h as a share of that of the weights.
    pub h_rate: f64,
    /// Share of the last step that is taken again.
    pub momentum: f64,
    /// Weight of the squared distance to the anchor (0 or the initial weights) in the loss,
    /// halved, as in PyTorch; 0 leaves it out. h is never drawn anywhere.
    pub weight_decay: f64,
}

impl Default for SgdOptions {
    fn default() -> Self {
        Self { rate: 0.003, decay: 0.9, decay_epochs: 10, h_rate: 0.01, momentum: 0.9, weight_decay: 0.0 }
    }
}

impl SgdOptions {
    /// The weights' rate in an epoch, counted from 0.
    #[must_use]
    pub(crate) fn rate_at(&self, epoch: usize) -> f64 {
        let times = epoch / self.decay_epochs.max(1);
        self.rate * self.decay.powi(i32::try_from(times).unwrap_or(i32::MAX))
    }
}

/// The momenta of a training.
#[derive(Debug, Clone, PartialEq)]
pub struct Sgd<T> {
    /// Of each weight.
    pub velocity: Vec<T>,
    /// Of h.
    pub h_velocity: f64,
}

/// The weights of a step, and what moves them; all of one length.
#[derive(Debug)]
pub struct WeightStep<'a, T> {
    /// What is moved.
    pub weights: &'a mut [T],
    /// The loss's gradient by each weight.
    pub grads: &'a [T],
    /// What weight decay draws the weights to; `None` is 0.
    pub anchor: Option<&'a [T]>,
}

impl<T: Real> Sgd<T> {
    /// Zero momenta, for `n` weights.
    #[must_use]
    pub fn new(n_weights: usize) -> Self {
        Self { velocity: vec![T::zero(); n_weights], h_velocity: 0.0 }
    }

    /// One step of all weights and of h at the rate of `epoch`.
    pub fn step(
        &mut self,
        options: &SgdOptions,
        epoch: usize,
        WeightStep { weights, grads, anchor }: WeightStep<T>,
        (h, grad_h): (&mut f64, f64),
    ) {
        let rate = options.rate_at(epoch);
        let (momentum, step) = (T::of(options.momentum), T::of(rate));
        let each = weights.iter_mut().zip(grads).zip(&mut self.velocity);
        if options.weight_decay == 0.0 {
            for ((weight, &grad), velocity) in each {
                *velocity = momentum * *velocity + grad;
                *weight -= step * *velocity;
            }
        } else {
            let pull = T::of(options.weight_decay);
            for (at, ((weight, &grad), velocity)) in each.enumerate() {
                let home = anchor.map_or(T::zero(), |anchor| anchor[at]);
                *velocity = momentum * *velocity + grad + pull * (*weight - home);
                *weight -= step * *velocity;
            }
        }
        self.h_velocity = options.momentum * self.h_velocity + grad_h;
        *h -= rate * options.h_rate * self.h_velocity;
    }
}
