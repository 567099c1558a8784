//! Another model in the window, where the built-in one is unsure: one click gets it from a server on
//! this machine and shows what would change; without a network the file is brought by hand.
//!
//! The model folder is the environment's, so each test runs in a process of its own.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "common/mod.rs"]
mod test_dir;
#[path = "common/window.rs"]
mod window;

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs};

use castlist::base::Cx;
use castlist::session::Session;
use castlist::ui::App;
use eframe::egui::{DroppedFile, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use sha2::{Digest as _, Sha256};
use test_dir::TestDir;
use window::{Window, open, people, press, until};

const NONE: Modifiers = Modifiers::NONE;
const HEADING: &str = "What the re-run would change";

/// Runs the test by its name with a model folder of its own; gives whether it was run so.
fn is_run_alone(test: &str) -> bool {
    const MARK: &str = "CASTLIST_TEST_ALONE";
    if env::var_os(MARK).is_some() {
        return false;
    }
    let test_dir = TestDir::new();
    let mut child = Command::new(env::current_exe().unwrap());
    child
        .args(["--exact", test, "--nocapture"])
        .env(MARK, "1")
        .env("CASTLIST_MODELS", test_dir.path("models"));
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        child.env_remove(name);
    }
    assert!(child.status().unwrap().success(), "{test}");
    true
}

/// The built-in network with a remark, so that no hash knows it.
fn network() -> Vec<u8> {
    [include_bytes!("../models/castlist-face.onnx").as_slice(), b"\x32\x04mine"].concat()
}

fn sha256() -> String {
    Sha256::digest(network()).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// A server that gives each caller the network, and how many have called.
fn server() -> (String, Arc<AtomicUsize>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/net.onnx", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    std::thread::spawn(move || {
        let bytes = network();
        for mut caller in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::Relaxed);
            let mut request = [0; 4096];
            let _asked = caller.read(&mut request);
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len());
            let _sent = caller.write_all(head.as_bytes()).and_then(|()| caller.write_all(&bytes));
        }
    });
    (address, calls)
}

/// Describes the network as one that did well on film.
fn describe(source: &str) {
    let folder = PathBuf::from(env::var_os("CASTLIST_MODELS").unwrap());
    let hash = sha256();
    let text = format!(
        "size = 168\nmean = 127.5\nscale = 127.5\ncrop_shift_px = [0, -4]\ncommercial_use = true\n\
         film_f = 0.95\nsource = '{source}'\nsha256 = '{hash}'\nbytes = {}\n",
        network().len()
    );
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("mine.toml"), text).unwrap();
}

/// Nine drawn faces of three people, grouped so strictly that each stands alone, by a run that says
/// that it was unsure.
fn unsure(root: &Path) {
    for (name, bytes) in test_dir::FACES {
        let folder = root.join("v").join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("1.jpg"), bytes).unwrap();
    }
    let mut session = Session::open(root, None).unwrap();
    session.set("method", "bcl").unwrap();
    session.set("radius", "0.001").unwrap();
    let analysis = session.job().run(&Cx::new(), |_| ()).unwrap();
    session.finish(&analysis).unwrap();
    drop(session);
    let project = rusqlite::Connection::open(root.join("castlist.sqlite")).unwrap();
    let told = "UPDATE clusterings SET checksum = NULL, run = json_set(run, '$.diagnostics.unsure', 0.2)";
    assert_eq!(project.execute(told, []).unwrap(), 1);
}

fn app<'a>(window: &'a Window<'_>) -> &'a App {
    window.state().as_ref().unwrap()
}

fn setting(window: &Window<'_>, name: &str) -> String {
    app(window).session().unwrap().settings().text(name).unwrap()
}

fn says(app: &App, text: &str) -> bool {
    app.messages().iter().any(|message| message.contains(text))
}

