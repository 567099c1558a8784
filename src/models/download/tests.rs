//! Downloads from a server on this machine that misbehaves as instructed.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::*;
use crate::models::ModelKind;
use crate::models::catalogue::sha256_hex;
use crate::models::entry::ModelFields;

/// What the server does with a request.
#[derive(Clone, Copy, PartialEq)]
enum ServerBehaviour {
    /// Honours ranges.
    Good,
    /// Answers every request with the whole file.
    IgnoresRange,
    /// Answers 206, but from the start.
    WrongRange,
    /// States the whole length, sends half and hangs up.
    HangsUp,
    /// The same without stating a length.
    HangsUpSilently,
    /// 404.
    Missing,
    /// Sends a byte now and then, without an end.
    Trickles,
    /// Sends as fast as it can, without an end and without stating a length.
    Endless,
}

struct Server {
    url: String,
    manner: Arc<Mutex<ServerBehaviour>>,
    /// The range asked for by each request, from the first on.
    ranges: Arc<Mutex<Vec<Option<u64>>>>,
}

impl Server {
    fn new(file: Vec<u8>, manner: ServerBehaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/model.onnx", listener.local_addr().unwrap());
        let (manner, ranges) = (Arc::new(Mutex::new(manner)), Arc::new(Mutex::new(Vec::new())));
        let shared = (manner.clone(), ranges.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let range = read_range(&stream);
                shared.1.lock().unwrap().push(range);
                let manner = *shared.0.lock().unwrap();
                answer(stream, &file, range, manner);
            }
        });
        Self { url, manner, ranges }
    }

    fn ranges(&self) -> Vec<Option<u64>> {
        std::mem::take(&mut self.ranges.lock().unwrap())
    }

    fn turn(&self, manner: ServerBehaviour) {
        *self.manner.lock().unwrap() = manner;
    }
}

fn read_range(stream: &TcpStream) -> Option<u64> {
    let lines = BufReader::new(stream).lines().map(Result::unwrap).take_while(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(|line| line.to_lowercase()).collect();
    lines.iter().find_map(|line| line.strip_prefix("range: bytes=")?.strip_suffix('-')?.parse().ok())
}

fn answer(mut stream: TcpStream, file: &[u8], range: Option<u64>, manner: ServerBehaviour) {
    let whole = file.len() as u64;
    let (status, from) = match (manner, range) {
        (ServerBehaviour::Missing, _) => ("404 Not Found", whole),
        (ServerBehaviour::Good, Some(from)) if from >= whole => ("416 Range Not Satisfiable", whole),
        (ServerBehaviour::Good | ServerBehaviour::HangsUp, Some(from)) => ("206 Partial Content", from),
        (ServerBehaviour::WrongRange, Some(_)) => ("206 Partial Content", 0),
        _ => ("200 OK", 0),
    };
    let body = &file[from as usize..];
    let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    if manner != ServerBehaviour::HangsUpSilently {
        write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
    }
    if status.starts_with("206") {
        write!(head, "Content-Range: bytes {from}-{}/{whole}\r\n", whole - 1).unwrap();
    }
    if matches!(manner, ServerBehaviour::Trickles | ServerBehaviour::Endless) {
        let mut on = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").is_ok();
        while on {
            let n = if manner == ServerBehaviour::Trickles { 1 } else { 4096 };
            on = stream.write_all(&vec![7; n]).and_then(|()| stream.flush()).is_ok();
            if manner == ServerBehaviour::Trickles {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        return;
    }
    let half = matches!(manner, ServerBehaviour::HangsUp | ServerBehaviour::HangsUpSilently);
    let sent = if half { &body[..body.len() / 2] } else { body };
    // The client may have hung up: that is what some tests are about.
    let _ = stream.write_all(format!("{head}\r\n").as_bytes()).and_then(|()| stream.write_all(sent));
}

fn file() -> Vec<u8> {
    (0..300_000_u32).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect()
}

fn entry(url: &str, file: &[u8]) -> ModelEntry {
    let hash = sha256_hex(file);
    let text =
        format!("id='net'\nsize=1\nmean=0\nscale=1\nsource='{url}'\nsha256='{hash}'\nbytes={}\n", file.len());
    ModelFields::parse(&text, "").unwrap().check("", "").unwrap()
}

/// No proxy: the server is this machine.
fn get(entry: &ModelEntry, folder: &Path) -> Result<PathBuf, ModelError> {
    get_within(LIMITS, entry, folder)
}

fn get_within(limits: Limits, entry: &ModelEntry, folder: &Path) -> Result<PathBuf, ModelError> {
    let config = config(limits.time).proxy(None).build();
    download_with(&config.new_agent(), limits.bytes, entry, folder, &Cx::new())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn downloads_verifies_and_does_not_ask_twice() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), ServerBehaviour::Good));
    let entry = entry(&server.url, &file());
    assert_eq!(entry.kind, ModelKind::Embed);
    let inner = folder.path().join("made/on/demand");
    let path = get(&entry, &inner).unwrap();
    assert_eq!(fs::read(&path).unwrap(), file());
    assert_eq!(names(&inner), ["net.onnx"]);
    assert_eq!(get(&entry, &inner).unwrap(), path);
    assert_eq!(server.ranges(), [None]);
}

