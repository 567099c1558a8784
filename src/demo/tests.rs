//! The demo on disk: bytes by seed, refusals, interruption, tables.

use std::collections::BTreeMap;

use super::*;

/// Every file below `dir` with its bytes.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in entries(dir).unwrap() {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// The same, by path relative to `dir`.
fn content(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(dir).into_iter().map(|(path, bytes)| (path.strip_prefix(dir).unwrap().to_owned(), bytes)).collect()
}

/// A few tracks of each video: enough to tell, quick to draw.
fn draw_some(dir: &Path, seed: u64) -> DemoSummary {
    let some: Vec<_> = script::write(seed).into_iter().step_by(16).collect();
    draw_script(dir, seed, &some, &Cx::new()).unwrap()
}

#[test]
fn bytes_depend_on_the_seed_alone() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let drawn = draw_some(a.path(), DEFAULT_SEED);
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(single.install(|| draw_some(b.path(), DEFAULT_SEED)), drawn);
    let files = content(a.path());
    assert!(files == content(b.path()));
    assert_eq!(files.len(), drawn.n_faces + 3);
    assert_eq!((drawn.n_tracks, drawn.n_identities, drawn.n_videos), (13, 30, 3));

    // Another seed replaces the pictures and leaves what is not the demo's.
    fs::write(b.path().join("castlist.sqlite"), "a project").unwrap();
    draw_some(b.path(), DEFAULT_SEED + 1);
    let other = content(b.path());
    let fresh = tempfile::tempdir().unwrap();
    draw_some(fresh.path(), DEFAULT_SEED + 1);
    assert_eq!(other.len(), content(fresh.path()).len() + 1);
    assert!(content(fresh.path()).iter().all(|(path, bytes)| other.get(path) == Some(bytes)));
    assert!(files.get(Path::new("labels.csv")) != other.get(Path::new("labels.csv")));

    // A complete demo is left as it is.
    fs::write(a.path().join("labels.csv"), "mine").unwrap();
    assert_eq!(draw_some(a.path(), DEFAULT_SEED), drawn);
    assert_eq!(fs::read_to_string(a.path().join("labels.csv")).unwrap(), "mine");

    // An interrupted one is completed.
    fs::write(a.path().join(MARKER), format!("Castlist demo\nversion {VERSION}\nseed {DEFAULT_SEED}\n"))
        .unwrap();
    fs::remove_dir_all(a.path().join(VIDEOS[1].0)).unwrap();
    draw_some(a.path(), DEFAULT_SEED);
    assert!(files == content(a.path()));
}

#[test]
fn every_track_has_its_row_and_its_label() {
    let script = script::write(DEFAULT_SEED);
    let (tracks, labels) = tables(&script);
    let ids = |table: &str| -> Vec<String> {
        table.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&tracks), ids(&labels));
    assert_eq!(ids(&tracks), script.iter().map(|part| part.track.clone()).collect::<Vec<_>>());
    assert!(tracks.lines().all(|line| line.split(',').count() == 5));
    assert!(labels.lines().all(|line| line.split(',').count() == 2));
}

#[test]
fn a_folder_that_is_no_demo_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("holiday.jpg"), "x").unwrap();
    assert!(matches!(draw(dir.path(), 1, &Cx::new()), Err(DemoError::NotDemo(_))));
    assert_eq!(entries(dir.path()).unwrap().len(), 1);
}

#[test]
fn cancelling_stops_between_tracks() {
    let dir = tempfile::tempdir().unwrap();
    let cx = Cx::new();
    cx.cancel();
    assert!(matches!(draw(&dir.path().join("demo"), 1, &cx), Err(DemoError::Cancelled(_))));
    assert!(!dir.path().join("demo").exists());
}
