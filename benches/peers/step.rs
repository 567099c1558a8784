//! One training step of Ball Cluster Learning, beside the same step in PyTorch.
//!
//! Batch of 2,000 rows of 200 identities, network 256→256→128→64→64: forward, loss, backward
//! and the optimiser's update, one thread in both. `step.py` does it twice: with the distances
//! as a matrix product, and as published, over all pairs of rows and centroids; ours is
//! compared with the faster. Both run in turn, and the medians of CPU seconds a step are
//! compared. Weights and rows are drawn again in each program: their values do not matter here.

use std::path::Path;
use std::process::Command;

use castlist::base::seeded;
use castlist::learn::{
    BallLoss, Initialisation, LossWorkspace, Mlp, MlpWorkspace, Negatives, Sgd, SgdOptions, WeightStep,
};
use cpu_time::ProcessTime;
use rand::RngExt;

use super::{AnyError, Goal, row};

const ROWS: usize = 2_000;
const IDENTITIES: usize = 200;
const DIMS: [usize; 5] = [256, 256, 128, 64, 64];
const WARM: usize = 20;
const STEPS: usize = 100;
const RUNS: usize = 5;
/// PyTorch's CPU seconds as a multiple of ours.
const GOAL: Goal = Goal::Ratio(1.0, 1.5);

/// Runs both in turn and prints the line of the table.
pub(super) fn compare(python: &str) -> Result<(), AnyError> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/step.py");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let torch = Command::new(python).args(["-c", "import torch"]).output();
    let torch = torch.is_ok_and(|tried| tried.status.success());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(pool.install(step)?);
        let mut best = f64::INFINITY;
        for way in ["product", "pairs"].iter().filter(|_| torch) {
            let args = [(*way).to_owned(), WARM.to_string(), STEPS.to_string()];
            let told = Command::new(python).arg(&script).args(args).output()?;
            best = best.min(String::from_utf8(told.stdout)?.trim().parse()?);
        }
        theirs.push(best);
    }
    if !torch {
        println!("skipped: {python} has no torch, so the training step is compared with nothing");
    }
    let theirs = torch.then(|| median(&mut theirs) * 1e3);
    row("training step, batch 2,000, CPU ms, PyTorch", median(&mut ours) * 1e3, theirs, Some(GOAL));
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU seconds of one step.
fn step() -> Result<f64, castlist::learn::LearnError> {
    let mut rng = seeded(1);
    let rows: Vec<f32> = (0..ROWS * DIMS[0]).map(|_| rng.random_range(-0.1..0.1)).collect();
    let classes: Vec<u32> = (0..ROWS).map(|row| (row % IDENTITIES) as u32).collect();
    let mut mlp = Mlp::<f32>::new(&DIMS, Initialisation::Uniform, &mut rng)?;
    let (mut space, mut loss_space) = (MlpWorkspace::default(), LossWorkspace::default());
    let mut grads = vec![0.0; mlp.weights().len()];
    let mut sgd = Sgd::new(grads.len());
    let (loss, options, mut h) = (BallLoss::default(), SgdOptions::default(), -2.25);
    let mut begun = ProcessTime::now();
    for at in 0..WARM + STEPS {
        if at == WARM {
            begun = ProcessTime::now();
        }
        mlp.forward(&rows, &mut space)?;
        let (out, grad) = space.split();
        let (rows_of, classes_of) = ((out, DIMS[4]), (classes.as_slice(), IDENTITIES));
        let value = loss.evaluate(rows_of, classes_of, h, Negatives::All, &mut loss_space, Some(grad));
        mlp.backward(&rows, &mut space, &mut grads);
        sgd.step(
            &options,
            0,
            WeightStep { weights: mlp.weights_mut(), grads: &grads, anchor: None },
            (&mut h, value.grad_h),
        );
    }
    Ok(begun.elapsed().as_secs_f64() / STEPS as f64)
}
