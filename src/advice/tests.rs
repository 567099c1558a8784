//! Advice on synthetic clouds of vectors: which questions are asked, what follows, what is never
//! asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use rand::RngExt;

use super::*;
use crate::base::{
    CoOccurrence, Constraint, ConstraintKind, ConstraintSource, Constraints, Cx, Embeddings, Rng, TrackIx,
    seeded,
};
use crate::cluster::likelihood::{Regression, SamePersonModel};
use crate::review::{AdoptedClustering, Edit, IdentityId, Review};

const DIM: usize = 32;

/// Track `t` shows person `people[t]`: a direction of its own and some noise. Tracks of `seen` are
/// in one frame.
fn vectors(people: &[usize], seen: &[(u32, u32)], noise: f32) -> Arc<Vectors> {
    let mut rng = seeded(7);
    let mut data = Vec::new();
    for &person in people {
        for at in 0..DIM {
            data.push(f32::from(u8::from(at == person)) + noise * (rng.random::<f32>() - 0.5));
        }
    }
    of_rows(data, seen)
}

fn of_rows(data: Vec<f32>, seen: &[(u32, u32)]) -> Arc<Vectors> {
    let n = data.len() / DIM;
    let unit = Arc::new(Embeddings::new(DIM, data).unwrap().into_unit().unwrap());
    let pair =
        |&(a, b)| Constraint { a, b, kind: ConstraintKind::Cannot, source: ConstraintSource::CoOccurrence };
    let co_occurrence = Arc::new(CoOccurrence::new(&Constraints::new(seen.iter().map(pair))));
    let tracks: Arc<[TrackIx]> = (0..n as u32).collect();
    let same_person = SamePersonModel::of(&unit, Regression::fitted());
    Arc::new(Vectors::new(n, tracks, unit, same_person, co_occurrence))
}

/// A review whose identities 1, 2 … are these tracks.
fn grouped(n: usize, groups: &[&[u32]]) -> Review {
    let mut review = Review::new((0..n).map(|t| format!("t{t}")).collect());
    let identities = groups
        .iter()
        .zip(1..)
        .map(|(group, id)| (IdentityId(id), group.iter().map(|t| format!("t{t}")).collect()));
    let identities = identities.collect();
    review.apply(&Edit::Adopt(AdoptedClustering {
        source: "test".into(),
        identities,
        ..AdoptedClustering::default()
    }));
    review
}

fn perform(review: &mut Review, vectors: &Vectors, edit: Edit) {
    let fresh = review.identities().map(|identity| identity.id.0).max().unwrap_or(0) + 100;
    let edit = review.prepare(edit, IdentityId(fresh), vectors.co_occurrence()).unwrap();
    review.apply(&edit);
}

fn rename(review: &mut Review, vectors: &Vectors, id: u64, name: &str) {
    perform(review, vectors, Edit::Rename { identity: IdentityId(id), name: name.into() });
}

fn asked(queue: &QuestionQueue) -> Vec<(u64, u64)> {
    queue.pairs().iter().map(|pair| (pair.a.0, pair.b.0)).collect()
}

fn asked_set(vectors: &Arc<Vectors>, review: &Review) -> BTreeSet<(u64, u64)> {
    asked(&queue(vectors, review)).into_iter().collect()
}

fn queue(vectors: &Arc<Vectors>, review: &Review) -> QuestionQueue {
    QuestionQueue::new(vectors, review, &Cx::new()).unwrap()
}

