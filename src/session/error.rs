//! Every way in which the main job can end badly, and its exit code.

use std::path::PathBuf;

use super::SettingError;
use crate::base::{Cancelled, EmbeddingError};
use crate::cluster::ClusterError;
use crate::demo::DemoError;
use crate::embed::EmbedError;
use crate::export::ExportError;
use crate::infer::InferError;
use crate::learn::LearnError;
use crate::map::MapError;
use crate::metrics::MetricsError;
use crate::models::{HeadError, ModelError};
use crate::project::{LibraryError, ProjectError};
use crate::review::{IdentityId, Refusal};
use crate::tracks::TracksError;
use crate::video::VideoError;
use crate::views::UnknownGroup;

/// Why the session refused or failed; the texts of the modules are passed on as they are.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// A table of names that names no track of the project.
    #[error("none of the {n} tracks in the table is in the project{near}: {}", path.display())]
    NoSuchTracks {
        /// Rows of the table.
        n: usize,
        /// A track of the project that differs in case or slashes only, in words.
        near: String,
        /// The table.
        path: PathBuf,
    },
    /// A folder in which nobody has a folder of their own.
    #[error(
        "there is no folder of a person: each needs one of their own right in the opened folder, with pictures \
         or tracks in it: {0}"
    )]
    NoPeopleFolders(PathBuf),
    /// Nobody in a project has that number or name.
    #[error("no identity is called `{0}` or has that number; `castlist review list` shows them")]
    NoPerson(String),
    /// Several identities have that name.
    #[error("several identities are called {name}; say which by its number: {}", numbers(ids))]
    SeveralPeople {
        /// The name.
        name: String,
        /// Their numbers.
        ids: Vec<IdentityId>,
    },
    /// A project is to be merged with itself.
    #[error("both are the same project; name two: {0}")]
    SameProject(PathBuf),
    /// Two projects that know nothing of each other's tracks.
    #[error(
        "the two projects have no track in common, of {n_ours} and {n_theirs}; merging needs two projects over the          same tracks"
    )]
    NoCommonTracks {
        /// Tracks of the first.
        n_ours: usize,
        /// Tracks of the second.
        n_theirs: usize,
    },
    /// A folder that holds none of a project's tracks.
    #[error(
        "none of the project's tracks is in this folder; choose the one that holds them now: {} (project: {})",
        path.display(), project.display()
    )]
    OtherTracks {
        /// The folder.
        path: PathBuf,
        /// The project.
        project: PathBuf,
    },
    /// A folder in which nobody is left.
    #[error("all tracks of the folder are of people who were erased from its project: {0}")]
    AllErased(PathBuf),
    /// No copy of that number beside a project.
    #[error(
        "there is no copy {number}, but {n_copies}; list them with `castlist project restore`: {}", path.display()
    )]
    NoCopy {
        /// The number asked for.
        number: usize,
        /// How many there are.
        n_copies: usize,
        /// The project.
        path: PathBuf,
    },
    /// A clustering of tracks of which one was cut, or whole again, since.
    #[error("a track was cut, or a cut taken back, while this ran; run again")]
    CutSince,
    /// Nothing is at the path.
    #[error("there is no such folder or project; check the path: {0}")]
    Missing(PathBuf),
    /// A project without tracks.
    #[error("this project holds no tracks yet; open its folder instead: {0}")]
    NoTracks(PathBuf),
    /// The folder is understood otherwise than when the project was made.
    #[error(
        "the folder is read otherwise than before, so names would be lost, and nothing was changed: {change}. \
         --set pictures=tracks, pictures=single or pictures=people may read it as before; --adopt takes the new reading over: \
         {path}"
    )]
    Reread {
        /// What changed.
        change: String,
        /// The folder.
        path: PathBuf,
    },
    /// Labels without anything to learn from.
    #[error(
        "labels alone are not enough to learn from: give --embeddings FILE[:ARRAY], or a project as the labels: {labels}"
    )]
    NoEmbeddings {
        /// The labels given.
        labels: String,
    },
    /// Nothing was clustered yet.
    #[error(
        "nothing has been grouped yet; run `castlist cluster` on the folder first, or open it in the window"
    )]
    NothingYet,
    /// No radius is known.
    #[error(
        "no radius is known for {model}; give one with --set radius=R (0 < R ≤ 1; 0.5 to 0.7 suits most face \
         models)"
    )]
    NoRadius {
        /// The model, in words.
        model: String,
    },
    /// A cut beyond what the dendrogram reaches.
    #[error(
        "the groups are known up to {parameter} {known:.3}, not at {value:.3}; run again at that {parameter}"
    )]
    BeyondCuts {
        /// Radius or certainty.
        parameter: &'static str,
        /// What was asked for.
        value: f64,
        /// How far it reaches.
        known: f64,
    },
    /// Another radius cannot be had from what is kept.
    #[error(
        "the last run's vectors are not kept for these settings and links, so it cannot be cut at another \
         radius; run it again (castlist cluster, or Re-run in the window)"
    )]
    NotKept,
    /// An identity without a name cannot be kept.
    #[error("identity {0} has no name; name it, and then keep it in the library")]
    Nameless(IdentityId),
    /// No identity has a name.
    #[error("no named identity has a usable face yet; name one, and then keep it in the library")]
    NobodyNamed,
    /// People of the same name in the library.
    #[error(
        "the library knows somebody of the same name already: {}. Are they the same people? Add --same or \
         --namesakes, or say it one by one with --identity N=PERSON (or N=new)", .0.join(", ")
    )]
    Namesakes(Vec<String>),
    /// Features of no named model.
    #[error(
        "nobody said which model made these features, so they cannot be compared with a library; name it with \
         --model when clustering"
    )]
    NoModelNamed,
    /// No such video among the tracks.
    #[error("no track is from a video called `{0}`; `castlist review timeline PROJECT` lists their names")]
    NoVideo(String),
    /// Features of another length than the model's vectors.
    #[error("the rows have {found} numbers, but the model {model} gives {expected}: {path}")]
    Dimension {
        /// Numbers a row.
        found: usize,
        /// Model id.
        model: String,
        /// Numbers it gives.
        expected: usize,
        /// The matrix.
        path: PathBuf,
    },
    /// A file of results cannot be written.
    #[error("cannot be written ({why}): {path}")]
    Write {
        /// What the system said.
        why: String,
        /// Where.
        path: PathBuf,
    },
    /// Another castlist cannot be started, or does not answer.
    #[error("another castlist, for one method, failed ({why}); compare one method at a time: {path}")]
    Child {
        /// What happened.
        why: String,
        /// The program.
        path: PathBuf,
    },
    /// Truth and assignments do not name the same tracks.
    #[error(
        "{unlabelled} of {assigned} assigned tracks have no label, and {unassigned} labelled tracks are not in \
         the assignments{near}; check that both belong together, or add --common to score the {common} that both \
         name"
    )]
    Mismatch {
        /// Assigned tracks without a label.
        unlabelled: usize,
        /// Tracks in the assignments.
        assigned: usize,
        /// Labelled tracks that are not assigned.
        unassigned: usize,
        /// Tracks in both.
        common: usize,
        /// Ids that differ a little only, in words; or nothing.
        near: String,
    },
    /// No track that could be scored is on both sides.
    #[error(
        "no track has both a cluster and a label, of {assigned} assigned and {labelled} labelled ones{near}; check \
         that both belong together"
    )]
    NothingCommon {
        /// Tracks in the assignments.
        assigned: usize,
        /// Tracks that have a label.
        labelled: usize,
        /// Ids that differ a little only, in words; or nothing.
        near: String,
    },
    /// The simulated curator is asked about a track that the labels do not name.
    #[error(
        "{unlabelled} of {assigned} tracks have no label, and a simulated curator must know everybody; check that \
         the labels belong to these tracks, or label the rest"
    )]
    Unlabelled {
        /// Tracks of identities without a label.
        unlabelled: usize,
        /// Tracks of identities.
        assigned: usize,
    },
    /// There is no home folder to keep data in.
    #[error("this system has no data folder; give one: castlist demo DIR")]
    NoHome,
    /// The window does not open.
    #[error("the window cannot be opened ({0}); the commands work all the same, see castlist --help")]
    Window(String),
    /// An installed model is not what it should be.
    #[error("a model is damaged: {0}")]
    BadModel(String),
    /// The demo cannot be drawn.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A setting.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The tracks.
    #[error(transparent)]
    Tracks(#[from] TracksError),
    /// The model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A head.
    #[error(transparent)]
    Head(#[from] HeadError),
    /// The map.
    #[error(transparent)]
    Map(#[from] MapError),
    /// Learning, or a learned projection.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// The engine.
    #[error(transparent)]
    Infer(#[from] InferError),
    /// The embeddings.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// A row without direction.
    #[error(transparent)]
    Embedding(#[from] EmbeddingError),
    /// The clustering.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The project.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The library of people.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A part that a proposal does not have.
    #[error(transparent)]
    UnknownGroup(#[from] UnknownGroup),
    /// A jump to nowhere.
    #[error("there is no entry {0} in the log; `castlist review history` lists them")]
    NoEntry(u64),
    /// An edit.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The export.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// No tracks of videos.
    #[error(transparent)]
    Video(#[from] VideoError),
    /// The metrics.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// The user stopped the work.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// `1, 5, 12`.
fn numbers(ids: &[IdentityId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl SessionError {
    /// The exit code of the command line: 1 usage, 2 input, 3 output, 5 model or engine,
    /// 130 cancelled.
    #[expect(
        clippy::match_same_arms,
        reason = "what cannot be written is told from what else a head may lack"
    )]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Cancelled(_)
            | Self::Tracks(TracksError::Cancelled(_))
            | Self::Embed(
                EmbedError::Cancelled(_)
                | EmbedError::Tracks(TracksError::Cancelled(_))
                | EmbedError::Model(ModelError::Cancelled(_)),
            )
            | Self::Cluster(ClusterError::Cancelled(_))
            | Self::Model(ModelError::Cancelled(_))
            | Self::Map(MapError::Cancelled(_))
            | Self::Learn(LearnError::Cancelled(_))
            | Self::Demo(DemoError::Cancelled(_))
            | Self::Export(ExportError::Cancelled(_))
            | Self::Video(VideoError::Cancelled(_)) => 130,
            Self::Setting(_)
            | Self::NoPerson(_)
            | Self::SeveralPeople { .. }
            | Self::SameProject(_)
            | Self::NoCopy { .. }
            | Self::NoEmbeddings { .. }
            | Self::NoRadius { .. }
            | Self::UnknownGroup(_)
            | Self::NoModelNamed
            | Self::Namesakes(_)
            | Self::BeyondCuts { .. }
            | Self::Cluster(_)
            | Self::Learn(
                LearnError::Parameter(_) | LearnError::Unknown { .. } | LearnError::Diverged { .. },
            ) => 1,
            Self::Head(HeadError::Write { .. })
            | Self::Learn(LearnError::Head(HeadError::Write { .. }) | LearnError::OtherTraining { .. }) => 3,
            Self::Head(_) | Self::Learn(LearnError::Head(_) | LearnError::Width { .. }) => 5,
            Self::Model(_)
            | Self::BadModel(_)
            | Self::Infer(_)
            | Self::Video(
                VideoError::Model(_)
                | VideoError::Infer(_)
                | VideoError::Embed(_)
                | VideoError::Undescribed(_),
            )
            | Self::Dimension { .. }
            | Self::Embed(EmbedError::Model(_) | EmbedError::Infer(_) | EmbedError::Head(_)) => 5,
            Self::Write { .. }
            | Self::Video(VideoError::Write { .. } | VideoError::OtherWork { .. } | VideoError::NotOurs(_))
            | Self::Export(_)
            | Self::Demo(_)
            | Self::NoHome
            | Self::Window(_)
            | Self::Library(
                LibraryError::Full(_)
                | LibraryError::Create(_)
                | LibraryError::Sqlite { .. }
                | LibraryError::ReadOnly(_)
                | LibraryError::BeingRead(_),
            )
            | Self::Project(
                ProjectError::Full(_)
                | ProjectError::Create(_)
                | ProjectError::Replaced(_)
                | ProjectError::BeingRead(_)
                | ProjectError::Exists(_)
                | ProjectError::Sqlite { .. },
            ) => 3,
            _ => 2,
        }
    }
}
