//! Loss, network and optimiser against published numbers and finite differences, in `f64`.

use crate::base::product::Real;
use rand::RngExt;
use serde::Deserialize;

use super::super::*;
use crate::base::{Rng, seeded};

const GOLDEN_LOSS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bcl_loss.json"));
const GOLDEN_TRACE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bcl_train_trace.json"));

#[derive(Deserialize)]
struct Losses {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    d: usize,
    x: Vec<Vec<f64>>,
    labels: Vec<i64>,
    h_bias: f64,
    alpha_pos: f64,
    alpha_neg: f64,
    gamma_eps: f64,
    expect: Expect,
}

#[derive(Deserialize)]
struct Expect {
    b: f64,
    loss_pos_weighted: f64,
    loss_neg_weighted: f64,
    loss: f64,
    grad_x: Vec<Vec<f64>>,
    grad_h_bias: f64,
}

/// Classes numbered by ascending label.
fn classes(labels: &[i64]) -> (Vec<u32>, usize) {
    let mut seen = labels.to_vec();
    seen.sort_unstable();
    seen.dedup();
    (labels.iter().map(|label| seen.binary_search(label).unwrap() as u32).collect(), seen.len())
}

fn assert_near(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (at, (got, want)) in got.iter().zip(want).enumerate() {
        assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{what}[{at}]: {got}, not {want}");
    }
}

fn check_case<T: Real>(case: &Case, tolerance: f64) {
    let (classes, n_classes) = classes(&case.labels);
    let rows: Vec<T> = case.x.iter().flatten().map(|&value| T::of(value)).collect();
    let loss = BallLoss { alpha_pos: case.alpha_pos, alpha_neg: case.alpha_neg, eps: case.gamma_eps };
    let mut grad = vec![T::nan(); rows.len()];
    let (mut space, of) = (LossWorkspace::default(), (rows.as_slice(), case.d));
    let got =
        loss.evaluate(of, (&classes, n_classes), case.h_bias, Negatives::All, &mut space, Some(&mut grad));
    let want = &case.expect;
    let values = [got.b, got.pos, got.neg, got.loss, got.grad_h];
    let wanted = [want.b, want.loss_pos_weighted, want.loss_neg_weighted, want.loss, want.grad_h_bias];
    assert_near(&values, &wanted, tolerance, &case.name);
    let grad: Vec<f64> = grad.iter().map(|&value| value.wide()).collect();
    assert_near(&grad, &case.expect.grad_x.concat(), tolerance, &case.name);
}

#[test]
fn the_loss_is_the_published_one() {
    let golden: Losses = serde_json::from_str(GOLDEN_LOSS).unwrap();
    assert_eq!(golden.cases.len(), 9);
    for case in &golden.cases {
        check_case::<f64>(case, 1e-9);
        check_case::<f32>(case, 1e-5);
    }
}

#[derive(Deserialize)]
struct Trace {
    dims: Vec<usize>,
    w0: Vec<Vec<f64>>,
    b0: Vec<f64>,
    w1: Vec<Vec<f64>>,
    b1: Vec<f64>,
    x: Vec<Vec<f64>>,
    labels: Vec<i64>,
    h_bias_init: f64,
    lr: f64,
    lr_h: f64,
    momentum: f64,
    #[serde(rename = "trace")]
    steps: Vec<TraceStep>,
    #[serde(rename = "final")]
    end: FinalState,
    tolerance: f64,
}

#[derive(Deserialize)]
struct TraceStep {
    loss: f64,
    loss_pos: f64,
    loss_neg: f64,
    h_bias: f64,
}

#[derive(Deserialize)]
struct FinalState {
    w0: Vec<Vec<f64>>,
    b0: Vec<f64>,
    w1: Vec<Vec<f64>>,
    b1: Vec<f64>,
    h_bias: f64,
    embedding: Vec<Vec<f64>>,
}

