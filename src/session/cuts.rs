//! What another level, a radius or a certainty, is one cut away from: rows, links and the
//! dendrogram of the last run.
//!
//! Takes the rows of a run, or finds them again in the project by their keys; gives [`Cuts`],
//! which give the number of identities at a level and the run at that level. A
//! [`CutJob`] grows the dendrogram beyond the radius of the run while the curator is at work.
//! Nothing is embedded here, and nothing that is kept is clustered again.

use std::sync::Arc;

use super::constraints::{ConstraintById, constraints};
use super::rows::{ClusteredRows, unit_rows};
use super::space::{ClusteringSpace, FEATURES, adopted_head, load_catalogue};
use super::{Run, SessionError, Settings};
use crate::base::{Cancelled, Cx, Dendrogram, Fingerprint, Hasher, Radius, Stage, TrackIx};
use crate::cluster::likelihood::Certainty;
use crate::cluster::{ChosenMethod, Level, RadiusSource};
use crate::embed::EmbeddingCache as _;
use crate::models::{Model, ModelKind};
use crate::project::Project;
use crate::review::Review;
use crate::tracks::{TrackSet, TrackSource};

/// How far beyond the own radius the slider reaches.
const REACH: f64 = 1.5;

/// What a run is kept under: its rows, method, parameters, and what came out.
pub(super) fn run_key(run: &Run) -> Fingerprint {
    let mut hasher = Hasher::default();
    hasher.part(run.parameters.method.id());
    for (name, value) in &run.parameters.texts() {
        hasher.part(name).part(value);
    }
    hasher.part(run.vectors.map_or([0; 32], |vectors| vectors.0));
    for (track, cluster) in &run.clusters {
        hasher.part(track).part(cluster.to_le_bytes());
    }
    hasher.finish()
}

/// How many groups a level makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct GroupCounts {
    /// Clusters of all usable tracks.
    pub clusters: usize,
    /// Identities once that cut is adopted: those that the curator keeps, and the rest.
    pub identities: usize,
}

/// All cuts of the last run's tracks up to a level.
#[derive(Debug, Clone)]
pub struct Cuts {
    rows: ClusteredRows,
    constraints: Arc<Vec<ConstraintById>>,
    dendrogram: Arc<Dendrogram>,
    own: Option<Level>,
    loosest_offered: Level,
}

impl Cuts {
    /// None for a method that does not merge.
    pub(super) fn new(
        rows: ClusteredRows,
        links: Arc<Vec<ConstraintById>>,
        level: Level,
        dendrogram: Option<Dendrogram>,
    ) -> Option<Self> {
        let dendrogram = Arc::new(dendrogram?);
        let (own, offered) = match level {
            Level::Radius(radius) => {
                let own = rows.own.map(|(own, _)| own);
                let kept = Radius::from_tau(dendrogram.tau_max());
                let reach = own.unwrap_or(radius).0 * REACH;
                let offered = Radius(reach.max(radius.0).max(kept.0).min(1.0));
                (own.map(Level::Radius), Level::Radius(offered))
            }
            Level::Certainty(_) => (Some(Certainty::EVEN.into()), Certainty::LEAST.into()),
        };
        Some(Self { rows, constraints: links, dendrogram, own, loosest_offered: offered })
    }

    /// The level where none was set: an even certainty, or the radius that belongs to the model
    /// or its head, where there is one.
    pub fn own(&self) -> Option<Level> {
        self.own
    }

    /// Whether that level is a radius that was estimated from the tracks.
    pub(crate) fn is_estimated(&self) -> bool {
        matches!((self.own, self.rows.own), (Some(Level::Radius(_)), Some((_, RadiusSource::Estimated))))
    }

    /// The loosest level whose cut is known.
    pub fn loosest_known(&self) -> Level {
        self.loosest_offered.at_height(self.dendrogram.tau_max())
    }

    /// The loosest level that is worth offering; [`Self::loosest_known`] grows up to it.
    pub fn loosest_offered(&self) -> Level {
        self.loosest_offered
    }

    /// Whether the cuts are known as far as they are offered.
    pub fn are_complete(&self) -> bool {
        // A radius that came back from a threshold may be off by the last bit.
        self.loosest_offered.height() <= self.dendrogram.tau_max() * (1.0 + 1e-9)
    }

