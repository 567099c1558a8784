//! A second opinion: what another method makes of the same tracks, beside what is adopted.
//!
//! Takes an [`Opinion`], which a job of the session makes, and a state of the review; gives where
//! the two differ, biggest difference first, each with the ordinary edit that takes the other side
//! over. It adopts nothing and keeps nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::base::{ConstraintKind, TrackIx};
use crate::review::{Edit, Identity, IdentityId, IdentityState, Review};

/// How another method groups the tracks.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// Method, model and parameters, in words.
    pub source: String,
    /// Cluster of each track by its id, so that it holds for any later state.
    pub clusters: BTreeMap<String, u32>,
}

/// What the other method would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OpinionAction {
    /// Make two identities one.
    Merge,
    /// Take tracks out of an identity, as one of their own.
    Split,
    /// Take tracks from one identity to another.
    Move,
}

/// One place where the two differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// What the other method would do.
    pub wish: OpinionAction,
    /// The identity that keeps its number: merged into, split, or moved to.
    pub identity: IdentityId,
    /// The identity that is merged into it, or moved from.
    pub other: Option<IdentityId>,
    /// The tracks that would change their identity.
    #[serde(skip)]
    pub tracks: Vec<TrackIx>,
    /// Pairs of tracks that the two judge differently here; what the list is sorted by.
    pub n_pairs: u64,
    /// The edit that takes the other method's side.
    pub edit: Edit,
    /// For a merge, the edit that says no to it, so that the question does not come again.
    pub no: Option<Edit>,
}

impl Difference {
    /// What its edit does, in words: `Merge Person 9 (2 tracks) into Anna`.
    #[must_use]
    pub(crate) fn words(&self, review: &Review) -> String {
        let title = |id| review.identity(id).map(Identity::title).unwrap_or_default();
        let to = title(self.identity);
        let tracks = match self.tracks.len() {
            1 => "1 track".to_owned(),
            n => format!("{n} tracks"),
        };
        match (self.wish, self.other.map(title)) {
            (OpinionAction::Merge, Some(other)) => format!("Merge {other} ({tracks}) into {to}"),
            (OpinionAction::Move, Some(other)) => format!("Move {tracks} of {other} to {to}"),
            _ => format!("Split {tracks} off {to}"),
        }
    }
}

/// Two groupings beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct OpinionDiff {
    /// Identities that both see alike, track by track.
    pub n_alike: usize,
    /// Identities that are compared: those that are not ignored.
    pub n_identities: usize,
    /// Clusters of the other method among their tracks.
    pub n_clusters: usize,
    /// Tracks that no difference names.
    pub n_tracks_alike: usize,
    /// Tracks compared.
    pub n_tracks: usize,
    /// Where they differ, by the number of pairs, largest first.
    pub differences: Vec<Difference>,
}

