//! System fonts for names in scripts that the built-in fonts do not draw.
//!
//! Takes egui's context once; gives a fallback that asks the system for a font when the first
//! character is met that no loaded font has. The built-in fonts stay first. Nothing is read
//! before it is needed: the list of fonts is made beside the window, and a font's file is opened
//! once, when its first character is shown. It never downloads a font.

use std::sync::Arc;

use eframe::egui::epaint::text::VariationCoords;
use eframe::egui::{Context, FallbackRequest, FontFamily, FontInsert, FontProvider, FontTweak};
use egui_system_font_provider::SystemFontProvider;

/// Scripts by their English names, each with one of its characters.
const SCRIPTS: [(&str, char); 7] = [
    ("Chinese", '中'),
    ("Japanese", 'あ'),
    ("Korean", '한'),
    ("Arabic", 'ع'),
    ("Hebrew", 'א'),
    ("Thai", 'ไ'),
    ("Devanagari", 'अ'),
];

/// Adds the fallback. Returns at once.
pub(crate) fn install(ctx: &Context) {
    ctx.add_font_provider(Arc::new(SystemFonts::start()));
}

/// Scripts that no installed font draws, by their English names. Lists the system's fonts again.
pub(crate) fn scripts_without_font() -> Vec<&'static str> {
    let fonts = SystemFonts::start();
    let is_drawn = |sample: char| {
        let cluster = sample.to_string();
        fonts.font_for(&FallbackRequest { cluster: &cluster, family: &FontFamily::Proportional }).is_some()
    };
    SCRIPTS.iter().filter(|script| !is_drawn(script.1)).map(|script| script.0).collect()
}

struct SystemFonts(SystemFontProvider);

impl SystemFonts {
    fn start() -> Self {
        // Han is Chinese unless a font for another of its languages is all there is.
        Self(SystemFontProvider::new().with_locale(Some("zh-Hans")))
    }
}

impl FontProvider for SystemFonts {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let mut font = self.0.font_for(request)?;
        // A font with a weight axis may be at its thinnest; others ignore this.
        let coords = VariationCoords::new([(b"wght", 400.0)]);
        font.data = font.data.tweak(FontTweak { coords, ..FontTweak::default() });
        Some(font)
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{FontId, RawInput};

    use super::*;

    #[test]
    fn every_script_with_a_font_is_drawn_and_the_others_are_named() {
        let missing = scripts_without_font();
        let ctx = Context::default();
        install(&ctx);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            ui.fonts_mut(|fonts| {
                for (name, sample) in SCRIPTS {
                    for id in [FontId::proportional(14.0), FontId::monospace(13.0)] {
                        assert_eq!(fonts.has_glyph(&id, sample), !missing.contains(&name), "{name}");
                    }
                }
            });
        });
        output.textures_delta.clear();
    }
}
