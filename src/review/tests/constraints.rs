//! Links, clashes and what was rejected: refused, overridden, remembered.

use rand::RngExt;

use super::*;
use crate::base::{Constraint, ConstraintKind, ConstraintSource, Constraints, UnionFind, seeded};

/// Tracks `t0`, `t1` … of which those of `together` are seen at the same time.
fn linked(n: usize, co_occurrence: &[(TrackIx, TrackIx)]) -> Fixture {
    let seen = |&(a, b): &(TrackIx, TrackIx)| Constraint {
        a,
        b,
        kind: ConstraintKind::Cannot,
        source: ConstraintSource::CoOccurrence,
    };
    let co_occurrence = CoOccurrence::new(&Constraints::new(co_occurrence.iter().map(seen)));
    Fixture { co_occurrence, ..Fixture::new(n, &[(0..n as TrackIx).collect()]) }
}

fn link(kind: &str, a: u32, b: u32, overrides: bool) -> String {
    let end = if overrides { r#","override":true"# } else { "" };
    format!(r#"{{"edit":"{kind}-link","a":"t{a}","b":"t{b}"{end}}}"#)
}

fn held(fixture: &Fixture) -> Vec<(u32, u32, bool)> {
    fixture
        .review
        .constraints()
        .iter()
        .map(|link| (link.a, link.b, link.kind == ConstraintKind::Must))
        .collect()
}

#[test]
fn a_cannot_link_against_a_chain_is_refused_with_the_chain() {
    let mut fixture = linked(5, &[]);
    for (a, b) in [(0, 3), (1, 3), (1, 4)] {
        fixture.edit(&link("must", a, b, false)).unwrap();
    }
    let chain = ["t0", "t3", "t1", "t4"].map(str::to_owned).to_vec();
    let refused = fixture.edit(&link("cannot", 0, 4, false)).unwrap_err();
    assert_eq!(refused, Refusal::Joined { chain });
    assert!(refused.to_string().contains("`t0` – `t3` – `t1` – `t4`"), "{refused}");
    // Overridden, the oldest of the chain goes.
    fixture.edit(&link("cannot", 0, 4, true)).unwrap();
    assert_eq!(held(&fixture), [(0, 4, false), (1, 3, true), (1, 4, true)]);
    assert_eq!(fixture.history.replay(Review::new(ids(5))), fixture.review);
    fixture.undo(1);
    assert_eq!(held(&fixture), [(0, 3, true), (1, 3, true), (1, 4, true)]);
}

#[test]
fn a_must_link_across_a_cannot_link_is_refused_with_that_link() {
    let mut fixture = linked(6, &[]);
    fixture.edit(&link("must", 0, 1, false)).unwrap();
    fixture.edit(&link("cannot", 1, 3, false)).unwrap();
    fixture.edit(&link("must", 2, 3, false)).unwrap();
    let names = ["t0", "t2", "t1", "t3"].map(str::to_owned);
    let [a, b, x, y] = names;
    assert_eq!(fixture.edit(&link("must", 0, 2, false)), Err(Refusal::Parted { a, b, x, y }));
    // Newest first, each link that agrees with all newer ones holds: here the oldest goes.
    fixture.edit(&link("must", 0, 2, true)).unwrap();
    assert_eq!(held(&fixture), [(0, 2, true), (1, 3, false), (2, 3, true)]);
}

#[test]
fn the_same_pair_is_simply_said_anew() {
    let mut fixture = linked(3, &[]);
    fixture.edit(&link("must", 0, 1, false)).unwrap();
    fixture.edit(&link("cannot", 1, 0, false)).unwrap();
    assert_eq!(held(&fixture), [(0, 1, false)]);
    fixture.edit(&link("must", 0, 1, false)).unwrap();
    assert_eq!(held(&fixture), [(0, 1, true)]);
}

#[test]
fn a_must_link_across_tracks_seen_together_names_them() {
    let mut fixture = linked(5, &[(0, 1), (0, 2), (3, 4)]);
    fixture.edit(&link("must", 1, 2, false)).unwrap();
    fixture.edit(&link("must", 2, 3, false)).unwrap();
    let refused = fixture.edit(&link("must", 0, 3, false)).unwrap_err();
    let [a, b, x, y] = ["t0", "t3", "t0", "t1"].map(str::to_owned);
    assert_eq!(refused, Refusal::Together { a, b, x, y, more: 1 });
    assert!(refused.to_string().contains("`t0` and `t1` are seen at the same time (and 1 more"), "{refused}");
    fixture.edit(&link("must", 0, 3, true)).unwrap();
    assert_eq!(held(&fixture), [(0, 3, true), (1, 2, true), (2, 3, true)]);
    // Tracks that are joined already are not asked about again.
    fixture.edit(&link("must", 0, 2, false)).unwrap();
}

#[test]
fn links_of_tracks_that_came_back_give_way_to_newer_ones() {
    let mut fixture = linked(3, &[]);
    fixture.edit(&link("must", 0, 1, false)).unwrap();
    fixture.edit(&link("must", 1, 2, false)).unwrap();
    fixture.tracks = vec!["t0".into(), "t2".into()];
    fixture.review = fixture.history.replay(Review::new(fixture.tracks.clone()));
    fixture.edit(&link("cannot", 0, 2, false)).unwrap();
    fixture.review = fixture.history.replay(Review::new(ids(3)));
    assert_eq!(held(&fixture), [(0, 2, false), (1, 2, true)]);
}

#[test]
fn random_links_never_contradict_each_other() {
    let mut rng = seeded(5);
    let n = 9;
    for round in 0..40 {
        let seen: Vec<(u32, u32)> =
            (0..6).map(|_| (rng.random_range(0..n), rng.random_range(0..n))).collect();
        let mut fixture = linked(n as usize, &seen);
        let mut states = vec![fixture.review.clone()];
        for _ in 0..40 {
            let (a, b) = (rng.random_range(0..n), rng.random_range(0..n));
            let kind = if rng.random_bool(0.6) { "must" } else { "cannot" };
            let overrides = rng.random_bool(0.3);
            let before = held(&fixture);
            let cursor = fixture.history.cursor();
            if fixture.edit(&link(kind, a, b, overrides)).is_err() {
                assert!(!overrides || a == b, "overriding is not refused");
                assert_eq!((held(&fixture), fixture.history.cursor()), (before, cursor));
                continue;
            }
            let now = held(&fixture);
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
            assert_eq!(fixture.history.replay(Review::new(ids(n as usize))), fixture.review);
            states.push(fixture.review.clone());
        }
        while let Some(state) = states.pop() {
            assert_eq!(fixture.review, state);
            fixture.undo(1);
        }
    }
}

/// Two tracks per identity: `{0, 1}`, `{2, 3}` …
fn pairs_of(n: u32, co_occurrence: &[(TrackIx, TrackIx)]) -> Fixture {
    let fixture = linked(n as usize, co_occurrence);
    let clusters: Vec<Vec<TrackIx>> = (0..n / 2).map(|at| vec![2 * at, 2 * at + 1]).collect();
    Fixture { co_occurrence: fixture.co_occurrence, ..Fixture::new(n as usize, &clusters) }
}

fn two(a: &str, b: &str) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

#[test]
fn one_person_is_not_put_into_a_frame_twice() {
    let mut fixture = pairs_of(8, &[(0, 2), (1, 3), (0, 1), (4, 6)]);
    let before = fixture.review.clone();
    let clash =
        |pairs: &[(String, String)]| Err(Refusal::Conflict { pairs: pairs.to_vec(), links: Vec::new() });
    let merge = r#"{"edit":"merge","identities":[1,2,3]}"#;
    // What lies in one identity already is not asked about: 0 and 1.
    assert_eq!(fixture.edit(merge), clash(&[two("t0", "t2"), two("t1", "t3")]));
    let all = format!(r#"{{"edit":"all","edits":[{{"edit":"confirm","identities":3}},{merge}]}}"#);
    assert_eq!(fixture.edit(&all), clash(&[two("t0", "t2"), two("t1", "t3")]));
    assert_eq!(fixture.edit(r#"{"edit":"move","tracks":["t2"],"to":1}"#), clash(&[two("t0", "t2")]));
    assert_eq!(fixture.edit(r#"{"edit":"split","tracks":["t0","t2","t5"]}"#), clash(&[two("t0", "t2")]));
    fixture.edit(r#"{"edit":"reject","tracks":["t4","t6"]}"#).unwrap();
    assert_eq!(fixture.edit(r#"{"edit":"split","tracks":["t4","t6"]}"#), clash(&[two("t4", "t6")]));
    fixture.undo(1);
    assert_eq!(fixture.review, before);
    let refused = fixture.edit(merge).unwrap_err().to_string();
    assert!(refused.contains("`t0` and `t2`, `t1` and `t3` are seen at the same time"), "{refused}");
    // Within one identity nothing is newly brought together.
    fixture.edit(r#"{"edit":"split","tracks":["t0","t1"]}"#).unwrap();
    fixture.edit(r#"{"edit":"merge","identities":[5,2],"override":true}"#).unwrap();
    assert_eq!(fixture.review.identity(IdentityId(5)).map(|i| i.tracks.len()), Some(4));
    assert_eq!(fixture.history.replay(Review::new(ids(8))), fixture.review);
    let text = serde_json::to_string(&fixture.history.to_undo().unwrap().edit).unwrap();
    assert_eq!(text, r#"{"edit":"merge","identities":[2,5],"into":5,"override":true}"#);
}

#[test]
fn who_was_said_not_to_be_the_same_is_merged_only_knowingly() {
    let mut fixture = pairs_of(6, &[(1, 3)]);
    fixture.edit(&link("cannot", 0, 2, false)).unwrap();
    fixture.edit(&link("cannot", 4, 1, false)).unwrap();
    let merge = r#"{"edit":"merge","identities":[1,2]}"#;
    let refused = fixture.edit(merge).unwrap_err();
    assert_eq!(refused, Refusal::Conflict { pairs: vec![two("t1", "t3")], links: vec![two("t0", "t2")] });
    let move_ = r#"{"edit":"move","tracks":["t4"],"to":1}"#;
    let refused = fixture.edit(move_).unwrap_err();
    assert_eq!(refused, Refusal::Conflict { pairs: vec![], links: vec![two("t1", "t4")] });
    assert!(refused.to_string().contains("`t1` and `t4` were said not to be the same person"), "{refused}");
    let edit: Edit = serde_json::from_str(merge).unwrap();
    fixture.edit(&serde_json::to_string(&edit.overriding()).unwrap()).unwrap();
    assert_eq!(held(&fixture), [(1, 4, false)], "the link that was overruled went, the other one holds");
    fixture.undo(1);
    assert_eq!(held(&fixture), [(0, 2, false), (1, 4, false)]);
}

#[test]
fn a_rejected_track_is_remembered_until_it_is_moved_back() {
    let mut fixture = pairs_of(8, &[]);
    let refused = |fixture: &Fixture| fixture.review.refused(0).iter().map(|id| id.0).collect::<Vec<_>>();
    fixture.edit(r#"{"edit":"reject","tracks":["t0"]}"#).unwrap();
    assert_eq!(refused(&fixture), [1]);
    fixture.edit(r#"{"edit":"move","tracks":["t0"],"to":2}"#).unwrap();
    assert_eq!((refused(&fixture), fixture.review.is_rejected(0)), (vec![1], false));
    fixture.edit(r#"{"edit":"reject","tracks":["t0"]}"#).unwrap();
    // Who goes into another is that one from then on.
    fixture.edit(r#"{"edit":"merge","identities":[1,3],"into":3}"#).unwrap();
    assert_eq!(refused(&fixture), [2, 3]);
    assert_eq!(fixture.history.replay(Review::new(ids(8))), fixture.review);
    fixture.edit(r#"{"edit":"move","tracks":["t0"],"to":3}"#).unwrap();
    assert_eq!(refused(&fixture), [2]);
    fixture.undo(1);
    assert_eq!(refused(&fixture), [2, 3]);
}

#[test]
fn who_is_said_to_be_the_same_comes_together_and_who_is_not_parts() {
    let mut fixture = pairs_of(8, &[]);
    let perform = |fixture: &mut Fixture, edit: Edit| fixture.edit(&serde_json::to_string(&edit).unwrap());
    let homes =
        |fixture: &Fixture| (0..8).map(|t| fixture.review.identity_of(t).map(|id| id.0)).collect::<Vec<_>>();
    assert_eq!(fixture.review.same(&[3]), None);
    fixture.edit(r#"{"edit":"rename","identity":2,"name":"Ada"}"#).unwrap();
    // A track of the first pair and one of the third come to Ada's; their others stay.
    let edit = fixture.review.same(&[0, 2, 4]).unwrap();
    perform(&mut fixture, edit).unwrap();
    assert_eq!(homes(&fixture)[..5], [Some(2), Some(1), Some(2), Some(2), Some(2)]);
    assert_eq!(held(&fixture), [(0, 2, true), (0, 4, true)]);
    fixture.undo(1);
    assert_eq!(homes(&fixture)[..5], [Some(1), Some(1), Some(2), Some(2), Some(3)]);
    // In one identity already: said, and nothing moves. In none: a new one.
    let edit = fixture.review.same(&[6, 7]).unwrap();
    assert!(matches!(edit, Edit::MustLink(_)), "{edit:?}");
    fixture.edit(r#"{"edit":"reject","tracks":["t6","t7"]}"#).unwrap();
    let edit = fixture.review.same(&[6, 7]).unwrap();
    perform(&mut fixture, edit).unwrap();
    assert!(homes(&fixture)[6].is_some() && homes(&fixture)[6] == homes(&fixture)[7]);
    // Never the same: out of one identity goes who was named second.
    let edit = fixture.review.cannot_link_tracks(2, 3);
    perform(&mut fixture, edit).unwrap();
    assert_eq!(homes(&fixture)[2], Some(2));
    assert_ne!(homes(&fixture)[3], Some(2));
    let edit = fixture.review.cannot_link_tracks(0, 2);
    assert!(matches!(edit, Edit::CannotLink(_)), "in two identities nobody moves: {edit:?}");
}
