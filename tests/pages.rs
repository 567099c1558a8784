//! The pages of questions, reasons and views, driven by their accessible labels and keys.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "common/window.rs"]
mod common;

use std::path::Path;

use castlist::base::{ConstraintKind, Cx};
use castlist::review::{Edit, IdentityId, IdentityState};
use castlist::session::{Command, Session};
use castlist::ui::App;
use common::*;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

const NONE: Modifiers = Modifiers::NONE;

/// The archive grouped, and edited before the window opens.
fn edited<'a>(root: &Path, edits: Vec<Edit>) -> Window<'a> {
    archive(root);
    let mut session = Session::open(root, None).unwrap();
    let analysis = session.job().run(&Cx::new(), |_| ()).unwrap();
    session.finish(&analysis).unwrap();
    for edit in edits {
        session.perform(Command::Edit(edit)).unwrap();
    }
    drop(session);
    open(root)
}

fn tracks(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| format!("film/{id}")).collect()
}

/// Two tracks of the first person stand alone.
fn fragment() -> Vec<Edit> {
    vec![Edit::split(tracks(&["p0t2", "p0t3"]), None)]
}

/// The first two people are one identity.
fn mixed() -> Vec<Edit> {
    vec![Edit::merge(vec![IdentityId(1), IdentityId(2)], None)]
}

fn sizes(app: &App) -> Vec<usize> {
    let mut sizes: Vec<usize> = people(app).iter().map(|identity| identity.tracks.len()).collect();
    sizes.sort_unstable();
    sizes
}

fn wait_for_advice(window: &mut Window<'_>) {
    until(window, |app| !app.is_computing() && app.session().unwrap().vectors().is_some());
    window.run_steps(4);
    until(window, |app| !app.is_computing());
}

fn n_links(app: &App) -> usize {
    app.session().unwrap().review().constraints().len()
}

#[test]
fn same_person_is_answered_by_one_key_and_a_no_is_remembered() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = edited(dir.path(), fragment());
    assert_eq!(sizes(window.state().as_ref().unwrap()), [2, 2, 2, 3]);
    press(&mut window, NONE, Key::Q);
    wait_for_advice(&mut window);
    window.get_by_label_contains("decisions left");
    press(&mut window, NONE, Key::Y);
    until(&mut window, |app| sizes(app) == [2, 3, 4]);
    window.get_by_label("No more questions");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| sizes(app) == [2, 2, 2, 3]);
    // Skipped, it is asked again; a no is not.
    press(&mut window, NONE, Key::J);
    window.get_by_label("The question left was skipped");
    window.get_by_label("One more pair may still be the same person.");
    window.get_by_label("Show skipped questions").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::N);
    until(&mut window, |app| n_links(app) == 1);
    window.get_by_label("No more questions");
}

#[test]
fn a_page_of_questions_is_accepted_as_it_is_ticked() {
    let dir = tempfile::tempdir().unwrap();
    let edits = vec![Edit::split(tracks(&["p0t3"]), None), Edit::split(tracks(&["p1t2"]), None)];
    let mut window = edited(dir.path(), edits);
    press(&mut window, NONE, Key::Q);
    wait_for_advice(&mut window);
    window.get_by_label("Twelve at a time").click();
    window.run_steps(3);
    window.get_by_label("Merge 2");
    press(&mut window, NONE, Key::Space);
    window.get_by_label("Merge 1");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app).len() == 4);
    assert_eq!(n_links(window.state().as_ref().unwrap()), 0, "an unticked pair is no answer");
    assert_eq!(window.state().as_ref().unwrap().session().unwrap().history().n_edits(), 3, "one gesture");
}

