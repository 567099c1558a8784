//! What bad input gets: a clear error or a counted warning, and nothing lost.
//!
//! Drives the real binary. What needs a file system of its own is tried where this machine
//! lets us mount one, and skipped and counted elsewhere.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use common::{TestDir, clusters, crc32, face, frames, npy, skip, warnings};
use image::ImageFormat;
use serde_json::{Value, json};

const CLUSTER: &str = "cluster f --set engine=tract --json --assignments a.csv";

/// The demo face `ada-1`, written in another format.
fn face_as(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::load_from_memory(face("ada-1")).unwrap().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A chunk of a PNG.
fn chunk(kind: &str, data: &[u8]) -> Vec<u8> {
    let body = [kind.as_bytes(), data].concat();
    [&u32::try_from(data.len()).unwrap().to_be_bytes(), body.as_slice(), &crc32(&body).to_be_bytes()].concat()
}

/// A picture of nothing but black, so that few bytes stand for many pixels.
fn black(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::GrayImage::new(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The kinds of a report's warnings, all of them.
fn kinds(report: &Value) -> Vec<String> {
    report["warnings"].as_array().unwrap().iter().map(|w| w["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_folder_without_tracks_is_told_apart_and_left_alone() {
    let test_dir = TestDir::new();
    fs::create_dir(test_dir.path("f")).unwrap();
    test_dir.run_words("cluster f").fails(2, &["the folder is empty", "one folder per track"]);
    assert_eq!(fs::read_dir(test_dir.path("f")).unwrap().count(), 0, "no project in a wrong folder");
    test_dir.file("f/a/notes.txt", "x");
    test_dir.run_words("cluster f").fails(2, &["no pictures found among 1 files"]);
    test_dir.file("f/film.mp4", "x");
    test_dir.run_words("cluster f").exits_with(2);
    assert!(!test_dir.path("f/castlist.sqlite").exists() && test_dir.read("f/film.mp4") == "x");
    assert!(!test_dir.path("f.castlist").exists());
    test_dir.file("f/a/1.png", black(900, 600));
    test_dir.run_words("cluster f").fails(2, &["whole photographs", "900×600", "photographs=allow"]);
    test_dir.run_words("cluster none").fails(2, &["check the path", "none"]);
    test_dir.run_words("cluster f/film.mp4").exits_with(2);
    assert!(!test_dir.path("f/castlist.sqlite").exists());
}

#[test]
fn pictures_that_cannot_be_used_are_counted() {
    let test_dir = TestDir::new();
    let (jpeg, png) = (face("ada-1"), face_as(ImageFormat::Png));
    let mut damaged = png.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    let bad: [(&str, &[u8]); 11] = [
        ("torn.jpg", &jpeg[..jpeg.len() / 2]),
        ("torn.png", &png[..png.len() - 20]),
        ("torn-head.jpg", &jpeg[..30]),
        ("damaged.png", &damaged),
        ("empty.jpg", b""),
        ("text.jpg", b"this is no picture"),
        ("animation.jpg", b"GIF89a\x01\x00\x01\x00\x00\x00\x00\x3b"),
        ("wide.png", &black(20_000, 4)),
        ("bomb.png", &black(16_000, 16_000)),
        ("zero.bmp", b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\0\0\0\0\0\0\0\0\x01\0\x18\0"),
        ("torn.webp", &face_as(ImageFormat::WebP)[..500]),
    ];
    for (name, bytes) in bad {
        test_dir.file(format!("f/v/t/{name}"), bytes);
    }
    for number in 1..=4 {
        test_dir.file(format!("f/v/t/{number}.jpg"), jpeg);
    }
    test_dir.file("f/v/u/1.jpg", face("bea-1"));
    let report = test_dir.run_words(CLUSTER).json();
    assert_eq!((&report["n_faces"], &report["n_unreadable"]), (&json!(16), &json!(11)), "{report}");
    let told = warnings(&report, "unreadable");
    for (name, _) in bad {
        assert!(told.iter().any(|message| message.ends_with(name)), "{name} is not among {told:?}");
    }
    assert_eq!((&report["n_tracks"], &report["n_clusters"]), (&json!(2), &json!(2)));
    let again = test_dir.run_words(&format!("{CLUSTER} --set frames_per_track=1")).json();
    assert!(again["n_unreadable"].as_u64() >= Some(10), "also those that are not looked at: {again}");
    test_dir.run_words("cluster f --strict --set engine=tract").exits_with(4);
}

/// The face as four colours, 8 bits each, in a JPEG that says so (Adobe marker, CMYK).
fn cmyk_jpeg() -> Vec<u8> {
    // A uniform picture: quantisation and Huffman tables of one entry suffice.
    let mut bytes = b"\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00".to_vec();
    bytes.extend(b"\xff\xdb\x00\x43\x00");
    bytes.extend([1; 64]);
    bytes.extend(b"\xff\xc0\x00\x14\x08\x00\x10\x00\x10\x04\x01\x11\x00\x02\x11\x00\x03\x11\x00\x04\x11\x00");
    for class in [0x00, 0x10] {
        bytes.extend([0xff, 0xc4, 0, 20, class, 1]);
        bytes.extend([0; 15]);
        bytes.push(0);
    }
    bytes.extend(b"\xff\xda\x00\x0e\x04\x01\x00\x02\x00\x03\x00\x04\x00\x00\x3f\x00");
    // Four blocks of 8 × 8 in four colours, two zero bits each: 32 bits.
    bytes.extend([0; 4]);
    bytes.extend(b"\xff\xd9");
    bytes
}

#[test]
fn unusual_pictures_are_read() {
    let test_dir = TestDir::new();
    let (png, webp) = (face_as(ImageFormat::Png), face_as(ImageFormat::WebP));
    let deep = image::DynamicImage::ImageRgb16(image::load_from_memory(face("ada-1")).unwrap().into_rgb16());
    let mut sixteen = Cursor::new(Vec::new());
    deep.write_to(&mut sixteen, ImageFormat::Png).unwrap();
    // An animated PNG: its first frame is the picture of any PNG, announced as one of one.
    let after_header = 8 + 25;
    let announced = chunk("acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    let moving = [&png[..after_header], &announced, &png[after_header..]].concat();
    let good = [
        ("png-named.jpg", png.clone()),
        ("webp-named.png", webp.clone()),
        ("picture.WEBP", webp),
        ("picture.bmp", face_as(ImageFormat::Bmp)),
        ("sixteen.png", sixteen.into_inner()),
        ("moving.png", moving),
        ("cmyk.jpg", cmyk_jpeg()),
        ("tail.jpg", [face("ada-1"), b"written behind the end"].concat()),
    ];
    for (name, bytes) in &good {
        test_dir.file(format!("f/v/t/{name}"), bytes);
    }
    test_dir.file("f/v/u/1.jpg", face("ada-2"));
    let report = test_dir.run_words(CLUSTER).json();
    assert_eq!((&report["n_faces"], &report["n_unreadable"]), (&json!(9), &json!(0)), "{report}");
    assert_eq!(report["n_clusters"], 1, "the same person in every format");
}

#[test]
fn one_track_or_none_that_can_be_used() {
    let test_dir = TestDir::new();
    test_dir.file("f/t/1.jpg", face("ada-1"));
    let report = test_dir.run_words(CLUSTER).json();
    assert_eq!((&report["n_tracks"], &report["n_clusters"]), (&json!(1), &json!(1)));
    test_dir.file("f/t/1.jpg", b"");
    let report = test_dir.run_words(CLUSTER).json();
    assert_eq!((&report["n_tracks"], &report["n_clusters"]), (&json!(1), &json!(0)));
    assert_eq!(test_dir.read("a.csv"), "track,cluster\nt,\n");
    test_dir.file("none.npy", npy(&[]));
    test_dir.file("one.npy", npy(&frames(0)[..1]));
    for (file, n) in [("none.npy", 0), ("one.npy", 1)] {
        let report = test_dir
            .run_words(&format!("cluster --embeddings {file} --method bcl --set radius=0.3 --json"))
            .json();
        assert_eq!(report["n_clusters"], n);
    }
}

#[test]
fn numbers_that_are_none_are_named() {
    let test_dir = TestDir::new();
    let mut rows: Vec<Vec<f32>> = (0..3).flat_map(frames).collect();
    rows[4][1] = f32::NAN;
    test_dir.file("nan.npy", npy(&rows));
    test_dir
        .run_words("cluster --embeddings nan.npy --method bcl --set radius=0.3")
        .fails(2, &["row 4", "NaN", "nan.npy"]);
    rows[4] = vec![0.0; 4];
    test_dir.file("zero.npy", npy(&rows));
    test_dir
        .run_words("cluster --embeddings zero.npy --method bcl --set radius=0.3")
        .fails(2, &["row 4", "all zeros"]);
    test_dir.file("torn.npy", &npy(&rows)[..150]);
    test_dir
        .run_words("cluster --embeddings torn.npy --method bcl --set radius=0.3")
        .fails(2, &["cut off", "torn.npy"]);
    test_dir.file("text.npz", "no archive");
    test_dir.run_words("cluster --embeddings text.npz --method bcl --set radius=0.3").fails(2, &["text.npz"]);
    test_dir.features("f");
    test_dir.file("f/e1/0.npy", npy(&[vec![f32::NAN; 4]]));
    let report =
        test_dir.run_words("cluster f --method bcl --set radius=0.3 --json --assignments a.csv").json();
    assert_eq!(kinds(&report), ["unusable-track"]);
    assert_eq!(clusters(&test_dir.read("a.csv"))["e1/0"], "");
    test_dir.file("f/e1/0.npy", npy(&[vec![1.0; 7]]));
    test_dir.run_words("cluster f").fails(2, &["7", "4", "one kind"]);
}

#[test]
fn two_tracks_of_one_name_are_told() {
    let test_dir = TestDir::new();
    test_dir.features("f");
    test_dir.file("f/e1/0/1.jpg", face("ada-1"));
    test_dir.file("f/e1/1.NPY", npy(&frames(1)));
    let ran = test_dir.run_words("cluster f --method bcl --set radius=0.3 --json --set engine=tract");
    // A picture's 256 numbers and a feature's 4 do not go together; names are not the reason.
    ran.fails(2, &["one folder needs one kind"]);
    fs::remove_dir_all(test_dir.path("f/e1/0")).unwrap();
    let report = test_dir.run_words("cluster f --method bcl --set radius=0.3 --json").json();
    assert_eq!(
        (&report["n_tracks"], kinds(&report).as_slice()),
        (&json!(6), ["input".to_owned()].as_slice())
    );
}

#[cfg(unix)]
#[test]
fn links_pipes_and_foreign_names_are_passed_over() {
    use std::os::unix::ffi::OsStrExt;
    let test_dir = TestDir::new();
    test_dir.features("f");
    std::os::unix::fs::symlink("..", test_dir.path("f/e1/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", test_dir.path("f/e1/dangling.jpg")).unwrap();
    test_dir.file(Path::new("f/e1").join(std::ffi::OsStr::from_bytes(b"caf\xe9.jpg")), face("ada-1"));
    let pipe = test_dir.path("f/e1/pipe.jpg");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let report = test_dir.run_words("cluster f --method bcl --set radius=0.3 --json").json();
    assert_eq!((&report["n_tracks"], &report["n_clusters"]), (&json!(6), &json!(3)));
    let told = warnings(&report, "input").join("\n");
    for words in ["own folder", "dangling.jpg", "not valid Unicode", "neither a file nor a folder"] {
        assert!(told.contains(words), "`{words}` is missing in: {told}");
    }
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_counted() {
    use std::os::unix::fs::PermissionsExt;
    let test_dir = TestDir::new();
    test_dir.features("f");
    let closed = test_dir.file("f/v/t/1.jpg", face("ada-1"));
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&closed).is_ok() {
        return skip("this user may read everything, also what is closed to it");
    }
    let report =
        test_dir.run_words("cluster f --method bcl --set radius=0.3 --json --set engine=tract").json();
    assert_eq!(report["n_unreadable"], 1);
    fs::set_permissions(test_dir.path("f/e1"), fs::Permissions::from_mode(0o0)).unwrap();
    let report =
        test_dir.run_words("cluster f --method bcl --set radius=0.3 --json --set engine=tract").json();
    fs::set_permissions(test_dir.path("f/e1"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(warnings(&report, "input").len(), 1);
}

/// A small file system of our own, taken away again at the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn new(path: PathBuf, kib: u32) -> Option<Self> {
        fs::create_dir(&path).unwrap();
        let size = format!("size={kib}k");
        Self::mount(&["-t", "tmpfs", "-o", &size, "castlist-test"], &path).then(|| Self(path))
    }

    fn protect(&self) -> bool {
        Self::mount(&["-o", "remount,ro"], &self.0)
    }

    fn mount(args: &[&str], path: &Path) -> bool {
        let mut command = std::process::Command::new("mount");
        command.args(args).arg(path).output().is_ok_and(|output| output.status.success())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _gone = std::process::Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_keeps_what_was_saved() {
    let test_dir = TestDir::new();
    let Some(_disk) = SmallDisk::new(test_dir.path("disk"), 400) else {
        return skip("no file system can be mounted");
    };
    test_dir.project("disk/f");
    test_dir.apply("disk/f", &[r#"{"edit":"rename","identity":1,"name":"Anna"}"#]).ok();
    let before = test_dir.list("disk/f");
    let mut file = fs::File::create(test_dir.path("disk/fill")).unwrap();
    let mut fill = || while file.write_all(&[1; 512]).is_ok() {};
    fill();
    assert_eq!(test_dir.list("disk/f"), before, "it can be looked at all the same");
    let long = format!(r#"{{"edit":"rename","identity":2,"name":"{}"}}"#, "x".repeat(20_000));
    test_dir.apply("disk/f", &[&long]).fails(3, &["disk is full", "safe"]);
    test_dir.project("g");
    fill();
    test_dir.run_words("cluster g --assignments disk/a.csv").fails(3, &["disk/a.csv"]);
    test_dir.run_words("cluster g --export disk/out").fails(3, &["disk is full"]);
    assert!(!test_dir.path("disk/a.csv").exists() && !test_dir.path("disk/out").exists());
    drop(file);
    fs::remove_file(test_dir.path("disk/fill")).unwrap();
    assert_eq!(test_dir.list("disk/f"), before, "nothing was lost");
    test_dir.apply("disk/f", &[r#"{"edit":"confirm","identities":2}"#]).ok();
}

#[test]
fn a_folder_that_cannot_be_written_has_its_project_elsewhere() {
    let test_dir = TestDir::new();
    let Some(disk) = SmallDisk::new(test_dir.path("disk"), 1000) else {
        return skip("no file system can be mounted");
    };
    test_dir.features("disk/f");
    test_dir.project("disk/g");
    if !disk.protect() {
        return skip("no file system can be protected");
    }
    let ran = test_dir.run_words("cluster disk/f --method bcl --set radius=0.3").ok();
    assert!(ran.err().contains("cannot be written, so the project is stored here"), "{}", ran.err());
    let projects: Vec<_> = fs::read_dir(test_dir.path("data/castlist/projects")).unwrap().collect();
    assert!(!projects.is_empty());
    test_dir.apply("disk/f", &[r#"{"edit":"confirm","identities":1}"#]).ok();
    assert_eq!(test_dir.list("disk/f")["n_edits"], 1, "it is found again");
    // A project that came with the folder can be looked at and exported, and nothing more.
    assert_eq!(test_dir.list("disk/g")["identities"].as_array().unwrap().len(), 3);
    test_dir.apply("disk/g", &[r#"{"edit":"confirm","identities":1}"#]).fails(2, &["nothing can be changed"]);
    test_dir.run_words("export disk/g out").ok();
    test_dir.run_words("cluster disk/f --export disk/out").fails(3, &["cannot be written to"]);
}

#[test]
fn a_damaged_project_is_left_untouched() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let file = test_dir.path("f/castlist.sqlite");
    let whole = fs::read(&file).unwrap();
    let mut holes = whole.clone();
    holes[4096..].iter_mut().step_by(7).for_each(|byte| *byte ^= 0x5a);
    let cases = [
        (b"this is no database, but long enough to be taken for one".repeat(20), "damaged"),
        (holes, "damaged"),
        (whole[..whole.len() / 2].to_vec(), "damaged"),
    ];
    for (bytes, words) in cases {
        fs::write(&file, &bytes).unwrap();
        for action in ["cluster f", "review list f", "review undo f", "export f out"] {
            test_dir.run_words(action).fails(2, &[words, "untouched", "castlist.sqlite"]);
            assert!(fs::read(&file).unwrap() == bytes, "{action} changed the file");
        }
    }
    fs::write(&file, &whole).unwrap();
    test_dir.run_words("cluster f").ok();
}

#[test]
fn projects_of_others_and_of_the_future_are_refused() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let file = test_dir.path("f/castlist.sqlite");
    let sql = |sql: &str| rusqlite::Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    sql("PRAGMA user_version = 99");
    let before = fs::read(&file).unwrap();
    for action in ["cluster f", "review list f"] {
        test_dir.run_words(action).fails(2, &["newer Castlist", "99"]);
    }
    assert!(fs::read(&file).unwrap() == before);
    fs::remove_file(&file).unwrap();
    sql("CREATE TABLE songs (title TEXT)");
    test_dir.run_words("cluster f").fails(2, &["another program's database"]);
}

#[test]
fn a_second_one_may_look_but_not_touch() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let mut first = test_dir.start("review apply f -");
    let mut stdin = first.child.stdin.take().unwrap();
    writeln!(stdin, r#"{{"edit":"rename","identity":1,"name":"Anna"}}"#).unwrap();
    test_dir.wait_for_edits("f", 1);
    assert_eq!(test_dir.list("f")["identities"][0]["name"], "Anna");
    test_dir.run_words("cluster f").fails(2, &["open in another Castlist"]);
    test_dir.run_words("review undo f").fails(2, &["open in another Castlist"]);
    test_dir.apply("f", &[r#"{"edit":"confirm","identities":2}"#]).fails(2, &["open in another Castlist"]);
    writeln!(stdin, r#"{{"edit":"confirm","identities":2}}"#).unwrap();
    drop(stdin);
    assert_eq!(first.end().ok().out(), "1\n2\n");
    test_dir.run_words("review undo f").ok();
}

#[test]
fn a_folder_that_vanishes_spoils_nothing() {
    let test_dir = TestDir::new();
    for copy in 0..10 {
        for (name, bytes) in common::FACES {
            test_dir.file(format!("f/v{copy}/{name}/1.jpg"), [bytes, &[copy]].concat());
        }
    }
    let words = "--project p.sqlite --set engine=tract --json";
    let mut run = test_dir.start(&format!("cluster f {words}"));
    run.wait_for("90 tracks");
    fs::rename(test_dir.path("f"), test_dir.path("unplugged")).unwrap();
    run.end().fails(2, &["vanished", "run again"]);
    fs::rename(test_dir.path("unplugged"), test_dir.path("f")).unwrap();
    let report = test_dir.run_words(&format!("cluster f {words} --assignments a.csv")).json();
    assert_eq!((&report["n_clusters"], &report["n_unreadable"]), (&json!(3), &json!(0)), "{report}");
    assert!(clusters(&test_dir.read("a.csv")).values().all(|cluster| !cluster.is_empty()));
}

#[test]
fn files_that_are_no_model_are_refused_by_either_engine() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    let set =
        "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5 --method bcl --set radius=0.5";
    let net = include_bytes!("../models/castlist-face.onnx");
    // The operator set's version is in the model's last field; a hundred is of the future.
    let future = [net.as_slice(), b"\x42\x02\x10\x64"].concat();
    let mut engines = vec!["tract"];
    if test_dir.run_words("cluster f --set engine=onnxruntime --project o.sqlite").code() == Some(0) {
        engines.push("onnxruntime");
    } else {
        skip("no ONNX Runtime here: its refusals are not checked");
    }
    for (name, bytes) in [("torn", &net[..net.len() / 3]), ("text", b"not a network"), ("future", &future)] {
        test_dir.file(format!("{name}.onnx"), bytes);
        for engine in &engines {
            let words = format!("cluster f --model {name}.onnx --set engine={engine} {set}");
            let ran = test_dir.run_words(&words);
            if (name, *engine) == ("future", "tract") && ran.code() == Some(0) {
                continue;
            }
            ran.fails(5, &[&format!("the model {name}"), engine]);
        }
    }
    let wrong = test_dir.run_words("cluster f --model castlist-face --set model.size=112 --set engine=tract");
    wrong.fails(5, &["castlist-face does not fit its description", "168", "112"]);
    let dim = test_dir.run_words("cluster f --model castlist-face --set model.dim=128 --set engine=tract");
    dim.fails(5, &["256", "128"]);
}
