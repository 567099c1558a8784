//! A track that shows two people: it is warned of, doubted first, explained, and cut as an edit.
//!
//! Drives the real binary.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::{TestDir, face, warnings};
use serde_json::{Value, json};

const CLUSTER: &str = "cluster f --set engine=tract --json";

/// `v/jump` shows Ada in frames 1 to 3 and Bea in 11 to 13; `v/ada` and `v/bea` show one each.
fn place() -> TestDir {
    let place = TestDir::new();
    for n in 1..=3 {
        for (track, person, frame) in
            [("jump", "ada", n), ("jump", "bea", 10 + n), ("ada", "ada", n), ("bea", "bea", n)]
        {
            place.file(format!("f/v/{track}/{frame:03}.jpg"), face(&format!("{person}-{n}")));
        }
    }
    place
}

fn tracks_of(list: &Value) -> Vec<Vec<String>> {
    let mut identities: Vec<Vec<String>> = list["identities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["tracks"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect())
        .collect();
    identities.sort();
    identities
}

#[test]
fn it_is_warned_of_doubted_first_and_explained() {
    let place = place();
    let report = place.run_words(CLUSTER).json();
    let told = warnings(&report, "two-people");
    assert_eq!(told.len(), 1, "{report}");
    assert!(told[0].contains("v/jump") && told[0].contains("from there on") && told[0].contains("frame 11"));
    let again = place.run_words(CLUSTER).json();
    assert_eq!((&again["n_embedded"], warnings(&again, "two-people")), (&json!(0), told), "kept");
    let list = place.list("f");
    let of = |track: &str| {
        let identities = list["identities"].as_array().unwrap();
        let mine = identities.iter().find(|it| it["tracks"].as_array().unwrap().contains(&json!(track)));
        mine.unwrap()["id"].as_u64().unwrap()
    };
    let doubts = place.run_words(&format!("review doubtful f {} --json", of("v/jump"))).json();
    assert_eq!(doubts["tracks"][0]["track"], "v/jump");
    assert_eq!(doubts["tracks"][0]["two_people"]["at"], 11);
    let why = place.run_words("review why f --track v/jump").ok().out();
    assert!(why.contains("v/jump seems to show two people") && why.contains("frame 11"), "{why}");
    let why = place.run_words("review why f --track v/jump --json").json();
    assert_eq!((&why["two_people"][0][0], &why["two_people"][0][1]["at"]), (&json!("v/jump"), &json!(11)));
    place.run_words("cluster f --set engine=tract --strict").exits_with(4);
}

#[test]
fn a_cut_makes_two_tracks_that_later_runs_place_and_undo_makes_them_one() {
    let place = place();
    place.run_words(CLUSTER).ok();
    place.run_words("review split-track f v/jump --at 11").ok();
    let list = place.list("f");
    let parts: Vec<String> = tracks_of(&list).concat().into_iter().filter(|id| id.contains("jump")).collect();
    assert_eq!(parts.len(), 2, "{list}");
    assert!(parts.contains(&"v/jump#1-3".to_owned()) && parts.contains(&"v/jump#11-13".to_owned()));
    let report = place.run_words(CLUSTER).json();
    assert_eq!((&report["n_tracks"], &report["n_embedded"]), (&json!(4), &json!(0)), "{report}");
    assert!(warnings(&report, "two-people").is_empty(), "{report}");
    let people = [vec!["v/ada", "v/jump#1-3"], vec!["v/bea", "v/jump#11-13"]];
    assert_eq!(tracks_of(&place.list("f")), people);
    // A name given before the cut stays with both parts' identity of then.
    let history = place.run_words("review history f").ok().out();
    assert!(history.contains("Cut v/jump at frame 11"), "{history}");
    place.run_words("export f out").ok();
    let exported = place.read("out/tracks.csv");
    assert!(exported.contains("v/jump#1-3") && exported.contains("v/jump#11-13"), "{exported}");
    place.run_words("review undo f 2").ok();
    assert!(tracks_of(&place.list("f")).concat().contains(&"v/jump".to_owned()));
    place.run_words("review redo f 2").ok();
    assert_eq!(tracks_of(&place.list("f")), people);
    // Whole again, a run finds the whole track.
    place.run_words("review undo f 2").ok();
    assert_eq!(place.run_words(CLUSTER).json()["n_tracks"], 3);
}

#[test]
fn a_cut_that_parts_nothing_is_refused_in_words() {
    let place = place();
    place.run_words(CLUSTER).ok();
    for at in [0, 1, 14] {
        let cut = format!(r#"{{"edit":"split-track","track":"v/jump","at":{at}}}"#);
        place.apply("f", &[&cut]).fails(2, &["v/jump", "frames 1 to 13"]);
    }
    place.run_words("review split-track f v/none --at 3").fails(2, &["v/none"]);
    let cut = r#"{"edit":"split-track","track":"v/jump","at":11}"#;
    place.apply("f", &[cut]).ok();
    place.apply("f", &[cut]).fails(2, &["v/jump"]);
    place.apply("f", &[r#"{"edit":"split-track","track":"v/jump#11-13","at":13}"#]).ok();
    place.apply("f", &[r#"{"edit":"rename","identity":1,"name":"Ada"}"#]).ok();
    let ids = tracks_of(&place.list("f")).concat();
    assert!(ids.contains(&"v/jump#13-13".to_owned()), "{ids:?}");
}
