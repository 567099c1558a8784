//! `castlist review suggest|doubtful|split|why|likely` by the real binary, on drawn vectors.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::{TestDir, archive};
use serde_json::Value;

/// Forty tracks of eight people, clustered at a radius.
fn clustered(radius: &str) -> TestDir {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    test_dir.run_words(&format!("cluster f --method bcl --set radius={radius}")).ok();
    test_dir
}

fn identities(test_dir: &TestDir) -> Vec<Value> {
    test_dir.list("f")["identities"].as_array().unwrap().clone()
}

#[test]
fn what_is_suggested_is_answered_by_its_own_edits() {
    let test_dir = clustered("0.4");
    let n = identities(&test_dir).len();
    let told = test_dir.run_words("review suggest f --json").ok().json();
    let pairs = told["pairs"].as_array().unwrap();
    assert!((3..=12).contains(&pairs.len()), "{told}");
    assert!(told["decisions_left"].as_f64().unwrap() >= 8.0);
    let (yes, no) = (pairs[0]["yes"].to_string(), pairs[1]["no"].to_string());
    test_dir.apply("f", &[&yes, &no]).ok();
    assert_eq!(identities(&test_dir).len(), n - 1);
    let again = test_dir.run_words("review suggest f --pairs 400 --json").ok().json();
    let same = |pair: &&Value| pair["a"] == pairs[1]["a"] && pair["b"] == pairs[1]["b"];
    assert!(again["pairs"].as_array().unwrap().iter().find(same).is_none(), "a no is remembered");
    // Seen at the same time: never asked.
    let list = identities(&test_dir);
    let of = |track: &str| {
        let has = |it: &&Value| it["tracks"].as_array().unwrap().contains(&track.into());
        list.iter().find(has).unwrap()["id"].as_u64().unwrap()
    };
    let (a, b) = (of("v0/0"), of("v0/2"));
    let asked = |pair: &&Value| {
        let pair = (pair["a"].as_u64().unwrap(), pair["b"].as_u64().unwrap());
        pair == (a.min(b), a.max(b))
    };
    assert!(again["pairs"].as_array().unwrap().iter().find(asked).is_none());
    let text = test_dir.run_words("review suggest f").ok().out();
    assert!(text.contains("decisions left: about"), "{text}");
    test_dir.run_words("review undo f 2").ok();
    assert_eq!(test_dir.run_words("review suggest f --json").ok().json(), told, "an undo asks again");
}

