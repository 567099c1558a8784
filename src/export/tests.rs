//! Whole exports of small sets, and what must stop one without a trace.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::base::{Cx, Fingerprint, WarningKind};
use crate::review::{AdoptedClustering, Edit, Review};
use crate::tracks::{Face, ScanOptions, TimeSpan, Track, TrackSet, TrackSource, scan};

const TIMES: &str = "track,video,start_frame,end_frame,fps\n\
    film/a,film,0,24,25\nfilm/b,film,25,49,25\nfilm/c,film,10,12,25\nfilm/d,film,60,74,25\n";

/// Tracks a–e of one film; Anna has a, b and d, an unnamed one c, and e was rejected.
struct Fixture {
    dir: TempDir,
    set: TrackSet,
    review: Review,
    options: ExportOptions,
}

impl Fixture {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("tracks");
        for track in ["a", "b", "c", "d", "e"] {
            fs::create_dir_all(root.join("film").join(track)).unwrap();
            for frame in 1..=2 {
                let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([9, 8, frame]));
                picture.save(root.join(format!("film/{track}/{frame:03}.png"))).unwrap();
            }
        }
        fs::write(root.join("tracks.csv"), TIMES).unwrap();
        let set = scan(&root, &ScanOptions::default(), &Cx::new()).unwrap();
        let review = review(&set, &[&["film/a", "film/b", "film/d"], &["film/c"]]);
        let clusters = [("film/a", 4), ("film/b", 4), ("film/c", 0), ("film/d", 1)];
        let options = ExportOptions {
            provenance: Provenance {
                model: "castlist-face".into(),
                model_sha256: "ab12".into(),
                engine: "tract 1".into(),
                method: "bcl".into(),
                parameters: [("radius".to_owned(), "0.5".to_owned())].into(),
            },
            clusters: clusters.into_iter().map(|(track, cluster)| (track.to_owned(), cluster)).collect(),
            ..ExportOptions::default()
        };
        let mut fixture = Self { dir, set, review, options };
        fixture.edit(&Edit::Rename { identity: IdentityId(1), name: "Anna".into() });
        fixture.edit(&Edit::Reject { tracks: vec!["film/e".into()] });
        fixture
    }

    fn edit(&mut self, edit: &Edit) {
        self.review.apply(edit);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn plan(&self, target: &Path) -> Result<ExportPlan, ExportError> {
        plan(&self.set, &self.review, &self.options, target)
    }

    fn export(&self, name: &str) -> Result<ExportSummary, ExportError> {
        self.plan(&self.path(name))?.write(&Cx::new())
    }

    /// Everything in the folder but the tracks, hidden files included.
    fn beside_tracks(&self) -> Vec<String> {
        files(self.dir.path()).into_iter().filter(|name| !name.starts_with("tracks")).collect()
    }
}

fn review(set: &TrackSet, identities: &[&[&str]]) -> Review {
    let mut review = Review::new(set.tracks.iter().map(|track| track.id.clone()).collect());
    let identities = identities.iter().enumerate().map(|(at, tracks)| {
        (IdentityId(at as u64 + 1), tracks.iter().map(|&track| track.to_owned()).collect())
    });
    review.apply(&Edit::Adopt(AdoptedClustering {
        source: "test".into(),
        identities: identities.collect(),
        ..AdoptedClustering::default()
    }));
    review
}

/// All files and empty folders below, with `/`, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry.unwrap();
        let empty = entry.file_type().is_dir() && fs::read_dir(entry.path()).unwrap().next().is_none();
        if !entry.file_type().is_dir() || empty {
            found.push(entry.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/"));
        }
    }
    found
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A track of features with these times.
fn track(id: &str, video: &str, span: TimeSpan) -> Track {
    let source = TrackSource::Features { file: format!("{id}.npy"), frames: 3 };
    Track {
        id: id.into(),
        video: video.into(),
        span,
        pieces: Vec::new(),
        part: None,
        formerly: Vec::new(),
        source,
        fingerprint: Fingerprint([0; 32]),
    }
}

