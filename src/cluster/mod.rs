//! Grouping tracks: one folder a method, one table of methods.
//!
//! Takes unit embeddings, constraints and a method's parameters; gives a partition and what
//! the method says about itself. It never sees pictures, names or edits.

pub mod agglomerative;
pub mod baselines;
mod enforce;
pub mod facemap;
pub mod lgcn;
pub mod likelihood;
mod parameters;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use cpu_time::ProcessTime;
use serde::Serialize;

use crate::base::{Cancelled, Constraints, Cx, Dendrogram, Embeddings, Partition, Radius, WarningKind};
use agglomerative::{BclParams, approximate_linkage, complete_linkage, grow_linkage};
pub use enforce::enforce;
use facemap::FaceMapParams;
use lgcn::{LgcnParams, LinkNetwork};
use likelihood::Certainty;
pub use parameters::{PARAMETERS, Parameter, Takes, Values, parameter};

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
    #[error("{name} is {value}; it must be {range}")]
    Parameter {
        /// Name.
        name: &'static str,
        /// Value given.
        value: String,
        /// What is allowed.
        range: &'static str,
    },
    /// The user stopped the work.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A method with the values of its parameters.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The method.
    pub method: &'static Method,
    /// What its parameters are.
    pub values: Values,
    /// The learned network of a method that takes a head, and how the head is to be used.
    pub links: Option<Arc<(LinkNetwork, LgcnParams)>>,
}

/// Everything a method may be given; each takes what its table row names.
#[derive(Debug, Clone, Copy)]
pub struct Params<'a> {
    /// The values of its parameters.
    pub values: &'a Values,
    /// The learned network, for a method that takes a head.
    pub links: Option<&'a (LinkNetwork, LgcnParams)>,
    /// The ball's radius r, for methods that take one.
    pub radius: Option<Radius>,
    /// The largest height that the dendrogram of ball clusters is wanted for; the radius's own is always
    /// reached.
    pub tau_max: f64,
    /// The dendrogram of the same rows, constraints, method and search, as far as it is kept.
    pub kept: Option<&'a Dendrogram>,
}

/// Which pairs of tracks a method looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Search {
    /// All up to [`Search::MOST`] tracks; beyond, those that an index proposes.
    #[default]
    Auto,
    /// All of them: time grows with the square of the number of tracks.
    Exact,
    /// Those that an index proposes. It misses some, and the result says how many.
    Approximate,
}

impl Search {
    /// The largest number of tracks that `Auto` compares all. An extrapolation, not a measured
    /// crossover: comparing took a CPU minute for 100,000 tracks of 256 columns and takes four
    /// times that for twice as many; up to 20,000 tracks the index was far slower.
    pub const MOST: usize = 2_000_000;

    /// Whether an index proposes the pairs of so many tracks.
    #[must_use]
    pub fn is_approximate(self, n_tracks: usize) -> bool {
        match self {
            Self::Auto => n_tracks > Self::MOST,
            Self::Exact => false,
            Self::Approximate => true,
        }
    }
}

impl std::str::FromStr for Search {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "auto" => Ok(Self::Auto),
            "exact" => Ok(Self::Exact),
            "approximate" => Ok(Self::Approximate),
            _ => Err(()),
        }
    }
}

/// Where a dendrogram is cut, in the words of the method that made it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Level {
    /// Of ball clusters: merges up to τ = 4r².
    Radius(Radius),
    /// Of likelihood linkage: merges that are at least so sure.
    Certainty(Certainty),
}

impl Level {
    /// The height up to which merges are done.
    #[must_use]
    pub fn height(self) -> f64 {
        match self {
            Self::Radius(radius) => radius.tau(),
            Self::Certainty(certainty) => certainty.height(),
        }
    }

    /// The level of the same kind at a height.
    #[must_use]
    pub fn at_height(self, height: f64) -> Self {
        match self {
            Self::Radius(_) => Self::Radius(Radius::from_tau(height)),
            Self::Certainty(_) => Self::Certainty(Certainty(1.0 - height)),
        }
    }

