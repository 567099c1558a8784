//! Where the faces of a track fall apart: a tracker that jumps from one person to another leaves one
//! track that shows two.
//!
//! Takes the unit vectors of a track's faces in the order of its frames; gives the cut at which they
//! differ most, with how alike the faces are across it and within the parts. A share of the two is
//! compared, not a similarity itself, so that it means the same with every model.

use serde::{Deserialize, Serialize};

use crate::base::Embeddings;
use crate::base::product::dot;

/// A part of fewer faces is no part: one bad picture is no other person.
const LEAST_FACES: usize = 2;
/// A track of fewer faces has no two parts.
pub(super) const LEAST: usize = 2 * LEAST_FACES;
/// Two people: their faces are at most so alike, as a share of how alike the faces of one part are.
/// Chosen on films: see docs/quality.md.
const TWO_PEOPLE: f32 = 0.38;

/// The cut at which a track's faces differ most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// Index among the track's faces of the first one of the second part.
    pub face: u32,
    /// Mean cosine of two faces on either side of the cut.
    pub across: f32,
    /// Mean cosine of two faces of the same part, in the part where it is lower.
    pub within: f32,
}

impl Parts {
    /// Of the unit rows of a track's faces that count, which have these indices among all of them. `None` where there are fewer than four.
    /// O(faces · dim).
    pub(super) fn of(rows: &Embeddings, faces: &[u32]) -> Option<Self> {
        let n = rows.len();
        if n < LEAST || faces.len() != n {
            return None;
        }
        // The sum of all cosines within a set of unit rows is the square of the length of their sum.
        let add = |sum: &mut Vec<f32>, row: &[f32]| sum.iter_mut().zip(row).for_each(|(s, v)| *s += v);
        let mut after = vec![0.0; rows.dim()];
        (0..n as u32).for_each(|row| add(&mut after, rows.row(row)));
        let mut before = vec![0.0; rows.dim()];
        let mut best: Option<(f32, Self)> = None;
        for (cut, &first) in faces.iter().enumerate().take(n - LEAST_FACES + 1).skip(1) {
            let row = rows.row(cut as u32 - 1);
            add(&mut before, row);
            after.iter_mut().zip(row).for_each(|(s, v)| *s -= v);
            if cut < LEAST_FACES {
                continue;
            }
            let (a, b) = (cut as f32, (n - cut) as f32);
            let (of_a, of_b, between) = (dot(&before, &before), dot(&after, &after), dot(&before, &after));
            // The scatter between the parts: what Ward's method calls the cost of joining them.
            let scatter = (of_a / (a * a) + of_b / (b * b) - 2.0 * between / (a * b)) * a * b / (a + b);
            let within = |of: f32, n: f32| (of - n) / (n * (n - 1.0));
            let within = within(of_a, a).min(within(of_b, b));
            if best.as_ref().is_none_or(|(most, _)| scatter > *most) {
                let found = Self { face: first, across: between / (a * b), within };
                best = Some((scatter, found));
            }
        }
        best.map(|(_, parts)| parts)
    }

    /// Whether the parts show two people.
    #[must_use]
    pub fn are_two_people(&self) -> bool {
        self.across < TWO_PEOPLE * self.within
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::seeded;

    /// Unit rows about the axes of the given people.
    fn rows(people: &[usize]) -> Embeddings {
        let mut rng = seeded(1);
        let mut data = Vec::new();
        for &person in people {
            data.extend((0..32).map(|at| f32::from(at == person) + rng.random_range(-0.1..0.1)));
        }
        Embeddings::new(32, data).unwrap().into_unit().unwrap()
    }

    #[test]
    fn two_people_are_found_where_they_change_and_one_is_not() {
        let found = Parts::of(&rows(&[0, 0, 0, 1, 1, 1]), &[0, 2, 4, 7, 8, 9]).unwrap();
        assert!(found.are_two_people() && found.face == 7, "{found:?}");
        let found = Parts::of(&rows(&[0; 6]), &[0, 1, 2, 3, 4, 5]).unwrap();
        assert!(!found.are_two_people(), "{found:?}");
        // One odd picture is nobody else.
        let found = Parts::of(&rows(&[0, 0, 0, 1, 0, 0, 0, 0]), &[0, 1, 2, 3, 4, 5, 6, 7]).unwrap();
        assert!(!found.are_two_people(), "{found:?}");
        assert_eq!(Parts::of(&rows(&[0, 0, 1]), &[0, 1, 2]), None);
    }
}