#[test]
fn folders_tables_and_manifest_of_a_small_set() {
    let fixture = Fixture::new();
    let target = fixture.path("out");
    let plan = fixture.plan(&target).unwrap();
    assert_eq!((plan.n_identities(), plan.n_tracks(), plan.n_files()), (2, 4, 8));
    assert!(!target.exists());
    let cx = Cx::new();
    let written = plan.write(&cx).unwrap();
    assert_eq!((written.n_files, written.missing, cx.progress().done), (8, 0, 8));
    let wanted = [
        "Anna/film__a/001.png",
        "Anna/film__a/002.png",
        "Anna/film__b/001.png",
        "Anna/film__b/002.png",
        "Anna/film__d/001.png",
        "Anna/film__d/002.png",
        "appearances.csv",
        "identities.csv",
        "manifest.json",
        "tracks.csv",
        "unnamed-0002/film__c/001.png",
        "unnamed-0002/film__c/002.png",
    ];
    assert_eq!(files(&target), wanted);
    let same = |a: &str, b: &str| fs::read(fixture.path(a)).unwrap() == fs::read(fixture.path(b)).unwrap();
    assert!(same("tracks/film/b/002.png", "out/Anna/film__b/002.png"));
    assert_eq!(
        fs::read_to_string(target.join("tracks.csv")).unwrap(),
        "track,video,start_frame,end_frame,fps,start_s,end_s,identity,cluster,state\n\
         film/a,film,0,24,25,0,1,Anna,4,confirmed\n\
         film/b,film,25,49,25,1,2,Anna,4,confirmed\n\
         film/c,film,10,12,25,0.4,0.52,unnamed-0002,0,proposed\n\
         film/d,film,60,74,25,2.4,3,Anna,1,confirmed\n\
         film/e,film,,,,,,,,rejected\n"
    );
    assert_eq!(
        fs::read_to_string(target.join("appearances.csv")).unwrap(),
        "video,identity,start_s,end_s,start_frame,end_frame,tracks\n\
         film,Anna,0,2,0,49,film/a;film/b\n\
         film,Anna,2.4,3,60,74,film/d\n\
         film,unnamed-0002,0.4,0.52,10,12,film/c\n"
    );
    let manifest = json(&target.join("manifest.json"));
    assert_eq!(manifest["generator"], "castlist");
    assert_eq!(manifest["schema_version"], 1);
    assert_eq!((&manifest["model"], &manifest["model_sha256"]), (&"castlist-face".into(), &"ab12".into()));
    assert_eq!((&manifest["method"], &manifest["parameters"]["radius"]), (&"bcl".into(), &"0.5".into()));
    assert_eq!(manifest["link"], "copy");
    let counts =
        serde_json::json!({"identities": 2, "tracks": 4, "tracks_in_all": 5, "files": 8, "missing": 0});
    assert_eq!(manifest["counts"], counts);
    let anna = serde_json::json!({
        "id": 1, "name": "Anna", "label": "Anna", "state": "confirmed", "folder": "Anna",
        "tracks": ["film/a", "film/b", "film/d"],
        "track_folders": {"film/a": "film__a", "film/b": "film__b", "film/d": "film__d"},
    });
    assert_eq!(manifest["identities"][0], anna);
    assert_eq!(manifest["identities"][1]["name"], serde_json::Value::Null);
    assert_eq!(manifest["created"].as_str().unwrap().len(), "2025-01-31T12:00:00Z".len());
}

#[test]
fn exported_times_are_read_again_as_they_were() {
    let fixture = Fixture::new();
    fixture.export("out").unwrap();
    fs::copy(fixture.path("out/tracks.csv"), fixture.path("tracks/tracks.csv")).unwrap();
    let cx = Cx::new();
    let again = scan(&fixture.set.root, &ScanOptions::default(), &cx).unwrap();
    assert_eq!((again.fingerprint(), cx.warnings().count), (fixture.set.fingerprint(), 0));
}

