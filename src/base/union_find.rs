//! Disjoint sets.

/// Disjoint sets over `0..n`, with path halving and union by size.
///
/// # Examples
/// ```
/// use castlist::base::{Partition, UnionFind};
///
/// // Single linkage by hand: join the pairs, then read the clusters.
/// let mut sets = UnionFind::new(4);
/// assert!(sets.union(0, 2) && sets.union(2, 3));
/// assert!(!sets.union(3, 0), "they are one set already");
/// let roots: Vec<u32> = (0..4).map(|track| sets.find(track)).collect();
/// assert_eq!(Partition::from_labels(&roots).n_clusters(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct UnionFind {
    parent: Vec<u32>,
    size: Vec<u32>,
}

impl UnionFind {
    /// `n` sets of one.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self { parent: (0..n as u32).collect(), size: vec![1; n] }
    }

    /// The representative of `x`'s set.
    pub fn find(&mut self, mut x: u32) -> u32 {
        while self.parent[x as usize] != x {
            let up = self.parent[self.parent[x as usize] as usize];
            self.parent[x as usize] = up;
            x = up;
        }
        x
    }

    /// Joins two sets; `false` where they were one already.
    pub fn union(&mut self, a: u32, b: u32) -> bool {
        let (mut a, mut b) = (self.find(a), self.find(b));
        if a == b {
            return false;
        }
        if self.size[a as usize] < self.size[b as usize] {
            std::mem::swap(&mut a, &mut b);
        }
        self.parent[b as usize] = a;
        self.size[a as usize] += self.size[b as usize];
        true
    }
}
