//! The command line as other tools call it: exit codes, JSON, tables, projects, models.
//!
//! Drives the real binary in a place of its own; needs no network and no ONNX Runtime.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

use castlist::models::AttentionHeadFile;
use common::{TestDir, clusters, face, frames, has_fields, npy, npy_of, npy_text, npz, warnings};
use serde_json::{Value, json};

const TRACT: &str = "--set engine=tract";

/// Names of the identities with their tracks, in order.
fn identities(list: &Value) -> Vec<(Option<String>, Vec<String>)> {
    let all = list["identities"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    all.map(|one| {
        let tracks = one["tracks"].as_array().unwrap().iter().filter_map(text).collect();
        (text(&one["name"]), tracks)
    })
    .collect()
}

#[test]
fn wrong_use_ends_with_1() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    for words in ["cluster", "cluster f --frobnicate", "nonsense", "review apply f", "cluster f --set radius"]
    {
        test_dir.run_words(words).exits_with(1);
    }
    test_dir.run_words("cluster f --set speed=1").fails(1, &["`speed`", "frames_per_track"]);
    test_dir.run_words("cluster f --method bcl --set radius=1.5").fails(1, &["radius is `1.5`", "at most 1"]);
    test_dir.run_words("cluster f --set frames_per_track=-1").fails(1, &["frames_per_track is `-1`", "0 to"]);
    test_dir.run_words("cluster f --method kmeans").fails(1, &["kmeans", "bcl"]);
    test_dir.run_words("--help").ok();
    test_dir.run_words("cluster --help").ok();
    assert!(test_dir.run_words("--version").ok().out().starts_with("castlist "));
}

#[test]
fn a_radius_that_nobody_set_is_estimated() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    test_dir.file("m.npy", npy(&frames(0)));
    for what in ["f", "--embeddings m.npy"] {
        let report = test_dir.run_words(&format!("cluster {what} --method bcl --json")).json();
        assert_eq!(report["parameters"]["radius_source"], "estimated");
        let told = report["warnings"][0].to_string();
        assert!(told.contains("estimated from these tracks") && told.contains("--set radius=R"), "{told}");
        let spread = ["radius_low", "radius_estimate", "radius_high"];
        let spread = spread.map(|name| report["diagnostics"][name].as_f64());
        assert!(spread.is_sorted() && spread.iter().all(Option::is_some), "{spread:?}");
    }
}

#[test]
fn the_report_of_a_folder_of_features() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    let ran = test_dir.run_words("cluster f --method bcl --set radius=0.3 --assignments a.csv --json").ok();
    assert!(!ran.err().contains(['\r', '\u{1b}']), "no bars in a pipe: {}", ran.err());
    assert!(ran.err().starts_with("6 tracks, 12 faces"), "{}", ran.err());
    let report = ran.json();
    has_fields(
        &report,
        "n_tracks n_faces n_embedded n_unreadable n_clusters model engine method parameters seconds \
         cpu_seconds diagnostics warnings",
    );
    for spent in ["seconds", "cpu_seconds"] {
        has_fields(&report[spent], "scan embed graph cluster");
    }
    assert_eq!((&report["n_tracks"], &report["n_faces"]), (&json!(6), &json!(12)));
    assert_eq!((&report["n_clusters"], &report["method"]), (&json!(3), &json!("bcl")));
    assert_eq!(report["warnings"], json!([]));
    let found = clusters(&test_dir.read("a.csv"));
    assert_eq!(found.len(), 6);
    assert!((0..3).all(|person| found[&format!("e1/{person}")] == found[&format!("e2/{person}")]));
    let again = test_dir.run_words("cluster f --assignments b.csv").ok();
    assert!(again.out().contains("6 tracks in 3 clusters"), "the radius is remembered: {}", again.out());
    assert_eq!(test_dir.read("a.csv"), test_dir.read("b.csv"));
}

