//! The baselines against scikit-learn and `SciPy`, their corner cases, and what never changes.

use rand::RngExt;
use serde_json::Value;

use super::linkage::LINKAGE;
use super::*;
use crate::base::{Cancelled, Constraints, Cx, Embeddings, seeded};
use crate::base::{ParameterValue as _, Parameters as _};
use crate::cluster::ClusterError;

type ClusterResult = Result<Clustering, ClusterError>;

fn by_dbscan(rows: &Embeddings, similarity: f64, min_samples: usize) -> ClusterResult {
    let params = DbscanParams { similarity, min_samples }.check()?;
    dbscan(rows, &Constraints::default(), &params, &Cx::new())
}

fn by_hdbscan(rows: &Embeddings, min_cluster_size: usize, min_samples: usize) -> ClusterResult {
    let params = HdbscanParams { min_cluster_size, min_samples }.check()?;
    hdbscan(rows, &Constraints::default(), &params, &Cx::new())
}

fn by_linkage(rows: &Embeddings, linkage: LinkageKind, similarity: f64) -> ClusterResult {
    let params = LinkageParams { linkage, similarity: Some(similarity) }.check()?;
    agglomerative(rows, &Constraints::default(), &params, &Cx::new())
}

fn by_whispers(rows: &Embeddings, k: usize, similarity: f64, seed: u64) -> ClusterResult {
    let params = WhispersParams { k, similarity, seed }.check()?;
    chinese_whispers(rows, &Constraints::default(), &params, &Cx::new())
}

fn by_rank_order(rows: &Embeddings, k: usize, rank_distance: f64, similarity: f64) -> ClusterResult {
    let params = RankOrderParams { k, rank_distance, similarity }.check()?;
    rank_order(rows, &Constraints::default(), &params, &Cx::new())
}

/// People of several sizes around random directions, and as many strangers.
fn people(n_people: usize, dim: usize, seed: u64) -> (Embeddings, Vec<u32>) {
    let mut rng = seeded(seed);
    let (mut data, mut truth) = (Vec::new(), Vec::new());
    for person in 0..2 * n_people as u32 {
        let mut direction = || (0..dim).map(|_| rng.random_range(-1.0_f32..1.0)).collect::<Vec<_>>();
        let centre = direction();
        let n_rows = if (person as usize) < n_people { 2 + 3 * person as usize } else { 1 };
        for _ in 0..n_rows {
            data.extend(centre.iter().zip(direction()).map(|(centre, noise)| centre + 0.8 * noise));
            truth.push(person);
        }
    }
    (Embeddings::new(dim, data).unwrap().into_unit().unwrap(), truth)
}

/// Every method with its defaults, and with parameters at the ends of their ranges.
fn every_method(rows: &Embeddings) -> Vec<(&'static str, ClusterResult)> {
    let mut all = vec![
        ("dbscan", by_dbscan(rows, 0.5, 2)),
        ("dbscan of everything", by_dbscan(rows, -1.0, 1000)),
        ("dbscan of nothing", by_dbscan(rows, 1.0, 1)),
        ("hdbscan", by_hdbscan(rows, 2, 2)),
        ("hdbscan, large", by_hdbscan(rows, 1000, 1000)),
        ("hdbscan, small", by_hdbscan(rows, 2, 1)),
        ("whispers", by_whispers(rows, 80, 0.45, 0)),
        ("whispers of everything", by_whispers(rows, 4096, -1.0, 3)),
        ("rank order", by_rank_order(rows, 200, 0.6, 0.35)),
        ("rank order of everything", by_rank_order(rows, 4096, 1000.0, -1.0)),
    ];
    for linkage in [LinkageKind::Single, LinkageKind::Average, LinkageKind::Complete] {
        for similarity in [1.0, linkage.default_similarity(), -1.0] {
            all.push(("linkage", by_linkage(rows, linkage, similarity)));
        }
    }
    all
}

/// −1 is noise: a cluster of its own.
fn partition(labels: &Value) -> Partition {
    let labels: Vec<i64> = serde_json::from_value(labels.clone()).unwrap();
    let alone = |(at, &label): (usize, &i64)| if label < 0 { -1 - at as i64 } else { label };
    Partition::from_labels(&labels.iter().enumerate().map(alone).collect::<Vec<_>>())
}

