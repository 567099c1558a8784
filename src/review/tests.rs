//! Edits, undo as a tree, and re-runs around what the curator kept.

use rand::RngExt;

use super::*;
use crate::base::{CoOccurrence, Constraint, Constraints, LinkKind, LinkSource, UnionFind, seeded};

fn ids(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("t{i}")).collect()
}

struct Desk {
    tracks: Vec<String>,
    history: History,
    checkpoints: Checkpoints,
    review: Review,
    /// Tracks that are seen at the same time.
    together: CoOccurrence,
}

impl Desk {
    fn new(n: usize, clusters: &[Vec<TrackIx>]) -> Self {
        let mut desk = Self {
            tracks: ids(n),
            history: History::default(),
            checkpoints: Checkpoints::new(&History::default(), ids(n)).0,
            review: Review::new(ids(n)),
            together: CoOccurrence::default(),
        };
        desk.adopt(clusters);
        desk
    }

    fn adopt(&mut self, clusters: &[Vec<TrackIx>]) {
        let adopted = adoption(&self.review, clusters, "test".into(), self.history.fresh_identity());
        self.push(Edit::Adopt(adopted));
    }

    fn edit(&mut self, json: &str) -> Result<(), Refusal> {
        let edit: Edit = serde_json::from_str(json).unwrap();
        let edit = self.review.prepare(edit, self.history.fresh_identity(), &self.together)?;
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
        assert_eq!(self.review, self.history.replay(self.tracks.clone()));
    }

    fn shape(&self) -> Vec<(u64, String, Vec<TrackIx>)> {
        self.review.identities().map(|i| (i.id.0, i.title(), i.tracks.clone())).collect()
    }
}

