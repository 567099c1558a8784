//! The threshold of a learned space, and how good it is on people never seen.
//!
//! Takes labelled faces and a projection; gives τ and figures by name. τ comes nearest to the
//! identities that were learned from and validated, on their tracks and on tracks simulated from
//! their faces; the test part has no say in it.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;

use super::MOST_TRACKS;
use crate::base::{Constraints, Cx, Embeddings, Radius, Stage, TrackIx, seeded};
use crate::learn::{LabelledFaces, Projection, Split, Subset, TrainedProjection};
use crate::session::{SessionError, ThresholdSweep, all_rows, cut_at};

/// What was found.
pub(super) struct ThresholdFigures {
    pub tau: f64,
    pub figures: BTreeMap<String, f64>,
}

/// Rows in the clustering space, and who they show.
struct LabelledRows(Embeddings, Vec<u32>);

/// Chooses τ and measures it, beside 4b and beside the model's own space at its own best τ.
pub(super) fn evaluate_threshold(
    data: &LabelledFaces,
    split: &Split,
    trained: &TrainedProjection,
    seed: u64,
    cx: &Cx,
) -> Result<ThresholdFigures, SessionError> {
    cx.stage(Stage::ChoosingTheThreshold, 0);
    let seen = |track: &TrackIx| {
        let part = data.identity_of(*track).and_then(|identity| split.part(identity));
        matches!(part, Some(Subset::Train | Subset::Validation))
    };
    let learned: Vec<TrackIx> = data.tracks(split, None).into_iter().filter(seen).collect();
    let learned = sets(data, &sampled(data, &learned, seed), seed)?;
    let test = data.tracks(split, Some(Subset::Test));
    let test = sets(data, &sampled(data, &test, seed), seed)?;

    let projection = Some(&trained.projection).filter(|projection| projection.dims().len() > 1);
    let curve = sweep(&learned, projection, cx)?;
    let tau = curve.best();
    let by_loss = Radius(trained.b.sqrt()).tau();
    let mut figures = BTreeMap::new();
    let mut put = |name: &str, figure: f64| figures.insert(name.to_owned(), figure);
    put("epochs", trained.epochs as f64);
    put("best-epoch", trained.best_epoch as f64);
    put("learned-bcubed-f", curve.at(tau));
    let mut measure = |prefix: &str, tau: f64, projection: Option<&Projection>| {
        for (set, known) in ["test", "test-simulated"].into_iter().zip(&test) {
            if known.1.is_empty() {
                continue;
            }
            let scores =
                cut_at(tau, &known.mapped(projection)?, &Constraints::default(), &all_rows(&known.1), cx)?;
            let mut put = |name: &str, figure: f64| figures.insert(format!("{prefix}{set}-{name}"), figure);
            put("bcubed-f", scores.bcubed.f);
            put("nmi", scores.nmi);
            put("clusters", scores.n_clusters as f64);
            put("identities", scores.n_identities as f64);
            put("tracks", scores.n_tracks as f64);
        }
        Ok::<_, SessionError>(())
    };
    measure("", tau, projection)?;
    measure("by-loss-", by_loss, projection)?;
    if projection.is_some() {
        let own = sweep(&learned, None, cx)?.best();
        measure("without-", own, None)?;
        figures.insert("without-tau".to_owned(), own);
    }
    Ok(ThresholdFigures { tau, figures })
}

/// The tracks as they are, and tracks simulated from their faces.
fn sets(data: &LabelledFaces, tracks: &[TrackIx], seed: u64) -> Result<[LabelledRows; 2], SessionError> {
    let (rows, people) = data.simulated(tracks, &mut seeded(seed))?;
    Ok([LabelledRows(data.track_means(tracks)?, data.identities(tracks)), LabelledRows(rows, people)])
}

/// `BCubed` F by τ, tracks and simulated ones counting the same.
fn sweep(
    sets: &[LabelledRows],
    projection: Option<&Projection>,
    cx: &Cx,
) -> Result<ThresholdSweep, SessionError> {
    let sweep = |known: &LabelledRows| ThresholdSweep::of(&known.mapped(projection)?, &known.1, cx);
    Ok(ThresholdSweep::mean(&sets.iter().map(sweep).collect::<Result<Vec<_>, _>>()?))
}

impl LabelledRows {
    fn mapped(&self, projection: Option<&Projection>) -> Result<Embeddings, SessionError> {
        Ok(match projection {
            Some(projection) => projection.apply(&self.0)?,
            None => self.0.clone(),
        })
    }
}

/// At most [`MOST_TRACKS`] of the tracks, ascending: whole identities, drawn by `seed`.
pub(super) fn sampled(data: &LabelledFaces, tracks: &[TrackIx], seed: u64) -> Vec<TrackIx> {
    if tracks.len() <= MOST_TRACKS {
        return tracks.to_vec();
    }
    let mut of: BTreeMap<Option<u32>, Vec<TrackIx>> = BTreeMap::new();
    for &track in tracks {
        of.entry(data.identity_of(track)).or_default().push(track);
    }
    let mut identities: Vec<Vec<TrackIx>> = of.into_values().collect();
    identities.shuffle(&mut seeded(seed));
    let mut chosen = Vec::new();
    for tracks in identities {
        if chosen.len() + tracks.len() <= MOST_TRACKS {
            chosen.extend(tracks);
        }
    }
    chosen.sort_unstable();
    chosen
}

/// The rows of `some` of the tracks that `rows` stand for; both ascending.
pub(super) fn rows_of(rows: &Embeddings, tracks: &[TrackIx], some: &[TrackIx]) -> Embeddings {
    if tracks.len() == some.len() {
        return rows.clone();
    }
    let places = some.iter().filter_map(|track| tracks.binary_search(track).ok());
    let data = places.flat_map(|place| rows.row(place as u32).iter().copied()).collect();
    Embeddings::new(rows.dim(), data).unwrap_or_default()
}

/// How many different identities there are.
pub(super) fn n_identities(people: &[u32]) -> usize {
    people.iter().collect::<std::collections::BTreeSet<_>>().len()
}
