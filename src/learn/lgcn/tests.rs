//! Gradients against finite differences, and trainings on drawn people.

use super::*;
use crate::base::Parameters as _;
use crate::base::{Embeddings, Similarity};
use crate::cluster::lgcn::{LgcnParams, PropagationParams, lgcn};
use crate::graph::{Neighbours, nearest};

/// Unit rows around some directions, and the person of each.
fn drawn(n_people: u32, each: usize, dim: usize, spread: f32, seed: u64) -> (Embeddings, Vec<Option<u32>>) {
    let mut rng = seeded(seed);
    let (mut rows, mut people) = (Vec::new(), Vec::new());
    for person in 0..n_people {
        let centre: Vec<f32> = (0..dim).map(|_| rng.random_range(-1.0..1.0)).collect();
        for _ in 0..each {
            rows.extend(centre.iter().map(|&value| value + spread * rng.random_range(-1.0_f32..1.0)));
            people.push(Some(person));
        }
    }
    (Embeddings::new(dim, rows).unwrap().into_unit().unwrap(), people)
}

fn labelled(n_people: u32, each: usize, spread: f32) -> LabelledFaces {
    let (rows, people) = drawn(n_people, each, 16, spread, 5);
    let names = (0..n_people).map(|person| format!("p{person}")).collect();
    LabelledFaces::single_faces(rows, &people, names).unwrap()
}

fn quick(input: NodeFeatures) -> LgcnTrainingParams {
    let reach = SubgraphSize { k1: 8, k2: 3, u: 4 };
    LgcnTrainingParams {
        input,
        widths: vec![12, 8],
        reach,
        epochs: 3,
        batch: 10,
        ..LgcnTrainingParams::default()
    }
}

/// The loss of two pivots, and its gradient.
fn of_two(
    network: &LinkNetwork<f64>,
    rows: &[f64],
    neighbours: &Neighbours,
    n: usize,
    people: &[u32],
    aggregation: Aggregation,
) -> GradientSum<f64> {
    let table = network.table(rows, neighbours);
    let mut sum = GradientSum::new(network, &table);
    let (mut graph, mut space) = (Subgraph::default(), LgcnWorkspace::default());
    let reach = SubgraphSize { k1: 5, k2: 2, u: 3 };
    SubgraphBuilder::new(neighbours, n, reach, aggregation).build([0, 7], &mut graph);
    network.forward(&graph, graph.nodes(), &table, &mut space);
    let person = |place: u32| people[graph.nodes()[place as usize] as usize];
    let same = |&place: &u32| person(place) == person(graph.pivots()[place as usize]);
    let same: Vec<bool> = graph.scored().iter().map(same).collect();
    sum.pivots(network, (&graph, graph.nodes()), (&same, 1.7), &space);
    sum.finish(network, &table);
    sum
}

#[test]
fn gradients_are_those_of_finite_differences() {
    let (unit, people) = drawn(4, 5, 6, 0.9, 2);
    let neighbours = nearest(&unit, 16, &Cx::new()).unwrap();
    let rows: Vec<f64> = unit.as_slice().iter().map(|&value| f64::from(value)).collect();
    let people: Vec<u32> = people.into_iter().flatten().collect();
    for (input, aggregation, widths) in [
        (NodeFeatures::Difference, Aggregation::Mean, vec![5, 4, 3]),
        (NodeFeatures::Difference, Aggregation::Weighted, vec![5]),
        (NodeFeatures::Profile, Aggregation::Mean, vec![6, 4]),
        (NodeFeatures::Profile, Aggregation::Weighted, vec![3]),
    ] {
        let shape = NetworkShape { dim: 6, input, widths };
        let mut rng = seeded(9);
        let weights = (0..shape.n_weights()).map(|_| rng.random_range(-0.7..0.7)).collect();
        let columns = shape.inputs();
        let network = LinkNetwork::new(shape, vec![0.05; columns], vec![0.3; columns], weights).unwrap();
        let sum = of_two(&network, &rows, &neighbours, 20, &people, aggregation);
        assert!(sum.weight > 10.0);
        let step = 1e-6;
        for at in 0..network.weights().len() {
            let loss = |by: f64| {
                let mut moved = network.clone();
                moved.weights_mut()[at] += by;
                of_two(&moved, &rows, &neighbours, 20, &people, aggregation).loss
            };
            let slope = (loss(step) - loss(-step)) / (2.0 * step);
            assert!(
                (slope - sum.grads[at]).abs() < 1e-5 * slope.abs().max(1.0),
                "{input:?} {aggregation:?}, weight {at}: {} instead of {slope}",
                sum.grads[at]
            );
        }
    }
}