impl Opinion {
    /// The review beside this opinion. Ignored identities, tracks of no identity and tracks that
    /// the other method did not see are left out. O(n log n).
    ///
    /// Merges of identities between which a cannot-link of the curator lies are not asked for.
    ///
    /// An identity is at home in the cluster that holds most of its tracks. Of several at home in
    /// one cluster the largest would take the others in; what is not at home goes to whom is
    /// there, or becomes an identity of its own.
    #[must_use]
    pub(crate) fn diff(&self, review: &Review) -> OpinionDiff {
        let cells = self.cells(review);
        let mut sizes: BTreeMap<IdentityId, usize> = BTreeMap::new();
        let mut homes: BTreeMap<IdentityId, (usize, u32)> = BTreeMap::new();
        for (&(identity, cluster), tracks) in &cells {
            *sizes.entry(identity).or_default() += tracks.len();
            let home = homes.entry(identity).or_insert((0, cluster));
            if tracks.len() > home.0 {
                *home = (tracks.len(), cluster);
            }
        }
        // Who is at home in each cluster with most tracks; a name weighs more than any number.
        let mut hosts: BTreeMap<u32, (bool, usize, IdentityId)> = BTreeMap::new();
        for (&identity, &(n, cluster)) in &homes {
            let is_named = review.identity(identity).is_some_and(|it| it.name.is_some());
            let host = hosts.entry(cluster).or_insert((is_named, n, identity));
            if (is_named, n) > (host.0, host.1) {
                *host = (is_named, n, identity);
            }
        }
        // Who was said not to be the same.
        let mut apart: BTreeSet<(IdentityId, IdentityId)> = BTreeSet::new();
        for link in review.constraints().iter().filter(|link| link.kind == ConstraintKind::Cannot) {
            if let Some((a, b)) = review.identity_of(link.a).zip(review.identity_of(link.b)) {
                apart.extend([(a, b), (b, a)]);
            }
        }
        let n_of = |identity: IdentityId, cluster: u32| cells.get(&(identity, cluster)).map_or(0, Vec::len);
        let mut differences = Vec::new();
        for (&(identity, cluster), tracks) in &cells {
            let host = hosts.get(&cluster).map(|host| host.2);
            let is_home = homes.get(&identity).is_some_and(|home| home.1 == cluster);
            let (n, rest) = (tracks.len(), sizes.get(&identity).copied().unwrap_or(0) - tracks.len());
            let with_host = host.map_or(0, |host| n * n_of(host, cluster));
            let ids = || tracks.iter().map(|&track| review.track_id(track).to_owned()).collect();
            let (wish, to, other, n_pairs, edit) = match host {
                Some(host) if host == identity || (is_home && apart.contains(&(host, identity))) => continue,
                Some(host) if is_home => {
                    let edit = Edit::merge(vec![host, identity], Some(host));
                    (OpinionAction::Merge, host, Some(identity), with_host, edit)
                }
                Some(host) => {
                    let edit = Edit::move_to(ids(), host);
                    (OpinionAction::Move, host, Some(identity), n * rest + with_host, edit)
                }
                None => {
                    let edit = Edit::split(ids(), None);
                    (OpinionAction::Split, identity, None, n * rest, edit)
                }
            };
            let (tracks, n_pairs) = (tracks.clone(), n_pairs as u64);
            let no = other
                .filter(|_| wish == OpinionAction::Merge)
                .and_then(|other| review.cannot_link(to, other));
            differences.push(Difference { wish, identity: to, other, tracks, n_pairs, edit, no });
        }
        differences.sort_by_key(|it| (std::cmp::Reverse(it.n_pairs), it.identity, it.other));
        let named = differences.iter().flat_map(|it| [Some(it.identity), it.other]).flatten();
        let touched: BTreeSet<IdentityId> = named.collect();
        let n_tracks = sizes.values().sum();
        let changing: usize = differences.iter().map(|it| it.tracks.len()).sum();
        OpinionDiff {
            n_alike: sizes.keys().filter(|identity| !touched.contains(identity)).count(),
            n_identities: sizes.len(),
            n_clusters: cells.keys().map(|(_, cluster)| cluster).collect::<BTreeSet<_>>().len(),
            n_tracks_alike: n_tracks - changing,
            n_tracks,
            differences,
        }
    }