    /// The name of the parameter that it is a value of.
    #[must_use]
    pub fn parameter(self) -> &'static str {
        match self {
            Self::Radius(_) => RADIUS,
            Self::Certainty(_) => CERTAINTY,
        }
    }

    /// The value of that parameter.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Self::Radius(radius) => radius.0,
            Self::Certainty(certainty) => certainty.0,
        }
    }

    /// A level of the same kind with another value.
    #[must_use]
    pub fn with_value(self, value: f64) -> Self {
        match self {
            Self::Radius(_) => Self::Radius(Radius(value)),
            Self::Certainty(_) => Self::Certainty(Certainty(value)),
        }
    }
}

impl From<Radius> for Level {
    fn from(radius: Radius) -> Self {
        Self::Radius(radius)
    }
}

impl From<Certainty> for Level {
    fn from(certainty: Certainty) -> Self {
        Self::Certainty(certainty)
    }
}

/// What a method gives back.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// The clusters.
    pub partition: Partition,
    /// All merges up to the larger of the radius's τ and `tau_max`, and what was kept beyond;
    /// none for a method that does not merge.
    pub dendrogram: Option<Dendrogram>,
    /// Figures about the run, by name.
    pub diagnostics: BTreeMap<String, f64>,
    /// Seconds spent on the neighbour graph: elapsed and of CPU.
    pub graph_secs: (f64, f64),
}

/// How a method treats links between tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// It groups under them.
    Within,
    /// It groups without them; clusters that break one are united or parted afterwards.
    Afterwards,
}

impl Links {
    /// How cannot-links are honoured, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Within => "exactly, while grouping",
            Self::Afterwards => "exactly, by parting the clusters that break one",
        }
    }
}

