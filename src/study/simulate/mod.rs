//! A simulated curator: how many gestures from a clustering to a right cast list.
//!
//! Takes a state, its vectors and the truth; a perfect curator works on a copy, by the same edits,
//! checks and refusals as the window, until every track is right and every person is named. Gives
//! the gestures and how good the state was after each. A click, a yes or no, a key that opens or
//! accepts something, a confirmed selection and a name count 1 each; in the panes so does a rubber band over
//! neighbours in the order shown; naming implies confirming, and
//! a name in use merges. Looking, turning pages and scrolling count for no strategy. A strategy
//! decides by what the curator sees on the screen at that moment, and by nothing else.

mod castlist;
mod other_tools;
mod panes;
mod simulation;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;

use crate::advice::Vectors;
use crate::base::{Constraint, ConstraintKind, ConstraintSource, Constraints, Cx, TrackIx};
use crate::cluster::likelihood::{Certainty, likelihood_linkage};
use crate::review::{Edit, IdentityId, Review, adoption};
use crate::session::SessionError;

use simulation::Simulation;

/// How the curator goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Castlist's way: mixed identities are split by their preview or by clicking the odd ones
    /// out, then pages of "same person?", then names, then guesses for the rest.
    Ours,
    /// The same in the window's three panes: tracks are selected by rubber bands and carried, and ranked
    /// people accepted as a selection, where that takes fewer gestures.
    Panes,
    /// A page of clusters: wrong tracks are selected and moved or split off, a person at a time;
    /// fragments are merged by giving them the same name.
    ClusterPage,
    /// A suggestion a track, confirmed or corrected one by one.
    ConfirmOneByOne,
}

/// All strategies, with their names on the command line.
pub const STRATEGIES: &[(&str, Strategy)] = &[
    ("ours", Strategy::Ours),
    ("panes", Strategy::Panes),
    ("cluster-page", Strategy::ClusterPage),
    ("confirm-one-by-one", Strategy::ConfirmOneByOne),
];

impl FromStr for Strategy {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = STRATEGIES.iter().find(|it| it.0 == name).map(|it| it.1);
        found.ok_or_else(|| {
            format!("choose one of {}", STRATEGIES.iter().map(|it| it.0).collect::<Vec<_>>().join(", "))
        })
    }
}

/// Where a simulation begins.
#[derive(Debug, Clone)]
pub struct SimulationStart {
    review: Review,
    vectors: Arc<Vectors>,
    /// The person of each track, by number.
    truth: Vec<u32>,
    people: Vec<String>,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulationResult {
    /// Which way.
    pub strategy: Strategy,
    /// Tracks that were of an identity at the start; the others stay out.
    pub n_tracks: usize,
    /// People among them.
    pub n_people: usize,
    /// Identities at the start.
    pub n_identities: usize,
    /// All gestures.
    pub gestures: u64,
    /// Gestures beyond one a person, which no way can do without.
    pub excess: i64,
    /// `BCubed` F of the state after each number of gestures, from 0 on.
    pub curve: Vec<(u64, f64)>,
}

impl SimulationStart {
    /// A state as it is; `truth` names the person of each track by its id.
    ///
    /// # Errors
    /// [`SessionError::Unlabelled`] where it does not name every track of an identity.
    pub fn new(
        review: Review,
        vectors: Arc<Vectors>,
        truth: &BTreeMap<String, String>,
    ) -> Result<Self, SessionError> {
        let all = 0..review.n_tracks() as TrackIx;
        let who = |track| review.identity_of(track).and_then(|_| truth.get(review.track_id(track)));
        let assigned = review.n_tracks() - review.n_unassigned();
        let mut people: Vec<String> = all.clone().filter_map(who).cloned().collect();
        let unlabelled = assigned - people.len();
        if unlabelled > 0 {
            return Err(SessionError::Unlabelled { unlabelled, assigned });
        }
        people.sort_unstable();
        people.dedup();
        let number = |name: &String| people.binary_search(name).map_or(u32::MAX, |at| at as u32);
        let truth = all.map(|track| who(track).map_or(u32::MAX, number)).collect();
        Ok(Self { review, vectors, truth, people })
    }

