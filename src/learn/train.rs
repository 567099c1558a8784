//! Training of Ball Cluster Learning: the projection and the radius (ICCV 2019).
//!
//! Takes labelled faces, a split by identity and parameters; gives the best network and b. Each
//! step draws a batch ([`super::batches`]), runs the network and the loss, and updates weights
//! and h. After an epoch a closure validates on tracks of people never learned from, and the
//! best state is kept. The same input and seed give the same bytes, for any number of threads and
//! however often the training was interrupted. It clusters nothing itself and writes no head.

use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::batches::{Batch, BatchSampler};
use super::checkpoint::{BestState, TrainingState};
use super::{
    BallLoss, BclParams, BclTraining, LabelledFaces, LearnError, LossWorkspace, Mlp, MlpWorkspace, Negatives,
    Projection, Sgd, SgdOptions, Split, Subset, Validation, WeightStep, inverse_softplus, softplus,
};
use crate::base::{Cancelled, Cx, Embeddings, Fingerprint, Hasher, Radius, Stage, TrackIx, seeded};

/// Time between two writes of the checkpoint; it has no effect on the result.
const WRITE_EVERY: Duration = Duration::from_secs(20);

/// The report after each epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EpochReport {
    /// The epoch, from 1.
    pub epoch: usize,
    /// Mean loss of its steps.
    pub loss: f64,
    /// Its attracting part.
    pub pos: f64,
    /// Its repelling part.
    pub neg: f64,
    /// b after it.
    pub b: f64,
    /// The weights' learning rate in it.
    pub rate: f64,
    /// How the validation tracks cluster after it, where that was looked at.
    pub validation: Option<Validation>,
}

/// Clusters the projected validation tracks ([`LabelledFaces::tracks`] of [`Subset::Validation`],
/// in that order), at the radius learned so far or a better one, and compares with the truth.
pub(crate) type ValidateFn<'a> = dyn FnMut(&Embeddings, Radius) -> Result<Validation, Cancelled> + 'a;

/// What a training learns from and starts with.
pub struct TrainingInput<'a> {
    /// The faces, tracks and identities.
    pub data: &'a LabelledFaces,
    /// The training and validation identities.
    pub split: &'a Split,
    /// Pairs of identities that are known to be different people: then only these push each
    /// other away, as in fine-tuning, where the identities are tracks.
    pub foreign: Option<&'a [(u32, u32)]>,
    /// What to go on from; its widths and radius are in place of those of the parameters, and
    /// weight decay draws back to it.
    pub start: Option<&'a Projection>,
    /// Where the state is kept while the training is unfinished (`HEAD.resume`); a state that is
    /// found there is gone on from. The caller removes the file once the head is written.
    pub checkpoint: Option<&'a Path>,
}

/// Callbacks of a training.
pub struct TrainingCallbacks<'a> {
    /// Called after each epoch.
    pub report: &'a mut dyn FnMut(&EpochReport),
    /// Called after each epoch in turn for validation; without it, or without validation tracks,
    /// the last state counts as the best.
    pub validate: Option<&'a mut ValidateFn<'a>>,
}

/// What was learned.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedProjection {
    /// The best network, with the radius √b that the loss learned by then.
    pub projection: Projection,
    /// b, the squared radius.
    pub b: f64,
    /// Epochs run.
    pub epochs: usize,
    /// The epoch after which the state was best, from 1; 0 where none was run.
    pub best_epoch: usize,
    /// How the validation tracks clustered then.
    pub validation: Option<Validation>,
    /// Whether it ended because nothing improved any more.
    pub stopped_early: bool,
}

impl BclTraining {
    /// Trains until the last epoch, or until validation has not improved for `patience` epochs.
    ///
    /// Time per step: three matrix products of batch × weights; memory: activations of a batch,
    /// and the faces. Progress in epochs, stage `Training`.
    ///
    /// # Errors
    /// [`LearnError::TooLittle`], [`LearnError::Width`] where `start` takes other rows,
    /// [`LearnError::Diverged`], [`LearnError::OtherTraining`] and [`LearnError::Head`] for the
    /// checkpoint, [`LearnError::Cancelled`] after the checkpoint was written.
    pub fn run(
        &self,
        input: &TrainingInput,
        hooks: &mut TrainingCallbacks,
        cx: &Cx,
    ) -> Result<TrainedProjection, LearnError> {
        let mut run = Trainer::new(self, input)?;
        cx.stage(Stage::Training, self.epochs as u64);
        cx.advance(run.state.epoch.min(self.epochs) as u64);
        let done = run.all_epochs(hooks, cx);
        if matches!(done, Ok(()) | Err(LearnError::Cancelled(_))) {
            run.write()?;
        }
        done?;
        Ok(run.finish())
    }
}

