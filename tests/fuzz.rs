//! Damaged inputs of every kind, from fixed seeds: each is read or refused, and nothing panics.
//!
//! `CASTLIST_FUZZ_SECONDS` says how long all kinds take together (default 6), or `CASTLIST_FUZZ_RUNS` how
//! many inputs each kind gets; `CASTLIST_FUZZ_KINDS=edit,npy` chooses kinds. Most kinds write a file for
//! each input, so `TMPDIR` in memory makes them quicker. A seed is a number, so that a failure, which
//! names its kind and seed, is the same everywhere: `CASTLIST_FUZZ_SEED` begins there.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]
#![allow(clippy::print_stderr, reason = "counts are shown with --nocapture")]

mod common;
mod stored_rows;

use std::fs;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use castlist::base::{CoOccurrence, Cx, Rng, seeded};
use castlist::export::{ExportOptions, plan};
use castlist::models::{Catalogue, HeadFile};
use castlist::review::{AdoptedClustering, Edit, History, IdentityId, Review};
use castlist::tracks::{
    ScanOptions, TrackSet, decode, read_assignments, read_labels, read_landmarks, read_matrix,
    read_track_features, scan,
};
use common::{TestDir, face, frames, npy, npy_of, npy_text, npz};
use image::ImageFormat;
use rand::RngExt;

/// Bytes and words that parsers trip over.
const TOKENS: [&[u8]; 14] = [
    b"\x00",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80",
    b"\r\n",
    b"\"",
    b",",
    b";",
    b"-1",
    b"1e309",
    b"NaN",
    b"../..",
    b"\xef\xbb\xbf",
    b"18446744073709551616",
];

/// A damaged copy: a few bytes changed, inserted, doubled, moved or cut off.
fn damaged(seed: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..rng.random_range(1..6) {
        let at = rng.random_range(0..=bytes.len());
        let to = rng.random_range(at..=bytes.len().min(at + 64));
        match rng.random_range(0..7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
            1 if at < bytes.len() => bytes[at] = rng.random(),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..to)),
            4 => {
                let token = TOKENS[rng.random_range(0..TOKENS.len())];
                bytes.splice(at..at, token.iter().copied());
            }
            5 => {
                let copy = bytes[at..to].to_vec();
                bytes.splice(at..at, copy);
            }
            _ if !other.is_empty() => {
                let from = rng.random_range(0..other.len());
                let piece = other[from..other.len().min(from + 32)].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {}
        }
    }
    bytes
}

/// Reads a damaged copy of the seed with that number.
type Read<'a> = Box<dyn Fn(usize, &[u8]) + 'a>;

/// A kind of input: small sound ones, and what reads them.
struct Kind<'a> {
    name: &'static str,
    seeds: Vec<Vec<u8>>,
    read: Read<'a>,
}

/// Writes the bytes there and reads the file. It goes again, because a file that is written anew in its
/// own place waits for the disk on some file systems.
fn file<'a>(path: PathBuf, read: impl Fn(&Path) + 'a) -> Read<'a> {
    Box::new(move |_, bytes| {
        fs::write(&path, bytes).unwrap();
        read(&path);
        fs::remove_file(&path).unwrap();
    })
}

fn pictures() -> Vec<Vec<u8>> {
    let small = image::RgbImage::from_fn(9, 7, |x, y| image::Rgb([x as u8 * 20, y as u8 * 30, 7]));
    let formats = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::Bmp,
        ImageFormat::WebP,
        ImageFormat::Tiff,
        ImageFormat::Gif,
    ];
    let encoded = formats.map(|format| {
        let mut bytes = Cursor::new(Vec::new());
        small.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    });
    encoded.into()
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

const EDITS: [&str; 9] = [
    r#"{"edit":"rename","identity":1,"name":"Ada"}"#,
    r#"{"edit":"merge","identities":[1,2],"into":1,"override":true}"#,
    r#"{"edit":"move","tracks":["v/a","v/b"],"to":2}"#,
    r#"{"edit":"split","tracks":"v/c","name":"Bea","drops":[["v/a","v/b"]]}"#,
    r#"{"edit":"split-track","track":"v/a","at":3}"#,
    r#"{"edit":"describe","identity":1,"details":{"role":"Queen","born":""}}"#,
    r#"{"edit":"cannot-link","a":"v/a","b":"v/b"}"#,
    r#"{"edit":"must-link","a":"v/a","b":"v/c","override":true}"#,
    r#"{"edit":"all","edits":[{"edit":"reject","tracks":["v/a"]},{"edit":"ignore","identities":1}]}"#,
];

