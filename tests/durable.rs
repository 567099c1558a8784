//! What was said to be done survives a kill and a power cut, and what a kill leaves goes again.
//!
//! Drives the real binary: kills it between its first write and its success, cuts the power of a file
//! system of its own (a copy of the disk under it, taken while it is mounted), damages project files
//! from fixed seeds, and fills small disks. What this machine cannot do is skipped and counted.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]
#![allow(clippy::print_stderr, reason = "counts are shown with --nocapture")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use castlist::base::{Rng, seeded};
use common::{RunningProgram, TestDir, skip};
use rand::RngExt;
use serde_json::Value;

const BEGIN: &str = ".castlist-new-";

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> = entries.flatten().map(|e| e.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Files of a tree with their bytes.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            files.extend(tree(&path).into_iter().map(|(below, bytes)| (Path::new(&name).join(below), bytes)));
        } else {
            files.insert(PathBuf::from(&name), fs::read(&path).unwrap());
        }
    }
    files
}

/// How many kills fell where.
#[derive(Debug, Default)]
struct Kills {
    inside: usize,
    after_success: usize,
}

impl Kills {
    /// Kills a program some time after `has_begun`, and counts.
    fn kill(&mut self, mut program: RunningProgram, has_begun: impl Fn() -> bool, after: Duration) -> bool {
        let until = Instant::now() + Duration::from_secs(30);
        while !has_begun() && program.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < until, "it never writes");
            std::hint::spin_loop();
        }
        std::thread::sleep(after);
        program.child.kill().unwrap();
        let succeeded = program.child.wait().unwrap().success();
        if succeeded {
            self.after_success += 1;
        } else {
            self.inside += 1;
        }
        succeeded
    }

    /// Prints the count, and holds it against what a round is worth.
    fn told(&self, what: &str) {
        eprintln!(
            "{what}: {} kills between the first write and the success, {} after",
            self.inside, self.after_success
        );
        assert!(self.inside * 3 >= self.inside + self.after_success, "{what}: {self:?}");
    }
}

fn moment(rng: &mut Rng, most: Duration) -> Duration {
    most.mul_f64(rng.random_range(0.0..1.0))
}

/// A clustered folder of pictures, many enough that an export takes its time.
fn pictures(place: &TestDir, copies: usize) {
    for (name, bytes) in common::FACES {
        for copy in 0..copies {
            place.file(format!("f/v/{name}/{copy}.jpg"), bytes);
        }
    }
    place.run_words("cluster f --set engine=tract --set frames_per_track=1").ok();
}

#[test]
fn a_killed_export_leaves_nothing_or_all_and_the_next_one_clears_up() {
    let place = TestDir::new();
    pictures(&place, 60);
    place.run_words("export f out/whole").ok();
    let whole = tree(&place.path("out/whole"));
    let began = Instant::now();
    place.run_words("export f out/timed").ok();
    let (took, mut rng, mut kills) = (began.elapsed(), seeded(1), Kills::default());
    let without_time = |mut files: BTreeMap<PathBuf, Vec<u8>>| {
        files.remove(Path::new("manifest.json"));
        files
    };
    for round in 0..25 {
        let target = place.path(format!("out/{round}"));
        let has_begun = || names(&place.path("out")).iter().any(|name| name.starts_with(BEGIN));
        let export = place.start(&format!("export f out/{round}"));
        let succeeded = kills.kill(export, has_begun, moment(&mut rng, took / 2));
        if succeeded || target.exists() {
            assert_eq!(without_time(tree(&target)), without_time(whole.clone()), "round {round}");
            fs::remove_dir_all(&target).unwrap();
        }
    }
    place.run_words("export f out/last").ok();
    assert_eq!(names(&place.path("out")), ["last", "timed", "whole"]);
    kills.told("export");
}

#[test]
fn a_killed_addition_of_a_model_can_be_repeated_and_leaves_nothing() {
    let place = TestDir::new();
    let net = [include_bytes!("../models/castlist-face.onnx").as_slice(), b"\x32\x04mine"].concat();
    place.file("mine.onnx", net);
    place.file("mine.toml", "size = 168\nmean = 127.5\nscale = 127.5\nradius = 0.5\n");
    let (mut rng, mut kills) = (seeded(2), Kills::default());
    for _ in 0..25 {
        let folder = place.path("models");
        let add = place.start("models add mine.onnx");
        kills.kill(add, || !names(&folder).is_empty(), moment(&mut rng, Duration::from_millis(6)));
        let listed = place.run_words("models list").ok();
        if listed.out().contains("mine") {
            place.run_words("models verify").ok();
        }
        place.run_words("models add mine.onnx").ok();
        assert_eq!(names(&folder), ["mine.onnx", "mine.toml"]);
        place.run_words("models verify").ok();
        for name in names(&folder) {
            fs::remove_file(folder.join(name)).unwrap();
        }
    }
    kills.told("models add");
}

