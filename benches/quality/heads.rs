//! Does a learned projection beat none? And the recipes that were tried.
//!
//! Takes the sets of a model; trains on the photographs of one half of the people, compares on
//! those of the other, both ways round and with several seeds. Each space is given its own best
//! threshold, so that a recipe cannot lose by a threshold that was badly chosen: a projection
//! that is not better even then is not worth shipping.

use castlist::base::{Cx, Embeddings, Parameters as _, Radius, squared_distance};
use castlist::learn::{
    BclParams, Initialisation, LabelledFaces, Projection, SgdOptions, Split, TrainingCallbacks, TrainingInput,
};
use castlist::session::ThresholdSweep;

use super::AnyError;
use super::people::{EvaluationSets, LabelledTracks};

/// Seeds of each recipe.
const SEEDS: u64 = 2;
/// How many sets of simulated tracks a curve is the mean of.
pub const SIMULATED: u64 = 3;

/// A way to train.
pub struct Recipe {
    pub name: &'static str,
    params: fn(usize) -> BclParams,
}

/// One square layer that begins as the identity: what the other recipes vary.
fn square(dim: usize) -> BclParams {
    BclParams {
        dims: vec![dim],
        init: Initialisation::Identity,
        epochs: 30,
        sgd: SgdOptions { rate: 0.03, decay_epochs: 3, ..SgdOptions::default() },
        ..BclParams::default()
    }
}

/// What was tried; the first is the paper's.
pub const RECIPES: &[Recipe] = &[
    Recipe { name: "as published: 256, 128, 64 from random weights", params: |_| BclParams::default() },
    Recipe {
        name: "one layer of 256 from random weights, rate 0.3",
        params: |_| with_rate(0.3, BclParams { dims: vec![256], epochs: 60, ..BclParams::default() }),
    },
    Recipe { name: "one square layer from the identity, rate 0.03", params: square },
    Recipe {
        name: "… rate 0.3, decay to the identity 0.01",
        params: |dim| {
            let params = with_rate(0.3, square(dim));
            BclParams { sgd: SgdOptions { weight_decay: 0.01, ..params.sgd }, ..params }
        },
    },
    Recipe {
        name: "… rate 0.1, noise 0.5",
        params: |dim| BclParams { noise: 0.5, ..with_rate(0.1, square(dim)) },
    },
    Recipe {
        name: "… rate 0.1, means of 1 to 5 faces",
        params: |dim| BclParams { mix: 5, ..with_rate(0.1, square(dim)) },
    },
    Recipe {
        name: "… rate 0.1, means of 1 to 3 faces, b₀ = 0.2",
        params: |dim| BclParams { mix: 3, b0: 0.2, ..with_rate(0.1, square(dim)) },
    },
];

/// The recipe of the row "learned head": the one that loses least on simulated tracks with the
/// built-in model.
const CHOSEN: &Recipe = &RECIPES[6];

fn with_rate(rate: f64, params: BclParams) -> BclParams {
    BclParams { sgd: SgdOptions { rate, ..params.sgd }, ..params }
}

/// Trains on all people given, for as many epochs as the recipe says.
fn train(recipe: &Recipe, photographs: &LabelledTracks, seed: u64) -> Result<Projection, AnyError> {
    let data = photographs.labelled()?;
    let params = BclParams { seed, ..(recipe.params)(photographs.rows.dim()) };
    let split = Split::all_train(data.names().len());
    run(params, &data, &split, None)
}

fn run(
    params: BclParams,
    data: &LabelledFaces,
    split: &Split,
    foreign: Option<&[(u32, u32)]>,
) -> Result<Projection, AnyError> {
    let input = TrainingInput { data, split, foreign, start: None, checkpoint: None };
    let mut hooks = TrainingCallbacks { report: &mut |_| (), validate: None };
    Ok(params.check()?.run(&input, &mut hooks, &Cx::new())?.projection)
}

/// The chosen recipe on half A, and its threshold: where simulated tracks of people of half A cluster
/// best under a head that never saw them, so a third of them is left out in turn.
pub fn chosen(photographs: &LabelledTracks) -> Result<(Projection, Radius), AnyError> {
    const FOLDS: u32 = 3;
    let mut sweeps = Vec::new();
    for fold in 0..FOLDS {
        let learned = photographs.only(|at| photographs.people[at] % FOLDS != fold)?;
        let left_out = photographs.only(|at| photographs.people[at] % FOLDS == fold)?;
        let projection = train(CHOSEN, &learned, 0)?;
        for seed in 0..SIMULATED {
            sweeps.push(sweep(&left_out.simulate(seed)?, Some(&projection))?);
        }
    }
    Ok((train(CHOSEN, photographs, 0)?, Radius::from_tau(ThresholdSweep::mean(&sweeps).best())))
}

