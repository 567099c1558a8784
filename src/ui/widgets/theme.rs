//! What the window looks like: colours, type sizes, distances, light and dark.
//!
//! Takes egui's context once; gives both of its styles, and the few colours and distances that
//! widgets of our own paint with. It never draws a widget, and holds no state.
//!
//! Text is readable on every fill it may be on (WCAG 2.2 AA, 4.5 : 1), in both modes; a
//! test computes the ratios. What the keyboard points at has a ring in the accent colour.

use eframe::egui::style::WidgetVisuals;
use eframe::egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme, Ui,
    Visuals, vec2,
};

/// The distance between neighbours, in points.
pub(crate) const GAP: f32 = 8.0;
/// The distance from the edge of a panel to what it holds, in points.
pub(crate) const PAD: f32 = 16.0;
/// The radius of a card's corners, in points.
pub(crate) const CARD_ROUNDING: f32 = 8.0;

/// The same corners, as styles want them.
const ROUND: CornerRadius = CornerRadius::same(8);
const RING_WIDTH: f32 = 2.0;

/// The colours of one mode.
#[derive(Debug)]
struct ColourScheme {
    /// Behind text fields, and the trough of scroll bars.
    sunken: Color32,
    panel: Color32,
    /// Dialogs, menus and tooltips.
    raised: Color32,
    /// A card: at rest, under the pointer, chosen, both.
    card: [Color32; 4],
    /// A button: at rest, under the pointer, pressed.
    button: [Color32; 3],
    /// A box or circle to tick, the rail of a slider.
    mark: Color32,
    /// Behind the tick of what is settled.
    settled: Color32,
    line: Color32,
    text: Color32,
    muted: Color32,
    accent: Color32,
    on_accent: Color32,
    /// Behind chosen text and list rows, and the text there.
    chosen: Color32,
    on_chosen: Color32,
    danger: Color32,
    warning: Color32,
    shadow_alpha: u8,
}

impl ColourScheme {
    const fn mark_over(&self, mark: Badge) -> (Color32, Color32) {
        match mark {
            Badge::Chosen => (self.accent, self.on_accent),
            Badge::Settled => (self.settled, Color32::WHITE),
            Badge::Open => (self.panel, self.muted),
            Badge::Wrong => (self.panel, self.danger),
        }
    }
}

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

const DARK: ColourScheme = ColourScheme {
    sunken: rgb(0x17_18_1a),
    panel: rgb(0x1e_1f_22),
    raised: rgb(0x25_26_29),
    card: [rgb(0x27_28_2b), rgb(0x2f_30_34), rgb(0x1e_3a_37), rgb(0x22_41_3d)],
    button: [rgb(0x30_31_35), rgb(0x3a_3b_40), rgb(0x2a_2b_2e)],
    mark: rgb(0x80_81_88),
    settled: rgb(0x1f_7a_4d),
    line: rgb(0x37_38_3c),
    text: rgb(0xe6_e6_e4),
    muted: rgb(0xae_ae_b0),
    accent: rgb(0x3f_b8_a9),
    on_accent: rgb(0x08_1f_1c),
    chosen: rgb(0x1f_4d_48),
    on_chosen: rgb(0xa6_ec_e1),
    danger: rgb(0xff_8f_85),
    warning: rgb(0xf0_b4_5a),
    shadow_alpha: 110,
};

const LIGHT: ColourScheme = ColourScheme {
    sunken: rgb(0xef_ef_ec),
    panel: rgb(0xf6_f6_f4),
    raised: rgb(0xff_ff_ff),
    card: [rgb(0xff_ff_ff), rgb(0xf0_f0_ed), rgb(0xdd_f1_ed), rgb(0xd2_eb_e6)],
    button: [rgb(0xe9_e9_e6), rgb(0xdf_df_db), rgb(0xd3_d3_cf)],
    mark: rgb(0x80_80_7b),
    settled: rgb(0x1f_7a_4d),
    line: rgb(0xdc_dc_d8),
    text: rgb(0x1f_20_23),
    muted: rgb(0x5a_5b_5e),
    accent: rgb(0x0f_76_6e),
    on_accent: rgb(0xff_ff_ff),
    chosen: rgb(0xc4_e8_e2),
    on_chosen: rgb(0x0b_4f_49),
    danger: rgb(0xab_21_1a),
    warning: rgb(0x80_52_00),
    shadow_alpha: 36,
};

const fn palette(theme: Theme) -> &'static ColourScheme {
    match theme {
        Theme::Dark => &DARK,
        Theme::Light => &LIGHT,
    }
}

fn of(ui: &Ui) -> &'static ColourScheme {
    palette(Theme::from_dark_mode(ui.visuals().dark_mode))
}

/// Sets both styles; which of them shows is the context's theme preference.
pub(crate) fn install(ctx: &Context) {
    for theme in [Theme::Dark, Theme::Light] {
        ctx.set_style_of(theme, style(theme));
    }
}

/// The one strong colour: the main button, a choice, the keyboard's ring.
pub(crate) fn accent(ui: &Ui) -> Color32 {
    of(ui).accent
}

/// Text on [`accent`].
pub(crate) fn on_accent(ui: &Ui) -> Color32 {
    of(ui).on_accent
}

/// What a round mark over a picture says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Badge {
    /// It is chosen, or ticked.
    Chosen,
    /// The curator settled it.
    Settled,
    /// It is not ticked.
    Open,
    /// It does not belong there.
    Wrong,
}

