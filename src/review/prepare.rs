//! Checking an edit before it enters the log.
//!
//! Takes an edit as it was asked for and the present state; gives the edit completed with all
//! that it decided, so that replay decides nothing, or a [`Refusal`]. It changes nothing.

use super::{Edit, IdentityId, LostDetail, Refusal, Review};
use crate::base::{CoOccurrence, ConstraintKind, DetailError, MOST_DETAILS, checked_details, checked_name};

impl Review {
    /// Checks an edit against the present state and completes it (`fresh` becomes the number
    /// of a new identity). `together` says which tracks are seen at the same time: one person
    /// cannot be in one frame twice.
    ///
    /// # Errors
    /// [`Refusal`] in plain words; nothing changes.
    pub fn prepare(
        &self,
        edit: Edit,
        new_id: IdentityId,
        co_occurrence: &CoOccurrence,
    ) -> Result<Edit, Refusal> {
        match edit {
            Edit::Rename { identity, name } => {
                self.known(&[identity])?;
                Ok(Edit::Rename { identity, name: checked_name(&name)? })
            }
            Edit::Describe { identity, details } => {
                self.known(&[identity])?;
                let details = checked_details(&details)?;
                if details.is_empty() {
                    return Err(Refusal::Nothing("no detail was named"));
                }
                let has = &self.identities[&identity].details;
                let n = has.len() + details.keys().filter(|name| !has.contains_key(*name)).count();
                if n > MOST_DETAILS {
                    return Err(DetailError::TooMany(n).into());
                }
                Ok(Edit::Describe { identity, details })
            }
            Edit::Recognise { identity, person, name } => {
                self.known(&[identity])?;
                let name = checked_name(&name)?;
                if name.is_empty() {
                    return Err(Refusal::Nothing("a person of a library has a name"));
                }
                Ok(Edit::Recognise { identity, person, name })
            }
            Edit::Unlike { tracks, person, name } => {
                Ok(Edit::Unlike { tracks: self.known_tracks(tracks)?, person, name: checked_name(&name)? })
            }
            Edit::Merge { identities, into, overrides, .. } => {
                let (identities, into) = self.prepare_merge(identities, into)?;
                let drops = self.merged(&identities, co_occurrence).resolve(self, overrides)?;
                let lost = self.lost_details(&identities, into);
                Ok(Edit::Merge { identities, into, overrides, drops, lost })
            }
            Edit::Move { tracks, to, overrides, .. } => {
                self.known(&[to])?;
                let tracks = self.known_tracks(tracks)?;
                let drops = self.moved(&tracks, Some(to), co_occurrence).resolve(self, overrides)?;
                Ok(Edit::Move { tracks, to, overrides, drops })
            }
            Edit::Split { tracks, name, details, overrides, .. } => {
                let details = checked_details(&details)?;
                let name = name.map(|name| checked_name(&name)).transpose()?.filter(|name| !name.is_empty());
                let tracks = self.known_tracks(tracks)?;
                let drops = self.moved(&tracks, None, co_occurrence).resolve(self, overrides)?;
                Ok(Edit::Split { tracks, new: Some(new_id), name, details, overrides, drops })
            }
            Edit::Reject { tracks } => Ok(Edit::Reject { tracks: self.known_tracks(tracks)? }),
            Edit::Ignore { identities } => Ok(Edit::Ignore { identities: self.known_all(identities)? }),
            Edit::Restore { identities } => Ok(Edit::Restore { identities: self.known_all(identities)? }),
            Edit::Confirm { identities } => Ok(Edit::Confirm { identities: self.known_all(identities)? }),
            Edit::Cover { identity, track } => {
                self.known(&[identity])?;
                let ix = self.track(&track).ok_or_else(|| Refusal::Track(track.clone()))?;
                if self.identity_of(ix) == Some(identity) {
                    Ok(Edit::Cover { identity, track })
                } else {
                    Err(Refusal::NotIn { track, identity })
                }
            }
            Edit::SplitTrack { track, at, .. } => {
                let ix = self.track(&track).ok_or_else(|| Refusal::Track(track.clone()))?;
                let new = self.identity_of(ix).map(|_| new_id);
                Ok(Edit::SplitTrack { track, at, new })
            }
            Edit::CannotLink(link) => {
                self.prepare_link(link, ConstraintKind::Cannot, co_occurrence).map(Edit::CannotLink)
            }
            Edit::MustLink(link) => {
                self.prepare_link(link, ConstraintKind::Must, co_occurrence).map(Edit::MustLink)
            }
            Edit::Adopt(_) => Err(Refusal::Adopt),
            Edit::Erase { .. } | Edit::Erased { .. } => Err(Refusal::Erase),
            Edit::All { edits } => self.prepare_all(edits, new_id, co_occurrence),
        }
    }

