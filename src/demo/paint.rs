//! Face paint and freckles, on the skin and below eyes, brows and mouth.

use super::pen::{Pen, Rgb};
use super::people::{DrawnPerson, FacePaint, outline};

const WHITE: Rgb = Rgb(0x00ff_ffff);

/// What is painted on the skin, under eyes, brows and mouth.
pub(super) fn draw(pen: &mut Pen, person: &DrawnPerson) {
    let (paint, colour) = person.paint;
    pen.clip(&outline(person));
    for side in [-1.0, 1.0] {
        cheeks(pen, person, side);
    }
    match paint {
        FacePaint::Halves => {
            pen.poly(
                &[(0.0, -30.0), (70.0, -30.0), (70.0, 140.0), (0.0, 140.0), (3.0, 100.0), (-3.0, 60.0)],
                colour,
            );
        }
        FacePaint::Band => {
            pen.blob(
                &[(-60.0, 38.0), (0.0, 43.0), (60.0, 38.0), (60.0, 65.0), (0.0, 62.0), (-60.0, 65.0)],
                colour,
            );
        }
        FacePaint::Tiger => {
            for x in [-13.0, 0.0, 13.0] {
                pen.blob(&[(x - 3.0, -8.0), (x + 3.0, -8.0), (x * 0.7, 34.0 - x.abs() * 0.3)], colour);
            }
        }
        FacePaint::Star => star(pen, (person.eyes.apart, 52.0), 25.0, colour),
        FacePaint::Bolt => pen.poly(
            &[
                (-24.0, 14.0),
                (-6.0, 16.0),
                (-14.0, 42.0),
                (-2.0, 42.0),
                (-28.0, 96.0),
                (-24.0, 60.0),
                (-36.0, 60.0),
            ],
            colour,
        ),
        FacePaint::Muzzle => {
            pen.oval((0.0, 96.0), (27.0, 24.0), colour);
            pen.oval((0.0, 76.0), (14.0, 13.0), colour);
        }
        FacePaint::Dots => {
            for i in 0..9 {
                let x = (i as f32 - 4.0) * 8.5;
                pen.oval((x, 31.0 + x * x * 0.006), (2.8, 2.8), colour);
            }
        }
        _ => {}
    }
    pen.unclip();
}

/// Paint that both cheeks or both eyes carry.
fn cheeks(pen: &mut Pen, person: &DrawnPerson, side: f32) {
    let (paint, colour) = person.paint;
    let x = side * person.eyes.apart;
    match paint {
        FacePaint::Freckles => {
            for (dx, y) in [
                (15.0, 70.0),
                (20.0, 75.0),
                (26.0, 70.0),
                (31.0, 75.0),
                (24.0, 80.0),
                (10.0, 66.0),
                (34.0, 69.0),
                (17.0, 81.0),
            ] {
                pen.oval((side * dx, y), (1.7, 1.5), colour);
            }
        }
        FacePaint::Tiger => {
            for (i, y) in [62.0, 76.0, 90.0].into_iter().enumerate() {
                let reach = 18.0 + 3.0 * i as f32;
                pen.blob(&[(side * 54.0, y - 5.0), (side * 54.0, y + 5.0), (side * reach, y + 3.0)], colour);
            }
            pen.oval((side * 9.0, 90.0), (14.0, 11.0), WHITE);
            pen.oval((x, 47.0), (14.0, 13.0), WHITE);
        }
        FacePaint::Diamonds => {
            pen.poly(&[(x, 22.0), (x + 9.5, 52.0), (x, 84.0), (x - 9.5, 52.0)], colour);
        }
        FacePaint::Cat => {
            for y in [76.0, 83.0, 90.0] {
                pen.line(&[(side * 15.0, 82.0 + (y - 83.0) * 0.3), (side * 46.0, y - 2.0)], 2.0, colour);
            }
            pen.blob(
                &[(side * 6.0, 54.0), (x, 40.0), (side * 45.0, 34.0), (side * 33.0, 54.0), (x, 62.0)],
                colour.alpha(0.85),
            );
        }
        FacePaint::Butterfly => {
            pen.blob(
                &[
                    (side * 3.0, 54.0),
                    (side * 8.0, 30.0),
                    (side * 34.0, 22.0),
                    (side * 42.0, 42.0),
                    (side * 28.0, 58.0),
                ],
                colour,
            );
            pen.blob(
                &[(side * 3.0, 58.0), (side * 30.0, 60.0), (side * 36.0, 76.0), (side * 20.0, 84.0)],
                colour.lighter(0.45),
            );
            pen.oval((side * 32.0, 32.0), (4.0, 4.0), colour.lighter(0.7));
        }
        _ => {}
    }
}

/// A five-pointed star.
fn star(pen: &mut Pen, (x, y): (f32, f32), radius: f32, colour: Rgb) {
    let points: Vec<_> = (0..10)
        .map(|i| {
            let reach = if i % 2 == 0 { radius } else { radius * 0.45 };
            let angle = i as f32 * std::f32::consts::PI / 5.0 - std::f32::consts::FRAC_PI_2;
            (x + reach * angle.cos(), y + reach * angle.sin())
        })
        .collect();
    pen.poly(&points, colour);
}
