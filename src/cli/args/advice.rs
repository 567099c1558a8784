//! The arguments of what `castlist review` is asked for advice with.

use clap::Subcommand;

use super::{ProjectArgs, RecogniseArgs};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AdviceAction {
    /// Who may be the same person? Pairs of identities, the best questions first.
    ///
    /// With --json each pair has the edits of both answers, as lines for `review apply`.
    Suggest {
        #[command(flatten)]
        of: ProjectArgs,
        /// Maximum number of pairs.
        #[arg(long, default_value_t = 12)]
        pairs: usize,
        /// Merges the identities that are surely people who have a name, as one undo step.
        #[arg(long)]
        accept: bool,
    },
    /// The tracks of an identity, the most doubtful first.
    Doubtful {
        #[command(flatten)]
        of: ProjectArgs,
        /// The identity's number.
        identity: u64,
        /// These tracks show another person, all others are right: splits them off and confirms the
        /// identity, as one undo step. Without a value, all are right.
        #[arg(long, value_name = "TRACK,TRACK", num_args = 0.., value_delimiter = ',')]
        wrong: Option<Vec<String>>,
    },
    /// Suggests how to split an identity into parts.
    Split {
        #[command(flatten)]
        of: ProjectArgs,
        /// The identity's number.
        identity: u64,
        /// Number of parts; by default as many as the distances suggest.
        #[arg(long, value_name = "N")]
        parts: Option<usize>,
        /// Makes each part an identity, as one undo step; the largest keeps the number.
        #[arg(long)]
        accept: bool,
    },
    /// The evidence for and against: a track in its identity, two tracks, or two identities.
    Why {
        #[command(flatten)]
        of: ProjectArgs,
        /// One track, or two.
        #[arg(long, value_name = "TRACK", required_unless_present = "identity")]
        track: Vec<String>,
        /// An identity's number, twice.
        #[arg(long, value_name = "N", conflicts_with = "track")]
        identity: Vec<u64>,
    },
    /// Suggests named people for the identities, most likely first: those of the project itself, as new
    /// footage comes in, and those of the library, where there is one.
    ///
    /// With --json each proposal has the edits of both answers, as lines for `review apply`.
    Recognise(RecogniseArgs),
    /// The named people that an identity may be, most likely first.
    Likely {
        #[command(flatten)]
        of: ProjectArgs,
        /// The identity's number.
        identity: u64,
    },
}
