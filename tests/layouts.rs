//! Folders as people have them: flat names, litter, formats. Each is read as what it is, and said.
//!
//! Drives the real binary. What a curator said of a folder survives whatever is added to it.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{TestDir, face};

/// Three people in three frames each, named by `name(frame, face)`.
fn frames(test_dir: &TestDir, name: impl Fn(usize, usize) -> String) {
    for frame in 1..=3 {
        for (face_number, person) in ["ada", "bea", "cato"].iter().enumerate() {
            test_dir.file(format!("f/{}", name(frame, face_number)), face(&format!("{person}-{frame}")));
        }
    }
}

#[test]
fn faces_of_one_frame_are_never_one_track() {
    let names: [fn(usize, usize) -> String; 3] = [
        |frame, face| format!("clip_00010{frame}_{face}.jpg"),
        |frame, face| format!("0000{frame}_{face}.jpg"),
        |frame, face| format!("reel2/frame{frame}-face{}.jpg", face + 1),
    ];
    for name in names {
        let test_dir = TestDir::new();
        frames(&test_dir, name);
        let ran = test_dir.run_words("cluster f --set engine=tract --json --assignments a.csv").ok();
        assert!(
            ran.err().contains("9 tracks, 9 faces (9 pictures, each a track of its own)"),
            "{}",
            ran.err()
        );
        let found: Vec<String> = test_dir.read("a.csv").lines().skip(1).map(str::to_owned).collect();
        assert_eq!(found.len(), 9);
        let clusters: BTreeSet<&str> = found.iter().filter_map(|row| row.rsplit(',').next()).collect();
        assert!(clusters.len() >= 3, "{found:?}");
    }
}

#[test]
fn a_setting_says_what_a_picture_is_and_names_survive_another_reading() {
    let test_dir = TestDir::new();
    for (track, person) in [("a", "ada"), ("b", "bea")] {
        for frame in 1..=3 {
            test_dir.file(format!("f/{track}_{frame}.jpg"), face(&format!("{person}-{frame}")));
        }
    }
    let cluster = "cluster f --set engine=tract";
    let ran = test_dir.run_words(cluster).ok();
    assert!(ran.err().contains("6 pictures of 2 tracks by their names"), "{}", ran.err());
    test_dir.file("e", r#"{"edit":"rename","identity":1,"name":"Ada"}"#);
    test_dir.run_words("review apply f e").ok();
    let before = test_dir.list("f");

    // A picture below changes nothing about the rest.
    test_dir.file("f/extra/1.jpg", face("cato-1"));
    test_dir.run_words(cluster).ok();
    assert_eq!(test_dir.list("f")["identities"][0]["name"], "Ada");
    assert_eq!(test_dir.list("f")["identities"].as_array().unwrap().len(), 3);

    // Another interpretation is reported, and only adopted on request.
    let now = test_dir.list("f");
    let single = format!("{cluster} --set pictures=single");
    test_dir
        .run_words(&single)
        .fails(2, &["7 pictures are of another track", "a_1.jpg was of `a`", "--adopt"]);
    assert_eq!(test_dir.list("f"), now);
    assert_ne!(now, before);
    test_dir.run_words(&format!("{single} --adopt")).ok();
    let list = test_dir.list("f").to_string();
    assert!(list.contains("a_1") && list.contains("extra/1"), "{list}");
}

#[test]
fn pictures_of_other_kinds_are_read_or_counted() {
    let test_dir = TestDir::new();
    test_dir.file("f/v/a/1.jfif", face("ada-1"));
    test_dir.file("f/v/a/2.jpe", face("ada-2"));
    for (file, name) in [("b/1.tif", "bea-1"), ("b/2.gif", "bea-2")] {
        let path = test_dir.path("f/v").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        image::load_from_memory(face(name)).unwrap().save(path).unwrap();
    }
    test_dir.file("f/@eaDir/1.jpg", face("cato-1"));
    let cluster = "cluster f --set engine=tract --json --strict";
    let report = test_dir.run_words(cluster).json();
    assert_eq!((&report["n_tracks"], &report["n_faces"]), (&2.into(), &4.into()), "{report}");
    for (file, kind) in [("v/c/1.HEIC", "HEIC"), ("v/a/3.dng", "camera raw"), ("v/d/1.avif", "AVIF")] {
        test_dir.file(format!("f/{file}"), "x");
        let ran = test_dir.run_words(cluster);
        assert!(ran.out().contains(kind), "{}", ran.out());
        ran.exits_with(4);
    }
}

#[test]
fn people_beside_unsorted_pictures_are_no_tracks() {
    let test_dir = TestDir::new();
    for (file, name) in
        [("Ada/p1", "ada-1"), ("Ada/p2", "ada-2"), ("Bea/p1", "bea-1"), ("unsorted/p3", "cato-1")]
    {
        test_dir.file(format!("s/{file}.jpg"), face(name));
    }
    let cluster = "cluster s --set engine=tract";
    let ran = test_dir.run_words(cluster).ok();
    assert!(
        ran.err().contains("4 pictures, each a track of its own; folders read as people"),
        "{}",
        ran.err()
    );
    assert!(ran.out().contains("castlist import folders s"), "{}", ran.out());
    // The reading is remembered, whatever the folders are called later.
    fs::rename(test_dir.path("s/unsorted"), test_dir.path("s/Cato")).unwrap();
    let ran = test_dir.run_words(cluster).ok();
    assert!(ran.out().contains("0 tracks are new, 0 gone, 1 moved"), "{}", ran.out());
    // A tracker's folders stay tracks.
    for file in ["t0001/1", "t0001/2", "unknown/1"] {
        test_dir.file(format!("t/{file}.jpg"), face("ada-1"));
    }
    let ran = test_dir.run_words("cluster t --set engine=tract").ok();
    assert!(ran.err().contains("(2 folders, each a track)"), "{}", ran.err());
}
