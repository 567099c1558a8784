//! The window, driven by its accessible labels and keys: open, group, name, merge, undo,
//! export. It runs without a display; pictures are taken where a graphics adapter exists.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use castlist::project::Project;
use castlist::ui::{App, Language};
use eframe::egui::accesskit::Role;
use eframe::egui::{DroppedFile, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

#[path = "common/window.rs"]
mod common;

use common::*;

#[test]
fn open_group_name_merge_undo_and_export() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    assert_eq!(people(window.state().as_ref().unwrap()).len(), 3);

    window.get_by_label("Person 1, 4 tracks").click();
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::N);
    write(&mut window, "Anna");
    press(&mut window, Modifiers::NONE, Key::Enter);
    until(&mut window, |app| people(app)[0].name.as_deref() == Some("Anna"));
    window.get_by_label("Anna, 4 tracks, confirmed");

    press(&mut window, Modifiers::COMMAND, Key::A);
    press(&mut window, Modifiers::NONE, Key::M);
    until(&mut window, |app| people(app).len() == 1);
    window.get_by_label("Anna, 9 tracks, confirmed");

    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| people(app).len() == 3);
    assert_eq!(people(window.state().as_ref().unwrap())[0].tracks.len(), 4);

    // Two of them are never the same person: remembered, and undone like any edit.
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("Person 2, 3 tracks").click();
    window.run_steps(3);
    press(&mut window, Modifiers::SHIFT, Key::ArrowRight);
    press(&mut window, Modifiers::NONE, Key::X);
    let links = |app: &App| app.session().unwrap().review().constraints().len();
    until(&mut window, |app| links(app) == 1);
    assert_eq!(people(window.state().as_ref().unwrap()).len(), 3);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| links(app) == 0);

    press(&mut window, Modifiers::COMMAND, Key::E);
    window.get_by_role_and_label(Role::Button, "Export").click();
    let target = dir.path().join("archive-export");
    until(&mut window, |_| target.join("manifest.json").is_file());
    let tracks = std::fs::read_to_string(target.join("tracks.csv")).unwrap();
    assert_eq!(tracks.matches(",Anna,").count(), 4, "{tracks}");

    // All of it is on the disk: another window shows the same.
    drop(window);
    let again = open(&root);
    again.get_by_label("Anna, 4 tracks, confirmed");
}

#[test]
fn a_list_that_shrinks_under_a_scrolled_gallery_is_drawn() {
    const PEOPLE: usize = 64;
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    for person in 0..PEOPLE {
        let mut row = [0.0; PEOPLE];
        row[person] = 1.0;
        write_rows(&root.join(format!("film/{person:02}.npy")), &[row]);
    }
    let settings = BTreeMap::from(
        [("method", "bcl"), ("radius", "0.3")].map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    Project::open(&root.join("castlist.sqlite")).unwrap().save_settings(&settings).wait().unwrap();
    let mut window = open(&root);
    window.get_by_label("Person 1, 1 track").click();
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::F2);
    write(&mut window, "Anna");
    press(&mut window, Modifiers::NONE, Key::Enter);
    until(&mut window, |app| people(app).iter().any(|it| it.name.as_deref() == Some("Anna")));
    press(&mut window, Modifiers::NONE, Key::End);
    window.run_steps(10);
    assert!(window.query_by_label("Anna, 1 track, confirmed").is_none(), "scrolled away");
    window.get_by_label("Named  1").click();
    window.run_steps(3);
    window.get_by_label("Anna, 1 track, confirmed");
    // By a search as well.
    window.get_by_label("All  64").click();
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::End);
    window.run_steps(10);
    window.get_by_role_and_label(Role::TextInput, "Search").focus();
    window.run_steps(2);
    write(&mut window, "Anna");
    window.get_by_label("Anna, 1 track, confirmed");
}

/// A file let go of over the window.
#[derive(Debug)]
struct FakeFile(std::path::PathBuf);

