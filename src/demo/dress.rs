//! What a person wears below and before the face: clothes and glasses.

use super::pen::{Pen, Rgb};
use super::people::{DrawnPerson, Glasses};

const WHITE: Rgb = Rgb(0x00ff_ffff);

/// Shoulders and collar.
pub(super) fn shoulders(pen: &mut Pen, person: &DrawnPerson) {
    let colour = person.clothes;
    pen.blob(
        &[(-30.0, 116.0), (-62.0, 126.0), (-84.0, 165.0), (84.0, 165.0), (62.0, 126.0), (30.0, 116.0)],
        colour,
    );
    for side in [-1.0, 1.0] {
        pen.line(&[(side * 26.0, 114.0), (side * 18.0, 130.0), (0.0, 142.0)], 5.0, colour.lighter(0.35));
    }
}

/// What is worn over the eyes.
pub(super) fn glasses(pen: &mut Pen, person: &DrawnPerson) {
    let (kind, colour) = person.glasses;
    let apart = person.eyes.apart;
    pen.raise(7.0);
    for side in [-1.0, 1.0] {
        let x = side * apart;
        let arm = [(x + side * 13.0, 50.0), (side * (person.head.cheek + 1.0), 53.0)];
        match kind {
            Glasses::Round => {
                pen.oval((x, 53.0), (13.5, 13.0), WHITE.alpha(0.16));
                pen.ring((x, 53.0), (13.5, 13.0), 2.6, colour);
                pen.line(&arm, 2.2, colour);
            }
            Glasses::Square => {
                let frame = [(x - 14.5, 41.0), (x + 14.5, 41.0), (x + 14.5, 64.0), (x - 14.5, 64.0)];
                pen.line(&arm, 3.4, colour);
                for i in 0..4 {
                    pen.line(&[frame[i], frame[(i + 1) % 4]], 4.6, colour);
                }
            }
            Glasses::Cat => {
                let frame = [
                    (x - side * 12.0, 50.0),
                    (x, 44.0),
                    (x + side * 19.0, 39.0),
                    (x + side * 14.0, 57.0),
                    (x, 62.0),
                    (x - side * 10.0, 59.0),
                ];
                pen.blob(&frame, WHITE.alpha(0.14));
                pen.outline(&frame, 3.6, colour);
            }
            Glasses::Dark => {
                pen.blob(
                    &[
                        (x - side * 13.0, 44.0),
                        (x, 43.0),
                        (x + side * 16.0, 44.0),
                        (x + side * 14.0, 60.0),
                        (x, 66.0),
                        (x - side * 12.0, 60.0),
                    ],
                    colour,
                );
                pen.line(&[(x - 7.0, 48.0), (x + 1.0, 47.0)], 2.2, WHITE.alpha(0.55));
                pen.line(&arm, 2.6, colour);
            }
            _ => {}
        }
    }
    match kind {
        Glasses::Round | Glasses::Square | Glasses::Cat | Glasses::Dark => {
            pen.line(&[(-apart + 13.0, 52.0), (0.0, 49.0), (apart - 13.0, 52.0)], 2.6, colour);
        }
        Glasses::Patch => {
            pen.line(&[(-44.0, 66.0), (-apart, 44.0), (24.0, 8.0)], 2.6, colour);
            pen.blob(
                &[
                    (-apart - 13.0, 44.0),
                    (-apart + 12.0, 42.0),
                    (-apart + 9.0, 62.0),
                    (-apart - 3.0, 68.0),
                    (-apart - 13.0, 60.0),
                ],
                colour,
            );
        }
        Glasses::Monocle => {
            pen.oval((apart, 53.0), (13.5, 13.5), WHITE.alpha(0.2));
            pen.ring((apart, 53.0), (13.5, 13.5), 3.0, colour);
            pen.line(&[(apart + 12.0, 60.0), (apart + 19.0, 90.0), (apart + 14.0, 126.0)], 1.3, colour);
        }
        Glasses::None => {}
    }
    pen.raise(0.0);
}
