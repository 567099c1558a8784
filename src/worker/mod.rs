//! The background threads: one lane for long jobs, and a last-in-first-out one for
//! thumbnails, so that pictures never wait for a clustering.
//!
//! Takes closures; gives their results over channels that the window drains once a frame. A
//! panic in a job becomes a message, and the lane goes on.

mod lane;
mod stack;

pub(crate) use lane::{Lane, Outcome};
pub(crate) use stack::Stack;

/// What a panicking job said.
fn panic_words(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown reason".to_owned())
}
