//! What the tests of the window share: a small archive, a window without a display, keys.

#![allow(dead_code, clippy::unwrap_used, reason = "shared by tests that use parts of it each")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use castlist::project::Project;
use castlist::review::Identity;
use castlist::ui::App;
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

pub type Window<'a> = Harness<'a, Option<App>>;

/// One track's features: frames × 4 numbers around one axis.
pub fn write_track(path: &Path, axis: usize, shift: f32) {
    let mut rows = Vec::new();
    for frame in 0..3_u8 {
        let mut row = [0.02 * shift, 0.01 * f32::from(frame), 0.0, 0.03];
        row[axis] += 1.0;
        rows.push(row);
    }
    write_rows(path, &rows);
}

pub fn write_rows<const N: usize>(path: &Path, rows: &[[f32; N]]) {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {N}), }}", rows.len());
    let text = format!("{header:<117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((text.len() as u16).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.extend(rows.iter().flatten().flat_map(|v| v.to_le_bytes()));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Three people with four, three and two tracks; the radius is known, so no network is needed.
pub fn archive(root: &Path) {
    archive_of(root, &[4, 3, 2]);
}

/// The same with these numbers of tracks.
pub fn archive_of(root: &Path, sizes: &[usize]) {
    for (person, &tracks) in sizes.iter().enumerate() {
        for track in 0..tracks {
            write_track(&root.join(format!("film/p{person}t{track}.npy")), person, track as f32);
        }
    }
    let settings = BTreeMap::from(
        [("method", "bcl"), ("radius", "0.3")].map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let project = Project::open(&root.join("castlist.sqlite")).unwrap();
    project.save_settings(&settings).wait().unwrap();
}

pub fn open<'a>(root: &Path) -> Window<'a> {
    open_sized(root, [1600.0, 1200.0], None)
}

/// The same with another size, and a file that remembers panes and sizes.
pub fn open_sized<'a>(root: &Path, size: [f32; 2], memory: Option<PathBuf>) -> Window<'a> {
    let mut window = start(root, size, memory);
    until(&mut window, |app| !people(app).is_empty());
    window
}

/// The same without waiting for anybody.
pub fn start<'a>(root: &Path, size: [f32; 2], memory: Option<PathBuf>) -> Window<'a> {
    let root = root.to_path_buf();
    Harness::builder().with_size(size).build_ui_state(
        move |ui, app: &mut Option<App>| {
            let start = || App::with_saved_state(ui.ctx(), Some(root.clone()), memory.clone());
            app.get_or_insert_with(start).show(ui);
        },
        None,
    )
}

/// Draws frames until the app is at rest and `good`, or fails after a minute.
pub fn until(window: &mut Window<'_>, good: impl Fn(&App) -> bool) {
    let clock = Instant::now();
    loop {
        window.step();
        if window.state().as_ref().is_some_and(|app| !app.is_busy() && good(app)) {
            window.run_steps(3);
            return;
        }
        let said = window.state().as_ref().map(App::messages);
        assert!(clock.elapsed() < Duration::from_mins(1), "nothing happened; the window says {said:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub fn people(app: &App) -> Vec<Identity> {
    app.session().map(|session| session.review().identities().cloned().collect()).unwrap_or_default()
}

pub fn press(window: &mut Window<'_>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_steps(3);
}

pub fn write(window: &mut Window<'_>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run_steps(3);
}

/// No key held.
pub const NONE: Modifiers = Modifiers::NONE;

pub fn pointer(window: &mut Window<'_>, to: Pos2, pressed: Option<bool>) {
    window.event(Event::PointerMoved(to));
    if let Some(pressed) = pressed {
        let button = PointerButton::Primary;
        window.event(Event::PointerButton { pos: to, button, pressed, modifiers: NONE });
    }
    window.run_steps(2);
}

/// Presses at `from` and carries to where `to` says, which may appear only on the way.
pub fn drag(window: &mut Window<'_>, from: Pos2, to: impl Fn(&Window<'_>) -> Pos2) {
    pointer(window, from, Some(true));
    pointer(window, from + eframe::egui::vec2(12.0, 12.0), None);
    let to = to(window);
    pointer(window, from.lerp(to, 0.5), None);
    pointer(window, to, None);
    pointer(window, to, Some(false));
    window.run_steps(3);
}

pub fn strip(window: &Window<'_>, track: &str) -> Rect {
    window.get_by_label_contains(&format!("Track film/{track},")).rect()
}

pub fn sizes(app: &App) -> Vec<usize> {
    let mut sizes: Vec<usize> = people(app).iter().map(|it| it.tracks.len()).collect();
    sizes.sort_unstable();
    sizes
}

pub fn wait_for_advice(window: &mut Window<'_>) {
    until(window, |app| !app.is_computing());
    window.run_steps(8);
}
