//! Every method of the table does the whole job: groups a folder, breaks no link, gives the same
//! again, and stands beside what is adopted as a second opinion.
//!
//! Works on folders of random features through the session and through the real binary.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use castlist::base::{ConstraintKind, Cx};
use castlist::cluster::METHODS;
use castlist::session::{Command, Session};
use castlist::tracks::overlaps;
use common::{TestDir, archive, has_fields};
use serde_json::{Value, json};

/// Methods that need nothing but the tracks.
fn methods() -> impl Iterator<Item = &'static str> {
    METHODS.iter().filter(|method| !method.needs_head).map(|method| method.id)
}

#[test]
fn no_method_breaks_a_link() {
    for id in methods() {
        let test_dir = TestDir::new();
        archive(&test_dir, "f");
        let mut session = Session::open(&test_dir.path("f"), None).unwrap();
        session.set("method", id).unwrap();
        session.set("radius", "0.7").unwrap();
        let first = session.job().run(&Cx::new(), |_| ()).unwrap();
        session.finish(&first).unwrap();
        for edit in [
            r#"{"edit":"must-link","a":"v0/0","b":"v1/9"}"#,
            r#"{"edit":"must-link","a":"v1/9","b":"v1/19"}"#,
            r#"{"edit":"cannot-link","a":"v0/8","b":"v0/16"}"#,
        ] {
            session.perform(Command::Edit(serde_json::from_str(edit).unwrap())).unwrap();
        }
        let again = session.job().run(&Cx::new(), |_| ()).unwrap();
        let of = |track: &str| {
            let ix = again.set.tracks.iter().position(|one| one.id == track).unwrap();
            again.labels[ix].unwrap()
        };
        assert_eq!(of("v0/0"), of("v1/9"), "{id}");
        assert_eq!(of("v1/9"), of("v1/19"), "{id}");
        assert_ne!(of("v0/8"), of("v0/16"), "{id}");
        let mut n_apart = 0;
        for pair in overlaps(&again.set.tracks).all() {
            assert_eq!(pair.kind, ConstraintKind::Cannot);
            assert_ne!(again.labels[pair.a as usize], again.labels[pair.b as usize], "{id}: {pair:?}");
            n_apart += 1;
        }
        assert!(n_apart > 20, "{n_apart} overlaps in time");
        assert!((2..40).contains(&again.report.n_clusters), "{id}: {} clusters", again.report.n_clusters);
        let same = session.job().run(&Cx::new(), |_| ()).unwrap();
        assert_eq!(same.labels, again.labels, "{id} gives the same again");
    }
}

#[test]
fn the_table_is_told_and_wrong_values_are_refused() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    let told = test_dir.run_words("methods --json").json();
    let listed = told["methods"].as_array().unwrap();
    assert_eq!(listed.len(), METHODS.len());
    for (method, row) in METHODS.iter().zip(listed) {
        has_fields(row, "id name doc parameters cannot_links");
        for parameter in row["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().filter(|name| *name != "head");
            let Some(name) = name else { continue };
            let words = format!("cluster f --method {} --set {name}=nonsense", method.id);
            test_dir.run_words(&words).fails(1, &[&format!("{name} is `nonsense`; it must be")]);
        }
    }
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let table: String = readme.lines().filter(|line| line.starts_with("| `")).collect();
    let names = |id: &str| table.contains(&format!("`{id}`"));
    assert!(METHODS.iter().all(|method| names(method.id)), "the README's table names every method");
    test_dir.run_words("methods").ok();
}

#[test]
fn parameters_of_a_method_are_told_and_remembered() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    let report = test_dir.run_words("cluster f --method facemap --set k=6 --set window=2 --json").json();
    assert_eq!(report["method"], "facemap");
    assert_eq!((&report["parameters"]["k"], &report["parameters"]["window"]), (&json!("6"), &json!("2")));
    assert_eq!(report["parameters"]["radius"], Value::Null, "it takes none, so none is asked for");
    assert!(report["diagnostics"]["codelength_bits"].as_f64().unwrap() > 0.0);
    let again = test_dir.run_words("cluster f --json").json();
    assert_eq!(again["parameters"], report["parameters"]);
}

#[test]
fn a_method_that_needs_a_head_says_so() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    test_dir
        .run_words("cluster f --method lgcn")
        .fails(5, &["there is none for these features", "learn lgcn", "--head"]);
    test_dir.run_words("cluster f --method lgcn --head none").fails(5, &["there is none"]);
    test_dir
        .run_words("cluster f --method lgcn --head nothing.safetensors")
        .fails(5, &["nothing.safetensors"]);
}

#[test]
fn a_second_opinion_comes_with_the_edits_that_take_it_over() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    test_dir.run_words("review second f --method facemap").fails(2, &["castlist cluster"]);
    // So small a radius that every track is alone.
    test_dir.run_words("cluster f --method bcl --set radius=0.001").ok();
    let second = "review second f --method facemap --set k=6 --set window=2";
    let told = test_dir.run_words(&format!("{second} --json")).json();
    has_fields(&told, "source n_alike n_identities n_clusters n_tracks_alike n_tracks differences");
    let differences = told["differences"].as_array().unwrap();
    let pairs: Vec<u64> = differences.iter().map(|it| it["n_pairs"].as_u64().unwrap()).collect();
    assert!(!pairs.is_empty() && pairs.is_sorted_by(|a, b| a >= b), "{pairs:?}");
    assert!(test_dir.run_words(second).ok().out().contains("Merge Person "));
    let mut edits: Vec<String> = differences.iter().map(|it| it["edit"].to_string()).collect();
    edits.push(String::new());
    test_dir.file("edits.jsonl", edits.join("\n"));
    test_dir.run_words("review apply f edits.jsonl").ok();
    let after = test_dir.run_words(&format!("{second} --json")).json();
    assert_eq!(after["differences"], json!([]), "what was taken over is no difference any more");
    assert_eq!(after["n_alike"], after["n_clusters"]);
    test_dir.run_words(&format!("review undo f {}", edits.len() - 1)).ok();
    let undone = test_dir.run_words(&format!("{second} --json")).json();
    assert_eq!(undone["differences"], told["differences"]);
    test_dir.run_words("review second f --method kmeans").fails(1, &["kmeans", "facemap"]);
}

#[test]
fn a_parameter_of_another_method_is_told_to_have_no_effect() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    let ran = test_dir.run_words("cluster f --set radius=0.3").ok();
    assert!(
        ran.err().contains("radius has no effect on the method likelihood; --method bcl"),
        "{}",
        ran.err()
    );
    let ran = test_dir.run_words("cluster f --method bcl --set radius=0.3").ok();
    assert!(!ran.err().contains("no effect"), "{}", ran.err());
}