/// A training under way.
struct Trainer<'a> {
    params: &'a BclParams,
    checkpoint: Option<(Fingerprint, &'a Path)>,
    written: Instant,
    batches: BatchSampler<'a>,
    /// Unit means of the validation tracks.
    validation: Embeddings,
    mlp: Mlp<f32>,
    anchor: Option<Vec<f32>>,
    /// Weights and momenta live in `mlp` and `sgd`, and here only while written.
    state: TrainingState,
    rates: SgdOptions,
    sgd: Sgd<f32>,
    grads: Vec<f32>,
    batch: Batch,
    space: MlpWorkspace<f32>,
    loss_space: LossWorkspace<f32>,
}

impl<'a> Trainer<'a> {
    fn new(params: &'a BclParams, input: &TrainingInput<'a>) -> Result<Self, LearnError> {
        let TrainingInput { data, split, foreign, start, checkpoint } = *input;
        let batches = BatchSampler::new(data, split, foreign, params.sampling());
        let (identities, tracks) = batches.counts();
        if identities < 2 || !batches.has_pair() {
            return Err(LearnError::TooLittle { identities, tracks });
        }
        let mut mlp = params.network(data.faces().dim(), start)?;
        let anchor = (start.is_some() || params.decays_to_start()).then(|| mlp.weights().to_vec());
        let key = checkpoint.map(|path| (key(params, input, &batches), path));
        let mut state = TrainingState {
            weights: Vec::new(),
            velocity: Vec::new(),
            h: inverse_softplus(start.map_or(params.b0, |start| start.radius().0.powi(2))),
            h_velocity: 0.0,
            epoch: 0,
            step: 0,
            sums: [0.0; 3],
            best: None,
        };
        let rates = params.rates(mlp.n_layers());
        let mut sgd = Sgd::new(mlp.weights().len());
        if let Some((key, path)) = key
            && let Some(mut kept) = TrainingState::read(key, mlp.weights().len(), path)?
        {
            mlp.weights_mut().copy_from_slice(&std::mem::take(&mut kept.weights));
            sgd = Sgd { velocity: std::mem::take(&mut kept.velocity), h_velocity: kept.h_velocity };
            state = kept;
        }
        let validation = data.track_means(&data.tracks(split, Some(Subset::Validation)))?;
        Ok(Self {
            params,
            checkpoint: key,
            written: Instant::now(),
            batches,
            validation,
            grads: vec![0.0; mlp.weights().len()],
            mlp,
            anchor,
            state,
            rates,
            sgd,
            batch: Batch::default(),
            space: MlpWorkspace::default(),
            loss_space: LossWorkspace::default(),
        })
    }

    fn all_epochs(&mut self, hooks: &mut TrainingCallbacks, cx: &Cx) -> Result<(), LearnError> {
        while self.state.epoch < self.params.epochs && !self.is_stopped_early() {
            let steps = self.batches.of_epoch(self.state.epoch);
            while let Some(tracks) = steps.get(self.state.step) {
                cx.check()?;
                self.step(tracks)?;
            }
            let validation = self.validate(hooks)?;
            let n = steps.len().max(1) as f64;
            let [loss, pos, neg] = self.state.sums.map(|sum| sum / n);
            let rate = self.rates.rate_at(self.state.epoch);
            self.state.epoch += 1;
            self.state.step = 0;
            self.state.sums = [0.0; 3];
            self.keep_best(validation);
            let (epoch, b) = (self.state.epoch, softplus(self.state.h));
            (hooks.report)(&EpochReport { epoch, loss, pos, neg, b, rate, validation });
            cx.advance(1);
            if self.written.elapsed() > WRITE_EVERY {
                self.write()?;
            }
        }
        Ok(())
    }

