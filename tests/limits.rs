//! What no input and no output can do: take all memory, hang, act on a terminal, replace a device,
//! end the process, or make a command say that it succeeded where it did not.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]
#![allow(clippy::print_stderr, reason = "counts are shown with --nocapture")]

mod common;

use std::fs;
use std::path::Path;

use castlist::base::seeded;
use common::TestDir;
use rand::RngExt as _;

/// Commands that print, each with what it says ending up in a full disk, a closed pipe or a
/// terminal.
#[cfg(unix)]
#[test]
fn success_is_said_only_where_it_could_be() {
    let place = TestDir::new();
    place.project("f");
    let commands = [
        "--help",
        "methods",
        "methods --json",
        "models list",
        "doctor",
        "review list f",
        "review list f --json",
        "review history f",
        "cluster f --method bcl --set radius=0.3 --json",
        "export f out --json",
    ];
    for words in commands {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = place.command(words.split(' ')).stdout(full).output().unwrap();
        let err = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(3), "{words} into a full disk: {err}");
        assert!(err.contains("could not be written"), "{words}: {err}");
        let _again = fs::remove_dir_all(place.path("out"));
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ran = place.command(words.split(' ')).stdout(writer).output().unwrap();
        let err = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(3), "{words} into a closed pipe: {err}");
        assert!(!err.contains("castlist:") && !err.contains("panicked"), "{words}: {err}");
        let _again = fs::remove_dir_all(place.path("out"));
    }
}

/// A pipe at a path.
#[cfg(unix)]
fn pipe(path: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn devices_pipes_and_links_are_never_replaced_or_waited_for() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};
    let place = TestDir::new();
    place.project("f");
    pipe(&place.path("pipe"));
    place.file("kept.csv", "precious");
    symlink("kept.csv", place.path("link.csv")).unwrap();
    let cluster = "cluster f --method bcl --set radius=0.3 --assignments";
    place.run_words(&format!("{cluster} /dev/null")).ok();
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    place.run_words(&format!("{cluster} pipe")).fails(3, &["pipe"]);
    assert!(fs::symlink_metadata(place.path("pipe")).unwrap().file_type().is_fifo());
    place.run_words(&format!("{cluster} link.csv")).ok();
    assert!(fs::symlink_metadata(place.path("link.csv")).unwrap().is_symlink());
    assert!(place.read("kept.csv").starts_with("track,cluster"));
    assert!(place.run_words(&format!("{cluster} /dev/stdout")).ok().out().contains("e1/0,"));
    place.run_words("export f pipe").exits_with(3);
    place.run_words("export f link.csv").exits_with(3);

    // As inputs they are refused or passed over at once.
    place.faces("g");
    pipe(&place.path("g/v/ada-1/2.jpg"));
    pipe(&place.path("g/tracks.csv"));
    let ran = place.run_words("cluster g --set engine=tract").ok();
    assert!(ran.err().contains("neither a file nor a folder"), "{}", ran.err());
    fs::remove_file(place.path("g/tracks.csv")).unwrap();
    place.run_words("cluster g --set engine=tract").ok();
    for words in [
        "evaluate --assignments pipe --labels kept.csv",
        "evaluate --assignments kept.csv --labels pipe",
        "cluster --embeddings pipe",
        "cluster g --model pipe --set engine=tract",
        "cluster g --head pipe --set engine=tract",
        "review apply f pipe",
        "review list pipe",
        "models add pipe",
    ] {
        let ran = place.run_words(words);
        assert!(matches!(ran.code(), Some(1..=5)), "{words}: {:?} {}", ran.code(), ran.err());
    }
    let nodes = ["cluster --embeddings /dev/zero", "cluster g --model /dev/zero", "review list /dev/zero"];
    for words in nodes {
        let ran = place.run_words(words);
        assert!(matches!(ran.code(), Some(1..=5)), "{words}: {:?} {}", ran.code(), ran.err());
    }
}