#[test]
fn twenty_steps_go_the_published_way() {
    let golden: Trace = serde_json::from_str(GOLDEN_TRACE).unwrap();
    let weights = [golden.w0.concat(), golden.b0, golden.w1.concat(), golden.b1].concat();
    let mut mlp = Mlp::from_weights(&golden.dims, weights).unwrap();
    let rows = golden.x.concat();
    let (classes, n_classes) = classes(&golden.labels);
    let rates = SgdOptions {
        rate: golden.lr,
        h_rate: golden.lr_h / golden.lr,
        momentum: golden.momentum,
        ..SgdOptions::default()
    };
    let (mut space, mut loss_space) = (MlpWorkspace::default(), LossWorkspace::default());
    let mut grads = vec![f64::NAN; mlp.weights().len()];
    let mut sgd = Sgd::new(grads.len());
    let mut h = golden.h_bias_init;
    for (step, want) in golden.steps.iter().enumerate() {
        mlp.forward(&rows, &mut space).unwrap();
        let (out, grad) = space.split();
        let (of, by) = ((out, mlp.outputs()), (classes.as_slice(), n_classes));
        let value = BallLoss::default().evaluate(of, by, h, Negatives::All, &mut loss_space, Some(grad));
        let got = [value.loss, value.pos, value.neg, h];
        let want = [want.loss, want.loss_pos, want.loss_neg, want.h_bias];
        assert_near(&got, &want, golden.tolerance, &format!("step {step}"));
        mlp.backward(&rows, &mut space, &mut grads);
        sgd.step(
            &rates,
            0,
            WeightStep { weights: mlp.weights_mut(), grads: &grads, anchor: None },
            (&mut h, value.grad_h),
        );
    }
    let end = golden.end;
    let weights = [end.w0.concat(), end.b0, end.w1.concat(), end.b1].concat();
    assert_near(mlp.weights(), &weights, golden.tolerance, "weights");
    assert_near(&[h], &[end.h_bias], golden.tolerance, "h");
    assert_near(&mlp.apply(&rows).unwrap(), &end.embedding.concat(), golden.tolerance, "embedding");
}

fn random(n: usize, rng: &mut Rng) -> Vec<f64> {
    (0..n).map(|_| rng.random_range(-1.0..1.0)).collect()
}

/// The central difference of `of` by each place of `at`.
fn differences(at: &[f64], mut of: impl FnMut(&[f64]) -> f64) -> Vec<f64> {
    const STEP: f64 = 1e-6;
    let mut moved = at.to_vec();
    (0..at.len())
        .map(|place| {
            moved[place] = at[place] + STEP;
            let up = of(&moved);
            moved[place] = at[place] - STEP;
            let down = of(&moved);
            moved[place] = at[place];
            (up - down) / (2.0 * STEP)
        })
        .collect()
}

fn lists(n_classes: u32) -> Vec<Vec<u32>> {
    // A ring: everybody knows the next, and the last class knows nobody.
    (0..n_classes).map(|class| if class + 1 < n_classes { vec![class + 1] } else { vec![] }).collect()
}

#[test]
fn gradients_by_rows_are_slopes() {
    let mut rng = seeded(5);
    for (case, dim) in [3, 16, 19, 33].into_iter().enumerate() {
        let classes: Vec<u32> = (0..23).map(|row| row % 5).collect();
        let rows = random(23 * dim, &mut rng);
        let lists = lists(5);
        for negatives in [Negatives::All, Negatives::Listed(&lists)] {
            let h = -1.5 + case as f64;
            let value = |rows: &[f64], h: f64, grad: Option<&mut [f64]>| {
                let mut space = LossWorkspace::default();
                BallLoss::default().evaluate((rows, dim), (&classes, 5), h, negatives, &mut space, grad)
            };
            let mut grad = vec![f64::NAN; rows.len()];
            let at = value(&rows, h, Some(&mut grad));
            assert!(at.neg > 0.0 && at.pos > 0.0, "both parts at work: {at:?}");
            let slopes = differences(&rows, |rows| value(rows, h, None).loss);
            assert_near(&grad, &slopes, 1e-6, "rows");
            let slope = differences(&[h], |h| value(&rows, h[0], None).loss);
            assert_near(&[at.grad_h], &slope, 1e-6, "h");
        }
    }
}

#[test]
fn gradients_by_weights_are_slopes_through_the_whole_network() {
    let mut rng = seeded(8);
    for dims in [&[6, 4][..], &[6, 7, 4], &[5, 9, 8, 3]] {
        let n = 31;
        let classes: Vec<u32> = (0..n).map(|row| row % 4).collect();
        let rows = random(n as usize * dims[0], &mut rng);
        let mut mlp = Mlp::<f64>::new(dims, Initialisation::Uniform, &mut rng).unwrap();
        let mut space = MlpWorkspace::default();
        let mut value = |mlp: &Mlp<f64>, grads: Option<&mut [f64]>| {
            mlp.forward(&rows, &mut space).unwrap();
            let (out, grad) = space.split();
            let (of, mut loss_space) = ((out, mlp.outputs()), LossWorkspace::default());
            let loss = BallLoss::default();
            let got = loss.evaluate(of, (&classes, 4), -1.0, Negatives::All, &mut loss_space, Some(grad));
            if let Some(grads) = grads {
                mlp.backward(&rows, &mut space, grads);
            }
            got.loss
        };
        let mut grads = vec![f64::NAN; mlp.weights().len()];
        value(&mlp, Some(&mut grads));
        let start = mlp.weights().to_vec();
        let slopes = differences(&start, |weights| {
            mlp.weights_mut().copy_from_slice(weights);
            value(&mlp, None)
        });
        assert_near(&grads, &slopes, 1e-6, &format!("{dims:?}"));
    }
}

