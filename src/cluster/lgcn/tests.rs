//! L-GCN against values computed by independent implementations, and on awkward inputs.

use rand::RngExt;
use serde_json::Value;

use super::*;
use crate::base::{Partition, Similarity, seeded};

fn golden(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn lgcn_golden() -> Value {
    golden(include_str!("../../../tests/golden/lgcn.json"))
}

/// All numbers in nested lists, in order.
fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn whole(value: &Value) -> Vec<u32> {
    flat(value).iter().map(|&number| number as u32).collect()
}

fn neighbours_of(golden: &Value) -> Neighbours {
    let lists = golden["nbrs"].as_array().unwrap().iter();
    let lists: Vec<Vec<_>> =
        lists.map(|list| whole(list).into_iter().map(|row| (row, Similarity(0.5))).collect()).collect();
    Neighbours::from_lists(lists)
}

fn network_of(golden: &Value) -> LinkNetwork<f64> {
    let weights = &golden["weights"];
    let all =
        ["w1", "c1", "w2", "c2", "w3", "c3", "w4", "c4", "lin1_w", "lin1_b", "prelu", "lin2_w", "lin2_b"];
    let tensors = all.iter().flat_map(|name| flat(&weights[*name])).collect();
    let shape = NetworkShape { dim: 6, input: NodeFeatures::Difference, widths: vec![8, 8, 5, 5] };
    LinkNetwork::new(shape, flat(&weights["bn_mean"]), flat(&weights["bn_var"]), tensors).unwrap()
}

fn reach_of(golden: &Value) -> SubgraphSize {
    let number = |name: &str| golden[name].as_u64().unwrap() as usize;
    SubgraphSize { k1: number("k1"), k2: number("k2"), u: number("u") }
}

#[test]
fn subgraphs_are_the_published_ones() {
    let golden = lgcn_golden();
    let neighbours = neighbours_of(&golden);
    let mut builder = SubgraphBuilder::new(&neighbours, 36, reach_of(&golden), Aggregation::Mean);
    let mut graph = Subgraph::default();
    for ips in golden["ips"].as_array().unwrap() {
        let pivot = ips["pivot"].as_u64().unwrap() as u32;
        builder.build([pivot], &mut graph);
        assert_eq!(graph.nodes()[0], pivot);
        let scored: Vec<u32> = graph.scored().iter().map(|&place| graph.nodes()[place as usize]).collect();
        assert_eq!(scored, whole(&ips["one_hop_rank_order"]));
        let mut sorted = graph.nodes().to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, whole(&ips["nodes_sorted"]));
        let rank = |place: u32| sorted.binary_search(&graph.nodes()[place as usize]).unwrap() as u32;
        let mut edges = Vec::new();
        for at in 0..sorted.len() as u32 {
            for &(other, weight) in graph.links(at as usize) {
                assert_eq!(Some(weight), Some(1.0));
                edges.push([rank(at), rank(other)]);
            }
        }
        edges.sort_unstable();
        assert!(edges.iter().all(|&[a, b]| edges.binary_search(&[b, a]).is_ok()), "links go both ways");
        edges.retain(|[a, b]| a < b);
        assert_eq!(edges.concat(), whole(&ips["edges_local"]));
    }
}

#[test]
fn scores_are_those_of_the_published_network() {
    let golden = lgcn_golden();
    let (neighbours, network) = (neighbours_of(&golden), network_of(&golden));
    let x = flat(&golden["x"]);
    let table = network.table(&x, &neighbours);
    let mut builder = SubgraphBuilder::new(&neighbours, 36, reach_of(&golden), Aggregation::Mean);
    let (mut graph, mut space) = (Subgraph::default(), LgcnWorkspace::default());
    let mut scores = Vec::new();
    for pivot in 0..36 {
        builder.build([pivot], &mut graph);
        network.forward(&graph, graph.nodes(), &table, &mut space);
        scores.extend_from_slice(&space.scores);
    }
    builder.build(0..36, &mut graph);
    network.forward(&graph, graph.nodes(), &table, &mut space);
    assert_eq!(space.scores, scores, "pivots that stand beside each other change nothing");
    let wanted = flat(&golden["scores"]);
    assert_eq!(scores.len(), wanted.len());
    let worst = scores.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst < 1e-9, "{worst}");
    for ips in golden["ips"].as_array().unwrap() {
        builder.build([ips["pivot"].as_u64().unwrap() as u32], &mut graph);
        network.forward(&graph, graph.nodes(), &table, &mut space);
        let (all, sorted) = (flat(&ips["gcn_out"]), whole(&ips["nodes_sorted"]));
        for (at, row) in space.layers[3].outputs.chunks(5).enumerate() {
            let rank = sorted.binary_search(&graph.nodes()[at + 1]).unwrap();
            let worst = row.iter().zip(&all[5 * rank..]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(worst < 1e-9, "{worst}");
        }
    }
}

