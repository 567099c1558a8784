//! Hair, behind the head and over it.
//!
//! Takes a person and a pen that has a background (for `behind`) or a face (for `over`).

use super::pen::{Pen, Rgb};
use super::people::{DrawnPerson, Hair, Hat};

/// What falls behind the neck and the shoulders.
pub(super) fn behind(pen: &mut Pen, person: &DrawnPerson) {
    let (hair, colour) = person.hair;
    let (k, c) = (person.head.cheek, person.head.crown);
    let colour = colour.darker(0.28);
    pen.raise(-6.0);
    match hair {
        Hair::Long => pen.blob(&shell(k + 9.0, c - 6.0, 150.0), colour),
        Hair::Wavy => {
            pen.blob(&shell(k + 12.0, c - 7.0, 120.0), colour);
            for side in [-1.0, 1.0] {
                for (x, y, r) in
                    [(13.0, 60.0, 12.0), (15.0, 82.0, 13.0), (12.0, 104.0, 14.0), (7.0, 124.0, 14.0)]
                {
                    pen.oval((side * (k + x - 6.0), y), (r, r + 2.0), colour);
                }
            }
        }
        Hair::Bob => pen.blob(&shell(k + 12.0, c - 7.0, 104.0), colour),
        Hair::Afro => puffs(pen, k + 17.0, 14.0, colour),
        Hair::Curls => puffs(pen, k + 6.0, 18.0, colour),
        Hair::Bunches => {
            for side in [-1.0, 1.0] {
                pen.oval((side * (k + 16.0), 62.0), (14.0, 26.0), colour);
                pen.oval((side * (k + 17.0), 92.0), (10.0, 18.0), colour);
            }
        }
        Hair::Bun => pen.oval((0.0, c - 8.0), (19.0, 16.0), colour),
        Hair::Braids => {
            for side in [-1.0, 1.0] {
                for i in 0..7 {
                    let y = 58.0 + 12.0 * i as f32;
                    pen.oval((side * (k + 3.0), y), (8.5, 8.0), colour.lighter(0.12 * (i % 2) as f32));
                }
            }
        }
        Hair::Wig => {
            pen.blob(&shell(k + 10.0, c - 12.0, 70.0), colour);
            for side in [-1.0, 1.0] {
                for i in 0..3 {
                    let y = 46.0 + 21.0 * i as f32;
                    pen.oval((side * (k + 10.0), y), (14.0, 11.0), colour.lighter(0.35));
                    pen.ring((side * (k + 10.0), y), (8.0, 6.0), 1.6, colour);
                }
            }
        }
        _ => {}
    }
    pen.raise(0.0);
}

/// What lies on the skull and falls into the face.
pub(super) fn over(pen: &mut Pen, person: &DrawnPerson) {
    let (hair, colour) = person.hair;
    let (k, c) = (person.head.cheek, person.head.crown);
    // A hat that covers the skull leaves only what hangs below it.
    let covered = matches!(person.hat.0, Hat::Scarf | Hat::Helmet);
    if covered {
        return;
    }
    pen.raise(3.0);
    match hair {
        Hair::Bald => {
            pen.raise(0.0).glow((-12.0, c + 16.0), (17.0, 10.0), Rgb(0x00ff_ffff).alpha(0.28));
        }
        Hair::Crop => pen.blob(&cap(k, c, 21.0, 46.0), colour),
        Hair::Bun => {
            pen.blob(&cap(k, c, 15.0, 40.0), colour);
            strands(pen, &[-24.0, -12.0, 0.0, 12.0, 24.0], c, 12.0, colour);
        }
        Hair::Braids => {
            pen.blob(&cap(k, c, 16.0, 52.0), colour);
            strands(pen, &[-30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0], c, 13.0, colour);
        }
        Hair::Mohawk => {
            pen.raise(0.0).blob(&cap(k - 2.0, c + 2.0, 17.0, 36.0), colour.darker(0.3).alpha(0.28));
            pen.raise(4.0);
            pen.poly(
                &[
                    (-11.0, 28.0),
                    (-15.0, 5.0),
                    (-19.0, -12.0),
                    (-9.0, -7.0),
                    (-7.0, -26.0),
                    (0.0, -12.0),
                    (7.0, -26.0),
                    (9.0, -7.0),
                    (19.0, -12.0),
                    (15.0, 5.0),
                    (11.0, 28.0),
                    (0.0, 34.0),
                ],
                colour,
            );
        }
        Hair::Spikes => {
            pen.blob(&cap(k, c, 20.0, 44.0), colour);
            for i in 0..7 {
                let x = (i as f32 - 3.0) * k / 3.3;
                let base = 14.0 + x.abs() * 0.35;
                pen.poly(
                    &[(x - 11.0, base), (x * 1.22 + 3.0, c - 16.0 + x.abs() * 0.32), (x + 11.0, base)],
                    colour,
                );
                pen.poly(&[(x - 7.0, 16.0), (x + 4.0, 33.0 - x.abs() * 0.1), (x + 8.0, 16.0)], colour);
            }
        }
        Hair::Receding => {
            for side in [-1.0, 1.0] {
                pen.blob(
                    &[
                        (side * (k - 15.0), c + 10.0),
                        (side * (k + 2.0), 22.0),
                        (side * (k + 6.0), 44.0),
                        (side * (k + 1.0), 62.0),
                        (side * (k - 5.0), 44.0),
                        (side * (k - 9.0), 26.0),
                    ],
                    colour,
                );
            }
        }
        _ => fringes(pen, person, colour),
    }
    pen.raise(0.0);
}

