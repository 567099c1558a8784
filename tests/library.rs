//! `castlist library` and `review recognise` by the real binary: people who are known from one
//! project are proposed in the next, and nothing is forced.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::{Place, face};
use serde_json::Value;

/// A folder with some of the drawn faces, each as a track, grouped.
fn film(place: &Place, folder: &str, names: &[&str]) {
    for name in names {
        place.file(format!("{folder}/v/{name}/1.jpg"), face(name));
    }
    place.say(&format!("cluster {folder}")).ok();
}

/// The identity that holds a track.
fn of(place: &Place, folder: &str, track: &str) -> Value {
    let list = place.list(folder);
    let has = |it: &&Value| it["tracks"].as_array().unwrap().contains(&track.into());
    list["identities"].as_array().unwrap().iter().find(has).unwrap().clone()
}

fn id(place: &Place, folder: &str, track: &str) -> u64 {
    of(place, folder, track)["id"].as_u64().unwrap()
}

fn rename(place: &Place, folder: &str, track: &str, name: &str) {
    let id = id(place, folder, track);
    place.apply(folder, &[&format!(r#"{{"edit":"rename","identity":{id},"name":"{name}"}}"#)]).ok();
}

fn people(place: &Place) -> Vec<(u64, String, u64)> {
    let told = place.say("library list --json").ok().json();
    let person = |it: &Value| {
        (it["id"].as_u64().unwrap(), it["name"].as_str().unwrap().into(), it["tracks"].as_u64().unwrap())
    };
    told["people"].as_array().unwrap().iter().map(person).collect()
}

/// Who is proposed for the identities that hold these tracks.
fn proposed(place: &Place, folder: &str, tracks: &[&str]) -> Vec<Option<String>> {
    let told = place.say(&format!("review recognise {folder} --json")).ok().json();
    let name = |track: &&str| {
        let id = id(place, folder, track);
        let all = told["proposals"].as_array().unwrap();
        let it = all.iter().find(|it| it["identity"] == id)?;
        Some(it["name"].as_str().unwrap().to_owned())
    };
    tracks.iter().map(name).collect()
}

/// Ada and Bea named in the first film and kept.
fn kept() -> Place {
    let place = Place::new();
    film(&place, "a", &["ada-1", "bea-1", "cato-1"]);
    place.say("library add a").fails(2, &["nobody has a name"]);
    place.say("library list").fails(2, &["no library of people yet", "library add"]);
    rename(&place, "a", "v/ada-1", "Ada");
    rename(&place, "a", "v/bea-1", "Bea");
    let said = place.say("library add a").ok().out();
    assert!(said.contains("Kept 2 tracks of 2 people, from a"), "{said}");
    place
}

#[test]
fn who_was_named_in_one_film_is_recognised_in_the_next() {
    let place = kept();
    assert_eq!(people(&place), [(1, "Ada".into(), 1), (2, "Bea".into(), 1)]);
    film(&place, "b", &["ada-2", "ada-3", "bea-2", "cato-2"]);
    let tracks = ["v/ada-2", "v/bea-2", "v/cato-2"];
    assert_eq!(proposed(&place, "b", &tracks), [Some("Ada".into()), Some("Bea".into()), None]);
    let before = place.list("b");
    assert!(
        before["identities"].as_array().unwrap().iter().all(|it| it["name"].is_null()),
        "nothing is forced"
    );
    let told = place.say("review recognise b").ok();
    assert!(told.out().contains("is Ada") && told.err().contains("add --accept"), "{}", told.err());
    place.say("review recognise b --accept").ok();
    assert_eq!(of(&place, "b", "v/ada-2")["name"], "Ada");
    assert_eq!(of(&place, "b", "v/ada-3")["name"], "Ada", "both of one person are one identity");
    assert_eq!(of(&place, "b", "v/bea-2")["name"], "Bea");
    assert!(of(&place, "b", "v/cato-2")["name"].is_null());
    assert_eq!(proposed(&place, "b", &tracks), [None, None, None], "who is recognised is not asked about");
    // The whole is one step of undo.
    place.say("review undo b").ok();
    assert_eq!(place.list("b")["identities"], before["identities"]);
    place.say("review redo b").ok();
    let history = place.say("review history b").ok().out();
    assert!(history.contains("Recognised"), "{history}");
    // The next look of the same people asks nobody about names.
    place.say("library add b").ok();
    assert_eq!(people(&place), [(1, "Ada".into(), 3), (2, "Bea".into(), 2)]);
    let told = place.say("library list").ok().out();
    assert!(told.contains("Ada  (a, b)"), "{told}");
    // The same again keeps nothing twice.
    place.say("library add b").ok();
    assert_eq!(people(&place), [(1, "Ada".into(), 3), (2, "Bea".into(), 2)]);
}

#[test]
fn a_no_is_remembered_over_another_run() {
    let place = kept();
    film(&place, "b", &["ada-2", "bea-2"]);
    let ada = id(&place, "b", "v/ada-2");
    place.say(&format!("review recognise b --not {ada}")).ok();
    assert_eq!(proposed(&place, "b", &["v/ada-2"]), [None]);
    place.say("cluster b --method bcl --set radius=0.2").ok();
    place.say("cluster b --method bcl --set radius=0.6").ok();
    assert_eq!(proposed(&place, "b", &["v/ada-2", "v/bea-2"]), [None, Some("Bea".into())]);
    let history = place.say("review history b").ok().out();
    assert!(history.contains("Said that Ada of the library is not Person"), "{history}");
    // Whoever is named by hand is not asked about, and a wrong number is refused.
    rename(&place, "b", "v/bea-2", "Somebody");
    assert_eq!(proposed(&place, "b", &["v/bea-2"]), [None]);
    place.say("review recognise b --accept 99").fails(2, &["nobody of the library is proposed"]);
}

#[test]
fn a_namesake_is_asked_about_and_may_be_somebody_else() {
    let place = kept();
    film(&place, "c", &["cato-1", "cato-2", "ada-2"]);
    rename(&place, "c", "v/cato-1", "Ada");
    place.say("library add c").fails(1, &["of the same name", "Ada", "--same", "--namesakes"]);
    let cato = id(&place, "c", "v/cato-1");
    place.say(&format!("library add c --identity {cato}=new")).ok();
    let names: Vec<(u64, String)> = people(&place).into_iter().map(|(id, name, _)| (id, name)).collect();
    assert_eq!(names, [(1, "Ada".into()), (2, "Bea".into()), (3, "Ada".into())]);
    // Now the project knows which Ada that is, and recognises the other one by her face.
    place.say("library add c").ok();
    assert_eq!(people(&place).len(), 3);
    assert_eq!(proposed(&place, "c", &["v/ada-2"]), [Some("Ada".into())]);
    place.say("review recognise c --accept").ok();
    assert_ne!(id(&place, "c", "v/ada-2"), cato, "two people of one name stay two");
    place.say(&format!("library add c --identity {cato}=9")).fails(2, &["no person 9"]);
    place.say("library add c --identity 77").fails(2, &["no identity 77"]);
}

#[test]
fn the_library_is_changed_undone_and_told() {
    let place = kept();
    place.say("library rename 1 Adele").ok();
    place.say("library merge 1 2").ok();
    assert_eq!(people(&place), [(1, "Adele".into(), 2)]);
    let said = place.say("library undo").ok().out();
    assert!(said.contains("Undone: Merged Bea into Adele"), "{said}");
    assert_eq!(people(&place), [(1, "Adele".into(), 1), (2, "Bea".into(), 1)]);
    place.say("library remove 2").ok();
    assert_eq!(people(&place).len(), 1);
    place.say("library undo").ok();
    place.say("library redo").ok();
    assert_eq!(people(&place).len(), 1);
    place.say("library undo").ok();
    let told = place.say("library history").ok().out();
    for words in ["Kept 2 tracks of 2 people", "Renamed Ada to Adele", "Removed Bea  (undone)"] {
        assert!(told.contains(words), "`{words}` is missing in: {told}");
    }
    place.say("library rename 5 X").fails(2, &["no person 5"]);
    place.say("library merge 1 1").fails(2, &["two people or more"]);
    // A person who was renamed or merged is still the one that a project means.
    film(&place, "b", &["ada-2"]);
    place.say("review recognise b --accept").ok();
    assert_eq!(of(&place, "b", "v/ada-2")["name"], "Adele");
    place.say("library merge 2 1").ok();
    place.say("library add b").ok();
    assert_eq!(people(&place), [(2, "Bea".into(), 3)]);
}

#[test]
fn another_model_looks_at_the_kept_pictures_and_changes_no_name() {
    let place = kept();
    for name in ["ada-2", "bea-2"] {
        place.file(format!("b/v/{name}/1.jpg"), face(name));
    }
    // Another description of the network's input gives other vectors, as another model does.
    place.say("cluster b --set model.scale=110").ok();
    let told = place.say("review recognise b --json").ok().json();
    assert_eq!((told["people"].as_u64(), told["embedded"].as_u64()), (Some(2), Some(2)), "{told}");
    assert_eq!(proposed(&place, "b", &["v/ada-2", "v/bea-2"]), [Some("Ada".into()), Some("Bea".into())]);
    let again = place.say("review recognise b --json").ok().json();
    assert_eq!(again["embedded"], 0, "and keeps what it saw");
    assert_eq!(again["proposals"], told["proposals"]);
}

#[test]
fn what_is_no_library_is_refused_and_left_alone() {
    let place = kept();
    place.say("library list --library a/castlist.sqlite").fails(2, &["no library of people"]);
    let torn = place.file("torn.castlist", [7; 4000]);
    place.say("library add a --library torn.castlist").fails(2, &["damaged", "left untouched"]);
    assert_eq!(std::fs::read(torn).unwrap(), [7; 4000]);
    place.features("f");
    place.say("cluster f --method bcl --set radius=0.3").ok();
    let first = place.list("f")["identities"][0]["id"].as_u64().unwrap();
    place.apply("f", &[&format!(r#"{{"edit":"rename","identity":{first},"name":"Ada"}}"#)]).ok();
    place.say("library add f").fails(1, &["which model made these features", "--model"]);
}
