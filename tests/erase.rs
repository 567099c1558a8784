//! `castlist project erase` by the real binary: no byte of a person is left, everybody else stays, and a
//! kill in the middle leaves what the same command finishes.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]
#![allow(clippy::print_stderr, reason = "counts are shown with --nocapture")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use castlist::base::seeded;
use common::{TestDir, face};
use rand::RngExt;
use serde_json::Value;

/// A name with all that JSON and SQL may write otherwise.
const NAME: &str = "Ada \"Łu\" O'Brien\\김";

/// Files below a folder with their bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// A text as it may stand in a file: as it is, and as JSON strings write it.
fn spellings(name: &str) -> Vec<Vec<u8>> {
    let json = serde_json::to_string(name).unwrap();
    let json = json.trim_matches('"').to_owned();
    let ascii: String = json
        .encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect();
    let utf16 = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [name.to_owned(), serde_json::to_string(&json).unwrap().trim_matches('"').to_owned(), json, ascii]
        .map(String::into_bytes)
        .into_iter()
        .chain([utf16])
        .collect()
}

/// The files of the project's folder and the data folder in which something occurs, by their names.
fn found_in(place: &TestDir, needles: &[Vec<u8>]) -> Vec<String> {
    let all = files(&place.path("f")).into_iter().chain(files(&place.path("data")));
    let hits = all.filter(|(_, bytes)| needles.iter().any(|needle| holds(bytes, needle)));
    hits.map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

fn identity_of(list: &Value, track: &str) -> Option<Value> {
    let has = |it: &&Value| it["tracks"].as_array().unwrap().contains(&track.into());
    list["identities"].as_array().unwrap().iter().find(has).cloned()
}

fn id_of(place: &TestDir, track: &str) -> u64 {
    identity_of(&place.list("f"), track).unwrap()["id"].as_u64().unwrap()
}

fn apply(place: &TestDir, edit: &Value) {
    place.apply("f", &[&edit.to_string()]).ok();
}

/// Three people; one is named, parted, merged, renamed, undone and redone, and kept in the library.
fn archive(place: &TestDir) {
    for name in ["ada-1", "ada-2", "ada-3", "bea-1", "bea-2", "cato-1"] {
        place.file(format!("f/v/{name}/1.jpg"), face(name));
    }
    place.run_words("cluster f --set engine=tract").ok();
    let ada = id_of(place, "v/ada-1");
    let bea = id_of(place, "v/bea-1");
    apply(place, &serde_json::json!({"edit": "rename", "identity": ada, "name": NAME}));
    apply(place, &serde_json::json!({"edit": "rename", "identity": bea, "name": "Bea"}));
    apply(place, &serde_json::json!({"edit": "split", "tracks": ["v/ada-3"], "name": NAME}));
    let other = id_of(place, "v/ada-3");
    apply(place, &serde_json::json!({"edit": "merge", "identities": [ada, other], "into": ada}));
    apply(place, &serde_json::json!({"edit": "cannot-link", "a": "v/ada-1", "b": "v/bea-1"}));
    // A branch that was left, in which another number had the name.
    apply(place, &serde_json::json!({"edit": "split", "tracks": ["v/ada-2"], "name": NAME}));
    place.run_words("review undo f").ok();
    apply(place, &serde_json::json!({"edit": "confirm", "identities": [ada, bea]}));
    place.run_words("library add f").ok();
    place.run_words("project restore f --copy 1").ok();
    place.apply("f", &[]).ok();
}

fn everybody_else(list: &Value) -> Vec<Value> {
    let others = list["identities"].as_array().unwrap().iter();
    others.filter(|it| it["name"] != NAME).cloned().collect()
}

#[test]
fn no_byte_of_an_erased_person_is_left_and_everybody_else_stays() {
    let place = TestDir::new();
    archive(&place);
    let (before, pictures) = (place.list("f"), files(&place.path("f/v")));
    let vectors = || -> Vec<Vec<u8>> {
        let project = rusqlite::Connection::open(place.path("f/castlist.sqlite")).unwrap();
        let mut query = project.prepare("SELECT vector FROM embeddings").unwrap();
        let rows = query.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let embeddings = vectors();
    assert_eq!(embeddings.len(), 6);
    let mut traces = spellings(NAME);
    traces.extend(["v/ada-1", "v/ada-2", "v/ada-3"].map(|id| id.as_bytes().to_vec()));
    let found = found_in(&place, &traces);
    for file in ["castlist.sqlite", "castlist.sqlite.copy-", "castlist.sqlite.replaced-", "people.castlist"] {
        assert!(found.iter().any(|name| name.starts_with(file)), "{file} is not in {found:?}");
    }

    // A look changes nothing.
    let settled = |place: &TestDir| {
        let is_settled = |path: &Path| !path.to_string_lossy().ends_with("-shm");
        let mut files = files(&place.path("f"));
        files.retain(|path, bytes| is_settled(path) && !bytes.is_empty());
        files
    };
    let as_it_was = settled(&place);
    let shown = place.run(["project", "erase", "f", NAME]).ok();
    assert!(shown.out().contains("would erase identity") && shown.err().contains("--yes"), "{}", shown.err());
    assert!(settled(&place) == as_it_was, "something was changed");

    let told = place.run(["project", "erase", "f", NAME, "--yes", "--json"]).json();
    assert_eq!((&told["n_tracks"], &told["erased"]), (&3.into(), &true.into()));
    assert_eq!(told["pictures"].as_array().unwrap().len(), 3);
    assert_eq!(told["n_library_people"], 1);
    assert_eq!(found_in(&place, &traces), [""; 0]);
    let left = vectors();
    assert!(left.len() == 3 && left.iter().all(|vector| embeddings.contains(vector)), "those of the others");
    let gone = embeddings.iter().filter(|vector| !left.contains(vector));
    // A row may be in several pages, so pieces of it are looked for.
    let pieces: Vec<Vec<u8>> = gone.flat_map(|vector| vector.chunks(64).map(<[u8]>::to_vec)).collect();
    assert_eq!(found_in(&place, &pieces), [""; 0]);
    assert!(files(&place.path("f/v")) == pictures, "a picture was changed");
    assert_eq!(everybody_else(&place.list("f")), everybody_else(&before));
    place.run(["project", "erase", "f", NAME, "--yes"]).fails(1, &["no identity is called"]);

    nothing_comes_back(&place, &before, &traces);
}

/// Undo, redo, every entry of the log, another clustering, a folder that moved, a restored copy.
fn nothing_comes_back(place: &TestDir, before: &Value, traces: &[Vec<u8>]) {
    let history = place.run_words("review history f --json").json();
    let entries = history["entries"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["words"] == "Erased a person with 3 tracks"), "{history}");
    let cursor = place.list("f")["cursor"].as_u64().unwrap();
    for number in 0..entries.len() {
        place.run(["review", "jump", "f", &number.to_string()]).ok();
        let list = place.list("f");
        assert!(identity_of(&list, "v/ada-1").is_none(), "entry {number}: {list}");
        assert_eq!(list["unassigned"].as_array().unwrap().len(), 0, "entry {number}: {list}");
    }
    place.run(["review", "jump", "f", &cursor.to_string()]).ok();
    // The steps before are steps still: the first undo takes the confirmation back.
    let bea = |list: &Value| identity_of(list, "v/bea-1").unwrap();
    assert_eq!(bea(&place.list("f")), bea(before));
    place.run_words("review undo f --steps 9").fails(1, &[]);
    place.run_words("review undo f 20").ok();
    assert_eq!(bea(&place.list("f"))["name"], Value::Null);
    place.run_words("review redo f 20").ok();
    assert_eq!(bea(&place.list("f")), bea(before));

    let ran = place.run_words("cluster f --set engine=tract --json").ok();
    assert!(ran.err().contains("3 tracks were passed over"), "{}", ran.err());
    let report = ran.json();
    assert_eq!((&report["n_tracks"], &report["n_erased"]), (&3.into(), &3.into()));
    assert_eq!(report["n_embedded"], 0, "the embeddings of the others stayed");
    fs::rename(place.path("f/v"), place.path("f/w")).unwrap();
    let report = place.run_words("cluster f --set engine=tract --json").json();
    assert_eq!((&report["n_tracks"], &report["n_erased"]), (&3.into(), &3.into()));
    assert_eq!(found_in(place, traces), [""; 0]);
    place.apply("f", &[]).ok();
    place.run_words("project restore f --copy 1").ok();
    let report = place.run_words("cluster f --set engine=tract --json").json();
    assert_eq!((&report["n_tracks"], &report["n_erased"]), (&3.into(), &3.into()));
    assert_eq!(found_in(place, traces), [""; 0]);
}

#[test]
fn a_namesake_keeps_the_name_and_it_is_said() {
    let place = TestDir::new();
    place.project("f");
    let rename = |id: u64| format!(r#"{{"edit":"rename","identity":{id},"name":"Ada"}}"#);
    place.apply("f", &[&rename(1), &rename(2)]).ok();
    place.run_words("project erase f Ada").fails(1, &["several identities are called Ada", "1, 2"]);
    place.run_words("project erase f Bea").fails(1, &["no identity is called `Bea`"]);
    place.run_words("export f f/cast").ok();
    let cast = files(&place.path("f/cast"));
    let ran = place.run_words("project erase f 1 --yes").ok();
    assert!(ran.out().contains("left alone: the export f/cast"), "{}", ran.out());
    assert!(files(&place.path("f/cast")) == cast, "an export was changed");
    assert!(ran.err().contains("another identity is called Ada"), "{}", ran.err());
    let list = place.list("f");
    let named: Vec<_> = list["identities"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(named, [Value::from("Ada"), Value::Null]);
    // The numbers of those who are there stay, and nobody gets the one that went.
    place.apply("f", &[r#"{"edit":"split","tracks":["e1/1"]}"#]).ok();
    let ids: Vec<_> =
        place.list("f")["identities"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert_eq!(ids, [2, 3, 4]);
    place.apply("f", &[r#"{"edit":"erase","tracks":1}"#]).fails(2, &["castlist project erase"]);
}

#[test]
fn a_part_of_a_cut_track_takes_the_whole_track_along() {
    let place = TestDir::new();
    for name in ["bea-1", "cato-1"] {
        place.file(format!("f/v/{name}/1.jpg"), face(name));
    }
    for (frame, name) in (1..).zip(["ada-1", "ada-2", "bea-2", "bea-3"]) {
        place.file(format!("f/v/both/{frame}.jpg"), face(name));
    }
    place.run_words("cluster f --set engine=tract").ok();
    place.run_words("review split-track f v/both --at 3").ok();
    apply(&place, &serde_json::json!({"edit": "split", "tracks": ["v/both#1-2"]}));
    let first = id_of(&place, "v/both#1-2");
    let told = place.run_words(&format!("project erase f {first} --yes --json")).json();
    assert_eq!(told["parts"], serde_json::json!(["v/both#3-4"]));
    let list = place.list("f");
    assert!(!list.to_string().contains("both"), "{list}");
    assert_eq!(found_in(&place, &[b"v/both".to_vec()]), [""; 0]);
    let report = place.run_words("cluster f --set engine=tract --json").json();
    assert_eq!((&report["n_tracks"], &report["n_erased"]), (&2.into(), &1.into()));
}

/// A copy of a place's project and data.
fn copy_of(whole: &TestDir) -> TestDir {
    let place = TestDir::new();
    for folder in ["f", "data"] {
        for (path, bytes) in files(&whole.path(folder)) {
            place.file(Path::new(folder).join(path.strip_prefix(whole.path(folder)).unwrap()), bytes);
        }
    }
    place
}

#[test]
fn an_erasure_that_is_killed_is_finished_by_the_same_command() {
    let whole = TestDir::new();
    archive(&whole);
    let traces = spellings(NAME);
    let (mut rng, mut ended, mut before_the_log) = (seeded(8), 0, 0);
    for round in 0..20 {
        let place = copy_of(&whole);
        let before = everybody_else(&place.list("f"));
        let mut erase = place.command(["project", "erase", "f", NAME, "--yes"]);
        let (null, quiet) = (std::process::Stdio::null(), std::process::Stdio::null());
        let mut child = erase.stdout(null).stderr(quiet).spawn().unwrap();
        // The copies go right before the log is rewritten; the library goes before that.
        let has_copies = || found_names(&place.path("f")).iter().any(|name| name.contains(".copy-"));
        let until = Instant::now() + Duration::from_secs(30);
        while round % 2 == 0 && has_copies() && child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < until, "the copies stay");
        }
        let most = if round % 2 == 0 { 6_000 } else { 60_000 };
        std::thread::sleep(Duration::from_micros(rng.random_range(0..most)));
        child.kill().unwrap();
        ended += usize::from(child.wait().unwrap().success());
        let list = place.list("f");
        let is_there = list["identities"].as_array().unwrap().iter().any(|it| it["name"] == NAME);
        before_the_log += usize::from(is_there);
        assert!(everybody_else(&list) == before, "round {round}");
        let again = place.run(["project", "erase", "f", NAME, "--yes"]);
        assert!(!is_there || again.code() == Some(0), "round {round}: {}", again.err());
        assert_eq!(found_in(&place, &traces), [""; 0], "round {round}");
        assert!(everybody_else(&place.list("f")) == before, "round {round}");
    }
    eprintln!("erasures: 20 kills, {before_the_log} before the log was rewritten, {ended} after the end");
}

fn found_names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().flatten();
    names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
