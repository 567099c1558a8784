//! The arguments, described once; help and completion come from here.

mod advice;
mod import;
mod people;
mod project;
mod review;
mod track;
mod views;

use std::path::PathBuf;

use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::export::TransferMode;

pub(super) use advice::AdviceAction;
pub(super) use import::{FoldersArgs, ImportAction};
pub(super) use people::{LibraryAction, LibraryArgs, RecogniseArgs};
pub(super) use project::ProjectAction;
pub(super) use review::{ReviewAction, SimulateArgs};
pub(super) use track::TrackArgs;
pub(super) use views::{MapArgs, StrangersArgs, TimelineArgs, ViewAction};

/// Who is in this footage? Groups video face tracks into identities, for you to review.
///
/// Without a command, the window opens.
#[derive(Debug, Parser)]
#[command(name = "castlist", version, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Option<CliCommand>,
}

/// The command line's description, for docs and tests.
pub fn command() -> clap::Command {
    Args::command()
}

/// A project that is asked for something.
#[derive(Debug, ClapArgs)]
pub(super) struct ProjectArgs {
    /// Project file, or the folder it belongs to.
    pub project: PathBuf,
    /// One JSON object on stdout.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum CliCommand {
    /// Opens the window on a folder of tracks, a project, or a video, whose tracks are made first.
    Open {
        /// Folder, project file or video; left out, the window opens on its start page.
        path: Option<PathBuf>,
    },
    /// Draws demo tracks, groups them and shows the result.
    Demo {
        /// Where to draw; by default in the platform's data folder.
        dir: Option<PathBuf>,
        /// Draws a short film instead, follows the faces in it, groups them and compares with what was drawn.
        #[arg(long)]
        video: bool,
        /// Shows the result in the window.
        #[arg(long)]
        window: bool,
    },
    /// Finds and follows the faces of videos, and writes a folder of face tracks.
    ///
    /// Stopped, the same command goes on after the last finished shot. Videos need the program ffmpeg; folders
    /// of frames and animated pictures do not.
    Track(TrackArgs),
    /// Groups a folder of face tracks, or a matrix of embeddings, into clusters.
    Cluster(ClusterArgs),
    /// Learns heads that separate people better, on top of an embedding model.
    Learn {
        #[command(subcommand)]
        action: LearnAction,
    },
    /// Scores assignments against labels.
    Evaluate {
        /// `track,cluster`.
        #[arg(long, value_name = "CSV")]
        assignments: PathBuf,
        /// `track,identity`, a `.ids` file, or FILE.npz:ARRAY.
        #[arg(long, value_name = "LABELS")]
        labels: String,
        /// Scores the tracks that have both a cluster and a label, and leaves the others out;
        /// otherwise both files must name the same tracks, and one without a cluster counts as a
        /// cluster of its own.
        #[arg(long)]
        common: bool,
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Compares clustering methods on labelled tracks, each with its defaults and with the best
    /// value of its main parameter.
    ///
    /// The best is chosen with the labels, so it is an oracle: what a method could reach, not what
    /// it gives. Every method runs in a process of its own, so that its memory can be measured.
    Compare(CompareArgs),
    /// Exports the identities of a project as folders and tables.
    Export {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// A new or empty folder.
        dir: PathBuf,
        /// How pictures get there.
        #[arg(long, value_enum, default_value_t = TransferArg::Copy)]
        link: TransferArg,
        /// An identity to export, by its number; left out, all but the ignored ones.
        #[arg(long = "identity", value_name = "N")]
        identities: Vec<u64>,
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Brings work that was done elsewhere into a project.
    Import {
        #[command(subcommand)]
        action: ImportAction,
    },
    /// Lists and edits the identities of a project.
    Review {
        #[command(subcommand)]
        action: ReviewAction,
    },
    /// Brings a damaged project back from a copy.
    Project {
        #[command(subcommand)]
        action: ProjectAction,
    },
    /// Manages the library of people, who are recognised in other projects.
    Library(LibraryArgs),
    /// Lists, downloads, adds and checks models.
    Models {
        #[command(subcommand)]
        action: ModelsAction,
    },
    /// Lists the clustering methods, their parameters and how they treat constraints.
    Methods {
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Checks what works on this machine, and says how to fix the rest.
    Doctor {
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
}

impl CliCommand {
    /// Whether it looks at its cancel token while it runs.
    pub(crate) fn is_long(&self) -> bool {
        matches!(
            self,
            Self::Demo { .. }
                | Self::Cluster(_)
                | Self::Track(_)
                | Self::Compare(_)
                | Self::Learn { .. }
                | Self::Export { .. }
                | Self::Models { .. }
        ) || matches!(self, Self::Review { action } if action.is_long())
            || matches!(self, Self::Library(args) if args.action.is_long())
            || matches!(self, Self::Import { action } if action.is_long())
    }
}

#[derive(Debug, Clone, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub(super) struct ClusterArgs {
    /// Folder of face tracks, a video or a folder of videos, whose tracks are made first.
    #[arg(required_unless_present = "embeddings", conflicts_with = "embeddings")]
    pub folder: Option<PathBuf>,
    /// Project file; by default castlist.sqlite in the folder.
    #[arg(long, conflicts_with = "embeddings")]
    pub project: Option<PathBuf>,
    /// Matrix of embeddings, instead of a folder.
    #[arg(long, value_name = "FILE")]
    pub embeddings: Option<PathBuf>,
    /// The matrix's array, where the file has several.
    #[arg(long, requires = "embeddings", conflicts_with = "folder", value_name = "NAME")]
    pub array: Option<String>,
    /// An array that gives each row's track, so that faces are averaged to tracks.
    #[arg(long, requires = "embeddings", conflicts_with = "folder", value_name = "NAME")]
    pub tracks: Option<String>,
    /// Model id, or an ONNX file.
    #[arg(long, value_name = "ID|FILE")]
    pub model: Option<String>,
    /// Downloads the model first, where it is not here; without a network, names its file, address
    /// and sha256.
    #[arg(long, requires = "model")]
    pub get: bool,
    /// A learned head, instead of the model's own; or none.
    #[arg(long, value_name = "FILE|none")]
    pub head: Option<String>,
    /// Clustering method.
    #[arg(long, value_name = "ID")]
    pub method: Option<String>,
    /// A setting, or a key of the model's description (model.KEY).
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Also exports the identities into a new or empty folder.
    #[arg(long, value_name = "DIR", conflicts_with = "embeddings")]
    pub export: Option<PathBuf>,
    /// Adopts nothing: shows what the new clusters would change about the identities, in numbered
    /// parts that exchange no tracks with each other.
    #[arg(long, conflicts_with_all = ["embeddings", "export"])]
    pub propose: bool,
    /// Adopts these parts of what --propose shows, as one undo step, and leaves the others as they
    /// are.
    #[arg(long, value_name = "N,N", value_delimiter = ',', conflicts_with_all = ["embeddings", "propose"])]
    pub adopt_parts: Option<Vec<usize>>,
    /// Adopts all of it at once, also where the project was made with an earlier built-in model, or
    /// the folder is read otherwise than before.
    #[arg(long, conflicts_with_all = ["embeddings", "propose", "adopt_parts"])]
    pub adopt: bool,
    /// Writes `track,cluster`.
    #[arg(long, value_name = "FILE")]
    pub assignments: Option<PathBuf>,
    /// Ends with exit code 4 where there were warnings.
    #[arg(long)]
    pub strict: bool,
    /// One JSON object on stdout.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct CompareArgs {
    /// Folder of face tracks.
    #[arg(required_unless_present = "embeddings", conflicts_with = "embeddings")]
    pub folder: Option<PathBuf>,
    /// Project file; by default castlist.sqlite in the folder.
    #[arg(long, conflicts_with = "embeddings")]
    pub project: Option<PathBuf>,
    /// Matrix of embeddings, instead of a folder.
    #[arg(long, value_name = "FILE[:ARRAY]")]
    pub embeddings: Option<String>,
    /// An array that gives each row's track, so that faces are averaged to tracks.
    #[arg(long, requires = "embeddings", conflicts_with = "folder", value_name = "ARRAY")]
    pub tracks: Option<String>,
    /// Labels: `track,identity`, a `.ids` file, or FILE.npz:ARRAY.
    #[arg(long, value_name = "LABELS")]
    pub labels: String,
    /// Scores the tracks that have a label and a usable face, and leaves the others out; otherwise
    /// all need a label, and one without a usable face counts as a cluster of its own.
    #[arg(long)]
    pub common: bool,
    /// Methods, with parameters that stand instead of their defaults; all methods if left out.
    #[arg(long, value_name = "ID[:NAME=VALUE],…")]
    pub methods: Option<String>,
    /// With their defaults alone: much faster, and no curves.
    #[arg(long)]
    pub defaults: bool,
    /// Model id, or an ONNX file.
    #[arg(long, value_name = "ID|FILE")]
    pub model: Option<String>,
    /// A learned head, instead of the model's own; or none.
    #[arg(long, value_name = "FILE|none")]
    pub head: Option<String>,
    /// A setting for all methods, or a key of the model's description (model.KEY).
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// One JSON object on stdout.
    #[arg(long)]
    pub json: bool,
    /// Writes a table, one line per run.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Writes a self-contained page with curves and tables.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum LearnAction {
    /// Learns a projection and the radius by Ball Cluster Learning, from faces of known people.
    ///
    /// People are split into training, validation and test sets. Ctrl+C
    /// keeps the unfinished training beside the head (HEAD.resume); the same command goes on.
    Bcl(BclArgs),
    /// Learns the network of L-GCN, which scores links between neighbours, from faces of known
    /// people; for `cluster --method lgcn`.
    ///
    /// Nodes are described by how near they are to the pivot, beside what is usual for both; with
    /// --set input=difference by their row minus the pivot's, as published.
    Lgcn(LgcnArgs),
    /// Learns on a project without labels: faces of one track are one person, tracks of one video
    /// that overlap in time are different people.
    ///
    /// Proposes a head and shows what it would change; nothing changes without --adopt.
    Finetune(ProposeArgs),
    /// Learns from what a project's curator named, confirmed, corrected and linked.
    ///
    /// Proposes a head and shows what it would change; nothing changes without --adopt.
    Corrections(ProposeArgs),
}

#[derive(Debug, ClapArgs)]
pub(super) struct ProposeArgs {
    /// Project file, or the folder it belongs to.
    pub project: PathBuf,
    /// Adopts the proposal; `review undo` reverts it.
    #[arg(long)]
    pub adopt: bool,
    /// Also writes the proposed head into a file.
    #[arg(long, value_name = "HEAD.safetensors")]
    pub out: Option<PathBuf>,
    /// One JSON object on stdout.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct BclArgs {
    #[command(flatten)]
    pub from: LearnArgs,
    /// Outputs of each layer, or none to learn the radius alone.
    #[arg(long, value_name = "WIDTHS|none", default_value = "256,128,64")]
    pub dims: String,
}

#[derive(Debug, ClapArgs)]
pub(super) struct LgcnArgs {
    #[command(flatten)]
    pub from: LearnArgs,
    /// Outputs of each convolution.
    #[arg(long, value_name = "WIDTHS", default_value = "32,32,16,16")]
    pub dims: String,
}

#[derive(Debug, ClapArgs)]
pub(super) struct LearnArgs {
    /// Matrix of embeddings; left out, the faces of the project that --labels names.
    #[arg(long, value_name = "FILE[:ARRAY]")]
    pub embeddings: Option<String>,
    /// An array of the matrix's file that gives each row's track.
    #[arg(long, requires = "embeddings", value_name = "ARRAY")]
    pub tracks: Option<String>,
    /// Labels: FILE.npz:ARRAY (one entry per row), a table `track,identity`, or a project
    /// (what its curator named, confirmed or corrected).
    #[arg(long, value_name = "LABELS")]
    pub labels: String,
    /// The model that the matrix comes from: id, or an ONNX file. A head that names no model can
    /// only be used where no model is named.
    #[arg(long, requires = "embeddings", value_name = "ID|FILE")]
    pub model: Option<String>,
    /// Where the head goes.
    #[arg(long, value_name = "HEAD.safetensors")]
    pub out: PathBuf,
    /// The split: `identity,part` (train, validation, test), or a table whose column
    /// `half` says A (learn) or B (test); by default eight tenths learn, drawn by the seed.
    #[arg(long, value_name = "CSV")]
    pub split: Option<PathBuf>,
    /// Maximum number of epochs.
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Random seed.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Another parameter of the training (rate, batch, weight-decay, …; a wrong name lists all of
    /// them), or a key of the model's description (model.KEY).
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// One JSON object on stdout.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum ModelsAction {
    /// Lists the known models and where they are.
    List {
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Downloads a model of the catalogue and checks its hash.
    Get {
        /// Model id.
        id: String,
    },
    /// Adds an ONNX file of your own.
    Add {
        /// The file.
        file: PathBuf,
        /// A key of its description, such as model.size=112.
        #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair)]
        set: Vec<(String, String)>,
    },
    /// Checks the hashes of all installed models.
    Verify,
    /// Loads and runs the model on stdin, for another castlist that does not trust it.
    #[command(hide = true)]
    Probe,
}

/// How exported pictures get to their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TransferArg {
    Copy,
    Hard,
    Symbolic,
}

impl From<TransferArg> for TransferMode {
    fn from(link: TransferArg) -> Self {
        match link {
            TransferArg::Copy => Self::Copy,
            TransferArg::Hard => Self::Hard,
            TransferArg::Symbolic => Self::Symbolic,
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("`{text}` is not NAME=VALUE"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_description_is_sound() {
        super::command().debug_assert();
    }
}