/// An edit as somebody sends it, and as a log holds it.
fn edit(bytes: &[u8]) {
    let Ok(edit) = serde_json::from_slice::<Edit>(bytes) else { return };
    let blank = || Review::new(["v/a", "v/b", "v/c"].map(str::to_owned).to_vec());
    let mut review = blank();
    let identities =
        vec![(IdentityId(1), vec!["v/a".into(), "v/b".into()]), (IdentityId(2), vec!["v/c".into()])];
    let adopted = Edit::Adopt(AdoptedClustering { identities, ..AdoptedClustering::default() });
    let mut history = History::new(Vec::new(), None);
    history.push(history.next_entry(adopted.clone(), 0, &review));
    review.apply(&adopted);
    // A log is replayed as it is, whatever was checked when it was written.
    review.clone().apply(&edit);
    if let Ok(edit) = review.prepare(edit, history.new_identity_id(), &CoOccurrence::default()) {
        history.push(history.next_entry(edit.clone(), 0, &review));
        review.apply(&edit);
        assert_eq!(history.replay(blank()), review, "replay gives the same state");
        assert!(!edit.describe().is_empty());
    }
}

/// A name of any characters, on its way to a folder's name.
fn export_name(bytes: &[u8], set: &TrackSet, target: &Path) {
    let mut review = Review::new(set.tracks.iter().map(|track| track.id.clone()).collect());
    let identities = vec![(IdentityId(1), vec![set.tracks[0].id.clone()])];
    review.apply(&Edit::Adopt(AdoptedClustering { identities, ..AdoptedClustering::default() }));
    let name = String::from_utf8_lossy(bytes).into_owned();
    review.apply(&Edit::Rename { identity: IdentityId(1), name });
    let planned = plan(set, &review, &ExportOptions::default(), target).unwrap();
    assert_eq!(planned.n_files(), 1);
}

/// Pictures, arrays and heads.
fn binary<'a>(dir: &Path) -> Vec<Kind<'a>> {
    let head = include_bytes!("../models/castlist-face-links.safetensors");
    vec![
        Kind { name: "picture", seeds: pictures(), read: file(dir.join("p.jpg"), |path| drop(decode(path))) },
        Kind {
            name: "npy",
            seeds: vec![npy(&frames(0)), npy_of("<f8", "(2, 2)", &[0; 32]), npy_of("<f2", "(1, 4)", &[1; 8])],
            read: file(dir.join("a.npy"), |path| {
                drop(read_matrix(path, None, None));
                drop(read_track_features(path));
            }),
        },
        Kind {
            name: "npz",
            seeds: vec![npz(&[("x", npy(&frames(1))), ("t", npy_text(&["a", "b"]))])],
            read: file(dir.join("a.npz"), |path| {
                drop(read_matrix(path, None, Some("t")));
                drop(read_matrix(path, Some("x"), None));
            }),
        },
        Kind {
            name: "head",
            seeds: vec![head[..head.len().min(20_000)].to_vec(), head.to_vec()],
            read: Box::new(|_, bytes| drop(HeadFile::parse(bytes, Path::new("h.safetensors")))),
        },
    ]
}

/// Tables that are read by themselves, and a model's description.
fn tables<'a>(dir: &Path, catalogue: &'a Catalogue) -> Vec<Kind<'a>> {
    let points = "track,frame,x1,y1,x2,y2,x3,y3,x4,y4,x5,y5\nv/t,1,1,2,3,4,5,6,7,8,9,10\n";
    let description = "size = 112\nmean = 127.5\nscale = 127.5\ndim = 512\nradius = 0.5\nlayout = 'nchw'\n";
    vec![
        Kind {
            name: "labels",
            seeds: texts(&["track,identity\nv/a,Ada\nv/b,\n", "sep=;\nTrack;Identity\n\"v/a\";\"A;da\"\n"]),
            read: file(dir.join("labels.csv"), |path| drop(read_labels(path))),
        },
        Kind {
            name: "assignments",
            seeds: texts(&["track,cluster\nv/a,0\nv/b,\n"]),
            read: file(dir.join("as.csv"), |path| drop(read_assignments(path))),
        },
        Kind {
            name: "ids",
            seeds: texts(&["CVHCI_TRACKLABELS_V1\n1 Ada\n2 Bea\n"]),
            read: file(dir.join("v.ids"), |path| drop(read_labels(path))),
        },
        Kind {
            name: "landmarks",
            seeds: texts(&[points]),
            read: file(dir.join("landmarks.csv"), |path| drop(read_landmarks(path.parent().unwrap()))),
        },
        Kind {
            name: "model description",
            seeds: texts(&[description]),
            read: file(dir.join("m.toml"), |path| {
                drop(catalogue.resolve(path.with_extension("onnx").to_str().unwrap(), &[]));
            }),
        },
    ]
}

