//! What the curator said holds through every re-clustering: at another radius, by another method,
//! under another model.
//!
//! Works on drawn faces through the real binary, with the built-in engine.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::collections::BTreeMap;

use castlist::cluster::METHODS;
use common::TestDir;
use serde_json::{Value, json};

/// Another model: the built-in network behind another preprocessing, so that every vector differs.
fn another_model(test_dir: &TestDir) -> String {
    let network = [include_bytes!("../models/castlist-face.onnx").as_slice(), b"\x32\x04mine"].concat();
    test_dir.file("nets/mine.onnx", network);
    test_dir.file("nets/mine.toml", "size = 168\nmean = 60\nscale = 200\nradius = 0.5\ncolour = \"bgr\"\n");
    "--model nets/mine.onnx".to_owned()
}

/// The identity of each track; unassigned ones have none.
fn identities(test_dir: &TestDir) -> BTreeMap<String, u64> {
    let listed = test_dir.list("f");
    let people = listed["identities"].as_array().unwrap();
    let tracks = |person: &Value| -> Vec<String> {
        person["tracks"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    people
        .iter()
        .flat_map(|person| tracks(person).into_iter().map(|track| (track, person["id"].as_u64().unwrap())))
        .collect()
}

#[test]
fn a_yes_a_no_and_a_rejection_hold_whatever_groups_the_tracks_anew() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    test_dir.run_words("cluster f --set engine=tract").ok();
    let first = identities(&test_dir);
    let ada = first["v/ada-1"];
    assert_eq!((first.len(), first["v/ada-3"]), (9, ada));
    test_dir
        .apply(
            "f",
            &[
                // Confirmed as it is; taken out; two people; one person.
                &json!({ "edit": "confirm", "identities": [ada] }).to_string(),
                r#"{"edit":"reject","tracks":["v/bea-3"]}"#,
                r#"{"edit":"cannot-link","a":"v/bea-1","b":"v/cato-1"}"#,
                r#"{"edit":"must-link","a":"v/cato-2","b":"v/cato-3"}"#,
            ],
        )
        .ok();
    let mut ways: Vec<String> =
        ["0.02", "0.52", "1"].iter().map(|radius| format!("--method bcl --set radius={radius}")).collect();
    let methods = METHODS.iter().filter(|method| !method.needs_head);
    ways.extend(methods.map(|method| format!("--set method={} --set radius=1", method.id)));
    let other = another_model(&test_dir);
    ways.push(format!("--set method=bcl --method bcl --set radius=0.02 {other}"));
    ways.push(format!("--method bcl --set radius=1 {other}"));
    let mut sizes = Vec::new();
    for way in ways {
        test_dir.run_words(&format!("cluster f --set engine=tract {way}")).ok();
        let now = identities(&test_dir);
        let of_ada: Vec<&str> =
            now.iter().filter(|it| *it.1 == ada).map(|(track, _)| track.as_str()).collect();
        assert_eq!(of_ada, ["v/ada-1", "v/ada-2", "v/ada-3"], "{way}");
        let listed = test_dir.list("f");
        let people = listed["identities"].as_array().unwrap();
        let state = people.iter().find(|person| person["id"] == ada).map(|person| &person["state"]);
        assert_eq!(state, Some(&json!("confirmed")), "{way}");
        assert!(!now.contains_key("v/bea-3"), "{way}: what was rejected stays out");
        assert_ne!(now["v/bea-1"], now["v/cato-1"], "{way}");
        assert_eq!(now["v/cato-2"], now["v/cato-3"], "{way}");
        sizes.push(people.len());
    }
    assert!(sizes.iter().min() < sizes.iter().max(), "the ways group otherwise: {sizes:?}");
}
