//! The clustering against the goldens and against a naive oracle with the same order.

use rand::RngExt;
use serde_json::Value;

use super::complete::MergeStages;
use super::*;
use crate::base::{
    Constraint, ConstraintKind, ConstraintSource, Constraints, Cx, Dendrogram, Embeddings, Merge, Partition,
    seeded, squared_distance,
};
use crate::cluster::{MethodInputs, MethodParams, PairSearch};

fn linkage(rows: &Embeddings, constraints: &Constraints, tau: f64) -> Dendrogram {
    complete_linkage(rows, constraints, tau, &Cx::new()).unwrap().dendrogram
}

/// With room for so few pairs that it takes many stages.
fn crowded(rows: &Embeddings, constraints: &Constraints, tau: f64, room: usize) -> Dendrogram {
    MergeStages::new(rows, constraints, tau, room, &Cx::new()).run().unwrap().dendrogram
}

/// Every pair of clusters looked at before every merge, straight from the definition.
fn oracle(rows: &Embeddings, constraints: &Constraints, tau: f64) -> Dendrogram {
    let n = rows.len() as u32;
    let mut clusters: Vec<Vec<u32>> = (0..n).map(|i| vec![i]).collect();
    let mut merges = Vec::new();
    let forbidden: std::collections::BTreeSet<_> = constraints.cannot().collect();
    let height = |x: &[u32], y: &[u32]| {
        let mut height = 0.0_f32;
        for &i in x {
            for &j in y {
                let (i, j) = (i.min(j), i.max(j));
                let d = squared_distance(rows.row(i), rows.row(j)).0;
                height = height.max(if forbidden.contains(&(i, j)) { f32::INFINITY } else { d });
            }
        }
        height
    };
    for link in constraints.all().iter().filter(|l| l.kind == ConstraintKind::Must) {
        let at = |track| clusters.iter().position(|c| c.contains(&track)).unwrap();
        let (x, y) = (at(link.a), at(link.b));
        if x != y {
            let (x, y) = if clusters[x][0] < clusters[y][0] { (x, y) } else { (y, x) };
            let gone = clusters[y].clone();
            merges.push(Merge { a: clusters[x][0], b: gone[0], height: f32::NEG_INFINITY });
            clusters[x].extend(gone);
            clusters[x].sort_unstable();
            clusters.remove(y);
        }
    }
    loop {
        let mut best: Option<(f32, usize, usize)> = None;
        for x in 0..clusters.len() {
            for y in x + 1..clusters.len() {
                let h = height(&clusters[x], &clusters[y]);
                if f64::from(h) <= tau && best.is_none_or(|(b, ..)| h < b) {
                    best = Some((h, x, y));
                }
            }
        }
        let Some((h, x, y)) = best else { break };
        let gone = clusters.remove(y);
        merges.push(Merge { a: clusters[x][0], b: gone[0], height: h });
        clusters[x].extend(gone);
        clusters[x].sort_unstable();
        clusters.sort();
    }
    Dendrogram::new(n as usize, tau, merges).unwrap()
}

/// Points on a coarse grid, so that duplicates and ties abound.
fn coarse(seed: u64, n: usize, dim: usize) -> Embeddings {
    let mut rng = seeded(seed);
    Embeddings::new(dim, (0..n * dim).map(|_| rng.random_range(-2_i32..=2) as f32 * 0.25).collect()).unwrap()
}

fn random_links(seed: u64, n: usize, must: usize, cannot: usize) -> Constraints {
    let mut rng = seeded(seed ^ 0x00c0_ffee);
    let mut pick = |kind, count| -> Vec<Constraint> {
        (0..count)
            .map(|_| Constraint {
                a: rng.random_range(0..n as u32),
                b: rng.random_range(0..n as u32),
                kind,
                source: ConstraintSource::User,
            })
            .collect()
    };
    let mut links = pick(ConstraintKind::Must, must);
    links.extend(pick(ConstraintKind::Cannot, cannot));
    Constraints::new(links)
}

#[test]
fn equals_the_oracle_with_ties_and_constraints() {
    for seed in 0..60 {
        let n = 4 + (seed as usize * 7) % 40;
        let rows = coarse(seed, n, 2 + seed as usize % 3);
        let links = random_links(seed, n, seed as usize % 4, seed as usize % 5);
        for tau in [0.0, 0.07, 0.3, 1.0, 9.0] {
            let expected = oracle(&rows, &links, tau);
            assert_eq!(linkage(&rows, &links, tau), expected, "seed {seed}, tau {tau}");
            for room in [1, 7, 40, 200] {
                let found = crowded(&rows, &links, tau, room);
                assert_eq!(found, expected, "seed {seed}, tau {tau}, room {room}");
            }
        }
    }
}

