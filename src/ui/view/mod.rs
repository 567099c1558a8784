//! What all panels read and ask: the listing of people, what is looked at, requests, and what is
//! remembered between two starts.

pub(crate) mod ask;
pub(crate) mod card;
pub(crate) mod context;
pub(crate) mod listing;
pub(crate) mod saved_state;
pub(crate) mod selection;
pub(crate) mod state;
