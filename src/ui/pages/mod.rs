//! Pages: what fills the window instead of people and faces. Each takes its own state and a read-only
//! view, and asks.

pub(crate) mod check_grid;
pub(crate) mod known_people;
pub(crate) mod library_members;
pub(crate) mod map;
pub(crate) mod mixed;
pub(crate) mod pairs;
pub(crate) mod rerun;
pub(crate) mod split;
pub(crate) mod strangers;
pub(crate) mod timeline;
pub(crate) mod welcome;
