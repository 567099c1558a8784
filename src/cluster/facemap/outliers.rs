//! Where a row's list of neighbours stops being neighbours: the cut by windowed z-scores.
//!
//! Takes one row's similarities, nearest first; gives how many of them to keep and what they
//! sum up to. It looks at no other rows.
//!
//! The drops d between one similarity and the next are looked at from the far end: a window of
//! them whose mean lies farthest, in standard deviations, from that of everything behind it is
//! where strangers begin. Scores are placed at the window's middle. Transition probabilities are
//! the similarities times a number, which no score notices.

/// Standard deviations of drops below this are rounding: such a tail is constant. A single drop
/// by the last bit of an `f32` among thousands is greater.
const CONSTANT: f64 = 1e-12;

/// What is kept of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct NeighbourCut {
    /// Neighbours kept, the nearest ones.
    pub kept: usize,
    /// The z-score at the cut; 0 where there was nothing to choose by.
    pub score: f64,
    /// The sum of *all* similarities, negative ones as 0: what makes them probabilities.
    pub sum: f64,
}

/// Finds the cuts of one row after another, without allocating.
#[derive(Debug, Clone)]
pub(super) struct OutlierDetector {
    window: usize,
    /// Σ d and Σ d² from each drop to the end.
    suffixes: Vec<(f64, f64)>,
}

impl OutlierDetector {
    /// `window` is 1 at least.
    pub(super) fn new(window: usize) -> Self {
        Self { window, suffixes: Vec::new() }
    }

    /// The cut of one row. O(k).
    ///
    /// Fewer drops than the window: all are kept. All drops equal (duplicates, constant rows):
    /// one is kept. No similarity above 0: `sum` is 0, and nothing has a probability.
    pub(super) fn cut(&mut self, similarities: impl ExactSizeIterator<Item = f32> + Clone) -> NeighbourCut {
        let k = similarities.len();
        let sum = similarities.clone().map(|similarity| f64::from(similarity.max(0.0))).sum();
        let drops = k.saturating_sub(1);
        if sum <= 0.0 || drops < self.window {
            return NeighbourCut { kept: k, score: 0.0, sum };
        }
        self.suffixes.clear();
        let next = similarities.clone().skip(1);
        self.suffixes.extend(similarities.zip(next).map(|(near, far)| {
            let drop = f64::from(near) - f64::from(far);
            (drop, drop * drop)
        }));
        self.suffixes.push((0.0, 0.0));
        for at in (0..drops).rev() {
            let (d, squares) = self.suffixes[at + 1];
            self.suffixes[at].0 += d;
            self.suffixes[at].1 += squares;
        }
        let (at, square) = self.farthest(drops);
        NeighbourCut { kept: at + 1, score: square.sqrt(), sum }
    }

    /// The first place of the largest z², and that z².
    fn farthest(&self, drops: usize) -> (usize, f64) {
        let window = self.window;
        let mut best = (0, 0.0);
        for at in 0..=drops - window {
            let (sum, squares) = self.suffixes[at];
            let count = (drops - at) as f64;
            let mean = sum / count;
            let variance = squares / count - mean * mean;
            if variance > CONSTANT * CONSTANT {
                let away = (sum - self.suffixes[at + window].0) / window as f64 - mean;
                let square = away * away / variance;
                if square > best.1 {
                    best = (at + window.div_ceil(2), square);
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn cut(window: usize, similarities: &[f32]) -> NeighbourCut {
        OutlierDetector::new(window).cut(similarities.iter().copied())
    }

    #[test]
    fn golden_cuts() {
        let golden: Value =
            serde_json::from_str(include_str!("../../../tests/golden/facemap_od.json")).unwrap();
        let tolerance = golden["tolerance_z"].as_f64().unwrap();
        for case in golden["cases"].as_array().unwrap() {
            let window = case["omega"].as_u64().unwrap() as usize;
            let rows: Vec<Vec<f32>> = serde_json::from_value(case["sims"].clone()).unwrap();
            for (at, row) in rows.iter().enumerate() {
                let found = cut(window, row);
                assert_eq!(found.kept as u64, case["expect_q"][at].as_u64().unwrap() + 1, "{case}");
                let score = case["expect_zmax"][at].as_f64().unwrap_or(0.0);
                // The golden similarities are read as f32 here.
                assert!((found.score - score).abs() < tolerance.max(1e-5), "{} {score}", found.score);
            }
        }
    }

    #[test]
    fn what_cannot_be_cut() {
        assert_eq!(cut(20, &[]), NeighbourCut { kept: 0, score: 0.0, sum: 0.0 });
        assert_eq!(cut(1, &[0.5]), NeighbourCut { kept: 1, score: 0.0, sum: 0.5 });
        assert_eq!(cut(20, &[0.5; 10]).kept, 10, "fewer drops than the window: all");
        assert_eq!(cut(20, &[1.0; 100]).kept, 1, "no drop: one");
        assert_eq!(cut(3, &[-0.1, -0.2, -0.3, -0.4, -0.5]), NeighbourCut { kept: 5, score: 0.0, sum: 0.0 });
        // A negative similarity is a drop as any other, and counts as 0 in the sum.
        assert_eq!(cut(3, &[0.5, 0.25, -0.125]), NeighbourCut { kept: 3, score: 0.0, sum: 0.75 });
    }

    #[test]
    fn half_a_window_is_always_kept() {
        let falling: Vec<f32> = (0..100).map(|rank| 0.9 / (1.0 + rank as f32)).collect();
        assert!(cut(20, &falling).kept > 10);
        // A clean step is found wherever it lies beyond that.
        for step in 15..60 {
            let row: Vec<f32> = (0..256)
                .map(|rank| if rank < step { 0.7 } else { 0.1 } - rank as f32 * 1e-4 - (rank % 3) as f32 * 1e-5)
                .collect();
            assert!(cut(20, &row).kept.abs_diff(step) <= 12, "{} for {step}", cut(20, &row).kept);
        }
    }
}