    /// All tracks that have a vector, clustered by likelihood linkage at a certainty.
    ///
    /// # Errors
    /// [`SessionError`]: as [`Self::new`]; cancelled.
    pub fn clustered(
        ids: Vec<String>,
        vectors: &Arc<Vectors>,
        certainty: Certainty,
        truth: &BTreeMap<String, String>,
        cx: &Cx,
    ) -> Result<Self, SessionError> {
        let mut pairs = Vec::new();
        for (a, &track) in (0_u32..).zip(vectors.tracks()) {
            for b in vectors.co_occurring(track).iter().filter_map(|&other| vectors.row_of(other)) {
                pairs.push(Constraint {
                    a,
                    b,
                    kind: ConstraintKind::Cannot,
                    source: ConstraintSource::CoOccurrence,
                });
            }
        }
        let (links, least) = (Constraints::new(pairs), Certainty::LEAST.0.min(certainty.0));
        let tree = likelihood_linkage(vectors.unit(), &links, vectors.same_person(), least, cx)?;
        let of_rows = |rows: Vec<u32>| rows.iter().map(|&row| vectors.tracks()[row as usize]).collect();
        let partition = tree.cut(certainty.height());
        let clusters: Vec<Vec<TrackIx>> = partition.clusters().into_iter().map(of_rows).collect();
        let mut review = Review::new(ids);
        let adopted = adoption(&review, &clusters, "simulated".to_owned(), IdentityId(1));
        review.apply(&Edit::Adopt(adopted));
        Self::new(review, Arc::clone(vectors), truth)
    }

    /// Gestures beyond one a person if every single thing that is wrong took one: each person's
    /// tracks in an identity that is not theirs, and each identity more than a person needs. Only
    /// what settles several at once, rightly guessed, takes fewer.
    #[must_use]
    pub fn wrong(&self) -> usize {
        let mut people: BTreeMap<IdentityId, BTreeSet<u32>> = BTreeMap::new();
        for identity in self.review.identities() {
            let of = identity.tracks.iter().map(|&track| self.truth[track as usize]);
            people.entry(identity.id).or_default().extend(of);
        }
        // As many people as can have an identity of their own without a split.
        let mut owners: BTreeMap<u32, IdentityId> = BTreeMap::new();
        let housed =
            people.keys().filter(|&&id| assign_owner(id, &people, &mut owners, &mut BTreeSet::new()));
        let housed = housed.count();
        people.values().map(BTreeSet::len).sum::<usize>() - housed
    }

    /// Plays it to the end. Deterministic.
    ///
    /// # Errors
    /// [`SessionError`]: an edit was refused that nothing can override; cancelled.
    pub fn play(&self, strategy: Strategy, cx: &Cx) -> Result<SimulationResult, SessionError> {
        let mut simulation = Simulation::new(self, strategy == Strategy::Panes);
        match strategy {
            Strategy::Ours => castlist::play(&mut simulation, cx)?,
            Strategy::Panes => panes::play(&mut simulation, cx)?,
            Strategy::ClusterPage => other_tools::cluster_page(&mut simulation)?,
            Strategy::ConfirmOneByOne => other_tools::one_by_one(&mut simulation)?,
        }
        simulation.check()?;
        let n_people = self.people.len();
        let (gestures, curve) = simulation.result();
        Ok(SimulationResult {
            strategy,
            n_tracks: self.review.n_tracks() - self.review.n_unassigned(),
            n_people,
            n_identities: self.review.identities().len(),
            gestures,
            excess: gestures as i64 - n_people as i64,
            curve,
        })
    }
}

/// Gives an identity to one of its people, where others can go to other identities of theirs.
fn assign_owner(
    id: IdentityId,
    people: &BTreeMap<IdentityId, BTreeSet<u32>>,
    owners: &mut BTreeMap<u32, IdentityId>,
    tried: &mut BTreeSet<u32>,
) -> bool {
    people[&id].iter().any(|&person| {
        if !tried.insert(person) {
            return false;
        }
        let is_free =
            owners.get(&person).copied().is_none_or(|other| assign_owner(other, people, owners, tried));
        if is_free {
            owners.insert(person, id);
        }
        is_free
    })
}