#[test]
fn the_faces_of_a_track_can_be_pooled_in_other_ways() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    let pooled = |way: &str| {
        let report = test_dir
            .run_words(&format!("cluster f --method bcl --set radius=0.3 --set pooling={way} --json"))
            .json();
        // A file is remembered by its full path.
        assert!(report["parameters"]["pooling"].as_str().unwrap().ends_with(way));
        assert_eq!(report["n_clusters"], 3);
    };
    pooled("medoid");
    let dim = frames(0)[0].len();
    let head = |dim: usize| AttentionHeadFile { model: None, query: vec![0.5; dim], gate: None };
    head(dim).write(&test_dir.path("a.safetensors")).unwrap();
    pooled("a.safetensors");
    head(dim + 1).write(&test_dir.path("w.safetensors")).unwrap();
    let words = [format!("takes rows of {}", dim + 1), format!("not of {dim}")];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    test_dir
        .run_words("cluster f --method bcl --set radius=0.3 --set pooling=w.safetensors")
        .fails(5, &words);
    test_dir.file("t.safetensors", "no tensors");
    test_dir
        .run_words("cluster f --method bcl --set radius=0.3 --set pooling=t.safetensors")
        .fails(5, &["safetensors"]);
    test_dir.run_words("cluster f --set pooling=best").fails(1, &["pooling is `best`", "medoid"]);
}

#[test]
fn assignments_can_be_read_by_colleagues() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    test_dir.file("plain.txt", "");
    test_dir.run_words("cluster f --method bcl --set radius=0.3 --assignments a.csv").ok();
    let rights = |name: &str| fs::metadata(test_dir.path(name)).unwrap().permissions();
    assert_eq!(rights("a.csv"), rights("plain.txt"));
}

#[test]
fn results_that_cannot_be_written_end_with_3() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    test_dir
        .run_words("cluster f --method bcl --set radius=0.3 --assignments none/a.csv")
        .fails(3, &["none/a.csv"]);
    test_dir.file("full/mine.txt", "");
    test_dir.run_words("cluster f --export full").fails(3, &["not empty", "full"]);
    assert_eq!(fs::read_dir(test_dir.path("full")).unwrap().count(), 1);
    test_dir.run_words("cluster f --project none/p.sqlite").fails(3, &["cannot be created", "--project"]);
}

#[test]
fn evaluate_compares_the_same_tracks() {
    let test_dir = TestDir::new();
    test_dir.file("a.csv", "track,cluster\nx,0\ny,0\nz,1\nw,\n");
    test_dir.file("l.csv", "track,identity\nx,Anna\ny,Anna\nz,Ben\nw,Cleo\n");
    let scores = test_dir.run_words("evaluate --assignments a.csv --labels l.csv --json").json();
    has_fields(&scores, "n_tracks n_clusters n_identities nmi bcubed pairwise wcp");
    for metric in ["bcubed", "pairwise"] {
        has_fields(&scores[metric], "precision recall f");
    }
    assert_eq!((&scores["n_tracks"], &scores["n_clusters"]), (&json!(4), &json!(3)), "w stands alone");
    assert_eq!(scores["bcubed"]["f"], 1.0);
    test_dir.file("other.csv", "identity,note,track\nAnna,,x\nBen,,y\nBen,,q\n");
    let words = ["2 of 4 assigned tracks have no label", "1 labelled tracks are not", "--common"];
    test_dir.run_words("evaluate --assignments a.csv --labels other.csv").fails(2, &words);
    let common = test_dir.run_words("evaluate --assignments a.csv --labels other.csv --common --json").json();
    assert_eq!(common["n_tracks"], 2);
    for missing in ["--assignments none.csv --labels l.csv", "--assignments a.csv --labels none.csv"] {
        test_dir.run_words(&format!("evaluate {missing}")).fails(2, &["none.csv"]);
    }
    test_dir.run_words("evaluate --assignments l.csv --labels l.csv").fails(2, &["`cluster`"]);
}

#[test]
fn labels_of_the_research_layout() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    test_dir.run_words("cluster f --method bcl --set radius=0.3 --assignments a.csv").ok();
    test_dir
        .run_words("evaluate --assignments a.csv --labels f/e1.ids")
        .fails(2, &["3 of 6 assigned tracks"]);
    let scores = test_dir.run_words("evaluate --assignments a.csv --labels f/e1.ids --common --json").json();
    assert_eq!((&scores["n_tracks"], &scores["bcubed"]["f"]), (&json!(3), &json!(1.0)));
}