    /// The tracks of each identity in each cluster. Both sides are walked in the order of the ids,
    /// so that this may run on the window's thread after every edit.
    fn cells(&self, review: &Review) -> BTreeMap<(IdentityId, u32), Vec<TrackIx>> {
        let is_compared = |id: &IdentityId| {
            review.identity(*id).is_some_and(|identity| identity.state != IdentityState::Ignored)
        };
        let mut clusters = self.clusters.iter().peekable();
        let mut placed: Vec<(IdentityId, u32, TrackIx)> = Vec::with_capacity(self.clusters.len());
        for (id, track) in review.by_id() {
            while clusters.next_if(|(known, _)| known.as_str() < id).is_some() {}
            let cluster = clusters.next_if(|(known, _)| known.as_str() == id);
            let identity = review.identity_of(track).filter(is_compared);
            if let Some(((_, &cluster), identity)) = cluster.zip(identity) {
                placed.push((identity, cluster, track));
            }
        }
        placed.sort_unstable();
        let cells = placed.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
        cells.map(|cell| ((cell[0].0, cell[0].1), cell.iter().map(|placed| placed.2).collect())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CoOccurrence;
    use crate::review::AdoptedClustering;

    const TRACKS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

    fn review(groups: &[&[&str]]) -> Review {
        let mut review = Review::new(TRACKS.map(str::to_owned).to_vec());
        let of = |(id, tracks): (u64, &&[&str])| {
            (IdentityId(id), tracks.iter().map(|&track| track.to_owned()).collect())
        };
        let identities = (1..).zip(groups).map(of).collect();
        review.apply(&Edit::Adopt(AdoptedClustering { identities, ..AdoptedClustering::default() }));
        review
    }

    fn opinion(clusters: [u32; 8]) -> Opinion {
        let clusters = TRACKS.map(str::to_owned).into_iter().zip(clusters).collect();
        Opinion { source: String::new(), clusters }
    }

    /// Wish, identity, other identity, tracks, pairs.
    type DifferenceTuple = (OpinionAction, u64, Option<u64>, Vec<TrackIx>, u64);

    fn tuples(diff: &OpinionDiff) -> Vec<DifferenceTuple> {
        let one = |it: &Difference| {
            (it.wish, it.identity.0, it.other.map(|other| other.0), it.tracks.clone(), it.n_pairs)
        };
        diff.differences.iter().map(one).collect()
    }

    #[test]
    fn equal_groupings_agree() {
        let diff = opinion([5, 5, 5, 2, 2, 9, 9, 9]).diff(&review(&[
            &["a", "b", "c"],
            &["d", "e"],
            &["f", "g", "h"],
        ]));
        assert_eq!((diff.n_alike, diff.n_identities, diff.n_clusters), (3, 3, 3));
        assert_eq!((diff.n_tracks_alike, diff.n_tracks, diff.differences), (8, 8, vec![]));
    }

    #[test]
    fn merges_splits_and_moves_come_by_their_pairs() {
        let state = review(&[&["a", "b", "c"], &["d", "e"], &["f", "g", "h"]]);
        // d, e join a, b, c; h is another person.
        let diff = opinion([0, 0, 0, 0, 0, 1, 1, 2]).diff(&state);
        assert_eq!(
            tuples(&diff),
            [(OpinionAction::Merge, 1, Some(2), vec![3, 4], 6), (OpinionAction::Split, 3, None, vec![7], 2)]
        );
        assert_eq!((diff.n_alike, diff.n_tracks_alike), (0, 5));
        // c belongs to d, e.
        let diff = opinion([0, 0, 1, 1, 1, 2, 2, 2]).diff(&state);
        assert_eq!(tuples(&diff), [(OpinionAction::Move, 2, Some(1), vec![2], 4)]);
        assert_eq!(diff.n_alike, 1);
    }

    #[test]
    fn a_no_is_remembered_and_undone_like_any_edit() {
        let mut state = review(&[&["a", "b", "c"], &["d", "e"], &["f", "g", "h"]]);
        let other = opinion([0, 0, 0, 0, 0, 1, 1, 1]);
        let no = other.diff(&state).differences[0].no.clone().unwrap();
        let edit = state.prepare(no, IdentityId(9), &CoOccurrence::default()).unwrap();
        let before = state.clone();
        state.apply(&edit);
        assert_eq!(tuples(&other.diff(&state)), []);
        assert_eq!(tuples(&other.diff(&before)).len(), 1);
    }

    #[test]
    fn a_named_identity_takes_the_others_in_and_ignored_ones_stay_out() {
        let mut state = review(&[&["a", "b", "c"], &["d", "e"], &["f", "g", "h"]]);
        state.apply(&Edit::Rename { identity: IdentityId(2), name: "Anna".to_owned() });
        state.apply(&Edit::Ignore { identities: vec![IdentityId(3)] });
        let diff = opinion([0; 8]).diff(&state);
        assert_eq!(diff.differences[0].words(&state), "Merge Person 1 (3 tracks) into Anna");
        assert_eq!(tuples(&diff), [(OpinionAction::Merge, 2, Some(1), vec![0, 1, 2], 6)]);
        assert_eq!(diff.n_tracks, 5);
    }

    #[test]
    fn taking_every_difference_over_leaves_none() {
        let other = opinion([0, 1, 1, 2, 2, 2, 3, 0]);
        let mut state = review(&[&["a", "b", "c", "d"], &["e", "f"], &["g", "h"]]);
        for step in 0.. {
            let diff = other.diff(&state);
            let Some(first) = diff.differences.first() else { break };
            assert!(step < 8, "{diff:?}");
            let fresh = IdentityId(10 + step);
            let edit = state.prepare(first.edit.clone(), fresh, &CoOccurrence::default()).unwrap();
            state.apply(&edit);
        }
        assert_eq!(other.diff(&state).n_alike, 4);
    }
}
