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
pub use opinion::{Beside, Difference, Opinion, Wish};
pub use regrouping::{Move, NoPart, Part, Regrouping};
pub use strangers::{BLURRED, Bars, Sharpness, Stranger, Strangers};
pub use timeline::{Appearance, Lane, Spell, TimeUnit, Timeline, VideoLanes};