/// Six rows of three people; `face` and `track` name them, `shot` counts them.
fn archive() -> Vec<u8> {
    let rows: Vec<Vec<f32>> = (0..3).flat_map(frames).collect();
    npz(&[
        ("emb", npy(&rows)),
        ("face", npy_text(&["Anna", "Anna", "阿", "阿", "c", "c"])),
        ("track", npy_of("|u1", "(6,)", &[7, 7, 10, 10, 9, 9])),
        ("shot", npy_of("|S2", "(6,)", b"a\0a\0bbbbc\0c\0")),
        ("title", npy_text(&["one", "two"])),
    ])
}

#[test]
fn a_matrix_in_an_archive() {
    let test_dir = TestDir::new();
    test_dir.file("m.npz", archive());
    let report = test_dir
        .run_words("cluster --embeddings m.npz --method bcl --set radius=0.3 --assignments a.csv --json")
        .json();
    assert_eq!((&report["n_tracks"], &report["n_clusters"]), (&json!(6), &json!(3)));
    assert_eq!(clusters(&test_dir.read("a.csv"))["5"], "2", "rows are tracks");
    for labels in ["face", "track", "shot"] {
        let scores = test_dir
            .run_words(&format!("evaluate --assignments a.csv --labels m.npz:{labels} --json"))
            .json();
        assert_eq!((&scores["n_identities"], &scores["nmi"]), (&json!(3), &json!(1.0)), "{labels}");
    }
    test_dir.run_words("evaluate --assignments a.csv --labels m.npz:title").fails(2, &["4 of 6"]);
    test_dir.run_words("evaluate --assignments a.csv --labels m.npz:none").fails(2, &["`none`", "face"]);
    for tracks in ["face", "track", "shot"] {
        let words = format!(
            "cluster --embeddings m.npz --tracks {tracks} --method bcl --set radius=0.3 --assignments t.csv"
        );
        test_dir.run_words(&words).ok();
        assert_eq!(clusters(&test_dir.read("t.csv")).len(), 3, "{tracks}");
    }
    assert_eq!(test_dir.read("t.csv"), "track,cluster\na,0\nbb,1\nc,2\n");
    test_dir
        .run_words("cluster --embeddings m.npz --tracks title --method bcl --set radius=0.3")
        .fails(2, &["2 entries for 6 rows"]);
    test_dir.run_words("cluster --embeddings m.npz --model castlist-face").fails(5, &["4 numbers", "256"]);
}

#[test]
fn an_archive_of_several_matrices_asks_which() {
    let test_dir = TestDir::new();
    let rows = npy(&frames(0));
    test_dir.file("m.npz", npz(&[("late", rows.clone()), ("early", rows), ("name", npy_text(&["x"]))]));
    test_dir
        .run_words("cluster --embeddings m.npz --method bcl --set radius=0.3")
        .fails(2, &["--array", "early, late"]);
    test_dir.run_words("cluster --embeddings m.npz --array late --method bcl --set radius=0.3").ok();
    test_dir
        .run_words("cluster --embeddings m.npz --array lost --method bcl --set radius=0.3")
        .fails(2, &["`lost`", "early"]);
    test_dir.file("t.npz", npz(&[("name", npy_text(&["x"]))]));
    test_dir
        .run_words("cluster --embeddings t.npz --method bcl --set radius=0.3")
        .fails(2, &["two-dimensional", "name"]);
    test_dir.run_words("cluster --array x f").exits_with(1);
}