#[test]
fn equals_the_oracle_where_clusters_grow_large() {
    // 500 points around five centres, and cannot-links across them.
    let mut rng = seeded(9);
    let centres = coarse(9, 5, 20);
    let (n, dim) = (500, 20);
    let data = (0..n * dim).map(|at| {
        let centre = centres.row((at / dim % 5) as u32)[at % dim];
        centre + rng.random_range(-2_i32..=2) as f32 * 0.0625
    });
    let rows = Embeddings::new(dim, data.collect()).unwrap();
    let links = random_links(9, n, 4, 3);
    let expected = oracle(&rows, &links, 20.0);
    assert!(expected.n_clusters(20.0) < 5);
    for room in [600, 5_000, 1_000_000] {
        assert_eq!(crowded(&rows, &links, 20.0, room), expected, "room {room}");
    }
}

#[test]
fn a_cut_is_what_a_run_at_that_threshold_gives() {
    let rows = coarse(11, 90, 3);
    let links = random_links(11, 90, 3, 20);
    let whole = linkage(&rows, &links, 9.0);
    for step in 0..40 {
        let tau = f64::from(step) / 16.0;
        let run = linkage(&rows, &links, tau);
        assert_eq!(run.cut(tau), whole.cut(tau), "at {tau}");
        assert_eq!(run.merges(), &whole.merges()[..run.merges().len()], "at {tau}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same() {
    let rows = coarse(12, 700, 6);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| crowded(&rows, &Constraints::default(), 1.5, 3_000))
    };
    let one = on(1);
    assert!(one.merges().len() > 300);
    assert_eq!(one, on(3));
}

#[test]
fn stops_when_asked() {
    let cx = Cx::new();
    cx.cancel();
    let stopped = complete_linkage(&coarse(1, 9, 2), &Constraints::default(), 1.0, &cx);
    assert_eq!(stopped.unwrap_err(), crate::base::Cancelled);
}

#[test]
fn without_must_links_no_cluster_is_wider_than_tau() {
    let rows = coarse(5, 200, 4);
    let (links, tau) = (random_links(5, 200, 0, 300), 0.8);
    let found = linkage(&rows, &links, tau);
    let partition = found.cut(tau);
    for cluster in partition.clusters() {
        for &i in &cluster {
            for &j in &cluster {
                assert!(f64::from(squared_distance(rows.row(i), rows.row(j)).0) <= tau);
            }
        }
    }
    let labels = partition.labels();
    assert!(links.cannot().all(|(a, b)| labels[a as usize] != labels[b as usize]));
}

#[test]
fn approximate_equals_exact_on_small_sets() {
    for seed in 0..20 {
        let n = 4 + (seed as usize * 7) % 40;
        let rows = coarse(seed, n, 3);
        let links = random_links(seed, n, seed as usize % 4, seed as usize % 5);
        for tau in [0.0, 0.3, 1.0, 9.0] {
            let found = approximate_linkage(&rows, &links, tau, &Cx::new()).unwrap();
            assert_eq!(found.dendrogram, linkage(&rows, &links, tau), "seed {seed}, tau {tau}");
            assert_eq!(found.recall, Some(1.0));
        }
    }
}

/// 30 rows around each of 40 centres.
fn blobs() -> Embeddings {
    let mut rng = seeded(21);
    let (n, dim) = (1_200, 12);
    let centres = Embeddings::new(dim, (0..40 * dim).map(|_| rng.random_range(-1.0..1.0)).collect()).unwrap();
    let data = (0..n * dim).map(|at| {
        let centre = centres.row((at / dim % 40) as u32)[at % dim];
        centre + rng.random_range(-0.15..0.15)
    });
    Embeddings::new(dim, data.collect()).unwrap()
}

#[test]
fn approximate_finds_blobs_by_its_index_and_says_how_well() {
    let rows = blobs();
    let links = random_links(21, rows.len(), 5, 40);
    let (tau, cx) = (1.0, Cx::new());
    let run = || MergeStages::new(&rows, &links, tau, 0, &cx).run_approximate(50).unwrap();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(run)
    };
    let found = on(1);
    let other = on(3);
    assert_eq!((&found.dendrogram, found.recall), (&other.dendrogram, other.recall));
    assert!(found.recall.unwrap() >= 0.95 && found.n_stages > 1, "{:?}", found.recall);
    let exact = linkage(&rows, &links, tau).n_clusters(tau);
    let ours = found.dendrogram.n_clusters(tau);
    assert!(ours.abs_diff(exact) * 20 <= exact, "{ours} clusters, exactly {exact}");
    assert!(Dendrogram::new(rows.len(), tau, found.dendrogram.merges().to_vec()).is_some());
    let labels = found.dendrogram.cut(tau).labels().to_vec();
    let without = MergeStages::new(&rows, &Constraints::default(), tau, 0, &cx).run_approximate(50).unwrap();
    for cluster in without.dendrogram.cut(tau).clusters() {
        for &i in &cluster {
            for &j in &cluster {
                assert!(f64::from(squared_distance(rows.row(i), rows.row(j)).0) <= tau);
            }
        }
    }
    let must: Vec<_> = links.all().iter().filter(|link| link.kind == ConstraintKind::Must).collect();
    assert!(must.iter().all(|link| labels[link.a as usize] == labels[link.b as usize]));
}

