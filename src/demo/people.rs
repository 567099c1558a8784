//! What makes a drawn person: the traits, and a plain face that the cast departs from.
//!
//! Only words and numbers; nothing is drawn here. Lengths are in face units (see `pen`).

use super::pen::Rgb;

/// One drawn person.
#[derive(Debug, Clone, Copy)]
pub(super) struct DrawnPerson {
    /// Identity in `labels.csv`.
    pub name: &'static str,
    /// Colour of the skin (or of the paint that covers it).
    pub skin: Rgb,
    pub head: HeadShape,
    pub eyes: Eyes,
    pub brows: Brows,
    pub nose: Nose,
    pub mouth: Mouth,
    pub hair: (Hair, Rgb),
    pub beard: (Beard, Rgb),
    pub moustache: (Moustache, Rgb),
    pub glasses: (Glasses, Rgb),
    pub hat: (Hat, Rgb),
    pub paint: (FacePaint, Rgb),
    pub earrings: Option<Rgb>,
    pub clothes: Rgb,
}

/// Outline of the head: half widths at the cheeks and the jaw, y of chin and crown.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeadShape {
    pub cheek: f32,
    pub jaw: f32,
    pub chin: f32,
    pub crown: f32,
}

impl HeadShape {
    /// An outline. The numbers are in the order of the fields.
    pub(super) const fn of(cheek: f32, jaw: f32, chin: f32, crown: f32) -> Self {
        Self { cheek, jaw, chin, crown }
    }
}

/// Half distance, half width and half height of the eyes; slant lifts the outer corners.
#[derive(Debug, Clone, Copy)]
pub(super) struct Eyes {
    pub apart: f32,
    pub width: f32,
    pub height: f32,
    pub slant: f32,
    pub iris: Rgb,
    pub lashes: bool,
    pub shadow: Option<Rgb>,
}

impl Eyes {
    /// A pair of eyes. The numbers are in the order of the fields.
    pub(super) const fn of(
        apart: f32,
        width: f32,
        height: f32,
        slant: f32,
        iris: Rgb,
        lashes: bool,
        shadow: Option<Rgb>,
    ) -> Self {
        Self { apart, width, height, slant, iris, lashes, shadow }
    }
}

/// Brows: thickness, height over the eye, arch, and how far the inner ends drop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brows {
    pub colour: Rgb,
    pub thick: f32,
    pub high: f32,
    pub arch: f32,
    pub frown: f32,
}

impl Brows {
    /// A pair of brows. The numbers are in the order of the fields.
    pub(super) const fn of(colour: Rgb, thick: f32, high: f32, arch: f32, frown: f32) -> Self {
        Self { colour, thick, high, arch, frown }
    }
}

/// Nose: half width, y of its tip, and its colour where it is not the skin's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nose {
    pub width: f32,
    pub tip: f32,
    pub colour: Option<Rgb>,
}

impl Nose {
    /// A nose. The numbers are in the order of the fields.
    pub(super) const fn of(width: f32, tip: f32, colour: Option<Rgb>) -> Self {
        Self { width, tip, colour }
    }
}

/// Mouth: half width, y, fullness, how much it smiles, and its colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mouth {
    pub width: f32,
    pub at: f32,
    pub full: f32,
    pub smile: f32,
    pub colour: Rgb,
}

impl Mouth {
    /// A mouth. The numbers are in the order of the fields.
    pub(super) const fn of(width: f32, at: f32, full: f32, smile: f32, colour: Rgb) -> Self {
        Self { width, at, full, smile, colour }
    }
}

/// Ways to wear hair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hair {
    Bald,
    Crop,
    SidePart,
    Long,
    Wavy,
    Bob,
    Afro,
    Curls,
    Mohawk,
    Bun,
    Bunches,
    Spikes,
    Fringe,
    Receding,
    Braids,
    Wig,
}

/// Beards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beard {
    None,
    Full,
    Long,
    Goatee,
    Sides,
}

/// Moustaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moustache {
    None,
    Pencil,
    Handlebar,
    Walrus,
}

/// What is worn over the eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glasses {
    None,
    Round,
    Square,
    Cat,
    Dark,
    Patch,
    Monocle,
}

/// What is worn on the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hat {
    None,
    Beanie,
    Top,
    Scarf,
    Crown,
    Bandana,
    Helmet,
    Beret,
    Wreath,
}

/// What is painted on, or marks, the skin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FacePaint {
    None,
    Freckles,
    Tiger,
    Star,
    Halves,
    Band,
    Diamonds,
    Cat,
    Bolt,
    Butterfly,
    Dots,
    Muzzle,
}

/// A face without anything remarkable.
pub(super) const PLAIN: DrawnPerson = DrawnPerson {
    name: "",
    skin: Rgb(0x00e8_b998),
    head: HeadShape::of(44.0, 33.0, 117.0, -6.0),
    eyes: Eyes::of(17.6, 8.0, 4.4, 0.0, Rgb(0x005a_3a22), false, None),
    brows: Brows::of(Rgb(0x004a_2f20), 3.0, 13.0, 2.5, 0.0),
    nose: Nose::of(7.0, 73.0, None),
    mouth: Mouth::of(14.6, 92.0, 3.0, 2.0, Rgb(0x00b2_5a52)),
    hair: (Hair::Bald, Rgb(0x004a_2f20)),
    beard: (Beard::None, Rgb(0x004a_2f20)),
    moustache: (Moustache::None, Rgb(0x004a_2f20)),
    glasses: (Glasses::None, Rgb(0x0022_2222)),
    hat: (Hat::None, Rgb(0x0022_2222)),
    paint: (FacePaint::None, Rgb(0x0022_2222)),
    earrings: None,
    clothes: Rgb(0x0045_5a70),
};

/// The outline of the head.
pub(super) fn outline(person: &DrawnPerson) -> [(f32, f32); 12] {
    let h = &person.head;
    let brow = h.crown + (54.0 - h.crown) * 0.42;
    let (under, chin) = (95.0, h.chin);
    [
        (0.0, h.crown),
        (h.cheek * 0.62, h.crown + 6.5),
        (h.cheek * 0.97, brow),
        (h.cheek, 60.0),
        (h.jaw + (h.cheek - h.jaw) * 0.22, under - 7.0),
        (h.jaw * 0.62, chin - 7.0),
        (0.0, chin),
        (-h.jaw * 0.62, chin - 7.0),
        (-h.jaw - (h.cheek - h.jaw) * 0.22, under - 7.0),
        (-h.cheek, 60.0),
        (-h.cheek * 0.97, brow),
        (-h.cheek * 0.62, h.crown + 6.5),
    ]
}
