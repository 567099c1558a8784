//! What is written comes back; what is damaged, foreign or locked is reported and left alone.

use super::*;
use crate::embed::{EmbeddingCache, TrackEmbedding};
use crate::review::{AdoptedClustering, Edit, IdentityId};

fn entry(number: u64, edit: Edit) -> LogEntry {
    LogEntry { number, parent: number.checked_sub(1), at: 7, edit, names: Vec::new() }
}

fn rename(name: &str) -> Edit {
    Edit::Rename { identity: IdentityId(1), name: name.into() }
}

#[test]
fn everything_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    let project = Project::open(&path).unwrap();
    let set = TrackSet::new(dir.path().to_path_buf(), Vec::new());
    let settings = BTreeMap::from([("radius".to_owned(), "0.5".to_owned())]);
    let adopted = Edit::Adopt(AdoptedClustering {
        source: "x".into(),
        identities: vec![(IdentityId(1), vec!["t".into()])],
        ..AdoptedClustering::default()
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
        project.append(&LogEntry { names: names.clone(), ..entry(1, rename("Anna")) }),
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
    assert!(matches!(
        second.append(&entry(0, rename("x"))).wait(),
        Err(ProjectError::ReadOnly { reason: ReadOnlyReason::InUse, .. })
    ));
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

#[test]
fn a_file_that_defines_more_or_less_than_a_project_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    let changed = |sql: &str| {
        let _none_before = std::fs::remove_file(&path);
        Project::open(&path).unwrap().append(&entry(0, rename("Anna"))).wait().unwrap();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = Project::open(&path).unwrap_err();
        assert!(matches!(error, ProjectError::Damaged { .. }), "{sql}: {error}");
        assert!(Project::open_read_only(&path).is_err() && std::fs::read(&path).unwrap() == before, "{sql}");
        error.to_string()
    };
    let swallows = "CREATE TRIGGER t BEFORE INSERT ON edits BEGIN SELECT RAISE(IGNORE); END";
    assert!(changed(swallows).contains("trigger `t`"));
    let endless = "DROP TABLE tracks; CREATE VIEW tracks AS WITH RECURSIVE r(position) AS
                   (SELECT 1 UNION ALL SELECT position + 1 FROM r) SELECT position, 'x' AS id FROM r";
    assert!(changed(endless).contains("`tracks`"));
    assert!(changed("DROP TRIGGER edits_stay").contains("`edits_stay` is missing"));
    assert!(changed("CREATE TABLE photos (x)").contains("table `photos`"));
}

#[test]
fn a_log_that_does_not_hold_together_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    for (sql, word) in [
        ("UPDATE meta SET value = '7' WHERE name = 'cursor'", "stands at entry `7`"),
        ("UPDATE meta SET value = 'x' WHERE name = 'cursor'", "stands at entry `x`"),
        ("UPDATE edits SET parent = 1 WHERE number = 1", "in place 1"),
        ("UPDATE edits SET parent = NULL WHERE number = 1", "in place 1"),
        ("UPDATE edits SET number = 5 WHERE number = 1", "in place 1"),
        ("UPDATE edits SET edit = replace(edit, 'Anna', 'Anne') WHERE number = 1", "entry 1 of the log"),
        ("UPDATE edits SET at = 'noon' WHERE number = 1", "column type"),
    ] {
        let _none_before = std::fs::remove_file(&path);
        let project = Project::open(&path).unwrap();
        project.append(&entry(0, rename("Ann"))).wait().unwrap();
        project.append(&entry(1, rename("Anna"))).wait().unwrap();
        drop(project);
        let stays = "CREATE TRIGGER edits_stay BEFORE UPDATE ON edits BEGIN \
                     SELECT RAISE(ABORT, 'the log is append-only'); END;";
        let sql = format!("DROP TRIGGER edits_stay; {sql}; {stays}");
        Connection::open(&path).unwrap().execute_batch(&sql).unwrap();
        let error = Project::open(&path).unwrap().load().unwrap_err();
        assert!(matches!(error, ProjectError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn a_kept_embedding_that_changed_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    let (sound, changed) = (Fingerprint([1; 32]), Fingerprint([2; 32]));
    let embedding = TrackEmbedding { vector: Some(vec![0.6, 0.8]), ..TrackEmbedding::default() };
    let project = Project::open(&path).unwrap();
    project.put(sound, &embedding);
    project.put(changed, &embedding);
    project.save_run(changed, &7).wait().unwrap();
    drop(project);
    let file = Connection::open(&path).unwrap();
    file.execute("UPDATE embeddings SET vector = zeroblob(8) WHERE key = ?1", [changed.0]).unwrap();
    file.execute("UPDATE clusterings SET run = '8'", []).unwrap();
    drop(file);
    let project = Project::open(&path).unwrap();
    assert_eq!((project.get(sound), project.get(changed)), (Some(embedding.clone()), None));
    assert_eq!(project.run::<i32>(changed), None);
    // Zeros without a checksum, as an older format has them, are nobody's face either.
    let unchecked = "UPDATE embeddings SET checksum = NULL";
    project.write(Urgency::Now, move |c| c.execute(unchecked, []).map(drop)).wait().unwrap();
    assert_eq!((project.get(sound), project.get(changed)), (Some(embedding), None));
}

#[test]
fn an_older_file_can_be_looked_at_without_a_change() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    let old = Connection::open(&path).unwrap();
    for step in &schema::PROJECT.migrations[..2] {
        old.execute_batch(step).unwrap();
    }
    let id = schema::PROJECT.application_id;
    old.execute_batch(&format!("PRAGMA application_id = {id}; PRAGMA user_version = 2;")).unwrap();
    let edit = serde_json::to_string(&rename("Anna")).unwrap();
    old.execute("INSERT INTO edits (number, at, edit) VALUES (0, 7, ?1)", [edit]).unwrap();
    drop(old);
    let before = std::fs::read(&path).unwrap();
    let seen = Project::open_read_only(&path).unwrap();
    assert_eq!(seen.load().unwrap().entries, [entry(0, rename("Anna"))]);
    drop(seen);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(Project::open(&path).unwrap().load().unwrap().entries.len(), 1);
}

#[cfg(unix)]
#[test]
fn nothing_is_acknowledged_once_another_file_lies_at_the_path() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    let project = Project::open(&path).unwrap();
    project.append(&entry(0, rename("Anna"))).wait().unwrap();
    std::fs::rename(&path, dir.path().join("moved.sqlite")).unwrap();
    let gone = project.append(&entry(1, rename("Ben"))).wait();
    assert!(matches!(gone, Err(ProjectError::Replaced(_))), "{gone:?}");
    std::fs::write(&path, "").unwrap();
    assert!(matches!(project.append(&entry(1, rename("Ben"))).wait(), Err(ProjectError::Replaced(_))));
    std::fs::remove_file(&path).unwrap();
    std::fs::rename(dir.path().join("moved.sqlite"), &path).unwrap();
    project.append(&entry(1, rename("Ben"))).wait().unwrap();
}

#[test]
fn tracks_without_their_version_or_their_folder_are_damage() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.sqlite");
    let project = Project::open(&path).unwrap();
    let rows = crate::base::Embeddings::new(2, vec![1.0, 0.0]).unwrap();
    project.save_tracks(&crate::tracks::tracks_of_matrix(dir.path(), &rows, None)).wait().unwrap();
    drop(project);
    let damaged_by = |sql: &str| {
        let file = Connection::open(&path).unwrap();
        file.execute_batch(&format!("SAVEPOINT whole; {sql}")).unwrap();
        let outcome = load(&file, &path);
        file.execute_batch("ROLLBACK TO whole; RELEASE whole").unwrap();
        matches!(outcome, Err(ProjectError::Damaged { .. }))
    };
    assert!(
        !damaged_by("SELECT 1") && !damaged_by("UPDATE meta SET value = '0' WHERE name = 'tracks_version'")
    );
    assert!(damaged_by("DELETE FROM meta WHERE name = 'tracks_version'"));
    assert!(damaged_by("DELETE FROM meta WHERE name = 'root'"));
    assert!(damaged_by("UPDATE meta SET value = '1x' WHERE name = 'tracks_version'"));
    // A project that was restored without tracks is scanned first.
    assert!(!damaged_by("DELETE FROM tracks; DELETE FROM meta WHERE name = 'tracks_version'"));
}
