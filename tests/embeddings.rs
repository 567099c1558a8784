//! The clustering on embeddings of real people, where this checkout has them beside it
//! (`CASTLIST_SHARED`): equal to the definition at every radius of a sweep.
//!
//! They are no part of the project: elsewhere this is skipped, and said.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use castlist::base::{
    Constraint, ConstraintKind, ConstraintSource, Constraints, Cx, Dendrogram, Embeddings, Merge, Radius,
    seeded, squared_distance,
};
use castlist::cluster::agglomerative::complete_linkage;
use castlist::tracks::read_matrix;
use common::{shared, skip};
use rand::seq::SliceRandom;

/// All merges up to the largest distance, straight from the definition: the nearest pair of
/// all, the first of its kind, again and again.
fn oracle(rows: &Embeddings, cannot: &Constraints) -> Dendrogram {
    let n = rows.len();
    let mut heights = vec![f32::INFINITY; n * n];
    for a in 0..n {
        for b in a + 1..n {
            heights[a * n + b] = squared_distance(rows.row(a as u32), rows.row(b as u32)).0;
        }
    }
    for (a, b) in cannot.cannot() {
        heights[a as usize * n + b as usize] = f32::INFINITY;
    }
    let mut alive: Vec<usize> = (0..n).collect();
    let mut merges = Vec::new();
    loop {
        let (mut best, mut pair) = (f32::INFINITY, None);
        for (at, &a) in alive.iter().enumerate() {
            for &b in &alive[at + 1..] {
                if heights[a * n + b] < best {
                    (best, pair) = (heights[a * n + b], Some((a, b)));
                }
            }
        }
        let Some((a, b)) = pair else { break };
        merges.push(Merge { a: a as u32, b: b as u32, height: best });
        alive.retain(|&cluster| cluster != b);
        for &c in &alive {
            let place = |x: usize, y: usize| x.min(y) * n + x.max(y);
            if c != a {
                heights[place(a, c)] = heights[place(a, c)].max(heights[place(b, c)]);
            }
        }
    }
    Dendrogram::new(n, f64::INFINITY, merges).unwrap()
}

/// Every run of a sweep against the oracle, without links and with some cannot-links.
fn equals_the_oracle(file: &str, array: &str, most: usize) {
    let Some(shared) = shared() else { return skip("no shared data") };
    let path = shared.join("data/embeddings").join(file);
    if !path.is_file() {
        return skip(&format!("{file} is not there"));
    }
    let rows = read_matrix(&path, Some(array), None).unwrap().rows.into_unit().unwrap();
    let mut picked: Vec<u32> = (0..rows.len() as u32).collect();
    picked.shuffle(&mut seeded(1));
    picked.truncate(most);
    picked.sort_unstable();
    // The first row once more, so that there is a pair at distance 0.
    let data = picked.iter().chain(&picked[..1]).flat_map(|&row| rows.row(row).to_vec()).collect();
    let rows = Embeddings::new(rows.dim(), data).unwrap();
    let n = rows.len() as u32;
    let cannot = Constraints::new((0..n / 4).map(|at| Constraint {
        a: at,
        b: n - 1 - at,
        kind: ConstraintKind::Cannot,
        source: ConstraintSource::CoOccurrence,
    }));
    for links in [Constraints::default(), cannot] {
        let expected = oracle(&rows, &links);
        let widest = Radius::new(0.95).unwrap().tau();
        let whole = complete_linkage(&rows, &links, widest, &Cx::new()).unwrap().dendrogram;
        let mut sizes = Vec::new();
        for step in 0..20 {
            let tau = 4.0 * (f64::from(step) * 0.05).powi(2);
            let run = complete_linkage(&rows, &links, tau, &Cx::new()).unwrap().dendrogram;
            let n_merges = run.merges().len();
            assert_eq!(run.merges(), &expected.merges()[..n_merges], "{file} at {tau}");
            assert_eq!(n as usize - n_merges, expected.n_clusters(tau), "{file} at {tau}");
            assert_eq!(run.cut(tau), expected.cut(tau), "{file} at {tau}");
            assert_eq!(whole.cut(tau), run.cut(tau), "{file}: a cut and a run at {tau}");
            sizes.push(run.n_clusters(tau));
        }
        assert!(sizes[19] * 4 < sizes[0], "{file}: the sweep reaches from {} to {}", sizes[0], sizes[19]);
    }
}

#[test]
fn small_tracks() {
    equals_the_oracle("tracks-small-edgeface.npz", "track_emb", usize::MAX);
}

#[test]
fn stills() {
    equals_the_oracle("tracks-stills-edgeface.npz", "track_emb", usize::MAX);
}

#[test]
fn single_faces() {
    equals_the_oracle("stills-faces-edgeface.npz", "emb", 800);
}
