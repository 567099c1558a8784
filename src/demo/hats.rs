//! Hats, scarves and wreaths: behind the head and over everything else.

use super::pen::{Pen, Rgb};
use super::people::{DrawnPerson, Hat};

const WHITE: Rgb = Rgb(0x00ff_ffff);

/// What a hat shows behind the head.
pub(super) fn behind(pen: &mut Pen, person: &DrawnPerson) {
    let (hat, colour) = person.hat;
    let (k, c) = (person.head.cheek, person.head.crown);
    pen.raise(-6.0);
    if hat == Hat::Scarf {
        pen.blob(
            &[
                (0.0, c - 12.0),
                (-k - 8.0, 14.0),
                (-k - 15.0, 70.0),
                (-k - 4.0, 150.0),
                (k + 4.0, 150.0),
                (k + 15.0, 70.0),
                (k + 8.0, 14.0),
            ],
            colour.darker(0.3),
        );
    }
    pen.raise(0.0);
}

/// The hat.
pub(super) fn over(pen: &mut Pen, person: &DrawnPerson) {
    pen.raise(6.0);
    match person.hat.0 {
        Hat::None => {}
        Hat::Beanie => beanie(pen, person),
        Hat::Top => top(pen, person),
        Hat::Crown => crown(pen, person),
        Hat::Bandana => bandana(pen, person),
        Hat::Helmet => helmet(pen, person),
        Hat::Beret => beret(pen, person),
        Hat::Wreath => wreath(pen, person),
        Hat::Scarf => scarf(pen, person),
    }
    pen.raise(0.0);
}

/// Knitted, with a turned-up rim.
fn beanie(pen: &mut Pen, person: &DrawnPerson) {
    let (k, c) = (person.head.cheek, person.head.crown);
    let colour = person.hat.1;
    let band = colour.darker(0.4);
    pen.blob(
        &[
            (-k - 4.0, 26.0),
            (-k - 3.0, 4.0),
            (-k * 0.5, c - 12.0),
            (k * 0.5, c - 12.0),
            (k + 3.0, 4.0),
            (k + 4.0, 26.0),
        ],
        colour,
    );
    pen.blob(
        &[(-k - 6.0, 32.0), (-k - 5.0, 16.0), (0.0, 12.0), (k + 5.0, 16.0), (k + 6.0, 32.0), (0.0, 28.0)],
        colour.lighter(0.3),
    );
    for i in 0..9 {
        let x = (i as f32 - 4.0) * k / 4.2;
        pen.line(&[(x, 14.0 + x.abs() * 0.06), (x, 28.0 + x.abs() * 0.05)], 1.6, band.alpha(0.6));
    }
}

/// A top hat with a band of the colour of the clothes.
fn top(pen: &mut Pen, person: &DrawnPerson) {
    let k = person.head.cheek;
    let colour = person.hat.1;
    pen.poly(&[(-k * 0.82, 16.0), (-k * 0.9, -60.0), (k * 0.9, -60.0), (k * 0.82, 16.0)], colour);
    pen.poly(
        &[(-k * 0.82, 15.0), (-k * 0.84, -1.0), (k * 0.84, -1.0), (k * 0.82, 15.0)],
        person.clothes.lighter(0.1),
    );
    pen.blob(
        &[(-k - 18.0, 11.0), (0.0, 8.0), (k + 18.0, 11.0), (k + 6.0, 22.0), (0.0, 24.0), (-k - 6.0, 22.0)],
        colour.darker(0.2),
    );
}

/// Points and pale stones.
fn crown(pen: &mut Pen, person: &DrawnPerson) {
    let k = person.head.cheek;
    let colour = person.hat.1;
    pen.poly(
        &[
            (-k * 0.86, 20.0),
            (-k, -22.0),
            (-k * 0.5, -2.0),
            (0.0, -26.0),
            (k * 0.5, -2.0),
            (k, -22.0),
            (k * 0.86, 20.0),
            (0.0, 25.0),
        ],
        colour,
    );
    for x in [-0.58, 0.0, 0.58] {
        pen.poly(
            &[(x * k, 4.0), (x * k + 4.0, 11.0), (x * k, 18.0), (x * k - 4.0, 11.0)],
            colour.lighter(0.6),
        );
    }
}

