//! Learning a head of L-GCN from labels (`learn lgcn`).
//!
//! Takes embeddings, labels and parameters; trains the network (`learn::lgcn`), chooses how its
//! scores become clusters on the people who validate, measures all on people never seen beside
//! raw cosine and ball clusters, and writes the head. It prints nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::{LearnInput, SubsetCount, counts, training_words};
use crate::base::Parameters as _;
use crate::base::{Constraints, Cx, Partition, Stage, Warning};
use crate::cluster::lgcn::{PropagationParams, ScoredLinks, propagate};
use crate::learn::LearnError;
use crate::learn::lgcn::{
    LabelledGraph, LgcnEpoch, LgcnTrainingParams, LinkMetrics, TrainedLgcn, best_threshold,
};
use crate::learn::{LabelledFaces, Split, Subset};
use crate::metrics::{self, Scores};
use crate::models::{HeadFile, LgcnHead, ModelRef};
use crate::session::{SessionError, Stopwatch, ThresholdSweep, all_rows, cut_at};

/// Sets of a part, as [`LabelledGraph::of_parts`] gives them.
const SETS: [&str; 2] = ["test", "test-simulated"];

/// Learns one head of L-GCN.
#[derive(Debug, Clone)]
pub(crate) struct LgcnLearnJob {
    /// What it is learned from.
    pub from: LearnInput,
    /// How it is trained.
    pub params: LgcnTrainingParams,
}

/// Progress for a front end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LgcnEvent<'a> {
    /// The training data, before the training begins.
    Parts(&'a [SubsetCount]),
    /// An epoch is done.
    Epoch(&'a LgcnEpoch),
}

/// What `castlist learn lgcn --json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LgcnReport {
    /// The head's file.
    pub head: PathBuf,
    /// Its sha256.
    pub sha256: String,
    /// The model that it is for.
    pub model: Option<ModelRef>,
    /// Outputs of each convolution.
    pub widths: Vec<usize>,
    /// What the threshold rises by in propagation.
    pub step: f64,
    /// The largest cluster before the last round of it.
    pub max_size: usize,
    /// The score from which on links count at all.
    pub floor: f64,
    /// Who was learned from, who validated, who tested.
    pub parts: Vec<SubsetCount>,
    /// Every epoch.
    pub epochs: Vec<LgcnEpoch>,
    /// The epoch whose state was best.
    pub best_epoch: usize,
    /// The figures in the head.
    pub figures: BTreeMap<String, f64>,
    /// Elapsed seconds.
    pub seconds: f64,
    /// CPU seconds, all threads.
    pub cpu_seconds: f64,
    /// The first thousand warnings.
    pub warnings: Vec<Warning>,
    /// How many warnings there were.
    pub n_warnings: usize,
}

impl LgcnLearnJob {
    /// Learns the head and writes it. the callback gets the training data and
    /// each epoch. An interrupted training begins again: it takes minutes.
    ///
    /// # Errors
    /// [`SessionError`]; nothing is trained where the head could not be written.
    pub(crate) fn run(
        &self,
        cx: &Cx,
        on_event: &mut dyn FnMut(LgcnEvent),
    ) -> Result<LgcnReport, SessionError> {
        let watch = Stopwatch::start();
        let training = self.params.clone().check().map_err(LearnError::from)?;
        HeadFile::check_writable(&self.from.out)?;
        let given = self.from.read(cx)?;
        let split = self.from.read_split(&given.data, self.params.seed, cx)?;
        let parts = counts(&given.data, &split);
        on_event(LgcnEvent::Parts(&parts));
        let mut epochs = Vec::new();
        let mut report = |epoch: &LgcnEpoch| {
            epochs.push(*epoch);
            on_event(LgcnEvent::Epoch(epoch));
        };
        let trained = training.run(&given.data, &split, &mut report, cx)?;
        let (propagation, mut figures) =
            evaluate_propagation(&given.data, &split, &trained, &self.params, cx)?;
        figures.insert("best-epoch".to_owned(), trained.best_epoch as f64);
        let mut head = trained.head(&propagation);
        head.model.clone_from(&given.model);
        head.data = training_words(&given, &parts);
        head.figures = figures;
        env!("CARGO_PKG_VERSION").clone_into(&mut head.castlist);
        head.seed = self.params.seed;
        head.write(&self.from.out)?;
        let sha256 = LgcnHead::read(&self.from.out)?.sha256;
        let ((seconds, cpu_seconds), warnings) = (watch.read(), cx.warnings());
        Ok(LgcnReport {
            head: self.from.out.clone(),
            sha256,
            model: head.model,
            widths: head.widths,
            step: head.step,
            max_size: head.max_size,
            floor: head.floor,
            parts,
            epochs,
            best_epoch: trained.best_epoch,
            figures: head.figures,
            seconds,
            cpu_seconds,
            n_warnings: warnings.count,
            warnings: warnings.kept,
        })
    }
}