fn agrees(cases: &Value, n: usize, pairs: &[(u32, u32, f64)]) {
    for case in cases["propagation"].as_array().unwrap() {
        let params = PropagationParams {
            step: case["step"].as_f64().unwrap(),
            max_size: case["max_sz"].as_u64().unwrap() as usize,
            floor: 0.0,
        };
        let (partition, rounds) = propagate(n, pairs.iter().copied(), &params);
        assert_eq!(partition, Partition::from_labels(&whole(&case["labels"])), "{params:?}");
        let history = case["history_th_final_remain"].as_array().unwrap();
        assert_eq!(rounds.len(), history.len(), "{params:?}");
        for (round, told) in rounds.iter().zip(history) {
            assert_eq!(round.n_final as u64, told[1].as_u64().unwrap());
            assert_eq!(round.n_left as u64, told[2].as_u64().unwrap());
            assert!(told[0].as_f64().is_none_or(|threshold| (round.threshold - threshold).abs() < 1e-9));
        }
        let backwards = propagate(n, pairs.iter().rev().map(|&(a, b, score)| (b, a, score)), &params);
        assert_eq!(backwards.0, partition, "the order of pairs has no effect");
    }
}

#[test]
fn propagation_is_the_published_one() {
    for text in [
        include_str!("../../../tests/golden/label_propagation.json"),
        include_str!("../../../tests/golden/lgcn.json"),
    ] {
        let golden = golden(text);
        let edges = whole(&golden["edges"]);
        let scores = flat(&golden["scores"]);
        let pairs: Vec<_> =
            edges.chunks(2).zip(scores).map(|(ends, score)| (ends[0], ends[1], score)).collect();
        agrees(&golden, golden["n"].as_u64().unwrap() as usize, &pairs);
    }
}

#[test]
fn propagation_ends_with_scores_of_exactly_one() {
    let ring = (0..50_u32).map(|row| (row, (row + 1) % 50, 1.0));
    let params = PropagationParams { step: 0.6, max_size: 10, floor: 0.0 };
    let (partition, rounds) = propagate(52, ring, &params);
    assert_eq!((partition.n_clusters(), rounds.len()), (3, 101));
    let (partition, rounds) = propagate(4, [], &params);
    assert_eq!((partition.n_clusters(), rounds.len()), (4, 1));
    assert_eq!(propagate(0, [], &params).0.n_clusters(), 0);
}

#[test]
fn a_floor_keeps_weak_pairs_out_from_the_beginning() {
    let pairs = [(0, 1, 0.9), (1, 2, 0.2), (2, 3, 0.8), (2, 1, 0.3)];
    let all = propagate(4, pairs, &PropagationParams::default()).0;
    assert_eq!(all.n_clusters(), 1);
    let strong = propagate(4, pairs, &PropagationParams { floor: 0.5, ..PropagationParams::default() }).0;
    assert_eq!(strong.labels(), [0, 0, 1, 1]);
}

fn random_network(dim: usize, input: NodeFeatures) -> LinkNetwork {
    let shape = NetworkShape { dim, input, widths: vec![7, 5] };
    let (inputs, mut rng) = (shape.inputs(), seeded(3));
    let weights = (0..shape.n_weights()).map(|_| rng.random_range(-0.5..0.5)).collect();
    LinkNetwork::new(shape, vec![0.1; inputs], vec![0.2; inputs], weights).unwrap()
}