#[test]
fn an_export_inside_the_tracks_is_passed_over_by_the_next_scan() {
    let fixture = Fixture::new();
    fixture.export("tracks/people").unwrap();
    assert_eq!(scan(&fixture.set.root, &ScanOptions::default(), &Cx::new()).unwrap(), fixture.set);
}

#[test]
fn ignored_identities_are_left_out_unless_they_are_chosen() {
    let mut fixture = Fixture::new();
    fixture.edit(&Edit::Ignore { identities: vec![IdentityId(1)] });
    fixture.export("out").unwrap();
    assert!(!fixture.path("out/Anna").exists() && fixture.path("out/unnamed-0002").is_dir());
    let table = fs::read_to_string(fixture.path("out/tracks.csv")).unwrap();
    assert!(table.contains("film/a,film,0,24,25,0,1,Anna,4,ignored\n"));
    assert!(!fs::read_to_string(fixture.path("out/appearances.csv")).unwrap().contains("Anna"));
    fixture.options.selection = Selection::Only([IdentityId(1)].into());
    fixture.export("chosen").unwrap();
    assert!(fixture.path("chosen/Anna").is_dir() && !fixture.path("chosen/unnamed-0002").exists());
    fixture.options.selection = Selection::Only([IdentityId(9)].into());
    assert!(matches!(fixture.export("none"), Err(ExportError::Identity(IdentityId(9)))));
    fixture.options.selection = Selection::Only(BTreeSet::new());
    assert!(matches!(fixture.export("none"), Err(ExportError::Nothing)));
}

#[test]
fn two_identities_of_one_name_stay_two() {
    let mut fixture = Fixture::new();
    fixture.edit(&Edit::Rename { identity: IdentityId(2), name: "Anna".into() });
    fixture.export("out").unwrap();
    assert!(fixture.path("out/Anna/film__a").is_dir() && fixture.path("out/Anna (2)/film__c").is_dir());
    let manifest = json(&fixture.path("out/manifest.json"));
    assert_eq!(
        (&manifest["identities"][1]["name"], &manifest["identities"][1]["label"]),
        (&"Anna".into(), &"Anna (2)".into())
    );
    assert!(fs::read_to_string(fixture.path("out/tracks.csv")).unwrap().contains(",Anna (2),0,"));
}

#[test]
fn names_survive_in_tables_and_manifest_as_typed() {
    for name in [
        "O'Neil, \"Al\"",
        "=SUM(A1)",
        "+49",
        "@you",
        "-",
        "../../up",
        "שרה כהן",
        "山田",
        "Zoe\u{308}",
        "CON",
        "two\nlines",
    ] {
        let mut fixture = Fixture::new();
        fixture.edit(&Edit::Rename { identity: IdentityId(1), name: name.into() });
        fixture.export("out").unwrap();
        for table in ["tracks.csv", "appearances.csv"] {
            let mut reader = csv::Reader::from_path(fixture.path("out").join(table)).unwrap();
            let column = reader.headers().unwrap().iter().position(|column| column == "identity").unwrap();
            assert_eq!(&reader.records().next().unwrap().unwrap()[column], name);
        }
        let manifest = json(&fixture.path("out/manifest.json"));
        assert_eq!(manifest["identities"][0]["name"], name);
        let folder = manifest["identities"][0]["folder"].as_str().unwrap();
        assert!(fixture.path("out").join(folder).join("film__a/001.png").is_file());
        assert!(fixture.beside_tracks().iter().all(|file| file.starts_with("out/")));
    }
}

