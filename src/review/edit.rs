//! The closed set of edits: what each says, in Rust and in JSON.
//!
//! An edit is checked strictly before it enters the log
//! ([`Review::prepare`](super::Review::prepare)) and applied without fail at replay
//! ([`Review::apply`](super::Review::apply)), where tracks that have left the folder since are
//! passed over. This file decides nothing about the state.

use serde::{Deserialize, Deserializer, Serialize};

use super::{IdentityId, KnownPerson};
use crate::base::{Details, Fingerprint};

/// What a link says of two tracks, as it is in an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConstraintEdit {
    /// One track.
    pub a: String,
    /// The other.
    pub b: String,
    /// Whether it stands over what contradicts it, instead of being refused.
    #[serde(rename = "override", default, skip_serializing_if = "std::ops::Not::not")]
    pub overrides: bool,
    /// The older links that go for it; filled in when the edit enters the log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<(String, String)>,
}

/// A detail of a merged identity that the one that stays has otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostDetail {
    /// Its name.
    pub name: String,
    /// The value that stays.
    pub kept: String,
    /// The value that goes.
    pub lost: String,
}

/// One gesture of the curator, or one adopted clustering.
///
/// In JSON the field `edit` names the variant: `{"edit":"merge","identities":[3,7]}`. Where a
/// list is asked for, one value may stand alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Edit {
    /// Gives a name, which also confirms; an empty name takes it away.
    Rename {
        /// Which.
        #[serde(alias = "id")]
        identity: IdentityId,
        /// The name as typed.
        name: String,
    },
    /// Notes details of a person beyond the name; one with an empty value goes, all others stay.
    Describe {
        /// Whose.
        #[serde(alias = "id")]
        identity: IdentityId,
        /// The details by their names.
        details: Details,
    },
    /// Gives the name of a person of a library, and says that it is that person; confirms, too.
    Recognise {
        /// Which.
        #[serde(alias = "id")]
        identity: IdentityId,
        /// Who of the library.
        person: KnownPerson,
        /// What the library calls them.
        name: String,
    },
    /// Says that tracks are not a person of a library, so that it is not asked again.
    Unlike {
        /// Track ids.
        #[serde(deserialize_with = "one_or_many", alias = "track")]
        tracks: Vec<String>,
        /// Who of the library.
        person: KnownPerson,
        /// What the library calls them.
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
        /// Whether it brings tracks together that are seen at the same time or that were said not
        /// to be the same person, instead of being refused.
        #[serde(rename = "override", default, skip_serializing_if = "std::ops::Not::not")]
        overrides: bool,
        /// The cannot-links that go for it; filled in when the edit enters the log.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        drops: Vec<(String, String)>,
        /// The details in which they differ; filled in when the edit enters the log.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lost: Vec<LostDetail>,
    },
    /// Moves tracks to an identity.
    Move {
        /// Track ids.
        #[serde(deserialize_with = "one_or_many", alias = "track")]
        tracks: Vec<String>,
        /// Where to.
        #[serde(alias = "identity", alias = "into")]
        to: IdentityId,
        /// Whether it brings tracks together that are seen at the same time or that were said not
        /// to be the same person, instead of being refused.
        #[serde(rename = "override", default, skip_serializing_if = "std::ops::Not::not")]
        overrides: bool,
        /// The cannot-links that go for it; filled in when the edit enters the log.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        drops: Vec<(String, String)>,
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
        /// Details of the person, where some are given at once.
        #[serde(default, skip_serializing_if = "Details::is_empty")]
        details: Details,
        /// Whether it brings tracks together that are seen at the same time or that were said not
        /// to be the same person, instead of being refused.
        #[serde(rename = "override", default, skip_serializing_if = "std::ops::Not::not")]
        overrides: bool,
        /// The cannot-links that go for it; filled in when the edit enters the log.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        drops: Vec<(String, String)>,
    },
    /// Takes tracks out of all identities, into the Unassigned tray.
    Reject {
        /// Track ids.
        #[serde(deserialize_with = "one_or_many", alias = "track")]
        tracks: Vec<String>,
    },
    /// Ignores identities.
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
    /// Cuts a track that shows two people: what lies from a frame on becomes an identity of its
    /// own, which a run may place. Both parts are tracks from then on.
    SplitTrack {
        /// The track.
        track: String,
        /// The first frame of its second part.
        at: u64,
        /// The number of the second part's identity; filled in when the edit enters the log. None
        /// where the track is in no identity.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new: Option<IdentityId>,
    },
    /// Two tracks are never the same person.
    CannotLink(ConstraintEdit),
    /// Two tracks are the same person.
    MustLink(ConstraintEdit),
    /// Adopts a clustering's result; recorded as a result, so that replay never depends
    /// on an algorithm.
    Adopt(AdoptedClustering),
    /// A person was erased; `castlist project erase` writes it, and undo passes over it.
    Erase {
        /// How many tracks of the person were in the project.
        tracks: usize,
    },
    /// In the place of an edit that spoke of a person who was erased since. It does nothing but what
    /// the edit did to others.
    Erased {
        /// The number of the identity that the edit made, so that it is not given again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new: Option<IdentityId>,
        /// The links between other people's tracks that the edit replaced.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        drops: Vec<(String, String)>,
    },
    /// Several edits that are one gesture: one entry of the log, one step of undo. Each is checked
    /// against the state that the ones before it leave; one that is refused refuses all.
    All {
        /// The edits, in order; neither `All` nor `Adopt`, and `SplitTrack` only where two projects were
        /// merged.
        edits: Vec<Edit>,
    },
}

