//! `castlist compare`, by the real binary on a small matrix and a small folder.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::{TestDir, has_fields, npy, npy_text, npz};
use serde_json::{Value, json};

#[test]
fn methods_side_by_side() {
    let test_dir = TestDir::new();
    people(&test_dir);
    let words = "compare --embeddings m.npz:x --labels m.npz:who --methods \
                 bcl,dbscan,agglomerative:linkage=single --json --csv t.csv --html p.html";
    let ran = test_dir.run_words(words).ok();
    let all = ran.json();
    has_fields(&all, "castlist command data methods warnings");
    has_fields(
        &all["data"],
        "source labels n_tracks n_unusable n_faces dim model head radius n_must n_cannot n_threads",
    );
    assert_eq!((&all["data"]["n_tracks"], &all["data"]["dim"]), (&json!(40), &json!(8)));
    assert!(all["command"].as_str().unwrap().ends_with(words), "{}", all["command"]);
    let names: Vec<&str> =
        all["methods"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["bcl", "dbscan", "agglomerative:linkage=single"]);
    for one in all["methods"].as_array().unwrap() {
        has_fields(one, "name method cannot_links default oracle parameter sweep");
        let oracle = &one["oracle"];
        has_fields(oracle, "parameters scores seconds cpu_seconds memory_bytes");
        has_fields(&oracle["scores"], "bcubed pairwise nmi wcp n_clusters ri rs fi ari clicks");
        assert_eq!(oracle["scores"]["bcubed"]["f"], json!(1.0), "{}", one["name"]);
        assert!(one["sweep"].as_array().unwrap().len() > 3);
        #[cfg(target_os = "linux")]
        assert!(oracle["memory_bytes"].as_u64().unwrap() > 1 << 20);
    }
    let page = test_dir.read("p.html");
    assert_eq!(page.matches("<svg").count(), 4);
    assert!(
        page.contains("BCubed F over clusters per identity") && page.contains("agglomerative:linkage=single")
    );
    let table = test_dir.read("t.csv");
    assert!(table.starts_with("method,run,parameters,seconds,cpu_seconds,memory_bytes,"), "{table}");
    assert_eq!(table.matches(",oracle,").count(), 3);
    // One method alone runs in the same process, and scores the same.
    let alone: Value =
        test_dir.run_words("compare --embeddings m.npz:x --labels m.npz:who --methods dbscan --json").json();
    assert_eq!(alone["methods"][0]["oracle"]["scores"], all["methods"][1]["oracle"]["scores"]);
    let told =
        test_dir.run_words("compare --embeddings m.npz:x --labels m.npz:who --methods dbscan,hdbscan").ok();
    assert!(told.out().starts_with("method") && told.out().contains("hdbscan"), "{}", told.out());
}

#[test]
fn a_method_without_its_head_is_left_out_unless_it_was_named() {
    let test_dir = TestDir::new();
    people(&test_dir);
    let start = "compare --embeddings m.npz:x --labels m.npz:who";
    let all = test_dir.run_words(&format!("{start} --json")).json();
    let named =
        |all: &Value, id: &str| all["methods"].as_array().unwrap().iter().any(|it| it["method"] == id);
    assert!(named(&all, "bcl") && named(&all, "rank-order") && !named(&all, "lgcn"));
    assert!(all["warnings"].to_string().contains("lgcn was left out"), "{}", all["warnings"]);
    test_dir.run_words(&format!("{start} --methods dbscan,lgcn")).exits_with(5);
}

#[test]
fn a_folder_with_its_links() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    let labels = (1..=2).flat_map(|e| (0..3).map(move |p| format!("e{e}/{p},person {p}\n")));
    test_dir.file("labels.csv", "track,identity\n".to_owned() + &labels.collect::<String>());
    let all = test_dir
        .run_words("compare f --labels labels.csv --methods dbscan,bcl --set radius=0.3 --json")
        .json();
    assert_eq!((&all["data"]["n_tracks"], &all["data"]["n_faces"]), (&json!(6), &json!(12)));
    assert_eq!(all["data"]["radius"], json!([0.3, "set"]));
    assert_eq!(all["methods"][1]["default"]["scores"]["n_clusters"], json!(3));
}

