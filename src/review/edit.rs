//! The closed set of edits, what each needs, and what each does.
//!
//! An edit is checked strictly before it enters the log ([`Review::prepare`]) and applied
//! without fail at replay ([`Review::apply`]), where tracks that have left the folder since
//! are passed over.

use serde::{Deserialize, Deserializer, Serialize};

use super::{Identity, IdentityId, IdentityState, Link, Review};
use crate::base::{Constraints, Fingerprint, LinkKind, TrackIx};

/// One gesture of the curator, or one adopted clustering.
///
/// In JSON the field `edit` names the variant: `{"edit":"merge","identities":[3,7]}`. Where a
/// list is asked for, one value may stand alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Edit {
    /// Gives a name, which also confirms; an empty name takes it away.
    Rename {
        /// Whom.
        #[serde(alias = "id")]
        identity: IdentityId,
        /// The name as typed.
        name: String,
    },
    /// Makes several identities one.
    Merge {
        /// The identities; with `into` this may name the others only.
        #[serde(deserialize_with = "one_or_many", alias = "from")]
        identities: Vec<IdentityId>,
        /// The one that stays; left out, the named and largest one.
        #[serde(default, skip_serializing_if = "Option::is_none", alias = "to")]
        into: Option<IdentityId>,
    },
    /// Moves tracks to an identity.
    Move {
        /// Track ids.
        #[serde(deserialize_with = "one_or_many", alias = "track")]
        tracks: Vec<String>,
        /// Where to.
        #[serde(alias = "identity", alias = "into")]
        to: IdentityId,
    },
    /// Makes tracks a new identity of their own.
    Split {
        /// Track ids.
        #[serde(deserialize_with = "one_or_many", alias = "track")]
        tracks: Vec<String>,
        /// The new identity's number; filled in when the edit enters the log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new: Option<IdentityId>,
        /// Its name, where one is given at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Takes tracks out of all identities, into the Unassigned tray.
    Reject {
        /// Track ids.
        #[serde(deserialize_with = "one_or_many", alias = "track")]
        tracks: Vec<String>,
    },
    /// Puts identities aside.
    Ignore {
        /// Which.
        #[serde(deserialize_with = "one_or_many", alias = "identity", alias = "id")]
        identities: Vec<IdentityId>,
    },
    /// Brings ignored identities back.
    Restore {
        /// Which.
        #[serde(deserialize_with = "one_or_many", alias = "identity", alias = "id")]
        identities: Vec<IdentityId>,
    },
    /// Says that identities are right as they are.
    Confirm {
        /// Which.
        #[serde(deserialize_with = "one_or_many", alias = "identity", alias = "id")]
        identities: Vec<IdentityId>,
    },
    /// Chooses the track whose picture stands for an identity.
    Cover {
        /// Whose.
        #[serde(alias = "id")]
        identity: IdentityId,
        /// Which of its tracks.
        track: String,
    },
    /// Two tracks are never the same person.
    CannotLink(Link),
    /// Two tracks are the same person.
    MustLink(Link),
    /// Takes over a clustering's result; recorded as a result, so that replay never depends
    /// on an algorithm.
    Adopt(Adopted),
}

/// The result of a clustering, as it was adopted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adopted {
    /// Where it came from, in words: method, model, radius.
    pub source: String,
    /// Every proposed identity with its tracks; kept identities are not named.
    pub identities: Vec<(IdentityId, Vec<String>)>,
    /// The key under which the clustering is kept, so that undo finds it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Fingerprint>,
    /// The sha256 of a head that was learned on this project and is in force from here on; none
    /// where the clustering changes nothing about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
}

