//! Edits, undo as a tree, and re-runs around what the curator kept.

mod constraints;
mod random;

use super::*;
use crate::base::{CoOccurrence, Fingerprint};

fn ids(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("t{i}")).collect()
}

struct Fixture {
    tracks: Vec<String>,
    history: History,
    checkpoints: Checkpoints,
    review: Review,
    /// Tracks that are seen at the same time.
    co_occurrence: CoOccurrence,
}

impl Fixture {
    fn new(n: usize, clusters: &[Vec<TrackIx>]) -> Self {
        let mut fixture = Self {
            tracks: ids(n),
            history: History::default(),
            checkpoints: Checkpoints::new(&History::default(), Review::new(ids(n))).0,
            review: Review::new(ids(n)),
            co_occurrence: CoOccurrence::default(),
        };
        fixture.adopt(clusters);
        fixture
    }

    fn adopt(&mut self, clusters: &[Vec<TrackIx>]) {
        let adopted = adoption(&self.review, clusters, "test".into(), self.history.new_identity_id());
        self.push(Edit::Adopt(adopted));
    }

    fn edit(&mut self, json: &str) -> Result<(), Refusal> {
        let edit: Edit = serde_json::from_str(json).unwrap();
        let edit = self.review.prepare(edit, self.history.new_identity_id(), &self.co_occurrence)?;
        self.push(edit);
        Ok(())
    }

    fn push(&mut self, edit: Edit) {
        self.history.push(self.history.next_entry(edit, 0, &self.review));
        self.checkpoints.push(&self.history, &mut self.review);
    }

    fn undo(&mut self, steps: u64) -> u64 {
        let moved = self.history.undone(steps);
        self.jump(moved.cursor);
        moved.steps
    }

    fn redo(&mut self, steps: u64) -> u64 {
        let moved = self.history.redone(steps);
        self.jump(moved.cursor);
        moved.steps
    }

    fn jump(&mut self, number: u64) {
        self.review = self.checkpoints.at(&self.history, number, &self.review);
        self.history.jump(number);
        assert_eq!(self.review, self.history.replay(Review::new(self.tracks.clone())));
    }

    fn shape(&self) -> Vec<(u64, String, Vec<TrackIx>)> {
        self.review.identities().map(|i| (i.id.0, i.title(), i.tracks.clone())).collect()
    }
}

