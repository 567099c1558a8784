//! The window over 100,000 tracks with 1,000,000 faces, without a display: how long a frame's layout and
//! tessellation take while one scrolls, types in the search and decides, how long a cached project takes
//! to open, and what stays resident.
//!
//! `cargo bench --bench gallery` prints medians; nothing is judged here.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may fail loudly")]

use std::path::Path;
use std::time::{Duration, Instant};

use castlist::base::Hasher;
use castlist::project::Project;
use castlist::review::{AdoptedClustering, Edit, IdentityId, LogEntry};
use castlist::session::Session;
use castlist::tracks::{Face, TimeSpan, Track, TrackSet, TrackSource};
use castlist::ui::App;
use eframe::egui::{
    Context, Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, RawInput, Rect, TouchPhase, Vec2,
    vec2,
};

/// Makes the project in a folder, and nothing else.
const MAKE: &str = "--make";
const TRACKS: usize = 100_000;
const IDENTITIES: usize = 12_500;
const PICTURES: usize = 300;
const FRAMES: usize = 400;
const SIZE: Vec2 = vec2(1280.0, 800.0);
/// Among the faces, and among the people.
const FACES: Pos2 = Pos2::new(700.0, 500.0);
const PEOPLE: Pos2 = Pos2::new(70.0, 400.0);

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let project = dir.path().join("castlist.sqlite");
    // In a process of its own, so that what stays resident is the window's alone.
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some(MAKE) {
        let root = std::path::PathBuf::from(args.next().unwrap());
        return make(&root, &root.join("castlist.sqlite"));
    }
    let this = std::env::current_exe().unwrap();
    let made = std::process::Command::new(this).arg(MAKE).arg(dir.path()).status().unwrap();
    assert!(made.success() && project.is_file());

    let clock = Instant::now();
    let session = Session::open(dir.path(), None).unwrap();
    println!("open a cached project of {TRACKS} tracks: {} ms", clock.elapsed().as_millis());
    assert_eq!(session.review().identities().len(), IDENTITIES);
    drop(session);

    let ctx = Context::default();
    let mut app = App::with_saved_state(&ctx, Some(dir.path().to_path_buf()), None);
    let mut start = None;
    let clock = Instant::now();
    while app.session().is_none() || app.is_busy() {
        frame(&ctx, &mut app, Vec2::ZERO);
        assert!(clock.elapsed() < Duration::from_mins(1), "the project did not open: {:?}", app.messages());
        start.get_or_insert(clock.elapsed());
    }
    println!(
        "first frame after {} ms, gallery after {} ms",
        start.unwrap().as_millis(),
        clock.elapsed().as_millis()
    );
    for _ in 0..60 {
        frame(&ctx, &mut app, Vec2::ZERO);
        std::thread::sleep(Duration::from_millis(5));
    }
    let still: Vec<Duration> = (0..FRAMES).map(|_| frame(&ctx, &mut app, Vec2::ZERO)).collect();
    report("still", still);
    for (what, at) in [("scrolling faces", FACES), ("scrolling people", PEOPLE)] {
        let mut scrolled = |_| frame_with(&ctx, &mut app, at, vec![wheel(vec2(0.0, -120.0))]);
        report(what, (0..FRAMES).map(&mut scrolled).collect());
    }
    report("a key typed in the search", typed(&ctx, &mut app));
    report("after a decision", decided(&ctx, &mut app));
    println!("resident: {} MB", resident_mb());
}

fn wheel(delta: Vec2) -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta,
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: eframe::egui::MouseWheelSource::Unknown,
    }
}

fn key(key: Key, modifiers: Modifiers) -> Vec<Event> {
    let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    vec![event(true), event(false)]
}

/// The search for each beginning of a number, and back; the longest of the two frames that a key takes.
fn typed(ctx: &Context, app: &mut App) -> Vec<Duration> {
    frame_with(ctx, app, FACES, key(Key::F, Modifiers::COMMAND));
    frame(ctx, app, Vec2::ZERO);
    let text = "person 1234";
    let letters = text.chars().map(|letter| vec![Event::Text(letter.to_string())]);
    let back = text.chars().map(|_| key(Key::Backspace, Modifiers::NONE));
    let mut took = Vec::new();
    for events in letters.chain(back) {
        let first = frame_with(ctx, app, FACES, events);
        took.push(first.max(frame(ctx, app, Vec2::ZERO)));
    }
    took
}