#[test]
fn who_is_left_is_guessed_once_everybody_has_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let name = |id, name: &str| Edit::Rename { identity: IdentityId(id), name: name.into() };
    let mut edits = fragment();
    edits.extend([name(1, "Anna"), name(2, "Bert"), name(3, "Carl")]);
    let mut window = edited(dir.path(), edits);
    press(&mut window, NONE, Key::Q);
    wait_for_advice(&mut window);
    window.get_by_label("Who are the rest?").click();
    window.run_steps(3);
    // What is likely is ticked anyway.
    window.get_by_label("Merge 1");
    press(&mut window, NONE, Key::Space);
    window.get_by_label("Next page");
    window.get_by_label("Everyone has a name: tick all").click();
    window.run_steps(3);
    window.get_by_label("Merge 1");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| sizes(app) == [2, 3, 4]);
    window.get_by_label("No one is left to identify");
}

#[test]
fn a_wrong_track_goes_home_by_one_click_and_a_muddle_is_taken_apart_by_one_key() {
    let dir = tempfile::tempdir().unwrap();
    let mut edits = mixed();
    edits.push(Edit::Rename { identity: IdentityId(3), name: "Anna".into() });
    let mut window = edited(dir.path(), edits);
    wait_for_advice(&mut window);
    window.get_by_label("Person 1, 7 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::Enter);
    window.run_steps(12);
    // The odd ones come first, and the first one has the keyboard.
    window.get_by_label("Could be tracks of");
    window.get_by_label_contains("Anna: same person").click();
    until(&mut window, |app| sizes(app) == [3, 6]);
    press(&mut window, NONE, Key::E);
    until(&mut window, |app| sizes(app) == [1, 1, 1, 1, 1, 1, 3]);
}

#[test]
fn a_mixed_identity_is_split_by_its_preview_or_by_the_grid() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = edited(dir.path(), mixed());
    wait_for_advice(&mut window);
    window.get_by_label("Person 1, 7 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::Enter);
    press(&mut window, NONE, Key::P);
    wait_for_advice(&mut window);
    window.get_by_label("2 parts");
    press(&mut window, NONE, Key::Plus);
    window.get_by_label("3 parts");
    press(&mut window, NONE, Key::Minus);
    // Nothing goes until it is ticked.
    press(&mut window, NONE, Key::Enter);
    window.get_by_label("2 parts");
    press(&mut window, NONE, Key::Space);
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| sizes(app) == [2, 3, 4]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| sizes(app) == [2, 7]);
    // By hand: click the wrong ones out.
    press(&mut window, NONE, Key::D);
    for track in ["p1t0", "p1t1", "p1t2"] {
        window.get_by_label(&format!("Track film/{track} belongs here")).click();
        window.run_steps(2);
    }
    window.get_by_label("Remove 3, confirm the rest");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| sizes(app) == [2, 3, 4]);
    let kept = people(window.state().as_ref().unwrap());
    assert_eq!(kept.iter().filter(|identity| identity.state == IdentityState::Confirmed).count(), 1);
}

#[test]
fn identities_that_fall_apart_are_split_a_page_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = edited(dir.path(), mixed());
    press(&mut window, NONE, Key::Q);
    window.get_by_label("Mixed people").click();
    window.run_steps(3);
    wait_for_advice(&mut window);
    window.get_by_label("Split 1");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| sizes(app) == [2, 3, 4]);
    wait_for_advice(&mut window);
    window.get_by_label("No mixed identities found");
}

#[test]
fn the_history_is_a_list_that_one_clicks_into() {
    let dir = tempfile::tempdir().unwrap();
    let name = Edit::Rename { identity: IdentityId(1), name: "Ada".into() };
    let mut window = edited(dir.path(), vec![name, Edit::Ignore { identities: vec![IdentityId(3)] }]);
    press(&mut window, NONE, Key::H);
    window.get_by_label("Named Person 1 Ada").click();
    until(&mut window, |app| people(app)[2].state == IdentityState::Proposed);
    assert_eq!(people(window.state().as_ref().unwrap())[0].name.as_deref(), Some("Ada"));
    window.get_by_label("Ignored Person 3").click();
    until(&mut window, |app| people(app)[2].state == IdentityState::Ignored);
}

