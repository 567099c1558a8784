//! Likelihood linkage on drawn people: against the plain algorithm, under links, and at any size.

use rand::RngExt;

use super::*;
use crate::base::{Constraint, ConstraintKind, ConstraintSource, Partition, Rng, TrackIx, seeded};
use crate::cluster::MethodParams;

const DIM: usize = 48;

fn normal(rng: &mut Rng) -> f32 {
    (0..12).map(|_| rng.random_range(-0.5_f32..0.5)).sum()
}

/// People in random directions, each with some tracks that deviate by `stray`.
fn cast(people: usize, tracks: usize, stray: f32) -> (Embeddings, Vec<u32>) {
    let mut rng = seeded(3);
    let (mut data, mut who) = (Vec::new(), Vec::new());
    for person in 0..people {
        let centre: Vec<f32> = (0..DIM).map(|_| normal(&mut rng)).collect();
        for _ in 0..tracks {
            data.extend(centre.iter().map(|value| value + stray * normal(&mut rng)));
            who.push(person as u32);
        }
    }
    (Embeddings::new(DIM, data).unwrap().into_unit().unwrap(), who)
}

fn linked(rows: &Embeddings, links: &Constraints, least: f64) -> Dendrogram {
    let same_person = SamePersonModel::of(rows, Regression::fitted());
    likelihood_linkage(rows, links, same_person, least, &Cx::new()).unwrap()
}

fn link(a: TrackIx, b: TrackIx, kind: ConstraintKind) -> Constraint {
    Constraint { a, b, kind, source: ConstraintSource::User }
}

/// The same, written as it is said: all pairs of groups looked at before each merge.
fn plainly(rows: &Embeddings, links: &Constraints, least: f64) -> Vec<(TrackIx, TrackIx)> {
    let same_person = SamePersonModel::of(rows, Regression::fitted());
    let mut groups: Vec<Vec<TrackIx>> = (0..rows.len() as TrackIx).map(|row| vec![row]).collect();
    let mut merges = Vec::new();
    loop {
        let mut best: Option<(f64, usize, usize)> = None;
        for a in 0..groups.len() {
            for b in a + 1..groups.len() {
                let is_apart = links.cannot().any(|(x, y)| {
                    let within = |row, group: &[TrackIx]| group.contains(&row);
                    (within(x, &groups[a]) && within(y, &groups[b]))
                        || (within(y, &groups[a]) && within(x, &groups[b]))
                });
                let mean = |group: &[TrackIx]| -> Vec<f32> {
                    let sum = |at: usize| group.iter().map(|&row| rows.row(row)[at]).sum::<f32>();
                    (0..DIM).map(|at| sum(at) / group.len() as f32).collect()
                };
                let (of_a, of_b) = (mean(&groups[a]), mean(&groups[b]));
                let between: f32 = of_a.iter().zip(&of_b).map(|(x, y)| x * y).sum();
                let group = |rows: &[TrackIx], mean: &[f32]| TrackGroup::of(rows.len() as u32, mean);
                let odds = same_person.log_odds(
                    f64::from(between),
                    group(&groups[a], &of_a),
                    group(&groups[b], &of_b),
                );
                if !is_apart && best.is_none_or(|best| odds > best.0) {
                    best = Some((odds, a, b));
                }
            }
        }
        let Some((_, a, b)) = best.filter(|best| probability(best.0) >= least) else { return merges };
        let moved = groups.remove(b);
        merges.push((groups[a][0].min(moved[0]), groups[a][0].max(moved[0])));
        groups[a].extend(moved);
        groups[a].sort_unstable();
    }
}

#[test]
fn it_merges_as_the_plain_algorithm_does() {
    let (rows, _) = cast(6, 6, 0.9);
    let links = Constraints::new([link(0, 1, ConstraintKind::Cannot), link(3, 20, ConstraintKind::Cannot)]);
    let tree = linked(&rows, &links, 0.02);
    let found: Vec<(TrackIx, TrackIx)> = tree.merges().iter().map(|merge| (merge.a, merge.b)).collect();
    assert_eq!(found, plainly(&rows, &links, 0.02));
    assert!(found.len() > 10, "{found:?}");
}

