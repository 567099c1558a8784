//! A curator's first hour in the window, by accessible labels, pointer and keys: faces appear, a name, a track
//! dragged to somebody, five taken by a rubber band to a new person, proposals accepted and refused, a split,
//! a merge, all undone, all redone, an export. `tests/window_first_hour.sh` does the same in the real window.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;

use castlist::base::ConstraintKind;
use castlist::ui::App;
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT, Queryable};

#[path = "common/window.rs"]
mod common;

use common::*;

fn select(window: &mut Window<'_>, label: &str) {
    window.get_by_label(label).click();
    window.run_steps(3);
}

fn click_button(window: &mut Window<'_>, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    window.run_steps(3);
}

/// The proposals of the inspector, as they are spoken.
fn proposed(window: &Window<'_>) -> Vec<String> {
    let rows = window.query_all_by_label_contains("Could be Person");
    rows.filter_map(|row| row.accesskit_node().label()).collect()
}

/// Who has which tracks and which name.
fn all(app: &App) -> BTreeSet<(u64, Option<String>, Vec<u32>)> {
    people(app).into_iter().map(|it| (it.id.0, it.name, it.tracks)).collect()
}

fn parted(app: &App) -> usize {
    let links = app.session().unwrap().review().constraints();
    links.iter().filter(|link| link.kind == ConstraintKind::Cannot).count()
}

#[test]
fn first_hour() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive_of(&root, &[10, 3, 2]);
    let mut window = open(&root);
    let state = |window: &Window<'_>| all(window.state().as_ref().unwrap());
    let cursor = |window: &Window<'_>| window.state().as_ref().unwrap().session().unwrap().history().cursor();
    let (start, first) = (state(&window), cursor(&window));
    assert_eq!(sizes(window.state().as_ref().unwrap()), [2, 3, 10]);

    // A name, typed where the name stands.
    select(&mut window, "Person 1, 10 tracks");
    strip(&window, "p0t9");
    window.get_by_label("Name: Person 1").click();
    window.run_steps(3);
    write(&mut window, "Berta");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app)[0].name.as_deref() == Some("Berta"));

    // A track to another person.
    let from = strip(&window, "p0t0").center();
    drag(&mut window, from, |window| window.get_by_label("Person 2, 3 tracks").rect().center());
    until(&mut window, |app| sizes(app) == [2, 4, 9]);

    // Five to a new person: four by a rubber band, one more with Ctrl.
    let mut strips: Vec<_> = (1..10).map(|track| strip(&window, &format!("p0t{track}"))).collect();
    strips.sort_by(|a, b| (a.top(), a.left()).partial_cmp(&(b.top(), b.left())).unwrap());
    let margin = vec2(5.0, 5.0);
    let columns = strips.iter().filter(|it| (it.top() - strips[0].top()).abs() < 1.0).count();
    let band = strips[0].union(strips[columns + 1]);
    drag(&mut window, band.min - margin, |_| band.max - margin);
    let fifth = strips[2 * columns];
    window.event(Event::ModifiersChanged(Modifiers::COMMAND));
    drag(&mut window, fifth.min - margin, |_| fifth.center());
    window.event(Event::ModifiersChanged(NONE));
    drag(&mut window, strips[0].center(), |window| window.get_by_label("New person").rect().center());
    until(&mut window, |app| sizes(app) == [2, 4, 4, 5]);

    // Each of the five by itself; then they are proposed: one is refused, three are accepted at once.
    select(&mut window, "Person 4, 5 tracks");
    click_button(&mut window, "Take apart");
    until(&mut window, |app| sizes(app) == [1, 1, 1, 1, 1, 2, 4, 4]);
    wait_for_advice(&mut window);
    select(&mut window, "Berta, 4 tracks, confirmed");
    wait_for_advice(&mut window);
    assert_eq!(proposed(&window).len(), 5, "{:?}", proposed(&window));
    let refused = proposed(&window)[0].clone();
    let who = refused.trim_start_matches("Could be ").split(',').next().unwrap().to_owned();
    window.get_by_label(&format!("{who}: not the same person")).click();
    until(&mut window, |app| parted(app) == 1);
    wait_for_advice(&mut window);
    assert!(!proposed(&window).contains(&refused), "it is not proposed again");
    let all = proposed(&window);
    select(&mut window, &all[0]);
    window.get_by_label(&all[2]).click_modifiers(Modifiers::SHIFT);
    window.run_steps(3);
    click_button(&mut window, "Same person (3)");
    until(&mut window, |app| sizes(app) == [1, 1, 2, 4, 7]);

    // A split, and a merge.
    strip(&window, "p0t9");
    window.get_by_label_contains("Track film/p0t9,").click();
    window.run_steps(3);
    click_button(&mut window, "Split off");
    until(&mut window, |app| sizes(app) == [1, 1, 1, 2, 4, 6]);
    select(&mut window, "Person 2, 4 tracks");
    window.get_by_label("Person 3, 2 tracks").click_modifiers(Modifiers::COMMAND);
    window.run_steps(3);
    click_button(&mut window, "Merge");
    until(&mut window, |app| sizes(app) == [1, 1, 1, 6, 6]);
    let (end, last) = (state(&window), cursor(&window));

    // Everything undone, everything redone.
    let mut steps = 0;
    while cursor(&window) != first {
        press(&mut window, Modifiers::COMMAND, Key::Z);
        until(&mut window, |_| true);
        steps += 1;
    }
    assert_eq!(steps, 8);
    assert_eq!(state(&window), start);
    assert_eq!(parted(window.state().as_ref().unwrap()), 0);
    while cursor(&window) != last {
        press(&mut window, Modifiers::COMMAND, Key::Y);
        until(&mut window, |_| true);
        steps -= 1;
    }
    assert_eq!(steps, 0);
    assert_eq!(state(&window), end);
    assert_eq!(parted(window.state().as_ref().unwrap()), 1);

    click_button(&mut window, "Export…");
    click_button(&mut window, "Export");
    let target = dir.path().join("archive-export");
    until(&mut window, |_| target.join("manifest.json").is_file());
    let tracks = std::fs::read_to_string(target.join("tracks.csv")).unwrap();
    assert_eq!(tracks.matches(",Berta,").count(), 6, "{tracks}");
}
