//! Draws every surface of the window, light and dark, small and large, for `docs/screens`.
//!
//! `cargo run --example screens [NAME]…` draws all of them, or those whose names begin so, on the
//! demo's drawn people; no display is needed, but a graphics adapter is (a software one will do).
//! A new surface is one line of [`SURFACES`].

#![expect(clippy::print_stderr, reason = "it says which pictures are done")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use castlist::base::Cx;
use castlist::cluster::likelihood::Certainty;
use castlist::demo;
use castlist::review::{Edit, Identity, IdentityId};
use castlist::session::{Command, NamesakePolicy, Session};
use castlist::ui::{App, Language};
use eframe::egui::{Event, Key, Modifiers, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

type AnyError = Box<dyn std::error::Error>;
type Window<'a> = Harness<'a, Option<App>>;

/// What is done before the picture is taken.
enum Step {
    /// A key with its modifiers.
    Press(Modifiers, Key),
    /// Text from the keyboard.
    Write(&'static str),
    /// A click on what is called so, or shows that choice.
    Click(&'static str),
}

use Step::{Click, Press, Write};

/// One picture's content.
struct Surface {
    name: &'static str,
    of: Scene,
    language: Language,
    steps: &'static [Step],
}

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scene {
    /// No project.
    Nothing,
    /// The demo as a curator left it.
    Demo,
    /// Tracks that nobody has looked at yet; the picture is taken at once.
    Fresh,
}

/// The frame that the harness leaves around the window, in points.
const FRAME: f32 = 8.0;
/// Of WebP, 0 to 100.
const QUALITY: f32 = 50.0;

/// The library of people, in the folder of the pictures.
const LIBRARY: &str = "people.castlist";

const NONE: Modifiers = Modifiers::NONE;
const COMMAND: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;

const fn surface(name: &'static str, of: Scene, steps: &'static [Step]) -> Surface {
    Surface { name, of, language: Language::English, steps }
}

const fn korean(name: &'static str, of: Scene, steps: &'static [Step]) -> Surface {
    Surface { name, of, language: Language::Korean, steps }
}

const SELECT_THREE: [Step; 4] = [
    Press(NONE, Key::Home),
    Press(NONE, Key::ArrowRight),
    Press(SHIFT, Key::ArrowRight),
    Press(SHIFT, Key::ArrowRight),
];
const INTO_THE_FIRST: [Step; 2] = [Press(NONE, Key::Home), Press(NONE, Key::Enter)];
/// A re-run by another method.
const ANOTHER_RUN: [Step; 6] = [
    Press(COMMAND, Key::Comma),
    Click("Likelihood linkage"),
    Click("FaceMap"),
    Press(NONE, Key::Escape),
    Press(COMMAND, Key::Comma),
    Press(NONE, Key::F5),
];

/// All surfaces.
const SURFACES: &[Surface] = &[
    surface("welcome", Scene::Nothing, &[]),
    surface("reading", Scene::Fresh, &[]),
    surface("gallery", Scene::Demo, &[]),
    surface("selection", Scene::Demo, &SELECT_THREE),
    surface(
        "naming",
        Scene::Demo,
        &[
            // The other half of somebody who has a name.
            Press(COMMAND, Key::F),
            Write("Person 29"),
            Click("Person 29, 6 tracks"),
            Press(NONE, Key::N),
            Press(NONE, Key::ArrowDown),
        ],
    ),
    surface("no-match", Scene::Demo, &[Press(COMMAND, Key::F), Write("zebra")]),
    surface("identity", Scene::Demo, &INTO_THE_FIRST),
    surface(
        "move",
        Scene::Demo,
        &[Press(NONE, Key::Home), Press(NONE, Key::Enter), Press(NONE, Key::ArrowDown), Press(NONE, Key::V)],
    ),
    surface(
        "unassigned",
        Scene::Demo,
        &[Press(COMMAND, Key::K), Write("unassigned"), Press(NONE, Key::Enter)],
    ),
    surface("palette", Scene::Demo, &[Press(NONE, Key::Home), Press(COMMAND, Key::K), Write("me")]),
    surface("keys", Scene::Demo, &[Press(NONE, Key::F1)]),
    surface("settings", Scene::Demo, &[Press(COMMAND, Key::Comma)]),
    surface("export", Scene::Demo, &[Press(COMMAND, Key::E)]),
    surface(
        "second-opinion",
        Scene::Demo,
        &[Press(COMMAND, Key::Comma), Click("Second opinion…"), Click("FaceMap")],
    ),
    surface("same-person", Scene::Demo, &[Press(NONE, Key::Q)]),
    surface("page-of-twelve", Scene::Demo, &[Press(NONE, Key::Q), Click("Twelve at a time")]),
    surface("falling-apart", Scene::Demo, &[Press(NONE, Key::Q), Click("Mixed people")]),
    surface("split", Scene::Demo, &[Press(NONE, Key::Home), Press(NONE, Key::Enter), Press(NONE, Key::P)]),
    surface("check", Scene::Demo, &[Press(NONE, Key::Home), Press(NONE, Key::Enter), Press(NONE, Key::D)]),
    surface(
        "why",
        Scene::Demo,
        &[Press(NONE, Key::Home), Press(NONE, Key::Enter), Press(NONE, Key::ArrowDown), Press(NONE, Key::W)],
    ),
    surface("history", Scene::Demo, &[Press(NONE, Key::H)]),
    surface("timeline", Scene::Demo, &[Press(NONE, Key::T)]),
    surface("map", Scene::Demo, &[Press(NONE, Key::G), Click("Draw the map")]),
    surface("strangers", Scene::Demo, &[Press(NONE, Key::O)]),
    surface("known-people", Scene::Demo, &[Press(NONE, Key::L)]),
    surface(
        "library",
        Scene::Demo,
        &[Press(NONE, Key::L), Click("In the library (6)"), Click("Ida Berg, 8 tracks, 1 project")],
    ),
    korean("korean-known-people", Scene::Demo, &[Press(NONE, Key::L)]),
    surface("re-run", Scene::Demo, &ANOTHER_RUN),
    korean("korean-gallery", Scene::Demo, &[]),
    korean("korean-same-person", Scene::Demo, &[Press(NONE, Key::Q)]),
    korean("korean-keys", Scene::Demo, &[Press(NONE, Key::F1)]),
    korean("korean-settings", Scene::Demo, &[Press(COMMAND, Key::Comma)]),
];

fn main() -> Result<(), AnyError> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let work = root.join("target/screens");
    let out = root.join("docs/screens");
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    // So that no picture shows where the project lies on this machine.
    std::fs::create_dir_all(&work)?;
    std::env::set_current_dir(&work)?;
    let demo = prepare(Path::new("demo"))?;
    keep_some(&demo)?;
    for surface in SURFACES {
        if !wanted.is_empty() && !wanted.iter().any(|name| surface.name.starts_with(name.as_str())) {
            continue;
        }
        for (theme, mode) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            for (size, scale, width) in [
                (vec2(900.0, 600.0), 1.0, "900"),
                (vec2(1280.0, 800.0), 1.0, "1280"),
                (vec2(1280.0, 720.0), 2.0, "2560"),
            ] {
                if surface.language == Language::Korean && (mode, width) != ("light", "1280") {
                    continue;
                }
                let fresh = PathBuf::from("fresh");
                let open = match surface.of {
                    Scene::Nothing => None,
                    Scene::Demo => Some(demo.clone()),
                    Scene::Fresh => {
                        let _gone = std::fs::remove_dir_all(&fresh);
                        demo::draw(&fresh, demo::DEFAULT_SEED, &Cx::new())?;
                        Some(fresh)
                    }
                };
                let picture = shoot(surface, open, theme, size, scale)?;
                let path = out.join(format!("{}-{mode}-{width}.webp", surface.name));
                save(&picture, &path)?;
                eprintln!("{}", path.display());
            }
        }
    }
    Ok(())
}

/// The demo, grouped anew, with what a curator would have done in the first minutes.
fn prepare(folder: &Path) -> Result<PathBuf, AnyError> {
    demo::draw(folder, demo::DEFAULT_SEED, &Cx::new())?;
    for end in ["", "-wal", "-shm"] {
        let _gone = std::fs::remove_file(folder.join(format!("{}{end}", "castlist.sqlite")));
    }
    let mut session = Session::open(folder, None)?;
    let analysis = session.job().run(&Cx::new(), |_| ())?;
    session.finish(&analysis)?;
    settle(&mut session);
    let mut people: Vec<Identity> = session.review().identities().cloned().collect();
    people.sort_by_key(|it| (std::cmp::Reverse(it.tracks.len()), it.id));
    let id = |at: usize| people.get(at).map_or(IdentityId(1), |it| it.id);
    let track = |at: usize| session.review().track_id(people[at].tracks[0]).to_owned();
    let half = |at: usize| -> Vec<String> {
        let tracks = people[at].tracks.iter().step_by(2);
        tracks.map(|&track| session.review().track_id(track).to_owned()).collect()
    };
    let name = |at: usize, name: &str| Edit::Rename { identity: id(at), name: name.to_owned() };
    let edits = vec![
        name(0, "Anna Lindqvist"),
        name(2, "김민준"),
        name(3, "Samir Haddad"),
        name(7, "Jana Novák"),
        Edit::Confirm { identities: vec![id(1)] },
        Edit::Ignore { identities: vec![id(5)] },
        Edit::Reject { tracks: vec![track(6)] },
        // Fragments and a wrong merge, so that there is something to be asked.
        Edit::split(half(7), None),
        Edit::split(half(8), None),
        Edit::merge(vec![id(9), id(10)], None).overriding(),
    ];
    for edit in edits {
        session.submit(Command::Edit(edit));
        settle(&mut session);
    }
    let _known = session.counts(Certainty::EVEN);
    Ok(folder.to_path_buf())
}

/// A library of people whom an earlier project named.
fn keep_some(folder: &Path) -> Result<(), AnyError> {
    for file in ["earlier.sqlite", "earlier.sqlite-wal", "earlier.sqlite-shm", LIBRARY] {
        let _gone = std::fs::remove_file(file);
    }
    let mut session = Session::open(folder, Some(Path::new("earlier.sqlite")))?;
    let analysis = session.job().run(&Cx::new(), |_| ())?;
    session.finish(&analysis)?;
    let mut people: Vec<Identity> = session.review().identities().cloned().collect();
    people.sort_by_key(|it| (std::cmp::Reverse(it.tracks.len()), it.id));
    let names = ["Ida Berg", "Tomás Vidal", "이서연", "Wanjiru Maina", "Piet de Vries", "Mona Sand"];
    for (it, name) in people.iter().skip(11).zip(names) {
        session.perform(Command::Edit(Edit::Rename { identity: it.id, name: name.to_owned() }))?;
    }
    session.keep_job(&[], NamesakePolicy::Ask, Path::new(LIBRARY))?.run(&Cx::new())?;
    Ok(())
}

fn settle(session: &mut Session) {
    while session.is_busy() {
        session.poll();
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn shoot(
    surface: &Surface,
    open: Option<PathBuf>,
    theme: Theme,
    size: Vec2,
    scale: f32,
) -> Result<image::RgbaImage, AnyError> {
    let language = surface.language;
    let mut window: Window = Harness::builder()
        .with_size(size + Vec2::splat(2.0 * FRAME))
        .with_pixels_per_point(scale)
        .wgpu()
        .build_ui_state(
            move |ui, app: &mut Option<App>| {
                let app = app.get_or_insert_with(|| {
                    let mut app = App::with_saved_state(ui.ctx(), open.clone(), None);
                    app.set_language(language);
                    app.use_library(PathBuf::from(LIBRARY));
                    app
                });
                ui.ctx().set_theme(theme);
                app.show(ui);
            },
            None,
        );
    if surface.of == Scene::Fresh {
        for _ in 0..60 {
            window.step();
            std::thread::sleep(Duration::from_millis(20));
        }
        return Ok(cropped(&window.render()?, scale));
    }
    rest(&mut window);
    for step in surface.steps {
        match step {
            Press(modifiers, key) => window.key_press_modifiers(*modifiers, *key),
            Write(text) => window.event(Event::Text((*text).to_owned())),
            Click(label) => match window.query_by_label(label) {
                Some(node) => node.click_accesskit(),
                None => window.get_by_value(label).click_accesskit(),
            },
        }
        window.run_steps(3);
        rest(&mut window);
    }
    window.remove_cursor();
    rest(&mut window);
    Ok(cropped(&window.render()?, scale))
}

/// Until nothing runs and all pictures are there, for at most a minute.
fn rest(window: &mut Window<'_>) {
    let clock = Instant::now();
    let mut quiet = 0;
    while quiet < 12 && clock.elapsed() < Duration::from_mins(1) {
        window.step();
        let is_busy = window.state().as_ref().is_none_or(|app| app.is_busy() || app.is_computing());
        quiet = if is_busy { 0 } else { quiet + 1 };
        std::thread::sleep(Duration::from_millis(8));
    }
}

/// Writes a small file whose letters stay sharp.
fn save(picture: &image::RgbaImage, path: &Path) -> Result<(), AnyError> {
    let mut config = webp::WebPConfig::new().map_err(|()| "the encoder of WebP is of another version")?;
    (config.quality, config.method, config.use_sharp_yuv) = (QUALITY, 6, 1);
    let encoder = webp::Encoder::from_rgba(picture.as_raw(), picture.width(), picture.height());
    let bytes = encoder.encode_advanced(&config).map_err(|error| format!("{error:?}"))?;
    Ok(std::fs::write(path, &*bytes)?)
}

/// The picture without the frame that the harness leaves around the window.
fn cropped(picture: &image::RgbaImage, scale: f32) -> image::RgbaImage {
    let edge = (FRAME * scale) as u32;
    let (width, height) = (picture.width() - 2 * edge, picture.height() - 2 * edge);
    image::imageops::crop_imm(picture, edge, edge, width, height).to_image()
}