#[test]
fn nobody_is_asked_about_who_cannot_be_one_person() {
    // Four fragments of one person, and another person.
    let vectors = vectors(&[0, 0, 0, 0, 1], &[(0, 1)], 0.1);
    let mut review = grouped(5, &[&[0], &[1], &[2], &[3], &[4]]);
    assert_eq!(asked_set(&vectors, &review), BTreeSet::from([(1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]));
    // A link, two names, an ignored one: each takes its pairs away.
    perform(&mut review, &vectors, Edit::cannot_link("t0".into(), "t2".into()));
    rename(&mut review, &vectors, 2, "Ada");
    rename(&mut review, &vectors, 4, "Ben");
    assert_eq!(asked_set(&vectors, &review), BTreeSet::from([(1, 4), (2, 3), (3, 4)]));
    perform(&mut review, &vectors, Edit::Ignore { identities: vec![IdentityId(3)] });
    assert_eq!(asked(&queue(&vectors, &review)), [(1, 4)]);
    // A rejected track is not proposed for the same identity again.
    perform(&mut review, &vectors, Edit::Restore { identities: vec![IdentityId(3)] });
    perform(&mut review, &vectors, Edit::merge(vec![IdentityId(2), IdentityId(3)], None));
    perform(&mut review, &vectors, Edit::Reject { tracks: vec!["t2".into()] });
    perform(&mut review, &vectors, Edit::split(vec!["t2".into()], None));
    let again = review.identity_of(2).unwrap();
    assert_eq!(asked_set(&vectors, &review), BTreeSet::from([(1, 4), (4, again.0)]));
}

#[test]
fn a_page_is_answered_by_one_edit_and_answers_spread() {
    let vectors = vectors(&[0, 0, 0, 1, 1, 2], &[], 0.1);
    let mut review = grouped(6, &[&[0], &[1], &[2], &[3], &[4], &[5]]);
    let mut questions = queue(&vectors, &review);
    assert_eq!(questions.remaining(), RemainingWork { names: 3, answers: 3, doubtful: 0 });
    let page = questions.page(12);
    // Two questions make three fragments one: the third follows.
    assert_eq!(page.len(), 3);
    assert!(page.iter().all(MergeQuestion::is_likely));
    let edit = accept(&review, &page, &[true; 3]).unwrap();
    assert_eq!(edit.parts().len(), 2, "{edit:?}");
    perform(&mut review, &vectors, edit);
    assert_eq!(review.identities().map(|it| it.tracks.len()).collect::<Vec<_>>(), [3, 2, 1]);
    questions.refresh(&review);
    assert!(questions.pairs().is_empty());
    assert_eq!(questions.remaining().total(), 3);
    for id in [1, 4, 6] {
        rename(&mut review, &vectors, id, &format!("P{id}"));
    }
    questions.refresh(&review);
    assert_eq!(questions.remaining().total(), 0);
}

#[test]
fn no_pair_is_overlooked_because_others_are_nearer() {
    // Two tracks of one person, each with forty named people nearer than the other, from all of
    // whom they were said to be different.
    const NEARER: u32 = 40;
    let mut rng = seeded(9);
    let mut data = Vec::new();
    for track in 0..NEARER + 2 + 40 {
        let own = if track < NEARER + 2 { 0 } else { 3 + track as usize % 20 };
        for at in 0..DIM {
            let aside = (NEARER..NEARER + 2).contains(&track) && at == 1 + (track - NEARER) as usize;
            let noise = 0.02 * (rng.random::<f32>() - 0.5);
            data.push(f32::from(u8::from(at == own)) + if aside { 0.25 } else { 0.0 } + noise);
        }
    }
    let vectors = of_rows(data, &[]);
    let (x, y) = (u64::from(NEARER) + 1, u64::from(NEARER) + 2);
    let n = vectors.tracks().len();
    let alone: Vec<Vec<u32>> = (0..n as u32).map(|track| vec![track]).collect();
    let mut review = grouped(n, &alone.iter().map(Vec::as_slice).collect::<Vec<_>>());
    for id in (1..=n as u64).filter(|id| ![x, y].contains(id)) {
        rename(&mut review, &vectors, id, &format!("n{id}"));
        for other in [x, y] {
            let edit = review.cannot_link(IdentityId(id), IdentityId(other)).unwrap();
            perform(&mut review, &vectors, edit);
        }
    }
    let mut queue = queue(&vectors, &review);
    assert_eq!((asked(&queue), queue.n_skipped()), (vec![(x, y)], 0));

    queue.skip(IdentityId(x), IdentityId(y));
    assert_eq!((asked(&queue), queue.n_skipped()), (vec![], 1), "what was skipped is told");
    let before = review.clone();
    rename(&mut review, &vectors, x, "x");
    queue.refresh(&review);
    assert_eq!((asked(&queue), queue.n_skipped()), (vec![], 1));
    queue.unskip_all();
    assert_eq!((asked(&queue), queue.n_skipped()), (vec![(x, y)], 0));

    let edit = review.cannot_link(IdentityId(x), IdentityId(y)).unwrap();
    perform(&mut review, &vectors, edit);
    queue.refresh(&review);
    assert_eq!((asked(&queue), queue.n_skipped()), (vec![], 0));
    queue.refresh(&before);
    assert_eq!(asked(&queue), [(x, y)], "a no that is undone is a question again");
}

#[test]
fn who_is_left_is_guessed_and_all_guesses_can_be_accepted() {
    // Tracks 0 to 5 are of three named people, 6 to 9 are left; 6 and 7 are in one frame.
    let vectors = vectors(&[0, 0, 1, 1, 2, 2, 0, 0, 1, 2], &[(6, 7)], 0.5);
    let mut review = grouped(10, &[&[0, 1], &[2, 3], &[4, 5], &[6], &[7], &[8], &[9]]);
    assert!(queue(&vectors, &review).name_guesses(12).is_empty(), "nobody has a name");
    for id in 1..=3 {
        rename(&mut review, &vectors, id, &format!("n{id}"));
    }
    let page = queue(&vectors, &review).name_guesses(12);
    let of = |page: &[MergeQuestion]| page.iter().map(|pair| (pair.a.0, pair.b.0)).collect::<BTreeSet<_>>();
    let either = [BTreeSet::from([(1, 4), (2, 6), (3, 7)]), BTreeSet::from([(1, 5), (2, 6), (3, 7)])];
    assert!(either.contains(&of(&page)), "{page:?}");
    assert_eq!(queue(&vectors, &review).name_guesses(2), page[..2]);
    let edit = accept(&review, &page, &[true; 3]).unwrap();
    perform(&mut review, &vectors, edit);
    // Who is left was in one frame with that person, and is another person's guess now.
    let page = queue(&vectors, &review).name_guesses(12);
    assert_eq!(page.len(), 1);
    assert_ne!(page[0].a.0, 1, "{page:?}");
    let homes = queue(&vectors, &review).likely_named(&[8], 3);
    assert_eq!((homes.len(), homes.iter().any(|(id, _)| id.0 == 2)), (2, false), "not where it is");
}

#[test]
fn somebody_of_the_same_video_is_likelier_meant() {
    // Two people, each of a video, and a track that looks like both.
    let mut data: Vec<f32> = Vec::new();
    for (a, b) in [(1.0, 0.0), (1.0, 0.1), (0.0, 1.0), (0.1, 1.0), (1.0, 0.95)] {
        data.extend((0..DIM).map(|at| match at {
            0 => a,
            1 => b,
            _ => 0.0,
        }));
    }
    let vectors = of_rows(data, &[]);
    let mut review = grouped(5, &[&[0, 1], &[2, 3], &[4]]);
    for id in 1..=2 {
        rename(&mut review, &vectors, id, &format!("n{id}"));
    }
    let guess = |videos: [u32; 5]| {
        let vectors = Arc::new(vectors.as_ref().clone().with_videos(videos.map(Some).into()));
        let queue = queue(&vectors, &review);
        let homes = queue.likely_named(&[4], 2);
        assert_eq!(homes.len(), 2);
        (queue.name_guesses(12)[0].a.0, homes[0].0.0)
    };
    assert_eq!(guess([1, 1, 1, 1, 1]), (1, 1));
    assert_eq!(guess([1, 1, 2, 2, 2]), (2, 2));
    assert_eq!(guess([1, 1, 2, 2, 1]), (1, 1));
    assert_eq!(guess([1, 1, 2, 2, 3]), (1, 1), "nobody is of that one");
}

#[test]
fn an_identity_is_taken_apart_into_its_tracks() {
    let vectors = vectors(&[0, 1, 2], &[], 0.1);
    let mut review = grouped(3, &[&[0, 1, 2]]);
    let edit = split_into_tracks(&review, IdentityId(1)).unwrap();
    perform(&mut review, &vectors, edit);
    assert_eq!(review.identities().len(), 3);
    assert!(review.constraints().is_empty());
    assert!(split_into_tracks(&review, IdentityId(1)).is_none());
}

#[test]
fn a_no_is_remembered_for_all_that_they_become() {
    let vectors = vectors(&[0, 0, 0], &[], 0.1);
    let mut review = grouped(3, &[&[0], &[1], &[2]]);
    let mut questions = queue(&vectors, &review);
    let page = questions.page(1);
    assert_eq!(accept(&review, &page, &[false]), None, "an unticked pair is no answer");
    let no = answer(&review, &page[0], false).unwrap();
    assert!(matches!(no, Edit::CannotLink(_)), "{no:?}");
    perform(&mut review, &vectors, no);
    questions.refresh(&review);
    let (a, b) = (page[0].a, page[0].b);
    assert_eq!(questions.pairs().len(), 2);
    // Who is one with the first of them is not the second.
    let third = review.identities().map(|it| it.id).find(|id| *id != a && *id != b).unwrap();
    perform(&mut review, &vectors, Edit::merge(vec![a, third], None));
    questions.refresh(&review);
    assert!(questions.pairs().is_empty());
    // A page that would make them one over the third never comes about.
    let mut review = grouped(3, &[&[0], &[1], &[2]]);
    perform(&mut review, &vectors, Edit::cannot_link("t0".into(), "t1".into()));
    let page = queue(&vectors, &review).page(12);
    assert_eq!(page.len(), 1, "{page:?}");
}

#[test]
fn who_is_near_an_ignored_one_comes_last() {
    let mut people = vec![0, 0, 1, 1];
    people.push(1);
    let vectors = vectors(&people, &[], 0.2);
    let mut review = grouped(5, &[&[0], &[1], &[2], &[3], &[4]]);
    perform(&mut review, &vectors, Edit::Ignore { identities: vec![IdentityId(5)] });
    let questions = queue(&vectors, &review);
    let [first, second] = questions.pairs() else { panic!("{:?}", questions.pairs()) };
    assert_eq!((first.a.0, first.b.0, first.stranger), (1, 2, false));
    // Of the two near the ignored one, at least one is nearer to it than to the other, or not at
    // all: then the ignored one decides nothing.
    let d = |a, b| crate::base::squared_distance(vectors.row(a).unwrap(), vectors.row(b).unwrap()).0;
    assert_eq!(second.stranger, d(2, 4).min(d(3, 4)) < d(2, 3));
    assert_eq!((second.a.0, second.b.0), (3, 4));
}

/// A random edit that is possible, or none.
fn random(rng: &mut Rng, review: &Review, vectors: &Vectors) -> Option<Edit> {
    let ids: Vec<IdentityId> = review.identities().map(|identity| identity.id).collect();
    let mut someone = || ids[rng.random_range(0..ids.len())];
    let (x, y) = (someone(), someone());
    let track = format!("t{}", rng.random_range(0..review.n_tracks()));
    let other = format!("t{}", rng.random_range(0..review.n_tracks()));
    let edit = match rng.random_range(0..7) {
        0 | 1 => Edit::merge(vec![x, y], None),
        2 => Edit::split(vec![track], None),
        3 => Edit::cannot_link(track, other),
        4 => Edit::Ignore { identities: vec![x] },
        5 => Edit::Rename { identity: x, name: ["", "Ada", "Ben"][rng.random_range(0..3)].into() },
        _ => Edit::Reject { tracks: vec![track] },
    };
    let fresh = review.identities().map(|identity| identity.id.0).max().unwrap_or(0) + 1;
    review.prepare(edit, IdentityId(fresh), vectors.co_occurrence()).ok()
}

#[test]
fn following_the_review_is_as_good_as_looking_anew() {
    let people: Vec<usize> = (0..45).map(|t| t % 9).collect();
    let seen = [(0, 9), (3, 12), (5, 14), (1, 2)];
    let vectors = vectors(&people, &seen, 0.3);
    let groups: Vec<Vec<u32>> = (0..27).map(|g| if g < 18 { vec![g, g + 27] } else { vec![g] }).collect();
    let groups: Vec<&[u32]> = groups.iter().map(Vec::as_slice).collect();
    let mut rng = seeded(3);
    for _ in 0..12 {
        let mut state = grouped(45, &groups);
        let mut questions = queue(&vectors, &state);
        let mut n_asked = 0;
        for _ in 0..25 {
            let Some(edit) = random(&mut rng, &state, &vectors) else { continue };
            let before = state.clone();
            state.apply(&edit);
            let back = rng.random_bool(0.2);
            questions.refresh(&state);
            if back {
                state = before;
                questions.refresh(&state);
            }
            let fresh = queue(&vectors, &state);
            assert_eq!(questions.pairs(), fresh.pairs());
            assert_eq!(questions.remaining(), fresh.remaining());
            n_asked += fresh.pairs().len();
            for pair in questions.page(12) {
                let tracks = |id| &state.identity(id).unwrap().tracks;
                let apart = tracks(pair.a)
                    .iter()
                    .all(|&t| vectors.co_occurring(t).iter().all(|other| !tracks(pair.b).contains(other)));
                assert!(apart, "{pair:?} are seen together");
            }
        }
        assert!(n_asked > 100, "something was asked: {n_asked}");
    }
}

#[test]
fn a_whole_page_can_always_be_accepted() {
    let people: Vec<usize> = (0..30).map(|t| t % 4).collect();
    let seen = [(0, 4), (8, 12), (1, 5), (2, 6), (3, 7), (10, 14), (16, 20)];
    let vectors = vectors(&people, &seen, 0.3);
    let groups: Vec<[u32; 1]> = (0..30).map(|t| [t]).collect();
    let groups: Vec<&[u32]> = groups.iter().map(<[u32; 1]>::as_slice).collect();
    let mut review = grouped(30, &groups);
    for (a, b) in [("t0", "t8"), ("t1", "t9")] {
        perform(&mut review, &vectors, Edit::cannot_link(a.into(), b.into()));
    }
    let mut questions = queue(&vectors, &review);
    let mut pages = 0;
    while !questions.page(12).is_empty() {
        let page = questions.page(12);
        let ticks: Vec<bool> = page.iter().map(MergeQuestion::is_likely).collect();
        if let Some(edit) = accept(&review, &page, &ticks) {
            perform(&mut review, &vectors, edit);
        }
        for (pair, _) in page.iter().zip(&ticks).filter(|(_, tick)| !**tick) {
            questions.skip(pair.a, pair.b);
        }
        questions.refresh(&review);
        pages += 1;
        assert!(pages < 60);
    }
    // Only who cannot be one person is left apart.
    let ids: Vec<_> = review.identities().map(|it| it.id).collect();
    assert!((4..=16).contains(&ids.len()), "{}", ids.len());
}

#[test]
fn odd_tracks_come_first_and_what_is_clicked_out_is_remembered() {
    let vectors = vectors(&[0, 0, 0, 1, 0, 1, 2], &[], 0.1);
    let mut review = grouped(7, &[&[0, 1, 2, 3, 4, 5], &[6]]);
    let doubts = doubtful(&vectors, &review, IdentityId(1));
    let order: Vec<u32> = doubts.iter().map(|doubt| doubt.track).collect();
    assert_eq!(order[..2].iter().copied().collect::<BTreeSet<u32>>(), BTreeSet::from([3, 5]));
    assert!(doubts[0].p > 0.5 && doubts[5].p < doubts[0].p, "{doubts:?}");
    assert_eq!(doubts[0].rival, Some(IdentityId(2)));
    assert!(doubts[5].margin > doubts[0].margin);
    assert!((1..=2).contains(&queue(&vectors, &review).remaining().doubtful));
    let edit = checked(&vectors, &review, IdentityId(1), &[3, 5]).unwrap();
    perform(&mut review, &vectors, edit);
    let of = |track| review.identity_of(track).unwrap();
    assert_eq!(review.identity(IdentityId(1)).unwrap().tracks, [0, 1, 2, 4]);
    assert_eq!(of(3), of(5));
    assert!(asked(&queue(&vectors, &review)).is_empty(), "they were told apart");
    assert_eq!(queue(&vectors, &review).remaining().doubtful, 0, "it was confirmed");
    // No track is wrong: it is confirmed, nothing else.
    let edit = checked(&vectors, &review, of(3), &[]).unwrap();
    assert_eq!(edit, Edit::Confirm { identities: vec![of(3)] });
    assert!(doubtful(&vectors, &review, IdentityId(99)).is_empty());
    assert!(checked(&vectors, &review, IdentityId(99), &[]).is_none());
}

#[test]
fn an_identity_falls_into_any_number_of_parts() {
    let vectors = vectors(&[0, 0, 1, 1, 1, 2], &[], 0.1);
    let mut review = grouped(6, &[&[0, 1, 2, 3, 4, 5]]);
    let parting = SplitSuggestion::new(&vectors, &review, IdentityId(1), &Cx::new()).unwrap().unwrap();
    assert_eq!((parting.range(), parting.suggested()), (2..=6, 3));
    assert_eq!(parting.parts(3), [vec![2, 3, 4], vec![0, 1], vec![5]]);
    assert_eq!(parting.parts(2).len(), 2);
    assert_eq!(parting.parts(99).len(), 6);
    let edit = parting.edit(&review, &parting.parts(3)).unwrap();
    perform(&mut review, &vectors, edit);
    assert_eq!(review.identity(IdentityId(1)).unwrap().tracks, [2, 3, 4]);
    assert_eq!(review.identities().len(), 3);
    // What links keep apart never shares a part; what they join does.
    let mut review = grouped(6, &[&[0, 1, 2, 3, 4, 5]]);
    perform(&mut review, &vectors, Edit::cannot_link("t2".into(), "t3".into()));
    let must =
        crate::review::ConstraintEdit { a: "t0".into(), b: "t5".into(), overrides: false, drops: vec![] };
    perform(&mut review, &vectors, Edit::MustLink(must));
    let parting = SplitSuggestion::new(&vectors, &review, IdentityId(1), &Cx::new()).unwrap().unwrap();
    for n in parting.range() {
        let parts = parting.parts(n);
        let part = |track: u32| parts.iter().position(|part| part.contains(&track)).unwrap();
        assert_ne!(part(2), part(3), "{parts:?}");
        assert!(n > 5 || part(0) == part(5), "{parts:?}");
    }
    assert!(SplitSuggestion::new(&vectors, &review, IdentityId(9), &Cx::new()).unwrap().is_none());
}

#[test]
fn the_reasons_are_told_with_their_figures() {
    let vectors = vectors(&[0, 0, 0, 1, 2], &[(0, 3)], 0.2);
    let mut review = grouped(5, &[&[0, 1], &[2], &[3], &[4]]);
    perform(&mut review, &vectors, Edit::cannot_link("t1".into(), "t3".into()));
    let why = pair_evidence(&vectors, &review, IdentityId(1), IdentityId(3)).unwrap();
    assert!((why.similarity.0 - (1.0 - why.distance.0 / 2.0)).abs() < 1e-6);
    assert_eq!(why.ties.len(), 2);
    assert_eq!(why.rivals.len(), 2);
    assert_eq!(why.rivals[0].identity, IdentityId(2));
    assert!(why.margin.unwrap() < 0.0 && why.p < 0.01);
    assert_eq!(why.deciding[0].len(), 2);
    assert_eq!(why.deciding[1][0].0, 3);
    let own = track_evidence(&vectors, &review, 0).unwrap();
    assert!(own.p > 0.9 && own.margin.unwrap() < own.distance.0, "{own:?}");
    assert_eq!(own.deciding[1][0].0, 1);
    assert!(track_evidence(&vectors, &review, 2).is_none(), "it is alone there");
    assert!(tracks_evidence(&vectors, &review, 0, 1).unwrap().p > 0.9);
    rename(&mut review, &vectors, 1, "Ada");
    rename(&mut review, &vectors, 4, "Eve");
    let likely = likely(&vectors, &review, IdentityId(2));
    assert_eq!(likely.iter().map(|it| it.0.0).collect::<Vec<_>>(), [1, 4]);
    assert!(likely[0].1 > 0.9 && likely[1].1 < 0.1);
    // The one who is in a frame with Ada is not Ada.
    let ids: Vec<u64> = super::likely(&vectors, &review, IdentityId(3)).iter().map(|it| it.0.0).collect();
    assert_eq!(ids, [4]);
    let queue = queue(&vectors, &review);
    assert_eq!(queue.likely(IdentityId(2)), likely, "the queue says the same");
}

#[test]
fn tracks_find_the_identities_that_they_may_belong_to() {
    // One person in three fragments, and another; track 3 is in one frame with track 1.
    let vectors = vectors(&[0, 0, 0, 1, 0, 0], &[(1, 3)], 0.1);
    let mut review = grouped(6, &[&[0, 1], &[2], &[3], &[4], &[5]]);
    let homes = |review: &Review, tracks: &[TrackIx]| {
        let mut ids: Vec<u64> =
            queue(&vectors, review).likely_identities(tracks).iter().map(|it| it.0.0).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(homes(&review, &[0]), [2, 4, 5], "not where it is, nor who looks otherwise");
    assert_eq!(homes(&review, &[0, 2]), [1, 2, 4, 5], "of two people it may be either");
    assert_eq!(homes(&review, &[3]), [0; 0]);
    // What was said holds: a link, a rejection, an ignored identity.
    perform(&mut review, &vectors, Edit::cannot_link("t0".into(), "t2".into()));
    perform(&mut review, &vectors, Edit::Ignore { identities: vec![IdentityId(5)] });
    assert_eq!(homes(&review, &[0]), [4]);
    perform(&mut review, &vectors, Edit::merge(vec![IdentityId(1), IdentityId(4)], None));
    perform(&mut review, &vectors, Edit::Reject { tracks: vec!["t4".into()] });
    assert_eq!(homes(&review, &[4]), [2]);
}
