//! The page of known people, driven by its accessible labels and keys, on drawn faces.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "common/window.rs"]
mod common;

use std::path::{Path, PathBuf};

use castlist::base::Cx;
use castlist::project::Library;
use castlist::review::Edit;
use castlist::session::{Command, Session};
use castlist::ui::App;
use common::*;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

const NONE: Modifiers = Modifiers::NONE;
const FACES: [(&str, &[u8]); 5] = [
    ("ada-1", include_bytes!("faces/ada-1.jpg")),
    ("ada-2", include_bytes!("faces/ada-2.jpg")),
    ("bea-1", include_bytes!("faces/bea-1.jpg")),
    ("bea-2", include_bytes!("faces/bea-2.jpg")),
    ("cato-1", include_bytes!("faces/cato-1.jpg")),
];

/// A folder with some of the drawn faces, grouped, some of them named.
fn film(root: &Path, faces: &[&str], names: &[(&str, &str)]) {
    for (name, bytes) in FACES.iter().filter(|(name, _)| faces.contains(name)) {
        std::fs::create_dir_all(root.join(name)).unwrap();
        std::fs::write(root.join(name).join("1.jpg"), bytes).unwrap();
    }
    let mut session = Session::open(root, None).unwrap();
    let analysis = session.job().run(&Cx::new(), |_| ()).unwrap();
    session.finish(&analysis).unwrap();
    for (track, name) in names {
        let review = session.review();
        let identity = review.identity_of(review.track(track).unwrap()).unwrap();
        let edit = Edit::Rename { identity, name: (*name).to_owned() };
        session.perform(Command::Edit(edit)).unwrap();
    }
}

fn open_with<'a>(root: &Path, library: &Path) -> Window<'a> {
    let mut window = open(root);
    window.state_mut().as_mut().unwrap().use_library(library.to_path_buf());
    window
}

/// Draws until nothing is read or compared any more.
fn wait_until_idle(window: &mut Window<'_>) {
    for _ in 0..3 {
        until(window, |app| !app.is_computing() && app.session().unwrap().vectors().is_some());
        window.run_steps(4);
    }
}

fn names(app: &App) -> Vec<String> {
    people(app).into_iter().filter_map(|it| it.name).collect()
}

fn has_toast(app: &App, words: &str) -> bool {
    app.messages().iter().any(|message| message.contains(words))
}

/// Ada and Bea of a first film, kept by the page's own button.
fn library_with_kept(dir: &Path) -> PathBuf {
    let library = dir.join("people.castlist");
    let first = dir.join("first");
    film(&first, &["ada-1", "bea-1"], &[("ada-1", "Ada"), ("bea-1", "Bea")]);
    let mut window = open_with(&first, &library);
    press(&mut window, NONE, Key::L);
    wait_until_idle(&mut window);
    window.get_by_label("There is no library of people yet");
    window.get_all_by_label("Keep all 2 named people").last().unwrap().click();
    until(&mut window, |app| has_toast(app, "Kept 2 people in the library"));
    assert_eq!(Library::open_read_only(&library).unwrap().people().unwrap().len(), 2);
    library
}

#[test]
fn who_is_recognised_is_named_by_one_key_and_a_no_is_remembered() {
    let dir = tempfile::tempdir().unwrap();
    let library = library_with_kept(dir.path());
    let second = dir.path().join("second");
    film(&second, &["ada-2", "bea-2", "cato-1"], &[]);
    let mut window = open_with(&second, &library);
    press(&mut window, NONE, Key::L);
    wait_until_idle(&mut window);
    window.get_by_label_contains("is Ada");
    window.get_by_label_contains("is Bea");
    assert!(names(window.state().as_ref().unwrap()).is_empty(), "nothing is named before it is said");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| names(app).len() == 2);
    wait_until_idle(&mut window);
    window.get_by_label("No one from the library recognised here");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| names(app).is_empty());
    wait_until_idle(&mut window);
    // The first proposal is wrong; the other one is unticked.
    press(&mut window, NONE, Key::N);
    until(&mut window, |app| has_toast(app, "as not"));
    wait_until_idle(&mut window);
    let left = window.query_all_by_label_contains("is Ada").count()
        + window.query_all_by_label_contains("is Bea").count();
    assert_eq!(left, 1);
    press(&mut window, NONE, Key::Space);
    press(&mut window, NONE, Key::Enter);
    wait_until_idle(&mut window);
    assert!(names(window.state().as_ref().unwrap()).is_empty(), "what is not ticked is not named");
    press(&mut window, NONE, Key::L);
    assert!(window.query_all_by_label_contains("Person 1").next().is_some(), "back in the gallery");
}

#[test]
fn people_of_the_library_are_renamed_merged_and_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let library = library_with_kept(dir.path());
    let called = || -> Vec<String> {
        let people = Library::open_read_only(&library).unwrap().people().unwrap();
        people.iter().map(|person| person.name.clone()).collect()
    };
    let mut window = open_with(&dir.path().join("first"), &library);
    press(&mut window, NONE, Key::L);
    wait_until_idle(&mut window);
    window.get_by_label("In the library (2)").click();
    window.run_steps(3);
    window.get_by_label("Ada, 1 track, 1 project").click();
    window.run_steps(3);
    window.get_by_label("Rename").click();
    window.run_steps(3);
    press(&mut window, Modifiers::COMMAND, Key::A);
    write(&mut window, "Adele");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| has_toast(app, "Renamed to Adele"));
    assert_eq!(called(), ["Adele", "Bea"]);
    wait_until_idle(&mut window);
    window.get_by_label("Bea, 1 track, 1 project").click();
    window.run_steps(3);
    window.get_by_label("Same person").click();
    until(&mut window, |app| has_toast(app, "people in the library"));
    assert_eq!(called(), ["Adele"]);
    wait_until_idle(&mut window);
    window.get_by_label("Undo in the library").click();
    until(&mut window, |app| has_toast(app, "Undone in the library"));
    assert_eq!(called(), ["Adele", "Bea"]);
}

#[test]
fn a_name_that_the_library_has_is_asked_about() {
    let dir = tempfile::tempdir().unwrap();
    let library = library_with_kept(dir.path());
    let second = dir.path().join("second");
    film(&second, &["cato-1"], &[("cato-1", "Ada")]);
    let mut window = open_with(&second, &library);
    wait_until_idle(&mut window);
    press(&mut window, NONE, Key::L);
    wait_until_idle(&mut window);
    window.get_by_label("Keep the named person").click();
    window.run_steps(3);
    until(&mut window, |_| true);
    window.get_by_label("The library already has this name");
    window.get_by_label("Others with the same name").click();
    until(&mut window, |app| has_toast(app, "Kept one person"));
    let people = Library::open_read_only(&library).unwrap().people().unwrap();
    assert_eq!(people.named("Ada").count(), 2);
}
