//! Castlist answers "who is in this footage?": it reads video face tracks, embeds them,
//! clusters them into identities and lets a curator review and export the result.
//!
//! `ARCHITECTURE.md` describes the modules and which module may import which; `tests/tidy.rs`
//! checks it.
//!
//! Public is what reads tracks, embeds, clusters, scores and exports, and what the benches, examples
//! and tests use of the rest.
//!
//! # Example
//!
//! From a matrix of embeddings to clusters and scores:
//!
//! ```
//! use castlist::base::{Constraints, Cx};
//! use castlist::cluster::{MethodInputs, MethodParams};
//! use castlist::{metrics, tracks};
//! # use npyz::WriterBuilder;
//! # use rand::RngExt;
//! # let (dir, mut rng) = (tempfile::tempdir()?, castlist::base::seeded(1));
//! # let truth: Vec<u32> = (0..60).map(|track| track / 6).collect();
//! # let of_person = |person: u32, column| if person == column { 1.0 } else { 0.0 };
//! # let mut data: Vec<f32> = Vec::new();
//! # for &person in &truth {
//! #     data.extend((0..32).map(|column| of_person(person, column) + rng.random_range(-0.1..0.1)));
//! # }
//! # let file = dir.path().join("tracks.npy");
//! # let array = npyz::WriteOptions::new().default_dtype().shape(&[60, 32]);
//! # let mut array = array.writer(std::fs::File::create(&file)?).begin_nd()?;
//! # array.extend(data)?;
//! # array.finish()?;
//!
//! // One row per track; `file` is a `.npy` or `.npz`.
//! let rows = tracks::read_matrix(&file, None, None)?.rows.into_unit()?;
//!
//! // The default method with its default parameters, and no constraints.
//! let params = MethodParams::default();
//! let found = params.run(&rows, &Constraints::default(), MethodInputs::default(), &Cx::new())?;
//!
//! // `truth` holds the identity of each track.
//! let scores = metrics::evaluate(&truth, found.partition.labels())?;
//! println!("{} clusters, BCubed F {:.3}", scores.n_clusters, scores.bcubed.f);
//! assert!(scores.n_clusters == 10 && scores.bcubed.f > 0.99);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![warn(unreachable_pub)]
#![cfg_attr(
    not(feature = "gui"),
    allow(dead_code, unused_imports, reason = "what the window alone uses has no use without it")
)]

pub mod advice;
pub mod base;
pub mod cli;
pub mod cluster;
pub mod demo;
pub mod embed;
pub mod export;
mod files;
pub mod graph;
pub mod heads;
pub mod infer;
pub mod learn;
pub mod library;
mod map;
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
pub mod video;
pub mod views;
#[cfg(feature = "gui")]
mod worker;