#[test]
fn biggest_cluster_is_person_one_and_stays_so() {
    let mut fixture = Fixture::new(5, &[vec![0], vec![1, 2, 3], vec![4]]);
    assert_eq!(fixture.shape()[0], (1, "Person 1".into(), vec![1, 2, 3]));
    fixture.edit(r#"{"edit":"ignore","identity":1}"#).unwrap();
    assert_eq!(fixture.shape()[2].1, "Person 3");
}

#[test]
fn merge_keeps_the_named_one() {
    let mut fixture = Fixture::new(5, &[vec![0, 1, 2], vec![3], vec![4]]);
    fixture.edit(r#"{"edit":"rename","identity":2,"name":" Anna "}"#).unwrap();
    fixture.edit(r#"{"edit":"merge","identities":[1,2]}"#).unwrap();
    assert_eq!(fixture.shape()[0], (2, "Anna".into(), vec![0, 1, 2, 3]));
    assert_eq!(fixture.review.identity_of(0), Some(IdentityId(2)));
    assert_eq!(fixture.edit(r#"{"edit":"merge","identities":[2,1]}"#), Err(Refusal::Identity(IdentityId(1))));
    assert!(matches!(fixture.edit(r#"{"edit":"merge","identities":[2]}"#), Err(Refusal::Nothing(_))));
}

#[test]
fn several_edits_are_one_gesture() {
    let mut fixture = Fixture::new(5, &[vec![0, 1, 2], vec![3], vec![4]]);
    let before = fixture.review.clone();
    fixture.edit(
        r#"{"edit":"all","edits":[{"edit":"split","tracks":"t0","name":"Ada"},{"edit":"split","tracks":"t1"},
            {"edit":"merge","identities":[5,4]},{"edit":"reject","tracks":["t3"]}]}"#,
    )
    .unwrap();
    assert_eq!(fixture.shape()[2], (4, "Ada".into(), vec![0, 1]), "new numbers rise within the gesture");
    assert_eq!((fixture.history.n_edits(), fixture.history.new_identity_id()), (1, IdentityId(6)));
    assert_eq!(fixture.history.replay(Review::new(ids(5))), fixture.review);
    assert_eq!(fixture.undo(1), 1);
    assert_eq!(fixture.review, before);
}

#[test]
fn a_gesture_is_refused_whole() {
    let mut fixture = Fixture::new(3, &[vec![0, 1], vec![2]]);
    let before = fixture.review.clone();
    let merge_twice = r#"{"edit":"all","edits":[{"edit":"merge","identities":[1,2]},
                         {"edit":"confirm","identities":2}]}"#;
    assert_eq!(fixture.edit(merge_twice), Err(Refusal::Identity(IdentityId(2))));
    let nested = r#"{"edit":"all","edits":[{"edit":"all","edits":[]}]}"#;
    assert_eq!(fixture.edit(nested), Err(Refusal::Nested));
    assert!(matches!(fixture.edit(r#"{"edit":"all","edits":[]}"#), Err(Refusal::Nothing(_))));
    let adopts = r#"{"edit":"all","edits":[{"edit":"adopt","source":"x","identities":[]}]}"#;
    assert_eq!(fixture.edit(adopts), Err(Refusal::Adopt));
    assert_eq!((&fixture.review, fixture.history.n_edits()), (&before, 0));
}

#[test]
fn a_new_branch_after_undo_loses_nothing() {
    let mut fixture = Fixture::new(3, &[vec![0], vec![1], vec![2]]);
    fixture.edit(r#"{"edit":"rename","identity":1,"name":"A"}"#).unwrap();
    fixture.edit(r#"{"edit":"rename","identity":1,"name":"B"}"#).unwrap();
    assert_eq!(fixture.undo(1), 1);
    assert_eq!(fixture.shape()[0].1, "A");
    fixture.edit(r#"{"edit":"rename","identity":1,"name":"C"}"#).unwrap();
    assert_eq!((fixture.history.n_edits(), fixture.history.cursor()), (3, 3));
    assert_eq!(fixture.undo(99), 2, "undo ends at the first clustering");
    assert_eq!(fixture.redo(99), 2);
    assert_eq!(fixture.shape()[0].1, "C");
    fixture.history.jump(2);
    assert_eq!(fixture.history.replay(Review::new(ids(3))).identity(IdentityId(1)).unwrap().title(), "B");
}

#[test]
fn the_history_is_told_as_it_was() {
    let mut fixture = Fixture::new(9, &[vec![0, 1, 2, 3], vec![4, 5], vec![6], vec![7], vec![8]]);
    for edit in [
        r#"{"edit":"rename","identity":2,"name":"Ann"}"#,
        r#"{"edit":"rename","identity":2,"name":"Anna"}"#,
        r#"{"edit":"merge","identities":[3,4,5],"into":2}"#,
        r#"{"edit":"move","tracks":["t0","t6"],"to":2}"#,
        r#"{"edit":"split","tracks":["t1","t2"],"name":"Bea"}"#,
        r#"{"edit":"reject","tracks":["t3"]}"#,
        r#"{"edit":"rename","identity":2,"name":""}"#,
        r#"{"edit":"merge","identities":[2,6]}"#,
        r#"{"edit":"all","edits":[{"edit":"confirm","identities":6},{"edit":"ignore","identities":6}]}"#,
    ] {
        fixture.edit(edit).unwrap();
    }
    let told: Vec<String> = fixture.history.entries().iter().map(LogEntry::describe).collect();
    let expected = [
        "Regrouped: test",
        "Named Person 2 Ann",
        "Renamed Ann to Anna",
        "Merged 3 people into Anna",
        "Moved 2 tracks from Person 1 to Anna",
        "Split 2 tracks off Person 1, as Bea",
        "Rejected 1 track from Person 1",
        "Removed Anna's name",
        "Merged Person 2 into Bea",
        "Confirmed Bea, and 1 edit more",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_jump_reaches_every_branch() {
    use EntryStatus::{Aside, InForce, Undone};
    let mut fixture = Fixture::new(3, &[vec![0], vec![1], vec![2]]);
    let name = |name: &str| format!(r#"{{"edit":"rename","identity":1,"name":"{name}"}}"#);
    for made in ["A", "B"] {
        fixture.edit(&name(made)).unwrap();
    }
    fixture.undo(1);
    fixture.edit(&name("C")).unwrap();
    let standings = |fixture: &Fixture| -> Vec<EntryStatus> {
        (0..fixture.history.entries().len() as u64).filter_map(|at| fixture.history.status(at)).collect()
    };
    assert_eq!(standings(&fixture), [InForce, InForce, Aside, InForce]);
    fixture.jump(2);
    assert_eq!(
        (fixture.shape()[0].1.as_str(), standings(&fixture)),
        ("B", vec![InForce, InForce, InForce, Aside])
    );
    assert!(fixture.history.to_redo().is_none());
    fixture.undo(1);
    // Redo follows the newest branch, as after a restart.
    assert_eq!(standings(&fixture), [InForce, InForce, Aside, Undone]);
    let again = History::new(fixture.history.entries().to_vec(), Some(fixture.history.cursor()));
    assert_eq!(again, fixture.history);
    assert_eq!((fixture.redo(9), fixture.shape()[0].1.as_str()), (1, "C"));
    assert_eq!(fixture.history.status(4), None);
}

#[test]
fn numbers_are_never_given_twice() {
    let mut fixture = Fixture::new(4, &[vec![0, 1, 2, 3]]);
    fixture.edit(r#"{"edit":"split","tracks":"t0"}"#).unwrap();
    fixture.undo(1);
    fixture.edit(r#"{"edit":"split","tracks":["t1"]}"#).unwrap();
    assert_eq!(fixture.review.identity_of(1), Some(IdentityId(3)));
}

#[test]
fn a_rerun_leaves_what_was_kept() {
    let mut fixture = Fixture::new(8, &[vec![0, 1], vec![2, 3], vec![4, 5], vec![6, 7]]);
    fixture.edit(r#"{"edit":"rename","identity":1,"name":"Anna"}"#).unwrap();
    fixture.edit(r#"{"edit":"merge","identities":[2,3]}"#).unwrap();
    fixture.edit(r#"{"edit":"reject","tracks":["t6"]}"#).unwrap();
    let before = fixture.shape();
    fixture.adopt(&[vec![0, 2, 4, 6], vec![1, 3, 5, 7]]);
    assert_eq!(fixture.shape(), before);
    assert!(fixture.review.is_rejected(6));
    fixture.adopt(&[(0..8).collect()]);
    assert_eq!(fixture.shape(), before);
    fixture.edit(r#"{"edit":"move","tracks":["t6"],"to":1}"#).unwrap();
    assert!(!fixture.review.is_rejected(6));
}

#[test]
fn a_group_that_comes_back_keeps_its_number() {
    let mut fixture = Fixture::new(6, &[vec![0, 1, 2], vec![3, 4], vec![5]]);
    fixture.adopt(&[vec![0, 1], vec![2], vec![3, 4, 5]]);
    let shape = fixture.shape();
    assert_eq!(shape.iter().map(|s| s.0).collect::<Vec<_>>(), [1, 2, 4]);
    assert_eq!(shape[1].2, [3, 4, 5]);
}

#[test]
fn tracks_that_left_the_folder_are_passed_over() {
    let mut fixture = Fixture::new(4, &[vec![0, 1], vec![2, 3]]);
    fixture.edit(r#"{"edit":"merge","identities":[1,2]}"#).unwrap();
    let review = fixture.history.replay(Review::new(vec!["t1".into(), "new".into()]));
    assert_eq!(review.identities().next().unwrap().tracks, [0]);
    assert_eq!(review.unassigned().collect::<Vec<_>>(), [1]);
}

/// A person of some library.
fn person(number: u64) -> KnownPerson {
    KnownPerson { library: Fingerprint([7; 32]), person: number }
}

#[test]
fn who_was_recognised_goes_with_the_name() {
    let mut review = Review::new(ids(4));
    let adopted = adoption(&review, &[vec![0, 1], vec![2], vec![3]], "test".into(), IdentityId(1));
    review.apply(&Edit::Adopt(adopted));
    let recognise =
        |id, number| Edit::Recognise { identity: IdentityId(id), person: person(number), name: "Ada".into() };
    let unlike = Edit::Unlike { tracks: vec!["t0".into()], person: person(1), name: "Ada".into() };
    review.apply(&unlike);
    assert!(
        review.is_unlike(0, person(1)) && !review.is_unlike(1, person(1)) && !review.is_unlike(0, person(2))
    );
    review.apply(&recognise(1, 1));
    let known = |review: &Review, id| review.identity(IdentityId(id)).and_then(|it| it.known);
    let ada = review.identity(IdentityId(1)).unwrap();
    assert_eq!((ada.title(), ada.state, ada.kept), ("Ada".to_owned(), IdentityState::Confirmed, true));
    assert_eq!(known(&review, 1), Some(person(1)));
    assert!(!review.is_unlike(0, person(1)), "who is recognised is no longer said not to be");
    // A namesake that is merged into her stays her; a merge into somebody nameless brings her along.
    review.apply(&Edit::Rename { identity: IdentityId(2), name: "Ada".into() });
    review.apply(&Edit::merge(vec![IdentityId(1), IdentityId(2)], Some(IdentityId(2))));
    assert_eq!(known(&review, 2), Some(person(1)));
    review.apply(&Edit::merge(vec![IdentityId(2), IdentityId(3)], Some(IdentityId(3))));
    assert_eq!(known(&review, 3), Some(person(1)));
    review.apply(&Edit::Rename { identity: IdentityId(3), name: "Ada".into() });
    assert_eq!(known(&review, 3), Some(person(1)), "the same name again says nothing new");
    review.apply(&Edit::Rename { identity: IdentityId(3), name: "Berta".into() });
    assert_eq!(known(&review, 3), None);
    let nameless = Edit::Recognise { identity: IdentityId(3), person: person(1), name: " ".into() };
    assert!(review.prepare(nameless, IdentityId(9), &CoOccurrence::default()).is_err());
}

#[test]
fn details_stay_with_the_person() {
    let mut fixture = Fixture::new(4, &[vec![0, 1], vec![2], vec![3]]);
    let details = |fixture: &Fixture, id| -> Vec<String> {
        let details = &fixture.review.identity(IdentityId(id)).unwrap().details;
        details.iter().map(|(name, value)| format!("{name}={value}")).collect()
    };
    fixture.edit(r#"{"edit":"describe","identity":1,"details":{"role":" Queen ","born":"1815"}}"#).unwrap();
    fixture.edit(r#"{"edit":"describe","identity":1,"details":{"born":"","actor":"A. B."}}"#).unwrap();
    assert_eq!(details(&fixture, 1), ["actor=A. B.", "role=Queen"], "an empty value goes");
    let split = r#"{"edit":"split","tracks":["t2"],"name":"Ada","details":{"role":"King","born":"1816"}}"#;
    fixture.edit(split).unwrap();
    assert_eq!(details(&fixture, 4), ["born=1816", "role=King"]);
    fixture.edit(r#"{"edit":"merge","identities":[1,4],"into":1}"#).unwrap();
    assert_eq!(
        details(&fixture, 1),
        ["actor=A. B.", "born=1816", "role=Queen"],
        "both's, and the survivor's win"
    );
    let words = fixture.history.entries().last().unwrap().describe();
    assert_eq!(words, "Merged Ada into Ada; of two values the first stays: role Queen, not King");
    assert_eq!(fixture.history.replay(Review::new(ids(4))), fixture.review);
    fixture.undo(1);
    assert_eq!(details(&fixture, 4), ["born=1816", "role=King"]);
    fixture.adopt(&[vec![0, 3], vec![1, 2]]);
    assert_eq!(details(&fixture, 1), ["actor=A. B.", "role=Queen"], "a run leaves them");
    let refused = |json: &str, fixture: &mut Fixture| fixture.edit(json).unwrap_err().to_string();
    let long = format!(r#"{{"edit":"describe","identity":1,"details":{{"a":"{}"}}}}"#, "x".repeat(1_001));
    assert!(refused(&long, &mut fixture).contains("1001 characters"));
    let control = r#"{"edit":"describe","identity":1,"details":{"a":"x\u001by"}}"#;
    assert!(refused(control, &mut fixture).contains("U+001B"));
    assert_eq!(
        fixture.edit(r#"{"edit":"describe","identity":9,"details":{"a":"b"}}"#),
        Err(Refusal::Identity(IdentityId(9)))
    );
    let many: Vec<String> = (0..63).map(|n| format!(r#""{n}":"x""#)).collect();
    let many = format!(r#"{{"edit":"describe","identity":1,"details":{{{}}}}}"#, many.join(","));
    assert!(refused(&many, &mut fixture).contains("65 details"));
}
