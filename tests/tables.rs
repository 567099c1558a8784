//! Tables and arrays as people save them: times of tracks, labels, assignments, embeddings.
//!
//! Drives the real binary. What can be read in one way only is read; nothing is scored or
//! dropped in silence.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::{TestDir, face, frames, npy, npy_of, npz, warnings};

/// The tracks `a` and `b` of one person, with a table of times; how many clusters come out.
fn clusters(table: &str, more: &str) -> u64 {
    let test_dir = TestDir::new();
    for (file, name) in [("a/0", "ada-1"), ("a/10", "ada-1"), ("b/10", "ada-1"), ("b/20", "ada-2")] {
        test_dir.file(format!("f/{file}.jpg"), face(name));
    }
    test_dir.file("f/tracks.csv", table);
    let report = test_dir.run_words(format!("cluster f --set engine=tract --json {more}").trim_end()).json();
    assert!(warnings(&report, "input").is_empty(), "{report}");
    report["n_clusters"].as_u64().unwrap()
}

#[test]
fn one_person_is_kept_apart_by_what_is_seen_at_once_alone() {
    let head = "track,video,start_frame,end_frame\n";
    assert_eq!(clusters(&format!("{head}a,v,0,10\nb,v,10,20\n"), ""), 1, "they touch");
    assert_eq!(clusters(&format!("{head}a,v,0,4016\nb,v,1433,4490\n"), ""), 2);
    assert_eq!(clusters(&format!("{head}a,v,0,4016\nb,v,1433,4490\n"), "--set overlaps=ignore"), 1);
    assert_eq!(clusters(&format!("{head}a,v,0,14\nb,v,10,20\n"), "--set overlaps=5"), 1);
    let gaps = "a,v,0,900\nb,v,1433,3990\na,v,4000,4016\nb,v,4020,4490\n";
    assert_eq!(clusters(&format!("{head}{gaps}"), ""), 1, "each is seen in the gaps of the other");
    let frames = (0..9).fold(String::new(), |text, at| format!("{text}a;v;{at}.0\nb;v;{}.0\n", 20 + at));
    assert_eq!(clusters(&format!("track;video;frame\n{frames}"), ""), 1, "a row a frame");
    assert_eq!(clusters("track\tvideo\tstart_s\tend_s\na\tv\t0,0\t1,5\nb\tv\t1,0\t2,5\n", ""), 2);
}

#[test]
fn a_tolerance_is_remembered_and_counts_for_edits() {
    let test_dir = TestDir::new();
    test_dir.file("f/a/1.jpg", face("ada-1"));
    test_dir.file("f/b/1.jpg", face("bea-1"));
    test_dir.file("f/tracks.csv", "track,video,start_frame,end_frame\na,v,0,50\nb,v,40,90\n");
    let ran = test_dir.run_words("cluster f --set engine=tract").ok();
    assert!(ran.err().contains("1 pair of tracks overlaps in time and stays apart"), "{}", ran.err());
    test_dir.file("e", r#"{"edit":"merge","identities":[1,2]}"#);
    test_dir.run_words("review apply f e").fails(2, &["seen at the same time"]);
    test_dir.run_words("cluster f --set engine=tract --set overlaps=ignore").ok();
    test_dir.run_words("review apply f e").ok();
    test_dir.run_words("cluster f --set overlaps=never").fails(1, &["overlaps is `never`", "ignore"]);
}

#[test]
fn rows_that_say_nothing_are_counted() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    test_dir.file("f/tracks.csv", "track,video,start_frame,end_frame\ne1/0,v\nE1\\0,v,1,2\nnone,v,1,2\n");
    let told = warnings(&test_dir.run_words("cluster f --json").json(), "input").join("\n");
    assert!(told.contains("2 rows name tracks that are not in the folder (`E1\\0` is not `e1/0`"), "{told}");
    assert!(told.contains("1 row has one with \\") && told.contains("1 row is shorter"), "{told}");
    test_dir.file("f/tracks.csv", "track,start_frame,end_frame\ne1/0,1,x9\n");
    test_dir.run_words("cluster f").fails(2, &["line 2: `x9` in the column `end_frame`", "tracks.csv"]);
}

