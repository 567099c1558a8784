//! Draws folders from the sets, merges them, and fits the regression on the pairs of groups on the
//! way.

use std::collections::{BTreeMap, BTreeSet};

use castlist::base::{Rng, TrackIx, seeded};
use castlist::cluster::likelihood::{N_FEATURES, N_WEIGHTS, Regression, SamePersonModel, TrackGroup};
use rand::RngExt;
use rand::seq::SliceRandom;

use super::{LabelledFolder, subset};

/// Folders drawn for one fit, of each of two rounds.
const DRAWN: usize = 360;
/// Tracks of a drawn folder, at most.
const MOST: usize = 300;
/// Pull of the weights towards 0, against as many examples as there are.
const RIDGE: f64 = 20.0;
/// Below these log-odds no drawn folder merges on.
const LEAST: f64 = -2.5;

/// Rows of a set without one part: some shows, some people, some of their tracks.
fn draw(set: &LabelledFolder, without: Option<&String>, rng: &mut Rng) -> Vec<TrackIx> {
    let allowed = |row: &TrackIx| without != Some(&set.parts[*row as usize]);
    let mut rows: Vec<TrackIx> = (0..set.rows.len() as TrackIx).filter(allowed).collect();
    if set.name == "tracks-video" && rng.random_bool(0.6) {
        let mut shows: Vec<&String> =
            rows.iter().map(|&row| &set.parts[row as usize]).collect::<BTreeSet<_>>().into_iter().collect();
        shows.shuffle(rng);
        shows.truncate(rng.random_range(1..=5));
        rows.retain(|&row| shows.contains(&&set.parts[row as usize]));
    }
    let person = |row: TrackIx| set.people[row as usize];
    let mut people: Vec<u32> =
        rows.iter().map(|&row| person(row)).collect::<BTreeSet<_>>().into_iter().collect();
    people.shuffle(rng);
    let n = rng.random_range(2.0_f64.ln()..=(people.len() as f64 + 1.0).ln()).exp() as usize;
    people.truncate(n.max(1));
    rows.retain(|&row| people.contains(&person(row)));
    rows.shuffle(rng);
    match rng.random::<f64>() {
        // Nearly all of them once.
        kind if kind < 0.15 => {
            let more = rng.random_range(0.0..0.1);
            let mut seen = BTreeSet::new();
            rows.retain(|&row| seen.insert(person(row)) || rng.random_bool(more));
        }
        kind if kind < 0.75 => {
            let share = rng.random_range(0.3..1.0);
            rows.retain(|_| rng.random_bool(share));
        }
        _ => {}
    }
    rows.truncate(MOST);
    rows
}

/// An example: measures of two groups, the share of their pairs that are one person, its weight.
type Example = ([f64; N_FEATURES], f64, f64);

/// A drawn folder while it merges, with all pairs at hand.
struct MergingFolder<'a> {
    same_person: SamePersonModel,
    regression: &'a Regression,
    products: Vec<f64>,
    sizes: Vec<u32>,
    /// Sum of cosines within, over ordered pairs with themselves.
    within: Vec<f64>,
    lives: Vec<bool>,
    apart: Vec<bool>,
    /// How many tracks of each person.
    people: Vec<BTreeMap<u32, f64>>,
}

impl<'a> MergingFolder<'a> {
    fn new(set: &LabelledFolder, chosen: &[TrackIx], regression: &'a Regression) -> Self {
        let (rows, links) = subset(set, chosen);
        let n = rows.len();
        let mut products = vec![0.0_f32; n * n];
        castlist::base::product::multiply_by_transposed(
            rows.as_slice(),
            rows.as_slice(),
            rows.dim(),
            &mut products,
        );
        let mut apart = vec![false; n * n];
        for (a, b) in links.cannot() {
            apart[a as usize * n + b as usize] = true;
            apart[b as usize * n + a as usize] = true;
        }
        Self {
            same_person: SamePersonModel::of(&rows, Regression::fitted()),
            regression,
            products: products.into_iter().map(f64::from).collect(),
            sizes: vec![1; n],
            within: vec![1.0; n],
            lives: vec![true; n],
            apart,
            people: chosen.iter().map(|&row| BTreeMap::from([(set.people[row as usize], 1.0)])).collect(),
        }
    }

    fn len(&self) -> usize {
        self.sizes.len()
    }

