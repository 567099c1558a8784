//! Views of the review: plain data that the window draws and the command line prints.
//!
//! Takes tracks and states of the review; gives what changes between two states, what a new
//! clustering or another method would do, who appears when, who barely appears, and which pictures
//! show somebody best. A view reads
//! no files, decides nothing and changes nothing: at most it names the ordinary edit that would.

mod diff;
mod face_measures;
mod names_import;
mod opinion;
mod project_merge;
mod regrouping;
mod strangers;
mod timeline;

pub use diff::{Diff, IdentityChange};
pub(crate) use face_measures::{FaceMeasures, TrackMeasure};
pub(crate) use names_import::NamesImport;
pub use opinion::Opinion;
pub(crate) use opinion::{Difference, OpinionAction, OpinionDiff};
pub(crate) use project_merge::{MergeSide, ProjectMerge};
pub use regrouping::UnknownGroup;
pub(crate) use regrouping::{ChangeGroup, Move, Regrouping};
pub(crate) use strangers::{BLURRED, Stranger, StrangerLimits, Strangers};
pub(crate) use timeline::{Appearance, IdentityLane, LaneTrack, TimeUnit, Timeline, VideoLanes};