#[test]
fn an_approximate_result_is_labelled() {
    let run = |search| {
        let (cx, radius) = (Cx::new(), RadiusChoice::Set(Radius(0.5)));
        let params = MethodParams::Bcl(BallClusterParams { radius, search });
        let found = params.run(&blobs(), &Constraints::default(), MethodInputs::default(), &cx).unwrap();
        (found.diagnostics, cx.warnings().kept)
    };
    let (diagnostics, warnings) = run(PairSearch::Approximate);
    assert!(diagnostics.approximate == Some(1.0) && diagnostics.recall > Some(0.9), "{diagnostics:?}");
    assert!(warnings[0].message.starts_with("approximate: ") && warnings[0].message.contains("recall"));
    let (diagnostics, warnings) = run(PairSearch::Auto);
    assert!(diagnostics.approximate == Some(0.0) && diagnostics.recall.is_none() && warnings.is_empty());
    assert!(
        PairSearch::Auto.is_approximate(PairSearch::MOST + 1)
            && !PairSearch::Exact.is_approximate(usize::MAX)
    );
}

#[test]
fn golden_cuts() {
    let golden: Value =
        serde_json::from_str(include_str!("../../../tests/golden/hac_complete.json")).unwrap();
    let mut cuts = 0;
    for case in golden["cases"].as_array().unwrap() {
        let points: Vec<Vec<f64>> = serde_json::from_value(case["x"].clone()).unwrap();
        let dim = points.first().map_or(1, Vec::len);
        let rows = Embeddings::new(dim, points.iter().flatten().map(|&v| v as f32).collect()).unwrap();
        let links =
            Constraints::new(case["cannot_link"].as_array().into_iter().flatten().map(|pair| Constraint {
                a: pair[0].as_u64().unwrap() as u32,
                b: pair[1].as_u64().unwrap() as u32,
                kind: ConstraintKind::Cannot,
                source: ConstraintSource::User,
            }));
        let name = case["name"].as_str().unwrap();
        for cut in case["cuts"].as_array().unwrap() {
            // Points are rounded to 32 bits here, so a cut exactly at a height needs room.
            let tau = cut["t"].as_f64().unwrap();
            let found = linkage(&rows, &links, tau + 1e-6).cut(tau + 1e-6);
            let labels: Vec<i64> = serde_json::from_value(cut["labels"].clone()).unwrap();
            if case["ambiguous_ties"] == Value::Bool(true) {
                let expected = oracle(&rows, &links, tau + 1e-6).cut(tau + 1e-6);
                assert_eq!(found, expected, "{name} at {tau}");
            } else {
                assert_eq!(found, Partition::from_labels(&labels), "{name} at {tau}");
            }
            cuts += 1;
        }
    }
    assert!(cuts > 30, "only {cuts} cuts were compared");
}

#[test]
fn radius_is_checked() {
    let with = |radius| BallClusterParams {
        radius: RadiusChoice::Set(Radius(radius)),
        ..BallClusterParams::default()
    };
    for radius in [0.0, -1.0, 1.5, f64::NAN] {
        assert!(Radius::new(radius).is_err());
        let error = with(radius).check().unwrap_err().to_string();
        assert!(error.contains("radius") && error.contains(&radius.to_string()), "{error}");
    }
    assert!(with(0.57).check().is_ok());
}

#[test]
fn what_is_kept_grows_to_the_same() {
    for seed in 0..12 {
        let rows = coarse(seed, 60, 3);
        let links = random_links(seed, 60, 4, 12);
        for (near, far) in [(0.2, 0.9), (0.5, 0.5), (0.01, 4.0)] {
            let kept = linkage(&rows, &links, near);
            let grown = grow_linkage(&rows, &links, &kept, far, &Cx::new()).unwrap().dendrogram;
            let whole = linkage(&rows, &links, far);
            assert_eq!(grown, whole, "seed {seed}, {near} to {far}");
            assert_eq!(grown.cut(near), kept.cut(near));
            let crowded = MergeStages::new(&rows, &links, far, 40, &Cx::new()).from(&kept).run().unwrap();
            assert_eq!(crowded.dendrogram, whole, "seed {seed}, crowded");
        }
    }
}