impl DroppedFile for FakeFile {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn a_model_dropped_on_the_window_is_known_by_its_hash_or_asked_about() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    let drop = |window: &mut Window<'_>, name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        window.input_mut().dropped_files.push(Arc::new(FakeFile(path)));
    };
    let says = |app: &App, words: &[&str]| {
        app.messages().iter().any(|told| words.iter().all(|word| told.contains(word)))
    };
    // This one is unknown: what is missing is named, with the command that takes it.
    drop(&mut window, "mine.onnx", b"network");
    until(&mut window, |app| {
        says(app, &["size, mean, scale", "castlist models add", "mine.onnx", "--set model.size=112"])
    });
    // The built-in model under another name: known, and nothing need be copied.
    drop(&mut window, "renamed.ONNX", include_bytes!("../models/castlist-face.onnx"));
    until(&mut window, |app| says(app, &["Castlist-face is ready"]));
    let app = window.state().as_ref().unwrap();
    assert_eq!(app.session().unwrap().root(), root, "the project stays open");
    assert_eq!(app.session().unwrap().settings().model(), "castlist-face");
}

/// Three people, one track each, at 0, 25 and 60 degrees from one another: radius 0.217 joins
/// the first two, 0.5 all.
fn near_people(root: &Path) {
    for (track, degrees) in [0.0_f32, 25.0, 60.0].into_iter().enumerate() {
        let (sin, cos) = degrees.to_radians().sin_cos();
        write_rows(&root.join(format!("film/{track}.npy")), &[[cos, sin, 0.0, 0.0]]);
    }
    let settings = BTreeMap::from(
        [("method", "bcl"), ("radius", "0.205")].map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let project = Project::open(&root.join("castlist.sqlite")).unwrap();
    project.save_settings(&settings).wait().unwrap();
}

#[test]
fn the_radius_tells_the_number_of_identities_and_regroups_at_rest() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    near_people(&root);
    let mut window = open(&root);
    let edits = |app: &App| app.session().unwrap().history().n_edits();
    let radius = |app: &App| app.session().unwrap().settings().set_radius().unwrap().value();
    assert_eq!(people(window.state().as_ref().unwrap()).len(), 3);
    window.get_by_role_and_label(Role::Button, "Settings").click();
    until(&mut window, |app| app.session().unwrap().cuts().is_some_and(|cuts| cuts.are_complete()));
    window.get_by_label("3 people");

    // Nothing in the panel is wider than the panel, which would make it grow frame by frame.
    let width = |window: &Window<'_>| window.get_by_role_and_label(Role::Slider, "Radius").rect().width();
    let before = width(&window);
    window.run_steps(20);
    assert!((width(&window) - before).abs() < 0.5, "{before} became {}", width(&window));

    // By keyboard: the number follows at once, the groups once the keys rest.
    window.get_by_role_and_label(Role::Slider, "Radius").focus();
    window.run_steps(2);
    for _ in 0..30 {
        window.key_press(Key::ArrowRight);
        window.step();
    }
    window.get_by_label("2 people");
    assert_eq!(edits(window.state().as_ref().unwrap()), 0, "nothing is adopted on the way");
    until(&mut window, |app| people(app).len() == 2);
    assert_eq!(edits(window.state().as_ref().unwrap()), 1, "one entry");
    let now = radius(window.state().as_ref().unwrap());
    assert!((0.217..0.32).contains(&now), "{now}");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| people(app).len() == 3);
    assert!((radius(window.state().as_ref().unwrap()) - 0.205).abs() < 1e-9, "undo brings the radius back");

    // By pointer: the drag is one entry, however long it is.
    let rail = window.get_by_role_and_label(Role::Slider, "Radius").rect();
    let at = |part: f32| eframe::egui::pos2(rail.left() + part * rail.width(), rail.center().y);
    window.drag_at(at(0.1));
    for step in 1..=20 {
        window.hover_at(at(0.1 + 0.03 * step as f32));
        window.step();
    }
    window.get_by_label("2 people");
    assert_eq!(people(window.state().as_ref().unwrap()).len(), 3, "still held");
    window.drop_at(at(0.7));
    until(&mut window, |app| people(app).len() == 2);
    assert_eq!(edits(window.state().as_ref().unwrap()), 2);
}

