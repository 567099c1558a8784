//! The published goldens, further cases checked against scikit-learn, and the edges.

use serde_json::Value;

use super::*;
use crate::base::Partition;

const GOLDEN: &str = include_str!("../../tests/golden/metrics.json");

fn labels(values: &Value) -> Vec<u32> {
    let labels: Vec<i64> = serde_json::from_value(values.clone()).unwrap();
    Partition::from_labels(&labels).labels().to_vec()
}

fn close(name: &str, key: &str, got: f64, want: &Value) {
    let want = want.as_f64().unwrap_or_else(|| panic!("{name}: the golden has no {key}"));
    assert!((got - want).abs() <= 1e-12 * want.abs().max(1.0), "{name}: {key} is {got}, not {want}");
}

#[test]
fn equals_every_golden() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 15);
    for case in cases {
        let (name, want) = (case["name"].as_str().unwrap(), &case["expect"]);
        let got = evaluate(&labels(&case["y"]), &labels(&case["c"])).unwrap();
        let pairs = [
            ("n", got.n_tracks as f64),
            ("k_true", got.n_identities as f64),
            ("k_pred", got.n_clusters as f64),
            ("nmi_arith", got.nmi),
            ("nmi_geom", got.nmi_geometric),
            ("bcubed_p", got.bcubed.precision),
            ("bcubed_r", got.bcubed.recall),
            ("bcubed_f", got.bcubed.f),
            ("pair_p", got.pairwise.precision),
            ("pair_r", got.pairwise.recall),
            ("pair_f", got.pairwise.f),
            ("wcp", got.wcp),
            ("oci", got.clicks as f64),
            ("r_i", got.ri),
            ("r_s_code", got.rs),
            ("r_s_paper", got.rs_incorrect),
        ];
        for (key, value) in pairs {
            close(name, key, value, &want[key]);
        }
        for (theta, value) in &got.fi {
            close(name, theta, *value, &want[format!("fi_{theta}")]);
        }
        assert_eq!(got.c_dif, got.n_clusters.abs_diff(got.n_identities));
    }
}

/// `adjusted_rand_score` of scikit-learn 1.9.1 on the goldens, in their order.
#[expect(clippy::unreadable_literal, reason = "as printed by scikit-learn")]
const ARI: [f64; 15] = [
    0.06873239436619719,
    0.1543661971830986,
    1.0,
    0.0,
    0.0,
    1.0,
    0.0,
    0.0,
    1.0,
    1.0,
    0.928244299321257,
    0.3,
    -0.25,
    0.7686695907785074,
    0.8012254698500249,
];

#[test]
fn ari_equals_scikit_learn() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    for (case, want) in golden["cases"].as_array().unwrap().iter().zip(ARI) {
        let got = evaluate(&labels(&case["y"]), &labels(&case["c"])).unwrap();
        close(case["name"].as_str().unwrap(), "ari", got.ari, &Value::from(want));
    }
}

#[test]
#[expect(clippy::float_cmp, reason = "exact by definition")]
fn no_tracks_are_equal_groupings() {
    let scores = evaluate(&[], &[]).unwrap();
    assert_eq!((scores.n_tracks, scores.n_clusters, scores.clicks, scores.c_dif), (0, 0, 0, 0));
    let ones = [
        scores.nmi,
        scores.nmi_geometric,
        scores.bcubed.f,
        scores.pairwise.f,
        scores.wcp,
        scores.ari,
        scores.ri,
    ];
    assert!(ones.iter().all(|&score| score == 1.0));
    assert!(scores.fi.values().all(|&score| score == 1.0));
    assert_eq!((scores.rs, scores.rs_incorrect), (0.0, 0.0));
}

#[test]
#[expect(clippy::float_cmp, reason = "exact by definition")]
fn equal_groupings_score_exactly_one() {
    let truth: Vec<u32> = (0..1000).map(|i| i * i % 37).collect();
    let clusters: Vec<u32> = truth.iter().map(|t| u32::MAX - 5 * t).collect();
    let scores = evaluate(&truth, &clusters).unwrap();
    for score in
        [scores.nmi, scores.nmi_geometric, scores.bcubed.f, scores.pairwise.f, scores.wcp, scores.ari]
    {
        assert_eq!(score, 1.0);
    }
}

#[test]
fn names_of_clusters_do_not_matter() {
    let truth: Vec<u32> = (0..500).map(|i| i * 7919 % 11).collect();
    let clusters: Vec<u32> = (0..500).map(|i| i * 104_729 % 13).collect();
    let renamed: Vec<u32> = clusters.iter().map(|c| 1000 - c).collect();
    let (a, b) = (evaluate(&truth, &clusters).unwrap(), evaluate(&truth, &renamed).unwrap());
    assert!((a.nmi - b.nmi).abs() < 1e-14 && (a.bcubed.f - b.bcubed.f).abs() < 1e-14);
    assert_eq!((a.pairwise, a.ari, a.clicks, a.fi), (b.pairwise, b.ari, b.clicks, b.fi));
}

#[test]
fn different_lengths_are_refused_with_both() {
    let error = evaluate(&[1, 2], &[1]).unwrap_err();
    assert_eq!(error, MetricsError::Lengths { truth: 2, clusters: 1 });
    assert!(error.to_string().contains("2 true identities with 1 clusters"));
}

#[test]
fn json_has_the_stable_keys() {
    let json = serde_json::to_value(evaluate(&[0, 0, 1], &[0, 1, 1]).unwrap()).unwrap();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut want = [
        "n_tracks",
        "n_clusters",
        "n_identities",
        "nmi",
        "nmi_geometric",
        "bcubed",
        "pairwise",
        "wcp",
        "c_dif",
        "ri",
        "rs",
        "rs_incorrect",
        "fi",
        "ari",
        "clicks",
    ];
    want.sort_unstable();
    let mut keys = keys;
    keys.sort_unstable();
    assert_eq!(keys, want);
    assert!(json["bcubed"]["precision"].is_f64() && json["fi"]["0.9"].is_f64());
}
