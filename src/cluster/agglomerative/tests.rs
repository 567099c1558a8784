//! The clustering against the goldens and against a naive oracle with the same order.

use rand::RngExt;
use serde_json::Value;

use super::*;
use crate::base::{
    Constraint, Constraints, Cx, Embeddings, LinkKind, LinkSource, Partition, seeded, squared_distance,
};
use crate::graph::radius_graph;

fn linkage(rows: &Embeddings, constraints: &Constraints, tau: f64) -> Linkage {
    let cx = Cx::new();
    complete_linkage(&radius_graph(rows, tau, &cx).unwrap(), constraints, &cx).unwrap()
}

/// Every pair of clusters looked at before every merge, straight from the definition.
fn oracle(rows: &Embeddings, constraints: &Constraints, tau: f64) -> Linkage {
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
    for link in constraints.all().iter().filter(|l| l.kind == LinkKind::Must) {
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
    let mut labels = vec![0; n as usize];
    for (label, cluster) in clusters.iter().enumerate() {
        for &track in cluster {
            labels[track as usize] = label;
        }
    }
    Linkage { merges, partition: Partition::from_labels(&labels) }
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
                source: LinkSource::User,
            })
            .collect()
    };
    let mut links = pick(LinkKind::Must, must);
    links.extend(pick(LinkKind::Cannot, cannot));
    Constraints::new(links)
}

#[test]
fn equals_the_oracle_with_ties_and_constraints() {
    for seed in 0..60 {
        let n = 4 + (seed as usize * 7) % 40;
        let rows = coarse(seed, n, 2 + seed as usize % 3);
        let links = random_links(seed, n, seed as usize % 4, seed as usize % 5);
        for tau in [0.0, 0.07, 0.3, 1.0, 9.0] {
            assert_eq!(linkage(&rows, &links, tau), oracle(&rows, &links, tau), "seed {seed}, tau {tau}");
        }
    }
}

#[test]
fn without_must_links_no_cluster_is_wider_than_tau() {
    let rows = coarse(5, 200, 4);
    let (links, tau) = (random_links(5, 200, 0, 300), 0.8);
    let found = linkage(&rows, &links, tau);
    for cluster in found.partition.clusters() {
        for &i in &cluster {
            for &j in &cluster {
                assert!(f64::from(squared_distance(rows.row(i), rows.row(j)).0) <= tau);
            }
        }
    }
    let labels = found.partition.labels();
    assert!(links.cannot().all(|(a, b)| labels[a as usize] != labels[b as usize]));
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
                kind: LinkKind::Cannot,
                source: LinkSource::User,
            }));
        let name = case["name"].as_str().unwrap();
        for cut in case["cuts"].as_array().unwrap() {
            // Points are rounded to 32 bits here, so a cut exactly at a height needs room.
            let tau = cut["t"].as_f64().unwrap();
            let found = linkage(&rows, &links, tau + 1e-6);
            let labels: Vec<i64> = serde_json::from_value(cut["labels"].clone()).unwrap();
            if case["ambiguous_ties"] == Value::Bool(true) {
                assert_eq!(found.partition, oracle(&rows, &links, tau + 1e-6).partition, "{name} at {tau}");
            } else {
                assert_eq!(found.partition, Partition::from_labels(&labels), "{name} at {tau}");
            }
            cuts += 1;
        }
    }
    assert!(cuts > 30, "only {cuts} cuts were compared");
}

#[test]
fn radius_is_checked() {
    for radius in [0.0, -1.0, 1.5, f64::NAN] {
        let error = BclParams { radius: Radius(radius) }.check().unwrap_err().to_string();
        assert!(error.contains("radius") && error.contains(&radius.to_string()), "{error}");
    }
    assert!(BclParams { radius: Radius(0.57) }.check().is_ok());
}
