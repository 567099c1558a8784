//! "Who are the rest?": the unnamed identities, each with its most likely named person.
//!
//! Once all people have a name, the rest are among the named, and the most likely
//! guess is worth ticking however unlike the two are. Takes the queue; gives pairs, which are
//! accepted like any page of pairs. People of the same video are more likely; who was said
//! to be another person, or is seen at the same time, is no guess.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::centres::{SlotIdentity, group_distance};
use super::known_different::co_occurring_identities;
use super::likelihood::likelihood;
use super::queue::{MergeQuestion, QuestionQueue};
use super::videos::{VideoEvidence, videos_of};
use crate::review::{IdentityId, IdentityState};

/// Unnamed identities that are guessed at: more than a curator looks through at a sitting.
const GUESSED: usize = 2_000;

impl QuestionQueue {
    /// The `n` surest guesses: pairs of an unnamed identity, each at most once, and a named one;
    /// those that go together, so that all of them can be accepted. Skipped pairs are left out.
    /// O(unnamed · named · dim), of at most 2,000 unnamed ones, those with most tracks.
    #[must_use]
    pub fn name_guesses(&self, n: usize) -> Vec<MergeQuestion> {
        let places = self.centres.slots().filter_map(|slot| Some((slot, self.centres.place(slot)?)));
        let (named, mut unnamed): (Vec<_>, Vec<_>) =
            places.filter(|(_, place)| place.state != IdentityState::Ignored).partition(|it| it.1.is_named);
        unnamed.sort_by_key(|(_, place)| (std::cmp::Reverse(place.group.n_tracks), place.id));
        unnamed.truncate(GUESSED);
        let videos = VideoEvidence::of(&self.vectors, &self.review);
        let named: Vec<NamedIdentity> = named
            .into_iter()
            .map(|(slot, place)| NamedIdentity { slot, place, videos: self.videos(place.id) })
            .collect();
        let guess = |&(slot, place): &(u32, SlotIdentity)| self.best_guess(slot, place, &named, videos);
        let mut guesses: Vec<(f64, MergeQuestion)> = unnamed.par_iter().filter_map(guess).collect();
        guesses.sort_by(|(a, one), (b, other)| b.total_cmp(a).then((one.a, one.b).cmp(&(other.a, other.b))));
        self.compatible(guesses.into_iter().map(|(_, pair)| pair), n, |_| true)
    }

    /// The most likely of the named people for the unnamed one at a slot.
    fn best_guess(
        &self,
        slot: u32,
        own: SlotIdentity,
        named: &[NamedIdentity],
        videos: VideoEvidence,
    ) -> Option<(f64, MergeQuestion)> {
        let identity = self.review.identity(own.id)?;
        let seen = co_occurring_identities(&self.vectors, &self.review, &identity.tracks);
        let own_videos = videos_of(&self.vectors, &identity.tracks);
        let same_person = self.vectors.same_person();
        let may = |other: SlotIdentity| {
            let pair = (own.id.min(other.id), own.id.max(other.id));
            seen.binary_search(&other.id).is_err()
                && !self.known_different.contains(own.id, other.id)
                && !self.skipped.contains(&pair)
        };
        let pairs = named.iter().filter(|it| may(it.place)).map(|it| {
            let (other, distance) =
                (it.place, group_distance(self.centres.row(slot), self.centres.row(it.slot)));
            let between = f64::from(distance.similarity().0);
            let log_odds = same_person.log_odds(between, own.group, other.group)
                + videos.evidence(&own_videos, &it.videos);
            let p = likelihood(&same_person, distance, own.group, other.group);
            let (a, b) = (own.id.min(other.id), own.id.max(other.id));
            (log_odds, MergeQuestion { a, b, p, saved: p, distance, stranger: false })
        });
        pairs.max_by(|(a, one), (b, other)| a.total_cmp(b).then((other.a, other.b).cmp(&(one.a, one.b))))
    }

    /// The videos that an identity is in.
    pub(super) fn videos(&self, id: IdentityId) -> BTreeSet<u32> {
        self.review.identity(id).map(|it| videos_of(&self.vectors, &it.tracks)).unwrap_or_default()
    }
}

/// A named identity, and where it is seen.
struct NamedIdentity {
    slot: u32,
    place: SlotIdentity,
    videos: BTreeSet<u32>,
}
