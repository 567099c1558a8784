//! The simulated curator on a small drawn cast, from good and bad beginnings.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::RngExt;

use super::*;
use crate::base::{CoOccurrence, Embeddings, seeded};
use crate::cluster::likelihood::{Regression, SamePersonModel};

const DIM: usize = 32;
const N: usize = 60;

/// Sixty tracks of twelve people, clustered at a certainty.
fn start(certainty: f64, noise: f32) -> SimulationStart {
    let mut rng = seeded(5);
    let mut data = Vec::new();
    for track in 0..N {
        for at in 0..DIM {
            data.push(f32::from(u8::from(at == track % 12)) + noise * (rng.random::<f32>() - 0.5));
        }
    }
    let unit = Arc::new(Embeddings::new(DIM, data).unwrap().into_unit().unwrap());
    let together = Arc::new(CoOccurrence::new(&Constraints::new([Constraint {
        a: 0,
        b: 1,
        kind: ConstraintKind::Cannot,
        source: ConstraintSource::CoOccurrence,
    }])));
    let same_person = SamePersonModel::of(&unit, Regression::fitted());
    let vectors = Arc::new(Vectors::new(N, (0..N as u32).collect(), unit, same_person, together));
    let ids: Vec<String> = (0..N).map(|track| format!("t{track}")).collect();
    let truth: BTreeMap<String, String> =
        ids.iter().enumerate().map(|(track, id)| (id.clone(), format!("p{:02}", track % 12))).collect();
    SimulationStart::clustered(ids, &vectors, Certainty(certainty), &truth, &Cx::new()).unwrap()
}

fn excess(start: &SimulationStart) -> [i64; 4] {
    STRATEGIES
        .iter()
        .map(|it| start.play(it.1, &Cx::new()).unwrap().excess)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

#[test]
fn every_way_ends_with_the_right_cast_list_and_counts_what_it_took() {
    for (certainty, noise) in [(0.9999, 0.2), (0.99, 0.3), (0.5, 0.2), (0.05, 0.3), (0.02, 0.4)] {
        let start = start(certainty, noise);
        for (_, strategy) in STRATEGIES {
            let played = start.play(*strategy, &Cx::new()).unwrap();
            assert_eq!((played.n_tracks, played.n_people), (N, 12));
            let (gestures, f) = *played.curve.last().unwrap();
            assert_eq!((gestures, played.excess), (played.gestures, played.gestures as i64 - 12));
            assert!((f - 1.0).abs() < 1e-9, "{strategy:?} ends at {f}");
            assert!(played.curve.windows(2).all(|two| two[0].0 < two[1].0));
            assert_eq!(played.curve[0].0, 0);
        }
    }
}

#[test]
fn a_right_start_takes_a_name_a_person_and_a_bad_one_little_more() {
    let right = start(0.5, 0.2);
    assert_eq!(excess(&right), [0, 0, 0, N as i64 - 12]);
    assert_eq!(right.wrong(), 0);
    for certainty in [1.0 - 1e-7, 1e-9] {
        let [ours, panes, cluster_page, one_by_one] = excess(&start(certainty, 0.2));
        assert!(ours * 2 <= cluster_page.min(one_by_one), "{certainty}: {ours} {cluster_page} {one_by_one}");
        assert!(ours > 0 && panes <= ours, "{certainty}: {panes} against {ours}");
    }
}

#[test]
fn a_track_that_the_truth_does_not_name_is_told() {
    let SimulationStart { review, vectors, .. } = start(0.5, 0.2);
    let truth = BTreeMap::from([("t0".to_owned(), "p".to_owned())]);
    let error = SimulationStart::new(review, vectors, &truth).unwrap_err();
    assert!(matches!(error, SessionError::Unlabelled { .. }), "{error}");
    assert!(!error.to_string().contains("--common"), "there is no such option: {error}");
}
