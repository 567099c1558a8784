//! Why an edit was not taken, in words that say what to do about it.

use super::IdentityId;
use crate::base::{ControlCharacter, DetailError};

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
    /// A name that cannot be one.
    #[error(transparent)]
    Name(#[from] ControlCharacter),
    /// Details that cannot be such.
    #[error(transparent)]
    Detail(#[from] DetailError),
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
         oldest of them goes", chain_words(.chain)
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
    /// An edit that makes tracks one person which are seen at the same time, or which were said not
    /// to be the same person. All pairs that it would newly bring together.
    #[error("{}", conflict_message(.pairs, .links))]
    Conflict {
        /// Pairs that are seen at the same time.
        pairs: Vec<(String, String)>,
        /// Pairs that a cannot-link of the curator keeps apart.
        links: Vec<(String, String)>,
    },
    /// A clustering is adopted by running one.
    #[error("a clustering is adopted by running one, not by an edit")]
    Adopt,
    /// An edit that stands for an erased person.
    #[error("a person is erased by `castlist project erase`, not by an edit")]
    Erase,
    /// A track that cannot be cut at a frame.
    #[error("`{track}` cannot be cut at frame {at}: {why}")]
    NoCut {
        /// The track.
        track: String,
        /// The frame.
        at: u64,
        /// Why, in words.
        why: String,
    },
    /// A gesture, or the cut of a track, inside a gesture.
    #[error("`all` takes single edits; put the inner ones, and `split-track`, beside the others")]
    Nested,
}

/// `` `a` – `b` – `c` ``.
fn chain_words(tracks: &[String]) -> String {
    tracks.iter().map(|track| format!("`{track}`")).collect::<Vec<_>>().join(" – ")
}

fn and_more(pairs: usize) -> String {
    if pairs == 0 { String::new() } else { format!(" (and {pairs} more such pairs)") }
}

/// How many pairs a message names.
const TOLD: usize = 3;

/// `` `a` and `b` are seen at the same time (and 2 more such pairs) ``.
fn conflict_message(seen: &[(String, String)], links: &[(String, String)]) -> String {
    let pairs = |pairs: &[(String, String)], what: &str| {
        let told: Vec<String> = pairs.iter().take(TOLD).map(|(a, b)| format!("`{a}` and `{b}`")).collect();
        format!("{} {what}{}", told.join(", "), and_more(pairs.len().saturating_sub(TOLD)))
    };
    let mut text = String::new();
    if !seen.is_empty() {
        text.push_str(&pairs(seen, "are seen at the same time"));
    }
    if !links.is_empty() {
        text.push_str(if seen.is_empty() { "" } else { ", and " });
        text.push_str(&pairs(links, "were said not to be the same person"));
    }
    let gone = if links.is_empty() { "" } else { "; what was said then goes" };
    format!(
        "{text}, so they cannot be one person; add \"override\": true to put them together all the same{gone}"
    )
}