/// What a method is run with: rows, links, parameters and where it says how far it is.
type Run = fn(&Embeddings, &Constraints, Params<'_>, &Cx) -> Result<Clustering, ClusterError>;

/// One row of the table of methods.
#[derive(Debug)]
pub struct Method {
    /// The name given to `--method`.
    pub id: &'static str,
    /// Its name in the window.
    pub name: &'static str,
    /// What it does, in a curator's words.
    pub doc: &'static str,
    /// Which parameters it takes, with their defaults.
    pub parameters: &'static [(&'static str, &'static str)],
    /// The parameter that decides most, and values of it from one end to the other, by which
    /// methods are compared.
    pub sweep: (&'static str, &'static [&'static str]),
    /// How it treats links.
    pub links: Links,
    run: Run,
}

/// The parameter of ball clusters at which their dendrogram is cut, …
const RADIUS: &str = "radius";
/// … and that of likelihood linkage.
const CERTAINTY: &str = "certainty";
/// The id of Ball Cluster Learning.
pub const BALL: &str = "bcl";

/// All methods; the first is the default.
pub const METHODS: &[Method] = &[
    Method {
        id: "likelihood",
        name: "Likelihood linkage",
        doc: "Merges the two groups that are likeliest one person, again and again, while that is likelier than not; judges by how alike the tracks of this very folder are.",
        parameters: &[("certainty", "0.5")],
        sweep: (
            "certainty",
            &["0.05", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.95"],
        ),
        links: Links::Within,
        run: likelihood::run_likelihood,
    },
    Method {
        id: BALL,
        name: "Ball clusters",
        doc: "Groups tracks that all lie within one ball; finds the number of people by itself.",
        parameters: &[("radius", "auto"), ("search", "auto")],
        sweep: ("radius", &["0.30", "0.40", "0.45", "0.50", "0.55", "0.60", "0.65", "0.70", "0.80"]),
        links: Links::Within,
        run: run_bcl,
    },
    Method {
        id: "facemap",
        name: "FaceMap",
        doc: "Follows a walk from face to like face and groups where it stays. As published it draws in people who appear once; a gate of 4.5 leaves them alone.",
        parameters: &[("k", "256"), ("window", "20"), ("flow", "undirected"), ("gate", "0"), ("seed", "0")],
        sweep: ("gate", &["0", "3.5", "4", "4.5", "5", "5.5"]),
        links: Links::Afterwards,
        run: run_facemap,
    },
    Method {
        id: "lgcn",
        name: "L-GCN",
        doc: "A learned network judges each link between neighbours by what surrounds it; needs a head for the model.",
        parameters: &[("head", "auto"), ("floor", "auto"), ("step", "auto")],
        sweep: ("floor", &["0.05", "0.2", "0.35", "0.5", "0.6", "0.7", "0.8", "0.9", "0.95"]),
        links: Links::Afterwards,
        run: run_lgcn,
    },
    Method {
        id: "agglomerative",
        name: "Agglomerative",
        doc: "Merges the two most alike groups again and again, down to a similarity.",
        parameters: &[("linkage", "average"), ("similarity", "auto")],
        sweep: ("similarity", &["0.20", "0.25", "0.30", "0.35", "0.40", "0.45", "0.50", "0.55", "0.60"]),
        // Complete linkage groups under them; then there is nothing left to part.
        links: Links::Afterwards,
        run: baselines::run_agglomerative,
    },
    Method {
        id: "dbscan",
        name: "DBSCAN",
        doc: "Joins tracks in dense neighbourhoods into chains; the rest stays alone.",
        parameters: &[("similarity", "0.5"), ("min_samples", "2")],
        sweep: ("similarity", &["0.30", "0.35", "0.40", "0.45", "0.50", "0.55", "0.60", "0.65", "0.70"]),
        links: Links::Afterwards,
        run: baselines::run_dbscan,
    },
    Method {
        id: "hdbscan",
        name: "HDBSCAN",
        doc: "Finds groups that last as the density rises, each at a density of its own.",
        parameters: &[("min_cluster_size", "2"), ("min_samples", "2")],
        sweep: ("min_samples", &["1", "2", "3", "4", "5", "6", "8", "10"]),
        links: Links::Afterwards,
        run: baselines::run_hdbscan,
    },
    Method {
        id: "chinese-whispers",
        name: "Chinese Whispers",
        doc: "Each track takes over who most of its neighbours say it is, until nobody changes.",
        parameters: &[("k", "80"), ("similarity", "0.45"), ("seed", "0")],
        sweep: ("similarity", &["0.30", "0.35", "0.40", "0.45", "0.50", "0.55", "0.60", "0.65", "0.70"]),
        links: Links::Afterwards,
        run: baselines::run_chinese_whispers,
    },
    Method {
        id: "rank-order",
        name: "Rank order",
        doc: "Links tracks that are among each other's nearest and share the nearer ones.",
        parameters: &[("k", "200"), ("rank_distance", "0.6"), ("similarity", "0.35")],
        sweep: ("rank_distance", &["0", "0.2", "0.4", "0.6", "0.8", "1.0", "1.2", "1.5", "2.0"]),
        links: Links::Afterwards,
        run: baselines::run_rank_order,
    },
];

/// The method of that id.
///
/// # Errors
/// [`ClusterError::Method`] with the ids there are.
pub fn method(id: &str) -> Result<&'static Method, ClusterError> {
    METHODS.iter().find(|method| method.id == id).ok_or_else(|| {
        let known: Vec<_> = METHODS.iter().map(|method| method.id).collect();
        ClusterError::Method { name: id.to_owned(), known: known.join(", ") }
    })
}

impl Method {
    /// Whether it takes a parameter of that name.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        self.parameters.iter().any(|&(known, _)| known == name)
    }

    /// Where its dendrogram is cut, by the values of its parameters and the radius in force; none for a
    /// method without a dendrogram, or where a radius is needed and not known.
    #[must_use]
    pub fn level(&self, values: &Values, radius: Option<Radius>) -> Option<Level> {
        if self.takes(CERTAINTY) {
            return Some(Level::Certainty(Certainty(values.number(CERTAINTY))));
        }
        radius.filter(|_| self.takes(RADIUS)).map(Level::Radius)
    }

    /// The values of its parameters: what `set` says of them, or else its defaults.
    ///
    /// # Errors
    /// [`ClusterError::Parameter`] with name, value and what is allowed.
    pub fn values<'a>(&self, set: impl Fn(&str) -> Option<&'a str>) -> Result<Values, ClusterError> {
        Values::new(self.parameters, set)
    }

    /// Runs the method on unit rows. Whatever the method, no link is broken in the result.
    ///
    /// # Errors
    /// [`ClusterError`]: a parameter out of range, or cancelled.
    ///
    /// # Examples
    /// ```
    /// use castlist::base::{Constraints, Cx, Embeddings, Radius};
    /// use castlist::cluster::{Params, method};
    /// let rows = Embeddings::new(2, vec![1.0, 0.0, 0.96, 0.28, 0.0, 1.0])?;
    /// let (bcl, radius) = (method("bcl")?, Some(Radius(0.5)));
    /// let params = Params { values: &bcl.values(|_| None)?, links: None, radius, tau_max: 0.0, kept: None };
    /// assert_eq!(bcl.run(&rows, &Constraints::default(), params, &Cx::new())?.partition.labels(), [0, 0, 1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run(
        &self,
        rows: &Embeddings,
        constraints: &Constraints,
        params: Params<'_>,
        cx: &Cx,
    ) -> Result<Clustering, ClusterError> {
        let mut clustering = (self.run)(rows, constraints, params, cx)?;
        if self.links == Links::Afterwards {
            let partition = std::mem::take(&mut clustering.partition);
            let (partition, n_parted) = enforce(partition, rows, constraints, cx)?;
            clustering.partition = partition;
            clustering.diagnostics.insert("clusters_parted".to_owned(), n_parted as f64);
        }
        Ok(clustering)
    }
}

