//! Random edits of all kinds: replay is the live state, undo and redo lead back, every track is in
//! one identity or in none, and no constraint is broken unasked.

use std::collections::BTreeSet;

use rand::RngExt;

use super::*;
use crate::base::{Constraint, ConstraintKind, ConstraintSource, Constraints, Rng, seeded};

const N: u32 = 18;

/// A random edit; most are possible.
fn random_edit(rng: &mut Rng, review: &Review, may_nest: bool) -> Edit {
    let ids: Vec<IdentityId> = review.identities().map(|identity| identity.id).collect();
    let mut someone = || ids.get(rng.random_range(0..ids.len().max(1))).copied().unwrap_or(IdentityId(1));
    let (x, y) = (someone(), someone());
    let mut track = || format!("t{}", rng.random_range(0..N));
    let (a, b) = (track(), track());
    let link = ConstraintEdit { a: a.clone(), b: b.clone(), overrides: false, drops: Vec::new() };
    let edit = match rng.random_range(0..if may_nest { 15 } else { 13 }) {
        0 => Edit::Rename { identity: x, name: ["", "Ada", "Ben"][rng.random_range(0..3)].to_owned() },
        1 => Edit::merge(vec![x, y], None),
        2 => Edit::move_to(vec![a, b], x),
        3 => Edit::split(vec![a], None),
        4 => Edit::split(vec![a, b], Some("Cleo".to_owned())),
        5 => Edit::Reject { tracks: vec![a] },
        6 => Edit::Ignore { identities: vec![x] },
        7 => Edit::Restore { identities: vec![x] },
        8 => Edit::Cover { identity: x, track: a },
        9 => Edit::CannotLink(link),
        10 => Edit::MustLink(link),
        11 => Edit::Recognise { identity: x, person: person(3), name: "Ada".to_owned() },
        12 => Edit::Unlike { tracks: vec![a], person: person(3), name: "Ada".to_owned() },
        _ => {
            let edits = (0..rng.random_range(1..4)).map(|_| random_edit(rng, review, false)).collect();
            return Edit::All { edits };
        }
    };
    if rng.random_bool(0.3) { edit.overriding() } else { edit }
}

/// A clustering as a method makes it: no two tracks that constraints keep apart.
fn random_clusters(rng: &mut Rng, review: &Review, seen: &CoOccurrence) -> Vec<Vec<TrackIx>> {
    let links = review.constraints();
    let mut clusters: Vec<Vec<TrackIx>> = Vec::new();
    for track in 0..N {
        let apart = |other: &TrackIx| {
            let pair = (track.min(*other), track.max(*other));
            seen.of(track).contains(other)
                || links.iter().any(|link| link.kind == ConstraintKind::Cannot && (link.a, link.b) == pair)
        };
        let at = rng.random_range(0..6);
        match clusters.get_mut(at) {
            Some(cluster) if !cluster.iter().any(apart) => cluster.push(track),
            _ => clusters.push(vec![track]),
        }
    }
    clusters
}

/// The pairs of tracks that are in one identity.
fn pairs(review: &Review) -> BTreeSet<(TrackIx, TrackIx)> {
    let all = (0..N).flat_map(|a| (a + 1..N).map(move |b| (a, b)));
    all.filter(|&(a, b)| review.identity_of(a).is_some() && review.identity_of(a) == review.identity_of(b))
        .collect()
}

fn overrides(edit: &Edit) -> bool {
    edit.parts().iter().any(|part| match part {
        Edit::Merge { overrides, .. } | Edit::Move { overrides, .. } | Edit::Split { overrides, .. } => {
            *overrides
        }
        _ => false,
    })
}

/// What an edit brought together against overlaps was overridden; what it brought together against
/// a link took that link away, and only where it was overridden.
fn nothing_broken(before: &Review, after: &Review, edit: &Edit, seen: &CoOccurrence) {
    let (old, new) = (pairs(before), pairs(after));
    let cannot = |review: &Review| -> BTreeSet<(TrackIx, TrackIx)> {
        let links = review.constraints();
        let cannot = links.iter().filter(|link| link.kind == ConstraintKind::Cannot);
        cannot.map(|link| (link.a, link.b)).collect()
    };
    let (was, is) = (cannot(before), cannot(after));
    for pair in new.difference(&old) {
        let clashes = seen.of(pair.0).contains(&pair.1);
        assert!(!clashes || overrides(edit), "{pair:?} are seen together: {edit:?}");
        if was.contains(pair) {
            assert!(overrides(edit), "{pair:?} were said not to be the same: {edit:?}");
            let said_again = matches!(edit, Edit::All { .. });
            assert!(!is.contains(pair) || said_again, "the link of {pair:?} still stands: {edit:?}");
        }
    }
}

