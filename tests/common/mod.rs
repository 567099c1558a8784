//! What the tests of the real binary share: a place of their own, drawn faces, matrices.
//!
//! Everything lives in a temporary folder, the platform's data folder and the models
//! included, so that no test sees or changes what belongs to the user.

#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "shared by tests that use parts of it each")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use castlist::base::seeded;
use rand::RngExt;
use serde_json::Value;

/// Three drawn people, three crops each, `<person>-<number>`; no photographs.
pub const FACES: [(&str, &[u8]); 9] = [
    ("ada-1", include_bytes!("../faces/ada-1.jpg")),
    ("ada-2", include_bytes!("../faces/ada-2.jpg")),
    ("ada-3", include_bytes!("../faces/ada-3.jpg")),
    ("bea-1", include_bytes!("../faces/bea-1.jpg")),
    ("bea-2", include_bytes!("../faces/bea-2.jpg")),
    ("bea-3", include_bytes!("../faces/bea-3.jpg")),
    ("cato-1", include_bytes!("../faces/cato-1.jpg")),
    ("cato-2", include_bytes!("../faces/cato-2.jpg")),
    ("cato-3", include_bytes!("../faces/cato-3.jpg")),
];

/// One of the drawn faces.
pub fn face(name: &str) -> &'static [u8] {
    FACES.iter().find(|(known, _)| *known == name).unwrap().1
}

/// Says that a check could not be made here, and how many could not so far; the harness does
/// not hold this line back.
pub fn skip(reason: &str) {
    static SKIPPED: AtomicUsize = AtomicUsize::new(0);
    let n = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
    let line = format!("skipped: {reason} ({n} skipped in this file)\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// A temporary folder with a home, a data folder and a model folder of its own.
pub struct TestDir {
    dir: tempfile::TempDir,
}

impl TestDir {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["home", "data", "models"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        Self { dir }
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file and the folders above it.
    pub fn file(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn read(&self, name: impl AsRef<Path>) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Each drawn face as a track of one frame, `<folder>/v/<name>/1.jpg`.
    pub fn faces(&self, folder: &str) {
        for (name, bytes) in FACES {
            self.file(format!("{folder}/v/{name}/1.jpg"), bytes);
        }
    }

    /// Six tracks of features of three people: `<folder>/e1/0.npy` … `e2/2.npy`, with `.ids`.
    pub fn features(&self, folder: &str) {
        for video in ["e1", "e2"] {
            let mut ids = String::from("CVHCI_TRACKLABELS_V1\n");
            for person in 0..3 {
                self.file(format!("{folder}/{video}/{person}.npy"), npy(&frames(person)));
                ids.push_str(&format!("{person} person-{person}\n"));
            }
            self.file(format!("{folder}/{video}.ids"), ids);
        }
    }

    /// A folder of features that was clustered: six tracks, three identities of two.
    pub fn project(&self, folder: &str) {
        self.features(folder);
        self.run_words(&format!("cluster {folder} --method bcl --set radius=0.3")).ok();
    }

    /// The program in this place, with nothing of the user's around it.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_castlist"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env("HOME", self.path("home"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("CASTLIST_MODELS", self.path("models"))
            .stdin(Stdio::null());
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs it to its end, within a minute.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> ProgramOutput {
        RunningProgram::new(&mut self.command(args)).end()
    }

    /// [`Self::run`] with words separated by spaces.
    pub fn run_words(&self, words: &str) -> ProgramOutput {
        self.run(words.split(' '))
    }

    /// Starts it; stdin is a pipe.
    pub fn start(&self, words: &str) -> RunningProgram {
        RunningProgram::new(self.command(words.split(' ')).stdin(Stdio::piped()))
    }

    /// `review apply` of some lines.
    pub fn apply(&self, project: &str, edits: &[&str]) -> ProgramOutput {
        self.file("edits.jsonl", edits.join("\n"));
        self.run(["review", "apply", project, "edits.jsonl"])
    }

    /// Waits until a project holds a number of edits.
    pub fn wait_for_edits(&self, project: &str, n: u64) {
        let until = std::time::Instant::now() + Duration::from_secs(30);
        while self.list(project)["n_edits"] != n {
            assert!(std::time::Instant::now() < until, "no edit {n} arrives");
        }
    }

    /// The identities of a project.
    pub fn list(&self, project: &str) -> Value {
        self.run(["review", "list", project, "--json"]).json()
    }
}

/// A program under way.
pub struct RunningProgram {
    pub child: Child,
}

impl RunningProgram {
    fn new(command: &mut Command) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Self { child }
    }

    /// Waits for words on stderr and gives all that stood there until then.
    pub fn wait_for(&mut self, words: &str) -> String {
        let mut text = Vec::new();
        let mut byte = [0];
        let stderr = self.child.stderr.as_mut().unwrap();
        while !String::from_utf8_lossy(&text).contains(words) {
            assert_eq!(stderr.read(&mut byte).unwrap(), 1, "it ended: {}", String::from_utf8_lossy(&text));
            text.push(byte[0]);
        }
        String::from_utf8(text).unwrap()
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// Closes stdin and waits for the end; whatever takes longer than five minutes hangs.
    pub fn end(mut self) -> ProgramOutput {
        drop(self.child.stdin.take());
        let pid = self.child.id();
        let (done, ended) = std::sync::mpsc::channel();
        let child = self.child;
        std::thread::spawn(move || done.send(child.wait_with_output()));
        if let Ok(output) = ended.recv_timeout(Duration::from_mins(5)) {
            return ProgramOutput(output.unwrap());
        }
        let _killed = Command::new("kill").args(["-KILL", &pid.to_string()]).status();
        panic!("it hangs");
    }
}

/// A program that ended.
pub struct ProgramOutput(Output);

impl ProgramOutput {
    /// The exit code; none where a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    pub fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// Checks that all went well.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.exits_with(0)
    }

    /// Checks the exit code.
    #[track_caller]
    pub fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "stdout: {}\nstderr: {}", self.out(), self.err());
        assert!(!self.err().contains("panicked"), "{}", self.err());
        self
    }

    /// Checks the exit code, and that the message holds all of these words.
    #[track_caller]
    pub fn fails(self, code: i32, words: &[&str]) -> Self {
        let ran = self.exits_with(code);
        let err = ran.err();
        for word in words {
            assert!(err.contains(word), "`{word}` is missing in: {err}");
        }
        ran
    }

    /// The one JSON object on stdout of a program that ended well.
    #[track_caller]
    pub fn json(self) -> Value {
        let ran = self.ok();
        let value: Value = serde_json::from_str(&ran.out()).unwrap();
        assert!(value.is_object());
        value
    }
}

/// Whether the object has each of these fields.
#[track_caller]
pub fn has_fields(value: &Value, fields: &str) {
    for field in fields.split(' ') {
        assert!(value.get(field).is_some(), "`{field}` is missing in {value}");
    }
}

/// The warnings of a kind in a report.
pub fn warnings(report: &Value, kind: &str) -> Vec<String> {
    let all = report["warnings"].as_array().unwrap().iter();
    all.filter(|warning| warning["kind"] == kind)
        .map(|warning| warning["message"].as_str().unwrap().to_owned())
        .collect()
}

/// `assignments.csv`: cluster by track, empty clusters included.
pub fn clusters(text: &str) -> BTreeMap<String, String> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("track,cluster"));
    lines.map(|line| line.rsplit_once(',').unwrap()).map(|(t, c)| (t.to_owned(), c.to_owned())).collect()
}