/// Confirms people one after the other; the longest frame until each is on the disk.
fn decided(ctx: &Context, app: &mut App) -> Vec<Duration> {
    frame_with(ctx, app, FACES, key(Key::Escape, Modifiers::NONE));
    let click = |pressed| Event::PointerButton {
        pos: PEOPLE,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    frame_with(ctx, app, PEOPLE, vec![click(true)]);
    frame_with(ctx, app, PEOPLE, vec![click(false)]);
    let mut took = Vec::new();
    for _ in 0..20 {
        let edits = |app: &App| app.session().map_or(0, |session| session.history().entries().len());
        let before = edits(app);
        let mut longest = frame_with(ctx, app, FACES, key(Key::PageDown, Modifiers::NONE));
        longest = longest.max(frame(ctx, app, Vec2::ZERO));
        longest = longest.max(frame_with(ctx, app, FACES, key(Key::C, Modifiers::NONE)));
        let clock = Instant::now();
        while edits(app) == before {
            longest = longest.max(frame(ctx, app, Vec2::ZERO));
            assert!(clock.elapsed() < Duration::from_secs(10), "nothing was decided: {:?}", app.messages());
        }
        took.push(longest.max(frame(ctx, app, Vec2::ZERO)));
    }
    took
}

/// One frame's layout and tessellation.
fn frame(ctx: &Context, app: &mut App, scroll: Vec2) -> Duration {
    let events = if scroll == Vec2::ZERO { Vec::new() } else { vec![wheel(scroll)] };
    frame_with(ctx, app, FACES, events)
}

/// The same with the pointer at a place, and other events.
fn frame_with(ctx: &Context, app: &mut App, at: Pos2, mut events: Vec<Event>) -> Duration {
    events.insert(0, Event::PointerMoved(at));
    let input =
        RawInput { screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)), events, ..RawInput::default() };
    let clock = Instant::now();
    let mut output = ctx.run_ui(input, |ui| app.show(ui));
    let shapes = ctx.tessellate(output.shapes, output.pixels_per_point);
    let time = clock.elapsed();
    assert!(!shapes.is_empty());
    output.textures_delta.clear();
    time
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let ms = |at: usize| times[at].as_secs_f64() * 1000.0;
    println!(
        "frame, {what}: median {:.2} ms, 95 % below {:.2} ms, longest {:.2} ms",
        ms(times.len() / 2),
        ms(times.len() * 95 / 100),
        ms(times.len() - 1)
    );
}

/// Memory of this process, in MB; 0 where the system does not say.
fn resident_mb() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096 / 1_000_000
}

/// A project whose tracks share a few hundred real picture files.
fn make(root: &Path, file: &Path) {
    for picture in 0..PICTURES {
        let pixel = |x: u32, y: u32| image::Rgb([(x * 2) as u8, (y * 2) as u8, (picture * 7) as u8]);
        image::RgbImage::from_fn(160, 160, pixel).save(root.join(format!("{picture}.jpg"))).unwrap();
    }
    let tracks: Vec<Track> = (0..TRACKS)
        .map(|at| Track {
            id: format!("film-{}/t{at:05}", at % 7),
            video: format!("film-{}", at % 7),
            span: TimeSpan { frames: Some((at as u64, at as u64 + 40)), fps: Some(25.0), seconds: None },
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Faces {
                folder: String::new(),
                faces: (0..10)
                    .map(|f| Face {
                        file: format!("{}.jpg", (at + f) % PICTURES),
                        frame: f as u64,
                        unreadable: None,
                    })
                    .collect(),
            },
            fingerprint: Hasher::default().part(at.to_le_bytes()).finish(),
        })
        .collect();
    let identities = (0..IDENTITIES)
        .map(|id| {
            let members = tracks.iter().skip(id).step_by(IDENTITIES).map(|t| t.id.clone()).collect();
            (IdentityId(id as u64 + 1), members)
        })
        .collect();
    let edit =
        Edit::Adopt(AdoptedClustering { source: "bench".into(), identities, ..AdoptedClustering::default() });
    let project = Project::open(file).unwrap();
    project.save_tracks(&TrackSet::new(root.to_path_buf(), tracks)).wait().unwrap();
    project.append(&LogEntry { number: 0, parent: None, at: 0, edit, names: Vec::new() }).wait().unwrap();
}
