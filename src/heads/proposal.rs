//! A head learned on the project itself, as a proposal: nothing changes until it is adopted.
//!
//! Takes a session's job and history; gives the head, the clustering that it leads to and what
//! that would change, or says that nothing better was found. It writes nothing but embeddings
//! into the project's cache.

use std::path::Path;
use std::sync::Arc;

use super::data::reference;
use super::samples::{
    CandidateSpace, DistanceSample, FEWEST_PAIRS, FEWEST_PEOPLE, HeldOutScores, TrainingSource,
};
use crate::base::Value;
use crate::base::{Cx, Radius, TrackIx, seeded};
use crate::cluster;
use crate::cluster::RADIUS;
use crate::learn::{Initialisation, LearnError, Mlp, Projection};
use crate::models::{Head, HeadFile, HeadKind};
use crate::project::Project;
use crate::review::{Edit, History, Review, adoption};
use crate::session::HeadChoice;
use crate::session::{
    AnalyseJob, Analysis, ClusteringSpace, EmbeddedSet, FEATURES, Session, SessionError, Settings,
    StoredProposal, blank, source,
};
use crate::views::Diff;

/// Learns on a project and compares; owns all it needs.
#[derive(Debug, Clone)]
pub struct ProposeJob {
    analyse: AnalyseJob,
    history: History,
    source: TrainingSource,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum ProposalOutcome {
    /// A head that does better.
    Better(Arc<HeadProposal>),
    /// None does; the project stays as it is.
    NothingBetter {
        /// Why, in words.
        why: String,
        /// The present space on what was held out; none where it was not compared.
        present: Option<HeldOutScores>,
        /// The best of the others.
        best: Option<HeldOutScores>,
    },
}

/// A head that does better on what it did not learn from, and what it would change.
#[derive(Debug, Clone)]
pub struct HeadProposal {
    /// What it was learned from.
    pub source: TrainingSource,
    /// The head.
    pub head: Head,
    /// Its radius.
    pub radius: Radius,
    /// The present space on what was held out.
    pub present: HeldOutScores,
    /// The proposed one.
    pub proposed: HeldOutScores,
    /// What it would change.
    pub diff: Diff,
    /// The head as a file's bytes.
    bytes: Vec<u8>,
    /// The clustering in its space.
    analysis: Arc<Analysis>,
    /// The settings under which it is in force.
    settings: Settings,
}

impl HeadProposal {
    /// Keeps the tracks and the head in the project, where nothing names it yet. Where adopting
    /// does not follow, that does no harm.
    ///
    /// # Errors
    /// [`SessionError::Project`] where they cannot be stored.
    pub fn keep(&self, project: &Project) -> Result<StoredProposal, SessionError> {
        let (analysis, settings) = (Arc::clone(&self.analysis), self.settings.clone());
        StoredProposal::keep(project, (&self.head.sha256, self.bytes.clone()), analysis, settings)
    }

    /// Writes the head into a file.
    ///
    /// # Errors
    /// [`SessionError::Head`].
    pub(crate) fn write_head(&self, path: &Path) -> Result<(), SessionError> {
        Ok(self.head.file.write(path)?)
    }
}

impl ProposeJob {
    /// The job that learns on a project and proposes what came of it; whatever the method, it
    /// learns a space and a radius for ball clusters.
    #[must_use]
    pub fn new(session: &Session, source: TrainingSource) -> Self {
        // That method is one of the table.
        let analyse = session.job_by(cluster::BALL).unwrap_or_else(|_| session.job());
        Self { analyse, history: session.history().clone(), source }
    }

    /// Runs it; the callback is called once with a forecast before the long part begins.
    ///
    /// # Errors
    /// [`SessionError`]; nothing changed but the project's cache.
    pub fn run(&self, cx: &Cx, announce: impl FnOnce(&str)) -> Result<ProposalOutcome, SessionError> {
        if self.history.is_empty() {
            return Err(SessionError::NothingYet);
        }
        let embedded_set = self.analyse.embed(cx, announce)?;
        let review = self.history.replay(blank(Some(&embedded_set.set)));
        let space = self.analyse.prepare_rows(&embedded_set, embedded_set.space.clone(), true, cx)?.space;
        let present = present(&embedded_set, &space)?;
        let parts = (&review, self.analyse.constraints.as_slice());
        let kept = (self.analyse.project.as_ref(), &self.analyse.settings);
        let sample = DistanceSample::gather(self.source, (&embedded_set, present), parts, kept, cx)?;
        if let Some(why) = self.too_little(&sample) {
            return Ok(ProposalOutcome::NothingBetter { why, present: None, best: None });
        }
        let (present, candidates) = match sample.compare(cx) {
            Err(SessionError::Learn(error @ LearnError::TooLittle { .. })) => {
                return Ok(ProposalOutcome::NothingBetter {
                    why: error.to_string(),
                    present: None,
                    best: None,
                });
            }
            compared => compared?,
        };
        let more = |a: &HeldOutScores, b: &HeldOutScores| a.bcubed_f > b.bcubed_f;
        let best =
            candidates.into_iter().reduce(|best, other| if more(&other.0, &best.0) { other } else { best });
        let Some((proposed, candidate)) = best.clone().filter(|(held, _)| sample.is_better(held, &present))
        else {
            let why = "nothing learned is better on the held-out data than the present space, beyond chance"
                .to_owned();
            return Ok(ProposalOutcome::NothingBetter {
                why,
                present: Some(present),
                best: best.map(|best| best.0),
            });
        };
        self.proposal(&embedded_set, &review, &candidate, (present, proposed), cx)
            .map(Arc::new)
            .map(ProposalOutcome::Better)
    }

