//! Suggestions and evidence for the curator's questions.
//!
//! Takes the tracks' vectors in the clustering space of the last run and the present state of the
//! review; says who may be the same person, which tracks are doubtful, into which parts an
//! identity falls, and why. It advises: every answer of the curator is an ordinary edit, made by
//! the review's own rules. It knows no files and no window, and never decides.

mod candidates;
mod centres;
mod doubtful;
mod edits;
mod evidence;
mod known_different;
mod likelihood;
mod mixed;
mod order;
mod page;
mod queue;
mod recognition;
mod split;
#[cfg(test)]
mod tests;
mod unnamed;
mod vectors;
mod videos;

pub use candidates::{LikelyPerson, accept_likely, likely};
pub use doubtful::{DoubtfulTrack, doubtful};
pub(crate) use doubtful::{doubtful_tracks, typicality};
pub(crate) use evidence::{Evidence, pair_evidence, track_evidence, tracks_evidence};
pub use likelihood::likelihood;
pub(crate) use mixed::split_mixed;
pub use mixed::{MixedIdentity, mixed_identities};
pub(crate) use page::split_into_tracks;
pub use page::{accept, answer, checked};
pub use queue::{MergeQuestion, QuestionQueue, RemainingWork};
pub(crate) use recognition::unlike;
pub use recognition::{Prototype, Resemblance, accept_recognised, recognise_all};
pub(crate) use split::SplitSuggestion;
pub use split::groups;
pub use vectors::{TwoPeople, Vectors};
