//! A head learned on the project itself, as a proposal: nothing changes until it is adopted.
//!
//! Takes a session's job and history; gives the head, the clustering that it leads to and what
//! that would change, or says that nothing better was found. It writes nothing but embeddings
//! into the project's cache.

use std::path::Path;
use std::sync::Arc;

use super::data::reference;
use super::lessons::{Candidate, Class, FEWEST_PAIRS, FEWEST_PEOPLE, Held, Lesson};
use crate::base::Value;
use crate::base::{Cx, Radius, TrackIx, seeded};
use crate::cluster;
use crate::cluster::RADIUS;
use crate::learn::{Init, LearnError, Mlp, Projection};
use crate::models::{Head, HeadFile, HeadKind};
use crate::project::Project;
use crate::review::{Edit, History, Review, adoption};
use crate::session::HeadChoice;
use crate::session::{
    AnalyseJob, Analysis, FEATURES, KeptProposal, Looked, Session, SessionError, Settings, Space, blank,
    source,
};
use crate::views::Diff;

/// Learns on a project and compares; owns all it needs.
#[derive(Debug, Clone)]
pub struct ProposeJob {
    analyse: AnalyseJob,
    history: History,
    lesson: Lesson,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A head that does better.
    Better(Arc<Proposal>),
    /// None does; the project stays as it is.
    NothingBetter {
        /// Why, in words.
        why: String,
        /// The present space on what was held out; none where it was not compared.
        present: Option<Held>,
        /// The best of the others.
        best: Option<Held>,
    },
}

/// A head that does better on what it did not learn from, and what it would change.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What it was learned from.
    pub lesson: Lesson,
    /// The head.
    pub head: Head,
    /// Its radius.
    pub radius: Radius,
    /// The present space on what was held out.
    pub present: Held,
    /// The proposed one.
    pub proposed: Held,
    /// What it would change.
    pub diff: Diff,
    /// The head as a file's bytes.
    bytes: Vec<u8>,
    /// The clustering in its space.
    analysis: Arc<Analysis>,
    /// The settings under which it is in force.
    settings: Settings,
}

