//! Comparing on a small input, and what the page and the table hold of it.

use std::sync::Arc;

use rand::RngExt;

use super::*;
use crate::base::{Constraint, ConstraintSource, Constraints, Embeddings, Radius, seeded};
use crate::cluster::RadiusSource;

/// Four people of six tracks each; no radius is known unless one is given.
fn input(radius: Option<f64>) -> (ComparisonInput, BTreeMap<String, String>) {
    let mut rng = seeded(1);
    let dim = 32;
    let (mut data, mut ids, mut truth) = (Vec::new(), Vec::new(), BTreeMap::new());
    for person in 0..4 {
        let centre: Vec<f32> = (0..dim).map(|_| rng.random_range(-1.0..1.0)).collect();
        for track in 0..6 {
            data.extend(centre.iter().map(|value| value + rng.random_range(-0.5..0.5)));
            ids.push(format!("{person}<{track}>"));
            truth.insert(format!("{person}<{track}>"), format!("person {person}"));
        }
    }
    let cannot =
        Constraint { a: 0, b: 1, kind: ConstraintKind::Cannot, source: ConstraintSource::CoOccurrence };
    let input = ComparisonInput {
        ids,
        unusable: Vec::new(),
        n_faces: 48,
        model: String::new(),
        head: "none".to_owned(),
        radius: radius.map(|radius| (Radius(radius), RadiusSource::Set)),
        link_scorer: None,
        rows: Arc::new(Embeddings::new(dim, data).unwrap().into_unit().unwrap()),
        constraints: Constraints::new([cannot]),
    };
    (input, truth)
}

fn compared(list: &str, radius: Option<f64>) -> Comparison {
    let (input, truth) = input(radius);
    let contenders = contenders(Some(list)).unwrap();
    let settings = Settings::default();
    let all = contenders
        .iter()
        .map(|it| compare(it, &input, (&truth, false), SweepChoice::With, &settings, &Cx::new()));
    Comparison {
        castlist: "1".to_owned(),
        command: "castlist compare 'a & b'".to_owned(),
        data: facts(&input, "a & b", "labels.csv"),
        methods: all.collect::<Result<_, _>>().unwrap(),
        warnings: vec!["x < y".to_owned()],
    }
}

#[test]
fn the_oracle_is_the_best_of_the_sweep_and_the_default() {
    for one in compared("bcl,dbscan,agglomerative:linkage=complete", Some(0.4)).methods {
        let f = |run: &MethodRun| run.score("bcubed/f");
        let (default, oracle) = (one.default.clone(), one.oracle.clone().unwrap());
        assert!(f(&oracle) >= f(&default));
        assert!(one.sweep.iter().all(|point| f(&oracle) >= f(&point.run)));
        assert!(one.sweep.iter().map(|point| &point.run).chain([&default]).any(|run| *run == oracle));
        let method = cluster::method(&one.method).unwrap();
        assert_eq!(one.parameter, method.sweep.parameter.name);
        let values: Vec<String> = one.sweep.iter().map(|point| point.value.clone()).collect();
        assert_eq!(values, method.sweep.values().map(|value| value.to_string()).collect::<Vec<_>>());
        assert_eq!(oracle.score("n_identities") as u64, 4);
        // The tracks of one person that must not be together are apart in every run.
        assert!(one.sweep.iter().all(|point| point.run.score("bcubed/recall") < 1.0));
    }
}

#[test]
fn contenders_are_spelt_as_they_are_told() {
    let all = contenders(None).unwrap();
    assert!(all.len() == METHODS.len() && all.iter().all(|it| it.set.is_empty()));
    let list = "agglomerative:linkage=single:similarity=0.4,dbscan";
    let told: Vec<String> = contenders(Some(list)).unwrap().iter().map(Contender::name).collect();
    assert_eq!(told.join(","), list);
    for wrong in ["kmeans", "", "dbscan:k=3", "dbscan:similarity"] {
        let error = contenders(Some(wrong)).unwrap_err();
        assert_eq!(error.exit_code(), 1, "{error}");
    }
    let error = contenders(Some("dbscan:k=3")).unwrap_err().to_string();
    assert!(error.contains("`dbscan:k=3`") && error.contains("dbscan:similarity=VALUE"), "{error}");
}

#[test]
fn the_page_stands_alone_and_holds_every_curve() {
    let all = compared("bcl,dbscan,chinese-whispers", Some(0.4));
    let page = page(&all);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    for outside in ["<script", "http:", "https:", "<link", "@import", " src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("url(").count(), page.matches("url(#frame)").count());
    assert!(page.contains("castlist compare &#39;a &amp; b&#39;") && page.contains("x &lt; y"));
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
    // One drawing of all, and one of each with F, precision, recall, clusters and the truth.
    assert_eq!(page.matches("<svg").count(), 4);
    assert_eq!(page.matches("<polyline").count(), 4 + 3 * 5);
    let n_points: usize = all.methods.iter().map(|it| it.sweep.len()).sum();
    assert_eq!(page.matches("clusters</title>").count(), 2 * n_points);
    for text in ["bcubed precision", "fi 0.9", "rs_incorrect", "oracle: radius", "BCubed F over clusters"] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("NaN"));
    // Whatever is opened is closed.
    for tag in ["table", "tr", "figure", "svg", "g", "dl", "div", "p", "ul", "li"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn the_table_has_a_line_a_run_and_what_was_told_comes_back() {
    let all = compared("dbscan,hdbscan", Some(0.4));
    let table = csv(&all).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_slice());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let n_runs: usize = all.methods.iter().map(|it| 2 + it.sweep.len()).sum();
    assert_eq!(records.len(), n_runs);
    assert_eq!((&records[0][0], &records[0][1]), ("dbscan", "default"));
    let f: f64 = records[0][column("bcubed/f")].parse().unwrap();
    assert!((f - all.methods[0].default.score("bcubed/f")).abs() < 1e-12);
    assert_eq!(&records[0][column("parameters")], "min_samples=2 similarity=0.5");
    let back: Comparison = serde_json::from_str(&serde_json::to_string(&all).unwrap()).unwrap();
    assert_eq!((back.data, back.methods.len()), (all.data, 2));
    for (back, one) in back.methods.iter().zip(&all.methods) {
        assert_eq!((&back.name, back.sweep.len()), (&one.name, one.sweep.len()));
        let f = |it: &MethodResults| it.oracle.as_ref().unwrap().score("bcubed/f");
        assert!((f(back) - f(one)).abs() < 1e-12);
    }
}
