//! Videos to tracks, through the real binary: the drawn film against its truth, work that is stopped and goes on,
//! inputs that are none, and, where the program is there, videos through ffmpeg.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]
#![allow(clippy::print_stderr, reason = "counts are shown with --nocapture")]

mod common;
#[cfg(feature = "gui")]
#[path = "common/window.rs"]
mod window;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{TestDir, shared, skip};
use serde_json::Value;

/// A folder with the drawn film, its tracks and its project.
fn film() -> TestDir {
    let test_dir = TestDir::new();
    let said = test_dir.run_words("demo --video film").ok().out();
    eprintln!("{said}");
    test_dir
}

/// All files below a folder with their bytes, but for projects.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.file_name().unwrap().to_string_lossy().starts_with("castlist.sqlite") {
                found.insert(path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(path).unwrap());
            }
        }
    }
    found
}

fn ffmpeg() -> Option<PathBuf> {
    let doctor = TestDir::new().run_words("doctor --json").ok().json();
    let found = doctor["ffmpeg"].as_str().map(PathBuf::from);
    if found.is_none() {
        skip("there is no ffmpeg here");
    }
    found
}

/// Makes a video with ffmpeg.
fn make(ffmpeg: &Path, args: &str, path: &Path) {
    let mut command = Command::new(ffmpeg);
    command.args(["-v", "error", "-y"]).args(args.split(' ')).arg(path).stdin(Stdio::null());
    assert!(command.status().unwrap().success(), "{args}");
}

#[test]
fn the_drawn_film_is_tracked_as_it_was_drawn() {
    let test_dir = film();
    let out = test_dir.path("film/tracks");
    let mut people: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut boxes: BTreeMap<u64, Vec<(String, [f32; 4])>> = BTreeMap::new();
    let mut truth = csv::Reader::from_path(test_dir.path("film/film-truth.csv")).unwrap();
    for row in truth.records() {
        let row = row.unwrap();
        let number = |at: usize| row[at].parse::<f32>().unwrap();
        let frame: u64 = row[0].parse().unwrap();
        people.entry(row[2].to_owned()).or_default().push(frame);
        boxes.entry(frame).or_default().push((row[2].to_owned(), [3, 4, 5, 6].map(number)));
    }
    assert_eq!(people.len(), 6);
    let journal = test_dir.read("film/tracks/film/castlist-shots.jsonl");
    let shots: Vec<Value> = journal.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    let starts: Vec<u64> = shots.iter().map(|shot| shot["frames"][0].as_u64().unwrap()).collect();
    assert_eq!(starts, [0, 80, 160, 220, 310, 350, 430, 510]);
    let (mut spans, mut overlaps) = (BTreeMap::<String, Vec<(u64, u64)>>::new(), Vec::new());
    for track in shots.iter().flat_map(|shot| shot["tracks"].as_array().unwrap()) {
        assert_eq!(track["doubtful"], false);
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        let sightings = track["boxes"].as_array().unwrap();
        for sighting in sightings {
            let frame = sighting[0].as_u64().unwrap();
            let own = [2, 3, 4, 5].map(|at: usize| sighting[at].as_f64().unwrap() as f32);
            let best = boxes.get(&frame).into_iter().flatten();
            let best = best.map(|(person, rect)| (person.as_str(), overlap(rect, &own)));
            let best = best.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|best| best.1 > 0.3);
            let (person, overlap) = best.unwrap_or(("nobody", 0.0));
            *shown.entry(person).or_default() += 1;
            overlaps.push(overlap);
        }
        // A face is found before its centre is in the picture.
        let outside = shown.remove("nobody").unwrap_or(0);
        assert!(shown.len() == 1 && 5 * outside <= sightings.len(), "{} shows {shown:?}", track["name"]);
        let frames = [&sightings[0], &sightings[sightings.len() - 1]].map(|it| it[0].as_u64().unwrap());
        let person = (*shown.keys().next().unwrap()).to_owned();
        spans.entry(person).or_default().push((frames[0], frames[1]));
    }
    for (person, frames) in &people {
        let own = spans.get(person).map_or(&[][..], Vec::as_slice);
        let covered =
            frames.iter().filter(|&frame| own.iter().any(|(a, b)| (a..=b).contains(&frame))).count();
        let share = covered as f64 / frames.len() as f64;
        eprintln!("{person}: {} tracks, {share:.2} of {} frames", own.len(), frames.len());
        assert!(share >= 0.8, "{person}: {share}");
    }
    overlaps.sort_by(f32::total_cmp);
    assert!(overlaps[overlaps.len() / 2] >= 0.6);

    // What lies there is what Castlist reads, and the people come apart.
    let tracks = test_dir.read("film/tracks/tracks.csv");
    assert!(tracks.starts_with("track,video,start_frame,end_frame,start_s,end_s,fps,"), "{tracks}");
    assert!(test_dir.read("film/tracks/landmarks.csv").lines().count() > 50);
    assert!(
        test_dir.read("film/tracks/film/shots.csv").lines().nth(2).unwrap().starts_with("2,81,00:00:03.200")
    );
    let facts: Value = serde_json::from_str(&test_dir.read("film/tracks/film/castlist-video.json")).unwrap();
    assert_eq!(
        (&facts["rate"][0], &facts["rate"][1], &facts["frames"]),
        (&25.into(), &1.into(), &600.into())
    );
    let listed = test_dir.list("film/tracks");
    assert_eq!(listed["identities"].as_array().unwrap().len(), people.len(), "{listed}");
    assert!(out.join("castlist.sqlite").is_file());
}

fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let side = |at: usize| ((a[at] + a[at + 2]).min(b[at] + b[at + 2]) - a[at].max(b[at])).max(0.0);
    let shared = side(0) * side(1);
    shared / (a[2] * a[3] + b[2] * b[3] - shared)
}

#[test]
fn work_that_is_killed_goes_on_and_ends_with_the_same_bytes() {
    let test_dir = film();
    let whole = files(&test_dir.path("film/tracks"));
    let mut stopped = 0;
    for wait_ms in [150, 400, 700, 1100, 1600, 60_000] {
        let mut child = test_dir
            .command(["track", "film/film", "--fps", "25", "--out", "again"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..wait_ms / 10 {
            std::thread::sleep(Duration::from_millis(10));
            if child.try_wait().unwrap().is_some() {
                break;
            }
        }
        stopped += usize::from(child.try_wait().unwrap().is_none());
        let _or_it_ended = child.kill();
        child.wait().unwrap();
    }
    eprintln!("{stopped} stops");
    let again = files(&test_dir.path("again"));
    assert_eq!(whole.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (path, bytes) in &whole {
        assert!(again[path] == *bytes, "{} differs", path.display());
    }
    // Once it is done, nothing is done again; other settings do not touch what may have names.
    let said = test_dir.run_words("track film/film --fps 25 --out again").ok().out();
    assert!(said.contains("are there already"), "{said}");
    test_dir.run_words("track film/film --fps 25 --every 1 --out again").ok();
    assert_eq!(files(&test_dir.path("again")), again);
}

#[test]
fn an_unfinished_video_is_not_mixed_with_other_settings() {
    let test_dir = film();
    let journal = "film/tracks/film/castlist-shots.jsonl";
    let text = test_dir.read(journal);
    let begun: String = text.split_inclusive('\n').take(3).collect();
    test_dir.file(journal, &begun);
    fs::remove_file(test_dir.path("film/tracks/film/castlist-video.json")).unwrap();
    test_dir
        .run_words("track film/film --fps 25 --every 2 --out film/tracks")
        .fails(3, &["other settings", "Name another folder"]);
    assert_eq!(test_dir.read(journal), begun);
}

#[test]
fn what_is_no_video_is_told_and_leaves_nothing() {
    let test_dir = TestDir::new();
    test_dir.run_words("track none.mp4 --out t").fails(2, &["no such folder or file"]);
    test_dir.file("empty/notes.txt", "x");
    test_dir.run_words("track empty --out t").fails(2, &["there is no video in"]);
    test_dir.file("frames/0001.png", "torn");
    test_dir.run_words("track frames --out t").fails(2, &["frame", "0001.png"]);
    test_dir.file("mine/letter.txt", "dear");
    test_dir.faces("f");
    test_dir.run_words("track f --out mine").fails(2, &["there is no video in"]);
    test_dir.run_words("track frames --out mine").fails(3, &["holds no tracks of videos"]);
    test_dir.run_words("track frames --out t --fps 0").fails(1, &["frames a second"]);
    test_dir.run_words("track frames --out t --detector castlist-face").fails(2, &["frame"]);
    assert!(test_dir.read("mine/letter.txt") == "dear");
}

#[test]
fn bad_videos_are_errors_and_the_others_go_on() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let test_dir = TestDir::new();
    let folder = test_dir.path("v");
    fs::create_dir_all(folder.join("deep")).unwrap();
    test_dir.file("v/text.mp4", "this is no video");
    test_dir.file("v/nothing.mov", "");
    make(&ffmpeg, "-f lavfi -i sine=d=1", &folder.join("sound.mkv"));
    make(&ffmpeg, "-f lavfi -i testsrc=s=64x48:d=1 -c:v mjpeg", &folder.join("deep/-i $(rm) %03d.mkv"));
    make(
        &ffmpeg,
        "-f lavfi -i testsrc=s=320x240:d=1 -output_ts_offset 36000 -c:v mjpeg",
        &folder.join("late.mkv"),
    );
    make(&ffmpeg, "-f lavfi -i testsrc=s=2x2:d=0.2 -c:v ffv1", &folder.join("tiny.mkv"));
    make(&ffmpeg, "-f lavfi -i testsrc=s=320x240:d=2 -c:v mjpeg -f avi", &folder.join("cut.avi"));
    let bytes = fs::read(folder.join("cut.avi")).unwrap();
    test_dir.file("v/cut.avi", &bytes[..bytes.len() / 2]);
    let report = test_dir.run_words("track v --out t --json").exits_with(2).out();
    let report: Value = serde_json::from_str(&report).unwrap();
    let status: BTreeMap<String, &str> = report["videos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|video| {
            let name = Path::new(video["source"].as_str().unwrap()).file_name().unwrap();
            (name.to_string_lossy().into_owned(), video["status"].as_str().unwrap())
        })
        .collect();
    let want = [
        ("-i $(rm) %03d.mkv", "tracked"),
        ("cut.avi", "tracked"),
        ("late.mkv", "tracked"),
        ("nothing.mov", "failed"),
        ("sound.mkv", "failed"),
        ("text.mp4", "failed"),
        ("tiny.mkv", "failed"),
    ];
    assert_eq!(status, want.map(|(name, status)| (name.to_owned(), status)).into());
    test_dir
        .run_words("track v/text.mp4 --out u")
        .fails(2, &["cannot be decoded", "Invalid data", "text.mp4"]);
    test_dir.run_words("track v/late.mkv --out u --ffmpeg /nowhere/ffmpeg").fails(2, &["install"]);
}

#[cfg(feature = "gui")]
#[test]
fn the_window_opens_a_video_and_shows_who_is_in_it() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let test_dir = film();
    let frames = test_dir.path("film/film/%06d.jpg");
    fs::create_dir(test_dir.path("archive")).unwrap();
    let video = test_dir.path("archive/drawn.mkv");
    make(&ffmpeg, &format!("-framerate 25 -i {} -c:v mjpeg -q:v 3", frames.display()), &video);
    // The folder of the video is opened, as the window's folder picker gives it.
    let mut shown = window::start(&test_dir.path("archive"), [1280.0, 800.0], None);
    window::until(&mut shown, |app| window::people(app).len() == 6);
    assert!(test_dir.path("archive.castlist/drawn/castlist-video.json").is_file());
    assert!(!test_dir.path("archive/castlist.sqlite").exists(), "the project lies beside the tracks");
}

