//! Applying an edit of the log: what each does to the state.
//!
//! It never refuses: tracks and identities that are not there (any more) are passed over. Each
//! edit costs what it touches; only an adopted clustering goes through all tracks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Edit, Identity, IdentityId, IdentityState, Review};
use crate::base::{ConstraintKind, Details, TrackIx};

impl Review {
    /// Applies an edit of the log. Tracks and identities that are not there (any more) are
    /// passed over.
    pub fn apply(&mut self, edit: &Edit) {
        let _work = self.replay(edit);
    }

    /// [`Self::apply`]; gives how much it touched, in tracks.
    pub(super) fn replay(&mut self, edit: &Edit) -> usize {
        match edit {
            Edit::Rename { identity, name } => self.change(&[*identity], |it| it.rename(name)),
            Edit::Describe { identity, details } => self.change(&[*identity], |it| it.describe(details)),
            Edit::Recognise { identity, person, name } => self.recognise(*identity, *person, name),
            Edit::Unlike { tracks, person, .. } => self.reject_person(tracks, *person),
            Edit::Merge { identities, into, drops, .. } => {
                self.drop_links(drops);
                self.merge(identities, *into)
            }
            Edit::Move { tracks, to, drops, .. } => {
                self.drop_links(drops);
                let tracks = self.present(tracks);
                self.assign(&tracks, *to)
            }
            Edit::Split { tracks, new, name, details, drops, .. } => {
                self.drop_links(drops);
                let tracks = self.present(tracks);
                let work = self.split(&tracks, *new, name.as_ref(), true);
                let ids = new.filter(|_| !details.is_empty());
                work + self.change(ids.as_slice(), |it| it.describe(details))
            }
            Edit::SplitTrack { track, at, new } => {
                // Whoever it shows from there on, a run may find out.
                let later = self.parts_from(track, *at);
                self.split(&later, *new, None, false)
            }
            Edit::Reject { tracks } => self.reject(tracks),
            Edit::Ignore { identities } => self.change(identities, |i| i.state = IdentityState::Ignored),
            Edit::Restore { identities } => self.change(identities, |identity| {
                if identity.state == IdentityState::Ignored {
                    let named = identity.name.is_some();
                    identity.state = if named { IdentityState::Confirmed } else { IdentityState::Proposed };
                }
            }),
            Edit::Confirm { identities } => self.change(identities, |i| i.state = IdentityState::Confirmed),
            Edit::Cover { identity, track } => {
                let track = self.track_or_first_part(track);
                let Some(identity) = self.identities.get_mut(identity) else { return 1 };
                let identity = Arc::make_mut(identity);
                identity.cover = track.filter(|track| identity.tracks.binary_search(track).is_ok());
                identity.tracks.len()
            }
            Edit::CannotLink(link) => self.link(link, ConstraintKind::Cannot),
            Edit::MustLink(link) => self.link(link, ConstraintKind::Must),
            Edit::Adopt(adopted) => self.adopt(adopted),
            Edit::Erase { .. } => 1,
            Edit::Erased { drops, .. } => {
                self.drop_links(drops);
                1 + drops.len()
            }
            Edit::All { edits } => edits.iter().map(|edit| self.replay(edit)).sum(),
        }
    }

    /// Changes identities that the curator thereby keeps.
    pub(super) fn change(&mut self, ids: &[IdentityId], change: impl Fn(&mut Identity)) -> usize {
        let mut work = 1;
        for id in ids {
            if let Some(identity) = self.identities.get_mut(id) {
                let identity = Arc::make_mut(identity);
                change(identity);
                identity.kept = true;
                work += identity.tracks.len();
            }
        }
        work
    }

    fn merge(&mut self, ids: &[IdentityId], into: Option<IdentityId>) -> usize {
        let present: Vec<IdentityId> =
            ids.iter().copied().filter(|id| self.identities.contains_key(id)).collect();
        let Some(into) = into.filter(|id| present.contains(id)).or_else(|| present.first().copied()) else {
            return 1;
        };
        let others = present.iter().filter(|&&id| id != into);
        let parts: Vec<Arc<Identity>> = others.filter_map(|id| self.identities.remove(id)).collect();
        for part in &parts {
            self.merged_into.insert(part.id, into);
            for &track in &part.tracks {
                self.of_track.set(track as usize, Some(into));
            }
        }
        let Some(target) = self.identities.get_mut(&into) else { return 1 };
        let target = Arc::make_mut(target);
        for part in &parts {
            target.inherit(part);
            if part.state == IdentityState::Confirmed {
                target.state = IdentityState::Confirmed;
            }
            target.tracks.extend_from_slice(&part.tracks);
        }
        sort_runs(&mut target.tracks);
        target.kept = true;
        target.tracks.len()
    }