#[test]
fn one_click_gets_a_model_and_shows_what_would_change() {
    if is_run_alone("one_click_gets_a_model_and_shows_what_would_change") {
        return;
    }
    let (address, calls) = server();
    describe(&address);
    let dir = tempfile::tempdir().unwrap();
    unsure(dir.path());
    let mut window = open(dir.path());
    let before = people(app(&window));
    assert_eq!(before.len(), 9);
    window.get_by_label_contains("For any use: mine, 15 MB. On film it scored 0.95 instead of 0.86");
    window.get_by_label("Try mine").click();
    window.run_steps(2);
    until(&mut window, |app| says(app, "9 tracks in 3 clusters"));
    window.get_by_label(HEADING);
    window.get_by_label_contains("mine becomes the project’s model");
    assert_eq!(people(app(&window)), before, "a proposal changes nothing");
    assert_eq!(
        (setting(&window, "model").as_str(), setting(&window, "method").as_str()),
        ("castlist-face", "bcl")
    );
    press(&mut window, NONE, Key::Escape);
    until(&mut window, |_| true);
    assert_eq!((setting(&window, "model").as_str(), people(app(&window)).len()), ("castlist-face", 9));
    assert_eq!(app(&window).session().unwrap().run().unwrap().model, "castlist-face");

    // It is here now: the same click asks no server.
    window.get_by_label_contains("For any use: mine, installed.");
    window.get_by_label("Try mine").click();
    window.run_steps(2);
    until(&mut window, |app| app.messages().iter().any(|told| told.contains("3 clusters")));
    until(&mut window, |_| true);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    window.get_by_label(HEADING);
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app).len() == 3);
    let told = ["model", "method", "radius"].map(|name| setting(&window, name));
    assert_eq!(told, ["mine", "likelihood", "auto"]);
    assert!(window.query_by_label("Try mine").is_none(), "nothing more to offer");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| people(app).len() == 9);
    assert_eq!(setting(&window, "model"), "castlist-face", "undo brings the model back");
    press(&mut window, Modifiers::COMMAND, Key::Y);
    until(&mut window, |app| people(app).len() == 3);
    drop(window);
    let session = Session::open(dir.path(), None).unwrap();
    assert_eq!((session.settings().model(), session.run().unwrap().model.as_str()), ("mine", "mine"));
}

/// A file let go of over the window.
#[derive(Debug)]
struct FakeFile(PathBuf);

impl DroppedFile for FakeFile {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn without_a_network_the_file_is_brought_by_hand_and_the_trial_goes_on() {
    if is_run_alone("without_a_network_the_file_is_brought_by_hand_and_the_trial_goes_on") {
        return;
    }
    describe("http://127.0.0.1:9/net.onnx");
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    unsure(&root);
    let mut window = open(&root);
    window.get_by_label("Try mine").click();
    window.run_steps(2);
    until(&mut window, |_| true);
    let hash = sha256();
    for told in ["could not be downloaded", "File: net.onnx", "Address: http://127.0.0.1:9/net.onnx", &hash] {
        window.get_by_label_contains(told);
    }
    assert_eq!((setting(&window, "model").as_str(), people(app(&window)).len()), ("castlist-face", 9));
    // Tried again, it still says so; brought under any name, it is known by its hash.
    window.get_by_label("Try again").click();
    window.run_steps(2);
    until(&mut window, |_| true);
    window.get_by_label_contains("could not be downloaded");
    let brought = dir.path().join("brought.onnx");
    fs::write(&brought, network()).unwrap();
    window.input_mut().dropped_files.push(Arc::new(FakeFile(brought)));
    until(&mut window, |app| says(app, "9 tracks in 3 clusters"));
    window.get_by_label(HEADING);
    assert!(window.query_by_label_contains("could not be downloaded").is_none());
    assert_eq!(setting(&window, "model"), "castlist-face", "nothing is adopted by itself");
    press(&mut window, NONE, Key::Enter);
    until(&mut window, |app| people(app).len() == 3);
    assert_eq!(setting(&window, "model"), "mine");
}