/// 14 people with four tracks of four frames each, seven always at the same time: four axes tell
/// the person, the others change from frame to frame, and the radius is too large.
fn crowd(root: &Path) {
    let noise = |at: usize| ((at as f32 * 12.9898).sin() * 43_758.547).fract();
    let mut times = String::from("track,video,start_frame,end_frame,fps\n");
    for track in 0..56 {
        let person = track % 14;
        let frames: [[f32; 8]; 4] = std::array::from_fn(|frame| {
            std::array::from_fn(|axis| match axis {
                0..4 => noise(person * 100 + axis),
                _ => 0.9 * noise(7_000 + track * 100 + frame * 10 + axis),
            })
        });
        write_rows(&root.join(format!("v/{track:02}.npy")), &frames);
        let start = track / 7 * 100;
        times.push_str(&format!("v/{track:02},v,{start},{},25\n", start + 90));
    }
    std::fs::write(root.join("tracks.csv"), times).unwrap();
    let settings = BTreeMap::from(
        [("method", "bcl"), ("radius", "0.3")].map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let project = Project::open(&root.join("castlist.sqlite")).unwrap();
    project.save_settings(&settings).wait().unwrap();
}

#[test]
fn what_was_learned_is_shown_first_then_dropped_or_adopted_and_undone() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    crowd(&root);
    let mut window = open(&root);
    let before = people(window.state().as_ref().unwrap());
    window.get_by_role_and_label(Role::Button, "Settings").click();
    window.run_steps(3);

    // No identity is confirmed, so there are no corrections to learn from, and that is said.
    window.get_by_label("Learn from my corrections").click_accesskit();
    window.run_steps(2);
    until(&mut window, |app| app.messages().iter().any(|text| text.contains("No improvement was found")));

    for adopts in [false, true] {
        window.get_by_label("Fine-tune on these tracks").click_accesskit();
        window.run_steps(2);
        until(&mut window, |_| true);
        window.get_by_label("Fine-tuned on these tracks");
        window.get_by_label_contains("held out");
        assert_eq!(people(window.state().as_ref().unwrap()), before, "a proposal changes nothing");
        window.get_by_role_and_label(Role::Button, if adopts { "Adopt" } else { "Discard" }).click();
        window.run_steps(3);
        until(&mut window, |app| (people(app) != before) == adopts);
        assert!(window.query_by_label("Fine-tuned on these tracks").is_none(), "the dialog is gone");
    }
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| people(app) == before);
}

#[test]
fn a_second_opinion_is_taken_over_by_one_click_and_undone() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    // So small a radius that tracks of one person are apart.
    let settings = BTreeMap::from(
        [("method", "bcl"), ("radius", "0.001")].map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let project = Project::open(&root.join("castlist.sqlite")).unwrap();
    project.save_settings(&settings).wait().unwrap();
    drop(project);
    let mut window = open(&root);
    let before = people(window.state().as_ref().unwrap());
    assert!(before.len() > 3);
    window.get_by_role_and_label(Role::Button, "Settings").click();
    window.run_steps(3);
    // It may lie below what is seen of the settings: fonts differ from machine to machine.
    window.get_by_label("Second opinion…").click_accesskit();
    window.run_steps(3);
    window.get_by_role_and_label(Role::Button, "FaceMap").click_accesskit();
    window.run_steps(3);
    until(&mut window, |_| true);
    window.get_by_label("Second opinion");
    assert_eq!(people(window.state().as_ref().unwrap()), before, "looking changes nothing");
    let merges = |window: &Window<'_>| window.query_all_by_label_contains("Merge Person").count();
    let n_merges = merges(&window);
    assert!(n_merges > 0);
    window.query_all_by_label_contains("Merge Person").next().unwrap().click();
    window.run_steps(3);
    until(&mut window, |app| people(app).len() + 1 == before.len());
    assert!(merges(&window) < n_merges, "what was taken over leaves the list");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| people(app) == before);
    assert_eq!(merges(&window), n_merges);
    // A no takes it off the list, too, and it is not asked again.
    window.query_all_by_label_contains("Different people: Person").next().unwrap().click();
    window.run_steps(3);
    until(&mut window, |app| app.session().unwrap().review().constraints().len() == 1);
    assert!(merges(&window) < n_merges);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| app.session().unwrap().review().constraints().is_empty());
    window.get_by_label("Parameters").click();
    window.run_steps(10);
    assert!(window.query_all_by_label("Gate").count() > 0);
    window.get_by_role_and_label(Role::Button, "Ask again").click();
    window.run_steps(3);
    until(&mut window, |_| true);
    assert_eq!(merges(&window), n_merges, "the same question, the same answer");
    window.get_by_role_and_label(Role::Button, "Close the second opinion").click();
    window.run_steps(3);
    assert!(window.query_by_label("Second opinion").is_none());
}