/// Chooses the propagation on those who were learned from and validate, and measures on those who
/// test. The larger a set, the more links mislead, so it is chosen on as many people as there are.
fn evaluate_propagation(
    data: &LabelledFaces,
    split: &Split,
    trained: &TrainedLgcn,
    params: &LgcnTrainingParams,
    cx: &Cx,
) -> Result<(PropagationParams, BTreeMap<String, f64>), SessionError> {
    cx.stage(Stage::ChoosingHowLinksBecomeClusters, 0);
    let seen = LabelledGraph::of_parts(data, split, &[Subset::Train, Subset::Validation], params, cx)?;
    let test = LabelledGraph::of_parts(data, split, &[Subset::Test], params, cx)?;
    let (propagation, best) = choose(&seen, trained, cx)?;
    let mut figures = BTreeMap::from([("learned-bcubed-f".to_owned(), best)]);

    // What cosine and ball clusters are held at was chosen on the same people.
    let k = params.reach.k1;
    let cosines: Vec<f32> = seen.iter().flat_map(|set| set.cosines(k)).collect();
    let same: Vec<bool> = seen.iter().flat_map(|set| set.same(k)).collect();
    let threshold = best_threshold(&cosines, &same);
    let sweep = |set: &LabelledGraph| ThresholdSweep::of(set.rows(), set.people(), &cx.without_warnings());
    let tau = ThresholdSweep::mean(&seen.iter().map(sweep).collect::<Result<Vec<_>, _>>()?).best();
    figures.insert("cosine-threshold".to_owned(), f64::from(threshold));
    figures.insert("bcl-tau".to_owned(), tau);
    for (name, set) in SETS.into_iter().zip(&test) {
        let mut put = |figure: &str, value: f64| figures.insert(format!("{name}-{figure}"), value);
        let scored =
            set.score(&trained.network, (trained.reach, trained.aggregation), &cx.without_warnings())?;
        let scores: Vec<f32> = scored.iter().map(|link| link.2).collect();
        let judged = LinkMetrics::of(&scores, &set.same(scored.k()).collect::<Vec<_>>(), 0.5);
        let by_cosine = set.by_cosine(scored.k(), threshold);
        put("links", judged.links as f64);
        put("links-same", judged.same);
        put("links-accuracy", judged.accuracy);
        put("links-auc", judged.auc);
        put("cosine-accuracy", by_cosine.accuracy);
        put("cosine-auc", by_cosine.auc);
        let found = clusters(set, &scored, &propagation)?;
        put("bcubed-f", found.bcubed.f);
        put("nmi", found.nmi);
        put("clusters", found.n_clusters as f64);
        put("identities", found.n_identities as f64);
        put("tracks", found.n_tracks as f64);
        let none = Constraints::default();
        let balls = cut_at(tau, set.rows(), &none, &all_rows(set.people()), &cx.without_warnings())?;
        put("bcl-bcubed-f", balls.bcubed.f);
    }
    Ok((propagation, figures))
}

/// The propagation with the best mean `BCubed` F over some sets, and that mean; of equals the one
/// that lets clusters be largest and links be weakest.
fn choose(
    sets: &[LabelledGraph],
    trained: &TrainedLgcn,
    cx: &Cx,
) -> Result<(PropagationParams, f64), SessionError> {
    let how = (trained.reach, trained.aggregation);
    let score = |set: &LabelledGraph| set.score(&trained.network, how, &cx.without_warnings());
    let scored: Vec<ScoredLinks> = sets.iter().map(score).collect::<Result<_, _>>()?;
    let mut best = (PropagationParams { step: 0.05, max_size: 900, floor: 0.5 }, 0.0);
    for max_size in [900, 300, 100, 50] {
        for step in [0.05, 0.2, 0.6] {
            cx.check()?;
            for floor in (1..20).map(|twentieth| f64::from(twentieth) / 20.0) {
                let propagation = PropagationParams { step, max_size, floor };
                let mut sum = 0.0;
                for (set, scored) in sets.iter().zip(&scored) {
                    sum += clusters(set, scored, &propagation)?.bcubed.f;
                }
                let mean = sum / sets.len().max(1) as f64;
                if mean > best.1 + 1e-9 {
                    best = (propagation, mean);
                }
            }
        }
    }
    Ok(best)
}

fn clusters(
    set: &LabelledGraph,
    links: &ScoredLinks,
    propagation: &PropagationParams,
) -> Result<Scores, SessionError> {
    let pairs = links.iter().map(|(row, other, score)| (row, other, f64::from(score)));
    let (partition, _): (Partition, _) = propagate(set.rows().len(), pairs, propagation);
    Ok(metrics::evaluate(set.people(), partition.labels())?)
}