fn golden() -> Vec<(Embeddings, Value)> {
    let golden: Value = serde_json::from_str(include_str!("../../../tests/golden/baselines.json")).unwrap();
    let sets = golden["sets"].as_array().unwrap().iter();
    let rows = |set: &Value| {
        let x: Vec<Vec<f32>> = serde_json::from_value(set["x"].clone()).unwrap();
        Embeddings::new(x[0].len(), x.concat()).unwrap().into_unit().unwrap()
    };
    sets.map(|set| (rows(set), set.clone())).collect()
}

fn count(case: &Value, name: &str) -> usize {
    case[name].as_u64().unwrap() as usize
}

#[test]
fn dbscan_is_scikit_learns() {
    for (rows, set) in golden() {
        for case in set["dbscan"].as_array().unwrap() {
            let similarity = case["similarity"].as_f64().unwrap();
            let found = by_dbscan(&rows, similarity, count(case, "min_samples")).unwrap();
            assert_eq!(found.partition, partition(&case["labels"]), "{case}");
            let noise = case["labels"].as_array().unwrap().iter().filter(|label| **label == -1).count();
            assert_eq!(found.diagnostics.figures["noise"] as usize, noise);
        }
    }
}

#[test]
fn hdbscan_is_scikit_learns_and_petals_where_heights_tie() {
    for (rows, set) in golden() {
        for case in set["hdbscan"].as_array().unwrap() {
            let min_samples = count(case, "min_samples");
            let found = by_hdbscan(&rows, count(case, "min_cluster_size"), min_samples).unwrap().partition;
            if min_samples <= 2 {
                // Mutual reachability is the distance then, and no two are the same.
                assert_eq!(found, partition(&case["labels"]), "{case}");
            }
            assert_eq!(found, partition(&case["tied"]), "{case}");
        }
    }
}

#[test]
fn linkages_are_scipys() {
    for (rows, set) in golden() {
        for case in set["linkage"].as_array().unwrap() {
            let linkage =
                LinkageKind::from_value(LINKAGE.parse(case["linkage"].as_str().unwrap()).unwrap()).unwrap();
            let found = by_linkage(&rows, linkage, case["similarity"].as_f64().unwrap()).unwrap();
            assert_eq!(found.partition, partition(&case["labels"]), "{case}");
        }
    }
}

/// Where lists run out, the answer is that of all pairs.
#[test]
fn average_linkage_is_exact_beyond_its_lists() {
    let (rows, _) = people(24, 10, 5);
    let n = rows.len() as u32;
    assert!(n > 800, "more rows than lists hold");
    for similarity in [0.9, 0.6, 0.3] {
        let mut clusters: Vec<Vec<u32>> = (0..n).map(|row| vec![row]).collect();
        let mean = |x: &[u32]| -> Vec<f64> {
            let sum = |column: usize| x.iter().map(|&row| f64::from(rows.row(row)[column])).sum::<f64>();
            (0..rows.dim()).map(|column| sum(column) / x.len() as f64).collect()
        };
        let mut means: Vec<Vec<f64>> = clusters.iter().map(|cluster| mean(cluster)).collect();
        let alike = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        let mut nearest: Vec<Option<(f64, usize)>> = vec![None; clusters.len()];
        let best = |of: usize, means: &[Vec<f64>]| {
            let others = (0..means.len()).filter(|&other| other != of && !means[other].is_empty());
            let pairs = others.map(|other| (alike(&means[of], &means[other]), other));
            pairs.max_by(|x, y| x.0.total_cmp(&y.0))
        };
        for (of, nearest) in nearest.iter_mut().enumerate() {
            *nearest = best(of, &means);
        }
        loop {
            let living = (0..means.len()).filter(|&of| !means[of].is_empty());
            let pairs = living.filter_map(|of| nearest[of].map(|(alike, other)| (alike, of, other)));
            let Some((height, a, b)) = pairs.max_by(|x, y| x.0.total_cmp(&y.0)) else { break };
            if height < similarity {
                break;
            }
            let gone = std::mem::take(&mut clusters[b]);
            clusters[a].extend(gone);
            (means[a], means[b]) = (mean(&clusters[a]), Vec::new());
            for of in (0..means.len()).filter(|&of| !means[of].is_empty()) {
                if of == a || nearest[of].is_some_and(|(_, other)| other == a || other == b) {
                    nearest[of] = best(of, &means);
                }
            }
        }
        let mut labels = vec![0; n as usize];
        for (label, cluster) in clusters.iter().enumerate() {
            for &row in cluster {
                labels[row as usize] = label;
            }
        }
        let found = by_linkage(&rows, LinkageKind::Average, similarity).unwrap().partition;
        assert_eq!(found, Partition::from_labels(&labels), "at {similarity}");
    }
}