    /// Checks each edit against the state that the ones before it leave; numbers of new identities
    /// rise from `fresh`.
    fn prepare_all(
        &self,
        edits: Vec<Edit>,
        new_id: IdentityId,
        co_occurrence: &CoOccurrence,
    ) -> Result<Edit, Refusal> {
        if edits.is_empty() {
            return Err(Refusal::Nothing("a gesture needs an edit or more"));
        }
        let mut state = self.clone();
        let mut new_id = new_id;
        let mut prepared = Vec::with_capacity(edits.len());
        for edit in edits {
            if matches!(edit, Edit::All { .. } | Edit::SplitTrack { .. }) {
                return Err(Refusal::Nested);
            }
            let edit = state.prepare(edit, new_id, co_occurrence)?;
            state.apply(&edit);
            new_id = new_id.max(IdentityId(edit.highest_identity() + 1));
            prepared.push(edit);
        }
        Ok(Edit::All { edits: prepared })
    }

    fn prepare_merge(
        &self,
        mut identities: Vec<IdentityId>,
        into: Option<IdentityId>,
    ) -> Result<(Vec<IdentityId>, Option<IdentityId>), Refusal> {
        identities.extend(into);
        identities.sort_unstable();
        identities.dedup();
        if identities.len() < 2 {
            return Err(Refusal::Nothing("merging needs two identities or more"));
        }
        self.known(&identities)?;
        let weight = |id: &&IdentityId| {
            let identity = &self.identities[*id];
            (identity.name.is_some(), identity.kept, identity.tracks.len(), std::cmp::Reverse(identity.id))
        };
        let into = into.or_else(|| identities.iter().max_by_key(weight).copied());
        Ok((identities, into))
    }

    /// The details that merging identities (ascending) into one of them would lose.
    fn lost_details(&self, ids: &[IdentityId], into: Option<IdentityId>) -> Vec<LostDetail> {
        let Some(into) = into.and_then(|into| self.identity(into)) else { return Vec::new() };
        let mut stays = into.details.clone();
        let mut lost = Vec::new();
        for part in ids.iter().filter(|&&id| id != into.id).filter_map(|&id| self.identity(id)) {
            for (name, value) in &part.details {
                let kept = stays.entry(name.clone()).or_insert_with(|| value.clone());
                if kept != value {
                    lost.push(LostDetail { name: name.clone(), kept: kept.clone(), lost: value.clone() });
                }
            }
        }
        lost
    }

    fn known(&self, ids: &[IdentityId]) -> Result<(), Refusal> {
        ids.iter()
            .find(|id| !self.identities.contains_key(*id))
            .map_or(Ok(()), |&id| Err(Refusal::Identity(id)))
    }

    fn known_all(&self, mut ids: Vec<IdentityId>) -> Result<Vec<IdentityId>, Refusal> {
        ids.sort_unstable();
        ids.dedup();
        self.known(&ids)?;
        if ids.is_empty() { Err(Refusal::Nothing("no identity was named")) } else { Ok(ids) }
    }

    fn known_tracks(&self, mut ids: Vec<String>) -> Result<Vec<String>, Refusal> {
        ids.sort();
        ids.dedup();
        if let Some(unknown) = ids.iter().find(|id| self.track(id).is_none()) {
            return Err(Refusal::Track(unknown.clone()));
        }
        if ids.is_empty() { Err(Refusal::Nothing("no track was named")) } else { Ok(ids) }
    }
}
