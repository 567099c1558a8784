//! Fits the regression behind likelihood linkage, and reports it on films and photographs.
//!
//! `CASTLIST_SHARED=… cargo bench --bench linkage [-- FIT]`: embeds `data/tracks-video` and
//! `data/tracks-unseen` with the built-in model and with EdgeFace-XS, draws folders from them (some
//! shows, some people, some of their tracks), merges each and learns from the pairs of groups on the
//! way, whose truth the labels tell. Prints BCubed F by the default certainty and by the best one,
//! each show and each half of the photographed people by a regression that was fitted without it;
//! MobileFaceNet, of which nothing is learned, likewise. FIT also fits on all and writes
//! `src/cluster/likelihood/weights.rs`. Deterministic.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use castlist::base::{Constraints, Cx, Dendrogram, Embeddings, Rng, TrackIx, seeded};
use castlist::cluster::likelihood::{
    Certainty, Group, N_FEATURES, N_WEIGHTS, Regression, SamePerson, likelihood_linkage,
};
use castlist::metrics::evaluate;
use castlist::session::Session;
use castlist::tracks::read_labels;
use rand::RngExt;
use rand::seq::SliceRandom;
use rayon::prelude::*;

type Failed = Box<dyn Error>;

/// Folders drawn for one fit, of each of two rounds.
const DRAWN: usize = 360;
/// Tracks of a drawn folder, at most.
const MOST: usize = 300;
/// Pull of the weights towards 0, against as many examples as there are.
const RIDGE: f64 = 20.0;
/// Below these log-odds no drawn folder merges on.
const LEAST: f64 = -2.5;

/// A set of tracks under one model.
struct Set {
    name: &'static str,
    model: String,
    rows: Embeddings,
    links: Constraints,
    /// The person of each row, by number.
    people: Vec<u32>,
    /// The show, or the half of the people, of each row.
    parts: Vec<String>,
}

fn main() -> Result<(), Failed> {
    let Some(shared) = std::env::var_os("CASTLIST_SHARED").map(PathBuf::from) else {
        println!("skipped: CASTLIST_SHARED names no folder with the sets");
        return Ok(());
    };
    let models: [(&str, Option<&str>); 3] = [
        ("castlist-face", None),
        ("edgeface-xs", Some("edgeface_xs_112_rgb.onnx")),
        ("mobilefacenet-casia", Some("mobilefacenet_casia_112x96_rgb.onnx")),
    ];
    let mut sets = Vec::new();
    for (model, file) in models {
        let file = file.map(|file| shared.join("models").join(file));
        for set in ["tracks-video", "tracks-unseen"] {
            sets.push(read(&shared.join("data").join(set), set, model, file.as_deref())?);
        }
    }
    let (learned, unseen_model): (Vec<Set>, Vec<Set>) =
        sets.into_iter().partition(|set| set.model != "mobilefacenet-casia");
    let mut material: Vec<&Set> = learned.iter().collect();
    // Each half of the built-in model's numbers is a network of its own: two models more to learn from.
    let halves: Vec<Set> =
        learned.iter().filter(|set| set.model == "castlist-face").flat_map(halves_of).collect();
    material.extend(&halves);
    let parts: BTreeSet<String> = material.iter().flat_map(|set| set.parts.iter().cloned()).collect();
    let fitted: BTreeMap<String, &'static Regression> = parts
        .par_iter()
        .map(|part| (part.clone(), &*Box::leak(Box::new(fit(&material, Some(part))))))
        .collect();
    println!("{:<20} {:<14} {:<5} {:>7} {:>7}", "model", "set", "part", "default", "best");
    for set in learned.iter().chain(&unseen_model) {
        report(set, &fitted)?;
    }
    if std::env::args().any(|arg| arg.eq_ignore_ascii_case("fit")) {
        write(&fit(&material, None))?;
    }
    Ok(())
}

/// Embeds a set, or finds it embedded.
fn read(folder: &Path, name: &'static str, model: &str, file: Option<&Path>) -> Result<Set, Failed> {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("linkage-{name}-{model}.sqlite"));
    let mut session = Session::open(folder, Some(&kept))?;
    session.set("method", "likelihood")?;
    if let Some(file) = file {
        session.set("model", &file.display().to_string())?;
    }
    let ground = session.job().ground(false, &Cx::new(), |told| println!("{name}, {model}: {told}"))?;
    let labels = read_labels(&folder.join("labels.csv"))?;
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let people: Vec<u32> = ground
        .ids
        .iter()
        .map(|id| {
            let next = numbers.len() as u32;
            *numbers.entry(labels[id].as_str()).or_insert(next)
        })
        .collect();
    let shows = folder.join("shows.csv");
    let parts = if shows.exists() {
        let mut of_video = BTreeMap::new();
        for row in csv::Reader::from_path(shows)?.records() {
            let row = row?;
            of_video.insert(row[0].to_owned(), row[1].to_owned());
        }
        ground.ids.iter().map(|id| of_video[&id[..3]].clone()).collect()
    } else {
        people.iter().map(|person| format!("half {}", person % 2)).collect()
    };
    let rows = ground.rows.as_ref().clone();
    Ok(Set { name, model: model.to_owned(), rows, links: ground.links, people, parts })
}

/// The first and the second half of each row's numbers, as sets.
fn halves_of(set: &Set) -> [Set; 2] {
    let dim = set.rows.dim();
    [0..dim / 2, dim / 2..dim].map(|columns| {
        let data = set.rows.as_slice().chunks(dim).flat_map(|row| row[columns.clone()].to_vec()).collect();
        let rows = Embeddings::new(columns.len(), data).and_then(Embeddings::into_unit).unwrap_or_default();
        let (links, people, parts) = (set.links.clone(), set.people.clone(), set.parts.clone());
        Set { name: set.name, model: format!("{} in part", set.model), rows, links, people, parts }
    })
}