/// Hair that hangs into the forehead or the temples.
fn fringes(pen: &mut Pen, person: &DrawnPerson, colour: Rgb) {
    let (k, c) = (person.head.cheek, person.head.crown);
    let shine = colour.lighter(0.35).alpha(0.55);
    match person.hair.0 {
        Hair::SidePart => {
            pen.blob(
                &[
                    (-k - 1.0, 50.0),
                    (-k - 5.0, 18.0),
                    (-k * 0.6, c - 7.0),
                    (6.0, c - 11.0),
                    (k * 0.75, c - 3.0),
                    (k + 5.0, 22.0),
                    (k + 1.0, 48.0),
                    (k - 4.0, 30.0),
                    (k * 0.45, 20.0),
                    (-4.0, 27.0),
                    (-k * 0.62, 17.0),
                    (-k + 5.0, 30.0),
                ],
                colour,
            );
            pen.line(&[(-k * 0.5, 10.0), (0.0, 2.0), (k * 0.6, 12.0)], 2.2, shine);
        }
        Hair::Long | Hair::Wavy => curtain(pen, person, colour),
        Hair::Bob => bob(pen, person, colour),
        Hair::Fringe => {
            pen.blob(&cap(k + 3.0, c - 3.0, 33.0, 56.0), colour);
            for i in 0..6 {
                let x = (i as f32 - 2.5) * 12.0;
                pen.oval((x, 31.0 - x.abs() * 0.04), (7.5, 6.5), colour);
            }
            pen.line(&[(-k * 0.6, 10.0), (0.0, 3.0), (k * 0.6, 10.0)], 2.6, shine);
        }
        Hair::Bunches => {
            for side in [-1.0, 1.0] {
                pen.blob(
                    &[
                        (-side, c - 3.0),
                        (side * k * 0.75, c),
                        (side * (k + 4.0), 30.0),
                        (side * (k - 1.0), 50.0),
                        (side * k * 0.6, 30.0),
                        (-side, 12.0),
                    ],
                    colour,
                );
                pen.oval((side * (k + 6.0), 42.0), (5.0, 5.0), person.clothes.lighter(0.2));
            }
        }
        Hair::Afro | Hair::Curls => {
            pen.blob(&cap(k, c, 20.0, 44.0), colour);
            for i in 0..9 {
                let x = (i as f32 - 4.0) * k / 4.0;
                let y = 15.0 + x * x * 0.012;
                pen.oval((x, y), (8.5, 8.0), colour);
                pen.line(&[(x - 4.0, y - 2.0), (x, y - 5.0), (x + 3.0, y - 2.0)], 1.2, shine);
            }
        }
        Hair::Wig => {
            pen.blob(&cap(k + 4.0, c - 8.0, 20.0, 50.0), colour);
            for x in [-28.0, -14.0, 0.0, 14.0, 28.0] {
                pen.ring((x, 6.0 + x * x * 0.008), (7.0, 8.0), 1.6, colour.darker(0.2));
            }
        }
        _ => {}
    }
}

