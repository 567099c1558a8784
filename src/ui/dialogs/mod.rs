//! Dialogs: what lies over the window until it is answered. Each takes its own state and a read-only
//! view, and asks.

pub(crate) mod conflict;
pub(crate) mod export;
pub(crate) mod keep;
pub(crate) mod learning;
pub(crate) mod loupe;
pub(crate) mod merged;
pub(crate) mod move_dialog;
pub(crate) mod names;
pub(crate) mod namesake;
pub(crate) mod palette;
pub(crate) mod path;
pub(crate) mod reread;
pub(crate) mod shortcuts;
pub(crate) mod sure;