#[test]
fn biggest_cluster_is_person_one_and_stays_so() {
    let mut desk = Desk::new(5, &[vec![0], vec![1, 2, 3], vec![4]]);
    assert_eq!(desk.shape()[0], (1, "Person 1".into(), vec![1, 2, 3]));
    desk.edit(r#"{"edit":"ignore","identity":1}"#).unwrap();
    assert_eq!(desk.shape()[2].1, "Person 3");
}

#[test]
fn merge_keeps_the_named_one() {
    let mut desk = Desk::new(5, &[vec![0, 1, 2], vec![3], vec![4]]);
    desk.edit(r#"{"edit":"rename","identity":2,"name":" Anna "}"#).unwrap();
    desk.edit(r#"{"edit":"merge","identities":[1,2]}"#).unwrap();
    assert_eq!(desk.shape()[0], (2, "Anna".into(), vec![0, 1, 2, 3]));
    assert_eq!(desk.review.identity_of(0), Some(IdentityId(2)));
    assert_eq!(desk.edit(r#"{"edit":"merge","identities":[2,1]}"#), Err(Refusal::Identity(IdentityId(1))));
    assert!(matches!(desk.edit(r#"{"edit":"merge","identities":[2]}"#), Err(Refusal::Nothing(_))));
}

#[test]
fn several_edits_are_one_gesture() {
    let mut desk = Desk::new(5, &[vec![0, 1, 2], vec![3], vec![4]]);
    let before = desk.review.clone();
    desk.edit(
        r#"{"edit":"all","edits":[{"edit":"split","tracks":"t0","name":"Ada"},{"edit":"split","tracks":"t1"},
            {"edit":"merge","identities":[5,4]},{"edit":"reject","tracks":["t3"]}]}"#,
    )
    .unwrap();
    assert_eq!(desk.shape()[2], (4, "Ada".into(), vec![0, 1]), "new numbers rise within the gesture");
    assert_eq!((desk.history.n_edits(), desk.history.fresh_identity()), (1, IdentityId(6)));
    assert_eq!(desk.history.replay(ids(5)), desk.review);
    assert_eq!(desk.undo(1), 1);
    assert_eq!(desk.review, before);
}

#[test]
fn a_gesture_is_refused_whole() {
    let mut desk = Desk::new(3, &[vec![0, 1], vec![2]]);
    let before = desk.review.clone();
    let merge_twice = r#"{"edit":"all","edits":[{"edit":"merge","identities":[1,2]},
                         {"edit":"confirm","identities":2}]}"#;
    assert_eq!(desk.edit(merge_twice), Err(Refusal::Identity(IdentityId(2))));
    let nested = r#"{"edit":"all","edits":[{"edit":"all","edits":[]}]}"#;
    assert_eq!(desk.edit(nested), Err(Refusal::Nested));
    assert!(matches!(desk.edit(r#"{"edit":"all","edits":[]}"#), Err(Refusal::Nothing(_))));
    let adopts = r#"{"edit":"all","edits":[{"edit":"adopt","source":"x","identities":[]}]}"#;
    assert_eq!(desk.edit(adopts), Err(Refusal::Adopt));
    assert_eq!((&desk.review, desk.history.n_edits()), (&before, 0));
}

#[test]
fn a_new_branch_after_undo_loses_nothing() {
    let mut desk = Desk::new(3, &[vec![0], vec![1], vec![2]]);
    desk.edit(r#"{"edit":"rename","identity":1,"name":"A"}"#).unwrap();
    desk.edit(r#"{"edit":"rename","identity":1,"name":"B"}"#).unwrap();
    assert_eq!(desk.undo(1), 1);
    assert_eq!(desk.shape()[0].1, "A");
    desk.edit(r#"{"edit":"rename","identity":1,"name":"C"}"#).unwrap();
    assert_eq!((desk.history.n_edits(), desk.history.cursor()), (3, 3));
    assert_eq!(desk.undo(99), 2, "undo ends at the first clustering");
    assert_eq!(desk.redo(99), 2);
    assert_eq!(desk.shape()[0].1, "C");
    desk.history.jump(2);
    assert_eq!(desk.history.replay(ids(3)).identity(IdentityId(1)).unwrap().title(), "B");
}

#[test]
fn the_history_is_told_as_it_was() {
    let mut desk = Desk::new(9, &[vec![0, 1, 2, 3], vec![4, 5], vec![6], vec![7], vec![8]]);
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
        desk.edit(edit).unwrap();
    }
    let told: Vec<String> = desk.history.entries().iter().map(Entry::words).collect();
    let expected = [
        "Regrouped: test",
        "Named Person 2 Ann",
        "Renamed Ann to Anna",
        "Merged 3 identities into Anna",
        "Moved 2 tracks from Person 1 to Anna",
        "Split 2 tracks off Person 1, as Bea",
        "Rejected 1 track of Person 1",
        "Took the name of Anna away",
        "Merged Person 2 into Bea",
        "Confirmed Bea, and 1 edit more",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_jump_reaches_every_branch() {
    use Standing::{Aside, InForce, Undone};
    let mut desk = Desk::new(3, &[vec![0], vec![1], vec![2]]);
    let name = |name: &str| format!(r#"{{"edit":"rename","identity":1,"name":"{name}"}}"#);
    for made in ["A", "B"] {
        desk.edit(&name(made)).unwrap();
    }
    desk.undo(1);
    desk.edit(&name("C")).unwrap();
    let standings = |desk: &Desk| -> Vec<Standing> {
        (0..desk.history.entries().len() as u64).filter_map(|at| desk.history.standing(at)).collect()
    };
    assert_eq!(standings(&desk), [InForce, InForce, Aside, InForce]);
    desk.jump(2);
    assert_eq!((desk.shape()[0].1.as_str(), standings(&desk)), ("B", vec![InForce, InForce, InForce, Aside]));
    assert!(desk.history.to_redo().is_none());
    desk.undo(1);
    // Redo follows the newest branch, as after a restart.
    assert_eq!(standings(&desk), [InForce, InForce, Aside, Undone]);
    let again = History::new(desk.history.entries().to_vec(), Some(desk.history.cursor()));
    assert_eq!(again, desk.history);
    assert_eq!((desk.redo(9), desk.shape()[0].1.as_str()), (1, "C"));
    assert_eq!(desk.history.standing(4), None);
}

#[test]
fn numbers_are_never_given_twice() {
    let mut desk = Desk::new(4, &[vec![0, 1, 2, 3]]);
    desk.edit(r#"{"edit":"split","tracks":"t0"}"#).unwrap();
    desk.undo(1);
    desk.edit(r#"{"edit":"split","tracks":["t1"]}"#).unwrap();
    assert_eq!(desk.review.identity_of(1), Some(IdentityId(3)));
}

#[test]
fn a_rerun_leaves_what_was_kept() {
    let mut desk = Desk::new(8, &[vec![0, 1], vec![2, 3], vec![4, 5], vec![6, 7]]);
    desk.edit(r#"{"edit":"rename","identity":1,"name":"Anna"}"#).unwrap();
    desk.edit(r#"{"edit":"merge","identities":[2,3]}"#).unwrap();
    desk.edit(r#"{"edit":"reject","tracks":["t6"]}"#).unwrap();
    let before = desk.shape();
    desk.adopt(&[vec![0, 2, 4, 6], vec![1, 3, 5, 7]]);
    assert_eq!(desk.shape(), before);
    assert!(desk.review.is_rejected(6));
    desk.adopt(&[(0..8).collect()]);
    assert_eq!(desk.shape(), before);
    desk.edit(r#"{"edit":"move","tracks":["t6"],"to":1}"#).unwrap();
    assert!(!desk.review.is_rejected(6));
}

#[test]
fn a_group_that_comes_back_keeps_its_number() {
    let mut desk = Desk::new(6, &[vec![0, 1, 2], vec![3, 4], vec![5]]);
    desk.adopt(&[vec![0, 1], vec![2], vec![3, 4, 5]]);
    let shape = desk.shape();
    assert_eq!(shape.iter().map(|s| s.0).collect::<Vec<_>>(), [1, 2, 4]);
    assert_eq!(shape[1].2, [3, 4, 5]);
}

#[test]
fn tracks_that_left_the_folder_are_passed_over() {
    let mut desk = Desk::new(4, &[vec![0, 1], vec![2, 3]]);
    desk.edit(r#"{"edit":"merge","identities":[1,2]}"#).unwrap();
    let review = desk.history.replay(vec!["t1".into(), "new".into()]);
    assert_eq!(review.identities().next().unwrap().tracks, [0]);
    assert_eq!(review.unassigned().collect::<Vec<_>>(), [1]);
}

#[test]
fn random_edits_replay_to_the_live_state_and_back() {
    let mut rng = seeded(11);
    let n = 24;
    let clusters: Vec<Vec<TrackIx>> = (0..8).map(|c| (0..3).map(|t| c * 3 + t).collect()).collect();
    let mut desk = Desk::new(n, &clusters);
    let first = desk.review.clone();
    for step in 0..400 {
        let identities: Vec<u64> = desk.review.identities().map(|i| i.id.0).collect();
        let mut someone =
            || identities.get(rng.random_range(0..identities.len().max(1))).copied().unwrap_or(1);
        let (x, y) = (someone(), someone());
        let track = rng.random_range(0..n);
        let json = match step % 9 {
            0 => format!(r#"{{"edit":"merge","identities":[{x},{y}]}}"#),
            1 => format!(r#"{{"edit":"move","tracks":["t{track}"],"to":{x}}}"#),
            2 | 3 => format!(r#"{{"edit":"split","tracks":["t{track}"]}}"#),
            4 => format!(r#"{{"edit":"reject","tracks":["t{track}"]}}"#),
            5 => format!(r#"{{"edit":"rename","identity":{x},"name":"N{step}"}}"#),
            6 => format!(r#"{{"edit":"ignore","identities":[{x}]}}"#),
            7 => format!(r#"{{"edit":"restore","identities":[{x}]}}"#),
            _ => format!(r#"{{"edit":"cover","identity":{x},"track":"t{track}"}}"#),
        };
        let _refused = desk.edit(&json);
        if step % 40 == 39 {
            desk.adopt(&clusters);
        }
        assert_eq!(desk.history.replay(ids(n)), desk.review, "after {json}");
        for (ix, of) in desk.review.of_track.iter().enumerate() {
            let holders = desk.review.identities().filter(|i| i.tracks.contains(&(ix as u32))).count();
            assert_eq!(holders, usize::from(of.is_some()), "track {ix} after {json}");
        }
    }
    let last = desk.review.clone();
    let steps = desk.undo(u64::MAX);
    assert_eq!(desk.review, first);
    assert_eq!(desk.redo(u64::MAX), steps);
    assert_eq!(desk.review, last);
}

/// Tracks `t0`, `t1` … of which those of `together` are seen at the same time.
fn linked(n: usize, together: &[(TrackIx, TrackIx)]) -> Desk {
    let seen = |&(a, b): &(TrackIx, TrackIx)| Constraint {
        a,
        b,
        kind: LinkKind::Cannot,
        source: LinkSource::CoOccurrence,
    };
    let together = CoOccurrence::new(&Constraints::new(together.iter().map(seen)));
    Desk { together, ..Desk::new(n, &[(0..n as TrackIx).collect()]) }
}

fn link(kind: &str, a: u32, b: u32, overrides: bool) -> String {
    let end = if overrides { r#","override":true"# } else { "" };
    format!(r#"{{"edit":"{kind}-link","a":"t{a}","b":"t{b}"{end}}}"#)
}

fn held(desk: &Desk) -> Vec<(u32, u32, bool)> {
    desk.review.links().iter().map(|link| (link.a, link.b, link.kind == LinkKind::Must)).collect()
}

#[test]
fn a_cannot_link_against_a_chain_is_refused_with_the_chain() {
    let mut desk = linked(5, &[]);
    for (a, b) in [(0, 3), (1, 3), (1, 4)] {
        desk.edit(&link("must", a, b, false)).unwrap();
    }
    let chain = ["t0", "t3", "t1", "t4"].map(str::to_owned).to_vec();
    let refused = desk.edit(&link("cannot", 0, 4, false)).unwrap_err();
    assert_eq!(refused, Refusal::Joined { chain });
    assert!(refused.to_string().contains("`t0` – `t3` – `t1` – `t4`"), "{refused}");
    // Overridden, the oldest of the chain goes.
    desk.edit(&link("cannot", 0, 4, true)).unwrap();
    assert_eq!(held(&desk), [(0, 4, false), (1, 3, true), (1, 4, true)]);
    assert_eq!(desk.history.replay(ids(5)), desk.review);
    desk.undo(1);
    assert_eq!(held(&desk), [(0, 3, true), (1, 3, true), (1, 4, true)]);
}

#[test]
fn a_must_link_across_a_cannot_link_is_refused_with_that_link() {
    let mut desk = linked(6, &[]);
    desk.edit(&link("must", 0, 1, false)).unwrap();
    desk.edit(&link("cannot", 1, 3, false)).unwrap();
    desk.edit(&link("must", 2, 3, false)).unwrap();
    let names = ["t0", "t2", "t1", "t3"].map(str::to_owned);
    let [a, b, x, y] = names;
    assert_eq!(desk.edit(&link("must", 0, 2, false)), Err(Refusal::Parted { a, b, x, y }));
    // Newest first, each link that agrees with all newer ones holds: here the oldest goes.
    desk.edit(&link("must", 0, 2, true)).unwrap();
    assert_eq!(held(&desk), [(0, 2, true), (1, 3, false), (2, 3, true)]);
}

#[test]
fn the_same_pair_is_simply_said_anew() {
    let mut desk = linked(3, &[]);
    desk.edit(&link("must", 0, 1, false)).unwrap();
    desk.edit(&link("cannot", 1, 0, false)).unwrap();
    assert_eq!(held(&desk), [(0, 1, false)]);
    desk.edit(&link("must", 0, 1, false)).unwrap();
    assert_eq!(held(&desk), [(0, 1, true)]);
}

#[test]
fn a_must_link_across_tracks_seen_together_names_them() {
    let mut desk = linked(5, &[(0, 1), (0, 2), (3, 4)]);
    desk.edit(&link("must", 1, 2, false)).unwrap();
    desk.edit(&link("must", 2, 3, false)).unwrap();
    let refused = desk.edit(&link("must", 0, 3, false)).unwrap_err();
    let [a, b, x, y] = ["t0", "t3", "t0", "t1"].map(str::to_owned);
    assert_eq!(refused, Refusal::Together { a, b, x, y, more: 1 });
    assert!(refused.to_string().contains("`t0` and `t1` are seen at the same time (and 1 more"), "{refused}");
    desk.edit(&link("must", 0, 3, true)).unwrap();
    assert_eq!(held(&desk), [(0, 3, true), (1, 2, true), (2, 3, true)]);
    // Tracks that are joined already are not asked about again.
    desk.edit(&link("must", 0, 2, false)).unwrap();
}

#[test]
fn links_of_tracks_that_came_back_give_way_to_newer_ones() {
    let mut desk = linked(3, &[]);
    desk.edit(&link("must", 0, 1, false)).unwrap();
    desk.edit(&link("must", 1, 2, false)).unwrap();
    desk.tracks = vec!["t0".into(), "t2".into()];
    desk.review = desk.history.replay(desk.tracks.clone());
    desk.edit(&link("cannot", 0, 2, false)).unwrap();
    desk.review = desk.history.replay(ids(3));
    assert_eq!(held(&desk), [(0, 2, false), (1, 2, true)]);
}

#[test]
fn random_links_never_contradict_each_other() {
    let mut rng = seeded(5);
    let n = 9;
    for round in 0..40 {
        let seen: Vec<(u32, u32)> =
            (0..6).map(|_| (rng.random_range(0..n), rng.random_range(0..n))).collect();
        let mut desk = linked(n as usize, &seen);
        let mut states = vec![desk.review.clone()];
        for _ in 0..40 {
            let (a, b) = (rng.random_range(0..n), rng.random_range(0..n));
            let kind = if rng.random_bool(0.6) { "must" } else { "cannot" };
            let overrides = rng.random_bool(0.3);
            let before = held(&desk);
            let cursor = desk.history.cursor();
            if desk.edit(&link(kind, a, b, overrides)).is_err() {
                assert!(!overrides || a == b, "overriding is not refused");
                assert_eq!((held(&desk), desk.history.cursor()), (before, cursor));
                continue;
            }
            let now = held(&desk);
            assert!(now.contains(&(a.min(b), a.max(b), kind == "must")), "the newest link holds");
            let others = |links: &[(u32, u32, bool)]| {
                links.iter().copied().filter(|l| (l.0, l.1) != (a.min(b), a.max(b))).collect::<Vec<_>>()
            };
            if overrides {
                assert!(others(&now).iter().all(|link| before.contains(link)));
            } else {
                assert_eq!(others(&now), others(&before), "nothing else goes unasked");
            }
            let mut sets = UnionFind::new(n as usize);
            for link in now.iter().filter(|link| link.2) {
                sets.union(link.0, link.1);
            }
            for link in now.iter().filter(|link| !link.2) {
                assert_ne!(sets.find(link.0), sets.find(link.1), "round {round}: {now:?}");
            }
            assert_eq!(desk.history.replay(ids(n as usize)), desk.review);
            states.push(desk.review.clone());
        }
        while let Some(state) = states.pop() {
            assert_eq!(desk.review, state);
            desk.undo(1);
        }
    }
}

/// Two tracks an identity: `{0, 1}`, `{2, 3}` …
fn pairs_of(n: u32, together: &[(TrackIx, TrackIx)]) -> Desk {
    let desk = linked(n as usize, together);
    let clusters: Vec<Vec<TrackIx>> = (0..n / 2).map(|at| vec![2 * at, 2 * at + 1]).collect();
    Desk { together: desk.together, ..Desk::new(n as usize, &clusters) }
}

fn two(a: &str, b: &str) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

#[test]
fn one_person_is_not_put_into_a_frame_twice() {
    let mut desk = pairs_of(8, &[(0, 2), (1, 3), (0, 1), (4, 6)]);
    let before = desk.review.clone();
    let clash = |pairs: &[(String, String)]| Err(Refusal::Clash { pairs: pairs.to_vec(), links: Vec::new() });
    let merge = r#"{"edit":"merge","identities":[1,2,3]}"#;
    // What lies in one identity already is not asked about: 0 and 1.
    assert_eq!(desk.edit(merge), clash(&[two("t0", "t2"), two("t1", "t3")]));
    let all = format!(r#"{{"edit":"all","edits":[{{"edit":"confirm","identities":3}},{merge}]}}"#);
    assert_eq!(desk.edit(&all), clash(&[two("t0", "t2"), two("t1", "t3")]));
    assert_eq!(desk.edit(r#"{"edit":"move","tracks":["t2"],"to":1}"#), clash(&[two("t0", "t2")]));
    assert_eq!(desk.edit(r#"{"edit":"split","tracks":["t0","t2","t5"]}"#), clash(&[two("t0", "t2")]));
    desk.edit(r#"{"edit":"reject","tracks":["t4","t6"]}"#).unwrap();
    assert_eq!(desk.edit(r#"{"edit":"split","tracks":["t4","t6"]}"#), clash(&[two("t4", "t6")]));
    desk.undo(1);
    assert_eq!(desk.review, before);
    let refused = desk.edit(merge).unwrap_err().to_string();
    assert!(refused.contains("`t0` and `t2`, `t1` and `t3` are seen at the same time"), "{refused}");
    // Within one identity nothing is newly brought together.
    desk.edit(r#"{"edit":"split","tracks":["t0","t1"]}"#).unwrap();
    desk.edit(r#"{"edit":"merge","identities":[5,2],"override":true}"#).unwrap();
    assert_eq!(desk.review.identity(IdentityId(5)).map(|i| i.tracks.len()), Some(4));
    assert_eq!(desk.history.replay(ids(8)), desk.review);
    let text = serde_json::to_string(&desk.history.to_undo().unwrap().edit).unwrap();
    assert_eq!(text, r#"{"edit":"merge","identities":[2,5],"into":5,"override":true}"#);
}

#[test]
fn who_was_said_not_to_be_the_same_is_merged_only_knowingly() {
    let mut desk = pairs_of(6, &[(1, 3)]);
    desk.edit(&link("cannot", 0, 2, false)).unwrap();
    desk.edit(&link("cannot", 4, 1, false)).unwrap();
    let merge = r#"{"edit":"merge","identities":[1,2]}"#;
    let refused = desk.edit(merge).unwrap_err();
    assert_eq!(refused, Refusal::Clash { pairs: vec![two("t1", "t3")], links: vec![two("t0", "t2")] });
    let move_ = r#"{"edit":"move","tracks":["t4"],"to":1}"#;
    let refused = desk.edit(move_).unwrap_err();
    assert_eq!(refused, Refusal::Clash { pairs: vec![], links: vec![two("t1", "t4")] });
    assert!(refused.to_string().contains("`t1` and `t4` were said not to be the same person"), "{refused}");
    let edit: Edit = serde_json::from_str(merge).unwrap();
    desk.edit(&serde_json::to_string(&edit.overriding()).unwrap()).unwrap();
    assert_eq!(held(&desk), [(1, 4, false)], "the link that was overruled went, the other one holds");
    desk.undo(1);
    assert_eq!(held(&desk), [(0, 2, false), (1, 4, false)]);
}

#[test]
fn a_rejected_track_is_remembered_until_it_is_moved_back() {
    let mut desk = pairs_of(8, &[]);
    let refused = |desk: &Desk| desk.review.refused(0).iter().map(|id| id.0).collect::<Vec<_>>();
    desk.edit(r#"{"edit":"reject","tracks":["t0"]}"#).unwrap();
    assert_eq!(refused(&desk), [1]);
    desk.edit(r#"{"edit":"move","tracks":["t0"],"to":2}"#).unwrap();
    assert_eq!((refused(&desk), desk.review.is_rejected(0)), (vec![1], false));
    desk.edit(r#"{"edit":"reject","tracks":["t0"]}"#).unwrap();
    // Who goes into another is that one from then on.
    desk.edit(r#"{"edit":"merge","identities":[1,3],"into":3}"#).unwrap();
    assert_eq!(refused(&desk), [2, 3]);
    assert_eq!(desk.history.replay(ids(8)), desk.review);
    desk.edit(r#"{"edit":"move","tracks":["t0"],"to":3}"#).unwrap();
    assert_eq!(refused(&desk), [2]);
    desk.undo(1);
    assert_eq!(refused(&desk), [2, 3]);
}