    /// One batch: forward, loss, backward, update.
    fn step(&mut self, tracks: &[TrackIx]) -> Result<(), LearnError> {
        let (epoch, batch) = (self.state.epoch, &mut self.batch);
        self.batches.draw(tracks, (epoch, self.state.step), batch);
        let diverged = |loss| LearnError::Diverged { epoch: epoch + 1, loss };
        self.mlp.forward(&batch.rows, &mut self.space).map_err(|_| diverged(f64::NAN))?;
        let (rows, grad) = self.space.split();
        let negatives = batch.foreign.as_deref().map_or(Negatives::All, Negatives::Listed);
        let value = self.params.loss.evaluate(
            (rows, self.mlp.outputs()),
            (&batch.classes, batch.n_classes),
            self.state.h,
            negatives,
            &mut self.loss_space,
            (self.mlp.n_layers() > 0).then_some(grad),
        );
        if !value.loss.is_finite() {
            return Err(diverged(value.loss));
        }
        if self.mlp.n_layers() > 0 {
            self.mlp.backward(&batch.rows, &mut self.space, &mut self.grads);
        }
        let weights = WeightStep {
            weights: self.mlp.weights_mut(),
            grads: &self.grads,
            anchor: self.anchor.as_deref(),
        };
        self.sgd.step(&self.rates, epoch, weights, (&mut self.state.h, value.grad_h));
        for (sum, part) in self.state.sums.iter_mut().zip([value.loss, value.pos, value.neg]) {
            *sum += part;
        }
        self.state.step += 1;
        Ok(())
    }

    fn validate(&mut self, hooks: &mut TrainingCallbacks) -> Result<Option<Validation>, LearnError> {
        let last = self.state.epoch + 1 == self.params.epochs;
        let due = last || (self.state.epoch + 1).is_multiple_of(self.params.validate_every);
        let Some(validate) = hooks.validate.as_mut().filter(|_| due && !self.validation.is_empty()) else {
            return Ok(None);
        };
        let projection = self.projection(self.state.h);
        let rows = projection.apply(&self.validation).map_err(|error| match error {
            LearnError::ZeroRow { .. } => {
                LearnError::Diverged { epoch: self.state.epoch + 1, loss: f64::NAN }
            }
            other => other,
        })?;
        Ok(Some(validate(&rows, projection.radius())?))
    }

    /// The first of equally good states stays.
    fn keep_best(&mut self, validation: Option<Validation>) {
        let Some(validation) = validation else { return };
        let best = self.state.best.as_ref().map(|best| best.validation.bcubed_f);
        if best.is_none_or(|best| validation.bcubed_f > best) {
            let (weights, h, epoch) = (self.mlp.weights().to_vec(), self.state.h, self.state.epoch);
            self.state.best = Some(BestState { weights, h, epoch, validation });
        }
    }

    fn is_stopped_early(&self) -> bool {
        let best = self.state.best.as_ref();
        best.is_some_and(|best| self.state.epoch - best.epoch >= self.params.patience)
    }

    fn projection(&self, h: f64) -> Projection {
        Projection::new(self.mlp.clone(), Radius(softplus(h).sqrt()))
    }

    fn write(&mut self) -> Result<(), LearnError> {
        if let Some((key, path)) = self.checkpoint {
            self.state.weights = self.mlp.weights().to_vec();
            self.state.velocity.clone_from(&self.sgd.velocity);
            self.state.h_velocity = self.sgd.h_velocity;
            self.state.write(key, path)?;
            self.written = Instant::now();
        }
        Ok(())
    }

    fn finish(mut self) -> TrainedProjection {
        let epochs = self.state.epoch;
        let stopped_early = epochs < self.params.epochs;
        let best = self.state.best.take();
        if let Some(best) = &best {
            self.mlp.weights_mut().copy_from_slice(&best.weights);
        }
        let h = best.as_ref().map_or(self.state.h, |best| best.h);
        TrainedProjection {
            projection: self.projection(h),
            b: softplus(h),
            epochs,
            best_epoch: best.as_ref().map_or(epochs, |best| best.epoch),
            validation: best.map(|best| best.validation),
            stopped_early,
        }
    }
}

impl BclParams {
    /// The network at its start.
    fn network(&self, inputs: usize, start: Option<&Projection>) -> Result<Mlp<f32>, LearnError> {
        match start {
            Some(start) if start.mlp().inputs() != inputs => {
                Err(LearnError::Width { head: start.mlp().inputs(), rows: inputs })
            }
            Some(start) => Ok(start.mlp().clone()),
            None => {
                let dims: Vec<usize> = [&[inputs], self.dims.as_slice()].concat();
                Mlp::new(&dims, self.init, &mut seeded(self.seed))
            }
        }
    }
}