#[test]
fn a_network_without_links_has_a_loss_and_no_nan() {
    let lists: Vec<Vec<_>> = (0..4_u32).map(|row| vec![((row + 1) % 4, Similarity(-0.5))]).collect();
    let neighbours = Neighbours::from_lists(lists);
    let shape = NetworkShape { dim: 2, input: NodeFeatures::Difference, widths: vec![3, 2] };
    let weights = vec![0.3; shape.n_weights()];
    let network = LinkNetwork::new(shape, vec![0.0; 2], vec![0.0; 2], weights).unwrap();
    let rows = [1.0, 0.0, 0.0, 1.0, -1.0, 0.0, 0.0, -1.0];
    let table = network.table(&rows, &neighbours);
    let (mut graph, mut space) = (Subgraph::default(), LgcnWorkspace::default());
    let reach = SubgraphSize { k1: 1, k2: 0, u: 1 };
    SubgraphBuilder::new(&neighbours, 4, reach, Aggregation::Weighted).build([0], &mut graph);
    network.forward(&graph, graph.nodes(), &table, &mut space);
    let mut sum = GradientSum::new(&network, &table);
    sum.pivots(&network, (&graph, graph.nodes()), (&[true], 1.0), &space);
    sum.finish(&network, &table);
    assert!(sum.loss.is_finite() && sum.grads.iter().all(|grad: &f64| grad.is_finite()));
}

fn run(data: &LabelledFaces, params: LgcnTrainingParams) -> (TrainedLgcn, Vec<LgcnEpoch>) {
    let mut reports = Vec::new();
    let split = Split::random(data.names().len(), 1);
    let trained = params.check().unwrap().run(data, &split, &mut |epoch| reports.push(*epoch), &Cx::new());
    (trained.unwrap(), reports)
}

#[test]
fn drawn_people_are_told_apart_and_the_bytes_do_not_depend_on_threads() {
    let data = labelled(40, 6, 0.8);
    for (input, auc) in [(NodeFeatures::Difference, 0.75), (NodeFeatures::Profile, 0.97)] {
        let in_threads = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| run(&data, quick(input)))
        };
        let (trained, reports) = in_threads(1);
        assert_eq!(in_threads(3), (trained.clone(), reports.clone()));
        assert!(reports[2].loss < reports[0].loss, "{reports:?}");
        let best = reports[trained.best_epoch - 1].validation_loss.unwrap();
        assert!(reports.iter().all(|epoch| epoch.validation_loss.unwrap() >= best));
        let figures = reports[2].validation.unwrap();
        assert!(figures.auc > auc, "{input:?} {figures:?}");
    }
}

#[test]
fn a_head_brings_the_network_back() {
    let data = labelled(20, 5, 0.5);
    let (trained, _) = run(&data, quick(NodeFeatures::Profile));
    let propagation = PropagationParams { step: 0.05, max_size: 300, floor: 0.5 };
    let head = trained.head(&propagation);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("links.safetensors");
    head.write(&path).unwrap();
    let read = crate::models::LgcnHead::read(&path).unwrap().file;
    let (network, params) = from_head(&read).unwrap();
    assert_eq!(network, trained.network);
    assert_eq!(params, LgcnParams { reach: trained.reach, aggregation: trained.aggregation, propagation });
    let (rows, people) = drawn(10, 6, 16, 0.5, 77);
    let found =
        lgcn(&rows, &crate::base::Constraints::default(), &params.check().unwrap(), &network, &Cx::new());
    let people: Vec<u32> = people.into_iter().flatten().collect();
    assert_eq!(found.unwrap().partition, crate::base::Partition::from_labels(&people));
}

#[test]
fn too_little_to_learn_from_is_told() {
    let split = Split::all_train(1);
    let alone = labelled(1, 4, 0.5);
    let error = quick(NodeFeatures::Profile).check().unwrap().run(&alone, &split, &mut |_| (), &Cx::new());
    assert!(matches!(error, Err(LearnError::TooLittle { identities: 1, tracks: 4 })), "{error:?}");
    let cx = Cx::new();
    cx.cancel();
    let data = labelled(10, 4, 0.5);
    let stopped =
        quick(NodeFeatures::Profile).check().unwrap().run(&data, &Split::all_train(10), &mut |_| (), &cx);
    assert!(matches!(stopped, Err(LearnError::Cancelled(_))));
}
