//! The background threads: one thread for long jobs, and a last-in-first-out one for
//! thumbnails, so that pictures never wait for a clustering.
//!
//! Takes closures; gives their results through channels that the window reads once per frame. A
//! panic in a job becomes a message, and the thread goes on.

mod job_thread;
mod lifo_pool;

pub(crate) use job_thread::{JobOutcome, JobThread};
pub(crate) use lifo_pool::LifoPool;

/// What a panicking job said.
fn panic_words(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown reason".to_owned())
}