/// The colours of a mark: its fill, and what is on it. A picture may be of any colour, so the
/// two are distinguished.
pub(crate) fn mark(ui: &Ui, mark: Badge) -> (Color32, Color32) {
    of(ui).mark_over(mark)
}

/// Text that stands back: counts, times, paths.
pub(crate) fn muted(ui: &Ui) -> Color32 {
    of(ui).muted
}

fn style(theme: Theme) -> Style {
    let mut style = Style { visuals: visuals(theme), ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, FontId::new(12.0, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(14.0, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(14.0, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(13.0, FontFamily::Monospace)),
        (TextStyle::Heading, FontId::new(20.0, FontFamily::Proportional)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(GAP, GAP);
    spacing.button_padding = vec2(12.0, 6.0);
    spacing.window_margin = Margin::same(PAD as i8);
    spacing.menu_margin = Margin::same(GAP as i8);
    spacing.interact_size = vec2(40.0, 30.0);
    spacing.indent = 20.0;
    spacing.icon_width = 18.0;
    spacing.icon_width_inner = 10.0;
    spacing.icon_spacing = GAP;
    spacing.slider_width = 140.0;
    spacing.combo_width = 120.0;
    spacing.tooltip_width = 420.0;
    style
}

fn visuals(theme: Theme) -> Visuals {
    let p = palette(theme);
    let mut visuals = theme.default_visuals();
    visuals.panel_fill = p.panel;
    visuals.window_fill = p.raised;
    visuals.window_stroke = Stroke::new(1.0, p.line);
    visuals.extreme_bg_color = p.sunken;
    visuals.faint_bg_color = p.card[1];
    visuals.code_bg_color = p.button[0];
    visuals.weak_text_color = Some(p.muted);
    visuals.hyperlink_color = p.accent;
    visuals.warn_fg_color = p.warning;
    visuals.error_fg_color = p.danger;
    visuals.selection.bg_fill = p.chosen;
    visuals.selection.stroke = Stroke::new(1.5, p.on_chosen);
    visuals.text_cursor.stroke = Stroke::new(RING_WIDTH, p.accent);
    visuals.window_corner_radius = ROUND;
    visuals.menu_corner_radius = ROUND;
    let shadow =
        Shadow { offset: [0, 6], blur: 20, spread: 0, color: Color32::from_black_alpha(p.shadow_alpha) };
    visuals.window_shadow = shadow;
    visuals.popup_shadow = Shadow { offset: [0, 4], blur: 12, ..shadow };
    visuals.indent_has_left_vline = false;
    visuals.slider_trailing_fill = true;
    visuals.disabled_alpha = 0.45;

    let line = Stroke::new(1.0, p.line);
    let widget = |fill, bg_stroke| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke,
        corner_radius: ROUND,
        fg_stroke: Stroke::new(1.0, p.text),
        expansion: 0.0,
    };
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = widget(p.panel, line);
    widgets.inactive = WidgetVisuals { bg_fill: p.mark, ..widget(p.button[0], Stroke::NONE) };
    widgets.hovered = widget(p.button[1], line);
    // egui shows what has the keyboard's focus as active: this stroke is the ring.
    widgets.active = widget(p.button[2], Stroke::new(RING_WIDTH, p.accent));
    widgets.open = widget(p.button[1], line);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast of two opaque colours (WCAG 2.2), 1 to 21.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |colour: Color32| {
            let [r, g, b, _] = colour.to_array().map(|c| {
                let c = f32::from(c) / 255.0;
                if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_readable_on_every_fill_and_the_ring_is_seen() {
        for theme in [Theme::Dark, Theme::Light] {
            let p = palette(theme);
            let check = |what: &str, a, b, least: f32| {
                let ratio = contrast(a, b);
                assert!(ratio >= least, "{theme:?} {what}: {ratio:.2} is below {least}");
            };
            for fill in [p.sunken, p.panel, p.raised].into_iter().chain(p.card).chain(p.button) {
                check("text", p.text, fill, 7.0);
            }
            for fill in [p.sunken, p.panel, p.raised].into_iter().chain(p.card) {
                check("muted", p.muted, fill, 4.5);
                check("danger", p.danger, fill, 4.5);
                check("warning", p.warning, fill, 4.5);
                check("ring", p.accent, fill, 3.0);
            }
            for fill in [p.sunken, p.panel, p.raised] {
                check("link", p.accent, fill, 4.5);
                check("ring of a text field", p.on_chosen, fill, 3.0);
            }
            // Nothing that is chosen holds a box to tick.
            for fill in [p.sunken, p.panel, p.raised, p.card[0], p.card[1]] {
                check("mark", p.mark, fill, 3.0);
            }
            check("tick in a mark", p.text, p.mark, 3.0);
            for mark in [Badge::Chosen, Badge::Settled, Badge::Open, Badge::Wrong] {
                let (fill, ink) = p.mark_over(mark);
                check("mark over a picture", ink, fill, 3.0);
            }
            check("on accent", p.on_accent, p.accent, 4.5);
            check("on chosen", p.on_chosen, p.chosen, 4.5);
        }
    }

    #[test]
    fn both_styles_are_set() {
        let ctx = Context::default();
        install(&ctx);
        for theme in [Theme::Dark, Theme::Light] {
            let style = ctx.style_of(theme);
            assert_eq!(style.visuals.dark_mode, theme == Theme::Dark);
            assert_eq!(style.visuals.panel_fill, palette(theme).panel);
            assert!((style.text_styles[&TextStyle::Body].size - 14.0).abs() < f32::EPSILON);
        }
    }
}