#[test]
fn tracks_and_frames_that_would_collide_are_kept_apart() {
    let faces = |names: &[&str]| {
        let face = |name: &&str| Face { file: (*name).to_owned(), frame: 0, unreadable: None };
        names.iter().map(face).collect::<Vec<_>>()
    };
    let mut set = TrackSet::new(PathBuf::from("/nowhere"), Vec::new());
    for (folder, names) in [("x/t1", ["a.jpg", "A.jpg"]), ("y/t1", ["con.jpg", "b.jpg"])] {
        let source = TrackSource::Faces { folder: folder.into(), faces: faces(&names) };
        set.tracks.push(Track { source, ..track(folder, "film", TimeSpan::default()) });
    }
    let plan =
        plan(&set, &review(&set, &[&["x/t1", "y/t1"]]), &ExportOptions::default(), Path::new("/nowhere/out"))
            .unwrap();
    let pictures: Vec<_> =
        plan.identities[0].tracks.iter().map(|track| track.pictures.clone().unwrap()).collect();
    assert_eq!([pictures[0].folder.as_str(), &pictures[1].folder], ["film__t1", "film__t1 (2)"]);
    let names: Vec<&str> = pictures.iter().flat_map(|p| &p.files).map(|(_, to)| to.as_str()).collect();
    assert_eq!(names, ["a.jpg", "A (2).jpg", "_con.jpg", "b.jpg"]);
    assert!(matches!(plan.write(&Cx::new()), Err(ExportError::Gone(_))));
}

#[test]
fn tracks_of_features_have_rows_and_no_files() {
    let dir = tempfile::tempdir().unwrap();
    let seconds = TimeSpan { seconds: Some((1.5, 2.25)), ..TimeSpan::default() };
    let tracks = vec![track("v/1", "v", seconds), track("v/2", "v", TimeSpan::default())];
    let set = TrackSet::new(dir.path().join("gone"), tracks);
    let plan =
        plan(&set, &review(&set, &[&["v/1"]]), &ExportOptions::default(), &dir.path().join("out")).unwrap();
    plan.write(&Cx::new()).unwrap();
    assert_eq!(
        files(&dir.path().join("out")),
        ["appearances.csv", "identities.csv", "manifest.json", "tracks.csv"]
    );
    let read = |name: &str| fs::read_to_string(dir.path().join("out").join(name)).unwrap();
    assert!(
        read("tracks.csv").ends_with("v/1,v,,,,1.5,2.25,unnamed-0001,,proposed\nv/2,v,,,,,,,,unassigned\n")
    );
    assert!(read("appearances.csv").ends_with("\nv,unnamed-0001,1.5,2.25,,,v/1\n"));
}

#[test]
fn an_export_has_the_files_of_the_table_and_the_doc_names_them() {
    let fixture = Fixture::new();
    fixture.export("out").unwrap();
    let mut names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    for name in &names {
        let line = format!("//! <target>/{name} ");
        assert!(include_str!("mod.rs").contains(&line), "the layout in src/export/mod.rs lacks {name}");
    }
    names.sort_unstable();
    let beside = files(&fixture.path("out")).into_iter().filter(|name| !name.contains('/'));
    assert_eq!(beside.collect::<Vec<_>>(), names);
}

#[test]
fn appearances_are_merged_by_time_in_one_video() {
    let frames = |a, b| TimeSpan { frames: Some((a, b)), ..TimeSpan::default() };
    let seconds = |a, b| TimeSpan { seconds: Some((a, b)), ..TimeSpan::default() };
    let tracks = [
        track("p", "v10", frames(0, 100)),
        track("q", "v10", frames(10, 20)),
        track("r", "v10", frames(101, 110)),
        track("s", "v10", frames(112, 113)),
        track("t", "v2", seconds(5.0, 6.0)),
        track("u", "v2", seconds(0.5, 5.0)),
        track("w", "v2", seconds(6.5, 7.0)),
        track("x", "v2", frames(0, 9)),
        track("y", "", frames(0, 9)),
        track("z", "", frames(5, 9)),
        track("none", "v2", TimeSpan::default()),
    ];
    let members = [(IdentityId(1), tracks.iter().collect::<Vec<_>>())].into();
    let rows = tables::appearance_rows(&members, &[(IdentityId(1), "A".to_owned())].into());
    let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    let wanted = [
        ",A,,,0,9,y",
        ",A,,,5,9,z",
        "v2,A,0.5,6,,,u;t",
        "v2,A,6.5,7,,,w",
        "v2,A,,,0,9,x",
        "v10,A,,,0,110,p;q;r",
        "v10,A,,,112,113,s",
    ];
    assert_eq!(rows, wanted);
}

