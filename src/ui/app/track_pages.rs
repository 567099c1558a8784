//! The pages of all tracks at once.

use eframe::egui::Ui;

use crate::ui::actions::menu;
use crate::ui::pages::known_people::{self, KnownPeoplePage};
use crate::ui::pages::map::{self, MapPage};
use crate::ui::pages::strangers::{self, StrangersPage};
use crate::ui::pages::timeline::{self, TimelinePage};
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::state::PageState;
use crate::ui::widgets::thumbnails::Thumbnails;

/// The pages of all tracks at once.
#[derive(Debug, Default)]
pub(crate) struct TrackPages {
    pub timeline: TimelinePage,
    pub map: MapPage,
    pub strangers: StrangersPage,
    pub known: KnownPeoplePage,
}

impl TrackPages {
    /// Draws the page that is looked at, where it is one of them.
    pub(crate) fn show(
        &mut self,
        ui: &mut Ui,
        view: &PanelContext,
        state: &mut PageState,
        thumbs: &mut Thumbnails,
        out: &mut Vec<Request>,
    ) {
        ui.horizontal(|ui| menu::back_button(ui, out));
        match state.page {
            Page::Timeline => timeline::show(ui, view, &mut self.timeline, thumbs, out),
            Page::Map => map::show(ui, view, state, &mut self.map, thumbs, out),
            Page::KnownPeople => known_people::show(ui, view, &mut self.known, thumbs, out),
            Page::Strangers => strangers::show(ui, view, &mut self.strangers, thumbs, out),
            Page::People | Page::Pairs | Page::Rerun => {}
        }
    }
}