#[test]
fn goes_on_after_an_interruption() {
    for manner in [ServerBehaviour::HangsUp, ServerBehaviour::HangsUpSilently] {
        let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), manner));
        let entry = entry(&server.url, &file());
        let error = get(&entry, folder.path()).unwrap_err();
        assert!(matches!(error, ModelError::Network { .. }), "{error}");
        assert_eq!(names(folder.path()), ["net.onnx.part"]);
        let kept = fs::metadata(folder.path().join("net.onnx.part")).unwrap().len();
        assert_eq!(kept, 150_000);
        server.turn(ServerBehaviour::Good);
        assert_eq!(fs::read(get(&entry, folder.path()).unwrap()).unwrap(), file());
        assert_eq!(server.ranges(), [None, Some(kept)]);
        assert_eq!(names(folder.path()), ["net.onnx"]);
    }
}

#[test]
fn starts_over_where_ranges_do_not_work() {
    for (manner, requests) in [(ServerBehaviour::IgnoresRange, 1), (ServerBehaviour::WrongRange, 2)] {
        let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), manner));
        let entry = entry(&server.url, &file());
        fs::write(folder.path().join("net.onnx.part"), &file()[..1000]).unwrap();
        assert_eq!(fs::read(get(&entry, folder.path()).unwrap()).unwrap(), file());
        assert_eq!(server.ranges().len(), requests);
    }
}

#[test]
fn a_range_beyond_the_end_starts_over() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), ServerBehaviour::Good));
    let entry = ModelEntry { bytes: None, ..entry(&server.url, &file()) };
    fs::write(folder.path().join("net.onnx.part"), vec![0; 300_000]).unwrap();
    assert_eq!(fs::read(get(&entry, folder.path()).unwrap()).unwrap(), file());
    assert_eq!(server.ranges(), [Some(300_000), None]);
}

#[test]
fn a_whole_or_overlong_part_is_handled() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), ServerBehaviour::Good));
    let entry = entry(&server.url, &file());
    fs::write(folder.path().join("net.onnx.part"), file()).unwrap();
    get(&entry, folder.path()).unwrap();
    assert_eq!(server.ranges(), []);
    fs::remove_file(folder.path().join("net.onnx")).unwrap();
    fs::write(folder.path().join("net.onnx.part"), vec![0; 400_000]).unwrap();
    get(&entry, folder.path()).unwrap();
    assert_eq!(server.ranges(), [None]);
}

#[test]
fn a_damaged_model_is_replaced() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), ServerBehaviour::Good));
    fs::write(folder.path().join("net.onnx"), b"damaged").unwrap();
    let path = get(&entry(&server.url, &file()), folder.path()).unwrap();
    assert_eq!(fs::read(path).unwrap(), file());
}

