//! What the simulated curator works on: a copy of the state, what is seen there, and the count.

use std::collections::{BTreeMap, BTreeSet};

use super::SimulationStart;
use crate::advice::{Vectors, typicality};
use crate::base::TrackIx;
use crate::metrics::evaluate;
use crate::review::{Edit, Identity, IdentityId, Refusal, Review};
use crate::session::SessionError;

pub(super) struct Simulation<'a> {
    start: &'a SimulationStart,
    pub(super) review: Review,
    has_panes: bool,
    fresh: u64,
    gestures: u64,
    curve: Vec<(u64, f64)>,
}

impl<'a> Simulation<'a> {
    /// `has_panes`: what the window's three panes offer counts, too.
    pub(super) fn new(start: &'a SimulationStart, has_panes: bool) -> Self {
        let review = start.review.clone();
        let fresh = review.identities().map(|identity| identity.id.0).max().unwrap_or(0) + 1;
        let mut simulation = Self { start, review, has_panes, fresh, gestures: 0, curve: Vec::new() };
        simulation.record();
        simulation
    }

    /// Whether selections count by rubber bands.
    pub(super) fn has_panes(&self) -> bool {
        self.has_panes
    }

    pub(super) fn vectors(&self) -> &'a std::sync::Arc<Vectors> {
        &self.start.vectors
    }

    pub(super) fn result(self) -> (u64, Vec<(u64, f64)>) {
        (self.gestures, self.curve)
    }

    /// The person that a picture shows, as the curator sees it.
    pub(super) fn person(&self, track: TrackIx) -> u32 {
        self.start.truth[track as usize]
    }

    /// The people on an identity's page with their tracks, most tracks first.
    pub(super) fn people(&self, tracks: &[TrackIx]) -> Vec<(u32, Vec<TrackIx>)> {
        let mut people: BTreeMap<u32, Vec<TrackIx>> = BTreeMap::new();
        for &track in tracks {
            people.entry(self.person(track)).or_default().push(track);
        }
        let mut people: Vec<_> = people.into_iter().collect();
        people.sort_by_key(|(person, tracks)| (std::cmp::Reverse(tracks.len()), *person));
        people
    }

    /// All identities, the largest first, as the gallery shows them.
    pub(super) fn gallery(&self) -> Vec<IdentityId> {
        let mut all: Vec<&Identity> = self.review.identities().collect();
        all.sort_by_key(|identity| (std::cmp::Reverse(identity.tracks.len()), identity.id));
        all.into_iter().map(|identity| identity.id).collect()
    }

    pub(super) fn tracks(&self, id: IdentityId) -> &[TrackIx] {
        self.review.identity(id).map_or(&[], |identity| &identity.tracks)
    }

    pub(super) fn ids(&self, tracks: &[TrackIx]) -> Vec<String> {
        tracks.iter().map(|&track| self.review.track_id(track).to_owned()).collect()
    }

    /// The identity that has a person's name.
    pub(super) fn named(&self, person: u32) -> Option<IdentityId> {
        let name = &self.start.people[person as usize];
        let mut all = self.review.identities();
        all.find(|identity| identity.name.as_ref() == Some(name)).map(|identity| identity.id)
    }

    /// Whether all tracks of a person are among some.
    pub(super) fn is_alone(&self, person: u32, tracks: &[TrackIx]) -> bool {
        let all = 0..self.review.n_tracks() as TrackIx;
        all.filter(|&track| self.person(track) == person && self.review.identity_of(track).is_some())
            .all(|track| tracks.contains(&track))
    }

    pub(super) fn name(&self, person: u32) -> String {
        self.start.people[person as usize].clone()
    }

    /// Gestures that carry tracks of an identity to somebody: one for each rubber band over neighbours in
    /// the order in which they are shown, and the drag; one track is dragged without being selected.
    pub(super) fn carrying(&self, id: IdentityId, tracks: &[TrackIx]) -> usize {
        let Some(identity) = self.review.identity(id).filter(|_| tracks.len() > 1) else { return 1 };
        let is_selected: Vec<bool> =
            self.shown_order(identity).iter().map(|track| tracks.contains(track)).collect();
        runs(&is_selected).len() + 1
    }

    /// An identity's faces as its page shows them: those without a vector first, then the least typical.
    fn shown_order(&self, identity: &Identity) -> Vec<TrackIx> {
        let least_typical: Vec<TrackIx> =
            typicality(self.vectors(), identity).iter().rev().map(|odd| odd.track).collect();
        let known: BTreeSet<TrackIx> = least_typical.iter().copied().collect();
        let unknown = identity.tracks.iter().copied().filter(|track| !known.contains(track));
        unknown.chain(least_typical).collect()
    }

    /// An edit that costs some gestures; one that is refused because of what is known of
    /// the tracks is asked for again, knowingly, for one more.
    pub(super) fn perform(&mut self, edit: Edit, gestures: usize) -> Result<(), SessionError> {
        self.gestures += gestures as u64;
        let together = self.start.vectors.co_occurrence();
        let fresh = IdentityId(self.fresh);
        let edit = match self.review.prepare(edit.clone(), fresh, together) {
            Err(Refusal::Conflict { .. } | Refusal::Joined { .. }) => {
                self.gestures += 1;
                self.review.prepare(edit.overriding(), fresh, together)?
            }
            prepared => prepared?,
        };
        self.review.apply(&edit);
        let highest = self.review.identities().map(|identity| identity.id.0).max().unwrap_or(0);
        self.fresh = self.fresh.max(highest + 1);
        self.record();
        Ok(())
    }

    /// Gives an identity the name of a person; where the name is in use, that merges.
    pub(super) fn call(&mut self, id: IdentityId, person: u32) -> Result<(), SessionError> {
        let edit = match self.named(person) {
            Some(other) if other == id => return Ok(()),
            Some(other) => Edit::merge(vec![id, other], Some(other)),
            None => Edit::Rename { identity: id, name: self.name(person) },
        };
        self.perform(edit, 1)
    }

    fn record(&mut self) {
        let tracks = 0..self.review.n_tracks() as TrackIx;
        let of =
            tracks.filter_map(|track| Some((self.person(track), self.review.identity_of(track)?.0 as u32)));
        let (truth, found): (Vec<u32>, Vec<u32>) = of.unzip();
        let f = evaluate(&truth, &found).map_or(1.0, |scores| scores.bcubed.f);
        match self.curve.last_mut().filter(|last| last.0 == self.gestures) {
            Some(last) => last.1 = f,
            None => self.curve.push((self.gestures, f)),
        }
    }

    /// That every person is there once, whole, and named.
    pub(super) fn check(&self) -> Result<(), SessionError> {
        let is_right = |identity: &Identity| {
            let people = self.people(&identity.tracks);
            people.len() == 1 && identity.name.as_ref() == Some(&self.start.people[people[0].0 as usize])
        };
        let all = self.review.identities();
        if all.len() == self.start.people.len() && self.review.identities().all(is_right) {
            return Ok(());
        }
        Err(Refusal::Nothing("the simulated curator came to no right cast list").into())
    }
}

/// The lengths of the runs of selected neighbours: what a rubber band each selects.
pub(super) fn runs(is_selected: &[bool]) -> Vec<usize> {
    is_selected.split(|it| !it).map(<[bool]>::len).filter(|&length| length > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_band_and_others_a_click_each() {
        let selected = |text: &str| text.chars().map(|it| it == 'x').collect::<Vec<bool>>();
        assert_eq!(runs(&selected("..xxxxx...")), [5]);
        assert_eq!(runs(&selected("x.x.xx")), [1, 1, 2]);
        assert!(runs(&selected("....")).is_empty() && runs(&[]).is_empty());
    }
}