/// Why an edit was not taken; the state is as before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such identity now.
    #[error("there is no identity {0} (any more); list them again")]
    Identity(IdentityId),
    /// No such track.
    #[error("there is no track `{0}` in this project")]
    Track(String),
    /// Too few things to work on.
    #[error("{0}")]
    Nothing(&'static str),
    /// A cover from another identity.
    #[error("the track `{track}` does not belong to identity {identity}")]
    NotIn {
        /// The track.
        track: String,
        /// The identity.
        identity: IdentityId,
    },
    /// A cannot-link between tracks that older must-links join.
    #[error(
        "{} were said to be the same person; undo one of these links, or add \"override\": true, and the \
         oldest of them goes", in_a_row(.chain)
    )]
    Joined {
        /// The tracks from one to the other, each linked to the next.
        chain: Vec<String>,
    },
    /// A must-link between tracks that an older cannot-link parts.
    #[error(
        "`{a}` and `{b}` cannot be the same person while `{x}` and `{y}` were said not to be; undo that link, \
         or add \"override\": true, and the oldest link in the way goes"
    )]
    Parted {
        /// One track of the new link.
        a: String,
        /// The other.
        b: String,
        /// One track of the older link.
        x: String,
        /// The other.
        y: String,
    },
    /// A must-link that makes tracks one person that are seen at the same time.
    #[error(
        "`{a}` and `{b}` cannot be the same person while `{x}` and `{y}` are seen at the same time{}; add \
         \"override\": true where one of them is no real face", and_more(*.more)
    )]
    Together {
        /// One track of the new link.
        a: String,
        /// The other.
        b: String,
        /// The first of the overlapping tracks.
        x: String,
        /// The one that it overlaps with.
        y: String,
        /// How many more overlapping pairs the link would join.
        more: usize,
    },
    /// A clustering is adopted by running one.
    #[error("a clustering is adopted by running one, not by an edit")]
    Adopt,
}

/// `` `a` – `b` – `c` ``.
fn in_a_row(tracks: &[String]) -> String {
    tracks.iter().map(|track| format!("`{track}`")).collect::<Vec<_>>().join(" – ")
}

fn and_more(pairs: usize) -> String {
    if pairs == 0 { String::new() } else { format!(" (and {pairs} more such pairs)") }
}

/// `3` as well as `[3, 7]`.
fn one_or_many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany<T> {
        One(T),
        Many(Vec<T>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

impl Review {
    /// Checks an edit against the present state and completes it (`fresh` becomes the number
    /// of a new identity). `together` holds the pairs of tracks that are seen at the same
    /// time; only must-links look at it.
    ///
    /// # Errors
    /// [`Refusal`] in plain words; nothing changes.
    pub fn prepare(&self, edit: Edit, fresh: IdentityId, together: &Constraints) -> Result<Edit, Refusal> {
        match edit {
            Edit::Rename { identity, name } => {
                self.known(&[identity])?;
                Ok(Edit::Rename { identity, name: name.trim().to_owned() })
            }
            Edit::Merge { identities, into } => self.prepare_merge(identities, into),
            Edit::Move { tracks, to } => {
                self.known(&[to])?;
                let tracks = self.known_tracks(tracks)?;
                Ok(Edit::Move { tracks, to })
            }
            Edit::Split { tracks, name, .. } => {
                let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
                Ok(Edit::Split { tracks: self.known_tracks(tracks)?, new: Some(fresh), name })
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
            Edit::CannotLink(link) => {
                self.prepare_link(link, LinkKind::Cannot, together).map(Edit::CannotLink)
            }
            Edit::MustLink(link) => self.prepare_link(link, LinkKind::Must, together).map(Edit::MustLink),
            Edit::Adopt(_) => Err(Refusal::Adopt),
        }
    }

    fn prepare_merge(
        &self,
        mut identities: Vec<IdentityId>,
        into: Option<IdentityId>,
    ) -> Result<Edit, Refusal> {
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
        Ok(Edit::Merge { identities, into })
    }

    fn known(&self, ids: &[IdentityId]) -> Result<(), Refusal> {
        ids.iter()
            .find(|id| !self.identities.contains_key(id))
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