/// The tree from lists weighs what Prim's over all pairs does, level by level.
#[test]
fn the_spanning_tree_is_minimal_beyond_its_lists() {
    let (rows, _) = people(14, 9, 6);
    for min_samples in [1, 2, 6, 90] {
        let n = rows.len();
        let alike = |a: usize, b: usize| crate::base::product::dot(rows.row(a as u32), rows.row(b as u32));
        let distance = |a, b| (2.0 - 2.0 * alike(a, b)).max(0.0);
        let core = |a: usize| {
            let mut all: Vec<f32> = (0..n).filter(|&b| b != a).map(|b| distance(a, b)).collect();
            all.sort_by(f32::total_cmp);
            if min_samples > 1 { all[min_samples - 2] } else { 0.0 }
        };
        let cores: Vec<f32> = (0..n).map(core).collect();
        let mut reach = vec![f32::INFINITY; n];
        let mut outside: Vec<usize> = (1..n).collect();
        let (mut last, mut weights) = (0, Vec::new());
        while !outside.is_empty() {
            for &row in &outside {
                reach[row] = reach[row].min(distance(last, row).max(cores[last]).max(cores[row]));
            }
            let next = (0..outside.len()).min_by(|&x, &y| reach[outside[x]].total_cmp(&reach[outside[y]]));
            last = outside.swap_remove(next.unwrap());
            weights.push(reach[last]);
        }
        weights.sort_by(f32::total_cmp);
        let density = spanning_tree::CoreDistances::new(&rows, min_samples, &Cx::new()).unwrap();
        let tree = density.spanning_tree(&Cx::new()).unwrap();
        assert_eq!(tree.iter().map(|edge| edge.0).collect::<Vec<_>>(), weights, "{min_samples} samples");
    }
}

#[test]
fn people_are_found_and_strangers_stay_alone() {
    let (rows, truth) = people(20, 128, 1);
    for (name, found) in [
        ("dbscan", by_dbscan(&rows, 0.5, 2)),
        ("hdbscan", by_hdbscan(&rows, 2, 2)),
        ("whispers", by_whispers(&rows, 80, 0.45, 0)),
        ("rank order", by_rank_order(&rows, 200, 0.6, 0.35)),
        ("single", by_linkage(&rows, LinkageKind::Single, 0.5)),
        ("average", by_linkage(&rows, LinkageKind::Average, 0.35)),
        ("complete", by_linkage(&rows, LinkageKind::Complete, 0.2)),
    ] {
        let found = found.unwrap().partition;
        let (mut wrong, mut together) = (0, 0);
        for a in 0..truth.len() {
            for b in a + 1..truth.len() {
                let (one, same) = (truth[a] == truth[b], found.labels()[a] == found.labels()[b]);
                together += usize::from(one);
                wrong += usize::from(one != same);
            }
        }
        assert!(wrong * 50 < together, "{name}: {wrong} pairs are wrong, {together} belong together");
    }
}

#[test]
fn rank_distance_follows_its_definition() {
    let (rows, _) = people(8, 6, 2);
    let n = rows.len() as u32;
    let (k, similarity) = (12, 0.2_f32);
    let lists = crate::graph::nearest(&rows, k, &Cx::new()).unwrap();
    // Each row's list, itself first.
    let list = |a: u32| -> Vec<u32> {
        let alike = lists.of(a).iter().filter(|near| near.1.0 >= similarity);
        std::iter::once(a).chain(alike.map(|near| near.0)).collect()
    };
    let all: Vec<Vec<u32>> = (0..n).map(list).collect();
    let rank = |of: u32, row: u32| all[of as usize].iter().position(|&other| other == row);
    let missing = |a: u32, b: u32, up_to: usize| {
        all[a as usize][..=up_to].iter().filter(|&&row| rank(b, row).is_none()).count()
    };
    for distance in [0.0, 0.5, 1.0, 2.0] {
        let mut sets = crate::base::UnionFind::new(n as usize);
        let mut n_links = 0_u32;
        for (a, b) in (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))) {
            let (Some(of_b), Some(of_a)) = (rank(a, b), rank(b, a)) else { continue };
            let sum = missing(a, b, of_b) + missing(b, a, of_a);
            if sum as f64 / of_a.min(of_b) as f64 <= distance {
                sets.union(a, b);
                n_links += 1;
            }
        }
        let labels: Vec<u32> = (0..n).map(|row| sets.find(row)).collect();
        let found = by_rank_order(&rows, k, distance, f64::from(similarity)).unwrap();
        assert_eq!(found.partition, Partition::from_labels(&labels), "at {distance}");
        assert_eq!(found.diagnostics.figures["links"] as u32, n_links);
    }
}

