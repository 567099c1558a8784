//! The rows that a clustering is of, and clustering them.
//!
//! Takes the embeddings of tracks and the clustering space; gives unit rows with the keys by which
//! the project finds them again. What the project keeps of an earlier clustering is not done again.

use std::sync::Arc;

use rayon::prelude::*;

use super::space::ClusteringSpace;
use super::{Run, SessionError};
use crate::base::{
    Constraints, Cx, Dendrogram, Embeddings, Fingerprint, Hasher, Partition, Radius, TrackIx,
    squared_distance,
};
use crate::cluster::likelihood::{Regression, SamePersonModel};
use crate::cluster::{ChosenMethod, Clustering, MethodInputs, RadiusSource};
use crate::embed::EmbeddedTracks;
use crate::pooling::{Pooling, pool};
use crate::project::{Project, StoredDendrogram};
use crate::tracks::TrackSet;

/// Up to here no method merges anything.
const NO_MERGE: f64 = -1.0;

/// The rows that a clustering is of.
#[derive(Debug, Clone)]
pub(crate) struct ClusteredRows {
    /// The track of each row, ascending.
    pub(super) tracks: Arc<[TrackIx]>,
    /// The key of each row's embedding, by which the project finds it again.
    pub(super) keys: Arc<[Fingerprint]>,
    /// Unit rows in the clustering space.
    pub(super) unit: Arc<Embeddings>,
    /// Fingerprint of `unit`.
    pub(super) vectors: Fingerprint,
    /// The space's own radius, and where it comes from.
    pub(super) own: Option<(Radius, RadiusSource)>,
    /// How likely groups of them are one person.
    pub(super) same_person: SamePersonModel,
}

impl ClusteredRows {
    /// The usable tracks of an analysis, mapped into the clustering space.
    pub(super) fn of(embedded: &EmbeddedTracks, space: &ClusteringSpace) -> Result<Self, SessionError> {
        let usable =
            || embedded.tracks.iter().zip(0_u32..).filter_map(|(t, ix)| Some((t.vector.as_ref()?, ix)));
        let unit = unit_rows(usable().map(|(vector, _)| vector.as_slice()))?;
        let tracks = usable().map(|(_, ix)| ix).collect();
        let keys = usable().map(|(_, ix)| embedded.keys[ix as usize]).collect();
        Ok(Self::new(tracks, keys, space.map(unit)?, space))
    }

    pub(super) fn new(
        tracks: Arc<[TrackIx]>,
        keys: Arc<[Fingerprint]>,
        unit: Embeddings,
        space: &ClusteringSpace,
    ) -> Self {
        let mut hasher = Hasher::default();
        hasher.part((unit.dim() as u64).to_le_bytes());
        let mut bytes = Vec::new();
        for row in unit.as_slice().chunks(unit.dim().max(1)) {
            bytes.clear();
            bytes.extend(row.iter().flat_map(|value| value.to_le_bytes()));
            hasher.part(&bytes);
        }
        let same_person = SamePersonModel::of(&unit, Regression::fitted());
        Self { tracks, keys, unit: Arc::new(unit), vectors: hasher.finish(), own: space.own(), same_person }
    }

    /// The same, with the radius that belongs to the space.
    pub(super) fn with_own(self, own: Option<(Radius, RadiusSource)>) -> Self {
        Self { own, ..self }
    }

    /// Clusters the rows, as far as that is not kept in the project already; also
    /// gives what is to be kept, a dendrogram that reaches up to `tau_max` at least, where it
    /// is another one.
    pub(super) fn cluster(
        &self,
        ChosenMethod { params, link_network }: &ChosenMethod,
        constraints: &Constraints,
        tau_max: f64,
        project: &Project,
        cx: &Cx,
    ) -> Result<(Clustering, Option<StoredDendrogram>), SessionError> {
        let mut hasher = Hasher::default();
        let approximate = params.is_approximate(self.unit.len());
        hasher.part(params.id()).part([u8::from(approximate)]).part(self.vectors.0);
        for pair in constraints.all() {
            hasher.part(pair.a.to_le_bytes()).part(pair.b.to_le_bytes()).part([pair.kind as u8]);
        }
        let key = hasher.finish();
        let kept = project.dendrogram(self.vectors).filter(|kept| kept.key == key);
        let kept = kept.map(|kept| kept.dendrogram);
        let inputs =
            MethodInputs { link_network: link_network.as_deref(), tau_max, n_kept_neighbours: kept.as_ref() };
        let clustering = params.run(&self.unit, constraints, inputs, cx)?;
        // A method that does not merge keeps none, so that the rows can be found again.
        let empty = || Dendrogram::from_ordered(self.tracks.len(), NO_MERGE, Vec::new());
        let found = clustering.dendrogram.clone().unwrap_or_else(empty);
        let other = Some(found).filter(|dendrogram| kept.as_ref() != Some(dendrogram));
        let (vectors, rows) = (self.vectors, self.keys.to_vec());
        Ok((clustering, other.map(|dendrogram| StoredDendrogram { vectors, key, rows, dendrogram })))
    }

    /// Squared distance of each row to the middle of its cluster, the unit mean of its rows.
    fn doubts(&self, partition: &Partition) -> Vec<f32> {
        let of_cluster = |cluster: &Vec<u32>| {
            let members: Vec<(&[f32], f32)> = cluster.iter().map(|&row| (self.unit.row(row), 1.0)).collect();
            let middle = pool(&members, &Pooling::Mean);
            let doubt = |row| middle.as_ref().map_or(0.0, |m| squared_distance(self.unit.row(row), m).0);
            cluster.iter().map(|&row| (row, doubt(row))).collect::<Vec<_>>()
        };
        let mut doubts = vec![0.0; self.tracks.len()];
        let found: Vec<Vec<(u32, f32)>> = partition.clusters().par_iter().map(of_cluster).collect();
        for (row, doubt) in found.into_iter().flatten() {
            doubts[row as usize] = doubt;
        }
        doubts
    }

    /// Writes a partition into a run.
    pub(super) fn fill(&self, run: &mut Run, set: &TrackSet, partition: &Partition) {
        let id = |&track: &TrackIx| set.track(track).id.clone();
        run.vectors = Some(self.vectors);
        run.clusters = self.tracks.iter().map(id).zip(partition.labels().iter().copied()).collect();
        run.doubts = self.tracks.iter().map(id).zip(self.doubts(partition)).collect();
    }

    /// The tracks of each cluster.
    pub(super) fn clusters(&self, partition: &Partition) -> Vec<Vec<TrackIx>> {
        let clusters = partition.clusters().into_iter();
        clusters.map(|rows| rows.into_iter().map(|row| self.tracks[row as usize]).collect()).collect()
    }
}

/// Vectors of tracks as unit rows.
pub(crate) fn unit_rows<'a>(
    vectors: impl Iterator<Item = &'a [f32]> + Clone,
) -> Result<Embeddings, SessionError> {
    let dim = vectors.clone().next().map_or(0, <[f32]>::len);
    Ok(Embeddings::new(dim, vectors.flatten().copied().collect())?.into_unit()?)
}

/// What is clustered: the rows of the usable tracks, under which constraints, and in which space.
pub(crate) struct PreparedRows {
    pub rows: ClusteredRows,
    pub constraints: Constraints,
    pub space: ClusteringSpace,
}