#[test]
fn only_a_new_or_empty_folder_is_a_target() {
    let fixture = Fixture::new();
    fixture.export("out").unwrap();
    let before = fixture.beside_tracks();
    assert!(matches!(fixture.export("out"), Err(ExportError::Occupied(_))));
    assert!(matches!(fixture.export("out/manifest.json"), Err(ExportError::NotAFolder(_))));
    assert!(matches!(fixture.export("tracks"), Err(ExportError::OwnTracks(_))));
    assert!(matches!(fixture.export("out/../tracks/film/a"), Err(ExportError::OwnTracks(_))));
    assert!(matches!(fixture.export("tracks/film"), Err(ExportError::Occupied(_))));
    assert!(matches!(fixture.export("new/.."), Err(ExportError::NotAFolder(_))));
    assert!(matches!(fixture.plan(Path::new("/")), Err(ExportError::Drive(_))));
    assert_eq!(fixture.beside_tracks(), before);
    fs::create_dir(fixture.path("empty")).unwrap();
    fixture.export("empty").unwrap();
    fixture.export("deep/er/still").unwrap();
    assert!(
        fixture.path("empty/manifest.json").is_file()
            && fixture.path("deep/er/still/manifest.json").is_file()
    );
    // Another program puts a file there between plan and write.
    let plan = fixture.plan(&fixture.path("late")).unwrap();
    fs::create_dir(fixture.path("late")).unwrap();
    fs::write(fixture.path("late/theirs.txt"), "x").unwrap();
    assert!(matches!(plan.write(&Cx::new()), Err(ExportError::Occupied(_))));
    assert_eq!(files(&fixture.path("late")), ["theirs.txt"]);
}

#[test]
fn a_cancelled_or_failed_export_leaves_nothing() {
    let fixture = Fixture::new();
    let before = fixture.beside_tracks();
    let plan = fixture.plan(&fixture.path("new/out")).unwrap();
    let cx = Cx::new();
    cx.cancel();
    assert!(matches!(plan.write(&cx), Err(ExportError::Cancelled(_))));
    assert_eq!(fixture.beside_tracks(), before);
    // Stopped while pictures are written.
    let cx = Cx::new();
    let watched = cx.clone();
    let watcher = std::thread::spawn(move || {
        while watched.progress().done < 1 {
            std::thread::yield_now();
        }
        watched.cancel();
    });
    let many = (0..200_000).map(|at| (format!("{:03}.png", at % 2 + 1), format!("{at}.png"))).collect();
    let mut plan = plan;
    plan.identities[0].tracks[0].pictures.as_mut().unwrap().files = many;
    assert!(matches!(plan.write(&cx), Err(ExportError::Cancelled(_))));
    watcher.join().unwrap();
    assert_eq!(fixture.beside_tracks(), before);
    // Two files of one name: never planned so, and never overwritten.
    plan.identities[0].tracks[0].pictures.as_mut().unwrap().files[1].1 = "0.png".into();
    assert!(matches!(plan.write(&Cx::new()), Err(ExportError::Io { .. })));
    assert_eq!(fixture.beside_tracks(), before);
}

#[test]
fn missing_pictures_are_counted_and_the_rest_is_exported() {
    let fixture = Fixture::new();
    let plan = fixture.plan(&fixture.path("out")).unwrap();
    fs::remove_file(fixture.path("tracks/film/a/001.png")).unwrap();
    fs::remove_file(fixture.path("tracks/film/c/002.png")).unwrap();
    fs::create_dir(fixture.path("tracks/film/c/002.png")).unwrap();
    let cx = Cx::new();
    let written = plan.write(&cx).unwrap();
    assert_eq!((written.n_files, written.missing), (6, 2));
    let warnings = cx.warnings();
    assert_eq!((warnings.count, warnings.kept[0].kind), (2, WarningKind::Input));
    assert!(warnings.kept.iter().any(|warning| warning.message.ends_with("001.png")));
    assert_eq!(json(&fixture.path("out/manifest.json"))["counts"]["missing"], 2);
    fs::remove_dir_all(&fixture.set.root).unwrap();
    assert!(matches!(fixture.export("later"), Err(ExportError::Gone(_))));
}