#[test]
fn few_rows_equal_rows_and_opposite_rows() {
    let unit = |dim: usize, data: Vec<f32>| Embeddings::new(dim, data).unwrap().into_unit().unwrap();
    let equal: Vec<f32> = [0.3, 0.4, 0.5].repeat(700);
    let opposite = vec![1.0, 0.0, -0.5, 0.9, -0.5, -0.9];
    for rows in [
        Embeddings::default(),
        unit(2, vec![1.0, 0.0]),
        unit(2, vec![1.0, 0.0, 0.0, 1.0]),
        unit(2, opposite),
        unit(3, equal),
    ] {
        for (name, found) in every_method(&rows) {
            let found = found.unwrap();
            assert_eq!(found.partition.labels().len(), rows.len(), "{name}, {} rows", rows.len());
            assert!(found.diagnostics.figures.values().all(|value| value.is_finite()), "{name}");
        }
    }
    let equal = unit(3, [0.3, 0.4, 0.5].repeat(700));
    for linkage in [LinkageKind::Single, LinkageKind::Average, LinkageKind::Complete] {
        assert_eq!(by_linkage(&equal, linkage, 0.9).unwrap().partition.n_clusters(), 1);
    }
    assert_eq!(by_dbscan(&equal, 0.9, 5).unwrap().partition.n_clusters(), 1);
}

#[test]
fn the_same_for_any_number_of_threads() {
    let (rows, _) = people(22, 32, 3);
    let with = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        let all = pool.install(|| every_method(&rows));
        all.into_iter().map(|(name, found)| (name, found.unwrap())).collect::<Vec<_>>()
    };
    for ((name, one), (_, three)) in with(1).into_iter().zip(with(3)) {
        assert_eq!((one.partition, one.diagnostics), (three.partition, three.diagnostics), "{name}");
    }
    let of_seed = |seed| by_whispers(&rows, 10, 0.2, seed).unwrap();
    assert_eq!(of_seed(4).partition, of_seed(4).partition);
}

#[test]
fn refuses_what_is_out_of_range_and_stops_when_asked() {
    let (rows, _) = people(3, 8, 4);
    for (found, name) in [
        (by_dbscan(&rows, 1.5, 2), "similarity is 1.5"),
        (by_dbscan(&rows, f64::NAN, 2), "similarity is NaN"),
        (by_dbscan(&rows, 0.5, 0), "min_samples is 0"),
        (by_hdbscan(&rows, 1, 2), "min_cluster_size is 1"),
        (by_hdbscan(&rows, 2, 1001), "min_samples is 1001"),
        (by_whispers(&rows, 0, 0.5, 0), "k is 0"),
        (by_rank_order(&rows, 10, -1.0, 0.3), "rank_distance is -1"),
        (by_linkage(&rows, LinkageKind::Average, -2.0), "similarity is -2"),
    ] {
        let told = found.unwrap_err().to_string();
        assert!(told.starts_with(name), "{told}");
    }
    assert!(LINKAGE.parse("ward").is_err());
    let (none, cx) = (Constraints::default(), Cx::new());
    cx.cancel();
    let stopped = [
        dbscan(&rows, &none, &DbscanParams::default().check().unwrap(), &cx),
        hdbscan(&rows, &none, &HdbscanParams::default().check().unwrap(), &cx),
        chinese_whispers(&rows, &none, &WhispersParams::default().check().unwrap(), &cx),
        rank_order(&rows, &none, &RankOrderParams::default().check().unwrap(), &cx),
        agglomerative(&rows, &none, &LinkageParams::default().check().unwrap(), &cx),
    ];
    assert!(stopped.into_iter().all(|found| matches!(found, Err(ClusterError::Cancelled(Cancelled)))));
}
