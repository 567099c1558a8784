//! The marks that distinguish identities on the map: a few colours that people with any colour
//! vision tell apart, each in a few shapes.
//!
//! Takes identities by rank; gives a colour and a shape. Identities after the last mark are
//! grey, so that a colour always means something.

use eframe::egui::Color32;

/// How a point looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkerShape {
    Square,
    Diamond,
    Triangle,
}

/// Shape and colour of one identity's points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marker {
    pub(crate) colour: Color32,
    pub(crate) shape: MarkerShape,
}

const SHAPES: [MarkerShape; 3] = [MarkerShape::Square, MarkerShape::Diamond, MarkerShape::Triangle];

/// Orange, sky blue, bluish green, vermilion, blue, reddish purple, yellow (Okabe and Ito 2008),
/// the last three in a lighter or darker tone where the background asks for it.
const ON_DARK: [Color32; 7] = [
    Color32::from_rgb(0xe6, 0x9f, 0x00),
    Color32::from_rgb(0x56, 0xb4, 0xe9),
    Color32::from_rgb(0x00, 0xb8, 0x86),
    Color32::from_rgb(0xe8, 0x6a, 0x17),
    Color32::from_rgb(0x4f, 0x8f, 0xff),
    Color32::from_rgb(0xdc, 0x8f, 0xba),
    Color32::from_rgb(0xf0, 0xe4, 0x42),
];
const ON_LIGHT: [Color32; 7] = [
    Color32::from_rgb(0xb0, 0x74, 0x00),
    Color32::from_rgb(0x1d, 0x82, 0xbd),
    Color32::from_rgb(0x00, 0x80, 0x5c),
    Color32::from_rgb(0xc2, 0x4e, 0x00),
    Color32::from_rgb(0x00, 0x52, 0x9b),
    Color32::from_rgb(0xa8, 0x4a, 0x82),
    Color32::from_rgb(0x7d, 0x74, 0x00),
];

/// Identities that have a mark of their own.
pub(crate) const MARKED: usize = ON_DARK.len() * SHAPES.len();

/// The mark of the identity of that rank; the first ones differ in colour, and grey are all after
/// [`MARKED`].
pub(crate) fn mark(rank: Option<usize>, is_dark: bool) -> Marker {
    let colours = if is_dark { ON_DARK } else { ON_LIGHT };
    match rank.filter(|&rank| rank < MARKED) {
        Some(rank) => Marker { colour: colours[rank % colours.len()], shape: SHAPES[rank / colours.len()] },
        None => Marker {
            colour: Color32::from_gray(if is_dark { 0x78 } else { 0x90 }),
            shape: MarkerShape::Square,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn luminance(colour: Color32) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
    }

    #[test]
    fn marks_differ_and_stand_out_from_the_background() {
        for (is_dark, background) in [(true, Color32::from_gray(0x1f)), (false, Color32::from_gray(0xf6))] {
            let marks: Vec<Marker> = (0..MARKED).map(|rank| mark(Some(rank), is_dark)).collect();
            let kinds: BTreeSet<_> = marks.iter().map(|mark| (mark.colour.to_array(), mark.shape)).collect();
            assert_eq!(kinds.len(), MARKED);
            for mark in marks {
                let (a, b) = (luminance(mark.colour) + 0.05, luminance(background) + 0.05);
                assert!(a.max(b) / a.min(b) >= 3.0, "{mark:?} on {background:?}: {}", a.max(b) / a.min(b));
            }
            assert_eq!(mark(None, is_dark), mark(Some(MARKED), is_dark));
        }
    }
}