/// Two halves that fall from a middle parting.
fn curtain(pen: &mut Pen, person: &DrawnPerson, colour: Rgb) {
    let (k, c) = (person.head.cheek, person.head.crown);
    let shine = colour.lighter(0.35).alpha(0.55);
    let low = if person.hair.0 == Hair::Long { 96.0 } else { 74.0 };
    for side in [-1.0, 1.0] {
        pen.blob(
            &[
                (side * -1.5, c - 5.0),
                (side * k * 0.7, c - 4.0),
                (side * (k + 6.0), 22.0),
                (side * (k + 8.0), 62.0),
                (side * (k + 5.0), low),
                (side * (k - 5.0), low - 14.0),
                (side * (k - 6.0), 48.0),
                (side * k * 0.56, 24.0),
                (side * 1.0, 7.0),
            ],
            colour,
        );
        pen.line(&[(side * 12.0, c + 5.0), (side * (k - 6.0), 22.0), (side * (k + 2.0), 52.0)], 2.2, shine);
    }
}

/// A straight fringe and straight sides.
fn bob(pen: &mut Pen, person: &DrawnPerson, colour: Rgb) {
    let (k, c) = (person.head.cheek, person.head.crown);
    let shine = colour.lighter(0.35).alpha(0.55);
    pen.blob(
        &[
            (-k - 9.0, 92.0),
            (-k - 9.0, 30.0),
            (-k * 0.6, c - 7.0),
            (k * 0.6, c - 7.0),
            (k + 9.0, 30.0),
            (k + 9.0, 92.0),
            (k - 3.0, 88.0),
            (k - 5.0, 46.0),
            (k - 10.0, 34.0),
            (0.0, 36.0),
            (-k + 10.0, 34.0),
            (-k + 5.0, 46.0),
            (-k + 3.0, 88.0),
        ],
        colour,
    );
    pen.line(&[(-k * 0.7, 12.0), (-8.0, 4.0), (k * 0.6, 10.0)], 3.0, shine);
}

/// A cap of hair: hairline at `front`, sides down to `low`.
fn cap(k: f32, c: f32, front: f32, low: f32) -> [(f32, f32); 13] {
    [
        (-k - 1.0, low),
        (-k - 4.0, 24.0),
        (-k * 0.72, c + 2.0),
        (-k * 0.3, c - 5.0),
        (k * 0.3, c - 5.0),
        (k * 0.72, c + 2.0),
        (k + 4.0, 24.0),
        (k + 1.0, low),
        (k - 5.0, low - 12.0),
        (k * 0.66, front + 1.0),
        (0.0, front - 1.0),
        (-k * 0.66, front + 1.0),
        (-k + 5.0, low - 12.0),
    ]
}

/// Hair behind the head from the crown down to `low`.
fn shell(k: f32, c: f32, low: f32) -> [(f32, f32); 9] {
    [
        (0.0, c),
        (-k * 0.75, c + 10.0),
        (-k, 44.0),
        (-k - 1.0, low - 25.0),
        (-k * 0.8, low),
        (k * 0.8, low),
        (k + 1.0, low - 25.0),
        (k, 44.0),
        (k * 0.75, c + 10.0),
    ]
}

/// A cloud of hair around the upper head.
fn puffs(pen: &mut Pen, radius: f32, size: f32, colour: Rgb) {
    pen.oval((0.0, 32.0), (radius, radius), colour);
    for i in 0..15 {
        let angle = -3.5 + i as f32 * 0.275;
        let at = (radius * angle.cos(), 34.0 + radius * angle.sin());
        pen.oval(at, (size, size), colour.lighter(0.06 * (i % 2) as f32));
    }
}

/// Combed lines over the skull.
fn strands(pen: &mut Pen, xs: &[f32], c: f32, front: f32, colour: Rgb) {
    for &x in xs {
        pen.line(
            &[(x * 0.5, c), (x * 0.9, (c + front) * 0.5), (x * 1.1, front)],
            1.5,
            colour.lighter(0.3).alpha(0.6),
        );
    }
}