#[test]
fn nobody_is_put_into_one_frame_twice_unasked() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("tracks.csv"),
        "track,video,start_frame,end_frame,fps\nfilm/p0t0,v,0,20,25\nfilm/p1t0,v,10,30,25\n",
    )
    .unwrap();
    let mut window = edited(dir.path(), Vec::new());
    press(&mut window, Modifiers::COMMAND, Key::A);
    press(&mut window, NONE, Key::M);
    until(&mut window, |_| true);
    window.get_by_label("One person cannot be in one frame twice");
    window.get_by_label("Leave them apart").click();
    window.run_steps(3);
    assert_eq!(people(window.state().as_ref().unwrap()).len(), 3);
    press(&mut window, NONE, Key::M);
    until(&mut window, |_| true);
    window.get_by_label("Merge anyway").click();
    until(&mut window, |app| people(app).len() == 1);
}

#[test]
fn the_same_name_twice_asks_whether_it_is_a_namesake() {
    let dir = tempfile::tempdir().unwrap();
    let name = Edit::Rename { identity: IdentityId(1), name: "Ada".into() };
    let mut window = edited(dir.path(), vec![name]);
    for (answer, n) in [(Key::N, 3), (Key::Y, 2)] {
        window.get_by_label("Person 2, 3 tracks").click();
        window.run_steps(3);
        press(&mut window, NONE, Key::F2);
        write(&mut window, "Ada");
        press(&mut window, NONE, Key::Enter);
        press(&mut window, NONE, Key::Enter);
        window.run_steps(3);
        window.get_by_label("Someone is already called Ada");
        press(&mut window, NONE, answer);
        until(&mut window, |app| {
            let named = people(app).iter().filter(|it| it.name.as_deref() == Some("Ada")).count();
            people(app).len() == n && named == n - 1
        });
        if n == 3 {
            press(&mut window, Modifiers::COMMAND, Key::Z);
            until(&mut window, |app| people(app)[1].name.is_none());
        }
    }
}

#[test]
fn the_reasons_stand_beside_the_page() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = edited(dir.path(), fragment());
    press(&mut window, NONE, Key::Q);
    wait_for_advice(&mut window);
    press(&mut window, NONE, Key::W);
    for told in ["Similarity", "Distance", "Same person", "Who else it could be"] {
        assert!(window.query_all_by_label(told).next().is_some(), "{told}");
    }
    press(&mut window, NONE, Key::W);
    assert!(window.query_by_label("Who else it could be").is_none());
}

#[test]
fn timeline_map_and_strangers_open_by_a_key() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = edited(dir.path(), Vec::new());
    press(&mut window, NONE, Key::T);
    window.get_by_label("Timeline");
    press(&mut window, NONE, Key::G);
    window.get_by_label("Draw the map").click();
    window.run_steps(3);
    wait_for_advice(&mut window);
    window.get_by_label_contains("Map of 9 tracks");
    press(&mut window, NONE, Key::O);
    wait_for_advice(&mut window);
    window.get_by_label("Strangers");
    press(&mut window, NONE, Key::O);
    window.get_by_label("Person 1, 4 tracks");
}

#[test]
fn the_name_box_offers_whom_somebody_most_resembles_before_anything_is_typed() {
    let dir = tempfile::tempdir().unwrap();
    let name = |id, name: &str| Edit::Rename { identity: IdentityId(id), name: name.into() };
    let mut window = edited(dir.path(), [fragment(), vec![name(1, "Ada"), name(2, "Abel")]].concat());
    wait_for_advice(&mut window);
    for by_pointer in [false, true] {
        window.get_by_label("Person 4, 2 tracks").click();
        window.run_steps(3);
        press(&mut window, NONE, Key::F2);
        assert!(window.query_by_label("Abel").is_none(), "nobody who is not like them");
        if by_pointer {
            window.get_by_label("Ada, very likely").click();
            window.run_steps(3);
        } else {
            // Typing filters as ever, and the likely one stands first.
            write(&mut window, "A");
            let place = |label: &str| window.get_by_label(label).rect().top();
            assert!(place("Ada, very likely") < place("Abel, unlikely"));
            press(&mut window, NONE, Key::ArrowDown);
            press(&mut window, NONE, Key::Enter);
        }
        window.get_by_label("Someone is already called Ada");
        window.get_by_label("very likely");
        // The more likely answer has the keyboard.
        press(&mut window, NONE, Key::Enter);
        until(&mut window, |app| sizes(app) == [2, 3, 4]);
        press(&mut window, Modifiers::COMMAND, Key::Z);
        until(&mut window, |app| sizes(app) == [2, 2, 2, 3]);
        press(&mut window, NONE, Key::Escape);
        wait_for_advice(&mut window);
    }
}

