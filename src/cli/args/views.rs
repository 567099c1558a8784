//! The arguments of what `castlist review` shows of all tracks at once.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ViewAction {
    /// Whoever is seen so little, or so badly, that nobody will name them; puts them aside with
    /// --ignore.
    ///
    /// Whoever has a name or was confirmed is never among them.
    Strangers(StrangersArgs),
    /// Who appears when, per video.
    ///
    /// Times come from tracks.csv alone; tracks without times are counted, never placed.
    Timeline(TimelineArgs),
    /// All tracks as points on a plane, near each other where their vectors are.
    ///
    /// A way to see, never the truth. The same project and seed give the same points.
    Map(MapArgs),
}

impl ViewAction {
    /// Whether it looks at its cancel token while it runs.
    pub(in crate::cli) fn is_long(&self) -> bool {
        matches!(self, Self::Map(_) | Self::Strangers(_))
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct StrangersArgs {
    /// Project file, or the folder it belongs to.
    pub project: PathBuf,
    /// At most so many tracks.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub tracks: usize,
    /// Tracks that last so many seconds together at most; whose times are not known is left out.
    #[arg(long, value_name = "S")]
    pub seconds: Option<f64>,
    /// The sharpest face is at most so sharp: 0.05 is blurred, 0.15 sharp.
    #[arg(long, value_name = "Q", num_args = 0..=1, default_missing_value = "0.1")]
    pub blurred: Option<f32>,
    /// Puts all of them aside, as one undo step.
    #[arg(long, conflicts_with = "restore")]
    pub ignore: bool,
    /// Brings ignored ones without a name below the same bars back, as one undo step.
    #[arg(long)]
    pub restore: bool,
    /// One JSON object on stdout.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct TimelineArgs {
    /// Project file, or the folder it belongs to.
    pub project: PathBuf,
    /// This video only.
    #[arg(long, value_name = "NAME")]
    pub video: Option<String>,
    /// Appearances of one identity that are at most so far apart are told as one; in seconds, or in
    /// frames where the video has no rate.
    #[arg(long, value_name = "GAP", default_value_t = 0.0)]
    pub gap: f64,
    /// One JSON object on stdout.
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// A table on stdout: video, identity, name, state, start, end, unit, tracks.
    #[arg(long)]
    pub csv: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct MapArgs {
    /// Project file, or the folder it belongs to.
    pub project: PathBuf,
    /// Seed of everything random.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Of more tracks than this, a sample is laid out and the others are placed beside it.
    #[arg(long, value_name = "N", default_value_t = crate::session::MapOptions::default().sample)]
    pub sample: usize,
    /// One JSON object on stdout.
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// A table on stdout: track, identity, name, x, y.
    #[arg(long)]
    pub csv: bool,
}
