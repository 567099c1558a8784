//! One face: head, eyes, brows, nose, mouth, beard, in the order that paint dries.
//!
//! Takes a person, a moment's expression and a pen over a background; gives nothing but
//! what it drew. Clothes and glasses are
//! `dress`'s; hair, hats and paint have files of their own.

use super::dress;
use super::hair;
use super::hats;
use super::paint;
use super::pen::{Pen, Rgb};
use super::people::{Beard, DrawnPerson, Moustache, outline};

/// What changes in a face from frame to frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expression {
    /// How far the mouth is open, `0..=1`.
    pub open: f32,
    /// How far the eyelids are down, `0..=1`.
    pub lids: f32,
    /// Where the eyes look, in face units.
    pub gaze: (f32, f32),
    /// Side that lies in the shade: −1 left, +1 right.
    pub shade: f32,
}

/// Draws the person over what the pen already holds.
pub(super) fn draw(pen: &mut Pen, person: &DrawnPerson, expression: &Expression) {
    hair::behind(pen, person);
    hats::behind(pen, person);
    body(pen, person);
    head(pen, person, expression);
    paint::draw(pen, person);
    nose(pen, person, expression);
    beard(pen, person);
    mouth(pen, person, expression);
    moustache(pen, person);
    for side in [-1.0, 1.0] {
        eye(pen, person, expression, side);
        brow(pen, person, side);
    }
    hair::over(pen, person);
    dress::glasses(pen, person);
    hats::over(pen, person);
}

/// Neck, shoulders and ears.
fn body(pen: &mut Pen, person: &DrawnPerson) {
    let (skin, head) = (person.skin, &person.head);
    pen.raise(-4.0);
    dress::shoulders(pen, person);
    let neck = head.jaw * 0.66;
    pen.blob(
        &[(-neck, 92.0), (-neck - 1.0, 122.0), (0.0, 138.0), (neck + 1.0, 122.0), (neck, 92.0)],
        skin.darker(0.2),
    );
    for side in [-1.0, 1.0] {
        let x = side * (head.cheek + 1.5);
        pen.oval((x, 62.0), (7.0, 11.5), skin.darker(0.08));
        pen.oval((x + side, 62.0), (3.6, 7.0), skin.darker(0.24));
        if let Some(metal) = person.earrings {
            pen.ring((x + side, 78.0), (4.2, 5.0), 2.2, metal);
        }
    }
    pen.raise(0.0);
}

fn head(pen: &mut Pen, person: &DrawnPerson, expression: &Expression) {
    let (skin, shape) = (person.skin, outline(person));
    pen.blob(&shape, skin);
    pen.clip(&shape);
    let side = expression.shade * person.head.cheek;
    pen.glow((side, 78.0), (34.0, 74.0), skin.darker(0.45).alpha(0.5));
    pen.glow((-side * 0.5, 32.0), (36.0, 34.0), skin.lighter(0.5).alpha(0.4));
    pen.glow((0.0, person.head.chin + 4.0), (40.0, 16.0), skin.darker(0.4).alpha(0.5));
    for side in [-1.0, 1.0] {
        pen.glow((side * 26.0, 77.0), (15.0, 11.0), skin.mix(Rgb(0x00d8_3a2c), 0.6).alpha(0.25));
        pen.glow((side * person.eyes.apart, 50.0), (14.0, 10.0), skin.darker(0.5).alpha(0.28));
    }
    pen.unclip();
    pen.outline(&shape, 1.2, skin.darker(0.5).alpha(0.4));
}

fn nose(pen: &mut Pen, person: &DrawnPerson, expression: &Expression) {
    let (w, tip) = (person.nose.width, person.nose.tip);
    let skin = person.nose.colour.unwrap_or(person.skin);
    pen.raise(5.0);
    if person.nose.colour.is_some() {
        pen.oval((0.0, tip - 1.0), (w + 2.0, w + 1.0), skin);
        pen.glow((-w * 0.4, tip - w * 0.5), (w * 0.6, w * 0.5), Rgb(0x00ff_ffff).alpha(0.7));
        pen.raise(0.0);
        return;
    }
    let side = expression.shade;
    pen.blob(
        &[(side * 2.0, 50.0), (side * (w * 0.55), tip - 8.0), (side * w, tip), (side * 1.0, tip + 1.0)],
        skin.darker(0.35).alpha(0.4),
    );
    pen.glow((0.0, tip - 2.0), (w * 1.0, 6.5), skin.lighter(0.45).alpha(0.5));
    pen.line(
        &[
            (-w - 0.5, tip - 3.0),
            (-w - 0.6, tip + 2.0),
            (-w * 0.45, tip + 2.2),
            (0.0, tip + 4.5),
            (w * 0.45, tip + 2.2),
            (w + 0.6, tip + 2.0),
            (w + 0.5, tip - 3.0),
        ],
        1.8,
        skin.darker(0.6).alpha(0.85),
    );
    for side in [-1.0, 1.0] {
        pen.oval((side * w * 0.52, tip + 2.0), (w * 0.25, 1.3), skin.darker(0.75));
    }
    pen.raise(0.0);
}

