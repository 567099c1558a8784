//! Ways to pool the faces of a track, on tracks of films and of photographs.
//!
//! Takes the sets of a model; gives a row a way. The attention head is the plainest that can be
//! had without training: its query is β times the mean face of half A, so that faces count more
//! (β > 0) or less (β < 0) the more they look like everybody; β is chosen on half A.

use std::sync::Arc;

use castlist::base::{Embeddings, TrackIx};
use castlist::models::AttentionHeadFile;
use castlist::pooling::{AttentionPooling, Pooling, pool};

use super::AnyError;
use super::heads::{best, sweep};
use super::people::{EvaluationSets, LabelledTracks};
use super::ways::{likely, scores};

const BETAS: [f32; 9] = [-32.0, -16.0, -8.0, -4.0, 0.0, 4.0, 8.0, 16.0, 32.0];

/// Model, way, and on each set F of the default method.
pub fn rows(model: &str, sets: &EvaluationSets) -> Result<Vec<Vec<String>>, AnyError> {
    let mean = mean_face(&sets.stills[0]);
    let (head, beta) = attention(&sets.stills[0], &mean)?;
    let ways = [
        ("mean, by quality (default)".to_owned(), None),
        ("mean".to_owned(), Some(Pooling::Mean)),
        ("medoid".to_owned(), Some(Pooling::Medoid)),
        (format!("attention, β = {beta:.0}"), Some(head)),
    ];
    let mut rows = Vec::new();
    for (name, way) in ways {
        let mut row = vec![model.to_owned(), name];
        for known in [&sets.video, &sets.unseen, &sets.stills[1]] {
            let other = way.as_ref().map(|way| pooled(known, way)).transpose()?;
            let known = other.as_ref().unwrap_or(known);
            row.push(format!("{:.4}", scores(known, &likely(known)?)?.bcubed.f));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The tracks with their faces pooled another way.
fn pooled(known: &LabelledTracks, way: &Pooling) -> Result<LabelledTracks, AnyError> {
    let vectors = known.faces.iter().enumerate().map(|(track, faces)| {
        let all: Vec<(&[f32], f32)> = (0..faces.len() as TrackIx).map(|row| (faces.row(row), 1.0)).collect();
        // A track whose faces have little weight keeps what it has.
        pool(&all, way).unwrap_or_else(|| known.rows.row(track as TrackIx).to_vec())
    });
    let rows = Embeddings::new(known.rows.dim(), vectors.flatten().collect())?.into_unit()?;
    Ok(LabelledTracks { rows, ..known.clone() })
}

/// The unit mean of all faces.
fn mean_face(known: &LabelledTracks) -> Vec<f32> {
    let faces = known.faces.iter();
    let all: Vec<(&[f32], f32)> =
        faces.flat_map(|faces| (0..faces.len() as TrackIx).map(move |row| (faces.row(row), 1.0))).collect();
    pool(&all, &Pooling::Mean).unwrap_or_default()
}

/// The head of the β that is best on a set, the smallest of equals.
fn attention(known: &LabelledTracks, mean: &[f32]) -> Result<(Pooling, f32), AnyError> {
    let mut found: Option<(f64, Pooling, f32)> = None;
    let mut betas = BETAS;
    betas.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    for beta in betas {
        let query = mean.iter().map(|value| beta * value).collect();
        let head = AttentionHeadFile { model: None, query, gate: None };
        let way = Pooling::Attention(Arc::new(AttentionPooling::new(head, String::new())));
        let f = best(&sweep(&pooled(known, &way)?, None)?);
        if found.as_ref().is_none_or(|(best, ..)| f > *best) {
            found = Some((f, way, beta));
        }
    }
    let (_, way, beta) = found.ok_or("no β to try")?;
    Ok((way, beta))
}