#[test]
fn edits_are_numbered_listed_undone_and_redone() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let list = test_dir.list("f");
    has_fields(&list, "identities cursor n_edits");
    has_fields(&list["identities"][0], "id name state tracks");
    assert_eq!((list["identities"].as_array().unwrap().len(), &list["n_edits"]), (3, &json!(0)));
    let ran = test_dir.apply(
        "f",
        &[
            r#"{"edit":"rename","identity":1,"name":" Anna "}"#,
            "",
            r#"{"edit":"merge","identities":[1,2]}"#,
            r#"{"edit":"split","tracks":["e1/0"],"name":"Zoë 阿"}"#,
            r#"{"edit":"move","tracks":["e2/0"],"to":3}"#,
            r#"{"edit":"reject","tracks":["e2/2"]}"#,
            r#"{"edit":"confirm","identities":3}"#,
            r#"{"edit":"cannot-link","a":"e1/0","b":"e1/1"}"#,
            r#"{"edit":"ignore","identities":[3]}"#,
        ],
    );
    assert_eq!(ran.ok().out(), "1\n2\n3\n4\n5\n6\n7\n8\n");
    let list = test_dir.list("f");
    let names: Vec<_> =
        identities(&list).into_iter().map(|(name, tracks)| (name, tracks.join(" "))).collect();
    let named = |name: &str, tracks: &str| (Some(name.to_owned()), tracks.to_owned());
    assert_eq!(names, [named("Anna", "e1/1 e2/1"), (None, "e1/2 e2/0".into()), named("Zoë 阿", "e1/0")]);
    assert_eq!(list["identities"][1]["state"], "ignored");
    assert_eq!((&list["unassigned"], &list["cursor"]), (&json!(["e2/2"]), &json!(8)));
    assert_eq!(test_dir.run_words("review undo f").ok().out(), "7\n");
    assert_eq!(test_dir.run_words("review undo f 99").ok().out(), "0\n");
    assert_eq!(test_dir.list("f")["n_edits"], 8, "nothing is lost");
    assert_eq!(test_dir.run_words("review redo f 2").ok().out(), "2\n");
    assert_eq!(test_dir.run_words("review redo f/castlist.sqlite 99").ok().out(), "8\n");
    assert_eq!(test_dir.list("f/castlist.sqlite"), list);
}

