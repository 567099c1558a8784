//! A review of 100,000 tracks with 100,000 edits behind it: how long it takes to open, to edit, to
//! undo and to jump, and what stays resident.
//!
//! `cargo bench --bench review` prints figures; nothing is judged here. With `-- --parts` it times
//! reading, replaying and single edits without a session.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may fail loudly")]

use std::path::Path;
use std::time::{Duration, Instant};

use castlist::base::{CoOccurrence, Hasher, seeded};
use castlist::project::Project;
use castlist::review::{
    AdoptedClustering, Checkpoints, ConstraintEdit, Edit, History, IdentityId, LogEntry, Review,
};
use castlist::session::{Command, Session};
use castlist::tracks::{Face, TimeSpan, Track, TrackSet, TrackSource, overlaps};
use rand::RngExt;

const TRACKS: usize = 100_000;
const IDENTITIES: usize = 20_000;
const EDITS: usize = 100_000;

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("castlist.sqlite");
    let clock = Instant::now();
    make(dir.path(), &file);
    println!("made {EDITS} edits on {TRACKS} tracks in {:.1} s", clock.elapsed().as_secs_f64());
    if std::env::args().any(|it| it == "--parts") {
        return parts(&file);
    }
    let before = resident_mb();
    let clock = Instant::now();
    let mut session = Session::open(dir.path(), None).unwrap();
    println!(
        "open: {} ms, {} MB more resident than {before} MB",
        clock.elapsed().as_millis(),
        resident_mb() - before
    );
    println!("identities: {}", session.review().identities().len());
    let last = session.history().cursor();

    // What a face keeps of the state before, so that states are shared as in the window.
    let mut rng = seeded(3);
    let clock = Instant::now();
    session.perform(rename(session.review(), &mut rng)).unwrap();
    println!("first edit: {:.2} ms", ms(clock.elapsed()));
    let edits: Vec<Duration> = (0..300)
        .map(|_| {
            let held = session.review().clone();
            let command = match rng.random_range(0..3) {
                0 => rename(&held, &mut rng),
                1 => merge(&held, &mut rng),
                _ => relocate(&held, &mut rng),
            };
            let clock = Instant::now();
            session.perform(command).unwrap();
            let time = clock.elapsed();
            assert!(!session.review().changed_since(&held).is_empty());
            time
        })
        .collect();
    report("edit, on the disk and on the screen", edits);
    let mut timed = |what: &str, n: usize, command: &mut dyn FnMut() -> Command| {
        let times = (0..n)
            .map(|_| {
                let command = command();
                let clock = Instant::now();
                session.perform(command).unwrap();
                clock.elapsed()
            })
            .collect();
        report(what, times);
    };
    timed("undo", 200, &mut || Command::Undo(1));
    timed("redo", 200, &mut || Command::Redo(1));
    timed("undo 1,000", 50, &mut || Command::Undo(1000));
    timed("jump anywhere", 100, &mut || Command::Jump(rng.random_range(0..last)));
    let mut ends = [0, last].into_iter().cycle();
    timed("jump from end to end", 50, &mut || Command::Jump(ends.next().unwrap_or(0)));
    println!("resident: {} MB", resident_mb());
}

