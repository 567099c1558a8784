//! The arguments of `track`.

use std::path::PathBuf;

use clap::Args;

use crate::infer::EngineChoice;
use crate::models::DEFAULT_DETECT;

#[derive(Debug, Args)]
pub(in crate::cli) struct TrackArgs {
    /// Videos, animated GIF or WebP pictures, folders of videos at any depth, or folders of frames.
    #[arg(required = true, value_name = "VIDEO")]
    pub videos: Vec<PathBuf>,
    /// Folder of tracks; a new or empty one, or one that further videos are added to.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// Detector: an id of `castlist models`, or an ONNX file.
    #[arg(long, value_name = "ID|FILE", default_value = DEFAULT_DETECT)]
    pub detector: String,
    /// Looks for faces in every Nth frame; left out, 6 to 8 times a second.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub every: Option<u64>,
    /// The least height of a face in pixels of the frame; frames are at most 1920 wide.
    #[arg(long, value_name = "PX", default_value_t = 40)]
    pub min_face: u16,
    /// Looks closer at large frames, for small faces; up to four times slower.
    #[arg(long)]
    pub small_faces: bool,
    /// Frames a second of folders of frames; left out, 25.
    #[arg(long, value_name = "N", value_parser = fps)]
    pub fps: Option<f64>,
    /// The program ffmpeg; left out, it is looked for.
    #[arg(long, value_name = "FILE")]
    pub ffmpeg: Option<PathBuf>,
    /// Inference engine: auto, onnxruntime or tract.
    #[arg(long, default_value = "auto", value_parser = engine)]
    pub engine: EngineChoice,
    /// One JSON object on stdout.
    #[arg(long)]
    pub json: bool,
}

fn fps(text: &str) -> Result<f64, String> {
    let number: Option<f64> = match text.split_once('/') {
        Some((n, d)) => n.parse::<f64>().ok().zip(d.parse::<f64>().ok()).map(|(n, d)| n / d),
        None => text.parse().ok(),
    };
    number
        .filter(|fps| fps.is_finite() && (0.01..=1000.0).contains(fps))
        .ok_or_else(|| "frames a second are a number such as 25 or 24000/1001, up to 1000".to_owned())
}

fn engine(text: &str) -> Result<EngineChoice, String> {
    text.parse().map_err(|()| "it is auto, onnxruntime or tract".to_owned())
}