    /// Whether the cut at a level is known.
    pub fn covers(&self, level: Level) -> bool {
        level.height() <= self.dendrogram.tau_max() * (1.0 + 1e-9)
    }

    /// Whether they are of that run, under these links.
    pub(super) fn are_of(&self, run: Option<&Run>, links: &Arc<Vec<ConstraintById>>) -> bool {
        run.is_some_and(|run| run.vectors == Some(self.rows.vectors)) && self.constraints == *links
    }

    /// For each number of merges, how many groups hold a track that a new clustering may place: one
    /// number more than there are merges. O(n).
    pub(super) fn group_counts(&self, review: &Review) -> Vec<u32> {
        let all = review.free();
        let is_free = |track: &TrackIx| all.get(*track as usize).copied().unwrap_or(false);
        let mut free: Vec<bool> = self.rows.tracks.iter().map(is_free).collect();
        let mut groups = free.iter().filter(|&&free| free).count() as u32;
        let mut levels = vec![groups];
        for merge in self.dendrogram.merges() {
            let (a, b) = (merge.a as usize, merge.b as usize);
            groups -= u32::from(free[a] && free[b]);
            free[a] |= free[b];
            levels.push(groups);
        }
        levels
    }

    /// The counts at a level, from [`Self::group_counts`] and the number of kept identities; none
    /// beyond what is known. O(log n).
    pub(super) fn counts(&self, levels: &[u32], n_kept: usize, level: Level) -> Option<GroupCounts> {
        let groups = *levels.get(self.dendrogram.n_merges_at(level.height()))? as usize;
        self.covers(level).then(|| GroupCounts {
            clusters: self.dendrogram.n_clusters(level.height()),
            identities: n_kept + groups,
        })
    }

    /// The run at a level, the same as clustering again gives it, and its clusters; `None`
    /// takes the own level.
    ///
    /// # Errors
    /// [`SessionError`]: no own radius, or a level beyond what is known.
    pub(super) fn cut(
        &self,
        level: Option<Level>,
        before: &Run,
        set: &TrackSet,
    ) -> Result<(Run, Vec<Vec<TrackIx>>), SessionError> {
        let no_own = || SessionError::NoRadius { model: before.model.clone() };
        let wanted = level.or(self.own).ok_or_else(no_own)?;
        if wanted.parameter().name != self.loosest_offered.parameter().name {
            return Err(SessionError::NotKept);
        }
        if !self.covers(wanted) {
            let (parameter, known) = (wanted.parameter().name, self.loosest_known().value());
            return Err(SessionError::BeyondCuts { parameter, value: wanted.value(), known });
        }
        let height = wanted.height();
        let partition = self.dendrogram.cut(height);
        let mut run = before.clone();
        run.parameters.method = run.parameters.method.with_level(wanted);
        if let Level::Radius(_) = wanted {
            let own = self.rows.own.filter(|_| level.is_none());
            run.parameters.radius_source = Some(own.map_or(RadiusSource::Set, |(_, source)| source));
            run.diagnostics.tau = Some(height);
        }
        run.diagnostics.merges = Some(self.dendrogram.n_merges_at(height) as f64);
        run.diagnostics.recut = Some(1.0);
        run.diagnostics.stages = None;
        self.rows.fill(&mut run, set, &partition);
        Ok((run, self.rows.clusters(&partition)))
    }
}

/// Finds the last run's rows and dendrogram again, and grows it; owns all it needs.
#[derive(Debug, Clone)]
pub struct CutJob {
    pub(super) project: Arc<Project>,
    pub(super) settings: Settings,
    pub(super) set: Arc<TrackSet>,
    pub(super) run: Arc<Run>,
    pub(super) constraints: Arc<Vec<ConstraintById>>,
    /// The sha256 of the head learned on this project, where one is in force.
    pub(super) head: Option<String>,
    /// What is in memory already.
    pub(super) cuts: Option<Arc<Cuts>>,
    /// How far to grow; `None` for all that is offered.
    pub(super) reach: Option<Level>,
}