#[test]
fn what_the_project_last_used_is_no_default() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    let labels = (1..=2).flat_map(|e| (0..3).map(move |p| format!("e{e}/{p},person {p}\n")));
    test_dir.file("labels.csv", "track,identity\n".to_owned() + &labels.collect::<String>());
    let start = "compare f --labels labels.csv --defaults --json";
    let default = |words: &str| {
        let all = test_dir.run_words(&format!("{start} {words}")).json();
        all["methods"][0]["default"].clone()
    };
    let methods = ["facemap", "dbscan", "bcl --set radius=0.3"];
    let before = methods.map(|method| default(&format!("--methods {method}"))["parameters"].clone());
    assert_ne!(before[0]["gate"], "5");
    assert_ne!(before[1]["similarity"], "0.9");
    test_dir.run_words("cluster f --method facemap --set gate=5 --set similarity=0.9 --set radius=0.7").ok();
    for (method, before) in methods.into_iter().zip(before) {
        assert_eq!(default(&format!("--methods {method}"))["parameters"], before, "{method}");
    }
    let all = test_dir.run_words(&format!("{start} --methods bcl")).json();
    assert_ne!(all["data"]["radius"], json!([0.7, "set"]), "{}", all["data"]);
    // What is said on the command line counts, and the project keeps what it had.
    assert_eq!(default("--methods facemap --set gate=4")["parameters"]["gate"], "4");
    let report = test_dir.run_words("cluster f --json").json();
    assert_eq!((&report["method"], &report["parameters"]["gate"]), (&json!("facemap"), &json!("5")));
}

#[test]
fn wrong_use_and_wrong_input() {
    let test_dir = TestDir::new();
    people(&test_dir);
    let start = "compare --embeddings m.npz:x --labels m.npz:who";
    test_dir.run_words("compare --embeddings m.npz:x").exits_with(1);
    test_dir.run_words(&format!("{start} --methods kmeans")).fails(1, &["kmeans", "dbscan"]);
    test_dir
        .run_words(&format!("{start} --methods dbscan:k=3"))
        .fails(1, &["dbscan:k=3", "dbscan:similarity=VALUE"]);
    test_dir.run_words(&format!("{start} --methods dbscan:similarity=7,bcl")).fails(1, &["similarity", "7"]);
    test_dir.run_words("compare --embeddings none.npy --labels m.npz:who --methods dbscan").exits_with(2);
    test_dir.run_words("compare --embeddings none.npy --labels m.npz:who --methods dbscan,bcl").exits_with(2);
    test_dir.run_words("compare nowhere --labels m.npz:who").exits_with(2);
    test_dir.file("short.csv", "track,identity\n0,a\n");
    test_dir
        .run_words("compare --embeddings m.npz:x --labels short.csv --methods dbscan")
        .fails(2, &["--common"]);
    test_dir.run_words("compare --embeddings m.npz:x --labels short.csv --methods dbscan --common").ok();
    test_dir.run_words(&format!("{start} --methods dbscan --html nowhere/p.html")).fails(3, &["nowhere"]);
}

/// Four people of ten rows each in `m.npz`: `x`, and `who`.
fn people(test_dir: &TestDir) {
    let row = |at: usize| -> Vec<f32> {
        let value =
            |column: usize| if column == at / 10 { 1.0 } else { ((at * 7 + column * 5) % 11) as f32 / 40.0 };
        (0..8).map(value).collect()
    };
    let who: Vec<&str> = (0..40).map(|at| ["ada", "bea", "cato", "dora"][at / 10]).collect();
    let rows: Vec<Vec<f32>> = (0..40).map(row).collect();
    test_dir.file("m.npz", npz(&[("x", npy(&rows)), ("who", npy_text(&who))]));
}
