//! What is written comes back; what is damaged, foreign or held is told and left alone.

use super::*;
use crate::embed::{Cache, TrackEmbedding};
use crate::review::{Adopted, Edit, IdentityId};

fn entry(number: u64, edit: Edit) -> Entry {
    Entry { number, parent: number.checked_sub(1), at: 7, edit, names: Vec::new() }
}

fn rename(name: &str) -> Edit {
    Edit::Rename { identity: IdentityId(1), name: name.into() }
}

#[test]
fn everything_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    let project = Project::open(&path).unwrap();
    let set = TrackSet { root: dir.path().to_path_buf(), tracks: Vec::new(), overlaps: Overlaps::default() };
    let settings = BTreeMap::from([("radius".to_owned(), "0.5".to_owned())]);
    let adopted = Edit::Adopt(Adopted {
        source: "x".into(),
        identities: vec![(IdentityId(1), vec!["t".into()])],
        ..Adopted::default()
    });
    let run = BTreeMap::from([("t".to_owned(), 0)]);
    let embedding = TrackEmbedding { vector: Some(vec![0.6, 0.8]), ..TrackEmbedding::default() };
    let names = vec![(IdentityId(1), Some("Ann".to_owned())), (IdentityId(2), None)];
    let key = Fingerprint([9; 32]);
    project.put(key, &embedding);
    for ack in [
        project.save_tracks(&set),
        project.save_settings(&settings),
        project.append(&entry(0, adopted)),
        project.append(&Entry { names: names.clone(), ..entry(1, rename("Anna")) }),
        project.move_cursor(0, None),
        project.save_run(key, &run),
    ] {
        ack.wait().unwrap();
    }
    drop(project);
    let project = Project::open(&path).unwrap();
    let stored = project.load().unwrap();
    assert_eq!(stored.tracks.unwrap(), set);
    assert_eq!(stored.settings, settings);
    assert_eq!((stored.entries.len(), stored.cursor), (2, Some(0)));
    assert_eq!(stored.entries[1].edit, rename("Anna"));
    assert_eq!((&stored.entries[1].names, &stored.entries[0].names), (&names, &Vec::new()));
    assert_eq!(stored.last_run, Some(key));
    assert_eq!(project.run(key), Some(run));
    assert_eq!(project.get(key), Some(embedding));
    assert_eq!(project.get(Fingerprint([8; 32])), None);
}

#[test]
fn an_entry_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let project = Project::open(&dir.path().join("p.sqlite")).unwrap();
    project.append(&entry(0, rename("Anna"))).wait().unwrap();
    assert!(project.append(&entry(0, rename("Ben"))).wait().is_err());
    assert!(project.write(Urgency::Now, |c| c.execute("DELETE FROM edits", []).map(drop)).wait().is_err());
    assert_eq!(project.load().unwrap().entries[0].edit, rename("Anna"));
}

#[test]
fn the_second_one_reads_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    let first = Project::open(&path).unwrap();
    let second = Project::open(&path).unwrap();
    assert!(!first.is_read_only() && second.is_read_only());
    assert!(matches!(second.append(&entry(0, rename("x"))).wait(), Err(ProjectError::ReadOnly(_))));
    first.append(&entry(0, rename("x"))).wait().unwrap();
    assert_eq!(second.load().unwrap().entries.len(), 1);
    drop(first);
    assert!(!Project::open(&path).unwrap().is_read_only());
}

#[test]
fn what_is_damaged_or_foreign_is_left_untouched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    std::fs::write(&path, b"this is no database, though it is long enough to have a header of its own")
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Project::open(&path), Err(ProjectError::Damaged { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);

    let other = dir.path().join("other.sqlite");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE photos (x)").unwrap();
    assert!(matches!(Project::open(&other), Err(ProjectError::Foreign(_))));

    let newer = dir.path().join("newer.sqlite");
    drop(Project::open(&newer).unwrap());
    Connection::open(&newer).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(matches!(Project::open(&newer), Err(ProjectError::Newer { found: 99, .. })));
}
