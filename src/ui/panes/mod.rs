//! Panes: the bar, the people, the faces and the panels beside them. Each takes its own state and a
//! read-only view, and asks.

pub(crate) mod banners;
pub(crate) mod evidence;
pub(crate) mod faces;
pub(crate) mod filmstrip;
pub(crate) mod history;
pub(crate) mod inspector;
pub(crate) mod job_strip;
pub(crate) mod level;
pub(crate) mod model_offers;
pub(crate) mod opinion;
pub(crate) mod parameters;
pub(crate) mod people;
pub(crate) mod settings;
pub(crate) mod top_bar;
