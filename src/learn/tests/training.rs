//! Whole trainings on people made of numbers.

use crate::base::Parameters as _;
use std::path::Path;

use rand::RngExt;

use super::super::train::best_b;
use super::super::*;
use crate::base::{Cancelled, Cx, Embeddings, Radius, Stage, seeded};

const DIM: usize = 12;

/// People whose faces differ along half of the axes by chance and along the others by person.
pub(in crate::learn) fn people(n_identities: usize, tracks_each: usize, faces_each: usize) -> LabelledFaces {
    let mut rng = seeded(11);
    let (mut faces, mut tracks, mut identities) = (Vec::new(), Vec::new(), Vec::new());
    for person in 0..n_identities {
        let own: Vec<f32> = (0..DIM / 2).map(|_| rng.random_range(-1.0..1.0)).collect();
        for _ in 0..tracks_each {
            for _ in 0..faces_each {
                faces.extend(own.iter().map(|value| value + rng.random_range(-0.1_f32..0.1)));
                faces.extend((0..DIM / 2).map(|_| rng.random_range(-0.7_f32..0.7)));
                tracks.push(Some(identities.len() as u32));
            }
            identities.push(Some(person as u32));
        }
    }
    let names = (0..n_identities).map(|person| format!("person {person}")).collect();
    LabelledFaces::new(Embeddings::new(DIM, faces).unwrap(), &tracks, &identities, names).unwrap()
}

pub(in crate::learn) fn quick() -> BclParams {
    BclParams {
        dims: vec![8, 6],
        epochs: 6,
        batch: 60,
        together: 4,
        noise: 0.1,
        mix: 3,
        sgd: SgdOptions { rate: 0.05, ..SgdOptions::default() },
        ..BclParams::default()
    }
}

/// Good where the rows of one person are near each other and those of others far.
pub(in crate::learn) fn validation(rows: &Embeddings, radius: Radius) -> Validation {
    let mean = rows.as_slice().iter().map(|&value| f64::from(value)).sum::<f64>();
    Validation { nmi: radius.0, bcubed_f: mean.abs() % 1.0, n_clusters: rows.len(), n_identities: 2 }
}

struct TrainingOutcome {
    trained: Result<TrainedProjection, LearnError>,
    reports: Vec<EpochReport>,
}

/// Trains; cancels in the validation number `cancel_at` or by the report of that epoch.
fn train(
    params: &BclParams,
    data: &LabelledFaces,
    checkpoint: Option<&Path>,
    cancel: impl Fn(usize, &Cx) -> bool,
) -> TrainingOutcome {
    let split = Split::random(data.names().len(), 1);
    let cx = Cx::new();
    let mut reports = Vec::new();
    let seen = std::cell::Cell::new(0);
    let mut report = |report: &EpochReport| {
        reports.push(*report);
        seen.set(report.epoch);
    };
    let mut validate = |rows: &Embeddings, radius: Radius| {
        if cancel(seen.get() + 1, &cx) { Err(Cancelled) } else { Ok(validation(rows, radius)) }
    };
    let input = TrainingInput { data, split: &split, foreign: None, start: None, checkpoint };
    let mut hooks = TrainingCallbacks { report: &mut report, validate: Some(&mut validate) };
    let trained = params.clone().check().unwrap().run(&input, &mut hooks, &cx);
    TrainingOutcome { trained, reports }
}

#[test]
fn learns_to_tell_people_apart() {
    let data = people(30, 4, 3);
    let params = BclParams { epochs: 60, patience: 1000, noise: 0.0, mix: 1, ..quick() };
    let split = Split::all_train(30);
    let mut reports = Vec::new();
    let mut report = |report: &EpochReport| reports.push(*report);
    let mut hooks = TrainingCallbacks { report: &mut report, validate: None };
    let input = TrainingInput { data: &data, split: &split, foreign: None, start: None, checkpoint: None };
    let cx = Cx::new();
    let trained = params.check().unwrap().run(&input, &mut hooks, &cx).unwrap();
    assert_eq!((cx.progress().done, cx.progress().stage), (60, Some(Stage::Training)));
    let (first, last) = (reports[0], reports[59]);
    assert!(last.loss < 0.6 * first.loss, "{first:?} → {last:?}");
    assert!((first.loss - first.pos - first.neg).abs() < 1e-9);
    let gap = |rows: &Embeddings| {
        let near: f32 = (0..120_u32).filter(|i| i % 4 != 3).map(|i| between(rows, i, i + 1)).sum();
        let far: f32 = (0..116).map(|i| between(rows, i, i + 4)).sum();
        (far / 116.0) / (near / 90.0)
    };
    let tracks: Vec<u32> = (0..120).collect();
    let before = data.track_means(&tracks).unwrap();
    let after = trained.projection.apply(&before).unwrap();
    assert!(gap(&after) > 1.5 * gap(&before), "{} → {}", gap(&before), gap(&after));
}

fn between(rows: &Embeddings, i: u32, j: u32) -> f32 {
    crate::base::squared_distance(rows.row(i), rows.row(j)).0
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let data = people(40, 5, 3);
    let params = BclParams { batch: 600, dims: vec![150, 6], epochs: 2, ..quick() };
    let of = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train(&params, &data, None, |_, _| false))
    };
    let (one, four) = (of(1), of(4));
    assert_eq!(one.reports, four.reports);
    assert_eq!(one.trained.unwrap(), four.trained.unwrap());
    let other = train(&BclParams { seed: 1, ..params }, &data, None, |_, _| false);
    assert_ne!(one.reports, other.reports);
}

