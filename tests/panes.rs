//! The three panes, driven by pointer and keys as in a first hour: faces are dragged to people, taken
//! by a rubber band, accepted and refused, split, merged, undone, redone and exported.

#![cfg(feature = "gui")]

use castlist::base::ConstraintKind;
use castlist::ui::App;
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, pos2};
use egui_kittest::kittest::Queryable;

#[path = "common/window.rs"]
mod common;

use common::*;

#[test]
fn faces_are_dragged_to_people_and_taken_by_a_rubber_band() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);

    // Nobody is selected: everybody's faces are there.
    strip(&window, "p1t2");
    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    strip(&window, "p0t3");
    assert!(window.query_by_label_contains("Track film/p1t2,").is_none(), "of another person");

    let from = strip(&window, "p0t0").center();
    drag(&mut window, from, |window| window.get_by_label("Person 2, 3 tracks").rect().center());
    until(&mut window, |app| sizes(app) == [2, 3, 4]);
    let moved = |app: &App| people(app).iter().find(|it| it.tracks.contains(&0)).map(|it| it.id.0);
    assert_eq!(moved(window.state().as_ref().unwrap()), Some(2));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| sizes(app) == [2, 3, 4] && moved(app) == Some(1));

    // A band over free space takes what it touches; a strip of it carries all to a new person.
    window.get_by_label("Everyone").click();
    window.run_steps(3);
    let mut strips = ["p0t0", "p0t1", "p0t2", "p0t3"].map(|track| strip(&window, track));
    strips.sort_by(|a, b| (a.top(), a.left()).partial_cmp(&(b.top(), b.left())).unwrap());
    let band = strips[0].union(strips[1]);
    let margin = eframe::egui::vec2(5.0, 5.0);
    drag(&mut window, band.min - margin, |_| band.max - margin);
    drag(&mut window, strips[0].center(), |window| window.get_by_label("New person").rect().center());
    until(&mut window, |app| sizes(app) == [2, 2, 2, 3]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| sizes(app) == [2, 3, 4]);
}

#[test]
fn a_first_hour_of_names_moves_and_undo_ends_in_an_export() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    wait_for_advice(&mut window);

    // Two of a person's tracks are split off, and proposed again beside it.
    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::Enter);
    press(&mut window, Modifiers::SHIFT, Key::ArrowRight);
    press(&mut window, NONE, Key::S);
    until(&mut window, |app| sizes(app) == [2, 2, 2, 3]);
    wait_for_advice(&mut window);
    press(&mut window, NONE, Key::Escape);
    window.get_by_label("Could also be this person");
    window.get_by_label_contains("Person 4: same person").click();
    until(&mut window, |app| sizes(app) == [2, 3, 4]);

    // A name, a merge, a refusal.
    press(&mut window, NONE, Key::Escape);
    window.get_by_label("Person 2, 3 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::N);
    write(&mut window, "Berta");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app).iter().any(|it| it.name.as_deref() == Some("Berta")));
    window.get_by_label("Berta, 3 tracks, confirmed").click();
    window.run_steps(2);
    let with = Modifiers::COMMAND;
    window.get_by_label("Person 3, 2 tracks").click_modifiers(with);
    window.run_steps(3);
    press(&mut window, NONE, Key::X);
    let parted = |app: &App| {
        let links = app.session().unwrap().review().constraints();
        links.iter().filter(|link| link.kind == ConstraintKind::Cannot).count()
    };
    until(&mut window, |app| parted(app) == 1);

    // All undone, all redone.
    let cursor = |app: &App| app.session().unwrap().history().cursor();
    let end = cursor(window.state().as_ref().unwrap());
    for _ in 0..4 {
        press(&mut window, Modifiers::COMMAND, Key::Z);
        until(&mut window, |_| true);
    }
    until(&mut window, |app| parted(app) == 0 && people(app).iter().all(|it| it.name.is_none()));
    for _ in 0..4 {
        press(&mut window, Modifiers::COMMAND, Key::Y);
        until(&mut window, |_| true);
    }
    until(&mut window, |app| cursor(app) == end && parted(app) == 1);

    press(&mut window, Modifiers::COMMAND, Key::E);
    window.get_by_role_and_label(Role::Button, "Export").click();
    let target = dir.path().join("archive-export");
    until(&mut window, |_| target.join("manifest.json").is_file());
    let tracks = std::fs::read_to_string(target.join("tracks.csv")).unwrap();
    assert_eq!(tracks.matches(",Berta,").count(), 3, "{tracks}");
}

