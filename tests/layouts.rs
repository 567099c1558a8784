//! Folders as people have them: flat names, litter, formats. Each is read as what it is, and said.
//!
//! Drives the real binary. What a curator said of a folder survives whatever is added to it.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{Place, face};

/// Three people in three frames each, named by `name(frame, face)`.
fn frames(place: &Place, name: impl Fn(usize, usize) -> String) {
    for frame in 1..=3 {
        for (face_number, person) in ["ada", "bea", "cato"].iter().enumerate() {
            place.file(format!("f/{}", name(frame, face_number)), face(&format!("{person}-{frame}")));
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
        let place = Place::new();
        frames(&place, name);
        let ran = place.say("cluster f --set engine=tract --json --assignments a.csv").ok();
        assert!(
            ran.err().contains("9 tracks, 9 faces (9 pictures, each a track of its own)"),
            "{}",
            ran.err()
        );
        let found: Vec<String> = place.read("a.csv").lines().skip(1).map(str::to_owned).collect();
        assert_eq!(found.len(), 9);
        let clusters: BTreeSet<&str> = found.iter().filter_map(|row| row.rsplit(',').next()).collect();
        assert!(clusters.len() >= 3, "{found:?}");
    }
}

#[test]
fn a_setting_says_what_a_picture_is_and_names_survive_another_reading() {
    let place = Place::new();
    for (track, person) in [("a", "ada"), ("b", "bea")] {
        for frame in 1..=3 {
            place.file(format!("f/{track}_{frame}.jpg"), face(&format!("{person}-{frame}")));
        }
    }
    let cluster = "cluster f --set engine=tract";
    let ran = place.say(cluster).ok();
    assert!(ran.err().contains("6 pictures of 2 tracks by their names"), "{}", ran.err());
    place.file("e", r#"{"edit":"rename","identity":1,"name":"Ada"}"#);
    place.say("review apply f e").ok();
    let before = place.list("f");

    // A picture below changes nothing about the rest.
    place.file("f/extra/1.jpg", face("cato-1"));
    place.say(cluster).ok();
    assert_eq!(place.list("f")["identities"][0]["name"], "Ada");
    assert_eq!(place.list("f")["identities"].as_array().unwrap().len(), 3);

    // Another reading is told, and nothing of it is adopted until that is asked for.
    let now = place.list("f");
    let single = format!("{cluster} --set pictures=single");
    place.say(&single).fails(2, &["7 pictures are of another track", "a_1.jpg was of `a`", "--adopt"]);
    assert_eq!(place.list("f"), now);
    assert_ne!(now, before);
    place.say(&format!("{single} --adopt")).ok();
    let list = place.list("f").to_string();
    assert!(list.contains("a_1") && list.contains("extra/1"), "{list}");
}

#[test]
fn pictures_of_other_kinds_are_read_or_counted() {
    let place = Place::new();
    place.file("f/v/a/1.jfif", face("ada-1"));
    place.file("f/v/a/2.jpe", face("ada-2"));
    for (file, name) in [("b/1.tif", "bea-1"), ("b/2.gif", "bea-2")] {
        let path = place.path("f/v").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        image::load_from_memory(face(name)).unwrap().save(path).unwrap();
    }
    place.file("f/@eaDir/1.jpg", face("cato-1"));
    let cluster = "cluster f --set engine=tract --json --strict";
    let report = place.say(cluster).json();
    assert_eq!((&report["n_tracks"], &report["n_faces"]), (&2.into(), &4.into()), "{report}");
    for (file, kind) in [("v/c/1.HEIC", "HEIC"), ("v/a/3.dng", "camera raw"), ("v/d/1.avif", "AVIF")] {
        place.file(format!("f/{file}"), "x");
        let ran = place.say(cluster);
        assert!(ran.out().contains(kind), "{}", ran.out());
        ran.ends(4);
    }
}
