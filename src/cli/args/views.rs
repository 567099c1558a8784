//! The arguments of what `castlist review` shows of all tracks at once.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ViewAction {
    /// Unnamed people who barely appear, or appear only blurred; --ignore ignores them.
    ///
    /// Named and confirmed people are never included.
    Strangers(StrangersArgs),
    /// Who appears when, per video.
    ///
    /// Times come from tracks.csv alone; tracks without times are counted, never placed.
    Timeline(TimelineArgs),
    /// All tracks as points on a plane, near each other where their vectors are.
    ///
    /// Distances in the map are approximate. The same project and seed give the same points.
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
    /// Maximum number of tracks.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub tracks: usize,
    /// Maximum time on screen in seconds; people without times are left out.
    #[arg(long, value_name = "S")]
    pub seconds: Option<f64>,
    /// Maximum sharpness of the sharpest face: 0.05 is blurred, 0.15 sharp.
    #[arg(long, value_name = "Q", num_args = 0..=1, default_missing_value = "0.1")]
    pub blurred: Option<f32>,
    /// Ignores all of them, as one undo step.
    #[arg(long, conflicts_with = "restore")]
    pub ignore: bool,
    /// Restores unnamed ignored people below the same limits, as one undo step.
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
    /// Largest gap between two appearances of one identity that are shown as one; in seconds, or in
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
    /// Random seed.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Of more tracks than this, a sample is laid out and the others are placed next to it.
    #[arg(long, value_name = "N", default_value_t = crate::session::MapOptions::default().sample)]
    pub sample: usize,
    /// One JSON object on stdout.
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// A table on stdout: track, identity, name, x, y.
    #[arg(long)]
    pub csv: bool,
}