/// Fine-tuned on a set itself, without labels, as `castlist learn finetune` does: each track pulls
/// its own faces together, and tracks that overlap in time push each other away; the threshold is
/// the one within which as many pairs of tracks lie as before. `None` where no tracks overlap. The
/// program proposes such a head only where it does better on parts that it did not learn from.
pub fn fine_tuned(known: &LabelledTracks, own: Radius) -> Result<Option<(Projection, Radius)>, AnyError> {
    let foreign: Vec<(u32, u32)> = known.apart.cannot().collect();
    if foreign.is_empty() || known.faces.iter().all(|faces| faces.len() < 2) {
        return Ok(None);
    }
    let (mut faces, mut tracks) = (Vec::new(), Vec::new());
    for (track, of) in known.faces.iter().enumerate() {
        faces.extend_from_slice(of.as_slice());
        tracks.resize(tracks.len() + of.len(), Some(track as u32));
    }
    let each: Vec<Option<u32>> = (0..known.faces.len() as u32).map(Some).collect();
    let names = each.iter().flatten().map(u32::to_string).collect();
    let dim = known.rows.dim();
    let data = LabelledFaces::new(Embeddings::new(dim, faces)?, &tracks, &each, names)?;
    let params = BclParams {
        dims: vec![dim],
        init: Initialisation::Identity,
        b0: 0.15,
        epochs: 12,
        passes: 2,
        mix: 3,
        sgd: SgdOptions { rate: 0.02, h_rate: 1.0, weight_decay: 0.02, ..SgdOptions::default() },
        ..BclParams::default()
    };
    let projection = run(params, &data, &Split::all_train(each.len()), Some(&foreign))?;
    let (before, after) = (distances(&known.rows), distances(&projection.apply(&known.rows)?));
    let within = before.partition_point(|&distance| f64::from(distance) <= own.tau());
    let at = |place: usize| after.get(place).copied().map_or(own.tau(), f64::from);
    let tau = if within == 0 { at(0) / 2.0 } else { f64::midpoint(at(within - 1), at(within)) };
    Ok(Some((projection, Radius::from_tau(tau))))
}

/// All squared distances between rows, ascending.
fn distances(rows: &Embeddings) -> Vec<f32> {
    let n = rows.len() as u32;
    let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
    let mut all: Vec<f32> = pairs.map(|(a, b)| squared_distance(rows.row(a), rows.row(b)).0).collect();
    all.sort_unstable_by(f32::total_cmp);
    all
}

/// `BCubed` F by τ, in the model's own space or a learned one; overlaps in time are not told.
pub fn sweep(known: &LabelledTracks, projection: Option<&Projection>) -> Result<ThresholdSweep, AnyError> {
    Ok(match projection {
        Some(projection) => ThresholdSweep::of(&projection.apply(&known.rows)?, &known.people, &Cx::new())?,
        None => ThresholdSweep::of(&known.rows, &known.people, &Cx::new())?,
    })
}

/// The best F of a sweep.
pub fn best(sweep: &ThresholdSweep) -> f64 {
    sweep.values().iter().copied().fold(0.0, f64::max)
}

/// The first and the last τ whose F is within `slack` of the best.
pub fn flat(sweep: &ThresholdSweep, slack: f64) -> (f64, f64) {
    let most = best(sweep);
    let good = || {
        ThresholdSweep::taus().zip(sweep.values()).filter(|(_, f)| **f >= most - slack).map(|(tau, _)| tau)
    };
    (good().next().unwrap_or_default(), good().last().unwrap_or_default())
}

/// The sweeps of one half of the people and of the clips, in one space.
pub struct HeadSweeps {
    pub single: ThresholdSweep,
    pub simulated: ThresholdSweep,
    pub stills: ThresholdSweep,
    /// The clips without what is known of their times: the harder question.
    pub real: ThresholdSweep,
}

impl HeadSweeps {
    pub fn of(sets: &EvaluationSets, half: usize, projection: Option<&Projection>) -> Result<Self, AnyError> {
        let simulated = (0..SIMULATED).map(|seed| sweep(&sets.single[half].simulate(seed)?, projection));
        Ok(Self {
            single: sweep(&sets.single[half], projection)?,
            simulated: ThresholdSweep::mean(&simulated.collect::<Result<Vec<_>, AnyError>>()?),
            stills: sweep(&sets.stills[half], projection)?,
            real: sweep(&sets.real, projection)?,
        })
    }
}

/// A recipe's row: differences to no projection, the best F of either side at its own threshold.
pub fn study(
    sets: &EvaluationSets,
    recipe: &Recipe,
    none: &[HeadSweeps; 2],
) -> Result<Vec<String>, AnyError> {
    let mut gains: [Vec<f64>; 3] = Default::default();
    let mut windows = Vec::new();
    for learn in [0, 1] {
        let (report, without) = (1 - learn, &none[1 - learn]);
        for seed in 0..SEEDS {
            let Ok(projection) = train(recipe, &sets.single[learn], seed) else { continue };
            let with = HeadSweeps::of(sets, report, Some(&projection))?;
            gains[0].push(best(&with.simulated) - best(&without.simulated));
            gains[1].push(best(&with.stills) - best(&without.stills));
            gains[2].push(best(&with.single) - best(&without.single));
            windows.push(window(&with.real));
        }
    }
    let mut cells = vec![recipe.name.to_owned()];
    cells.extend(gains.iter().map(|gains| spread(gains)));
    cells.push(window_words(&windows));
    Ok(cells)
}

/// How far apart the largest and the smallest τ lie at which the clips are perfect, as a ratio.
pub fn window(real: &ThresholdSweep) -> Option<f64> {
    let (low, high) = flat(real, 1e-9);
    (best(real) > 1.0 - 1e-9).then_some(high / low)
}

/// The mean of windows; words where one is shut.
pub fn window_words(windows: &[Option<f64>]) -> String {
    let open: Vec<f64> = windows.iter().flatten().copied().collect();
    if open.len() < windows.len() {
        return format!("shut in {} of {}", windows.len() - open.len(), windows.len());
    }
    format!("{:.2}", open.iter().sum::<f64>() / open.len().max(1) as f64)
}

/// Mean, least and greatest.
fn spread(values: &[f64]) -> String {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{mean:+.4} ({least:+.4} to {most:+.4})")
}
