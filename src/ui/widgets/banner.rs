//! A strip above the page.

use eframe::egui::{Align, Frame, Layout, Ui};

use super::{paint, theme};
use crate::ui::lang::t;
use crate::ui::view::state::{Banner, PageState};

/// A strip above the page; one that can be dismissed stays away once it was.
pub(crate) fn banner(
    ui: &mut Ui,
    text: &str,
    dismiss: Option<(Banner, &mut PageState)>,
    buttons: impl FnOnce(&mut Ui),
) {
    if dismiss.as_ref().is_some_and(|(banner, state)| state.dismissed.contains(banner)) {
        return;
    }
    let fill = theme::accent(ui).gamma_multiply(0.12);
    Frame::new().fill(fill).inner_margin(eframe::egui::Margin::symmetric(12, 7)).corner_radius(6).show(
        ui,
        |ui| {
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if let Some((banner, state)) = dismiss
                        && paint::close(ui, &t!("dismiss"))
                    {
                        state.dismissed.insert(banner);
                    }
                    buttons(ui);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.add(eframe::egui::Label::new(text).wrap());
                    });
                });
            });
        },
    );
    ui.add_space(theme::GAP * 0.5);
}
