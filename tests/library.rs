//! `castlist library` and `review recognise` by the real binary: people who are known from one
//! project are proposed in the next, and nothing is forced.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::{TestDir, face};
use serde_json::Value;

/// A folder with some of the drawn faces, each as a track, grouped.
fn film(test_dir: &TestDir, folder: &str, names: &[&str]) {
    for name in names {
        test_dir.file(format!("{folder}/v/{name}/1.jpg"), face(name));
    }
    test_dir.run_words(&format!("cluster {folder}")).ok();
}

/// The identity that holds a track.
fn identity_of(test_dir: &TestDir, folder: &str, track: &str) -> Value {
    let list = test_dir.list(folder);
    let has = |it: &&Value| it["tracks"].as_array().unwrap().contains(&track.into());
    list["identities"].as_array().unwrap().iter().find(has).unwrap().clone()
}

fn id(test_dir: &TestDir, folder: &str, track: &str) -> u64 {
    identity_of(test_dir, folder, track)["id"].as_u64().unwrap()
}

fn rename(test_dir: &TestDir, folder: &str, track: &str, name: &str) {
    let id = id(test_dir, folder, track);
    test_dir.apply(folder, &[&format!(r#"{{"edit":"rename","identity":{id},"name":"{name}"}}"#)]).ok();
}

fn people(test_dir: &TestDir) -> Vec<(u64, String, u64)> {
    let told = test_dir.run_words("library list --json").ok().json();
    let person = |it: &Value| {
        (it["id"].as_u64().unwrap(), it["name"].as_str().unwrap().into(), it["tracks"].as_u64().unwrap())
    };
    told["people"].as_array().unwrap().iter().map(person).collect()
}

/// The people proposed for the identities that hold these tracks.
fn proposed(test_dir: &TestDir, folder: &str, tracks: &[&str]) -> Vec<Option<String>> {
    let told = test_dir.run_words(&format!("review recognise {folder} --json")).ok().json();
    let name = |track: &&str| {
        let id = id(test_dir, folder, track);
        let all = told["proposals"].as_array().unwrap();
        let it = all.iter().find(|it| it["identity"] == id)?;
        Some(it["name"].as_str().unwrap().to_owned())
    };
    tracks.iter().map(name).collect()
}

/// Ada and Bea named in the first film and kept.
fn dir_with_library() -> TestDir {
    let test_dir = TestDir::new();
    film(&test_dir, "a", &["ada-1", "bea-1", "cato-1"]);
    test_dir.run_words("library add a").fails(2, &["no named identity has"]);
    test_dir.run_words("library list").fails(2, &["no library of people yet", "library add"]);
    rename(&test_dir, "a", "v/ada-1", "Ada");
    rename(&test_dir, "a", "v/bea-1", "Bea");
    let said = test_dir.run_words("library add a").ok().out();
    assert!(said.contains("Kept 2 tracks of 2 people, from a"), "{said}");
    test_dir
}

#[test]
fn who_was_named_in_one_film_is_recognised_in_the_next() {
    let test_dir = dir_with_library();
    assert_eq!(people(&test_dir), [(1, "Ada".into(), 1), (2, "Bea".into(), 1)]);
    film(&test_dir, "b", &["ada-2", "ada-3", "bea-2", "cato-2"]);
    let tracks = ["v/ada-2", "v/bea-2", "v/cato-2"];
    assert_eq!(proposed(&test_dir, "b", &tracks), [Some("Ada".into()), Some("Bea".into()), None]);
    let before = test_dir.list("b");
    assert!(
        before["identities"].as_array().unwrap().iter().all(|it| it["name"].is_null()),
        "nothing is forced"
    );
    let told = test_dir.run_words("review recognise b").ok();
    assert!(told.out().contains("is Ada") && told.err().contains("add --accept"), "{}", told.err());
    test_dir.run_words("review recognise b --accept").ok();
    assert_eq!(identity_of(&test_dir, "b", "v/ada-2")["name"], "Ada");
    assert_eq!(identity_of(&test_dir, "b", "v/ada-3")["name"], "Ada", "both of one person are one identity");
    assert_eq!(identity_of(&test_dir, "b", "v/bea-2")["name"], "Bea");
    assert!(identity_of(&test_dir, "b", "v/cato-2")["name"].is_null());
    assert_eq!(proposed(&test_dir, "b", &tracks), [None, None, None], "who is recognised is not asked about");
    // The whole is one step of undo.
    test_dir.run_words("review undo b").ok();
    assert_eq!(test_dir.list("b")["identities"], before["identities"]);
    test_dir.run_words("review redo b").ok();
    let history = test_dir.run_words("review history b").ok().out();
    assert!(history.contains("Recognised"), "{history}");
    // The next archive with the same people asks no questions about names.
    test_dir.run_words("library add b").ok();
    assert_eq!(people(&test_dir), [(1, "Ada".into(), 3), (2, "Bea".into(), 2)]);
    let told = test_dir.run_words("library list").ok().out();
    assert!(told.contains("Ada  (a, b)"), "{told}");
    // The same again keeps nothing twice.
    test_dir.run_words("library add b").ok();
    assert_eq!(people(&test_dir), [(1, "Ada".into(), 3), (2, "Bea".into(), 2)]);
}

#[test]
fn a_no_is_remembered_over_another_run() {
    let test_dir = dir_with_library();
    film(&test_dir, "b", &["ada-2", "bea-2"]);
    let ada = id(&test_dir, "b", "v/ada-2");
    test_dir.run_words(&format!("review recognise b --not {ada}")).ok();
    assert_eq!(proposed(&test_dir, "b", &["v/ada-2"]), [None]);
    test_dir.run_words("cluster b --method bcl --set radius=0.2").ok();
    test_dir.run_words("cluster b --method bcl --set radius=0.6").ok();
    assert_eq!(proposed(&test_dir, "b", &["v/ada-2", "v/bea-2"]), [None, Some("Bea".into())]);
    let history = test_dir.run_words("review history b").ok().out();
    assert!(history.contains("as not Ada in the library"), "{history}");
    // An identity named by hand is not asked about, and a wrong number is refused.
    rename(&test_dir, "b", "v/bea-2", "Somebody");
    assert_eq!(proposed(&test_dir, "b", &["v/bea-2"]), [None]);
    test_dir.run_words("review recognise b --accept 99").fails(2, &["no one is proposed for one of these"]);
}

#[test]
fn a_namesake_is_asked_about_and_may_be_somebody_else() {
    let test_dir = dir_with_library();
    film(&test_dir, "c", &["cato-1", "cato-2", "ada-2"]);
    rename(&test_dir, "c", "v/cato-1", "Ada");
    test_dir.run_words("library add c").fails(1, &["of the same name", "Ada", "--same", "--namesakes"]);
    let cato = id(&test_dir, "c", "v/cato-1");
    test_dir.run_words(&format!("library add c --identity {cato}=new")).ok();
    let names: Vec<(u64, String)> = people(&test_dir).into_iter().map(|(id, name, _)| (id, name)).collect();
    assert_eq!(names, [(1, "Ada".into()), (2, "Bea".into()), (3, "Ada".into())]);
    // Now the project knows which Ada that is, and recognises the other one by her face.
    test_dir.run_words("library add c").ok();
    assert_eq!(people(&test_dir).len(), 3);
    assert_eq!(proposed(&test_dir, "c", &["v/ada-2"]), [Some("Ada".into())]);
    test_dir.run_words("review recognise c --accept").ok();
    assert_ne!(id(&test_dir, "c", "v/ada-2"), cato, "two people of one name stay two");
    test_dir.run_words(&format!("library add c --identity {cato}=9")).fails(2, &["no person 9"]);
    test_dir.run_words("library add c --identity 77").fails(2, &["no identity 77"]);
}

#[test]
fn the_library_is_changed_undone_and_told() {
    let test_dir = dir_with_library();
    test_dir.run_words("library rename 1 Adele").ok();
    test_dir.run_words("library merge 1 2").ok();
    assert_eq!(people(&test_dir), [(1, "Adele".into(), 2)]);
    let said = test_dir.run_words("library undo").ok().out();
    assert!(said.contains("Undone: Merged Bea into Adele"), "{said}");
    assert_eq!(people(&test_dir), [(1, "Adele".into(), 1), (2, "Bea".into(), 1)]);
    test_dir.run_words("library remove 2").ok();
    assert_eq!(people(&test_dir).len(), 1);
    test_dir.run_words("library undo").ok();
    test_dir.run_words("library redo").ok();
    assert_eq!(people(&test_dir).len(), 1);
    test_dir.run_words("library undo").ok();
    let told = test_dir.run_words("library history").ok().out();
    for words in ["Kept 2 tracks of 2 people", "Renamed Ada to Adele", "Removed Bea  (undone)"] {
        assert!(told.contains(words), "`{words}` is missing in: {told}");
    }
    test_dir.run_words("library rename 5 X").fails(2, &["no person 5"]);
    test_dir.run_words("library merge 1 1").fails(2, &["two people or more"]);
    // A person who was renamed or merged is still the one that a project means.
    film(&test_dir, "b", &["ada-2"]);
    test_dir.run_words("review recognise b --accept").ok();
    assert_eq!(identity_of(&test_dir, "b", "v/ada-2")["name"], "Adele");
    test_dir.run_words("library merge 2 1").ok();
    test_dir.run_words("library add b").ok();
    assert_eq!(people(&test_dir), [(2, "Bea".into(), 3)]);
}

#[test]
fn another_model_looks_at_the_kept_pictures_and_changes_no_name() {
    let test_dir = dir_with_library();
    for name in ["ada-2", "bea-2"] {
        test_dir.file(format!("b/v/{name}/1.jpg"), face(name));
    }
    // Another description of the network's input gives other vectors, as another model does.
    test_dir.run_words("cluster b --set model.scale=110").ok();
    let told = test_dir.run_words("review recognise b --json").ok().json();
    assert_eq!((told["people"].as_u64(), told["embedded"].as_u64()), (Some(2), Some(2)), "{told}");
    assert_eq!(proposed(&test_dir, "b", &["v/ada-2", "v/bea-2"]), [Some("Ada".into()), Some("Bea".into())]);
    let again = test_dir.run_words("review recognise b --json").ok().json();
    assert_eq!(again["embedded"], 0, "and keeps what it saw");
    assert_eq!(again["proposals"], told["proposals"]);
}

#[test]
fn what_is_no_library_is_refused_and_left_alone() {
    let test_dir = dir_with_library();
    test_dir.run_words("library list --library a/castlist.sqlite").fails(2, &["not a library of people"]);
    let torn = test_dir.file("torn.castlist", [7; 4000]);
    test_dir.run_words("library add a --library torn.castlist").fails(2, &["damaged", "left untouched"]);
    assert_eq!(std::fs::read(torn).unwrap(), [7; 4000]);
    test_dir.features("f");
    test_dir.run_words("cluster f --method bcl --set radius=0.3").ok();
    let first = test_dir.list("f")["identities"][0]["id"].as_u64().unwrap();
    test_dir.apply("f", &[&format!(r#"{{"edit":"rename","identity":{first},"name":"Ada"}}"#)]).ok();
    test_dir.run_words("library add f").fails(1, &["which model made these features", "--model"]);
}