fn eye(pen: &mut Pen, person: &DrawnPerson, expression: &Expression, side: f32) {
    let eyes = &person.eyes;
    let (x, y, w) = (side * eyes.apart, 52.0, eyes.width);
    let up = eyes.height * (1.0 - 0.75 * expression.lids);
    let low = eyes.height * 0.8;
    let (outer, inner) = (y - eyes.slant, y + eyes.slant * 0.4 + 0.6);
    let dark = person.skin.darker(0.85);
    let lid = |over: f32| {
        [
            (x - side * w, inner),
            (x - side * w * 0.45, y - up * 0.82 - over),
            (x + side * w * 0.15, y - up - over),
            (x + side * w * 0.62, outer - up * 0.6 - over),
            (x + side * w, outer),
        ]
    };
    if let Some(shadow) = eyes.shadow {
        pen.blob(
            &[
                (x - side * w, inner),
                (x - side * w * 0.4, y - up - 5.0),
                (x + side * w * 0.5, outer - up - 6.0),
                (x + side * (w + 3.0), outer - 3.0),
                (x + side * w, outer),
            ],
            shadow.alpha(0.85),
        );
    }
    let upper = lid(0.0);
    let mut shape = upper.to_vec();
    shape.extend([(x + side * w * 0.5, y + low * 0.85), (x - side * w * 0.3, y + low)]);
    pen.blob(&shape, Rgb(0x00fb_f6ee));
    pen.clip(&shape);
    let iris = eyes.height.min(w * 0.62) * 0.98 + 0.4;
    let at = (x + expression.gaze.0, y + expression.gaze.1);
    pen.oval(at, (iris, iris), eyes.iris.darker(0.35));
    pen.oval(at, (iris * 0.8, iris * 0.8), eyes.iris);
    pen.oval(at, (iris * 0.45, iris * 0.45), Rgb(0x0012_0c0c));
    pen.oval((at.0 - 1.4, at.1 - 1.5), (1.2, 1.2), Rgb(0x00ff_ffff));
    pen.line(&lid(-0.8), 2.2, dark.alpha(0.3));
    pen.unclip();
    pen.line(&upper, if eyes.lashes { 2.6 } else { 1.7 }, dark);
    pen.line(&lid(2.6), 1.0, person.skin.darker(0.55).alpha(0.6));
    pen.line(&[shape[4], shape[5], shape[6], shape[0]], 0.9, dark.alpha(0.5));
    if eyes.lashes {
        for (from, to) in [(0.55, 0.9), (0.85, 1.25), (1.0, 1.5)] {
            let root = (x + side * w * from, outer - up * (1.15 - from) * 0.9);
            pen.line(&[root, (x + side * w * to, root.1 - 3.4)], 1.3, dark);
        }
    }
}

fn brow(pen: &mut Pen, person: &DrawnPerson, side: f32) {
    let (b, eyes) = (&person.brows, &person.eyes);
    let (x, w, y) = (eyes.apart, eyes.width + 3.0, 52.0 - b.high);
    let inner = y + b.frown;
    pen.raise(1.5).blob(
        &[
            (side * (x - w), inner - b.thick * 0.4),
            (side * (x - w * 0.3), y - b.arch - b.thick * 0.5),
            (side * (x + w * 0.45), y - b.arch - b.thick * 0.2),
            (side * (x + w), y + 1.8 - eyes.slant * 0.5),
            (side * (x + w * 0.4), y - b.arch + b.thick * 0.6),
            (side * (x - w * 0.3), y - b.arch + b.thick * 0.5),
            (side * (x - w), inner + b.thick * 0.6),
        ],
        b.colour,
    );
    pen.raise(0.0);
}

fn mouth(pen: &mut Pen, person: &DrawnPerson, expression: &Expression) {
    let m = &person.mouth;
    let (w, y) = (m.width, m.at);
    let corner = y - m.smile * 0.5;
    let open = expression.open * 7.0;
    let top = [
        (-w, corner),
        (-w * 0.45, y - m.full),
        (-2.4, y - m.full - 0.8),
        (0.0, y - m.full + 0.4),
        (2.4, y - m.full - 0.8),
        (w * 0.45, y - m.full),
        (w, corner),
    ];
    let mut lips = top.to_vec();
    let bottom = y + m.smile * 0.6 + m.full * 1.25 + open;
    lips.extend([(w * 0.5, bottom - 1.2), (0.0, bottom), (-w * 0.5, bottom - 1.2)]);
    pen.raise(2.0).blob(&lips, m.colour);
    let inside = [
        (-w * 0.92, corner + 0.4),
        (0.0, y + m.smile * 0.3 - 0.4),
        (w * 0.92, corner + 0.4),
        (w * 0.45, y + m.smile * 0.6 + open),
        (0.0, y + m.smile * 0.7 + open + 0.4),
        (-w * 0.45, y + m.smile * 0.6 + open),
    ];
    pen.blob(&inside, m.colour.darker(0.7));
    if open > 1.6 {
        pen.clip(&inside);
        pen.blob(
            &[
                (-w * 0.75, corner),
                (0.0, y - 1.0),
                (w * 0.75, corner),
                (w * 0.6, y + 2.6),
                (0.0, y + 3.6),
                (-w * 0.6, y + 2.6),
            ],
            Rgb(0x00fa_f4ea),
        );
        pen.unclip();
    }
    pen.glow((0.0, bottom - m.full * 0.6), (w * 0.45, 1.8), m.colour.lighter(0.6).alpha(0.6));
    pen.raise(0.0);
}