/// Files whose size on the disk says nothing about the memory that reading them would take.
#[test]
fn small_files_do_not_take_all_memory() {
    let place = TestDir::new();
    place.faces("f");
    let sparse = |name: &str| {
        place.file(name, "");
        fs::OpenOptions::new().write(true).open(place.path(name)).unwrap().set_len(64 << 30).unwrap();
    };
    sparse("f/v/manifest.json");
    place.run_words("cluster f --set engine=tract").ok();
    sparse("labels.csv");
    place.file("a.csv", "track,cluster\nv/ada-1,0\n");
    place.run_words("evaluate --assignments a.csv --labels labels.csv").fails(2, &["labels.csv"]);
    // A header that promises more than the file has, and more than there is memory.
    place.file("huge.npy", common::npy_of("<f4", "(4000000000, 512)", &[0; 64]));
    place.run_words("cluster --embeddings huge.npy").fails(2, &["cut off", "huge.npy"]);
    let packed = common::npz(&[("x", common::npy_of("<f4", "(9000000, 512)", &[0; 64]))]);
    place.file("huge.npz", packed);
    place.run_words("cluster --embeddings huge.npz").fails(2, &["unpack", "huge.npz"]);
}

#[test]
fn names_hold_no_control_characters() {
    let place = TestDir::new();
    place.project("f");
    for name in ["A\\u001b[2J", "A\\nB", "A\\u202eB"] {
        let edit = format!(r#"{{"edit":"rename","identity":1,"name":"{name}"}}"#);
        place.apply("f", &[&edit]).fails(2, &["control character", "U+"]);
    }
    place.apply("f", &[r#"{"edit":"rename","identity":1,"name":"Åsa 李 \u200d"}"#]).ok();
}

/// What a graph can do to an engine is done to a child, and said.
#[test]
fn a_model_that_ends_its_engine_ends_a_child_and_not_castlist() {
    let place = TestDir::new();
    place.faces("f");
    let net = include_bytes!("../models/castlist-face.onnx");
    let set = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5 --method bcl";
    let mut rng = seeded(5);
    let mut crashed = 0;
    for round in 0..40 {
        let mut bytes = net.to_vec();
        // The graph is at both ends of the file, its weights between.
        for _ in 0..=round % 5 {
            let near = rng.random_range(0..3000);
            let at = if round % 2 == 0 { near } else { bytes.len() - 1 - near };
            bytes[at] = rng.random();
        }
        place.file("nets/m.onnx", &bytes);
        let ran = place
            .run_words(&format!("cluster f --model nets/m.onnx {set} --set engine=tract --set radius=0.5"));
        assert!(matches!(ran.code(), Some(0 | 2 | 5)), "round {round}: {:?} {}", ran.code(), ran.err());
        crashed += usize::from(ran.err().contains("did not survive"));
    }
    eprintln!("40 crafted models: {crashed} ended the child that tried them");
}

/// Only `models get` may use the network.
#[cfg(target_os = "linux")]
#[test]
fn nothing_but_a_download_opens_a_socket() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    let trace = test_dir.path("trace");
    let tried = std::process::Command::new("strace").arg("-o").arg(&trace).arg("true").output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        return common::skip("no program can be traced here, so sockets are not watched");
    }
    for words in ["cluster f", "review list f", "export f out", "models list", "doctor"] {
        let mut traced = std::process::Command::new("strace");
        traced.args(["-f", "-qq", "-e", "trace=socket,connect", "-o"]).arg(&trace);
        let program = test_dir.command(words.split(' '));
        traced.arg(program.get_program()).args(program.get_args());
        traced.current_dir(test_dir.path("")).env("XDG_DATA_HOME", test_dir.path("data"));
        let ran = traced.output().unwrap();
        assert!(ran.status.success(), "{words}: {}", String::from_utf8_lossy(&ran.stderr));
        let calls = fs::read_to_string(&trace).unwrap();
        assert!(!calls.contains("AF_INET"), "{words}: {calls}");
    }
}
