//! Accuracy on real tracks, where this checkout has them beside it (`CASTLIST_SHARED`).
//!
//! They show real people and are no part of the project: elsewhere this is skipped, and said.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::{Place, shared, skip};

/// BCubed F of a folder of tracks under a model and a radius.
fn bcubed(tracks: &str, model: &str, radius: &str) -> Option<f64> {
    let Some(shared) = shared() else {
        skip("no shared data");
        return None;
    };
    let place = Place::new();
    let folder = shared.join("data").join(tracks);
    let model = if model.contains('.') { shared.join("models").join(model) } else { model.into() };
    let (folder, model) = (folder.to_str().unwrap(), model.to_str().unwrap());
    let radius = format!("radius={radius}");
    let choice = ["--model", model, "--set", &radius, "--project", "p.sqlite", "--assignments", "a.csv"];
    place.run(["cluster", folder].into_iter().chain(choice)).ok();
    let labels = format!("{folder}/labels.csv");
    let scores = place.run(["evaluate", "--assignments", "a.csv", "--labels", &labels, "--json"]).json();
    scores["bcubed"]["f"].as_f64()
}

fn reaches(tracks: &str, model: &str, floor: f64) {
    if let Some(f) = bcubed(tracks, model, "auto") {
        assert!(f >= floor, "{model} on {tracks}: BCubed F {f}");
    }
}

#[test]
fn small_tracks_with_a_strong_model() {
    reaches("tracks-small", "edgeface_xs_112_rgb.onnx", 1.0);
}

#[test]
fn small_tracks_with_the_built_in_model() {
    reaches("tracks-small", "castlist-face", 0.99);
}

#[test]
fn stills_with_a_strong_model() {
    reaches("tracks-stills", "edgeface_xs_112_rgb.onnx", 0.99);
}

#[test]
fn stills_with_the_built_in_model() {
    reaches("tracks-stills", "castlist-face", 0.98);
}

/// A radius that is estimated without labels comes within 0.02 of the best fixed one that the
/// labels would choose (`best`, by a sweep of τ in hundredths; docs/quality.md).
fn estimates(tracks: &str, model: &str, best: f64) {
    if let Some(f) = bcubed(tracks, model, "estimate") {
        assert!(f >= best - 0.02, "{model} on {tracks}: BCubed F {f}, best {best}");
    }
}

#[test]
fn the_radius_of_a_strong_model_is_estimated() {
    estimates("tracks-small", "edgeface_xs_112_rgb.onnx", 1.0);
    estimates("tracks-stills", "edgeface_xs_112_rgb.onnx", 1.0);
}

#[test]
fn the_radius_of_the_built_in_model_is_estimated() {
    estimates("tracks-small", "castlist-face", 1.0);
    estimates("tracks-stills", "castlist-face", 0.993);
}

#[test]
fn the_radius_of_a_model_that_takes_strangers_for_one_is_estimated() {
    estimates("tracks-small", "mobilefacenet_casia_112x96_rgb.onnx", 0.969);
    estimates("tracks-stills", "mobilefacenet_casia_112x96_rgb.onnx", 0.997);
}
