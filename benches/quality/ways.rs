//! The rows of the table: one way to a space and a radius each, tried on every set.
//!
//! Takes the sets of a model and its own radius; gives scores, or `None` where a way does not
//! apply. Overlaps in time keep tracks apart, as they do in the program.

use castlist::base::{Cx, Radius, squared_distance};
use castlist::cluster::agglomerative::{Evidence, complete_linkage, estimate_radius};
use castlist::learn::Projection;
use castlist::metrics::{Scores, evaluate};
use castlist::pooling::halves;

use super::Failed;
use super::heads::{chosen, fine_tuned};
use super::people::{Known, Sets};

/// A set with its name and what it is.
pub fn sets(sets: &Sets) -> [(&'static str, &Known); 4] {
    [
        ("tracks-small", &sets.small),
        ("tracks-stills, half B", &sets.stills[1]),
        ("single faces, half B", &sets.single[1]),
        ("drawn people", &sets.drawn),
    ]
}

/// All ways on all sets: set, way, τ and scores.
pub fn rows(model: &str, sets_of: &Sets, own: Radius) -> Result<Vec<(String, Vec<String>)>, Failed> {
    let (head, head_radius) = chosen(&sets_of.single[0])?;
    let strangers = strangers(&sets_of.strangers);
    let mut rows = Vec::new();
    for (name, known) in sets(sets_of) {
        let tuned = fine_tuned(known, own)?;
        let estimated = estimated(known, &strangers)?;
        let ways: [(&str, Option<&Projection>, Option<Radius>); 5] = [
            ("fixed τ = 1.0", None, Some(Radius::from_tau(1.0))),
            ("radius only (default)", None, Some(own)),
            ("learned head", Some(&head), Some(head_radius)),
            ("fine-tuned (+FT)", tuned.as_ref().map(|tuned| &tuned.0), tuned.as_ref().map(|tuned| tuned.1)),
            ("estimated radius", None, estimated),
        ];
        for (way, projection, radius) in ways {
            let mut cells = vec![model.to_owned(), way.to_owned()];
            match radius {
                None => cells.extend(["–"; 9].map(str::to_owned)),
                Some(radius) => cells.extend(told(radius, &scores(known, projection, radius)?)),
            }
            rows.push((name.to_owned(), cells));
        }
    }
    Ok(rows)
}

/// The radius told from the set itself, without labels, as for a model that nobody measured.
fn estimated(known: &Known, strangers: &[f32]) -> Result<Option<Radius>, Failed> {
    let halves = known.faces.iter().filter_map(halves);
    let halves: Vec<f32> = halves.map(|[first, second]| squared_distance(&first, &second).0).collect();
    let evidence = Evidence { constraints: &known.apart, halves: &halves, strangers };
    Ok(estimate_radius(&known.rows, evidence, &Cx::new())?.map(|estimate| estimate.radius))
}

/// Distances between tracks of different drawn people.
fn strangers(drawn: &Known) -> Vec<f32> {
    let n = drawn.people.len();
    let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
    let pairs = pairs.filter(|&(a, b)| drawn.people[a] != drawn.people[b]);
    pairs.map(|(a, b)| squared_distance(drawn.rows.row(a as u32), drawn.rows.row(b as u32)).0).collect()
}

fn scores(known: &Known, projection: Option<&Projection>, radius: Radius) -> Result<Scores, Failed> {
    let rows =
        projection.map_or_else(|| Ok(known.rows.clone()), |projection| projection.apply(&known.rows))?;
    let linkage = complete_linkage(&rows, &known.apart, radius.tau(), &Cx::new())?;
    Ok(evaluate(&known.people, linkage.dendrogram.cut(radius.tau()).labels())?)
}

fn told(radius: Radius, scores: &Scores) -> Vec<String> {
    let figure = |value: f64| format!("{value:.4}");
    vec![
        format!("{:.2}", radius.tau()),
        figure(scores.nmi),
        figure(scores.bcubed.precision),
        figure(scores.bcubed.recall),
        figure(scores.bcubed.f),
        figure(scores.pairwise.f),
        figure(scores.wcp),
        format!("{}/{}", scores.n_clusters, scores.n_identities),
        format!("{}", scores.n_tracks),
    ]
}