    /// Puts tracks (ascending) into a new identity, which the curator keeps or a run may change.
    fn split(
        &mut self,
        tracks: &[TrackIx],
        new: Option<IdentityId>,
        name: Option<&String>,
        kept: bool,
    ) -> usize {
        let Some(id) = new.filter(|_| !tracks.is_empty()) else { return 1 };
        if !self.identities.contains_key(&id) {
            let state = if name.is_some() { IdentityState::Confirmed } else { IdentityState::Proposed };
            let (name, known, details) = (name.cloned(), None, Details::new());
            let identity =
                Identity { id, name, known, details, state, cover: None, kept, tracks: Vec::new() };
            self.identities.insert(id, Arc::new(identity));
        }
        if kept { self.assign(tracks, id) } else { self.place(tracks, Some(id)) }
    }

    fn reject(&mut self, tracks: &[String]) -> usize {
        let tracks = self.present(tracks);
        for &track in &tracks {
            if let Some(id) = self.identity_of(track) {
                self.refused.insert((track, id));
            }
            self.rejected.insert(track);
        }
        self.place(&tracks, None)
    }

    fn assign(&mut self, tracks: &[TrackIx], to: IdentityId) -> usize {
        if !self.identities.contains_key(&to) {
            return 1;
        }
        let work = self.place(tracks, Some(to));
        for &track in tracks {
            self.rejected.remove(&track);
            let all = (track, IdentityId(0))..=(track, IdentityId(u64::MAX));
            let from: Vec<_> =
                self.refused.range(all).filter(|(_, id)| self.successor(*id) == to).copied().collect();
            for pair in from {
                self.refused.remove(&pair);
            }
        }
        work + self.change(&[to], |_| ())
    }

    /// Puts tracks (ascending) into an identity, or out of all; an identity that is left empty
    /// ends.
    fn place(&mut self, tracks: &[TrackIx], to: Option<IdentityId>) -> usize {
        let mut sources: BTreeMap<IdentityId, Vec<TrackIx>> = BTreeMap::new();
        let mut come = Vec::with_capacity(tracks.len());
        for &track in tracks {
            let from = self.identity_of(track);
            if from == to {
                continue;
            }
            match from {
                Some(from) => sources.entry(from).or_default().push(track),
                None => self.n_unassigned -= 1,
            }
            if to.is_none() {
                self.n_unassigned += 1;
            }
            self.of_track.set(track as usize, to);
            come.push(track);
        }
        let mut work = come.len() + 1;
        for (id, gone) in sources {
            let Some(identity) = self.identities.get_mut(&id) else { continue };
            let identity = Arc::make_mut(identity);
            work += identity.tracks.len();
            identity.tracks.retain(|track| gone.binary_search(track).is_err());
            identity.cover = identity.cover.filter(|cover| gone.binary_search(cover).is_err());
            if identity.tracks.is_empty() {
                self.identities.remove(&id);
            }
        }
        if let Some(identity) = to.and_then(|to| self.identities.get_mut(&to)) {
            let identity = Arc::make_mut(identity);
            identity.tracks.extend(come);
            sort_runs(&mut identity.tracks);
        }
        work
    }

    /// The tracks that are there, ascending.
    pub(super) fn present(&self, ids: &[String]) -> Vec<TrackIx> {
        let mut tracks: Vec<TrackIx> = ids.iter().flat_map(|id| self.tracks_of(id)).collect();
        tracks.sort_unstable();
        tracks.dedup();
        tracks
    }
}

/// Sorts tracks that are a few ascending runs, in linear time.
#[expect(
    clippy::stable_sort_primitive,
    reason = "the stable sort merges sorted runs, the unstable one does not"
)]
fn sort_runs(tracks: &mut [TrackIx]) {
    tracks.sort();
}
