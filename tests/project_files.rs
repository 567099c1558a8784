//! Files of a project from the window: a folder without tracks, a moved folder, names from a table or a
//! folder sorted by hand, a colleague's project, sure matches.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::Path;

use castlist::project::Project;
use castlist::session::Session;
use castlist::tracks::TrackSet;
use castlist::ui::App;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

#[path = "common/window.rs"]
mod common;

use common::*;

const NONE: Modifiers = Modifiers::NONE;

fn names(app: &App) -> Vec<(String, usize)> {
    let mut names: Vec<_> =
        people(app).iter().filter_map(|it| Some((it.name.clone()?, it.tracks.len()))).collect();
    names.sort();
    names
}

/// Gives a path to the box that asks for one.
fn give(window: &mut Window<'_>, path: &Path) {
    window.run_steps(3);
    write(window, &path.display().to_string());
    press(window, NONE, Key::Enter);
}

fn file_names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_without_tracks_and_a_file_that_is_no_project_are_left_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("empty");
    fs::create_dir(&folder).unwrap();
    let text = dir.path().join("notes.txt");
    fs::write(&text, "Reel 3, the second half").unwrap();
    for (path, said) in [(&folder, "The folder is empty"), (&text, "not a Castlist project")] {
        let mut window = start(path, [1000.0, 700.0], None);
        until(&mut window, |app| app.messages().iter().any(|message| message.contains(said)));
        window.get_by_label("Open folder…");
        drop(window);
    }
    assert_eq!(file_names(dir.path()), ["empty", "notes.txt"]);
    assert!(file_names(&folder).is_empty(), "{:?}", file_names(&folder));
}

#[test]
fn a_moved_folder_is_found_again_with_all_decisions() {
    let dir = tempfile::tempdir().unwrap();
    let (root, project) = (dir.path().join("archive"), dir.path().join("work/film.sqlite"));
    archive(&root);
    let mut window = open(&root);
    window.get_by_label("Person 2, 3 tracks").click();
    press(&mut window, NONE, Key::N);
    write(&mut window, "Berta");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| names(app) == [("Berta".to_owned(), 3)]);
    drop(window);
    // The project lies elsewhere, as that of a folder which cannot be written.
    fs::create_dir(project.parent().unwrap()).unwrap();
    let set: TrackSet = TrackSet::clone(Session::open(&root, None).unwrap().tracks().unwrap());
    fs::rename(root.join("castlist.sqlite"), &project).unwrap();
    Project::open(&project).unwrap().save_tracks(&set).wait().unwrap();
    let now = dir.path().join("disk 2");
    fs::rename(&root, &now).unwrap();

    let mut window = open(&project);
    window.get_by_label_contains("The folder with the tracks is not there");
    // A folder that holds other tracks is refused, and the project is open as before.
    window.get_by_label("Where are the tracks now?").click();
    give(&mut window, dir.path());
    until(&mut window, |app| app.messages().iter().any(|it| it.contains("None of the project's tracks")));
    until(&mut window, |app| names(app) == [("Berta".to_owned(), 3)]);
    press(&mut window, Modifiers::COMMAND, Key::L);
    give(&mut window, &now);
    until(&mut window, |app| app.session().is_some_and(|session| session.root() == now));
    until(&mut window, |app| names(app) == [("Berta".to_owned(), 3)]);
    assert!(window.query_by_label_contains("The folder with the tracks is not there").is_none());
}

#[test]
fn names_of_a_table_are_shown_before_they_come_in() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let table = dir.path().join("names.csv");
    let rows = "track,identity\nfilm/p0t0,Ada\nfilm/p0t1,Ada\nfilm/p1t0,Bea\nfilm/nobody,Zoe\n";
    fs::write(&table, rows).unwrap();
    let mut window = open(&root);
    press(&mut window, Modifiers::COMMAND, Key::I);
    give(&mut window, &table);
    until(&mut window, |_| true);
    window.get_by_label_contains("2 people");
    window.get_by_label("Ada: 2 tracks");
    window.get_by_label("1 name is for a track that is not here.");
    assert!(names(window.state().as_ref().unwrap()).is_empty(), "nothing came in yet");
    window.get_by_label("Import").click();
    until(&mut window, |app| !names(app).is_empty());
    let now = names(window.state().as_ref().unwrap());
    assert_eq!(now.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Ada", "Bea"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| names(app).is_empty());
}

#[test]
fn a_colleagues_project_is_merged_into_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let (ours, theirs) = (dir.path().join("ours"), dir.path().join("theirs"));
    archive(&ours);
    archive(&theirs);
    for (root, person, name) in [(&theirs, "Person 1, 4 tracks", "Ada"), (&ours, "Person 2, 3 tracks", "Bea")]
    {
        let mut window = open(root);
        window.get_by_label(person).click();
        press(&mut window, NONE, Key::N);
        write(&mut window, name);
        press(&mut window, NONE, Key::Enter);
        until(&mut window, |app| !names(app).is_empty());
    }
    let mut window = open(&ours);
    press(&mut window, Modifiers::COMMAND, Key::M);
    give(&mut window, &theirs.join("castlist.sqlite"));
    until(&mut window, |_| true);
    window.get_by_label("9 tracks are in both projects.");
    window.get_by_label("The two projects never differ.");
    assert_eq!(names(window.state().as_ref().unwrap()).len(), 1, "ours is as it was");
    window.get_by_label("Open the new project").click();
    until(&mut window, |app| names(app) == [("Ada".to_owned(), 4), ("Bea".to_owned(), 3)]);
    assert!(ours.join("castlist-merged.sqlite").is_file());
}

#[test]
fn pictures_that_were_each_read_as_a_track_may_be_meant_as_people() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("sorted");
    let faces = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faces");
    for (person, name) in [("ada", "Ada"), ("bea", "Bea")] {
        fs::create_dir_all(root.join(name)).unwrap();
        for at in 1..=3 {
            let face = faces.join(format!("{person}-{at}.jpg"));
            fs::copy(face, root.join(name).join(format!("{name} portrait {at}.jpg"))).unwrap();
        }
    }
    let mut window = open(&root);
    if window.query_by_label_contains("each read as a track").is_none() {
        // Each folder was read as a track: then it is set by hand.
        assert_eq!(
            people(window.state().as_ref().unwrap()).iter().map(|it| it.tracks.len()).sum::<usize>(),
            2
        );
        return;
    }
    window.get_by_label("Each folder is a person").click();
    until(&mut window, |_| true);
    window.get_by_label("Ada: 3 tracks");
    window.get_by_label("Import").click();
    until(&mut window, |app| names(app) == [("Ada".to_owned(), 3), ("Bea".to_owned(), 3)]);
}

#[test]
fn sure_matches_are_accepted_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::Enter);
    press(&mut window, NONE, Key::S);
    until(&mut window, |app| people(app).len() == 4);
    press(&mut window, NONE, Key::Escape);
    press(&mut window, NONE, Key::N);
    write(&mut window, "Ada");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| names(app) == [("Ada".to_owned(), 3)] && !app.is_computing());
    window.run_steps(8);
    press(&mut window, NONE, Key::F);
    window.get_by_label("Person 4 is Ada");
    window.get_by_label("Accept 1").click();
    until(&mut window, |app| names(app) == [("Ada".to_owned(), 4)]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| names(app) == [("Ada".to_owned(), 3)]);
}
