//! `castlist doctor`: what works on this machine, and what to do about the rest.

use serde_json::json;

use super::{Completion, output};
use crate::infer::{EngineChoice, EngineKind, engine};
use crate::models::{Availability, Catalogue, user_folder};
use crate::project::data_folder;
use crate::session::SessionError;
use crate::video::{Ffmpeg, VideoError};

pub(super) fn run(as_json: bool) -> Result<Completion, SessionError> {
    let engine = engine(EngineChoice::Auto)?;
    let catalogue = Catalogue::load()?;
    let ready: Vec<String> = catalogue
        .list()
        .iter()
        .filter(|m| matches!(m.availability, Availability::BuiltIn | Availability::Installed))
        .map(|m| m.entry.id.clone())
        .collect();
    let display = display();
    let fonts = fonts();
    let ffmpeg = Ffmpeg::find(None);
    if as_json {
        output::json(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "engine": engine.to_string(),
            "engine_library": engine.library,
            "engine_notes": engine.notes,
            "cores": rayon::current_num_threads(),
            "models": ready,
            "models_folder": user_folder(),
            "data_folder": data_folder(),
            "ffmpeg": ffmpeg.as_ref().ok().map(|found| &found.path),
            "ffmpeg_version": ffmpeg.as_ref().ok().map(|found| &found.version),
            "window": display.is_ok(),
            "scripts_without_font": fonts,
        }))?;
        return Ok(Completion::Success);
    }
    output::line(format!("castlist {}, {} cores", env!("CARGO_PKG_VERSION"), rayon::current_num_threads()));
    output::line(format!("engine:  {engine}"));
    if let Some(library) = &engine.library {
        output::line(format!("         from {}", library.display()));
    }
    engine.notes.iter().for_each(|note| output::line(format!("         {note}")));
    if engine.kind == EngineKind::Tract {
        output::line(
            "         The built-in engine works everywhere; ONNX Runtime is about four times faster.\n         \
             To use it: pip install onnxruntime, or set ORT_DYLIB_PATH to its library.",
        );
    }
    output::line(format!("models:  {}", ready.join(", ")));
    if let Some(folder) = user_folder() {
        output::line(format!("         your own in {}", folder.display()));
    }
    match ffmpeg {
        Ok(found) => {
            output::line(format!("videos:  ffmpeg {}\n         {}", found.version, found.path.display()));
        }
        Err(VideoError::NoFfmpeg { how, tried }) => {
            output::line(format!("videos:  no ffmpeg; folders of frames work, for videos: {how}"));
            if !tried.is_empty() {
                output::line(format!("        {tried}"));
            }
        }
        Err(other) => output::line(format!("videos:  {other}")),
    }
    match display {
        Ok(what) => output::line(format!("window:  {what}")),
        Err(what) => output::line(format!("window:  no; {what}")),
    }
    if fonts.is_empty() {
        output::line("fonts:   names in Chinese, Japanese and Korean can be read");
    } else {
        let missing = fonts.join(", ");
        output::line(format!("fonts:   no font for {missing}; install one, such as Noto Sans CJK"));
    }
    Ok(Completion::Success)
}

/// Whether a window can open here.
fn display() -> Result<&'static str, &'static str> {
    if !cfg!(feature = "gui") {
        return Err("this build has none; the commands work");
    }
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !cfg!(target_os = "linux") || set("WAYLAND_DISPLAY") || set("DISPLAY") {
        Ok("a display is there")
    } else {
        Err("neither DISPLAY nor WAYLAND_DISPLAY is set; the commands work all the same")
    }
}

/// Scripts that no installed font can show.
#[cfg(feature = "gui")]
fn fonts() -> Vec<&'static str> {
    crate::ui::scripts_without_font()
}

#[cfg(not(feature = "gui"))]
fn fonts() -> Vec<&'static str> {
    Vec::new()
}