/// Two frames of four numbers, alike for one person (0..3) and far from the others.
pub fn frames(person: usize) -> Vec<Vec<f32>> {
    let frame = |shift: f32| {
        let mut row = vec![shift; 4];
        row[person] = 1.0;
        row
    };
    vec![frame(0.01), frame(0.02)]
}

/// A `.npy` file of rows.
pub fn npy(rows: &[Vec<f32>]) -> Vec<u8> {
    let data: Vec<u8> = rows.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
    let width = rows.first().map_or(0, Vec::len);
    npy_of("<f4", &format!("({}, {width})", rows.len()), &data)
}

/// A `.npy` file of any kind, as NumPy calls it.
pub fn npy_of(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
    while !(10 + header.len() + 1).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let length = u16::try_from(header.len()).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\x00".as_slice(), &length, header.as_bytes(), data].concat()
}

/// An array of text, as NumPy keeps it: four bytes a letter.
pub fn npy_text(texts: &[&str]) -> Vec<u8> {
    let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or(1);
    let letters = texts.iter().flat_map(|text| text.chars().chain(std::iter::repeat('\0')).take(width));
    let data: Vec<u8> = letters.flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
    npy_of(&format!("<U{width}"), &format!("({},)", texts.len()), &data)
}

/// An archive of arrays without compression, which is what `.npz` is.
pub fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut index) = (Vec::new(), Vec::new());
    for (name, data) in arrays {
        let name = format!("{name}.npy");
        let offset = u32::try_from(bytes.len()).unwrap();
        let size = u32::try_from(data.len()).unwrap().to_le_bytes();
        // Version, flags, method, time, date; then sum, packed, unpacked, length of the name.
        let mut about = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        about.extend(crc32(data).to_le_bytes());
        about.extend([size, size].concat());
        about.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&about);
        bytes.extend([0, 0]);
        bytes.extend(name.as_bytes());
        bytes.extend(data);
        index.extend(b"PK\x01\x02\x14\x00");
        index.extend(&about);
        index.extend([0; 12]);
        index.extend(offset.to_le_bytes());
        index.extend(name.as_bytes());
    }
    let (at, n) = (u32::try_from(bytes.len()).unwrap(), u16::try_from(arrays.len()).unwrap().to_le_bytes());
    let length = u32::try_from(index.len()).unwrap();
    bytes.extend(index);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([n, n].concat());
    bytes.extend(length.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// The check sum of archives and PNG.
pub fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0_u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}

/// The shared test data, where this checkout has it: `CASTLIST_SHARED`, or beside it.
pub fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("CASTLIST_SHARED").map_or_else(beside, PathBuf::from);
    folder.join("data").is_dir().then_some(folder)
}

/// Forty tracks around eight people, some of which overlap in time.
pub fn archive(test_dir: &TestDir, folder: &str) {
    let mut rng = seeded(3);
    let mut table = String::from("track,video,start_frame,end_frame,fps\n");
    for track in 0..40_u32 {
        let person = track as usize % 8;
        let mut row: Vec<f32> = (0..8).map(|_| rng.random_range(-0.45..0.45)).collect();
        row[person] += 1.0;
        test_dir.file(format!("{folder}/v{}/{track}.npy", track % 2), npy(&[row]));
        let start = track * 7;
        table.push_str(&format!("v{}/{track},v{},{start},{},25\n", track % 2, track % 2, start + 20));
    }
    test_dir.file(format!("{folder}/tracks.csv"), table);
}
