//! Grouping tracks: one folder per method, one table of methods.
//!
//! Takes unit embeddings, constraints and a method's parameters; gives a partition and what
//! the method says about itself. It never sees pictures, names or edits.

pub mod agglomerative;
pub mod baselines;
mod diagnostics;
mod enforce;
pub mod facemap;
mod level;
pub mod lgcn;
pub mod likelihood;
mod methods;
mod parameters;

use std::sync::Arc;
use std::time::Instant;

use cpu_time::ProcessTime;

use crate::base::{
    Cancelled, Constraints, Cx, Dendrogram, Embeddings, InvalidValue, Parameter, Parameters, Partition,
    SetParameterError, Value,
};
pub use agglomerative::{PairSearch, RADIUS, RadiusChoice, RadiusSource};
pub use diagnostics::Diagnostics;
pub use enforce::enforce;
pub use level::Level;
use lgcn::{LgcnParams, LinkNetwork};
pub use likelihood::CERTAINTY;
use methods::{Algorithm, MethodDescription, methods, run_by};
pub use methods::{ConstraintHandling, Method, ParameterSweep, method, parameter, parameters};

/// Why a clustering was refused or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No such method.
    #[error("there is no method `{name}`; choose one of: {known}")]
    Method {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A parameter out of its range.
    #[error(transparent)]
    Parameter(#[from] InvalidValue),
    /// The user stopped the work.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A method with its parameters, and what it needs beside them.
#[derive(Debug, Clone)]
pub struct ChosenMethod {
    /// The method and its parameters.
    pub params: MethodParams,
    /// The learned network of a method that takes a head, and how the head is to be used.
    pub link_network: Option<Arc<(LinkNetwork, LgcnParams)>>,
}

/// What a method may be given beside rows, constraints and parameters; by default nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct MethodInputs<'a> {
    /// The learned network, for a method that takes a head.
    pub link_network: Option<&'a (LinkNetwork, LgcnParams)>,
    /// The largest height that the dendrogram of ball clusters is wanted for; the radius's own is
    /// always reached.
    pub tau_max: f64,
    /// The dendrogram of the same rows, constraints, method and search, as far as it is kept.
    pub n_kept_neighbours: Option<&'a Dendrogram>,
}

/// What a method gives back.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// The clusters.
    pub partition: Partition,
    /// All merges up to the larger of the radius's τ and `tau_max`, and what was kept beyond;
    /// none for a method that does not merge.
    pub dendrogram: Option<Dendrogram>,
    /// Figures about the run.
    pub diagnostics: Diagnostics,
    /// Seconds spent on the neighbour graph: elapsed and of CPU.
    pub graph_secs: (f64, f64),
}

/// The id of Ball Cluster Learning.
pub const BALL: &str = "bcl";

methods! {
    /// Likelihood linkage.
    Likelihood(likelihood::LikelihoodParams),
    /// Ball Cluster Learning.
    Bcl(agglomerative::BallClusterParams),
    /// FaceMap.
    FaceMap(facemap::FaceMapParams),
    /// L-GCN.
    Lgcn(lgcn::LgcnOverrides),
    /// Plain agglomerative clustering.
    Agglomerative(baselines::LinkageParams),
    /// DBSCAN.
    Dbscan(baselines::DbscanParams),
    /// HDBSCAN.
    Hdbscan(baselines::HdbscanParams),
    /// Chinese Whispers.
    ChineseWhispers(baselines::WhispersParams),
    /// Approximate rank order.
    RankOrder(baselines::RankOrderParams),
}

impl Default for MethodParams {
    fn default() -> Self {
        (METHODS[0].defaults)()
    }
}

impl MethodParams {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &'static Method {
        let found = METHODS.iter().find(|method| method.id == self.id());
        found.unwrap_or(&METHODS[0])
    }

    /// Where the method's dendrogram is cut; none for a method without a dendrogram, or while a
    /// radius is not settled.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        match self {
            Self::Likelihood(params) => Some(params.certainty.into()),
            Self::Bcl(params) => match params.radius {
                RadiusChoice::Set(radius) => Some(radius.into()),
                RadiusChoice::Auto | RadiusChoice::Estimate => None,
            },
            _ => None,
        }
    }

    /// The same with another level; a level that the method does not take changes nothing.
    #[must_use]
    pub fn with_level(mut self, level: Level) -> Self {
        match (&mut self, level) {
            (Self::Likelihood(params), Level::Certainty(certainty)) => params.certainty = certainty,
            (Self::Bcl(params), Level::Radius(radius)) => params.radius = RadiusChoice::Set(radius),
            _ => {}
        }
        self
    }

    /// Whether the method lets an index propose the pairs of that many tracks.
    #[must_use]
    pub fn is_approximate(&self, n_tracks: usize) -> bool {
        matches!(self, Self::Bcl(params) if params.search.is_approximate(n_tracks))
    }

    /// Which radius is meant; none for a method that takes no radius.
    #[must_use]
    pub fn radius(&self) -> Option<RadiusChoice> {
        if let Self::Bcl(params) = self { Some(params.radius) } else { None }
    }

    /// Groups unit rows. Whatever the method, no constraint is broken in the result.
    ///
    /// # Errors
    /// [`ClusterError`]: a parameter out of range, or cancelled.
    ///
    /// # Examples
    /// ```
    /// use castlist::base::{Constraints, Cx, Embeddings};
    /// use castlist::cluster::{MethodInputs, method};
    /// let rows = Embeddings::new(2, vec![1.0, 0.0, 0.96, 0.28, 0.0, 1.0])?;
    ///
    /// let mut bcl = (method("bcl")?.defaults)();
    /// bcl.set("radius", "0.5")?;
    /// let found = bcl.run(&rows, &Constraints::default(), MethodInputs::default(), &Cx::new())?;
    /// assert_eq!(found.partition.labels(), [0, 0, 1]);
    ///
    /// // A value out of range is refused before anything runs.
    /// let refusal = bcl.set("radius", "7").unwrap_err().to_string();
    /// assert!(refusal.starts_with("radius is 7; it must be above 0, at most 1"));
    ///
    /// // What a method takes, and what each parameter means.
    /// for (parameter, default) in (method("dbscan")?.defaults)().values() {
    ///     println!("{}={default}  {}", parameter.name, parameter.doc);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run(
        &self,
        rows: &Embeddings,
        constraints: &Constraints,
        inputs: MethodInputs<'_>,
        cx: &Cx,
    ) -> Result<Clustering, ClusterError> {
        let mut clustering = self.run_alone(rows, constraints, inputs, cx)?;
        if self.method().constraints == ConstraintHandling::Afterwards {
            let partition = std::mem::take(&mut clustering.partition);
            let (partition, n_parted) = enforce(partition, rows, constraints, cx)?;
            clustering.partition = partition;
            clustering.diagnostics.clusters_parted = Some(n_parted as f64);
        }
        Ok(clustering)
    }
}

/// What `work` gives, and the seconds it took: elapsed and of CPU.
fn timed<T>(work: impl FnOnce() -> T) -> (T, (f64, f64)) {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let done = work();
    (done, (wall.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64()))
}