    fn may(&self, a: usize, b: usize) -> bool {
        a != b && self.lives[a] && self.lives[b] && !self.apart[a * self.len() + b]
    }

    fn features(&self, a: usize, b: usize) -> [f64; N_FEATURES] {
        let group = |at: usize| {
            let n = f64::from(self.sizes[at]);
            TrackGroup { n_tracks: self.sizes[at], mean_squared: (self.within[at] / (n * n)) as f32 }
        };
        self.same_person.features(self.products[a * self.len() + b], group(a), group(b))
    }

    fn log_odds(&self, a: usize, b: usize) -> f64 {
        let terms = self.regression.terms(&self.features(a, b));
        terms.iter().zip(&self.regression.weights).map(|(term, weight)| term * weight).sum()
    }

    fn share(&self, a: usize, b: usize) -> f64 {
        let common = |(person, n): (&u32, &f64)| n * self.people[b].get(person).copied().unwrap_or(0.0);
        let pairs: f64 = self.people[a].iter().map(common).sum();
        pairs / (f64::from(self.sizes[a]) * f64::from(self.sizes[b]))
    }

    fn merge(&mut self, a: usize, b: usize) {
        let n = self.len();
        let (of_a, of_b) = (f64::from(self.sizes[a]), f64::from(self.sizes[b]));
        self.within[a] += self.within[b] + 2.0 * self.products[a * n + b] * of_a * of_b;
        for other in 0..n {
            let mean =
                (self.products[a * n + other] * of_a + self.products[b * n + other] * of_b) / (of_a + of_b);
            self.products[a * n + other] = mean;
            self.products[other * n + a] = mean;
            let apart = self.apart[a * n + other] || self.apart[b * n + other];
            self.apart[a * n + other] = apart;
            self.apart[other * n + a] = apart;
        }
        self.sizes[a] += self.sizes[b];
        self.lives[b] = false;
        for (person, n) in std::mem::take(&mut self.people[b]) {
            *self.people[a].entry(person).or_default() += n;
        }
    }

    /// Merges the most likely pair first and takes examples on the way.
    fn learn_from(mut self, rng: &mut Rng, examples: &mut Vec<Example>) {
        let n = self.len();
        let first = examples.len();
        let mut odds = vec![f64::NEG_INFINITY; n * n];
        for a in 0..n {
            for b in (0..n).filter(|&b| self.may(a, b)) {
                odds[a * n + b] = self.log_odds(a, b);
            }
        }
        loop {
            if rng.random_bool((60.0 / n as f64).min(1.0)) {
                self.examples(rng, examples);
            }
            let best = (0..n * n).max_by(|&x, &y| odds[x].total_cmp(&odds[y])).unwrap_or(0);
            if odds[best] < LEAST {
                break;
            }
            let (a, b) = (best / n, best % n);
            self.merge(a, b);
            for other in 0..n {
                odds[b * n + other] = f64::NEG_INFINITY;
                odds[other * n + b] = f64::NEG_INFINITY;
                let now = if self.may(a, other) { self.log_odds(a, other) } else { f64::NEG_INFINITY };
                odds[a * n + other] = now;
                odds[other * n + a] = now;
            }
        }
        // A large folder has more to tell, but not as much more as it has pairs.
        let weight = (n as f64).sqrt() / (examples.len() - first).max(1) as f64;
        examples[first..].iter_mut().for_each(|example| example.2 = weight);
    }

    /// Some groups with some of those that they are most like.
    fn examples(&self, rng: &mut Rng, examples: &mut Vec<Example>) {
        let n = self.len();
        let mut living: Vec<usize> = (0..n).filter(|&at| self.lives[at]).collect();
        living.shuffle(rng);
        for &a in living.iter().take(12) {
            let mut others: Vec<usize> = living.iter().copied().filter(|&b| self.may(a, b)).collect();
            others.sort_by(|&x, &y| {
                self.products[a * n + y].total_cmp(&self.products[a * n + x]).then(x.cmp(&y))
            });
            for &b in others.iter().take(rng.random_range(1..5)) {
                examples.push((self.features(a, b), self.share(a, b), 1.0));
            }
        }
    }
}