impl Edit {
    /// Makes several identities one; `into` is the one that stays, or the named and largest one.
    #[must_use]
    pub fn merge(identities: Vec<IdentityId>, into: Option<IdentityId>) -> Self {
        Self::Merge { identities, into, overrides: false, drops: Vec::new(), lost: Vec::new() }
    }

    /// Moves tracks to an identity.
    #[must_use]
    pub fn move_to(tracks: Vec<String>, to: IdentityId) -> Self {
        Self::Move { tracks, to, overrides: false, drops: Vec::new() }
    }

    /// Makes tracks a new identity, with a name where one is given.
    #[must_use]
    pub fn split(tracks: Vec<String>, name: Option<String>) -> Self {
        Self::split_described(tracks, name, Details::new())
    }

    /// [`Self::split`] with details of the person.
    #[must_use]
    pub fn split_described(tracks: Vec<String>, name: Option<String>, details: Details) -> Self {
        Self::Split { tracks, new: None, name, details, overrides: false, drops: Vec::new() }
    }

    /// Says that tracks are the same person, each with the first: one gesture.
    #[must_use]
    pub fn must_link(tracks: Vec<String>) -> Self {
        let mut tracks = tracks.into_iter();
        let first = tracks.next().unwrap_or_default();
        let link =
            |b| Self::MustLink(ConstraintEdit { a: first.clone(), b, overrides: false, drops: Vec::new() });
        let mut edits: Vec<Self> = tracks.map(link).collect();
        match edits.len() {
            1 => edits.remove(0),
            _ => Self::All { edits },
        }
    }

    /// Says that two tracks are never the same person.
    #[must_use]
    pub fn cannot_link(a: String, b: String) -> Self {
        Self::CannotLink(ConstraintEdit { a, b, overrides: false, drops: Vec::new() })
    }

    /// The same edit, which holds against what it would be refused for; edits that nothing
    /// contradicts stay as they are.
    #[must_use]
    pub fn overriding(self) -> Self {
        match self {
            Self::Merge { identities, into, drops, lost, .. } => {
                Self::Merge { identities, into, overrides: true, drops, lost }
            }
            Self::Move { tracks, to, drops, .. } => Self::Move { tracks, to, overrides: true, drops },
            Self::Split { tracks, new, name, details, drops, .. } => {
                Self::Split { tracks, new, name, details, overrides: true, drops }
            }
            Self::CannotLink(link) => Self::CannotLink(ConstraintEdit { overrides: true, ..link }),
            Self::MustLink(link) => Self::MustLink(ConstraintEdit { overrides: true, ..link }),
            Self::All { edits } => Self::All { edits: edits.into_iter().map(Self::overriding).collect() },
            other => other,
        }
    }

    /// Whether it says of tracks that they are the same person, and nothing else.
    pub(crate) fn is_must_links(&self) -> bool {
        self.parts().iter().all(|edit| matches!(edit, Self::MustLink(_)))
    }

    /// The edits that it is made of: those of [`Edit::All`], or itself alone.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::All { edits } => edits,
            one => std::slice::from_ref(one),
        }
    }

    /// The highest number of an identity that it makes; 0 where it makes none.
    pub(crate) fn highest_identity(&self) -> u64 {
        match self {
            Self::Adopt(adopted) => adopted.identities.iter().map(|(id, _)| id.0).max().unwrap_or(0),
            Self::Split { new, .. } | Self::SplitTrack { new, .. } | Self::Erased { new, .. } => {
                new.map_or(0, |id| id.0)
            }
            Self::All { edits } => edits.iter().map(Self::highest_identity).max().unwrap_or(0),
            _ => 0,
        }
    }
}

/// The result of a clustering, as it was adopted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptedClustering {
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
