//! Training of L-GCN: a network that predicts which neighbours are one person (CVPR 2019).
//!
//! Takes labelled faces, a split by identity and `LgcnTrainingParams`; gives the network that
//! judged the links of people never learned from best. Each part of the split has a neighbour graph
//! of its own (`LabelledGraph`), so nobody of another part is ever seen, and columns are
//! standardised over real nodes, once, without the padding that the published program counts in. It
//! runs `cluster`'s own network and subgraphs, makes no clusters, and writes nothing. The same
//! input and seed give the same bytes for any number of threads.

mod gradient;
mod graph;
mod head;
mod metrics;
mod params;
#[cfg(test)]
mod tests;

use rand::RngExt;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use serde::Serialize;

use super::{LabelledFaces, LearnError, Sgd, Split, Subset, WeightStep};
use crate::base::{Cx, Rng, Stage, TrackIx, seeded};
use crate::cluster::lgcn::{
    Aggregation, FeatureTable, LgcnWorkspace, LinkNetwork, NetworkShape, NodeFeatures, Subgraph,
    SubgraphBuilder, SubgraphSize,
};
use gradient::GradientSum;
pub(crate) use graph::LabelledGraph;
pub(crate) use head::from_head;
pub(crate) use metrics::{LinkMetrics, best_threshold};
pub(crate) use params::{LgcnTraining, LgcnTrainingParams};

/// Pivots whose gradients one task adds up.
const PIVOTS: usize = 4;

/// The report after each epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct LgcnEpoch {
    /// The epoch, from 1.
    pub epoch: usize,
    /// Mean cross-entropy of its links.
    pub loss: f64,
    /// The learning rate in it.
    pub rate: f64,
    /// Mean cross-entropy of the validation links, where there are any.
    pub validation_loss: Option<f64>,
    /// How the validation links are judged at a score of one half.
    pub validation: Option<LinkMetrics>,
}

/// What was learned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TrainedLgcn {
    /// The network with the least validation loss; the last one where there is no validation set.
    pub network: LinkNetwork,
    /// How far a pivot looks.
    pub reach: SubgraphSize,
    /// How neighbours are averaged.
    pub aggregation: Aggregation,
    /// The epoch after which it was best, from 1.
    pub best_epoch: usize,
}

impl LgcnTraining {
    /// Trains for all epochs and keeps the best state. Tracks are learned from as the means of
    /// their faces, and once more as tracks simulated from the faces
    /// ([`LabelledFaces::simulated`]).
    ///
    /// Per pivot about three forward passes. Progress in epochs, stage `Training`.
    ///
    /// # Errors
    /// [`LearnError::TooLittle`] where no link joins one person or none joins two,
    /// [`LearnError::Diverged`], [`LearnError::Embeddings`], [`LearnError::Cancelled`].
    pub(crate) fn run(
        &self,
        data: &LabelledFaces,
        split: &Split,
        report: &mut dyn FnMut(&LgcnEpoch),
        cx: &Cx,
    ) -> Result<TrainedLgcn, LearnError> {
        let params: &LgcnTrainingParams = self;
        let train = LabelledGraph::of_parts(data, split, &[Subset::Train], params, cx)?;
        let validation = LabelledGraph::of_parts(data, split, &[Subset::Validation], params, cx)?;
        let counts =
            train.iter().flat_map(|set| set.same(set.k(params.reach))).fold([0_usize; 2], |mut n, same| {
                n[usize::from(same)] += 1;
                n
            });
        if counts.contains(&0) {
            let tracks = data.tracks(split, Some(Subset::Train));
            let mut identities = data.identities(&tracks);
            identities.sort_unstable();
            identities.dedup();
            return Err(LearnError::TooLittle { identities: identities.len(), tracks: tracks.len() });
        }
        let mut run = LgcnTrainer::new(params, data.faces().dim(), &train, cx)?;
        cx.stage(Stage::Training, params.epochs as u64);
        for epoch in 0..params.epochs {
            let loss = run.epoch(epoch, cx)?;
            let (validation_loss, figures) = run.validate(&validation, cx)?;
            run.keep_best(epoch + 1, validation_loss);
            let rate = params.sgd.rate_at(epoch);
            report(&LgcnEpoch { epoch: epoch + 1, loss, rate, validation_loss, validation: figures });
            cx.advance(1);
        }
        let (network, best_epoch) = run.finish();
        let LgcnTrainingParams { reach, aggregation, .. } = *params;
        Ok(TrainedLgcn { network, reach, aggregation, best_epoch })
    }
}

