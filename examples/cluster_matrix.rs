//! Clusters the rows of a matrix, and scores the clusters where the identities are known.
//!
//! `cargo run --release --example cluster_matrix -- TRACKS.npy [LABELS.csv]`: the matrix has one
//! row per track; the labels have the columns `track` (the row's number, from 0) and `identity`.

#![expect(clippy::print_stdout, reason = "an example prints its result")]

use castlist::base::{Constraints, Cx, Partition};
use castlist::cluster::{MethodInputs, MethodParams};
use castlist::{metrics, tracks};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let matrix = args.next().ok_or("name a matrix: cluster_matrix TRACKS.npy [LABELS.csv]")?;
    let rows = tracks::read_matrix(matrix.as_ref(), None, None)?.rows.into_unit()?;

    // The default method with its default parameters.
    let params = MethodParams::default();
    let clusters = params.run(&rows, &Constraints::default(), MethodInputs::default(), &Cx::new())?.partition;
    println!("{} tracks, {} clusters ({})", rows.len(), clusters.n_clusters(), params.method().name);

    let Some(labels) = args.next() else { return Ok(()) };
    let labels = tracks::read_labels(labels.as_ref())?;
    // Only labelled tracks can be scored.
    let labelled = clusters.labels().iter().enumerate();
    let labelled = labelled.filter_map(|(row, &cluster)| Some((labels.get(&row.to_string())?, cluster)));
    let (truth, found): (Vec<_>, Vec<_>) = labelled.unzip();
    let scores = metrics::evaluate(Partition::from_labels(&truth).labels(), &found)?;
    println!("{} identities: BCubed F {:.3}, NMI {:.3}", scores.n_identities, scores.bcubed.f, scores.nmi);
    Ok(())
}
