//! `castlist project merge` by the real binary: two curators' work on the same tracks becomes one, neither
//! side is lost, and both projects stay as they are.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::fs;
use std::path::Path;

use common::{TestDir, face, frames, npy};
use serde_json::{Value, json};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Two copies of a folder of six tracks, three identities of two.
fn two_curators() -> TestDir {
    let place = TestDir::new();
    place.project("a");
    copy(&place.path("a"), &place.path("b"));
    place
}

fn rename(identity: u64, name: &str) -> String {
    json!({"edit": "rename", "identity": identity, "name": name}).to_string()
}

fn apply(place: &TestDir, project: &str, edits: &[String]) {
    place.apply(project, &edits.iter().map(String::as_str).collect::<Vec<_>>()).ok();
}

/// The new project, after a look whether both are what they were, byte for byte.
fn merged(place: &TestDir, a: &str, b: &str, out: &str) -> Value {
    let bytes = || [a, b].map(|folder| fs::read(place.path(format!("{folder}/castlist.sqlite"))).unwrap());
    let before = bytes();
    let told = place.run(["project", "merge", a, b, "--out", out, "--json"]).json();
    assert!(bytes() == before, "a project was changed");
    told
}

/// Names with their tracks.
fn named(list: &Value) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut named: Vec<_> = list["identities"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| !it["name"].is_null())
        .map(|it| (text(&it["name"]), it["tracks"].as_array().unwrap().iter().map(text).collect()))
        .collect();
    named.sort();
    named
}

fn kinds(told: &Value) -> Vec<String> {
    let clashes = told["clashes"].as_array().unwrap().iter();
    clashes.map(|clash| clash["kind"].as_str().unwrap().to_owned()).collect()
}

fn person(name: &str, tracks: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), tracks.iter().map(|track| (*track).to_owned()).collect())
}

#[test]
fn names_and_links_of_both_are_in_the_new_project_and_neither_name_is_lost() {
    let place = two_curators();
    apply(&place, "a", &[rename(1, "Ada"), rename(2, "Bea")]);
    let link = |edit: &str, a: &str, b: &str| json!({"edit": edit, "a": a, "b": b}).to_string();
    let links = [link("cannot-link", "e1/0", "e1/2"), link("must-link", "e1/2", "e2/2")];
    apply(&place, "b", &[rename(1, "Ada"), rename(2, "Beatrix"), rename(3, "Cato")]);
    apply(&place, "b", &links);
    let told = merged(&place, "a", "b", "c.sqlite");
    assert_eq!((&told["n_common"], &told["n_unknown"]), (&6.into(), &0.into()));
    assert_eq!(told["brought"], json!({"identities": 1, "links": 2, "rejected": 0, "cuts": 0}));
    assert_eq!(kinds(&told), ["name"]);
    let clash = &told["clashes"][0];
    assert_eq!((&clash["ours"], &clash["theirs"]), (&"Bea".into(), &"Beatrix".into()));
    let all = named(&place.list("c.sqlite"));
    let (ada, cato) = (person("Ada", &["e1/0", "e2/0"]), person("Cato", &["e1/2", "e2/2"]));
    assert_eq!(all, [ada.clone(), person("Bea", &["e1/1", "e2/1"]), cato.clone()]);

    // One step of undo is all that came in, and one of redo after it takes the other name.
    place.run_words("review undo c.sqlite").ok();
    assert_eq!(named(&place.list("c.sqlite")), named(&place.list("a")));
    place.run_words("review redo c.sqlite").ok();
    assert_eq!(named(&place.list("c.sqlite")), all);
    place.run_words("review redo c.sqlite").ok();
    let beatrix = person("Beatrix", &["e1/1", "e2/1"]);
    assert_eq!(named(&place.list("c.sqlite")), [ada.clone(), beatrix.clone(), cato.clone()]);
    place.run_words("review undo c.sqlite").ok();
    // The edit of the clash is a line for `review apply`, in the report and in the history.
    let history = place.run_words("review history c.sqlite --json").json();
    let entry = clash["entry"].as_u64().unwrap() as usize;
    assert_eq!(history["entries"][entry]["edit"], clash["edit"]);
    place.apply("c.sqlite", &[&clash["edit"].to_string()]).ok();
    assert_eq!(named(&place.list("c.sqlite")), [ada, beatrix, cato]);
}

