//! The few icons: what undoes, closes, turns and searches, beside words or alone with a label for
//! screen readers.
//!
//! Takes egui's context once for the font; gives icons as text. An icon never stands for a thing
//! that has no word.

use eframe::egui::{Button, Context, FontFamily, Response, RichText, Stroke, Ui, Vec2};
pub(crate) use egui_material_icons::MaterialIcon as Icon;
pub(crate) use egui_material_icons::icons::{
    ICON_ARROW_BACK as BACK, ICON_ARROW_FORWARD as TOWARDS, ICON_BOLT as PALETTE, ICON_CALL_SPLIT as SPLIT,
    ICON_CHECK as CONFIRM, ICON_CHECKLIST as CHECK, ICON_CHEVRON_LEFT as PREVIOUS,
    ICON_CHEVRON_RIGHT as NEXT, ICON_CONTACTS as KNOWN, ICON_CONTENT_CUT as CUT, ICON_CONTRAST as APPEARANCE,
    ICON_DELETE as REJECT, ICON_DOWNLOAD as EXPORT, ICON_EDIT as NAME, ICON_FOLDER_OPEN as OPEN,
    ICON_GROUP as PEOPLE, ICON_GROUPS as CROWD, ICON_HELP as UNASSIGNED, ICON_HISTORY as HISTORY,
    ICON_INFO as WHY, ICON_KEYBOARD as KEYS, ICON_LANGUAGE as LANGUAGE, ICON_LINK as LINK,
    ICON_LOGOUT as LEAVE, ICON_MERGE as MERGE, ICON_MOVE_ITEM as MOVE, ICON_PERSON_ADD as KEEP,
    ICON_PERSON_OFF as NOT_SAME, ICON_PHOTO as COVER, ICON_QUIZ as QUESTION, ICON_REDO as REDO,
    ICON_RESTART_ALT as RERUN, ICON_SCATTER_PLOT as MAP, ICON_SEARCH as SEARCH,
    ICON_SELECT_ALL as SELECT_ALL, ICON_SETTINGS as SETTINGS, ICON_UNDO as UNDO,
    ICON_VIEW_TIMELINE as TIMELINE, ICON_VISIBILITY_OFF as IGNORE, ICON_ZOOM_IN as LOUPE,
};

/// Side of an icon beside text, in points.
pub(crate) const SIZE: f32 = 17.0;

/// Loads the font.
pub(crate) fn install(ctx: &Context) {
    egui_material_icons::initialize(ctx);
}

/// The icon as text in the present colour.
pub(crate) fn text(icon: Icon) -> RichText {
    icon.rich_text().size(SIZE)
}

/// The font's family, for what is painted.
pub(crate) fn family(icon: Icon) -> FontFamily {
    icon.font_family()
}

/// A square button that is an icon alone; `label` is read by screen readers and shown as a
/// tooltip where the caller shows no other.
pub(crate) fn button(ui: &mut Ui, icon: Icon, label: &str, is_enabled: bool) -> Response {
    let side = ui.spacing().interact_size.y;
    let button = Button::new(text(icon)).min_size(Vec2::splat(side)).stroke(Stroke::NONE);
    ui.scope(|ui| {
        ui.spacing_mut().button_padding = Vec2::splat(4.0);
        ui.add_enabled(is_enabled, button)
    })
    .inner
    .accessible_name(label)
}