#[test]
fn a_mixed_identity_falls_into_parts_and_doubtful_tracks_are_clicked_out() {
    let test_dir = clustered("0.3");
    let ids: Vec<u64> = identities(&test_dir).iter().map(|it| it["id"].as_u64().unwrap()).collect();
    let merge = format!(r#"{{"edit":"merge","identities":[{},{}],"override":true}}"#, ids[0], ids[1]);
    test_dir.apply("f", &[&merge]).ok();
    let list = identities(&test_dir);
    let mixed = &list[0];
    let id = mixed["id"].as_u64().unwrap();
    let told = test_dir.run_words(&format!("review split f {id} --json")).ok().json();
    assert_eq!(told["parts"].as_array().unwrap().len() as u64, told["suggested"].as_u64().unwrap());
    let n_tracks = mixed["tracks"].as_array().unwrap().len();
    let parts = test_dir.run_words(&format!("review split f {id} --parts 3 --json")).ok().json();
    let sizes: Vec<usize> =
        parts["parts"].as_array().unwrap().iter().map(|part| part.as_array().unwrap().len()).collect();
    assert_eq!((sizes.len(), sizes.iter().sum::<usize>()), (3, n_tracks));
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
    test_dir.run_words(&format!("review split f {id} --parts 3 --accept")).ok();
    assert_eq!(identities(&test_dir).len(), list.len() + 2);
    let suggested = test_dir.run_words("review suggest f --pairs 400 --json").ok().json();
    let asks = |pair: &&Value| pair["a"].as_u64() == Some(id) && pair["b"].as_u64() > ids.last().copied();
    assert!(suggested["pairs"].as_array().unwrap().iter().find(asks).is_none(), "parts are told apart");
    test_dir.run_words("review undo f").ok();
    // The same by hand: the outlier goes.
    let doubts = test_dir.run_words(&format!("review doubtful f {id} --json")).ok().json();
    let doubts = doubts["tracks"].as_array().unwrap();
    assert_eq!(doubts.len(), n_tracks);
    assert!(doubts.is_sorted_by(|a, b| a["p"].as_f64() >= b["p"].as_f64()));
    let odd = doubts[0]["track"].as_str().unwrap();
    test_dir.run_words(&format!("review doubtful f {id} --wrong {odd}")).ok();
    let list = test_dir.list("f");
    let kept = list["identities"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap();
    assert_eq!(kept["state"], "confirmed");
    assert!(!kept["tracks"].as_array().unwrap().contains(&odd.into()));
    test_dir.run_words(&format!("review doubtful f {id} --wrong nobody")).fails(2, &["nobody"]);
    test_dir.run_words("review split f 999").fails(2, &["999"]);
    test_dir.run_words(&format!("review doubtful f {id} --wrong {odd}")).fails(2, &[odd, "does not belong"]);
}

#[test]
fn why_tells_figures_links_and_overlaps() {
    let test_dir = clustered("0.3");
    test_dir.apply("f", &[r#"{"edit":"cannot-link","a":"v0/0","b":"v1/1"}"#]).ok();
    let why = test_dir.run_words("review why f --track v0/0 --track v1/1 --json").ok().json();
    assert_eq!(why["ties"][0]["source"], "user");
    let d = why["distance"].as_f64().unwrap();
    assert!((why["similarity"].as_f64().unwrap() - (1.0 - d / 2.0)).abs() < 1e-5);
    assert!((0.0..=1.0).contains(&why["p"].as_f64().unwrap()));
    let why = test_dir.run_words("review why f --track v0/0 --track v0/2 --json").ok().json();
    assert_eq!(why["ties"][0]["source"], "co-occurrence");
    let ids: Vec<u64> = identities(&test_dir).iter().map(|it| it["id"].as_u64().unwrap()).collect();
    let text =
        test_dir.run_words(&format!("review why f --identity {} --identity {}", ids[0], ids[1])).ok().out();
    assert!(text.contains("likely the same") && text.contains("rival:"), "{text}");
    test_dir.run_words("review why f --track nobody").fails(2, &["nobody"]);
    test_dir.run_words("review why f").fails(1, &["--track"]);
    // Named identities are offered for unnamed ones.
    let name = |id: u64, name: &str| format!(r#"{{"edit":"rename","identity":{id},"name":"{name}"}}"#);
    test_dir.apply("f", &[&name(ids[0], "Ada"), &name(ids[1], "Ben")]).ok();
    let likely = test_dir.run_words(&format!("review likely f {} --json", ids[2])).ok().json();
    let people = likely["people"].as_array().unwrap();
    assert!(people.len() <= 2 && people.is_sorted_by(|a, b| a["p"].as_f64() >= b["p"].as_f64()));
    assert_eq!(people.len(), 2, "{likely}");
}

#[test]
fn advice_needs_a_run_and_no_method_in_particular() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    test_dir.run_words("review suggest f").fails(2, &[]);
    test_dir.run_words("cluster f --method chinese-whispers --set similarity=0.5").ok();
    let told = test_dir.run_words("review suggest f --json").ok().json();
    assert!(told["pairs"].is_array(), "{told}");
}

#[test]
fn the_simulated_curator_tells_what_each_way_takes() {
    let test_dir = clustered("0.45");
    let mut labels = String::from("track,identity\n");
    for track in 0..40 {
        labels.push_str(&format!("v{}/{track},p{}\n", track % 2, track % 8));
    }
    test_dir.file("labels.csv", labels);
    let before = test_dir.list("f");
    let told = test_dir.run_words("review simulate f --labels labels.csv --json").ok().json();
    let all = told["strategies"].as_array().unwrap();
    assert_eq!(all.len(), 4);
    for played in all {
        assert_eq!(played["excess"].as_i64().unwrap(), played["gestures"].as_i64().unwrap() - 8, "{played}");
        assert_eq!(played["curve"].as_array().unwrap().last().unwrap()[1], 1.0);
    }
    assert_eq!(test_dir.list("f"), before, "it works on a copy");
    let one = test_dir
        .run_words("review simulate f --labels labels.csv --strategy ours --certainty 0.9 --json")
        .ok()
        .json();
    assert_eq!((one["strategy"].as_str(), one["n_tracks"].as_u64()), (Some("ours"), Some(40)));
    test_dir.run_words("review simulate f --labels labels.csv --strategy best").fails(1, &["cluster-page"]);
    test_dir.file("few.csv", "track,identity\nv0/0,p0\n");
    test_dir.run_words("review simulate f --labels few.csv").fails(2, &["39 of 40", "no label"]);
}
