//! `castlist review simulate`: the simulated curator, on a copy in memory.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::args::SimulateArgs;
use super::cluster::full_path;
use super::learn::matrix_and_array;
use super::progress::with_bar;
use super::{Completion, output};
use crate::advice::Vectors;
use crate::base::{CoOccurrence, Cx};
use crate::cluster::likelihood::{Certainty, Regression, SamePersonModel};
use crate::session::{self, MatrixJob, Session, SessionError, Settings};
use crate::study::simulate::{STRATEGIES, SimulationResult, SimulationStart};

pub(super) fn run(args: &SimulateArgs, cx: &Cx) -> Result<Completion, SessionError> {
    let truth = session::read_truth(&args.labels)?;
    let certainty = args.certainty.map(Certainty);
    let begin = || match (&args.project, &args.embeddings) {
        (Some(project), _) => of_project(project, certainty, &truth, cx),
        (None, embeddings) => {
            of_matrix(embeddings.as_deref().unwrap_or_default(), args.model.as_deref(), certainty, &truth, cx)
        }
    };
    let start = with_bar(cx, begin)?;
    let chosen = STRATEGIES.iter().map(|it| it.1).filter(|it| args.strategy.is_none_or(|one| one == *it));
    let result =
        chosen.map(|strategy| start.play(strategy, cx)).collect::<Result<Vec<SimulationResult>, _>>()?;
    match result.as_slice() {
        [one] if args.json => output::json(one)?,
        all if args.json => output::json(&json!({ "strategies": all }))?,
        all => all.iter().for_each(print_result),
    }
    Ok(Completion::Success)
}

fn print_result(result: &SimulationResult) {
    let name = STRATEGIES.iter().find(|it| it.1 == result.strategy).map_or("", |it| it.0);
    output::line(format!(
        "{name:<20} {:>6} gestures, {:>6} beyond one a person  ({} tracks, {} identities, {} people)",
        result.gestures, result.excess, result.n_tracks, result.n_identities, result.n_people
    ));
}

type GroundTruth = std::collections::BTreeMap<String, String>;

fn of_project(
    project: &Path,
    certainty: Option<Certainty>,
    truth: &GroundTruth,
    cx: &Cx,
) -> Result<SimulationStart, SessionError> {
    let mut session = Session::open_read_only(project)?;
    let found = session.vectors_job().ok_or(SessionError::NothingYet)?.run(cx)?;
    session.take_vectors(found);
    let vectors = session.vectors().map(Arc::clone).ok_or(SessionError::NotKept)?;
    let review = session.review();
    match certainty {
        None => SimulationStart::new(review.as_ref().clone(), vectors, truth),
        Some(certainty) => {
            let ids = (0..review.n_tracks() as u32).map(|track| review.track_id(track).to_owned());
            SimulationStart::clustered(ids.collect(), &vectors, certainty, truth, cx)
        }
    }
}

fn of_matrix(
    spec: &str,
    model: Option<&str>,
    certainty: Option<Certainty>,
    truth: &GroundTruth,
    cx: &Cx,
) -> Result<SimulationStart, SessionError> {
    let (file, array) = matrix_and_array(spec);
    let settings = Settings::default();
    let job = MatrixJob { file, array, tracks: None, model: model.map(full_path), settings };
    let input = job.comparison_input(false, cx)?;
    let tracks: Arc<[u32]> = (0..input.ids.len() as u32).collect();
    let together = Arc::new(CoOccurrence::default());
    let same_person = SamePersonModel::of(&input.rows, Regression::fitted());
    let vectors = Arc::new(Vectors::new(tracks.len(), tracks, input.rows, same_person, together));
    SimulationStart::clustered(input.ids, &vectors, certainty.unwrap_or(Certainty::EVEN), truth, cx)
}
