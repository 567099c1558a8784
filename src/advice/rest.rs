//! "Who are the rest?": the unnamed identities, each with the named person whom it is likeliest.
//!
//! Where everybody has a name already, whoever is left is one of the named, and the likeliest guess
//! is worth ticking however unlike the two are. Takes the queue; gives pairs, which are accepted like
//! any page of pairs. Somebody of the same video is likelier meant; who was said to be somebody else, or
//! is seen at the same time, is no guess.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::bars::seen_with;
use super::belief::likelihood;
use super::centres::{Place, apart};
use super::queue::{Pair, Queue};
use super::videos::{Videos, videos_of};
use crate::review::{IdentityId, IdentityState};

/// Unnamed identities that are guessed at: more than a curator looks through at a sitting.
const GUESSED: usize = 2_000;

impl Queue {
    /// The `n` surest guesses: pairs of an unnamed identity, each at most once, and a named one; those
    /// that go together, so that all of them can be accepted. Skipped pairs are left out.
    /// O(unnamed · named · dim), of at most 2,000 unnamed ones, those with most tracks.
    #[must_use]
    pub fn rest(&self, n: usize) -> Vec<Pair> {
        let places = self.centres.slots().filter_map(|slot| Some((slot, self.centres.place(slot)?)));
        let (named, mut unnamed): (Vec<_>, Vec<_>) =
            places.filter(|(_, place)| place.state != IdentityState::Ignored).partition(|it| it.1.is_named);
        unnamed.sort_by_key(|(_, place)| (std::cmp::Reverse(place.group.n_tracks), place.id));
        unnamed.truncate(GUESSED);
        let videos = Videos::of(&self.vectors, &self.review);
        let named: Vec<Named> = named
            .into_iter()
            .map(|(slot, place)| Named { slot, place, videos: self.videos(place.id) })
            .collect();
        let guess = |&(slot, place): &(u32, Place)| self.guess(slot, place, &named, videos);
        let mut guesses: Vec<(f64, Pair)> = unnamed.par_iter().filter_map(guess).collect();
        guesses.sort_by(|(a, one), (b, other)| b.total_cmp(a).then((one.a, one.b).cmp(&(other.a, other.b))));
        self.together(guesses.into_iter().map(|(_, pair)| pair), n, |_| true)
    }

    /// The likeliest of the named people for the unnamed one at a slot.
    fn guess(&self, slot: u32, own: Place, named: &[Named], videos: Videos) -> Option<(f64, Pair)> {
        let identity = self.review.identity(own.id)?;
        let seen = seen_with(&self.vectors, &self.review, &identity.tracks);
        let own_videos = videos_of(&self.vectors, &identity.tracks);
        let same_person = self.vectors.same_person();
        let may = |other: Place| {
            let pair = (own.id.min(other.id), own.id.max(other.id));
            seen.binary_search(&other.id).is_err()
                && !self.bars.hold(own.id, other.id)
                && !self.skipped.contains(&pair)
        };
        let pairs = named.iter().filter(|it| may(it.place)).map(|it| {
            let (other, distance) = (it.place, apart(self.centres.row(slot), self.centres.row(it.slot)));
            let between = f64::from(distance.similarity().0);
            let log_odds = same_person.log_odds(between, own.group, other.group)
                + videos.evidence(&own_videos, &it.videos);
            let p = likelihood(&same_person, distance, own.group, other.group);
            let (a, b) = (own.id.min(other.id), own.id.max(other.id));
            (log_odds, Pair { a, b, p, saved: p, distance, stranger: false })
        });
        pairs.max_by(|(a, one), (b, other)| a.total_cmp(b).then((other.a, other.b).cmp(&(one.a, one.b))))
    }

    /// The videos that an identity is in.
    pub(super) fn videos(&self, id: IdentityId) -> BTreeSet<u32> {
        self.review.identity(id).map(|it| videos_of(&self.vectors, &it.tracks)).unwrap_or_default()
    }
}

/// A named identity, and where it is seen.
struct Named {
    slot: u32,
    place: Place,
    videos: BTreeSet<u32>,
}