/// Some rows of a set with their links.
fn some(set: &Set, chosen: &[TrackIx]) -> (Embeddings, Constraints) {
    let place: BTreeMap<TrackIx, TrackIx> = chosen.iter().zip(0..).map(|(&row, at)| (row, at)).collect();
    let links = set.links.all().iter().filter_map(|link| {
        Some(castlist::base::Constraint { a: *place.get(&link.a)?, b: *place.get(&link.b)?, ..*link })
    });
    (set.rows.select(chosen.iter().copied()), Constraints::new(links))
}

/// Rows of a set without one part: some shows, some people, some of their tracks.
fn draw(set: &Set, without: Option<&String>, rng: &mut Rng) -> Vec<TrackIx> {
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
        // Nearly everybody once.
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
struct Folder<'a> {
    same_person: SamePerson,
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

impl<'a> Folder<'a> {
    fn new(set: &Set, chosen: &[TrackIx], regression: &'a Regression) -> Self {
        let (rows, links) = some(set, chosen);
        let n = rows.len();
        let mut products = vec![0.0_f32; n * n];
        castlist::base::product::by_transposed(rows.as_slice(), rows.as_slice(), rows.dim(), &mut products);
        let mut apart = vec![false; n * n];
        for (a, b) in links.cannot() {
            apart[a as usize * n + b as usize] = true;
            apart[b as usize * n + a as usize] = true;
        }
        Self {
            same_person: SamePerson::of(&rows, Regression::fitted()),
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
            Group { n_tracks: self.sizes[at], mean_squared: (self.within[at] / (n * n)) as f32 }
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

    /// Merges the likeliest pair first and takes examples on the way.
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
fn fit(material: &[&Set], without: Option<&String>) -> Regression {
    let mut examples = Vec::new();
    let mut regression = average_linkage();
    for round in 0..2 {
        let mut rng = seeded(round);
        for turn in 0..DRAWN {
            // Of each model films come twice as often as photographs.
            let films = (turn / 4) % 3 != 2;
            let of_kind: Vec<&&Set> =
                material.iter().filter(|set| (set.name == "tracks-video") == films).collect();
            let set = of_kind[turn % of_kind.len()];
            let chosen = draw(set, without, &mut rng);
            if chosen.len() > 2 {
                Folder::new(set, &chosen, &regression).learn_from(&mut rng, &mut examples);
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

/// What the method does, by another regression than the one that ships.
fn linkage(rows: &Embeddings, links: &Constraints, by: &'static Regression) -> Result<Dendrogram, Failed> {
    let least = Certainty::LEAST.0;
    Ok(likelihood_linkage(rows, links, SamePerson::of(rows, by), least, &Cx::new())?)
}

/// `BCubed` F at the default certainty, and at the best.
fn scores(people: &[u32], tree: &Dendrogram) -> Result<(f64, f64), Failed> {
    let f = |height: f64| -> Result<f64, Failed> {
        Ok(evaluate(people, tree.cut(height).labels()).map(|scores| scores.bcubed.f)?)
    };
    let mut best = f(0.0)?;
    for merge in tree.merges() {
        best = best.max(f(f64::from(merge.height))?);
    }
    Ok((f(Certainty::EVEN.height())?, best))
}

fn report(set: &Set, fitted: &BTreeMap<String, &'static Regression>) -> Result<(), Failed> {
    let line = |part: &str, (default, best): (f64, f64)| {
        println!("{:<20} {:<14} {part:<6} {default:>7.3} {best:>7.3}", set.model, set.name);
    };
    // All in one: the mean of the fits that left one of its parts out.
    let parts: BTreeSet<&String> = set.parts.iter().collect();
    let mut whole = (0.0, 0.0);
    let mut sum = (0.0, 0.0);
    for &part in &parts {
        let all = scores(&set.people, &linkage(&set.rows, &set.links, fitted[part])?)?;
        let chosen: Vec<TrackIx> =
            (0..set.rows.len() as TrackIx).filter(|&row| set.parts[row as usize] == *part).collect();
        let (rows, links) = some(set, &chosen);
        let people: Vec<u32> = chosen.iter().map(|&row| set.people[row as usize]).collect();
        let alone = scores(&people, &linkage(&rows, &links, fitted[part])?)?;
        line(part, alone);
        let n = parts.len() as f64;
        whole = (whole.0 + all.0 / n, whole.1 + all.1 / n);
        sum = (sum.0 + alone.0 / n, sum.1 + alone.1 / n);
    }
    line("mean", sum);
    line("all", whole);
    Ok(())
}

/// Writes the regression as source.
fn write(regression: &Regression) -> Result<(), Failed> {
    let list = |values: &[f64]| {
        let lines: Vec<String> = values
            .chunks(6)
            .map(|some| some.iter().map(|value| format!("{value:.6}")).collect::<Vec<_>>().join(", "))
            .collect();
        format!("[\n        {},\n    ]", lines.join(",\n        "))
    };
    let text = format!(
        "//! The regression of [`super::SamePerson`], as `cargo bench --bench linkage -- FIT` writes it.\n\n\
         use super::Regression;\n\n\
         /// Fitted on all shows and photographs.\n\
         pub(super) static FITTED: Regression = Regression {{\n    centres: {},\n    scales: {},\n    \
         weights: {},\n}};\n",
        list(&regression.centres),
        list(&regression.scales),
        list(&regression.weights)
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cluster/likelihood/weights.rs");
    fs::write(&file, text)?;
    println!("wrote {}", file.display());
    Ok(())
}
