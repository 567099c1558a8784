//! A re-run in the window is a proposal, driven by accessible labels and keys: adopted whole or in
//! part, dropped, undone, and found again after edits in between.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "common/window.rs"]
mod common;

use std::collections::BTreeMap;
use std::path::Path;

use castlist::base::{ConstraintKind, Cx};
use castlist::project::Project;
use castlist::review::{ConstraintEdit, Edit, Identity, IdentityId};
use castlist::session::{Command, Session};
use castlist::ui::App;
use common::*;
use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable};

const NONE: Modifiers = Modifiers::NONE;
const HEADING: &str = "What the re-run would change";

/// Three people with four, three and two tracks, no two of them alike.
fn varied(root: &Path) {
    archive(root);
    for (person, tracks) in [4, 3, 2].into_iter().enumerate() {
        for track in 0..tracks {
            let mut row = [0.0, 0.0, 0.0, 0.05 * track as f32];
            row[person] = 1.0;
            write_rows(&root.join(format!("film/p{person}t{track}.npy")), &[row]);
        }
    }
}

/// The same, grouped so strictly that each track stands alone. A re-run at the radius that is set
/// then makes three people.
fn strict<'a>(root: &Path) -> Window<'a> {
    varied(root);
    let mut session = Session::open(root, None).unwrap();
    session.set("radius", "0.001").unwrap();
    let analysis = session.job().run(&Cx::new(), |_| ()).unwrap();
    session.finish(&analysis).unwrap();
    drop(session);
    // The next run's settings, changed since.
    let settings = BTreeMap::from(
        [("method", "bcl"), ("radius", "0.3")].map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let project = Project::open(&root.join("castlist.sqlite")).unwrap();
    project.save_settings(&settings).wait().unwrap();
    drop(project);
    open(root)
}

fn rerun(window: &mut Window<'_>) {
    press(window, NONE, Key::F5);
    until(window, |_| true);
}

fn present(window: &Window<'_>) -> Vec<Identity> {
    people(window.state().as_ref().unwrap())
}

fn n_edits(window: &Window<'_>) -> u64 {
    window.state().as_ref().unwrap().session().unwrap().history().n_edits()
}

fn sizes(app: &App) -> Vec<usize> {
    let mut sizes: Vec<usize> = people(app).iter().map(|identity| identity.tracks.len()).collect();
    sizes.sort_unstable();
    sizes
}

fn says(app: &App, text: &str) -> bool {
    app.messages().iter().any(|message| message.contains(text))
}

/// The labels of the parts, and whether each is ticked.
fn parts(window: &Window<'_>) -> Vec<(String, bool)> {
    let boxes = window.query_all_by_role(Role::CheckBox).map(|node| node.accesskit_node());
    let told = boxes.map(|node| (node.label().unwrap_or_default(), node.toggled() == Some(Toggled::True)));
    told.filter(|(label, _)| label.starts_with("Part ")).collect()
}

#[test]
fn a_rerun_changes_nothing_until_it_is_adopted_whole_and_is_undone() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = strict(dir.path());
    let before = present(&window);
    rerun(&mut window);
    window.get_by_label(HEADING);
    assert_eq!(present(&window), before, "a proposal changes nothing");
    let told = parts(&window);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|part| part.1), "all are ticked: {told:?}");
    assert!(told[0].0.starts_with("Part 1, merge · 3 tracks"), "{told:?}");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| sizes(app) == [2, 3, 4]);
    assert!(window.query_by_label(HEADING).is_none(), "the page is gone");
    assert!(says(window.state().as_ref().unwrap(), "Adopted 3 of 3 parts"));
    assert_eq!(n_edits(&window), 1, "one entry of the history");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| people(app) == before);
    // What is in force is what the project holds.
    press(&mut window, Modifiers::COMMAND, Key::Y);
    until(&mut window, |app| sizes(app) == [2, 3, 4]);
    drop(window);
    let session = Session::open(dir.path(), None).unwrap();
    assert_eq!(session.review().identities().len(), 3);
    assert_eq!(session.run().unwrap().parameters.texts()["radius"], "0.3");
}

#[test]
fn parts_are_adopted_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = strict(dir.path());
    let before = present(&window);
    rerun(&mut window);
    // By keyboard the first part, by pointer the last one.
    press(&mut window, NONE, Key::Space);
    window.get_by_label("Adopt 2 of 3");
    let last = parts(&window)[2].0.clone();
    window.get_by_label(&last).click();
    window.run_steps(3);
    window.get_by_label("Adopt 1 of 3").click();
    until(&mut window, |app| people(app).len() == before.len() - 2);
    let after = present(&window);
    assert_eq!(after.iter().filter(|it| it.tracks.len() == 3).count(), 1, "the second person is one");
    let untouched = before.iter().filter(|it| after.contains(it)).count();
    assert_eq!(untouched, before.len() - 3, "everybody else is as before");
    assert_eq!(n_edits(&window), 1);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| people(app) == before);
}

#[test]
fn all_are_ticked_or_none_and_none_cannot_be_adopted() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = strict(dir.path());
    let before = present(&window);
    rerun(&mut window);
    window.get_by_label("Untick all").click();
    window.run_steps(3);
    window.get_by_label("Adopt 0 of 3");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |_| true);
    assert_eq!(present(&window), before);
    press(&mut window, Modifiers::COMMAND, Key::A);
    window.get_by_label("Adopt 3 of 3");
}