fn run_facemap(
    rows: &Embeddings,
    constraints: &Constraints,
    params: Params<'_>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let values = params.values;
    let params = FaceMapParams {
        k: values.count("k"),
        window: values.count("window"),
        flow: values.word("flow").parse().unwrap_or_default(),
        gate: values.number("gate"),
        seed: values.count("seed") as u64,
    };
    facemap::facemap(rows, constraints, &params.check()?, cx)
}

fn run_lgcn(
    rows: &Embeddings,
    constraints: &Constraints,
    params: Params<'_>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let missing = || ClusterError::Parameter {
        name: "head",
        value: "missing".to_owned(),
        range: "a head that `castlist learn lgcn` made",
    };
    let (network, own) = params.links.ok_or_else(missing)?;
    let mut own = *own;
    let set = |name| Some(params.values.number(name)).filter(|_| params.values.word(name) != "auto");
    own.propagation.floor = set("floor").unwrap_or(own.propagation.floor);
    own.propagation.step = set("step").unwrap_or(own.propagation.step);
    lgcn::lgcn(rows, constraints, &own.check()?, network, cx)
}

fn run_bcl(
    rows: &Embeddings,
    constraints: &Constraints,
    params: Params<'_>,
    cx: &Cx,
) -> Result<Clustering, ClusterError> {
    let missing =
        ClusterError::Parameter { name: "radius", value: "missing".to_owned(), range: BclParams::RANGE };
    let tau = BclParams { radius: params.radius.ok_or(missing)? }.check()?.radius.tau();
    let wanted = tau.max(params.tau_max);
    let search: Search = params.values.word("search").parse().unwrap_or_default();
    let approximate = search.is_approximate(rows.len());
    let kept = params.kept.filter(|kept| kept.len() == rows.len());
    let mut diagnostics = BTreeMap::from([
        ("tau".to_owned(), tau),
        ("approximate".to_owned(), f64::from(u8::from(approximate))),
    ]);
    let (dendrogram, graph_secs) = match kept {
        Some(kept) if kept.tau_max() >= wanted => {
            diagnostics.insert("recut".to_owned(), 1.0);
            (kept.clone(), (0.0, 0.0))
        }
        kept => {
            let linkage = match kept {
                _ if approximate => approximate_linkage(rows, constraints, wanted, cx)?,
                Some(kept) => grow_linkage(rows, constraints, kept, wanted, cx)?,
                None => complete_linkage(rows, constraints, wanted, cx)?,
            };
            diagnostics.insert("stages".to_owned(), linkage.n_stages as f64);
            diagnostics.extend(linkage.recall.map(|recall| ("recall".to_owned(), recall)));
            (linkage.dendrogram, linkage.graph_secs)
        }
    };
    if approximate {
        let recall = diagnostics.get("recall");
        let recall = recall.map_or("as of the run before".to_owned(), |recall| format!("{recall:.3}"));
        let told = "approximate: not all pairs were compared, so tracks of one person may be apart";
        cx.warn(WarningKind::Result, format!("{told}; recall {recall}"));
    }
    diagnostics.insert("merges".to_owned(), dendrogram.done(tau) as f64);
    let partition = dendrogram.cut(tau);
    Ok(Clustering { partition, dendrogram: Some(dendrogram), diagnostics, graph_secs })
}

/// What `work` gives, and the seconds it took: elapsed and of CPU.
fn timed<T>(work: impl FnOnce() -> T) -> (T, (f64, f64)) {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let done = work();
    (done, (wall.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64()))
}