/// Reading, replaying and single edits, each by itself.
fn parts(file: &Path) {
    let project = Project::open_read_only(file).unwrap();
    let clock = Instant::now();
    let stored = project.load().unwrap();
    println!("read the file: {} ms", clock.elapsed().as_millis());
    let tracks = stored.tracks.unwrap().tracks;
    let clock = Instant::now();
    let together = CoOccurrence::new(&overlaps(&tracks));
    println!("overlaps in time: {} ms", clock.elapsed().as_millis());
    let ids: Vec<String> = tracks.iter().map(|track| track.id.clone()).collect();
    let clock = Instant::now();
    let mut history = History::new(stored.entries, stored.cursor);
    println!("the tree: {} ms", clock.elapsed().as_millis());
    let before = resident_mb();
    let clock = Instant::now();
    let (mut checkpoints, mut review) = Checkpoints::new(&history, Review::new(ids));
    println!(
        "replay with checkpoints: {} ms, {} MB",
        clock.elapsed().as_millis(),
        resident_mb().saturating_sub(before)
    );
    let mut rng = seeded(4);
    let times = (0..2000)
        .map(|at| {
            let _held = review.clone();
            let edit = edit_of(&review, &mut rng, at);
            let clock = Instant::now();
            if let Ok(edit) = review.prepare(edit, history.new_identity_id(), &together) {
                history.push(history.next_entry(edit, 0, &review));
                checkpoints.push(&history, &mut review);
            }
            clock.elapsed()
        })
        .collect();
    report("edit, checked and applied", times);
    let last = history.cursor();
    let times = (0..300)
        .map(|_| {
            let number = rng.random_range(0..last);
            let clock = Instant::now();
            review = checkpoints.at(&history, number, &review);
            history.jump(number);
            clock.elapsed()
        })
        .collect();
    report("jump anywhere, without the disk", times);
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |at: usize| ms(times[at]);
    println!(
        "{what}: median {:.3} ms, 95 % below {:.3} ms, longest {:.3} ms",
        at(times.len() / 2),
        at(times.len() * 95 / 100),
        at(times.len() - 1)
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Memory of this process, in MB; 0 where the system does not say.
fn resident_mb() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096 / 1_000_000
}

/// An identity of the state, by a track drawn at random.
fn random_identity(review: &Review, rng: &mut castlist::base::Rng) -> IdentityId {
    loop {
        if let Some(id) = review.identity_of(rng.random_range(0..TRACKS as u32)) {
            return id;
        }
    }
}

fn rename(review: &Review, rng: &mut castlist::base::Rng) -> Command {
    let name = format!("Name {}", rng.random_range(0..100_000));
    Command::Edit(Edit::Rename { identity: random_identity(review, rng), name })
}

fn merge(review: &Review, rng: &mut castlist::base::Rng) -> Command {
    loop {
        let ids = vec![random_identity(review, rng), random_identity(review, rng)];
        if ids[0] != ids[1] {
            return Command::Edit(Edit::merge(ids, None).overriding());
        }
    }
}

fn relocate(review: &Review, rng: &mut castlist::base::Rng) -> Command {
    loop {
        let track = rng.random_range(0..TRACKS as u32);
        let to = random_identity(review, rng);
        if review.identity_of(track) != Some(to) {
            let tracks = vec![review.track_id(track).to_owned()];
            return Command::Edit(Edit::move_to(tracks, to).overriding());
        }
    }
}

/// One of many kinds of edit.
fn edit_of(review: &Review, rng: &mut castlist::base::Rng, at: usize) -> Edit {
    let mut track = || review.track_id(rng.random_range(0..TRACKS as u32)).to_owned();
    let tracks: Vec<String> = (0..3).map(|_| track()).collect();
    let [a, b] = [track(), track()];
    let link = ConstraintEdit { a, b, overrides: true, drops: Vec::new() };
    let (x, y) = (random_identity(review, rng), random_identity(review, rng));
    match at % 10 {
        0 => Edit::Rename { identity: x, name: format!("Name {at}") },
        1 => Edit::merge(vec![x, y], None),
        2 => Edit::Move { tracks, to: x, overrides: true, drops: Vec::new() },
        3 | 4 => Edit::split(tracks[..1].to_vec(), None),
        5 => Edit::Confirm { identities: vec![x] },
        6 => Edit::Reject { tracks: tracks[..1].to_vec() },
        7 | 8 => Edit::CannotLink(link),
        _ => Edit::MustLink(link),
    }
}

/// A project with a long history, a twentieth of it on branches that were left.
fn make(root: &Path, file: &Path) {
    let tracks: Vec<Track> = (0..TRACKS)
        .map(|at| Track {
            id: format!("film-{}/t{at:06}", at % 7),
            video: format!("film-{}", at % 7),
            span: TimeSpan { frames: Some((at as u64, at as u64 + 40)), fps: Some(25.0), seconds: None },
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Faces {
                folder: String::new(),
                faces: vec![Face { file: format!("{at}.jpg"), frame: 0, unreadable: None }],
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
    let adopt =
        Edit::Adopt(AdoptedClustering { source: "bench".into(), identities, ..AdoptedClustering::default() });
    let ids = tracks.iter().map(|track| track.id.clone()).collect();
    let together = CoOccurrence::new(&overlaps(&tracks));
    let project = Project::open(file).unwrap();
    project.save_tracks(&TrackSet::new(root.to_path_buf(), tracks)).wait().unwrap();
    let mut history = History::default();
    let (mut checkpoints, mut review) = Checkpoints::new(&history, Review::new(ids));
    let mut rng = seeded(2);
    let mut acks = Vec::new();
    let mut write = |entry: &LogEntry| {
        acks.push(project.append(entry));
        if acks.len() >= 1000 {
            acks.drain(..).for_each(|ack| ack.wait().unwrap());
        }
    };
    let mut edit = Some(adopt);
    while history.n_edits() < EDITS as u64 {
        if let Some(edit) = edit.take() {
            let entry = history.next_entry(edit, 0, &review);
            write(&entry);
            history.push(entry);
            checkpoints.push(&history, &mut review);
        }
        if history.n_edits() % 2000 == 1999 {
            let back = history.undone(100).cursor;
            review = checkpoints.at(&history, back, &review);
            history.jump(back);
        }
        let at = history.n_edits() as usize;
        let next = edit_of(&review, &mut rng, at);
        edit = review.prepare(next, history.new_identity_id(), &together).ok();
        if edit.is_none() {
            edit = Some(Edit::Confirm { identities: vec![random_identity(&review, &mut rng)] });
        }
    }
    for ack in acks {
        ack.wait().unwrap();
    }
}