impl Proposal {
    /// Keeps the tracks and the head in the project, where nothing names it yet. Where adopting
    /// does not follow, that does no harm.
    ///
    /// # Errors
    /// [`SessionError::Project`] where they cannot be stored.
    pub fn keep(&self, project: &Project) -> Result<KeptProposal, SessionError> {
        let (analysis, settings) = (Arc::clone(&self.analysis), self.settings.clone());
        KeptProposal::keep(project, (&self.head.sha256, self.bytes.clone()), analysis, settings)
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
    /// The job that learns on a project and proposes what came of it; whatever the method, it learns
    /// a space and a radius for ball clusters.
    #[must_use]
    pub fn new(session: &Session, lesson: Lesson) -> Self {
        // That method is one of the table.
        let analyse = session.job_by(cluster::BALL).unwrap_or_else(|_| session.job());
        Self { analyse, history: session.history().clone(), lesson }
    }

    /// Runs it; `told` is called once with a forecast before the long part begins.
    ///
    /// # Errors
    /// [`SessionError`]; nothing changed but the project's cache.
    pub fn run(&self, cx: &Cx, told: impl FnOnce(&str)) -> Result<Outcome, SessionError> {
        if self.history.is_empty() {
            return Err(SessionError::NothingYet);
        }
        let looked = self.analyse.look(cx, told)?;
        let review = self.history.replay(blank(Some(&looked.set)));
        let space = self.analyse.settle(&looked, looked.space.clone(), true, cx)?.2;
        let present = present(&looked, &space)?;
        let parts = (&review, self.analyse.links.as_slice());
        let kept = (self.analyse.project.as_ref(), &self.analyse.settings);
        let class = Class::gather(self.lesson, (&looked, present), parts, kept, cx)?;
        if let Some(why) = self.too_little(&class) {
            return Ok(Outcome::NothingBetter { why, present: None, best: None });
        }
        let (present, candidates) = match class.compare(cx) {
            Err(SessionError::Learn(error @ LearnError::TooLittle { .. })) => {
                return Ok(Outcome::NothingBetter { why: error.to_string(), present: None, best: None });
            }
            compared => compared?,
        };
        let more = |a: &Held, b: &Held| a.bcubed_f > b.bcubed_f;
        let best =
            candidates.into_iter().reduce(|best, other| if more(&other.0, &best.0) { other } else { best });
        let Some((proposed, candidate)) = best.clone().filter(|(held, _)| class.is_better(held, &present))
        else {
            let why =
                "nothing learned does better on what was held out than the present space, beyond chance"
                    .to_owned();
            return Ok(Outcome::NothingBetter { why, present: Some(present), best: best.map(|best| best.0) });
        };
        self.proposal(&looked, &review, &candidate, (present, proposed), cx)
            .map(Arc::new)
            .map(Outcome::Better)
    }

    fn too_little(&self, class: &Class) -> Option<String> {
        let (people, pairs) = class.counts();
        match self.lesson {
            Lesson::Corrections if people < FEWEST_PEOPLE => Some(format!(
                "{people} people are named or confirmed; with fewer than {FEWEST_PEOPLE} nobody could say \
                 whether anything learned is better"
            )),
            Lesson::Finetune if pairs < FEWEST_PAIRS => Some(format!(
                "{pairs} pairs of tracks are seen at the same time (tracks.csv tells times); fewer than \
                 {FEWEST_PAIRS} teach nothing"
            )),
            _ => None,
        }
    }

    /// The head of a candidate, the clustering in its space, and the difference.
    fn proposal(
        &self,
        looked: &Looked,
        review: &Review,
        candidate: &Candidate,
        (present, proposed): (Held, Held),
        cx: &Cx,
    ) -> Result<Proposal, SessionError> {
        let file = self.head(looked, candidate, proposed);
        let path = self.analyse.project.path();
        let bytes = file.to_bytes(path)?;
        let head = Head::parse(&bytes, path)?;
        let mut settings = self.analyse.settings.clone();
        settings.head = HeadChoice::Auto;
        settings.set_parameter(&RADIUS, Value::Auto);
        let space = Space::choose(&settings, Some(head.clone()), looked.model.as_ref(), FEATURES, cx)?;
        let job = AnalyseJob { settings: settings.clone(), ..self.analyse.clone() };
        let radius = space.radius()?.0;
        let analysis = Arc::new(job.group(looked, space, cx)?);
        let clusters: Vec<Vec<TrackIx>> = analysis.clusters();
        let adopted = adoption(review, &clusters, source(&analysis.run), self.history.fresh_identity());
        let mut after = review.clone();
        after.apply(&Edit::Adopt(adopted));
        Ok(Proposal {
            lesson: self.lesson,
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

    fn head(&self, looked: &Looked, candidate: &Candidate, proposed: Held) -> HeadFile {
        let data = match self.lesson {
            Lesson::Finetune => "tracks of a project and which of them are seen at the same time",
            Lesson::Corrections => "what the curator of a project confirmed and linked",
        };
        let figures = [
            ("held-out-tracks", proposed.tracks as f64),
            ("held-out-bcubed-f", proposed.bcubed_f),
            ("held-out-pairs", proposed.pairs as f64),
            ("held-out-wrong-pairs", proposed.wrong_pairs as f64),
        ];
        HeadFile {
            kind: HeadKind::Bcl,
            model: looked.model.as_ref().map(reference),
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
fn present(looked: &Looked, space: &Space) -> Result<Candidate, SessionError> {
    let tau = space.radius()?.0.tau();
    let dim = looked.embedded.tracks.iter().find_map(|track| track.vector.as_ref()).map_or(1, Vec::len);
    let own = || {
        let mlp = Mlp::new(&[dim], Init::Uniform, &mut seeded(0))?;
        Ok::<_, SessionError>(Projection::new(mlp, Radius::from_tau(tau)))
    };
    let projection = space.projection().cloned().map_or_else(own, Ok)?;
    Ok(Candidate { projection, b: tau / 4.0, tau })
}
