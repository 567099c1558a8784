//! The one way in which long work says that it was stopped.

/// The user (or Ctrl+C) asked for the work to stop; nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;