#[test]
fn a_dropped_rerun_leaves_everything_as_it_was_also_on_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = strict(dir.path());
    let before = present(&window);
    for by_key in [true, false] {
        rerun(&mut window);
        window.get_by_label(HEADING);
        if by_key {
            press(&mut window, NONE, Key::Escape);
        } else {
            window.get_by_role_and_label(Role::Button, "Discard").click();
            window.run_steps(3);
        }
        until(&mut window, |app| says(app, "Discarded the re-run"));
        assert!(window.query_by_label(HEADING).is_none());
        assert_eq!((present(&window), n_edits(&window)), (before.clone(), 0));
    }
    // Closed while one lies open, it just goes.
    rerun(&mut window);
    window.get_by_label(HEADING);
    drop(window);
    let session = Session::open(dir.path(), None).unwrap();
    assert_eq!(session.review().identities().cloned().collect::<Vec<_>>(), before);
    assert_eq!(session.run().unwrap().parameters.texts()["radius"], "0.001", "the run before is in force");
}

#[test]
fn edits_in_between_hold_and_what_was_unticked_stays_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = strict(dir.path());
    let n = present(&window).len();
    rerun(&mut window);
    let told = parts(&window);
    // The first part stays as it is; then the curator leaves the page and edits.
    press(&mut window, NONE, Key::Space);
    window.get_by_role_and_label(Role::Button, "Back").click();
    window.run_steps(3);
    window.get_by_label("A re-run waits for your review. Nothing has changed yet.");
    window.get_by_label("Person 9, 1 track").click();
    window.run_steps(3);
    press(&mut window, NONE, Key::F2);
    write(&mut window, "Ada");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app).iter().any(|it| it.name.as_deref() == Some("Ada")));
    press(&mut window, NONE, Key::R);
    window.get_by_label(HEADING);
    let now = parts(&window);
    assert_ne!(now, told, "found anew");
    assert!(now.iter().all(|(label, _)| !label.contains("Ada") && !label.contains("Person 9")), "{now:?}");
    assert_eq!(now.iter().filter(|(_, tick)| !tick).count(), 1, "{now:?}");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app).len() < n);
    let ada = present(&window).into_iter().find(|it| it.name.is_some()).unwrap();
    assert_eq!(ada.tracks.len(), 1, "she is as she was named");
    assert_eq!(n_edits(&window), 2);
}

#[test]
fn a_no_that_is_newer_than_the_run_holds() {
    let dir = tempfile::tempdir().unwrap();
    varied(dir.path());
    let mut session = Session::open(dir.path(), None).unwrap();
    session.set("radius", "0.001").unwrap();
    let first = session.job().run(&Cx::new(), |_| ()).unwrap();
    session.finish(&first).unwrap();
    session.set("radius", "0.3").unwrap();
    let analysis = session.job().run(&Cx::new(), |_| ()).unwrap();
    let of = |session: &Session, track: &str| {
        let review = session.review();
        review.identity_of(review.track(track).unwrap()).unwrap()
    };
    let (a, b) = ("film/p0t0", "film/p0t3");
    assert_ne!(of(&session, a), of(&session, b));
    let link = ConstraintEdit { a: a.into(), b: b.into(), overrides: false, drops: Vec::new() };
    session.perform(Command::Edit(Edit::CannotLink(link))).unwrap();
    assert_eq!(session.review().constraints()[0].kind, ConstraintKind::Cannot);
    session.finish(&analysis).unwrap();
    assert_ne!(of(&session, a), of(&session, b), "said after the run, before its adoption");
    assert_eq!(session.review().identities().len(), 4);
}

#[test]
fn what_changes_nobody_is_taken_over_at_once_and_told() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path());
    let mut window = open(dir.path());
    let before = present(&window);
    rerun(&mut window);
    assert!(window.query_by_label(HEADING).is_none());
    assert!(says(window.state().as_ref().unwrap(), "The re-run would change nothing"));
    assert_eq!((present(&window), n_edits(&window)), (before, 0));
}

#[test]
fn new_tracks_come_as_a_part_and_stay_unassigned_where_it_is_dropped() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path());
    let mut window = open(dir.path());
    write_track(&dir.path().join("film/p3t0.npy"), 3, 0.0);
    let tracks = |app: &App| app.session().unwrap().tracks().unwrap().len();
    rerun(&mut window);
    assert_eq!(parts(&window), [("Part 1, new tracks · 1 track, Unassigned → Person 4".to_owned(), true)]);
    press(&mut window, NONE, Key::Delete);
    until(&mut window, |app| sizes(app) == [2, 3, 4] && tracks(app) == 10);
    assert_eq!(window.state().as_ref().unwrap().session().unwrap().review().n_unassigned(), 1);
    rerun(&mut window);
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| sizes(app) == [1, 2, 3, 4]);
    assert_eq!(present(&window)[3].id, IdentityId(4));
}

#[test]
fn nothing_opens_over_what_is_being_typed() {
    let dir = tempfile::tempdir().unwrap();
    let mut window = strict(dir.path());
    press(&mut window, NONE, Key::F5);
    window.get_by_label("Person 1, 1 track").click();
    window.run_steps(2);
    press(&mut window, NONE, Key::F2);
    write(&mut window, "An");
    until(&mut window, |_| true);
    window.get_by_label("A re-run waits for your review. Nothing has changed yet.");
    write(&mut window, "na");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app).iter().any(|it| it.name.as_deref() == Some("Anna")));
    window.get_by_label("Review it").click();
    window.run_steps(3);
    window.get_by_label(HEADING);
}