/// What lies in a folder of tracks, read by a scan of it.
fn scanned(folder: &Path) -> Vec<Kind<'_>> {
    let rescan = move |_: &Path| drop(scan(folder, &ScanOptions::default(), &Cx::new()));
    vec![
        Kind {
            name: "tracks.csv",
            seeds: texts(&[
                "track,video,start_frame,end_frame,fps\nv/t,v,1,20,25\nv/t,v,30,40,25\n",
                "track;start_seconds;end_seconds\nv/t;0,5;1,5\n",
            ]),
            read: file(folder.join("tracks.csv"), rescan),
        },
        Kind {
            name: "manifest",
            seeds: texts(&[r#"{"generator":"castlist","identities":[]}"#]),
            read: file(folder.join("v/manifest.json"), rescan),
        },
    ]
}

/// All kinds, of the names in `CASTLIST_FUZZ_KINDS` where it is set.
fn chosen(kinds: Vec<Kind<'_>>) -> Vec<Kind<'_>> {
    let Ok(wanted) = std::env::var("CASTLIST_FUZZ_KINDS") else { return kinds };
    let wanted: Vec<&str> = wanted.split(',').map(str::trim).collect();
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    assert!(wanted.iter().all(|name| names.contains(name)), "the kinds are: {}", names.join(","));
    kinds.into_iter().filter(|kind| wanted.contains(&kind.name)).collect()
}

/// Reads damaged copies of a kind's seeds from a seed of the generator on, while `goes_on` says so of their number
/// and the time; gives how many there were.
fn run(kind: &Kind<'_>, first: u64, goes_on: impl Fn(u64, Duration) -> bool) -> u64 {
    let (since, mut number) = (Instant::now(), first);
    while goes_on(number - first, since.elapsed()) {
        let mut rng = seeded(number);
        let at = rng.random_range(0..kind.seeds.len());
        let other = &kind.seeds[rng.random_range(0..kind.seeds.len())];
        let bytes = damaged(&kind.seeds[at], other, &mut rng);
        let read = catch_unwind(AssertUnwindSafe(|| (kind.read)(at, &bytes)));
        assert!(read.is_ok(), "{}: CASTLIST_FUZZ_SEED={number} fails", kind.name);
        number += 1;
    }
    let (n, seconds) = (number - first, since.elapsed().as_secs_f64());
    eprintln!("{}: {n} damaged inputs, {:.0} a second", kind.name, n as f64 / seconds.max(1e-9));
    n
}

#[test]
fn damaged_inputs_are_read_or_refused() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let budget = Duration::from_secs(number("CASTLIST_FUZZ_SECONDS").unwrap_or(6));
    let (runs, first) = (number("CASTLIST_FUZZ_RUNS"), number("CASTLIST_FUZZ_SEED").unwrap_or(0));
    let place = TestDir::new();
    let (dir, folder, target) = (place.path("fuzz"), place.path("folder"), place.path("out"));
    fs::create_dir(&dir).unwrap();
    place.file("folder/v/t/1.jpg", face("ada-1"));
    place.file("fuzz/m.onnx", "no network");
    let set = scan(&folder, &ScanOptions::default(), &Cx::new()).unwrap();
    let catalogue = Catalogue::load().unwrap();
    let project = stored_rows::StoredRows::new(&place);
    let mut kinds = binary(&dir);
    kinds.extend(tables(&dir, &catalogue));
    kinds.extend(scanned(&folder));
    kinds.push(Kind { name: "edit", seeds: texts(&EDITS), read: Box::new(|_, bytes| edit(bytes)) });
    kinds.push(Kind {
        name: "export name",
        seeds: texts(&["Ada", "AC/DC: \"live\"?", "con", "김", "..", " . "]),
        read: Box::new(|_, bytes| export_name(bytes, &set, &target)),
    });
    kinds.push(Kind {
        name: "stored rows",
        seeds: project.seeds(),
        read: Box::new(|at, bytes| project.read_with(at, bytes)),
    });
    let kinds = chosen(kinds);
    let share = budget / kinds.len() as u32;
    let goes_on = |n: u64, since: Duration| runs.map_or(since < share, |runs| n < runs);
    let total: u64 = kinds.iter().map(|kind| run(kind, first, goes_on)).sum();
    eprintln!("damaged inputs: {total} of {} kinds", kinds.len());
}
