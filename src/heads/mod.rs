//! Learning heads: from labels (`learn bcl`, `learn lgcn`), and on a project itself, as a proposal.
//!
//! Takes embeddings or a project, labels and parameters; trains the projection and the radius
//! (`learn`), chooses the threshold by the clustering itself, measures both on people never
//! seen, and writes the head. This is the one place that brings learning, clustering and
//! metrics together. It prints nothing.

mod data;
mod evaluation;
mod lgcn;
mod proposal;
mod samples;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::base::Parameters as _;
use crate::base::{Cancelled, Cx, Embeddings, Radius, Warning, seeded};
use crate::learn::LearnError;
use crate::learn::{
    BclParams, BclTraining, EpochReport, Initialisation, LabelledFaces, Mlp, Projection, Split, Subset,
    TrainedProjection, TrainingCallbacks, TrainingInput, Validation, initial_b,
};
use crate::models::{Head, HeadError, HeadFile, HeadKind, ModelRef};
use crate::session::{SessionError, Stopwatch, best_cut};
use data::TrainingFaces;

pub(crate) use lgcn::{LgcnEvent, LgcnLearnJob, LgcnReport};
pub use proposal::{HeadProposal, ProposalOutcome, ProposeJob};
pub use samples::{HeldOutScores, TrainingSource};

/// Tracks that one look at the clustering takes at most: whole identities, drawn by the seed.
const MOST_TRACKS: usize = 6_000;

/// What a head is learned from, and where it goes.
#[derive(Debug, Clone)]
pub(crate) struct LearnInput {
    /// The matrix and its array; none where the labels are a project's.
    pub embeddings: Option<(PathBuf, Option<String>)>,
    /// The array that gives each row's track.
    pub tracks: Option<String>,
    /// `FILE.npz:ARRAY` (one entry per row), a table `track,identity`, or a project.
    pub labels: String,
    /// The model that the matrix comes from, where it is known: id or file.
    pub model: Option<String>,
    /// Keys of its description.
    pub model_overrides: Vec<(String, String)>,
    /// Where the head goes.
    pub out: PathBuf,
    /// A table of the split.
    pub split: Option<PathBuf>,
}

/// Learns one head of Ball Cluster Learning.
#[derive(Debug, Clone)]
pub(crate) struct LearnJob {
    /// What it is learned from.
    pub from: LearnInput,
    /// How it is trained.
    pub params: BclParams,
}

/// What `castlist learn --json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LearnReport {
    /// The head's file.
    pub head: PathBuf,
    /// Its sha256.
    pub sha256: String,
    /// The model that it is for.
    pub model: Option<ModelRef>,
    /// The network's widths, the input's first.
    pub dims: Vec<usize>,
    /// b as the loss learned it.
    pub b: f64,
    /// 4b, the threshold by the loss.
    pub tau_by_loss: f64,
    /// The threshold by `BCubed` F, which is the one in use.
    pub tau: f64,
    /// Who was learned from, who validated, who tested.
    pub parts: Vec<SubsetCount>,
    /// Every epoch of this run; a training that went on has the later ones only.
    pub epochs: Vec<EpochReport>,
    /// The epoch whose state was best.
    pub best_epoch: usize,
    /// Whether it ended because nothing improved any more.
    pub stopped_early: bool,
    /// The figures in the head.
    pub figures: std::collections::BTreeMap<String, f64>,
    /// Elapsed seconds.
    pub seconds: f64,
    /// CPU seconds, all threads.
    pub cpu_seconds: f64,
    /// The first thousand warnings.
    pub warnings: Vec<Warning>,
    /// How many warnings there were.
    pub n_warnings: usize,
}

/// One part of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct SubsetCount {
    /// `train`, `validation` or `test`.
    pub part: &'static str,
    /// Identities with a track.
    pub identities: usize,
    /// Their tracks.
    pub tracks: usize,
    /// Their faces.
    pub faces: usize,
}