#[test]
fn labels_mean_what_they_say() {
    let test_dir = TestDir::new();
    test_dir.file("a.csv", "track,cluster\na,0\nb,0\nc,1\nd,1\ne,2\n");
    let evaluate = "evaluate --assignments a.csv --labels l.csv --json";
    let utf16: Vec<u8> = "\u{feff}track\tidentity\r\na\tX\r\nb\tX\r\nc\tY\r\nd\tY\r\ne\tZ\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    test_dir.file("l.csv", utf16);
    assert_eq!(test_dir.run_words(evaluate).json()["bcubed"]["f"], 1.0);
    // An empty cell is no label, and not a person of the name "".
    test_dir.file("l.csv", "track;identity\na;X\nb;X\nc;\nd;\ne;\n");
    test_dir.run_words(evaluate).fails(2, &["3 of 5 assigned tracks have no label"]);
    let scores = test_dir.run_words(&format!("{evaluate} --common")).json();
    assert_eq!((&scores["n_tracks"], &scores["n_identities"]), (&2.into(), &1.into()));
    test_dir.file("l.csv", "track,identity\nA,X\nB,X\n");
    for more in ["", " --common"] {
        let words = ["of 5 assigned and 2 labelled ones", "`A` is not one of `a`: ids are compared exactly"];
        test_dir.run_words(&format!("{evaluate}{more}")).fails(2, &words);
    }
    test_dir.file("l.csv", "track,identity\na,Kim, Jo\n");
    test_dir.run_words(evaluate).fails(2, &["line 2: 3 cells under 2 columns: `Jo`"]);
}

#[test]
fn arrays_are_called_what_they_are() {
    let test_dir = TestDir::new();
    let rows: Vec<Vec<f32>> = (0..3).flat_map(frames).collect();
    let n = rows.len();
    let cluster = |file: &str| test_dir.run_words(&format!("cluster --embeddings {file} --json"));
    // 1.0 and 0.0 as float16.
    let halves: Vec<u8> = (0..n * n).flat_map(|at| [0, if at % (n + 1) == 0 { 0x3c } else { 0 }]).collect();
    test_dir.file("f16.npy", npy_of("<f2", &format!("({n}, {n})"), &halves));
    assert_eq!(cluster("f16.npy").json()["n_tracks"], n);
    test_dir.file("f16.npz", npz(&[("emb", npy_of("<f2", &format!("({n}, {n})"), &halves))]));
    assert_eq!(cluster("f16.npz").json()["n_tracks"], n);
    for (kind, shape, data, words) in [
        ("|O", "(3,)", &[0x80; 3][..], "Python objects (a pickle)"),
        ("|O", "()", &[0x80], "Python objects (a pickle)"),
        ("|i1", "(2, 2)", &[1; 4], "holds int8, not float16"),
        ("<f4", "()", &[0; 4], "zero-dimensional"),
        ("<f4", "(6,)", &[0; 24], "flat: 6 numbers"),
        ("|b1", "(2, 2)", &[1; 4], "true and false"),
    ] {
        test_dir.file("x.npy", npy_of(kind, shape, data));
        cluster("x.npy").fails(2, &[words, "x.npy"]);
    }
    test_dir.file("x.npz", npz(&[("emb", npy_of("|i1", "(2, 2)", &[1; 4]))]));
    cluster("x.npz").fails(2, &["found: emb (int8, shape [2, 2])"]);
    let tiny: Vec<u8> = rows.iter().flatten().flat_map(|v| (f64::from(*v) * 1e-300).to_le_bytes()).collect();
    test_dir.file("tiny.npy", npy_of("<f8", &format!("({n}, {})", rows[0].len()), &tiny));
    test_dir.file("plain.npy", npy(&rows));
    assert_eq!(cluster("tiny.npy").json()["n_clusters"], cluster("plain.npy").json()["n_clusters"]);
    let mut bad = rows;
    (bad[1][0], bad[3][1], bad[4]) = (f32::NAN, f32::INFINITY, vec![0.0; 4]);
    test_dir.file("bad.npy", npy(&bad));
    cluster("bad.npy").fails(2, &["2 rows hold NaN or infinity (1, 3), and row 4 is all zeros"]);
}