#[test]
fn details_of_a_person_come_in_and_what_differs_is_a_clash() {
    let place = two_curators();
    let describe =
        |details: Value| json!({"edit": "describe", "identity": 1, "details": details}).to_string();
    apply(&place, "a", &[rename(1, "Ada"), describe(json!({"role": "The queen"}))]);
    apply(&place, "b", &[rename(1, "Ada"), describe(json!({"role": "A queen", "actor": "M. Moe"}))]);
    let told = merged(&place, "a", "b", "c.sqlite");
    assert_eq!(kinds(&told), ["detail"]);
    assert_eq!(told["clashes"][0]["theirs"], "role: A queen");
    let details = |place: &TestDir| place.list("c.sqlite")["identities"][0]["details"].clone();
    assert_eq!(details(&place), json!({"actor": "M. Moe", "role": "The queen"}));
    place.run_words("review redo c.sqlite").ok();
    assert_eq!(details(&place)["role"], "A queen");
}

#[test]
fn who_is_one_person_here_and_two_there_is_said_both_ways() {
    let place = two_curators();
    apply(&place, "a", &[r#"{"edit":"merge","identities":[1,2],"into":1}"#.to_owned()]);
    apply(&place, "b", &[r#"{"edit":"confirm","identities":[1,2]}"#.to_owned()]);
    let told = merged(&place, "a", "b", "c.sqlite");
    assert_eq!(kinds(&told), ["person"]);
    assert_eq!(told["clashes"][0]["edit"]["edit"], "split");
    let sizes = |project: &str| {
        let list = place.list(project);
        let all = list["identities"].as_array().unwrap().iter();
        let mut sizes: Vec<usize> = all.map(|it| it["tracks"].as_array().unwrap().len()).collect();
        sizes.sort_unstable();
        sizes
    };
    assert_eq!(sizes("c.sqlite"), [2, 4]);
    // Nobody confirmed the four together.
    assert!(!place.list("c.sqlite").to_string().contains("confirmed"));
    place.run_words("review redo c.sqlite").ok();
    assert_eq!(sizes("c.sqlite"), [2, 2, 2]);
    let told = merged(&place, "b", "a", "d.sqlite");
    assert_eq!(kinds(&told), ["person"]);
    assert_eq!(sizes("d.sqlite"), [2, 2, 2]);
    place.run_words("review redo d.sqlite").ok();
    assert_eq!(sizes("d.sqlite"), [2, 4]);
}

#[test]
fn ignored_rejected_and_linked_tracks_come_in_where_nothing_was_decided() {
    let place = two_curators();
    let edits = [
        r#"{"edit":"ignore","identities":3}"#.to_owned(),
        r#"{"edit":"reject","tracks":["e2/0","e2/1"]}"#.to_owned(),
    ];
    apply(&place, "b", &edits);
    apply(&place, "a", &[rename(1, "Ada")]);
    let told = merged(&place, "a", "b", "c.sqlite");
    assert_eq!(told["brought"]["rejected"], 1);
    assert_eq!(kinds(&told), ["person"], "{told}");
    let list = place.list("c.sqlite");
    assert_eq!(list["unassigned"], json!(["e2/1"]));
    let state = |tracks: Value| {
        let all = list["identities"].as_array().unwrap().iter();
        all.filter(|it| it["tracks"] == tracks).map(|it| it["state"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(state(json!(["e1/2", "e2/2"])), ["ignored"]);
    assert_eq!(state(json!(["e1/0", "e2/0"])), ["confirmed"]);
    // Ignored there and named here: named it stays.
    apply(&place, "a", &[rename(3, "Cato")]);
    let told = merged(&place, "a", "b", "d.sqlite");
    assert_eq!(kinds(&told), ["person", "ignored"]);
    assert!(named(&place.list("d.sqlite")).contains(&person("Cato", &["e1/2", "e2/2"])));
}

/// Two folders of pictures, in which one track shows two people; the second folder has other names.
fn pictures() -> TestDir {
    let place = TestDir::new();
    for (folder, video) in [("a", "v"), ("b", "moved")] {
        for name in ["ada-1", "bea-1", "cato-1"] {
            place.file(format!("{folder}/{video}/{name}/1.jpg"), face(name));
        }
        for (frame, name) in (1..).zip(["ada-2", "ada-3", "bea-2", "bea-3"]) {
            place.file(format!("{folder}/{video}/both/{frame}.jpg"), face(name));
        }
    }
    place.run_words("cluster a --set engine=tract").ok();
    // Another clustering: everybody alone.
    place.run_words("cluster b --set engine=tract --method bcl --set radius=0.01").ok();
    place
}

fn id_of(place: &TestDir, project: &str, track: &str) -> u64 {
    let list = place.list(project);
    let has = |it: &&Value| it["tracks"].as_array().unwrap().contains(&track.into());
    list["identities"].as_array().unwrap().iter().find(has).unwrap()["id"].as_u64().unwrap()
}

fn tracks(list: &Value) -> Vec<String> {
    let all = list["identities"].as_array().unwrap().iter().flat_map(|it| it["tracks"].as_array().unwrap());
    let mut tracks: Vec<String> = all.map(|track| track.as_str().unwrap().to_owned()).collect();
    tracks.sort();
    tracks
}

#[test]
fn moved_tracks_are_known_and_cuts_come_in_with_the_names_of_their_parts() {
    let place = pictures();
    place.run_words("review split-track b moved/both --at 3").ok();
    let second = id_of(&place, "b", "moved/both#3-4");
    let cato = id_of(&place, "b", "moved/cato-1");
    apply(&place, "b", &[rename(second, "Bea"), rename(cato, "Cato")]);
    let told = merged(&place, "a", "b", "c.sqlite");
    assert_eq!((&told["n_common"], &told["n_renamed"]), (&4.into(), &4.into()));
    assert_eq!(told["brought"]["cuts"], 1);
    assert_eq!(kinds(&told), [""; 0]);
    let list = place.list("c.sqlite");
    assert_eq!(tracks(&list), ["v/ada-1", "v/bea-1", "v/both#1-2", "v/both#3-4", "v/cato-1"]);
    assert_eq!(named(&list), [person("Bea", &["v/both#3-4"]), person("Cato", &["v/cato-1"])]);
    place.run_words("review undo c.sqlite").ok();
    assert_eq!(tracks(&place.list("c.sqlite")), ["v/ada-1", "v/bea-1", "v/both", "v/cato-1"]);
    place.run_words("review redo c.sqlite").ok();
    assert_eq!(named(&place.list("c.sqlite")), named(&list));
    // The folder's own run goes on with it.
    place.run_words("cluster a --project c.sqlite --set engine=tract").ok();
    assert_eq!(named(&place.list("c.sqlite")), named(&list));
}

#[test]
fn a_cut_of_a_track_that_was_named_whole_is_a_clash() {
    let place = pictures();
    place.run_words("review split-track b moved/both --at 3").ok();
    let both = id_of(&place, "a", "v/both");
    apply(&place, "a", &[rename(both, "Ada")]);
    let told = merged(&place, "a", "b", "c.sqlite");
    assert_eq!(kinds(&told), ["cut"]);
    assert!(tracks(&place.list("c.sqlite")).contains(&"v/both".to_owned()));
    place.run_words("review redo c.sqlite").ok();
    assert!(tracks(&place.list("c.sqlite")).contains(&"v/both#3-4".to_owned()));
    // Cut alike in both: nothing to say.
    place.run_words("review split-track a v/both --at 3").ok();
    let told = merged(&place, "a", "b", "d.sqlite");
    assert_eq!((kinds(&told), &told["brought"]["cuts"]), (Vec::new(), &0.into()));
}

#[test]
fn what_cannot_be_merged_is_refused_and_nothing_is_written() {
    let place = two_curators();
    place.file("other/x/1.npy", npy(&frames(1)));
    place.file("other/x/2.npy", npy(&[vec![0.3, 0.1, 0.2, 0.9]]));
    place.run_words("cluster other --method bcl --set radius=0.3").ok();
    // The very vectors of a track of the others make it that track, so they are others here.
    fs::remove_file(place.path("other/x/1.npy")).unwrap();
    fs::remove_file(place.path("other/castlist.sqlite")).unwrap();
    place.file("other/x/3.npy", npy(&[vec![0.9, 0.1, 0.2, 0.3]]));
    place.run_words("cluster other --method bcl --set radius=0.3").ok();
    place.run_words("project merge a other --out c.sqlite").fails(2, &["no track in common", "6 and 2"]);
    place.run_words("project merge a a --out c.sqlite").fails(1, &["same project"]);
    place.run_words("project merge a nowhere --out c.sqlite").fails(2, &["nowhere"]);
    place.run_words("project merge a b --out missing/c.sqlite").exits_with(3);
    place.file("c.sqlite", "mine");
    place.run_words("project merge a b --out c.sqlite").fails(3, &["already", "c.sqlite"]);
    assert_eq!(place.read("c.sqlite"), "mine");
    fs::remove_file(place.path("c.sqlite")).unwrap();
    let file = rusqlite::Connection::open(place.path("b/castlist.sqlite")).unwrap();
    file.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(file);
    place.run_words("project merge a b --out c.sqlite").fails(2, &["newer Castlist"]);
    fs::write(place.path("b/castlist.sqlite"), "no database at all, though long enough to be one").unwrap();
    place.run_words("project merge a b --out c.sqlite").fails(2, &["damaged"]);
    let names = fs::read_dir(place.path("")).unwrap().map(|it| it.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().starts_with("c.sqlite")));
}