#[test]
fn goes_on_as_if_it_had_not_been_interrupted() {
    let data = people(30, 4, 3);
    let whole = train(&quick(), &data, None, |_, _| false);
    let folder = tempfile::tempdir().unwrap();
    // Once between the steps and the validation of an epoch, once between two steps.
    for between_steps in [false, true] {
        let path = folder.path().join(format!("{between_steps}.resume"));
        let stopped = train(&quick(), &data, Some(&path), |epoch, cx| {
            if between_steps && epoch == 3 {
                cx.cancel();
            }
            !between_steps && epoch == 3
        });
        assert!(matches!(stopped.trained, Err(LearnError::Cancelled(_))));
        let rest = train(&quick(), &data, Some(&path), |_, _| false);
        assert_eq!([stopped.reports, rest.reports].concat(), whole.reports);
        assert_eq!(rest.trained.unwrap(), *whole.trained.as_ref().unwrap());
        // A finished training is not run again, and no other training takes its place.
        let again = train(&quick(), &data, Some(&path), |_, _| false);
        assert!(again.reports.is_empty());
        assert_eq!(again.trained.unwrap(), *whole.trained.as_ref().unwrap());
        let other = train(&BclParams { seed: 9, ..quick() }, &data, Some(&path), |_, _| false);
        assert!(matches!(other.trained, Err(LearnError::OtherTraining { .. })));
        let longer = train(&BclParams { epochs: 7, ..quick() }, &data, Some(&path), |_, _| false);
        assert_eq!(longer.reports.len(), 1);
    }
}

#[test]
fn keeps_the_best_state_and_stops_when_nothing_improves() {
    let data = people(30, 4, 3);
    let params = BclParams { epochs: 50, patience: 4, ..quick() };
    let run = train(&params, &data, None, |_, _| false);
    let trained = run.trained.unwrap();
    let figures: Vec<f64> = run.reports.iter().map(|r| r.validation.unwrap().bcubed_f).collect();
    let best = figures.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let first = figures.iter().position(|figure| figure.to_bits() == best.to_bits()).unwrap();
    assert!(trained.stopped_early);
    assert_eq!((trained.best_epoch, trained.epochs), (first + 1, first + 5));
    assert_eq!(trained.b.to_bits(), run.reports[first].b.to_bits());
    let split = Split::random(30, 1);
    let held = data.track_means(&data.tracks(&split, Some(Subset::Validation))).unwrap();
    let again = validation(&trained.projection.apply(&held).unwrap(), trained.projection.radius());
    assert_eq!(again, trained.validation.unwrap());
}

#[test]
fn without_a_projection_the_radius_goes_to_the_least_loss() {
    let data = people(20, 6, 1);
    let params = BclParams { dims: vec![], epochs: 300, passes: 2, b0: 0.9, mix: 1, noise: 0.0, ..quick() };
    let params = BclParams { batch: 1000, sgd: SgdOptions::default(), ..params };
    let split = Split::all_train(20);
    let mut hooks = TrainingCallbacks { report: &mut |_| (), validate: None };
    let input = TrainingInput { data: &data, split: &split, foreign: None, start: None, checkpoint: None };
    let trained = params.check().unwrap().run(&input, &mut hooks, &Cx::new()).unwrap();
    assert_eq!(trained.projection.dims(), [DIM]);
    let classes: Vec<u32> = (0..120).map(|track| track / 6).collect();
    let exact = best_b(&BallLoss::default(), data.faces(), &classes, 20);
    assert!((trained.b - exact).abs() < 0.02, "{} against {exact}", trained.b);
    assert!((trained.projection.radius().0.powi(2) - trained.b).abs() < 1e-12);
}

#[test]
fn fine_tuning_starts_from_a_head_and_pushes_known_pairs_only() {
    let data = people(6, 1, 5);
    let split = Split::all_train(6);
    let mlp = Mlp::new(&[DIM, DIM], Initialisation::Identity, &mut seeded(1)).unwrap();
    let start = Projection::new(mlp, Radius(0.3));
    let params = BclParams { epochs: 1, ..quick() }.check().unwrap();
    let run = |foreign: &[(u32, u32)]| {
        let mut last = None;
        let mut hooks = TrainingCallbacks { report: &mut |report| last = Some(*report), validate: None };
        let (data, split) = (&data, &split);
        let input =
            TrainingInput { data, split, foreign: Some(foreign), start: Some(&start), checkpoint: None };
        let trained = params.run(&input, &mut hooks, &Cx::new()).unwrap();
        (trained, last.unwrap())
    };
    let (_, nobody) = run(&[]);
    assert_eq!(nobody.neg.to_bits(), 0);
    assert!(nobody.pos > 0.0, "two faces of each track are pulled together");
    let (trained, known) = run(&(0..6).flat_map(|a| (0..a).map(move |b| (a, b))).collect::<Vec<_>>());
    assert!(known.neg > 0.0);
    assert_eq!(trained.projection.dims(), [DIM, DIM]);
    assert!((known.b - 0.09).abs() < 0.02, "goes on from the head's radius: {}", known.b);
}

#[test]
fn too_little_and_too_fast_are_refused() {
    let alone = train(&quick(), &people(1, 4, 3), None, |_, _| false);
    assert!(matches!(alone.trained, Err(LearnError::TooLittle { identities: 1, tracks: 4 })));
    let single = train(&quick(), &people(30, 1, 1), None, |_, _| false);
    assert!(matches!(single.trained, Err(LearnError::TooLittle { .. })));
    let sgd = SgdOptions { rate: 10.0, h_rate: 1e4, weight_decay: 10.0, ..SgdOptions::default() };
    let wild = train(&BclParams { sgd, epochs: 200, ..quick() }, &people(30, 4, 3), None, |_, _| false);
    let message = wild.trained.unwrap_err().to_string();
    assert!(message.contains("diverged"), "{message}");
}
