//! Tracks that were moved or renamed are the same tracks, with all that was decided about them.
//!
//! Drives the real binary.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::fs;

use common::{TestDir, face};
use serde_json::{Value, json};

const CLUSTER: &str = "cluster f --set engine=tract --json";

/// Names with the number of their tracks.
fn names(list: &Value) -> Vec<(String, usize)> {
    let mut names: Vec<(String, usize)> = list["identities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].as_str().unwrap_or("-").to_owned(), it["tracks"].as_array().unwrap().len()))
        .collect();
    names.sort();
    names
}

#[test]
fn renamed_folders_keep_their_names_and_the_change_is_said() {
    let place = TestDir::new();
    place.faces("f");
    place.run_words(CLUSTER).ok();
    let edits = (1..=3).map(|n| format!(r#"{{"edit":"rename","identity":{n},"name":"N{n}"}}"#));
    place.apply("f", &[&edits.collect::<Vec<_>>().join("\n")]).ok();
    let before = names(&place.list("f"));
    assert_eq!(before.iter().map(|(_, n)| n).sum::<usize>(), 9);

    // The video's folder, then one track's.
    fs::rename(place.path("f/v"), place.path("f/film")).unwrap();
    let ran = place.run_words("cluster f --set engine=tract").ok();
    assert!(ran.out().contains("0 tracks are new, 0 gone, 9 moved"), "{}", ran.out());
    assert_eq!(names(&place.list("f")), before);
    fs::rename(place.path("f/film/ada-1"), place.path("f/film/zz")).unwrap();
    let report = place.run_words(CLUSTER).json();
    assert_eq!(report["changes"], json!({ "n_new": 0, "n_gone": 0, "n_moved": 1 }));
    assert_eq!((&report["n_embedded"], names(&place.list("f"))), (&json!(0), before.clone()));
    assert!(place.list("f").to_string().contains("film/zz"));

    // One goes, one comes, one has other pictures; all others are as they were.
    fs::rename(place.path("f/film/bea-1"), place.path("bea-1")).unwrap();
    place.file("f/film/new/1.jpg", [face("cato-2"), b"more"].concat());
    place.file("f/film/cato-1/2.jpg", face("cato-3"));
    let report = place.run_words(CLUSTER).json();
    assert_eq!(report["changes"], json!({ "n_new": 1, "n_gone": 1, "n_moved": 0 }));
    assert_eq!(names(&place.list("f")).iter().filter(|(name, _)| name.starts_with('N')).count(), 3);

    // What returns has its name again.
    fs::rename(place.path("bea-1"), place.path("f/film/bea-1")).unwrap();
    place.run_words(CLUSTER).ok();
    let kept: Vec<_> = names(&place.list("f")).into_iter().filter(|(name, _)| name != "-").collect();
    assert_eq!(kept, before);
    place.run_words("export f out").ok();
    assert!(place.path("out/N1").is_dir());
}