/// Fits on everything but one part: first on the merges of plain average linkage, then as well on
/// those that the first fit itself makes.
pub fn fit(material: &[&LabelledFolder], without: Option<&String>) -> Regression {
    let mut examples = Vec::new();
    let mut regression = average_linkage();
    for round in 0..2 {
        let mut rng = seeded(round);
        for turn in 0..DRAWN {
            // Of each model films come twice as often as photographs.
            let films = (turn / 4) % 3 != 2;
            let of_kind: Vec<&&LabelledFolder> =
                material.iter().filter(|set| (set.name == "tracks-video") == films).collect();
            let set = of_kind[turn % of_kind.len()];
            let chosen = draw(set, without, &mut rng);
            if chosen.len() > 2 {
                MergingFolder::new(set, &chosen, &regression).learn_from(&mut rng, &mut examples);
            }
        }
        regression = solve(&examples);
    }
    regression
}

/// Merges by similarity alone, down to a cosine of 0.1.
fn average_linkage() -> Regression {
    let mut weights = [0.0; N_WEIGHTS];
    (weights[0], weights[1]) = (LEAST - 2.0, 20.0);
    Regression { centres: [0.0; N_FEATURES], scales: [1.0; N_FEATURES], weights }
}

/// Ridge logistic regression by Newton's method.
fn solve(examples: &[Example]) -> Regression {
    let total: f64 = examples.iter().map(|example| example.2).sum();
    let n = examples.len() as f64;
    let moment = |f: &dyn Fn(&Example) -> f64| examples.iter().map(|it| f(it) * it.2).sum::<f64>() / total;
    let centres = std::array::from_fn(|at| moment(&|it: &Example| it.0[at]));
    let scales = std::array::from_fn(|at| {
        moment(&|it: &Example| (it.0[at] - centres[at]) * (it.0[at] - centres[at])).sqrt().max(1e-6)
    });
    let mut regression = Regression { centres, scales, weights: [0.0; N_WEIGHTS] };
    let terms: Vec<[f64; N_WEIGHTS]> = examples.iter().map(|it| regression.terms(&it.0)).collect();
    for _ in 0..25 {
        let mut gradient = [0.0; N_WEIGHTS];
        let mut hessian = vec![0.0; N_WEIGHTS * N_WEIGHTS];
        for (terms, example) in terms.iter().zip(examples) {
            let odds: f64 = terms.iter().zip(&regression.weights).map(|(x, w)| x * w).sum();
            let p = 1.0 / (1.0 + (-odds).exp());
            let weight = example.2 / total * n;
            for (i, &x) in terms.iter().enumerate() {
                gradient[i] += weight * (example.1 - p) * x;
                let scaled = weight * p * (1.0 - p) * x;
                for (h, y) in hessian[i * N_WEIGHTS..=i * N_WEIGHTS + i].iter_mut().zip(terms) {
                    *h += scaled * y;
                }
            }
        }
        for i in 1..N_WEIGHTS {
            gradient[i] -= RIDGE * regression.weights[i];
            hessian[i * N_WEIGHTS + i] += RIDGE;
        }
        let step = solved(&mut hessian, gradient);
        let size = step.iter().map(|x| x.abs()).fold(0.0, f64::max);
        for (weight, step) in regression.weights.iter_mut().zip(step) {
            *weight += step;
        }
        if size < 1e-6 {
            break;
        }
    }
    regression
}

/// Solves a symmetric positive definite system, of which the lower half is given, by Cholesky.
fn solved(matrix: &mut [f64], mut right: [f64; N_WEIGHTS]) -> [f64; N_WEIGHTS] {
    const N: usize = N_WEIGHTS;
    for i in 0..N {
        for j in 0..=i {
            let inner: f64 = (0..j).map(|k| matrix[i * N + k] * matrix[j * N + k]).sum();
            let rest = matrix[i * N + j] - inner;
            matrix[i * N + j] = if i == j { rest.max(1e-12).sqrt() } else { rest / matrix[j * N + j] };
        }
    }
    for i in 0..N {
        let inner: f64 = (0..i).map(|k| matrix[i * N + k] * right[k]).sum();
        right[i] = (right[i] - inner) / matrix[i * N + i];
    }
    for i in (0..N).rev() {
        let inner: f64 = (i + 1..N).map(|k| matrix[k * N + i] * right[k]).sum();
        right[i] = (right[i] - inner) / matrix[i * N + i];
    }
    right
}