impl LearnJob {
    /// Learns the head and writes it. the callback gets the training data and
    /// each epoch.
    ///
    /// An interrupted training is kept beside the head, its name ending in `.resume`, and the
    /// same call goes on from it to the same bytes.
    ///
    /// # Errors
    /// [`SessionError`]; nothing is trained where the head could not be written.
    pub(crate) fn run(
        &self,
        cx: &Cx,
        on_event: &mut dyn FnMut(LearnEvent),
    ) -> Result<LearnReport, SessionError> {
        let watch = Stopwatch::start();
        let training = self.params.clone().check().map_err(LearnError::from)?;
        let resume = self.from.out.with_extension("resume");
        if resume == self.from.out {
            let source =
                std::io::Error::other("a name that ends with .resume is kept for unfinished trainings");
            return Err(HeadError::Write { source, path: self.from.out.clone() }.into());
        }
        HeadFile::check_writable(&self.from.out)?;
        let given = self.from.read(cx)?;
        let split = self.from.read_split(&given.data, self.params.seed, cx)?;
        let parts = counts(&given.data, &split);
        on_event(LearnEvent::Parts(&parts));

        let mut epochs = Vec::new();
        let input =
            TrainingSetup { training: &training, data: &given.data, split: &split, checkpoint: &resume };
        let trained = train(
            &input,
            &mut |report| {
                epochs.push(*report);
                on_event(LearnEvent::Epoch(report));
            },
            cx,
        )?;
        let embedded_set =
            evaluation::evaluate_threshold(&given.data, &split, &trained, self.params.seed, cx)?;
        let head = self.head(&given, &parts, &trained, &embedded_set);
        head.write(&self.from.out)?;
        let _gone_already = std::fs::remove_file(&resume);
        let sha256 = Head::read(&self.from.out)?.sha256;
        let ((seconds, cpu_seconds), warnings) = (watch.read(), cx.warnings());
        Ok(LearnReport {
            head: self.from.out.clone(),
            sha256,
            model: head.model,
            dims: head.dims,
            b: head.b,
            tau_by_loss: Radius(head.b.sqrt()).tau(),
            tau: embedded_set.tau,
            parts,
            epochs,
            best_epoch: trained.best_epoch,
            stopped_early: trained.stopped_early,
            figures: head.figures,
            seconds,
            cpu_seconds,
            n_warnings: warnings.count,
            warnings: warnings.kept,
        })
    }

    fn head(
        &self,
        given: &TrainingFaces,
        parts: &[SubsetCount],
        trained: &TrainedProjection,
        embedded_set: &evaluation::ThresholdFigures,
    ) -> HeadFile {
        HeadFile {
            kind: HeadKind::Bcl,
            model: given.model.clone(),
            dims: trained.projection.dims().to_vec(),
            b: trained.b,
            tau: Some(embedded_set.tau),
            data: training_words(given, parts),
            figures: embedded_set.figures.clone(),
            castlist: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.params.seed,
            tensors: trained.projection.tensors(),
        }
    }
}

/// The training data of a head, in words.
fn training_words(given: &TrainingFaces, parts: &[SubsetCount]) -> String {
    let part = |count: &SubsetCount| {
        let SubsetCount { part, identities, tracks, faces } = count;
        format!("{part} {identities} identities, {tracks} tracks, {faces} faces")
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    format!("{}: {}", given.name, parts.join("; "))
}

/// Progress for a front end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LearnEvent<'a> {
    /// The training data, before the training begins.
    Parts(&'a [SubsetCount]),
    /// An epoch is done.
    Epoch(&'a EpochReport),
}

struct TrainingSetup<'a> {
    training: &'a BclTraining,
    data: &'a LabelledFaces,
    split: &'a Split,
    checkpoint: &'a Path,
}

/// Trains, and validates by the best cut: the threshold is chosen at the end in any case, so the
/// space counts here and not the radius so far. Without a layer there is only b to be found.
fn train(
    input: &TrainingSetup,
    report: &mut dyn FnMut(&EpochReport),
    cx: &Cx,
) -> Result<TrainedProjection, SessionError> {
    let TrainingSetup { training, data, split, checkpoint } = *input;
    let params: &BclParams = training;
    if params.dims.is_empty() {
        let b = initial_b(&params.loss, data, split)?;
        let mlp = Mlp::new(&[data.faces().dim()], Initialisation::Uniform, &mut seeded(params.seed))?;
        let projection = Projection::new(mlp, Radius(b.sqrt()));
        let (epochs, best_epoch, validation, stopped_early) = (0, 0, None, false);
        return Ok(TrainedProjection { projection, b, epochs, best_epoch, validation, stopped_early });
    }
    let tracks = data.tracks(split, Some(Subset::Validation));
    let looked_at = evaluation::sampled(data, &tracks, params.seed);
    let people = data.identities(&looked_at);
    let n_identities = evaluation::n_identities(&people);
    let mut failed = None;
    let mut validate = |rows: &Embeddings, _: Radius| {
        let rows = evaluation::rows_of(rows, &tracks, &looked_at);
        match best_cut(&rows, &people, cx) {
            Ok(scores) => Ok(Validation {
                nmi: scores.nmi,
                bcubed_f: scores.bcubed.f,
                n_clusters: scores.n_clusters as usize,
                n_identities,
            }),
            Err(error) => {
                failed = Some(error);
                Err(Cancelled)
            }
        }
    };
    let given = TrainingInput { data, split, foreign: None, start: None, checkpoint: Some(checkpoint) };
    let mut hooks = TrainingCallbacks { report, validate: Some(&mut validate) };
    let trained = training.run(&given, &mut hooks, cx);
    match failed {
        Some(error) => Err(error),
        None => Ok(trained?),
    }
}

fn counts(data: &LabelledFaces, split: &Split) -> Vec<SubsetCount> {
    let count = |part: Subset| {
        let tracks = data.tracks(split, Some(part));
        SubsetCount {
            part: part.name(),
            identities: evaluation::n_identities(&data.identities(&tracks)),
            tracks: tracks.len(),
            faces: tracks.iter().map(|&track| data.faces_of(track).len()).sum(),
        }
    };
    [Subset::Train, Subset::Validation, Subset::Test].map(count).to_vec()
}