#[test]
fn tracks_are_moved_to_the_likeliest_first() {
    let dir = tempfile::tempdir().unwrap();
    let name = Edit::Rename { identity: IdentityId(2), name: "Bea".into() };
    let mut window = edited(dir.path(), [fragment(), vec![name]].concat());
    wait_for_advice(&mut window);
    window.get_by_label("Person 4, 2 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::Enter);
    press(&mut window, NONE, Key::Home);
    press(&mut window, NONE, Key::V);
    window.get_by_label("Person 1, very likely");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| sizes(app) == [1, 2, 3, 3]);
    assert_eq!(people(window.state().as_ref().unwrap())[0].tracks.len(), 3);
}

#[test]
fn tracks_are_said_to_be_one_person_or_never_and_what_contradicts_that_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = edited(dir.path(), Vec::new());
    let pick = |window: &mut Window<'_>, ids: &[&str]| {
        for (at, id) in ids.iter().enumerate() {
            let with = if at == 0 { NONE } else { Modifiers::COMMAND };
            window.get_by_label_contains(&format!("Track film/{id}")).click_modifiers(with);
            window.run_steps(2);
        }
    };
    let n_apart = |app: &App| {
        let links = app.session().unwrap().review().constraints();
        links.iter().filter(|link| link.kind == ConstraintKind::Cannot).count()
    };
    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::Enter);
    pick(&mut window, &["p0t0", "p0t1", "p0t2"]);
    press(&mut window, NONE, Key::X);
    press(&mut window, NONE, Key::Y);
    until(&mut window, |app| n_links(app) == 2);
    assert!(
        window.state().as_ref().unwrap().messages().join("").contains("Marked 3 tracks as the same person")
    );
    // Two of them are joined over the third.
    pick(&mut window, &["p0t1", "p0t2"]);
    press(&mut window, NONE, Key::X);
    until(&mut window, |_| true);
    window.get_by_label("This contradicts an earlier decision");
    window.get_by_label_contains("these 3 tracks as the same person");
    press(&mut window, NONE, Key::Enter);
    assert!(
        window.query_by_label("This contradicts an earlier decision").is_none(),
        "Enter leaves all as it is"
    );
    press(&mut window, NONE, Key::X);
    until(&mut window, |_| true);
    window.get_by_label("Keep apart anyway").click();
    // Who was in one identity is in two now, and all of it is one step.
    until(&mut window, |app| n_apart(app) == 1 && n_links(app) == 2 && sizes(app) == [1, 2, 3, 3]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| n_apart(app) == 0 && sizes(app) == [2, 3, 4]);
    // Out of the tray both ways; the same pair is simply said again, and a new identity is made.
    pick(&mut window, &["p0t1", "p0t2"]);
    press(&mut window, NONE, Key::Delete);
    until(&mut window, |app| sizes(app) == [2, 2, 3]);
    press(&mut window, Modifiers::COMMAND, Key::K);
    write(&mut window, "unassigned");
    press(&mut window, NONE, Key::Enter);
    pick(&mut window, &["p0t1", "p0t2"]);
    press(&mut window, NONE, Key::X);
    until(&mut window, |_| true);
    window.get_by_label("Keep apart anyway").click();
    until(&mut window, |app| n_apart(app) == 1);
    press(&mut window, NONE, Key::Y);
    until(&mut window, |app| n_apart(app) == 0 && sizes(app) == [2, 2, 2, 3]);
}
