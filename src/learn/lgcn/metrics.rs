//! How well scores separate links within a person from links between people.
//!
//! Takes scores and the truth; gives accuracy and the area under the ROC curve. It knows no
//! network.

use serde::Serialize;

/// Figures over links.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct LinkMetrics {
    /// Links.
    pub links: usize,
    /// The share of them that join one person.
    pub same: f64,
    /// The share that is on the right side of the threshold.
    pub accuracy: f64,
    /// The probability that a link within a person scores above one between people, ties halved;
    /// one half where there is only one kind.
    pub auc: f64,
}

impl LinkMetrics {
    /// The figures of scores at a threshold, from which on a link counts as one person.
    #[must_use]
    pub(crate) fn of(scores: &[f32], same: &[bool], threshold: f32) -> Self {
        let n = scores.len().max(1) as f64;
        let right = scores.iter().zip(same).filter(|&(&score, &same)| (score >= threshold) == same).count();
        let n_same = same.iter().filter(|same| **same).count();
        let pairs = n_same as f64 * (scores.len() - n_same) as f64;
        let (mut below, mut wins) = (0_usize, 0.0);
        for tied in sorted(scores, same).chunk_by(|x, y| x.0.total_cmp(&y.0).is_eq()) {
            let up = tied.iter().filter(|link| link.1).count();
            let down = tied.len() - up;
            wins += up as f64 * (below as f64 + down as f64 / 2.0);
            below += down;
        }
        let auc = if pairs > 0.0 { wins / pairs } else { 0.5 };
        Self { links: scores.len(), same: n_same as f64 / n, accuracy: right as f64 / n, auc }
    }
}

/// The threshold at which most scores are on the right side; the highest of equals.
#[must_use]
pub(crate) fn best_threshold(scores: &[f32], same: &[bool]) -> f32 {
    let mut best = (0_isize, f32::INFINITY);
    let mut right = 0;
    for tied in sorted(scores, same)
        .chunk_by(|x, y| x.0.total_cmp(&y.0).is_eq())
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
    {
        right += tied.iter().map(|link| if link.1 { 1 } else { -1 }).sum::<isize>();
        if right > best.0 {
            best = (right, tied[0].0);
        }
    }
    best.1
}

fn sorted(scores: &[f32], same: &[bool]) -> Vec<(f32, bool)> {
    let mut links: Vec<_> = scores.iter().copied().zip(same.iter().copied()).collect();
    links.sort_unstable_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_half_and_the_best_threshold_is_found() {
        let (scores, same) = ([0.9, 0.8, 0.8, 0.3, 0.1], [true, true, false, false, true]);
        let figures = LinkMetrics::of(&scores, &same, 0.5);
        // Pairs: .9 beats both, .8 ties one and beats one, .1 beats none.
        assert!((figures.auc - 3.5 / 6.0).abs() < 1e-12);
        assert_eq!((figures.links, figures.accuracy), (5, 0.6));
        let best = |same: &[bool]| Some(best_threshold(&[0.9, 0.7, 0.6, 0.5][..same.len()], same));
        assert_eq!(best(&[true, false, true, false]), Some(0.9));
        assert_eq!(best(&[true, true, false, true]), Some(0.7));
        assert_eq!(best(&[false]), Some(f32::INFINITY));
        assert_eq!(Some(LinkMetrics::of(&[], &[], 0.5).auc), Some(0.5));
    }
}