#[test]
fn refused_edits_change_nothing_and_name_their_line() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let good = r#"{"edit":"confirm","identities":1}"#;
    for (bad, words) in [
        (r#"{"edit":"rename","identity":99,"name":"x"}"#, "no identity 99"),
        (r#"{"edit":"merge","identities":[1]}"#, "two identities"),
        (r#"{"edit":"move","tracks":["nobody"],"to":1}"#, "no track `nobody`"),
        (r#"{"edit":"cover","identity":1,"track":"e1/1"}"#, "does not belong"),
        (r#"{"edit":"cannot-link","a":"e1/1","b":"e1/1"}"#, "two different tracks"),
        (r#"{"edit":"adopt","source":"","identities":[]}"#, "not by an edit"),
        (r#"{"edit":"paint"}"#, "not an edit"),
        (r#"{"edit":"rename","identity":1,"name":"x","colour":"red"}"#, "colour"),
        ("no json", "not an edit"),
    ] {
        let before = test_dir.list("f")["n_edits"].as_u64().unwrap();
        let ran = test_dir.apply("f", &[good, bad, good]).fails(2, &["line 2", words, "edits.jsonl"]);
        assert_eq!(ran.out().lines().count(), 1);
        assert_eq!(test_dir.list("f")["n_edits"].as_u64(), Some(before + 1));
    }
    test_dir.run_words("review apply f none.jsonl").fails(2, &["no such", "none.jsonl"]);
    test_dir.features("fresh");
    for words in ["review list fresh", "review undo fresh", "export fresh out"] {
        test_dir.run_words(words).fails(2, &["castlist cluster"]);
    }
    assert!(!test_dir.path("fresh/castlist.sqlite").exists(), "looking makes no project");
    test_dir.run_words("review list none").fails(2, &["check the path"]);
}

#[test]
fn what_the_user_did_survives_a_new_clustering() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    test_dir.apply(
        "f",
        &[r#"{"edit":"rename","identity":1,"name":"Anna"}"#, r#"{"edit":"move","tracks":["e1/1"],"to":1}"#],
    );
    let kept = identities(&test_dir.list("f"));
    test_dir.run_words("cluster f").ok();
    assert_eq!(identities(&test_dir.list("f")), kept, "the same clustering changes nothing");
    let out = test_dir.run_words("cluster f --method bcl --set radius=1").ok().out();
    assert!(out.contains("1 clusters") && out.contains("2 identities, 1 of them kept"), "{out}");
    let list = identities(&test_dir.list("f"));
    assert_eq!((list.len(), &list[0]), (2, &kept[0]));
    assert_eq!(list[1].1, ["e1/2", "e2/1", "e2/2"], "the rest regroups around it");
    test_dir.apply("f", &[r#"{"edit":"cannot-link","a":"e1/2","b":"e2/2"}"#]).ok();
    test_dir.run_words("cluster f --assignments a.csv").ok();
    let found = clusters(&test_dir.read("a.csv"));
    assert_ne!(found["e1/2"], found["e2/2"]);
}

#[test]
fn only_what_changed_is_embedded_again() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    let report = test_dir.run_words(&format!("cluster f {TRACT} --json --assignments a.csv")).json();
    assert_eq!((&report["n_embedded"], &report["n_clusters"]), (&json!(9), &json!(3)), "{report}");
    assert!(report["engine"].as_str().unwrap().starts_with("tract "));
    let found = clusters(&test_dir.read("a.csv"));
    for person in ["ada", "bea", "cato"] {
        assert_eq!(found[&format!("v/{person}-1")], found[&format!("v/{person}-2")]);
    }
    test_dir.file("f/labels.csv", "track,identity\nv/ada-1,X\nv/bea-1,X\n");
    let again = test_dir.run_words(&format!("cluster f {TRACT} --json --assignments b.csv")).json();
    assert_eq!((&again["n_embedded"], &again["n_clusters"]), (&json!(0), &json!(3)));
    assert_eq!(test_dir.read("a.csv"), test_dir.read("b.csv"), "labels are for evaluation only");
    test_dir.file("f/v/ada-1/2.jpg", face("ada-2"));
    let changed = test_dir.run_words(&format!("cluster f {TRACT} --json")).json();
    assert_eq!(changed["n_embedded"], 2);
    let fewer = test_dir.run_words(&format!("cluster f {TRACT} --json --set frames_per_track=1")).json();
    assert_eq!(fewer["n_faces"], 10, "every file is looked at");
}

#[test]
fn tracks_that_overlap_in_time_stay_apart() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    test_dir.file(
        "f/tracks.csv",
        "track,video,start_frame,end_frame,fps,mood\ne1/0,e,0,11,25,x\ne2/0,e,10,20,25,y\n",
    );
    let report =
        test_dir.run_words("cluster f --method bcl --set radius=1 --json --assignments a.csv").json();
    assert_eq!(report["diagnostics"]["cannot_links"], 1.0);
    let found = clusters(&test_dir.read("a.csv"));
    assert_ne!(found["e1/0"], found["e2/0"]);
    test_dir.file("f/tracks.csv", "track,video,start_frame,end_frame,fps\ne1/0,e,0,10,25\ne2/0,e,10,20,25\n");
    let report = test_dir.run_words("cluster f --method bcl --set radius=1 --json").json();
    assert_eq!(report["n_clusters"], 1, "tracks that merely touch are not seen together");
    test_dir.file("f/tracks.csv", "track,video,start_frame,end_frame,fps\ne1/0,e,0,ten,25\n");
    test_dir.run_words("cluster f").fails(2, &["line 2", "`ten`", "end_frame"]);
    test_dir.file("f/tracks.csv", "track,video,start_frame,end_frame,fps\nlost,e,0,1,25\n");
    test_dir.run_words("cluster f --strict").fails(4, &["1 rows name tracks that are not in the folder"]);
}

#[test]
fn a_flat_folder_of_faces() {
    let test_dir = TestDir::new();
    for (file, name) in [("anna_1", "ada-1"), ("anna_2", "ada-2"), ("ben_1", "bea-1")] {
        test_dir.file(format!("f/{file}.jpg"), face(name));
    }
    test_dir.run_words(&format!("cluster f {TRACT} --assignments a.csv")).ok();
    assert_eq!(test_dir.read("a.csv"), "track,cluster\nanna,0\nben,1\n");
}

#[test]
fn an_export_has_its_layout_and_is_passed_over() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    test_dir.file(
        "f/tracks.csv",
        "track,video,start_frame,end_frame,fps\nv/ada-1,v,0,24,25\nv/bea-1,v,50,74,25\n",
    );
    test_dir.run_words(&format!("cluster f {TRACT} --export f/first")).ok();
    let out = test_dir.path("f/out");
    assert!(test_dir.path("f/first/unnamed-0001/v__ada-1/1.jpg").is_file());
    test_dir.apply(
        "f",
        &[r#"{"edit":"rename","identity":1,"name":"Ada: 1/2"}"#, r#"{"edit":"ignore","identities":3}"#],
    );
    let json = test_dir.run(["export", "f", "f/out", "--link", "hard", "--json"]).json();
    assert_eq!(json["export"]["n_identities"], 2);
    let folders: Vec<String> = fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| out.join(name).is_dir())
        .collect();
    assert_eq!(folders.len(), 2);
    assert!(
        folders.contains(&"unnamed-0002".to_owned()) && folders.iter().all(|f| !f.contains(':')),
        "{folders:?}"
    );
    let manifest: Value = serde_json::from_str(&test_dir.read("f/out/manifest.json")).unwrap();
    has_fields(&manifest, "schema_version model model_sha256 method parameters counts");
    let tracks = test_dir.read("f/out/tracks.csv");
    assert!(tracks.starts_with("track,video,start_frame,end_frame,fps"), "{tracks}");
    assert!(tracks.lines().next().unwrap().ends_with("identity,cluster,state"), "{tracks}");
    let header = "video,identity,start_s,end_s,start_frame,end_frame,tracks";
    assert_eq!(test_dir.read("f/out/appearances.csv").lines().next(), Some(header));
    let again = test_dir.run_words(&format!("cluster f {TRACT} --json")).json();
    assert_eq!((&again["n_tracks"], &again["n_embedded"]), (&json!(9), &json!(0)));
    test_dir.run_words("export f f/out").fails(3, &["not empty"]);
    test_dir.run_words("export f f").fails(3, &["folder of the tracks"]);
    test_dir.run_words("export f new --link soft").exits_with(1);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_130() {
    let test_dir = TestDir::new();
    for copy in 0..20 {
        for (name, bytes) in common::FACES {
            test_dir.file(format!("f/v{copy}/{name}/1.jpg"), [bytes, &[copy]].concat());
        }
    }
    let mut cluster = test_dir.start("cluster f --set engine=tract --set frames_per_track=0 --json");
    cluster.wait_for("180 tracks");
    cluster.signal("INT");
    let since = Instant::now();
    let ran = cluster.end().fails(130, &["cancelled"]);
    assert!(ran.out().is_empty() && since.elapsed() < Duration::from_secs(20));
    test_dir.project("g");
    let mut apply = test_dir.start("review apply g -");
    let mut stdin = apply.child.stdin.take().unwrap();
    writeln!(stdin, r#"{{"edit":"confirm","identities":1}}"#).unwrap();
    test_dir.wait_for_edits("g", 1);
    apply.signal("INT");
    apply.end().exits_with(130);
    assert_eq!(test_dir.list("g")["n_edits"], 1);
}

#[test]
fn doctor_tells_what_works_here() {
    let test_dir = TestDir::new();
    let told = test_dir.run_words("doctor --json").json();
    has_fields(&told, "models_folder data_folder window");
    assert!(told["models_folder"].as_str().unwrap().starts_with(test_dir.path("").to_str().unwrap()));
    assert!(test_dir.run_words("doctor").ok().out().contains("engine:"));
}

#[test]
fn strict_counts_any_warning() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    test_dir.run_words("cluster f --method bcl --set radius=0.3 --strict").ok();
    test_dir.file("f/e1/9.npy", "no array");
    let ran = test_dir.run_words("cluster f --strict --json").exits_with(4);
    let report: Value = serde_json::from_str(&ran.out()).unwrap();
    assert_eq!(warnings(&report, "unreadable").len(), 1);
    test_dir.run_words("cluster f").ok();
}

#[test]
fn a_contradicting_link_is_refused_with_its_chain() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let must = |a: &str, b: &str| format!(r#"{{"edit":"must-link","a":"{a}","b":"{b}"}}"#);
    test_dir.apply("f", &[&must("e1/0", "e2/0"), &must("e2/0", "e2/1")]).ok();
    let cannot = r#"{"edit":"cannot-link","a":"e1/0","b":"e2/1""#;
    test_dir.apply("f", &[&format!("{cannot}}}")]).fails(2, &["`e1/0` – `e2/0` – `e2/1`", "override"]);
    test_dir.apply("f", &[&format!(r#"{cannot},"override":true}}"#)]).ok();
    let found = test_dir.run_words("cluster f --assignments a.csv").ok();
    assert!(found.out().contains("4 clusters"), "the oldest link went: {}", found.out());
}