/// What a training's state belongs to: parameters (but for its length), faces, labels, split,
/// and the start.
fn key(params: &BclParams, input: &TrainingInput, batches: &BatchSampler) -> Fingerprint {
    let mut hasher = Hasher::default();
    let settings = BclParams { epochs: 0, patience: 0, ..params.clone() };
    hasher.part("bcl 1").part(format!("{settings:?}")).part(format!("{:?}", input.foreign));
    let faces = input.data.faces();
    for row in faces.as_slice().chunks(faces.dim().max(1)) {
        hasher.part(row.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>());
    }
    batches.add_to(&mut hasher);
    for track in input.data.tracks(input.split, Some(Subset::Validation)) {
        hasher.part(format!("{track} {:?}", input.data.faces_of(track)));
    }
    if let Some(start) = input.start {
        let weights = start.mlp().weights().iter().flat_map(|value| value.to_le_bytes());
        hasher.part(format!("{:?} {:?}", start.dims(), start.radius())).part(weights.collect::<Vec<u8>>());
    }
    hasher.finish()
}

/// The b of the faces as they are, without a projection: where the loss over all training faces
/// is least, found exactly.
///
/// # Errors
/// [`LearnError::TooLittle`].
pub(crate) fn initial_b(loss: &BallLoss, data: &LabelledFaces, split: &Split) -> Result<f64, LearnError> {
    let tracks = data.tracks(split, Some(Subset::Train));
    let mut classes = data.identities(&tracks);
    let faces = || tracks.iter().flat_map(|&track| data.faces_of(track));
    classes.sort_unstable();
    classes.dedup();
    let identities = classes.len();
    if identities < 2 || faces().count() <= identities {
        return Err(LearnError::TooLittle { identities, tracks: tracks.len() });
    }
    let rows = faces().flat_map(|&face| data.faces().row(face).iter().copied()).collect();
    let of_face = tracks.iter().flat_map(|&track| {
        let identity = data.identity_of(track).unwrap_or(0);
        data.faces_of(track).iter().map(move |_| identity)
    });
    let of_face: Vec<u32> = of_face.collect();
    // Never 0, which is no ball: a millionth is less than two pictures of one face differ.
    Ok(best_b(loss, &Embeddings::new(data.faces().dim(), rows)?, &of_face, data.names().len()).max(1e-6))
}

/// The b at which the loss of fixed rows is least: classes as [`BallLoss::evaluate`] takes them.
#[must_use]
pub(crate) fn best_b(loss: &BallLoss, rows: &Embeddings, classes: &[u32], n_classes: usize) -> f64 {
    let mut space = LossWorkspace::default();
    if rows.is_empty() {
        return 0.0;
    }
    loss.evaluate((rows.as_slice(), rows.dim()), (classes, n_classes), 0.0, Negatives::All, &mut space, None);
    loss.best_b(space.distances())
}

#[cfg(test)]
mod tests {
    use super::super::tests::training::{people, quick, validation};
    use super::*;
    use crate::base::Parameters as _;

    #[test]
    fn a_break_in_the_middle_of_an_epoch_changes_nothing() {
        let data = people(30, 4, 3);
        let split = Split::random(30, 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head.resume");
        let training = BclParams { passes: 3, epochs: 3, ..quick() }.check().unwrap();
        let through = |checkpoint| {
            let mut reports = Vec::new();
            let mut report = |report: &EpochReport| reports.push(*report);
            let mut validate = |rows: &Embeddings, radius: Radius| Ok(validation(rows, radius));
            let mut hooks = TrainingCallbacks { report: &mut report, validate: Some(&mut validate) };
            let input = TrainingInput { data: &data, split: &split, foreign: None, start: None, checkpoint };
            (training.run(&input, &mut hooks, &Cx::new()).unwrap(), reports)
        };
        let whole = through(None);
        for steps in 1..4 {
            let checkpoint = Some(path.as_path());
            let input = TrainingInput { data: &data, split: &split, foreign: None, start: None, checkpoint };
            let mut run = Trainer::new(&training, &input).unwrap();
            let batches = run.batches.of_epoch(0);
            assert!(batches.len() > steps);
            batches[..steps].iter().for_each(|tracks| run.step(tracks).unwrap());
            run.write().unwrap();
            assert_eq!(through(checkpoint), whole, "after {steps} steps");
            std::fs::remove_file(&path).unwrap();
        }
    }
}
