//! Living clusters between two stages, and the exact height of any two of them.

use std::borrow::Cow;

use crate::base::{Constraints, Embeddings, Merge, TrackIx, squared_distance};
use crate::graph::{Candidates, farthest};

/// Cross pairs from which a matrix product is worth its while.
const MANY: usize = 256;
/// The outermost tracks of a cluster that are looked at first.
const FEW: usize = 8;

/// The active clusters, by ascending name; a cluster's name is its smallest track.
pub(super) struct ActiveClusters<'a> {
    rows: &'a Embeddings,
    /// Name of each cluster.
    pub(super) names: Vec<TrackIx>,
    /// The tracks of cluster `c` are `members[offsets[c]..offsets[c + 1]]`.
    members: Vec<TrackIx>,
    offsets: Vec<usize>,
    /// Mean of each cluster's rows.
    means: Cow<'a, [f32]>,
    /// Mean of the squared lengths of each cluster's rows.
    squares: Vec<f32>,
    /// The members' rows in their order, and their squared lengths, once clusters are large.
    sorted: Option<(Vec<f32>, Vec<f32>)>,
    /// Pairs of clusters that must stay apart, ascending.
    apart: Vec<(u32, u32)>,
}

impl<'a> ActiveClusters<'a> {
    /// The clusters that `parents` leads to: each track's cluster's name.
    pub(super) fn new(rows: &'a Embeddings, names_of: &[TrackIx], constraints: &Constraints) -> Self {
        let n = rows.len();
        let mut local = vec![0; n];
        let mut names = Vec::new();
        for (track, &name) in names_of.iter().enumerate() {
            if name as usize == track {
                local[track] = names.len() as u32;
                names.push(name);
            }
        }
        let cluster_of = |track: TrackIx| local[names_of[track as usize] as usize];
        let mut offsets = vec![0; names.len() + 1];
        for track in 0..n as TrackIx {
            offsets[cluster_of(track) as usize + 1] += 1;
        }
        for cluster in 0..names.len() {
            offsets[cluster + 1] += offsets[cluster];
        }
        let mut next = offsets.clone();
        let mut members = vec![0; n];
        for track in 0..n as TrackIx {
            let place = &mut next[cluster_of(track) as usize];
            members[*place] = track;
            *place += 1;
        }
        let mut apart: Vec<(u32, u32)> = constraints
            .cannot()
            .map(|(a, b)| (cluster_of(a), cluster_of(b)))
            // A must-link of the user stands over a cannot-link inside its cluster.
            .filter(|(a, b)| a != b)
            .map(|(a, b)| (a.min(b), a.max(b)))
            .collect();
        apart.sort_unstable();
        apart.dedup();
        let (means, squares, sorted) = (Cow::Borrowed(&[] as &[f32]), Vec::new(), None);
        let mut level = Self { rows, names, members, offsets, means, squares, sorted, apart };
        level.average();
        level.sort_rows();
        level
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Mean of each cluster's rows.
    pub(super) fn means(&self) -> &[f32] {
        &self.means
    }

    /// Merges of this level's numbers, by the clusters' names.
    pub(super) fn named(&self, merges: Vec<Merge>) -> Vec<Merge> {
        let name = |cluster: u32| self.names[cluster as usize];
        let named = |merge: Merge| Merge { a: name(merge.a), b: name(merge.b), ..merge };
        merges.into_iter().map(named).collect()
    }

    /// Pairs that may be within a height: by the mean of their cross distances, which is
    /// never larger than the largest.
    pub(super) fn candidates(&self) -> Candidates<'_> {
        Candidates::new(&self.means, self.rows.dim(), &self.squares)
    }

    /// The largest squared distance between two clusters, where it is at most `limit`.
    ///
    /// `a < b`, as numbers in this level. A pair that must stay apart has no height.
    pub(super) fn height(&self, a: u32, b: u32, limit: f32) -> Option<f32> {
        if !self.apart.is_empty() && self.apart.binary_search(&(a, b)).is_ok() {
            return None;
        }
        let (of_a, of_b) = (self.tracks(a), self.tracks(b));
        let Some((rows, squares)) = self.sorted.as_ref().filter(|_| of_a.len() * of_b.len() > MANY) else {
            return self.scan(of_a, of_b, limit);
        };
        // The outermost tracks tell most often that a pair is too far apart.
        let known = self.scan(&of_a[..of_a.len().min(FEW)], &of_b[..of_b.len().min(FEW)], limit)?;
        let block = |cluster: u32| {
            let (from, to) = (self.offsets[cluster as usize], self.offsets[cluster as usize + 1]);
            (&rows[from * self.rows.dim()..to * self.rows.dim()], &squares[from..to])
        };
        farthest(block(a), block(b), self.rows.dim(), (known, limit), |x, y| self.distance(of_a[x], of_b[y]))
    }

    fn scan(&self, of_a: &[TrackIx], of_b: &[TrackIx], limit: f32) -> Option<f32> {
        let mut height = 0.0_f32;
        for &x in of_a {
            for &y in of_b {
                let distance = self.distance(x, y);
                if distance > limit {
                    return None;
                }
                height = height.max(distance);
            }
        }
        Some(height)
    }

    fn distance(&self, x: TrackIx, y: TrackIx) -> f32 {
        squared_distance(self.rows.row(x.min(y)), self.rows.row(x.max(y))).0
    }

    fn tracks(&self, cluster: u32) -> &[TrackIx] {
        &self.members[self.offsets[cluster as usize]..self.offsets[cluster as usize + 1]]
    }

    /// Means and mean squares, in f64; each cluster's outermost tracks come first, because
    /// they tell soonest that a pair is too far apart.
    fn average(&mut self) {
        let (n, dim) = (self.names.len(), self.rows.dim());
        let square = |row: &[f32]| row.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>();
        if n == self.rows.len() {
            self.means = Cow::Borrowed(self.rows.as_slice());
            self.squares = (0..n as TrackIx).map(|track| square(self.rows.row(track)) as f32).collect();
            return;
        }
        let mut means = Vec::with_capacity(n * dim);
        let mut sum = vec![0.0_f64; dim];
        for cluster in 0..n {
            let tracks = &mut self.members[self.offsets[cluster]..self.offsets[cluster + 1]];
            sum.fill(0.0);
            let mut squares = 0.0;
            for &track in tracks.iter() {
                let row = self.rows.row(track);
                squares += square(row);
                for (sum, &value) in sum.iter_mut().zip(row) {
                    *sum += f64::from(value);
                }
            }
            let start = means.len();
            means.extend(sum.iter().map(|&sum| (sum / tracks.len() as f64) as f32));
            self.squares.push((squares / tracks.len() as f64) as f32);
            if tracks.len() > 2 {
                let mean = &means[start..];
                tracks.sort_by_cached_key(|&track| {
                    let out = squared_distance(mean, self.rows.row(track)).0;
                    (std::cmp::Reverse(out.to_bits()), track)
                });
            }
        }
        self.means = Cow::Owned(means);
    }

    /// Lays the rows out cluster by cluster where clusters are large enough to use it.
    fn sort_rows(&mut self) {
        if self.members.len() < 4 * self.names.len() {
            return;
        }
        let mut rows = Vec::with_capacity(self.members.len() * self.rows.dim());
        for &track in &self.members {
            rows.extend_from_slice(self.rows.row(track));
        }
        let squares =
            self.members.iter().map(|&track| self.rows.row(track).iter().map(|v| v * v).sum()).collect();
        self.sorted = Some((rows, squares));
    }
}