#[test]
fn whoever_is_proposed_is_refused_in_place_and_not_proposed_again() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::Enter);
    press(&mut window, NONE, Key::S);
    until(&mut window, |app| sizes(app) == [1, 2, 3, 3]);
    wait_for_advice(&mut window);
    press(&mut window, NONE, Key::Escape);
    window.get_by_label_contains("Person 4: not the same person").click();
    until(&mut window, |app| app.session().unwrap().review().constraints().len() == 1);
    wait_for_advice(&mut window);
    assert!(window.query_by_label_contains("Person 4: same person").is_none());
}

#[test]
fn the_loupe_opens_by_space_and_closes_by_it_and_the_place_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::Enter);
    let before = strip(&window, "p0t0");
    press(&mut window, NONE, Key::Space);
    window.get_by_label("This track has no picture.");
    press(&mut window, NONE, Key::Space);
    assert!(window.query_by_label("This track has no picture.").is_none());
    // Panels that open beside do not move the row under the eye.
    press(&mut window, NONE, Key::W);
    press(&mut window, NONE, Key::H);
    press(&mut window, NONE, Key::H);
    assert!((strip(&window, "p0t0").top() - before.top()).abs() < 0.5);
}

#[test]
fn nobody_is_said_to_be_missing_while_the_first_run_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = start(&root, [1280.0, 800.0], None);
    for _ in 0..20_000 {
        window.step();
        assert!(window.query_by_label("No one was found").is_none());
        if window.state().as_ref().is_some_and(|app| !people(app).is_empty()) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    panic!("nobody was found");
}

#[test]
fn the_name_is_typed_in_the_inspector_and_what_was_done_stands_below() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    window.get_by_label("Person 2, 3 tracks").click();
    window.run_steps(3);
    window.get_by_label("No decisions about this person yet.");
    window.get_by_label("Name: Person 2").click();
    window.run_steps(3);
    write(&mut window, "Berta");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app).iter().any(|it| it.name.as_deref() == Some("Berta")));
    window.get_by_label("Name: Berta");
    window.get_by_role_and_label(Role::ListBoxOption, "Named Person 2 Berta");
    // Whoever has a name is confirmed: nothing more is done.
    press(&mut window, NONE, Key::C);
    window.run_steps(3);
    assert!(window.query_by_role_and_label(Role::ListBoxOption, "Confirmed Berta").is_none());
    press(&mut window, NONE, Key::H);
    window.get_by_role_and_label(Role::ListBoxOption, "Regrouped: bcl, radius 0.3");
    press(&mut window, NONE, Key::H);
    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    window.get_by_label("No decisions about this person yet.");
    assert!(window.query_by_role_and_label(Role::ListBoxOption, "Named Person 2 Berta").is_none());
}

#[test]
fn in_a_narrow_window_the_inspector_lies_over_the_faces_while_it_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open_sized(&root, [900.0, 600.0], None);
    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    let before = strip(&window, "p0t0");
    assert!(window.query_by_label("Name: Person 1").is_none());
    window.get_by_label("Details").click();
    window.run_steps(3);
    window.get_by_label("Name: Person 1");
    assert_eq!(strip(&window, "p0t0"), before, "the faces keep their width and places");
    press(&mut window, NONE, Key::Escape);
    assert!(window.query_by_label("Name: Person 1").is_none());
    press(&mut window, NONE, Key::H);
    window.get_by_label_contains("A click goes to that moment");
    press(&mut window, NONE, Key::H);
    assert!(window.query_by_label_contains("A click goes to that moment").is_none());
    // Without the inspector a name is typed above the faces.
    press(&mut window, NONE, Key::N);
    write(&mut window, "Ada");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app).iter().any(|it| it.name.as_deref() == Some("Ada")));
}

