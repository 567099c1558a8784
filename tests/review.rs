//! `castlist review …` and `cluster --propose` by the real binary: the history, jumps, proposals.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::TestDir;
use serde_json::Value;

#[test]
fn the_history_is_told_and_any_point_of_it_is_reached() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let name = |id: u32, name: &str| format!(r#"{{"edit":"rename","identity":{id},"name":"{name}"}}"#);
    test_dir.apply("f", &[&name(1, "Ann"), &name(1, "Anna")]).ok();
    test_dir.run_words("review undo f").ok();
    test_dir.apply("f", &[&name(1, "Bea")]).ok();
    let told = test_dir.run_words("review history f --json").ok().json();
    assert_eq!(told["cursor"], 3);
    let of = |key: &str| -> Vec<Value> {
        told["entries"].as_array().unwrap().iter().map(|entry| entry[key].clone()).collect()
    };
    assert_eq!(of("words")[1..], ["Named Person 1 Ann", "Renamed Ann to Anna", "Renamed Ann to Bea"]);
    assert_eq!(of("standing"), ["in-force", "in-force", "aside", "in-force"]);
    assert_eq!(of("parent")[1..], [0, 1, 1]);
    test_dir.run_words("review jump f 2").ok();
    assert_eq!(test_dir.list("f")["identities"][0]["name"], "Anna");
    let text = test_dir.run_words("review history f").ok().out();
    assert!(text.contains(">     2  Renamed Ann to Anna"), "{text}");
    assert!(text.contains("3  Renamed Ann to Bea  (upon 1)  (another branch)"), "{text}");
    test_dir.run_words("review jump f 9").fails(2, &["no entry 9", "review history"]);
    test_dir.run_words("review jump f 0").ok();
    assert!(test_dir.list("f")["identities"][0]["name"].is_null());
}

#[test]
fn a_rerun_is_a_proposal_that_is_adopted_in_part() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    test_dir.run_words("cluster f --set engine=tract").ok();
    test_dir.apply("f", &[r#"{"edit":"rename","identity":1,"name":"Ada"}"#]).ok();
    let before = test_dir.list("f");
    let settings = test_dir
        .run_words("cluster f --set engine=tract --method bcl --set radius=0.05 --propose --json")
        .ok()
        .json();
    let parts = settings["parts"].as_array().unwrap();
    assert!(!parts.is_empty(), "{settings}");
    assert_eq!(settings["n_before"], before["identities"].as_array().unwrap().len());
    let names = |part: &Value| part["changes"].to_string();
    assert!(parts.iter().all(|part| !names(part).contains("Ada")), "a named one is in no part");
    assert_eq!(test_dir.list("f"), before, "nothing was adopted");
    test_dir
        .run_words("cluster f --set engine=tract --method bcl --set radius=0.05 --adopt-parts 99")
        .fails(1, &["no part 99"]);
    assert_eq!(test_dir.list("f"), before);
    test_dir.run_words("cluster f --set engine=tract --method bcl --set radius=0.05 --adopt-parts 1").ok();
    let after = test_dir.list("f");
    assert_eq!(after["identities"][0], before["identities"][0]);
    assert_eq!(after["n_edits"], 2);
    let in_part: Vec<String> =
        parts[0]["changes"].as_array().unwrap().iter().map(|it| it["identity"].to_string()).collect();
    for identity in before["identities"].as_array().unwrap() {
        if !in_part.contains(&identity["id"].to_string()) {
            assert!(after["identities"].as_array().unwrap().contains(identity), "{identity} is as it was");
        }
    }
    test_dir.run_words("review undo f").ok();
    assert_eq!(test_dir.list("f")["identities"], before["identities"]);
}
