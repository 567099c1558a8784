//! Castlist answers "who is in this footage?": it reads video face tracks, embeds them,
//! clusters them into identities and lets a curator review and export the result.
//!
//! The rooms and who may import whom are described in `ARCHITECTURE.md` and proved by
//! `tests/tidy.rs`.

pub mod advice;
pub mod base;
pub mod cli;
pub mod cluster;
pub mod demo;
pub mod embed;
pub mod export;
pub mod graph;
pub mod infer;
pub mod learn;
pub mod library;
pub mod map;
pub mod metrics;
pub mod models;
pub mod pooling;
pub mod project;
pub mod review;
pub mod session;
pub mod study;
pub mod tracks;
#[cfg(feature = "gui")]
pub mod ui;
pub mod worker;
