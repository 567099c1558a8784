//! The rows of the table: the default, and ways to a space and a radius for ball clusters, tried on
//! every set.
//!
//! Takes the sets of a model; gives scores, or `None` where a way does not apply. Overlaps in time
//! keep tracks apart, as they do in the program.

use castlist::base::{Cx, Embeddings, Partition, Radius};
use castlist::cluster::agglomerative::complete_linkage;
use castlist::cluster::likelihood::{Certainty, Regression, SamePersonModel, likelihood_linkage};
use castlist::metrics::{Scores, evaluate};
use castlist::session::estimate_radius;

use super::AnyError;
use super::heads::{chosen, fine_tuned};
use super::people::{EvaluationSets, LabelledTracks};

/// A set with its name and what it is.
fn sets(sets: &EvaluationSets) -> [(&'static str, &LabelledTracks); 6] {
    [
        ("tracks-video", &sets.video),
        ("tracks-unseen", &sets.unseen),
        ("tracks-small", &sets.small),
        ("tracks-stills, half B", &sets.stills[1]),
        ("single faces, half B", &sets.single[1]),
        ("drawn people", &sets.drawn),
    ]
}

/// All ways on all sets: set, way, τ and scores.
pub fn rows(model: &str, sets_of: &EvaluationSets) -> Result<Vec<(String, Vec<String>)>, AnyError> {
    let (head, head_radius) = chosen(&sets_of.single[0])?;
    let mut rows = Vec::new();
    for (name, known) in sets(sets_of) {
        let estimated = estimate_radius(&known.rows, &known.apart, &Cx::new())?.radius;
        let tuned = fine_tuned(known, estimated)?;
        let balls = |rows: &Embeddings, radius: Radius| -> Result<Option<(Option<f64>, Scores)>, AnyError> {
            let tree = complete_linkage(rows, &known.apart, radius.tau(), &Cx::new())?.dendrogram;
            Ok(Some((Some(radius.tau()), scores(known, &tree.cut(radius.tau()))?)))
        };
        let ways = [
            ("likelihood linkage (default)", Some((None, scores(known, &likely(known)?)?))),
            ("balls, τ = 1.0", balls(&known.rows, Radius::from_tau(1.0))?),
            ("balls, estimated radius (`--method bcl`)", balls(&known.rows, estimated)?),
            ("balls, learned head", balls(&head.apply(&known.rows)?, head_radius)?),
            (
                "balls, fine-tuned (+FT)",
                match &tuned {
                    Some((projection, radius)) => balls(&projection.apply(&known.rows)?, *radius)?,
                    None => None,
                },
            ),
        ];
        for (way, found) in ways {
            let mut cells = vec![model.to_owned(), way.to_owned()];
            match found {
                None => cells.extend(["–"; 9].map(str::to_owned)),
                Some((tau, scores)) => cells.extend(told(tau, &scores)),
            }
            rows.push((name.to_owned(), cells));
        }
    }
    Ok(rows)
}

/// What the default makes of a set.
pub fn likely(known: &LabelledTracks) -> Result<Partition, AnyError> {
    let (even, same_person) = (Certainty::EVEN, SamePersonModel::of(&known.rows, Regression::fitted()));
    Ok(likelihood_linkage(&known.rows, &known.apart, same_person, even.0, &Cx::new())?.cut(even.height()))
}

pub fn scores(known: &LabelledTracks, partition: &Partition) -> Result<Scores, AnyError> {
    Ok(evaluate(&known.people, partition.labels())?)
}

fn told(tau: Option<f64>, scores: &Scores) -> Vec<String> {
    let figure = |value: f64| format!("{value:.4}");
    vec![
        tau.map_or("–".to_owned(), |tau| format!("{tau:.2}")),
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