#[test]
fn a_killed_library_holds_whole_people_or_none_of_them() {
    let place = TestDir::new();
    pictures(&place, 2);
    let edits = (1..=3).map(|n| format!(r#"{{"edit":"rename","identity":{n},"name":"Person {n}"}}"#));
    place.apply("f", &edits.collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>()).ok();
    let (mut rng, mut kills) = (seeded(3), Kills::default());
    for round in 0..25 {
        let folder = place.path("library");
        fs::create_dir(&folder).unwrap();
        let add = place.start("library add f --library library/people");
        kills.kill(add, || !names(&folder).is_empty(), moment(&mut rng, Duration::from_millis(10)));
        if place.path("library/people").exists() {
            let list = place.run_words("library list --library library/people --json").ok().json();
            let n = list["people"].as_array().unwrap().len();
            assert!(n == 0 || n == 3, "round {round}: {list}");
        }
        place.run_words("library add f --library library/people --same").ok();
        let list = place.run_words("library list --library library/people --json").ok().json();
        assert_eq!(list["people"].as_array().unwrap().len(), 3, "round {round}: {list}");
        fs::remove_dir_all(&folder).unwrap();
    }
    kills.told("library add");
}

/// A file system in a file, mounted where it can be.
struct Ext4 {
    image: PathBuf,
    at: PathBuf,
}

impl Ext4 {
    fn run(program: &str, args: &[&str]) -> bool {
        Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
    }

    fn mount(image: PathBuf, at: PathBuf) -> Option<Self> {
        fs::create_dir_all(&at).unwrap();
        let mounted = Self::run("mount", &["-o", "loop", image.to_str()?, at.to_str()?]);
        mounted.then_some(Self { image, at })
    }

    fn new(place: &TestDir) -> Option<Self> {
        let image = place.path("disk.img");
        fs::File::create(&image).unwrap().set_len(48 << 20).unwrap();
        let made = Self::run("mkfs.ext4", &["-q", "-F", image.to_str()?]);
        if made { Self::mount(image, place.path("disk")) } else { None }
    }

    /// The disk as it would be found after the power went this moment: a copy of what lies under the
    /// file system, which nobody told to write anything.
    fn after_a_power_cut(&self, place: &TestDir, round: usize) -> Self {
        let image = place.path(format!("cut-{round}.img"));
        fs::copy(&self.image, &image).unwrap();
        Self::mount(image, place.path(format!("cut-{round}"))).unwrap()
    }
}

impl Drop for Ext4 {
    fn drop(&mut self) {
        Self::run("umount", &[self.at.to_str().unwrap_or_default()]);
        let _gone = fs::remove_file(&self.image);
    }
}

#[test]
fn what_was_said_to_be_written_survives_a_power_cut() {
    let place = TestDir::new();
    pictures(&place, 3);
    let net = [include_bytes!("../models/castlist-face.onnx").as_slice(), b"\x32\x04mine"].concat();
    place.file("mine.onnx", net);
    place.file("mine.toml", "size = 168\nmean = 127.5\nscale = 127.5\nradius = 0.5\n");
    let Some(disk) = Ext4::new(&place) else {
        return skip("no file system can be mounted, so no power is cut");
    };
    for round in 0..4 {
        place.run_words(&format!("export f disk/new/out-{round}")).ok();
        let cut = disk.after_a_power_cut(&place, round);
        let name = format!("new/out-{round}");
        assert_eq!(tree(&cut.at.join(&name)), tree(&disk.at.join(&name)), "export, round {round}");
    }
    for round in 4..8 {
        let name = format!("a-{round}.csv");
        place.run_words(&format!("cluster f --set engine=tract --assignments disk/{name}")).ok();
        let cut = disk.after_a_power_cut(&place, round);
        assert_eq!(fs::read(cut.at.join(&name)).unwrap(), fs::read(disk.at.join(&name)).unwrap());
    }
    let mut add = place.command(["models", "add", "mine.onnx"]);
    let added = add.env("CASTLIST_MODELS", disk.at.join("models")).output().unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let cut = disk.after_a_power_cut(&place, 8);
    assert_eq!(tree(&cut.at.join("models")), tree(&disk.at.join("models")));
    drop(cut);
    place.run_words("library add f --library disk/people").fails(2, &["name"]);
    place.apply("f", &[r#"{"edit":"rename","identity":1,"name":"Ada"}"#]).ok();
    place.run_words("library add f --library disk/people").ok();
    let cut = disk.after_a_power_cut(&place, 9);
    let list = place.run_words("library list --library cut-9/people --json").ok().json();
    assert_eq!(list["people"].as_array().unwrap().len(), 1);
    drop(cut);
}

/// Identities as a curator knows them.
fn decided(list: &Value) -> Value {
    list["identities"].clone()
}

#[test]
fn a_damaged_project_is_whole_or_called_damaged_and_comes_back() {
    let place = TestDir::new();
    place.project("f");
    let names = ["Ada", "Bea", "Cato"].iter().zip(1..);
    let edits = names.map(|(name, n)| format!(r#"{{"edit":"rename","identity":{n},"name":"{name}"}}"#));
    place.apply("f", &[&edits.collect::<Vec<_>>().join("\n")]).ok();
    let before = decided(&place.list("f"));
    // Opening it once more to write keeps a copy.
    place.apply("f", &[]).ok();
    let file = place.path("f/castlist.sqlite");
    let whole = fs::read(&file).unwrap();
    let (mut rng, mut damaged, mut restored) = (seeded(4), 0, 0);
    for round in 0..300 {
        let mut bytes = whole.clone();
        match round % 4 {
            0 => {
                let at = rng.random_range(0..bytes.len());
                bytes[at] ^= 1 << rng.random_range(0..8);
            }
            1 => {
                let (at, n) = (rng.random_range(0..bytes.len()), rng.random_range(1..2000));
                let end = (at + n).min(bytes.len());
                bytes[at..end].fill(0);
            }
            2 => bytes.truncate(rng.random_range(1..bytes.len())),
            _ => {
                for _ in 0..20 {
                    let at = rng.random_range(0..bytes.len());
                    bytes[at] = rng.random();
                }
            }
        }
        fs::write(&file, &bytes).unwrap();
        let ran = place.run_words("review list f --json");
        match ran.code() {
            Some(0) => assert_eq!(decided(&ran.json()), before, "round {round}"),
            Some(2) => {
                assert!(ran.err().contains("damaged") || ran.err().contains("newer"), "{}", ran.err());
                damaged += 1;
            }
            code => panic!("round {round} ended with {code:?}: {}", ran.err()),
        }
        assert!(fs::read(&file).unwrap() == bytes, "round {round}: a damaged file was changed");
        if round % 15 == 2 {
            place.run_words("project restore f --copy 1").ok();
            assert_eq!(decided(&place.list("f")), before, "round {round}");
            restored += 1;
            for name in self::names(&place.path("f")) {
                if name.contains(".replaced-") {
                    fs::remove_file(place.path(format!("f/{name}"))).unwrap();
                }
            }
            // The restored file has its own bytes.
            fs::write(&file, &whole).unwrap();
        }
        for end in ["-wal", "-shm"] {
            let _gone_already = fs::remove_file(place.path(format!("f/castlist.sqlite{end}")));
        }
    }
    eprintln!("300 damages: {damaged} called damaged, the others whole; {restored} restores");
    assert!(damaged >= 100 && restored == 20);
    // A clustering after a damage gives the same, or says what is wrong.
    fs::write(&file, &whole).unwrap();
    place.run_words("cluster f --method bcl --set radius=0.3").ok();
    assert_eq!(decided(&place.list("f")), before);
}

#[test]
fn a_disk_of_any_size_holds_all_or_nothing() {
    let place = TestDir::new();
    pictures(&place, 2);
    let mut full = 0;
    for kib in [8_u32, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024] {
        let disk = place.path(format!("disk-{kib}"));
        fs::create_dir(&disk).unwrap();
        let mount = ["-t", "tmpfs", "-o", &format!("size={kib}k"), "castlist-test", disk.to_str().unwrap()];
        if !Ext4::run("mount", &mount) {
            return skip("no file system can be mounted");
        }
        let ran = place.run_words(&format!("export f disk-{kib}/out"));
        let left = names(&disk);
        match ran.code() {
            Some(0) => assert_eq!(left, ["out"], "{kib} KiB"),
            Some(3) => {
                assert_eq!(left, [""; 0], "{kib} KiB");
                full += 1;
            }
            code => panic!("{kib} KiB: {code:?} {}", ran.err()),
        }
        let ran = place.run_words(&format!("cluster f --set engine=tract --assignments disk-{kib}/a.csv"));
        assert!(matches!(ran.code(), Some(0 | 3)), "{kib} KiB: {}", ran.err());
        assert_eq!(disk.join("a.csv").exists(), ran.code() == Some(0));
        assert!(names(&disk).iter().all(|name| !name.starts_with(BEGIN)), "{kib} KiB");
        Ext4::run("umount", &[disk.to_str().unwrap()]);
    }
    assert!((1..12).contains(&full), "{full} of the disks were too small");
}
