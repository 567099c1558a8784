//! The library's log: what follows from it, and what it refuses.

use rand::RngExt;

use super::*;
use crate::base::seeded;

fn face(number: u8) -> Exemplar {
    Fingerprint([number; 32])
}

fn keep(person: u64, name: Option<&str>, faces: &[u8]) -> LibraryEdit {
    let exemplars = faces.iter().copied().map(face).collect();
    let kept = KeptIdentity { person: PersonId(person), name: name.map(str::to_owned), exemplars };
    LibraryEdit::Keep { from: "film".into(), people: vec![kept] }
}

fn perform(log: &mut Vec<LibraryEdit>, deed: LibraryEdit) -> Result<(), LibraryRefusal> {
    let deed = People::replay(log).prepare(deed)?;
    log.push(deed);
    Ok(())
}

fn summary(log: &[LibraryEdit]) -> Vec<(u64, String, Vec<usize>)> {
    let people = People::replay(log);
    let looks = |person: &Person| person.exemplar_sets.iter().map(|look| look.exemplars.len()).collect();
    people.iter().map(|person| (person.id.0, person.name.clone(), looks(person))).collect()
}

#[test]
fn people_are_kept_renamed_merged_and_removed() {
    let mut log = Vec::new();
    perform(&mut log, keep(0, Some(" Ada "), &[1, 2])).unwrap();
    perform(&mut log, keep(0, Some("Ben"), &[3])).unwrap();
    // What is there already is not kept twice, and a second project is a look of its own.
    perform(&mut log, keep(1, None, &[2, 4])).unwrap();
    assert_eq!(summary(&log), [(1, "Ada".into(), vec![2, 1]), (2, "Ben".into(), vec![1])]);
    perform(&mut log, LibraryEdit::Rename { person: PersonId(2), name: "Cleo".into() }).unwrap();
    perform(&mut log, LibraryEdit::Merge { people: vec![PersonId(2)], into: PersonId(1) }).unwrap();
    assert_eq!(summary(&log), [(1, "Ada".into(), vec![2, 1, 1])]);
    let people = People::replay(&log);
    assert_eq!(people.person(PersonId(2)).unwrap().name, "Ada", "who went into Ada is Ada");
    // What is said of the one who went is said of the one who stays.
    perform(&mut log, LibraryEdit::Rename { person: PersonId(2), name: "Ada L.".into() }).unwrap();
    perform(&mut log, LibraryEdit::Remove { person: PersonId(1) }).unwrap();
    assert!(summary(&log).is_empty());
    for _ in 0..3 {
        perform(&mut log, LibraryEdit::Undo).unwrap();
    }
    assert_eq!(summary(&log), [(1, "Ada".into(), vec![2, 1]), (2, "Cleo".into(), vec![1])]);
    perform(&mut log, LibraryEdit::Redo).unwrap();
    assert_eq!(summary(&log), [(1, "Ada".into(), vec![2, 1, 1])]);
    // A number is never given again.
    perform(&mut log, keep(0, Some("Dan"), &[9])).unwrap();
    assert_eq!(summary(&log)[1].0, 3);
    assert_eq!(perform(&mut log, LibraryEdit::Redo), Err(LibraryRefusal::Nothing("redo")));
}

#[test]
fn what_cannot_be_is_refused() {
    let mut log = Vec::new();
    assert_eq!(perform(&mut log, LibraryEdit::Undo), Err(LibraryRefusal::Nothing("undo")));
    assert_eq!(perform(&mut log, keep(0, Some("  "), &[1])), Err(LibraryRefusal::Nameless));
    assert_eq!(perform(&mut log, keep(0, Some("Ada"), &[])), Err(LibraryRefusal::Faceless));
    perform(&mut log, keep(0, Some("Ada"), &[1])).unwrap();
    let alone = LibraryEdit::Merge { people: vec![PersonId(1)], into: PersonId(1) };
    assert_eq!(perform(&mut log, alone), Err(LibraryRefusal::Alone));
    assert_eq!(
        perform(&mut log, LibraryEdit::Remove { person: PersonId(4) }),
        Err(LibraryRefusal::Person(PersonId(4)))
    );
    assert_eq!(log.len(), 1);
}

#[test]
fn undoing_all_and_redoing_all_is_the_identity() {
    for seed in 0..20 {
        let mut rng = seeded(seed);
        let mut log = Vec::new();
        for _ in 0..60 {
            let person = rng.random_range(1..8);
            let deed = match rng.random_range(0..6) {
                0 | 1 => keep(0, Some(["Ada", "Ben"][rng.random_range(0..2)]), &[rng.random_range(0..40)]),
                2 => keep(person, None, &[rng.random_range(0..40)]),
                3 => LibraryEdit::Rename { person: PersonId(person), name: "Cleo".into() },
                4 => LibraryEdit::Merge {
                    people: vec![PersonId(person)],
                    into: PersonId(rng.random_range(1..8)),
                },
                _ => LibraryEdit::Remove { person: PersonId(person) },
            };
            let _refused = perform(&mut log, deed);
        }
        let before = summary(&log);
        let mut steps = 0;
        while perform(&mut log, LibraryEdit::Undo).is_ok() {
            steps += 1;
        }
        assert!(summary(&log).is_empty(), "seed {seed}");
        for _ in 0..steps {
            perform(&mut log, LibraryEdit::Redo).unwrap();
        }
        assert_eq!(summary(&log), before, "seed {seed}");
        assert!(perform(&mut log, LibraryEdit::Redo).is_err());
    }
}