fn whole(review: &Review) {
    let mut holders = vec![0; N as usize];
    for identity in review.identities() {
        assert!(!identity.tracks.is_empty() && identity.tracks.is_sorted());
        assert!(identity.cover.is_none_or(|cover| identity.tracks.contains(&cover)));
        for &track in &identity.tracks {
            holders[track as usize] += 1;
            assert_eq!(review.identity_of(track), Some(identity.id));
        }
    }
    for track in 0..N {
        assert_eq!(holders[track as usize], usize::from(review.identity_of(track).is_some()));
        assert!(!review.is_rejected(track) || review.identity_of(track).is_none());
    }
    assert_eq!(review.unassigned().count(), review.n_unassigned());
    let free: Vec<bool> = (0..N).map(|track| review.is_free(track)).collect();
    assert_eq!(review.free(), free);
}

/// The state at an entry, by nothing but the edits on the way to it.
fn replayed(history: &History, number: u64) -> Review {
    let mut history = history.clone();
    history.jump(number);
    history.replay(Review::new(ids(N as usize)))
}

#[test]
fn random_reviews_keep_all_promises() {
    for seed in 0..12 {
        let mut rng = seeded(seed);
        let seen: Vec<Constraint> = (0..14)
            .map(|_| Constraint {
                a: rng.random_range(0..N),
                b: rng.random_range(0..N),
                kind: ConstraintKind::Cannot,
                source: ConstraintSource::CoOccurrence,
            })
            .collect();
        let seen = CoOccurrence::new(&Constraints::new(seen));
        let mut fixture = Fixture::new(N as usize, &[]);
        fixture.checkpoints =
            Checkpoints::with_limits(&fixture.history, Review::new(ids(N as usize)), 40, 12).0;
        fixture.co_occurrence = seen.clone();
        fixture.adopt(&random_clusters(&mut rng, &Review::new(ids(N as usize)), &seen));
        let (mut taken, mut refused) = (0, 0);
        for step in 0..500 {
            let before = fixture.review.clone();
            let last = fixture.history.entries().len() as u64;
            match rng.random_range(0..12) {
                0 => drop(fixture.undo(rng.random_range(1..6))),
                1 => drop(fixture.redo(rng.random_range(1..6))),
                2 if step % 3 == 0 => fixture.jump(rng.random_range(0..last)),
                3 if step % 4 == 0 => {
                    let clusters = random_clusters(&mut rng, &fixture.review, &seen);
                    fixture.adopt(&clusters);
                    let edit = &fixture.history.to_undo().unwrap().edit;
                    nothing_broken(&before, &fixture.review, edit, &seen);
                    for kept in before.identities().filter(|identity| identity.kept) {
                        assert_eq!(fixture.review.identity(kept.id), Some(kept));
                    }
                }
                _ => {
                    let edit = random_edit(&mut rng, &fixture.review, true);
                    let json = serde_json::to_string(&edit).unwrap();
                    if fixture.edit(&json).is_ok() {
                        taken += 1;
                        let edit = &fixture.history.to_undo().unwrap().edit;
                        nothing_broken(&before, &fixture.review, edit, &seen);
                        let changed: BTreeSet<IdentityId> =
                            fixture.review.changed_since(&before).into_iter().collect();
                        let all = before.identities().chain(fixture.review.identities()).map(|it| it.id);
                        let differ = all.filter(|&id| before.identity(id) != fixture.review.identity(id));
                        assert_eq!(changed, differ.collect());
                    } else {
                        refused += 1;
                        assert_eq!(fixture.review, before);
                        assert_eq!(fixture.history.entries().len() as u64, last);
                    }
                }
            }
            whole(&fixture.review);
            assert_eq!(
                fixture.history.replay(Review::new(ids(N as usize))),
                fixture.review,
                "seed {seed}, step {step}"
            );
        }
        assert!(taken > 100 && refused > 20, "{taken} taken, {refused} refused");
        there_and_back(&mut fixture);
    }
}

/// Undo to the beginning and redo are the identity; a restart finds the same, at every entry.
fn there_and_back(fixture: &mut Fixture) {
    let newest = fixture.history.entries().len() as u64 - 1;
    fixture.jump(newest);
    let last = fixture.review.clone();
    let steps = fixture.undo(u64::MAX);
    assert_eq!(fixture.review, replayed(&fixture.history, 0));
    // Redo leads back to where the curator was last, on whatever branch that is.
    assert_eq!(fixture.redo(steps), steps);
    assert_eq!((&fixture.review, fixture.history.cursor()), (&last, newest));
    let again = History::new(fixture.history.entries().to_vec(), Some(newest));
    assert_eq!(again, fixture.history);
    for reach in [1, 40, usize::MAX] {
        let (mut checkpoints, present) =
            Checkpoints::with_limits(&again, Review::new(ids(N as usize)), reach, 12);
        assert_eq!(present, last);
        for entry in again.entries() {
            let state = checkpoints.at(&again, entry.number, &present);
            assert_eq!(state, replayed(&again, entry.number), "entry {} at reach {reach}", entry.number);
        }
    }
}