impl CutJob {
    /// Runs it; what it grows is kept in the project where that can be written.
    ///
    /// # Errors
    /// [`SessionError::NotKept`] where the rows of the last run cannot be had again, such as
    /// after a change of the settings; a radius out of range; cancelled.
    pub fn run(&self, cx: &Cx) -> Result<Cuts, SessionError> {
        let known = self.known();
        let rows = self.rows(cx)?;
        let constraints = constraints(&self.set, &rows.tracks, &self.constraints);
        let params = self.run.parameters.method.clone();
        let level = params.level().ok_or(SessionError::NotKept)?;
        let (at, tau_max) = match level {
            Level::Radius(radius) => self.radii(known, &rows, radius),
            // All that is offered is there at once.
            Level::Certainty(_) => (level, 0.0),
        };
        let chosen = ChosenMethod { params: params.with_level(at), link_network: None };
        let (clustering, kept) = rows.cluster(&chosen, &constraints, tau_max, &self.project, cx)?;
        if let Some(kept) = kept.filter(|_| !self.project.is_read_only()) {
            self.project.save_dendrogram(&kept).wait()?;
        }
        let cuts = Cuts::new(rows, Arc::clone(&self.constraints), level, clustering.dendrogram);
        cuts.ok_or(SessionError::NotKept)
    }

    /// The radius to cluster at, and the threshold to grow to.
    fn radii(&self, known: Option<&Arc<Cuts>>, rows: &ClusteredRows, radius: Radius) -> (Level, f64) {
        if let Some(Level::Radius(wanted)) = self.reach {
            return (wanted.into(), wanted.tau());
        }
        let own = rows.own.map_or(radius, |(own, _)| own);
        let offered = known.map_or(own.0 * REACH, |cuts| cuts.loosest_offered.value());
        (radius.into(), Radius(offered.min(1.0)).tau())
    }

    /// What is in memory, where it is of the last run.
    fn known(&self) -> Option<&Arc<Cuts>> {
        self.cuts.as_ref().filter(|cuts| self.run.vectors == Some(cuts.rows.vectors))
    }

    /// The rows of the last run.
    pub(super) fn rows(&self, cx: &Cx) -> Result<ClusteredRows, SessionError> {
        match self.known() {
            Some(cuts) => Ok(cuts.rows.clone()),
            None => self.load(cx),
        }
    }

    /// The rows of the last run, by their keys.
    fn load(&self, cx: &Cx) -> Result<ClusteredRows, SessionError> {
        cx.stage(Stage::FindingTheLastRun, 0);
        let vectors = self.run.vectors.ok_or(SessionError::NotKept)?;
        let kept = self.project.dendrogram(vectors).ok_or(SessionError::NotKept)?;
        let is_usable = |ix: &TrackIx| self.run.clusters.contains_key(&self.set.track(*ix).id);
        let tracks: Arc<[TrackIx]> = (0..self.set.len() as TrackIx).filter(is_usable).collect();
        let vector = |key: &Fingerprint| {
            cx.check()?;
            Ok(self.project.get(*key).and_then(|embedding| embedding.vector))
        };
        let found = kept.rows.iter().map(vector).collect::<Result<Option<Vec<_>>, Cancelled>>()?;
        let found = found.filter(|found| found.len() == tracks.len()).ok_or(SessionError::NotKept)?;
        let unit = unit_rows(found.iter().map(Vec::as_slice))?;
        let (_, space) = self.space(cx)?;
        let estimate = self.run.diagnostics.radius_estimate;
        let estimate = estimate.map(|radius| (Radius(radius), RadiusSource::Estimated));
        let rows = ClusteredRows::new(tracks, kept.rows.into(), space.map(unit)?, &space);
        let rows = rows.with_own(space.own().or(estimate));
        // Under other settings the space is another one.
        if rows.vectors == vectors { Ok(rows) } else { Err(SessionError::NotKept) }
    }

    /// The model that the settings name, where it is the tracks', and the space that they choose.
    pub(super) fn space(&self, cx: &Cx) -> Result<(Option<Model>, ClusteringSpace), SessionError> {
        let needs_model =
            self.set.tracks.iter().any(|track| matches!(track.source, TrackSource::Faces { .. }));
        let model = load_catalogue(cx)?
            .resolve(self.settings.model(), self.settings.model_overrides())?
            .require(ModelKind::Embed)?;
        let model = (needs_model || self.settings.names_model()).then_some(model);
        let adopted = adopted_head(&self.project, self.head.as_deref())?;
        let space = ClusteringSpace::choose(&self.settings, adopted, model.as_ref(), FEATURES, cx)?;
        Ok((model, space))
    }
}
