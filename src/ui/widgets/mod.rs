//! Widgets: what is drawn in more than one place, from colours and icons to a track's filmstrip.

pub(crate) mod banner;
pub(crate) mod card;
pub(crate) mod fonts;
pub(crate) mod icons;
pub(crate) mod markers;
pub(crate) mod name_field;
pub(crate) mod paint;
pub(crate) mod person_rows;
pub(crate) mod plane_view;
pub(crate) mod playback;
pub(crate) mod points;
pub(crate) mod theme;
pub(crate) mod thumbnails;
pub(crate) mod time_range;
pub(crate) mod toasts;