#[test]
fn another_language_is_spoken_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    window.get_by_label("Person 1, 4 tracks");
    window.state_mut().as_mut().unwrap().set_language(Language::Korean);
    window.run_steps(3);
    window.get_by_label("인물 1, 트랙 4개").click();
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::C);
    until(&mut window, |app| app.messages().iter().any(|text| text == "인물 1을 확정했습니다"));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| app.messages().iter().any(|text| text.starts_with("되돌림: 인물 1을")));
    window.state_mut().as_mut().unwrap().set_language(Language::English);
    window.run_steps(3);
    window.get_by_label("Person 1, 4 tracks");
}

#[test]
fn the_palette_finds_commands_pages_and_people_by_keys_alone() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    let ask = |window: &mut Window<'_>, text: &str| {
        press(window, Modifiers::COMMAND, Key::K);
        write(window, text);
    };
    // Nothing is selected, so merging is shown with the reason and does nothing.
    ask(&mut window, "merge");
    window.get_by_label("Merge, Select two or more people first");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(people(window.state().as_ref().unwrap()).len(), 3);
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label_contains("Select two or more people first").is_none());

    ask(&mut window, "slct al");
    press(&mut window, Modifiers::NONE, Key::Enter);
    ask(&mut window, "merge");
    press(&mut window, Modifiers::NONE, Key::Enter);
    until(&mut window, |app| people(app).len() == 1);
    ask(&mut window, "undo");
    press(&mut window, Modifiers::NONE, Key::Enter);
    until(&mut window, |app| people(app).len() == 3);

    press(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("Person 3, 2 tracks").click();
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::N);
    write(&mut window, "Carla Ortiz");
    press(&mut window, Modifiers::NONE, Key::Enter);
    until(&mut window, |app| people(app)[2].name.is_some());
    ask(&mut window, "ortiz");
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label_contains("2 tracks, least typical first");
    ask(&mut window, "unassi");
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label("Unassigned");
}

#[test]
fn a_wrong_folder_is_told_and_the_welcome_stays() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("not-there");
    let mut window = Harness::builder().with_size([1280.0, 800.0]).build_ui_state(
        move |ui, app: &mut Option<App>| {
            app.get_or_insert_with(|| App::with_saved_state(ui.ctx(), Some(missing.clone()), None)).show(ui);
        },
        None,
    );
    until(&mut window, |app| !app.messages().is_empty());
    let said = window.state().as_ref().unwrap().messages().join(" ");
    assert!(said.contains("no such folder"), "{said}");
    assert!(window.query_all_by_label_contains("demo").count() > 0, "the demo is offered");
}

#[test]
fn the_gallery_is_drawn() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    archive(&root);
    let mut window = open(&root);
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| window.render())) {
        Ok(Ok(picture)) => {
            let colours: std::collections::BTreeSet<_> = picture.pixels().map(|p| p.0).collect();
            assert!(colours.len() > 20, "only {} colours", colours.len());
        }
        Ok(Err(why)) => println!("skipped: no graphics adapter ({why})"),
        Err(_) => println!("skipped: no graphics adapter"),
    }
}