#[test]
fn panes_keep_their_widths_over_a_restart_and_the_wheel_zooms() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let memory = dir.path().join("window.json");
    std::fs::write(&memory, r#"{ "speech": "english" }"#).unwrap();
    let size = [1400.0, 900.0];
    let open = || open_sized(&root, size, Some(memory.clone()));
    let mut window = open();
    let search = |window: &Window<'_>| window.get_by_label("Search").rect();
    let before = search(&window);
    let edge = pos2(before.right() + 14.0, 500.0);
    drag(&mut window, edge, |_| edge + eframe::egui::vec2(80.0, 0.0));
    let wide = search(&window);
    assert!(wide.width() > before.width() + 60.0, "{before:?} {wide:?}");
    // What a narrower window does to it is not kept.
    window.set_size(eframe::egui::vec2(700.0, 900.0));
    window.run_steps(3);
    assert!(search(&window).width() < wide.width());
    window.get_by_label("Close project").click();
    window.run_steps(3);
    drop(window);
    let mut window = open();
    assert!((search(&window).width() - wide.width()).abs() < 2.0, "{wide:?} {:?}", search(&window));

    let strip_before = strip(&window, "p0t0");
    window.event(Event::PointerMoved(strip_before.center()));
    window.event(Event::Zoom(1.25));
    window.run_steps(3);
    assert!(strip(&window, "p0t0").height() > strip_before.height() * 1.1);
}

#[test]
fn a_track_is_cut_frame_by_frame_and_the_cut_undone() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    let faces = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faces");
    for (track, people) in [("a", ["ada", "ada", "bea", "bea"]), ("b", ["cato", "cato", "cato", "cato"])] {
        let folder = root.join("film").join(track);
        std::fs::create_dir_all(&folder).unwrap();
        for (at, person) in people.into_iter().enumerate() {
            let face = faces.join(format!("{person}-{}.jpg", 1 + at % 2));
            std::fs::copy(face, folder.join(format!("{:04}.jpg", at + 1))).unwrap();
        }
    }
    let mut window = open(&root);
    let n_tracks = |app: &App| app.session().unwrap().tracks().unwrap().len();
    strip(&window, "a");
    window.get_by_label_contains("Track film/a,").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::U);
    press(&mut window, NONE, Key::Home);
    press(&mut window, NONE, Key::X);
    window.get_by_label("Cut before this frame");
    assert_eq!(n_tracks(window.state().as_ref().unwrap()), 2, "there is nothing before the first face");
    press(&mut window, NONE, Key::ArrowRight);
    press(&mut window, NONE, Key::ArrowRight);
    press(&mut window, NONE, Key::X);
    until(&mut window, |app| n_tracks(app) == 3);
    strip(&window, "a#1-2");
    strip(&window, "a#3-4");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| n_tracks(app) == 2);
}

#[test]
fn an_order_that_an_edit_left_is_not_said_to_be_one() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    assert!(window.query_by_label("Sort again").is_none());
    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::Enter);
    press(&mut window, Modifiers::SHIFT, Key::End);
    press(&mut window, Modifiers::SHIFT, Key::ArrowLeft);
    press(&mut window, NONE, Key::S);
    until(&mut window, |app| people(app).len() == 4);
    window.get_by_label("Sort again").click();
    window.run_steps(3);
    assert!(window.query_by_label("Sort again").is_none());
    let place = |label: &str| {
        let rect = window.get_by_label(label).rect();
        pos2(rect.left(), rect.top())
    };
    let (first, second) = (place("Person 2, 3 tracks"), place("Person 1, 1 track"));
    assert!((first.y, first.x) < (second.y, second.x), "the bigger one comes first");
}
