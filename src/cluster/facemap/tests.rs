//! The method as a whole: goldens, the tracked codelength, edges of the input, the gate.

use rand::RngExt;
use rand::seq::SliceRandom;
use serde_json::Value;

use super::map_equation::Codelength;
use super::network::Edges;
use super::search::{ModuleAssignment, SweepState, search};
use super::*;
use crate::base::Rng;

fn golden(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn array<T: serde::de::DeserializeOwned>(value: &Value) -> Vec<T> {
    serde_json::from_value(value.clone()).unwrap()
}

/// The network of links from one node to another with a weight.
fn network(n: usize, edges: &[(u32, u32, f64)], flow: Flow) -> FlowNetwork {
    let mut links = Edges::with_room(0);
    for node in 0..n as u32 {
        for other in 0..n as u32 {
            let weight = |from, to| -> f64 {
                edges.iter().filter(|edge| (edge.0, edge.1) == (from, to)).map(|edge| edge.2).sum()
            };
            let (out, into) = (weight(node, other), weight(other, node));
            if out + into > 0.0 && node != other {
                links.to.push(other);
                match flow {
                    Flow::Undirected => links.out.push(out + into),
                    Flow::Directed => {
                        links.out.push(out);
                        links.into.push(into);
                    }
                }
            }
        }
        links.starts.push(links.to.len());
    }
    match flow {
        Flow::Undirected => FlowNetwork::undirected(links),
        Flow::Directed => FlowNetwork::directed(links, &Cx::new()).unwrap(),
    }
}

/// The codelength of a partition, from nothing but the network.
fn codelength(network: &FlowNetwork, module_of: &[u32]) -> f64 {
    let n_modules = module_of.iter().max().map_or(0, |&last| last as usize + 1);
    if network.is_directed() {
        Codelength::<true>::new(network, module_of, n_modules).codelength()
    } else {
        Codelength::<false>::new(network, module_of, n_modules).codelength()
    }
}

fn unit(dim: usize, data: Vec<f32>) -> Embeddings {
    Embeddings::new(dim, data).unwrap().into_unit().unwrap()
}

fn run(rows: &Embeddings, params: FaceMapParams) -> Clustering {
    facemap(rows, &Constraints::default(), &params.check().unwrap(), &Cx::new()).unwrap()
}

/// Rows around people, the same number for each, and rows that are alone.
fn cast(people: usize, rows: usize, alone: usize, seed: u64) -> (Embeddings, Vec<u32>) {
    const DIM: usize = 64;
    let mut rng = seeded(seed);
    let (mut data, mut truth) = (Vec::new(), Vec::new());
    let draw = |rng: &mut Rng| -> Vec<f32> { (0..DIM).map(|_| rng.random_range(-1.0..1.0)).collect() };
    for person in 0..people + alone {
        let centre = draw(&mut rng);
        for _ in 0..if person < people { rows } else { 1 } {
            let off = draw(&mut rng);
            data.extend(centre.iter().zip(off).map(|(centre, off)| centre + 0.6 * off));
            truth.push(person as u32);
        }
    }
    (unit(DIM, data), truth)
}

#[test]
fn golden_codelengths_and_best_partitions() {
    let golden = golden(include_str!("../../../tests/golden/map_equation.json"));
    let tolerance = golden["tolerance"].as_f64().unwrap();
    for case in golden["cases"].as_array().unwrap() {
        let n = case["n"].as_u64().unwrap() as usize;
        let network = network(n, &array(&case["edges"]), Flow::Undirected);
        for partition in case["partitions"].as_array().unwrap() {
            let expected = partition["codelength_bits"].as_f64().unwrap();
            let found = codelength(&network, &array::<u32>(&partition["labels"]));
            assert!((found - expected).abs() <= tolerance, "{}: {found}, not {expected}", case["name"]);
        }
        let best = case["best"]["codelength_bits"].as_f64().unwrap();
        let (modules, length) = search(&network, &mut seeded(0), &Cx::new()).unwrap();
        assert!(length <= best + tolerance, "{}: {length}, not {best}", case["name"]);
        assert_eq!(
            Partition::from_labels(&modules.of),
            Partition::from_labels(&array::<u32>(&case["best"]["labels"]))
        );
    }
}

#[test]
fn golden_directed_codelengths() {
    // By infomap 2.16, directed, best of 20 trials; in the second, node 5 has no way out.
    let bridge = [(2, 3, 0.5), (3, 4, 2.0), (4, 5, 1.0)];
    let triangle = [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)];
    let cases = [
        ([(5, 3, 1.0), (5, 0, 0.25)].as_slice(), 2.094_049_252_479_759, 2.552_398_665_877_742_4),
        ([(4, 3, 1.0)].as_slice(), 1.828_095_569_108_770_4, 2.543_067_573_636_599_7),
    ];
    for (more, best, one_level) in cases {
        let edges = [&triangle, &bridge, more].concat();
        let network = network(6, &edges, Flow::Directed);
        assert!((codelength(&network, &[0; 6]) - one_level).abs() < 1e-9);
        assert!((codelength(&network, &[0, 0, 0, 1, 1, 1]) - best).abs() < 1e-9);
        let (modules, length) = search(&network, &mut seeded(0), &Cx::new()).unwrap();
        assert_eq!(modules.of, [0, 0, 0, 1, 1, 1]);
        assert!((length - best).abs() < 1e-9);
    }
}

