//! What the machine answers to a curator's question.
//!
//! Takes the tracks' vectors in the clustering space of the last run and the present state of the
//! review; says who may be the same person, which tracks are doubtful, into which parts an
//! identity falls, and why. It advises: every answer of the curator is an ordinary edit, made by
//! the review's own rules. It knows no files and no window, and never decides.

mod bars;
mod belief;
mod centres;
mod doubts;
mod edits;
mod falling;
mod known;
mod likely;
mod order;
mod page;
mod parting;
mod queue;
mod rest;
#[cfg(test)]
mod tests;
mod vectors;
mod videos;
mod why;

pub use belief::likelihood;
pub(crate) use doubts::typicality;
pub use doubts::{Doubt, doubtful};
pub(crate) use falling::split_all;
pub use falling::{Falling, falling};
pub(crate) use known::unlike;
pub use known::{LookRow, Resemblance, recognise, resembling};
pub use likely::likely;
pub(crate) use page::take_apart;
pub use page::{accept, answer, checked};
pub(crate) use parting::Parting;
pub use parting::groups;
pub use queue::{Left, Pair, Queue};
pub use vectors::{TwoPeople, Vectors};
pub(crate) use why::{Why, why_pair, why_track, why_tracks};
