//! Accuracy on real tracks, where this checkout has them beside it (`CASTLIST_SHARED`).
//!
//! They show real people and are no part of the project: elsewhere this is skipped, and said.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::{Place, shared, skip};

/// BCubed F of a folder of tracks under a model.
fn bcubed(tracks: &str, model: &str) -> Option<f64> {
    let Some(shared) = shared() else {
        skip("no shared data");
        return None;
    };
    let place = Place::new();
    let folder = shared.join("data").join(tracks);
    let model = if model.contains('.') { shared.join("models").join(model) } else { model.into() };
    let (folder, model) = (folder.to_str().unwrap(), model.to_str().unwrap());
    place.run(["cluster", folder, "--model", model, "--project", "p.sqlite", "--assignments", "a.csv"]).ok();
    let labels = format!("{folder}/labels.csv");
    let scores = place.run(["evaluate", "--assignments", "a.csv", "--labels", &labels, "--json"]).json();
    scores["bcubed"]["f"].as_f64()
}

fn reaches(tracks: &str, model: &str, floor: f64) {
    if let Some(f) = bcubed(tracks, model) {
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
