//! Views of the review: plain data that the window draws and the command line prints.
//!
//! Takes tracks and states of the review; gives what changes between two states, what a new
//! clustering or another method would do, who appears when, and who is hardly seen. A view reads
//! no files, decides nothing and changes nothing: at most it names the ordinary edit that would.

mod diff;
mod opinion;
mod regrouping;
mod strangers;
mod timeline;

pub use diff::{Change, Diff};
pub use opinion::Opinion;
pub(crate) use opinion::{Beside, Difference, Wish};
pub use regrouping::NoPart;
pub(crate) use regrouping::{Move, Part, Regrouping};
pub(crate) use strangers::{BLURRED, Bars, Sharpness, Stranger, Strangers};
pub(crate) use timeline::{Appearance, Lane, Spell, TimeUnit, Timeline, VideoLanes};