#[test]
fn people_are_found_however_many_there_are_and_the_bytes_are_the_same_for_any_number_of_threads() {
    for (people, tracks) in [(1, 30), (4, 20), (40, 3), (30, 1), (150, 12)] {
        let (rows, who) = cast(people, tracks, 0.5);
        let tree = linked(&rows, &Constraints::default(), Certainty::LEAST.0);
        assert_eq!(tree.cut(Certainty::EVEN.height()), Partition::from_labels(&who), "{people} x {tracks}");
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(one.install(|| linked(&rows, &Constraints::default(), Certainty::LEAST.0)), tree);
    }
}

#[test]
fn links_hold_and_all_that_they_allow_can_be_merged() {
    let (rows, _) = cast(3, 5, 0.4);
    let links = [
        link(0, 5, ConstraintKind::Must),
        link(1, 2, ConstraintKind::Cannot),
        link(5, 11, ConstraintKind::Cannot),
    ];
    let links = Constraints::new(links);
    for least in [0.5, 0.0] {
        let tree = linked(&rows, &links, least);
        let cut = tree.cut(tree.tau_max());
        let labels = cut.labels();
        assert_eq!(labels[0], labels[5]);
        assert_ne!(labels[1], labels[2]);
        assert_ne!(labels[0], labels[11]);
        if least == 0.0 {
            assert_eq!(cut.n_clusters(), 2);
        }
    }
}

#[test]
fn down_to_nothing_all_merge_however_many_there_are() {
    for (people, tracks) in [(70, 10), (400, 3), (1_300, 1)] {
        let (rows, _) = cast(people, tracks, 0.5);
        let tree = linked(&rows, &Constraints::default(), 0.0);
        assert_eq!(tree.n_clusters(tree.tau_max()), 1, "{people} x {tracks}");
    }
}

#[test]
fn few_tracks_and_odd_ones_are_no_trouble() {
    for n in 0..4_usize {
        let data = (0..n * 2).map(|at| if at % 2 == 0 { 1.0 } else { 0.0 }).collect();
        let rows = Embeddings::new(2, data).unwrap();
        let tree = linked(&rows, &Constraints::default(), Certainty::LEAST.0);
        assert!(tree.n_clusters(Certainty::EVEN.height()) <= 1, "{n} equal rows are one person");
    }
    // More equal rows than a list of near ones holds.
    let rows = Embeddings::new(2, [1.0, 0.0].repeat(1_500)).unwrap();
    assert_eq!(linked(&rows, &Constraints::default(), 0.5).n_clusters(0.5), 1);
    let opposite = Embeddings::new(2, vec![1.0, 0.0, -1.0, 0.0]).unwrap();
    assert_eq!(linked(&opposite, &Constraints::default(), 0.5).n_clusters(0.5), 2);
}

#[test]
fn a_kept_dendrogram_is_cut_and_another_certainty_gives_the_same_as_a_run() {
    let (rows, _) = cast(8, 5, 0.9);
    let run = |certainty: f64, kept: Option<&Dendrogram>| {
        let params = MethodParams::Likelihood(LikelihoodParams { certainty: Certainty(certainty) });
        let inputs = MethodInputs { n_kept_neighbours: kept, ..MethodInputs::default() };
        params.run(&rows, &Constraints::default(), inputs, &Cx::new()).unwrap()
    };
    let first = run(0.5, None);
    for certainty in [0.05, 0.3, 0.7, 0.95] {
        let again = run(certainty, first.dendrogram.as_ref());
        assert_eq!(again.partition, run(certainty, None).partition);
        assert!(again.diagnostics.recut.is_some());
    }
    let n = |certainty| run(certainty, None).partition.n_clusters();
    assert!(n(0.05) <= n(0.5) && n(0.5) <= n(0.95));
}