#[test]
fn edges_are_numbers() {
    let nobody = [vec![], vec![]];
    let evaluate = |rows: &[f64], classes: &[u32], n_classes, negatives| {
        let (mut grad, mut space) = (vec![f64::NAN; rows.len()], LossWorkspace::default());
        let of = (rows, 2);
        let loss = BallLoss::default();
        let value = loss.evaluate(of, (classes, n_classes), -1.5, negatives, &mut space, Some(&mut grad));
        assert!(grad.iter().all(|value| value.is_finite()), "{grad:?}");
        (value, grad)
    };
    // Members that cancel out: the centroid is 0, every distance to it 1.
    let (value, _) = evaluate(&[1.0, 0.0, -1.0, 0.0, 0.0, 1.0], &[0, 0, 1], 2, Negatives::All);
    let b = softplus(-1.5);
    assert!((value.pos - 4.0 * 2.0 * (1.0 - b) / 3.0).abs() < 1e-12);
    // One class, nobody permitted, a class without a row, no row at all.
    let (value, _) = evaluate(&[1.0, 0.0, 0.0, 1.0], &[0, 0], 1, Negatives::All);
    assert_eq!(value.neg.to_bits(), 0);
    let (value, grad) = evaluate(&[1.0, 0.0, 0.0, 1.0], &[0, 1], 2, Negatives::Listed(&nobody));
    assert_eq!((value.loss, value.grad_h, grad), (0.0, 0.0, vec![0.0; 4]));
    let with_gap = evaluate(&[1.0, 0.0, 0.6, 0.8], &[0, 2], 3, Negatives::All);
    assert_eq!(with_gap, evaluate(&[1.0, 0.0, 0.6, 0.8], &[0, 1], 2, Negatives::All));
    let (value, _) = evaluate(&[], &[], 0, Negatives::All);
    assert_eq!((value.loss, value.grad_h), (0.0, 0.0));
}

#[test]
fn the_best_b_is_where_no_other_b_is_better() {
    let mut rng = seeded(3);
    for _ in 0..20 {
        let rows = random(40 * 3, &mut rng);
        let classes: Vec<u32> = (0..40).map(|row| row % 6).collect();
        let loss = BallLoss::default();
        let mut space = LossWorkspace::default();
        let mut at = |b: f64| {
            let h = inverse_softplus(b);
            loss.evaluate((&rows, 3), (&classes, 6), h, Negatives::All, &mut space, None).loss
        };
        let _ = at(0.1);
        let best = loss.best_b(space.distances());
        let mut at = |b: f64| {
            let h = inverse_softplus(b.max(1e-9));
            loss.evaluate((&rows, 3), (&classes, 6), h, Negatives::All, &mut space, None).loss
        };
        let least = at(best);
        assert!((0..400).all(|b| at(f64::from(b) / 100.0) >= least - 1e-9), "{best}");
    }
    assert_eq!(BallLoss::default().best_b(&[]).to_bits(), 0);
}

#[test]
fn softplus_has_an_inverse() {
    for b in [1e-6, 0.1, 0.744_396_660_073_571, 4.0, 800.0] {
        assert!((softplus(inverse_softplus(b)) / b - 1.0).abs() < 1e-9, "{b}");
    }
    assert!((softplus(0.1) - 0.744_396_660_073_571).abs() < 1e-15);
}

#[test]
fn an_identity_changes_nothing_and_decay_draws_back_to_it() {
    let mut mlp = Mlp::<f64>::new(&[3, 3], Initialisation::Identity, &mut seeded(1)).unwrap();
    let rows = [0.6, 0.0, 0.8, 0.0, 1.0, 0.0];
    assert_eq!(mlp.apply(&rows).unwrap(), rows);
    let home = mlp.weights().to_vec();
    mlp.weights_mut()[1] = 1.0;
    let options = SgdOptions { rate: 0.5, weight_decay: 1.0, momentum: 0.0, ..SgdOptions::default() };
    let zeros = vec![0.0; home.len()];
    let mut sgd = Sgd::new(home.len());
    for _ in 0..60 {
        sgd.step(
            &options,
            0,
            WeightStep { weights: mlp.weights_mut(), grads: &zeros, anchor: Some(&home) },
            (&mut 0.0, 0.0),
        );
    }
    assert_near(mlp.weights(), &home, 1e-9, "back home");
    assert!(Mlp::<f64>::new(&[3, 2], Initialisation::Identity, &mut seeded(1)).is_err());
    assert!((SgdOptions::default().rate_at(127) - 8.472_886e-4).abs() < 1e-9);
}
