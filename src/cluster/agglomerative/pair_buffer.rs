//! A bounded store of pairs that keeps the nearest ones complete.

use super::merging::ClusterPair;

/// Holds every pair at or below its limit that it was given, and lowers the limit where
/// there would be more than `room` of them.
pub(super) struct PairBuffer {
    pub(super) pairs: Vec<ClusterPair>,
    limit: f32,
    room: usize,
    tie: Option<f32>,
}

impl PairBuffer {
    pub(super) fn new(limit: f32, room: usize) -> Self {
        Self { pairs: Vec::new(), limit, room: room.max(1), tie: None }
    }

    /// Complete up to here, inclusive.
    pub(super) fn limit(&self) -> f32 {
        self.limit
    }

    /// A height of which there are more pairs than room, as far as one stopped the limit.
    pub(super) fn tie(&self) -> Option<f32> {
        self.tie.filter(|&tie| tie.next_down() <= self.limit)
    }

    /// Adds a pair; `done` is the share of all pairs that were offered so far, in 0..=1.
    pub(super) fn push(&mut self, pair: ClusterPair, done: f64) {
        if pair.height <= self.limit {
            self.pairs.push(pair);
            if self.pairs.len() > self.room {
                self.shrink(done);
            }
        }
    }

    /// Adds the pairs of another buffer.
    pub(super) fn merge(&mut self, other: Self, done: f64) {
        if other.limit < self.limit {
            self.lower(other.limit);
        }
        self.tie = self.tie.into_iter().chain(other.tie).reduce(f32::min);
        self.pairs.extend(other.pairs.into_iter().filter(|pair| pair.height <= self.limit));
        if self.pairs.len() > self.room {
            self.shrink(done);
        }
    }

    fn lower(&mut self, limit: f32) {
        self.limit = limit;
        self.pairs.retain(|pair| pair.height <= limit);
    }

    /// Lowers the limit so that what is still to come should fit, too.
    fn shrink(&mut self, done: f64) {
        let share = (self.room as f64 * done.clamp(0.05, 0.9)) as usize;
        let mut heights: Vec<f32> = self.pairs.iter().map(|pair| pair.height).collect();
        let (_, &mut height, above) = heights.select_nth_unstable_by(share, f32::total_cmp);
        let ties = above.iter().filter(|&&other| other <= height).count();
        if share + 1 + ties <= self.room {
            self.lower(height);
        } else {
            self.tie = Some(height);
            self.lower(height.next_down());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(b: u32, height: f32) -> ClusterPair {
        ClusterPair { a: 0, b, height }
    }

    #[test]
    fn everything_up_to_the_limit_stays_and_room_is_kept() {
        let mut buffer = PairBuffer::new(9.0, 20);
        let heights: Vec<f32> = (0..500_u32).map(|i| (i * 37 % 101) as f32 / 10.0).collect();
        for (at, &height) in heights.iter().enumerate() {
            buffer.push(pair(at as u32, height), at as f64 / 500.0);
            assert!(buffer.pairs.len() <= 20);
        }
        let limit = buffer.limit();
        assert!(limit < 9.0);
        assert_eq!(buffer.pairs.len(), heights.iter().filter(|&&height| height <= limit).count());
    }

    #[test]
    fn nothing_but_ties_is_told() {
        let mut buffer = PairBuffer::new(9.0, 10);
        for b in 0..50 {
            buffer.push(pair(b, 0.5), 0.5);
        }
        assert!(buffer.pairs.is_empty() && buffer.limit() < 0.5);
        assert_eq!(buffer.tie(), Some(0.5));
    }
}