/// A training under way.
struct LgcnTrainer<'a> {
    params: &'a LgcnTrainingParams,
    sets: &'a [LabelledGraph],
    /// For profiles, what is in the sets; it does not depend on weights.
    tables: Vec<FeatureTable<'a, f32>>,
    network: LinkNetwork,
    sgd: Sgd<f32>,
    /// The weights of the best state, its validation loss and its epoch.
    best: Option<(Vec<f32>, f64, usize)>,
}

impl<'a> LgcnTrainer<'a> {
    fn new(
        params: &'a LgcnTrainingParams,
        dim: usize,
        sets: &'a [LabelledGraph],
        cx: &Cx,
    ) -> Result<Self, LearnError> {
        let shape = NetworkShape { dim, input: params.input, widths: params.widths.clone() };
        let weights = initial_weights(&shape, &mut seeded(params.seed));
        let (mean, variance) = graph::statistics(sets, params, cx)?;
        let unfit = || LearnError::parameter("dims", format!("{:?}", params.widths), "widths of at least 1");
        let network = LinkNetwork::new(shape, mean, variance, weights).ok_or_else(unfit)?;
        let tables = match params.input {
            NodeFeatures::Difference => Vec::new(),
            NodeFeatures::Profile => {
                sets.iter().map(|set| network.table(set.rows.as_slice(), &set.neighbours)).collect()
            }
        };
        let sgd = Sgd::new(network.weights().len());
        Ok(Self { params, sets, tables, network, sgd, best: None })
    }

    /// All pivots once, in random order; gives the mean loss.
    fn epoch(&mut self, epoch: usize, cx: &Cx) -> Result<f64, LearnError> {
        let all = self.sets.iter().enumerate();
        let mut pivots: Vec<(usize, TrackIx)> =
            all.flat_map(|(set, rows)| (0..rows.rows.len() as TrackIx).map(move |row| (set, row))).collect();
        pivots.shuffle(&mut seeded(self.params.seed.wrapping_add(1 + epoch as u64)));
        let mut loss = (0.0, 0.0);
        for batch in pivots.chunks(self.params.batch) {
            cx.check()?;
            let parts: Vec<GradientSum<f32>> =
                batch.par_chunks(PIVOTS).map(|pivots| self.batch_gradient(pivots)).collect();
            let mut parts = parts.into_iter();
            let Some(mut sum) = parts.next() else { continue };
            parts.for_each(|part| sum.add(&part));
            loss = (loss.0 + sum.loss, loss.1 + sum.weight);
            if !sum.loss.is_finite() {
                return Err(LearnError::Diverged { epoch: epoch + 1, loss: sum.loss });
            }
            let scale = sum.weight.max(f64::MIN_POSITIVE).recip() as f32;
            sum.grads.iter_mut().for_each(|grad| *grad *= scale);
            let weights = WeightStep { weights: self.network.weights_mut(), grads: &sum.grads, anchor: None };
            self.sgd.step(&self.params.sgd, epoch, weights, (&mut 0.0, 0.0));
        }
        Ok(loss.0 / loss.1)
    }

    /// The gradient over a few pivots.
    fn batch_gradient(&self, pivots: &[(usize, TrackIx)]) -> GradientSum<f32> {
        let mut graphs = Vec::with_capacity(self.sets.len());
        for (at, set) in self.sets.iter().enumerate() {
            let mut graph = Subgraph::default();
            let own = pivots.iter().filter(|pivot| pivot.0 == at).map(|pivot| pivot.1);
            self.builder(set).build(own, &mut graph);
            if !graph.nodes().is_empty() {
                graphs.push((at, graph));
            }
        }
        // Rows that several of the graphs share are multiplied once.
        let own = self.tables.is_empty().then(|| SharedRows::new(&self.network, self.sets, &graphs));
        let table = |set: usize| own.as_ref().map_or_else(|| &self.tables[set], |own| &own.table);
        let mut sum = GradientSum::new(&self.network, table(0));
        let (mut space, mut places) = (LgcnWorkspace::default(), Vec::new());
        for (set, graph) in &graphs {
            match &own {
                Some(own) => own.places(*set, graph, &mut places),
                None => graph.nodes().clone_into(&mut places),
            }
            self.network.forward(graph, &places, table(*set), &mut space);
            let same = self.sets[*set].same_in(graph);
            sum.pivots(&self.network, (graph, &places), (&same, self.params.balance), &space);
        }
        if let Some(own) = &own {
            sum.finish(&self.network, &own.table);
        }
        sum
    }

