//! What an export would write: folders, pictures and files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::names::{self, UsedNames};
use super::{
    Content, ExportError, ExportOptions, FORMATS, Facts, Provenance, Selection, TransferMode, target,
};
use crate::base::{Details, Fingerprint};
use crate::review::{Identity, IdentityId, IdentityState, Review};
use crate::tracks::{Track, TrackSet, TrackSource};

/// An export that is thought through and not yet written.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportPlan {
    pub(super) target: PathBuf,
    /// The folder that must be there for the pictures; none where there are no pictures.
    pub(super) root: Option<PathBuf>,
    pub(super) mode: TransferMode,
    pub(super) provenance: Provenance,
    pub(super) n_tracks_in_all: usize,
    pub(super) identities: Vec<PlannedIdentity>,
    /// The files beside the identities' folders by name, as far as they are known before.
    pub(super) files: Vec<(&'static str, Vec<u8>)>,
}

/// One identity to be exported.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlannedIdentity {
    pub(super) id: IdentityId,
    pub(super) name: Option<String>,
    /// What the tables call it; no other identity is called so.
    pub(super) label: String,
    /// What was noted of the person beyond the name.
    pub(super) details: Details,
    pub(super) state: IdentityState,
    /// Its folder in the target; none where no track has pictures.
    pub(super) folder: Option<String>,
    /// Its tracks in natural order.
    pub(super) tracks: Vec<PlannedTrack>,
}

/// One track of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlannedTrack {
    pub(super) id: String,
    /// None for tracks of features.
    pub(super) pictures: Option<TrackPictures>,
}

/// The pictures of a track.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TrackPictures {
    /// Folder inside the identity's.
    pub(super) folder: String,
    /// Where they are now.
    pub(super) source: PathBuf,
    /// Name there, name in the export.
    pub(super) files: Vec<(String, String)>,
    /// What the scan saw of them.
    pub(super) scanned: Fingerprint,
}

/// Plans an export of `review`'s identities to `target`; writes nothing.
///
/// `target` is a new or empty folder; what is missing above it is made by [`ExportPlan::write`].
/// Tracks are matched by their id. O(tracks + faces); deterministic.
///
/// # Errors
/// [`ExportError::Occupied`], [`ExportError::NotAFolder`], [`ExportError::OwnTracks`] and
/// [`ExportError::Drive`] for the target, [`ExportError::Nothing`] and [`ExportError::Identity`] for the selection.
pub fn plan(
    set: &TrackSet,
    review: &Review,
    options: &ExportOptions,
    target: &Path,
) -> Result<ExportPlan, ExportError> {
    target::check_not_tracks(set, target)?;
    let target = target::resolve(target)?;
    let chosen = chosen(review, &options.selection)?;
    let labels = labels(review, &chosen);
    let mut members: BTreeMap<IdentityId, Vec<&Track>> = BTreeMap::new();
    for track in &set.tracks {
        if let Some(id) = review.track(&track.id).and_then(|ix| review.identity_of(ix)) {
            members.entry(id).or_default().push(track);
        }
    }
    members.retain(|id, _| chosen.contains(id));
    let mut taken = UsedNames::with(FORMATS.iter().map(|format| format.name));
    let identities: Vec<PlannedIdentity> = members
        .iter()
        .filter_map(|(id, tracks)| {
            let label = labels.get(id).cloned().unwrap_or_default();
            Some(plan_identity(&set.root, review.identity(*id)?, label, tracks, &mut taken))
        })
        .collect();
    if identities.is_empty() {
        return Err(ExportError::Nothing);
    }
    let facts = Facts { set, review, members: &members, labels: &labels, clusters: &options.clusters };
    let planned = FORMATS.iter().filter_map(|format| match format.content {
        Content::Planned(make) => Some(make(&facts).map(|content| (format.name, content))),
        Content::Last(_) => None,
    });
    let files: Result<_, _> = planned.collect();
    let files = files.map_err(|error| ExportError::writing(error, &target))?;
    let has_pictures = identities.iter().any(|identity| identity.folder.is_some());
    Ok(ExportPlan {
        target,
        root: has_pictures.then(|| set.root.clone()),
        mode: options.mode,
        provenance: options.provenance.clone(),
        n_tracks_in_all: set.len(),
        identities,
        files,
    })
}

impl ExportPlan {
    /// The folder to be, absolute.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Identities to be exported.
    pub fn n_identities(&self) -> usize {
        self.identities.len()
    }

    /// Their tracks, with pictures or without.
    pub fn n_tracks(&self) -> usize {
        self.identities.iter().map(|identity| identity.tracks.len()).sum()
    }

    /// Pictures to be exported.
    pub fn n_files(&self) -> usize {
        let tracks = self.identities.iter().flat_map(|identity| &identity.tracks);
        tracks.filter_map(|track| track.pictures.as_ref()).map(|pictures| pictures.files.len()).sum()
    }
}

fn chosen(review: &Review, selection: &Selection) -> Result<BTreeSet<IdentityId>, ExportError> {
    match selection {
        Selection::AllButIgnored => Ok(review
            .identities()
            .filter(|identity| identity.state != IdentityState::Ignored)
            .map(|identity| identity.id)
            .collect()),
        Selection::Only(ids) => match ids.iter().find(|id| review.identity(**id).is_none()) {
            Some(&unknown) => Err(ExportError::Identity(unknown)),
            None => Ok(ids.clone()),
        },
    }
}

/// What the tables call each identity: its name as typed, or `unnamed-0012`.
///
/// Of two with exactly one name the second is called `Anna (2)`, because a table that calls
/// both `Anna` would make them one person. Exported identities come first.
fn labels(review: &Review, chosen: &BTreeSet<IdentityId>) -> BTreeMap<IdentityId, String> {
    let (first, rest): (Vec<&Identity>, Vec<&Identity>) =
        review.identities().partition(|identity| chosen.contains(&identity.id));
    let mut taken = BTreeSet::new();
    let mut labels = BTreeMap::new();
    for identity in first.into_iter().chain(rest) {
        let name = identity.name.clone().unwrap_or_else(|| names::unnamed(identity.id.0));
        let mut label = name.clone();
        let mut number = 2_u32;
        while !taken.insert(label.clone()) {
            label = format!("{name} ({number})");
            number += 1;
        }
        labels.insert(identity.id, label);
    }
    labels
}

fn plan_identity(
    root: &Path,
    identity: &Identity,
    label: String,
    tracks: &[&Track],
    taken: &mut UsedNames,
) -> PlannedIdentity {
    let mut folders = UsedNames::default();
    let tracks: Vec<PlannedTrack> = tracks
        .iter()
        .map(|track| PlannedTrack { id: track.id.clone(), pictures: pictures(root, track, &mut folders) })
        .collect();
    let folder = tracks
        .iter()
        .any(|track| track.pictures.is_some())
        .then(|| taken.folder(&names::identity_folder(identity.name.as_deref(), identity.id.0)));
    PlannedIdentity {
        id: identity.id,
        name: identity.name.clone(),
        label,
        details: identity.details.clone(),
        state: identity.state,
        folder,
        tracks,
    }
}

fn pictures(root: &Path, track: &Track, folders: &mut UsedNames) -> Option<TrackPictures> {
    let TrackSource::Faces { folder, faces } = &track.source else { return None };
    let mut taken = UsedNames::default();
    let files = faces.iter().map(|face| (face.file.clone(), taken.file(&names::file(&face.file)))).collect();
    let source = root.join(folder);
    let folder = folders.folder(&names::track_folder(&track.video, &track.id));
    Some(TrackPictures { folder, source, files, scanned: track.fingerprint })
}
