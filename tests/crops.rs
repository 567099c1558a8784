//! Crops in which a face is hard to find, or in which there is none, by the real binary.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::io::Cursor;

use common::{TestDir, clusters, face, warnings};
use image::ImageFormat;
use serde_json::json;

const CLUSTER: &str = "cluster f --set engine=tract --json --assignments a.csv";

#[test]
fn crops_without_a_face_leave_their_track_unassigned() {
    let test_dir = TestDir::new();
    test_dir.file("f/v/grey/1.png", png(&image::RgbImage::from_pixel(96, 96, image::Rgb([128; 3]))));
    let mut state = 7_u32;
    let noise = image::RgbImage::from_fn(96, 96, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(state >> 24) as u8; 3])
    });
    test_dir.file("f/v/noise/1.png", png(&noise));
    test_dir.file("f/v/torn/1.jpg", &face("ada-1")[..900]);
    for name in ["ada-1", "ada-2", "bea-1"] {
        test_dir.file(format!("f/v/{name}/1.jpg"), face(name));
    }
    let report = test_dir.run_words(CLUSTER).json();
    assert_eq!((&report["n_tracks"], &report["n_clusters"]), (&json!(6), &json!(2)), "{report}");
    assert_eq!((warnings(&report, "no-face").len(), warnings(&report, "unusable-track").len()), (2, 3));
    let found = clusters(&test_dir.read("a.csv"));
    assert_eq!(found.values().filter(|cluster| cluster.is_empty()).count(), 3);
    assert_eq!(test_dir.list("f")["unassigned"], json!(["v/grey", "v/noise", "v/torn"]));
    test_dir
        .file("l.csv", "track,identity\nv/ada-1,a\nv/ada-2,a\nv/bea-1,b\nv/grey,a\nv/noise,b\nv/torn,a\n");
    let ran = test_dir.run_words("evaluate --assignments a.csv --labels l.csv --json").ok();
    assert!(
        ran.err().contains("warning: 3 tracks have no cluster: scored as a cluster of its own"),
        "{}",
        ran.err()
    );
    let scores = ran.json();
    assert_eq!((&scores["n_tracks"], &scores["n_unassigned"]), (&json!(6), &json!(3)));
    assert_eq!((&scores["n_clusters"], &scores["bcubed"]["precision"]), (&json!(5), &json!(1.0)));
    // Four of ada, of which two are together, and two of bea, who are apart.
    let recall = scores["bcubed"]["recall"].as_f64().unwrap();
    assert!((recall - (2.0 * 0.5 + 2.0 * 0.25 + 2.0 * 0.5) / 6.0).abs() < 1e-9, "{recall}");
    let ran = test_dir.run_words("evaluate --assignments a.csv --labels l.csv --json --common").ok();
    assert!(ran.err().contains("3 tracks have no cluster: left out"), "{}", ran.err());
    let scores = ran.json();
    assert_eq!((&scores["n_tracks"], &scores["bcubed"]["f"]), (&json!(3), &json!(1.0)));
    assert_eq!(scores["n_unassigned"], 3);
    // A comparison scores them in the same way.
    let start = "compare f --labels l.csv --methods bcl --defaults --json --set engine=tract";
    for (common, n, least, most) in [("", 6, 0.0, 0.9), (" --common", 3, 1.0, 1.0)] {
        let all = test_dir.run_words(&format!("{start}{common}")).json();
        let scores = &all["methods"][0]["default"]["scores"];
        let f = scores["bcubed"]["f"].as_f64().unwrap();
        assert_eq!((&scores["n_tracks"], &scores["n_unassigned"]), (&json!(n), &json!(3)), "{all}");
        assert!((least..=most).contains(&f), "{f}");
        assert!(all["warnings"][0].as_str().unwrap().starts_with("3 tracks have no cluster"), "{all}");
    }
}

/// A crop as it comes from beyond the edge of a frame: a face somewhere on black.
fn on_black(name: &str, side: u32, x: i64, y: i64) -> Vec<u8> {
    let mut picture = image::RgbImage::new(side, side);
    let face = image::load_from_memory(face(name)).unwrap().to_rgb8();
    image::imageops::overlay(&mut picture, &face, x, y);
    png(&picture)
}

fn png(picture: &image::RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Black and white squares: there is something to see, and no face.
fn checkers() -> Vec<u8> {
    png(&image::RgbImage::from_fn(160, 160, |x, y| image::Rgb([20 + (x / 20 + y / 20) as u8 % 2 * 200; 3])))
}

#[test]
fn a_face_beside_black_borders_stands_with_its_person() {
    let test_dir = TestDir::new();
    // Where the face stands so far off the middle, the landmarks of the whole crop miss it.
    for (name, side, x, y) in [("ada-1", 480, 310, 10), ("bea-1", 400, 20, 200), ("cato-1", 480, 310, 10)] {
        test_dir.file(format!("f/v/{name}-far/1.png"), on_black(name, side, x, y));
        test_dir.file(format!("f/v/{name}/1.jpg"), face(name));
    }
    let report = test_dir.run_words(CLUSTER).json();
    assert_eq!((&report["n_tracks"], &report["n_clusters"]), (&json!(6), &json!(3)), "{report}");
    assert!(warnings(&report, "no-face").is_empty(), "a face was found in each: {report}");
    let found = clusters(&test_dir.read("a.csv"));
    for name in ["ada-1", "bea-1", "cato-1"] {
        assert_eq!(found[&format!("v/{name}")], found[&format!("v/{name}-far")], "{name}");
    }
}

#[test]
fn what_shows_no_face_hardly_counts_and_is_still_grouped() {
    let test_dir = TestDir::new();
    for at in 1..=4 {
        test_dir.file(format!("f/v/pattern/{at}.png"), checkers());
        test_dir.file(format!("f/v/mixed/{at}.png"), checkers());
    }
    test_dir.file("f/v/mixed/5.jpg", face("ada-2"));
    test_dir.file("f/v/ada/1.jpg", face("ada-1"));
    test_dir.file("f/v/bea/1.jpg", face("bea-1"));
    let ran = test_dir.run_words(CLUSTER).ok();
    let report = ran.json();
    // Eight pictures, and the track that has no other.
    assert_eq!(warnings(&report, "no-face").len(), 9, "{report}");
    assert!(warnings(&report, "unusable-track").is_empty(), "{report}");
    let found = clusters(&test_dir.read("a.csv"));
    assert!(found.values().all(|cluster| !cluster.is_empty()), "{found:?}");
    assert_eq!(found["v/mixed"], found["v/ada"], "one good face outweighs four pictures without any");
    assert_ne!(found["v/mixed"], found["v/bea"]);
    // People read one line of each kind, and not one a picture.
    let err = test_dir.run_words(&CLUSTER.replace(" --json", "")).ok().err();
    let told = "no face found; picture given little weight (8 times, in 2 tracks): v/mixed, v/pattern";
    assert!(err.contains(told), "{err}");
    assert_eq!(err.matches("no face found").count(), 2, "{err}");
    assert!(err.contains("(once, in 1 track): v/pattern"), "{err}");
}
