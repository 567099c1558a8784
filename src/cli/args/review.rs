//! The arguments of `castlist review`.

use std::path::PathBuf;

use crate::base::ParameterValue as _;
use crate::cluster::CERTAINTY;
use clap::{Args, Subcommand};

use super::{AdviceAction, ViewAction, pair};
use crate::study::simulate::Strategy;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ReviewAction {
    /// Lists the identities.
    List {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Applies edits, one JSON object per line, one transaction each.
    ///
    /// Prints each edit's log number once it is on the disk. Edits: rename {identity, name},
    /// describe {identity, details}: notes details of a person by their names, an empty one goes,
    /// merge {identities, [into], [override]}, move {tracks, to, [override]}, split {tracks,
    /// [name], [details], [override]}, reject {tracks}, ignore {identities}, restore {identities}, confirm
    /// {identities}, cover {identity, track}, split-track {track, at}: cuts a track at a frame,
    /// cannot-link {a, b, [override]}, must-link {a, b, [override]}, all {edits}: several edits as
    /// one gesture, done or refused whole. A link that contradicts older ones, or tracks seen at
    /// the same time, is refused with what it contradicts; with "override": true the oldest links
    /// in the way go. So is an edit that newly makes tracks one person which are seen at the same
    /// time or linked as not the same.
    #[command(verbatim_doc_comment)]
    Apply {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// File of edits, or - for stdin.
        file: PathBuf,
    },
    /// Cuts a track that shows two people, where a tracker jumped from one to the other.
    ///
    /// Both parts are tracks of their own from then on; what lies from the frame on becomes a new
    /// identity, which the next run may place. Undo makes the track whole again.
    SplitTrack {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// The track.
        track: String,
        /// The first frame of the second part.
        #[arg(long, value_name = "FRAME")]
        at: u64,
    },
    /// Shows how many identities another certainty or radius makes, and adopts it with --adopt.
    ///
    /// Nothing is embedded again, and what was clustered before is cut, not clustered again.
    Cut {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// How sure a merge must be, for likelihood linkage; by default 0.5.
        #[arg(long, value_name = "P", value_parser = certainty)]
        certainty: Option<f64>,
        /// The radius, for ball clusters; by default the model's own.
        #[arg(long, value_name = "R", conflicts_with = "certainty")]
        radius: Option<f64>,
        /// Adopts that grouping, as one undo step.
        #[arg(long)]
        adopt: bool,
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Groups the tracks by another method and shows where it differs from the identities.
    ///
    /// Biggest difference first, each with the edit that applies the other method's grouping: a
    /// line for `review apply`. Nothing changes.
    Second {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// The other method; `castlist methods` lists them.
        #[arg(long, value_name = "ID")]
        method: String,
        /// A parameter of the other method.
        #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
        set: Vec<(String, String)>,
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Undoes edits.
    Undo {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// Number of edits.
        #[arg(default_value_t = 1)]
        steps: u64,
    },
    /// Redoes undone edits.
    Redo {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// Number of edits.
        #[arg(default_value_t = 1)]
        steps: u64,
    },
    /// Lists all edits in plain words, including undone branches.
    History {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Jumps to any entry of the history, on any branch.
    Jump {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// The entry's number.
        number: u64,
    },
    #[command(flatten)]
    Advice(AdviceAction),
    /// Simulates a perfect curator on a copy, and counts the gestures to a correct cast list.
    ///
    /// A click, a yes or no, a key that opens or accepts, and a name count 1 each; looking, turning
    /// pages and scrolling are not counted. Nothing of the project changes.
    Simulate(SimulateArgs),
    #[command(flatten)]
    View(ViewAction),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SimulateArgs {
    /// Project file, or the folder it belongs to.
    #[arg(required_unless_present = "embeddings", conflicts_with = "embeddings")]
    pub project: Option<PathBuf>,
    /// Matrix of embeddings, one row per track, instead of a project.
    #[arg(long, value_name = "FILE[:ARRAY]")]
    pub embeddings: Option<String>,
    /// Labels: `track,identity`, a `.ids` file, or FILE.npz:ARRAY.
    #[arg(long, value_name = "LABELS")]
    pub labels: String,
    /// One strategy; left out, all of them: ours, panes, cluster-page, confirm-one-by-one.
    #[arg(long, value_name = "NAME")]
    pub strategy: Option<Strategy>,
    /// Begins with the tracks clustered by likelihood linkage at this certainty; left out, with the
    /// project as it is, or a matrix at an even certainty.
    #[arg(long, value_name = "P", value_parser = certainty)]
    pub certainty: Option<f64>,
    /// The model that the matrix's rows come from.
    #[arg(long, value_name = "ID|FILE", requires = "embeddings")]
    pub model: Option<String>,
    /// One JSON object on stdout.
    #[arg(long)]
    pub json: bool,
}

/// A probability that a cut may have.
fn certainty(text: &str) -> Result<f64, String> {
    let value = CERTAINTY.parse(text).map_err(|refused| format!("it must be {}", refused.range))?;
    f64::from_value(value).ok_or_else(|| format!("it must be {}", CERTAINTY.range()))
}

impl ReviewAction {
    /// Whether it looks at its cancel token while it runs.
    pub(super) fn is_long(&self) -> bool {
        match self {
            Self::View(action) => action.is_long(),
            _ => matches!(self, Self::Cut { .. } | Self::Second { .. } | Self::Advice(_) | Self::Simulate(_)),
        }
    }
}