fn beard(pen: &mut Pen, person: &DrawnPerson) {
    let (beard, colour) = person.beard;
    let (h, m) = (&person.head, &person.mouth);
    let mut full = vec![
        (-h.cheek - 0.5, 60.0),
        (-h.cheek + 5.0, 74.0),
        (-m.width - 8.0, m.at - 11.0),
        (-8.0, m.at - 10.0),
        (8.0, m.at - 10.0),
        (m.width + 8.0, m.at - 11.0),
        (h.cheek - 5.0, 74.0),
        (h.cheek + 0.5, 60.0),
        (h.jaw + 6.0, 95.0),
        (h.jaw * 0.68, h.chin),
        (0.0, h.chin + 5.0),
        (-h.jaw * 0.68, h.chin),
        (-h.jaw - 6.0, 95.0),
    ];
    match beard {
        Beard::None => {}
        Beard::Full | Beard::Long => {
            if beard == Beard::Long {
                full[9] = (h.jaw * 0.95, h.chin + 10.0);
                full[10] = (0.0, 152.0);
                full[11] = (-h.jaw * 0.95, h.chin + 10.0);
            }
            pen.raise(2.0).blob(&full, colour);
            for i in 0..9 {
                let x = (i as f32 - 4.0) * 8.0;
                let top = m.at + 9.0 - x.abs() * 0.35;
                pen.line(
                    &[(x, top), (x * 0.95 + 1.5, top + 9.0), (x * 0.85, top + 17.0)],
                    1.3,
                    colour.lighter(0.3).alpha(0.5),
                );
            }
            pen.oval((0.0, m.at + 1.0), (m.width + 2.0, 5.0), person.skin.mix(colour, 0.45));
        }
        Beard::Goatee => {
            pen.raise(2.0).blob(
                &[
                    (-9.0, m.at + 8.0),
                    (0.0, m.at + 7.0),
                    (9.0, m.at + 8.0),
                    (11.0, h.chin - 4.0),
                    (0.0, h.chin + 13.0),
                    (-11.0, h.chin - 4.0),
                ],
                colour,
            );
        }
        Beard::Sides => {
            for side in [-1.0, 1.0] {
                pen.raise(1.5).blob(
                    &[
                        (side * (h.cheek + 2.0), 50.0),
                        (side * (h.cheek - 5.0), 58.0),
                        (side * (h.cheek - 12.0), 80.0),
                        (side * (m.width + 4.0), m.at + 4.0),
                        (side * (h.jaw - 3.0), 105.0),
                        (side * (h.jaw + 9.0), 97.0),
                        (side * (h.cheek + 5.0), 74.0),
                    ],
                    colour,
                );
            }
        }
    }
    pen.raise(0.0);
}

fn moustache(pen: &mut Pen, person: &DrawnPerson) {
    let (kind, colour) = person.moustache;
    let (y, w) = (person.mouth.at - person.mouth.full, person.mouth.width);
    pen.raise(4.0);
    for side in [-1.0, 1.0] {
        match kind {
            Moustache::None => {}
            Moustache::Pencil => {
                pen.line(
                    &[(side * 1.5, y - 3.6), (side * w * 0.6, y - 3.4), (side * (w + 1.0), y + 0.5)],
                    2.4,
                    colour,
                );
            }
            Moustache::Handlebar => pen.blob(
                &[
                    (0.0, y - 6.5),
                    (side * 9.0, y - 6.5),
                    (side * (w + 4.0), y),
                    (side * (w + 13.0), y - 4.0),
                    (side * (w + 15.0), y - 12.0),
                    (side * (w + 17.0), y - 3.0),
                    (side * (w + 9.0), y + 5.0),
                    (side * 9.0, y + 1.0),
                    (0.0, y - 1.0),
                ],
                colour,
            ),
            Moustache::Walrus => pen.blob(
                &[
                    (0.0, y - 9.0),
                    (side * 9.0, y - 9.0),
                    (side * (w + 3.0), y - 1.0),
                    (side * (w + 6.0), y + 9.0),
                    (side * (w - 2.0), y + 10.0),
                    (side * 7.0, y + 3.0),
                    (0.0, y + 2.0),
                ],
                colour,
            ),
        }
    }
    pen.raise(0.0);
}