#[test]
fn a_wrong_file_is_removed_and_said() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), ServerBehaviour::Good));
    let mut other = file();
    other[7] ^= 1;
    let error = get(&entry(&server.url, &other), folder.path()).unwrap_err().to_string();
    assert!(error.contains(&sha256_hex(&file())) && error.contains(&sha256_hex(&other)), "{error}");
    for length in [299_999, 300_001] {
        let error = get(&entry(&server.url, &vec![0; length]), folder.path()).unwrap_err();
        assert!(matches!(error, ModelError::DownloadSize { .. }), "{error}");
    }
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_pointer_is_called_one() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 300000\n".to_vec();
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(pointer, ServerBehaviour::Good));
    let error = get(&entry(&server.url, &file()), folder.path()).unwrap_err().to_string();
    assert!(error.contains("Git LFS pointer") && error.ends_with(&server.url), "{error}");
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn refusals_and_dead_servers_are_said() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), ServerBehaviour::Missing));
    let error = get(&entry(&server.url, &file()), folder.path()).unwrap_err();
    assert!(matches!(error, ModelError::Refused { status: 404, .. }), "{error}");
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = get(&entry(&format!("http://{unused}/x"), &file()), folder.path()).unwrap_err();
    assert!(matches!(error, ModelError::Network { .. }), "{error}");
    let words = ModelEntry { source: Some("by mail".into()), ..entry("", &file()) };
    let error = get(&words, folder.path()).unwrap_err().to_string();
    assert!(error.contains("cannot be downloaded") && error.contains("by mail"), "{error}");
}

#[test]
fn a_cancel_keeps_the_part() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), ServerBehaviour::Good));
    fs::write(folder.path().join("net.onnx.part"), &file()[..1000]).unwrap();
    let cx = Cx::new();
    cx.cancel();
    let error = download(&entry(&server.url, &file()), folder.path(), &cx).unwrap_err();
    assert!(matches!(error, ModelError::Cancelled(_)), "{error}");
    assert_eq!(fs::read(folder.path().join("net.onnx.part")).unwrap(), file()[..1000]);
}

#[test]
fn a_server_without_an_end_is_left() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), ServerBehaviour::Trickles));
    let entry = ModelEntry { bytes: None, ..entry(&server.url, &file()) };
    let short = Limits { time: Duration::from_millis(300), ..LIMITS };
    let error = get_within(short, &entry, folder.path()).unwrap_err();
    assert!(matches!(&error, ModelError::Network { why, .. } if why.contains("timeout")), "{error}");
    assert_eq!(names(folder.path()), ["net.onnx.part"], "the next call goes on");

    server.turn(ServerBehaviour::Endless);
    let small = Limits { bytes: 100_000, ..LIMITS };
    let error = get_within(small, &entry, folder.path()).unwrap_err();
    assert!(matches!(error, ModelError::DownloadTooLarge { most: 100_000, .. }), "{error}");
    assert_eq!(names(folder.path()), [""; 0]);
}

#[cfg(unix)]
#[test]
fn an_unfinished_download_is_never_written_through_a_link() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(file(), ServerBehaviour::Good));
    let other = folder.path().join("precious.txt");
    fs::write(&other, "kept").unwrap();
    std::os::unix::fs::symlink(&other, folder.path().join("net.onnx.part")).unwrap();
    let error = get(&entry(&server.url, &file()), folder.path()).unwrap_err().to_string();
    assert!(error.contains("no plain file"), "{error}");
    assert_eq!(fs::read_to_string(&other).unwrap(), "kept");
}

#[test]
fn two_downloads_of_one_model_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let held = PartialFile::open(folder.path().join("net.onnx.part")).unwrap();
    let error = get(&entry("http://127.0.0.1:9/x", &file()), folder.path()).unwrap_err();
    assert!(matches!(error, ModelError::Busy { .. }), "{error}");
    drop(held);
}