#[cfg(unix)]
#[test]
fn links_lead_to_the_pictures() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let mut fixture = Fixture::new();
    let picture = fixture.path("tracks/film/a/001.png");
    fixture.options.mode = TransferMode::Hard;
    fixture.export("hard").unwrap();
    let inode = |path: &Path| fs::metadata(path).unwrap().ino();
    assert_eq!(inode(&fixture.path("hard/Anna/film__a/001.png")), inode(&picture));
    fixture.options.mode = TransferMode::Symbolic;
    fixture.export("symbolic").unwrap();
    let link = fs::read_link(fixture.path("symbolic/Anna/film__a/001.png")).unwrap();
    assert_eq!(link, fs::canonicalize(&picture).unwrap());
    assert_eq!(json(&fixture.path("symbolic/manifest.json"))["link"], "symbolic");
    // A picture that is itself a link is followed, so that no relative one breaks.
    fs::rename(&picture, fixture.path("tracks/real.png")).unwrap();
    symlink("../../real.png", &picture).unwrap();
    fixture.options.mode = TransferMode::Hard;
    fixture.export("followed").unwrap();
    assert_eq!(
        inode(&fixture.path("followed/Anna/film__a/001.png")),
        inode(&fixture.path("tracks/real.png"))
    );
    // An export has the rights of any other new folder.
    fs::create_dir(fixture.path("plain")).unwrap();
    let rights = |name: &str| fs::metadata(fixture.path(name)).unwrap().permissions().mode();
    assert_eq!(rights("hard"), rights("plain"));
    // A dangling link at the target may be in use.
    symlink("nowhere", fixture.path("dangling")).unwrap();
    assert!(matches!(fixture.export("dangling"), Err(ExportError::NotAFolder(_))));
    symlink("plain", fixture.path("alias")).unwrap();
    fixture.export("alias").unwrap();
    assert!(fixture.path("plain/manifest.json").is_file());
}

#[cfg(target_os = "linux")]
#[test]
fn hard_links_to_another_drive_are_refused() {
    use std::os::unix::fs::MetadataExt;
    let mut fixture = Fixture::new();
    let Ok(other) = tempfile::tempdir_in("/dev/shm") else { return };
    let drive = |path: &Path| fs::metadata(path).unwrap().dev();
    if drive(other.path()) == drive(fixture.dir.path()) {
        return;
    }
    fixture.options.mode = TransferMode::Hard;
    let plan = fixture.plan(&other.path().join("out")).unwrap();
    assert!(matches!(plan.write(&Cx::new()), Err(ExportError::OtherDrive(_))));
    assert!(files(other.path()).is_empty());
    fixture.options.mode = TransferMode::Copy;
    fixture.plan(&other.path().join("out")).unwrap().write(&Cx::new()).unwrap();
}

#[test]
fn errors_are_told_by_their_kind() {
    use std::io::{Error, ErrorKind};
    let said = |kind: ErrorKind| ExportError::writing(Error::from(kind), Path::new("/x"));
    assert!(matches!(said(ErrorKind::StorageFull), ExportError::Full(_)));
    assert!(matches!(said(ErrorKind::QuotaExceeded), ExportError::Full(_)));
    assert!(matches!(said(ErrorKind::PermissionDenied), ExportError::Denied(_)));
    assert!(matches!(said(ErrorKind::ReadOnlyFilesystem), ExportError::Denied(_)));
    assert!(said(ErrorKind::Other).to_string().ends_with(": /x"));
    let link = ExportError::linking(ErrorKind::Unsupported.into(), TransferMode::Symbolic, Path::new("/x"));
    assert!(link.to_string().starts_with("symbolic links cannot be made here"));
    assert_eq!("hard".parse::<TransferMode>().unwrap(), TransferMode::Hard);
    assert!("Hard".parse::<TransferMode>().is_err());
}
