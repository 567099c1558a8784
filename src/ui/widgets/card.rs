//! One identity in the gallery: its cover, name, facts and marks.

use eframe::egui::{Align2, Color32, FontId, Id, Rect, Response, Role, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::review::{IdentityId, IdentityState};
use crate::ui::lang::t;
use crate::ui::view::card::Card;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::paint;
use crate::ui::widgets::theme::{self, Badge};
use crate::ui::widgets::thumbnails::Thumbnails;

/// Room below the picture for name and facts, in points.
pub(crate) const TEXT_HEIGHT: f32 = 44.0;

/// The widget of an identity's card.
pub(crate) fn card_id(id: IdentityId) -> Id {
    Id::unique(("card", id))
}

/// Outer size of a card with a picture of this side.
pub(crate) fn size(tile: f32) -> Vec2 {
    vec2(tile, tile + TEXT_HEIGHT)
}

/// Where the name stands, for the box that takes its place.
pub(crate) fn name_rect(card: Rect) -> Rect {
    Rect::from_min_size(pos2(card.left(), card.bottom() - TEXT_HEIGHT + 4.0), vec2(card.width(), 22.0))
}

/// Draws the card and describes it to screen readers.
pub(crate) fn draw(
    ui: &Ui,
    rect: Rect,
    view: &PanelContext,
    card: &Card,
    is_chosen: bool,
    response: &Response,
    thumbs: &mut Thumbnails,
) {
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, card.spoken()));
    let picture = Rect::from_min_size(rect.min, Vec2::splat(rect.width()));
    let is_ignored = card.state == IdentityState::Ignored;
    let tint = if is_ignored { Color32::from_gray(110) } else { Color32::WHITE };
    paint::picture(ui, picture, view.cover(card).as_deref(), thumbs, tint);
    let accent = theme::accent(ui);
    if is_chosen {
        paint::ring(ui, picture, 2.5, accent);
        paint::tick(ui.painter(), picture.left_top() + vec2(15.0, 15.0), 9.0, theme::mark(ui, Badge::Chosen));
    } else if response.has_focus() {
        paint::ring(ui, picture, 1.5, accent);
    } else if response.hovered() {
        paint::ring(ui, picture, 1.0, theme::muted(ui));
    }
    match card.state {
        IdentityState::Proposed => {}
        IdentityState::Confirmed => {
            let at = picture.right_bottom() - vec2(14.0, 14.0);
            paint::tick(ui.painter(), at, 8.0, theme::mark(ui, Badge::Settled));
        }
        IdentityState::Ignored => {
            paint::label(ui, picture.left_bottom() + vec2(6.0, -6.0), Align2::LEFT_BOTTOM, &t!("ignored"));
        }
    }
    if card.n_doubtful > 0 && !is_ignored {
        let corner = picture.right_top() + vec2(-6.0, 6.0);
        paint::label(ui, corner, Align2::RIGHT_TOP, &t!("doubt-badge", n = card.n_doubtful));
    }
    let ink = if card.is_named { ui.visuals().strong_text_color() } else { ui.visuals().text_color() };
    let name = paint::line(ui, &card.title, FontId::proportional(14.5), ink, rect.width());
    ui.painter().galley(name_rect(rect).min, name, ink);
    let muted = theme::muted(ui);
    let font = FontId::proportional(11.5);
    let fits = |text: &String| {
        ui.painter().layout_no_wrap(text.clone(), font.clone(), muted).size().x <= rect.width()
    };
    // What fits is shown in full; fewer facts rather than half a number.
    let facts = Some(card.facts()).filter(fits).unwrap_or_else(|| card.short_facts());
    let facts = paint::line(ui, &facts, font.clone(), muted, rect.width());
    ui.painter().galley(name_rect(rect).min + vec2(0.0, 20.0), facts, muted);
}