#[test]
fn a_video_of_variable_rate_keeps_its_clock() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let test_dir = TestDir::new();
    let path = test_dir.path("vfr.mkv");
    // Every third frame is missing.
    let filter =
        "-f lavfi -i testsrc=s=320x240:d=2:r=24 -vf select=mod(n\\,3) -fps_mode passthrough -c:v mjpeg";
    make(&ffmpeg, filter, &path);
    test_dir.run_words("track vfr.mkv --out t").ok();
    let facts: Value = serde_json::from_str(&test_dir.read("t/vfr/castlist-video.json")).unwrap();
    assert!(facts["rate"].is_null() && facts["frames"] == 32, "{facts}");
    let seconds = facts["seconds"].as_f64().unwrap();
    assert!((1.9..2.15).contains(&seconds), "{seconds}");
}

#[test]
fn the_real_clip_is_tracked_as_a_strong_detector_sees_it() {
    let Some(shared) = shared() else { return };
    if ffmpeg().is_none() {
        return;
    }
    let test_dir = TestDir::new();
    let clip = shared.join("video/short_hamilton_clip.mp4");
    let clip = if clip.is_file() { clip } else { shared.join("data/video/short_hamilton_clip.mp4") };
    let tracks_of = |detector: &str, out: &str| -> Vec<Vec<(u64, f64, [f32; 4])>> {
        let model = shared.join("models").join(detector);
        let args = ["track", clip.to_str().unwrap(), "--out", out, "--detector", model.to_str().unwrap()];
        test_dir.run(args).ok();
        let journal = test_dir.read(format!("{out}/short_hamilton_clip/castlist-shots.jsonl"));
        let shots = journal.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
        let tracks = shots.flat_map(|shot| shot["tracks"].as_array().unwrap().clone());
        let sighting = |it: &Value| {
            let rect = [2, 3, 4, 5].map(|at: usize| it[at].as_f64().unwrap() as f32);
            (it[0].as_u64().unwrap(), it[1].as_f64().unwrap(), rect)
        };
        tracks.map(|track| track["boxes"].as_array().unwrap().iter().map(sighting).collect()).collect()
    };
    let reference = tracks_of("scrfd_2.5g_bnkps.onnx", "scrfd");
    let ours = tracks_of("yunet_n_640_640.onnx", "yunet");
    let built_in = tracks_of("castlist-detect.onnx", "castlist");
    let shared_boxes = |a: &[(u64, f64, [f32; 4])], b: &[(u64, f64, [f32; 4])]| {
        let is_there =
            |it: &&(u64, f64, [f32; 4])| b.iter().any(|o| o.0 == it.0 && overlap(&it.2, &o.2) >= 0.5);
        a.iter().filter(is_there).count()
    };
    let long: Vec<_> = reference.iter().filter(|it| it[it.len() - 1].1 - it[0].1 >= 1.0).collect();
    let compare = |detector: &str, own: &[Vec<(u64, f64, [f32; 4])>]| {
        let is_matched = |it: &&&Vec<_>| own.iter().any(|own| 2 * shared_boxes(it, own) >= it.len());
        let matched = long.iter().filter(is_matched).count();
        let is_strange = |own: &&Vec<_>| reference.iter().all(|it| shared_boxes(own, it) == 0);
        let strangers = own.iter().filter(is_strange).count();
        let pieces: usize =
            long.iter().map(|it| own.iter().filter(|own| shared_boxes(it, own) > 0).count()).sum();
        eprintln!("{detector}: {matched} of {} tracks, {pieces} pieces, {strangers} of nobody", long.len());
        (matched, pieces, strangers)
    };
    let (of_built_in, ..) = compare("castlist-detect", &built_in);
    assert!(2 * of_built_in >= long.len());
    let (matched, pieces, strangers) = compare("yunet", &ours);
    assert!(matched as f64 >= 0.95 * long.len() as f64);
    assert!(pieces as f64 <= 1.3 * long.len() as f64);
    assert_eq!(strangers, 0);
}
