//! Edits that several answers of the curator are made of.

use crate::base::TrackIx;
use crate::review::{Edit, Identity, Review};

/// The edits that split groups of tracks off an identity, and say that they are not the person
/// whom the track `stays` shows.
pub(super) fn split_off(
    review: &Review,
    identity: &Identity,
    stays: Option<TrackIx>,
    groups: &[Vec<TrackIx>],
) -> Vec<Edit> {
    let id = |track: TrackIx| review.track_id(track).to_owned();
    let stays = identity.cover.filter(|cover| !groups.iter().any(|group| group.contains(cover))).or(stays);
    let mut edits = Vec::new();
    for group in groups.iter().filter(|group| !group.is_empty()) {
        edits.push(Edit::split(group.iter().map(|&track| id(track)).collect(), None));
        edits.extend(stays.map(|stays| Edit::cannot_link(id(stays), id(group[0]))));
    }
    edits
}

/// Several edits as one gesture; none of none.
pub(super) fn combined(mut edits: Vec<Edit>) -> Option<Edit> {
    match edits.len() {
        0 => None,
        1 => edits.pop(),
        _ => Some(Edit::All { edits }),
    }
}