fn random_rows(n: usize, dim: usize) -> Embeddings {
    let mut rng = seeded(8);
    let rows = (0..n * dim).map(|_| rng.random_range(-1.0..1.0)).collect();
    Embeddings::new(dim, rows).unwrap().into_unit().unwrap()
}

fn params(k1: usize) -> Checked<LgcnParams> {
    LgcnParams { reach: SubgraphSize { k1, k2: 3, u: 4 }, ..LgcnParams::default() }.check().unwrap()
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let rows = random_rows(130, 9);
    let reach = SubgraphSize { k1: 12, k2: 4, u: 3 };
    for (input, aggregation) in
        [(NodeFeatures::Difference, Aggregation::Mean), (NodeFeatures::Profile, Aggregation::Weighted)]
    {
        let network = random_network(9, input);
        let in_threads = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let neighbours = nearest(&rows, reach.most(), &Cx::new()).unwrap();
                let scored =
                    score_links(&rows, &neighbours, (reach, aggregation), &network, &Cx::new()).unwrap();
                let clustering =
                    lgcn(&rows, &Constraints::default(), &params(12), &network, &Cx::new()).unwrap();
                (scored, clustering.partition)
            })
        };
        let (scored, partition) = in_threads(1);
        assert_eq!(in_threads(3), (scored.clone(), partition));
        assert!(scored.iter().all(|(_, _, score)| (0.0..=1.0).contains(&score)));
        assert!(scored.iter().all(|(row, other, _)| row != other));
    }
}

#[test]
fn awkward_sets_give_clusters() {
    let run = |rows: &Embeddings, k1, input| {
        let network = random_network(rows.dim().max(1), input);
        lgcn(rows, &Constraints::default(), &params(k1), &network, &Cx::new()).unwrap().partition
    };
    for input in [NodeFeatures::Difference, NodeFeatures::Profile] {
        assert_eq!(run(&Embeddings::default(), 5, input).n_clusters(), 0);
        for n in 1..6 {
            let rows = random_rows(n, 4);
            assert_eq!(run(&rows, 5, input).labels().len(), n, "k is at least n − 1");
        }
        let equal = Embeddings::new(2, [0.6, 0.8].repeat(20)).unwrap();
        assert_eq!(run(&equal, 30, input).labels().len(), 20);
        // Opposite corners: every similarity is below 0, and weights of links are all 0.
        let apart = Embeddings::new(3, vec![1.0, 0.0, 0.0, -0.6, 0.8, 0.0, -0.6, -0.8, 0.0]).unwrap();
        let weighted = LgcnParams { aggregation: Aggregation::Weighted, ..LgcnParams::default() };
        let network = random_network(3, input);
        let found =
            lgcn(&apart, &Constraints::default(), &weighted.check().unwrap(), &network, &Cx::new()).unwrap();
        assert_eq!(found.partition.labels().len(), 3);
    }
}

#[test]
fn refusals_name_parameter_value_and_range() {
    let refused = |params: LgcnParams| params.check().unwrap_err().to_string();
    let with = |propagation| LgcnParams { propagation, ..LgcnParams::default() };
    let message = refused(LgcnParams { reach: SubgraphSize { k1: 0, k2: 5, u: 5 }, ..LgcnParams::default() });
    assert_eq!(message, "k1 is 0; it must be a whole number from 1 to 1000");
    let default = PropagationParams::default();
    assert!(refused(with(PropagationParams { step: 1.0, ..default })).starts_with("step is 1;"));
    assert!(refused(with(PropagationParams { floor: f64::NAN, ..default })).starts_with("floor is NaN;"));
    assert!(refused(with(PropagationParams { max_size: 0, ..default })).starts_with("max_size is 0;"));
    let (rows, network) = (random_rows(5, 4), random_network(6, NodeFeatures::Difference));
    let error = lgcn(&rows, &Constraints::default(), &params(3), &network, &Cx::new()).unwrap_err();
    assert!(error.to_string().contains("4, but the head takes 6"), "{error}");
    let cx = Cx::new();
    cx.cancel();
    let stopped =
        lgcn(&rows, &Constraints::default(), &params(3), &random_network(4, NodeFeatures::Difference), &cx);
    assert!(matches!(stopped, Err(ClusterError::Cancelled(_))));
}