#[test]
fn golden_end_to_end() {
    let golden = golden(include_str!("../../../tests/golden/facemap_e2e.json"));
    for case in golden["cases"].as_array().unwrap() {
        let points: Vec<Vec<f32>> = array(&case["x"]);
        let rows = unit(points[0].len(), points.concat());
        let number = |name: &str| case[name].as_u64().unwrap() as usize;
        let params =
            FaceMapParams { k: number("k"), window: number("omega"), gate: 0.0, ..FaceMapParams::default() };
        let found = run(&rows, params);
        let figures = &found.diagnostics.figures;
        assert_eq!(figures["links"] as usize, number("n_undirected_edges"));
        let cuts: Vec<u64> = array(&case["q"]);
        let kept = cuts.iter().map(|q| q + 1).sum::<u64>() as f64 / cuts.len() as f64;
        assert!((figures["kept_neighbours_mean"] - kept).abs() < 1e-12);
        let best = case["codelength_bits"].as_f64().unwrap();
        // Similarities are f32 here; the reference sums up negative ones, too, which the second
        // case has.
        let tolerance = if case["name"] == "n90" { 1e-6 } else { 1e-4 * best };
        assert!(
            (figures["codelength_bits"] - best).abs() <= tolerance,
            "{} not {best}",
            figures["codelength_bits"]
        );
        assert_eq!(found.partition, Partition::from_labels(&array::<u32>(&case["labels"])));
    }
}

/// Moves nodes at random times and compares what is tracked with a fresh count after each sweep.
fn tracked<const DIRECTED: bool>(network: &FlowNetwork, rng: &mut Rng, confines: Option<&[u32]>) {
    let n = network.len();
    let start = ModuleAssignment::singletons(n);
    let mut sweeps = SweepState::<DIRECTED>::new(network, start, confines);
    let mut order: Vec<usize> = (0..n).collect();
    let mut before = sweeps.code.codelength();
    for _ in 0..5 {
        order.shuffle(rng);
        for &node in &order {
            sweeps.visit(node);
        }
        let tracked = sweeps.code.codelength();
        assert!((tracked - codelength(network, &sweeps.module_of)).abs() < 1e-10);
        assert!(tracked <= before + 1e-12, "a sweep makes it no worse");
        before = tracked;
    }
    if let Some(confines) = confines {
        let mut within = vec![None; n];
        for (&module, &confine) in sweeps.module_of.iter().zip(confines) {
            assert_eq!(*within[module as usize].get_or_insert(confine), confine);
        }
    }
}

#[test]
fn the_tracked_codelength_is_that_of_the_partition() {
    let mut rng = seeded(3);
    for round in 0..30 {
        let n = rng.random_range(2..60);
        let n_edges = rng.random_range(1..4 * n);
        let mut node = || rng.random_range(0..n as u32);
        let ends: Vec<(u32, u32)> = (0..n_edges).map(|_| (node(), node())).filter(|(a, b)| a != b).collect();
        let edges: Vec<_> = ends.into_iter().map(|(a, b)| (a, b, rng.random_range(0.01..1.0))).collect();
        let confines: Vec<u32> = (0..n as u32).map(|node| node % 3).collect();
        let confines = (round % 3 == 0).then_some(confines.as_slice());
        tracked::<false>(&network(n, &edges, Flow::Undirected), &mut rng, confines);
        tracked::<true>(&network(n, &edges, Flow::Directed), &mut rng, confines);
        for flow in [Flow::Undirected, Flow::Directed] {
            let network = network(n, &edges, flow);
            let (modules, length) = search(&network, &mut rng, &Cx::new()).unwrap();
            assert!((length - codelength(&network, &modules.of)).abs() < 1e-10);
            assert!(length <= codelength(&network, &vec![0; n]) + 1e-12, "no worse than one module");
        }
    }
}

#[test]
fn groups_code_like_their_nodes() {
    let mut rng = seeded(4);
    let edges: Vec<(u32, u32, f64)> = (0..90)
        .map(|_| (rng.random_range(0..30), rng.random_range(0..30), rng.random_range(0.1..1.0)))
        .filter(|edge| edge.0 != edge.1)
        .collect();
    for flow in [Flow::Undirected, Flow::Directed] {
        let network = network(30, &edges, flow);
        let group_of: Vec<u32> = (0..30).map(|node| node % 7).collect();
        let grouped = network.aggregated(&group_of, 7);
        let module_of: Vec<u32> = (0..7).map(|group| group / 2).collect();
        let through: Vec<u32> = group_of.iter().map(|&group| module_of[group as usize]).collect();
        let (whole, parts) = (codelength(&network, &through), codelength(&grouped, &module_of));
        assert!((whole - parts).abs() < 1e-12, "{whole} {parts}");
    }
}