/// Dotted cloth, knotted at the side.
fn bandana(pen: &mut Pen, person: &DrawnPerson) {
    let (k, c) = (person.head.cheek, person.head.crown);
    let colour = person.hat.1;
    let band = colour.darker(0.4);
    pen.blob(
        &[
            (-k - 4.0, 32.0),
            (-k - 2.0, 6.0),
            (-k * 0.5, c - 6.0),
            (k * 0.5, c - 6.0),
            (k + 2.0, 6.0),
            (k + 4.0, 32.0),
            (0.0, 23.0),
        ],
        colour,
    );
    for (x, y) in [
        (-28.0, 14.0),
        (-14.0, 2.0),
        (0.0, 13.0),
        (14.0, 1.0),
        (28.0, 13.0),
        (-36.0, 25.0),
        (37.0, 25.0),
        (1.0, -8.0),
    ] {
        pen.oval((x, y), (3.4, 3.4), WHITE);
    }
    pen.blob(
        &[
            (-k - 2.0, 28.0),
            (-k - 18.0, 22.0),
            (-k - 20.0, 40.0),
            (-k - 10.0, 38.0),
            (-k - 8.0, 58.0),
            (-k, 36.0),
        ],
        band,
    );
}

/// A flier's leather cap with the goggles pushed up.
fn helmet(pen: &mut Pen, person: &DrawnPerson) {
    let (k, c) = (person.head.cheek, person.head.crown);
    let colour = person.hat.1;
    pen.blob(
        &[
            (-k - 6.0, 100.0),
            (-k - 7.0, 40.0),
            (-k, 0.0),
            (0.0, c - 10.0),
            (k, 0.0),
            (k + 7.0, 40.0),
            (k + 6.0, 100.0),
            (k - 6.0, 92.0),
            (k - 4.0, 50.0),
            (k * 0.72, 24.0),
            (0.0, 19.0),
            (-k * 0.72, 24.0),
            (-k + 4.0, 50.0),
            (-k + 6.0, 92.0),
        ],
        colour,
    );
    for side in [-1.0, 1.0] {
        pen.oval((side * 17.0, 9.0), (16.0, 12.0), Rgb(0x00c8_a15a));
        pen.oval((side * 17.0, 9.0), (12.5, 9.0), Rgb(0x008f_d0dc));
        pen.line(&[(side * 17.0 - 6.0, 8.0), (side * 17.0, 4.0)], 2.4, WHITE.alpha(0.8));
    }
}

/// A beret.
fn beret(pen: &mut Pen, person: &DrawnPerson) {
    let (k, c) = (person.head.cheek, person.head.crown);
    let colour = person.hat.1;
    let band = colour.darker(0.4);
    pen.blob(
        &[
            (-k - 1.0, 20.0),
            (-k - 14.0, 4.0),
            (-k * 0.6, c - 14.0),
            (k * 0.5, c - 10.0),
            (k + 8.0, 8.0),
            (k + 1.0, 20.0),
            (0.0, 14.0),
        ],
        colour,
    );
    pen.line(&[(-k + 1.0, 21.0), (0.0, 15.0), (k - 1.0, 21.0)], 4.0, band);
}

/// Flowers and leaves.
fn wreath(pen: &mut Pen, person: &DrawnPerson) {
    let k = person.head.cheek;
    let colour = person.hat.1;
    for i in 0..9 {
        let x = (i as f32 - 4.0) * k / 4.0;
        let y = 3.0 + x * x * 0.010;
        let petal = [colour, Rgb(0x00f7_d65a), WHITE][i % 3];
        pen.oval((x - 7.0, y + 6.0), (7.0, 3.6), Rgb(0x003f_7d45));
        for j in 0..5 {
            let angle = j as f32 * 1.2566;
            pen.oval((x + 5.0 * angle.cos(), y + 5.0 * angle.sin()), (4.0, 4.0), petal);
        }
        pen.oval((x, y), (3.0, 3.0), Rgb(0x00d9_8b1f));
    }
}

/// Cloth that lies close around the face.
fn scarf(pen: &mut Pen, person: &DrawnPerson) {
    let colour = person.hat.1;
    let k = person.head.cheek;
    let (close, low) = (k - 6.0, person.head.chin - 3.0);
    for side in [-1.0, 1.0] {
        pen.blob(
            &[
                (0.0, -16.0),
                (side * k * 0.8, -10.0),
                (side * (k + 10.0), 24.0),
                (side * (k + 15.0), 74.0),
                (side * (k + 6.0), 128.0),
                (0.0, 152.0),
                (side * 0.5, low),
                (side * close * 0.66, low - 12.0),
                (side * close * 0.97, 84.0),
                (side * close, 52.0),
                (side * close * 0.76, 24.0),
                (0.0, 14.0),
            ],
            colour,
        );
        pen.line(
            &[(side * (close + 6.0), 40.0), (side * (close + 7.0), 84.0), (side * (close * 0.6), 124.0)],
            2.0,
            colour.darker(0.35).alpha(0.6),
        );
        pen.line(
            &[(side * 8.0, 2.0), (side * (k - 6.0), 14.0), (side * (k + 6.0), 50.0)],
            2.0,
            colour.lighter(0.4).alpha(0.6),
        );
    }
}