    fn builder(&self, set: &'a LabelledGraph) -> SubgraphBuilder<'a> {
        SubgraphBuilder::new(&set.neighbours, set.rows.len(), self.params.reach, self.params.aggregation)
    }

    /// Mean cross-entropy and figures over all links of the sets; none where there are none.
    fn validate(
        &self,
        sets: &[LabelledGraph],
        cx: &Cx,
    ) -> Result<(Option<f64>, Option<LinkMetrics>), LearnError> {
        let (mut scores, mut same) = (Vec::new(), Vec::new());
        for set in sets {
            let links = set.score(
                &self.network,
                (self.params.reach, self.params.aggregation),
                &cx.without_warnings(),
            )?;
            scores.extend(links.iter().map(|link| link.2));
            same.extend(set.same(links.k()));
        }
        if scores.is_empty() {
            return Ok((None, None));
        }
        let right =
            |(&score, &same): (&f32, &bool)| if same { f64::from(score) } else { 1.0 - f64::from(score) };
        let losses = scores.iter().zip(&same).map(|link| -right(link).max(1e-12).ln());
        let loss = losses.sum::<f64>() / scores.len() as f64;
        Ok((Some(loss), Some(LinkMetrics::of(&scores, &same, 0.5))))
    }

    /// The first of equally good states stays.
    fn keep_best(&mut self, epoch: usize, loss: Option<f64>) {
        let loss = loss.unwrap_or(-(epoch as f64));
        if self.best.as_ref().is_none_or(|best| loss < best.1) {
            self.best = Some((self.network.weights().to_vec(), loss, epoch));
        }
    }

    fn finish(mut self) -> (LinkNetwork, usize) {
        let Some((weights, _, epoch)) = self.best else { return (self.network, 0) };
        self.network.weights_mut().copy_from_slice(&weights);
        (self.network, epoch)
    }
}

/// The rows of a few graphs, each once, and their products.
struct SharedRows {
    rows: Vec<(usize, TrackIx)>,
    table: FeatureTable<'static, f32>,
}

impl SharedRows {
    fn new(network: &LinkNetwork, sets: &[LabelledGraph], graphs: &[(usize, Subgraph)]) -> Self {
        let each = graphs.iter().flat_map(|(set, graph)| graph.nodes().iter().map(move |&row| (*set, row)));
        let mut rows: Vec<_> = each.collect();
        rows.sort_unstable();
        rows.dedup();
        let data: Vec<f32> = rows.iter().flat_map(|&(set, row)| sets[set].rows.row(row)).copied().collect();
        Self { rows, table: network.products(&data) }
    }

    fn places(&self, set: usize, graph: &Subgraph, places: &mut Vec<TrackIx>) {
        let place = |&row: &TrackIx| self.rows.partition_point(|&known| known < (set, row)) as TrackIx;
        places.clear();
        places.extend(graph.nodes().iter().map(place));
    }
}

/// Weights at the start: convolutions as Xavier's with biases of 0, the classifier uniform in
/// ±1/√inputs, slopes of a quarter, as the published program begins.
fn initial_weights(shape: &NetworkShape, rng: &mut Rng) -> Vec<f32> {
    let mut weights = Vec::with_capacity(shape.n_weights());
    for (inputs, outputs) in shape.layers() {
        let bound = (6.0 / (2 * inputs + outputs) as f32).sqrt();
        weights.extend((0..2 * inputs * outputs).map(|_| rng.random_range(-bound..bound)));
        weights.resize(weights.len() + outputs, 0.0);
    }
    let width = shape.widths.last().copied().unwrap_or(0);
    let bound = (width.max(1) as f32).sqrt().recip();
    weights.extend((0..width * width + width).map(|_| rng.random_range(-bound..bound)));
    weights.resize(weights.len() + width, 0.25);
    weights.extend((0..2 * width + 2).map(|_| rng.random_range(-bound..bound)));
    weights
}
