//! The arguments of what `castlist review` is asked for advice with.

use clap::Subcommand;

use super::{Asked, RecogniseArgs};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AdviceAction {
    /// Who may be the same person? Pairs of identities, the best questions first.
    ///
    /// With --json each pair tells the edits of its two answers, lines for `review apply`.
    Suggest {
        #[command(flatten)]
        of: Asked,
        /// At most so many pairs.
        #[arg(long, default_value_t = 12)]
        pairs: usize,
    },
    /// The tracks of an identity, those that may be somebody else first.
    Doubtful {
        #[command(flatten)]
        of: Asked,
        /// The identity's number.
        identity: u64,
        /// These tracks are somebody else, all others are right: splits them off and confirms the
        /// identity, as one undo step. Without a value, all are right.
        #[arg(long, value_name = "TRACK,TRACK", num_args = 0.., value_delimiter = ',')]
        wrong: Option<Vec<String>>,
    },
    /// The parts into which an identity falls.
    Split {
        #[command(flatten)]
        of: Asked,
        /// The identity's number.
        identity: u64,
        /// How many parts; left out, as many as the distances suggest.
        #[arg(long, value_name = "N")]
        parts: Option<usize>,
        /// Makes each part an identity, as one undo step; the largest keeps the number.
        #[arg(long)]
        accept: bool,
    },
    /// What speaks for and against: a track in its identity, two tracks, or two identities.
    Why {
        #[command(flatten)]
        of: Asked,
        /// One track, or two.
        #[arg(long, value_name = "TRACK", required_unless_present = "identity")]
        track: Vec<String>,
        /// An identity's number, twice.
        #[arg(long, value_name = "N", conflicts_with = "track")]
        identity: Vec<u64>,
    },
    /// Whom of a library of people the identities may be, likeliest first.
    ///
    /// With --json each proposal tells the edits of its two answers, lines for `review apply`.
    Recognise(RecogniseArgs),
    /// Which of the named people an identity may be, likeliest first.
    Likely {
        #[command(flatten)]
        of: Asked,
        /// The identity's number.
        identity: u64,
    },
}