#[test]
fn few_equal_and_opposite_rows() {
    let tetrahedron = vec![1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, -1.0, -1.0, -1.0, 1.0];
    let sets = [
        ("none", Embeddings::default(), 0),
        ("one", unit(2, vec![1.0, 0.0]), 1),
        ("two alike", unit(2, vec![1.0, 0.0, 1.0, 0.1]), 1),
        ("two opposite", unit(2, vec![1.0, 0.0, -1.0, 0.0]), 2),
        ("all similarities negative", unit(3, tetrahedron), 4),
        ("thirty equal", unit(3, [0.3, 0.5, 0.7].repeat(30)), 1),
        ("three hundred equal", unit(3, [0.3, 0.5, 0.7].repeat(300)), 1),
        (
            "two kinds, opposite",
            unit(1, (0..60).map(|row| if row % 2 == 0 { 1.0 } else { -1.0 }).collect()),
            2,
        ),
    ];
    for (name, rows, n_clusters) in sets {
        for flow in [Flow::Undirected, Flow::Directed] {
            for (k, window) in [(1, 1), (256, 20), (5, 3)] {
                let params = FaceMapParams { k, window, flow, ..FaceMapParams::default() };
                let found = run(&rows, params);
                assert_eq!(found.partition.labels().len(), rows.len(), "{name}");
                assert!(
                    found.diagnostics.figures.values().all(|value| value.is_finite()),
                    "{name}: {found:?}"
                );
                if k == 256 {
                    assert_eq!(found.partition.n_clusters(), n_clusters, "{name}, {flow:?}");
                }
            }
        }
    }
}

#[test]
fn out_of_range() {
    let default = FaceMapParams::default();
    for (params, name) in [
        (FaceMapParams { k: 0, ..default }, "k"),
        (FaceMapParams { window: 0, ..default }, "window"),
        (FaceMapParams { gate: -0.1, ..default }, "gate"),
        (FaceMapParams { gate: f64::NAN, ..default }, "gate"),
    ] {
        let refused = params.check().unwrap_err().to_string();
        assert!(refused.starts_with(name), "{refused}");
    }
}

#[test]
fn the_same_for_any_number_of_threads() {
    let (rows, _) = cast(150, 12, 300, 5);
    for flow in [Flow::Undirected, Flow::Directed] {
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let params = FaceMapParams { k: 40, window: 5, flow, ..FaceMapParams::default() };
            pool.install(|| run(&rows, params))
        };
        let (one, three) = (on(1), on(3));
        assert_eq!(one.partition, three.partition);
        assert_eq!(one.diagnostics, three.diagnostics, "to the last bit");
    }
}

#[test]
fn seeds_agree_on_people_that_stand_apart() {
    let (rows, truth) = cast(40, 15, 0, 6);
    for seed in 0..5 {
        let found = run(&rows, FaceMapParams { k: 30, window: 5, seed, ..FaceMapParams::default() });
        assert_eq!(found.partition, Partition::from_labels(&truth), "seed {seed}");
    }
}

#[test]
fn the_gate_leaves_strangers_alone() {
    let (rows, truth) = cast(30, 12, 100, 7);
    let with = |gate| run(&rows, FaceMapParams { k: 60, window: 8, gate, ..FaceMapParams::default() });
    assert_eq!(with(4.5).partition, Partition::from_labels(&truth));
    let (published, tight) = (with(0.0), with(20.0));
    assert!(published.partition.n_clusters() < 100, "without it they are absorbed");
    assert_eq!(tight.partition.n_clusters(), rows.len(), "nothing is so similar");
    assert!(published.diagnostics.figures["least_similarity"] < -0.9, "nothing is asked for");
}

#[test]
fn the_gate_knows_when_nobody_is_a_stranger() {
    for (people, n_rows) in [(1, 60), (2, 30), (3, 20)] {
        let (rows, truth) = cast(people, n_rows, 0, 8);
        let found = run(&rows, FaceMapParams::default());
        assert_eq!(found.partition, Partition::from_labels(&truth), "{people} people");
    }
    let (rows, _) = cast(3, 6, 0, 9);
    assert_eq!(gate::least_similarity(&rows, 4.5, 0), None, "too few rows to tell");
}

#[test]
fn stops_when_asked() {
    let (rows, _) = cast(3, 20, 0, 10);
    let cx = Cx::new();
    cx.cancel();
    for flow in [Flow::Undirected, Flow::Directed] {
        let params = FaceMapParams { flow, ..FaceMapParams::default() }.check().unwrap();
        let lists: Vec<(TrackIx, Similarity)> = vec![(0, Similarity(1.0)); rows.len()];
        assert!(facemap(&rows, &Constraints::default(), &params, &cx).is_err());
        assert!(
            facemap_of(rows.len(), |row| &lists[row as usize..=row as usize], None, &params, &cx).is_err()
        );
    }
}
