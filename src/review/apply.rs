//! Applying an edit of the log: what each does to the state.
//!
//! It never refuses: tracks and identities that are not there (any more) are passed over.

use super::{Edit, Identity, IdentityId, IdentityState, Review};
use crate::base::{LinkKind, TrackIx};

impl Review {
    /// Applies an edit of the log. Tracks and identities that are not there (any more) are
    /// passed over.
    pub fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Rename { identity, name } => self.change(&[*identity], |identity| {
                identity.name = Some(name.clone()).filter(|name| !name.is_empty());
                if identity.name.is_some() && identity.state == IdentityState::Proposed {
                    identity.state = IdentityState::Confirmed;
                }
            }),
            Edit::Merge { identities, into } => self.merge(identities, *into),
            Edit::Move { tracks, to } => {
                let tracks = self.present(tracks);
                self.assign(&tracks, *to);
            }
            Edit::Split { tracks, new, name } => self.split(tracks, *new, name.as_ref()),
            Edit::Reject { tracks } => {
                for track in self.present(tracks) {
                    self.place(track, None);
                    self.rejected.insert(track);
                }
            }
            Edit::Ignore { identities } => self.change(identities, |i| i.state = IdentityState::Ignored),
            Edit::Restore { identities } => self.change(identities, |identity| {
                if identity.state == IdentityState::Ignored {
                    let named = identity.name.is_some();
                    identity.state = if named { IdentityState::Confirmed } else { IdentityState::Proposed };
                }
            }),
            Edit::Confirm { identities } => self.change(identities, |i| i.state = IdentityState::Confirmed),
            Edit::Cover { identity, track } => {
                let track = self.track(track);
                if let Some(identity) = self.identities.get_mut(identity) {
                    identity.cover = track.filter(|track| identity.tracks.binary_search(track).is_ok());
                }
            }
            Edit::CannotLink(link) => self.link(link, LinkKind::Cannot),
            Edit::MustLink(link) => self.link(link, LinkKind::Must),
            Edit::Adopt(adopted) => self.adopt(adopted),
            Edit::All { edits } => edits.iter().for_each(|edit| self.apply(edit)),
        }
        self.drop_empty();
    }

    /// Changes identities that the curator thereby keeps.
    fn change(&mut self, ids: &[IdentityId], change: impl Fn(&mut Identity)) {
        for id in ids {
            if let Some(identity) = self.identities.get_mut(id) {
                change(identity);
                identity.kept = true;
            }
        }
    }

    fn merge(&mut self, ids: &[IdentityId], into: Option<IdentityId>) {
        let present: Vec<IdentityId> =
            ids.iter().copied().filter(|id| self.identities.contains_key(id)).collect();
        let Some(into) = into.filter(|id| present.contains(id)).or_else(|| present.first().copied()) else {
            return;
        };
        let parts: Vec<Identity> =
            present.iter().filter(|&&id| id != into).filter_map(|id| self.identities.remove(id)).collect();
        let Some(target) = self.identities.get_mut(&into) else { return };
        for part in parts {
            target.name = target.name.take().or(part.name);
            if part.state == IdentityState::Confirmed {
                target.state = IdentityState::Confirmed;
            }
            for &track in &part.tracks {
                self.of_track[track as usize] = Some(into);
            }
            target.tracks.extend(part.tracks);
        }
        target.tracks.sort_unstable();
        target.kept = true;
    }

    fn split(&mut self, tracks: &[String], new: Option<IdentityId>, name: Option<&String>) {
        let tracks = self.present(tracks);
        let Some(id) = new.filter(|_| !tracks.is_empty()) else { return };
        let state = if name.is_some() { IdentityState::Confirmed } else { IdentityState::Proposed };
        let identity =
            Identity { id, name: name.cloned(), state, cover: None, kept: true, tracks: Vec::new() };
        self.identities.insert(id, identity);
        self.assign(&tracks, id);
    }

    fn assign(&mut self, tracks: &[TrackIx], to: IdentityId) {
        if !self.identities.contains_key(&to) {
            return;
        }
        for &track in tracks {
            self.place(track, Some(to));
            self.rejected.remove(&track);
        }
        self.change(&[to], |_| ());
    }

    fn present(&self, ids: &[String]) -> Vec<TrackIx> {
        ids.iter().filter_map(|id| self.track(id)).collect()
    }
}