    fn too_little(&self, sample: &DistanceSample) -> Option<String> {
        let (people, pairs) = sample.counts();
        match self.source {
            TrainingSource::Corrections if people < FEWEST_PEOPLE => Some(format!(
                "{people} people are named or confirmed; with fewer than {FEWEST_PEOPLE} nobody could say \
                 whether anything learned is better"
            )),
            TrainingSource::Finetune if pairs < FEWEST_PAIRS => Some(format!(
                "{pairs} pairs of tracks are seen at the same time (tracks.csv tells times); fewer than \
                 {FEWEST_PAIRS} teach nothing"
            )),
            _ => None,
        }
    }

    /// The head of a candidate, the clustering in its space, and the difference.
    fn proposal(
        &self,
        embedded_set: &EmbeddedSet,
        review: &Review,
        candidate: &CandidateSpace,
        (present, proposed): (HeldOutScores, HeldOutScores),
        cx: &Cx,
    ) -> Result<HeadProposal, SessionError> {
        let file = self.head(embedded_set, candidate, proposed);
        let path = self.analyse.project.path();
        let bytes = file.to_bytes(path)?;
        let head = Head::parse(&bytes, path)?;
        let mut settings = self.analyse.settings.clone();
        settings.head = HeadChoice::Auto;
        settings.set_parameter(&RADIUS, Value::Auto);
        let space = ClusteringSpace::choose(
            &settings,
            Some(head.clone()),
            embedded_set.model.as_ref(),
            FEATURES,
            cx,
        )?;
        let job = AnalyseJob { settings: settings.clone(), ..self.analyse.clone() };
        let radius = space.radius()?.0;
        let analysis = Arc::new(job.group(embedded_set, space, cx)?);
        let clusters: Vec<Vec<TrackIx>> = analysis.clusters();
        let adopted = adoption(review, &clusters, source(&analysis.run), self.history.new_identity_id());
        let mut after = review.clone();
        after.apply(&Edit::Adopt(adopted));
        Ok(HeadProposal {
            source: self.source,
            radius,
            head,
            present,
            proposed,
            diff: Diff::between(review, &after),
            bytes,
            analysis,
            settings,
        })
    }

    fn head(
        &self,
        embedded_set: &EmbeddedSet,
        candidate: &CandidateSpace,
        proposed: HeldOutScores,
    ) -> HeadFile {
        let data = match self.source {
            TrainingSource::Finetune => "tracks of a project and which of them are seen at the same time",
            TrainingSource::Corrections => "what the curator of a project confirmed and linked",
        };
        let figures = [
            ("held-out-tracks", proposed.tracks as f64),
            ("held-out-bcubed-f", proposed.bcubed_f),
            ("held-out-pairs", proposed.pairs as f64),
            ("held-out-wrong-pairs", proposed.wrong_pairs as f64),
        ];
        HeadFile {
            kind: HeadKind::Bcl,
            model: embedded_set.model.as_ref().map(reference),
            dims: candidate.projection.dims().to_vec(),
            b: candidate.b,
            tau: Some(candidate.tau),
            data: data.to_owned(),
            figures: figures.map(|(name, figure)| (name.to_owned(), figure)).into(),
            castlist: env!("CARGO_PKG_VERSION").to_owned(),
            seed: 0,
            tensors: candidate.projection.tensors(),
        }
    }
}

/// The present space as a candidate.
fn present(embedded_set: &EmbeddedSet, space: &ClusteringSpace) -> Result<CandidateSpace, SessionError> {
    let tau = space.radius()?.0.tau();
    let dim = embedded_set.embedded.tracks.iter().find_map(|track| track.vector.as_ref()).map_or(1, Vec::len);
    let own = || {
        let mlp = Mlp::new(&[dim], Initialisation::Uniform, &mut seeded(0))?;
        Ok::<_, SessionError>(Projection::new(mlp, Radius::from_tau(tau)))
    };
    let projection = space.projection().cloned().map_or_else(own, Ok)?;
    Ok(CandidateSpace { projection, b: tau / 4.0, tau })
}
